"""A JupyterLab, Notebook or Voilà as a reader opens it, and a Chromium that looks at it.

The browser tests and the benchmarks share it. What a reader has of their own (settings,
kernels, records) is neither seen nor touched.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from hpt_widgets.app.launcher import jupyter_arguments, jupyter_environment
from hpt_widgets.app.workbook import originals_folder
from hpt_widgets.language import LanguageCode

# The import of TensorFlow, 3 s on a laptop, takes up to 110 s on an overloaded machine.
START_SECONDS: Final = 180
PATIENCE: Final = 1000 * START_SECONDS  # in milliseconds, as Playwright wants it
VIEWPORT: Final = {"width": 1400, "height": 1300}
QUIET_FLAGS: Final = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# What Chromium writes to its console in any notebook, and why it tells nothing about ours.
HARMLESS: Final = {
    # Chromium says it of the observer that JupyterLab lays its panels out with.
    "ResizeObserver loop completed with undelivered notifications": "JupyterLab's layout",
    "ResizeObserver loop limit exceeded": "JupyterLab's layout",
    # bqplot lays a chart out while it is hidden, and again when it is shown.
    "<rect> attribute width: A negative value is not valid": "bqplot's layout",
    "<rect> attribute height: A negative value is not valid": "bqplot's layout",
    # A page that is loaded, or a kernel that is restarted, while labs work: on a busy machine the
    # kernel's messages come before what they are for, or after it. Tests look at what is shown.
    "Comm not found for comm id": "JupyterLab's messages",
    "widget model not found": "JupyterLab's messages",
    "[anywidget] Failed to initialize model": "JupyterLab's messages",
    # Its debugger asks each kernel, also one that is ended before it has answered.
    "Canceled future for debug_request message": "JupyterLab's debugger",
}

# The front ends in which a notebook can be driven, and what makes their own objects reachable.
FrontEnd = Literal["jupyterlab", "notebook"]
EXPOSING: Final[dict[FrontEnd, str]] = {
    "jupyterlab": "--LabApp.expose_app_in_browser=True",
    "notebook": "--JupyterNotebookApp.expose_app_in_browser=True",
}
HOME: Final = "home"
Read = TypeVar("Read")
# JupyterLab's own objects, by which a page is driven where a click would have to guess.
PANEL: Final = "window.jupyterapp.shell.currentWidget"
COMMANDS: Final = "window.jupyterapp.commands"


@dataclass(frozen=True)
class JupyterServer:
    """A running JupyterLab or Notebook.

    Attributes
    ----------
    url : str
        Its address, ending in "/".
    token : str
        What it lets a browser in with.
    folder : Path
        Where its notebooks are.
    front_end : {"jupyterlab", "notebook"}
        Which of the two it is.
    """

    url: str
    token: str
    folder: Path
    front_end: FrontEnd = "jupyterlab"

    @property
    def home(self) -> Path:
        """Return its reader's folder, ``HPT_HOME``: progress, records and projects."""
        return self.folder.parent / HOME

    def address(self, name: str) -> str:
        """Return where a browser finds one of the notebooks."""
        # In JupyterLab a workspace of its own, so that no other notebook's tab comes back.
        place = f"lab/workspaces/{Path(name).stem}/tree"
        if self.front_end == "notebook":
            place = "notebooks"
        return f"{self.url}{place}/{name}?token={self.token}"

    def request(self, method: str, path: str, body: object = None) -> Any:
        """Call the server's REST interface and return its answer, None where that is empty."""
        asked = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}"},
        )
        # A proxy that the machine has set up is not for what is on this computer.
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with straight.open(asked, timeout=START_SECONDS) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def end_kernel(self, kernel: str) -> None:
        """End a kernel, and the session that it belongs to."""
        for session in self.request("GET", "api/sessions"):
            if session["kernel"]["id"] == kernel:
                self.request("DELETE", f"api/sessions/{session['id']}")

    def use_theme(self, name: str) -> None:
        """Choose JupyterLab's theme, "Light" or "Dark", for pages that are opened from now on."""
        raw = json.dumps({"theme": f"JupyterLab {name}"})
        plugin = "@jupyterlab/apputils-extension:themes"
        self.request("PUT", f"lab/api/settings/{plugin}", {"raw": raw})


