"""A real class on one machine: eight browsers with a training lab each, and the projector's page.

All join at once by the fields in their labs, and train round after round, a key press on a slider
each. One of them loses the network for two rounds. ``python -m benchmarks.real_class FILE`` keeps
a picture of the projector.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from benchmarks.board import BoardProcess, DroppingNetwork
from benchmarks.browser_page import notebook_pages
from benchmarks.endurance import MEASURES
from benchmarks.rows import Row, table
from hpt_widgets.board.commands import FILE_NAME
from hpt_widgets.board.store import BoardStore
from tools.browser import NotebookPage, WatchedPage

TITLE = "A real class of eight"
STUDENTS = 8
ROUNDS = 6
OFFLINE = (2, 3)
"""The rounds in which the last student has no network."""
PATIENCE = 600.0
# In a class each lab has a computer of its own; eight that share one get less to do.
TRAINING_SIZE = 2_000
# A lab as chapter 2 makes it but for that, and when each of its runs ended.
LAB = """import time
import hpt_widgets as hpt
hpt.use_language("en")
start = hpt.Hyperparameters(seed={seed})
lab = hpt.TrainingLab(hpt.load_mnist(), start, training_size={size})
ended = []
send = lab.class_panel.send
lab.class_panel.send = lambda *a, **k: (ended.append(time.time()), send(*a, **k))
lab"""
# Takes note of when the page shows each number of runs.
WATCH = """() => {
    const score = document.querySelector("[data-score=runs] dd");
    window.shown = [];
    new MutationObserver(() => {
        const count = Number(score.textContent.replaceAll(",", ""));
        requestAnimationFrame(() =>
            window.shown.push([count, (performance.timeOrigin + performance.now()) / 1000]));
    }).observe(score, { characterData: true, childList: true, subtree: true });
}"""


@dataclass
class Services:
    """A board and a network that can be cut, on a thread of their own."""

    folder: Path
    board: BoardProcess = field(init=False)
    network: DroppingNetwork = field(init=False)
    is_cut: bool = False

    @contextlib.contextmanager
    def running(self) -> Iterator[Services]:
        """Start both, and end them."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            server = asyncio.run_coroutine_threadsafe(self._start(), loop).result(PATIENCE)
            yield self
            asyncio.run_coroutine_threadsafe(self._end(server), loop).result(PATIENCE)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _start(self) -> asyncio.Server:
        _open_task(self.folder)
        self.board = BoardProcess(self.folder)
        await self.board.start()
        fates = ("cut before" if self.is_cut else "pass" for _ in itertools.count())
        self.network = DroppingNetwork(self.board.port, fates=fates)
        return await self.network.start()

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        await self.network.end()
        await self.board.end()


def _open_task(folder: Path) -> None:
    """Open the class's task as a teacher does, without a record to compare with."""
    command = [sys.executable, "-m", "hpt_widgets", "board", "--folder", str(folder), "task"]
    task = ["--training-size", str(TRAINING_SIZE), "--no-reference"]
    subprocess.run([*command, *task], check=True, stdout=subprocess.DEVNULL)


def measure(picture: Path | None = None) -> list[Row]:
    """Let the class train."""
    with (
        tempfile.TemporaryDirectory() as name,
        Services(Path(name)).running() as services,
        notebook_pages(STUDENTS) as notebooks,
    ):
        return _measure(Path(name), services, notebooks, picture)


