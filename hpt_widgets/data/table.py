"""A reader's table: one row a sample, a column of classes, and columns of numbers or texts."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.data.class_labels import encode_labels
from hpt_widgets.data.preprocessing import (
    Scaling,
    TablePreprocessing,
    comma_list,
    holds_numbers,
    refuse_missing,
    require_columns,
)
from hpt_widgets.data.split import Split, read_only
from hpt_widgets.data.splitting import Shares, split_rows
from hpt_widgets.language import translate

if TYPE_CHECKING:
    import pandas as pd

# A column of texts with more different ones than this, nearly one for each row, names the rows.
MANY_TEXTS: Final = 20
# What spreadsheets write: UTF-8, or in China the national standard.
ENCODINGS: Final = ("utf-8-sig", "gb18030")


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
    features = _checked_features(frame, target)
    labels, class_names = encode_labels(target, _target_values(frame[target]))
    rows = split_rows(labels, options.shares, options.seed, class_names)
    fitted = TablePreprocessing.fit(features.iloc[rows["train"]], options.scale)
    if fitted.dropped:
        note = translate("tables.constant", columns=comma_list(fitted.dropped))
        warnings.warn(note, UserWarning, stacklevel=4)
    splits = {
        name: Split(read_only(fitted.transform(features.iloc[chosen])), read_only(labels[chosen]))
        for name, chosen in rows.items()
    }
    return SplitTable(splits, class_names, fitted)


def read_csv(path: str | Path, sep: str, encoding: str | None) -> pd.DataFrame:
    """Read a table from a file of comma-separated values.

    Parameters
    ----------
    path : str or Path
        Of the file; its first line names the columns.
    sep : str
        What stands between two values.
    encoding : str or None
        Of the file. None for UTF-8, or GB 18030 where it is not that.

    Raises
    ------
    ValueError
        If there is no such file, or it can't be read; the message says why.
    """
    import pandas as pd

    reason: Exception = ValueError()
    for each in (encoding,) if encoding else ENCODINGS:
        try:
            return pd.read_csv(os.fspath(path), sep=sep, encoding=each)
        except UnicodeError as error:
            reason = error
        except (OSError, ValueError, LookupError, TypeError) as error:
            reason = error
            break
    raise ValueError(translate("tables.no_file", path=str(path), reason=reason)) from reason


def _checked_features(frame: Any, target: str) -> pd.DataFrame:
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(translate("tables.no_frame", name="frame", kind=type(frame).__name__))
    require_columns("frame", frame, [target])
    if twice := sorted({str(name) for name in frame.columns[frame.columns.duplicated()]}):
        raise ValueError(translate("tables.same_names", name="frame", columns=comma_list(twice)))
    refuse_missing("frame", frame)
    features = frame.drop(columns=[target])
    if features.shape[1] == 0:
        raise ValueError(translate("tables.no_features", name="frame", target=target))
    for name in features:
        _check_column(features[name])
    return features.rename(columns=str)


def _check_column(column: Any) -> None:
    if holds_numbers(column):
        if column.dtype.kind == "c":
            raise _unknown_kind(column)
        if not np.isfinite(column.to_numpy(np.float64)).all():
            raise ValueError(translate("tables.not_finite", column=column.name))
        return
    if not column.map(lambda value: isinstance(value, str | bool | int | float)).all():
        raise _unknown_kind(column)
    count = column.nunique()
    if count > MANY_TEXTS and 2 * count > len(column):
        words = {"column": column.name, "count": count, "size": len(column)}
        raise ValueError(translate("tables.many_categories", **words))


def _unknown_kind(column: Any) -> TypeError:
    return TypeError(translate("tables.unknown_kind", column=column.name, kind=column.dtype))


def _target_values(column: Any) -> Any:
    """Return the labels as an array of numbers or texts."""
    if holds_numbers(column) and column.dtype.kind != "b":
        return column.to_numpy(np.float64)
    return column.astype(str).to_numpy(str)
