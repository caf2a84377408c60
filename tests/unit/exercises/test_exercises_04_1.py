"""Chapter 4.1: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from exercise_prose import check_in_both_languages

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_04_1
from hpt_widgets.exercises.chart import curve_of
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from tools.make_exercise_series import MYSTERY_WALK


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
    verdict = check_in_both_languages("4.1-a", answer)
    assert not verdict
    assert words in verdict.message


def test_right_descent_in_other_forms() -> None:
    assert check_in_both_languages("4.1-a", walk(right))
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
        (0.10001, "multiplies y by 1.0002 in size"),
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
    verdict = check_in_both_languages("4.1-b", answer)
    assert not verdict
    assert words in verdict.message


@pytest.mark.parametrize(
    "answer", [0.1, 2 / 20, 0.0999, 0.099, np.float32(0.1), np.array([0.1]), Fraction(1, 10)]
)
def test_right_rate(answer: Any) -> None:
    assert check_in_both_languages("4.1-b", answer)


def test_a_rate_may_be_rounded_upwards_by_a_millionth_and_be_a_hundredth_less() -> None:
    limit = chapter_04_1.LIMIT
    assert limit == 2 / 20
    assert hpt.check("4.1-b", limit + 1e-6)
    assert not hpt.check("4.1-b", limit + 2e-6)
    assert hpt.check("4.1-b", 0.99 * limit - 1e-9)
    assert not hpt.check("4.1-b", 0.99 * limit - 1e-8)


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
        (
            with_update(
                "theta = theta + momentum * velocity - learning_rate * gradient", "velocity"
            ),
            "does not hold both the old one and this step",
        ),
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
    verdict = check_in_both_languages("4.1-c", answer)
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
    assert check_in_both_languages("4.1-c", answer)


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


# ---------------------------------------------------------------- the cases that are drawn


def drawn(draw: Any) -> list[list[Any]]:
    """Return many cases, one list for each argument."""
    rng = np.random.default_rng(0)
    return [list(values) for values in zip(*(draw(rng) for _ in range(1000)), strict=True)]


def spans(values: Any, low: float, high: float, digits: int) -> bool:
    """Whether numbers of so many digits lie within two ends, and reach nearly to both."""
    found, margin = np.array(values), 0.02 * (high - low)
    within = low <= found.min() <= low + margin and high - margin <= found.max() <= high
    return bool(within and (found == found.round(digits)).all())


def test_descents_begin_on_both_sides_with_rates_up_to_beyond_the_limit() -> None:
    starts, rates, steps = drawn(chapter_04_1.draw_walk)
    assert spans(starts, -5, 5, 1)
    assert spans(rates, 0.01, 1.1, 2)
    assert set(steps) == set(range(2, 9))
    assert len(np.unique(starts)) > 90
    assert len(np.unique(rates)) > 90


def test_walks_with_momentum_have_two_coordinates_and_up_to_four_of_curvature() -> None:
    starts, curvatures, rates, momenta, steps = drawn(chapter_04_1.draw_ravine)
    assert {start.shape for start in starts} == {(2,)}
    assert spans(starts, -3, 3, 1)
    assert set(curvatures) == {1.0, 2.0, 3.0, 4.0}
    assert spans(rates, 0.02, 0.3, 2)
    assert spans(momenta, 0.1, 0.95, 2)
    assert len(set(rates)) > 25
    assert len(set(momenta)) > 80
    assert set(steps) == {2, 3, 4, 5}


# ---------------------------------------------------------------- 4.1-d, a mystery walk


class PretendedLab:
    """Whatever has a path to be asked for is taken for the lab."""

    def path(self, name: str) -> str:
        return name


def mystery_walk(**changes: Any) -> Any:
    options = {**MYSTERY_WALK, **changes}
    return hpt.descend("quadratic_bowl", options.pop("optimizer"), **options)


def test_the_mystery_walk_in_many_forms() -> None:
    walk = mystery_walk()
    lab = hpt.DescentLab("quadratic_bowl", condition_number=10, steps=60)
    try:
        lab.set(optimizers={"momentum": 0.004}, momentum=0.8)
        from_lab = lab.path("momentum")
    finally:
        lab.close()
    for answer in (
        walk,
        from_lab,
        walk.points,
        walk.points.tolist(),
        mystery_walk(learning_rate=0.0041),
        mystery_walk(optimizer="nesterov", momentum=0.85, learning_rate=0.00325),
        hpt.descend(hpt.surfaces.quadratic_bowl(10), "momentum", learning_rate=0.004,
                    momentum=0.8, steps=60),
    ):  # fmt: skip
        assert hpt.check("4.1-d", answer), answer


def test_a_walk_by_another_optimizer_is_told_what_made_the_one_shown() -> None:
    near = mystery_walk(optimizer="nesterov", momentum=0.85, learning_rate=0.00325)
    told = check_in_both_languages("4.1-d", near)
    assert "was made with `momentum`: `nesterov`" in told.message
    assert "was made with" not in check_in_both_languages("4.1-d", mystery_walk()).message


def mystery_points() -> Any:
    return np.column_stack([curve_of("4.1-d x")[1], curve_of("4.1-d y")[1]])


def test_a_walk_is_as_near_as_the_chart_can_be_read() -> None:
    """Up to 0.09, in whatever direction; the farthest distance is told."""

    def moved(shift: tuple[float, float]) -> Any:
        return mystery_points() + np.array(shift)

    near = check_in_both_languages("4.1-d", moved((0.03, -0.04)))
    assert near
    assert "more than 0.05 apart" in near.message
    hpt.use_language("zh")
    assert "不超过 0.05" in hpt.check("4.1-d", moved((0.03, -0.04))).message
    hpt.use_language("en")
    assert hpt.check("4.1-d", moved((0.0, 0.0899)))
    far = check_in_both_languages("4.1-d", moved((0.07, -0.07)))
    assert far.message == ("Your walk starts at [-2.43, 1.43], the mystery at [-2.5, 1.5].")


@pytest.mark.parametrize("step", [1, 7, 60])
def test_the_step_at_which_a_walk_leaves_the_mystery_is_told(step: int) -> None:
    points = mystery_points()
    points[step:, 1] += 0.125
    verdict = check_in_both_languages("4.1-d", points)
    there = points[step].round(2).tolist()
    meant = mystery_points()[step].round(2).tolist()
    assert verdict.message == (
        f"The two walks go together up to step {step - 1}. After step {step} yours is at "
        f"{there}, the mystery at {meant}."
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: mystery_walk(steps=59), "Your walk has 60 points, the mystery 61"),
        (lambda: mystery_walk(learning_rate=0.008), "go together up to step"),
        (lambda: mystery_walk(momentum=0.9), "the mystery at"),
        # The same rate over 1 − momentum, so x goes the same way; y does not.
        (lambda: mystery_walk(learning_rate=0.005, momentum=0.75), "go together up to step"),
        (lambda: mystery_walk(optimizer="nesterov"), "go together up to step"),
        (lambda: mystery_walk(optimizer="gradient_descent", learning_rate=0.015), "go together"),
        (lambda: mystery_walk(optimizer="adam", learning_rate=0.07), "go together up to"),
        (lambda: mystery_walk(start=(-2.0, 1.0)), "Your walk starts at [-2.0, 1.0]"),
        (lambda: mystery_walk(learning_rate=0.5), "go together up to"),
        (lambda: "momentum", "could not be read|Expected|array"),
        (lambda: 0.004, "Expected the walk"),
        (lambda: {"optimizer": "momentum", "momentum": 0.8}, "Expected the walk"),
        (lambda: hpt.descend("parabola", steps=60), "A point there has two coordinates"),
        (lambda: mystery_walk().points.T, "All x stand in one row"),
        (lambda: np.zeros((2, 61)), "All x stand in one row of yours, and all y in another."),
        (lambda: np.zeros((2, 2)), "has 2 points, the mystery 61: it took 60 steps."),
        (lambda: np.full((61, 2), np.nan), "Your walk starts at [nan, nan]"),
        (lambda: np.zeros((61, 3)), "on another surface than `quadratic_bowl`. A point there has"),
        (lambda: np.zeros(61), "Expected the walk that `hpt.descend` returns, got `"),
        (lambda: PretendedLab(), "This is the lab. Hand over the walk"),
    ],
)
def test_other_walks(answer: Any, words: str) -> None:
    verdict = check_in_both_languages("4.1-d", answer())
    assert verdict.state == "wrong"
    assert any(word in verdict.message for word in words.split("|"))


# ---------------------------------------------------------------- 4.1-e, a race


def race(optimizer: str = "nesterov", rate: float = 0.0014, **options: Any) -> Any:
    return hpt.descend("rosenbrock", optimizer, learning_rate=rate, **{"steps": 150, **options})


def test_winners_of_the_race() -> None:
    for walk in (
        race(),
        race(schedule="cosine"),
        race("nesterov", 0.00139, momentum=0.95),
        race("adagrad", 2.044),
        race("momentum", 0.00044, momentum=0.95),
        race("adagrad", 2.044, schedule="cosine"),
        hpt.descend(hpt.surfaces.rosenbrock, "nesterov", learning_rate=0.0014, steps=149),
    ):
        verdict = check_in_both_languages("4.1-e", walk)
        assert verdict, (walk.optimizer, walk.losses[-1])
        said = (
            f"`{walk.optimizer}` with {walk.learning_rate:g} arrives at {walk.losses[-1]:.2g} "
            f"within {walk.steps} steps. "
        )
        assert verdict.message.startswith(said)


def test_a_loss_of_a_hundredth_after_150_steps_is_just_enough() -> None:
    walk = race()
    flat = replace(walk, losses=np.append(walk.losses[:-1], 0.01))
    assert hpt.check("4.1-e", flat)
    above = replace(walk, losses=np.append(walk.losses[:-1], 0.0101))
    assert not hpt.check("4.1-e", above)
    assert "151 steps, and 150 are allowed" in hpt.check("4.1-e", race(steps=151)).message


def test_a_loss_that_is_no_number_does_not_win() -> None:
    walk = race()
    lost = replace(walk, losses=np.append(walk.losses[:-1], np.nan))
    assert hpt.check("4.1-e", lost).state == "wrong"


def test_how_a_race_was_lost_is_told_with_its_numbers() -> None:
    climbing = race(rate=0.001, momentum=0.95)
    lowest = int(np.argmin(climbing.losses))
    assert climbing.losses[lowest] <= 0.01 < climbing.losses[-1]
    assert check_in_both_languages("4.1-e", climbing).message == (
        f"`nesterov` with 0.001 came down to {climbing.losses[lowest]:.3g} after {lowest} steps, "
        "but it did not stay there: after the last of its 150 steps the loss is "
        f"{climbing.losses[-1]:.3g}, and 0.01 at most is wanted at the end."
    )
    slow = race("gradient_descent", 0.001)
    assert check_in_both_languages("4.1-e", slow).message == (
        f"`gradient_descent` with 0.001 ends at a loss of {slow.losses[-1]:.3g}; 0.01 is wanted. "
        f"Its lowest loss on the way was {slow.losses.min():.3g}."
    )


def test_a_walk_is_on_the_surface_whose_losses_it_has() -> None:
    """A walk whose points are the race's, but whose losses are not, was made elsewhere."""
    walk = race()
    for place in (0, 1, 2):
        losses = walk.losses.copy()
        losses[place] += 0.5
        elsewhere = check_in_both_languages("4.1-e", replace(walk, losses=losses))
        assert elsewhere.message == (
            "This is a walk on another surface. The race is on `rosenbrock`."
        )


