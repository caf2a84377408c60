"""A search space, written once, for scikit-learn, SciPy and hyperopt.

The three libraries describe a range in three ways: SciPy's ``uniform`` takes a
start and a *width*, its ``randint`` leaves the end out, and hyperopt's
``loguniform`` takes natural logarithms. A `SearchSpace` takes the two ends, both
included, and translates.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hpt_widgets.language import translate
from hpt_widgets.search.trial import plain_value, value_key
from hpt_widgets.support.argument_checks import (
    finite_number,
    items_of,
    not_allowed,
    require_items,
    whole_number,
)

# SciPy and hyperopt draw whole numbers of 64 bits, by way of floats.
LARGEST_WHOLE = 2**53


@dataclass(frozen=True)
class Dimension:
    """What one hyperparameter may be.

    Attributes
    ----------
    name : str
        The hyperparameter.
    """

    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(translate("search.name", value=self.name))

    @property
    def grid_values(self) -> tuple[Any, ...]:
        """The values on the grid."""
        raise NotImplementedError

    def distribution(self) -> Any:
        """Return what `RandomizedSearchCV` draws from."""
        raise NotImplementedError

    def hyperopt(self) -> Any:
        """Return the hyperopt expression."""
        raise NotImplementedError

    def from_hyperopt(self, raw: Any) -> Any:
        """Turn what hyperopt keeps of a trial into the hyperparameter's value.

        Parameters
        ----------
        raw : float or int
            What hyperopt drew: a number, or an option's index.

        Returns
        -------
        object
        """
        raise NotImplementedError

    def to_hyperopt(self, value: Any) -> Any:
        """Turn a value into what hyperopt keeps of a trial.

        Parameters
        ----------
        value : object
            Of the hyperparameter.

        Returns
        -------
        float or int
        """
        return value

    def can_place(self, value: Any) -> bool:
        """Whether a value has a place on this dimension, be it outside of the ends.

        Parameters
        ----------
        value : object
            Of the hyperparameter.

        Returns
        -------
        bool
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Uniform(Dimension):
    """Any number from `low` to `high`, all equally likely.

    Attributes
    ----------
    name : str
        The hyperparameter.
    low, high : float
        The two ends, both included.
    grid : tuple of float, default ()
        The values of a grid search; by default the ends and the middle.

    Raises
    ------
    ValueError
        If the ends are not in order, or a grid value lies outside of them.
    """

    low: float
    high: float
    grid: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_ends()
        object.__setattr__(self, "grid", require_items("grid", self.grid))
        for value in self.grid:
            number = self._number(value)
            if number is None or not self.low <= number <= self.high:
                allowed = f"[{self.low}, {self.high}]"
                raise ValueError(
                    translate("search.grid_value", name=self.name, value=value, allowed=allowed)
                )

    def _check_ends(self) -> None:
        low, high = self._number(self.low), self._number(self.high)
        if low is None or high is None or not low < high:
            raise ValueError(
                translate("search.range", name=self.name, low=self.low, high=self.high)
            )

    def _number(self, value: object) -> float | None:
        return finite_number(value)

    @property
    def grid_values(self) -> tuple[float, ...]:
        """The values on the grid: the given ones, or both ends and the middle."""
        return self.grid or (self.low, self._middle(), self.high)

    def _middle(self) -> float:
        return self.low / 2 + self.high / 2  # the sum of the ends may be too large for a float

    def distribution(self) -> Any:
        """Return the SciPy distribution: ``loc`` is the start, ``scale`` the width."""
        from scipy import stats

        return stats.uniform(loc=self.low, scale=self.high - self.low)

    def hyperopt(self) -> Any:
        """Return the hyperopt expression, ``hp.uniform(name, low, high)``."""
        from hyperopt import hp

        return hp.uniform(self.name, self.low, self.high)

    def from_hyperopt(self, raw: Any) -> float:
        """Return the number, kept inside the ends against rounding."""
        return float(min(max(raw, self.low), self.high))

    def can_place(self, value: Any) -> bool:
        """Whether it is a finite number."""
        return finite_number(value) is not None


