"""Where a hyperparameter's values lie along an axis, be they numbers or options."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from hpt_widgets.labs.kit.charts import axis
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import log_ticks, round_ticks
from hpt_widgets.labs.search.trial_words import format_value, parameter_name, shortened
from hpt_widgets.search.space import Choice, Dimension, LogUniform, UniformInteger

# Marks that lie on the edge of the space are to be seen whole.
ROOM: Final = 0.14
# Numbers like 0.0001 are long.
MOST_LOG_TICKS: Final = 3
MOST_ROUND_TICKS: Final = 4
LONGEST_OPTION: Final = 14
"""Most characters of an option beside an axis."""


def place_of(dimension: Dimension, value: Any) -> float | None:
    """Return where a value lies on its hyperparameter's axis; None if it can't be drawn."""
    if isinstance(dimension, Choice):
        index = dimension.index_of(value)
        return None if index is None else float(index)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A 0 on a logarithmic scale would blank the whole chart.
    drawable = math.isfinite(value) and (value > 0 or not isinstance(dimension, LogUniform))
    return float(value) if drawable else None


def limits_of(
    dimension: Dimension, values: Iterable[Any], room: float = ROOM
) -> tuple[float, float]:
    """Return the ends of an axis that shows the whole space, and values outside of it.

    Parameters
    ----------
    dimension : Dimension
        The hyperparameter.
    values : iterable
        What was tried.
    room : float, default 0.14
        How far the axis reaches beyond them on either side, as a share of it.
    """
    if isinstance(dimension, Choice):
        low, high = -0.5, len(dimension.options) - 0.5
    else:
        places = [place for value in values if (place := place_of(dimension, value)) is not None]
        low = min([float(getattr(dimension, "low", 0.0)), *places])
        high = max([float(getattr(dimension, "high", 1.0)), *places])
    if isinstance(dimension, LogUniform):
        factor = (high / low) ** room
        return low / factor, high * factor
    return low - room * (high - low), high + room * (high - low)


def option_label(option: Any) -> str:
    """Return an option as it stands beside an axis."""
    return shortened(format_value(option), LONGEST_OPTION)


class DimensionScale:
    """A bqplot scale for one hyperparameter, and the axes that belong to it.

    Parameters
    ----------
    dimension : Dimension
        The hyperparameter.
    room : float, default 0.14
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
            made.tick_labels = {str(i): option_label(option) for i, option in enumerate(options)}
            made.grid_lines = "none"  # the categories have bands
        self._axes.append(made)
        self._set_ticks(made)
        return made

    def place(self, value: Any) -> float | None:
        """Return where a value lies on the scale; None if it can't be drawn."""
        return place_of(self.dimension, value)

    def fit(self, values: Iterable[Any]) -> None:
        """Show the whole space, and whatever was tried by hand outside of it."""
        low, high = limits_of(self.dimension, values, self._room)
        if (self.scale.min, self.scale.max) == (low, high):
            return
        with self.scale.hold_sync():
            self.scale.min, self.scale.max = low, high
        for made in self._axes:
            self._set_ticks(made)

    def _set_ticks(self, made: Any) -> None:
        if isinstance(self.dimension, Choice):
            made.tick_values = list(range(len(self.dimension.options)))
        elif self.is_log:
            made.tick_values = log_ticks(self.scale.min, self.scale.max, MOST_LOG_TICKS)
        else:
            made.tick_values = self._grid_lines() or self._round_ones()

    def _round_ones(self) -> list[float]:
        found = round_ticks(self.scale.min, self.scale.max, MOST_ROUND_TICKS)
        if isinstance(self.dimension, UniformInteger):
            return [tick for tick in found if tick.is_integer()]
        return found

    def _grid_lines(self) -> list[float]:
        """Return the values of the grid, if it was given and they are all that is to be seen."""
        grid = [float(value) for value in getattr(self.dimension, "grid", ())]
        whole = limits_of(self.dimension, (), self._room)
        is_whole = (self.scale.min, self.scale.max) == whole
        return grid if is_whole and len(grid) <= MOST_ROUND_TICKS else []
