"""Data with named splits: features of any shape, any number of classes, any named splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.data.arrays import prepare_arrays
from hpt_widgets.data.csv_file import read_csv
from hpt_widgets.data.dataset_checks import (
    check_whole,
    checked_class_names,
    checked_n_classes,
    checked_splits,
)
from hpt_widgets.data.preprocessing import SCALINGS, Preprocessing, Scaling, untouched
from hpt_widgets.data.split import Split as Split
from hpt_widgets.data.splitting import Shares, stratified_rows
from hpt_widgets.data.table import TableOptions, split_table
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_choice

if TYPE_CHECKING:
    import pandas as pd

SUBSET_SEED: Final = 0
"""Where not all training samples are used, all labs, studies and boards take the same subset."""


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
    class_names : sequence of str, optional
        What each class is called; by default its number.

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
    class_names : tuple of str
        What each is called.
    preprocessing : Preprocessing or None
        How a table or unscaled arrays became features; None where features were given.

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

    __slots__ = ("__weakref__", "_class_names", "_code", "_n_classes", "_preprocessing", "_splits")
    _class_names: tuple[str, ...]
    _code: str
    _preprocessing: Preprocessing | None
    _splits: dict[str, Split]
    _n_classes: int

    def __init__(
        self,
        splits: Mapping[str, tuple[ArrayLike, ArrayLike] | Split],
        *,
        n_classes: int | None = None,
        class_names: Sequence[str] | None = None,
    ) -> None:
        checked = checked_splits(splits)
        number = checked_n_classes(n_classes, checked)
        self._fill(checked, number, "data", checked_class_names(class_names, number))

    @classmethod
    def from_arrays(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        *,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        test: tuple[ArrayLike, ArrayLike] | None = None,
        n_classes: int | None = None,
        class_names: Sequence[str] | None = None,
        validation_share: float = 0.0,
        test_share: float = 0.0,
        scale: Scaling | None = None,
        seed: int = 0,
    ) -> Dataset:
        """Make a data set from plain arrays.

        Parameters
        ----------
        x : array_like, shape (n_samples, ...)
            Features to train on; pictures of any size too.
        y : array_like of int, str or bool, shape (n_samples,)
            Their labels: numbers from 0, or names or truth values, which are numbered in
            alphabetical order.
        validation, test : (x, y), optional
            The other splits. Left out, the data set has no such split.
        n_classes : int, optional
            The number of classes. By default one more than the largest label.
        class_names : sequence of str, optional
            What each class is called. By default its name in `y`, or its number.
        validation_share, test_share : float, default 0
            Which share of the samples, from 0 up to 1, to hold out for each split, of each class
            its part.
        scale : {"standard", "minmax"}, optional
            Scale all features by what the training samples are: to a mean of 0 and a standard
            deviation of 1, or to the interval from 0 to 1. Rows of numbers are scaled column by
            column, pictures as a whole.
        seed : int, default 0
            Of the split: the same seed gives the same one.

        Raises
        ------
        ValueError, TypeError
            As the constructor does; also if a class has fewer samples than there are splits, or
            if the labels are measurements.
        """
        shares = Shares(validation_share, test_share)
        scaling = None if scale is None else require_choice("scale", scale, SCALINGS)
        given = {"train": (x, y), "validation": validation, "test": test}
        whole = check_whole("bad_seed", seed, 0)
        arrays = prepare_arrays(given, shares, scaling, whole, n_classes)
        names = arrays.class_names if class_names is None else class_names
        if n_classes is None and arrays.class_names is not None:
            n_classes = len(arrays.class_names)
        data = cls(arrays.splits, n_classes=n_classes, class_names=names)
        data._keep(arrays.preprocessing)
        return data

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        target: str,
        *,
        validation_share: float = 0.2,
        test_share: float = 0.2,
        scale: Scaling | None = "standard",
        seed: int = 0,
    ) -> Dataset:
        """Make a data set of a table: one row a sample, one column of classes.

        Columns of numbers are scaled, columns of texts become one column for each text that is
        in the training rows (one-hot). Both are measured on the training rows alone, and kept as
        `preprocessing`, so that `transform` makes the same of new rows.

        Parameters
        ----------
        frame : DataFrame
            The table, without missing values.
        target : str
            The column of the classes: texts, truth values or whole numbers.
        validation_share, test_share : float, default 0.2
            Which share of the rows, from 0 up to 1, to hold out, of each class its part.
        scale : {"standard", "minmax"} or None, default "standard"
            To a mean of 0 and a standard deviation of 1, to the interval from 0 to 1, or not.
        seed : int, default 0
            Of the split: the same seed gives the same one.

        Raises
        ------
        TypeError, ValueError
            If a column is missing, has missing values or holds what is no number or text; if a
            class is too small to split, or the target holds measurements.

        Warns
        -----
        UserWarning
            If columns are left out because all training rows have the same value there.

        Examples
        --------
        >>> from sklearn.datasets import load_wine
        >>> frame = load_wine(as_frame=True).frame
        >>> data = Dataset.from_frame(frame, target="target")
        >>> data
        Dataset(train 106, validation 36, test 36; samples of shape (13,), 3 classes)
        """
        options = _table_options(target, validation_share, test_share, scale, seed)
        return cls._from_table(frame, options, f"hpt.Dataset.from_frame(frame, {options.code()})")

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        target: str,
        *,
        validation_share: float = 0.2,
        test_share: float = 0.2,
        scale: Scaling | None = "standard",
        seed: int = 0,
        sep: str = ",",
        encoding: str | None = None,
    ) -> Dataset:
        """Make a data set of a file of comma-separated values, whose first line names the columns.

        Parameters
        ----------
        path : str or Path
            Of the file.
        target, validation_share, test_share, scale, seed
            As for `from_frame`.
        sep : str, default ","
            What stands between two values.
        encoding : str, optional
            Of the file. By default UTF-8 or UTF-16, or GB 18030 (as Excel writes in China) where
            it is neither.

        Raises
        ------
        TypeError, ValueError
            As `from_frame` does, or if the file can't be read.
        """
        options = _table_options(target, validation_share, test_share, scale, seed)
        more = "" if sep == "," else f", sep={sep!r}"
        more += "" if encoding is None else f", encoding={encoding!r}"
        code = f"hpt.Dataset.from_csv({str(path)!r}, {options.code()}{more})"
        return cls._from_table(read_csv(path, sep, encoding), options, code)

    @classmethod
    def _from_table(cls, frame: pd.DataFrame, options: TableOptions, code: str) -> Dataset:
        table = split_table(frame, options)
        return dataset_of(
            table.splits, len(table.class_names), code, table.class_names, table.preprocessing
        )

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

    @property
    def class_names(self) -> tuple[str, ...]:
        """What each class is called."""
        return self._class_names

    @property
    def preprocessing(self) -> Preprocessing | None:
        """How rows became features; None where features were given."""
        return self._preprocessing

    def transform(self, rows: Any) -> NDArray[np.float32]:
        """Make features of new rows, as the training rows became features.

        Parameters
        ----------
        rows : DataFrame or array_like, shape (n_rows, ...)
            With the columns of the table, or the shape of the samples, that the data set was
            made from. A text that no training row had counts as none of those that are known.

        Returns
        -------
        ndarray of float32, shape (n_rows, *feature_shape)

        Raises
        ------
        TypeError, ValueError
            If the rows do not fit; the message names what is missing.
        """
        preprocessing = self._preprocessing or untouched(self.feature_shape)
        return preprocessing.transform(rows)

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
        wanted = check_whole("bad_n", n, 1, len(train.y))
        rows = stratified_rows(train.y, wanted, check_whole("bad_seed", seed, 0))
        code = f"{self._code}.take({wanted}, seed={int(seed)})"
        splits = {**self._splits, "train": train.rows(rows)}
        return dataset_of(splits, self._n_classes, code, self._class_names, self._preprocessing)

    def as_code(self) -> str:
        """Return the Python expression that gives this data set.

        That is ``hpt.load_mnist()`` for MNIST, ``hpt.Dataset.from_csv(…)`` for a file and
        ``hpt.Dataset.from_frame(frame, …)`` for a table, whatever its own name may be, and
        ``data`` for any other; ``.take(…)`` follows for a subset.
        """
        return self._code

    def _fill(
        self,
        splits: Mapping[str, Split],
        n_classes: int,
        code: str,
        class_names: tuple[str, ...],
        preprocessing: Preprocessing | None = None,
    ) -> None:
        object.__setattr__(self, "_splits", dict(splits))
        object.__setattr__(self, "_n_classes", n_classes)
        object.__setattr__(self, "_code", code)
        object.__setattr__(self, "_class_names", class_names)
        self._keep(preprocessing)

    def _keep(self, preprocessing: Preprocessing | None) -> None:
        object.__setattr__(self, "_preprocessing", preprocessing)

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
        more = (self._code, self._class_names, self._preprocessing)
        return _restore, (self._splits, self._n_classes, *more)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._array_names()})

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(split.y):,}" for name, split in self._splits.items())
        return f"Dataset({sizes}; samples of shape {self.feature_shape}, {self.n_classes} classes)"

    def _array_names(self) -> Iterator[str]:
        for name in self._splits:
            yield f"x_{name}"
            yield f"y_{name}"


def dataset_of(
    splits: Mapping[str, Split],
    n_classes: int,
    code: str,
    class_names: tuple[str, ...] | None = None,
    preprocessing: Preprocessing | None = None,
) -> Dataset:
    """Return a data set of splits that need no check.

    Parameters
    ----------
    splits : mapping of str to Split
        With arrays that nobody can write to.
    n_classes : int
        The number of classes.
    code : str
        A Python expression that gives the data set, for `Dataset.as_code`.
    class_names : tuple of str, optional
        What each class is called; by default its number.
    preprocessing : Preprocessing, optional
        How rows became features.

    Returns
    -------
    Dataset
    """
    dataset = object.__new__(Dataset)
    names = checked_class_names(class_names, n_classes)
    dataset._fill(splits, n_classes, code, names, preprocessing)
    return dataset


def _restore(splits: dict[str, Split], n_classes: int, code: str, *more: Any) -> Dataset:
    """Make anew what was pickled; its arrays can be written to."""
    return dataset_of(Dataset(splits, n_classes=n_classes).splits, n_classes, code, *more)


def _table_options(
    target: str, validation_share: float, test_share: float, scale: object, seed: object
) -> TableOptions:
    scaling = None if scale is None else require_choice("scale", scale, SCALINGS)
    shares = Shares(validation_share, test_share)
    return TableOptions(target, shares, scaling, check_whole("bad_seed", seed, 0))
