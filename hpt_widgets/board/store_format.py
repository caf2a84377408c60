"""How the board's file is laid out, and how that of an earlier version is brought up to date."""

from __future__ import annotations

import secrets
import sqlite3
import uuid
from pathlib import Path
from typing import Final

from hpt_widgets.board.secret_ids import SECRET_BYTES, digest_of, secret_id
from hpt_widgets.board.words import new_class_code
from hpt_widgets.board.writer import StoreError
from hpt_widgets.language import translate

FORMAT: Final = 2
_OLD_FORMATS: Final = ("1",)
_VERSION_OF_FILES: Final = 5
_NAME_OF_CLASS: Final = "UNIQUE (class, name)"
_STUDENTS: Final = f"""(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    nickname TEXT NOT NULL,
    name TEXT NOT NULL,
    class INTEGER NOT NULL DEFAULT 1,
    {_NAME_OF_CLASS}
)"""
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (key TEXT PRIMARY KEY, task TEXT NOT NULL, opened REAL NOT NULL);
CREATE TABLE IF NOT EXISTS forgotten (digest TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS runs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    student INTEGER NOT NULL REFERENCES students (number) ON DELETE CASCADE,
    task TEXT NOT NULL,
    difference TEXT NOT NULL,
    shown TEXT NOT NULL,
    accuracy REAL,
    setting TEXT NOT NULL,
    seed INTEGER,
    run TEXT NOT NULL,
    class INTEGER NOT NULL DEFAULT 1
);
CREATE VIEW IF NOT EXISTS present_class AS
    SELECT CAST(value AS INTEGER) AS number FROM facts WHERE name = 'class';
CREATE VIEW IF NOT EXISTS present_students AS
    SELECT * FROM students WHERE class = (SELECT number FROM present_class);
CREATE INDEX IF NOT EXISTS runs_of_class ON runs (class, task, sequence);
CREATE INDEX IF NOT EXISTS settings_of_class ON runs (class, task, setting, seed, accuracy);
CREATE INDEX IF NOT EXISTS students_of_runs ON runs (student, class);
"""
# What the first format lacked: all that it holds is of one class.
_CHANGES: Final = (
    "ALTER TABLE students ADD COLUMN class INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE runs ADD COLUMN class INTEGER NOT NULL DEFAULT 1",
    "DROP INDEX IF EXISTS runs_of_task",
    "DROP INDEX IF EXISTS settings_of_task",
    "DROP INDEX IF EXISTS runs_of_student",
    "UPDATE facts SET value = '2' WHERE name = 'format'",
)
# There a name was one student's in the whole file. SQLite can take that back only with the table.
_NEW_STUDENTS: Final = (
    f"CREATE TABLE new_students {_STUDENTS}",
    "INSERT INTO new_students SELECT number, id, nickname, name, class FROM students",
    "DROP TABLE students",
    "ALTER TABLE new_students RENAME TO students",
)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file, and bring those of an earlier version up to date.

    Parameters
    ----------
    connection : sqlite3.Connection
        To the file, without a transaction.
    path : Path
        The file's, for the message.

    Raises
    ------
    StoreError
        If a later version has made the file; nothing is changed in it then.
    sqlite3.Error
        If it cannot be written.
    """
    _check_format(connection, path)
    connection.execute("PRAGMA journal_mode=WAL")
    _bring_up_to_date(connection)
    connection.execute(f"CREATE TABLE IF NOT EXISTS students {_STUDENTS}")
    connection.executescript(_TABLES)
    _fill_facts(connection)
    _give_secret(connection)


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    """Raise a StoreError if a later version has made the file: it may mean another thing."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'facts'").fetchone()
    if found is None:  # it is new
        return
    row = connection.execute("SELECT value FROM facts WHERE name = 'format'").fetchone()
    if row is not None and row[0] not in (*_OLD_FORMATS, str(FORMAT)):
        values = {"path": path, "found": row[0], "known": FORMAT}
        raise StoreError(translate("board.other_format", **values))


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Change the file of an earlier version to the present format: all of it, or nothing."""
    # Else the runs would go with the table of their students.
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN IMMEDIATE")  # another process may be about to do the same
    try:
        for change in _lacking(connection):
            connection.execute(change)
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys=ON")


def _lacking(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the changes that the file needs; none where it is new."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(runs)")}
    made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'students'").fetchone()
    changes = _CHANGES if columns and "class" not in columns else ()
    return (*changes, *(_NEW_STUDENTS if made and _NAME_OF_CLASS not in made[0] else ()))


def _fill_facts(connection: sqlite3.Connection) -> None:
    facts = {
        "format": str(FORMAT),
        "id": str(uuid.uuid4()),
        "code": new_class_code(),
        "teacher_key": uuid.uuid4().hex,
        "generation": "1",
        "class": "1",
    }
    connection.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?)", facts.items())


def _give_secret(connection: sqlite3.Connection) -> None:
    """Draw the secret of a board that has none, and give the students of files their ids by it.

    Before, these followed from the board's id and the file's name, which anybody can learn.
    """
    connection.execute("BEGIN IMMEDIATE")  # another process may be about to do the same
    try:
        if connection.execute("SELECT 1 FROM facts WHERE name = 'secret'").fetchone() is None:
            secret = secrets.token_hex(SECRET_BYTES)
            connection.execute("INSERT INTO facts VALUES ('secret', ?)", (secret,))
            _hide_ids_of_files(connection, secret)
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise


def _hide_ids_of_files(connection: sqlite3.Connection, secret: str) -> None:
    known = connection.execute("SELECT number, id FROM students").fetchall()
    for number, student_id in known:
        # A lab draws its id; only one that follows from a name has this version.
        if _version_of(student_id) == _VERSION_OF_FILES:
            hidden = secret_id(secret, digest_of(student_id))
            connection.execute("UPDATE students SET id = ? WHERE number = ?", (hidden, number))
    # Whose file was forgotten stays so; of whom the others are cannot be told.
    for (digest,) in connection.execute("SELECT digest FROM forgotten").fetchall():
        hidden = digest_of(secret_id(secret, digest))
        connection.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (hidden,))


def _version_of(text: str) -> int | None:
    try:
        return uuid.UUID(text).version
    except ValueError:
        return None
