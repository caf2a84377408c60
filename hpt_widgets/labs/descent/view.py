"""The descent lab on the screen: controls, a map, the player, the losses, and words beside them."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.descent.surfaces import Point
from hpt_widgets.labs.descent.charts import COLORS, CurveChart, LossChart, MapChart
from hpt_widgets.labs.descent.controls import DescentControls, optimizer_label
from hpt_widgets.labs.descent.convergence_view import ConvergencePanel
from hpt_widgets.labs.descent.race import DescentRace
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.control_panel import guarded
from hpt_widgets.labs.kit.controls import StepControl, choice_list, icon_button
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.labs.kit.frame_clock import FrameClock
from hpt_widgets.labs.kit.own_changes import OwnChanges
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
WALKS_ON: Final = ("play", "forward", "to_end")
"""Those that go on with the walks as the fields set them."""
# While it plays, the words change only this often: nobody reads faster.
SECONDS_BETWEEN_WORDS: Final = 0.25

_STYLE: Final = """<style>
.hpt-lab .hpt-race { display: grid; grid-template-columns: minmax(0, 2.25fr) minmax(0, 1fr);
  grid-template-rows: minmax(0, 1fr); gap: 0 10px; overflow: visible; }
.hpt-lab .hpt-charts, .hpt-lab .hpt-beside { overflow: visible; min-width: 0; }
.hpt-lab .hpt-surface-formula { height: 28px; margin: 0; overflow: hidden; }
.hpt-lab .hpt-beside { position: relative; }
.hpt-lab .hpt-said { position: absolute; inset: 0; margin: 0; overflow: hidden auto;
  scrollbar-width: thin; }
.hpt-lab .hpt-said p { margin: 0 0 9px !important; font-size: var(--hpt-text);
  line-height: 1.32 !important; white-space: normal; }
