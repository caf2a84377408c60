"""What can be checked of a file that was handed in, and what does not fit in it."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import hpt_widgets
from hpt_widgets.exercises.answer_record import CODE, KEYS, KIND, VALUE, place_of
from hpt_widgets.exercises.catalog import all_exercises, all_quizzes, question_item
from hpt_widgets.exercises.exercise import Exercise
from hpt_widgets.exercises.hand_in import HandedIn
from hpt_widgets.exercises.progress import COMPARED, RIGHT, WRONG, Entry
from hpt_widgets.exercises.question import Question
from hpt_widgets.language import translate
from hpt_widgets.support.hand_in_folder import shortened
from hpt_widgets.support.moments import odd_moments
from hpt_widgets.support.student_name import LONGEST_NAME, same_name

# Two students may answer one exercise in the same second.
_MOST_SHARED: Final = 2
_MOST_NAMED: Final = 6
EARLIER_VERSIONS: Final[frozenset[str]] = frozenset()
"""The released versions before this one that kept answers: their judges may have been others.
Those before 0.2 kept none, so that no answer that can be judged is theirs."""
# A right answer of these types is kept itself, so that none has the type alone.
_KEPT_TYPES: Final = frozenset(("NoneType", "bool", "int", "float", "str"))
_CONTAINERS: Final = frozenset(("list", "tuple", "dict", "set", "ndarray"))


@dataclass(frozen=True)
class JudgedAnew:
    """What came of judging a file's right answers once more.

    Attributes
    ----------
    entries : tuple of Entry
        All entries in their order, and as they count: wrong where they are not right after all.
    confirmed : frozenset of str
        The exercises and questions of which an answer in the file is right.
    doubts : tuple of str
        What does not fit, in words.
    """

    entries: tuple[Entry, ...]
    confirmed: frozenset[str]
    doubts: tuple[str, ...]


def judge_anew(entries: Iterable[Entry], version: str) -> JudgedAnew:
    """Judge what is said to be right: values of exercises, and the choices of quizzes.

    An answer that an earlier release of the workbook took for right is not turned into a wrong
    one: there, the judge may have been another. Any other version that a file names may be made
    up, and saves no answer.

    Parameters
    ----------
    entries : iterable of Entry
        A file's; what is no answer stays as it is.
    version : str
        The version of the workbook that wrote the file, for answers that name none.
    """
    questions = _questions()
    answers = [_JudgedAnswer.of(entry, entry.version or version, questions) for entry in entries]
    by_item: dict[str, list[_JudgedAnswer]] = defaultdict(list)
    for answer in answers:
        if answer.entry.state == RIGHT:
            by_item[answer.entry.item].append(answer)
    empty, unfit = [], []
    for item in (item for item in by_item if item in questions or item in all_exercises()):
        given = [answer.given for answer in by_item[item]]
        if not any(key in answer for answer in given for key in KEYS):
            empty.append(item)
        elif not any(_may_be_right(item, answer, questions) for answer in given):
            unfit.append(item)
    doubts = _doubts_of_verdicts(answers)
    for key, items in (("doubt_no_answer", empty), ("doubt_unfit", unfit)):
        if items:
            values = {"count": len(items), "items": shortened_names(items)}
            doubts.append(translate(f"exercises.{key}", **values))
    confirmed = frozenset(answer.entry.item for answer in answers if answer.verdict)
    return JudgedAnew(tuple(a.as_it_counts for a in answers), confirmed, tuple(doubts))


@dataclass(frozen=True)
class _JudgedAnswer:
    """An answer of a file, and whether it is right, None where that cannot be said."""

    entry: Entry
    version: str
    verdict: bool | None

    @classmethod
    def of(cls, entry: Entry, version: str, questions: dict[str, Question]) -> _JudgedAnswer:
        answer = cls(entry, version, None)
        known = entry.item in questions or entry.item in all_exercises()
        if entry.state != RIGHT or not known:
            return answer
        return replace(answer, verdict=_verdict(entry.item, answer.given, questions))

    @property
    def given(self) -> dict[str, Any]:
        return self.entry.value if isinstance(self.entry.value, dict) else {}

    @property
    def is_refuted(self) -> bool:
        return self.verdict is False and self.version not in EARLIER_VERSIONS

    @property
    def doubt(self) -> str:
        """The key of what is said of an answer that is not right."""
        if not self.is_refuted:
            return "doubt_other_version"
        is_own = self.version == hpt_widgets.__version__
        return "doubt_answer" if is_own else "doubt_no_version"

    @property
    def as_it_counts(self) -> Entry:
        return replace(self.entry, state=WRONG) if self.is_refuted else self.entry


def _doubts_of_verdicts(answers: Iterable[_JudgedAnswer]) -> list[str]:
    """Return which answers are said to be right and are not, a sentence for each version."""
    items: dict[tuple[str, str], list[str]] = defaultdict(list)
    for answer in answers:
        if answer.verdict is False:
            version = answer.version[:LONGEST_NAME] or "?"
            items[answer.doubt, version].append(answer.entry.item)
    return [
        # All are named, for each is a mark that the student does not get.
        translate(f"exercises.{key}", version=version, items=", ".join(dict.fromkeys(found)))
        for (key, version), found in items.items()
    ]


def shortened_names(names: Sequence[str]) -> str:
    """Return names with commas between, the first six of many."""
    return shortened(names, _MOST_NAMED)


def doubts_of_file(handed_in: HandedIn, now: datetime) -> list[str]:
    """Return what is wrong with a file whoever wrote it, in words: letters, entries, moments."""
    doubts = [translate("exercises.doubt_encoding")] if handed_in.is_encoding_guessed else []
    if n_unknown := handed_in.n_unknown:
        doubts.append(translate("exercises.doubt_unknown", count=n_unknown))
    odd = odd_moments([*(e.when for e in handed_in.entries), handed_in.exported], now=now)
    if odd.cannot_be:
        doubts.append(translate("exercises.doubt_moment"))
    if odd.back:
        earlier, later = odd.back
        doubts.append(translate("exercises.doubt_order", earlier=earlier, later=later))
    return doubts


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
        doubts = [translate("exercises.doubt_again", files=shortened_names(own))] if own else []
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
        # A question may have been reworded since: then it cannot be said, and `_may_be_right`
        # raises a doubt.
        place = place_of(answer, question)
        return None if place is None else question.choices[place - 1].right
    if VALUE not in answer:
        return None
    try:
        # The judge itself, for its verdict counts and not its words.
        all_exercises()[item].judge(answer[VALUE])
    except (ImportError, MemoryError, OSError):
        # What this computer lacks, such as the digits, says nothing of the answer.
        return None
    except Exception:
        return False
    return True


def _may_be_right(item: str, answer: dict[str, Any], questions: dict[str, Question]) -> bool:
    """Return whether an answer is one that `check` or a quiz can have kept as right.

    What `_verdict` judges is left to it; here it may be.
    """
    if question := questions.get(item):
        return place_of(answer, question) is not None
    if VALUE in answer:
        return True
    is_function = _takes_a_function(all_exercises()[item])
    if CODE in answer:
        return is_function
    impossible = _KEPT_TYPES | _CONTAINERS if is_function else _KEPT_TYPES
    kind = answer.get(KIND)
    return isinstance(kind, str) and kind not in impossible


def _takes_a_function(exercise: Exercise) -> bool:
    return re.search(rf"^def {exercise.answer_name}\(", exercise.solution, re.MULTILINE) is not None
