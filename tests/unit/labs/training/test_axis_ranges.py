"""Axes on which the runs that matter are told apart, and no run presses the others flat."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpt_widgets.labs.training.axis_ranges import (
    MOST_TICKS,
    AxisRange,
    Losses,
    accuracy_range,
    loss_range,
)

FALLING = Losses([2.3, 0.6, 0.3, 0.25], [0.32, 0.26], is_long=False)
SLOW = Losses([2.3, 1.5, 0.9, 0.8], [1.0, 0.75], is_long=False)
DIVERGED = Losses([2.6, 9.0, 4e5], [5e5], is_long=False)
GUESSING = Losses([4.0, 9.0, 2.9, 2.4, 2.31, 2.32], [2.4, 2.31], is_long=False)
# 30 epochs: the training loss goes to 0.001, the validation loss turns at 0.28.
OVERFIT = Losses(
    [2.2, 0.9, 0.4, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001],
    [0.5, 0.36, 0.31, 0.28, 0.285, 0.29, 0.3, 0.31, 0.32, 0.33, 0.34],
    is_long=True,
)


@pytest.mark.parametrize("wild", [DIVERGED, GUESSING])
@pytest.mark.parametrize("is_log", [True, False])
def test_a_run_that_does_not_learn_squashes_nobody(wild, is_log):
    alone = loss_range([FALLING, SLOW], is_log=is_log)
    assert loss_range([FALLING, SLOW, wild], is_log=is_log) == alone
    assert alone.high <= 5
    assert 0 < alone.share(0.3) < alone.share(2.3) <= 1


def test_a_run_that_diverged_alone_is_shown_as_it_was():
    axis = loss_range([DIVERGED], is_log=True)
    assert axis.low <= 2.6
    assert axis.high >= 5e5


def test_where_every_run_diverges_the_axis_ends_where_the_calmest_began():
    axis = loss_range([DIVERGED, Losses([2.4, 50.0], [], is_long=False)], is_log=False)
    assert 2.4 < axis.high < 5


@pytest.mark.parametrize("is_log", [True, False])
def test_overfitting_is_seen_at_once(is_log):
    axis = loss_range([OVERFIT], is_log=is_log)
    # From its lowest to its end the validation loss climbs over a tenth of the chart.
    assert axis.share(0.34) - axis.share(0.28) > 1 / 10
    assert 0 < axis.share(0.28) < axis.share(0.34) < 1
    assert (axis.low == 0) is not is_log
    # The end of the training loss is below a logarithmic axis, and on a linear one.
    assert (axis.share(0.001) < 0) is is_log


def test_the_beginning_of_a_short_run_is_shown():
    for is_log in (True, False):
        axis = loss_range([FALLING], is_log=is_log)
        assert 0 < axis.share(0.25) < axis.share(2.3) <= 1


def test_charts_without_runs_have_axes():
    assert loss_range([], is_log=True).is_log
    assert loss_range([Losses([], [], is_long=False)], is_log=False).high >= 4
    assert (
        accuracy_range([])
        == accuracy_range([[], []])
        == AxisRange(0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    )


def test_accuracies_that_lie_close_are_far_apart():
    axis = accuracy_range([[0.86, 0.92, 0.94], [0.9, 0.95, 0.96]])
    assert axis.share(0.96) - axis.share(0.94) > 1 / 5
    assert 0 < axis.share(0.94) < axis.share(0.96) <= 1


def test_a_run_that_only_guesses_squashes_no_accuracies():
    near = [[0.86, 0.92, 0.94], [0.9, 0.95, 0.96]]
    guessing = [0.1, 0.11, 0.098]
    axis = accuracy_range([*near, guessing])
    assert axis == accuracy_range(near)
    assert axis.share(0.098) < 0
    alone = accuracy_range([guessing])
    assert 0 <= alone.share(0.098) < alone.share(0.11) <= 1


def test_a_slow_run_still_counts():
    axis = accuracy_range([[0.6, 0.75, 0.82], [0.9, 0.95, 0.96]])
    assert axis.share(0.82) > 0


def test_the_accuracies_of_a_lone_run_are_all_shown():
    axis = accuracy_range([[0.3, 0.7, 0.97]])
    assert axis.low <= 0.3
    assert 0.97 <= axis.high <= 1


def test_a_perfect_accuracy_leaves_the_axis_some_length():
    for runs in ([[1.0]], [[1.0, 1.0], [1.0]]):
        axis = accuracy_range(runs)
        assert axis.low < axis.high == 1


accuracies = st.lists(st.floats(0, 1), max_size=8)


@given(st.lists(accuracies, max_size=6))
def test_an_axis_of_accuracies_shows_the_best_with_few_ticks(runs):
    axis = accuracy_range(runs)
    assert -1e-9 <= axis.low < axis.high <= 1
    assert 2 <= len(axis.ticks) <= MOST_TICKS
    # The chart writes them with two digits of a percentage.
    assert axis.ticks == pytest.approx([round(tick, 4) for tick in axis.ticks], abs=1e-9)
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)
    measured = [max(run) for run in runs if run]
    if measured:
        assert 0 <= axis.share(max(measured)) <= 1 + 1e-9


losses = st.floats(1e-6, 1e6)


@given(
    st.lists(
        st.builds(
            Losses, st.lists(losses, max_size=8), st.lists(losses, max_size=8), st.booleans()
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_an_axis_of_losses_has_a_length_and_ticks(runs, is_log):
    axis = loss_range(runs, is_log=is_log)
    assert axis.low > 0 if is_log else axis.low == 0
    assert axis.low < axis.high < math.inf
    assert axis.ticks
    assert all(axis.low <= tick <= axis.high * (1 + 1e-9) for tick in axis.ticks)


@given(st.floats(0, 1), st.booleans())
def test_shares_and_values_are_each_others_inverse(share, is_log):
    axis = AxisRange(0.01, 10.0, [0.1, 1.0], is_log)
    assert axis.share(axis.at(share)) == pytest.approx(share, abs=1e-9)
    assert axis.share(axis.low) == pytest.approx(0)
    assert axis.share(axis.high) == pytest.approx(1)
    assert axis.share(0.0 if is_log else -1.0) < 0
