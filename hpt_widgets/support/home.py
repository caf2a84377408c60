"""The reader's own folder: runs, records and progress, kept from one day to the next.

A lesson goes on whether or not this folder can be written: a full disk or a
read-only home costs the reader a record, never the lesson.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import platformdirs

from hpt_widgets.language import translate
from hpt_widgets.support.files import append_whole, ends_with_newline, open_to_append

ENVIRONMENT_VARIABLE = "HPT_HOME"
APPLICATION_NAME = "hpt_widgets"


class ReaderFolderWarning(UserWarning):
    """Something of the reader's could not be kept; the lesson goes on without it."""


def reader_folder() -> Path:
    """Return the reader's folder, and create it if need be.

    Returns
    -------
    Path
        The folder that ``HPT_HOME`` names, where it is set and not empty; else
        ``hpt_widgets`` in the place that the system has for a user's data.

    Raises
    ------
    OSError
        If the folder does not exist and cannot be created, or is that of an unknown user.
    """
    folder = _reader_folder_path()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep_line(name: str, line: str) -> str:
    r"""Append one line to a file of the reader's folder.

    The line is written as a whole or not at all, so that two kernels can append to the
    same file, and it is on the disk when the function returns. If an earlier write was
    cut short, the line still starts on a line of its own.

    Parameters
    ----------
    name : str
        A file name, without a folder.
    line : str
        The line, without its end (``"\n"``).

    Returns
    -------
    str
        Why the line was not kept, in words for the reader; empty where it was.

    Raises
    ------
    ValueError
        If `name` is not a plain file name, or `line` holds more than one line.
    """
    _check_name(name)
    if "\n" in line or "\r" in line:
        raise ValueError(translate("home.one_line", line=repr(line)))
    try:
        _append(reader_folder() / name, line)
    except OSError as error:
        reason = error.strerror or str(error)
        return translate("home.not_kept", path=_shown_folder() / name, reason=reason)
    return ""


def read_content(name: str) -> bytes:
    """Return what a file of the reader's folder holds.

    Parameters
    ----------
    name : str
        A file name, without a folder.

    Returns
    -------
    bytes
        Its content; none where it does not exist or cannot be read.

    Raises
    ------
    ValueError
        If `name` is not a plain file name.
    """
    _check_name(name)
    try:
        return (_reader_folder_path() / name).read_bytes()
    except OSError:
        return b""


def _named_folder() -> Path:
    chosen = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    return Path(chosen or platformdirs.user_data_dir(APPLICATION_NAME, appauthor=False))


def _reader_folder_path() -> Path:
    return expanded(_named_folder()).absolute()


def _shown_folder() -> Path:
    try:
        return _reader_folder_path()
    except OSError:
        return _named_folder()


def expanded(path: Path) -> Path:
    """Return a path with the home folder that ``~`` or ``~name`` at its beginning stands for.

    Parameters
    ----------
    path : Path
        As a reader wrote it.

    Raises
    ------
    FileNotFoundError
        If there is no such user, or the user has no home folder.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        reason = translate("home.unknown_user", user=path.parts[0])
        raise FileNotFoundError(errno.ENOENT, reason, str(path)) from None


def _check_name(name: str) -> None:
    if not name or name in {".", ".."} or Path(name).name != name or "\\" in name:
        raise ValueError(translate("home.plain_name", name=repr(name)))


def _append(path: Path, line: str) -> None:
    with open_to_append(path) as file:
        content = f"{line}\n".encode()
        if not ends_with_newline(file):
            content = b"\n" + content
        append_whole(file, content, file.seek(0, os.SEEK_END))
