"""A duel: who finds more in ten trials, all from the same three random ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from hpt_widgets.search.bayes.acquisition import ACQUISITIONS, acquisition
from hpt_widgets.search.bayes.gaussian_process import Posterior, posterior
from hpt_widgets.search.bayes.objectives import FloatArray, HiddenObjective, objective_of
from hpt_widgets.search.bayes.parzen_step import parzen_proposal
from hpt_widgets.support.argument_checks import (
    require_choice,
    require_number,
    require_whole_number,
)

N_FIRST: Final = 3
N_ROUNDS: Final = 10
MOST_ROUNDS: Final = 100
N_SEEDS: Final = 20
METHODS: Final = ("gaussian_process", "tpe", "random")
PLACES: Final = np.linspace(0.0, 1.0, 201)
"""Where the Gaussian process may ask, and where curves are drawn."""
MOST_KAPPA: Final = 10.0
MOST_STARTUP_JOBS: Final = 100
# Each trial of a method has random numbers of its own, whatever other methods do.
_TRIALS_A_SEED: Final = 1_000


@dataclass(frozen=True)
class DuelSettings:
    """What is decided before a duel.

    Attributes
    ----------
    objective : str, default "mnist"
        One of ``hpt_widgets.search.bayes.objectives.OBJECTIVES``.
    acquisition : str, default "expected_improvement"
        What the Gaussian process maximises, one of ``acquisition.ACQUISITIONS``.
    kappa : float, default 2.0
        Of the upper bound, from 0 to 10.
    n_startup_jobs : int, default 3
        TPE asks at random until there are so many trials; hyperopt's own default is 20.
    seed : int, default 0
        Of the first three places and of all random numbers.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it.
    """

    objective: str = "mnist"
    acquisition: str = "expected_improvement"
    kappa: float = 2.0
    n_startup_jobs: int = N_FIRST
    seed: int = 0

    def __post_init__(self) -> None:
        objective_of(self.objective)
        require_choice("acquisition", self.acquisition, ACQUISITIONS)
        kappa = require_number("kappa", self.kappa, least=0.0, most=MOST_KAPPA)
        jobs = require_whole_number("n_startup_jobs", self.n_startup_jobs, 1, MOST_STARTUP_JOBS)
        seed = require_whole_number("seed", self.seed, 0, 10**6)
        for name, value in (("kappa", kappa), ("n_startup_jobs", jobs), ("seed", seed)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Samples:
    """One player's trials, oldest first; the first three are everyone's.

    Attributes
    ----------
    places : tuple of float
        Where was asked, from 0 to 1.
    values : tuple of float
        What the objective answered.
    """

    places: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def n_rounds(self) -> int:
        """How many trials there are beside the first three."""
        return len(self.places) - N_FIRST

    @property
    def best(self) -> float:
        """The best value so far."""
        return max(self.values)

    @property
    def best_by_round(self) -> FloatArray:
        """The best value after the first three trials, and after each one since."""
        return np.maximum.accumulate(self.values)[N_FIRST - 1 :]

    def ask(self, objective: HiddenObjective, place: float) -> Samples:
        """Return these trials and one more."""
        value = float(objective.values(place))
        return Samples((*self.places, float(place)), (*self.values, value))

    def before_round(self, number: int) -> Samples:
        """Return what was known when the trial of a round, counted from 1, was chosen."""
        end = N_FIRST + number - 1
        return Samples(self.places[:end], self.values[:end])


def first_samples(settings: DuelSettings) -> Samples:
    """Return the three trials that every player begins with."""
    places = np.random.default_rng(settings.seed).uniform(0.0, 1.0, N_FIRST)
    values = objective_of(settings.objective).values(places)
    return Samples(tuple(places.tolist()), tuple(values.tolist()))


@lru_cache(maxsize=500)
def expectation(samples: Samples) -> Posterior:
    """Return what a Gaussian process expects at `PLACES`."""
    return posterior(samples.places, samples.values, PLACES)


def worth(settings: DuelSettings, samples: Samples, expected: Posterior) -> FloatArray:
    """Return the acquisition function at `PLACES`."""
    return acquisition(settings.acquisition, expected, samples.best, settings.kappa)


def proposal(method: str, settings: DuelSettings, samples: Samples) -> float:
    """Return the place where a method asks next.

    Parameters
    ----------
    method : {"gaussian_process", "tpe", "random"}
    settings : DuelSettings
    samples : Samples
        Its own trials so far.

    Raises
    ------
    ValueError
        If there is no such method.
    """
    require_choice("method", method, METHODS)
    if method == "gaussian_process":
        return float(PLACES[np.argmax(worth(settings, samples, expectation(samples)))])
    seed = settings.seed * _TRIALS_A_SEED + len(samples.places)
    if method == "tpe":
        return parzen_proposal(samples.places, samples.values, seed, settings.n_startup_jobs)
    return float(np.random.default_rng(seed).uniform(0.0, 1.0))


def run_method(method: str, settings: DuelSettings, n_rounds: int = N_ROUNDS) -> Samples:
    """Let a method make its trials; what was made once is remembered.

    Parameters
    ----------
    method : {"gaussian_process", "tpe", "random"}
    settings : DuelSettings
    n_rounds : int, default 10
        How many trials beside the first three, at most 100.

    Raises
    ------
    ValueError
        If there is no such method, or `n_rounds` is no such number.
    """
    require_choice("method", method, METHODS)
    n_rounds = require_whole_number("n_rounds", n_rounds, 0, MOST_ROUNDS)
    return _game(method, seen_by(method, settings)).samples_after(n_rounds)


def seen_by(method: str, settings: DuelSettings) -> DuelSettings:
    """Return the settings with all that a method does not look at as it is by default."""
    unseen: dict[str, Any] = {}
    if method != "tpe":
        unseen["n_startup_jobs"] = N_FIRST
    if method != "gaussian_process":
        unseen["acquisition"] = DuelSettings.acquisition
    if method != "gaussian_process" or settings.acquisition != "upper_bound":
        unseen["kappa"] = DuelSettings.kappa
    return replace(settings, **unseen)


class _Game:
    """What a method has tried so far from the same settings; it goes on as far as it is asked."""

    def __init__(self, method: str, settings: DuelSettings) -> None:
        self._method = method
        self._settings = settings
        self._samples = first_samples(settings)

    def samples_after(self, n_rounds: int) -> Samples:
        objective = objective_of(self._settings.objective)
        # Two threads at once come to the same.
        samples = self._samples
        while len(samples.places) < N_FIRST + n_rounds:
            samples = samples.ask(objective, proposal(self._method, self._settings, samples))
        self._samples = samples
        return samples.before_round(n_rounds + 1)


# Twenty seeds of three methods are sixty games.
@lru_cache(maxsize=500)
def _game(method: str, settings: DuelSettings) -> _Game:
    return _Game(method, settings)


@dataclass(frozen=True)
class ManyDuels:
    """How the methods do over many seeds.

    Attributes
    ----------
    best : dict of str to ndarray, shape (n_seeds, N_ROUNDS + 1)
        By method: each seed's best value after the first three trials and after each round.
    """

    best: dict[str, FloatArray]

    def median(self, method: str) -> FloatArray:
        """Return the median over the seeds, after each round."""
        return np.asarray(np.median(self.best[method], axis=0), float)

    def times_ahead(self, method: str, other: str) -> int:
        """Return for how many seeds a method ends above another one."""
        return int((self.best[method][:, -1] > self.best[other][:, -1]).sum())


def run_many(
    settings: DuelSettings, n_seeds: int = N_SEEDS, is_stopped: Callable[[], bool] = lambda: False
) -> ManyDuels | None:
    """Run all methods with the seeds 0, 1, 2, …, whatever the settings' own seed.

    Parameters
    ----------
    settings : DuelSettings
    n_seeds : int, default 20
    is_stopped : callable
        Asked before each run; None is returned where it says so.
    """
    best: dict[str, list[FloatArray]] = {method: [] for method in METHODS}
    for seed in range(n_seeds):
        for method in METHODS:
            if is_stopped():
                return None
            best[method].append(run_method(method, replace(settings, seed=seed)).best_by_round)
    return ManyDuels({method: np.array(rows) for method, rows in best.items()})
