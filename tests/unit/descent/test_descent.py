"""Walks against Keras' optimisers step by step, and against closed forms on quadratics."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import hpt_widgets as hpt
from hpt_widgets.descent.surfaces import SURFACES, Surface, get_surface, quadratic_bowl
from hpt_widgets.descent.walk import (
    OPTIMIZERS,
    SCHEDULES,
    descend,
    race,
    remembered_slopes,
    stability_limit,
)


@pytest.fixture(scope="module")
def tf():
    from hpt_widgets.support.tensorflow_loader import load_tensorflow

    return load_tensorflow()


def keras_optimizer(tf, name, learning_rate, momentum):
    optimizers = tf.keras.optimizers
    return {
        "gradient_descent": lambda: optimizers.SGD(learning_rate),
        "momentum": lambda: optimizers.SGD(learning_rate, momentum=momentum),
        "nesterov": lambda: optimizers.SGD(learning_rate, momentum=momentum, nesterov=True),
        "adagrad": lambda: optimizers.Adagrad(learning_rate),
        "rmsprop": lambda: optimizers.RMSprop(learning_rate),
        "adam": lambda: optimizers.Adam(learning_rate),
    }[name]()


def keras_walk(tf, name, gradients, start, learning_rate, momentum):
    """Let Keras' optimiser take the same gradients, in 64 bits; learning_rate may be a schedule."""
    optimizer = keras_optimizer(tf, name, learning_rate, momentum)
    variable = tf.Variable(np.array(start), dtype=tf.float64)
    points = [variable.numpy().copy()]
    for gradient in gradients[:-1]:
        optimizer.apply_gradients([(tf.constant(gradient), variable)])
        points.append(variable.numpy().copy())
    return np.array(points)


@pytest.mark.parametrize("momentum", [0.5, 0.9])
@pytest.mark.parametrize("noise", [0.0, 2.0])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_step_is_keras_own(tf, name, noise, momentum):
    rate = {"adagrad": 0.5, "rmsprop": 0.02, "adam": 0.05}.get(name, 2e-4)
    path = descend(
        hpt.surfaces.rosenbrock,
        name,
        learning_rate=rate,
        steps=60,
        momentum=momentum,
        gradient_noise=noise,
        seed=3,
    )
    theirs = keras_walk(tf, name, path.gradients, path.points[0], rate, momentum)
    # Keras holds learning rate and constants in 32 bits.
    np.testing.assert_allclose(path.points, theirs, rtol=2e-5, atol=1e-6)
    assert np.ptp(path.points, axis=0).min() > 0.01


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_schedules_are_keras_own(tf, name):
    schedules = tf.keras.optimizers.schedules
    rate, steps = 1e-3, 40
    theirs = {
        "step": schedules.PiecewiseConstantDecay([19, 29], [rate, rate / 10, rate / 100]),
        "cosine": schedules.CosineDecay(rate, decay_steps=steps),
    }
    for schedule, keras_schedule in theirs.items():
        path = descend("beale", name, learning_rate=rate, steps=steps, schedule=schedule)
        rates = [float(keras_schedule(step)) for step in range(steps)]
        np.testing.assert_allclose(path.learning_rates, rates, rtol=1e-4, atol=1e-9)
        walk = keras_walk(tf, name, path.gradients, path.points[0], keras_schedule, 0.9)
        np.testing.assert_allclose(path.points, walk, rtol=2e-5, atol=1e-6)


def test_constant_schedule():
    path = descend("parabola", learning_rate=0.3, steps=7)
    np.testing.assert_array_equal(path.learning_rates, [0.3] * 7)


# Closed forms -------------------------------------------------------------------------------


def test_the_articles_example():
    path = descend(hpt.surfaces.parabola, start=2.0, learning_rate=0.1, steps=3)
    np.testing.assert_allclose(path.points, [[2.0], [1.6], [1.28], [1.024]])
    np.testing.assert_allclose(path.losses, [4.0, 2.56, 1.6384, 1.048576])
    np.testing.assert_allclose(path.gradients, [[4.0], [3.2], [2.56], [2.048]])


