"""How a trial is encoded as a mark on a map: its position, size and colour."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hpt_widgets.labs.search.groups import CHOSEN_COLOR
from hpt_widgets.labs.search.score_range import are_accuracies, lowest_shown
from hpt_widgets.labs.search.trial_words import OF_THE_ARTICLE, format_value, parameter_name
from hpt_widgets.language import translate
from hpt_widgets.search.space import Choice, Dimension, SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import not_allowed
from hpt_widgets.support.colors import NEUTRAL

# Viridis: it grows lighter evenly, so it can be read without telling hues apart.
COLORS: Final = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
LARGEST_MARK: Final = 340
"""Area of the largest mark, in square pixels."""
# A mark for next to nothing still has to be seen, hit and clicked.
SMALLEST_SHARE: Final = 0.1
MOST_WORST: Final = 0.25
MOST_EXAMPLES: Final = 3


@dataclass(frozen=True)
class MapAxes:
    """Which hyperparameter is drawn how.

    Attributes
    ----------
    x, y : Dimension
        Along the two axes.
    size : Dimension or None
        By the size of the mark.
    others : tuple of Dimension
        All but x and y: they have a strip of their own.
    """

    x: Dimension
    y: Dimension
    size: Dimension | None
    others: tuple[Dimension, ...]

    @classmethod
    def of(cls, space: SearchSpace) -> MapAxes:
        """Choose them: the article's three where they are there, else the first ones.

        Numbers go before categories, which have room for their names on the upright axis.

        Raises
        ------
        ValueError
            If the space has not two hyperparameters.
        """
        if len(space.names) < 2:
            raise ValueError(not_allowed("space", space.names, "search_lab.two_dimensions"))
        ranks = {name: rank for rank, name in enumerate(OF_THE_ARTICLE)}
        x, y, *rest = sorted(
            space,
            key=lambda dimension: (
                isinstance(dimension, Choice),
                ranks.get(dimension.name, len(ranks)),
            ),
        )
        size = rest[0] if rest and not isinstance(rest[0], Choice) else None
        return cls(x, y, size, tuple(d for d in space if d not in (x, y)))

    @property
    def all(self) -> tuple[Dimension, ...]:
        """All hyperparameters of the space."""
        return (self.x, self.y, *self.others)


@dataclass(frozen=True)
class MarkEncoding:
    """How accuracy becomes a colour and a value a size, the same on all maps side by side.

    Attributes
    ----------
    low, high : float
        The accuracies at the two ends of the colours.
    largest : float
        The value of the hyperparameter that the largest mark stands for.
    """

    low: float = 0.0
    high: float = 1.0
    largest: float = 1.0

    @classmethod
    def of(cls, axes: MapAxes, trials: Sequence[Trial]) -> MarkEncoding:
        """Fit them to the space and to all that was tried, inside of it or outside."""
        low, high = accuracy_limits(trials)
        if axes.size is None:
            return cls(low, high)
        values = [size_of(trial, axes.size) for trial in trials]
        known = [value for value in values if value is not None]
        return cls(low, high, max([float(getattr(axes.size, "high", 1.0)), *known]))

    @property
    def ends(self) -> tuple[float, float]:
        """The values at which a mark would have an area of 0 and of 1 square pixel."""
        empty = -SMALLEST_SHARE * self.largest
        return empty, empty + (self.largest - empty) / LARGEST_MARK

    def area(self, value: float) -> float:
        """Return the area of the mark that stands for a value, in square pixels."""
        empty, one = self.ends
        return (value - empty) / (one - empty)


def size_of(trial: Trial, dimension: Dimension) -> float | None:
    """Return the value that a mark's size stands for; None if the trial has none."""
    value = trial.hyperparameters.get(dimension.name)
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return max(0.0, float(value))


def accuracy_limits(trials: Sequence[Trial]) -> tuple[float, float]:
    """Return the accuracies at the two ends of the colours.

    Failures far below the others would leave one colour for all that is of interest, so the
    lower end is at most a quarter (25 percentage points) below the best. Scores that are no
    accuracies have a range of their own; see `lowest_shown`.
    """
    scores = [
        trial.validation_accuracy
        for trial in trials
        if trial.usable and trial.validation_accuracy is not None
    ]
    if not scores:
        return 0.0, 1.0
    low, high = lowest_shown(scores, MOST_WORST), max(scores)
    if not are_accuracies(min(scores), high):
        return low, high if high > low else math.nextafter(high, math.inf)
    return math.floor(low * 100) / 100, math.ceil(high * 100) / 100 + 1e-9


def legend_of(axes: MapAxes, encoding: MarkEncoding) -> str:
    """Write in HTML what the marks and bars of a map stand for."""
    ramp = (
        f'<span aria-hidden="true" style="display:inline-block;width:110px;height:14px;'
        f"vertical-align:middle;border:1px solid {NEUTRAL};"
        f'background:linear-gradient(to right,{",".join(COLORS)})"></span>'
    )
    color = html.escape(translate("search_lab.legend_color"))
    rows = [f"{color}<br>≤ {encoding.low:.0%} {ramp} {encoding.high:.0%}"]
    if axes.size is not None:
        rows.append(_size_legend(axes.size, encoding))
    chosen = (
        f'<span aria-hidden="true" style="display:inline-block;width:12px;height:12px;'
        f'border:3px solid {CHOSEN_COLOR};border-radius:50%;vertical-align:-3px"></span>'
    )
    signs = {"lost": "✚", "chosen": chosen}
    words = (
        f"{sign} {html.escape(translate(f'search_lab.legend_{key}'))}"
        for key, sign in signs.items()
    )
    rows.append(" &emsp;".join(words))
    rows += [html.escape(translate(f"search_lab.legend_{key}")) for key in ("fan", "hover")]
    return "".join(f'<p style="line-height:1.4;margin:4px 0">{row}</p>' for row in rows)


def _size_legend(dimension: Dimension, encoding: MarkEncoding) -> str:
    title = translate("search_lab.legend_size", name=parameter_name(dimension.name))
    examples = [_example(value, encoding) for value in dimension.grid_values[:MOST_EXAMPLES]]
    if encoding.largest > float(getattr(dimension, "high", encoding.largest)):
        whole = encoding.largest.is_integer()
        examples.append(_example(int(encoding.largest) if whole else encoding.largest, encoding))
    return f"{html.escape(title)}<br>{' &emsp;'.join(examples)}"


def _example(value: Any, encoding: MarkEncoding) -> str:
    diameter = 2 * math.sqrt(encoding.area(float(value)) / math.pi)
    return (
        f'<span aria-hidden="true" style="display:inline-block;width:{diameter:.1f}px;'
        f"height:{diameter:.1f}px;border-radius:50%;vertical-align:middle;"
        f'background:{COLORS[2]};border:1px solid {NEUTRAL}"></span> '
        f"{html.escape(format_value(value))}"
    )
