"""What a quiz is made of."""

from __future__ import annotations

from dataclasses import dataclass

from hpt_widgets.exercises.chart import Chart
from hpt_widgets.language import Text


@dataclass(frozen=True)
class Choice:
    """One choice of a question.

    Attributes
    ----------
    text : Text
        What the choice says.
    feedback : Text
        Why it is right, or what is wrong with it.
    right : bool, default False
        Whether it is the right one.
    """

    text: Text
    feedback: Text
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with exactly one right choice.

    Attributes
    ----------
    prompt : Text
        The question.
    choices : tuple of Choice
        In the order in which they are shown.
    charts : tuple of Chart, default ()
        What is to be read, shown below the question.

    Raises
    ------
    ValueError
        If not exactly one choice is right, or there is only one choice.
    """

    prompt: Text
    choices: tuple[Choice, ...]
    charts: tuple[Chart, ...] = ()

    def __post_init__(self) -> None:
        n_right = sum(choice.right for choice in self.choices)
        if n_right != 1 or len(self.choices) < 2:
            raise ValueError(
                f"choices={len(self.choices)} with {n_right} right ones: "
                f"a question needs two or more, exactly one of them right ({self.prompt.en!r})"
            )