@dataclass(frozen=True)
class LogUniform(Uniform):
    """Any positive number from `low` to `high`, each factor of ten equally likely.

    Attributes
    ----------
    name : str
        The hyperparameter.
    low, high : float
        The two ends themselves (not their logarithms), both included; `low` > 0.
    grid : tuple of float, default ()
        The values of a grid search; by default the ends and their geometric mean.

    Raises
    ------
    ValueError
        If the ends are not positive and in order, or a grid value lies outside of them.
    """

    def _check_ends(self) -> None:
        super()._check_ends()
        if self.low <= 0:
            raise ValueError(translate("search.positive", name=self.name, low=self.low))

    def _middle(self) -> float:
        low, high = float(self.low), float(self.high)
        product = low * high
        if sys.float_info.min <= product <= sys.float_info.max:
            return math.sqrt(product)
        return math.sqrt(low) * math.sqrt(high)  # less exact, but never beyond all floats

    def distribution(self) -> Any:
        """Return ``scipy.stats.loguniform(low, high)``."""
        from scipy import stats

        return stats.loguniform(self.low, self.high)

    def hyperopt(self) -> Any:
        """Return ``hp.loguniform``, which wants the natural logarithms of the ends."""
        from hyperopt import hp

        return hp.loguniform(self.name, math.log(self.low), math.log(self.high))

    def can_place(self, value: Any) -> bool:
        """Whether it is a positive number."""
        return (finite_number(value) or 0.0) > 0


@dataclass(frozen=True)
class UniformInteger(Uniform):
    """Any whole number from `low` to `high`, all equally likely.

    Attributes
    ----------
    name : str
        The hyperparameter.
    low, high : int
        The two ends, both included.
    grid : tuple of int, default ()
        The values of a grid search; by default the ends and the middle.

    Raises
    ------
    ValueError
        If the ends are no whole numbers in order, or a grid value lies outside of them.
    """

    low: int
    high: int
    grid: tuple[int, ...] = ()

    def _check_ends(self) -> None:
        low, high = self._number(self.low), self._number(self.high)
        if low is None or high is None or not -LARGEST_WHOLE <= low < high <= LARGEST_WHOLE:
            raise ValueError(
                translate("search.whole_range", name=self.name, low=self.low, high=self.high)
            )

    def _number(self, value: object) -> int | None:
        return whole_number(value)

    def _middle(self) -> int:
        return (self.low + self.high) // 2

    def distribution(self) -> Any:
        """Return ``scipy.stats.randint``, which leaves its second end out."""
        from scipy import stats

        return stats.randint(self.low, self.high + 1)

    def hyperopt(self) -> Any:
        """Return a rounded uniform draw, as an int.

        It begins and ends half a step further out: rounded from [low, high], the
        two ends would come half as often as the numbers between them.
        """
        from hyperopt import hp
        from hyperopt.pyll import scope

        return scope.int(hp.quniform(self.name, self.low - 0.5, self.high + 0.5, 1))

    def from_hyperopt(self, raw: Any) -> int:
        """Return the whole number (hyperopt keeps a float)."""
        return int(min(max(round(raw), self.low), self.high))

    def to_hyperopt(self, value: Any) -> float:
        """Return the float that hyperopt keeps."""
        return float(value)


