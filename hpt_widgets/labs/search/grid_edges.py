"""Where the best of a grid search lies at the edge of its grid, so that better may lie beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hpt_widgets.search.space import Choice, Dimension, UniformInteger
from hpt_widgets.search.trial import Trial


@dataclass(frozen=True)
class Edge:
    """A hyperparameter whose best value is the smallest or the largest of the grid.

    Attributes
    ----------
    name : str
        The hyperparameter.
    value : float
        Its best value.
    side : {"low", "high"}
        Whether it is the smallest or the largest.
    """

    name: str
    value: Any
    side: Literal["low", "high"]


def edges_of(
    dimensions: Sequence[Dimension], grid: Mapping[str, Sequence[Any]], best: Trial
) -> list[Edge]:
    """Return at which edges of a grid its best trial lies.

    A single value has no edge, categories have none, and nothing lies below 0, or below 1 where
    numbers are whole.

    Parameters
    ----------
    dimensions : sequence of Dimension
        The hyperparameters.
    grid : mapping of str to sequence
        The values of each.
    best : Trial
        The best on the grid.
    """
    found = []
    for dimension in dimensions:
        values = grid[dimension.name]
        if isinstance(dimension, Choice) or len(values) < 2:
            continue
        value = best.hyperparameters[dimension.name]
        least = 1 if isinstance(dimension, UniformInteger) else 0
        if value == max(values):
            found.append(Edge(dimension.name, value, "high"))
        elif value == min(values) and value > least:
            found.append(Edge(dimension.name, value, "low"))
    return found
