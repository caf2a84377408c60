"""Sessions, trainers and what they report."""

import math
import threading
import time
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import SECONDS
from small_data import (
    N_CLASSES,
    N_FEATURES,
    N_TRAIN,
    assert_same_run,
    hyperparameters,
    tabular_data,
    untraced,
)

import hpt_widgets as hpt
from hpt_widgets.support.stopwatch import PROCESSOR_TIME_IS_FINE
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training import randomness, samples
from hpt_widgets.training import session as training
from hpt_widgets.training.hyperparameters import OPTIMIZERS
from hpt_widgets.training.network import build_model, initial_weights
from hpt_widgets.training.program import TrainingProgram
from hpt_widgets.training.program_pool import PROGRAMS, ProgramPool
from hpt_widgets.training.record_plan import RecordPlan
from hpt_widgets.training.session import CHUNK_GROWTH, CHUNK_SECONDS
from hpt_widgets.training.trainer import Trainer

DATA = tabular_data()


def run_to_the_end(session, max_steps=None):
    reports = []
    while session.ended is None:
        reports.append(session.advance(max_steps))
    return reports


def leased_and_idle(monkeypatch):
    """Count the programs that sessions hold, and look into an empty pool of their own."""
    pool = ProgramPool()
    held = []
    lease, give_back = pool.lease, pool.give_back

    def counted_lease(architecture):
        program = lease(architecture)
        held.append(program)
        return program

    def counted_give_back(program):
        held.remove(program)
        give_back(program)

    monkeypatch.setattr(pool, "lease", counted_lease)
    monkeypatch.setattr(pool, "give_back", counted_give_back)
    monkeypatch.setattr(training, "PROGRAMS", pool)
    return held, pool


