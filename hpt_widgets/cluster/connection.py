"""Where a search runs beside this process: a cluster of Dask, on this machine or elsewhere.

Dask is an optional part (`make cluster`) and is imported when a cluster is opened, not
before. It does the scheduling, restarts workers that ended and tries their tasks again; here
is only what the searches need of it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import platform
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Any, Final

from hpt_widgets.cluster.parallel_block import opened_block
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import whole_number

LOCAL: Final = "local"
MOST_WORKERS: Final = 1024
# Whoever has mistyped an address waits no longer than this.
ANSWER_SECONDS: Final = 5.0
# Workers that are started together with the search have this long to appear.
WORKER_SECONDS: Final = 10.0
# By distribution: TensorFlow's CPU build has a name of its own.
COMPARED: Final = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
    "hpt_widgets": ("hpt-widgets",),
    "distributed": ("distributed",),
}
MISSING: Final = "-"
_ADDRESS: Final = re.compile(r"([a-z]+://)?([\w.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}", re.ASCII)


class ClusterError(RuntimeError):
    """A cluster is not there, or not fit for the search; the message says what to do."""


class Cluster:
    """Worker processes that try out hyperparameters, for any number of searches.

    Each worker is a process of its own with its own TensorFlow, which is imported once and
    uses one core a training. Data travel to each worker once a search.

    Parameters
    ----------
    where : str or distributed.Client, default "local"
        ``"local"`` starts workers on this machine, which listen on 127.0.0.1 alone, encrypt
        what they say, and end with the cluster. Anything else is a cluster that is there
        already: its scheduler's address, such as ``"tcp://10.0.0.5:8786"``, or a client of
        Dask that is connected to it. Its workers, and its scheduler, need the same versions
        as this process.
    workers : int, optional
        With ``"local"``: how many; by default one for each core.

    Raises
    ------
    ClusterError
        If Dask is not installed, nothing answers, there are no workers, or theirs are other
        versions; within seconds, and the message says what to do.
    ValueError, TypeError
        If an argument is something else.

    Notes
    -----
    A program (not a notebook) opens a local cluster under ``if __name__ == "__main__":``, as
    for every use of `multiprocessing`.

    Examples
    --------
    The searches of chapter 3, each by one line more::

        with hpt.Cluster() as cluster:
            run_search("tpe", space, data, trials=40, where=cluster)
            with cluster.parallel():
                GridSearchCV(hpt.KerasMLPClassifier(), grid).fit(x, y)
    """

    def __init__(self, where: Any = LOCAL, workers: int | None = None) -> None:
        check_where(where)
        n_workers = _checked_workers(where, workers)
        _require_dask()
        self._stack = contextlib.ExitStack()
        self._client: Any = None
        try:
            if where == LOCAL:
                self._client = self._start(n_workers)
            else:
                self._client = self._connect(where)
        except BaseException:
            self._stack.close()
            raise

    @property
    def client(self) -> Any:
        """Dask's own client, for everything else that Dask can do."""
        if self._client is None:
            raise ClusterError(translate("cluster.closed"))
        return self._client

    @property
    def address(self) -> str:
        """The address of the scheduler, by which other programs can join."""
        address: str = self.client.scheduler.address
        return address

    def threads(self) -> dict[str, int]:
        """Return how many trials each worker can try out at once, by its address."""
        return dict(self.client.nthreads())

    def cores(self) -> int:
        """Return how many trials can run at once now: the threads of all workers."""
        return sum(self.threads().values())

    @contextlib.contextmanager
    def parallel(self) -> Iterator[None]:
        """Let scikit-learn's searches inside run here: joblib's Dask backend.

        A worker that ends in the midst of a fit is replaced and its fits are made again. A
        ``scoring=record.follow()`` appends each combination as it lands, as in one process.
        """
        import joblib

        from hpt_widgets.cluster.joblib_backend import searching_backend

        client = self.client
        with opened_block(client), joblib.parallel_config(searching_backend(client), n_jobs=-1):
            yield

    def close(self) -> None:
        """End the connection, and the workers if they were started here."""
        self._client = None
        self._stack.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "Cluster(closed)" if self._client is None else f"Cluster({self.address!r})"

    def _start(self, n_workers: int | None) -> Any:
        from hpt_widgets.cluster.local import local_workers

        try:
            local = self._stack.enter_context(local_workers(n_workers))
        except (OSError, RuntimeError, ImportError) as error:
            raise ClusterError(translate("cluster.not_started", reason=error)) from error
        return self._join(local.address, local.security)

    def _connect(self, where: Any) -> Any:
        if isinstance(where, str):
            address, security = where, None
        else:
            address, security = where.scheduler.address, where.security
        client = self._join(address, security)
        _await_workers(client, address)
        _compare_versions(client)
        return client

    def _join(self, address: str, security: Any) -> Any:
        from hpt_widgets.cluster.joblib_backend import quiet_dask, searching_client

        with quiet_dask(), warnings.catch_warnings():
            # Of other versions: the comparison says more, and what to do.
            warnings.simplefilter("ignore")
            try:
                client = searching_client(address, security, ANSWER_SECONDS)
            except (OSError, ValueError, TypeError, RuntimeError) as error:
                message = translate("cluster.no_answer", address=address)
                raise ClusterError(message) from error
        return self._stack.enter_context(client)