@settings(deadline=None)
@given(kappa=st.floats(1, 100), share=st.floats(0.01, 0.99), steps=st.integers(1, 60))
def test_gradient_descent_on_a_bowl_is_a_power_of_a_matrix(kappa, share, steps):
    bowl = quadratic_bowl(kappa)
    rate = share * 2 / kappa
    path = descend(bowl, learning_rate=rate, steps=steps)
    factors = 1 - rate * np.array([1.0, kappa])
    exact = np.array(bowl.start) * factors ** np.arange(steps + 1)[:, None]
    np.testing.assert_allclose(path.points, exact, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(path.losses, bowl.function(path.points), rtol=1e-12)


@settings(deadline=None)
@given(
    kappa=st.floats(1, 200),
    momentum=st.floats(0, 0.95),
    share=st.one_of(st.floats(0.2, 0.97), st.floats(1.03, 3)),
    name=st.sampled_from(["gradient_descent", "momentum", "nesterov"]),
)
@example(kappa=10.0, momentum=0.9, share=0.99, name="gradient_descent")
@example(kappa=10.0, momentum=0.9, share=1.01, name="gradient_descent")
def test_stable_exactly_below_the_limit(kappa, momentum, share, name):
    """Along the steepest direction the walk dies out below the limit and grows above it."""
    rate = share * stability_limit(name, kappa, momentum)
    path = descend(
        quadratic_bowl(kappa),
        name,
        start=(0.0, 1.0),
        learning_rate=rate,
        momentum=momentum,
        steps=1500,
    )
    assert (abs(path.points[-1, 1]) < 0.5) == (share < 1)
    assert (path.diverged_at is not None) == (share > 1)


def test_two_over_lambda_max():
    assert stability_limit("gradient_descent", 50.0) == pytest.approx(0.04)
    assert stability_limit("momentum", 50.0, 0.0) == pytest.approx(0.04)
    assert stability_limit("nesterov", 50.0, 0.0) == pytest.approx(0.04)
    assert stability_limit("adam", 50.0) is None
    assert stability_limit("gradient_descent", -1.0) is None


# Divergence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gradient_descent", "momentum", "nesterov"])
@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_a_diverging_walk_stops_growing(surface, name):
    path = descend(surface, name, start=[2.0] * surface.n_dims, learning_rate=10.0, steps=300)
    at = path.diverged_at
    assert at is not None
    assert 0 < at <= 300
    assert path.last_step == at
    assert path.points.shape == (301, surface.n_dims)
    for rows in (path.points, path.losses, path.gradients):
        assert np.isfinite(rows).all()
        assert len(rows) == 301
        assert (rows[at:] == rows[at]).all()


def test_divergence_is_told_at_its_very_step():
    # 1 - 2η = -3: |θ| triples each step, and has left once it exceeds 1000 (diagonal + |start|).
    path = descend("parabola", start=2.0, learning_rate=2.0, steps=100)
    sizes = 2.0 * 3.0 ** np.arange(101)
    assert path.diverged_at == int(np.argmax(sizes > 1000 * (5 + 2)))
    np.testing.assert_allclose(
        abs(path.points[: path.diverged_at + 1, 0]), sizes[: path.diverged_at + 1]
    )


def test_a_walk_that_leaves_a_functions_domain_has_diverged():
    surface = Surface.from_function(lambda x: math.log(x), start=1.0, window=(0.1, 3))
    path = descend(surface, learning_rate=0.9, steps=10)
    assert path.diverged_at is not None
    assert np.isfinite(path.losses).all()


def test_a_converging_walk_has_not_diverged():
    path = descend("parabola", steps=50)
    assert path.diverged_at is None
    assert path.last_step == path.steps == 50


def test_a_start_far_outside_the_window_is_no_divergence():
    path = descend("parabola", start=1e7, learning_rate=0.25, steps=100)
    assert path.diverged_at is None
    assert abs(path.points[-1, 0]) < 1e-6


# Noise, starts, races -----------------------------------------------------------------------


def test_noise_is_that_of_the_seed():
    noisy = [descend("himmelblau", gradient_noise=4.0, seed=seed, steps=50) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(noisy[0].points, noisy[1].points)
    assert not np.allclose(noisy[0].points, noisy[2].points)


def test_a_longer_walk_begins_with_the_shorter_one():
    short = descend("himmelblau", "adam", gradient_noise=4.0, steps=20)
    long = descend("himmelblau", "adam", gradient_noise=4.0, steps=50)
    np.testing.assert_array_equal(short.points, long.points[:21])


def test_noise_has_the_standard_deviation_asked_for():
    surface = hpt.surfaces.quadratic_bowl(2.0)
    path = descend(surface, learning_rate=0.01, gradient_noise=3.0, steps=5000)
    noise = path.gradients - surface.gradient(path.points)
    assert noise.std() == pytest.approx(3.0, rel=0.05)
    assert abs(noise.mean()) < 0.15


def test_racers_walk_as_they_do_alone():
    rates = {"adam": 0.1, "gradient_descent": 0.01, "momentum": 0.003}
    settings = {"start": (-2.0, 1.0), "steps": 40, "momentum": 0.8, "gradient_noise": 1.0}
    together = race("himmelblau", rates, **settings)
    assert list(together) == list(rates)
    for name, rate in rates.items():
        alone = descend("himmelblau", name, learning_rate=rate, **settings)
        np.testing.assert_allclose(together[name].points, alone.points, rtol=1e-12)
        assert together[name].learning_rate == rate


def test_one_racers_divergence_leaves_the_others_alone():
    paths = race("quadratic_bowl", {"gradient_descent": 5.0, "adam": 0.1}, steps=300)
    assert paths["gradient_descent"].diverged_at is not None
    assert paths["adam"].diverged_at is None
    assert paths["adam"].losses[-1] < 1e-3


def test_the_readme_one_liner():
    path = hpt.descend(
        hpt.surfaces.rosenbrock, "adam", start=(-1.5, 1.5), learning_rate=0.05, steps=200
    )
    assert path.points.shape == path.gradients.shape == (201, 2)
    assert path.losses.shape == (201,)
    assert path.points[0].tolist() == [-1.5, 1.5]
    assert path.losses[-1] < path.losses[0] / 10


def test_start_and_rate_default_to_the_surfaces_own():
    path = descend("beale", steps=1)
    assert tuple(path.points[0]) == hpt.surfaces.beale.start
    assert path.learning_rate == hpt.surfaces.beale.learning_rate


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_the_learning_rate_hint_works(surface):
    path = descend(surface, start=[c + 1e-3 for c in surface.start], steps=300)
    assert path.diverged_at is None
    assert path.losses[-1] < 0.8 * path.losses[0]


def test_a_readers_own_function_is_descended():
    path = descend(Surface.from_function(lambda x, y: (x - 1) ** 2 + 2 * y**2), steps=200)
    np.testing.assert_allclose(path.points[-1], [1, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("argument", "values"),
    [
        ("optimizer", ["sgd", None, 3, ["adam"]]),
        ("start", [(1,), (1, 2, 3), (math.nan, 0), "ab"]),
        ("learning_rate", [0, -0.1, math.nan, math.inf, "0.1", True]),
        ("steps", [0, -1, 2.5, "10", True, 10**9]),
        ("momentum", [-0.1, 1, 1.5, math.nan, "0.9", None]),
        ("gradient_noise", [-1, math.nan, math.inf, "1", None]),
        ("seed", [-1, 0.5, "0", None]),
        ("schedule", ["linear", None, 3]),
    ],
)
def test_bad_arguments_are_named(argument, values):
    for value in values:
        with pytest.raises(ValueError, match=f"{argument}="):
            descend("beale", **{argument: value})


def test_a_start_where_the_surface_is_not_finite():
    surface = Surface.from_function(np.log, n_dims=1, start=1.0)
    with pytest.raises(ValueError, match=r"start=-1\.0.*nan"):
        descend(surface, start=-1.0)


@pytest.mark.parametrize("rates", [{}, None, ["adam"], 3])
def test_a_race_needs_racers(rates):
    with pytest.raises(ValueError, match=r'learning_rates=.*{"adam": 0\.05}'):
        race("beale", rates)


def test_errors_list_what_is_allowed_in_both_languages():
    with pytest.raises(ValueError, match=", ".join(SCHEDULES)):
        descend("beale", schedule="linear")
    hpt.use_language("zh")
    with pytest.raises(ValueError, match=r"optimizer='sgd' 不可用.*adam"):
        descend("beale", "sgd")


# Adam without its correction ----------------------------------------------------------------


def adam_as_published(gradients, start, learning_rate, *, bias_correction):
    """Algorithm 1 of Kingma and Ba (2015), line by line, with the correction or without."""
    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-7
    theta = np.array(start, dtype=float)
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    walked = [theta]
    for t, g in enumerate(gradients[:-1], start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        if bias_correction:
            m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        else:
            m_hat, v_hat = m, v
        theta = theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
        walked.append(theta)
    return np.array(walked)


@pytest.mark.parametrize("noise", [0.0, 2.0])
@pytest.mark.parametrize("surface", ["rosenbrock", "ravine", "parabola"])
@pytest.mark.parametrize("bias_correction", [True, False])
def test_adam_is_the_papers_with_and_without_its_correction(surface, noise, bias_correction):
    path = descend(
        surface,
        "adam",
        learning_rate=0.05,
        steps=60,
        gradient_noise=noise,
        bias_correction=bias_correction,
    )
    assert path.bias_correction is bias_correction
    theirs = adam_as_published(
        path.gradients, path.points[0], 0.05, bias_correction=bias_correction
    )
    # With the correction, Keras' epsilon stands where the paper's second form has it.
    np.testing.assert_allclose(path.points, theirs, rtol=1e-5, atol=1e-6)


def test_without_correction_adams_first_step_is_three_times_as_long():
    path = descend("parabola", "adam", start=2.0, learning_rate=0.1, steps=1, bias_correction=False)
    # 0.1 g / √(0.001 g²), whatever g is
    assert path.points[0] - path.points[1] == pytest.approx(0.1 * 0.1 / math.sqrt(0.001), rel=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_only_adam_has_a_correction(name):
    settings = {"learning_rate": 0.001, "steps": 10}
    with_it = descend("rosenbrock", name, **settings)
    without = descend("rosenbrock", name, bias_correction=False, **settings)
    assert np.array_equal(with_it.points, without.points) == (name != "adam")


def test_the_verdict_knows_what_adam_without_correction_divides_by():
    ground = hpt.surfaces.ravine
    path = descend(ground, "adam", learning_rate=0.01, steps=60, bias_correction=False)
    mean = np.zeros(2)
    for step in range(60):
        mean = 0.9 * mean + 0.1 * path.gradients[step]
        sizes = remembered_slopes("adam", path.gradients[: step + 1], bias_correction=False)
        move = path.points[step + 1] - path.points[step]
        np.testing.assert_allclose(move, -0.01 * mean / sizes, rtol=1e-4)


# What is said, and what is left out ---------------------------------------------------------


def test_what_is_left_out_of_a_walk_has_its_default():
    path = descend("beale")
    assert path.optimizer == "gradient_descent"
    assert path.steps == 100
    assert path.momentum == 0.9
    assert path.gradient_noise == 0
    assert path.seed == 0
    assert path.schedule == "constant"
    assert path.bias_correction is True
    assert path.learning_rates.tolist() == [path.learning_rate] * 100
    assert path.last_step == 100
    raced = race("beale", {"gradient_descent": 0.01})["gradient_descent"]
    np.testing.assert_array_equal(raced.points, path.points)
    assert (raced.steps, raced.momentum, raced.seed) == (100, 0.9, 0)
    assert raced.bias_correction is True
    noisy = descend("beale", gradient_noise=1.0, steps=5)
    np.testing.assert_array_equal(
        noisy.points, descend("beale", gradient_noise=1.0, steps=5, seed=0).points
    )
    raced = race("beale", {"adam": 0.1}, gradient_noise=1.0, steps=5)["adam"]
    same = descend("beale", "adam", learning_rate=0.1, gradient_noise=1.0, steps=5)
    np.testing.assert_array_equal(raced.points, same.points)


def test_a_path_keeps_what_it_was_asked_for():
    path = descend(
        "beale", "adam", start=(1.0, 1.0), learning_rate=0.02, steps=7, momentum=0.5,
        gradient_noise=0.25, seed=3, schedule="step", bias_correction=False,
    )  # fmt: skip
    assert (path.optimizer, path.learning_rate, path.steps, path.momentum) == ("adam", 0.02, 7, 0.5)
    assert (path.gradient_noise, path.seed, path.schedule) == (0.25, 3, "step")
    assert path.bias_correction is False
    assert path.points[0].tolist() == [1.0, 1.0]
    noise = 0.25 * np.random.default_rng(3).standard_normal((8, 2))
    exact = get_surface("beale").gradient(path.points)
    np.testing.assert_allclose(path.gradients - exact, noise, atol=1e-12)
    np.testing.assert_allclose(path.losses, get_surface("beale").function(path.points))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0),
        ("steps", 0),
        ("steps", 100_001),
        ("momentum", -0.01),
        ("momentum", 1),
        ("gradient_noise", -0.01),
        ("gradient_noise", 1.1e100),
        ("seed", -1),
        ("schedule", "linear"),
        ("bias_correction", "yes"),
        ("optimizer", "sgd"),
        ("start", (1.0,)),
    ],
)
def test_a_message_begins_with_the_argument(name, value):
    with pytest.raises((ValueError, TypeError), match=rf"^{name}="):
        descend("beale", **{name: value})
    if name not in ("optimizer", "learning_rate"):
        with pytest.raises((ValueError, TypeError), match=rf"^{name}="):
            race("beale", {"adam": 0.1}, **{name: value})


def test_a_race_names_what_is_wrong_with_a_racer():
    with pytest.raises(ValueError, match=r"^learning_rate=0 is not allowed"):
        race("beale", {"adam": 0.1, "momentum": 0})
    with pytest.raises(ValueError, match=r"^optimizer='sgd' is not allowed.*rmsprop"):
        race("beale", {"sgd": 0.1})
    with pytest.raises(ValueError, match=r"^learning_rates={} is not allowed"):
        race("beale", {})


def test_what_is_just_allowed():
    assert descend("beale", steps=1).steps == 1
    assert descend("beale", steps=1, momentum=0).momentum == 0
    assert descend("beale", steps=1, gradient_noise=1e100).gradient_noise == 1e100


def test_a_start_that_cannot_be_is_told_with_its_values():
    cliff = Surface.from_function(lambda x: math.log(x), start=1.0, window=(0, 4))
    with pytest.raises(ValueError, match=r"^start=-1 is not allowed.*nan"):
        descend(cliff, start=-1)


def test_there_is_no_limit_where_all_curves_downwards_or_is_rescaled():
    assert stability_limit("gradient_descent", 0.0) is None
    assert stability_limit("momentum", -1.0) is None
    assert stability_limit("gradient_descent", 0.5) == 4
    assert stability_limit("momentum", 0.5) == pytest.approx(7.6)
    assert stability_limit("nesterov", 0.5, 0.5) == pytest.approx(3)
    assert stability_limit("nesterov", 0.5) == pytest.approx(7.6 / 2.8)
    assert [stability_limit(name, 1.0) for name in ("adagrad", "rmsprop", "adam")] == [None] * 3
