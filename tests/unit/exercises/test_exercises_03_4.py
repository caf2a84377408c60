"""Chapter 3.4: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hyperopt import STATUS_OK, Trials, fmin, hp, rand, tpe
from sklearn.metrics import accuracy_score, log_loss

import hpt_widgets as hpt
from hpt_widgets.support.tensorflow_loader import load_tensorflow


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


def test_right_ends() -> None:
    tf = load_tensorflow()
    for answer in (
        [math.log(1e-3), math.log(0.1)],
        np.log([0.001, 0.1]),
        map(math.log, (0.001, 0.1)),
        (-3 * math.log(10), -math.log(10)),
        tf.math.log([0.001, 0.1]),
        (np.float32(-6.9078), tf.constant(-2.3026)),
        pd.Series([-6.908, -2.303]),
    ):
        assert hpt.check("3.4-a", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((-3, -1), "powers of ten"),
        ((0.001, 0.1), "as SciPy's `loguniform` wants them"),
        ((-6, -1), "the article's: they draw from 0.00248 to 0.368"),
        ((math.log(0.1), math.log(0.001)), "in the wrong order"),
        ((math.log2(0.001), math.log2(0.1)), "powers of two"),
        ((6.9078, 2.3026), "The sign is missing"),
        ((math.exp(0.001), math.exp(0.1)), "Turn it round"),
        ((-7, -2), "Yours draws from 0.000912 to 0.135"),
        ((-6.9, 2.3), "Yours draws from 0.00101 to 9.97"),
        ((-6.9, -2.3, 1), "Expected a pair"),
        ({"low": -6.9, "high": -2.3}, "Expected a pair"),
        ((math.log(0.01), math.log(0.1)), "Yours draws from 0.01 to 0.1"),
        ((1, 10_000), "to inf"),
        (("-6.9", "-2.3"), "write -6.9, without quotation marks"),
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


def test_right_settings() -> None:
    def changed_in_place(params: Any) -> Any:
        params["batch_size"] = round(params["batch_size"])
        return params

    for answer in (
        changed_in_place,
        lambda params: {**params, "batch_size": int(params["batch_size"])},
        lambda params: dict(params, batch_size=np.int64(params["batch_size"])),
        lambda params: params | {"batch_size": math.floor(params["batch_size"])},
        lambda params: {
            name: int(value) if name == "batch_size" else value for name, value in params.items()
        },
        lambda params: {
            "batch_size": np.array(params["batch_size"]).astype(int),
            "dropout_rate": np.float64(params["dropout_rate"]),
            "learning_rate": params["learning_rate"],
        },
        lambda params: pd.Series({**params, "batch_size": int(params["batch_size"])}, dtype=object),
    ):
        assert hpt.check("3.4-b", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda params: params, "'batch_size': 73.0, 'dropout_rate': 0.5}: batch_size is still no"),
        (lambda params: {**params, "batch_size": round(params["batch_size"], 0)}, "still no int"),
        (lambda params: {**params, "batch_size": np.round(params["batch_size"])}, "still no int"),
        (
            lambda params: {**params, "batch_size": str(int(params["batch_size"]))},
            "a text now",
        ),
        (lambda params: {**params, "batch_size": 93}, "always 93"),
        (lambda params: {**params, "batch_size": 64}, "it should be {"),
        (lambda params: {**params, "batch_size": True}, "it should be {"),
        (lambda params: {**params, "batch_size": [int(params["batch_size"])]}, "it should be {"),
        (lambda params: {"batch_size": int(params["batch_size"])}, "the others are lost"),
        (lambda params: {name: int(value) for name, value in params.items()}, "leave them alone"),
        (lambda params: {n: round(value) for n, value in params.items()}, "it should be {"),
        (
            lambda params: {**params, "batch_size": int(params["batch_size"]), "epochs": 1},
            "it should be {",
        ),
        (
            lambda params: {
                **params,
                "batch_size": int(params["batch_size"]),
                "dropout_rate": round(params["dropout_rate"], 1),
            },
            "it should be {",
        ),
        (lambda params: int(params["batch_size"]), "Expected a dict"),
        (lambda params: params.update(batch_size=1), "is a `return` missing?"),
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


def test_right_results() -> None:
    tf = load_tensorflow()

    def by_splits(model: Any, data: Any) -> float:
        split = data.splits["validation"]
        return -model.score(split.x, split.y)

    for loss in (
        by_splits,
        lambda model, data: -on_validation(model, data),
        lambda model, data: 1 - on_validation(model, data),
        lambda model, data: 100 * (1 - on_validation(model, data)),
        lambda model, data: -model.score(*data.splits["validation"]),
        lambda model, data: np.mean(model.predict(data.x_validation) != data.y_validation),
        lambda model, data: -accuracy_score(data.y_validation, model.predict(data.x_validation)),
        lambda model, data: log_loss(
            data.y_validation, model.predict_proba(data.x_validation), labels=range(10)
        ),
        lambda model, data: tf.constant(-on_validation(model, data)),
        lambda model, data: -model.score(data.x_validation.reshape(-1, 784), data.y_validation),
    ):
        assert hpt.check("3.4-c", answer_with(loss))
        assert hpt.check(
            "3.4-c", lambda m, d, loss=loss: {"status": "ok", "loss": loss(m, d), "model": m}
        )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answer_with(on_validation), "the worst network"),
        (answer_with(lambda m, d: -(1 - on_validation(m, d))), "the worst network"),
        (answer_with(lambda m, d: -m.score(d.x_train, d.y_train)), "rewards memorising"),
        (answer_with(lambda m, d: 1 - m.score(d.x_train, d.y_train)), "rewards memorising"),
        (answer_with(lambda m, d: m.score(d.x_train, d.y_train)), "rewards memorising"),
        (answer_with(lambda m, d: -m.score(d.x_test, d.y_test)), "on the test set"),
        (answer_with(lambda m, d: 1 - m.score(d.x_test, d.y_test)), "on the test set"),
        (answer_with(lambda m, d: -0.5), "The loss is -0.5 for every model"),
        (
            answer_with(lambda m, d: -on_validation(m, d) - m.score(d.x_train, d.y_train)),
            "on the validation digits (0.6481 on the training digits",
        ),
        (answer_with(lambda m, d: -round(on_validation(m, d), 1)), "on the validation digits ("),
        (answer_with(lambda m, d: -len(d.y_validation)), "on the validation digits ("),
        (answer_with(lambda m, d: float("nan")), "expected a finite number"),
        (answer_with(lambda m, d: str(on_validation(m, d))), "without quotation marks"),
        (answer_with(lambda m, d: -on_validation(m, d), None), '"status" is `None`'),
        (answer_with(lambda m, d: -on_validation(m, d), "fail"), "\"status\" is `'fail'`"),
        (lambda m, d: {"loss": -on_validation(m, d)}, '"status" is `None`'),
        (lambda m, d: -on_validation(m, d), 'Return a dict with "loss" and "status"'),
        (lambda m, d: ("loss", -on_validation(m, d)), 'Return a dict with "loss" and "status"'),
        (answer_with(lambda m, d: -m.score(d.x_train, d.y_test)), "raised ValueError"),
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


def test_right_guided() -> None:
    tf = load_tensorflow()
    for answer in (
        lambda n, start: max(0, n - start),
        lambda n, start: n - start if n > start else 0,
        lambda n, start: n - min(n, start),
        lambda n, start: len(range(start, n)),
        lambda n, start: np.maximum(n - start, 0),
        lambda n, start: np.clip(n - start, 0, None),
        lambda n, start: tf.nn.relu(n - start),
        lambda n, start: sum(1 for k in range(n) if k >= start),
    ):
        assert hpt.check("3.4-d", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n, start: n - start, "never negative"),
        (lambda n, start: abs(n - start), "none is the model's"),
        (lambda n, start: n - start + 1, "off by one"),
        (lambda n, start: n - start - 1, "off by one"),
        (lambda n, start: max(0, n - start + 1), "off by one"),
        # The reason holds whatever the case, one without any random start too.
        (lambda n, start: max(0, n - start + 1), "whose first 20 are random, say, numbers 21 to"),
        (lambda n, start: max(0, n - start - 1), "off by one"),
        (lambda n, start: n, "all of them"),
        (lambda n, start: min(n, start), "Count the others"),
        (lambda n, start: start, "Count what comes after it"),
        (lambda n, start: max(0, n - 20), "always 20"),
        (lambda n, start: max(1, n - start), "`(0, 20)` you get 1; it should be 0"),
        (lambda n, start: 50, "you get 50; it should be"),
        (lambda n, start: 0.8 * n, "it should be"),
        (lambda n, start: n // start, "ZeroDivisionError"),
        (lambda n, start: range(start, n), "Expected one number"),
        (80, "Expected a function, got `80`: write one with `def`"),
    ],
)
def test_wrong_guided(answer: Any, words: str) -> None:
    verdict = hpt.check("3.4-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
