"""The typical wrong answers of chapter 3.4, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hyperopt import STATUS_OK, Trials, fmin, hp, rand, tpe

import hpt_widgets as hpt


def search(suggest: Any, space: dict[str, Any], max_evals: int) -> Trials:
    trials = Trials()
    fmin(
        lambda params: {"loss": (params["learning_rate"] - 0.02) ** 2, "status": STATUS_OK},
        space,
        algo=suggest,
        max_evals=max_evals,
        trials=trials,
        rstate=np.random.default_rng(0),
        show_progressbar=False,
    )
    return trials


def test_hyperopt_draws_between_the_ends_that_the_exercise_calls_right() -> None:
    ends = (math.log(0.001), math.log(0.1))
    assert hpt.check("3.4-a", ends)
    assert hpt.check("3.4-a", np.array(ends))
    assert hpt.check("3.4-a", (-6.91, -2.3))
    space = {"learning_rate": hp.loguniform("learning_rate", *ends)}
    rates = search(rand.suggest, space, 200).vals["learning_rate"]
    assert 0.001 <= min(rates) < 0.0012
    assert 0.085 < max(rates) <= 0.1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((-3, -1), "powers of ten"),
        ((0.001, 0.1), "as SciPy's `loguniform` wants them"),
        ((-6, -1), "the article's: they draw from 0.00248 to 0.368"),
        ((math.log(0.1), math.log(0.001)), "in the wrong order"),
        ((math.log(0.01), math.log(0.1)), "Yours draws from 0.01 to 0.1"),
        ((1, 10_000), "to inf"),
        (("-6.9", "-2.3"), "without quotation marks"),
        (-6.9, "Expected a pair"),
    ],
)
def test_wrong_ends(answer: Any, words: str) -> None:
    verdict = hpt.check("3.4-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_quniform_gives_floats_which_the_estimator_refuses() -> None:
    space = {
        "learning_rate": hp.uniform("learning_rate", 0, 1),
        "batch_size": hp.quniform("batch_size", 32, 128, 1),
    }
    size = search(rand.suggest, space, 1).vals["batch_size"][0]
    assert isinstance(size, float)
    with pytest.raises(TypeError, match="batch_size="):
        hpt.KerasMLPClassifier(batch_size=size).fit(np.eye(4), [0, 1, 0, 1])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda params: params, "still no int"),
        (lambda params: {**params, "batch_size": round(params["batch_size"], 0)}, "still no int"),
        (lambda params: {**params, "batch_size": np.round(params["batch_size"])}, "still no int"),
        (lambda params: {**params, "batch_size": str(int(params["batch_size"]))}, "the text '93'"),
        (lambda params: {**params, "batch_size": 93}, "it should be 32"),
        (lambda params: {"batch_size": int(params["batch_size"])}, "Lost on the way"),
        (lambda params: {name: int(value) for name, value in params.items()}, "leave them alone"),
        (lambda params: int(params["batch_size"]), "Return a dict"),
        (lambda params: params.batch_size, "AttributeError"),
    ],
)
def test_wrong_settings(answer: Any, words: str) -> None:
    verdict = hpt.check("3.4-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def answer_with(loss: Any, status: Any = STATUS_OK) -> Any:
    return lambda model, data: {"loss": loss(model, data), "status": status}


def on_validation(model: Any, data: Any) -> float:
    return float(model.score(data.x_validation, data.y_validation))


def test_the_error_rate_is_a_loss_too() -> None:
    assert hpt.check("3.4-c", answer_with(lambda model, data: -on_validation(model, data)))
    assert hpt.check("3.4-c", answer_with(lambda model, data: 1 - on_validation(model, data)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answer_with(on_validation), "the worst network"),
        (answer_with(lambda m, d: -m.score(d.x_train, d.y_train)), "rewards memorising"),
        (answer_with(lambda m, d: -m.score(d.x_test, d.y_test)), "on the test set"),
        (answer_with(lambda m, d: -0.5), "The loss is -0.5"),
        (answer_with(lambda m, d: -on_validation(m, d), None), '"status" is `None`'),
        (answer_with(lambda m, d: -on_validation(m, d), "fail"), "\"status\" is `'fail'`"),
        (lambda m, d: -on_validation(m, d), 'Return a dict with "loss" and "status"'),
        (lambda m, d: m.score(d.x_train, d.y_test), "different splits"),
    ],
)
def test_wrong_results(answer: Any, words: str) -> None:
    verdict = hpt.check("3.4-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_tpe_thinks_as_often_as_the_exercise_says() -> None:
    space = {"learning_rate": hp.loguniform("learning_rate", math.log(0.001), math.log(0.1))}
    drawn, guided = (
        search(s, space, 22).vals["learning_rate"] for s in (rand.suggest, tpe.suggest)
    )
    assert drawn[:20] == guided[:20]
    assert drawn[20] != guided[20]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, start: n - start, "never negative"),
        (lambda n, start: n - start + 1, "off by one"),
        (lambda n, start: n - start - 1, "off by one"),
        (lambda n, start: n, "all of them"),
        (lambda n, start: min(n, start), "Count the others"),
        (lambda n, start: 50, "you get 50."),
        (80, "Expected a function"),
    ],
)
def test_wrong_guided(answer: Any, words: str) -> None:
    verdict = hpt.check("3.4-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
