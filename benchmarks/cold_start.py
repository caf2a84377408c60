"""How long a reader waits: from ``make lab``, and from a chapter's first cell, to a usable lab.

The cells are run one at a time, each as soon as the one before has ended, by somebody who
reads nothing: whoever reads waits less, since TensorFlow is imported meanwhile. Then, in a new
kernel, all are run at once, as soon as it is ready; and once more by somebody who has looked at the
page for five seconds before. Chapters without a lab of their own are left out, and so is chapter 5,
whose canvas stands at its end.
"""

from __future__ import annotations

import ast
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nbformat
from playwright.sync_api import Browser, Locator, expect

from benchmarks.browser_page import CLOCK, clock_press, open_chromium
from benchmarks.descent_lab import ANY_LINE
from benchmarks.rows import Row
from benchmarks.slider_repaint import LENGTHS, NEW_CURVE
from benchmarks.students import NOTEBOOKS
from hpt_widgets.app.workbook import START
from tools.browser import NotebookPage, jupyter_server, launched_lab, open_page

TITLE = "A cold start"
# The chapter that is measured for a reader who reads, too, and the cell behind which they do.
READ: Final = "02-hyperparameters"
READ_CELL: Final = "data"
READING_SECONDS: Final = 10
LOOKING_SECONDS: Final = 5
# The labs whose sliders draw a curve, and how its first point is told from other changes.
PAINTED: Final = {"TrainingLab": NEW_CURVE, "DescentLab": ANY_LINE, "RangeTestLab": ANY_LINE}
# Those that have one without being touched.
WITH_CURVES: Final = {*PAINTED, "SearchLab"}
HAS_CURVE: Final = """lab => [...lab.querySelectorAll('path.line')]
    .some(path => (path.getAttribute('d') || '').includes('L'))"""
LOADER: Final = "hpt_widgets.support.tensorflow_loader"
IS_LOADED: Final = f"getattr(__import__('sys').modules.get({LOADER!r}), 'is_loaded', bool)()"
# Linux forgets there what it holds of the disk in memory; only root may write.
DROP_CACHES: Final = Path("/proc/sys/vm/drop_caches")


@dataclass(frozen=True)
class FirstLab:
    """The way to the first lab of a notebook.

    Attributes
    ----------
    cells : dict of str to float
        Seconds that each code cell took, by its id; the last ends with the lab on the screen.
    waited_in : str
        The cell that ended with TensorFlow imported, or "" if none did.
    answer : float or None
        Milliseconds from a key press on a slider to the first paint of its curve.
    """

    cells: dict[str, float]
    waited_in: str
    answer: float | None

    @property
    def seconds(self) -> float:
        """All cells together."""
        return sum(self.cells.values())

    @property
    def own(self) -> float:
        """Seconds of the lab's own cell."""
        return list(self.cells.values())[-1]

    def __str__(self) -> str:
        """Say which cells took long, and where TensorFlow was waited for."""
        long = [f"`{name}` {taken:.1f} s" for name, taken in self.cells.items() if taken >= 0.3]
        waited = f"; TensorFlow came in `{self.waited_in}`" if self.waited_in else ""
        return ", ".join(long) + waited


def measure() -> list[Row]:
    """Start the workbook, with a warm and a cold disk cache, and open each chapter."""
    with open_chromium() as browser:
        rows = rows_of_start(browser, "files in memory")
        if os.access(DROP_CACHES, os.W_OK):
            os.sync()
            DROP_CACHES.write_text("3")
            rows += rows_of_start(browser, "files on the disk only")
        with tempfile.TemporaryDirectory() as folder, jupyter_server(Path(folder)) as server:
            for path in sorted(NOTEBOOKS.glob("*.ipynb")):
                if place_of_first_lab(path) is not None:
                    rows += rows_of_chapter(open_page(browser, server), path)
                    for looking in (0, LOOKING_SECONDS):
                        rows += rows_of_run_all(open_page(browser, server), path, looking)
            path = NOTEBOOKS / f"{READ}.ipynb"
            rows += rows_of_chapter(open_page(browser, server), path, READING_SECONDS)
    return rows


