"""One local cluster of two worker processes for most tests; some need one of their own."""

from __future__ import annotations

import multiprocessing
import sys

import dask
import pytest
from distributed.utils import get_mp_context

import hpt_widgets as hpt
from hpt_widgets.cluster import connection


def pytest_collection_modifyitems(items):
    """Leave warnings what they are here.

    The scheduler runs in this process: a warning that became an error in one of its threads
    would end a connection, which is no fault of a search.
    """
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session", autouse=True)
def slow_machine():
    """Wait longer than a reader would for an answer, and for a worker that is being started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "ANSWER_SECONDS", 60.0)
        patch.setattr(connection, "WORKER_SECONDS", 120.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def libraries_imported_once():
    """Fork workers from a process that has imported TensorFlow, where Python can do that.

    The import takes some four seconds of a core, and these tests kill many workers.
    """
    if sys.platform != "linux":
        yield
        return
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context()  # sets what Dask itself would have imported, and not again
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["distributed", "tensorflow", "pandas", "sklearn.pipeline"])
        yield


@pytest.fixture(scope="session")
def cluster(libraries_imported_once, slow_machine):
    with hpt.Cluster(workers=2) as opened:
        yield opened


@pytest.fixture(autouse=True)
def two_workers(request):
    """Let a test find both workers, whatever became of them in the one before."""
    if "cluster" in request.fixturenames:
        request.getfixturevalue("cluster").client.wait_for_workers(2, timeout=180)


@pytest.fixture(scope="session")
def digits():
    return hpt.load_mnist().take(2_000)


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


@pytest.fixture
def marks(tmp_path):
    """A folder in which objectives leave a file for each time they began."""
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder
