"""Worker processes on this machine, started for a cluster and ended with it."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

LOCALHOST: Final = "127.0.0.1"
POLL_SECONDS: Final = 2.0
REPLACE_SECONDS: Final = 20.0
# Dask lets its workers hand memory back so eagerly that each step of a training asks for it
# anew: the trainings of chapter 3 took a sixth longer.
KEEP_MEMORY: Final = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
# The scheduler cannot be started without a server of pages; it is stopped at once.
NO_PAGES: Final[dict[str, Any]] = {"distributed.scheduler.http.routes": []}


@dataclass(frozen=True)
class LocalWorkers:
    """Where to connect to them, and with which keys."""

    address: str
    security: Any


@contextlib.contextmanager
def local_workers(n_workers: int | None) -> Iterator[LocalWorkers]:
    """Keep workers running, one for each core by default.

    Any user of this machine may connect to a port on localhost, and Dask's protocol lets
    whoever connects run code: hence keys that only these processes hold. Dask's pages, which
    name tasks and show their stacks, are not behind these keys: hence none of them.
    """
    import dask.system
    from dask import config
    from distributed import LocalCluster, Nanny

    from hpt_widgets.cluster.tls import ErrorClearingSecurity
    from hpt_widgets.cluster.worker_without_http import WorkerWithoutHttp

    wanted = n_workers or dask.system.CPU_COUNT
    security = ErrorClearingSecurity.temporary()
    options = {
        "n_workers": wanted,
        "threads_per_worker": 1,
        "processes": True,
        "host": LOCALHOST,
        "protocol": "tls",
        "security": security,
        "dashboard_address": f"{LOCALHOST}:0",
        "worker_class": partial(Nanny, worker_class=WorkerWithoutHttp),
        # Without a limit nothing is moved to the disk, and read back from there.
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
    }
    with config.set(KEEP_MEMORY):
        with config.set(NO_PAGES):
            cluster = LocalCluster(**options)
        with cluster as local, _replacing_lost_workers(local, wanted):
            local.sync(_stop_pages, local.scheduler)
            yield LocalWorkers(local.scheduler_address, security)


async def _stop_pages(scheduler: Any) -> None:
    scheduler.http_server.stop()


@contextlib.contextmanager
def _replacing_lost_workers(local: Any, wanted: int) -> Iterator[None]:
    """Ask for new workers in place of those that Dask has given up.

    It starts a worker that ended anew, but not one that ended while it started.
    """
    ended = threading.Event()
    arguments = (local, wanted, ended)
    thread = threading.Thread(
        target=_replace_lost_workers, args=arguments, name="hpt-workers", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _replace_lost_workers(local: Any, wanted: int, ended: threading.Event) -> None:
    complete = time.monotonic()
    while not ended.wait(POLL_SECONDS):
        now = time.monotonic()
        missing = wanted - len(local.scheduler.workers)
        if missing <= 0:
            complete = now
        elif len(local.workers) < wanted:
            local.scale(wanted)
        elif now - complete > REPLACE_SECONDS:
            # It is still on Dask's list, and will not come: one more instead.
            local.scale(len(local.worker_spec) + missing)
            complete = now
