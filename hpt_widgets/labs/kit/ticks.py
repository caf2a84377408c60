"""Few round numbers along an axis, so that they stay apart in a narrow chart."""

from __future__ import annotations

import math
from typing import Final

MOST_TICKS: Final = 5


def round_ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return round numbers from `low` to `high`.

    Parameters
    ----------
    low, high : float
        The ends of the axis.
    most : int, default 5
        How many there may be.
    """
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
    """Return the powers of ten from `low` to `high`, or where they are few, 2 and 5 times them.

    Parameters
    ----------
    low, high : float
        The ends of the axis, above 0.
    most : int, default 5
        How many powers of ten there may be.
    """
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    tens = [float(f"1e{exponent}") for exponent in exponents]
    inside = [ten for ten in tens if low <= ten <= high]
    if len(inside) > 1:
        return inside[:: math.ceil(len(inside) / most)]
    return [digit * ten for ten in tens for digit in (1, 2, 5) if low <= digit * ten <= high]
