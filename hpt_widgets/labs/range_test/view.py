"""The range-test lab on the screen: sliders, buttons and the chart of the tests."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets

from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.labs.range_test.chart import RangeTestChart
from hpt_widgets.language import translate
from hpt_widgets.studies.range_test import HIGH, LOW


class RangeTestView:
    """All widgets of the lab.

    Parameters
    ----------
    controls : ControlPanel
        The sliders and buttons.
    status : Widget
        The line that says what the lab is doing.

    Attributes
    ----------
    widget : VBox
        All of it.
    status : HTML
        What the lab is doing.
    bar : FloatProgress
        How far the test is, from 0 to 1.
    controls, chart
        The parts, each with public widgets of its own.
    """

    def __init__(self, controls: ControlPanel, status: Any) -> None:
        self.controls = controls
        self.status = status
        self.chart = RangeTestChart(LOW, HIGH)
        self.bar = widgets.FloatProgress(min=0, max=1, layout={"width": "auto", "height": "14px"})
        about = widgets.HTML(html.escape(translate("range_test_lab.about")))
        about.add_class("hpt-legend")
        self.frame = LabFrame(
            controls=[controls.widget, about], stage=[self.bar, self.chart.widget], status=status
        )
        self.widget = self.frame.widget

    def show_settings(self, settings: dict[str, Any]) -> None:
        """Fill in the fields, and let the chart reach over the range of learning rates."""
        for name, value in settings.items():
            self.controls.show(name, value)
        self.chart.show_range(settings["low"], settings["high"])

    def clear(self) -> None:
        """Take all tests off the chart."""
        self.chart.clear()
        self.bar.value = 0.0
