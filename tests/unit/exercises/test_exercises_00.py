"""Chapter 0: right answers in many forms, and wrong ones, each with its own explanation."""

# ruff: noqa: T201 - answers are written as readers write them

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from exercise_prose import check_in_both_languages
from sklearn.metrics import accuracy_score, confusion_matrix

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_00
from hpt_widgets.support.tensorflow_loader import load_tensorflow

# ---------------------------------------------------------------- 0-a


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (28, "one row"),
        (56, "multiplied"),
        (39_200_000, "only one is asked for"),
        (60_000, "counts pictures"),
        (783, "783 is not it"),
        (784.4, "784.4 is not it"),
        (-784, "-784 is not it"),
        (0, "0 is not it"),
        ("784", "write 784, without quotation marks."),
        ("1,784", "write 1784, without quotation marks, and without commas or signs in it"),
        ("７８４", "write 784, without quotation marks"),
        ("10 %", "without quotation marks and without the per cent sign"),
        ("28 x 28", "write a number, without quotation marks"),
        ((28, 28), "Expected one number, got `(28, 28)`"),
        ([784], "Expected one number, got `[784]`"),
        (np.array([28, 28]), "Expected one number"),
        (True, "Expected one number"),
        (lambda: 784, "is a function: give the number"),
        (print, "is a function"),
    ],
)
def test_wrong_pixels(answer: Any, words: str) -> None:
    verdict = check_in_both_languages("0-a", answer)
    assert not verdict
    assert words in verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        784,
        784.0,
        np.int64(784),
        np.float32(784),
        np.array([784]),
        np.array([[784.0]]),
        np.prod((28, 28)),
        Fraction(784),
        Decimal(784),
        pd.Series([784]),
        784 + 0j,
    ],
)
def test_right_pixels(answer: Any) -> None:
    assert check_in_both_languages("0-a", answer)


def test_a_scalar_of_tensorflow_is_a_number() -> None:
    tf = load_tensorflow()
    picture = tf.zeros((28, 28))
    for answer in (tf.size(picture), tf.constant(784.0), tf.Variable(784), tf.constant([784])):
        assert hpt.check("0-a", answer)
    verdict = hpt.check("0-a", tf.constant(28))
    assert "28 is one row" in verdict.message


# ---------------------------------------------------------------- 0-b


def loop_that_returns_at_once(p: Any, y: Any) -> Any:
    n = 0
    for a, b in zip(p, y, strict=True):
        if a == b:
            n += 1
        return n / len(y)
    return None


