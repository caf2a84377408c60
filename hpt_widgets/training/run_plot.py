"""The still picture of a run, in matplotlib."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.colors import BLUE, GREEN, VERMILION
from hpt_widgets.support.still_picture import StillPicture

_MOST_TICKS: Final = 5
# Within a smaller factor a logarithmic axis writes "7.2 × 10⁻¹" at each tick.
_WIDE: Final = 3.0


def plot_history(history: pd.DataFrame) -> StillPicture:
    """Draw a run's losses and its validation accuracy over the samples seen.

    Parameters
    ----------
    history : DataFrame
        As ``Run.history``.

    Returns
    -------
    StillPicture
        A matplotlib figure.
    """
    figure = StillPicture(figsize=(9, 3.4), layout="constrained")
    loss_axes, accuracy_axes = figure.subplots(1, 2)
    measured = history.dropna(subset=["validation_loss"])
    _line(loss_axes, history, "training_loss", BLUE)
    _line(loss_axes, measured, "validation_loss", VERMILION, marker="o")
    _line(accuracy_axes, measured, "validation_accuracy", GREEN, marker="o")
    if _is_wide(history[["training_loss", "validation_loss"]].to_numpy(float)):
        loss_axes.set_yscale("log")
    loss_axes.set_ylabel(translate("figures.loss"))
    accuracy_axes.set_ylabel(translate("figures.validation_accuracy"))
    loss_axes.legend()
    for axes in (loss_axes, accuracy_axes):
        axes.set_xlabel(translate("figures.samples"))
        # Six digits, and with the Chinese font more room for each, want fewer ticks than usual.
        axes.xaxis.set_major_locator(MaxNLocator(_MOST_TICKS))
        axes.xaxis.set_major_formatter("{x:,g}")
        axes.grid(alpha=0.3)
    return figure


def _is_wide(losses: NDArray[np.float64]) -> bool:
    """Return whether losses are far enough apart for a logarithmic axis."""
    positive = losses[np.isfinite(losses) & (losses > 0)]
    return len(positive) > 0 and bool(positive.max() > _WIDE * positive.min())


def _line(axes: Axes, rows: pd.DataFrame, column: str, color: str, marker: str = "") -> None:
    values = rows[column].to_numpy(float)
    finite = np.isfinite(values)
    axes.plot(
        rows["samples"].to_numpy()[finite],
        values[finite],
        color=color,
        marker=marker,
        markersize=4,
        label=translate(f"figures.{column}"),
    )
