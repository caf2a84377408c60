"""Training that follows the newest request."""

import gc
import threading
import weakref

import numpy as np
import pytest
from lab_tools import SECONDS, digits, held_training, small

import hpt_widgets as hpt
from hpt_widgets.labs.kit import live_work
from hpt_widgets.labs.kit.worker import Worker
from hpt_widgets.labs.training import live as live_training
from hpt_widgets.labs.training.live import LiveTraining, TrainingRequest
from hpt_widgets.training.program import TrainingProgram
from hpt_widgets.training.program_pool import PROGRAMS
from hpt_widgets.training.trainer import Trainer

DATA = digits()


class Listener:
    """Writes down what it is told."""

    def __init__(self):
        self.states, self.begun, self.ended, self.errors = [], [], [], []
        self.samples, self.changes = [], []
        self.on_each_progress = None

    def on_state(self, state):
        self.states.append(state)

    def on_begin(self, request):
        self.begun.append(request)

    def on_change(self, changes):
        self.changes.append(tuple(changes))

    def on_progress(self, _points, progress):
        self.samples.append(progress.samples_seen)
        if self.on_each_progress is not None:
            self.on_each_progress()

    def on_end(self, run, request, superseded):
        self.ended.append((run, request, superseded))

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


def request(n_train=1300, **changes):
    return TrainingRequest(small(**changes), n_train)


