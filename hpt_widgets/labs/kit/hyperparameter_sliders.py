"""What the control of each hyperparameter allows, in every lab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NotchedSlider,
    NumberControl,
    linear_slider,
    log_slider,
)
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.training.hyperparameters import CHOICES

RANGES: Final = {
    "learning_rate": NumberRange(1e-5, 10),
    "batch_size": NumberRange(1, 4096, whole=True),
    "dropout_rate": NumberRange(0, 0.9),
    "weight_decay": NumberRange(0, 10),
    "epochs": NumberRange(1, 100, whole=True),
    "seed": NumberRange(0, 2**31 - 1, whole=True),
    "momentum": NumberRange(0, 0.999),
    "epsilon": NumberRange(1e-12, 1e3),
    "warm_up": NumberRange(0, 0.9),
    "initial_scale": NumberRange(0.01, 100),
    "base_width": NumberRange(1, 10_000, whole=True),
}
SLIDERS: Final[dict[str, Callable[[], NotchedSlider]]] = {
    "learning_rate": lambda: log_slider(-5, 1, step=0.1, base=10),
    "batch_size": lambda: log_slider(0, 12, step=1, base=2),
    "dropout_rate": lambda: linear_slider(0, 0.9, step=0.05),
}
"""What makes the slider of a hyperparameter that has one, in every lab."""
# The others are called as in code.
TRANSLATED: Final = ("schedule", "parametrization")


def hyperparameter_control(
    name: str, value: Any, ranges: dict[str, NumberRange], on_setting: Callable[[str, Any], None]
) -> Control:
    """Return a list for what is a choice, else a field, with a slider for what has one."""
    label = translate(f"training_lab.{name}")

    def on_change(new: Any) -> None:
        on_setting(name, new)

    if name in CHOICES:
        words = [(_called(name, word), word) for word in CHOICES[name]]
        return ChoiceControl(label, words, value, on_change)
    slider = SLIDERS[name]() if name in SLIDERS else None
    return NumberControl(label, value, ranges[name], on_change, slider, setting=name)


def _called(name: str, choice: str) -> str:
    return translate(f"training_lab.{name}_{choice}") if name in TRANSLATED else choice


def ranges_for(data: Dataset) -> dict[str, NumberRange]:
    """Return `RANGES` and that of ``training_size``, which takes a sample of each class."""
    n_samples = len(data.y_train)
    size = NumberRange(min(data.n_classes, n_samples), n_samples, whole=True)
    return {**RANGES, "training_size": size}
