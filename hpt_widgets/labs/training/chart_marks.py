"""Marks on a chart of several runs, in bqplot: its best points, its edges, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hpt_widgets.labs.kit.charts import Scales
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.training.chart_scene import Change, ChartScene, Spot
from hpt_widgets.support.colors import NEUTRAL

SIZE: Final = 130
RING_SIZE: Final = 110
# The texts of changes are written in so many rows below one another, from an edge of the chart.
ROWS: Final = 4
ROW_HEIGHT: Final = 0.1
TEXT_SIZE: Final = 14.0
# Beyond this share of the axis a text stands to the left of its line.
TURN: Final = 0.55
_SHAPES: Final = {
    "above": "triangle-up", "below": "triangle-down", "diverged": "cross", "best": "circle",
}  # fmt: skip


class ChartMarks:
    """What a chart shows besides its curves.

    Parameters
    ----------
    scales : Scales
        Of the chart.
    is_text_low : bool
        Whether the texts of changes stand at the lower edge; else at the upper.

    Attributes
    ----------
    spots : dict of str to Scatter
        "above", "below", "diverged" and "best": see `ChartScene`.
    lines : Lines
        Upright, where something was changed.
    texts : dict of str to Label
        What was changed, by the side of the line that it begins at: "start" and "end".
    """

    def __init__(self, scales: Scales, *, is_text_low: bool = False) -> None:
        self._is_text_low = is_text_low
        self._shown_spots: dict[str, list[Spot]] = {name: [] for name in _SHAPES}
        self._shown: tuple[list[Change], float] = ([], 0.0)
        pair = {"x": scales.x, "y": scales.y}
        self.spots = {name: _scatter(name, pair) for name in _SHAPES}
        upright = {"x": scales.x, "y": bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)}
        self.lines = bqplot.Lines(
            x=[], y=[], scales=upright, line_style="dotted", stroke_width=2.0, colors=[NEUTRAL]
        )
        self.texts = {
            side: bqplot.Label(
                x=[], y=[], text=[], scales=upright, align=side, default_size=TEXT_SIZE,
                font_weight="normal", colors=[NEUTRAL], x_offset=5 if side == "start" else -5,
                y_offset=4, apply_clip=False,
            )
            for side in ("start", "end")
        }  # fmt: skip
        self.marks = [self.lines, *self.spots.values(), *self.texts.values()]

    def use_scales(self, scales: Scales) -> None:
        """Draw on other scales."""
        for mark in self.spots.values():
            mark.scales = {"x": scales.x, "y": scales.y}

    def show(self, scene: ChartScene, length: float) -> None:
        """Show what a scene has besides its curves; its axis is about so long."""
        for name, mark in self.spots.items():
            spots = list(getattr(scene, name))
            if spots != self._shown_spots[name]:
                self._shown_spots[name] = spots
                _move(mark, spots)
        self._show_changes(scene.changes, length)

    def _show_changes(self, changes: list[Change], length: float) -> None:
        if (changes, length) == self._shown:
            return
        self._shown = (changes, length)
        with self.lines.hold_sync():
            self.lines.x = [[change.x, change.x] for change in changes]
            self.lines.y = [[0.0, 1.0]] * len(changes)
            self.lines.colors = [change.color for change in changes] or [NEUTRAL]
        for side, label in self.texts.items():
            rows = [
                (change, row % ROWS)
                for row, change in enumerate(changes)
                if (side == "end") == (change.x > TURN * length)
            ]
            with label.hold_sync():
                label.x = [change.x for change, _ in rows]
                label.y = [self._height(row) for _, row in rows]
                label.text = [change.text for change, _ in rows]

    def _height(self, row: int) -> float:
        distance = ROW_HEIGHT * (row + 0.8)
        return distance if self._is_text_low else 1.0 - distance


def _scatter(name: str, pair: dict[str, Any]) -> Any:
    is_ring = name == "best"
    return bqplot.Scatter(
        x=[],
        y=[],
        names=[],
        display_names=False,
        names_unique=False,
        scales=pair,
        marker=_SHAPES[name],
        fill=not is_ring,
        stroke_width=2.5,
        default_size=RING_SIZE if is_ring else SIZE,
        colors=[NEUTRAL],
        tooltip=bqplot.Tooltip(fields=["name"], labels=[""], show_labels=False),
        apply_clip=False,
    )


def _move(mark: Any, spots: Sequence[Spot]) -> None:
    with mark.hold_sync():
        mark.x, mark.y = [spot.x for spot in spots], [spot.y for spot in spots]
        mark.names = [spot.text for spot in spots]
        mark.colors = [spot.color for spot in spots] or [NEUTRAL]
