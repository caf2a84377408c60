"""What all charts of the labs share."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpt_widgets.labs.kit.charts import (
    MOST_LOG_TICKS,
    MOST_POINTS,
    Curve,
    drawable,
    figure,
    log_axis,
    log_tick_format,
    swatch,
)
from hpt_widgets.support.colors import PALETTE

numbers = st.one_of(st.floats(), st.just(0.0))


@given(st.lists(st.tuples(numbers, numbers), max_size=40), st.booleans())
def test_what_would_blank_a_chart_is_left_out_and_the_rest_is_kept(points, positive):
    x, y = [p[0] for p in points], [p[1] for p in points]
    xs, ys = drawable(x, y, positive=positive)
    kept = [
        (a, b)
        for a, b in points
        if math.isfinite(a) and math.isfinite(b) and (b > 0 or not positive)
    ]
    assert list(zip(xs, ys, strict=True)) == kept


def test_a_long_line_is_thinned_and_keeps_its_ends():
    xs, ys = drawable(range(10_000), range(10_000), positive=False)
    assert len(xs) == MOST_POINTS
    assert (xs[0], xs[-1]) == (0, 9_999)
    assert np.array_equal(xs, ys)
    assert np.all(np.diff(xs) > 0)


@given(st.floats(1e-12, 1e12), st.floats(1, 1e12))
def test_a_logarithmic_axis_holds_its_values_and_has_few_round_ticks(smallest, factor):
    largest = smallest * factor
    low, high, ticks = log_axis(smallest, largest)
    assert low <= smallest
    assert high >= largest
    assert low < high
    assert 1 <= len(ticks) <= MOST_LOG_TICKS
    assert all(low <= tick <= high for tick in ticks)
    assert {f"{tick:.6e}"[:8] for tick in ticks} <= {"1.000000", "2.000000", "5.000000"}


@given(st.floats(1e-12, 1e12), st.floats(1, 1e12))
def test_the_numbers_on_a_logarithmic_axis_are_alike_and_short(smallest, factor):
    ticks = log_axis(smallest, smallest * factor)[2]
    written = log_tick_format(ticks)
    # Python and D3 write such numbers alike, but for D3's shorter exponents.
    words = [f"{tick:{written.removeprefix('~')}}" for tick in ticks]
    assert len({"e" in word for word in words}) == 1
    assert all(float(word) == pytest.approx(tick) for word, tick in zip(words, ticks, strict=True))
    assert all(len(word) <= 5 for word in words)


def test_numbers_are_written_out_where_all_of_them_are_short():
    assert log_tick_format([0.001, 1.0, 1000.0]) == "~g"
    assert log_tick_format([100.0, 10_000.0]) == ".0e"
    assert log_tick_format([1e-4, 1.0]) == ".0e"


def test_a_curve_draws_line_and_points_alike_in_its_colour():
    _, scales = figure("x", "y", log_y=True)
    curve = Curve(scales, ("x", "y"), dashed=True, positive=True)
    curve.draw([1, 2, 3], [0.5, math.nan, 0.25])
    for mark in curve.marks:
        assert list(mark.x) == [1, 3]
        assert list(mark.y) == [0.5, 0.25]
    curve.style(PALETTE[1], width=2, opacity=0.5)
    assert curve.line.colors == curve.points.colors == [PALETTE[1]]
    assert curve.line.opacities == [0.5]
    assert curve.line.line_style == "dashed"
    assert curve.points.tooltip.fields == ["x", "y"]


def test_the_colours_differ():
    assert len(set(PALETTE)) == len(PALETTE) >= 6


@pytest.mark.parametrize("dashed", [True, False])
def test_a_swatch_shows_colour_and_dashes(dashed):
    made = swatch("#123456", dashed=dashed)
    assert "#123456" in made
    assert ("dashed" in made) == dashed
