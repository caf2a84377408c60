"""Work that goes on behind a lab, on a thread of its own: one state machine for every kind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Generic, Literal, Protocol, TypeVar

from hpt_widgets.labs.kit.worker import Jobs, Worker
from hpt_widgets.support.tensorflow_loader import is_loaded, load_tensorflow

JOIN_SECONDS: Final = 10.0

State = Literal[
    "ready", "warming_up", "training", "searching", "testing", "paused", "stopped", "ended",
    "failed",
]  # fmt: skip
"""What a lab may be doing."""


class LiveListener(Protocol):
    """What every `LiveWork` calls, on its own thread."""

    def on_state(self, state: State) -> None:
        """React to a state, a new one or the same of a new request."""

    def on_error(self, error: BaseException) -> None:
        """React to a failure; the next request is served all the same."""


Request = TypeVar("Request")
Listener = TypeVar("Listener", bound=LiveListener)


class LiveWork(Generic[Request, Listener]):
    """Serves the newest request, and notifies a listener; every method returns at once.

    It is "ready" at first, "warming_up" while TensorFlow loads, and "failed" after an error; what
    lies between is the subclass's, which serves a request in `_run`.

    Parameters
    ----------
    name : str
        Name of the thread.
    listener : LiveListener
        Whose methods are called.
    needs_tensorflow : bool, default True
        Whether TensorFlow must be there before a request is served.

    Attributes
    ----------
    state : State
        What is being done.
    active : request or None
        The request under way.
    """

    def __init__(self, name: str, listener: Listener, *, needs_tensorflow: bool = True) -> None:
        self.needs_tensorflow = needs_tensorflow
        self.state: State = "ready"
        self.active: Request | None = None
        self._listener = listener
        self._worker = Worker(self._serve, self._fail, name)
        self._lock = threading.Lock()
        # The mailbox: what was requested and has not been taken up yet.
        self._request: Request | None = None
        self._stop = threading.Event()  # of the request under way: each has its own
        self._is_warm_up_requested = False
        self._jobs = Jobs()

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way or waiting; what is paused counts as nothing."""
        return self._worker.is_busy

    @property
    def is_under_way(self) -> bool:
        """Whether a request is under way or waiting."""
        with self._lock:
            return self.active is not None or self._request is not None

    @property
    def thread(self) -> threading.Thread | None:
        """The thread that serves; None while there is none."""
        return self._worker.thread

    def should_yield(self) -> bool:
        """Whether a job that takes long should make room for something newer."""
        return self._worker.should_yield

    def submit(self, request: Request) -> None:
        """Serve this instead of whatever is under way or waiting."""
        with self._lock:
            self._forget()
            self._request = request
            # What a request needs it gets by itself; nothing is prepared behind it for another.
            self._is_warm_up_requested = False
            self._stop.set()
        self._answer_soon()

    def stop(self) -> None:
        """End what is under way, and drop what waits."""
        with self._lock:
            self._forget()
            self._stop.set()
        self._answer_soon()

    def warm_up(self) -> None:
        """Load what the first request needs, TensorFlow included, before it comes."""
        if self.needs_tensorflow:
            with self._lock:
                self._is_warm_up_requested = True
            self._worker.wake()

    def do(self, name: str, job: Callable[[], None]) -> None:
        """Have a job done when no request waits; a newer one of the same name replaces it."""
        self._jobs.put(name, job)
        self._worker.wake()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is under way or waiting; return False if that took too long."""
        return self._worker.wait(timeout)

    def close(self) -> bool:
        """Drop everything and end the thread; return whether it has ended already."""
        with self._lock:
            self._forget()
            self._is_warm_up_requested = False
            self._drop()
        self._jobs.clear()
        # TensorFlow's import can't be cut short, and nobody should have to wait for it: the
        # thread ends by itself behind it.
        is_importing = self.needs_tensorflow and not is_loaded()
        return self._worker.close(0.0 if is_importing else JOIN_SECONDS)

    # -- what a subclass has of its own; `_forget` and `_drop` are called under the lock --------

    def _run(self, request: Request, stop: threading.Event) -> State | None:
        """Serve a request, and end soon once `stop` is set; return the state that it ends in.

        None leaves the state as it is, where a newer request takes its place at once.
        """
        raise NotImplementedError

    def _prepare(self) -> None:
        """Do what makes the first request faster; TensorFlow is loaded."""

    def _answer_soon(self) -> None:
        """Let the thread look into the mailbox as soon as it can."""
        try:
            self._worker.wake()
        except RuntimeError:
            # Without a thread the request would wait for ever, and count as under way.
            with self._lock:
                self._forget()
            raise

    def _forget(self) -> None:
        """Empty the mailbox."""
        self._request = None

    def _drop(self) -> None:
        """Let what is under way end soon: the lab is being closed."""
        self._stop.set()

    # -- the worker's side -----------------------------------------------------------------------

    def _serve(self) -> bool:
        """Do one piece of work; return whether there may be more."""
        self._load_tensorflow_if_needed()
        if self._serve_request() or self._serve_warm_up() or self._jobs.do_one():
            return True
        if self.state == "warming_up":
            self._set_state("ready")
        return False

    def _load_tensorflow_if_needed(self) -> None:
        with self._lock:
            is_needed = self.needs_tensorflow and self._asks_for_tensorflow()
        if not is_needed or is_loaded():
            return
        self._set_state("warming_up")
        try:
            load_tensorflow()
        except Exception:
            with self._lock:
                self._forget()
                self._is_warm_up_requested = False
            raise

    def _asks_for_tensorflow(self) -> bool:
        return self._is_warm_up_requested or self._request is not None

    def _serve_request(self) -> bool:
        with self._lock:
            request, self._request = self._request, None
            if request is None:
                return False
            self.active = request
            # An event of its own: an old stop must not end a newer request.
            stop = self._stop = threading.Event()
        try:
            state = self._run(request, stop)
        finally:
            self.active = None
        if state is not None:
            self._set_state(state)
        return True

    def _serve_warm_up(self) -> bool:
        with self._lock:
            is_requested, self._is_warm_up_requested = self._is_warm_up_requested, False
        if is_requested:
            self._prepare()
        return is_requested

    def _is_superseded(self) -> bool:
        """Return whether a newer request waits."""
        with self._lock:
            return self._request is not None

    def _set_state(self, state: State) -> None:
        self.state = state
        self._listener.on_state(state)

    def _fail(self, error: BaseException) -> None:
        """Report what a piece of work raised."""
        self._listener.on_error(error)
        self._set_state("failed")
        if self._jobs:
            self._worker.wake()
