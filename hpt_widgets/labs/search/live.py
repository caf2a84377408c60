"""Searches that run behind a lab: the part of the search lab that knows no screen."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from hpt_widgets.data.dataset import SUBSET_SEED, Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.live_work import LiveListener, LiveWork, State
from hpt_widgets.search.halving import (
    DEFAULT_FACTOR,
    DEFAULT_MAX_EPOCHS,
    RUNG_METHODS,
    Bracket,
    brackets_of,
    epochs_left,
    epochs_of,
)
from hpt_widgets.search.objective import Objective, TrainingObjective
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import Search
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.missing_trials import N_CORES
from hpt_widgets.support.thread_pool import run_together
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.progress import Progress


@dataclass(frozen=True)
class SearchSettings:
    """How to search.

    Attributes
    ----------
    method : str
        "manual", "grid", "random", "tpe", "halving" or "hyperband".
    trials : int or None
        The budget in trials; for "halving" the settings of the first rung.
    seconds : float or None
        The budget in seconds of trials; exactly one of the two budgets is given, and none for
        "hyperband".
    seed : int
        Decides the draws, and the initial weights of every network.
    n_startup_jobs : int
        How many of TPE's first trials are random.
    training_size : int or None
        Training samples of a trial; None where the objective is the reader's own.
    epochs : int or None
        Epochs of a trial; None likewise, and for "halving" and "hyperband".
    max_epochs : int or None
        Epochs of the last rung; None where a record does not say.
    factor : int or None
        By how much there are fewer settings and more epochs from rung to rung; None likewise.
    """

    method: str = "random"
    trials: int | None = 27
    seconds: float | None = None
    seed: int = 0
    n_startup_jobs: int = 20
    training_size: int | None = None
    epochs: int | None = None
    max_epochs: int | None = DEFAULT_MAX_EPOCHS
    factor: int | None = DEFAULT_FACTOR

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        """The rungs to come to; none for the methods without, or where they are not known."""
        if self.method not in RUNG_METHODS or self.max_epochs is None or self.factor is None:
            return ()
        return brackets_of(self.method, self.trials, self.max_epochs, self.factor)

    @property
    def kind(self) -> tuple[object, ...]:
        """What searches have in common that differ in nothing but budget and seed."""
        startup = self.n_startup_jobs if self.method == "tpe" else None
        rungs = (self.max_epochs, self.factor) if self.method in RUNG_METHODS else None
        return (self.method, startup, self.training_size, self.epochs, rungs)


@dataclass(eq=False)
class SearchRun:
    """One search of the lab: its settings and its record.

    Attributes
    ----------
    number : int
        Its place in the lab, from 1.
    settings : SearchSettings
        How it searches.
    record : SearchRecord
        Its trials.
    share : float
        How much of the trial under way is done, from 0 to 1.
    assumed : tuple of str
        The settings, by name, that decide its proposals and that its record does not tell.
    """

    number: int
    settings: SearchSettings
    record: SearchRecord
    share: float = field(default=0.0, repr=False)
    assumed: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """What its trials have cost together."""
        return sum(trial.seconds or 0.0 for trial in self.record)

    def most_trials(self, space: SearchSpace) -> int | None:
        """How many trials it will have at most; None where only the seconds limit them."""
        if self.settings.method != "grid":
            return self.settings.trials
        size = grid_size(space)
        return size if self.settings.trials is None else min(self.settings.trials, size)

    def progress(self, space: SearchSpace) -> float:
        """Return how much of it is done, from 0 to 1, which it is at its end."""
        if self.settings.brackets:
            done = self._epochs_done
            return done / (done + self._epochs_left)
        shares = [0.0]
        most = self.most_trials(space)
        if most is not None:
            shares.append((len(self.record) + self.share) / most)
        if self.settings.seconds is not None:
            shares.append(self.seconds / self.settings.seconds)
        return min(1.0, max(shares))

    def seconds_left(self, space: SearchSpace) -> float:
        """Return the time that it still needs; nan before its first trial."""
        if not len(self.record):
            return float("nan")
        if self.settings.brackets:
            return self._epochs_left * self.seconds / (self._epochs_done or 1.0)
        left = []
        most = self.most_trials(space)
        if most is not None:
            n_left = most - len(self.record) - self.share
            left.append(n_left * self.seconds / len(self.record))
        if self.settings.seconds is not None:
            left.append(self.settings.seconds - self.seconds)
        return max(0.0, min(left, default=0.0))

    @property
    def _epochs_done(self) -> float:
        return sum(epochs_of(trial) or 0.0 for trial in self.record)

    @property
    def _epochs_left(self) -> float:
        return epochs_left(self.settings.brackets, self.record)


class SearchListener(LiveListener, Protocol):
    """What a `LiveSearch` calls while it works, on threads of its own."""

    def on_trial(self, run: SearchRun, trial: Trial) -> None:
        """React to a trial that landed."""

    def on_progress(self, run: SearchRun) -> None:
        """React to the progress of the trial under way."""


class LiveSearch(LiveWork[tuple[SearchRun, ...], SearchListener]):
    """Runs searches one after another on a thread; repeats of a training share two cores.

    A stop ends them all; the trials that it cuts short are not recorded.

    Parameters
    ----------
    space : SearchSpace
        Where to search.
    data : Dataset or None
        What a trial trains on, unless there is an objective.
    hyperparameters : Hyperparameters
        Everything that a search does not vary.
    objective : callable or None
        What to search instead of a training.
    listener : SearchListener
        Whose methods are called.
    """

    def __init__(
        self,
        space: SearchSpace,
        data: Dataset | None,
        hyperparameters: Hyperparameters,
        objective: Objective | None,
        listener: SearchListener,
    ) -> None:
        super().__init__("hpt-search", listener, needs_tensorflow=objective is None)
        self.space = space
        self.data = data
        self._hyperparameters = hyperparameters
        self._objective = objective
        self._subsets: dict[int, Dataset] = {}
        # Not the mailbox's: nobody's click should have to wait until the data are copied.
        self._subset_lock = threading.Lock()

    def search(self, runs: Sequence[SearchRun]) -> None:
        """Run these searches when those before them are done."""
        with self._lock:
            self._request = (*(self._request or ()), *runs)
        self._answer_soon()

    def next_suggestion(self, run: SearchRun) -> dict[str, Any] | None:
        """Return what a search would try next, whatever it is to be tried on."""
        return self._search_of(run, _try_nothing).propose()

    def n_workers(self, n_searches: int) -> int:
        """Return how many of some searches run at a time."""
        # A reader's own objective need not bear being called from two threads.
        return min(N_CORES, n_searches) if self._objective is None else 1

    # -- the worker's side -------------------------------------------------------------------

    def _run(self, runs: tuple[SearchRun, ...], stop: threading.Event) -> State:
        self._set_state("searching")
        run_together(
            [partial(self._search, run, stop) for run in runs],
            self.n_workers(len(runs)),
            "hpt-search",
            on_failure=stop.set,
        )
        return "stopped" if stop.is_set() else "ended"

    def _search(self, run: SearchRun, stop: threading.Event) -> None:
        def on_trial(trial: Trial) -> None:
            run.share = 0.0
            self._listener.on_trial(run, trial)

        settings = run.settings
        search = self._search_of(run, self._objective or self._training(run, stop))
        try:
            search.run(settings.trials, settings.seconds, stop=stop, on_trial=on_trial)
        finally:
            run.share = 0.0

    def _search_of(self, run: SearchRun, objective: Objective) -> Search:
        settings = run.settings
        return Search(
            settings.method,
            self.space,
            objective,
            record=run.record,
            seed=settings.seed,
            n_startup_jobs=settings.n_startup_jobs,
            max_epochs=settings.max_epochs or DEFAULT_MAX_EPOCHS,
            factor=settings.factor or DEFAULT_FACTOR,
        )

    def _training(self, run: SearchRun, stop: threading.Event) -> Objective:
        settings = run.settings
        size = settings.training_size or 1
        hp = self._hyperparameters.replace(seed=settings.seed, epochs=settings.epochs or 1)

        def on_progress(progress: Progress) -> None:
            run.share = progress.samples_seen / progress.total_samples
            self._listener.on_progress(run)

        train = TrainingObjective(self._subset(size), hp, stop=stop, on_progress=on_progress)

        def objective(values: dict[str, Any]) -> Trial:
            trial = train(values)
            known = {**trial.hyperparameters, "training_size": size}
            return dataclasses.replace(trial, hyperparameters=known)

        return objective

    def _subset(self, size: int) -> Dataset:
        """Return a part of the data; all trials of this size train on the same samples."""
        data = self.data
        if data is None:
            raise RuntimeError("a training needs data")
        if size == len(data.y_train):
            return data
        with self._subset_lock:
            if size not in self._subsets:
                self._subsets = {size: data.take(size, seed=SUBSET_SEED)}
            return self._subsets[size]

    def _prepare(self) -> None:
        """Trace the network's loop, so that the first trial costs no more than the others."""
        from hpt_widgets.training.trainer import Trainer

        if self.data is not None:
            size = min(len(self.data.y_train), self.data.n_classes)
            session = Trainer(self.data.take(size, seed=SUBSET_SEED)).session(self._hyperparameters)
            session.advance(max_steps=1)
            session.suspend()
            if not self._is_superseded():
                # The note of a search names its data. A search that waits comes first.
                data_fingerprint(self.data)


def _try_nothing(_values: dict[str, Any]) -> float:
    raise NotImplementedError


def seconds_left(runs: Sequence[SearchRun], space: SearchSpace, n_workers: int) -> float:
    """Return how long some searches still need together; nan before the first trial.

    Those that have not begun are taken to need as much as the others.

    Parameters
    ----------
    runs : sequence of SearchRun
        The searches.
    space : SearchSpace
        What is searched.
    n_workers : int
        How many of them run at a time.

    Returns
    -------
    float
        In seconds.
    """
    begun = [run for run in runs if len(run.record)]
    if not begun:
        return float("nan")
    left = [run.seconds_left(space) for run in begun]
    whole = [run.seconds + rest for run, rest in zip(begun, left, strict=True)]
    waiting = (len(runs) - len(begun)) * sum(whole) / len(whole)
    return (sum(left) + waiting) / n_workers


def grid_size(space: SearchSpace) -> int:
    """Return how many combinations the grid has."""
    size = 1
    for dimension in space:
        size *= len(dimension.grid_values)
    return size
