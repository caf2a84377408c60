"""The sweep lab's fields and buttons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.control_panel import ControlPanel
from hpt_widgets.labs.kit.controls import (
    ChoiceControl,
    Control,
    NumberControl,
    TextControl,
)
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES, hyperparameter_control
from hpt_widgets.labs.kit.number_range import NumberRange, shortened
from hpt_widgets.labs.kit.settings_text import describe_value
from hpt_widgets.language import translate
from hpt_widgets.studies.sweep import MOST_SEEDS, NUMBERS, SWEPT, checked_value
from hpt_widgets.training.hyperparameters import CHOICES

ICONS: Final = {"start": "play", "resume": "forward", "stop": "stop"}
USES_FIELDS: Final = ("start", "resume")
FIXED: Final = (
    "learning_rate",
    "batch_size",
    "dropout_rate",
    "optimizer",
    "epochs",
    "training_size",
)
"""The hyperparameters with a field of their own, for where they are not varied."""
DEFAULT_VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "learning_rate": (0.0003, 0.001, 0.003, 0.01, 0.03),
    "batch_size": (16, 64, 256, 1024),
    "dropout_rate": (0.0, 0.1, 0.2, 0.4, 0.6),
    "weight_decay": (0.001, 0.01, 0.1, 1.0),
    "epochs": (1, 2, 4, 8),
    "training_size": (500, 2000, 8000),
    **CHOICES,
    "hidden_units": ((32,), (128,), (128, 64)),
    "momentum": (0.0, 0.5, 0.9, 0.99),
    "epsilon": (1e-7, 1e-4, 1e-2, 1.0),
    "warm_up": (0.0, 0.1, 0.3),
    "initial_scale": (0.1, 0.3, 1.0, 3.0, 10.0),
    "base_width": (16, 64, 128, 512),
}
"""What a hyperparameter's values are when it is chosen from the list."""
FRACTIONS: Final = tuple(name for name, allowed in RANGES.items() if not allowed.whole)
"""The hyperparameters whose values needn't be whole."""
# "0,05" is one number in half of the world; as two, 0 and 5, it would be silently wrong.
_DECIMAL_COMMA: Final = re.compile(r"\d,\d")
# Nor is "1,200" the values 1 and 200.
_THOUSANDS: Final = re.compile(r"\d,\d{3}(?!\d)")
LIST_LABEL_WIDTH: Final = "28%"
CHOICE_LABEL_WIDTH: Final = "43%"
SEEDS: Final = NumberRange(1, MOST_SEEDS, whole=True)


