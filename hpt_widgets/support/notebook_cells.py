"""Callbacks of a notebook: after the cell that runs, and before each cell.

Outside a notebook nothing is ever called.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any


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


def notebook_shell() -> Any:
    """Return the shell that runs the notebook's cells; where there is a notebook, it is loaded."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell if hasattr(shell, "kernel") else None
