"""The CSV format of a record: one line a trial, each whole or recognised as cut short."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hpt_widgets.search.trial import Trial

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
COLUMNS = ("number", "method", *HYPERPARAMETER_COLUMNS, _OTHERS, *OUTCOME_COLUMNS, "uuid", "ended")
COLUMNS_0_1 = tuple(name for name in COLUMNS if name != "uuid")
"""The columns of version 0.1, which told trials apart by their number alone."""
FORGOTTEN = "forgotten"

# Lines of 0.1 have no UUID: theirs is made of what they hold, so that all who read one agree.
_NAMESPACE = uuid.UUID("8a6a54d3-3b5f-4f0c-9a53-1d6d2f3c7b10")

# What a spreadsheet takes for the beginning of a formula; the wide ones are the signs that
# Chinese and Japanese input methods write.
_FORMULA_SIGNS: Final = "=+\\-@＝＋－＠"
# A program that separates cells by semicolons sees the beginning of a cell behind each of them.
_FORMULA = re.compile(rf"(^|;)[\s\"']*[{_FORMULA_SIGNS}]")


def format_line(cells: Mapping[str, str]) -> str:
    """Return one line of the file."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([cells.get(name, "") for name in COLUMNS])
    return buffer.getvalue()


# The mark at the beginning lets spreadsheet programs read Chinese messages as UTF-8.
HEADER = "\ufeff" + format_line({name: name for name in COLUMNS})


def trial_line(trial: Trial) -> str:
    """Return the line of a trial."""
    own = {
        name: trial.hyperparameters[name]
        for name in HYPERPARAMETER_COLUMNS
        if name in trial.hyperparameters
    }
    others = {name: value for name, value in trial.hyperparameters.items() if name not in own}
    cells = {name: _encode(value) for name, value in own.items()}
    cells[_OTHERS] = _encode(others) if others else ""
    for name in ("method", "number", *_MEASURED):
        value = getattr(trial, name)
        cells[name] = "" if value is None or value in ("", ()) else _encode(value)
    cells["when"] = trial.when.isoformat()
    cells["uuid"] = trial.uuid
    cells["ended"] = trial.ended
    return format_line(cells)


def forgotten_line(number: int, uuid: str) -> str:
    """Return the line that drops a trial."""
    return format_line({"number": str(number), "uuid": uuid, "ended": FORGOTTEN})


@dataclass(frozen=True)
class Forgotten:
    """A line that drops a trial: by its UUID, or in a file of 0.1 by its number."""

    number: int
    uuid: str | None


@dataclass(frozen=True)
class Line:
    """One line of a file, after the first.

    Attributes
    ----------
    place : int
        From 2.
    raw : bytes
        Without its end.
    content : Trial, Forgotten or None
        None if the line is damaged.
    """

    place: int
    raw: bytes
    content: Trial | Forgotten | None


@dataclass(frozen=True)
class Header:
    """What the first line of a file says.

    Attributes
    ----------
    is_record : bool
        Whether it is a record's, whole or cut short.
    is_whole : bool
        Whether it is whole.
    is_0_1 : bool
        Whether it is one of version 0.1.
    """

    is_record: bool
    is_whole: bool
    is_0_1: bool


def read_header(line: bytes) -> Header:
    """Return what a first line says."""
    text = line.removeprefix(codecs.BOM_UTF8).strip()
    known = [",".join(columns).encode() for columns in (COLUMNS, COLUMNS_0_1)]
    is_record = codecs.BOM_UTF8.startswith(line) or any(each.startswith(text) for each in known)
    return Header(is_record, is_whole=text in known, is_0_1=text == known[1])


def read_lines(content: bytes) -> Iterator[Line]:
    """Return the lines of a file, those that hold nothing left out."""
    # A cell may hold a long history: more than the 131,072 characters that are the default.
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    repeats: Counter[str] = Counter()
    for place, raw in enumerate(content.split(b"\n")[1:], start=2):
        if raw.strip():
            yield Line(place, raw, _content_of(raw, repeats))


def _content_of(raw: bytes, repeats: Counter[str]) -> Trial | Forgotten | None:
    try:
        text = raw.decode().rstrip("\r")
        values = next(csv.reader([text]))
        # By the line, not by the first one: it says what was meant also in a file that
        # programs of both versions have written to.
        columns = COLUMNS_0_1 if len(values) == len(COLUMNS_0_1) else COLUMNS
        cells = dict(zip(columns, values, strict=True))
        if cells["ended"] == FORGOTTEN:
            return Forgotten(int(cells["number"]), cells.get("uuid"))
        if "uuid" not in cells:
            cells["uuid"] = _uuid_of_0_1(text, repeats[text])
            repeats[text] += 1
        return _trial_of(cells)
    except (ValueError, TypeError, RecursionError, csv.Error):
        return None


def _uuid_of_0_1(line: str, n_before: int) -> str:
    """Make the UUID of a line of 0.1 from what it holds, and from how often it came before."""
    return str(uuid.uuid5(_NAMESPACE, line + "\n" * n_before))


def _trial_of(cells: Mapping[str, str]) -> Trial:
    own = {name: _decode(cells[name]) for name in HYPERPARAMETER_COLUMNS if cells[name]}
    others = _decode(cells[_OTHERS]) if cells[_OTHERS] else {}
    outcomes = {name: _decode(cells[name]) for name in _MEASURED if cells[name]}
    if "history" in outcomes:
        outcomes["history"] = _without_short_points(outcomes["history"])
    return Trial(
        hyperparameters=own | others,
        method=_decode(cells["method"]),
        number=int(cells["number"]),
        when=datetime.fromisoformat(cells["when"]),
        uuid=cells["uuid"],
        ended=cells["ended"],
        **outcomes,
    )


def _without_short_points(history: Any) -> Any:
    """Leave out points that say no accuracy: older versions took them, and the trial is kept."""
    if not isinstance(history, list):
        return history
    return [point for point in history if not isinstance(point, list) or len(point) > 1]


def _encode(value: object) -> str:
    """Write a value as JSON, and a string that nothing can mistake for another as it is."""
    if isinstance(value, str) and _is_plain(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = json.dumps(value)
    # In JSON a semicolon stands within strings alone. A quotation mark is no formula.
    return text.replace(";", "\\u003b") if _FORMULA.search(text) else text


_decoder = json.JSONDecoder()


def _decode(text: str) -> Any:
    try:
        value, end = _decoder.raw_decode(text)
        return value if end == len(text) else json.loads(text)
    except json.JSONDecodeError:
        return text


def _is_plain(text: str) -> bool:
    if not text or not text.isprintable() or text != text.strip() or _FORMULA.search(text):
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return True
    return False
