"""The two charts of the bank lab: the best so far, and how often each strategy comes first."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hpt_widgets.labs.bank.state import BankSettings, Comparison
from hpt_widgets.labs.kit.charts import figure
from hpt_widgets.labs.kit.end_labels import EndLabel, EndLabels
from hpt_widgets.labs.kit.quiet_bqplot import bqplot
from hpt_widgets.labs.kit.ticks import outer_ticks, round_ticks
from hpt_widgets.language import translate
from hpt_widgets.search.bank.replay import SEED_COUNTS, STRATEGIES, SURE
from hpt_widgets.search.bank.table import FloatArray
from hpt_widgets.support.colors import (
    BLUE,
    GREEN,
    NEUTRAL,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILION,
)

COLORS: Final = {
    "random": BLUE,
    "random_twice": SKY_BLUE,
    "halving": ORANGE,
    "hyperband": VERMILION,
    "grid": PURPLE,
    "tpe": GREEN,
}
# The best so far stays the best until a better one is found.
STEPS: Final = "step-after"
HEIGHTS: Final = {"race": 318, "shares": 196}
SEED_TICKS: Final = (1, 2, 5, 10, 20, 50, 100)
# What strategies find at first is left out of the axis: the differences that count are small.
LATE: Final = 0.4
# A line at 1 is seen whole.
HIGHEST_SHARE: Final = 1.02


class RaceChart:
    """The best setting so far of each strategy against the budget, with its band.

    Attributes
    ----------
    figure : bqplot Figure
    lines, bands : dict of str to bqplot Lines
        By strategy.
    labels : EndLabels
        Their names, at their ends.
    """

    def __init__(self) -> None:
        labels = (translate("bank_lab.budget_trials"), translate("bank_lab.accuracy"))
        self.figure, scales = figure(*labels, height=f"{HEIGHTS['race']}px")
        pair = {"x": scales.x, "y": scales.y}
        self.bands = {name: _band(pair, COLORS[name]) for name in STRATEGIES}
        self.lines = {
            name: bqplot.Lines(
                x=[], y=[], scales=pair, colors=[COLORS[name]], stroke_width=3, interpolation=STEPS
            )
            for name in STRATEGIES
        }
        self.labels = EndLabels(self.figure, HEIGHTS["race"])
        self.figure.padding_y = 0.0
        self.figure.add_class("hpt-bank-race")
        self.figure.marks = [*self.bands.values(), *self.lines.values()]

    def draw(self, compared: Comparison) -> None:
        """Show these replays."""
        self.figure.axes[0].label = translate(f"bank_lab.budget_{compared.settings.unit}")
        _set_axis(self.figure.axes[0], 0.0, float(compared.budgets[-1]))
        ends = []
        low, high = race_limits(compared)
        _set_axis(self.figure.axes[1], low, high, ".1~%")
        for name in STRATEGIES:
            x, mean, lower, upper = drawn(compared, name, low)
            # What lies beyond the axis is not to be drawn over the chart's frame.
            _draw(self.lines[name], x, np.clip(mean, low, high))
            _draw(self.bands[name], x, np.clip([lower, upper], low, high))
            if len(x):
                share = (float(mean[-1]) - low) / (high - low)
                is_winner = name == compared.winner
                label = translate(f"bank_lab.{name}")
                ends.append(EndLabel(share, label, COLORS[name], is_bold=is_winner))
        self.labels.show(ends)


class SharesChart:
    """How often each strategy comes first, against the seeds with which it is compared.

    Attributes
    ----------
    figure : bqplot Figure
    lines : dict of str to bqplot Lines
        By strategy.
    chosen, sure : bqplot Lines
        The number of seeds that the reader has chosen, and where a winner is sure.
    labels : EndLabels
        The strategies' names, at the lines' ends.
    """

    def __init__(self) -> None:
        labels = (translate("bank_lab.seeds"), translate("bank_lab.comes_first"))
        options: Any = {"x_limits": (1.0, float(SEED_COUNTS[-1])), "y_limits": (0.0, HIGHEST_SHARE)}
        height = f"{HEIGHTS['shares']}px"
        self.figure, scales = figure(*labels, log_x=True, height=height, **options)
        pair = {"x": scales.x, "y": scales.y}
        self.lines = {
            name: bqplot.Lines(x=[], y=[], scales=pair, colors=[COLORS[name]], stroke_width=2.5)
            for name in STRATEGIES
        }
        self.chosen, self.sure = (
            bqplot.Lines(
                x=[], y=[], scales=pair, colors=[NEUTRAL], stroke_width=1.5, line_style=style
            )
            for style in ("dotted", "dashed")
        )
        self.figure.padding_y = 0.0
        self.labels = EndLabels(self.figure, HEIGHTS["shares"])
        self.figure.add_class("hpt-bank-shares")
        across, upright = self.figure.axes
        across.tick_values, across.tick_format = np.array(SEED_TICKS, float), "~g"
        upright.tick_values, upright.tick_format = np.array([0, 0.25, 0.5, 0.75, 1]), ".0%"
        self.figure.marks = [self.sure, self.chosen, *self.lines.values()]
        _draw(self.sure, [1, SEED_COUNTS[-1]], [SURE, SURE])

    def draw(self, compared: Comparison) -> None:
        """Show the shares."""
        for name in STRATEGIES:
            shares = compared.shares.get(name)
            _draw(
                self.lines[name],
                [] if shares is None else SEED_COUNTS,
                [] if shares is None else shares,
            )
        self.labels.show(
            [
                EndLabel(shares[-1] / HIGHEST_SHARE, translate(f"bank_lab.{name}"), COLORS[name])
                for name in STRATEGIES
                if (shares := compared.shares.get(name)) is not None
            ]
        )
        self.draw_chosen(compared.settings)

    def draw_chosen(self, settings: BankSettings) -> None:
        """Show with how many seeds strategies are compared."""
        _draw(self.chosen, [settings.n_seeds] * 2, [0.0, HIGHEST_SHARE])


def drawn(
    compared: Comparison, name: str, low: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return budgets, mean, and both ends of the band of a strategy, as far as they are seen.

    They begin where the mean rises above `low`, the lower end of the axis.
    """
    found = {str(one): summary for one, summary in compared.summaries.items()}.get(name)
    if found is None:
        nothing = np.empty(0)
        return nothing, nothing, nothing, nothing
    known = np.flatnonzero(np.isfinite(found.mean))
    seen = known[np.maximum.accumulate(found.mean[known] > low)]
    return compared.budgets[seen], found.mean[seen], found.low[seen], found.high[seen]


