"""The typical wrong answers of chapter 5, each with its own explanation."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
from scipy.stats import binomtest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_05
from hpt_widgets.training.network import count_parameters

# ---------------------------------------------------------------- 5-a


def made(*dense: tuple[int, str | None], shape: Any = (28, 28), flatten: bool = True) -> Any:
    """Return a Keras model of dense layers (units, activation)."""
    import tensorflow as tf

    layers = [] if shape is None else [tf.keras.Input(shape)]
    layers += [tf.keras.layers.Flatten()] if flatten else []
    layers += [tf.keras.layers.Dense(units, activation=name) for units, name in dense]
    return tf.keras.Sequential(layers)


WIDE = ((256, "relu"), (128, "relu"), (10, "softmax"))


def test_right_models() -> None:
    assert hpt.check("5-a", made(*WIDE))
    assert hpt.check("5-a", made(*WIDE, shape=(784,), flatten=False))
    assert hpt.check("5-a", hpt.build_model(hpt.Hyperparameters(hidden_units=(256, 128))))
    # The praise says how many parameters there are.
    assert made(*WIDE).count_params() == 235_146


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: made(*WIDE, shape=None), "Begin the list with"),
        (lambda: made(*WIDE, shape=(32, 32)), "The input has 1024 values"),
        (lambda: made(*WIDE, flatten=False), "every row of the picture"),
        (lambda: made(*WIDE[:2]), "The output has 128 values"),
        (lambda: made((256, "relu"), (10, "softmax")), "have these units: 256. Wanted"),
        (lambda: made(WIDE[1], WIDE[0], WIDE[2]), "wrong order: 128, 256"),
        (lambda: made((256, None), *WIDE[1:]), "no activation"),
        (lambda: made((256, "tanh"), *WIDE[1:]), "tanh, relu; wanted is relu"),
        (lambda: made(*WIDE[:2], (10, None)), "the activation linear"),
        (lambda: made(*WIDE[:2], (10, "sigmoid")), "the activation sigmoid"),
        (lambda: 235_146, "Expected a Keras model"),
        (lambda: [256, 128], "Expected a Keras model"),
    ],
)
def test_wrong_models(model: Callable[[], Any], words: str) -> None:
    verdict = hpt.check("5-a", model())
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 5-b


def sizes(hidden: tuple[int, ...]) -> tuple[int, ...]:
    return (784, *hidden, 10)


def layers(hidden: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip(sizes(hidden), sizes(hidden)[1:], strict=False))


def test_keras_counts_the_same() -> None:
    for hidden in ((256, 128), (16,)):
        expected = hpt.build_model(hpt.Hyperparameters(hidden_units=hidden)).count_params()
        assert chapter_05._n_parameters(hidden) == expected
    assert hpt.check("5-b", lambda hidden: count_parameters(sizes(hidden)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda hidden: sum(m * n for m, n in layers(hidden)), "the weights alone"),
        (lambda hidden: 784 + sum(m * n + n for m, n in layers(hidden)), "784 too many"),
        (lambda hidden: sum(m * n + n for m, n in layers(hidden)[:-1]), "output layer is missing"),
        (lambda hidden: sum(sizes(hidden)[1:]), "number of units"),
        (
            lambda hidden: 784 * hidden[0] + hidden[0] * hidden[1] + hidden[1] * 10 + sum(hidden),
            "Go from layer to layer",
        ),
        (lambda hidden: 109_386, "For (256, 128) you get 109386"),
        (
            lambda hidden: sum(m * n + n for m, n in layers(hidden)) if hidden else 0,
            "Without a hidden layer",
        ),
        (109_386, "Expected a function"),
    ],
)
def test_wrong_counts(answer: Any, words: str) -> None:
    verdict = hpt.check("5-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 5-c


def best(split: str, measure: Callable[[list[float]], float]) -> Callable[[Any], str]:
    return lambda results: max(results, key=lambda name: measure(results[name][split]))


def test_the_mean_of_the_validation_chooses() -> None:
    assert hpt.check("5-c", best("validation", statistics.mean))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (best("test", statistics.mean), "the best on the test set"),
        (best("test", max), "the best on the test set"),
        (best("validation", max), "the best single run"),
        (best("validation", min), "whose worst run is the best"),
        (best("validation", sum), "the largest sum"),
        (best("validation", lambda values: values[0]), "the best single run"),
        (lambda results: next(iter(sorted(results, reverse=True))), "You took tpe"),
        (lambda results: max(max(r["validation"]) for r in results.values()), "Return the name"),
        (lambda results: results, "Return the name of one candidate (grid, random, tpe)"),
        ("grid", "Expected a function"),
    ],
)
def test_wrong_choices(answer: Any, words: str) -> None:
    verdict = hpt.check("5-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_choice_that_spoils_its_argument_changes_nothing() -> None:
    def greedy(results: Any) -> str:
        name = best("validation", statistics.mean)(results)
        results.clear()
        return name

    assert hpt.check("5-c", greedy)
    assert hpt.check("5-c", greedy)


# ---------------------------------------------------------------- 5-d


def scipy_interval(n_right: int, n: int, **options: Any) -> Any:
    method = options.pop("method", "wilson")
    return binomtest(n_right, n).proportion_ci(method=method, **options)


def ends(n_right: int, n: int, **options: Any) -> tuple[float, float]:
    found = scipy_interval(n_right, n, **options)
    return found.low, found.high


def rough(n_right: int, n: int) -> tuple[float, float]:
    share = n_right / n
    half = 1.96 * (share * (1 - share) / n) ** 0.5
    return share - half, share + half


def test_right_intervals() -> None:
    assert hpt.check("5-d", scipy_interval)
    assert hpt.check("5-d", lambda n_right, n: list(ends(n_right, n)))
    low, high = ends(9_780, 10_000)
    # The numbers of the praise.
    assert (round(100 * low, 1), round(100 * high, 1)) == (97.5, 98.1)
    assert round(100 * ends(50, 50)[0], 1) == 92.9


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (rough, "the normal interval"),
        (lambda n_right, n: ends(n_right, n, method="exact"), "Clopper–Pearson"),
        (lambda n_right, n: ends(n_right, n)[::-1], "wrong order"),
        (lambda n_right, n: [100 * end for end in ends(n_right, n)], "You give percent"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.6827), "one standard error"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.9), "90 % interval"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.99), "Let SciPy compute it"),
        (lambda n_right, n: n_right / n, "shape"),
        ((0.975, 0.981), "Expected a function"),
    ],
)
def test_wrong_intervals(answer: Any, words: str) -> None:
    verdict = hpt.check("5-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
