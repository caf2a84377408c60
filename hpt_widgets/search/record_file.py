"""The CSV file of a record: one line a trial, each whole or recognised as cut short."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from hpt_widgets.search.trial import Trial, plain_value

HYPERPARAMETER_COLUMNS = (
    "learning_rate",
    "batch_size",
    "dropout_rate",
    "hidden_units",
    "activation",
    "optimizer",
    "weight_decay",
    "epochs",
    "seed",
)
"""The hyperparameters with a column of their own in the file; others share one."""

_OTHERS = "other_hyperparameters"
_MEASURED = (
    "validation_accuracy",
    "validation_loss",
    "fold_scores",
    "seconds",
    "epochs_trained",
    "message",
    "history",
)
OUTCOME_COLUMNS = (*_MEASURED, "when")
# ``ended`` is the last column on purpose: no beginning of one of its words is
# another of its words, so a line that was cut short anywhere is recognised.
COLUMNS = ("number", "method", *HYPERPARAMETER_COLUMNS, _OTHERS, *OUTCOME_COLUMNS, "ended")
FORGOTTEN = "forgotten"


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside the one to be replaced, so that a full disk leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made with "x" and not by `tempfile`, whose files nobody else may read.
    temporary = path.with_name(f".{uuid.uuid4().hex}.csv")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            # Some disks say only now that they are full.
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def append_bytes(path: Path, text: bytes) -> None:
    """Add whole lines to the file and flush them to the disk; add all of them or none."""
    # Unbuffered: a closing file must not try once more to write what the disk refused.
    with path.open("ab+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if not file.readline().endswith(b"\n"):
            size = 0
            file.truncate(0)
            text = HEADER.encode() + text
        else:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                text = b"\n" + text
        try:
            while text:
                text = text[file.write(text) :]
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, size)
            raise


def format_line(cells: Mapping[str, str]) -> str:
    """Return one line of the file."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([cells.get(name, "") for name in COLUMNS])
    return buffer.getvalue()


# The mark at the beginning lets spreadsheet programs read Chinese messages as UTF-8.
HEADER = "\ufeff" + format_line({name: name for name in COLUMNS})


def is_beginning_of_header(line: bytes) -> bool:
    """Whether a first line is a header, whole or cut short."""
    if codecs.BOM_UTF8.startswith(line):
        return True
    line = line.removeprefix(codecs.BOM_UTF8).strip()
    return ",".join(COLUMNS).encode().startswith(line)


def cells_of(trial: Trial) -> dict[str, str]:
    """Return a trial as the cells of its line."""
    own = {name: trial.hyperparameters[name] for name in _own(trial)}
    others = {name: value for name, value in trial.hyperparameters.items() if name not in own}
    cells = {name: _encode(value) for name, value in own.items()}
    cells[_OTHERS] = _encode(others) if others else ""
    for name in ("method", "number", *_MEASURED):
        value = getattr(trial, name)
        cells[name] = "" if value is None or value in ("", ()) else _encode(value)
    cells["when"] = trial.when.isoformat()
    cells["ended"] = trial.ended
    return cells


def _own(trial: Trial) -> list[str]:
    return [name for name in HYPERPARAMETER_COLUMNS if name in trial.hyperparameters]


def trial_of(cells: Mapping[str, str]) -> Trial:
    """Return the trial that a line holds."""
    own = {name: _decode(cells[name]) for name in HYPERPARAMETER_COLUMNS if cells[name]}
    others = _decode(cells[_OTHERS]) if cells[_OTHERS] else {}
    outcomes = {name: _decode(cells[name]) for name in _MEASURED if cells[name]}
    return Trial(
        hyperparameters=own | others,
        method=_decode(cells["method"]),
        number=int(cells["number"]),
        when=datetime.fromisoformat(cells["when"]),
        ended=cells["ended"],
        **outcomes,
    )


def _encode(value: object) -> str:
    """Write a value as JSON, and a string that cannot be mistaken for JSON as it is."""
    if isinstance(value, str) and _is_plain(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def _decode(text: str) -> Any:
    try:
        return plain_value(json.loads(text))
    except json.JSONDecodeError:
        return text


def _is_plain(text: str) -> bool:
    if not text or not text.isprintable() or text != text.strip():
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return True
    return False
