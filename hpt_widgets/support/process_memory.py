"""Lets the C library's allocator give back what is freed; where it is not glibc's, nothing is done.

glibc gives each thread a heap of its own and keeps what is freed there, the more the larger the
pieces have been. A kernel with TensorFlow has some thirty threads.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import Any, Final

# From glibc's malloc.h.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_SETTINGS: Final = frozenset({"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"})
N_HEAPS_SETTING: Final = "MALLOC_ARENA_MAX"
# By default sixteen on two cores. What is free in one serves no other, and in an hour of short
# trainings they all came to be held though next to nothing was in them.
N_HEAPS: Final = 2
# The largest piece that is part of a heap: by default it grows to 32 MB. A larger one is given back
# when it is freed, and each time asks the system for every page anew: the gradients of 512 units,
# 1.6 MB in each step, are to stay.
LARGEST_IN_A_HEAP: Final = 2**23  # bytes
KEPT_AT_THE_END: Final = 2**23


def take_from_heaps() -> None:
    """Have TensorFlow take large arrays from the C library; call it before the import.

    Where it has oneDNN, they come from a pool of its own instead, which only grows: one `fit` of
    Keras's on all digits would hold 200 MB to the end. See
    github.com/tensorflow/tensorflow/pull/54169.
    """
    if _glibc() is not None:
        os.environ.setdefault("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "1")


def limit_heaps() -> None:
    """Have few heaps, and no large pieces in them; what the reader has set of it stays."""
    if _glibc() is None:
        return
    if N_HEAPS_SETTING not in os.environ:
        _glibc().mallopt(_M_ARENA_MAX, N_HEAPS)
    if not _SETTINGS.isdisjoint(os.environ):
        return
    _glibc().mallopt(_M_TRIM_THRESHOLD, KEPT_AT_THE_END)
    _glibc().mallopt(_M_MMAP_THRESHOLD, LARGEST_IN_A_HEAP)


def release_free_memory() -> None:
    """Give the system back what is free within the heaps; it takes some milliseconds at most."""
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
