"""How long a stop takes."""

from __future__ import annotations

import statistics
import time

import hpt_widgets as hpt
from benchmarks.own_process import call
from benchmarks.rows import Row

TITLE = "Stopping"
BATCH_SIZES = (1, 32, 256, 4096)
STOPS = 15


def measure() -> list[Row]:
    """Stop trainings of MNIST in a training lab, at different moments and batch sizes."""
    rows = []
    for batch_size, seconds in zip(BATCH_SIZES, call(__name__, "time_stops"), strict=True):
        how = f"lab.stop() until lab.wait() returns, the run recorded and drawn; {STOPS} stops"
        rows += [
            Row(f"batch {batch_size}: median", 1000 * statistics.median(seconds), "ms", how),
            Row(f"batch {batch_size}: longest", 1000 * max(seconds), "ms"),
        ]
    return rows


def time_stops() -> list[list[float]]:
    """Return the seconds of each stop, a list for each batch size."""
    lab = hpt.TrainingLab(hpt.load_mnist(), hpt.Hyperparameters(epochs=100))
    seconds: list[list[float]] = []
    for batch_size in BATCH_SIZES:
        seconds.append([])
        for number in range(STOPS):
            lab.set(batch_size=batch_size, seed=number)
            while lab.state != "training":
                time.sleep(0.001)
            time.sleep(0.1 + 0.02 * number)
            started = time.perf_counter()
            lab.stop()
            lab.wait()
            seconds[-1].append(time.perf_counter() - started)
    lab.close()
    return seconds
