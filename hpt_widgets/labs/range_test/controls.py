"""The range-test lab's sliders and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.controls import (
    Control,
    NotchedSlider,
    NumberControl,
    log_slider,
)
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES, hyperparameter_control
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.studies.range_test import LEAST_UPDATES, MOST_UPDATES

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
USES_FIELDS: Final = ("start",)


def range_test_controls(
    settings: dict[str, Any],
    on_setting: Callable[[str, Any], None],
    on_button: Callable[[str], None],
) -> ControlPanel:
    """Return all that a reader can move, type and press.

    `on_setting` gets the name and the new value of a setting, `on_button` the name of a button.
    """

    def control(name: str, value: Any) -> Control:
        if name not in OWN_RANGES:
            return hyperparameter_control(name, value, RANGES, on_setting)
        return NumberControl(
            translate(f"range_test_lab.{name}"),
            value,
            OWN_RANGES[name],
            lambda new: on_setting(name, new),
            OWN_SLIDERS[name](),
            setting=name,
        )

    return ControlPanel(
        {name: control(name, value) for name, value in settings.items()},
        "range_test_lab",
        ICONS,
        on_button,
        USES_FIELDS,
    )
