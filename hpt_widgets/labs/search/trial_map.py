"""The map of a search: where its trials were, how good they are, and how distinct."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.search.dimension_scale import DimensionScale
from hpt_widgets.labs.search.groups import CHOSEN_COLOR
from hpt_widgets.labs.search.marginals import (
    BOTTOM,
    MAP_HEIGHT,
    RIGHT,
    SIDE_WIDTH,
    TOP,
    Marginal,
    left_margin,
)
from hpt_widgets.labs.search.mark_encoding import (
    COLORS,
    LARGEST_MARK,
    MapAxes,
    MarkEncoding,
    size_of,
)
from hpt_widgets.labs.search.mark_places import AxisSpan, mark_places
from hpt_widgets.labs.search.trial_words import describe_values, distinct_words
from hpt_widgets.language import translate
from hpt_widgets.search.space import Choice
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.support.colors import NEUTRAL

PLAIN_MARK: Final = LARGEST_MARK // 2
CROSS: Final = 110
RING: Final = 600
HOVER_STYLE: Final = {"opacity": 0.95, "font-size": "15px", "max-width": "340px"}
BAND_OPACITY: Final = 0.14
_ROW: Final = {"width": "100%", "overflow": "visible"}


class TrialMap:
    """One search's trials, between the marginal distributions of the two hyperparameters.

    Trials that share a spot are fanned out, see `mark_places`.

    Parameters
    ----------
    axes : MapAxes
        What is drawn how.
    on_click : callable
        Called with the number of the trial that was clicked.

    Attributes
    ----------
    figure : bqplot Figure
        The map, without the strips beside it.
    x, y : DimensionScale
        Along its axes.
    marks, crosses, ring : bqplot Scatter
        The usable trials, those that failed or diverged, and the chosen one.
    bands : bqplot Lines or None
        Every second category's band, where an axis has categories.
    color_scale, size_scale : bqplot Scale
        Of the marks.
    marginals : dict of str to Marginal
        The strips, by hyperparameter.
    words, widget : Widget
        How many values were tried, and all together, but for the strips apart.
    strips : HBox
        The strips of the hyperparameters that are not along the map's axes.
    """

    def __init__(self, axes: MapAxes, on_click: Callable[[int], None]) -> None:
        self._axes = axes
        self._on_click = on_click
        self._numbers: list[int] = []
        self._cross_numbers: list[int] = []
        self._trials: tuple[Trial, ...] = ()
        self._places = np.empty((0, 2))
        self.x, self.y = DimensionScale(axes.x), DimensionScale(axes.y)
        self.color_scale = bqplot.ColorScale(colors=list(COLORS), min=0.0, max=1.0)
        # bqplot pads a figure by the size of its marks. The strips have no such marks and would
        # not be in line with the map, so the marks' own size is 1 and their scale makes it more.
        self._area = bqplot.LinearScale(min=0.0, max=1.0)
        self.size_scale = bqplot.LinearScale(min=0.0, max=1.0)
        self.marks, self.crosses = self._make_marks(), self._make_crosses()
        self.ring = self._make_ring()
        has_bands = any(isinstance(dimension, Choice) for dimension in (axes.x, axes.y))
        self.bands = self._make_bands() if has_bands else None
        self._left = left_margin(axes.y)
        self.marginals = {
            axes.x.name: Marginal(self.x, "top", 0, self._left),
            axes.y.name: Marginal(self.y, "side", 1),
            **{
                other.name: Marginal(DimensionScale(other), "apart", number)
                for number, other in enumerate(axes.others, start=2)
            },
        }
        self.words = widgets.HTML()
        self.words.add_class("hpt-legend")
        self.words.add_class("hpt-distinct")
        self.strips = widgets.HBox(
            [self.marginals[other.name].figure for other in axes.others],
            layout={"flex_flow": "row wrap", "width": "100%", "overflow": "visible"},
        )
        self.widget = self._lay_out()
        self.draw(())

    def draw(self, trials: Sequence[Trial], beside: Sequence[Trial] = ()) -> None:
        """Show these trials instead of those before.

        Parameters
        ----------
        trials : sequence of Trial
            Its trials; those without the two hyperparameters of the axes are left out.
        beside : sequence of Trial
            Those on the map beside it: axes, colours and sizes fit both.
        """
        self._trials = tuple(trial for trial in trials if self._is_drawable(trial))
        together = [*trials, *beside]
        encoding = MarkEncoding.of(self._axes, together)
        self._fit_scales(encoding, together)
        spans = (AxisSpan.of(self._axes.x, together), AxisSpan.of(self._axes.y, together))
        self._places = mark_places(self._trials, self._axes.x, self._axes.y, spans)
        is_usable = np.array([trial.usable for trial in self._trials], bool)
        self._draw_marks(np.flatnonzero(is_usable), encoding)
        self._draw_crosses(np.flatnonzero(~is_usable))
        self._draw_bands()
        for marginal in self.marginals.values():
            marginal.draw(self._trials)
        self.words.value = html.escape(distinct_words(self._trials, self._axes.all))

    def choose(self, number: int | None) -> None:
        """Put a ring around a trial, or around none."""
        chosen = [row for row, trial in enumerate(self._trials) if trial.number == number]
        with self.ring.hold_sync():
            self.ring.x, self.ring.y = self._places[chosen].T
            self.ring.size = np.full(len(chosen), float(RING))

    def drawn(self) -> list[tuple[float, float, float]]:
        """Return x, y and accuracy of the marks as they are on the screen."""
        marks = self.marks
        return [
            (float(x), float(y), float(color))
            for x, y, color in zip(marks.x, marks.y, marks.color, strict=True)
        ]

    def drawn_counts(self) -> dict[str, list[float]]:
        """Return for each hyperparameter how often each distinct value was tried, as drawn."""
        return {name: list(strip.drawn().values()) for name, strip in self.marginals.items()}

    def click(self, number: int) -> None:
        """Do what a click on a trial's mark does; a ValueError if there is none."""
        numbers = self._numbers if number in self._numbers else self._cross_numbers
        self._clicked(numbers, {"data": {"index": numbers.index(number)}})

    # -- parts -------------------------------------------------------------------------------

    def _make_marks(self) -> Any:
        marks = bqplot.Scatter(
            x=[],
            y=[],
            color=[],
            size=[],
            scales={**self._pair, "color": self.color_scale, "size": self.size_scale},
            default_size=1,
            opacities=[0.9],
            stroke=NEUTRAL,
            stroke_width=1.2,
            names=[],
            display_names=False,
            tooltip_style=dict(HOVER_STYLE),
            # A mark's own coordinates are not the trial's values where it is fanned out.
            tooltip=bqplot.Tooltip(
                fields=["name", "color"],
                labels=[translate(f"search_lab.{key}") for key in ("trial", "accuracy")],
                formats=["", ".2%"],
            ),
        )
        marks.on_element_click(lambda _mark, event: self._clicked(self._numbers, event))
        return marks

    def _make_crosses(self) -> Any:
        crosses = bqplot.Scatter(
            x=[],
            y=[],
            size=[],
            scales={**self._pair, "size": self._area},
            marker="cross",
            default_size=1,
            colors=[NEUTRAL],
            names=[],
            display_names=False,
            tooltip_style=dict(HOVER_STYLE),
            tooltip=bqplot.Tooltip(
                fields=["name"], labels=[translate("search_lab.lost_trial")], formats=[""]
            ),
        )
        crosses.on_element_click(lambda _mark, event: self._clicked(self._cross_numbers, event))
        return crosses

    def _make_ring(self) -> Any:
        return bqplot.Scatter(
            x=[],
            y=[],
            size=[],
            scales={**self._pair, "size": self._area},
            marker="circle",
            default_size=1,
            colors=["transparent"],
            stroke=CHOSEN_COLOR,
            stroke_width=3.0,
        )

    def _make_bands(self) -> Any:
        return bqplot.Lines(
            x=[],
            y=[],
            scales=self._pair,
            fill="inside",
            fill_colors=[NEUTRAL],
            fill_opacities=[BAND_OPACITY],
            colors=["transparent"],
            stroke_width=0,
        )

    @property
    def _pair(self) -> dict[str, Any]:
        return {"x": self.x.scale, "y": self.y.scale}

    def _clicked(self, numbers: list[int], event: dict[str, Any]) -> None:
        index = whole_number(event.get("data", {}).get("index"))
        if index is not None and 0 <= index < len(numbers):
            self._on_click(numbers[index])

    def _lay_out(self) -> Any:
        upright = self.y.axis(vertical=True)
        upright.label_offset = f"{self._left - 17}px"  # as far out as there is room
        self.figure = bqplot.Figure(
            marks=[*filter(None, [self.bands]), self.marks, self.crosses, self.ring],
            axes=[self.x.axis(), upright],
            fig_margin={"top": TOP, "bottom": BOTTOM, "left": self._left, "right": RIGHT},
            background_style={"fill": "transparent"},
            layout={
                "flex": "1 1 auto",
                "width": "auto",
                "min_width": "180px",
                "height": f"{MAP_HEIGHT}px",
            },
            padding_x=0.0,
            padding_y=0.0,
            # Its buttons would lie over the marks, and a map that is moved has no marginals.
            display_toolbar=False,
        )
        self.figure.add_class("hpt-chart")
        self.figure.add_class("hpt-trial-map")
        top, side, *_apart = (strip.figure for strip in self.marginals.values())
        rows = [
            widgets.HBox([top, _spacer()], layout=_ROW),
            widgets.HBox([self.figure, side], layout=_ROW),
        ]
        return widgets.VBox([*rows, self.words], layout={"width": "100%", "overflow": "visible"})

    # -- drawing -----------------------------------------------------------------------------

    def _is_drawable(self, trial: Trial) -> bool:
        scales = (self.x, self.y)
        found = [scale.place(trial.hyperparameters.get(scale.dimension.name)) for scale in scales]
        return None not in found

    def _fit_scales(self, encoding: MarkEncoding, trials: Sequence[Trial]) -> None:
        for marginal in self.marginals.values():
            marginal.fit(trials)
        self.color_scale.min, self.color_scale.max = encoding.low, encoding.high
        if self._axes.size is not None:
            with self.size_scale.hold_sync():
                self.size_scale.min, self.size_scale.max = encoding.ends

    def _draw_marks(self, rows: Any, encoding: MarkEncoding) -> None:
        trials = [self._trials[row] for row in rows]
        sizes = np.array([self._size_value(trial, encoding) for trial in trials])
        # Large marks first, so that none hides a smaller one.
        order = np.argsort(-sizes, kind="stable") if len(sizes) else np.empty(0, int)
        scores = np.array([trial.validation_accuracy or 0.0 for trial in trials])
        self._numbers = [trials[place].number for place in order]
        with self.marks.hold_sync():
            self.marks.x, self.marks.y = self._places[rows[order]].T
            self.marks.color = scores[order]
            self.marks.size = sizes[order]
            self.marks.names = [self._name_of(trials[place]) for place in order]

    def _draw_crosses(self, rows: Any) -> None:
        trials = [self._trials[row] for row in rows]
        self._cross_numbers = [trial.number for trial in trials]
        with self.crosses.hold_sync():
            self.crosses.x, self.crosses.y = self._places[rows].T
            self.crosses.size = np.full(len(trials), float(CROSS))
            self.crosses.names = [self._name_of(trial) for trial in trials]

    def _draw_bands(self) -> None:
        """Shade every second category across the whole chart."""
        if self.bands is None:
            return
        boxes = []
        ends = [(scale.scale.min, scale.scale.max) for scale in (self.x, self.y)]
        for along, scale in enumerate((self.x, self.y)):
            if isinstance(scale.dimension, Choice):
                for place in range(1, len(scale.dimension.options), 2):
                    sides = list(ends)
                    sides[along] = (place - 0.5, place + 0.5)
                    boxes.append(sides)
        with self.bands.hold_sync():
            self.bands.x = np.array([[x[0], x[1], x[1], x[0]] for x, _ in boxes])
            self.bands.y = np.array([[y[0], y[0], y[1], y[1]] for _, y in boxes])

    def _name_of(self, trial: Trial) -> str:
        known = trial.hyperparameters
        values = {d.name: known[d.name] for d in self._axes.all if d.name in known}
        return translate(
            "search_lab.spoken_trial", number=trial.number, values=describe_values(values)
        )

    def _size_value(self, trial: Trial, encoding: MarkEncoding) -> float:
        if self._axes.size is None:
            return float(PLAIN_MARK)
        value = size_of(trial, self._axes.size)
        return encoding.largest / 2 if value is None else value


def _spacer() -> Any:
    """Return what fills the corner over or under the strip at the side, as wide as that."""
    return widgets.Box(layout={"width": f"{SIDE_WIDTH}px", "flex": "0 0 auto", "margin": "2px"})