def test_the_start_of_the_race_is_the_surfaces_to_a_billionth() -> None:
    assert hpt.check("4.1-e", race(start=(-1.5, 1.5)))
    assert hpt.check("4.1-e", race(start=(-1.5 + 1e-10, 1.5)))
    moved = check_in_both_languages("4.1-e", race(start=(-1.25, 1.5)))
    assert moved.message == (
        "Your walk starts at [-1.25, 1.5]. Take the surface's own start, [-1.5, 1.5]: leave "
        "`start` out."
    )


@pytest.mark.parametrize(
    ("walk", "words"),
    [
        (lambda: race("gradient_descent", 0.001), "`gradient_descent` with 0.001 ends at"),
        (lambda: race("adam", 1.0), "`adam` with 1 ends at a loss of 0.0311; 0.01 is wanted"),
        (lambda: race(rate=0.001, momentum=0.95), "but it did not stay there: after the last of"),
        (lambda: race(steps=2_000), "2,000 steps, and 150 are allowed"),
        (lambda: race(start=(1.0, 1.0)), "Your walk starts at [1.0, 1.0]"),
        (lambda: race(start=(0.9, 0.8)), "leave `start` out"),
        (lambda: hpt.descend("quadratic_bowl", start=(-1.5, 1.5), steps=150), "another surface"),
        (lambda: hpt.descend("beale", "nesterov", steps=150), "another surface"),
        (lambda: hpt.descend("parabola", steps=150), "another surface"),
        (lambda: race("momentum", 1.0), "ends at a loss of"),
        (lambda: race().points, "Expected the walk"),
        (lambda: 0.001, "Expected the walk"),
        (lambda: "nesterov", "Expected the walk"),
    ],
)
def test_losers_of_the_race(walk: Any, words: str) -> None:
    verdict = check_in_both_languages("4.1-e", walk())
    assert verdict.state == "wrong"
    assert words in verdict.message
