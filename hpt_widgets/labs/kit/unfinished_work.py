"""What a lab had recorded when its kernel died, found again when its cell is run anew.

A lab that a notebook cell made leaves a note of its records in the reader's folder. The note
goes when the lab is closed, or when its kernel ends while nothing is under way. What is left
are the notes of kernels that were killed, or ended in mid-work.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import hashlib
import json
import os
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
    """

    def __init__(self, subject: str, is_under_way: Callable[[], bool]) -> None:
        place = place_in_notebook()
        self._key = place and hashlib.sha256(f"{place}\n{subject}".encode()).hexdigest()[:24]
        self._is_under_way = is_under_way
        self._noted: tuple[RecordNote, ...] = ()
        _all_work.add(self)

    def take_over(self) -> tuple[RecordNote, ...]:
        """Return what a lab of the same cell left when its kernel died, and answer for it now."""
        left = [path for path in self._paths() if _is_orphan(path)]
        left.sort(key=_age)
        records = _read(left[0]) if left else ()
        if self.note(records):
            for path in left:
                _delete(path)
        return records

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
            "records": [dataclasses.asdict(record) for record in noted],
        }
        # A lesson goes on without the note; the record itself says where it can't be kept.
        with contextlib.suppress(OSError):
            replace_file(path, json.dumps(content).encode())
            self._noted = noted
        return self._noted == noted

    def settle(self) -> None:
        """Take the note away: the reader has done with this lab."""
        if self._path is not None:
            _delete(self._path)
        self._noted = ()

    def settle_if_idle(self) -> None:
        """Take the note away unless work is under way."""
        if not self._is_under_way():
            self.settle()

    @property
    def _path(self) -> Path | None:
        if self._key is None:
            return None
        with contextlib.suppress(OSError):
            return reader_folder() / FOLDER / f"{self._key}-{os.getpid()}.json"
        return None

    def _paths(self) -> list[Path]:
        if self._path is None:
            return []
        return list(self._path.parent.glob(f"{self._key}-*.json"))


_all_work: weakref.WeakSet[UnfinishedWork] = weakref.WeakSet()


@atexit.register
def _settle_all() -> None:
    for work in list(_all_work):
        work.settle_if_idle()


def _is_orphan(path: Path) -> bool:
    """Return whether the kernel that wrote a note is gone."""
    try:
        started = float(json.loads(path.read_text(encoding="utf-8"))["kernel_started"])
        process = psutil.Process(int(path.stem.rpartition("-")[2]))
        # Another process may have got the number since.
        return bool(abs(process.create_time() - started) > SAME_START_SECONDS)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return True  # the reader's own kernel would answer
    except (OSError, ValueError, TypeError, KeyError):
        return True  # a note that cannot be read is of no use to anyone


def _read(path: Path) -> tuple[RecordNote, ...]:
    try:
        found = plain_value(json.loads(path.read_text(encoding="utf-8")))["records"]
        return tuple(RecordNote(str(r["path"]), str(r["method"]), dict(r["facts"])) for r in found)
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Return a number that is smaller for newer files."""
    with contextlib.suppress(OSError):
        return -path.stat().st_mtime
    return 0.0
