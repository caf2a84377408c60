"""A notebook's shell and its timers, for what is called between cells."""

import pytest
from IPython.core.interactiveshell import InteractiveShell


@pytest.fixture
def shell(monkeypatch):
    """Return a shell that has a kernel, as a notebook's has."""
    made = InteractiveShell()
    made.kernel = "as in a notebook"
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    yield made
    made.history_manager.end_session()


@pytest.fixture
def timers(monkeypatch):
    """Return the timers that were started; each rings when the test calls it."""
    started = []

    class Timer:
        def __init__(self, seconds, ring):
            self.seconds, self.ring, self.is_cancelled = seconds, ring, False

        def start(self):
            started.append(self)

        def cancel(self):
            self.is_cancelled = True

    monkeypatch.setattr("threading.Timer", Timer)
    return started
