"""The training lab's sliders, fields and buttons, grouped by the article's three kinds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.controls import Control, TextControl
from hpt_widgets.labs.kit.hyperparameter_sliders import hyperparameter_control
from hpt_widgets.labs.kit.number_range import NumberRange, shortened
from hpt_widgets.labs.kit.settings_text import MAIN
from hpt_widgets.language import translate
from hpt_widgets.training.hyperparameters import ADDED_SINCE_0_1, COUNTS_WHERE, KINDS, validated

ICONS: Final = {
    "start": "play",
    "pause": "pause",
    "step": "step-forward",
    "stop": "stop",
    "reset": "undo",
}
USES_FIELDS: Final = ("start", "step")


class TrainingControls(ControlPanel):
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
    apply : Checkbox
        Whether changes go into the training under way.
    others : VBox
        All but the main sliders, by the article's kinds; not in `widget`.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        ranges: dict[str, NumberRange],
        on_setting: Callable[[str, Any], None],
        on_button: Callable[[str], None],
        on_apply: Callable[[bool], None],
    ) -> None:
        def on_change(name: str, value: Any) -> None:
            self._note(name, value)
            on_setting(name, value)

        def control(name: str) -> Control:
            if name != "hidden_units":
                return hyperparameter_control(name, settings[name], ranges, on_change)
            return TextControl(
                translate(f"training_lab.{name}"),
                settings[name],
                parse_hidden_units,
                write_hidden_units,
                lambda units: on_change(name, units),
                setting=name,
            )

        super().__init__(
            {name: control(name) for name in settings},
            "training_lab",
            ICONS,
            on_button,
            USES_FIELDS,
        )
        self.apply = widgets.Checkbox(
            value=False,
            indent=False,
            description=translate("training_lab.apply_to_running"),
            layout={"width": "100%"},
        )
        self.apply.observe(lambda change: on_apply(change["new"]), "value")
        sliders = [self.fields[name].widget for name in MAIN]
        self.widget.children = [*sliders, self.apply, self.button_row]
        self.others = self._others()
        self._settings = dict(settings)
        self._show_those_that_count()

    def show(self, name: str, value: Any) -> None:
        """Show a setting's value without calling what a reader's change calls."""
        super().show(name, value)
        self._note(name, value)

    def show_paused(self, paused: bool) -> None:
        """Let the pause button say what it will do next."""
        pause = self.buttons["pause"]
        pause.description = translate(f"training_lab.{'resume' if paused else 'pause'}")
        pause.icon = "play" if paused else "pause"

    def _note(self, name: str, value: Any) -> None:
        self._settings[name] = value
        self._show_those_that_count()

    def _show_those_that_count(self) -> None:
        """Hide the fields of what the present optimiser or parametrization has no use for."""
        for name, (other, values) in COUNTS_WHERE.items():
            shown = self._settings[other] in values
            self.fields[name].widget.layout.display = "flex" if shown else "none"

    def _others(self) -> Any:
        groups = {
            kind: [name for name in names if name not in (*MAIN, *ADDED_SINCE_0_1)]
            for kind, names in KINDS.items()
        }
        groups["training"].append("training_size")
        # What chapters 1 to 6 ask for needs no scrolling; the heading of the rest peeps out below.
        groups["finer"] = list(ADDED_SINCE_0_1)
        parts = []
        for group, members in groups.items():
            parts.append(widgets.HTML(f"<b>{translate(f'training_lab.{group}')}</b>"))
            parts += [self.fields[name].widget for name in members]
        return widgets.VBox(parts)


def parse_hidden_units(text: str) -> object:
    """Read "128, 64" or "128-64" as (128, 64); raise a ValueError or TypeError else."""
    # Between two numbers it is a hyphen; elsewhere it is a minus, and no number of units.
    plain = re.sub(r"(?<=\d)\s*-\s*(?=\d)", " ", text.strip("()（） "))
    words = [word for word in re.split(r"[\s,，、;；]+", plain) if word]
    try:
        units = tuple(int(word) for word in words)
    except ValueError:
        label = translate("training_lab.hidden_units")
        raise ValueError(
            translate("training_lab.hidden_units_text", label=label, typed=shortened(text))
        ) from None
    return validated("hidden_units", units)


def write_hidden_units(units: Any) -> str:
    """Write (128, 64) as "128, 64"."""
    return ", ".join(str(count) for count in units)
