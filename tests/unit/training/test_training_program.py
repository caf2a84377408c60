"""The traced loop, against Keras and against what can be counted."""

import ctypes
import dataclasses
import functools
import gc
import inspect
import os
import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest
from small_data import N_CLASSES, N_FEATURES, hyperparameters, tabular_data, untraced

from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.dropout import dropout_masks
from hpt_widgets.training.hyperparameters import ACTIVATIONS, OPTIMIZERS
from hpt_widgets.training.network import build_model, initial_weights
from hpt_widgets.training.program import (
    DIVERGENCE_BOUND,
    Architecture,
    StepSettings,
    TrainingProgram,
)
from hpt_widgets.training.program_pool import ProgramPool
from hpt_widgets.training.trainer import Trainer, train_to_end

SIZES = (N_FEATURES, 8, 6, N_CLASSES)
N_LAYERS = len(SIZES) - 1
ARCHITECTURE = Architecture(N_LAYERS, "tanh", "adam")


def tensors(x, y):
    tf = load_tensorflow()
    return tf.constant(np.asarray(x, np.float32)), tf.constant(np.asarray(y, np.int32))


@functools.cache
def program_of(optimizer="adam", place=0):
    """Return a program that several tests use: each starts it anew, and tracing takes its time."""
    return TrainingProgram(Architecture(N_LAYERS, "tanh", optimizer))


def settings(**changes):
    plain = {
        "batch_size": 32,
        "learning_rate": 0.01,
        "dropout_rate": 0.0,
        "weight_decay": 0.0,
        "seed": 0,
    }
    return StepSettings(**{**plain, **changes})


# -- the six optimisers, against Keras -----------------------------------------------------------


# Without weight decay the others are held against Keras below.
@pytest.mark.parametrize(
    ("optimizer", "weight_decay"),
    [*((name, 0.1) for name in OPTIMIZERS), ("sgd", 0.0), ("adam", 0.0)],
)
def test_weights_after_51_steps_are_those_of_keras(optimizer, weight_decay):
    """17 epochs of 32 + 32 + 14 samples in a fixed order; the fit is Keras's own."""
    data = tabular_data()
    hp = hyperparameters(
        optimizer=optimizer, weight_decay=weight_decay, dropout_rate=0.0, activation="tanh", seed=4
    )
    model = build_model(hp, N_FEATURES, N_CLASSES)
    program = program_of(optimizer)
    program.start_from(model.get_weights())
    fitted = model.fit(
        data.x_train, data.y_train, batch_size=32, epochs=17, shuffle=False, verbose=0
    )

    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    step_settings = settings(weight_decay=weight_decay)
    losses = []
    for epoch in range(17):
        result = program.train_chunk(samples, order, 0, 3, 3 * epoch, step_settings, 0.0)
        assert result.steps == 3
        losses.append(result.loss_sum / 78)

    # Measured on x86-64: at most 4e-6 apart (adam), while each array of weights moved by 0.02
    # (sgd) to 0.2 (adam).
    initial = initial_weights(SIZES, 4)
    for ours, theirs, start in zip(program.weights(), model.get_weights(), initial, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-5)
        assert np.abs(ours - start).max() > 1e-2
    np.testing.assert_allclose(losses, fitted.history["loss"], rtol=1e-4)


@pytest.mark.parametrize(
    ("optimizer", "momentum", "epsilon"),
    [
        ("momentum", 0.5, 1e-7),
        ("nesterov", 0.99, 1e-7),
        ("nesterov", 0.0, 1e-7),
        ("adagrad", 0.9, 0.3),
        ("rmsprop", 0.9, 0.3),
        ("adam", 0.6, 0.3),
    ],
)
def test_momentum_and_epsilon_are_those_of_keras(optimizer, momentum, epsilon):
    data = tabular_data()
    hp = hyperparameters(
        optimizer=optimizer, momentum=momentum, epsilon=epsilon, dropout_rate=0.0, batch_size=78,
        learning_rate=0.05, epochs=20,
    )  # fmt: skip
    model = untraced(build_model(hp, N_FEATURES, N_CLASSES))
    start = model.get_weights()
    for epoch in range(20):
        # The order of a sum is seen in its last digit.
        rows = np.random.default_rng((0, epoch)).permutation(78)
        model.train_on_batch(data.x_train[rows], data.y_train[rows])
    run = train_to_end(Trainer(data).session(hp))
    plain = train_to_end(Trainer(data).session(hp.replace(momentum=0.9, epsilon=1e-7)))
    for ours, theirs, other, before in zip(
        run.weights, model.get_weights(), plain.weights, start, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-5)
        assert np.abs(ours - other).max() > 1e-3
        assert np.abs(ours - before).max() > 1e-3


