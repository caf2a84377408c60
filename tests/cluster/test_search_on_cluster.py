"""The same searches on two worker processes: what is tried, what lands, and when it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import threading
import time

import psutil
import pytest
from objectives import HP, NINE, SPACE, Marking, Slow, bowl, in_one_process_fails, settings
from sklearn.model_selection import GridSearchCV, KFold

import hpt_widgets as hpt
from hpt_widgets.language import current_language
from hpt_widgets.search.objective import TrainingObjective
from hpt_widgets.search.runner import run_search


@pytest.mark.parametrize("method", ["grid", "random"])
def test_the_same_set_with_the_same_outcome_as_in_one_process(cluster, digits, method):
    known = {"trials": 7, "seed": 4, "hyperparameters": HP}
    here = run_search(method, SPACE, digits, **known)
    there = run_search(method, SPACE, digits, where=cluster, **known)
    assert settings(there) == settings(here)
    assert [trial.number for trial in there] == list(range(1, 8))
    assert {trial.method for trial in there} == {method}
    assert all(trial.seconds > 0 and trial.history for trial in there)
    assert [t.when for t in there] == sorted(t.when for t in there)


def test_tpe_begins_with_the_random_ones_and_learns_from_what_has_landed(cluster):
    tpe = run_search("tpe", SPACE, bowl, trials=40, seed=1, where=cluster, n_startup_jobs=10)
    random = run_search("random", SPACE, bowl, trials=40, seed=1)
    assert settings(tpe.trials[:8])  # those that landed
    drawn = {t.hyperparameters["learning_rate"] for t in random.trials[:10]}
    assert drawn <= {t.hyperparameters["learning_rate"] for t in tpe}
    assert len({t.hyperparameters["learning_rate"] for t in tpe}) == 40
    late = [t.validation_accuracy for t in tpe.trials[-15:]]
    assert sum(late) / 15 > sum(t.validation_accuracy for t in random) / 40


def test_both_workers_work_at_the_same_time(cluster, marks):
    run_search("random", SPACE, Slow(marks, 0.5), trials=6, where=cluster)
    assert len({path.name.partition("-")[0] for path in marks.iterdir()}) == 2


def test_a_training_keeps_to_one_core_on_its_worker(cluster, digits):
    def look(values):
        import tensorflow as tf

        from hpt_widgets.support.tensorflow_loader import load_tensorflow, threads_are_limited

        load_tensorflow()
        assert threads_are_limited()
        assert tf.config.threading.get_intra_op_parallelism_threads() == 1
        return 0.5

    record = run_search("random", SPACE, look, trials=4, where=cluster)
    assert {t.ended for t in record} == {"finished"}, [t.message for t in record]
    assert set(cluster.client.nthreads().values()) == {1}


class Counted(TrainingObjective):
    """Leaves a mark in each process that it arrives in."""

    def __init__(self, marks, data):
        super().__init__(data, HP)
        self.marks = marks

    def __setstate__(self, state):
        self.__dict__.update(state)
        (self.marks / f"{os.getpid()}-{time.monotonic_ns()}").touch()


def test_the_data_travel_once_to_each_worker_whatever_dask_tidies_up(cluster, digits, marks):
    def tidy_up(_):
        # Dask does so every two seconds: it drops copies that no task waits for.
        cluster.client.amm.run_once()

    objective = Counted(marks, digits)
    record = run_search("random", SPACE, objective, trials=8, where=cluster, on_trial=tidy_up)
    assert len(record) == 8
    arrived = [int(path.name.partition("-")[0]) for path in marks.iterdir()]
    # The scheduler, which is in this process, has the data too.
    workers = [process for process in arrived if process != os.getpid()]
    assert len(workers) == len(set(workers)) <= 2


def test_a_record_with_a_file_is_filled_as_trials_land_and_continued(cluster, tmp_path):
    path = tmp_path / "trials.csv"
    seen = []

    def look(trial):
        seen.append((trial.number, len(hpt.SearchRecord.load(path))))

    record = hpt.SearchRecord("random", path)
    run_search("random", SPACE, bowl, trials=5, record=record, where=cluster, on_trial=look)
    assert seen == [(n, n) for n in range(1, 6)]
    again = hpt.SearchRecord("random", path)
    run_search("random", SPACE, bowl, trials=12, record=again, where=cluster)
    assert settings(again) == settings(run_search("random", SPACE, bowl, trials=12))


def test_a_budget_that_is_used_up_opens_no_cluster(tmp_path):
    record = run_search("random", SPACE, bowl, trials=3)
    assert len(run_search("random", SPACE, bowl, trials=3, record=record, where="nobody:1")) == 3


def test_a_budget_in_seconds_counts_what_is_under_way(cluster, marks):
    record = run_search("random", SPACE, Slow(marks, 0.5), seconds=1.2, where=cluster)
    # Two at once: when the third and fourth end, 2 s have been spent, and no other may begin.
    assert 2 <= len(record) <= 4
    assert len(record) == len(list(marks.iterdir()))


def test_what_fails_is_a_failed_trial_in_the_readers_language(cluster):
    record = run_search("random", SPACE, in_one_process_fails, trials=3, where=cluster)
    assert [(t.ended, t.message) for t in record] == [("failed", "ValueError: too small")] * 3
    before = current_language()
    try:
        hpt.use_language("zh")
        record = run_search("random", SPACE, lambda _: "much", trials=1, where=cluster)
    finally:
        hpt.use_language(before)
    assert "目标函数返回了 'much'" in record.trials[0].message


def test_a_stop_ends_trainings_in_their_midst_and_records_none_of_them(cluster, marks):
    long = hpt.load_mnist()
    objective = Marking(marks, long)
    objective.hyperparameters = HP.replace(epochs=1_000)
    stop = threading.Event()

    def press():
        while len(list(marks.iterdir())) < 2:
            time.sleep(0.05)
        stop.set()

    threading.Thread(target=press, daemon=True).start()
    record = run_search("random", SPACE, objective, trials=9, where=cluster, stop=stop)
    assert len(record) == 0
    assert len(list(marks.iterdir())) == 2
    # Both workers are free again for the next search.
    assert len(run_search("random", SPACE, bowl, trials=4, where=cluster)) == 4


def test_an_error_of_the_readers_callback_ends_the_search_and_keeps_what_landed(cluster, marks):
    record = hpt.SearchRecord("random")

    def fail(trial):
        if trial.number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_search("random", SPACE, Slow(marks, 0.1), trials=50, record=record, where=cluster,
                   on_trial=fail)  # fmt: skip
    assert len(record) == 3
    began = len(list(marks.iterdir()))
    time.sleep(0.5)
    assert len(list(marks.iterdir())) <= began + 2


def test_a_connection_that_breaks_and_comes_back_costs_no_trial(cluster, marks):
    def break_off(trial):
        if trial.number in (2, 5):
            client = cluster.client
            client.loop.add_callback(client.scheduler_comm.comm.abort)

    objective = Slow(marks, 0.2)
    record = run_search("random", SPACE, objective, trials=10, where=cluster, on_trial=break_off)
    assert settings(record) == settings(run_search("random", SPACE, bowl, trials=10))


def test_where_local_starts_a_cluster_for_this_search_and_ends_it():
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    record = run_search("grid", SPACE, bowl, where="local")
    assert len(record) == NINE
    after = {p.pid for p in psutil.Process().children(recursive=True) if p.is_running()}
    assert after <= before


EAGER = "MALLOC_TRIM_THRESHOLD_"


# Asked before the first cluster is there: Dask sets it in this process too.
@pytest.mark.skipif(EAGER in os.environ, reason="chosen outside")
def test_workers_keep_the_memory_that_a_training_asks_for_again_and_again(cluster):
    for pid in cluster.client.run(os.getpid).values():
        assert EAGER not in psutil.Process(pid).environ()


def listening_ends():
    this = psutil.Process()
    return [
        connection.laddr
        for process in (this, *this.children(recursive=True))
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]


def test_nothing_listens_beyond_this_machine(cluster):
    ends = listening_ends()
    assert ends
    assert {end.ip for end in ends} == {"127.0.0.1"}


PAGES = [
    "/",
    "/sitemap.json",
    "/info/main/workers.html",
    "/json/counts.json",
    "/metrics",
    "/status",
]


def answer_to(port, page, context):
    """Return what another user of this machine would be told, empty where it is nothing."""
    with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
        ends = socket.create_connection(("127.0.0.1", port), timeout=10)
        stack.callback(ends.close)
        if context is not None:
            ends = context.wrap_socket(ends)
            stack.callback(ends.close)
        ends.sendall(f"GET {page} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return ends.recv(1000)
    return b""


def test_no_page_shows_what_runs_to_whoever_asks(cluster):
    any_keys = ssl.create_default_context()
    any_keys.check_hostname = False
    any_keys.verify_mode = ssl.CERT_NONE
    ports = {end.port for end in listening_ends()}
    # The scheduler, and each worker with its nanny.
    assert len(ports) >= 5
    for port in ports:
        for page in PAGES:
            for context in (None, any_keys):
                answer = answer_to(port, page, context)
                assert b"HTTP/" not in answer, (port, page, answer)


def test_a_worker_that_was_replaced_serves_no_pages_either(cluster):
    def processes():
        return set(cluster.client.run(os.getpid, on_error="ignore").values())

    before = processes()
    os.kill(min(before), signal.SIGKILL)
    while len(processes() - {min(before)}) < 2:
        time.sleep(0.1)
    test_no_page_shows_what_runs_to_whoever_asks(cluster)


def test_whoever_has_no_key_is_not_let_in(cluster, monkeypatch):
    from hpt_widgets.cluster import connection
    from hpt_widgets.cluster.connection import ClusterError

    monkeypatch.setattr(connection, "ANSWER_SECONDS", 5.0)
    port = cluster.address.rpartition(":")[2]
    with pytest.raises(ClusterError, match="no cluster answers"):
        hpt.Cluster(f"tcp://127.0.0.1:{port}")


def test_an_objective_that_cannot_be_sent_is_named(cluster):
    lock = threading.Lock()
    with pytest.raises(TypeError, match=r"objective=.* cannot be sent"):
        run_search("random", SPACE, lambda _: lock, trials=1, where=cluster)
    progress = TrainingObjective(hpt.load_mnist(), on_progress=print)
    with pytest.raises(TypeError, match="on_progress="):
        run_search("random", SPACE, progress, trials=1, where=cluster)


class Fragile(hpt.KerasMLPClassifier):
    """Fails for one value, on the fold whose first rows it is not given."""

    def fit(self, x, y):
        if self.batch_size == 13 and x[0, 0] != 0:
            raise ValueError("thirteen")
        return super().fit(x, y)


@pytest.mark.parametrize("cv", [2, 4])
def test_a_record_follows_whatever_the_cv_is_and_training_scores_are_no_folds(cluster, digits, cv):
    x, y = digits.x_train[:400].reshape(400, -1), digits.y_train[:400]
    record = hpt.SearchRecord("grid")
    search = GridSearchCV(
        hpt.KerasMLPClassifier(hidden_units=(8,)), {"batch_size": [32, 64, 64]}, cv=cv,
        scoring=record.scorer, return_train_score=True, refit=False,
    )  # fmt: skip
    with cluster.parallel():
        search.fit(x, y)
    results = search.cv_results_
    scores = zip(*(results[f"split{n}_test_score"] for n in range(cv)), strict=True)
    assert sorted(trial.fold_scores for trial in record) == sorted(scores)


def test_a_combination_with_a_failed_fit_lands_as_failed_when_the_block_ends(cluster, digits):
    x, y = digits.x_train[:200].reshape(200, -1).copy(), digits.y_train[:200]
    x[0, 0], x[100, 0] = 0.0, 1.0
    record = hpt.SearchRecord("grid")
    search = GridSearchCV(
        Fragile(hidden_units=(8,)), {"batch_size": [32, 13]}, cv=KFold(2), scoring=record.scorer,
        refit=False,
    )  # fmt: skip
    with cluster.parallel():
        search.fit(x, y)
    ended = {trial.hyperparameters["batch_size"]: trial for trial in record}
    assert ended[32].ended == "finished"
    assert ended[13].ended == "failed"
    assert ended[13].message == "1 of 2 folds were scored"
