"""A folder of CSV files as a source of runs: for a class without a network.

Files that are dropped into the folder are read, again whenever they change; the ids of the runs
remove doubles. Whose file brings a run is of the present class. A file of ``lab.hand_in`` names
the data of each run, and the student; one of ``lab.runs.save`` does not, and the number of its
samples has to do.
"""

from __future__ import annotations

import collections
import contextlib
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import ENDINGS, NO_RUN, read_rows, run_of_row, student_of_row
from hpt_widgets.board.secret_ids import id_of_file
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.store_students import BoardFull
from hpt_widgets.board.words import LONGEST_NICKNAME, checked_nickname
from hpt_widgets.language import translate
from hpt_widgets.support.hand_in_folder import names_to_tell, shortened

LOOK_SECONDS: Final = 2.0
_BATCH: Final = 200
_WAIT_SECONDS: Final = 60.0
# Half a file, half a name that a spreadsheet or a synchronised folder leaves about.
_UNFINISHED: Final = (".", "~")
# A spreadsheet makes 312 of 0312, and a second download "zoe (1)" of "zoe".
_ALTERED: Final = re.compile(r"^0+(?=\d)| ?\(\d+\)$")
_Value = TypeVar("_Value")
_State = tuple[float, int]


@dataclass(frozen=True)
class _File:
    """What a file in the folder holds.

    Attributes
    ----------
    runs : list of ClassRun
        Its runs.
    reasons : list of str
        Why each of its other lines is none.
    writer : str
        The student under whose name it was written; empty where it does not say one.
    problem : str
        Why it was not read; empty where it was.
    is_done : bool
        Whether it need not be read again as long as it stays what it is.
    """

    runs: list[ClassRun] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    writer: str = ""
    problem: str = ""
    is_done: bool = True

    def is_under(self, name: str) -> bool:
        """Return whether it was written under a name, as far as it says."""
        forms = {unicodedata.normalize("NFC", each) for each in (self.writer, name)}
        return not self.writer or len(forms) == 1

    def may_be_under(self, name: str) -> bool:
        """Return whether it was, but for what spreadsheets and downloads make of a name."""
        return not self.writer or _plain(self.writer) == _plain(name)


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
        self._seen: dict[Path, _State] = {}
        self._told: dict[Path, tuple[_State, list[str]]] = {}
        self._others: set[str] = set()
        # What is still to be said; an error ends a round before it is.
        self._unsaid: list[str] = []
        # Files of which runs are another student's, who may be forgotten.
        self._unplaced: set[Path] = set()
        self._generation = -1

    def take_in(self) -> list[str]:
        """Read the files that are new or have changed.

        A file of which runs are on the board as another student's is read again when a student
        or a run was forgotten.

        Returns
        -------
        list of str
            What could not be read, or was left out, in words; once for each state of a file. A
            file that the system gives nobody now, or that is not on the disk in time, is tried
            again each time.

        Raises
        ------
        StoreError
            If the board's disk is full; the next time the files are read again, and what was to
            be said of the others is said.
        """
        self._look_again_where_others_went()
        tables, others = self._tables_and_others()
        read = [(path, state, _read(path)) for path, state in self._changed(tables)]
        # A copy under another name must not take the runs away from whose they are.
        read.sort(key=_rank)
        for path, state, file in read:
            said, is_done = self._take_in_file(path, file)
            if self._told.get(path) != (state, said):
                self._unsaid += said
            self._told[path] = state, said
            if is_done:
                self._seen[path] = state
        self._unsaid += self._not_looked_into(others)
        said, self._unsaid = self._unsaid, []
        return said

    def _take_in_file(self, path: Path, file: _File) -> tuple[list[str], bool]:
        """Bring a file's runs to the board; return what to say of it, and whether it is done."""
        try:
            return self._said_of_file(path, file), file.is_done
        except TimeoutError:
            reason = translate("board.disk_is_slow", seconds=_WAIT_SECONDS)
            return [translate("board.file_not_read", path=path, reason=reason)], False

    def _said_of_file(self, path: Path, file: _File) -> list[str]:
        """Bring a file's runs to the board; return what there is to say of it, in words."""
        if file.problem:
            # Most reasons begin with the path themselves.
            reason = file.problem.removeprefix(f"{path}").lstrip()
            return [translate("board.file_not_read", path=path, reason=reason)]
        if not (file.runs or file.reasons):
            return [translate("board.file_without_runs", path=path)]
        try:
            said = self._add(path, file) if file.runs else []
        except LookupError:
            # Whoever forgot the student, now or earlier, does not want the file either.
            return [translate("board.file_forgotten", path=path)]
        except (ValueError, BoardFull) as error:
            return [translate("board.file_not_read", path=path, reason=error)]
        if file.reasons:
            values = {"path": path, "count": len(file.reasons), "reason": file.reasons[0]}
            said.append(translate("board.lines_left_out", **values))
        return said

    def _look_again_where_others_went(self) -> None:
        generation = self._store.generation
        if generation != self._generation:
            self._generation = generation
            while self._unplaced:
                self._seen.pop(self._unplaced.pop(), None)

    def _tables_and_others(self) -> tuple[list[Path], list[Path]]:
        """List the folder: what has a CSV file's name, and what has not, or lies a folder below.

        There the files of all students have one name, since each has a folder.
        """
        tables: list[Path] = []
        others: list[Path] = []
        for path in sorted([*self._folder.glob("*"), *self._folder.glob("*/*")]):
            place = path.relative_to(self._folder).parts
            if any(name.startswith(_UNFINISHED) for name in place):
                continue
            is_table = len(place) == 1 and ENDINGS.search(path.name)
            (tables if is_table else others).append(path)
        return tables, others

    def _changed(self, tables: Iterable[Path]) -> Iterator[tuple[Path, _State]]:
        for path in tables:
            try:
                status = path.stat()
            except OSError:
                continue
            state = (status.st_mtime, status.st_size)
            if self._seen.get(path) != state:
                yield path, state

    def _not_looked_into(self, others: Iterable[Path]) -> list[str]:
        """Name the files that have come and are of another kind."""
        names = names_to_tell(others, self._folder)
        new, self._others = [name for name in names if name not in self._others], set(names)
        if not new:
            return []
        values = {"path": self._folder, "count": len(new), "names": shortened(new)}
        return [translate("board.files_not_looked_into", **values)]

    def _add(self, path: Path, file: _File) -> list[str]:
        name = _name_of(path)
        # A file of the same name is the same student's.
        secret, board_id = self._store.fact("secret"), self._store.fact("id")
        student_id = id_of_file(secret, board_id, name)
        if self._store.is_forgotten(student_id):
            raise LookupError(name)
        # All files are read again at each start: what the board has makes nobody one of this class.
        owners = self._store.owners(run.id for run in file.runs)
        runs = [run for run in file.runs if run.id not in owners]
        said = self._said_of_others(path, len(file.runs), owners, student_id)
        if not runs:
            return said
        student = self._store.add_student(student_id, nickname_of(name)).result(_WAIT_SECONDS)
        for start in range(0, len(runs), _BATCH):
            batch = runs[start : start + _BATCH]
            self._store.add_runs(student, batch).result(_WAIT_SECONDS)
        if not file.may_be_under(name):
            values = {"path": path, "writer": file.writer, "name": student.name}
            said.append(translate("board.file_renamed", **values))
        return said

    def _said_of_others(
        self, path: Path, count: int, owners: dict[str, tuple[str, str]], student_id: str
    ) -> list[str]:
        """Say which runs of a file are on the board already, as another student's."""
        nickname = nickname_of(_name_of(path))
        # Of the same nickname is whoever was in the class by the network as well.
        others = collections.Counter(
            name
            for owner, name in owners.values()
            if owner and owner != student_id and name != nickname
        )
        if not others:
            return []
        self._unplaced.add(path)
        names = ", ".join(name for name, _ in others.most_common())
        values = {"path": path, "count": others.total(), "all": count, "names": names}
        return [translate("board.runs_of_others", **values)]


