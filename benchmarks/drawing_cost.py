"""What an epoch takes with the lab drawing it in a browser, and without."""

from __future__ import annotations

import statistics
from typing import Final

from benchmarks.browser_page import notebook_page
from benchmarks.rows import Row

TITLE = "What drawing costs"
REPEATS: Final = 9
CELL: Final = """
import time
import hpt_widgets as hpt
data = hpt.load_mnist()
lab = hpt.TrainingLab(data)

def with_lab():
    lab.start()
    lab.wait()

def without():
    session = hpt.Trainer(data).session(lab.settings)
    while session.ended is None:
        session.advance()
    session.result()

def seconds(way):
    started = time.perf_counter()
    way()
    return time.perf_counter() - started

lab
"""


def measure() -> list[Row]:
    """Time the same training alternately with and without the lab, in one kernel."""
    drawn: list[float] = []
    bare: list[float] = []
    with notebook_page() as notebook:
        notebook.open_cells(CELL)
        notebook.run_all()
        notebook.page.locator(".hpt-lab .hpt-chart").first.wait_for()
        notebook.wait_for_kernel("lab.state == 'ready' and not lab.is_busy")
        for number in range(-1, REPEATS):  # the first is for warming up
            for times, way in ((drawn, "with_lab"), (bare, "without")):
                seconds = notebook.ask(f"seconds({way})")
                if number >= 0:
                    times.append(seconds)
    with_lab, without = statistics.median(drawn), statistics.median(bare)
    how = f"one epoch of 50,000, batch 32, validated 5 times; median of {REPEATS}"
    return [
        Row("an epoch in the lab, on the screen", with_lab, "s", how),
        Row("the same epoch without drawing", without, "s", f"{how}, the same kernel"),
        Row("drawing costs", 100 * (with_lab / without - 1), "%", "of the second", "≤ 22"),
    ]