def race_limits(compared: Comparison) -> tuple[float, float]:
    """Return round ends for the axis of accuracies."""
    late = compared.budgets >= LATE * compared.budgets[-1]
    summaries = compared.summaries.values()
    means = np.concatenate([*(one.mean[late] for one in summaries), np.empty(0)])
    if not np.isfinite(means).any():
        return 0.0, 1.0
    low, high = float(np.nanmin(means)), max(float(np.nanmax(one.high)) for one in summaries)
    # A line at the very edge would be half hidden.
    ticks = outer_ticks(max(low - 0.3 * (high - low), 0.0), min(high, 1.0))
    return ticks[0], min(ticks[-1], 1.0)


def _band(pair: dict[str, Any], color: str) -> Any:
    return bqplot.Lines(
        x=[], y=[], scales=pair, fill="between", colors=[color, color], stroke_width=0.5,
        fill_colors=[color, color], fill_opacities=[0.16, 0.16], opacities=[0.3, 0.3],
        interpolation=STEPS,
    )  # fmt: skip


def _draw(line: Any, x: Any, y: Any) -> None:
    with line.hold_sync():
        line.x, line.y = np.asarray(x, float), np.asarray(y, float)


def _set_axis(axis: Any, low: float, high: float, tick_format: str = "~g") -> None:
    with axis.scale.hold_sync():
        axis.scale.min, axis.scale.max = low, high
    ticks = [tick for tick in round_ticks(low, high, 6) if low <= tick <= high]
    with axis.hold_sync():
        axis.tick_values, axis.tick_format = np.array(ticks), tick_format
