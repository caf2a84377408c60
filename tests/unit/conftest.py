"""What the unit tests share: programs that are traced once, and a notebook's shell."""

import threading
from datetime import UTC, datetime

import pytest

from hpt_widgets.support import moments
from hpt_widgets.training.program_pool import PROGRAMS
from tools.list_slow_tests import listed_tests


def pytest_collection_modifyitems(items):
    """Mark what takes long; what shares something slow with others has a mark of its own."""
    slow = set(listed_tests())
    for item in items:
        if item.nodeid.partition("[")[0] in slow:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def programs_are_traced_once():
    """Keep the programs of all kinds of networks that tests train: a tracing takes 0.3 s."""
    PROGRAMS.kept = 100


@pytest.fixture(scope="session", autouse=True)
def no_clock_is_behind():
    """Let what is done now count as done after the first version, on a machine of any date."""
    moments.EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def no_timer_is_left():
    """Let the process end: it waits for each timer that is no daemon and was not cancelled."""
    yield
    left = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
    assert [
        one for one in left if not one.daemon and not one.finished.is_set() and one.interval > 1
    ] == []


@pytest.fixture
def shell(monkeypatch):
    """Return a shell that has a kernel, as a notebook's has."""
    from IPython.core.interactiveshell import InteractiveShell

    made = InteractiveShell()
    made.kernel = "as in a notebook"
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    yield made
    made.history_manager.end_session()
