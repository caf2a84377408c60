"""What a reader has done, kept in the reader's folder from one day to the next."""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hpt_widgets.language import translate
from hpt_widgets.support.home import ReaderFolderWarning, keep_line, read_lines

FILE_NAME = "progress.jsonl"
RIGHT, WRONG = "right", "wrong"
STATES = (RIGHT, WRONG)
HINT, SOLUTION = "hint", "solution"
HELP = (HINT, SOLUTION)


@dataclass(frozen=True)
class Entry:
    """One thing that a reader did.

    Attributes
    ----------
    item : str
        An exercise's id, ``"4.1-b"``, or a question's, ``"quiz-4.1-2"``.
    state : {"right", "wrong", "hint", "solution"}
        How it was answered, or which help was asked for.
    when : str, default ""
        The moment, in ISO 8601.
    answer : dict or None, default None
        What was answered; see `answer_record.recorded`. None where it is nothing that JSON
        can say.
    """

    item: str
    state: str
    when: str = ""
    answer: dict[str, Any] | None = None

    @property
    def is_answer(self) -> bool:
        """Whether something was answered."""
        return self.state in STATES

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as values that JSON can say."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, values: Any) -> Entry | None:
        """Return the entry that `to_dict` gave, None for anything else."""
        if not isinstance(values, dict):
            return None
        item, state, when = (values.get(name, "") for name in ("item", "state", "when"))
        if not isinstance(item, str) or not item or not isinstance(when, str):
            return None
        answer = values.get("answer")
        known = isinstance(state, str) and state in (*STATES, *HELP)
        return (
            cls(item, state, when, answer if isinstance(answer, dict) else None) if known else None
        )


def remember(item: str, state: str, answer: dict[str, Any] | None = None) -> str:
    """Keep how an exercise or a quiz question was answered, or which help was asked for.

    Nothing is written where the newest entry says the same already, so that running
    a notebook twice does not double its lines.

    Parameters
    ----------
    item, state, answer
        As in `Entry`.

    Returns
    -------
    str
        Why it could not be kept, in words for the reader; empty where it was.
    """
    newest = [entry for entry in entries()[0] if entry.item == item][-1:]
    if newest and (newest[0].state, newest[0].answer) == (state, answer):
        return ""
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    return keep_line(FILE_NAME, json.dumps(Entry(item, state, when, answer).to_dict()))


def states() -> dict[str, str]:
    """Return the state of each item: right where it has ever been, else wrong.

    Lines that cannot be read are left out, with a `ReaderFolderWarning` that says
    how many.
    """
    found, n_broken = entries()
    if n_broken:
        message = translate("exercises.broken_lines", file=FILE_NAME, n=n_broken)
        warnings.warn(message, ReaderFolderWarning, stacklevel=3)
    return states_of(found)


def states_of(found: list[Entry]) -> dict[str, str]:
    """Return the state of each item that some entries answer."""
    best: dict[str, str] = {}
    for entry in found:
        if entry.is_answer and best.get(entry.item) != RIGHT:
            best[entry.item] = entry.state
    return best


def entries() -> tuple[list[Entry], int]:
    """Return all entries, oldest first, and the number of lines that are none."""
    found = [_parse(line) for line in read_lines(FILE_NAME)]
    return [entry for entry in found if entry is not None], found.count(None)


def _parse(line: str) -> Entry | None:
    try:
        return Entry.from_dict(json.loads(line))
    except (ValueError, RecursionError):
        return None
