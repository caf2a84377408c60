"""Features that are too large to learn from are noted, and others are not."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.data.scaling import typical_size
from hpt_widgets.data.split import Split

DIGITS = hpt.load_mnist().take(300)
BYTES = DIGITS.splits["train"].stored
LABELS = DIGITS.y_train


def notes_on(x: np.ndarray, y: np.ndarray) -> str:
    return " ".join(hpt.train(hyperparameters(epochs=1), hpt.Dataset.from_arrays(x, y)).notes)


@pytest.mark.parametrize(
    "x",
    [BYTES, BYTES.astype(np.float32), BYTES.reshape(300, 784), BYTES - 128.0, load_wine().data],
    ids=["bytes", "floats", "flat", "centred", "wine"],
)
def test_unscaled_features_are_noted(x: np.ndarray) -> None:
    y = LABELS if len(x) == 300 else load_wine().target
    assert "unscaled" in notes_on(x, y)
    hpt.use_language("zh")
    assert "未经缩放（unscaled）" in notes_on(x, y)


@pytest.mark.parametrize(
    "x",
    [
        DIGITS.x_train,
        2 * DIGITS.x_train - 1,
        (DIGITS.x_train - 0.1307) / 0.3081,
        StandardScaler().fit_transform(load_wine().data),
        np.zeros((300, 4)),
    ],
    ids=["0 to 1", "-1 to 1", "standardised pictures", "standardised columns", "zeros"],
)
def test_scaled_features_are_not(x: np.ndarray) -> None:
    y = LABELS if len(x) == 300 else load_wine().target
    assert notes_on(x, y) == ""


def test_mnist_and_its_subsets_are_scaled() -> None:
    assert hpt.train(hyperparameters(epochs=1), DIGITS).notes == ()


def test_the_size_is_the_root_mean_square() -> None:
    x = tabular_data(n_train=3_000).x_train
    size = typical_size(Split(x, np.zeros(3_000, np.int64)))
    assert size == pytest.approx(np.sqrt((x**2).mean()), rel=0.02)
    split = hpt.load_mnist().splits["train"]
    assert typical_size(split) == pytest.approx(np.sqrt((split.x**2).mean()), rel=0.05)
    assert typical_size(Split(x[:0], np.zeros(0, np.int64))) == 0
