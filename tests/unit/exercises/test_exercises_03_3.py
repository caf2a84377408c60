"""The typical wrong answers of chapter 3.3, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import expon, loguniform, randint, uniform

import hpt_widgets as hpt

RIGHT = {
    "learning_rate": uniform(0.001, 0.099),
    "batch_size": randint(32, 129),
    "dropout_rate": uniform(0.2, 0.6),
}


def test_the_right_ranges_draw_what_the_article_means() -> None:
    for name, (low, high) in {"batch_size": (32, 128), "dropout_rate": (0.2, 0.8)}.items():
        draws = RIGHT[name].rvs(20_000, random_state=0)
        assert low <= draws.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < draws.max() <= high
    assert hpt.check("3.3-a", RIGHT)
    assert hpt.check("3.3-a", {**RIGHT, "learning_rate": loguniform(0.001, 0.1)})
    assert hpt.check("3.3-a", {**RIGHT, "dropout_rate": uniform(loc=0.2, scale=0.8 - 0.2)})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dropout_rate": uniform(0.2, 0.8)}, "dropout_rate goes from 0.2 to 1: the second"),
        ({"learning_rate": uniform(0.001, 0.1)}, "learning_rate goes from 0.001 to 0.101"),
        ({"batch_size": randint(32, 128)}, "from 32 to 127: like Python's `range`"),
        ({"batch_size": randint(32, 130)}, "batch_size goes from 32 to 129; it should"),
        ({"batch_size": uniform(32, 96)}, "numbers like 93.4"),
        ({"dropout_rate": randint(0, 1)}, "whole numbers only"),
        ({"dropout_rate": [0.2, 0.8]}, "expected a SciPy distribution"),
        ({"dropout_rate": uniform}, "expected a SciPy distribution"),
        ({"dropout_rate": uniform(0.8, -0.6)}, "draws nothing at all"),
        ({"dropout_rate": uniform(0.3, 0.5)}, "goes from 0.3 to 0.8; it should"),
        ({"momentum": uniform(0, 1)}, "Expected a dict with the keys"),
    ],
)
def test_wrong_ranges(change: dict[str, Any], words: str) -> None:
    verdict = hpt.check("3.3-a", {**RIGHT, **change})
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_half_filled_ranges_are_not_answered() -> None:
    assert hpt.check("3.3-a", {**RIGHT, "batch_size": ...}).state == "not answered"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (uniform(0.001, 0.099), "9% of the draws lie below 0.01"),
        (loguniform(0.001, 0.099), "from 0.001 to 0.099"),
        (loguniform(math.exp(-6), math.exp(-1)), "from 0.00247875 to 0.367879"),
        (loguniform(-3, -1), "draws nothing at all"),
        (expon(0.001), "from 0.001 to inf"),
        (loguniform, "expected a SciPy distribution"),
        (0.01, "expected a SciPy distribution"),
    ],
)
def test_wrong_rates(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def needed(share: float, confidence: float) -> float:
    return math.log(1 - confidence) / math.log(1 - share)


def test_so_many_trials_are_enough() -> None:
    """Draws of random numbers meet the best 5 % as often as the exercise claims."""
    draws = np.random.default_rng(0).random((20_000, 59))
    met = (draws < 0.05).any(axis=1).mean()
    assert met == pytest.approx(0.95, abs=0.006)
    assert (draws[:, :58] < 0.05).any(axis=1).mean() <= met
    assert hpt.check("3.3-c", lambda share, confidence: math.ceil(needed(share, confidence) - 1e-9))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (needed, "trials come whole"),
        (lambda share, confidence: math.floor(needed(share, confidence)), "still a little below"),
        (lambda share, confidence: 1 / share, "Chances do not add up"),
        (lambda share, confidence: math.ceil(confidence / share), "Chances do not add up"),
        (lambda share, confidence: 100, "All n trials miss"),
        (59, "Expected a function"),
    ],
)
def test_wrong_n_trials(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (10, "50 trainings against"),
        (135, "One draw costs five"),
        (136, "made by both searches"),
        (9, "two hyperparameters"),
        (28, "28 is not it"),
        ("27", "without quotation marks"),
    ],
)
def test_wrong_budgets(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
