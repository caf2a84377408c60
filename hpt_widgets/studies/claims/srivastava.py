"""How dropout depends on its rate and on the number of samples: Srivastava 2014."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment
from hpt_widgets.studies.claims.scores import frame_of
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band, resampled_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PAPER: Final = (
    "Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
)
NETWORK: Final = {"hidden_units": (256, 256)}

# ---------------------------------------------------------------- Figure 9: the rate

RETAINED: Final = (0.1, 0.4, 0.6, 0.8, 1.0)
FLAT: Final = (0.4, 0.6, 0.8)
N_SEEDS: Final = 16
"""Four left it undecided; then this number was set, once, and no threshold was changed."""
MOST_DIFFERENCE: Final = 0.5
N_RESAMPLINGS: Final = 10_000


def settings_of_rates() -> Iterator[Settings]:
    """Give the settings of the trainings with other dropout rates."""
    for retained in RETAINED:
        for seed in range(N_SEEDS):
            yield {
                **NETWORK,
                "training_size": 2_000,
                "epochs": 15,
                "dropout_rate": round(1 - retained, 1),
                "subset_seed": seed,
                "seed": seed,
            }


RATES: Final = Experiment("srivastava-2014-rate", settings_of_rates, minutes=1)


def by_retained(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the accuracies in percent: a row a seed, a column a share of retained units."""
    retained = (1 - evidence["dropout_rate"]).round(1).rename("retained")
    scores = evidence.assign(retained=retained)
    return scores.pivot_table(values="accuracy", index="seed", columns="retained")


