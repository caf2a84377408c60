"""A class's runs after the lesson, as a record that all charts take."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from hpt_widgets.board.csv_export import CLASS_COLUMNS, read_rows, run_of_row, unguarded
from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import require


class ClassRuns(SearchRecord):
    """The runs of a class, from the file that ``board export`` wrote.

    Parameters
    ----------
    path : str or path-like
        The file.
    task : str, optional
        Only the runs of the task of this name. By default all runs, also those that stood
        apart.

    Attributes
    ----------
    students : dict of int to str
        Whose run each one is, by its number.
    tasks : dict of int to str
        The name of each run's task, by its number; empty for one that stood apart.

    Raises
    ------
    OSError
        If the file cannot be read.
    TypeError, ValueError
        If it is no export of a board.

    Examples
    --------
    After the lesson::

        runs = hpt.ClassRuns("runs.csv")
        runs.best
        runs.of("cedar-17").incumbent
    """

    def __init__(self, path: str | os.PathLike[str], task: str | None = None) -> None:
        super().__init__("manual")
        require("path", path, (str, os.PathLike))
        if task is not None:
            require("task", task, str)
        self.students: dict[int, str] = {}
        self.tasks: dict[int, str] = {}
        for student, its_task, trial in _rows(Path(path)):
            if task in (None, its_task):
                number = self.append(trial).number
                self.students[number] = student
                self.tasks[number] = its_task

    def of(self, student: str) -> SearchRecord:
        """Return the runs of one student as a record of its own.

        Parameters
        ----------
        student : str
            The name on the board.

        Raises
        ------
        ValueError
            If there is no run of such a student.
        """
        names = sorted(set(self.students.values()))
        if student not in names:
            allowed = ", ".join(names) or "–"
            raise ValueError(translate("board.no_such_student", value=student, allowed=allowed))
        record = SearchRecord(self.method)
        for trial in self:
            if self.students[trial.number] == student:
                record.append(trial)
        return record


def _rows(path: Path) -> Iterator[tuple[str, str, Trial]]:
    """Yield student, task and trial of each row."""
    rows = read_rows(path.read_bytes())
    if rows is None:
        expected = ",".join(CLASS_COLUMNS)
        raise ValueError(translate("board.no_export", path=path, expected=expected))
    for line, row in enumerate(rows, start=2):
        yield _read_row(row, path, line)


def _read_row(row: Mapping[str, str], path: Path, line: int) -> tuple[str, str, Trial]:
    try:
        trial = run_of_row(row).trial
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(translate("board.bad_row", path=path, line=line, reason=error)) from error
    return unguarded(row["student"]), unguarded(row["task"]), trial
