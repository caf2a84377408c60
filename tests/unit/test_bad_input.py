"""Every public function and class, fed with what it does not take, one parameter at a time.

Each must refuse it with a ValueError or TypeError that names the parameter (and the value, where
that is short), in both languages: no other error, no warning, no nan that is silently passed on.
"""

import csv
import dataclasses
import warnings

import numpy as np
import pandas as pd
import pytest
from bad_values import (
    Case,
    Unfriendly,
    check_refusals,
    misfits,
    no_choice,
    no_function,
    no_number,
    no_point,
    no_text,
    no_whole_number,
    nothing_of,
)
from hypothesis import strategies as st
from small_data import hyperparameters, tabular_data
from test_bad_input_in_labs import BAD_SETTINGS, LAB_CASES

import hpt_widgets as hpt
from hpt_widgets.data.handwriting import draw_strokes, prepare_drawing
from hpt_widgets.descent.surfaces import Surface, get_surface, quadratic_bowl
from hpt_widgets.descent.verdict import describe
from hpt_widgets.descent.walk import OPTIMIZERS, SCHEDULES, race
from hpt_widgets.labs.training.mistakes import find_mistakes
from hpt_widgets.language import LONGEST_VALUE, axis_labels, short_repr
from hpt_widgets.search.halving import hyperband, successive_halving
from hpt_widgets.search.parzen import parzen_densities, split_trials
from hpt_widgets.search.record_format import COLUMNS
from hpt_widgets.search.records import RecordWarning
from hpt_widgets.search.runner import ALL_METHODS, METHODS, Search, run_search
from hpt_widgets.search.space import Choice, LogUniform, Uniform, UniformInteger
from hpt_widgets.studies import range_test, sweep
from hpt_widgets.studies.claims.catalog import all_claims
from hpt_widgets.training.hyperparameters import ACTIVATIONS, PARAMETRIZATIONS, Hyperparameters
from hpt_widgets.training.hyperparameters import OPTIMIZERS as KERAS_OPTIMIZERS
from hpt_widgets.training.hyperparameters import SCHEDULES as KERAS_SCHEDULES

DATA = tabular_data()
HP = hyperparameters()
SPACE = hpt.SearchSpace((Uniform("x", 0.0, 1.0),))
X, Y = DATA.x_train, DATA.y_train
TRIAL = hpt.Trial({"x": 0.5}, validation_accuracy=0.5)
NETWORK = hpt.BackpropNetwork()
EXAMPLE = ((0.5, 1.0), 0.2)
PATH = hpt.descend("parabola", steps=5)
SWEEP = sweep.Sweep("learning_rate", (0.01, 0.1), seeds=(0,), training_size=40)


def is_empty(value):
    """Tell whether a value is a list or the like that holds nothing."""
    return hasattr(value, "__len__") and not isinstance(value, str | dict) and len(value) == 0


def square(x):
    return x * x


def record_of(*trials):
    record = hpt.SearchRecord()
    for trial in trials:
        record.append(trial)
    return record


def cases(owner, make, bad, **options):
    """Return a case for each parameter of one callable that takes it by keyword."""
    return [
        Case(owner, name, lambda value, name=name: make(**{name: value}), values, **options)
        for name, values in bad.items()
    ]


units = st.one_of(
    misfits(),
    no_whole_number(1, 10_000),
    st.lists(no_whole_number(1, 10_000), min_size=1, max_size=3),
    st.just((1,) * 11),
)
BAD_HYPERPARAMETERS = {
    "learning_rate": no_number(0, 1e6, above=True),
    "batch_size": no_whole_number(1, 1_000_000),
    "dropout_rate": no_number(0, 1, below=True),
    "hidden_units": units,
    "activation": no_choice(*ACTIVATIONS),
    "optimizer": no_choice(*KERAS_OPTIMIZERS),
    "weight_decay": no_number(0, 1e3),
    "epochs": no_whole_number(1, 10_000),
    "seed": no_whole_number(0, 2**31 - 1),
    "momentum": no_number(0, 1, below=True),
    "epsilon": no_number(1e-30, 1e6),
    "schedule": no_choice(*KERAS_SCHEDULES),
    "warm_up": no_number(0, 1, below=True),
    "initial_scale": no_number(0, 1e3, above=True),
    "parametrization": no_choice(*PARAMETRIZATIONS),
    "base_width": no_whole_number(1, 10_000),
}
no_dataset = nothing_of(hpt.Dataset)
no_hp = nothing_of(Hyperparameters)


def no_network_input(n):
    return st.one_of(no_point(n), st.just((1e308,) * n))


