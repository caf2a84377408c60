"""Chapter 6: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

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


def by_spline(rates: Any, losses: Any) -> Any:
    spline = CubicSpline(np.log(rates), losses)
    points = np.linspace(np.log(rates[0]), np.log(rates[-1]), 2_000)
    return np.exp(points[spline(points, 1).argmin()])


@pytest.mark.parametrize(
    "answer",
    [
        by_log,
        lambda rates, losses: float(rates[1:][np.argmin(np.diff(losses))]),
        lambda rates, losses: math.sqrt(
            rates[np.diff(losses).argmin()] * rates[np.diff(losses).argmin() + 1]
        ),
        lambda rates, losses: rates[np.gradient(losses, np.log10(rates)).argmin()],
        lambda rates, losses: rates[
            max(range(len(losses) - 1), key=lambda k: losses[k] - losses[k + 1])
        ],
        by_spline,
    ],
)
def test_slopes_may_be_taken_in_many_ways(answer: Any) -> None:
    assert hpt.check("6-a", answer)


def half_way_down(rates: Any, losses: Any) -> Any:
    down = losses[: losses.argmin() + 1]
    return rates[np.abs(down - (losses[0] + losses.min()) / 2).argmin()]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r, y: r[np.argmin(y)], "where the loss is lowest"),
        (lambda r, y: r[np.gradient(y, np.log(r)).argmax()], "rises fastest"),
        (lambda r, y: by_log(r, np.log(y)), "where the logarithm of the loss falls fastest"),
        (lambda r, y: r[np.gradient(y, r).argmin()], "steepest over the rate itself"),
        (lambda r, y: np.gradient(y, np.log(r)).argmin(), "a place in the array"),
        (lambda r, y: r[np.argmin(y)] / 10, "a tenth of the rate with the lowest loss"),
        (lambda r, y: r[np.abs(np.gradient(y, np.log(r))).argmax()], "up or down"),
        (lambda r, y: np.log(by_log(r, y)), "the logarithm of the rate"),
        (lambda r, y: y[np.gradient(y, np.log(r)).argmin()], "the loss at the right place"),
        (lambda r, y: r[len(r) // 2], "this loss falls most steeply at"),
        (lambda r, y: r[np.argmax(y < 0.5 * y[0])], "this loss falls most steeply at"),
        (half_way_down, "this loss falls most steeply at 0.0001"),
        (lambda r, y: 0.001, "this loss falls most steeply at"),
        (lambda r, y: 0.5, "Your function gives 0.5"),
        (lambda r, y: -1.0, "Your function gives -1"),
        (lambda r, y: [].append(r), "is a `return` missing?"),
        (0.001, "Expected a function"),
    ],
)
def test_wrong_readings(answer: Any, words: str) -> None:
    assert words in wrong("6-a", answer)


def test_the_lab_reads_it_so_too() -> None:
    for rates, losses in chapter_06.STEEPEST.cases:
        assert chapter_06.steepest(rates, losses) == steepest_descent(rates, losses)
    for middle in (0.001, 0.0001, 0.01):
        assert chapter_06.steepest(*chapter_06.range_test(middle=middle)) == pytest.approx(
            middle, rel=0.3
        )


# ---------------------------------------------------------------- 6-b


def scaled(rate: float, old: int, new: int, optimizer: str) -> float:
    return rate * (new / old) ** (0.5 if optimizer in ("adam", "rmsprop") else 1)


def test_right_scale() -> None:
    tf = load_tensorflow()
    powers = {"sgd": 1, "momentum": 1, "adam": 0.5, "rmsprop": 0.5}

    def by_match(rate: Any, old: Any, new: Any, optimizer: Any) -> Any:
        match optimizer:
            case "sgd" | "momentum":
                return rate / old * new
            case _:
                return rate / math.sqrt(old) * math.sqrt(new)

    for answer in (
        scaled,
        by_match,
        lambda r, o, n, w: r * (n / o) ** powers[w],
        lambda r, o, n, w: np.float32(r * (n / o) ** powers[w]),
        lambda r, o, n, w: r * math.exp(powers[w] * math.log(n / o)),
        lambda r, o, n, w: r * tf.pow(n / o, powers[w]),
        lambda r, o, n, w: r * (n / o if w in {"momentum", "sgd"} else np.sqrt(n / o)),
    ):
        assert hpt.check("6-b", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r, o, n, w: r * n / o, "by the linear rule. Adam and RMSProp"),
        (lambda r, o, n, w: r * math.sqrt(n / o), "the square-root rule of Adam"),
        (lambda r, o, n, w: scaled(r, n, o, w), "the wrong way round"),
        (lambda r, o, n, w: r * o / n, "times the ratio of the batch sizes"),
        (lambda r, o, n, w: r * r * n / o / scaled(r, o, n, w) * (n / o) ** 0.5, "changed places"),
        (lambda r, o, n, w: round(scaled(r, o, n, w), 4), "right, but rounded"),
        (lambda r, o, n, w: 2 * scaled(r, o, n, w), "times the ratio of the batch sizes"),
        (lambda r, o, n, w: r + n / o, "times the ratio of the batch sizes"),
        (lambda r, o, n, w: scaled(r, o, n, "sgd") if n > o else r, "times the ratio"),
        (lambda r, o, n: r * n / o, "TypeError"),
        (lambda r, o, n, w: r, "the old rate"),
        (lambda r, o, n, w: r * n, "times the ratio of the batch sizes"),
        (
            lambda r, o, n, w: r * n / o if w == "sgd" else r * math.sqrt(n / o),
            "With momentum the rule is linear",
        ),
        (lambda r, o, n, w: r * n / o if w != "adam" else scaled(r, o, n, w), "RMSProp"),
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


def never_reset(losses: Any, patience: int) -> Any:
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            waited += 1
        if waited >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def test_keras_stops_there_too() -> None:
    """Keras's own callback, fed with the losses, is an independent reference."""
    tf = load_tensorflow()

    def by_keras(losses: Any, patience: int) -> Any:
        model = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
        model.stop_training = False
        callback = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience)
        callback.set_model(model)
        callback.on_train_begin()
        for epoch, loss in enumerate(losses):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            if model.stop_training:
                break
        return epoch + 1, callback.best_epoch + 1

    assert hpt.check("6-c", by_keras)


