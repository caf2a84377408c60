"""Chapter 5: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_05
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.network import count_parameters

# ---------------------------------------------------------------- 5-a


def made(*dense: tuple[int, Any], shape: Any = (28, 28), flatten: bool = True) -> Any:
    """Return a Keras model of dense layers (units, activation)."""
    tf = load_tensorflow()
    layers = [] if shape is None else [tf.keras.Input(shape)]
    layers += [tf.keras.layers.Flatten()] if flatten else []
    layers += [tf.keras.layers.Dense(units, activation=name) for units, name in dense]
    return tf.keras.Sequential(layers)


WIDE = ((256, "relu"), (128, "relu"), (10, "softmax"))


def stacked(*layers: Any) -> Any:
    """Return a Keras model of these layers, which get a picture."""
    tf = load_tensorflow()
    return tf.keras.Sequential([tf.keras.Input((28, 28)), *layers])


def with_layer(layer: Any) -> Any:
    """Return the right model with one more layer behind the first hidden one."""
    keras = load_tensorflow().keras.layers
    return stacked(
        keras.Flatten(),
        keras.Dense(256, activation="relu"),
        layer(keras),
        keras.Dense(128, activation="relu"),
        keras.Dense(10, activation="softmax"),
    )


def test_right_models() -> None:
    assert hpt.check("5-a", made(*WIDE))
    assert hpt.check("5-a", made(*WIDE, shape=(784,), flatten=False))
    assert hpt.check("5-a", hpt.build_model(hpt.Hyperparameters(hidden_units=(256, 128))))
    # The praise says how many parameters there are.
    assert made(*WIDE).count_params() == 235_146


def test_a_model_is_judged_by_what_it_computes() -> None:
    tf = load_tensorflow()
    keras = tf.keras.layers

    class Subclassed(tf.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.last = keras.Dense(10)
            self.flat, self.first, self.second = keras.Flatten(), keras.Dense(256), keras.Dense(128)

        def call(self, x: Any) -> Any:
            hidden = tf.nn.relu(self.second(tf.nn.relu(self.first(self.flat(x)))))
            return tf.nn.softmax(self.last(hidden))

    inputs = tf.keras.Input((28, 28, 1))
    values = keras.Dense(256, "relu")(keras.Reshape((784,))(inputs))
    functional = tf.keras.Model(
        inputs, keras.Dense(10, "softmax")(keras.Dense(128, "relu")(values))
    )
    for model in (
        functional,
        Subclassed(),
        made(*WIDE, shape=None),
        stacked(
            keras.Flatten(),
            keras.Dense(256),
            keras.ReLU(),
            keras.Dense(128),
            keras.Activation("relu"),
            keras.Dense(10),
            keras.Softmax(),
        ),
        made((256, tf.nn.relu), (128, tf.nn.relu), (10, tf.nn.softmax)),
        made((256, keras.ReLU()), (128, lambda z: tf.maximum(z, 0.0)), (10, "softmax")),
        with_layer(lambda layers: layers.Dropout(0.2)),
    ):
        assert hpt.check("5-a", model), hpt.check("5-a", model)


def test_the_check_leaves_the_weights_as_they_were() -> None:
    model = made(*WIDE)
    before = [weight.copy() for weight in model.get_weights()]
    assert hpt.check("5-a", model)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: made(*WIDE, shape=(32, 32)), "The input has 1024 values"),
        (lambda: made(*WIDE, flatten=False), "every row of the picture"),
        (lambda: made(*WIDE, shape=None, flatten=False), "every row of the picture"),
        (lambda: made(*WIDE[:2]), "The output has 128 values"),
        (lambda: made((256, "relu"), (10, "softmax")), "have these units: 256. Wanted"),
        (lambda: made(WIDE[1], WIDE[0], WIDE[2]), "wrong order: 128, 256"),
        (lambda: made((128, "relu"), (64, "relu"), WIDE[2]), "have these units: 128, 64"),
        (lambda: made(WIDE[0], WIDE[0], *WIDE[1:]), "have these units: 256, 256, 128"),
        (lambda: made((256, None), *WIDE[1:]), "no activation"),
        (lambda: made((256, None), (128, None), WIDE[2]), "no activation"),
        (lambda: made((256, "tanh"), *WIDE[1:]), "tanh, relu; wanted is relu"),
        (lambda: made((256, "gelu"), *WIDE[1:]), "computes something else than relu"),
        (lambda: made(*WIDE[:2], (10, None)), "the activation linear"),
        (lambda: made(*WIDE[:2], (10, "sigmoid")), "the activation sigmoid"),
        (
            lambda: stacked(
                *(load_tensorflow().keras.layers.Dense(n, "relu") for n in (256, 128)),
                load_tensorflow().keras.layers.Flatten(),
                load_tensorflow().keras.layers.Dense(10, "softmax"),
            ),
            "76,170 parameters in all instead of 235,146",
        ),
        (lambda: with_layer(lambda layers: layers.Dropout(0.99)), "A dropout of 0.99 drops"),
        (lambda: with_layer(lambda layers: layers.GaussianNoise(1.0)), "While it is trained"),
        (lambda: with_layer(lambda layers: layers.BatchNormalization()), "236,170 parameters"),
        (lambda: with_layer(lambda layers: layers.Rescaling(0.1)), "computes something else"),
        (lambda: type(made(*WIDE)), "Expected a Keras model"),
        (lambda: made(*WIDE).summary, "Expected a Keras model"),
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
        assert chapter_05.n_parameters(hidden) == expected


def test_right_counts() -> None:
    tf = load_tensorflow()

    def recursive(hidden: Any, inputs: int = 784) -> int:
        if not hidden:
            return 10 * (inputs + 1)
        return hidden[0] * (inputs + 1) + recursive(hidden[1:], hidden[0])

    def by_keras(hidden: Any) -> Any:
        layers = [tf.keras.layers.Dense(n) for n in (*hidden, 10)]
        return tf.keras.Sequential([tf.keras.Input((784,)), *layers]).count_params()

    for answer in (
        recursive,
        by_keras,
        lambda hidden: count_parameters(sizes(hidden)),
        lambda hidden: sum((m + 1) * n for m, n in layers(hidden)),
        lambda hidden: float(sum(m * n + n for m, n in layers(hidden))),
        lambda hidden: np.dot([784, *hidden], [*hidden, 10]) + sum(hidden) + 10,
        lambda hidden: tf.reduce_sum([m * n + n for m, n in layers(hidden)]),
    ):
        assert hpt.check("5-b", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda hidden: sum(m * n for m, n in layers(hidden)), "the weights alone"),
        (lambda hidden: 784 + sum(m * n + n for m, n in layers(hidden)), "784 too many"),
        (lambda hidden: sum(m * n + n for m, n in layers(hidden)[:-1]), "output layer is missing"),
        (lambda hidden: sum(sizes(hidden)[1:]), "number of units"),
        (
            lambda hidden: 784 * hidden[0] + hidden[0] * hidden[1] + hidden[1] * 10 + sum(hidden),
            "raised IndexError",
        ),
        (lambda hidden: 109_386, "you get 109386; it should be 7850"),
        (
            lambda hidden: sum(m * n for m, n in layers(hidden)) + len(layers(hidden)),
            "one bias for each layer",
        ),
        (lambda hidden: sum(m * n + n for m, n in layers(hidden)[1:]), "and the first hidden"),
        (lambda hidden: sum(m * n + m for m, n in layers(hidden)), "it should be"),
        (lambda hidden: np.prod(sizes(hidden)), "it should be"),
        (lambda hidden: sum(m * n + n for m, n in layers(hidden)) / 2, "it should be"),
        (lambda hidden: [m * n + n for m, n in layers(hidden)], "Expected one number"),
        (
            lambda hidden: sum(m * n + n for m, n in layers(hidden)) if hidden else 0,
            "Without one, `hidden_units=()`",
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


def test_right_choices() -> None:
    tf = load_tensorflow()

    def loop(results: Any) -> Any:
        taken, highest = None, 0.0
        for name, splits in results.items():
            mean = sum(splits["validation"]) / len(splits["validation"])
            if mean > highest:
                taken, highest = name, mean
        return taken

    def by_pandas(results: Any) -> Any:
        means = {name: np.mean(splits["validation"]) for name, splits in results.items()}
        return pd.Series(means).idxmax()

    def by_sorting(results: Any) -> Any:
        return sorted((-np.mean(s["validation"]), name) for name, s in results.items())[0][1]

    def by_array(results: Any) -> Any:
        names = np.array(list(results))
        return names[np.argmax([np.mean(results[name]["validation"]) for name in names])]

    for answer in (
        loop,
        by_pandas,
        by_sorting,
        by_array,
        best("validation", statistics.mean),
        best("validation", np.mean),
        best("validation", tf.reduce_mean),
    ):
        assert hpt.check("5-c", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (best("test", statistics.mean), "the best on the test set"),
        (best("test", max), "the best on the test set"),
        (
            lambda r: max(r, key=lambda n: np.mean([*r[n]["validation"], *r[n]["test"]])),
            "the test set has a say",
        ),
        (
            lambda r: max(r, key=lambda n: np.mean(r[n]["validation"]) + np.mean(r[n]["test"])),
            "the test set has a say",
        ),
        (best("validation", max), "the best single run"),
        (best("validation", min), "whose worst run is the best"),
        (best("validation", sum), "the largest sum"),
        (best("validation", lambda values: values[0]), "by one seed alone"),
        (best("validation", lambda values: values[-1]), "by one seed alone"),
        (best("validation", lambda values: -statistics.stdev(values)), "whose seeds differ least"),
        (best("validation", lambda values: -np.std(values)), "whose seeds differ least"),
        (
            best("validation", lambda v: statistics.mean(v) - statistics.stdev(v) / len(v) ** 0.5),
            "subtract a measure of the spread",
        ),
        (best("validation", statistics.median), "the best median"),
        (best("validation", len), "the most seeds"),
        (best("validation", lambda values: -statistics.mean(values)), "the *lowest* mean"),
        (best("validation", lambda values: round(statistics.mean(values), 2)), "has the highest"),
        (lambda results: next(iter(results)), "has the highest mean"),
        (lambda results: "the best", "You took 'the best'"),
        (lambda results: max(max(r["validation"]) for r in results.values()), "Return the name"),
        (lambda results: results, "Return the name of one candidate"),
        ("grid", "Expected a function"),
    ],
)
def test_wrong_choices(answer: Any, words: str) -> None:
    verdict = hpt.check("5-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_choice_that_spoils_its_argument_is_told_so() -> None:
    def greedy(results: Any) -> str:
        name = best("validation", statistics.mean)(results)
        results.clear()
        return name

    for _ in range(2):  # the exercise's own cases are as they were
        verdict = hpt.check("5-c", greedy)
        assert verdict.state == "wrong"
        assert "What it returns is right, but your function changes" in verdict.message
    assert hpt.check("5-c", best("validation", statistics.mean))

    def paired(results: Any) -> str:
        """Put an array of two columns in place of each list."""
        name = best("validation", statistics.mean)(results)
        for scores in results.values():
            both = zip(scores["validation"], scores["test"], strict=True)
            scores["validation"] = np.array(list(both))
        return name

    spoilt = hpt.check("5-c", paired).message
    assert "What it returns is right, but your function changes" in spoilt


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


def by_formula(n_right: int, n: int, z: float = 1.96) -> Any:
    share = n_right / n
    middle, half = share + z**2 / 2 / n, z * (share * (1 - share) / n + (z / n) ** 2 / 4) ** 0.5
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def test_right_intervals() -> None:
    assert hpt.check("5-d", scipy_interval)
    assert hpt.check("5-d", lambda n_right, n: list(ends(n_right, n)))
    assert hpt.check("5-d", lambda n_right, n: np.round(ends(n_right, n), 4))
    assert hpt.check("5-d", lambda n_right, n: (end for end in ends(n_right, n)))
    assert hpt.check("5-d", by_formula)
    assert hpt.check("5-d", lambda n_right, n: np.array(by_formula(n_right, n), dtype=np.float32))
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
        (lambda n_right, n: np.clip(rough(n_right, n), 0, 1), "the normal interval"),
        (lambda n_right, n: ends(n_right, n, method="wilsoncc"), "continuity correction"),
        (lambda n_right, n: rough(n_right + 1.9207, n + 3.8415), "Agresti and Coull"),
        (lambda n_right, n: np.round(ends(n_right, n), 3), "right, but rounded"),
        (lambda n_right, n: np.round(ends(n_right, n), 2), "right, but rounded"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.6826895), "interval of 68 %"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.9), "interval of 90 %"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.99), "interval of 99 %"),
        (lambda n_right, n: by_formula(n_right, n, 2), "interval of 95.4 %"),
        (lambda n_right, n: ends(n_right, n, confidence_level=0.8), "Let SciPy compute it"),
        (lambda n_right, n: ends(n - n_right, n), "Let SciPy compute it"),
        (lambda n_right, n: (n_right / n - 0.01, n_right / n + 0.01), "Let SciPy compute it"),
        (
            lambda n_right, n: (sum(ends(n_right, n)) / 2, np.ptp(ends(n_right, n)) / 2),
            "the middle and the half width",
        ),
        (lambda n_right, n: n_right / n, "shape"),
        ((0.975, 0.981), "Expected a function"),
    ],
)
def test_wrong_intervals(answer: Any, words: str) -> None:
    verdict = hpt.check("5-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message
