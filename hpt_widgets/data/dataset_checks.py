"""The arrays of a data set, read strictly; each message names the array and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.class_labels import refuse_regression
from hpt_widgets.data.split import PixelSplit, Split, read_only
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import items_of, whole_number
from hpt_widgets.support.array_checks import checked_array

# A label of 1,000,000 is a slip, and an output unit for each class would fill the memory.
MOST_CLASSES = 10_000


def checked_splits(splits: object) -> dict[str, Split]:
    """Return the splits of a data set, or raise an error that names what is wrong with them."""
    if not isinstance(splits, Mapping):
        raise TypeError(translate("dataset.no_splits", found=type(splits).__name__))
    if "train" not in splits:
        raise ValueError(translate("dataset.no_splits", found=list(splits)))
    shape = _feature_shape(splits["train"])
    checked: dict[str, Split] = {}
    for name, pair in splits.items():
        if not (isinstance(name, str) and name.isidentifier()):
            raise ValueError(translate("dataset.bad_split_name", name=name))
        checked[name] = _checked_split(name, pair, shape)
    return checked


def _feature_shape(pair: object) -> tuple[int, ...]:
    if isinstance(pair, PixelSplit):
        return pair.stored.shape[1:]
    return checked_array("x_train", _pair("train", pair)[0]).shape[1:]


def _pair(name: str, pair: object) -> tuple[Any, Any]:
    if not isinstance(pair, tuple | list | Split) or len(pair) != 2:
        found = type(pair).__name__
        raise TypeError(translate("dataset.not_a_pair", name=name, found=found))
    return pair[0], pair[1]


def _checked_split(name: str, pair: object, feature_shape: tuple[int, ...]) -> Split:
    split = pair if isinstance(pair, PixelSplit) else _split_of(name, *_pair(name, pair))
    found, expected = split.stored.shape[1:], feature_shape
    if found != expected:
        raise ValueError(
            translate("dataset.features_differ", name=name, found=found, expected=expected)
        )
    return split


def _split_of(name: str, x: Any, y: Any) -> Split:
    features, labels = checked_features(name, x), checked_labels(name, y)
    if len(features) != len(labels):
        n_x, n_y = len(features), len(labels)
        raise ValueError(translate("dataset.lengths_differ", name=name, n_x=n_x, n_y=n_y))
    return Split(features, labels)


def checked_features(name: str, x: Any) -> NDArray[np.float32]:
    """Return the features of a split, finite numbers of shape (n_samples, ...)."""
    values = checked_array(f"x_{name}", x)
    if values.dtype.kind not in "fiub":
        raise TypeError(translate("dataset.features_not_numbers", name=name, found=values.dtype))
    if values.ndim < 2 or 0 in values.shape[1:]:
        raise ValueError(translate("dataset.features_shape", name=name, found=values.shape))
    if len(values) == 0:
        raise ValueError(translate("dataset.empty", name=name))
    with np.errstate(over="ignore"):
        features = values.astype(np.float32, copy=False)
    # The least and the greatest value show a nan or an infinity without another array.
    if not (np.isfinite(features.min()) and np.isfinite(features.max())):
        index = tuple(np.argwhere(~np.isfinite(features))[0])
        raise ValueError(
            translate("dataset.features_not_finite", name=name, found=values[index], index=index[0])
        )
    return _own(features, values)


def checked_labels(name: str, y: Any) -> NDArray[np.int64]:
    """Return the labels of a split, whole numbers from 0."""
    values = checked_array(f"y_{name}", y)
    if values.ndim != 1:
        raise ValueError(translate("dataset.labels_shape", name=name, found=values.shape))
    if values.dtype.kind not in "fiu":
        raise TypeError(translate("dataset.labels_not_integers", name=name, found=values.dtype))
    if values.dtype.kind == "f":
        broken = values[~(np.isfinite(values) & (values == np.floor(values)))]
        if broken.size:
            raise ValueError(translate("dataset.label_not_whole", name=name, found=broken[0]))
    if values.size and values.min() < 0:
        raise ValueError(translate("dataset.negative_label", name=name, found=values.min()))
    if values.size and values.max() >= MOST_CLASSES:
        found = values.max()
        raise ValueError(
            translate("dataset.label_too_large", name=name, found=found, highest=MOST_CLASSES - 1)
        )
    labels = values.astype(np.int64, copy=False)
    return _own(labels, values)


def checked_n_classes(n_classes: object, splits: Mapping[str, Split]) -> int:
    """Return the number of classes, by default one more than the largest label."""
    if n_classes is None:
        # A small split of many classes looks like measurements; all labels together do not.
        refuse_regression("y", np.concatenate([split.y for split in splits.values()]))
        return 1 + max(int(split.y.max()) for split in splits.values())
    limit = check_whole("bad_n_classes", n_classes, 1, MOST_CLASSES)
    for name, split in splits.items():
        found = int(split.y.max())
        if found >= limit:
            raise ValueError(
                translate(
                    "dataset.label_out_of_range",
                    name=name,
                    found=found,
                    n_classes=limit,
                    highest=limit - 1,
                )
            )
    return limit


def check_whole(text: str, value: object, lowest: int, highest: int | None = None) -> int:
    """Return a whole number within bounds, or raise an error with that text."""
    message = translate(f"dataset.{text}", found=value, lowest=lowest, highest=highest)
    whole = whole_number(value)
    if whole is None:
        raise TypeError(message)
    if whole < lowest or (highest is not None and whole > highest):
        raise ValueError(message)
    return whole


def _own(array: NDArray[Any], given: NDArray[Any]) -> NDArray[Any]:
    """Copy the given array where the caller could still write to it; share it where not."""
    return read_only(array.copy() if array is given and _may_change(array) else array)


def _may_change(array: NDArray[Any]) -> bool:
    """Tell whether anybody may write to an array, or to what it is a view of."""
    owner: Any = array
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return True
        owner = owner.base
    return not (owner is None or isinstance(owner, bytes))


def checked_class_names(names: object, n_classes: int) -> tuple[str, ...]:
    """Return a name for each class, by default its number."""
    if names is None:
        return tuple(str(number) for number in range(n_classes))
    items = items_of(names)
    if (
        items is None
        or len(items) != n_classes
        or not all(isinstance(name, str) for name in items)
        or len(set(items)) != n_classes
    ):
        raise ValueError(translate("tables.class_names", found=names, n_classes=n_classes))
    return items
