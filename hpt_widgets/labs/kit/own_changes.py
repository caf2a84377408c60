"""Which changes of a widget a lab makes itself, and which a reader makes."""

from __future__ import annotations

import threading


class OwnChanges(threading.local):
    """While a thread is in its ``with``, what it changes is the lab's doing and not a reader's.

    A widget calls its observers on the thread that changes it, so each thread is asked for itself:
    a reader may move a slider while the lab shows something on another thread.
    """

    _depth = 0

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1

    @property
    def are_under_way(self) -> bool:
        """Whether the thread that asks is in the ``with``."""
        return self._depth > 0
