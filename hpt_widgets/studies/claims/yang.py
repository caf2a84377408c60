"""Yang et al. (2022): in μP the best learning rate stays as the network grows wider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.scale_evidence import (
    FloatArray,
    arranged,
    ends_of,
    joint,
    loss_of,
    word,
)
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import BLUE, VERMILION
from hpt_widgets.training.hyperparameters import PARAMETRIZATIONS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Evidence = dict[str, FloatArray]
"""Of each parametrization the validation loss with each width, rate and seed."""

WIDTHS: Final = (32, 64, 128, 256, 512)
BASE: Final = WIDTHS[0]
RATES: Final = tuple(0.0005 * 2**power for power in range(9))
N_SEEDS: Final = 15
"""Five left it undecided; then this number was set, once, and no threshold was changed."""
STAYS: Final = 1.0
"""Up to how many factors of 2 a rate may move and still stay: the distance of two rates."""


def _settings() -> Iterator[Settings]:
    for seed in range(N_SEEDS):
        for parametrization in PARAMETRIZATIONS:
            for width in WIDTHS:
                # At the base width both are the same, to the bit.
                if parametrization == "mup" and width == BASE:
                    continue
                for rate in RATES:
                    yield {
                        "parametrization": parametrization,
                        "base_width": BASE,
                        "hidden_units": (width, width),
                        "learning_rate": rate,
                        "batch_size": 64,
                        "dropout_rate": 0.0,
                        "training_size": 8_000,
                        "seed": seed,
                    }


YANG: Final = Experiment("yang-2022", _settings, minutes=3)


def _evidence() -> Evidence:
    axes = {
        "parametrization": PARAMETRIZATIONS,
        "hidden_units": tuple((width, width) for width in WIDTHS),
        "learning_rate": RATES,
        "seed": tuple(range(N_SEEDS)),
    }
    losses = arranged(YANG.load(), axes, loss_of)
    found = dict(zip(PARAMETRIZATIONS, losses, strict=True))
    found["mup"][0] = found["standard"][0]
    return found


def best_rates(losses: FloatArray) -> FloatArray:
    """Return the binary logarithm of the best rate.

    Parameters
    ----------
    losses : ndarray of float, shape (n_widths, n_rates, n_seeds)

    Returns
    -------
    ndarray of float, shape (n_widths, n_seeds)
        Where a parabola through the logarithms of the lowest loss and its two neighbours is
        lowest; the rate of the lowest loss itself where it has no two finite neighbours.
    """
    heights = np.log(np.moveaxis(losses, 1, -1))
    powers = np.log2(RATES)
    return np.apply_along_axis(lambda row: _lowest(powers, row), -1, heights)


def _lowest(powers: FloatArray, heights: FloatArray) -> float:
    place = int(heights.argmin())
    around = heights[max(place - 1, 0) : place + 2]
    if len(around) < 3 or not np.isfinite(around).all():
        return float(powers[place])
    left, middle, right = around
    bend = left - 2 * middle + right
    step = powers[1] - powers[0]
    return float(powers[place] + (step * (left - right) / (2 * bend) if bend > 0 else 0.0))


def moves(losses: FloatArray) -> FloatArray:
    """Return by how many factors of 2 each seed's best rate moves from narrowest to widest.

    It is the rise of the straight line that fits the best rates of all widths, on logarithmic
    axes; negative where the rate falls.
    """
    powers = np.log2(WIDTHS)
    slopes = np.polyfit(powers, best_rates(losses), 1)[0]
    found: FloatArray = slopes * (powers[-1] - powers[0])
    return found


def judge_yang(evidence: Evidence) -> Verdict:
    """Judge by how much further the best rate moves in the standard parametrization."""
    standard, mup = (np.abs(moves(evidence[name])) for name in PARAMETRIZATIONS)
    further = judge(*mean_band(standard - mup), above=0, unit="doublings")
    return joint(further, judge(*mean_band(mup), below=STAYS))


def _parametrization(name: str) -> str:
    return translate(f"training_lab.parametrization_{name}")


def _table(evidence: Evidence) -> pd.DataFrame:
    import pandas as pd

    rows: dict[str, dict[str, str]] = {}
    for name, losses in evidence.items():
        best = 2 ** best_rates(losses).mean(axis=1)
        # Without its sign, as the criterion has it; the rates show the direction.
        middle, low, high = mean_band(np.abs(moves(losses)))
        rows[_parametrization(name)] = {
            **{str(width): f"{rate:.4f}" for width, rate in zip(WIDTHS, best, strict=True)},
            word("moved"): f"{middle:.2f}",
            word("band"): ends_of(low, high),
        }
    table = pd.DataFrame(rows).T
    table.index.name = word("parametrization")
    table.columns.name = word("width")
    return table


def _draw(evidence: Evidence, axes: Axes) -> None:
    for (name, losses), color in zip(evidence.items(), (VERMILION, BLUE), strict=True):
        best = best_rates(losses)
        middle, spread = best.mean(axis=1), best.std(axis=1, ddof=1)
        axes.plot(WIDTHS, 2**middle, "o-", color=color, lw=2, label=_parametrization(name))
        low, high = 2 ** (middle - spread), 2 ** (middle + spread)
        axes.fill_between(WIDTHS, low, high, color=color, alpha=0.15, lw=0)
    axes.set(xscale="log", yscale="log", xlabel=word("width"), ylabel=word("best_rate"))
    axes.set_xticks(WIDTHS, list(map(str, WIDTHS)))
    axes.set_yticks(RATES, [f"{rate:g}" for rate in RATES])
    axes.minorticks_off()
    axes.grid(axis="y", color="0.9")
    axes.legend(frameon=False, title=word("parametrization"), loc="lower left")


YANG_2022: Final = Claim(
    name="yang-2022",
    words="claims_scale",
    sources=(
        Source(
            paper="Yang et al. 2022, Tensor Programs V",
            place=Text(en="section 1, arXiv:2203.03466", zh="第 1 节，arXiv:2203.03466"),
            sentence="in a Transformer, the optimal learning rate is stable with width in µP "
            "(right) but far from so in standard parametrization (left).",
            read="source",
        ),
        Source(
            paper="Yang et al. 2022",
            place=Text(
                en="section 3, of a network with two hidden layers",
                zh="第 3 节，说的是两个隐藏层的网络",
            ),
            sentence="the optimal learning rate shifts by roughly an order of magnitude as the "
            "width increases from 256 to 8192",
            read="source",
        ),
    ),
    evidence=_evidence,
    summarize=_table,
    judge=judge_yang,
    draw=_draw,
    experiment=YANG,
)