# Features and labels that are no data.
bad_x = st.one_of(
    misfits().filter(lambda v: not (isinstance(v, np.ndarray) and v.ndim >= 2)),
    st.sampled_from(
        [
            np.zeros(3), np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((2, 3)),
            np.full((3, 2), np.nan), np.full((3, 2), np.inf), np.full((3, 2), 1e300),
            [[10**400, 1]] * 3, [["a", "b"]] * 3, [[1j, 1]] * 3,
        ]
    ),
)  # fmt: skip
bad_y = st.one_of(
    misfits(),
    st.sampled_from(
        [
            [0, 1], [0, 1, 2, 3], [0, 1, -1], [0, 1, 0.5], [0, 1, np.nan], [0, 1, 1e300],
            [0, 1, 2**40], [0, 1, np.inf], [True, False, True], ["0", "1", "2"], [0, 1, 10**400],
            np.array([0, 1, 2**63], dtype=np.uint64), np.zeros((3, 1), int), [[0], [1, 2], [3]],
        ]
    ),
)  # fmt: skip
GOOD_X, GOOD_Y = np.eye(3), [0, 1, 2]


def dataset_with(split, x, y):
    splits = {"train": (GOOD_X, GOOD_Y), split: (x, y)}
    return hpt.Dataset(splits)


DATASETS = [
    Case("Dataset", "splits", hpt.Dataset, nothing_of(), shows_value=False),
    *[
        Case("Dataset", f"x_{s}", lambda v, s=s: dataset_with(s, v, GOOD_Y), bad_x,
             words=f"x_{s}|x_train", shows_value=False)
        for s in ("train", "test")
    ],
    *[
        Case("Dataset", f"y_{s}", lambda v, s=s: dataset_with(s, GOOD_X, v), bad_y,
             shows_value=False)
        for s in ("train", "test")
    ],
    Case("Dataset", "n_classes", lambda v: hpt.Dataset.from_arrays(GOOD_X, GOOD_Y, n_classes=v),
         no_whole_number(3, 1_000_000).filter(lambda v: v is not None)),
    Case("Dataset", "splits-name", lambda v: hpt.Dataset({"train": (GOOD_X, GOOD_Y), v: (1, 2)}),
         st.one_of(st.integers(), st.text().filter(lambda t: not t.isidentifier())),
         words="splits"),
    *[
        Case("Dataset", name, lambda v, n=name: hpt.Dataset.from_arrays(GOOD_X, GOOD_Y, **{n: v}),
             nothing_of(type(None)), words=name, shows_value=False)
        for name in ("validation", "test")
    ],
    Case("Dataset", "take-n", DATA.take, no_whole_number(1, len(Y)), words="n="),
    Case("Dataset", "take-seed", lambda v: DATA.take(5, seed=v), no_whole_number(0),
         words="seed="),
    Case("load_mnist", "root", lambda v: hpt.load_mnist(v),  # type: ignore[call-arg]
         misfits(), words="load_mnist",
         shows_value=False),
]  # fmt: skip


def fit_with(**changes):
    classifier = {**HP.to_dict(), **changes}
    hpt.KerasMLPClassifier(**classifier).fit(X, Y)


TRAININGS = [
    *cases("Hyperparameters", Hyperparameters, BAD_HYPERPARAMETERS),
    *cases("Hyperparameters.replace", HP.replace, BAD_HYPERPARAMETERS),
    Case("Hyperparameters.differences", "other", HP.differences, no_hp),
    *cases("KerasMLPClassifier", fit_with, BAD_HYPERPARAMETERS),
    Case("KerasMLPClassifier", "X", lambda v: hpt.KerasMLPClassifier().fit(v, GOOD_Y), bad_x,
         words="X", shows_value=False),
    Case("KerasMLPClassifier", "y", lambda v: hpt.KerasMLPClassifier().fit(GOOD_X, v),
         misfits(), words="y", shows_value=False),
    Case("build_model", "hp", hpt.build_model, no_hp),
    Case("build_model", "n_features", lambda v: hpt.build_model(HP, v), no_whole_number(1)),
    Case("build_model", "n_classes", lambda v: hpt.build_model(HP, 4, v), no_whole_number(1)),
    Case("train", "hp", lambda v: hpt.train(v, DATA), no_hp),
    Case("train", "data", lambda v: hpt.train(HP, v), no_dataset),
    Case("Trainer", "data", hpt.Trainer, no_dataset),
    Case("Trainer.steps", "hp", lambda v: hpt.Trainer(DATA).steps(v), no_hp),
    Case("Trainer.train", "hp", lambda v: hpt.Trainer(DATA).train(v), no_hp),
    Case("Trainer.session", "hp", lambda v: hpt.Trainer(DATA).session(v), no_hp),
    *cases("TrainingSession.change", lambda **c: hpt.Trainer(DATA).session(HP).change(**c),
           BAD_HYPERPARAMETERS, shows_value=False),
]  # fmt: skip


