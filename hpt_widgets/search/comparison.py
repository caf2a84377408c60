"""Searches held against each other: equal budgets, several seeds, and the noise between seeds.

A single search says little about its method: with another seed it ends elsewhere. So searches
are compared as groups of repeats, each with a seed of its own, after the same number of trials.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.search.halving import epochs_of, is_in_rungs
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial, value_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_REPEATS: Final = 3
"""With fewer repeats a standard deviation says next to nothing."""
CONFIDENCE: Final = 0.95
MOST_STEPS: Final = 200


def distinct_values(trials: Iterable[Trial], name: str) -> list[tuple[Any, int]]:
    """Count how often each distinct value of a hyperparameter was tried.

    Parameters
    ----------
    trials : iterable of Trial
        Trials without this hyperparameter are left out.
    name : str
        The hyperparameter.

    Returns
    -------
    list of (value, int)
        In the order in which the values came. Its length is the number of distinct values,
        which is what a random search has more of than a grid (Bergstra & Bengio 2012).
    """
    counts: dict[Hashable, tuple[Any, int]] = {}
    for trial in trials:
        if name in trial.hyperparameters:
            value = trial.hyperparameters[name]
            # An option may be a dictionary, which has no hash.
            key = value_key(value)
            first, count = counts.get(key, (value, 0))
            counts[key] = (first, count + 1)
    return list(counts.values())


@dataclass(frozen=True)
class Band:
    """How the best accuracy so far went in several searches.

    Attributes
    ----------
    x : ndarray, shape (n,)
        The number of trials, or the seconds that the trials had cost.
    lowest, mean, highest : ndarray, shape (n,)
        Over the searches; nan as long as one of them has no usable trial.
    """

    x: NDArray[np.float64]
    lowest: NDArray[np.float64]
    mean: NDArray[np.float64]
    highest: NDArray[np.float64]


def band_by_trials(records: Sequence[SearchRecord]) -> Band:
    """Return the best so far against the number of trials, as far as all searches came.

    Parameters
    ----------
    records : sequence of SearchRecord
        The searches, which differ in their seed.

    Returns
    -------
    Band
        `x` counts trials from 1.
    """
    curves = [record.incumbent.to_numpy(dtype=float) for record in records]
    n_trials = min((len(curve) for curve in curves), default=0)
    stacked = np.array([curve[:n_trials] for curve in curves]).reshape(len(curves), n_trials)
    return _band(np.arange(1, n_trials + 1, dtype=float), stacked)


def band_by_seconds(records: Sequence[SearchRecord]) -> Band:
    """Return the best so far against what the trials had cost, as far as all searches came.

    The seconds are those of the trials alone, one after another.

    Parameters
    ----------
    records : sequence of SearchRecord
        The searches, which differ in their seed.

    Returns
    -------
    Band
        `x` is in seconds.
    """
    return _band_by_cost(records, lambda trial: trial.seconds or 0.0)


def band_by_epochs(records: Sequence[SearchRecord]) -> Band:
    """Return the best so far against the epochs that the trials had trained, likewise.

    For trials of unequal length, as those of successive halving are, that is the fair measure.

    Parameters
    ----------
    records : sequence of SearchRecord
        The searches, which differ in their seed.

    Returns
    -------
    Band
        `x` is in epochs; empty where a search does not say them.
    """
    return _band_by_cost(records, _epochs_spent)


def _epochs_spent(trial: Trial) -> float:
    spent = trial.epochs_trained
    return (epochs_of(trial) or 0.0) if spent is None else spent


def _band_by_cost(records: Sequence[SearchRecord], cost: Callable[[Trial], float]) -> Band:
    clocks = [np.cumsum([cost(trial) for trial in record]) for record in records]
    end = min((clock[-1] if len(clock) else 0.0 for clock in clocks), default=0.0)
    x = np.unique(np.concatenate([*clocks, [end]])) if clocks else np.empty(0)
    x = x[x <= end] if end else np.empty(0)
    if len(x) > MOST_STEPS:
        x = np.linspace(0.0, end, MOST_STEPS)
    stacked = [_steps(record, clock, x) for record, clock in zip(records, clocks, strict=True)]
    return _band(x, np.array(stacked).reshape(len(records), len(x)))


def _steps(
    record: SearchRecord, clock: NDArray[np.float64], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Read a search's best so far at some seconds."""
    best = np.concatenate([[math.nan], record.incumbent.to_numpy(dtype=float)])
    return np.asarray(best[np.searchsorted(clock, x, side="right")], np.float64)


def _band(x: NDArray[np.float64], stacked: NDArray[np.float64]) -> Band:
    if not stacked.size:
        nothing = np.empty(0)
        return Band(nothing, nothing, nothing, nothing)
    return Band(x, stacked.min(axis=0), stacked.mean(axis=0), stacked.max(axis=0))


