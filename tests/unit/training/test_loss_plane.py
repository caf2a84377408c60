"""The plane through recorded weights, against scikit-learn; the loss over it, against Keras."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.decomposition import PCA
from small_data import N_CLASSES, N_FEATURES, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.support.blas_threads import one_blas_thread
from hpt_widgets.training.hyperparameters import ACTIVATIONS
from hpt_widgets.training.loss_plane import (
    FARTHEST,
    PlaneLoss,
    Window,
    fit_plane,
    flatten_weights,
    has_outlier_tail,
    network_loss,
    points_on_map,
    unflatten_weights,
    window_around,
)
from hpt_widgets.training.trainer import Trainer

SHAPES = ((3, 4), (4,), (4, 2), (2,))
N_WEIGHTS = 26


def walk(seed, n_points=12, scale=0.1, shapes=SHAPES):
    """Weights that wander, more in some directions than in others."""
    random = np.random.default_rng(seed)
    n_weights = sum(math.prod(shape) for shape in shapes)
    steps = random.normal(size=(n_points, n_weights)) * np.geomspace(1, 0.01, n_weights) * scale
    start = np.random.default_rng(99).normal(size=n_weights)
    steps[0] = start
    return np.cumsum(steps, axis=0).astype(np.float32)


def trained_paths(activation="relu", hidden_units=(8, 6)):
    """The weights along two runs of a small network, row by row, and its shapes."""
    paths = []
    for learning_rate in (0.003, 0.03):
        hp = hyperparameters(
            learning_rate=learning_rate, activation=activation, hidden_units=hidden_units
        )
        session = Trainer(tabular_data()).session(hp)
        points = [session.weights()]
        while session.ended is None:
            if session.advance().recorded:
                points.append(session.weights())
        paths.append(np.stack([flatten_weights(weights) for weights in points]))
    return paths, tuple(weight.shape for weight in points[0])


def small_sample(n_samples=40):
    data = tabular_data()
    return data.x_train[:n_samples], data.y_train[:n_samples]


def weights_at(plane, x, y):
    """The network's kernels and biases at a point of a plane."""
    vector = plane.origin + np.float32(x) * plane.directions[0]
    return unflatten_weights(vector + np.float32(y) * plane.directions[1], plane.shapes)


# The plane


def test_the_axes_are_scikit_learns_principal_components():
    paths = [walk(1), walk(2, scale=0.3), walk(3, n_points=5)]
    plane = fit_plane(paths, SHAPES)
    reference = PCA(2).fit(np.concatenate(paths).astype(np.float64))
    for axis in range(2):
        agreement = abs(float(plane.directions[axis] @ reference.components_[axis]))
        assert agreement == pytest.approx(1, abs=1e-5)
    assert plane.explained == pytest.approx(tuple(reference.explained_variance_ratio_), abs=1e-6)
    assert plane.explained[0] >= plane.explained[1]
    assert 0 < sum(plane.explained) < 1


def test_a_path_is_projected_as_scikit_learn_does_seen_from_the_newest_start():
    paths = [walk(1), walk(2)]
    plane = fit_plane(paths, SHAPES)
    reference = PCA(2).fit(np.concatenate(paths).astype(np.float64))
    for path in paths:
        expected = reference.transform(path) - reference.transform(paths[-1][:1])
        np.testing.assert_allclose(
            np.abs(plane.project(path)), np.abs(expected), rtol=1e-4, atol=1e-5
        )
    np.testing.assert_array_equal(plane.project(paths[-1][:1]), [[0, 0]])


def test_more_weights_than_a_slice_make_no_difference():
    shapes = ((99, 99), (99,), (99, 2), (2,))
    paths = [walk(1, shapes=shapes), walk(2, shapes=shapes)]
    plane = fit_plane(paths, shapes)
    reference = PCA(2).fit(np.concatenate(paths).astype(np.float64))
    assert abs(float(plane.directions[1] @ reference.components_[1])) == pytest.approx(1, abs=1e-4)


def test_weights_on_a_plane_are_explained_whole_and_found_again():
    random = np.random.default_rng(0)
    spread, start = random.normal(size=(2, N_WEIGHTS)), random.normal(size=N_WEIGHTS)
    path = (start + random.normal(size=(9, 2)) @ spread).astype(np.float32)
    plane = fit_plane([path], SHAPES)
    assert sum(plane.explained) == pytest.approx(1, abs=1e-6)
    for vector, (x, y) in zip(path, plane.project(path), strict=True):
        np.testing.assert_allclose(flatten_weights(weights_at(plane, x, y)), vector, atol=1e-5)


