"""Where the marks of a map are drawn: beside each other where trials share a spot.

On a grid, trials that differ in a third hyperparameter have the same two coordinates. One on top
of the other, 27 of them are nine marks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.labs.search.dimension_scale import limits_of, place_of
from hpt_widgets.search.space import Choice, Dimension, LogUniform
from hpt_widgets.search.trial import Trial

# From one mark to the next at the same spot, as a share of the axis; closer together where other
# spots are near, but never so close that two look like one.
STEP: Final = 0.07
LEAST_STEP: Final = 0.02
# How much of the room between two spots, or of a category's band, marks may fill.
FILLED: Final = 0.7


@dataclass(frozen=True)
class AxisSpan:
    """The part of an axis that is seen.

    Attributes
    ----------
    low, high : float
        Its ends.
    is_log : bool
        Whether equal factors are equally far apart.
    """

    low: float
    high: float
    is_log: bool = False

    @classmethod
    def of(cls, dimension: Dimension, trials: Sequence[Trial]) -> AxisSpan:
        """Return what shows the whole space, and all that was tried."""
        values = [trial.hyperparameters.get(dimension.name) for trial in trials]
        return cls(*limits_of(dimension, values), isinstance(dimension, LogUniform))

    def moved(self, value: float, share: float) -> float:
        """Return what lies so much of the axis further on than a value."""
        if not share:
            return value
        if self.is_log:
            return float(value * (self.high / self.low) ** share)
        return value + share * (self.high - self.low)

    def smallest_gap(self, values: Sequence[float]) -> float:
        """Return how far the two nearest of some values are apart, as a share of the axis."""
        known = np.unique(np.asarray(values, np.float64))
        if len(known) < 2:
            return 1.0
        if self.is_log:
            return float(np.diff(np.log(known)).min() / np.log(self.high / self.low))
        return float(np.diff(known).min() / (self.high - self.low))


def mark_places(
    trials: Sequence[Trial], x: Dimension, y: Dimension, spans: tuple[AxisSpan, AxisSpan]
) -> NDArray[np.float64]:
    """Return where the marks of some trials are drawn.

    The first trial of a spot lies on it, and those that come later around it, in the order of
    coming. All marks beside their spots close up when a trial lands that needs the room: one that
    fills a ring further out, or whose spot lies nearer to another than any did before. Along
    categories, marks are spread over the band of theirs.

    Parameters
    ----------
    trials : sequence of Trial
        All of them have a place on both axes.
    x, y : Dimension
        Along the axes.
    spans : (AxisSpan, AxisSpan)
        What is seen of them.

    Returns
    -------
    ndarray, shape (n, 2)
        x and y of each trial.
    """
    spots = [(_place(trial, x), _place(trial, y)) for trial in trials]
    if isinstance(x, Choice) or isinstance(y, Choice):
        moves = [(_in_band(t.number, x, base=3), _in_band(t.number, y, base=2)) for t in trials]
        spread = [[x + dx, y + dy] for (x, y), (dx, dy) in zip(spots, moves, strict=True)]
        return np.array(spread, np.float64).reshape(-1, 2)
    slots = _slots_of(spots)
    widest = 1 + 2 * max((max(map(abs, slot)) for slot in slots), default=0)
    steps = [
        max(LEAST_STEP, min(STEP, FILLED * span.smallest_gap(along) / widest))
        for span, along in zip(spans, zip(*spots, strict=True), strict=False)
    ]
    places = [
        [
            span.moved(value, step * slot)
            for span, value, step, slot in zip(spans, spot, steps, own, strict=True)
        ]
        for spot, own in zip(spots, slots, strict=True)
    ]
    return np.array(places, np.float64).reshape(-1, 2)


def _place(trial: Trial, dimension: Dimension) -> float:
    place = place_of(dimension, trial.hyperparameters.get(dimension.name))
    if place is None:
        raise ValueError(f"trial {trial.number} has no place along {dimension.name!r}")
    return place


def _slots_of(spots: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return for each spot how many steps beside it its mark lies, in the order of coming."""
    free: dict[tuple[float, float], Iterator[tuple[int, int]]] = {}
    return [next(free.setdefault(spot, _around())) for spot in spots]


def _around() -> Iterator[tuple[int, int]]:
    """Yield (0, 0) and then the steps around it, the nearest ones first: a row of three first."""
    for ring in itertools.count():
        sides = range(-ring, ring + 1)
        steps = [s for s in itertools.product(sides, sides) if max(map(abs, s)) == ring]
        yield from sorted(steps, key=lambda s: (abs(s[0]) + abs(s[1]), abs(s[1]), -s[0], -s[1]))


def _in_band(number: int, dimension: Any, base: int) -> float:
    """Return how far from the middle of its category's band a trial lies; 0 along numbers.

    Halton's sequence (1960) fills the band evenly, however many trials there are.
    """
    if not isinstance(dimension, Choice):
        return 0.0
    share, digit = 0.0, 1.0
    while number:
        digit /= base
        number, rest = divmod(number, base)
        share += rest * digit
    return FILLED * (share - 0.5)
