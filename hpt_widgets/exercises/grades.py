"""A class's progress as one table: who solved what, in how many tries, with how much help.

What students hand in is a file on their own disk, and can be written by hand: it proves nothing.
What can be checked is checked (`doubts`). Functions are not run: their code stands in the files,
to be read.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Final

from hpt_widgets.exercises.catalog import all_exercises, all_quizzes, question_item
from hpt_widgets.exercises.doubts import (
    SharedEntries,
    doubts_of_moments,
    judge_anew,
    named,
    whole_entries,
)
from hpt_widgets.exercises.hand_in import HandedIn, read_progress
from hpt_widgets.exercises.progress import HINT, RIGHT, SOLUTION, Entry, states_of
from hpt_widgets.language import translate
from hpt_widgets.support.csv_table import write_table
from hpt_widgets.support.hand_in_path import is_hidden
from hpt_widgets.support.moments import moment_of
from hpt_widgets.support.student_name import same_name

SUMMARY: Final = (
    *("file", "name", "exported", "solved", "solved_retired", "quiz", "quiz_first"),
    *("hints", "solutions", "solutions_first", "judged_anew", "not_judged_anew", "doubts"),
)
# Logs of projects (.jsonl) may lie in the same folder.
_JSON: Final = re.compile(r"\.json(?!l)", re.IGNORECASE)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Grade:
    """What one student's newest file says, and what is to be said against it.

    Attributes
    ----------
    file : str
        Its name.
    handed_in : HandedIn
        What it holds.
    states : dict of str to str
        ``"right"`` or ``"wrong"`` by exercise and question: right where it has ever been.
    first : dict of str to str
        The state of the first answer, by exercise and question.
    tries : dict of str to int
        How many answers it took until the first right one, or all without one, by exercise
        and question.
    helped : dict of str to frozenset of str
        The exercises of which hints, and of which solutions, were asked for.
    solution_first : frozenset of str
        Those of which the solution was seen before they were solved.
    judged_anew : int
        How many right answers were judged anew, and are.
    doubts : tuple of str
        What does not fit, in words.
    """

    file: str
    handed_in: HandedIn
    states: dict[str, str]
    first: dict[str, str]
    tries: dict[str, int]
    helped: dict[str, frozenset[str]]
    solution_first: frozenset[str]
    judged_anew: int
    doubts: tuple[str, ...]

    @property
    def not_judged_anew(self) -> int:
        """How many count as right on the file's word alone."""
        return self._right(all_exercises()) + self._right(_all_questions()) - self.judged_anew

    def row(self) -> dict[str, object]:
        """Return the row of the table, by its columns."""
        questions = _all_questions()
        found: dict[str, object] = {
            "file": self.file,
            "name": self.handed_in.name,
            "exported": self.handed_in.exported,
            "solved": self._right(_exercises(retired=False)),
            "solved_retired": self._right(_exercises(retired=True)),
            "quiz": self._right(questions),
            "quiz_first": self._right_at_first(questions),
            "hints": len(self.helped[HINT]),
            "solutions": len(self.helped[SOLUTION]),
            "solutions_first": len(self.solution_first),
            "judged_anew": self.judged_anew,
            "not_judged_anew": self.not_judged_anew,
            "doubts": "; ".join(self.doubts),
        }
        for name in all_exercises():
            if name in self.states:
                found[name] = int(self.states[name] == RIGHT)
                found[tries_column(name)] = self.tries[name]
            if name in self.states or name in self.solution_first:
                found[solution_column(name)] = int(name in self.solution_first)
        for chapter in all_quizzes():
            items = _questions_of(chapter)
            found[quiz_column(chapter)] = self._right(items)
            found[first_column(chapter)] = self._right_at_first(items)
            found[tries_column(quiz_column(chapter))] = sum(self.tries.get(i, 0) for i in items)
        return found

    def _right(self, items: Iterable[str]) -> int:
        return sum(self.states.get(item) == RIGHT for item in items)

    def _right_at_first(self, items: Iterable[str]) -> int:
        return sum(self.first.get(item) == RIGHT for item in items)


def tries_column(name: str) -> str:
    """Return the column for the tries at an exercise or a quiz."""
    return f"{name} tries"


def solution_column(exercise: str) -> str:
    """Return the column that says whether a solution was seen before the exercise was solved."""
    return f"{exercise} solution first"


def quiz_column(chapter: str) -> str:
    """Return the column for what of a chapter's quiz was right in the end."""
    return f"quiz {chapter}"


def first_column(chapter: str) -> str:
    """Return the column for what of a chapter's quiz was right at the first answer."""
    return f"quiz {chapter} first"


def columns() -> list[str]:
    """Return the columns of the table: the whole, then exercise by exercise and quiz by quiz."""
    found = list(SUMMARY)
    for name in all_exercises():
        found += [name, tries_column(name), solution_column(name)]
    for chapter in all_quizzes():
        quiz = quiz_column(chapter)
        found += [quiz, first_column(chapter), tries_column(quiz)]
    return found


def end_of(text: str) -> datetime:
    """Return the moment until which answers count, in this computer's time zone unless it has one.

    Parameters
    ----------
    text : str
        ``"2027-01-15"``, which is the end of that day, or ``"2027-01-15T18:00"``.

    Raises
    ------
    ValueError
        If it is no date.
    """
    try:
        moment = datetime.fromisoformat(text)
        if _is_day(text):
            moment = datetime.combine(moment, time.max)
        return moment.astimezone()
    except (ValueError, OverflowError):
        raise ValueError(translate("exercises.until", value=text)) from None


