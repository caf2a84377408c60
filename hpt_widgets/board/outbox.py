"""Runs that wait to be sent, one file each in the reader's folder: a killed kernel loses none.

Several kernels of a reader may use the same folder. Each file is written beside its place and
then moved there, so none is ever half a run. A file's name says for which class its run was
trained, where a board had answered by then: it is sent to that class alone.
"""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from hpt_widgets.board.class_folder import class_folder, digest_of, write_whole
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.language import translate

_MEMBER: Final = "member.json"
_STUDENT_PREFIX: Final = "student-"
_WAITS: Final = "json"
# Of a class that is not the one that was joined; it may be joined again.
_LEFT: Final = "left"


class Outbox:
    """The runs that a reader, under one nickname, has for the board at one address.

    Parameters
    ----------
    address : str
        The board's.
    nickname : str
        The reader's, checked.
    code : str, default ""
        The class code; empty where a hub needs none. The code of before stands for the class of
        before until a board answers.

    Attributes
    ----------
    student_id : str
        The UUID by which boards know the reader under this nickname.
    problem : str
        Why runs wait in memory alone, in words; empty where they lie in the folder.
    """

    def __init__(self, address: str, nickname: str, code: str = "") -> None:
        self._nickname = nickname
        self._code = digest_of(code) if code else ""
        # For which class each run is, and the run.
        self._in_memory: dict[str, tuple[str, str]] = {}
        # Of the class that was joined; empty as long as no board has answered.
        self._mark = ""
        # Runs that ended here since a board answered last: whichever answers next is theirs.
        self._fresh: set[str] = set()
        self._files_left = 0
        self.problem = ""
        self.student_id = str(uuid.uuid4())
        self._folder: Path | None = None
        try:
            parent = class_folder()
            folder = parent / digest_of(f"{address}\n{nickname}")
            folder.mkdir(parents=True, exist_ok=True)
            self.student_id = _kept_student_id(parent, nickname)
            self._folder = folder
            self._mark = self._mark_of_before(folder)
        except OSError as error:
            self._note(error)

    def __len__(self) -> int:
        return len(self._files()) + len(self._own_in_memory())

    @property
    def left_out(self) -> int:
        """How many runs of another class were left out when this one was joined."""
        return self._files_left + len(self._in_memory) - len(self._own_in_memory())

    def put(self, run: ClassRun) -> None:
        """Have a run wait; where the disk refuses it, in memory."""
        text = run.to_json()
        try:
            if self._folder is None:
                raise FileNotFoundError
            # The names are in the order in which the runs ended.
            name = _name_of(f"{time.time_ns():020d}-{run.id}", self._mark, _WAITS)
            write_whole(self._folder / name, text)
        except OSError as error:
            self._in_memory[run.id] = self._mark, text
            if self._folder is not None:
                self._note(error)
        else:
            self.problem = ""
        self._fresh.add(run.id)

    def oldest(self, count: int) -> list[dict[str, Any]]:
        """Return the runs that have waited longest, as JSON gives them."""
        found = []
        for path in self._files()[:count]:
            try:
                found.append(_read_run(path))
            except FileNotFoundError:
                continue  # another kernel has just sent it
            except (OSError, ValueError, RecursionError):
                # Not one of ours, or altered: it must not hold up the others.
                with contextlib.suppress(OSError):
                    path.replace(path.with_suffix(".broken"))
        found += map(json.loads, self._own_in_memory()[: count - len(found)])
        return found

    def remove(self, ids: Iterable[str]) -> None:
        """Let go of runs, which the board has or will never take."""
        gone = set(ids)
        for path in self._files():
            if _id_in(path) in gone:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        for each in gone & set(self._in_memory):
            del self._in_memory[each]
        self._fresh -= gone

    def note_silence(self) -> None:
        """Note that no board answers: what waits now is for the class that was joined."""
        self._fresh.clear()

    def belong_to(self, board: str, class_number: object) -> None:
        """Note which class of which board answers, and what of all that waits is for it.

        A board may come back under another address; what was to go to the old one is its own.
        What is for another class stays here, in case that one answers again.

        Parameters
        ----------
        board : str
            The board's id.
        class_number : object
            As the board says it; one of an earlier version says none, and all its classes are
            one then.
        """
        self._mark = _mark_of(board, class_number)
        for identity, (mark, text) in list(self._in_memory.items()):
            if identity in self._fresh or not mark:
                self._in_memory[identity] = self._mark, text
        if self._folder is None:
            return
        own = {"board": board, "nickname": self._nickname}
        with contextlib.suppress(OSError):
            for note in self._folder.parent.glob(f"*/{_MEMBER}"):
                if note.parent != self._folder and own.items() <= _read_note(note).items():
                    _move_all(note.parent, self._folder)
            self._sort_out(self._folder)
            noted = {**own, "class": class_number, "code": self._code}
            write_whole(self._folder / _MEMBER, json.dumps(noted))

    def _sort_out(self, folder: Path) -> None:
        """Give each run of the folder the name that says whether it is for this class."""
        for path in _runs_in(folder):
            mark = _mark_in(path)
            if _id_in(path) in self._fresh or not mark:
                mark = self._mark
            ending = _WAITS if mark in ("", self._mark) else _LEFT
            self._files_left += ending == _LEFT and path.suffix != f".{_LEFT}"
            _rename(path, folder / _name_of(path.name.partition(".")[0], mark, ending))

    def _mark_of_before(self, folder: Path) -> str:
        """Return the mark of the class that was joined with the same code."""
        note = _read_note(folder / _MEMBER)
        is_same = self._code and note.get("code") == self._code
        return _mark_of(note.get("board"), note.get("class")) if is_same else ""

    def _files(self) -> list[Path]:
        """Return the files of the runs that are for the class that was joined, oldest first."""
        if self._folder is None:
            return []
        found = self._folder.glob(f"*-*.{_WAITS}")
        return sorted(path for path in found if _mark_in(path) in ("", self._mark))

    def _own_in_memory(self) -> list[str]:
        waiting = list(self._in_memory.values())
        return [text for mark, text in waiting if mark in ("", self._mark)]

    def _note(self, error: OSError) -> None:
        self.problem = translate("board.outbox_in_memory", reason=error.strerror or error)


