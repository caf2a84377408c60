"""Whether large batches generalise worse: Keskar 2017, against Shallue 2019."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.scores import draw_rows, frame_of
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SMALL, LARGE = 256, 5_000
USUAL_RATE: Final = 0.001
RATES: Final = (USUAL_RATE, 0.005, 0.02)
N_SEEDS: Final = 4
COMMON: Final = {"training_size": 10_000, "epochs": 30, "dropout_rate": 0.0}
NO_LOSS: Final = -0.5
"""A loss of fewer points than this counts as no evidence."""


def settings() -> Iterator[Settings]:
    """Give the settings of all trainings; both claims are judged by them."""
    for rate in RATES:
        for batch_size in (SMALL, LARGE):
            for seed in range(N_SEEDS):
                yield {**COMMON, "batch_size": batch_size, "learning_rate": rate, "seed": seed}


EXPERIMENT: Final = Experiment("large-batches", settings, minutes=0.6)


def by_rate(evidence: pd.DataFrame, batch_size: int) -> pd.DataFrame:
    """Return the accuracies of a batch size in percent: a row a seed, a column a rate."""
    chosen = evidence[evidence["batch_size"] == batch_size]
    return chosen.pivot_table(values="accuracy", index="seed", columns="learning_rate")


def tuned(scores: pd.DataFrame) -> pd.Series:
    """Return for each seed the accuracy with the rate that is best on average of the others."""
    import pandas as pd

    rates = {seed: scores.drop(index=seed).mean().idxmax() for seed in scores.index}
    return pd.Series({seed: scores.loc[seed, rate] for seed, rate in rates.items()})


def _summarize(evidence: pd.DataFrame, rates: tuple[float, ...]) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, float]] = []
    for batch_size in (SMALL, LARGE):
        scores = by_rate(evidence, batch_size)
        row: dict[str, float] = {translate("claims_batch.batch_size"): batch_size}
        for rate in rates:
            row[translate("claims_batch.at_rate", rate=rate)] = round(scores[rate].mean(), 2)
        if len(rates) > 1:
            row[translate("claims_batch.tuned")] = round(tuned(scores).mean(), 2)
        rows.append(row)
    return pd.DataFrame(rows).set_index(translate("claims_batch.batch_size"))


def _judge_at_one_rate(evidence: pd.DataFrame) -> Verdict:
    small, large = (by_rate(evidence, size)[USUAL_RATE] for size in (SMALL, LARGE))
    return judge(*mean_band(small - large), above=0.0, unit="points")


def _judge_tuned(evidence: pd.DataFrame) -> Verdict:
    small, large = (tuned(by_rate(evidence, size)) for size in (SMALL, LARGE))
    return judge(*mean_band(large - small), above=NO_LOSS, unit="points")


def _draw_rates(evidence: pd.DataFrame, axes: Axes) -> None:
    for batch_size, color, marker in zip((SMALL, LARGE), PALETTE, "os", strict=False):
        scores = by_rate(evidence, batch_size)
        label = translate("claims_batch.batch_of", n=batch_size)
        axes.plot(RATES, scores.mean(), marker=marker, lw=2, color=color, label=label)
        for rate in RATES:
            axes.plot([rate] * len(scores), scores[rate], ".", color=color, alpha=0.5)
    axes.set_xscale("log")
    axes.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
    axes.minorticks_off()
    axes.set(
        xlabel=translate("claims_batch.learning_rate"),
        ylabel=translate("claims_batch.validation_accuracy"),
    )
    axes.legend(frameon=False)


def _draw_one_rate(evidence: pd.DataFrame, axes: Axes) -> None:
    rows = {
        translate("claims_batch.batch_of", n=size): by_rate(evidence, size)[USUAL_RATE]
        for size in (SMALL, LARGE)
    }
    draw_rows(rows, axes, PALETTE, alpha=0.6)
    axes.set_ylabel(translate("claims_batch.batch_size"))


KESKAR: Final[Claim[Any]] = Claim(
    name="keskar-2017",
    words="claims_batch",
    sources=(
        Source(
            paper="Keskar et al. 2017, On Large-Batch Training for Deep Learning: Generalization "
            "Gap and Sharp Minima",
            place=Text(en="abstract, arXiv:1609.04836", zh="摘要，arXiv:1609.04836"),
            sentence="when using a larger batch there is a degradation in the quality of the "
            "model, as measured by its ability to generalize",
            read="source",
        ),
        Source(
            paper="Keskar et al. 2017",
            place=Text(
                en="section 2.2; Table 2 has 98.03 % ± 0.07 % against 97.81 % ± 0.07 % on MNIST",
                zh="2.2 节；表 2 中，MNIST 上是 98.03% ± 0.07% 对 97.81% ± 0.07%",
            ),
            sentence="we used 10% of the training data as batch size for the large-batch "
            "experiments and 256 data points for small-batch experiments",
            read="source",
        ),
    ),
    evidence=lambda: frame_of(EXPERIMENT.load()),
    summarize=lambda evidence: _summarize(evidence, (USUAL_RATE,)),
    judge=_judge_at_one_rate,
    draw=_draw_one_rate,
    experiment=EXPERIMENT,
)

SHALLUE: Final[Claim[Any]] = Claim(
    name="shallue-2019",
    words="claims_batch",
    sources=(
        Source(
            paper="Shallue et al. 2019, Measuring the Effects of Data Parallelism on Neural "
            "Network Training",
            place=Text(
                en="abstract, Journal of Machine Learning Research 20 (112)",
                zh="摘要，Journal of Machine Learning Research 20 (112)",
            ),
            sentence="We find no evidence that larger batch sizes degrade out-of-sample "
            "performance.",
            read="source",
        ),
    ),
    evidence=lambda: frame_of(EXPERIMENT.load()),
    summarize=lambda evidence: _summarize(evidence, RATES),
    judge=_judge_tuned,
    draw=_draw_rates,
    experiment=EXPERIMENT,
)
