"""The task of a class: which runs belong together."""

import dataclasses
import json

import numpy as np
import pytest
from board_tools import DATA, TASK, class_run, trial
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.task import Task, default_names
from hpt_widgets.data.fingerprint import data_fingerprint

# What the key was before there were more hyperparameters: boards keep their runs by it.
KEY_BEFORE = "aa4d75a5337e63b5"


def changed(**changes):
    return dataclasses.replace(TASK, **changes)


@pytest.mark.parametrize(
    ("settings", "difference"),
    [
        ({"learning_rate": 0.5, "batch_size": 7, "dropout_rate": 0.0}, ""),
        ({"seed": 12}, ""),
        ({"optimizer": "sgd"}, "optimizer"),
        ({"hidden_units": (64,)}, "hidden_units"),
        ({"epochs": 2}, "epochs"),
    ],
)
def test_only_free_hyperparameters_and_the_seed_may_differ(settings, difference):
    assert TASK.difference(class_run(**settings)) == difference


def test_a_task_can_give_the_seed():
    task = changed(seed=3)
    assert task.difference(class_run(seed=3)) == ""
    assert task.difference(class_run(seed=4)) == "seed"
    assert task.start.seed == 3


def test_runs_on_other_data_stand_apart():
    assert TASK.difference(class_run(data="cd" * 12)) == "data"


def test_a_run_from_a_file_tells_its_data_by_their_number_alone():
    assert TASK.difference(class_run(data="")) == ""
    assert TASK.difference(class_run(data="", training_size=500)) == "data"


def test_a_run_that_was_changed_on_its_way_stands_apart():
    assert TASK.difference(class_run(changed=True)) == "changed"


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"validation_accuracy": 1.0}, "curve"),
        ({"validation_accuracy": 0.9 + 1e-9}, ""),  # a spreadsheet's rounding
        # Nor is one without a curve sent by any lab, or the mean of a cross-validation.
        ({"validation_accuracy": 1.0, "history": ()}, "curve"),
        ({"fold_scores": (0.9, 0.9)}, "curve"),
        ({"validation_accuracy": None, "ended": "diverged", "history": ()}, ""),
        # A lab keeps the last accuracy, not the best one.
        ({"history": ((500, 0.95), (1000, 0.9))}, ""),
        ({"validation_accuracy": 0.95, "history": ((500, 0.95), (1000, 0.9))}, "curve"),
        ({"validation_accuracy": None, "ended": "diverged"}, ""),
    ],
)
def test_a_run_whose_accuracy_is_not_its_curves_stands_apart(changes, difference):
    run = ClassRun(dataclasses.replace(trial(0.9), **changes), DATA)
    assert TASK.difference(run) == difference


@pytest.mark.parametrize(
    ("ended", "difference"),
    [("finished", ""), ("diverged", ""), ("stopped", "ended"), ("failed", "ended")],
)
def test_only_runs_that_ended_by_themselves_are_compared(ended, difference):
    run = ClassRun(dataclasses.replace(trial(), ended=ended), DATA)
    assert TASK.difference(run) == difference


def test_a_run_that_does_not_say_all_stands_apart():
    run = ClassRun(dataclasses.replace(trial(), hyperparameters={"learning_rate": 0.1}), DATA)
    assert TASK.difference(run) == "batch_size"


def test_what_0_1_did_not_have_is_given_too_and_keeps_the_keys_of_0_1():
    assert "momentum" not in TASK.to_dict()["others"]
    assert TASK.difference(class_run(momentum=0.5)) == "momentum"
    assert TASK.difference(class_run(momentum=0.9)) == ""
    cosine = changed(others=hpt.Hyperparameters(schedule="cosine"))
    assert cosine.difference(class_run()) == "schedule"
    assert cosine.difference(class_run(schedule="cosine")) == ""
    assert Task.from_dict(json.loads(json.dumps(cosine.to_dict()))) == cosine
    assert TASK.key == KEY_BEFORE
    assert cosine.key != TASK.key


@pytest.mark.parametrize(("language", "name"), [("en", "Who finds"), ("zh", "谁能找到")])
@pytest.mark.parametrize("kept", default_names())
def test_a_task_without_a_name_of_its_own_is_called_in_the_present_language(kept, language, name):
    hpt.use_language(language)
    assert changed(name=kept).shown_name.startswith(name)
    assert changed(name=kept).name == kept
    assert TASK.shown_name == "A task"


def test_a_task_survives_json():
    task = changed(
        seed=5, free=("optimizer", "weight_decay"), others=hpt.Hyperparameters(hidden_units=(9, 8))
    )
    again = Task.from_dict(json.loads(json.dumps(task.to_dict())))
    assert again == task
    assert again.key == task.key


def test_the_key_tells_tasks_apart_by_what_counts():
    same = [
        changed(name="Another name"),
        # What is free has no value of the task's, and order says nothing.
        changed(others=hpt.Hyperparameters(learning_rate=0.5, seed=9, epochs=4)),
        changed(free=("dropout_rate", "batch_size", "learning_rate")),
    ]
    others = [
        changed(data="cd" * 12),
        changed(epochs=2),
        changed(seed=0),
        changed(free=("learning_rate",)),
        changed(others=hpt.Hyperparameters(activation="tanh")),
    ]
    assert {task.key for task in same} == {TASK.key}
    assert len({task.key for task in (TASK, *others)}) == 6


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 61}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"training_size": 0}, "training_size"),
        ({"training_size": "many"}, "training_size"),
        ({"epochs": 0}, "epochs"),
        ({"seed": -1}, "seed"),
        ({"free": ()}, "free"),
        ({"free": ("learning_rate", "epochs")}, "free"),
        ({"free": "learning_rate"}, "free"),
        ({"free": ([],)}, "free"),
        ({"others": {"learning_rate": 1}}, "others"),
        ({"data": 5}, "data"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_task_is_refused_by_name(changes, name, language):
    hpt.use_language(language)
    with pytest.raises((TypeError, ValueError), match=name):
        changed(**changes)


@pytest.mark.parametrize("values", [None, [], {"name": "x", "other": 1}, {"data": DATA}])
def test_json_that_is_no_task_is_refused(values):
    with pytest.raises((TypeError, ValueError)):
        Task.from_dict(values)


# The fingerprint of the data


def test_the_same_data_have_the_same_fingerprint():
    one, other = tabular_data(), tabular_data()
    assert one is not other
    assert data_fingerprint(one) == data_fingerprint(other)
    assert len(data_fingerprint(one)) == 24


def test_any_other_training_or_validation_sample_changes_the_fingerprint():
    data = tabular_data()
    x = np.array(data.x_validation)
    x[0, 0] += 1
    splits = {name: (split.x, split.y) for name, split in data.splits.items()}
    others = [
        tabular_data(seed=1),
        data.take(50),
        hpt.Dataset({**splits, "validation": (x, data.y_validation)}, n_classes=3),
        hpt.Dataset(splits, n_classes=4),
    ]
    assert len({data_fingerprint(each) for each in (data, *others)}) == 5


def test_the_test_set_has_no_say():
    data = tabular_data()
    splits = {name: (split.x, split.y) for name, split in data.splits.items()}
    more = hpt.Dataset({**splits, "test": (data.x_validation, data.y_validation)}, n_classes=3)
    assert data_fingerprint(more) == data_fingerprint(data)
