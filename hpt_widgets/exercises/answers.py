"""Reading what a reader wrote: numbers, arrays, dicts and functions, however odd they are.

All of it turns into a plain value or into `Wrong` with a clear sentence. A value is taken by
what it can do: whatever has ``item``, ``__array__``, ``__index__`` or ``__float__`` is a number
or an array, so that NumPy's, TensorFlow's and pandas' own kinds of them are as good as Python's.
"""

from __future__ import annotations

import copy
import itertools
import math
import numbers
import re
import types
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.exercises.exercise import NotAnswered, Wrong
from hpt_widgets.language import Text
from hpt_widgets.language.exercises import TEXTS

MAXIMUM_SHOWN = 60
"""How many characters of a reader's value a sentence repeats."""

MAXIMUM_ITEMS = 100_000
"""How many values are taken from what gives them one at a time."""

FloatArray = NDArray[np.float64]

# 109,386 without quotation marks is a tuple for Python.
_GROUPED_NUMBER = re.compile(
    r"[+-]?(?:\d+|[1-9]\d*(?:[,_ ]\d{3})+)(?:\.\d*)?(?:[eE][+-]?\d+)?\s*%?"
)


class IsNone(Wrong):
    """The answer is None."""

    def __init__(self) -> None:
        super().__init__(TEXTS["none"])


def show(value: object, longest: int = MAXIMUM_SHOWN) -> str:
    """Return a short form of any value, even of one whose ``repr`` fails."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = f"<{type(value).__name__}>"
    return shorten(text, longest)


def shorten(text: str, longest: int = MAXIMUM_SHOWN) -> str:
    """Return a text, cut off where it is longer than a sentence repeats."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def show_number(number: float) -> str:
    """Return a number with commas between thousands and every digit that matters."""
    return f"{number:,.12g}" if abs(number) < 1e15 else f"{number:g}"


# ---------------------------------------------------------------- untouched cells


def _stub() -> None: ...


def _stub_with_docstring() -> None:
    """Do nothing."""


def _stub_that_returns() -> Any:
    return ...


def _stub_that_returns_with_docstring() -> Any:
    """Do nothing."""
    return ...


_UNTOUCHED = frozenset(
    (stub.__code__.co_code, stub.__code__.co_consts[-1])
    for stub in (
        _stub,
        _stub_with_docstring,
        _stub_that_returns,
        _stub_that_returns_with_docstring,
    )
)


def check_answered(answer: object) -> None:
    """Raise `NotAnswered` if the answer still holds the notebook's ``...``."""
    if _is_placeholder(answer):
        raise NotAnswered
    if isinstance(answer, Mapping | list | tuple):
        items = answer.values() if isinstance(answer, Mapping) else answer
        if any(_is_placeholder(item) for item in items):
            raise NotAnswered


def _is_placeholder(value: object) -> bool:
    if isinstance(value, types.FunctionType):
        code = value.__code__
        return (code.co_code, code.co_consts[-1] if code.co_consts else None) in _UNTOUCHED
    return value is ...


# ---------------------------------------------------------------- values


def plain(value: Any) -> Any:
    """Return the Python number, bool or text that a value of one element holds, else the value.

    It asks for ``item`` and ``__array__`` (arrays, tensors, variables, series), then for
    ``__index__`` and ``__float__`` (fractions, decimals, symbolic numbers).
    """
    if isinstance(value, type) or type(value) in (bool, int, float, complex, str, bytes):
        return value
    for read in (_by_item, _by_array, _by_index, _by_float):
        try:
            found = read(value)
        except Exception:  # noqa: S112 - an object may fail at it in any way
            continue
        if isinstance(found, bool | int | float | complex | str):
            return found
    return value


def _by_item(value: Any) -> Any:
    return value.item()


def _by_array(value: Any) -> Any:
    return np.asarray(value).item() if hasattr(value, "__array__") else None


def _by_index(value: Any) -> Any:
    return value.__index__()


def _by_float(value: Any) -> Any:
    return value.__float__()


def as_number(value: object) -> float:
    """Return a finite real number, or raise `Wrong`.

    Parameters
    ----------
    value : object
        A reader's answer.

    Returns
    -------
    float

    Raises
    ------
    Wrong
        If it is something else; the message says what.
    """
    if value is None:
        raise IsNone
    found = plain(value)
    if isinstance(found, str | bytes):
        raise _number_in_a_text(found)
    if isinstance(found, tuple) and (grouped := _grouped(found)):
        raise Wrong(TEXTS["number_with_commas"], found=show(found), number=grouped)
    if isinstance(found, complex) and found.imag == 0:
        found = found.real
    if isinstance(found, bool) or not isinstance(found, numbers.Real):
        if callable(value) and not isinstance(found, bool):
            raise Wrong(TEXTS["number_is_function"], found=show(value))
        raise Wrong(TEXTS["not_a_number"], found=show(value), kind=type(value).__name__)
    try:
        number = float(found)
    except OverflowError:
        number = np.inf
    if not np.isfinite(number):
        raise Wrong(TEXTS["not_finite"], found=number)
    return number


def _number_in_a_text(text: str | bytes) -> Wrong:
    # A Chinese keyboard may write １ for 1.
    words = unicodedata.normalize("NFKC", text).strip() if isinstance(text, str) else ""
    if _GROUPED_NUMBER.fullmatch(words):
        number = re.sub(r"[,_ ]", "", words)
        if words.endswith("%"):
            # Whether the share is wanted or the percentage, only the exercise knows.
            return Wrong(TEXTS["percentage_is_text"], found=show(text))
        key = "number_is_text" if number == words else "number_with_signs_is_text"
        return Wrong(TEXTS[key], found=show(text), number=number)
    return Wrong(TEXTS["number_is_words"], found=show(text))


