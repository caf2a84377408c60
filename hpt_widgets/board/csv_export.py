"""All runs of a board as a CSV file, one row a run, that no spreadsheet computes anything in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from hpt_widgets.board.store import BoardStore, KeptRun
from hpt_widgets.search.record_file import COLUMNS, cells_of, replace_file

CLASS_COLUMNS: Final = ("student", "task", "task_key", "run_id")
"""What stands before the columns of a record; ``number`` is the order of arrival."""
EXPORT_COLUMNS: Final = (*CLASS_COLUMNS, *COLUMNS)
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA_BEGINNINGS: Final = ("=", "+", "-", "@", "\t", "\r")
_GUARD: Final = "'"


def export_runs(store: BoardStore, path: Path) -> int:
    """Write all runs to a CSV file (UTF-8), replacing it in one step.

    Parameters
    ----------
    store : BoardStore
        The board's.
    path : Path
        The file.

    Returns
    -------
    int
        How many runs it holds.

    Raises
    ------
    OSError
        If it cannot be written; what was there before is as it was.
    """
    names = {task.key: task.name for task in store.tasks}
    rows = [_cells(kept, names.get(kept.task, "")) for kept in store.kept_runs()]
    replace_file(path, _text(rows).encode("utf-8-sig"))
    return len(rows)


def guarded(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: an apostrophe goes before a formula."""
    # What begins with an apostrophe gets another one, so that `unguarded` knows which is ours.
    return f"{_GUARD}{cell}" if cell.startswith((*_FORMULA_BEGINNINGS, _GUARD)) else cell


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell.removeprefix(_GUARD)


def _cells(kept: KeptRun, task: str) -> dict[str, str]:
    own = {"student": kept.student, "task": task, "task_key": kept.task, "run_id": kept.run.id}
    return {**cells_of(kept.run.trial), "number": str(kept.sequence), **own}


def _text(rows: Iterable[Mapping[str, str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(EXPORT_COLUMNS)
    writer.writerows([guarded(row.get(name, "")) for name in EXPORT_COLUMNS] for row in rows)
    return buffer.getvalue()
