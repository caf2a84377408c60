"""A record that follows a search of scikit-learn's own, whatever its cv, and however it ends."""

from __future__ import annotations

import contextlib
import gc
import threading
import warnings
from typing import Any

import joblib
import numpy as np
import pytest
from patience import SECONDS
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.exceptions import FitFailedWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    LeaveOneGroupOut,
    RandomizedSearchCV,
    RepeatedKFold,
    ShuffleSplit,
    cross_val_score,
    cross_validate,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from warnings_in_threads import warnings_are_no_errors

from hpt_widgets.search.fold_scorer import FoldScorer
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.scored_fold import ScoredFold

X, Y = load_iris(return_X_y=True)
GROUPS = np.arange(len(X)) % 4
GRID = {"n_neighbors": [1, 5, 15]}
SPLITS = [(np.arange(100), np.arange(100, 150)), (np.arange(50, 150), np.arange(50))]


def expected(search: Any) -> list[tuple[float, ...]]:
    """Return the scores of each combination, fold by fold, as the search found them."""
    results = search.cv_results_
    columns = [results[f"split{n}_test_score"].tolist() for n in range(search.n_splits_)]
    return list(zip(*columns, strict=True))


def found(record: SearchRecord) -> list[tuple[float, ...]]:
    return [trial.fold_scores for trial in record]


