"""Chapter 1: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from scipy.special import log_softmax
from sklearn.metrics import log_loss

import hpt_widgets as hpt
from hpt_widgets.backprop.toy_points import ToyPoints, plane_points
from hpt_widgets.exercises.chapters import chapter_01
from hpt_widgets.support.tensorflow_loader import load_tensorflow

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"

# ---------------------------------------------------------------- 1-a


@pytest.mark.parametrize(
    ("weights", "bias", "words"),
    [
        ([1, 1, 1], 0, "One bright pixel is enough"),
        ([1, 1, 1], 0.5, "With all three pixels dark"),
        ([1, 1, 1], -2, "your bias of -2 asks for more"),
        ([1, 1, 1], -3.5, "your bias of -3.5 asks for more"),
        ([2, 1.5, 1.5], -1.8, "One bright pixel is enough for your unit: (1, 0, 0)"),
        ([1, 1, 0], -0.5, "No bias makes these weights do"),
        ([1, 1, 0.2], -1.5, "The pixels (0, 1, 1) give z = -0.3"),
        ([-1, -1, -1], -1, "equal, positive weights"),
        ([0, 0, 0], 0, "equal, positive weights"),
        ([2, 3, 4], -5, "The pixels (1, 1, 0) give z = 0"),
        ([2, 3, 4], -3.9, "One bright pixel is enough for your unit: (0, 0, 1)"),
        ([3, 3, -5], -4, "The pixels (0, 1, 1) give z = -6"),
        ([1, 1, 1], -1 + 1e-3, "One bright pixel is enough"),
        # 0.1 + 0.2 - 0.3 is 0, whatever a computer's rounding makes of it.
        ([0.1, 0.2, 0.2], -0.3, "The pixels (1, 0, 1) give z = 0,"),
        ([1, 1], -1.5, "give it three weights, one for each, and not 2"),
        (1, -1.5, "three weights, one for each, and not 1"),
        ([1, 1, float("inf")], -1.5, "Use finite weights"),
        ([1, 1, 1], "-1.5", "write -1.5, without quotation marks"),
        ([1, 1, 1], None, '"bias" is `None`'),
        ("one", -1.5, "Expected numbers"),
    ],
)
def test_wrong_unit(weights: Any, bias: Any, words: str) -> None:
    verdict = hpt.check("1-a", {"weights": weights, "bias": bias})
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize("weights", [[1, 2, 3], [1, 2, 5], [4, 2, 2], [3, 3, -1]])
@pytest.mark.parametrize("bias", [-1.5, -2.5])
def test_weights_that_no_bias_can_help_are_told_so(weights: Any, bias: float) -> None:
    verdict = hpt.check("1-a", {"weights": weights, "bias": bias})
    assert verdict.state == "wrong"
    assert "No bias makes these weights do" in verdict.message


@pytest.mark.parametrize("answer", [-1.5, [1, 1, 1, -1.5], {"weights": [1, 1, 1]}])
def test_a_unit_is_a_dict_of_both_parts(answer: Any) -> None:
    verdict = hpt.check("1-a", answer)
    assert verdict.state == "wrong"
    assert 'keys "weights", "bias"' in verdict.message


def test_half_a_unit_is_not_answered() -> None:
    assert hpt.check("1-a", {"weights": [1, 1, 1], "bias": ...}).state == "not answered"
    assert hpt.check("1-a", {"weights": [1, ..., 1], "bias": -1.5}).state == "not answered"


@pytest.mark.parametrize("scale", [0.01, 1, 30])
@pytest.mark.parametrize("bias", [-1.0, -1.5, -1.99])
def test_right_units_are_right_for_any_scale(scale: float, bias: float) -> None:
    assert hpt.check("1-a", {"weights": np.full(3, scale), "bias": bias * scale})


def test_a_unit_is_read_in_many_forms() -> None:
    tf = load_tensorflow()
    for weights, bias in (
        ((1, 1, 1), -1),
        (np.ones((3, 1)), np.array([-1.5])),
        (tf.ones(3), tf.constant(-1.5)),
        (pd.Series([1, 1, 1]), np.float32(-1.5)),
        (map(int, "111"), Fraction(-3, 2)),
        # One pixel gives 0, to the digits that 32 bits have.
        (np.full(3, 0.3, np.float32), -0.3),
        # And two give a little more than it.
        ([0.5 + 1e-7] * 3, -1),
    ):
        assert "With equal weights" in hpt.check("1-a", {"bias": bias, "weights": weights}).message
    assert hpt.check("1-a", pd.Series({"weights": [1, 1, 1], "bias": -1.5}))


@pytest.mark.parametrize(
    ("weights", "bias"), [([2, 3, 4], -4), ([1, 1, 1.4], -1.5), ([7, 9, 8], -10)]
)
def test_unequal_weights_are_not_praised_for_being_equal(weights: Any, bias: Any) -> None:
    verdict = hpt.check("1-a", {"weights": weights, "bias": bias})
    assert verdict
    assert "The weights differ" in verdict.message


def test_the_verdict_is_that_of_all_eight_pictures() -> None:
    for weights in itertools.product((-1, 0.5, 1, 2), repeat=3):
        for bias in (-2.5, -1.5, -1, -0.5, 0, 1):
            fires = [
                max(0, sum(w * x for w, x in zip(weights, inputs, strict=True)) + bias) > 0
                for inputs in itertools.product((0, 1), repeat=3)
            ]
            wanted = [sum(inputs) >= 2 for inputs in itertools.product((0, 1), repeat=3)]
            verdict = hpt.check("1-a", {"weights": list(weights), "bias": bias})
            assert bool(verdict) == (fires == wanted)


# ---------------------------------------------------------------- 1-b


def given(p: Any, y: Any) -> Any:
    return p[np.arange(len(y)), y]


def loss_of_the_last(p: Any, y: Any) -> Any:
    for row, label in zip(p, y, strict=True):
        result = -np.log(row[label])
    return result


def loss_of_the_first(p: Any, y: Any) -> Any:
    for row, label in zip(p, y, strict=True):
        return -np.log(row[label])
    return None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda p, y: np.log(given(p, y)).mean(), "put a minus in front"),
        (lambda p, y: -np.log(given(p, y)).sum(), "This is the sum"),
        (lambda p, y: -np.log(given(p, y)), "one number for each picture"),
        (lambda p, y: [-np.log(r[k]) for r, k in zip(p, y, strict=True)], "for each picture"),
        (lambda p, y: -np.log10(given(p, y)).mean(), "to base 10"),
        (lambda p, y: -np.log2(given(p, y)).mean(), "to base 2"),
        (lambda p, y: -given(log_softmax(p, axis=1), y).mean(), "a softmax is applied once more"),
        (lambda p, y: -np.log(given(p, y).mean()), "First the logarithm"),
        (lambda p, y: -np.log(p.max(axis=1)).mean(), "the largest probability"),
        (lambda p, y: -np.log(p).mean(), "over all classes"),
        (lambda p, y: -np.log(given(p, y)).sum() / p.size, "the number of all probabilities"),
        (lambda p, y: (1 - given(p, y)).mean(), "the mean of 1 − p"),
        (lambda p, y: given(p, y).mean(), "the logarithm is missing"),
        (lambda p, y: round(-np.log(given(p, y)).mean(), 2), "right, but rounded"),
        (lambda p, y: round(-np.log(given(p, y)).mean(), 4), "right, but rounded"),
        (lambda p, y: -np.log(np.maximum(given(p, y), 0.01)).mean(), "gives 4.605"),
        (loss_of_the_first, "only the first picture counts"),
        (loss_of_the_last, "only the last picture counts"),
        (lambda p, y: -np.log(given(p, y)).sum() / 3, "your function gives 0.07438"),
        (lambda p, y: ((1 - given(p, y)) ** 2).mean(), "your function gives 0.04"),
        (lambda p, y: -np.log(1 - given(p, y)).mean(), "the mean of −ln p over the right"),
        (lambda p, y: -(p * np.log(p)).sum(axis=1).mean(), "the mean of −ln p over the right"),
        (lambda p, y: -np.log(p[:, y]).mean(), "the mean of −ln p over the right"),
        (lambda p, y: -np.log(p[np.arange(3), y[:3]]).mean(), "raised IndexError"),
        (lambda p, y: "0.73", "write 0.73, without quotation marks"),
        (0.73, "Expected a function"),
    ],
)
def test_wrong_loss(answer: Any, words: str) -> None:
    verdict = hpt.check("1-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_loss() -> None:
    tf = load_tensorflow()

    def by_keras(p: Any, y: Any) -> Any:
        return tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(y, p))

    for answer in (
        by_keras,
        lambda p, y: log_loss(y, p, labels=range(p.shape[1])),
        lambda p, y: np.float32(-np.log(given(p, y)).mean()),
        lambda p, y: -sum(math.log(row[k]) for row, k in zip(p, y, strict=True)) / len(y),
        lambda p, y: np.mean([-np.log(p[i][y[i]]) for i in range(len(y))]),
        lambda p, y: -(np.eye(p.shape[1])[y] * np.log(p)).sum(axis=1).mean(),
        lambda p, y: -np.log(np.take_along_axis(p, y[:, None], axis=1)).mean(),
        lambda p, y: -tf.reduce_mean(tf.math.log(tf.gather_nd(p, list(enumerate(y))))),
    ):
        assert hpt.check("1-b", answer)


def test_the_judges_loss_is_that_of_scikit_learn() -> None:
    p, y = np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]]), np.array([1, 0, 1])
    assert chapter_01.cross_entropy(p, y) == pytest.approx(log_loss(y, p))


# ---------------------------------------------------------------- 1-c

RIGHT = {
    "A": "raise rate",
    "B": "stop earlier",
    "C": "lower rate",
    "D": "keep",
    "E": "more units",
}


def test_a_chinese_keyboards_letters_are_read() -> None:
    assert hpt.check("1-c", {**RIGHT, "A": "Ｒａｉｓｅ　ｒａｔｅ", "D": "ｋｅｅｐ"})


def test_right_remedies() -> None:
    assert hpt.check("1-c", RIGHT)
    assert hpt.check("1-c", {**RIGHT, "A": " Raise_Rate"})
    # As the Chinese task prints them.
    chinese = ["提高学习率", "提前停止", "降低学习率", "保持不变", "增加神经元"]
    assert hpt.check("1-c", dict(zip("ABCDE", chinese, strict=True)))
    assert hpt.check("1-c", {**RIGHT, "C": "lower the learning rate", "B": "Stop earlier."})
    assert hpt.check("1-c", {name.lower(): remedy for name, remedy in RIGHT.items()})
    assert hpt.check("1-c", pd.Series(RIGHT))
    assert hpt.check("1-c", {name: np.str_(remedy) for name, remedy in RIGHT.items()})
    assert hpt.check("1-c", dict(zip(RIGHT, np.array(list(RIGHT.values())), strict=True)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"A": "more units"}, "A: both losses are high"),
        ({"A": "lower rate"}, "slower still"),
        ({"A": "keep"}, "ends at 1.49"),
        ({"A": "stop earlier"}, 'A: "stop earlier" does not fit'),
        ({"B": "lower rate"}, "the same place"),
        ({"B": "more units"}, "by heart"),
        ({"B": "keep"}, "the validation loss is what counts"),
        ({"C": "raise rate"}, "too large already"),
        ({"C": "stop earlier"}, "never better than guessing"),
        ({"C": "more units"}, "grows without end"),
        ({"C": "keep"}, "then 1,809"),
        ({"D": "raise rate"}, "more to lose"),
        ({"D": "stop earlier"}, "at its lowest at the end"),
        ({"E": "raise rate"}, "hardly moves any more"),
        ({"E": "stop earlier"}, "this is underfitting"),
        ({"E": "keep"}, "1.02 is a high loss"),
        ({"E": "pray"}, "E has the remedy `'pray'`"),
        ({"E": 5}, "E has the remedy `5`"),
        ({"F": "keep"}, """Expected a dict with the keys "A", "B", "C", "D", "E". Yours has 'F'"""),
    ],
)
def test_wrong_remedies(answer: dict[str, Any], words: str) -> None:
    verdict = hpt.check("1-c", {**RIGHT, **answer})
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_remedies_are_a_dict() -> None:
    assert "Expected a dict" in hpt.check("1-c", list(RIGHT.values())).message
    assert hpt.check("1-c", {**RIGHT, "D": ...}).state == "not answered"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_notebook_shows_the_curves_that_are_judged(language: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / language / "01-background.ipynb", as_version=4)
    (task,) = [cell.source for cell in notebook.cells if cell.id == "task-1-c"]
    rows = re.findall(r"^\| ([A-E]) \| (.+?) \| (.+?) \|$", task, re.MULTILINE)
    shown = {name: tuple(re.findall(r"[\d.,]*\d", part) for part in parts) for name, *parts in rows}
    assert shown == {
        name: tuple(list(part) for part in parts) for name, parts in chapter_01.CURVES.items()
    }
    assert all(f'`"{remedy}"`' in task for remedy in chapter_01.REMEDIES)


# ---------------------------------------------------------------- 1-d


def with_patience(patience: int) -> Any:
    def best_epoch(losses: Any) -> Any:
        best, waited = 0, 0
        for i in range(1, len(losses)):
            if losses[i] < losses[best]:
                best, waited = i, 0
            else:
                waited += 1
            if waited == patience:
                break
        return best + 1

    return best_epoch


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.argmin, "counts places from 0"),
        (lambda losses: losses.index(min(losses)), "counts places from 0"),
        (min, "the lowest loss itself, 0.4"),
        (lambda losses: losses.index(max(losses)) + 1, "that epoch has the highest loss"),
        (len, "always the last epoch"),
        (
            lambda losses: next(
                (i for i in range(1, len(losses)) if losses[i] > losses[i - 1]), len(losses)
            ),
            "rises for the first time",
        ),
        (with_patience(1), "after some epochs in a row without"),
        (with_patience(2), "after some epochs in a row without"),
        (with_patience(3), "after some epochs in a row without"),
        (with_patience(6), "after some epochs in a row without"),
        (with_patience(10), "after some epochs in a row without"),
        (with_patience(30), "after some epochs in a row without"),
        (lambda losses: 3, "your function says 3; the lowest loss stands after epoch 1"),
        (lambda losses: 7, "your function says 7"),
        (
            lambda losses: len(losses) - losses[::-1].index(min(losses)),
            "The loss is lowest twice",
        ),
        (lambda losses: np.argmin(np.abs(losses)) + 1, "`([-0.2, -0.5, -0.1])`"),
        (lambda losses: sorted(losses).index(losses[0]) + 1, "the lowest loss stands"),
        (lambda losses: losses.index(min(losses)) + 2, "the lowest loss stands"),
        (lambda losses: (np.argmin(losses) + 1, min(losses)), "Expected one number"),
        (7, "Expected a function"),
    ],
)
def test_wrong_best_epoch(answer: Any, words: str) -> None:
    verdict = hpt.check("1-d", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_right_best_epoch() -> None:
    tf = load_tensorflow()
    for answer in (
        lambda losses: int(np.argmin(losses)) + 1,
        lambda losses: np.int64(1) + np.asarray(losses).argmin(),
        lambda losses: tf.argmin(losses) + 1,
        lambda losses: min(range(len(losses)), key=losses.__getitem__) + 1,
        lambda losses: min((loss, epoch) for epoch, loss in enumerate(losses, start=1))[1],
        lambda losses: pd.Series(losses).idxmin() + 1,
        lambda losses: float(1 + np.flatnonzero(np.array(losses) == min(losses))[0]),
    ):
        assert hpt.check("1-d", answer)


# ---------------------------------------------------------------- 1-f


@pytest.fixture
def make_lab() -> Iterator[Any]:
    """Return a function that makes a network lab on the spirals, trained so many steps."""
    made = []

    def make(steps: int = 0, **settings: Any) -> Any:
        lab = hpt.NetworkLab(**{"task": "plane", "data": "spirals", **settings})
        made.append(lab)
        if steps:
            lab.train(steps)
        return lab

    yield make
    for lab in made:
        lab.close()


@pytest.mark.parametrize(
    ("steps", "settings"),
    [
        (1500, {"hidden_units": (8, 8), "learning_rate": 1}),
        (3000, {"hidden_units": (8,), "learning_rate": 1, "seed": 0}),
        (1000, {"hidden_units": (8, 8), "activation": "relu"}),
        (1500, {"hidden_units": (8, 8, 8), "learning_rate": 0.5, "noise": 0.02}),
    ],
)
def test_who_knows_the_spirals_is_right(make_lab: Any, steps: int, settings: Any) -> None:
    lab = make_lab(steps, **settings)
    verdict = hpt.check("1-f", lab)
    assert verdict, verdict
    assert "–".join(map(str, lab.network.layer_sizes)) in verdict.message


@pytest.mark.parametrize(
    ("steps", "settings", "words"),
    [
        (200, {"activation": "identity"}, "Nothing bends the boundary"),
        (200, {"hidden_units": ()}, "Nothing bends the boundary"),
        (300, {"hidden_units": (2,)}, "more units, or one layer more"),
        (50, {"hidden_units": (8, 8)}, "Then train on"),
        (300, {"hidden_units": (8, 8), "learning_rate": 10}, "lower the learning rate"),
        (50, {"hidden_units": (8, 8), "noise": 0.3}, "a noise of 0.3, which blurs the spirals"),
        (300, {"hidden_units": (2,), "noise": 0.06}, "more units, or one layer more"),
        (50, {"data": "two_groups"}, "This lab shows `two_groups`"),
        (50, {"task": "curve", "data": "sine"}, "This lab shows `sine`"),
    ],
)
def test_a_network_that_does_not_know_the_spirals(
    make_lab: Any, steps: int, settings: Any, words: str
) -> None:
    verdict = hpt.check("1-f", make_lab(steps, **settings))
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_network_from_other_points_has_made_no_large_step(make_lab: Any) -> None:
    lab = make_lab(300, data="two_groups", hidden_units=(8, 8))
    lab.set(data="spirals")
    assert lab.losses[-1] > chapter_01.MUCH_WORSE_THAN_GUESSING
    assert "Then train on" in hpt.check("1-f", lab).message


def test_a_network_that_knows_only_its_points(make_lab: Any) -> None:
    """Points of one class, added by clicks, outweigh the spirals; the judge's points do not."""
    lab = make_lab(1, hidden_units=(1,), added_class=0)
    own = plane_points("spirals", noise=0.05).inputs[::2]
    lab.set_weight("w2_11", 0)
    lab.set_weight("b2_1", -5)
    with pytest.MonkeyPatch.context() as patched:
        # As if all points of class 1 had been noise: only those of class 0 are left.
        patched.setattr(type(lab), "points", ToyPoints(own, np.zeros((len(own), 1))))
        patched.setattr(type(lab), "losses", (0.7, 0.01))
        verdict = hpt.check("1-f", lab)
    assert verdict.state == "wrong"
    assert "knows its points, not the spirals" in verdict.message