def is_available() -> bool:
    """Return whether Dask is installed, so that a `Cluster` can be opened."""
    return importlib.util.find_spec("distributed") is not None


def notice() -> str:
    """Return one sentence: whether Dask is here, and else how to install it."""
    if not is_available():
        return translate("cluster.not_installed")
    return translate("cluster.installed", version=metadata.version("distributed"))


def check_where(where: object) -> None:
    """Refuse what is no place to run a search.

    Raises
    ------
    ValueError, TypeError
        The message names what is allowed.
    """
    if isinstance(where, str):
        if where != LOCAL and not _ADDRESS.fullmatch(where):
            raise ValueError(translate("cluster.where", value=where))
    elif not isinstance(where, Cluster) and not _is_client(where):
        raise TypeError(translate("cluster.where", value=where))


@contextlib.contextmanager
def opened(where: Any) -> Iterator[Cluster]:
    """Give a cluster that is open already as it is, and any other for as long as it is needed."""
    if isinstance(where, Cluster):
        yield where
    else:
        with Cluster(where) as cluster:
            yield cluster


def versions_here() -> dict[str, str]:
    """Return the versions that must be the same on all sides."""
    versions = {name: _installed(distributions)[1] for name, distributions in COMPARED.items()}
    return {"Python": _minor(platform.python_version()), **versions}


def _is_client(where: object) -> bool:
    # Whoever has a client has imported Dask.
    distributed = sys.modules.get("distributed")
    return distributed is not None and isinstance(where, distributed.Client)


def _checked_workers(where: object, workers: object) -> int | None:
    if isinstance(where, Cluster):
        raise TypeError(translate("cluster.where", value=where))
    if workers is None:
        return None
    number = whole_number(workers)
    if number is None or not 1 <= number <= MOST_WORKERS:
        raise ValueError(translate("cluster.workers", value=workers, most=MOST_WORKERS))
    if where != LOCAL:
        raise ValueError(translate("cluster.workers_elsewhere", value=workers))
    return number


def _require_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ClusterError(translate("cluster.not_installed")) from error


def _await_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except (OSError, TimeoutError) as error:
        raise ClusterError(translate("cluster.no_workers", address=address)) from error


def _compare_versions(client: Any) -> None:
    """Refuse workers, or a scheduler, with other versions.

    They are asked by functions of Python's own: a worker may lack everything else, and
    importing TensorFlow for its version would take seconds.
    """
    here = versions_here()
    pythons = _ask(client, platform.python_version)
    _compare("Python", here["Python"], {who: _minor(text) for who, text in pythons.items()})
    for name, distributions in COMPARED.items():
        there = _ask(client, metadata.version, _installed(distributions)[0])
        for other in distributions:
            # Only where it is missing: a worker logs a question that it can't answer.
            if MISSING in there.values():
                found = _ask(client, metadata.version, other)
                there = {who: found[who] if v == MISSING else v for who, v in there.items()}
        _compare(name, here[name], there)


def _ask(client: Any, question: Callable[..., str], *arguments: str) -> dict[str, str]:
    """Return what each worker and the scheduler answer, `MISSING` where they can't."""
    answers = client.run(question, *arguments, on_error="return")
    named = {translate("cluster.worker", address=worker): a for worker, a in answers.items()}
    scheduler = translate("cluster.scheduler", address=client.scheduler.address)
    try:
        named[scheduler] = client.run_on_scheduler(question, *arguments)
    except metadata.PackageNotFoundError:
        named[scheduler] = MISSING
    return {who: a if isinstance(a, str) else MISSING for who, a in named.items()}


def _compare(name: str, here: str, there: dict[str, str]) -> None:
    for who, version in sorted(there.items()):
        if version != here:
            values = {"who": who, "name": name, "there": version, "here": here}
            raise ClusterError(translate("cluster.versions", **values))


def _installed(distributions: tuple[str, ...]) -> tuple[str, str]:
    """Return the name and the version of the first of these that is installed here."""
    for distribution in distributions:
        with contextlib.suppress(metadata.PackageNotFoundError):
            return distribution, metadata.version(distribution)
    return distributions[0], MISSING


def _minor(version: str) -> str:
    """Return "3.12" for "3.12.4": what one of them pickles, all of that line can read."""
    return ".".join(version.split(".")[:2])
