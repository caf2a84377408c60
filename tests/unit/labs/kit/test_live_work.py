"""What all work behind a lab has in common."""

import threading

import pytest
from patience import SECONDS
from small_data import hyperparameters, tabular_data

from hpt_widgets.labs.kit import live_work
from hpt_widgets.labs.range_test import live as live_range_test
from hpt_widgets.labs.search import live as live_search
from hpt_widgets.labs.sweep import live as live_sweep
from hpt_widgets.labs.training import live as live_training
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.studies.sweep import Sweep

DATA = tabular_data()


class Listener:
    """Writes down the names of what it is told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        return lambda *_arguments, **_others: self.told.append(name)


class Steps(live_work.LiveWork):
    """Work that waits at a gate, and goes on until its stop is set if it was asked to."""

    def __init__(self, **options):
        self.states, self.errors, self.served = [], [], []
        self.begun, self.go_on = threading.Event(), threading.Event()
        super().__init__("hpt-steps", self, **options)

    def on_state(self, state):
        self.states.append(state)

    def on_error(self, error):
        self.errors.append(error)

    def _run(self, request, stop):
        self._set_state("testing")
        self.begun.set()
        assert self.go_on.wait(SECONDS)
        self.served.append((request, stop.is_set()))
        if isinstance(request, Exception):
            raise request
        return None if self._is_superseded() else "stopped" if stop.is_set() else "ended"

    def _prepare(self):
        self.served.append("prepared")


@pytest.fixture
def steps():
    made = Steps(needs_tensorflow=False)
    yield made
    made.go_on.set()
    made.close()


def finish(live):
    live.go_on.set()
    assert live.wait(SECONDS)


def training(listener):
    live = live_training.LiveTraining(DATA, listener)
    live.submit(live_training.TrainingRequest(hyperparameters(), len(DATA.y_train)))
    return live


def search(listener):
    live = live_search.LiveSearch(ARTICLE_SPACE, DATA, hyperparameters(), None, listener)
    settings = live_search.SearchSettings(trials=2, training_size=78, epochs=1)
    live.search([live_search.SearchRun(1, settings, SearchRecord("random"))])
    return live


def sweep(listener):
    live = live_sweep.LiveSweep(DATA, listener)
    made = Sweep("learning_rate", (0.1,), training_size=78, hyperparameters=hyperparameters())
    live.submit(live_sweep.SweepRun(made, SearchRecord("sweep")))
    return live


def range_test(listener):
    live = live_range_test.LiveRangeTest(DATA, listener)
    live.submit(live_range_test.RangeTestRequest(hyperparameters(), 1e-4, 1.0, 20))
    return live


KINDS = (training, search, sweep, range_test)


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_close_during_the_import_waits_for_nothing_and_trains_nothing(make, monkeypatch):
    loading, go_on = threading.Event(), threading.Event()

    def load():
        loading.set()
        assert go_on.wait(10 * SECONDS)

    monkeypatch.setattr(live_work, "is_loaded", lambda: False)
    monkeypatch.setattr(live_work, "load_tensorflow", load)
    monkeypatch.setattr(live_work, "JOIN_SECONDS", 10 * SECONDS)
    listener = Listener()
    live = make(listener)
    assert loading.wait(SECONDS)
    thread = live.thread
    closing = threading.Thread(target=live.close)
    closing.start()
    closing.join(SECONDS)
    assert not closing.is_alive()
    assert thread.is_alive()
    go_on.set()
    thread.join(SECONDS)
    assert not thread.is_alive()
    assert not {"on_begin", "on_trial", "on_progress", "on_end", "on_error"} & {*listener.told}


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_close_in_mid_work_ends_the_thread(make):
    listener = Listener()
    live = make(listener)
    thread = live.thread
    assert live.close()
    assert not thread.is_alive()
    assert "on_error" not in listener.told


def test_a_request_that_no_thread_can_serve_is_not_under_way(steps, monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="new thread"):
            steps.submit("first")
    assert not steps.is_busy
    assert not steps.is_under_way
    steps.submit("second")
    finish(steps)
    assert steps.served == [("second", False)]


def test_closing_what_has_not_begun_is_done_at_once():
    live = live_sweep.LiveSweep(DATA, Listener())
    assert live.close()
    assert not live.is_busy


def test_a_request_is_served_and_its_end_is_the_state(steps):
    steps.submit("one")
    finish(steps)
    assert (steps.served, steps.states) == ([("one", False)], ["testing", "ended"])
    assert (steps.state, steps.active, steps.is_under_way) == ("ended", None, False)


def test_the_newest_request_takes_the_place_of_all_before_it(steps):
    steps.submit("one")
    assert steps.begun.wait(SECONDS)
    assert (steps.active, steps.is_under_way) == ("one", True)
    for name in ("two", "three"):
        steps.submit(name)
    finish(steps)
    assert steps.served == [("one", True), ("three", False)]
    assert steps.states == ["testing", "testing", "ended"]


def test_stop_ends_what_is_under_way_and_drops_what_waits(steps):
    steps.submit("one")
    assert steps.begun.wait(SECONDS)
    steps.submit("two")
    steps.stop()
    finish(steps)
    assert (steps.served, steps.state) == ([("one", True)], "stopped")


def test_an_old_stop_does_not_end_a_newer_request(steps):
    steps.stop()
    steps.submit("one")
    finish(steps)
    assert steps.served == [("one", False)]


def test_a_failure_is_reported_each_time_and_the_next_request_is_served(steps):
    errors = [ValueError("one"), ValueError("two")]
    for error in errors:
        steps.submit(error)
        finish(steps)
        assert (steps.state, steps.active) == ("failed", None)
    assert (steps.errors, steps.states) == (errors, ["testing", "failed"] * 2)
    steps.submit("three")
    finish(steps)
    assert steps.state == "ended"


def test_a_job_waits_for_requests_and_outlives_the_failure_of_another(steps):
    done = []
    steps.submit("one")
    assert steps.begun.wait(SECONDS)
    steps.do("bad", lambda: 1 / 0)
    steps.do("good", lambda: done.append(list(steps.served)))
    finish(steps)
    assert done == [[("one", False)]]
    assert [type(error) for error in steps.errors] == [ZeroDivisionError]


def test_work_that_needs_no_tensorflow_has_nothing_to_warm_up(steps):
    steps.warm_up()
    assert not steps.is_busy
    finish(steps)
    assert (steps.served, steps.states) == ([], [])


@pytest.fixture
def loads(monkeypatch):
    """Count the times that TensorFlow is loaded, in a process that has not loaded it."""
    loaded = []
    monkeypatch.setattr(live_work, "is_loaded", lambda: bool(loaded))
    monkeypatch.setattr(live_work, "load_tensorflow", lambda: loaded.append(None))
    return loaded


def test_tensorflow_is_loaded_once_and_only_for_what_needs_it(loads):
    live = Steps()
    live.stop()
    live.do("job", lambda: None)
    finish(live)
    assert loads == []
    live.warm_up()
    finish(live)
    assert (loads, live.states, live.served) == ([None], ["warming_up", "ready"], ["prepared"])
    live.submit("one")
    finish(live)
    assert (len(loads), live.state) == (1, "ended")
    live.close()


def test_nothing_is_prepared_behind_a_request(loads, monkeypatch):
    """A cell that shows a lab and sets it at once waits for that alone."""
    live = Steps()
    loading = threading.Event()
    load = vars(live_work)["load_tensorflow"]
    monkeypatch.setattr(
        live_work, "load_tensorflow", lambda: load() if loading.wait(SECONDS) else 0
    )
    live.warm_up()
    live.submit("one")
    loading.set()
    live.go_on.set()
    finish(live)
    assert live.served == [("one", False)]
    live.close()


def test_a_request_that_tensorflow_fails_is_not_served_later(loads, monkeypatch):
    live = Steps()
    with monkeypatch.context() as patch:
        patch.setattr(live_work, "load_tensorflow", lambda: 1 / 0)
        live.submit("one")
        finish(live)
        assert (live.states, len(live.errors)) == (["warming_up", "failed"], 1)
    live.warm_up()
    finish(live)
    assert (live.served, live.state) == (["prepared"], "ready")
    live.close()


def test_after_close_nothing_is_served(steps):
    steps.submit("one")
    finish(steps)
    thread = steps.thread
    assert steps.close()
    assert not thread.is_alive()
    assert steps.thread is None
    steps.submit("two")
    assert steps.wait(0)
    assert steps.served == [("one", False)]
