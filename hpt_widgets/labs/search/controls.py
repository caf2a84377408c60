"""The search lab's fields and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.controls import ChoiceControl, Control, NumberControl, NumberRange, button
from hpt_widgets.language import translate
from hpt_widgets.search.runner import METHODS

BUDGETS: Final = ("trials", "seconds")
BUTTONS: Final = ("start", "resume", "stop")
ICONS: Final = {"start": "play", "resume": "forward", "stop": "stop"}
RANGES: Final = {
    "trials": NumberRange(1, 1000, whole=True),
    "seconds": NumberRange(0.1, 3600),
    "seed": NumberRange(0, 2**31 - 1, whole=True),
    "repeats": NumberRange(1, 20, whole=True),
    "n_startup_jobs": NumberRange(0, 1000, whole=True),
    "epochs": NumberRange(1, 100, whole=True),
}


class SearchControls:
    """All that a reader can choose, type and press.

    Parameters
    ----------
    values : dict of str to object
        The values to begin with: ``method``, ``budget`` ("trials" or "seconds"), and those of
        `RANGES` and ``training_size`` that the lab has.
    ranges : dict of str to NumberRange
        What may be typed.
    on_setting : callable
        Called with the name and the new value of a setting.
    on_button : callable
        Called with the name of a button.

    Attributes
    ----------
    fields : dict of str to Control
        By the name of the setting.
    buttons : dict of str to Button
    """

    def __init__(
        self,
        values: dict[str, Any],
        ranges: dict[str, NumberRange],
        on_setting: Callable[[str, Any], None],
        on_button: Callable[[str], None],
    ) -> None:
        self._on_setting = on_setting
        self.fields: dict[str, Control] = {
            "method": self._choice("method", METHODS, values["method"]),
            "budget": self._choice("budget", BUDGETS, values["budget"]),
        }
        for name, allowed in ranges.items():
            self.fields[name] = self._number(name, values[name], allowed)
        self.buttons = {name: self._button(name, on_button) for name in BUTTONS}
        row = widgets.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        controls = [control.widget for control in self.fields.values()]
        self.widget = widgets.VBox([*controls, row], layout={"overflow": "visible"})
        self.show_relevant_fields(values["method"], values["budget"])

    def show(self, name: str, value: Any) -> None:
        """Show a setting's value without calling `on_setting`."""
        self.fields[name].show(value)

    def show_relevant_fields(self, method: str, budget: str) -> None:
        """Hide the fields that the present choice makes no use of."""
        hidden = {
            "trials": budget != "trials",
            "seconds": budget != "seconds",
            "n_startup_jobs": method != "tpe",
        }
        for name, hide in hidden.items():
            self.fields[name].widget.layout.display = "none" if hide else "flex"

    def _choice(self, name: str, options: tuple[str, ...], value: str) -> Control:
        words = [(translate(f"search_lab.{name}_{option}"), option) for option in options]
        return ChoiceControl(
            translate(f"search_lab.{name}"), words, value, lambda new: self._on_setting(name, new)
        )

    def _number(self, name: str, value: Any, allowed: NumberRange) -> Control:
        return NumberControl(
            name,
            translate(f"search_lab.{name}"),
            value,
            allowed,
            lambda new: self._on_setting(name, new),
        )

    def _button(self, name: str, on_button: Callable[[str], None]) -> Any:
        return button(
            translate(f"search_lab.{name}"),
            ICONS[name],
            lambda: on_button(name),
            translate(f"search_lab.{name}_tooltip"),
        )
