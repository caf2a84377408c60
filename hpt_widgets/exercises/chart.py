"""The charts of exercises and quizzes: stored curves, drawn in the reader's language.

The numbers stand in ``chapters/series.json``: `tools.make_exercise_series` gets them from real
runs, and writes them. A chapter's file says which of them a chart shows, and how.
"""

from __future__ import annotations

import base64
import html
import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import Text
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hpt_widgets.support.still_picture import StillPicture

SERIES_FILE: Final = "series.json"
STYLES: Final[dict[str, dict[str, Any]]] = {
    "line": {"marker": ""},
    "dashed": {"linestyle": "--"},
    "points": {"linestyle": "", "marker": "o", "markersize": 4},
    "marked": {"marker": "o", "markersize": 4},
    "steps": {"drawstyle": "steps-post"},
}
SCALES: Final = ("linear", "log")
PANEL_SIZE: Final = (4.4, 3.1)
# For ten rows and columns of counts, which are to be read.
MATRIX_SIZE: Final = (6.4, 5.6)
# Above the highest curve, as a share of the height.
MARGIN: Final = 0.05


@dataclass(frozen=True)
class Curve:
    """One curve of a chart.

    Attributes
    ----------
    name : Text
        What the legend calls it; curves of one name have one colour and one entry.
    series : str
        The name of its numbers.
    style : str
        A key of `STYLES`.
    """

    name: Text
    series: str
    style: str = "line"


@dataclass(frozen=True)
class Chart:
    """One panel of a picture: curves, or a table of counts as a coloured matrix.

    Attributes
    ----------
    x, y : Text
        What the axes are.
    alt : Text
        What it shows, for those who do not see it: all that the task needs.
    curves : tuple of Curve
        In the order of the legend; empty for a matrix.
    matrix : str
        The name of the numbers of a matrix; empty for curves.
    title : Text or None
    x_scale, y_scale : {"linear", "log"}
    y_low : float or None
        Where the vertical axis begins, so that what lies close together above can be told apart.
        None shows all.
    """

    x: Text
    y: Text
    alt: Text
    curves: tuple[Curve, ...] = ()
    matrix: str = ""
    title: Text | None = None
    x_scale: str = "linear"
    y_scale: str = "linear"
    y_low: float | None = None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the panel, in inches."""
        return MATRIX_SIZE if self.matrix else PANEL_SIZE


@dataclass(frozen=True, repr=False)
class Picture:
    """Charts side by side, or two above two, as a notebook shows them.

    Attributes
    ----------
    charts : tuple of Chart
    """

    charts: tuple[Chart, ...]

    def draw(self) -> StillPicture:
        """Draw the charts in matplotlib."""
        from hpt_widgets.support.still_picture import StillPicture

        widths, heights = zip(*(chart.size for chart in self.charts), strict=True)
        columns = math.ceil(len(self.charts) / self._rows)
        size = max(widths) * columns, max(heights) * self._rows
        figure = StillPicture(figsize=size, layout="constrained")
        # Charts of the same quantities are to be compared, and have the same axes.
        is_same = len({(str(chart.x), str(chart.y)) for chart in self.charts}) == 1
        panels = figure.subplots(self._rows, columns, squeeze=False, sharex=is_same, sharey=is_same)
        for axes, chart in zip(panels.flat, self.charts, strict=True):
            axes.tick_params(labelbottom=True, labelleft=True)
            _draw(axes, chart)
        return figure

    @property
    def _rows(self) -> int:
        """Four in a row would be too small to read on a projector."""
        return 2 if len(self.charts) == 4 else 1

    def as_html(self) -> str:
        """Return the picture as an ``img`` element, with its description for screen readers."""
        content = base64.b64encode(self.draw().png()).decode()
        alt = html.escape(repr(self), quote=True)
        return f'<img src="data:image/png;base64,{content}" alt="{alt}" style="max-width: 100%">'

    def __repr__(self) -> str:
        return " ".join(str(chart.alt) for chart in self.charts)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        png = base64.b64encode(self.draw().png()).decode()
        return {"text/plain": repr(self), "text/html": self.as_html(), "image/png": png}


@cache
def all_series() -> dict[str, Any]:
    """Return the stored numbers by name: ``[x, y]`` of a curve, or the rows of a matrix."""
    file = resources.files("hpt_widgets.exercises.chapters").joinpath(SERIES_FILE)
    series: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return series


def curve_of(series: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the x and the y of a stored curve."""
    x, y = all_series()[series]
    return np.array(x, float), np.array(y, float)


def _draw(axes: Axes, chart: Chart) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel(str(chart.x))
    axes.set_ylabel(str(chart.y))
    if chart.title is not None:
        axes.set_title(str(chart.title))
    if chart.matrix:
        _draw_matrix(axes, np.array(all_series()[chart.matrix]))
        return
    axes.set_xscale(chart.x_scale)
    axes.set_yscale(chart.y_scale)
    axes.grid(alpha=0.3)
    if chart.x_scale == "linear" and all(_is_counted(curve) for curve in chart.curves):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    names: list[str] = []
    for curve in chart.curves:
        name = str(curve.name)
        label = name if name not in names else "_"
        names += [] if name in names else [name]
        color = PALETTE[names.index(name) % len(PALETTE)]
        x, y = curve_of(curve.series)
        axes.plot(x, y, color=color, label=label, **_style(curve.style))
    if chart.y_low is not None:
        highest = max(curve_of(curve.series)[1].max() for curve in chart.curves)
        axes.set_ylim(chart.y_low, highest + MARGIN * (highest - chart.y_low))
    if len(names) > 1:
        axes.legend()


def _is_counted(curve: Curve) -> bool:
    """Return whether a curve stands over whole numbers, such as epochs."""
    x, _ = curve_of(curve.series)
    return bool((x == np.round(x)).all())


def _style(name: str) -> dict[str, Any]:
    return dict(STYLES[name])


def _draw_matrix(axes: Axes, counts: NDArray[np.float64]) -> None:
    # What is right would outshine the mistakes.
    is_right = np.subtract.outer(*map(np.arange, counts.shape)) == 0
    shown = np.where(is_right, np.nan, counts)
    axes.imshow(shown, cmap="Blues")
    axes.set_xticks(range(counts.shape[1]))
    axes.set_yticks(range(counts.shape[0]))
    darkest = np.nanmax(shown)
    for row, values in enumerate(counts):
        for column, value in enumerate(values):
            dark = row != column and value > darkest / 2
            axes.text(
                column, row, f"{value:g}", ha="center", va="center",
                fontsize=10, color="white" if dark else "black",
            )  # fmt: skip
