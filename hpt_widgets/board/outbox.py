"""Runs that wait to be sent, one file each in the reader's folder: a killed kernel loses none.

Several kernels of a reader may use the same folder. Each file is written beside its place and
then moved there, so none is ever half a run.
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


class Outbox:
    """The runs that a reader, under one nickname, has for the board at one address.

    Parameters
    ----------
    address : str
        The board's.
    nickname : str
        The reader's, checked.

    Attributes
    ----------
    student_id : str
        The UUID by which boards know the reader under this nickname.
    problem : str
        Why runs wait in memory alone, in words; empty where they lie in the folder.
    """

    def __init__(self, address: str, nickname: str) -> None:
        self._nickname = nickname
        self._in_memory: dict[str, str] = {}
        self.problem = ""
        self.student_id = str(uuid.uuid4())
        self._folder: Path | None = None
        try:
            parent = class_folder()
            folder = parent / digest_of(f"{address}\n{nickname}")
            folder.mkdir(parents=True, exist_ok=True)
            self.student_id = _kept_student_id(parent, nickname)
            self._folder = folder
        except OSError as error:
            self._note(error)

    def __len__(self) -> int:
        return len(self._files()) + len(self._in_memory)

    def put(self, run: ClassRun) -> None:
        """Have a run wait; where the disk refuses it, in memory."""
        text = run.to_json()
        try:
            if self._folder is None:
                raise FileNotFoundError
            # The names are in the order in which the runs ended.
            write_whole(self._folder / f"{time.time_ns():020d}-{run.id}.json", text)
        except OSError as error:
            self._in_memory[run.id] = text
            if self._folder is not None:
                self._note(error)
        else:
            self.problem = ""

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
        found += map(json.loads, list(self._in_memory.values())[: count - len(found)])
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

    def belong_to(self, board: str) -> None:
        """Note which board answers at the address, and take over what waits for it elsewhere.

        A board may come back under another address; what was to go to the old one is its own.
        """
        if self._folder is None:
            return
        own = {"board": board, "nickname": self._nickname}
        with contextlib.suppress(OSError):
            for note in self._folder.parent.glob(f"*/{_MEMBER}"):
                if note.parent != self._folder and _read_note(note) == own:
                    for path in note.parent.glob("*-*.json"):
                        path.replace(self._folder / path.name)
            write_whole(self._folder / _MEMBER, json.dumps(own))

    def _files(self) -> list[Path]:
        return [] if self._folder is None else sorted(self._folder.glob("*-*.json"))

    def _note(self, error: OSError) -> None:
        self.problem = translate("board.outbox_in_memory", reason=error.strerror or error)


def _id_in(path: Path) -> str:
    return path.stem.partition("-")[2]


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


def _read_note(path: Path) -> Any:
    with contextlib.suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    return None
