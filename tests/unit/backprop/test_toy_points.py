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


@pytest.mark.parametrize(
    ("name", "heights"),
    [
        ("sine", {0.5: 0.8, -0.5: -0.8, 1: 0, 0: 0}),
        ("bump", {0: 0.5, 0.5: 0.9 * np.exp(-2) - 0.4, -1: 0.9 * np.exp(-8) - 0.4}),
        ("steps", {-1: -0.6, -0.41: -0.6, -0.4: 0.5, 0.34: 0.5, 0.35: -0.1, 1: -0.1}),
        ("line", {-1: -0.8, 0: -0.1, 1: 0.6}),
    ],
)
def test_each_curve_goes_through_its_points(name, heights):
    x = np.array([*heights], dtype=float)
    np.testing.assert_allclose(CURVES[name](x), [*heights.values()], atol=1e-12)


def test_points_on_a_curve_are_evenly_spread_and_one_is_in_the_middle():
    np.testing.assert_allclose(curve_points("line", 5, noise=0).inputs[:, 0], [-1, -0.5, 0, 0.5, 1])
    one = curve_points("line", 1, noise=0)
    assert one.inputs.tolist() == [[0.0]]
    assert one.targets.tolist() == [[pytest.approx(-0.1)]]
    assert curve_points("line", 2, noise=0).inputs.tolist() == [[-1.0], [1.0]]


def test_what_is_left_out_has_its_default():
    for make, name, count in ((curve_points, "sine", 40), (plane_points, "circles", 160)):
        given = make(name, count, noise=0.05, seed=0)
        np.testing.assert_array_equal(make().inputs, given.inputs)
        np.testing.assert_array_equal(make().targets, given.targets)


@pytest.mark.parametrize("make", [curve_points, plane_points])
def test_what_is_just_allowed(make):
    assert len(make(n_points=1000, noise=1, seed=0).inputs) == 1000
    assert len(make(n_points=1, noise=0).inputs) == 1
    for name, value in {"noise": 1.01, "n_points": 1001, "seed": 0.5}.items():
        with pytest.raises(ValueError, match=rf"^{name}={value} is not allowed"):
            make(**{name: value})
    with pytest.raises(ValueError, match=r"^name='star' is not allowed"):
        make("star")


def fills(values, low, high):
    """Whether values lie within two ends and reach nearly to both."""
    margin = 0.03 * (high - low)
    return low <= values.min() <= low + margin and high - margin <= values.max() <= high


@pytest.mark.parametrize("name", PLANES)
def test_the_noise_in_a_plane_is_as_asked_for_along_both_axes(name):
    exact = plane_points(name, 1000, noise=0.0).inputs
    moved = plane_points(name, 1000, noise=0.2).inputs - exact
    np.testing.assert_allclose(moved.std(axis=0), 0.2, rtol=0.1)
    assert abs(np.corrcoef(moved.T)[0, 1]) < 0.1


def test_each_shape_fills_its_place():
    points = {name: plane_points(name, 1000, noise=0.0) for name in PLANES}
    inner = {name: p.inputs[p.targets[:, 0] == 1] for name, p in points.items()}
    outer = {name: p.inputs[p.targets[:, 0] == 0] for name, p in points.items()}
    assert fills(np.hypot(*inner["circles"].T), 0, 0.4)
    for ring in (inner["circles"], outer["circles"], inner["spirals"]):
        assert fills(np.arctan2(*ring.T), -np.pi, np.pi)
    for arm in (inner["spirals"], outer["spirals"]):
        assert fills(np.hypot(*arm.T), 0.05 * 0.95, 0.95)
    corners = points["corners"].inputs
    for axis in (0, 1):
        assert fills(abs(corners[:, axis]), 0.1, 0.95)
        assert 0.4 < (corners[:, axis] > 0).mean() < 0.6
    for group, middle in ((inner["two_groups"], 0.45), (outer["two_groups"], -0.45)):
        np.testing.assert_allclose(group.mean(axis=0), middle, atol=0.03)
        np.testing.assert_allclose(group.std(axis=0), 0.18, rtol=0.1)
