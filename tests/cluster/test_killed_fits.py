"""A worker is killed, or a fit fails or is lost, in the midst of a search of scikit-learn's."""

from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np
import pytest
from objectives import MarkingClassifier, kill_when, settings
from scipy.stats import loguniform
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

import hpt_widgets as hpt

FOLDS = 3


def searches(marks, scoring):
    model = MarkingClassifier(marks=str(marks))
    known = {"cv": FOLDS, "refit": False, "scoring": scoring}
    grid = {"learning_rate": [0.001, 0.01, 0.1], "batch_size": [32, 64]}
    drawn = {"learning_rate": loguniform(1e-3, 1e-1), "batch_size": [32, 64]}
    return {
        "grid": GridSearchCV(model, grid, **known),
        "random": RandomizedSearchCV(model, drawn, n_iter=6, random_state=0, **known),
    }


@pytest.mark.parametrize("method", ["grid", "random"])
def test_a_killed_worker_costs_a_search_of_scikit_learn_nothing(cluster, digits, method, marks):
    x, y = digits.x_train, digits.y_train
    record = hpt.SearchRecord(method)
    there = searches(marks, record.follow(FOLDS))[method]
    thread, killed = kill_when(marks, 5)
    with cluster.parallel():
        there.fit(x, y)
    thread.join()
    assert killed
    here = searches(marks, None)[method].fit(x, y)
    for fold in range(FOLDS):
        name = f"split{fold}_test_score"
        assert there.cv_results_[name].tolist() == here.cv_results_[name].tolist()
    assert there.cv_results_["params"] == here.cv_results_["params"]
    # What the record followed live is what the search found, each combination once.
    assert {t.ended for t in record} == {"finished"}
    found = settings(hpt.SearchRecord.from_cv_results(there.cv_results_))
    assert [known[:2] for known in settings(record)] == [known[:2] for known in found]
    assert [known[2] for known in settings(record)] == pytest.approx([f[2] for f in found])


def test_a_connection_that_breaks_costs_a_search_of_scikit_learn_nothing(cluster, digits, marks):
    x, y = digits.x_train, digits.y_train
    record = hpt.SearchRecord("grid")
    there = searches(marks, record.follow(FOLDS))["grid"]

    def break_off():
        while len(list(marks.iterdir())) < 4:
            time.sleep(0.02)
        client = cluster.client
        client.loop.add_callback(client.scheduler_comm.comm.abort)

    thread = threading.Thread(target=break_off, daemon=True)
    thread.start()
    with cluster.parallel():
        there.fit(x, y)
    thread.join()
    here = searches(marks, None)["grid"].fit(x, y)
    for fold in range(FOLDS):
        name = f"split{fold}_test_score"
        assert there.cv_results_[name].tolist() == here.cv_results_[name].tolist()
    found = settings(hpt.SearchRecord.from_cv_results(there.cv_results_))
    assert [known[:2] for known in settings(record)] == [known[:2] for known in found]


def test_a_fit_that_cannot_be_fetched_at_once_is_asked_for_again(cluster, digits, marks, failures):
    search = GridSearchCV(
        MarkingClassifier(marks=str(marks)), {"epochs": [1, 2]}, cv=2, refit=False
    )
    with cluster.parallel():
        search.fit(digits.x_train, digits.y_train)
    assert len(failures) == 3
    assert len(list(marks.iterdir())) == 4  # no fit was made twice


class Failing(MarkingClassifier):
    def fit(self, x, y):
        super().fit(x, y)
        time.sleep(0.2)
        raise ValueError("enough")


def test_an_error_ends_a_search_and_leaves_no_fits_to_the_workers(cluster, digits, marks):
    search = GridSearchCV(
        Failing(marks=str(marks)), {"epochs": list(range(1, 21))}, cv=2, error_score="raise"
    )
    with cluster.parallel(), pytest.raises(ValueError, match="enough"):
        search.fit(digits.x_train, digits.y_train)
    # Those under way may still begin.
    before, began = -1, len(list(marks.iterdir()))
    while began != before:
        time.sleep(2)
        before, began = began, len(list(marks.iterdir()))
    assert began < 20


class Deadly(hpt.KerasMLPClassifier):
    def fit(self, x, y):
        assert len(x) == len(y)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_fit_that_ends_its_worker_every_time_is_an_error_and_no_wait_without_end(cluster):
    from distributed import KilledWorker

    search = GridSearchCV(Deadly(), {"epochs": [1]}, cv=2, refit=False)
    with cluster.parallel(), pytest.raises(KilledWorker):
        search.fit(np.eye(8), [0, 1] * 4)


def test_a_fit_that_cannot_be_sent_is_an_error_and_no_wait_without_end(cluster, digits):
    lock = threading.Lock()
    search = GridSearchCV(
        hpt.KerasMLPClassifier(), {"epochs": [1]}, cv=2, scoring=lambda *_: float(lock.locked())
    )
    with cluster.parallel(), pytest.raises(TypeError, match="cannot be sent to the workers"):
        search.fit(digits.x_train, digits.y_train)
