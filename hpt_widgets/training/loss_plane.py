"""A plane through the paths that a network's weights took, and the loss over that plane.

A network has some hundred thousand weights, and a picture two axes. Li et al. (2018,
"Visualizing the Loss Landscape of Neural Nets", section 7) span the picture by the first two
principal components of ``[θ_0 − θ_n, …, θ_{n−1} − θ_n]``, the weights recorded along one run
seen from its last ones. Here it is different in three ways. One plane is laid through all
recorded runs at once, so that they can be compared; the axes are the principal components of
all their points, centred on the mean. The plane passes through the start of the newest run and
not through an end: runs of one seed share their start, so there the map's loss is exact for
all of them, while a plane through an end or the mean showed 0.4 to 6 for the 2.3 of the start.
And points that a diverging run threw far away are left out, for they alone would decide where
the plane lies.

The plane keeps only part of the variation, which `LossPlane.explained` tells: a point of the
picture is the point of the plane nearest to the real weights, and the loss there is not theirs.
A path that wanders at random looks like a smooth curve in its principal components too
(Antognini & Sohl-Dickstein 2018), so a curve alone proves nothing about the surface.

NumPy does the work, on one thread of its own (`blas_threads`); the GELU activation takes its
error function from SciPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.blas_threads import one_blas_thread
from hpt_widgets.training.hyperparameters import ACTIVATIONS

FloatArray = NDArray[np.float32]
Weights = list[FloatArray]
Shapes = tuple[tuple[int, ...], ...]

# Weights handled between two looks at `is_cancelled`: a few milliseconds of work.
SLICE: Final = 4096
# In lengths of the start's own weights. An epoch of MNIST with Adam leads 0.8 of them away at a
# rate of 0.001, 4 at 0.01 and 9 at 0.1; at 1 it diverges, 19 away after the first few steps.
FARTHEST: Final = 12.0
# Below this share of the variation a direction is rounding, not a direction.
SMALLEST_SHARE: Final = 1e-9
MARGIN: Final = 0.2


def never() -> bool:
    """Return False: what is not to be cancelled."""
    return False


@dataclass(frozen=True, eq=False)
class LossPlane:
    """A plane in the space of a network's weights.

    Attributes
    ----------
    origin : ndarray of float32, shape (n_weights,)
        The point (0, 0) of the plane: where the newest path starts.
    directions : ndarray of float32, shape (2, n_weights)
        Its axes, of length 1 and at right angles.
    explained : (float, float)
        Which share of the recorded paths' variation each axis keeps, between 0 and 1.
    shapes : tuple of tuple of int
        Shapes of the kernels and biases, in Keras's order.
    """

    origin: FloatArray
    directions: FloatArray
    explained: tuple[float, float]
    shapes: Shapes

    def project(self, vectors: Sequence[FloatArray] | FloatArray) -> NDArray[np.float64]:
        """Return the points of the plane nearest to some weights.

        Parameters
        ----------
        vectors : ndarray, shape (n_points, n_weights), or a sequence of its rows
            Flattened weights; a point that is not finite becomes nan.

        Returns
        -------
        ndarray of float64, shape (n_points, 2)
        """
        points = np.empty((len(vectors), 2))
        with np.errstate(all="ignore"):
            for place, vector in enumerate(vectors):
                # No matrix product: for one vector, starting a second thread costs more.
                points[place] = (self.directions * (vector - self.origin)).sum(axis=1)
        points[~np.isfinite(points).all(axis=1)] = math.nan
        return points


def flatten_weights(weights: Sequence[FloatArray]) -> FloatArray:
    """Return kernels and biases as one vector of float32, shape (n_weights,).

    Parameters
    ----------
    weights : sequence of ndarray
        Kernel and bias of each layer, in Keras's order.

    Returns
    -------
    ndarray of float32, shape (n_weights,)
    """
    return np.concatenate([np.asarray(weight, np.float32).ravel() for weight in weights])


def unflatten_weights(vector: FloatArray, shapes: Shapes) -> Weights:
    """Return a vector's kernels and biases, as views where that is possible.

    Parameters
    ----------
    vector : ndarray of float32, shape (n_weights,)
        What `flatten_weights` returned.
    shapes : tuple of tuple of int
        Shapes of the kernels and biases.

    Returns
    -------
    list of ndarray of float32
    """
    ends = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    parts = np.split(vector, ends)
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


@one_blas_thread()
def fit_plane(
    paths: Sequence[FloatArray],
    shapes: Shapes,
    like: LossPlane | None = None,
    is_cancelled: Callable[[], bool] = never,
) -> LossPlane | None:
    """Lay a plane through recorded paths: the first two principal components of their points.

    Parameters
    ----------
    paths : sequence of ndarray, each of shape (n_points, n_weights)
        The flattened weights along each run, its start first.
    shapes : tuple of tuple of int
        Shapes of the kernels and biases.
    like : LossPlane, optional
        An earlier plane of the same network: the axes are turned to point its way, so that
        the picture is not mirrored from one run to the next. Without it, the last path ends
        to the right of and above its start.
    is_cancelled : callable, optional
        Asked every few milliseconds.

    Returns
    -------
    LossPlane or None
        None if it was cancelled. Where the points lie on one line, or all in one place, the
        axes left over are random directions that explain nothing.

    Raises
    ------
    ValueError
        If there is no finite point, or the numbers of weights differ.
    """
    _check_paths(paths, shapes)
    kept = [path[: _steps_within_reach(path)] for path in paths]
    kept = [path for path in kept if len(path)]
    if not kept:
        raise ValueError(translate("loss_plane.no_paths", value="[nan]"))
    n_weights = kept[0].shape[1]
    n_points = sum(map(len, kept))
    products = np.zeros((n_points, n_points))
    for part in _slices(n_weights):
        if is_cancelled():
            return None
        centred = _centred(kept, part)
        products += centred @ centred.T
    shares, coefficients = _leading(products)
    directions = np.empty((2, n_weights), np.float32)
    for part in _slices(n_weights):
        if is_cancelled():
            return None
        directions[:, part] = coefficients @ _centred(kept, part)
    directions = _orthonormal(directions)
    last = kept[-1]
    guide = last[-1] - last[0]
    for axis in range(2):
        towards = guide if like is None else like.directions[axis]
        if directions[axis] @ towards < 0:
            directions[axis] *= -1
    return LossPlane(last[0], directions, shares, shapes)


def _check_paths(paths: Sequence[FloatArray], shapes: Shapes) -> None:
    if not len(paths) or not any(len(path) for path in paths):
        raise ValueError(translate("loss_plane.no_paths", value=list(paths)))
    sizes = {path.shape[1] for path in paths}
    if len(sizes) > 1:
        words = ", ".join(map(str, sorted(sizes)))
        raise ValueError(translate("loss_plane.different_sizes", sizes=words))
    expected, found = sum(math.prod(shape) for shape in shapes), sizes.pop()
    if expected != found:
        raise ValueError(
            translate("loss_plane.wrong_shapes", shapes=shapes, expected=expected, found=found)
        )


def _steps_within_reach(path: Sequence[FloatArray] | FloatArray) -> int:
    """Return how many points a path has until it is thrown far away."""
    if not len(path):
        return 0
    thrown = (place for place, point in enumerate(path) if not is_within_reach(path[0], point))
    return next(thrown, len(path))


def is_within_reach(start: FloatArray, point: FloatArray) -> bool:
    """Return whether weights are finite and not thrown far away from where a run started.

    Parameters
    ----------
    start, point : ndarray, shape (n_weights,)
        Flattened weights, of the start and of a later point of one run.

    Returns
    -------
    bool
        False from 12 times the length of the start's own weights on.
    """
    with np.errstate(all="ignore"):
        distance = _length(point - start)
    return distance <= FARTHEST * max(_length(start), 1.0)


def _length(vector: FloatArray) -> float:
    return math.sqrt(np.square(vector, dtype=np.float64).sum())


def has_outlier_tail(path: Sequence[FloatArray] | FloatArray) -> bool:
    """Return whether a path was thrown so far away that `fit_plane` leaves out its end.

    Parameters
    ----------
    path : ndarray, shape (n_points, n_weights), or a sequence of its rows
        Flattened weights along a run, its start first.

    Returns
    -------
    bool
    """
    return _steps_within_reach(path) < len(path)


def points_on_map(plane: LossPlane, path: Sequence[FloatArray] | FloatArray) -> NDArray[np.float64]:
    """Return a path's projected points up to where it is thrown far away, shape (n, 2).

    Parameters
    ----------
    plane : LossPlane
        What to project on.
    path : ndarray, shape (n_points, n_weights), or a sequence of its rows
        Flattened weights along a run, its start first.

    Returns
    -------
    ndarray of float64, shape (n, 2)
    """
    return plane.project(path[: _steps_within_reach(path)])


def _slices(n_weights: int) -> list[slice]:
    return [slice(start, start + SLICE) for start in range(0, n_weights, SLICE)]


def _centred(paths: Sequence[FloatArray], part: slice) -> NDArray[np.float64]:
    points = np.concatenate([path[:, part] for path in paths]).astype(np.float64)
    centred: NDArray[np.float64] = points - points.mean(axis=0)
    return centred


def _leading(
    products: NDArray[np.float64],
) -> tuple[tuple[float, float], NDArray[np.float64]]:
    """Return the explained shares, and what to multiply the centred points with."""
    # A point times a point, for all pairs, has the same eigenvalues as the covariance of the
    # weights, and is a thousand times smaller.
    values, vectors = np.linalg.eigh(products)
    values, vectors = np.clip(values[::-1], 0, None), vectors[:, ::-1]
    total = float(values.sum())
    shares, coefficients = [0.0, 0.0], np.zeros((2, len(products)))
    for axis in range(min(2, len(values))):
        share = float(values[axis]) / total if total > 0 else 0.0
        if share > SMALLEST_SHARE:
            shares[axis] = share
            coefficients[axis] = vectors[:, axis] / math.sqrt(values[axis])
    return (shares[0], shares[1]), coefficients


def _orthonormal(directions: FloatArray) -> FloatArray:
    """Return directions of length 1 at right angles; a missing one is drawn at random."""
    random = np.random.default_rng(0)
    made = np.empty(directions.shape)
    for axis in range(2):
        direction = directions[axis].astype(np.float64)
        if not direction.any():
            direction = random.normal(size=len(direction))
        for other in made[:axis]:
            direction -= (direction @ other) * other
        length = np.linalg.norm(direction)
        made[axis] = direction / length if length > 0 else 0.0
    return made.astype(np.float32)


# -- the loss ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """A rectangle of the plane: the ends of its two axes.

    Attributes
    ----------
    x, y : (float, float)
        The lower and the upper end.
    """

    x: tuple[float, float]
    y: tuple[float, float]

    def contains(self, points: NDArray[np.float64]) -> bool:
        """Return whether all points that are finite lie within."""
        finite = points[np.isfinite(points).all(axis=1)]
        low, high = np.transpose([self.x, self.y])
        return bool(((finite >= low) & (finite <= high)).all())

    def grid(self, n_points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return `n_points` values along each axis."""
        return np.linspace(*self.x, n_points), np.linspace(*self.y, n_points)


