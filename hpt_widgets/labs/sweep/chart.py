"""The chart of a sweep: a dot for each training, a line through the means."""

from __future__ import annotations

import html
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.charts import Curve, figure, log_axis, swatch
from hpt_widgets.labs.kit.controls import FIELD_WIDTH
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.settings_text import describe_settings, describe_value
from hpt_widgets.labs.kit.ticks import log_ticks, round_ticks
from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.studies.sweep import Summary, Sweep, summarize
from hpt_widgets.support.colors import PALETTE

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

HEIGHT: Final = "400px"
DOT_OPACITY: Final = 0.45
MOST_VALUE_TICKS: Final = 9
# What lies further from the best than this is drawn at the edge: else it would press all that
# is worth comparing into a thin strip.
ACCURACY_SHOWN: Final = 0.2
HIGHEST_LOSS: Final = 10.0
# Signs at the edge that would lie on one another lie side by side: so far from one to the next, as
# a share of the axis, unless they would fill more than this share of it or of the way to others.
EDGE_STEP: Final = 0.02
MOST_FILLED: Final = 0.07
GAP_FILLED: Final = 0.8
# Beyond the first and the last value the axis has so much room, as a share of what lies between.
AXIS_ROOM: Final = 0.04


@dataclass(frozen=True)
class SeriesMarks:
    """What is drawn of one series.

    Attributes
    ----------
    mean : Curve
        A line through the means.
    dots, outside, lost : bqplot Scatter
        The trainings that lie in the chart, those beyond its ends, and those that are lost.
    """

    mean: Curve
    dots: Any
    outside: Any
    lost: Any

    @property
    def marks(self) -> list[Any]:
        """The bqplot marks, for the figure."""
        return [*self.mean.marks, self.dots, self.outside, self.lost]


