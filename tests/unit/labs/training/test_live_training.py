"""Training that follows the newest wish."""

import threading

import numpy as np
import pytest
from lab_tools import SECONDS, digits, held_training, small

import hpt_widgets as hpt
from hpt_widgets.labs.training import live as live_training
from hpt_widgets.labs.training.live import LiveTraining, TrainingWish
from hpt_widgets.training.session import Trainer

DATA = digits()


class Listener:
    """Writes down what it is told."""

    def __init__(self):
        self.states, self.begun, self.ended, self.errors = [], [], [], []
        self.samples = []
        self.on_each_progress = None

    def on_state(self, state):
        self.states.append(state)

    def on_begin(self, wish):
        self.begun.append(wish)

    def on_progress(self, _points, progress):
        self.samples.append(progress.samples_seen)
        if self.on_each_progress is not None:
            self.on_each_progress()

    def on_end(self, run, wish, superseded):
        self.ended.append((run, wish, superseded))

    def on_error(self, error):
        self.errors.append(error)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def live(listener):
    made = LiveTraining(DATA, listener)
    yield made
    made.close()


def wish(n_train=1300, **changes):
    return TrainingWish(small(**changes), n_train)


def same_weights(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def done(live):
    assert live.wait(SECONDS)


def test_a_training_is_the_one_that_train_does(live, listener):
    live.train(wish(seed=3))
    done(live)
    (run, _, superseded), = listener.ended  # fmt: skip
    assert not superseded
    assert run.ended == "finished"
    assert same_weights(run, hpt.train(small(seed=3), DATA))
    assert listener.states[-2:] == ["training", "ended"]
    assert listener.samples[-1] == 2600


def test_the_newest_wish_wins_and_none_is_queued(live, listener, monkeypatch):
    with held_training(monkeypatch) as gate:
        live.train(wish(learning_rate=1e-5))
        gate.wait_until_reached()
        for rate in np.geomspace(1e-4, 1e-2, 30):
            live.train(wish(learning_rate=float(rate)))
    done(live)
    assert [begun.hyperparameters.learning_rate for begun in listener.begun] == [1e-5, 1e-2]
    assert len(listener.ended) == 1
    assert listener.ended[0][0].hyperparameters.learning_rate == 1e-2


def test_a_measured_training_that_is_superseded_is_handed_over(live, listener):
    first, second = wish(epochs=50), wish(seed=1)

    def wish_once():
        if listener.samples[-1] >= 1300 and len(listener.begun) == 1:
            live.train(second)

    listener.on_each_progress = wish_once
    live.train(first)
    done(live)
    assert {(w, superseded) for _, w, superseded in listener.ended} == {
        (first, True),
        (second, False),
    }
    run = next(run for run, w, _ in listener.ended if w is first)
    assert run.ended == "stopped"
    assert run.validation_accuracy > 0


def test_pausing_and_stepping_leave_the_run_the_same_to_the_bit(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=2) as gate:
        live.train(wish(dropout_rate=0.3))
        gate.wait_until_reached()
        live.pause()
    done(live)
    assert live.state == "paused"
    assert listener.ended == []
    seen = listener.samples[-1]
    for count in (1, 2, 3):
        live.step(wish())
        done(live)
        assert listener.samples[-1] == seen + 32 * count
    assert len(listener.begun) == 1
    live.resume()
    done(live)
    uninterrupted = hpt.train(small(dropout_rate=0.3), DATA)
    assert same_weights(listener.ended[0][0], uninterrupted)


def test_a_step_where_nothing_is_under_way_begins_a_training(live, listener):
    live.step(wish(batch_size=50))
    done(live)
    assert live.state == "paused"
    assert listener.samples == [50]
    live.step(wish(seed=9))
    done(live)
    assert listener.samples == [50, 100]
    assert len(listener.begun) == 1


def test_steps_left_over_from_an_ended_training_are_not_taken_by_the_next(live, listener):
    # Two updates an epoch: the third of five steps has nothing to do any more.
    live.step(wish(batch_size=650, epochs=1))
    for _ in range(4):
        live.step(wish(batch_size=650, epochs=1))
    done(live)
    n_begun = len(listener.begun)
    live.stop()
    done(live)
    listener.samples.clear()
    live.step(wish(batch_size=10))
    done(live)
    assert listener.samples == [10]
    assert len(listener.begun) == n_begun + 1


def test_stop_keeps_the_run(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=2) as gate:
        live.train(wish(epochs=100))
        gate.wait_until_reached()
        live.stop()
    done(live)
    ((run, _, superseded),) = listener.ended
    assert run.ended == "stopped"
    assert not superseded
    assert 0 < run.samples_seen < 130_000
    assert live.state == "ended"


def test_stop_also_drops_a_training_that_has_not_begun(live, listener, monkeypatch):
    with held_training(monkeypatch) as gate:
        live.train(wish(seed=1))
        gate.wait_until_reached()
        live.train(wish(seed=2))
        live.stop()
    done(live)
    assert [begun.hyperparameters.seed for begun in listener.begun] == [1]
    assert [run.ended for run, *_ in listener.ended] == ["stopped"]


def test_a_start_after_a_stop_is_done(live, listener, monkeypatch):
    with held_training(monkeypatch) as gate:
        live.train(wish(seed=1))
        gate.wait_until_reached()
        live.stop()
        live.train(wish(seed=2))
    done(live)
    assert listener.ended[-1][0].hyperparameters.seed == 2
    assert listener.ended[-1][0].ended == "finished"


def test_a_paused_training_can_be_stopped(live, listener):
    live.step(wish())
    done(live)
    live.stop()
    done(live)
    assert [run.samples_seen for run, *_ in listener.ended] == [32]
    live.train(wish())
    done(live)
    assert listener.ended[-1][0].ended == "finished"


def test_a_change_goes_into_the_training_under_way_and_is_noted(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=1) as gate:
        live.train(wish())
        gate.wait_until_reached()
        live.change(wish(learning_rate=0.5), {"learning_rate": 0.5})
    done(live)
    ((run, asked, _),) = listener.ended
    assert run.hyperparameters.learning_rate == asked.hyperparameters.learning_rate == 0.01
    ((samples, changed),) = run.changes
    assert changed == {"learning_rate": 0.5}
    assert 0 < samples < 2600
    session = Trainer(DATA).session(small())
    while session.samples_seen < samples:
        session.advance(1)
    session.change(learning_rate=0.5)
    while session.ended is None:
        session.advance()
    assert same_weights(run, session.result())


def test_a_change_that_comes_too_late_is_trained(live, listener):
    live.train(wish())
    done(live)
    live.pause()
    done(live)
    live.change(wish(learning_rate=0.5), {"learning_rate": 0.5})
    done(live)
    run = listener.ended[-1][0]
    assert len(listener.ended) == 2
    assert run.hyperparameters.learning_rate == 0.5
    assert (run.ended, run.changes) == ("finished", ())


def test_reset_stops_then_calls_and_is_ready_and_a_start_after_it_is_served(
    live, listener, monkeypatch
):
    order = []
    with held_training(monkeypatch) as gate:
        live.train(wish(seed=1))
        gate.wait_until_reached()
        live.train(wish(seed=2))
        live.reset(lambda: order.append(len(listener.begun)))
        live.train(wish(seed=3))
    done(live)
    assert order == [1]
    assert [begun.hyperparameters.seed for begun in listener.begun] == [1, 3]
    live.reset(lambda: order.append(None))
    done(live)
    assert live.state == "ready"


def test_a_subset_is_stratified_and_the_one_that_take_gives(live, listener):
    live.train(wish(n_train=200))
    done(live)
    run = listener.ended[0][0]
    assert run.samples_seen == 400
    assert same_weights(run, hpt.train(small(), DATA.take(200, seed=0)))


def test_only_the_whole_data_and_one_subset_are_kept(live):
    for size in (100, 200, 300, 1300):
        live.train(wish(n_train=size, epochs=1))
        done(live)
    assert sorted(live._trainers) == [300, 1300]


def test_a_failure_is_told_and_the_next_wish_is_served(live, listener, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(live_training.TrainingSession, "advance", lambda *_, **__: 1 / 0)
        for count in (1, 2):
            live.train(wish())
            done(live)
            assert live.state == "failed"
            assert len(listener.errors) == count
            assert listener.states.count("failed") == count
    live.train(wish())
    done(live)
    assert live.state == "ended"
    assert listener.ended[-1][0].ended == "finished"


def test_a_training_that_cannot_begin_loses_no_run_before_it(live, listener, monkeypatch):
    def once():
        if listener.samples[-1] >= 1300 and len(listener.begun) == 1 and not listener.errors:
            monkeypatch.setattr(live, "_trainer", lambda _n: 1 / 0)
            live.train(wish(seed=1))

    listener.on_each_progress = once
    live.train(wish(epochs=50))
    done(live)
    assert live.state == "failed"
    assert [superseded for *_, superseded in listener.ended] == [True]


def test_a_tensorflow_that_does_not_load_is_said_and_a_later_one_is_used(
    live, listener, monkeypatch
):
    def missing():
        raise ImportError("no module named tensorflow")

    with monkeypatch.context() as patch:
        patch.setattr(live_training, "is_loaded", lambda: False)
        patch.setattr(live_training, "load_tensorflow", missing)
        live.train(wish(seed=1))
        done(live)
        assert listener.states == ["warming_up", "failed"]
        assert "tensorflow" in str(listener.errors[0])
        live.stop()
        live.do("a job", lambda: None)
        done(live)
        assert len(listener.errors) == 1
    live.train(wish(seed=2))
    done(live)
    assert [begun.hyperparameters.seed for begun in listener.begun] == [2]


def test_a_wish_during_the_warm_up_is_served_and_only_the_newest(live, listener, monkeypatch):
    loading, go_on = threading.Event(), threading.Event()
    loaded = []

    def load():
        loading.set()
        assert go_on.wait(SECONDS)
        loaded.append(None)

    monkeypatch.setattr(live_training, "is_loaded", lambda: bool(loaded))
    monkeypatch.setattr(live_training, "load_tensorflow", load)
    live.warm_up(wish())
    assert loading.wait(SECONDS)
    for seed in range(5):
        live.train(wish(seed=seed))
    go_on.set()
    done(live)
    assert [begun.hyperparameters.seed for begun in listener.begun] == [4]
    assert listener.states == ["warming_up", "training", "ended"]


def test_a_warm_up_alone_leaves_the_lab_ready(live, listener, monkeypatch):
    loaded = []
    monkeypatch.setattr(live_training, "is_loaded", lambda: bool(loaded))
    monkeypatch.setattr(live_training, "load_tensorflow", lambda: loaded.append(None))
    live.warm_up(wish())
    done(live)
    assert listener.states == ["warming_up", "ready"]
    assert listener.begun == []


def test_close_in_mid_training_ends_the_thread_and_gives_the_program_back(
    live, listener, monkeypatch
):
    with held_training(monkeypatch, after_chunks=1) as gate:
        live.train(wish(epochs=100))
        gate.wait_until_reached()
        thread, session = live._worker._thread, live._session
        gate.let_through.set()
        live.close()
    assert not thread.is_alive()
    assert session._program is None
    live.train(wish())
    assert live.wait(0)
    assert len(listener.begun) == 1


def test_wishes_differ_by_name():
    one, other = wish(seed=1, n_train=100), wish(seed=2)
    assert one.differences(other) == {"seed": 1, "training_size": 100}
    assert one.differences(wish(seed=1, n_train=100)) == {}
    assert one != wish(seed=1, n_train=100)
    assert one.total_samples == 200
