"""A board on a free port of the loopback, and what asks it."""

import asyncio
import contextlib
import http.client
import json
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from patience import SECONDS
from tornado.websocket import websocket_connect

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.network import listening_socket
from hpt_widgets.board.projector import Projectors
from hpt_widgets.board.reception import Reception
from hpt_widgets.board.server import Board, serve
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.task import Task
from hpt_widgets.search.trial import Trial

DATA = "ab" * 12
TASK = Task(data=DATA, training_size=1000, name="A task")


def trial(accuracy=0.9, **settings):
    """Return a trial of the task."""
    values = {**TASK.start.to_record(), "training_size": 1000, **settings}
    return Trial(
        values,
        validation_accuracy=accuracy,
        validation_loss=0.5,
        seconds=1.0,
        epochs_trained=1.0,
        history=((500, 0.5), (1000, accuracy)),
    )


def class_run(accuracy=0.9, data=DATA, changed=False, **settings):
    """Return a run with an id of its own."""
    return ClassRun(trial(accuracy, **settings), data, changed, str(uuid.uuid4()))


@dataclass
class Answer:
    """What the board answered."""

    status: int
    content: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class RunningBoard:
    """A board in a thread of this process."""

    store: BoardStore
    port: int
    board: Board
    loop: asyncio.AbstractEventLoop

    @property
    def code(self):
        return self.store.fact("code")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            content = response.read()
            return Answer(response.status, content, dict(response.getheaders()))

    def post(self, path, values, **headers):
        body = values if isinstance(values, bytes) else json.dumps(values).encode()
        answer = self.ask("POST", path, body, {"Content-Type": "application/json", **headers})
        answer.content = json.loads(answer.content)
        return answer

    def join(self, nickname="cedar-17", code=None, student=None):
        student = student or str(uuid.uuid4())
        code = self.code if code is None else code
        return student, self.post("/join", {"code": code, "student": student, "nickname": nickname})

    def send(self, student, *runs, code=None):
        given = [json.loads(run.to_json()) if isinstance(run, ClassRun) else run for run in runs]
        code = self.code if code is None else code
        return self.post("/runs", {"code": code, "student": student, "runs": given})

    def runs(self):
        return list(self.store.kept_runs())

    def listen(self, greeting, talk, origin=None):
        """Open the page's socket, say who it is, and have `talk(socket)` awaited."""

        async def run():
            from tornado.httpclient import HTTPRequest

            own = f"http://127.0.0.1:{self.port}"
            request = HTTPRequest(
                f"ws://127.0.0.1:{self.port}/live", headers={"Origin": origin or own}
            )
            socket = await websocket_connect(request)
            try:
                await socket.write_message(json.dumps(greeting))
                return await talk(socket)
            finally:
                socket.close()
                # Nothing comes any more once the other side has closed.
                while socket.close_code is None and await socket.read_message() is not None:
                    pass

        return asyncio.run(asyncio.wait_for(run(), SECONDS))


async def next_message(socket, kind=None):
    """Return the next message, or the next one of a kind; None when the board has hung up."""
    while True:
        text = await socket.read_message()
        if text is None:
            return None
        message = json.loads(text)
        if kind in (None, message["type"]):
            return message


@contextlib.contextmanager
def running_board(path, task=TASK, reception=None, prefix="/", reference=lambda: None, hub=None):
    """Run a board on a free port."""
    store = BoardStore(path)
    if task is not None and store.task is None:
        store.open_task(task).result(SECONDS)
    listening = listening_socket(0, share=False)
    port = listening.getsockname()[1]
    reception = reception(store) if reception else Reception(store)
    ready = threading.Event()
    begun: dict[str, Any] = {}

    async def run():
        begun["loop"], begun["stop"] = asyncio.get_running_loop(), asyncio.Event()
        projectors = Projectors(store, reception, lambda: {"address": "here"}, reference)
        board = begun["board"] = Board(store, reception, projectors, hub)
        await serve(board, listening, begun["stop"], prefix, ready.set)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        assert ready.wait(SECONDS)
        yield RunningBoard(store, port, begun["board"], begun["loop"])
    finally:
        begun["loop"].call_soon_threadsafe(begun["stop"].set)
        thread.join(SECONDS)
        store.close()
