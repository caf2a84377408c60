"""The quiz: questions to answer with the keyboard or the mouse, with feedback on each choice."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import ipywidgets as widgets

from hpt_widgets.exercises import all_quizzes, nearest, progress, question_item
from hpt_widgets.exercises.answer_record import place_of, recorded_choice
from hpt_widgets.exercises.chart import Picture
from hpt_widgets.exercises.display import COLORS, NOT_ANSWERED, as_html
from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.labs.kit.controls import CHOICE_LETTERS, MESSAGE_STYLE, button, choice_button
from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.kit.style import style_sheet
from hpt_widgets.language import joined, short_repr, translate
from hpt_widgets.support.argument_checks import require_whole_number

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

STYLE: Final = """<style>
.hpt-quiz .hpt-prompt { font-size: 15px; line-height: 1.4; white-space: normal; }
.hpt-quiz .hpt-feedback { font-size: 14px; line-height: 1.4; white-space: normal; }
</style>"""
_MARKS: Final = {True: "✓ ", False: "✗ "}


def quiz(chapter: str) -> Quiz:
    """Open a chapter's quiz.

    Go from choice to choice with Tab and press Space, or click. Each choice has a
    feedback of its own, and any question may be answered again. What was answered before, in
    another kernel too, is shown again, but for a question whose choices have changed since.

    Parameters
    ----------
    chapter : str
        The chapter's number, such as ``"4.1"``.

    Returns
    -------
    Quiz
        Display it in a notebook. Without a screen, use its method `Quiz.answer`.

    Raises
    ------
    ValueError
        If the chapter has no quiz.
    """
    quizzes = all_quizzes()
    # hpt.quiz(1) is plain enough; 4.1 is a number too.
    name = chapter.strip() if isinstance(chapter, str) else short_repr(chapter)
    if name not in quizzes:
        near = nearest(name, quizzes)
        raise ValueError(translate("exercises.unknown_quiz", found=chapter, near=near))
    return Quiz(name, quizzes[name])


class Quiz(Lab):
    """Questions with feedback on every choice; what was answered before is shown again.

    Parameters
    ----------
    chapter : str
        The chapter's number; answers are kept under it.
    questions : tuple of Question
        The questions.

    Attributes
    ----------
    chosen : dict of int to int
        The choice taken last for each answered question, both counted from 1.
    view : QuizView
        The widgets.
    """

    view: QuizView

    def __init__(self, chapter: str, questions: tuple[Question, ...]) -> None:
        self.chapter = chapter
        self.questions = questions
        self.chosen: dict[int, int] = {}
        super().__init__()

    @property
    def score(self) -> int:
        """How many questions are answered right as things stand."""
        return sum(self._is_right(number) for number in self.chosen)

    def answer(self, question: int, choice: int) -> str:
        """Take a choice, as its button does, and keep which it was.

        Parameters
        ----------
        question, choice : int
            Counted from 1.

        Returns
        -------
        str
            The feedback.

        Raises
        ------
        ValueError
            If there is no such question or choice.
        """
        number = require_whole_number("question", question, 1, len(self.questions))
        choices = self.questions[number - 1].choices
        picked = require_whole_number("choice", choice, 1, len(choices))
        self.chosen[number] = picked
        state = _state(choices[picked - 1].right)
        kept = recorded_choice(picked, choices[picked - 1])
        problem = progress.remember_for_now(question_item(self.chapter, number), state, kept)
        self.view.show_warning(problem)
        self.view.cards[number - 1].show(picked)
        self._show_total()
        return _feedback(choices[picked - 1])

    def renew(self) -> None:
        """Show all questions unanswered, to answer them anew; what was kept stays."""
        self.chosen.clear()
        for card in self.view.cards:
            card.show(None)
        self._show_total()

    def __repr__(self) -> str:
        title = translate("exercises.quiz_title", chapter=self.chapter)
        total = [self._total()] if self.chosen else []
        return "\n\n".join([title, *(card.as_text() for card in self.view.cards), *total])

    def _is_right(self, number: int) -> bool:
        return self.questions[number - 1].choices[self.chosen[number] - 1].right

    def _total(self) -> str:
        n, answered, right = len(self.questions), len(self.chosen), self.score
        total = translate("exercises.quiz_total", n=n, answered=answered, right=right)
        once = self._n_right_once()
        if not self.chosen or once <= right:
            return total
        return joined([total, translate("exercises.quiz_right_once", n=n, right=once)])

    def _n_right_once(self) -> int:
        """Return how many questions count in my_progress."""
        states = progress.states_of(progress.entries())
        items = [question_item(self.chapter, n) for n in range(1, len(self.questions) + 1)]
        return sum(states.get(item) == progress.RIGHT for item in items)

    def _show_total(self) -> None:
        markup = f'<div role="status" class="hpt-feedback"><b>{self._total()}</b></div>'
        self.view.total.value = markup
        self.view.renew.layout.display = "" if self.chosen else "none"

    def _complete(self) -> None:
        answers = (entry for entry in progress.entries_for_now() if entry.is_answer)
        kept = {entry.item: entry.value for entry in answers}
        for number, question in enumerate(self.questions, start=1):
            picked = place_of(kept.get(question_item(self.chapter, number)), question)
            if picked is not None:
                self.chosen[number] = picked
                self.view.cards[number - 1].show(picked)
        self._show_total()

    def _build(self) -> QuizView:
        return QuizView(
            self.chapter, self.questions, lambda *answer: self.answer(*answer), lambda: self.renew()
        )

    def _picture(self) -> StillPicture:
        """Draw one square a question: blue is right, orange is wrong, grey is open."""
        from matplotlib.patches import Rectangle

        from hpt_widgets.support.still_picture import StillPicture

        n = len(self.questions)
        figure = StillPicture(figsize=(0.8 * n, 0.8))
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, n), ylim=(0, 1))
        axes.axis("off")
        for number in range(1, n + 1):
            state = _state(self._is_right(number)) if number in self.chosen else NOT_ANSWERED
            axes.add_patch(Rectangle((number - 0.9, 0.1), 0.8, 0.8, color=COLORS[state]))
            axes.text(number - 0.5, 0.5, str(number), color="white", ha="center", va="center")
        return figure

    def _without_kernel(self) -> dict[str, str]:
        """Return the questions as text: a picture can't be read aloud."""
        markup = "".join(card.as_markup() for card in self.view.cards)
        total = f"<p><b>{html.escape(self._total())}</b></p>" if self.chosen else ""
        return {"text/plain": repr(self), "text/html": f"{markup}{total}"}


