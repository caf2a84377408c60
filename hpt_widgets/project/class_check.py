"""The projects that a class has handed in: a row for each, and what two of them share.

The files come from the students' own disks and prove nothing by themselves. What can be checked
is: each log is judged, and logs that were begun as one are named.
"""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hpt_widgets.language import counted, translate
from hpt_widgets.project.hand_in import HandedInProject, read_project
from hpt_widgets.project.history import History
from hpt_widgets.project.judges import POINTS, judged
from hpt_widgets.project.log_file import SEAL_SUFFIX, read_seal
from hpt_widgets.project.verdict import (
    CELL,
    MARKS,
    NOT_YET,
    RIGHT,
    WRONG,
    CheckLine,
    ProjectCheck,
    word_as_html,
)
from hpt_widgets.support.csv_table import write_table
from hpt_widgets.support.hand_in_folder import handed_in_files, not_looked_into
from hpt_widgets.support.student_name import same_name

if TYPE_CHECKING:
    import pandas as pd

_POINTS: Final = ("log", *POINTS)
COLUMNS: Final = (
    *("file", "name", "project", "question", "exported", "right", "wrong", "not_yet"),
    *_POINTS,
    *("digest", "doubts", "notes"),
)
"""Of the table: whose project it is, how many points are right, each point, and what is odd."""


@dataclass(frozen=True)
class ClassRow:
    """One file of a class.

    Attributes
    ----------
    file : str
        Its name, from the folder on.
    handed_in : HandedInProject
        What it holds.
    check : ProjectCheck
        How it was judged; its `doubts` name the files that share its log.
    """

    file: str
    handed_in: HandedInProject
    check: ProjectCheck

    def values(self) -> dict[str, object]:
        """Return the row of the table, by its columns."""
        states = {line.point: line.state for line in self.check.lines}
        counted = list(states.values())
        history = History(self.handed_in.reading)
        entries = self.handed_in.reading.entries
        begin = history.begin.content if history.begin else {}
        return {
            "file": self.file,
            "name": self.check.name,
            "project": begin.get("name", ""),
            "question": history.plan.get("question", ""),
            "exported": self.handed_in.exported,
            **{state.replace(" ", "_"): counted.count(state) for state in MARKS},
            **{point: states.get(point, "") for point in _POINTS},
            "digest": entries[-1].digest if entries else "",
            "doubts": "; ".join(self.check.doubts),
            "notes": "; ".join(self.check.notes),
        }


@dataclass(frozen=True, repr=False)
class ClassCheck:
    """The projects of a class: a row for each file.

    Attributes
    ----------
    rows : tuple of ClassRow
        By name.
    problems : tuple of str
        Files that could not be read, a sentence each, and those that were not looked into.
    """

    rows: tuple[ClassRow, ...]
    problems: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a DataFrame: each point is ``"right"``, ``"wrong"`` or ``"not yet"``."""
        import pandas as pd

        return pd.DataFrame([row.values() for row in self.rows], columns=list(COLUMNS))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the table as CSV (UTF-8), replacing the file in one step.

        Parameters
        ----------
        path : str or Path
            Such as ``"projects.csv"``.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        OSError
            If it can't be written.
        """
        target = Path(path).absolute()
        write_table(target, COLUMNS, (row.values() for row in self.rows))
        return target

    def __repr__(self) -> str:
        lines = []
        for row in self.rows:
            lines.append(f"{row.file} · {row.check.summary}")
            lines += [
                f"  {sentence}" for state in (WRONG, NOT_YET) for sentence in _said(row, state)
            ]
            lines += [f"  ? {sentence}" for sentence in row.check.doubts]
            lines += [f"  · {sentence}" for sentence in row.check.notes]
        return "\n".join([*lines, *self.problems])

    def _repr_html_(self) -> str:
        heads = ("student", "file", RIGHT, WRONG, NOT_YET, "doubt", "note")
        head = "".join(f'<th scope="col" {CELL}>{word_as_html(key)}</th>' for key in heads)
        rows = "".join(map(_as_html, self.rows))
        problems = "".join(f"<li>{html.escape(problem)}</li>" for problem in self.problems)
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{f'<ul>{problems}</ul>' if problems else ''}"
        )


def check_folder(folder: Path) -> ClassCheck:
    """Judge all projects in a folder, and in those below it.

    Parameters
    ----------
    folder : Path
        Of what was handed in with `Project.hand_in`, or of logs with their seals beside them.

    Returns
    -------
    ClassCheck

    Raises
    ------
    ValueError
        If there is none.
    """
    paths = [path for path in handed_in_files(folder, "project") if not _is_seal(path)]
    others = not_looked_into(folder)
    if not paths:
        empty = translate("project_check.empty_folder", path=str(folder))
        raise ValueError("\n".join(filter(None, (empty, others))))
    rows, problems = [], []
    for path in paths:
        try:
            handed_in = read_project(path)
            check = judged(handed_in.name, History(handed_in.reading), handed_in.exported)
            rows.append(ClassRow(path.relative_to(folder).as_posix(), handed_in, check))
        except (OSError, ValueError) as error:
            problems.append(str(error))
    found = sorted(_compared(rows), key=lambda row: (row.check.name, row.file))
    return ClassCheck(tuple(found), tuple(filter(None, (*problems, others))))


def _is_seal(path: Path) -> bool:
    # The name alone does not make a seal: a student may be called so.
    return SEAL_SUFFIX in path.name.lower() and read_seal(path) is not None


def _compared(rows: Sequence[ClassRow]) -> list[ClassRow]:
    """Return the rows, each with the others named that share entries with it."""
    # No two logs that were begun apart have a sum in common.
    sums = [{entry.digest for entry in row.handed_in.reading.entries} for row in rows]
    compared = []
    for row, own in zip(rows, sums, strict=True):
        doubts = [
            counted("project_check.doubt_shared", len(own & others), total=len(own), **whose)
            for other, others in zip(rows, sums, strict=True)
            if own & others and not _is_same_student(row, other)
            for whose in [{"name": other.check.name, "file": other.file}]
        ]
        check = replace(row.check, doubts=(*row.check.doubts, *doubts))
        compared.append(replace(row, check=check))
    return compared


def _is_same_student(row: ClassRow, other: ClassRow) -> bool:
    return same_name(row.check.name) == same_name(other.check.name)


def _said(row: ClassRow, state: str) -> list[str]:
    """Return the points of a state, and why, a sentence each."""
    return [f"{MARKS[state]} {line.sentence}" for line in _of(row, state)]


def _of(row: ClassRow, state: str) -> list[CheckLine]:
    return [line for line in row.check.lines if line.state == state]


def _as_html(row: ClassRow) -> str:
    wrong = [line.sentence for line in _of(row, WRONG)]
    open_points = [line.title for line in _of(row, NOT_YET)]
    n_right = f"{len(_of(row, RIGHT))}/{len(row.check.lines)}"
    cells = ([row.file], [n_right], wrong, open_points, row.check.doubts, row.check.notes)
    name = html.escape(row.check.name)
    return (
        f'<tr><th scope="row" {CELL}>{name}</th>'
        f"{''.join(f'<td {CELL}>{_lines(cell)}</td>' for cell in cells)}</tr>"
    )


def _lines(sentences: Sequence[str]) -> str:
    return "<br>".join(map(html.escape, sentences))
