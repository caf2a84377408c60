"""Reads the tables of TOML files: a fault is reported with the file, the place and the field."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Collection
from importlib.resources.abc import Traversable
from typing import Any, Final

from hpt_widgets.language import LANGUAGES, Text, short_repr

# A language that is being added has texts that are still missing: those have a default.
_NEEDED: Final = tuple(
    field.name for field in dataclasses.fields(Text) if field.default is dataclasses.MISSING
)
LANGUAGE_FIELDS: Final = {
    "required": _NEEDED,
    "optional": tuple(code for code in LANGUAGES if code not in _NEEDED),
}
"""The fields of a table that holds a text in each language, as `Table` takes them."""


class ChapterFileError(ValueError):
    """A chapter's file cannot be read as what it should hold."""


class Table:
    """A table that knows where it stands.

    Parameters
    ----------
    entries : object
        What TOML gave at that place.
    place : str
        The place in words, for the messages: ``"chapter_04_1.toml, exercise 2"``.
    required, optional : tuple of str
        The names of the fields that must and that may be there; no other may.

    Attributes
    ----------
    entries : dict
    place : str

    Raises
    ------
    ChapterFileError
        If it is no table, or a field is missing or unknown. The methods raise it too, where
        a field is of another kind than asked for.
    """

    def __init__(
        self,
        entries: Any,
        place: str,
        *,
        required: tuple[str, ...],
        optional: tuple[str, ...] = (),
    ) -> None:
        self.place = place
        if not isinstance(entries, dict):
            raise ChapterFileError(f"{place}: expected a table, got {short_repr(entries)}")
        self.entries: dict[str, Any] = entries
        for name in required:
            if name not in entries:
                raise self.fault(name, "is missing")
        for name in entries:
            if name not in (*required, *optional):
                allowed = ", ".join((*required, *optional))
                raise self.fault(name, f"is unknown; allowed are {allowed}")

    def fault(self, field: str, what: str) -> ChapterFileError:
        """Return an error that names the place and the field."""
        return ChapterFileError(f"{self.place}: {field} {what}")

    def string(self, field: str) -> str:
        """Return a string that is not empty."""
        value = self.entries[field]
        if not isinstance(value, str) or not value.strip():
            raise self.fault(field, f"must be a text, got {short_repr(value)}")
        return value

    def text(self, field: str) -> Text:
        """Return what stands in both languages."""
        value = self.entries[field]
        if isinstance(value, str):
            value = dict.fromkeys(LANGUAGES, value)
        return Table(value, f"{self.place}, {field}", **LANGUAGE_FIELDS).in_each_language()

    def in_each_language(self) -> Text:
        """Return the text that this table holds; see `LANGUAGE_FIELDS`."""
        return Text(**{code: self.string(code) for code in LANGUAGES if code in self.entries})

    def number(self, field: str, default: float | None = None) -> float:
        """Return a number; the default where the field is absent."""
        value = self.entries.get(field, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault(field, f"must be a number, got {short_repr(value)}")
        return value

    def flag(self, field: str) -> bool:
        """Return true or false; false where the field is absent."""
        value = self.entries.get(field, False)
        if not isinstance(value, bool):
            raise self.fault(field, f"must be true or false, got {short_repr(value)}")
        return value

    def one_of(self, field: str, allowed: Collection[str], default: str = "") -> str:
        """Return one of several names; the default where the field is absent."""
        value = self.entries.get(field, default)
        if value not in allowed:
            raise self.fault(field, f"must be one of {', '.join(allowed)}, got {short_repr(value)}")
        return str(value)

    def table(
        self, field: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Table:
        """Return a table within this one."""
        place = f"{self.place}, {field}"
        return Table(self.entries[field], place, required=required, optional=optional)

    def tables(self, field: str, label: str, **names: tuple[str, ...]) -> list[Table]:
        """Return the tables of an array, none where the field is absent."""
        values = self.entries.get(field, [])
        if not isinstance(values, list):
            raise self.fault(field, f"must be an array of tables, got {short_repr(values)}")
        return [
            Table(value, f"{self.place}, {label} {place}", **names)
            for place, value in enumerate(values, start=1)
        ]


def read_table(
    file: Traversable, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Table:
    """Read a TOML file; the result is the table of all that it holds.

    Parameters
    ----------
    file : path
        The file; its name is the place in the messages.
    required, optional : tuple of str
        As for `Table`.

    Raises
    ------
    ChapterFileError
        If the file is no TOML, or a field is missing or unknown.
    """
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChapterFileError(f"{file.name}: no valid TOML: {error}") from None
    return Table(entries, file.name, required=required, optional=optional)
