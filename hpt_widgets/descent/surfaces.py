"""Functions of one and two variables to descend on, with exact gradients and Hessians.

Every function takes points of shape (..., n_dims) and returns values of shape (...), so
that one call evaluates a single point, a whole grid or all optimisers of a race.

The test functions are the usual ones of the optimisation literature: Rosenbrock (1960),
Beale (1958), Himmelblau (1972) and Rastrigin (1974, in Mühlenbein's form with A = 10).
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import (
    finite_array,
    not_allowed,
    real_number,
    require_function,
    require_items,
    require_number,
    require_text,
    require_whole_number,
)

FloatArray = npt.NDArray[np.float64]
PointFunction = Callable[[FloatArray], FloatArray]
Point = tuple[float, ...]
Window = tuple[tuple[float, float], ...]

# Beyond it the squares of distances overflow.
LARGEST_COORDINATE = 1e100


@dataclass(frozen=True)
class Surface:
    """A loss surface over one or two parameters, with all that is needed to walk on it.

    Attributes
    ----------
    name : str
        A short identifier, such as ``"rosenbrock"``.
    function : callable
        Points of shape (..., n_dims) to values of shape (...).
    gradient : callable
        Points of shape (..., n_dims) to gradients of the same shape.
    window : tuple of (low, high)
        The part worth looking at, one pair a variable.
    start : tuple of float
        Where a walk starts if nothing else is said.
    minima : tuple of tuple of float
        The global minima, where the function is finite; empty where they are not known.
    hessian : callable or None
        Points of shape (..., n_dims) to matrices of shape (..., n_dims, n_dims).
    learning_rate : float
        A learning rate with which plain gradient descent gets on well from ``start``.
    formula : str
        The function in LaTeX, without dollar signs.
    condition_number : float or None
        Ratio of the largest to the smallest curvature, for quadratic surfaces.

    Raises
    ------
    TypeError, ValueError
        If a value is not allowed; the message names it.
    """

    name: str
    function: PointFunction
    gradient: PointFunction
    window: Window
    start: Point
    minima: tuple[Point, ...] = ()
    hessian: PointFunction | None = None
    learning_rate: float = 0.1
    formula: str = ""
    condition_number: float | None = None

    def __post_init__(self) -> None:
        require_text("name", self.name)
        for role in ("function", "gradient"):
            require_function(role, getattr(self, role), optional=False)
        require_function("hessian", self.hessian)
        window = _validated_window(self.window)
        minima = [
            as_point(minimum, len(window), "minima")
            for minimum in require_items("minima", self.minima)
        ]
        object.__setattr__(self, "window", window)
        object.__setattr__(self, "start", as_point(self.start, len(window)))
        for minimum in minima:
            with np.errstate(all="ignore"):
                found = self.function(np.array(minimum))
            if not np.isfinite(found).all():
                message = not_allowed("minima", minimum, "surfaces.minimum_value", found=found)
                raise ValueError(message)
        object.__setattr__(self, "minima", tuple(minima))
        rate = require_number("learning_rate", self.learning_rate, above=0)
        object.__setattr__(self, "learning_rate", rate)

    @property
    def n_dims(self) -> int:
        """Number of variables, 1 or 2."""
        return len(self.window)

    @property
    def lowest(self) -> float | None:
        """Value at the global minima, or None where they are not known."""
        if not self.minima:
            return None
        return float(self.function(np.array(self.minima[0], dtype=np.float64)))

    @property
    def diagonal(self) -> float:
        """Length of the window's diagonal, the yardstick for what is near and far."""
        return math.hypot(*(high - low for low, high in self.window))

    def curvatures(self, point: npt.ArrayLike) -> FloatArray | None:
        """Eigenvalues of the Hessian at a point, in ascending order.

        Parameters
        ----------
        point : array_like of shape (n_dims,)
            Where to look.

        Returns
        -------
        ndarray of shape (n_dims,) or None
            None where there is no Hessian, or where it is not finite.

        Raises
        ------
        ValueError
            If it is no point of finite numbers.
        """
        here = np.array(as_point(point, self.n_dims, "point"))
        if self.hessian is None:
            return None
        with np.errstate(all="ignore"):
            matrix = self.hessian(here)
        if not np.isfinite(matrix).all():
            return None
        return np.asarray(np.linalg.eigvalsh(matrix), dtype=np.float64)

    @classmethod
    def from_function(
        cls,
        function: Callable[..., object],
        *,
        n_dims: int | None = None,
        window: Sequence[Sequence[float]] | None = None,
        start: Sequence[float] | float | None = None,
        minima: Sequence[Sequence[float]] = (),
        learning_rate: float = 0.1,
        name: str | None = None,
    ) -> Surface:
        """Make a surface of a reader's own function of one or two numbers.

        Gradient and Hessian are central differences. Where the function takes arrays
        it is called once for many points; otherwise once a point. Where it raises
        an arithmetic or value error away from ``start`` (the logarithm of a negative
        number, say), its value is nan there, as NumPy would have it.

        Parameters
        ----------
        function : callable
            ``f(theta)`` or ``f(x, y)``, returning one number.
        n_dims : {1, 2}, optional
            Number of variables; read from the function's signature if left out.
        window : sequence of (low, high), optional
            The part worth looking at, one pair a variable. Default (-3, 3) each.
        start : sequence of float, optional
            Default: two thirds of the way from the middle of the window to its lower corner.
        minima : sequence of points, optional
            The global minima, if known.
        learning_rate : float, optional
            A sensible learning rate for plain gradient descent. Default 0.1.
        name : str, optional
            Default: the function's own name.

        Raises
        ------
        TypeError
            If ``function`` cannot be called or returns something that is no real number.
        ValueError
            If it raises at ``start``, returns an array of the wrong shape or is not
            finite there, or if another argument is not allowed.
        """
        require_function("function", function, optional=False)
        counted = _count_variables(function) if n_dims is None else n_dims
        dims = require_whole_number("n_dims", counted, 1, 2)
        bounds = _validated_window(((-3.0, 3.0),) * dims if window is None else window, dims)
        middle_low = tuple(low + (high - low) / 6 for low, high in bounds)
        first = as_point(middle_low if start is None else start, dims)
        own = _OwnFunction(function, dims)
        own.check_at(first)
        own.choose_how_to_call(bounds)
        return cls(
            name=own.name if name is None else name,
            function=own.values,
            gradient=lambda points: central_gradient(own.values, points),
            hessian=lambda points: central_hessian(own.values, points),
            window=bounds,
            start=first,
            minima=minima,  # type: ignore[arg-type]  # any sequences; they become tuples
            learning_rate=learning_rate,
        )


