"""A cluster at an address: one that works, and those that do not."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from objectives import SPACE, Slow, bowl, settings

import hpt_widgets as hpt
from hpt_widgets.cluster import connection as cluster_module
from hpt_widgets.cluster.connection import ClusterError
from hpt_widgets.search.runner import run_search

HERE = Path(__file__).parent
SECONDS = 30
"""What "within seconds" is at most on a machine that does other things too."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def program(*arguments, path=HERE):
    """Run one of Dask's own programs, as whoever has a cluster does."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(path), str(HERE)])}
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        for each in (*psutil.Process(process.pid).children(recursive=True), process):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        process.wait()


@contextlib.contextmanager
def started_scheduler(path=HERE):
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    arguments = ("--host", "127.0.0.1", "--port", port, "--dashboard-address", "127.0.0.1:0")
    with program("distributed.cli.dask_scheduler", *arguments, path=path) as process:
        wait_until_open(port)
        yield address, process


@pytest.fixture
def scheduler():
    with started_scheduler() as started:
        yield started


def worker(address, path=HERE, threads=1):
    options = ("--host", "127.0.0.1", "--nthreads", threads, "--dashboard-address", "127.0.0.1:0")
    return program("distributed.cli.dask_worker", address, *options, path=path)


def wait_until_open(port):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


def one_line(error):
    text = str(error.value)
    assert "\n" not in text
    return text


def test_a_search_on_workers_that_somebody_else_has_started(scheduler):
    from distributed import Client

    address, _ = scheduler
    with worker(address), worker(address):
        with hpt.Cluster(address) as cluster:
            cluster.client.wait_for_workers(2, timeout=180)
            assert cluster.cores() == 2
            record = run_search("random", SPACE, bowl, trials=8, where=cluster)
            assert settings(record) == settings(run_search("random", SPACE, bowl, trials=8))
        # The address itself, and the reader's own client, do as well.
        assert len(run_search("grid", SPACE, bowl, where=address)) == 9
        with Client(address, set_as_default=False) as client:
            assert len(run_search("grid", SPACE, bowl, where=client)) == 9
            assert client.status == "running"


def test_workers_that_come_later_join_in_and_threads_count(scheduler, marks):
    address, _ = scheduler
    with worker(address, threads=2), hpt.Cluster(address) as cluster:
        assert cluster.cores() == 2
        with worker(address):
            record = run_search("random", SPACE, Slow(marks, 0.5), trials=24, where=cluster)
    assert len(record) == 24
    assert len({path.name.partition("-")[0] for path in marks.iterdir()}) == 2


def test_a_lost_scheduler_ends_the_search_and_what_landed_can_be_continued(scheduler, marks):
    address, process = scheduler
    record = hpt.SearchRecord("random")
    with worker(address), hpt.Cluster(address) as cluster:
        with pytest.raises(ClusterError, match="connection to the cluster is lost") as error:
            run_search("random", SPACE, Slow(marks, 0.3), trials=30, record=record, where=cluster,
                       on_trial=lambda trial: trial.number == 3 and process.kill())  # fmt: skip
        assert f"{len(record)} trials are in the record" in one_line(error)
    assert len(record) >= 3
    run_search("random", SPACE, bowl, trials=9, record=record)
    assert settings(record) == settings(run_search("random", SPACE, bowl, trials=9))


def test_workers_that_are_gone_for_good_end_the_search(scheduler, marks, monkeypatch):
    from hpt_widgets.search import cluster_search

    monkeypatch.setattr(cluster_search, "WORKER_WAIT_SECONDS", 2.0)
    address, _ = scheduler
    record = hpt.SearchRecord("random")
    with contextlib.ExitStack() as stack:
        stack.enter_context(worker(address))
        cluster = hpt.Cluster(address)
        with cluster, pytest.raises(ClusterError, match="no worker for 2 seconds") as error:
            run_search("random", SPACE, Slow(marks, 0.3), trials=30, record=record, where=cluster,
                       on_trial=lambda trial: trial.number == 2 and stack.close())  # fmt: skip
    assert f"{len(record)} trials are in the record" in one_line(error)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no cluster answers at"), ("zh", "没有集群应答")]
)
def test_a_dead_address_is_one_line_within_seconds(language, words, capfd, monkeypatch):
    monkeypatch.setattr(cluster_module, "ANSWER_SECONDS", 1.0)
    hpt.use_language(language)
    started = time.monotonic()
    try:
        with pytest.raises(ClusterError, match=words) as error:
            run_search("random", SPACE, bowl, trials=1, where=f"tcp://127.0.0.1:{free_port()}")
    finally:
        hpt.use_language("en")
    assert time.monotonic() - started < SECONDS
    assert "tcp://127.0.0.1:" in one_line(error)
    assert capfd.readouterr() == ("", "")


def test_a_cluster_without_workers_is_one_line(scheduler, monkeypatch):
    monkeypatch.setattr(cluster_module, "WORKER_SECONDS", 1.0)
    with pytest.raises(ClusterError, match="has no workers: start some with `dask worker") as error:
        hpt.Cluster(scheduler[0])
    one_line(error)


def fake_distribution(folder, name, version):
    place = folder / f"{name}-{version}.dist-info"
    place.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (place / "METADATA").write_text(text, encoding="utf-8")


OTHER_PYTHON = "import platform\nplatform.python_version = lambda: '3.9.1'\n"


def fake_version(folder, name):
    """Let whatever runs with this folder on its path have another version; return which."""
    if name == "Python":
        (folder / "sitecustomize.py").write_text(OTHER_PYTHON, encoding="utf-8")
        return "3.9"
    builds = ("tensorflow", "tensorflow_cpu") if name == "TensorFlow" else (name,)
    for build in builds:
        fake_distribution(folder, build, "0.0.7")
    return "0.0.7"


@pytest.mark.parametrize("name", ["Python", "TensorFlow", "hpt_widgets", "distributed"])
def test_another_version_on_a_worker_is_one_line_that_names_both(scheduler, tmp_path, name):
    there = fake_version(tmp_path, name)
    here = cluster_module.versions_here()[name]
    words = f"the worker tcp://.* has {name} {there}, and here it is {here}"
    with worker(scheduler[0], path=tmp_path), pytest.raises(ClusterError, match=words) as error:
        hpt.Cluster(scheduler[0])
    assert "requirements-cluster.txt" in one_line(error)


@pytest.mark.parametrize("name", ["Python", "hpt_widgets"])
def test_another_version_on_the_scheduler_is_one_line_too(tmp_path, name):
    there = fake_version(tmp_path, name)
    with started_scheduler(tmp_path) as (address, _), worker(address):
        words = f"the scheduler {address} has {name} {there}, and here it is"
        with pytest.raises(ClusterError, match=words) as error:
            hpt.Cluster(address)
    one_line(error)
