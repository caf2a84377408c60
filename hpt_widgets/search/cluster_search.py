"""A search with several trials out at once, on the workers of a cluster.

What is proposed, what a budget allows and where a trial lands is `Search`'s own business;
here trials are sent out and taken in.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from hpt_widgets.cluster.connection import Cluster, ClusterError
from hpt_widgets.cluster.joblib_backend import quiet_dask
from hpt_widgets.language import current_language, translate, use_language
from hpt_widgets.search.objective import (
    Objective,
    SearchStopped,
    TrainingObjective,
    evaluate,
)
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial


class _Proposer(Protocol):
    """A search, as far as its trials are sent out and collected here."""

    @property
    def method(self) -> str: ...
    @property
    def objective(self) -> Objective: ...
    @property
    def record(self) -> SearchRecord: ...
    @property
    def n_trials(self) -> int: ...

    def propose(self, under_way: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any] | None:
        """Return what comes next, with these under way; None when there is no more."""


# How long an end of the workers, or the reader's stop, may go unnoticed.
POLL_SECONDS: Final = 0.25
# A worker that ends is replaced within seconds; without any for so long, nobody will come.
WORKER_WAIT_SECONDS: Final = 60.0
RECONNECT_SECONDS: Final = 10.0


class _ConnectionLost(Exception):  # noqa: N818
    """The scheduler is not heard at present."""


@dataclass(frozen=True)
class PendingTrial:
    """A trial under way."""

    values: dict[str, Any]
    worker: str
    began: float


class ClusterSearch:
    """Keeps every core of a cluster busy with the trials of one search.

    Parameters
    ----------
    search : Search
        What proposes, and takes in.
    cluster : Cluster
        Where trials run.
    has_room : callable
        Takes the number of trials under way and what they have cost so far in seconds, and
        says whether the budget allows one more.
    stop : threading.Event, optional
        Once it is set, no further trial begins, and trainings under way end.
    on_trial : callable, optional
        Called with each trial after it was recorded, on the thread that called `run`.
    """

    def __init__(
        self,
        search: _Proposer,
        cluster: Cluster,
        has_room: Callable[[int, float], bool],
        stop: threading.Event | None = None,
        on_trial: Callable[[Trial], object] | None = None,
    ) -> None:
        self._search = search
        self._cluster = cluster
        self._client = cluster.client
        self._has_room = has_room
        self._stop = stop
        self._on_trial = on_trial
        self._token = uuid.uuid4().hex
        self._objective: Any = None
        self._kept: dict[str, Any] = {}  # the objective's future on each worker
        self._pending: dict[Any, PendingTrial] = {}
        self._arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._exhausted = False
        self._threads: dict[str, int] = {}
        self._last_worker_seen = self._last_look = time.monotonic()

    def run(self) -> None:
        """Search until the budget is used up and everything under way has landed.

        Raises
        ------
        ClusterError
            If the cluster is lost, or the objective can't be sent there. What has landed is
            in the record.
        """
        try:
            self._share_objective()
            self._check_workers(at_once=True)
            self._submit_trials()
            while self._pending or self._waits_for_workers():
                try:
                    self._collect()
                    self._submit_trials()
                except _ConnectionLost:
                    self._reconnect()
        except _ConnectionLost as error:
            raise self._lost() from error
        finally:
            self._cancel()

    def _share_objective(self) -> None:
        objective = self._search.objective
        try:
            with quiet_dask():
                self._objective = self._client.put(objective)
                self._kept.clear()
        except Exception as error:
            values = {"value": objective, "reason": error.__cause__ or error}
            raise TypeError(translate("cluster.not_sent", **values)) from error

    def _objective_future(self, worker: str) -> Any:
        """Return the objective's future on this worker: it travels there once."""
        if worker not in self._kept:
            self._kept[worker] = self._client.put_on(worker, self._objective)
        return self._kept[worker]

    def _submit_trials(self) -> None:
        while (worker := self._free_worker()) is not None and self._may_begin():
            values = self._search.propose(
                [pending_trial.values for pending_trial in self._pending.values()]
            )
            if values is None:
                self._exhausted = True
                return
            self._submit(values, worker)

    def _submit(self, values: dict[str, Any], worker: str) -> None:
        future = self._client.submit(
            _evaluate_on_worker,
            self._objective_future(worker),
            values,
            self._search.method,
            self._token,
            current_language(),
            key=f"trial-{uuid.uuid4().hex}",
            # Dask would keep short trials where the data are already, and let the other
            # cores wait. Should this worker end, another one will do.
            workers=[worker],
            allow_other_workers=True,
        )
        self._pending[future] = PendingTrial(values, worker, time.monotonic())
        future.add_done_callback(self._arrived.put)

    def _reconnect(self) -> None:
        """Wait for the connection to come back, and send out again what was under way.

        Dask forgets the tasks of a client that it has lost, so none of them lands twice.
        """
        end = time.monotonic() + RECONNECT_SECONDS
        while self._client.status != "running":
            if self._client.status == "closed" or time.monotonic() > end:
                raise _ConnectionLost
            time.sleep(POLL_SECONDS)
        pending = list(self._pending.values())
        self._pending.clear()
        self._share_objective()
        for pending_trial in pending:
            self._submit(pending_trial.values, pending_trial.worker)

    def _free_worker(self) -> str | None:
        """Return a worker with a core to spare, None where there is none."""
        if len(self._pending) >= sum(self._threads.values()):
            return None
        busy = Counter(pending_trial.worker for pending_trial in self._pending.values())
        free = {worker: n - busy[worker] for worker, n in self._threads.items()}
        return max(free, key=lambda worker: free[worker])

    def _may_begin(self) -> bool:
        if self._exhausted or self._is_stopped():
            return False
        now = time.monotonic()
        spent = sum(now - pending_trial.began for pending_trial in self._pending.values())
        return self._has_room(len(self._pending), spent)

    def _waits_for_workers(self) -> bool:
        return not self._threads and self._may_begin()

    def _is_stopped(self) -> bool:
        return self._stop is not None and self._stop.is_set()

    def _collect(self) -> None:
        """Wait for the next trial, for a moment at most, and record it."""
        self._check_workers()
        try:
            future = self._arrived.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return
        if future not in self._pending:
            return
        try:
            trial = self._outcome(future)
        except TimeoutError:  # not there yet, or no more, if its worker has ended since
            self._arrived.put(future)
            return
        pending_trial = self._pending.pop(future)
        if trial is not None:
            self._record(trial, pending_trial)

    def _outcome(self, future: Any) -> Trial | None:
        """Return the trial; None if it was stopped in its midst."""
        from distributed import KilledWorker

        try:
            trial: Trial | None = future.result(timeout=POLL_SECONDS)
        except TimeoutError:
            raise
        except KilledWorker:
            return Trial(ended="failed", message=translate("cluster.killed_workers"))
        except CancelledError as error:
            raise _ConnectionLost from error
        except Exception as error:
            if future.status == "finished":  # the connection broke while it was fetched
                time.sleep(POLL_SECONDS)
                raise TimeoutError from error
            # What an objective raises is a failed trial: this was raised before it was called.
            reason = f"{type(error).__name__}: {error}"
            raise ClusterError(translate("cluster.not_loaded", reason=reason)) from error
        return trial

    def _record(self, trial: Trial, pending_trial: PendingTrial) -> None:
        landed = self._search.record.append(
            dataclasses.replace(
                trial,
                hyperparameters={**trial.hyperparameters, **pending_trial.values},
                method=self._search.method,
                number=0,
                # By one clock: records of several machines stay in order.
                when=datetime.now().astimezone(),
            )
        )
        if self._on_trial is not None:
            self._on_trial(landed)

    def _check_workers(self, *, at_once: bool = False) -> None:
        """Count the cores, pass a stop on, and give up when the cluster has gone."""
        now = time.monotonic()
        if not at_once and now - self._last_look < POLL_SECONDS:
            return
        self._last_look = now
        if self._client.status != "running":
            raise _ConnectionLost
        try:
            self._threads = self._cluster.threads()
            # What was kept for a worker that ended need not be made again elsewhere.
            for worker in self._kept.keys() - self._threads.keys():
                del self._kept[worker]
            if self._is_stopped():
                self._client.run(stop_trials, self._token, on_error="ignore")
        except (OSError, CancelledError) as error:
            raise _ConnectionLost from error
        if self._threads:
            self._last_worker_seen = now
        elif now - self._last_worker_seen > WORKER_WAIT_SECONDS:
            landed = self._search.n_trials
            raise ClusterError(
                translate("cluster.workers_gone", seconds=WORKER_WAIT_SECONDS, landed=landed)
            )

    def _lost(self) -> ClusterError:
        return ClusterError(translate("cluster.lost", landed=self._search.n_trials))

    def _cancel(self) -> None:
        """Leave nothing of this search on the workers."""
        if self._client.status != "running":
            return
        try:
            if self._pending:
                self._client.run(stop_trials, self._token, on_error="ignore")
                self._client.cancel(list(self._pending), force=True)
            else:
                self._client.run(forget_trials, self._token, on_error="ignore")
        except (OSError, CancelledError):
            return  # the cluster has gone meanwhile


# ---------------------------------------------------------------- on the workers

_stops: dict[str, threading.Event] = {}


def stop_trials(token: str) -> None:
    """End the trainings of this search on this worker, and begin no more of its trials."""
    _stops.setdefault(token, threading.Event()).set()


def forget_trials(token: str) -> None:
    """Drop what was kept for this search."""
    _stops.pop(token, None)


def _evaluate_on_worker(
    objective: Any, values: dict[str, Any], method: str, token: str, language: str
) -> Trial | None:
    use_language(language)
    stop = _stops.setdefault(token, threading.Event())
    if isinstance(objective, TrainingObjective):
        objective.stop = stop
    if stop.is_set():
        return None
    try:
        return evaluate(objective, values, method)
    except SearchStopped:
        return None
