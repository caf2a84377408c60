"""What checks, hints, solutions and progress look like: as text and as HTML."""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpt_widgets.exercises.hand_in import export_progress
from hpt_widgets.exercises.progress import HINT, RIGHT, WRONG
from hpt_widgets.language import joined, translate

NOT_ANSWERED, CLOSED = "not answered", "closed"
_MARKS = {RIGHT: "✓", WRONG: "✗", NOT_ANSWERED: "…", HINT: "?", CLOSED: "⏲"}
# Blue and orange stay apart for colour-blind eyes, on a light page and on a dark one.
COLORS = {
    RIGHT: "#0a7cc4",
    WRONG: "#d55e00",
    NOT_ANSWERED: "#888888",
    HINT: "#b8860b",
    CLOSED: "#888888",
}

# Notebooks set tables to the right, which suits numbers.
_LEFT = 'style="text-align: left"'

_MARKED = re.compile(r"`([^`]+)`|\*([^\s*`](?:[^*`]*[^\s*`])?)\*")
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class _Note:
    """A line that begins with a mark, in a box of its own."""

    id: str
    state: str
    message: str

    @property
    def _head(self) -> str:
        mark = _MARKS[self.state]
        return translate("exercises.head", mark=mark, id=self.id, label=self._label())

    def _label(self) -> str:
        return translate(f"exercises.{self.state.replace(' ', '_')}")

    def __repr__(self) -> str:
        return joined([self._head, self.message])

    def _repr_html_(self) -> str:
        style = f"border-left: 4px solid {COLORS[self.state]}; padding: 0.3em 0.8em"
        words = joined([f"<b>{html.escape(self._head)}</b>", as_html(self.message)])
        return f'<div role="status" style="{style}">{words}</div>'


@dataclass(frozen=True, repr=False)
class Verdict(_Note):
    """What `check` says about an answer. It is true where the answer is right.

    Attributes
    ----------
    id : str
        The exercise.
    state : {"right", "wrong", "not answered"}
        How the answer was judged.
    message : str
        What is wrong and why, or what a right answer shows.
    """

    def __bool__(self) -> bool:
        return self.state == RIGHT


@dataclass(frozen=True, repr=False)
class Hint(_Note):
    """One step of the help with an exercise.

    Attributes
    ----------
    id : str
        The exercise.
    state : str
        Always "hint".
    message : str
        The hint.
    number, n_hints : int
        Which of how many hints it is.
    """

    number: int
    n_hints: int

    def _label(self) -> str:
        key = "last_hint" if self.number == self.n_hints else "hint"
        values = {"number": self.number, "n_hints": self.n_hints, "id": self.id}
        return translate(f"exercises.{key}", **values)


@dataclass(frozen=True, repr=False)
class Closed(_Note):
    """Says that a teacher has closed hints or solutions, and until when.

    Attributes
    ----------
    id : str
        The exercise.
    state : str
        Always "closed".
    message : str
        The sentence.
    """


@dataclass(frozen=True, repr=False)
class Solution:
    """Code that solves an exercise; a notebook shows it with its colours.

    Attributes
    ----------
    id : str
        The exercise.
    code : str
        The code.
    """

    id: str
    code: str

    def __repr__(self) -> str:
        return self.code

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.code, "text/markdown": f"```python\n{self.code}\n```"}


@dataclass(frozen=True, repr=False)
class ProgressTable:
    """What a reader has done.

    Attributes
    ----------
    rows : tuple of (chapter, item, state)
        One for each exercise and for each chapter's quiz, as text.
    """

    rows: tuple[tuple[str, str, str], ...]

    def export(self, name: str, path: str | os.PathLike[str] | None = None) -> Path:
        """Write what you have done to a file that you can hand in.

        Parameters
        ----------
        name : str
            Who hands it in.
        path : str or path-like, optional
            The file; by default your name with ``.progress.json`` behind it, beside the
            notebook.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        TypeError, ValueError
            If the name can be none.
        OSError
            If the file cannot be written.
        """
        return export_progress(name, path)

    @property
    def _header(self) -> tuple[str, str, str]:
        return (
            translate("exercises.chapter"),
            translate("exercises.exercise"),
            translate("exercises.state"),
        )

    def __repr__(self) -> str:
        return "\n".join("  ".join(cells).rstrip() for cells in self._padded())

    def _padded(self) -> list[list[str]]:
        table = [self._header, *self.rows]
        widths = [max(_width(row[column]) for row in table) for column in range(3)]
        return [
            [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
            for row in table
        ]

    def _repr_html_(self) -> str:
        header = "".join(
            f'<th scope="col" {_LEFT}>{html.escape(cell)}</th>' for cell in self._header
        )
        body = "".join(
            "<tr>" + "".join(f"<td {_LEFT}>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"


def as_html(text: str) -> str:
    """Escape a text; what stands between backticks becomes code, between asterisks emphasis.

    Chinese characters are emphasised in bold: they have no italics, and slanted they read badly.
    """
    return _MARKED.sub(_marked, html.escape(text))


def _marked(found: re.Match[str]) -> str:
    code, emphasis = found.groups()
    if code:
        return f"<code>{code}</code>"
    tag = "strong" if _HAN.search(emphasis) else "em"
    return f"<{tag}>{emphasis}</{tag}>"


def _width(text: str) -> int:
    """Count columns: a Chinese character takes two."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
