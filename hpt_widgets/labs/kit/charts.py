"""The look that all charts of the labs share, and curves that move.

Charts that move are bqplot's: a new value is a few hundred bytes and painted by the
browser.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.labs.kit.quiet_bqplot import bqplot

MARGIN: Final = {"top": 12, "bottom": 46, "left": 64, "right": 28}
MOST_POINTS: Final = 600
MOST_LOG_TICKS: Final = 9
# More markers than these would hide the dashes of their line, or a line that has none: they are
# there for the mouse only.
MOST_MARKERS: Final = {"dashed": 12, "solid": 60}
# Numbers between these are short when they are written out.
PLAIN_NUMBERS: Final = (1e-3, 1e4)
# More often than this no eye can follow, and drawing would slow down the work that is drawn.
REDRAW_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Scales:
    """The two scales that all marks of a chart share.

    Attributes
    ----------
    x, y : bqplot Scale
        Linear or logarithmic.
    """

    x: Any
    y: Any


def figure(
    x_label: str,
    y_label: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    height: str = "280px",
    x_limits: tuple[float | None, float | None] = (None, None),
    y_limits: tuple[float | None, float | None] = (None, None),
) -> tuple[Any, Scales]:
    """Return an empty figure that is legible on light and dark backgrounds, and its scales.

    It is as wide as there is room. An end of an axis that is None is fitted to what is drawn.
    """
    kinds = [bqplot.LogScale if log else bqplot.LinearScale for log in (log_x, log_y)]
    x = kinds[0](min=x_limits[0], max=x_limits[1])
    y = kinds[1](min=y_limits[0], max=y_limits[1])
    axes = [axis(x, x_label), axis(y, y_label, vertical=True)]
    for drawn, log in zip(axes, (log_x, log_y), strict=True):
        if log:
            drawn.tick_format = "~g"
    made = bqplot.Figure(
        marks=[],
        axes=axes,
        fig_margin=dict(MARGIN),
        background_style={"fill": "transparent"},
        layout={"width": "100%", "height": height, "min_width": "300px"},
        padding_x=0.0,
        padding_y=0.05,
        display_toolbar=False,  # its buttons have no names, and its pan mode takes the clicks
    )
    made.add_class("hpt-chart")
    return made, Scales(x, y)


def axis(scale: Any, label: str, *, vertical: bool = False) -> Any:
    """Return an axis with a faint grid, below the chart or on its left."""
    return bqplot.Axis(
        scale=scale,
        label=label,
        side="left" if vertical else "bottom",
        grid_lines="solid",
        grid_color="rgba(128,128,128,0.25)",
        label_offset="48px" if vertical else "34px",
    )


def log_axis(smallest: float, largest: float) -> tuple[float, float, list[float]]:
    """Return the ends of a logarithmic axis for these values, and the ticks between.

    All are numbers like 0.2 or 50, so the axis seldom changes while a curve grows. bqplot's
    own ticks there are numbers like 0.0812656.
    """
    exponents = range(math.floor(math.log10(smallest)), math.ceil(math.log10(largest)) + 1)
    ladder = [float(f"{digit}e{exponent}") for exponent in exponents for digit in (1, 2, 5)]
    low = max((tick for tick in ladder if tick <= smallest), default=smallest)
    high = min((tick for tick in ladder if tick > largest), default=largest)
    ticks = [tick for tick in ladder if low <= tick <= high]
    if len(ticks) > MOST_LOG_TICKS:
        ticks = [tick for tick in ticks if f"{tick:e}".startswith("1.")]
    return low, high, ticks[:: math.ceil(len(ticks) / MOST_LOG_TICKS)]


def log_tick_format(ticks: Sequence[float]) -> str:
    """Return the D3 format in which all ticks of a logarithmic axis look alike and are short.

    Written out, as 0.2 or 500; or, where one of them would be long, all as powers: 1e-1, 5e+5.
    """
    low, high = PLAIN_NUMBERS
    return "~g" if all(low <= tick < high for tick in ticks) else ".0e"


def drawable(
    x: Iterable[float], y: Iterable[float], *, positive: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points that a chart can draw, at most `MOST_POINTS` of them.

    A nan, or a value of 0 on a logarithmic scale (`positive`), would blank the whole chart.
    """
    xs = np.asarray(list(x), np.float64)
    ys = np.asarray(list(y), np.float64)
    kept = np.isfinite(xs) & np.isfinite(ys)
    if positive:
        kept &= ys > 0
    xs, ys = xs[kept], ys[kept]
    if len(xs) > MOST_POINTS:
        chosen = np.linspace(0, len(xs) - 1, MOST_POINTS).round().astype(int)
        xs, ys = xs[chosen], ys[chosen]
    return xs, ys


