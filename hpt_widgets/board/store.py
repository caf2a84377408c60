"""Where the board keeps tasks, students and runs: an SQLite file that survives being killed.

One thread writes (see `writer`); every thread reads for itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.store_format import prepare
from hpt_widgets.board.task import Task
from hpt_widgets.board.writer import SerialWriter, StoreError
from hpt_widgets.language import translate
from hpt_widgets.training.hyperparameters import completed

MOST_STUDENTS: Final = 2_000
"""Of one class."""
APART: Final = ""
"""The task of runs that belong to none that was opened."""
_BUSY_SECONDS: Final = 10.0
_DIGEST_BYTES: Final = 8
_LARGEST_NUMBER: Final = 2**63 - 1
_ALL_RUNS: Final = (
    "SELECT sequence, name, task, run, runs.class FROM runs JOIN students ON student = number"
)


class BoardFull(Exception):  # noqa: N818
    """The present class has as many students as a board takes."""


class StudentForgotten(LookupError):  # noqa: N818
    """The teacher has taken this student off the board, who is not let in again."""


class RunRow(NamedTuple):
    """What the projector's page needs of a run.

    Attributes
    ----------
    sequence : int
        The order of arrival, from 1.
    student : int
        The student's number.
    values : tuple
        The values of the task's free hyperparameters, in the task's order.
    accuracy : float or None
        The validation accuracy, from 0 to 1; None if the run cannot be compared.
    """

    sequence: int
    student: int
    values: tuple[Any, ...]
    accuracy: float | None


@dataclass(frozen=True)
class Student:
    """A student on the board.

    Attributes
    ----------
    number : int
        On this board, from 1.
    name : str
        The nickname; the second student of the same one in a class has " (2)" behind it.
    class_number : int, default 1
        Of the class that the student joined last, from 1.
    """

    number: int
    name: str
    class_number: int = 1


class Attendance(NamedTuple):
    """A student of the present class, for the teacher's list.

    Attributes
    ----------
    number : int
        On this board.
    name : str
        The name on the board.
    runs : int
        How many runs of theirs the board has from this class, those that stand apart too.
    """

    number: int
    name: str
    runs: int


@dataclass(frozen=True)
class KeptRun:
    """A run with all that the board knows of it.

    Attributes
    ----------
    sequence : int
        The order of arrival.
    student : str
        The student's name on the board.
    task : str
        The key of its task, empty where it stands apart.
    run : ClassRun
        What was sent.
    class_number : int, default 1
        Of the class in which it was sent, from 1.
    """

    sequence: int
    student: str
    task: str
    run: ClassRun
    class_number: int = 1


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
        """Return ``id``, ``code``, ``teacher_key``, ``generation`` or ``class`` of this board."""
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
        """A number that grows with each task, code, class, and student forgotten."""
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
            apart = connection.execute("SELECT sequence, run FROM runs WHERE task = ?", (APART,))
            for sequence, text in apart.fetchall():
                run = ClassRun.from_json(text)
                difference = task.difference(run)
                connection.execute(
                    "UPDATE runs SET task = ?, difference = ?, shown = ? WHERE sequence = ?",
                    (*_columns_of_task(run, None if difference else task, difference), sequence),
                )
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

        def job(connection: sqlite3.Connection) -> Student:
            known = _student(connection, student_id)
            if known is not None:
                return _moved(connection, known)
            if _is_forgotten(connection, student_id):
                raise StudentForgotten(nickname)
            _check_room(connection)
            name = _free_name(nickname, _names_of_class(connection))
            cursor = connection.execute(
                "INSERT INTO students (id, nickname, name, class)"
                " SELECT ?, ?, ?, number FROM present_class",
                (student_id, nickname, name),
            )
            return _student_of(connection, int(cursor.lastrowid or 0))

        return self.writer.submit(job)

    def student(self, student_id: str) -> Student | None:
        """Return the student of this id, None where there is none."""
        return _student(self._reader(), student_id)

    def is_forgotten(self, student_id: str) -> bool:
        """Return whether the student of this id was taken off the board, and stays off it."""
        return _is_forgotten(self._reader(), student_id)

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
        return _count_students(self._reader())

    def known_runs(self, ids: Iterable[str]) -> set[str]:
        """Return those of some runs' ids that are on the board, whoever sent them."""
        known = "SELECT 1 FROM runs WHERE id = ?"
        return {each for each in ids if self._read(known, (each,)).fetchone()}

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
        texts = [run.to_json() for run in runs]

        def job(connection: sqlite3.Connection) -> list[str]:
            tasks = self._tasks_in(connection)
            new = []
            for run, text in zip(runs, texts, strict=True):
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
            if len(new) < len(runs) and not _is_student(connection, student.number):
                raise LookupError(student.name)
            return new

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
            row = connection.execute(
                "SELECT number FROM students WHERE name = ?1 AND class = IFNULL(?2, class)"
                " ORDER BY class DESC",
                (name, class_number),
            ).fetchone()
            if row is None:
                raise LookupError(name)
            return _forget(connection, int(row[0]))

        return self.writer.submit(job, erases=True)

    def forget_number(self, number: int) -> Future[int]:
        """Do the same as `forget` for the student of a number."""

        def job(connection: sqlite3.Connection) -> int:
            # SQLite knows no number that is larger.
            if not 0 < number <= _LARGEST_NUMBER or not _is_student(connection, number):
                raise LookupError(number)
            return _forget(connection, number)

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
            cursor = connection.execute(
                "DELETE FROM students WHERE class = IFNULL(?, class)"
                " AND number NOT IN (SELECT student FROM runs)",
                (class_number,),
            )
            _next_generation(connection)
            return cursor.rowcount

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
        """Return how many runs of the present class belong to no task that was opened."""
        found = self._read(
            "SELECT COUNT(*) FROM runs"
            " WHERE class = (SELECT number FROM present_class) AND task = ?",
            (APART,),
        )
        return int(found.fetchone()[0])

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


