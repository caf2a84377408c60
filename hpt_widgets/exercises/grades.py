"""A class's progress as one table: who solved what, in how many tries, with how much help.

What students hand in is a file on their own disk, and can be written by hand: it proves nothing.
What can be checked is checked. Numbers, texts and lists are judged anew, files that share their
lines are named, and so are moments that cannot be. Functions are not run: their code stands in
the files, to be read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from hpt_widgets.board.csv_export import guarded
from hpt_widgets.exercises import judged
from hpt_widgets.exercises.answer_record import VALUE
from hpt_widgets.exercises.catalog import all_exercises, all_quizzes, question_item
from hpt_widgets.exercises.hand_in import HandedIn, read_progress, stamp
from hpt_widgets.exercises.progress import HINT, RIGHT, SOLUTION, Entry, states_of
from hpt_widgets.language import translate
from hpt_widgets.support.files import replace_file

# Clocks of a class's computers differ.
_SLACK: Final = timedelta(hours=26)
# Two students may answer one exercise in the same second.
_MOST_SHARED: Final = 2
SUMMARY: Final = (
    *("file", "name", "exported", "solved", "quiz", "hints", "solutions", "judged_anew", "doubts"),
)


@dataclass(frozen=True)
class Grade:
    """What one file says, and what is to be said against it.

    Attributes
    ----------
    file : str
        Its name.
    handed_in : HandedIn
        What it holds.
    states : dict of str to str
        ``"right"`` or ``"wrong"`` by exercise and question.
    tries : dict of str to int
        How many answers it took until the first right one, or all without one, by exercise.
    judged_anew : int
        How many right answers were judged anew, and are.
    doubts : tuple of str
        What does not fit, in words.
    """

    file: str
    handed_in: HandedIn
    states: dict[str, str]
    tries: dict[str, int]
    judged_anew: int
    doubts: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """Return the row of the table, by its columns."""
        helped = {
            kind: len({e.item for e in self.handed_in.entries if e.state == kind})
            for kind in (HINT, SOLUTION)
        }
        found: dict[str, object] = {
            "file": self.file,
            "name": self.handed_in.name,
            "exported": self.handed_in.exported,
            "solved": sum(self.states.get(name) == RIGHT for name in all_exercises()),
            "quiz": sum(self._quiz(chapter) for chapter in all_quizzes()),
            "hints": helped[HINT],
            "solutions": helped[SOLUTION],
            "judged_anew": self.judged_anew,
            "doubts": "; ".join(self.doubts),
        }
        for name in all_exercises():
            if name in self.states:
                found[name] = int(self.states[name] == RIGHT)
                found[tries_column(name)] = self.tries[name]
        for chapter in all_quizzes():
            found[quiz_column(chapter)] = self._quiz(chapter)
        return found

    def _quiz(self, chapter: str) -> int:
        items = [question_item(chapter, i + 1) for i in range(len(all_quizzes()[chapter]))]
        return sum(self.states.get(item) == RIGHT for item in items)


def tries_column(exercise: str) -> str:
    """Return the column for the tries at an exercise."""
    return f"{exercise} tries"


def quiz_column(chapter: str) -> str:
    """Return the column for a chapter's quiz."""
    return f"quiz {chapter}"


def columns() -> list[str]:
    """Return the columns of the table: the whole, each exercise with its tries, each quiz."""
    exercises = [column for name in all_exercises() for column in (name, tries_column(name))]
    return [*SUMMARY, *exercises, *map(quiz_column, all_quizzes())]


def grade_folder(folder: Path, now: datetime | None = None) -> tuple[list[Grade], list[str]]:
    """Read what a class has handed in.

    Parameters
    ----------
    folder : Path
        The folder of the files; those in folders below it count too.
    now : datetime, optional
        The moment; the present one by default.

    Returns
    -------
    grades : list of Grade
        One for each file, by name.
    problems : list of str
        What could not be read, in words.
    """
    found: list[tuple[str, HandedIn]] = []
    problems = []
    for path in sorted(filter(_may_be_handed_in, folder.rglob("*"))):
        name = path.relative_to(folder).as_posix()
        try:
            found.append((name, read_progress(path)))
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(translate("exercises.file_not_read", path=path, reason=reason))
        except ValueError as error:
            problems.append(str(error))
    moment = now or datetime.now().astimezone()
    grades = [_grade(name, handed_in, found, moment) for name, handed_in in found]
    return sorted(grades, key=lambda grade: (grade.handed_in.name, grade.file)), problems


def _may_be_handed_in(path: Path) -> bool:
    """Tell whether a file is looked into: any JSON file, whatever a browser made of its name.

    A second download is ``name.progress (1).json``. Hidden files are of the system's own making.
    """
    is_json = path.suffix.lower() == ".json" and not path.name.startswith(".")
    return is_json and not path.is_dir()


def write_grades(grades: Iterable[Grade], path: Path) -> None:
    """Write the table as CSV (UTF-8), replacing the file in one step.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(), lineterminator="\n", restval="")
    writer.writeheader()
    for grade in grades:
        writer.writerow({name: guarded(str(value)) for name, value in grade.row().items()})
    replace_file(path, buffer.getvalue().encode("utf-8-sig"))


def _grade(
    file: str, handed_in: HandedIn, everybody: Sequence[tuple[str, HandedIn]], now: datetime
) -> Grade:
    known = [e for e in handed_in.entries if e.is_answer]
    judged_anew, doubts = _judge_anew(known)
    doubts += _impossible_moments(handed_in, now)
    doubts += _shared_lines(file, handed_in, everybody)
    tries = {name: _tries([e for e in known if e.item == name]) for name in all_exercises()}
    return Grade(file, handed_in, states_of(known), tries, judged_anew, tuple(doubts))


def _tries(entries: list[Entry]) -> int:
    states = [entry.state for entry in entries]
    return states.index(RIGHT) + 1 if RIGHT in states else len(states)


def _judge_anew(entries: list[Entry]) -> tuple[int, list[str]]:
    """Return how many right answers are right, and what is to be said of the others."""
    exercises = all_exercises()
    n_right, doubts = 0, []
    for entry in entries:
        answer = entry.value if isinstance(entry.value, dict) else {}
        if entry.state != RIGHT or entry.item not in exercises or VALUE not in answer:
            continue
        if judged(exercises[entry.item], answer[VALUE]).state == RIGHT:
            n_right += 1
        else:
            doubts.append(translate("exercises.doubt_answer", item=entry.item))
    return n_right, doubts


def _impossible_moments(handed_in: HandedIn, now: datetime) -> list[str]:
    moments = [stamp(entry.when) for entry in handed_in.entries]
    known = [moment for moment in moments if moment is not None]
    doubts = []
    if len(known) < len(moments) or any(moment > now + _SLACK for moment in known):
        doubts.append(translate("exercises.doubt_moment"))
    if any(later < earlier - _SLACK for earlier, later in pairwise(known)):
        doubts.append(translate("exercises.doubt_order"))
    return doubts


def _shared_lines(
    file: str, handed_in: HandedIn, everybody: Sequence[tuple[str, HandedIn]]
) -> list[str]:
    own = {(entry.item, entry.state, entry.when) for entry in handed_in.entries if entry.when}
    doubts = []
    for other_file, other in everybody:
        if other_file == file or other.name == handed_in.name:
            continue
        shared = sum((entry.item, entry.state, entry.when) in own for entry in other.entries)
        if shared > _MOST_SHARED:
            values = {"count": shared, "name": other.name}
            doubts.append(translate("exercises.doubt_shared", **values))
    return doubts
