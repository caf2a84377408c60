"""The descent lab in JupyterLab in Chromium: a slider's repaint, and how smoothly it plays."""

from __future__ import annotations

import statistics
from typing import Final

import numpy as np

from benchmarks.browser_page import CLOCK, clock_press, count_changed_frames, notebook_page
from benchmarks.rows import Row
from tools.browser import NotebookPage

TITLE = "The descent lab"
PRESSES: Final = 40
PLAYED_SECONDS: Final = 5
LAB: Final = """import hpt_widgets as hpt
optimizers = ["gradient_descent", "momentum", "nesterov", "rmsprop", "adam"]
lab = hpt.DescentLab("ravine", optimizers=optimizers, steps=1000)
lab"""
# Any line of a chart whose shape changes: the whole path is drawn anew at once.
ANY_LINE: Final = "record => record.target.matches && record.target.matches('path.line')"


def measure() -> list[Row]:
    """Clock a slider and count frames, with five optimisers on the ravine."""
    with notebook_page() as notebook:
        notebook.open_cells(LAB)
        notebook.run_all()
        notebook.page.locator(".hpt-lab path.line").first.wait_for()
        times = time_slider(notebook)
        frames = count_frames(notebook)
    how = f"keydown to the frame with the new paths, five optimisers; {PRESSES} presses"
    return [
        Row("slider to repaint: median", statistics.median(times), "ms", how, "≤ 60"),
        Row("slider to repaint: 95th percentile", float(np.percentile(times, 95)), "ms", how),
        Row("playing", frames, "frames/s",
            f"painted frames in which a mark moved, five optimisers, {PLAYED_SECONDS} s", "≥ 30"),
    ]  # fmt: skip


def time_slider(notebook: NotebookPage) -> list[float]:
    """Return the milliseconds of presses on the first slider, a learning rate."""
    page = notebook.page
    page.evaluate(CLOCK)
    page.evaluate(
        f"""() => document.querySelectorAll('.hpt-lab .noUi-handle').forEach(handle =>
            window.clock(handle, document.querySelector('.hpt-lab'), () => null, {ANY_LINE}))"""
    )
    page.locator(".hpt-lab .hpt-rate .noUi-handle").locator("visible=true").first.focus()
    times = []
    for number in range(-2, PRESSES):  # the first two are for warming up
        page.wait_for_timeout(250)
        times.append(clock_press(notebook, "ArrowRight" if number % 2 else "ArrowLeft"))
    return times[2:]


def count_frames(notebook: NotebookPage) -> float:
    """Return the frames a second while the lab plays."""
    notebook.ask("(lab.set_speed(50), lab.play_to(0), lab.play()) and None")
    frames = count_changed_frames(
        notebook.page.locator(".hpt-lab .hpt-chart"), ("d", "transform"), PLAYED_SECONDS
    )
    notebook.ask("lab.pause()")
    return frames


if __name__ == "__main__":
    for row in measure():
        print(row)
