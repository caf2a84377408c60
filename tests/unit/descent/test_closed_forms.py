"""Walks whose every point is known on paper, and verdicts whose every figure is."""

from __future__ import annotations

import math

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.descent.surfaces import Surface, quadratic_bowl
from hpt_widgets.descent.verdict import DescentState, describe
from hpt_widgets.descent.walk import descend, remembered_slopes

RATE, BETA, STEPS = 0.05, 0.8, 12
State = DescentState


def plane(*slopes, **settings):
    """Return a surface that falls the same way everywhere, with its exact slope."""
    slope = np.array(slopes)
    return Surface(
        "plane",
        lambda points: np.asarray(points) @ slope,
        lambda points: np.broadcast_to(slope, np.shape(points)).astype(float),
        window=((-5, 5),) * len(slopes),
        start=(0.0,) * len(slopes),
        hessian=lambda points: np.zeros((*np.shape(points), len(slopes))),
        **settings,
    )


# What each optimiser adds at step k = 1, 2, … on a slope g that is the same everywhere. The sums
# over past slopes are geometric: 1 + β + … + β^(k-1) = (1 - β^k)/(1 - β).
MOVES = {
    "gradient_descent": lambda g, k: -RATE * g,  # noqa: ARG005
    "momentum": lambda g, k: -RATE * g * (1 - BETA**k) / (1 - BETA),
    "nesterov": lambda g, k: -RATE * g * (1 - BETA ** (k + 1)) / (1 - BETA),
    "adagrad": lambda g, k: -RATE * g / math.sqrt(0.1 + k * g**2 + 1e-7),
    "rmsprop": lambda g, k: -RATE * g / math.sqrt((1 - 0.9**k) * g**2 + 1e-7),
    "adam": lambda g, k: -RATE * g / (abs(g) + 1e-7 / math.sqrt(1 - 0.999**k)),
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("slopes", [(3.0, -0.5), (2e-4, 1e-6)], ids=["steep", "nearly-level"])
def test_on_a_plane_each_step_is_known(name, slopes):
    path = descend(plane(*slopes), name, learning_rate=RATE, momentum=BETA, steps=STEPS)
    moves = np.array([[MOVES[name](g, k) for g in slopes] for k in range(1, STEPS + 1)])
    expected = np.concatenate([np.zeros((1, 2)), moves.cumsum(axis=0)])
    np.testing.assert_allclose(path.points, expected, rtol=1e-9)
    np.testing.assert_allclose(path.losses, expected @ slopes, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("steps", [40, 75])
def test_adagrad_creeps_because_it_remembers_all_slopes(steps):
    surface = plane(1.0, -4.0)
    path = descend(surface, "adagrad", learning_rate=0.02, steps=steps)
    verdict = describe(path, surface)
    assert verdict.state is State.CREEPING
    # Each axis goes by g / √(0.1 + k g²); Keras begins with 0.1.
    parts = [
        math.hypot(*(g / math.sqrt(0.1 + k * g**2) for g in (1.0, 4.0)))
        for k in range(steps - 11, steps + 1)
    ]
    share = 100 * sum(parts) / 12
    assert f"than the slope here: a step is {share:.3g} % of η = 0.02" in verdict.reason
    assert f"measure only {0.02 * share / 100:.3g} each" in verdict.happening


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_a_step_of_about_the_rate_is_short_where_the_rate_is_small(optimizer):
    surface = plane(3.0, -0.5)
    verdict = describe(descend(surface, optimizer, learning_rate=1e-3, steps=40), surface)
    assert verdict.state is State.CREEPING
    assert "a step is about as long as η = 0.001" in verdict.reason


def test_on_one_parameter_adams_step_is_its_rate_to_the_last_digit():
    surface = plane(3.0)
    verdict = describe(descend(surface, "adam", learning_rate=1e-3, steps=40), surface)
    assert "measure only 0.001 each" in verdict.happening


def test_slopes_to_and_fro_cancel_in_adams_mean():
    """A gradient that changes its sign at every step, with a mean of almost 0."""
    surface = plane(1.0)
    path = descend(surface, "adam", learning_rate=0.03, steps=40)
    signs = np.where(np.arange(41) % 2, 1.0, -1.0)[:, None]
    means, mean = [], 0.0
    for k, sign in enumerate(signs[:, 0], start=1):
        mean = 0.9 * mean + 0.1 * sign
        means.append(mean / (1 - 0.9**k))
    points = np.concatenate([[0.0], -0.03 * np.cumsum(means[:40])])[:, None]
    swinging = type(path)(**{**vars(path), "gradients": signs, "points": points})
    state = describe(swinging, surface)
    share = 100 * np.abs(means[28:40]).mean()
    # It turns at each step, so that it zigzags; what it says of the length holds all the same.
    assert state.state is State.ZIGZAGGING
    assert f"measured {0.03 * share / 100:.3g} each" in state.reason


@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop"])
@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "rastrigin", "parabola"])
def test_what_is_remembered_is_what_a_step_is_divided_by(surface, optimizer):
    path = descend(surface, optimizer, learning_rate=0.01, steps=60, gradient_noise=0.5)
    for step in (0, 1, 7, 59):
        sizes = remembered_slopes(optimizer, path.gradients[: step + 1])
        move = path.points[step + 1] - path.points[step]
        np.testing.assert_allclose(move, -0.01 * path.gradients[step] / sizes, rtol=1e-6)


