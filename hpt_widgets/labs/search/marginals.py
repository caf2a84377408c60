"""The strips beside a map: how often each distinct value of a hyperparameter was tried.

With them the map is Bergstra & Bengio's picture (2012): on a grid, 27 trials try only three
different learning rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.search.dimension_scale import DimensionScale, option_label
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import distinct_values
from hpt_widgets.search.space import Choice, Dimension
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.colors import NEUTRAL

Place = Literal["top", "side", "apart"]
# The map's own margins, so that a bar stands exactly over the marks that it counts.
LEFT, RIGHT, TOP, BOTTOM = 62, 6, 6, 46
MAP_HEIGHT: Final = 220
SIDE_WIDTH: Final = 60
# Room for the names of options beside an upright axis, and for its label.
WIDEST_LEFT: Final = 160
LETTER, WIDE_LETTER, LABEL_ROOM = 8, 15, 36
_WIDE: Final = {"flex": "1 1 auto", "width": "auto", "min_width": "180px"}
LAYOUTS: Final[dict[Place, dict[str, str]]] = {
    "top": {**_WIDE, "height": "48px"},
    "side": {
        "flex": "0 0 auto",
        "width": f"{SIDE_WIDTH}px",
        "min_width": "0",
        "height": f"{MAP_HEIGHT}px",
    },
    "apart": {"flex": "1 1 280px", "width": "auto", "min_width": "240px", "height": "170px"},
}


def left_margin(dimension: Dimension) -> int:
    """Return the room that an upright axis of this hyperparameter needs, in pixels."""
    if not isinstance(dimension, Choice):
        return LEFT
    labels = [option_label(option) for option in dimension.options]
    widths = [sum(WIDE_LETTER if c > "\u2e80" else LETTER for c in label) for label in labels]
    return min(max(LEFT, LABEL_ROOM + max(widths)), WIDEST_LEFT)


def margins_of(place: Place, left: int) -> dict[str, int]:
    """Return the margins of a strip beside a map whose own margin on the left is `left`."""
    if place == "side":
        return {"top": TOP, "bottom": BOTTOM, "left": 6, "right": 14}
    above, below = (8, 8) if place == "top" else (12, BOTTOM)
    return {"top": above, "bottom": below, "left": left, "right": RIGHT}


class Marginal:
    """A strip with one bar for each distinct value, as high as the value was tried often.

    Parameters
    ----------
    scale : DimensionScale
        Of the hyperparameter; that of the map's own axis where the strip lies along it.
    place : {"top", "side", "apart"}
        Above the map or at its side, along the map's axis; or apart, with an axis of its own.
    number : int
        Of the strip, from 0: its CSS class is ``hpt-marginal-0``, and so on.
    left : int, default 62
        The map's own margin on the left, in pixels.

    Attributes
    ----------
    figure : bqplot Figure
    bars : bqplot Lines
    scale : DimensionScale
    count_scale : bqplot Scale
        Along the bars: how often a value was tried.
    """

    def __init__(self, scale: DimensionScale, place: Place, number: int, left: int = LEFT) -> None:
        self.scale = scale
        self._upright = place != "side"
        self.count_scale = bqplot.LinearScale(min=0, max=1)
        along, up = scale.scale, self.count_scale
        # A comb, drawn in one stroke: as many lines would be as many marks in the browser.
        self.bars = bqplot.Lines(
            x=[],
            y=[],
            scales={"x": along, "y": up} if self._upright else {"x": up, "y": along},
            colors=[NEUTRAL],
            stroke_width=2.5,
        )
        self._count_axis = bqplot.Axis(
            scale=self.count_scale,
            side="left" if self._upright else "bottom",
            label=translate("search_lab.count_axis"),
            label_offset="38px" if self._upright else "34px",
            tick_format="d",
            tick_values=[0, 1],
            grid_lines="none",
        )
        self.figure = bqplot.Figure(
            marks=[self.bars],
            axes=[self._count_axis, *([scale.axis()] if place == "apart" else [])],
            fig_margin=margins_of(place, left),
            background_style={"fill": "transparent"},
            layout=dict(LAYOUTS[place]),
            padding_x=0.0,
            padding_y=0.0,
            display_toolbar=False,
        )
        self.figure.add_class("hpt-chart")
        # Not the hyperparameter's name: one with a space is no class, and breaks the chart.
        self.figure.add_class(f"hpt-marginal-{number}")

    def fit(self, trials: Sequence[Trial]) -> None:
        """Make the axis long enough for these trials."""
        name = self.scale.dimension.name
        self.scale.fit(trial.hyperparameters.get(name) for trial in trials)

    def draw(self, trials: Sequence[Trial]) -> None:
        """Show how often these trials tried each value."""
        found = distinct_values(trials, self.scale.dimension.name)
        placed = [(self.scale.place(value), count) for value, count in found]
        bars = sorted((place, count) for place, count in placed if place is not None)
        along = np.repeat([place for place, _ in bars], 3)
        up = np.zeros(3 * len(bars))
        up[1::3] = [count for _, count in bars]
        with self.bars.hold_sync():
            self.bars.x, self.bars.y = (along, up) if self._upright else (up, along)
        most = max([count for _, count in bars], default=1)
        self.count_scale.max = float(most)
        self._count_axis.tick_values = [0, most]

    def drawn(self) -> dict[float, float]:
        """Return how often each distinct value was tried, as it is on the screen."""
        along, up = self.bars.x, self.bars.y
        if not self._upright:
            along, up = up, along
        bars = zip(along[1::3], up[1::3], strict=True)
        return {float(value): float(count) for value, count in bars}
