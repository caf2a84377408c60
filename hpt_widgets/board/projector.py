"""The socket of the projector's page: all that there is at first, then what is new.

The page says first who it is: ``{"teacher": key}`` or ``{"code": class code}``. Only the
teacher's page is given names, and only when it asks for them. A page that is slow to read is
sent less often, so that nothing piles up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import tornado.web
import tornado.websocket

from hpt_widgets.board.live_view import LiveView
from hpt_widgets.board.page_numbers import page_number
from hpt_widgets.board.reception import Reception, Refusal
from hpt_widgets.board.store import BoardStore
from hpt_widgets.training.hyperparameters import completed

GREETING_SECONDS: Final = 10.0
TEACHER_SECONDS: Final = 0.04
"""The least time from one message to the next on the teacher's page."""
GUEST_SECONDS: Final = 1.0
SUMMARY_SECONDS: Final = 1.0
# On a busy computer, or with very many runs, the summary must not hold up the runs themselves.
SUMMARY_SHARE: Final = 0.05
MOST_PAGES: Final = 600
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
    invitation : dict
        How to join, for the teacher's page.
    reference : callable
        Returns what the searches of the task's reference record came to, or None.
    """

    store: BoardStore
    reception: Reception
    invitation: dict[str, Any]
    reference: Callable[[], dict[str, Any] | None]
    problem: str = ""
    pages: set[LiveSocket] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.view = LiveView(self.store)
        self._joined = self.store.count_students()
        self._summary: dict[str, Any] = {}
        self._summary_of: tuple[int, int, int] | None = None
        self._summary_due = -math.inf
        self._best: dict[str, Any] | None = None

    def notify(self) -> None:
        """Read what is new, and let all pages know."""
        self.view.refresh()
        self._joined = self.store.count_students()
        for page in self.pages:
            page.wake()

    def report(self, problem: str) -> None:
        """Show a problem on all pages: the key of a text; an empty one takes it away."""
        if problem != self.problem:
            self.problem = problem
            self.notify()

    @property
    def names(self) -> dict[int, str]:
        """The students' names by number."""
        return self.store.names()

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
            "accuracy": trial.validation_accuracy,
            "ended": trial.ended,
            "history": trial.history,
        }

    def summary(self) -> dict[str, Any]:
        """Return what follows from all runs together; worked out once a second at most."""
        of = (self.view.generation, len(self.view), self._joined)
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
        return self._summary_of != (self.view.generation, len(self.view), self._joined)

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
            "apart": self.store.count_apart(),
        }

    def state(self, is_teacher: bool) -> dict[str, Any]:
        """Return all that a page needs to begin with."""
        task = self.view.task
        return {
            "type": "state",
            "task": task and {**task.to_dict(), "key": task.key},
            "teacher": is_teacher,
            "invitation": self.invitation if is_teacher else None,
            "reference": self.reference(),
            "summary": self.summary(),
            "best": self.best,
            "problem": self.problem,
            **self.view.columns(),
        }


class LiveSocket(tornado.websocket.WebSocketHandler):
    """The socket of one page."""

    def initialize(self, projectors: Projectors) -> None:
        """Take what all pages share."""
        self._projectors = projectors
        self._is_teacher = False
        self._wants_names = False
        self._news = asyncio.Event()
        self._answers: list[dict[str, Any]] = []
        self._sender: asyncio.Task[None] | None = None
        self._greeting: asyncio.TimerHandle | None = None

    def check_origin(self, origin: str) -> bool:
        """Let in only the page that came from this very address."""
        return urlsplit(origin).netloc.lower() == self.request.host.lower()

    def open(self, *_: str, **__: str) -> None:
        """Wait for the page to say who it is."""
        if len(self._projectors.pages) >= MOST_PAGES:
            self.close(4503, "full")
            return
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
        elif self._is_teacher and isinstance(said.get("names"), bool):
            self._wants_names = said["names"]
            self._answers.append(self._names_message())
            self._news.set()
        elif isinstance(said.get("run"), int):
            details = self._projectors.details(said["run"])
            self._answers.append({"type": "run", "run": details})
            self._news.set()

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

    def _admit(self, said: dict[str, Any]) -> None:
        reception = self._projectors.reception
        key, code = said.get("teacher"), said.get("code")
        place = self.request.remote_ip or ""
        try:
            if isinstance(key, str) and reception.is_teacher(key):
                self._is_teacher = True
            elif not (isinstance(code, str) and reception.may_look(code, place)):
                self.close(4403, "wrong code")
                return
        except Refusal as refusal:
            self.close(4429, str(refusal.wait))
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
        pause = TEACHER_SECONDS if self._is_teacher else GUEST_SECONDS
        sent = _Sent()
        while True:
            self._news.clear()
            for message in self._messages(sent):
                await self.write_message(json.dumps(message))
            await asyncio.sleep(pause)
            wait = SUMMARY_SECONDS if shared.has_newer_summary else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), wait)

    def _messages(self, sent: _Sent) -> list[dict[str, Any]]:
        """Return what the page does not have yet."""
        shared, view = self._projectors, self._projectors.view
        messages = []
        if view.generation != sent.generation:
            messages.append(shared.state(self._is_teacher))
            if self._wants_names:
                messages.append(self._names_message())
            sent.generation, sent.problem = view.generation, shared.problem
            sent.summary = shared.summary()
        elif len(view) > sent.runs:
            messages.append({"type": "runs", "best": shared.best, **view.columns(sent.runs)})
            if self._wants_names:
                messages.append(self._names_message())
        sent.runs = len(view)
        summary = shared.summary()
        if summary is not sent.summary:
            messages.append({"type": "summary", "summary": summary})
            sent.summary = summary
        if shared.problem != sent.problem:
            messages.append({"type": "problem", "problem": shared.problem})
            sent.problem = shared.problem
        answers, self._answers = self._answers, []
        return [*messages, *answers]

    def _names_message(self) -> dict[str, Any]:
        return {"type": "names", "names": self._projectors.names if self._wants_names else None}


@dataclass
class _Sent:
    """What a page has been sent."""

    generation: int = -1
    runs: int = 0
    summary: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