# -- forward pass --------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_evaluate_and_predict_agree_with_keras(activation):
    tf, data = load_tensorflow(), tabular_data()
    hp = hyperparameters(activation=activation, seed=2)
    model = build_model(hp, N_FEATURES, N_CLASSES)
    # Large weights, so that the activations leave their linear part.
    weights = [3 * weight + 0.1 for weight in model.get_weights()]
    model.set_weights(weights)
    program = TrainingProgram(Architecture(N_LAYERS, activation, "sgd"))
    program.start_from(weights)
    loss, accuracy = program.evaluate(tensors(data.x_train, data.y_train))
    # Its layers, its loss and its metric; `model.evaluate` would trace them, for a second.
    outputs = model(data.x_train)
    losses = tf.keras.losses.get(model.loss)(data.y_train, outputs)
    assert loss == pytest.approx(np.mean(losses), abs=1e-5)
    right = tf.keras.metrics.sparse_categorical_accuracy(data.y_train, outputs)
    assert accuracy == pytest.approx(np.mean(right), abs=1e-6)
    probabilities = program.predict_proba(data.x_train)
    np.testing.assert_allclose(probabilities, outputs, atol=1e-5)


# -- dropout -------------------------------------------------------------------------------------

UNITS = 2000
N_MASKED = 50


def masks(rate, step, seed=7):
    tf = load_tensorflow()
    drawn = dropout_masks(
        tf.constant(N_MASKED),
        tf.constant([1500, 500]),
        tf.constant(rate, tf.float32),
        (tf.constant(seed), tf.constant(step)),
    )
    return [mask.numpy() for mask in drawn]


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_the_right_share_and_keeps_the_mean(rate):
    first, second = masks(rate, step=3)
    assert first.shape == (N_MASKED, 1500)
    assert second.shape == (N_MASKED, 500)
    for mask in (first, second):
        dropped = mask == 0
        np.testing.assert_allclose(mask[~dropped], 1 / (1 - rate), rtol=1e-6)
        # Four standard deviations of a binomial share; the seed is fixed.
        deviation = np.sqrt(rate * (1 - rate) / mask.size)
        assert abs(dropped.mean() - rate) < 4 * deviation
        assert mask.mean() == pytest.approx(1, abs=4 * deviation / (1 - rate))
        # Every sample and every unit has draws of its own.
        assert len(np.unique(dropped, axis=0)) == N_MASKED
        assert dropped.mean(axis=0).std() == pytest.approx(
            np.sqrt(rate * (1 - rate) / N_MASKED), rel=0.15
        )


def test_dropout_differs_between_steps_and_seeds_and_is_drawn_again_alike():
    same, again = masks(0.5, step=3)[0], masks(0.5, step=3)[0]
    np.testing.assert_array_equal(same, again)
    for other in (masks(0.5, step=4)[0], masks(0.5, step=3, seed=8)[0]):
        # Independent halves agree in half of the places.
        assert (same == other).mean() == pytest.approx(0.5, abs=0.01)


def test_no_dropout_leaves_all_units():
    assert all((mask == 1).all() for mask in masks(0.0, step=0))