# Finite differences -------------------------------------------------------------------------


def central_gradient(function: PointFunction, points: FloatArray) -> FloatArray:
    """Gradient by central differences.

    Parameters
    ----------
    function : callable
        Points of shape (..., n_dims) to values of shape (...).
    points : ndarray of shape (..., n_dims)
        Where to differentiate.

    Returns
    -------
    ndarray of shape (..., n_dims)
        The error is about 1e-10 of the function's scale. All shifted points are
        evaluated in one call.
    """
    shifts, width = _shifts(points, np.finfo(np.float64).eps ** (1 / 3))
    values = function(np.stack([points[..., None, :] + shifts, points[..., None, :] - shifts]))
    return np.asarray((values[0] - values[1]) / (2 * width), dtype=np.float64)


def central_hessian(function: PointFunction, points: FloatArray) -> FloatArray:
    """Hessian by second central differences, symmetric by construction.

    Parameters
    ----------
    function : callable
        Points of shape (..., n_dims) to values of shape (...).
    points : ndarray of shape (..., n_dims)
        Where to differentiate twice.

    Returns
    -------
    ndarray of shape (..., n_dims, n_dims)
    """
    shifts, width = _shifts(points, np.finfo(np.float64).eps ** (1 / 4))
    row, column = shifts[..., :, None, :], shifts[..., None, :, :]
    centre = points[..., None, None, :]
    values = function(
        np.stack(
            [
                centre + row + column,
                centre + row - column,
                centre - row + column,
                centre - row - column,
            ]
        )
    )
    area = 4 * width[..., :, None] * width[..., None, :]
    return np.asarray((values[0] - values[1] - values[2] + values[3]) / area, dtype=np.float64)


