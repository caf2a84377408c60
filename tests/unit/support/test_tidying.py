"""What tracings and closed labs leave behind is collected between the cells, while no lab works."""

import gc
import threading
import weakref

import pytest
from patience import SECONDS

import hpt_widgets as hpt
from hpt_widgets.labs.kit.worker import Worker
from hpt_widgets.support import tidying
from hpt_widgets.support.tidying import collect_at_rest, watch_cells
from hpt_widgets.training.program import Architecture, TrainingProgram


@pytest.fixture(autouse=True)
def nothing_is_watched_yet(shell, monkeypatch):
    """Let the test's shell be the first whose cells are watched."""
    monkeypatch.setattr(tidying, "_tidying", None)
    monkeypatch.setattr(tidying, "_movers", weakref.WeakSet())
    shell.push({"watch_cells": watch_cells, "collect_at_rest": collect_at_rest})


@pytest.fixture
def collections(monkeypatch):
    """Return a list that gets an entry with each collection of everything."""
    made = []
    monkeypatch.setattr(tidying.gc, "collect", lambda: made.append(None))
    return made


def run(shell, source):
    shell.run_cell(source).raise_error()


class Knot:
    """Refers to itself, so that only the collector ends it."""

    def __init__(self):
        self.own = self


def test_what_refers_to_itself_is_gone_after_the_rest(shell, timers):
    gc.disable()
    try:
        knot = weakref.ref(Knot())
        run(shell, "watch_cells(); collect_at_rest()")
        assert knot() is not None
        assert [timer.seconds for timer in timers] == [tidying.REST_SECONDS]
        timers[0].ring()
        assert knot() is None
    finally:
        gc.enable()


def test_it_waits_for_the_last_cell_of_many_and_is_done_once(shell, timers, collections):
    run(shell, "watch_cells(); collect_at_rest()")
    shell.push({"timers": timers})
    # It rings while the next cell runs, too late to be cancelled.
    run(shell, "timers[0].ring()")
    assert timers[0].is_cancelled
    assert collections == []
    timers[1].ring()
    assert collections == [None]
    timers[1].ring()
    run(shell, "a = 1")
    assert len(timers) == 2
    assert collections == [None]


def test_it_is_asked_for_between_two_cells_too(shell, timers, collections):
    run(shell, "watch_cells()")
    assert timers == []
    collect_at_rest()
    timers[0].ring()
    assert collections == [None]


def test_it_waits_for_a_lab_that_works_or_has_just_worked(shell, timers, collections):
    begun, go_on = threading.Event(), threading.Event()

    def serve():
        begun.set()
        assert go_on.wait(SECONDS)
        return False

    worker = Worker(serve, pytest.fail, "a test's worker")
    worker.wake()
    assert begun.wait(SECONDS)
    run(shell, "watch_cells(); collect_at_rest()")
    timers[0].ring()
    assert collections == []
    go_on.set()
    assert worker.wait(SECONDS)
    assert worker.close()
    worker.thread = None
    timers[1].ring()
    assert collections == [None]


def test_tracing_asks_for_it(shell, timers):
    run(shell, "watch_cells()")
    TrainingProgram(Architecture(2, "relu", "sgd"))
    assert len(timers) == 1


def test_closing_a_lab_asks_for_it(shell, timers):
    lab = hpt.NetworkLab()
    run(shell, "watch_cells()")
    lab.close()
    lab.close()
    assert len(timers) == 1


def test_a_process_that_may_start_no_thread_collects_when_it_is_asked_again(
    shell, timers, collections, monkeypatch
):
    def refuse(_timer):
        raise RuntimeError("can't start new thread")

    run(shell, "watch_cells()")
    with monkeypatch.context() as without_threads:
        without_threads.setattr(threading.Timer, "start", refuse)
        collect_at_rest()
    assert timers == []
    collect_at_rest()
    timers[0].ring()
    assert collections == [None]


def test_loading_the_data_watches_the_cells(shell, timers):
    shell.push({"hpt": hpt})
    run(shell, "data = hpt.load_mnist()")
    collect_at_rest()
    assert len(timers) == 1


def test_what_is_free_is_given_back_after_each_cell(shell, monkeypatch):
    given = []
    monkeypatch.setattr(tidying, "release_free_memory", lambda: given.append(None))
    run(shell, "watch_cells(); watch_cells()")
    run(shell, "a = 1")
    assert given == [None, None]


def test_outside_a_notebook_nothing_is_done(monkeypatch, timers):
    monkeypatch.setattr(tidying, "_tidying", None)
    watch_cells()
    collect_at_rest()
    assert timers == []
