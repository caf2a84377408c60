"""MNIST, read from the four original IDX files, each of which is checked by its SHA-256 sum."""

from __future__ import annotations

import gzip
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hpt_widgets.data.dataset import Dataset, dataset_of
from hpt_widgets.data.pixel_map import Pixels, shared_pixels
from hpt_widgets.data.split import PixelSplit, read_only
from hpt_widgets.language import translate
from hpt_widgets.support.home import expanded, reader_folder
from hpt_widgets.support.tensorflow_loader import load_after_this_cell, load_tensorflow
from hpt_widgets.support.tidying import watch_cells

ENVIRONMENT_VARIABLE = "HPT_DATA"
N_VALIDATION = 10_000
KERAS_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
# The sum that Keras itself asks for (keras/src/datasets/mnist.py).
KERAS_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
# A proxy may take a connection and never answer; Keras would wait for it for ever.
SILENCE_SECONDS = 30.0


class DataError(OSError):
    """A data file is missing, cut short or altered; the message says how to mend it."""


class MnistFile(NamedTuple):
    """One of the original files, gzipped: its name, size in bytes, and SHA-256 sum.

    Attributes
    ----------
    name : str
        Without a folder.
    n_bytes : int
        Its size.
    sha256 : str
        Its sum, in hexadecimal digits.
    """

    name: str
    n_bytes: int
    sha256: str


TRAIN_IMAGES = MnistFile(
    "train-images-idx3-ubyte.gz",
    9_719_438,
    "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",
)
TRAIN_LABELS = MnistFile(
    "train-labels-idx1-ubyte.gz",
    28_857,
    "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",
)
TEST_IMAGES = MnistFile(
    "t10k-images-idx3-ubyte.gz",
    1_616_508,
    "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
)
TEST_LABELS = MnistFile(
    "t10k-labels-idx1-ubyte.gz",
    4_517,
    "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
)
MNIST_FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


@dataclass(frozen=True)
class _Folder:
    """Where the files are, and what mends them there."""

    path: Path
    mend_key: str
    root: Path

    def mend(self) -> str:
        return translate(f"dataset.{self.mend_key}", root=self.root)


def load_mnist() -> Dataset:
    """Load MNIST: 28x28 grey pictures of handwritten digits.

    The files are looked for in the folder that the environment variable
    ``HPT_DATA`` names; where it is not set, in ``data/mnist`` of the repository
    that the package is installed from; where there is none, Keras downloads its
    copy. Each file is checked by its SHA-256 sum. A second call in the same
    process returns the same data at once.

    Returns
    -------
    Dataset
        ``x_train`` (50000, 28, 28), ``x_validation`` (10000, 28, 28; the last
        10,000 of the original training file) and ``x_test`` (10000, 28, 28),
        float32 from 0 (background) to 1; ``y_train``, ``y_validation`` and
        ``y_test``, digits from 0 to 9. The pictures are kept as bytes, in memory that all
        kernels of a machine share; each array of float32 is made when it is asked for.

    Raises
    ------
    DataError
        If a file is missing, cut short or altered, or cannot be downloaded. The
        message names the file, what was expected and found, and how to mend it.

    Notes
    -----
    What trains on the digits needs TensorFlow, whose import takes several seconds.
    In a notebook it begins in the background when the cell that calls this has ended.

    References
    ----------
    Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten
    digits".
    """
    load_after_this_cell()
    watch_cells()
    folder = _find_folder()
    return _load_keras_download() if folder is None else _load_folder(folder)


def _find_folder() -> _Folder | None:
    """Return where the files must be; None where only a download can help."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        path = _expanded_if_possible(Path(named))
        return _Folder(path, "mend_environment", path)
    root = _repository()
    return None if root is None else _Folder(root / "data" / "mnist", "mend_repository", root)


def _expanded_if_possible(path: Path) -> Path:
    try:
        return expanded(path)
    except OSError:  # there is no such user: then there is no such folder
        return path


def _repository() -> Path | None:
    """Return the folder of the repository, if the package is installed from one."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else None


@lru_cache(maxsize=1)
def _load_folder(folder: _Folder) -> Dataset:
    if not folder.path.is_dir():
        raise DataError(translate("dataset.folder_missing", folder=folder.path, mend=folder.mend()))
    contents = {file: _checked_bytes(folder, file) for file in MNIST_FILES}

    def unpack() -> Pixels:
        return np.concatenate([_read_idx(contents[file]) for file in (TRAIN_IMAGES, TEST_IMAGES)])

    return _split_mnist(
        shared_pixels(_folders_for_pixels(folder.path), unpack),
        _read_idx(contents[TRAIN_LABELS]),
        _read_idx(contents[TEST_LABELS]),
    )


@lru_cache(maxsize=1)
def _load_keras_download() -> Dataset:
    # Not mnist.load_data: older Keras lets NumPy unpickle, and we never do.
    get_file = load_tensorflow().keras.utils.get_file
    try:
        with _limited_silence():
            path = get_file("mnist.npz", origin=KERAS_ORIGIN, file_hash=KERAS_SHA256)
    except Exception as error:  # Keras raises a plain Exception where there is no network.
        message = translate("dataset.download_failed", origin=KERAS_ORIGIN, found=error)
        raise DataError(message) from error
    with np.load(path, allow_pickle=False) as arrays:

        def unpack() -> Pixels:
            return np.concatenate([arrays["x_train"], arrays["x_test"]])

        pixels = shared_pixels(_folders_for_pixels(Path(path).parent), unpack)
        return _split_mnist(pixels, arrays["y_train"], arrays["y_test"])


def _folders_for_pixels(beside: Path) -> Iterator[Path]:
    """Yield where the unpacked pixels may be kept: beside the files, else with the reader."""
    yield beside
    with suppress(OSError):
        yield reader_folder()


@contextmanager
def _limited_silence() -> Iterator[None]:
    """Let connections that are made meanwhile fail where nothing comes for too long."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _split_mnist(pixels: Pixels, labels: Pixels, test_labels: Pixels) -> Dataset:
    n_train = len(labels) - N_VALIDATION
    pictures = np.split(pixels, [n_train, len(labels)])
    digits = read_only(np.concatenate([labels, test_labels]).astype(np.int64))
    names = ("train", "validation", "test")
    pairs = zip(pictures, np.split(digits, [n_train, len(labels)]), strict=True)
    splits = {name: PixelSplit(x, y) for name, (x, y) in zip(names, pairs, strict=True)}
    return dataset_of(splits, n_classes=10, code="hpt.load_mnist()")


def _read_idx(packed: bytes) -> Pixels:
    """Read one IDX file: a magic number that ends in the rank, the shape, then the bytes."""
    content = gzip.decompress(packed)
    rank = content[3]
    shape = np.frombuffer(content, dtype=">u4", count=rank, offset=4).astype(int)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * rank).reshape(shape)


def _checked_bytes(folder: _Folder, file: MnistFile) -> bytes:
    path, mend = folder.path / file.name, folder.mend()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        message = translate("dataset.file_missing", path=path, expected=file.n_bytes, mend=mend)
        raise DataError(message) from None
    except OSError as error:
        message = translate(
            "dataset.file_unreadable", path=path, expected=file.n_bytes, found=error, mend=mend
        )
        raise DataError(message) from error
    if len(content) != file.n_bytes:
        raise DataError(
            translate(
                "dataset.file_wrong_size",
                path=path,
                expected=file.n_bytes,
                found=len(content),
                mend=mend,
            )
        )
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise DataError(
            translate(
                "dataset.file_altered", path=path, expected=file.sha256, found=found, mend=mend
            )
        )
    return content