# -- against Keras -------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [32, N_TRAIN])
def test_a_run_is_the_training_that_keras_does_on_the_same_batches(batch_size):
    """Two epochs, each in an order of its own, the short last batches included."""
    hp = hyperparameters(dropout_rate=0.0, batch_size=batch_size, seed=6)
    session = Trainer(DATA).session(hp)
    model = untraced(build_model(hp, N_FEATURES, N_CLASSES))
    run_to_the_end(session)
    orders = [np.random.default_rng((6, epoch)).permutation(N_TRAIN) for epoch in range(2)]
    assert not np.array_equal(*orders)
    for order in orders:
        for begin in range(0, N_TRAIN, batch_size):
            rows = order[begin : begin + batch_size]
            model.train_on_batch(DATA.x_train[rows], DATA.y_train[rows])
    for ours, theirs in zip(session.weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_last_short_batch_is_trained_on(optimizer):
    """Only the last batch of 14 holds what can be learned: without it nothing would move."""
    order = np.random.default_rng((0, 0)).permutation(N_TRAIN)
    x = np.zeros((N_TRAIN, N_FEATURES), np.float32)
    x[order[64:]] = 1
    data = hpt.Dataset.from_arrays(x, DATA.y_train, n_classes=3)
    hp = hyperparameters(optimizer=optimizer, epochs=1, dropout_rate=0.0)
    kernel = hpt.train(hp, data).weights[0]
    assert np.abs(kernel - initial_weights((N_FEATURES, 8, 6, 3), 0)[0]).max() > 1e-6


# Keras 3.15 calls np.array() on TensorFlow's variables while it writes the file.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
def test_validation_is_what_keras_evaluates_and_the_model_survives_its_file(tmp_path):
    run = hpt.train(hyperparameters(dropout_rate=0.4, epochs=3), DATA)
    loss, accuracy = run.model.evaluate(DATA.x_validation, DATA.y_validation, verbose=0)
    assert run.validation_loss == pytest.approx(loss, abs=1e-5)
    assert run.validation_accuracy == pytest.approx(accuracy, abs=1e-6)
    run.model.save(tmp_path / "network.keras")
    tf = load_tensorflow()
    loaded = tf.keras.models.load_model(tmp_path / "network.keras")
    predicted = loaded.predict(DATA.x_validation, verbose=0)
    np.testing.assert_allclose(predicted, run.model.predict(DATA.x_validation, verbose=0))


def test_a_session_predicts_what_its_model_predicts():
    session = Trainer(DATA).session(hyperparameters())
    for _ in range(2):  # before it began, and on the way
        run = session.result()
        probabilities = session.predict_proba(DATA.x_validation)
        np.testing.assert_allclose(
            probabilities, run.model.predict(DATA.x_validation, verbose=0), atol=1e-5
        )
        session.advance()


def test_mnist_is_learned():
    """A guess is right in 10 %. Measured at the defaults, on seeds 0 to 4: 88.8 to 90.1 %."""
    run = hpt.train(hpt.Hyperparameters(), hpt.load_mnist().take(5_000))
    assert run.validation_accuracy > 0.85
    assert run.validation_loss < 0.6


# -- the same to the bit -------------------------------------------------------------------------

REPEATED = hyperparameters(dropout_rate=0.3, batch_size=7, seed=11, weight_decay=0.01)


@pytest.fixture(scope="module")
def unbroken_run():
    return hpt.train(REPEATED, DATA)


@settings(max_examples=12, deadline=None)
@given(
    chunks=st.lists(st.none() | st.integers(1, 9), min_size=1, max_size=8),
    breaks=st.lists(st.sampled_from(["none", "suspend", "other", "result", "predict"]), max_size=8),
)
def test_a_run_is_the_same_however_it_was_cut(unbroken_run, chunks, breaks):
    session = Trainer(DATA).session(REPEATED)
    index = 0
    while session.ended is None:
        session.advance(chunks[index % len(chunks)])
        interruption = breaks[index] if index < len(breaks) else "none"
        if interruption in ("suspend", "other"):
            session.suspend()
        if interruption == "other":  # another training leaves its weights in the pooled program
            hpt.train(REPEATED.replace(seed=3, epochs=1), DATA)
        if interruption == "result":
            session.result()
        if interruption == "predict":
            session.predict_proba(DATA.x_validation)
        index += 1
    assert_same_run(session.result(), unbroken_run)


@pytest.fixture
def interrupted_validations(monkeypatch):
    """Cut each validation short that can be."""
    evaluate = TrainingProgram.evaluate_unless_given_up

    def interrupt_and_evaluate(program, samples):
        program.interrupt(given_up=True)
        return evaluate(program, samples)

    monkeypatch.setattr(TrainingProgram, "evaluate_unless_given_up", interrupt_and_evaluate)


@pytest.mark.usefixtures("interrupted_validations")
@pytest.mark.parametrize("between", ["nothing", "suspend", "result", "single steps"])
def test_an_interrupted_validation_is_made_anew(between, unbroken_run):
    session = Trainer(DATA).session(REPEATED)
    rows = {row.samples: row for row in unbroken_run.points}
    owed = 0
    while session.ended is None:
        progress = session.advance(1 if between == "single steps" else None)
        n_rows = len(session.points)
        row = rows.get(progress.samples_seen)
        assert progress.recorded == (row is not None)
        is_owed = row is not None and session.points[-1].samples < row.samples
        if is_owed:
            owed += 1
            assert not math.isnan(row.validation_accuracy)
            assert progress.training_loss == row.training_loss
            assert progress.validation_accuracy is None
        if between == "suspend":
            session.suspend()
            hpt.train(REPEATED.replace(seed=3, epochs=1), DATA)
        if between == "result" and is_owed:
            last = session.result().points[-1]
            assert (last.samples, last.validation_loss) == (row.samples, row.validation_loss)
        assert len(session.points) == n_rows
    # The last one is never interrupted: the training is over with it.
    n_measured = np.isfinite(unbroken_run.history["validation_accuracy"]).sum()
    assert owed == n_measured - 1
    assert_same_run(session.result(), unbroken_run)


@pytest.mark.usefixtures("interrupted_validations")
def test_a_change_after_an_interrupted_validation_holds_from_the_next_step():
    def changed(session):
        while session.samples_seen < N_TRAIN:
            progress = session.advance()
        session.change(learning_rate=0.3, batch_size=5)
        run_to_the_end(session)
        return progress.validation_loss, session.result()

    measured, interrupted = changed(Trainer(DATA).session(REPEATED))
    assert measured is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TrainingProgram, "evaluate_unless_given_up", lambda self, each: self.evaluate(each)
        )
        measured, whole = changed(Trainer(DATA).session(REPEATED))
    assert measured is not None
    assert interrupted.changes == whole.changes
    assert_same_run(interrupted, whole)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_optimisers_memory_survives_a_suspension(optimizer):
    hp = REPEATED.replace(optimizer=optimizer)
    session = Trainer(DATA).session(hp)
    while session.ended is None:
        session.advance(5)
        session.suspend()
        hpt.train(hp.replace(seed=3, epochs=1), DATA)
    assert_same_run(session.result(), hpt.train(hp, DATA))