@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "rastrigin", "parabola"])
def test_what_adam_remembers_is_what_its_mean_is_divided_by(surface):
    path = descend(surface, "adam", learning_rate=0.01, steps=60)
    mean = np.zeros(path.points.shape[1])
    for step in range(60):
        mean = 0.9 * mean + 0.1 * path.gradients[step]
        sizes = remembered_slopes("adam", path.gradients[: step + 1])
        expected = -0.01 * mean / (1 - 0.9 ** (step + 1)) / sizes
        np.testing.assert_allclose(
            path.points[step + 1] - path.points[step], expected, rtol=1e-4, atol=1e-9
        )


@pytest.mark.parametrize(("noise", "says"), [(0.0, "noise would free it"), (1e-200, "")])
def test_at_a_saddle_noise_is_proposed_where_there_is_none(noise, says):
    path = descend("saddle", gradient_noise=noise)
    verdict = describe(path, hpt.surfaces.saddle)
    assert verdict.state is State.STUCK_AT_SADDLE
    assert says in verdict.reason
    assert bool(verdict.reason) == bool(says)


def first_step_for_good(path, minima, within):
    """Return from which step on a walk is near one of the minima, in plain Python."""
    near = [min(math.dist(point, minimum) for minimum in minima) <= within for point in path.points]
    return len(near) - next((k for k, is_near in enumerate(near[::-1]) if not is_near), len(near))


@pytest.mark.parametrize(
    ("surface", "settings"),
    [
        (hpt.surfaces.himmelblau, {}),
        (hpt.surfaces.himmelblau, {"start": (-1.0, 2.5)}),
        (quadratic_bowl(20), {"learning_rate": 0.09}),
        # It swings through the minimum before it stays there.
        (quadratic_bowl(4), {"optimizer": "momentum", "learning_rate": 0.1, "steps": 150}),
    ],
    ids=["himmelblau", "another-minimum", "bowl", "swinging"],
)
def test_the_step_of_arrival_is_that_from_which_on_it_stays(surface, settings):
    path = descend(surface, **settings)
    within = 0.01 * surface.diagonal
    arrived = first_step_for_good(path, surface.minima, within)
    assert 0 < arrived < path.steps
    text = describe(path, surface).happening
    assert f"since step {arrived}." in text
    # At a step in between it says the same, and does not look ahead.
    middle = (arrived + path.steps) // 2
    assert f"since step {arrived}." in describe(path, surface, middle).happening


def test_whoever_starts_at_a_minimum_has_been_there_since_the_start():
    path = descend(quadratic_bowl(4), start=(0.0, 0.0), steps=5)
    assert "since step 0." in describe(path, quadratic_bowl(4)).happening


def double_well(depth=0.0):
    """Return a curve with a lower minimum near -1 and another near 1; `depth` moves all of it."""
    return Surface.from_function(
        lambda x: (x**2 - 1) ** 2 + 0.3 * x + depth, window=[(-2, 2)], start=1.5,
        minima=[[-1.0355810]],
    )  # fmt: skip


@pytest.mark.parametrize("depth", [0.0, 0.3054, 7.0, -7.0])
def test_the_higher_of_two_minima_is_a_local_one_at_any_height(depth):
    surface = double_well(depth)
    assert describe(descend(surface, learning_rate=0.05), surface).state is State.LOCAL_MINIMUM
    lower = descend(surface, start=-1.5, learning_rate=0.05)
    assert describe(lower, surface).state is State.REACHED


@pytest.mark.parametrize("height", [0.0, 5.0, -5.0])
def test_a_small_slope_in_a_long_valley_is_no_local_minimum(height):
    """There a gradient of a hundredth of the first one is still far from the end."""
    valley = Surface.from_function(
        lambda x, y: 0.5 * (1e-3 * x**2 + 2 * y**2) + height, start=(2.5, 2.5), minima=[[0.0, 0.0]]
    )
    path = descend(valley, learning_rate=0.5, steps=40)
    assert describe(path, valley).state in (State.CREEPING, State.CONVERGING)


def noisy(losses, **settings):
    """Return a walk to and fro on a parabola, with these losses, as noise might make it."""
    surface = hpt.surfaces.parabola
    heights = np.asarray(losses, dtype=float)
    signs = np.where(np.arange(len(heights)) % 2, 1.0, -1.0)
    points = (signs * np.sqrt(heights))[:, None]
    path = descend(surface, gradient_noise=1.0, steps=len(heights) - 1, **settings)
    return type(path)(**{**vars(path), "points": points, "losses": heights}), surface


@pytest.mark.parametrize(
    ("losses", "hovers"),
    [
        # A quarter is left out, then the mean before; the latest twelve are held against it.
        ([9.0] * 10 + [1.0] * 18 + [0.6] * 12, True),
        ([9.0] * 10 + [1.0] * 18 + [0.4] * 12, False),
        # Hovering needs more than twice the latest twelve points.
        ([1.0] * 25, True),
        ([1.0] * 24, False),
    ],
)
def test_noise_that_gains_nothing_is_told_from_noise_that_gains(losses, hovers):
    path, surface = noisy(losses)
    assert (describe(path, surface).state is State.NOISY) is hovers


def test_the_judgement_of_noise_looks_no_further_than_its_step():
    path, surface = noisy([9.0] * 10 + [1.0] * 18 + [0.6] * 12 + [0.01] * 12)
    assert describe(path, surface, 39).state is State.NOISY
    assert describe(path, surface).state is not State.NOISY