class Curve:
    """One line of a chart whose points say their values when the mouse is over them.

    Parameters
    ----------
    scales : Scales
        Of the chart that it belongs to.
    labels : (str, str)
        What x and y are called in the hover text.
    dashed : bool
        Draw it dashed.
    marker_size : int
        Area of a point in square pixels.
    positive : bool
        Whether only values above 0 can be drawn (a logarithmic scale).

    Attributes
    ----------
    line, points : Lines, Scatter
        The bqplot marks.
    """

    def __init__(
        self,
        scales: Scales,
        labels: tuple[str, str],
        *,
        dashed: bool = False,
        marker_size: int = 36,
        positive: bool = False,
    ) -> None:
        pair = {"x": scales.x, "y": scales.y}
        self._positive = positive
        self._opacity = 1.0
        self._style = "dashed" if dashed else "solid"
        self.line = bqplot.Lines(x=[], y=[], scales=pair, line_style=self._style)
        # Hovering over a line shows nothing of use, so points lie on top of it.
        self.points = bqplot.Scatter(
            x=[],
            y=[],
            scales=pair,
            default_size=marker_size,
            tooltip=bqplot.Tooltip(
                fields=["x", "y"], labels=list(labels), formats=[",.6~g", ".4~g"]
            ),
        )

    @property
    def marks(self) -> list[Any]:
        """The bqplot marks, for the figure."""
        return [self.line, self.points]

    def draw(self, x: Sequence[float], y: Sequence[float], *, line_only: bool = False) -> None:
        """Show these points instead of the ones before, but for those that cannot be drawn.

        `line_only` leaves the markers as they are.
        """
        xs, ys = drawable(x, y, positive=self._positive)
        for mark in self.marks[:1] if line_only else self.marks:
            with mark.hold_sync():
                mark.x, mark.y = xs, ys
                if mark is self.points:
                    mark.opacities = [self._marker_opacity]

    def use_scales(self, scales: Scales, *, positive: bool) -> None:
        """Belong to other scales from now on; what is drawn stays until it is drawn anew."""
        self._positive = positive
        for mark in self.marks:
            mark.scales = {"x": scales.x, "y": scales.y}

    def label_x(self, label: str) -> None:
        """Say in the hover text what x is called."""
        tooltip = self.points.tooltip
        tooltip.labels = [label, *tooltip.labels[1:]]

    def style(self, color: str, *, width: float, opacity: float) -> None:
        """Give it its colour (CSS), its width (pixels) and its opacity (from 0 to 1)."""
        # Each message makes the browser draw the mark again, so all goes in one.
        with self.line.hold_sync(), self.points.hold_sync():
            self._opacity = opacity
            self.line.colors = self.points.colors = [color]
            self.line.stroke_width = width
            self.line.opacities = [opacity]
            self.points.opacities = [self._marker_opacity]

    @property
    def _marker_opacity(self) -> float:
        return 0.0 if len(self.points.x) > MOST_MARKERS[self._style] else self._opacity


def swatch(color: str, *, dashed: bool = False) -> str:
    """Return a short coloured line in HTML, for legends."""
    style = "dashed" if dashed else "solid"
    return (
        f'<span aria-hidden="true" style="display:inline-block;flex:0 0 26px;width:26px;'
        f'border-top:4px {style} {color};margin:0 6px 4px 0"></span>'
    )