class SweepChart:
    """One sweep, as it grows.

    Parameters
    ----------
    sweep : Sweep
        What is varied.
    measure : {"validation_accuracy", "validation_loss"}
        What is drawn.

    Attributes
    ----------
    widget : VBox
        The chart with its legend.
    figure, scales : Figure, Scales
        The chart.
    series : list of SeriesMarks
        What is drawn of each series.
    legend : HTML
        What colours and signs mean.
    """

    def __init__(self, sweep: Sweep, measure: str) -> None:
        self.sweep = sweep
        self.measure = measure
        self._is_loss = measure == "validation_loss"
        name = translate(f"training_lab.{sweep.name}")
        self.figure, scales = figure(
            name,
            translate(f"sweep_lab.{measure}"),
            log_x=sweep.log_scale,
            log_y=self._is_loss,
            height=HEIGHT,
        )
        self.figure.add_class("hpt-sweep-chart")
        self.figure.layout.width = FIELD_WIDTH
        self.scales = scales
        self._fit_x_axis()
        if not self._is_loss:
            self.figure.axes[1].tick_format = ".2~%"
        self.series = [self._marks(color) for color in PALETTE[: max(1, len(sweep.series))]]
        self.figure.marks = [mark for series in self.series for mark in series.marks]
        self.legend = widgets.HTML(self._write_legend([]))
        self.legend.add_class("hpt-legend")
        self.widget = widgets.VBox([self.legend, self.figure], layout={"overflow": "visible"})
        self.draw(summarize(sweep, SearchRecord("sweep"), measure))

    def draw(self, summaries: Sequence[Summary]) -> None:
        """Show the trials so far, summed up."""
        low, high = score_limits(summaries, self.measure)
        self.scales.y.min, self.scales.y.max = low, high
        if self._is_loss:
            self.figure.axes[1].tick_values = loss_ticks(low, high)
        edge = edge_points(self.sweep, summaries, low, high)
        for place, series in enumerate(self.sweep.series or (None,)):
            own = [summary for summary in summaries if summary.series == series]
            marks = self.series[place]
            # The chart cuts the line off where it leaves it, so a reader sees that it goes on.
            marks.mean.draw([s.value for s in own], [s.mean for s in own])
            _put(marks.dots, _inside(own, low, high))
            height = high if self._is_loss else low
            _put(marks.outside, [(x, height) for x in edge[series, "outside"]])
            _put(marks.lost, [(x, height) for x in edge[series, "lost"]])
        legend = self._write_legend(summaries)
        if legend != self.legend.value:
            self.legend.value = legend

    def drawn_means(self, place: int = 0) -> dict[float, float]:
        """Return the means of a series by value, as they are on the screen."""
        points = self.series[place].mean.points
        return dict(zip(map(float, points.x), map(float, points.y), strict=True))

    def drawn_dots(self, place: int = 0) -> list[tuple[float, float]]:
        """Return a series' single trainings as they are on the screen."""
        dots = self.series[place].dots
        return list(zip(map(float, dots.x), map(float, dots.y), strict=True))

    def drawn_at_the_edge(self, place: int = 0) -> tuple[int, int]:
        """Return how many trainings of a series lie outside of the chart, and how many are lost."""
        marks = self.series[place]
        return len(marks.outside.x), len(marks.lost.x)

    def _marks(self, color: str) -> SeriesMarks:
        labels = (translate(f"training_lab.{self.sweep.name}"), translate("sweep_lab.mean"))
        mean = Curve(self.scales, labels, marker_size=70, positive=self._is_loss)
        mean.style(color, width=3.0, opacity=1.0)
        mean.points.tooltip.formats = ["~g", ".4~g" if self._is_loss else ".2%"]
        # They lie at the edge behind which the worse scores are.
        outside = "triangle-up" if self._is_loss else "triangle-down"
        return SeriesMarks(
            mean, self._scatter(color, "circle"), self._scatter(color, outside),
            self._scatter(color, "cross"),
        )  # fmt: skip

    def _scatter(self, color: str, marker: str) -> Any:
        return bqplot.Scatter(
            x=[],
            y=[],
            scales={"x": self.scales.x, "y": self.scales.y},
            colors=[color],
            marker=marker,
            default_size=28 if marker == "circle" else 60,
            opacities=[DOT_OPACITY if marker == "circle" else 0.9],
        )

    def _fit_x_axis(self) -> None:
        values = [float(value) for value in self.sweep.values]
        first, last = values[0], values[-1]
        if self.sweep.log_scale:
            room = (last / first) ** AXIS_ROOM
            self.scales.x.min, self.scales.x.max = first / room, last * room
            ticks = log_ticks(first, last)
        else:
            room = AXIS_ROOM * (last - first) or AXIS_ROOM * abs(last) or 1.0
            self.scales.x.min, self.scales.x.max = first - room, last + room
            ticks = round_ticks(first, last)
        axis = self.figure.axes[0]
        axis.tick_values = values if len(values) <= MOST_VALUE_TICKS else ticks
        axis.tick_format = "~g"

    def _write_legend(self, summaries: Sequence[Summary]) -> str:
        curves = []
        for series, color in zip(self.sweep.series, PALETTE, strict=False):
            text = describe_settings({str(self.sweep.series_name): series})
            curves.append(f"{swatch(color)}{html.escape(text)}")
        low, high = score_limits(summaries, self.measure)
        means = [summary.mean for summary in summaries if not math.isnan(summary.mean)]
        count = sum(not low <= mean <= high for mean in means)
        key = "legend_with_means" if count else "legend"
        signs = html.escape(translate(f"sweep_lab.{key}", count=count, total=len(means)))
        return "<br>".join(filter(None, [" &emsp; ".join(curves), signs]))


def score_limits(summaries: Sequence[Summary], measure: str) -> tuple[float, float]:
    """Return the ends of the axis: all scores, but those that are far from the best."""
    scores = [score for summary in summaries for score in summary.scores]
    if measure == "validation_loss":
        losses = [min(score, HIGHEST_LOSS) for score in scores if score > 0]
        if not losses:
            return 0.1, 4.0
        low, high, _ = log_axis(min(losses), max(losses))
        return low, high
    if not scores:
        return 0.0, 1.0
    best = max(scores)
    lowest = max(min(scores), best - ACCURACY_SHOWN)
    room = max(0.06 * (best - lowest), 0.002)
    return lowest - room, min(best + room, 1.0) if best < 1 else 1.0


def loss_ticks(low: float, high: float) -> list[float]:
    """Return the ticks of an axis of losses that ends where `score_limits` says."""
    # Its upper end is a tick; a loss as high as that would need the next one.
    return log_axis(low, high / 1.001)[2]