def uniform(**changes):
    return Uniform(**{"name": "x", "low": 0.0, "high": 1.0, **changes})


def log_uniform(**changes):
    return LogUniform(**{"name": "x", "low": 0.1, "high": 1.0, **changes})


def whole_uniform(**changes):
    return UniformInteger(**{"name": "x", "low": 1, "high": 9, **changes})


def search(**changes):
    given = {"method": "random", "space": SPACE, "objective": lambda v: v["x"], "trials": 1}
    return run_search(**{**given, **changes})


no_grid = st.one_of(
    misfits(tuple, list, set, dict).filter(
        lambda v: not (isinstance(v, np.ndarray) and v.dtype.kind == "f" and v.size == 0)
    ),
    st.lists(no_number(0, 1), min_size=1, max_size=2),
)
optional = lambda values: values.filter(lambda v: v is not None)  # noqa: E731

no_place = st.one_of(
    nothing_of(str), st.sampled_from(["", "here", "tcp://", "tcp://host", "host:port", "a b:1"])
)
no_trials = nothing_of().filter(lambda v: isinstance(v, Unfriendly) or not is_empty(v))

SEARCHES = [
    Case("SearchSpace", "dimensions", hpt.SearchSpace, nothing_of()),
    Case("SearchSpace", "dimensions-twice", lambda v: hpt.SearchSpace((v, v)),
         st.sampled_from([Uniform("x", 0.0, 1.0)]), words="dimensions", shows_value=False),
    *cases("Uniform", uniform, {"name": st.one_of(no_text(), st.just("")),
                                "low": no_number(most=1, below=True),
                                "high": no_number(least=0, above=True), "grid": no_grid}),
    *cases("LogUniform", log_uniform, {"low": no_number(0, 1, above=True, below=True),
                                       "high": no_number(least=0.1, above=True)}),
    *cases("UniformInteger", whole_uniform, {"low": no_whole_number(-(2**53), 8),
                                             "high": no_whole_number(2, 2**53)}),
    Case("Choice", "options", lambda v: Choice("optimizer", v),
         st.one_of(nothing_of(list, tuple, set, dict, np.ndarray), st.sampled_from([(), (1, 1)]))),
    *cases("run_search", search, {
        "method": no_choice(*ALL_METHODS), "space": nothing_of(hpt.SearchSpace),
        "objective": no_function(), "trials": optional(no_whole_number(1)),
        "seconds": optional(no_number(0, above=True)),
        "record": optional(nothing_of(hpt.SearchRecord)), "seed": no_whole_number(0),
        "n_startup_jobs": no_whole_number(0), "on_trial": optional(no_function()),
        "where": optional(no_place), "max_epochs": no_whole_number(1), "factor": no_whole_number(2),
    }),
    *cases("successive_halving", lambda **c: successive_halving(**{"n_candidates": 27, **c}), {
        "n_candidates": no_whole_number(3), "max_epochs": no_whole_number(3),
        "factor": no_whole_number(2),
    }),
    *cases("hyperband", hyperband, {"max_epochs": no_whole_number(3),
                                    "factor": no_whole_number(2)}),
    *cases("Cluster", hpt.Cluster, {"where": no_place,
                                    "workers": optional(no_whole_number(1, 1024))}),
    Case("run_search", "hyperparameters", lambda v: search(objective=DATA, hyperparameters=v),
         optional(no_hp)),
    Case("Search", "space", lambda v: Search("grid", v, len), nothing_of(hpt.SearchSpace)),
    Case("split_trials", "trials", split_trials, no_trials),
    Case("parzen_densities", "space", lambda v: parzen_densities(v, []),
         nothing_of(hpt.SearchSpace)),
    Case("parzen_densities", "trials", lambda v: parzen_densities(SPACE, v), no_trials),
    Case("parzen_densities", "n_points", lambda v: parzen_densities(SPACE, [TRIAL], v),
         no_whole_number(2, 1_000_000)),
]  # fmt: skip

