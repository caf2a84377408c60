"""Listening to records that others write: a training lab's runs, or a search of the reader's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hpt_widgets.records import SearchRecord

EVENTS: Final = ("on_trial", "on_forget")


class RecordListeners:
    """Tells of every trial that lands in a record or is dropped from it.

    Who listened before goes on doing so.
    """

    def __init__(self) -> None:
        self._listened: list[tuple[SearchRecord, str, Any, Any]] = []

    def listen(self, record: SearchRecord, call: Callable[[], None]) -> None:
        """Call `call` after each change of `record`, on the thread that changed it."""
        for event in EVENTS:
            before = getattr(record, event)
            ours = _both(before, call)
            self._listened.append((record, event, before, ours))
            setattr(record, event, ours)

    def close(self) -> None:
        """Listen no more."""
        for record, event, before, ours in self._listened:
            if getattr(record, event) is ours:
                setattr(record, event, before)
        self._listened.clear()


def _both(before: Callable[[Any], object] | None, call: Callable[[], None]) -> Any:
    def on_event(what: Any) -> None:
        if before is not None:
            before(what)
        call()

    return on_event
