"""The typical wrong answers of chapter 3.1, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters.chapter_03_1 import _LOGS, _PAIRS, standard_error


@pytest.mark.parametrize("answer", [np.geomspace(1e-4, 1, 5), (1, 0.1, 0.01, 1e-3, 1e-4)])
def test_right_rates(answer: Any) -> None:
    assert hpt.check("3.1-a", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.linspace(0.0001, 1, 5), "evenly spaced by differences"),
        ([0.0001, 0.001, 0.01, 0.1], "Expected 5 learning rates, got 4"),
        ([0.001, 0.01, 0.1, 1, 10], "Yours go from 0.001 to 10"),
        ([0.0001, 0.01, 0.02, 0.1, 1], "The ratios of neighbours differ"),
        ("0.1", "0.1"),
    ],
)
def test_wrong_rates(answer: Any, words: str) -> None:
    verdict = hpt.check("3.1-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def incumbent_of_record(scores: tuple[float, ...]) -> list[float]:
    record = hpt.SearchRecord()
    for score in scores:
        ended = "diverged" if math.isnan(score) else "finished"
        record.append(hpt.Trial({}, validation_accuracy=score, ended=ended))
    return [float(best) for best in record.incumbent]


def test_the_record_has_the_same_incumbent() -> None:
    known = {str(list(scores)): incumbent_of_record(scores) for scores in _LOGS}
    assert hpt.check("3.1-b", lambda scores: known[str(scores)])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (max, "the single number"),
        (np.maximum.accumulate, "A run that diverged (nan)"),
        (np.fmin.accumulate, "the worst so far"),
        (lambda scores: list(scores), "as it is"),
        (lambda scores: [max(scores)] * len(scores), "nobody knew the later ones"),
        (lambda scores: sorted(set(scores))[:2], "one value for each run"),
        (lambda scores: [0.5] * len(scores), "you return [0.5"),
    ],
)
def test_wrong_incumbents(answer: Any, words: str) -> None:
    verdict = hpt.check("3.1-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_the_rule_agrees_with_welchs_test() -> None:
    """The standard error is SciPy's, and where the rule says real, p is below 0.1."""
    for first, second in _PAIRS:
        test = stats.ttest_ind(second, first, equal_var=False)
        gap = float(np.mean(second) - np.mean(first))
        assert gap / standard_error(first, second) == pytest.approx(test.statistic)
        assert (abs(gap) > 2 * standard_error(first, second)) == (test.pvalue < 0.1)


def gap(first: list[float], second: list[float]) -> float:
    return float(np.mean(second) - np.mean(first))


def error_with_n(first: list[float], second: list[float]) -> list[float]:
    """Return the standard errors of both means, with n in the variance instead of n - 1."""
    return [float(np.std(runs)) / np.sqrt(len(runs)) for runs in (first, second)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a, b: gap(a, b) > 0, "You call that real"),
        (lambda a, b: True, "You call that real"),
        (lambda a, b: gap(a, b) > 2 * standard_error(a, b), "Take the absolute value"),
        (lambda a, b: gap(b, a) > 2 * standard_error(a, b), "Take the absolute value"),
        (lambda a, b: abs(gap(a, b)) > 2 * np.hypot(*error_with_n(a, b)), "`ddof=1`"),
        (lambda a, b: abs(gap(a, b)) > 2 * np.std([*a, *b]), "You call that chance"),
        (lambda a, b: abs(gap(a, b)) > 2 * np.std(a), "Divide the variances"),
        (gap, "return True or False"),
    ],
)
def test_wrong_judgements(answer: Any, words: str) -> None:
    verdict = hpt.check("3.1-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