no_scores = st.one_of(
    misfits(list, tuple, set, np.ndarray),
    st.lists(st.sampled_from([None, "1", "a", 1j, [], True]), min_size=1, max_size=3),
)
no_curve = st.one_of(
    misfits(list, tuple, set, np.ndarray), st.lists(no_scores, min_size=1, max_size=2)
)
optional_number = misfits(type(None))
TRIALS = [
    *cases("Trial", hpt.Trial, {
        "hyperparameters": nothing_of(dict),
        "method": st.one_of(no_text(), st.just("")),
        "number": no_whole_number(0, 10**15),
        "validation_accuracy": optional_number, "validation_loss": optional_number,
        "seconds": optional_number, "epochs_trained": optional_number,
        "fold_scores": no_scores, "history": no_curve,
        "ended": no_choice("finished", "stopped", "diverged", "failed"),
        "message": no_text(), "when": nothing_of(),
    }),
    Case("SearchRecord", "method", hpt.SearchRecord, st.one_of(no_text(), st.just(""))),
    Case("SearchRecord", "path", lambda v: hpt.SearchRecord(path=v), optional(no_text())),
    Case("SearchRecord", "on_trial", lambda v: hpt.SearchRecord(on_trial=v),
         optional(no_function())),
    Case("SearchRecord.append", "trial", hpt.SearchRecord().append, nothing_of()),
    Case("SearchRecord.forget", "number", record_of(TRIAL).forget,
         st.one_of(no_whole_number(1, 1), st.just(7))),
    Case("SearchRecord.save", "path", record_of(TRIAL).save, no_text()),
    Case("SearchRecord.load", "path", hpt.SearchRecord.load, no_text()),
    Case("ClassRuns", "path", hpt.ClassRuns, no_text()),
    Case("SearchRecord.follow", "cv", hpt.SearchRecord().follow, optional(no_whole_number(2))),
    Case("SearchRecord.from_cv_results", "results", hpt.SearchRecord.from_cv_results,
         nothing_of(), shows_value=False),
    Case("SearchRecord.from_hyperopt", "trials", hpt.SearchRecord.from_hyperopt, nothing_of()),
]  # fmt: skip


FRAME = pd.DataFrame({"width": np.arange(12.0), "kind": ["a", "b"] * 6})


def frame_with(**changes):
    return hpt.Dataset.from_frame(**{"frame": FRAME, "target": "kind", **changes})


def arrays_with(**changes):
    return hpt.Dataset.from_arrays(GOOD_X.repeat(4, 0), np.repeat(GOOD_Y, 4), **changes)


no_share = no_number(0, 1, below=True)
SPLITTING = {
    "validation_share": no_share,
    "test_share": no_share,
    "scale": optional(no_choice("standard", "minmax")),
    "seed": no_whole_number(0),
}
TABLES = [
    *cases("Dataset.from_frame", frame_with,
           {"target": no_choice("kind"), **SPLITTING}),
    Case("Dataset.from_frame", "frame", lambda v: frame_with(frame=v), nothing_of(),
         shows_value=False),
    *cases("Dataset.from_arrays", arrays_with, SPLITTING),
    Case("Dataset.from_arrays", "class_names", lambda v: arrays_with(class_names=v),
         optional(nothing_of())),
    Case("Dataset.from_csv", "path", lambda v: hpt.Dataset.from_csv(v, "kind"), nothing_of()),
    Case("Dataset.transform", "rows", frame_with().transform, nothing_of(), shows_value=False),
]  # fmt: skip


RATES = hpt.SearchSpace((LogUniform("learning_rate", 1e-3, 1e-1),))


def project(**changes):
    data = hpt.Dataset({**DATA.splits, "test": DATA.splits["validation"]})
    return hpt.Project(**{"data": data, "question": "Why?", "budget": 10, **changes})


def search_in_project(**changes):
    known = {"space": RATES, "trials": 1, "without_baseline": True}
    return project().search(**{**known, **changes})


