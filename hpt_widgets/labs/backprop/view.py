"""The backpropagation lab on the screen: the drawing, the player, fields and gradients."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.backprop.network import GradientCheck
from hpt_widgets.backprop.passes import PARAMETER_NAMES
from hpt_widgets.backprop.steps import symbol
from hpt_widgets.labs.backprop.error_chart import ErrorChart
from hpt_widgets.labs.backprop.network_drawing import Scene, draw_network
from hpt_widgets.labs.backprop.state import ACTIVATIONS, RATES, VALUES, BackpropState
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.control_panel import guarded, show_one_message_at_a_time
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    StepControl,
    button,
    icon_button,
    log_slider,
)
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.labs.kit.network_canvas import (
    ACTIVE,
    NEGATIVE,
    POSITIVE,
    SIGNAL,
    short_number,
)
from hpt_widgets.language import translate

PLAYER: Final = {
    "to_start": "fast-backward",
    "back": "step-backward",
    "forward": "step-forward",
    "to_end": "fast-forward",
}
DESCENT: Final = {
    "descend_once": "arrow-down",
    "descend_ten": "angle-double-down",
    "reset": "undo",
}
USES_FIELDS: Final = ("forward", "to_end", "descend_once", "descend_ten")
"""The buttons that calculate on with what the fields say."""
# A gradient that differs by less than this from the numerical one, rounding aside, is right.
TOLERANCE: Final = 1e-6

_STYLE: Final = """<style>
.hpt-lab .hpt-drawing { margin: 0; }
.hpt-lab .hpt-drawing svg { display: block; width: 100%; max-height: 403px; }
.hpt-lab .hpt-words { font-size: var(--hpt-large); height: 66px; overflow: hidden auto; }
.hpt-lab .hpt-words p { margin: 1px 0 !important; font-size: var(--hpt-large);
  line-height: 1.35 !important; white-space: normal; }
.hpt-lab .hpt-formula { font-size: 15px; height: 90px; overflow: auto hidden; }
.hpt-lab .hpt-formula .MathJax { font-size: 100% !important; margin: 2px 0 !important; }
.hpt-lab .hpt-grid { font-variant-numeric: tabular-nums; }
.hpt-lab .hpt-grid .widget-html-content { font-size: var(--hpt-text); text-align: right;
  white-space: nowrap; }
