"""Collects in a notebook what tracings and closed labs leave behind, once nothing moves any more.

A traced function of TensorFlow's is full of reference cycles, as are the widgets of a lab: one
that is dropped keeps 1 to 6 MB until Python's collector looks at everything, which it seldom does
with half a million objects. It takes a tenth of a second or two then, in which nothing else runs,
so it is done while no cell runs and no lab works.
"""

from __future__ import annotations

import contextlib
import gc
import threading
import weakref
from typing import Any, Final, Protocol

from hpt_widgets.support.notebook_cells import notebook_shell
from hpt_widgets.support.process_memory import release_free_memory

REST_SECONDS: Final = 3.0


class Mover(Protocol):
    """What works behind a lab, on a thread that it has for as long as it is in use."""

    thread: threading.Thread | None


_movers: weakref.WeakSet[Mover] = weakref.WeakSet()
_tidying: _Tidying | None = None


def watch_cells() -> None:
    """Learn from now on when the notebook's cells begin and end; call it within a cell."""
    global _tidying
    shell = notebook_shell()
    if shell is not None and (_tidying is None or _tidying.shell is not shell):
        _tidying = _Tidying(shell)


def hold_off_while_alive(mover: Mover) -> None:
    """Collect nothing as long as this has a thread."""
    _movers.add(mover)


def collect_at_rest() -> None:
    """Collect, once, when nothing has moved for some seconds; without `watch_cells`, never."""
    if _tidying is not None:
        _tidying.ask()


class _Tidying:
    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_cell_running = True  # the one that asks to watch
        self._is_asked_for = False
        shell.events.register("pre_run_cell", self._on_begin)
        shell.events.register("post_run_cell", self._on_end)

    def ask(self) -> None:
        with self._lock:
            self._is_asked_for = True
            self._start_timer()

    def _on_begin(self, _info: object) -> None:
        with self._lock:
            self._is_cell_running = True
            self._stop_timer()

    def _on_end(self, _result: object) -> None:
        with self._lock:
            self._is_cell_running = False
            self._start_timer()
        release_free_memory()  # it takes a millisecond

    def _start_timer(self) -> None:
        self._stop_timer()
        if self._is_asked_for and not self._is_cell_running:
            self._timer = threading.Timer(REST_SECONDS, self._on_time)
            self._timer.daemon = True
            # A process that may start no more threads collects when it is asked again.
            with contextlib.suppress(RuntimeError):
                self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_time(self) -> None:
        with self._lock:
            # A cell may have begun just before its timer could be cancelled.
            if self._is_cell_running or not self._is_asked_for:
                return
            if any(mover.thread is not None for mover in list(_movers)):
                self._start_timer()
                return
            self._is_asked_for = False
        gc.collect()
        release_free_memory()
