"""A curve as a prediction: drawn on the axes of the chart on which the real one will appear."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.exercises.predictions.question import Meaning
from hpt_widgets.language import Text
from hpt_widgets.support.argument_checks import finite_array, items_of, not_allowed

N_POINTS: Final = 61
"""A drawn curve has a value at so many places of the x axis."""
NEAR_THE_END: Final = 3
"""So many places from an end are close to it."""
SAME_SLOPE: Final = 6
"""A stroke goes on as steep as its last so many places, for so many more: a tenth of the axis."""
N_KNOTS: Final = 5
"""So many of them can be typed."""

Side = Literal["low", "high"]
"""Which of the meanings a drawn curve gets."""
Part = Literal["start", "middle", "end", "fall", "turn"]
"""Of what a meaning speaks: a part of the x axis, that the curve falls, that it turns up."""
PARTS: Final[tuple[Part, ...]] = ("start", "middle", "end", "fall", "turn")

Curve = NDArray[np.float64]
Points = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Axis:
    """An axis of the chart.

    Attributes
    ----------
    label : Text
    minimum, maximum : float
        Its ends.
    log : bool
        Whether its scale is logarithmic.
    column : str
        The column of a run's history that it shows.
    """

    label: Text
    minimum: float
    maximum: float
    log: bool
    column: str

    def places(self, count: int) -> NDArray[np.float64]:
        """Return so many values from end to end, evenly spread on the screen."""
        return self.value_at(np.linspace(0.0, 1.0, count))

    def share_of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where values lie between the ends, from 0 to 1; what is beyond is cut off."""
        low, high = self._ends()
        inside = np.clip(values, self.minimum, self.maximum)
        return ((np.log10(inside) if self.log else inside) - low) / (high - low)

    def value_at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values at places between the ends, from 0 to 1."""
        low, high = self._ends()
        places = low + np.clip(shares, 0.0, 1.0) * (high - low)
        values = np.power(10.0, places) if self.log else places
        return np.clip(values, self.minimum, self.maximum)

    @property
    def quantity(self) -> str:
        """The label without what it says of the scale in brackets."""
        return re.sub(r"\s*[(（][^()（）]*[)）]$", "", str(self.label))

    def words(self, value: float) -> str:
        """Write a value: 0.35, 20,000."""
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

    def _ends(self) -> tuple[float, float]:
        if self.log:
            return math.log10(self.minimum), math.log10(self.maximum)
        return self.minimum, self.maximum


@dataclass(frozen=True)
class Line:
    """One of the curves that are asked for.

    Attributes
    ----------
    name : Text
        What it is called.
    column : str
        The column of a run's history that it shows.
    meaning : Meaning
        What a difference says.
    low_is_about, high_is_about : tuple of str, default PARTS
        Of which `PARTS` the meanings ``low`` and ``high`` speak. They are for those only who have
        just that wrong, on that side.
    turns_up : bool, default False
        Whether it is asked that the curve rises again after its lowest place.
    falls : bool, default False
        Whether it is asked that the curve ends lower than it was.
    ends_within : float or None, default None
        Up to which factor its end counts as right; None where its height on the chart is enough.
    beside : int or None, default None
        The number, from 1, of a curve from whose end it is asked how far this one's is.
    stored_end : float or None, default None
        Where it ends in the run for which the meanings are written.
    """

    name: Text
    column: str
    meaning: Meaning
    low_is_about: tuple[Part, ...] = PARTS
    high_is_about: tuple[Part, ...] = PARTS
    turns_up: bool = False
    falls: bool = False
    ends_within: float | None = None
    beside: int | None = None
    stored_end: float | None = None


@dataclass(frozen=True)
class CurveQuestion:
    """A question that is answered by drawing one curve or several.

    Attributes
    ----------
    id : str
    prompt : Text
    x, y : Axis
    lines : tuple of Line
    close : float
        Up to which distance, as a share of the chart's height, a curve counts as right.
    order : tuple of str, default ()
        Where it is asked which of two curves is lower: at the ``"start"``, at the ``"end"``.
    retired : bool, default False
        Whether only readers' own copies of an earlier version still ask it.
    """

    id: str
    prompt: Text
    x: Axis
    y: Axis
    lines: tuple[Line, ...]
    close: float
    order: tuple[Part, ...] = ()
    retired: bool = False

    @property
    def grid(self) -> NDArray[np.float64]:
        """The places of a drawn curve on the x axis."""
        return self.x.places(N_POINTS)

    @property
    def knots(self) -> NDArray[np.intp]:
        """The indices of the places that can be typed."""
        return np.linspace(0, N_POINTS - 1, N_KNOTS).round().astype(np.intp)

    def checked(self, value: object) -> list[Curve | None]:
        """Return a curve for each line, None for those that were not drawn.

        Parameters
        ----------
        value : sequence
            For each line None, `N_POINTS` numbers, or points (x, y) from left to right,
            between which the curve is straight on the screen.

        Raises
        ------
        ValueError
            If it is something else, or no curve is drawn.
        """
        curves = items_of(value)
        if curves is None or len(curves) != len(self.lines):
            raise ValueError(self._refusal(value))
        made = [None if curve is None else self._curve(curve, value) for curve in curves]
        if all(curve is None for curve in made):
            raise ValueError(self._refusal(value))
        return made

    def _curve(self, curve: object, value: object) -> Curve:
        numbers = finite_array(curve)
        if numbers is not None and numbers.shape == (N_POINTS,):
            return self.y.value_at(self.y.share_of(numbers))
        if numbers is None or numbers.ndim != 2 or numbers.shape[1] != 2 or not len(numbers):
            raise ValueError(self._refusal(value))
        x, y = numbers.T
        if (np.diff(x) <= 0).any():
            raise ValueError(self._refusal(value))
        places, heights = self.x.share_of(x), self.y.share_of(y)
        return self.y.value_at(np.interp(np.linspace(0, 1, N_POINTS), places, heights))

    def _refusal(self, value: object) -> str:
        return not_allowed("value", value, "prediction.needs_curves", n=len(self.lines))

    def found(self, result: object) -> list[Points]:
        """Return the points of each line's real curve, from left to right.

        Parameters
        ----------
        result : Run, DataFrame, TrainingLab, (x, y), or a list of them
            One for all lines, or one for each. A table has the axes' columns; of a lab its last
            run is taken.

        Raises
        ------
        TypeError, ValueError
            If it is something else.
        """
        if isinstance(result, list) and len(result) == len(self.lines):
            items = list(result)
        else:
            items = [result] * len(self.lines)
        return [self._points(item, line) for item, line in zip(items, self.lines, strict=True)]

    def _points(self, item: object, line: Line) -> Points:
        run = getattr(item, "last_run", item)
        table: Any = getattr(run, "history", run)
        try:
            if hasattr(table, "columns"):
                pair = table[self.x.column], table[line.column]
            else:
                pair = table
            x, y = (np.asarray(values) for values in pair)
        except (KeyError, TypeError, ValueError):
            raise TypeError(self._refusal_of_result(item, line)) from None
        is_numeric = x.dtype.kind in "fiu" and y.dtype.kind in "fiu"
        if not is_numeric or x.ndim != 1 or x.shape != y.shape:
            raise ValueError(self._refusal_of_result(item, line))
        x, y = x.astype(np.float64), y.astype(np.float64)
        kept = np.isfinite(x) & ~np.isnan(y)
        order = np.argsort(x[kept], kind="stable")
        return x[kept][order], y[kept][order]

    def _refusal_of_result(self, item: object, line: Line) -> str:
        columns = {"x_column": self.x.column, "y_column": line.column}
        return not_allowed("result", item, "prediction.needs_result", **columns)

    def within(self, found: Points) -> Points:
        """Return the points of a real curve that lie between the ends of the x axis."""
        x, y = found
        inside = (x >= self.x.minimum) & (x <= self.x.maximum)
        return x[inside], y[inside]


def smoothed(
    question: CurveQuestion, before: Curve, drawn: Curve, *, is_new: bool = False
) -> Curve:
    """Take the steps out of the part of a curve that a mouse has just drawn.

    A fast drag passes only some places of the x axis, and those between keep the last height.
    Nobody hits the very ends of an axis: a curve that ends close to one goes on to it, as steep
    as it was there, for as far as that can be known.

    Parameters
    ----------
    question : CurveQuestion
    before, drawn : ndarray of shape (N_POINTS,)
        The curve before and after.
    is_new : bool, default False
        Whether nothing was drawn before: then the curve goes on to both ends from wherever
        the mouse began and ended.

    Returns
    -------
    ndarray of shape (N_POINTS,)
        On the chart, the rest as it was.
    """
    heights = question.y.share_of(np.nan_to_num(drawn, nan=question.y.minimum))
    moved = np.abs(heights - question.y.share_of(before)) > 1e-9
    if moved.any():
        first, last = np.flatnonzero(moved)[[0, -1]]
        if is_new or first <= NEAR_THE_END:
            heights[:first] = _gone_on(heights[first : last + 1][::-1], first)[::-1]
            moved[:first] = True
        n_after = N_POINTS - 1 - last
        if is_new or n_after <= NEAR_THE_END:
            heights[last + 1 :] = _gone_on(heights[first : last + 1], n_after)
            moved[last + 1 :] = True
    weights = np.exp(-0.5 * (np.arange(-3, 4) / 1.5) ** 2)
    padded = np.pad(heights, 3, mode="edge")
    mean = np.convolve(padded, weights / weights.sum(), mode="valid")
    return question.y.value_at(np.where(moved, mean, heights))


def _gone_on(drawn: Curve, count: int) -> Curve:
    """Return so many heights after those that were drawn: as steep for a while, then level."""
    near = drawn[-1 - SAME_SLOPE :]
    slope = (near[-1] - near[0]) / max(len(near) - 1, 1)
    steps = np.minimum(np.arange(1, count + 1), SAME_SLOPE)
    heights: Curve = np.clip(near[-1] + slope * steps, 0.0, 1.0)
    return heights


def with_knot(question: CurveQuestion, curve: Curve, knot: int, value: float) -> Curve:
    """Return a curve that passes through a value at a knot, straight to the next knots.

    Parameters
    ----------
    question : CurveQuestion
    curve : ndarray of shape (N_POINTS,)
    knot : int
        From 0.
    value : float
    """
    knots = question.knots
    heights = question.y.share_of(curve)
    corners = heights[knots]
    corners[knot] = question.y.share_of(np.array([value]))[0]
    first, last = knots[max(knot - 1, 0)], knots[min(knot + 1, len(knots) - 1)]
    between = np.arange(first, last + 1)
    heights[between] = np.interp(between, knots, corners)
    return question.y.value_at(heights)


def to_plain(curves: Sequence[Curve | None]) -> list[list[float] | None]:
    """Return curves as a text file can hold them; four digits are finer than a mouse."""
    return [
        None if curve is None else [float(f"{value:.4g}") for value in curve] for curve in curves
    ]
