"""Limits BLAS to one thread, as long as something else needs the other core.

NumPy's BLAS spreads a product over all cores, and its threads wait for each other without
sleeping. Beside a training, a thousand small products then take up to thirty times as long.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

_lock = threading.Lock()
_users = 0
_limit: Any = None


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Limit NumPy's BLAS to one thread, in the whole process, until the last user is done.

    A context manager and a decorator. Several threads may use it at once.
    """
    global _users, _limit
    with _lock:
        _users += 1
        if _users == 1:
            _limit = _controller().limit(limits=1, user_api="blas")
            _limit.__enter__()
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _limit.__exit__(None, None, None)
                _limit = None


@cache
def _controller() -> Any:
    """Return the controller of the process's BLAS libraries; to find them takes milliseconds."""
    return import_module("threadpoolctl").ThreadpoolController()
