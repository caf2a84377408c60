"""A reader's table: one row a sample, a column of classes, and columns of numbers or texts."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.data.class_labels import LARGEST_EXACT, encode_labels
from hpt_widgets.data.preprocessing import (
    Scaling,
    TablePreprocessing,
    as_numbers,
    comma_list,
    refuse_large,
    refuse_missing,
    refuse_same_names,
)
from hpt_widgets.data.split import Split, read_only
from hpt_widgets.data.splitting import Shares, equal_samples, split_rows
from hpt_widgets.language import short_repr, translate

if TYPE_CHECKING:
    import pandas as pd

# A column of texts with more different ones than this, nearly one for each row, names the rows.
MANY_TEXTS: Final = 20
# What is written around the numbers of a spreadsheet: separators of thousands, units of money.
DECORATION: Final = str.maketrans("", "", ",，%％ \u3000¥￥$€")


@dataclass(frozen=True)
class TableOptions:
    """How a table becomes a data set.

    Attributes
    ----------
    target : str
        The column of classes.
    shares : Shares
        What is held out.
    scale : {"standard", "minmax"} or None
        How columns of numbers are scaled, as measured on the training rows.
    seed : int
        Of the split.
    """

    target: str
    shares: Shares
    scale: Scaling | None
    seed: int

    def code(self) -> str:
        """Write them as the arguments of `Dataset.from_frame`."""
        shares = {f"{name}_share": share for name, share in self.shares.named().items()}
        values = {"target": self.target, **shares, "scale": self.scale, "seed": self.seed}
        return ", ".join(f"{name}={value!r}" for name, value in values.items())


@dataclass(frozen=True)
class SplitTable:
    """A table as a data set keeps it.

    Attributes
    ----------
    splits : dict of str to Split
        ``"train"``, and what is held out.
    class_names : tuple of str
        The name of each class.
    preprocessing : TablePreprocessing
        Fitted on the training rows.
    """

    splits: dict[str, Split]
    class_names: tuple[str, ...]
    preprocessing: TablePreprocessing


def split_table(frame: pd.DataFrame, options: TableOptions) -> SplitTable:
    """Split a table, and make features of its columns.

    Raises
    ------
    TypeError, ValueError
        If the table can't be used; the message names the column.
    """
    target = options.target
    features, values = _checked_columns(frame, target)
    labels, class_names = encode_labels(str(target), values)
    # The same rows are the same features, whichever rows these are scaled by.
    plain_fit = TablePreprocessing.fit(features, None)
    plain = plain_fit.transform(features)
    rows = split_rows(labels, options.shares, options.seed, class_names, equal_samples(plain))
    fitted = TablePreprocessing.fit(
        features.iloc[rows["train"]], options.scale, plain_fit.categories
    )
    if fitted.dropped:
        note = translate("tables.constant", columns=comma_list(fitted.dropped))
        warnings.warn(note, UserWarning, stacklevel=4)
    splits = {
        name: Split(read_only(fitted.transform(features.iloc[chosen])), read_only(labels[chosen]))
        for name, chosen in rows.items()
    }
    return SplitTable(splits, class_names, fitted)


def _checked_columns(frame: Any, target: object) -> tuple[pd.DataFrame, Any]:
    """Return the columns of features, named by texts, and the labels as an array."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(translate("tables.no_frame", name="frame", kind=type(frame).__name__))
    if frame.columns.nlevels > 1:
        raise ValueError(translate("tables.levels", name="frame", levels=frame.columns.nlevels))
    named = frame.rename(columns=str)
    if not _is_column(frame, target):
        found = comma_list(frame.columns)
        words = {"name": "frame", "columns": short_repr(target), "found": found}
        raise ValueError(translate("tables.no_target", **words))
    wanted = str(target)
    refuse_same_names("frame", named)
    refuse_missing("frame", named)
    features = named.drop(columns=[wanted])
    if features.shape[1] == 0:
        raise ValueError(translate("tables.no_features", name="frame", target=wanted))
    if len(features) == 0:
        raise ValueError(translate("tables.no_rows", name="frame"))
    for name in features:
        _check_column(features[name])
    return features, _labels(named[wanted])


def _is_column(frame: pd.DataFrame, name: object) -> bool:
    return isinstance(name, str | int | float | tuple) and name in list(frame.columns)


def _check_column(column: Any) -> None:
    if not all(isinstance(value, str | bool | np.bool_ | Real) for value in column):
        words = {"column": column.name, "kind": column.dtype}
        raise TypeError(translate("tables.unknown_kind", **words))
    numbers = as_numbers(column)
    if numbers is None:
        if column.dtype != "category":
            _refuse_numbers_as_texts(column.astype(str))
        _refuse_names_of_rows(column.astype(str))
    else:
        refuse_large(column.name, numbers)


def _refuse_numbers_as_texts(column: Any) -> None:
    numbers = column[[_is_number(text.translate(DECORATION)) for text in column]]
    if 2 * len(numbers) > len(column):
        plain = [_is_number(text) for text in column]
        other = column[~np.array(plain)].iloc[0]
        words = {"column": column.name, "example": other, "count": len(plain) - sum(plain)}
        raise ValueError(translate("tables.numbers_as_text", **words))


def _refuse_names_of_rows(column: Any) -> None:
    count = column.nunique()
    if count > MANY_TEXTS and 2 * count > len(column):
        words = {"column": column.name, "count": count, "size": len(column)}
        raise ValueError(translate("tables.many_categories", **words))


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _labels(column: Any) -> Any:
    """Return the labels as an array of numbers or texts."""
    import pandas as pd

    if pd.api.types.is_complex_dtype(column):
        raise TypeError(translate("tables.unknown_kind", column=column.name, kind=column.dtype))
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not is_number:
        return column.astype(str).to_numpy(str)
    numbers = np.asarray(as_numbers(column))
    refuse_large(column.name, numbers)
    if pd.api.types.is_integer_dtype(column) and np.abs(numbers).max() >= LARGEST_EXACT:
        # As floats, two numbers so long could become one.
        return column.astype(str).to_numpy(str)
    return numbers
