"""What a teacher has closed for a class: solutions, and hints, until a date.

A file ``class-rules.toml`` in the project's folder says it, or two environment variables; where
several do, the later date counts. It keeps honest people honest, and no more: the code of the
solutions is on the same disk.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from hpt_widgets.app.workbook import PROJECT
from hpt_widgets.language import translate

FILE_NAME: Final = "class-rules.toml"
# Windows shows no endings, and its editor puts one more behind a name.
_NAMES: Final = (FILE_NAME, f"{FILE_NAME}.txt")
# What somebody may have meant for such a file.
_ALIKE: Final = re.compile(r"class[-_ ]?rules.*", re.IGNORECASE)
VARIABLES: Final = {"solutions": "HPT_SOLUTIONS_FROM", "hints": "HPT_HINTS_FROM"}
KEYS: Final = {"solutions": "solutions_from", "hints": "hints_from"}
_ALLOWED: Final = ", ".join(KEYS.values())
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
        return translate(f"exercises.{kind}_closed", when=_shown(opens))


def class_rules(folder: Path = PROJECT, environment: Mapping[str, str] = os.environ) -> ClassRules:
    """Read the rules of the class that this computer, or this hub, is for.

    Parameters
    ----------
    folder : Path
        Where the file may lie; the project's by default.
    environment : mapping of str to str
        The environment variables.
    """
    files = {name: _read(folder / name) for name in _NAMES}
    unread = [problem for _, problem in files.values() if problem]
    dates: dict[str, datetime | None] = {}
    problems: dict[str, str] = {}
    for kind in KEYS:
        given = {name: written.get(KEYS[kind]) for name, (written, _) in files.items()}
        given[VARIABLES[kind]] = environment.get(VARIABLES[kind])
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
            problems[kind] = unread[0]
    return ClassRules(dates["solutions"], dates["hints"], problems)


def rules_in_force(
    folder: Path = PROJECT,
    environment: Mapping[str, str] = os.environ,
    now: datetime | None = None,
) -> Iterator[tuple[bool, str]]:
    """Say what is closed, and which files are not read though they may have been meant to be.

    Parameters
    ----------
    folder, environment
        As for `class_rules`.
    now : datetime, optional
        The moment; the present one by default.

    Yields
    ------
    tuple of (bool, str)
        Whether all is well, and a sentence.
    """
    rules = class_rules(folder, environment)
    for kind in KEYS:
        if problem := rules.problems.get(kind):
            yield False, problem
            continue
        opens: datetime | None = getattr(rules, kind)
        key = "rule_closed" if rules.closed(kind, now) else "rule_open"
        when = "" if opens is None else _shown(opens)
        yield True, translate(f"exercises.{key}", name=kind.removesuffix("s"), when=when)
    read = [folder / name for name in _NAMES if (folder / name).exists()]
    for path in sorted(folder.iterdir()):
        # Some systems tell capitals from small letters and some do not.
        is_read = path.exists() and any(map(path.samefile, read))
        if _ALIKE.fullmatch(path.name) and not is_read:
            values = {"found": path.name, "folder": folder, "name": FILE_NAME}
            # Beside a file that is read, another one is a copy that somebody has kept.
            yield bool(read), translate("exercises.rules_unread", **values)


def _shown(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return what a file holds, and why it cannot be read."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError) as error:
        values = {"source": path.name, "reason": error, "keys": _ALLOWED, "example": _EXAMPLE}
        return {}, translate("exercises.unreadable_rules", **values)
    if unknown := set(written) - set(KEYS.values()):
        return written, _problem(path.name, min(unknown))
    return written, ""


def _problem(source: str, value: object) -> str:
    values = {"source": source, "value": value, "keys": _ALLOWED, "example": _EXAMPLE}
    return translate("exercises.bad_rules", **values)


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