def _is_day(text: str) -> bool:
    with contextlib.suppress(ValueError):
        date.fromisoformat(text)
        return True
    return False


def grade_folder(
    folder: Path, now: datetime | None = None, until: datetime | None = None
) -> tuple[list[Grade], list[str]]:
    """Read what a class has handed in.

    Of several files of one name in one folder the newest counts, where it has all that the
    others have; those with other entries, maybe another student's, have rows of their own.

    Parameters
    ----------
    folder : Path
        The folder of the files; those in folders below it count too.
    now : datetime, optional
        The moment; the present one by default.
    until : datetime, optional
        What was done later, or at no moment that can be read, does not count. By default all
        counts.

    Returns
    -------
    grades : list of Grade
        One for each student, by name.
    problems : list of str
        What could not be read, in words.
    """
    found: dict[str, HandedIn] = {}
    problems = []
    for path in sorted(path for path in folder.rglob("*") if _may_be_handed_in(path, folder)):
        try:
            found[path.relative_to(folder).as_posix()] = read_progress(path)
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(translate("exercises.file_not_read", path=path, reason=reason))
        except ValueError as error:
            problems.append(str(error))
    moment = now or datetime.now().astimezone()
    doubts_by_file = _newest(found)
    shared = SharedEntries((file, found[file]) for file in doubts_by_file)
    grades = [
        _grade(
            file,
            found[file],
            until,
            [*doubts, *doubts_of_moments(found[file], moment), *shared.doubts(file)],
        )
        for file, doubts in doubts_by_file.items()
    ]
    return sorted(grades, key=lambda grade: (grade.handed_in.name, grade.file)), problems


def _may_be_handed_in(path: Path, folder: Path) -> bool:
    """Tell whether a file is looked into: any JSON file, whatever was made of its name on its way.

    A second download is ``name.progress (1).json``, and a mail may add ``.txt``.
    """
    if not _JSON.search(path.name) or is_hidden(path, folder):
        return False
    # Reading from a pipe or a device might never end; a link that leads nowhere is named later.
    return os.path.isfile(path) or not os.path.exists(path)  # noqa: PTH110, PTH113 - never raise


def write_grades(grades: Iterable[Grade], path: Path) -> None:
    """Write the table as CSV (UTF-8), replacing the file in one step.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    write_table(path, columns(), (grade.row() for grade in grades))


def _newest(found: dict[str, HandedIn]) -> dict[str, list[str]]:
    """Return the files that count, each with what is to be said of others of its name."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file, handed_in in found.items():
        groups[str(PurePosixPath(file).parent), same_name(handed_in.name)].append(file)
    doubts_by_file = {}
    for files in groups.values():
        older_by_newest = _newest_of(files, found)
        for newest, older in older_by_newest.items():
            others = [file for file in older_by_newest if file != newest]
            doubts_by_file[newest] = [
                translate(f"exercises.{key}", files=named(names))
                for key, names in (("doubt_older", older), ("doubt_same_name", others))
                if names
            ]
    return doubts_by_file


def _newest_of(files: list[str], found: dict[str, HandedIn]) -> dict[str, list[str]]:
    """Return the files of one name that count, and which older ones each of them contains."""
    files.sort(key=lambda file: moment_of(found[file].exported) or _LONG_AGO, reverse=True)
    held = {file: whole_entries(found[file]) for file in files}
    older: dict[str, list[str]] = {}
    for file in files:
        newest = next((newer for newer in older if held[file] <= held[newer]), None)
        if newest is None:
            older[file] = []
        else:
            older[newest].append(file)
    return older


def _grade(file: str, handed_in: HandedIn, until: datetime | None, doubts: list[str]) -> Grade:
    counted = [entry for entry in handed_in.entries if until is None or _was_by(entry, until)]
    answers = [entry for entry in counted if entry.is_answer]
    by_item: dict[str, list[str]] = defaultdict(list)
    for entry in answers:
        by_item[entry.item].append(entry.state)
    anew = judge_anew(answers)
    return Grade(
        file,
        handed_in,
        states_of(answers),
        {item: states[0] for item, states in by_item.items()},
        {item: _tries(states) for item, states in by_item.items()},
        {kind: frozenset(e.item for e in counted if e.state == kind) for kind in (HINT, SOLUTION)},
        _seen_first(counted),
        len(anew.confirmed),
        (*anew.doubts, *doubts),
    )


def _was_by(entry: Entry, until: datetime) -> bool:
    moment = moment_of(entry.when)
    return moment is not None and moment <= until


def _tries(states: Sequence[str]) -> int:
    return states.index(RIGHT) + 1 if RIGHT in states else len(states)


def _seen_first(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the exercises whose solution was seen while they were not solved yet."""
    solved, seen = set(), set()
    for entry in entries:
        if entry.state == RIGHT:
            solved.add(entry.item)
        elif entry.state == SOLUTION and entry.item not in solved:
            seen.add(entry.item)
    return frozenset(seen)


def _exercises(*, retired: bool) -> list[str]:
    return [name for name, found in all_exercises().items() if found.retired is retired]


def _questions_of(chapter: str) -> list[str]:
    return [question_item(chapter, i + 1) for i in range(len(all_quizzes()[chapter]))]


def _all_questions() -> list[str]:
    return [item for chapter in all_quizzes() for item in _questions_of(chapter)]
