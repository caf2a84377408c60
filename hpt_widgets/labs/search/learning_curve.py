"""The learning curve of the trial that a reader has chosen, or of the best."""

from __future__ import annotations

import html

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.charts import Curve, figure
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.search.groups import CHOSEN_COLOR
from hpt_widgets.labs.search.progress_charts import fit_upright
from hpt_widgets.labs.search.score_range import room_around
from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial

# What the axis shows before there is anything to draw.
EMPTY_SAMPLES = 1000.0


class LearningCurve:
    """One trial's validation accuracy against the samples seen.

    Attributes
    ----------
    figure, scales : Figure, Scales
        The chart.
    curve : Curve
        Its mark, in the colour of the ring around the trial on the map.
    title, widget : Widget
        Which trial it is, and both together.
    """

    def __init__(self) -> None:
        labels = (translate("search_lab.samples_axis"), translate("search_lab.accuracy"))
        self.figure, self.scales = figure(*labels, x_limits=(0, None), height="250px")
        self.figure.fig_margin = {"top": 12, "bottom": 50, "left": 78, "right": 24}
        self.figure.axes[1].label_offset = "58px"
        self.figure.axes[0].tick_format, self.figure.axes[1].tick_format = "~s", ".1~%"
        self.figure.add_class("hpt-learning-curve")
        self.curve = Curve(self.scales, labels, marker_size=60)
        self.curve.points.tooltip.formats = [",.6~g", ".2%"]
        self.curve.style(CHOSEN_COLOR, width=3.0, opacity=1.0)
        self.figure.marks = self.curve.marks
        self.title = widgets.HTML()
        self.title.add_class("hpt-legend")
        self.widget = widgets.VBox([self.title, self.figure], layout={"overflow": "visible"})
        self.draw(None, "")

    def draw(self, trial: Trial | None, title: str) -> None:
        """Show a trial's learning curve, or none."""
        history = () if trial is None else trial.history
        samples, scores = [point[0] for point in history], [point[1] for point in history]
        end = max(samples, default=EMPTY_SAMPLES)
        self.scales.x.max = end
        self.figure.axes[0].tick_values = round_ticks(0.0, end)
        known = [score for score in scores if np.isfinite(score)]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        room = room_around(low, high)
        fit_upright(self.scales, self.figure, low - room, high + room)
        self.curve.draw(samples, scores)
        self.title.value = html.escape(title)

    def drawn(self) -> list[float]:
        """Return the accuracies as they are on the screen."""
        return [float(value) for value in self.curve.points.y]