@dataclass(frozen=True)
class Repeats:
    """Searches that differ in nothing but their seed.

    Attributes
    ----------
    name : str
        What they are called.
    records : tuple of SearchRecord
        One a seed: a seed that is used twice gives the same search, not a repeat.
    """

    name: str
    records: tuple[SearchRecord, ...]

    def best_after(self, trials: int) -> NDArray[np.float64]:
        """Return each search's best validation accuracy after this many trials.

        Parameters
        ----------
        trials : int
            A budget.

        Returns
        -------
        ndarray of float, shape (n,)
            From 0 to 1; searches without a usable trial until then are left out.
        """
        ends = [record.incumbent.to_numpy(dtype=float)[:trials] for record in self.records]
        best = np.array([end[-1] if len(end) else math.nan for end in ends])
        finite: NDArray[np.float64] = best[np.isfinite(best)]
        return finite

    @property
    def is_in_rungs(self) -> bool:
        """Whether some trials belong to rungs, and so are of unequal length."""
        return any(is_in_rungs(trial) for record in self.records for trial in record)

    @property
    def fewest_trials(self) -> int:
        """How many trials each of the searches has at least."""
        return min((len(record) for record in self.records), default=0)


@dataclass(frozen=True)
class Comparison:
    """Two groups of searches at the same number of trials.

    The statistic is Welch's: the difference of the two means of the best accuracies, with
    its 95 % confidence interval; the two groups may spread differently (Welch 1947).

    Attributes
    ----------
    names : (str, str)
        What the two groups are called.
    trials : int
        The budget that both are compared at.
    repeats : (int, int)
        How many searches each group has.
    means : (float, float)
        Mean best validation accuracy of each.
    deviations : (float, float)
        Standard deviation between the seeds of each; nan with a single seed.
    low, high : float
        The interval of ``means[1] - means[0]``; nan where there are not enough repeats.
    """

    names: tuple[str, str]
    trials: int
    repeats: tuple[int, int]
    means: tuple[float, float]
    deviations: tuple[float, float]
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How much better the second group is, as a share (0.01 is one percentage point)."""
        return self.means[1] - self.means[0]

    @property
    def is_decidable(self) -> bool:
        """Whether both groups have enough repeats."""
        return min(self.repeats) >= LEAST_REPEATS

    @property
    def exceeds_noise(self) -> bool:
        """Whether the difference is larger than the noise between seeds."""
        return self.is_decidable and (self.low > 0 or self.high < 0)

    def __str__(self) -> str:
        values = {
            "first": self.names[0],
            "second": self.names[1],
            "trials": self.trials,
            "difference": 100 * self.difference,
            "low": 100 * self.low,
            "high": 100 * self.high,
            "n_first": self.repeats[0],
            "n_second": self.repeats[1],
            "least": LEAST_REPEATS,
        }
        if not self.is_decidable:
            return translate("search_comparison.too_few", **values)
        if self.exceeds_noise:
            return translate("search_comparison.larger", **values)
        return translate("search_comparison.not_larger", **values)


def compare(first: Repeats, second: Repeats) -> Comparison | None:
    """Compare two groups of searches after the number of trials that all of them reached.

    Parameters
    ----------
    first, second : Repeats
        The two groups.

    Returns
    -------
    Comparison or None
        None if one of them has no usable trial yet.
    """
    trials = min(first.fewest_trials, second.fewest_trials)
    one, other = first.best_after(trials), second.best_after(trials)
    if not len(one) or not len(other):
        return None
    low, high = welch_interval(one, other)
    return Comparison(
        (first.name, second.name),
        trials,
        (len(one), len(other)),
        (float(one.mean()), float(other.mean())),
        (_deviation(one), _deviation(other)),
        low,
        high,
    )


def _deviation(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else math.nan


def welch_interval(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    """Return Welch's 95 % confidence interval of the difference of two means.

    Parameters
    ----------
    one, other : ndarray of float, shape (n,)
        Results of two groups, which may be of different sizes and spreads.

    Returns
    -------
    low, high : float
        Of the mean of `other` less that of `one`; nan where a group has fewer than 3.
    """
    if min(len(one), len(other)) < LEAST_REPEATS:
        return math.nan, math.nan
    shares = (one.var(ddof=1) / len(one), other.var(ddof=1) / len(other))
    error = math.sqrt(sum(shares))
    difference = float(other.mean() - one.mean())
    if error <= 1e-12:  # searches that all end at the same value, a whole grid for one
        return difference, difference
    from scipy import stats

    freedom = sum(shares) ** 2 / (
        shares[0] ** 2 / (len(one) - 1) + shares[1] ** 2 / (len(other) - 1)
    )
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    return difference - reach, difference + reach
