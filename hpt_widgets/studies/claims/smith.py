"""Smith (2018): few epochs with the 1cycle schedule beat many at a constant rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.scale_evidence import FloatArray, arranged, ends_of, word
from hpt_widgets.studies.claims.scores import percent
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import BLUE, GREEN, VERMILION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Way = tuple[str, int]
"""A schedule and the number of epochs."""
Evidence = dict[Way, FloatArray]
"""Of each way the accuracy (%) with each rate and seed."""

ONE_CYCLE: Final[Way] = ("1cycle", 3)
AS_SHORT: Final[Way] = ("constant", 3)
LONG: Final[Way] = ("constant", 10)
WAYS: Final = (ONE_CYCLE, AS_SHORT, LONG)
RATES: Final = (0.0125, 0.025, 0.05, 0.1, 0.2, 0.4)
# The rate is chosen with the first seeds, the ways are compared with the others: else each would
# be flattered by the luck of the seeds that chose it.
N_TUNING: Final = 2
N_SEEDS: Final = 26
"""Ten left it undecided; then this number was set, once, and no threshold was changed."""


def _settings() -> Iterator[Settings]:
    for seed in range(N_SEEDS):
        for schedule, epochs in WAYS:
            for rate in RATES:
                yield {
                    "optimizer": "momentum",
                    "schedule": schedule,
                    "epochs": epochs,
                    "learning_rate": rate,
                    "batch_size": 64,
                    "dropout_rate": 0.0,
                    "training_size": 20_000,
                    "seed": seed,
                }


SMITH: Final = Experiment("smith-2018", _settings, minutes=4)


def _evidence() -> Evidence:
    trials = list(SMITH.load())
    return {
        (schedule, epochs): arranged(
            trials,
            {
                "schedule": (schedule,),
                "epochs": (epochs,),
                "learning_rate": RATES,
                "seed": tuple(range(N_SEEDS)),
            },
            percent,
        )[0, 0]
        for schedule, epochs in WAYS
    }


def chosen(accuracies: FloatArray) -> int:
    """Return the place of the rate that is best on average with the tuning seeds."""
    return int(accuracies[:, :N_TUNING].mean(axis=1).argmax())


def compared(accuracies: FloatArray) -> FloatArray:
    """Return the accuracies at the chosen rate with the seeds that did not choose it."""
    return accuracies[chosen(accuracies), N_TUNING:]


def judge_smith(evidence: Evidence) -> Verdict:
    """Judge by the paired differences between 1cycle and the long training."""
    difference = compared(evidence[ONE_CYCLE]) - compared(evidence[LONG])
    return judge(*mean_band(difference), above=0, unit="points")


def _schedule(way: Way) -> str:
    return translate(f"training_lab.schedule_{way[0]}")


def _table(evidence: Evidence) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for way, accuracies in evidence.items():
        behind = compared(evidence[ONE_CYCLE]) - compared(accuracies)
        middle, low, high = mean_band(behind)
        itself = way == ONE_CYCLE
        rows.append(
            {
                word("schedule"): _schedule(way),
                word("epochs"): way[1],
                word("rate"): RATES[chosen(accuracies)],
                word("accuracy"): f"{compared(accuracies).mean():.2f}",
                word("ahead"): "" if itself else f"{middle:+.2f}".replace("-", "−"),
                word("band"): "" if itself else ends_of(low, high),
            }
        )
    return pd.DataFrame(rows).set_index(word("schedule"))


def _draw(evidence: Evidence, axes: Axes) -> None:
    for (way, accuracies), color in zip(evidence.items(), (VERMILION, BLUE, GREEN), strict=True):
        fresh = accuracies[:, N_TUNING:]
        middle, spread = fresh.mean(axis=1), fresh.std(axis=1, ddof=1)
        label = word("way", schedule=_schedule(way), epochs=way[1])
        axes.plot(RATES, middle, "o-", color=color, lw=2, ms=4, label=label)
        axes.fill_between(RATES, middle - spread, middle + spread, color=color, alpha=0.15, lw=0)
        best = chosen(accuracies)
        axes.plot(RATES[best], middle[best], "o", mfc="none", mec=color, ms=13, mew=2)
    # A rate at which trainings fail would squash all others.
    best = max(accuracies.mean(axis=1).max() for accuracies in evidence.values())
    axes.set_ylim(best - 3.5, best + 0.5)
    axes.set(xscale="log", xlabel=word("largest_rate"), ylabel=word("accuracy"))
    axes.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
    axes.minorticks_off()
    axes.legend(frameon=False, loc="lower center")


SMITH_2018: Final = Claim(
    name="smith-2018",
    words="claims_scale",
    sources=(
        Source(
            paper="Smith & Topin 2018, Super-Convergence",
            place=Text(en="abstract, arXiv:1708.07120", zh="摘要，arXiv:1708.07120"),
            sentence="neural networks can be trained an order of magnitude faster than with "
            "standard training methods.",
            read="source",
        ),
        Source(
            paper="Smith 2018, A Disciplined Approach to Neural Network Hyper-Parameters",
            place=Text(en="abstract, arXiv:1803.09820", zh="摘要，arXiv:1803.09820"),
            sentence="several efficient ways to set the hyper-parameters that significantly "
            "reduce training time and improves performance.",
            read="source",
        ),
        Source(
            paper="coxy1989/superconv",
            place=Text(
                en="a replication on MNIST: rates, momentum, epochs, accuracy; "
                "github.com/coxy1989/superconv",
                zh="在 MNIST 上的复现实验，依次是学习率、动量、轮数、准确率；"
                "github.com/coxy1989/superconv",
            ),
            sentence="0.01/inv | 0.9 | 85 | 98.92 … 0.01-0.1/5 | 0.95-0.8/5 | 12 | 99.05",
            read="source",
        ),
    ),
    evidence=_evidence,
    summarize=_table,
    judge=judge_smith,
    draw=_draw,
    experiment=SMITH,
)