no_name = st.one_of(no_text(), st.sampled_from(["", "a b", "../a", "a.b", "x" * 61]))
PROJECTS = [
    *cases("Project", project, {"data": no_dataset, "budget": no_number(0, above=True),
                                "question": st.one_of(no_text(), st.just("")), "name": no_name,
                                "change_plan": nothing_of(bool, np.bool_)}),
    *cases("Project.train", lambda **c: project().train(**{"hp": HP, **c}),
           {"hp": no_hp, "strategy": st.one_of(no_text(), st.just("")),
            "beyond_budget": nothing_of(bool, np.bool_)}),
    Case("Project.train", "training_size", lambda v: project().train(HP, training_size=v),
         optional(no_whole_number(1, len(Y))), words="n="),
    *cases("Project.search", search_in_project, {
        "space": nothing_of(hpt.SearchSpace), "method": no_choice(*METHODS),
        "trials": no_whole_number(1), "seed": no_whole_number(0),
        "n_startup_jobs": no_whole_number(0), "hyperparameters": optional(no_hp),
        "strategy": optional(st.one_of(no_text(), st.just(""))),
        "beyond_budget": nothing_of(bool, np.bool_),
        "without_baseline": nothing_of(bool, np.bool_),
    }),
    Case("Project.compare", "settings", lambda v: project().compare(v), nothing_of()),
    Case("Project.compare", "seeds",
         lambda v: project().compare({"a": HP, "b": HP.replace(epochs=1)}, v),
         no_whole_number(1, 100)),
    Case("Project.compare", "beyond_budget",
         lambda v: project().compare({"a": HP, "b": HP.replace(epochs=1)}, beyond_budget=v),
         nothing_of(bool, np.bool_)),
    Case("Project.choose", "hp", lambda v: project().choose(v), no_hp),
    Case("Project.open_test", "run", lambda v: project().open_test(v), nothing_of()),
    Case("Project.claim", "interval", lambda v: project().claim(v),
         nothing_of().filter(lambda v: not isinstance(v, np.ndarray) or v.shape != (2,)),
         shows_value=False),
    *cases("Project.report", lambda **c: project().report(**c),
           {"author": no_text(), "conclusion": no_text()}),
    *cases("Project.hand_in", lambda **c: project().hand_in(**{"name": "Ana", **c}),
           {"name": no_text(), "path": optional(no_text())}),
    Case("check_project", "project", hpt.check_project, nothing_of()),
]  # fmt: skip


def descend(**changes):
    return hpt.descend(**{"surface": "rosenbrock", "steps": 5, **changes})


def own_surface(**changes):
    return Surface.from_function(**{"function": square, **changes})


def returning(value):
    """Make a function of one number that returns this value."""

    def function(x):
        return value

    return function


BAD_WINDOWS = st.one_of(
    misfits(type(None)).filter(lambda v: not (isinstance(v, np.ndarray) and v.shape == (2,))),
    st.sampled_from([(1, 0), (0, 0), (0, np.nan), (0, np.inf), (0, 10**400), ("0", "1"), (0, 1j),
                     (True, 2), (-1e308, 1e308)]),
)  # fmt: skip
BAD_WALKS = {
    "start": st.one_of(no_point(2), st.sampled_from([(1e200, 1e200)])).filter(
        lambda v: v is not None
    ),
    "steps": no_whole_number(1, 100_000),
    "momentum": no_number(0, 1, below=True),
    "gradient_noise": no_number(0),
    "seed": no_whole_number(0),
    "schedule": no_choice(*SCHEDULES),
    "bias_correction": nothing_of(bool, np.bool_),
}
SURFACES = [
    *cases("descend", descend, {
        "surface": no_choice(*hpt.surfaces.surface_names()),
        "optimizer": no_choice(*OPTIMIZERS),
        "learning_rate": optional(no_number(0, above=True)), **BAD_WALKS,
    }),
    *cases("race", lambda **c: race(**{"surface": "rosenbrock", "learning_rates": {"adam": 0.1},
                                       "steps": 5, **c}),
           {"learning_rates": st.one_of(nothing_of(dict),
                                        st.sampled_from([{}, {"lion": 1}, {1: 1}])), **BAD_WALKS},
           words="learning_rates|optimizer|start|steps|momentum|gradient_noise|seed|schedule"
           "|bias_correction",
           shows_value=False),
    Case("surfaces", "quadratic_bowl", quadratic_bowl, no_number(1), words="condition_number"),
    Case("surfaces", "get_surface", get_surface, no_choice(*hpt.surfaces.surface_names()),
         words="surface"),
    Case("surfaces", "curvatures", hpt.surfaces.rosenbrock.curvatures, no_point(2),
         words="point"),
    *cases("Surface.from_function", own_surface, {
        "function": no_function(), "n_dims": optional(no_whole_number(1, 2)),
        "window": BAD_WINDOWS, "start": optional(no_point(1)),
        "minima": st.one_of(misfits(list, tuple, set, dict, np.ndarray),
                            st.lists(no_point(1), min_size=1, max_size=2)),
        "learning_rate": no_number(0, above=True),
        "name": optional(st.one_of(no_text(), st.just(""))),
    }),
    Case("Surface.from_function", "function-returns", lambda v: own_surface(function=returning(v)),
         no_number(), words="function", shows_value=False),
    Case("Surface.from_function", "function-takes", lambda v: own_surface(function=v),
         st.sampled_from([lambda: 1, lambda x, y, z: x + y + z, lambda *x: x]), words="n_dims",
         shows_value=False),
    *cases("Surface", lambda **c: dataclasses.replace(hpt.surfaces.rosenbrock, **c), {
        "name": st.one_of(no_text(), st.just("")), "function": no_function(),
        "gradient": no_function(), "hessian": optional(no_function()), "window": BAD_WINDOWS,
        "start": no_point(2), "learning_rate": no_number(0, above=True),
        "minima": st.one_of(misfits(list, tuple, set, dict, np.ndarray),
                            st.lists(no_point(2), min_size=1, max_size=2)),
    }),
    Case("describe", "step", lambda v: describe(PATH, hpt.surfaces.parabola, v),
         optional(no_whole_number(0, 5))),
]  # fmt: skip


