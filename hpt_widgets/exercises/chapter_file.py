"""Reads a chapter's TOML file: its exercises' words and code, and its quiz.

A fault is reported with the file, the exercise or question, and the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from hpt_widgets.exercises.chart import SCALES, STYLES, Chart, Curve, all_series
from hpt_widgets.exercises.exercise import KINDS, Exercise, Judge
from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.exercises.toml_table import (
    LANGUAGE_FIELDS,
    ChapterFileError,
    Table,
    read_table,
)

FILE_NAME = re.compile(r"chapter_0?(\d+)(?:_(\d+))?\.toml")


@dataclass(frozen=True)
class Chapter:
    """What the file of one chapter holds.

    Attributes
    ----------
    number : str
        The chapter's number, ``"4.1"``, as the file's name has it.
    exercises : tuple of Exercise
        In the order of the file.
    questions : tuple of Question
        The quiz.
    """

    number: str
    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]


def chapter_number(file_name: str) -> str | None:
    """Return ``"4.1"`` for ``"chapter_04_1.toml"``, None for a name of another form."""
    match = FILE_NAME.fullmatch(file_name)
    return ".".join(filter(None, match.groups())) if match else None


def read_chapter(file: Traversable, judges: Mapping[str, Judge]) -> Chapter:
    """Read and check a chapter's file.

    Parameters
    ----------
    file : path
        A TOML file named like ``chapter_04_1.toml``. It has tables ``[[exercises]]`` (id,
        title, kind, answer_name, starter, solution, hints, charts, retired) and
        ``[[questions]]`` (prompt, charts, choices with text, feedback and right). What readers
        see has the keys ``en`` and ``zh``; a plain string serves both languages.
    judges : mapping of str to callable
        The judge of each exercise, by its id.

    Returns
    -------
    Chapter

    Raises
    ------
    ChapterFileError
        If the file is no TOML, a field is missing, unknown or of another type, a question
        has not exactly one right choice, or an exercise has no judge.
    """
    number = chapter_number(file.name)
    if number is None:
        raise ChapterFileError(f"{file.name}: a chapter's file is named like chapter_04_1.toml")
    top = read_table(file, required=("questions",), optional=("exercises",))
    exercises = tuple(
        _exercise(table, number, judges)
        for table in top.tables(
            "exercises",
            "exercise",
            required=("id", "title", "kind", "answer_name", "starter", "solution", "hints"),
            optional=("charts", "retired"),
        )
    )
    without_words = set(judges) - {exercise.id for exercise in exercises}
    if without_words or len({exercise.id for exercise in exercises}) < len(exercises):
        raise ChapterFileError(
            f"{file.name}: exercises: each id of JUDGES must stand here once"
            f" (missing: {sorted(without_words)})"
        )
    questions = top.tables(
        "questions", "question", required=("prompt", "choices"), optional=("charts",)
    )
    return Chapter(number, exercises, tuple(_question(table) for table in questions))


def _exercise(table: Table, number: str, judges: Mapping[str, Judge]) -> Exercise:
    name = table.string("id")
    if not re.fullmatch(rf"{re.escape(number)}-[a-z]", name):
        raise table.fault("id", f"must be {number}-a, {number}-b, …, got {name!r}")
    table.place = f"{table.place} ({name})"
    if name not in judges:
        raise table.fault("id", f"{name!r} has no judge in JUDGES")
    hints = table.tables("hints", "hint", **LANGUAGE_FIELDS)
    if len(hints) < 2:
        raise table.fault("hints", "must be two or more")
    return Exercise(
        id=name,
        title=table.text("title"),
        answer_name=table.string("answer_name"),
        starter=table.string("starter").strip("\n"),
        hints=tuple(hint.in_each_language() for hint in hints),
        solution=table.string("solution").strip("\n"),
        judge=judges[name],
        kind=table.one_of("kind", KINDS),
        charts=_charts(table),
        retired=table.flag("retired"),
    )


def _charts(table: Table) -> tuple[Chart, ...]:
    required = ("x", "y", "alt")
    optional = ("curves", "matrix", "title", "x_scale", "y_scale", "y_low")
    charts = table.tables("charts", "chart", required=required, optional=optional)
    return tuple(map(_chart, charts))


def _chart(table: Table) -> Chart:
    names = ("name", "series")
    curves = table.tables("curves", "curve", required=names, optional=("style",))
    if bool(curves) == ("matrix" in table.entries):
        raise table.fault("curves", "or a matrix must be there, not both")
    return Chart(
        x=table.text("x"),
        y=table.text("y"),
        alt=table.text("alt"),
        curves=tuple(
            Curve(
                curve.text("name"),
                curve.one_of("series", all_series()),
                curve.one_of("style", STYLES, "line"),
            )
            for curve in curves
        ),
        matrix=table.one_of("matrix", all_series()) if "matrix" in table.entries else "",
        title=table.text("title") if "title" in table.entries else None,
        x_scale=table.one_of("x_scale", SCALES, "linear"),
        y_scale=table.one_of("y_scale", SCALES, "linear"),
        y_low=table.number("y_low") if "y_low" in table.entries else None,
    )


def _question(table: Table) -> Question:
    choices = table.tables("choices", "choice", required=("text", "feedback"), optional=("right",))
    try:
        picked = tuple(_choice(choice) for choice in choices)
        return Question(table.text("prompt"), picked, _charts(table))
    except ChapterFileError:
        raise
    except ValueError as error:
        raise table.fault("choices", f"are wrong: {error}") from None


def _choice(table: Table) -> Choice:
    return Choice(table.text("text"), table.text("feedback"), table.flag("right"))
