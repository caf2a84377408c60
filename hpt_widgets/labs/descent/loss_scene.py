"""What the chart of the losses shows, as numbers: on the screen and on paper.

It knows neither bqplot nor matplotlib, so that both draw the same.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.labs.descent.race import LOWEST_DRAWN
from hpt_widgets.language import translate

SYMBOLS: Final = {"above": "▲", "below": "▼"}
"""What marks the places where walks leave the chart, by the edge."""
# A line that has left goes on outside: down to where only rounding is left, up to its loss.
BEYOND: Final = {"above": 1e20, "below": 1e-3}
# A walk that comes back after fewer of the steps than this share is seen to do so.
SHORT_SHARE: Final = 0.05


@dataclass(frozen=True)
class Departure:
    """Where a walk's loss leaves the chart.

    Attributes
    ----------
    racer : int
        Its row.
    step : float
        Where its line meets the edge.
    """

    racer: int
    step: float


@dataclass(frozen=True)
class LossScene:
    """The losses of all walks, and where they leave the chart.

    Attributes
    ----------
    low, high : float
        The ends of the logarithmic axis.
    rows : ndarray of shape (n_racers, steps + 1)
        What is drawn. What is not within the ends lies well outside, so that a line runs through
        the edge and never along it.
    departures : dict of str to list of Departure
        Through the edges "above" and "below", for good or for a good while.
    """

    low: float
    high: float
    rows: FloatArray
    departures: dict[str, list[Departure]]

    def height_of(self, edge: str) -> float:
        """Return where an edge of the chart lies."""
        return self.high if edge == "above" else self.low

    @property
    def step_label(self) -> str:
        """The name of the axis of steps, with what the marks at the edges mean."""
        marks = " ".join(SYMBOLS[edge] for edge, leaving in self.departures.items() if leaving)
        key = "step_axis_outside" if marks else "step_axis"
        return translate(f"descent_lab.{key}", marks=marks)


def loss_scene(heights: FloatArray) -> LossScene:
    """Return what is drawn of heights above the minimum, of shape (n_racers, steps + 1)."""
    low, high = loss_limits(heights)
    low = max(low, LOWEST_DRAWN)
    outside = {"above": heights > high, "below": heights <= low}
    rows = np.where(outside["below"], low * BEYOND["below"], heights)
    rows = np.minimum(rows, high * BEYOND["above"])
    departures = {
        edge: [
            Departure(racer, step)
            for racer, row in enumerate(rows)
            for step in _leaving_steps(row, there[racer], high if edge == "above" else low)
        ]
        for edge, there in outside.items()
    }
    return LossScene(low, high, rows, departures)


def loss_limits(heights: FloatArray) -> tuple[float, float]:
    """Return limits of the logarithmic axis: whole powers of ten, at most fourteen of them.

    A walk that flies off must not flatten the others to a line: the axis ends three
    powers of ten above the highest start.
    """
    highest = min(float(heights.max()), 1e3 * float(heights[:, 0].max()))
    top = 10.0 ** min(math.ceil(math.log10(highest) + 1e-9), sys.float_info.max_10_exp)
    lowest = max(float(heights.min()), top * 1e-14)
    bottom = 10.0 ** math.floor(math.log10(min(lowest, highest)) - 1e-9)
    return bottom, top


def _leaving_steps(row: FloatArray, is_outside: NDArray[np.bool_], edge: float) -> list[float]:
    """Return where a line meets an edge on its way out."""
    last = len(row) - 1
    changes = np.diff(np.concatenate([[False], is_outside, [False]]).astype(int))
    leaves, returns = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    return [
        _crossing(row, int(step), edge)
        for step, back in zip(leaves, returns, strict=True)
        if back > last or back - step >= SHORT_SHARE * last
    ]


def _crossing(row: FloatArray, step: int, edge: float) -> float:
    """Return where a line crosses an edge whose point at `step` is the first outside."""
    if step == 0:
        return 0.0
    inside, outside, wanted = (math.log10(value) for value in (row[step - 1], row[step], edge))
    return step - 1 + (wanted - inside) / (outside - inside)
