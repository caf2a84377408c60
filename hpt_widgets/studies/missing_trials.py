"""Trains of a list of settings what a record does not hold yet, two at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any, Final

from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.thread_pool import run_together

# A training uses one core, so two run side by side.
N_CORES: Final = 2

Settings = dict[str, Any]


def train_missing(
    settings: Iterable[Settings],
    train: Callable[[Settings, Callable[[], bool]], Trial | None],
    record: SearchRecord,
    *,
    key: Callable[[Settings], Hashable],
    name: str,
    stop: threading.Event | None = None,
    on_trial: Callable[[Trial], object] | None = None,
) -> None:
    """Train what a record does not hold yet, and keep it there.

    Parameters
    ----------
    settings : iterable of dict
        What is to be trained.
    train : callable
        Takes settings, and a function that says whether to break off; returns the trial, or None
        if it was broken off.
    record : SearchRecord
        What it holds already is not trained again.
    key : callable
        Takes settings, of a trial too, and returns what tells them from others.
    name : str
        Prefix of the threads' names.
    stop : threading.Event, optional
        Once it is set, no training begins, and those under way are told to break off.
    on_trial : callable, optional
        Called with each trial after it was recorded, on the thread that trained it.

    Raises
    ------
    BaseException
        What the first training that failed raised; the others break off.
    """
    broken_off = threading.Event()

    def is_stopped() -> bool:
        return broken_off.is_set() or (stop is not None and stop.is_set())

    def run_one(one: Settings) -> None:
        trial = None if is_stopped() else train(one, is_stopped)
        if trial is not None:
            stored = record.append(trial)
            if on_trial is not None:
                on_trial(stored)

    done = {key(trial.hyperparameters) for trial in record}
    jobs = [partial(run_one, one) for one in settings if key(one) not in done]
    run_together(jobs, N_CORES, name, on_failure=broken_off.set)
