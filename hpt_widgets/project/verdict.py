"""What a check of a project looks like: a line for each point, as text and as HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hpt_widgets.language import translate
from hpt_widgets.support.colors import BLUE, NEUTRAL, VERMILION

RIGHT, WRONG, NOT_YET = "right", "wrong", "not yet"
MARKS: Final = {RIGHT: "✓", WRONG: "✗", NOT_YET: "…"}
COLORS: Final = {RIGHT: BLUE, WRONG: VERMILION, NOT_YET: NEUTRAL}
CELL: Final = 'style="text-align: left; vertical-align: top"'
"""How a cell of a check's table looks."""
SHORT_CELL: Final = 'style="text-align: left; vertical-align: top; white-space: nowrap"'
"""How one with a word or two looks."""
# What no log can prove, as keys of the texts.
UNPROVED: Final = ("outside", "looked", "author", "rewritten", "samples")


@dataclass(frozen=True)
class CheckLine:
    """One point of a project's way.

    Attributes
    ----------
    point : str
        What is judged, such as ``"splits"``.
    state : {"right", "wrong", "not yet"}
        How.
    message : str
        Why, in a sentence.
    """

    point: str
    state: str
    message: str

    @property
    def title(self) -> str:
        """What is judged, in words."""
        return translate(f"project_check.point_{self.point}")

    @property
    def sentence(self) -> str:
        """What is judged, and why it is judged so."""
        return f"{self.title}{translate('project_check.colon')}{self.message}"


@dataclass(frozen=True, repr=False)
class ProjectCheck:
    """The judgement of a project's way, not of its score. It is true where all is right.

    Attributes
    ----------
    name : str
        Of the project.
    lines : tuple of CheckLine
        Point by point.
    doubts : tuple of str, default ()
        What does not fit and may have a good reason, a sentence each.
    notes : tuple of str, default ()
        What is worth knowing and no fault, or still open beyond the points, a sentence each.
    """

    name: str
    lines: tuple[CheckLine, ...]
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return all(line.state == RIGHT for line in self.lines)

    def __getitem__(self, point: str) -> CheckLine:
        """Return the line of a point."""
        return next(line for line in self.lines if line.point == point)

    @property
    def summary(self) -> str:
        """How many points are right, wrong and open."""
        states = [line.state for line in self.lines]
        counts = {"right": states.count(RIGHT), "wrong": states.count(WRONG)}
        return translate(
            "project_check.summary", name=self.name, open=states.count(NOT_YET), **counts
        )

    @property
    def unproved(self) -> tuple[str, ...]:
        """What the log cannot prove, a sentence each; nothing of a log that is not there."""
        if len(self.lines) == 1:
            return ()
        return tuple(translate(f"project_check.unproved_{key}") for key in UNPROVED)

    def __repr__(self) -> str:
        lines = [f"{MARKS[line.state]} {line.sentence}" for line in self.lines]
        for key, sentences in _remarks(self):
            if sentences:
                lines.append(translate(f"project_check.{key}"))
                lines += [f"- {sentence}" for sentence in sentences]
        return "\n".join([self.summary, *lines])

    def _repr_html_(self) -> str:
        return (
            f'<div role="status"><p><b>{html.escape(self.summary)}</b></p>'
            f"{lines_as_html(self)}{remarks_as_html(self)}</div>"
        )


def word_as_html(key: str) -> str:
    """Return a state, or the head of a column, in words."""
    return html.escape(translate(f"project_check.{key.replace(' ', '_')}"))


def lines_as_html(check: ProjectCheck) -> str:
    """Return the points of a check as a table."""
    rows = "".join(
        f'<tr><td {SHORT_CELL}><b style="color: {COLORS[line.state]}">{MARKS[line.state]}</b> '
        f"{word_as_html(line.state)}</td>"
        f'<th scope="row" {CELL}>{html.escape(line.title)}</th>'
        f"<td {CELL}>{html.escape(line.message)}</td></tr>"
        for line in check.lines
    )
    return f"<table><tbody>{rows}</tbody></table>"


def remarks_as_html(check: ProjectCheck) -> str:
    """Return doubts, notes, and what a log can't prove, as lists; empty where there is no log."""
    return "".join(_list(key, sentences) for key, sentences in _remarks(check))


def _remarks(check: ProjectCheck) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("doubts", check.doubts), ("notes", check.notes), ("unproved", check.unproved)


def _list(key: str, sentences: Sequence[str]) -> str:
    if not sentences:
        return ""
    items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
    return f"<p>{html.escape(translate(f'project_check.{key}'))}</p><ul>{items}</ul>"
