"""Chapter 4.2: right answers in many forms, and wrong ones, each with its own explanation."""

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
        (lambda d, v, h: d * v * h, "factor (1 − h) is missing"),
        (lambda d, v, h: -d * v * h * (1 - h), "the sign is not"),
        (lambda d, v, h: d * np.sum(v * h * (1 - h)), "added them up"),
        (lambda d, v, h: d * v * (1 - h), "the factor h is missing"),
        (lambda d, v, h: v * h * (1 - h), "error signal is missing"),
        (lambda d, v, h: np.full(h.shape, d * np.sum(v * h * (1 - h))), "the same signal"),
        (lambda d, v, h: np.round(d * v * h * (1 - h), 3), "right, but rounded"),
        (lambda d, v, h: np.outer(v, h), "`(0.5, [2.0], [0.2])` the signals should be [0.16], not"),
        (lambda d, v, h: 2 * d * v * h * (1 - h), "0.5 · 2 · 0.2 · (1 − 0.2)"),
        (lambda d, v, h: d * v * h - (1 - h), "the signals should be"),
        (lambda d, v, h: (d * v * h * (1 - h))[::-1], "the signals should be"),
        (lambda d, v, h: d * abs(v) * h * (1 - h), "the signals should be"),
        (lambda d, v, h: -0.35 * v * h * (1 - h), "the signals should be"),
        (lambda d, v, h: [].sort(), "`return` missing"),
        (lambda d, v: d * v, "TypeError"),
        ([1, 2, 3], "Expected a function"),
    ],
)
def test_wrong_hidden_deltas(answer: Any, words: str) -> None:
    verdict = hpt.check("4.2-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_hidden_deltas() -> None:
    """Among them dE/dz of the hidden units by TensorFlow's own differentiation."""
    tf = load_tensorflow()

    def by_tape(output_delta: float, output_weights: Any, hidden: Any) -> Any:
        z = tf.Variable(np.log(hidden / (1 - hidden)))
        with tf.GradientTape() as tape:
            signal = output_delta * tf.reduce_sum(output_weights * tf.sigmoid(z))
        return tape.gradient(signal, z)

    for answer in (
        by_tape,
        lambda d, v, h: d * v * (h - h**2),
        lambda d, v, h: [d * w * a * (1 - a) for w, a in zip(v, h, strict=True)],
        lambda d, v, h: (d * w * a * (1 - a) for w, a in zip(v, h, strict=True)),
        lambda d, v, h: np.multiply(d * v, np.multiply(h, 1 - h)),
        lambda d, v, h: tf.constant(d * v * h * (1 - h), tf.float32),
        lambda d, v, h: np.diag(h * (1 - h)) @ v * d,
    ):
        assert hpt.check("4.2-a", answer)


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
        (changed("output_delta * output_weights", "output_delta"), "the new weights should be"),
        (changed("(output - target)", "2 * (output - target)"), "twice as far"),
        (changed("(output - target)", "(target - output)"), "This climbs"),
        (changed("- learning_rate", "- 0.5"), "does not use its argument `learning_rate`"),
        (changed("output - target", "output - 1"), "does not use its argument `target`"),
        (changed("- learning_rate", "- 0"), "Neither the hidden nor the output weights"),
        (changed("np.outer(x, ", "np.outer(x * x, "), "the new weights should be"),
        (
            changed("output_delta * hidden\n", "output_delta * hidden**2\n"),
            "the new weights should",
        ),
        (
            changed(
                "return hidden_weights, output_weights", "return output_weights, hidden_weights"
            ),
            "in the wrong order",
        ),
        (changed("return hidden_weights, output_weights", "return output_weights"), "two things"),
        (changed("return hidden_weights, output_weights", "pass"), "is a `return` missing?"),
        (
            changed("return hidden_weights, output_weights", "return hidden_weights.T, 0"),
            "the new weights should be",
        ),
    ],
)
def test_wrong_train_step(answer: Any, words: str) -> None:
    verdict = hpt.check("4.2-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_train_step_in_other_words_is_right() -> None:
    def transposed(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
        hidden = sigmoid(first.T @ x)
        output = sigmoid(second @ hidden)
        delta = (output - target) * output * (1 - output)
        return (
            first - rate * x[:, None] * (delta * second * hidden * (1 - hidden)),
            second - rate * delta * hidden,
        )

    def looped(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
        hidden = [
            sigmoid(sum(x[i] * first[i][j] for i in range(len(x)))) for j in range(len(second))
        ]
        output = sigmoid(sum(h * v for h, v in zip(hidden, second, strict=True)))
        delta = (output - target) * output * (1 - output)
        new_first = [
            [
                w - rate * x[i] * delta * second[j] * hidden[j] * (1 - hidden[j])
                for j, w in enumerate(row)
            ]
            for i, row in enumerate(first)
        ]
        return [new_first, [v - rate * delta * h for v, h in zip(second, hidden, strict=True)]]

    def in_place(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
        hidden = sigmoid(x @ first)
        output = sigmoid(hidden @ second)
        delta = (output - target) * output * (1 - output)
        first -= rate * np.outer(x, delta * second * hidden * (1 - hidden))
        second -= rate * delta * hidden
        return first, second

    def with_a_copy(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
        hidden = sigmoid(x @ first)
        output = sigmoid(hidden @ second)
        before = second.copy()
        delta = (output - target) * output * (1 - output)
        second = second - rate * delta * hidden
        first = first - rate * np.einsum("i,j->ij", x, delta * before * hidden * (1 - hidden))
        return first, second

    for answer in (transposed, looped, with_a_copy):
        assert hpt.check("4.2-b", answer)
    verdict = hpt.check("4.2-b", in_place)
    assert verdict.state == "wrong"
    assert "What it returns is right, but your function changes" in verdict.message


def test_a_repair_by_another_name_of_the_same_array() -> None:
    """`old = w; w -= …` changes `old` as well: it does what the given program did."""

    def with_another_name(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
        hidden = sigmoid(x @ first)
        output = sigmoid(hidden @ second)
        delta = (output - target) * output * (1 - output)
        before = second
        second -= rate * delta * hidden
        return first - rate * np.outer(x, delta * before * hidden * (1 - hidden)), second

    verdict = hpt.check("4.2-b", with_another_name)
    assert verdict.state == "wrong"
    assert "`a += b` change an array itself, also under its other names" in verdict.message


def test_gradient_tape_makes_the_same_step() -> None:
    """TensorFlow's own differentiation is an independent reference, in 64 and in 32 bits."""
    tf = load_tensorflow()

    def by_tape(dtype: Any) -> Any:
        def train_step(x: Any, target: Any, first: Any, second: Any, rate: Any) -> Any:
            weights = [tf.Variable(first, dtype=dtype), tf.Variable(second[:, None], dtype=dtype)]
            with tf.GradientTape() as tape:
                hidden = tf.sigmoid(tf.constant(x[None], dtype) @ weights[0])
                output = tf.sigmoid(hidden @ weights[1])
                error = 0.5 * tf.reduce_sum((output - target) ** 2)
            gradients = tape.gradient(error, weights)
            return weights[0] - rate * gradients[0], (weights[1] - rate * gradients[1])[:, 0]

        return train_step

    assert hpt.check("4.2-b", by_tape(tf.float64))
    assert hpt.check("4.2-b", by_tape(tf.float32))


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


def own_step(function: Any, x: Any, step: float = 1e-5) -> Any:
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        shift = np.zeros_like(x)
        shift[i] = 1e-8
        gradient[i] = (function(x + shift) - function(x)) / 1e-8
    return gradient


def accumulating(function: Any, x: Any, step: float = 1e-5) -> Any:
    shifted, gradient = x.copy(), np.zeros_like(x)
    for i in np.ndindex(x.shape):
        shifted[i] += step
        ahead = function(shifted)
        shifted[i] -= 2 * step
        gradient[i] = (ahead - function(shifted)) / (2 * step)
    return gradient


central = differences(lambda f, x, s, h: (f(x + s) - f(x - s)) / (2 * h))


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
        (differences(lambda f, x, s, h: f(x)), "it should be [5.25]"),
        (lambda f, x, h=1e-5: np.zeros(2), "gives [0, 0]; it should be [5.25]"),
        (own_step, "Either `step` is not used"),
        (
            differences(lambda f, x, s, h: (f(x + s / h * 1e-4) - f(x - s / h * 1e-4)) / 2e-4),
            "Either `step` is not used",
        ),
        (accumulating, "stay shifted"),
        (lambda f, x, h=1e-5: central(f, x, h).ravel(), "should have the shape of x"),
        (lambda f, x, h=1e-5: np.abs(central(f, x, h)), "it should be"),
        (lambda f, x, h=1e-5: np.round(central(f, x, h), 1), "it should be"),
        (forgetful, "leaves `x` changed: [1] has become [1.5]"),
        (only_rows, "it should be"),
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

    def forth_and_back(function: Any, x: Any, step: float = 1e-5) -> Any:
        gradient = np.zeros_like(x)
        for i in np.ndindex(x.shape):
            x[i] += step
            ahead = function(x)
            x[i] -= 2 * step
            behind = function(x)
            x[i] += step
            gradient[i] = (ahead - behind) / (2 * step)
        return gradient

    def flattened(function: Any, x: Any, step: float = 1e-5) -> Any:
        flat = x.ravel().copy()
        rows = [
            function((flat + step * e).reshape(x.shape))
            - function((flat - step * e).reshape(x.shape))
            for e in np.eye(flat.size)
        ]
        return np.array(rows).reshape(x.shape) / (2 * step)

    tf = load_tensorflow()
    for answer in (
        in_place,
        forth_and_back,
        flattened,
        central,
        lambda f, x, step: central(f, x, step).tolist(),
        lambda f, x, step: tf.constant(central(f, x, step)),
        differences(lambda f, x, s, h: ((f(x + s) - f(x)) + (f(x) - f(x - s))) / h / 2),
    ):
        assert hpt.check("4.2-c", answer)


@pytest.mark.parametrize("point", [np.array([1.0, 2.0, -1.5]), np.array([[0.5, -1.0], [2.0, 1.5]])])
def test_the_judges_gradient_is_that_of_scipy(point: np.ndarray) -> None:
    numerical = approx_fprime(point.ravel(), chapter_04_2.cubic, 1e-8)
    found = chapter_04_2.central(chapter_04_2.cubic, point, 1e-5)
    np.testing.assert_allclose(found.ravel(), numerical, rtol=1e-6)
    assert found.shape == point.shape


# ---------------------------------------------------------------- 4.2-e


def bend(f: Any, x: Any, shift: Any, step: float) -> Any:
    return (f(x + shift) - 2 * f(x) + f(x - shift)) / step**2


bends = differences(bend)
only_ahead = differences(lambda f, x, s, h: (f(x + s) - f(x)) / h)


def finer(f: Any, x: Any, s: Any, h: float) -> Any:
    near, far = f(x + s) + f(x - s), f(x + 2 * s) + f(x - 2 * s)
    return (16 * near - far - 30 * f(x)) / (12 * h**2)


def bending_in_place(function: Any, x: Any, step: float = 1e-3) -> Any:
    found, middle = np.zeros_like(x), function(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + step
        right = function(x)
        x[i] = kept - step
        found[i] = (right - middle - (middle - function(x))) / step / step
        x[i] = kept
    return found


def test_right_curvatures() -> None:
    tf = load_tensorflow()

    def by_hessian(f: Any, x: Any, step: float) -> Any:
        """The diagonal of the second differences by every two variables, half a step each."""
        shifts = step / 2 * np.eye(x.size).reshape(x.size, *x.shape)
        signs = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
        table = [
            [sum(a * b * f(x + a * p + b * q) for a, b in signs) for q in shifts] for p in shifts
        ]
        return np.diag(table).reshape(x.shape) / step**2

    for answer in (
        bends,
        bending_in_place,
        by_hessian,
        lambda f, x, step: bends(f, x, step).tolist(),
        lambda f, x, step: tf.constant(bends(f, x, step)),
        lambda f, x, step: 2 * (only_ahead(f, x, step) - central(f, x, step)) / step,
    ):
        assert hpt.check("4.2-e", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (central, "that is the slope"),
        (differences(lambda f, x, s, h: bend(f, x, 2 * s, 2 * h)), "two steps to either side"),
        (differences(finer), "a finer one than the task's"),
        (lambda f, x, h=1e-3: bends(f, x, 1e-3), "Either `step` is not used"),
        (differences(lambda f, x, s, h: bend(f, x, s, h) + f(x) / h**2), "f(x) counts twice"),
        (differences(lambda f, x, s, h: bend(f, x, s, h) * h), "divided by `step` once"),
        (differences(lambda f, x, s, h: bend(f, x, s, 1)), "divide by its square"),
        (differences(lambda f, x, s, h: bend(f, x, s, h) / 2), "without a 2 in front"),
        (differences(lambda f, x, s, h: bend(f, x, s, 2 * h)), "you divided by (2·step)²"),
        (differences(lambda f, x, s, h: -bend(f, x, s, h)), "turned round"),
        (lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2, "all variables at once"),
        (lambda f, x, h=1e-3: bends(f, x, h).ravel(), "should have the shape of x"),
        (differences(lambda f, x, s, h: (f(x + 2 * s) - 2 * f(x + s) + f(x)) / h**2), "it should"),
        (differences(lambda f, x, s, h: abs(bend(f, x, s, h))), "it should be"),
        (lambda f, x, h=1e-3: bends(f, x, h).sum(), "it should be"),
        (forgetful, "leaves `x` changed"),
    ],
)
def test_wrong_curvatures(answer: Any, words: str) -> None:
    verdict = hpt.check("4.2-e", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_the_judges_curvatures_are_those_of_the_formula() -> None:
    x = np.array([[0.5, -1.0], [2.0, 1.5]])
    weights = np.arange(1, 5).reshape(2, 2)
    found = chapter_04_2.curvatures(chapter_04_2.quartic, x, 1e-3)
    np.testing.assert_allclose(found, weights * (12 * x**2 + 6 * x), atol=1e-4)