def wants_more(losses: Any, patience: int, least: float) -> Any:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] - least:
            best = epoch
        elif epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def test_right_stops() -> None:
    def by_counting(losses: Any, patience: int) -> Any:
        best, best_epoch, waited = float("inf"), 0, 0
        for epoch, loss in enumerate(losses, start=1):
            if loss < best:
                best, best_epoch, waited = loss, epoch, 0
            else:
                waited += 1
            if waited >= patience:
                break
        return epoch, best_epoch

    def by_slices(losses: Any, patience: int) -> Any:
        for n in range(1, len(losses) + 1):
            best = int(np.argmin(losses[:n]))
            if n - 1 - best >= patience:
                break
        return np.array([n, best + 1])

    for answer in (
        early_stop,
        by_counting,
        by_slices,
        lambda losses, patience: list(early_stop(losses, patience)),
        lambda losses, patience: tuple(map(np.int64, early_stop(losses, patience))),
        lambda losses, patience: tuple(map(float, early_stop(losses, patience))),
        lambda losses, patience: (epoch for epoch in early_stop(losses, patience)),
    ):
        assert hpt.check("6-c", answer)


def begins_at(lowest: float, losses: Any, patience: int) -> Any:
    """Take a number for the lowest loss before there is any."""
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(losses), best


def waits_from_the_first_on(
    losses: list[float], patience: int, lowest: float, best: int
) -> tuple[int, int]:
    waited = 0
    for epoch, loss in enumerate(losses, start=1):
        waited = 0 if loss < lowest else waited + 1
        if loss < lowest:
            lowest, best = loss, epoch
        if waited == patience:
            return epoch, best
    return len(losses), best


