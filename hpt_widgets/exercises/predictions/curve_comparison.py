"""Judges drawn curves: by their heights, and by what a question asks of their shape besides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from hpt_widgets.exercises.predictions.curve import (
    N_POINTS,
    NEAR_THE_END,
    Curve,
    CurveQuestion,
    Part,
    Points,
    Side,
)
from hpt_widgets.exercises.predictions.curve_pair import Pair, Shares, paired
from hpt_widgets.exercises.predictions.curve_shape import (
    Fault,
    end_fault,
    first_fault,
    is_unusual,
)
from hpt_widgets.exercises.predictions.question import Comparison
from hpt_widgets.language import translate

QUITE_RIGHT: Final = 0.5
"""Who is praised for the end has it within this share of what may be wrong."""


def compare_curves(
    question: CurveQuestion, drawn: Sequence[Curve | None], found: Sequence[Points]
) -> list[Comparison]:
    """Say of each drawn curve how near it came, and what the difference means.

    A curve counts as right if it is within `CurveQuestion.close` of the real one wherever that
    is known, and has what its `Line` asks besides.

    Parameters
    ----------
    question : CurveQuestion
    drawn : sequence of ndarray of shape (N_POINTS,), or None
        A curve for each line, None for those that were not drawn.
    found : sequence of tuple of ndarray
        The points of each line's real curve, from left to right.

    Returns
    -------
    list of Comparison
        One for each curve that was drawn.
    """
    pairs = [
        paired(question, line, curve, points)
        for line, curve, points in zip(question.lines, drawn, found, strict=False)
    ]
    known = [pair for pair in pairs if pair is not None]
    nothing = Comparison("", "", translate("prediction.no_curve"))
    return [
        nothing if pair is None else _comparison(pair, [p for p in known if p is not pair])
        for pair, curve in zip(pairs, drawn, strict=True)
        if curve is not None
    ]


def _comparison(pair: Pair, others: Sequence[Pair]) -> Comparison:
    gaps, close = pair.gaps_beyond_band(), pair.question.close
    worst = int(np.abs(gaps).argmax())
    is_near = bool(abs(gaps[worst]) <= close)
    shape, end = first_fault(pair, others), end_fault(pair)
    is_right = is_near and shape is None and end is None
    if is_right:
        worst = int(np.abs(pair.gaps()).argmax())
        words, meaning = _at(_key_of_close(pair, worst), pair, worst), str(pair.line.meaning.close)
    else:
        fault = shape or end
        words = fault.words if is_near and fault else _apart(pair, gaps, worst, fault)
        meaning = _reason(pair, gaps, fault)
    if is_unusual(pair):
        meaning = translate("prediction.unusual")
    return Comparison(pair.drawn_words(worst), pair.real_words(worst), words, meaning, is_right)


def _key_of_close(pair: Pair, worst: int) -> str:
    if pair.drawn_words(worst) == pair.real_words(worst):
        return "curve_exact"
    if abs(pair.gaps()[worst]) <= pair.question.close:
        return "curve_close"
    return "curve_close_but_steep" if pair.is_steep(worst) else "curve_close_on_the_whole"


def _apart(pair: Pair, gaps: Shares, worst: int, fault: Fault | None) -> str:
    """Say where a curve is farthest from the real one, and what it lacks besides."""
    apart = _at("curve_apart", pair, worst)
    is_told = fault is not None and fault.is_height and gaps[worst] * gaps[pair.last] > 0
    if fault is None or is_told:
        return apart
    return translate("prediction.apart_and", apart=apart, fault=fault.words)


def _reason(pair: Pair, gaps: Shares, fault: Fault | None) -> str:
    """Return a sentence that is written for just what is wrong with a curve, or an empty text."""
    line = pair.line
    wrong = _what_is_wrong(pair, gaps, fault)
    for part, side in wrong:
        if part in (line.low_is_about if side == "low" else line.high_is_about):
            return str(line.meaning.low if side == "low" else line.meaning.high)
    is_end_right = abs(pair.gaps()[pair.last]) <= QUITE_RIGHT * pair.question.close
    if fault is None and is_end_right:
        return translate("prediction.end_is_right")
    return ""


def _what_is_wrong(pair: Pair, gaps: Shares, fault: Fault | None) -> list[tuple[Part | None, Side]]:
    """Return of what a curve has wrong, and on which side, what matters most first."""
    close, worst = pair.question.close, int(np.abs(gaps).argmax())
    place = _part(pair, worst)
    end = worst if place == "end" else pair.last
    end_side = _side(gaps[end]) if abs(gaps[end]) > close else None
    is_shape = fault is not None and fault.about not in ("start", "end")
    found: list[tuple[Part | None, Side]] = []
    # Of a curve without its turn that ends too high, say, no sentence holds.
    if fault is not None and (fault.about == "start" or end_side in (None, fault.side)):
        found.append((fault.about, fault.side))
    if abs(gaps[worst]) > close and place != "end":
        found.append((place, _side(gaps[worst])))
    if end_side is not None and not is_shape:
        found.append(("end", end_side))
    return found


def _part(pair: Pair, place: int) -> Part:
    if place >= pair.last - NEAR_THE_END:
        return "end"
    return "start" if place < N_POINTS // 3 else "middle"


def _side(gap: float) -> Side:
    return "low" if gap < 0 else "high"


def _at(key: str, pair: Pair, place: int) -> str:
    """Return a sentence about the heights at a place."""
    axis = pair.question.x
    return translate(
        f"prediction.{key}",
        x=axis.words(float(pair.question.grid[place])),
        axis=axis.quantity,
        drawn=pair.drawn_words(place),
        found=pair.real_words(place),
    )
