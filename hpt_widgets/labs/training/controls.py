"""The training lab's sliders, fields and buttons, grouped by the article's three kinds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    NumberRange,
    TextControl,
    button,
    disclosure,
)
from hpt_widgets.labs.kit.hyperparameter_sliders import SLIDERS
from hpt_widgets.language import translate
from hpt_widgets.training.hyperparameters import ACTIVATIONS, KINDS, OPTIMIZERS, validated

BUTTONS: Final = ("start", "pause", "step", "stop", "reset")
ICONS: Final = {
    "start": "play",
    "pause": "pause",
    "step": "step-forward",
    "stop": "stop",
    "reset": "undo",
}


class TrainingControls:
    """All that a reader can move, type and press.

    Parameters
    ----------
    settings : dict of str to object
        The values to begin with: the hyperparameters and ``training_size``.
    ranges : dict of str to NumberRange
        The numbers that each setting takes.
    on_setting : callable
        Called with the name and the new value of a setting.
    on_button : callable
        Called with the name of a button.
    on_apply : callable
        Called with True or False when the switch moves.

    Attributes
    ----------
    widget : VBox
        All of it.
    fields : dict of str to Control
        By the name of the setting.
    buttons : dict of str to Button
        By the names in `BUTTONS`.
    apply : Checkbox
        Whether changes go into the training under way.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        ranges: dict[str, NumberRange],
        on_setting: Callable[[str, Any], None],
        on_button: Callable[[str], None],
        on_apply: Callable[[bool], None],
    ) -> None:
        self._on_setting = on_setting
        self.fields: dict[str, Control] = {
            name: self._make(name, settings[name], ranges) for name in settings
        }
        self.buttons = {name: self._button(name, on_button) for name in BUTTONS}
        self.apply = widgets.Checkbox(
            value=False,
            indent=False,
            description=translate("training_lab.apply_to_running"),
            layout={"width": "100%"},
        )
        self.apply.observe(lambda change: on_apply(change["new"]), "value")
        self.widget = self._layout()

    def show(self, name: str, value: Any) -> None:
        """Show a setting's value without telling anybody."""
        self.fields[name].show(value)

    def show_paused(self, paused: bool) -> None:
        """Let the pause button say what it will do next."""
        pause = self.buttons["pause"]
        pause.description = translate(f"training_lab.{'resume' if paused else 'pause'}")
        pause.icon = "play" if paused else "pause"

    def _make(self, name: str, value: Any, ranges: dict[str, NumberRange]) -> Control:
        label = translate(f"training_lab.{name}")

        def on_change(new: Any) -> None:
            self._on_setting(name, new)

        if name == "hidden_units":
            return TextControl(label, value, parse_hidden_units, write_hidden_units, on_change)
        if name in ("optimizer", "activation"):
            options = OPTIMIZERS if name == "optimizer" else ACTIVATIONS
            return ChoiceControl(label, [(word, word) for word in options], value, on_change)
        slider = SLIDERS[name]() if name in SLIDERS else None
        return NumberControl(name, label, value, ranges[name], on_change, slider)

    def _button(self, name: str, on_button: Callable[[str], None]) -> Any:
        tooltips = {"start", "step", "reset"}
        tooltip = translate(f"training_lab.{name}_tooltip") if name in tooltips else ""
        label = translate(f"training_lab.{name}")
        return button(label, ICONS[name], lambda: on_button(name), tooltip)

    def _layout(self) -> Any:
        main = ("learning_rate", "batch_size", "dropout_rate")
        groups = []
        for kind, names in KINDS.items():
            members = [name for name in names if name not in main]
            if kind == "training":
                members.append("training_size")
            groups.append(widgets.VBox([self.fields[name].widget for name in members]))
        titles = [translate(f"training_lab.{kind}") for kind in KINDS]
        kinds = widgets.VBox(
            [
                part
                for title, group in zip(titles, groups, strict=True)
                for part in (widgets.HTML(f"<b>{title}</b>"), group)
            ]
        )
        more = disclosure(translate("training_lab.more"), translate("training_lab.fewer"), kinds)
        buttons = widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        sliders = [self.fields[name].widget for name in main]
        return widgets.VBox([*sliders, self.apply, buttons, more], layout={"overflow": "visible"})


def parse_hidden_units(text: str) -> object:
    """Read "128, 64" or "128-64" as (128, 64); raise a ValueError or TypeError else."""
    # Between two numbers it is a hyphen; elsewhere it is a minus, and no number of units.
    plain = re.sub(r"(?<=\d)\s*-\s*(?=\d)", " ", text.strip("()（） "))
    words = [word for word in re.split(r"[\s,，、;；]+", plain) if word]
    try:
        units = tuple(int(word) for word in words)
    except ValueError:
        raise ValueError(translate("training_lab.hidden_units_text", value=text)) from None
    return validated("hidden_units", units)


def write_hidden_units(units: Any) -> str:
    """Write (128, 64) as "128, 64"."""
    return ", ".join(str(count) for count in units)
