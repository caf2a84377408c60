"""The search lab's fields and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
)
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.search.form import CHOICES
from hpt_widgets.language import translate
from hpt_widgets.search.halving import RUNG_METHODS

ICONS: Final = {"start": "play", "resume": "forward", "stop": "stop"}
USES_FIELDS: Final = ("start", "resume")
CHOICE_LABEL_WIDTH: Final = "36%"
"""The names of the methods need more room than numbers."""
SHOWN_FIRST: Final = (
    "method",
    "budget",
    "trials",
    "seconds",
    "max_epochs",
    "factor",
    "repeats",
    "n_startup_jobs",
)
"""The fields that are always in sight; the others are in `SearchControls.others`."""


class SearchControls(ControlPanel):
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
    others : VBox
        The fields that need not be in sight.
    """

    def __init__(
        self,
        values: dict[str, Any],
        ranges: dict[str, NumberRange],
        on_setting: Callable[[str, Any], None],
        on_button: Callable[[str], None],
    ) -> None:
        def control(name: str) -> Control:
            def on_change(new: Any) -> None:
                on_setting(name, new)

            label = translate(f"search_lab.{name}")
            if name in ranges:
                return NumberControl(label, values[name], ranges[name], on_change, setting=name)
            words = [(translate(f"search_lab.{name}_{word}"), word) for word in CHOICES[name]]
            made = ChoiceControl(label, words, values[name], on_change)
            made.dropdown.style.description_width = CHOICE_LABEL_WIDTH
            return made

        super().__init__(
            {name: control(name) for name in (*CHOICES, *ranges)},
            "search_lab",
            ICONS,
            on_button,
            USES_FIELDS,
        )
        first = [self.fields[name].widget for name in SHOWN_FIRST]
        rest = [field.widget for name, field in self.fields.items() if name not in SHOWN_FIRST]
        self.widget.children = [*first, self.button_row]
        self.others = widgets.VBox(rest)
        self.show_relevant_fields(values["method"], values["budget"])

    def show_relevant_fields(self, method: str, budget: str) -> None:
        """Hide the fields that the present choice makes no use of."""
        in_rungs = method in RUNG_METHODS  # their schedule is their budget
        hidden = {
            "budget": in_rungs,
            "trials": method == "hyperband" or (budget != "trials" and not in_rungs),
            "seconds": budget != "seconds" or in_rungs,
            "n_startup_jobs": method != "tpe",
            "max_epochs": not in_rungs,
            "factor": not in_rungs,
            "epochs": in_rungs,
        }
        for name, hide in hidden.items():
            if name in self.fields:  # a search of the reader's own objective has no epochs
                self.fields[name].widget.layout.display = "none" if hide else "flex"
