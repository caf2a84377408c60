"""How a reader's rows become features: fitted on the training rows, kept with the data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import listed, translate
from hpt_widgets.support.array_checks import checked_array

if TYPE_CHECKING:
    import pandas as pd

Scaling = Literal["standard", "minmax"]
SCALINGS: Final[tuple[Scaling, ...]] = ("standard", "minmax")
# Features are kept in single precision.
LARGEST: Final = float(np.finfo(np.float32).max)


class Preprocessing(Protocol):
    """What turns a reader's rows into a network's features."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What each feature is called; empty where they have no names."""

    def transform(self, rows: Any) -> NDArray[np.float32]:
        """Return the features of rows that may be new."""


@dataclass(frozen=True)
class ArrayScaling:
    """The same shift and scale for all samples, whatever their shape.

    Attributes
    ----------
    offset, scale : ndarray of float64, shape of one sample, or ()
        A feature is ``(value - offset) / scale``.
    shape : tuple of int
        Of one sample.
    feature_names : tuple of str
        Empty: features of an array have no names.
    """

    offset: NDArray[np.float64]
    scale: NDArray[np.float64]
    shape: tuple[int, ...]
    feature_names: tuple[str, ...] = ()

    @classmethod
    def fit(cls, x: NDArray[Any], kind: Scaling) -> ArrayScaling:
        """Measure the training samples.

        Parameters
        ----------
        x : ndarray, shape (n_samples, ...)
            A picture (two dimensions and more) is scaled as a whole, so that it stays the same
            picture; rows of numbers column by column.
        kind : {"standard", "minmax"}
            To a mean of 0 and a standard deviation of 1, or to the interval from 0 to 1. What
            does not vary becomes 0.
        """
        values = x.astype(np.float64)
        axes = None if x.ndim > 2 else 0
        if kind == "standard":
            offset, scale = values.mean(axes), values.std(axes)
        else:
            offset = values.min(axes)
            scale = values.max(axes) - offset
        return cls(np.asarray(offset), np.where(scale > 0, scale, 1.0), x.shape[1:])

    def transform(self, rows: Any) -> NDArray[np.float32]:
        """Return the features of samples, shape (n_samples, ...).

        Raises
        ------
        TypeError, ValueError
            If they are no numbers, or of another shape.
        """
        values = checked_array("rows", rows)
        if values.shape[1:] != self.shape or values.ndim == 0 or values.dtype.kind not in "fiub":
            words = {"found": values.shape, "kind": values.dtype, "shape": self.shape}
            raise ValueError(translate("tables.rows_shape", **words))
        scaled = (values.astype(np.float64) - self.offset) / self.scale
        return np.asarray(scaled, np.float32)


def untouched(shape: tuple[int, ...]) -> ArrayScaling:
    """Return what leaves samples of a shape as they are."""
    return ArrayScaling(np.zeros(()), np.ones(()), shape)


