"""What can be checked of a file that was handed in, and what does not fit in it."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hpt_widgets.exercises import judged
from hpt_widgets.exercises.answer_record import CHOICE_TEXT, CODE, KEYS, KIND, VALUE
from hpt_widgets.exercises.catalog import all_exercises, all_quizzes, question_item
from hpt_widgets.exercises.exercise import Exercise
from hpt_widgets.exercises.hand_in import HandedIn
from hpt_widgets.exercises.progress import COMPARED, RIGHT, Entry
from hpt_widgets.exercises.question import Question
from hpt_widgets.language import translate
from hpt_widgets.support.moments import odd_moments
from hpt_widgets.support.student_name import same_name

# Two students may answer one exercise in the same second.
_MOST_SHARED: Final = 2
_MOST_NAMED: Final = 6
# A right answer of these types is kept itself, so that none has the type alone.
_KEPT_TYPES: Final = frozenset(("NoneType", "bool", "int", "float", "str"))
_CONTAINERS: Final = frozenset(("list", "tuple", "dict", "set", "ndarray"))


@dataclass(frozen=True)
class JudgedAnew:
    """What came of judging a file's right answers once more.

    Attributes
    ----------
    confirmed : frozenset of str
        The exercises and questions of which an answer in the file is right.
    doubts : tuple of str
        What does not fit, in words.
    """

    confirmed: frozenset[str]
    doubts: tuple[str, ...]


def judge_anew(entries: Iterable[Entry]) -> JudgedAnew:
    """Judge what is said to be right: values of exercises, and the choices of quizzes.

    Parameters
    ----------
    entries : iterable of Entry
        A file's answers.
    """
    answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        if entry.state == RIGHT:
            answers[entry.item].append(entry.value if isinstance(entry.value, dict) else {})
    questions = _questions()
    confirmed, doubts, empty, unfit = set(), [], [], []
    for item in (item for item in answers if item in questions or item in all_exercises()):
        verdicts = [_verdict(item, answer, questions) for answer in answers[item]]
        if True in verdicts:
            confirmed.add(item)
        if False in verdicts:
            doubts.append(translate("exercises.doubt_answer", item=item))
        if not any(key in answer for answer in answers[item] for key in KEYS):
            empty.append(item)
        elif not any(_may_be_right(item, answer, questions) for answer in answers[item]):
            unfit.append(item)
    for key, items in (("doubt_no_answer", empty), ("doubt_unfit", unfit)):
        if items:
            doubts.append(translate(f"exercises.{key}", count=len(items), items=named(items)))
    return JudgedAnew(frozenset(confirmed), tuple(doubts))


def named(names: Sequence[str]) -> str:
    """Return names with commas between, the first six of many."""
    return ", ".join([*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])])


def doubts_of_moments(handed_in: HandedIn, now: datetime) -> list[str]:
    """Return what is wrong with the moments of a file, in words."""
    odd = odd_moments((entry.when for entry in handed_in.entries), now=now)
    found = {"doubt_moment": odd.cannot_be, "doubt_order": odd.back}
    return [translate(f"exercises.{key}") for key, is_so in found.items() if is_so]


def whole_entries(handed_in: HandedIn) -> frozenset[str]:
    """Return the entries of a file with all that they hold, so that files can be compared."""
    return frozenset(json.dumps(entry.to_dict(), sort_keys=True) for entry in handed_in.entries)


class SharedEntries:
    """Which entries several files have to the second.

    Parameters
    ----------
    files : iterable of (str, HandedIn)
        The files' names, and what they hold.
    """

    def __init__(self, files: Iterable[tuple[str, HandedIn]]) -> None:
        self._files = dict(files)
        self._having: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for file, handed_in in self._files.items():
            for key in _moments_of(handed_in):
                self._having[key].append(file)

    def doubts(self, file: str) -> list[str]:
        """Return with which others a file shares more than two entries, in words.

        Those of the same name are named apart, in one sentence.
        """
        counts: Counter[str] = Counter()
        for key in _moments_of(self._files[file]):
            counts.update(self._having[key])
        del counts[file]
        others = {other: n for other, n in sorted(counts.items()) if n > _MOST_SHARED}
        name = same_name(self._files[file].name)
        own = [other for other in others if same_name(self._files[other].name) == name]
        # What a student hands in week by week, each time with all that went before.
        doubts = [translate("exercises.doubt_again", files=named(own))] if own else []
        return doubts + [
            translate("exercises.doubt_shared", count=n, name=self._files[other].name, file=other)
            for other, n in others.items()
            if other not in own
        ]


def _moments_of(handed_in: HandedIn) -> set[tuple[str, str, str]]:
    # A class runs the cell of an outcome together, at a word of the teacher's.
    return {
        (entry.item, entry.state, entry.when)
        for entry in handed_in.entries
        if entry.when and entry.state != COMPARED
    }


def _questions() -> dict[str, Question]:
    return {
        question_item(chapter, number): question
        for chapter, questions in all_quizzes().items()
        for number, question in enumerate(questions, start=1)
    }


def _verdict(item: str, answer: dict[str, Any], questions: dict[str, Question]) -> bool | None:
    """Return whether an answer is right, None where that cannot be said from the file."""
    if question := questions.get(item):
        # A question may have been reworded since: then it cannot be said.
        rights = [c.right for c in question.choices if c.text.en == answer.get(CHOICE_TEXT)]
        return any(rights) if rights else None
    if VALUE not in answer:
        return None
    return judged(all_exercises()[item], answer[VALUE]).state == RIGHT


def _may_be_right(item: str, answer: dict[str, Any], questions: dict[str, Question]) -> bool:
    """Return whether an answer is one that `check` or a quiz can have kept as right.

    What `_verdict` judges is left to it; here it may be.
    """
    if question := questions.get(item):
        text = answer.get(CHOICE_TEXT)
        return isinstance(text, str) and any(_is_like(text, c.text.en) for c in question.choices)
    if VALUE in answer:
        return True
    is_function = _takes_a_function(all_exercises()[item])
    if CODE in answer:
        return is_function
    impossible = _KEPT_TYPES | _CONTAINERS if is_function else _KEPT_TYPES
    return KIND in answer and answer[KIND] not in impossible


def _is_like(text: str, choice: str) -> bool:
    """Return whether a text is a choice, or may have been before the choice was reworded."""
    return text == choice or not _words_of(text).isdisjoint(_words_of(choice))


def _words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _takes_a_function(exercise: Exercise) -> bool:
    return re.search(rf"^def {exercise.answer_name}\(", exercise.solution, re.MULTILINE) is not None