def test_runs_side_by_side_are_the_same_as_alone(unbroken_run):
    """More trainings than TensorFlow's pool lets in, and each traces a program of its own.

    On a pool that is too small they would wait for each other for ever.
    """
    runs = []
    threads = [
        threading.Thread(
            target=lambda: runs.extend(hpt.train(REPEATED, DATA) for _ in range(3)), daemon=True
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    assert len(runs) == 18
    for run in runs:
        assert_same_run(run, unbroken_run)


def test_the_seed_decides(unbroken_run):
    other = hpt.train(REPEATED.replace(seed=12), DATA)
    assert not np.array_equal(other.weights[0], unbroken_run.weights[0])


def test_dropout_is_drawn_anew_in_each_step():
    """With one batch an epoch, the same masks in each step would give the same training loss."""
    hp = hyperparameters(
        dropout_rate=0.5, batch_size=N_TRAIN, epochs=8, learning_rate=1e-12, hidden_units=(30,)
    )
    losses = hpt.train(hp, DATA).history["training_loss"]
    assert losses.nunique() == 8
    without = hpt.train(hp.replace(dropout_rate=0.0), DATA).history["training_loss"]
    assert np.ptp(without) < 1e-5 < np.ptp(losses)


# -- batches larger than the data ----------------------------------------------------------------


def test_a_batch_larger_than_the_data_is_clipped_and_the_run_says_so():
    clipped = hpt.train(hyperparameters(batch_size=4096), DATA)
    exact = hpt.train(hyperparameters(batch_size=N_TRAIN), DATA)
    assert_same_run(clipped, exact)
    assert exact.notes == ()
    assert len(clipped.notes) == 1
    assert "batch_size=4,096" in clipped.notes[0]
    assert f"{N_TRAIN} samples" in clipped.notes[0]
    hpt.use_language("zh")
    assert "实际使用 78" in hpt.train(hyperparameters(batch_size=4096), DATA).notes[0]


def test_one_sample_is_enough():
    data = hpt.Dataset.from_arrays(np.ones((1, 2)), [1], n_classes=2)
    run = hpt.train(hyperparameters(epochs=3), data)
    assert run.ended == "finished"
    assert run.samples_seen == 3
    assert run.history["samples"].tolist() == [1, 2, 3]


# -- divergence ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("interrupted_validations")
def test_a_run_that_diverges_is_measured_though_it_is_given_up():
    session = Trainer(DATA).session(hyperparameters(learning_rate=1e6, epochs=50))
    run_to_the_end(session)
    assert session.ended == "diverged"
    assert session.points[-1].samples == session.samples_seen < 50 * N_TRAIN
    assert 0 <= session.points[-1].validation_accuracy <= 1


@pytest.mark.parametrize(
    ("changes", "finite", "words", "chinese"),
    [
        ({"learning_rate": 1e4}, True, "the loss rose above 10,000", "损失超过 10,000"),
        # The decay makes each weight a billion times larger: seven layers overflow.
        (
            {
                "learning_rate": 1e6,
                "weight_decay": 1e3,
                "optimizer": "sgd",
                "hidden_units": (8,) * 6,
            },
            False,
            "the loss is no longer a number",
            "不是一个数",
        ),
    ],
)
def test_divergence_ends_a_run_in_words(changes, finite, words, chinese):
    hp = hyperparameters(batch_size=8, epochs=50, dropout_rate=0.0, **changes)
    session = Trainer(DATA).session(hp)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reports = run_to_the_end(session)
        run = session.result()
        assert run.ended == reports[-1].ended == "diverged"
        assert reports[-1].seconds_left == 0
        assert run.samples_seen < 50 * N_TRAIN
        assert run.history["samples"].iloc[-1] == run.samples_seen == reports[-1].samples_seen
        assert math.isfinite(run.training_loss) == finite
        # All is still of use.
        assert [w.shape for w in run.weights] == [w.shape for w in run.model.get_weights()]
        assert 0 <= run.validation_accuracy <= 1
        assert session.predict_proba(DATA.x_validation).shape == (40, 3)
        run.plot()
        assert "learning_rate" in run.as_code()
    assert words in run.reason
    assert "smaller learning rate" in run.reason
    with pytest.raises(RuntimeError, match=words):
        session.advance()
    hpt.use_language("zh")
    assert chinese in run.reason
    with pytest.raises(RuntimeError, match=chinese):
        session.advance()


# -- tracing -------------------------------------------------------------------------------------


def test_one_trace_serves_an_architecture_and_optimiser(monkeypatch):
    held, pool = leased_and_idle(monkeypatch)
    before = TrainingProgram.traces
    hp = hyperparameters(activation="elu")
    hpt.train(hp, DATA)
    assert TrainingProgram.traces == before + 1
    for name, value in {
        "learning_rate": 0.2,
        "batch_size": 5,
        "dropout_rate": 0.0,
        "weight_decay": 0.1,
        "seed": 8,
        "epochs": 3,
        "hidden_units": (9, 40),
    }.items():
        hpt.train(hp.replace(**{name: value}), DATA)
    hpt.train(hp.replace(batch_size=500), DATA)
    hpt.train(hp, DATA.take(40))
    hpt.train(hp, tabular_data(n_train=31, n_validation=0))
    assert TrainingProgram.traces == before + 1
    assert held == []
    assert len(pool._idle) == 1
    hpt.train(hp.replace(optimizer="sgd"), DATA)
    hpt.train(hp.replace(activation="relu"), DATA)
    hpt.train(hp.replace(hidden_units=(8,)), DATA)
    assert TrainingProgram.traces == before + 4


def test_the_shared_pool_keeps_its_bound(monkeypatch):
    monkeypatch.setattr(PROGRAMS, "kept", 2)  # what is traced takes the time
    for n_hidden in range(1, 5):
        hpt.train(hyperparameters(hidden_units=(2,) * n_hidden, epochs=1), DATA)
    assert len(PROGRAMS._idle) == 2


def test_a_subset_shares_the_validation_samples_on_the_device_and_other_data_do_not(monkeypatch):
    copied = []
    put = samples.split_on_device
    monkeypatch.setattr(
        samples, "split_on_device", lambda split: copied.append(split) or put(split)
    )
    data, other = tabular_data(), tabular_data()
    for each in (data, data.take(20), data.take(30, seed=1), other):
        hpt.train(hyperparameters(epochs=1), each)
    held_out = [split for split in copied if len(split.y) == len(data.y_validation)]
    assert [split.x is data.x_validation for split in held_out] == [True, False]


# -- stopping ------------------------------------------------------------------------------------


def test_a_stop_during_a_chunk_ends_the_training_with_that_chunk(monkeypatch):
    session = Trainer(DATA).session(hyperparameters(epochs=20))
    session.advance()
    train_chunk = TrainingProgram.train_chunk

    def stopped_meanwhile(*arguments):
        session.stop()
        return train_chunk(*arguments)

    monkeypatch.setattr(TrainingProgram, "train_chunk", stopped_meanwhile)
    report = session.advance(max_steps=2)
    assert report.ended == session.ended == "stopped"
    with pytest.raises(RuntimeError, match="stopped by hand"):
        session.advance()
    run = session.result()
    assert run.ended == "stopped"
    assert run.reason == "stopped by hand"
    assert run.samples_seen == report.samples_seen < 20 * N_TRAIN
    assert run.history["validation_accuracy"].iloc[-1] == run.validation_accuracy
    loss, accuracy = run.model.evaluate(DATA.x_validation, DATA.y_validation, verbose=0)
    assert run.validation_loss == pytest.approx(loss, abs=1e-5)
    assert run.validation_accuracy == pytest.approx(accuracy, abs=1e-6)


NO_WAITS = pytest.mark.skipif(not PROCESSOR_TIME_IS_FINE, reason="waits are not told apart here")


@pytest.mark.parametrize(
    ("seconds_of_a_step", "at_work"),
    [
        pytest.param(0.001, 0.001, id="alone"),
        pytest.param(0.001, 0.002, id="two threads at work"),
        pytest.param(0.05, 0.001, id="waiting for a processor", marks=NO_WAITS),
    ],
)
def test_chunks_take_as_many_steps_as_fit_into_their_time(monkeypatch, seconds_of_a_step, at_work):
    """On clocks where each step takes so long, and this process works so long at it."""
    count, steps_taken = [0], []
    train_chunk = TrainingProgram.train_chunk

    def counted_steps(program, samples, order, position, steps, *arguments):
        result = train_chunk(program, samples, order, position, steps, *arguments)
        count[0] += result.steps
        steps_taken.append(result.steps)
        return result

    monkeypatch.setattr(TrainingProgram, "train_chunk", counted_steps)
    monkeypatch.setattr(time, "perf_counter", lambda: count[0] * seconds_of_a_step)
    monkeypatch.setattr(time, "process_time", lambda: count[0] * at_work)
    data = tabular_data(n_train=4_000, n_validation=0)
    session = Trainer(data).session(hyperparameters(batch_size=1, epochs=1))
    reports = run_to_the_end(session)
    assert sum(steps_taken) == 4_000
    assert max(steps_taken) == round(CHUNK_SECONDS / 0.001)
    assert all(b <= CHUNK_GROWTH * a or b <= 40 for a, b in pairwise(steps_taken))
    assert reports[-1].seconds == pytest.approx(4_000 * seconds_of_a_step)
    assert reports[-1].samples_per_second == pytest.approx(1 / seconds_of_a_step)
    left = (4_000 - steps_taken[0]) * seconds_of_a_step
    assert reports[0].seconds_left == pytest.approx(left)


def test_a_single_step_is_a_single_update():
    session = Trainer(DATA).session(hyperparameters())
    assert session.advance(max_steps=1).samples_seen == 32
    assert session.advance(max_steps=1).samples_seen == 64
    assert session.advance(max_steps=1).samples_seen == 78
    assert session.advance(max_steps=1).samples_seen == 110


def test_leaving_the_loop_early_gives_the_program_back(monkeypatch):
    held, pool = leased_and_idle(monkeypatch)
    for _ in Trainer(DATA).steps(hyperparameters()):
        assert len(held) == 1
        break
    assert held == []

    def broken_loop():
        for _ in Trainer(DATA).steps(hyperparameters()):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_loop()
    assert held == []
    assert len(pool._idle) == 1


def test_asking_for_the_run_costs_a_training_no_time():
    # Enough samples for a first row without a validation.
    session = Trainer(tabular_data(n_train=3_000)).session(hyperparameters())
    session.advance(1)
    before = session.result(validate=False).seconds
    assert session.result().seconds > before
    assert session.result(validate=False).seconds == before


def test_a_session_holds_a_program_only_while_it_runs(monkeypatch):
    held, pool = leased_and_idle(monkeypatch)
    session = Trainer(DATA).session(hyperparameters())
    assert held == []
    session.predict_proba(DATA.x_validation)
    session.result()
    assert held == []
    session.advance()
    assert len(held) == 1
    session.result()
    session.predict_proba(DATA.x_validation)
    assert len(held) == 1
    session.suspend()
    session.suspend()
    assert held == []
    session.result()
    session.weights()
    assert held == []
    run_to_the_end(session)
    assert held == []
    session.result()
    session.predict_proba(DATA.x_validation)
    assert held == []
    assert len(pool._idle) == 1


def test_weights_are_copies():
    session = Trainer(DATA).session(hyperparameters(dropout_rate=0.0))
    expected = hpt.train(hyperparameters(dropout_rate=0.0), DATA)
    for break_off in (lambda: None, session.advance, session.suspend):
        break_off()
        for weight in session.weights():
            weight[:] = np.nan
    run_to_the_end(session)
    assert_same_run(session.result(), expected)


# -- changes in mid-run --------------------------------------------------------------------------


def test_a_change_takes_effect_from_there_on():
    hp = hyperparameters(dropout_rate=0.0, learning_rate=0.01, optimizer="sgd", epochs=1)
    session = Trainer(DATA).session(hp)
    session.advance(1)
    kept = session.weights()
    session.change(learning_rate=1e-12)
    session.advance(1)
    for before, after in zip(kept, session.weights(), strict=True):
        np.testing.assert_allclose(before, after, rtol=0, atol=1e-9)
    session.change(learning_rate=0.5, batch_size=3)
    assert session.advance(1).samples_seen == 67
    assert np.abs(session.weights()[0] - kept[0]).max() > 1e-3
    run_to_the_end(session)
    run = session.result()
    assert run.hyperparameters == hp
    assert session.batch_size == 3
    assert run.changes == (
        (32, {"learning_rate": 1e-12}),
        (64, {"learning_rate": 0.5, "batch_size": 3}),
    )
    assert run.samples_seen == N_TRAIN


def test_dropout_and_weight_decay_change_too():
    """A dropout of nearly all and a decay that leaves nothing show at once."""
    session = Trainer(DATA).session(hyperparameters(dropout_rate=0.0, optimizer="sgd"))
    session.advance(1)
    session.change(weight_decay=100.0)  # 0.01 * 100: all of each weight is taken away
    session.change(dropout_rate=0.999999)
    session.advance(1)
    assert max(np.abs(weight).max() for weight in session.weights()) < 0.1
    assert not session.weights()[0].any()  # nothing came through: only the decay moved it


def test_a_change_to_the_same_value_is_none():
    session = Trainer(DATA).session(hyperparameters())
    session.change(learning_rate=0.01, batch_size=np.int64(32))
    run_to_the_end(session)
    assert session.result().changes == ()
    assert_same_run(session.result(), hpt.train(hyperparameters(), DATA))


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"hidden_units": (3,)}, ValueError, "hidden_units"),
        ({"optimizer": "sgd"}, ValueError, "optimizer"),
        ({"activation": "tanh"}, ValueError, "activation"),
        ({"epochs": 5}, ValueError, "epochs"),
        ({"seed": 5}, ValueError, "seed"),
        ({"colour": "red"}, ValueError, "colour"),
        ({"learning_rate": -1}, ValueError, "learning_rate"),
        ({"learning_rate": 0.5, "batch_size": "8"}, TypeError, "batch_size"),
    ],
)
def test_a_forbidden_change_is_named_and_changes_nothing(changes, error, words):
    session = Trainer(DATA).session(hyperparameters())
    session.advance(1)
    with pytest.raises(error, match=words):
        session.change(**changes)
    hpt.use_language("zh")
    with pytest.raises(error, match=words):
        session.change(**changes)
    run_to_the_end(session)
    assert session.result().changes == ()
    assert_same_run(session.result(), hpt.train(hyperparameters(), DATA))


