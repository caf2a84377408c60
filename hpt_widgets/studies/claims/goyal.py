"""Whether a rate that grows with the batch, and a warm-up, keep the accuracy: Goyal 2017."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment, train_and_watch, train_once
from hpt_widgets.studies.claims.scores import frame_of
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.search.trial import Trial
    from hpt_widgets.training.samples import TrainingSamples
    from hpt_widgets.training.session import TrainingSession

SMALL, LARGE = 32, 8_192
BATCH_SIZES: Final = (SMALL, 256, 1_024, LARGE)
BASE_RATE: Final = 0.1
EPOCHS: Final = 5
WARM_UP: Final = 1 / EPOCHS
N_SEEDS: Final = 3
NO_LOSS: Final = -0.3
"""A loss of fewer points than this counts as none."""


@dataclass(frozen=True)
class Way:
    """How the rate is set.

    Attributes
    ----------
    scaled : bool
        Whether it is in proportion to the batch size; else it is the base rate.
    warm_up : {"constant", "gradual"} or None
        Whether it is the base rate in the first epoch, or rises to the full one in it.
    """

    scaled: bool
    warm_up: Literal["constant", "gradual"] | None = None

    def rate_for(self, batch_size: int) -> float:
        """Return the learning rate, the full one where there is a warm-up."""
        return BASE_RATE * batch_size / SMALL if self.scaled else BASE_RATE


WAYS: Final = {
    "fixed": Way(scaled=False),
    "scaled": Way(scaled=True),
    "scaled_constant": Way(scaled=True, warm_up="constant"),
    "scaled_warm": Way(scaled=True, warm_up="gradual"),
}


def settings() -> Iterator[Settings]:
    """Give the settings of all trainings, from the smallest batch to the largest."""
    for batch_size in BATCH_SIZES:
        for way in WAYS.values():
            # At the smallest batch, the scaled rate is the base rate, and is trained once.
            if batch_size == SMALL and way.scaled and way.warm_up != "gradual":
                continue
            for seed in range(N_SEEDS):
                yield settings_of(batch_size, seed, way)


def settings_of(batch_size: int, seed: int, way: Way) -> Settings:
    """Return the settings of one training.

    Parameters
    ----------
    batch_size, seed : int
    way : Way

    Returns
    -------
    dict of str to value
        Hyperparameters; ``constant_warm_up``, for `train_with_warm_up`, where it is constant.
    """
    return {
        "optimizer": "sgd",
        "dropout_rate": 0.0,
        "epochs": EPOCHS,
        "batch_size": batch_size,
        "learning_rate": way.rate_for(batch_size),
        "warm_up": WARM_UP if way.warm_up == "gradual" else 0.0,
        **({"constant_warm_up": WARM_UP} if way.warm_up == "constant" else {}),
        "seed": seed,
    }


def train_with_warm_up(data: Dataset, settings: Settings) -> Trial:
    """Train one setting, with the base rate for as long as a constant warm-up takes.

    Parameters
    ----------
    data : Dataset
        MNIST.
    settings : dict of str to value
        Of `settings_of`; ``constant_warm_up`` is the share of the epochs, a whole number of them.

    Returns
    -------
    Trial
    """
    hyperparameters = dict(settings)
    share = hyperparameters.pop("constant_warm_up", 0.0)
    if not share:
        return train_once(data, settings)

    def raise_rate(session: TrainingSession, samples: TrainingSamples) -> tuple[()]:
        # Each epoch ends with a chunk of its own, so that no step of the warm-up is left out.
        if session.samples_seen == round(share * settings["epochs"]) * samples.n_train:
            session.change(learning_rate=settings["learning_rate"])
        return ()

    hyperparameters["learning_rate"] = BASE_RATE
    trial = train_and_watch(data, hyperparameters, raise_rate)
    return dataclasses.replace(trial, hyperparameters=settings)


EXPERIMENT: Final = Experiment("goyal-2017", settings, minutes=1, train=train_with_warm_up)


def scores(evidence: pd.DataFrame, batch_size: int, way: Way) -> pd.Series:
    """Return the accuracies of one way to train, in percent, by seed."""
    # At the smallest batch, the base rate is the full one.
    is_constant = way.warm_up == "constant" and batch_size != SMALL
    chosen = evidence[
        (evidence["batch_size"] == batch_size)
        & (evidence["learning_rate"] == way.rate_for(batch_size))
        & ((evidence["warm_up"] > 0) == (way.warm_up == "gradual"))
        & ((evidence["constant_warm_up"] > 0) == is_constant)
    ]
    return chosen.set_index("seed")["accuracy"].sort_index()


def _summarize(evidence: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            translate("claims_batch.batch_size"): batch_size,
            **{
                translate(f"claims_batch.way_{name}"): round(
                    scores(evidence, batch_size, way).mean(), 2
                )
                for name, way in WAYS.items()
            },
        }
        for batch_size in BATCH_SIZES
    ]
    return pd.DataFrame(rows).set_index(translate("claims_batch.batch_size"))


def _judge(evidence: pd.DataFrame) -> Verdict:
    large = scores(evidence, LARGE, WAYS["scaled_warm"])
    small = scores(evidence, SMALL, WAYS["fixed"])
    return judge(*mean_band(large - small), above=NO_LOSS, unit="points")


STYLES: Final = ("o-", "s-", "v:", "^--")
"""Of the ways' lines, which may lie on each other."""


def _draw(evidence: pd.DataFrame, axes: Axes) -> None:
    for (name, way), color, style in zip(WAYS.items(), PALETTE, STYLES, strict=False):
        found = [scores(evidence, batch_size, way) for batch_size in BATCH_SIZES]
        axes.plot(
            BATCH_SIZES,
            [values.mean() for values in found],
            style,
            lw=2,
            color=color,
            label=translate(f"claims_batch.way_{name}"),
        )
        for batch_size, values in zip(BATCH_SIZES, found, strict=True):
            axes.plot([batch_size] * len(values), values, ".", color=color, alpha=0.5)
    axes.set_xscale("log", base=2)
    axes.set_xticks(BATCH_SIZES, [f"{batch_size:,}" for batch_size in BATCH_SIZES])
    axes.set(
        xlabel=translate("claims_batch.batch_size"),
        ylabel=translate("claims_batch.validation_accuracy"),
    )
    axes.legend(frameon=False)


GOYAL: Final[Claim[Any]] = Claim(
    name="goyal-2017",
    words="claims_batch",
    sources=(
        Source(
            paper="Goyal et al. 2017, Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour",
            place=Text(en="abstract, arXiv:1706.02677", zh="摘要，arXiv:1706.02677"),
            sentence="we show no loss of accuracy when training with large minibatch sizes up to "
            "8192 images",
            read="source",
        ),
        Source(
            paper="Goyal et al. 2017",
            place=Text(en="Table 1", zh="表 1"),
            sentence="the top-1 validation error for small and large minibatch training (with "
            "gradual warmup) is quite close: 23.60% ±0.12 vs. 23.74% ±0.09, respectively",
            read="source",
        ),
    ),
    evidence=lambda: frame_of(EXPERIMENT.load()),
    summarize=_summarize,
    judge=_judge,
    draw=_draw,
    experiment=EXPERIMENT,
)
