"""Tables as CSV files in which a spreadsheet computes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from hpt_widgets.support.files import replace_file

# A cell that begins with one of these is a formula to a spreadsheet; the full-width ones are to
# those that are set to Chinese or Japanese.
_FORMULA_BEGINNINGS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
_GUARD: Final = "'"


def guarded(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: an apostrophe goes before a formula."""
    # What begins with an apostrophe gets another one, so that `unguarded` knows which is ours.
    return f"{_GUARD}{cell}" if cell.startswith((*_FORMULA_BEGINNINGS, _GUARD)) else cell


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell.removeprefix(_GUARD)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a table (UTF-8), replacing the file in one step.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        Their names, in order.
    rows : iterable of mapping
        The cells by their columns; what a row lacks stays empty.

    Raises
    ------
    OSError
        If it can't be written; what was there before is as it was.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: guarded(str(cell)) for name, cell in row.items()})
    # With the mark by which spreadsheets know UTF-8; half a character from a forged file is "?".
    replace_file(path, buffer.getvalue().encode("utf-8-sig", errors="replace"))
