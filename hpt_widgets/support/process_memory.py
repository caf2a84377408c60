"""Keeps what the C library's allocator holds on to small; where it is not glibc's, nothing is done.

glibc gives each thread that allocates a heap of its own, up to eight for each core, and none of
them gives back what is freed in its middle. A kernel with TensorFlow has some forty threads.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import Any, Final

# From glibc's malloc.h.
_M_ARENA_MAX: Final = -8
# TensorFlow's loop runs on one thread, Python's own allocations on another.
ARENAS: Final = 2


def limit_arenas() -> None:
    """Let threads that come from now on share two heaps, unless the reader has set a number."""
    if "MALLOC_ARENA_MAX" not in os.environ and _glibc() is not None:
        _glibc().mallopt(_M_ARENA_MAX, ARENAS)


def release_free_memory() -> None:
    """Give the system back what has been freed; it takes some milliseconds at most."""
    if _glibc() is not None:
        _glibc().malloc_trim(0)


@cache
def _glibc() -> Any:
    """Return the C library if it is glibc, else None."""
    try:
        library = ctypes.CDLL(None)
        _ = library.mallopt, library.malloc_trim, library.gnu_get_libc_version
    except (AttributeError, OSError, TypeError):
        return None
    return library
