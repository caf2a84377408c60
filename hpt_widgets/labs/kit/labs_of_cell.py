"""The labs that each notebook cell made, so that running it again clears them away.

A lab finds its cell by the id that the front end sends.
"""

from __future__ import annotations

import weakref
from typing import Protocol

from IPython.core.getipython import get_ipython

from hpt_widgets.support.notebook_cells import forget_outputs, notebook_file


class Closable(Protocol):
    """What can be cleared away: a lab."""

    def close(self) -> None:
        """Give back all that it holds."""


# By the cell's id: the execution that made them, and the labs.
labs_of_cell: dict[str, tuple[str, list[weakref.ref[Closable]]]] = {}


def register_in_cell(lab: Closable) -> None:
    """Note that the running cell made this lab; those of its earlier execution are closed."""
    cell, execution = current_cell()
    if cell is None:
        return
    made_by, labs = labs_of_cell.get(cell, (execution, []))
    if made_by != execution:
        for reference in labs:
            earlier = reference()
            if earlier is not None:
                earlier.close()
                # Each would stay there, with its data, runs and charts, until the kernel ends.
                forget_outputs(earlier)
        labs = []
    labs.append(weakref.ref(lab))
    labs_of_cell[cell] = (execution, labs)


def place_in_notebook() -> str | None:
    """Name the place of the lab that is being made: notebook, cell, and order in the cell.

    It is the same when the cell is run again, in another kernel too. None where there is no
    cell, or the front end does not say which.
    """
    cell, execution = current_cell()
    if cell is None:
        return None
    made_by, labs = labs_of_cell.get(cell, (execution, []))
    order = len(labs) if made_by == execution else 0
    return "\n".join([notebook_file(), cell, str(order)])


def current_cell() -> tuple[str | None, str]:
    """Return the id of the notebook cell that runs, and of this execution of it."""
    shell = get_ipython()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return None, ""
    parent = kernel.get_parent("shell") or {}
    cell = parent.get("metadata", {}).get("cellId")
    return cell, parent.get("header", {}).get("msg_id", "")
