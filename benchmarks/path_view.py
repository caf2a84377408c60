"""What recording and drawing the weights' path adds to a training, and how long its map takes."""

from __future__ import annotations

import statistics
import time

import hpt_widgets as hpt
from benchmarks.own_process import call
from benchmarks.rows import Row

TITLE = "The path view"
REPEATS = 15
LEARNING_RATES = (1e-4, 1e-3, 1e-2, 0.1)


def measure() -> list[Row]:
    """Time the same training with the view open and hidden, and the map of four runs."""
    made = call(__name__, "time_runs")
    opened, hidden = statistics.median(made["opened"]), statistics.median(made["hidden"])
    how = f"one epoch of 50,000, batch 32, in turn; median of {REPEATS}; no browser"
    map_how = f"{len(LEARNING_RATES)} runs, 33 × 33 points, 1,000 digits; median of {REPEATS}"
    return [
        Row("an epoch with the path view open", opened, "s", how),
        Row("the same epoch with it hidden", hidden, "s", how),
        Row("the path view costs", 100 * (opened / hidden - 1), "%", "of the second", "≤ 15"),
        Row("plane, loss and map", statistics.median(made["map"]), "s", map_how),
    ]


def time_runs() -> dict[str, list[float]]:
    """Return the seconds of each training, open and hidden, and of each map."""
    lab = hpt.TrainingLab(hpt.load_mnist())
    seconds: dict[str, list[float]] = {"opened": [], "hidden": [], "map": []}
    for number in range(-1, REPEATS):  # the first is for warming up
        for name in ("opened", "hidden"):
            lab.show_path(name == "opened")
            taken = _seconds_of_training(lab)
            if number >= 0:
                seconds[name].append(taken)
    lab.reset()
    lab.show_path()
    for learning_rate in LEARNING_RATES:
        lab.set(learning_rate=learning_rate)
        lab.wait()
    for _ in range(REPEATS):
        started = time.perf_counter()
        lab.view.path.draw_map()
        seconds["map"].append(time.perf_counter() - started)
    lab.close()
    return seconds


def _seconds_of_training(lab: hpt.TrainingLab) -> float:
    """Return the seconds from the start to the run's end, without the map that comes after."""
    before = len(lab.runs)
    started = time.perf_counter()
    lab.start()
    while len(lab.runs) == before:
        time.sleep(0.001)
    taken = time.perf_counter() - started
    lab.wait()
    return taken
