"""A reader's progress as a file to hand in, and how such a file is read."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Final

import hpt_widgets
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.progress import Entry
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require, require_text
from hpt_widgets.support.files import replace_file

ENDING: Final = ".progress.json"
LONGEST_NAME: Final = 60
MOST_BYTES: Final = 20_000_000
_FORMAT: Final = "hpt-progress-1"


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
    """

    name: str
    exported: str
    entries: tuple[Entry, ...]


def export_progress(name: str, path: str | os.PathLike[str] | None = None) -> Path:
    """Write what a reader has done to a file.

    Parameters
    ----------
    name : str
        Who hands it in, at most 60 characters.
    path : str or path-like, optional
        The file; by default the name with ``.progress.json`` behind it, in the present folder.
        Of a name of signs alone it is ``student.progress.json``. Where somebody else's file lies
        there, it has a number behind the name.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TypeError, ValueError
        If the name can be none.
    OSError
        If the file cannot be written.
    """
    require_text("name", name)
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise ValueError(translate("exercises.name", value=name, most=LONGEST_NAME))
    if path is None:
        path = _own_path(shown)
    require("path", path, (str, os.PathLike))
    found = progress.entries()
    values = {
        "format": _FORMAT,
        "version": hpt_widgets.__version__,
        "name": shown,
        "exported": datetime.now().astimezone().isoformat(timespec="seconds"),
        "entries": [entry.to_dict() for entry in found],
    }
    written = Path(path)
    replace_file(written, json.dumps(values, ensure_ascii=False, indent=1).encode())
    return written


def _own_path(name: str) -> Path:
    """Return the first path that is free or has this very student's file."""
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "student"
    paths = (Path(f"{stem}{end}{ENDING}") for end in chain([""], (f"-{n}" for n in count(2))))
    return next(path for path in paths if not path.exists() or _is_file_of(path, name))


def _is_file_of(path: Path, name: str) -> bool:
    try:
        return read_progress(path).name == name
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
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(translate("exercises.not_handed_in", path=path))
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("format") != _FORMAT:
        raise ValueError(translate("exercises.not_handed_in", path=path))
    name, exported, given = (values.get(key) for key in ("name", "exported", "entries"))
    entries = [Entry.from_dict(value) for value in given] if isinstance(given, list) else [None]
    known = tuple(entry for entry in entries if entry is not None)
    fits = isinstance(name, str) and isinstance(exported, str) and len(known) == len(entries)
    if not fits:
        raise ValueError(translate("exercises.not_handed_in", path=path))
    return HandedIn(str(name)[:LONGEST_NAME], str(exported)[:LONGEST_NAME], known)


def stamp(text: str) -> datetime | None:
    """Return a moment with its time zone, None where the text is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