def window_around(paths: Sequence[NDArray[np.float64]], margin: float = MARGIN) -> Window:
    """Return a rectangle that holds projected paths with some room around them.

    Neither side is shorter than a tenth of the other.

    Parameters
    ----------
    paths : sequence of ndarray, each of shape (n, 2)
        Points of the plane; those that are not finite do not count.
    margin : float, default 0.2
        The room on each side, as a share of that side's length.

    Returns
    -------
    Window
    """
    points = np.concatenate([np.zeros((0, 2)), *paths])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        points = np.zeros((1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    sides = np.maximum(high - low, 0.1 * (high - low).max())
    sides[sides == 0] = 1.0
    half = sides * (0.5 + margin)
    middle = (low + high) / 2
    ends = np.stack([middle - half, middle + half], axis=1).tolist()
    return Window(tuple(ends[0]), tuple(ends[1]))


class PlaneLoss:
    """The loss of every network of a plane, on a fixed sample.

    The sample goes through the first layer, by far the largest, once for the plane's origin
    and once for each of its axes. What any other point's first layer makes of it is a sum of
    these three.

    Parameters
    ----------
    plane : LossPlane
        Of networks with softmax output.
    activation : str
        Of the hidden layers, one of `ACTIVATIONS`.
    features : ndarray, shape (n_samples, n_features)
        The sample.
    labels : ndarray of int, shape (n_samples,)
        Its true classes.

    Raises
    ------
    ValueError
        If there is no such activation.
    """

    def __init__(
        self,
        plane: LossPlane,
        activation: str,
        features: FloatArray,
        labels: NDArray[np.integer],
    ) -> None:
        self._activate = _activation(activation)
        features = np.asarray(features, np.float32)
        self._labels = np.asarray(labels)
        self._parts = [
            _first_signal(unflatten_weights(vector, plane.shapes), features)
            for vector in (plane.origin, *plane.directions)
        ]

    def at(self, x: float, y: float) -> float:
        """Return the mean cross-entropy in nats at a point; inf where it is no number.

        Parameters
        ----------
        x, y : float
            In the plane's own units.

        Returns
        -------
        float
        """
        with np.errstate(all="ignore"):
            return self._loss(self._row(y), x)

    def _row(self, y: float) -> Weights:
        """Return what all points of one row of the grid have in common."""
        origin, _, upwards = self._parts
        share = np.float32(y)
        return [part + share * step for part, step in zip(origin, upwards, strict=True)]

    def _loss(self, row: Weights, x: float) -> float:
        share = np.float32(x)
        steps = self._parts[1]
        signal, *weights = [part + share * step for part, step in zip(row, steps, strict=True)]
        return _loss_from_signal(signal, weights, self._labels, self._activate)

    @one_blas_thread()
    def over(
        self,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        is_cancelled: Callable[[], bool] = never,
    ) -> NDArray[np.float64] | None:
        """Return the loss over a grid, shape (len(y), len(x)).

        `is_cancelled` is asked before every point; None is returned if it says so.

        Parameters
        ----------
        x, y : ndarray of float
            The grid's values along each axis.
        is_cancelled : callable, optional
            Asked before every point.

        Returns
        -------
        ndarray of float64, shape (len(y), len(x)), or None
            None if it was cancelled.
        """
        losses = np.empty((len(y), len(x)))
        with np.errstate(all="ignore"):
            for place, y_value in enumerate(y):
                row = self._row(y_value)
                for column, x_value in enumerate(x):
                    if is_cancelled():
                        return None
                    losses[place, column] = self._loss(row, x_value)
        return losses


def _first_signal(weights: Weights, features: FloatArray) -> Weights:
    """Return what the first layer makes of a sample, and the weights of the other layers."""
    kernel, bias, *rest = weights
    return [features @ kernel + bias, *rest]


@one_blas_thread()
def network_loss(
    weights: Sequence[FloatArray],
    activation: str,
    features: FloatArray,
    labels: NDArray[np.integer],
) -> float:
    """Return a network's mean cross-entropy in nats, without dropout; inf where it is no number.

    Parameters
    ----------
    weights : sequence of ndarray
        Kernel and bias of each layer, in Keras's order.
    activation : str
        Of the hidden layers, one of `ACTIVATIONS`.
    features : ndarray, shape (n_samples, n_features)
        What goes in.
    labels : ndarray of int, shape (n_samples,)
        The true classes.

    Raises
    ------
    ValueError
        If there is no such activation.
    """
    activate = _activation(activation)
    with np.errstate(all="ignore"):
        signal, *rest = _first_signal(list(weights), np.asarray(features, np.float32))
        return _loss_from_signal(signal, rest, np.asarray(labels), activate)


def _loss_from_signal(
    signal: FloatArray,
    weights: Sequence[FloatArray],
    labels: NDArray[np.integer],
    activate: Callable[[FloatArray], FloatArray],
) -> float:
    """Return the mean loss, given what the first layer made of the sample."""
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        signal = activate(signal) @ kernel
        signal += bias
    signal = signal - signal.max(axis=1, keepdims=True)
    right = signal[np.arange(len(labels)), labels]
    losses = np.log(np.exp(signal).sum(axis=1)) - right
    loss = float(losses.mean(dtype=np.float64))
    return loss if math.isfinite(loss) else math.inf


def _relu(signal: FloatArray) -> FloatArray:
    made: FloatArray = np.maximum(signal, 0)
    return made


def _sigmoid(signal: FloatArray) -> FloatArray:
    # Half a tanh: unlike the quotient of exponentials it cannot overflow.
    made: FloatArray = np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * signal))
    return made


def _elu(signal: FloatArray) -> FloatArray:
    return np.where(signal > 0, signal, np.expm1(np.minimum(signal, 0)))


def _gelu(signal: FloatArray) -> FloatArray:
    from scipy.special import erf

    share: FloatArray = np.float32(0.5) * (1 + erf(signal * np.float32(math.sqrt(0.5))))
    return signal * share


_FUNCTIONS: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "relu": _relu,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "elu": _elu,
    "gelu": _gelu,
}


def _activation(name: str) -> Callable[[FloatArray], FloatArray]:
    if name not in _FUNCTIONS:
        allowed = ", ".join(ACTIVATIONS)
        raise ValueError(translate("loss_plane.activation", value=name, allowed=allowed))
    return _FUNCTIONS[name]
