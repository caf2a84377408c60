"""The typical wrong answers of chapter 4.2, each with its own explanation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import approx_fprime

import hpt_widgets as hpt
from hpt_widgets.exercises import all_exercises
from hpt_widgets.exercises.chapters import chapter_04_2
from hpt_widgets.support.tensorflow_loader import load_tensorflow


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- 4.2-a


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda d, v, h: d * v, "slope of the hidden unit's activation is missing"),
        (lambda d, v, h: d * h * (1 - h), "The weights are missing"),
        (lambda d, v, h: d * v * sigmoid(h) * (1 - sigmoid(h)), "sigmoid again"),
        (lambda d, v, h: d * v * (1 - h**2), "slope of tanh"),
        (lambda d, v, h: d * v * h, "factor (1 - h) is missing"),
        (lambda d, v, h: -d * v * h * (1 - h), "the sign is not"),
        (lambda d, v, h: d * np.sum(v * h * (1 - h)), "added them up"),
        (lambda d, v, h: np.outer(v, h), "(3, 3)"),
        (lambda d, v, h: 2 * d * v * h * (1 - h), "-0.0672"),
        (lambda d, v, h: [].sort(), "`return` missing"),
        (lambda d, v: d * v, "TypeError"),
        ([1, 2, 3], "Expected a function"),
    ],
)
def test_wrong_hidden_deltas(answer: Any, words: str) -> None:
    verdict = hpt.check("4.2-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_hidden_deltas_are_those_of_gradient_tape() -> None:
    """Take dE/dz of the hidden units from TensorFlow; the check must call it right."""
    tf = load_tensorflow()

    def deltas(output_delta: float, output_weights: Any, hidden: Any) -> Any:
        z = tf.Variable(np.log(hidden / (1 - hidden)))
        with tf.GradientTape() as tape:
            signal = output_delta * tf.reduce_sum(output_weights * tf.sigmoid(z))
        return tape.gradient(signal, z).numpy()

    # TensorFlow takes longer than the limit of time only when it is traced line by line.
    computed = deltas(chapter_04_2.OUTPUT_DELTA, chapter_04_2.OUTPUT_WEIGHTS, chapter_04_2.HIDDEN)
    assert hpt.check("4.2-a", lambda *_: computed)


# ---------------------------------------------------------------- 4.2-b

SOLUTION = all_exercises()["4.2-b"].solution


def changed(old: str, new: str) -> Any:
    """Make an answer from the solution with one change."""
    assert old in SOLUTION
    names: dict[str, Any] = {}
    exec(SOLUTION.replace(old, new), names)
    return names["train_step"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            changed("output_weights * hidden * (1 - hidden)", "output_weights"),
            "`hidden * (1 - hidden)`, has got lost",
        ),
        (
            changed("(output - target) * output * (1 - output)", "output - target"),
            "`output * (1 - output)`, has got lost",
        ),
        (
            changed("output_weights = output_weights - learning_rate", "_ = learning_rate"),
            "output weights do not change",
        ),
        (
            changed("hidden_weights = hidden_weights - learning_rate", "_ = learning_rate"),
            "hidden weights do not change",
        ),
        (changed("- learning_rate", "+ learning_rate"), "This climbs"),
        (changed("output_delta * output_weights", "output_delta"), "before or after the change"),
        (changed("(output - target)", "2 * (output - target)"), "The output weights should become"),
        (changed("- learning_rate", "- 0.5"), "does your function use all of its arguments"),
        (changed("return hidden_weights, output_weights", "return output_weights"), "two things"),
        (changed("return hidden_weights, output_weights", "pass"), "two things"),
        (
            changed("return hidden_weights, output_weights", "return hidden_weights.T, 0"),
            "the shape (3, 2)",
        ),
    ],
)
def test_wrong_train_step(answer: Any, words: str) -> None:
    verdict = hpt.check("4.2-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_train_step_in_other_words_is_right() -> None:
    def train_step(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
        hidden = sigmoid(first.T @ x)
        output = sigmoid(second @ hidden)
        delta = (output - target) * output * (1 - output)
        return (
            first - rate * x[:, None] * (delta * second * hidden * (1 - hidden)),
            second - rate * delta * hidden,
        )

    assert hpt.check("4.2-b", train_step)


def test_the_judges_train_step_is_that_of_gradient_tape() -> None:
    tf = load_tensorflow()
    weights = [
        tf.Variable(chapter_04_2.HIDDEN_WEIGHTS),
        tf.Variable(chapter_04_2.OUTPUT_WEIGHTS[:, None]),
    ]
    with tf.GradientTape() as tape:
        hidden = tf.sigmoid(chapter_04_2.X[None] @ weights[0])
        error = 0.5 * tf.reduce_sum((tf.sigmoid(hidden @ weights[1]) - chapter_04_2.TARGET) ** 2)
    gradients = tape.gradient(error, weights)
    found = chapter_04_2._train_step(
        chapter_04_2.X,
        chapter_04_2.TARGET,
        chapter_04_2.HIDDEN_WEIGHTS,
        chapter_04_2.OUTPUT_WEIGHTS,
        0.5,
    )
    for mine, weight, gradient in zip(found, weights, gradients, strict=True):
        expected = (weight - 0.5 * gradient).numpy().reshape(mine.shape)
        np.testing.assert_allclose(mine, expected, rtol=1e-12)


# ---------------------------------------------------------------- 4.2-c


def differences(rule: Any) -> Any:
    """Make an answer from a rule f, x, shift of one variable, step."""

    def numerical_gradient(function: Any, x: Any, step: float = 1e-5) -> Any:
        gradient = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            shift = np.zeros_like(x)
            shift[i] = step
            gradient[i] = rule(function, x, shift, step)
        return gradient

    return numerical_gradient


def forgetful(function: Any, x: Any, step: float = 1e-5) -> Any:
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        before = function(x)
        x[i] += step
        gradient[i] = (function(x) - before) / step
    return gradient


def only_rows(function: Any, x: Any, step: float = 1e-5) -> Any:
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        shift = np.zeros_like(x)
        shift[i] = step
        gradient[i] = (function(x + shift) - function(x - shift)) / (2 * step)
    return gradient


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (differences(lambda f, x, s, h: (f(x + s) - f(x)) / h), "one-sided"),
        (differences(lambda f, x, s, h: (f(x) - f(x - s)) / h), "one-sided"),
        (differences(lambda f, x, s, h: (f(x + s) - f(x - s)) / h), "Twice too large"),
        (differences(lambda f, x, s, h: f(x + s) - f(x - s)), "divide it by the distance"),
        (differences(lambda f, x, s, h: (f(x + s) - f(x - s)) / 2), "not by `step`"),
        (differences(lambda f, x, s, h: (f(x + s) - f(x - s)) / 2 * h), "multiplies by step"),
        (differences(lambda f, x, s, h: (f(x - s) - f(x + s)) / (2 * h)), "turned round"),
        (lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h), "all variables at once"),
        (differences(lambda f, x, s, h: f(x)), "partial derivative number 0 is 5, not"),
        (lambda f, x, h=1e-5: np.zeros(2), "yours has the shape (2,)"),
        (forgetful, "leaves `x` changed"),
        (only_rows, "2 x 2 array"),
        (lambda f, x, h=1e-5: f("x"), "ValueError"),
    ],
)
def test_wrong_numerical_gradient(answer: Any, words: str) -> None:
    verdict = hpt.check("4.2-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_numerical_gradients() -> None:
    def in_place(function: Any, x: Any, step: float = 1e-5) -> Any:
        gradient = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            kept = x[i]
            x[i] = kept + step
            ahead = function(x)
            x[i] = kept - step
            gradient[i] = (ahead - function(x)) / (2 * step)
            x[i] = kept
        return gradient

    assert hpt.check("4.2-c", in_place)
    assert hpt.check("4.2-c", differences(lambda f, x, s, h: (f(x + s) - f(x - s)) / (2 * h)))


@pytest.mark.parametrize("point", [chapter_04_2.POINT, chapter_04_2.MATRIX])
def test_the_judges_gradient_is_that_of_scipy(point: np.ndarray) -> None:
    numerical = approx_fprime(point.ravel(), chapter_04_2.cubic, 1e-8)
    found = chapter_04_2._cubic_gradient(point)
    np.testing.assert_allclose(found.ravel(), numerical, rtol=1e-6)
    assert found.shape == point.shape
