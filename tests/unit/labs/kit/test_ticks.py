"""Ticks: few, round, and never outside of the axis."""

import itertools
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpt_widgets.labs.kit.ticks import MOST_TICKS, log_ticks, outer_ticks, round_ticks


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((0, 10), [0, 5, 10]),
        ((0, 27), [0, 10, 20]),
        ((0, 1), [0, 0.5, 1]),
        ((0.2, 0.8), [0.2, 0.4, 0.6, 0.8]),
        ((25, 135), [40, 60, 80, 100, 120]),
        ((-1, 1), [-1, -0.5, 0, 0.5, 1]),
        ((0.912, 0.937), [0.915, 0.92, 0.925, 0.93, 0.935]),
    ],
)
def test_round_ticks_are_those_that_a_reader_would_choose(ends, ticks):
    assert round_ticks(*ends) == ticks


def test_an_axis_without_length_has_one_tick():
    assert round_ticks(3.0, 3.0) == [3.0]
    assert round_ticks(3.0, 2.0) == [3.0]


@given(
    low=st.floats(-1e6, 1e6),
    length=st.floats(1e-3, 1e6),
    most=st.integers(2, 12),
)
def test_round_ticks_are_few_evenly_spaced_and_inside(low, length, most):
    assume(length > 1e-4 * abs(low))
    high = low + length
    ticks = round_ticks(low, high, most)
    assert 1 <= len(ticks) <= most
    slack = 1e-6 * length
    assert low - slack <= ticks[0]
    assert ticks[-1] <= high + slack
    steps = [second - first for first, second in itertools.pairwise(ticks)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)
    if steps:
        # The step is 1, 2 or 5 times a power of ten.
        digits = steps[0] / 10 ** math.floor(math.log10(steps[0]) + 1e-6)
        assert min(abs(digits - digit) for digit in (1, 2, 5)) < 1e-3


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((0.001, 0.1), [0.001, 0.01, 0.1]),
        ((0.0008, 0.13), [0.001, 0.01, 0.1]),
        ((0.02, 0.5), [0.02, 0.05, 0.1, 0.2, 0.5]),
        ((2, 9), [2, 5]),
        ((1e-6, 10), [1e-6, 1e-4, 1e-2, 1]),
    ],
)
def test_log_ticks_are_powers_of_ten_or_where_they_are_few_2_and_5_times_them(ends, ticks):
    assert log_ticks(*ends) == ticks


def test_log_ticks_can_be_fewer():
    assert log_ticks(0.0001, 0.2, most=3) == [0.0001, 0.01]


@given(low=st.floats(1e-8, 1e3), factor=st.floats(1.01, 1e9))
def test_log_ticks_are_few_and_inside(low, factor):
    ticks = log_ticks(low, low * factor)
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= MOST_TICKS
    assert all(low <= tick <= low * factor for tick in ticks)
    if factor >= 10:
        assert len(ticks) >= 2


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((0, 0.36), [0, 0.1, 0.2, 0.3, 0.4]),
        ((0.872, 0.96), [0.86, 0.88, 0.9, 0.92, 0.94, 0.96]),
        ((0, 7.3), [0, 2, 4, 6, 8]),
        ((3, 3), [3, 3.1]),
    ],
)
def test_outer_ticks_hold_what_lies_between(ends, ticks):
    assert outer_ticks(*ends, most=6) == ticks


@given(low=st.floats(-1e6, 1e6), length=st.floats(0, 1e6), most=st.integers(3, 12))
def test_outer_ticks_are_few_and_evenly_spaced(low, length, most):
    assume(length == 0 or length > 1e-4 * abs(low))
    high = low + length
    ticks = outer_ticks(low, high, most)
    slack = 1e-6 * max(length, abs(low), 1e-3)
    assert 2 <= len(ticks) <= most
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    steps = [second - first for first, second in itertools.pairwise(ticks)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-4) for step in steps)
