"""Callbacks of a notebook: after the cell that runs, after and before each, and between cells.

Outside a notebook nothing is ever called.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

# Jupyter's server tells a kernel there which notebook it was started for.
NOTEBOOK: Final = "JPY_SESSION_NAME"


def after_this_cell(call: Callable[[], object]) -> None:
    """Call back once, when the cell that runs has ended and its output is shown.

    Parameters
    ----------
    call : callable
        Called without arguments, on the thread that runs the cells.
    """
    shell = notebook_shell()
    if shell is None:
        return

    def on_end(_result: object) -> None:
        shell.events.unregister("post_run_cell", on_end)
        call()

    shell.events.register("post_run_cell", on_end)


def after_each_cell(call: Callable[[], object]) -> None:
    """Call back whenever a cell has ended, the one that runs and all later ones.

    Parameters
    ----------
    call : callable
        Called without arguments, on the thread that runs the cells.
    """
    shell = notebook_shell()
    if shell is not None:
        shell.events.register("post_run_cell", lambda _result: call())


@contextlib.contextmanager
def before_each_cell(call: Callable[[str], object]) -> Iterator[None]:
    """Call back before each cell that begins inside the ``with`` block.

    Parameters
    ----------
    call : callable
        Gets the cell's source; the cell waits until it returns.
    """
    shell = notebook_shell()
    if shell is None:
        yield
        return

    def on_begin(info: Any) -> None:
        call(info.raw_cell or "")

    shell.events.register("pre_run_cell", on_begin)
    try:
        yield
    finally:
        shell.events.unregister("pre_run_cell", on_begin)


def when_idle(
    call: Callable[[], object], seconds: float, before_cell: Callable[[str], object]
) -> None:
    """Call back once, on a thread of its own, when no cell has run for so long.

    Parameters
    ----------
    call : callable
        Called without arguments.
    seconds : float
        How long no cell has run then.
    before_cell : callable
        Gets the source of each cell that begins before `call` has returned; the cell waits for it.
    """
    shell = notebook_shell()
    if shell is not None:
        _WhenIdle(shell, call, seconds, before_cell)


class _WhenIdle:
    def __init__(
        self,
        shell: Any,
        call: Callable[[], object],
        seconds: float,
        before_cell: Callable[[str], object],
    ) -> None:
        self._events = shell.events
        self._call, self._seconds, self._before_cell = call, seconds, before_cell
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_cell_running = True  # the one that asks for it
        self._has_called = False
        self._events.register("pre_run_cell", self._on_begin)
        self._events.register("post_run_cell", self._on_end)

    def _on_begin(self, info: Any) -> None:
        with self._lock:
            self._is_cell_running = True
            if self._timer is not None:
                self._timer.cancel()
        self._before_cell(info.raw_cell or "")

    def _on_end(self, _result: object) -> None:
        with self._lock:
            self._is_cell_running = False
            if self._has_called:
                return
            self._timer = threading.Timer(self._seconds, self._on_time)
            self._timer.daemon = True
            # A process that may start no more threads tries again behind the next cell.
            with contextlib.suppress(RuntimeError):
                self._timer.start()

    def _on_time(self) -> None:
        with self._lock:
            # A cell may have begun just before its timer could be cancelled.
            if self._is_cell_running or self._has_called:
                return
            self._has_called = True
        try:
            self._call()
        finally:
            self._events.unregister("pre_run_cell", self._on_begin)
            self._events.unregister("post_run_cell", self._on_end)


def notebook_file() -> str:
    """Return where the notebook lies that this kernel was started for, "" if that is not known."""
    return os.environ.get(NOTEBOOK, "")


def forget_outputs(value: object) -> None:
    """Take a value out of ``Out``, where IPython keeps for ever what stood on a cell's last line.

    What a reader has given a name of their own stays.

    Parameters
    ----------
    value : object
        Found by what it is, not by what it is equal to.
    """
    shell = notebook_shell()
    if shell is None:
        return
    outputs = shell.user_ns.get("_oh", {})
    for number in [number for number, output in outputs.items() if output is value]:
        del outputs[number]
        # IPython gives it a name as well, and notes this among its own.
        for names in (shell.user_ns, shell.user_ns_hidden):
            if names.get(f"_{number}") is value:
                del names[f"_{number}"]


def notebook_shell() -> Any:
    """Return the shell that runs the notebook's cells; where there is a notebook, it is loaded."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell if hasattr(shell, "kernel") else None
