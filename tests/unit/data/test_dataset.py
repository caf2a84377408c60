"""Data with named splits: what is kept, what is refused, and subsets."""

from __future__ import annotations

import copy
import pickle
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

import hpt_widgets as hpt
from hpt_widgets.data.dataset import Dataset


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return hpt.load_mnist()


@pytest.fixture
def small() -> Dataset:
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [50, 30, 20])
    return Dataset.from_arrays(
        generator.normal(size=(100, 2, 3)),
        labels,
        validation=(generator.normal(size=(10, 2, 3)), np.arange(10) % 3),
    )


# ---------------------------------------------------------------- Dataset


def test_any_splits_features_and_classes() -> None:
    x = np.arange(12.0).reshape(4, 3)
    data = Dataset({"train": (x, [0, 1, 4, 1]), "late": (x[:1], [2])})
    assert list(data.splits) == ["train", "late"]
    assert (data.n_features, data.n_classes, data.feature_shape) == (3, 5, (3,))
    assert data.x_train.dtype == np.float32
    assert data.y_late.tolist() == [2]
    assert {"x_train", "y_late", "take"} <= set(dir(data))
    assert repr(data) == "Dataset(train 4, late 1; samples of shape (3,), 5 classes)"


def test_from_arrays_leaves_out_splits_that_are_not_given(small: Dataset) -> None:
    assert list(small.splits) == ["train", "validation"]
    assert small.n_features == 6
    with pytest.raises(AttributeError, match=r"x_test.*it has x_train, y_train, x_validation"):
        _ = small.x_test


