"""All chapters' predictions, found by the names of their files."""

from __future__ import annotations

from functools import cache
from importlib import resources

from hpt_widgets.exercises import predictions
from hpt_widgets.exercises.catalog import nearest
from hpt_widgets.exercises.chapter_file import chapter_number
from hpt_widgets.exercises.predictions.prediction_file import Question, read_predictions
from hpt_widgets.language import translate


@cache
def every_prediction() -> dict[str, Question]:
    """Return all questions by id, in the order of the chapters, the retired ones too."""
    files = sorted(resources.files(predictions).iterdir(), key=lambda file: file.name)
    return {
        question.id: question
        for file in files
        if (number := chapter_number(file.name))
        for question in read_predictions(file, number)
    }


@cache
def all_predictions() -> dict[str, Question]:
    """Return the questions that the chapters ask, by id, in their order."""
    return {name: found for name, found in every_prediction().items() if not found.retired}


def find_prediction(name: object) -> Question:
    """Return a question by its id, or raise a ValueError that names the nearest ones.

    A retired one is found, too: readers' own copies of an earlier version ask for it.
    """
    key = name.strip() if isinstance(name, str) else name
    if isinstance(key, str) and key in every_prediction():
        return every_prediction()[key]
    near = nearest(name, all_predictions())
    raise ValueError(translate("prediction.unknown", found=name, near=near))


def chapter_of(name: str) -> str:
    """Return the number of the chapter that asks a question."""
    return name.partition("-")[0]
