"""Chapter 2: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_02
from hpt_widgets.support.tensorflow_loader import load_tensorflow
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
    assert hpt.check("2-a", pd.Series(RIGHT))
    assert hpt.check("2-a", dict(sorted(RIGHT.items())))
    assert hpt.check("2-a", dict(zip(RIGHT, np.array(list(RIGHT.values())), strict=True)))
    assert hpt.check("2-a", MappingProxyType({**RIGHT, "optimizer": "TRAINING"}))


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
        ({**RIGHT, "optimizer": None}, "`optimizer` has the kind `None`"),
        ({**RIGHT, "optimizer": ["training"]}, "`optimizer` has the kind `['training']`"),
        ({**RIGHT, "hidden_units": "training"}, "`hidden_units` is not of the kind"),
        ({**RIGHT, "weight_decay": "structure"}, "`weight_decay` is not of the kind"),
        (list(RIGHT.items()), "Expected a dict"),
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


def never_ends(n: int, b: int) -> int:
    return 1 + never_ends(n - b, b)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, b: n // b, "Rounding down forgets the last batch"),
        (lambda n, b: int(n / b), "Rounding down forgets the last batch"),
        (lambda n, b: n / b, "no fraction of an update"),
        (lambda n, b: n // b + 1, "nothing is left over"),
        (lambda n, b: round(n / b), "rounds to the nearest whole number"),
        (lambda n, b: max(n // b, 1), "it still rounds down"),
        (lambda n, b: n * b, "You multiplied"),
        (lambda n, b: math.ceil(b / n), "Turn it round"),
        (lambda n, b: int(n / b + 0.99), "`(2049, 2048)` your function gives 1; it should be 2"),
        (lambda n, b: int(n / b + 0.9999), "`(20001, 20000)` your function gives 1"),
        (lambda n, b: 1563, "`(1, 1)` your function gives 1563; it should be 1"),
        (lambda n, b: 0 if b > n else math.ceil(n / b), "one short batch"),
        (lambda n, b: b, "it should be"),
        (lambda n, b: n % b, "it should be"),
        (lambda n, b: n // b + n % b, "it should be"),
        (lambda n, b: math.ceil((n - 1) / b), "it should be"),
        (lambda n, b: math.ceil(50_000 / b), "`(1, 1)` your function gives 50000"),
        (lambda n, b: math.ceil(n / 32), "it should be"),
        (lambda n, b: "1563", "write 1563, without quotation marks"),
        (never_ends, "calls itself without end"),
        (1563, "Expected a function"),
    ],
)
def test_wrong_updates(answer: Any, words: str) -> None:
    verdict = hpt.check("2-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_updates() -> None:
    tf = load_tensorflow()

    def recursive(n: int, b: int) -> int:
        return 0 if n <= 0 else 1 + recursive(n - b, b)

    def counted(n: int, b: int) -> int:
        updates = 0
        while n > 0:
            n -= b
            updates += 1
        return updates

    for answer in (
        recursive,
        counted,
        lambda n, b: -(-n // b),
        lambda n, b: len(range(0, n, b)),
        lambda n, b: np.ceil(n / b),
        lambda n, b: n // b + (n % b > 0),
        lambda n, b: (n + b - 1) // b,
        lambda n, b: tf.math.ceil(n / b),
        lambda n, b: Fraction(-(-n // b)),
    ):
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
        (run(hidden_units=(2048, 1024), learning_rate=0.001), "another network"),
        (run(hidden_units=(128,)), "hidden_units=(128,), which is another network"),
        (run(0.87, learning_rate=0.001, dropout_rate=0.8), "Move the learning rate"),
        (run(0.91, learning_rate=0.1, weight_decay=0.1), "Move the learning rate"),
        ([run()], "Expected the run"),
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
        (run(math.nan), "no validation accuracy: train on `data`"),
        (hpt.Hyperparameters(batch_size=2048), "hpt.train(hp, data)"),
        (0.93, "Expected the run"),
    ],
)
def test_wrong_run(answer: Any, words: str) -> None:
    verdict = hpt.check("2-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_run() -> None:
    assert not hpt.check("2-c", run(0.9199))
    for right in (
        run(0.92),
        run(learning_rate=0.02, seed=5),
        run(dropout_rate=0.0),
        run(optimizer="momentum", learning_rate=0.3),
        run(activation="tanh"),
    ):
        verdict = hpt.check("2-c", right)
        assert verdict
        assert "the learning rate grows with the batch" in verdict.message


def test_a_run_is_praised_for_what_it_did() -> None:
    verdict = hpt.check("2-c", run(optimizer="rmsprop", learning_rate=0.001))
    assert verdict
    assert "though not by a larger learning rate" in verdict.message


# ---------------------------------------------------------------- 2-g


def sgd_run(accuracy: float = 0.92, **set_: Any) -> Run:
    return run(accuracy, **{"batch_size": 512, "learning_rate": 0.5, "optimizer": "sgd", **set_})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (sgd_run(batch_size=2048), "batch_size=2048; the task is for 512"),
        (sgd_run(0.96, optimizer="adam", learning_rate=0.01), 'optimizer="adam"; the task is for'),
        (sgd_run(0.96, hidden_units=(512,)), "another network"),
        (sgd_run(0.95, epochs=3), "The task is one epoch"),
        (sgd_run(0.95, samples=20_000), "train on all 50,000"),
        (sgd_run(0.89, learning_rate=0.1), "With 0.1, 98 updates do not get far"),
        (sgd_run(0.27, learning_rate=1.6), "1.6 is too much of a good thing"),
        (sgd_run(0.9, learning_rate=0.2), "Move the learning rate (0.2)"),
        (sgd_run(0.9099, learning_rate=0.2), "90.99%, and 91% is wanted"),
        (sgd_run(0.89, learning_rate=0.1, dropout_rate=0.5), "Move the learning rate (0.1)"),
        (sgd_run(math.nan, ended="diverged", learning_rate=10), "The loss ran away"),
        (sgd_run(math.nan), "no validation accuracy: train on `data`"),
        (run(), "batch_size=2048; the task is for 512"),
        (sgd_run().hyperparameters, "hpt.train(hp, data)"),
        (sgd_run().history, "Expected the run"),
    ],
)
def test_wrong_sgd_run(answer: Any, words: str) -> None:
    verdict = hpt.check("2-g", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_sgd_run() -> None:
    for right in (
        sgd_run(),
        sgd_run(0.91, learning_rate=0.3, seed=7),
        sgd_run(dropout_rate=0.0),
        sgd_run(activation="tanh", learning_rate=0.8),
    ):
        verdict = hpt.check("2-g", right)
        assert verdict
        assert f"with a rate of {right.hyperparameters.learning_rate:g}" in verdict.message


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
        (784 * 128 * 64 * 10, "multiplied all four sizes"),
        (109_385, "109,385 is not it"),
        (109_386.4, "109,386.4 is not it"),
        (-109_386, "-109,386 is not it"),
        (0, "0 is not it"),
        (235_146, "235,146 is not it"),
        ("109386", "write 109386, without quotation marks"),
        ("109,386", "write 109386, without quotation marks, and without commas"),
        ((109, 386), "Write 109386."),
        ([784, 128, 64, 10], "Expected one number"),
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


def test_the_number_of_parameters_in_other_forms() -> None:
    tf = load_tensorflow()
    for answer in (
        109_386.0,
        np.sum([784 * 128 + 128, 128 * 64 + 64, 64 * 10 + 10]),
        tf.constant(109_386),
        tf.reduce_sum([100_480.0, 8_256.0, 650.0]),
        np.array([109_386]),
        Fraction(109_386),
    ):
        assert hpt.check("2-d", answer)
