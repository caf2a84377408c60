"""The one background thread of a lab.

A callback that worked itself would block every other widget, so callbacks only leave
their newest request in a mailbox and wake the worker.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Final

from hpt_widgets.support.tidying import hold_off_while_alive

IDLE_SECONDS: Final = 2.0


class Worker:
    """Calls `serve` on a thread of its own for as long as there is something to do.

    The thread is started by `wake`, ends by itself after two idle seconds, and never keeps
    the process alive, so a lab that is forgotten leaves no thread behind.

    Parameters
    ----------
    serve : callable
        Does one short piece of work and returns whether there is more to do at once.
    on_error : callable
        Gets what `serve` raised; the worker goes on.
    name : str
        Name of the thread.

    Attributes
    ----------
    thread : Thread or None
        The thread; None while there is nothing to do.
    """

    def __init__(
        self, serve: Callable[[], bool], on_error: Callable[[BaseException], None], name: str
    ) -> None:
        self._serve = serve
        self._on_error = on_error
        self._name = name
        self._condition = threading.Condition()
        self.thread: threading.Thread | None = None
        self._awake = False
        self._serving = False
        self._closed = False
        hold_off_while_alive(self)

    @property
    def is_busy(self) -> bool:
        """Whether there is work under way or waiting."""
        return self._awake or self._serving

    @property
    def should_yield(self) -> bool:
        """Whether a piece of work that takes long should make room for something newer."""
        return self._awake or self._closed

    def wake(self) -> None:
        """Have `serve` called, starting the thread if need be.

        Raises
        ------
        RuntimeError
            If the process may start no more threads; nothing waits then.
        """
        with self._condition:
            if self._closed:
                return
            if self.thread is None:
                thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                # Where no thread can be started any more, nothing is under way for ever.
                thread.start()
                self.thread = thread
            self._awake = True
            self._condition.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until there is nothing more to do; return False if that took too long."""
        with self._condition:
            return self._condition.wait_for(lambda: not self.is_busy, timeout)

    def rest(self, seconds: float) -> None:
        """Let so much time pass, on the worker's own thread, unless something newer comes."""
        with self._condition:
            self._condition.wait_for(lambda: self.should_yield, seconds)

    def close(self, timeout: float = 10.0) -> bool:
        """End the thread after the piece of work that it is at, and start none again.

        Returns whether it has ended; one that takes longer than `timeout` ends by itself.
        """
        with self._condition:
            self._closed = True
            self._condition.notify_all()
            thread = self.thread
        if thread is None:
            return True
        if thread is not threading.current_thread():
            thread.join(timeout)
        return not thread.is_alive()

    def _run(self) -> None:
        while self._has_work():
            with self._condition:
                # Whoever wakes the worker from here on has a request that `serve` may not see.
                self._awake, self._serving = False, True
            try:
                more = self._serve()
            # A lab outlives any failure, be it a reader's `sys.exit()`.
            except BaseException as error:
                self._report(error)
                more = False
            with self._condition:
                self._awake, self._serving = self._awake or more, False
                self._condition.notify_all()

    def _report(self, error: BaseException) -> None:
        with contextlib.suppress(Exception):  # there is nowhere left to report it
            self._on_error(error)

    def _has_work(self) -> bool:
        """Wait for work; False ends the thread."""
        deadline = time.monotonic() + IDLE_SECONDS
        with self._condition:
            while not self._awake and not self._closed:
                if not self._condition.wait(deadline - time.monotonic()):
                    break
            if self._awake and not self._closed:
                return True
            self.thread = None
            self._awake = False
            self._condition.notify_all()
            return False


class Jobs:
    """Short pieces of a worker's work that wait until there is nothing more urgent.

    May be used from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, Callable[[], None]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, name: str, job: Callable[[], None]) -> None:
        """Have a job wait; a newer one of the same name takes its place."""
        with self._lock:
            self._waiting[name] = job

    def do_one(self) -> bool:
        """Do the job that has waited longest; return whether there was one."""
        with self._lock:
            if not self._waiting:
                return False
            job = self._waiting.pop(next(iter(self._waiting)))
        job()
        return True

    def clear(self) -> None:
        """Forget all that wait."""
        with self._lock:
            self._waiting.clear()