# -- wrong arguments -----------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, (DATA.x_train, DATA.y_train), "mnist"])
def test_data_of_a_wrong_type_is_named(value):
    with pytest.raises(TypeError, match="data="):
        Trainer(value)
    with pytest.raises(TypeError, match="data="):
        hpt.train(hyperparameters(), value)


@pytest.mark.parametrize("value", [None, {"learning_rate": 0.1}, DATA])
def test_hyperparameters_of_a_wrong_type_are_named(value):
    trainer = Trainer(DATA)
    for call in (trainer.session, trainer.train, lambda hp: next(trainer.steps(hp))):
        with pytest.raises(TypeError, match="hp="):
            call(value)


def test_a_training_that_has_ended_does_not_advance():
    session = Trainer(DATA).session(hyperparameters())
    run_to_the_end(session)
    session.stop()
    assert session.ended == "finished"
    with pytest.raises(RuntimeError, match=r"has ended \(finished\)"):
        session.advance()
    hpt.use_language("zh")
    with pytest.raises(RuntimeError, match="已完成"):
        session.advance()


# -- what is recorded ----------------------------------------------------------------------------


@settings(deadline=None)
@given(n_samples=st.integers(1, 100_000), epochs=st.integers(1, 10_000), first=st.booleans())
def test_each_plan_ends_with_a_validation(n_samples, epochs, first):
    plan = RecordPlan.for_epoch(n_samples, epochs, first)
    assert plan.points[-1] == n_samples
    assert n_samples in plan.validated
    assert plan.validated <= set(plan.points)
    assert list(plan.points) == sorted(set(plan.points))
    assert plan.points[0] >= 1
    assert len(plan.points) <= (23 if first else 20)
    assert len(plan.validated) <= 5


