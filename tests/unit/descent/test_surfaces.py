"""Surfaces against finite differences, their known minima, and readers' own functions."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import approx_fprime, rosen, rosen_der, rosen_hess

import hpt_widgets as hpt
from hpt_widgets.descent.surfaces import (
    SURFACES,
    Surface,
    as_point,
    central_gradient,
    central_hessian,
    get_surface,
    quadratic_bowl,
    surface_names,
)

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)


def points_in(surface, n=7):
    """Return a grid over the window, of shape (n, n, 2) or (n, 1)."""
    axes = [np.linspace(low, high, n) for low, high in surface.window]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def test_names_are_those_of_the_public_instances():
    assert surface_names() == (
        "parabola",
        "quadratic_bowl",
        "ravine",
        "rosenbrock",
        "beale",
        "himmelblau",
        "saddle",
        "rastrigin",
    )
    for name in surface_names():
        assert SURFACES[name].name == name
        instance = getattr(hpt.surfaces, name)
        if isinstance(instance, Surface):
            assert SURFACES[name] is instance


@every_surface
def test_gradient_is_the_one_of_finite_differences(surface):
    for point in points_in(surface).reshape(-1, surface.n_dims):
        numeric = approx_fprime(point, lambda p: float(surface.function(p)), 1e-7)
        scale = 1 + np.abs(surface.gradient(point)).max()
        np.testing.assert_allclose(surface.gradient(point), numeric, atol=1e-4 * scale)


@every_surface
def test_hessian_is_the_derivative_of_the_gradient(surface):
    step = 1e-6
    for point in points_in(surface).reshape(-1, surface.n_dims):
        numeric = np.stack(
            [
                (surface.gradient(point + shift) - surface.gradient(point - shift)) / (2 * step)
                for shift in step * np.eye(surface.n_dims)
            ]
        )
        exact = surface.hessian(point)
        np.testing.assert_allclose(exact, numeric, atol=1e-6 * (1 + np.abs(exact).max()))


@every_surface
def test_one_call_evaluates_a_whole_grid(surface):
    grid = points_in(surface, n=4)
    values, gradients = surface.function(grid), surface.gradient(grid)
    hessians = surface.hessian(grid)
    assert values.shape == grid.shape[:-1]
    assert gradients.shape == grid.shape
    assert hessians.shape == (*grid.shape, surface.n_dims)
    for index in np.ndindex(grid.shape[:-1]):
        assert surface.function(grid[index]) == pytest.approx(values[index])
        np.testing.assert_allclose(surface.gradient(grid[index]), gradients[index], rtol=1e-12)
        np.testing.assert_allclose(surface.hessian(grid[index]), hessians[index], rtol=1e-12)


@every_surface
def test_minima_are_minima(surface):
    for minimum in surface.minima:
        place = np.array(minimum)
        assert surface.function(place) == pytest.approx(surface.lowest, abs=1e-20)
        np.testing.assert_allclose(surface.gradient(place), 0, atol=1e-12)
        assert surface.curvatures(place)[0] > 0
    assert surface.function(points_in(surface, n=101)).min() >= surface.lowest


@every_surface
def test_start_and_minima_lie_in_the_window(surface):
    for point in (surface.start, *surface.minima):
        assert len(point) == surface.n_dims
        for coordinate, (low, high) in zip(point, surface.window, strict=True):
            assert low <= coordinate <= high


@settings(deadline=None)
@given(arrays(np.float64, (5, 2), elements=st.floats(-3, 3)))
def test_rosenbrock_is_scipys(points):
    rosenbrock = hpt.surfaces.rosenbrock
    for point in points:
        assert float(rosenbrock.function(point)) == pytest.approx(rosen(point))
        np.testing.assert_allclose(rosenbrock.gradient(point), rosen_der(point), atol=1e-9)
        np.testing.assert_allclose(rosenbrock.hessian(point), rosen_hess(point), atol=1e-9)


def test_parabola_is_the_articles():
    assert hpt.surfaces.parabola.function(np.array([[2.0], [-3.0]])).tolist() == [4.0, 9.0]
    assert hpt.surfaces.parabola.gradient(np.array([2.0])).tolist() == [4.0]


@settings(deadline=None)
@given(st.floats(1, 1e4))
def test_bowl_has_the_condition_number_it_was_given(kappa):
    low, high = quadratic_bowl(kappa).curvatures((0.3, -0.2))
    assert high / low == pytest.approx(kappa)


def test_ravine_is_narrow_across_the_axes():
    ravine = hpt.surfaces.ravine
    low, high = ravine.curvatures((0.0, 0.0))
    assert high / low == pytest.approx(ravine.condition_number)
    assert abs(ravine.hessian(np.zeros(2))[0, 1]) > 1


def test_saddle_curves_down_between_its_two_valleys():
    low, high = hpt.surfaces.saddle.curvatures((0.0, 0.0))
    assert low < 0 < high
    np.testing.assert_array_equal(hpt.surfaces.saddle.gradient(np.zeros(2)), 0)


@pytest.mark.parametrize("value", [0, 0.99, -1, math.inf, math.nan, "10", None, True, [1]])
def test_condition_number_out_of_range(value):
    with pytest.raises(ValueError, match="condition_number="):
        quadratic_bowl(value)


def test_get_surface():
    assert get_surface("beale") is hpt.surfaces.beale
    assert get_surface(hpt.surfaces.beale) is hpt.surfaces.beale
    assert get_surface("quadratic_bowl", 30).condition_number == 30
    for name in ("himmelbau", 3, None, ["beale"]):
        with pytest.raises(ValueError, match=r"(?s)surface=.*parabola, quadratic_bowl"):
            get_surface(name)


# Readers' own functions ---------------------------------------------------------------------


def own_vectorised(x, y):
    return np.sin(x) * y**2 + x * y


def own_scalar(x, y):
    return math.sin(x) * y**2 + x * y


def own_branching(x, y):
    return x * x if x > 0 else y * y


def counting(function):
    calls = []

    def counted(x, y):
        calls.append(np.shape(x))
        return function(x, y)

    return counted, calls


@pytest.mark.parametrize("function", [own_vectorised, own_scalar, own_branching])
def test_own_function_has_its_values_and_derivatives(function):
    surface = Surface.from_function(function)
    points = np.array([[[0.5, -1.0], [1.5, 2.0]], [[-0.7, 0.4], [2.0, 1.0]]])
    assert surface.n_dims == 2
    values = surface.function(points)
    assert values.shape == (2, 2)
    for index in np.ndindex(2, 2):
        x, y = points[index]
        assert values[index] == pytest.approx(function(x, y))
        numeric = approx_fprime(points[index], lambda p: function(*p), 1e-7)
        np.testing.assert_allclose(surface.gradient(points)[index], numeric, atol=1e-5)


def test_own_hessian_is_the_exact_one():
    surface = Surface.from_function(own_vectorised)
    x, y = 0.8, -1.3
    exact = [
        [-math.sin(x) * y**2, 2 * math.cos(x) * y + 1],
        [2 * math.cos(x) * y + 1, 2 * math.sin(x)],
    ]
    np.testing.assert_allclose(surface.hessian(np.array([x, y])), exact, atol=1e-5)
    assert surface.hessian(np.zeros((3, 4, 2))).shape == (3, 4, 2, 2)


def test_arrays_are_used_where_the_function_takes_them():
    function, calls = counting(own_vectorised)
    surface = Surface.from_function(function)
    calls.clear()
    surface.gradient(np.zeros((6, 2)))
    assert len(calls) == 1
    function, calls = counting(own_scalar)
    surface = Surface.from_function(function)
    calls.clear()
    surface.gradient(np.zeros((6, 2)))
    assert set(calls) == {()}


def test_a_function_that_mixes_its_points_is_called_one_by_one():
    surface = Surface.from_function(lambda x, y: x - np.mean(y) + y)
    np.testing.assert_allclose(surface.function(np.array([[1.0, 2.0], [3.0, 5.0]])), [1.0, 3.0])


def test_one_variable():
    surface = Surface.from_function(lambda theta: (theta - 1) ** 4, start=2.0, window=(-1, 3))
    assert surface.n_dims == 1
    assert surface.window == ((-1.0, 3.0),)
    np.testing.assert_allclose(
        surface.gradient(np.array([[2.0], [1.0]])), [[4.0], [0.0]], atol=1e-7
    )


def test_a_constant_function_is_flat():
    surface = Surface.from_function(lambda x, y: 3)  # noqa: ARG005
    assert surface.function(np.zeros((4, 2))).tolist() == [3.0] * 4
    np.testing.assert_array_equal(surface.gradient(np.zeros((4, 2))), 0)


def test_outside_its_domain_a_function_is_nan():
    surface = Surface.from_function(lambda x, y: math.log(x) + y, start=(1.0, 0.0))
    values = surface.function(np.array([[1.0, 2.0], [-1.0, 0.0], [0.0, 0.0]]))
    assert values[0] == 2.0
    assert np.isnan(values[1:]).all()
    vectorised = Surface.from_function(lambda x, y: np.log(x) + y, start=(1.0, 0.0))
    assert np.isnan(vectorised.function(np.array([-1.0, 0.0])))


def test_ufuncs_and_star_arguments_need_n_dims():
    assert Surface.from_function(np.cos, n_dims=1).n_dims == 1
    with pytest.raises(ValueError, match="pass n_dims=1 or n_dims=2"):
        Surface.from_function(lambda *args: sum(args))
    assert Surface.from_function(lambda *args: sum(args), n_dims=2).n_dims == 2


def test_a_parameter_with_a_default_is_not_a_variable():
    assert Surface.from_function(lambda x, scale=2.0: scale * x).n_dims == 1


@pytest.mark.parametrize("n_dims", [0, 3, 1.5, "2", True])
def test_n_dims_out_of_range(n_dims):
    with pytest.raises(ValueError, match="n_dims="):
        Surface.from_function(own_scalar, n_dims=n_dims)


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (3, TypeError, "function=3 is not allowed: a function"),
        (lambda x, y: eval("x + undefined"), ValueError, "NameError"),  # noqa: ARG005
        (lambda x, y: 1 / 0, ValueError, "ZeroDivisionError"),  # noqa: ARG005
        (lambda x, y: np.array([x, y]), ValueError, r"shape \(2,\)"),
        (lambda x, y: [x, y], ValueError, r"shape \(2,\)"),
        (lambda x, y: None, TypeError, "returns None"),  # noqa: ARG005
        (lambda x, y: "1", TypeError, "returns '1'"),  # noqa: ARG005
        (lambda x, y: 1j * x, TypeError, "real number"),  # noqa: ARG005
        (lambda x, y: x > y, TypeError, "returns"),
        (lambda x, y: math.nan, ValueError, "is nan at start"),  # noqa: ARG005
        (lambda x, y: math.inf, ValueError, "is inf at start"),  # noqa: ARG005
        (lambda x, y, z: x, ValueError, "n_dims=3"),  # noqa: ARG005
    ],
)
def test_what_a_reader_gets_wrong(function, error, message):
    with pytest.raises(error, match=message):
        Surface.from_function(function)


def test_an_error_away_from_the_start_names_the_point():
    with pytest.raises(ValueError, match=r"\(-3.0, -3.0\): KeyError: 'far'"):
        Surface.from_function(
            lambda x, y: float(x + y) if math.hypot(x, y) < 3 else {}["far"], start=(0.0, 0.0)
        )


@pytest.mark.parametrize(
    "window", [(1, 0), ((0, 1),), ((0, 1), (1, 1)), ((0, math.inf), (0, 1)), "ab"]
)
def test_window_out_of_range(window):
    with pytest.raises(ValueError, match="window="):
        Surface.from_function(own_scalar, window=window)


@pytest.mark.parametrize("start", [1.0, (1, 2, 3), (0, math.nan), "ab", ("a", "b")])
def test_start_out_of_range(start):
    with pytest.raises(ValueError, match="start="):
        Surface.from_function(own_scalar, start=start)


def test_errors_speak_chinese():
    hpt.use_language("zh")
    with pytest.raises(ValueError, match="surface='x' 不可用：须为 parabola"):
        get_surface("x")


def test_central_gradient_is_accurate():
    points = np.linspace(-3, 3, 13)[:, None]
    numeric = central_gradient(lambda p: np.exp(p[..., 0]), points)
    np.testing.assert_allclose(numeric, np.exp(points), rtol=1e-8)


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_central_differences_are_as_near_as_doubles_allow(scale):
    """Against the exponential and a wave, with shifts that grow with the coordinate."""
    points = scale * np.linspace(-1, 1, 7)[:, None]
    wave = central_hessian(lambda p: np.sin(p[..., 0] / scale), points)
    np.testing.assert_allclose(wave[:, 0, 0], -np.sin(points[:, 0] / scale) / scale**2, atol=3e-8)
    slope = central_gradient(lambda p: np.sin(p[..., 0] / scale), points)
    np.testing.assert_allclose(slope, np.cos(points / scale) / scale, atol=2e-10)


def test_the_mixed_derivative_is_that_of_both_variables():
    hessian = central_hessian(lambda p: p[..., 0] ** 2 * p[..., 1] ** 3, np.array([2.0, -1.5]))
    np.testing.assert_allclose(hessian, [[-6.75, 27.0], [27.0, -36.0]], rtol=1e-6)


# What is said, and what is left out ---------------------------------------------------------


def test_what_is_left_out_of_an_own_function_has_its_default():
    surface = Surface.from_function(own_scalar)
    assert surface.window == ((-3.0, 3.0), (-3.0, 3.0))
    assert surface.start == (-2.0, -2.0)
    assert surface.name == "own_scalar"
    assert surface.learning_rate == 0.1
    assert surface.minima == ()
    assert surface.lowest is None
    assert surface.formula == ""
    assert surface.condition_number is None
    wide = Surface.from_function(own_scalar, window=((0, 12), (6, 18)), name="hill")
    assert wide.start == (2.0, 8.0)
    assert wide.name == "hill"
    assert wide.diagonal == pytest.approx(12 * math.sqrt(2))
    given = Surface.from_function(own_scalar, minima=[[0, 1]], learning_rate=2, start=[1, 2])
    assert given.minima == ((0.0, 1.0),)
    assert given.learning_rate == 2.0
    assert given.start == (1.0, 2.0)
    assert given.lowest == own_scalar(0.0, 1.0)


class Hill:
    """A function without a name of its own."""

    def __call__(self, x, y):
        return x * y


def test_an_object_that_can_be_called_has_the_name_of_its_class():
    assert Surface.from_function(Hill()).name == "Hill"


def refusal(error, call):
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def test_a_message_about_an_own_function_names_it_and_the_point():
    def shapeless(x, y):
        return [x, y]

    def wordy(x, y):
        return "high" if x + y else "low"

    def far(x, y):
        return math.nan * x * y

    def many(*values):
        return values

    for function, error, parts in (
        (shapeless, ValueError, ("shapeless", "(2,)", "(-2.0, -2.0)")),
        (wordy, TypeError, ("wordy", "'high'", "(-2.0, -2.0)")),
        (far, ValueError, ("far", "nan", "(-2.0, -2.0)")),
        (many, ValueError, ("many", "n_dims")),
        (lambda: 0.0, ValueError, ("<lambda>", "n_dims")),
    ):
        message = refusal(error, lambda function=function: Surface.from_function(function))
        assert all(part in message for part in parts), message
    raised = refusal(
        ValueError,
        lambda: Surface.from_function(lambda x, y: {}["deep"], start=(1, 2)),  # noqa: ARG005
    )
    assert "<lambda>" in raised
    assert "(1.0, 2.0)" in raised
    assert "KeyError: 'deep'" in raised
    # Of some of Python's own functions no signature can be read.
    assert "max" in refusal(ValueError, lambda: Surface.from_function(max))


def test_each_value_of_a_surface_is_named():
    parts = {
        "name": "bowl", "gradient": np.copy, "window": ((-1, 1),), "start": (0.5,),
        "function": lambda points: np.log(np.asarray(points)[..., 0] + 1),
    }  # fmt: skip
    assert Surface(**parts).learning_rate == 0.1
    assert isinstance(Surface(**{**parts, "learning_rate": 3}).learning_rate, float)
    for name, value, error in (
        ("name", 3, TypeError),
        ("function", 3, TypeError),
        ("function", None, TypeError),
        ("gradient", None, TypeError),
        ("hessian", 3, TypeError),
        ("window", ((1, -1),), ValueError),
        ("window", ((0, 1), (0, 1), (0, 1)), ValueError),
        ("window", ((-1e101, 0),), ValueError),
        ("window", ((0, 0),), ValueError),
        ("start", (0.0, 1.0), ValueError),
        ("minima", ((0.0, 1.0),), ValueError),
        ("minima", 3, TypeError),
        ("minima", ((0.5,), (-2.0,)), ValueError),
        ("learning_rate", 0, ValueError),
    ):
        with pytest.raises(error, match=rf"^{name}="):
            Surface(**{**parts, name: value})
    assert Surface(**{**parts, "window": ((-1e100, 1e100),)}).window == ((-1e100, 1e100),)


def test_a_minimum_is_where_the_function_has_a_value():
    def x_log_x(x):
        return x * math.log(x)

    surface = Surface.from_function(x_log_x, start=1.0, window=(0, 2), minima=[(1 / math.e,)])
    assert surface.lowest == pytest.approx(-1 / math.e)
    message = refusal(
        ValueError,
        lambda: Surface.from_function(x_log_x, start=1.0, window=(0, 2), minima=[(0.0,)]),
    )
    assert message == (
        "minima=(0.0,) is not allowed: points at which the function is finite; here it is nan"
    )


def test_how_many_variables_a_window_and_a_point_may_have_is_said():
    parts = {"name": "bowl", "function": np.sum, "gradient": np.copy, "start": (0.5,)}
    message = refusal(ValueError, lambda: Surface(**parts, window=((0, 1),) * 3))
    assert "1–2" in message
    own = refusal(ValueError, lambda: Surface.from_function(own_scalar, window=(0, 1)))
    assert own.startswith("window=(0, 1) is not allowed")
    assert "2" in own
    point = refusal(ValueError, lambda: hpt.surfaces.beale.curvatures((1.0,)))
    assert point.startswith("point=(1.0,) is not allowed")
    assert "2" in point
    start = refusal(ValueError, lambda: as_point((1.0,), 2))
    assert start.startswith("start=(1.0,) is not allowed")
    assert as_point(3, 1) == (3.0,)


def test_curvatures_are_the_eigenvalues_or_none():
    surface = Surface.from_function(lambda x: math.sqrt(x), start=1.0, window=(0, 4))
    assert surface.curvatures([1.0])[0] == pytest.approx(-0.25, abs=1e-6)
    assert surface.curvatures([-1.0]) is None
    without = replace(hpt.surfaces.beale, hessian=None)
    assert without.curvatures((1.0, 1.0)) is None
    matrix = hpt.surfaces.beale.hessian(np.array([1.0, -1.0]))
    assert hpt.surfaces.beale.curvatures((1.0, -1.0)) == pytest.approx(np.linalg.eigvalsh(matrix))


def test_the_bowl_says_what_it_is():
    assert quadratic_bowl().condition_number == 10
    assert quadratic_bowl(1).condition_number == 1
    bowl = quadratic_bowl(4)
    assert bowl.name == "quadratic_bowl"
    assert bowl.formula == r"J(x, y) = \frac{1}{2}\,(x^2 + 4\,y^2)"
    assert bowl.learning_rate == 0.25
    assert bowl.window == ((-3.0, 3.0), (-2.0, 2.0))
    assert bowl.start == (-2.5, 1.5)
    assert bowl.minima == ((0.0, 0.0),)
    assert float(bowl.function(np.array([2.0, -1.0]))) == 4.0
    assert get_surface("quadratic_bowl").condition_number == 10
    assert get_surface("quadratic_bowl", 1).condition_number == 1
    with pytest.raises(ValueError, match=r"^condition_number=0.5 is not allowed"):
        get_surface("quadratic_bowl", 0.5)
    for surface in ("ravine", "parabola", hpt.surfaces.beale, quadratic_bowl(4)):
        for number in (-5, 5):
            with pytest.raises(ValueError, match=rf"^condition_number={number} is not allowed"):
                get_surface(surface, number)
    with pytest.raises(ValueError, match=r"^surface='bowl' is not allowed.*rastrigin"):
        get_surface("bowl")


def test_an_array_of_one_number_is_taken_for_it():
    for value in (np.array(2.5), np.float32(2.5), np.array(2.5).astype(object)):
        surface = Surface.from_function(lambda x, y, value=value: value)  # noqa: ARG005
        assert surface.function(np.array([1.0, 2.0])) == 2.5
