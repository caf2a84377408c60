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
from typing import Any, Final, TypeVar

from hpt_widgets.language import translate

_MOST_TOGETHER: Final = 200

Result = TypeVar("Result")
_Job = Callable[[sqlite3.Connection], Any]


class StoreError(Exception):
    """The disk did not take what was to be kept; nothing of it was. The message says why."""


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
        self._jobs: queue.SimpleQueue[tuple[_Job, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hpt-board-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[sqlite3.Connection], Result]) -> Future[Result]:
        """Have a job done within a transaction.

        Parameters
        ----------
        job : callable
            Takes the connection. An exception of its own undoes what it did, and no more.

        Returns
        -------
        Future
            What the job returns, once it is on the disk; `StoreError` where the disk refuses.
        """
        future: Future[Result] = Future()
        self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Do what is waiting, and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        with contextlib.closing(self._connect()) as connection:
            while True:
                jobs = self._waiting_jobs()
                # From now on nobody can call a job off.
                wanted = [job for job in jobs if job and job[1].set_running_or_notify_cancel()]
                self._write(connection, wanted)
                if None in jobs:
                    return

    def _waiting_jobs(self) -> list[tuple[_Job, Future[Any]] | None]:
        jobs = [self._jobs.get()]
        with contextlib.suppress(queue.Empty):
            while len(jobs) < _MOST_TOGETHER and jobs[-1] is not None:
                jobs.append(self._jobs.get_nowait())
        return jobs

    def _write(self, connection: sqlite3.Connection, jobs: list[tuple[_Job, Future[Any]]]) -> None:
        outcomes: list[tuple[Any, Exception | None]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes.extend(_outcome(connection, job) for job, _ in jobs)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            problem = StoreError(translate("board.not_kept", path=self._name, reason=error))
            outcomes = [(None, problem)] * len(jobs)
        for (_, future), (result, failure) in zip(jobs, outcomes, strict=True):
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)


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
