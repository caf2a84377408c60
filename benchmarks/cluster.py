"""Searches on a cluster: how many trials a second, what a trial costs more, when it pays.

More workers than this machine has cores are simulated: their trials sleep as long as a
training lasts, so that what is measured is the traffic, and not the processors.
"""

from __future__ import annotations

import time
from typing import Any

import psutil

import hpt_widgets as hpt
from benchmarks.own_process import call
from benchmarks.rows import Row, Skipped
from hpt_widgets.search.runner import run_search
from hpt_widgets.search.space import ARTICLE_SPACE

TITLE = "Beyond one machine"
N_TRIALS = 40
N_EMPTY = 300
SIMULATED = (2, 8, 32)
SIMULATED_SECONDS = 0.7
TRIALS_A_WORKER = 12
MEGABYTE = 1e6


def in_this_process(n_digits: int) -> dict[str, float]:
    """Time a search one trial after the other."""
    from hpt_widgets.support.tensorflow_loader import load_tensorflow

    load_tensorflow()
    data = hpt.load_mnist().take(n_digits)
    run_search("random", ARTICLE_SPACE, data, trials=2, seed=1)
    return _timed(data, None)


def on_workers(n_workers: int, n_digits: int) -> dict[str, float]:
    """Time the same search on a local cluster, and what comes before its first trial."""
    data = hpt.load_mnist().take(n_digits)
    started = time.perf_counter()
    with hpt.Cluster(workers=n_workers) as cluster:
        opened = time.perf_counter()
        run_search("random", ARTICLE_SPACE, _nothing, trials=2 * n_workers, where=cluster)
        # Each worker imports TensorFlow with its first training.
        warmed = time.perf_counter()
        run_search("random", ARTICLE_SPACE, data, trials=2 * n_workers, seed=1, where=cluster)
        ready = time.perf_counter()
        found = _timed(data, cluster)
        pids = cluster.client.run(_own_pid).values()
        memory = max(psutil.Process(pid).memory_info().rss for pid in pids)
    return {
        **found,
        "opening": opened - started,
        "first": ready - warmed,
        "memory": memory / MEGABYTE,
    }


def empty_trials() -> dict[str, float]:
    """Time trials that return at once, here and on one worker: what is left is overhead."""
    found = {}
    with hpt.Cluster(workers=1) as cluster:
        run_search("random", ARTICLE_SPACE, _nothing, trials=20, where=cluster)
        for name, where in (("here", None), ("there", cluster)):
            started = time.perf_counter()
            run_search("random", ARTICLE_SPACE, _nothing, trials=N_EMPTY, where=where)
            found[name] = (time.perf_counter() - started) / N_EMPTY
    return found


def simulated(n_workers: int, method: str) -> dict[str, float]:
    """Time trials that sleep, on as many threads as there would be workers."""
    from distributed import Client, LocalCluster

    options = {"n_workers": 2, "threads_per_worker": n_workers // 2, "host": "127.0.0.1"}
    n_trials = TRIALS_A_WORKER * n_workers
    with (
        LocalCluster(**options, dashboard_address="127.0.0.1:0") as local,
        Client(local) as client,
        hpt.Cluster(client) as cluster,
    ):
        run_search("random", ARTICLE_SPACE, _nothing, trials=n_workers, where=cluster)
        started = time.perf_counter()
        run_search(method, ARTICLE_SPACE, _sleep, trials=n_trials, where=cluster)
        seconds = time.perf_counter() - started
    return {"rate": n_trials / seconds, "ideal": n_workers / SIMULATED_SECONDS}


def measure() -> list[Row]:
    """Measure each in a process of its own.

    Raises
    ------
    Skipped
        Where Dask is not installed.
    """
    from hpt_widgets.cluster import connection as cluster

    if not cluster.is_available():
        raise Skipped(cluster.notice())
    rows: list[Row] = []
    overhead = call("benchmarks.cluster", "empty_trials")
    for n_digits in (5_000, 50_000):
        here = call("benchmarks.cluster", "in_this_process", n_digits=n_digits)
        there = {
            n: call("benchmarks.cluster", "on_workers", n_workers=n, n_digits=n_digits)
            for n in (1, 2)
        }
        rows += _rate_rows(n_digits, here, there)
    extra = overhead["there"] - overhead["here"]
    opening = there[2]["opening"] + there[2]["first"]
    rows += [
        Row("a local cluster of two opens in", there[2]["opening"], "s", "processes and keys"),
        Row("its first trainings", there[2]["first"], "s",
            "TensorFlow's import, 50,000 digits to both workers, two trials each"),
        Row("memory of a worker", there[2]["memory"], "MB", "after trials on 50,000 digits"),
        Row("a trial costs more by", 1000 * extra, "ms",
            f"{N_EMPTY} trials that return at once, one worker against this process"),
        Row("two workers pay from a trial length of", pays_from(opening, extra, N_TRIALS), "s",
            f"computed, {N_TRIALS} trials, the opening and the import included"),
        Row("the same for 1,000 trials", pays_from(opening, extra, 1000), "s", "computed"),
    ]  # fmt: skip
    for method in ("random", "tpe"):
        for n_workers in SIMULATED:
            rows += _simulated_rows(n_workers, method)
    return rows


def _rate_rows(
    n_digits: int, here: dict[str, float], there: dict[int, dict[str, float]]
) -> list[Row]:
    note = f"{N_TRIALS} random trials of one epoch"
    what = f"{n_digits:,} digits"
    return [
        Row(f"{what}: this process", here["rate"], "trials/s", note),
        Row(f"{what}: one worker", there[1]["rate"], "trials/s", note),
        Row(f"{what}: two workers", there[2]["rate"], "trials/s", note),
        Row(f"{what}: a trial on two workers", there[2]["trial"], "s",
            "mean, as the worker measures it"),
    ]  # fmt: skip


def _simulated_rows(n_workers: int, method: str) -> list[Row]:
    found = call("benchmarks.cluster", "simulated", n_workers=n_workers, method=method)
    name = "TPE" if method == "tpe" else method
    return [
        Row(f"simulated, {name}: {n_workers} workers", found["rate"], "trials/s",
            f"trials that sleep {SIMULATED_SECONDS} s; without any overhead {found['ideal']:.3g}")
    ]  # fmt: skip


def pays_from(opening: float, extra: float, n_trials: int) -> float:
    """Return the trial length at which two workers take as long as this process.

    With n trials of t seconds: n · t = opening + n · (t + extra) / 2.
    """
    return 2 * opening / n_trials + extra


def _timed(data: Any, where: Any) -> dict[str, float]:
    started = time.perf_counter()
    record = run_search("random", ARTICLE_SPACE, data, trials=N_TRIALS, where=where)
    seconds = time.perf_counter() - started
    trial = sum(trial.seconds or 0.0 for trial in record) / N_TRIALS
    return {"rate": N_TRIALS / seconds, "trial": trial}


def _nothing(values: dict[str, Any]) -> float:
    return float(values["dropout_rate"])


def _sleep(values: dict[str, Any]) -> float:
    time.sleep(SIMULATED_SECONDS)
    return float(values["dropout_rate"])


def _own_pid() -> int:
    import os

    return os.getpid()
