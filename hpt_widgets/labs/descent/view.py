"""The descent lab on the screen: controls, two charts, the player, and words below them."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.descent.surfaces import Point
from hpt_widgets.labs.descent.charts import COLORS, CurveChart, LossChart, MapChart
from hpt_widgets.labs.descent.controls import DescentControls, optimizer_label
from hpt_widgets.labs.descent.race import DescentRace
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.controls import StepControl, choice_list, icon_button
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.kit.lab import style_sheet
from hpt_widgets.language import translate

SPEEDS: Final = (2.0, 5.0, 10.0, 20.0, 50.0)
BUTTONS: Final = {
    "to_start": "fast-backward",
    "back": "step-backward",
    "play": "play",
    "forward": "step-forward",
    "to_end": "fast-forward",
}
"""The player's buttons and their icons."""
# While it plays, the words change only this often: nobody reads faster.
SECONDS_BETWEEN_WORDS: Final = 0.25

_STYLE: Final = """<style>
.hpt-lab .hpt-verdicts { font-size: 15px; }
.hpt-lab .hpt-verdicts p { margin: 5px 0 !important; line-height: 1.35 !important;
  white-space: normal; }
.hpt-lab .hpt-heading { font-size: 14px; font-weight: 600; }
.hpt-lab .hpt-heading * { line-height: 1.3 !important; }
.hpt-lab .hpt-rate > .widget-vbox { flex-direction: row; padding-left: 34px; }
.hpt-lab .hpt-rate .widget-text { width: 118px !important; flex: 0 0 auto; }
.hpt-lab .hpt-rate .widget-text label { width: 20px !important; }
.hpt-lab .hpt-rate .widget-hslider { width: auto !important; flex: 1 1 0; margin-left: 8px; }
.hpt-lab .bqplot text.axislabel { fill: var(--jp-ui-font-color1, #333) !important; }
</style>"""


@dataclass(frozen=True)
class DescentActions:
    """What the view calls when a reader does something.

    Attributes
    ----------
    on_change : callable
        With the settings that were changed, as the lab's `set` takes them.
    on_noise : callable
        With nothing, when other noise is asked for.
    on_start : callable
        With the start that was dragged or clicked.
    on_step : callable
        With the step that the handle was moved to.
    on_button : callable
        With the name of a button, one of `BUTTONS`.
    on_speed : callable
        With the steps a second that were chosen.
    """

    on_change: Callable[..., None]
    on_noise: Callable[[], None]
    on_start: Callable[[Point], None]
    on_step: Callable[[int], None]
    on_button: Callable[[str], None]
    on_speed: Callable[[float], None]


class DescentView:
    """All widgets of the lab; it draws the race that it is given and keeps no state but that.

    Parameters
    ----------
    race : DescentRace
        What to show.
    actions : DescentActions
        What to call when the reader does something.
    clock : FrameClock
        Of the animation.
    lock : context manager
        Held while the reader moves the handle: a frame may be moving it too.

    Attributes
    ----------
    controls : DescentControls
    map, curve, losses : MapChart, CurveChart, LossChart
        Of the first two the one that suits the surface is on the screen.
    charts : HBox
        The two charts on the screen.
    clock : FrameClock
    buttons : dict of str to Button
    step : StepControl
        The playhead.
    speed : Dropdown
    verdicts, hint, widget : Widget
    """

    def __init__(
        self,
        race: DescentRace,
        actions: DescentActions,
        clock: FrameClock,
        lock: AbstractContextManager[Any],
    ) -> None:
        self._race = race
        self._words_written_at = 0.0
        self.map = MapChart(actions.on_start)
        self.curve = CurveChart(actions.on_start)
        self.losses = LossChart()
        self.controls = DescentControls(race.settings, actions.on_change, actions.on_noise)
        self.clock = clock
        self.buttons = {
            name: icon_button(
                translate(f"descent_lab.{name}"), icon, partial(actions.on_button, name)
            )
            for name, icon in BUTTONS.items()
        }
        self.step = StepControl(translate("descent_lab.scrub"), 1, actions.on_step, lock)
        self.speed = choice_list(
            translate("descent_lab.speed_label"),
            [(translate("descent_lab.steps_a_second", speed=speed), speed) for speed in SPEEDS],
            SPEEDS[2],
            actions.on_speed,
        )
        self.charts = widgets.HBox(
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"}
        )
        self.verdicts = widgets.HTML(layout={"width": "100%"})
        self.verdicts.add_class("hpt-verdicts")
        self.hint = widgets.HTML()
        self.widget = self._lay_out()
        self.draw()

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget`."""
        return [self.map.figure, self.curve.figure]

    def draw(self) -> None:
        """Draw everything that depends on the settings."""
        settings = self._race.settings
        self._chart.draw(self._race)
        self.losses.draw(self._race)
        # A chart that is only hidden has no size, and complains of it in the browser's console.
        charts = (self._chart.figure, self.losses.figure)
        if self.charts.children != charts:
            self.charts.children = charts
        is_curve = settings.surface.n_dims == 1
        self.hint.value = translate("descent_lab.hint_1d" if is_curve else "descent_lab.hint_2d")
        self.controls.show(settings)
        self.draw_step(words=True)

    def draw_playhead(self, *, words: bool) -> None:
        """Draw everything that depends on the playhead, the words at once or when it is time."""
        self._chart.draw_heads(self._race)
        self.losses.draw_heads(self._race)
        self.draw_step(words=words)

    def draw_step(self, *, words: bool) -> None:
        """Show the number of the step, and the verdicts at once or when it is time."""
        self.step.show_step(self._race.step, self._race.settings.steps)
        now = time.monotonic()
        if words or now - self._words_written_at > SECONDS_BETWEEN_WORDS:
            self._words_written_at = now
            self.verdicts.value = "".join(self._verdict_html(name) for name in self._race.paths)

    def show_playing(self, is_playing: bool) -> None:
        """Let the button say what it would do now."""
        key, made = "pause" if is_playing else "play", self.buttons["play"]
        made.icon = key
        made.description = made.tooltip = translate(f"descent_lab.{key}")

    def show_error(self, message: str) -> None:
        """Show a message below the charts."""
        self.hint.value = f'<span role="alert">{html.escape(message)}</span>'

    @property
    def _chart(self) -> MapChart | CurveChart:
        return self.curve if self._race.settings.surface.n_dims == 1 else self.map

    def _verdict_html(self, name: str) -> str:
        label, text = html.escape(optimizer_label(name)), html.escape(str(self._race.verdict(name)))
        return f"<p>{swatch(COLORS[name])}<b>{label}</b> {text}</p>"

    def _lay_out(self) -> Any:
        for chart, least in ((self.map, "340px"), (self.curve, "340px"), (self.losses, "270px")):
            chart.figure.layout.min_width = least
            chart.figure.layout.flex = "1 1 0%"
            chart.figure.layout.width = "auto"
        player = widgets.HBox(
            [self.clock.widget, *self.buttons.values(), self.step.widget, self.speed],
            layout={"width": "100%", "flex_flow": "row wrap", "align_items": "center"},
        )
        stage = widgets.VBox(
            [self.charts, player, self.verdicts, self.hint],
            layout={"flex": "1 1 620px", "min_width": "340px", "overflow": "visible"},
        )
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        return widgets.HBox(
            [style_sheet(), own_style, self.controls.widget, stage],
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"},
        )