def _tasks(connection: sqlite3.Connection) -> list[Task]:
    rows = connection.execute("SELECT task FROM tasks ORDER BY opened DESC, rowid DESC")
    return [Task.from_dict(json.loads(row[0])) for row in rows]


def _student(connection: sqlite3.Connection, student_id: str) -> Student | None:
    row = connection.execute(
        "SELECT number, name, class FROM students WHERE id = ?", (student_id,)
    ).fetchone()
    return None if row is None else Student(*row)


def _student_of(connection: sqlite3.Connection, number: int) -> Student:
    found = connection.execute(
        "SELECT number, name, class FROM students WHERE number = ?", (number,)
    )
    return Student(*found.fetchone())


def _moved(connection: sqlite3.Connection, student: Student) -> Student:
    """Have a student be of the present class."""
    (present,) = connection.execute("SELECT number FROM present_class").fetchone()
    if student.class_number == present:
        return student
    _check_room(connection)
    name = student.name
    if name in _names_of_class(connection):
        # The runs sent before take the new name too, so nobody of any class may have it.
        taken = {row[0] for row in connection.execute("SELECT name FROM students")}
        name = _free_name(_nickname_of(connection, student.number), taken)
    connection.execute(
        "UPDATE students SET class = ?, name = ? WHERE number = ?",
        (present, name, student.number),
    )
    return _student_of(connection, student.number)


def _nickname_of(connection: sqlite3.Connection, number: int) -> str:
    found = connection.execute("SELECT nickname FROM students WHERE number = ?", (number,))
    return str(found.fetchone()[0])


def _count_students(connection: sqlite3.Connection) -> int:
    """Return how many students the present class has."""
    return int(connection.execute("SELECT COUNT(*) FROM present_students").fetchone()[0])


def _check_room(connection: sqlite3.Connection) -> None:
    """Raise BoardFull where the present class takes nobody more."""
    if _count_students(connection) >= MOST_STUDENTS:
        raise BoardFull(translate("board.full", most=MOST_STUDENTS))


def _forget(connection: sqlite3.Connection, number: int) -> int:
    """Delete a student and their runs, and keep the id out; return how many runs there were."""
    (student_id,) = connection.execute(
        "SELECT id FROM students WHERE number = ?", (number,)
    ).fetchone()
    (count,) = connection.execute(
        "SELECT COUNT(*) FROM runs WHERE student = ?", (number,)
    ).fetchone()
    digest = _digest_of(student_id)
    connection.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (digest,))
    connection.execute("DELETE FROM students WHERE number = ?", (number,))
    _next_generation(connection)
    return int(count)


def _is_forgotten(connection: sqlite3.Connection, student_id: str) -> bool:
    digest = _digest_of(student_id)
    found = connection.execute("SELECT 1 FROM forgotten WHERE digest = ?", (digest,))
    return found.fetchone() is not None


def _digest_of(student_id: str) -> str:
    """Return what tells an id again and does not show it: it is a lab's secret."""
    return hashlib.sha256(student_id.encode()).hexdigest()


def _is_student(connection: sqlite3.Connection, number: int) -> bool:
    found = connection.execute("SELECT 1 FROM students WHERE number = ?", (number,))
    return found.fetchone() is not None


def _names_of_class(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM present_students")}


def _free_name(nickname: str, taken: set[str]) -> str:
    """Return the nickname, with a number behind it where that is taken."""
    name, count = nickname, 1
    while name in taken:
        count += 1
        name = f"{nickname} ({count})"
    return name


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
