"""Acquisition functions: how much a trial at each place seems to be worth."""

from __future__ import annotations

from typing import Final

import numpy as np

from hpt_widgets.search.bayes.gaussian_process import Posterior
from hpt_widgets.search.bayes.objectives import FloatArray
from hpt_widgets.support.argument_checks import require_choice

ACQUISITIONS: Final = ("expected_improvement", "probability_of_improvement", "upper_bound")


def acquisition(name: str, expected: Posterior, best: float, kappa: float) -> FloatArray:
    """Return the value of an acquisition function at each place of a posterior.

    Parameters
    ----------
    name : {"expected_improvement", "probability_of_improvement", "upper_bound"}
        Which one.
    expected : Posterior
        Mean and standard deviation at n places.
    best : float
        The best value so far; the bound does not use it.
    kappa : float
        How many standard deviations the bound lies above the mean; the others do not use it.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If there is no such function.
    """
    require_choice("acquisition", name, ACQUISITIONS)
    if name == "expected_improvement":
        return expected_improvement(expected.mean, expected.std, best)
    if name == "probability_of_improvement":
        return probability_of_improvement(expected.mean, expected.std, best)
    return upper_bound(expected.mean, expected.std, kappa)


def expected_improvement(mean: FloatArray, std: FloatArray, best: float) -> FloatArray:
    """Return E[max(f − best, 0)] for f ~ N(mean, std²): (μ − best) Φ(z) + σ φ(z) (Jones 1998).

    The first part is large where much is expected (exploitation), the second where little is
    known (exploration).
    """
    from scipy.stats import norm

    gain = np.asarray(mean, float) - best
    z = _standardised(gain, std)
    return np.maximum(np.where(std > 0, gain * norm.cdf(z) + std * norm.pdf(z), gain), 0.0)


def probability_of_improvement(mean: FloatArray, std: FloatArray, best: float) -> FloatArray:
    """Return P(f > best) for f ~ N(mean, std²): Φ(z) (Kushner 1964)."""
    from scipy.stats import norm

    gain = np.asarray(mean, float) - best
    return np.where(std > 0, norm.cdf(_standardised(gain, std)), 1.0 * (gain > 0))


def upper_bound(mean: FloatArray, std: FloatArray, kappa: float) -> FloatArray:
    """Return μ + κ σ, the upper confidence bound (Srinivas et al. 2010)."""
    return np.asarray(mean + kappa * std, float)


def _standardised(gain: FloatArray, std: FloatArray) -> FloatArray:
    return np.divide(gain, std, out=np.zeros_like(gain), where=np.asarray(std) > 0)