class QuizView:
    """The quiz on the screen.

    Parameters
    ----------
    chapter : str
        For the title.
    questions : tuple of Question
        A card each.
    on_answer : callable
        Called with the question and the choice, both counted from 1.
    on_renew : callable
        Called without an argument.

    Attributes
    ----------
    cards : list of Card
    renew : Button
        To answer all anew; hidden while nothing is answered.
    total, warning, widget : Widget
        How many are right, what could not be kept, and all together.
    """

    def __init__(
        self,
        chapter: str,
        questions: tuple[Question, ...],
        on_answer: Callable[[int, int], object],
        on_renew: Callable[[], None],
    ) -> None:
        self.cards = [
            Card(number, question, partial(on_answer, number))
            for number, question in enumerate(questions, start=1)
        ]
        self.total = widgets.HTML()
        self.renew = button(translate("exercises.quiz_renew"), "", on_renew)
        self.warning = widgets.HTML()
        title = html.escape(translate("exercises.quiz_title", chapter=chapter))
        self.widget = widgets.VBox(
            [
                style_sheet(),
                widgets.HTML(STYLE, layout={"height": "0px", "margin": "0"}),
                widgets.HTML(f'<div class="hpt-prompt"><b>{title}</b></div>'),
                *(card.widget for card in self.cards),
                self.total,
                self.renew,
                self.warning,
            ]
        )
        self.widget.add_class("hpt-quiz")

    def show_warning(self, message: str) -> None:
        """Show a message below the questions: a warning of Python's would reach no cell."""
        text = f'<span role="alert" style="{MESSAGE_STYLE}">{html.escape(message)}</span>'
        self.warning.value = text if message else ""


