"""A lab's place in a class: runs that end are sent to the board, behind everything else.

Nothing here waits for the network but the member's own thread. What cannot be sent waits in the
outbox and is tried again, with pauses that grow.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import random
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Final, Literal

from hpt_widgets.board.class_run import MOST_RUNS, ClassRun
from hpt_widgets.board.client import BoardAddress, BoardRefusal, NoAnswer, ask
from hpt_widgets.board.kept_nickname import keep_nickname, kept_nickname
from hpt_widgets.board.outbox import Outbox
from hpt_widgets.board.task import Task
from hpt_widgets.board.words import checked_code, checked_nickname, new_nickname
from hpt_widgets.language import counted, joined, translate
from hpt_widgets.search.trial import Trial

MemberState = Literal["joining", "joined", "refused"]
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
MOST_WAIT: Final = 300
_LONGEST_NAME: Final = 40
_CLOSE_SECONDS: Final = 2.0
# So that a class does not come back all at once when its network does.
_JITTER: Final = 0.25
# What a board refuses of which the student has to join (again).
_OTHER_CLASS: Final = ("unknown_student", "other_class")
Fingerprint = Callable[[], str]


class ClassMember:
    """A student's connection to a board; it tries to join at once, in the background.

    Parameters
    ----------
    address : str
        The board's, as it stands on the projector: ``"192.168.1.5:8899"``.
    code : str
        The class code: two words. With a token it may be empty.
    nickname : str, optional
        What the board calls the student, at most 24 characters. By default the one that the
        reader had last in this class, at first a word and a number.
    token : str, optional
        Of the hub whose service the board is; see `HubPass`.
    on_change : callable, optional
        Called on the member's thread whenever what it tells may have changed.
    first_pause, longest_pause : float, default 1 and 30
        Seconds before a failed request is tried again: the pause doubles each time.

    Raises
    ------
    TypeError, ValueError
        If address, code or nickname can be none; what the board itself refuses is told by
        `state` and `message`.
    """

    def __init__(
        self,
        address: str,
        code: str,
        nickname: str | None = None,
        *,
        token: str = "",
        on_change: Callable[[], object] | None = None,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self.address = BoardAddress.parse(address)
        self._code = "" if token and code == "" else checked_code(code)
        self._token = token
        self.nickname = self._chosen_nickname(nickname)
        self.name = self.nickname
        self.task: Task | None = None
        self.state: MemberState = "joining"
        # Which class of which board was joined, as far as the board says it.
        self._class: dict[str, Any] = {}
        self._on_change = on_change
        self._pauses = (first_pause, longest_pause)
        self._outbox = Outbox(str(self.address), self.nickname, self._code)
        self._incoming: queue.SimpleQueue[tuple[Trial, str | Fingerprint, bool]] = (
            queue.SimpleQueue()
        )
        self._taking = threading.Lock()
        self._condition = threading.Condition()
        self._is_busy = True
        self._is_closed = False
        self._problem = ""
        self._was_answered = False
        self._is_over = False
        self._was_joined = self._is_lost = False
        self._refused_runs = ("", 0)
        self._last_run: ClassRun | None = None
        self._failures = 0
        self._retry_at = 0.0
        _members.add(self)
        self._thread = threading.Thread(target=self._run, name="hpt-class", daemon=True)
        self._thread.start()

    def _chosen_nickname(self, nickname: str | None) -> str:
        """Return the nickname to join with, and note it.

        Drawn anew each time, it would leave what waits under the last one behind, and make a
        student of each lab.
        """
        board = self._code or str(self.address)
        kept = kept_nickname(board)
        chosen = (kept or new_nickname()) if nickname is None else checked_nickname(nickname)
        if chosen != kept:
            keep_nickname(board, chosen)
        return chosen

    # -- what a lab does -----------------------------------------------------------------------

    def send(
        self, trial: Trial, fingerprint: str | Fingerprint = "", *, changed: bool = False
    ) -> None:
        """Have a run sent. Returns at once.

        Parameters
        ----------
        trial : Trial
            The run, as the lab's record has it.
        fingerprint : str or callable
            Of the data that it was trained on; a function is called on the member's thread.
        changed : bool, default False
            Whether settings were changed in mid-run.
        """
        with self._condition:
            self._incoming.put((trial, fingerprint, changed))
            self._is_busy = True
            self._condition.notify_all()

    @property
    def waiting(self) -> int:
        """How many runs wait to be sent."""
        return self._incoming.qsize() + len(self._outbox)

    @property
    def message(self) -> str:
        """How things stand, in one or two sentences and in the current language."""
        reason, count = self._refused_runs
        sentences = [self._standing()]
        if apart := self._apart():
            sentences.append(apart)
        if self._outbox.problem:
            sentences.append(self._outbox.problem)
        if self._is_over and self.state == "joined":
            sentences.append(translate("board.member_over"))
        if (left := self._outbox.left_out) and self.state == "joined":
            sentences.append(_counted("member_left_out", left))
        if count:
            sentences.append(translate("board.runs_refused", count=count, reason=reason))
        return joined(sentences)

    @property
    def short_message(self) -> str:
        """The same in two or three words."""
        waiting = self.waiting
        if self.state == "refused":
            return translate("board.short_outside")
        if self._is_over and self.state == "joined":
            return translate("board.short_over")
        if waiting:
            return translate("board.short_waiting", count=waiting)
        if self.state == "joining":
            return translate("board.short_joining")
        return translate("board.short_apart" if self._apart() else "board.short_inside")

    def wait(self, timeout: float) -> bool:
        """Wait until all is sent or has to be tried again later; False if that took too long."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._is_busy, timeout)

    def wait_until_joined(self, timeout: float) -> bool:
        """Wait until the board has answered; False if it has not, or has refused."""
        with self._condition:
            self._condition.wait_for(lambda: self.state != "joining", timeout)
        return self.state == "joined"

    def close(self) -> None:
        """Stop sending; what waits is kept for the next time."""
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(_CLOSE_SECONDS)
        self.flush()

    def flush(self) -> None:
        """Put what has just ended into the outbox."""
        with self._taking, contextlib.suppress(queue.Empty):
            while True:
                self._take_in(*self._incoming.get_nowait())

    # -- the member's thread -------------------------------------------------------------------

    def _run(self) -> None:
        while not self._is_closed:
            self.flush()
            pause = self._attempt()
            self._tell()
            self._sleep(pause)

    def _take_in(self, trial: Trial, fingerprint: str | Fingerprint, changed: bool) -> None:
        try:
            data = fingerprint if isinstance(fingerprint, str) else fingerprint()
            run = ClassRun(trial, data, changed)
            self._outbox.put(run)
            self._last_run = run
        except Exception as error:  # a lab goes on whatever one of its runs holds
            self._refused_runs = (str(error), self._refused_runs[1] + 1)

    def _attempt(self) -> float | None:
        """Join or send, whichever is due; return the seconds until it is to be tried again."""
        left = self._retry_at - time.monotonic()
        if left > 0:
            return left
        if self.state == "refused" or (self.state == "joined" and not len(self._outbox)):
            return None
        try:
            if self.state == "joining":
                self._join()
            else:
                self._send_batch()
        except NoAnswer as problem:
            self._outbox.note_silence()
            return self._pause_after(str(problem), answered=False)
        except BoardRefusal as refusal:
            return self._refused(refusal)
        except Exception as error:
            # Such as an answer of another version, or of a network that asks for a password.
            return self._pause_after(f"{type(error).__name__}: {error}", answered=True)
        self._failures, self._problem = 0, ""
        return 0.0

    def _join(self) -> None:
        answer = self._ask("join", nickname=self.nickname)
        self._learn_task(answer)
        self._is_over = answer.get("is_over") is True
        self.name = str(answer.get("name", self.nickname))[:_LONGEST_NAME]
        self._class = {name: answer[name] for name in ("board", "class") if name in answer}
        self._outbox.belong_to(str(answer.get("board", "")), answer.get("class"))
        self._was_joined = True
        self._set_state("joined")

    def _send_batch(self) -> None:
        runs = self._outbox.oldest(MOST_RUNS)
        if not runs:
            return
        answer = self._ask("runs", runs=runs, **self._class)
        self._learn_task(answer)
        self._is_over = answer.get("is_over") is True
        sent = {run["id"] for run in runs}
        refused = {id_: why for id_, why in dict(answer.get("refused", {})).items() if id_ in sent}
        done = sent.intersection([*answer.get("kept", ()), *refused])
        if refused:
            reason = next(iter(refused.values()))
            self._refused_runs = (str(reason), self._refused_runs[1] + len(refused))
        self._outbox.remove(done)
        if not done:
            raise NoAnswer(translate("board.no_board"))

    def _learn_task(self, answer: dict[str, Any]) -> None:
        """Take over the task that is open now; a board of another version may not say."""
        with contextlib.suppress(TypeError, ValueError, KeyError):
            task = answer["task"]
            self.task = None if task is None else Task.from_dict(task)

    def _ask(self, path: str, **values: Any) -> dict[str, Any]:
        student = self._outbox.student_id
        given = {"code": self._code, "student": student, **values}
        return ask(self.address, path, given, token=self._token)

    def _refused(self, refusal: BoardRefusal) -> float | None:
        if refusal.wait:
            return self._pause_for(min(refusal.wait, MOST_WAIT), str(refusal), answered=True)
        if refusal.status >= 500:
            return self._pause_after(str(refusal), answered=True)
        if refusal.key in _OTHER_CLASS and self.state == "joined":
            # Another board answers at the address, another lab of the student has joined the next
            # class, or the teacher has cleared the board of those without a run. Who was sent away
            # is told something else.
            self._set_state("joining")
            return self._pause_after(str(refusal), answered=True)
        self._problem = str(refusal)
        # The code was right before.
        self._is_lost = refusal.key == "wrong_code" and self._was_joined
        self._set_state("refused")
        return None

    def _pause_after(self, problem: str, *, answered: bool) -> float:
        first, longest = self._pauses
        pause = min(longest, first * 2.0**self._failures)
        self._failures = min(self._failures + 1, 30)
        pause *= random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - nothing is kept secret
        return self._pause_for(pause, problem, answered=answered)

    def _pause_for(self, seconds: float, problem: str, *, answered: bool) -> float:
        self._problem, self._was_answered = problem, answered
        self._retry_at = time.monotonic() + seconds
        return seconds

    def _sleep(self, pause: float | None) -> None:
        """Wait for a run, for the end of the pause, or for the end."""
        if pause == 0.0:
            return
        with self._condition:
            if self._incoming.empty():
                self._is_busy = False
                self._condition.notify_all()
                self._condition.wait_for(lambda: self._is_busy or self._is_closed, pause)
            self._is_busy = True

    def _set_state(self, state: MemberState) -> None:
        with self._condition:
            self.state = state
            self._condition.notify_all()

    def _standing(self) -> str:
        waiting = self.waiting
        values = {"address": self.address, "name": self.name}
        if self.state == "refused":
            key = "member_lost" if self._is_lost else "member_refused"
            waits = _counted("member_waits_here", waiting) if waiting else ""
            return joined([translate(f"board.{key}", reason=self._problem), waits])
        if self._problem and self._was_answered:
            is_outside = self.state == "joining" and not waiting
            key = "member_not_yet" if is_outside else "member_later"
            return _counted(key, waiting, reason=self._problem, **values)
        if self._problem:
            key = "member_waiting" if waiting else "member_no_answer"
            return _counted(key, waiting, reason=self._problem, **values)
        if self.state == "joining":
            return translate("board.member_joining", **values)
        if self.task is None:
            return translate("board.member_joined", **values)
        return translate("board.member_in_task", task=self.task.shown_name, **values)

    def _apart(self) -> str:
        """Return why the last run stands apart from the class's; empty where it does not."""
        task, run = self.task, self._last_run
        if self.state != "joined" or task is None or run is None:
            return ""
        difference = task.difference(run)
        if difference in ("", "data", "changed", "ended", "curve"):
            size = task.training_size
            return difference and translate(f"board.apart_{difference}", size=size)
        own = getattr(task, difference, None)
        wanted = getattr(task.others, difference) if own is None else own
        return translate("board.apart_setting", name=difference, wanted=wanted)

    def _tell(self) -> None:
        """Say that something may have changed; what, the listener reads for itself."""
        if self._on_change is not None:
            # A lab that is being closed may have nothing left to tell it to.
            with contextlib.suppress(Exception):
                self._on_change()


def _counted(key: str, count: int, **values: object) -> str:
    """Return the board's text for one thing, or that for several."""
    return counted(f"board.{key}", count, count=count, **values)


_members: weakref.WeakSet[ClassMember] = weakref.WeakSet()


@atexit.register
def _flush_all() -> None:
    for member in list(_members):
        member.flush()
