"""A long afternoon in one lab: a thousand random moves of its sliders, in Chromium."""

from __future__ import annotations

import random
import re
import time
from typing import Any, Final

from benchmarks.browser_page import notebook_page
from benchmarks.rows import Row
from benchmarks.slider_repaint import IDLE, LAB, clock_lab, median_at_rest
from tools.browser import NotebookPage

TITLE = "A thousand moves"
MOVES: Final = 1000
MOVES_BEFORE_MEMORY: Final = 100
PRESSES: Final = 20
SEED: Final = 0
KEYS: Final = ("ArrowLeft", "ArrowRight", "PageUp", "PageDown")
# How often what is done, besides moving a slider.
OTHER_ACTIONS: Final = (("pause", 0.03), ("stop", 0.03), ("start", 0.02), ("apply", 0.01))
MEASURES: Final = """
import gc, os, threading
import ipywidgets

def memory():
    gc.collect()
    with open("/proc/self/status") as facts:
        lines = dict(line.split(":", 1) for line in facts)
    return int(lines["VmRSS"].split()[0]) / 1000

def counts():
    gc.collect()
    names = [thread.name for thread in threading.enumerate()]
    return [names.count("hpt-training"), len(ipywidgets.widgets.widget._instances)]
"""


def measure() -> list[Row]:
    """Move sliders at random, and compare the lab before with the lab after."""
    with notebook_page() as notebook:
        notebook.open_cells(MEASURES + LAB)
        notebook.run_all()
        notebook.page.locator(".hpt-lab .noUi-handle").first.wait_for()
        notebook.wait_for_kernel(IDLE)
        lab = notebook.page.locator(".hpt-lab")
        clock_lab(notebook, lab)
        chance = random.Random(SEED)
        first = median_at_rest(notebook, lab, PRESSES)
        _move(notebook, chance, MOVES_BEFORE_MEMORY)
        before = _state(notebook)
        started = time.perf_counter()
        n_lost = _move(notebook, chance, MOVES - MOVES_BEFORE_MEMORY)
        seconds = time.perf_counter() - started
        after = _state(notebook)
        last = median_at_rest(notebook, lab, PRESSES)
        errors = len(notebook.errors)
    how = f"{MOVES} moves of three sliders by key, with pauses, stops, starts and mid-run changes"
    since = f"since move {MOVES_BEFORE_MEMORY}; {how}"
    return [
        Row("moves after which the last value did not win", float(n_lost), "moves",
            f"looked at after every 50th; {how}", "≤ 0"),
        Row("errors in the page's console", float(errors), "errors", how, "≤ 0"),
        Row("threads that are left", float(after["threads"]), "threads", "seconds later", "≤ 0"),
        Row("widgets more than before", after["widgets"] - before["widgets"], "widgets",
            f"the table of runs grows by design; {since}"),
        Row("memory more than before", after["memory"] - before["memory"], "MB", since, "≤ 50"),
        Row("slider to repaint before: median", first, "ms", f"{PRESSES} presses, at rest"),
        Row("slider to repaint after: median", last, "ms", f"{PRESSES} presses, at rest"),
        Row("moves a second", (MOVES - MOVES_BEFORE_MEMORY) / seconds, "moves/s", how),
    ]  # fmt: skip


def _move(notebook: NotebookPage, chance: random.Random, moves: int) -> int:
    """Move sliders at random; return how often the last value was not the one in use."""
    n_lost = 0
    for number in range(1, moves + 1):
        for name, share in OTHER_ACTIONS:
            if chance.random() < share:
                _act(notebook, name)
        handle = notebook.page.locator(".hpt-lab .noUi-handle").nth(chance.randrange(3))
        handle.focus()
        notebook.page.keyboard.press(chance.choice(KEYS))
        notebook.page.wait_for_timeout(chance.choice((0, 20, 60, 200)))
        if number % 50 == 0:
            n_lost += not _last_value_won(notebook)
    return n_lost


def _act(notebook: NotebookPage, name: str) -> None:
    if name == "apply":
        notebook.page.locator(".hpt-lab input[type=checkbox]").first.click()
    else:
        button = notebook.page.locator(".hpt-lab button:visible")
        words = {"pause": "pause|resume"}.get(name, name)
        button.filter(has_text=re.compile(rf"^\s*({words})\s*$")).first.click()


def _last_value_won(notebook: NotebookPage) -> bool:
    """Let the lab come to rest, and compare fields, settings and the last run."""
    notebook.ask("(lab.resume(), lab.set(apply_to_running=False), lab.start()) and None")
    notebook.wait_for_kernel(f"lab.state == 'ended' and {IDLE}")
    fields = [
        float(notebook.page.locator(".hpt-lab .hpt-number input").nth(place).input_value())
        for place in range(3)
    ]
    names = "('learning_rate', 'batch_size', 'dropout_rate')"
    settings = notebook.ask(f"[getattr(lab.settings, name) for name in {names}]")
    trained = notebook.ask(f"[getattr(lab.last_run.hyperparameters, name) for name in {names}]")
    return bool(fields == settings == trained)


def _state(notebook: NotebookPage) -> dict[str, Any]:
    notebook.wait_for_kernel(IDLE)
    notebook.page.wait_for_timeout(3000)
    threads, n_widgets = notebook.ask("counts()")
    return {"threads": threads, "widgets": n_widgets, "memory": notebook.ask("memory()")}
