"""What is read from the board's file: students, and runs as the pages and files need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from hpt_widgets.board.class_run import ClassRun


class RunRow(NamedTuple):
    """What the projector's page needs of a run.

    Attributes
    ----------
    sequence : int
        The order of arrival, from 1.
    student : int
        The student's number.
    values : tuple
        The values of the task's free hyperparameters, in the task's order.
    accuracy : float or None
        The validation accuracy, from 0 to 1; None if the run cannot be compared.
    """

    sequence: int
    student: int
    values: tuple[Any, ...]
    accuracy: float | None


@dataclass(frozen=True)
class Student:
    """A student on the board.

    Attributes
    ----------
    number : int
        On this board, from 1.
    name : str
        The nickname; the second student of the same one in a class has " (2)" behind it.
    class_number : int, default 1
        Of the class that the student joined last, from 1.
    """

    number: int
    name: str
    class_number: int = 1


class Attendance(NamedTuple):
    """A student of the present class, for the teacher's list.

    Attributes
    ----------
    number : int
        On this board.
    name : str
        The name on the board.
    runs : int
        How many runs of theirs the board has from this class, those that stand apart too.
    """

    number: int
    name: str
    runs: int


@dataclass(frozen=True)
class KeptRun:
    """A run with all that the board knows of it.

    Attributes
    ----------
    sequence : int
        The order of arrival.
    student : str
        The student's name on the board.
    task : str
        The key of its task, empty where it stands apart.
    run : ClassRun
        What was sent.
    class_number : int, default 1
        Of the class in which it was sent, from 1.
    """

    sequence: int
    student: str
    task: str
    run: ClassRun
    class_number: int = 1
