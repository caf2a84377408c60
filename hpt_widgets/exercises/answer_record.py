"""An answer as it is kept.

A value or a quiz's choice can be judged anew, a function's code be read; of anything else there
is its type.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from hpt_widgets.exercises.question import Choice, Question

VALUE, CODE, KIND = "value", "code", "type"
CHOICE, CHOICE_TEXT = "choice", "text"
KEYS: Final = (VALUE, CODE, KIND, CHOICE_TEXT)
"""One of them stands in whatever is kept of an answer."""
LONGEST: Final = 4_000
"""Characters of an answer; of a longer one nothing is kept."""
MOST_LEVELS: Final = 50
"""Lists within lists; of an answer with more nothing is kept, and nothing is read."""


def recorded(answer: object) -> dict[str, Any] | None:
    """Return an answer as JSON can say it.

    Parameters
    ----------
    answer : object
        As it was given to `hpt_widgets.check`.

    Returns
    -------
    dict or None
        ``{"value": …}`` for numbers, texts, and lists and dicts of them; ``{"code": …}`` for a
        function whose source can be found. None for anything else, or too much of it.
    """
    try:
        if inspect.isroutine(answer):
            return _short({CODE: inspect.getsource(answer)})
        return _short({VALUE: _plain(answer)})
    except Exception:
        # An object can misbehave in any way, and a function's file may have changed since.
        return None


def unrecorded(answer: object) -> dict[str, Any]:
    """Return what is kept of an answer that JSON cannot say: ``{"type": "SearchRecord"}``."""
    return {KIND: type(answer).__name__}


def recorded_choice(number: int, choice: Choice) -> dict[str, Any]:
    """Return how a choice of a quiz is kept: its place and its English words.

    By the words it is known again where a later version has it in another place, or no more.

    Parameters
    ----------
    number : int
        The choice's place, counted from 1.
    choice : Choice
        The choice.
    """
    return {CHOICE: number, CHOICE_TEXT: choice.text.en}


def place_of(record: object, question: Question) -> int | None:
    """Return the place of a choice that was kept, counted from 1.

    Parameters
    ----------
    record : object
        What `recorded_choice` returned; of anything else the place is None.
    question : Question
        The question as it is now; a choice that it no longer has is None.
    """
    words = record.get(CHOICE_TEXT) if isinstance(record, dict) else None
    texts = [choice.text.en for choice in question.choices]
    return texts.index(words) + 1 if words in texts else None


def is_deep(value: object) -> bool:
    """Return whether lists and dicts lie within each other more than `MOST_LEVELS` deep.

    Of such a value Python's own copying, comparing and writing would fail.

    Parameters
    ----------
    value : object
        What JSON can say.
    """
    level = [value]
    for _ in range(MOST_LEVELS + 1):
        level = [item for outer in level for item in _items_of(outer)]
        if not level:
            return False
    return True


def _items_of(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _short(record: dict[str, Any]) -> dict[str, Any] | None:
    is_short = not is_deep(record) and len(json.dumps(record, allow_nan=False)) <= LONGEST
    return record if is_short else None


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if _n_items(value) > LONGEST:
        # Each takes a character at least, so that millions need not be written to be counted.
        raise ValueError(type(value).__name__)
    if isinstance(value, np.generic | np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    # JSON would turn a number that is a key into text.
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(type(value).__name__)


def _n_items(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    return len(value) if isinstance(value, list | tuple | Mapping) else 0
