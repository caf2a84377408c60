"""The best so far against trials (or epochs, where trials are unequal) and against seconds."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.charts import Curve, Scales, figure, swatch
from hpt_widgets.labs.kit.end_labels import text_width
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.labs.search.groups import GROUP_COLORS, group_label, newest_with_colors
from hpt_widgets.labs.search.score_range import lowest_shown, room_around
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import (
    Band,
    Repeats,
    band_by_epochs,
    band_by_seconds,
    band_by_trials,
)
from hpt_widgets.support.colors import NEUTRAL

HEIGHT: Final = "152px"
MARGIN: Final = {"top": 8, "bottom": 46, "left": 78, "right": 18}
MOST_TICKS_UP: Final = 4
# In pixels, of a screen of 1280: how wide the legend's line is, and what an entry has beside its
# name. A second line is taken from the charts below it.
LINE_WIDTH: Final = 620
ENTRY_WIDTH: Final = 56
TWO_LINES: Final = "hpt-two-lines"
# What the axes show before there is anything to draw.
EMPTY_TRIALS, EMPTY_SECONDS = 10.0, 10.0
# Of accuracies, in the charts of the best so far.
MOST_BELOW_BEST: Final = 0.15
BAND_OPACITY: Final = 0.22
SHADE_OPACITY: Final = 0.18
NO_BAND: Final = Band(*(np.empty(0),) * 4)
CHART_LAYOUT: Final = {"width": "auto", "flex": "1 1 270px", "min_width": "240px", "height": HEIGHT}


@dataclass(frozen=True)
class BandMarks:
    """The marks of one group of searches in one chart.

    Attributes
    ----------
    band : bqplot Lines
        The area between the worst and the best of the searches.
    mean : Curve
        Their mean.
    """

    band: Any
    mean: Curve

    def draw(self, band: Band, *, filled: bool) -> None:
        """Show a band: its mean as steps, and the room between the best and the worst seed."""
        known = np.isfinite(band.mean)
        x = band.x[known]
        steps_x, mean = _steps(x, band.mean[known])
        self.mean.line.x, self.mean.line.y = steps_x, mean
        self.mean.points.x, self.mean.points.y = x, band.mean[known]
        low, high = (_steps(x, side[known])[1] for side in (band.lowest, band.highest))
        if not filled:
            steps_x, low, high = np.empty(0), np.empty(0), np.empty(0)
        with self.band.hold_sync():
            self.band.x = np.concatenate([steps_x, steps_x[::-1]])
            self.band.y = np.concatenate([high, low[::-1]])


class ProgressCharts:
    """The newest five groups of searches, each in a colour of its own.

    Attributes
    ----------
    by_trials, by_seconds : bqplot Figure
    trial_marks, second_marks : list of BandMarks
        The marks of the two charts, one for each of `GROUP_COLORS`.
    startup_shade : bqplot Lines
        The area of TPE's random trials.
    legend, note, widget : Widget
    """

    def __init__(self) -> None:
        best = translate("search_lab.best_so_far")
        self.by_trials, trials = _empty_chart("trials_axis", best, tick_format="d")
        self.by_seconds, seconds = _empty_chart("seconds_axis", "", tick_format="~g")
        self.startup_shade = _area(trials, NEUTRAL, SHADE_OPACITY)
        self.trial_marks = [
            _band_marks(trials, "search_lab.trial", color) for color in GROUP_COLORS
        ]
        self.second_marks = [
            _band_marks(seconds, "search_lab.seconds_axis", color) for color in GROUP_COLORS
        ]
        self.by_trials.marks = [self.startup_shade, *_means_over_bands(self.trial_marks)]
        self.by_seconds.marks = _means_over_bands(self.second_marks)
        self._scales = (trials, seconds)
        self.legend = widgets.HTML()
        self.legend.add_class("hpt-legend")
        self.note = widgets.HTML()
        self.note.add_class("hpt-legend")
        charts = widgets.HBox(
            list(self._charts),
            layout={"flex_flow": "row wrap", "width": "100%", "overflow": "visible"},
        )
        head = widgets.HBox([self.legend, self.note])
        head.add_class("hpt-best-legend")
        self.widget = widgets.VBox([head, charts], layout={"overflow": "visible"})
        self.draw([], startup=0)

    def draw(self, groups: Sequence[Repeats], *, startup: int) -> None:
        """Show these groups of searches; of more than five, the newest five.

        Parameters
        ----------
        groups : sequence of Repeats
            Oldest first.
        startup : int
            How many trials are to be shaded as TPE's random ones; 0 for none.
        """
        shown = newest_with_colors(groups)
        in_epochs = self._use_epochs([group for _, group in shown])
        startup = 0 if in_epochs else startup
        band_along = band_by_epochs if in_epochs else band_by_trials
        bands = {
            place: (band_along(group.records), band_by_seconds(group.records))
            for place, group in shown
        }
        repeated = {place for place, group in shown if len(group.records) > 1}
        for place in range(len(GROUP_COLORS)):
            by_trials, by_seconds = bands.get(place, (NO_BAND, NO_BAND))
            self.trial_marks[place].draw(by_trials, filled=place in repeated)
            self.second_marks[place].draw(by_seconds, filled=place in repeated)
        low, high = _limits([band for band, _ in bands.values()])
        for scales, chart in zip(self._scales, self._charts, strict=True):
            fit_upright(scales, chart, low, high)
        longest = _end((band for band, _ in bands.values()), EMPTY_TRIALS)
        self._fit_along(longest, _end((band for _, band in bands.values()), EMPTY_SECONDS))
        self._draw_shade(min(startup, longest), low, high)
        older = len(groups) - len(shown)
        older_words = translate("search_lab.older_groups", count=older) if older else ""
        note = translate("search_lab.startup_note", count=startup) if startup else ""
        self._write_legend(shown, older_words)
        self.note.value = note
        self._make_room([*(group_label(group) for _, group in shown), older_words, note])

    def drawn_best(self, place: int) -> list[float]:
        """Return the mean best so far, as drawn along trials or epochs in a palette's colour."""
        return [float(value) for value in self.trial_marks[place].mean.points.y]

    def _use_epochs(self, groups: Sequence[Repeats]) -> bool:
        """Count epochs instead of trials where these are of unequal length; say it on the axis."""
        in_epochs = any(group.is_in_rungs for group in groups) and all(
            len(band_by_epochs(group.records).x) for group in groups
        )
        axis, point = ("epochs_spent_axis",) * 2 if in_epochs else ("trials_axis", "trial")
        self.by_trials.axes[0].label = translate(f"search_lab.{axis}")
        labels = [translate(f"search_lab.{point}"), translate("search_lab.best_so_far")]
        for marks in self.trial_marks:
            marks.mean.points.tooltip.labels = labels
        return in_epochs

    @property
    def _charts(self) -> tuple[Any, Any]:
        return self.by_trials, self.by_seconds

    def _fit_along(self, *ends: float) -> None:
        for scales, chart, end in zip(self._scales, self._charts, ends, strict=True):
            scales.x.max = end
            chart.axes[0].tick_values = round_ticks(0.0, end)
        # There is no half a trial.
        whole = [tick for tick in self.by_trials.axes[0].tick_values if tick == int(tick)]
        self.by_trials.axes[0].tick_values = whole

    def _draw_shade(self, startup: float, low: float, high: float) -> None:
        end = startup + 0.5
        corners = ([0.0, end, end, 0.0], [low, low, high, high]) if startup else ([], [])
        with self.startup_shade.hold_sync():
            self.startup_shade.x, self.startup_shade.y = (np.array(side) for side in corners)

    def _make_room(self, entries: Sequence[str]) -> None:
        """Give the legend a second line where its words need it."""
        width = sum(ENTRY_WIDTH + text_width(entry) for entry in entries if entry)
        change = self.widget.add_class if width > LINE_WIDTH else self.widget.remove_class
        change(TWO_LINES)

    def _write_legend(self, shown: Sequence[tuple[int, Repeats]], older: str) -> None:
        words = [
            f'<span style="display:inline-block;max-width:100%">{swatch(GROUP_COLORS[place])}'
            f"{html.escape(group_label(group))}</span>"
            for place, group in shown
        ]
        if older:
            words.append(html.escape(older))
        self.legend.value = " &emsp; ".join(words)


