"""From a drawing to a picture as MNIST has them.

The makers of MNIST cut each digit out, scaled it to fit into 20 × 20 pixels with its
proportions kept and its edges anti-aliased, and put its centre of mass into the middle of a
field of 28 × 28 (LeCun, Cortes and Burges, "The MNIST database of handwritten digits",
http://yann.lecun.com/exdb/mnist/). A network that learned from such pictures reads a drawing
only if the same is done to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import finite_number, require_items, whole_number
from hpt_widgets.support.array_checks import checked_array, not_an_array, refuse_masked

Pixels = NDArray[np.float64]
Points = NDArray[np.float64]

FIELD: Final = 28
BOX: Final = 20
# In MNIST the centres of mass lie within half a pixel of row 14 and column 14, counted from 0.
CENTRE: Final = 14
# What is darker than this share of the brightest pixel does not belong to the digit's box.
FAINT: Final = 0.1
# A pen as thick as most of MNIST's: this share of the digit's longer side.
PEN_SHARE: Final = 0.12
LARGEST_SIDE: Final = 10_000
# Farther away from a drawing nothing of a stroke can be seen, and its length would overflow.
FARTHEST_POINT: Final = 1e6


def prepare_drawing(pixels: ArrayLike) -> NDArray[np.float32]:
    """Turn a drawing into a 28 × 28 picture, prepared as MNIST's were.

    Parameters
    ----------
    pixels : array_like, shape (height, width)
        The drawing, of any size: 0 is paper, larger is ink (white on black). Only the
        ratios count, so 0 to 1 is as good as 0 to 255.

    Returns
    -------
    ndarray of float32, shape (28, 28)
        From 0 to 1: the digit's box, scaled to fit into 20 × 20, with its centre of mass
        at row 14 and column 14 (to half a pixel, and as far as the box stays inside).

    Raises
    ------
    TypeError
        If the pixels are no numbers.
    ValueError
        If they have not two dimensions, are negative or not finite, or hold no ink.

    Examples
    --------
    >>> drawing = np.zeros((280, 280))
    >>> drawing[30:130, 200:210] = 255
    >>> prepare_drawing(drawing).shape
    (28, 28)
    """
    ink = _cut_out(check_pixels(pixels))
    longest = max(ink.shape)
    height, width = (max(1, round(side * BOX / longest)) for side in ink.shape)
    small = resize(ink, (height, width))
    # A thin pen turns grey when it is scaled down; MNIST's digits all have white in them.
    return _centred(small / small.max()).astype(np.float32)


def check_pixels(pixels: ArrayLike) -> Pixels:
    """Return a drawing as an array of finite numbers, not negative, and not all 0.

    Parameters
    ----------
    pixels : array_like, shape (height, width)
        A drawing.

    Returns
    -------
    ndarray of float64, shape (height, width)

    Raises
    ------
    TypeError, ValueError
        As `prepare_drawing` does.
    """
    values = checked_array("pixels", pixels)
    if values.dtype.kind not in "fiub":
        raise TypeError(translate("handwriting.not_numbers", name="pixels", found=values.dtype))
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(translate("handwriting.shape", found=values.shape))
    values = values.astype(np.float64)
    if not np.isfinite(values).all() or values.min() < 0:
        wrong = values[~(np.isfinite(values) & (values >= 0))][0]
        raise ValueError(translate("handwriting.bad_pixel", found=wrong))
    if not values.any():
        raise ValueError(translate("handwriting.empty"))
    return values


def draw_strokes(strokes: Iterable[ArrayLike], size: int, pen_width: float) -> Pixels:
    """Draw strokes with a round pen, edges anti-aliased.

    Parameters
    ----------
    strokes : iterable of array_like, each of shape (n_points, 2)
        The points of each stroke as (x, y), in pixels: x to the right, y downwards, (0, 0)
        the upper left corner. One point makes a dot. What lies outside is cut off.
    size : int
        Height and width of the picture in pixels.
    pen_width : float
        In pixels.

    Returns
    -------
    ndarray of float64, shape (size, size)
        0 where no pen was, 1 where it was.

    Raises
    ------
    TypeError, ValueError
        If a stroke, the size or the width is something else.
    """
    side, width = whole_number(size), finite_number(pen_width)
    if side is None or not 1 <= side <= LARGEST_SIDE:
        raise ValueError(translate("handwriting.size", value=size, most=LARGEST_SIDE))
    if width is None or not 0 < width <= LARGEST_SIDE:
        raise ValueError(translate("handwriting.pen_width", value=pen_width, most=LARGEST_SIDE))
    picture = np.zeros((side, side))
    for stroke in require_items("strokes", strokes):
        points = check_stroke(stroke)
        ends = pairwise(points) if len(points) > 1 else [(points[0], points[0])]
        for start, end in ends:
            _paint(picture, start, end, width / 2)
    return picture


def check_stroke(stroke: Any) -> Points:
    """Return a stroke as an array of finite points, shape (n_points, 2).

    Parameters
    ----------
    stroke : array_like, shape (n_points, 2)
        The points of one stroke as (x, y).

    Returns
    -------
    ndarray of float64, shape (n_points, 2)

    Raises
    ------
    TypeError
        If the points are no numbers.
    ValueError
        If there are none, they are no pairs, or not finite.
    """
    refuse_masked("strokes", stroke)
    try:
        points = np.asarray(stroke)
    except ValueError:  # rows of different lengths
        raise ValueError(translate("handwriting.stroke", found=repr(stroke))) from None
    except Exception as error:
        raise not_an_array("strokes", stroke, error) from error
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(translate("handwriting.stroke", found=points.shape))
    if points.dtype.kind not in "fiu":
        raise TypeError(translate("handwriting.not_numbers", name="strokes", found=points.dtype))
    points = points.astype(np.float64)
    if not (np.abs(points) <= FARTHEST_POINT).all():  # nan is not either
        raise ValueError(translate("handwriting.stroke_not_finite", most=FARTHEST_POINT))
    return points


def pen_for(strokes: Sequence[Points], thinnest: float = 1.0) -> float:
    """Return the width of pen that makes strokes as thick as MNIST's are, in pixels.

    However large or small somebody writes: the network knows digits of one size only, and
    with a pen of one width a small digit would become a blot.

    Parameters
    ----------
    strokes : sequence of ndarray, each of shape (n_points, 2)
        At least one.
    thinnest : float, default 1
        The least width, which a dot has.

    Returns
    -------
    float
        In the units of the strokes.
    """
    points = np.concatenate(strokes)
    return max(thinnest, PEN_SHARE * float(np.ptp(points, axis=0).max()))


def resize(pixels: Pixels, shape: tuple[int, int]) -> Pixels:
    """Scale a picture; each new pixel is the mean of the area that it covers.

    Parameters
    ----------
    pixels : ndarray, shape (height, width)
        A picture.
    shape : (int, int)
        Height and width to scale it to.

    Returns
    -------
    ndarray of float64, of that shape
    """
    rows = _mean_over_areas(pixels.shape[0], shape[0])
    columns = _mean_over_areas(pixels.shape[1], shape[1])
    return rows @ pixels @ columns.T


def _mean_over_areas(n_before: int, n_after: int) -> Pixels:
    """Return the matrix (n_after, n_before) that scales one direction."""
    edges = np.linspace(0, n_before, n_after + 1)
    start, end = edges[:-1, None], edges[1:, None]
    place = np.arange(n_before)
    overlap = np.clip(np.minimum(end, place + 1) - np.maximum(start, place), 0, None)
    weights: Pixels = overlap / (end - start)
    return weights


def _cut_out(pixels: Pixels) -> Pixels:
    ink = pixels > FAINT * pixels.max()
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _centred(small: Pixels) -> Pixels:
    field = np.zeros((FIELD, FIELD))
    top, left = (_start(small, axis) for axis in (0, 1))
    field[top : top + small.shape[0], left : left + small.shape[1]] = small
    return field


def _start(small: Pixels, axis: int) -> int:
    """Return where the box begins so that its centre of mass comes into the middle."""
    length = small.shape[axis]
    mass = small.sum(axis=1 - axis)
    centre = float(mass @ np.arange(length) / mass.sum())
    start: int = min(max(round(CENTRE - centre), 0), FIELD - length)
    return start


def _paint(picture: Pixels, start: Points, end: Points, radius: float) -> None:
    """Draw one straight piece of a stroke into the picture."""
    reach = radius + 1
    low = np.floor(np.minimum(start, end) - reach).astype(int).clip(0, len(picture))
    high = np.ceil(np.maximum(start, end) + reach).astype(int).clip(0, len(picture))
    window = picture[low[1] : high[1], low[0] : high[0]]
    x = np.arange(low[0], high[0]) + 0.5 - start[0]
    y = np.arange(low[1], high[1])[:, None] + 0.5 - start[1]
    along = end - start
    share = np.clip((x * along[0] + y * along[1]) / max(along @ along, 1e-12), 0, 1)
    distance = np.hypot(x - share * along[0], y - share * along[1])
    np.maximum(window, np.clip(radius + 0.5 - distance, 0, 1), out=window)
