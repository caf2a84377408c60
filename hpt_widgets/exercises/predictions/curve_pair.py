"""A drawn curve beside the real one, place by place, and how far apart they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.exercises.predictions.curve import N_POINTS, Curve, CurveQuestion, Line, Points
from hpt_widgets.language import translate

VISIBLE: Final = 0.01
"""Less than this share of the chart's height is two pixels: neither eye nor mouse tells it."""
SIDEWAYS: Final = 2
"""A drawn curve may be so many places of the x axis too far left or right."""

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """A drawn curve beside the real one.

    Attributes
    ----------
    question : CurveQuestion
    line : Line
    drawn, real : ndarray of shape (N_POINTS,)
        Their heights as shares of the chart's.
    reached : ndarray of shape (N_POINTS,), bool
        Where the real curve is known.
    points : tuple of ndarray
        The real curve as it was found, beyond the top and the bottom of the chart too.
    is_drawn : bool, default True
        Whether it was drawn at all; if not, the real curve stands for it.
    """

    question: CurveQuestion
    line: Line
    drawn: Shares
    real: Shares
    reached: NDArray[np.bool_]
    points: Points
    is_drawn: bool = True

    @property
    def first(self) -> int:
        """The first place at which the real curve is known."""
        return int(self.reached.argmax())

    @property
    def last(self) -> int:
        """The last place at which the real curve is known."""
        return int(np.flatnonzero(self.reached)[-1])

    def gaps(self) -> Shares:
        """Return how far above the real curve the drawn one is; 0 where that is not known."""
        return np.where(self.reached, self.drawn - self.real, 0.0)

    def gaps_beyond_band(self) -> Shares:
        """Return the same, counted from the nearer edge of what counts as on the real curve.

        That reaches a little to both sides, and to straight lines through the real heights at
        the places that can be typed: nobody's five heights follow a steep beginning.
        """
        straight = self._through_knots()
        lowest, highest = straight.copy(), straight
        for shift in range(-SIDEWAYS, SIDEWAYS + 1):
            places = np.clip(np.arange(N_POINTS) + shift, self.first, self.last)
            lowest = np.minimum(lowest, self.real[places])
            highest = np.maximum(highest, self.real[places])
        inside = np.clip(self.drawn, lowest, highest)
        return np.where(self.reached, self.drawn - inside, 0.0)

    def _through_knots(self) -> Shares:
        """Return the real curve as it is drawn by typing its heights."""
        knots = self.question.knots
        corners = [int(knot) for knot in knots if self.reached[knot]]
        if not corners:
            return self.real
        heights = [float(self.real[corner]) for corner in corners]
        before = knots[knots < self.first]
        if len(before):
            # A straight line comes from where the reader began, which no run contradicts; but
            # a curve that falls when it is first known did not come from below.
            start, first, then = self.drawn[before[-1]], self.real[self.first], heights[0]
            if abs(first - then) > VISIBLE:
                start = max(start, first) if first > then else min(start, first)
            corners, heights = [int(before[-1]), *corners], [float(start), *heights]
        if corners[-1] < self.last:
            corners, heights = [*corners, self.last], [*heights, float(self.real[self.last])]
        return np.interp(np.arange(N_POINTS), corners, heights)

    def drawn_words(self, place: int) -> str:
        """Write the drawn height at a place."""
        return self.question.y.words(self.value(self.drawn[place]))

    def real_words(self, place: int) -> str:
        """Write the real height at a place, or that it was beyond the chart."""
        axis, height = self.question.y, self.real[place]
        if height >= 1 and (self.points[1] > axis.maximum).any():
            return translate("prediction.above", edge=axis.words(axis.maximum))
        if height <= 0 and (self.points[1] < axis.minimum).any():
            return translate("prediction.below", edge=axis.words(axis.minimum))
        return axis.words(self.value(height))

    def is_steep(self, place: int) -> bool:
        """Whether the real curve changes by more than may be wrong, close to a place."""
        near = self.real[max(place - SIDEWAYS, 0) : place + SIDEWAYS + 1]
        return float(np.ptp(near)) > self.question.close

    def value(self, share: float) -> float:
        """Return the value at a height."""
        return float(self.question.y.value_at(np.array([share]))[0])


def paired(question: CurveQuestion, line: Line, curve: Curve | None, found: Points) -> Pair | None:
    """Return a drawn curve beside the points of the real one; None if the chart shows none.

    A run that ended beyond the top of the chart counts as having stayed there.
    """
    x, y = question.within(found)
    if not len(x):
        return None
    places, real_places = np.linspace(0, 1, N_POINTS), question.x.share_of(x)
    real = np.interp(places, real_places, question.y.share_of(y))
    reached = (places >= real_places[0]) & (places <= real_places[-1])
    if y[-1] > question.y.maximum and real_places[-1] < 1:
        reached |= places > real_places[-1]
        # Where a curve begins says nothing about where it goes.
        reached[0] = reached[0] and len(x) > 1
    if not reached.any():
        reached = places == places[np.abs(places - real_places[-1]).argmin()]
    drawn = real if curve is None else question.y.share_of(curve)
    return Pair(question, line, drawn, real, reached, (x, y), curve is not None)
