"""What joblib's Dask backend lacks for long searches.

Data that are lost with a worker are made again; a task that cannot be pickled, or that ends
its worker every time, is an error instead of a wait without end; and a record can follow the
folds of a search that are scored elsewhere.
"""

from __future__ import annotations

import asyncio
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
    from joblib._dask import DaskDistributedBackend

    class SearchingBackend(DaskDistributedBackend):  # type: ignore[misc]
        """A backend that also hands on how a task failed of which there is no result."""

        async def _collect(self) -> None:
            while self._continue:
                async for future, result in self.waiting_futures:
                    waiting, callback = self._results.pop(future), self._callbacks.pop(future)
                    outcome = result if future.status == "finished" else _failure(result)
                    waiting.set_result(outcome)
                    callback(outcome)
                await asyncio.sleep(0.01)

    return SearchingBackend


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
        mark = repr((task, fold.values, fold.fold))
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
