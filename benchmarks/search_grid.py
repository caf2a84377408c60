"""How long the article's grid search takes, and whether memory stays flat.

``python -m benchmarks.search_grid --samples 2000`` does the same with few digits, to see
that it runs. Each part has a process of its own, so that none profits from what another
one left warm, and Keras keeps its own settings.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import joblib
import numpy as np
import psutil
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, ParameterGrid

import hpt_widgets as hpt
from benchmarks.own_process import call
from benchmarks.rows import Row, table
from hpt_widgets.search.space import ARTICLE_SPACE

TITLE = "The grid search"
N_FOLDS = 5
N_MEMORY_FITS = 500
N_MEMORY_SAMPLES = 2_000
WARM_UP_FITS = 50
MEGABYTE = 1e6

# One combination for each batch size, which is what decides how long a fit takes.
PART_OF_GRID: dict[str, list[Any]] = {
    "learning_rate": [0.01],
    "batch_size": [32, 64, 128],
    "dropout_rate": [0.5],
}


class KerasFitClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The usual way: Keras's own ``fit`` in the smallest wrapper that scikit-learn accepts."""

    def __init__(
        self, learning_rate: float = 1e-3, batch_size: int = 32, dropout_rate: float = 0.2
    ) -> None:
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.dropout_rate = dropout_rate

    def fit(self, x: Any, y: Any) -> KerasFitClassifier:
        """Build, compile and fit."""
        import tensorflow as tf

        layers = tf.keras.layers
        self.classes_ = np.unique(y)
        self.model_ = tf.keras.Sequential(
            [
                tf.keras.Input(x.shape[1:]),
                layers.Flatten(),
                layers.Dense(128, "relu"),
                layers.Dropout(self.dropout_rate),
                layers.Dense(64, "relu"),
                layers.Dropout(self.dropout_rate),
                layers.Dense(len(self.classes_), "softmax"),
            ]
        )
        self.model_.compile(
            tf.keras.optimizers.Adam(self.learning_rate), "sparse_categorical_crossentropy"
        )
        self.model_.fit(x, y, batch_size=self.batch_size, epochs=1, verbose=0)
        return self

    def predict(self, x: Any) -> Any:
        """Return the most probable digits."""
        return self.classes_[self.model_.predict(x, verbose=0).argmax(axis=1)]


def whole_grid(n_samples: int | None) -> dict[str, float]:
    """Time all 27 combinations with five folds each, on two threads."""
    seconds, best = _timed_search(
        hpt.KerasMLPClassifier(), ARTICLE_SPACE.grid(), n_samples, n_jobs=2
    )
    return {"seconds": seconds, "fits": _n_fits(ARTICLE_SPACE.grid()), "best": best}


def part_of_grid(n_samples: int | None) -> dict[str, float]:
    """Time three of the combinations, on one thread and on two."""
    return _part(hpt.KerasMLPClassifier(), n_samples)


def part_with_keras_fit(n_samples: int | None) -> dict[str, float]:
    """Time the same three combinations with Keras's own ``fit``."""
    return _part(KerasFitClassifier(), n_samples)


def memory(n_samples: int | None) -> dict[str, float]:
    """Measure how the process grows over 500 fits with changing hyperparameters."""
    del n_samples
    x, y = _digits(N_MEMORY_SAMPLES)
    process = psutil.Process()
    combinations = list(ParameterGrid(ARTICLE_SPACE.grid()))
    before = 0
    for number in range(N_MEMORY_FITS):
        if number == WARM_UP_FITS:
            before = process.memory_info().rss
        hpt.KerasMLPClassifier(**combinations[number % len(combinations)], seed=number).fit(x, y)
    after = process.memory_info().rss
    return {"before": before / MEGABYTE, "after": after / MEGABYTE}


