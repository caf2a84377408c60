"""The samples of a data set as tensors on the device."""

from __future__ import annotations

import contextlib
import mmap
import weakref
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.dataset import Dataset, Split
from hpt_widgets.data.scaling import typical_size
from hpt_widgets.support.tensorflow_loader import load_tensorflow

TENSOR_ALIGNMENT: Final = 64  # bytes


@dataclass(frozen=True)
class TrainingSamples:
    """Tensors on the device: features (n, n_features) and labels (n,) int32.

    Features are float32, or pixels of uint8, which the loop turns to float batch by batch.

    Attributes
    ----------
    train, validation : (Tensor, Tensor)
        The features and labels to train on, and to measure on; `validation` is None where there are
        none.
    n_train : int
        Training samples.
    n_features, n_classes : int
        Size of the input and of the output.
    code : str
        The Python expression of the data set that they are from.
    typical_size : float
        Root mean square of the features.
    """

    train: tuple[Any, Any]
    validation: tuple[Any, Any] | None
    n_train: int
    n_features: int
    n_classes: int
    code: str = "data"
    typical_size: float = 1.0

    @classmethod
    def from_split(
        cls,
        train: Split,
        n_classes: int,
        code: str = "data",
        validation: tuple[Any, Any] | None = None,
    ) -> TrainingSamples:
        """Put what is trained on on the device, each sample flattened.

        Parameters
        ----------
        train : Split
            What to train on.
        n_classes : int
            Size of the output.
        code : str, default "data"
            The Python expression of the data set that they are from.
        validation : (Tensor, Tensor), optional
            What to measure on, on the device already.

        Returns
        -------
        TrainingSamples
        """
        tensors = split_on_device(train)
        n_features = int(tensors[0].shape[1])
        size = typical_size(train)
        return cls(tensors, validation, len(train.y), n_features, n_classes, code, size)


def split_on_device(split: Split) -> tuple[Any, Any]:
    """Return the features and labels of a split as tensors: see `TrainingSamples`."""
    tf = load_tensorflow()
    with tf.device("CPU:0"):
        return features_on_device(split), tf.constant(np.asarray(split.y, np.int32))


def features_on_device(split: Split) -> Any:
    """Return what is kept of a split's features as a tensor, each sample flattened.

    Parameters
    ----------
    split : Split
        Its pixels are shared with the tensor where that is possible; what is not is copied.

    Returns
    -------
    Tensor of float32 or uint8, shape (n_samples, n_features)
    """
    tf = load_tensorflow()
    flat = split.stored.reshape(len(split.stored), -1)
    is_shared = flat.dtype == np.uint8 and _can_be_shared(flat)
    return tf.experimental.dlpack.from_dlpack((flat if is_shared else _copied(flat)).__dlpack__())


def _copied(flat: NDArray[Any]) -> NDArray[Any]:
    """Return a copy of features that TensorFlow can have as it is, floats as float32.

    TensorFlow's own copy would ask the system for each small page of it (see `take_from_heaps`):
    of 48,000 digits, 151 MB, that was measured to take 75 ms, and with large pages 25 ms.
    """
    dtype = flat.dtype if flat.dtype == np.uint8 else np.dtype(np.float32)
    memory = _large_pages(max(1, flat.size * dtype.itemsize))  # an empty one can't be had
    copy = np.frombuffer(memory, dtype, flat.size).reshape(flat.shape)
    copy[...] = flat
    return copy


def _large_pages(n_bytes: int) -> mmap.mmap:
    """Return memory that begins with a page, in large pages where the system has them."""
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        return mmap.mmap(-1, n_bytes)
    # Linux has large pages for what no other process shares.
    memory = mmap.mmap(-1, n_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with contextlib.suppress(OSError):  # it was built without them
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def _can_be_shared(flat: NDArray[np.uint8]) -> bool:
    """Return whether TensorFlow can have these pixels as they are, and let it see them."""
    # TensorFlow ends the process where a tensor's memory is not aligned.
    if flat.ctypes.data % TENSOR_ALIGNMENT or not flat.flags.c_contiguous:
        return False
    try:
        # It takes nothing that is read-only; neither it nor we write to the pixels.
        flat.flags.writeable = True
    except ValueError:
        return False
    return True


# The same data set is trained on again and again: it is put on the device once.
_samples_of_dataset: weakref.WeakKeyDictionary[Dataset, TrainingSamples] = (
    weakref.WeakKeyDictionary()
)


def samples_of(data: Dataset) -> TrainingSamples:
    """Return the tensors of a data set: what is trained on, and what is measured on.

    They are made once, and kept as long as the data set is.

    Parameters
    ----------
    data : Dataset
        With a split ``train``, and perhaps one ``validation``.

    Returns
    -------
    TrainingSamples
    """
    samples = _samples_of_dataset.get(data)
    if samples is None:
        samples = TrainingSamples.from_split(
            data.splits["train"], data.n_classes, data.as_code(), _validation_of(data)
        )
        _samples_of_dataset[data] = samples
    return samples


def _validation_of(data: Dataset) -> tuple[Any, Any] | None:
    """Return the tensors to measure on; a subset shares them with the data it was taken from."""
    validation = data.splits.get("validation")
    if validation is None or len(validation.y) == 0:
        return None
    for other, samples in list(_samples_of_dataset.items()):
        if other.splits.get("validation") is validation:
            return samples.validation
    return split_on_device(validation)
