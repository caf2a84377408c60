"""What a clumsy reader may hand over: Hypothesis strategies of values that are not allowed.

Each strategy holds nothing that is allowed, so a test needs no second opinion on what it draws.
"""

import contextlib
import datetime as dt
import math
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hpt_widgets as hpt

# To get ready for an example takes Hypothesis longer than to draw ten values for it.
N_VALUES = 10
SETTINGS = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
LONGEST_MESSAGE = 4_700
LANGUAGES = st.sampled_from(("en", "zh"))


@dataclass(frozen=True)
class Case:
    """One parameter of one public callable, and what it must not be given.

    `words` is a pattern that finds the parameter's name in the message; by default the name.
    """

    owner: str
    parameter: str
    call: Callable[[Any], Any]
    bad: st.SearchStrategy
    words: str = ""
    shows_value: bool = True

    def __str__(self):
        return f"{self.owner}-{self.parameter}"


def check_refusals(case, prepare=lambda: None, check=lambda: None):
    """Hand over many bad values, in both languages; each must be refused by name.

    `prepare` and `check` are called before and after each of them.
    """

    handed_over = st.tuples(case.bad, LANGUAGES)

    @SETTINGS
    @given(st.lists(handed_over, min_size=N_VALUES, max_size=N_VALUES))
    def refuse(values):
        for place, (value, language) in enumerate(values):
            with noting(f"It was values[{place}]."):
                hpt.use_language(language)
                prepare()
                assert_explained(case, value, refusal(case, value))
                check()

    refuse()


@contextlib.contextmanager
def noting(words):
    """Say where it was, below what fails."""
    try:
        yield
    except BaseException as error:
        error.add_note(words)
        raise


def refusal(case, value):
    """Hand a value over, and return what was said of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((TypeError, ValueError)) as caught:
            case.call(value)
    assert caught.type in (TypeError, ValueError)
    return str(caught.value)


def assert_explained(case, value, message):
    """Check that a message is readable, and names the parameter and the value."""
    assert re.search(case.words or re.escape(case.parameter), message), message
    assert len(message) < LONGEST_MESSAGE, message[:LONGEST_MESSAGE]
    if case.shows_value and is_short(value):
        assert repr(value) in message or str(value) in message, message


def is_short(value):
    """Tell whether a value is a single one that a message can show whole."""
    if isinstance(value, int) and abs(value) > 10**30:
        return False
    return isinstance(value, str | int | float | complex | type(None)) and len(repr(value)) < 60


BEYOND_FLOATS = (10**400, -(10**400), Fraction(10**400), 10**5000)
NOT_FINITE = (math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf"))


class Unfriendly:
    """Can't be compared with anything, as an array can't."""

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    __hash__ = None


# No single real number, no text of use, no pair of arrays, no function of numbers.
MISFITS = (
    None,
    True,
    np.True_,
    "",
    "1",
    "nan",
    "abc",
    b"1",
    1j,
    np.complex64(1j),
    [],
    [None],
    [1.0, "a"],
    [[1.0], [2.0, 3.0]],
    [10**400],
    (),
    {},
    {"a": 1},
    set(),
    float,
    object(),
    Unfriendly(),
    dt.date(2026, 1, 1),
    np.datetime64("2026-01-01"),
    np.array([]),
    np.array(["a"]),
    np.array([1.0, 2.0]),
    np.array([[True, False], [False, True]]),
    np.array([1j, 2.0]),
    np.array([None, 1], dtype=object),
    np.zeros((2, 3, 4)),
    [0.1] * 1_000,
)


def misfits(*but_not):
    """Return values that are nothing of use; `but_not` takes some types out."""
    left = [value for value in MISFITS if not isinstance(value, but_not)]
    return st.sampled_from(left)


def no_number(least=-math.inf, most=math.inf, *, above=False, below=False):
    """Return what is no finite number from `least` to `most`, these two included unless told."""

    def is_outside(value):
        number = float(value)
        too_low = number <= least if above else number < least
        too_high = number >= most if below else number > most
        return too_low or too_high

    outside = [st.sampled_from(NOT_FINITE), misfits()]
    if math.isfinite(least) or math.isfinite(most):
        outside.append(st.floats(allow_nan=False).filter(is_outside))
    if math.isfinite(least):
        outside.append(st.integers(max_value=math.ceil(least - abs(least) * 1e-9) - 1))
    if math.isfinite(most):
        outside.append(st.integers(min_value=math.floor(most + abs(most) * 1e-9) + 1))
    outside.append(st.sampled_from(BEYOND_FLOATS))
    return st.one_of(outside)


def no_whole_number(least, most=None):
    """Return what is no whole number from `least` to `most`."""
    parts = [
        misfits(),
        st.sampled_from(NOT_FINITE),
        st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer()),
        st.fractions().filter(lambda x: x.denominator > 1),
        st.integers(max_value=least - 1),
        st.sampled_from([-(10**400), -(10**5000)]),
    ]
    if most is not None:
        parts += [st.integers(min_value=most + 1), st.sampled_from([10**400, 10**5000])]
    return st.one_of(parts)


def no_choice(*allowed):
    """Return what is none of these words."""
    words = st.text(max_size=8).filter(lambda word: word not in allowed)
    return st.one_of(misfits(), st.floats(), st.integers(), words)


def no_text():
    """Return what is no text at all."""
    return st.one_of(misfits(str), st.floats(), st.integers())


def nothing_of(*types):
    """Return what is of none of these types."""
    values = st.one_of(misfits(), st.floats(), st.integers(), st.text(max_size=5))
    return values.filter(lambda value: not isinstance(value, types))


def no_function():
    """Return what can't be called."""
    return st.one_of(misfits(type), st.floats(), st.integers(), st.text(max_size=5))


def no_point(n_dims):
    """Return what is no point of `n_dims` finite numbers."""
    bad = st.sampled_from([*NOT_FINITE, *BEYOND_FLOATS[:3], None, "1", 1j, True, [1.0], "a"])
    holed = st.tuples(*[st.one_of(bad, st.just(1.0))] * n_dims).filter(
        lambda point: any(not is_plain(part) for part in point)
    )
    other_length = st.lists(st.just(1.0), max_size=5).filter(lambda point: len(point) != n_dims)
    texts = st.just(["1"] * n_dims)
    fitting = (np.ndarray,) if n_dims == 2 else ()
    return st.one_of(misfits(*fitting), holed, other_length, texts)


def is_plain(value):
    """Tell whether a value is an ordinary finite number."""
    return type(value) in (int, float) and -1e300 < value < 1e300
