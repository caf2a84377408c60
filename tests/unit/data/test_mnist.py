"""MNIST: the real files against published sums, and files that are missing or altered."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from hpt_widgets.data import mnist as source
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.mnist import DataError, load_mnist
from hpt_widgets.support.tensorflow_loader import load_tensorflow

MNIST_FOLDER = Path(source.__file__).resolve().parents[2] / "data" / "mnist"


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return load_mnist()


@pytest.fixture
def mnist_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "digits"
    shutil.copytree(MNIST_FOLDER, folder)
    monkeypatch.setenv("HPT_DATA", str(folder))
    source._load_folder.cache_clear()
    return folder


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
    assert sorted(f"{file.sha256}  {file.name}" for file in source.MNIST_FILES) == sorted(
        line for line in listed if line
    )
    for file in source.MNIST_FILES:
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


@pytest.mark.parametrize("file", source.MNIST_FILES, ids=lambda file: file.name)
def test_a_missing_file_is_named(mnist_copy: Path, file: source.MnistFile) -> None:
    (mnist_copy / file.name).unlink()
    with pytest.raises(DataError) as caught:
        load_mnist()
    for word in (file.name, f"{file.n_bytes:,} bytes", "found none", "unset HPT_DATA"):
        assert word in str(caught.value)


def test_a_file_cut_short_is_named(mnist_copy: Path) -> None:
    path = mnist_copy / source.TRAIN_IMAGES.name
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"train-images.*expected 9,719,438 bytes, found 1,000"):
        load_mnist()


def test_an_altered_file_is_named(mnist_copy: Path) -> None:
    path = mnist_copy / source.TEST_LABELS.name
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    with pytest.raises(DataError) as caught:
        load_mnist()
    for word in (source.TEST_LABELS.name, source.TEST_LABELS.sha256, found):
        assert word in str(caught.value)


def test_a_folder_in_place_of_a_file_is_named(mnist_copy: Path) -> None:
    path = mnist_copy / source.TEST_LABELS.name
    path.unlink()
    path.mkdir()
    with pytest.raises(DataError, match=r"t10k-labels.*cannot be read"):
        load_mnist()


def test_a_mended_folder_loads_again(mnist_copy: Path) -> None:
    path = mnist_copy / source.TEST_LABELS.name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(DataError):
        load_mnist()
    path.write_bytes(content)
    assert load_mnist().n_classes == 10


def test_in_a_repository_git_mends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HPT_DATA", raising=False)
    monkeypatch.setattr(source, "_repository", lambda: tmp_path)
    with pytest.raises(DataError, match=r"git checkout -- data/mnist"):
        load_mnist()


def fake_keras(monkeypatch: pytest.MonkeyPatch, get_file: object) -> None:
    """Stand in for Keras's download, so that the test needs no network."""
    keras = SimpleNamespace(utils=SimpleNamespace(get_file=get_file))
    monkeypatch.delenv("HPT_DATA", raising=False)
    monkeypatch.setattr(source, "_repository", lambda: None)
    monkeypatch.setattr(source, "load_tensorflow", lambda: SimpleNamespace(keras=keras))
    source._load_keras_download.cache_clear()


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
    source._load_keras_download.cache_clear()
    assert asked == {
        "name": "mnist.npz",
        "origin": source.KERAS_ORIGIN,
        "file_hash": source.KERAS_SHA256,
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
    tensorflow = load_tensorflow()
    keras = Path(tensorflow.keras.datasets.mnist.load_data.__code__.co_filename)
    assert source.KERAS_SHA256 in keras.read_text(encoding="utf-8")