def _empty_chart(key: str, y_label: str, *, tick_format: str) -> tuple[Any, Scales]:
    """Return a chart of accuracies along what the text `key` names, and its scales."""
    chart, scales = figure(translate(f"search_lab.{key}"), y_label, x_limits=(0, None))
    for name, value in CHART_LAYOUT.items():
        setattr(chart.layout, name, value)
    chart.fig_margin = dict(MARGIN)
    along, upright = chart.axes
    along.label_offset, upright.label_offset = "32px", "58px"
    along.tick_format, upright.tick_format = tick_format, ".1~%"
    chart.add_class("hpt-best-so-far")
    return chart, scales


def _area(scales: Scales, color: str, opacity: float) -> Any:
    return bqplot.Lines(
        x=[],
        y=[],
        scales={"x": scales.x, "y": scales.y},
        fill="inside",
        fill_colors=[color],
        fill_opacities=[opacity],
        stroke_width=0,
        colors=["transparent"],
    )


def _means_over_bands(groups: Sequence[BandMarks]) -> list[Any]:
    bands = [group.band for group in groups]
    return [*bands, *(mark for group in groups for mark in group.mean.marks)]


def _band_marks(scales: Scales, key: str, color: str) -> BandMarks:
    band = _area(scales, color, BAND_OPACITY)
    mean = Curve(scales, (translate(key), translate("search_lab.best_so_far")), marker_size=16)
    mean.style(color, width=2.5, opacity=1.0)
    mean.points.tooltip.formats = [".3~g", ".2%"]
    return BandMarks(band, mean)


def _steps(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the corners of a staircase: the best so far holds until a better trial lands."""
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]


def fit_upright(scales: Scales, chart: Any, low: float, high: float) -> None:
    """Let a chart's upright axis reach from `low` to `high`, with few round ticks."""
    with scales.y.hold_sync():
        scales.y.min, scales.y.max = low, high
    chart.axes[1].tick_values = round_ticks(low, high, MOST_TICKS_UP)


def _end(bands: Iterable[Band], empty: float) -> float:
    """Return how far the longest of some bands goes."""
    return max([float(band.x[-1]) for band in bands if len(band.x)], default=empty)


def _limits(bands: Sequence[Band]) -> tuple[float, float]:
    """Return the ends of the accuracy axis: the first lucky or unlucky trials may lie below."""
    ends = [end[np.isfinite(end)] for band in bands for end in (band.lowest, band.highest)]
    scores = np.concatenate([*ends, np.empty(0)]).tolist()
    if not scores:
        return 0.0, 1.0
    low, high = lowest_shown(scores, MOST_BELOW_BEST), max(scores)
    room = room_around(low, high)
    return low - room, high + room
