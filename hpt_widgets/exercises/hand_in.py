"""A reader's progress as a file to hand in, and how such a file is read."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import hpt_widgets
from hpt_widgets.data.csv_file import ENCODINGS
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.progress import Entry
from hpt_widgets.language import translate
from hpt_widgets.support.files import replace_file
from hpt_widgets.support.hand_in_path import checked_hand_in_path, hand_in_path
from hpt_widgets.support.student_name import LONGEST_NAME, checked_student_name

ENDING: Final = ".progress.json"
MOST_BYTES: Final = 20_000_000
_FORMAT: Final = "hpt-progress-1"
# How the format is found in what cannot be read as a whole, in UTF-16 too.
_TRACES: Final = tuple(_FORMAT.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True)
class HandedIn:
    """What a reader has handed in.

    Attributes
    ----------
    name : str
        Who it is, as they wrote it.
    exported : str
        The moment of the export, in ISO 8601.
    entries : tuple of Entry
        What they did, oldest first.
    version : str, default ""
        The version of the workbook that wrote the file.
    n_unknown : int, default 0
        How many of the file's entries are none that this version knows, and were left out.
    is_encoding_guessed : bool, default False
        Whether the file is not in UTF-8 and does not say its encoding, so that letters, the
        name's among them, may be others.
    """

    name: str
    exported: str
    entries: tuple[Entry, ...]
    version: str = ""
    n_unknown: int = 0
    is_encoding_guessed: bool = False


def export_progress(name: str, path: str | os.PathLike[str] | None = None) -> Path:
    """Write what a reader has done to a file.

    Parameters
    ----------
    name : str
        Who hands it in, at most 60 characters. What guides write in its place
        (``"your name"``) is refused: a class of one name could not be told apart.
    path : str or path-like, optional
        The file, which is replaced if it is of this function; by default the name with
        ``.progress.json`` behind it, in the present folder. Of a name of signs alone it is
        ``student.progress.json``. Where somebody else's file lies there, it has a number behind
        the name.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TypeError, ValueError
        If the name or the path can be none: a folder, or a file that this function has not
        written.
    OSError
        If the file cannot be written.
    """
    shown = checked_student_name(name)
    if path is None:
        written = hand_in_path(shown, ENDING, lambda found: _is_file_of(found, shown))
    else:
        written = checked_hand_in_path(path, _is_file_of)
    found = progress.entries()
    values = {
        "format": _FORMAT,
        "version": hpt_widgets.__version__,
        "name": shown,
        "exported": datetime.now().astimezone().isoformat(timespec="seconds"),
        "entries": [entry.to_dict() for entry in found],
    }
    text = json.dumps(values, ensure_ascii=False, indent=1)
    # Half a character, as an answer may hold, is written as JSON's own escape.
    replace_file(written, text.encode(errors="backslashreplace"))
    return written


def _is_file_of(path: Path, name: str | None = None) -> bool:
    """Return whether a file was exported, and by the reader of a name where one is given."""
    try:
        return read_progress(path).name == name or name is None
    except (OSError, ValueError):
        return False


def read_progress(path: Path) -> HandedIn:
    """Read a file that a reader has handed in. Nothing of it is trusted.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ValueError
        If it is none.
    OSError
        If it cannot be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise ValueError(translate("exercises.empty_file", path=path))
    if size > MOST_BYTES:
        raise _not_handed_in(path)
    values, is_guessed = _values_of(path)
    name, exported, given = (values.get(key) for key in ("name", "exported", "entries"))
    is_one = isinstance(name, str) and isinstance(exported, str) and isinstance(given, list)
    if values.get("format") != _FORMAT or not is_one:
        raise _not_handed_in(path)
    entries = [Entry.from_dict(value) for value in given or ()]
    known = tuple(entry for entry in entries if entry is not None)
    shown = unicodedata.normalize("NFC", str(name))[:LONGEST_NAME]
    version, n_unknown = str(values.get("version", "")), len(entries) - len(known)
    return HandedIn(shown, str(exported)[:LONGEST_NAME], known, version, n_unknown, is_guessed)


def _values_of(path: Path) -> tuple[dict[str, Any], bool]:
    """Return what a file says in JSON, and whether the encoding it was saved in was guessed."""
    content = path.read_bytes()
    is_guessed = False
    try:
        try:
            values = json.loads(content)
        except UnicodeDecodeError:
            # A letter that was damaged brings other files here too.
            is_guessed = True
            values = json.loads(content.decode(ENCODINGS[-1]))
    except (ValueError, RecursionError):
        if any(trace in content for trace in _TRACES):
            raise ValueError(translate("exercises.not_whole", path=path)) from None
        values = None
    if not isinstance(values, dict):
        raise _not_handed_in(path)
    return values, is_guessed


def _not_handed_in(path: Path) -> ValueError:
    return ValueError(translate("exercises.not_handed_in", path=path))
