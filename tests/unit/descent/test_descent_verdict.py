"""Verdicts on walks whose fate is known."""

import math
import re

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.descent.surfaces import SURFACES, Surface, get_surface, quadratic_bowl
from hpt_widgets.descent.verdict import DescentState, describe
from hpt_widgets.descent.walk import OPTIMIZERS, descend
from hpt_widgets.labs.descent.race import suggested_rates
from hpt_widgets.language import texts_of

bowl = quadratic_bowl(20)
State = DescentState


def verdict_on(surface, optimizer="gradient_descent", step=None, **settings):
    path = descend(surface, optimizer, **settings)
    return describe(path, get_surface(surface), step)


@pytest.mark.parametrize(
    ("state", "surface", "settings"),
    [
        (State.STARTING, bowl, {"step": 0}),
        (State.CONVERGING, bowl, {"learning_rate": 0.03, "steps": 15}),
        (State.CREEPING, bowl, {"learning_rate": 1e-4}),
        (State.CREEPING, "rosenbrock", {"learning_rate": 5e-4, "steps": 200}),
        (State.CREEPING, bowl, {"optimizer": "adagrad", "learning_rate": 0.05}),
        (State.ZIGZAGGING, bowl, {"learning_rate": 0.098, "steps": 40}),
        (State.ZIGZAGGING, "ravine", {"learning_rate": 0.039, "steps": 30}),
        (State.ZIGZAGGING, "parabola", {"learning_rate": 0.95, "steps": 10}),
        (State.DIVERGING, bowl, {"learning_rate": 0.101, "steps": 100}),
        (State.DIVERGING, "rosenbrock", {"learning_rate": 0.1}),
        (State.DIVERGING, bowl, {"optimizer": "momentum", "learning_rate": 0.2}),
        (State.REACHED, bowl, {"learning_rate": 0.09}),
        (State.REACHED, "himmelblau", {}),
        (State.REACHED, bowl, {"start": (0.0, 0.0), "step": 0}),
        (State.STUCK_AT_SADDLE, "saddle", {}),
        (State.STUCK_AT_SADDLE, "saddle", {"start": (0.0, 0.0), "step": 0}),
        (State.STUCK_AT_SADDLE, "saddle", {"optimizer": "adam"}),
        (State.REACHED, "saddle", {"gradient_noise": 0.1}),
        (State.LOCAL_MINIMUM, "rastrigin", {}),
        (State.NOISY, bowl, {"learning_rate": 0.05, "gradient_noise": 20.0}),
    ],
)
def test_state(state, surface, settings):
    verdict = verdict_on(surface, **settings)
    assert verdict.state is state
    assert verdict.happening


def test_unknown_minimum_and_flat_ground():
    cup = Surface.from_function(lambda x, y: x**2 + 3 * y**2)
    assert verdict_on(cup, steps=5).state is State.CONVERGING
    assert verdict_on(cup, steps=200).state is State.REACHED
    plain = Surface.from_function(lambda x: 5.0)  # noqa: ARG005
    assert verdict_on(plain).state is State.FLAT


def test_the_limit_is_two_over_the_largest_curvature():
    verdict = verdict_on(bowl, learning_rate=0.11)
    assert verdict.largest_curvature == pytest.approx(20)
    assert verdict.limit == pytest.approx(0.1)
    assert "2/λmax = 0.1" in verdict.reason
    assert "0.11" in verdict.reason
    assert "above" in verdict.reason


def test_at_the_limit_it_says_so():
    verdict = verdict_on("parabola", learning_rate=1.0, steps=30)
    assert verdict.state is State.ZIGZAGGING
    assert "exactly the stability limit" in verdict.reason


def test_a_rate_above_the_limit_here_is_no_divergence_yet():
    verdict = verdict_on("rosenbrock", learning_rate=0.001, step=0)
    assert verdict.state is State.STARTING
    assert "cannot settle" in verdict.reason


def test_the_moment_of_divergence_is_told():
    path = descend(bowl, learning_rate=1.0, steps=50)
    text = str(describe(path, bowl))
    assert f"at step {path.diverged_at}" in text
    assert describe(path, bowl, path.diverged_at - 1).state is State.DIVERGING


def test_adaptive_optimizers_are_not_held_to_the_limit():
    for name in ("adam", "rmsprop", "adagrad"):
        verdict = verdict_on(bowl, name, learning_rate=0.1, steps=8)
        assert verdict.limit is None
        assert "λmax" not in verdict.reason


