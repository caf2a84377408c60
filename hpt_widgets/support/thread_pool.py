"""A thread pool whose jobs all end when one of them fails, and that no process waits for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue

Job = Callable[[], object]


def run_together(
    jobs: Iterable[Job],
    n_threads: int,
    name: str,
    *,
    on_failure: Callable[[], object],
) -> None:
    """Run all jobs, in this order and so many at a time, and wait for them.

    A process that ends meanwhile does not wait for them: their threads are daemons.

    Parameters
    ----------
    jobs : iterable of callable
        To run.
    n_threads : int
        How many run at a time.
    name : str
        Prefix of the threads' names.
    on_failure : callable
        Called when a job has failed, or the one who waits is interrupted: those under way
        should end soon then. Jobs that have not begun are dropped.

    Raises
    ------
    BaseException
        What the first job that failed raised, once no job is under way any more.
    """
    waiting = deque(jobs)
    ends: SimpleQueue[BaseException | None] = SimpleQueue()
    begun: list[threading.Thread] = []
    try:
        for place in range(min(n_threads, len(waiting))):
            thread = threading.Thread(
                target=_work, args=(waiting, ends), name=f"{name}_{place}", daemon=True
            )
            thread.start()
            begun.append(thread)
        _wait_for(ends, len(begun))
    except BaseException:
        waiting.clear()
        on_failure()
        raise
    finally:
        for thread in begun:
            thread.join()


def _wait_for(ends: SimpleQueue[BaseException | None], n_threads: int) -> None:
    """Wait until all threads have ended; raise what the first that failed tells."""
    for _ in range(n_threads):
        error = ends.get()
        if error is not None:
            raise error


def _work(waiting: deque[Job], ends: SimpleQueue[BaseException | None]) -> None:
    """Do jobs until none waits or one fails, and tell how it ended."""
    try:
        while (job := _next(waiting)) is not None:
            job()
    except BaseException as error:
        waiting.clear()
        ends.put(error)
    else:
        ends.put(None)


def _next(waiting: deque[Job]) -> Job | None:
    try:
        return waiting.popleft()
    except IndexError:  # another thread has taken the last one
        return None
