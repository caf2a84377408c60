"""Where a hyperparameter's values lie along an axis, be they numbers or options."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

import bqplot

from hpt_widgets.labs.charts import axis
from hpt_widgets.labs.ticks import log_ticks, round_ticks
from hpt_widgets.labs.trial_words import parameter_name, short
from hpt_widgets.search_space import Choice, Dimension, LogUniform

# Marks that lie on the edge of the space are to be seen whole.
ROOM: Final = 0.07


def place_of(dimension: Dimension, value: Any) -> float | None:
    """Return where a value lies on its hyperparameter's axis; None if it can't be drawn."""
    if isinstance(dimension, Choice):
        return float(dimension.options.index(value)) if value in dimension.options else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A 0 on a logarithmic scale would blank the whole chart.
    drawable = math.isfinite(value) and (value > 0 or not isinstance(dimension, LogUniform))
    return float(value) if drawable else None


class DimensionScale:
    """A bqplot scale for one hyperparameter, and the axes that belong to it.

    Parameters
    ----------
    dimension : Dimension
        The hyperparameter.
    room : float, default 0.07
        How far the axis reaches beyond the space on either side, as a share of it.
    """

    def __init__(self, dimension: Dimension, room: float = ROOM) -> None:
        self.dimension = dimension
        self.scale = bqplot.LogScale() if self.is_log else bqplot.LinearScale()
        self._room = room
        self._axes: list[Any] = []
        self.fit(())

    @property
    def is_log(self) -> bool:
        """Whether equal factors are equally far apart."""
        return isinstance(self.dimension, LogUniform)

    def axis(self, *, vertical: bool = False) -> Any:
        """Return a new axis with the hyperparameter's name, whose ticks follow the scale."""
        made = axis(self.scale, parameter_name(self.dimension.name), vertical=vertical)
        made.tick_format = "~g"
        if isinstance(self.dimension, Choice):
            options = self.dimension.options
            made.tick_labels = {str(i): short(option) for i, option in enumerate(options)}
        self._axes.append(made)
        self._set_ticks(made)
        return made

    def place(self, value: Any) -> float | None:
        """Return where a value lies on the scale; None if it can't be drawn."""
        return place_of(self.dimension, value)

    def fit(self, values: Iterable[Any]) -> None:
        """Show the whole space, and whatever was tried by hand outside of it."""
        places = [place for place in map(self.place, values) if place is not None]
        low, high = self._with_room(*self._ends(places))
        if (self.scale.min, self.scale.max) == (low, high):
            return
        with self.scale.hold_sync():
            self.scale.min, self.scale.max = low, high
        for made in self._axes:
            self._set_ticks(made)

    def _ends(self, places: list[float]) -> tuple[float, float]:
        if isinstance(self.dimension, Choice):
            return -0.5, len(self.dimension.options) - 0.5
        low = float(getattr(self.dimension, "low", 0.0))
        high = float(getattr(self.dimension, "high", 1.0))
        return min([low, *places]), max([high, *places])

    def _with_room(self, low: float, high: float) -> tuple[float, float]:
        if self.is_log:
            factor = (high / low) ** self._room
            return low / factor, high * factor
        room = self._room * (high - low)
        return low - room, high + room

    def _set_ticks(self, made: Any) -> None:
        if isinstance(self.dimension, Choice):
            made.tick_values = list(range(len(self.dimension.options)))
        elif self.is_log:
            made.tick_values = log_ticks(self.scale.min, self.scale.max)
        else:
            made.tick_values = round_ticks(self.scale.min, self.scale.max)