def test_arrival_names_the_step_of_arrival():
    path = descend("parabola", learning_rate=0.1, steps=80)
    within = 0.01 * hpt.surfaces.parabola.diagonal
    first = next(i for i, point in enumerate(path.points) if abs(point[0]) <= within)
    assert f"since step {first}." in describe(path, hpt.surfaces.parabola).happening


def test_the_verdict_knows_only_the_steps_so_far():
    path = descend(bowl, learning_rate=0.03, steps=300)
    longer = describe(path, bowl, 15)
    shorter = describe(descend(bowl, learning_rate=0.03, steps=15), bowl)
    assert str(longer) == str(shorter)


def test_the_schedule_counts():
    verdict = verdict_on(bowl, learning_rate=0.08, steps=100, schedule="step", step=60)
    assert verdict.learning_rate == pytest.approx(0.008)


@pytest.mark.parametrize("step", [-1, 101, 1.5, "3", True])
def test_there_is_no_such_step(step):
    path = descend(bowl, steps=100)
    with pytest.raises(ValueError, match="step="):
        describe(path, bowl, step)


def test_every_state_has_a_name_and_a_sentence_in_both_languages():
    texts = texts_of("descent_verdict")
    for state in DescentState:
        assert state.value in texts
        for language in ("en", "zh"):
            hpt.use_language(language)
            assert str(state)


def test_chinese_verdict():
    hpt.use_language("zh")
    text = str(verdict_on(bowl, learning_rate=0.098, steps=30))
    assert text.startswith("来回震荡：")
    assert "。 " not in text


# Many walks: what a verdict says must agree with itself, and like walks with each other --------

ALL_WALKS = [
    (surface, optimizer, factor)
    for surface in SURFACES.values()
    for optimizer in OPTIMIZERS
    for factor in (0.1, 1.0, 4.0)
]
STEPS_ASKED = (1, 3, 10, 40, 100, 250)
NUMBER = r"([0-9.,]+(?:e[-+][0-9]+)?)"


def walked(surface, optimizer, factor, **settings):
    rate = factor * suggested_rates(surface)[optimizer]
    return descend(surface, optimizer, learning_rate=rate, steps=250, **settings)


def number_in(pattern, text):
    """Return the number in a sentence, or None if the sentence is not there."""
    found = re.search(pattern.replace("#", NUMBER), text)
    return None if found is None else float(found[1].rstrip(".").replace(",", ""))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_verdict_tells_two_lengths_of_a_step(language):
    """On Rosenbrock and Beale Adam's last steps were 0.003, and "about η = 0.06"."""
    hpt.use_language(language)
    patterns = {
        "en": ("measure only # each", "measured # each", "a step is(?: only)? # %", "η = #"),
        "zh": ("每步只移动 #，", "最近每步移动 #。", "每步只有 η = [^ ]+ 的 #%", "η = #"),
    }
    creeping, measured, share, rate = patterns[language]
    told = {"length": 0, "share": 0, "about": 0}
    for surface, optimizer, factor in ALL_WALKS:
        path = walked(surface, optimizer, factor)
        for step in STEPS_ASKED:
            verdict = describe(path, surface, step)
            length = number_in(creeping, verdict.happening)
            again = number_in(measured, verdict.reason)
            percent = number_in(share, verdict.reason)
            if again is not None:
                moves = np.diff(path.points[max(step - 12, 0) : step + 1], axis=0)
                expected = np.sqrt((moves**2).sum(axis=1)).mean()
                assert again == pytest.approx(expected, rel=0.006)
                told["length"] += 1
            if percent is not None:
                eta = number_in(rate, verdict.reason)
                assert percent * eta / 100 == pytest.approx(length, rel=0.02)
                assert percent < 50
                told["share"] += 1
            elif length is not None and "η" in verdict.reason and verdict.limit is None:
                eta = number_in(rate, verdict.reason)
                if eta is not None and again is None:
                    # "About as long as η": on two parameters up to √2 of it, RMSProp's a bit more.
                    assert 0.5 <= length / eta <= 2.5
                    told["about"] += 1
    assert min(told.values()) > 5


