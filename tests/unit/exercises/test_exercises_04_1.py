"""Chapter 4.1: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_04_1
from hpt_widgets.support.tensorflow_loader import load_tensorflow


def walk(step: Any, *, first: bool = True, extra: int = 0) -> Any:
    """Make an answer to 4.1-a from the rule of one step."""

    def descend(start: float, learning_rate: float, steps: int) -> list[float]:
        thetas = [start]
        for _ in range(steps + extra):
            thetas.append(step(thetas[-1], learning_rate, start))
        return thetas if first else thetas[1:]

    return descend


def right(theta: float, rate: float, start: float) -> float:
    return theta - rate * 2 * theta


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (walk(lambda t, r, s: t + r * 2 * t), "you add the gradient"),
        (walk(lambda t, r, s: t - r * t), "the derivative of θ² is 2θ"),
        (walk(lambda t, r, s: t - r * 2 * s), "Compute the gradient anew"),
        (walk(right, first=False), "the start is missing"),
        (walk(right, extra=-1), "the last step is missing"),
        (walk(right, extra=1), "one step too many"),
        (lambda s, r, n: walk(right)(s, r, n)[-1], "the last θ alone"),
        (lambda s, r, n: [t**2 for t in walk(right)(s, r, n)], "these are the losses"),
        (lambda s, r, n: walk(right)(s, 0.1, n), "does not use its argument `learning_rate`"),
        (lambda s, r, n: walk(right)(2.0, r, n), "does not use its argument `start`"),
        (lambda s, r, n: walk(right)(s, r, 5), "does not use its argument `steps`"),
        (walk(lambda t, r, s: t - r), "each step is the learning rate itself"),
        (lambda s, r, n: walk(right)(s, r, n) if s > 0 else [0.0] * (n + 1), "it should be [-"),
        (lambda s, r, n: [s] * (n + 1), "you return [1, 1]; it should be [1, 0]"),
        (
            lambda s, r, n: [[t] for t in walk(right)(s, r, n)],
            "you return [[1], [0]]; it should be [1, 0]",
        ),
        (lambda s, r, n: walk(right)(abs(s), r, n), "it should be"),
        (walk(lambda t, r, s: abs(right(t, r, s))), "it should be"),
        (lambda s, r, n: np.round(walk(right)(s, r, n), 1), "it should be"),
        (lambda s, r, n: walk(right)(s, r, n)[::-1], "it should be"),
        (lambda s, r, n: {"theta": walk(right)(s, r, n)}, "Expected numbers"),
        (lambda *_: [].sort(), "is a `return` missing"),
        ([2, 1.6, 1.28], "Expected a function"),
    ],
)
def test_wrong_descent(answer: Any, words: str) -> None:
    verdict = hpt.check("4.1-a", answer)
    assert not verdict
    assert words in verdict.message


def test_right_descent_in_other_forms() -> None:
    assert hpt.check("4.1-a", walk(right))
    assert hpt.check("4.1-a", lambda s, r, n: tuple(walk(right)(s, r, n)))
    assert hpt.check("4.1-a", lambda s, r, n: s * (1 - 2 * r) ** np.arange(n + 1))
    assert hpt.check("4.1-a", lambda s, r, n: (t for t in walk(right)(s, r, n)))
    assert hpt.check("4.1-a", lambda s, r, n: np.array(walk(right)(s, r, n), dtype=np.float32))
    assert hpt.check(
        "4.1-a",
        lambda s, r, n: itertools.accumulate([s, *[r] * n], lambda t, rate: t - 2 * rate * t),
    )


def test_gradient_tape_descends_too() -> None:
    tf = load_tensorflow()

    def descend(start: float, learning_rate: float, steps: int) -> Any:
        theta = tf.Variable(start, dtype=tf.float64)
        thetas = [theta.numpy()]
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = theta**2
            theta.assign_sub(learning_rate * tape.gradient(loss, theta))
            thetas.append(tf.identity(theta))
        return thetas

    assert hpt.check("4.1-a", descend)


def test_the_packages_own_descent_is_a_right_answer() -> None:
    def descend(start: float, learning_rate: float, steps: int) -> Any:
        path = hpt.descend(
            hpt.surfaces.parabola,
            "gradient_descent",
            start=start,
            learning_rate=learning_rate,
            steps=steps,
        )
        return path.points[:, 0]

    assert hpt.check("4.1-a", descend)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.2, "second derivative"),
        (1.0, "the flat direction"),
        (0.05, "up to twice"),
        (2 / 22, "converges fastest"),
        (0.15, "multiplies y by 2 in size"),
        (0.1009, "multiplies y by 1.018 in size"),
        (0.10001, "multiplies y by 1"),
        (0.0985, "not the largest"),
        ("2/20", "write a number"),
        (0.02, "not the largest"),
        (0, "greater than 0"),
        (-0.1, "greater than 0"),
        (np.nan, "finite number"),
        (lambda: 0.1, "is a function"),
    ],
)
def test_wrong_rate(answer: Any, words: str) -> None:
    verdict = hpt.check("4.1-b", answer)
    assert not verdict
    assert words in verdict.message


@pytest.mark.parametrize(
    "answer", [0.1, 2 / 20, 0.0999, 0.099, np.float32(0.1), np.array([0.1]), Fraction(1, 10)]
)
def test_right_rate(answer: Any) -> None:
    assert hpt.check("4.1-b", answer)


def test_the_limit_is_that_of_a_real_walk() -> None:
    """Walk on the exercise's bowl a little below and above the limit."""

    def last(rate: float) -> float:
        point = np.array([1.0, 1.0])
        for _ in range(2000):
            point = point - rate * np.array([2 * point[0], 20 * point[1]])
        return float(np.abs(point).max())

    assert last(0.99 * chapter_04_1.LIMIT) < 1e-6
    assert last(1.01 * chapter_04_1.LIMIT) > 1e6


