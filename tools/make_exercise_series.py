"""Makes the numbers that exercises and quizzes show: ``python -m tools.make_exercise_series``.

Each series comes from a real run, a real search or a real walk, and has a name by which the
chapters' files ask for it. The settings behind the mysteries stand here and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

import hpt_widgets as hpt
from hpt_widgets.search import LogUniform, SearchSpace, Uniform, UniformInteger, run_search
from hpt_widgets.search.parzen import parzen_densities
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.studies.claims.catalog import load_claim
from hpt_widgets.studies.claims.kingma import best_rate
from hpt_widgets.studies.claims.yang import RATES as RATES_OF_WIDTHS
from hpt_widgets.studies.range_test import range_test
from hpt_widgets.studies.sweep import Sweep, run_sweep

PROJECT = Path(__file__).resolve().parent.parent
FILE = PROJECT / "hpt_widgets" / "exercises" / "chapters" / "series.json"
DIGITS: Final = 4

MYSTERY_RATE: Final = hpt.Hyperparameters(learning_rate=0.0003, epochs=5)
MYSTERY_OPTIMIZER: Final = hpt.Hyperparameters(optimizer="sgd", learning_rate=0.03, epochs=3)
MYSTERY_WALK: Final[dict[str, Any]] = {
    "optimizer": "momentum",
    "learning_rate": 0.004,
    "momentum": 0.8,
    "steps": 60,
}

BATCHES: Final = {"16": 16, "64": 64, "256": 256}
BATCH_RATES: Final = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128)
HILL_RATES: Final = (0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03)
GRID_RATES: Final = (0.0003, 0.001, 0.03)

Series = dict[str, Any]


def curve(x: ArrayLike, y: ArrayLike) -> list[list[float]]:
    """Return a curve with its numbers rounded, those that are not finite left out."""
    both = np.array([np.asarray(x, float), np.asarray(y, float)])
    kept = np.isfinite(both).all(axis=0)
    return [[_rounded(value) for value in values[kept]] for values in both]


def _rounded(value: float) -> float:
    number = float(f"{value:.{DIGITS}g}") if abs(value) < 10**DIGITS else float(round(value))
    return int(number) if number.is_integer() else number


def accuracy_curve(run: hpt.Run) -> list[list[float]]:
    """Return a run's validation accuracy over the samples."""
    return curve(run.history["samples"], run.history["validation_accuracy"])


def reading_of_rates() -> Series:
    """Return four learning rates on all digits: 0-d, and the quiz of chapter 2."""
    data = hpt.load_mnist()
    series: Series = {}
    for name, rate in {"A": 0.01, "B": 0.0001, "C": 0.1, "D": 0.001}.items():
        run = hpt.train(hpt.Hyperparameters(learning_rate=rate), data)
        series[f"0-d {name}"] = curve(run.history["samples"], run.history["training_loss"])
    return series


def learning_curves() -> Series:
    """Train and measure what overfits: quizzes of chapters 0, 1 and 5."""
    data = hpt.load_mnist()
    few = hpt.train(hpt.Hyperparameters(dropout_rate=0, epochs=30), data.take(1_000, seed=0))
    long = hpt.train(
        hpt.Hyperparameters(dropout_rate=0, epochs=12, seed=3), data.take(20_000, seed=0)
    )
    series: Series = {}
    for name, run in (("quiz-1", few), ("quiz-5", long)):
        ends = run.history.dropna()
        ends = ends[np.isclose(ends["epoch"], ends["epoch"].round())]
        series[f"{name} training"] = curve(ends["epoch"], ends["training_loss"])
        series[f"{name} validation"] = curve(ends["epoch"], ends["validation_loss"])
    return series


def mysteries() -> Series:
    """Return the runs behind 1-e and 2-e."""
    data = hpt.load_mnist()
    rate = hpt.train(MYSTERY_RATE, data.take(2_000, seed=0))
    optimizer = hpt.train(MYSTERY_OPTIMIZER, data.take(5_000, seed=0))
    return {"1-e mystery": accuracy_curve(rate), "2-e mystery": accuracy_curve(optimizer)}


def walks() -> Series:
    """Return the walk behind 4.1-d, and the quiz of chapter 4.1."""
    walk = hpt.descend("quadratic_bowl", **MYSTERY_WALK)
    steps = range(len(walk.points))
    series = {f"4.1-d {name}": curve(steps, walk.points[:, i]) for i, name in enumerate("xy")}
    for name, learning_rate in {"A": 0.1, "B": 1.05, "C": 0.99}.items():
        path = hpt.descend("parabola", start=2.0, learning_rate=learning_rate, steps=20)
        series[f"quiz-4.1 {name}"] = curve(range(21), path.losses)
    return series


