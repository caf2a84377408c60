"""Reads a chapter's predictions from TOML.

Each table ``[[predictions]]`` has an ``id``, a ``question``, and one of these:

``number``
    A table: ``label``, ``minimum`` and ``maximum``, ``close`` (up to which difference it counts
    as right) or ``close_factor`` (up to which ratio), ``meaning`` with the sentences ``close``,
    ``low`` and ``high``; and, where they are needed, ``unit``, ``whole = true`` and ``decimals``.
    Of a number of things ``of = 1000`` says how many there are, instead of a ``unit``: a share or
    a percentage is asked about then.
``choices``
    An array of tables: ``text``, ``meaning``, ``right = true`` for what happens, and ``value``
    where `outcome` is given what a run found. Readers' predictions are kept by a choice's place
    in the file, so it stays; ``shown = [3, 1, 2]`` beside the question shows the third one first.
``curve``
    A table: the axes ``x`` and ``y`` (``label``, ``minimum``, ``maximum``, ``column`` of a run's
    history, ``log = true``), ``close`` (a share of the chart's height), and an array ``lines``
    (``name``, ``meaning``, and ``column`` where it is not that of ``y``).

    Where the height is not all that is asked, a line says what else, and the real curve says how
    much of it there is: ``turns_up = true`` (after its lowest place it rises again),
    ``falls = true`` (it ends lower than it was), ``ends_within = 2`` (its end is right up to
    this factor, on a ``y`` axis above 0), ``beside = 1`` (how far it ends from the first line).
    ``order = ["end"]`` beside ``lines`` asks which curve ends lower, ``["start", "end"]`` which
    begins lower, too.

    ``low_is_about = ["turn", "end"]`` says of what the sentence ``low`` speaks, ``high_is_about``
    of what ``high`` does: of the ``start`` (a third), the ``middle`` or the ``end`` of the curve,
    of the ``turn`` or the ``fall`` that it must have. It is for those only who have just that
    wrong: ``low`` for who lacks a turn, ``high`` for who lacks a fall. Without it the sentence
    must hold wherever a curve is too low or too high. Who gets none has the plain facts.

    The sentences hold for one run: ``stored_end = 0.14`` says where the line ends in it. A run
    that ends elsewhere gets none of them.

A question that another one replaces gets ``retired = true``: no chapter asks it any more, but
readers' own copies of an earlier version do. The new one gets a new id, since a prediction that
was kept answers the old.
"""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable

from hpt_widgets.exercises.predictions.curve import (
    PARTS,
    Axis,
    CurveQuestion,
    Line,
    Part,
)
from hpt_widgets.exercises.predictions.question import (
    ChoiceQuestion,
    Meaning,
    NumberQuestion,
    PossibleOutcome,
)
from hpt_widgets.exercises.toml_table import ChapterFileError, Table, read_table
from hpt_widgets.language import Text

Question = NumberQuestion | ChoiceQuestion | CurveQuestion
KINDS = ("number", "choices", "curve")
LINE_FIELDS = (
    "column",
    "low_is_about",
    "high_is_about",
    "turns_up",
    "falls",
    "ends_within",
    "beside",
    "stored_end",
)
DEFAULT_CLOSENESS = 0.12
"""A curve within an eighth of the chart's height is as near as a mouse and an idea come."""


def read_predictions(file: Traversable, number: str) -> tuple[Question, ...]:
    """Read and check a chapter's predictions.

    Parameters
    ----------
    file : path
        The TOML file.
    number : str
        The chapter's number, ``"4.1"``.

    Returns
    -------
    tuple of NumberQuestion, ChoiceQuestion or CurveQuestion
        In the order of the file.

    Raises
    ------
    ChapterFileError
        If the file is no TOML, or a field is missing, unknown or of another type.
    """
    top = read_table(file, required=("predictions",))
    tables = top.tables(
        "predictions",
        "prediction",
        required=("id", "question"),
        optional=(*KINDS, "shown", "retired"),
    )
    questions = tuple(_question(table, number) for table in tables)
    names = [question.id for question in questions]
    if len(set(names)) < len(names):
        raise ChapterFileError(f"{file.name}: predictions: an id stands here twice")
    return questions


def _question(table: Table, number: str) -> Question:
    name, prompt = table.string("id"), table.text("question")
    table.place = f"{table.place} ({name})"
    if not re.fullmatch(rf"{re.escape(number)}-[a-z0-9]+(-[a-z0-9]+)*", name):
        raise table.fault("id", f"must be {number}- and a name, got {name!r}")
    kinds = [kind for kind in KINDS if kind in table.entries]
    if len(kinds) != 1:
        raise table.fault("answer", f"must be one of {', '.join(KINDS)}, got {kinds}")
    if "shown" in table.entries and kinds != ["choices"]:
        raise table.fault("shown", "is for choices")
    if kinds == ["number"]:
        return _number(name, prompt, table)
    return _choices(name, prompt, table) if kinds == ["choices"] else _curve(name, prompt, table)


