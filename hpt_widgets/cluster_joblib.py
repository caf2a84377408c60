"""What joblib's Dask backend lacks for long searches.

Data that are lost with a worker are made again; a task that cannot be pickled, or that ends
its worker every time, is an error instead of a wait without end; and a record can follow the
folds of a search that are scored elsewhere.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import uuid
import weakref
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from hpt_widgets import fold_scorer
from hpt_widgets.fold_scorer import FoldScorer, ScoredFold, scored_fold
from hpt_widgets.language import translate
from hpt_widgets.records import plain_value

# Smaller values travel sooner than Dask has thought about where to.
_LARGE = 1_000_000
# In a task's key, before what is another one each time that the same work is sent.
_ATTEMPT = "-attempt-"
_ANY_SIZE = {"distributed.admin.large-graph-warning-threshold": "1 TB"}


def searching_client(address: str, security: Any, timeout: float) -> Any:
    """Return a connected client of Dask that holds data so that they can't be lost."""
    return _client_class()(address, security=security, timeout=timeout, set_as_default=False)


@contextlib.contextmanager
def quiet_dask() -> Iterator[None]:
    """Keep back what Dask logs of failed attempts: there is one line of our own."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _as_it_is(value: Any) -> Any:
    return value


def _refuse(message: str) -> None:
    raise TypeError(message)


@lru_cache
def _client_class() -> Any:
    import dask
    from dask.sizeof import sizeof
    from distributed import Client

    class SearchingClient(Client):  # type: ignore[misc]
        """A client whose scattered data and unsendable tasks end no search."""

        def hold(self, value: Any) -> Any:
            """Return a future of this value.

            It is the result of a task, not scattered: the scheduler keeps what it was made
            of, so that it is made again where the workers that held it have ended.
            """
            with dask.config.set(_ANY_SIZE):
                return super().submit(_as_it_is, value, key=f"data-{uuid.uuid4().hex}")

        def keep_on(self, worker: str, data: Any) -> Any:
            """Return a future of the same value, for the tasks of this worker alone.

            Dask drops copies that no task waits for, and with them goes what comes between
            two trials. This is no copy: a result of its own, by reference.
            """
            options = {"workers": [worker], "allow_other_workers": True}
            return super().submit(_as_it_is, data, key=f"data-{uuid.uuid4().hex}", **options)

        def scatter(self, data: Any, **options: Any) -> Any:
            """Hold what joblib scatters piece by piece; leave all other uses as they are."""
            if options.get("asynchronous") and not options.get("broadcast"):
                return self._held(data)
            return super().scatter(data, **options)

        async def _held(self, data: Any) -> Any:
            future = self.hold(data)
            if sizeof(data) > _LARGE:
                # Dask weighs a transfer against the work that waits: with short fits all of
                # them would queue where the data happen to be.
                with contextlib.suppress(Exception):
                    await self.replicate([future], asynchronous=True)
            return future

        def submit(self, function: Any, *arguments: Any, **options: Any) -> Any:
            """Submit a task; one that can't be pickled fails instead of being forgotten.

            joblib submits from a callback, where an exception would reach nobody.
            """
            try:
                with quiet_dask():
                    return super().submit(function, *arguments, **options)
            except Exception as error:
                reason = str(error.__cause__ or error)
                message = translate("cluster.task_not_sent", reason=reason)
                return super().submit(_refuse, message, pure=False)

    return SearchingClient


def searching_backend(client: Any) -> Any:
    """Return joblib's Dask backend, on this client, with an end to every wait."""
    return _backend_class()(client=client)


