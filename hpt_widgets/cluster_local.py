"""Worker processes on this machine, started for a cluster and ended with it."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

LOCALHOST: Final = "127.0.0.1"
LOOK_SECONDS: Final = 2.0
# Dask starts a worker anew at once, or not at all.
LOOKS: Final = 3


@dataclass(frozen=True)
class LocalWorkers:
    """Where to connect to them, and with which keys."""

    address: str
    security: Any


@contextlib.contextmanager
def local_workers(n_workers: int | None) -> Iterator[LocalWorkers]:
    """Keep workers running, one for each core by default.

    Any user of this machine may connect to a port on localhost, and Dask's protocol lets
    whoever connects run code: hence keys that only these processes hold.
    """
    import dask.system
    from distributed import LocalCluster, Security

    security = Security.temporary()
    options = {
        "n_workers": n_workers or dask.system.CPU_COUNT,
        "threads_per_worker": 1,
        "processes": True,
        "host": LOCALHOST,
        "protocol": "tls",
        "security": security,
        "dashboard_address": f"{LOCALHOST}:0",
        # Without a limit nothing is moved to the disk, and read back from there.
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
    }
    with LocalCluster(**options) as local, _kept_up(local):
        yield LocalWorkers(local.scheduler_address, security)


@contextlib.contextmanager
def _kept_up(local: Any) -> Iterator[None]:
    """Start new workers for those that Dask gives up: ended at the moment of their start."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep_up, args=(local, ended), name="hpt-workers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep_up(local: Any, ended: threading.Event) -> None:
    absent: Counter[Any] = Counter()
    while not ended.wait(LOOK_SECONDS):
        for name, nanny in list(local.workers.items()):
            absent[name] = 0 if nanny.is_alive() else absent[name] + 1
            if absent[name] == LOOKS:
                local.scale(len(local.worker_spec) + 1)
