"""What searches on a cluster are like without one: tests/cluster has those on a real one."""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
import threading

import pytest
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.cluster import connection as cluster
from hpt_widgets.cluster.parallel_block import opened_block
from hpt_widgets.search.cluster_search import _evaluate_on_worker, forget_trials, stop_trials
from hpt_widgets.search.fold_scorer import ScoredFold
from hpt_widgets.search.library_results import hyperopt_trials
from hpt_widgets.search.objective import SearchStopped, TrainingObjective, evaluate
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.remote_scoring import FoldReceiver
from hpt_widgets.search.runner import METHODS, Search, run_search
from hpt_widgets.search.space import Choice, LogUniform, SearchSpace
from hpt_widgets.search.trial import Trial

SPACE = SearchSpace((LogUniform("learning_rate", 0.001, 0.1), Choice("batch_size", (32, 64, 128))))


def bowl(values):
    return 1 - (math.log10(values["learning_rate"]) + 2) ** 2


def settings_of(record):
    return [trial.hyperparameters for trial in record]


# Without Dask

WITHOUT_DASK = """
import sys
sys.modules["distributed"] = None
import hpt_widgets as hpt
from hpt_widgets.search.runner import run_search
from hpt_widgets.search.space import Choice, SearchSpace
def ask():
    for where in ("local", "tcp://127.0.0.1:8786"):
        try:
            run_search("grid", SearchSpace((Choice("x", (1, 2)),)), print, where=where)
        except Exception as error:
            print(type(error).__name__, error)
ask()
hpt.use_language("en")
ask()
"""