@lru_cache
def _backend_class() -> Any:
    # Not public; there is no other way to the class.
    from joblib._dask import DaskDistributedBackend, _TracebackCapturingWrapper

    class SearchingBackend(DaskDistributedBackend):  # type: ignore[misc]
        """A backend that also hands on how a task failed of which there is no result.

        What was under way when the connection broke is sent again once it is back: Dask
        forgets the tasks and the data of a client that it has lost.
        """

        def start_call(self) -> None:
            super().start_call()
            self._connection = self.client.scheduler_comm
            self._batches: dict[Any, tuple[Any, str]] = {}

        def submit(self, func: Any, callback: Any = None) -> Any:
            waiting: Any = concurrent.futures.Future()
            waiting.get = waiting.result  # as joblib expects it
            self.client.loop.add_callback(self._send, func, callback, waiting, uuid.uuid4().hex)
            return waiting

        async def _send(self, func: Any, callback: Any, waiting: Any, mark: str) -> None:
            batch, tasks = await self._to_func_args(func)
            while self._connection is not self.client.scheduler_comm:
                self._connection = self.client.scheduler_comm
                self.call_data_futures.clear()
                batch, tasks = await self._to_func_args(func)
            future = self.client.submit(
                _TracebackCapturingWrapper(batch),
                tasks=tasks,
                key=f"{batch!r}-{mark}{_ATTEMPT}{uuid.uuid4().hex}",
                **self.submit_kwargs,
            )
            self._batches[future] = func, mark
            self._callbacks[future], self._results[future] = callback, waiting
            self.waiting_futures.add(future)

        async def _collect(self) -> None:
            while self._continue:
                async for future, result in self.waiting_futures:
                    waiting, callback = self._results.pop(future), self._callbacks.pop(future)
                    func, mark = self._batches.pop(future)
                    if _is_lost(result) and await _is_connected_again(self.client):
                        await self._send(func, callback, waiting, mark)
                        continue
                    outcome = result if future.status == "finished" else _failure(result)
                    waiting.set_result(outcome)
                    callback(outcome)
                await asyncio.sleep(0.01)

    return SearchingBackend


def _is_lost(result: Any) -> bool:
    return getattr(result, "reason", None) == "scheduler-connection-lost"


async def _is_connected_again(client: Any) -> bool:
    # It tries for as long as it was told to wait at first, and closes itself then.
    while client.status == "connecting":
        await asyncio.sleep(0.05)
    return bool(client.status == "running")


def _failure(result: Any) -> BaseException:
    error = result[1] if isinstance(result, tuple) else result
    return error if isinstance(error, Exception) else RuntimeError(repr(error))


@contextlib.contextmanager
def following(client: Any) -> Iterator[None]:
    """Let records follow the searches of scikit-learn that run on this cluster meanwhile."""
    relay = _Relay(client)
    before, fold_scorer.relay = fold_scorer.relay, relay.stand_in
    try:
        yield
    finally:
        fold_scorer.relay = before
        relay.close()


class _Relay:
    """Takes the folds that workers have scored to the scorers of this process."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._topics: dict[FoldScorer, str] = {}

    def stand_in(self, scorer: FoldScorer) -> tuple[Any, ...]:
        """Return what to send to the workers in place of a scorer, in the form of a pickle."""
        topic = self._topics.get(scorer)
        if topic is None:
            topic = self._topics[scorer] = f"folds-{uuid.uuid4().hex}"
            self._client.subscribe_topic(topic, _Receiver(scorer))
        return DistantScorer, (topic, scorer.scoring)

    def close(self) -> None:
        for topic in self._topics.values():
            self._client.unsubscribe_topic(topic)


class _Receiver:
    """Hands a scored fold on, once: a fit whose worker ended is made and scored again."""

    def __init__(self, scorer: FoldScorer) -> None:
        self._scorer = scorer
        self._known: set[str] = set()

    def __call__(self, event: tuple[Any, Any]) -> None:
        _, (task, fields) = event
        fold = ScoredFold(**{**fields, "values": plain_value(fields["values"])})
        mark = repr((task.partition(_ATTEMPT)[0], fold.values, fold.fold))
        if mark not in self._known:
            self._known.add(mark)
            self._scorer.take(fold)


class DistantScorer:
    """Stands for a `FoldScorer` on a worker: scores there, and sends the fold home."""

    def __init__(self, topic: str, scoring: Callable[[Any, Any, Any], float] | None) -> None:
        self._topic = topic
        self._scoring = scoring
        self._seen: weakref.WeakSet[Any] = weakref.WeakSet()

    def __call__(self, estimator: Any, x: Any, y: Any = None) -> float:
        """Score one fold, as scikit-learn asks for it."""
        from distributed import get_worker

        fold = scored_fold(estimator, x, y, self._scoring)
        # For the second time: that is the training score.
        if estimator not in self._seen:
            self._seen.add(estimator)
            worker = get_worker()
            worker.log_event(self._topic, (worker.get_current_task(), fold.plain()))
        return fold.score

    def __reduce__(self) -> tuple[Any, ...]:
        return DistantScorer, (self._topic, self._scoring)
