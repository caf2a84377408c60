"""Whether tuning pays: the default against the winner of a search, on two data sets.

They are those that the notebook of the reader's own project offers. The winner is chosen by
validation data, and both are trained anew with seeds that had no part in the search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

import hpt_widgets as hpt
from benchmarks.rows import Row
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.search import Choice, LogUniform, SearchSpace, Uniform, run_search
from hpt_widgets.training.hyperparameters import Hyperparameters

TITLE = "Where tuning pays"
DEFAULT: Final = Hyperparameters(epochs=20)
TRIALS: Final = 30
SEEDS: Final = range(100, 110)
SPACE: Final = SearchSpace(
    (
        LogUniform("learning_rate", 1e-4, 1e-1),
        Choice("batch_size", (8, 16, 32, 64, 128)),
        Uniform("dropout_rate", 0.0, 0.6),
    )
)


def circles() -> Dataset:
    """Return points on two rings, one inside the other."""
    from sklearn.datasets import make_circles

    points, rings = make_circles(n_samples=1_000, noise=0.02, factor=0.9, random_state=0)
    return hpt.Dataset.from_arrays(points, rings, validation_share=0.25, test_share=0.25)


def cancer() -> Dataset:
    """Return the Wisconsin measurements of breast tissue: benign or malignant."""
    from sklearn.datasets import load_breast_cancer

    return hpt.Dataset.from_frame(load_breast_cancer(as_frame=True).frame, "target")


DATA: Final[dict[str, Callable[[], Dataset]]] = {"circles": circles, "cancer": cancer}


def measure() -> list[Row]:
    """Search on each data set, and train the default and the winner anew."""
    rows = []
    for name, make in DATA.items():
        data = make()
        best = run_search("random", SPACE, data, trials=TRIALS, hyperparameters=DEFAULT).best
        assert best is not None
        winner = Hyperparameters(**best.hyperparameters)
        results = {"default": _test(DEFAULT, data), "tuned": _test(winner, data)}
        how = f"{len(data.y_train):,} samples, {DEFAULT.epochs} epochs; {len(SEEDS)} seeds"
        for what, accuracies in results.items():
            note = how if what == "default" else f"{how}; {_setting(winner)}"
            error = accuracies.std(ddof=1) / np.sqrt(len(accuracies))
            rows.append(Row(f"{name}: {what}", float(accuracies.mean()), "%", f"test; {note}"))
            rows.append(
                Row(f"{name}: {what}, standard error", float(error), "points", "of the mean")
            )
        gain = results["tuned"].mean() - results["default"].mean()
        rows.append(Row(f"{name}: tuning brings", float(gain), "points"))
    return rows


def _test(hp: Hyperparameters, data: Dataset) -> NDArray[np.float64]:
    """Return the test accuracy in percent for each seed."""
    x, y = data.splits["test"]
    runs = (hpt.train(hp.replace(seed=seed), data) for seed in SEEDS)
    return np.array([100 * (run.predict_proba(x).argmax(axis=1) == y).mean() for run in runs])


def _setting(hp: Hyperparameters) -> str:
    values = hp.to_dict()
    shown = {name: values[name] for name in SPACE.names}
    return ", ".join(
        f"{n} {v:.3g}" if isinstance(v, float) else f"{n} {v}" for n, v in shown.items()
    )
