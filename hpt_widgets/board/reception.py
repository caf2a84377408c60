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
from http import HTTPStatus
from typing import Any, Final

from hpt_widgets.board.class_run import MOST_RUNS, ClassRun
from hpt_widgets.board.limits import (
    RUNS_A_MINUTE,
    RUNS_OF_A_PLACE,
    STUDENTS_OF_A_PLACE,
    CodeTries,
    RateLimit,
)
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.store_records import Student
from hpt_widgets.board.store_students import BoardFull, StudentForgotten
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
    place_limit : RateLimit
        How many runs may come from one place.
    join_limit : RateLimit
        How many new students may come from one place.
    tries : CodeTries
        How often a class code may be guessed.
    """

    store: BoardStore
    run_limit: RateLimit = field(default_factory=lambda: RateLimit(RUNS_A_MINUTE))
    place_limit: RateLimit = field(default_factory=lambda: RateLimit(RUNS_OF_A_PLACE))
    join_limit: RateLimit = field(default_factory=lambda: RateLimit(STUDENTS_OF_A_PLACE))
    tries: CodeTries = field(default_factory=CodeTries)

    async def join(self, request: Any, place: str, *, is_member: bool = False) -> dict[str, Any]:
        """Let a student join.

        Parameters
        ----------
        request : object
            ``{"code", "student", "nickname"}``, as JSON gave it.
        place : str
            Where it comes from, for the limits.
        is_member : bool, default False
            Whether a hub has let the sender in, who needs no code then.

        Returns
        -------
        dict
            ``"board"``: its id; ``"class"``: the number of the class that the student is of;
            ``"name"``: the student's on it; ``"task"``: the task that is open now;
            ``"is_over"``: whether the student is of an earlier class, and has not shown this
            one's code.

        Raises
        ------
        Refusal
            If the board does not take it.
        """
        code, student_id, nickname = _fields(request, code=str, student=str, nickname=str)
        student_id = _checked_uuid(student_id)
        known = self._admit(code, student_id, place, is_member)
        if known is None:
            known = await self._add(student_id, nickname, place)
        elif self._is_over(known) and (is_member or self.may_look(code, place)):
            # Of an earlier class, and here for this one.
            known = await self._add(student_id, known.name)
        return {
            "board": self.store.fact("id"),
            "class": known.class_number,
            "name": known.name,
            "task": self._task(),
            "is_over": self._is_over(known),
        }

    async def keep(self, request: Any, place: str, *, is_member: bool = False) -> dict[str, Any]:
        """Keep a batch of runs.

        Parameters
        ----------
        request : object
            ``{"code", "student", "runs"}``, as JSON gave it; with ``"board"`` and ``"class"``,
            as `join` answered them, the runs are for that class alone.
        place : str
            Where it comes from, for the limits.
        is_member : bool, default False
            As for `join`.

        Returns
        -------
        dict
            ``"kept"``: the ids that are on the disk now, new or not; ``"refused"``: why not,
            by id; ``"new"``: how many are new; ``"task"``: the task that is open now;
            ``"is_over"``: whether another class has begun since the student joined.

        Raises
        ------
        Refusal
            If the board takes none of them.
        """
        code, student_id, given = _fields(request, code=str, student=str, runs=list)
        student = self._admit(code, _checked_uuid(student_id), place, is_member)
        if student is None:
            raise Refusal(404, "unknown_student", board=self.store.fact("id"))
        if self._is_for_others(request, student):
            raise Refusal(409, "other_class")
        if not 1 <= len(given) <= MOST_RUNS:
            raise Refusal(400, "bad_request", reason=f"1 ≤ runs ≤ {MOST_RUNS}")
        if wait := self.run_limit.take(str(student.number), len(given)):
            raise Refusal(429, "too_many_runs", wait, most=RUNS_A_MINUTE)
        if wait := self.place_limit.take(place, len(given)):
            raise Refusal(429, "too_many_runs", wait, most=RUNS_OF_A_PLACE)
        runs, refused = _read_runs(given)
        try:
            new = await asyncio.wrap_future(self.store.add_runs(student, runs))
        except LookupError:
            raise Refusal(404, "unknown_student", board=self.store.fact("id")) from None
        except StoreError:
            raise _disk_is_full() from None
        kept = [run.id for run in runs]
        return {
            "kept": kept,
            "refused": refused,
            "new": len(new),
            "task": self._task(),
            "is_over": self._is_over(student),
        }

    def may_look(self, code: str, place: str) -> bool:
        """Return whether a class code lets one see the page, or come from an earlier class.

        Raises
        ------
        Refusal
            If there were too many wrong ones.
        """
        try:
            self._check_code(code, place)
        except Refusal as refusal:
            if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
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
        """Return the student where they have joined before; check the code of everybody else.

        Whoever has joined has shown a code, and from then on the id: a new code keeps nobody out
        who is in, and neither does a neighbour behind the same address who guesses.
        """
        student = self.store.student(student_id)
        if student is None:
            if self.store.is_forgotten(student_id):
                raise Refusal(403, "forgotten_refused")
            if not is_member:
                self._check_code(code, place)
        return student

    async def _add(self, student_id: str, nickname: str, place: str | None = None) -> Student:
        """Have a student be of the present class; with a place, a new one of the board."""
        if place is not None:
            try:
                nickname = checked_nickname(nickname)
            except ValueError:
                raise Refusal(400, "nickname_refused", nickname=nickname[:100]) from None
            if wait := self.join_limit.take(place):
                raise Refusal(429, "too_many_students", wait)
        try:
            return await asyncio.wrap_future(self.store.add_student(student_id, nickname))
        except StudentForgotten:
            raise Refusal(403, "forgotten_refused") from None
        except BoardFull:
            raise Refusal(403, "full_refused") from None
        except StoreError:
            raise _disk_is_full() from None

    def _is_for_others(self, request: Mapping[str, Any], student: Student) -> bool:
        """Return whether runs are for another class than the student's, or another board's."""
        own = {"board": self.store.fact("id"), "class": student.class_number}
        return any(request.get(name, value) != value for name, value in own.items())

    def _is_over(self, student: Student) -> bool:
        """Return whether another class has begun since a student joined."""
        return student.class_number != self.store.class_number

    def _check_code(self, code: str, place: str) -> None:
        wanted = self.store.fact("code")
        try:
            plain = checked_code(code)
        except ValueError:
            # A page without a code, half a word: nothing was tried.
            raise Refusal(403, "wrong_code") from None
        if wait := self.tries.wait(place):
            raise Refusal(429, "too_many_codes", wait)
        if not _is_same(plain, wanted):
            self.tries.note_wrong(place, plain, wanted)
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
