"""A folder of CSV files as a source of runs: for a class without a network.

Files that are dropped into the folder are read, again whenever they change; the ids of the runs
remove doubles. Whose file brings a run is of the present class. A file of ``lab.hand_in`` names
the data of each run; one of ``lab.runs.save`` does not, and the number of its samples has to do.
"""

from __future__ import annotations

import re
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import NO_RUN, read_rows, run_of_row
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.store_students import BoardFull
from hpt_widgets.board.words import LONGEST_NICKNAME, checked_nickname
from hpt_widgets.language import translate

LOOK_SECONDS: Final = 2.0
_BATCH: Final = 200
_WAIT_SECONDS: Final = 60.0
# Half a file, half a name that a spreadsheet or a synchronised folder leaves about.
_UNFINISHED: Final = (".", "~")
_Value = TypeVar("_Value")
_STUDENTS: Final = uuid.UUID("0f7a3bb0-6f0b-4a7f-8d5c-3f1f0a1d4c11")


class CsvFolder:
    """Brings what lies in a folder to a board.

    Parameters
    ----------
    folder : Path
        The folder; it may come later.
    store : BoardStore
        The board's.
    """

    def __init__(self, folder: Path, store: BoardStore) -> None:
        self._folder = folder
        self._store = store
        self._seen: dict[Path, tuple[float, int]] = {}
        self._told: dict[Path, tuple[float, int]] = {}

    def take_in(self) -> list[str]:
        """Read the files that are new or have changed.

        Returns
        -------
        list of str
            What could not be read, in words. A file that the system gives nobody now is named
            once, and tried again each time.

        Raises
        ------
        StoreError
            If the board's disk is full; the files are read again the next time.
        """
        problems = []
        for path, state in self._changed():
            try:
                problems += self._take_in_file(path)
            except LookupError:
                # Whoever forgot the student, now or earlier, does not want the file either.
                problems.append(translate("board.file_forgotten", path=path))
            except OSError as error:
                # Open in a spreadsheet, or still being copied: it may be read the next time.
                if self._told.get(path) != state:
                    problems.append(translate("board.file_not_read", path=path, reason=error))
                self._told[path] = state
                continue
            except (ValueError, BoardFull) as error:
                problems.append(translate("board.file_not_read", path=path, reason=error))
            self._seen[path] = state
        return problems

    def _changed(self) -> Iterator[tuple[Path, tuple[float, int]]]:
        for path in sorted(self._folder.glob("*.[cC][sS][vV]")):
            if path.name.startswith(_UNFINISHED):
                continue
            try:
                status = path.stat()
            except OSError:
                continue
            state = (status.st_mtime, status.st_size)
            if self._seen.get(path) != state:
                yield path, state

    def _take_in_file(self, path: Path) -> list[str]:
        """Bring a file's runs to the board; return what was left out of it, in words."""
        runs, reasons = _runs_of(path)
        if runs:
            self._add(path, runs)
        if not reasons:
            return []
        values = {"path": path, "count": len(reasons), "reason": reasons[0]}
        return [translate("board.lines_left_out", **values)]

    def _add(self, path: Path, runs: list[ClassRun]) -> None:
        # All files are read again at each start: what the board has makes nobody one of this class.
        known = self._store.known_runs(run.id for run in runs)
        runs = [run for run in runs if run.id not in known]
        if not runs:
            return
        # A file of the same name is the same student's.
        student_id = str(uuid.uuid5(_STUDENTS, self._store.fact("id") + path.stem))
        student = self._store.add_student(student_id, nickname_of(path.stem)).result(_WAIT_SECONDS)
        for start in range(0, len(runs), _BATCH):
            batch = runs[start : start + _BATCH]
            self._store.add_runs(student, batch).result(_WAIT_SECONDS)


def _runs_of(path: Path) -> tuple[list[ClassRun], list[str]]:
    """Return the runs of a file of either kind, and why each of the others is none."""
    from hpt_widgets.search.records import SearchRecord

    rows = read_rows(path.read_bytes())
    if rows is not None:
        return _read_each(rows, run_of_row)
    with warnings.catch_warnings():
        # A line that was cut short is whole the next time.
        warnings.simplefilter("ignore")
        trials = SearchRecord.load(path).trials
    return _read_each(trials, ClassRun)


def _read_each(
    values: Iterable[_Value], read: Callable[[_Value], ClassRun]
) -> tuple[list[ClassRun], list[str]]:
    runs, reasons = [], []
    for value in values:
        try:
            runs.append(read(value))
        except NO_RUN as error:
            reasons.append(str(error))
    return runs, reasons


def nickname_of(stem: str) -> str:
    """Return a nickname for a file's name, whatever stands in it."""
    cut = re.sub(r"[^\w.-]+", "-", stem).strip("-_.")[:LONGEST_NICKNAME]
    try:
        return checked_nickname(cut)
    except ValueError:
        return "file"
