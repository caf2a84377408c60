"""Where the reference record of a task lies, and whether there is one; quick to import."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hpt_widgets.board.task import Task

_NAME: Final = "reference"


def references_of(board: Path) -> Path:
    """Return the folder of all reference records of a board.

    Parameters
    ----------
    board : Path
        The board's folder.
    """
    return board / _NAME


def reference_folder(references: Path, task: Task) -> Path:
    """Return the folder of one task's record; it may not be there yet.

    Parameters
    ----------
    references : Path
        As `references_of` returns it.
    task : Task
        The task.
    """
    return references / task.key


def has_reference(references: Path, task: Task) -> bool:
    """Return whether something was trained for a task; the arguments as for `reference_folder`."""
    return any(reference_folder(references, task).glob("*.csv"))