class SweepControls(ControlPanel):
    """All that a reader can choose, type and press.

    Its fields are "axis", "axis_values", "series", "series_values", "seeds" and those of `FIXED`.

    Parameters
    ----------
    fixed : dict of str to object
        The values of `FIXED` to begin with.
    ranges : dict of str to NumberRange
        The numbers that each setting takes.
    on_axis, on_series : callable
        Called with the name of a hyperparameter (or None) and its values.
    on_setting : callable
        Called with the name and the new value of a setting.
    on_button : callable
        Called with the name of a button.

    Attributes
    ----------
    fixed : VBox
        The fields of what is not varied.
    """

    def __init__(
        self,
        fixed: dict[str, Any],
        ranges: dict[str, NumberRange],
        on_axis: Callable[[str, tuple[Any, ...]], None],
        on_series: Callable[[str | None, tuple[Any, ...]], None],
        on_setting: Callable[[str, Any], None],
        on_button: Callable[[str], None],
    ) -> None:
        self._names: dict[str, str | None] = {"axis": NUMBERS[0], "series": None}
        self._ranges = ranges
        fields: dict[str, Control] = {
            "axis": _choice(
                translate("sweep_lab.axis"),
                [(_word(name), name) for name in NUMBERS],
                NUMBERS[0],
                lambda name: on_axis(name, self.default_values(name)),
            ),
            "axis_values": self._text("axis", lambda values: on_axis(self._axis_name, values)),
            "series": _choice(
                translate("sweep_lab.series"),
                # A list shows nothing at all where its value is None.
                [("–", ""), *((_word(name), name) for name in SWEPT)],
                "",
                lambda name: on_series(name or None, self.default_values(name) if name else ()),
            ),
            "series_values": self._text(
                "series", lambda values: on_series(self._names["series"], values)
            ),
            "seeds": NumberControl(
                translate("sweep_lab.seeds"),
                3,
                SEEDS,
                lambda new: on_setting("seeds", new),
            ),
        }
        varied = [control.widget for control in fields.values()]
        for name in FIXED:
            fields[name] = hyperparameter_control(name, fixed[name], ranges, on_setting)
        super().__init__(fields, "sweep_lab", ICONS, on_button, USES_FIELDS)
        self.widget.children = [*varied, self.button_row]
        self.fixed = widgets.VBox([fields[name].widget for name in FIXED])

    def default_values(self, name: str) -> tuple[Any, ...]:
        """Return the values that a hyperparameter is varied over when it is chosen."""
        values = DEFAULT_VALUES[name]
        if name != "training_size":
            return values
        allowed = self._ranges[name]
        inside = {int(min(max(v, allowed.minimum), allowed.maximum)) for v in values}
        return tuple(sorted(inside))

    def show_varied(
        self,
        name: str,
        values: tuple[Any, ...],
        series_name: str | None,
        series: tuple[Any, ...],
    ) -> None:
        """Show what is varied, and hide the fields that play no part then."""
        self._names = {"axis": name, "series": series_name}
        self.show("axis", name)
        self.show("axis_values", values)
        self.show("series", series_name or "")
        self.show("series_values", series)
        hidden = {"series_values": series_name is None}
        hidden |= {fixed: fixed in (name, series_name) for fixed in FIXED}
        for control, hide in hidden.items():
            self.fields[control].widget.layout.display = "none" if hide else "flex"

    @property
    def _axis_name(self) -> str:
        return str(self._names["axis"])

    def _text(self, which: str, on_change: Callable[[tuple[Any, ...]], None]) -> TextControl:
        made = TextControl(
            translate(f"sweep_lab.{which}_values"),
            (),
            lambda text: self._read(which, text),
            write_values,
            on_change,
        )
        # A list of values needs more room than a number.
        made.use_label_width(LIST_LABEL_WIDTH)
        made.labels = {name: _word(name) for name in SWEPT}
        return made

    def _read(self, which: str, text: str) -> tuple[Any, ...]:
        name = self._names[which]
        if name is None:  # the field is not shown
            words = {"label": translate(f"sweep_lab.{which}_values"), "typed": shortened(text)}
            raise ValueError(translate("sweep_lab.not_a_value", **words))
        return parse_values(str(name), text, self._ranges)


def _choice(
    label: str, options: list[tuple[str, Any]], value: Any, on_change: Callable[[Any], None]
) -> ChoiceControl:
    """Return a list whose words have the room that they need."""
    made = ChoiceControl(label, options, value, on_change)
    made.dropdown.style.description_width = CHOICE_LABEL_WIDTH
    return made


def parse_values(
    name: str, text: str, ranges: Mapping[str, NumberRange] = RANGES
) -> tuple[Any, ...]:
    """Read "0.001, 0.01" or "128-64, 32" as values of a hyperparameter.

    Raises
    ------
    TypeError, ValueError
        If a word is none of its values, or a comma may stand within a number: as its decimal
        point, or between its thousands. The message names what is allowed.
    """
    # Full-width signs come from a Chinese keyboard.
    plain = unicodedata.normalize("NFKC", text)
    words = {"label": _word(name), "typed": shortened(text)}
    if name in FRACTIONS and _DECIMAL_COMMA.search(plain) and not re.search(r"[.e]", plain):
        raise ValueError(translate("sweep_lab.comma", **words))
    if name in ranges and name not in FRACTIONS and _THOUSANDS.search(plain):
        raise ValueError(translate("sweep_lab.thousands", **words))
    # A refusal quotes what was typed, so that is what is split.
    listed = [word for word in re.split(r"[\s,，、;；]+", text.strip()) if word]
    return tuple(_parsed(name, word, ranges) for word in listed)


def write_values(values: tuple[Any, ...]) -> str:
    """Write values as `parse_values` reads them."""
    return ", ".join(describe_value(value) for value in values)


def _parsed(name: str, word: str, ranges: Mapping[str, NumberRange]) -> Any:
    if name in ranges:
        return checked_value(name, ranges[name].parse(_word(name), word))
    plain = unicodedata.normalize("NFKC", word)
    if name in CHOICES:
        return checked_value(name, plain)
    try:
        layers = tuple(int(part) for part in plain.split("-"))
    except ValueError:
        words = {"label": _word(name), "typed": shortened(word)}
        raise ValueError(translate("sweep_lab.not_a_value", **words)) from None
    return checked_value(name, layers)


def _word(name: str) -> str:
    return translate(f"training_lab.{name}")
