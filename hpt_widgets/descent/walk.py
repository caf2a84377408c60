"""Optimisers walking on a surface: arrays in, arrays out.

The update rules and their defaults are those of ``keras.optimizers`` (SGD, Adagrad, RMSprop
and Adam), so that what is seen here is what trains a network there.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Point, Surface, as_point, get_surface
from hpt_widgets.support.argument_checks import (
    not_allowed,
    require_choice,
    require_flag,
    require_number,
    require_whole_number,
)

OptimizerName = Literal["gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]
ScheduleName = Literal["constant", "step", "cosine"]
OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)
SCHEDULES: tuple[ScheduleName, ...] = get_args(ScheduleName)
MOST_STEPS = 100_000
# More than this, multiplied by a normal number and added to a gradient, would overflow.
MOST_NOISE = 1e100

# A walk that is this many times as far away as its window is large has left for good.
_DIVERGENCE_FACTOR = 1e3


@dataclass(frozen=True)
class DescentPath:
    """The walk of one optimiser: what it saw at each step.

    Attributes
    ----------
    optimizer : str
        One of `OPTIMIZERS`.
    points : ndarray of shape (steps + 1, n_dims)
        Where it was, the start first.
    losses : ndarray of shape (steps + 1,)
        The surface's exact value at each point.
    gradients : ndarray of shape (steps + 1, n_dims)
        The gradient that it was given at each point, noise included.
    learning_rates : ndarray of shape (steps,)
        The learning rate of each move, after the schedule.
    diverged_at : int or None
        The step at which the walk had left for good: no longer finite, or farther from the
        middle of the surface's window than a thousand times the sum of the window's
        diagonal and the distance at which it started. From there on the path grows no more,
        and every row repeats the last finite one.
    learning_rate, momentum, gradient_noise, seed, schedule, bias_correction
        The settings of the walk, as given to `descend`.
    """

    optimizer: OptimizerName
    points: FloatArray
    losses: FloatArray
    gradients: FloatArray
    learning_rates: FloatArray
    diverged_at: int | None
    learning_rate: float
    momentum: float
    gradient_noise: float
    seed: int
    schedule: ScheduleName
    bias_correction: bool = True

    @property
    def steps(self) -> int:
        """Number of moves that were asked for."""
        return len(self.losses) - 1

    @property
    def last_step(self) -> int:
        """The last step at which it still moved."""
        return self.steps if self.diverged_at is None else self.diverged_at


def descend(
    surface: Surface | str,
    optimizer: str = "gradient_descent",
    *,
    start: Sequence[float] | float | None = None,
    learning_rate: float | None = None,
    steps: int = 100,
    momentum: float = 0.9,
    gradient_noise: float = 0.0,
    seed: int = 0,
    schedule: str = "constant",
    bias_correction: bool = True,
) -> DescentPath:
    """Walk down a surface.

    Parameters
    ----------
    surface : Surface or str
        Where to walk: one of ``hpt.surfaces``, or its name.
    optimizer : {"gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}
        The update rule, with Keras' own constants. Default ``"gradient_descent"``.
    start : sequence of float, optional
        The first point, one number a variable. Default: the surface's own.
    learning_rate : float, optional
        Greater than 0. Default: the surface's hint for plain gradient descent.
    steps : int, optional
        Number of moves, 1 to 100,000. Default 100.
    momentum : float, optional
        For ``"momentum"`` and ``"nesterov"``, 0 ≤ momentum < 1. Default 0.9.
    gradient_noise : float, optional
        Standard deviation of the normal noise added to each part of the gradient,
        as a small batch does, at most 1e100. Default 0.
    seed : int, optional
        Seed of the noise: the same seed gives the same walk. Default 0.
    schedule : {"constant", "step", "cosine"}, optional
        How the learning rate falls: not at all; divided by 10 at one half and again at
        three quarters of the way; or along half a cosine to 0. Default ``"constant"``.
    bias_correction : bool, optional
        For ``"adam"``: whether its two means, which begin at 0, are divided by the weight that
        they have gathered so far (Kingma and Ba 2015, section 3). Default True, as in Keras.

    Returns
    -------
    DescentPath

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed; the message names it and says what is.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> path = hpt.descend(hpt.surfaces.parabola, start=2.0, learning_rate=0.1, steps=3)
    >>> path.points.ravel().round(3).tolist()
    [2.0, 1.6, 1.28, 1.024]
    """
    name = require_choice("optimizer", optimizer, OPTIMIZERS)
    rate = get_surface(surface).learning_rate if learning_rate is None else learning_rate
    paths = race(
        surface,
        {name: rate},
        start=start,
        steps=steps,
        momentum=momentum,
        gradient_noise=gradient_noise,
        seed=seed,
        schedule=schedule,
        bias_correction=bias_correction,
    )
    return paths[name]


def race(
    surface: Surface | str,
    learning_rates: Mapping[str, float],
    *,
    start: Sequence[float] | float | None = None,
    steps: int = 100,
    momentum: float = 0.9,
    gradient_noise: float = 0.0,
    seed: int = 0,
    schedule: str = "constant",
    bias_correction: bool = True,
) -> dict[str, DescentPath]:
    """Let several optimisers start at the same point, each with its own learning rate.

    They all walk at once, with one evaluation of the gradient a step, so that five of
    them cost little more than one. They meet the same noise.

    Parameters
    ----------
    surface : Surface or str
        Where to walk.
    learning_rates : mapping of str to float
        The optimisers and the learning rate of each, such as
        ``{"momentum": 0.01, "adam": 0.1}``.
    start, steps, momentum, gradient_noise, seed, schedule, bias_correction
        As in `descend`.

    Returns
    -------
    dict of str to DescentPath
        In the order given.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed.
    """
    ground = get_surface(surface)
    if not isinstance(learning_rates, Mapping) or not learning_rates:
        raise ValueError(not_allowed("learning_rates", learning_rates, "descent.learning_rates"))
    names = [require_choice("optimizer", name, OPTIMIZERS) for name in learning_rates]
    rates = [require_number("learning_rate", r, above=0) for r in learning_rates.values()]
    n_steps = require_whole_number("steps", steps, 1, MOST_STEPS)
    share = require_number("momentum", momentum, least=0, below=1)
    noise = require_number("gradient_noise", gradient_noise, least=0, most=MOST_NOISE)
    first = _validated_start(ground, start)
    number = require_whole_number("seed", seed, 0)
    plan = require_choice("schedule", schedule, SCHEDULES)
    corrects = require_flag("bias_correction", bias_correction)

    factors = schedule_factors(plan, n_steps)
    generator = np.random.default_rng(number)
    disturbances = noise * generator.standard_normal((n_steps + 1, ground.n_dims))
    rules = [_make_rule(name, share, bias_correction=corrects) for name in names]
    # An optimiser that flies off overflows; where it left is found afterwards.
    with np.errstate(all="ignore"):
        points, gradients = _walk(ground, rules, np.outer(factors, rates), first, disturbances)
        losses = np.asarray(ground.function(points), dtype=np.float64)
    return {
        name: _finished_path(
            ground,
            DescentPath(
                optimizer=name,
                points=points[:, i],
                losses=losses[:, i],
                gradients=gradients[:, i],
                learning_rates=factors * rates[i],
                diverged_at=None,
                learning_rate=rates[i],
                momentum=share,
                gradient_noise=noise,
                seed=number,
                schedule=plan,
                bias_correction=corrects,
            ),
        )
        for i, name in enumerate(names)
    }


def schedule_factors(schedule: ScheduleName, steps: int) -> FloatArray:
    """Return what the learning rate is multiplied by at each move.

    Parameters
    ----------
    schedule : {"constant", "step", "cosine"}
        See `descend`.
    steps : int
        Number of moves.

    Returns
    -------
    ndarray of shape (steps,)
    """
    progress = np.arange(steps) / steps
    if schedule == "step":
        return np.where(progress < 0.5, 1.0, np.where(progress < 0.75, 0.1, 0.01))
    if schedule == "cosine":
        return np.asarray(0.5 * (1 + np.cos(np.pi * progress)), dtype=np.float64)
    return np.ones(steps)


def remembered_slopes(
    optimizer: OptimizerName, gradients: FloatArray, *, bias_correction: bool = True
) -> FloatArray:
    """Return what an optimiser that rescales the gradient divides it by.

    That is a root of the squares of all slopes so far: of their sum (AdaGrad, which begins
    with 0.1), of their mean with weights that fall by 0.9 a step and begin at 0 (RMSProp), or of
    such a mean with 0.999, corrected for its beginning unless told otherwise (Adam).

    Parameters
    ----------
    optimizer : {"adagrad", "rmsprop", "adam"}
        Which one.
    gradients : ndarray of shape (n, n_dims)
        All that it was given, the latest last.
    bias_correction : bool, optional
        As in `descend`. Default True.

    Returns
    -------
    ndarray of shape (n_dims,)
        One size a parameter, without the 1e-7 that keeps the division defined.
    """
    with np.errstate(all="ignore"):
        squares = gradients**2
        if optimizer == "adagrad":
            return np.asarray(np.sqrt(_AdaGrad.first_square + squares.sum(axis=0)))
        decay = _Adam.beta_2 if optimizer == "adam" else _RMSProp.rho
        weights = (1 - decay) * decay ** np.arange(len(squares))[::-1]
        if optimizer == "adam" and bias_correction:
            weights /= weights.sum()
        return np.asarray(np.sqrt(weights @ squares))


def stability_limit(
    optimizer: OptimizerName, largest_curvature: float, momentum: float = 0.9
) -> float | None:
    """Return the learning rate above which the optimiser diverges on a quadratic.

    Gradient descent shrinks the error along a direction of curvature λ by the factor
    1 - ηλ a step, hence η < 2/λmax. For the two momentum rules the limit follows from the
    roots of their two-step recurrence: 2(1 + β)/λmax, and 2(1 + β)/((1 + 2β) λmax) for
    Nesterov's.

    Parameters
    ----------
    optimizer : str
        One of `OPTIMIZERS`.
    largest_curvature : float
        λmax, the largest eigenvalue of the Hessian.
    momentum : float, optional
        β. Default 0.9.

    Returns
    -------
    float or None
        None for the optimisers that rescale the gradient (their step depends on its
        history), and where the surface curves downwards in every direction.
    """
    if largest_curvature <= 0:
        return None
    if optimizer == "gradient_descent":
        return 2 / largest_curvature
    if optimizer == "momentum":
        return 2 * (1 + momentum) / largest_curvature
    if optimizer == "nesterov":
        return 2 * (1 + momentum) / ((1 + 2 * momentum) * largest_curvature)
    return None


# Update rules -------------------------------------------------------------------------------


class _UpdateRule(ABC):
    """One optimiser with its memory; the formulas are element-wise."""

    @abstractmethod
    def move(self, gradient: FloatArray, learning_rate: float) -> FloatArray:
        """Return what is added to the point, and remember what the rule needs."""


class _GradientDescent(_UpdateRule):
    def move(self, gradient: FloatArray, learning_rate: float) -> FloatArray:
        return -learning_rate * gradient


class _Momentum(_UpdateRule):
    def __init__(self, momentum: float, *, nesterov: bool) -> None:
        self.momentum = momentum
        self.nesterov = nesterov
        self.velocity: FloatArray | float = 0.0

    def move(self, gradient: FloatArray, learning_rate: float) -> FloatArray:
        pull = learning_rate * gradient
        velocity = self.momentum * self.velocity - pull
        self.velocity = velocity
        return self.momentum * velocity - pull if self.nesterov else velocity


class _AdaGrad(_UpdateRule):
    epsilon = 1e-7
    first_square = 0.1  # Keras' initial_accumulator_value

    def __init__(self) -> None:
        self.accumulator: FloatArray | float = self.first_square

    def move(self, gradient: FloatArray, learning_rate: float) -> FloatArray:
        self.accumulator = self.accumulator + gradient**2
        return -learning_rate * gradient / np.sqrt(self.accumulator + self.epsilon)


class _RMSProp(_UpdateRule):
    rho = 0.9
    epsilon = 1e-7

    def __init__(self) -> None:
        self.mean_square: FloatArray | float = 0.0

    def move(self, gradient: FloatArray, learning_rate: float) -> FloatArray:
        self.mean_square = self.rho * self.mean_square + (1 - self.rho) * gradient**2
        return -learning_rate * gradient / np.sqrt(self.mean_square + self.epsilon)


class _Adam(_UpdateRule):
    beta_1 = 0.9
    beta_2 = 0.999
    epsilon = 1e-7

    def __init__(self, *, bias_correction: bool) -> None:
        self.bias_correction = bias_correction
        self.mean: FloatArray | float = 0.0
        self.mean_square: FloatArray | float = 0.0
        self.step = 0

    def move(self, gradient: FloatArray, learning_rate: float) -> FloatArray:
        self.step += 1
        self.mean = self.mean + (gradient - self.mean) * (1 - self.beta_1)
        self.mean_square = self.mean_square + (gradient**2 - self.mean_square) * (1 - self.beta_2)
        correction = 1.0
        if self.bias_correction:
            correction = math.sqrt(1 - self.beta_2**self.step) / (1 - self.beta_1**self.step)
        scale = np.sqrt(self.mean_square) + self.epsilon
        return np.asarray(-learning_rate * correction * self.mean / scale, dtype=np.float64)


def _make_rule(name: OptimizerName, momentum: float, *, bias_correction: bool) -> _UpdateRule:
    rules: dict[OptimizerName, _UpdateRule] = {
        "gradient_descent": _GradientDescent(),
        "momentum": _Momentum(momentum, nesterov=False),
        "nesterov": _Momentum(momentum, nesterov=True),
        "adagrad": _AdaGrad(),
        "rmsprop": _RMSProp(),
        "adam": _Adam(bias_correction=bias_correction),
    }
    return rules[name]


def _walk(
    surface: Surface,
    rules: Sequence[_UpdateRule],
    learning_rates: FloatArray,
    start: Point,
    noise: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return points and gradients, both of shape (steps + 1, n_rules, n_dims)."""
    steps = len(learning_rates)
    points = np.empty((steps + 1, len(rules), surface.n_dims))
    gradients = np.empty_like(points)
    points[0] = start
    for step in range(steps):
        gradients[step] = surface.gradient(points[step]) + noise[step]
        for i, rule in enumerate(rules):
            move = rule.move(gradients[step, i], learning_rates[step, i])
            points[step + 1, i] = points[step, i] + move
    gradients[steps] = surface.gradient(points[steps]) + noise[steps]
    return points, gradients


def _finished_path(surface: Surface, path: DescentPath) -> DescentPath:
    """Cut the path where it left for good: from there on, repeat the last finite row."""
    middle = np.array([(low + high) / 2 for low, high in surface.window])
    with np.errstate(all="ignore"):
        distance = np.sqrt(((path.points - middle) ** 2).sum(axis=-1))
    finite = np.isfinite(path.losses) & np.isfinite(path.gradients).all(axis=-1)
    gone = ~(finite & (distance <= _DIVERGENCE_FACTOR * (surface.diagonal + distance[0])))
    if not gone.any():
        return path
    left_at = int(np.argmax(gone))
    # The start is finite, so there is a row before one that is not.
    last = left_at if finite[left_at] and np.isfinite(distance[left_at]) else left_at - 1
    rows = np.minimum(np.arange(len(gone)), last)
    return replace(
        path,
        points=path.points[rows],
        losses=path.losses[rows],
        gradients=path.gradients[rows],
        diverged_at=left_at,
    )


# Validation ---------------------------------------------------------------------------------


def _validated_start(surface: Surface, start: Sequence[float] | float | None) -> Point:
    point = as_point(surface.start if start is None else start, surface.n_dims)
    place = np.array(point)
    with np.errstate(all="ignore"):
        loss = float(surface.function(place))
        gradient = surface.gradient(place)
    if not (math.isfinite(loss) and np.isfinite(gradient).all()):
        values = {"loss": loss, "gradient": gradient.tolist()}
        raise ValueError(not_allowed("start", start, "descent.start_value", **values))
    return point
