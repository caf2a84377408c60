"""Parallel coordinates: each trial a line across all hyperparameters, in the accuracy's colour."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.search.dimension_scale import limits_of, option_label, place_of
from hpt_widgets.labs.search.groups import CHOSEN_COLOR
from hpt_widgets.labs.search.mark_encoding import COLORS, MapAxes, accuracy_limits
from hpt_widgets.labs.search.trial_words import parameter_name, shortened
from hpt_widgets.language import translate
from hpt_widgets.search.space import Choice, Dimension, LogUniform
from hpt_widgets.search.training_length import epochs_dimension
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.colors import NEUTRAL

HEIGHT: Final = "280px"
CHOSEN_WIDTH: Final = 4
# Room for the ends' values above and below the axes.
ROOM: Final = 0.12
MOST_OPTIONS: Final = 8
# Names that are longer would touch.
LONGEST_NAME: Final = 20


class ParallelCoordinates:
    """All usable trials of a search that have every hyperparameter.

    The last of the upright axes is the accuracy. Before it stand the epochs, where the trials
    were trained for different numbers of them.

    Parameters
    ----------
    axes : MapAxes
        The hyperparameters, from left to right.

    Attributes
    ----------
    figure : bqplot Figure
    words : Widget
        How to read it.
    lines, shadows, chosen, rails, ends : bqplot Lines, Lines, Lines, Lines, Label
        The trials, their edges, the chosen one, the upright axes, and what their ends stand for.
    """

    def __init__(self, axes: MapAxes) -> None:
        self._own = self._dimensions = axes.all
        self._trials: tuple[Trial, ...] = ()
        self._rows = np.empty((0, 1 + len(axes.all)))
        self._x = x = bqplot.LinearScale()
        y = bqplot.LinearScale(min=-ROOM, max=1 + ROOM)
        self.color_scale = bqplot.ColorScale(colors=list(COLORS), min=0.0, max=1.0)
        pair = {"x": x, "y": y}
        self.lines = bqplot.Lines(
            x=[], y=[], color=[], scales={**pair, "color": self.color_scale}, stroke_width=2
        )
        # The best are light, and would be lost on white without an edge.
        self.shadows = bqplot.Lines(
            x=[], y=[], scales=pair, colors=[NEUTRAL], opacities=[0.4], stroke_width=4
        )
        self.chosen = bqplot.Lines(
            x=[], y=[], scales=pair, colors=[CHOSEN_COLOR], stroke_width=CHOSEN_WIDTH
        )
        self.rails = bqplot.Lines(x=[], y=[], scales=pair, colors=[NEUTRAL], stroke_width=1.5)
        self.ends = bqplot.Label(
            x=[], y=[], text=[], scales=pair, colors=[NEUTRAL], align="middle", default_size=14
        )
        self._across = bqplot.Axis(scale=x, grid_lines="none")
        self.figure = bqplot.Figure(
            marks=[self.rails, self.shadows, self.lines, self.chosen, self.ends],
            axes=[self._across],
            fig_margin={"top": 6, "bottom": 30, "left": 10, "right": 10},
            background_style={"fill": "transparent"},
            layout={"width": "100%", "height": HEIGHT, "min_width": "300px"},
            padding_x=0.0,
            padding_y=0.0,
            display_toolbar=False,
        )
        self.figure.add_class("hpt-chart")
        self.figure.add_class("hpt-parallel")
        self.words = widgets.HTML()
        self.words.add_class("hpt-legend")
        self._lay_out(self._own)
        self.draw(())

    def draw(self, trials: Sequence[Trial]) -> None:
        """Show these trials, good ones above poor ones."""
        epochs = epochs_dimension([dimension.name for dimension in self._own], trials)
        dimensions = self._own if epochs is None else (*self._own, epochs)
        if dimensions != self._dimensions:
            self._lay_out(dimensions)
        usable = [trial for trial in trials if trial.usable and self._has_all(trial)]
        usable.sort(key=lambda trial: trial.validation_accuracy or 0.0)
        self._trials = tuple(usable)
        scores = np.array([trial.validation_accuracy for trial in usable], np.float64)
        columns = [
            [place_of(dimension, trial.hyperparameters[dimension.name]) for trial in usable]
            for dimension in self._dimensions
        ]
        spans = [
            limits_of(dimension, column, 0.0)
            for dimension, column in zip(self._dimensions, columns, strict=True)
        ]
        spans = [self._whole(d, span) for d, span in zip(self._dimensions, spans, strict=True)]
        spans.append((float(scores.min()), float(scores.max())) if usable else (0.0, 1.0))
        shares = [
            _shares(column, span, is_log=isinstance(dimension, LogUniform))
            for dimension, column, span in zip(self._dimensions, columns, spans[:-1], strict=True)
        ]
        shares.append(_shares(scores, spans[-1], is_log=False))
        self._rows = np.array(shares).T.reshape(len(usable), len(spans))
        self.color_scale.min, self.color_scale.max = accuracy_limits(usable)
        across = np.arange(len(spans), dtype=float) if usable else np.empty(0)
        with self.shadows.hold_sync(), self.lines.hold_sync():
            self.shadows.x = self.lines.x = across
            self.shadows.y = self.lines.y = self._rows
            self.lines.color = scores
        self._write_ends(spans)

    def choose(self, number: int | None) -> None:
        """Draw a trial over all others, or none."""
        rows = [row for row, trial in enumerate(self._trials) if trial.number == number]
        with self.chosen.hold_sync():
            self.chosen.x = np.arange(self._rows.shape[1], dtype=float) if rows else np.empty(0)
            self.chosen.y = self._rows[rows[0]] if rows else np.empty(0)

    def drawn(self) -> list[list[float]]:
        """Return the heights of each line, from 0 to 1, as they are on the screen."""
        rows = np.reshape(self.lines.y, (-1, self._rows.shape[1]))  # bqplot makes one row flat
        return [list(map(float, row)) for row in rows]

    def _lay_out(self, dimensions: tuple[Dimension, ...]) -> None:
        """Draw an upright axis for each hyperparameter and the accuracy, without trials."""
        self._dimensions = dimensions
        places = range(len(dimensions) + 1)
        names = [shortened(parameter_name(d.name), LONGEST_NAME) for d in dimensions]
        names.append(translate("search_lab.accuracy"))
        with self.shadows.hold_sync(), self.lines.hold_sync(), self.chosen.hold_sync():
            for mark in (self.shadows, self.lines, self.chosen):
                mark.x, mark.y = np.empty(0), np.empty(0)
            self.lines.color = np.empty(0)
        with self._x.hold_sync():
            self._x.min, self._x.max = -0.35, places[-1] + 0.35
        with self.rails.hold_sync():
            self.rails.x = [[place, place] for place in places]
            self.rails.y = [[0.0, 1.0] for _ in places]
        with self._across.hold_sync():
            self._across.tick_values = list(places)
            self._across.tick_labels = {str(place): name for place, name in enumerate(names)}
        keys = ["about_parallel"] + ["parallel_epochs"] * (len(dimensions) > len(self._own))
        self.words.value = "<br>".join(html.escape(translate(f"search_lab.{k}")) for k in keys)

    def _has_all(self, trial: Trial) -> bool:
        known = trial.hyperparameters
        return None not in [place_of(d, known.get(d.name)) for d in self._dimensions]

    def _whole(self, dimension: Dimension, span: tuple[float, float]) -> tuple[float, float]:
        if isinstance(dimension, Choice):
            return 0.0, max(1.0, len(dimension.options) - 1.0)
        return span

    def _write_ends(self, spans: Sequence[tuple[float, float]]) -> None:
        labels = []
        for place, (dimension, span) in enumerate(zip(self._dimensions, spans, strict=False)):
            if isinstance(dimension, Choice):
                labels += _option_labels(place, dimension)
            else:
                labels += [(place, height, f"{end:.4g}") for end, height in _ends(span)]
        last = len(self._dimensions)
        labels += [(last, height, f"{end:.1%}") for end, height in _ends(spans[-1])]
        x, y, text = zip(*labels, strict=True)
        with self.ends.hold_sync():
            self.ends.x, self.ends.y, self.ends.text = np.array(x, float), np.array(y), list(text)


def _ends(span: tuple[float, float]) -> list[tuple[float, float]]:
    """Return both ends with the heights of their words."""
    return list(zip(span, (-0.6 * ROOM, 1 + 0.6 * ROOM), strict=True))


def _option_labels(place: int, dimension: Choice) -> list[tuple[float, float, str]]:
    last = max(1, len(dimension.options) - 1)
    shown = list(enumerate(dimension.options))[:: math.ceil(len(dimension.options) / MOST_OPTIONS)]
    return [(place + 0.06, number / last, option_label(option)) for number, option in shown]


def _shares(values: Any, span: tuple[float, float], *, is_log: bool) -> Any:
    low, high = span
    found = np.asarray(values, np.float64)
    if is_log:
        low, high, found = math.log(low), math.log(high), np.log(found)
    return np.full(len(found), 0.5) if high == low else (found - low) / (high - low)