def measure(n_samples: int | None = None) -> list[Row]:
    """Time the grid, a part of it in both ways, and watch the memory.

    Parameters
    ----------
    n_samples : int, optional
        Train on fewer than all 60,000 digits.
    """
    grid, ours, keras, grown = (
        call("benchmarks.search_grid", part, n_samples=n_samples)
        for part in ("whole_grid", "part_of_grid", "part_with_keras_fit", "memory")
    )
    fits = ours["fits"]
    a_fit = grid["seconds"] / grid["fits"]
    digits = f"{n_samples or 60_000:,} digits"
    note = f"{fits} fits: learning rate 0.01, dropout 0.5, batches of 32, 64 and 128; {digits}"
    against = f"against {a_fit:.3g} s a fit of the whole grid; of Keras's a part was measured"
    return [
        Row("the article's grid, two threads", grid["seconds"], "s",
            f"{grid['fits']} fits of one epoch, {N_FOLDS} folds, {digits}; "
            f"best mean accuracy {grid['best']:.4f}; moonshot 45", "≤ 60"),
        Row("the same, a fit", a_fit, "s", "two at a time"),
        Row("part of the grid, one thread, a fit", ours["one_thread"] / fits, "s", note),
        Row("part of the grid, two threads, a fit", ours["two_threads"] / fits, "s", note),
        Row("speed-up by the second thread",
            ours["one_thread"] / ours["two_threads"], "times", note),
        Row("that part with Keras fit, a fit", keras["one_thread"] / fits, "s",
            f"{note}; GridSearchCV as the article calls it, Keras's own threads on both cores"),
        Row("that part with Keras fit, two threads, a fit",
            keras["two_threads"] / fits, "s", note),
        Row("Keras fit, called as in the article", keras["one_thread"] / fits / a_fit,
            "times ours", against, "≥ 8"),
        Row("Keras fit, two threads", keras["two_threads"] / fits / a_fit, "times ours", against),
        Row("memory after the fits", grown["after"], "MB",
            f"{N_MEMORY_FITS} fits of {N_MEMORY_SAMPLES:,} digits"),
        Row("grown since the first fits", grown["after"] - grown["before"], "MB",
            f"since fit {WARM_UP_FITS}"),
    ]  # fmt: skip


def _digits(n_samples: int | None) -> tuple[Any, Any]:
    """Return the 60,000 digits of the training file, or the first of them."""
    data = hpt.load_mnist()
    x = np.concatenate([data.x_train, data.x_validation])
    y = np.concatenate([data.y_train, data.y_validation])
    return x[:n_samples], y[:n_samples]


def _n_fits(grid: dict[str, list[Any]]) -> int:
    return len(ParameterGrid(grid)) * N_FOLDS


def _timed_search(
    estimator: Any, grid: dict[str, list[Any]], n_samples: int | None, n_jobs: int
) -> tuple[float, float]:
    """Return the seconds of a grid search and its best mean accuracy."""
    x, y = _digits(n_samples)
    search = GridSearchCV(estimator, grid, cv=N_FOLDS, n_jobs=n_jobs, refit=False)
    _import_tensorflow_as(estimator)
    started = time.perf_counter()
    with joblib.parallel_config(backend="threading"):
        search.fit(x, y)
    seconds = time.perf_counter() - started
    return seconds, float(search.cv_results_["mean_test_score"].max())


def _import_tensorflow_as(estimator: Any) -> None:
    """Import TensorFlow before the clock starts: by our loader, or as any program does."""
    if isinstance(estimator, hpt.KerasMLPClassifier):
        from hpt_widgets.support.tensorflow_loader import load_tensorflow

        load_tensorflow()
    else:
        import tensorflow as tf

        tf.zeros(())


def _part(estimator: Any, n_samples: int | None) -> dict[str, float]:
    one, _ = _timed_search(estimator, PART_OF_GRID, n_samples, n_jobs=1)
    two, _ = _timed_search(estimator, PART_OF_GRID, n_samples, n_jobs=2)
    return {"one_thread": one, "two_threads": two, "fits": _n_fits(PART_OF_GRID)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, help="use this many digits instead of all")
    print(table(measure(parser.parse_args().samples)))


if __name__ == "__main__":
    main()