def rows_of_start(browser: Browser, disk: str) -> list[Row]:
    """Start what ``make lab`` starts, and go to the first lab of the notebook that it opens."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, launched_lab(Path(folder)) as server:
        answering = time.perf_counter() - begun
        notebook = open_page(browser, server)
        notebook.page.goto(f"{server.url}lab/tree/{START}?token={server.token}")
        expect(notebook.page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
        shown = time.perf_counter() - begun
        notebook.wait_until_ready()
        ready = time.perf_counter() - begun
        lab = go_to_first_lab(notebook, NOTEBOOKS / START)
        notebook.close()
    first = f"make lab, {disk}"
    return [
        Row(f"{first}: notebook on the screen", shown, "s",
            f"the server answers after {answering:.1f} s; the browser is open already"),
        Row(f"{first}: kernel ready", ready, "s"),
        Row(f"{first}: first lab on the screen", ready + lab.seconds, "s", str(lab)),
        *_answer_row(first, lab),
    ]  # fmt: skip


def rows_of_chapter(notebook: NotebookPage, path: Path, reading: float = 0) -> list[Row]:
    """Open a chapter in a new kernel, and go to its first lab."""
    begun = time.perf_counter()
    notebook.open_copy(path)
    opened = time.perf_counter() - begun
    lab = go_to_first_lab(notebook, path, reading)
    notebook.close()
    name = path.stem
    if reading:
        name = f"{name}, {reading:.0f} s read after `{READ_CELL}`"
    return [
        Row(f"{name}: first lab on the screen", lab.seconds, "s",
            f"{lab}; before it {opened:.1f} s for the page and its kernel"),
        Row(f"{name}: its own cell", lab.own, "s", "from the command to the lab", "≤ 2"),
        *_answer_row(name, lab),
    ]  # fmt: skip


def rows_of_run_all(notebook: NotebookPage, path: Path, looking: float = 0) -> list[Row]:
    """Open a chapter in a new kernel, look at it, run all cells, and watch its first lab."""
    place = place_of_first_lab(path)
    if place is None:
        raise ValueError(f"{path.name} shows no lab")
    notebook.open_copy(path)
    notebook.page.wait_for_timeout(1000 * looking)
    begun = time.perf_counter()
    notebook.begin_all()
    lab = notebook.cell(place).locator(".hpt-lab")
    expect(lab).to_be_visible()
    shown = time.perf_counter() - begun
    name, how = f"{path.stem}, run all", "from the command to run all cells"
    if looking:
        name = f"{path.stem}, looked at for {looking:.0f} s, run all"
    rows = [Row(f"{name}: first lab on the screen", shown, "s", how)]
    if _lab_of(path) in WITH_CURVES:
        notebook.page.wait_for_function(HAS_CURVE, arg=lab.element_handle())
        moved = time.perf_counter() - begun
        rows.append(Row(f"{name}: its first curve", moved, "s", how, "≤ 5"))
    notebook.close()
    return rows


def _answer_row(name: str, lab: FirstLab) -> list[Row]:
    if lab.answer is None:
        return []
    how = "the first key press on a slider to the first paint of its curve"
    return [Row(f"{name}: its first answer", lab.answer, "ms", how)]


def go_to_first_lab(notebook: NotebookPage, path: Path, reading: float = 0) -> FirstLab:
    """Run an open notebook's cells until its first lab is there, and move a slider of it.

    Parameters
    ----------
    notebook : NotebookPage
        Where a copy of the notebook is open.
    path : Path
        The notebook.
    reading : float, default 0
        Seconds that pass, uncounted, behind the cell `READ_CELL`.
    """
    place = place_of_first_lab(path)
    if place is None:
        raise ValueError(f"{path.name} shows no lab")
    cells = nbformat.read(path, as_version=4).cells
    seconds, waited_in = {}, ""
    for number, cell in enumerate(cells[: place + 1]):
        if cell.cell_type != "code":
            continue
        begun = time.perf_counter()
        if number < place:
            notebook.run_cell(number)
        else:
            # It may show its lab, and wait for a training.
            notebook.begin_cell(number)
            lab = notebook.cell(place).locator(".hpt-lab")
            expect(lab).to_be_visible()
        seconds[cell.id] = time.perf_counter() - begun
        if not waited_in and notebook.ask(IS_LOADED):
            waited_in = cell.id
        if cell.id == READ_CELL:
            notebook.page.wait_for_timeout(1000 * reading)
    painted = PAINTED.get(_lab_of(path))
    answer = _first_answer(notebook, lab, painted) if painted else None
    return FirstLab(seconds, waited_in, answer)


def _first_answer(notebook: NotebookPage, lab: Locator, painted: str) -> float:
    notebook.page.evaluate(CLOCK)
    lab.evaluate(f"lab => window.clock(lab, lab, {LENGTHS}, {painted})")
    lab.locator(".noUi-handle").locator("visible=true").first.focus()
    return clock_press(notebook, "ArrowRight")


# -- the labs of a notebook ----------------------------------------------------------------------


def place_of_first_lab(path: Path) -> int | None:
    """Return which cell of a notebook shows its first lab, counted from 0; None if none does."""
    return next((place for place, _ in _shown_labs(path)), None)


def _lab_of(path: Path) -> str:
    """Return the class of a notebook's first lab."""
    return next(kind for _, kind in _shown_labs(path))


def _shown_labs(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the cells that show a lab, by a call or as their last line, and the lab's class."""
    kinds: dict[str, str] = {}
    for place, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type != "code":
            continue
        lines = ast.parse(cell.source).body
        for line in lines:
            if isinstance(line, ast.Assign) and (kind := _kind_of(line.value)):
                kinds[ast.unparse(line.targets[0])] = kind
        for line in lines:
            name = ast.unparse(line.value) if isinstance(line, ast.Expr) else ""
            is_last = line is lines[-1]
            if not is_last and not name.endswith(".show()"):
                continue
            if kind := kinds.get(name.removesuffix(".show()"), ""):
                yield place, kind
                break


def _kind_of(made: Any) -> str:
    """Return the class of the lab that an expression makes, "" if it makes none."""
    name = ast.unparse(made.func) if isinstance(made, ast.Call) else ""
    return name.removeprefix("hpt.") if name.startswith("hpt.") and name.endswith("Lab") else ""
