"""The board's web application: what labs send, and what the projector's page is told.

Labs ask with JSON: ``POST join`` and ``POST runs`` (see `reception`). The page opens the socket
``live`` (see `projector`). All addresses are relative to a prefix, so that the board works behind
a proxy too. No address of a visitor is written down anywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import tornado.httpserver
import tornado.web

from hpt_widgets.board.background import repeat
from hpt_widgets.board.class_run import MOST_BYTES, MOST_RUNS, refuse_constant
from hpt_widgets.board.page_files import HEADERS, page_file
from hpt_widgets.board.projector import LiveSocket, Projectors
from hpt_widgets.board.reception import Reception, Refusal
from hpt_widgets.board.store import BoardStore

# A batch of the largest runs, and what is around them.
MOST_BODY_BYTES: Final = MOST_RUNS * MOST_BYTES + 10_000
BODY_SECONDS: Final = 30.0
IDLE_SECONDS: Final = 120.0
# A phone that went to sleep must not hold its socket for ever.
PING_SECONDS: Final = 20.0
LONGEST_GREETING: Final = 4_096
_log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 1.0
"""How often the file is looked at for what others did: a task opened, a name forgotten."""
_TOKEN_KINDS: Final = ("bearer", "token")


class Hub(Protocol):
    """What lets the members of an institution in without a class code."""

    async def is_member(self, token: str) -> bool:
        """Return whether the owner of a token may use the board."""

    def handlers(self, prefix: str) -> list[tuple[Any, ...]]:
        """Return the web application's further handlers."""

    def settings(self) -> dict[str, Any]:
        """Return the web application's further settings."""


class _Handler(tornado.web.RequestHandler):
    """What all answers have in common."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish({"error": "http", "values": {}, "message": f"HTTP {status_code}"})

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        # Tornado's own line names the visitor's address.
        if not isinstance(error, tornado.web.HTTPError):
            _log.error(
                "%s %s", self.request.method, self.request.path, exc_info=(kind, error, trace)
            )


class PageHandler(_Handler):
    """Gives out the files of the page."""

    def get(self, name: str) -> None:
        """Return one file."""
        found = page_file(name or "index.html")
        if found is None:
            raise tornado.web.HTTPError(404)
        content, content_type = found
        self.set_header("Content-Type", content_type)
        self.finish(content)


class RequestHandler(_Handler):
    """Answers a lab's request, in JSON both ways."""

    def initialize(self, answer: Callable[[Any, str, str], Awaitable[dict[str, Any]]]) -> None:
        """Take the function that answers."""
        self._answer = answer

    async def post(self) -> None:
        """Answer one request."""
        try:
            place = self.request.remote_ip or ""
            self.finish(await self._answer(self._parsed(), place, self._token()))
        except Refusal as refusal:
            self.set_status(refusal.status)
            if refusal.wait:
                self.set_header("Retry-After", str(refusal.wait))
            self.finish(refusal.to_dict())

    def _token(self) -> str:
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip() if kind.lower() in _TOKEN_KINDS else ""

    def _parsed(self) -> Any:
        # A page from elsewhere cannot send this type without asking first.
        if self.request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise Refusal(415, "bad_request", reason="Content-Type: application/json")
        try:
            return json.loads(self.request.body, parse_constant=refuse_constant)
        except (ValueError, RecursionError):
            raise Refusal(400, "bad_request", reason="JSON") from None


@dataclass
class Board:
    """A board at work: its store, and who is told what happens.

    Attributes
    ----------
    store : BoardStore
        Where all is kept.
    reception : Reception
        Checks what labs ask.
    projectors : Projectors
        The pages that are open.
    hub : Hub, optional
        Whose service the board is.
    """

    store: BoardStore
    reception: Reception
    projectors: Projectors
    hub: Hub | None = None

    def application(self, prefix: str = "/") -> tornado.web.Application:
        """Return the web application.

        Parameters
        ----------
        prefix : str, default "/"
            Where it lies on its host, with a slash at both ends.
        """
        hub = self.hub
        return tornado.web.Application(
            [
                *(hub.handlers(prefix) if hub else ()),
                (f"{prefix}join", RequestHandler, {"answer": self.join}),
                (f"{prefix}runs", RequestHandler, {"answer": self.keep}),
                (f"{prefix}live", LiveSocket, {"projectors": self.projectors}),
                (f"{prefix}([a-z.-]*)", PageHandler),
            ],
            websocket_ping_interval=PING_SECONDS,
            websocket_max_message_size=LONGEST_GREETING,
            # Else each visitor's address would stand in a log.
            log_function=lambda _: None,
            **(hub.settings() if hub else {}),
        )

    async def join(self, request: Any, place: str, token: str = "") -> dict[str, Any]:
        """Answer a student who joins."""
        is_member = await self._is_member(token)
        place = _place_of(token) if is_member else place
        answer = await self._answered(self.reception.join(request, place, is_member=is_member))
        self.projectors.notify()
        return answer

    async def keep(self, request: Any, place: str, token: str = "") -> dict[str, Any]:
        """Answer a student who sends runs."""
        is_member = await self._is_member(token)
        place = _place_of(token) if is_member else place
        answer = await self._answered(self.reception.keep(request, place, is_member=is_member))
        if answer["new"]:
            self.projectors.notify()
        return answer

    async def _is_member(self, token: str) -> bool:
        """Return whether the hub lets the sender in; no token says nothing."""
        if not token or self.hub is None:
            return False
        if not await self.hub.is_member(token):
            raise Refusal(403, "hub_refused")
        return True

    async def _answered(self, answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        try:
            answered = await answer
        except Refusal as refusal:
            if refusal.key == "disk_full":
                self.projectors.report(refusal.key)
            raise
        self.projectors.report("")
        return answered

    async def look_around(self) -> None:
        """See what other processes did to the file."""
        if self.store.generation != self.projectors.view.generation:
            self.projectors.notify()


def _place_of(token: str) -> str:
    """Return what stands for a hub's member in the limits: all kernels may share one address."""
    return hashlib.sha256(token.encode()).hexdigest()


async def serve(
    board: Board,
    listening: socket.socket,
    stop: asyncio.Event,
    prefix: str = "/",
    on_ready: Callable[[], object] = lambda: None,
) -> None:
    """Serve a board until it is told to stop.

    Parameters
    ----------
    board : Board
        The board.
    listening : socket
        Where it listens; closed at the end.
    stop : asyncio.Event
        Ends it.
    prefix : str, default "/"
        As for `Board.application`.
    on_ready : callable, optional
        Called when requests are answered.
    """
    server = tornado.httpserver.HTTPServer(
        board.application(prefix),
        max_body_size=MOST_BODY_BYTES,
        max_buffer_size=MOST_BODY_BYTES + 100_000,
        # Behind a hub's proxy each visitor has the proxy's address; it tells their own.
        xheaders=board.hub is not None,
        body_timeout=BODY_SECONDS,
        idle_connection_timeout=IDLE_SECONDS,
    )
    server.add_socket(listening)
    looking = asyncio.create_task(repeat(board.look_around, LOOK_SECONDS))
    on_ready()
    try:
        await stop.wait()
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
        server.stop()
        for page in list(board.projectors.pages):
            page.close(1001, "the board ends")
        await server.close_all_connections()
