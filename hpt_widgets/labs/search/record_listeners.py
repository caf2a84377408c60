"""Callbacks on records that others write: a training lab's runs, or a search of the reader's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from hpt_widgets.search.records import SearchRecord

EVENTS: Final = ("on_trial", "on_forget", "on_fold")


class RecordListeners:
    """Calls back when a trial lands in a record or is dropped from it, or a fold is scored.

    Listeners that were there before stay. A callback that fails stops nobody who appends, and
    nothing that is called behind it.

    Parameters
    ----------
    on_error : callable
        Gets what a callback raised, on the same thread.
    """

    def __init__(self, on_error: Callable[[Exception], object]) -> None:
        self._on_error = on_error
        self._listened: list[tuple[SearchRecord, str, _Listener]] = []

    def listen(self, record: SearchRecord, call: Callable[[], None]) -> None:
        """Call `call` after each change of `record`, on the thread that changed it."""
        call = partial(_call_guarded, call, self._on_error)
        for event in EVENTS:
            listener = _Listener(getattr(record, event), call)
            self._listened.append((record, event, listener))
            setattr(record, event, listener)

    def close(self) -> None:
        """Listen no more."""
        for record, event, listener in self._listened:
            # One that somebody has chained after it stays, but holds the lab no longer.
            listener.call = None
            if getattr(record, event) is listener:
                setattr(record, event, listener.before)
        self._listened.clear()


@dataclass
class _Listener:
    before: Callable[..., object] | None
    call: Callable[[], None] | None

    def __call__(self, *what: Any) -> None:
        if self.before is not None:
            self.before(*what)
        call = self.call
        if call is not None:
            call()


def _call_guarded(call: Callable[[], None], on_error: Callable[[Exception], object]) -> None:
    try:
        call()
    except Exception as error:
        with contextlib.suppress(Exception):  # there is nowhere left to report it
            on_error(error)