@contextlib.contextmanager
def jupyter_server(
    folder: Path,
    language: LanguageCode = "en",
    front_end: FrontEnd = "jupyterlab",
    *,
    kernels: Path | None = None,
) -> Iterator[JupyterServer]:
    """Run JupyterLab, or Notebook, with the launcher's arguments and environment.

    Parameters
    ----------
    folder : Path
        An empty folder; notebooks, settings and the reader's folder go below it.
    language : {"en", "zh"}
        The edition.
    front_end : {"jupyterlab", "notebook"}
        Which of the two.
    kernels : Path, optional
        The folder of a `tools.kernel_server`, which may serve several Jupyters, to take kernels
        from. By default each kernel is a process of its own.

    Raises
    ------
    RuntimeError
        If it is not there in time.
    """
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    port = _free_port()
    token = uuid.uuid4().hex
    more = [
        "--no-browser",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        EXPOSING[front_end],
    ]
    server = JupyterServer(f"http://localhost:{port}/", token, notebooks, front_end)
    command = [front_end, *jupyter_arguments(notebooks, more)]
    ask = partial(server.request, "GET", "api/status")
    with _running(command, folder, _environment(language, kernels), ask):
        yield server


@contextlib.contextmanager
def launched_lab(
    folder: Path, language: LanguageCode = "en", project: Path | None = None
) -> Iterator[JupyterServer]:
    """Run what ``make lab`` runs once all is set up, but on copies of the notebooks of its own.

    The reader's copies are brought up to date, as ``make lab`` does, and not opened.

    Parameters
    ----------
    folder : Path
        An empty folder; notebooks, settings and the reader's folder go below it.
    language : {"en", "zh"}
        The edition.
    project : Path, optional
        A copy of the project to run it from, instead of this one.

    Raises
    ------
    RuntimeError
        If it is not there in time.
    """
    notebooks = folder / "notebooks"
    shutil.copytree(originals_folder(language), notebooks)
    port = _free_port()
    token = uuid.uuid4().hex
    command = [
        *("hpt_widgets", "lab", "--language", language, "--no-browser"),
        f"--ServerApp.root_dir={notebooks}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        EXPOSING["jupyterlab"],
    ]
    server = JupyterServer(f"http://localhost:{port}/", token, notebooks)
    environment = {} if project is None else {"PYTHONPATH": str(project)}
    with _running(command, folder, environment, lambda: server.request("GET", "api/status")):
        yield server


@contextlib.contextmanager
def voila_server(
    folder: Path, notebook: Path, language: LanguageCode = "en", *, kernels: Path | None = None
) -> Iterator[str]:
    """Run Voilà with one notebook, and give the address that shows it.

    Each page that is opened there has a kernel of its own.

    Parameters
    ----------
    folder : Path
        A folder for settings and the reader's folder.
    notebook : Path
        The notebook, stored somewhere below it.
    language : {"en", "zh"}
        The edition.
    kernels : Path, optional
        Where its kernels come from, as for `jupyter_server`.

    Raises
    ------
    RuntimeError
        If it is not there in time.
    """
    port = _free_port()
    token = uuid.uuid4().hex
    prompt = [one for one in jupyter_arguments(folder) if "websocket_connection_class" in one]
    command = [
        "voila",
        str(notebook),
        "--no-browser",
        "--Voila.ip=localhost",
        f"--Voila.port={port}",
        "--Voila.port_retries=0",
        f"--Voila.token={token}",
        *[one.replace("ServerApp", "Voila") for one in prompt],
    ]

    def connect() -> None:
        # Asked for a page, it would start a kernel.
        socket.create_connection(("localhost", port), timeout=5).close()

    with _running(command, folder, _environment(language, kernels), connect):
        yield f"http://localhost:{port}/?token={token}"


