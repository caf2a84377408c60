"""Exercises that answer: checks, hints, solutions, and what a reader has done.

How to add an exercise
----------------------
1. ``chapters/chapter_04_1.py`` has the judges of chapter 4.1, in ``JUDGES``. A judge takes the
   answer, returns the `Text` for a right one, and raises ``Wrong(Text(en=..., zh=...))`` for
   any other.

   - A function is judged by a `hpt_widgets.exercises.diagnosis.Judgement`: what is right, on
     which cases (``cases.py``: twenty or more, the smallest first, some by hand, many drawn;
     think of unequal lengths, ties, negative numbers, one element), and the mistakes that have a
     name. A mistake is itself a function: it is named only where it gives the reader's values on
     all cases. Else the smallest case where the answer differs is shown. Another way that is as
     good, such as a band of two standard errors instead of Student's t, goes into ``accepted``,
     with what is to be said of it.
     A function that gives the right values and changes its arguments is told so without more
     work (``arguments.py``).
   - A number is judged by ``judge_value``, with what other numbers come from.
   - Anything else is judged by its properties, never by how it was written. The functions of
     ``answers.py`` (``as_number``, ``as_array``, ``as_mapping``, …) take a value for what it is and
     turn nonsense into clear sentences; ``calls.call`` runs a reader's function within a limit of
     time.

2. ``chapters/chapter_04_1.toml`` has the rest, in both languages: ``[[exercises]]`` with the
   ``id``, the ``kind``, the ``title``, the ``answer_name`` that the check is given, the ``starter``
   (the code that the notebook's cell begins with, with ``...`` where the reader writes), two or
   more ``hints``, and a ``solution``. The quiz is there too:
   ``[[questions]]``, with feedback on every choice. A new chapter's files are found by their names.
3. In both notebooks: the task in Markdown, an empty cell, and below it
   ``hpt.check("4.1-b", name)``. ``python -m tools.write_starters`` puts the starter into the cell.
4. In ``tests/unit/exercises/test_exercises_04_1.py``: right answers in at least five forms (a
   loop, NumPy, TensorFlow, pandas, another formula), and wrong ones with the words of their
   explanations, half of them such as the judge has no name for. Starter, solution, hints,
   nonsense and each known mistake are tested without more work (``test_exercises.py``).
"""

from __future__ import annotations

import warnings
from typing import Any

from hpt_widgets.exercises import progress
from hpt_widgets.exercises.answer_record import VALUE, recorded, unrecorded
from hpt_widgets.exercises.answers import check_answered
from hpt_widgets.exercises.catalog import (
    all_exercises,
    all_quizzes,
    find,
    nearest,
    question_item,
)
from hpt_widgets.exercises.chart import Picture
from hpt_widgets.exercises.class_rules import class_rules
from hpt_widgets.exercises.display import (
    CLOSED,
    NOT_ANSWERED,
    Closed,
    Hint,
    ProgressTable,
    Solution,
    Verdict,
)
from hpt_widgets.exercises.exercise import Exercise, NotAnswered, Wrong
from hpt_widgets.exercises.predictions.catalog import chapter_of, every_prediction
from hpt_widgets.exercises.predictions.kept import predicted_ids
from hpt_widgets.language import listed, translate
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.support.home import ReaderFolderWarning

__all__ = [
    "all_exercises",
    "all_quizzes",
    "check",
    "find",
    "hint",
    "judged",
    "my_progress",
    "nearest",
    "picture",
    "question_item",
    "solution",
]

# Their cells begin with a lab or a search that has no trial yet.
ADVICE = {"mystery": "how_to_train", "search": "how_to_train", "build": "how_to_build"}

_hints_given: dict[str, int] = {}


def check(exercise: str, answer: Any) -> Verdict:
    """Judge an answer.

    Parameters
    ----------
    exercise : str
        The exercise's id, such as ``"4.1-b"``.
    answer : object
        Whatever the task asks for: a number, an array, a function, a run. A
        function is called, with a limit of time.

    Returns
    -------
    Verdict
        Right, wrong and why, or not answered yet (where the answer is still the
        ``...`` of the notebook's cell). It is true where the answer is right. Where the
        reader's folder cannot be written, a `ReaderFolderWarning` says so.

    Raises
    ------
    ValueError
        If there is no such exercise. The answer itself never raises.
    """
    found = find(exercise)
    verdict = judged(found, answer)
    if verdict.state != NOT_ANSWERED:
        problem = progress.remember(found.id, verdict.state, _kept(found, answer, verdict))
        if problem:
            warnings.warn(problem, ReaderFolderWarning, stacklevel=1)
    return verdict