def test_a_weight_that_was_set_by_hand_does_not_undo_the_training(make_lab: Any) -> None:
    """The lab's losses begin anew there."""
    lab = make_lab(1500, hidden_units=(8, 8), learning_rate=1)
    lab.set_weight("b3_1", lab.parameters["b3_1"] + 0.01)
    assert len(lab.losses) == 1
    assert hpt.check("1-f", lab)


def test_nearly_nine_in_ten_is_not_shown_as_nine_in_ten(
    make_lab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chapter_01, "_share_right", lambda network, points: 0.899)
    message = hpt.check("1-f", make_lab(1, hidden_units=(8, 8))).message
    assert message.startswith("89.9% of the new points")


def test_a_lab_that_was_not_trained_is_no_answer(make_lab: Any) -> None:
    verdict = hpt.check("1-f", make_lab(hidden_units=(8, 8)))
    assert verdict.state == "not answered"
    assert "has not been trained yet" in verdict.message


@pytest.mark.parametrize("answer", [0.97, "spirals", None, [1, 2], hpt.NetworkLab])
def test_the_answer_is_the_lab_itself(answer: Any) -> None:
    verdict = hpt.check("1-f", answer)
    assert verdict.state == "wrong"
    assert "the network lab itself" in verdict.message


def test_a_network_alone_is_not_the_lab(make_lab: Any) -> None:
    assert "the network lab itself" in hpt.check("1-f", make_lab().network).message


def test_the_judges_points_are_none_of_the_labs(make_lab: Any) -> None:
    fresh = plane_points(
        "spirals", chapter_01.N_FRESH, noise=chapter_01.SPIRALS_NOISE, seed=chapter_01.FRESH_SEED
    )
    lab = make_lab()
    assert not set(map(tuple, fresh.inputs)) & set(map(tuple, lab.points.inputs))
    assert lab.settings.noise == chapter_01.SPIRALS_NOISE


@pytest.mark.parametrize(
    "answer",
    [
        lambda losses: int(np.argmin(np.round(losses, 2))) + 1,
        lambda losses: next(i for i, x in enumerate(losses, 1) if x < min(losses) + 0.001),
        lambda losses: int(np.argmin(np.minimum(losses, 100))) + 1 if min(losses) > 100 else
        losses.index(min(losses)) + 1,
    ],
)  # fmt: skip
def test_a_loss_that_is_lower_by_little_is_lower(answer: Any) -> None:
    verdict = hpt.check("1-d", answer)
    assert verdict.state == "wrong"
    assert "the lowest loss stands after epoch" in verdict.message