@pytest.mark.parametrize(
    ("cv", "n_folds"),
    [
        (2, 2),
        (3, 3),
        (None, 5),
        (10, 10),
        (ShuffleSplit(1, random_state=0), 1),
        (ShuffleSplit(7, random_state=0), 7),
        (RepeatedKFold(n_splits=2, n_repeats=3, random_state=0), 6),
        (LeaveOneGroupOut(), 4),
        (SPLITS, 2),
        ([(list(train), list(test)) for train, test in SPLITS], 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("n_jobs", [None, 2])
@pytest.mark.parametrize("train_scores", [False, True])
@warnings_are_no_errors
def test_the_folds_are_those_of_the_search(
    cv: Any, n_folds: int, n_jobs: int | None, train_scores: bool
) -> None:
    record = SearchRecord("grid")
    with joblib.parallel_config(backend="threading"):
        search = GridSearchCV(
            KNeighborsClassifier(), GRID, cv=cv, scoring=record.scorer, n_jobs=n_jobs,
            return_train_score=train_scores,
        ).fit(X, Y, groups=GROUPS if isinstance(cv, LeaveOneGroupOut) else None)  # fmt: skip
    assert sorted(found(record)) == sorted(expected(search))
    assert {len(scores) for scores in found(record)} == {n_folds}
    assert {trial.ended for trial in record} == {"finished"}
    record.scorer.flush()
    assert len(record) == 3


def test_a_number_of_folds_that_was_said_otherwise_gives_way_to_the_searchs_own() -> None:
    record = SearchRecord("grid")
    search = GridSearchCV(KNeighborsClassifier(), GRID, cv=4, scoring=record.follow(cv=2))
    assert found(record) == []
    assert expected(search.fit(X, Y)) == found(record)


def test_one_scorer_follows_one_search_after_another() -> None:
    record = SearchRecord("grid")
    for cv in (3, 10, 3):
        GridSearchCV(KNeighborsClassifier(), GRID, cv=cv, scoring=record.scorer).fit(X, Y)
    assert [len(scores) for scores in found(record)] == 3 * [3] + 3 * [10] + 3 * [3]


def test_scores_of_a_fitted_search_are_no_trials() -> None:
    record = SearchRecord("grid")
    search = GridSearchCV(KNeighborsClassifier(), GRID, cv=3, scoring=record.scorer).fit(X, Y)
    before = found(record)
    assert search.score(X, Y) == search.best_estimator_.score(X, Y)
    record.scorer.flush()
    assert found(record) == before


def test_several_metrics_follow_too() -> None:
    record = SearchRecord("grid")
    scoring = {"score": record.scorer, "other": "balanced_accuracy"}
    search = GridSearchCV(KNeighborsClassifier(), GRID, cv=3, scoring=scoring, refit="score")
    assert expected(search.fit(X, Y)) == found(record)


@pytest.mark.parametrize("n_jobs", [None, 2])
@warnings_are_no_errors
def test_values_that_a_random_search_draws_twice_are_two_trials(n_jobs: int | None) -> None:
    class Same:
        def rvs(self, random_state: object) -> int:
            return 5 if random_state is not None else 6

    record = SearchRecord("random")
    with joblib.parallel_config(backend="threading"):
        search = RandomizedSearchCV(
            KNeighborsClassifier(), {"n_neighbors": Same()}, n_iter=4, cv=3, n_jobs=n_jobs,
            scoring=record.scorer, random_state=0,
        ).fit(X, Y)  # fmt: skip
    assert found(record) == expected(search)
    assert len(record) == 4


@pytest.mark.parametrize("n_jobs", [None, 2])
@warnings_are_no_errors
def test_rounds_of_halving_are_trials_of_their_own(n_jobs: int | None) -> None:
    record = SearchRecord("halving")
    with joblib.parallel_config(backend="threading"):
        search = HalvingGridSearchCV(
            KNeighborsClassifier(), {"n_neighbors": [1, 2, 3, 5, 7, 9]}, cv=3, n_jobs=n_jobs,
            factor=2, min_resources=40, scoring=record.scorer, random_state=0,
        ).fit(X, Y)  # fmt: skip
    assert search.n_iterations_ == 2
    assert sorted(found(record)) == sorted(expected(search))
    assert len(record) == 9


def test_a_search_within_a_cross_validation_records_its_own_folds() -> None:
    record = SearchRecord("grid")
    inner = GridSearchCV(KNeighborsClassifier(), GRID, cv=3, scoring=record.scorer)
    cross_validate(inner, X, Y, cv=4)
    assert [len(scores) for scores in found(record)] == 4 * 3 * [3]


def test_a_search_within_a_search_records_both() -> None:
    outside, inside = SearchRecord("outside"), SearchRecord("inside")
    inner = GridSearchCV(KNeighborsClassifier(), GRID, cv=3, scoring=inside.scorer)
    pipeline = make_pipeline(StandardScaler(), inner)
    outer = GridSearchCV(
        pipeline, {"gridsearchcv__estimator__weights": ["uniform", "distance"]}, cv=4,
        scoring=outside.scorer,
    ).fit(X, Y)  # fmt: skip
    assert expected(outer) == found(outside)
    # Two combinations in four folds, and the best one once more.
    assert [len(scores) for scores in found(inside)] == (2 * 4 + 1) * 3 * [3]


def test_a_search_within_a_search_may_share_its_scorer() -> None:
    record = SearchRecord("both")
    inner = GridSearchCV(KNeighborsClassifier(), GRID, cv=3, scoring=record.scorer)
    outer = GridSearchCV(
        inner, {"estimator__weights": ["uniform", "distance"]}, cv=4, refit=False,
        scoring=record.scorer,
    ).fit(X, Y)  # fmt: skip
    assert [scores for scores in found(record) if len(scores) == 4] == expected(outer)
    assert len([scores for scores in found(record) if len(scores) == 3]) == 2 * 4 * 3
    assert {trial.ended for trial in record} == {"finished"}


class Fragile(ClassifierMixin, BaseEstimator):
    """Fails on one fold for one value, or leaves the search there."""

    def __init__(self, size: int = 1, fails_at: int = 0, error: type[BaseException] = ValueError):
        self.size = size
        self.fails_at = fails_at
        self.error = error

    def fit(self, x: Any, y: Any) -> Fragile:
        # The first rows of the test fold are those that are missing here.
        fold = next(n for n in range(3) if n not in x[:, 0])
        if self.size == self.fails_at and fold == 1:
            raise self.error("here")
        self.classes_ = np.unique(y)
        return self

    def predict(self, x: Any) -> Any:
        return np.zeros(len(x))


# In fold n of three the first column is n.
FOLDS_X = np.repeat([0.0, 1.0, 2.0], 4).reshape(-1, 1)
FOLDS_Y = np.tile([0, 1], 6)


def fragile_search(record: SearchRecord, **options: Any) -> GridSearchCV:
    from sklearn.model_selection import KFold

    return GridSearchCV(
        Fragile(**options), {"size": [1, 2, 3]}, cv=KFold(3), scoring=record.scorer, refit=False
    )


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_combination_with_a_failed_fit_lands_as_failed_when_its_search_goes_on(
    fails_at: int,
) -> None:
    record = SearchRecord("grid")
    with pytest.warns(FitFailedWarning), pytest.warns(UserWarning, match="non-finite"):
        fragile_search(record, fails_at=fails_at).fit(FOLDS_X, FOLDS_Y)
    assert [trial.hyperparameters["size"] for trial in record] == [1, 2, 3]
    ended = ["failed" if n == fails_at else "finished" for n in (1, 2, 3)]
    assert [trial.ended for trial in record] == ended
    assert record.trials[fails_at - 1].message == "2 of 3 folds were scored"
    assert record.trials[fails_at - 1].fold_scores == (0.5, 0.5)


def test_a_search_broken_off_in_mid_fold_leaves_no_fold_to_the_next_one() -> None:
    record = SearchRecord("grid")
    with pytest.raises(KeyboardInterrupt):
        fragile_search(record, fails_at=2, error=KeyboardInterrupt).fit(FOLDS_X, FOLDS_Y)
    fragile_search(record).fit(FOLDS_X, FOLDS_Y)
    assert [trial.hyperparameters["size"] for trial in record] == [1, 2, 1, 2, 3]
    assert [len(scores) for scores in found(record)] == [3, 1, 3, 3, 3]
    assert [trial.ended for trial in record] == ["finished", "failed"] + 3 * ["finished"]


def test_a_search_broken_off_lands_when_the_record_is_looked_at() -> None:
    record = SearchRecord("grid")
    with pytest.raises(KeyboardInterrupt):
        fragile_search(record, fails_at=1, error=KeyboardInterrupt).fit(FOLDS_X, FOLDS_Y)
    gc.collect()
    assert [trial.message for trial in record] == ["1 of 3 folds were scored"]


@warnings_are_no_errors
def test_folds_that_fail_in_threads_split_no_trial() -> None:
    record = SearchRecord("grid")
    search = fragile_search(record, fails_at=3).set_params(n_jobs=2)
    for _ in range(2):
        with warnings.catch_warnings():  # sets the filters anew, as the threads of joblib do too
            warnings.simplefilter("ignore")
            with joblib.parallel_config(backend="threading"):
                search.fit(FOLDS_X, FOLDS_Y)
    record.scorer.flush()
    assert sorted(len(scores) for scores in found(record)) == [2, 2, 3, 3, 3, 3]
    failed = [trial for trial in record if trial.ended == "failed"]
    assert [trial.hyperparameters["size"] for trial in failed] == [3, 3]


@warnings_are_no_errors
def test_two_searches_at_once_share_a_scorer() -> None:
    record = SearchRecord("grid")
    start = threading.Barrier(2)

    def search(cv: int) -> None:
        start.wait()
        GridSearchCV(KNeighborsClassifier(), GRID, cv=cv, scoring=record.scorer).fit(X, Y)

    threads = [threading.Thread(target=search, args=(cv,)) for cv in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(scores) for scores in found(record)) == [3, 3, 3, 4, 4, 4]
    assert {trial.ended for trial in record} == {"finished"}


def test_a_cross_validation_that_does_not_tell_its_folds_is_an_error_that_says_what_to_do() -> None:
    record = SearchRecord("manual")
    with pytest.raises(ValueError, match=r"use scoring=record.follow\(cv=…\)"):
        cross_val_score(
            KNeighborsClassifier(), X, Y, cv=3, scoring=record.scorer, error_score="raise"
        )
    with pytest.raises(ValueError, match="how many folds there are"):
        record.scorer(KNeighborsClassifier().fit(X, Y), X, Y)
    assert len(record) == 0


@pytest.mark.parametrize("train_scores", [False, True])
def test_a_cross_validation_is_a_trial_where_its_folds_are_said(train_scores: bool) -> None:
    record = SearchRecord("manual")
    scores = cross_validate(
        KNeighborsClassifier(), X, Y, cv=4, scoring=record.follow(cv=4),
        return_train_score=train_scores,
    )  # fmt: skip
    assert found(record) == [tuple(scores["test_score"])]


class Meeting:
    """A value at whose comparison two threads meet, unless one of them is kept away."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(2)

    def __eq__(self, other: object) -> bool:
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=1)
        return self is other

    __hash__ = None  # type: ignore[assignment]


def test_folds_that_two_threads_score_at_the_same_moment_are_one_trial() -> None:
    record = SearchRecord("grid")
    scorer = FoldScorer(record, cv=2)

    def add(size: object, fold: str, score: float) -> None:
        scorer.add_fold(ScoredFold({"size": size}, fold, score, None, None, diverged=False))

    # Both look at this one first, and find that theirs is another one.
    add(Meeting(), "one", 0.0)
    threads = [
        threading.Thread(target=add, args=(1, "one", 0.25)),
        threading.Thread(target=add, args=(1, "two", 0.75)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (trial,) = record
    assert trial.validation_accuracy == 0.5


def test_a_fold_that_lands_while_another_one_is_told_of_makes_no_second_trial() -> None:
    told, go_on = threading.Event(), threading.Event()

    def on_fold(_values: dict[str, Any], scores: tuple[float, ...]) -> None:
        if len(scores) == 1:
            told.set()
            assert go_on.wait(SECONDS)

    record = SearchRecord("grid")
    scorer = FoldScorer(record, cv=2, on_fold=on_fold)

    def add(fold: str, score: float) -> None:
        scorer.add_fold(ScoredFold({"size": 1}, fold, score, None, None, diverged=False))

    first = threading.Thread(target=add, args=("one", 0.25))
    first.start()
    assert told.wait(SECONDS)
    add("two", 0.75)
    go_on.set()
    first.join()
    assert found(record) == [(0.25, 0.75)]


class OverdueError(Exception):
    """What a reader's own function raises."""


@pytest.mark.parametrize("place", [3, 6, 9])
def test_a_function_that_fails_after_the_last_fold_costs_no_trial(place: int) -> None:
    n_folds, n_changes = 0, 0

    def on_fold(_values: dict[str, Any], _scores: tuple[float, ...]) -> None:
        nonlocal n_folds
        n_folds += 1
        if n_folds == place:
            raise OverdueError

    def count() -> None:
        nonlocal n_changes
        n_changes += 1

    record = SearchRecord("grid")
    record.on_fold = count
    search = GridSearchCV(
        KNeighborsClassifier(), GRID, cv=3, scoring=record.follow(on_fold=on_fold), refit=False
    )
    with warnings.catch_warnings():  # scikit-learn takes the fold for one that failed
        warnings.simplefilter("ignore")
        search.fit(X, Y)
    assert [trial.hyperparameters["n_neighbors"] for trial in record] == GRID["n_neighbors"]
    assert [len(scores) for scores in found(record)] == [3, 3, 3]
    assert n_changes == 9


def test_a_listener_that_fails_while_unfinished_trials_land_costs_none_of_the_others() -> None:
    record = SearchRecord("grid")
    scorer = FoldScorer(record, cv=2)
    for size in (1, 2, 3):
        scorer.add_fold(ScoredFold({"size": size}, "one", 0.5, None, None, diverged=False))

    def fail(_: object) -> None:
        record.on_trial = None
        raise OverdueError

    record.on_trial = fail
    with pytest.raises(OverdueError):
        scorer.flush()
    scorer.flush()
    assert [trial.hyperparameters["size"] for trial in record] == [1, 2, 3]
    assert scorer.unfinished == ()
