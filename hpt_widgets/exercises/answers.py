"""Reading what a reader wrote: numbers, arrays and functions, however odd they are.

All of it turns into a plain value or into `Wrong` with a clear sentence. A reader's
function is run with a limit of time, so that one that never ends does not hang the
lesson.
"""

from __future__ import annotations

import numbers
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.exercises.exercise import NotAnswered, Wrong
from hpt_widgets.language.exercises import TEXTS

SECONDS_ALLOWED = 3.0
"""How long one call of a reader's function may take."""

MAXIMUM_SHOWN = 60
"""How many characters of a reader's value a sentence repeats."""

FloatArray = NDArray[np.float64]


def show(value: object) -> str:
    """Return a short form of any value, even of one whose ``repr`` fails."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= MAXIMUM_SHOWN else text[: MAXIMUM_SHOWN - 1] + "…"


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
        raise Wrong(TEXTS["none"])
    if callable(value):
        raise Wrong(TEXTS["number_is_function"], found=show(value))
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, str | bytes):
        raise Wrong(TEXTS["number_is_text"], found=show(value))
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise Wrong(TEXTS["not_a_number"], found=show(value), kind=type(value).__name__)
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    if not np.isfinite(number):
        raise Wrong(TEXTS["not_finite"], found=number)
    return number


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
        raise Wrong(TEXTS["returned_none"])
    if isinstance(value, Iterator):
        raise Wrong(TEXTS["returned_iterator"], kind=type(value).__name__)
    try:
        array = np.asarray(value)
    except Exception:
        raise Wrong(TEXTS["not_an_array"], found=show(value)) from None
    if array.dtype.kind not in "fiu":
        raise Wrong(TEXTS["not_an_array"], found=show(value))
    if shape is not None and array.shape != shape:
        raise Wrong(TEXTS["wrong_shape"], found=array.shape, expected=shape)
    return array.astype(np.float64)


def close(found: ArrayLike, expected: ArrayLike, tolerance: float = 1e-6) -> bool:
    """Return whether two numbers or arrays have one shape and agree.

    Parameters
    ----------
    found, expected : array_like
        What to compare.
    tolerance : float, default 1e-6
        How far they may be apart, in absolute terms and relative to `expected`.

    Returns
    -------
    bool
    """
    if np.shape(found) != np.shape(expected):
        return False
    return bool(np.allclose(found, expected, rtol=tolerance, atol=tolerance))


# ---------------------------------------------------------------- functions


class _TooLong(BaseException):
    """Not an Exception, so that a reader's ``except Exception`` does not catch it."""


def as_function(value: object) -> Callable[..., Any]:
    """Return a function that may be called, or raise `Wrong`."""
    if value is None:
        raise Wrong(TEXTS["none"])
    if isinstance(value, type) or not callable(value):
        raise Wrong(TEXTS["not_a_function"], found=show(value))
    return value


def call(function: Callable[..., Any], *arguments: object, copies: bool = True) -> Any:
    """Call a reader's function, within a limit of time.

    Arrays are handed over as copies (unless told not to), so that a function that
    changes its arguments changes nothing here.

    Parameters
    ----------
    function : callable
        The reader's.
    *arguments : object
        What it gets.
    copies : bool, default True
        Whether arrays are copied first.

    Returns
    -------
    object
        What it returns.

    Raises
    ------
    Wrong
        If the function raises anything, or takes too long.
    """
    given = [a.copy() if copies and isinstance(a, np.ndarray) else a for a in arguments]
    try:
        with _quiet():
            return _run(function, given, SECONDS_ALLOWED)
    except _TooLong:
        raise Wrong(
            TEXTS["too_long"], seconds=f"{SECONDS_ALLOWED:g}", call=_shown_call(arguments)
        ) from None
    except RecursionError:
        raise Wrong(TEXTS["recursion"], call=_shown_call(arguments)) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise Wrong(
            TEXTS["raised"],
            call=_shown_call(arguments),
            kind=type(error).__name__,
            message=_message(error),
        ) from None


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _shown_call(arguments: tuple[object, ...]) -> str:
    shown = (
        getattr(a, "__name__", None) or show(a.tolist() if isinstance(a, np.ndarray) else a)
        for a in arguments
    )
    return f"({', '.join(shown)})"


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _run(function: Callable[..., Any], arguments: list[Any], seconds: float) -> Any:
    """Call a function; interrupt its Python code, at its next line, when time is up.

    A tracing function sees each line, on any system and in any thread; an alarm
    signal would need Unix and the main thread. A debugger's own tracing is put back.
    """
    end = time.monotonic() + seconds

    def trace(_frame: types.FrameType, _event: str, _argument: Any) -> Any:
        if time.monotonic() > end:
            raise _TooLong
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        return function(*arguments)
    finally:
        sys.settrace(previous)
