"""The backpropagation lab: a 2-3-1 network calculated one number at a time."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.backprop.network import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, BackpropNetwork
from hpt_widgets.backprop.passes import PARAMETER_NAMES, Backpropagation, BackpropStep
from hpt_widgets.backprop.steps import symbol
from hpt_widgets.labs.backprop.network_drawing import (
    NEGATIVE,
    POSITIVE,
    Scene,
    draw_network,
    plot_network,
    shown,
)
from hpt_widgets.labs.kit.charts import PLAIN_NUMBERS, Curve, figure, swatch
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    NumberRange,
    StepControl,
    button,
    icon_button,
    log_slider,
)
from hpt_widgets.labs.kit.lab import Lab, style_sheet
from hpt_widgets.labs.kit.ticks import round_ticks
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.support.colors import GREEN

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

DEFAULT_INPUTS: Final = (0.5, 1.0)
DEFAULT_TARGET: Final = 0.2
MOST_STEPS: Final = 10_000
# An error beyond this is a divergence: what follows it are only overflows.
LARGEST_ERROR: Final = 1e12
# The chart of the errors: how long its axis of steps is at least, and how many numbers it has.
FEWEST_STEPS_SHOWN: Final = 10
MOST_STEP_TICKS: Final = 11
MOST_ERROR_TICKS: Final = 5
# A gradient that differs by less than this from the numerical one is right.
TOLERANCE: Final = 1e-6

_EDITABLE: Final = NumberRange(-1e6, 1e6)
_RATES: Final = NumberRange(1e-6, 1e4)
_ACTIVATIONS: Final = {
    "hidden_activation": HIDDEN_ACTIVATIONS,
    "output_activation": OUTPUT_ACTIVATIONS,
}
_SETTINGS: Final = (
    "x1",
    "x2",
    "target",
    "learning_rate",
    "network",
    *_ACTIVATIONS,
    *PARAMETER_NAMES,
)

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


class BackpropLab(Lab):
    """The forward and backward passes of a 2-3-1 network, one calculation at a time.

    Parameters
    ----------
    **settings
        Anything that `set` takes. Default: ``BackpropNetwork()``, the inputs (0.5, 1),
        the target 0.2 and the learning rate 0.5.

    Raises
    ------
    ValueError, TypeError
        If a setting is not known or not allowed.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> lab = hpt.BackpropLab(target=0.9)
    >>> lab.descend(20)
    >>> lab.errors[-1] < lab.errors[0]
    True
    """

    def __init__(self, **settings: Any) -> None:
        self._network = self._first_network = BackpropNetwork()
        self._errors: list[float] = []
        self._inputs = DEFAULT_INPUTS
        self._target = DEFAULT_TARGET
        self._learning_rate = 0.5
        self._n_done = 0
        self._change(settings)
        super().__init__()

    # -- what a reader can do, with or without a screen ------------------------------------------

    def set(self, **changes: Any) -> None:
        """Change settings; all that depends on them is calculated anew at once.

        Parameters
        ----------
        x1, x2, target : float
            The one example.
        learning_rate : float
            η of the descent steps, greater than 0.
        hidden_activation, output_activation : str
            As for `hpt_widgets.BackpropNetwork`.
        w11, …, w23, b1, b2, b3, v1, v2, v3, c : float
            Parameters of the network.
        network : BackpropNetwork
            A whole network.

        Raises
        ------
        ValueError, TypeError
            If a change is not known or not allowed; then nothing changes.
        """
        self._change(changes)
        self._show()

    @property
    def network(self) -> BackpropNetwork:
        """The network as it is now."""
        return self._network

    @property
    def inputs(self) -> tuple[float, float]:
        """The example's x₁ and x₂."""
        return self._inputs

    @property
    def target(self) -> float:
        """The example's target t."""
        return self._target

    @property
    def learning_rate(self) -> float:
        """η of the descent steps."""
        return self._learning_rate

    @property
    def passes(self) -> Backpropagation:
        """All calculations for the present network and example."""
        return self._passes

    @property
    def errors(self) -> tuple[float, ...]:
        """J before the first descent step and after each one, since the last change by hand."""
        return tuple(self._errors)

    @property
    def n_done(self) -> int:
        """How many calculations are shown, 0 to 26."""
        return self._n_done

    @property
    def step(self) -> BackpropStep | None:
        """The last calculation shown, None before the first."""
        return self._passes[self._n_done - 1] if self._n_done else None

    def go_to(self, step: int | str) -> None:
        """Show the calculations up to one of them.

        Parameters
        ----------
        step : int or str
            How many calculations, or the name of the last one, such as ``"delta_h1"``.

        Raises
        ------
        ValueError
            If there is no such step.
        """
        names = [calculation.name for calculation in self._passes]
        if isinstance(step, str) and step in names:
            step = names.index(step) + 1
        self._n_done = _whole("step", step, 0, len(names))
        self._show_walk()

    def forward(self) -> None:
        """Make the next calculation."""
        self.go_to(min(self._n_done + 1, len(self._passes)))

    def back(self) -> None:
        """Take the last calculation back."""
        self.go_to(max(self._n_done - 1, 0))

    def descend(self, steps: int = 1) -> None:
        """Take steps of gradient descent on the one example.

        Parameters
        ----------
        steps : int, optional
            How many, 1 to 10,000. Default 1.

        Raises
        ------
        ValueError
            If ``steps`` is not allowed, or the error would grow beyond all bounds; the
            network stays as it was then.
        """
        network, errors = self._network, []
        for taken in range(1, _whole("steps", steps, 1, MOST_STEPS) + 1):
            with np.errstate(all="ignore"):
                network = self._stepped(network, taken)
                errors.append(network.error(self._inputs, self._target))
            if not errors[-1] < LARGEST_ERROR:
                raise ValueError(self._divergence(taken))
        self._network = network
        self._errors += errors
        self._passes = network.backward(self._inputs, self._target)
        self._show()

    def reset(self) -> None:
        """Bring back the network as it was before the first descent step."""
        self._network = self._first_network
        self._begin_anew()
        self._show()

    # -- state -------------------------------------------------------------------------------------

    def _stepped(self, network: BackpropNetwork, taken: int) -> BackpropNetwork:
        try:
            return network.descent_step(self._learning_rate, self._inputs, self._target)
        except ValueError as error:  # a parameter has become infinite
            raise ValueError(self._divergence(taken)) from error

    def _divergence(self, taken: int) -> str:
        rate = f"{self._learning_rate:g}"
        return translate("backprop_lab.diverges", rate=rate, steps=taken)

    def _change(self, changes: dict[str, Any]) -> None:
        """Check all changes, then make them."""
        for name, value in changes.items():
            if name not in _SETTINGS:
                allowed = ", ".join(_SETTINGS)
                message = "backprop_lab.unknown_setting"
                raise ValueError(translate(message, name=name, value=value, allowed=allowed))
        network = changes.get("network", self._network)
        if not isinstance(network, BackpropNetwork):
            raise TypeError(translate("backprop_lab.network", value=network))
        if "network" in changes:
            for name, value in network.parameters().items():
                _EDITABLE.check(name, value)
        activations = {name: changes[name] for name in _ACTIVATIONS if name in changes}
        network = replace(network, **activations) if activations else network
        values = {name: changes[name] for name in PARAMETER_NAMES if name in changes}
        for name, value in values.items():
            _EDITABLE.check(name, value)
        network = network.with_parameters(values) if values else network
        example = {"x1": self._inputs[0], "x2": self._inputs[1], "target": self._target}
        for name in example:
            example[name] = _EDITABLE.check(name, changes.get(name, example[name]))
        rate = _RATES.check("learning_rate", changes.get("learning_rate", self._learning_rate))
        self._learning_rate = float(rate)
        self._inputs = (float(example["x1"]), float(example["x2"]))
        self._target = float(example["target"])
        self._network = network
        if changes.keys() != {"learning_rate"}:
            self._first_network = network
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._passes = self._network.backward(self._inputs, self._target)
        self._errors = [self._passes.error]

    # -- view --------------------------------------------------------------------------------------

    def _build(self) -> Any:
        self._drawing = widgets.HTML(layout={"width": "100%"})
        self._drawing.add_class("hpt-drawing")
        self._words = widgets.HTML(layout={"width": "100%"})
        self._words.add_class("hpt-words")
        self._formula = widgets.HTMLMath(layout={"width": "100%"})
        self._formula.add_class("hpt-formula")
        legend = widgets.HTML(
            translate("backprop_lab.legend", positive=swatch(POSITIVE), negative=swatch(NEGATIVE))
        )
        legend.add_class("hpt-legend")
        descent = self._build_descent()
        player = self._build_player()
        stage = widgets.VBox(
            [self._drawing, player, self._words, self._formula, legend, self._error_figure],
            layout={
                "flex": "1 1 560px",
                "min_width": "320px",
                "padding": "0 14px 0 0",
                "overflow": "visible",
            },
        )
        controls = widgets.VBox(
            [*self._build_settings(), descent, self._build_grid()],
            layout={
                "flex": "0 1 384px",
                "min_width": "350px",
                "padding": "0 4px 0 0",
                "overflow": "visible",
            },
        )
        view = widgets.HBox(
            [style_sheet(), widgets.HTML(_STYLE, layout={"display": "none"}), stage, controls],
            layout={"width": "100%", "flex_flow": "row wrap", "overflow": "visible"},
        )
        self._show()
        return view

    def _build_player(self) -> Any:
        last = len(self._passes)
        self._walk = StepControl(translate("backprop_lab.scrub"), last, self.go_to)
        actions: list[tuple[str, str, Callable[[], None]]] = [
            ("to_start", "fast-backward", lambda: self.go_to(0)),
            ("back", "step-backward", self.back),
            ("forward", "step-forward", self.forward),
            ("to_end", "fast-forward", lambda: self.go_to(last)),
        ]
        buttons = []
        for key, icon, action in actions:
            buttons.append(icon_button(translate(f"backprop_lab.{key}"), icon, action))
        return widgets.HBox(
            [*buttons, self._walk.widget],
            layout={"width": "100%", "flex_flow": "row wrap", "align_items": "center"},
        )

    def _build_settings(self) -> list[Any]:
        values = {"x1": self._inputs[0], "x2": self._inputs[1], "target": self._target}
        self._numbers: dict[str, NumberControl] = {
            name: self._number(name, value, translate(f"backprop_lab.{name}"), _EDITABLE)
            for name, value in values.items()
        }
        self._numbers["learning_rate"] = self._number(
            "learning_rate",
            self._learning_rate,
            translate("backprop_lab.learning_rate"),
            _RATES,
            log_slider(-3, 2, 0.05, 10),
        )
        self._choices: dict[str, Control] = {
            name: ChoiceControl(
                translate(f"backprop_lab.{name}"),
                [(option, option) for option in options],
                getattr(self._network, name),
                self._setter(name),
            )
            for name, options in _ACTIVATIONS.items()
        }
        return [control.widget for control in (*self._numbers.values(), *self._choices.values())]

    def _number(
        self, name: str, value: float, label: str, allowed: NumberRange, slider: Any = None
    ) -> NumberControl:
        return NumberControl(name, label, value, allowed, self._setter(name), slider)

    def _setter(self, name: str) -> Callable[[Any], None]:
        return lambda value: self.set(**{name: value})

    def _build_descent(self) -> Any:
        actions: list[tuple[str, str, Callable[[], None]]] = [
            ("descend_once", "arrow-down", lambda: self._try_to_descend(1)),
            ("descend_ten", "angle-double-down", lambda: self._try_to_descend(10)),
            ("reset", "undo", self.reset),
        ]
        buttons = [
            button(translate(f"backprop_lab.{key}"), icon, action) for key, icon, action in actions
        ]
        self._outcome = widgets.HTML()
        self._outcome.add_class("hpt-legend")
        self._error_figure, scales = figure(
            translate("backprop_lab.descent_steps"), translate("backprop_lab.error"), height="190px"
        )
        self._error_figure.fig_margin = {"top": 8, "bottom": 40, "left": 72, "right": 16}
        self._error_figure.axes[1].label_offset = "56px"
        self._error_figure.axes[0].tick_format = "~g"
        self._error_figure.padding_y = 0.0
        labels = (translate("backprop_lab.descent_steps"), translate("backprop_lab.error"))
        self._error_curve = Curve(scales, labels, marker_size=40)
        self._error_curve.style(GREEN, width=3, opacity=1.0)
        self._error_figure.marks = self._error_curve.marks
        return widgets.VBox([widgets.HBox(buttons), self._outcome])

    def _build_grid(self) -> Any:
        """Lay out a row a parameter: its value to edit, its gradient, and the check of it."""
        self._parameters = {
            name: self._number(name, value, symbol(name), _EDITABLE)
            for name, value in self._network.parameters().items()
        }
        self._cells = {
            name: (widgets.HTML(), widgets.HTML(), widgets.HTML()) for name in PARAMETER_NAMES
        }
        heads = [
            widgets.HTML(f"<b>{html.escape(translate(f'backprop_lab.{key}'))}</b>")
            for key in ("parameter", "gradient", "numerical")
        ]
        children: list[Any] = [*heads, widgets.HTML()]
        for name in PARAMETER_NAMES:
            children += [self._parameters[name].widget, *self._cells[name]]
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

    def _try_to_descend(self, steps: int) -> None:
        try:
            self.descend(steps)
        except ValueError as error:
            self._outcome.value = f'<span role="alert">{html.escape(str(error))}</span>'

    # -- showing -----------------------------------------------------------------------------------

    def _show(self) -> None:
        """Show everything anew."""
        values = {"x1": self._inputs[0], "x2": self._inputs[1], "target": self._target}
        for name, value in {**values, "learning_rate": self._learning_rate}.items():
            self._numbers[name].show(value)
        for name, choice in self._choices.items():
            choice.show(getattr(self._network, name))
        for name, value in self._network.parameters().items():
            self._parameters[name].show(value)
        self._show_errors()
        self._show_outcome()
        self._show_walk()

    def _show_outcome(self) -> None:
        n = len(self._errors) - 1
        before, after = shown(self._errors[0]), shown(self._errors[-1])
        text = translate("backprop_lab.fell", before=before, after=after, n=n) if n else ""
        self._outcome.value = html.escape(text)

    def _show_errors(self) -> None:
        """Draw the errors, with few numbers along the axes."""
        steps, highest = self._error_limits()
        across, upright = self._error_figure.axes
        for drawn, end in ((across, float(steps)), (upright, highest)):
            with drawn.scale.hold_sync():
                drawn.scale.min, drawn.scale.max = 0.0, end
        low, high = PLAIN_NUMBERS
        with upright.hold_sync():
            upright.tick_values = round_ticks(0.0, highest, MOST_ERROR_TICKS)
            upright.tick_format = "~g" if low <= highest < high else ".2~e"
        ticks = round_ticks(0.0, steps, MOST_STEP_TICKS)
        across.tick_values = [tick for tick in ticks if tick == int(tick)]
        self._error_curve.draw(list(range(len(self._errors))), self._errors)

    def _error_limits(self) -> tuple[int, float]:
        """Return where the axes of the errors end: at a step, and at an error."""
        return max(len(self._errors) - 1, FEWEST_STEPS_SHOWN), 1.05 * max(self._errors) or 1.0

    def _scene(self) -> Scene:
        return Scene(self._passes, self._n_done, self._network.parameters())

    def _show_walk(self) -> None:
        """Show what depends on how far the calculation has come."""
        scene = self._scene()
        self._drawing.value = draw_network(scene)
        self._walk.show_step(self._n_done, len(self._passes))
        step = self.step
        if step is None:
            self._words.value = f"<p>{html.escape(translate('backprop_lab.at_start'))}</p>"
            self._formula.value = ""
        else:
            place = translate(
                "backprop_lab.at_step",
                step=self._n_done,
                last=len(self._passes),
                phase=translate(f"backprop.phase_{step.phase}"),
            )
            explanation = html.escape(step.explanation)
            self._words.value = f"<p><b>{html.escape(place)}</b></p><p>{explanation}</p>"
            formula, calculation = html.escape(step.formula), html.escape(step.numbers)
            self._formula.value = (
                rf"$$\begin{{aligned}}&{formula}\\[4pt]&{calculation}\end{{aligned}}$$"
            )
        self._show_gradients(scene)

    def _show_gradients(self, scene: Scene) -> None:
        known = scene.known
        checks = self._network.gradient_check(self._inputs, self._target)
        current = self.step.name if self.step else ""
        for check in checks:
            name = f"grad_{check.parameter}"
            texts = ["?", "", ""]
            if name in known:
                agrees = check.difference < TOLERANCE * max(1.0, abs(check.backpropagation))
                texts = [shown(known[name]), shown(check.numerical), "✓" if agrees else "✗"]
            if name == current:
                texts[0] = f'<span class="hpt-now">{texts[0]}</span>'
            for cell, text in zip(self._cells[check.parameter], texts, strict=True):
                cell.value = text

    # -- static picture ----------------------------------------------------------------------------

    def _picture(self) -> StillPicture:
        from hpt_widgets.support.still_picture import StillPicture

        made = StillPicture(figsize=(12.5, 5.3), layout="constrained")
        network, errors = made.subplots(1, 2, width_ratios=(2.6, 1))
        plot_network(self._scene(), network)
        errors.plot(self._errors, marker="o", color=GREEN, clip_on=False)
        steps, highest = self._error_limits()
        errors.set(xlabel="descent steps", ylabel="error J", xlim=(0, steps), ylim=(0, highest))
        errors.xaxis.get_major_locator().set_params(integer=True)
        errors.grid(alpha=0.3)
        return made


def _whole(name: str, value: object, least: int, last: int) -> int:
    number = whole_number(value)
    if number is not None and least <= number <= last:
        return number
    raise ValueError(translate(f"backprop_lab.{name}", value=value, last=last))