.hpt-lab .hpt-said .hpt-heading { margin: 6px 34px 6px 0; }
.hpt-lab .hpt-hint * { font-size: var(--hpt-text); line-height: 1.3 !important;
  white-space: normal; color: var(--jp-ui-font-color2, #555); }
.hpt-lab .hpt-hint [role=alert] { color: #c62828; }
.hpt-lab .hpt-player { align-items: center; overflow: visible; }
.hpt-lab .hpt-heading { margin: 3px 2px 0; }
.hpt-lab .hpt-heading * { font-size: var(--hpt-text); font-weight: 600;
  line-height: 1.4 !important; white-space: normal; }
.hpt-lab .hpt-row > .widget-vbox, .hpt-lab .hpt-rate > .widget-vbox { flex-direction: row;
  align-items: center; overflow: visible; }
.hpt-lab .hpt-row .widget-text { flex: 0 0 auto; width: 75% !important; }
.hpt-lab .hpt-row .widget-text > label { flex: 0 0 auto; width: 68% !important; }
.hpt-lab .hpt-row .widget-hslider, .hpt-lab .hpt-rate .widget-hslider { flex: 1 1 0;
  width: auto !important; min-width: 0; margin: 0 6px 0 8px; overflow: visible; }
.hpt-lab .hpt-row .slider-container, .hpt-lab .hpt-rate .slider-container { flex: 1 1 0;
  min-width: 0; }
.hpt-lab .hpt-racer { align-items: center; overflow: visible; padding-left: 6px; margin: 0;
  --jp-widgets-inline-height: 26px; }
.hpt-lab .hpt-correction { overflow: visible; padding-left: 26px; margin: 0;
  --jp-widgets-inline-height: 20px; }
.hpt-lab .hpt-correction > .widget-checkbox { margin: 0; }
.hpt-lab .hpt-racer > .widget-checkbox { flex: 0 0 auto; width: 52% !important; margin: 0; }
.hpt-lab .hpt-racer > .hpt-control { flex: 1 1 0; min-width: 0; }
.hpt-lab .hpt-rate .widget-text { flex: 0 0 auto; width: 50% !important; margin-left: 0;
  position: relative; }
.hpt-lab .hpt-rate .widget-text > label { position: absolute; width: 1px !important; height: 1px;
  overflow: visible; clip-path: inset(50%); }
.hpt-lab .hpt-racer .hpt-rate > .hpt-message { left: -110%; }
.hpt-lab .hpt-rate .widget-text input { padding: 0 4px; font-size: var(--hpt-text); }
.hpt-lab .hpt-convergence { display: grid; gap: 0 10px; overflow: visible;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.hpt-lab .hpt-convergence-words, .hpt-lab .hpt-convergence-words p { margin: 0 0 4px;
  font-size: var(--hpt-text); line-height: 1.35 !important; white-space: normal; }
@container hpt-frame (max-width: 719px) {
  .hpt-lab .hpt-convergence { grid-template-columns: minmax(0, 1fr); }
  .hpt-lab .hpt-race { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto; }
  .hpt-lab .hpt-said { position: static; }
}
.hpt-full .hpt-map { height: calc(62vh - 110px) !important; }
.hpt-full .hpt-losses { height: calc(38vh - 60px) !important; }
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
    on_pick : callable
        With the learning rate and the momentum that were clicked on the map of convergence.
    """

    on_change: Callable[..., None]
    on_noise: Callable[[], None]
    on_start: Callable[[Point], None]
    on_step: Callable[[int], None]
    on_button: Callable[[str], None]
    on_speed: Callable[[float], None]
    on_pick: Callable[[float, float], None]


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
    charts : VBox
        The surface's formula, its chart, the player, and the chart of the losses.
    clock : FrameClock
    buttons : dict of str to Button
    step : StepControl
        The playhead.
    speed : Dropdown
    convergence : ConvergencePanel
        Below all, for quadratic surfaces.
    formula, verdicts, hint, widget : Widget
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
        pressed = guarded(actions.on_button, lambda: self.controls.all, self._uses_fields)
        self.buttons = {
            name: icon_button(translate(f"descent_lab.{name}"), icon, partial(pressed, name))
            for name, icon in BUTTONS.items()
        }
        self.step = StepControl(translate("descent_lab.scrub"), 1, actions.on_step, lock)
        self._own_changes = OwnChanges()
        self.speed = choice_list(
            translate("descent_lab.speed_label"),
            _options_of(SPEEDS),
            SPEEDS[2],
            lambda speed: None if self._own_changes.are_under_way else actions.on_speed(speed),
        )
        self.formula = widgets.HTMLMath()
        self.formula.add_class("hpt-surface-formula")
        self.charts = widgets.VBox()
        self.charts.add_class("hpt-charts")
        self.verdicts = widgets.HTML(layout={"width": "auto"})
        self.verdicts.add_class("hpt-verdicts")
        self.hint = widgets.HTML(layout={"width": "auto"})
        self.hint.add_class("hpt-hint")
        self.convergence = ConvergencePanel(race, actions.on_pick)
        self._player = self._lay_out_player()
        self.widget = self._lay_out()
        self.draw()

    @property
    def hidden_widgets(self) -> list[Any]:
        """Widgets that may not be part of `widget`."""
        return [self.map.figure, self.curve.figure, *self.convergence.hidden_widgets]

    def draw(self) -> None:
        """Draw everything that depends on the settings."""
        settings = self._race.settings
        self._chart.draw(self._race)
        self.losses.draw(self._race)
        # A chart that is only hidden has no size, and complains of it in the browser's console.
        charts = (self.formula, self._chart.figure, self._player, self.losses.figure)
        if self.charts.children != charts:
            self.charts.children = charts
        formula = html.escape(settings.surface.formula.replace("$", r"\$"))
        self.formula.value = f"$\\small {formula}$" if formula else ""
        on_a_map = "hint_2d" if settings.surface.minima else "hint_2d_unmarked"
        hint = "hint_1d" if settings.surface.n_dims == 1 else on_a_map
        self.hint.value = translate(f"descent_lab.{hint}")
        self.controls.show(settings)
        self.convergence.draw()
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
            self.verdicts.value = self._verdicts_html()

    def show_playing(self, is_playing: bool) -> None:
        """Let the button say what it would do now."""
        key, made = "pause" if is_playing else "play", self.buttons["play"]
        made.icon = key
        made.description = made.tooltip = translate(f"descent_lab.{key}")

    def show_speed(self, speed: float) -> None:
        """Show how fast it plays; a speed that the list lacks is added to it."""
        # While the options change, the first one is chosen for a moment.
        with self._own_changes, self.speed.hold_sync():
            if speed not in dict(self.speed.options).values():
                self.speed.options = _options_of(sorted((*SPEEDS, speed)))
            self.speed.value = speed

    def show_error(self, message: str) -> None:
        """Show a message below the controls."""
        self.hint.value = f'<span role="alert">{html.escape(message)}</span>'

    def _uses_fields(self, button: str) -> bool:
        return button in WALKS_ON and not (button == "play" and self.clock.is_running)

    @property
    def _chart(self) -> MapChart | CurveChart:
        return self.curve if self._race.settings.surface.n_dims == 1 else self.map

    def _verdicts_html(self) -> str:
        """Say what happens to all, and below it why: their column is not high enough for both."""
        verdicts = {name: self._race.verdict(name) for name in self._race.paths}
        if len(verdicts) == 1:
            texts = [(name, str(verdict)) for name, verdict in verdicts.items()]
        else:
            happening = [(name, verdict.happening) for name, verdict in verdicts.items()]
            reasons = [(name, verdict.reason) for name, verdict in verdicts.items()]
            texts = [*happening, *((name, reason) for name, reason in reasons if reason)]
        return "".join(_said(name, text) for name, text in texts)

    def _lay_out_player(self) -> Any:
        above = widgets.HBox([self.clock.widget, *self.buttons.values(), self.speed])
        above.add_class("hpt-player")
        self.step.widget.layout.flex = "0 0 auto"
        return widgets.VBox([above, self.step.widget], layout={"overflow": "visible"})

    def _lay_out(self) -> Any:
        heading = widgets.HTML(html.escape(translate("descent_lab.verdicts")))
        heading.add_class("hpt-heading")
        said = widgets.VBox([heading, self.verdicts])
        said.add_class("hpt-said")
        beside = widgets.Box([said])
        beside.add_class("hpt-beside")
        race = widgets.Box([self.charts, beside])
        race.add_class("hpt-race")
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.frame = LabFrame(
            controls=[self.controls.widget, self.hint],
            stage=[own_style, race],
            below=[self.convergence.widget],
        )
        return self.frame.widget


def _said(optimizer: str, text: str) -> str:
    label = optimizer_label(optimizer)
    # Some reasons begin with the name.
    said = html.escape(text.removeprefix(f"{label} "))
    return f"<p>{swatch(COLORS[optimizer])}<b>{html.escape(label)}</b> {said}</p>"


def _options_of(speeds: Iterable[float]) -> list[tuple[str, float]]:
    return [(translate("descent_lab.steps_a_second", speed=speed), speed) for speed in speeds]
