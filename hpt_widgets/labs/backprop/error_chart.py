"""The chart of the error against the steps of gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hpt_widgets.labs.kit.charts import PLAIN_NUMBERS, Curve, figure
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.language import translate
from hpt_widgets.support.colors import NEUTRAL

# How long the axis of steps is at least, and how many numbers the axes have.
FEWEST_STEPS_SHOWN: Final = 10
MOST_STEP_TICKS: Final = 6
MOST_ERROR_TICKS: Final = 5


class ErrorChart:
    """The errors as a curve, with few round numbers along the axes.

    Attributes
    ----------
    figure : bqplot Figure
    curve : Curve
    """

    def __init__(self) -> None:
        labels = (translate("backprop_lab.descent_steps"), translate("backprop_lab.error"))
        self.figure, scales = figure(*labels, height="156px")
        self.figure.add_class("hpt-errors")
        self.figure.layout.min_width = "220px"
        self.figure.fig_margin = {"top": 8, "bottom": 44, "left": 72, "right": 16}
        self.figure.axes[1].label_offset = "56px"
        self.figure.axes[0].tick_format = "~g"
        self.figure.padding_y = 0.0
        self.curve = Curve(scales, labels, marker_size=40)
        self.curve.style(NEUTRAL, width=3, opacity=1.0)
        self.figure.marks = self.curve.marks

    def draw(self, errors: Sequence[float]) -> None:
        """Show these errors, the one before the first step first."""
        steps, highest = error_limits(errors)
        across, upright = self.figure.axes
        for drawn, end in ((across, float(steps)), (upright, highest)):
            with drawn.scale.hold_sync():
                drawn.scale.min, drawn.scale.max = 0.0, end
        low, high = PLAIN_NUMBERS
        with upright.hold_sync():
            upright.tick_values = round_ticks(0.0, highest, MOST_ERROR_TICKS)
            upright.tick_format = "~g" if low <= highest < high else ".2~e"
        ticks = round_ticks(0.0, steps, MOST_STEP_TICKS)
        across.tick_values = [tick for tick in ticks if tick == int(tick)]
        self.curve.draw(list(range(len(errors))), errors)


def error_limits(errors: Sequence[float]) -> tuple[int, float]:
    """Return where the axes end: at a step, and at an error."""
    return max(len(errors) - 1, FEWEST_STEPS_SHOWN), 1.05 * max(errors) or 1.0
