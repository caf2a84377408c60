"""The backpropagation lab on the screen: the drawing, the player, fields and gradients."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.backprop.passes import PARAMETER_NAMES
from hpt_widgets.backprop.steps import symbol
from hpt_widgets.labs.backprop.error_chart import ErrorChart
from hpt_widgets.labs.backprop.network_drawing import (
    NEGATIVE,
    POSITIVE,
    Scene,
    draw_network,
    short_number,
)
from hpt_widgets.labs.backprop.state import ACTIVATIONS, RATES, VALUES, BackpropState
from hpt_widgets.labs.kit.charts import swatch
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    StepControl,
    button,
    icon_button,
    log_slider,
)
from hpt_widgets.labs.kit.lab import style_sheet
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
# A gradient that differs by less than this from the numerical one is right.
TOLERANCE: Final = 1e-6

_STYLE: Final = """<style>
.hpt-lab .hpt-drawing .widget-html-content { overflow-x: auto; }
.hpt-lab .hpt-drawing svg { min-width: 480px; }
.hpt-lab .hpt-words { font-size: 17px; }
.hpt-lab .hpt-words p { margin: 2px 0 !important; line-height: 1.4 !important;
  white-space: normal; }
.hpt-lab .hpt-formula { font-size: 19px; min-height: 92px; overflow-x: auto; }
.hpt-lab .hpt-formula .MathJax { font-size: 115% !important; }
.hpt-lab .hpt-grid { font-variant-numeric: tabular-nums; }
.hpt-lab .hpt-grid .widget-html-content { font-size: 14px; text-align: right;
  white-space: nowrap; }
.hpt-lab .hpt-grid .widget-text label { width: 30px !important; }
.hpt-lab .hpt-legend * { line-height: 1.4 !important; }
.hpt-lab .hpt-now { background: rgba(230, 159, 0, 0.3); border-radius: 4px; }
.hpt-lab .bqplot text.axislabel { fill: var(--jp-ui-font-color1, #333) !important; }
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
        self.outcome.add_class("hpt-legend")
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
        self.buttons = {
            name: make(translate(f"backprop_lab.{name}"), icon, partial(actions.on_button, name))
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
        text = translate("backprop_lab.fell", before=before, after=after, n=n) if n else ""
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
                rf"$$\begin{{aligned}}&{formula}\\[4pt]&{calculation}\end{{aligned}}$$"
            )
        self._draw_gradients(state, scene)

    def show_error(self, message: str) -> None:
        """Show a message instead of what the descent came to."""
        self.outcome.value = f'<span role="alert">{html.escape(message)}</span>'

    def _draw_gradients(self, state: BackpropState, scene: Scene) -> None:
        known = scene.known
        current = state.step.name if state.step else ""
        for check in state.network.gradient_check(state.inputs, state.target):
            name = f"grad_{check.parameter}"
            texts = ["?", "", ""]
            if name in known:
                agrees = check.difference < TOLERANCE * max(1.0, abs(check.backpropagation))
                texts = [
                    short_number(known[name]),
                    short_number(check.numerical),
                    "✓" if agrees else "✗",
                ]
            if name == current:
                texts[0] = f'<span class="hpt-now">{texts[0]}</span>'
            for cell, text in zip(self.gradients[check.parameter], texts, strict=True):
                cell.value = text

    def _number(self, name: str, value: float, label: str) -> NumberControl:
        is_rate = name == "learning_rate"
        allowed, slider = (RATES, log_slider(-3, 2, 0.05, 10)) if is_rate else (VALUES, None)
        change = partial(self._actions.on_setting, name)
        return NumberControl(name, label, value, allowed, change, slider)

    # -- layout ------------------------------------------------------------------------------------

    def _lay_out(self) -> Any:
        legend = widgets.HTML(
            translate("backprop_lab.legend", positive=swatch(POSITIVE), negative=swatch(NEGATIVE))
        )
        legend.add_class("hpt-legend")
        player = widgets.HBox(
            [*(self.buttons[name] for name in PLAYER), self.step.widget],
            layout={"width": "100%", "flex_flow": "row wrap", "align_items": "center"},
        )
        stage = widgets.VBox(
            [self.drawing, player, self.words, self.formula, legend, self.errors.figure],
            layout={
                "flex": "1 1 560px",
                "min_width": "320px",
                "padding": "0 14px 0 0",
                "overflow": "visible",
            },
        )
        fields = [c.widget for c in (*self.numbers.values(), *self.activations.values())]
        descent = widgets.VBox(
            [widgets.HBox([self.buttons[name] for name in DESCENT]), self.outcome]
        )
        controls = widgets.VBox(
            [*fields, descent, self._lay_out_grid()],
            layout={
                "flex": "0 1 384px",
                "min_width": "350px",
                "padding": "0 4px 0 0",
                "overflow": "visible",
            },
        )
        return widgets.HBox(
            [style_sheet(), widgets.HTML(_STYLE, layout={"display": "none"}), stage, controls],
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"},
        )

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


def _html(css_class: str) -> Any:
    made = widgets.HTML(layout={"width": "100%"})
    made.add_class(css_class)
    return made
