"""Say in words what a walk on a surface is doing, and why.

The verdict looks at the steps up to the one asked for and at the surface's curvature
there; the learning rate is compared with the stability limit (2/λmax for gradient descent).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Surface
from hpt_widgets.descent.walk import DescentPath, stability_limit
from hpt_widgets.language import current_language, translate
from hpt_widgets.support.argument_checks import require_whole_number

# How many of the latest moves are looked at.
_RECENT = 12
# A point within this share of the window's diagonal has reached a minimum.
_NEAR = 0.01
# Moves shorter than this share of the diagonal are creeping.
_SHORT = 0.002
# A gradient below this share of the largest one on the path counts as none.
_LEVEL = 0.01
# Under noise, a mean loss of more than this share of the mean before is no gain.
_NO_GAIN = 0.5


class DescentState(Enum):
    """What a walk is doing."""

    STARTING = "starting"
    CONVERGING = "converging"
    ZIGZAGGING = "zigzagging"
    DIVERGING = "diverging"
    STUCK_AT_SADDLE = "stuck_at_saddle"
    CREEPING = "creeping"
    REACHED = "reached"
    LOCAL_MINIMUM = "local_minimum"
    NOISY = "noisy"
    FLAT = "flat"

    def __str__(self) -> str:
        return translate(f"descent_verdict.short_{self.value}")


@dataclass(frozen=True)
class Verdict:
    """What a walk is doing at a step, and why.

    Attributes
    ----------
    state : DescentState
        One of ten; ``str(state)`` names it in a few words of the current language.
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
        return _joined([self.happening, self.reason])


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
    sight = _look(path, surface, min(at, path.last_step))
    state = _state_of(sight)
    return Verdict(
        state=state,
        happening=_happening(state, sight),
        reason=_reason(state, sight),
        step=at,
        learning_rate=sight.rate,
        largest_curvature=sight.largest,
        limit=sight.limit,
    )


# What there is to see -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Sight:
    """The measurements that a verdict rests on."""

    path: DescentPath
    surface: Surface
    step: int
    rate: float
    slope: float  # norm of the exact gradient here
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
    def is_level(self) -> bool:
        return self.slope <= _LEVEL * self.steepest

    @property
    def turns(self) -> int:
        """How many of the latest moves went back on the one before."""
        return int(((self.moves[1:] * self.moves[:-1]).sum(axis=1) < 0).sum())


def _look(path: DescentPath, surface: Surface, step: int) -> _Sight:
    points = path.points[: step + 1]
    with np.errstate(all="ignore"):
        slopes = np.sqrt((surface.gradient(points) ** 2).sum(axis=-1))
    here = points[-1]
    curvatures = surface.curvatures(here)
    limit = None
    if curvatures is not None:
        limit = stability_limit(path.optimizer, float(curvatures[-1]), path.momentum)
    distance = min((math.dist(here, minimum) for minimum in surface.minima), default=None)
    return _Sight(
        path=path,
        surface=surface,
        step=step,
        rate=float(path.learning_rates[min(step, path.steps - 1)]),
        slope=float(slopes[-1]),
        steepest=float(np.nanmax(slopes)),
        curvatures=curvatures,
        limit=limit,
        distance=distance,
        moves=np.diff(points[-(_RECENT + 1) :], axis=0),
    )


# What is happening --------------------------------------------------------------------------


def _state_of(sight: _Sight) -> DescentState:
    if sight.path.diverged_at is not None and sight.step >= sight.path.diverged_at:
        return DescentState.DIVERGING
    if _has_arrived(sight):
        return DescentState.REACHED
    if resting := _resting_state(sight):
        return resting
    if sight.step == 0:
        return DescentState.STARTING
    if _is_growing(sight):
        return DescentState.DIVERGING
    if _is_hovering(sight):
        return DescentState.NOISY
    if len(sight.moves) >= 3 and sight.turns >= 0.6 * (len(sight.moves) - 1):
        return DescentState.ZIGZAGGING
    if len(sight.moves) >= 3 and sight.mean_move < _SHORT * sight.surface.diagonal:
        return DescentState.CREEPING
    return DescentState.CONVERGING


