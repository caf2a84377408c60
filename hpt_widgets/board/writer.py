"""The one thread that writes to the board's file.

It does what is asked in the order of the requests, and answers when it is on the disk. What has
come meanwhile is written in one transaction, so that a crowd waits for one write of the disk.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from hpt_widgets.language import translate

_MOST_TOGETHER: Final = 200
ERASE_SECONDS: Final = 1.0
"""How long the writer waits before it tries once more to empty the log."""

Result = TypeVar("Result")
_Job = Callable[[sqlite3.Connection], Any]


class StoreError(Exception):
    """The disk did not take what was to be kept; nothing of it was. The message says why."""


@dataclass(frozen=True)
class _Request:
    """A job, and who waits for it."""

    job: _Job
    erases: bool
    future: Future[Any] = field(default_factory=Future)


class SerialWriter:
    """Does jobs on a connection of its own, one after the other.

    Parameters
    ----------
    connect : callable
        Opens the connection; called on the writer's thread.
    name : str
        What is written to, for messages.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._name = name
        self._jobs: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._must_erase = False
        # Between a request and the end: what comes after the end is refused, not left waiting.
        self._lock = threading.Lock()
        self._has_ended = False
        self._thread = threading.Thread(target=self._run, name="hpt-board-writer", daemon=True)
        self._thread.start()

    def submit(
        self, job: Callable[[sqlite3.Connection], Result], *, erases: bool = False
    ) -> Future[Result]:
        """Have a job done within a transaction.

        Parameters
        ----------
        job : callable
            Takes the connection. An exception of its own undoes what it did, and no more.
        erases : bool, default False
            Whether what the job deletes has to be gone from the log beside the file as well. The
            log cannot be emptied while somebody reads the file: it is tried again, once a second
            and when the writer is closed.

        Returns
        -------
        Future
            What the job returns, once it is on the disk; `StoreError` where the disk refuses.
        """
        request = _Request(job, erases)
        with self._lock:
            if self._has_ended:
                request.future.set_exception(StoreError(translate("board.is_closing")))
            else:
                self._jobs.put(request)
        return request.future

    def close(self) -> None:
        """Do what is waiting, and end the thread."""
        with self._lock:
            self._has_ended = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self._refuse_the_rest(error)
            raise

    def _refuse_the_rest(self, error: Exception) -> None:
        """Tell all who wait, and all who come, that nothing is written any more."""
        with self._lock, contextlib.suppress(queue.Empty):
            self._has_ended = True
            while True:
                request = self._jobs.get_nowait()
                if request and request.future.set_running_or_notify_cancel():
                    request.future.set_exception(self._not_kept(error))

    def _not_kept(self, reason: object) -> StoreError:
        return StoreError(translate("board.not_kept", path=self._name, reason=reason))

    def _work(self) -> None:
        with contextlib.closing(self._connect()) as connection:
            while True:
                jobs = self._waiting_jobs()
                # From now on nobody can call a job off.
                wanted = [job for job in jobs if job and job.future.set_running_or_notify_cancel()]
                self._write(connection, wanted, is_last=None in jobs)
                if None in jobs:
                    return

    def _waiting_jobs(self) -> list[_Request | None]:
        """Wait for jobs, not longer than until the log is to be emptied; return them."""
        jobs: list[_Request | None] = []
        with contextlib.suppress(queue.Empty):
            jobs.append(self._jobs.get(timeout=ERASE_SECONDS if self._must_erase else None))
            while len(jobs) < _MOST_TOGETHER and jobs[-1] is not None:
                jobs.append(self._jobs.get_nowait())
        return jobs

    def _write(
        self, connection: sqlite3.Connection, requests: list[_Request], *, is_last: bool
    ) -> None:
        outcomes = self._outcomes(connection, requests) if requests else []
        erases = any(request.erases for request in requests)
        if erases or self._must_erase:
            # Another time readers are not waited for: it would hold up the jobs that follow.
            self._must_erase = not _empty_log(connection, waits=erases or is_last)
        for request, (result, failure) in zip(requests, outcomes, strict=True):
            if failure is None:
                request.future.set_result(result)
            else:
                request.future.set_exception(failure)

    def _outcomes(
        self, connection: sqlite3.Connection, requests: list[_Request]
    ) -> list[tuple[Any, Exception | None]]:
        """Do all jobs in one transaction: what each returned, or why it is not on the disk."""
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [_outcome(connection, request.job) for request in requests]
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                # Where it fails SQLite has rolled back by itself.
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            return [(None, self._not_kept(error))] * len(requests)
        return outcomes


def _empty_log(connection: sqlite3.Connection, *, waits: bool) -> bool:
    """Empty the log beside the file, which holds what was there before; return whether it is."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    try:
        if not waits:
            connection.execute("PRAGMA busy_timeout=0")
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:  # a full disk, for one
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience}")
    return not is_busy


def _outcome(connection: sqlite3.Connection, job: _Job) -> tuple[Any, Exception | None]:
    """Do one job of a transaction; one that refuses leaves no trace, and the others go on."""
    connection.execute("SAVEPOINT job")
    try:
        result = job(connection)
    except sqlite3.Error:
        raise  # the whole transaction is lost
    except Exception as error:
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return None, error
    connection.execute("RELEASE job")
    return result, None
