"""What the tree-structured Parzen estimator knows: its two densities for each hyperparameter.

TPE (Bergstra et al. 2011) splits the trials so far into a few good ones and the rest,
draws a density through each group, l(x) and g(x), and proposes where l/g is largest. Here
the densities are computed with hyperopt's own parts, so they are those it decides by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.search.space import Choice, Dimension, LogUniform, SearchSpace, UniformInteger
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import require, require_items, whole_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_POINTS = 201
MOST_POINTS = 100_000


@dataclass(frozen=True)
class ParzenDensities:
    """The densities of one hyperparameter.

    Attributes
    ----------
    name : str
        The hyperparameter.
    values : tuple
        Where the densities were computed: evenly spaced numbers (evenly in their logarithm
        for a `LogUniform`), all whole numbers of a `UniformInteger`, the options of a `Choice`.
    good : ndarray, shape (n_values,)
        l(x), from the good trials. For a `LogUniform` it is the density of the natural
        logarithm; for whole numbers and options it is a probability.
    rest : ndarray, shape (n_values,)
        g(x), from all other trials.
    """

    name: str
    values: tuple[Any, ...]
    good: NDArray[np.float64]
    rest: NDArray[np.float64]

    @property
    def ratio(self) -> NDArray[np.float64]:
        """l(x) / g(x): TPE draws candidates from l and takes the one where this is largest."""
        ratio: NDArray[np.float64] = self.good / self.rest
        return ratio


def split_trials(trials: Iterable[Trial]) -> tuple[list[Trial], list[Trial]]:
    """Split trials as hyperopt's TPE does.

    Parameters
    ----------
    trials : iterable of Trial
        The trials so far, oldest first.

    Returns
    -------
    good, rest : list of Trial
        The good ones are the best ``ceil(sqrt(n) / 4)`` of ``n``, at most 25: fewer than
        most people expect, 2 of 25 and 3 of 100. Trials without a usable accuracy
        rank last.

    Raises
    ------
    TypeError
        If there is something else than trials.
    """
    from hyperopt import tpe

    given = _checked_trials(trials)
    losses = [_loss(trial) for trial in given]
    places = np.arange(len(given))
    if not given:
        return [], []
    good, rest = tpe.ap_split_trials(places, places, places, losses, tpe._default_gamma)
    return [given[i] for i in good], [given[i] for i in rest]


def parzen_densities(
    space: SearchSpace, trials: Iterable[Trial], n_points: int = N_POINTS
) -> dict[str, ParzenDensities]:
    """Compute both densities of every hyperparameter from the trials so far.

    Parameters
    ----------
    space : SearchSpace
        What is searched.
    trials : iterable of Trial
        The trials so far, oldest first. With fewer than ``n_startup_jobs`` of them TPE
        does not look at the densities yet and draws at random.
    n_points : int, default 201
        At how many values a continuous density is computed, from 2 to 100,000.

    Returns
    -------
    dict of str to ParzenDensities
        By the name of the hyperparameter.

    Raises
    ------
    TypeError, ValueError
        If an argument is something else; the message names it.
    """
    require("space", space, SearchSpace)
    if not 2 <= (whole_number(n_points) or 0) <= MOST_POINTS:
        raise ValueError(translate("search.n_points", value=n_points, most=MOST_POINTS))
    good, rest = split_trials(trials)
    return {dim.name: _densities_of(dim, good, rest, n_points) for dim in space}


def _checked_trials(trials: object) -> list[Trial]:
    given = list(require_items("trials", trials))
    for trial in given:
        require("trials", trial, Trial)
    return given


def _densities_of(
    dim: Dimension, good: list[Trial], rest: list[Trial], n_points: int
) -> ParzenDensities:
    values = _values_of(dim, n_points)
    groups = [
        np.array([dim.to_hyperopt(trial.hyperparameters[dim.name]) for trial in group])
        for group in (good, rest)
    ]
    density = _categorical if isinstance(dim, Choice) else _continuous
    return ParzenDensities(dim.name, values, *(density(dim, values, seen) for seen in groups))


def _values_of(dim: Any, n_points: int) -> tuple[Any, ...]:
    if isinstance(dim, Choice):
        return dim.options
    if isinstance(dim, UniformInteger):
        return tuple(range(dim.low, dim.high + 1))
    if isinstance(dim, LogUniform):
        return tuple(np.geomspace(dim.low, dim.high, n_points).tolist())
    return tuple(np.linspace(dim.low, dim.high, n_points).tolist())


def _categorical(dim: Any, values: tuple[Any, ...], seen: Any) -> NDArray[np.float64]:
    from hyperopt import tpe

    weights = tpe.linear_forgetting_weights(len(seen), tpe.DEFAULT_LF)
    counts = np.bincount(seen.astype(int), weights, len(values)) if len(seen) else 0.0
    prior = np.full(len(values), 1 / len(dim.options))
    counted = np.broadcast_to(np.asarray(counts, float), len(values))
    probabilities: NDArray[np.float64] = tpe.tpe_cat_pseudocounts(
        counted, tpe._default_prior_weight, prior, (len(values),)
    )
    return probabilities


def _continuous(dim: Any, values: tuple[Any, ...], seen: Any) -> NDArray[np.float64]:
    from hyperopt import tpe

    low, high, step = float(dim.low), float(dim.high), None
    points = np.asarray(values, float)
    if isinstance(dim, UniformInteger):
        low, high, step = low - 0.5, high + 0.5, 1.0
    if isinstance(dim, LogUniform):
        low, high, points, seen = math.log(low), math.log(high), np.log(points), np.log(seen)
    mixture = tpe.adaptive_parzen_normal(
        seen, tpe._default_prior_weight, (low + high) / 2, high - low
    )
    logarithms = tpe.GMM1_lpdf(points, *mixture, low=low, high=high, q=step)
    density: NDArray[np.float64] = np.exp(logarithms)
    return density


def _loss(trial: Trial) -> float:
    usable = trial.usable and trial.validation_accuracy is not None
    return -float(trial.validation_accuracy or 0.0) if usable else math.inf