def edge_points(
    sweep: Sweep, summaries: Sequence[Summary], low: float, high: float
) -> dict[tuple[Any, str], list[float]]:
    """Return where along the axis the signs at the chart's edge stand.

    Parameters
    ----------
    sweep : Sweep
        What is varied.
    summaries : sequence of Summary
        The trials so far.
    low, high : float
        The ends of the upright axis.

    Returns
    -------
    dict
        By series, and "outside" or "lost": a place for each training. Those of one series at one
        value lie on one another, those of several side by side.
    """
    columns = sweep.series or (None,)
    found: dict[tuple[Any, str], list[float]] = {
        (series, kind): [] for series in columns for kind in ("outside", "lost")
    }
    for value in sweep.values:
        counts = {}
        for s in (s for s in summaries if s.value == value):
            counts[s.series, "outside"] = sum(not low <= score <= high for score in s.scores)
            counts[s.series, "lost"] = s.n_lost
        there = [key for key in found if counts.get(key)]
        for slot, key in enumerate(there):
            share = (slot - (len(there) - 1) / 2) * _edge_step(sweep, len(there))
            found[key] += [_moved(sweep, float(value), share)] * counts[key]
    return found


def _edge_step(sweep: Sweep, n_signs: int) -> float:
    """Return how far so many signs at one value stand apart, as a share of the axis."""
    places = [_along(sweep, float(value)) for value in sweep.values]
    span = abs(places[-1] - places[0])
    gaps = [abs(b - a) / span for a, b in itertools.pairwise(places) if span]
    most = min(MOST_FILLED, GAP_FILLED * min(gaps, default=1.0))
    return min(EDGE_STEP, most / max(1, n_signs - 1))


def _moved(sweep: Sweep, value: float, share: float) -> float:
    """Return what lies so much of the axis further on than a value."""
    first, last = (_along(sweep, float(sweep.values[place])) for place in (0, -1))
    place = _along(sweep, value) + share * (last - first)
    if not share:
        return value
    return math.exp(place) if sweep.log_scale else place


def _along(sweep: Sweep, value: float) -> float:
    return math.log(value) if sweep.log_scale else value


def draw_sweep(sweep: Sweep, record: SearchRecord, measure: str) -> StillPicture:
    """Draw a sweep in matplotlib, as a page without a kernel shows it."""
    from hpt_widgets.support.still_picture import StillPicture

    made = StillPicture(figsize=(9, 4.4), layout="constrained")
    axes = made.subplots()
    summaries = summarize(sweep, record, measure)
    low, high = score_limits(summaries, measure)
    places = edge_points(sweep, summaries, low, high)
    edge, sign = (high, "^") if measure == "validation_loss" else (low, "v")
    for place, series in enumerate(sweep.series or (None,)):
        color = PALETTE[place]
        own = [summary for summary in summaries if summary.series == series]
        label = None if series is None else describe_settings({str(sweep.series_name): series})
        means = [(s.value, s.mean) for s in own if not math.isnan(s.mean)]
        axes.plot(*_columns(means), "-o", color=color, lw=2, ms=7, label=label)
        inside = _inside(own, low, high)
        axes.plot(*_columns(inside), "o", color=color, ms=4, alpha=DOT_OPACITY)
        for kind, mark in (("outside", sign), ("lost", "x")):
            at_edge = [(x, edge) for x in places[series, kind]]
            axes.plot(*_columns(at_edge), mark, color=color, ms=8, clip_on=False)
    axes.set(
        xlabel=translate(f"training_lab.{sweep.name}"), ylabel=translate(f"sweep_lab.{measure}")
    )
    axes.set_xscale("log" if sweep.log_scale else "linear")
    if measure == "validation_loss":
        axes.set_yscale("log")
        ticks = loss_ticks(low, high)
        axes.set_yticks(ticks, [describe_value(tick) for tick in ticks])
    axes.set_ylim(low, high)
    axes.set_xticks(sweep.values, [describe_value(value) for value in sweep.values], minor=False)
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    if sweep.series:
        axes.legend(fontsize=9)
    return made


def _inside(summaries: Sequence[Summary], low: float, high: float) -> list[tuple[Any, float]]:
    """Return the single trainings that lie in the chart."""
    return [(s.value, score) for s in summaries for score in s.scores if low <= score <= high]


def _columns(points: Sequence[tuple[Any, Any]]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]


def _put(mark: Any, points: Sequence[tuple[Any, Any]]) -> None:
    with mark.hold_sync():
        mark.x, mark.y = _columns(points)
