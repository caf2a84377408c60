"""What a reader has done, kept in the reader's folder from one day to the next."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hpt_widgets.language import translate
from hpt_widgets.support.home import ReaderFolderWarning, keep_line, read_lines

FILE_NAME = "progress.jsonl"
RIGHT, WRONG = "right", "wrong"
# Of a prediction: it was made, and the outcome was seen since.
PREDICTED, COMPARED = "predicted", "compared"
STATES = (RIGHT, WRONG, PREDICTED, COMPARED)


@dataclass(frozen=True)
class Entry:
    """A line of the file.

    Attributes
    ----------
    item : str
        An exercise's id, ``"4.1-b"``, a question's, ``"quiz-4.1-2"``, or a prediction's,
        ``"prediction-4.1-limit"``.
    state : str
        How it was answered: right or wrong, predicted or compared.
    value : object, default None
        What was predicted.
    """

    item: str
    state: str
    value: Any = None


def remember(item: str, state: str, value: Any = None) -> str:
    """Keep the newest state of an exercise, a quiz question or a prediction.

    Nothing is written where the newest state is the same already, so that running
    a notebook twice does not double its lines.

    Parameters
    ----------
    item : str
        An exercise's id, ``"4.1-b"``, or a question's, ``"quiz-4.1-2"``.
    state : {"right", "wrong", "predicted", "compared"}
        How it was answered.
    value : object, optional
        What was predicted, as JSON can hold it.

    Returns
    -------
    str
        Why it could not be kept, in words for the reader; empty where it was.
    """
    if newest(item) == Entry(item, state, value):
        return ""
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"item": item, "state": state, "when": when}
    return keep_line(FILE_NAME, json.dumps(line if value is None else {**line, "value": value}))


def newest(item: str) -> Entry | None:
    """Return the newest line about an item, None where there is none."""
    return next((entry for entry in reversed(entries()) if entry.item == item), None)


def entries() -> list[Entry]:
    """Return all lines that can be read, oldest first."""
    return _read()[0]


def states() -> dict[str, str]:
    """Return the state of each item: right where it has ever been, else wrong.

    Lines that cannot be read are left out, with a `ReaderFolderWarning` that says
    how many.
    """
    lines, n_broken = _read()
    if n_broken:
        message = translate("exercises.broken_lines", file=FILE_NAME, n=n_broken)
        warnings.warn(message, ReaderFolderWarning, stacklevel=3)
    best: dict[str, str] = {}
    for entry in lines:
        if best.get(entry.item) != RIGHT:
            best[entry.item] = entry.state
    return best


def _read() -> tuple[list[Entry], int]:
    """Return the entries, oldest first, and the number of lines that are none."""
    found = [_parse(line) for line in read_lines(FILE_NAME)]
    return [entry for entry in found if entry is not None], found.count(None)


def _parse(line: str) -> Entry | None:
    try:
        fields = json.loads(line)
        item, state = fields["item"], fields["state"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(item, str) or state not in STATES:
        return None
    return Entry(item, state, fields.get("value"))
