"""A sheet to draw curves on: with the mouse on the chart, or by typing heights below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.exercises.predictions.curve import Curve, CurveQuestion, smoothed, with_knot
from hpt_widgets.labs.kit.control_panel import show_one_message_at_a_time
from hpt_widgets.labs.kit.controls import NumberControl, choice_list
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.kit.own_changes import OwnChanges
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.prediction.chart import empty_chart, legend, line_of
from hpt_widgets.language import translate

# Where nothing is drawn yet there is a line all the same, to be taken hold of.
UNDRAWN: Final = 0.35
DRAWN: Final = 1.0


class CurveSheet:
    """The chart of a `CurveQuestion`, on which its curves are drawn.

    Parameters
    ----------
    question : CurveQuestion
    on_draw : callable
        Called with all curves when the reader has drawn one; None for one that was not.

    Attributes
    ----------
    figure : Figure
        The chart; its interaction draws the chosen curve.
    lines : list of Lines
        A mark for each curve.
    pens : list of HandDraw
        What draws each curve; the chosen one is the chart's interaction.
    which : Dropdown
        Which curve is drawn; it is hidden where there is only one.
    knots : list of NumberControl
        The heights of the chosen curve at a few places.
    widget : Widget
        All of it.
    """

    def __init__(
        self, question: CurveQuestion, on_draw: Callable[[list[Curve | None]], None]
    ) -> None:
        self.question = question
        self._on_draw = on_draw
        self._own_changes = OwnChanges()
        self._chosen = 0
        self._is_locked = False
        self._curves: list[Curve | None] = [None] * len(question.lines)
        self._flat = question.y.value_at(np.full(len(question.grid), 0.5))
        self.figure, scales = empty_chart(question)
        self.lines = [
            line_of(scales, question.grid, self._flat, number, dashed=False)
            for number in range(len(question.lines))
        ]
        self.figure.marks = self.lines
        # A HandDraw keeps the line that it was made for.
        self.pens = [bqplot.interacts.HandDraw(lines=line) for line in self.lines]
        for number, line in enumerate(self.lines):
            line.observe(lambda change, number=number: self._on_line(number, change), "y")
        options = [(str(line.name), number) for number, line in enumerate(question.lines)]
        self.which = choice_list(translate("prediction.which_curve"), options, 0, self.choose)
        self.which.layout.display = "" if len(options) > 1 else "none"
        self.knots = [self._knot(place) for place in range(len(question.knots))]
        show_one_message_at_a_time(self.knots)
        self.widget = widgets.VBox(
            [
                widgets.HBox(
                    [self.which, widgets.HTML(legend(question))], layout={"flex_flow": "row wrap"}
                ),
                self.figure,
                widgets.HBox(
                    [knot.widget for knot in self.knots], layout={"flex_flow": "row wrap"}
                ),
            ]
        )
        self.show(self._curves)

    def choose(self, number: int) -> None:
        """Let the curve with a number, counted from 0, be the one whose heights are shown.

        It is the one that is drawn, unless the curves are locked.
        """
        self._chosen = number
        self.which.value = number
        self.figure.interaction = None if self._is_locked else self.pens[number]
        self._show_knots()

    def show(self, curves: Sequence[Curve | None]) -> None:
        """Show these curves; one that is None is a faint line in the middle."""
        with self._own_changes:
            self._curves = list(curves)
            for line, curve in zip(self.lines, self._curves, strict=True):
                with line.hold_sync():
                    line.y = self._flat if curve is None else curve
                    line.opacities = [UNDRAWN if curve is None else DRAWN]
                    line.line_style = "dotted" if curve is None else "solid"
        if self.figure.interaction is None and not self._is_locked:
            self.choose(0)
        self._show_knots()

    def lock(self, is_locked: bool) -> None:
        """Keep the curves as they are, or let them be drawn again."""
        self._is_locked = is_locked
        for knot in self.knots:
            knot.field.disabled = is_locked
        self.choose(self._chosen)

    def _knot(self, place: int) -> NumberControl:
        index = self.question.knots[place]
        x = self.question.grid[index]
        label = translate("prediction.knot", x=f"{x:,.0f}" if x >= 1000 else f"{x:.3g}")
        allowed = NumberRange(self.question.y.minimum, self.question.y.maximum)
        made = NumberControl(
            label,
            self._rounded(self._flat[index]),
            allowed,
            lambda value: self._on_knot(place, value),
            called=str(self.question.y.label),
        )
        made.use_label_width("initial")
        made.field.layout.width = "100%"
        # Five of them stand in one row of a notebook on a projector.
        made.widget.layout.flex = "1 1 0"
        made.widget.layout.min_width = "130px"
        made.widget.layout.padding = "0 8px 0 0"
        return made

    def _on_knot(self, place: int, value: float) -> None:
        curve = with_knot(self.question, self._curve_of(self._chosen), place, value)
        self._drawn(self._chosen, curve)

    def _on_line(self, number: int, change: dict[str, Any]) -> None:
        """Take what the mouse has drawn."""
        if self._own_changes.are_under_way:
            return
        new = np.asarray(change["new"], dtype=np.float64)
        before = self._curve_of(number)
        if new.shape == before.shape:
            is_new = self._curves[number] is None
            self._drawn(number, smoothed(self.question, before, new, is_new=is_new))
        else:
            self.show(self._curves)

    def _drawn(self, number: int, curve: Curve) -> None:
        curves = list(self._curves)
        curves[number] = curve
        self.show(curves)
        self._on_draw(curves)

    def _curve_of(self, number: int) -> Curve:
        curve = self._curves[number]
        return self._flat if curve is None else curve

    def _show_knots(self) -> None:
        curve = self._curve_of(self._chosen)
        for knot, index in zip(self.knots, self.question.knots, strict=True):
            knot.show(self._rounded(curve[index]))

    @staticmethod
    def _rounded(value: float) -> float:
        return float(f"{value:.3g}")
