"""What a reader has done, kept in the reader's folder from one day to the next."""

from __future__ import annotations

import json
import warnings
from datetime import datetime

from hpt_widgets.language import translate
from hpt_widgets.support.home import ReaderFolderWarning, keep_line, read_lines

FILE_NAME = "progress.jsonl"
RIGHT, WRONG = "right", "wrong"
STATES = (RIGHT, WRONG)


def remember(item: str, state: str) -> str:
    """Keep the newest state of an exercise or a quiz question.

    Nothing is written where the newest state is the same already, so that running
    a notebook twice does not double its lines.

    Parameters
    ----------
    item : str
        An exercise's id, ``"4.1-b"``, or a question's, ``"quiz-4.1-2"``.
    state : {"right", "wrong"}
        How it was answered.

    Returns
    -------
    str
        Why it could not be kept, in words for the reader; empty where it was.
    """
    lines, _ = _read()
    if lines and any(newest == (item, state) for newest in _newest(lines)):
        return ""
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    return keep_line(FILE_NAME, json.dumps({"item": item, "state": state, "when": when}))


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
    for item, state in lines:
        if best.get(item) != RIGHT:
            best[item] = state
    return best


def _newest(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(lines).items())


def _read() -> tuple[list[tuple[str, str]], int]:
    """Return (item, state) pairs, oldest first, and the number of lines that are none."""
    pairs = [_parse(line) for line in read_lines(FILE_NAME)]
    return [pair for pair in pairs if pair is not None], pairs.count(None)


def _parse(line: str) -> tuple[str, str] | None:
    try:
        entry = json.loads(line)
        item, state = entry["item"], entry["state"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (item, state) if isinstance(item, str) and state in STATES else None
