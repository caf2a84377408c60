"""The panel below the descent lab: the map of convergence and the error by eigenvector."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.descent.surfaces import FloatArray, Surface
from hpt_widgets.labs.descent.charts import (
    COLORS,
    MARGIN,
    MOST_POWERS,
    MOST_TICKS,
    powers_of_ten,
    subsampled,
)
from hpt_widgets.labs.descent.controls import optimizer_label
from hpt_widgets.labs.descent.convergence_map import (
    STYLES,
    ConvergenceMap,
    convergence_map,
    drawn_errors,
    error_limits,
    leading_racer,
    place_of,
    rates_of,
    steps_for_a_tenth,
)
from hpt_widgets.labs.descent.race import DescentRace
from hpt_widgets.labs.kit.charts import figure, swatch
from hpt_widgets.labs.kit.controls import disclosure_button
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import finite_array

HEIGHT: Final = "290px"
LARGEST_SLIDER_MOMENTUM: Final = 0.99
_INK: Final = "#202020"


class ConvergencePanel:
    """The map and the curves of a quadratic surface, behind a button that opens them.

    Nothing is drawn while it is closed, or while the surface is not quadratic.

    Parameters
    ----------
    race : DescentRace
        What to show.
    on_pick : callable
        Called with the learning rate and the momentum where the reader clicks on the map.

    Attributes
    ----------
    opener : Button
    map, errors : Figure
        bqplot's.
    ground : bqplot Image
    racers, best : bqplot Scatter
        Where gradient descent and momentum stand on the map, and the best place.
    curves : list of bqplot Lines
        The flattest direction first.
    words, legend, widget : Widget
    """

    def __init__(self, race: DescentRace, on_pick: Callable[[float, float], None]) -> None:
        self._race = race
        self._on_pick = on_pick
        self._drawn: Surface | None = None
        self._ground: ConvergenceMap | None = None
        self._make_map()
        self._make_errors()
        self.words = _text()
        self.legend = _text()
        self._charts = self._lay_out()
        self._content = widgets.VBox()
        more, fewer = (translate(f"descent_lab.convergence_{key}") for key in ("more", "fewer"))
        self.opener = disclosure_button(more, fewer, self._content)
        self._content.layout.observe(self._turned, "display")
        self.widget = widgets.VBox([self.opener, self._content], layout={"overflow": "visible"})

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget`."""
        return [self._charts, self.words]

    @property
    def is_open(self) -> bool:
        """Whether the reader has opened it."""
        return bool(self._content.layout.display != "none")

    @property
    def is_shown(self) -> bool:
        """Whether it is open, on a surface that it holds for."""
        return self.is_open and convergence_map(self._race.settings.surface) is not None

    def open(self, is_open: bool) -> None:
        """Open it or close it."""
        if is_open != self.is_open:
            self.opener.click()

    def draw(self) -> None:
        """Show all that depends on the settings."""
        surface = self._race.settings.surface
        is_quadratic = convergence_map(surface) is not None
        self.widget.layout.display = "" if is_quadratic else "none"
        if not (self.is_open and is_quadratic):
            # A chart that is only hidden has no size, and complains of it in the console.
            self._content.children = ()
            return
        if surface is not self._drawn:
            self._draw_ground(surface)
        self._draw_racers()
        self._draw_errors()
        self.words.value = self._sentences()
        if not self._content.children:
            self._content.children = (self._charts, self.words)

    def _turned(self, _change: object) -> None:
        self.draw()

    # -- the map ---------------------------------------------------------------------------------

    def _make_map(self) -> None:
        labels = (translate(f"descent_lab.{key}_axis") for key in ("rate", "momentum"))
        self.map, scales = figure(*labels, height=HEIGHT, x_limits=(0, 1), y_limits=(0, 1))
        pair = {"x": scales.x, "y": scales.y}
        self.ground = bqplot.Image(image=widgets.Image(value=b""), scales=pair)
        self.ground.on_element_click(self._clicked)
        self.best = bqplot.Scatter(
            x=[], y=[], scales=pair, marker="crosshair", default_size=170, colors=[_INK],
            stroke=_INK, stroke_width=2.5,
        )  # fmt: skip
        self.racers = bqplot.Scatter(
            x=[], y=[], scales=pair, default_size=140, stroke=_INK, stroke_width=1.5
        )
        self.map.marks = [self.ground, self.best, self.racers]
        for axis in self.map.axes:
            axis.grid_lines = "none"
            axis.tick_format = "~g"
        _fit(self.map)

    def _draw_ground(self, surface: Surface) -> None:
        ground = convergence_map(surface)
        assert ground is not None
        before = self.ground.image
        picture = widgets.Image(value=ground.png(), layout=before.layout)
        with self.ground.hold_sync():
            self.ground.image = picture
            self.ground.x, self.ground.y = [0.0, ground.farthest_rate], [0.0, 1.0]
        before.close()
        x_axis, y_axis = self.map.axes
        x_axis.scale.max = ground.farthest_rate
        x_axis.tick_values = np.array(round_ticks(0.0, ground.farthest_rate, MOST_TICKS))
        y_axis.tick_values = np.array(round_ticks(0.0, 1.0, MOST_TICKS))
        with self.best.hold_sync():
            self.best.x = np.array([ground.best.learning_rate])
            self.best.y = np.array([ground.best.momentum])
        self._drawn, self._ground = surface, ground

    def _draw_racers(self) -> None:
        assert self._ground is not None
        places = {
            name: place
            for name in self._race.settings.optimizers
            if (place := place_of(name, self._race)) is not None
        }
        with self.racers.hold_sync():
            farthest = self._ground.farthest_rate
            self.racers.x = np.array([min(x, farthest) for x, _ in places.values()])
            self.racers.y = np.array([y for _, y in places.values()])
            self.racers.colors = [COLORS[name] for name in places] or [_INK]

    def _clicked(self, _mark: object, content: dict[str, Any]) -> None:
        place = content.get("data", {})
        picked = finite_array((place.get("click_x"), place.get("click_y")))
        if picked is None or not picked[0] > 0:
            return
        momentum = min(max(round(float(picked[1]), 2), 0.0), LARGEST_SLIDER_MOMENTUM)
        self._on_pick(float(f"{picked[0]:.2g}"), momentum)

    # -- the errors ------------------------------------------------------------------------------

    def _make_errors(self) -> None:
        labels = (translate(f"descent_lab.{key}_axis") for key in ("step", "error"))
        self.errors, self._error_scales = figure(*labels, log_y=True, height=HEIGHT)
        pair = {"x": self._error_scales.x, "y": self._error_scales.y}
        self.curves = [
            bqplot.Lines(x=[], y=[], scales=pair, stroke_width=2.5, line_style=style)
            for style in STYLES
        ]
        self.errors.marks = self.curves
        self.errors.axes[1].tick_format = ".0e"
        _fit(self.errors)

    def _draw_errors(self) -> None:
        assert self._ground is not None
        name = leading_racer(self._race)
        errors = drawn_errors(self._race, name)
        low, high = error_limits(errors)
        steps = np.arange(errors.shape[1], dtype=np.float64)[None]
        x_axis, y_axis = self.errors.axes
        x_axis.scale.min, x_axis.scale.max = 0.0, float(self._race.settings.steps)
        x_axis.tick_values = np.array(round_ticks(0.0, x_axis.scale.max, MOST_TICKS))
        x_axis.tick_format = "~g"
        with y_axis.scale.hold_sync():
            y_axis.scale.min, y_axis.scale.max = low, high
        y_axis.tick_values = powers_of_ten(low, high, MOST_POWERS)
        for place, curve in enumerate(self.curves):
            with curve.hold_sync():
                curve.colors = [COLORS[name]]
                curve.x, curve.y = _row(steps, 0), _row(np.clip(errors, low, high), place)
        self.legend.value = self._legend(name)

    def _legend(self, name: str) -> str:
        assert self._ground is not None
        label = html.escape(optimizer_label(name))
        shown = [
            translate(f"descent_lab.{style}_curve", curvature=f"{curvature:.3g}")
            for style, curvature in zip(STYLES, self._ground.curvatures, strict=False)
        ]
        words = html.escape("\u2003".join(shown))
        return f"{swatch(COLORS[name])}<b>{label}</b> {words}"

    # -- words -----------------------------------------------------------------------------------

    def _sentences(self) -> str:
        assert self._ground is not None
        rates = rates_of(self._race, self._ground.curvatures)
        lines = [self._sentence(name, rate) for name, rate in rates.items()]
        best = self._ground.best
        lines.append(
            html.escape(
                translate(
                    "descent_lab.best_momentum",
                    rate=f"{best.learning_rate:.3g}",
                    momentum=f"{best.momentum:.3g}",
                    factor=f"{best.convergence_rate:.3g}",
                    steps=_steps(best.convergence_rate),
                )
            )
        )
        lines.append(html.escape(translate("descent_lab.convergence_hint")))
        return "".join(f"<p>{line}</p>" for line in lines)

    def _sentence(self, name: str, rate: float) -> str:
        key = "converges" if rate < 1 else "does_not_converge"
        words = translate(f"descent_lab.{key}", factor=f"{rate:.3g}", steps=_steps(rate))
        label = html.escape(optimizer_label(name))
        return f"{swatch(COLORS[name])}<b>{label}</b> {html.escape(words)}"

    def _lay_out(self) -> Any:
        beside = widgets.VBox([self.errors, self.legend], layout={"overflow": "visible"})
        charts = widgets.Box([self.map, beside])
        charts.add_class("hpt-convergence")
        return charts


def _steps(rate: float) -> str:
    """Return the steps for a power of ten, in words of a number; at least 1."""
    if rate >= 1:
        return "–"
    return f"{max(float(steps_for_a_tenth(np.array(rate))), 1.0):,.0f}"


def _row(values: FloatArray, place: int) -> FloatArray:
    """Return one row, thinned out for the browser; none where there are fewer."""
    return subsampled(values[place : place + 1])[0] if place < len(values) else np.empty(0)


def _fit(chart: Any) -> None:
    chart.fig_margin = dict(MARGIN)
    chart.padding_x = chart.padding_y = 0
    chart.layout.min_width = "240px"
    chart.axes[1].label_offset = "46px"


def _text() -> Any:
    made = widgets.HTML(layout={"width": "auto"})
    made.add_class("hpt-convergence-words")
    return made
