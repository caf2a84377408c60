"""A lab that answers while a cell runs.

JupyterLab and Notebook send what a reader does with a widget to a subshell of the kernel: a thread
beside the cell that runs, so that a lab can be stopped while its cell waits for it. ipykernel 7.4
passes such a message on to wherever the widget was last changed from instead. For a lab that is the
cell, and the answer would come when that has ended.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hpt_widgets.support.notebook_cells import notebook_shell


@cache
def answer_beside_cells() -> None:
    """Leave the messages of this kernel's widgets where the page sends them, while a cell runs."""
    shell = notebook_shell()
    if getattr(shell, "kernel", None) is None:
        return
    from ipykernel.comm.comm import BaseComm

    # An answer to a question goes on finding the one who asked: that is another attribute.
    if hasattr(BaseComm, "_reply_subshell_for"):
        BaseComm._reply_subshell_id = _MainShellAtRest(shell)


class _MainShellAtRest:
    """The subshell that a message goes to: the main one, or none of ours while a cell runs."""

    def __init__(self, shell: Any) -> None:
        # It is made by a cell.
        self._is_running = True
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def _begin(self, _info: object) -> None:
        self._is_running = True

    def _end(self, _result: object) -> None:
        self._is_running = False

    def __get__(self, _instance: object, _owner: Any = None) -> None:
        if self._is_running:
            raise AttributeError

    def __set__(self, _instance: object, _value: object) -> None:
        pass
