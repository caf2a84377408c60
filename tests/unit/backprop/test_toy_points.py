"""The points that a small network learns."""

import numpy as np
import pytest

from hpt_widgets.backprop.toy_points import CURVES, PLANES, curve_points, plane_points


@pytest.mark.parametrize("name", CURVES)
def test_points_lie_on_their_curve_but_for_the_noise(name):
    exact = curve_points(name, 50, noise=0.0)
    noisy = curve_points(name, 50, noise=0.1, seed=3)
    assert exact.inputs.shape == exact.targets.shape == (50, 1)
    np.testing.assert_allclose(exact.targets, CURVES[name](exact.inputs))
    np.testing.assert_array_equal(exact.inputs, noisy.inputs)
    assert 0.05 < (noisy.targets - exact.targets).std() < 0.15
    assert np.abs(exact.inputs).max() <= 1
    assert np.abs(exact.targets).max() <= 1


@pytest.mark.parametrize("name", PLANES)
def test_both_classes_have_as_many_points_within_the_square(name):
    points = plane_points(name, 200, noise=0.0)
    assert points.inputs.shape == (200, 2)
    assert sorted(set(points.targets.ravel())) == [0.0, 1.0]
    assert points.targets.mean() == 0.5
    assert np.abs(points.inputs).max() <= 1.1


def test_the_circle_and_the_disc_are_apart():
    points = plane_points("circles", 400, noise=0.0)
    radii = np.linalg.norm(points.inputs, axis=1)
    classes = points.targets[:, 0]
    assert radii[classes == 1].max() <= 0.4
    np.testing.assert_allclose(radii[classes == 0], 0.85)


def test_one_spiral_is_the_other_turned_by_half_a_turn():
    points = plane_points("spirals", 400, noise=0.0)
    x, y = points.inputs.T
    radius = np.hypot(x, y)
    turned = np.arctan2(y, x) - np.pi * points.targets[:, 0]
    wound = 2 * np.pi * 1.25 * radius / 0.95
    np.testing.assert_allclose(np.cos(turned - wound), 1, atol=1e-9)


def test_opposite_corners_share_a_class():
    points = plane_points("corners", 100, noise=0.0)
    signs = np.sign(points.inputs).prod(axis=1)
    np.testing.assert_array_equal(signs > 0, points.targets[:, 0] == 1)


def test_no_straight_line_parts_any_but_the_two_groups():
    """A logistic regression, as an independent judge."""
    from sklearn.linear_model import LogisticRegression

    shares = {}
    for name in PLANES:
        points = plane_points(name, noise=0.0)
        judge = LogisticRegression().fit(points.inputs, points.targets[:, 0])
        shares[name] = judge.score(points.inputs, points.targets[:, 0])
    assert shares.pop("two_groups") > 0.98
    assert max(shares.values()) < 0.8


def test_the_same_seed_gives_the_same_points():
    for make in (curve_points, plane_points):
        one, same, other = make(seed=1), make(seed=1), make(seed=2)
        np.testing.assert_array_equal(one.targets, same.targets)
        np.testing.assert_array_equal(one.inputs, same.inputs)
        assert not np.array_equal(one.inputs + one.targets, other.inputs + other.targets)


def test_one_more_point():
    points = plane_points("circles", 10)
    more = points.with_point((0.5, -0.5), 1.0)
    assert len(more.inputs) == 11
    assert len(points.inputs) == 10
    assert more.inputs[-1].tolist() == [0.5, -0.5]
    assert more.targets[-1, 0] == 1.0


@pytest.mark.parametrize("make", [curve_points, plane_points])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "star"}, "name='star'"),
        ({"n_points": 0}, "n_points=0"),
        ({"n_points": 1001}, "n_points=1001"),
        ({"noise": -0.1}, "noise=-0.1"),
        ({"noise": "much"}, "noise='much'"),
        ({"seed": -1}, "seed=-1"),
    ],
)
def test_what_is_not_allowed(make, arguments, message):
    with pytest.raises(ValueError, match=message):
        make(**arguments)
