"""The socket of the projector's page: all that there is at first, then what is new.

The page says first who it is: ``{"teacher": key}`` or ``{"code": class code}``. Only the
teacher's page is given names, and only when it asks for them; it alone may have a student or a run
forgotten. A page that is slow to read is sent less often, so that nothing piles up.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import logging
import math
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import tornado.web
import tornado.websocket

from hpt_widgets.board.live_view import LiveView
from hpt_widgets.board.page_numbers import page_number
from hpt_widgets.board.reception import Reception, Refusal
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.task import Task
from hpt_widgets.board.task_space import logarithmic_of, ranges_of
from hpt_widgets.board.writer import StoreError
from hpt_widgets.training.hyperparameters import completed

GREETING_SECONDS: Final = 10.0
TEACHER_SECONDS: Final = 0.04
"""The least time from one message to the next on the teacher's page."""
GUEST_SECONDS: Final = 1.0
SUMMARY_SECONDS: Final = 1.0
QUIET_SECONDS: Final = 5.0
"""After so long without news a page is told that the board is still there."""
# On a busy computer, or with very many runs, the summary must not hold up the runs themselves.
SUMMARY_SHARE: Final = 0.05
MOST_PAGES: Final = 600
"""Pages of guests at once; those of the teacher are let in whatever there is."""
MOST_PAGES_OF_A_PLACE: Final = 300
_log = logging.getLogger(__name__)
_LEFT: Final = (tornado.websocket.WebSocketClosedError, tornado.iostream.StreamClosedError)


