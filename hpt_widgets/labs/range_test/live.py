"""Range tests that run behind a lab: the part of the range-test lab that knows no screen."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.live_work import LiveListener, LiveWork, State
from hpt_widgets.studies.range_test import RangeTest, RangeTestSession
from hpt_widgets.training.hyperparameters import Hyperparameters


@dataclass(frozen=True)
class RangeTestRequest:
    """What the reader wants tested.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        What is trained.
    low, high : float
        The learning rates to begin and to end with.
    n_updates : int
        The updates between them.
    """

    hyperparameters: Hyperparameters
    low: float
    high: float
    n_updates: int


class RangeTestListener(LiveListener, Protocol):
    """What a `LiveRangeTest` calls while it works, on its own thread."""

    def on_progress(self, test: RangeTest, share: float) -> None:
        """React to how far the test under way has come."""

    def on_end(self, test: RangeTest) -> None:
        """React to a test that ended, or was stopped."""


class LiveRangeTest(LiveWork[RangeTestRequest, RangeTestListener]):
    """Runs the range test that was requested last; older ones make room at once.

    Parameters
    ----------
    data : Dataset
        What to train on.
    listener : RangeTestListener
        Whose methods are called.
    """

    def __init__(self, data: Dataset, listener: RangeTestListener) -> None:
        super().__init__("hpt-range-test", listener)
        self._data = data

    def _run(self, request: RangeTestRequest, stop: threading.Event) -> State | None:
        self._set_state("testing")
        session = RangeTestSession(
            request.hyperparameters, self._data, request.low, request.high, request.n_updates
        )
        try:
            while session.ended is None and not stop.is_set():
                test = session.advance()
                self._listener.on_progress(test, session.progress)
            if session.ended is None and self._is_superseded():
                return None
            test = session.result()
        finally:
            session.suspend()
        if len(test.losses):
            self._listener.on_end(test)
        return "ended"
