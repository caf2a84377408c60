"""The band of the best so far is what drawing all orders gives."""

import itertools
import math

import numpy as np
import pytest

from hpt_widgets.board.best_so_far import QUANTILES, order_band


def quantiles_of_all_orders(values):
    """Return the quantiles of the best of the first k, from every order there is."""
    best = np.array(
        [
            np.maximum.accumulate(np.where(np.isnan(order), -np.inf, order))
            for order in itertools.permutations(values)
        ]
    )
    found = np.quantile(best, QUANTILES, axis=0, method="inverted_cdf")
    return np.where(np.isneginf(found), np.nan, found)


@pytest.mark.parametrize(
    "values",
    [
        [0.5],
        [0.1, 0.2, 0.3],
        [0.3, 0.9, 0.9, 0.2, 0.5, 0.5, 0.1],
        [math.nan, 0.4, math.nan, 0.6, 0.1],
        [math.nan, math.nan],
    ],
)
def test_the_band_is_that_of_all_orders(values):
    band = order_band(values)
    assert band.x.tolist() == list(range(1, len(values) + 1))
    expected = quantiles_of_all_orders(values)
    for curve, wanted in zip((band.low, band.middle, band.high), expected, strict=True):
        np.testing.assert_array_equal(curve, wanted)


def test_the_band_does_not_depend_on_the_order():
    values = np.random.default_rng(0).uniform(size=40)
    one, other = order_band(values), order_band(values[::-1])
    np.testing.assert_array_equal(one.low, other.low)
    np.testing.assert_array_equal(one.high, other.high)


def test_many_runs_agree_with_orders_that_are_drawn():
    random = np.random.default_rng(1)
    values = random.uniform(size=3000)
    band = order_band(values)
    assert len(band.x) <= 80
    assert (band.x[0], band.x[-1]) == (1, 3000)
    assert band.low[-1] == band.high[-1] == values.max()
    drawn = np.array([np.maximum.accumulate(random.permutation(values)) for _ in range(2000)])
    for curve, quantile in zip((band.low, band.middle, band.high), QUANTILES, strict=True):
        best = drawn[:, band.x - 1]
        assert np.all((best <= curve).mean(axis=0) > quantile - 0.03)
        assert np.all((best < curve).mean(axis=0) < quantile + 0.03)


def test_no_runs_have_no_band():
    assert len(order_band([]).x) == 0
