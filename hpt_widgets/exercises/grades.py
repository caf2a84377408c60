"""A class's progress as one table: who solved what, in how many tries, with how much help.

What students hand in is a file on their own disk, and can be written by hand: it proves nothing.
What can be checked is checked (`doubts`). Functions are not run: their code stands in the files,
to be read.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from hpt_widgets.exercises.catalog import all_exercises, all_quizzes, question_item
from hpt_widgets.exercises.class_files import doubts_of_counted_files, read_folder
from hpt_widgets.exercises.doubts import SharedEntries, doubts_of_file, judge_anew
from hpt_widgets.exercises.hand_in import HandedIn
from hpt_widgets.exercises.progress import HINT, RIGHT, SOLUTION, Entry, states_of
from hpt_widgets.language import translate
from hpt_widgets.support.csv_table import write_table
from hpt_widgets.support.moments import moment_of

SUMMARY: Final = (
    *("file", "name", "exported", "solved", "solved_retired", "quiz", "quiz_first"),
    *("hints", "solutions", "solutions_first", "judged_anew", "not_judged_anew", "doubts"),
)
LATE: Final = "late"


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
        ``"right"`` or ``"wrong"`` by exercise and question: right where it has ever been. What
        was judged anew and is not right is wrong, here and below.
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
    late : int, optional
        How many exercises and questions were right only after the end until which answers
        count; None where there is none.
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
    late: int | None = None

    @property
    def not_judged_anew(self) -> int:
        """How many count as right on the file's word alone.

        They could not be judged, or an earlier release took them for right and this one does not.
        """
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
            if not any(item in self.states for item in items):
                continue
            found[quiz_column(chapter)] = self._right(items)
            found[first_column(chapter)] = self._right_at_first(items)
            found[tries_column(quiz_column(chapter))] = sum(self.tries.get(i, 0) for i in items)
        if self.late is not None:
            found[LATE] = self.late
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


def totals() -> dict[str, int]:
    """Return out of how many exercises `solved` is, and out of how many questions `quiz`."""
    return {"exercises": len(_exercises(retired=False)), "questions": len(_all_questions())}


def columns(rows: Iterable[Mapping[str, object]] = ()) -> list[str]:
    """Return the columns of the table: the whole, then exercise by exercise and quiz by quiz.

    Parameters
    ----------
    rows : iterable of mapping
        The table's rows. Exercises of earlier versions come last, and only those that stand in
        one of them: nobody who has this version alone can see the others.
    """
    found = list(SUMMARY)
    for name in _exercises(retired=False):
        found += _columns_of(name)
    for chapter in all_quizzes():
        quiz = quiz_column(chapter)
        found += [quiz, first_column(chapter), tries_column(quiz)]
    used = {column for row in rows for column in row}
    for name in _exercises(retired=True):
        own = _columns_of(name)
        found += own if used.intersection(own) else []
    # Behind all others, for teachers' sheets name columns by their places.
    return [*found, LATE]


def _columns_of(exercise: str) -> list[str]:
    return [exercise, tries_column(exercise), solution_column(exercise)]


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
    """Read what a class has handed in, and judge what can be judged.

    Of several files of one name in one folder the newest has a row (see `doubts_of_counted_files`).

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
        What could not be read or judged, in words.
    """
    found, problems = read_folder(folder)
    moment = now or datetime.now().astimezone()
    doubts_by_file = doubts_of_counted_files(found)
    shared = SharedEntries((file, found[file]) for file in doubts_by_file)
    grades = []
    for file, doubts in doubts_by_file.items():
        try:
            doubts += [*doubts_of_file(found[file], moment), *shared.doubts(file)]
            grades.append(_grade(file, found[file], until, doubts))
        except Exception as error:
            # What somebody has written by hand must not cost the others their rows.
            reason = f"{type(error).__name__}: {error}"
            values = {"path": folder / file, "reason": reason}
            problems.append(translate("exercises.file_not_graded", **values))
    return sorted(grades, key=lambda grade: (grade.handed_in.name, grade.file)), problems


def write_grades(grades: Iterable[Grade], path: Path) -> None:
    """Write the table as CSV (UTF-8), replacing the file in one step.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    rows = [grade.row() for grade in grades]
    write_table(path, columns(rows), rows)


def _grade(file: str, handed_in: HandedIn, until: datetime | None, doubts: list[str]) -> Grade:
    entries = handed_in.entries
    in_time = [entry for entry in entries if until is None or _was_by(entry, until)]
    anew = judge_anew(in_time, handed_in.version)
    answers = [entry for entry in anew.entries if entry.is_answer]
    by_item: dict[str, list[str]] = defaultdict(list)
    for entry in answers:
        by_item[entry.item].append(entry.state)
    in_the_end = states_of(answers)
    return Grade(
        file=file,
        handed_in=handed_in,
        states=in_the_end,
        first={item: states[0] for item, states in by_item.items()},
        tries={item: _tries(states) for item, states in by_item.items()},
        helped={
            kind: frozenset(entry.item for entry in anew.entries if entry.state == kind)
            for kind in (HINT, SOLUTION)
        },
        solution_first=_seen_first(anew.entries),
        judged_anew=len(anew.confirmed),
        doubts=(*anew.doubts, *doubts),
        late=None if until is None else _right_later(handed_in, until, in_the_end),
    )


def _right_later(handed_in: HandedIn, until: datetime, states: dict[str, str]) -> int:
    """Return how many exercises and questions were right only after the end."""
    later = (e for e in handed_in.entries if e.is_answer and not _was_by(e, until))
    found = states_of(judge_anew(later, handed_in.version).entries)
    known = (*all_exercises(), *_all_questions())
    return sum(found.get(item) == RIGHT and states.get(item) != RIGHT for item in known)


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