def same_weights(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def done(live):
    assert live.wait(SECONDS)


def test_a_training_is_the_one_that_train_does(live, listener):
    live.submit(request(seed=3))
    done(live)
    (run, _, superseded), = listener.ended  # fmt: skip
    assert not superseded
    assert run.ended == "finished"
    assert same_weights(run, hpt.train(small(seed=3), DATA))
    assert listener.states[-2:] == ["training", "ended"]
    assert listener.samples[-1] == 2600


def test_a_training_rests_once_behind_its_first_point(live, listener, monkeypatch):
    rests = []

    def rest(_worker, seconds):
        rests.append((len(listener.samples), len(listener.states), seconds))

    monkeypatch.setattr(Worker, "rest", rest)
    live.submit(request(seed=3))
    done(live)
    assert listener.samples[0] < listener.samples[-1]
    # The page has only the point to paint: what the lab does is said behind it.
    before = listener.states.index("training")
    assert rests == [(1, before, live_training.FRAME_SECONDS)]
    assert same_weights(listener.ended[0][0], hpt.train(small(seed=3), DATA))


def test_the_newest_request_wins_and_none_is_queued(live, listener, monkeypatch):
    with held_training(monkeypatch) as gate:
        live.submit(request(learning_rate=1e-5))
        gate.wait_until_reached()
        for rate in np.geomspace(1e-4, 1e-2, 30):
            live.submit(request(learning_rate=float(rate)))
    done(live)
    assert [begun.hyperparameters.learning_rate for begun in listener.begun] == [1e-5, 1e-2]
    assert len(listener.ended) == 1
    assert listener.ended[0][0].hyperparameters.learning_rate == 1e-2


def test_a_measured_training_that_is_superseded_is_handed_over(live, listener):
    first, second = request(epochs=50), request(seed=1)

    def submit_once():
        if listener.samples[-1] >= 1300 and len(listener.begun) == 1:
            live.submit(second)

    listener.on_each_progress = submit_once
    live.submit(first)
    done(live)
    assert {(w, superseded) for _, w, superseded in listener.ended} == {
        (first, True),
        (second, False),
    }
    run = next(run for run, w, _ in listener.ended if w is first)
    assert run.ended == "stopped"
    assert run.validation_accuracy > 0


@pytest.mark.parametrize(
    ("ask", "is_given_up"),
    [
        (lambda live: live.submit(request(seed=1)), True),
        (lambda live: live.change(request(), {"learning_rate": 0.02}), False),
        (lambda live: live.pause(), False),
        (lambda live: live.step(request()), False),
        (lambda live: live.stop(), False),
    ],
    ids=["submit", "change", "pause", "step", "stop"],
)
def test_only_a_newer_training_cuts_a_validation_short(live, monkeypatch, ask, is_given_up):
    evaluate, measured = TrainingProgram.evaluate_unless_given_up, []

    def ask_and_evaluate(program, samples):
        if not measured:
            ask(live)
        measured.append(evaluate(program, samples))
        return measured[-1]

    monkeypatch.setattr(TrainingProgram, "evaluate_unless_given_up", ask_and_evaluate)
    live.submit(request())
    done(live)
    assert (measured[0] is None) == is_given_up


def test_the_chunk_that_a_newer_request_cuts_short_is_not_drawn(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=2) as gate:
        live.submit(request(epochs=50))
        gate.wait_until_reached()
        assert len(listener.samples) == 2
        live.submit(request(seed=1))
    done(live)
    assert len(listener.begun) == 2
    first_of_second = listener.samples[2]
    assert first_of_second <= 64  # of the second: the first had come further


def test_a_training_is_said_though_one_before_it_was_cut_short_unseen(live, listener, monkeypatch):
    live.submit(request())
    done(live)
    with held_training(monkeypatch) as gate:
        live.submit(request(seed=1))
        gate.wait_until_reached()  # in its first chunk, of which nothing is drawn
        live.submit(request(seed=2))
    done(live)
    assert listener.states[-2:] == ["training", "ended"]
    assert listener.states.count("training") == 2


def test_pausing_and_stepping_leave_the_run_the_same_to_the_bit(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=2) as gate:
        live.submit(request(dropout_rate=0.3))
        gate.wait_until_reached()
        live.pause()
    done(live)
    assert live.state == "paused"
    assert listener.ended == []
    seen = listener.samples[-1]
    for count in (1, 2, 3):
        live.step(request())
        done(live)
        assert listener.samples[-1] == seen + 32 * count
    assert len(listener.begun) == 1
    live.resume()
    done(live)
    uninterrupted = hpt.train(small(dropout_rate=0.3), DATA)
    assert same_weights(listener.ended[0][0], uninterrupted)


def test_a_step_where_nothing_is_under_way_begins_a_training(live, listener):
    live.step(request(batch_size=50))
    done(live)
    assert live.state == "paused"
    assert listener.samples == [50]
    live.step(request(seed=9))
    done(live)
    assert listener.samples == [50, 100]
    assert len(listener.begun) == 1


def test_steps_left_over_from_an_ended_training_are_not_taken_by_the_next(live, listener):
    # Two updates an epoch: the third of five steps has nothing to do any more.
    live.step(request(batch_size=650, epochs=1))
    for _ in range(4):
        live.step(request(batch_size=650, epochs=1))
    done(live)
    n_begun = len(listener.begun)
    live.stop()
    done(live)
    listener.samples.clear()
    live.step(request(batch_size=10))
    done(live)
    assert listener.samples == [10]
    assert len(listener.begun) == n_begun + 1


def test_stop_keeps_the_run(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=2) as gate:
        live.submit(request(epochs=100))
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
        live.submit(request(seed=1))
        gate.wait_until_reached()
        live.submit(request(seed=2))
        live.stop()
    done(live)
    assert [begun.hyperparameters.seed for begun in listener.begun] == [1]
    assert [run.ended for run, *_ in listener.ended] == ["stopped"]


def test_a_start_after_a_stop_is_done(live, listener, monkeypatch):
    with held_training(monkeypatch) as gate:
        live.submit(request(seed=1))
        gate.wait_until_reached()
        live.stop()
        live.submit(request(seed=2))
    done(live)
    assert listener.ended[-1][0].hyperparameters.seed == 2
    assert listener.ended[-1][0].ended == "finished"


def test_a_paused_training_can_be_stopped(live, listener):
    live.step(request())
    done(live)
    live.stop()
    done(live)
    assert [run.samples_seen for run, *_ in listener.ended] == [32]
    live.submit(request())
    done(live)
    assert listener.ended[-1][0].ended == "finished"


def test_a_change_goes_into_the_training_under_way_and_is_noted(live, listener, monkeypatch):
    with held_training(monkeypatch, after_chunks=1) as gate:
        live.submit(request())
        gate.wait_until_reached()
        live.change(request(learning_rate=0.5), {"learning_rate": 0.5})
    done(live)
    ((run, asked, _),) = listener.ended
    assert run.hyperparameters.learning_rate == asked.hyperparameters.learning_rate == 0.01
    ((samples, changed),) = run.changes
    assert changed == {"learning_rate": 0.5}
    assert listener.changes == [run.changes]
    assert 0 < samples < 2600
    session = Trainer(DATA).session(small())
    while session.samples_seen < samples:
        session.advance(1)
    session.change(learning_rate=0.5)
    while session.ended is None:
        session.advance()
    assert same_weights(run, session.result())


def test_a_change_that_comes_too_late_is_trained(live, listener):
    live.submit(request())
    done(live)
    live.pause()
    done(live)
    live.change(request(learning_rate=0.5), {"learning_rate": 0.5})
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
        live.submit(request(seed=1))
        gate.wait_until_reached()
        live.submit(request(seed=2))
        live.reset(lambda: order.append(len(listener.begun)))
        live.submit(request(seed=3))
    done(live)
    assert order == [1]
    assert [begun.hyperparameters.seed for begun in listener.begun] == [1, 3]
    live.reset(lambda: order.append(None))
    done(live)
    assert live.state == "ready"


def test_a_subset_is_stratified_and_the_one_that_take_gives(live, listener):
    live.submit(request(n_train=200))
    done(live)
    run = listener.ended[0][0]
    assert run.samples_seen == 400
    assert same_weights(run, hpt.train(small(), DATA.take(200, seed=0)))


def test_only_the_whole_data_and_one_subset_are_kept(listener, monkeypatch):
    made = weakref.WeakSet()

    class KnownTrainer(Trainer):
        def __init__(self, data):
            super().__init__(data)
            made.add(self)

    monkeypatch.setattr(live_training, "Trainer", KnownTrainer)
    live = LiveTraining(DATA, listener)
    for size in (100, 200, 300, 1300):
        live.submit(request(n_train=size, epochs=1))
        done(live)
    gc.collect()
    assert sorted(len(trainer.data.y_train) for trainer in made) == [300, 1300]
    live.close()


def test_a_failure_is_told_and_the_next_request_is_served(live, listener, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(live_training.TrainingSession, "advance", lambda *_, **__: 1 / 0)
        for count in (1, 2):
            live.submit(request())
            done(live)
            assert live.state == "failed"
            assert len(listener.errors) == count
            assert listener.states.count("failed") == count
    live.submit(request())
    done(live)
    assert live.state == "ended"
    assert listener.ended[-1][0].ended == "finished"


def test_a_training_that_cannot_begin_loses_no_run_before_it(live, listener, monkeypatch):
    def once():
        if listener.samples[-1] >= 1300 and len(listener.begun) == 1 and not listener.errors:
            monkeypatch.setattr(Trainer, "session", lambda *_: 1 / 0)
            live.submit(request(seed=1))

    listener.on_each_progress = once
    live.submit(request(epochs=50))
    done(live)
    assert live.state == "failed"
    assert [superseded for *_, superseded in listener.ended] == [True]


def test_a_tensorflow_that_does_not_load_is_said_and_a_later_one_is_used(
    live, listener, monkeypatch
):
    def missing():
        raise ImportError("no module named tensorflow")

    with monkeypatch.context() as patch:
        patch.setattr(live_work, "is_loaded", lambda: False)
        patch.setattr(live_work, "load_tensorflow", missing)
        live.submit(request(seed=1))
        done(live)
        assert listener.states == ["warming_up", "failed"]
        assert "tensorflow" in str(listener.errors[0])
        live.stop()
        live.do("a job", lambda: None)
        done(live)
        assert len(listener.errors) == 1
    live.submit(request(seed=2))
    done(live)
    assert [begun.hyperparameters.seed for begun in listener.begun] == [2]


def test_a_request_during_the_warm_up_is_served_and_only_the_newest(live, listener, monkeypatch):
    loading, go_on = threading.Event(), threading.Event()
    loaded = []

    def load():
        loading.set()
        assert go_on.wait(SECONDS)
        loaded.append(None)

    monkeypatch.setattr(live_work, "is_loaded", lambda: bool(loaded))
    monkeypatch.setattr(live_work, "load_tensorflow", load)
    live.prepare(request())
    assert loading.wait(SECONDS)
    for seed in range(5):
        live.submit(request(seed=seed))
    go_on.set()
    done(live)
    assert [begun.hyperparameters.seed for begun in listener.begun] == [4]
    assert listener.states == ["warming_up", "training", "ended"]


def test_a_warm_up_alone_leaves_the_lab_ready(live, listener, monkeypatch):
    loaded = []
    monkeypatch.setattr(live_work, "is_loaded", lambda: bool(loaded))
    monkeypatch.setattr(live_work, "load_tensorflow", lambda: loaded.append(None))
    live.prepare(request())
    done(live)
    assert listener.states == ["warming_up", "ready"]
    assert listener.begun == []


def test_close_in_mid_training_ends_the_thread_and_gives_the_program_back(
    live, listener, monkeypatch
):
    leased, given_back = [], []
    lease, give_back = PROGRAMS.lease, PROGRAMS.give_back
    monkeypatch.setattr(PROGRAMS, "lease", lambda a: leased.append(lease(a)) or leased[-1])
    monkeypatch.setattr(PROGRAMS, "give_back", lambda p: given_back.append(p) or give_back(p))
    with held_training(monkeypatch, after_chunks=1) as gate:
        live.submit(request(epochs=100))
        gate.wait_until_reached()
        thread = live.thread
        gate.let_through.set()
        live.close()
    assert not thread.is_alive()
    assert given_back == leased != []
    live.submit(request())
    assert live.wait(0)
    assert len(listener.begun) == 1


def test_requests_differ_by_name():
    one, other = request(seed=1, n_train=100), request(seed=2)
    assert one.differences(other) == {"seed": 1, "training_size": 100}
    assert one.differences(request(seed=1, n_train=100)) == {}
    assert one != request(seed=1, n_train=100)
    assert one.total_samples == 200
