"""The frames a second that the network lab shows while it trains, in a browser."""

from __future__ import annotations

import os
from typing import Final

import psutil

from benchmarks.browser_page import count_changed_frames, notebook_page
from benchmarks.rows import Row
from tools.browser import NotebookPage

TITLE = "The network lab"
SECONDS: Final = 8
CASES: Final = {
    "a curve, 1–3–1": "",
    "circles, 2–4–2–1": "task='plane', learning_rate=1.0",
    "spirals, 2–8–8–8–1": "task='plane', data='spirals', hidden_units=(8, 8, 8)",
}


def measure() -> list[Row]:
    """Count the frames of each case, one after the other."""
    labs = [f"lab{place} = hpt.NetworkLab({a})" for place, a in enumerate(CASES.values())]
    rows = []
    with notebook_page() as notebook:
        notebook.open_cells(
            *(f"import hpt_widgets as hpt\n{lab}\n{lab.partition(' ')[0]}" for lab in labs)
        )
        notebook.run_all()
        notebook.page.locator(".hpt-lab .hpt-net svg").nth(len(CASES) - 1).wait_for()
        for place, name in enumerate(CASES):
            frames, milliseconds = count_frames(notebook, place)
            how = f"painted frames in which the answer has moved, {SECONDS} s"
            rows.append(Row(f"training {name}", frames, "frames/s", how, "≥ 30"))
            how = "of kernel, server and browser together"
            rows.append(Row(f"processor time, {name}", milliseconds, "ms/frame", how))
    return rows


def count_frames(notebook: NotebookPage, place: int) -> tuple[float, float]:
    """Return frames a second, and milliseconds of processor time a frame, of one lab."""
    page = notebook.page
    page.locator(".hpt-lab").nth(place).evaluate("lab => lab.scrollIntoView({block: 'start'})")
    notebook.ask(f"lab{place}.play()")
    page.wait_for_timeout(1_000)  # the first frames are for warming up
    before = processor_seconds()
    answer = page.locator(".hpt-lab .hpt-net-answer").nth(place)
    frames = count_changed_frames(answer, ("d", "href"), SECONDS)
    spent = processor_seconds() - before
    notebook.ask(f"lab{place}.pause()")
    return frames, 1000 * spent / max(frames * SECONDS, 1)


def processor_seconds() -> float:
    """Return what the processes that this one has started, and theirs, have computed so far."""
    total = 0.0
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.Error:  # it has ended meanwhile
            continue
        total += times.user + times.system
    return total


if __name__ == "__main__":
    for row in measure():
        print(row)
