"""The folder in which a reader keeps what belongs to classes, and how a file in it is written."""

from __future__ import annotations

import contextlib
import hashlib
import os
import uuid
from pathlib import Path
from typing import Final

from hpt_widgets.support.home import reader_folder

_NAME: Final = "class"
_DIGITS: Final = 16


def class_folder() -> Path:
    """Return the folder; it may not be there yet."""
    return reader_folder() / _NAME


def digest_of(text: str) -> str:
    """Return what stands for a text in the name of a file."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def write_whole(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, in one step: it is never half there.

    Parameters
    ----------
    path : Path
        The file; its folder has to be there.
    text : str
        What it is to hold.

    Raises
    ------
    OSError
        If it cannot be written; nothing is changed then.
    """
    temporary = path.with_name(f".{uuid.uuid4().hex}.new")
    try:
        # The id is a secret between a lab and its board.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(text.encode())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