def test_nothing_can_be_changed(small: Dataset) -> None:
    with pytest.raises(AttributeError, match="frozen"):
        small.x_train = np.zeros((1, 1))
    with pytest.raises(AttributeError, match="frozen"):
        del small.x_train
    with pytest.raises(ValueError, match="read-only"):
        small.x_train[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        small.y_validation[0] = 0
    small.splits.clear()
    assert list(small.splits) == ["train", "validation"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_the_callers_array_stays_the_callers(dtype: type) -> None:
    x, y = np.ones((4, 2), dtype=dtype), np.zeros(4, dtype=np.int64)
    data = Dataset.from_arrays(x, y)
    x[0], y[0] = 7, 7
    assert data.x_train[0].tolist() == [1, 1]
    assert data.y_train[0] == 0


def test_an_array_that_nobody_can_write_to_is_shared() -> None:
    x = np.ones((4, 2), dtype=np.float32)
    x.flags.writeable = False
    assert Dataset.from_arrays(x, [0, 1, 0, 1]).x_train is x


def test_a_view_of_what_may_be_written_to_is_copied() -> None:
    x = np.ones((6, 2), dtype=np.float32)
    view = x[:4]
    view.flags.writeable = False
    data = Dataset.from_arrays(view, [0, 1, 0, 1])
    x[0] = 7
    assert data.x_train[0].tolist() == [1, 1]


def test_a_view_of_what_nobody_can_write_to_is_shared() -> None:
    whole = np.frombuffer(np.ones((6, 2), dtype=np.float32).tobytes(), dtype=np.float32)
    x = whole.reshape(6, 2)[:4]
    assert Dataset.from_arrays(x, [0, 1, 0, 1]).x_train is x


def test_it_says_in_python_what_it_is(small: Dataset) -> None:
    mnist = hpt.load_mnist()
    assert mnist.as_code() == "hpt.load_mnist()"
    assert eval(mnist.take(70, seed=3).as_code(), {"hpt": hpt}).x_train.tobytes() == (
        mnist.take(70, seed=3).x_train.tobytes()
    )
    assert small.as_code() == "data"
    part = small.take(100, seed=1).take(50)
    assert part.as_code() == "data.take(100, seed=1).take(50, seed=0)"
    for other in (copy.copy(part), pickle.loads(pickle.dumps(part))):
        assert other.as_code() == part.as_code()


def test_copies_and_pickles_are_data_sets_too(small: Dataset) -> None:
    for other in (copy.copy(small), copy.deepcopy(small), pickle.loads(pickle.dumps(small))):
        assert other.n_classes == 3
        np.testing.assert_array_equal(other.x_validation, small.x_validation)
        assert not other.x_train.flags.writeable


def test_a_data_set_can_be_the_key_of_a_weak_dictionary(small: Dataset) -> None:
    """What is derived from a data set may be kept for as long as the data set lives."""
    kept = weakref.WeakKeyDictionary({small: "derived"})
    assert kept[small] == "derived"
    assert small.take(100) not in kept


X = np.ones((4, 2))
Y = [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("splits", "error", "words"),
    [
        (None, TypeError, ["splits", "NoneType", "'train'"]),
        ({}, ValueError, ["splits=[]", "'train'"]),
        ({"test": (X, Y)}, ValueError, ["splits=['test']", "'train'"]),
        ({"train": X}, TypeError, ["splits['train']", "ndarray", "(x, y)"]),
        ({"train": (X, Y), "a b": (X, Y)}, ValueError, ["'a b'", "identifier"]),
        ({"train": (X, Y), 3: (X, Y)}, ValueError, ["name 3", "identifier"]),
        ({"train": (X, Y[:3])}, ValueError, ["x_train has 4", "y_train has 3"]),
        ({"train": (X, Y), "test": (X[:, :1], Y)}, ValueError, ["x_test", "(1,)", "(2,)"]),
        ({"train": (X[:0], [])}, ValueError, ["x_train has 0 samples"]),
        ({"train": (np.ones(4), Y)}, ValueError, ["x_train", "(4,)", "(samples, ...)"]),
        ({"train": (np.ones((4, 0)), Y)}, ValueError, ["x_train", "(4, 0)"]),
        ({"train": (np.full((4, 2), "a"), Y)}, TypeError, ["x_train", "<U1", "real numbers"]),
        ({"train": (X * 1j, Y)}, TypeError, ["x_train", "complex128"]),
        ({"train": ([[1.0], [2.0], [np.nan]], [0, 1, 0])}, ValueError, ["nan in sample 2"]),
        ({"train": ([[1.0], [-np.inf]], [0, 1])}, ValueError, ["-inf in sample 1", "finite"]),
        ({"train": ([[1.0], [1e300]], [0, 1])}, ValueError, ["1e+300 in sample 1", "3.4e38"]),
        ({"train": (X, np.eye(4))}, ValueError, ["y_train", "(4, 4)", "(samples,)"]),
        ({"train": (X, [0, 1, 0.5, 1])}, ValueError, ["y_train", "0.5", "whole"]),
        ({"train": (X, [0, 1, np.nan, 1])}, ValueError, ["y_train", "nan", "whole"]),
        ({"train": (X, [0, 1, -1, 1])}, ValueError, ["y_train", "-1", "0, 1, 2"]),
        ({"train": (X, list("abcd"))}, TypeError, ["y_train", "<U1", "whole"]),
        ({"train": (X, [True, False, True, False])}, TypeError, ["y_train", "bool"]),
    ],
)
def test_bad_arrays_are_named(splits: object, error: type[Exception], words: list[str]) -> None:
    with pytest.raises(error) as caught:
        Dataset(splits)  # type: ignore[arg-type]
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("n_classes", [0, -1, 1.5, "10", True])
def test_bad_number_of_classes(n_classes: object) -> None:
    with pytest.raises((ValueError, TypeError), match=f"n_classes={n_classes!r}"):
        Dataset.from_arrays(X, Y, n_classes=n_classes)  # type: ignore[arg-type]


def test_more_classes_than_labels_is_fine_but_not_fewer() -> None:
    assert Dataset.from_arrays(X, Y, n_classes=5).n_classes == 5
    with pytest.raises(ValueError, match=r"y_test holds the label 3: with n_classes=2.*0 to 1"):
        Dataset.from_arrays(X, Y, test=(X, [0, 1, 3, 0]), n_classes=2)


def test_errors_follow_the_language() -> None:
    hpt.use_language("zh")
    try:
        with pytest.raises(ValueError, match="必须一样多"):
            Dataset.from_arrays(X, Y[:2])
    finally:
        hpt.use_language("en")


# ---------------------------------------------------------------- take


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6), data=st.data(), seed=st.integers(0)
)
def test_a_subset_keeps_the_shares(sizes: list[int], data: st.DataObject, seed: int) -> None:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    np.random.default_rng(1).shuffle(labels)
    rows = np.arange(len(labels), dtype=np.float32)[:, None]
    whole = Dataset.from_arrays(rows, labels)
    n = data.draw(st.integers(1, len(labels)))

    subset = whole.take(n, seed)

    picked = subset.x_train[:, 0].astype(int)
    assert len(picked) == n == len(set(picked))
    assert (np.diff(picked) > 0).all()
    np.testing.assert_array_equal(subset.y_train, labels[picked])
    counts = np.bincount(subset.y_train, minlength=len(sizes))
    assert (np.abs(counts - np.array(sizes) * n / len(labels)) < 1).all()
    assert subset.n_classes == whole.n_classes


def test_a_subset_of_mnist_agrees_with_scikit_learn(mnist: Dataset) -> None:
    subset = mnist.take(5_000, seed=0)
    _, labels = train_test_split(
        mnist.y_train, test_size=5_000, stratify=mnist.y_train, random_state=0
    )
    difference = np.bincount(subset.y_train) - np.bincount(labels)
    assert np.abs(difference).max() <= 1
    assert subset.x_test is mnist.x_test
    assert subset.x_validation is mnist.x_validation
    assert not subset.x_train.flags.writeable


def test_the_seed_decides(small: Dataset) -> None:
    first, again, other = small.take(20, 1), small.take(20, 1), small.take(20, 2)
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert not np.array_equal(first.x_train, other.x_train)
    np.testing.assert_array_equal(small.take(100, 5).x_train, small.x_train)


@pytest.mark.parametrize("n", [0, -1, 101, 2.0, "5", None, True, np.nan])
def test_a_bad_size_is_named(small: Dataset, n: object) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        small.take(n)  # type: ignore[arg-type]
    assert f"n={n!r}" in str(caught.value)
    assert "1 to 100" in str(caught.value)


@pytest.mark.parametrize("seed", [-1, 0.5, None, False])
def test_a_bad_seed_is_named(small: Dataset, seed: object) -> None:
    with pytest.raises((ValueError, TypeError), match=f"seed={seed!r}"):
        small.take(5, seed)  # type: ignore[arg-type]