def _name_of(path: Path) -> str:
    """Return the name of a file without its ending."""
    return ENDINGS.sub("", path.name)


def _plain(name: str) -> str:
    """Return a name without what others than its student have made of it."""
    return _ALTERED.sub("", unicodedata.normalize("NFC", name))


def _rank(read: tuple[Path, _State, _File]) -> tuple[bool, bool]:
    """Return how surely a file is its student's own, for sorting: the surest come first."""
    path, _, file = read
    name = _name_of(path)
    return not file.is_under(name), not file.may_be_under(name)


def _read(path: Path) -> _File:
    try:
        return _read_either_kind(path)
    except OSError as error:
        # Open in a spreadsheet, or still being copied: it may be read the next time.
        return _File(problem=str(error), is_done=False)
    except ValueError as error:
        return _File(problem=str(error))


def _read_either_kind(path: Path) -> _File:
    from hpt_widgets.search.records import SearchRecord

    rows = read_rows(path.read_bytes())
    if rows is not None:
        writers = {student_of_row(row) for row in rows}
        runs, reasons = _read_each(rows, run_of_row)
        return _File(runs, reasons, writer=writers.pop() if len(writers) == 1 else "")
    with warnings.catch_warnings():
        # A line that was cut short is whole the next time.
        warnings.simplefilter("ignore")
        trials = SearchRecord.load(path).trials
    runs, reasons = _read_each(trials, ClassRun)
    return _File(runs, reasons)


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
    # An apostrophe that stands elsewhere than between letters goes as well.
    for kept in (r"\w.'’-", r"\w.-"):
        cut = re.sub(rf"[^{kept}]+", "-", stem)[: 2 * LONGEST_NICKNAME].strip("-_.'’")
        with contextlib.suppress(ValueError):
            return checked_nickname(cut[:LONGEST_NICKNAME].rstrip("'’"))
    return "file"
