"""The typical wrong answers of chapter 6, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_06
from hpt_widgets.studies.range_test import steepest_descent
from hpt_widgets.support.tensorflow_loader import load_tensorflow


def wrong(exercise: str, answer: Any) -> str:
    verdict = hpt.check(exercise, answer)
    assert verdict.state == "wrong"
    return verdict.message


# ---------------------------------------------------------------- 6-a


def by_log(rates: Any, losses: Any) -> Any:
    return rates[np.gradient(losses, np.log(rates)).argmin()]


@pytest.mark.parametrize(
    "answer",
    [
        by_log,
        lambda rates, losses: float(rates[1:][np.argmin(np.diff(losses))]),
        lambda rates, losses: math.sqrt(
            rates[np.diff(losses).argmin()] * rates[np.diff(losses).argmin() + 1]
        ),
        lambda rates, losses: rates[np.gradient(losses, np.log10(rates)).argmin()],
    ],
)
def test_slopes_may_be_taken_in_many_ways(answer: Any) -> None:
    assert hpt.check("6-a", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r, y: r[np.argmin(y)], "where the loss is lowest"),
        (lambda r, y: r[np.gradient(y, np.log(r)).argmax()], "rises fastest"),
        (lambda r, y: r[np.gradient(y, r).argmin()], "steepest over the rate itself"),
        (lambda r, y: np.gradient(y, np.log(r)).argmin(), "a place in the array"),
        (lambda r, y: 0.5, "Your function gives 0.5"),
        (lambda r, y: -1.0, "Your function gives -1"),
        (lambda r, y: [].append(r), "is the `return` missing?"),
        (0.001, "Expected a function"),
    ],
)
def test_wrong_readings(answer: Any, words: str) -> None:
    assert words in wrong("6-a", answer)


def test_the_lab_reads_it_so_too() -> None:
    for losses, middle in zip(chapter_06.LOSSES, (0.001, 0.0001, 0.01), strict=True):
        assert steepest_descent(chapter_06.RATES, losses) == pytest.approx(middle, rel=0.3)
        assert chapter_06.steepest(chapter_06.RATES, losses) == steepest_descent(
            chapter_06.RATES, losses
        )


# ---------------------------------------------------------------- 6-b


def scaled(rate: float, old: int, new: int, optimizer: str) -> float:
    return rate * (new / old) ** (0.5 if optimizer in ("adam", "rmsprop") else 1)


def test_right_scale() -> None:
    assert hpt.check("6-b", scaled)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r, o, n, w: r * n / o, "which is the linear rule"),
        (lambda r, o, n, w: r * math.sqrt(n / o), "the square-root rule of Adam"),
        (lambda r, o, n, w: r * o / n, "the wrong way round"),
        (lambda r, o, n, w: r, "the old rate"),
        (lambda r, o, n, w: r * n, "times the ratio of the batch sizes"),
        (
            lambda r, o, n, w: r * n / o if w == "sgd" else r * math.sqrt(n / o),
            "with or without momentum",
        ),
        (lambda r, o, n, w: r * n / o if w != "adam" else scaled(r, o, n, w), "RMSprop"),
    ],
)
def test_wrong_scales(answer: Any, words: str) -> None:
    assert words in wrong("6-b", answer)


# ---------------------------------------------------------------- 6-c


def early_stop(losses: Any, patience: int, *, start: int = 1, least: float = 0.0) -> Any:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (least and loss <= losses[best]):
            best = epoch
        elif epoch - best >= patience:
            return epoch + start, best + start
    return len(losses) - 1 + start, best + start


def at_first_rise(losses: Any, patience: int) -> Any:
    for epoch in range(1, len(losses)):
        if losses[epoch] >= losses[epoch - 1]:
            return epoch + 1, epoch
    return len(losses), len(losses)


def by_rises(losses: Any, patience: int) -> Any:
    rises, best = 0, 0
    for epoch in range(1, len(losses)):
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        best = epoch if losses[epoch] < losses[best] else best
        if rises == patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def test_right_stop_is_what_keras_does() -> None:
    """Keras's own callback, fed with the losses."""
    tf = load_tensorflow()
    for losses, patience in chapter_06.STOPPED:
        model = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
        model.stop_training = False
        callback = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience)
        callback.set_model(model)
        callback.on_train_begin()
        stopped = len(losses)
        for epoch, loss in enumerate(losses):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            if model.stop_training:
                stopped = epoch + 1
                break
        assert chapter_06.stopping(losses, patience) == (stopped, callback.best_epoch + 1)
    assert hpt.check("6-c", early_stop)
    assert hpt.check("6-c", lambda losses, patience: list(early_stop(losses, patience)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda losses, p: early_stop(losses, p)[::-1], "You swapped the two"),
        (lambda losses, p: early_stop(losses, p, start=0), "you count epochs from 0"),
        (
            lambda losses, p: (len(losses), int(np.argmin(losses)) + 1),
            "you looked at all losses",
        ),
        (at_first_rise, "a single rise is noise"),
        (by_rises, "each loss with the one before"),
        (lambda losses, p: early_stop(losses, p + 1), "one epoch off"),
        (lambda losses, p: early_stop(losses, p, least=1), "an equal loss is none"),
        (lambda losses, p: (1, 1), "expected (8, 5)"),
        (lambda losses, p: 5, "Expected two epochs"),
        (lambda losses, p: (5, "five"), "'five'"),
        (lambda losses, p: [].append(p), "is the `return` missing?"),
    ],
)
def test_wrong_stops(answer: Any, words: str) -> None:
    assert words in wrong("6-c", answer)


# ---------------------------------------------------------------- 6-d


@pytest.mark.parametrize(
    "answer",
    [
        lambda s, d: math.ceil(16 * (s / d) ** 2),
        lambda s, d: math.ceil(16 * s**2 / d**2),
        lambda s, d: int(np.ceil(16 * np.square(s / d))),
    ],
)
def test_right_number_of_seeds(answer: Any) -> None:
    assert hpt.check("6-d", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s, d: 16 * (s / d) ** 2, "no fraction of a seed"),
        (lambda s, d: int(16 * (s / d) ** 2), "Round up: 12"),
        (lambda s, d: math.ceil(16 * s / d), "the ratio is squared"),
        (lambda s, d: math.ceil(16 * (d / s) ** 2), "upside down"),
        (lambda s, d: 5, "rounded up"),
    ],
)
def test_wrong_numbers_of_seeds(answer: Any, words: str) -> None:
    assert words in wrong("6-d", answer)


def test_so_many_seeds_find_a_difference_four_times_out_of_five() -> None:
    """What the rule promises: a power of about 80 % at a level of 5 % (two-sided)."""
    from scipy.stats import ttest_ind

    random = np.random.default_rng(0)
    spread, difference = 0.5, 0.5
    first = random.normal(0.0, spread, (4000, 16))
    second = random.normal(difference, spread, (4000, 16))
    assert 0.74 < (ttest_ind(first, second, axis=1).pvalue < 0.05).mean() < 0.84