def test_plans_of_one_sample_and_of_very_many_epochs():
    assert RecordPlan.for_epoch(1, 1, first=True) == RecordPlan((1,), frozenset({1}))
    assert RecordPlan.for_epoch(500, 10_000, first=False) == RecordPlan((500,), frozenset({500}))
    plan = RecordPlan.for_epoch(50_000, 1, first=True)
    assert len(plan.points) == 23
    assert plan.points[:4] == (312, 625, 1250, 2500)
    assert sorted(plan.validated) == [10_000, 20_000, 30_000, 40_000, 50_000]


def test_three_epochs_are_recorded_as_planned():
    data = tabular_data(n_train=400)
    run = hpt.train(hyperparameters(batch_size=1, epochs=3), data)
    planned = [
        400 * epoch + point
        for epoch in range(3)
        for point in RecordPlan.for_epoch(400, 3, first=epoch == 0).points
    ]
    history = run.history
    assert history["samples"].tolist() == planned
    assert len(planned) == 23 + 20 + 20
    np.testing.assert_allclose(history["epoch"], history["samples"] / 400)
    validated = history.dropna(subset=["validation_accuracy"])
    assert validated["samples"].tolist() == list(range(80, 1201, 80))
    assert validated["validation_loss"].notna().all()
    assert history["seconds"].is_monotonic_increasing
    assert run.validation_accuracy == history["validation_accuracy"].iloc[-1]
    assert run.best_validation_accuracy == history["validation_accuracy"].max()


