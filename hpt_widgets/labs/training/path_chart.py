"""The chart of the weights' paths over the map of the loss, and the map's legend."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from hpt_widgets.labs.kit.charts import figure, swatch
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.training.path_map import GROUND
from hpt_widgets.language import translate
from hpt_widgets.support.colors import NEUTRAL, PALETTE
from hpt_widgets.training.loss_plane import Window, window_around

HEIGHT: Final = "430px"
MOST_TICKS: Final = 8
EMPTY_ENDS: Final = (-1.0, 1.0)
INK: Final = "#202020"
# What the chart shows where there is no map: ink stands out on it in light and dark themes.
_NO_MAP: Final = "#F0F0F0"
PRESENT_WIDTH: Final = 3.2
GHOST_WIDTH: Final = 2.0
GHOST_OPACITY: Final = 0.75


class PathChart:
    """The map with the paths on it, in bqplot."""

    def __init__(self) -> None:
        self.figure, scales = figure(
            "", "", height=HEIGHT, x_limits=EMPTY_ENDS, y_limits=EMPTY_ENDS
        )
        self.figure.layout.flex = "3 1 480px"
        self.figure.layout.width = "auto"
        self.figure.layout.max_width = "860px"
        self.figure.padding_x = self.figure.padding_y = 0
        pair = {"x": scales.x, "y": scales.y}
        self.ground = bqplot.Image(
            image=widgets.Image(value=b""), scales=pair, x=[0, 0], y=[0, 0], visible=False
        )
        self.lines = {color: self._line(color, pair) for color in PALETTE}
        look = {"x": [], "y": [], "scales": pair, "stroke": INK, "stroke_width": 2}
        # A ring does not hide a path that hardly leaves its start.
        self.start = bqplot.Scatter(default_size=240, fill=False, **look)
        self.head = bqplot.Scatter(default_size=130, **look)
        self.ends = bqplot.Scatter(default_size=60, **look)
        self.figure.marks = [
            self.ground, *self.lines.values(), self.start, self.head, self.ends,
        ]  # fmt: skip
        self.figure.background_style = {"fill": _NO_MAP}
        for drawn_axis in self.figure.axes:
            drawn_axis.grid_lines = "none"
            drawn_axis.tick_format = "~g"
        self._explained: tuple[float, float] | None = None
        self.clear()

    def label(self, explained: tuple[float, float] | None) -> None:
        """Say on the axes which share of the variation they keep."""
        for place, drawn_axis in enumerate(self.figure.axes):
            # Numbers along a direction that is not known would mean nothing.
            is_known = explained is not None and any(explained)
            drawn_axis.tick_style = {"display": "inline" if is_known else "none"}
            if explained is None or explained != self._explained:
                drawn_axis.label = axis_label(place, explained)
        self._explained = explained

    def show_ground(self, picture: bytes, window: Window) -> None:
        """Put a map under the paths, and show all of it and no more."""
        before = self.ground.image
        with self.ground.hold_sync():
            # A layout of its own would outlive the picture.
            self.ground.image = widgets.Image(value=picture, layout=before.layout)
            self.ground.x, self.ground.y = list(window.x), list(window.y)
            self.ground.visible = True
        before.close()
        self._show(window)

    def show_all(self, paths: list[NDArray[np.float64]], ground: Window | None) -> None:
        """Make room for paths that lead out of the map."""
        corners = [] if ground is None else [np.transpose([ground.x, ground.y])]
        self._show(window_around([*paths, *corners], margin=0.1))

    def draw_path(self, color: str, points: NDArray[np.float64], *, present: bool) -> None:
        """Show one run's path; the present one has a head, and a start that all share."""
        line = self.lines[color]
        with line.hold_sync():
            line.x, line.y = points[:, 0], points[:, 1]
            line.stroke_width = PRESENT_WIDTH if present else GHOST_WIDTH
            line.opacities = [1.0 if present else GHOST_OPACITY]
        if present:
            _move(self.start, points[:1])
            self.head.colors = [color]
            _move(self.head, points[-1:])

    def draw_ends(self, ends: dict[str, NDArray[np.float64]]) -> None:
        """Mark where earlier runs ended, by their colours."""
        with self.ends.hold_sync():
            self.ends.colors = list(ends) or [INK]
            _move(self.ends, np.reshape(list(ends.values()), (-1, 2)))

    def clear(self) -> None:
        """Take everything off the chart."""
        self.ground.visible = False
        self.draw_ends({})
        for color in self.lines:
            self.draw_path(color, np.zeros((0, 2)), present=False)
        for mark in (self.start, self.head):
            _move(mark, np.zeros((0, 2)))
        self.label(None)

    def _line(self, color: str, pair: dict[str, Any]) -> Any:
        return bqplot.Lines(
            x=[], y=[], scales=pair, colors=[color], marker="circle", marker_size=26
        )

    def _show(self, window: Window) -> None:
        for drawn_axis, ends in zip(self.figure.axes, (window.x, window.y), strict=True):
            scale = drawn_axis.scale
            if (scale.min, scale.max) != ends:
                with scale.hold_sync():
                    scale.min, scale.max = ends
                drawn_axis.tick_values = round_ticks(*ends, MOST_TICKS)


def _move(mark: Any, points: NDArray[np.float64]) -> None:
    with mark.hold_sync():
        mark.x, mark.y = points[:, 0], points[:, 1]


def axis_label(place: int, explained: tuple[float, float] | None) -> str:
    """Return what stands along the first axis (0) or the second (1)."""
    if explained is None:
        return translate("path_view.axis_unknown")
    if not any(explained):
        return translate("path_view.axis_missing")
    return translate(f"path_view.axis_{place + 1}", share=explained[place])


def paths_legend(names: Sequence[tuple[str, str]]) -> str:
    """Return a legend in HTML of several paths: the colour of each, and its name."""
    if len(names) < 2:
        return ""
    rows = [f"<span>{swatch(color)}{html.escape(name)}</span>" for color, name in names]
    return f'<div style="display:flex;flex-wrap:wrap;gap:0 14px">{"".join(rows)}</div>'


def legend_bar(low: float, high: float) -> str:
    """Return a bar in HTML that shows which shade is which loss."""
    middle = (low * high) ** 0.5
    numbers = "".join(f"<span>{value:.3g}</span>" for value in (low, middle, high))
    return (
        f"{translate('path_view.loss')}"
        f'<div aria-hidden="true" style="height:14px;max-width:260px;border:1px solid {NEUTRAL};'
        f'background:linear-gradient(to right,{",".join(GROUND)})"></div>'
        f'<div style="display:flex;justify-content:space-between;max-width:260px">{numbers}</div>'
    )
