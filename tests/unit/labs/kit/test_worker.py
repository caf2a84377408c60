"""The one background thread of a lab."""

import gc
import threading
import weakref

import pytest
from patience import SECONDS

from hpt_widgets.labs.kit import worker as worker_module
from hpt_widgets.labs.kit.worker import Jobs, Worker


def ignore(error):
    raise AssertionError(error)


@pytest.fixture
def workers(monkeypatch):
    """Make workers that are closed behind the test."""
    made = []

    def make(serve, on_error=ignore):
        made.append(Worker(serve, on_error, "a test's worker"))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


def thread_of(worker):
    return worker.thread


def test_it_serves_on_a_daemon_thread_of_its_own_until_there_is_no_more(workers):
    left, threads = [5], []

    def serve():
        threads.append(threading.current_thread())
        left[0] -= 1
        return left[0] > 0

    worker = workers(serve)
    assert not worker.is_busy
    assert thread_of(worker) is None
    worker.wake()
    assert worker.wait(SECONDS)
    assert left == [0]
    assert set(threads) != {threading.current_thread()}
    assert all(thread.daemon and thread.name == "a test's worker" for thread in threads)


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(3), KeyboardInterrupt()])
def test_it_outlives_whatever_is_raised(workers, error):
    errors, calls = [], []

    def serve():
        calls.append(None)
        if len(calls) == 1:
            raise error
        return False

    worker = workers(serve, errors.append)
    worker.wake()
    assert worker.wait(SECONDS)
    assert errors == [error]
    worker.wake()
    assert worker.wait(SECONDS)
    assert len(calls) == 2


def refuse(_thread):
    raise RuntimeError("can't start new thread")


def test_a_thread_that_cannot_be_started_leaves_nothing_waiting(workers, monkeypatch):
    calls = []
    worker = workers(lambda: calls.append(None))
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="new thread"):
            worker.wake()
    assert not worker.is_busy
    assert worker.wait(0)
    worker.wake()
    assert worker.wait(SECONDS)
    assert len(calls) == 1


def test_a_wake_during_the_work_is_not_lost(workers):
    calls, inside, go_on = [], threading.Event(), threading.Event()

    def serve():
        calls.append(None)
        inside.set()
        assert go_on.wait(SECONDS)
        return False

    worker = workers(serve)
    worker.wake()
    assert inside.wait(SECONDS)
    for _ in range(10):
        worker.wake()
    assert not worker.wait(0)
    go_on.set()
    assert worker.wait(SECONDS)
    assert len(calls) == 2


def test_a_rest_ends_by_itself_and_as_soon_as_something_newer_comes(workers):
    rests, resting = [0.001, 100 * SECONDS], threading.Event()

    def serve():
        if rests:
            length = rests.pop(0)
            if length > SECONDS:
                resting.set()
            worker.rest(length)
        return bool(rests)

    worker = workers(serve)
    worker.wake()
    assert resting.wait(SECONDS)
    assert not worker.wait(0)
    worker.wake()
    assert worker.wait(SECONDS)


def test_an_error_is_reported_and_the_next_wake_is_served(workers):
    calls, errors = [], []

    def serve():
        calls.append(None)
        if len(calls) == 1:
            raise ZeroDivisionError("first")
        return False

    worker = workers(serve, errors.append)
    for _ in range(2):
        worker.wake()
        assert worker.wait(SECONDS)
    assert len(calls) == 2
    assert [str(error) for error in errors] == ["first"]


def test_an_error_of_the_one_who_is_told_ends_nothing(workers):
    calls = []

    def serve():
        calls.append(None)
        raise ZeroDivisionError

    worker = workers(serve, ignore)
    for _ in range(2):
        worker.wake()
        assert worker.wait(SECONDS)
    assert len(calls) == 2


def test_an_idle_thread_ends_by_itself_and_a_wake_starts_another(workers, monkeypatch):
    monkeypatch.setattr(worker_module, "IDLE_SECONDS", 0.01)
    served = []
    worker = workers(lambda: served.append(threading.current_thread()))
    for _ in range(2):
        worker.wake()
        assert worker.wait(SECONDS)
        served[-1].join(SECONDS)
        assert not served[-1].is_alive()
    assert len(set(served)) == 2


def test_close_ends_the_thread_and_a_later_wake_starts_none(workers):
    calls = []
    worker = workers(lambda: calls.append(None))
    worker.wake()
    assert worker.wait(SECONDS)
    thread = thread_of(worker)
    assert worker.close()
    assert not thread.is_alive()
    worker.wake()
    assert worker.wait(SECONDS)
    assert len(calls) == 1
    assert thread_of(worker) is None


def test_close_says_when_the_work_goes_on_and_that_ends_by_itself(workers):
    inside, go_on = threading.Event(), threading.Event()

    def serve():
        inside.set()
        assert go_on.wait(SECONDS)
        return True

    worker = workers(serve)
    worker.wake()
    assert inside.wait(SECONDS)
    thread = thread_of(worker)
    assert not worker.close(timeout=0)
    go_on.set()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_a_closed_worker_keeps_nothing_alive():
    class Owner:
        def __init__(self):
            self.worker = Worker(self.serve, ignore, "owner")

        def serve(self):
            return False

    owner = Owner()
    owner.worker.wake()
    assert owner.worker.wait(SECONDS)
    owner.worker.close()
    reference = weakref.ref(owner)
    del owner
    gc.collect()
    assert reference() is None


def test_jobs_are_done_in_turn_and_the_newest_of_a_name_counts():
    jobs, done = Jobs(), []
    for name, what in (("map", "old map"), ("mistakes", "mistakes"), ("map", "new map")):
        jobs.put(name, lambda what=what: done.append(what))
    assert jobs
    assert [jobs.do_one() for _ in range(3)] == [True, True, False]
    assert done == ["new map", "mistakes"]
    assert not jobs


def test_a_job_may_ask_for_another_and_forgotten_ones_are_not_done():
    jobs, done = Jobs(), []
    jobs.put("first", lambda: jobs.put("second", lambda: done.append("second")))
    assert jobs.do_one()
    assert done == []
    assert jobs.do_one()
    assert done == ["second"]
    jobs.put("third", lambda: done.append("third"))
    jobs.clear()
    assert not jobs.do_one()
    assert done == ["second"]
