"""The numbers that a setting may have, and how a number is written; without a screen."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Final

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import real_number

# What is longer is cut short where it is quoted.
LONGEST_TYPED: Final = 40
# Smaller numbers are written with a power of ten.
LEAST_IN_FULL: Final = 1e-5
HUNDRED: Final = 100


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
            raise TypeError(self._refusal("not_a_number", name, value))
        inside = math.isfinite(number) and self.minimum <= number <= self.maximum
        if not inside or (self.whole and not number.is_integer()):
            raise ValueError(self._refusal("not_allowed", name, value))
        return int(number) if self.whole else number

    def parse(self, label: str, text: str, typed: str | None = None) -> float | int:
        """Read what was typed, or raise a ValueError that names what is allowed.

        `label` is what the field is called on the screen. `typed` is what is quoted, where `text`
        was made of it.
        """
        # Full-width digits come from a Chinese keyboard.
        plain = unicodedata.normalize("NFKC", text).strip()
        words = {"label": label, "typed": shortened(text if typed is None else typed)}
        allowed = self.in_words
        try:
            value = float(plain)
        except ValueError:
            if not self.whole:
                # Whoever follows 0.01 where percents are asked for writes a share.
                is_large = self.maximum >= HUNDRED and self.minimum <= 0
                key = "written_like_large" if is_large else "written_like"
                allowed = translate(f"controls.{key}", allowed=allowed)
            refusal = translate("controls.typed_no_number", allowed=allowed, **words)
            raise ValueError(refusal) from None
        try:
            return self.check(label, value)
        except ValueError:
            refusal = translate("controls.typed_not_allowed", allowed=allowed, **words)
            raise ValueError(refusal) from None

    @property
    def in_words(self) -> str:
        """What is allowed: "a number from 0.00001 to 10"."""
        kind = "whole_between" if self.whole else "number_between"
        limits = {"minimum": _limit(self.minimum), "maximum": _limit(self.maximum)}
        return translate(f"controls.{kind}", **limits)

    def _refusal(self, key: str, name: str, value: object) -> str:
        return translate(f"controls.{key}", name=name, value=value, allowed=self.in_words)


def shortened(typed: str) -> str:
    """Return what was typed, as it is quoted in a message."""
    return typed if len(typed) <= LONGEST_TYPED else f"{typed[:LONGEST_TYPED]}…"


def format_number(value: float) -> str:
    """Write a number as briefly as it can be read back: 0.001, 1e-05, 4096, 0.25."""
    if isinstance(value, int):
        return str(value)
    return f"{value:.6g}"


def _limit(value: float) -> str:
    """Write a limit in full where that is short: 0.00001, 50,000, but 1e-08."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.9f}".rstrip("0") if abs(value) >= LEAST_IN_FULL else f"{value:g}"