def test_dropout_acts_behind_each_hidden_layer():
    """A network that counts: its loss tells how much of the hidden layer arrived."""
    program = TrainingProgram(Architecture(2, "relu", "sgd"))
    counting = np.zeros((UNITS, 2), np.float32)
    counting[:, 0] = 1 / UNITS
    hidden = np.zeros((1, UNITS), np.float32)
    program.start_from([hidden, np.ones(UNITS, np.float32), counting, np.zeros(2, np.float32)])
    samples = tensors([[0.0]], [1])
    arrived = []
    for step in range(40):
        result = program.train_chunk(
            samples,
            np.zeros(1, np.int32),
            0,
            1,
            step,
            settings(batch_size=1, dropout_rate=0.6, learning_rate=1e-30),
            0.0,
        )
        # The loss of label 1 is log(1 + exp(share that arrived)).
        arrived.append(np.log(np.expm1(result.loss_sum)))
    deviation = np.sqrt(0.6 / 0.4 / UNITS)
    assert np.std(arrived) == pytest.approx(deviation, rel=0.4)
    assert np.mean(arrived) == pytest.approx(1, abs=4 * deviation / np.sqrt(40))
    loss, _ = program.evaluate(samples)
    assert loss == pytest.approx(np.log1p(np.exp(1)), abs=1e-4)  # none is dropped here


def test_dropout_just_below_one_drops_all_and_stays_a_number():
    program = program_of()
    program.start_from(initial_weights(SIZES, 0))
    data = tabular_data()
    samples = tensors(data.x_train, data.y_train)
    order = np.arange(78, dtype=np.int32)
    almost_one = settings(dropout_rate=1 - 1e-12)
    result = program.train_chunk(samples, order, 0, 3, 0, almost_one, 0.0)
    assert not result.diverged
    assert np.isfinite(result.loss_sum)


# -- chunks --------------------------------------------------------------------------------------


def test_steps_stop_at_a_loss_above_the_bound_and_at_one_that_is_no_number():
    program = program_of()
    samples, order = tensors(np.ones((4, N_FEATURES)), [0, 1, 2, 0]), np.arange(4, dtype=np.int32)
    for bias, finite in ((1e6, True), (np.nan, False)):
        weights = initial_weights(SIZES, 0)
        weights[-1][:] = [0, 0, bias]
        program.start_from(weights)
        # The first of four batches of one sample has the label 0, and a huge loss.
        result = program.train_chunk(samples, order, 0, 4, 0, settings(batch_size=1), 0.0)
        assert result.steps == 1
        assert result.diverged
        assert np.isfinite(result.loss_sum) == finite
        assert not result.loss_sum < DIVERGENCE_BOUND


def operations_of(program):
    """Return the operations of the traced loop, those of its body included."""
    traced = program._floats.train.__closure__
    (function,) = (
        cell.cell_contents
        for cell in traced
        if hasattr(cell.cell_contents, "get_concrete_function")
    )
    graph = function.get_concrete_function().graph.as_graph_def()
    return [node for body in graph.library.function for node in body.node_def] + list(graph.node)


def test_no_comparison_of_the_loop_is_negated():
    """TensorFlow's optimiser turns "not below" into "above or equal": false for no number."""
    operations = operations_of(program_of())
    comparisons = {node.name for node in operations if node.op in ("Less", "LessEqual")}
    negated = {
        name.partition(":")[0]
        for node in operations
        if node.op == "LogicalNot"
        for name in node.input
    }
    assert comparisons
    assert not comparisons & negated


