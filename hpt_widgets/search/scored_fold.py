"""One fold that a scorer has scored, in this process or on a worker of a cluster."""

from __future__ import annotations

import dataclasses
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.search.fold_place import NO_FOLD, FoldPlace, fold_place
from hpt_widgets.search.trial import plain_value

FINGERPRINT_ROWS = 100


@dataclass(frozen=True)
class ScoredFold:
    """One fold of a combination, and what the estimator tells of it.

    Attributes
    ----------
    values : dict
        The estimator's plain parameters.
    fold : str
        The fingerprint of the fold, where it is not known otherwise which one it is.
    score : float
        Its score.
    seconds, epochs : float or None
        What fitting took, and how many epochs it had, as far as the estimator tells.
    diverged : bool
        Whether the training diverged.
    place : FoldPlace or None
        Which fold of which search it is; None where no search says so.
    """

    values: dict[str, Any]
    fold: str
    score: float
    seconds: float | None
    epochs: float | None
    diverged: bool
    place: FoldPlace | None = None

    def plain(self) -> dict[str, Any]:
        """Return the fields in plain values, as they travel between processes."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        place = self.place and (self.place.candidate, self.place.split, self.place.n_splits)
        return {**fields, "values": plain_value(self.values), "place": place}


@dataclass(frozen=True)
class UnfinishedTrial:
    """A combination of which some folds are still to be scored.

    Attributes
    ----------
    values : dict
        Its hyperparameters.
    fold_scores : tuple of float
        Of the folds that were scored, by fold where the search says which is which.
    n_folds : int
        How many there will be.
    """

    values: dict[str, Any]
    fold_scores: tuple[float, ...]
    n_folds: int


Scoring = Callable[[Any, Any, Any], float]


def scored_fold(
    estimator: Any, x: Any, y: Any, scoring: Scoring | None, *, is_counted: bool
) -> tuple[float, ScoredFold | None]:
    """Score an estimator, and return the fold too where it is one that counts.

    Parameters
    ----------
    estimator, x, y : object
        What the scorer was called with.
    scoring : callable or None
        The estimator's own ``score`` by default.
    is_counted : bool
        Whether it is known how many folds a combination has where no search says so.

    Raises
    ------
    ValueError
        If nobody knows how many folds there are.
    """
    place = fold_place(estimator, x)
    if place is None and not is_counted:
        raise ValueError(translate("search.folds_unknown"))
    score = float(estimator.score(x, y) if scoring is None else scoring(estimator, x, y))
    if place is NO_FOLD:
        return score, None
    return score, ScoredFold(
        _plain_parameters(estimator),
        _fingerprint(x, y) if place is None else "",
        score,
        _number(getattr(estimator, "fit_seconds_", None)),
        _number(getattr(estimator, "n_iter_", None)),
        getattr(estimator, "ended_", None) == "diverged",
        place,
    )


def _plain_parameters(estimator: Any) -> dict[str, Any]:
    parameters = estimator.get_params(deep=True)
    return {name: value for name, value in sorted(parameters.items()) if _is_plain(value)}


def _fingerprint(x: Any, y: Any) -> str:
    """Tell the folds of one data set apart by their labels and some of their rows."""
    import joblib
    from sklearn.utils import _safe_indexing

    n_rows = x.shape[0] if hasattr(x, "shape") else len(x)
    rows = np.linspace(0, n_rows - 1, FINGERPRINT_ROWS).astype(int)
    some = x if n_rows <= FINGERPRINT_ROWS else _safe_indexing(x, rows)
    return str(joblib.hash((some, y)))


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str | np.generic)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, numbers.Real) else None