def _summarize_rates(evidence: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    scores = by_retained(evidence)
    label = translate("claims_batch.retained")
    rows = {
        label: list(scores.columns),
        translate("claims_batch.mean"): scores.mean().round(2).to_list(),
        translate("claims_batch.deviation"): scores.std(ddof=1).round(2).to_list(),
    }
    return pd.DataFrame(rows).set_index(label)


def _judge_rates(evidence: pd.DataFrame) -> Verdict:
    scores = by_retained(evidence)[list(FLAT)].to_numpy(float)
    seeds = np.random.default_rng(0).integers(len(scores), size=(N_RESAMPLINGS, len(scores)))
    spreads = np.ptp(scores[seeds].mean(axis=1), axis=1)
    spread = float(np.ptp(scores.mean(axis=0)))
    return judge(*resampled_band(spreads, spread), below=MOST_DIFFERENCE, unit="points")


def _draw_rates(evidence: pd.DataFrame, axes: Axes) -> None:
    scores = by_retained(evidence)
    axes.axvspan(FLAT[0], FLAT[-1], color="0.9", label=translate("claims_batch.said_to_be_flat"))
    axes.plot(scores.columns, scores.mean(), "o-", lw=2, color=PALETTE[0])
    for retained in RETAINED:
        axes.plot([retained] * len(scores), scores[retained], ".", color=PALETTE[0], alpha=0.5)
    # With a tenth of the units the network learns so little that the rest would look flat.
    usable = scores[[retained for retained in RETAINED if retained >= FLAT[0]]]
    bottom = float(np.floor(usable.min().min()))
    if scores.mean().iloc[0] < bottom:
        lowest, mean = RETAINED[0], scores.mean().iloc[0]
        axes.annotate(
            f"↓ {mean:.0f}{translate('claims.unit_percent')}",
            (lowest, bottom),
            (0, 6),
            textcoords="offset points",
        )
    axes.set(
        ylim=(bottom, float(usable.max().max()) + 0.3),
        xlabel=translate("claims_batch.retained"),
        ylabel=translate("claims_batch.validation_accuracy"),
    )
    axes.legend(frameon=False, loc="lower right")


RATE: Final[Claim[Any]] = Claim(
    name="srivastava-2014-rate",
    words="claims_batch",
    sources=(
        Source(
            paper=PAPER,
            place=Text(
                en="section 7.3 and Figure 9, Journal of Machine Learning Research 15 (56)",
                zh="7.3 节和图 9，Journal of Machine Learning Research 15 (56)",
            ),
            sentence="test error is flat for 0.4 ≤ p ≤ 0.8",
            read="second hand",
        ),
    ),
    evidence=lambda: frame_of(RATES.load()),
    summarize=_summarize_rates,
    judge=_judge_rates,
    draw=_draw_rates,
    experiment=RATES,
)

# ---------------------------------------------------------------- Figure 10: the samples

SMALLEST: Final = 100
PLANS: Final = {SMALLEST: (100, 20), 500: (40, 6), 5_000: (12, 3)}
"""For each number of samples: the epochs and the seeds."""
DROPPED: Final = 0.5
LEAST_GAIN: Final = 1.0
"""A gain of fewer points than this counts as none."""


def settings_of_sizes() -> Iterator[Settings]:
    """Give the settings of the trainings with and without dropout, from few samples to many."""
    for size, (epochs, n_seeds) in PLANS.items():
        for seed in range(n_seeds):
            for dropout_rate in (0.0, DROPPED):
                yield {
                    **NETWORK,
                    "training_size": size,
                    "epochs": epochs,
                    "dropout_rate": dropout_rate,
                    "subset_seed": seed,
                    "seed": seed,
                }


SIZES: Final = Experiment("srivastava-2014-size", settings_of_sizes, minutes=0.5)


def gains(evidence: pd.DataFrame, size: int) -> pd.Series:
    """Return what dropout gains with so many samples, in points, by seed."""
    chosen = evidence[evidence["training_size"] == size]
    scores = chosen.pivot_table(values="accuracy", index="seed", columns="dropout_rate")
    return scores[DROPPED] - scores[0.0]


def _summarize_sizes(evidence: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for size in PLANS:
        chosen = evidence[evidence["training_size"] == size]
        means = chosen.groupby("dropout_rate")["accuracy"].mean()
        gain, low, high = mean_band(gains(evidence, size))
        rows.append(
            {
                translate("claims_batch.samples"): size,
                translate("claims_batch.without_dropout"): round(means[0.0], 2),
                translate("claims_batch.with_dropout"): round(means[DROPPED], 2),
                translate("claims_batch.gain"): round(gain, 2),
                translate("claims_batch.low"): round(low, 2),
                translate("claims_batch.high"): round(high, 2),
            }
        )
    return pd.DataFrame(rows).set_index(translate("claims_batch.samples"))


def _judge_sizes(evidence: pd.DataFrame) -> Verdict:
    return judge(*mean_band(gains(evidence, SMALLEST)), below=LEAST_GAIN, unit="points")


def _draw_sizes(evidence: pd.DataFrame, axes: Axes) -> None:
    axes.axhline(0, color="0.6", lw=1)
    for size in PLANS:
        found = gains(evidence, size)
        mean, low, high = mean_band(found)
        axes.plot([size] * len(found), found, ".", color=PALETTE[0], alpha=0.4)
        axes.errorbar(
            size, mean, [[mean - low], [high - mean]], fmt="o", ms=8, capsize=6, color=PALETTE[1]
        )
    axes.set_xscale("log")
    axes.set_xticks(list(PLANS), [f"{size:,}" for size in PLANS])
    axes.minorticks_off()
    axes.set(xlabel=translate("claims_batch.samples"), ylabel=translate("claims_batch.gain"))


SIZE: Final[Claim[Any]] = Claim(
    name="srivastava-2014-size",
    words="claims_batch",
    sources=(
        Source(
            paper=PAPER,
            place=Text(
                en="section 7.4 and Figure 10, Journal of Machine Learning Research 15 (56)",
                zh="7.4 节和图 10，Journal of Machine Learning Research 15 (56)",
            ),
            sentence="For extremely small data sets (100, 500) dropout does not give any "
            "improvements",
            read="second hand",
        ),
    ),
    evidence=lambda: frame_of(SIZES.load()),
    summarize=_summarize_sizes,
    judge=_judge_sizes,
    draw=_draw_sizes,
    experiment=SIZES,
)

# ---------------------------------------------------------------- Table 2: out of reach

STANDARD_LAYERS: Final = (784, 800, 800, 10)
DROPOUT_LAYERS: Final = (784, 1_024, 1_024, 1_024, 10)
"""The two networks that the paper compares."""
WORKBOOK_LAYERS: Final = (784, 128, 64, 10)
SECONDS_PER_EPOCH: Final = 1.0
"""Of the workbook's usual network with 50,000 digits, on one core."""
DIGITS, WORKBOOK_DIGITS = 60_000, 50_000
SUPPOSED_EPOCHS: Final = 100
N_ERROR_SEEDS: Final = 5
"""Of each network: few for a band of 0.35 points."""


def n_weights(layers: tuple[int, ...]) -> int:
    """Return how many weights and biases a network has, given the units of all its layers."""
    return sum((below + 1) * above for below, above in itertools.pairwise(layers))


def hours() -> float:
    """Return about how long the paper's comparison would take on one core."""
    both = n_weights(STANDARD_LAYERS) + n_weights(DROPOUT_LAYERS)
    times_the_work = both / n_weights(WORKBOOK_LAYERS) * DIGITS / WORKBOOK_DIGITS
    epoch_of_both = SECONDS_PER_EPOCH * times_the_work
    return N_ERROR_SEEDS * SUPPOSED_EPOCHS * epoch_of_both / 3_600


def _summarize_error(_evidence: None) -> pd.DataFrame:
    import pandas as pd

    label, value = translate("claims_batch.quantity"), translate("claims_batch.value")
    rows = {
        "weights_here": n_weights(WORKBOOK_LAYERS),
        "weights_standard": n_weights(STANDARD_LAYERS),
        "weights_dropout": n_weights(DROPOUT_LAYERS),
        "epochs_supposed": SUPPOSED_EPOCHS,
        "trainings_needed": 2 * N_ERROR_SEEDS,
        "hours_needed": round(hours(), 1),
    }
    words = [translate(f"claims_batch.{name}") for name in rows]
    return pd.DataFrame({label: words, value: [f"{n:,}" for n in rows.values()]}).set_index(label)


ERROR: Final[Claim[Any]] = Claim(
    name="srivastava-2014-error",
    words="claims_batch",
    sources=(
        Source(
            paper=PAPER,
            place=Text(
                en="Table 2, Journal of Machine Learning Research 15 (56)",
                zh="表 2，Journal of Machine Learning Research 15 (56)",
            ),
            sentence="Standard NN, 2 layers, 800 units: 1.60; Dropout NN, 3 layers, 1024 units "
            "(ReLU): 1.25",
            read="second hand",
        ),
    ),
    evidence=lambda: None,
    summarize=_summarize_error,
    judge=lambda _evidence: Verdict("out of reach"),
    was_run=False,
)