def test_the_newest_path_ends_to_the_right_and_above_unless_an_earlier_plane_says_otherwise():
    path = walk(4)
    plane = fit_plane([path], SHAPES)
    assert (plane.project(path[-1:]) > 0).all()
    mirrored = fit_plane([path[::-1]], SHAPES, like=plane)
    np.testing.assert_allclose(mirrored.directions, plane.directions, atol=1e-5)


@pytest.mark.parametrize("n_points", [1, 2, 6], ids=["one point", "a line", "standing still"])
def test_what_has_fewer_than_two_dimensions_gets_random_directions(n_points):
    path = np.repeat(walk(5)[:1], n_points, axis=0)
    if n_points == 2:
        path[1] += 0.1
    plane = fit_plane([path], SHAPES)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-6)
    expected = (1, 0) if n_points == 2 else (0, 0)
    assert plane.explained == pytest.approx(expected, abs=1e-6)
    assert np.isfinite(plane.project(path)).all()


def test_weights_that_were_thrown_away_do_not_decide_where_the_plane_lies():
    calm, wild = walk(1), walk(2)
    thrown = wild.copy()
    thrown[5] *= 10 * FARTHEST
    thrown[6:] = np.nan
    plane, expected = fit_plane([calm, thrown], SHAPES), fit_plane([calm, wild[:5]], SHAPES)
    np.testing.assert_allclose(np.abs(plane.directions), np.abs(expected.directions), atol=1e-5)
    assert has_outlier_tail(thrown)
    assert not has_outlier_tail(wild)
    assert len(points_on_map(plane, thrown)) == 5
    projected = plane.project(thrown)
    assert np.isnan(projected[6:]).all()
    assert np.isfinite(projected[:6]).all()


@pytest.mark.parametrize(
    "paths", [[], [np.zeros((0, N_WEIGHTS))], [np.full((2, N_WEIGHTS), np.nan)]]
)
def test_nothing_finite_to_lay_a_plane_through_is_an_error(paths):
    with pytest.raises(ValueError, match="paths"):
        fit_plane(paths, SHAPES)


def test_networks_of_different_sizes_share_no_plane():
    with pytest.raises(ValueError, match="26, 31"):
        fit_plane([walk(1), np.zeros((3, 31), np.float32)], SHAPES)
    with pytest.raises(ValueError, match="26"):
        fit_plane([walk(1)], SHAPES[:2])


def test_fitting_can_be_cancelled_at_every_slice():
    for allowed in range(2):
        answers = iter([False] * allowed + [True])
        assert fit_plane([walk(1)], SHAPES, is_cancelled=lambda a=answers: next(a)) is None
    assert fit_plane([walk(1)], SHAPES, is_cancelled=lambda: False) is not None


def test_flattened_weights_come_back():
    weights = unflatten_weights(np.arange(N_WEIGHTS, dtype=np.float32), SHAPES)
    assert tuple(weight.shape for weight in weights) == SHAPES
    np.testing.assert_array_equal(flatten_weights(weights), np.arange(N_WEIGHTS))


# The window


def test_a_window_holds_all_finite_points_with_room_around_them():
    points = np.array([[0.0, 1.0], [10.0, 3.0], [math.nan, 0.0]])
    window = window_around([points])
    assert window.x[0] < 0 < 10 < window.x[1]
    assert window.y[0] < 1 < 3 < window.y[1]
    assert window.contains(points)
    assert not window.contains(np.array([[0.0, 9.0]]))


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.ones((3, 2)), np.full((1, 2), np.nan)])
def test_a_window_is_never_empty(points):
    window = window_around([points])
    assert window.x[0] < window.x[1]
    assert window.y[0] < window.y[1]


# The loss


