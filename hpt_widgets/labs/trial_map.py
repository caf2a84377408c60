"""The map of a search: where its trials were, how good they are, and how distinct.

The marks stand over the marginal distributions, as in Bergstra & Bengio (2012): on a grid,
27 trials try only three different learning rates.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import bqplot
import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.charts import NEUTRAL, axis
from hpt_widgets.labs.settings_text import describe_settings
from hpt_widgets.labs.ticks import log_ticks, round_ticks
from hpt_widgets.language import current_language, translate
from hpt_widgets.records import Trial
from hpt_widgets.search_comparison import distinct_values
from hpt_widgets.search_space import Choice, Dimension, LogUniform, SearchSpace

# Viridis: it grows lighter evenly, so it can be read without telling hues apart.
COLORS: Final = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
LARGEST_MARK: Final = 380
SIDE: Final = 64
MOST_WORST: Final = 0.25
FAVOURITES: Final = ("learning_rate", "dropout_rate", "batch_size")
BAR_COLOR: Final = "#0072B2"


@dataclass(frozen=True)
class MapAxes:
    """Which hyperparameter is drawn how.

    Attributes
    ----------
    x, y : Dimension
        Along the two axes.
    size : Dimension or None
        By the area of the mark.
    """

    x: Dimension
    y: Dimension
    size: Dimension | None

    @classmethod
    def of(cls, space: SearchSpace) -> MapAxes:
        """Choose them: the article's three where they are there, else the first ones.

        Raises
        ------
        ValueError
            If the space has not two hyperparameters that are numbers.
        """
        found = [dimension for dimension in space if not isinstance(dimension, Choice)]
        if len(found) < 2:
            raise ValueError(translate("search_lab.space", value=space.names))
        ranks = {name: rank for rank, name in enumerate(FAVOURITES)}
        found.sort(key=lambda dimension: ranks.get(dimension.name, len(ranks)))
        return cls(found[0], found[1], found[2] if len(found) > 2 else None)

    @property
    def all(self) -> tuple[Dimension, ...]:
        """The two or three of them."""
        return (self.x, self.y) if self.size is None else (self.x, self.y, self.size)


def parameter_name(name: str) -> str:
    """Return what a hyperparameter is called on the screen."""
    try:
        return translate(f"training_lab.{name}")
    except KeyError:
        return name


def settings_of(trial: Trial, space: SearchSpace) -> str:
    """Write what was varied in a trial, in a row: "learning rate 0.0123, batch size 64"."""
    values = {n: trial.hyperparameters[n] for n in space.names if n in trial.hyperparameters}
    if any(parameter_name(name) == name for name in values):
        joint = ", " if current_language() == "en" else "，"
        return joint.join(f"{parameter_name(n)} {short(v)}" for n, v in values.items())
    return describe_settings({name: short_value(value) for name, value in values.items()})


def short_value(value: Any) -> Any:
    """Round a number to the three digits that a reader needs."""
    return float(f"{value:.3g}") if isinstance(value, float) else value


def short(value: Any) -> str:
    """Write a value with the digits that a reader needs."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def accuracy_limits(trials: Sequence[Trial]) -> tuple[float, float]:
    """Return the accuracies at the two ends of the colour map.

    Failures far below the others would leave one colour for all that is of interest, so the
    lower end is at most a quarter (25 percentage points) below the best.
    """
    scores = [t.validation_accuracy for t in trials if t.usable and t.validation_accuracy]
    if not scores:
        return 0.0, 1.0
    high = max(scores)
    low = max(min(scores), high - MOST_WORST)
    return math.floor(low * 100) / 100, math.ceil(high * 100) / 100 + 1e-9


def distinct_words(trials: Sequence[Trial], dimensions: Sequence[Dimension]) -> str:
    """Say how many distinct values of each hyperparameter were tried."""
    if not trials:
        return translate("search_lab.no_trials")
    counts = " · ".join(
        translate(
            f"search_lab.distinct_{dimension.name if dimension.name in FAVOURITES else 'values'}",
            count=len(distinct_values(trials, dimension.name)),
            name=parameter_name(dimension.name),
        )
        for dimension in dimensions
    )
    return translate("search_lab.distinct_in", count=len(trials), distinct=counts)


