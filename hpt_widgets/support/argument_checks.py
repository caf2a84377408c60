"""What a reader hands over, read strictly; every module says itself what it allows.

A bool or a text is no number, a number beyond all floats is infinite, and a text is no list.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate

# Python's locks wait no longer on Windows (49 days).
LONGEST_WAIT = 4e6


def real_number(value: object) -> float | None:
    """Return a real number as a float, and None for what is none."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        return None
    try:
        return float(value)
    except OverflowError:  # a whole number or a fraction beyond all floats
        return math.inf if value > 0 else -math.inf  # type: ignore[operator]


def finite_number(value: object) -> float | None:
    """Return a finite real number as a float, and None for what is none."""
    number = real_number(value)
    return number if number is not None and math.isfinite(number) else None


def whole_number(value: object) -> int | None:
    """Return a number of a whole type as an int, and None for what is none; 3.0 is none."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral | SupportsIndex):
        return None
    try:
        return operator.index(value)
    except TypeError:  # an array of several values has __index__, but no value to give
        return None


def finite_array(value: object) -> NDArray[np.float64] | None:
    """Return finite real numbers as an array of their shape, and None for all else."""
    array = np.asarray(value, dtype=None if isinstance(value, np.ndarray) else object)
    if array.dtype.kind == "O":
        numbers = [finite_number(item) for item in array.flat]
        if any(number is None for number in numbers):
            return None
        array = np.array(numbers, dtype=np.float64).reshape(array.shape)
    if array.dtype.kind not in "fiu":
        return None
    with np.errstate(over="ignore"):
        array = array.astype(np.float64)
    return array if np.isfinite(array).all() else None


def items_of(value: object) -> tuple[Any, ...] | None:
    """Return what a list, a tuple, an array or the like holds; None for a text, a dict, a number.

    An array's values become Python's own.
    """
    if isinstance(value, np.ndarray):
        return tuple(value.tolist()) if value.ndim else None
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        return None
    try:
        return tuple(value)
    except TypeError:  # a type such as float counts as iterable where it has __iter__
        return None


def require(name: str, value: object, kind: type | tuple[type, ...]) -> None:
    """Raise a TypeError that names the parameter if a value is not of this kind.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was handed over.
    kind : type or tuple of type
        What it must be an instance of.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        words = " / ".join(each.__name__ for each in kinds)
        raise TypeError(translate("checks.kind", name=name, value=value, kind=words))


def require_seconds(name: str, value: object) -> None:
    """Raise an error that names the parameter if a value is no time to wait, or None.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was handed over.

    Raises
    ------
    TypeError
        If it is no real number.
    ValueError
        If it is negative, or longer than Python can wait.
    """
    seconds = 0.0 if value is None else finite_number(value)
    if seconds is None or not 0 <= seconds <= LONGEST_WAIT:
        kind = TypeError if real_number(value) is None else ValueError
        raise kind(translate("checks.seconds", name=name, value=value, most=LONGEST_WAIT))


def require_function(name: str, value: object, *, optional: bool = True) -> None:
    """Raise a TypeError that names the parameter if a value can't be called.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was handed over.
    optional : bool, default True
        Whether None will do.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not callable(value) and not (optional and value is None):
        raise TypeError(translate("checks.function", name=name, value=value))


def require_text(name: str, value: object) -> None:
    """Raise a TypeError that names the parameter if a value is no text, or an empty one.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was handed over.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(value, str) or not value:
        raise TypeError(translate("checks.text", name=name, value=value))


def require_items(name: str, value: object) -> tuple[Any, ...]:
    """Return what a list or the like holds, or raise a TypeError that names the parameter.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was handed over.

    Returns
    -------
    tuple

    Raises
    ------
    TypeError
        If it is something else.
    """
    items = items_of(value)
    if items is None:
        raise TypeError(translate("checks.items", name=name, value=value))
    return items
