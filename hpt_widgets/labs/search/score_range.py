"""Which scores a scale of colours or an upright axis shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

# The colours' upper end is an accuracy rounded up, and a little more.
ROUNDED: Final = 1e-6
LEAST_ROOM: Final = 0.005


def are_accuracies(low: float, high: float) -> bool:
    """Whether scores from `low` to `high` may be shares, and no negated losses or the like."""
    return low >= 0.0 and high <= 1.0 + ROUNDED


def lowest_shown(scores: Sequence[float], most_below: float) -> float:
    """Return the lower end of what is shown: failures far below would leave no room for the rest.

    Parameters
    ----------
    scores : sequence of float
        One or more, finite.
    most_below : float
        How far below the best accuracies are shown. Other scores have a scale of their own:
        three quarters of them are shown, and as much again below.

    Returns
    -------
    float
        One of `scores`, or between them.
    """
    low, high = min(scores), max(scores)
    if are_accuracies(low, high):
        return max(low, high - most_below)
    spread = high - float(np.quantile(scores, 0.25))
    return max(low, high - 2 * spread) if spread > 0 else low


def room_around(low: float, high: float) -> float:
    """Return how far an upright axis reaches beyond the scores at its ends."""
    room = 0.05 * (high - low)
    if are_accuracies(low, high):
        return max(room, LEAST_ROOM)
    return room or 0.05 * abs(high)
