"""Work that goes on behind a lab: what all kinds of it have in common."""

from __future__ import annotations

import threading

from hpt_widgets.labs.worker import Worker


class LiveWork:
    """Serves what was wished for last, on a thread of its own.

    A subclass leaves wishes under `_lock`, wakes `_worker`, and serves them in `_serve`.

    Parameters
    ----------
    name : str
        Name of the thread.
    """

    def __init__(self, name: str) -> None:
        self._worker = Worker(self._serve, self._fail, name)
        self._lock = threading.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way or waiting; what is paused counts as nothing."""
        return self._worker.is_busy

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is under way or waiting; return False if that took too long."""
        return self._worker.wait(timeout)

    def close(self) -> None:
        """Drop everything and end the thread."""
        raise NotImplementedError

    def _serve(self) -> bool:
        """Do one short piece of work on the thread; return whether there is more."""
        raise NotImplementedError

    def _fail(self, error: Exception) -> None:
        """Take note, on the thread, of what `_serve` raised."""
        raise NotImplementedError
