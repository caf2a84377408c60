"""MNIST's pixels in one file that all kernels of a machine map into their memory.

The gzipped originals can't be mapped: each kernel that unpacks them holds 55 MB of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

FILE_NAME: Final = "mnist-pixels.npy"
SHAPE: Final = (70_000, 28, 28)
# Of the 60,000 pictures to train on and the 10,000 to test on, one after the other.
SHA256: Final = "5b92582eb909c82a9bfefcd44acbe9233be3eb5b419a44cf211022ad2bf4bf96"
# A kernel that was killed while it wrote leaves its part behind.
ABANDONED_SECONDS: Final = 600


def shared_pixels(folders: Iterable[Path], unpack: Callable[[], Pixels]) -> Pixels:
    """Return MNIST's pixels, mapped from a file that other kernels map too.

    The file is checked by its sum; where it is missing or damaged it is made anew. It is
    written in one piece: of several kernels that make it at once, one succeeds and the others
    map what that one has written.

    Parameters
    ----------
    folders : iterable of Path
        Where the file may be; the first that has it, or can be written in, is taken.
    unpack : callable
        Returns the pixels, shape (70000, 28, 28), where they are not there yet.

    Returns
    -------
    ndarray of uint8, shape (70000, 28, 28)
        The map, private to the process should anybody write to it. Where no folder will do, or
        the pixels are not MNIST's, what `unpack` returned.
    """
    unpack = cache(unpack)
    for folder in folders:
        path = folder / FILE_NAME
        pixels = _checked_map(path)
        if pixels is None and has_the_sum(unpack()):
            pixels = _store(path, unpack())
        if pixels is not None:
            return pixels
    return unpack()


def has_the_sum(pixels: Pixels) -> bool:
    """Return whether these are MNIST's pixels, by their SHA-256 sum."""
    return pixels.shape == SHAPE and hashlib.sha256(pixels.data).hexdigest() == SHA256


def _checked_map(path: Path) -> Pixels | None:
    try:
        # Copy on write, since TensorFlow can share nothing that is read-only.
        pixels = np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except (OSError, ValueError, EOFError):
        return None
    return pixels if pixels.dtype == np.uint8 and has_the_sum(pixels) else None


def _store(path: Path, pixels: Pixels) -> Pixels | None:
    """Write the file in one piece, and map it; None where that can't be."""
    unfinished = path.with_name(f".{FILE_NAME}.{uuid.uuid4().hex}")
    try:
        _remove_abandoned(path.parent)
        with unfinished.open("xb") as file:
            np.save(file, pixels, allow_pickle=False)
        if os.name == "posix":
            unfinished.chmod(0o444)
        # Not `replace`: kernels that start together are to map one file, not one each.
        with contextlib.suppress(OSError):
            path.hardlink_to(unfinished)
        mapped = _checked_map(path)
        if mapped is None:
            unfinished.replace(path)
            mapped = _checked_map(path)
    except OSError:
        return None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    return mapped


def _remove_abandoned(folder: Path) -> None:
    for part in folder.glob(f".{FILE_NAME}.*"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > ABANDONED_SECONDS:
                part.unlink()