def signals() -> Series:
    """Return the quiz of chapter 4.2: a signal on its way back through twenty layers."""
    kinds: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], float]] = {
        "A": (lambda z: np.maximum(z, 0), lambda h: 1.0 * (h > 0), math.sqrt(2)),
        "B": (lambda z: 1 / (1 + np.exp(-z)), lambda h: h * (1 - h), 1.0),
        "C": (np.tanh, lambda h: 1 - h**2, 1.0),
    }
    return {f"quiz-4.2 {name}": curve(range(1, 21), _back(*kind)) for name, kind in kinds.items()}


def _back(
    activation: Any, slope: Any, gain: float, layers: int = 20, units: int = 100
) -> list[float]:
    rng = np.random.default_rng(0)
    values, steps = rng.standard_normal(units), []
    for _ in range(layers):
        weights = rng.standard_normal((units, units)) * gain / np.sqrt(units)
        values = activation(values @ weights)
        steps.append((weights, slope(values)))
    signal, sizes = np.ones(units), []
    for weights, slopes in reversed(steps):
        signal = (signal * slopes) @ weights.T
        sizes.append(float(np.sqrt((signal**2).mean())))
    return sizes


def searches() -> Series:
    """Return the draws of 3.3-e, the three searches of 3.4-f, and the quizzes of 3.1 to 3.4."""
    small = hpt.load_mnist().take(2_000, seed=0)
    space = SearchSpace(
        (
            LogUniform("learning_rate", 0.001, 0.1, grid=(0.001, 0.01, 0.1)),
            UniformInteger("batch_size", 32, 128, grid=(32, 64, 128)),
            Uniform("dropout_rate", 0.2, 0.8, grid=(0.2, 0.5, 0.8)),
        )
    )
    linear = SearchSpace((Uniform("learning_rate", 0.001, 0.1), *space.dimensions[1:]))
    tpe = run_search("tpe", space, small, trials=40, n_startup_jobs=12)
    drawn: dict[str, Iterable[Any]] = {
        "A": run_search("random", linear, lambda _: 0.5, trials=27),
        "B": run_search("grid", space, lambda _: 0.5, trials=27),
        "C": list(tpe)[13:],
        "D": run_search("random", space, lambda _: 0.5, trials=27),
    }
    series: Series = {}
    for name, trials in drawn.items():
        settings = [trial.hyperparameters for trial in trials]
        series[f"3.3-e {name}"] = curve(
            [s["learning_rate"] for s in settings], [s["dropout_rate"] for s in settings]
        )
    random = run_search("random", space, small, trials=40)
    other = run_search("random", space, small, trials=40, seed=1)
    for name, record in {"A": random, "B": tpe, "C": other}.items():
        scores = [trial.validation_accuracy or math.nan for trial in record]
        series[f"3.4-f {name}"] = curve(range(1, 41), scores)
    return series | _densities(tpe, space)


def _densities(record: SearchRecord, space: SearchSpace) -> Series:
    found = parzen_densities(space, record.trials)["learning_rate"]
    return {
        f"quiz-3.4 {name}": curve(found.values, values)
        for name, values in (("good", found.good), ("rest", found.rest))
    }


def rates_and_batches() -> Series:
    """Return means of sweeps: the quizzes of 3.1 and 3.2, and 6-e."""
    data = hpt.load_mnist()
    momentum = hpt.Hyperparameters(optimizer="momentum", dropout_rate=0, epochs=2)
    sweep = Sweep(
        "learning_rate",
        BATCH_RATES,
        "batch_size",
        tuple(BATCHES.values()),
        seeds=(0, 1, 2),
        training_size=4_000,
        hyperparameters=momentum,
    )
    record = run_sweep(sweep, data)
    series = {f"6-e {name}": _means(record, batch_size=size) for name, size in BATCHES.items()}
    hill = Sweep("learning_rate", HILL_RATES, seeds=(0, 1, 2), training_size=4_000)
    rates, means = _means(run_sweep(hill, data))
    grid = [(rate, mean) for rate, mean in zip(rates, means, strict=True) if rate in GRID_RATES]
    return series | {"quiz-3 hill": [rates, means], "quiz-3 grid": curve(*zip(*grid, strict=True))}


def _means(record: SearchRecord, **settings: object) -> list[list[float]]:
    """Return the mean accuracy for each learning rate; a diverged run counts as guessing."""
    scores: dict[float, list[float]] = {}
    for trial in record:
        values = trial.hyperparameters
        if all(values[name] == value for name, value in settings.items()):
            accuracy = trial.validation_accuracy if trial.usable else 0.1
            scores.setdefault(values["learning_rate"], []).append(accuracy or 0.1)
    rates = sorted(scores)
    return curve(rates, [np.mean(scores[rate]) for rate in rates])


