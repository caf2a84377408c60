"""One chart of the curves of several runs: its axes, and what stands at and beside the curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hpt_widgets.labs.kit.charts import Curve, Scales, axis, figure, log_tick_format
from hpt_widgets.labs.kit.end_labels import EndLabels
from hpt_widgets.labs.kit.frame import CHART_HEIGHTS, sized
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.training.axis_ranges import AxisRange
from hpt_widgets.labs.training.chart_marks import ChartMarks
from hpt_widgets.labs.training.chart_scene import ChartScene
from hpt_widgets.language import translate

HEIGHT: Final = int(CHART_HEIGHTS["half"].removesuffix("px"))
# The last points of the curves have their whole width within the chart.
BEYOND: Final = 1.015


class RunChart:
    """A chart with labels at the ends of its curves.

    Parameters
    ----------
    label : str
        Of the upright axis.
    tick_format : str
        Of its numbers, in D3's language.
    is_log : bool
        Whether it is logarithmic.
    is_text_low : bool
        Whether the curves leave more room at the lower edge than at the upper.

    Attributes
    ----------
    figure : Figure
        Of bqplot.
    scales : Scales
        Of the curves.
    labels : EndLabels
        At the ends of the curves.
    marks : ChartMarks
        What else is marked.
    widget : Box
        All of it.
    """

    def __init__(
        self, label: str, tick_format: str, *, is_log: bool = False, is_text_low: bool = False
    ) -> None:
        self.figure, self.scales = figure("", label, log_y=is_log, x_limits=(0, None))
        sized(self.figure, "half")
        self.figure.add_class("hpt-runs")
        self.figure.axes[1].tick_format = tick_format
        # Else the first number along it touches the lowest one of the other axis.
        self.figure.axes[0].tick_style = {"transform": "translateY(4px)"}
        for scale in (self.scales.x, self.scales.y):
            scale.allow_padding = False  # the labels beside the chart know its ends only so
        self.marks = ChartMarks(self.scales, is_text_low=is_text_low)
        self.labels = EndLabels(self.figure, HEIGHT)
        self.widget = self.labels.widget

    def hold(self, curves: Sequence[Curve]) -> None:
        """Draw these curves, under the marks."""
        self.figure.marks = [*(mark for c in curves for mark in c.marks), *self.marks.marks]

    def show(self, scene: ChartScene, length: float) -> None:
        """Bring axes, labels and marks up to a scene; the chart ends at `length` on the right."""
        along = self.figure.axes[0]
        if along.scale.max != BEYOND * length:
            along.scale.max = BEYOND * length
            along.tick_values = round_ticks(0.0, length)
        self.fit(scene.axis)
        self.labels.show(scene.ends)
        self.marks.show(scene, length)

    def fit(self, shown: AxisRange) -> None:
        """Give the upright axis its ends and ticks, if they are new."""
        drawn = self.figure.axes[1]
        scale = drawn.scale
        if (scale.min, scale.max) == (shown.low, shown.high) and drawn.tick_values is not None:
            return
        with scale.hold_sync():
            scale.min, scale.max = shown.low, shown.high
        with drawn.hold_sync():
            drawn.tick_values = shown.ticks
            if shown.is_log:
                drawn.tick_format = log_tick_format(shown.ticks)

    def label_x(self, label: str, tick_format: str) -> None:
        """Say what lies along the chart, and write its numbers in D3's format."""
        self.figure.axes[0].label = label
        self.figure.axes[0].tick_format = tick_format


class LossChart(RunChart):
    """The chart of the losses, which has a logarithmic and a linear axis.

    Attributes
    ----------
    is_log : bool
        Whether it is the logarithmic one that is seen.
    """

    def __init__(self) -> None:
        super().__init__(translate("training_lab.loss"), "~g", is_log=True)
        self.is_log = True
        linear = Scales(self.scales.x, bqplot.LinearScale(min=0.0, allow_padding=False))
        label = translate("training_charts.loss")
        self._others: tuple[Scales, Any] = linear, axis(linear.y, label, vertical=True)
        self._others[1].tick_format = "~g"

    @property
    def hidden_axis(self) -> Any:
        """The axis that is not seen."""
        return self._others[1]

    def swap_axes(self, curves: Sequence[Curve]) -> None:
        """Draw on the other one of the two axes; the curves have to be drawn anew."""
        along, upright = self.figure.axes
        (self.scales, other), self._others = self._others, (self.scales, upright)
        self.is_log = not self.is_log
        for curve in curves:
            curve.use_scales(self.scales, positive=self.is_log)
        self.marks.use_scales(self.scales)
        self.figure.axes = [along, other]
