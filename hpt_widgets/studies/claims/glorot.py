"""Glorot & Bengio (2010): a deep network learns faster from initial weights of the right scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from hpt_widgets.language import Text
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.scale_evidence import FloatArray, arranged, joint, word
from hpt_widgets.studies.claims.scores import percent
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import BLUE, GREEN, VERMILION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Evidence = dict[str, FloatArray]
"""Of each activation the accuracy (%) with each depth, scale, rate and seed."""

# What was usual before has the variance 1 / 3n (equations 1 and 15), Glorot's 1 / n: 0.577 is the
# root of a third.
SCALES: Final = (0.25, 0.577, 1.0, 2.0, 4.0)
DEPTHS: Final = (2, 5, 9)
RATES: Final = (0.02, 0.1, 0.5)
# The criterion is about tanh, as the paper's sentence; the others are beside it, with fewer seeds.
SEEDS: Final = {"tanh": 5, "sigmoid": 2, "relu": 2}
WIDTH: Final = 64
MARGIN: Final = 1.0
"""How many points a scale must be ahead to count."""


def _settings() -> Iterator[Settings]:
    for activation, n_seeds in SEEDS.items():
        for seed in range(n_seeds):
            for depth in DEPTHS:
                for scale in SCALES:
                    for rate in RATES:
                        yield {
                            "activation": activation,
                            "hidden_units": (WIDTH,) * depth,
                            "initial_scale": scale,
                            "optimizer": "sgd",
                            "learning_rate": rate,
                            "dropout_rate": 0.0,
                            "epochs": 2,
                            "training_size": 5_000,
                            "seed": seed,
                        }


GLOROT: Final = Experiment("glorot-2010", _settings, minutes=2)


def _evidence() -> Evidence:
    trials = list(GLOROT.load())
    return {
        activation: arranged(
            [trial for trial in trials if trial.hyperparameters["activation"] == activation],
            {
                "hidden_units": tuple((WIDTH,) * depth for depth in DEPTHS),
                "initial_scale": SCALES,
                "learning_rate": RATES,
                "seed": tuple(range(n_seeds)),
            },
            percent,
        )
        for activation, n_seeds in SEEDS.items()
    }


def at_best_rate(accuracies: FloatArray) -> FloatArray:
    """Return each seed's accuracy at the rate that is best on average with the other seeds.

    Parameters
    ----------
    accuracies : ndarray of float, shape (n_depths, n_scales, n_rates, n_seeds)
        Of two seeds or more.

    Returns
    -------
    ndarray of float, shape (n_depths, n_scales, n_seeds)
    """
    others = accuracies.sum(axis=-1, keepdims=True) - accuracies
    best = others.argmax(axis=2)
    return np.take_along_axis(accuracies, best[:, :, None, :], axis=2)[:, :, 0, :]


def leads(accuracies: FloatArray) -> FloatArray:
    """Return how far Glorot's scale is ahead of the better of a quarter and four times it.

    In points, of shape (n_depths, n_seeds).
    """
    scores = at_best_rate(accuracies)
    quarter, own, four = (scores[:, SCALES.index(scale)] for scale in (0.25, 1.0, 4.0))
    return own - np.maximum(quarter, four)


def judge_glorot(evidence: Evidence) -> Verdict:
    """Judge by the lead of Glorot's scale with tanh, at the largest depth and at the smallest."""
    shallow, *_, deep = leads(evidence["tanh"])
    return joint(
        judge(*mean_band(deep), above=MARGIN, unit="points"),
        judge(*mean_band(deep - shallow), above=0),
    )


def _table(evidence: Evidence) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            word("activation"): activation,
            word("depth"): depth,
            **{f"{scale:g}": f"{score:.1f}" for scale, score in zip(SCALES, scores, strict=True)},
        }
        for activation, accuracies in evidence.items()
        for depth, scores in zip(DEPTHS, at_best_rate(accuracies).mean(axis=-1), strict=True)
    ]
    table = pd.DataFrame(rows).set_index([word("activation"), word("depth")])
    table.columns.name = word("accuracy_by_scale")
    return table


def _draw(evidence: Evidence, axes: Axes) -> None:
    styles = {"tanh": "-", "sigmoid": ":", "relu": "--"}
    for activation, accuracies in evidence.items():
        scores = at_best_rate(accuracies).mean(axis=-1)
        for depth, row, color in zip(DEPTHS, scores, (GREEN, BLUE, VERMILION), strict=True):
            axes.plot(
                SCALES,
                row,
                styles[activation],
                marker="o",
                ms=4,
                lw=2 if activation == "tanh" else 1.2,
                color=color,
                label=word("deep", activation=activation, depth=depth),
            )
    axes.set(xscale="log", xlabel=word("scale"), ylabel=word("accuracy"), ylim=(0, 100))
    axes.set_xticks(SCALES, [f"{scale:g}" for scale in SCALES])
    axes.minorticks_off()
    title = word("activation_and_depth")
    axes.legend(frameon=False, title=title, loc="center left", bbox_to_anchor=(1, 0.5))


GLOROT_2010: Final = Claim(
    name="glorot-2010",
    words="claims_scale",
    sources=(
        Source(
            paper="Glorot & Bengio 2010, Understanding the difficulty of training deep "
            "feedforward neural networks",
            place=Text(
                en="section 5, proceedings.mlr.press/v9/glorot10a.html",
                zh="第 5 节，proceedings.mlr.press/v9/glorot10a.html",
            ),
            sentence="For tanh networks, the proposed normalized initialization can be quite "
            "helpful, presumably because the layer-to-layer transformations maintain magnitudes "
            "of activations (flowing upward) and gradients (flowing backward).",
            read="source",
        ),
        Source(
            paper="Glorot & Bengio 2010",
            place=Text(en="abstract", zh="摘要"),
            sentence="we propose a new initialization scheme that brings substantially faster "
            "convergence.",
            read="source",
        ),
    ),
    evidence=_evidence,
    summarize=_table,
    judge=judge_glorot,
    draw=_draw,
    experiment=GLOROT,
)
