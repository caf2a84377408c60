"""The verdicts on a claim that the exercises of chapter 7 ask for."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.exercises.answers import show
from hpt_widgets.exercises.exercise import Wrong
from hpt_widgets.exercises.readings import choice, quoted
from hpt_widgets.language import Text

OUTCOMES: Final = ("reproduced", "refuted", "undecided")
IN_CHINESE: Final = {
    **dict.fromkeys(("复现", "得到复现", "在这里得到复现", "算复现"), "reproduced"),
    # As earlier versions had it: answers of then are still right.
    **dict.fromkeys(("重现", "得到重现", "在这里得到重现", "算重现"), "reproduced"),
    **dict.fromkeys(("不成立", "在这里不成立", "算不成立"), "refuted"),
    **dict.fromkeys(("分不出来", "分不出", "在这里分不出来", "未定"), "undecided"),
}
"""The same in the words of the Chinese texts."""


def decide(low: float, high: float, threshold: float) -> str:
    """Return the verdict that a band gives on a claim to lie above a threshold."""
    if low > threshold:
        return "reproduced"
    return "refuted" if high < threshold else "undecided"


def read_outcome(value: Any) -> str:
    """Return which of the three outcomes a text names, in either language."""
    return choice("verdict", value, OUTCOMES, IN_CHINESE)


def as_outcome(value: Any, otherwise: Text) -> str:
    """Return which of the verdicts a value is, or raise `Wrong` with a text.

    The text may name ``{allowed}`` and ``{found}``.
    """
    try:
        return read_outcome(value)
    except Wrong:
        raise Wrong(otherwise, allowed=quoted(OUTCOMES), found=show(value)) from None