def test_an_interrupted_chunk_ends_after_its_step_and_leaves_no_trace():
    data = tabular_data()
    samples = tensors(data.x_train, data.y_train)
    wanted = 50_000_000  # hours
    order = np.zeros(wanted, np.int32)
    whole, cut = program_of(), program_of(place=1)
    for program in (whole, cut):
        program.start_from(initial_weights(SIZES, seed=1))

    timer = threading.Timer(0.2, cut.interrupt)
    timer.start()
    short = cut.train_chunk(samples, order, 0, wanted, 0, settings(batch_size=1), 0.0)
    timer.join()
    assert 1 <= short.steps < wanted
    assert not short.diverged

    rest = cut.train_chunk(
        samples, order, short.steps, 7, short.steps, settings(batch_size=1), short.loss_sum
    )
    assert rest.steps == 7
    steps = short.steps + 7
    at_once = whole.train_chunk(samples, order, 0, steps, 0, settings(batch_size=1), 0.0)
    assert at_once.loss_sum == rest.loss_sum
    for one, other in zip(whole.weights(), cut.weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_even_an_interrupted_chunk_takes_a_step():
    data = tabular_data()
    samples = tensors(data.x_train, data.y_train)
    program = TrainingProgram(ARCHITECTURE)
    program.start_from(initial_weights(SIZES, seed=1))
    program._interrupted.assign(True)  # as it is when the interruption comes between two chunks
    order = np.arange(78, dtype=np.int32)
    assert program.train_chunk(samples, order, 0, 3, 0, settings(), 0.0).steps == 1


def test_a_validation_is_cut_short_where_it_was_given_up_since_the_last_chunk():
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    program = program_of()
    program.start_from(initial_weights(SIZES, seed=1))
    program.train_chunk(samples, order, 0, 3, 0, settings(), 0.0)
    whole = program.evaluate(samples)
    program.interrupt()
    assert program.evaluate_unless_given_up(samples) == whole
    program.interrupt(given_up=True)
    assert program.evaluate_unless_given_up(samples) is None
    assert program.evaluate(samples) == whole  # this one is made to the end
    # The next chunk forgets it, and is not cut short by it.
    assert program.train_chunk(samples, order, 9, 3, 3, settings(), 0.0).steps == 3
    assert program.evaluate_unless_given_up(samples) == program.evaluate(samples) != whole


def test_who_gives_up_in_the_midst_of_a_validation_cuts_it_short():
    n_rows = 1_000_000  # some tenths of a second
    samples = tensors(np.zeros((n_rows, N_FEATURES), np.float32), np.zeros(n_rows, np.int32))
    few = tuple(each[:78] for each in samples)
    program, order = program_of(), np.arange(78, dtype=np.int32)
    program.start_from(initial_weights(SIZES, seed=1))
    evaluate, n_measured = program._floats.evaluate, []

    def evaluate_and_note(*arguments):
        results = evaluate(*arguments)
        n_measured.append(int(results[2]))
        return results

    program._floats = dataclasses.replace(program._floats, evaluate=evaluate_and_note)
    assert program.evaluate_unless_given_up(few) is not None

    def is_cut_in_the_midst():
        program.train_chunk(few, order, 0, 1, 0, settings(), 0.0)  # forgets the last time
        timer = threading.Timer(0.03, program.interrupt, kwargs={"given_up": True})
        timer.start()
        measured = program.evaluate_unless_given_up(samples)
        timer.join()
        assert (measured is None) == (n_measured[-1] < n_rows)
        return 0 < n_measured[-1] < n_rows

    # On a busy machine the other thread may come too early or too late.
    assert any(is_cut_in_the_midst() for _ in range(50))


def test_an_interruption_beside_the_beginning_of_a_chunk_cuts_no_later_one():
    """Chunks begin just before and just after the loop is told of it, on another thread."""
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    program = TrainingProgram(ARCHITECTURE)
    program.start_from(initial_weights(SIZES, seed=1))

    def steps_of_a_chunk():
        return program.train_chunk(samples, order, 0, 3, 0, settings(), 0.0).steps

    assert steps_of_a_chunk() == 3  # traced now
    told, beside = program._interrupted, []

    class Told:
        def assign(self, value):
            if value:
                beside.append(steps_of_a_chunk())
            told.assign(value)
            if value:
                beside.append(steps_of_a_chunk())

    program._interrupted = Told()
    program.interrupt()
    assert beside[1] == 1
    assert [steps_of_a_chunk() for _ in range(3)] == [3, 3, 3]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_state_takes_a_training_up_where_it_was_left(optimizer):
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)

    def chunk(program, position, steps, first_step):
        arguments = settings(dropout_rate=0.3)
        return program.train_chunk(samples, order, position, steps, first_step, arguments, 0.0)

    halves, other = program_of(optimizer), program_of(optimizer, place=1)
    halves.start_from(initial_weights(SIZES, 0))
    chunk(halves, 0, 3, 0)
    whole = [weight.tobytes() for weight in halves.weights()]
    halves.start_from(initial_weights(SIZES, 0))
    chunk(halves, 0, 1, 0)
    state = halves.state()
    chunk(halves, 32, 2, 1)
    other.load(state)  # the state is a copy: going on has not changed it
    chunk(other, 32, 2, 1)
    for expected, one, two in zip(whole, halves.weights(), other.weights(), strict=True):
        assert expected == one.tobytes() == two.tobytes()