def _measure(
    folder: Path, services: Services, notebooks: list[NotebookPage], picture: Path | None
) -> list[Row]:
    with contextlib.closing(BoardStore(folder / FILE_NAME)) as store:
        key = store.fact("teacher_key")
    for number, notebook in enumerate(notebooks):
        lab = LAB.replace("{seed}", str(number)).replace("{size}", str(TRAINING_SIZE))
        notebook.open_cells(MEASURES, lab)
        notebook.run_all()
    for notebook in notebooks:
        expect(notebook.page.locator(".hpt-lab .noUi-handle").first).to_be_visible()
        notebook.wait_for_kernel("lab.state not in ('training', 'preparing')", PATIENCE)
    browser = notebooks[0].page.context.browser
    assert browser is not None
    projector = WatchedPage(browser.new_page(viewport={"width": 1280, "height": 720}))
    projector.page.goto(f"http://127.0.0.1:{services.board.port}/#teacher={key}&language=en")
    expect(projector.page.locator("[data-score=runs] dd")).to_have_text("0")
    projector.page.evaluate(WATCH)
    joined = _join(services, notebooks)
    waited, lost_network = 0, 0.0
    for number in range(ROUNDS):
        if number == OFFLINE[0]:
            services.is_cut, lost_network = True, time.monotonic()
        _train(notebooks, number)
        if number == OFFLINE[-1]:
            waited = notebooks[-1].ask("lab.class_panel.waiting")
            services.is_cut = False
            lost_network = time.monotonic() - lost_network
    for notebook in notebooks:
        notebook.wait_for_kernel("lab.class_panel.waiting == 0", PATIENCE)
    runs = STUDENTS * ROUNDS
    expect(projector.page.locator("[data-score=runs] dd")).to_have_text(str(runs))
    if picture is not None:
        projector.page.wait_for_timeout(2000)
        projector.page.screenshot(path=picture)
    delays = _delays(projector.page, notebooks)
    with contextlib.closing(BoardStore(folder / FILE_NAME)) as store:
        kept, names = len(list(store.kept_runs())), len(store.names())
    errors = [*projector.errors, *(e for notebook in notebooks for e in notebook.errors)]
    memory = sum(notebook.ask("memory()") for notebook in notebooks)
    projector.page.close()
    how = f"{STUDENTS} browsers, {ROUNDS} runs each of {TRAINING_SIZE:,} samples, all at once"
    return [
        Row("students on the board", names, "students", how, f"≥ {STUDENTS}"),
        Row("all joined within", joined, "s", "eight clicks, one after the other"),
        Row("runs that are on the board in the end", kept, "runs", how, f"≥ {runs}"),
        Row("runs that waited without a network", waited, "runs",
            f"one student, {lost_network:.0f} s; all of them arrived", f"≥ {len(OFFLINE)}"),
        Row("run → projector, median", float(np.median(delays)), "ms",
            "end of the run in the kernel to the frame with the new number; students online"),
        Row("run → projector, 95th percentile", float(np.percentile(delays, 95)), "ms",
            "both cores train meanwhile"),
        Row("errors in the nine pages' consoles", len(errors), "errors", "; ".join(errors[:3]),
            "≤ 0"),
        Row("memory of the eight kernels", memory, "MB", "what they share counts each time"),
    ]  # fmt: skip


def _join(services: Services, notebooks: list[NotebookPage]) -> float:
    """Have all labs join, by what their readers would type; return the seconds it took."""
    for number, notebook in enumerate(notebooks):
        lab = notebook.page.locator(".hpt-lab")
        lab.get_by_role("button", name="Join a class").click()
        port = services.network.port if number == STUDENTS - 1 else services.board.port
        lab.get_by_label("board's address").fill(f"127.0.0.1:{port}")
        lab.get_by_label("class code").fill(services.board.code)
        lab.get_by_label("nickname").fill(f"student-{number + 1}")
    begun = time.monotonic()
    for notebook in notebooks:
        notebook.page.locator(".hpt-lab").get_by_role("button", name="Join", exact=True).click()
    for notebook in notebooks:
        expect(notebook.page.locator(".hpt-status").last).to_contain_text("In the class")
    return time.monotonic() - begun


def _train(notebooks: list[NotebookPage], number: int) -> None:
    """Press a key in every lab, and wait until all have trained."""
    for notebook in notebooks:
        handle = notebook.page.locator(".hpt-lab .noUi-handle").first
        handle.focus()
        notebook.page.keyboard.press("ArrowRight" if number % 3 else "PageUp")
    for notebook in notebooks:
        notebook.wait_for_kernel(f"len(ended) >= {number + 1}", PATIENCE)


def _delays(page: Page, notebooks: list[NotebookPage]) -> np.ndarray:
    """Return for each run of an online round the milliseconds until the page showed it."""
    shown = page.evaluate("window.shown")
    ended = [notebook.ask("ended") for notebook in notebooks]
    delays = []
    for number in range(OFFLINE[0]):
        before = STUDENTS * number
        for place, at in enumerate(sorted(times[number] for times in ended), start=1):
            seen = next(moment for count, moment in shown if count >= before + place)
            delays.append(1000 * (seen - at))
    return np.array(delays)


if __name__ == "__main__":
    print(table(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
