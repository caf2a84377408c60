"""Verdicts: what a walk on a surface is doing, and why, in words.

The verdict looks at the steps up to the one asked for and at the surface's curvature
there; the learning rate is compared with the stability limit (2/λmax for gradient descent).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Surface
from hpt_widgets.descent.walk import DescentPath, remembered_slopes, stability_limit
from hpt_widgets.language import joined, translate
from hpt_widgets.support.argument_checks import require_whole_number

# How many of the latest moves are looked at.
_WINDOW = 12
# A point within this share of the window's diagonal has reached a minimum.
_NEAR_SHARE = 0.01
# Moves shorter than this share of the diagonal are creeping.
_CREEPING_SHARE = 0.002
# A gradient below this share of the largest one on the path counts as none.
_LEVEL_SHARE = 0.01
# An optimiser that rescales slopes goes about η a step; below this share of it, it is slow.
_FULL_STEP_SHARE = 0.5
# Under noise, a mean loss of more than this share of the mean before is no gain.
_NO_GAIN_SHARE = 0.5
# A walk is calm where it moves no further in a step than so many times what counts as near.
_CALM_MOVES = 5
# Of the latest moves, this share at least goes back on the one before in a zigzag.
_ZIGZAG_SHARE = 0.6
# Of fewer moves than this nothing is said, and fewer turns than this are not noise.
_FEWEST_MOVES = 3
# A curvature below this is none.
_NO_CURVATURE = 1e-9
# A saddle's downward curvature is this share of its largest one, or more.
_SADDLE_SHARE = 1e-3
# A minimum lies higher than a known one where the gap is so many times what a step down is worth.
_LOCAL_GAPS = 10
# Less of the loss is not said by a number.
_LEAST_PERCENT = 0.01
# From this ratio of the curvatures on, a valley is narrow.
_NARROW_RATIO = 5


class DescentState(Enum):
    """What a walk is doing."""

    STARTING = "starting"
    CONVERGING = "converging"
    ZIGZAGGING = "zigzagging"
    DIVERGING = "diverging"
    CLIMBING = "climbing"
    STUCK_AT_SADDLE = "stuck_at_saddle"
    CREEPING = "creeping"
    REACHED = "reached"
    LOCAL_MINIMUM = "local_minimum"
    NOISY = "noisy"
    FLAT = "flat"
    ABOVE_START = "above_start"

    def __str__(self) -> str:
        return translate(f"descent_verdict.short_{self.value}")


@dataclass(frozen=True)
class Verdict:
    """What a walk is doing at a step, and why.

    Attributes
    ----------
    state : DescentState
        One of twelve; ``str(state)`` names it in a few words of the current language.
    happening : str
        One sentence, in the language that was current.
    reason : str
        Why, in one or two sentences; empty where there is nothing to add.
    step : int
        The step that was looked at.
    learning_rate : float
        The rate of the move at that step, after the schedule.
    largest_curvature : float or None
        λmax, the largest eigenvalue of the Hessian there; None without a Hessian.
    limit : float or None
        The learning rate above which this optimiser would diverge on a quadratic of
        that curvature; None for the optimisers that rescale the gradient.
    """

    state: DescentState
    happening: str
    reason: str
    step: int
    learning_rate: float
    largest_curvature: float | None
    limit: float | None

    def __str__(self) -> str:
        return joined([self.happening, self.reason])


def describe(path: DescentPath, surface: Surface, step: int | None = None) -> Verdict:
    """Judge a walk as of one of its steps.

    Parameters
    ----------
    path : DescentPath
        A walk, from `hpt_widgets.descend`.
    surface : Surface
        The surface it walked on.
    step : int, optional
        Look no further than this step. Default: the last one.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If there is no such step.
    """
    at = path.steps if step is None else require_whole_number("step", step, 0, path.steps)
    measured = _measure(path, surface, min(at, path.last_step))
    state = _state_of(measured)
    return Verdict(
        state=state,
        happening=_describe_state(state, measured),
        reason=_reason(state, measured),
        step=at,
        learning_rate=measured.rate,
        largest_curvature=measured.largest,
        limit=measured.limit,
    )


# Measuring -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Measurements:
    """The measurements that a verdict rests on."""

    path: DescentPath
    surface: Surface
    step: int
    rate: float
    gradient: FloatArray  # the exact one here, (n_dims,)
    slope: float  # its norm
    steepest: float  # the largest norm so far
    curvatures: FloatArray | None
    limit: float | None
    distance: float | None  # to the nearest known minimum
    moves: FloatArray  # the latest moves, (n, n_dims)

    @property
    def largest(self) -> float | None:
        return None if self.curvatures is None else float(self.curvatures[-1])

    @property
    def smallest(self) -> float | None:
        return None if self.curvatures is None else float(self.curvatures[0])

    @property
    def loss(self) -> float:
        return float(self.path.losses[self.step])

    @property
    def mean_move(self) -> float:
        if not len(self.moves):
            return math.inf
        return float(np.sqrt((self.moves**2).sum(axis=1)).mean())

    @property
    def mean_move_in_rates(self) -> float:
        """The same, each move measured by its own learning rate."""
        if not len(self.moves):
            return math.inf
        rates = self.path.learning_rates[self.step - len(self.moves) : self.step]
        return float((np.sqrt((self.moves**2).sum(axis=1)) / rates).mean())

    @property
    def is_level(self) -> bool:
        return self.slope <= _LEVEL_SHARE * self.steepest

    @property
    def turns(self) -> int:
        """How many of the latest moves went back on the one before."""
        return int(((self.moves[1:] * self.moves[:-1]).sum(axis=1) < 0).sum())


def _measure(path: DescentPath, surface: Surface, step: int) -> _Measurements:
    points = path.points[: step + 1]
    with np.errstate(all="ignore"):
        gradients = surface.gradient(points)
        slopes = np.sqrt((gradients**2).sum(axis=-1))
    here = points[-1]
    curvatures = surface.curvatures(here)
    limit = None
    if curvatures is not None:
        limit = stability_limit(path.optimizer, float(curvatures[-1]), path.momentum)
    distance = min((math.dist(here, minimum) for minimum in surface.minima), default=None)
    return _Measurements(
        path=path,
        surface=surface,
        step=step,
        rate=float(path.learning_rates[min(step, path.steps - 1)]),
        gradient=gradients[-1],
        slope=float(slopes[-1]),
        steepest=float(np.nanmax(slopes)),
        curvatures=curvatures,
        limit=limit,
        distance=distance,
        moves=np.diff(points[-(_WINDOW + 1) :], axis=0),
    )


# What is happening --------------------------------------------------------------------------


def _state_of(measured: _Measurements) -> DescentState:
    if measured.path.diverged_at is not None and measured.step >= measured.path.diverged_at:
        return DescentState.DIVERGING
    if _has_arrived(measured):
        return DescentState.REACHED
    if resting := _resting_state(measured):
        return resting
    if measured.step == 0:
        return DescentState.STARTING
    if _is_growing(measured):
        return DescentState.CLIMBING if _will_turn(measured) else DescentState.DIVERGING
    if _is_hovering(measured):
        return DescentState.NOISY
    return _moving_state(measured)


def _moving_state(measured: _Measurements) -> DescentState:
    """Return what the latest moves do, and how high they have come."""
    if len(measured.moves) >= _FEWEST_MOVES:
        if measured.turns >= _ZIGZAG_SHARE * (len(measured.moves) - 1):
            return DescentState.ZIGZAGGING
        if measured.mean_move < _CREEPING_SHARE * measured.surface.diagonal:
            return DescentState.CREEPING
    if measured.loss > measured.path.losses[0]:
        return DescentState.ABOVE_START
    return DescentState.CONVERGING


def _has_arrived(measured: _Measurements) -> bool:
    """Whether it is near a known minimum and calm there, not merely passing by."""
    if measured.distance is None:
        return False
    near = _NEAR_SHARE * measured.surface.diagonal
    return measured.distance <= near and (
        measured.step == 0 or measured.mean_move <= _CALM_MOVES * near
    )


def _resting_state(measured: _Measurements) -> DescentState | None:
    """Return why it rests where there is next to no slope, or None if it does not rest."""
    near = _NEAR_SHARE * measured.surface.diagonal
    if measured.smallest is None or measured.largest is None:
        return None
    if measured.step and measured.mean_move >= near:
        return None
    scale = max(abs(measured.smallest), abs(measured.largest))
    if scale < _NO_CURVATURE:
        is_level = measured.is_level if measured.step else measured.slope == 0
        return DescentState.FLAT if is_level else None
    # Where it curves by λ at least, the level point is no further away than slope / λ. How steep
    # the way was would tell another for each optimiser.
    if measured.slope > near * min(abs(measured.smallest), abs(measured.largest)):
        return None
    if measured.smallest > 0:
        return _kind_of_minimum(measured)
    is_saddle = measured.smallest < -_SADDLE_SHARE * scale and (
        measured.step or measured.slope == 0
    )
    return DescentState.STUCK_AT_SADDLE if is_saddle else None


def _kind_of_minimum(measured: _Measurements) -> DescentState | None:
    """Distinguish the lowest point from a local minimum, by the height above a known one."""
    if measured.distance is None:
        return DescentState.REACHED
    gap = measured.loss - (measured.surface.lowest or 0.0)
    newton_gap = 0.5 * measured.slope**2 / max(measured.smallest or 0.0, 1e-12)
    return DescentState.LOCAL_MINIMUM if gap > _LOCAL_GAPS * newton_gap + 1e-12 else None


def _is_growing(measured: _Measurements) -> bool:
    """Whether the loss has climbed above everything so far and keeps climbing."""
    losses = measured.path.losses[: measured.step + 1]
    if measured.path.gradient_noise > 0 or len(losses) < 2:
        return False
    return bool(losses[-1] > losses[0] and losses[-1] >= losses.max() and losses[-1] > losses[-2])


def _will_turn(measured: _Measurements) -> bool:
    """Whether a growing loss is only an overshoot: the rate is within the limit, or is rescaled."""
    if measured.path.optimizer in _RESCALING:
        return True
    if measured.limit is None:
        return measured.largest is not None
    return measured.rate < measured.limit and not math.isclose(measured.rate, measured.limit)


def _is_hovering(measured: _Measurements) -> bool:
    """Whether noise turns it back and forth without the loss falling any more."""
    losses = measured.path.losses[: measured.step + 1]
    if measured.path.gradient_noise == 0 or len(losses) <= 2 * _WINDOW:
        return False
    if measured.turns < _FEWEST_MOVES:
        return False
    before, recent = losses[len(losses) // 4 : -_WINDOW], losses[-_WINDOW:]
    floor = measured.surface.lowest or 0.0
    return bool(recent.mean() - floor > _NO_GAIN_SHARE * (before.mean() - floor))


def _describe_state(state: DescentState, measured: _Measurements) -> str:
    path, losses = measured.path, measured.path.losses
    key = state.value
    if state is DescentState.DIVERGING and path.diverged_at == measured.step:
        key = "diverged"
    if state is DescentState.REACHED and measured.distance is None:
        key = "reached_unknown"
    if state is DescentState.CONVERGING and measured.surface.lowest is None:
        key = "converging_unknown"
    elif state is DescentState.CONVERGING and _share_of_loss_left(measured) < _LEAST_PERCENT:
        key = "converging_far"
    if state is DescentState.CREEPING and measured.distance is None:
        key = "creeping_unknown"
    near = max(measured.distance or 0.0, _NEAR_SHARE * measured.surface.diagonal)
    return translate(
        f"descent_verdict.{key}",
        loss=_format(measured.loss),
        first=_format(float(losses[0])),
        slope=_format(measured.slope),
        percent=_format(_share_of_loss_left(measured)),
        turns=measured.turns,
        moves=max(len(measured.moves) - 1, 0),
        step=measured.step,
        steps=_arrival_step(measured) if state is DescentState.REACHED else measured.step,
        lowest=_format(measured.smallest or 0.0),
        move=_format(measured.mean_move),
        distance=_format(near if state is DescentState.REACHED else (measured.distance or 0.0)),
    )


def _arrival_step(measured: _Measurements) -> int:
    """Return the step from which on the walk stayed near a minimum."""
    if not measured.surface.minima:
        return measured.step
    points = measured.path.points[: measured.step + 1, None, :]
    distances = np.sqrt(((points - np.array(measured.surface.minima)) ** 2).sum(axis=-1)).min(
        axis=1
    )
    away = np.flatnonzero(distances > _NEAR_SHARE * measured.surface.diagonal)
    return int(away[-1]) + 1 if len(away) else 0


def _share_of_loss_left(measured: _Measurements) -> float:
    """Return how much of the height above the lowest point is left, in per cent."""
    lowest = measured.surface.lowest or 0.0
    first = float(measured.path.losses[0]) - lowest
    return 100 * (measured.loss - lowest) / first if first > 0 else 100.0


# Why ----------------------------------------------------------------------------------------


def _reason(state: DescentState, measured: _Measurements) -> str:
    if state in (DescentState.REACHED, DescentState.LOCAL_MINIMUM, DescentState.FLAT):
        return ""
    if state is DescentState.NOISY:
        noise = _format(measured.path.gradient_noise)
        return translate("descent_verdict.why_noise", noise=noise, rate=_format(measured.rate))
    if state is DescentState.STUCK_AT_SADDLE:
        return _reason_at_saddle(measured)
    sentences = [_reason_of_rate(state, measured)]
    if state in (DescentState.ZIGZAGGING, DescentState.CREEPING):
        sentences.append(_reason_of_shape(measured))
    return joined(sentences)


def _reason_at_saddle(measured: _Measurements) -> str:
    return (
        translate("descent_verdict.why_saddle_exact") if measured.path.gradient_noise == 0 else ""
    )


def _reason_of_rate(state: DescentState, measured: _Measurements) -> str:
    path, rate = measured.path, _format(measured.rate)
    if path.optimizer in _RESCALING:
        return _reason_of_rescaling(state, measured)
    if measured.largest is None:
        return ""
    if measured.limit is None:
        curvature = _format(measured.largest)
        return translate("descent_verdict.why_downward", curvature=curvature)
    return translate(
        f"descent_verdict.{_rate_key(state, measured, measured.limit)}",
        rate=rate,
        rule=_RULES[path.optimizer],
        limit=_format(measured.limit),
        half=_format(1 / measured.largest),
        share=_format(100 * measured.rate / measured.limit),
        curvature=_format(measured.largest),
        momentum=_format(path.momentum),
    )


_RESCALING = ("adagrad", "rmsprop", "adam")
_RULES = {
    "gradient_descent": "2/λmax",
    "momentum": "2(1+β)/λmax",
    "nesterov": "2(1+β)/((1+2β)λmax)",
}


def _rate_key(state: DescentState, measured: _Measurements, limit: float) -> str:
    """Choose the sentence that says where the rate lies between nothing and the limit."""
    if math.isclose(measured.rate, limit):
        return "why_at"
    if measured.rate > limit:
        return "why_above" if state is DescentState.DIVERGING else "why_above_here"
    if measured.path.optimizer == "gradient_descent":
        return "why_between" if measured.rate > limit / 2 else "why_below"
    return "why_between_momentum" if measured.turns > 0 else "why_below"


def _reason_of_rescaling(state: DescentState, measured: _Measurements) -> str:
    """Say how long the steps are of an optimiser that divides by the slopes so far."""
    path = measured.path
    sizes = remembered_slopes(
        path.optimizer,
        path.gradients[: measured.step + 1],
        bias_correction=path.bias_correction,
    )
    return translate(
        f"descent_verdict.{_rescaling_key(state, measured, sizes)}",
        optimizer=translate(f"descent.{path.optimizer}"),
        rate=_format(measured.rate),
        move=_format(measured.mean_move),
        share=_format(100 * measured.mean_move_in_rates),
    )


def _rescaling_key(state: DescentState, measured: _Measurements, sizes: FloatArray) -> str:
    """Choose the sentence that says why the steps are as long as they are."""
    if measured.step == 0:
        return "why_rescaled_first"
    if state is not DescentState.CREEPING:
        return "why_rescaled"
    if measured.mean_move_in_rates >= _FULL_STEP_SHARE:
        return "why_small_rate"
    if (np.abs(measured.gradient) < _FULL_STEP_SHARE * sizes).all():
        return "why_remembers"
    return "why_cancels" if measured.path.optimizer == "adam" else "why_rescaled"


def _reason_of_shape(measured: _Measurements) -> str:
    if measured.path.optimizer in _RESCALING:  # they rescale each axis
        return ""
    if measured.largest is None or not measured.smallest or measured.surface.n_dims == 1:
        return ""
    condition = abs(measured.largest / measured.smallest)
    if condition < _NARROW_RATIO:
        return ""
    return translate("descent_verdict.why_narrow", condition=_format(condition))


def _format(number: float) -> str:
    """Three digits, without an exponent where people write none."""
    rounded = float(f"{number:.3g}")
    if 1e-4 <= abs(rounded) < 1e5:
        return f"{rounded:,.10g}"
    return f"{rounded:.2e}" if rounded else "0"