def test_start_forgets_the_optimisers_averages():
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    program = program_of()
    results = []
    for _ in range(2):
        program.start_from(initial_weights(SIZES, 0))
        program.train_chunk(samples, order, 0, 3, 0, settings(), 0.0)
        results.append(program.weights())
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def test_a_start_is_taken_up_once_until_a_step_leaves_it(monkeypatch):
    tf = load_tensorflow()
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    start = tuple(tf.constant(weight) for weight in initial_weights(SIZES, 0))
    program = program_of()

    def weights_after_a_step():
        program.train_chunk(samples, order, 0, 1, 0, settings(), 0.0)
        return program.weights()

    program.start_from(start)
    expected = weights_after_a_step()  # traced now

    n_assigned = 0
    assign = tf.raw_ops.AssignVariableOp

    def counted(**options):
        nonlocal n_assigned
        n_assigned += 1
        return assign(**options)

    monkeypatch.setattr(tf.raw_ops, "AssignVariableOp", counted)

    def assigned_by_start(*arguments):
        nonlocal n_assigned
        n_assigned = 0
        program.start_from(start, *arguments)
        return n_assigned

    for _ in range(2):
        assert assigned_by_start() == 3 * len(start)  # Adam keeps two averages for each weight
        assert assigned_by_start() == 0
        for one, other in zip(expected, weights_after_a_step(), strict=True):
            assert np.array_equal(one, other)
    assert assigned_by_start() > 0
    assert assigned_by_start(0.5) > 0
    program.load(program.state())
    assert assigned_by_start(0.5) > 0


def test_arrays_are_taken_up_each_time_since_they_may_have_changed():
    program = TrainingProgram(ARCHITECTURE)
    weights = tuple(initial_weights(SIZES, 0))
    program.start_from(weights)
    weights[0][:] = 7
    program.start_from(weights)
    assert (program.weights()[0] == 7).all()


def test_one_program_trains_networks_of_all_widths_as_one_of_their_own_does():
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)

    def trained(program, sizes):
        program.start_from(initial_weights(sizes, 5))
        chunk = settings(dropout_rate=0.3, weight_decay=0.1)
        results = [program.train_chunk(samples, order, 0, 3, 0, chunk, 0.0)]
        state = program.state()
        return results, program.evaluate(samples), [w.tobytes() for w in program.weights()], state

    shared = program_of()
    all_sizes = [SIZES, (N_FEATURES, 90, 1, N_CLASSES), (N_FEATURES, 1, 7, N_CLASSES), SIZES]
    states, alone = [], {}
    for sizes in all_sizes:
        if sizes not in alone:
            alone[sizes] = trained(TrainingProgram(ARCHITECTURE), sizes)
        *own, _ = alone[sizes]
        *with_shared, state = trained(shared, sizes)
        assert with_shared == own
        states.append(state)
    for sizes, state in zip(all_sizes, states, strict=True):
        shared.load(state)
        assert [len(bias) for bias in shared.weights()[1::2]] == [*sizes[1:]]
        assert shared.train_chunk(samples, order, 0, 3, 3, settings(), 0.0).steps == 3


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_program_that_was_cleared_trains_as_a_new_one(optimizer):
    tf = load_tensorflow()
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    start = tuple(tf.constant(weight) for weight in initial_weights(SIZES, 0))
    program = program_of(optimizer)
    results = []
    for _ in range(2):
        program.start_from(start)
        program.clear()
        assert {*(weight.size for weight in program.weights())} == {0}
        assert {*(int(tf.size(slot)) for slot in program.state().slots)} <= {0}
        program.start_from(start)
        assert program.n_bytes > 0
        program.train_chunk(samples, order, 0, 3, 0, settings(), 0.0)
        results.append([weight.tobytes() for weight in program.weights()])
        state = program.state()
        program.clear()
        program.load(state)
        assert [weight.tobytes() for weight in program.weights()] == results[-1]
    assert results[0] == results[1]


