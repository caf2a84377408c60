"""Calling a reader's function: with a limit of time, and with nothing of ours in its reach."""

from __future__ import annotations

import contextlib
import copy
import importlib._bootstrap as import_system
import io
import itertools
import os
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import MAXIMUM_ITEMS, show
from hpt_widgets.exercises.arguments import Change, change_in
from hpt_widgets.exercises.exercise import Wrong
from hpt_widgets.language.exercises import TEXTS
from hpt_widgets.support.tensorflow_loader import load_tensorflow

SECONDS_ALLOWED = 3.0
"""How long one call of a reader's function may compute; imports are left out."""

WAITING_ALLOWED = 20.0
"""How long it may last in all, where it waits or other programs have the processor."""

DEEPEST_RECURSION = 10_000
"""How deep a reader's function may call itself; Python's own limit of 1,000 is soon reached."""

LONGEST_ARGUMENT = 120
"""How many characters of an argument a sentence repeats."""

# Time that is spent in these is not the reader's: importing TensorFlow takes some seconds.
_NOT_COUNTED = frozenset(
    function.__code__
    for function in (getattr(import_system, "_find_and_load", None), load_tensorflow)
    if function is not None
)


# What the workbook holds, a lock or a file, it lets go of at its end.
_WORKBOOK = str(Path(__file__).parents[1]) + os.sep
# These belong to whoever calls them: Python's library, other packages, what `exec` made.
_LIBRARIES = (str(Path(os.__file__).parent) + os.sep, "<frozen ", "<string>")
_INSTALLED = os.sep + "site-packages" + os.sep


class TookTooLong(Wrong):
    """A reader's function does not end: further cases are not tried."""


class _TooLong(BaseException):
    """Not an Exception, so that a reader's ``except Exception`` does not catch it."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__()
        self.text = text
        self.seconds = seconds


class Allowance:
    """How long several calls may take together, imports left out, and what they have changed.

    Attributes
    ----------
    left : float
        Seconds; negative where the time is used up.
    change : Change or None
        What the first call that changed an argument has made of it.
    """

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.change: Change | None = None


def call(
    function: Callable[..., Any],
    *arguments: object,
    copies: bool = True,
    allowance: Allowance | None = None,
) -> Any:
    """Call a reader's function, within a limit of time.

    Arguments are handed over as copies (unless told not to), so that a function that
    changes its arguments changes nothing here; the allowance keeps what it has changed.
    What it prints is not shown.

    Parameters
    ----------
    function : callable
        The reader's.
    *arguments : object
        What it gets.
    copies : bool, default True
        Whether arguments are copied first.
    allowance : Allowance, optional
        From this the time that the call takes is subtracted, and here stands what it changes.

    Returns
    -------
    object
        What it returns; a list of the values where it gives them one at a time.

    Raises
    ------
    Wrong
        If the function raises anything, takes too long, or returns None.
    """
    given = [copy.deepcopy(a) if copies and not callable(a) else a for a in arguments]
    try:
        with _quiet(), _deeper_recursion():
            returned = _run(function, given, allowance)
    except _TooLong as stopped:
        seconds, text = f"{stopped.seconds:g}", TEXTS[stopped.text]
        raise TookTooLong(text, seconds=seconds, call=show_call(arguments)) from None
    except RecursionError:
        raise TookTooLong(TEXTS["recursion"], call=show_call(arguments)) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        kind, message = type(error).__name__, _message(error)
        raise Wrong(
            TEXTS["raised"], call=show_call(arguments), kind=kind, message=message
        ) from None
    if returned is None:
        raise Wrong(TEXTS["returned_none"], call=show_call(arguments))
    if allowance is not None and allowance.change is None:
        allowance.change = change_in(list(arguments), given)
    return returned


def show_call(arguments: tuple[object, ...]) -> str:
    """Return arguments as they stand behind a function's name: ``(2.0, [1, 2])``."""
    return f"({', '.join(_show_argument(argument) for argument in arguments)})"


def _show_argument(argument: Any) -> str:
    if isinstance(argument, np.ndarray):
        return show(argument.tolist(), LONGEST_ARGUMENT)
    return getattr(argument, "__name__", None) or show(argument, LONGEST_ARGUMENT)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


