"""Data with named splits, and MNIST."""

from __future__ import annotations

import copy
import hashlib
import pickle
import shutil
import weakref
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

import hpt_widgets as hpt
from hpt_widgets import dataset, tensorflow_loader
from hpt_widgets.dataset import DataError, Dataset, load_mnist

MNIST_FOLDER = Path(dataset.__file__).resolve().parents[1] / "data" / "mnist"


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_mnist()


@pytest.fixture
def mnist_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "digits"
    shutil.copytree(MNIST_FOLDER, folder)
    monkeypatch.setenv("HPT_DATA", str(folder))
    dataset._load_folder.cache_clear()
    return folder


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
    mnist = load_mnist()
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


# ---------------------------------------------------------------- MNIST


def test_the_shapes_and_values_of_mnist(mnist: Dataset) -> None:
    assert {name: split.x.shape for name, split in mnist.splits.items()} == {
        "train": (50_000, 28, 28),
        "validation": (10_000, 28, 28),
        "test": (10_000, 28, 28),
    }
    assert (mnist.n_features, mnist.n_classes) == (784, 10)
    for split in mnist.splits.values():
        assert split.x.dtype == np.float32
        assert np.issubdtype(split.y.dtype, np.integer)
        assert (split.x.min(), split.x.max()) == (0.0, 1.0)


def test_the_pixels_have_the_published_sums(mnist: Dataset) -> None:
    """The MD5 sums of the original, unpacked files, as data/mnist/README.md lists them."""

    def md5(header: list[int], *arrays: np.ndarray) -> str:
        content = np.array(header, dtype=">u4").tobytes()
        return hashlib.md5(content + b"".join(a.tobytes() for a in arrays)).hexdigest()

    def pixels(x: np.ndarray) -> np.ndarray:
        return np.rint(x * 255).astype(np.uint8)

    listed = (MNIST_FOLDER / "README.md").read_text(encoding="utf-8")
    train = md5([2051, 60_000, 28, 28], pixels(mnist.x_train), pixels(mnist.x_validation))
    labels = md5([2049, 60_000], *(y.astype(np.uint8) for y in (mnist.y_train, mnist.y_validation)))
    assert f"train-images-idx3-ubyte | {train}" in listed
    assert f"train-labels-idx1-ubyte | {labels}" in listed
    assert f"t10k-images-idx3-ubyte | {md5([2051, 10_000, 28, 28], pixels(mnist.x_test))}" in listed
    assert f"t10k-labels-idx1-ubyte | {md5([2049, 10_000], mnist.y_test.astype('u1'))}" in listed


def test_the_second_call_gives_the_same_data(mnist: Dataset) -> None:
    assert load_mnist() is mnist


def test_the_sums_in_the_package_are_those_beside_the_files() -> None:
    listed = (MNIST_FOLDER / "SHA256SUMS").read_text(encoding="ascii").split("\n")
    assert sorted(f"{file.sha256}  {file.name}" for file in dataset.MNIST_FILES) == sorted(
        line for line in listed if line
    )
    for file in dataset.MNIST_FILES:
        assert (MNIST_FOLDER / file.name).stat().st_size == file.n_bytes


def test_hpt_data_is_where_the_files_are(mnist_copy: Path, mnist: Dataset) -> None:
    data = load_mnist()
    assert data is not mnist
    np.testing.assert_array_equal(data.y_test, mnist.y_test)


def test_where_hpt_data_is_set_nothing_else_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HPT_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"nowhere.*does not exist.*HPT_DATA"):
        load_mnist()


@pytest.mark.parametrize("file", dataset.MNIST_FILES, ids=lambda file: file.name)
def test_a_missing_file_is_named(mnist_copy: Path, file: dataset.MnistFile) -> None:
    (mnist_copy / file.name).unlink()
    with pytest.raises(DataError) as caught:
        load_mnist()
    for word in (file.name, f"{file.n_bytes:,} bytes", "found none", "unset HPT_DATA"):
        assert word in str(caught.value)


def test_a_file_cut_short_is_named(mnist_copy: Path) -> None:
    path = mnist_copy / dataset.TRAIN_IMAGES.name
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"train-images.*expected 9,719,438 bytes, found 1,000"):
        load_mnist()


def test_an_altered_file_is_named(mnist_copy: Path) -> None:
    path = mnist_copy / dataset.TEST_LABELS.name
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    with pytest.raises(DataError) as caught:
        load_mnist()
    for word in (dataset.TEST_LABELS.name, dataset.TEST_LABELS.sha256, found):
        assert word in str(caught.value)


def test_a_folder_in_place_of_a_file_is_named(mnist_copy: Path) -> None:
    path = mnist_copy / dataset.TEST_LABELS.name
    path.unlink()
    path.mkdir()
    with pytest.raises(DataError, match=r"t10k-labels.*cannot be read"):
        load_mnist()


def test_a_mended_folder_loads_again(mnist_copy: Path) -> None:
    path = mnist_copy / dataset.TEST_LABELS.name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(DataError):
        load_mnist()
    path.write_bytes(content)
    assert load_mnist().n_classes == 10


def test_in_a_repository_git_mends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HPT_DATA", raising=False)
    monkeypatch.setattr(dataset, "_repository", lambda: tmp_path)
    with pytest.raises(DataError, match=r"git checkout -- data/mnist"):
        load_mnist()


def fake_keras(monkeypatch: pytest.MonkeyPatch, get_file: object) -> None:
    """Stand in for Keras's download, so that the test needs no network."""
    keras = SimpleNamespace(utils=SimpleNamespace(get_file=get_file))
    monkeypatch.delenv("HPT_DATA", raising=False)
    monkeypatch.setattr(dataset, "_repository", lambda: None)
    monkeypatch.setattr(tensorflow_loader, "load_tensorflow", lambda: SimpleNamespace(keras=keras))
    dataset._load_keras_download.cache_clear()


def test_without_a_repository_keras_downloads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(0)
    arrays = {
        "x_train": generator.integers(0, 256, (60_000, 2, 2), dtype=np.uint8),
        "y_train": (np.arange(60_000) % 10).astype(np.uint8),
        "x_test": generator.integers(0, 256, (10_000, 2, 2), dtype=np.uint8),
        "y_test": np.zeros(10_000, dtype=np.uint8),
    }
    np.savez(tmp_path / "mnist.npz", **arrays)
    asked = {}

    def get_file(name: str, **options: str) -> str:
        asked.update(options, name=name)
        return str(tmp_path / name)

    fake_keras(monkeypatch, get_file)
    data = load_mnist()
    dataset._load_keras_download.cache_clear()
    assert asked == {
        "name": "mnist.npz",
        "origin": dataset.KERAS_ORIGIN,
        "file_hash": dataset.KERAS_SHA256,
    }
    assert data.x_validation.shape == (10_000, 2, 2)
    np.testing.assert_allclose(data.x_train[:5] * 255, arrays["x_train"][:5], rtol=1e-6)


def test_without_files_and_network_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def get_file(name: str, **options: str) -> str:
        raise Exception("URL fetch failure: no route to host")  # noqa: TRY002

    fake_keras(monkeypatch, get_file)
    with pytest.raises(DataError, match=r"mnist.npz.*no route to host.*HPT_DATA"):
        load_mnist()


def test_the_download_is_held_to_the_sum_that_keras_uses() -> None:
    tensorflow = tensorflow_loader.load_tensorflow()
    source = Path(tensorflow.keras.datasets.mnist.load_data.__code__.co_filename)
    assert dataset.KERAS_SHA256 in source.read_text(encoding="utf-8")
