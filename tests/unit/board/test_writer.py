"""The thread that writes to the board's file: its log is emptied, and costs nobody a run."""

import contextlib
import queue
import sqlite3
import threading

import pytest
from board_tools import SECONDS

from hpt_widgets.board import writer as writer_module
from hpt_widgets.board.writer import SerialWriter, StoreError

SECRET = b"unmistakable-7391"


class Board:
    """A file with one row, a writer, and somebody who reads."""

    def __init__(self, path):
        self.path = path
        self.tries = queue.SimpleQueue()
        self.fails = False
        self.reader = self.connect()
        self.reader.execute("PRAGMA journal_mode=WAL")
        self.reader.execute("CREATE TABLE notes (text TEXT)")
        self.reader.execute("INSERT INTO notes VALUES (?)", (SECRET.decode(),))
        self.writer = SerialWriter(self.connect, "the board")

    def connect(self):
        board = self

        class Connection(sqlite3.Connection):
            def execute(self, statement, *values):
                if "wal_checkpoint" not in statement:
                    return super().execute(statement, *values)
                if board.fails:
                    raise sqlite3.OperationalError("disk I/O error")
                tried = super().execute(statement, *values)
                board.tries.put(None)
                return tried

        connection = sqlite3.connect(
            self.path, timeout=0, isolation_level=None, check_same_thread=False, factory=Connection
        )
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    def erase(self):
        def job(connection):
            return connection.execute("DELETE FROM notes").rowcount

        return self.writer.submit(job, erases=True).result(SECONDS)

    @contextlib.contextmanager
    def reading(self):
        self.reader.execute("BEGIN")
        self.reader.execute("SELECT * FROM notes").fetchall()
        yield
        self.reader.execute("COMMIT")

    @property
    def holds_secret(self):
        files = self.path.parent.glob(f"{self.path.name}*")
        return any(SECRET in path.read_bytes() for path in files)


@pytest.fixture
def board(tmp_path, monkeypatch):
    # Only what a test asks for is tried again.
    monkeypatch.setattr(writer_module, "ERASE_SECONDS", SECONDS)
    made = Board(tmp_path / "board.sqlite")
    yield made
    made.writer.close()
    made.reader.close()


def test_what_was_erased_is_gone_from_the_log_too(board):
    assert board.holds_secret
    assert board.erase() == 1
    assert not board.holds_secret


def test_a_log_that_was_being_read_is_emptied_with_the_next_job(board):
    with board.reading():
        assert board.erase() == 1
        assert board.holds_secret
    board.writer.submit(lambda _: None).result(SECONDS)
    assert not board.holds_secret


def test_a_log_that_was_being_read_is_emptied_though_no_job_follows(board, monkeypatch):
    monkeypatch.setattr(writer_module, "ERASE_SECONDS", 0.01)
    with board.reading():
        board.erase()
    while board.holds_secret:
        board.tries.get(timeout=SECONDS)


def test_a_log_that_was_being_read_is_emptied_at_the_end(board):
    with board.reading():
        board.erase()
    # The reader has the file open still, so SQLite itself leaves the log as it is.
    board.writer.close()
    assert not board.holds_secret


def test_an_error_of_the_log_is_none_of_the_jobs(board):
    board.fails = True
    assert board.erase() == 1
    assert board.reader.execute("SELECT COUNT(*) FROM notes").fetchone() == (0,)
    board.fails = False
    board.writer.submit(lambda _: None).result(SECONDS)
    assert not board.holds_secret


def test_what_comes_after_the_end_is_refused_and_waits_for_nothing(board):
    board.writer.close()
    with pytest.raises(StoreError, match="being closed"):
        board.writer.submit(lambda _: None).result(SECONDS)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_file_that_cannot_be_opened_is_said_to_all_who_wait():
    may_fail = threading.Event()

    def connect():
        may_fail.wait(SECONDS)
        raise sqlite3.OperationalError("unable to open database file")

    writer = SerialWriter(connect, "the board")
    waiting = writer.submit(lambda _: None)
    may_fail.set()
    with pytest.raises(StoreError, match="unable to open"):
        waiting.result(SECONDS)
    with pytest.raises(StoreError, match="being closed"):
        writer.submit(lambda _: None).result(SECONDS)
    writer.close()