def test_large_batches_record_each_epochs_end():
    """A batch passes several points of the plan at once: one row, and validated."""
    run = hpt.train(hyperparameters(batch_size=60, epochs=3), DATA)
    assert run.history["samples"].tolist() == [60, 78, 138, 156, 216, 234]
    assert run.history["validation_accuracy"].notna().all()


def test_training_loss_is_the_mean_since_the_row_before():
    """With a learning rate of nearly 0 each row is the mean loss of its own samples."""
    hp = hyperparameters(dropout_rate=0.0, learning_rate=1e-12, batch_size=13, epochs=1, seed=2)
    run = hpt.train(hp, DATA)
    model = build_model(hp, N_FEATURES, N_CLASSES)
    order = np.random.default_rng((2, 0)).permutation(N_TRAIN)
    begin = 0
    for row in run.history.itertuples():
        rows = order[begin : row.samples]
        expected = model.evaluate(DATA.x_train[rows], DATA.y_train[rows], verbose=0)[0]
        assert row.training_loss == pytest.approx(expected, abs=1e-5)
        begin = row.samples
    assert begin == N_TRAIN


def test_without_validation_data_its_columns_are_nan():
    data = tabular_data(n_validation=0)
    reports = list(Trainer(data).steps(hyperparameters()))
    assert all(report.validation_loss is None for report in reports)
    assert all(report.validation_accuracy is None for report in reports)
    run = hpt.train(hyperparameters(), data)
    assert run.ended == "finished"
    assert run.history[["validation_loss", "validation_accuracy"]].isna().all(axis=None)
    assert math.isnan(run.validation_loss)
    assert math.isnan(run.validation_accuracy)
    assert math.isnan(run.best_validation_accuracy)
    assert math.isfinite(run.training_loss)
    with_validation = hpt.train(hyperparameters(), DATA)
    for one, two in zip(run.weights, hpt.train(hyperparameters(), data).weights, strict=True):
        assert one.tobytes() == two.tobytes()
    assert len(run.history) == len(with_validation.history)