def with_update(line_1: str, line_2: str, result: str = "theta, velocity") -> Any:
    """Make an answer to 4.1-c from its two lines."""
    names: dict[str, Any] = {}
    exec(
        "def step(theta, velocity, gradient, learning_rate=0.1, momentum=0.9):\n"
        f"    {line_1}\n    {line_2}\n    return {result}",
        names,
    )
    return names["step"]


VELOCITY = "velocity = momentum * velocity - learning_rate * gradient"
MOVE = "theta = theta + velocity"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (with_update("velocity = -learning_rate * gradient", MOVE), "exactly as plain gradient"),
        (with_update(VELOCITY, "theta = theta + momentum * velocity"), "shortens the new step too"),
        (with_update("velocity = velocity - learning_rate * gradient", MOVE), "kept whole"),
        (
            with_update(
                "velocity = momentum * velocity + (1 - momentum) * gradient",
                "theta = theta - learning_rate * velocity",
            ),
            "averages the gradients",
        ),
        (
            with_update(VELOCITY, "theta = theta + momentum * velocity - learning_rate * gradient"),
            "Nesterov",
        ),
        (with_update(MOVE, VELOCITY), "the step before"),
        (with_update(VELOCITY.replace("-", "+"), MOVE), "away from the minimum"),
        (with_update(VELOCITY, MOVE, "velocity, theta"), "wrong order"),
        (with_update(VELOCITY, MOVE, "theta"), "two things"),
        (with_update(VELOCITY, MOVE, "None"), "returns `None`"),
        (with_update("velocity = momentum * (velocity - learning_rate * gradient)", MOVE), "too"),
        (with_update(VELOCITY.replace("momentum", "0.9"), MOVE), "numbers are written where"),
        (with_update(VELOCITY.replace("learning_rate", "0.1"), MOVE), "numbers are written where"),
        (with_update(VELOCITY.replace("gradient", "2 * theta"), MOVE), "takes 2θ for the gradient"),
        (
            with_update(VELOCITY, "theta = theta + 2 * velocity"),
            "should lead to [[1.6, -0.8]]; yours leads to [[1.2, -0.6]]",
        ),
        (with_update(VELOCITY, "theta = theta - velocity"), "away from the minimum"),
        (with_update("velocity = momentum * velocity - gradient", MOVE), "should lead to"),
        (with_update(VELOCITY, "theta = velocity"), "should lead to"),
        (lambda *arguments: None, "returns `None`"),
        (
            with_update(
                "velocity *= momentum; velocity -= learning_rate * gradient", "theta += velocity"
            ),
            "changes what it is given: [2, -1] has become [1.6, -0.8]",
        ),
        (with_update(VELOCITY, MOVE, "theta.sum(), velocity"), "shape"),
    ],
)
def test_wrong_momentum(answer: Any, words: str) -> None:
    verdict = hpt.check("4.1-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        with_update(VELOCITY, MOVE),
        with_update(VELOCITY.replace("-", "+"), "theta = theta - velocity"),
        with_update(
            "velocity = momentum * velocity + gradient", "theta = theta - learning_rate * velocity"
        ),
        with_update(VELOCITY, MOVE, "[theta, velocity]"),
        with_update(VELOCITY, "theta = [t + v for t, v in zip(theta, velocity)]"),
        with_update("v = momentum * velocity", "velocity = v - learning_rate * gradient; " + MOVE),
    ],
)
def test_right_momentum_by_either_convention(answer: Any) -> None:
    assert hpt.check("4.1-c", answer)


def test_the_judges_momentum_is_that_of_keras() -> None:
    tf = load_tensorflow()
    start = np.array([2.0, -1.0])
    theta = tf.Variable(start)
    optimizer = tf.keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
    points = []
    for _ in range(4):
        optimizer.apply([2 * theta], [theta])
        points.append(theta.numpy())
    found = chapter_04_1.walk(chapter_04_1.momentum_step, start, 2.0, 0.1, 0.9, 4)
    np.testing.assert_allclose(found, points, rtol=1e-6)