def numpy_loss(weights, activation, features, labels):
    """One network's loss in double precision, written the long way."""
    functions = {
        "relu": lambda z: z if z > 0 else 0.0,
        "tanh": math.tanh,
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
        "elu": lambda z: z if z > 0 else math.exp(z) - 1,
        "gelu": lambda z: z * (1 + math.erf(z / math.sqrt(2))) / 2,
    }
    activate = np.vectorize(functions[activation], otypes=[float])
    signal = features.astype(np.float64)
    layers = list(zip(weights[::2], weights[1::2], strict=True))
    for place, (kernel, bias) in enumerate(layers):
        signal = signal @ kernel.astype(np.float64) + bias
        if place + 1 < len(layers):
            signal = activate(signal)
    probabilities = np.exp(signal) / np.exp(signal).sum(axis=1, keepdims=True)
    return float(
        np.mean([-math.log(p[label]) for p, label in zip(probabilities, labels, strict=True)])
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden_units", [(8, 6), (7,)], ids=["two layers", "one layer"])
def test_the_surface_is_the_loss_of_each_network_of_the_plane(activation, hidden_units):
    paths, shapes = trained_paths(activation, hidden_units)
    features, labels = small_sample()
    plane = fit_plane(paths, shapes)
    x, y = window_around([plane.project(path) for path in paths]).grid(4)
    surface = PlaneLoss(plane, activation, features, labels)
    losses = surface.over(x, y[:3])
    assert losses.shape == (3, 4)
    for row in range(3):
        for column in range(4):
            weights = weights_at(plane, x[column], y[row])
            expected = numpy_loss(weights, activation, features, labels)
            assert losses[row, column] == pytest.approx(expected, rel=2e-5)
            assert surface.at(x[column], y[row]) == pytest.approx(losses[row, column], rel=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_surface_and_path_agree_with_keras(activation):
    paths, shapes = trained_paths(activation)
    features, labels = small_sample()
    plane = fit_plane(paths, shapes)
    surface = PlaneLoss(plane, activation, features, labels)
    model = hpt.build_model(hyperparameters(activation=activation), N_FEATURES, N_CLASSES)
    for vector in (paths[0][0], paths[0][-1], paths[1][-1]):
        model.set_weights(unflatten_weights(vector, shapes))
        expected = model.evaluate(features, labels, verbose=0)[0]
        loss = network_loss(unflatten_weights(vector, shapes), activation, features, labels)
        assert loss == pytest.approx(expected, rel=1e-5)
        x, y = plane.project(vector[None])[0]
        model.set_weights(weights_at(plane, x, y))
        expected = model.evaluate(features, labels, verbose=0)[0]
        assert surface.at(x, y) == pytest.approx(expected, rel=1e-5)
    start = surface.at(*plane.project(paths[0][:1])[0])
    real = network_loss(unflatten_weights(paths[0][0], shapes), activation, features, labels)
    assert start == pytest.approx(real, rel=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_losses_beyond_all_numbers_are_infinite_and_warn_of_nothing(activation):
    features, labels = small_sample()
    paths, shapes = trained_paths(activation)
    weights = paths[0][0]
    huge = unflatten_weights(weights * np.float32(1e38), shapes)
    huge[-1][:] = np.inf
    assert network_loss(huge, activation, features, labels) == math.inf
    plane = fit_plane([weights[None]], shapes)
    losses = PlaneLoss(plane, activation, features, labels).over(
        np.array([0.0, 1e30]), np.array([0.0, -1e37])
    )
    assert math.isfinite(losses[0, 0])
    assert not np.isnan(losses).any()


def test_the_surface_can_be_cancelled_between_points():
    paths, shapes = trained_paths()
    surface = PlaneLoss(fit_plane(paths, shapes), "relu", *small_sample())
    asked = []

    def is_cancelled():
        asked.append(True)
        return len(asked) == 4

    assert surface.over(np.zeros(3), np.zeros(3), is_cancelled) is None
    assert len(asked) == 4


def test_an_unknown_activation_is_named():
    plane = fit_plane([walk(1)], SHAPES)
    with pytest.raises(ValueError, match=r"activation='swish'.*relu"):
        PlaneLoss(plane, "swish", *small_sample())
    with pytest.raises(ValueError, match="activation='swish'"):
        network_loss([], "swish", *small_sample())


def test_blas_threads_are_given_back_when_the_last_user_is_done():
    from threadpoolctl import threadpool_info

    def n_threads():
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    before = n_threads()
    with one_blas_thread():
        assert n_threads() == {1}
        with one_blas_thread():
            pass
        assert n_threads() == {1}
    assert n_threads() == before


def test_a_window_can_be_made_by_hand():
    x, y = Window((0.0, 1.0), (-1.0, 1.0)).grid(3)
    assert x.tolist() == [0, 0.5, 1]
    assert y.tolist() == [-1, 0, 1]
