"""A real JupyterHub on free ports of the loopback, and what asks it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

PROJECT = Path(__file__).parents[2]
PROXY = PROJECT / "deploy" / "hub" / "node_modules" / ".bin" / "configurable-http-proxy"
SECONDS = 300
TEACHER = "wang"


@dataclass
class Kernel:
    """A student's kernel, as a notebook talks to it."""

    url: str
    token: str
    id: str

    def run(self, code: str) -> str:
        """Run code as a cell does, and return what it printed, or how its error begins."""
        return asyncio.run(asyncio.wait_for(self._run(code), SECONDS))

    async def _run(self, code: str) -> str:
        url = self.url.replace("http", "ws", 1) + f"api/kernels/{self.id}/channels"
        request = HTTPRequest(url, headers={"Authorization": f"token {self.token}"})
        connection = await websocket_connect(request)
        message = uuid.uuid4().hex
        header = {"msg_id": message, "msg_type": "execute_request", "version": "5.3"}
        header |= {"session": uuid.uuid4().hex, "username": "", "date": ""}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": True}
        asked = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await connection.write_message(json.dumps({**asked, "channel": "shell", "buffers": []}))
        said = ""
        try:
            while True:
                text = await connection.read_message()
                assert text is not None, "the kernel's connection was closed"
                if isinstance(text, bytes):
                    continue  # a picture for a widget
                answer = json.loads(text)
                if answer["parent_header"].get("msg_id") != message:
                    continue
                kind, content = answer["msg_type"], answer["content"]
                if kind == "stream":
                    said += content["text"]
                elif kind == "error":
                    said += f"{content['ename']}: {content['evalue']}"
                elif kind == "status" and content["execution_state"] == "idle":
                    return said
        finally:
            connection.close()
            # Nothing comes any more once the other side has closed.
            while connection.close_code is None and await connection.read_message() is not None:
                pass


@dataclass
class RunningHub:
    """A hub that was started for tests."""

    url: str
    token: str
    folder: Path
    servers: set[str] = field(default_factory=set)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the hub, or a student's server, as the service that may do all."""
        headers = {"Authorization": f"token {self.token}"}
        answer = requests.request(
            method, f"{self.url}{path}", json=body, headers=headers, timeout=SECONDS
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def start_server(self, name: str, **options: str) -> str:
        """Start a student's server, and return where it lies."""
        if name not in self.servers:
            with contextlib.suppress(requests.HTTPError):  # known already
                self.ask("POST", f"hub/api/users/{name}")
            self.ask("POST", f"hub/api/users/{name}/server", options)
            self._until(lambda: self.ask("GET", f"hub/api/users/{name}")["servers"][""]["ready"])
            self.servers.add(name)
        return f"user/{name}/"

    def start_kernel(self, name: str) -> Kernel:
        """Start a kernel on a student's server."""
        place = self.start_server(name)
        made = self.ask("POST", f"{place}api/kernels", {"name": "python3"})
        return Kernel(f"{self.url}{place}", self.token, made["id"])

    def log_in(self, name: str) -> requests.Session:
        """Return a browser in which somebody is logged in."""
        session = requests.Session()
        page = session.get(f"{self.url}hub/login", timeout=SECONDS)
        form = {"username": name, "password": "any", "_xsrf": session.cookies["_xsrf"]}
        answer = session.post(f"{self.url}hub/login?next=/hub/token", form, timeout=SECONDS)
        assert page.ok, page
        assert answer.ok, answer
        return session

    @staticmethod
    def _until(condition: Any) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.2)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running_hub(folder: Path) -> Iterator[RunningHub]:
    """Run the hub of `deploy/hub`, its proxy and its board, and end them."""
    port, token = free_port(), secrets.token_hex(16)
    node = shutil.which("node")
    assert node, "the proxy needs Node"
    assert PROXY.exists(), "make test-hub installs the proxy"
    (folder / "homes").mkdir()
    environment = {
        **os.environ,
        "HPT_HUB_FOLDER": str(folder / "hub"),
        "HPT_HUB_ADDRESS": f"http://127.0.0.1:{port}",
        "HPT_BOARD_ADDRESS": f"http://127.0.0.1:{free_port()}",
        "HPT_TEACHERS": TEACHER,
        "HPT_SPAWNER": "simple",
        "HPT_SOLUTIONS_FROM": "2099-01-01",
        "HUB_PORT": str(free_port()),
        "PROXY_API_PORT": str(free_port()),
        "PROXY_COMMAND": f"{node}\n{PROXY}",
        "HOMES": str(folder / "homes"),
        "TESTS_TOKEN": token,
    }
    del environment["HPT_HOME"]  # each student has one of their own
    log = folder / "hub.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", "tests/hub/hub_config.py"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    hub = RunningHub(f"http://127.0.0.1:{port}/", token, folder)
    try:
        deadline = time.monotonic() + SECONDS
        while not _answers(hub):
            said = log.read_text(errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        yield hub
    except BaseException:
        sys.stderr.write(log.read_text(errors="replace"))
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(hub: RunningHub) -> bool:
    """Return whether the hub and the board behind it are there."""
    try:
        pages = ("hub/health", "services/board/index.html")
        return all(requests.get(f"{hub.url}{page}", timeout=SECONDS).ok for page in pages)
    except requests.RequestException:
        return False
