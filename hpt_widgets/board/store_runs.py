"""The runs on the board: the runs' table of its file.

Each function works on a connection of the caller's, in whose transaction it runs.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from hpt_widgets.board import store_students
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.store_records import Student
from hpt_widgets.board.task import Task
from hpt_widgets.training.hyperparameters import completed

APART: Final = ""
"""The task of runs that belong to none that was opened."""
_DIGEST_BYTES: Final = 8


def insert(
    connection: sqlite3.Connection,
    student: Student,
    runs: Sequence[tuple[ClassRun, str]],
    tasks: list[Task],
) -> list[str]:
    """Insert runs; return the ids of those that were not there.

    Parameters
    ----------
    connection : Connection
        The writer's.
    student : Student
        Whose runs they are.
    runs : sequence of (ClassRun, str)
        Each with its text, `ClassRun.to_json`, which takes long in a transaction.
    tasks : list of Task
        All that were ever opened, the present one first.

    Returns
    -------
    list of str

    Raises
    ------
    LookupError
        If the student is not on the board any more.

    Notes
    -----
    A run that was removed does not come back: it is passed over as one that is there.
    """
    new = []
    for run, text in runs:
        if store_students.is_kept_out(connection, run.id):
            continue
        values = (*_columns(run, tasks), text)
        cursor = connection.execute(
            "INSERT INTO runs (student, class, id, task, difference, shown, accuracy,"
            " setting, seed, run) SELECT number, class, ?, ?, ?, ?, ?, ?, ?, ?"
            " FROM students WHERE number = ?"
            " ON CONFLICT (id) DO NOTHING",
            (*values, student.number),
        )
        if cursor.rowcount:
            new.append(run.id)
    if len(new) < len(runs) and not store_students.exists(connection, student.number):
        raise LookupError(student.name)
    return new


def forget(connection: sqlite3.Connection, sequence: int) -> None:
    """Delete one run, and keep its id out.

    Raises
    ------
    LookupError
        If there is none of this number.
    """
    row = connection.execute("SELECT id FROM runs WHERE sequence = ?", (sequence,)).fetchone()
    if row is None:
        raise LookupError(sequence)
    store_students.keep_out(connection, row[0])
    connection.execute("DELETE FROM runs WHERE sequence = ?", (sequence,))


def owners(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return whose runs those are that the board has: the student's id and name, by the run's id.

    Both are empty for a run that was removed.
    """
    found = {}
    for each in ids:
        row = connection.execute(
            "SELECT students.id, name FROM runs JOIN students ON student = number"
            " WHERE runs.id = ?",
            (each,),
        ).fetchone()
        if row is not None:
            found[each] = row
        elif store_students.is_kept_out(connection, each):
            found[each] = ("", "")
    return found


def count_apart(connection: sqlite3.Connection, key: str | None) -> int:
    """Return how many runs of the present class belong to another task than that of a key.

    Without a task, None, all of them do.
    """
    if key is None:
        found = connection.execute(
            "SELECT COUNT(*) FROM runs WHERE class = (SELECT number FROM present_class)"
        )
        return int(found.fetchone()[0])
    # The index has them on both sides of the task's own, which two counts do not walk through.
    found = connection.execute(
        "SELECT (SELECT COUNT(*) FROM runs"
        "  WHERE class = (SELECT number FROM present_class) AND task < ?1)"
        " + (SELECT COUNT(*) FROM runs"
        "  WHERE class = (SELECT number FROM present_class) AND task > ?1)",
        (key,),
    )
    return int(found.fetchone()[0])


def take_up(connection: sqlite3.Connection, task: Task) -> None:
    """Let a task that is opened have the runs that stand apart and belong to it."""
    apart = connection.execute("SELECT sequence, run FROM runs WHERE task = ?", (APART,))
    for sequence, text in apart.fetchall():
        run = ClassRun.from_json(text)
        difference = task.difference(run)
        connection.execute(
            "UPDATE runs SET task = ?, difference = ?, shown = ? WHERE sequence = ?",
            (*_columns_of_task(run, None if difference else task, difference), sequence),
        )


def _columns(run: ClassRun, tasks: list[Task]) -> tuple[Any, ...]:
    """Return the columns from the id to the seed."""
    differences = [task.difference(run) for task in tasks]
    own = next((task for task, other in zip(tasks, differences, strict=True) if not other), None)
    values = run.trial.hyperparameters
    setting = [f"{name}={value!r}" for name, value in sorted(values.items()) if name != "seed"]
    return (
        run.id,
        *_columns_of_task(run, own, differences[0] if differences else ""),
        run.trial.validation_accuracy if run.trial.usable else None,
        hashlib.blake2b(" ".join(setting).encode(), digest_size=_DIGEST_BYTES).hexdigest(),
        values.get("seed"),
    )


def _columns_of_task(run: ClassRun, task: Task | None, difference: str) -> tuple[str, str, str]:
    if task is None:
        return APART, difference, "[]"
    values = completed(run.trial.hyperparameters)
    shown = [values[name] for name in task.free]
    return task.key, "", json.dumps(shown)