def test_result_of_a_training_under_way_leaves_no_mark():
    session = Trainer(DATA).session(hyperparameters(batch_size=5))
    assert session.result().samples_seen == 0
    session.advance(1)
    snapshot = session.result()
    assert snapshot.ended == "stopped"
    assert snapshot.samples_seen == 5
    unvalidated = session.result(validate=False)
    assert unvalidated.samples_seen == 5
    assert session.ended is None
    run_to_the_end(session)
    assert_same_run(session.result(), hpt.train(hyperparameters(batch_size=5), DATA))
    assert snapshot.samples_seen == 5


# -- progress ------------------------------------------------------------------------------------


@pytest.mark.parametrize("max_steps", [1, 3, None])
def test_progress_tells_the_same_as_the_history(max_steps):
    session = Trainer(DATA).session(hyperparameters(batch_size=5, epochs=3))
    reports = run_to_the_end(session, max_steps)
    run = session.result()
    seen = [report.samples_seen for report in reports]
    assert all(before < after for before, after in pairwise(seen))
    assert seen[-1] == 3 * N_TRAIN
    for report in reports:
        assert report.total_samples == 3 * N_TRAIN
        assert report.epoch == pytest.approx(report.samples_seen / N_TRAIN)
        assert math.isfinite(report.training_loss)
        assert report.samples_per_second == pytest.approx(report.samples_seen / report.seconds)
        left = (report.total_samples - report.samples_seen) / report.samples_per_second
        assert report.seconds_left == pytest.approx(left)
        assert (report.validation_loss is None) == (report.validation_accuracy is None)
        assert (report.ended is None) == (report is not reports[-1])
    assert reports[-1].ended == "finished"
    assert reports[-1].seconds_left == 0
    rows = [
        (r.samples_seen, r.epoch, r.training_loss, r.validation_loss, r.validation_accuracy)
        for r in reports
        if r.recorded
    ]
    columns = ["samples", "epoch", "training_loss", "validation_loss", "validation_accuracy"]
    history = run.history[columns]
    np.testing.assert_array_equal(np.array(rows, float), history.to_numpy())
    assert run.points == session.points


