"""Argument validation: values are converted strictly, and refused in words.

A bool or a text is no number, a number beyond all floats is infinite, and a text is no list.
The functions `require_…` raise an error that names the parameter, the value and what is allowed.
"""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, SupportsIndex, TypeVar

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate

# Python's locks wait no longer on Windows (49 days).
LONGEST_WAIT = 4e6
# Looking for similar names takes the longer, the longer the name is.
LONGEST_NAME = 40

Name = TypeVar("Name", bound=str)

# Names --------------------------------------------------------------------------------------------


def did_you_mean(name: object, allowed: Iterable[str]) -> str:
    """Return a question that ends an error about an unknown name, where one is near.

    Parameters
    ----------
    name : object
        What a caller wrote.
    allowed : iterable of str
        The names that there are.

    Returns
    -------
    str
        In the current language; empty where no name is like it.
    """
    written = name[:LONGEST_NAME].lower() if isinstance(name, str) else ""
    near = difflib.get_close_matches(written, list(allowed), n=1, cutoff=0.6)
    return translate("checks.did_you_mean", name=near[0]) if near else ""


# Converting ---------------------------------------------------------------------------------------


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


# Requiring ----------------------------------------------------------------------------------------


def not_allowed(name: str, value: object, key: str, **values: object) -> str:
    """Return the message that a parameter's value is not allowed, and what is.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was given.
    key : str
        Of the text that says what is allowed, as for `translate`.
    **values : object
        What the placeholders of that text stand for.
    """
    return translate("checks.not_allowed", name=name, value=value, allowed=translate(key, **values))


def require(name: str, value: object, kind: type | tuple[type, ...]) -> None:
    """Raise a TypeError if a value is no instance of a type, or of one of several."""
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        words = " / ".join(each.__name__ for each in kinds)
        raise TypeError(not_allowed(name, value, "checks.kind", kind=words))


def require_function(name: str, value: object, *, optional: bool = True) -> None:
    """Raise a TypeError if a value can't be called; None will do where it is optional."""
    if not callable(value) and not (optional and value is None):
        raise TypeError(not_allowed(name, value, "checks.function"))


def require_text(name: str, value: object) -> None:
    """Raise a TypeError if a value is no text, or an empty one."""
    if not isinstance(value, str) or not value:
        raise TypeError(not_allowed(name, value, "checks.text"))


def require_flag(name: str, value: object) -> bool:
    """Return True or False, NumPy's own among them, or raise a TypeError."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(not_allowed(name, value, "checks.flag"))
    return bool(value)


def require_items(name: str, value: object) -> tuple[Any, ...]:
    """Return what a list or the like holds, or raise a TypeError."""
    items = items_of(value)
    if items is None:
        raise TypeError(not_allowed(name, value, "checks.items"))
    return items


def require_seconds(name: str, value: object) -> None:
    """Raise a TypeError or ValueError if a value is no time that Python can wait, nor None."""
    seconds = 0.0 if value is None else finite_number(value)
    if seconds is None or not 0 <= seconds <= LONGEST_WAIT:
        kind = TypeError if real_number(value) is None else ValueError
        raise kind(not_allowed(name, value, "checks.seconds", most=LONGEST_WAIT))


def require_number(
    name: str,
    value: object,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
) -> float:
    """Return a finite number within bounds as a float, or raise a ValueError.

    Parameters
    ----------
    name : str
        What the parameter is called.
    value : object
        What was given.
    least, most : float, optional
        The bounds that are allowed themselves.
    above, below : float, optional
        Those that are not.

    Raises
    ------
    ValueError
        If it is no real number, not finite, or out of bounds.
    """
    number = finite_number(value)
    if number is None or not (
        (least is None or number >= least)
        and (above is None or number > above)
        and (most is None or number <= most)
        and (below is None or number < below)
    ):
        bounds = _bounds(least=least, above=above, most=most, below=below)
        raise ValueError(not_allowed(name, value, "checks.number", bounds=bounds))
    return number


def require_whole_number(
    name: str, value: object, least: int | None = None, most: int | None = None
) -> int:
    """Return a whole number within bounds, which are allowed, or raise a ValueError."""
    number = whole_number(value)
    if (
        number is None
        or (least is not None and number < least)
        or (most is not None and number > most)
    ):
        bounds = _bounds(least=least, most=most)
        raise ValueError(not_allowed(name, value, "checks.whole_number", bounds=bounds))
    return number


def require_choice(name: str, value: object, options: Sequence[Name]) -> Name:
    """Return one of some names, or raise a ValueError that lists them."""
    for option in options:
        if isinstance(value, str) and value == option:
            return option
    raise ValueError(not_allowed(name, value, "checks.choice", options=", ".join(options)))


def require_array(
    name: str, value: object, shape: tuple[int, ...], most: float
) -> NDArray[np.float64]:
    """Return one finite number or more of a shape, none beyond `most`, as a read-only array."""
    array = finite_array(value)
    if array is not None and array.size == 0 and array.shape == shape:
        raise ValueError(not_allowed(name, value, "checks.no_numbers"))
    if array is None or array.shape != shape or np.abs(array).max() > most:
        raise ValueError(not_allowed(name, value, "checks.array", shape=shape, most=most))
    array.flags.writeable = False
    return array


_BOUNDS = {
    (): "",
    ("least",): "least",
    ("above",): "above",
    ("least", "most"): "between",
    ("above", "most"): "above_to",
    ("least", "below"): "below",
    ("most",): "at_most",
    ("below",): "under",
    ("above", "below"): "inside",
}


def _bounds(**bounds: float | None) -> str:
    """Write the bounds of a number in words."""
    given = {name: f"{bound:g}" for name, bound in bounds.items() if bound is not None}
    given |= {name: f"{bound:,}" for name, bound in bounds.items() if isinstance(bound, int)}
    key = _BOUNDS[tuple(given)]
    return translate(f"checks.{key}", **given) if key else ""
