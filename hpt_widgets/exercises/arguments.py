"""Whether a call has changed what the reader's function was given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

SEQUENCES: Final = (list, tuple, np.ndarray)
CONTAINERS: Final = (Mapping, *SEQUENCES)

PLAIN: Final = (int, float, complex, str, bytes, set, type(None), np.generic)

# A value that is moved and put back may have another last digit.
TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class Change:
    """A list, dict or array before a call, and what the call has left of it."""

    before: Any
    after: Any


class SomeEntries(dict[Any, Any]):
    """Some entries of a dict; its text has "…" in place of the others."""

    def __repr__(self) -> str:
        entries = (f"{key!r}: {value!r}" for key, value in self.items())
        return f"{{{', '.join(('…', *entries))}}}"


def change_in(before: Any, after: Any) -> Change | None:
    """Return the innermost change, or None if all is as it was.

    Parameters
    ----------
    before, after : object
        An argument, and the copy of it that the function was given. Where a list holds dicts,
        say, and one of the dicts is another, that dict is what has changed; where entries were
        added or are missing, these alone. Only lists, tuples, dicts, sets, arrays and what they
        hold of numbers and texts are looked at: a list of the same numbers as an array, or as
        a pandas Series, is no change.

    Returns
    -------
    Change or None
    """
    if not isinstance(after, np.ndarray) and getattr(after, "ndim", 0) == 1:
        after = np.asarray(after)  # a pandas Series, say
    if isinstance(before, np.ndarray) and isinstance(after, list | tuple):
        return change_in(before.tolist(), after)
    if not isinstance(before, Mapping | list | tuple):
        return None if _is_same(before, after) else Change(before, after)
    if isinstance(before, Mapping) and isinstance(after, Mapping) and before.keys() != after.keys():
        return Change(_besides(before, after), _besides(after, before))
    pairs = _pairs(before, after)
    if pairs is None:
        return Change(before, after)
    for part, other in pairs:
        if change := change_in(part, other):
            return change if isinstance(part, CONTAINERS) else Change(before, after)
    return None


def _pairs(before: Any, after: Any) -> Iterable[tuple[Any, Any]] | None:
    """Return what stands at the same places; None where they are of other kinds or lengths."""
    if isinstance(before, Mapping):
        return [(v, after[k]) for k, v in before.items()] if isinstance(after, Mapping) else None
    if (
        not isinstance(after, SEQUENCES)
        or getattr(after, "ndim", 1) == 0
        or len(before) != len(after)
    ):
        return None
    return zip(before, after, strict=True)


def _besides(entries: Mapping[Any, Any], others: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return the entries that the others have not."""
    own = {key: value for key, value in entries.items() if key not in others}
    return own if len(own) == len(entries) else SomeEntries(own)


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and _is_same_array(before, after)
    if isinstance(before, float | np.floating) and isinstance(after, float | np.floating):
        same = math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        return same or (math.isnan(before) and math.isnan(after))
    if isinstance(before, PLAIN):
        # Several values, of which NumPy would compare each one.
        several = isinstance(after, list | tuple) or getattr(after, "ndim", 0) > 0
        return not several and bool(before == after)
    return True  # functions, models, data sets: they need not be equal to their copies


def _is_same_array(before: Any, after: Any) -> bool:
    if before.shape != after.shape:
        return False
    if before.dtype.kind not in "biuf" or after.dtype.kind not in "biuf":
        return change_in(before.tolist(), after.tolist()) is None
    pair = np.asarray(before), np.asarray(after)  # without a mask, which np.allclose trips over
    return bool(np.allclose(*pair, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))