class TrialMap:
    """One search's trials over their marginal distributions.

    Parameters
    ----------
    axes : MapAxes
        What is drawn how.
    on_click : callable
        Called with the number of the trial that was clicked.
    """

    def __init__(self, axes: MapAxes, on_click: Callable[[int], None]) -> None:
        self._axes = axes
        self._on_click = on_click
        self._numbers: list[int] = []
        self._lost_numbers: list[int] = []
        self._trials: tuple[Trial, ...] = ()
        self._x, self._y = _scale(axes.x), _scale(axes.y)
        self._color = bqplot.ColorScale(colors=list(COLORS), min=0.0, max=1.0)
        self._marks = self._scatter()
        self._lost = self._crosses()
        self._chosen = bqplot.Scatter(
            x=[],
            y=[],
            scales={"x": self._x, "y": self._y},
            marker="circle",
            default_size=LARGEST_MARK + 220,
            colors=["transparent"],
            stroke="#E69F00",
            stroke_width=3.0,
        )
        top, self._top_bars, self._top_axis = self._marginal(self._x, axes.x, upright=True)
        side, self._side_bars, self._side_axis = self._marginal(self._y, axes.y, upright=False)
        main = self._main()
        self.title = widgets.HTML()
        self.title.add_class("hpt-legend")
        self.words = widgets.HTML()
        self.words.add_class("hpt-legend")
        gap = widgets.Box(layout={"width": f"{SIDE}px", "flex": "0 0 auto"})
        row = {"width": "100%", "overflow": "visible"}
        self.widget = widgets.VBox(
            [
                self.title,
                widgets.HBox([top, gap], layout=row),
                widgets.HBox([main, side], layout=row),
                self.words,
            ],
            layout={"flex": "1 1 310px", "min_width": "300px", "overflow": "visible"},
        )
        self.draw("", (), (0.0, 1.0))

    def draw(self, title: str, trials: Sequence[Trial], limits: tuple[float, float]) -> None:
        """Show these trials instead of those before.

        Parameters
        ----------
        title : str
            What the search is called.
        trials : sequence of Trial
            Its trials; those without the two hyperparameters of the axes are left out.
        limits : (float, float)
            The accuracies at the two ends of the colour map.
        """
        names = (self._axes.x.name, self._axes.y.name)
        self._trials = tuple(t for t in trials if all(_is_drawable(t, name) for name in names))
        self._fit_scales()
        usable = [trial for trial in self._trials if trial.usable]
        lost = [trial for trial in self._trials if not trial.usable]
        self._color.min, self._color.max = limits
        self._draw_marks(usable, limits)
        self._lost_numbers = [trial.number for trial in lost]
        with self._lost.hold_sync():
            self._lost.x, self._lost.y = self._places(lost)
            self._lost.names = [f"#{trial.number}" for trial in lost]
        self._draw_marginals()
        self.title.value = f"<b>{html.escape(title)}</b>"
        self.words.value = html.escape(distinct_words(self._trials, self._axes.all))

    def choose(self, number: int | None) -> None:
        """Put a ring around a trial, or around none."""
        chosen = [trial for trial in self._trials if trial.number == number]
        with self._chosen.hold_sync():
            self._chosen.x, self._chosen.y = self._places(chosen)

    def drawn(self) -> list[tuple[float, float, float]]:
        """Return x, y and accuracy of the marks as they are on the screen."""
        marks = self._marks
        return [
            (float(x), float(y), float(color))
            for x, y, color in zip(marks.x, marks.y, marks.color, strict=True)
        ]

    def drawn_counts(self) -> tuple[list[float], list[float]]:
        """Return how often each distinct value of x and of y was tried, as it is drawn."""
        return [float(n) for n in self._top_counts], [float(n) for n in self._side_counts]

    # -- parts -------------------------------------------------------------------------------

    def _scatter(self) -> Any:
        scales = {"x": self._x, "y": self._y, "color": self._color}
        fields = ["name", "x", "y", "color"]
        names = [parameter_name(d.name) for d in (self._axes.x, self._axes.y)]
        labels = [translate("search_lab.trial"), *names, translate("search_lab.accuracy")]
        formats = ["", ".3~g", ".3~g", ".2%"]
        if self._axes.size is not None:
            largest = getattr(self._axes.size, "high", 1.0)
            scales["size"] = bqplot.LinearScale(min=0.0, max=float(largest))
            fields.insert(3, "size")
            labels.insert(3, parameter_name(self._axes.size.name))
            formats.insert(3, ".3~g")
        marks = bqplot.Scatter(
            x=[],
            y=[],
            color=[],
            scales=scales,
            default_size=LARGEST_MARK if self._axes.size is not None else LARGEST_MARK // 2,
            opacities=[0.9],
            stroke=NEUTRAL,
            stroke_width=1.2,
            names=[],
            display_names=False,
            tooltip=bqplot.Tooltip(fields=fields, labels=labels, formats=formats),
        )
        marks.on_element_click(lambda _mark, event: self._clicked(self._numbers, event))
        return marks

    def _crosses(self) -> Any:
        names = [parameter_name(d.name) for d in (self._axes.x, self._axes.y)]
        lost = bqplot.Scatter(
            x=[],
            y=[],
            scales={"x": self._x, "y": self._y},
            marker="cross",
            default_size=90,
            colors=[NEUTRAL],
            names=[],
            display_names=False,
            tooltip=bqplot.Tooltip(
                fields=["name", "x", "y"],
                labels=[translate("search_lab.lost_trial"), *names],
                formats=["", ".3~g", ".3~g"],
            ),
        )
        lost.on_element_click(lambda _mark, event: self._clicked(self._lost_numbers, event))
        return lost

    def _clicked(self, numbers: list[int], event: dict[str, Any]) -> None:
        index = event.get("data", {}).get("index")
        if index is not None and index < len(numbers):
            self._on_click(numbers[index])

    def _main(self) -> Any:
        axes = [
            axis(self._x, parameter_name(self._axes.x.name)),
            axis(self._y, parameter_name(self._axes.y.name), vertical=True),
        ]
        for made in axes:
            made.tick_format = "~g"
        self._main_axes = axes
        main = bqplot.Figure(
            marks=[self._marks, self._lost, self._chosen],
            axes=axes,
            fig_margin={"top": 4, "bottom": 46, "left": 64, "right": 4},
            background_style={"fill": "transparent"},
            layout={"flex": "1 1 auto", "width": "auto", "min_width": "200px", "height": "320px"},
            padding_x=0.0,
            padding_y=0.0,
        )
        main.add_class("hpt-chart")
        main.add_class("hpt-trial-map")
        return main

    def _marginal(self, scale: Any, dimension: Dimension, *, upright: bool) -> tuple[Any, Any, Any]:
        """Return a strip with a bar for each distinct value, as high as it was tried often."""
        counts = bqplot.LinearScale(min=0)
        pair = {"x": scale, "y": counts} if upright else {"x": counts, "y": scale}
        # A comb, drawn in one stroke: as many lines would be as many marks in the browser.
        bars = bqplot.Lines(x=[], y=[], scales=pair, colors=[BAR_COLOR], stroke_width=2.5)
        count_axis = bqplot.Axis(
            scale=counts,
            side="left" if upright else "bottom",
            tick_format="d",
            grid_lines="none",
        )
        left, right = (64, 4) if upright else (4, 8)
        bottom = 6 if upright else 46
        strip = bqplot.Figure(
            marks=[bars],
            axes=[count_axis],
            fig_margin={"top": 6 if upright else 4, "bottom": bottom, "left": left, "right": right},
            background_style={"fill": "transparent"},
            layout={"flex": "1 1 auto", "width": "auto", "min_width": "200px", "height": "64px"}
            if upright
            else {"flex": "0 0 auto", "width": f"{SIDE}px", "min_width": "0", "height": "320px"},
            padding_x=0.0,
            padding_y=0.0,
        )
        strip.add_class("hpt-chart")
        strip.add_class(f"hpt-marginal-{dimension.name}")
        return strip, bars, count_axis

    # -- drawing -----------------------------------------------------------------------------

    def _fit_scales(self) -> None:
        """Show the whole space, and whatever was tried by hand outside of it."""
        pairs = ((self._x, self._axes.x), (self._y, self._axes.y))
        for (scale, dimension), made in zip(pairs, self._main_axes, strict=True):
            values = [float(trial.hyperparameters[dimension.name]) for trial in self._trials]
            low, high = _limits(dimension, values)
            if (scale.min, scale.max) != (low, high):
                with scale.hold_sync():
                    scale.min, scale.max = low, high
                is_log = isinstance(dimension, LogUniform)
                made.tick_values = (log_ticks if is_log else round_ticks)(low, high)

    def _places(self, trials: Sequence[Trial]) -> tuple[Any, Any]:
        x = [float(trial.hyperparameters[self._axes.x.name]) for trial in trials]
        y = [float(trial.hyperparameters[self._axes.y.name]) for trial in trials]
        return np.array(x), np.array(y)

    def _draw_marks(self, trials: list[Trial], limits: tuple[float, float]) -> None:
        x, y = self._places(trials)
        # Large marks first, so that none hides a smaller one.
        sizes = np.array([self._size(trial) for trial in trials])
        order = np.argsort(-sizes, kind="stable") if len(sizes) else np.empty(0, int)
        scores = np.array([trial.validation_accuracy or 0.0 for trial in trials])
        self._numbers = [trials[place].number for place in order]
        with self._marks.hold_sync():
            self._marks.x, self._marks.y = x[order], y[order]
            self._marks.color = scores[order]
            if self._axes.size is not None:
                self._marks.size = sizes[order]
            self._marks.names = [f"#{number}" for number in self._numbers]
        self._color.min, self._color.max = limits

    def _size(self, trial: Trial) -> float:
        if self._axes.size is None:
            return 1.0
        value = trial.hyperparameters.get(self._axes.size.name)
        return float(value) if isinstance(value, int | float) else 1.0

    def _draw_marginals(self) -> None:
        x, self._top_counts = _comb(self._trials, self._axes.x)
        with self._top_bars.hold_sync():
            self._top_bars.x, self._top_bars.y = x, _teeth(self._top_counts)
        y, self._side_counts = _comb(self._trials, self._axes.y)
        with self._side_bars.hold_sync():
            self._side_bars.x, self._side_bars.y = _teeth(self._side_counts), y
        for bars, key, counts, count_axis in (
            (self._top_bars, "y", self._top_counts, self._top_axis),
            (self._side_bars, "x", self._side_counts, self._side_axis),
        ):
            most = int(max([*counts, 1]))
            bars.scales[key].max = float(most)
            count_axis.tick_values = [0, most]


def _comb(trials: Sequence[Trial], dimension: Dimension) -> tuple[Any, Any]:
    counts = sorted(distinct_values(trials, dimension.name).items())
    return np.repeat([float(value) for value, _ in counts], 3), np.array([n for _, n in counts])


def _teeth(counts: Any) -> Any:
    teeth = np.zeros(3 * len(counts))
    teeth[1::3] = counts
    return teeth


def _scale(dimension: Dimension) -> Any:
    return bqplot.LogScale() if isinstance(dimension, LogUniform) else bqplot.LinearScale()


def _limits(dimension: Dimension, values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis, with a little room for marks that lie on the edge."""
    low, high = float(getattr(dimension, "low", 0.0)), float(getattr(dimension, "high", 1.0))
    low, high = min([low, *values]), max([high, *values])
    if isinstance(dimension, LogUniform):
        room = (high / low) ** 0.05
        return low / room, high * room
    room = 0.05 * (high - low)
    return low - room, high + room


def _is_drawable(trial: Trial, name: str) -> bool:
    value = trial.hyperparameters.get(name)
    number = isinstance(value, int | float) and math.isfinite(value)
    return bool(number)
