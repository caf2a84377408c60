"""Who is on the board: the students' table of its file.

Each function works on a connection of the caller's, in whose transaction it runs; who takes
students off the board begins the next generation, see `BoardStore.generation`.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from hpt_widgets.board.secret_ids import digest_of
from hpt_widgets.board.store_records import Student
from hpt_widgets.language import translate
from hpt_widgets.support.student_name import same_name

MOST_STUDENTS: Final = 2_000
"""Of one class."""


class BoardFull(Exception):  # noqa: N818
    """The present class has as many students as a board takes."""


class StudentForgotten(LookupError):  # noqa: N818
    """The teacher has taken this student off the board, who is not let in again."""


def find(connection: sqlite3.Connection, student_id: str) -> Student | None:
    """Return the student of an id, None where there is none."""
    row = connection.execute(
        "SELECT number, name, class FROM students WHERE id = ?", (student_id,)
    ).fetchone()
    return None if row is None else Student(*row)


def enter(connection: sqlite3.Connection, student_id: str, nickname: str) -> Student:
    """Return the student of an id, new or known; they are of the present class from now on.

    Parameters
    ----------
    connection : Connection
        The writer's.
    student_id : str
        A UUID made by the student's lab.
    nickname : str
        A checked nickname; what a new student is called if nobody of the class is.

    Returns
    -------
    Student

    Raises
    ------
    BoardFull, StudentForgotten
        If the student is not let in.
    """
    known = find(connection, student_id)
    if known is not None:
        return _moved(connection, known)
    if is_forgotten(connection, student_id):
        raise StudentForgotten(nickname)
    _check_room(connection)
    name = _free_name(nickname, _names_of_class(connection))
    cursor = connection.execute(
        "INSERT INTO students (id, nickname, name, class)"
        " SELECT ?, ?, ?, number FROM present_class",
        (student_id, nickname, name),
    )
    return _student_of(connection, int(cursor.lastrowid or 0))


def number_of(connection: sqlite3.Connection, name: str, class_number: int | None) -> int:
    """Return the number of who has a name in a class, or in the latest one that has it.

    Raises
    ------
    LookupError
        If there is no such student.
    """
    row = connection.execute(
        "SELECT number FROM students WHERE name = ?1 AND class = IFNULL(?2, class)"
        " ORDER BY class DESC",
        (name, class_number),
    ).fetchone()
    if row is None:
        raise LookupError(name)
    return int(row[0])


def forget(connection: sqlite3.Connection, number: int) -> int:
    """Delete a student and their runs, and keep the id out; return how many runs there were."""
    (student_id,) = connection.execute(
        "SELECT id FROM students WHERE number = ?", (number,)
    ).fetchone()
    (count,) = connection.execute(
        "SELECT COUNT(*) FROM runs WHERE student = ?", (number,)
    ).fetchone()
    keep_out(connection, student_id)
    connection.execute("DELETE FROM students WHERE number = ?", (number,))
    return int(count)


def delete_without_runs(connection: sqlite3.Connection, class_number: int | None) -> int:
    """Delete who never sent a run, of a class or of all; return how many."""
    cursor = connection.execute(
        "DELETE FROM students WHERE class = IFNULL(?, class)"
        " AND number NOT IN (SELECT student FROM runs)",
        (class_number,),
    )
    return cursor.rowcount


def is_forgotten(connection: sqlite3.Connection, student_id: str) -> bool:
    """Return whether the student of an id was taken off the board."""
    return is_kept_out(connection, student_id)


def keep_out(connection: sqlite3.Connection, identity: str) -> None:
    """Note the id of a student, or of a run, that is not to come back; only its digest stays."""
    digest = digest_of(identity)
    connection.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (digest,))


def is_kept_out(connection: sqlite3.Connection, identity: str) -> bool:
    """Return whether an id, of a student or of a run, was noted by `keep_out`."""
    found = connection.execute("SELECT 1 FROM forgotten WHERE digest = ?", (digest_of(identity),))
    return found.fetchone() is not None


def exists(connection: sqlite3.Connection, number: int) -> bool:
    """Return whether a student has this number."""
    found = connection.execute("SELECT 1 FROM students WHERE number = ?", (number,))
    return found.fetchone() is not None


def count(connection: sqlite3.Connection) -> int:
    """Return how many students the present class has."""
    return int(connection.execute("SELECT COUNT(*) FROM present_students").fetchone()[0])


def _moved(connection: sqlite3.Connection, student: Student) -> Student:
    """Have a student be of the present class."""
    (present,) = connection.execute("SELECT number FROM present_class").fetchone()
    if student.class_number == present:
        return student
    _check_room(connection)
    name = student.name
    if same_name(name) in set(map(same_name, _names_of_class(connection))):
        # The runs sent before take the new name too, so nobody of any class may have it.
        taken = {row[0] for row in connection.execute("SELECT name FROM students")}
        name = _free_name(_nickname_of(connection, student.number), taken)
    connection.execute(
        "UPDATE students SET class = ?, name = ? WHERE number = ?",
        (present, name, student.number),
    )
    return _student_of(connection, student.number)


def _check_room(connection: sqlite3.Connection) -> None:
    """Raise BoardFull where the present class takes nobody more."""
    if count(connection) >= MOST_STUDENTS:
        raise BoardFull(translate("board.full", most=MOST_STUDENTS))


def _student_of(connection: sqlite3.Connection, number: int) -> Student:
    found = connection.execute(
        "SELECT number, name, class FROM students WHERE number = ?", (number,)
    )
    return Student(*found.fetchone())


def _nickname_of(connection: sqlite3.Connection, number: int) -> str:
    found = connection.execute("SELECT nickname FROM students WHERE number = ?", (number,))
    return str(found.fetchone()[0])


def _names_of_class(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM present_students")}


def _free_name(nickname: str, taken: set[str]) -> str:
    """Return the nickname, with a number behind it where that is taken.

    So it is by one that is written with other capitals, spaces or widths of letters.
    """
    alike = set(map(same_name, taken))
    name, count = nickname, 1
    while same_name(name) in alike:
        count += 1
        name = f"{nickname} ({count})"
    return name
