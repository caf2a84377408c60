"""Verdicts on walks whose fate is known."""

import math
import re
from dataclasses import replace

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
        (0.000099999, "0.0001"),
        (0.00009994, "9.99e-05"),
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


# Whole verdicts, with the numbers of closed forms: on θ² from 2, θ is 2(1 - 2η)ᵏ after k steps ----


def hill(point=1.0):
    """The surface -θ², which falls for ever."""
    return Surface(
        name="hill",
        function=lambda points: -(points**2).sum(axis=-1),
        gradient=lambda points: -2 * points,
        hessian=lambda points: np.full((*points.shape, 1), -2.0),
        window=((-3, 3),),
        start=(point,),
    )


def cup():
    """The bowl ½x² + 10y² of which no minimum is told."""
    return replace(bowl, minima=())


@pytest.mark.parametrize(
    ("surface", "settings", "happening", "reason"),
    [
        (
            "parabola",
            {"learning_rate": 0.1, "step": 0},
            "At the start the loss is 4 and the slope 4.",
            "η = 0.1 is 10 % of the stability limit 2/λmax = 1 here.",
        ),
        (
            "parabola",
            {"learning_rate": 0.1, "steps": 3},
            "Converging: the loss is down to 26.2 % of what it was.",
            "η = 0.1 is 10 % of the stability limit 2/λmax = 1 here.",
        ),
        (
            "parabola",
            {"learning_rate": 0.9, "steps": 10},
            "Zigzagging: 9 of the last 9 steps turned back across the valley.",
            "η = 0.9 is between 1/λmax = 0.5 and the limit 2/λmax = 1: each step jumps across the "
            "steepest direction, but a little less far each time.",
        ),
        (
            "parabola",
            {"learning_rate": 1.0, "steps": 20},
            "Zigzagging: 11 of the last 11 steps turned back across the valley.",
            "η = 1 is exactly the stability limit 2/λmax here: each step lands as far on the other "
            "side as it came from.",
        ),
        (
            "parabola",
            {"learning_rate": 1.5, "steps": 3},
            "Diverging: the loss grows, from 4 to 256.",
            "η = 1.5 is above the stability limit 2/λmax = 1 here (largest curvature λmax = 2): "
            "each step overshoots by more than the last.",
        ),
        (
            # A thousand times the window's 5 and the start's 2 are passed by 2 · 2¹².
            "parabola",
            {"learning_rate": 1.5, "steps": 50},
            "Diverged: at step 12 the walk left for good, with a loss of 6.71e+07.",
            "η = 1.5 is above the stability limit 2/λmax = 1 here (largest curvature λmax = 2): "
            "each step overshoots by more than the last.",
        ),
        (
            # Near is a hundredth of the window's 5: 2 · 0.8¹⁷ is the first below it.
            "parabola",
            {"learning_rate": 0.1, "steps": 80},
            "Reached: within 0.05 of a minimum since step 17.",
            "",
        ),
        (
            "saddle",
            {"start": (0.0, 0.0), "step": 0},
            "Stuck at a saddle: the slope is only 0, yet the surface still falls to one side "
            "(curvature -1).",
            "The slope has next to no part along the way down. A little gradient noise would free "
            "it.",
        ),
        (
            "rastrigin",
            {},
            "In a local minimum: the surface rises all round, yet the lowest point is elsewhere.",
            "",
        ),
        (
            hill(),
            {"learning_rate": 0.1, "step": 0},
            "At the start the loss is -1 and the slope 2.",
            "The surface curves down here (λmax = -2 ≤ 0), so no learning rate is too large for it "
            "yet.",
        ),
        (
            hill(),
            {"learning_rate": 0.1, "steps": 1},
            "Converging: the loss has gone from -1 to -1.44.",
            "The surface curves down here (λmax = -2 ≤ 0), so no learning rate is too large for it "
            "yet.",
        ),
        (
            cup(),
            {"start": (0.0, 0.0), "step": 0},
            "Reached a minimum: the slope is only 0, and the surface rises all round.",
            "",
        ),
        (
            "parabola",
            {"optimizer": "nesterov", "learning_rate": 0.1, "step": 0},
            "At the start the loss is 4 and the slope 4.",
            "η = 0.1 is 14.7 % of the stability limit 2(1+β)/((1+2β)λmax) = 0.679 here.",
        ),
        (
            "parabola",
            {"optimizer": "momentum", "learning_rate": 0.19, "momentum": 0.9, "step": 0},
            "At the start the loss is 4 and the slope 4.",
            "η = 0.19 is 10 % of the stability limit 2(1+β)/λmax = 1.9 here.",
        ),
        (
            "parabola",
            {"optimizer": "adam", "learning_rate": 0.1, "step": 0},
            "At the start the loss is 4 and the slope 4.",
            "Adam divides by the size of the slopes: how far a step goes depends on η = 0.1, and "
            "hardly on how steep it is.",
        ),
        (
            # The first step of Adam is η long, to within a millionth.
            "parabola",
            {"optimizer": "adam", "learning_rate": 0.25, "steps": 1},
            "Converging: the loss is down to 76.6 % of what it was.",
            "Adam divides by the size of the slopes so far: with η = 0.25 its last steps measured "
            "0.25 each.",
        ),
    ],
)
def test_a_verdict_is_told_with_its_numbers(surface, settings, happening, reason):
    verdict = verdict_on(surface, **settings)
    assert verdict.happening == happening
    assert verdict.reason == reason
    assert str(verdict) == f"{verdict.happening} {reason}".strip()