def test_without_dask_it_is_one_line_that_says_what_to_do():
    answer = subprocess.run(
        [sys.executable, "-c", WITHOUT_DASK],
        env={**os.environ, "HPT_LANGUAGE": "zh", "PYTHONIOENCODING": "utf-8"},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    chinese, same_chinese, english, same_english = answer.stdout.splitlines()
    assert english == same_english
    assert chinese == same_chinese
    assert english.startswith("ClusterError A cluster needs Dask, which is not")
    assert chinese.startswith("ClusterError 使用集群需要 Dask")
    for line in (english, chinese):
        assert "make cluster" in line
        assert "requirements-cluster.txt" in line
    assert answer.stderr == ""


def test_a_notice_says_how_to_install_what_is_missing(monkeypatch):
    monkeypatch.setattr(cluster, "is_available", lambda: False)
    assert "make cluster" in cluster.notice()
    monkeypatch.setattr(cluster, "is_available", lambda: True)
    monkeypatch.setattr(cluster.metadata, "version", lambda _: "2026.1")
    assert "Dask 2026.1 is installed" in cluster.notice()


def test_importing_the_modules_does_not_import_dask():
    code = (
        "import sys, hpt_widgets.cluster.connection, hpt_widgets.search.cluster_search;"
        "import hpt_widgets.cluster.joblib_backend, hpt_widgets.search.remote_scoring;"
        "print(sorted({'dask', 'distributed', 'tensorflow'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "node7:8786", "tls://[::1]:8786"])
def test_an_address_is_a_place_and_a_cluster_of_ones_own_has_no_workers_of_ours(address):
    cluster.check_where(address)
    with pytest.raises(ValueError, match="workers=2 is for where='local' only"):
        hpt.Cluster(address, workers=2)


# Several trials under way


@pytest.mark.parametrize("method", METHODS)
def test_what_is_under_way_is_not_proposed_again(method):
    search = Search(method, SPACE, bowl, n_startup_jobs=3)
    under_way = []
    for _ in range(8):
        under_way.append(search.propose(under_way))
    assert len({repr(values) for values in under_way}) == 8


def test_grid_and_random_propose_the_same_in_whatever_order_trials_land():
    for method in ("grid", "random"):
        whole = settings_of(run_search(method, SPACE, bowl, trials=9, seed=3))
        search = Search(method, SPACE, bowl, seed=3)
        out = [search.propose()]
        while len(search.record) < 9:
            while len(out) < 3 and len(out) + len(search.record) < 9:
                out.append(search.propose(out))
            values = out.pop()  # the newest lands first
            search.record.append(Trial(values, method=method, validation_accuracy=0.5))
        assert sorted(map(repr, settings_of(search.record))) == sorted(map(repr, whole))


@pytest.mark.parametrize("method", METHODS)
def test_a_record_that_lacks_a_trial_in_its_midst_gets_that_one_first(method):
    whole = run_search(method, SPACE, bowl, trials=9, seed=3)
    broken = SearchRecord(method)
    for trial in whole:
        if trial.number != 4:
            broken.append(trial)
    search = Search(method, SPACE, bowl, seed=3, record=broken)
    assert search.propose() == whole.trials[3].hyperparameters


def test_a_value_that_was_drawn_twice_is_tried_twice():
    space = SearchSpace((Choice("batch_size", (32, 64)),))
    whole = settings_of(run_search("random", space, lambda _: 0.5, trials=12))
    continued = run_search("random", space, lambda _: 0.5, trials=5)
    run_search("random", space, lambda _: 0.5, trials=12, record=continued)
    assert settings_of(continued) == whole


def test_tpe_keeps_away_from_what_is_under_way():
    space = SearchSpace((LogUniform("learning_rate", 0.001, 0.1),))
    record = run_search("tpe", space, bowl, trials=25, seed=1)

    def distance_from_the_top(crowd):
        under_way = [{"learning_rate": crowd * 1.02**step} for step in range(-12, 13)]
        found = []
        for seed in range(12):
            search = Search("tpe", space, bowl, seed=seed, record=record)
            found.append(abs(math.log10(search.propose(under_way)["learning_rate"]) + 2))
        return sum(found) / len(found)

    assert distance_from_the_top(0.01) > 1.5 * distance_from_the_top(0.07)


def test_hyperopt_sees_what_is_under_way_as_running():
    import hyperopt

    made = hyperopt_trials(SPACE, run_search("random", SPACE, bowl, trials=2), [
        {"learning_rate": 0.01, "batch_size": 64},
    ])  # fmt: skip
    assert [document["state"] for document in made.trials] == [
        hyperopt.JOB_STATE_DONE, hyperopt.JOB_STATE_DONE, hyperopt.JOB_STATE_RUNNING,
    ]  # fmt: skip
    assert made.trials[2]["result"] == {"status": "running"}


# What travels to a worker


def test_an_objective_travels_without_its_event_and_not_with_a_callback():
    objective = TrainingObjective(tabular_data(), hyperparameters(), stop=threading.Event())
    arrived = pickle.loads(pickle.dumps(objective))
    assert arrived.stop is None
    assert arrived({}).validation_accuracy == objective({}).validation_accuracy
    with pytest.raises(TypeError, match="on_progress="):
        pickle.dumps(TrainingObjective(tabular_data(), on_progress=print))


def test_a_worker_tries_out_as_this_process_does_and_stops_when_told():
    objective = TrainingObjective(tabular_data(), hyperparameters())
    trial = _evaluate_on_worker(objective, {"learning_rate": 0.02}, "random", "one", "en")
    expected = evaluate(objective, {"learning_rate": 0.02}, "random")
    assert trial.validation_accuracy == expected.validation_accuracy
    assert trial.method == "random"
    stop_trials("one")
    assert _evaluate_on_worker(objective, {}, "random", "one", "en") is None
    assert _evaluate_on_worker(objective, {}, "random", "another", "en") is not None
    forget_trials("one")
    assert _evaluate_on_worker(objective, {}, "random", "one", "en") is not None

    def stopped(_):
        raise SearchStopped

    assert _evaluate_on_worker(stopped, {}, "random", "one", "en") is None


def test_a_fold_that_arrives_twice_from_the_same_task_counts_once():
    record = SearchRecord("grid")
    receive = FoldReceiver(record.follow(2))
    fold = ScoredFold({"units": (8, 4)}, "one", 0.5, 1.0, 1.0, diverged=False).plain()
    # Between processes tuples become lists.
    fold["values"]["units"] = [8, 4]
    receive((0.0, ("task-1", fold)))
    receive((0.0, ("task-1", fold)))
    assert len(record) == 0
    receive((0.0, ("task-2", {**fold, "fold": "two", "score": 0.7})))
    (trial,) = record
    assert trial.hyperparameters == {"units": (8, 4)}
    assert trial.fold_scores == (0.5, 0.7)


def fold_of(place, score, values=None):
    fold = ScoredFold(values or {"units": (8, 4)}, "", score, 1.0, 1.0, diverged=False).plain()
    return {**fold, "place": place}


def task(call, attempt):
    return f"fit-call-{call}-batch-1-attempt-{attempt}"


def test_folds_from_workers_are_told_apart_by_the_search_and_its_candidate():
    record = SearchRecord("random")
    receive = FoldReceiver(record.follow())
    # Two candidates of one search with the same values, and one of another search, in turn.
    for split in (1, 0):
        for call, candidate, score in (("a", 0, 0.25), ("a", 1, 0.5), ("b", 0, 0.75)):
            event = fold_of((candidate, split, 2), score + split / 100)
            receive((0.0, (task(call, 1), event)))
            # The worker ended with the result: the fit is made again.
            receive((0.0, (task(call, 2), event)))
    scores = [(score, score + 0.01) for score in (0.25, 0.5, 0.75)]
    assert [trial.fold_scores for trial in record] == scores


def test_what_workers_leave_unfinished_lands_as_failed_when_the_block_ends():
    class Client:
        def __init__(self):
            self.handlers = {}

        def subscribe_topic(self, topic, handler):
            self.handlers[topic] = handler

        def unsubscribe_topic(self, topic):
            del self.handlers[topic]

    record = SearchRecord("grid")
    client = Client()
    with opened_block(client):
        pickle.dumps(record.scorer)
        (handler,) = client.handlers.values()
        handler((0.0, (task("a", 1), fold_of((0, 1, 3), 0.5))))
        assert len(record) == 0
    assert not client.handlers
    (trial,) = record
    assert (trial.ended, trial.message) == ("failed", "1 of 3 folds were scored")
