"""The verdicts on a claim that the exercises of chapter 7 ask for."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.exercises.answers import as_text, show
from hpt_widgets.exercises.exercise import Wrong
from hpt_widgets.exercises.readings import quoted
from hpt_widgets.language import Text

OUTCOMES: Final = ("reproduced", "refuted", "undecided")
ALLOWED: Final = quoted(OUTCOMES)


def decide(low: float, high: float, threshold: float) -> str:
    """Return the verdict that a band gives on a claim to lie above a threshold."""
    if low > threshold:
        return "reproduced"
    return "refuted" if high < threshold else "undecided"


def as_outcome(value: Any, otherwise: Text) -> str:
    """Return which of the verdicts a value is, or raise `Wrong` with a text.

    The text may name ``{allowed}`` and ``{found}``.
    """
    word = (as_text(value) or "").strip().lower()
    if word not in OUTCOMES:
        raise Wrong(otherwise, allowed=ALLOWED, found=show(value))
    return word