def _grouped(parts: tuple[Any, ...]) -> str:
    """Return the number that was written with commas, as 109,386; empty for other tuples."""
    whole = len(parts) > 1 and all(type(part) is int for part in parts)
    if not whole or not all(100 <= part < 1000 for part in parts[1:]):
        return ""
    return "".join(map(str, parts))


def as_bool(value: object) -> bool:
    """Return True or False, or raise `Wrong`."""
    if value is None:
        raise IsNone
    found = plain(value)
    if not isinstance(found, bool):
        raise Wrong(TEXTS["not_a_bool"], found=show(value))
    return found


def as_text(value: object) -> str | None:
    """Return a text, None for what is none."""
    found = plain(value)
    if isinstance(found, bytes):
        return found.decode(errors="replace")
    return str(found) if isinstance(found, str) else None


def as_array(value: object, shape: tuple[int, ...] | None = None) -> FloatArray:
    """Return an array of real numbers (which may be infinite), or raise `Wrong`.

    Parameters
    ----------
    value : object
        A reader's answer.
    shape : tuple of int, optional
        The shape that it must have.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    Wrong
        If it is something else, or of another shape.
    """
    if value is None:
        raise IsNone
    if isinstance(value, Iterator | Set):
        value = as_list(value)
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":
            items = [plain(item) for item in array.flat]
            if not all(isinstance(item, int | float) for item in items):
                raise ValueError  # noqa: TRY301
            array = np.array(items, dtype=np.float64).reshape(array.shape)
    except Exception:
        raise Wrong(TEXTS["not_an_array"], found=show(value)) from None
    if array.dtype.kind not in "fiu":
        raise Wrong(TEXTS["not_an_array"], found=show(value))
    if shape is not None and array.shape != shape:
        raise Wrong(TEXTS["wrong_shape"], found=array.shape, expected=shape)
    return array.astype(np.float64)


def as_list(value: Any) -> list[Any]:
    """Return the values of whatever can be gone through, or raise `Wrong`.

    A ``map`` or ``zip`` is copied first, so that reading it does not use it up; a generator
    cannot be copied, and the message asks for a list.
    """
    if value is None:
        raise IsNone
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise Wrong(TEXTS["not_a_list"], found=show(value))
    try:
        if isinstance(value, Iterator):
            value = _copied(value)
        items = list(itertools.islice(value, MAXIMUM_ITEMS + 1))
    except Exception:
        raise Wrong(TEXTS["is_iterator"], kind=type(value).__name__) from None
    if len(items) > MAXIMUM_ITEMS:
        raise Wrong(TEXTS["endless"], kind=type(value).__name__)
    return items


def _copied(iterator: Iterator[Any]) -> Iterator[Any]:
    with warnings.catch_warnings():
        # Python 3.14 will no longer copy what itertools makes: the reader can't help that.
        warnings.simplefilter("ignore", DeprecationWarning)
        return copy.deepcopy(iterator)


def as_mapping(value: Any) -> dict[Any, Any]:
    """Return a dict, or what turns into one (a pandas Series), or raise `Wrong`."""
    if isinstance(value, Mapping):
        return dict(value)
    try:
        found = value.to_dict()
    except Exception:
        found = None
    if not isinstance(found, dict):
        raise Wrong(TEXTS["not_a_dict"], found=show(value))
    return found


def as_pair(value: Any, expected: Text, *, arrays: bool = False) -> tuple[Any, Any]:
    """Return two values, or raise `Wrong` with the text, which may name what was ``{found}``.

    Where both are arrays, one array of two numbers is no such pair.
    """
    if isinstance(value, set | frozenset):
        raise Wrong(TEXTS["pair_is_set"], found=show(value))
    try:
        items = [] if arrays and len(getattr(value, "shape", (2, 1))) < 2 else as_list(value)
    except Wrong:
        items = []
    if len(items) != 2:
        raise Wrong(expected, found=show(value))
    return items[0], items[1]


def as_function(value: object) -> Callable[..., Any]:
    """Return what may be called, or raise `Wrong`."""
    if value is None:
        raise IsNone
    if not callable(value):
        raise Wrong(TEXTS["not_a_function"], found=show(value))
    return value


# ---------------------------------------------------------------- comparing


def close(found: ArrayLike, expected: ArrayLike, tolerance: float = 1e-5) -> bool:
    """Return whether two numbers or arrays have one shape and agree.

    Parameters
    ----------
    found, expected : array_like
        What to compare; nan agrees with nan.
    tolerance : float, default 1e-5
        How far they may be apart, relative to the larger of 1 and the largest expected value.
        TensorFlow's numbers of 32 bits agree within it.

    Returns
    -------
    bool
    """
    if np.shape(found) != np.shape(expected):
        return False
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    finite = np.abs(expected[np.isfinite(expected)])
    size = max(1.0, float(finite.max(initial=0.0)))
    return bool(np.allclose(found, expected, rtol=0, atol=tolerance * size, equal_nan=True))


def near(found: float, expected: float, tolerance: float = 1e-5) -> bool:
    """Return whether two numbers agree relative to their own size."""
    return math.isclose(found, expected, rel_tol=tolerance, abs_tol=1e-12)


def show_short_of(share: float, wanted: float, digits: int = 1) -> str:
    """Return a share in per cent, with digits enough to lie below the one that is wanted.

    Parameters
    ----------
    share, wanted : float
        From 0 to 1; `share` is the smaller one.
    digits : int, default 1
        How many stand behind the point where they are enough: 79.5 %, but 79.99 % of 80.
    """
    while digits < 6 and round(100 * share, digits) >= 100 * wanted:
        digits += 1
    return f"{share:.{digits}%}"
