"""How fast gradient descent and momentum converge on a quadratic surface, without a walk.

Along each eigenvector of the Hessian the error goes its own way, whatever the others do. With the
curvature λ of that direction, the errors of two steps are a 2×2 matrix times those of the two
steps before: the *iteration matrix*. Its spectral radius, the size of its larger eigenvalue, is
what a step multiplies the error by in the long run (B. T. Polyak, "Some methods of speeding up the
convergence of iteration methods", 1964; G. Goh, "Why momentum really works", Distill 2017).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from hpt_widgets.descent.surfaces import FloatArray, Surface
from hpt_widgets.descent.walk import DescentPath
from hpt_widgets.support.argument_checks import (
    finite_array,
    not_allowed,
    require,
    require_choice,
    require_number,
)

LinearOptimizer = Literal["gradient_descent", "momentum", "nesterov"]
"""Those whose step is a linear function of the gradients; the others rescale them."""
LINEAR_OPTIMIZERS: tuple[LinearOptimizer, ...] = get_args(LinearOptimizer)


@dataclass(frozen=True)
class BestSettings:
    """The settings with which an optimiser converges fastest on a quadratic surface.

    Attributes
    ----------
    learning_rate : float
    momentum : float
        0 for gradient descent.
    convergence_rate : float
        What a step multiplies the error by in the long run, from 0 to 1.
    """

    learning_rate: float
    momentum: float
    convergence_rate: float


@dataclass(frozen=True)
class EigenErrors:
    """A walk on a quadratic surface, taken apart along the eigenvectors of the Hessian.

    Attributes
    ----------
    curvatures : ndarray of shape (n_dims,)
        The eigenvalues, in ascending order.
    directions : ndarray of shape (n_dims, n_dims)
        The eigenvectors, one a column.
    errors : ndarray of shape (steps + 1, n_dims)
        How far the walk is from the minimum along each of them, with its sign.
    """

    curvatures: FloatArray
    directions: FloatArray
    errors: FloatArray

    @property
    def losses(self) -> FloatArray:
        """Each direction's share of the height above the minimum, ½λe², as `errors` in shape."""
        return np.asarray(0.5 * self.curvatures * self.errors**2, dtype=np.float64)


def iteration_matrix(
    optimizer: str, curvature: float, learning_rate: float, momentum: float = 0.9
) -> FloatArray:
    """Return the matrix that takes the errors of two steps on: (eₜ₊₁, eₜ) = M (eₜ, eₜ₋₁).

    Parameters
    ----------
    optimizer : {"gradient_descent", "momentum", "nesterov"}
        Those whose step is a linear function of the gradients.
    curvature : float
        λ, the eigenvalue of the Hessian along the direction, greater than 0.
    learning_rate : float
        η, greater than 0.
    momentum : float, optional
        β, 0 ≤ β < 1; gradient descent has none. Default 0.9.

    Returns
    -------
    ndarray of shape (2, 2)

    Raises
    ------
    ValueError
        If an argument is not allowed; the message names it and says what is.

    Examples
    --------
    >>> iteration_matrix("momentum", curvature=1.0, learning_rate=0.1, momentum=0.5).tolist()
    [[1.4, -0.5], [1.0, 0.0]]
    """
    name = require_choice("optimizer", optimizer, LINEAR_OPTIMIZERS)
    steepness = require_number("curvature", curvature, above=0)
    rate = require_number("learning_rate", learning_rate, above=0)
    share = require_number("momentum", momentum, least=0, below=1)
    trace, determinant = _coefficients(name, np.array(rate * steepness), np.array(share))
    return np.array([[float(trace), -float(determinant)], [1.0, 0.0]])


def convergence_rate(
    optimizer: str,
    curvatures: npt.ArrayLike,
    learning_rate: npt.ArrayLike,
    momentum: npt.ArrayLike = 0.9,
) -> FloatArray:
    """Return what a step multiplies the error by in the long run, in the slowest direction.

    Parameters
    ----------
    optimizer : {"gradient_descent", "momentum", "nesterov"}
        Those whose step is a linear function of the gradients.
    curvatures : array_like of shape (n,)
        The eigenvalues of the Hessian, all greater than 0.
    learning_rate, momentum : array_like
        η, greater than 0, and β, 0 ≤ β < 1 (default 0.9); one of each or arrays of shapes that
        broadcast together, for a map.

    Returns
    -------
    ndarray
        The largest spectral radius of the iteration matrices of these curvatures, of the shape
        of the settings. From 1 on the walk does not converge.

    Raises
    ------
    ValueError
        If an argument is not allowed; the message names it and says what is.

    Examples
    --------
    >>> float(convergence_rate("gradient_descent", [1, 10], learning_rate=0.1).round(3))
    0.9
    """
    name = require_choice("optimizer", optimizer, LINEAR_OPTIMIZERS)
    steepness = _positive("curvatures", curvatures).ravel()
    rates = _positive("learning_rate", learning_rate)
    shares = finite_array(momentum)
    if shares is None or not ((shares >= 0) & (shares < 1)).all():
        raise ValueError(not_allowed("momentum", momentum, "convergence.momenta"))
    with np.errstate(over="ignore"):
        trace, determinant = _coefficients(name, rates[..., None] * steepness, shares[..., None])
        return np.asarray(_spectral_radius(trace, determinant).max(axis=-1), dtype=np.float64)