def _number(name: str, prompt: Text, table: Table) -> NumberQuestion:
    number = table.table(
        "number",
        required=("label", "minimum", "maximum", "meaning"),
        optional=("close", "close_factor", "unit", "whole", "decimals", "of"),
    )
    if {"of", "unit"} <= set(number.entries):
        raise number.fault("of", "stands instead of a unit")
    by_factor = "close_factor" in number.entries
    return NumberQuestion(
        id=name,
        prompt=prompt,
        label=number.text("label"),
        unit=number.text("unit") if "unit" in number.entries else None,
        minimum=number.number("minimum"),
        maximum=number.number("maximum"),
        whole=number.flag("whole"),
        decimals=int(number.number("decimals")) if "decimals" in number.entries else None,
        close=number.number("close_factor" if by_factor else "close"),
        by_factor=by_factor,
        meaning=_meaning(number),
        total=int(number.number("of")) if "of" in number.entries else None,
        retired=table.flag("retired"),
    )


def _choices(name: str, prompt: Text, table: Table) -> ChoiceQuestion:
    choices = table.tables(
        "choices", "choice", required=("text", "meaning"), optional=("value", "right")
    )
    shown = _order(table, len(choices))
    try:
        outcomes = [
            PossibleOutcome(
                choice.text("text"),
                choice.text("meaning"),
                choice.entries.get("value"),
                choice.flag("right"),
            )
            for choice in choices
        ]
        in_order = tuple(outcomes[n - 1] for n in shown)
        return ChoiceQuestion(name, prompt, in_order, shown, table.flag("retired"))
    except ChapterFileError:
        raise
    except ValueError as error:
        raise table.fault("choices", f"are wrong: {error}") from None


def _order(table: Table, n_choices: int) -> tuple[int, ...]:
    """Return the places of the choices in the file, in the order in which they are shown."""
    numbers = list(range(1, n_choices + 1))
    shown = table.entries.get("shown", numbers)
    if not isinstance(shown, list) or sorted(map(repr, shown)) != sorted(map(repr, numbers)):
        raise table.fault("shown", f"must be {numbers} in another order, got {shown!r}")
    return tuple(shown)


def _curve(name: str, prompt: Text, table: Table) -> CurveQuestion:
    curve = table.table("curve", required=("x", "y", "lines"), optional=("close", "order"))
    x, y = _axis(curve, "x"), _axis(curve, "y")
    lines = tuple(
        _line(line, y.column)
        for line in curve.tables(
            "lines",
            "line",
            required=("name", "meaning"),
            optional=LINE_FIELDS,
        )
    )
    if not lines:
        raise curve.fault("lines", "must be one or more")
    if y.minimum <= 0 and any(line.ends_within is not None for line in lines):
        # No factor leads from or to 0, which a curve at the chart's lower edge has.
        raise curve.fault("ends_within", f"needs a y axis above 0, got minimum {y.minimum!r}")
    for number, line in enumerate(lines, start=1):
        if line.beside is not None and line.beside not in {*range(1, len(lines) + 1)} - {number}:
            raise curve.fault("beside", f"must be the number of another line, got {line.beside!r}")
    return CurveQuestion(
        id=name,
        prompt=prompt,
        x=x,
        y=y,
        lines=lines,
        close=curve.number("close", DEFAULT_CLOSENESS),
        order=_parts(curve, "order", ("start", "end"), ()),
        retired=table.flag("retired"),
    )


def _line(line: Table, column: str) -> Line:
    factor, stored_end = (
        line.number(name) if name in line.entries else None
        for name in ("ends_within", "stored_end")
    )
    if factor is not None and factor <= 1:
        raise line.fault("ends_within", f"must be above 1, got {factor!r}")
    return Line(
        name=line.text("name"),
        column=line.string("column") if "column" in line.entries else column,
        meaning=_meaning(line),
        low_is_about=_parts(line, "low_is_about", PARTS, PARTS),
        high_is_about=_parts(line, "high_is_about", PARTS, PARTS),
        turns_up=line.flag("turns_up"),
        falls=line.flag("falls"),
        ends_within=factor,
        beside=line.entries.get("beside"),
        stored_end=stored_end,
    )


def _parts(
    table: Table, field: str, allowed: tuple[Part, ...], default: tuple[Part, ...]
) -> tuple[Part, ...]:
    parts = table.entries.get(field, list(default))
    if not isinstance(parts, list) or any(part not in allowed for part in parts):
        raise table.fault(field, f"must be an array of {', '.join(allowed)}, got {parts!r}")
    return tuple(parts)


def _axis(curve: Table, name: str) -> Axis:
    axis = curve.table(name, required=("label", "minimum", "maximum"), optional=("column", "log"))
    low, high, log = axis.number("minimum"), axis.number("maximum"), axis.flag("log")
    if not low < high or (log and low <= 0):
        raise axis.fault("minimum", "must be below the maximum, and above 0 on a log scale")
    column = axis.string("column") if "column" in axis.entries else name
    return Axis(axis.text("label"), low, high, log, column)


def _meaning(table: Table) -> Meaning:
    meaning = table.table("meaning", required=("close", "low", "high"))
    return Meaning(meaning.text("close"), meaning.text("low"), meaning.text("high"))
