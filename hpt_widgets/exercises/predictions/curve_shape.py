"""What a drawn curve must have besides its heights: a turn, a fall, its place among the others.

All of it is taken from the real curve, so that a run with other settings is judged by what it did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from hpt_widgets.exercises.predictions.curve import N_POINTS, Part, Side
from hpt_widgets.exercises.predictions.curve_pair import SIDEWAYS, VISIBLE, Pair, Shares
from hpt_widgets.language import translate

ENOUGH: Final = 0.3
"""A drawn curve rises or falls if it does so by this share of what the real one does."""
PLAIN_TO_SEE: Final = 0.05
"""It also rises or falls if it does so by this share of the chart's height: how far it goes is
judged by the heights."""
LATE: Final = 0.5
"""A drawn curve turns too late if the real one has risen by this share of its rise."""
EXACT: Final = 0.3
"""A height that is off by less than this share of what may be wrong is no fault of its curve."""
APART: Final = 0.75
"""By this share of what may be wrong may two curves end too near to each other, or too far."""

# Shares of the chart's height, in so many times what eye and hand can tell.
BARELY: Final = 0.5 * VISIBLE
"""So far below another one must a drawn curve end to have been drawn below it."""
CLEARLY: Final = 2 * VISIBLE
"""So far apart are real curves of which the order is asked; and so far must a drawn one rise, or
fall, that it is told to have gone back."""
FAR: Final = 3 * VISIBLE
"""So far may a curve end beyond another one that was not drawn."""


@dataclass(frozen=True)
class Fault:
    """What a drawn curve lacks.

    Attributes
    ----------
    side : str
        Which of the meanings is for those who drew it so: ``"low"`` or ``"high"``.
    about : str or None
        Of what that meaning has to speak; None where none is written for it.
    words : str
        What it lacks, in a sentence.
    is_height : bool, default False
        Whether that is no more than the height at the end.
    """

    side: Side
    about: Part | None
    words: str
    is_height: bool = False


def first_fault(pair: Pair, others: Iterable[Pair]) -> Fault | None:
    """Return what a drawn curve lacks of what its line asks, but for its end; None for nothing.

    Parameters
    ----------
    pair : Pair
    others : iterable of Pair
        The other curves, those that were not drawn too.
    """
    faults = [_turn_fault(pair), _fall_fault(pair)]
    for other in others:
        faults += [_order_fault(pair, other, part) for part in pair.question.order]
        faults.append(_distance_fault(pair, other))
    return next((fault for fault in faults if fault is not None), None)


def is_unusual(pair: Pair) -> bool:
    """Whether the run is another than the one for which the meanings are written."""
    line, real = pair.line, pair.real[pair.reached]
    if pair.last < N_POINTS // 2:
        return True
    if line.stored_end is not None and not _ends_at(pair, line.stored_end):
        return True
    return (line.turns_up and _rise(real) < VISIBLE) or (line.falls and _fall(real) < VISIBLE)


def _ends_at(pair: Pair, value: float) -> bool:
    """Whether the real curve ends as near to a value as a drawn one must, to be right."""
    stored = float(pair.question.y.share_of(np.array([value]))[0])
    real = pair.real[pair.last]
    is_near = abs(real - stored) <= pair.question.close
    return bool(is_near and _is_within_factor(pair, pair.value(real), pair.value(stored)))


def end_fault(pair: Pair) -> Fault | None:
    """Return a fault if the end is off by more than the factor that its line allows."""
    drawn, real = pair.value(pair.drawn[pair.last]), pair.value(pair.real[pair.last])
    if _is_within_factor(pair, drawn, real):
        return None
    found = pair.real_words(pair.last)
    is_beyond = found != pair.question.y.words(real)
    key = "other_end_beyond" if is_beyond else "other_end"
    words = translate(f"prediction.{key}", drawn=pair.drawn_words(pair.last), found=found)
    return Fault("low" if drawn < real else "high", "end", words, is_height=True)


def _is_within_factor(pair: Pair, one: float, two: float) -> bool:
    """Whether two ends differ by no more than the factor that a line allows, if it names one."""
    factor = pair.line.ends_within
    return factor is None or (one <= factor * two and two <= factor * one)


def _turn_fault(pair: Pair) -> Fault | None:
    """Return a fault if the curve does not fall and rise again, or does so too late."""
    if not pair.line.turns_up or _rise(pair.real[pair.reached]) < VISIBLE:
        return None
    return _no_fall_before_turn(pair) or _no_turn(pair) or _late_turn(pair)


def _no_fall_before_turn(pair: Pair) -> Fault | None:
    """Return a fault if the curve hardly falls to its lowest place, where the real one did."""
    drawn, real = pair.drawn[pair.reached], pair.real[pair.reached]
    turn = int(real.argmin())
    before = pair.drawn[: pair.first + int(drawn.argmin()) + 1]
    if _fall(before) >= VISIBLE or _fall(real[: turn + 1]) < VISIBLE:
        return None
    words = translate("prediction.no_fall_before", last=pair.real_words(pair.first + turn))
    return Fault("high", "fall", words)


def _no_turn(pair: Pair) -> Fault | None:
    """Return a fault if the curve does not rise after its lowest place, however late."""
    drawn, real = pair.drawn[pair.reached], pair.real[pair.reached]
    enough = _enough(_rise(real))
    if max(_rise(drawn), _rise(pair.drawn[pair.first :])) >= enough:
        return None
    if _highest_rise(drawn) > max(enough, CLEARLY):
        return Fault("low", "end", translate("prediction.falls_again"))
    halfway = (int(real.argmin()) + len(drawn) - 1) // 2
    falls_on = drawn[halfway] - drawn[-1] > VISIBLE
    return _told_of_turn(pair, "falls_on" if falls_on else "stays_level")


def _late_turn(pair: Pair) -> Fault | None:
    """Return a fault if a curve that turns does so too late, or only where the run had ended."""
    drawn, real = pair.drawn[pair.reached], pair.real[pair.reached]
    turn = int(real.argmin())
    if _rise(drawn) < _enough(_rise(real)):
        whole = pair.drawn[pair.first :]
        lowest = int(whole.argmin())
        if lowest <= turn + SIDEWAYS:
            # It is low in time, and goes on beside its lowest place until the run had ended.
            has_risen = whole[lowest:] >= whole.min() + _enough(_rise(real))
            lowest += int(has_risen.argmax()) - 1
        return _told_of_turn(pair, "turns_late", lowest)
    drawn_turn = int(np.flatnonzero(drawn <= drawn.min() + 1e-9)[-1])
    falls_on = drawn[: turn + SIDEWAYS + 1].min() - drawn.min() > VISIBLE
    if falls_on and real[drawn_turn] - real[turn] > LATE * _rise(real):
        return _told_of_turn(pair, "turns_late", drawn_turn)
    return None


def _told_of_turn(pair: Pair, key: str, drawn_turn: int = 0) -> Fault:
    """Return a fault that says where the real curve turned, and the drawn one, if it did."""
    axis = pair.question.x
    x, y = pair.points
    words = translate(
        f"prediction.{key}",
        x=axis.words(float(x[y.argmin()])),
        drawn_x=axis.words(float(pair.question.grid[pair.first + drawn_turn])),
        axis=axis.quantity,
    )
    return Fault("low", "turn", words)


def _fall_fault(pair: Pair) -> Fault | None:
    """Return a fault if the curve ends hardly lower than it has been."""
    fall = _fall(pair.real[pair.reached])
    drawn = pair.drawn[: pair.last + 1]
    if not pair.line.falls or fall < VISIBLE or _fall(drawn) >= _enough(fall):
        return None
    last = pair.real_words(pair.last)
    if drawn[0] - drawn.min() >= max(_enough(fall), CLEARLY):
        return Fault("high", None, translate("prediction.rises_again", last=last))
    top = int(np.where(pair.reached, pair.real, -1).argmax())
    words = translate("prediction.no_fall", first=pair.real_words(top), last=last)
    return Fault("high", "fall", words)


def _order_fault(pair: Pair, other: Pair, part: Part) -> Fault | None:
    """Return a fault if the curve begins or ends above another one, and really did below, or so."""
    is_end = part == "end"
    if not is_end and not other.is_drawn:
        return None
    place = min(pair.last, other.last) if is_end else max(pair.first, other.first)
    real = pair.real[place] - other.real[place]
    ahead = (pair.drawn[place] - other.drawn[place]) * np.sign(real)
    if abs(real) < CLEARLY or ahead >= _least_ahead(other, is_end=is_end):
        return None
    if not _is_at_fault(pair, other, place, -np.sign(real)):
        return None
    side: Side = "low" if real > 0 else "high"
    is_told_beside = not other.is_drawn or ahead >= -BARELY
    key = "ends_beside" if is_told_beside else f"{part}s"
    words = translate(
        f"prediction.{key}_{side}",
        other=other.line.name,
        drawn=pair.drawn_words(place),
        found=pair.real_words(place),
    )
    return Fault(side, part, words, is_told_beside)


def _least_ahead(other: Pair, *, is_end: bool) -> float:
    """Return how far a curve must be on its side of another one; below 0, beyond it."""
    # Two drawn ends must be seen to differ; beside one that was not drawn, only far off counts.
    if not other.is_drawn:
        return -FAR
    return BARELY if is_end else -VISIBLE


def _distance_fault(pair: Pair, other: Pair) -> Fault | None:
    """Return a fault if the curve ends nearer to another one than it did, or farther from it."""
    lines = pair.question.lines
    beside = pair.line.beside
    if beside is None or lines[beside - 1] is not other.line or not other.is_drawn:
        return None
    place = min(pair.last, other.last)
    drawn, real = (
        one[place] - two[place] for one, two in ((pair.drawn, other.drawn), (pair.real, other.real))
    )
    if abs(drawn - real) <= APART * pair.question.close:
        return None
    if not _is_at_fault(pair, other, place, np.sign(drawn - real)):
        return None
    if drawn * real < 0 and abs(drawn) > VISIBLE:
        key = "ends_low" if drawn < 0 else "ends_high"
    else:
        key = "nearer" if abs(drawn) < abs(real) else "farther"
    words = translate(f"prediction.{key}", other=other.line.name)
    return Fault("low" if drawn < real else "high", "end", words)


def _is_at_fault(pair: Pair, other: Pair, place: int, direction: float) -> bool:
    """Whether a curve has its part in standing wrong beside another one.

    One that is as good as exact has not, unless the other has still less.

    Parameters
    ----------
    pair, other : Pair
    place : int
    direction : float
        1 if the curve is too high beside the other, -1 if it is too low.
    """
    own, its = direction * pair.gaps()[place], -direction * other.gaps()[place]
    return bool(own > EXACT * pair.question.close or own >= its)


def _enough(change: float) -> float:
    return min(max(ENOUGH * change, VISIBLE), PLAIN_TO_SEE)


def _rise(heights: Shares) -> float:
    """Return how far a curve rises after its lowest place."""
    lowest = int(heights.argmin())
    return float(heights[lowest:].max() - heights[lowest])


def _highest_rise(heights: Shares) -> float:
    """Return how far it rises anywhere."""
    return float((heights - np.minimum.accumulate(heights)).max())


def _fall(heights: Shares) -> float:
    """Return how much lower it ends than it was."""
    return float(heights.max() - heights[-1])