.hpt-lab .hpt-grid .widget-text label { width: 30px !important; }
.hpt-lab .hpt-legend *, .hpt-lab .hpt-outcome * { line-height: 1.4 !important; }
.hpt-lab .hpt-outcome { height: 42px; overflow: hidden auto; }
.hpt-lab .hpt-outcome * { font-size: var(--hpt-text); white-space: normal; }
.hpt-lab .hpt-now { background: rgba(0, 158, 115, 0.3); border-radius: 4px; }
.hpt-full .hpt-drawing svg { max-height: calc(100vh - 300px); }
.hpt-full .hpt-formula { font-size: 22px; height: 100px; }
.hpt-full .hpt-words { height: 96px; }
.hpt-full .hpt-errors { height: 30vh !important; }
</style>"""


@dataclass(frozen=True)
class BackpropActions:
    """What the view calls when a reader does something.

    Attributes
    ----------
    on_setting : callable
        With the name and the new value of a setting.
    on_step : callable
        With the number of calculations that the handle was moved to.
    on_button : callable
        With the name of a button, one of `PLAYER` or `DESCENT`.
    """

    on_setting: Callable[[str, Any], None]
    on_step: Callable[[int], None]
    on_button: Callable[[str], None]


class BackpropView:
    """All widgets of the lab; it draws the state that it is given and keeps none.

    Parameters
    ----------
    state : BackpropState
        What to show.
    actions : BackpropActions
        What to call when the reader does something.

    Attributes
    ----------
    drawing, words, formula, outcome : Widget
        The network, the present calculation in words and symbols, what the descent came to.
    step : StepControl
        Which calculation is shown.
    numbers, activations, parameters : dict of str to Control
        The fields, by the names of their settings.
    gradients : dict of str to tuple of three HTML
        For each parameter its gradient, the numerical one, and whether they agree.
    check_note : HTML
        Why some of them can't be compared.
    errors : ErrorChart
    buttons : dict of str to Button
    widget : Widget
    """

    def __init__(self, state: BackpropState, actions: BackpropActions) -> None:
        self._actions = actions
        self.drawing = _html("hpt-drawing")
        self.words = _html("hpt-words")
        self.formula = widgets.HTMLMath(layout={"width": "100%"})
        self.formula.add_class("hpt-formula")
        self.outcome = widgets.HTML()
        self.outcome.add_class("hpt-outcome")
        self.errors = ErrorChart()
        self.step = StepControl(translate("backprop_lab.scrub"), len(state.passes), actions.on_step)
        self.numbers = {
            name: self._number(name, value, translate(f"backprop_lab.{name}"))
            for name, value in state.numbers.items()
        }
        self.activations: dict[str, Control] = {
            name: ChoiceControl(
                translate(f"backprop_lab.{name}"),
                [(option, option) for option in options],
                getattr(state.network, name),
                partial(actions.on_setting, name),
            )
            for name, options in ACTIVATIONS.items()
        }
        self.parameters = {
            name: self._number(name, value, symbol(name))
            for name, value in state.network.parameters().items()
        }
        self.gradients = {
            name: (widgets.HTML(), widgets.HTML(), widgets.HTML()) for name in PARAMETER_NAMES
        }
        self.check_note = widgets.HTML()
        self.check_note.add_class("hpt-legend")
        show_one_message_at_a_time([*self._fields(), self.step])
        pressed = guarded(actions.on_button, self._fields, USES_FIELDS.__contains__)
        self.buttons = {
            name: make(translate(f"backprop_lab.{name}"), icon, partial(pressed, name))
            for made, make in ((PLAYER, icon_button), (DESCENT, button))
            for name, icon in made.items()
        }
        self.widget = self._lay_out()
        self.draw(state)

    def draw(self, state: BackpropState) -> None:
        """Show everything anew."""
        for name, value in state.numbers.items():
            self.numbers[name].show(value)
        for name, choice in self.activations.items():
            choice.show(getattr(state.network, name))
        for name, value in state.network.parameters().items():
            self.parameters[name].show(value)
        self.errors.draw(state.errors)
        n = len(state.errors) - 1
        before, after = short_number(state.errors[0]), short_number(state.errors[-1])
        key = "fell_one" if n == 1 else "fell"
        text = translate(f"backprop_lab.{key}", before=before, after=after, n=n) if n else ""
        self.outcome.value = html.escape(text)
        self.draw_step(state)

    def draw_step(self, state: BackpropState) -> None:
        """Show what depends on how far the calculation has come."""
        scene = scene_of(state)
        self.drawing.value = draw_network(scene)
        self.step.show_step(state.n_done, len(state.passes))
        step = state.step
        if step is None:
            self.words.value = f"<p>{html.escape(translate('backprop_lab.at_start'))}</p>"
            self.formula.value = ""
        else:
            place = translate(
                "backprop_lab.at_step",
                step=state.n_done,
                last=len(state.passes),
                phase=translate(f"backprop.phase_{step.phase}"),
            )
            explanation = html.escape(step.explanation)
            self.words.value = f"<p><b>{html.escape(place)}</b></p><p>{explanation}</p>"
            formula, calculation = html.escape(step.formula), html.escape(step.numbers)
            self.formula.value = (
                rf"$$\begin{{aligned}}&{formula}\\[2pt]&{calculation}\end{{aligned}}$$"
            )
        self._draw_gradients(state, scene)

    def show_error(self, message: str) -> None:
        """Show a message instead of what the descent came to."""
        self.outcome.value = f'<span role="alert">{html.escape(message)}</span>'

    def _draw_gradients(self, state: BackpropState, scene: Scene) -> None:
        known = scene.known
        current = state.step.name if state.step else ""
        marks = set()
        for check in state.network.gradient_check(state.inputs, state.target):
            name = f"grad_{check.parameter}"
            texts = ["?", "", ""]
            if name in known:
                mark = _mark_of(check)
                marks.add(mark)
                texts = [short_number(known[name]), short_number(check.numerical), mark]
            if name == current:
                texts[0] = f'<span class="hpt-now">{texts[0]}</span>'
            for cell, text in zip(self.gradients[check.parameter], texts, strict=True):
                cell.value = text
        reason = translate("backprop_lab.at_kink") if "–" in marks else ""
        self.check_note.value = html.escape(reason)

    def _fields(self) -> list[Control]:
        groups = (self.numbers, self.activations, self.parameters)
        return [control for group in groups for control in group.values()]

    def _number(self, name: str, value: float, label: str) -> NumberControl:
        is_rate = name == "learning_rate"
        allowed, slider = (RATES, log_slider(-3, 2, 0.05, 10)) if is_rate else (VALUES, None)
        change = partial(self._actions.on_setting, name)
        return NumberControl(label, value, allowed, change, slider)

    # -- layout ------------------------------------------------------------------------------------

    def _lay_out(self) -> Any:
        colors = {"positive": POSITIVE, "negative": NEGATIVE, "active": ACTIVE, "signal": SIGNAL}
        shown = {name: swatch(color) for name, color in colors.items()}
        legend = widgets.HTML(translate("backprop_lab.legend", **shown))
        legend.add_class("hpt-legend")
        player = widgets.HBox([*(self.buttons[name] for name in PLAYER), self.step.widget])
        player.layout.align_items = "center"
        fields = [c.widget for c in (*self.numbers.values(), *self.activations.values())]
        descent = widgets.HBox([self.buttons[name] for name in DESCENT])
        descent.layout.flex_flow = "row wrap"
        own_style = widgets.HTML(_STYLE, layout={"display": "none"})
        self.frame = LabFrame(
            controls=[*fields, descent, self.outcome, self.errors.figure, legend],
            stage=[own_style, self.drawing, player, self.words, self.formula],
            below=[self._lay_out_grid(), self.check_note],
        )
        return self.frame.widget

    def _lay_out_grid(self) -> Any:
        """Lay out a row a parameter: its value to edit, its gradient, and the check of it."""
        heads = [
            widgets.HTML(f"<b>{html.escape(translate(f'backprop_lab.{key}'))}</b>")
            for key in ("parameter", "gradient", "numerical")
        ]
        children: list[Any] = [*heads, widgets.HTML()]
        for name in PARAMETER_NAMES:
            children += [self.parameters[name].widget, *self.gradients[name]]
        grid = widgets.GridBox(
            children,
            layout={
                "grid_template_columns": "150px 80px 90px 30px",
                "grid_gap": "0 6px",
                "align_items": "center",
                "overflow": "visible",
            },
        )
        grid.add_class("hpt-grid")
        return grid


def scene_of(state: BackpropState) -> Scene:
    """Return what a drawing of this state shows."""
    return Scene(state.passes, state.n_done, state.network.parameters())


def _mark_of(check: GradientCheck) -> str:
    """Say whether both gradients agree; a dash where they can't be compared."""
    allowed = TOLERANCE * max(1.0, abs(check.backpropagation)) + check.rounding
    if check.difference < allowed:
        return "✓"
    return "–" if check.crosses_kink else "✗"


def _html(css_class: str) -> Any:
    made = widgets.HTML(layout={"width": "100%"})
    made.add_class(css_class)
    return made
