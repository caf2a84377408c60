"""The numbers that a setting may have, and how a number is written; without a screen."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import real_number


@dataclass(frozen=True)
class NumberRange:
    """The numbers that a control takes.

    Attributes
    ----------
    minimum, maximum : float
        Both are allowed.
    whole : bool
        Whether only whole numbers are.
    """

    minimum: float
    maximum: float
    whole: bool = False

    def check(self, name: str, value: object) -> float | int:
        """Return a number, or raise a TypeError or ValueError that names what is allowed."""
        number = real_number(value)
        if number is None:
            raise TypeError(self._message("not_a_number", name, value))
        inside = math.isfinite(number) and self.minimum <= number <= self.maximum
        if not inside or (self.whole and not number.is_integer()):
            raise ValueError(self._message("not_allowed", name, value))
        return int(number) if self.whole else number

    def parse(self, name: str, text: str) -> float | int:
        """Read what was typed, or raise a ValueError that names what is allowed."""
        # Full-width digits come from a Chinese keyboard.
        plain = unicodedata.normalize("NFKC", text).strip()
        try:
            value = float(plain)
        except ValueError:
            raise ValueError(self._message("not_a_number", name, text)) from None
        return self.check(name, int(value) if self.whole and value.is_integer() else value)

    def _message(self, key: str, name: str, value: object) -> str:
        kind = "whole_between" if self.whole else "number_between"
        minimum, maximum = self.minimum, self.maximum
        if self.whole:
            minimum, maximum = int(minimum), int(maximum)
        allowed = translate(f"controls.{kind}", minimum=minimum, maximum=maximum)
        return translate(f"controls.{key}", name=name, value=value, allowed=allowed)


def format_number(value: float) -> str:
    """Write a number as briefly as it can be read back: 0.001, 1e-05, 4096, 0.25."""
    if isinstance(value, int):
        return str(value)
    return f"{value:.6g}"
