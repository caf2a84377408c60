"""Labels as a reader has them, numbers or names, and the whole numbers that a network learns."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate

# A target with more values than this, and fewer samples a value than that, is a measurement.
MANY_VALUES: Final = 30
FEW_SAMPLES: Final = 3
# Up to here floats tell any two whole numbers apart.
LARGEST_EXACT: Final = 2**53


def encode_labels(name: str, values: NDArray[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Encode the classes of labels from 0, in the order of their names.

    Parameters
    ----------
    name : str
        What the labels are called.
    values : ndarray, shape (n_samples,)
        Texts, truth values or whole numbers, none of them missing.

    Returns
    -------
    labels : ndarray of int64, shape (n_samples,)
    class_names : tuple of str
        The name of each class.

    Raises
    ------
    ValueError
        If these are measurements, as for a regression, or there is one class only.
    """
    if values.dtype.kind in "fiu":
        refuse_regression(name, values)
        whole = values.astype(np.int64)
        classes, labels = np.unique(whole, return_inverse=True)
    else:
        texts = np.char.strip(values.astype(str))
        classes, labels = np.unique(texts, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            translate("tables.one_class", name=name, value=", ".join(map(str, classes)))
        )
    return labels.astype(np.int64), tuple(str(each) for each in classes)


def refuse_regression(name: str, values: NDArray[Any]) -> None:
    """Raise a ValueError if numbers are measurements rather than classes.

    Parameters
    ----------
    name : str
        What the labels are called.
    values : ndarray of numbers, shape (n_samples,)
        Whole numbers such as 0.0 to 9.0 pass. Fractions do not, nor whole numbers of which
        nearly each is another, nor floats beyond 2**53, which are no counts any more.
    """
    is_float = values.dtype.kind == "f"
    is_broken = (values != np.floor(values)) | (np.abs(values) > LARGEST_EXACT)
    broken = values[is_broken] if is_float else values[:0]
    n_values = len(np.unique(values))
    is_measured = n_values > MANY_VALUES and len(values) < FEW_SAMPLES * n_values
    if broken.size or is_measured:
        example = broken[0] if broken.size else values[0]
        words = {"name": name, "n_values": n_values, "size": len(values), "example": example}
        raise ValueError(translate("tables.regression", **words))
