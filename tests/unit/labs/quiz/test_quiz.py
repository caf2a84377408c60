"""The quiz: its questions, and the widget without a screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
from widget_tools import bundle_of, open_widgets

import hpt_widgets as hpt
from hpt_widgets.exercises import all_quizzes, progress
from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.quiz.lab import Quiz
from hpt_widgets.language import Text

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def quiz() -> Any:
    quiz = hpt.quiz("4.1")
    yield quiz
    quiz.close()


@pytest.fixture(scope="module")
def shared_quiz() -> Any:
    """Return a quiz for tests that change nothing of it."""
    quiz = hpt.quiz("4.1")
    yield quiz
    quiz.close()


def right_choice(question: Question) -> int:
    return 1 + [choice.right for choice in question.choices].index(True)


def wrong_choice(question: Question) -> int:
    return 1 + [choice.right for choice in question.choices].index(False)


# ---------------------------------------------------------------- the questions


@pytest.mark.parametrize("chapter", all_quizzes())
def test_every_quiz_has_five_questions_or_six_with_feedback_and_one_shows_a_picture(
    chapter: str,
) -> None:
    questions = all_quizzes()[chapter]
    assert 5 <= len(questions) <= 6
    assert any(question.charts for question in questions)
    for question in questions:
        for language in ("en", "zh"):
            texts = [getattr(choice.text, language) for choice in question.choices]
            feedback = [getattr(choice.feedback, language) for choice in question.choices]
            assert len(set(texts)) == len(texts) == len(set(feedback))
            assert all(text.endswith((".", "。", "!", "？")) for text in feedback)


@pytest.mark.parametrize("rights", [(False, False), (True, True), (True,)])
def test_a_question_has_exactly_one_right_choice(rights: tuple[bool, ...]) -> None:
    text = Text(en="a", zh="甲")
    with pytest.raises(ValueError, match="exactly one of them right"):
        Question(text, tuple(Choice(text, text, right) for right in rights))


# ---------------------------------------------------------------- the widget


def test_answers_get_their_feedback(quiz: Quiz) -> None:
    question = quiz.questions[0]
    wrong, right = wrong_choice(question), right_choice(question)
    said = quiz.answer(1, wrong)
    assert said == f"✗ Not this one. {question.choices[wrong - 1].feedback.en}"
    assert quiz.score == 0
    said = quiz.answer(1, right)
    assert said == f"✓ Right. {question.choices[right - 1].feedback.en}"
    assert quiz.score == 1
    assert quiz.chosen == {1: right}


def test_a_button_does_what_the_method_does(quiz: Quiz) -> None:
    card, right = quiz.view.cards[1], right_choice(quiz.questions[1])
    card.buttons[right - 1].click()
    assert quiz.chosen == {2: right}
    assert "✓ Right." in card.feedback.value
    assert 'role="status"' in card.feedback.value
    assert "1 of 6 answered, 1 right." in quiz.view.total.value


def test_the_choice_that_was_taken_is_marked(quiz: Quiz) -> None:
    card, question = quiz.view.cards[2], quiz.questions[2]
    wrong, right = wrong_choice(question), right_choice(question)
    quiz.answer(3, wrong)
    assert card.buttons[wrong - 1].description.startswith("✗ ")
    quiz.answer(3, right)
    marks = [button.description[0] for button in card.buttons]
    assert marks[right - 1] == "✓"
    assert marks.count("✓") == 1
    assert "✗" not in marks


def test_answers_are_kept(quiz: Quiz) -> None:
    for number, question in enumerate(quiz.questions, start=1):
        quiz.answer(number, right_choice(question) if number > 2 else wrong_choice(question))
    rows = {row[:2]: row[2] for row in hpt.my_progress().rows}
    assert rows["4.1", "quiz"] == "4 of 6 right"
    assert rows["4.2", "quiz"] == "not answered"


def test_what_is_kept_of_an_answer_holds_in_whatever_order_the_choices_stand(quiz: Quiz) -> None:
    question = quiz.questions[0]
    wrong, right = wrong_choice(question), right_choice(question)
    hpt.use_language("zh")
    for choice in (wrong, right, right):
        quiz.answer(1, choice)
    kept = [(entry.item, entry.state, entry.value) for entry in progress.entries()]
    words = [choice.text.en for choice in question.choices]
    assert kept == [
        ("quiz-4.1-1", "wrong", {"choice": wrong, "text": words[wrong - 1]}),
        ("quiz-4.1-1", "right", {"choice": right, "text": words[right - 1]}),
    ]


def test_what_was_answered_is_shown_again(quiz: Quiz) -> None:
    wrong, right = wrong_choice(quiz.questions[0]), right_choice(quiz.questions[1])
    for number, choice in ((1, right_choice(quiz.questions[0])), (1, wrong), (2, right)):
        quiz.answer(number, choice)
    again = hpt.quiz("4.1")
    assert again.chosen == {1: wrong, 2: right}
    assert again.score == 1
    assert again.view.total.value == quiz.view.total.value
    for card, before in zip(again.view.cards, quiz.view.cards, strict=True):
        assert card.feedback.value == before.feedback.value
        shown = [button.description for button in card.buttons]
        assert shown == [button.description for button in before.buttons]
    # A page without a kernel says the same.
    bundle = bundle_of(again)
    for kind in ("text/plain", "text/html"):
        assert bundle[kind] == bundle_of(quiz)[kind]
        for said in ("✗ Not this one.", "✓ Right.", "2 of 6 answered, 1 right."):
            assert bundle[kind].count(said) == 1
    assert f"   ✗ {'abcd'[wrong - 1]}) " in bundle["text/plain"]
    assert "<li>✓ " in bundle["text/html"]
    again.close()


def test_a_question_whose_choices_have_changed_since_is_shown_unanswered() -> None:
    text = hpt.quiz("4.1").questions[1].choices[0].text.en
    kept = (None, {"choice": 1, "text": "What it said once"}, {"choice": 3, "text": text})
    for number, record in enumerate(kept):
        progress.remember(f"quiz-4.1-{max(number, 1)}", progress.RIGHT, record)
    progress.remember("quiz-4.1-3", progress.RIGHT, 7)
    quiz = hpt.quiz("4.1")
    # The place of a choice may have changed; its words say which it is.
    assert quiz.chosen == {2: 1}
    quiz.close()


def test_all_can_be_answered_anew(quiz: Quiz) -> None:
    assert quiz.view.renew.layout.display == "none"
    fresh = bundle_of(quiz)["text/html"], quiz.view.total.value
    right = right_choice(quiz.questions[0])
    quiz.answer(1, right)
    assert quiz.view.renew.layout.display == ""
    quiz.view.renew.click()
    assert quiz.chosen == {}
    assert (bundle_of(quiz)["text/html"], quiz.view.total.value) == fresh
    assert quiz.view.cards[0].feedback.value == ""
    assert not any("✓" in button.description for button in quiz.view.cards[0].buttons)
    # What was kept stays.
    assert [entry.state for entry in progress.entries()] == ["right"]


def test_a_folder_that_cannot_be_written_is_a_message_in_the_quiz(
    quiz: Quiz, readers_folder: Path
) -> None:
    readers_folder.write_text("in the way", encoding="utf-8")
    choice = quiz.view.cards[0].buttons[0]
    choice.click()
    shown = [w.value for w in widgets_within(quiz.view) if isinstance(w, widgets.HTML)]
    assert quiz.chosen
    assert sum("HPT_HOME" in value and str(readers_folder) in value for value in shown) == 1
    readers_folder.unlink()
    choice.click()
    shown = [w.value for w in widgets_within(quiz.view) if isinstance(w, widgets.HTML)]
    assert not any("HPT_HOME" in value for value in shown)


def test_where_nothing_can_be_written_answers_hold_as_long_as_the_kernel(
    quiz: Quiz, readers_folder: Path
) -> None:
    readers_folder.write_text("in the way", encoding="utf-8")
    quiz.answer(1, 2)
    again = hpt.quiz("4.1")
    assert again.chosen == {1: 2}
    readers_folder.unlink()
    again.answer(1, 1)
    again.close()
    after = hpt.quiz("4.1")
    assert after.chosen == {1: 1}
    after.close()


def test_the_total_says_what_my_progress_counts_where_that_is_more(quiz: Quiz) -> None:
    question = quiz.questions[0]
    quiz.answer(1, right_choice(question))
    assert "my_progress" not in quiz.view.total.value
    quiz.answer(1, wrong_choice(question))
    said = "0 right. In your progress, hpt.my_progress(), a question counts that was right once: 1"
    assert said in quiz.view.total.value
    assert {row[:2]: row[2] for row in hpt.my_progress().rows}["4.1", "quiz"].startswith("1 of")
    hpt.use_language("zh")
    again = hpt.quiz("4.1")
    assert "答对 0 题。在学习进度（hpt.my_progress()）里" in again.view.total.value
    again.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_to_read_is_shown_and_described(language: str) -> None:
    hpt.use_language(language)
    quiz = hpt.quiz("4.1")
    with_picture = [i for i, question in enumerate(quiz.questions) if question.charts]
    described = getattr(quiz.questions[with_picture[0]].charts[0].alt, language)
    shown = [
        w.value for w in widgets_within(quiz.view.cards[with_picture[0]]) if hasattr(w, "value")
    ]
    (image,) = [value for value in shown if "<img" in str(value)]
    assert 'src="data:image/png;base64,' in image
    assert f'alt="{described}"' in image
    bundle = bundle_of(quiz)
    assert described in bundle["text/plain"]
    assert described in bundle["text/html"]
    # What is stored must be the same on every computer.
    assert "<img" not in bundle["text/html"]
    quiz.close()


def test_all_choices_can_be_reached_by_keyboard(quiz: Quiz) -> None:
    """Tab reaches buttons; what needs arrow keys does not work inside JupyterLab."""
    controls = [
        widget
        for widget in widgets_within(quiz.view)
        if isinstance(widget, widgets.DOMWidget) and not isinstance(widget, widgets.Box)
    ]
    buttons = [widget for widget in controls if isinstance(widget, widgets.Button)]
    # And one to answer all anew.
    assert len(buttons) == 1 + sum(len(question.choices) for question in quiz.questions)
    assert all(isinstance(control, widgets.Button | widgets.HTML) for control in controls)
    assert all(button.tabbable is not False and button.description for button in buttons)


@pytest.mark.parametrize("number", [0, 7, -1, "1", None, 1.0, True])
def test_a_question_that_does_not_exist_is_named(shared_quiz: Quiz, number: Any) -> None:
    with pytest.raises(ValueError, match=r"question=.*from 1 to 6"):
        shared_quiz.answer(number, 1)
    with pytest.raises(ValueError, match=r"choice=.*from 1 to [34]"):
        shared_quiz.answer(1, number)


@pytest.mark.parametrize("chapter", ["9", "", "4.1-a", None, 9])
def test_an_unknown_quiz_is_named(chapter: Any) -> None:
    with pytest.raises(ValueError, match=r"has no quiz") as caught:
        hpt.quiz(chapter)
    assert f"chapter={chapter!r}" in str(caught.value)
    assert "4.1" in str(caught.value)


def test_a_number_will_do_for_a_chapter() -> None:
    quiz = hpt.quiz(2)  # type: ignore[arg-type]
    assert quiz.chapter == "2"
    quiz.close()


def test_without_a_front_end_the_questions_can_be_read(quiz: Quiz) -> None:
    bundle = bundle_of(quiz)
    assert bundle[WIDGET_VIEW]["model_id"] == quiz.view.widget.model_id
    for question in quiz.questions:
        assert question.prompt.en in bundle["text/plain"]
        for choice in question.choices:
            assert choice.text.en in bundle["text/plain"]
    assert bundle["text/html"].count("<li>") == sum(len(q.choices) for q in quiz.questions)
    again = hpt.quiz("4.1")
    other = bundle_of(again)
    assert (other["text/plain"], other["text/html"]) == (bundle["text/plain"], bundle["text/html"])
    again.close()


def test_the_quiz_speaks_chinese() -> None:
    hpt.use_language("zh")
    quiz = hpt.quiz("4.1")
    assert "梯度" in quiz.questions[2].prompt.zh
    assert "小测验 4.1" in repr(quiz)
    assert quiz.answer(1, right_choice(quiz.questions[0])).startswith("✓ 正确。2")
    assert not re.search(r"\b(the|and|of)\b", repr(quiz))
    quiz.close()


def test_a_picture_shows_how_the_questions_stand(quiz: Quiz, tmp_path: Path) -> None:
    quiz.answer(1, right_choice(quiz.questions[0]))
    quiz.answer(2, wrong_choice(quiz.questions[1]))
    axes = quiz.figure().axes[0]
    assert len({patch.get_facecolor() for patch in axes.patches}) == 3
    assert [text.get_text() for text in axes.texts] == ["1", "2", "3", "4", "5", "6"]


def test_nothing_is_left_of_a_closed_quiz() -> None:
    before = set(open_widgets)
    quiz = hpt.quiz("2")
    assert set(open_widgets) > before
    quiz.close()
    assert quiz.is_closed
    assert set(open_widgets) == before
    assert WIDGET_VIEW not in bundle_of(quiz)
