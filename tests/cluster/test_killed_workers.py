"""A worker is killed, or its answer lost, in the midst of a search of the workbook's."""

from __future__ import annotations

import os
import signal
import time

import pytest
from objectives import (
    HP,
    NINE,
    SPACE,
    Marking,
    Slow,
    bowl,
    kill_own_worker,
    kill_when,
    settings,
)

import hpt_widgets as hpt
from hpt_widgets.search.runner import run_search

N_TRIALS = {"grid": NINE, "random": 10, "tpe": 12}
STARTUP = 5


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


def test_a_trial_that_cannot_be_fetched_at_once_is_asked_for_again(cluster, marks, failures):
    record = run_search("random", SPACE, Slow(marks, 0.1), trials=6, where=cluster)
    assert len(failures) == 3
    assert settings(record) == settings(run_search("random", SPACE, bowl, trials=6))
    assert len(list(marks.iterdir())) == 6  # none was made twice
