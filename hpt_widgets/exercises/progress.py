"""What a reader has done, kept in the reader's folder from one day to the next."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import hpt_widgets
from hpt_widgets.exercises.answer_record import is_deep
from hpt_widgets.language import translate
from hpt_widgets.support.home import ReaderFolderWarning, keep_line
from hpt_widgets.support.parsed_lines import ParsedLines

FILE_NAME = "progress.jsonl"
RIGHT, WRONG = "right", "wrong"
# Of a prediction: it was made, and the outcome was seen since.
PREDICTED, COMPARED = "predicted", "compared"
STATES = (RIGHT, WRONG, PREDICTED, COMPARED)
# Which help was asked for.
HINT, SOLUTION = "hint", "solution"
HELP = (HINT, SOLUTION)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file.

    Attributes
    ----------
    item : str
        An exercise's id, ``"4.1-b"``, a question's, ``"quiz-4.1-2"``, a prediction's,
        ``"prediction-4.1-limit"``, or, where its outcome was seen without one,
        ``"outcome-4.1-limit"``.
    state : str
        How it was answered: right or wrong, predicted or compared; or which help was asked
        for: hint or solution.
    value : object, default None
        What was predicted, or answered; see `answer_record`. Version 0.1 kept none.
    when : str, default ""
        The moment, in ISO 8601.
    version : str, default ""
        The version of the workbook that judged it; early ones named none. Entries that differ
        in moment and version alone are equal.
    """

    item: str
    state: str
    value: Any = None
    when: str = field(default="", compare=False)
    version: str = field(default="", compare=False)

    @property
    def is_answer(self) -> bool:
        """Whether an exercise or a question was answered."""
        return self.state in (RIGHT, WRONG)

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as values that JSON can say."""
        values = {"item": self.item, "state": self.state, "value": self.value, "when": self.when}
        found = {name: value for name, value in values.items() if value is not None}
        return {**found, "version": self.version} if self.version else found

    @classmethod
    def from_dict(cls, values: Any) -> Entry | None:
        """Return the entry that `to_dict` gave, None for anything else.

        A value with lists within lists without end is left out.
        """
        if not isinstance(values, dict):
            return None
        item, state, when = (values.get(name, "") for name in ("item", "state", "when"))
        if not all(isinstance(text, str) for text in (item, state, when)):
            return None
        known = state in (*STATES, *HELP)
        value = None if is_deep(values.get("value")) else values.get("value")
        version = values.get("version")
        shown = version if isinstance(version, str) else ""
        return cls(item, state, value, when, shown) if item and known else None


# What cannot be written to the reader's folder, by item, in the order in which it was done.
_of_this_kernel: dict[str, Entry] = {}


def remember(item: str, state: str, value: Any = None) -> str:
    """Keep the newest state of an exercise, a quiz question or a prediction.

    Nothing is written where the newest entry says the same already, so that running
    a notebook twice does not double its lines.

    Parameters
    ----------
    item, state, value
        As in `Entry`; JSON has to be able to hold the value.

    Returns
    -------
    str
        Why it could not be kept, in words for the reader; empty where it was.
    """
    if newest(item) == Entry(item, state, value):
        return ""
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = Entry(item, state, value, when, hpt_widgets.__version__)
    return keep_line(FILE_NAME, json.dumps(entry.to_dict()))


def remember_for_now(item: str, state: str, value: Any = None) -> str:
    """Keep an entry as `remember` does; one that can't be written holds until the kernel ends."""
    problem = remember(item, state, value)
    # Taken out first: what is kept here stands in the order in which it was done.
    _of_this_kernel.pop(item, None)
    if problem:
        _of_this_kernel[item] = Entry(item, state, value)
    return problem


def entries_for_now() -> list[Entry]:
    """Return all `entries`, and behind them those that this kernel alone holds."""
    return [*entries(), *_of_this_kernel.values()]


def newest(item: str) -> Entry | None:
    """Return the newest line about an item, None where there is none."""
    return next((entry for entry in reversed(entries()) if entry.item == item), None)


def entries() -> list[Entry]:
    """Return all lines that can be read, oldest first."""
    return _read()[0]


def states() -> dict[str, str]:
    """Return the state of each item: right where it has ever been, else the newest.

    Lines that cannot be read are left out, with a `ReaderFolderWarning` that says
    how many.
    """
    found, n_broken = _read()
    if n_broken:
        message = translate("exercises.broken_lines", file=FILE_NAME, n=n_broken)
        warnings.warn(message, ReaderFolderWarning, stacklevel=3)
    return states_of(found)


def states_of(found: Iterable[Entry]) -> dict[str, str]:
    """Return the state of each item in some entries; asking for help is none."""
    best: dict[str, str] = {}
    for entry in found:
        if entry.state not in HELP and best.get(entry.item) != RIGHT:
            best[entry.item] = entry.state
    return best


def _read() -> tuple[list[Entry], int]:
    """Return the entries, oldest first, and the number of lines that are none."""
    found = _lines.read()
    return [entry for entry in found if entry is not None], found.count(None)


def _parse(line: str) -> Entry | None:
    try:
        return Entry.from_dict(json.loads(line))
    except (ValueError, RecursionError):
        return None


_lines = ParsedLines(FILE_NAME, _parse)
