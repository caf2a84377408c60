"""Follow a search of scikit-learn's own, live: a ``scoring=`` that keeps a record.

`GridSearchCV` shows nothing until it ends. But it calls its scorer once for each
fold, so a scorer can put together what happened so far.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from hpt_widgets.cluster.parallel_block import parallel_block
from hpt_widgets.language import translate
from hpt_widgets.search.fold_place import FoldPlace, SearchCall
from hpt_widgets.search.remote_scoring import subscriptions_in
from hpt_widgets.search.scored_fold import ScoredFold, UnfinishedTrial, scored_fold
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import require_function, whole_number


class TrialSink(Protocol):
    """Where finished trials go: a `SearchRecord`."""

    method: str

    def append(self, trial: Trial) -> Trial:
        """Add a trial and return it as stored."""


@dataclass(eq=False)
class _Combination:
    """The folds of one combination that were scored so far."""

    values: dict[str, Any]
    n_folds: int
    place: FoldPlace | None
    folds: dict[Any, ScoredFold] = field(default_factory=dict)

    @property
    def scores(self) -> tuple[float, ...]:
        """By fold where a search says which is which, else as they came."""
        by_split = sorted(self.folds) if self.place is not None else self.folds
        return tuple(self.folds[key].score for key in by_split)

    @property
    def is_complete(self) -> bool:
        return len(self.folds) == self.n_folds

    def is_over(self, newest: SearchCall | None) -> bool:
        """Return whether no fold can follow."""
        search = None if self.place is None else self.place.search
        return search is not None and search.is_over(newest)

    def trial(self, method: str) -> Trial:
        """Return the trial, failed where a fold is missing."""
        scores, n_done = self.scores, len(self.folds)
        epochs = _total([fold.epochs for fold in self.folds.values()])
        missing = translate("search.folds_missing", done=n_done, all=self.n_folds)
        is_whole = self.is_complete and bool(np.isfinite(scores).all())
        has_diverged = any(fold.diverged for fold in self.folds.values())
        return Trial(
            self.values,
            method=method,
            validation_accuracy=float(np.mean(scores)),
            fold_scores=scores,
            seconds=_total([fold.seconds for fold in self.folds.values()]),
            epochs_trained=None if epochs is None else epochs / n_done,
            ended="diverged" if has_diverged else "finished" if is_whole else "failed",
            message="" if self.is_complete else missing,
        )


class FoldScorer:
    """A scorer for scikit-learn's searches that appends each combination to a record.

    A trial lands when all folds of its combination have been scored: as many as the search
    has, whatever its ``cv``. A combination of which a fold is missing, since a fit failed or
    the search was broken off, lands as failed: when the search goes on to the next one, when
    the record is looked at after the search has ended, or at the latest when `flush` is called.

    A trial holds the estimator's plain parameters, the fold scores and their mean. Where the
    estimator tells them (``fit_seconds_``, ``n_iter_``, ``ended_``) it also holds the
    seconds of fitting (all folds together), the epochs (their mean) and whether a
    fold diverged. Scores on training data (``return_train_score=True``), and those of a search
    that has been fitted (``search.score(x, y)``), are returned but not recorded.

    Threads may share a scorer, and so may the workers of a `Cluster` under its ``parallel``;
    other processes cannot, and are told so.

    Parameters
    ----------
    record : SearchRecord
        Where the trials go.
    cv : int or splitter, optional
        How many folds a combination has, where no search tells it: for `cross_val_score`, or a
        loop of the reader's own. Without it such a call is a ValueError.
    scoring : callable, optional
        ``scoring(estimator, X, y) -> float``; by default the estimator's own ``score``.
    on_fold : callable, optional
        Called with (values, scores so far) after each fold; after the last one of a
        combination its trial is in the record already.

    Attributes
    ----------
    on_change : callable or None
        Called after each fold as well; the record's own.

    Raises
    ------
    TypeError
        If `scoring` or `on_fold` is no function.
    ValueError
        If `cv` is neither a number of folds nor a splitter.
    """

    def __init__(
        self,
        record: TrialSink,
        cv: Any = None,
        scoring: Callable[[Any, Any, Any], float] | None = None,
        on_fold: Callable[[dict[str, Any], tuple[float, ...]], object] | None = None,
    ) -> None:
        require_function("scoring", scoring)
        require_function("on_fold", on_fold)
        self.record = record
        self.n_folds = None if cv is None else _n_folds(cv)
        self.scoring = scoring
        self.on_fold = on_fold
        self.on_change: Callable[[], object] | None = None
        self._lock = threading.Lock()
        self._open: dict[Hashable, _Combination] = {}
        self._n_opened = 0
        # By identity: an estimator need not have a hash.
        self._seen: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()

    def __call__(self, estimator: Any, x: Any, y: Any = None) -> float:
        """Score one fold, as scikit-learn asks for it."""
        is_counted = self.n_folds is not None
        score, fold = scored_fold(estimator, x, y, self.scoring, is_counted=is_counted)
        if fold is not None and (fold.place is not None or self._is_new(estimator)):
            self.add_fold(fold)
        return score

    def add_fold(self, fold: ScoredFold) -> None:
        """Add a fold that was scored here or elsewhere; append the trial when it is whole."""
        self.settle(None if fold.place is None else fold.place.search)
        with self._lock:
            key, combination = self._combination_of(fold)
            combination.folds[_fold_key(fold)] = fold
            scores = combination.scores
            # Asked here alone: later another thread may have added what was missing.
            completes = combination.is_complete
            if completes:
                del self._open[key]
        if completes:
            self.record.append(combination.trial(self.record.method))
        if self.on_change is not None:
            self.on_change()
        # At the end: where the reader's own function fails, scikit-learn goes on all the same.
        if self.on_fold is not None:
            self.on_fold(fold.values, scores)

    @property
    def unfinished(self) -> tuple[UnfinishedTrial, ...]:
        """The combinations of which a fold is missing, in the order in which they were begun."""
        with self._lock:
            return tuple(
                UnfinishedTrial(c.values, c.scores, c.n_folds) for c in self._open.values()
            )

    def settle(self, newest: SearchCall | None = None) -> None:
        """Append what has been left unfinished by searches that are over, as failed.

        Parameters
        ----------
        newest : SearchCall, optional
            Of the fold that is scored now.
        """
        self._append_unfinished(lambda combination: combination.is_over(newest))

    def end_remote(self) -> None:
        """Append what has been left unfinished by fits in other processes, as failed."""
        self._append_unfinished(lambda c: c.place is not None and c.place.search is None)

    def flush(self) -> None:
        """Append all combinations of which a fold is missing, as failed.

        Call it after a search that was interrupted, or in which fits failed, where it ran in
        several threads under a scikit-learn before 1.9, or ``cv`` is a list of splits.
        """
        self._append_unfinished(lambda _: True)

    def _append_unfinished(self, is_meant: Callable[[_Combination], bool]) -> None:
        with self._lock:
            ended = [key for key, combination in self._open.items() if is_meant(combination)]
        for key in ended:
            with self._lock:
                # Another thread may have appended it meanwhile.
                combination = self._open.pop(key, None)
            if combination is not None:
                self.record.append(combination.trial(self.record.method))

    def _is_new(self, estimator: Any) -> bool:
        """Return whether it is scored for the first time: the second is the training score."""
        with self._lock:
            is_new = self._seen.get(id(estimator)) is not estimator
            self._seen[id(estimator)] = estimator
        return is_new

    def _combination_of(self, fold: ScoredFold) -> tuple[Hashable, _Combination]:
        """Return the combination that this fold belongs to, and its place among the open ones.

        Where no search says so, it is one with the same values that lacks this fold: a loop
        may try the same values twice.
        """
        key: Hashable
        if fold.place is not None:
            key, n_folds = fold.place.combination, fold.place.n_splits
            if key in self._open:
                return key, self._open[key]
        else:
            for key, combination in self._open.items():
                has_values = combination.place is None and combination.values == fold.values
                if has_values and fold.fold not in combination.folds:
                    return key, combination
            key, n_folds = ("loop", self._n_opened), self.n_folds or 0
        self._n_opened += 1
        self._open[key] = _Combination(fold.values, n_folds, fold.place)
        return key, self._open[key]

    def __deepcopy__(self, memo: object) -> FoldScorer:
        # A search inside another one is cloned with its scorer: it is the same record.
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        block = parallel_block()
        if block is None:
            raise TypeError(translate("search.other_process"))
        return subscriptions_in(block).reduce_scorer(self, self.scoring, self.n_folds is not None)


def _fold_key(fold: ScoredFold) -> Hashable:
    return fold.fold if fold.place is None else fold.place.split


def _n_folds(cv: Any) -> int:
    n_folds = cv.get_n_splits() if hasattr(cv, "get_n_splits") else cv
    number = whole_number(n_folds)
    if number is None or number < (2 if n_folds is cv else 1):
        raise ValueError(translate("search.folds", value=cv))
    return number


def _total(values: list[float | None]) -> float | None:
    """Add up what every fold told; None if one of them did not."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
