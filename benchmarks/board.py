"""The class board under a class of 300: nothing lost, however it is treated.

For as long as it takes (``python -m benchmarks.board 60`` for a minute) 300 simulated students
end a run each in five seconds. Half of them reach the board by a network that drops a third of
all requests, before they arrive or on the way back. The board is killed twice. One more student
sends as fast as the board answers. Two students have one nickname.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import math
import os
import random
import re
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.board_students import Part, command
from benchmarks.rows import Row, table
from benchmarks.simulated_class import made_up_run
from hpt_widgets.board.client import BoardAddress, BoardRefusal, NoAnswer, ask
from hpt_widgets.board.commands import FILE_NAME
from hpt_widgets.board.store import BoardStore
from hpt_widgets.board.task import Task

TITLE = "The class board with 300 students"
SECONDS = 600.0
STUDENTS = 300
INTERVAL = 5.0
BATCH = 20
SAMPLE_SECONDS = 2.0
PATIENCE = 60.0
TASK = Task(data="ab" * 12, training_size=50_000, name="A task")
# A third of all requests: half of these before they arrive, half on the way back.
FATES = ("pass", "cut before", "pass", "pass", "cut after", "pass")


@dataclass
class BoardProcess:
    """A board, started again and again on one port.

    It is as its command starts it; with a class size so many may join at once from one address.
    """

    folder: Path
    class_size: int = 0
    port: int = 0
    code: str = ""
    process: asyncio.subprocess.Process | None = None
    silences: list[float] = field(default_factory=list)
    memory: list[list[float]] = field(default_factory=list)

    async def start(self) -> None:
        """Start it, and wait until it says how to join."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *self._command(), stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
            if not line:
                raise RuntimeError(f"the board did not start: {said}")
            said += line.decode()
        found = re.search(r'join\("[^"]*:(\d+)", "([^"]+)"\)', said)
        assert found is not None, said
        self.port, self.code = int(found[1]), found[2]
        self.memory.append([])

    def _command(self) -> list[str]:
        folder, port = str(self.folder), str(self.port)
        if self.class_size:
            return ["benchmarks.board_without_queue", folder, port, str(self.class_size)]
        options = ["--no-browser", "--folder", folder, "--port", port, "--language", "en"]
        return ["hpt_widgets", "board", *options]

    async def kill(self) -> None:
        """Kill it, and start it once more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
        begun = time.monotonic()
        await self.start()
        self.silences.append(time.monotonic() - begun)

    async def end(self) -> None:
        """End it as Ctrl-C does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        await self.process.wait()

    async def watch(self) -> None:
        """Take note of its memory, for ever."""
        while True:
            with contextlib.suppress(psutil.Error):
                assert self.process is not None
                used = psutil.Process(self.process.pid).memory_info().rss
                self.memory[-1].append(used / 2**20)
            await asyncio.sleep(SAMPLE_SECONDS)


@dataclass
class DroppingNetwork:
    """Passes requests on to a board, but for a third of them."""

    board_port: int
    port: int = 0
    n_requests: int = 0
    n_dropped: int = 0
    fates: Iterator[str] = field(default_factory=lambda: itertools.cycle(FATES))
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> asyncio.Server:
        """Listen on a free port of the loopback."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = asyncio.current_task()
        assert here is not None
        self.under_way.add(here)
        here.add_done_callback(self.under_way.discard)
        self.n_requests += 1
        fate = next(self.fates)
        self.n_dropped += fate != "pass"
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if fate != "cut before":
                answer = await self._answer(await _read_request(reader))
                if fate == "pass":
                    writer.write(answer)
                    await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def end(self) -> None:
        """Give up what is under way."""
        for task in list(self.under_way):
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _answer(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.board_port)
        try:
            writer.write(request)
            return await reader.read(-1)
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: *(\d+)", head)
    return head + await reader.readexactly(int(found[1]) if found else 0)


@dataclass
class Projector:
    """A page that takes note of when each run arrives."""

    port: int
    key: str
    arrived: dict[tuple[float, int], float] = field(default_factory=dict)

    async def watch(self) -> None:
        """Listen for ever; open the socket again when the board has gone."""
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        here = f"127.0.0.1:{self.port}"
        while True:
            with contextlib.suppress(OSError):
                request = HTTPRequest(f"ws://{here}/live", headers={"Origin": f"http://{here}"})
                socket = await websocket_connect(request, max_message_size=2**26)
                await socket.write_message(json.dumps({"teacher": self.key}))
                while (text := await socket.read_message()) is not None:
                    self._note(json.loads(text))
            await asyncio.sleep(0.2)

    def _note(self, message: dict[str, Any]) -> None:
        if message["type"] not in ("state", "runs"):
            return
        now, values = time.monotonic(), message["values"]
        for rate, batch in zip(values["learning_rate"], values["batch_size"], strict=True):
            self.arrived.setdefault((rate, batch), now)


@dataclass
class Flood:
    """A student who sends as fast as the board answers, on a thread of its own."""

    port: int
    code: str
    n_kept: int = 0
    n_refused: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Send until stopped."""
        address = BoardAddress("127.0.0.1", self.port)
        student = str(uuid.uuid4())
        chance = random.Random(1)
        own = Task(**{**TASK.to_dict(), "epochs": 7, "others": TASK.others})  # stands apart
        while not self.stopped.is_set():
            runs = [json.loads(made_up_run(own, chance).to_json()) for _ in range(BATCH)]
            given = {"code": self.code, "student": student}
            try:
                ask(address, "join", {**given, "nickname": "flood"})
                for _ in range(50):
                    self.n_kept += ask(address, "runs", {**given, "runs": runs})["new"]
            except BoardRefusal:
                self.n_refused += 1
            except NoAnswer:
                time.sleep(0.1)


