"""Convergence rates against the decay of real walks, and closed forms against a search."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hpt_widgets as hpt
from hpt_widgets.descent.convergence import (
    LINEAR_OPTIMIZERS,
    best_settings,
    convergence_rate,
    eigen_errors,
    iteration_matrix,
)
from hpt_widgets.descent.surfaces import Surface, quadratic_bowl
from hpt_widgets.descent.walk import descend, stability_limit

linear = st.sampled_from(LINEAR_OPTIMIZERS)


def measured_rate(optimizer, surface, rate, momentum, steps=4000):
    """Return the mean factor a step of a long walk, from the size of two errors in a row."""
    path = descend(surface, optimizer, learning_rate=rate, momentum=momentum, steps=steps)
    errors = eigen_errors(path, surface).errors
    # Two steps together say how far a swing reaches, wherever in it the walk stands. What is
    # smaller than 1e-140 has a loss that is no number any more.
    sizes = np.sqrt((errors[1:] ** 2 + errors[:-1] ** 2).sum(axis=1))
    last = int(np.flatnonzero(sizes > 1e-140)[-1])
    first = last // 2
    return (sizes[last] / sizes[first]) ** (1 / (last - first))


@pytest.mark.parametrize("optimizer", LINEAR_OPTIMIZERS)
@pytest.mark.parametrize("kappa", [2, 10, 100])
@pytest.mark.parametrize("share", [0.1, 0.45, 0.9])
@pytest.mark.parametrize("momentum", [0.3, 0.9])
def test_the_rate_is_that_of_a_real_walk(optimizer, kappa, share, momentum):
    rate = share * stability_limit(optimizer, kappa, momentum)
    expected = convergence_rate(optimizer, [1, kappa], rate, momentum)
    measured = measured_rate(optimizer, quadratic_bowl(kappa), rate, momentum)
    assert math.log(measured) == pytest.approx(math.log(expected), rel=0.02)


@pytest.mark.parametrize("optimizer", LINEAR_OPTIMIZERS)
def test_the_rate_of_a_walk_on_a_turned_bowl_is_that_of_its_curvatures(optimizer):
    ravine = hpt.surfaces.ravine
    curvatures = ravine.curvatures((0, 0))
    expected = convergence_rate(optimizer, curvatures, 0.01, 0.8)
    assert measured_rate(optimizer, ravine, 0.01, 0.8) == pytest.approx(expected, abs=1e-3)


@settings(deadline=None)
@given(
    optimizer=linear,
    curvature=st.floats(0.1, 10),
    share=st.floats(0.01, 1.2),
    momentum=st.floats(0, 0.99),
)
def test_the_matrix_takes_a_walk_on_by_a_step(optimizer, curvature, share, momentum):
    bowl = Surface(
        "valley",
        lambda points: 0.5 * curvature * np.asarray(points)[..., 0] ** 2,
        lambda points: curvature * np.asarray(points),
        window=((-5, 5),),
        start=(1.0,),
    )
    rate = share * stability_limit(optimizer, curvature, momentum)
    path = descend(bowl, optimizer, learning_rate=rate, momentum=momentum, steps=20)
    matrix = iteration_matrix(optimizer, curvature, rate, momentum)
    # A walk that leaves the map is not taken on.
    places = path.points[: path.last_step + 1, 0]
    expected = [matrix @ [places[t], places[t - 1]] for t in range(1, len(places) - 1)]
    followed = np.stack([places[2:], places[1:-1]], axis=-1)
    np.testing.assert_allclose(followed, expected, rtol=1e-9, atol=1e-9)
    radius = np.abs(np.linalg.eigvals(matrix)).max()
    # Where both eigenvalues are equal, NumPy knows them to the root of its precision.
    assert convergence_rate(optimizer, [curvature], rate, momentum) == pytest.approx(
        radius, abs=1e-7
    )


@settings(deadline=None)
@given(optimizer=linear, kappa=st.floats(1, 1000), momentum=st.floats(0, 0.99))
def test_the_rate_is_1_at_the_stability_limit(optimizer, kappa, momentum):
    limit = stability_limit(optimizer, kappa, momentum)
    assert convergence_rate(optimizer, [1, kappa], 0.999 * limit, momentum) < 1
    assert convergence_rate(optimizer, [1, kappa], 1.001 * limit, momentum) > 1


# The best settings --------------------------------------------------------------------------


def test_the_heavy_balls_best_is_polyaks():
    best = best_settings("momentum", 1, 100)
    assert best.momentum == pytest.approx(((10 - 1) / (10 + 1)) ** 2)
    assert best.learning_rate == pytest.approx(4 / (10 + 1) ** 2)
    assert best.convergence_rate == pytest.approx(9 / 11)
    plain = best_settings("gradient_descent", 1, 100)
    assert (plain.learning_rate, plain.momentum) == (2 / 101, 0)
    assert plain.convergence_rate == pytest.approx(99 / 101)


@pytest.mark.parametrize("optimizer", LINEAR_OPTIMIZERS)
@pytest.mark.parametrize(("low", "high"), [(1, 4), (1, 100), (0.5, 20)])
def test_no_setting_of_a_fine_grid_is_better(optimizer, low, high):
    best = best_settings(optimizer, low, high)
    at_best = convergence_rate(optimizer, [low, high], best.learning_rate, best.momentum)
    assert at_best == pytest.approx(best.convergence_rate, abs=1e-6)
    rates = np.linspace(0.005, 4, 400)[:, None] / high
    shares = np.linspace(0, 0.99, 200)
    everywhere = convergence_rate(optimizer, [low, high], rates, shares)
    assert everywhere.shape == (400, 200)
    assert everywhere.min() >= best.convergence_rate - 1e-9
    # And the grid comes close to it: the closed form promises nothing that is not there.
    assert everywhere.min() < best.convergence_rate + 0.05


def test_a_round_bowl_needs_no_momentum():
    for optimizer in ("gradient_descent", "momentum"):
        best = best_settings(optimizer, 3, 3)
        assert (best.momentum, best.convergence_rate) == (0, 0)
        assert best.learning_rate == pytest.approx(1 / 3)


# Errors by eigenvector ----------------------------------------------------------------------


def test_each_eigenvector_has_the_curve_that_it_would_have_alone():
    ravine = hpt.surfaces.ravine
    settings_ = {"learning_rate": 0.02, "momentum": 0.7, "steps": 40}
    apart = eigen_errors(descend(ravine, "momentum", **settings_), ravine)
    np.testing.assert_allclose(apart.curvatures, [1, 50])
    for place, curvature in enumerate((1.0, 50.0)):
        alone = Surface(
            "valley",
            lambda points, c=curvature: 0.5 * c * np.asarray(points)[..., 0] ** 2,
            lambda points, c=curvature: c * np.asarray(points),
            window=((-5, 5),),
            start=(apart.errors[0, place],),
        )
        path = descend(alone, "momentum", **settings_)
        np.testing.assert_allclose(apart.errors[:, place], path.points[:, 0], atol=1e-12)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "nesterov", "adam"])
@pytest.mark.parametrize("surface", ["parabola", "quadratic_bowl", "ravine"])
def test_the_losses_of_all_eigenvectors_are_the_loss(surface, optimizer):
    ground = hpt.surfaces.get_surface(surface)
    path = descend(ground, optimizer, learning_rate=0.01, steps=30)
    apart = eigen_errors(path, ground)
    np.testing.assert_allclose(apart.losses.sum(axis=1), path.losses, rtol=1e-9)
    lengths = np.linalg.norm(path.points - np.array(ground.minima[0]), axis=1)
    np.testing.assert_allclose(np.linalg.norm(apart.errors, axis=1), lengths, rtol=1e-12)


def test_what_is_not_quadratic_is_refused():
    path = descend("beale", steps=3)
    with pytest.raises(ValueError, match="surface='beale' is not allowed: a quadratic surface"):
        eigen_errors(path, hpt.surfaces.beale)


def test_optimisers_that_rescale_have_no_matrix():
    for name, function in itertools.product(
        ("adam", "adagrad", "rmsprop"), (iteration_matrix, convergence_rate)
    ):
        with pytest.raises(ValueError, match=f"optimizer='{name}' is not allowed"):
            function(name, 1.0, 0.1)


def descending(**changes):
    """Return what a call with good arguments takes, some of them changed."""
    return {"optimizer": "momentum", "learning_rate": 0.1, "momentum": 0.9, **changes}


NOT_POSITIVE = (0, -1, math.nan, math.inf, "1", None)


@pytest.mark.parametrize(
    ("function", "good", "name", "values"),
    [
        (iteration_matrix, descending(curvature=1), "curvature", NOT_POSITIVE),
        (iteration_matrix, descending(curvature=1), "learning_rate", NOT_POSITIVE),
        (iteration_matrix, descending(curvature=1), "momentum", (-0.1, 1, math.nan, "0.9", None)),
        (iteration_matrix, descending(curvature=1), "optimizer", ("sgd", None)),
        (convergence_rate, descending(curvatures=[1]), "curvatures", (*NOT_POSITIVE, [], [1, 0])),
        (convergence_rate, descending(curvatures=[1]), "learning_rate", (*NOT_POSITIVE, [0.1, 0])),
        (convergence_rate, descending(curvatures=[1]), "momentum", (-0.1, 1, [0.5, 1], "0.9")),
        (convergence_rate, descending(curvatures=[1]), "optimizer", ("sgd", None)),
    ],
)
def test_what_is_not_allowed_is_named(function, good, name, values):
    function(**good)
    for value in values:
        with pytest.raises(ValueError, match=rf"^{name}=.* is not allowed"):
            function(**{**good, name: value})


def test_curvatures_of_the_best_settings_are_positive_and_in_order():
    for low in NOT_POSITIVE:
        with pytest.raises(ValueError, match=r"^smallest_curvature=.* is not allowed"):
            best_settings("momentum", low, 4)
    for high in (0.5, "4", None, math.nan):
        with pytest.raises(ValueError, match=r"^largest_curvature=.* is not allowed"):
            best_settings("momentum", 1, high)
    with pytest.raises(ValueError, match=r"^optimizer='adam' is not allowed.*nesterov"):
        best_settings("adam", 1, 4)
    assert best_settings("nesterov", 2, 2).convergence_rate == 0


def test_walk_and_surface_are_asked_for_by_name():
    path = descend("parabola", steps=3)
    with pytest.raises(TypeError, match=r"^path=3"):
        eigen_errors(3, hpt.surfaces.parabola)
    with pytest.raises(TypeError, match=r"^surface='parabola'"):
        eigen_errors(path, "parabola")
    unknown = replace(hpt.surfaces.parabola, minima=())
    without_hessian = replace(hpt.surfaces.parabola, hessian=None)
    for surface in (unknown, without_hessian):
        with pytest.raises(ValueError, match=r"^surface='parabola' is not allowed: a quadratic"):
            eigen_errors(path, surface)


def test_without_a_momentum_it_is_that_of_descend():
    np.testing.assert_allclose(
        iteration_matrix("momentum", 1, 0.1), [[1.8, -0.9], [1, 0]], rtol=1e-12
    )
    assert convergence_rate("momentum", [1], 0.1) == pytest.approx(np.sqrt(0.9))
    assert iteration_matrix("momentum", 1, 0.1, 0)[0].tolist() == [0.9, 0.0]


def test_a_map_of_rates_has_the_shape_of_its_settings():
    rates, momenta = np.array([[0.1], [0.5], [1.9]]), np.array([0.0, 0.5])
    found = convergence_rate("momentum", [[1.0], [0.25]], rates, momenta)
    assert found.shape == (3, 2)
    for place in np.ndindex(3, 2):
        matrices = [
            iteration_matrix("momentum", curvature, rates[place[0], 0], momenta[place[1]])
            for curvature in (1.0, 0.25)
        ]
        radius = max(abs(np.linalg.eigvals(matrix)).max() for matrix in matrices)
        assert found[place] == pytest.approx(radius, abs=1e-7)
