"""Schedules against Keras's own, Smith's formula, and Keras's training by them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_data import (
    N_CLASSES,
    N_FEATURES,
    assert_same_run,
    hyperparameters,
    tabular_data,
    untraced,
)

import hpt_widgets as hpt
from hpt_widgets.descent.walk import schedule_factors
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.hyperparameters import SCHEDULES, Hyperparameters
from hpt_widgets.training.network import build_model
from hpt_widgets.training.program import TrainingProgram
from hpt_widgets.training.schedule import is_constant, rate_factors
from hpt_widgets.training.trainer import Trainer, train_to_end

TOTAL = 97
DATA = tabular_data()


def factors(total=TOTAL, **settings):
    return rate_factors(Hyperparameters(**settings), 0, total, total)


def by_keras(schedule, total=TOTAL):
    return np.array([float(schedule(step)) for step in range(total)])


def smiths_cycle(step, half, low, high):
    """Return the rate of a triangular cycle, by the formula of Smith (2017), section 3.2."""
    cycle = np.floor(1 + step / (2 * half))
    x = np.abs(step / half - 2 * cycle + 1)
    return low + (high - low) * np.maximum(0, 1 - x)


@pytest.mark.parametrize("warm_up", [0.0, 0.1, 0.37])
def test_cosine_is_that_of_keras(warm_up):
    schedules = load_tensorflow().keras.optimizers.schedules
    first = round(warm_up * TOTAL)
    theirs = (
        schedules.CosineDecay(0.0, TOTAL - first, warmup_target=1.0, warmup_steps=first)
        if first
        else schedules.CosineDecay(1.0, TOTAL)
    )
    ours = factors(schedule="cosine", warm_up=warm_up)
    np.testing.assert_allclose(ours, by_keras(theirs), rtol=0, atol=1e-6)


def test_steps_and_warm_up_are_those_of_keras():
    schedules = load_tensorflow().keras.optimizers.schedules
    theirs = schedules.PiecewiseConstantDecay([48, 72], [1.0, 0.1, 0.01])
    np.testing.assert_allclose(factors(schedule="step"), by_keras(theirs), rtol=1e-6)
    rise = schedules.PolynomialDecay(0.0, 19, 1.0)
    np.testing.assert_allclose(factors(warm_up=0.2), by_keras(rise), rtol=0, atol=1e-6)


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine"])
def test_the_descent_lab_has_the_same_schedules(schedule):
    np.testing.assert_allclose(factors(schedule=schedule), schedule_factors(schedule, TOTAL))


def test_1cycle_is_one_cycle_of_smiths_formula_and_a_fall():
    total = 1000
    ours = factors(total, schedule="1cycle")
    cycle = smiths_cycle(np.arange(900), half=450, low=0.1, high=1.0)
    np.testing.assert_allclose(ours[:900], cycle, atol=1e-12)
    assert ours.argmax() == 450
    assert ours.max() == 1
    assert np.allclose(np.diff(ours[900:]), -0.099 / 100)
    assert 0.001 < ours[-1] < 0.003


@given(
    st.sampled_from(SCHEDULES),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 500),
    st.integers(0, 500),
)
def test_a_part_of_a_schedule_is_cut_from_the_whole(schedule, warm_up, total, first):
    hp = Hyperparameters(schedule=schedule, warm_up=warm_up)
    first = min(first, total - 1)
    whole = rate_factors(hp, 0, total, total)
    part = rate_factors(hp, first, total - first, total)
    assert whole.shape == (total,)
    assert part.tobytes() == whole[first:].tobytes()
    assert np.all((whole >= 0) & (whole <= 1))
    n_rising = round(warm_up * total)
    assert np.all(np.diff(whole[: n_rising + 1]) > -1e-12)
    assert not n_rising or whole[0] == 0


def test_only_a_constant_rate_without_warm_up_is_constant():
    assert is_constant(Hyperparameters())
    assert not is_constant(Hyperparameters(warm_up=0.1))
    assert not any(is_constant(Hyperparameters(schedule=name)) for name in SCHEDULES[1:])


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", ["adam", "nesterov"])
def test_a_run_by_a_schedule_is_the_training_that_keras_does(schedule, optimizer):
    """Three epochs of 32 + 32 + 14 samples; weight decay follows the schedule too."""
    hp = hyperparameters(
        schedule=schedule, warm_up=0.3, optimizer=optimizer, epochs=3, dropout_rate=0.0,
        weight_decay=0.1, learning_rate=0.05, seed=6,
    )  # fmt: skip
    model = untraced(build_model(hp, N_FEATURES, N_CLASSES))
    step = 0
    for epoch in range(3):
        order = np.random.default_rng((6, epoch)).permutation(78)
        for begin in range(0, 78, 32):
            # Of the 9 steps the first 3 are warm-up.
            shape = {
                "constant": 1,
                "step": 1 if step < 6 else 0.1 if step < 7.5 else 0.01,
                "cosine": (1 + np.cos(np.pi * max(step - 3, 0) / 6)) / 2,
                "1cycle": np.interp(max(step - 3, 0), [0, 2.7, 5.4, 6], [0.1, 1, 0.1, 0.001]),
            }[schedule]
            model.optimizer.learning_rate = 0.05 * shape * min(step / 3, 1)
            rows = order[begin : begin + 32]
            model.train_on_batch(DATA.x_train[rows], DATA.y_train[rows])
            step += 1
    for ours, theirs in zip(hpt.train(hp, DATA).weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_scheduled_run_is_the_same_however_it_is_cut(schedule):
    hp = hyperparameters(schedule=schedule, warm_up=0.2, batch_size=7, weight_decay=0.1)
    session = Trainer(DATA).session(hp)
    while session.ended is None:
        session.advance(max_steps=1)
        session.suspend()
    assert_same_run(hpt.train(hp, DATA), session.result())


def test_a_change_of_the_batch_size_leaves_the_schedule_where_it_is():
    """At half of the training a tenth of the rate is left, with whatever batches it got there."""
    hp = hyperparameters(schedule="step", batch_size=39, epochs=4, dropout_rate=0.0)
    session = Trainer(DATA).session(hp)
    taken = []
    real = session._step_settings
    session._step_settings = lambda steps: taken.append(real(steps)) or taken[-1]
    while session.ended is None:
        session.advance(max_steps=1)
        if session.samples_seen == 78:
            session.change(batch_size=13)
    rates = [(step.batch_size, float(step.rate_factors[0])) for step in taken]
    assert (
        rates == [(39, 1)] * 2 + [(13, 1)] * 6 + [(13, 0.1)] * 6 + [(13, pytest.approx(0.01))] * 6
    )


def test_no_slider_traces_the_loop_anew():
    trainer = Trainer(DATA)
    hp = hyperparameters(optimizer="nesterov", hidden_units=(11, 5))
    train_to_end(trainer.session(hp))
    before = TrainingProgram.traces
    changes = [
        *({"schedule": name} for name in SCHEDULES),
        {"warm_up": 0.3},
        {"momentum": 0.5},
        {"epsilon": 1e-3},
        {"initial_scale": 3.0},
        {"parametrization": "mup"},
        {"parametrization": "mup", "base_width": 3},
        {"learning_rate": 0.1, "schedule": "1cycle", "warm_up": 0.1},
    ]
    runs = [train_to_end(trainer.session(hp.replace(**change))) for change in changes]
    assert TrainingProgram.traces == before
    distinct = {run.weights[0].tobytes() for run in runs}
    assert len(distinct) == len(changes) - 1  # Nesterov's has no epsilon
