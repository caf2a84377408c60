"""The typical wrong answers of chapter 0, each with its own explanation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score

import hpt_widgets as hpt


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (28, "one row"),
        (56, "multiplied"),
        (39_200_000, "only one is asked for"),
        (60_000, "counts pictures"),
        (783, "783 is not it"),
        ("784", "without quotation marks"),
    ],
)
def test_wrong_pixels(answer: Any, words: str) -> None:
    verdict = hpt.check("0-a", answer)
    assert not verdict
    assert words in verdict.message


@pytest.mark.parametrize("answer", [784, 784.0, np.int64(784), np.array([784])])
def test_right_pixels(answer: Any) -> None:
    assert hpt.check("0-a", answer)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda p, y: (p != y).mean(), "share of errors"),
        (lambda p, y: (p == y).sum(), "Divide by how many"),
        (lambda p, y: 100 * (p == y).mean(), "percentage"),
        (lambda p, y: (p == y).sum() / 10, "len(labels)"),
        (lambda p, y: np.abs(p - y).mean(), "instead of 0.8"),
        (lambda p, y: p == y, "Expected one number"),
        (0.8, "Expected a function"),
    ],
)
def test_wrong_accuracy(function: Any, words: str) -> None:
    verdict = hpt.check("0-b", function)
    assert not verdict
    assert words in verdict.message


def test_right_accuracy() -> None:
    assert hpt.check("0-b", lambda p, y: accuracy_score(y, p))
    assert hpt.check("0-b", lambda p, y: sum(a == b for a, b in zip(p, y, strict=True)) / len(y))


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
        (lambda: hpt.load_mnist().y_train == 7, "Expected one number"),
    ],
)
def test_wrong_sevens(answer: Any, words: str) -> None:
    verdict = hpt.check("0-c", answer())
    assert not verdict
    assert words in verdict.message


def test_right_sevens() -> None:
    assert hpt.check("0-c", counted("train"))