# -- the pool ------------------------------------------------------------------------------------


def test_pool_gives_a_returned_program_to_the_next_of_its_architecture():
    pool = ProgramPool()
    program = pool.lease(ARCHITECTURE)
    assert pool.lease(ARCHITECTURE) is not program  # it is in use
    pool.give_back(program)
    assert pool.lease(Architecture(N_LAYERS, "relu", "adam")) is not program
    assert pool.lease(ARCHITECTURE) is program


def test_pool_drops_the_program_that_waited_longest():
    pool = ProgramPool(kept=2)
    names = ("relu", "tanh", "elu")
    architectures = [Architecture(2, name, "sgd") for name in names]
    programs = [pool.lease(architecture) for architecture in architectures]
    for program in programs:
        pool.give_back(program)
    leased = [pool.lease(architecture) for architecture in architectures]
    assert [a is b for a, b in zip(leased, programs, strict=True)] == [False, True, True]


def test_pool_keeps_programs_but_not_their_large_networks():
    pool = ProgramPool(bytes_kept=9_000)
    activations = ("relu", "tanh", "elu", "gelu")
    architectures = [Architecture(2, activation, "adam") for activation in activations]
    programs = [pool.lease(architecture) for architecture in architectures]
    for program, units in zip(programs, (10, 20, 30, 70), strict=True):
        program.start_from(initial_weights((8, units, 10), 0))
    # (8 + 1) × 10 + (10 + 1) × 10 = 200 weights of 4 bytes, and Adam's two averages of each.
    assert [program.n_bytes for program in programs] == [2_400, 4_680, 6_960, 16_080]
    weights = [sum(w.size for w in program.weights()) for program in programs]
    assert [program.n_bytes for program in programs] == [12 * n for n in weights]

    for program in programs[:3]:
        pool.give_back(program)
    assert [program.n_bytes for program in programs] == [2_400, 4_680, 0, 16_080]
    pool.give_back(programs[3])  # too large by itself
    assert [program.n_bytes for program in programs] == [2_400, 4_680, 0, 0]
    assert [sum(w.size for w in program.weights()) for program in programs] == [200, 390, 0, 0]
    for architecture, program in zip(architectures, programs, strict=True):
        assert pool.lease_idle(architecture) is program  # what was traced is kept


def test_pool_does_not_take_back_a_program_that_failed():
    """An exception may leave a lock of TensorFlow's held: the next call would wait for ever."""
    pool = ProgramPool()
    program = pool.lease(ARCHITECTURE)
    program.start_from(initial_weights(SIZES, 0))
    with pytest.raises(load_tensorflow().errors.InvalidArgumentError, match="incompatible"):
        program.predict_proba(np.zeros((3, SIZES[0] + 1), np.float32))
    pool.give_back(program)
    assert pool.lease(ARCHITECTURE) is not program


def test_many_programs_in_a_row_are_nothing_to_warn_of(caplog, monkeypatch):
    tf = load_tensorflow()
    monkeypatch.setattr(tf.get_logger(), "handlers", [caplog.handler])
    order = tf.range(20)
    for units in range(2, 9):
        program = TrainingProgram(Architecture(2, "relu", "sgd"))
        program.start_from(initial_weights((SIZES[0], units, SIZES[-1]), 0))
        x, y = tf.zeros((20, SIZES[0])), tf.zeros(20, tf.int32)
        for _ in range(2):
            program.train_chunk((x, y), order, 0, 1, 0, settings(), 0.0)
    assert "retracing" not in caplog.text


