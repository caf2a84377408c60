"""Chapter 3.1: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters.chapter_03_1 import INCUMBENT, IS_REAL, standard_error
from hpt_widgets.support.tensorflow_loader import load_tensorflow

# ---------------------------------------------------------------- 3.1-a


def test_right_rates() -> None:
    tf = load_tensorflow()
    for answer in (
        np.geomspace(1e-4, 1, 5),
        np.logspace(-4, 0, 5),
        (1, 0.1, 0.01, 1e-3, 1e-4),
        map(float, ("0.0001", "0.001", "0.01", "0.1", "1")),
        {10.0**-power for power in range(5)},
        pd.Series([1, 0.1, 0.01, 0.001, 0.0001]),
        tf.pow(10.0, [-4.0, -3.0, -2.0, -1.0, 0.0]),
        [np.float32(rate) for rate in (0.0001, 0.001, 0.01, 0.1, 1)],
    ):
        assert hpt.check("3.1-a", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.linspace(0.0001, 1, 5), "evenly spaced by differences"),
        (np.arange(-4, 1), "These are the exponents"),
        (np.logspace(0.0001, 1, 5), "`np.logspace` takes exponents"),
        ([0.0001, 0.001, 0.01, 0.1], "Expected 5 learning rates, got 4"),
        ([0.001, 0.01, 0.1, 1, 10], "Yours go from 0.001 to 10"),
        ([0.0001, 0.01, 0.02, 0.1, 1], "The ratios of neighbours differ"),
        ([0.0001, 0.25, 0.5, 0.75, 1], "The ratios of neighbours differ"),
        ([-0.0001, 0.001, 0.01, 0.1, 1], "Yours go from -0.0001 to 1"),
        ([0.0001, 1], "Expected 5 learning rates, got 2"),
        (0.01, "Expected 5 learning rates, got 1"),
        ([0.1, 0.01].sort(), "a method such as `.sort()` changes its list"),
        ((10.0**-power for power in range(5)), "make a list of it with `list(…)`"),
        (["0.0001", "0.001", "0.01", "0.1", "1"], "Expected numbers"),
        ("0.1", "0.1"),
    ],
)
def test_wrong_rates(answer: Any, words: str) -> None:
    verdict = hpt.check("3.1-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
    assert "function" not in verdict.message


# ---------------------------------------------------------------- 3.1-b


def incumbent_of_record(scores: list[float]) -> list[float]:
    record = hpt.SearchRecord()
    for score in scores:
        ended = "diverged" if math.isnan(score) else "finished"
        record.append(hpt.Trial({}, validation_accuracy=score, ended=ended))
    return [float(best) for best in record.incumbent]


def test_the_record_has_the_same_incumbent() -> None:
    known = {str(scores): incumbent_of_record(scores) for (scores,) in INCUMBENT.cases}
    assert hpt.check("3.1-b", lambda scores: known[str(scores)])


def test_right_incumbents() -> None:
    tf = load_tensorflow()

    def one_at_a_time(scores: Any) -> Any:
        best = scores[0]
        for score in scores:
            best = max(best, score)
            yield best

    def recursive(scores: Any) -> Any:
        if len(scores) == 1:
            return scores
        before = recursive(scores[:-1])
        return [*before, before[-1] if math.isnan(scores[-1]) else max(before[-1], scores[-1])]

    for answer in (
        one_at_a_time,
        recursive,
        np.fmax.accumulate,
        lambda scores: [np.nanmax(scores[: i + 1]) for i in range(len(scores))],
        lambda scores: pd.Series(scores).cummax().ffill(),
        lambda scores: np.maximum.accumulate(np.nan_to_num(scores)),
        lambda scores: tf.constant(np.fmax.accumulate(scores), tf.float32),
    ):
        assert hpt.check("3.1-b", answer)


def score_first(scores: Any) -> Any:
    best, found = 0.0, []
    for score in scores:
        best = max(score, best)
        found.append(best)
    return found


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.nanmax, "the single number"),
        (np.maximum.accumulate, "once a run has diverged (nan), everything is nan"),
        (lambda s: pd.Series(s).cummax(), "you return [0.85, nan, 0.85"),
        (score_first, "`max(score, best)` returns nan"),
        (np.fmin.accumulate, "the worst so far"),
        (lambda scores: list(scores), "as it is"),
        (lambda scores: [np.nanmax(scores)] * len(scores), "nobody knew the later ones"),
        (
            lambda scores: np.fmax.accumulate(scores)[~np.isnan(scores)],
            "the runs that diverged are missing",
        ),
        (lambda scores: sorted(set(np.fmax.accumulate(scores))), "only where the best changes"),
        (lambda scores: np.fmax.accumulate(scores)[1:], "it should be [0.9]"),
        (lambda scores: np.fmax.accumulate(scores[::-1])[::-1], "it should be"),
        (lambda scores: [int(np.nanargmax(scores[: i + 1])) for i in range(len(scores))], "[0]"),
        (lambda scores: np.fmax.accumulate([0.5, *scores])[1:], "it should be [0.11, 0.11, 0.3]"),
        (lambda scores: [0.5] * len(scores), "you return [0.5]; it should be [0.9]"),
        (lambda scores: str(scores), "Expected numbers"),
    ],
)
def test_wrong_incumbents(answer: Any, words: str) -> None:
    verdict = hpt.check("3.1-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 3.1-c


def gap(first: Any, second: Any) -> float:
    return float(np.mean(second) - np.mean(first))


def error(first: Any, second: Any, ddof: int = 1) -> float:
    return float(np.sqrt(sum(np.var(runs, ddof=ddof) / len(runs) for runs in (first, second))))


def not_squared(first: Any, second: Any, ddof: int) -> float:
    return float(np.sqrt(sum(np.std(runs, ddof=ddof) / len(runs) for runs in (first, second))))


def test_the_standard_error_is_that_of_welchs_test() -> None:
    for first, second in IS_REAL.cases:
        test = stats.ttest_ind(second, first, equal_var=False)
        assert gap(first, second) / standard_error(first, second) == pytest.approx(test.statistic)


def test_the_samples_are_unequal_and_both_verdicts_are_common() -> None:
    sizes = [(len(first), len(second)) for first, second in IS_REAL.cases]
    assert sum(one != other for one, other in sizes) > 60
    assert 0.35 < np.mean([IS_REAL.right(*pair) for pair in IS_REAL.cases]) < 0.65


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a, b: True, "says `True` for every pair"),
        (lambda a, b: False, "says `False` for every pair"),
        (lambda a, b: abs(gap(a, b)) > 2 * error(a, b) ** 2, "Is the root taken"),
        (lambda a, b: gap(a, b) > 0, "your function says"),
        (lambda a, b: gap(a, b) > 2 * error(a, b), "Take the absolute value"),
        (lambda a, b: gap(b, a) > 2 * error(a, b), "Take the absolute value"),
        (lambda a, b: abs(gap(a, b)) > 2 * error(a, b, 0), "`ddof=1`"),
        (
            lambda a, b: (
                abs(gap(a, b)) > 2 * np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(a))
            ),
            "Each is divided by its own",
        ),
        (lambda a, b: abs(gap(a, b)) > 2 * np.sqrt(2 * np.var(a, ddof=1) / len(a)), "of the two"),
        (lambda a, b: abs(gap(a, b)) > 2 * np.sqrt(2 * np.var(b, ddof=1) / len(b)), "of the two"),
        (lambda a, b: abs(np.median(a) - np.median(b)) > 2 * error(a, b), "compares medians"),
        (
            lambda a, b: abs(gap(a, b)) > 2.6 * error(a, b),
            "twice the standard error of the difference is",
        ),
        (lambda a, b: abs(gap(a, b)) > 1.96 * error(a, b), "about 1.96 standard errors"),
        (lambda a, b: abs(gap(a, b)) >= 2 * error(a, b), "`>`, not `>=`"),
        (lambda a, b: not abs(gap(a, b)) < 2 * error(a, b), "`>`, not `>=`"),
        (lambda a, b: abs(gap(a, b)) > error(a, b), "about 1 standard errors"),
        (lambda a, b: bool(stats.ttest_ind(a, b).pvalue < 0.05), "as a t-test at 5 % does"),
        (
            lambda a, b: stats.ttest_ind(a, b, equal_var=False).pvalue < 0.05,
            "as a t-test at 5 % does",
        ),
        (
            lambda a, b: abs(gap(a, b)) > 2 * np.hypot(np.std(a, ddof=1), np.std(b, ddof=1)),
            "does not divide the variances",
        ),
        (
            lambda a, b: abs(gap(a, b)) > 2 * (stats.sem(a) + stats.sem(b)),
            "adds the two standard errors",
        ),
        (lambda a, b: abs(gap(a, b)) > 2 * not_squared(a, b, 1), "standard deviations themselves"),
        (lambda a, b: abs(gap(a, b)) > 2 * not_squared(a, b, 0), "standard deviations themselves"),
        (lambda a, b: abs(gap(a, b)) <= 2 * error(a, b), "says the opposite"),
        (lambda a, b: abs(gap(a, b)) > 2 * np.std([*a, *b]), "twice the standard error"),
        (lambda a, b: abs(gap(a, b)) > 0.01, "twice the standard error"),
        (lambda a, b: min(b) > max(a) or min(a) > max(b), "twice the standard error"),
        (gap, "Expected `True` or `False`"),
        (lambda a, b: int(abs(gap(a, b)) > 2 * error(a, b)), "Expected `True` or `False`"),
        (lambda a, b: "True", "Expected `True` or `False`"),
    ],
)
def test_wrong_judgements(answer: Any, words: str) -> None:
    verdict = hpt.check("3.1-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_judgements() -> None:
    tf = load_tensorflow()

    def by_hand(first: Any, second: Any) -> bool:
        means = [sum(runs) / len(runs) for runs in (first, second)]
        squares = 0.0
        for runs, mean in zip((first, second), means, strict=True):
            squares += sum((run - mean) ** 2 for run in runs) / (len(runs) - 1) / len(runs)
        return abs(means[0] - means[1]) > 2 * math.sqrt(squares)

    def by_tensorflow(first: Any, second: Any) -> Any:
        squares = 0.0
        for runs in (first, second):
            n = len(runs)
            squares += tf.math.reduce_variance(tf.constant(runs, tf.float64)) / (n - 1)
        return tf.abs(np.mean(first) - np.mean(second)) > 2 * tf.sqrt(squares)

    for answer in (
        by_hand,
        by_tensorflow,
        lambda a, b: abs(gap(a, b)) > 2 * error(a, b),
        lambda a, b: gap(a, b) ** 2 > 4 * error(a, b) ** 2,
        lambda a, b: np.abs(gap(a, b)) / np.hypot(stats.sem(a), stats.sem(b)) > 2,
        lambda a, b: abs(gap(a, b)) - 2 * math.hypot(stats.sem(a), stats.sem(b)) > 0,
        lambda a, b: (
            abs(statistics.fmean(a) - statistics.fmean(b))
            > 2 * math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
        ),
        lambda a, b: (
            abs(100 * np.mean(a) - 100 * np.mean(b))
            > 200 * np.sqrt(np.var(a) / (len(a) - 1) + np.var(b) / (len(b) - 1))
        ),
        lambda a, b: abs(stats.ttest_ind(a, b, equal_var=False).statistic) > 2,
        lambda a, b: np.array(abs(gap(a, b)) > 2 * error(a, b)),
        lambda a, b: bool(
            abs(pd.Series(a).mean() - pd.Series(b).mean())
            > 2 * (pd.Series(a).sem() ** 2 + pd.Series(b).sem() ** 2) ** 0.5
        ),
    ):
        assert hpt.check("3.1-c", answer)


def crossed(a: Any, b: Any) -> bool:
    error = np.sqrt(np.var(a, ddof=1) / len(b) + np.var(b, ddof=1) / len(a))
    return bool(abs(np.mean(a) - np.mean(b)) > 2 * error)


def pooled(a: Any, b: Any) -> bool:
    return bool(abs(stats.ttest_ind(a, b).statistic) > 2)


def test_numbers_of_runs_that_changed_places_are_no_pooled_variance() -> None:
    assert "the number of runs of the other one" in hpt.check("3.1-c", crossed).message
    assert "pools the two variances" in hpt.check("3.1-c", pooled).message


def test_a_best_that_is_better_by_little_is_better() -> None:
    def by_a_tenth_of_a_point(scores: Any) -> Any:
        best, found = scores[0], []
        for score in scores:
            best = score if score > best + 0.001 else best
            found.append(best)
        return found

    assert "it should be [0.912, 0.9125" in hpt.check("3.1-b", by_a_tenth_of_a_point).message
