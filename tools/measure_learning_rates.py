"""Measures accuracies over the learning rate: ``python -m tools.measure_learning_rates``.

What it finds is the hidden objective of chapter 3.4's lab, which asks for an accuracy thousands of
times and could not train each time.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

import hpt_widgets as hpt
from hpt_widgets.studies.sweep import Sweep, run_sweep

PROJECT: Final = Path(__file__).resolve().parent.parent
FILE: Final = PROJECT / "hpt_widgets" / "search" / "bayes" / "mnist_learning_rate.csv"
COLUMNS: Final = ("learning_rate", "seed", "validation_accuracy")
RATES: Final = tuple(float(f"{rate:.3g}") for rate in np.geomspace(1e-5, 1.0, 33))
SEEDS: Final = (0, 1, 2, 3, 4)
TRAINING_SIZE: Final = 5_000
# What a training that diverges counts as, like one that has learned nothing of ten classes.
GUESSING: Final = 0.1


def measured(
    rates: Iterable[float] = RATES, seeds: Iterable[int] = SEEDS, path: Path | None = None
) -> list[tuple[float, int, float]]:
    """Train once for each learning rate and seed; return both with the validation accuracy.

    All other hyperparameters are those of `hpt.Hyperparameters`: Adam, one epoch. What a record
    at `path` holds already is not trained again.
    """
    sweep = Sweep("learning_rate", tuple(rates), seeds=tuple(seeds), training_size=TRAINING_SIZE)
    record = hpt.SearchRecord("sweep", path=path)
    run_sweep(sweep, hpt.load_mnist(), record=record)
    rows = []
    for trial in record:
        settings, accuracy = trial.hyperparameters, trial.validation_accuracy
        score = accuracy if trial.usable and accuracy is not None else GUESSING
        rows.append((settings["learning_rate"], settings["seed"], round(score, 4)))
    return sorted(rows)


def main() -> int:
    """Measure all of it, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tools.measure_learning_rates")
    parser.add_argument("--record", type=Path, help="where to keep trials, to go on later")
    rows = measured(path=parser.parse_args().record)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
