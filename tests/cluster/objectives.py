"""What the tests search: objectives that leave marks, and small trainings."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
import uuid

import psutil

import hpt_widgets as hpt
from hpt_widgets.search.objective import TrainingObjective
from hpt_widgets.search.space import Choice, LogUniform, SearchSpace

SPACE = SearchSpace(
    (
        LogUniform("learning_rate", 1e-3, 1e-1, grid=(0.001, 0.01, 0.1)),
        Choice("batch_size", (32, 64, 128)),
    )
)
NINE = 9
"""Combinations on the grid of the space."""

HP = hpt.Hyperparameters(hidden_units=(16,), epochs=4)


def bowl(values):
    return 1 - (math.log10(values["learning_rate"]) + 2) ** 2 / 10


class Slow:
    """Leaves a mark with the worker's id in its name, takes its time, and returns the bowl."""

    def __init__(self, marks, seconds=0.4):
        self.marks = marks
        self.seconds = seconds

    def __call__(self, values):
        (self.marks / f"{os.getpid()}-{uuid.uuid4().hex}").touch()
        time.sleep(self.seconds)
        return bowl(values)


class Marking(TrainingObjective):
    """A real training that leaves a mark when it begins."""

    def __init__(self, marks, data):
        super().__init__(data, HP)
        self.marks = marks

    def __call__(self, values):
        (self.marks / f"{os.getpid()}-{uuid.uuid4().hex}").touch()
        return super().__call__(values)


class MarkingClassifier(hpt.KerasMLPClassifier):
    """The workbook's estimator, which leaves a mark when it is fitted."""

    def __init__(self, learning_rate=1e-3, batch_size=32, epochs=4, marks=""):
        super().__init__(learning_rate, batch_size, hidden_units=(16,), epochs=epochs)
        self.marks = marks

    def fit(self, x, y):
        with open(f"{self.marks}/{os.getpid()}-{uuid.uuid4().hex}", "w"):  # noqa: PTH123
            pass
        names = ("learning_rate", "batch_size", "epochs", "hidden_units")
        own = hpt.KerasMLPClassifier(**{name: getattr(self, name) for name in names}).fit(x, y)
        self.__dict__.update({k: v for k, v in vars(own).items() if k.endswith("_")})
        self._hyperparameters, self._model = own._hyperparameters, None
        return self


def kill_when(marks, count, kills=1):
    """Kill the process that made the newest mark, once there are `count` of them.

    Returns the thread that does it, and the list of processes that it has killed.
    """
    killed = []

    def watch():
        for wanted in range(count, count + kills):
            while len(found := sorted(marks.iterdir(), key=lambda p: p.stat().st_mtime)) < wanted:
                time.sleep(0.02)
            time.sleep(0.1)
            pid = int(found[-1].name.partition("-")[0])
            if psutil.pid_exists(pid):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread, killed


def settings(trials):
    """Return what was tried, and what came of it, in an order of its own."""
    return sorted(
        (t.hyperparameters["learning_rate"], t.hyperparameters["batch_size"], t.validation_accuracy)
        for t in trials
    )


def in_one_process_fails(values):
    raise ValueError("too small")


def kill_own_worker(values):
    if values["batch_size"] == 128:
        os.kill(os.getpid(), signal.SIGKILL)
    return bowl(values)


def bank_row(values):
    """Return what a training of the trial bank would, in no time."""
    curve = tuple((float(epoch), bowl(values)) for epoch in range(1, values["epochs"] + 1))
    return hpt.Trial(dict(values), validation_accuracy=curve[-1][1], history=curve)