def no_array(*shape):
    fitting = np.zeros(shape)
    holed = [np.where(fitting == 0, bad, bad) for bad in (np.nan, np.inf, 1e300)]
    texts = np.full(shape, "1").tolist()
    others = [np.zeros((4, 4)), np.zeros(7), texts, np.full(shape, 1j), np.full(shape, True)]
    return st.one_of(misfits(), st.sampled_from([*holed, *others]))


NETWORKS = [
    *cases("BackpropNetwork", hpt.BackpropNetwork, {
        "hidden_weights": no_array(2, 3), "hidden_biases": no_array(3),
        "output_weights": no_array(3), "output_bias": no_number(-1e50, 1e50),
        "hidden_activation": no_choice("sigmoid", "tanh", "relu"),
        "output_activation": no_choice("sigmoid", "identity", "tanh"),
    }),
    *cases("BackpropNetwork.random", hpt.BackpropNetwork.random, {
        "seed": no_whole_number(0), "scale": no_number(0, 1e40, above=True),
        "hidden_activation": no_choice("sigmoid", "tanh", "relu"),
        "output_activation": no_choice("sigmoid", "identity", "tanh"),
    }),
    Case("BackpropNetwork.with_parameters", "values", NETWORK.with_parameters,
         nothing_of(dict)),
    Case("BackpropNetwork.with_parameters", "w11", lambda v: NETWORK.with_parameters({"w11": v}),
         no_number(-1e50, 1e50)),
    Case("BackpropNetwork.with_parameters", "parameter", lambda v: NETWORK.with_parameters({v: 1}),
         st.one_of(st.text(), st.integers())),
    Case("BackpropNetwork.forward", "inputs", NETWORK.forward, no_network_input(2)),
    Case("BackpropNetwork.error", "target", lambda v: NETWORK.error(EXAMPLE[0], v),
         no_number(-1e50, 1e50)),
    Case("BackpropNetwork.backward", "inputs", lambda v: NETWORK.backward(v, 0.2),
         no_network_input(2)),
    Case("BackpropNetwork.backward", "target", lambda v: NETWORK.backward(EXAMPLE[0], v),
         no_number(-1e50, 1e50)),
    Case("BackpropNetwork.backward", "step", NETWORK.backward(*EXAMPLE).step,
         nothing_of(), words="name"),
    Case("BackpropNetwork.descent_step", "learning_rate",
         lambda v: NETWORK.descent_step(v, *EXAMPLE), no_number(0, 1e50, above=True)),
    Case("BackpropNetwork.gradient_check", "width",
         lambda v: NETWORK.gradient_check(*EXAMPLE, width=v), no_number(0, 1e40, above=True)),
]  # fmt: skip

QUIZ = hpt.quiz("4.1")
EXERCISES = [
    *[
        Case(name, "exercise", lambda v, call=call: call(v), nothing_of())
        for name, call in (("check", lambda v: hpt.check(v, 1)), ("hint", hpt.hint),
                           ("solution", hpt.solution), ("picture", hpt.picture))
    ],
    Case("hint", "number", lambda v: hpt.hint("4.1-b", v), optional(no_whole_number(1, 3))),
    Case("quiz", "chapter", hpt.quiz,
         st.one_of(misfits().filter(lambda v: not isinstance(v, str) or v != "1"),
                   st.floats(min_value=10.5), st.integers(min_value=20),
                   st.text("abcxyz", max_size=5))),
    Case("quiz", "question", lambda v: QUIZ.answer(v, 1),
         no_whole_number(1, len(QUIZ.questions))),
    Case("quiz", "choice", lambda v: QUIZ.answer(1, v),
         no_whole_number(1, len(QUIZ.questions[0].choices))),
    Case("axis_label", "name", hpt.axis_label, no_choice(*axis_labels.TEXTS)),
    Case("load_claim", "name", hpt.load_claim, no_choice(*all_claims())),
    Case("use_language", "language", hpt.use_language, no_choice("en", "zh"), words="code"),
]  # fmt: skip


