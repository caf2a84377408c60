"""An answer as it is kept: a value that can be judged anew, or a function's code to be read."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

VALUE, CODE = "value", "code"
LONGEST: Final = 4_000
"""Characters of an answer; of a longer one nothing is kept."""


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
    except (TypeError, ValueError, OSError, RecursionError):
        return None


def _short(record: dict[str, Any]) -> dict[str, Any] | None:
    return record if len(json.dumps(record, allow_nan=False)) <= LONGEST else None


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
