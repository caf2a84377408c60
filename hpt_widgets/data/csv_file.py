"""A file of comma-separated values, as spreadsheets write it."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hpt_widgets.language import translate

if TYPE_CHECKING:
    import pandas as pd

# What spreadsheets write: UTF-8, or in China the national standard.
ENCODINGS: Final = ("utf-8-sig", "gb18030")
# How the files begin that a spreadsheet keeps for itself, and those that it calls Unicode text.
WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# Between two values, where it is no comma.
SEPARATORS: Final = (";", "\t", "|", "，")
# What pandas calls columns that have no name.
NAMELESS: Final = "Unnamed: "


def read_csv(path: str | Path, sep: str, encoding: str | None) -> pd.DataFrame:
    """Read a table from a file of comma-separated values.

    Rows and columns that are quite empty, as spreadsheets leave them at the end, are left out,
    and so are blanks around the names of the columns, and columns without a name that count the
    rows: where a file is sorted by class, a network would learn the class from them.

    Parameters
    ----------
    path : str or Path
        Of the file; its first line names the columns.
    sep : str
        What stands between two values.
    encoding : str or None
        Of the file. None for UTF-8 or UTF-16, or GB 18030 where it is neither.

    Raises
    ------
    ValueError
        If there is no such file, or it can't be read; the message says why. Also if two columns
        have the same name, or rows have more values than there are names.

    Warns
    -----
    UserWarning
        If a column that counts the rows is left out.
    """
    import pandas as pd

    try:
        text = _decoded(Path(path).read_bytes(), encoding)
        with warnings.catch_warnings():
            # Rows with more values than there are names would lose the last ones.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(io.StringIO(text), sep=sep, skipinitialspace=True, index_col=False)
        names = pd.read_csv(io.StringIO(text), sep=sep, header=None, nrows=1, dtype=str)
    except pd.errors.ParserWarning as error:
        raise ValueError(translate("tables.too_few_names", path=str(path))) from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ValueError(translate("tables.no_file", path=str(path), reason=reason)) from error
    _check_separator(path, frame, sep)
    _refuse_same_names(str(path), names.iloc[0].dropna().str.strip())
    return _without_row_numbers(_without_blanks(frame))


def _decoded(content: bytes, encoding: str | None) -> str:
    if content.startswith(WORKBOOKS):
        raise ValueError(translate("tables.workbook"))
    if encoding is None and content.startswith(UTF_16):
        encoding = "utf-16"
    encodings = (encoding,) if encoding else ENCODINGS
    for each in encodings[:-1]:
        try:
            return content.decode(each)
        except UnicodeError:
            continue
    return content.decode(encodings[-1])


def _check_separator(path: str | Path, frame: pd.DataFrame, sep: str) -> None:
    (first, *others) = frame.columns
    found = [other for other in SEPARATORS if other in str(first)]
    if found and not others:
        words = {"path": str(path), "sep": sep, "found": found[0]}
        raise ValueError(translate("tables.separator", **words))


def _refuse_same_names(path: str, names: pd.Series[str]) -> None:
    """Refuse a name that comes twice, which pandas would change without a word."""
    if twice := sorted(set(names[names.duplicated()])):
        words = {"name": f"path={path!r}", "columns": ", ".join(twice)}
        raise ValueError(translate("tables.same_names", **words))


def _without_row_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out columns without a name that count the rows, as pandas writes its index."""
    counts = [
        name
        for name in frame
        if str(name).startswith(NAMELESS)
        and frame[name].dtype.kind in "iu"
        and (frame[name].diff().dropna() == 1).all()
    ]
    if counts:
        note = translate("tables.row_numbers", columns=", ".join(map(str, counts)))
        warnings.warn(note, UserWarning, stacklevel=4)
    return frame.drop(columns=counts)


def _without_blanks(frame: pd.DataFrame) -> pd.DataFrame:
    nameless = [name for name in frame if str(name).startswith(NAMELESS)]
    empty = [name for name in nameless if frame[name].isna().all()]
    kept = frame.drop(columns=empty).dropna(how="all").infer_objects()
    return kept.rename(columns=lambda name: str(name).strip())