def test_arrival_is_told_with_what_counts_as_near():
    verdict = verdict_on("parabola", learning_rate=0.1, steps=80)
    assert verdict.happening == "Reached: within 0.05 of a minimum since step 17."
    assert (verdict.step, verdict.learning_rate, verdict.limit) == (80, 0.1, 1.0)
    assert verdict.largest_curvature == 2.0


def test_a_creeping_walk_is_told_how_long_its_steps_are_and_how_far_it_is():
    """On ½(x² + 20y²) each coordinate is a power of 1 - ηλ."""
    rate, k = 1e-4, np.arange(101)
    points = np.stack([-2.5 * (1 - rate) ** k, 1.5 * (1 - 20 * rate) ** k], axis=1)
    move = np.linalg.norm(np.diff(points, axis=0), axis=1)[-12:].mean()
    distance = np.linalg.norm(points[-1])
    verdict = verdict_on(bowl, learning_rate=rate)
    assert verdict.happening == (
        f"Creeping: the last steps measure only {move:.3g} each, with {distance:.3g} to go."
    )
    assert verdict.reason == (
        "η = 0.0001 is 0.1 % of the stability limit 2/λmax = 0.1 here. The valley is 20 times "
        "steeper across than along: a rate that is safe across it is slow along it."
    )
    hpt.use_language("zh")
    assert str(verdict_on(bowl, learning_rate=rate)) == (
        f"进展缓慢：最近每步只移动 {move:.3g}，离极小值还有 {distance:.3g}。"
        "η = 0.0001，是此处稳定界限 2/λmax = 0.1 的 0.1%。"
        "跨峡谷方向的陡度是沿峡谷方向的 20 倍："
        "在跨峡谷方向上安全的学习率，沿峡谷方向就太慢。"
    )
    hpt.use_language("en")
    unknown = verdict_on(cup(), learning_rate=rate)
    assert unknown.happening == f"Creeping: the last steps measure only {move:.3g} each."
    # From five times on it is called narrow.
    assert "5 times steeper" in verdict_on(quadratic_bowl(5), learning_rate=rate).reason
    assert "steeper" not in verdict_on(quadratic_bowl(4.99), learning_rate=rate).reason


def test_a_shaken_walk_is_told_how_far_noise_moves_it():
    path = descend(bowl, learning_rate=0.05, gradient_noise=20.0)
    move = np.linalg.norm(np.diff(path.points, axis=0), axis=1)[-12:].mean()
    verdict = describe(path, bowl)
    assert verdict.happening == (
        f"Shaken by noise: it moves by {move:.3g} a step, to and fro, and comes no lower."
    )
    assert verdict.reason == (
        "Gradient noise 20 times η = 0.05 moves it at every step: a smaller or falling learning "
        "rate would calm it."
    )