def test_two_threads_never_share_a_program_and_the_pool_keeps_its_bound():
    pool = ProgramPool(kept=3)
    in_use, failures, guard = set(), [], threading.Lock()
    architectures = [Architecture(2, name, "sgd") for name in ("relu", "tanh")]

    def borrow(seed):
        random = np.random.default_rng(seed)
        for _ in range(25):
            program = pool.lease(architectures[random.integers(2)])
            with guard:
                if program in in_use:
                    failures.append("shared")
                in_use.add(program)
            program.weights()
            with guard:
                in_use.remove(program)
            pool.give_back(program)
            if len(pool._idle) > 3:
                failures.append("too many")

    threads = [threading.Thread(target=borrow, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert 1 <= len(pool._idle) <= 3


def test_a_program_that_is_given_up_leaves_no_graph_behind():
    """TensorFlow keeps what `tf.custom_gradient` registers, and its graph, for ever."""

    def graphs_left():
        for units in (3, 4):
            program = TrainingProgram(Architecture(2, "relu", "sgd"))
            program.start_from(initial_weights((N_FEATURES, units, N_CLASSES), 0))
            program.train_chunk(samples, order, 0, 3, 0, settings(dropout_rate=0.5), 0.0)
            program.evaluate(samples)
        gc.collect()
        return sum(type(each).__name__ == "FuncGraph" for each in gc.get_objects())

    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    first = graphs_left()
    assert graphs_left() <= first


def test_chunks_leave_nothing_behind():
    """TensorFlow keeps every number of Python's that it was ever given, 700 bytes each."""
    data = tabular_data()
    samples, order = tensors(data.x_train, data.y_train), np.arange(78, dtype=np.int32)
    program = TrainingProgram(ARCHITECTURE)
    program.start_from(initial_weights(SIZES, 0))

    def take_chunks():
        for step in range(n_chunks):
            program.train_chunk(samples, order, 0, 1, step, settings(), chance.random())
            program.evaluate(samples)
            program.predict_proba(samples[0])
        gc.collect()

    n_chunks, chance = 50, np.random.default_rng(0)
    take_chunks()  # what is made once
    tracemalloc.start()
    try:
        take_chunks()
        snapshot = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    ours = snapshot.filter_traces([tracemalloc.Filter(True, inspect.getfile(TrainingProgram))])
    assert sum(each.count for each in ours.statistics("lineno")) < n_chunks


HEAP_IN_USE = """
import ctypes, gc
from hpt_widgets.support.process_memory import release_free_memory
from hpt_widgets.training import session
from hpt_widgets.training.program_pool import ProgramPool
from hpt_widgets.training.samples import TrainingSamples
from hpt_widgets.training.trainer import train_to_end
from small_data import N_CLASSES, hyperparameters, tabular_data

class Allocated(ctypes.Structure):
    _fields_ = [(f"field_{number}", ctypes.c_size_t) for number in range(10)]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Allocated
samples = TrainingSamples.from_split(tabular_data().splits["train"], N_CLASSES)

def in_use_after(sizes):
    for units in sizes:
        session.PROGRAMS = ProgramPool()  # the last one's program is given up
        hp = hyperparameters(hidden_units=(units,))
        train_to_end(session.TrainingSession(samples, hp))
    gc.collect()
    release_free_memory()
    allocated = libc.mallinfo2()
    return allocated.field_4 + allocated.field_7  # hblkhd, uordblks

first = in_use_after(range(3, 9))
print(in_use_after(range(9, 15)) - first)
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None) if os.name == "posix" else None, "mallinfo2"),
    reason="not glibc's allocator, or one older than 2.33",
)
def test_a_program_that_is_given_up_leaves_no_kernels_behind():
    """TensorFlow keeps a kernel of 36 kB for each operation on a shape of variable, for ever."""
    done = subprocess.run(
        [sys.executable, "-c", HEAP_IN_USE],
        capture_output=True,
        text=True,
        check=True,
        # pymalloc's own arenas are not the allocator's.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONMALLOC": "default"},
    )
    n_programs = 6
    assert int(done.stdout) / n_programs < 100e3
