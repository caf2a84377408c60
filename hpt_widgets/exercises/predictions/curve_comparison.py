"""Judges drawn curves: by their heights, and by what a question asks of their shape besides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpt_widgets.exercises.predictions.curve import Curve, CurveQuestion, Points
from hpt_widgets.exercises.predictions.curve_pair import Pair, Shares, paired
from hpt_widgets.exercises.predictions.curve_shape import (
    Fault,
    Side,
    end_fault,
    first_fault,
    is_unusual,
)
from hpt_widgets.exercises.predictions.question import Comparison
from hpt_widgets.language import translate


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
        if curve is not None
    ]
    known = [pair for pair in pairs if pair is not None]
    nothing = Comparison("", "", translate("prediction.no_curve"))
    return [
        nothing if pair is None else _comparison(pair, [p for p in known if p is not pair])
        for pair in pairs
    ]


def _comparison(pair: Pair, others: Sequence[Pair]) -> Comparison:
    gaps, close = pair.gaps_beyond_band(), pair.question.close
    worst = int(np.abs(gaps).argmax())
    is_near = bool(abs(gaps[worst]) <= close)
    fault = first_fault(pair, others)
    if is_near and fault is None:
        raw = np.abs(pair.gaps())
        worst = int(raw.argmax())
        words = _at("curve_close" if raw[worst] <= close else "curve_close_but", pair, worst)
        meaning = str(pair.line.meaning.close)
    elif is_near and fault is not None:
        words, meaning = fault.words, _sentence(pair, fault.side)
    else:
        words, meaning = _apart(pair, gaps, worst, fault)
    if is_unusual(pair):
        meaning = translate("prediction.unusual")
    drawn, found = pair.drawn_words(worst), pair.real_words(worst)
    return Comparison(drawn, found, words, meaning, is_near and fault is None)


def _apart(pair: Pair, gaps: Shares, worst: int, fault: Fault | None) -> tuple[str, str]:
    """Return where a curve is too low or too high, and what that means.

    A sentence about the end would be wrong for those who have the end right.
    """
    words, side = _at("curve_apart", pair, worst), _side(gaps[worst])
    is_about_the_end = side in pair.line.about_the_end
    if abs(gaps[pair.last]) > pair.question.close or end_fault(pair) is not None:
        end_side = _side(pair.gaps()[pair.last])
        return words, _sentence(pair, end_side if is_about_the_end else side)
    if fault is not None:
        words = translate("prediction.apart_and", apart=words, fault=fault.words)
        return words, _sentence(pair, fault.side if is_about_the_end else side)
    if is_about_the_end:
        return words, translate("prediction.end_is_right")
    return words, _sentence(pair, side)


def _side(gap: float) -> Side:
    return "low" if gap < 0 else "high"


def _sentence(pair: Pair, side: Side) -> str:
    meaning = pair.line.meaning
    return str(meaning.low if side == "low" else meaning.high)


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
