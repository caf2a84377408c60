"""A class's runs after the lesson, as a record that all charts take."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from hpt_widgets.board.csv_export import (
    CLASS_COLUMN,
    CLASS_COLUMNS,
    read_rows,
    run_of_row,
)
from hpt_widgets.language import translate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import require
from hpt_widgets.support.csv_table import unguarded


class ClassRuns(SearchRecord):
    """The runs of a class, from the file that ``board export`` wrote.

    Parameters
    ----------
    path : str or path-like
        The file.
    task : str, optional
        Only the runs of the task of this name. By default all runs, also those that stood
        apart.
    class_number : int, optional
        Only the runs of this class, from 1. By default those of all that the board has seen.

    Attributes
    ----------
    students : dict of int to str
        Whose run each one is, by its number.
    tasks : dict of int to str
        The name of each run's task, by its number; empty for one that stood apart.
    classes : dict of int to int
        The class in which each run was sent, by the run's number.

    Raises
    ------
    OSError
        If the file cannot be read.
    TypeError, ValueError
        If it is no export of a board, or `class_number` is below 1.

    Examples
    --------
    After the lesson::

        runs = hpt.ClassRuns("runs.csv")
        runs.best
        runs.of("cedar-17").incumbent
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        task: str | None = None,
        class_number: int | None = None,
    ) -> None:
        super().__init__("manual")
        require("path", path, (str, os.PathLike))
        if task is not None:
            require("task", task, str)
        if class_number is not None:
            require("class_number", class_number, int)
            if class_number < 1:
                raise ValueError(translate("board.class_number", value=class_number))
        self.students: dict[int, str] = {}
        self.tasks: dict[int, str] = {}
        self.classes: dict[int, int] = {}
        for row in _rows(Path(path)):
            if task in (None, row.task) and class_number in (None, row.class_number):
                number = self.append(row.trial).number
                self.students[number] = row.student
                self.tasks[number] = row.task
                self.classes[number] = row.class_number

    def of(self, student: str) -> SearchRecord:
        """Return the runs of one student as a record of its own.

        Parameters
        ----------
        student : str
            The name on the board. Two classes may have a student of the same name each: choose
            the class with `class_number` first.

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


class _Row(NamedTuple):
    """What a row of the file says."""

    student: str
    task: str
    class_number: int
    trial: Trial


def _rows(path: Path) -> Iterator[_Row]:
    rows = read_rows(_content(path))
    if rows is None:
        expected = ",".join(CLASS_COLUMNS)
        raise ValueError(translate("board.no_export", path=path, expected=expected))
    for line, row in enumerate(rows, start=2):
        yield _read_row(row, path, line)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(translate("board.no_runs_file", value=f"{path}")) from error
    except OSError as error:
        values = {"value": f"{path}", "reason": error.strerror or error}
        raise type(error)(translate("board.runs_file_unread", **values)) from error


def _read_row(row: Mapping[str, str], path: Path, line: int) -> _Row:
    try:
        trial = run_of_row(row).trial
        class_number = int(row.get(CLASS_COLUMN) or 1)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(translate("board.bad_row", path=path, line=line, reason=error)) from error
    return _Row(unguarded(row["student"]), unguarded(row["task"]), class_number, trial)
