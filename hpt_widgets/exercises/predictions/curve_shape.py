"""What a drawn curve must have besides its heights: a turn, a fall, its place among the others.

All of it is taken from the real curve, so that a run with other settings is judged by what it did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from hpt_widgets.exercises.predictions.curve_pair import VISIBLE, Pair, Shares
from hpt_widgets.language import translate

ENOUGH: Final = 0.5
"""A drawn curve rises or falls if it does so by this share of what the real one does."""
PLAIN_TO_SEE: Final = 0.05
"""So does one that goes this share of the chart's height: how far is judged by the heights."""

Side = Literal["low", "high"]


@dataclass(frozen=True)
class Fault:
    """What a drawn curve lacks.

    Attributes
    ----------
    side : str
        Which of the meanings is for those who drew it so: ``"low"`` or ``"high"``.
    words : str
        What it lacks, in a sentence.
    """

    side: Side
    words: str


def first_fault(pair: Pair, others: Iterable[Pair]) -> Fault | None:
    """Return what a drawn curve lacks of what its line asks, None if it has all.

    Parameters
    ----------
    pair : Pair
    others : iterable of Pair
        The other curves that were drawn.
    """
    order = [_order_fault(pair, other) for other in others if pair.question.order]
    faults = [_turn_fault(pair), _fall_fault(pair), *order, end_fault(pair)]
    return next((fault for fault in faults if fault is not None), None)


def is_unusual(pair: Pair) -> bool:
    """Whether the real curve itself lacks what its line asks, and had in the stored run."""
    line, real = pair.line, pair.real[pair.reached]
    return (line.turns_up and _rise(real) < VISIBLE) or (line.falls and _fall(real) < VISIBLE)


def end_fault(pair: Pair) -> Fault | None:
    """Return a fault if the end is off by more than the factor that its line allows."""
    drawn, real = pair.value(pair.drawn[pair.last]), pair.value(pair.real[pair.last])
    factor = pair.line.ends_within
    if factor is None or max(drawn / real, real / drawn) <= factor:
        return None
    words = translate(
        "prediction.other_end",
        drawn=pair.drawn_words(pair.last),
        found=pair.real_words(pair.last),
    )
    return Fault("low" if drawn < real else "high", words)


def _turn_fault(pair: Pair) -> Fault | None:
    """Return a fault if the curve does not rise after its lowest place, or does so too late."""
    drawn, real = pair.drawn[pair.reached], pair.real[pair.reached]
    rise = _rise(real)
    if not pair.line.turns_up or rise < VISIBLE:
        return None
    turn = int(real.argmin())
    drawn_turn = int(np.flatnonzero(drawn <= drawn.min() + 1e-9)[-1])
    if _rise(drawn) < _enough(rise):
        halfway = (turn + len(drawn) - 1) // 2
        key = "falls_on" if drawn[halfway] - drawn[-1] > VISIBLE else "stays_level"
    elif drawn_turn > turn and real[drawn_turn] - real[turn] > ENOUGH * rise:
        key = "turns_late"
    else:
        return None
    axis = pair.question.x
    x, y = pair.points
    words = {
        "x": axis.words(float(x[y.argmin()])),
        "drawn_x": axis.words(float(pair.question.grid[pair.first + drawn_turn])),
        "axis": axis.quantity,
    }
    return Fault("low", translate(f"prediction.{key}", **words))


def _fall_fault(pair: Pair) -> Fault | None:
    """Return a fault if the curve ends hardly lower than it has been."""
    fall = _fall(pair.real[pair.reached])
    drawn = pair.drawn[: pair.last + 1]
    if not pair.line.falls or fall < VISIBLE or _fall(drawn) >= _enough(fall):
        return None
    top = int(np.where(pair.reached, pair.real, -1).argmax())
    first, last = pair.real_words(top), pair.real_words(pair.last)
    return Fault("high", translate("prediction.no_fall", first=first, last=last))


def _order_fault(pair: Pair, other: Pair) -> Fault | None:
    """Return a fault if the curve ends above another one, and really ended below, or so."""
    last = min(pair.last, other.last)
    real = pair.real[last] - other.real[last]
    drawn = pair.drawn[last] - other.drawn[last]
    if abs(real) < 2 * VISIBLE or drawn * np.sign(real) >= -VISIBLE:
        return None
    side: Side = "low" if real > 0 else "high"
    return Fault(side, translate(f"prediction.ends_{side}", other=other.line.name))


def _enough(change: float) -> float:
    return min(ENOUGH * change, PLAIN_TO_SEE)


def _rise(heights: Shares) -> float:
    lowest = int(heights.argmin())
    return float(heights[lowest:].max() - heights[lowest])


def _fall(heights: Shares) -> float:
    return float(heights.max() - heights[-1])
