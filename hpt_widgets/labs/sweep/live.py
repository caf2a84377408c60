"""Sweeps that run behind a lab: the part of the sweep lab that knows no screen."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.live_work import LiveListener, LiveWork, State
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.missing_trials import N_CORES
from hpt_widgets.studies.sweep import Sweep, run_sweep


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


class SweepListener(LiveListener, Protocol):
    """What a `LiveSweep` calls while it works, on threads of its own."""

    def on_trial(self, run: SweepRun, trial: Trial) -> None:
        """React to a trial that landed."""


class LiveSweep(LiveWork[SweepRun, SweepListener]):
    """Runs the sweep that was requested last, on threads of its own.

    The trials that a stop, or a newer sweep, cuts short are not recorded.

    Parameters
    ----------
    data : Dataset
        What a trial trains on.
    listener : SweepListener
        Whose methods are called.
    """

    def __init__(self, data: Dataset, listener: SweepListener) -> None:
        super().__init__("hpt-sweep", listener)
        self._data = data

    def _run(self, run: SweepRun, stop: threading.Event) -> State | None:
        self._set_state("training")
        run_sweep(
            run.sweep,
            self._data,
            record=run.record,
            stop=stop,
            on_trial=lambda trial: self._listener.on_trial(run, trial),
        )
        if self._is_superseded():
            return None
        is_done = run.n_landed == run.sweep.n_trials
        return "stopped" if stop.is_set() and not is_done else "ended"
