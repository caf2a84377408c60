"""The still picture of range tests, in matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from hpt_widgets.language import translate
from hpt_widgets.support.colors import PALETTE
from hpt_widgets.support.still_picture import StillPicture


class _RangeCurve(Protocol):
    """What a range test measured."""

    @property
    def learning_rates(self) -> Any: ...
    @property
    def losses(self) -> Any: ...
    @property
    def smoothed(self) -> Any: ...
    @property
    def suggestion(self) -> float: ...


def plot_range_tests(tests: Sequence[_RangeCurve], names: Sequence[str] = ()) -> StillPicture:
    """Draw the losses of range tests over the learning rate, the last one with its batches.

    Parameters
    ----------
    tests : sequence of RangeTest
        Oldest first; a circle marks where each fell most steeply.
    names : sequence of str
        One a test, for the legend; by default there is none.
    """
    made = StillPicture(figsize=(9, 4), layout="constrained")
    axes = made.subplots()
    for place, test in enumerate(tests):
        color = PALETTE[place % len(PALETTE)]
        label = names[place] if names else None
        rates, smoothed = test.learning_rates, test.smoothed
        if place == len(tests) - 1:
            shown = np.isfinite(test.losses) & (test.losses > 0)
            axes.plot(rates[shown], test.losses[shown], ".", color=color, alpha=0.25, ms=4)
        axes.plot(rates, smoothed, color=color, lw=2, label=label)
        if len(rates) > 1:
            loss = smoothed[np.searchsorted(rates, test.suggestion)]
            axes.plot([test.suggestion], [loss], "o", color=color, ms=9, mec="black")
    axes.set(
        xlabel=translate("figures.learning_rate"),
        ylabel=translate("figures.training_loss"),
        xscale="log",
    )
    for axis in (axes.yaxis, axes.xaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
    if not tests or any((test.losses > 0).any() for test in tests):
        _draw_losses_by_factors(axes)
    axes.grid(alpha=0.3, which="both")
    if names:
        # Above the chart: inside it would lie on the losses of single batches.
        axes.legend(fontsize=9, ncols=2, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))
    return made


def _draw_losses_by_factors(axes: Axes) -> None:
    formatter = axes.yaxis.get_major_formatter()
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(formatter)
    # Between two powers of ten a loss needs numbers too.
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_minor_formatter(NullFormatter())
