"""Whether a warm-up has to be gradual: Goyal 2017 on the three that it tries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.goyal import (
    N_SEEDS,
    WAYS,
    scores,
    settings_of,
    train_with_warm_up,
)
from hpt_widgets.studies.claims.scores import draw_rows, frame_of
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BATCH_SIZE: Final = 256
"""The largest of the batches at which the scaled rate had been seen to learn."""
COMPARED: Final = ("scaled", "scaled_constant", "scaled_warm")
SEEDS: Final = tuple(range(N_SEEDS, N_SEEDS + 24))
"""Fresh ones: with those before them, how two of the three ways come out was known."""


def settings() -> Iterator[Settings]:
    """Give the settings of all trainings."""
    for seed in SEEDS:
        for way in COMPARED:
            yield settings_of(BATCH_SIZE, seed, WAYS[way])


EXPERIMENT: Final = Experiment("goyal-2017-warmup", settings, minutes=1, train=train_with_warm_up)


def by_way(evidence: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the accuracies of each way to warm up, in percent, by seed."""
    return {way: scores(evidence, BATCH_SIZE, WAYS[way]) for way in COMPARED}


def _summarize(evidence: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    found = by_way(evidence)
    rows = []
    for way, accuracies in found.items():
        ahead = found["scaled_warm"] - accuracies
        middle, low, high = mean_band(ahead)
        itself = way == "scaled_warm"
        rows.append(
            {
                translate("claims_batch.warm_up"): translate(f"claims_batch.warm_up_{way}"),
                translate("claims_batch.mean"): f"{accuracies.mean():.2f}",
                translate("claims_batch.deviation"): f"{accuracies.std(ddof=1):.2f}",
                translate("claims_batch.gradual_ahead"): "" if itself else f"{middle:.2f}",
                translate("claims_batch.low"): "" if itself else f"{low:.2f}",
                translate("claims_batch.high"): "" if itself else f"{high:.2f}",
            }
        )
    return pd.DataFrame(rows).set_index(translate("claims_batch.warm_up"))


def _judge(evidence: pd.DataFrame) -> Verdict:
    found = by_way(evidence)
    difference = found["scaled_warm"] - found["scaled_constant"]
    return judge(*mean_band(difference), above=0.0, unit="points")


def _draw(evidence: pd.DataFrame, axes: Axes) -> None:
    rows = {
        translate(f"claims_batch.warm_up_{way}"): accuracies
        for way, accuracies in by_way(evidence).items()
    }
    draw_rows(rows, axes, PALETTE[1:], alpha=0.5)
    axes.set_ylabel(translate("claims_batch.warm_up"))


WARM_UPS: Final[Claim[Any]] = Claim(
    name="goyal-2017-warmup",
    words="claims_batch",
    sources=(
        Source(
            paper="Goyal et al. 2017, Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour",
            place=Text(en="section 5.2, arXiv:1706.02677", zh="5.2 节，arXiv:1706.02677"),
            sentence="A constant warmup strategy (2b) actually degrades results: although the "
            "small constant learning rate can decrease error during warmup, the error spikes "
            "immediately after and training never fully recovers.",
            read="source",
        ),
        Source(
            paper="Goyal et al. 2017",
            place=Text(en="section 2.2", zh="2.2 节"),
            sentence="given a large k, we find that this constant warmup is not sufficient to "
            "solve the optimization problem, and a transition out of the low learning rate warmup "
            "phase can cause the training error to spike. This leads us to propose the following "
            "gradual warmup.",
            read="source",
        ),
    ),
    evidence=lambda: frame_of(EXPERIMENT.load()),
    summarize=_summarize,
    judge=_judge,
    draw=_draw,
    experiment=EXPERIMENT,
)
