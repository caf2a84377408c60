"""A thread pool whose jobs all end when one of them fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait


def run_together(
    jobs: Iterable[Callable[[], object]],
    n_threads: int,
    name: str,
    *,
    on_failure: Callable[[], object],
) -> None:
    """Run all jobs, in this order and so many at a time, and wait for them.

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
    with ThreadPoolExecutor(n_threads, name) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            on_failure()
            raise
