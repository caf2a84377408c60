"""A hyperparameter is there as a whole: trained with, written down, named and offered everywhere.

"Add a hyperparameter" in CONTRIBUTING.md lists the places; what is half there is told which are
missing.
"""

import dataclasses
import inspect

import pytest
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.board.task import FREE_CHOICES, Task
from hpt_widgets.board.task_space import space_of
from hpt_widgets.labs.kit.hyperparameter_sliders import RANGES
from hpt_widgets.labs.sweep.controls import DEFAULT_VALUES
from hpt_widgets.language import texts_of
from hpt_widgets.search.record_format import HYPERPARAMETER_COLUMNS
from hpt_widgets.studies.sweep import SWEPT
from hpt_widgets.training.hyperparameters import ADDED_SINCE_0_1, CHOICES, KINDS, Hyperparameters
from hpt_widgets.training.keras_code import keras_program
from tools.site.package import FIXED_SETTINGS

DATA = tabular_data()
NAMES = [field.name for field in dataclasses.fields(Hyperparameters)]
# What differs from `hyperparameters()`, and for what counts only with another value, that one too.
CHANGES = {
    "learning_rate": {"learning_rate": 0.02},
    "batch_size": {"batch_size": 16},
    "dropout_rate": {"dropout_rate": 0.5},
    "hidden_units": {"hidden_units": (8, 5)},
    "activation": {"activation": "tanh"},
    "optimizer": {"optimizer": "sgd"},
    "weight_decay": {"weight_decay": 0.5},
    "epochs": {"epochs": 3},
    "seed": {"seed": 1},
    "momentum": {"momentum": 0.5},
    "epsilon": {"epsilon": 0.1},
    "schedule": {"schedule": "cosine"},
    "warm_up": {"warm_up": 0.5},
    "initial_scale": {"initial_scale": 2.0},
    "parametrization": {"parametrization": "mup"},
    "base_width": {"parametrization": "mup", "base_width": 4},
}

every_hyperparameter = pytest.mark.parametrize("name", NAMES)


def without_and_with(name):
    """Return the hyperparameters of two networks that differ in this one alone."""
    assert name in CHANGES, f"give CHANGES a value of {name} that differs from its default"
    changed = hyperparameters(**CHANGES[name])
    plain = changed.replace(**{name: getattr(hyperparameters(), name)})
    assert plain != changed, f"{name} has its default in CHANGES"
    return plain, changed


@every_hyperparameter
def test_another_value_trains_other_weights(name):
    plain, changed = (hpt.train(hp, DATA).weights for hp in without_and_with(name))
    is_same = len(plain) == len(changed) and all(
        one.tobytes() == other.tobytes() for one, other in zip(plain, changed, strict=True)
    )
    assert not is_same, (
        f"{CHANGES[name]} trains the same weights: what computes with {name} belongs into"
        " hpt_widgets/training/session.py, or into what it asks (program.py, schedule.py,"
        " parametrization.py)"
    )


@every_hyperparameter
def test_another_value_is_in_the_keras_program(name):
    plain, changed = (keras_program(hp, 12, 3) for hp in without_and_with(name))
    assert plain != changed, (
        f"{CHANGES[name]} has the same program: {name} must be written by"
        " hpt_widgets/training/keras_code.py"
    )


def is_told_what_is_allowed(name):
    """Return whether what is not allowed is refused in words."""
    try:
        Hyperparameters(**{name: object()})
    except TypeError as error:
        return name in str(error)
    except KeyError:
        pass
    return False


def has_ranges_on_the_board(name):
    task = Task(data="0" * 16, training_size=100, name="any", free=(name,))
    try:
        return bool(space_of(task))
    except KeyError:
        return False


def missing_places(name):
    """Return where a hyperparameter is missing: each file, and what is missing there."""
    is_free = name in FREE_CHOICES  # all but the epochs and the seed, which a task gives
    is_swept = name != "seed"  # it makes the trainings of which a sweep has the mean
    estimator = inspect.signature(hpt.KerasMLPClassifier).parameters
    places = {
        "hpt_widgets/training/hyperparameters.py: KINDS": any(name in of for of in KINDS.values()),
        "hpt_widgets/training/hyperparameters.py: ADDED_SINCE_0_1": (
            name in (*HYPERPARAMETER_COLUMNS, *ADDED_SINCE_0_1)
        ),
        "hpt_widgets/training/hyperparameters.py: what it may be (its range or CHOICES), or"
        " hpt_widgets/language/hyperparameters.py: how that is said": is_told_what_is_allowed(name),
        "hpt_widgets/search/estimator.py: a parameter": name in estimator,
        "hpt_widgets/language/training_lab.py: its name": name in texts_of("training_lab"),
        "hpt_widgets/language/run_labels.py: its label": name in texts_of("run_labels"),
        "hpt_widgets/labs/kit/hyperparameter_sliders.py: RANGES": (
            name in (*RANGES, *CHOICES, "hidden_units")
        ),
        "hpt_widgets/studies/sweep.py: NUMBERS or SWEPT": not is_swept or name in SWEPT,
        "hpt_widgets/labs/sweep/controls.py: DEFAULT_VALUES": (
            not is_swept or name in DEFAULT_VALUES
        ),
        "hpt_widgets/board/task_space.py: its dimension": (
            not is_free or has_ranges_on_the_board(name)
        ),
        "hpt_widgets/language/board.py: page_name_…": (
            not is_free or f"page_name_{name}" in texts_of("board")
        ),
        "tools/site/package.py: FIXED_SETTINGS": name in (*HYPERPARAMETER_COLUMNS, *FIXED_SETTINGS),
    }
    return [place for place, is_there in places.items() if not is_there]


@every_hyperparameter
def test_it_is_in_every_place(name):
    missing = missing_places(name)
    assert not missing, "\n".join([f"{name} is missing in", *missing])
