"""Work that goes on behind a lab: what all kinds of it have in common."""

from __future__ import annotations

import threading
from typing import Final

from hpt_widgets.labs.kit.worker import Worker
from hpt_widgets.support.tensorflow_loader import is_loaded

JOIN_SECONDS: Final = 10.0


class LiveWork:
    """Serves what was wished for last, on a thread of its own.

    A subclass leaves wishes under `_lock`, wakes `_worker`, and serves them in `_serve`.

    Parameters
    ----------
    name : str
        Name of the thread.
    """

    needs_tensorflow = True

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

    def stop(self) -> None:
        """End what is under way, and drop what waits."""
        raise NotImplementedError

    def close(self) -> bool:
        """Drop everything and end the thread; return whether it has ended already."""
        self._drop()
        # TensorFlow's import can't be cut short, and nobody should have to wait for it: the
        # thread ends by itself behind it.
        is_importing = self.needs_tensorflow and not is_loaded()
        return self._worker.close(0.0 if is_importing else JOIN_SECONDS)

    def _drop(self) -> None:
        """Forget what waits, and let what is under way end soon."""
        self.stop()

    def _serve(self) -> bool:
        """Do one short piece of work on the thread; return whether there is more."""
        raise NotImplementedError

    def _fail(self, error: BaseException) -> None:
        """Take note, on the thread, of what `_serve` raised."""
        raise NotImplementedError
