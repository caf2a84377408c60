"""What a record costs: reading 100,000 trials, adding one, searching beside many; and an answer."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final
from unittest.mock import patch

from benchmarks.rows import Row
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.progress import Entry
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import Search
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.search.trial import Trial

TITLE = "Records"
N_TRIALS: Final = 100_000
N_POINTS: Final = 5
N_ANSWERS: Final = 4_000
STEPS: Final = 200


def measure() -> list[Row]:
    """Time a record of many trials."""
    record = SearchRecord("random")
    for number in range(N_TRIALS):
        record.append(_trial(number))
    how = f"{N_TRIALS:,} trials with curves of {N_POINTS} points"
    with tempfile.TemporaryDirectory() as folder:
        path = record.save(Path(folder) / "record.csv")
        half = Path(folder) / "half.csv"
        lines = path.read_bytes().splitlines(keepends=True)
        half.write_bytes(b"".join(lines[: N_TRIALS // 2 + 1]))
        whole = _seconds(lambda: SearchRecord.load(path))
        part = _seconds(lambda: SearchRecord.load(half))
        open_record = SearchRecord("random", path)
        added = statistics.median(
            _seconds(lambda: open_record.append(_trial(0)), time.perf_counter) for _ in range(STEPS)
        )
    few, many = _step(SearchRecord("random")), _step(record)
    beside = f"median of {STEPS} steps of a random search that tries nothing"
    return [
        Row("reading a record", whole, "s", f"{how}; processor time", "≤ 8"),
        Row("twice as many trials take", whole / part, "times", "linear: 2", "≤ 2.5"),
        Row("adding a trial to this file", 1000 * added, "ms", f"median of {STEPS}, on the disk"),
        Row("a step of a search in a new record", 1000 * few, "ms", beside),
        Row(
            "the same beside these trials", 1000 * many, "ms", f"{beside}; they are of another one"
        ),
        Row("keeping an answer", 1000 * _answer(0), "ms", f"median of {STEPS}"),
        Row("the same behind many", 1000 * _answer(N_ANSWERS), "ms", f"{N_ANSWERS:,} before it"),
    ]


def _trial(number: int) -> Trial:
    draw = Random(number)
    return Trial(
        {
            "learning_rate": draw.uniform(1e-4, 1e-1),
            "batch_size": draw.choice((32, 64, 128)),
            "dropout_rate": draw.random(),
            "hidden_units": (128, 64),
            "activation": "relu",
            "optimizer": "adam",
            "weight_decay": 0.0,
            "epochs": 1,
            "seed": number,
        },
        method="manual",
        validation_accuracy=draw.random(),
        validation_loss=draw.random(),
        seconds=draw.random(),
        epochs_trained=1.0,
        history=tuple((10_000.0 * n, draw.random()) for n in range(1, N_POINTS + 1)),
    )


def _step(record: SearchRecord) -> float:
    search = Search("random", ARTICLE_SPACE, lambda _: 0.5, record=record)
    search.step()
    return statistics.median(_seconds(search.step) for _ in range(STEPS))


def _answer(n_before: int) -> float:
    """Return what it takes to keep one more answer to an exercise."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, HPT_HOME=folder):
        entries = (Entry(f"quiz-{n % 60}", progress.WRONG, n).to_dict() for n in range(n_before))
        lines = "".join(f"{json.dumps(entry)}\n" for entry in entries)
        (Path(folder) / progress.FILE_NAME).write_text(lines, encoding="utf-8")
        progress.entries()  # the first look in a kernel reads all of it
        numbers = iter(range(STEPS))
        return statistics.median(
            _seconds(lambda: progress.remember("0-a", progress.WRONG, next(numbers)))
            for _ in range(STEPS)
        )


def _seconds(call: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the seconds of the processor, so that what else runs here does not count."""
    started = clock()
    call()
    return clock() - started
