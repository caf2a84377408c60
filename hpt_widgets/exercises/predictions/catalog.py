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
def all_predictions() -> dict[str, Question]:
    """Return all questions by id, in the order of the chapters."""
    files = sorted(resources.files(predictions).iterdir(), key=lambda file: file.name)
    return {
        question.id: question
        for file in files
        if (number := chapter_number(file.name))
        for question in read_predictions(file, number)
    }


def find_prediction(name: object) -> Question:
    """Return a question by its id, or raise a ValueError that names the nearest ones."""
    questions = all_predictions()
    key = name.strip() if isinstance(name, str) else name
    if isinstance(key, str) and key in questions:
        return questions[key]
    near = nearest(name, questions)
    raise ValueError(translate("prediction.unknown", found=name, near=near))


def chapter_of(name: str) -> str:
    """Return the number of the chapter that asks a question."""
    return name.partition("-")[0]