def _mark_of(board: object, class_number: object) -> str:
    """Return what marks the runs for a class; empty where it is not known which one it is."""
    is_known = isinstance(board, str) and type(class_number) is int
    return digest_of(f"{board}\n{class_number}") if is_known else ""


def _name_of(stem: str, mark: str, ending: str) -> str:
    return ".".join(filter(None, (stem, mark, ending)))


def _id_in(path: Path) -> str:
    return path.name.partition("-")[2].partition(".")[0]


def _mark_in(path: Path) -> str:
    """Return the mark in a file's name; a run of an earlier version, or of no class, has none."""
    return ".".join(path.name.split(".")[1:-1])


def _runs_in(folder: Path) -> list[Path]:
    return [path for ending in (_WAITS, _LEFT) for path in folder.glob(f"*-*.{ending}")]


def _move_all(folder: Path, to: Path) -> None:
    for path in _runs_in(folder):
        _rename(path, to / path.name)


def _rename(path: Path, to: Path) -> None:
    # Another kernel may just have sent it.
    with contextlib.suppress(FileNotFoundError):
        if path != to:
            path.replace(to)


def _read_run(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or found.get("id") != _id_in(path):
        # The board would refuse it under an id by which no file is found.
        raise ValueError(path)
    return found


def _kept_student_id(folder: Path, nickname: str) -> str:
    """Return the id of this nickname, the same in every kernel and on every day."""
    path = folder / f"{_STUDENT_PREFIX}{digest_of(nickname)}.txt"
    with contextlib.suppress(OSError, ValueError):
        return str(uuid.UUID(path.read_text(encoding="utf-8").strip()))
    made = str(uuid.uuid4())
    write_whole(path, made)
    return made


def _read_note(path: Path) -> dict[str, Any]:
    """Return what was noted of the class that was joined last; nothing where nothing was."""
    found = None
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}