class Card:
    """One question on the screen, with a button for each choice.

    Attributes
    ----------
    buttons : list of Button
    feedback, widget : Widget
    """

    def __init__(self, number: int, question: Question, answer: Callable[[int], object]) -> None:
        self.number = number
        self.question = question
        self._picked: int | None = None
        self.buttons = [
            choice_button(self._label(place), partial(answer, place))
            for place in range(1, len(question.choices) + 1)
        ]
        self.feedback = widgets.HTML()
        prompt = widgets.HTML(f'<div class="hpt-prompt">{self._prompt_markup()}</div>')
        picture = [widgets.HTML(Picture(question.charts).as_html())] if question.charts else []
        self.widget = widgets.VBox(
            [prompt, *picture, *self.buttons, self.feedback], layout={"margin": "0 0 12px 0"}
        )

    def show(self, picked: int | None) -> None:
        """Mark the choice that was taken, and show its feedback; or show that none was (None)."""
        self._picked = picked
        for place, shown in enumerate(self.buttons, start=1):
            shown.description = f"{self._mark(place)}{self._label(place)}"
        if picked is None:
            self.feedback.value = ""
            return
        choice = self.question.choices[picked - 1]
        style = f"border-left: 4px solid {COLORS[_state(choice.right)]}; padding: 0.2em 0.8em"
        text = as_html(_feedback(choice))
        self.feedback.value = (
            f'<div role="status" class="hpt-feedback" style="{style}">{text}</div>'
        )

    def as_text(self) -> str:
        """Return the question, its choices and how it stands as plain text."""
        labels = [
            f"   {self._mark(place)}{self._label(place)}"
            for place in range(1, len(self.buttons) + 1)
        ]
        described = [f"   [{Picture(self.question.charts)!r}]"] if self.question.charts else []
        said = [f"   {feedback}" for feedback in self._said()]
        return "\n".join([f"{self.number}. {self.question.prompt}", *described, *labels, *said])

    def as_markup(self) -> str:
        """Return the question, its choices and how it stands as static HTML."""
        choices = "".join(
            f"<li>{self._mark(place)}{as_html(str(choice.text))}</li>"
            for place, choice in enumerate(self.question.choices, start=1)
        )
        # JupyterLab numbers a list unless its style says otherwise; GitHub keeps only the type.
        letters = 'type="a" style="list-style-type: lower-alpha"'
        # A picture's bytes differ from one computer to another; its description does not.
        charts = self.question.charts
        described = f"<p><i>{html.escape(repr(Picture(charts)))}</i></p>" if charts else ""
        said = "".join(f"<p>{as_html(feedback)}</p>" for feedback in self._said())
        return f"<p>{self._prompt_markup()}</p>{described}<ol {letters}>{choices}</ol>{said}"

    def _mark(self, place: int) -> str:
        return _MARKS[self.question.choices[place - 1].right] if place == self._picked else ""

    def _said(self) -> list[str]:
        """Return the feedback on the choice that was taken, if one was."""
        return [] if self._picked is None else [_feedback(self.question.choices[self._picked - 1])]

    def _prompt_markup(self) -> str:
        return f"<b>{self.number}.</b> {as_html(str(self.question.prompt))}"

    def _label(self, place: int) -> str:
        text = str(self.question.choices[place - 1].text).replace("`", "")
        return f"{CHOICE_LETTERS[place - 1]}) {text}"


def _state(right: bool) -> str:
    return progress.RIGHT if right else progress.WRONG


def _feedback(choice: Choice) -> str:
    mark = translate("exercises.quiz_right" if choice.right else "exercises.quiz_wrong")
    return joined([mark, str(choice.feedback)])
