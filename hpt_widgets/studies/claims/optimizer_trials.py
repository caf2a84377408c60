"""The random trials of four optimisers that four claims of chapter 7.3 are judged by."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import NUMBER_FIELDS, Trial
from hpt_widgets.studies.claims.best_of_draws import mean_worth
from hpt_widgets.studies.claims.experiment import Experiment, settings_key, train_once
from hpt_widgets.studies.claims.scores import percent
from hpt_widgets.studies.claims.verdict import resampled_band
from hpt_widgets.studies.missing_trials import Settings

if TYPE_CHECKING:
    from hpt_widgets.data.dataset import Dataset

Name = TypeVar("Name")

OPTIMIZERS: Final = ("sgd", "momentum", "rmsprop", "adam")
NARROW, WIDE = "narrow", "wide"
TUNED: Final = (
    *((optimizer, NARROW) for optimizer in OPTIMIZERS),
    *((optimizer, WIDE) for optimizer in OPTIMIZERS if optimizer != "sgd"),
)
"""Nothing but the rate can be tuned in plain SGD: its two spaces are the same."""
N_SETTINGS: Final = 64
"""A first run with 24, of other draws and seeds, left all four claims undecided; none of it is
used here, and no threshold was changed after it."""
SEEDS: Final = (2, 3)
COMMON: Final = {"training_size": 3000, "epochs": 3}

RATES: Final = (1e-4, 1.0)
FREE_SHARES: Final = (1e-3, 1.0)
"""1 - momentum: from a momentum of 0.999 to none."""
EPSILONS: Final = (1e-8, 1.0)
HAS_MOMENTUM: Final = ("momentum", "adam")
HAS_EPSILON: Final = ("rmsprop", "adam")

DEFAULT_RATES: Final = {
    "sgd": 0.01,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adagrad": 0.001,
    "rmsprop": 0.001,
    "adam": 0.001,
}
"""Keras's; the momentum of 0.9 is that of this workbook's optimisers."""
DEFAULT_SEEDS: Final = tuple(range(10, 18))
"""None of `SEEDS`: by its seed a default is told from a random setting of the same rate."""

DRAW_SEED: Final = 74
N_RESAMPLINGS: Final = 1000
HALF: Final = N_SETTINGS // 2


def _settings() -> Iterator[Settings]:
    for optimizer, rate in DEFAULT_RATES.items():
        for seed in DEFAULT_SEEDS:
            yield {**COMMON, "optimizer": optimizer, "learning_rate": rate, "seed": seed}
    spaces = [
        [{"optimizer": optimizer, **setting} for setting in _random_settings(optimizer, space)]
        for optimizer, space in TUNED
    ]
    for settings in zip(*spaces, strict=True):
        for setting in settings:
            for seed in SEEDS:
                yield {**COMMON, **setting, "seed": seed}


def _random_settings(optimizer: str, space: str) -> Iterator[Settings]:
    """Draw an optimiser's settings; the first ones stay the same if more are drawn."""
    generator = np.random.default_rng((DRAW_SEED, OPTIMIZERS.index(optimizer), space == WIDE))
    for _ in range(N_SETTINGS):
        setting = {"learning_rate": _log_uniform(generator, RATES)}
        if space == WIDE and optimizer in HAS_MOMENTUM:
            setting["momentum"] = round(1 - _log_uniform(generator, FREE_SHARES), 6)
        if space == WIDE and optimizer in HAS_EPSILON:
            setting["epsilon"] = _log_uniform(generator, EPSILONS)
        yield setting


def _log_uniform(generator: np.random.Generator, limits: tuple[float, float]) -> float:
    low, high = np.log10(limits)
    return float(f"{10 ** generator.uniform(low, high):.3g}")


def train_shortly_written(data: Dataset, settings: Settings) -> Trial:
    """Train as `train_once`, and keep no more digits than mean something: there are many rows."""
    trial = train_once(data, settings)
    rounded: dict[str, Any] = {name: _rounded(getattr(trial, name)) for name in NUMBER_FIELDS}
    return dataclasses.replace(trial, when=trial.when.replace(microsecond=0), **rounded)


def _rounded(number: float | None) -> float | None:
    # The accuracy on 10,000 digits has four decimals.
    return None if number is None else round(number, 4)


EXPERIMENT: Final = Experiment(
    "optimizer-trials", _settings, minutes=6, train=train_shortly_written
)


@dataclass(frozen=True)
class OptimizerTrials:
    """Validation accuracies in percent.

    Attributes
    ----------
    tuned : dict of (str, str) to ndarray, shape (n_settings, n_seeds)
        By space and optimiser: a row for each random setting, a column for each seed.
    default : dict of str to ndarray, shape (n_default_seeds,)
        By optimiser, at its default setting.
    """

    tuned: dict[tuple[str, str], NDArray[np.float64]]
    default: dict[str, NDArray[np.float64]]


def load_trials() -> OptimizerTrials:
    """Return the stored accuracies."""
    return from_record(EXPERIMENT.load())