def loop_that_returns_at_the_first_agreement(p: Any, y: Any) -> Any:
    n = 0
    for a, b in zip(p, y, strict=True):
        if a == b:
            n += 1
            return n / len(y)
    return None


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda p, y: (p != y).mean(), "share of errors"),
        (lambda p, y: (p == y).sum(), "Divide by how many"),
        (lambda p, y: 100 * (p == y).mean(), "percentage"),
        (lambda p, y: (p == y).sum() / 10, "len(labels)"),
        (loop_that_returns_at_once, "only the first pair is compared"),
        (loop_that_returns_at_the_first_agreement, "stops at the first pair that agrees"),
        (lambda p, y: round((p == y).mean(), 1), "right, but rounded"),
        (lambda p, y: round((p == y).mean(), 2), "right, but rounded"),
        (lambda p, y: int((p == y).mean()), "it should be 0."),
        (lambda p, y: np.abs(p - y).mean(), "For `([7], [7])` your function gives 0;"),
        (lambda p, y: len(set(p) & set(y)) / len(y), "your function gives"),
        (lambda p, y: 0.8, "For `([7], [7])` your function gives 0.8; it should be 1."),
        (lambda p, y: (p == y).sum() / (len(y) - 1), "one less than there are labels"),
        (lambda p, y: p == y, "Expected one number"),
        (lambda p, y: all(p == y), "Expected one number"),
        (lambda p, y: print((p == y).mean()), "is a `return` missing?"),
        (lambda p: p.mean(), "raised TypeError"),
        (0.8, "Expected a function"),
    ],
)
def test_wrong_accuracy(function: Any, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = check_in_both_languages("0-b", function)
    assert not verdict
    assert words in verdict.message
    assert capsys.readouterr().out == ""


def test_right_accuracy() -> None:
    def by_hand(predictions: Any, labels: Any) -> float:
        right = 0
        for place in range(len(labels)):
            if predictions[place] == labels[place]:
                right += 1
        return right / len(labels)

    class Accuracy:
        def __call__(self, predictions: Any, labels: Any) -> Any:
            return np.equal(predictions, labels).mean(dtype=np.float32)

    for answer in (
        by_hand,
        Accuracy(),
        lambda p, y: accuracy_score(y, p),
        lambda p, y: sum(a == b for a, b in zip(p, y, strict=True)) / len(y),
        lambda p, y: 1 - np.count_nonzero(p - y) / y.size,
        lambda p, y: Fraction(int((p == y).sum()), len(y)),
        lambda p, y: pd.Series(p).eq(pd.Series(y)).mean(),
        lambda p, y: np.trace(confusion_matrix(y, p)) / len(y),
    ):
        assert check_in_both_languages("0-b", answer)


def test_the_cases_of_accuracy_are_lists_of_digits_of_which_some_agree() -> None:
    rng = np.random.default_rng(0)
    drawn = [chapter_00.draw_predictions(rng) for _ in range(1000)]
    labels = np.concatenate([wanted for _, wanted in drawn])
    wrong = np.concatenate([given[given != wanted] for given, wanted in drawn])
    assert all(given.shape == wanted.shape for given, wanted in drawn)
    assert {len(wanted) for _, wanted in drawn} == set(range(2, 14))
    assert set(labels.tolist()) == set(wrong.tolist()) == set(range(10))
    shares = np.array([chapter_00.accuracy(*case) for case in drawn])
    assert {0.0, 0.5, 1.0} <= set(shares.tolist())
    assert 0.5 < shares.mean() < 0.6  # a half, and a tenth of the others by chance


def test_right_accuracy_by_tensorflow() -> None:
    tf = load_tensorflow()

    @tf.function  # type: ignore[untyped-decorator]
    def traced(predictions: Any, labels: Any) -> Any:
        return tf.reduce_mean(tf.cast(predictions == labels, tf.float32))

    assert hpt.check("0-b", lambda p, y: tf.reduce_mean(tf.cast(p == y, tf.float64)))
    assert hpt.check("0-b", traced)


# ---------------------------------------------------------------- 0-c


def counted(split: str) -> int:
    return int(np.bincount(getattr(hpt.load_mnist(), f"y_{split}"))[7])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: counted("validation"), "among the validation pictures"),
        (lambda: counted("test"), "stays shut until the end"),
        (lambda: counted("train") + counted("validation"), "the validation pictures as well"),
        (lambda: 7 * counted("train"), "added the sevens up"),
        (lambda: counted("train") / 50_000, "their share"),
        (lambda: np.bincount(hpt.load_mnist().y_train)[3], "picture number 7 shows"),
        (lambda: 5_000, "5,000 is not it"),
        (lambda: counted("train") + 0.4, ".4 is not it"),
        (lambda: f"{counted('train'):,}", f"write {counted('train')}, without quotation marks"),
        (lambda: divmod(counted("train"), 1000), f"Write {counted('train')}."),
        (lambda: counted("train") - 1, "is not it"),
        (lambda: 0, "0 is not it"),
        (lambda: hpt.load_mnist().y_train == 7, "Expected one number"),
    ],
)
def test_wrong_sevens(answer: Any, words: str) -> None:
    verdict = check_in_both_languages("0-c", answer())
    assert not verdict
    assert words in verdict.message


def test_right_sevens() -> None:
    labels = hpt.load_mnist().y_train
    for answer in (
        counted("train"),
        np.count_nonzero(labels == 7),
        len(np.flatnonzero(labels == 7)),
        sum(1 for label in labels if label == 7),
        pd.Series(labels).value_counts()[7],
        float((labels == 7).mean() * len(labels)),
    ):
        assert check_in_both_languages("0-c", answer)


def test_right_sevens_by_tensorflow() -> None:
    tf = load_tensorflow()
    labels = hpt.load_mnist().y_train
    assert hpt.check("0-c", tf.reduce_sum(tf.cast(labels == 7, tf.int32)))


# ---------------------------------------------------------------- 0-d


READ = {"best": "D", "guesses": "C", "too slow": "B"}


@pytest.mark.parametrize(
    ("name", "letter", "words"),
    [
        ("best", "A", "A is ahead at first."),
        ("best", "B", '"best": B is not it.'),
        ("best", "C", "it measures how wrong the answers are."),
        ("guesses", "A", '"guesses": A is not it.'),
        ("guesses", "B", "it learns."),
        ("too slow", "A", "A is the first to arrive"),
        ("too slow", "C", "more time would not help it."),
        ("too slow", "D", '"too slow": D is not it.'),
    ],
)
def test_curves_that_are_misread(name: str, letter: str, words: str) -> None:
    verdict = check_in_both_languages("0-d", {**READ, name: letter})
    assert not verdict
    assert words in verdict.message


def test_curves_that_are_read_right() -> None:
    verdict = check_in_both_languages("0-d", READ)
    assert verdict
    assert "A has 0.01, B 0.0001, C 0.1 and D 0.001." in verdict.message
