"""The chart of range tests: loss over learning rate, both on logarithmic axes."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
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
from hpt_widgets.studies.range_test import SMOOTHING, RangeTest
from hpt_widgets.support.colors import NEUTRAL, PALETTE

HEIGHT: Final = "330px"
PRESENT_WIDTH: Final = 3.5
EARLIER_WIDTH: Final = 1.8
EARLIER_OPACITY: Final = 0.55
# A network that guesses has a loss of 2.3: what is far above that need not be seen in full.
HIGHEST_LOSS: Final = 10.0
# What a test finds.
PLACES: Final = ("steepest", "lowest", "diverged")
# A loss that fell by a smaller share than this is as good as flat: what is found there is noise.
LEAST_FALL: Final = 0.1
# So is one that is within so many standard errors of the smoothed loss: of batches of one sample
# the lowest loss of a flat curve lies a tenth below its first.
MOST_ERRORS: Final = 6.0
# A test whose loss grows to so many times its first within this share of the updates began with
# rates that are too high: the network may sit still behind that, and never diverge.
MOST_GROWTH: Final = 2.0
AT_ONCE: Final = 0.25
# A loss that is lowest within this share of the end was still falling there.
AT_THE_END: Final = 0.04
# Room is kept for the tests to come; older ones are scrolled to.
_STYLE: Final = """<style>
.hpt-lab .hpt-tests-box { height: 162px; overflow: hidden auto; scrollbar-width: thin; }
.hpt-full .hpt-range-test-chart { height: calc(100vh - 330px) !important; }
.hpt-full .hpt-tests-box { height: 180px; }
.hpt-lab table.hpt-tests { width: 100%; margin-bottom: 4px; }
.hpt-lab table.hpt-tests th { font-weight: normal; vertical-align: bottom; }
.hpt-lab table.hpt-tests th + th { white-space: nowrap; }
.hpt-lab table.hpt-tests td { vertical-align: top; }
.hpt-lab table.hpt-tests td, .hpt-lab table.hpt-tests th { line-height: 1.35;
  padding: 0 0 1px 14px; }
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
        self.batches = bqplot.Scatter(x=[], y=[], scales=pair, default_size=10, opacities=[0.6])
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
        names = describe_tests([test for _, test in shown])
        rows = "".join(
            _legend_row(color, name, test) for (color, test), name in zip(shown, names, strict=True)
        )
        return f'<table class="hpt-table hpt-tests">{_row("th", head)}{rows}</table>'


def describe_test(test: RangeTest) -> str:
    """Say in words what a test found, and what to set if it found nothing."""
    first, last = (_rounded(float(test.learning_rates[place])) for place in (0, -1))
    key = f"range_test_lab.{_outcome(test)}"
    return translate(key, first=first, last=last, **_places(test))


def _outcome(test: RangeTest) -> str:
    """Return which sentence says what came of a test."""
    if _is_thrown_at_once(test):
        return "diverged_at_once"
    has_fallen = _has_fallen(test)
    if test.ended == "stopped":
        return "stopped" if has_fallen else "stopped_early"
    if test.diverged_at is not None:
        return "found" if has_fallen else "hardly_fell_before"
    if not has_fallen:
        return "hardly_fell"
    is_falling = test.smoothed.argmin() >= (1 - AT_THE_END) * (len(test.losses) - 1)
    return "still_fell" if is_falling else "found_no_end"


def _is_thrown_at_once(test: RangeTest) -> bool:
    """Return whether the first rates threw the loss up before it could fall."""
    start, early = test.losses[0], test.smoothed[: math.ceil(AT_ONCE * test.n_planned)]
    return bool(early.max() > MOST_GROWTH * start and early.min() > (1 - LEAST_FALL) * start)


def _has_fallen(test: RangeTest) -> bool:
    """Return whether the loss fell by more than chance lets it fall."""
    smoothed, lowest = test.smoothed, int(test.smoothed.argmin())
    noise = (test.losses - smoothed)[: lowest + 1].std()
    # So many losses a Gaussian window averages over.
    n_averaged = max(1.0, 2 * math.sqrt(math.pi) * SMOOTHING * test.n_planned)
    chance = MOST_ERRORS * noise / math.sqrt(n_averaged)
    return bool(smoothed[0] - smoothed[lowest] > max(LEAST_FALL * smoothed[0], chance))


def describe_tests(tests: Sequence[RangeTest]) -> list[str]:
    """Say in words what was tested, and of several tests all that they differ in."""
    differing = _differing([test.hyperparameters.to_dict() for test in tests])
    names = dict.fromkeys(["optimizer", "batch_size", *differing])
    ranges = [_range_of(test) for test in tests]
    if len(set(ranges)) <= 1:
        return [
            translate(
                "range_test_lab.tested",
                settings=describe_settings(_chosen(test, names)),
                updates=test.n_planned,
            )
            for test in tests
        ]
    return [
        translate(
            "range_test_lab.tested_between",
            optimizer=test.hyperparameters.optimizer,
            settings=describe_settings(_chosen(test, list(names)[1:])),
            updates=test.n_planned,
            low=low,
            high=high,
        )
        for test, (low, high) in zip(tests, ranges, strict=True)
    ]


def _chosen(test: RangeTest, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(test.hyperparameters, name) for name in names}


def _differing(settings: Sequence[Mapping[str, object]]) -> list[str]:
    """Return the settings that are not the same in all tests; some play no part in any."""
    idle = ("learning_rate", "epochs", "schedule", "warm_up")
    first = settings[0] if settings else {}
    return [
        name for name in first if name not in idle and any(s[name] != first[name] for s in settings)
    ]


def _range_of(test: RangeTest) -> tuple[str, str]:
    """Return the rates that a test was to lead from and to, be it that it ended before."""
    rates = test.learning_rates
    if len(rates) < 2:
        return _rounded(float(rates[0])), "…"
    log_step = math.log(rates[-1] / rates[0]) / (len(rates) - 1)
    return _rounded(float(rates[0])), _rounded(
        float(rates[0] * math.exp(log_step * (test.n_planned - 1)))
    )


def _legend_row(color: str, what: str, test: RangeTest) -> str:
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
