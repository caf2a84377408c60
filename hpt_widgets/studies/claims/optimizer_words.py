"""Names of optimisers for tables and pictures, and the picture that bands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hpt_widgets.language import translate
from hpt_widgets.support.colors import BLUE, GREEN, NEUTRAL, ORANGE, PURPLE, SKY_BLUE, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS: Final = {
    "sgd": ORANGE,
    "momentum": VERMILION,
    "nesterov": PURPLE,
    "adagrad": SKY_BLUE,
    "rmsprop": GREEN,
    "adam": BLUE,
}
MARKERS: Final = {
    "sgd": "o",
    "momentum": "s",
    "nesterov": "P",
    "adagrad": "v",
    "rmsprop": "^",
    "adam": "D",
}


def word(key: str, **values: object) -> str:
    """Return a text of this chapter's claims in the reader's language."""
    return translate(f"claims_optimizer.{key}", **values)


def name_of(optimizer: str) -> str:
    """Return an optimiser's name as a reader knows it."""
    return word(f"name_{optimizer}")


def band_columns(estimate: float, low: float, high: float) -> dict[str, float]:
    """Return a difference and the ends of its band as columns of a table."""
    columns = {"difference": estimate, "low": low, "high": high}
    return {word(name): round(value, 2) for name, value in columns.items()}


def error_bars(
    bands: Sequence[tuple[float, float, float]],
) -> tuple[list[float], list[list[float]]]:
    """Return the estimates of bands, and how far they reach below and above, as matplotlib asks."""
    below = [estimate - low for estimate, low, _ in bands]
    above = [high - estimate for estimate, _, high in bands]
    return [estimate for estimate, _, _ in bands], [below, above]


def draw_bands(
    axes: Axes,
    labels: Sequence[str],
    bands: Sequence[tuple[float, float, float]],
    threshold: float,
    xlabel: str,
) -> None:
    """Draw estimates with their bands, one below the other, and the threshold.

    Parameters
    ----------
    axes : Axes
        Where to.
    labels : sequence of str
        What each is called, from the top.
    bands : sequence of (float, float, float)
        Estimate, low and high.
    threshold : float
        What the criterion names.
    xlabel : str
        The quantity and its unit.
    """
    rows = range(len(bands))
    middles, reach = error_bars(bands)
    axes.errorbar(middles, rows, xerr=reach, fmt="o", color=BLUE, capsize=4, lw=2)
    axes.axvline(threshold, color=VERMILION, lw=1.5, ls="--", label=word("threshold"))
    axes.axvline(0, color=NEUTRAL, lw=1)
    axes.set_yticks(rows, labels)
    axes.set_ylim(len(bands) - 0.5, -0.5)
    axes.set_xlabel(xlabel)
    axes.legend(loc="best")
