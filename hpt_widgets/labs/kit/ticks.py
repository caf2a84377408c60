"""Few round numbers along an axis, so that they stay apart in a narrow chart."""

from __future__ import annotations

import math
from typing import Final

MOST_TICKS: Final = 5


def round_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return round numbers from `low` to `high`, at most so many."""
    if not high > low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    steps = (factor * power for factor in (1, 2, 5, 10, 20))
    for step in steps:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [round(place * step, 12) for place in range(first, last + 1)]
    return [low, high]


def log_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return the powers of ten between two ends above 0, at most so many.

    Where there is one at most, 2 and 5 times the powers of ten too.
    """
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    tens = [float(f"1e{exponent}") for exponent in exponents]
    inside = [ten for ten in tens if low <= ten <= high]
    if len(inside) > 1:
        return inside[:: math.ceil(len(inside) / most)]
    return [digit * ten for ten in tens for digit in (1, 2, 5) if low <= digit * ten <= high]


def outer_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return round numbers of which the first is at most `low` and the last at least `high`.

    They are at most so many, and two at least: the ends of an axis that seldom changes while
    what it shows grows.
    """
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    for step in (factor * power for factor in (1, 2, 2.5, 5, 10, 20, 25, 50)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        last = max(last, first + 1)
        if last - first < most:
            return [round(place * step, 12) for place in range(first, last + 1)]
    return [low, low + span]
