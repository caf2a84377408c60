"""All labs of all chapters in one notebook, and two notebooks that train at once, in Chromium."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import nbformat
from playwright.sync_api import Locator, expect

from benchmarks.browser_page import notebook_page, notebook_pages
from benchmarks.endurance import MEASURES
from benchmarks.rows import Row
from benchmarks.slider_repaint import IDLE, LAB, clock_lab, median_at_rest
from benchmarks.students import NOTEBOOKS
from tools.browser import NotebookPage

TITLE = "A crowd of labs"
PRESSES: Final = 20
TRAINED_SECONDS: Final = 6
EPOCH: Final = 50_000  # samples
MEGABYTE: Final = 1e6
# Milliseconds in which idle threads end.
REST: Final = 4000
# What makes a lab, in any chapter.
MAKERS: Final = ("DigitCanvas", "quiz")
# The chapters' own names, with stand-ins for what takes long there.
SET_UP: Final = """import threading
from types import SimpleNamespace
import hpt_widgets as hpt
hpt.use_language("en")
data = hpt.load_mnist()
small = data.take(2_000, seed=0)
loaded = hpt.build_model(hpt.Hyperparameters())
lab = SimpleNamespace(runs=hpt.SearchRecord("manual"))
halving, full = hpt.SearchRecord("halving"), hpt.SearchRecord("random")
forgetful = hpt.SearchRecord("random")
record = hpt.SearchRecord("grid")
rivals = ("random", "hyperband")
param_grid = {"learning_rate": [0.001, 0.01, 0.1], "batch_size": [32, 64], "dropout_rate": [0.2]}
hard = hpt.Hyperparameters(activation="sigmoid", optimizer="sgd")
turned_start = (-2.9, 0.05)
own = hpt.surfaces.Surface.from_function(
    lambda x, y: (x**2 - 1) ** 2 + 2 * y**2 + 0.3 * x,
    window=((-2, 2), (-1.5, 1.5)), start=(1.6, 1.2))
