"""The chart of range tests: loss over learning rate, both on logarithmic axes."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.charts import Curve, drawable, figure, log_axis, swatch
from hpt_widgets.labs.kit.controls import FIELD_WIDTH
from hpt_widgets.labs.kit.number_range import format_number
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.settings_text import describe_settings
from hpt_widgets.labs.kit.ticks import log_ticks
from hpt_widgets.language import translate
from hpt_widgets.studies.range_test import RangeTest
from hpt_widgets.support.colors import NEUTRAL, PALETTE

HEIGHT: Final = "346px"
PRESENT_WIDTH: Final = 3.5
EARLIER_WIDTH: Final = 1.8
EARLIER_OPACITY: Final = 0.55
# A network that guesses has a loss of 2.3: what is far above that need not be seen in full.
HIGHEST_LOSS: Final = 10.0
# What a test finds.
PLACES: Final = ("steepest", "lowest", "diverged")
# Room is kept for the tests to come; older ones are scrolled to.
_STYLE: Final = """<style>
.hpt-lab .hpt-tests-box { height: 128px; overflow: hidden auto; scrollbar-width: thin; }
.hpt-full .hpt-range-test-chart { height: calc(100vh - 330px) !important; }
.hpt-full .hpt-tests-box { height: 180px; }
.hpt-lab table.hpt-tests { width: 100%; margin-bottom: 4px; }
.hpt-lab table.hpt-tests th { font-weight: normal; vertical-align: bottom; }
.hpt-lab table.hpt-tests th + th { white-space: nowrap; }
.hpt-lab table.hpt-tests td { vertical-align: top; }
.hpt-lab table.hpt-tests td, .hpt-lab table.hpt-tests th { line-height: 1.35;
  padding: 2px 0 2px 14px; }