def range_tests() -> Series:
    """Return the smoothed losses of a range test: the quiz of chapter 6."""
    test = range_test(hpt.Hyperparameters(optimizer="momentum"), hpt.load_mnist())
    every = slice(None, None, 3)
    return {"quiz-6 loss": curve(test.learning_rates[every], test.smoothed[every])}


def confusion() -> Series:
    """Return the matrix of 5-f: a network that has seen few digits."""
    data = hpt.load_mnist()
    run = hpt.train(hpt.Hyperparameters(epochs=2), data.take(1_500, seed=0))
    read = run.predict_proba(data.x_validation).argmax(axis=1)
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (data.y_validation, read), 1)
    return {"5-f matrix": counts.tolist()}


def first_accuracies() -> Series:
    """Return the quiz of chapter 0: a training with the usual rate, and with a hopeless one."""
    data = hpt.load_mnist().take(5_000, seed=0)
    return {
        f"quiz-0 {name}": accuracy_curve(
            hpt.train(hpt.Hyperparameters(learning_rate=rate, epochs=2), data)
        )
        for name, rate in {"A": 0.001, "B": 0.3}.items()
    }


def best_of_draws() -> Series:
    """Return the quiz of 3.3: the best score of n draws, as shown and with fresh seeds.

    In each search every draw is trained with a seed of its own; the winner's fresh seeds are all
    the others. With a single draw nothing is chosen, and the two are equal but for chance.
    """
    small = hpt.load_mnist().take(2_000, seed=0)
    drawn = run_search("random", hpt.SearchSpace.article(), lambda _: 0.5, trials=60)
    settings = [hpt.Hyperparameters(**trial.hyperparameters) for trial in drawn]
    # A row for each seed, a column for each setting.
    scores = np.array([[_score(hp.replace(seed=s), small) for hp in settings] for s in range(12)])
    rng, sizes = np.random.default_rng(0), (1, 2, 3, 5, 8, 12, 20, 30, 45, 60)
    means = np.array([_best_of(n, scores, rng) for n in sizes])
    return {
        f"quiz-3.3 {name}": curve(sizes, means[:, i]) for i, name in enumerate(("shown", "fresh"))
    }


def _best_of(n: int, scores: NDArray[np.float64], rng: np.random.Generator) -> list[float]:
    """Return what searches of n draws show, and what their winners reach, on average."""
    n_seeds, n_settings = scores.shape
    results = []
    for _ in range(20_000):
        draws, seeds = rng.choice(n_settings, n, replace=False), rng.integers(n_seeds, size=n)
        shown = scores[seeds, draws]
        winner = shown.argmax()
        others = np.delete(scores[:, draws[winner]], seeds[winner])
        results.append((shown[winner], others.mean()))
    return [float(mean) for mean in np.mean(results, axis=0)]


def _score(hp: hpt.Hyperparameters, data: hpt.Dataset) -> float:
    return float(hpt.train(hp, data).validation_accuracy or 0.1)


def claims() -> Series:
    """Return the quizzes of chapter 7, from the stored trainings behind its claims."""
    draws = load_claim("sixty-draws").table()
    series: Series = {"quiz-7.1 gap": curve(draws.index, draws.iloc[:, 2])}
    batches = load_claim("goyal-2017").table()
    for place, name in enumerate(("fixed", "scaled")):
        series[f"quiz-7.2 {name}"] = curve(batches.index, batches.iloc[:, place])
    losses = load_claim("kingma-2015").evidence()
    for name in ("adam", "nesterov", "rmsprop"):
        found = losses[name]
        best = found[best_rate(found, range(found.shape[1]))].mean(axis=0)
        series[f"quiz-7.3 {name}"] = curve(range(1, len(best) + 1), best)
    for name, found in load_claim("yang-2022").evidence().items():
        widest = curve(RATES_OF_WIDTHS, found[-1].mean(axis=-1).round(3))
        # The standard network only guesses at the last rate: it would squash the rest.
        series[f"quiz-7.4 {name}"] = [
            values[:8] if name == "standard" else values for values in widest
        ]
    return series


PARTS: Final[dict[str, Callable[[], Series]]] = {
    "0-d": reading_of_rates,
    "learning curves": learning_curves,
    "mysteries": mysteries,
    "walks": walks,
    "signals": signals,
    "searches": searches,
    "sweeps": rates_and_batches,
    "range tests": range_tests,
    "confusion": confusion,
    "quiz-0": first_accuracies,
    "quiz-3.3": best_of_draws,
    "claims": claims,
}


def main() -> int:
    """Make all parts, or those that are named, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_exercise_series")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    series: Series = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    for part in parser.parse_args().parts or PARTS:
        series |= PARTS[part]()
        print(part)
    lines = [f" {json.dumps(name)}: {json.dumps(series[name])}" for name in sorted(series)]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