@dataclass(frozen=True)
class Choice(Dimension):
    """One of a few values without an order, all equally likely.

    Attributes
    ----------
    name : str
        The hyperparameter.
    options : tuple
        The values, which are also the values of a grid search.

    Raises
    ------
    ValueError
        If there is no option, or one of them comes twice.
    """

    options: tuple[Any, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        options = plain_value(items_of(self.options) or (), "options")
        if not options or len(set(map(value_key, options))) < len(options):
            raise ValueError(translate("search.options", name=self.name, value=self.options))
        object.__setattr__(self, "options", options)

    @property
    def grid_values(self) -> tuple[Any, ...]:
        """All options."""
        return self.options

    def distribution(self) -> list[Any]:
        """Return the options as a list, which `RandomizedSearchCV` draws from."""
        return list(self.options)

    def hyperopt(self) -> Any:
        """Return ``hp.choice(name, options)``; hyperopt keeps the index."""
        from hyperopt import hp

        return hp.choice(self.name, list(self.options))

    def from_hyperopt(self, raw: Any) -> Any:
        """Return the option with this index."""
        return self.options[int(raw)]

    def to_hyperopt(self, value: Any) -> int:
        """Return the index of an option; a ValueError says what is none."""
        index = self.index_of(value)
        if index is None:
            options = ", ".join(map(repr, self.options))
            raise ValueError(not_allowed(self.name, value, "checks.choice", options=options))
        return index

    def can_place(self, value: Any) -> bool:
        """Whether it is one of the options."""
        return self.index_of(value) is not None

    def index_of(self, value: Any) -> int | None:
        """Return which of the options a value is; None if it is none of them.

        Parameters
        ----------
        value : object
            Of the hyperparameter; nan is the option nan.

        Returns
        -------
        int or None
            From 0.
        """
        return self._indices.get(value_key(value))

    @functools.cached_property
    def _indices(self) -> dict[Hashable, int]:
        return {value_key(option): index for index, option in enumerate(self.options)}


@dataclass(frozen=True)
class SearchSpace:
    """The ranges of the hyperparameters, for all methods alike.

    Attributes
    ----------
    dimensions : tuple of Dimension
        `Uniform`, `LogUniform`, `UniformInteger` or `Choice`, with different names.

    Raises
    ------
    TypeError
        If there is no dimension, or something else among them.
    ValueError
        If two have the same name.

    Examples
    --------
    >>> space = SearchSpace((LogUniform("learning_rate", 1e-4, 1e-1),
    ...                      Choice("optimizer", ("sgd", "adam"))))
    >>> space.grid()["optimizer"]
    ['sgd', 'adam']
    """

    dimensions: tuple[Dimension, ...]

    def __post_init__(self) -> None:
        dimensions = items_of(self.dimensions)
        if not dimensions or not all(isinstance(item, Dimension) for item in dimensions):
            raise TypeError(translate("search.dimensions", value=self.dimensions))
        object.__setattr__(self, "dimensions", dimensions)
        if len(set(self.names)) != len(self.names):
            raise ValueError(translate("search.dimensions", value=self.names))

    @classmethod
    def article(cls) -> SearchSpace:
        """Return the article's space: its grid, and the ranges that the grid spans.

        The article gives each method another range; here all of them search
        learning rates from 0.001 to 0.1, batch sizes from 32 to 128 and dropout
        rates from 0.2 to 0.8.
        """
        return ARTICLE_SPACE

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the hyperparameters."""
        return tuple(dimension.name for dimension in self.dimensions)

    def grid(self) -> dict[str, list[Any]]:
        """Return the ``param_grid`` of scikit-learn's `GridSearchCV`."""
        return {dimension.name: list(dimension.grid_values) for dimension in self}

    def distributions(self) -> dict[str, Any]:
        """Return the ``param_distributions`` of scikit-learn's `RandomizedSearchCV`."""
        return {dimension.name: dimension.distribution() for dimension in self}

    def hyperopt(self) -> dict[str, Any]:
        """Return the ``space`` of hyperopt's `fmin`."""
        return {dimension.name: dimension.hyperopt() for dimension in self}

    def can_place(self, values: Mapping[str, Any]) -> bool:
        """Whether these hyperparameters are a point, be it outside of the ends.

        A search counts no other trials as its own: it could not learn from them.

        Parameters
        ----------
        values : mapping of str to object
            The hyperparameters of a trial.

        Returns
        -------
        bool
        """
        return all(
            dimension.name in values and dimension.can_place(values[dimension.name])
            for dimension in self
        )

    def __iter__(self) -> Iterator[Dimension]:
        return iter(self.dimensions)


ARTICLE_SPACE = SearchSpace(
    (
        LogUniform("learning_rate", 0.001, 0.1, grid=(0.001, 0.01, 0.1)),
        UniformInteger("batch_size", 32, 128, grid=(32, 64, 128)),
        Uniform("dropout_rate", 0.2, 0.8, grid=(0.2, 0.5, 0.8)),
    )
)
"""The article's space (sections 3.2 to 3.4), the same for every method."""
