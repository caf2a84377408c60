"""The chapters' quizzes as a page can hold them: each choice unfolds to what is said of it."""

from __future__ import annotations

import html
from string import ascii_lowercase

from tools.site import package


def quiz_html(chapter: str, language: str) -> str:
    """Return a quiz in one language, with all choices folded.

    Parameters
    ----------
    chapter : str
        The chapter's number, such as ``"4.1"``.
    language : str
        "en" or "zh".

    Returns
    -------
    str
    """
    questions = package.all_quizzes()[chapter]
    return "".join(
        _question_html(number, question, language)
        for number, question in enumerate(questions, start=1)
    )


def _question_html(number: int, question: package.Question, language: str) -> str:
    prompt = package.as_html(getattr(question.prompt, language))
    # What is to be read of a chart is said in words: the notebooks store it so too.
    described = " ".join(getattr(chart.alt, language) for chart in question.charts)
    shown = f"<p><i>{html.escape(described)}</i></p>" if described else ""
    choices = "".join(
        _choice_html(letter, choice, language)
        for letter, choice in zip(ascii_lowercase, question.choices, strict=False)
    )
    return f'<div class="question"><p><b>{number}.</b> {prompt}</p>{shown}{choices}</div>'


def _choice_html(letter: str, choice: package.Choice, language: str) -> str:
    mark = package.texts_of("exercises")["quiz_right" if choice.right else "quiz_wrong"]
    space = "" if language == "zh" else " "
    said = f"{getattr(mark, language)}{space}{getattr(choice.feedback, language)}"
    text = package.as_html(getattr(choice.text, language))
    summary = f"<summary>{letter}) {text}</summary>"
    return f'<details class="choice">{summary}<p>{package.as_html(said)}</p></details>'
