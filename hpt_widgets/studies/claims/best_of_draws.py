"""What the best of several random draws is worth on average, without drawing a single one.

A search draws settings, trains each once, and keeps the one that it saw do best. What it saw is
lucky on average, so what it found is judged by other trainings of the same setting.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from hpt_widgets.search.bank.table import FloatArray

N_ASSIGNMENTS: Final = 200
"""How often it is drawn anew which of a setting's trainings the search sees."""


@cache
def chances_to_win(n_settings: int, n_draws: int) -> FloatArray:
    """Return for each rank how likely it is the best of the draws.

    Parameters
    ----------
    n_settings : int
        Among how many it is drawn, without replacement.
    n_draws : int
        1 to `n_settings`.

    Returns
    -------
    ndarray of float, shape (n_settings,)
        For the best setting first: all other draws come from those below a rank.
    """
    from scipy.special import gammaln

    below = np.arange(n_settings - 1, -1, -1, dtype=float)
    possible = below >= n_draws - 1
    least = np.where(possible, below, n_draws - 1)
    # As logarithms, for the binomial coefficients themselves overflow.
    logs = gammaln(least + 1) - gammaln(least - n_draws + 2)
    all_others = np.where(possible, np.exp(logs - logs[0]), 0.0)
    chances: FloatArray = all_others * n_draws / n_settings
    chances.setflags(write=False)
    return chances


def mean_worth(seen: FloatArray, worth: FloatArray, n_draws: ArrayLike) -> FloatArray:
    """Return what the winner of so many draws is worth on average.

    Parameters
    ----------
    seen : ndarray of float, shape (..., n_settings)
        What a search measures of each setting.
    worth : ndarray of float, shape (..., n_settings)
        What the setting is worth.
    n_draws : array-like of int, shape (n_counts,)

    Returns
    -------
    ndarray of float, shape (..., n_counts)
    """
    order = np.argsort(-seen, axis=-1, kind="stable")
    n_settings = seen.shape[-1]
    chances = np.array([chances_to_win(n_settings, int(n)) for n in np.atleast_1d(n_draws)])
    found: FloatArray = np.take_along_axis(worth, order, axis=-1) @ chances.T
    return found


def seen_and_worth(
    scores: FloatArray, rng: np.random.Generator, n_assignments: int = N_ASSIGNMENTS
) -> tuple[FloatArray, FloatArray]:
    """Draw which training of each setting a search sees; the mean of the others is its worth.

    Parameters
    ----------
    scores : ndarray of float, shape (n_settings, n_repeats)
        What trainings of each setting came to; two repeats or more.
    rng : Generator
    n_assignments : int, default 200

    Returns
    -------
    seen, worth : ndarray of float, shape (n_assignments, n_settings)
    """
    n_settings, n_repeats = scores.shape
    which = rng.integers(n_repeats, size=(n_assignments, n_settings))
    seen = scores[np.arange(n_settings), which]
    worth: FloatArray = (scores.sum(axis=1) - seen) / (n_repeats - 1)
    return seen, worth


def mean_worth_of(
    scores: FloatArray, n_draws: ArrayLike, seed: int = 0, n_assignments: int = N_ASSIGNMENTS
) -> FloatArray:
    """Return what the winner of so many draws comes to when it is trained again.

    Parameters
    ----------
    scores : ndarray of float, shape (n_settings, n_repeats)
    n_draws : array-like of int, shape (n_counts,)
    seed : int, default 0
        Decides which training of a setting the search sees.
    n_assignments : int, default 200

    Returns
    -------
    ndarray of float, shape (n_counts,)
    """
    rng = np.random.default_rng(seed)
    found: FloatArray = mean_worth(*seen_and_worth(scores, rng, n_assignments), n_draws).mean(
        axis=0
    )
    return found


def centred(statistics: FloatArray, estimate: float) -> FloatArray:
    """Return resampled statistics moved so that their median is the estimate.

    Settings that are resampled with replacement come twice or not at all, so that the best of
    many draws is a little worse than in the bank itself; how far it scatters is not touched.
    """
    moved: FloatArray = statistics - np.median(statistics) + estimate
    return moved