.hpt-lab table.hpt-tests td:first-child { text-align: left; padding-left: 0; }
.hpt-lab .hpt-test { display: flex; align-items: center; }
</style>"""


@dataclass(eq=False)
class RangeTestMarks:
    """The marks of one test. They keep their colour, and serve a new test when theirs is oldest."""

    color: str
    curve: Curve
    suggestion: Any
    test: RangeTest | None = None


class RangeTestChart:
    """The present test with the losses of its batches, and up to five earlier ones.

    Parameters
    ----------
    low, high : float
        The learning rates that the empty axis reaches from and to.

    Attributes
    ----------
    widget : VBox
        The chart with its legend.
    figure, scales : Figure, Scales
        The chart.
    slots : list of RangeTestMarks
        What is drawn of each test, the present one first.
    batches : Scatter
        The loss of each batch of the present test.
    legend, table : HTML
        What the signs mean, and what each test found, with its colour.
    """

    def __init__(self, low: float, high: float) -> None:
        self.figure, scales = figure(
            translate("training_lab.learning_rate"),
            translate("range_test_lab.loss"),
            log_x=True,
            log_y=True,
            height=HEIGHT,
        )
        self.figure.add_class("hpt-range-test-chart")
        self.figure.layout.width = FIELD_WIDTH
        self.scales = scales
        self._ends = (low, high)
        pair = {"x": scales.x, "y": scales.y}
        self.batches = bqplot.Scatter(x=[], y=[], scales=pair, default_size=10, opacities=[0.35])
        # The last marks serve the second test: the colours of the first two must differ most.
        colors = (PALETTE[0], *reversed(PALETTE[1:]))
        self.slots = [self._marks(color) for color in colors]
        self.figure.marks = [
            self.batches,
            *(mark for slot in self.slots for mark in slot.curve.marks),
            *(slot.suggestion for slot in self.slots),
        ]
        self.legend = widgets.HTML(html.escape(translate("range_test_lab.legend")))
        self.table = widgets.HTML()
        for words in (self.legend, self.table):
            words.add_class("hpt-legend")
        self.table.add_class("hpt-tests-box")
        style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.widget = widgets.VBox(
            [style, self.legend, self.figure, self.table], layout={"overflow": "visible"}
        )
        self._refresh()

    @property
    def present(self) -> RangeTest | None:
        """The test that is drawn last and strongest."""
        return self.slots[0].test

    def begin(self) -> None:
        """Keep the present test as an earlier one, and make room for a new one."""
        if self.slots[0].test is not None:
            self.slots.insert(0, self.slots.pop())
            self.slots[0].test = None

    def draw(self, test: RangeTest) -> None:
        """Show the present test as far as it has come."""
        self.slots[0].test = test
        self._refresh()

    def clear(self) -> None:
        """Take all tests off the chart."""
        for slot in self.slots:
            slot.test = None
        self._refresh()

    def show_range(self, low: float, high: float) -> None:
        """Let the axis reach at least from `low` to `high`."""
        self._ends = (low, high)
        self._fit_axes()

    def drawn_curve(self, place: int = 0) -> tuple[list[float], list[float]]:
        """Return the learning rates and smoothed losses of a test, as they are on the screen."""
        line = self.slots[place].curve.line
        return list(map(float, line.x)), list(map(float, line.y))

    def drawn_suggestion(self, place: int = 0) -> list[float]:
        """Return where a test's circle is on the screen."""
        return list(map(float, self.slots[place].suggestion.x))

    def _refresh(self) -> None:
        for place, slot in enumerate(self.slots):
            self._draw_slot(slot, present=place == 0)
        present = self.slots[0]
        test = present.test
        nothing = np.empty(0)
        rates = nothing if test is None else test.learning_rates
        losses = nothing if test is None else np.minimum(test.losses, HIGHEST_LOSS)
        x, y = drawable(rates, losses, positive=True)
        with self.batches.hold_sync():
            self.batches.x, self.batches.y = x, y
            self.batches.colors = [present.color]
        self._fit_axes()
        self.table.value = self._write_table()

    def _draw_slot(self, slot: RangeTestMarks, *, present: bool) -> None:
        test = slot.test
        width = PRESENT_WIDTH if present else EARLIER_WIDTH
        slot.curve.style(slot.color, width=width, opacity=1.0 if present else EARLIER_OPACITY)
        if test is None:
            slot.curve.draw([], [], line_only=True)
            slot.suggestion.x, slot.suggestion.y = [], []
            return
        smoothed = np.minimum(test.smoothed, HIGHEST_LOSS)
        slot.curve.draw(list(test.learning_rates), list(smoothed), line_only=True)
        known = not math.isnan(test.suggestion)
        place = int(np.searchsorted(test.learning_rates, test.suggestion)) if known else 0
        with slot.suggestion.hold_sync():
            slot.suggestion.x = [test.suggestion] if known else []
            slot.suggestion.y = [smoothed[place]] if known else []

    def _fit_axes(self) -> None:
        tests = [slot.test for slot in self.slots if slot.test is not None]
        rates = [*self._ends, *(float(r) for t in tests for r in t.learning_rates[[0, -1]])]
        low, high = min(rates), max(rates)
        self.scales.x.min, self.scales.x.max = low, high
        self.figure.axes[0].tick_values = log_ticks(low, high)
        losses = [float(x) for t in tests for x in t.smoothed if 0 < x <= HIGHEST_LOSS]
        present = self.slots[0].test
        if present is not None:
            losses += [float(x) for x in present.losses if 0 < x <= HIGHEST_LOSS]
        bottom, top, ticks = log_axis(min(losses, default=0.5), max(losses, default=4.0))
        self.scales.y.min, self.scales.y.max = bottom, top
        self.figure.axes[1].tick_values = ticks

    def _marks(self, color: str) -> RangeTestMarks:
        name = translate("training_lab.learning_rate")
        curve = Curve(self.scales, (name, translate("range_test_lab.loss")), positive=True)
        suggestion = bqplot.Scatter(
            x=[],
            y=[],
            scales={"x": self.scales.x, "y": self.scales.y},
            colors=[color],
            stroke=NEUTRAL,
            default_size=150,
            tooltip=bqplot.Tooltip(
                fields=["x"], labels=[translate("range_test_lab.steepest_at")], formats=[".2~g"]
            ),
        )
        return RangeTestMarks(color, curve, suggestion)

    def _write_table(self) -> str:
        shown = [(slot.color, slot.test) for slot in self.slots if slot.test is not None]
        if not shown:
            return ""
        head = [translate(f"range_test_lab.{key}") for key in ("places", *PLACES)]
        rows = "".join(_legend_row(color, test) for color, test in shown)
        return f'<table class="hpt-table hpt-tests">{_row("th", head)}{rows}</table>'


def describe_test(test: RangeTest) -> str:
    """Say in words what a test found."""
    return translate("range_test_lab.found", **_places(test))


def describe_settings_of(test: RangeTest) -> str:
    """Say in words what was tested."""
    hp = test.hyperparameters
    settings = describe_settings({"optimizer": hp.optimizer, "batch_size": hp.batch_size})
    return translate("range_test_lab.tested", settings=settings, updates=test.n_planned)


def _legend_row(color: str, test: RangeTest) -> str:
    what = describe_settings_of(test)
    # A flexible box keeps the words of a second line clear of the colour.
    named = f'<div class="hpt-test">{swatch(color)}<span>{html.escape(what)}</span></div>'
    return _row("td", [named, *map(html.escape, _places(test).values())])


def _row(tag: str, cells: list[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def _places(test: RangeTest) -> dict[str, str]:
    """Return the learning rates that a test found, by the keys of their names."""
    gone = test.diverged_at
    found = (test.suggestion, test.lowest_at, math.nan if gone is None else gone)
    return dict(zip(PLACES, map(_rounded, found), strict=True))


def _rounded(value: float) -> str:
    """Write two digits: no third one could be repeated with another seed."""
    return "–" if math.isnan(value) else format_number(float(f"{value:.2g}"))
