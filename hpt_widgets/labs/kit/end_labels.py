"""Labels at the right-hand ends of a chart's curves, spread so that none covers another."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.charts import MARGIN

# In pixels: a line of a label, the width of its text, and what letters take of that at 14 pixels;
# bold ones take more.
LINE_HEIGHT: Final = 17
TEXT_WIDTH: Final = 108
LETTER_WIDTH: Final = 8.0
WIDE_LETTER_WIDTH: Final = 14.0
BOLD: Final = 1.12
# What the labels need to the right of the chart.
WIDTH: Final = 130
_STRIP: Final = (
    f'<div style="position:absolute;top:{MARGIN["top"]}px;bottom:{MARGIN["bottom"]}px;right:0;'
    f'width:{WIDTH - 4}px">'
)
# A label follows its curve in such steps, so that it is not sent anew with each point.
STEP: Final = 0.01


@dataclass(frozen=True)
class EndLabel:
    """What stands at the end of a curve.

    Attributes
    ----------
    share : float
        How high the curve ends: 0 at the bottom of the chart, 1 at its top.
    text : str
        What the curve is called.
    color : str
        Of the curve, in CSS.
    is_bold : bool
        Whether it is the one that counts.
    hint : str
        What is said when the mouse is over it.
    is_dashed : bool
        Whether the curve is.
    """

    share: float
    text: str
    color: str
    is_bold: bool = False
    hint: str = ""
    is_dashed: bool = False

    @property
    def n_lines(self) -> int:
        """How many lines it takes, by an estimate of its letters' widths."""
        return count_lines(self.text, TEXT_WIDTH / (BOLD if self.is_bold else 1.0))


def count_lines(text: str, width: float = TEXT_WIDTH) -> int:
    """Return how many lines a text takes that is broken where a browser breaks it, about."""
    lines, used = 1, 0.0
    # English is broken at its spaces, Chinese behind any letter.
    for part in re.findall(r" |[!-~]+|[^ -~]", text):
        needed = text_width(part)
        if used and used + needed > width:
            lines, used = lines + 1, 0.0
        broken = max(0, math.ceil(needed / width) - 1)
        lines += broken
        used += needed - broken * width if part != " " or used else 0.0
    return lines


def text_width(text: str) -> float:
    """Return about how many pixels a text takes at 14 pixels a letter."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return wide * WIDE_LETTER_WIDTH + (len(text) - wide) * LETTER_WIDTH


def spread(wanted: Sequence[float], heights: Sequence[float], total: float) -> list[float]:
    """Return where labels stand that want to be centred somewhere and may not overlap.

    Parameters
    ----------
    wanted : sequence of float
        The distance of each label's centre from the top.
    heights : sequence of float
        Of each label.
    total : float
        Of the room for all of them. If it is too low, the last ones stand out below.

    Returns
    -------
    list of float
        The distances of their centres from the top, in the order of `wanted`.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    tops = [wanted[place] - heights[place] / 2 for place in order]
    end = total
    for rank in reversed(range(len(order))):  # from below, each no lower than the next allows
        tops[rank] = min(tops[rank], end - heights[order[rank]])
        end = tops[rank]
    begin = 0.0
    for rank, place in enumerate(order):
        tops[rank] = max(tops[rank], begin)
        begin = tops[rank] + heights[place]
    places = [0.0] * len(order)
    for top, place in zip(tops, order, strict=True):
        places[place] = top + heights[place] / 2
    return places


class EndLabels:
    """A strip of labels at the right of a figure, whose margin has room for them.

    Parameters
    ----------
    figure : Figure
        Of bqplot; its right margin is set.
    height : int
        Of the figure, in pixels, at which the labels just don't overlap; it may be higher.

    Attributes
    ----------
    text : HTML
        The labels.
    widget : Box
        The figure with them.
    """

    def __init__(self, figure: Any, height: int) -> None:
        self._room = height - MARGIN["top"] - MARGIN["bottom"]
        figure.fig_margin = {**MARGIN, "right": WIDTH}
        self.text = widgets.HTML()
        self.text.add_class("hpt-ends")
        self.widget = widgets.Box(
            [figure, self.text], layout={"width": "100%", "overflow": "visible"}
        )
        self.widget.add_class("hpt-labelled")

    def show(self, labels: Sequence[EndLabel]) -> None:
        """Show these labels and no others."""
        heights = [label.n_lines * LINE_HEIGHT for label in labels]
        wanted = [(1 - _rounded(label.share)) * self._room for label in labels]
        places = spread(wanted, heights, self._room)
        elements = [
            _element(label, place / self._room) for label, place in zip(labels, places, strict=True)
        ]
        self.text.value = f"{_STRIP}{''.join(elements)}</div>" if elements else ""


def _rounded(share: float) -> float:
    return round(min(max(share, 0.0), 1.0) / STEP) * STEP


def _element(label: EndLabel, share: float) -> str:
    style = "dashed" if label.is_dashed else "solid"
    weight = "font-weight:600;" if label.is_bold else ""
    hint = f' title="{html.escape(label.hint, quote=True)}"' if label.hint else ""
    return (
        f'<div class="hpt-end" style="top:{100 * share:.1f}%;{weight}"{hint}>'
        f'<span aria-hidden="true" style="border-top:4px {style} {label.color}"></span>'
        f"<span>{html.escape(label.text)}</span></div>"
    )
