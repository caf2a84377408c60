"""Numbers as the projector's page is sent them."""

from __future__ import annotations

import math
from typing import Final

# Ten thousand validation samples tell accuracies apart by their fourth decimal.
DECIMALS: Final = 5


def page_number(value: float) -> float | None:
    """Return a number with five decimals; None for nan, which JSON cannot say."""
    return None if math.isnan(value) else round(float(value), DECIMALS)
