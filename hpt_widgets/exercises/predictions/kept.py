"""The reader's predictions, kept with their progress from one day to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hpt_widgets.exercises import progress
from hpt_widgets.exercises.predictions.prediction_file import Question
from hpt_widgets.exercises.predictions.question import ChoiceQuestion

_PREFIX = "prediction-"
# What cannot be written to the reader's folder still holds until the kernel ends.
_of_this_kernel: dict[str, progress.Entry] = {}


@dataclass(frozen=True)
class KeptPrediction:
    """A prediction, and whether the outcome has been seen since.

    Attributes
    ----------
    value : object
        As the question's ``checked`` returned it, in a form that JSON can hold.
    is_compared : bool
    """

    value: Any
    is_compared: bool = False


def keep(question: Question, value: Any) -> str:
    """Keep a prediction; return why it could not be written, or an empty text."""
    return _remember(question.id, progress.PREDICTED, _as_kept(question, value))


def compared(question: Question) -> str:
    """Keep that the outcome was seen beside the prediction, which therefore stands."""
    found = kept_prediction(question)
    if found is None or found.is_compared:
        return ""
    return _remember(question.id, progress.COMPARED, _as_kept(question, found.value))


def kept_prediction(question: Question) -> KeptPrediction | None:
    """Return the newest prediction; one that no longer answers the question is none."""
    entry = _of_this_kernel.get(question.id) or progress.newest(f"{_PREFIX}{question.id}")
    if entry is None:
        return None
    try:
        question.checked(entry.value)
    except (ValueError, TypeError):
        return None
    value = entry.value
    if isinstance(question, ChoiceQuestion):
        value = question.kept_as.index(value) + 1
    return KeptPrediction(value, entry.state == progress.COMPARED)


def predicted_ids() -> set[str]:
    """Return the ids of the questions for which a prediction was ever made."""
    written = {entry.item for entry in progress.entries() if entry.item.startswith(_PREFIX)}
    return {item.removeprefix(_PREFIX) for item in written} | set(_of_this_kernel)


def _as_kept(question: Question, value: Any) -> Any:
    """Return a choice by the number that it keeps in whatever order the choices are shown."""
    return question.kept_as[value - 1] if isinstance(question, ChoiceQuestion) else value


def _remember(name: str, state: str, value: Any) -> str:
    problem = progress.remember(f"{_PREFIX}{name}", state, value)
    if problem:
        _of_this_kernel[name] = progress.Entry(name, state, value)
    else:
        _of_this_kernel.pop(name, None)
    return problem
