"""Where a file to hand in is written: beside the notebook, and over nobody else's."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path
from typing import Final

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require
from hpt_widgets.support.student_name import is_device

# How Unix and Windows write a folder, even one that is not there yet.
_FOLDER_ENDS: Final = ("/", "\\")
_EXAMPLE: Final = "hand-in/Li-Wei.json"


def hand_in_path(name: str, ending: str, is_own: Callable[[Path], bool]) -> Path:
    """Return the first path in the present folder that is free, or has this very student's file.

    Parameters
    ----------
    name : str
        Who hands it in. Of a name of signs alone the file is ``student``; before one that
        Windows keeps for a device (``con``) stands ``student-``.
    ending : str
        Of the file's name, such as ``".progress.json"``.
    is_own : function of a path
        Whether the file there may be replaced.

    Returns
    -------
    Path
        The name with the ending behind it; between them a number from 2 on where somebody
        else's file has that name.
    """
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "student"
    if is_device(stem):
        stem = f"student-{stem}"
    paths = (Path(f"{stem}{end}{ending}") for end in chain([""], (f"-{n}" for n in count(2))))
    return next(path for path in paths if not path.exists() or is_own(path))


def checked_hand_in_path(path: str | os.PathLike[str], is_own_kind: Callable[[Path], bool]) -> Path:
    """Return a path that a reader has chosen, if a file to hand in may be written there.

    Parameters
    ----------
    path : str or path-like
        The file. One that is empty may be replaced, whatever its name.
    is_own_kind : function of a path
        Whether the file there was written to be handed in, so that nothing else is lost with it.

    Returns
    -------
    Path

    Raises
    ------
    TypeError
        If it is no path.
    ValueError
        If it is empty or a folder's, or another file lies there.
    """
    found = checked_file_path(path)
    if found.exists() and not _may_be_replaced(found, is_own_kind):
        raise ValueError(translate("hand_in_path.other_file", value=os.fspath(path)))
    return found


def checked_file_path(path: str | os.PathLike[str], example: str = _EXAMPLE) -> Path:
    """Return a path that a reader has chosen, if it can be a file's.

    Parameters
    ----------
    path : str or path-like
        The file.
    example : str
        The name of a file, for the error.

    Returns
    -------
    Path

    Raises
    ------
    TypeError
        If it is no path.
    ValueError
        If it is empty or a folder's.
    """
    require("path", path, (str, os.PathLike))
    given = os.fspath(path)
    # Of an empty text, `Path` would make the present folder; and it drops a stroke at the end.
    if not given or given.endswith(_FOLDER_ENDS) or Path(given).is_dir():
        raise ValueError(translate("hand_in_path.no_file", value=given, example=example))
    return Path(given)


def _may_be_replaced(path: Path, is_own_kind: Callable[[Path], bool]) -> bool:
    # Reading from a device or a pipe might never end.
    return path.is_file() and (path.stat().st_size == 0 or is_own_kind(path))


def is_hidden(path: Path, folder: Path) -> bool:
    """Return whether a file below a folder is hidden, and so one of the system's own making."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
