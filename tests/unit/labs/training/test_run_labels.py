"""Runs in a legend are told apart by what differs."""

import pytest
from lab_tools import small

import hpt_widgets as hpt
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.run_labels import labels_of


def labels(*changes):
    return labels_of([TrainingRequest(small(**change), 100) for change in changes])


def test_runs_are_named_by_what_differs_and_by_nothing_else():
    assert labels({"learning_rate": 0.01}, {"learning_rate": 0.3}) == ["η = 0.01", "η = 0.3"]
    drops = labels({"dropout_rate": 0.0}, {"dropout_rate": 0.25}, {"dropout_rate": 0.5})
    assert drops == ["dropout rate = 0", "dropout rate = 0.25", "dropout rate = 0.5"]


def test_several_settings_are_named_for_all_runs():
    named = labels(
        {"learning_rate": 0.1, "hidden_units": (8, 4)},
        {"learning_rate": 0.1, "hidden_units": (8,)},
        {"learning_rate": 0.2, "hidden_units": (8,)},
    )
    assert [set(label.split(", ")) for label in named] == [
        {"η = 0.1", "hidden units = 8-4"},
        {"η = 0.1", "hidden units = 8"},
        {"η = 0.2", "hidden units = 8"},
    ]


def test_the_size_of_the_training_set_counts_as_a_setting():
    requests = [TrainingRequest(small(), size) for size in (50, 100)]
    assert labels_of(requests) == ["training size = 50", "training size = 100"]


def test_runs_with_the_same_settings_are_counted():
    same = {"learning_rate": 0.01}
    assert labels(same) == ["η = 0.01"]
    assert labels(same, same) == ["η = 0.01 (1)", "η = 0.01 (2)"]
    assert labels(same, {"learning_rate": 0.1}, same) == ["η = 0.01 (1)", "η = 0.1", "η = 0.01 (2)"]
    assert labels() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_names_are_drawable_in_every_language(language):
    hpt.use_language(language)
    named = labels({"optimizer": "sgd"}, {"optimizer": "adam"})
    assert named == ["optimizer = sgd", "optimizer = adam"]