def sweep_of(**changes):
    given = {"name": "learning_rate", "values": (0.01, 0.1), "training_size": 40}
    return sweep.Sweep(**{**given, **changes})


def no_values(bad, allowed=()):
    return st.one_of(
        misfits(*allowed).filter(lambda v: not isinstance(v, np.ndarray) or v.dtype.kind != "f"),
        st.lists(bad, min_size=1, max_size=2),
        st.just([0.1, 0.1]),
    )


OTHERS = [
    *cases("Sweep", sweep_of, {
        "name": no_choice(*sweep.NUMBERS),
        "values": no_values(no_number(0, 1e6, above=True)),
        "series_name": optional(no_choice(*sweep.SWEPT)),
        "seeds": no_values(no_whole_number(0, 2**31 - 1)), "training_size": no_whole_number(1),
        "hyperparameters": no_hp,
    }, words="name|learning_rate|series_name|seed|training_size|hyperparameters",
           shows_value=False),
    Case("Sweep", "series", lambda v: sweep_of(series_name="batch_size", series=v),
         no_values(no_whole_number(1, 1_000_000)), words="batch_size", shows_value=False),
    Case("Sweep.of", "varied", lambda v: sweep.Sweep.of(v, (0,)), nothing_of(),
         words="varied|a=1|hyperparameters|超参数", shows_value=False),
    Case("Sweep.of", "seeds", lambda v: sweep.Sweep.of({"batch_size": (1, 2)}, v),
         no_values(no_whole_number(0, 2**31 - 1)), words="seed", shows_value=False),
    Case("run_sweep", "sweep", lambda v: sweep.run_sweep(v, DATA), nothing_of()),
    Case("run_sweep", "data", lambda v: sweep.run_sweep(SWEEP, v), no_dataset),
    Case("run_sweep", "record", lambda v: sweep.run_sweep(SWEEP, DATA, record=v),
         optional(nothing_of())),
    Case("run_sweep", "training_size",
         lambda v: sweep.run_sweep(dataclasses.replace(SWEEP, training_size=v), DATA),
         st.integers(len(Y) + 1, 10**9)),
    Case("summarize", "sweep", lambda v: sweep.summarize(v, record_of()), nothing_of()),
    Case("summarize", "record", lambda v: sweep.summarize(SWEEP, v), nothing_of()),
    Case("summarize", "measure", lambda v: sweep.summarize(SWEEP, record_of(), v),
         no_choice(*sweep.MEASURES)),
    Case("sweep_table", "measure", lambda v: sweep.sweep_table(SWEEP, record_of(), v),
         no_choice(*sweep.MEASURES)),
    *cases("range_test", lambda **c: range_test.range_test(**{"hp": HP, "data": DATA, **c}), {
        "hp": no_hp, "data": no_dataset, "low": no_number(0, 10, above=True, below=True),
        "high": no_number(1e-5, 1e6, above=True), "n_updates": no_whole_number(20, 5_000),
        "on_progress": optional(no_function()),
    }),
    Case("prepare_drawing", "pixels", prepare_drawing,
         st.one_of(misfits().filter(lambda v: not is_picture(v)), st.sampled_from(
             [np.zeros((3, 3)), -np.eye(3), np.full((3, 3), np.nan), np.full((3, 3), np.inf)])),
         shows_value=False),
    Case("draw_strokes", "strokes", lambda v: draw_strokes(v, 28, 2.0),
         st.one_of(misfits(list, tuple, dict, set, np.ndarray),
                   st.lists(st.one_of(no_point(2), st.just([(0.0, np.nan)])), min_size=1,
                            max_size=2)), words="stroke", shows_value=False),
    Case("draw_strokes", "size", lambda v: draw_strokes([[(1, 1)]], v, 2.0),
         no_whole_number(1, 10_000)),
    Case("draw_strokes", "pen_width", lambda v: draw_strokes([[(1, 1)]], 28, v),
         no_number(0, 10_000, above=True)),
    Case("find_mistakes", "labels", lambda v: find_mistakes(v, np.full((3, 3), 0.3)),
         nothing_of(), shows_value=False),
    Case("find_mistakes", "probabilities", lambda v: find_mistakes(np.arange(3), v),
         nothing_of(), shows_value=False),
]  # fmt: skip