def _shifts(points: FloatArray, relative: float) -> tuple[FloatArray, FloatArray]:
    """One shift a variable, of shape (..., n_dims, n_dims), and their widths (..., n_dims)."""
    width = relative * np.maximum(1.0, np.abs(points))
    return width[..., None] * np.eye(points.shape[-1]), width


# A reader's own function --------------------------------------------------------------------


def as_point(point: object, n_dims: int, name: str = "start") -> Point:
    """Return a point as a tuple of floats.

    Parameters
    ----------
    point : sequence of float, or float
        One number a variable; a bare number will do for one variable.
    n_dims : int
        Number of variables.
    name : str, optional
        What the point is called in the message. Default ``"start"``.

    Raises
    ------
    ValueError
        If there are more or fewer numbers, or one is not finite.
    """
    array = finite_array(point)
    if array is None or np.atleast_1d(array).shape != (n_dims,):
        raise ValueError(not_allowed(name, point, "surfaces.point", n_dims=n_dims))
    return tuple(np.atleast_1d(array).tolist())


def _validated_window(window: object, n_dims: int | None = None) -> Window:
    """Return a window as pairs of floats, of as many variables as wanted or of 1 or 2."""
    array = finite_array(window)
    if array is not None and array.shape == (2,):  # (low, high) is plain enough for one variable
        array = array[None, :]
    shapes = [(1, 2), (2, 2)] if n_dims is None else [(n_dims, 2)]
    if (
        array is None
        or array.shape not in shapes
        or not (array[:, 0] < array[:, 1]).all()
        or np.abs(array).max() > LARGEST_COORDINATE
    ):
        words = "1–2" if n_dims is None else n_dims
        raise ValueError(not_allowed("window", window, "surfaces.window", n_dims=words))
    return tuple((float(low), float(high)) for low, high in array)


def _function_name(function: object) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _count_variables(function: Callable[..., object]) -> int:
    """Count the arguments that a call must give."""
    name = _function_name(function)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise ValueError(translate("surfaces.n_dims_unreadable", function=name)) from None
    positional = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    )
    required = [p for p in parameters if p.kind in positional and p.default is p.empty]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters) or not required:
        raise ValueError(translate("surfaces.n_dims_unreadable", function=name))
    return len(required)


