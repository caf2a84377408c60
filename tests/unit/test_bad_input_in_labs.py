"""Every lab's arguments, methods and controls, fed with what they don't take.

A method refuses it as any public function does. What a front end sends is answered beside the
control: no exception may leave a callback, for that is a traceback in a lesson. Behind either
the settings are as they were, and the lab still works.
"""

import contextlib
import functools
import math
from collections.abc import Callable
from typing import Any

import bqplot
import ipywidgets as widgets
import numpy as np
import pytest
from bad_values import (
    Case,
    check_refusals,
    misfits,
    no_choice,
    no_function,
    no_number,
    no_point,
    no_whole_number,
    nothing_of,
    noting,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ipywidgets.widgets.widget import CallbackDispatcher
from lab_kinds import HP, MAKE
from patience import SECONDS
from small_data import N_TRAIN, tabular_data
from traitlets import TraitError

import hpt_widgets as hpt
from hpt_widgets.descent.walk import OPTIMIZERS, SCHEDULES
from hpt_widgets.labs.bayes.state import PLAYERS
from hpt_widgets.labs.digits.paper import Paper
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.late_field import LateField
from hpt_widgets.labs.training.axes_controls import LOSS_AXES
from hpt_widgets.labs.training.path_view import SCOPES
from hpt_widgets.labs.training.run_slot import X_AXES
from hpt_widgets.search.bank.replay import MEASURES as BANK_MEASURES
from hpt_widgets.search.bank.replay import STRATEGIES
from hpt_widgets.search.bank.table import TrialBank
from hpt_widgets.search.bayes.acquisition import ACQUISITIONS
from hpt_widgets.search.bayes.duel import DuelSettings
from hpt_widgets.search.bayes.objectives import OBJECTIVES
from hpt_widgets.search.runner import METHODS
from hpt_widgets.studies.sweep import MEASURES
from hpt_widgets.training.hyperparameters import ACTIVATIONS, PARAMETRIZATIONS
from hpt_widgets.training.hyperparameters import OPTIMIZERS as KERAS_OPTIMIZERS
from hpt_widgets.training.hyperparameters import SCHEDULES as KERAS_SCHEDULES

NO_HOLDOUT = tabular_data(n_validation=0)


@functools.cache
def lab_of(name):
    """Return one lab of each kind, for all tests that leave it as it was."""
    return MAKE[name]()


# What tells the states of a lab apart, in a form that can be compared.
STATES: dict[str, Callable[[Any], object]] = {
    "TrainingLab": lambda lab: (lab.settings, lab.training_size, len(lab.runs)),
    "SearchLab": lambda lab: (dict(lab.form.values), len(lab.searches), lab.focus),
    "GridLab": lambda lab: (lab.status, len(lab.record)),
    "SweepLab": lambda lab: (lab.sweep, lab.measure, len(lab.records)),
    "RangeTestLab": lambda lab: (lab.settings, lab.request.hyperparameters, len(lab.tests)),
    "BayesLab": lambda lab: (lab.settings, lab.n_rounds, lab.round, lab.is_revealed),
    "BankLab": lambda lab: lab.settings,
    "DescentLab": lambda lab: (lab.settings, lab.step, lab.speed),
    "BackpropLab": lambda lab: (lab.network.parameters(), lab.network.hidden_activation, lab.inputs,
                                lab.target, lab.learning_rate, lab.errors, lab.n_done),
    "NetworkLab": lambda lab: (lab.settings, lab.parameters, lab.losses, len(lab.points.inputs)),
    "DigitCanvas": lambda lab: len(lab.strokes),
    "quiz": lambda lab: dict(lab.chosen),
    "prediction": lambda lab: (lab.value, lab.is_final),
    "outcome": lambda lab: lab.comparisons,
}  # fmt: skip


def state_of(name):
    """Return all settings of a lab."""
    return STATES[name](lab_of(name))


def assert_trains(name):
    """Let a run end."""
    lab = lab_of(name)
    n_runs = len(lab.runs)
    lab.set(**HP.to_dict(), apply_to_running=False)
    lab.wait(SECONDS)
    assert lab.state == "ended"
    assert len(lab.runs) > n_runs
    assert math.isfinite(lab.last_run.validation_loss)


def assert_searches(name):
    """Let two trials be made."""
    lab = stopped(name)
    assert len(lab.run("random", 2, training_size=40, epochs=1, timeout=SECONDS)) == 2
    assert lab.state == "ended"


def assert_sweeps(name):
    """Let two values be tried."""
    lab = stopped(name)
    record = lab.run(timeout=SECONDS, seeds=1, training_size=40, learning_rate=[0.01, 0.1],
                     batch_size=16, epochs=1)  # fmt: skip
    assert len(record) == 2
    assert lab.state == "ended"


def assert_tests_a_range(name):
    """Let the rate grow in a few updates."""
    lab = stopped(name)
    test = lab.run(timeout=SECONDS, low=1e-4, high=1e-2, n_updates=20, hidden_units=(4,))
    assert len(test.losses)
    assert lab.state == "ended"


def stopped(name):
    """Return the lab, when what a click may have set going has ended."""
    lab = lab_of(name)
    lab.stop()
    lab.wait(SECONDS)
    return lab


def assert_walks(name):
    """Let one optimiser take a few steps."""
    lab = lab_of(name)
    lab.set(surface="parabola", steps=7, optimizers="adam", learning_rate=0.1)
    assert lab.path("adam").steps == 7
    lab.set(surface="quadratic_bowl", condition_number=10)


def assert_learns(name):
    """Let the lab take three steps of gradient descent."""
    lab = lab_of(name)
    if name == "BackpropLab":
        lab.set(network=hpt.BackpropNetwork(), x1=0.5, x2=1.0, target=0.2, learning_rate=0.5)
        lab.descend(3)
        losses = lab.errors
    else:
        lab.pause()  # a click may have set it training on and on
        assert lab.wait(SECONDS)
        lab.set(**vars(hpt.NetworkLab().settings))
        lab.restart()
        lab.train(3)
        losses = lab.losses
    assert len(losses) == 4
    assert losses[3] < losses[0]


def assert_plays(name):
    """Let all three players make a trial of a new game."""
    lab = lab_of(name)
    lab.set(**{**vars(DuelSettings()), "objective": "forrester", "seed": 1})
    lab.new_game()
    lab.ask(0.25)
    lab.wait(SECONDS)
    assert [len(lab.samples(player).values) for player in PLAYERS] == [4, 4, 4]
    lab.set(objective="mnist")


def assert_compares(name):
    """Let two strategies be replayed."""
    lab = lab_of(name)
    lab.set(strategies=("random", "grid"), n_trials=5, max_epochs=9, measure="seen")
    assert np.isfinite(lab.curve("grid")[-1]).all()
    lab.set(strategies=STRATEGIES, n_trials=20)


def assert_follows(name):
    """Let a trial land in the record."""
    lab = lab_of(name)
    n_trials = len(lab.record)
    values = {"learning_rate": 0.01, "batch_size": 16}
    lab.record.append(hpt.Trial(values, "grid", validation_accuracy=0.75))
    assert len(lab.record) == n_trials + 1
    assert "75.0%" in lab.status


def assert_reads(name):
    """Let a digit be drawn and read."""
    lab = lab_of(name)
    lab.clear()
    assert lab.draw([[(60, 60), (220, 50)]]).argmax() == lab.digit == 0


def assert_is_right(name):
    """Let the right choice of a question be taken."""
    assert lab_of(name).answer(1, 1)


def assert_predicts(name):
    """Let a curve be drawn."""
    lab = lab_of(name)
    lab.answer([None, [(0, 2.3), (50_000, 0.1)], None, None])
    assert [curve is None for curve in lab.value] == [True, False, True, True]


def assert_compared(name):
    """Let it say what came out."""
    assert "95.9 %" in repr(lab_of(name))


# What asks a lab for something ordinary, and waits for it.
OWN_TASKS: dict[str, Callable[[str], None]] = {
    "TrainingLab": assert_trains,
    "SearchLab": assert_searches,
    "GridLab": assert_follows,
    "SweepLab": assert_sweeps,
    "RangeTestLab": assert_tests_a_range,
    "BayesLab": assert_plays,
    "BankLab": assert_compares,
    "DescentLab": assert_walks,
    "BackpropLab": assert_learns,
    "NetworkLab": assert_learns,
    "DigitCanvas": assert_reads,
    "quiz": assert_is_right,
    "prediction": assert_predicts,
    "outcome": assert_compared,
}


def assert_works(name):
    """Ask the lab for something ordinary, and wait for it."""
    OWN_TASKS[name](name)


# -- what methods are given ------------------------------------------------------------------------


def cases(owner, make, bad, **options):
    return [
        Case(owner, name, lambda value, name=name: make(**{name: value}), values, **options)
        for name, values in bad.items()
    ]


def changes_of(name, bad, **options):
    """Return a case for each setting of a lab's `set`."""
    return cases(f"{name}.set", lambda **c: lab_of(name).set(**c), bad, **options)


def timeouts_of(name, *methods):
    """Return a case for each method that waits."""
    return [
        Case(f"{name}.{method}", "timeout",
             lambda v, method=method: getattr(lab_of(name), method)(timeout=v),
             given_values(no_number(0)))
        for method in methods
    ]  # fmt: skip


def given_values(values):
    """Leave out what stands for nothing given."""
    return values.filter(lambda v: v is not None)


no_data = given_values(nothing_of(hpt.Dataset))
no_hp = given_values(nothing_of(hpt.Hyperparameters))
no_size = no_whole_number(3, N_TRAIN)
no_units = st.one_of(misfits(), st.lists(no_whole_number(1, 10_000), min_size=1, max_size=2),
                     st.just((9_999, 9_999)))  # fmt: skip
BAD_SETTINGS = {
    "learning_rate": no_number(1e-5, 10),
    "batch_size": no_whole_number(1, 4096),
    "dropout_rate": no_number(0, 0.9),
    "hidden_units": no_units,
    "activation": no_choice(*ACTIVATIONS),
    "optimizer": no_choice(*KERAS_OPTIMIZERS),
    "weight_decay": no_number(0, 10),
    "epochs": no_whole_number(1, 100),
    "seed": no_whole_number(0, 2**31 - 1),
    "training_size": no_size,
    "momentum": no_number(0, 0.999),
    "epsilon": no_number(1e-12, 1e3),
    "schedule": no_choice(*KERAS_SCHEDULES),
    "warm_up": no_number(0, 0.9),
    "initial_scale": no_number(0.01, 100),
    "parametrization": no_choice(*PARAMETRIZATIONS),
    "base_width": no_whole_number(1, 10_000),
}


def is_row(value):
    """Tell whether a value is a list of numbers in an array."""
    return isinstance(value, np.ndarray) and value.shape == (2,) and value.dtype.kind == "f"


# A list makes the sweep lab vary a hyperparameter.
no_list = {
    "learning_rate": no_number(0, 1e6, above=True).filter(lambda v: not is_row(v)),
    "batch_size": no_whole_number(1, 1_000_000),
    "optimizer": no_choice(*KERAS_OPTIMIZERS),
    "epochs": no_whole_number(1, 10_000),
    "training_size": no_size,
    "hidden_units": no_units,
}
no_steps = st.one_of(no_whole_number(1, 100_000))
BAD_WALKS = {
    "surface": no_choice(*hpt.surfaces.surface_names()),
    "condition_number": given_values(no_number(1)),
    "optimizers": st.one_of(
        misfits(),
        st.sampled_from([["lion"], {"adam": -1}, {"adam": "1"}, {"lion": 1}, [1], ["adam", None]]),
    ),
    "learning_rates": st.one_of(
        misfits(dict),
        st.dictionaries(st.sampled_from(OPTIMIZERS), no_number(0, above=True), min_size=1),
        st.sampled_from([{"lion": 1}, {1: 1}]),
    ),
    "learning_rate": no_number(0, above=True),
    "start": no_point(2),
    "steps": no_steps,
    "momentum": no_number(0, 1, below=True),
    "gradient_noise": no_number(0, 1e100),
    "seed": no_whole_number(0),
    "schedule": no_choice(*SCHEDULES),
    "bias_correction": nothing_of(bool, np.bool_),
}
BAD_DUELS = {
    "objective": no_choice(*OBJECTIVES),
    "acquisition": no_choice(*ACQUISITIONS),
    "kappa": no_number(0, 10),
    "n_startup_jobs": no_whole_number(1, 100),
    "seed": no_whole_number(0, 10**6),
}
BAD_REPLAYS = {
    "strategies": st.one_of(misfits(), st.sampled_from([["random", "quasi"], [1], ["tpe", None]])),
    "max_epochs": st.one_of(misfits(int, np.integer), st.sampled_from([0, 10, 81])),
    "n_trials": no_whole_number(2, 40),
    "measure": no_choice(*BANK_MEASURES),
    "n_seeds": no_whole_number(1, 100),
    "unit": no_choice("trials", "epochs"),
    "seed": no_whole_number(0, 10**6),
}
BAD_NETWORKS = {
    "task": no_choice("curve", "plane"),
    "data": no_choice("sine", "bump", "steps", "line"),
    "noise": no_number(0, 1),
    "hidden_units": st.one_of(
        # An empty one of any kind stands for no hidden layer.
        misfits(list, tuple, set, np.ndarray),
        st.lists(no_whole_number(1, 8), min_size=1, max_size=2),
        st.just((3,) * 5),
    ),
    "activation": no_choice("identity", "relu", "sigmoid", "tanh"),
    "learning_rate": no_number(1e-4, 10),
    "seed": no_whole_number(0),
    **dict.fromkeys(("x1", "x2"), no_number(-1, 1)),
    "added_class": no_whole_number(0, 1),
}
no_name = st.one_of(misfits(), st.just(""), st.just("2-learning"))
no_curves = st.one_of(
    misfits(),
    st.lists(misfits(type(None)), min_size=4, max_size=4),
    st.sampled_from(
        [[], [None] * 4, [[(0, 1)]], [[(1, 1), (0, 1)]] * 4, [[(0, math.nan)]] * 4, [[1, 2]] * 4]
    ),
)
LAB_CASES = [
    *cases("TrainingLab", MAKE["TrainingLab"], {
        "data": no_data, "hyperparameters": no_hp, "training_size": given_values(no_size),
    }),
    Case("TrainingLab", "data-validation", lambda v: hpt.TrainingLab(v), st.just(NO_HOLDOUT),
         words="data"),
    *changes_of("TrainingLab", {
        **BAD_SETTINGS, "apply_to_running": misfits(bool), "x_axis": no_choice(*X_AXES),
        "loss_axis": no_choice(*LOSS_AXES), "path_scope": no_choice(*SCOPES),
    }),
    Case("TrainingLab.show_path", "visible", lambda v: lab_of("TrainingLab").show_path(v),
         misfits(bool, np.bool_)),
    Case("DescentLab.show_convergence", "visible",
         lambda v: lab_of("DescentLab").show_convergence(v), misfits(bool, np.bool_)),
    *[
        Case(f"TrainingLab.use_{axis}", axis,
             lambda v, axis=axis: getattr(lab_of("TrainingLab"), f"use_{axis}")(v),
             no_choice(*allowed))
        for axis, allowed in (("x_axis", X_AXES), ("loss_axis", LOSS_AXES))
    ],
    *[
        Case(f"TrainingLab.{method}", "number",
             lambda v, method=method: getattr(lab_of("TrainingLab"), method)(v),
             given_values(st.one_of(misfits(), st.floats(), st.integers(min_value=10_000),
                                    st.integers(max_value=0))))
        for method in ("pin", "forget", "path")
    ],
    Case("TrainingLab.join", "address",
         lambda v: lab_of("TrainingLab").join(v, "maple-river", "x"), misfits(str)),
    Case("TrainingLab.join", "code",
         lambda v: lab_of("TrainingLab").join("localhost:9", v, "x"), misfits()),
    Case("TrainingLab.join", "nickname",
         lambda v: lab_of("TrainingLab").join("localhost:9", "maple-river", v),
         misfits(str, type(None))),
    *timeouts_of("TrainingLab", "wait"),
    *cases("SearchLab", MAKE["SearchLab"], {
        "data": no_data, "hyperparameters": no_hp, "training_size": given_values(no_size),
        "objective": given_values(no_function()), "space": nothing_of(hpt.SearchSpace),
        "records": nothing_of().filter(lambda v: not is_empty(v)),
    }),
    *changes_of("SearchLab", {
        "method": given_values(no_choice(*METHODS)),
        "trials": given_values(no_whole_number(1, 1000)),
        "seconds": given_values(no_number(0.1, 3600)),
        "seed": given_values(no_whole_number(0, 2**31 - 1)),
        "repeats": given_values(no_whole_number(1, 20)),
        "n_startup_jobs": given_values(no_whole_number(0, 1000)),
        "training_size": given_values(no_size), "epochs": given_values(no_whole_number(1, 100)),
        "max_epochs": given_values(no_whole_number(2, 100)),
        "factor": given_values(no_whole_number(2, 10)),
    }),
    Case("SearchLab.add", "record", lambda v: lab_of("SearchLab").add(v), nothing_of()),
    Case("SearchLab.show", "search", lambda v: lab_of("SearchLab").show(v),
         given_values(no_whole_number(1, 1_000))),
    *timeouts_of("SearchLab", "wait", "run"),
    *cases("GridLab", MAKE["GridLab"], {
        "param_grid": st.one_of(
            nothing_of(), st.just({}), st.just({"rate": [1, 2]}),
            st.just({"rate": [1, 2], "size": 3}), st.just({"rate": [1, 2], "size": []}),
        ),
        "record": nothing_of(),
    }),
    *cases("SweepLab", MAKE["SweepLab"], {
        "data": no_data, "hyperparameters": no_hp, "training_size": given_values(no_size),
    }),
    *changes_of("SweepLab", no_list, shows_value=False),
    *changes_of("SweepLab", {
        "measure": no_choice(*MEASURES), "seed": st.integers(),
        "seeds": st.one_of(
            st.just(b"1"), no_whole_number(1, 100),
            st.lists(no_whole_number(0, 2**31 - 1), min_size=1, max_size=2),
        ),
    }, shows_value=False, words="measure|seed"),
    Case("SweepLab.table", "measure", lambda v: lab_of("SweepLab").table(v),
         given_values(no_choice(*MEASURES))),
    *timeouts_of("SweepLab", "wait", "run"),
    *cases("RangeTestLab", MAKE["RangeTestLab"], {"data": no_data, "hyperparameters": no_hp}),
    *changes_of("RangeTestLab", {
        **{name: BAD_SETTINGS[name] for name in ("activation", "optimizer", "seed")},
        "hidden_units": no_units, "batch_size": no_whole_number(1, 1_000_000),
        "low": no_number(0, 1e-5, above=True) | st.just(1e6),
        "high": no_number(0, 1e6, above=True), "n_updates": no_whole_number(20, 5_000),
        "learning_rate": st.floats(0.1, 1), "epochs": st.integers(1, 9),
    }, shows_value=False),
    *timeouts_of("RangeTestLab", "wait", "run"),
    *cases("BayesLab", MAKE["BayesLab"], {**BAD_DUELS, "n_seeds": no_whole_number(2, 200)}),
    *changes_of("BayesLab", BAD_DUELS),
    Case("BayesLab.samples", "player", lambda v: lab_of("BayesLab").samples(v),
         no_choice(*PLAYERS)),
    *[
        Case(f"BayesLab.{method}", "x", lambda v, m=method: getattr(lab_of("BayesLab"), m)(v),
             given_values(no_number(1e-5, 1)), words="learning_rate")
        for method in ("aim", "ask")
    ],
    Case("BayesLab.look_at", "round_number", lambda v: lab_of("BayesLab").look_at(v),
         no_whole_number(0, 10)),
    Case("BayesLab.reveal", "shown", lambda v: lab_of("BayesLab").reveal(v),
         misfits(bool, np.bool_)),
    *timeouts_of("BayesLab", "wait"),
    *cases("BankLab", MAKE["BankLab"], {
        **BAD_REPLAYS, "bank": given_values(nothing_of(TrialBank)),
        "n_resamplings": no_whole_number(10, 20_000),
    }),
    *changes_of("BankLab", BAD_REPLAYS),
    Case("BankLab.curve", "strategy", lambda v: lab_of("BankLab").curve(v),
         no_choice(*STRATEGIES)),
    *cases("DescentLab", hpt.DescentLab, BAD_WALKS, shows_value=False,
           words="surface|κ|condition_number|optimizer|learning_rate|start|steps|momentum|noise"
           "|seed|schedule|bias_correction"),
    *changes_of("DescentLab", BAD_WALKS, shows_value=False,
                words="surface|condition_number|optimizer|learning_rate|start|steps|momentum"
                "|gradient_noise|seed|schedule|bias_correction"),
    *[
        Case(f"DescentLab.{method}", "optimizer",
             lambda v, method=method: getattr(lab_of("DescentLab"), method)(v),
             no_choice(*OPTIMIZERS), words="optimizer")
        for method in ("path", "verdict")
    ],
    Case("DescentLab.play_to", "step", lambda v: lab_of("DescentLab").play_to(v),
         no_whole_number(0, 2000)),
    Case("DescentLab.set_speed", "steps_a_second", lambda v: lab_of("DescentLab").set_speed(v),
         no_number(0, above=True)),
    *timeouts_of("DescentLab", "wait"),
    *changes_of("BackpropLab", {
        **dict.fromkeys(("x1", "x2", "target", "w11", "b3", "c"), no_number(-1e6, 1e6)),
        "learning_rate": no_number(1e-6, 1e4), "network": nothing_of(),
        "hidden_activation": no_choice("sigmoid", "tanh", "relu"),
        "output_activation": no_choice("sigmoid", "identity", "tanh"),
    }),
    Case("BackpropLab.set", "w11-in-network",
         lambda v: lab_of("BackpropLab").set(network=network_of(v)),
         st.floats(1.1e6, 1e50), words="w11"),
    *cases("BackpropLab", hpt.BackpropLab, {"x1": no_number(-1e6, 1e6), "network": nothing_of()}),
    Case("BackpropLab.go_to", "step", lambda v: lab_of("BackpropLab").go_to(v),
         no_whole_number(0, 26)),
    Case("BackpropLab.descend", "steps", lambda v: lab_of("BackpropLab").descend(v),
         no_whole_number(1, 10_000)),
    *changes_of("NetworkLab", BAD_NETWORKS),
    *cases("NetworkLab", hpt.NetworkLab, {"task": BAD_NETWORKS["task"]}),
    Case("NetworkLab.set_weight", "name", lambda v: lab_of("NetworkLab").set_weight(v, 0.5),
         no_choice("w1_11")),
    Case("NetworkLab.set_weight", "value", lambda v: lab_of("NetworkLab").set_weight("w1_11", v),
         no_number(-100, 100), words="w1_11"),
    Case("NetworkLab.choose_weight", "name", lambda v: lab_of("NetworkLab").choose_weight(v),
         no_choice("w1_11")),
    Case("NetworkLab.add_point", "x", lambda v: lab_of("NetworkLab").add_point(v, 0.5),
         no_number(-2, 2)),
    Case("NetworkLab.add_point", "y", lambda v: lab_of("NetworkLab").add_point(0.5, v),
         no_number(-2, 2)),
    Case("NetworkLab.train", "steps", lambda v: lab_of("NetworkLab").train(v),
         no_whole_number(1, 100_000)),
    *timeouts_of("NetworkLab", "wait"),
    Case("DigitCanvas", "model", hpt.DigitCanvas, misfits(), shows_value=False),
    Case("DigitCanvas.draw", "strokes", lambda v: lab_of("DigitCanvas").draw(v),
         st.one_of(misfits(list, np.ndarray),
                   st.lists(no_point(2), min_size=1, max_size=2),
                   st.sampled_from([[], [[(-9, -9)]], [[(1e200, 1.0)]], [[(1, math.nan)]]])),
         words="stroke", shows_value=False),
    Case("DigitCanvas.read", "pixels", lambda v: lab_of("DigitCanvas").read(v),
         misfits(np.ndarray), shows_value=False),
    *timeouts_of("DigitCanvas", "wait"),
    Case("prediction.answer", "value", lambda v: lab_of("prediction").answer(v), no_curves),
    Case("prediction", "name", hpt.prediction, no_name),
    Case("outcome", "name", hpt.outcome, no_name),
    Case("outcome", "result", lambda v: hpt.outcome("0-accuracy", v),
         misfits()),
    Case("outcome", "curve", lambda v: hpt.outcome("2-learning-rate", v),
         misfits(), words="result"),
]  # fmt: skip


def is_empty(value):
    return hasattr(value, "__len__") and len(value) == 0 and not isinstance(value, str | dict)


def network_of(weight):
    return hpt.BackpropNetwork().with_parameters({"w11": weight})


OWNERS = tuple(dict.fromkeys(case.owner for case in LAB_CASES))


# All cases of a method in one test: whether the lab still works behind them takes a training.
@pytest.mark.parametrize("owner", OWNERS)
def test_what_a_lab_does_not_take_is_refused_and_changes_nothing(owner):
    name = owner.split(".")[0]
    before = "" if owner == name else repr(state_of(name))

    def unchanged():
        assert owner == name or repr(state_of(name)) == before

    for case in LAB_CASES:
        if case.owner == owner:
            with noting(f"The case is {case}."):
                check_refusals(case, check=unchanged)
    if owner != name:
        assert_works(name)


# -- what a front end sends ------------------------------------------------------------------------

NO_VALUES = (
    "x", "nan", "inf", "-inf", "1e999", "½", "1/2", "<b>", "None", "１２x", "1" * 5_000, "[", "\0",
)  # fmt: skip
# How many series of messages each lab gets.
MESSAGES = 8
# What a widget itself lets through, or refuses before the lab hears of it.
NUMBERS = st.one_of(
    st.integers(-5, 400), st.sampled_from([10**9, -(10**9), 1.5, math.nan, None, "x"])
)
INDEXES = st.one_of(st.integers(-2, 9), st.sampled_from([None, 99, 1.5, "x"]))
TEXTS = st.one_of(
    st.sampled_from(NO_VALUES), st.text(max_size=6), st.floats(-1, 50).map(str),
    st.integers(-2, 60).map(str), st.sampled_from(["", "64, 0", "8-4", "0.1, 0.2"]),
)  # fmt: skip
PLACES = st.one_of(st.floats(), st.floats(-5, 300), st.none(), st.just("x"))
SENT = {
    **dict.fromkeys((widgets.Text, LateField), st.fixed_dictionaries({"value": TEXTS})),
    widgets.IntSlider: st.fixed_dictionaries({"value": NUMBERS}),
    widgets.Dropdown: st.fixed_dictionaries({"index": INDEXES}),
    widgets.Checkbox: st.fixed_dictionaries(
        {"value": st.sampled_from([True, False, None, "x", 3])}
    ),
    widgets.Tab: st.fixed_dictionaries({"selected_index": INDEXES}),
    Paper: st.fixed_dictionaries(
        {"strokes": st.lists(st.lists(st.lists(PLACES, max_size=3), max_size=3), max_size=3)},
        optional={"picture": st.text(max_size=9), "pen_is_down": st.booleans()},
    ),
}
CLICKS = {
    widgets.Button: st.just({"event": "click"}),
    bqplot.Image: st.fixed_dictionaries(
        {"event": st.just("element_click"),
         "data": st.fixed_dictionaries({"click_x": PLACES, "click_y": PLACES})}),
    bqplot.Scatter: st.fixed_dictionaries(
        {"event": st.just("element_click"),
         "data": st.dictionaries(st.just("index"), st.one_of(st.integers(-2, 50), st.none()))}),
}  # fmt: skip


@pytest.fixture(autouse=True)
def callbacks_raise(monkeypatch):
    """Let what a callback raises come out; ipywidgets only logs it, or prints a traceback."""

    def call(dispatcher, *arguments, **options):
        value = None
        for callback in dispatcher.callbacks:
            value = callback(*arguments, **options)
        return value

    monkeypatch.setattr(CallbackDispatcher, "__call__", call)


def send(widget, message):
    """Do what a message of the front end does."""
    if type(widget) in CLICKS:
        widget._handle_custom_msg(message, [])
        return
    with contextlib.suppress(TraitError):  # the widget refused it, and told nobody
        widget.set_state(message)


def controls_of(name, *kinds):
    """Return the widgets of some kinds on a lab's view, in an order that never changes."""
    found = [widget for widget in widgets_within(lab_of(name).view) if type(widget) in kinds]
    return sorted(found, key=lambda widget: widget.model_id)


def boxes_around(name, field):
    """Return the boxes whose first part holds a field: what is said of it is put below."""
    return [
        box
        for box in controls_of(name, widgets.VBox)
        if any(part is field for child in box.children[:1] for part in widgets_within(child))
    ]


def message_in(boxes):
    """Return what is said below the first part of one of the boxes."""
    for box in boxes:
        for said in box.children[1:]:
            if 'role="alert"' in str(getattr(said, "value", "")) and said.layout.display == "block":
                return said.value
    return ""


WITHOUT_FIELDS = ("GridLab", "DigitCanvas", "quiz", "outcome")


@pytest.mark.parametrize("name", [name for name in MAKE if name not in WITHOUT_FIELDS])
def test_a_bad_text_is_answered_beside_its_field(name):
    fields = controls_of(name, widgets.Text, LateField)
    assert fields, f"no text field: {name} belongs into WITHOUT_FIELDS"
    before = repr(state_of(name))
    for field in fields:
        shown = field.value
        if not shown:
            continue  # the values of a series, where there is none
        boxes = boxes_around(name, field)
        for text in NO_VALUES:
            send(field, {"value": text})
            assert message_in(boxes), (field.description, text)
            assert field.value == shown
            assert repr(state_of(name)) == before
    assert_works(name)


# These are only looked at.
WITHOUT_CONTROLS = ("outcome", "GridLab")


@pytest.mark.parametrize("name", [name for name in MAKE if name not in WITHOUT_CONTROLS])
def test_nothing_that_a_front_end_sends_breaks_a_lab(name):
    assert name in OWN_TASKS, f"no entry for {name} in OWN_TASKS (in this file)"
    kinds = tuple(SENT) + tuple(CLICKS)
    found = controls_of(name, *kinds)
    actions = [
        st.tuples(st.just(place), {**SENT, **CLICKS}[type(widget)])
        for place, widget in enumerate(found)
    ]

    # To shrink a failure would take minutes.
    @settings(
        max_examples=MESSAGES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.one_of(actions), min_size=8, max_size=25))
    def send_all(messages):
        for place, message in messages:
            send(found[place], message)
        assert_works(name)

    send_all()
    assert lab_of(name)._repr_mimebundle_()["text/plain"]
