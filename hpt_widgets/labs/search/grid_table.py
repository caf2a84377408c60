"""A grid search as a heat map: a cell for each combination, filled as its trial lands."""

from __future__ import annotations

import html
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import ipywidgets as widgets
import numpy as np

from hpt_widgets.labs.kit.settings_text import in_a_row
from hpt_widgets.labs.search.grid_edges import edges_of
from hpt_widgets.labs.search.groups import CHOSEN_COLOR
from hpt_widgets.labs.search.mark_encoding import COLORS, MapAxes, accuracy_limits
from hpt_widgets.labs.search.trial_words import describe_values, format_value, parameter_name
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import distinct_values
from hpt_widgets.search.scored_fold import UnfinishedTrial
from hpt_widgets.search.space import Choice, Dimension, SearchSpace
from hpt_widgets.search.trial import Trial, value_key

# More cells than these fit no screen.
MOST_TABLES: Final = 12
MOST_VALUES: Final = 20

Grid = dict[str, tuple[Any, ...]]
Cells = dict[tuple[Any, ...], Trial]
Cell = Trial | UnfinishedTrial


class GridTable:
    """A table of cells for each combination of the hyperparameters beyond the first two.

    Parameters
    ----------
    axes : MapAxes
        Of the map: its x goes across, its y upwards.

    Attributes
    ----------
    words, tables : Widget
        What is seen, and the tables.
    """

    def __init__(self, axes: MapAxes) -> None:
        self._axes = axes
        self.words, self.tables = widgets.HTML(), widgets.HTML()
        self.words.add_class("hpt-legend")
        self.clear()

    def clear(self) -> None:
        """Say that there is no grid search to be shown."""
        self._say("only_grid")

    def draw(self, trials: Sequence[Trial], unfinished: Sequence[UnfinishedTrial] = ()) -> None:
        """Show a grid search.

        Parameters
        ----------
        trials : sequence of Trial
            What has landed.
        unfinished : sequence of UnfinishedTrial
            Combinations of which some folds have been scored.
        """
        grid = grid_of(self._axes.all, trials)
        if max(map(len, grid.values())) > MOST_VALUES:
            self._say("grid_too_large")
            return
        cells = cells_of(self._axes.all, trials, grid)
        lines = [translate("search_lab.cells", done=len(cells), total=_size(grid))]
        has_folds = bool(unfinished) or any(trial.fold_scores for trial in cells.values())
        lines += [translate("search_lab.cells_folds")] if has_folds else []
        edges = describe_edges(self._axes.all, trials)
        lines += [f"⚠ {edges}"] if edges else []
        self.words.value = "<br>".join(map(html.escape, lines))
        begun = {key_of(one.values, grid): one for one in unfinished if _has_all(one, grid)}
        self.tables.value = self._write(grid, {**begun, **cells})

    def _say(self, key: str) -> None:
        self.words.value, self.tables.value = html.escape(translate(f"search_lab.{key}")), ""

    def _write(self, grid: Grid, cells: Mapping[tuple[Any, ...], Cell]) -> str:
        others = [dimension.name for dimension in self._axes.others]
        combinations = itertools.product(*(grid[name] for name in others))
        landed = [cell for cell in cells.values() if isinstance(cell, Trial)]
        ends, best = accuracy_limits(landed), _best_of(landed)
        tables = [
            self._table(dict(zip(others, values, strict=True)), grid, cells, ends, best)
            for values in itertools.islice(combinations, MOST_TABLES)
        ]
        hidden = math.prod(len(grid[name]) for name in others) - len(tables)
        if hidden:
            tables.append(html.escape(translate("search_lab.more_tables", count=hidden)))
        return f'<div class="hpt-grid-tables">{"".join(tables)}</div>'

    def _table(
        self,
        fixed: Mapping[str, Any],
        grid: Grid,
        cells: Mapping[tuple[Any, ...], Cell],
        ends: tuple[float, float],
        best: Trial | None,
    ) -> str:
        x, y = self._axes.x.name, self._axes.y.name
        rows = []
        for upright in grid[y][::-1]:  # as on an upright axis
            row = [f'<th scope="row">{html.escape(format_value(upright))}</th>']
            for across in grid[x]:
                key = key_of({**fixed, x: across, y: upright}, grid)
                row.append(_cell(cells.get(key), ends, best))
            rows.append(f"<tr>{''.join(row)}</tr>")
        heads = "".join(f'<th scope="col">{html.escape(format_value(v))}</th>' for v in grid[x])
        caption = html.escape(describe_values(fixed)) if fixed else ""
        upward, along = (html.escape(parameter_name(name)) for name in (y, x))
        return (
            f'<table class="hpt-grid"><caption>{caption}</caption>{"".join(rows)}'
            f"<tr><th>{upward} ↑<br>{along} →</th>{heads}</tr></table>"
        )


