"""What tells a lab's own changes to its widgets from a reader's."""

from __future__ import annotations

import threading


class OwnChanges(threading.local):
    """Marks what a thread changes ``with`` it as the lab's doing; a widget's observers then ask.

    A widget calls its observers on the thread that changes it (but for the moment in which it takes
    in a message of the page), so each thread is asked for itself: a reader may move a slider while
    the lab shows something on another thread.
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
