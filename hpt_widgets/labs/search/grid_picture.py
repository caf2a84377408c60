"""A grid search as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.labs.search.grid_table import (
    MOST_TABLES,
    cells_of,
    color_and_ink,
    grid_of,
    key_of,
)
from hpt_widgets.labs.search.mark_encoding import MapAxes, accuracy_limits
from hpt_widgets.labs.search.trial_words import describe_values, format_value, parameter_name
from hpt_widgets.search.trial import Trial

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

TABLES_A_ROW: Final = 3


def draw_grid(axes: MapAxes, trials: Sequence[Trial], title: str) -> StillPicture:
    """Draw a heat map for each combination of the hyperparameters beyond the first two.

    Parameters
    ----------
    axes : MapAxes
        Its x goes across, its y upwards.
    trials : sequence of Trial
        What has landed.
    title : str
        What stands above.
    """
    from hpt_widgets.support.still_picture import StillPicture

    grid = grid_of(axes.all, trials)
    cells = cells_of(axes.all, trials, grid)
    others = [dimension.name for dimension in axes.others]
    combinations = list(itertools.product(*(grid[name] for name in others)))[:MOST_TABLES]
    n_rows = -(-len(combinations) // TABLES_A_ROW)
    made = StillPicture(figsize=(10, 0.6 + 2.6 * n_rows), layout="constrained")
    made.suptitle(title.replace("$", r"\$"), fontsize=9)
    panels = made.subplots(n_rows, TABLES_A_ROW, squeeze=False).ravel()
    ends = accuracy_limits(list(cells.values()))
    for panel, values in itertools.zip_longest(panels, combinations):
        if values is None:
            panel.axis("off")
            continue
        fixed = dict(zip(others, values, strict=True))
        found = [
            [cells.get(key_of({**fixed, axes.x.name: x, axes.y.name: y}, grid))
             for x in grid[axes.x.name]]
            for y in grid[axes.y.name]
        ]  # fmt: skip
        _draw_table(panel, axes, grid, found, ends)
        panel.set_title(describe_values(fixed).replace("$", r"\$") if fixed else "", fontsize=9)
    return made


def _draw_table(
    panel: Any, axes: MapAxes, grid: Any, found: list[list[Trial | None]], ends: tuple[float, float]
) -> None:
    scores = np.array([[_score(trial) for trial in row] for row in found], float)
    low, high = ends
    panel.imshow(scores, cmap="viridis", vmin=low, vmax=high, origin="lower", aspect="auto")
    for (row, column), score in np.ndenumerate(scores):
        if np.isfinite(score):
            _, ink = color_and_ink(score, ends)
            words = {"ha": "center", "va": "center", "color": ink, "fontsize": 9}
            panel.text(column, row, f"{score:.1%}", **words)
    for along, dimension in (("x", axes.x), ("y", axes.y)):
        labels = [format_value(value) for value in grid[dimension.name]]
        panel.set(**{f"{along}ticks": range(len(labels)), f"{along}ticklabels": labels})
        panel.set(**{f"{along}label": parameter_name(dimension.name)})


def _score(trial: Trial | None) -> float:
    if trial is None or not trial.usable or trial.validation_accuracy is None:
        return float("nan")
    return trial.validation_accuracy