def rests_in_a_basin(path, surface, step):
    """Whether the latest steps are short, and Newton's method ends near by, at a minimum."""
    near = 0.01 * surface.diagonal
    here = path.points[step]
    moves = np.diff(path.points[max(step - 12, 0) : step + 1], axis=0)
    if np.sqrt((moves**2).sum(axis=1)).mean() >= 0.5 * near:
        return None
    there = here
    for _ in range(20):
        curvature = surface.hessian(there)
        if np.linalg.eigvalsh(curvature)[0] <= 0:
            return None
        there = there - np.linalg.solve(curvature, surface.gradient(there))
    if math.dist(here, there) > 0.3 * near or np.abs(surface.gradient(there)).max() > 1e-6:
        return None
    return there


def test_all_that_rest_in_a_basin_are_told_the_same():
    """On Rastrigin momentum was "creeping" where the others had "reached a minimum"."""
    counted = dict.fromkeys((State.REACHED, State.LOCAL_MINIMUM), 0)
    starts = [(-3.6, 2.4), (1.3, -0.7), (4.4, 4.4), (0.2, 0.1), (-1.4, 3.3)]
    walks = [(surface, *rest, None) for surface, *rest in ALL_WALKS]
    rastrigin = hpt.surfaces.rastrigin
    walks += [(rastrigin, name, 1.0, start) for name in OPTIMIZERS for start in starts]
    for surface, optimizer, factor, start in walks:
        path = walked(surface, optimizer, factor, start=start)
        if path.diverged_at is not None:
            continue
        for step in STEPS_ASKED:
            bottom = rests_in_a_basin(path, surface, step)
            if bottom is None:
                continue
            is_lowest = float(surface.function(bottom)) <= surface.lowest + 1e-6
            expected = State.REACHED if is_lowest else State.LOCAL_MINIMUM
            state = describe(path, surface, step).state
            assert state is expected, (surface.name, optimizer, factor, start, step)
            counted[expected] += 1
    assert min(counted.values()) > 40


def test_on_rastrigin_all_but_one_end_in_a_local_minimum():
    """RMSProp's steps do not get shorter than a fifth: it goes on to and fro."""
    rastrigin = hpt.surfaces.rastrigin
    states = {
        name: describe(walked(rastrigin, name, 1.0), rastrigin, 100).state for name in OPTIMIZERS
    }
    assert states.pop("rmsprop") is State.ZIGZAGGING
    assert set(states.values()) == {State.LOCAL_MINIMUM}


@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "himmelblau", "quadratic_bowl"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_saddle_is_told_where_none_is_near(surface, optimizer):
    """In Rosenbrock's bent valley the curvature along it is below 0 at times."""
    ground = SURFACES[surface]
    path = walked(ground, optimizer, 1.0)
    for step in range(0, 251, 10):
        if describe(path, ground, step).state is State.STUCK_AT_SADDLE:
            curvature = ground.hessian(path.points[step])
            offset = np.linalg.solve(curvature, ground.gradient(path.points[step]))
            assert np.linalg.norm(offset) <= 0.011 * ground.diagonal


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.00099999, "0.001"),
        (0.0009994, "9.99e-04"),
        (99_960, "1.00e+05"),
        (99_949, "99,900"),
        (0, "0"),
    ],
)
def test_numbers_are_rounded_before_their_notation_is_chosen(number, words):
    plain = Surface(
        "slope",
        lambda points: np.asarray(points)[..., 0] + number,
        lambda points: np.ones(np.shape(points)),
        window=((-1, 1),),
        start=(0.0,),
    )
    told = describe(descend(plain, steps=2), plain, 0).happening
    assert f"the loss is {words} " in told


def test_a_loss_that_grows_within_the_limit_is_no_divergence():
    """The first step of momentum may overshoot a bowl that it comes down to in the end."""
    path = descend(bowl, "momentum", learning_rate=0.15, steps=300)
    assert path.losses[1] > path.losses[0]
    verdict = describe(path, bowl, 1)
    assert verdict.limit > 0.15
    assert verdict.state is State.CLIMBING
    assert describe(path, bowl).state is State.REACHED
    adam = descend(bowl, "adam", learning_rate=4.0, steps=400)
    assert State.CLIMBING in {describe(adam, bowl, step).state for step in range(10)}
    assert State.DIVERGING not in {describe(adam, bowl, step).state for step in range(400)}


def test_what_is_told_to_diverge_on_a_bowl_never_arrives():
    for optimizer in OPTIMIZERS:
        for rate in (0.02, 0.07, 0.099, 0.12, 0.18, 0.21):
            path = descend(bowl, optimizer, learning_rate=rate, steps=400)
            states = {describe(path, bowl, step).state for step in range(0, 401, 3)}
            assert not {State.DIVERGING, State.REACHED} <= states, (optimizer, rate)