@contextmanager
def _quiet() -> Iterator[None]:
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _deeper_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST_RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def many_calls() -> contextlib.AbstractContextManager[object]:
    """Let tracing begin and end once for all calls within.

    Each time that it does, Python goes through all functions that are running, which takes longer
    than most calls.
    """
    # A debugger, or a measurement of the coverage, is to see what lies between the calls.
    return contextlib.nullcontext() if sys.gettrace() is not None else _watched()


def _is_of_workbook(frame: types.FrameType | None, caller: types.CodeType) -> bool:
    """Whether this runs for the workbook, and not for the reader.

    `caller` is the workbook's function that has called the reader's.
    """
    while frame is not None and frame.f_code is not caller:
        name = frame.f_code.co_filename
        if name.startswith(_WORKBOOK):
            return True
        if not (name.startswith(_LIBRARIES) or _INSTALLED in name):
            return False
        frame = frame.f_back
    return False


@contextmanager
def _watched() -> Iterator[_Watch]:
    """Give this thread's watch, which ends with the outermost of these; put back what was there."""
    previous = sys.gettrace()
    if isinstance(previous, _Watch):
        yield previous
        return
    watch = _Watch()
    sys.settrace(watch)
    try:
        yield watch
    finally:
        sys.settrace(previous)


def _run(function: Callable[..., Any], arguments: list[Any], allowance: Allowance | None) -> Any:
    """Call a function; interrupt its Python code, at its next line, when time is up.

    What it calls of the workbook has all of `WAITING_ALLOWED`: an exception that a tracing
    function raises at the end of a ``with`` leaves its lock held, its file open.
    A tracing function sees each line, on any system and in any thread; an alarm
    signal would need Unix and the main thread. A debugger's own tracing is put back.
    """
    with _watched() as watch:
        before, deadline = watch.deadline, _Deadline()
        watch.deadline = deadline
        try:
            returned = function(*arguments)
            return _taken(returned) if isinstance(returned, Iterator) else returned
        finally:
            watch.deadline = before
            if allowance is not None:
                allowance.left -= SECONDS_ALLOWED - (deadline.computing_end - time.thread_time())


def _taken(iterator: Iterator[Any]) -> list[Any]:
    items = list(itertools.islice(iterator, MAXIMUM_ITEMS + 1))
    if len(items) > MAXIMUM_ITEMS:
        raise _TooLong("too_long", SECONDS_ALLOWED)
    return items


class _Watch:
    """A tracing function that looks at what is called while there is a deadline."""

    def __init__(self) -> None:
        self.deadline: _Deadline | None = None

    def __call__(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        return None if self.deadline is None else self.deadline.trace(frame, event, argument)


class _Deadline:
    """A tracing function that raises when time is up, and stops the clocks during imports."""

    def __init__(self) -> None:
        self.computing_end = time.thread_time() + SECONDS_ALLOWED
        self.waiting_end = time.monotonic() + WAITING_ALLOWED
        # Before then neither can be over: nobody computes for longer than it lasts.
        self.earliest_end = time.monotonic() + min(SECONDS_ALLOWED, WAITING_ALLOWED)
        self.stopped_at: tuple[float, float] | None = None

    def trace(self, frame: types.FrameType, event: str, _argument: Any) -> Any:
        if self.stopped_at is not None:
            return None
        # Only here: to look code up takes as long as a line.
        if event == "call" and frame.f_code in _NOT_COUNTED:
            self.stopped_at = time.thread_time(), time.monotonic()
            return self._until_it_returns
        now = time.monotonic()
        if now > self.earliest_end and (
            now > self.waiting_end or not _is_of_workbook(frame, _run.__code__)
        ):
            self._check()
        return self.trace

    def _check(self) -> None:
        left = self.computing_end - time.thread_time()
        if left < 0:
            raise _TooLong("too_long", SECONDS_ALLOWED)
        now = time.monotonic()
        if now > self.waiting_end:
            raise _TooLong("waited_too_long", WAITING_ALLOWED)
        self.earliest_end = min(now + left, self.waiting_end)

    def _until_it_returns(self, _frame: types.FrameType, event: str, _argument: Any) -> Any:
        if event == "return" and self.stopped_at is not None:
            computing, waiting = self.stopped_at
            self.computing_end += time.thread_time() - computing
            self.waiting_end += time.monotonic() - waiting
            self.stopped_at = None
        return self._until_it_returns