hpt.train(hpt.Hyperparameters(), data)
labs = []"""
BUSY: Final = "any(getattr(lab, 'is_busy', False) for lab in labs)"
THREADS: Final = "sorted(thread.name for thread in threading.enumerate())"


def measure() -> list[Row]:
    """Open the crowd, then the two notebooks."""
    return [*measure_crowd(), *measure_two()]


def measure_crowd() -> list[Row]:
    """Open every lab of every chapter in one kernel, use one of them, and close them all."""
    makers = list(lab_makers())
    in_use = next(place for place, code in enumerate(makers) if "TrainingLab" in code)
    with notebook_page() as notebook:
        cells = [f"labs.append({code})\nlabs[-1]" for code in makers]
        notebook.open_cells(MEASURES + SET_UP, *cells)
        notebook.run_cell(0)
        before = _state(notebook)
        labs = _open_all(notebook, len(makers))
        opened = _state(notebook)
        repaint = _repaint(notebook, labs[in_use], in_use)
        closed = _close_all(notebook)
        _open_all(notebook, len(makers))
        again = _close_all(notebook)
        errors = notebook.errors
    threads = [name for name in opened["threads"] if name not in before["threads"]]
    left = [name for name in closed["threads"] if name not in before["threads"]]
    # Whatever else is left is Jupyter's, or of a library.
    own = [name for name in left if name.startswith("hpt-")]
    how = f"{len(makers)} labs, each as its chapter makes it, in one notebook"
    since = "more than before them, with TensorFlow and the data loaded"
    return [
        Row("labs in one kernel", float(len(makers)), "labs", how),
        Row("errors in the page's console", float(len(errors)), "errors",
            "; ".join(errors[:3]) or how, "≤ 0"),
        Row("widgets of the crowd", float(opened["widgets"] - before["widgets"]), "widgets"),
        Row("memory of the crowd", opened["memory"] - before["memory"], "MB", since),
        Row("JavaScript objects of the page", opened["page"], "MB"),
        Row("threads of the crowd", float(len(threads)), "threads",
            "at rest" + "".join(f"; {name}" for name in threads)),
        Row("slider to repaint in the crowd: median", repaint, "ms",
            f"its first training lab, at rest; {PRESSES} presses"),
        Row("threads of their own left by the closed labs", float(len(own)), "threads",
            "others: " + ("; ".join(set(left) - set(own)) or "none"), "≤ 0"),
        Row("widgets left by the closed labs", float(closed["widgets"] - before["widgets"]),
            "widgets", "", "≤ 0"),
        Row("memory left by the closed labs", closed["memory"] - before["memory"], "MB",
            since),
        Row("memory left by a second crowd", again["memory"] - closed["memory"], "MB",
            "more than by the first; the same notebook run again, and closed"),
    ]  # fmt: skip


def measure_two() -> list[Row]:
    """Train in two notebooks, each with a kernel of its own."""
    with notebook_pages(2) as (here, there):
        for notebook in (here, there):
            notebook.open_cells(MEASURES + LAB)
            notebook.run_all()
            notebook.page.locator(".hpt-lab .noUi-handle").first.wait_for()
            notebook.wait_for_kernel(IDLE)
        alone = [_speeds(notebook)[0] for notebook in (here, there)]
        together = _speeds(here, there)
        lab = here.page.locator(".hpt-lab")
        clock_lab(here, lab)
        at_rest = median_at_rest(here, lab, PRESSES)
        there.ask("lab.set(epochs=100)")
        beside = median_at_rest(here, lab, PRESSES)
        is_still_training = there.ask("lab.state") == "training"
        there.ask("lab.stop()")
        errors = [*here.errors, *there.errors]
        memory = [notebook.ask("memory()") for notebook in (here, there)]
    if not is_still_training:
        raise RuntimeError("the training beside ended too soon")
    how = f"batch 32, validated 5 times an epoch, drawn; {TRAINED_SECONDS} s"
    rows = []
    for name, apart, at_once in zip(("first", "second"), alone, together, strict=True):
        rows += [
            Row(f"{name} of two notebooks, training alone", apart, "samples/s", how),
            Row(f"{name} of two notebooks, both training", at_once, "samples/s",
                f"{at_once / apart:.0%} of alone"),
        ]  # fmt: skip
    presses = f"{PRESSES} presses, this notebook's lab at rest"
    return [
        *rows,
        Row("slider to repaint, the other notebook at rest: median", at_rest, "ms", presses),
        Row("slider to repaint, the other notebook training: median", beside, "ms", presses),
        Row("errors in the two pages' consoles", float(len(errors)), "errors",
            "; ".join(errors[:3]), "≤ 0"),
        Row("memory of the two kernels", sum(memory), "MB", "what they share counts twice"),
    ]  # fmt: skip


def lab_makers(folder: Path = NOTEBOOKS) -> Iterator[str]:
    """Yield the code that makes each lab of the chapters in a folder, in their order."""
    for path in sorted(folder.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                yield from (ast.unparse(node) for node in ast.walk(ast.parse(cell.source))
                            if _makes_lab(node))  # fmt: skip


def _makes_lab(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    name = node.func.attr
    return ast.unparse(node.func.value) == "hpt" and (name in MAKERS or name.endswith("Lab"))


def _open_all(notebook: NotebookPage, count: int) -> list[Locator]:
    """Run all cells, and scroll to each until its lab is there and all are at rest."""
    notebook.run_all()
    labs = []
    for place in range(1, count + 1):
        labs.append(notebook.cell(place).locator(".hpt-lab"))
        expect(labs[-1]).to_be_visible()
    notebook.wait_for_kernel(f"not {BUSY}")
    notebook.page.wait_for_timeout(REST)
    return labs


def _close_all(notebook: NotebookPage) -> dict[str, Any]:
    """Close all labs, drop them, and return what is left."""
    # One request each: of more than 3,000 messages to one, Jupyter's server drops the rest.
    for place in range(notebook.ask("len(labs)")):
        notebook.ask(f"labs[{place}].close()")
    notebook.page.wait_for_timeout(REST)
    notebook.run_hidden("del lab\nlabs.clear()\nget_ipython().displayhook.flush()")
    return _state(notebook)


def _repaint(notebook: NotebookPage, lab: Locator, place: int) -> float:
    notebook.run_hidden(f"lab = labs[{place}]")
    notebook.cell(place + 1)
    clock_lab(notebook, lab)
    return median_at_rest(notebook, lab, PRESSES)


def _speeds(*notebooks: NotebookPage) -> list[float]:
    """Train in all of them at once, and return the samples a second of each."""
    for notebook in notebooks:
        notebook.ask("lab.set(epochs=100)")
    notebooks[0].page.wait_for_timeout(1000 * TRAINED_SECONDS)
    for notebook in notebooks:
        notebook.ask("lab.stop()")
    speeds = []
    for notebook in notebooks:
        notebook.wait_for_kernel(IDLE)
        last = "list(lab.runs)[-1]"
        epochs, seconds = notebook.ask(f"[{last}.epochs_trained, {last}.seconds]")
        speeds.append(epochs * EPOCH / seconds)
    return speeds


def _state(notebook: NotebookPage) -> dict[str, Any]:
    client = notebook.page.context.new_cdp_session(notebook.page)
    client.send("HeapProfiler.collectGarbage")
    heap = client.send("Runtime.getHeapUsage")["usedSize"]
    client.detach()
    return {
        "threads": notebook.ask(THREADS),
        "widgets": notebook.ask("counts()[1]"),
        "memory": notebook.ask("memory()"),
        "page": heap / MEGABYTE,
    }
