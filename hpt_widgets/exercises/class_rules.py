"""What a teacher has closed for a class: solutions, and hints, until a date.

A file ``class-rules.toml`` in the project's folder says it, or two environment variables; where
both do, the later date counts. It keeps honest people honest, and no more: the code of the
solutions is on the same disk.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from hpt_widgets.app.workbook import PROJECT
from hpt_widgets.language import translate

FILE_NAME: Final = "class-rules.toml"
VARIABLES: Final = {"solutions": "HPT_SOLUTIONS_FROM", "hints": "HPT_HINTS_FROM"}
KEYS: Final = {"solutions": "solutions_from", "hints": "hints_from"}
_EXAMPLE: Final = "2027-01-15 18:00"


@dataclass(frozen=True)
class ClassRules:
    """From when on a class may see what.

    Attributes
    ----------
    solutions, hints : datetime or None
        The moment, with its time zone; None where nothing is closed.
    problems : dict of str to str
        What a teacher wrote that is no date, in words, by what it was to close. It stays
        closed: a slip of the pen must not open it.
    """

    solutions: datetime | None
    hints: datetime | None
    problems: Mapping[str, str]

    def closed(self, kind: str, now: datetime | None = None) -> str:
        """Return why something is closed, in words for the reader; empty where it is open.

        Parameters
        ----------
        kind : {"solutions", "hints"}
            What is asked for.
        now : datetime, optional
            The moment; the present one by default.
        """
        if problem := self.problems.get(kind):
            return problem
        opens: datetime | None = getattr(self, kind)
        if opens is None or (now or datetime.now().astimezone()) >= opens:
            return ""
        shown = opens.astimezone().strftime("%Y-%m-%d %H:%M")
        return translate(f"exercises.{kind}_closed", when=shown)


def class_rules(folder: Path = PROJECT, environment: Mapping[str, str] = os.environ) -> ClassRules:
    """Read the rules of the class that this computer, or this hub, is for.

    Parameters
    ----------
    folder : Path
        Where the file may lie; the project's by default.
    environment : mapping of str to str
        The environment variables.
    """
    path = folder / FILE_NAME
    written, unread = _read(path)
    dates: dict[str, datetime | None] = {}
    problems: dict[str, str] = {}
    for kind in KEYS:
        given = {
            path.name: written.get(KEYS[kind]),
            VARIABLES[kind]: environment.get(VARIABLES[kind]),
        }
        found = []
        for source, value in given.items():
            if value in (None, ""):
                continue
            moment = _moment(value)
            if moment is None:
                problems[kind] = _problem(source, value)
            else:
                found.append(moment)
        dates[kind] = max(found, default=None)
        if unread:
            problems[kind] = unread
    return ClassRules(dates["solutions"], dates["hints"], problems)


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return what the file holds, and why it cannot be read."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError) as error:
        return {}, _problem(path.name, str(error))
    if unknown := set(written) - set(KEYS.values()):
        return written, _problem(path.name, min(unknown))
    return written, ""


def _problem(source: str, value: object) -> str:
    keys = ", ".join(KEYS.values())
    return translate("exercises.bad_rules", source=source, value=value, keys=keys, example=_EXAMPLE)


def _moment(value: object) -> datetime | None:
    """Return a moment with its time zone, that of this computer where none is written."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.astimezone() if isinstance(value, datetime) else None
