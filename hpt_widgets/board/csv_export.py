"""Runs of a board as a CSV file, one row a run, that no spreadsheet computes anything in.

A student's runs that are handed in as a file have the same columns: so each of them names the
data that it was trained on.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hpt_widgets.board.class_run import TRAINING_SIZE, ClassRun
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.store_records import KeptRun
from hpt_widgets.data.csv_file import ENCODINGS, UTF_16
from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.csv_table import guarded, unguarded
from hpt_widgets.support.files import replace_file
from hpt_widgets.training.hyperparameters import ADDED_SINCE_0_1, CHOICES, Hyperparameters

CLASS_COLUMNS: Final = ("number", "student", "task", "task_key")
"""The order of arrival, who, and what for."""
CLASS_COLUMN: Final = "class"
"""The number of the class in which a run was sent, from 1; files of before have none."""
SETTING_COLUMNS: Final = (*Hyperparameters.__dataclass_fields__, TRAINING_SIZE)
OUTCOME_COLUMNS: Final = (
    "validation_accuracy",
    "validation_loss",
    "epochs_trained",
    "seconds",
    "ended",
    "message",
    "method",
    "when",
    "fold_scores",
    "history",
)
RUN_COLUMNS: Final = ("changed", "data", "run_id")
EXPORT_COLUMNS: Final = (
    *CLASS_COLUMNS,
    CLASS_COLUMN,
    *SETTING_COLUMNS,
    *OUTCOME_COLUMNS,
    *RUN_COLUMNS,
)
# Files that were written before the others came are read too.
_NEEDED: Final = frozenset(EXPORT_COLUMNS) - frozenset((*ADDED_SINCE_0_1, CLASS_COLUMN))
_SEPARATORS: Final = (",", ";", "\t")
ENDINGS: Final = re.compile(r"\.csv(\.txt)?$", re.IGNORECASE)
"""Of the files that a board reads. The second one is what Windows makes of the first where it
hides the endings that it knows."""
NO_RUN: Final = (TypeError, ValueError, LookupError, AttributeError, RecursionError)
"""What is raised where a row or a trial of somebody's file is read as a run and is none."""
# All others hold JSON: a number, a list, true or false.
_WORDS: Final = frozenset(
    (
        *("student", "task", "task_key", *CHOICES),
        *("ended", "message", "method", "when", "data", "run_id"),
    )
)


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
    rows = [_row(kept, names.get(kept.task, "")) for kept in store.kept_runs()]
    replace_file(path, _text(rows).encode("utf-8-sig"))
    return len(rows)


def write_runs(runs: Iterable[ClassRun], path: Path) -> int:
    """Write one student's runs to a CSV file for the board's folder, replacing it in one step.

    Parameters
    ----------
    runs : iterable of ClassRun
        The runs.
    path : Path
        The file; its name is the student's name on the board.

    Returns
    -------
    int
        How many runs it holds.

    Raises
    ------
    OSError
        If it cannot be written; what was there before is as it was.
    """
    rows = [
        _row(KeptRun(number, path.stem, "", run), "") for number, run in enumerate(runs, start=1)
    ]
    replace_file(path, _text(rows).encode("utf-8-sig"))
    return len(rows)


def read_rows(content: bytes) -> list[dict[str, str]] | None:
    """Return the rows of a file's content, None where it has not the columns of `export_runs`.

    A spreadsheet may have saved the file since, in its own encoding and with other separators.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    encodings = ("utf-16",) if content.startswith(UTF_16) else ENCODINGS
    for encoding in encodings:
        with contextlib.suppress(UnicodeError):
            text = content.decode(encoding)
            found = (_rows_of(text, separator) for separator in _SEPARATORS)
            return next((rows for rows in found if rows is not None), None)
    return None


def _rows_of(text: str, separator: str) -> list[dict[str, str]] | None:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return list(reader) if set(reader.fieldnames or ()) >= _NEEDED else None
    except csv.Error:
        return None


def run_of_row(row: Mapping[str, str]) -> ClassRun:
    """Return the run that a row of an export holds.

    Parameters
    ----------
    row : mapping of str to str
        The cells by their columns.

    Raises
    ------
    TypeError, ValueError, KeyError
        If it is none.
    """
    known = [name for name in EXPORT_COLUMNS if name in row or name in _NEEDED]
    if any(row[name] is None for name in known):
        raise ValueError(translate("board.row_cut_short"))
    cells = {name: _value(name, row[name]) for name in known}
    settings = {name: cells[name] for name in SETTING_COLUMNS if cells.get(name) is not None}
    outcome = {name: cells[name] for name in OUTCOME_COLUMNS if cells[name] is not None}
    outcome["when"] = datetime.fromisoformat(row["when"])
    return ClassRun(Trial(settings, **outcome), cells["data"], cells["changed"], cells["run_id"])


def student_of_row(row: Mapping[str, str]) -> str:
    """Return under whose name a row was written; empty where it does not say."""
    return unguarded(row["student"] or "")


def _row(kept: KeptRun, task: str) -> dict[str, Any]:
    run = kept.run
    outcome: dict[str, Any] = {name: getattr(run.trial, name) for name in OUTCOME_COLUMNS}
    outcome["when"] = run.trial.when.isoformat()
    return {
        "number": kept.sequence,
        "student": kept.student,
        "task": task,
        "task_key": kept.task,
        CLASS_COLUMN: kept.class_number,
        **run.trial.hyperparameters,
        **outcome,
        "changed": run.changed,
        "data": run.data,
        "run_id": run.id,
    }


def _text(rows: Iterable[Mapping[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(EXPORT_COLUMNS)
    writer.writerows([_cell(name, row.get(name)) for name in EXPORT_COLUMNS] for row in rows)
    return buffer.getvalue()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    return guarded(value if name in _WORDS else json.dumps(value))


def _value(name: str, cell: str) -> Any:
    """Return what a cell holds, None for an empty one that might have held a number."""
    if name in _WORDS:
        word = unguarded(cell)
        return word if word or name not in SETTING_COLUMNS else None
    if not cell:
        return None
    # A spreadsheet that saves the file writes these words its own way.
    return json.loads({"TRUE": "true", "FALSE": "false"}.get(cell, cell))