def test_momentum_is_told_to_carry_past_the_bottom_once_it_has():
    path = descend("parabola", "momentum", learning_rate=0.1, steps=30)
    surface = get_surface("parabola")
    first_turn = int(np.argmax(path.points[:, 0] < 0)) + 1
    reasons = [describe(path, surface, step).reason for step in range(first_turn + 4)]
    carried = (
        "η = 0.1 is below the limit 2(1+β)/λmax = 1.9; the momentum 0.9 carries it past the "
        "bottom before it turns."
    )
    assert reasons[0] == "η = 0.1 is 5.26 % of the stability limit 2(1+β)/λmax = 1.9 here."
    assert carried not in reasons[:first_turn]
    moves = np.diff(path.points[:, 0])
    turned = int(np.argmax(moves[1:] * moves[:-1] < 0)) + 2
    later = [describe(path, surface, step).reason for step in range(turned, turned + 3)]
    assert later == [carried] * 3


def test_climbing_is_told_with_the_losses():
    path = descend(bowl, "momentum", learning_rate=0.15, steps=10)
    climbing = [
        (step, verdict)
        for step in range(11)
        if (verdict := describe(path, bowl, step)).state is State.CLIMBING
    ]
    assert climbing
    for step, verdict in climbing:
        first, loss = path.losses[[0, step]]
        assert verdict.happening == (
            f"Climbing for now: the loss has gone from {first:.3g} up to {loss:,.3g}."
        )

    for step in range(1, 11):
        if path.losses[0] < path.losses[step] < path.losses[step - 1]:
            falling = describe(path, bowl, step).state
            assert falling not in (State.CLIMBING, State.DIVERGING)


@pytest.mark.parametrize("bias_correction", [False, True])
def test_nothing_converges_above_its_start(bias_correction):
    """Without its correction Adam is thrown out, from 0.008 to hundreds of times that."""
    beale = SURFACES["beale"]
    path = descend(
        beale,
        "adam",
        start=(2.8, 0.45),
        steps=100,
        bias_correction=bias_correction,
        learning_rate=0.1,
    )
    verdicts = [describe(path, beale, step) for step in range(101)]
    above = path.losses > path.losses[0]
    assert sum(verdict.state is State.ABOVE_START for verdict in verdicts) > 10
    for verdict, is_above in zip(verdicts, above, strict=True):
        assert is_above or verdict.state is not State.ABOVE_START
        assert not (is_above and verdict.state is State.CONVERGING)
    last = max(step for step in range(101) if verdicts[step].state is State.ABOVE_START)
    first, loss = path.losses[[0, last]]
    assert verdicts[last].happening == (
        f"Higher than at the start: the loss was {first:.3g} there and is {loss:.3g} here."
    )


def test_a_walk_out_of_a_functions_domain_has_left_for_good():
    """On log θ from 1: 0.4, then -1.1, where there is no logarithm."""
    logarithm = Surface.from_function(lambda x: math.log(x), start=1.0, window=(0, 4))
    verdict = verdict_on(logarithm, learning_rate=0.6, steps=5)
    assert verdict.state is State.DIVERGING
    assert verdict.happening == (
        "Diverged: at step 2 the walk left for good, with a loss of -0.916."
    )


def test_on_level_ground_nothing_says_where_to_go():
    level = Surface.from_function(lambda x: 5.0)  # noqa: ARG005
    assert verdict_on(level, step=0).state is State.FLAT
    verdict = verdict_on(level)
    assert verdict.happening == (
        "On flat ground: slope and curvature are about 0, so nothing says where to go."
    )
    assert verdict.reason == ""


@pytest.mark.parametrize(
    ("factor", "step", "words"), [(0.1, 40, "19.9 %"), (4.0, 3, "less than 0.01 %")]
)
def test_what_is_left_of_the_loss_is_told_without_an_exponent(factor, step, words):
    parabola = SURFACES["parabola"]
    verdict = describe(walked(parabola, "gradient_descent", factor), parabola, step)
    assert verdict.state is State.CONVERGING
    assert f"the loss is down to {words} of what it was" in verdict.happening


def test_a_memory_of_steep_slopes_is_told():
    path = descend(bowl, "adagrad", learning_rate=0.05)
    moves = np.linalg.norm(np.diff(path.points, axis=0), axis=1)[-12:]
    verdict = describe(path, bowl)
    assert verdict.state is State.CREEPING
    assert verdict.reason == (
        "AdaGrad divides by what it remembers of the slopes so far, and that is much more than the "
        f"slope here: a step is {100 * moves.mean() / 0.05:.3g} % of η = 0.05."
    )
