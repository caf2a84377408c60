"""What a lab had recorded when its kernel died, found again when its cell is run anew.

A lab that a notebook cell made leaves a note of its records in the reader's folder. The note
goes when the lab is closed, or when its kernel ends while nothing is under way. What is left
are the notes of kernels that were killed, or ended in mid-work. The folder may be on a disk that
several computers share: what a kernel of another one has left is told by its lying still.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import hashlib
import json
import os
import platform
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from hpt_widgets.labs.kit.labs_of_cell import place_in_notebook
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import plain_value
from hpt_widgets.support.files import replace_file
from hpt_widgets.support.home import reader_folder

FOLDER: Final = "unfinished"
# Clocks that are set while a process runs move the time at which it began, a little.
SAME_START_SECONDS: Final = 2.0
# Nobody here can ask for a process of another computer. A kernel there that works changes its
# records within seconds or minutes; one that came to an end changes nothing any more.
QUIET_SECONDS: Final = 600.0


@dataclass(frozen=True)
class RecordNote:
    """Where a record is, and what its lab needs to go on with it.

    Attributes
    ----------
    path : str
        The record's file; empty where the facts are all that is to be kept.
    method : str
        Its method.
    facts : dict of str to value
        Whatever else the lab wants back; lists come back as tuples.
    """

    path: str
    method: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def open(self) -> SearchRecord | None:
        """Return the record, tied to its file; None where there is none any more."""
        if not Path(self.path).is_file():
            return None
        try:
            return SearchRecord(self.method, path=self.path)
        except ValueError:
            return None


class UnfinishedWork:
    """The note of one lab's records; without a notebook cell it does nothing.

    Parameters
    ----------
    subject : str
        What the lab works on. A lab that works on something else takes nothing over.
    is_under_way : callable
        Tells whether the lab has work under way.
    details : callable, optional
        Returns what else must be the same, as values that JSON holds. It is only called when a
        note is written or found, so it may take its time: the sum of the data belongs here. A
        note without details, of an older version, is told by its subject alone.
    """

    def __init__(
        self,
        subject: str,
        is_under_way: Callable[[], bool],
        details: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        place = place_in_notebook()
        self._key = place and _digest(f"{place}\n{subject}", 24)
        self._is_under_way = is_under_way
        self._details = details
        self._noted: tuple[RecordNote, ...] = ()
        self._is_written = False
        self._found: tuple[RecordNote, ...] = ()
        self._found_at: list[Path] = []
        _all_work.add(self)

    def left_over(self) -> tuple[RecordNote, ...]:
        """Return what a lab of the same cell left when its kernel died; nothing is changed yet."""
        orphans = [path for path in self._paths() if _is_orphan(path)]
        left = [(path, note) for path, note in zip(orphans, map(_read, orphans), strict=True)]
        left = [(path, note) for path, note in left if self._is_of_this(note)]
        left.sort(key=lambda each: _changed_at(each[0]), reverse=True)
        self._found_at = [path for path, _ in left]
        self._found = left[0][1].records if left else ()
        return self._found

    def take_over(self) -> None:
        """Answer for what `left_over` found, from now on.

        To be called when the lab has taken the place of the one that the same cell had made
        before: where that one had a note, this lab's has the same name.
        """
        if self.note(self._found):
            for path in self._found_at:
                _delete(path)

    def note(self, records: Iterable[RecordNote]) -> bool:
        """Write down which records the lab has, and return whether they stand there now.

        They take the place of those that were noted before.
        """
        noted = tuple(records)
        path = self._path
        if path is None or noted == self._noted:
            return True
        content = {
            "kernel_started": psutil.Process().create_time(),
            "details": dict(self._details()),
            "records": [dataclasses.asdict(record) for record in noted],
        }
        # A lesson goes on without the note; the record itself says where it can't be kept.
        with contextlib.suppress(OSError):
            replace_file(path, json.dumps(content).encode())
            self._noted, self._is_written = noted, True
        return self._noted == noted

    def settle(self) -> None:
        """Take the note away for good: the reader has done with this lab."""
        # One of the same name that this lab has not written is that of the lab before it.
        if self._path is not None and self._is_written:
            _delete(self._path)
        self._key = None

    def settle_if_idle(self) -> None:
        """Take the note away unless work is under way."""
        if not self._is_under_way():
            self.settle()

    @property
    def _path(self) -> Path | None:
        if self._key is None:
            return None
        with contextlib.suppress(OSError):
            return reader_folder() / FOLDER / f"{self._key}-{_host()}-{os.getpid()}.json"
        return None

    def _paths(self) -> list[Path]:
        if self._path is None:
            return []
        return list(self._path.parent.glob(f"{self._key}-*.json"))

    def _is_of_this(self, note: _FoundNote) -> bool:
        return note.details is None or note.details == plain_value(dict(self._details()))


_all_work: weakref.WeakSet[UnfinishedWork] = weakref.WeakSet()


@atexit.register
def _settle_all() -> None:
    for work in list(_all_work):
        work.settle_if_idle()


@dataclass(frozen=True)
class _FoundNote:
    """What a note says; an older version's has no details."""

    records: tuple[RecordNote, ...] = ()
    details: Mapping[str, Any] | None = None


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _host() -> str:
    return _digest(platform.node(), 8)


def _is_orphan(path: Path) -> bool:
    """Return whether the kernel that wrote a note is gone."""
    # An older version did not say on which computer: on this one, most likely.
    _, *host, _ = path.stem.split("-")
    if host not in ([], [_host()]):
        return _quiet_seconds(path) > QUIET_SECONDS
    try:
        started = float(json.loads(path.read_text(encoding="utf-8"))["kernel_started"])
        process = psutil.Process(int(path.stem.rpartition("-")[2]))
        # Another process may have got the number since.
        return bool(abs(process.create_time() - started) > SAME_START_SECONDS)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return True  # the reader's own kernel would answer
    except (OSError, ValueError, TypeError, KeyError):
        return True  # a note that cannot be read is of no use to anyone


def _quiet_seconds(path: Path) -> float:
    """Return for how long neither a note nor one of its records has been changed."""
    files = [path, *(Path(record.path) for record in _read(path).records if record.path)]
    return time.time() - max(map(_changed_at, files))


def _read(path: Path) -> _FoundNote:
    try:
        found = plain_value(json.loads(path.read_text(encoding="utf-8")))
        records = tuple(
            RecordNote(str(record["path"]), str(record["method"]), dict(record["facts"]))
            for record in found["records"]
        )
        return _FoundNote(records, found.get("details"))
    except (OSError, ValueError, TypeError, KeyError):
        return _FoundNote()


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _changed_at(path: Path) -> float:
    """Return when a file was changed, in seconds since 1970; 0 for one that is not there."""
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0