def none_at_the_end(losses: list[float], patience: int) -> tuple[int | None, int]:
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1]:
            best = epoch
        elif epoch - best >= patience:
            return epoch, best
    return None, best


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda losses, p: early_stop(losses, p)[::-1], "You swapped the two"),
        (lambda losses, p: early_stop(losses, p, start=0), "you count epochs from 0"),
        (
            lambda losses, p: (len(losses), int(np.argmin(losses)) + 1),
            "you looked at all losses",
        ),
        (at_first_rise, "it should be"),
        (lambda losses, p: early_stop(losses, 1), "A single rise is noise"),
        (never_reset, "begin again at 0 after each new lowest"),
        (by_rises, "each loss with the one before"),
        (lambda losses, p: early_stop(losses, p + 1), "stops one epoch late"),
        (lambda losses, p: early_stop(losses, max(p - 1, 1)), "stops one epoch early"),
        (lambda losses, p: early_stop(losses, p, least=1), "an equal loss for a new lowest"),
        (
            lambda losses, p: (early_stop(losses, p)[0], int(np.argmin(losses)) + 1),
            "looked for among all losses",
        ),
        (
            lambda losses, p: (early_stop(losses, p)[0], early_stop(losses, p)[1] - 1),
            "the second number is a place",
        ),
        (
            lambda losses, p: (early_stop(losses, p)[0], min(losses[: early_stop(losses, p)[0]])),
            "the second number is the lowest loss",
        ),
        (lambda losses, p: wants_more(losses, p, 0.005), "only a little lower"),
        (lambda losses, p: wants_more(losses, p, 1e-4), "only a little lower"),
        (lambda losses, p: wants_more(losses, p, 2e-5), "it should be"),
        (lambda losses, p: wants_more(losses, p, 1e-6), "only a little lower"),
        (lambda losses, p: (1, 1), "it should be"),
        (lambda losses, p: (min(p + 1, len(losses)), 1), "it should be"),
        (lambda losses, p: early_stop(losses, 2), "it should be"),
        (lambda losses, p: begins_at(1.0, losses, p), "([1809.0, 412.0, 2.3], 1)"),
        (lambda losses, p: begins_at(10.0, losses, p), "([1809.0, 412.0, 2.3], 1)"),
        (lambda losses, p: begins_at(100.0, losses, p), "([1809.0, 412.0, 2.3], 1)"),
        (lambda losses, p: waits_from_the_first_on(losses, p, 1.0, 0), "1.0 is no start for the"),
        (
            lambda losses, p: waits_from_the_first_on(losses, p, losses[0], 1),
            "the first epoch has the lowest loss so far",
        ),
        (none_at_the_end, "where it never stops, the first number is the last epoch"),
        (lambda losses, p: (early_stop(losses, p)[0], None), "you return (1, None); it should be"),
        (lambda losses, p: 5, "Expected two epochs"),
        (lambda losses, p: (5, "five"), "'five'"),
        (lambda losses, p: [].append(p), "is a `return` missing?"),
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
        lambda s, d: math.ceil((4 * s / d) ** 2),
        lambda s, d: -int(-16 * (s / d) ** 2 // 1),
        lambda s, d: math.ceil(Fraction(str(s)) ** 2 * 16 / Fraction(str(d)) ** 2),
        lambda s, d: next(n for n in range(1, 100_000) if n * d**2 >= 16 * s**2 - 1e-12),
    ],
)
def test_right_number_of_seeds(answer: Any) -> None:
    assert hpt.check("6-d", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s, d: 16 * (s / d) ** 2, "no fraction of a seed"),
        (lambda s, d: int(16 * (s / d) ** 2), "Round up: "),
        (lambda s, d: round(16 * (s / d) ** 2), "Round up: "),
        (lambda s, d: int(16 * (s / d) ** 2) + 1, "Round up instead of adding 1"),
        (lambda s, d: 16 * math.ceil((s / d) ** 2), "round up after multiplying"),
        (lambda s, d: math.ceil((16 * s / d) ** 2), "only the ratio is squared"),
        (lambda s, d: math.ceil(8 * (s / d) ** 2), "is 16, not 8"),
        (lambda s, d: math.ceil((s / d) ** 2), "is 16, not 1"),
        (lambda s, d: math.ceil(32 * (s / d) ** 2), "16 times the square"),
        (lambda s, d: math.ceil(16 * (s - d) ** 2), "16 times the square"),
        (lambda s, d: max(2, math.ceil(16 * (s / d) ** 2)), "16 times the square"),
        (lambda s, d: math.ceil(16 * s / d), "the ratio is squared"),
        (lambda s, d: 16 * s / d, "the ratio is squared"),
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
