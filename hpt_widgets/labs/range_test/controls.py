"""The range-test lab's sliders and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NotchedSlider,
    NumberControl,
    NumberRange,
    button,
    log_slider,
)
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES, SLIDERS
from hpt_widgets.language import translate
from hpt_widgets.studies.range_test import LEAST_UPDATES, MOST_UPDATES
from hpt_widgets.training.hyperparameters import OPTIMIZERS

RATES: Final = NumberRange(1e-7, 100)
OWN_RANGES: Final = {
    "low": RATES,
    "high": RATES,
    "n_updates": NumberRange(LEAST_UPDATES, MOST_UPDATES, whole=True),
}
OWN_SLIDERS: Final[dict[str, Callable[[], NotchedSlider]]] = {
    "low": lambda: log_slider(-7, 0, step=0.5, base=10),
    "high": lambda: log_slider(-3, 2, step=0.5, base=10),
    "n_updates": lambda: log_slider(4.5, 12, step=0.25, base=2),
}
ICONS: Final = {"start": "play", "stop": "stop", "clear": "eraser"}


class RangeTestControls:
    """All that a reader can move, type and press.

    Parameters
    ----------
    settings : dict of str to object
        The values to begin with.
    on_setting : callable
        Called with the name and the new value of a setting.
    on_button : callable
        Called with the name of a button.

    Attributes
    ----------
    widget : VBox
        All of it.
    fields : dict of str to Control
        By the name of the setting.
    buttons : dict of str to Button
        By the names in `ICONS`.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        on_setting: Callable[[str, Any], None],
        on_button: Callable[[str], None],
    ) -> None:
        self.fields = {name: _control(name, value, on_setting) for name, value in settings.items()}
        self.buttons = {name: _button(name, on_button) for name in ICONS}
        row = widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        fields = [control.widget for control in self.fields.values()]
        self.widget = widgets.VBox([*fields, row], layout={"overflow": "visible"})

    def show(self, name: str, value: Any) -> None:
        """Show a setting's value without calling `on_setting`."""
        self.fields[name].show(value)


def _control(name: str, value: Any, on_setting: Callable[[str, Any], None]) -> Control:
    def on_change(new: Any) -> None:
        on_setting(name, new)

    label = translate(f"{'range_test_lab' if name in OWN_RANGES else 'training_lab'}.{name}")
    if name == "optimizer":
        return ChoiceControl(label, [(o, o) for o in OPTIMIZERS], value, on_change)
    ranges, sliders = {**RANGES, **OWN_RANGES}, {**SLIDERS, **OWN_SLIDERS}
    return NumberControl(name, label, value, ranges[name], on_change, sliders[name]())


def _button(name: str, on_button: Callable[[str], None]) -> Any:
    return button(
        translate(f"range_test_lab.{name}"),
        ICONS[name],
        lambda: on_button(name),
        translate(f"range_test_lab.{name}_tooltip"),
    )
