"""The network lab's controls: the task, the layers, the training, one weight at a time."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.backprop.dense_network import DENSE_ACTIVATIONS
from hpt_widgets.labs.kit.control_panel import guarded, show_one_message_at_a_time
from hpt_widgets.labs.kit.controls import (
    FIELD_WIDTH,
    LABEL_STYLE,
    ChoiceControl,
    Control,
    NumberControl,
    button,
    icon_button,
    linear_slider,
    log_slider,
)
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.kit.own_changes import OwnChanges
from hpt_widgets.labs.network.state import (
    CLASSES,
    DATA_OF_TASK,
    MOST_LAYERS,
    MOST_UNITS,
    NUMBERS,
    TASKS,
    VALUES,
    NetworkSettings,
    NetworkState,
)
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_choice

PLAYER: Final = {"play": "play", "step": "step-forward", "restart": "undo"}
LAYERS: Final = {"add_layer": "plus", "remove_layer": "minus"}
POINTS: Final = {"new_points": "random"}
USES_FIELDS: Final = ("play", "step", "new_points")
"""The buttons that go on with what the fields say."""
BUTTONS: Final = (*PLAYER, *LAYERS, *POINTS)
_SLIDERS: Final[dict[str, Callable[[], Any]]] = {
    "learning_rate": lambda: log_slider(-3, 1, 0.02, 10),
    "noise": lambda: linear_slider(0, 0.5, 0.01),
    "x1": lambda: linear_slider(-1, 1, 0.02),
    "x2": lambda: linear_slider(-1, 1, 0.02),
}


@dataclass(frozen=True)
class NetworkActions:
    """What the view calls when a reader does something.

    Attributes
    ----------
    on_change : callable
        With the settings that were changed, as the lab's `set` takes them.
    on_button : callable
        With the name of a button, one of `BUTTONS`.
    on_weight : callable
        With the name of a weight or bias, and its new value.
    on_chosen : callable
        With the name of the weight or bias that was chosen.
    on_point : callable
        With the coordinates of a click.
    """

    on_change: Callable[..., None]
    on_button: Callable[[str], None]
    on_weight: Callable[[str, float], None]
    on_chosen: Callable[[str], None]
    on_point: Callable[[float, float], None]


class NetworkControls:
    """All that a reader moves.

    Parameters
    ----------
    state : NetworkState
        To begin with.
    actions : NetworkActions

    Attributes
    ----------
    choices : dict of str to ChoiceControl
        Task, data, activation, and the class of added points.
    data : DataControl
        The second of them.
    numbers : dict of str to NumberControl
        Learning rate, noise, and the inputs that are followed.
    layers : list of NumberControl
        The units of each hidden layer; those that are not there are hidden.
    weight : Dropdown
        Which weight or bias is moved.
    value : NumberControl
        Its value.
    buttons : dict of str to Button
    widget : VBox
    """

    def __init__(self, state: NetworkState, actions: NetworkActions) -> None:
        self._actions = actions
        self._own_changes = OwnChanges()
        self._is_playing = False
        settings = state.settings
        self.data = self._data_control(settings)
        self.choices: dict[str, ChoiceControl] = {
            "task": self._choice("task", TASKS, settings.task),
            "data": self.data,
            "activation": self._choice("activation", DENSE_ACTIVATIONS, settings.activation),
            "added_class": self._choice("added_class", CLASSES, settings.added_class),
        }
        self.numbers = {
            name: self._number(name, getattr(settings, name), allowed)
            for name, allowed in NUMBERS.items()
        }
        self.layers = [self._layer(layer) for layer in range(MOST_LAYERS)]
        pressed = guarded(actions.on_button, self._all, self._uses_fields)
        self.buttons = {
            name: make(translate(f"network_lab.{name}"), icon, partial(pressed, name))
            for icons, make in ((PLAYER, button), (LAYERS, icon_button), (POINTS, icon_button))
            for name, icon in icons.items()
        }
        self.weight = self._weight_list(list(state.parameters))
        self.value = self._weight_value(state.parameters[self.weight.value])
        show_one_message_at_a_time(self._all())
        self.widget = self._lay_out()
        self.show(state)

    def show(self, state: NetworkState) -> None:
        """Show settings and the chosen weight, and only the controls that matter."""
        settings = state.settings
        is_plane = settings.task == "plane"
        self.data.offer(settings.task)
        for name, choice in self.choices.items():
            choice.show(getattr(settings, name))
        for name, number in self.numbers.items():
            number.show(getattr(settings, name))
        for layer, control in enumerate(self.layers):
            is_there = layer < len(settings.hidden_units)
            control.widget.layout.display = "" if is_there else "none"
            if is_there:
                control.show(settings.hidden_units[layer])
        followed = "x1" if is_plane else "x"
        self.numbers["x1"].field.description = translate(f"network_lab.{followed}")
        self.numbers["x2"].widget.layout.display = "" if is_plane else "none"
        self.choices["added_class"].widget.layout.display = "" if is_plane else "none"
        self.show_weight(state)

    def show_weight(self, state: NetworkState) -> None:
        """Show the chosen weight's value; where it is no longer there, the first is chosen."""
        parameters = state.parameters
        # This is asked for while it trains, and words take longer than names.
        if [name for _, name in self.weight.options] != list(parameters):
            options = [(parameter_label(name), name) for name in parameters]
            chosen = self.weight.value
            with self._own_changes:
                self.weight.options = options
                self.weight.value = chosen if chosen in parameters else options[0][1]
        # A page may have sent that nothing is chosen.
        name = self.weight.value or self.weight.options[0][1]
        self.value.show(float(f"{parameters[name]:.3g}"))

    def choose(self, name: str, state: NetworkState) -> None:
        """Put a weight or bias under the slider, without calling back."""
        require_choice("name", name, tuple(state.parameters))
        with self._own_changes:
            self.weight.value = name
        self.show_weight(state)

    def show_playing(self, is_playing: bool) -> None:
        """Let the button say what it would do now."""
        self._is_playing = is_playing
        key, made = "pause" if is_playing else "play", self.buttons["play"]
        made.icon = key
        made.description = made.tooltip = translate(f"network_lab.{key}")

    def _all(self) -> list[Control]:
        return [*self.choices.values(), *self.numbers.values(), *self.layers, self.value]

    def _uses_fields(self, button: str) -> bool:
        return button in USES_FIELDS and not (button == "play" and self._is_playing)

    def _data_control(self, settings: NetworkSettings) -> DataControl:
        made = DataControl(
            translate("network_lab.data"),
            [(translate(f"network_lab.data_{settings.data}"), settings.data)],
            settings.data,
            lambda new: self._actions.on_change(data=new),
        )
        made.offer(settings.task)
        return made

    def _weight_list(self, names: list[str]) -> Any:
        made = widgets.Dropdown(
            options=[(parameter_label(name), name) for name in names],
            value=names[0],
            description=translate("network_lab.weight"),
            style=LABEL_STYLE,
            layout={"width": FIELD_WIDTH},
        )
        made.observe(self._on_chosen, "value")
        return made

    def _weight_value(self, value: float) -> NumberControl:
        made = NumberControl(
            translate("network_lab.value"),
            value,
            VALUES,
            lambda new: self._actions.on_weight(self.weight.value, new),
            linear_slider(-5, 5, 0.05),
        )
        made.widget.add_class("hpt-net-row")
        return made

    def _choice(self, name: str, options: Any, value: Any) -> ChoiceControl:
        return ChoiceControl(
            translate(f"network_lab.{name}"),
            [(translate(f"network_lab.{name}_{option}"), option) for option in options],
            value,
            lambda new: self._actions.on_change(**{name: new}),
        )

    def _number(self, name: str, value: float, allowed: NumberRange) -> NumberControl:
        label = translate(f"network_lab.{name}")

        def change(new: Any) -> None:
            self._actions.on_change(**{name: new})

        made = NumberControl(label, value, allowed, change, _SLIDERS[name]())
        made.widget.add_class("hpt-net-row")
        return made

    def _layer(self, layer: int) -> NumberControl:
        label = translate("network_lab.layer", layer=layer + 1)
        change = partial(self._change_units, layer)
        allowed = NumberRange(1, MOST_UNITS, whole=True)
        made = NumberControl(label, 3, allowed, change, linear_slider(1, MOST_UNITS, 1))
        made.widget.add_class("hpt-net-row")
        return made

    def _change_units(self, layer: int, count: int) -> None:
        units = [
            control.value for control in self.layers if control.widget.layout.display != "none"
        ]
        if layer < len(units):  # the others' fields are not on the screen
            units[layer] = count
            self._actions.on_change(hidden_units=tuple(units))

    def _on_chosen(self, change: dict[str, Any]) -> None:
        if change["new"] is not None and not self._own_changes.are_under_way:
            self._actions.on_chosen(change["new"])

    def _lay_out(self) -> Any:
        choices, numbers = self.choices, self.numbers

        def row(parts: list[Any]) -> Any:
            made = widgets.HBox(parts)
            made.add_class("hpt-net-pair")
            return made

        choices["task"].dropdown.style.description_width = "20%"
        choices["added_class"].dropdown.style.description_width = "44%"
        heading = widgets.HTML(html.escape(translate("network_lab.hidden_layers")))
        heading.add_class("hpt-net-heading")
        return widgets.VBox(
            [
                choices["task"].widget,
                choices["data"].widget,
                row([numbers["noise"].widget, self.buttons["new_points"]]),
                choices["added_class"].widget,
                row([heading, *(self.buttons[name] for name in LAYERS)]),
                *(layer.widget for layer in self.layers),
                choices["activation"].widget,
                numbers["learning_rate"].widget,
                row([self.buttons[name] for name in PLAYER]),
                numbers["x1"].widget,
                numbers["x2"].widget,
                self.weight,
                self.value.widget,
            ],
            layout={"overflow": "visible"},
        )


class DataControl(ChoiceControl):
    """The list of the data that there are for a task."""

    def offer(self, task: str) -> None:
        """Show another task's data, without calling back."""
        options = [(translate(f"network_lab.data_{name}"), name) for name in DATA_OF_TASK[task]]
        if list(self.dropdown.options) != options:
            # New options choose the first of them, which is no reader's choice.
            with self._own_changes:
                self.dropdown.options = options


def parameter_label(name: str) -> str:
    """Return what a weight or bias is called on the screen: ``w1_12`` is "1: w₁₂"."""
    layer, place = name[1:].split("_")
    digits = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return translate(
        "network_lab.parameter", layer=layer, symbol=f"{name[0]}{place.translate(digits)}"
    )