def hint(exercise: str, number: int | None = None) -> Hint | Closed:
    """Give a hint: the next one each time, or the one with a number.

    Parameters
    ----------
    exercise : str
        The exercise's id, such as ``"4.1-b"``.
    number : int, optional
        Which hint, from 1. By default the one after the last one given; after the
        last hint it is given again.

    Returns
    -------
    Hint or Closed
        It shows itself in a notebook. A teacher may have closed hints for a class.

    Raises
    ------
    ValueError
        If there is no such exercise or no such hint.
    """
    found = find(exercise)
    n_hints = len(found.hints)
    if number is None:
        number = min(_hints_given.get(found.id, 0) + 1, n_hints)
    wanted = whole_number(number)
    if wanted is None or not 1 <= wanted <= n_hints:
        raise ValueError(translate("exercises.bad_hint", found=number, n_hints=n_hints))
    if closed := class_rules().closed("hints"):
        return Closed(found.id, CLOSED, closed)
    _hints_given[found.id] = wanted
    progress.remember(found.id, progress.HINT)
    return Hint(found.id, progress.HINT, str(found.hints[wanted - 1]), wanted, n_hints)


def solution(exercise: str) -> Solution | Closed:
    """Show code that solves an exercise.

    Parameters
    ----------
    exercise : str
        The exercise's id, such as ``"4.1-b"``.

    Returns
    -------
    Solution or Closed
        It shows itself in a notebook. A teacher may have closed solutions for a class.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    found = find(exercise)
    if closed := class_rules().closed("solutions"):
        return Closed(found.id, CLOSED, closed)
    progress.remember(found.id, progress.SOLUTION)
    return Solution(found.id, found.solution)


def picture(exercise: str) -> Picture:
    """Show the charts that an exercise is about.

    Parameters
    ----------
    exercise : str
        The exercise's id, such as ``"1-e"``.

    Returns
    -------
    Picture
        It shows itself in a notebook, with a description for screen readers.

    Raises
    ------
    ValueError
        If there is no such exercise, or it has no charts.
    """
    found = find(exercise)
    if not found.charts:
        with_charts = listed(e.id for e in all_exercises().values() if e.charts)
        raise ValueError(translate("exercises.no_picture", found=exercise, allowed=with_charts))
    return Picture(found.charts)


def my_progress() -> ProgressTable:
    """Show which exercises and quiz questions you have answered, and how, and your predictions.

    What was right once stays right. Of the predictions those count that were made before their
    outcome was seen. The progress is kept in the reader's folder
    (``HPT_HOME``); where a line of it is broken, a warning says so and the rest counts.
    ``hpt.my_progress().export("your name")``, with your own name in it, writes a file to hand in.
    """
    states, quizzes, predicted = progress.states(), all_quizzes(), predicted_ids()
    exercises = list(all_exercises().values())
    rows: list[tuple[str, str, str]] = []
    for chapter in sorted({*quizzes, *(exercise.chapter for exercise in exercises)}):
        rows += [
            (chapter, f"{exercise.id} {exercise.title}", _state(states, exercise))
            for exercise in exercises
            # What was done before an exercise was replaced stays done.
            if exercise.chapter == chapter and (not exercise.retired or exercise.id in states)
        ]
        asked = [
            name
            for name, question in every_prediction().items()
            if chapter_of(name) == chapter and (not question.retired or name in predicted)
        ]
        if asked:
            made = sum(name in predicted for name in asked)
            key = "predictions_made" if made else "state_open"
            state = translate(f"exercises.{key}", made=made, n=len(asked))
            rows.append((chapter, translate("exercises.predictions"), state))
        if chapter in quizzes:
            rows.append((chapter, translate("exercises.quiz"), _quiz_state(states, chapter)))
    return ProgressTable(tuple(rows))


def judged(exercise: Exercise, answer: Any) -> Verdict:
    """Judge an answer as `check` does, and keep nothing of it."""
    has_a_gap = "..." in exercise.starter
    try:
        if has_a_gap:
            check_answered(answer)
        praise = exercise.judge(answer)
    except NotAnswered:
        advice = ADVICE.get(exercise.kind, "how_to_repair")
        advice = "how_to_start" if has_a_gap else advice
        message = translate(f"exercises.{advice}", id=exercise.id)
        return Verdict(exercise.id, NOT_ANSWERED, message)
    except Wrong as wrong:
        return Verdict(exercise.id, progress.WRONG, str(wrong))
    except Exception as error:
        # An object can misbehave in any way; the reader shall read a sentence, not a traceback.
        kind, name = type(error).__name__, type(answer).__name__
        message = translate("exercises.unreadable", answer=name, kind=kind)
        return Verdict(exercise.id, progress.WRONG, message)
    return Verdict(exercise.id, progress.RIGHT, str(praise))


def _kept(exercise: Exercise, answer: Any, verdict: Verdict) -> dict[str, Any]:
    """Return what is kept of an answer: its value only if that would be judged alike once more."""
    record = recorded(answer)
    if record and VALUE in record and judged(exercise, record[VALUE]).state != verdict.state:
        record = None
    return record or unrecorded(answer)


def _state(states: dict[str, str], exercise: Exercise) -> str:
    return translate(f"exercises.state_{states.get(exercise.id, 'open')}")


def _quiz_state(states: dict[str, str], chapter: str) -> str:
    items = [question_item(chapter, i + 1) for i in range(len(all_quizzes()[chapter]))]
    if not any(item in states for item in items):
        return translate("exercises.state_open")
    right = sum(states.get(item) == progress.RIGHT for item in items)
    return translate("exercises.quiz_score", right=right, n=len(items))