@dataclass
class Projectors:
    """What all pages share.

    Attributes
    ----------
    store : BoardStore
        The board's.
    reception : Reception
        Knows the class code and the teacher.
    invitation : callable
        Returns how to join, for the teacher's page.
    reference : callable
        Returns what the searches of the task's reference record came to, or None.
    """

    store: BoardStore
    reception: Reception
    invitation: Callable[[], dict[str, Any]]
    reference: Callable[[], dict[str, Any] | None]
    problem: str = ""
    pages: set[LiveSocket] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.view = LiveView(self.store)
        self._secrets = self._read_secrets()
        self._count()
        self._summary: dict[str, Any] = {}
        self._summary_of: tuple[int, ...] | None = None
        self._summary_due = -math.inf
        self._best: dict[str, Any] | None = None

    def notify(self) -> None:
        """Read what is new, and let all pages know."""
        generation = self.view.generation
        self.view.refresh()
        self._count()
        if generation != self.view.generation and self._secrets != self._read_secrets():
            # The code and the key are others now: each page has to show the new one.
            self._secrets = self._read_secrets()
            for page in list(self.pages):
                page.refuse()
        for page in self.pages:
            page.wake()

    def has_room(self, place: str) -> bool:
        """Return whether one more guest may look on from a place."""
        guests = collections.Counter(page.place for page in self.pages if not page.is_teacher)
        return guests.total() < MOST_PAGES and guests[place] < MOST_PAGES_OF_A_PLACE

    async def forget(self, number: int) -> None:
        """Take a student off the board, as the teacher's page asks."""
        await self._remove(self.store.forget_number(number))

    async def forget_run(self, sequence: int) -> None:
        """Take one run off the board, as the teacher's page asks."""
        await self._remove(self.store.forget_run(sequence))

    async def _remove(self, removal: Future[Any]) -> None:
        try:
            await asyncio.wrap_future(removal)
        except LookupError:
            return
        except StoreError:
            self.report("disk_full")
            return
        self.notify()

    def _read_secrets(self) -> tuple[str, str]:
        return self.store.fact("code"), self.store.fact("teacher_key")

    def _count(self) -> None:
        self._joined = self.store.count_students()
        self._apart = self.store.count_apart()

    @property
    def _state_of_all(self) -> tuple[int, ...]:
        """What changes with each run and each student."""
        return (self.view.generation, len(self.view), self._joined, self._apart)

    def report(self, problem: str) -> None:
        """Show a problem on all pages: the key of a text; an empty one takes it away."""
        if problem != self.problem:
            self.problem = problem
            self.notify()

    @property
    def best(self) -> dict[str, Any] | None:
        """The best run with all of its settings and its curve."""
        sequence = self.view.best
        if sequence is None:
            return None
        if self._best is None or self._best["sequence"] != sequence:
            self._best = self.details(sequence)
        return self._best

    def details(self, sequence: int) -> dict[str, Any] | None:
        """Return one run of the present task with all of its settings and its curve."""
        kept = self.store.kept_run(sequence)
        task = self.view.task
        if kept is None or task is None or kept.task != task.key:
            return None
        trial = kept.run.trial
        tuned = {name: completed(trial.hyperparameters)[name] for name in task.free}
        return {
            "sequence": sequence,
            "hyperparameters": {**trial.hyperparameters, **tuned},
            "accuracy": trial.validation_accuracy if trial.usable else None,
            "ended": trial.ended,
            "history": trial.history,
        }

    def summary(self) -> dict[str, Any]:
        """Return what follows from all runs together; worked out once a second at most."""
        of = self._state_of_all
        begun = time.monotonic()
        is_due = begun >= self._summary_due
        if (
            self._summary_of is None
            or of[0] != self._summary_of[0]
            or (is_due and of != self._summary_of)
        ):
            self._summary = self._worked_out()
            self._summary_of, ended = of, time.monotonic()
            self._summary_due = ended + max(SUMMARY_SECONDS, (ended - begun) / SUMMARY_SHARE)
        return self._summary

    @property
    def has_newer_summary(self) -> bool:
        """Whether runs or students came after the summary was worked out."""
        return self._summary_of != self._state_of_all

    def _worked_out(self) -> dict[str, Any]:
        band = self.view.band
        task = self.view.task
        scatter = self.store.seed_scatter(task, self.view.median) if task else None
        return {
            "band": {
                "x": band.x.tolist(),
                "low": [page_number(value) for value in band.low],
                "middle": [page_number(value) for value in band.middle],
                "high": [page_number(value) for value in band.high],
            },
            "scatter": scatter and {"deviation": scatter[0], "freedom": scatter[1]},
            "joined": self._joined,
            "apart": self._apart,
        }

    def state(self, is_teacher: bool) -> dict[str, Any]:
        """Return all that a page needs to begin with."""
        task = self.view.task
        return {
            "type": "state",
            "task": task and self._described(task),
            "teacher": is_teacher,
            "invitation": self.invitation() if is_teacher else None,
            "reference": self.reference(),
            "summary": self.summary(),
            "best": self.best,
            "problem": self.problem,
            **self.view.columns(),
        }

    @staticmethod
    def _described(task: Task) -> dict[str, Any]:
        """Return a task with what the page's axes follow from."""
        axes = {"ranges": ranges_of(task), "logarithmic": logarithmic_of(task)}
        return {**task.to_dict(), "key": task.key, **axes}


