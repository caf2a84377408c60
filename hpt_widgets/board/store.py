"""Where the board keeps tasks, students and runs: an SQLite file that survives being killed.

One thread writes (see `writer`); every thread reads for itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from hpt_widgets.board import store_runs, store_students
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.store_format import prepare
from hpt_widgets.board.store_records import Attendance, KeptRun, RunRow, Student
from hpt_widgets.board.task import Task
from hpt_widgets.board.writer import SerialWriter, StoreError
from hpt_widgets.language import translate

_BUSY_SECONDS: Final = 10.0
_LARGEST_NUMBER: Final = 2**63 - 1
_ALL_RUNS: Final = (
    "SELECT sequence, name, task, run, runs.class FROM runs JOIN students ON student = number"
)


class BoardStore:
    """The file of one board.

    Parameters
    ----------
    path : Path
        An SQLite file, made if need be; readable for its owner alone.

    Raises
    ------
    StoreError
        If it cannot be opened, or is that of a later version; nothing is changed in it then.
        That of an earlier version is brought up to date.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._known_tasks: tuple[str, list[Task]] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            with contextlib.closing(self._connect()) as connection:
                prepare(connection, path)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(translate("board.not_opened", path=path, reason=error)) from error
        self.writer = SerialWriter(self._connect, str(path))

    def close(self) -> None:
        """Write what is waiting, and let go of the file."""
        self.writer.close()
        while self._readers:
            self._readers.pop().close()

    # -- facts and tasks -----------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """Return a fact of this board.

        Parameters
        ----------
        name : {"id", "code", "teacher_key", "generation", "class", "secret"}
            The secret is sent to nobody; see `secret_ids`.
        """
        row = self._read("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0])

    def set_code(self, code: str, *, new_class: bool = False) -> Future[None]:
        """Give the board another class code, and the teacher another key.

        Parameters
        ----------
        code : str
            The code. Those who have joined go on, whatever code they joined with.
        new_class : bool, default False
            Whether another class begins: it starts without students and runs, and those of the
            classes before are kept.
        """

        def job(connection: sqlite3.Connection) -> None:
            facts = ((code, "code"), (uuid.uuid4().hex, "teacher_key"))
            connection.executemany("UPDATE facts SET value = ? WHERE name = ?", facts)
            if new_class:
                connection.execute("UPDATE facts SET value = value + 1 WHERE name = 'class'")
            _next_generation(connection)

        return self.writer.submit(job)

    @property
    def class_number(self) -> int:
        """The number of the present class, from 1."""
        return int(self.fact("class"))

    @property
    def generation(self) -> int:
        """A number that grows with each task, code, class, and student or run forgotten."""
        return int(self.fact("generation"))

    @property
    def task(self) -> Task | None:
        """The task that was opened last."""
        tasks = self.tasks
        return tasks[0] if tasks else None

    @property
    def tasks(self) -> list[Task]:
        """All tasks that were ever opened here, the present one first."""
        return _tasks(self._reader())

    def open_task(self, task: Task) -> Future[None]:
        """Let the class work on a task; runs that came before and belong to it are its own."""

        def job(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO tasks VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
                " SET task = excluded.task, opened = excluded.opened",
                (task.key, json.dumps(task.to_dict()), time.time()),
            )
            store_runs.take_up(connection, task)
            _next_generation(connection)

        return self.writer.submit(job)

    # -- students and runs ---------------------------------------------------------------------

    def add_student(self, student_id: str, nickname: str) -> Future[Student]:
        """Return the student of this id, new or known; they are of the present class from now on.

        A known one keeps the name on the board, unless another of the present class has it.

        Parameters
        ----------
        student_id : str
            A UUID made by the student's lab. It is a secret between the lab and the board.
        nickname : str
            A checked nickname.

        Raises
        ------
        BoardFull, StudentForgotten
            From the future, if the student is not let in.
        """
        return self.writer.submit(
            lambda connection: store_students.enter(connection, student_id, nickname)
        )

    def student(self, student_id: str) -> Student | None:
        """Return the student of this id, None where there is none."""
        return store_students.find(self._reader(), student_id)

    def is_forgotten(self, student_id: str) -> bool:
        """Return whether the student of this id was taken off the board, and stays off it."""
        return store_students.is_forgotten(self._reader(), student_id)

    def names(self) -> dict[int, str]:
        """Return the names of all students by their numbers, those of earlier classes too."""
        return dict(self._read("SELECT number, name FROM students ORDER BY number").fetchall())

    def roster(self) -> list[Attendance]:
        """Return the students of the present class in the order in which they first joined."""
        found = self._read(
            "SELECT number, name, (SELECT COUNT(*) FROM runs"
            " WHERE student = number AND runs.class = present_students.class)"
            " FROM present_students ORDER BY number"
        )
        return [Attendance(*row) for row in found]

    def count_students(self) -> int:
        """Return how many students the present class has."""
        return store_students.count(self._reader())

    def owners(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return whose those of some runs are that the board has, by the runs' ids.

        Each has the student's id and name; both are empty where the run was removed.
        """
        return store_runs.owners(self._reader(), ids)

    def add_runs(self, student: Student, runs: Sequence[ClassRun]) -> Future[list[str]]:
        """Keep runs; those that are here already change nothing.

        Parameters
        ----------
        student : Student
            Whose runs they are.
        runs : sequence of ClassRun
            What was sent.

        Returns
        -------
        Future of list of str
            The ids of those that are new, when all of them are on the disk. It raises
            `StoreError` where they are not, and `LookupError` for a student who was forgotten
            meanwhile.
        """
        texts = [(run, run.to_json()) for run in runs]

        def job(connection: sqlite3.Connection) -> list[str]:
            return store_runs.insert(connection, student, texts, self._tasks_in(connection))

        return self.writer.submit(job)

    def forget(self, name: str, class_number: int | None = None) -> Future[int]:
        """Delete a student and all their runs, from the file too; return how many runs.

        Of the student there remains only a digest of the random id, so that the same lab is not
        let in again. While somebody reads the file, what was deleted may still stand in the log
        beside it; that is emptied as soon as nobody does, at the latest when the last program
        closes the file.

        Parameters
        ----------
        name : str
            As it stands on the board.
        class_number : int, optional
            Of the class that the student joined last. By default the latest one that has the
            name: two classes may have one each.

        Raises
        ------
        LookupError
            From the future, if there is no such student.
        """

        def job(connection: sqlite3.Connection) -> int:
            return _forget(connection, store_students.number_of(connection, name, class_number))

        return self.writer.submit(job, erases=True)

    def forget_number(self, number: int) -> Future[int]:
        """Do the same as `forget` for the student of a number."""

        def job(connection: sqlite3.Connection) -> int:
            # SQLite knows no number that is larger.
            if not 0 < number <= _LARGEST_NUMBER or not store_students.exists(connection, number):
                raise LookupError(number)
            return _forget(connection, number)

        return self.writer.submit(job, erases=True)

    def forget_run(self, sequence: int) -> Future[None]:
        """Delete one run, from the file too; sent or handed in again, it stays away.

        Parameters
        ----------
        sequence : int
            Its number in the order of arrival.

        Raises
        ------
        LookupError
            From the future, if there is none of this number.
        """

        def job(connection: sqlite3.Connection) -> None:
            if not 0 < sequence <= _LARGEST_NUMBER:
                raise LookupError(sequence)
            store_runs.forget(connection, sequence)
            _next_generation(connection)

        return self.writer.submit(job, erases=True)

    def forget_without_runs(self, class_number: int | None = None) -> Future[int]:
        """Delete all students who never sent a run; return how many.

        They may join again, with the code of then: it is not known who of them is really there.

        Parameters
        ----------
        class_number : int, optional
            Only those of this class. By default those of all.
        """

        def job(connection: sqlite3.Connection) -> int:
            count = store_students.delete_without_runs(connection, class_number)
            _next_generation(connection)
            return count

        return self.writer.submit(job, erases=True)

    # -- reading -------------------------------------------------------------------------------

    def rows(self, task: Task, after: int = 0) -> Iterator[RunRow]:
        """Yield the present class's runs of a task in their order of arrival, after this one."""
        found = self._read(
            "SELECT sequence, student, shown, accuracy FROM runs"
            " WHERE class = (SELECT number FROM present_class) AND task = ? AND sequence > ?"
            " ORDER BY sequence",
            (task.key, after),
        )
        for sequence, student, shown, accuracy in found:
            yield RunRow(sequence, student, tuple(json.loads(shown)), accuracy)

    def count_apart(self) -> int:
        """Return how many runs of the present class do not belong to the task that is open."""
        task = self.task
        return store_runs.count_apart(self._reader(), task.key if task else None)

    def kept_run(self, sequence: int) -> KeptRun | None:
        """Return one run, None where there is none of this number."""
        # A page may ask for any number, and SQLite knows none that is larger.
        if not 0 < sequence <= _LARGEST_NUMBER:
            return None
        return next(self._kept("WHERE sequence = ?", (sequence,)), None)

    def kept_runs(self) -> Iterator[KeptRun]:
        """Yield the runs of all classes in their order of arrival."""
        return self._kept("ORDER BY sequence", ())

    def seed_scatter(self, task: Task, least: float = 0.0) -> tuple[float, int] | None:
        """Return how far runs of the present class scatter that differ in their seed alone.

        Parameters
        ----------
        task : Task
            Whose runs.
        least : float, default 0
            Settings of a lower mean accuracy are left out: where trainings go wrong they
            scatter far more than among the good ones, which are compared.

        Returns
        -------
        (float, int) or None
            The pooled standard deviation of the validation accuracy, and its degrees of
            freedom; None if no setting was trained with two seeds.
        """
        # The same setting and seed give the same run, whoever trains it.
        squares, freedom = self._read(
            "SELECT SUM(square), SUM(count - 1) FROM ("
            " SELECT COUNT(*) AS count, SUM(accuracy * accuracy)"
            "  - SUM(accuracy) * SUM(accuracy) / COUNT(*) AS square"
            " FROM (SELECT setting, seed, AVG(accuracy) AS accuracy FROM runs"
            "  WHERE class = (SELECT number FROM present_class) AND task = ?"
            "  AND accuracy IS NOT NULL GROUP BY setting, seed)"
            " GROUP BY setting HAVING COUNT(*) > 1 AND AVG(accuracy) >= ?)",
            (task.key, least),
        ).fetchone()
        if not freedom:
            return None
        return max(0.0, squares / freedom) ** 0.5, int(freedom)

    def _kept(self, condition: str, values: tuple[object, ...]) -> Iterator[KeptRun]:
        # The condition is one of those above.
        found = self._read(f"{_ALL_RUNS} {condition}", values)
        for sequence, name, task, text, class_number in found:
            yield KeptRun(sequence, name, task, ClassRun.from_json(text), class_number)

    def _tasks_in(self, connection: sqlite3.Connection) -> list[Task]:
        """Return all tasks within the writer's transaction; read anew when one was opened."""
        (generation,) = connection.execute(
            "SELECT value FROM facts WHERE name = 'generation'"
        ).fetchone()
        if self._known_tasks is None or self._known_tasks[0] != generation:
            self._known_tasks = (generation, _tasks(connection))
        return self._known_tasks[1]

    def _read(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        return self._reader().execute(statement, tuple(values))

    def _reader(self) -> sqlite3.Connection:
        if getattr(self._local, "reader", None) is None:
            self._local.reader = self._connect()
            self._readers.append(self._local.reader)
        connection: sqlite3.Connection = self._local.reader
        return connection

    def _connect(self) -> sqlite3.Connection:
        # Transactions are begun by hand. Each thread has its own connection; only `close` is
        # another's.
        connection = sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys=ON")
            # Each answer says that a run is kept, so it has to be on the disk by then.
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA secure_delete=ON")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _next_generation(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE facts SET value = value + 1 WHERE name = 'generation'")


def _forget(connection: sqlite3.Connection, number: int) -> int:
    count = store_students.forget(connection, number)
    _next_generation(connection)
    return count


def _tasks(connection: sqlite3.Connection) -> list[Task]:
    rows = connection.execute("SELECT task FROM tasks ORDER BY opened DESC, rowid DESC")
    return [Task.from_dict(json.loads(row[0])) for row in rows]
