"""Searches held against each other, checked with SciPy's own Welch test."""

import math

import numpy as np
import pytest
from scipy import stats

from hpt_widgets.search.comparison import (
    Repeats,
    band_by_seconds,
    band_by_trials,
    compare,
    distinct_values,
)
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial


def record_of(*scores, seconds=1.0, method="random"):
    record = SearchRecord(method)
    for score in scores:
        ended = "failed" if score is None else "finished"
        record.append(
            Trial(
                {"learning_rate": 0.1},
                method,
                validation_accuracy=score,
                seconds=seconds,
                ended=ended,
            )
        )
    return record


def repeats(name, finals):
    return Repeats(name, tuple(record_of(0.1, final) for final in finals))


def test_distinct_values_are_counted_in_the_order_of_their_coming():
    trials = [Trial({"learning_rate": rate}) for rate in (0.1, 0.01, 0.1)]
    assert distinct_values([*trials, Trial({})], "learning_rate") == [(0.1, 2), (0.01, 1)]
    assert distinct_values(trials, "batch_size") == []


def test_values_that_have_no_hash_are_counted_too():
    trials = [Trial({"layers": {"a": size}}) for size in (1, 2, 1)]
    assert distinct_values(trials, "layers") == [({"a": 1}, 2), ({"a": 2}, 1)]


def test_values_that_are_no_number_are_one():
    trials = [Trial({"missing": float("nan")}) for _ in range(2)]
    [(_, count)] = distinct_values(trials, "missing")
    assert count == 2


def test_the_band_goes_as_far_as_the_shortest_search():
    band = band_by_trials([record_of(0.5, 0.4, 0.9), record_of(0.3, 0.6)])
    assert band.x.tolist() == [1, 2]
    assert band.lowest.tolist() == [0.3, 0.5]
    assert band.highest.tolist() == [0.5, 0.6]
    assert band.mean.tolist() == pytest.approx([0.4, 0.55])


def test_the_band_over_seconds_holds_the_best_until_a_better_trial_lands():
    fast, slow = record_of(0.5, 0.6, 0.7, 0.8), record_of(0.4, 0.9, seconds=2.0)
    band = band_by_seconds([fast, slow])
    assert band.x.tolist() == [1, 2, 3, 4]
    assert np.isnan(band.mean[0])
    assert band.lowest[1:].tolist() == [0.4, 0.4, 0.8]
    assert band.highest[1:].tolist() == [0.6, 0.7, 0.9]


@pytest.mark.parametrize("band", [band_by_trials, band_by_seconds])
def test_there_may_be_nothing_to_draw(band):
    for records in ([], [SearchRecord()], [record_of(None)]):
        assert not np.isfinite(band(records).mean).any()


@pytest.mark.parametrize("shift", [0.0, 0.05])
def test_the_interval_is_that_of_welchs_test(shift):
    one = [0.90, 0.91, 0.93, 0.90]
    other = [0.905 + shift, 0.915 + shift, 0.90 + shift]
    found = compare(repeats("one", one), repeats("other", other))
    reference = stats.ttest_ind(other, one, equal_var=False)
    interval = reference.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.exceeds_noise == (reference.pvalue < 0.05)
    assert found.deviations == pytest.approx((np.std(one, ddof=1), np.std(other, ddof=1)))
    words = "Larger than the seed noise" if shift else "Not larger than the seed noise"
    assert words in str(found)


def test_with_too_few_repeats_nothing_is_claimed():
    found = compare(repeats("one", [0.1, 0.1]), repeats("other", [0.9, 0.9, 0.9]))
    assert not found.is_decidable
    assert not found.exceeds_noise
    assert math.isnan(found.low)
    assert "Not enough repeats" in str(found)


def test_searches_are_compared_at_the_budget_that_all_reached():
    long = Repeats("long", tuple(record_of(0.5, 0.5, 0.99) for _ in range(3)))
    short = Repeats("short", tuple(record_of(0.5, 0.6) for _ in range(3)))
    found = compare(long, short)
    assert found.trials == 2
    assert found.means == pytest.approx((0.5, 0.6))
    # No noise at all: the difference is all there is.
    assert found.exceeds_noise
    assert not compare(long, long).exceeds_noise


def test_without_a_usable_trial_there_is_no_comparison():
    failed = Repeats("failed", (record_of(None),))
    assert compare(failed, repeats("other", [0.9])) is None
