"""The timers of what is called between cells."""

import pytest


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