def _environment(language: LanguageCode, kernels: Path | None) -> dict[str, str]:
    """Return what a front end and its kernels need, so that kernels come from this folder first."""
    environment = jupyter_environment(language, os.environ)
    if kernels is not None:
        environment["JUPYTER_PATH"] = f"{kernels}{os.pathsep}{environment['JUPYTER_PATH']}"
    return environment


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, more: Mapping[str, str], ask: Callable[[], object]
) -> Iterator[None]:
    """Run a module from its start, when it can be asked, to its end."""
    environment = {
        **os.environ,
        **more,
        "HPT_HOME": str(folder / HOME),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    log = folder / "jupyter.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(ask, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(ask: Callable[[], object], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            ask()
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")


@contextlib.contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """Run Chromium without a screen."""
    expect.set_options(timeout=PATIENCE)
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*root, *QUIET_FLAGS])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class WatchedPage:
    """A browser page, and what goes wrong on it.

    Attributes
    ----------
    page : Page
        Playwright's page.
    errors : list of str
        Errors that the page wrote to its console, without the harmless ones.
    requests_elsewhere : list of str
        Addresses beyond this computer that the page asked for.
    """

    page: Page
    errors: list[str] = field(default_factory=list, kw_only=True)
    requests_elsewhere: list[str] = field(default_factory=list, kw_only=True)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("request", self._on_request)
        # Leaving a page with unsaved changes asks whether one really wants to.
        self.page.on("dialog", lambda dialog: dialog.accept())

    def wait_for_frames(self) -> None:
        """Wait until what the page was told is drawn: bqplot draws it with the next frame."""
        self.page.evaluate(
            """async () => {
                for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
            }"""
        )

    def take_network_away(self) -> None:
        """Let nothing through but what is on this computer."""
        self.page.route(is_elsewhere, lambda route: route.abort("internetdisconnected"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(message.text)

    def _note(self, text: str) -> None:
        if not any(known in text for known in HARMLESS):
            self.errors.append(text)

    def _on_request(self, request: Request) -> None:
        if is_elsewhere(request.url):
            self.requests_elsewhere.append(request.url)


def at_rest(page: Page, read: Callable[[], Read], pause: float = 500) -> Read:
    """Return what is read twice in a row, so many milliseconds apart.

    What a page shows goes on changing for a while: bqplot draws a chart anew after its size has
    changed.
    """
    last, now = None, read()
    while now != last:
        page.wait_for_timeout(pause)
        last, now = now, read()
    return now


def is_elsewhere(url: str) -> bool:
    """Return whether an address is beyond this computer; "data:" and "blob:" have no host."""
    return urlsplit(url).hostname not in (None, "localhost", "127.0.0.1", "::1")


@dataclass
class NotebookPage(WatchedPage):
    """A browser page with a notebook in it.

    Attributes
    ----------
    server : JupyterServer
        Where the notebook is.
    """

    server: JupyterServer
    _is_empty: bool = field(default=False, init=False)

    # -- notebooks -----------------------------------------------------------------------------

    def open_cells(self, *cells: str) -> None:
        """Open a new notebook made of these code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        self._open(notebook, "made")

    def open_copy(self, path: Path) -> None:
        """Open a copy of a notebook."""
        self._open(nbformat.read(path, as_version=4), path.stem)

    def _open(self, notebook: Any, stem: str) -> None:
        name = f"{stem}-{uuid.uuid4().hex[:8]}.ipynb"
        nbformat.write(notebook, self.server.folder / name)
        if self._is_empty:
            # A quarter of the work of loading the page.
            self.execute("docmanager:open", path=name)
        else:
            self.page.goto(self.server.address(name))
        self._is_empty = False
        self.wait_until_ready()

    def empty(self) -> None:
        """End this notebook's kernel and close the notebook: the page is ready for another one."""
        kernel = self._kernel()
        self.page.evaluate(
            """async () => {
                for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
                    await widget.context?.save();
                    widget.dispose();
                }
            }"""
        )
        if kernel:
            self.server.end_kernel(kernel)
        self._is_empty = True
        self.errors.clear()
        self.requests_elsewhere.clear()

    def wait_until_ready(self) -> None:
        """Wait until the notebook is shown and its kernel answers."""
        self.page.wait_for_function(
            f"() => window.jupyterapp && {PANEL} && {PANEL}.sessionContext"
            f" && {PANEL}.sessionContext.session && {PANEL}.sessionContext.session.kernel"
            f" && {PANEL}.sessionContext.session.kernel.status === 'idle'"
        )
        expect(self.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()

    def reload(self) -> None:
        """Save, and load the page again; the kernel lives on."""
        self.execute("docmanager:save")
        self.page.reload()
        self.wait_until_ready()

    def close(self) -> None:
        """End this notebook's kernel, and close the page."""
        kernel = self._kernel()
        if kernel:
            self.server.end_kernel(kernel)
        self.page.close()

    def _kernel(self) -> str | None:
        kernel: str | None = self.page.evaluate(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.id"
        )
        return kernel

    def use_theme(self, name: str) -> None:
        """Change to JupyterLab's theme "Light" or "Dark", in this page and in later ones."""
        self.execute("apputils:change-theme", theme=f"JupyterLab {name}")
        is_light = str(name == "Light").lower()
        expect(self.page.locator(f"body[data-jp-theme-light={is_light}]")).to_have_count(1)
        # Until then its splash covers the page; after two changes at once it is taken away twice.
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def execute(self, command: str, **arguments: object) -> None:
        """Execute a command of JupyterLab's, and wait for its end.

        What it returns stays on the page: Playwright would send all that an opened notebook leads
        to, 4 MB.
        """
        self.page.evaluate(
            f"async ([name, given]) => {{ await {COMMANDS}.execute(name, given); }}",
            [command, arguments],
        )

    # -- cells and kernel ----------------------------------------------------------------------

    def run_all(self) -> None:
        """Run all cells, and wait until the kernel has done so."""
        self.execute("notebook:run-all-cells")

    def begin_all(self) -> None:
        """Run all cells, and do not wait for their end."""
        self.page.evaluate(f"() => void {COMMANDS}.execute('notebook:run-all-cells')")

    def run_cell(self, index: int) -> None:
        """Run one code cell, counted from 0 over all cells, and wait for it."""
        self.page.evaluate(
            f"""async index => {{
                const notebook = {PANEL}.content;
                notebook.activeCellIndex = index;
                notebook.deselectAll();
                await {COMMANDS}.execute('notebook:run-cell');
            }}""",
            index,
        )

    def begin_cell(self, index: int) -> None:
        """Run one code cell, and do not wait for its end."""
        self.page.evaluate(
            f"""index => {{
                const notebook = {PANEL}.content;
                notebook.activeCellIndex = index;
                notebook.deselectAll();
                void {COMMANDS}.execute('notebook:run-cell');
            }}""",
            index,
        )

    def cell(self, index: int) -> Locator:
        """Scroll to a cell, counted from 0, and return it."""
        self.page.evaluate(f"index => {PANEL}.content.scrollToItem(index, 'start')", index)
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def restart_kernel(self) -> None:
        """Restart the kernel, and confirm that."""
        self.page.evaluate(f"() => void {COMMANDS}.execute('kernelmenu:restart')")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.wait_until_ready()

    def ask(self, expression: str) -> Any:
        """Return what the kernel makes of a Python expression, which JSON has to be able to say."""
        answer = self.page.evaluate(
            f"""async code => {{
                const kernel = {PANEL}.sessionContext.session.kernel;
                const reply = await kernel.requestExecute({{
                    code: '', silent: true, store_history: false,
                    user_expressions: {{answer: code}},
                }}).done;
                return reply.content.user_expressions.answer;
            }}""",
            f"__import__('json').dumps({expression})",
        )
        if answer["status"] != "ok":
            raise RuntimeError(f"{expression}: {answer['ename']}: {answer['evalue']}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def run_hidden(self, code: str) -> None:
        """Run code in the kernel as a cell would, without a cell, and wait for its end."""
        status = self.page.evaluate(
            f"""async code => (await {PANEL}.sessionContext.session.kernel.requestExecute(
                {{code, store_history: false}}).done).content.status""",
            code,
        )
        if status != "ok":
            raise RuntimeError(f"{code}: {status}")

    def wait_for_kernel(self, expression: str, timeout: float = START_SECONDS) -> None:
        """Wait until a Python expression is true in the kernel."""
        deadline = time.monotonic() + timeout
        while not self.ask(f"bool({expression})"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not true within {timeout} s: {expression}")
            self.page.wait_for_timeout(50)


def open_page(browser: Browser, server: JupyterServer, **viewport: int) -> NotebookPage:
    """Open an empty page of the usual size, or of another ``width`` and ``height``."""
    size = {**VIEWPORT, **viewport}
    page = browser.new_page(viewport={"width": size["width"], "height": size["height"]})
    return NotebookPage(page, server)
