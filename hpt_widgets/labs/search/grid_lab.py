"""A grid search of scikit-learn's own, seen while it runs: cell by cell, and fold by fold."""

from __future__ import annotations

import html
import math
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from hpt_widgets.labs.kit.charts import REDRAW_SECONDS
from hpt_widgets.labs.kit.frame import LabFrame
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.kit.settings_text import words_of_error
from hpt_widgets.labs.search.grid_picture import draw_grid
from hpt_widgets.labs.search.grid_table import GridTable
from hpt_widgets.labs.search.mark_encoding import MapAxes
from hpt_widgets.labs.search.record_listeners import RecordListeners
from hpt_widgets.labs.search.style import STYLE
from hpt_widgets.labs.search.trial_words import settings_of
from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.space import Choice, Dimension, SearchSpace, Uniform, UniformInteger
from hpt_widgets.support.argument_checks import (
    finite_number,
    items_of,
    not_allowed,
    require,
    whole_number,
)

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


class GridLab(Lab):
    """The cells of a grid search, which fill as `GridSearchCV` goes on, and their folds.

    Give the search ``scoring=record.scorer``: the record tells the lab of each fold.

    Parameters
    ----------
    param_grid : mapping of str to list
        As `GridSearchCV` takes it, of two hyperparameters or more.
    record : SearchRecord
        Whose scorer the search is given.

    Attributes
    ----------
    space : SearchSpace
        The grid, each hyperparameter with its values.
    view : GridView
        The table and the words.

    Raises
    ------
    TypeError, ValueError
        If an argument is something else.

    Examples
    --------
    >>> import hpt_widgets as hpt
    >>> record = hpt.SearchRecord("grid")
    >>> lab = GridLab({"learning_rate": [0.01, 0.1], "batch_size": [32, 64]}, record)
    >>> _ = record.append(hpt.Trial({"learning_rate": 0.1, "batch_size": 32}, "grid",
    ...                             validation_accuracy=0.9))
    >>> lab.status
    'Best so far: 90.0% with learning rate 0.1, batch size 32.'
    """

    view: GridView
    _follows_records = True

    def __init__(self, param_grid: Mapping[str, Any], record: SearchRecord) -> None:
        self.space = space_of_grid(param_grid)
        require("record", record, SearchRecord)
        self.record = record
        self._lock = threading.RLock()
        self._drawn_at = 0.0
        self._listeners = RecordListeners(self._on_error)
        super().__init__()

    @property
    def status(self) -> str:
        """Which combination is the best so far, in words."""
        return describe_grid(self.space, self.record)

    def close(self) -> None:
        """Take the lab off the screen, and follow the record no more."""
        self._listeners.close()
        super().close()

    def _on_change(self) -> None:
        with self._lock:
            # When nothing is open, nothing may follow.
            is_due = time.monotonic() - self._drawn_at >= REDRAW_SECONDS
            if is_due or not self.record.unfinished:
                self._redraw()

    def _on_error(self, error: Exception) -> None:
        with self._lock:
            if not self.is_closed:
                self.view.say(translate("lab.not_drawn", error=words_of_error(error)))

    def _redraw(self) -> None:
        with self._lock:
            if not self.is_closed:
                self.view.draw(self.record, self.status)
                self._drawn_at = time.monotonic()

    def _complete(self) -> None:
        self._listeners.listen(self.record, self._on_change)
        self._redraw()

    def _build(self) -> GridView:
        return GridView(MapAxes.of(self.space))

    def _picture(self) -> StillPicture:
        return draw_grid(MapAxes.of(self.space), self.record.trials, self.status)


class GridView:
    """What is seen of a grid search.

    Parameters
    ----------
    axes : MapAxes
        Which hyperparameter goes along which axis.

    Attributes
    ----------
    table : GridTable
    status, widget : Widget
        Which combination is the best so far, and all of it.
    """

    def __init__(self, axes: MapAxes) -> None:
        self.table = GridTable(axes)
        self.status = widgets.HTML()
        own_style = widgets.HTML(STYLE, layout={"display": "none"})
        self.frame = LabFrame(
            controls=[self.table.words],
            stage=[own_style, self.table.tables],
            status=self.status,
        )
        self.widget = self.frame.widget
        self.widget.add_class("hpt-search")

    def draw(self, record: SearchRecord, status: str) -> None:
        """Show a record's trials and folds."""
        self.table.draw(record.trials, record.unfinished)
        self.say(status)

    def say(self, status: str) -> None:
        """Show a state in words."""
        written = html.escape(status)
        self.status.value = f'<span role="status" class="hpt-status"><b>{written}</b></span>'


def describe_grid(space: SearchSpace, record: SearchRecord) -> str:
    """Say which combination is the best so far."""
    best = record.best
    if best is None or best.validation_accuracy is None:
        total = math.prod(len(dimension.grid_values) for dimension in space)
        return translate("search_lab.grid_begin", total=total)
    words = {"score": best.validation_accuracy, "settings": settings_of(best, space)}
    return translate("search_lab.grid_status", **words)


def space_of_grid(param_grid: object) -> SearchSpace:
    """Return the search space whose grid is a ``param_grid`` of scikit-learn's.

    Parameters
    ----------
    param_grid : mapping of str to list
        The values of each hyperparameter; finite numbers have an order, all else is a choice.

    Raises
    ------
    TypeError, ValueError
        If it is no such mapping, or has fewer than two hyperparameters.
    """
    refusal = not_allowed("param_grid", param_grid, "search_lab.param_grid")
    if not isinstance(param_grid, Mapping):
        raise TypeError(refusal)
    values = {name: items_of(listed) for name, listed in param_grid.items()}
    if len(values) < 2 or not all(isinstance(name, str) and values[name] for name in values):
        raise ValueError(refusal)
    return SearchSpace(tuple(_dimension_of(name, items or ()) for name, items in values.items()))


def _dimension_of(name: str, items: tuple[Any, ...]) -> Dimension:
    # An infinity, which scikit-learn takes as `C`, has no place along an axis.
    numbers = [finite_number(item) for item in items]
    if None in numbers or len(set(numbers)) < 2 or len(set(numbers)) < len(items):
        return Choice(name, items)
    low, high = min(items), max(items)
    if all(whole_number(item) is not None and item >= 1 for item in items):
        return UniformInteger(name, low, high, grid=items)
    return Uniform(name, low, high, grid=items)
