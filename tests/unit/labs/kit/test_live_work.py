"""What all work behind a lab has in common."""

import threading

import pytest
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
SECONDS = 60


class Listener:
    """Writes down the names of what it is told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        return lambda *_arguments, **_others: self.told.append(name)


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


def test_closing_what_has_not_begun_is_done_at_once():
    live = live_sweep.LiveSweep(DATA, Listener())
    assert live.close()
    assert not live.is_busy
