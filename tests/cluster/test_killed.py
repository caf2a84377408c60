"""A worker, or the driver, is killed in the midst of each search."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from objectives import (
    HP,
    NINE,
    SPACE,
    Marking,
    MarkingClassifier,
    Slow,
    bowl,
    kill_own_worker,
    kill_when,
    settings,
)
from scipy.stats import loguniform
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

import hpt_widgets as hpt
from hpt_widgets.search.runner import run_search

N_TRIALS = {"grid": NINE, "random": 10, "tpe": 12}
STARTUP = 5
FOLDS = 3


@pytest.fixture(scope="module")
def digits():
    return hpt.load_mnist().take(2_000)


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_a_killed_worker_costs_no_trial_and_no_trial_counts_twice(
    cluster, digits, method, marks, tmp_path
):
    path = tmp_path / "trials.csv"
    n = N_TRIALS[method]
    thread, killed = kill_when(marks, 4)
    record = run_search(
        method, SPACE, Marking(marks, digits), trials=n, n_startup_jobs=STARTUP,
        record=hpt.SearchRecord(method, path), where=cluster,
    )  # fmt: skip
    thread.join()
    assert killed
    assert [trial.number for trial in record] == list(range(1, n + 1))
    assert {trial.ended for trial in record} == {"finished"}
    assert len({(rate, batch) for rate, batch, _ in settings(record)}) == n
    assert settings(hpt.SearchRecord.load(path)) == settings(record)
    if method != "tpe":
        known = {"trials": n, "hyperparameters": HP}
        assert settings(record) == settings(run_search(method, SPACE, digits, **known))


def test_even_when_one_worker_after_the_other_goes_with_the_data(cluster, marks):
    thread, killed = kill_when(marks, 4, kills=3)
    record = run_search("random", SPACE, Slow(marks, 0.6), trials=12, where=cluster)
    thread.join()
    assert len(killed) == 3
    assert settings(record) == settings(run_search("random", SPACE, bowl, trials=12))


def test_a_search_that_begins_while_no_worker_is_there_waits_for_one(cluster):
    for pid in cluster.client.run(os.getpid).values():
        os.kill(pid, signal.SIGKILL)
    while cluster.cores():
        time.sleep(0.01)
    assert len(run_search("random", SPACE, bowl, trials=5, where=cluster)) == 5


def test_a_trial_that_ends_its_worker_every_time_fails_and_the_others_land(cluster):
    record = run_search("grid", SPACE, kill_own_worker, trials=NINE, where=cluster)
    failed = [t for t in record if t.ended == "failed"]
    assert len(record) == NINE
    assert {t.hyperparameters["batch_size"] for t in failed} == {128}
    assert "the worker ended in the midst of it" in failed[0].message


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


@pytest.fixture
def failures(cluster, monkeypatch):
    """Let the first three results be lost on their way, and keep the errors."""
    gather, failures = cluster.client._gather, []

    async def broken_at_first(*arguments, **options):
        if len(failures) < 3:
            failures.append(OSError("broken"))
            raise failures[-1]
        return await gather(*arguments, **options)

    monkeypatch.setattr(cluster.client, "_gather", broken_at_first)
    return failures


def test_a_trial_that_cannot_be_fetched_at_once_is_asked_for_again(cluster, marks, failures):
    record = run_search("random", SPACE, Slow(marks, 0.1), trials=6, where=cluster)
    assert len(failures) == 3
    assert settings(record) == settings(run_search("random", SPACE, bowl, trials=6))
    assert len(list(marks.iterdir())) == 6  # none was made twice


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
    time.sleep(0.5)  # those under way may still begin
    began = len(list(marks.iterdir()))
    time.sleep(2)
    assert len(list(marks.iterdir())) == began < 20


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


DRIVER = """
import sys
from pathlib import Path
import hpt_widgets as hpt
from objectives import SPACE, Slow
from hpt_widgets.search.runner import run_search

if __name__ == "__main__":
    marks, path, method = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    record = hpt.SearchRecord(method, path)
    with hpt.Cluster(workers=2) as cluster:
        run_search(method, SPACE, Slow(marks, 0.4), trials=30, record=record, where=cluster)
"""


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_what_the_file_holds_when_the_driver_is_killed_can_be_continued(tmp_path, marks, method):
    script, path = tmp_path / "driver.py", tmp_path / "trials.csv"
    script.write_text(DRIVER, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    driver = subprocess.Popen(
        [sys.executable, str(script), str(marks), str(path), method], env=environment
    )
    while not path.exists() or len(hpt.SearchRecord.load(path)) < 5:
        assert driver.poll() is None
        time.sleep(0.05)
    workers = psutil.Process(driver.pid).children(recursive=True)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive
    landed = hpt.SearchRecord(method, path)
    assert 5 <= len(landed) < 30
    kept = settings(landed)
    record = run_search(method, SPACE, bowl, trials=14, record=landed)
    assert len(record) == 14
    assert set(kept) <= set(settings(record))
    if method == "random":
        assert settings(record) == settings(run_search("random", SPACE, bowl, trials=14))
