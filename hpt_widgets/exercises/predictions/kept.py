"""The reader's predictions, kept with their progress from one day to the next.

A line ``prediction-2-chance`` is a prediction, or that it was compared. ``outcome-2-chance`` says
that the outcome was seen without one; versions that do not know such lines pass over them. A
prediction without a value takes back those before it: to versions that do not know that it is one
that no longer answers its question, which is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hpt_widgets.exercises import progress
from hpt_widgets.exercises.predictions.prediction_file import Question
from hpt_widgets.exercises.predictions.question import ChoiceQuestion

_PREDICTION, _OUTCOME = "prediction-", "outcome-"


@dataclass(frozen=True)
class KeptPrediction:
    """A prediction, and whether the outcome has been seen since, or had been before.

    Attributes
    ----------
    value : object
        As the question's ``checked`` returned it, in a form that JSON can hold.
    is_compared : bool, default False
        Whether it stands, since the outcome was seen beside it.
    is_late : bool, default False
        Whether the outcome had been seen before it was made: then it is none.
    """

    value: Any
    is_compared: bool = False
    is_late: bool = False


def keep(question: Question, value: Any, *, is_anew: bool = False) -> str:
    """Keep a prediction; return why it could not be written, or an empty text.

    Parameters
    ----------
    question : NumberQuestion, ChoiceQuestion or CurveQuestion
    value : object
        As the question's ``checked`` returned it, in a form that JSON can hold.
    is_anew : bool, default False
        Whether the reader began anew, so that what was seen before counts no more.
    """
    if is_anew and was_seen(question):
        progress.remember_for_now(f"{_OUTCOME}{question.id}", progress.PREDICTED)
    return progress.remember_for_now(
        f"{_PREDICTION}{question.id}", progress.PREDICTED, _as_kept(question, value)
    )


def compared(question: Question) -> str:
    """Keep that the outcome was seen, so that a prediction stands, and a later one is late.

    Returns
    -------
    str
        Why it could not be written, in words for the reader; empty where it was.
    """
    found = kept_prediction(question)
    if found is None:
        # Where it can't be written, nothing of the reader's is lost: that needs no message.
        progress.remember_for_now(f"{_OUTCOME}{question.id}", progress.COMPARED)
        return ""
    if found.is_compared:
        return ""
    value = _as_kept(question, found.value)
    return progress.remember_for_now(f"{_PREDICTION}{question.id}", progress.COMPARED, value)


def withdraw(question: Question) -> str:
    """Keep that a prediction holds no more; return why it could not be written, or an empty text.

    That one was made before its outcome stays so: `predicted_ids` goes on counting it.
    """
    if kept_prediction(question) is None:
        return ""
    return progress.remember_for_now(f"{_PREDICTION}{question.id}", progress.PREDICTED)


def was_seen(question: Question) -> bool:
    """Return whether the outcome was seen when nothing had been predicted."""
    entry = _newest(f"{_OUTCOME}{question.id}")
    return entry is not None and entry.state == progress.COMPARED


def kept_prediction(question: Question) -> KeptPrediction | None:
    """Return the newest prediction; one that no longer answers the question is none."""
    entry = _newest(f"{_PREDICTION}{question.id}")
    if entry is None or entry.value is None:
        return None
    try:
        question.checked(entry.value)
    except (ValueError, TypeError):
        return None
    value = entry.value
    if isinstance(question, ChoiceQuestion):
        value = question.kept_as.index(value) + 1
    # An outcome is kept by itself only where there is no prediction: this one came later.
    return KeptPrediction(value, entry.state == progress.COMPARED, was_seen(question))


def predicted_ids() -> set[str]:
    """Return the ids of the questions for which a prediction was made before its outcome."""
    made: set[str] = set()
    seen: set[str] = set()
    for entry in progress.entries_for_now():
        if entry.item.startswith(_OUTCOME):
            change = seen.add if entry.state == progress.COMPARED else seen.discard
            change(entry.item.removeprefix(_OUTCOME))
        elif entry.item.startswith(_PREDICTION):
            name = entry.item.removeprefix(_PREDICTION)
            if name not in seen and entry.value is not None:
                made.add(name)
    return made


def _as_kept(question: Question, value: Any) -> Any:
    """Return a choice by the number that it keeps in whatever order the choices are shown."""
    return question.kept_as[value - 1] if isinstance(question, ChoiceQuestion) else value


def _newest(item: str) -> progress.Entry | None:
    found = reversed(progress.entries_for_now())
    return next((entry for entry in found if entry.item == item), None)
