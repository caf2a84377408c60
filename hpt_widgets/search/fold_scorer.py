"""Follow a search of scikit-learn's own, live: a ``scoring=`` that keeps a record.

`GridSearchCV` shows nothing until it ends. But it calls its scorer once for each
fold, so a scorer can put together what happened so far.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from hpt_widgets.cluster.parallel_block import parallel_block
from hpt_widgets.language import translate
from hpt_widgets.search.fold_relay import relay_for
from hpt_widgets.search.scored_fold import ScoredFold, scored_fold
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import whole_number


class TrialSink(Protocol):
    """Where finished trials go: a `SearchRecord`."""

    method: str

    def append(self, trial: Trial) -> Trial:
        """Add a trial and return it as stored."""


DEFAULT_FOLDS = 5
"""The folds of scikit-learn's searches when ``cv`` is left out, and the article's."""


@dataclass(eq=False)
class _Combination:
    """The folds of one combination that were scored so far."""

    values: dict[str, Any]
    folds: set[str] = field(default_factory=set)
    scores: list[float] = field(default_factory=list)
    seconds: list[float | None] = field(default_factory=list)
    epochs: list[float | None] = field(default_factory=list)
    diverged: bool = False


class FoldScorer:
    """A scorer for scikit-learn's searches that appends each combination to a record.

    A trial lands when all folds of its combination have been scored. It holds
    the estimator's plain parameters, the fold scores and their mean. Where the
    estimator tells them (``fit_seconds_``, ``n_iter_``, ``ended_``) it also holds the
    seconds of fitting (all folds together), the epochs (their mean) and whether a
    fold diverged. Training scores (``return_train_score=True``) are returned but not
    recorded.

    Threads may share a scorer, and so may the workers of a `Cluster` under its ``parallel``;
    other processes cannot, and are told so.

    Parameters
    ----------
    record : SearchRecord
        Where the trials go.
    cv : int or splitter, default 5
        What the search has as its ``cv``.
    scoring : callable, optional
        ``scoring(estimator, X, y) -> float``; by default the estimator's own ``score``.
    on_fold : callable, optional
        Called with (values, scores so far) after each fold.

    Raises
    ------
    ValueError
        If `cv` is neither a number of folds nor a splitter.
    """

    def __init__(
        self,
        record: TrialSink,
        cv: Any = DEFAULT_FOLDS,
        scoring: Callable[[Any, Any, Any], float] | None = None,
        on_fold: Callable[[dict[str, Any], tuple[float, ...]], object] | None = None,
    ) -> None:
        self.record = record
        self.n_folds = _n_folds(cv)
        self.scoring = scoring
        self.on_fold = on_fold
        self._lock = threading.Lock()
        self._open: list[_Combination] = []
        self._seen: weakref.WeakSet[Any] = weakref.WeakSet()

    def __call__(self, estimator: Any, x: Any, y: Any = None) -> float:
        """Score one fold, as scikit-learn asks for it."""
        fold = scored_fold(estimator, x, y, self.scoring)
        with self._lock:
            # The same fitted estimator for the second time: that is the training score.
            is_new = estimator not in self._seen
            self._seen.add(estimator)
        if is_new:
            self.take(fold)
        return fold.score

    def take(self, fold: ScoredFold) -> None:
        """Add a fold that was scored here or elsewhere; append the trial when it is whole."""
        with self._lock:
            combination = self._combination(fold.values, fold.fold)
            _add_fold(combination, fold)
            scores = tuple(combination.scores)
            complete = len(scores) == self.n_folds
            if complete:
                self._open.remove(combination)
        if self.on_fold is not None:
            self.on_fold(fold.values, scores)
        if complete:
            self.record.append(self._trial(combination))

    def flush(self) -> None:
        """Append the combinations of which a fold is missing, as failed.

        Call it after a search that was interrupted, or in which fits failed.
        """
        with self._lock:
            waiting, self._open = self._open, []
        for combination in waiting:
            self.record.append(self._trial(combination))

    def _combination(self, values: dict[str, Any], fold: str) -> _Combination:
        """Return the combination that this fold belongs to.

        A random search may draw the same values twice, and two threads try both at
        once: a fold that a combination has already belongs to another one.
        """
        for combination in self._open:
            if combination.values == values and fold not in combination.folds:
                break
        else:
            combination = _Combination(values)
            self._open.append(combination)
        combination.folds.add(fold)
        return combination

    def _trial(self, combination: _Combination) -> Trial:
        done = len(combination.scores)
        whole = done == self.n_folds and bool(np.isfinite(combination.scores).all())
        epochs = _total(combination.epochs)
        missing = translate("search.folds_missing", done=done, all=self.n_folds)
        return Trial(
            combination.values,
            method=self.record.method,
            validation_accuracy=float(np.mean(combination.scores)),
            fold_scores=tuple(combination.scores),
            seconds=_total(combination.seconds),
            epochs_trained=None if epochs is None else epochs / done,
            ended="diverged" if combination.diverged else "finished" if whole else "failed",
            message="" if done == self.n_folds else missing,
        )

    def __deepcopy__(self, memo: object) -> FoldScorer:
        # A search inside another one is cloned with its scorer: it is the same record.
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        block = parallel_block()
        if block is None:
            raise TypeError(translate("search.other_process"))
        return relay_for(block).stand_in(self, self.scoring)


def _n_folds(cv: Any) -> int:
    n_folds = cv.get_n_splits() if hasattr(cv, "get_n_splits") else cv
    number = whole_number(n_folds)
    if number is None or number < (2 if n_folds is cv else 1):
        raise ValueError(translate("search.folds", value=cv))
    return number


def _add_fold(combination: _Combination, fold: ScoredFold) -> None:
    combination.scores.append(fold.score)
    combination.seconds.append(fold.seconds)
    combination.epochs.append(fold.epochs)
    combination.diverged |= fold.diverged


def _total(values: list[float | None]) -> float | None:
    """Add up what every fold told; None if one of them did not."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
