"""Between which values the searches look for a task's hyperparameters."""

from __future__ import annotations

from typing import Final

from hpt_widgets.board.task import Task
from hpt_widgets.search.space import (
    ARTICLE_SPACE,
    Choice,
    Dimension,
    LogUniform,
    SearchSpace,
    Uniform,
    UniformInteger,
)
from hpt_widgets.training.hyperparameters import CHOICES

_DIMENSIONS: Final[dict[str, Dimension]] = {
    **{dimension.name: dimension for dimension in ARTICLE_SPACE},
    "weight_decay": LogUniform("weight_decay", 1e-6, 1e-2),
    **{name: Choice(name, words) for name, words in CHOICES.items()},
    "hidden_units": Choice("hidden_units", ((32,), (64,), (128,), (128, 64), (256, 128))),
    "momentum": Uniform("momentum", 0.0, 0.99),
    "epsilon": LogUniform("epsilon", 1e-8, 1.0),
    "warm_up": Uniform("warm_up", 0.0, 0.5),
    "initial_scale": LogUniform("initial_scale", 0.1, 10.0),
    "base_width": UniformInteger("base_width", 16, 512),
}
# Any whole number of these is drawn as often as another, but whoever sets them doubles them.
_DOUBLED_BY_HAND: Final = ("batch_size", "base_width")


def space_of(task: Task) -> SearchSpace:
    """Return the ranges that are searched: the article's, and others for what it does not tune."""
    return SearchSpace(tuple(_DIMENSIONS[name] for name in task.free))


def ranges_of(task: Task) -> dict[str, tuple[float, float]]:
    """Return the lowest and the highest value of each free hyperparameter that is a number."""
    return {
        dimension.name: (dimension.low, dimension.high)
        for dimension in space_of(task)
        if isinstance(dimension, Uniform)
    }


def logarithmic_of(task: Task) -> tuple[str, ...]:
    """Return the free hyperparameters that the projector's page lays along a logarithmic axis."""
    return tuple(
        dimension.name
        for dimension in space_of(task)
        if isinstance(dimension, LogUniform) or dimension.name in _DOUBLED_BY_HAND
    )
