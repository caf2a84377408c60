"""One local cluster of two worker processes for most tests; some need one of their own."""

from __future__ import annotations

import pytest

import hpt_widgets as hpt


def pytest_collection_modifyitems(items):
    """Leave warnings what they are here.

    The scheduler runs in this process: a warning that became an error in one of its threads
    would end a connection, which is no fault of a search.
    """
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session")
def cluster():
    with hpt.Cluster(workers=2) as opened:
        yield opened


@pytest.fixture(autouse=True)
def two_workers(request):
    """Let a test find both workers, whatever became of them in the one before."""
    if "cluster" in request.fixturenames:
        request.getfixturevalue("cluster").client.wait_for_workers(2, timeout=60)


@pytest.fixture
def marks(tmp_path):
    """A folder in which objectives leave a file for each time they began."""
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder
