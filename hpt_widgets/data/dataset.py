"""Data with named splits: features of any shape, any number of classes, any named splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.data.split import PixelSplit, read_only
from hpt_widgets.data.split import Split as Split
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.support.array_checks import checked_array

# A label of 1,000,000 is a slip, and an output unit for each class would fill the memory.
MOST_CLASSES = 10_000


class Dataset:
    """Arrays with named splits, checked once and then never changed.

    The arrays are read as ``x_<split>`` and ``y_<split>``: ``data.x_train``,
    ``data.y_validation``.

    Parameters
    ----------
    splits : mapping of str to (x, y)
        The samples of each split. ``"train"`` is needed; the workbook also uses
        ``"validation"`` and ``"test"``, and other names are welcome. ``x`` has the
        shape (n_samples, ...), the same features in all splits, and finite values;
        it is kept as float32. ``y`` has the shape (n_samples,) and holds whole
        numbers from 0; it is kept as int64. Arrays that could still be written to
        are copied.
    n_classes : int, optional
        The number of classes, up to 10,000. By default one more than the largest label.

    Attributes
    ----------
    splits : dict of str to Split
        The splits, in the order given. (A new dict each time.)
    feature_shape : tuple of int
        The shape of one sample, ``(28, 28)`` for MNIST.
    n_features : int
        The number of values in one sample, 784 for MNIST.
    n_classes : int
        The number of classes.

    Raises
    ------
    ValueError, TypeError
        If the arrays do not fit together; the message names the array, what was
        found and what is allowed.

    Examples
    --------
    >>> import numpy as np
    >>> data = Dataset({"train": (np.eye(3), [0, 1, 1]), "test": (np.eye(3), [1, 0, 1])})
    >>> data.n_features, data.n_classes, data.y_test.tolist()
    (3, 2, [1, 0, 1])
    """

    __slots__ = ("__weakref__", "_code", "_n_classes", "_splits")
    _code: str
    _splits: dict[str, Split]
    _n_classes: int

    def __init__(
        self,
        splits: Mapping[str, tuple[ArrayLike, ArrayLike] | Split],
        *,
        n_classes: int | None = None,
    ) -> None:
        checked = _checked_splits(splits)
        self._fill(checked, _checked_n_classes(n_classes, checked), "data")

    @classmethod
    def from_arrays(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        *,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        test: tuple[ArrayLike, ArrayLike] | None = None,
        n_classes: int | None = None,
    ) -> Dataset:
        """Make a data set from plain arrays.

        Parameters
        ----------
        x : array_like, shape (n_samples, ...)
            Features to train on.
        y : array_like of int, shape (n_samples,)
            Their labels, from 0.
        validation, test : (x, y), optional
            The other splits. Left out, the data set has no such split.
        n_classes : int, optional
            The number of classes. By default one more than the largest label.

        Raises
        ------
        ValueError, TypeError
            As the constructor does.
        """
        given = {"train": (x, y), "validation": validation, "test": test}
        splits = {name: pair for name, pair in given.items() if pair is not None}
        return cls(splits, n_classes=n_classes)

    @property
    def splits(self) -> dict[str, Split]:
        """The splits by name, in the order given."""
        return dict(self._splits)

    @property
    def feature_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return self._splits["train"].stored.shape[1:]

    @property
    def n_features(self) -> int:
        """The number of values in one sample."""
        return int(np.prod(self.feature_shape))

    @property
    def n_classes(self) -> int:
        """The number of classes."""
        return self._n_classes

    def take(self, n: int, seed: int = 0) -> Dataset:
        """Keep a stratified random subset of the training part.

        Parameters
        ----------
        n : int
            How many training samples to keep, from 1 to all of them.
        seed : int, default 0
            The same seed gives the same subset.

        Returns
        -------
        Dataset
            With exactly `n` different training samples, in their original order.
            Each class has its share of them, to less than one sample. The other
            splits are kept whole.

        Raises
        ------
        ValueError, TypeError
            If `n` or `seed` is not a whole number, or out of range.
        """
        train = self._splits["train"]
        wanted = _check_whole("bad_n", n, 1, len(train.y))
        rows = _stratified_rows(train.y, wanted, _check_whole("bad_seed", seed, 0))
        code = f"{self._code}.take({wanted}, seed={int(seed)})"
        return dataset_of({**self._splits, "train": train.rows(rows)}, self._n_classes, code)

    def as_code(self) -> str:
        """Return the Python expression that gives this data set.

        That is ``hpt.load_mnist()`` for MNIST, and ``data``, whatever its own name may be, for
        any other; ``.take(…)`` follows for a subset.
        """
        return self._code

    def _fill(self, splits: Mapping[str, Split], n_classes: int, code: str) -> None:
        object.__setattr__(self, "_splits", dict(splits))
        object.__setattr__(self, "_n_classes", n_classes)
        object.__setattr__(self, "_code", code)

    def __getattr__(self, name: str) -> Any:
        kind, _, split = name.partition("_")
        # While a copy is being made there are no splits yet, and asking for them would not end.
        if kind in ("x", "y") and split and split in self._splits:
            return getattr(self._splits[split], kind)
        if name.startswith("_"):
            raise AttributeError(name)
        available = ", ".join(self._array_names())
        raise AttributeError(translate("dataset.no_attribute", name=name, available=available))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot assign to field {name!r}: a Dataset is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete field {name!r}: a Dataset is frozen")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._splits, self._n_classes, self._code)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._array_names()})

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(split.y):,}" for name, split in self._splits.items())
        return f"Dataset({sizes}; samples of shape {self.feature_shape}, {self.n_classes} classes)"

    def _array_names(self) -> Iterator[str]:
        for name in self._splits:
            yield f"x_{name}"
            yield f"y_{name}"


def dataset_of(splits: Mapping[str, Split], n_classes: int, code: str) -> Dataset:
    """Return a data set of splits that need no check.

    Parameters
    ----------
    splits : mapping of str to Split
        With arrays that nobody can write to.
    n_classes : int
        The number of classes.
    code : str
        A Python expression that gives the data set, for `Dataset.as_code`.

    Returns
    -------
    Dataset
    """
    dataset = object.__new__(Dataset)
    dataset._fill(splits, n_classes, code)
    return dataset


def _restore(splits: dict[str, Split], n_classes: int, code: str) -> Dataset:
    """Make anew what was pickled; its arrays can be written to."""
    return dataset_of(Dataset(splits, n_classes=n_classes).splits, n_classes, code)


# ---------------------------------------------------------------- checks


def _checked_splits(splits: object) -> dict[str, Split]:
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
    features, labels = _checked_features(name, x), _checked_labels(name, y)
    if len(features) != len(labels):
        n_x, n_y = len(features), len(labels)
        raise ValueError(translate("dataset.lengths_differ", name=name, n_x=n_x, n_y=n_y))
    return Split(features, labels)


def _checked_features(name: str, x: Any) -> NDArray[np.float32]:
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


def _checked_labels(name: str, y: Any) -> NDArray[np.int64]:
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


def _checked_n_classes(n_classes: object, splits: Mapping[str, Split]) -> int:
    if n_classes is None:
        return 1 + max(int(split.y.max()) for split in splits.values())
    limit = _check_whole("bad_n_classes", n_classes, 1, MOST_CLASSES)
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


def _check_whole(text: str, value: object, lowest: int, highest: int | None = None) -> int:
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


# ---------------------------------------------------------------- subsets


def _stratified_rows(labels: NDArray[np.int64], n: int, seed: int) -> NDArray[np.int64]:
    """Return `n` different rows, each class with its share, in ascending order."""
    generator = np.random.default_rng(seed)
    classes, sizes = np.unique(labels, return_counts=True)
    chosen = [
        generator.permutation(np.flatnonzero(labels == label))[:count]
        for label, count in zip(classes, _apportion(sizes, n), strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def _apportion(sizes: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Divide `n` places among the classes by the largest remainders (Hamilton's method)."""
    shares = sizes * n
    places: NDArray[np.int64] = shares // sizes.sum()
    remainders = shares % sizes.sum()
    first = np.argsort(-remainders, kind="stable")[: n - places.sum()]
    places[first] += 1
    return places
