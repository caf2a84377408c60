"""What a lab may ask of the board, checked strictly: to join, and to keep runs.

An answer that refuses carries a key of the board's texts, so that each lab says it in its own
language.
"""

from __future__ import annotations

import asyncio
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hpt_widgets.board.class_run import MOST_RUNS, ClassRun
from hpt_widgets.board.limits import RUNS_A_MINUTE, CodeTries, RateLimit
from hpt_widgets.board.store import BoardFull, BoardStore, Student
from hpt_widgets.board.words import checked_code, checked_nickname
from hpt_widgets.board.writer import StoreError
from hpt_widgets.language import translate

DISK_SECONDS: Final = 10
"""After a full disk: when to try again."""


class Refusal(Exception):  # noqa: N818
    """A request that the board does not take.

    Attributes
    ----------
    status : int
        HTTP's.
    key : str
        Which of the board's texts says why.
    values : dict
        What its placeholders stand for.
    wait : int
        After how many seconds it may be tried again; 0 where that is of no use.
    """

    def __init__(self, status: int, key: str, wait: int = 0, **values: Any) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.values = values
        self.wait = wait

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as values that JSON can say; ``message`` is in our own language."""
        message = translate(f"board.{self.key}", **self.values)
        return {"error": self.key, "values": self.values, "message": message}


@dataclass
class Reception:
    """Checks requests, and hands what they bring to the store.

    Attributes
    ----------
    store : BoardStore
        Where students and runs are kept.
    run_limit : RateLimit
        How many runs a student may send.
    tries : CodeTries
        How often a class code may be guessed.
    """

    store: BoardStore
    run_limit: RateLimit = field(default_factory=lambda: RateLimit(RUNS_A_MINUTE))
    tries: CodeTries = field(default_factory=CodeTries)

    async def join(self, request: Any, place: str, *, is_member: bool = False) -> dict[str, Any]:
        """Let a student join.

        Parameters
        ----------
        request : object
            ``{"code", "student", "nickname"}``, as JSON gave it.
        place : str
            Where it comes from, for the limit of wrong codes.
        is_member : bool, default False
            Whether a hub has let the sender in, who needs no code then.

        Raises
        ------
        Refusal
            If the board does not take it.
        """
        code, student_id, nickname = _fields(request, code=str, student=str, nickname=str)
        known = self._admit(code, _checked_uuid(student_id), place, is_member)
        if known is None:
            try:
                name = checked_nickname(nickname)
            except ValueError:
                raise Refusal(400, "nickname_refused", nickname=nickname[:100]) from None
            try:
                known = await asyncio.wrap_future(self.store.add_student(student_id, name))
            except BoardFull:
                raise Refusal(403, "full_refused") from None
            except StoreError:
                raise _disk_is_full() from None
        return {"board": self.store.fact("id"), "name": known.name, "task": self._task()}

    async def keep(self, request: Any, place: str, *, is_member: bool = False) -> dict[str, Any]:
        """Keep a batch of runs.

        Parameters
        ----------
        request : object
            ``{"code", "student", "runs"}``, as JSON gave it.
        place : str
            Where it comes from, for the limit of wrong codes.
        is_member : bool, default False
            As for `join`.

        Returns
        -------
        dict
            ``"kept"``: the ids that are on the disk now, new or not; ``"refused"``: why not,
            by id; ``"new"``: how many are new; ``"task"``: the task that is open now.

        Raises
        ------
        Refusal
            If the board takes none of them.
        """
        code, student_id, given = _fields(request, code=str, student=str, runs=list)
        student = self._admit(code, _checked_uuid(student_id), place, is_member)
        if student is None:
            raise Refusal(404, "unknown_student", board=self.store.fact("id"))
        if not 1 <= len(given) <= MOST_RUNS:
            raise Refusal(400, "bad_request", reason=f"1 ≤ runs ≤ {MOST_RUNS}")
        if wait := self.run_limit.take(str(student.number), len(given)):
            raise Refusal(429, "too_many_runs", wait, most=RUNS_A_MINUTE)
        runs, refused = _read_runs(given)
        try:
            new = await asyncio.wrap_future(self.store.add_runs(student, runs))
        except LookupError:
            raise Refusal(404, "unknown_student", board=self.store.fact("id")) from None
        except StoreError:
            raise _disk_is_full() from None
        kept = [run.id for run in runs]
        return {"kept": kept, "refused": refused, "new": len(new), "task": self._task()}

    def may_look(self, code: str, place: str) -> bool:
        """Return whether a class code lets one see the page.

        Raises
        ------
        Refusal
            If there were too many wrong ones.
        """
        try:
            self._check_code(code, place)
        except Refusal as refusal:
            if refusal.status == 429:
                raise
            return False
        return True

    def is_teacher(self, key: str) -> bool:
        """Return whether a key is the teacher's."""
        return _is_same(key, self.store.fact("teacher_key"))

    def _task(self) -> dict[str, Any] | None:
        task = self.store.task
        return None if task is None else task.to_dict()

    def _admit(self, code: str, student_id: str, place: str, is_member: bool) -> Student | None:
        """Check the code, and return the student where they have joined before."""
        student = self.store.student(student_id)
        if is_member:
            return student
        # Whoever has joined knows the code: a neighbour behind the same address who guesses
        # must not keep them out.
        self._check_code(code, None if student else place)
        return student

    def _check_code(self, code: str, place: str | None) -> None:
        if place is not None and (wait := self.tries.wait(place)):
            raise Refusal(429, "too_many_codes", wait)
        try:
            plain = checked_code(code)
        except ValueError:
            plain = ""
        if not _is_same(plain, self.store.fact("code")):
            if place is not None:
                self.tries.note_wrong(place)
            raise Refusal(403, "wrong_code")


def _read_runs(given: list[Any]) -> tuple[list[ClassRun], dict[str, str]]:
    runs: dict[str, ClassRun] = {}
    refused = {}
    for values in given:
        try:
            run = ClassRun.from_dict(values)
            run.to_json()
        except (TypeError, ValueError) as error:
            name = values.get("id") if isinstance(values, Mapping) else None
            refused[str(name)[:36]] = str(error)
        else:
            runs[run.id] = run
    return list(runs.values()), refused


def _fields(request: Any, **kinds: type) -> tuple[Any, ...]:
    if not isinstance(request, Mapping):
        raise Refusal(400, "bad_request", reason=", ".join(kinds))
    for name, kind in kinds.items():
        if not isinstance(request.get(name), kind):
            raise Refusal(400, "bad_request", reason=name)
    return tuple(request[name] for name in kinds)


def _checked_uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Refusal(400, "bad_request", reason="student") from None


def _is_same(given: str, wanted: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _disk_is_full() -> Refusal:
    return Refusal(507, "disk_full", DISK_SECONDS)
