"""Where a prediction is given: a field for a number, buttons for choices."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import ipywidgets as widgets

from hpt_widgets.exercises.predictions.curve import CurveQuestion
from hpt_widgets.exercises.predictions.prediction_file import Question
from hpt_widgets.exercises.predictions.question import ChoiceQuestion, NumberQuestion
from hpt_widgets.labs.kit.controls import CHOICE_LETTERS, TextControl, choice_button, show_message
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.labs.prediction.sheet import CurveSheet
from hpt_widgets.labs.prediction.typed_number import percentage, plain_number, share
from hpt_widgets.language import translate


class Form(Protocol):
    """What all forms have in common."""

    widget: Any

    def show(self, value: Any) -> None:
        """Show a prediction, or none (None)."""

    def lock(self, is_locked: bool) -> None:
        """Let it be changed no more, or again."""


class NumberForm:
    """A field for a number and its unit.

    Attributes
    ----------
    control : TextControl
        The field.
    doubt : HTML
        Asks beside the field whether a number below 1 was meant as a share.
    widget : Widget
    """

    def __init__(self, question: NumberQuestion, on_answer: Callable[[Any], None]) -> None:
        self._question = question
        self._allowed = NumberRange(question.minimum, question.maximum, question.whole)
        self.control = TextControl(
            str(question.label),
            None,
            self._parsed,
            lambda value: "" if value is None else f"{value:.10g}",
            on_answer,
        )
        self.control.field.add_class("hpt-number")
        self.control.use_label_width("initial")
        self.control.field.layout.width = "100%"
        self.control.widget.layout.width = "360px"
        unit = "" if question.field_unit is None else html.escape(str(question.field_unit))
        self.doubt = widgets.HTML(layout={"display": "none"})
        self.widget = widgets.HBox(
            [
                self.control.widget,
                widgets.HTML(f'<span class="hpt-unit">{unit}</span>'),
                self.doubt,
            ],
            layout={"flex_flow": "row wrap"},
        )

    def show(self, value: Any) -> None:
        """Show a prediction, or none (None)."""
        self.control.show(value)
        self._show_doubt()

    def lock(self, is_locked: bool) -> None:
        """Let it be changed no more, or again."""
        self.control.field.disabled = is_locked
        self._show_doubt()

    def _show_doubt(self) -> None:
        """Ask while there is time to change it; what came out says the rest."""
        is_open = not self.control.field.disabled
        words = self._question.doubt_about(self.control.value) if is_open else ""
        show_message(self.doubt, words, 'role="status" class="hpt-unit"')

    def _parsed(self, text: str) -> float | int | None:
        """Read a number as readers write it."""
        unit = self._question.field_unit
        is_share = unit is None and self._question.maximum == 1
        plain = share(text) if is_share else plain_number(text, unit)
        if not plain:
            return None if self.control.value is None else float(self.control.value)
        self._check_percentage(text)
        return self._allowed.parse(str(self._question.label), plain, typed=text.strip())

    def _check_percentage(self, text: str) -> None:
        """Ask what was meant where a percentage is typed for a number of things."""
        total, percent = self._question.total, percentage(text)
        if total is None or percent is None or not 0 <= percent <= 100:
            return
        meant = self._question.as_given(total * percent / 100)
        words = translate("prediction.percentage_of_count", found=text.strip(), meant=meant)
        raise ValueError(words)


class ChoiceForm:
    """A button for each choice.

    Attributes
    ----------
    buttons : list of Button
    widget : Widget
    """

    def __init__(self, question: ChoiceQuestion, on_answer: Callable[[int], None]) -> None:
        self._question = question
        self.buttons = [
            choice_button(self._label(number), partial(on_answer, number))
            for number in range(1, len(question.choices) + 1)
        ]
        self.widget = widgets.VBox(self.buttons)

    def show(self, value: Any) -> None:
        """Mark the choice that was taken, or none (None)."""
        for number, button in enumerate(self.buttons, start=1):
            button.description = f"{'● ' if number == value else ''}{self._label(number)}"

    def lock(self, is_locked: bool) -> None:
        """Let it be changed no more, or again."""
        for button in self.buttons:
            button.disabled = is_locked

    def _label(self, number: int) -> str:
        text = self._question.words(number).replace("`", "").replace("*", "")
        return f"{CHOICE_LETTERS[number - 1]}) {text}"


def form_for(question: Question, on_answer: Callable[[Any], None]) -> Form:
    """Return the form of a question, which calls `on_answer` with a prediction."""
    if isinstance(question, NumberQuestion):
        return NumberForm(question, on_answer)
    if isinstance(question, ChoiceQuestion):
        return ChoiceForm(question, on_answer)
    return CurveSheet(question, on_answer)


def advice_for(question: Question) -> str:
    """Say how a question is answered."""
    keys = {NumberQuestion: "type", ChoiceQuestion: "choose", CurveQuestion: "draw"}
    return translate(f"prediction.how_to_{keys[type(question)]}")
