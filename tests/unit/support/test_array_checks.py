"""Arrays that can't be had whole: masked ones, and objects that refuse to become one."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from small_data import N_FEATURES, N_TRAIN, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.data.handwriting import draw_strokes, prepare_drawing
from hpt_widgets.training.run import Run

DATA = tabular_data()
X, Y = DATA.x_train, DATA.y_train


class WithGradient:
    """As a torch tensor that requires grad: it has a shape, and refuses to become an array."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.ndim, self.dtype = shape, len(shape), np.dtype(np.float32)

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


def masked(values: np.ndarray) -> np.ma.MaskedArray:
    array = np.ma.MaskedArray(values.copy(), np.zeros(values.shape, bool))
    array[0] = np.ma.masked
    return array


def classifier() -> hpt.KerasMLPClassifier:
    return hpt.KerasMLPClassifier(hidden_units=(4,), epochs=1)


# Not while tests are collected: each process collects all of them, and one of them needs these.
@functools.cache
def fitted() -> hpt.KerasMLPClassifier:
    return classifier().fit(X, Y)


@functools.cache
def run() -> Run:
    return hpt.train(hyperparameters(epochs=1), DATA)


TAKERS = {
    "x_train": lambda x: hpt.Dataset.from_arrays(x, Y),
    "x_validation": lambda x: hpt.Dataset.from_arrays(X, Y, validation=(x, Y)),
    "X": lambda x: classifier().fit(x, Y),
    "X ": lambda x: fitted().predict(x),
    "X  ": lambda x: fitted().predict_proba(x),
    "x ": lambda x: run().predict_proba(x),
    "pixels": prepare_drawing,
    "strokes": lambda x: draw_strokes([x], 28, 2.0),
}
# They share what is trained.
TRAINED = ("X ", "X  ", "x ")
every_taker = pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] if n in TRAINED else []) for n in TAKERS]
)
LABEL_TAKERS = {
    "y_train": lambda y: hpt.Dataset.from_arrays(X, y),
    "y": lambda y: classifier().fit(X, y),
}


@every_taker
@pytest.mark.parametrize("language", ["en", "zh"])
def test_masked_values_are_refused_by_name(name: str, language: str) -> None:
    hpt.use_language(language)
    count = {"pixels": N_FEATURES, "strokes": 2}.get(name, N_FEATURES)
    values = masked(np.ones((5, 2)) if name == "strokes" else X)
    with pytest.raises(ValueError, match=rf"\b{name.strip()}\b.* {count} .*masked"):
        TAKERS[name](values)


@pytest.mark.parametrize("name", LABEL_TAKERS)
def test_masked_labels_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=rf"\b{name}\b.* 1 masked"):
        LABEL_TAKERS[name](masked(Y))


def test_a_list_of_masked_rows_is_refused() -> None:
    with pytest.raises(ValueError, match=rf"x_train has {N_FEATURES} masked"):
        hpt.Dataset.from_arrays(list(masked(X)), Y)
    with pytest.raises(ValueError, match=rf"X has {N_FEATURES} masked"):
        classifier().fit(list(masked(X)), Y)


@pytest.mark.slow
def test_a_masked_array_that_hides_nothing_is_an_array() -> None:
    whole = np.ma.MaskedArray(X)
    assert hpt.Dataset.from_arrays(whole, Y).x_train.tobytes() == X.tobytes()
    np.testing.assert_array_equal(classifier().fit(whole, Y).predict(whole), fitted().predict(X))


@every_taker
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_object_that_refuses_to_become_an_array_is_named(name: str, language: str) -> None:
    hpt.use_language(language)
    shape = (5, 2) if name == "strokes" else (N_TRAIN, N_FEATURES)
    with pytest.raises(TypeError) as caught:
        TAKERS[name](WithGradient(shape))
    for word in (name.strip(), "WithGradient", "requires grad", "NumPy"):
        assert word in str(caught.value)


@pytest.mark.parametrize("name", LABEL_TAKERS)
def test_labels_that_refuse_to_become_an_array_are_named(name: str) -> None:
    with pytest.raises(TypeError, match=rf"\b{name}\b.*WithGradient.*requires grad.*NumPy"):
        LABEL_TAKERS[name](WithGradient((N_TRAIN,)))


def test_pictures_that_refuse_are_named_too() -> None:
    with pytest.raises(TypeError, match=r"\bX\b.*WithGradient"):
        classifier().fit(WithGradient((N_TRAIN, 3, 4)), Y)
