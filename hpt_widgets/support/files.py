"""Replacing a file as a whole, and writing to one that others write to as well."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from hpt_widgets.language import translate

fcntl: Any
msvcrt: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
try:
    import msvcrt
except ImportError:  # every other system
    msvcrt = None

# A file that is replaced more often while its lock is waited for is no file of ours.
MOST_OPENINGS: Final = 100
LOCK_SECONDS: Final = 5.0
LOCK_PAUSE: Final = 0.002
# Windows lets nobody else read or write what is locked: it is a byte far behind all content.
WINDOWS_LOCK_PLACE: Final = 2**30


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
def open_to_append(path: Path, *, needs_lock: bool = False) -> Iterator[IO[bytes]]:
    """Open a file for reading and appending, while no other process has it open in this way.

    A process that keeps it for more than five seconds is waited for no longer. Where a disk has
    no locks, as some network drives, nobody is kept apart.

    Parameters
    ----------
    path : Path
        The file; it and its folder are made if need be.
    needs_lock : bool, default False
        What becomes of a file that another process keeps: by default it is opened all the same,
        which does for lines that are written in one piece and depend on no other. True for what
        depends on the lines before: then it is an error.

    Raises
    ------
    TimeoutError
        If `needs_lock`, and another process keeps the file; nothing has been written.
    OSError
        If it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for opening in range(MOST_OPENINGS):
        # Unbuffered: a closing file must not try once more to write what the disk refused.
        with path.open("ab+", buffering=0) as file, _locked(file) as is_free:
            if needs_lock and not is_free:
                reason = translate("files.in_use", seconds=LOCK_SECONDS)
                raise TimeoutError(errno.ETIMEDOUT, reason, str(path))
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
    end = size
    try:
        while content:
            written = file.write(content)
            end += written
            content = content[written:]
        os.fsync(file.fileno())
    except OSError:
        # What is to be told is why the disk refused, not what came of that.
        with contextlib.suppress(OSError):
            # Another process may have added to it, one that waited no longer for the lock.
            if file.seek(0, os.SEEK_END) == end:
                file.truncate(size)
        raise


def ends_with_newline(file: IO[bytes]) -> bool:
    """Return whether a file is empty or its last line has an end."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 1))
    return not size or file.read(1) == b"\n"


@contextlib.contextmanager
def _locked(file: IO[bytes]) -> Iterator[bool]:
    """Keep other processes out, and say whether none of them has the file."""
    is_free = _wait_for_lock(file)
    try:
        yield is_free
    finally:
        # Elsewhere the lock ends with the file; Windows may take its time.
        if is_free and fcntl is None and not file.closed:
            with contextlib.suppress(OSError):
                _lock_on_windows(file, msvcrt.LK_UNLCK)


def _wait_for_lock(file: IO[bytes]) -> bool:
    """Wait until no other process has the lock, but not for one that is stopped in mid-write."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:
                _lock_on_windows(file, msvcrt.LK_NBLCK)
        except (BlockingIOError, PermissionError):  # the second is Windows's
            if time.monotonic() > end:
                return False
            time.sleep(LOCK_PAUSE)
        except OSError:  # a network drive without locks
            return True
        else:
            return True


def _lock_on_windows(file: IO[bytes], mode: int) -> None:
    file.seek(WINDOWS_LOCK_PLACE)
    try:
        msvcrt.locking(file.fileno(), mode, 1)
    finally:
        file.seek(0, os.SEEK_END)


def _is_still_at(path: Path, file: IO[bytes]) -> bool:
    """Return whether a file has not been replaced or removed while its lock was waited for."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
