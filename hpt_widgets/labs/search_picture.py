"""The search lab as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.labs.charts import NEUTRAL, PALETTE
from hpt_widgets.labs.trial_map import LARGEST_MARK, MapAxes, accuracy_limits
from hpt_widgets.records import Trial
from hpt_widgets.search_comparison import Repeats, band_by_trials, distinct_values
from hpt_widgets.search_space import Dimension, LogUniform

if TYPE_CHECKING:
    from hpt_widgets.still_picture import StillPicture


def draw_search(
    axes: MapAxes, title: str, trials: Sequence[Trial], groups: Sequence[Repeats]
) -> StillPicture:
    """Draw one search over its marginal distributions, and the best so far of all searches.

    Parameters
    ----------
    axes : MapAxes
        What is drawn how.
    title : str
        The search's name; a language whose letters the fonts may lack is to be avoided.
    trials : sequence of Trial
        The trials of that search.
    groups : sequence of Repeats
        All searches.
    """
    from hpt_widgets.still_picture import StillPicture

    made = StillPicture(figsize=(10, 4.4), layout="constrained")
    grid = made.add_gridspec(2, 3, width_ratios=(5, 1, 5), height_ratios=(1, 5))
    main = made.add_subplot(grid[1, 0])
    top = made.add_subplot(grid[0, 0], sharex=main)
    side = made.add_subplot(grid[1, 1], sharey=main)
    best = made.add_subplot(grid[:, 2])
    names = (axes.x.name, axes.y.name)
    shown = [trial for trial in trials if all(name in trial.hyperparameters for name in names)]
    _draw_map(main, axes, shown, made)
    _draw_marginal(top, axes.x, shown, upright=True)
    _draw_marginal(side, axes.y, shown, upright=False)
    top.set_title(title, fontsize=10)
    _draw_best(best, groups)
    return made


def _draw_map(main: Any, axes: MapAxes, trials: Sequence[Trial], figure: Any) -> None:
    usable = [trial for trial in trials if trial.usable]
    lost = [trial for trial in trials if not trial.usable]
    low, high = accuracy_limits(usable)
    x, y = _values(usable, axes.x), _values(usable, axes.y)
    scores = [trial.validation_accuracy for trial in usable]
    sizes: Any = 60
    if axes.size is not None:
        largest = float(getattr(axes.size, "high", 1.0))
        sizes = LARGEST_MARK / 2 * np.array(_values(usable, axes.size)) / largest
    marks = main.scatter(
        x, y, c=scores, s=sizes, cmap="viridis", vmin=low, vmax=high, edgecolors=NEUTRAL
    )
    main.plot(_values(lost, axes.x), _values(lost, axes.y), "x", color=NEUTRAL)
    main.set(xlabel=axes.x.name, ylabel=axes.y.name)
    for dimension, key in ((axes.x, "x"), (axes.y, "y")):
        scale = "log" if isinstance(dimension, LogUniform) else "linear"
        getattr(main, f"set_{key}scale")(scale)
    main.grid(alpha=0.3)
    if usable:
        figure.colorbar(marks, ax=main, location="bottom", label="validation accuracy", aspect=40)


def _draw_marginal(
    strip: Any, dimension: Dimension, trials: Sequence[Trial], *, upright: bool
) -> None:
    counts = distinct_values(trials, dimension.name)
    draw = strip.vlines if upright else strip.hlines
    if counts:
        draw(list(counts), 0, list(counts.values()), colors=PALETTE[0])
    strip.tick_params(labelbottom=not upright, labelleft=upright)
    strip.text(
        0.98,
        0.96,
        f"{len(counts)} distinct",
        transform=strip.transAxes,
        ha="right",
        va="top",
        fontsize=8,
    )


def _draw_best(best: Any, groups: Sequence[Repeats]) -> None:
    for group, color in zip(groups, PALETTE, strict=False):
        band = band_by_trials(group.records)
        methods = {record.method for record in group.records}
        label = f"{'/'.join(sorted(methods))} ({len(group.records)})"
        best.step(band.x, band.mean, where="post", color=color, label=label)
        if len(group.records) > 1:
            best.fill_between(
                band.x, band.lowest, band.highest, step="post", color=color, alpha=0.22
            )
    best.set(xlabel="trials", ylabel="best validation accuracy so far")
    best.grid(alpha=0.3)
    if groups:
        best.legend(fontsize=8)


def _values(trials: Sequence[Trial], dimension: Dimension) -> list[float]:
    return [float(trial.hyperparameters[dimension.name]) for trial in trials]
