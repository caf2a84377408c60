"""Several jobs at once."""

import subprocess
import sys
import threading
from functools import partial

import pytest
from patience import SECONDS

from hpt_widgets.support.thread_pool import run_together

# Its main thread ends while two jobs are under way and others wait.
ENDING = """
import threading
from hpt_widgets.support.thread_pool import run_together
begun = threading.Barrier(3)
def job():
    begun.wait()
    threading.Event().wait(600)
def run():
    run_together([job] * 9, 2, "jobs", on_failure=lambda: None)
threading.Thread(target=run, daemon=True).start()
begun.wait()
"""


def test_it_does_all_jobs_in_order():
    done = []
    jobs = [partial(done.append, number) for number in range(30)]
    run_together(jobs, 1, "jobs", on_failure=lambda: None)
    assert done == list(range(30))


def test_so_many_are_under_way_at_a_time():
    all_here, names = threading.Barrier(3), set()

    def job():
        all_here.wait(SECONDS)
        names.add(threading.current_thread().name)

    run_together([job] * 30, 3, "jobs", on_failure=lambda: None)
    assert names == {"jobs_0", "jobs_1", "jobs_2"}


def test_a_failure_breaks_off_those_under_way_and_drops_those_that_wait():
    """Also where the one that fails was not the first to begin."""
    stop, both_begun, waited = threading.Event(), threading.Barrier(2), []

    def long():
        both_begun.wait(SECONDS)
        waited.append(stop.wait(SECONDS))

    def failing():
        both_begun.wait(SECONDS)
        raise ZeroDivisionError

    def dropped():
        waited.append("never")
        stop.wait(SECONDS)

    with pytest.raises(ZeroDivisionError):
        run_together([long, failing, *[dropped] * 20], 2, "jobs", on_failure=stop.set)
    # The thread of the one that failed may take up another before it is told.
    assert True in waited
    assert waited.count("never") <= 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("jobs")]


def test_no_jobs_are_done_at_once():
    run_together([], 2, "jobs", on_failure=lambda: None)


def test_a_process_that_ends_waits_for_no_job():
    done = subprocess.run([sys.executable, "-c", ENDING], check=False, timeout=2 * SECONDS)
    assert done.returncode == 0
