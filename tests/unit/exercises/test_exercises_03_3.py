"""Chapter 3.3: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import (
    beta,
    binom,
    expon,
    loguniform,
    norm,
    poisson,
    randint,
    rv_histogram,
    triang,
    uniform,
)
from sklearn.model_selection import ParameterSampler

import hpt_widgets as hpt
from hpt_widgets.support.tensorflow_loader import load_tensorflow

RIGHT = {
    "learning_rate": uniform(0.001, 0.099),
    "batch_size": randint(32, 129),
    "dropout_rate": uniform(0.2, 0.6),
}

# ---------------------------------------------------------------- 3.3-a


def test_the_right_ranges_draw_what_the_article_means() -> None:
    for name, (low, high) in {"batch_size": (32, 128), "dropout_rate": (0.2, 0.8)}.items():
        draws = RIGHT[name].rvs(20_000, random_state=0)
        assert low <= draws.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < draws.max() <= high
    assert hpt.check("3.3-a", RIGHT)


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": loguniform(0.001, 0.1)},
        {"dropout_rate": uniform(loc=0.2, scale=0.8 - 0.2)},
        {"dropout_rate": beta(1, 1, loc=0.2, scale=0.6)},
        {"batch_size": range(32, 129)},
        {"batch_size": list(range(32, 129))},
        {"batch_size": np.arange(32, 129)},
        {"batch_size": randint(low=32, high=129)},
        {"batch_size": randint(0, 97, loc=32)},
        {"dropout_rate": np.linspace(0.2, 0.8, 601)},
        {
            "learning_rate": rv_histogram(
                (np.ones(3), np.array([0.001, 0.01, 0.05, 0.1])), density=True
            )
        },
    ],
)
def test_right_ranges(change: dict[str, Any]) -> None:
    ranges = {**RIGHT, **change}
    assert hpt.check("3.3-a", ranges)
    assert hpt.check("3.3-a", pd.Series(ranges))
    assert len(list(ParameterSampler(ranges, 5, random_state=0))) == 5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dropout_rate": uniform(0.2, 0.8)}, "dropout_rate goes from 0.2 to 1: the second"),
        ({"learning_rate": uniform(0.001, 0.1)}, "learning_rate goes from 0.001 to 0.101"),
        ({"batch_size": randint(32, 128)}, "from 32 to 127: `range` and `randint` leave"),
        ({"batch_size": range(32, 128)}, "from 32 to 127: `range` and `randint` leave"),
        ({"batch_size": randint(32, 130)}, "batch_size goes from 32 to 129; it should"),
        ({"batch_size": uniform(32, 96)}, "numbers like 93.4"),
        ({"batch_size": binom(96, 0.5, loc=32)}, "only 0.0% of the draws lie between"),
        ({"batch_size": [32, 64, 128]}, "only 0.0% of the draws lie between 41.6 and 51.2"),
        ({"batch_size": poisson(60)}, "goes from 0 to inf"),
        ({"dropout_rate": randint(0, 1)}, "whole numbers only"),
        ({"dropout_rate": [0.2, 0.8]}, "only 0.0% of the draws lie between"),
        ({"dropout_rate": (0.2, 0.8)}, "only 0.0% of the draws lie between"),
        ({"dropout_rate": beta(20, 20, 0.2, 0.6)}, "only 0.0% of the draws lie between"),
        ({"dropout_rate": uniform}, "expected a SciPy distribution with its numbers"),
        ({"dropout_rate": 0.5}, "or a list of values"),
        ({"dropout_rate": "uniform(0.2, 0.6)"}, "or a list of values"),
        ({"dropout_rate": uniform(0.8, -0.6)}, "`uniform(0.8, -0.6)` draws nothing: its second"),
        ({"dropout_rate": norm(0.5, 0.1)}, "goes from -inf to inf"),
        ({"batch_size": randint(129, 32)}, "`randint(129, 32)` draws nothing"),
        ({"learning_rate": triang(0.5, 0.001, -1)}, "draws nothing at all"),
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


# ---------------------------------------------------------------- 3.3-b

HALVES = rv_histogram((np.array([0.5, 0.5]), np.array([0.001, 0.01, 0.1])), density=False)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (loguniform(0.001, 0.1), "with `uniform` it would be 9 %"),
        (loguniform(a=1e-3, b=1e-1), "with `uniform` it would be 9 %"),
        (loguniform(0.01, 1, scale=0.1), "with `uniform` it would be 9 %"),
        (np.geomspace(0.001, 0.1, 501), "with `uniform` it would be 9 %"),
        (HALVES, "`loguniform` would do the same within every other factor too"),
        ([0.001, 0.1], "`loguniform` would do the same"),
    ],
)
def test_what_draws_as_often_below_as_above_is_right(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-b", answer)
    assert verdict
    assert words in verdict.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (uniform(0.001, 0.099), "9% of the draws lie below 0.01"),
        (uniform(0.001, 0.1), "the second number of `uniform` is a width"),
        (loguniform(0.001, 0.099), "from 0.001 to 0.099"),
        (loguniform(math.exp(-6), math.exp(-1)), "from 0.00247875 to 0.367879"),
        (loguniform(-3, -1), "not their logarithms, so both are positive"),
        (loguniform(math.log(0.001), math.log(0.1)), "not their logarithms"),
        (loguniform(0.1, 0.001), "the second number must be larger"),
        (loguniform(0.001, 0.01), "from 0.001 to 0.01;"),
        (beta(0.1, 3, 0.001, 0.099), "of the draws lie below 0.01, and it should be half"),
        (np.linspace(0.001, 0.1, 100), "of the draws lie below 0.01"),
        (expon(0.001), "from 0.001 to inf"),
        (loguniform, "expected a SciPy distribution"),
        (0.01, "expected a SciPy distribution"),
        ("loguniform(0.001, 0.1)", "expected a SciPy distribution"),
    ],
)
def test_wrong_rates(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 3.3-c


def needed(share: float, confidence: float) -> float:
    return math.log(1 - confidence) / math.log(1 - share)


def test_so_many_trials_are_enough() -> None:
    """Draws of random numbers meet the best 5 % as often as the exercise claims."""
    draws = np.random.default_rng(0).random((20_000, 59))
    met = (draws < 0.05).any(axis=1).mean()
    assert met == pytest.approx(0.95, abs=0.006)
    assert (draws[:, :58] < 0.05).any(axis=1).mean() <= met


def counting(share: float, confidence: float) -> int:
    n = 1
    while 1 - (1 - share) ** n < confidence:
        n += 1
    return n


def counting_too_far(share: float, confidence: float) -> int:
    n = 1
    while 1 - (1 - share) ** n <= confidence:
        n += 1
    return n


def adding_up(share: float, confidence: float) -> int:
    chance, n = 0.0, 0
    while chance < confidence:
        chance += share
        n += 1
    return n


def adding_up_in_tenths(share: float, confidence: float) -> int:
    chance, n = 0.0, 0
    while round(chance, 9) < confidence:
        chance += share
        n += 1
    return n


def adding_up_too_far(share: float, confidence: float) -> int:
    chance, n = share, 1
    while chance <= confidence:
        chance += share
        n += 1
    return n


def counting_down(share: float, confidence: float) -> int:
    missed, n = 1.0, 0
    while missed > 1 - confidence:
        missed -= share
        n += 1
    return n


def test_right_n_trials() -> None:
    tf = load_tensorflow()

    def recursive(share: float, confidence: float, missed: float = 1.0) -> int:
        return (
            0
            if 1 - missed >= confidence
            else 1 + recursive(share, confidence, missed * (1 - share))
        )

    for answer in (
        counting,
        recursive,
        lambda share, confidence: math.ceil(needed(share, confidence)),
        lambda share, confidence: np.ceil(np.log(1 - confidence) / np.log(1 - share)),
        lambda share, confidence: math.ceil(math.log1p(-confidence) / math.log1p(-share)),
        lambda share, confidence: math.ceil(math.log(1 - confidence, 1 - share)),
        lambda share, confidence: int(
            np.argmax(1 - (1 - share) ** np.arange(100_000) >= confidence)
        ),
        lambda share, confidence: tf.math.ceil(
            tf.math.log(tf.constant(1 - confidence, tf.float64))
            / tf.math.log(tf.constant(1 - share, tf.float64))
        ),
    ):
        assert hpt.check("3.3-c", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (needed, "trials come whole"),
        (lambda share, confidence: math.floor(needed(share, confidence)), "still below what is"),
        (lambda share, confidence: round(needed(share, confidence)), "nearest whole number"),
        (counting_too_far, "`(0.5, 0.75)` you get 3, but 2 are enough"),
        (lambda share, confidence: int(needed(share, confidence)) + 1, "but 2 are enough"),
        (lambda share, confidence: 1 / share, "Chances do not add up"),
        (lambda share, confidence: math.ceil(confidence / share), "Chances do not add up"),
        (adding_up, "Chances do not add up"),
        (adding_up_in_tenths, "Chances do not add up"),
        (adding_up_too_far, "Chances do not add up"),
        (counting_down, "Chances do not add up"),
        (
            lambda share, confidence: next(n for n in range(1, 5_000) if n * share >= confidence),
            "Chances do not add up",
        ),
        (
            lambda share, confidence: next(
                n for n in range(1, 5_000) if 1 - n * share <= 1 - confidence
            ),
            "Chances do not add up",
        ),
        (
            lambda share, confidence: math.ceil(math.log(confidence) / math.log(1 - share)),
            "that *all* trials miss",
        ),
        (
            lambda share, confidence: math.ceil(math.log(1 - confidence) / math.log(share)),
            "that *all* trials miss",
        ),
        (lambda share, confidence: -math.ceil(needed(share, confidence)), "without a minus"),
        (lambda share, confidence: math.ceil(-needed(share, confidence)), "without a minus"),
        (lambda share, confidence: 59, "you get 59; it should be"),
        (lambda share, confidence: min(counting(share, confidence), 1_000), "it should be 4603"),
        (lambda share, confidence: 100, "All n trials miss"),
        (lambda share, confidence: math.ceil(needed(0.05, confidence)), "All n trials miss"),
        (lambda share, confidence: counting(share, 0.95), "All n trials miss"),
        (lambda share, confidence: 1 - (1 - share) ** 59, "All n trials miss"),
        (59, "Expected a function"),
    ],
)
def test_wrong_n_trials(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 3.3-d


@pytest.mark.parametrize(
    "answer", [27, 27.0, 3**3, np.int64(27), np.array([27]), math.prod([3, 3, 3]), len(range(27))]
)
def test_right_budgets(answer: Any) -> None:
    assert hpt.check("3.3-d", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (10, "50 trainings against"),
        (135, "One draw costs five"),
        (136, "made by both searches"),
        (9, "two hyperparameters"),
        (28, "28 is not it"),
        (27.2, "27.2 is not it"),
        (5, "5 is not it"),
        (-27, "-27 is not it"),
        ("27", "write 27, without quotation marks"),
        ((3, 3, 3), "Expected one number"),
    ],
)
def test_wrong_budgets(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
