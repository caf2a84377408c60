"""One fold that a scorer has scored, in this process or on a worker of a cluster."""

from __future__ import annotations

import dataclasses
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

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
        The fingerprint of the fold.
    score : float
        Its score.
    seconds, epochs : float or None
        What fitting took, and how many epochs it had, as far as the estimator tells.
    diverged : bool
        Whether the training diverged.
    """

    values: dict[str, Any]
    fold: str
    score: float
    seconds: float | None
    epochs: float | None
    diverged: bool

    def plain(self) -> dict[str, Any]:
        """Return the fields in plain values, as they travel between processes."""
        return {**dataclasses.asdict(self), "values": plain_value(self.values)}


def scored_fold(
    estimator: Any, x: Any, y: Any, scoring: Callable[[Any, Any, Any], float] | None
) -> ScoredFold:
    """Score an estimator on a fold."""
    score = estimator.score(x, y) if scoring is None else scoring(estimator, x, y)
    return ScoredFold(
        _plain_parameters(estimator),
        _fingerprint(x, y),
        float(score),
        _number(getattr(estimator, "fit_seconds_", None)),
        _number(getattr(estimator, "n_iter_", None)),
        getattr(estimator, "ended_", None) == "diverged",
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