def describe_edges(dimensions: Sequence[Dimension], trials: Sequence[Trial]) -> str:
    """Say where the best of a whole grid lies at the grid's edge; of an unfinished one, nothing."""
    grid = grid_of(dimensions, trials)
    cells = cells_of(dimensions, trials, grid)
    best = _best_of(cells.values())
    if best is None or len(cells) < _size(grid):
        return ""
    edges = in_a_row(
        translate(
            f"search_lab.edge_{edge.side}",
            name=parameter_name(edge.name),
            value=format_value(edge.value),
        )
        for edge in edges_of(dimensions, grid, best)
    )
    return translate("search_lab.edge", edges=edges) if edges else ""


def _size(grid: Grid) -> int:
    return math.prod(len(values) for values in grid.values())


def grid_of(dimensions: Sequence[Dimension], trials: Sequence[Trial]) -> Grid:
    """Return the grid that some trials lie on: the space's own, or the values that they have."""
    grid = {}
    for dimension in dimensions:
        tried = distinct_values(trials, dimension.name)
        known = [value for value, _ in tried if dimension.can_place(value)]
        own = dimension.grid_values
        values = own if all(value in own for value in known) else known
        grid[dimension.name] = (
            tuple(values) if isinstance(dimension, Choice) else tuple(sorted(values))
        )
    return grid


def cells_of(dimensions: Sequence[Dimension], trials: Sequence[Trial], grid: Grid) -> Cells:
    """Return the trials of a grid by their `key_of`; of several in one cell, the last."""
    space = SearchSpace(tuple(dimensions))
    placed = [trial for trial in trials if space.can_place(trial.hyperparameters)]
    return {key_of(trial.hyperparameters, grid): trial for trial in placed}


def _best_of(trials: Iterable[Trial]) -> Trial | None:
    usable = [trial for trial in trials if trial.usable]
    return max(usable, key=lambda trial: trial.validation_accuracy or 0.0, default=None)


def key_of(values: Mapping[str, Any], grid: Grid) -> tuple[Any, ...]:
    """Return what tells the cell of these values from all others."""
    return tuple(value_key(values[name]) for name in grid)


def _has_all(one: UnfinishedTrial, grid: Grid) -> bool:
    return all(name in one.values for name in grid)


def _cell(trial: Cell | None, ends: tuple[float, float], best: Trial | None) -> str:
    if trial is None:
        return '<td class="hpt-empty"></td>'
    if isinstance(trial, UnfinishedTrial):
        count = f"{len(trial.fold_scores)}/{trial.n_folds}"
        strip = _fold_strip(trial.fold_scores, trial.n_folds, ends)
        return f'<td class="hpt-empty"><small>{count}</small>{strip}</td>'
    score = trial.validation_accuracy
    if not trial.usable or score is None:
        return f'<td title="{html.escape(trial.message)}">✚</td>'
    color, ink = color_and_ink(score, ends)
    ring = f"outline:3px solid {CHOSEN_COLOR};outline-offset:-3px;" if trial is best else ""
    folds = trial.fold_scores
    spread = f"<br><small>± {100 * np.std(folds):.1f}</small>" if folds else ""
    strip = _fold_strip(folds, len(folds), ends) if folds else ""
    title = f"#{trial.number}" + "".join(f" {fold:.1%}" for fold in folds)
    return (
        f'<td style="background:{color};color:{ink};{ring}" title="{title}">'
        f"{score:.1%}{spread}{strip}</td>"
    )


def _fold_strip(scores: Sequence[float], n_folds: int, ends: tuple[float, float]) -> str:
    """Return a square for each fold in the colour of its score, hollow where there is none."""
    colors = [
        color_and_ink(score, ends)[0] if math.isfinite(score) else "transparent" for score in scores
    ]
    colors += ["transparent"] * (n_folds - len(colors))
    squares = "".join(f'<i style="background:{color}"></i>' for color in colors)
    return f'<span class="hpt-folds" aria-hidden="true">{squares}</span>'


def color_and_ink(score: float, ends: tuple[float, float]) -> tuple[str, str]:
    """Return the colour of an accuracy, and that of letters on it."""
    low, high = ends
    share = min(max((score - low) / (high - low), 0.0), 1.0)
    steps = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in COLORS]
    places = np.linspace(0, 1, len(COLORS))
    mixed = [round(float(np.interp(share, places, channel))) for channel in np.array(steps).T]
    luminance = np.dot(mixed, (0.299, 0.587, 0.114))
    return f"rgb({mixed[0]},{mixed[1]},{mixed[2]})", "#000" if luminance > 125 else "#fff"