@dataclass(frozen=True, eq=False)
class TablePreprocessing:
    """Numbers scaled, categories as one column each, by scikit-learn's transformers.

    A category that no training row had becomes zeros in all columns of its field.

    Attributes
    ----------
    columns : tuple of str
        The table's columns that are used, in their order.
    categories : tuple of str
        Those of them that hold categories.
    dropped : tuple of str
        Columns that say nothing, because all training rows have the same value there.
    feature_names : tuple of str
        Of the features, such as ``"species_setosa"`` for one category of a column.
    """

    columns: tuple[str, ...]
    categories: tuple[str, ...]
    dropped: tuple[str, ...]
    feature_names: tuple[str, ...]
    transformer: Any

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, scale: Scaling | None, texts: Collection[str] | None = None
    ) -> TablePreprocessing:
        """Measure the training rows.

        Parameters
        ----------
        frame : DataFrame
            The training rows, without the target.
        scale : {"standard", "minmax"} or None
            How columns of numbers are scaled: to a mean of 0 and a standard deviation of 1, to
            the interval from 0 to 1, or not at all.
        texts : collection of str, optional
            Columns that hold categories, whatever these rows look like. By default those that
            are no numbers here.

        Raises
        ------
        ValueError
            If no column varies.
        """
        from sklearn.compose import make_column_transformer
        from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

        dropped = tuple(str(name) for name in frame if frame[name].nunique() < 2)
        used = [str(name) for name in frame if name not in dropped]
        if not used:
            raise ValueError(translate("tables.all_constant", columns=comma_list(dropped)))
        if texts is None:
            texts = [name for name in used if as_numbers(frame[name]) is None]
        categories = [name for name in used if name in texts]
        numbers = [name for name in used if name not in categories]
        scaler = {"standard": StandardScaler, "minmax": MinMaxScaler}
        encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        transformer = make_column_transformer(
            (scaler[scale]() if scale else "passthrough", numbers), (encoder, categories)
        )
        transformer.fit(_plain(frame[used], categories))
        options = transformer.transformers_[1][1].categories_ if categories else ()
        pairs = zip(categories, options, strict=True)
        names = (f"{name}_{option}" for name, found in pairs for option in found)
        return cls(tuple(used), tuple(categories), dropped, (*numbers, *names), transformer)

    def transform(self, rows: Any) -> NDArray[np.float32]:
        """Return the features of rows, shape (n_rows, n_features).

        Parameters
        ----------
        rows : DataFrame
            With the columns of the training table; others are left aside.

        Raises
        ------
        TypeError
            If it is no table.
        ValueError
            If a column is missing, or values in it are.
        """
        import pandas as pd

        if not isinstance(rows, pd.DataFrame):
            raise TypeError(translate("tables.no_frame", name="rows", kind=type(rows).__name__))
        named = rows.rename(columns=str)
        require_columns("rows", named, self.columns)
        used = named.loc[:, named.columns.isin(self.columns)]
        refuse_same_names("rows", used)
        used = used[list(self.columns)]
        refuse_missing("rows", used)
        for name in self.columns:
            if name not in self.categories:
                _check_numbers(used[name])
        if not len(used):
            return np.empty((0, len(self.feature_names)), np.float32)
        features = self.transformer.transform(_plain(used, list(self.categories)))
        return np.asarray(features, np.float32)


def as_numbers(column: Any) -> NDArray[np.float64] | None:
    """Return a column of numbers or truth values as floats, None where it is no such column.

    Numbers that are kept as texts count too; what pandas calls categories does not.

    Parameters
    ----------
    column : Series
        Without missing values.
    """
    # Dates would become nanoseconds, complex numbers lose a part.
    if column.dtype == "category" or getattr(column.dtype, "kind", "O") in "mMc":
        return None
    try:
        numbers: NDArray[np.float64] = column.to_numpy(dtype=np.float64)
    except (TypeError, ValueError):
        return None
    except OverflowError:  # whole numbers of more than 308 digits
        return np.full(len(column), np.inf)
    return numbers


def refuse_large(column: str, numbers: NDArray[np.float64]) -> None:
    """Raise a ValueError unless all numbers of a column are finite, in single precision too."""
    # A nan is not below either.
    broken = numbers[~(np.abs(numbers) <= LARGEST)]
    if broken.size:
        raise ValueError(translate("tables.not_finite", column=column, value=broken[0]))


def refuse_same_names(name: str, frame: Any) -> None:
    """Raise a ValueError that names the columns which a table has more than once."""
    if twice := sorted(set(frame.columns[frame.columns.duplicated()])):
        raise ValueError(translate("tables.same_names", name=name, columns=comma_list(twice)))


def require_columns(name: str, frame: Any, columns: Sequence[str]) -> None:
    """Raise a ValueError that names the columns which a table lacks."""
    if missing := [column for column in columns if column not in frame.columns]:
        words = {"name": name, "columns": comma_list(missing)}
        raise ValueError(translate("tables.no_column", found=comma_list(frame.columns), **words))


def refuse_missing(name: str, frame: Any) -> None:
    """Raise a ValueError that names the columns with missing values, and how many there are."""
    counts = frame.isna().sum()
    if counts.any():
        found = listed(
            translate("tables.missing_in", column=column, n=n) for column, n in counts.items() if n
        )
        raise ValueError(translate("tables.missing", name=name, found=found))


def comma_list(names: Iterable[object]) -> str:
    """Return names with commas between."""
    return ", ".join(str(name) for name in names)


def _check_numbers(column: Any) -> None:
    """Raise a ValueError unless a column holds numbers that can be features."""
    numbers = as_numbers(column)
    if numbers is None:
        raise ValueError(translate("tables.no_numbers", column=column.name))
    refuse_large(column.name, numbers)


def _plain(frame: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """Return a table of floats and of texts without blanks around them.

    A category that is a number here and a text there is the same in every reading.
    """
    columns = {
        name: frame[name].astype(str).str.strip()
        if name in categories
        else frame[name].to_numpy(np.float64)
        for name in frame
    }
    return type(frame)(columns, index=frame.index)
