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
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from hpt_widgets.language import translate

# Smaller values travel sooner than Dask has thought about where to.
_LARGE = 1_000_000
# In a task's key, before what tells one use of joblib from the others, a batch from the others
# of it, and the times that the same batch was sent.
_CALL, _BATCH, _ATTEMPT = "-call-", "-batch-", "-attempt-"
_CONNECTION_LOST = "scheduler-connection-lost"
# In place of an outcome: there is none, and the batch has to be sent again.
_LOST = object()
# How often a result that is there is asked for, and the seconds in between.
_FETCH_ATTEMPTS = 50
_FETCH_PAUSE = 0.2
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


def _identity(value: Any) -> Any:
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

        def put(self, value: Any) -> Any:
            """Return a future of this value.

            It is the result of a task, not scattered: the scheduler keeps what it was made
            of, so that it is made again where the workers that held it have ended.
            """
            with dask.config.set(_ANY_SIZE):
                return super().submit(_identity, value, key=f"data-{uuid.uuid4().hex}")

        def put_on(self, worker: str, data: Any) -> Any:
            """Return a future of the same value, for the tasks of this worker alone.

            Dask drops copies that no task waits for, and with them goes what comes between
            two trials. This is no copy: a result of its own, by reference.
            """
            options = {"workers": [worker], "allow_other_workers": True}
            return super().submit(_identity, data, key=f"data-{uuid.uuid4().hex}", **options)

        def scatter(self, data: Any, **options: Any) -> Any:
            """Hold what joblib scatters piece by piece; leave all other uses as they are."""
            if options.get("asynchronous") and not options.get("broadcast"):
                return self._held(data)
            return super().scatter(data, **options)

        async def _held(self, data: Any) -> Any:
            future = self.put(data)
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
        """A backend that sees each batch through to a result, or to how it failed.

        What was under way when the connection broke is sent again once it is back: Dask
        forgets the tasks and the data of a client that it has lost. joblib's own backend
        collects the results in one place, where a failure to fetch one is heard by nobody.
        """

        def start_call(self) -> None:
            super().start_call()
            self._connection = self.client.scheduler_comm
            self.call: str | None = uuid.uuid4().hex
            self.under_way: set[Any] = set()

        def stop_call(self) -> None:
            self.call = None
            super().stop_call()

        def abort_everything(self, ensure_ready: bool = True) -> None:
            super().abort_everything(ensure_ready)
            self.call = None
            self.client.loop.add_callback(_cancel_futures, self.client, list(self.under_way))

        def submit(self, func: Any, callback: Any = None) -> Any:
            waiting: Any = concurrent.futures.Future()
            waiting.get = waiting.result  # as joblib expects it
            self.client.loop.add_callback(_await_batch, self, self.call, func, callback, waiting)
            return waiting

        async def send(self, func: Any, name: str) -> Any:
            batch, tasks = await self._to_func_args(func)
            while self._connection is not self.client.scheduler_comm:
                self._connection = self.client.scheduler_comm
                self.call_data_futures.clear()
                batch, tasks = await self._to_func_args(func)
            return self.client.submit(
                _TracebackCapturingWrapper(batch),
                tasks=tasks,
                key=f"{batch!r}{name}{_ATTEMPT}{uuid.uuid4().hex}",
                **self.submit_kwargs,
            )

        async def _collect(self) -> None:
            """Do nothing: each batch waits for its own result."""

    return SearchingBackend


async def _await_batch(
    backend: Any, call: str | None, func: Any, callback: Any, waiting: Any
) -> None:
    """Send a batch of a call, as often as it takes, and hand on what it came to."""
    name = f"{_CALL}{call}{_BATCH}{uuid.uuid4().hex}"
    outcome: Any = _LOST
    while outcome is _LOST and call is backend.call:
        try:
            future = await backend.send(func, name)
        except Exception as error:
            outcome = error
            break
        backend.under_way.add(future)
        outcome = await _outcome(future)
        backend.under_way.discard(future)
    if outcome is not _LOST:
        waiting.set_result(outcome)
        callback(outcome)


async def _cancel_futures(client: Any, futures: list[Any]) -> None:
    with contextlib.suppress(Exception):  # the cluster may have gone
        await client.cancel(futures, asynchronous=True, force=True)


async def _outcome(future: Any) -> Any:
    """Return what a batch came to: its results, what ended it, or `_LOST`."""
    failure: Any = None
    for _ in range(_FETCH_ATTEMPTS):
        try:
            return await future
        except Exception as error:
            failure = error
        if future.status == "error":
            return failure
        if future.status == "cancelled":
            is_lost = getattr(failure, "reason", None) in (None, _CONNECTION_LOST)
            return _LOST if is_lost and await _is_connected_again(future.client) else failure
        # It is done, but the connection broke while its result was fetched.
        await asyncio.sleep(_FETCH_PAUSE)
    return failure


async def _is_connected_again(client: Any) -> bool:
    # It tries for as long as it was told to wait at first, and closes itself then.
    while client.status == "connecting":
        await asyncio.sleep(0.05)
    return bool(client.status == "running")


def call_name(task: str) -> str:
    """Return what the tasks of one use of joblib have in common: of a search's round of fits."""
    return task.partition(_CALL)[2].partition(_BATCH)[0]


def batch_name(task: str) -> str:
    """Return what a batch's tasks have in common, however often it was sent."""
    return task.partition(_ATTEMPT)[0]
