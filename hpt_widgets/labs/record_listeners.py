"""Listening to records that others write: a training lab's runs, or a search of the reader's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hpt_widgets.records import SearchRecord, Trial


class RecordListeners:
    """Tells of every trial that lands in a record; who listened before goes on doing so."""

    def __init__(self) -> None:
        self._listened: list[tuple[SearchRecord, Any, Any]] = []

    def listen(self, record: SearchRecord, call: Callable[[], None]) -> None:
        """Call `call` after each trial that `record` gets, on the thread that appended it."""
        before = record.on_trial

        def on_trial(trial: Trial) -> None:
            if before is not None:
                before(trial)
            call()

        self._listened.append((record, before, on_trial))
        record.on_trial = on_trial

    def close(self) -> None:
        """Listen no more."""
        for record, before, ours in self._listened:
            if record.on_trial is ours:
                record.on_trial = before
        self._listened.clear()