def test_steps_train_and_train_are_the_same():
    reports = list(Trainer(DATA).steps(hyperparameters()))
    run = Trainer(DATA).train(hyperparameters())
    assert reports[-1].validation_accuracy == run.validation_accuracy
    assert reports[-1].training_loss == run.training_loss
    assert_same_run(run, hpt.train(hyperparameters(), DATA))


def test_images_are_flattened():
    flat = tabular_data()
    shaped = hpt.Dataset.from_arrays(
        flat.x_train.reshape(-1, 3, 4),
        flat.y_train,
        validation=(flat.x_validation.reshape(-1, 3, 4), flat.y_validation),
    )
    assert_same_run(hpt.train(hyperparameters(), shaped), hpt.train(hyperparameters(), flat))


def test_a_prepared_beginning_changes_no_run_and_traces_nothing():
    trainer, hp = Trainer(tabular_data()), hyperparameters(optimizer="adagrad")
    expected = trainer.train(hp)
    traces = TrainingProgram.traces
    trainer.session(hp.replace(hidden_units=(9, 4, 5, 6))).prepare()  # no program waits for it
    for prepared in (
        hp,
        hp.replace(hidden_units=(9, 4)),
        hp.replace(learning_rate=0.5),
        hp.replace(seed=9),
        hp.replace(epsilon=0.1),
    ):
        trainer.session(prepared).prepare()
        run = trainer.train(hp)
        assert_same_run(run, expected)
    assert TrainingProgram.traces == traces


def test_a_network_whose_start_is_drawn_anew_is_not_prepared(monkeypatch):
    trainer, hp = Trainer(tabular_data()), hyperparameters()
    trainer.train(hp)
    taken_up = []
    monkeypatch.setattr(TrainingProgram, "start_from", lambda *given: taken_up.append(given))
    trainer.session(hp).prepare()
    assert len(taken_up) == 1
    monkeypatch.setattr(randomness, "MOST_KEPT", 10)
    trainer.session(hp).prepare()
    assert len(taken_up) == 1


def test_a_training_under_way_is_not_prepared_anew():
    trainer, hp = Trainer(tabular_data()), hyperparameters()
    expected = trainer.train(hp)
    session = trainer.session(hp)
    for break_off in (lambda: None, session.suspend):
        session.advance()
        break_off()
        session.prepare()
    run_to_the_end(session)
    assert_same_run(session.result(), expected)