def _has_arrived(sight: _Sight) -> bool:
    """Tell whether it is near a known minimum and calm there, not merely passing by."""
    if sight.distance is None:
        return False
    near = _NEAR * sight.surface.diagonal
    return sight.distance <= near and (sight.step == 0 or sight.mean_move <= 5 * near)


def _resting_state(sight: _Sight) -> DescentState | None:
    """Return why it rests where there is next to no slope, or None if it does not rest."""
    is_slow = sight.mean_move < _NEAR * sight.surface.diagonal or sight.step == 0
    is_level = sight.is_level if sight.step else sight.slope == 0
    if not (is_level and is_slow):
        return None
    if sight.curvatures is None or sight.smallest is None or sight.largest is None:
        return None
    scale = max(abs(sight.smallest), abs(sight.largest))
    if scale < 1e-9:
        return DescentState.FLAT
    if sight.smallest < -1e-3 * scale:
        return DescentState.STUCK_AT_SADDLE
    if sight.smallest > 1e-3 * scale:
        return _kind_of_minimum(sight)
    return None


def _kind_of_minimum(sight: _Sight) -> DescentState | None:
    """Tell the lowest point from a merely local one, by how far a known minimum is."""
    if sight.distance is None:
        return DescentState.REACHED
    # On a bowl or in a long valley the slope is small well before the end.
    gap = sight.loss - (sight.surface.lowest or 0.0)
    newton_gap = 0.5 * sight.slope**2 / max(sight.smallest or 0.0, 1e-12)
    return DescentState.LOCAL_MINIMUM if gap > 10 * newton_gap + 1e-12 else None


def _is_growing(sight: _Sight) -> bool:
    """Tell whether the loss has climbed above everything so far and keeps climbing."""
    losses = sight.path.losses[: sight.step + 1]
    if sight.path.gradient_noise > 0 or len(losses) < 2:
        return False
    return bool(losses[-1] > losses[0] and losses[-1] >= losses.max() and losses[-1] > losses[-2])