def measure(seconds: float = SECONDS) -> list[Row]:
    """Return what came of a class."""
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(_measure(Path(name), seconds))


async def _measure(folder: Path, seconds: float) -> list[Row]:
    store = BoardStore(folder / FILE_NAME)
    store.open_task(TASK).result()
    key = store.fact("teacher_key")
    store.close()
    # One more is the student who floods.
    board = BoardProcess(folder, STUDENTS + 1)
    await board.start()
    network = DroppingNetwork(board.port)
    server = await network.start()
    projector = Projector(board.port, key)
    watching = [asyncio.create_task(projector.watch()), asyncio.create_task(board.watch())]
    flood = Flood(board.port, board.code)
    flooding = threading.Thread(target=flood.run)
    flooding.start()
    try:
        ports = (board.port, network.port)
        parts = [_part(folder, board.code, i, port, seconds) for i, port in enumerate(ports)]
        classes = [asyncio.create_task(_take_part(folder, part)) for part in parts]
        for _ in range(2):
            await asyncio.sleep(seconds / 3)
            await board.kill()
        reports = await asyncio.gather(*classes)
        await asyncio.sleep(2)
    finally:
        flood.stopped.set()
        await asyncio.to_thread(flooding.join)
        server.close()
        await network.end()
        for task in watching:
            task.cancel()
        await board.end()
    logs = [_read_log(Path(part.log)) for part in parts]
    return _rows(folder, board, network, projector, flood, reports, logs, seconds)


def _part(folder: Path, code: str, number: int, port: int, seconds: float) -> Part:
    half = STUDENTS // 2
    address = f"127.0.0.1:{port}"
    log = str(folder / f"part-{number}.log")
    return Part(address, code, number * half, half, seconds, INTERVAL, TASK.to_dict(), log)


async def _take_part(folder: Path, part: Part) -> dict[str, int]:
    environment = {**os.environ, "HPT_HOME": str(folder / f"home-{part.first}")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command(part), stdout=asyncio.subprocess.PIPE, env=environment
    )
    output, _ = await process.communicate()
    report: dict[str, int] = json.loads(output.splitlines()[-1])
    return report


def _read_log(path: Path) -> dict[tuple[float, int], float]:
    lines = (line.split() for line in path.read_text().splitlines())
    return {(float(rate), int(batch)): float(at) for rate, batch, at in lines}


def _rows(
    folder: Path,
    board: BoardProcess,
    network: DroppingNetwork,
    projector: Projector,
    flood: Flood,
    reports: list[dict[str, int]],
    logs: list[dict[tuple[float, int], float]],
    seconds: float,
) -> list[Row]:
    kept, names = _kept(folder)
    sent = [key for log in logs for key in log]
    delays = [
        np.array([1000 * (projector.arrived.get(key, math.inf) - at) for key, at in log.items()])
        for log in logs
    ]
    last = board.memory[-1]
    third = max(1, len(last) // 3)
    dropped = 100 * network.n_dropped / max(1, network.n_requests)
    load = os.getloadavg()[1]
    return [
        Row("runs that ended", len(sent), "runs", f"{STUDENTS} students, {seconds:.0f} s"),
        Row(
            "of these not on the board in the end", len(set(sent) - set(kept)), "runs", target="≤ 0"
        ),
        Row("on the board twice", len(kept) - len(set(kept)), "runs", target="≤ 0"),
        Row(
            "not shown by the projector",
            len(set(sent) - set(projector.arrived)),
            "runs",
            target="≤ 0",
        ),
        Row("still waiting in a lab", sum(r["waiting"] for r in reports), "runs", target="≤ 0"),
        Row(
            "run → projector, median",
            float(np.median(delays[0])),
            "ms",
            "students on a good network",
        ),
        Row(
            "run → projector, 95th percentile",
            float(np.percentile(delays[0], 95, method="higher")),
            "ms",
            f"students on a good network; 5-minute load {load:.1f}",
            "≤ 200",
        ),
        Row(
            "run → projector, 95th percentile, bad network",
            float(np.percentile(delays[1], 95, method="higher")) / 1000,
            "s",
            f"{network.n_dropped:,} of {network.n_requests:,} requests dropped ({dropped:.0f} %)",
        ),
        Row("killed and answering again", max(board.silences), "s", "the longer of two"),
        Row("memory of the board, at most", max(map(max, board.memory)), "MB"),
        Row(
            "memory of the board, growth",
            float(np.mean(last[-third:]) - np.mean(last[:third])),
            "MB",
            f"from the first to the last third of the last {len(last) * SAMPLE_SECONDS:.0f} s",
            "≤ 5",
        ),
        Row(
            "runs kept of the student who floods",
            flood.n_kept / (seconds / 60),
            "a minute",
            f"{flood.n_refused:,} times refused; a start of the board counts anew",
        ),
        Row("students named twin, told apart", sum(n.startswith("twin") for n in names), "names"),
    ]


def _kept(folder: Path) -> tuple[list[tuple[float, int]], list[str]]:
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        runs = connection.execute("SELECT run FROM runs WHERE task = ?", (TASK.key,)).fetchall()
        names = [row[0] for row in connection.execute("SELECT name FROM students")]
    values = [json.loads(text)["trial"]["hyperparameters"] for (text,) in runs]
    return [(v["learning_rate"], v["batch_size"]) for v in values], names


if __name__ == "__main__":
    print(table(measure(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)))
