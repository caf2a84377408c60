"""Small sets of points that a small network learns while one watches.

One input and one target to fit a curve to, or two inputs and one of two classes. All lie
between -1 and 1, up to their noise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.support.argument_checks import (
    require_choice,
    require_number,
    require_whole_number,
)

N_ON_CURVE: Final = 40
N_IN_PLANE: Final = 160
MOST_POINTS: Final = 1000
MOST_NOISE: Final = 1.0
# The spirals wind so often around the middle.
TURNS: Final = 1.25


@dataclass(frozen=True, eq=False)
class ToyPoints:
    """Examples with their targets.

    Attributes
    ----------
    inputs : ndarray of shape (n_points, 1) or (n_points, 2)
    targets : ndarray of shape (n_points, 1)
        Heights of a curve, or classes, 0 or 1.
    """

    inputs: FloatArray
    targets: FloatArray

    def with_point(self, inputs: tuple[float, ...], target: float) -> ToyPoints:
        """Return the same points and one more."""
        return ToyPoints(
            np.concatenate([self.inputs, [inputs]]), np.concatenate([self.targets, [[target]]])
        )


def _sine(x: FloatArray) -> FloatArray:
    return np.asarray(0.8 * np.sin(np.pi * x))


def _bump(x: FloatArray) -> FloatArray:
    return np.asarray(0.9 * np.exp(-8 * x**2) - 0.4)


def _steps(x: FloatArray) -> FloatArray:
    return np.asarray(np.where(x < -0.4, -0.6, np.where(x < 0.35, 0.5, -0.1)))


def _line(x: FloatArray) -> FloatArray:
    return np.asarray(0.7 * x - 0.1)


CURVES: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "sine": _sine,
    "bump": _bump,
    "steps": _steps,
    "line": _line,
}


def curve_points(
    name: str = "sine", n_points: int = N_ON_CURVE, *, noise: float = 0.05, seed: int = 0
) -> ToyPoints:
    """Return points on a curve, one input and one target each.

    Parameters
    ----------
    name : {"sine", "bump", "steps", "line"}, optional
        Default ``"sine"``.
    n_points : int, optional
        1 to 1,000. Default 40.
    noise : float, optional
        Standard deviation of what is added to each target, 0 to 1. Default 0.05.
    seed : int, optional
        The same seed gives the same points. Default 0.

    Returns
    -------
    ToyPoints

    Raises
    ------
    ValueError
        If an argument is not allowed.
    """
    curve = CURVES[require_choice("name", name, tuple(CURVES))]
    count, spread, random = _checked(n_points, noise, seed)
    x = np.linspace(-1, 1, count) if count > 1 else np.zeros(1)
    return ToyPoints(x[:, None], (curve(x) + spread * random.standard_normal(count))[:, None])


def _circles(classes: FloatArray, random: np.random.Generator) -> FloatArray:
    angles = random.uniform(0, 2 * np.pi, len(classes))
    radii = np.where(classes == 1, random.uniform(0, 0.4, len(classes)), 0.85)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def _spirals(classes: FloatArray, random: np.random.Generator) -> FloatArray:
    share = random.uniform(0.05, 1, len(classes))
    angles = 2 * np.pi * TURNS * share + np.pi * classes
    return np.stack([0.95 * share * np.cos(angles), 0.95 * share * np.sin(angles)], axis=1)


def _corners(classes: FloatArray, random: np.random.Generator) -> FloatArray:
    """Return points in opposite corners for one class: the exclusive or of two signs."""
    sizes = random.uniform(0.1, 0.95, (len(classes), 2))
    signs = random.choice([-1.0, 1.0], len(classes))
    return np.stack([signs * sizes[:, 0], signs * (2 * classes - 1) * sizes[:, 1]], axis=1)


def _two_groups(classes: FloatArray, random: np.random.Generator) -> FloatArray:
    middles = np.where(classes[:, None] == 1, [0.45, 0.45], [-0.45, -0.45])
    return np.asarray(middles + 0.18 * random.standard_normal((len(classes), 2)))


PLANES: Final[dict[str, Callable[[FloatArray, np.random.Generator], FloatArray]]] = {
    "circles": _circles,
    "spirals": _spirals,
    "corners": _corners,
    "two_groups": _two_groups,
}


def plane_points(
    name: str = "circles", n_points: int = N_IN_PLANE, *, noise: float = 0.05, seed: int = 0
) -> ToyPoints:
    """Return points of two classes in a plane, as many of one as of the other.

    Parameters
    ----------
    name : {"circles", "spirals", "corners", "two_groups"}, optional
        Default ``"circles"``.
    n_points : int, optional
        1 to 1,000. Default 160.
    noise : float, optional
        Standard deviation of what is added to each coordinate, 0 to 1. Default 0.05.
    seed : int, optional
        The same seed gives the same points. Default 0.

    Returns
    -------
    ToyPoints
        Targets are 0 or 1.

    Raises
    ------
    ValueError
        If an argument is not allowed.
    """
    make = PLANES[require_choice("name", name, tuple(PLANES))]
    count, spread, random = _checked(n_points, noise, seed)
    classes = (np.arange(count) % 2).astype(np.float64)
    places = make(classes, random) + spread * random.standard_normal((count, 2))
    return ToyPoints(places, classes[:, None])


def _checked(n_points: int, noise: float, seed: int) -> tuple[int, float, np.random.Generator]:
    count = require_whole_number("n_points", n_points, 1, MOST_POINTS)
    spread = require_number("noise", noise, least=0, most=MOST_NOISE)
    return count, spread, np.random.default_rng(require_whole_number("seed", seed, 0))
