"""The rungs of successive halving and Hyperband: a line for each setting, up to where it ends."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.charts import Scales, figure, swatch
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.search.groups import GROUP_COLORS
from hpt_widgets.labs.search.mark_encoding import accuracy_limits
from hpt_widgets.labs.search.progress_charts import fit_upright
from hpt_widgets.labs.search.score_range import room_around
from hpt_widgets.language import translate
from hpt_widgets.search.halving import CandidatePath, candidate_paths
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial

HEIGHT: Final = "250px"
MARGIN: Final = {"top": 12, "bottom": 50, "left": 78, "right": 24}
DROPPED_WIDTH: Final = 1.5
SURVIVOR_WIDTH: Final = 4.0
# What the axis shows before there is anything to draw.
EMPTY_EPOCHS: Final = (1.0, 9.0)
# Room for half a mark beside the first and the last rung, as a factor of the epochs.
ROOM: Final = 1.06


@dataclass(frozen=True)
class BracketMarks:
    """The marks of the settings that began with the same number of epochs.

    Attributes
    ----------
    dropped, survivors : bqplot Lines
        A line for each setting that did not reach the last rung so far, and for each that did.
    points : bqplot Scatter
        All their trials.
    """

    dropped: Any
    survivors: Any
    points: Any

    @classmethod
    def of(cls, scales: Scales, color: str) -> BracketMarks:
        """Return empty marks in a colour."""
        pair = {"x": scales.x, "y": scales.y}
        tooltip = bqplot.Tooltip(
            fields=["x", "y"],
            labels=[translate("training_lab.epochs"), translate("search_lab.accuracy")],
            formats=["~g", ".2%"],
        )
        return cls(
            bqplot.Lines(
                x=[], y=[], scales=pair, colors=[color], opacities=[0.6],
                stroke_width=DROPPED_WIDTH,
            ),
            bqplot.Lines(x=[], y=[], scales=pair, colors=[color], stroke_width=SURVIVOR_WIDTH),
            bqplot.Scatter(
                x=[], y=[], scales=pair, colors=[color], default_size=30, tooltip=tooltip
            ),
        )  # fmt: skip

    def draw(self, paths: Sequence[CandidatePath]) -> None:
        """Show these settings."""
        last = max((path.epochs[-1] for path in paths), default=0.0)
        # Whoever has one trial only is a dot; bqplot would join several such to one line.
        lines = [path for path in paths if len(path.epochs) > 1]
        _draw_lines(self.survivors, [path for path in lines if path.epochs[-1] == last])
        _draw_lines(self.dropped, [path for path in lines if path.epochs[-1] < last])
        with self.points.hold_sync():
            self.points.x = np.array([x for path in paths for x in path.epochs], float)
            self.points.y = np.array([y for path in paths for y in path.scores], float)


class RungChart:
    """One search's settings: validation accuracy against the epochs of the training.

    Parameters
    ----------
    space : SearchSpace
        What is searched: its hyperparameters tell settings apart.

    Attributes
    ----------
    figure, scales : Figure, Scales
        The chart.
    marks : list of BracketMarks
        One for each of `GROUP_COLORS`.
    words : HTML
        What the lines and colours mean.
    """

    def __init__(self, space: SearchSpace) -> None:
        self._names = space.names
        labels = (translate("search_lab.epochs_axis"), translate("search_lab.accuracy"))
        self.figure, self.scales = figure(*labels, log_x=True, height=HEIGHT)
        self.figure.fig_margin = dict(MARGIN)
        self.figure.axes[1].label_offset = "58px"
        self.figure.axes[1].tick_format = ".1~%"
        self.figure.add_class("hpt-rungs")
        self.marks = [BracketMarks.of(self.scales, color) for color in GROUP_COLORS]
        self.figure.marks = [
            *(mark.dropped for mark in self.marks),
            *(mark.survivors for mark in self.marks),
            *(mark.points for mark in self.marks),
        ]
        self.words = widgets.HTML()
        self.words.add_class("hpt-legend")
        self.clear()

    def clear(self) -> None:
        """Say that there is no search in rungs to be shown."""
        self.draw(())
        self.words.value = html.escape(translate("search_lab.only_rungs"))

    def draw(self, trials: Sequence[Trial]) -> None:
        """Show the trials of a search in rungs; of none, say so."""
        paths = candidate_paths(trials, self._names)
        starts = sorted({path.epochs[0] for path in paths})
        shown = starts[-len(self.marks) :]
        for place, mark in enumerate(self.marks):
            start = shown[place] if place < len(shown) else None
            mark.draw([path for path in paths if path.epochs[0] == start])
        self._fit(paths, accuracy_limits(trials))
        self.words.value = _legend(shown)

    def drawn(self) -> list[list[tuple[float, float]]]:
        """Return the points of each line on the screen, survivors first: (epochs, accuracy)."""
        lines = []
        for mark in self.marks:
            for drawn in (mark.survivors, mark.dropped):
                rows = [np.atleast_2d(np.array(side, float)) for side in (drawn.x, drawn.y)]
                pairs = zip(*rows, strict=True)
                lines += [list(dict.fromkeys(zip(*row, strict=True))) for row in pairs]
        return [[(float(x), float(y)) for x, y in line] for line in lines if line]

    def _fit(self, paths: Sequence[CandidatePath], limits: tuple[float, float]) -> None:
        """Show all rungs; what fell far behind may lie below, as it has the map's last colour."""
        rungs = sorted({epochs for path in paths for epochs in path.epochs})
        ends = rungs or EMPTY_EPOCHS
        with self.scales.x.hold_sync():
            self.scales.x.min, self.scales.x.max = ends[0] / ROOM, max(ends[-1], 2.0) * ROOM
        self.figure.axes[0].tick_values = np.array(ends, float)
        low, high = limits
        room = room_around(low, high)
        fit_upright(self.scales, self.figure, low - room, high + room)


def _draw_lines(mark: Any, paths: Sequence[CandidatePath]) -> None:
    longest = max((len(path.epochs) for path in paths), default=0)
    with mark.hold_sync():
        mark.x = np.array([_padded(path.epochs, longest) for path in paths], float)
        mark.y = np.array([_padded(path.scores, longest) for path in paths], float)


def _padded(values: tuple[float, ...], length: int) -> list[float]:
    """Repeat the last value: a chart draws no nan, and a line to where it is adds nothing."""
    return [*values, *[values[-1]] * (length - len(values))]


def _legend(starts: Sequence[float]) -> str:
    if not starts:
        return html.escape(translate("search_lab.no_trials"))
    named = [
        f"{swatch(color)}{start:g}" for color, start in zip(GROUP_COLORS, starts, strict=False)
    ]
    return f"{html.escape(translate('search_lab.rungs_legend'))} {' '.join(named)}"
