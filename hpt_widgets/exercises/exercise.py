"""What an exercise is, and the three things that its judge can say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hpt_widgets.exercises.chart import Chart
from hpt_widgets.language import Text

BUILDING = ("read", "mystery", "repair", "search", "compare", "refute", "build")
KINDS = (*BUILDING, "code", "compute")
"""What an exercise asks for. Those that build: read a curve, find the settings behind curves
that are shown, repair a program, search within a budget, design a comparison, choose the
experiment that would refute, build a network in a lab. The others: write a function, find a
value."""

Judge = Callable[[Any], Text]
"""Takes an answer. Returns the praise for a right one; raises `Wrong` or `NotAnswered` else."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: what its notebook cell starts with, and how an answer is judged.

    The task itself stands in the notebook; here is all that Python needs of it.

    Attributes
    ----------
    id : str
        The chapter, a hyphen, and a letter: ``"4.1-b"``.
    title : Text
        A few words, for the table of `my_progress`.
    answer_name : str
        The name that the answer has in the notebook's cell and in `solution`.
    starter : str
        The code that the notebook's cell starts with. It runs as it is, and its
        check says "not answered yet".
    hints : tuple of Text
        From a nudge to nearly the answer.
    solution : str
        Code that gives `answer_name` a right answer. The tests run it.
    judge : callable
        Takes the answer. Returns the `Text` that praises a right one (say what it
        shows), and raises `Wrong` or `NotAnswered` for any other.
    kind : str
        One of `KINDS`.
    charts : tuple of Chart
        What `picture` shows, empty where the task needs none.
    retired : bool, default False
        Whether another one has taken its place: it stands in no notebook any more, but a
        reader's own copies of an earlier version still ask for it.
    """

    id: str
    title: Text
    answer_name: str
    starter: str
    hints: tuple[Text, ...]
    solution: str
    judge: Judge
    kind: str = "code"
    charts: tuple[Chart, ...] = ()
    retired: bool = False

    @property
    def chapter(self) -> str:
        """The chapter's number, ``"4.1"``."""
        return self.id.partition("-")[0]


class Wrong(Exception):  # noqa: N818 - an answer that is wrong is no error of the program
    """The answer is wrong; the text says what is wrong with it, and why.

    Parameters
    ----------
    text : Text
        The explanation.
    **values : object
        What its placeholders stand for.
    """

    def __init__(self, text: Text, **values: object) -> None:
        super().__init__(text.format(**values) if values else str(text))


class NotAnswered(Exception):  # noqa: N818
    """The cell is still as the notebook gives it."""
