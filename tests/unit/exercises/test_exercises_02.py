"""The typical wrong answers of chapter 2, each with its own explanation."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_02
from hpt_widgets.training.run import HistoryPoint, Run

# ---------------------------------------------------------------- 2-a

RIGHT = {
    "hidden_units": "structure",
    "activation": "structure",
    "learning_rate": "training",
    "batch_size": "training",
    "optimizer": "training",
    "weight_decay": "regularization",
    "dropout_rate": "regularization",
}


def test_the_article_sorts_them_so() -> None:
    assert hpt.check("2-a", RIGHT)
    chinese = {"structure": "结构", "training": "训练", "regularization": "正则化"}
    assert hpt.check("2-a", {name: chinese[kind] for name, kind in RIGHT.items()})
    assert hpt.check("2-a", {**RIGHT, "dropout_rate": " Regularisation"})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({**RIGHT, "dropout_rate": "structure"}, "dropout is a layer"),
        ({**RIGHT, "weight_decay": "training"}, "an argument of the optimizer"),
        ({**RIGHT, "batch_size": "regularization"}, "regularises a little"),
        ({**RIGHT, "activation": "training"}, "part of the function"),
        ({**RIGHT, "learning_rate": "structure"}, "`learning_rate` is not of the kind"),
        ({**RIGHT, "optimizer": "magic"}, "`optimizer` has the kind `'magic'`"),
        ({**RIGHT, "optimizer": 3}, "`optimizer` has the kind `3`"),
        ({**RIGHT, "momentum": "training"}, "not asked for: 'momentum'"),
        ({"hidden_units": "structure"}, "missing: activation, learning_rate"),
        ({"structure": ["hidden_units"], "training": []}, "turn it round"),
        (["structure"], "Expected a dict"),
    ],
)
def test_wrong_kinds(answer: Any, words: str) -> None:
    verdict = hpt.check("2-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_half_filled_dict_is_not_answered() -> None:
    assert hpt.check("2-a", {**RIGHT, "optimizer": ...}).state == "not answered"


# ---------------------------------------------------------------- 2-b


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, b: n // b, "Rounding down forgets the last batch"),
        (lambda n, b: n / b, "no fraction of an update"),
        (lambda n, b: n // b + 1, "instead of adding 1"),
        (lambda n, b: n * b, "You multiplied"),
        (lambda n, b: 1563, "50000 / 2048"),
        (lambda n, b: 0 if b > n else math.ceil(n / b), "one short batch"),
        (lambda n, b: b, "your function gives 32"),
        (lambda n, b: "1563", "without quotation marks"),
        (1563, "Expected a function"),
    ],
)
def test_wrong_updates(answer: Any, words: str) -> None:
    verdict = hpt.check("2-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize("answer", [lambda n, b: -(-n // b), lambda n, b: len(range(0, n, b))])
def test_right_updates(answer: Any) -> None:
    assert hpt.check("2-b", answer)


# ---------------------------------------------------------------- 2-c


def run(accuracy: float = 0.93, ended: Any = "finished", samples: int = 50_000, **set_: Any) -> Run:
    settings = {"batch_size": 2048, "learning_rate": 0.01, **set_}
    point = HistoryPoint(samples, 1.0, 0.5, 0.3, 0.2, accuracy)
    return Run(hpt.Hyperparameters(**settings), (point,), [], ended, 0.5, 784, 10)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (run(batch_size=32), "batch_size=32; the task is for 2048"),
        (run(epochs=3, samples=150_000), "The task is one epoch"),
        (
            dataclasses.replace(run(), changes=((100, {"batch_size": 32}),)),
            "nothing changed on the way",
        ),
        (run(samples=5_000), "train on all 50,000"),
        (
            run(0.87, learning_rate=0.001),
            "87.0%, and 92% is wanted. With 0.001, 25 updates do not get far",
        ),
        (run(0.61, learning_rate=0.1), "jump over the valley"),
        (
            run(0.77, learning_rate=0.1, optimizer="sgd"),
            "77.0%, and 92% is wanted. Move the learning rate",
        ),
        (run(math.nan, "diverged", 20_000, learning_rate=10), "The loss ran away"),
        (run(0.93, "stopped", 30_000), "let it finish"),
        (run(math.nan), "Move the learning rate"),
        (hpt.Hyperparameters(batch_size=2048), "hpt.train(hp, data)"),
        (0.93, "Expected the run"),
    ],
)
def test_wrong_run(answer: Any, words: str) -> None:
    verdict = hpt.check("2-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_run() -> None:
    assert hpt.check("2-c", run(0.92))
    assert not hpt.check("2-c", run(0.9199))


# ---------------------------------------------------------------- 2-d


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (109_184, "has a bias as well"),
        (109_386 + 784, "You gave the inputs a bias"),
        (108_736, "The output layer is missing"),
        (100_480, "the first layer alone"),
        (986, "counts units"),
        (202, "the biases alone"),
        (109_385, "109,385 is not it"),
        ("109386", "without quotation marks"),
    ],
)
def test_wrong_number_of_parameters(answer: Any, words: str) -> None:
    verdict = hpt.check("2-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_the_number_of_parameters_is_that_of_keras() -> None:
    model = hpt.build_model(hpt.Hyperparameters(), n_features=784, n_classes=10)
    assert hpt.check("2-d", model.count_params())
    assert model.count_params() == chapter_02.N_WEIGHTS + chapter_02.N_BIASES