def is_picture(value):
    return isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fb"


RUN = []


def run():
    """Return a run, trained once."""
    if not RUN:
        RUN.append(hpt.train(HP, DATA))
    return RUN[0]


# Two samples of 3 × 4 values are as good as two of 12.
bad_samples = misfits().filter(lambda v: not (isinstance(v, np.ndarray) and v.ndim == 3))
RUNS = [
    Case("Run.predict_proba", "x", lambda v: run().predict_proba(v),
         bad_samples, shows_value=False),
    Case("KerasMLPClassifier.predict", "X",
         lambda v: hpt.KerasMLPClassifier(**HP.to_dict()).fit(X, Y).predict(v),
         bad_samples, words="X", shows_value=False),
]  # fmt: skip

CASES = [
    *DATASETS, *TRAININGS, *SEARCHES, *TRIALS, *SURFACES, *NETWORKS, *EXERCISES, *OTHERS, *RUNS,
    *TABLES, *PROJECTS,
]  # fmt: skip


# What takes no argument, and what only the package itself makes; a Run's own method is above.
WITHOUT_ARGUMENTS = {
    *("claim_table", "current_language", "load_trial_bank", "my_progress", "Progress"),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_not_allowed_is_refused_by_name(case):
    check_refusals(case)


def test_no_public_name_is_left_out():
    covered = {case.owner.split(".")[0] for case in (*CASES, *LAB_CASES)}
    without = set(hpt.__all__) - covered
    missing = sorted(without - WITHOUT_ARGUMENTS)
    assert not missing, (
        f"no case for {', '.join(missing)}: a lab's belong into LAB_CASES"
        " (tests/unit/test_bad_input_in_labs.py), all others into CASES, and what takes no argument"
        " into WITHOUT_ARGUMENTS (tests/unit/test_bad_input.py)"
    )
    gone = sorted(WITHOUT_ARGUMENTS - without)
    assert not gone, f"WITHOUT_ARGUMENTS names what is not public, or has cases: {', '.join(gone)}"


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (BAD_HYPERPARAMETERS, "BAD_HYPERPARAMETERS (tests/unit/test_bad_input.py)"),
        (BAD_SETTINGS, "BAD_SETTINGS (tests/unit/test_bad_input_in_labs.py)"),
    ],
)
def test_no_hyperparameter_is_left_out(table, place):
    missing = {field.name for field in dataclasses.fields(Hyperparameters)} - set(table)
    assert not missing, f"no entry for {', '.join(sorted(missing))} in {place}"


# What the cells of a record's file may hold after somebody, or something, has altered it.
ALTERED = (
    "", "nan", "NaN", "1e999", "Infinity", "9" * 400, "9" * 5_000, "-1", "1.5", "null", "{}",
    '{"a": 1}', "[[1, 2], 3]", "[[[]]]", "[" * 100_000, f"[{'9' * 400}]", '"\\ud800"', "\0",
    "=1+1", "2026-01-01", "9999-99-99", "forgotten", "finished",
)  # fmt: skip


@pytest.mark.parametrize("column", range(len(COLUMNS)), ids=COLUMNS)
def test_an_altered_record_is_read_as_far_as_it_is_whole(tmp_path, column):
    record = record_of(TRIAL, TRIAL)
    *lines, last = record.save(tmp_path / "good.csv").read_text("utf-8").splitlines()
    for cell in ALTERED:
        cells = next(csv.reader([last]))
        cells[column] = cell
        path = tmp_path / "altered.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write("".join(f"{line}\n" for line in lines))
            csv.writer(file).writerow(cells)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RecordWarning)
            read = hpt.SearchRecord(path=path)
        read.append(TRIAL)
        assert read.trials[0] == dataclasses.replace(TRIAL, number=1)
        assert len(read.to_frame()) == len(read.incumbent) == len(read)
        assert read.best is not None


@pytest.mark.parametrize("text", ["1e-3", "grid", ""])
def test_a_value_is_shown_as_it_is(text):
    assert short_repr(text) == repr(text)


def test_a_value_that_is_long_or_has_no_text_is_shown_briefly():
    class Speechless:
        def __repr__(self):
            raise RuntimeError

    assert short_repr([0.25] * 1_000).endswith("…")
    assert len(short_repr([0.25] * 1_000)) == LONGEST_VALUE
    assert short_repr(Speechless()) == "<Speechless>"
    assert short_repr(10**5000) == "<int>"
    with pytest.raises(TypeError, match="seed=<Speechless>"):
        Hyperparameters(seed=Speechless())
