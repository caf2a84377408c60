"""Verdicts on walks whose fate is known."""

import pytest

import hpt_widgets as hpt
from hpt_widgets.descent.surfaces import Surface, get_surface, quadratic_bowl
from hpt_widgets.descent.verdict import DescentState, describe
from hpt_widgets.descent.walk import descend
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