def _is_hovering(sight: _Sight) -> bool:
    """Tell whether noise turns it back and forth without the loss falling any more."""
    losses = sight.path.losses[: sight.step + 1]
    if sight.path.gradient_noise == 0 or len(losses) <= 2 * _RECENT or sight.turns < 3:
        return False
    before, recent = losses[len(losses) // 4 : -_RECENT], losses[-_RECENT:]
    floor = sight.surface.lowest or 0.0
    return bool(recent.mean() - floor > _NO_GAIN * (before.mean() - floor))


def _happening(state: DescentState, sight: _Sight) -> str:
    path, losses = sight.path, sight.path.losses
    key = state.value
    if state is DescentState.DIVERGING and path.diverged_at == sight.step:
        key = "diverged"
    if state is DescentState.REACHED and sight.distance is None:
        key = "reached_unknown"
    if state is DescentState.CONVERGING and sight.surface.lowest is None:
        key = "converging_unknown"
    if state is DescentState.CREEPING and sight.distance is None:
        key = "creeping_unknown"
    near = max(sight.distance or 0.0, _NEAR * sight.surface.diagonal)
    return translate(
        f"descent_verdict.{key}",
        loss=_shown(sight.loss),
        first=_shown(float(losses[0])),
        slope=_shown(sight.slope),
        percent=_shown(_share_of_loss_left(sight)),
        turns=sight.turns,
        moves=max(len(sight.moves) - 1, 0),
        step=sight.step,
        steps=_arrival(sight) if state is DescentState.REACHED else sight.step,
        lowest=_shown(sight.smallest or 0.0),
        move=_shown(sight.mean_move),
        distance=_shown(near if state is DescentState.REACHED else (sight.distance or 0.0)),
    )


def _arrival(sight: _Sight) -> int:
    """Return the step from which on the walk stayed near a minimum."""
    if not sight.surface.minima:
        return sight.step
    points = sight.path.points[: sight.step + 1, None, :]
    distances = np.sqrt(((points - np.array(sight.surface.minima)) ** 2).sum(axis=-1)).min(axis=1)
    away = np.flatnonzero(distances > _NEAR * sight.surface.diagonal)
    return int(away[-1]) + 1 if len(away) else 0


def _share_of_loss_left(sight: _Sight) -> float:
    """Return how much of the height above the lowest point is left, in per cent."""
    lowest = sight.surface.lowest or 0.0
    first = float(sight.path.losses[0]) - lowest
    return 100 * (sight.loss - lowest) / first if first > 0 else 100.0


# Why ----------------------------------------------------------------------------------------


def _reason(state: DescentState, sight: _Sight) -> str:
    if state in (DescentState.REACHED, DescentState.LOCAL_MINIMUM, DescentState.FLAT):
        return ""
    if state is DescentState.NOISY:
        noise = _shown(sight.path.gradient_noise)
        return translate("descent_verdict.why_noise", noise=noise, rate=_shown(sight.rate))
    if state is DescentState.STUCK_AT_SADDLE:
        return _reason_at_saddle(sight)
    sentences = [_reason_of_rate(state, sight)]
    if state in (DescentState.ZIGZAGGING, DescentState.CREEPING):
        sentences.append(_reason_of_shape(sight))
    return _joined(sentences)


def _reason_at_saddle(sight: _Sight) -> str:
    return translate("descent_verdict.why_saddle_exact") if sight.path.gradient_noise == 0 else ""


def _reason_of_rate(state: DescentState, sight: _Sight) -> str:
    path, rate = sight.path, _shown(sight.rate)
    if path.optimizer == "adagrad":
        return _reason_of_adagrad(sight)
    if path.optimizer in ("adam", "rmsprop"):
        name = translate(f"descent.{path.optimizer}")
        return translate("descent_verdict.why_adaptive", optimizer=name, rate=rate)
    if sight.largest is None:
        return ""
    if sight.limit is None:
        curvature = _shown(sight.largest)
        return translate("descent_verdict.why_downward", curvature=curvature)
    return translate(
        f"descent_verdict.{_rate_key(state, sight, sight.limit)}",
        rate=rate,
        rule=_RULES[path.optimizer],
        limit=_shown(sight.limit),
        half=_shown(1 / sight.largest),
        share=_shown(100 * sight.rate / sight.limit),
        curvature=_shown(sight.largest),
        momentum=_shown(path.momentum),
    )


_RULES = {
    "gradient_descent": "2/λmax",
    "momentum": "2(1+β)/λmax",
    "nesterov": "2(1+β)/((1+2β)λmax)",
}


def _rate_key(state: DescentState, sight: _Sight, limit: float) -> str:
    """Choose the sentence that says where the rate lies between nothing and the limit."""
    if math.isclose(sight.rate, limit):
        return "why_at"
    if sight.rate > limit:
        return "why_above" if state is DescentState.DIVERGING else "why_above_here"
    if sight.path.optimizer == "gradient_descent":
        return "why_between" if sight.rate > limit / 2 else "why_below"
    return "why_between_momentum" if sight.turns > 0 else "why_below"


def _reason_of_adagrad(sight: _Sight) -> str:
    """Say how far the accumulated squares have shrunk the step (Keras starts them at 0.1)."""
    squares = (sight.path.gradients[: sight.step + 1] ** 2).sum(axis=0) + 0.1
    share = _shown(100 / math.sqrt(float(squares.max())) if np.isfinite(squares).all() else 0.0)
    return translate("descent_verdict.why_adagrad", share=share, rate=_shown(sight.rate))


def _reason_of_shape(sight: _Sight) -> str:
    if sight.path.optimizer in ("adagrad", "rmsprop", "adam"):  # they rescale each axis
        return ""
    if sight.largest is None or not sight.smallest or sight.surface.n_dims == 1:
        return ""
    condition = abs(sight.largest / sight.smallest)
    if condition < 5:
        return ""
    return translate("descent_verdict.why_narrow", condition=_shown(condition))


def _joined(sentences: list[str]) -> str:
    """Put sentences together; Chinese has no space between them."""
    space = "" if current_language() == "zh" else " "
    return space.join(sentence for sentence in sentences if sentence)


def _shown(number: float) -> str:
    """Three digits, without an exponent where people write none."""
    if 1e-3 <= abs(number) < 1e5:
        return f"{float(f'{number:.3g}'):,.10g}"
    return f"{number:.2e}" if number else "0"
