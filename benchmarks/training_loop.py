"""The training loop against Keras ``fit`` of the same model, and against plain NumPy."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from typing import Any

import numpy as np

import hpt_widgets as hpt
from benchmarks.own_process import call
from benchmarks.rows import Row

TITLE = "The training loop"
EPOCHS = 4
FIRST_LOSSES = 10
BATCH_SIZES = (32, 128)


def measure() -> list[Row]:
    """Time an epoch of MNIST's 50,000 in each way, each way in a process of its own."""
    rows: list[Row] = []
    how = f"median of epochs 2 to {EPOCHS}"
    for batch_size in BATCH_SIZES:
        for validate in (False, True):
            case = {"batch_size": batch_size, "validate": validate}
            loop = call(__name__, "time_loop", **case)
            fit = call(__name__, "time_fit", steps_per_execution=1, **case)
            fast_fit = call(__name__, "time_fit", steps_per_execution=50, **case)
            named = f"batch {batch_size}, {'with' if validate else 'no'} validation"
            often = "; the loop validates 5 times an epoch, fit once" if validate else ""
            target = "≥ 4" if batch_size == 32 and not validate else ""
            rows += [
                Row(f"{named}: the loop", loop["epoch"], "s", how),
                Row(f"{named}: fit", fit["epoch"], "s", how),
                Row(f"{named}: fit, steps_per_execution=50", fast_fit["epoch"], "s", how),
                Row(f"{named}: times as fast as fit", fit["epoch"] / loop["epoch"], "times",
                    f"moonshot 5{often}" if target else often.lstrip("; "), target),
            ]  # fmt: skip
            if not validate:
                rows += [
                    Row(f"{named}: NumPy, SGD, no dropout (the floor)",
                        call(__name__, "time_numpy", batch_size=batch_size)["epoch"], "s", how),
                    Row(f"{named}: the loop, first loss", 1000 * loop["first_loss"], "ms",
                        f"new session to first report, traced before; median of {FIRST_LOSSES}"),
                    Row(f"{named}: fit, first loss", 1000 * fit["first_loss"], "ms",
                        "build, compile, fit to the end of its first batch; median of 3"),
                ]  # fmt: skip
    return rows


def time_loop(batch_size: int, validate: bool) -> dict[str, float]:
    """Time our loop's epochs, and how soon a new session reports a loss."""
    trainer = hpt.Trainer(_digits(validate))
    hp = hpt.Hyperparameters(batch_size=batch_size, epochs=EPOCHS)
    epoch = len(trainer.data.y_train)
    ends = [
        time.perf_counter() for progress in trainer.steps(hp) if progress.samples_seen % epoch == 0
    ]
    first = []
    for _ in range(FIRST_LOSSES):
        started = time.perf_counter()
        session = trainer.session(hp)
        session.advance()
        first.append(time.perf_counter() - started)
        session.suspend()
    return {"epoch": _typical(ends), "first_loss": statistics.median(first)}


def time_fit(batch_size: int, validate: bool, steps_per_execution: int) -> dict[str, float]:
    """Time Keras's epochs with its default settings, and how soon it has a loss."""
    import tensorflow as tf

    tf.zeros(())  # from here on our own thread settings can't be applied
    data = _digits(validate)
    hp = hpt.Hyperparameters(batch_size=batch_size)
    flat = {name: split.x.reshape(len(split.x), -1) for name, split in data.splits.items()}
    held_out = (flat["validation"], data.y_validation) if validate else None

    def compiled() -> Any:
        model = hpt.build_model(hp)
        model.compile(
            optimizer=tf.keras.optimizers.Adam(hp.learning_rate),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"] if validate else None,
            steps_per_execution=steps_per_execution,
        )
        return model

    def fit(model: Any, n_samples: int, epochs: int, **hooks: Any) -> None:
        model.fit(
            flat["train"][:n_samples],
            data.y_train[:n_samples],
            batch_size=batch_size,
            epochs=epochs,
            validation_data=held_out,
            verbose=0,
            callbacks=[tf.keras.callbacks.LambdaCallback(**hooks)],
        )

    # A hook for every batch would slow Keras down, so these two are measured apart.
    ends: list[float] = []
    fit(
        compiled(),
        len(data.y_train),
        EPOCHS,
        on_epoch_end=lambda *_: ends.append(time.perf_counter()),
    )
    first = []
    for _ in range(3):
        moments: list[float] = []
        started = time.perf_counter()
        fit(
            compiled(),
            50 * batch_size,
            1,
            on_train_batch_end=lambda *_, seen=moments, **__: seen.append(time.perf_counter()),
        )
        first.append(moments[0] - started)
    from hpt_widgets.support.tensorflow_loader import threads_are_limited

    if threads_are_limited():
        raise RuntimeError("Keras did not keep its own thread settings")
    return {"epoch": _typical(ends), "first_loss": statistics.median(first)}


def time_numpy(batch_size: int) -> dict[str, float]:
    """Time the same network written by hand, with the plainest optimiser and no dropout."""
    data = _digits(validate=False)
    x, y = data.x_train.reshape(len(data.x_train), -1), data.y_train
    sizes = (784, 128, 64, 10)
    random = np.random.default_rng(0)
    weights = [
        random.normal(0, (2 / n) ** 0.5, (n, m)).astype(np.float32) for n, m in pairwise(sizes)
    ]
    biases = [np.zeros(n, np.float32) for n in sizes[1:]]
    moments = []
    for _ in range(EPOCHS):
        order = random.permutation(len(x))
        for start in range(0, len(x), batch_size):
            chosen = order[start : start + batch_size]
            _sgd_step(x[chosen], y[chosen], weights, biases, np.float32(0.1))
        moments.append(time.perf_counter())
    return {"epoch": _typical(moments)}


def _sgd_step(x: Any, y: Any, weights: list[Any], biases: list[Any], rate: Any) -> None:
    activities = [x]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        activities.append(np.maximum(activities[-1] @ weight + bias, 0))
    logits = activities[-1] @ weights[-1] + biases[-1]
    delta = np.exp(logits - logits.max(axis=1, keepdims=True))
    delta /= delta.sum(axis=1, keepdims=True)
    delta[np.arange(len(y)), y] -= 1
    delta /= len(y)
    for layer in reversed(range(len(weights))):
        before = delta @ weights[layer].T * (activities[layer] > 0) if layer else None
        weights[layer] -= rate * (activities[layer].T @ delta)
        biases[layer] -= rate * delta.sum(axis=0)
        delta = before


def _digits(validate: bool) -> Any:
    data = hpt.load_mnist()
    if validate:
        return data
    return hpt.Dataset({"train": data.splits["train"]}, n_classes=data.n_classes)


def _typical(moments: list[float]) -> float:
    """Return the median time of the epochs but the first; the moments are their ends."""
    return statistics.median(np.diff(moments).tolist())
