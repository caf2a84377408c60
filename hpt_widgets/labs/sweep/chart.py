"""The chart of a sweep: a dot for each training, a line through the means."""

from __future__ import annotations

import html
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
            self.figure.axes[1].tick_format = ".1~%"
        self.series = [self._marks(color) for color in PALETTE[: max(1, len(sweep.series))]]
        self.figure.marks = [mark for series in self.series for mark in series.marks]
        self.legend = widgets.HTML(self._write_legend())
        self.legend.add_class("hpt-legend")
        self.widget = widgets.VBox([self.legend, self.figure], layout={"overflow": "visible"})
        self.draw(summarize(sweep, SearchRecord("sweep"), measure))

    def draw(self, summaries: Sequence[Summary]) -> None:
        """Show the trials so far, summed up."""
        low, high = score_limits(summaries, self.measure)
        self.scales.y.min, self.scales.y.max = low, high
        if self._is_loss:
            self.figure.axes[1].tick_values = loss_ticks(low, high)
        for place, series in enumerate(self.sweep.series or (None,)):
            own = [summary for summary in summaries if summary.series == series]
            self._draw_series(self.series[place], own, low, high)

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

    def _draw_series(
        self, marks: SeriesMarks, summaries: Sequence[Summary], low: float, high: float
    ) -> None:
        # The chart cuts the line off where it leaves it, so a reader sees that it goes on.
        marks.mean.draw([s.value for s in summaries], [s.mean for s in summaries])
        edge = high if self._is_loss else low
        inside, outside = _divided(summaries, low, high, edge)
        _put(marks.dots, inside)
        _put(marks.outside, outside)
        _put(marks.lost, [(s.value, edge) for s in summaries for _ in range(s.n_lost)])

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
            room = (last / first) ** 0.04
            self.scales.x.min, self.scales.x.max = first / room, last * room
            ticks = log_ticks(first, last)
        else:
            room = 0.04 * (last - first) or 0.04 * abs(last) or 1.0
            self.scales.x.min, self.scales.x.max = first - room, last + room
            ticks = round_ticks(first, last)
        axis = self.figure.axes[0]
        axis.tick_values = values if len(values) <= MOST_VALUE_TICKS else ticks
        axis.tick_format = "~g"

    def _write_legend(self) -> str:
        curves = []
        for series, color in zip(self.sweep.series, PALETTE, strict=False):
            text = describe_settings({str(self.sweep.series_name): series})
            curves.append(f"{swatch(color)}{html.escape(text)}")
        signs = html.escape(translate("sweep_lab.legend"))
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


def draw_sweep(sweep: Sweep, record: SearchRecord, measure: str) -> StillPicture:
    """Draw a sweep in matplotlib, as a page without a kernel shows it."""
    from hpt_widgets.support.still_picture import StillPicture

    made = StillPicture(figsize=(9, 4.4), layout="constrained")
    axes = made.subplots()
    summaries = summarize(sweep, record, measure)
    low, high = score_limits(summaries, measure)
    edge, sign = (high, "^") if measure == "validation_loss" else (low, "v")
    for place, series in enumerate(sweep.series or (None,)):
        color = PALETTE[place]
        own = [summary for summary in summaries if summary.series == series]
        label = None if series is None else describe_settings({str(sweep.series_name): series})
        means = [(s.value, s.mean) for s in own if not math.isnan(s.mean)]
        axes.plot(*_columns(means), "-o", color=color, lw=2, ms=7, label=label)
        inside, outside = _divided(own, low, high, edge)
        axes.plot(*_columns(inside), "o", color=color, ms=4, alpha=DOT_OPACITY)
        axes.plot(*_columns(outside), sign, color=color, ms=8, clip_on=False)
        lost = [(s.value, edge) for s in own for _ in range(s.n_lost)]
        axes.plot(*_columns(lost), "x", color=color, ms=8, clip_on=False)
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


def _divided(
    summaries: Sequence[Summary], low: float, high: float, edge: float
) -> tuple[list[tuple[Any, float]], list[tuple[Any, float]]]:
    """Return the single trainings that lie in the chart, and the others, which go to its edge."""
    single = [(s.value, score) for s in summaries for score in s.scores]
    inside = [(x, y) for x, y in single if low <= y <= high]
    return inside, [(x, edge) for x, y in single if not low <= y <= high]


def _columns(points: Sequence[tuple[Any, Any]]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]


def _put(mark: Any, points: Sequence[tuple[Any, Any]]) -> None:
    with mark.hold_sync():
        mark.x, mark.y = _columns(points)