def from_record(record: SearchRecord) -> OptimizerTrials:
    """Sort a record's trials by space and optimiser.

    Parameters
    ----------
    record : SearchRecord
        Trials of `EXPERIMENT`, all of them, in any order.

    Returns
    -------
    OptimizerTrials
    """
    found = {settings_key(trial.hyperparameters): percent(trial) for trial in record}
    tuned: dict[tuple[str, str], list[float]] = {}
    default: dict[str, list[float]] = {}
    for settings in _settings():
        optimizer, accuracy = settings["optimizer"], found[settings_key(settings)]
        if settings["seed"] in DEFAULT_SEEDS:
            default.setdefault(optimizer, []).append(accuracy)
        else:
            tuned.setdefault((_space_of(settings), optimizer), []).append(accuracy)
    arrays = {key: np.reshape(values, (-1, len(SEEDS))) for key, values in tuned.items()}
    arrays[WIDE, "sgd"] = arrays[NARROW, "sgd"]
    return OptimizerTrials(arrays, {name: np.array(one) for name, one in default.items()})


def _space_of(settings: Settings) -> str:
    return WIDE if {"momentum", "epsilon"} & set(settings) else NARROW


def tuned_score(scores: NDArray[np.float64], budget: int) -> Any:
    """Return the accuracy to expect of the best of some random trials, trained once more.

    The best is chosen by one seed and scored by the other, so that its luck doesn't count; both
    ways round, averaged.

    Parameters
    ----------
    scores : ndarray, shape (..., n_settings, 2)
        Accuracies by setting and seed.
    budget : int
        How many of the settings are drawn, without replacement; at most all of them.

    Returns
    -------
    float, or ndarray of float
        The exact mean over all draws.
    """
    n_settings = scores.shape[-2]
    if not 1 <= budget <= n_settings:
        raise ValueError(f"budget={budget!r}: from 1 to {n_settings}")
    # Backwards: of equal settings, the last one is taken for the best.
    seen = np.swapaxes(scores[..., ::-1, :], -1, -2)
    return mean_worth(seen, seen[..., ::-1, :], budget).mean(axis=(-2, -1))


def default_score(default: Mapping[str, NDArray[np.float64]]) -> Any:
    """Return the accuracy to expect of the best of all defaults, chosen by one training of each.

    Parameters
    ----------
    default : mapping of str to ndarray, shape (..., n_seeds)
        Accuracies by optimiser.

    Returns
    -------
    float, or ndarray of float
        Of the optimiser that is best with one seed the mean over the other seeds; averaged over
        the seeds that choose.
    """
    scores = np.array(list(default.values()))
    others = (scores.sum(axis=-1, keepdims=True) - scores) / (scores.shape[-1] - 1)
    chosen = scores.argmax(axis=0, keepdims=True)
    return np.take_along_axis(others, chosen, axis=0)[0].mean(axis=-1)


def resampled(trials: OptimizerTrials) -> Iterator[OptimizerTrials]:
    """Return random halves of all random settings, and random halves of the defaults' seeds.

    Half of a sample, drawn without replacement, varies as much as the whole sample does from one
    experiment to the next, and no setting is in it twice. Plain SGD has the same half in both
    spaces.
    """
    generator = np.random.default_rng(DRAW_SEED)
    for _ in range(N_RESAMPLINGS):
        tuned = {key: scores[_half(len(scores), generator)] for key, scores in trials.tuned.items()}
        tuned[WIDE, "sgd"] = tuned[NARROW, "sgd"]
        seeds = _half(len(DEFAULT_SEEDS), generator)
        yield OptimizerTrials(tuned, {name: one[seeds] for name, one in trials.default.items()})


def _half(n_items: int, generator: np.random.Generator) -> NDArray[np.intp]:
    return generator.permutation(n_items)[: n_items // 2]


def _stacked(samples: Sequence[OptimizerTrials]) -> OptimizerTrials:
    """Return samples of one size as one, with an axis more in front."""
    first = samples[0]
    return OptimizerTrials(
        {key: np.stack([sample.tuned[key] for sample in samples]) for key in first.tuned},
        {name: np.stack([sample.default[name] for sample in samples]) for name in first.default},
    )


Band = tuple[float, float, float]


def reaching_lowest(bands: Iterable[Band]) -> Band:
    """Return the band whose lower end is lowest: it decides whether all lie above a threshold."""
    return min(bands, key=lambda band: band[1])


def bands_of(
    statistic: Callable[[OptimizerTrials], dict[Name, Any]], trials: OptimizerTrials
) -> dict[Name, Band]:
    """Return quantities in the whole sample, and the bands that random halves give.

    Parameters
    ----------
    statistic : callable
        Takes trials, and returns quantities by name. Once it takes all halves together, whose
        arrays have an axis more in front, as its quantities have then.
    trials : OptimizerTrials
        The whole sample.

    Returns
    -------
    dict of name to (float, float, float)
        Estimate, low and high.
    """
    whole = statistic(trials)
    halves = statistic(_stacked(list(resampled(trials))))
    return {name: resampled_band(halves[name], whole[name]) for name in whole}
