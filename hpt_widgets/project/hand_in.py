"""A project as one file to hand in: whose it is, the seal, and the lines of the log as they are."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import hpt_widgets
from hpt_widgets.language import translate
from hpt_widgets.project.log_file import (
    Fault,
    LogFile,
    Reading,
    checked_seal,
    digest_of,
    lines_of,
    read_log,
)
from hpt_widgets.support.files import replace_file
from hpt_widgets.support.hand_in_path import checked_hand_in_path, hand_in_path
from hpt_widgets.support.student_name import LONGEST_NAME, checked_student_name

ENDING: Final = ".project.jsonl"
_FORMAT: Final = "hpt-project-1"
# Before the first line of the log.
_LABEL_LINE: Final = 0
# In bytes; of other files, whose first line may be all of them, no more is read.
_LONGEST_LABEL: Final = 1_000_000


@dataclass(frozen=True)
class HandedInProject:
    """A project that was handed in.

    Attributes
    ----------
    name : str
        Who did, as they wrote it.
    exported : str
        When, in ISO 8601.
    reading : Reading
        What the log holds, and what is wrong with it.
    """

    name: str
    exported: str
    reading: Reading

    @property
    def first_digest(self) -> str:
        """The digest of the log's first line, which no other log has; "" for an empty one."""
        return next((entry.digest for entry in self.reading.entries), "")


def write_hand_in(
    log: LogFile, question: str, name: str, path: str | os.PathLike[str] | None
) -> Path:
    """Write a project's log to a file that can be handed in, with its seal and a name.

    Parameters
    ----------
    log : LogFile
        The log.
    question : str
        What the project is to find out.
    name : str
        Who hands it in, at most 60 characters.
    path : str or path-like, optional
        The file; by default the name with ``.project.jsonl`` behind it, in the present folder,
        and a number between where somebody else's file or another project has that name. What
        lies at a path that is given is replaced if it was handed in before.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TypeError, ValueError
        If the name can be none, or the path is a folder's or another file's.
    OSError
        If the file can't be written.
    """
    shown = checked_student_name(name)
    content, seal = log.content()
    if path is None:
        own = HandedInProject(shown, "", read_log(content, seal))
        written = hand_in_path(shown, ENDING, lambda found: _is_of_same(found, own))
    else:
        written = checked_hand_in_path(path, _was_handed_in)
    label = {
        "format": _FORMAT,
        "version": hpt_widgets.__version__,
        "name": shown,
        "exported": datetime.now().astimezone().isoformat(timespec="seconds"),
        "question": question,
        "seal": None if seal is None else {"number": seal[0], "digest": seal[1]},
    }
    line = json.dumps({**label, "digest": digest_of(label)}, ensure_ascii=False)
    replace_file(written, line.encode(errors="surrogatepass") + b"\n" + content)
    return written


def read_hand_in(content: bytes) -> HandedInProject | None:
    """Read a file that was handed in; None for one without the line that says whose it is.

    Parameters
    ----------
    content : bytes
        What the file holds. Nothing of it is trusted.

    Returns
    -------
    HandedInProject or None
    """
    first, *lines = lines_of(content)
    label = _label(first)
    if label is None:
        return None
    reading = read_log(b"\n".join(lines), checked_seal(label.get("seal")))
    if label.pop("digest", None) != digest_of(label):
        faults = (Fault("label", _LABEL_LINE), *reading.faults)
        reading = Reading(reading.entries, faults, reading.n_torn)
    return HandedInProject(_shown(label.get("name")), _shown(label.get("exported")), reading)


def read_project(path: Path) -> HandedInProject:
    """Read a file that was handed in, or a log with its seal beside it, under its own name.

    Raises
    ------
    ValueError
        If none of its lines is one of a log.
    OSError
        If it can't be read.
    """
    found = read_hand_in(path.read_bytes()) or HandedInProject(path.stem, "", LogFile(path).read())
    reading = found.reading
    if reading.n_torn and not reading.entries and not reading.faults:
        raise ValueError(translate("project_check.other_file", path=str(path)))
    return found


def _label(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("format") == _FORMAT else None


def _shown(value: Any) -> str:
    return " ".join(str(value).split())[:LONGEST_NAME]


def _was_handed_in(path: Path) -> bool:
    """Return whether a file begins with the line that says whose project it is."""
    try:
        with path.open("rb") as file:
            first = file.readline(_LONGEST_LABEL)
    except OSError:
        return False
    return _label(lines_of(first)[0]) is not None


def _is_of_same(path: Path, own: HandedInProject) -> bool:
    """Return whether a file is of the same student and of the same project."""
    try:
        found = read_hand_in(path.read_bytes())
    except OSError:
        return False
    wanted = (own.name, own.first_digest)
    return found is not None and (found.name, found.first_digest) == wanted
