"""How much of the chance in a score is the digits', and how much the seed's: Bouthillier 2021."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.experiment import Experiment, train_once
from hpt_widgets.studies.claims.scores import frame_of
from hpt_widgets.studies.claims.verdict import Verdict, judge, resampled_band
from hpt_widgets.studies.missing_trials import Settings
from hpt_widgets.support.colors import OLIVE, PALETTE, VIOLET

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.search.trial import Trial
    from hpt_widgets.training.randomness import Seeds

N_DRAWS: Final = 30
N_RESAMPLINGS: Final = 10_000
COMMON: Final = {"training_size": 5_000, "validation_size": 1_000, "epochs": 3}
DRAWN: Final = ("seed", "subset_seed", "validation_seed")
OF_SEED: Final = ("weights_seed", "order_seed", "dropout_seed")
"""What the seed decides, each by itself."""
SOURCES: Final = {
    "seed": ("seed",),
    **{name.removesuffix("_seed"): (name,) for name in OF_SEED},
    "training": ("subset_seed",),
    "validation": ("validation_seed",),
    "digits": ("subset_seed", "validation_seed"),
    "all": DRAWN,
}
"""The sources of variation, and what each draws anew; all else stays at 0."""


def settings() -> Iterator[Settings]:
    """Give the settings of all trainings, source by source."""
    for drawn in SOURCES.values():
        for number in range(1, N_DRAWS + 1):
            chosen = {name: number if name in drawn else 0 for name in DRAWN}
            yield {**COMMON, **chosen, **{name: number for name in drawn if name in OF_SEED}}


def train_on_drawn_digits(data: Dataset, settings: Settings) -> Trial:
    """Train one setting, and validate it on the digits that ``validation_seed`` draws.

    What ``weights_seed``, ``order_seed`` and ``dropout_seed`` do not name is drawn from the seed.
    """
    others = ("validation_size", "validation_seed", *OF_SEED)
    kept = {name: value for name, value in settings.items() if name not in others}
    drawn = with_drawn_validation(
        data, settings["validation_size"], seed=settings["validation_seed"]
    )
    trial = train_once(drawn, kept, seeds_of(settings))
    return dataclasses.replace(trial, hyperparameters=settings)


def seeds_of(settings: Settings) -> Seeds:
    """Return the seeds that settings name for each kind of chance in the training."""
    from hpt_widgets.training.randomness import Seeds

    return Seeds(*(settings[name if name in settings else "seed"] for name in OF_SEED))


def with_drawn_validation(data: Dataset, size: int, seed: int) -> Dataset:
    """Return data whose validation samples are some of the first, drawn with a seed."""
    from hpt_widgets.data.dataset import dataset_of

    held_out = data.splits["validation"]
    rows = np.random.default_rng(seed).choice(len(held_out.y), size, replace=False)
    splits = {**data.splits, "validation": held_out.rows(np.sort(rows))}
    return dataset_of(splits, data.n_classes, "data", data.class_names, data.preprocessing)


EXPERIMENT: Final = Experiment(
    "bouthillier-2021", settings, minutes=0.5, train=train_on_drawn_digits
)


def accuracies(evidence: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return the accuracies of each source of variation, in percent."""
    return {
        source: evidence.loc[
            np.logical_and.reduce(
                [(evidence[name] > 0) == (name in drawn) for name in (*DRAWN, *OF_SEED)]
            ),
            "accuracy",
        ].to_numpy(float)
        for source, drawn in SOURCES.items()
    }


def _summarize(evidence: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    found = accuracies(evidence)
    label = translate("claims_batch.drawn_anew")
    rows = {
        label: [translate(f"claims_batch.source_{source}") for source in found],
        translate("claims_batch.trainings"): [len(values) for values in found.values()],
        translate("claims_batch.mean"): [round(values.mean(), 2) for values in found.values()],
        translate("claims_batch.deviation"): [
            round(values.std(ddof=1), 2) for values in found.values()
        ],
    }
    return pd.DataFrame(rows).set_index(label)


def _judge(evidence: pd.DataFrame) -> Verdict:
    found = accuracies(evidence)
    digits, seed = found["digits"], found["seed"]
    random = np.random.default_rng(0)
    ratios = _resampled_deviations(digits, random) / _resampled_deviations(seed, random)
    ratio = digits.std(ddof=1) / seed.std(ddof=1)
    return judge(*resampled_band(ratios, ratio), above=1.0, unit="times")


def _resampled_deviations(
    values: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    drawn = random.choice(values, (N_RESAMPLINGS, len(values)))
    deviations: NDArray[np.float64] = drawn.std(axis=1, ddof=1)
    return deviations


def _draw(evidence: pd.DataFrame, axes: Axes) -> None:
    found = accuracies(evidence)
    places = range(len(found) - 1, -1, -1)
    random = np.random.default_rng(0)
    for place, values, color in zip(places, found.values(), (*PALETTE, OLIVE, VIOLET), strict=True):
        heights = place + random.uniform(-0.18, 0.18, len(values))
        axes.plot(values, heights, "o", ms=4, alpha=0.6, color=color)
        mean, deviation = values.mean(), values.std(ddof=1)
        axes.errorbar(mean, place, xerr=deviation, fmt="|", ms=14, lw=2.5, capsize=5, color=color)
    axes.set_yticks(places, [translate(f"claims_batch.source_{source}") for source in found])
    axes.set(
        xlabel=translate("claims_batch.validation_accuracy"),
        ylabel=translate("claims_batch.drawn_anew"),
    )


BOUTHILLIER: Final[Claim[Any]] = Claim(
    name="bouthillier-2021",
    words="claims_batch",
    sources=(
        Source(
            paper="Bouthillier et al. 2021, Accounting for Variance in Machine Learning Benchmarks",
            place=Text(en="section 2.2, arXiv:2103.03098", zh="2.2 节，arXiv:2103.03098"),
            sentence="Bootstrapping data stands out as the most important source of variance. In "
            "contrast, model initialization generally is less than 50% of the variance of "
            "bootstrap",
            read="source",
        ),
    ),
    evidence=lambda: frame_of(EXPERIMENT.load()),
    summarize=_summarize,
    judge=_judge,
    draw=_draw,
    experiment=EXPERIMENT,
)
