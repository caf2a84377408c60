"""What the projector's page shows of the present task, kept up to date run by run."""

from __future__ import annotations

import math
from array import array
from typing import Any, Final

import numpy as np

from hpt_widgets.board.best_so_far import OrderBand, order_band
from hpt_widgets.board.page_numbers import page_number
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.task import Task

DIGITS: Final = 5


class LiveView:
    """The runs of the task that is open, column by column.

    Parameters
    ----------
    store : BoardStore
        Where they come from.

    Attributes
    ----------
    task : Task or None
        The task that is open.
    generation : int
        Of the store, when all was read; another one means that rows are gone or others.
    """

    def __init__(self, store: BoardStore) -> None:
        self._store = store
        self.generation = -1
        self.refresh()

    def refresh(self) -> None:
        """Read what is new; all of it if a task was opened or a student forgotten."""
        generation = self._store.generation
        if generation != self.generation:
            self.generation = generation
            self.task: Task | None = self._store.task
            self._values: list[list[Any]] = [[] for _ in self.task.free] if self.task else []
            self._accuracies = array("d")
            self._students = array("l")
            self._sequences = array("q")
            self._best = -1
        if self.task is None:
            return
        last = self._sequences[-1] if self._sequences else 0
        for row in self._store.rows(self.task, last):
            for column, value in zip(self._values, row.values, strict=True):
                column.append(_short(value))
            accuracy = math.nan if row.accuracy is None else row.accuracy
            if not math.isnan(accuracy) and (
                self._best < 0 or accuracy > self._accuracies[self._best]
            ):
                self._best = len(self._accuracies)
            self._accuracies.append(accuracy)
            self._students.append(row.student)
            self._sequences.append(row.sequence)

    def __len__(self) -> int:
        return len(self._accuracies)

    @property
    def best(self) -> int | None:
        """The number of the best run, in the order of arrival; None without one."""
        return self._sequences[self._best] if self._best >= 0 else None

    @property
    def band(self) -> OrderBand:
        """The best so far over all orders of the runs."""
        return order_band(np.frombuffer(self._accuracies) if self._accuracies else [])

    @property
    def median(self) -> float:
        """The median accuracy of the runs that can be compared; 0 without any."""
        every = np.frombuffer(self._accuracies) if self._accuracies else np.empty(0)
        known = every[~np.isnan(every)]
        return float(np.median(known)) if len(known) else 0.0

    def columns(self, start: int = 0) -> dict[str, Any]:
        """Return the runs from a place on (0 is the first) as columns that JSON can say."""
        names = self.task.free if self.task else ()
        return {
            "start": start,
            "sequence": self._sequences[start:].tolist(),
            "student": self._students[start:].tolist(),
            "accuracy": [page_number(value) for value in self._accuracies[start:]],
            "values": {n: v[start:] for n, v in zip(names, self._values, strict=True)},
        }


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    return value