class _OwnFunction:
    """A reader's function, called on arrays where it takes them and in a loop otherwise."""

    def __init__(self, function: Callable[..., object], n_dims: int) -> None:
        self.function = function
        self.n_dims = n_dims
        self.name = _function_name(function)
        self.takes_arrays = False

    def check_at(self, point: Point) -> None:
        """Raise where the function fails at the start, whatever the reason."""
        try:
            value = self._call(point)
        except Exception as error:
            raise ValueError(self._message_of(error, point)) from error
        number = self._number(value, point)
        if not math.isfinite(number):
            message = "surfaces.function_not_finite"
            raise ValueError(translate(message, function=self.name, value=number, point=point))

    def choose_how_to_call(self, window: Window) -> None:
        """Use arrays only if they give what single calls give, over the whole window."""
        axes = [np.linspace(low, high, 4) for low, high in window]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        singly = self._one_by_one(points)
        try:
            with np.errstate(all="ignore"):
                together = np.asarray(self.function(*np.moveaxis(points, -1, 0)), dtype=np.float64)
        except Exception:  # whatever goes wrong with arrays, the loop may still work
            return
        self.takes_arrays = together.shape == points.shape[:-1] and np.allclose(
            together, singly, equal_nan=True
        )

    def values(self, points: FloatArray) -> FloatArray:
        """Values of shape (...) at points of shape (..., n_dims)."""
        points = np.asarray(points, dtype=np.float64)
        if self.takes_arrays:
            with np.errstate(all="ignore"):
                values = self.function(*np.moveaxis(points, -1, 0))
            return np.asarray(values, dtype=np.float64)
        return self._one_by_one(points)

    def _call(self, point: Point) -> object:
        with np.errstate(all="ignore"):
            return self.function(*point)

    def _one_by_one(self, points: FloatArray) -> FloatArray:
        flat = points.reshape(-1, self.n_dims).tolist()
        values = [self._value_or_nan(tuple(point)) for point in flat]
        return np.array(values, dtype=np.float64).reshape(points.shape[:-1])

    def _value_or_nan(self, point: Point) -> float:
        try:
            value = self._call(point)
        except (ArithmeticError, ValueError):
            return math.nan
        except Exception as error:
            raise ValueError(self._message_of(error, point)) from error
        return self._number(value, point)

    def _number(self, value: object, point: Point) -> float:
        if isinstance(value, list | tuple):
            value = np.asarray(value, dtype=object)
        shape = value.shape if isinstance(value, np.ndarray) else ()
        if shape != ():
            message = "surfaces.function_shape"
            raise ValueError(translate(message, function=self.name, shape=shape, point=point))
        if isinstance(value, np.ndarray):
            value = value.item()
        number = real_number(value)
        if number is None:
            message = "surfaces.function_type"
            raise TypeError(translate(message, function=self.name, value=value, point=point))
        return number

    def _message_of(self, error: Exception, point: Point) -> str:
        shown = f"{type(error).__name__}: {error}"
        return translate("surfaces.function_raised", function=self.name, point=point, error=shown)


# Quadratic surfaces -------------------------------------------------------------------------


def _quadratic(matrix: FloatArray) -> tuple[PointFunction, PointFunction, PointFunction]:
    """Return function, gradient and Hessian of ½ θᵀAθ for a symmetric A."""

    def function(points: FloatArray) -> FloatArray:
        return np.asarray(0.5 * ((points @ matrix) * points).sum(axis=-1), dtype=np.float64)

    def gradient(points: FloatArray) -> FloatArray:
        return points @ matrix

    def hessian(points: FloatArray) -> FloatArray:
        return np.broadcast_to(matrix, (*points.shape, points.shape[-1])).copy()

    return function, gradient, hessian


def _parabola() -> Surface:
    function, gradient, hessian = _quadratic(np.array([[2.0]]))
    return Surface(
        name="parabola",
        function=function,
        gradient=gradient,
        hessian=hessian,
        window=((-2.5, 2.5),),
        start=(2.0,),
        minima=((0.0,),),
        learning_rate=0.1,
        formula=r"J(\theta) = \theta^2",
        condition_number=1.0,
    )


def quadratic_bowl(condition_number: float = 10.0) -> Surface:
    """Return the bowl J(x, y) = ½ (x² + κ y²), κ times steeper along y than along x.

    Parameters
    ----------
    condition_number : float, optional
        κ, the ratio of the largest to the smallest curvature, at least 1. Default 10.
        Gradient descent is stable for learning rates below 2/κ.

    Raises
    ------
    ValueError
        If ``condition_number`` is not a finite number of at least 1.
    """
    kappa = require_number("condition_number", condition_number, least=1)
    function, gradient, hessian = _quadratic(np.diag([1.0, kappa]))
    return Surface(
        name="quadratic_bowl",
        function=function,
        gradient=gradient,
        hessian=hessian,
        window=((-3.0, 3.0), (-2.0, 2.0)),
        start=(-2.5, 1.5),
        minima=((0.0, 0.0),),
        learning_rate=1.0 / kappa,
        formula=rf"J(x, y) = \frac{{1}}{{2}}\,(x^2 + {kappa:g}\,y^2)",
        condition_number=kappa,
    )


