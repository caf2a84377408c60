"""Sweeps that run behind a lab: the part of the sweep lab that knows no screen."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal, Protocol

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.live_work import LiveWork
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.sweep import N_CORES, Sweep, run_sweep
from hpt_widgets.support.tensorflow_loader import is_loaded, load_tensorflow

State = Literal["ready", "warming_up", "training", "stopped", "ended", "failed"]


@dataclass(frozen=True, eq=False)
class SweepRun:
    """A sweep and the record that its trials go to.

    Attributes
    ----------
    sweep : Sweep
        What is trained.
    record : SearchRecord
        What its trials are appended to.
    """

    sweep: Sweep
    record: SearchRecord

    @property
    def n_landed(self) -> int:
        """How many of its trials have landed."""
        return self.sweep.n_landed(self.record)

    @property
    def seconds(self) -> float:
        """What the trials have cost together, on one core."""
        return sum(trial.seconds or 0.0 for trial in self.record)

    @property
    def seconds_left(self) -> float | None:
        """The time that it still needs, from that of the trials so far; None before the first."""
        if not len(self.record):
            return None
        left = self.sweep.n_trials - self.n_landed
        return left * self.seconds / len(self.record) / N_CORES


class SweepListener(Protocol):
    """What a `LiveSweep` tells while it works, on threads of its own."""

    def on_state(self, state: State) -> None:
        """Take note of a new state."""

    def on_trial(self, run: SweepRun, trial: Trial) -> None:
        """Take note of a trial that landed."""

    def on_error(self, error: BaseException) -> None:
        """Take note of a failure of the sweep itself."""


class LiveSweep(LiveWork):
    """Runs the sweep that was wished for last, on threads of its own.

    Every method returns at once.

    Parameters
    ----------
    data : Dataset
        What a trial trains on.
    listener : SweepListener
        Who is told.
    """

    def __init__(self, data: Dataset, listener: SweepListener) -> None:
        super().__init__("hpt-sweep")
        self.state: State = "ready"
        self._data = data
        self._listener = listener
        self._wish: SweepRun | None = None
        self._stop = threading.Event()
        self.active: SweepRun | None = None

    def run(self, run: SweepRun) -> None:
        """Run this instead of whatever is under way."""
        with self._lock:
            # The sweep under way holds its own event: a new one must not be ended by an old stop.
            self._stop.set()
            self._stop = threading.Event()
            self._wish = run
        self._worker.wake()

    def stop(self) -> None:
        """End the sweep; the trials under way are broken off and not recorded."""
        with self._lock:
            self._stop.set()
            self._wish = None
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
            run, self._wish, stop = self._wish, None, self._stop
            self.active = run
        if run is not None:
            self._run(run, stop)
        elif self.state == "warming_up":
            self._set_state("ready")
        return run is not None

    def _run(self, run: SweepRun, stop: threading.Event) -> None:
        self._set_state("training")
        try:
            run_sweep(
                run.sweep,
                self._data,
                record=run.record,
                stop=stop,
                on_trial=lambda trial: self._listener.on_trial(run, trial),
            )
        finally:
            self.active = None
        with self._lock:
            is_replaced = self._wish is not None
        if not is_replaced:
            done = run.n_landed == run.sweep.n_trials
            self._set_state("stopped" if stop.is_set() and not done else "ended")

    def _set_state(self, state: State) -> None:
        self.state = state
        self._listener.on_state(state)

    def _fail(self, error: BaseException) -> None:
        self.active = None
        self._listener.on_error(error)
        self._set_state("failed")
