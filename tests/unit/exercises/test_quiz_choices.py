"""The quizzes can't be passed without reading: neither place nor length gives the answer away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, groupby, pairwise

import pytest

from hpt_widgets.exercises import all_quizzes
from hpt_widgets.exercises.predictions.catalog import all_predictions, chapter_of
from hpt_widgets.exercises.predictions.question import ChoiceQuestion
from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import LANGUAGES, Text

LONGEST_RUN = 3
"""How often in a row the right choice may stand in the same place."""
MOST_LONGEST = 0.4
"""In what share of the questions the right choice may be longer than all others."""


def place_of_right(question: Question | ChoiceQuestion) -> int:
    return [choice.right for choice in question.choices].index(True)


def crowded_place(places: Sequence[int]) -> bool:
    """Whether one place holds more than about half of four answers or more."""
    return len(places) >= 4 and max(Counter(places).values()) > (len(places) + 1) // 2


def longest_run(places: Iterable[int]) -> int:
    return max(len(list(same)) for _, same in groupby(places))


def is_alone_the_longest(question: Question, language: str) -> bool:
    right = question.choices[place_of_right(question)]
    others = [choice for choice in question.choices if not choice.right]
    return length(right, language) > max(length(choice, language) for choice in others)


def length(choice: Choice, language: str) -> int:
    return len(getattr(choice.text, language).replace("`", ""))


def quiz_places() -> dict[str, list[int]]:
    return {chapter: list(map(place_of_right, asked)) for chapter, asked in all_quizzes().items()}


def prediction_places() -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for question in all_predictions().values():
        if isinstance(question, ChoiceQuestion):
            places.setdefault(chapter_of(question.id), []).append(place_of_right(question))
    return places


PLACES = {"quizzes": quiz_places, "predictions": prediction_places}


@pytest.mark.parametrize("kind", PLACES)
def test_no_place_holds_more_than_about_half_of_a_chapters_right_choices(kind: str) -> None:
    crowded = {
        chapter: places for chapter, places in PLACES[kind]().items() if crowded_place(places)
    }
    assert not crowded


@pytest.mark.parametrize("kind", PLACES)
def test_the_right_choice_seldom_stays_in_its_place(kind: str) -> None:
    assert longest_run(chain(*PLACES[kind]().values())) <= LONGEST_RUN


@pytest.mark.parametrize("kind", PLACES)
def test_no_two_chapters_in_a_row_have_the_same_order_of_places(kind: str) -> None:
    orders = [places for places in PLACES[kind]().values() if len(places) >= 4]
    assert all(one != other for one, other in pairwise(orders))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_choice_is_seldom_the_longest(language: str) -> None:
    asked = [question for quiz in all_quizzes().values() for question in quiz]
    longest = [question for question in asked if is_alone_the_longest(question, language)]
    assert len(longest) <= MOST_LONGEST * len(asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", all_quizzes())
def test_in_no_chapter_the_right_choice_is_mostly_the_longest(chapter: str, language: str) -> None:
    asked = all_quizzes()[chapter]
    longest = [question for question in asked if is_alone_the_longest(question, language)]
    assert len(longest) <= len(asked) / 2


# ------------------------------------------------------------------ what is found


def question_of(*texts: str, right: int) -> Question:
    choices = [Choice(Text(text, text), Text("f", "f"), i == right) for i, text in enumerate(texts)]
    return Question(Text("?", "?"), tuple(choices))


def test_a_crowded_place_and_a_run_are_found() -> None:
    assert crowded_place([0, 1, 1, 1, 1, 1])
    assert crowded_place([1, 1, 2, 1, 1])
    assert not crowded_place([0, 1, 1, 1, 2, 0])
    assert not crowded_place([1, 1, 1])
    assert longest_run([0, 1, 1, 1, 1, 0]) == 4


def test_only_a_choice_that_is_longer_than_all_others_is_the_longest() -> None:
    assert is_alone_the_longest(question_of("a", "three", "two", right=1), "en")
    assert not is_alone_the_longest(question_of("a", "three", "other", right=1), "en")
    assert not is_alone_the_longest(question_of("a", "three", "`no`", right=2), "en")
