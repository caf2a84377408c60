"""Range tests that run behind a lab: the part of the range-test lab that knows no screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.live_work import LiveWork
from hpt_widgets.studies.range_test import RangeTest, RangeTestSession
from hpt_widgets.support.tensorflow_loader import is_loaded, load_tensorflow
from hpt_widgets.training.hyperparameters import Hyperparameters

State = Literal["ready", "warming_up", "testing", "ended", "failed"]


@dataclass(frozen=True)
class RangeTestWish:
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


class RangeTestListener(Protocol):
    """What a `LiveRangeTest` tells while it works, on its own thread."""

    def on_state(self, state: State) -> None:
        """Take note of a new state."""

    def on_progress(self, test: RangeTest, share: float) -> None:
        """Take note of how far the test under way has come."""

    def on_end(self, test: RangeTest) -> None:
        """Take note of a test that ended, or was stopped."""

    def on_error(self, error: BaseException) -> None:
        """Take note of a failure; the next wish is served all the same."""


class LiveRangeTest(LiveWork):
    """Runs the range test that was wished for last; older ones make room at once.

    Every method returns at once.

    Parameters
    ----------
    data : Dataset
        What to train on.
    listener : RangeTestListener
        Who is told.
    """

    def __init__(self, data: Dataset, listener: RangeTestListener) -> None:
        super().__init__("hpt-range-test")
        self.state: State = "ready"
        self._data = data
        self._listener = listener
        self._wish: RangeTestWish | None = None
        self._stop_wanted = False

    def run(self, wish: RangeTestWish) -> None:
        """Run this test instead of whatever is under way."""
        with self._lock:
            self._wish = wish
            self._stop_wanted = False
        self._worker.wake()

    def stop(self) -> None:
        """End the test under way; what it found so far is kept."""
        with self._lock:
            self._wish = None
            self._stop_wanted = True
        self._worker.wake()

    def warm_up(self) -> None:
        """Load TensorFlow behind the lab."""
        self._worker.wake()

    # -- the worker's side -------------------------------------------------------------------

    def _serve(self) -> bool:
        if not is_loaded():
            self._set_state("warming_up")
            load_tensorflow()
        with self._lock:
            wish, self._wish = self._wish, None
        if wish is not None:
            self._run(wish)
        elif self.state == "warming_up":
            self._set_state("ready")
        return wish is not None

    def _run(self, wish: RangeTestWish) -> None:
        self._set_state("testing")
        session = RangeTestSession(
            wish.hyperparameters, self._data, wish.low, wish.high, wish.n_updates
        )
        try:
            while session.ended is None and not self._stop_wanted:
                if self._wish is not None:
                    return
                test = session.advance()
                self._listener.on_progress(test, session.progress)
            test = session.result()
        finally:
            session.suspend()
        if len(test.losses):
            self._listener.on_end(test)
        self._set_state("ended")

    def _set_state(self, state: State) -> None:
        self.state = state
        self._listener.on_state(state)

    def _fail(self, error: BaseException) -> None:
        self._listener.on_error(error)
        self._set_state("failed")
