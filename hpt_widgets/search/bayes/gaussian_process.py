"""A Gaussian process through the trials so far: scikit-learn's, with one length scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from hpt_widgets.search.bayes.objectives import FloatArray

LENGTH_SCALES: Final = tuple(np.geomspace(0.05, 0.6, 12).tolist())
# The objective answers without noise; so little is added that the matrix can be inverted.
NOISE: Final = 1e-6
# Far beyond the choice: scikit-learn warns of what it finds at a bound.
_BOUNDS: Final = (1e-3, 1e3)


@dataclass(frozen=True)
class Posterior:
    """What a Gaussian process expects, given the trials.

    Attributes
    ----------
    places : ndarray, shape (n,)
        Where.
    mean, std : ndarray, shape (n,)
        Of the objective's value there.
    length_scale : float
        Over how far values are alike: the one of `LENGTH_SCALES` under which the trials
        are most likely.
    """

    places: FloatArray
    mean: FloatArray
    std: FloatArray
    length_scale: float


def posterior(asked: ArrayLike, values: ArrayLike, places: ArrayLike) -> Posterior:
    """Fit a Gaussian process to trials, and return what it expects elsewhere.

    Its kernel is Matérn's with ν = 5/2; the values are brought to mean 0 and variance 1 first,
    which is what the process assumes where there are no trials.

    Parameters
    ----------
    asked : array-like, shape (n_trials,)
        The places of the trials, within [0, 1]; at least one.
    values : array-like, shape (n_trials,)
        What the objective answered.
    places : array-like, shape (n,)
        Where to say what is expected.

    Returns
    -------
    Posterior
    """
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern

    process = GaussianProcessRegressor(
        Matern(LENGTH_SCALES[0], _BOUNDS, nu=2.5),
        alpha=NOISE,
        normalize_y=True,
        optimizer=_likeliest_length_scale,
    )
    process.fit(np.asarray(asked, float)[:, None], np.asarray(values, float))
    where = np.asarray(places, float)
    mean, std = process.predict(where[:, None], return_std=True)
    return Posterior(where, mean, std, float(process.kernel_.length_scale))


def _likeliest_length_scale(
    loss: Callable[..., float],
    _initial_theta: Any,
    bounds: Any,  # noqa: ARG001
) -> tuple[FloatArray, float]:
    """Choose among a dozen, which takes a tenth of the time of an optimiser and has no bad end."""
    thetas = np.log(LENGTH_SCALES)[:, None]
    losses = [loss(theta, eval_gradient=False) for theta in thetas]
    best = int(np.argmin(losses))
    return thetas[best], float(losses[best])
