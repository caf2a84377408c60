"""Which losses and accuracies the charts of several runs show, so that their difference is seen.

What one run reaches far away from the others is left out: it would press them flat. Where a curve
leaves the chart, `chart_scene` marks it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hpt_widgets.labs.kit.charts import log_axis
from hpt_widgets.labs.kit.ticks import outer_ticks

EMPTY_LOSSES: Final = (0.1, 4.0)
# A run has learned something once its loss is below this share of where the calmest one began.
LEARNING: Final = 0.9
# Of what a run that learns shows at most above where the calmest of them began.
MOST_RISE: Final = 1.5
# On a logarithmic axis a training loss is shown down to this share of the best validation loss.
BELOW_VALIDATION: Final = 0.5
# The axis of a long run is fitted to its validations, but for this share of them at its beginning.
BEGINNING: Final = 0.1
FEWEST_VALIDATIONS: Final = 5
# A run is far from the others when even its best share of errors is so many times the best run's.
FAR_WORSE: Final = 8.0
# An axis of accuracies is never shorter than this, and at most so many times the runs' difference.
LEAST_ACCURACY_SHOWN: Final = 0.01
MOST_DIFFERENCES: Final = 3.0
MOST_TICKS: Final = 6


@dataclass(frozen=True)
class AxisRange:
    """The ends of an upright axis, and the ticks between.

    Attributes
    ----------
    low, high : float
        The ends.
    ticks : list of float
        From `low` to `high`.
    is_log : bool
        Whether it is logarithmic.
    """

    low: float
    high: float
    ticks: list[float]
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return how high a value lies: 0 at the lower end, 1 at the upper, within and beyond."""
        if self.is_log:
            value = max(value, 1e-300)
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def at(self, share: float) -> float:
        """Return the value that lies so high."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True)
class Losses:
    """The losses of one run that are numbers, in their order.

    Attributes
    ----------
    training, validation : list of float
        As measured.
    is_long : bool
        Whether it has several epochs, of which the first is not what matters.
    """

    training: list[float]
    validation: list[float]
    is_long: bool

    @property
    def top(self) -> float:
        """The highest loss that matters."""
        if self.is_long and len(self.validation) >= FEWEST_VALIDATIONS:
            return max(self.validation[int(len(self.validation) * BEGINNING) :])
        return max(self.training + self.validation)

    def bottom(self, has_learned: bool) -> float:
        """Return the lowest loss above 0 that matters; inf if there is none."""
        lowest = min(
            (loss for loss in self.training + self.validation if loss > 0), default=math.inf
        )
        if has_learned and self.validation:
            return max(lowest, BELOW_VALIDATION * min(self.validation))
        return lowest


def loss_range(runs: Sequence[Losses], *, is_log: bool) -> AxisRange:
    """Return the axis on which the runs' losses are told apart.

    Parameters
    ----------
    runs : sequence of Losses
        The runs shown. One that did not learn counts only where none did.
    is_log : bool
        Whether the axis is logarithmic; else it begins at 0.
    """
    low, high = _loss_limits([run for run in runs if run.training])
    if is_log:
        return AxisRange(*log_axis(low, high), is_log=True)
    ticks = outer_ticks(0.0, high, MOST_TICKS)
    return AxisRange(0.0, ticks[-1], ticks)


def _loss_limits(runs: Sequence[Losses]) -> tuple[float, float]:
    if not runs:
        return EMPTY_LOSSES
    start = min(run.training[0] for run in runs)
    learned = [run for run in runs if run.training[-1] < LEARNING * start]
    counted = learned or runs
    high = max(run.top for run in counted)
    if len(runs) > 1:
        high = min(high, MOST_RISE * start)
    low = min(run.bottom(bool(learned)) for run in counted)
    if not math.isfinite(low):
        low = EMPTY_LOSSES[0]
    return low, max(high, 1.01 * low)


def accuracy_range(runs: Sequence[Sequence[float]]) -> AxisRange:
    """Return the axis on which the runs' accuracies are told apart.

    Parameters
    ----------
    runs : sequence of sequence of float
        The accuracies of each run, from 0 to 1. One that is far from the best does not count.
    """
    measured = [run for run in runs if run]
    if not measured:
        return AxisRange(0.0, 1.0, outer_ticks(0.0, 1.0, MOST_TICKS))
    best = max(max(run) for run in measured)
    least_error = max(1.0 - best, LEAST_ACCURACY_SHOWN)
    near = [run for run in measured if 1.0 - max(run) <= FAR_WORSE * least_error]
    low = min(min(run) for run in near)
    if len(near) > 1:
        difference = best - min(run[-1] for run in near)
        low = max(low, best - max(MOST_DIFFERENCES * difference, (best - low) / 2))
    low = max(0.0, min(low, best - LEAST_ACCURACY_SHOWN))
    best = max(best, low + LEAST_ACCURACY_SHOWN)
    ticks = outer_ticks(low, best, MOST_TICKS)
    if ticks[-1] > 1.0:
        ticks = [tick for tick in ticks if tick <= 1.0]
        return AxisRange(ticks[0], 1.0, ticks)
    return AxisRange(ticks[0], ticks[-1], ticks)
