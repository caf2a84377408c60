"""All chapters' exercises and quizzes, found by the names of their files."""

from __future__ import annotations

import difflib
import importlib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import PurePath

from hpt_widgets.exercises import chapters
from hpt_widgets.exercises.chapter_file import Chapter, chapter_number, read_chapter
from hpt_widgets.exercises.exercise import Exercise
from hpt_widgets.exercises.question import Question
from hpt_widgets.language import listed, translate

# Looking for similar names takes the longer, the longer the name is.
LONGEST_NAME = 40


@cache
def all_chapters() -> tuple[Chapter, ...]:
    """Return all chapters, in their order."""
    files = sorted(resources.files(chapters).iterdir(), key=lambda file: file.name)
    return tuple(
        read_chapter(file, importlib.import_module(module).JUDGES)
        for file in files
        if chapter_number(file.name)
        for module in [f"{chapters.__name__}.{PurePath(file.name).stem}"]
    )


@cache
def all_exercises() -> dict[str, Exercise]:
    """Return all exercises by id, in the order of the chapters."""
    return {exercise.id: exercise for chapter in all_chapters() for exercise in chapter.exercises}


@cache
def all_quizzes() -> dict[str, tuple[Question, ...]]:
    """Return the questions of each chapter, by the chapter's number."""
    return {chapter.number: chapter.questions for chapter in all_chapters()}


def find(exercise: str) -> Exercise:
    """Return the record of an exercise.

    Raises
    ------
    ValueError
        If there is no such exercise; the message names the nearest ones.
    """
    exercises = all_exercises()
    # A Chinese keyboard may give full-width digits and letters.
    written = unicodedata.normalize("NFKC", exercise) if isinstance(exercise, str) else ""
    if found := exercises.get(written.strip().lower()):
        return found
    # Readers of this version see none that was replaced.
    current = [name for name, found in exercises.items() if not found.retired]
    near = nearest(exercise, current)
    raise ValueError(translate("exercises.unknown", found=exercise, near=near))


def nearest(wanted: object, names: Iterable[str]) -> str:
    """Return the names that are most like the wanted one, or all, with commas between."""
    names = list(names)
    written = wanted[:LONGEST_NAME] if isinstance(wanted, str) else ""
    near = difflib.get_close_matches(written, names, n=4, cutoff=0.4)
    return listed(sorted(near) or names)


def question_item(chapter: str, number: int) -> str:
    """Return the name under which the progress keeps a quiz question, counted from 1."""
    return f"quiz-{chapter}-{number}"