def _ravine(condition_number: float = 50.0, angle: float = math.pi / 6) -> Surface:
    """Turn a narrow bowl, so that no optimiser helps itself by scaling each axis alone."""
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    matrix = turn @ np.diag([1.0, condition_number]) @ turn.T
    function, gradient, hessian = _quadratic((matrix + matrix.T) / 2)
    return Surface(
        name="ravine",
        function=function,
        gradient=gradient,
        hessian=hessian,
        window=((-3.0, 3.0), (-2.0, 2.0)),
        start=(-2.4, -0.6),
        minima=((0.0, 0.0),),
        learning_rate=0.036,
        formula=rf"J = \frac{{1}}{{2}}\,(u^2 + {condition_number:g}\,v^2),\ "
        r"(u, v) = R_{30^\circ}(x, y)",
        condition_number=condition_number,
    )


# Test functions of the literature -----------------------------------------------------------


def _matrix(xx: FloatArray, xy: FloatArray, yy: FloatArray) -> FloatArray:
    """Symmetric 2 × 2 matrices, of shape (..., 2, 2), of arrays of shape (...)."""
    return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)


def _rosenbrock_value(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return np.asarray((1 - x) ** 2 + 100 * (y - x**2) ** 2)


def _rosenbrock_gradient(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    bend = y - x**2
    return np.stack([-2 * (1 - x) - 400 * x * bend, 200 * bend], axis=-1)


def _rosenbrock_hessian(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return _matrix(2 - 400 * y + 1200 * x**2, -400 * x, np.full_like(x, 200.0))


def _beale_residuals(
    points: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Residuals and their derivatives: by y, by y twice, and by x (three each, last axis)."""
    x, y = points[..., 0, None], points[..., 1, None]
    power = np.array([1.0, 2.0, 3.0])
    by_x = y**power - 1
    residual = np.array([1.5, 2.25, 2.625]) + x * by_x
    by_y = x * power * y ** (power - 1)
    by_yy = x * np.concatenate([np.zeros_like(y), np.full_like(y, 2.0), 6 * y], axis=-1)
    return residual, by_x, by_y, by_yy


def _beale_value(points: FloatArray) -> FloatArray:
    return np.asarray((_beale_residuals(points)[0] ** 2).sum(axis=-1))


def _beale_gradient(points: FloatArray) -> FloatArray:
    residual, by_x, by_y, _ = _beale_residuals(points)
    return 2 * np.stack([(residual * by_x).sum(axis=-1), (residual * by_y).sum(axis=-1)], axis=-1)


def _beale_hessian(points: FloatArray) -> FloatArray:
    residual, by_x, by_y, by_yy = _beale_residuals(points)
    power = np.array([1.0, 2.0, 3.0])
    by_xy = power * points[..., 1, None] ** (power - 1)
    return 2 * _matrix(
        (by_x**2).sum(axis=-1),
        (by_x * by_y + residual * by_xy).sum(axis=-1),
        (by_y**2 + residual * by_yy).sum(axis=-1),
    )


def _himmelblau_value(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return np.asarray((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)


def _himmelblau_gradient(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    first, second = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * first + 2 * second, 2 * first + 4 * y * second], axis=-1)


def _himmelblau_hessian(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return _matrix(12 * x**2 + 4 * y - 42, 4 * (x + y), 12 * y**2 + 4 * x - 26)


def _saddle_value(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return np.asarray(0.5 * x**2 + 0.25 * (y**2 - 1) ** 2)


def _saddle_gradient(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return np.stack([x, y * (y**2 - 1)], axis=-1)


def _saddle_hessian(points: FloatArray) -> FloatArray:
    x, y = points[..., 0], points[..., 1]
    return _matrix(np.ones_like(x), np.zeros_like(x), 3 * y**2 - 1)


def _rastrigin_value(points: FloatArray) -> FloatArray:
    waves = points**2 - 10 * np.cos(2 * np.pi * points) + 10
    return np.asarray(waves.sum(axis=-1))


def _rastrigin_gradient(points: FloatArray) -> FloatArray:
    return 2 * points + 20 * np.pi * np.sin(2 * np.pi * points)


def _rastrigin_hessian(points: FloatArray) -> FloatArray:
    second = 2 + 40 * np.pi**2 * np.cos(2 * np.pi * points)
    return _matrix(second[..., 0], np.zeros_like(second[..., 0]), second[..., 1])


parabola = _parabola()

ravine = _ravine()

rosenbrock = Surface(
    name="rosenbrock",
    function=_rosenbrock_value,
    gradient=_rosenbrock_gradient,
    hessian=_rosenbrock_hessian,
    window=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.5, 1.5),
    minima=((1.0, 1.0),),
    learning_rate=0.001,
    formula=r"J(x, y) = (1 - x)^2 + 100\,(y - x^2)^2",
)

beale = Surface(
    name="beale",
    function=_beale_value,
    gradient=_beale_gradient,
    hessian=_beale_hessian,
    window=((-1.0, 4.5), (-2.0, 2.0)),
    start=(0.5, 1.5),
    minima=((3.0, 0.5),),
    learning_rate=0.01,
    formula=r"J(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
)

himmelblau = Surface(
    name="himmelblau",
    function=_himmelblau_value,
    gradient=_himmelblau_gradient,
    hessian=_himmelblau_hessian,
    window=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-0.5, -1.0),
    # The three minima without a closed form are roots of the gradient to double precision.
    minima=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.28318599128617),
        (3.584428340330492, -1.848126526964404),
    ),
    learning_rate=0.01,
    formula=r"J(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
)

saddle = Surface(
    name="saddle",
    function=_saddle_value,
    gradient=_saddle_gradient,
    hessian=_saddle_hessian,
    window=((-2.0, 2.0), (-1.6, 1.6)),
    start=(-1.5, 0.0),  # exactly on the ridge: without noise nothing ever leaves it
    minima=((0.0, 1.0), (0.0, -1.0)),
    learning_rate=0.1,
    formula=r"J(x, y) = \frac{1}{2}x^2 + \frac{1}{4}(y^2 - 1)^2",
)

rastrigin = Surface(
    name="rastrigin",
    function=_rastrigin_value,
    gradient=_rastrigin_gradient,
    hessian=_rastrigin_hessian,
    window=((-5.12, 5.12), (-5.12, 5.12)),
    start=(-3.6, 2.4),
    minima=((0.0, 0.0),),
    learning_rate=0.002,
    formula=r"J(x, y) = 20 + x^2 + y^2 - 10\,(\cos 2\pi x + \cos 2\pi y)",
)

SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        parabola,
        quadratic_bowl(),
        ravine,
        rosenbrock,
        beale,
        himmelblau,
        saddle,
        rastrigin,
    )
}
"""The surfaces by name, the bowl with its default condition number."""


def surface_names() -> tuple[str, ...]:
    """Return the names of all built-in surfaces, in the order of a lesson."""
    return tuple(SURFACES)


def get_surface(surface: Surface | str, condition_number: float | None = None) -> Surface:
    """Return the surface of this name, or the surface itself.

    Parameters
    ----------
    surface : Surface or str
        A surface, or one of `surface_names`.
    condition_number : float, optional
        For ``"quadratic_bowl"`` alone; the others have none to set. Default: that of the
        surface.

    Raises
    ------
    ValueError
        If the name is not known, or the condition number not allowed, as it never is with
        another surface.
    """
    if not isinstance(surface, Surface) and (
        not isinstance(surface, str) or surface not in SURFACES
    ):
        allowed = ", ".join(surface_names())
        raise ValueError(not_allowed("surface", surface, "surfaces.names", names=allowed))
    if surface == "quadratic_bowl" and condition_number is not None:
        return quadratic_bowl(condition_number)
    if condition_number is not None:
        message = "surfaces.condition_number"
        raise ValueError(not_allowed("condition_number", condition_number, message))
    return surface if isinstance(surface, Surface) else SURFACES[surface]
