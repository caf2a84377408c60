"""Whether a rate that grows with the batch, and a warm-up, keep the accuracy: Goyal 2017."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.language import translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.scores import frame_of
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SMALL, LARGE = 32, 8_192
BATCH_SIZES: Final = (SMALL, 256, 1_024, LARGE)
BASE_RATE: Final = 0.1
EPOCHS: Final = 5
WARM_UP: Final = 1 / EPOCHS
N_SEEDS: Final = 3
NO_LOSS: Final = -0.3
"""A loss of fewer points than this counts as none."""


WAYS: Final = {
    "fixed": {"scaled": False, "warm": False},
    "scaled": {"scaled": True, "warm": False},
    "scaled_warm": {"scaled": True, "warm": True},
}
"""How the rate is set: the same for all batches, in proportion to them, or with a warm-up too."""


def _rate(batch_size: int, scaled: bool) -> float:
    return BASE_RATE * batch_size / SMALL if scaled else BASE_RATE


def settings() -> Iterator[Settings]:
    """Give the settings of all trainings, from the smallest batch to the largest."""
    for batch_size in BATCH_SIZES:
        for way in WAYS.values():
            # At the smallest batch, the scaled rate is the base rate, and is trained once.
            if batch_size == SMALL and way["scaled"] and not way["warm"]:
                continue
            for seed in range(N_SEEDS):
                yield {
                    "optimizer": "sgd",
                    "dropout_rate": 0.0,
                    "epochs": EPOCHS,
                    "batch_size": batch_size,
                    "learning_rate": _rate(batch_size, way["scaled"]),
                    "warm_up": WARM_UP if way["warm"] else 0.0,
                    "seed": seed,
                }


EXPERIMENT: Final = Experiment("goyal-2017", settings, minutes=1)


def scores(evidence: pd.DataFrame, batch_size: int, *, scaled: bool, warm: bool) -> pd.Series:
    """Return the accuracies of one way to train, in percent, by seed."""
    chosen = evidence[
        (evidence["batch_size"] == batch_size)
        & (evidence["learning_rate"] == _rate(batch_size, scaled))
        & ((evidence["warm_up"] > 0) == warm)
    ]
    return chosen.set_index("seed")["accuracy"].sort_index()


def _summarize(evidence: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            translate("claims_batch.batch_size"): batch_size,
            **{
                translate(f"claims_batch.way_{name}"): round(
                    scores(evidence, batch_size, **way).mean(), 2
                )
                for name, way in WAYS.items()
            },
        }
        for batch_size in BATCH_SIZES
    ]
    return pd.DataFrame(rows).set_index(translate("claims_batch.batch_size"))


def _judge(evidence: pd.DataFrame) -> Verdict:
    large = scores(evidence, LARGE, scaled=True, warm=True)
    small = scores(evidence, SMALL, scaled=False, warm=False)
    return judge(*mean_band(large - small), above=NO_LOSS, unit="points")


def _draw(evidence: pd.DataFrame, axes: Axes) -> None:
    # Two ways may lie on each other.
    for (name, way), color, style in zip(WAYS.items(), PALETTE, ("o-", "s-", "^--"), strict=False):
        found = [scores(evidence, batch_size, **way) for batch_size in BATCH_SIZES]
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
            place="abstract, arXiv:1706.02677",
            sentence="we show no loss of accuracy when training with large minibatch sizes up to "
            "8192 images",
            read="source",
        ),
        Source(
            paper="Goyal et al. 2017",
            place="Table 1",
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
