"""Replacing a file as a whole, and writing to one that others write to as well."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

try:
    import fcntl
except ImportError:  # Windows, where two programs that append at once are not kept apart
    fcntl = None  # type: ignore[assignment]

# A file that is replaced more often while its lock is waited for is no file of ours.
MOST_OPENINGS: Final = 100
LOCK_SECONDS: Final = 5.0
LOCK_PAUSE: Final = 0.002


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a full disk or a kill leaves the old one whole.

    A symbolic link stays one: what it points to is replaced. The file keeps its permissions.

    Parameters
    ----------
    path : Path
        The file; its folder is made if need be.
    content : bytes
        What it is to hold.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Made with "x" and not by `tempfile`, whose files nobody else may read.
    temporary = target.with_name(f".{uuid.uuid4().hex}.new")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            # Some disks say only now that they are full.
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def open_to_append(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading and appending, while no other process has it open in this way.

    A process that keeps it for more than five seconds is waited for no longer.

    Parameters
    ----------
    path : Path
        The file; it and its folder are made if need be.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for opening in range(MOST_OPENINGS):
        # Unbuffered: a closing file must not try once more to write what the disk refused.
        with path.open("ab+", buffering=0) as file:
            _lock(file)
            if _is_still_at(path, file) or opening == MOST_OPENINGS - 1:
                yield file
                return


def append_whole(file: IO[bytes], content: bytes, size: int) -> None:
    """Add to the end of a file and flush it to the disk: all of it or nothing.

    Parameters
    ----------
    file : binary file
        As `open_to_append` opened it.
    content : bytes
        What is to be added.
    size : int
        How long the file is, in bytes.

    Raises
    ------
    OSError
        If it cannot be written; the file is as it was, if the disk lets it be cut back.
    """
    try:
        while content:
            content = content[file.write(content) :]
        os.fsync(file.fileno())
    except OSError:
        # What is to be told is why the disk refused, not what came of that.
        with contextlib.suppress(OSError):
            file.truncate(size)
        raise


def ends_with_newline(file: IO[bytes]) -> bool:
    """Return whether a file is empty or its last line has an end."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1))
    return not size or file.read(1) == b"\n"


def _lock(file: IO[bytes]) -> None:
    """Wait until no other process has the lock, but not for one that is stopped in mid-write."""
    end = time.monotonic() + LOCK_SECONDS
    while fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return
            time.sleep(LOCK_PAUSE)
        except OSError:  # a network drive without locks
            return
        else:
            return


def _is_still_at(path: Path, file: IO[bytes]) -> bool:
    """Return whether a file has not been replaced or removed while its lock was waited for."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