class LiveSocket(tornado.websocket.WebSocketHandler):
    """The socket of one page."""

    def initialize(self, projectors: Projectors) -> None:
        """Take what all pages share."""
        self._projectors = projectors
        self.is_teacher = False
        self.place = self.request.remote_ip or ""
        self._wants_names = False
        self._owes_names = False
        # Only the last one: a page that asks faster than it is answered has looked on.
        self._asked_run: int | None = None
        self._news = asyncio.Event()
        self._removals: set[asyncio.Task[None]] = set()
        self._sender: asyncio.Task[None] | None = None
        self._greeting: asyncio.TimerHandle | None = None

    def check_origin(self, origin: str) -> bool:
        """Let in only the page that came from this very address."""
        return urlsplit(origin).netloc.lower() == self.request.host.lower()

    def open(self, *_: str, **__: str) -> None:
        """Wait for the page to say who it is."""
        loop = asyncio.get_running_loop()
        self._greeting = loop.call_later(GREETING_SECONDS, self.close, 4401, "no greeting")

    def on_message(self, message: str | bytes) -> None:
        """Read what the page says; what cannot be read is left."""
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            return
        if self._sender is None:
            self._admit(said)
        elif self.is_teacher and isinstance(said.get("names"), bool):
            self._wants_names = said["names"]
            self._owes_names = True
            self._news.set()
        # JSON's true is no number, though Python's is one.
        elif self.is_teacher and type(said.get("forget")) is int:
            self._remove(self._projectors.forget(said["forget"]))
        elif self.is_teacher and type(said.get("forget_run")) is int:
            self._remove(self._projectors.forget_run(said["forget_run"]))
        elif type(said.get("run")) is int:
            self._asked_run = said["run"]
            self._news.set()

    def _remove(self, work: Coroutine[Any, Any, None]) -> None:
        removal = asyncio.get_running_loop().create_task(work)
        self._removals.add(removal)
        removal.add_done_callback(self._removals.discard)

    def on_close(self) -> None:
        """Forget the page."""
        self._projectors.pages.discard(self)
        if self._greeting is not None:
            self._greeting.cancel()
        if self._sender is not None:
            self._sender.cancel()

    def wake(self) -> None:
        """Have what is new sent."""
        self._news.set()

    def refuse(self) -> None:
        """Send the page away: what it has shown lets nobody in any more."""
        self._projectors.pages.discard(self)
        self.close(4403, "wrong code")

    def _admit(self, said: dict[str, Any]) -> None:
        reception = self._projectors.reception
        key, code = said.get("teacher"), said.get("code")
        try:
            if isinstance(key, str) and reception.is_teacher(key):
                self.is_teacher = True
            elif not (isinstance(code, str) and reception.may_look(code, self.place)):
                self.close(4403, "wrong code")
                return
        except Refusal as refusal:
            self.close(4429, str(refusal.wait))
            return
        if not self.is_teacher and not self._projectors.has_room(self.place):
            self.close(4503, "full")
            return
        if self._greeting is not None:
            self._greeting.cancel()
        self._projectors.pages.add(self)
        self._sender = asyncio.get_running_loop().create_task(self._send_news())

    async def _send_news(self) -> None:
        try:
            await self._send_what_comes()
        except _LEFT:
            pass
        except Exception:
            # A page that is told no more must not look alive: it connects anew.
            _log.exception("A page could not be told what is new.")
            self.close(1011, "error")

    async def _send_what_comes(self) -> None:
        shared = self._projectors
        pause = TEACHER_SECONDS if self.is_teacher else GUEST_SECONDS
        sent = _Sent()
        while True:
            self._news.clear()
            for message in self._messages(sent) or [{"type": "here"}]:
                await self.write_message(json.dumps(message))
            await asyncio.sleep(pause)
            wait = SUMMARY_SECONDS if shared.has_newer_summary else QUIET_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait)

    def _messages(self, sent: _Sent) -> list[dict[str, Any]]:
        """Return what the page does not have yet."""
        shared, view = self._projectors, self._projectors.view
        messages = []
        if view.generation != sent.generation:
            messages.append(shared.state(self.is_teacher))
            sent.generation, sent.problem = view.generation, shared.problem
            sent.summary = shared.summary()
            self._owes_names |= self._wants_names
        elif len(view) > sent.runs:
            messages.append({"type": "runs", "best": shared.best, **view.columns(sent.runs)})
        sent.runs = len(view)
        summary = shared.summary()
        if summary is not sent.summary:
            messages.append({"type": "summary", "summary": summary})
            sent.summary = summary
            # Names come as often as the summary: with thousands of students they are much.
            self._owes_names |= self._wants_names
        if shared.problem != sent.problem:
            messages.append({"type": "problem", "problem": shared.problem})
            sent.problem = shared.problem
        if self._owes_names:
            self._owes_names = False
            messages.append(self._names_message())
        if self._asked_run is not None:
            asked, self._asked_run = self._asked_run, None
            messages.append({"type": "run", "run": shared.details(asked)})
        return messages

    def _names_message(self) -> dict[str, Any]:
        """Return the names by the students' numbers, and how many runs each has."""
        if not self._wants_names:
            return {"type": "names", "names": None, "runs": None}
        roster = self._projectors.store.roster()
        return {
            "type": "names",
            "names": {each.number: each.name for each in roster},
            "runs": {each.number: each.runs for each in roster},
        }


@dataclass
class _Sent:
    """What a page has been sent."""

    generation: int = -1
    runs: int = 0
    summary: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
