"""What a reader moves and chooses in the bank lab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.bank.state import NUMBERS, UNITS, BankSettings
from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    linear_slider,
)
from hpt_widgets.language import translate
from hpt_widgets.search.bank.replay import MAX_EPOCHS, MEASURES, STRATEGIES, Strategy

LABEL_WIDTHS: Final = {"max_epochs": "50%", "measure": "30%", "unit": "30%"}
ICONS: Final = {"redraw": "random"}
USES_FIELDS: Final = ("redraw",)


@dataclass(frozen=True)
class BankActions:
    """What the view calls when a reader does something.

    Attributes
    ----------
    on_change : callable
        With the settings that were changed, as the lab's `set` takes them.
    on_strategy : callable
        With a strategy, and whether it is to be compared.
    on_button : callable
        With the name of a button.
    """

    on_change: Callable[..., None]
    on_strategy: Callable[[Strategy, bool], None]
    on_button: Callable[[str], None]


class BankControls(ControlPanel):
    """All controls of the lab.

    Parameters
    ----------
    settings : BankSettings
        To begin with.
    actions : BankActions

    Attributes
    ----------
    strategies : dict of str to StrategyControl
        A box to tick for each.
    """

    def __init__(self, settings: BankSettings, actions: BankActions) -> None:
        self.strategies: dict[str, StrategyControl] = {
            name: StrategyControl(name, name in settings.strategies, actions.on_strategy)
            for name in STRATEGIES
        }

        def choice(name: str, options: tuple[Any, ...]) -> ChoiceControl:
            made = ChoiceControl(
                translate(f"bank_lab.{name}"),
                [(translate(f"bank_lab.{name}_{option}"), option) for option in options],
                getattr(settings, name),
                lambda new: actions.on_change(**{name: new}),
            )
            made.dropdown.style.description_width = LABEL_WIDTHS[name]
            return made

        fields: dict[str, Control] = {
            "max_epochs": choice("max_epochs", MAX_EPOCHS),
            "n_trials": _number("n_trials", settings.n_trials, actions),
            "n_seeds": _number("n_seeds", settings.n_seeds, actions),
            "measure": choice("measure", MEASURES),
            "unit": choice("unit", UNITS),
            **self.strategies,
        }
        super().__init__(fields, "bank_lab", ICONS, actions.on_button, USES_FIELDS)
        boxes = widgets.Box([control.widget for control in self.strategies.values()])
        boxes.add_class("hpt-bank-strategies")
        rest = [fields[name].widget for name in ("max_epochs", "n_trials", "n_seeds")]
        below = [fields[name].widget for name in ("measure", "unit")]
        self.widget.children = [boxes, *rest, *below, self.button_row]
        self.widget.layout.flex = "0 0 auto"

    def show_settings(self, settings: BankSettings) -> None:
        """Show all settings."""
        for name in ("max_epochs", "n_trials", "n_seeds", "measure", "unit"):
            self.show(name, getattr(settings, name))
        for name, control in self.strategies.items():
            control.show(name in settings.strategies)


class StrategyControl(Control):
    """A box to tick: whether a strategy is compared.

    Parameters
    ----------
    name : str
        The strategy.
    is_on : bool
        To begin with.
    on_change : callable
        Called with the strategy, and whether it is to be compared.

    Attributes
    ----------
    box : Checkbox
    """

    def __init__(
        self, name: Strategy, is_on: bool, on_change: Callable[[Strategy, bool], None]
    ) -> None:
        self.box = widgets.Checkbox(
            value=is_on,
            description=translate(f"bank_lab.{name}"),
            indent=False,
            layout={"width": "auto"},
        )
        super().__init__(self.box, lambda new: on_change(name, new))
        self.box.observe(self._on_box, "value")

    def _write(self, value: Any) -> None:
        self.box.value = value

    def _on_box(self, change: dict[str, Any]) -> None:
        if not self._own_changes.are_under_way:
            self._changed(change["new"], change["old"])


def _number(name: str, value: int, actions: BankActions) -> NumberControl:
    allowed = NUMBERS[name]
    made = NumberControl(
        translate(f"bank_lab.{name}"),
        value,
        allowed,
        lambda new: actions.on_change(**{name: new}),
        linear_slider(allowed.minimum, allowed.maximum, 1),
    )
    made.use_label_width("66%")
    return made