def best_settings(
    optimizer: str, smallest_curvature: float, largest_curvature: float
) -> BestSettings:
    """Return the settings with the lowest convergence rate, in closed form.

    With κ = λmax/λmin, gradient descent comes to (κ-1)/(κ+1), the heavy ball to (√κ-1)/(√κ+1)
    (Polyak 1964) and Nesterov's momentum to 1 - 2/√(3κ+1) (Lessard, Recht and Packard 2016,
    proposition 1).

    Parameters
    ----------
    optimizer : {"gradient_descent", "momentum", "nesterov"}
        Those whose step is a linear function of the gradients.
    smallest_curvature, largest_curvature : float
        λmin and λmax of the Hessian, 0 < λmin ≤ λmax.

    Returns
    -------
    BestSettings

    Raises
    ------
    ValueError
        If an argument is not allowed; the message names it and says what is.

    Examples
    --------
    >>> best = best_settings("momentum", 1, 100)
    >>> round(best.learning_rate, 4), round(best.momentum, 4), round(best.convergence_rate, 4)
    (0.0331, 0.6694, 0.8182)
    """
    name = require_choice("optimizer", optimizer, LINEAR_OPTIMIZERS)
    low = require_number("smallest_curvature", smallest_curvature, above=0)
    high = require_number("largest_curvature", largest_curvature, least=low)
    if name == "gradient_descent":
        return BestSettings(2 / (low + high), 0.0, (high - low) / (high + low))
    if name == "momentum":
        root_low, root_high = math.sqrt(low), math.sqrt(high)
        share = (root_high - root_low) / (root_high + root_low)
        return BestSettings((2 / (root_high + root_low)) ** 2, share**2, share)
    root = math.sqrt(3 * high / low + 1)
    return BestSettings(4 / (3 * high + low), (root - 2) / (root + 2), 1 - 2 / root)


def eigen_errors(path: DescentPath, surface: Surface) -> EigenErrors:
    """Take a walk on a quadratic surface apart along the eigenvectors of the Hessian.

    Parameters
    ----------
    path : DescentPath
        A walk, from `hpt_widgets.descend`.
    surface : Surface
        The quadratic surface that it walked on: one with a `condition_number`.

    Returns
    -------
    EigenErrors

    Raises
    ------
    TypeError, ValueError
        If one of them is something else, or the surface is not quadratic.
    """
    require("path", path, DescentPath)
    require("surface", surface, Surface)
    if surface.condition_number is None or surface.hessian is None or not surface.minima:
        raise ValueError(not_allowed("surface", surface.name, "convergence.quadratic"))
    minimum = np.array(surface.minima[0])
    curvatures, directions = np.linalg.eigh(surface.hessian(minimum))
    return EigenErrors(curvatures, directions, (path.points - minimum) @ directions)


# The iteration matrix ----------------------------------------------------------------------


def _coefficients(
    optimizer: LinearOptimizer, step: FloatArray, momentum: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return trace and determinant of the iteration matrix; `step` is ηλ."""
    left = 1 - step
    if optimizer == "gradient_descent":
        return left + 0 * momentum, 0 * (left + momentum)
    if optimizer == "momentum":
        return left + momentum, momentum + 0 * step
    return (1 + momentum) * left, momentum * left


def _spectral_radius(trace: FloatArray, determinant: FloatArray) -> FloatArray:
    """Size of the larger root of z² - trace·z + determinant."""
    discriminant = trace**2 - 4 * determinant
    real = (np.abs(trace) + np.sqrt(np.maximum(discriminant, 0))) / 2
    return np.where(discriminant >= 0, real, np.sqrt(np.maximum(determinant, 0)))


def _positive(name: str, values: npt.ArrayLike) -> FloatArray:
    array = finite_array(values)
    if array is None or not array.size or not (array > 0).all():
        raise ValueError(not_allowed(name, values, "convergence.positive"))
    return array
