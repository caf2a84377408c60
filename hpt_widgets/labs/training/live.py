"""Training that follows the newest request: the part of the training lab that knows no screen."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hpt_widgets.data.dataset import SUBSET_SEED, Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.live_work import LiveListener, LiveWork, State
from hpt_widgets.language import translate
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import Weights
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import HistoryPoint, Run
from hpt_widgets.training.session import TrainingSession
from hpt_widgets.training.trainer import Trainer

# What a newer training cut short is handed over when that one has run for so long: the screen
# is busy enough with its first points.
SETTLING_SECONDS: Final = 0.2
# A new training rests so long behind its first point: on two cores it would take the page's turn,
# which has a frame to paint.
FRAME_SECONDS: Final = 0.03

Changes = Sequence[tuple[int, Mapping[str, object]]]
"""What was changed in mid-run: after how many samples, and the new values by name."""


@dataclass(frozen=True, eq=False)
class TrainingRequest:
    """What the reader wants trained.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        How to train.
    n_train : int
        Samples of the training split to use, a stratified subset of it.
    """

    hyperparameters: Hyperparameters
    n_train: int

    @property
    def total_samples(self) -> int:
        """Samples of the whole training, all epochs together."""
        return self.hyperparameters.epochs * self.n_train

    def settings(self) -> dict[str, object]:
        """Return all that was requested, by name."""
        return {**self.hyperparameters.to_dict(), "training_size": self.n_train}

    def record(self) -> dict[str, object]:
        """Return what a record keeps of it; see `Hyperparameters.to_record`."""
        return {**self.hyperparameters.to_record(), "training_size": self.n_train}

    def differences(self, other: TrainingRequest) -> dict[str, object]:
        """Return the settings, by name, in which this request differs from another."""
        theirs = other.settings()
        return {name: value for name, value in self.settings().items() if value != theirs[name]}


class TrainingListener(LiveListener, Protocol):
    """What a `LiveTraining` calls while it works, always on its worker's thread."""

    def on_begin(self, request: TrainingRequest) -> None:
        """React to a new training that begins."""

    def on_change(self, changes: Changes) -> None:
        """React to a change in mid-run; `changes` are all of this training so far."""

    def on_progress(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """React to a chunk of steps that is done."""

    def on_end(self, run: Run, request: TrainingRequest, superseded: bool) -> None:
        """React to a training that ended, superseded if a newer one took its place."""


class LiveTraining(LiveWork[TrainingRequest, TrainingListener]):
    """Trains what was requested last, and can be paused, stepped, changed and stopped.

    It serves a training chunk by chunk, and looks into the mailbox after each.

    Parameters
    ----------
    data : Dataset
        What to train on.
    listener : TrainingListener
        Whose methods are called.
    """

    def __init__(self, data: Dataset, listener: TrainingListener) -> None:
        super().__init__("hpt-training", listener)
        self.data = data
        self._trainers = {len(data.y_train): Trainer(data)}
        # What else the mailbox holds.
        self._fallback: TrainingRequest | None = None  # trained only if nothing is under way
        self._expected: TrainingRequest | None = None  # what the warm-up prepares
        self._changes: dict[str, object] = {}
        self._is_paused = False
        self._steps_requested = 0
        self._on_reset: Callable[[], None] | None = None
        # What is under way; only the worker's thread touches it.
        self._session: TrainingSession | None = None
        self._begun_at = 0.0
        self._is_unseen = False  # nothing of it has been drawn
        self._said: State = "ready"  # the state that the listener was told last
        self._superseded: list[tuple[TrainingSession, TrainingRequest]] = []

    @property
    def is_under_way(self) -> bool:
        """Whether a training is under way, be it paused, or waiting."""
        with self._lock:
            return (self.active or self._request or self._fallback) is not None

    # -- requests ----------------------------------------------------------------------------

    def change(self, request: TrainingRequest, changes: dict[str, object]) -> None:
        """Change hyperparameters of the training under way, from the next chunk on.

        If nothing is under way when the worker comes to it, `request` is trained instead.
        """
        with self._lock:
            self._changes.update(changes)
            self._fallback = request
        self._answer_soon()

    def pause(self) -> None:
        """Hold the training under way; `resume` continues it to the bit."""
        self._hold(True)

    def resume(self) -> None:
        """Go on with a paused training."""
        self._hold(False)

    def step(self, request: TrainingRequest) -> None:
        """Take a single update, of a new training of `request` if none is under way."""
        with self._lock:
            self._fallback = request
            self._is_paused = True
            self._steps_requested += 1
        self._answer_soon()

    def reset(self, then: Callable[[], None]) -> None:
        """Stop, call `then` on the worker's thread, and be ready as at the beginning."""
        with self._lock:
            self._forget()
            self._on_reset = then
        self._answer_soon()

    def prepare(self, request: TrainingRequest) -> None:
        """Load TensorFlow, the data and the traced loop before the first training needs them."""
        with self._lock:
            self._expected = request
        self.warm_up()

    def weights(self) -> Weights:
        """Return a copy of the present training's weights; only for the listener."""
        if self._session is None:
            raise RuntimeError(translate("training.nothing_under_way"))
        return self._session.weights()

    def close(self) -> bool:
        """Drop everything and end the thread; return whether it has ended already."""
        has_ended = super().close()
        if has_ended:
            self._drop_session()
            self._superseded.clear()
        return has_ended

    def _hold(self, is_paused: bool) -> None:
        with self._lock:
            self._is_paused = is_paused
            self._steps_requested = 0
        self._answer_soon()

    def _answer_soon(self) -> None:
        """Wake the worker, and let it not finish the chunk of steps that it is at."""
        session = self._session
        if session is not None:
            # What a newer training takes the place of needs no more measuring.
            session.interrupt(given_up=self._request is not None)
        super()._answer_soon()

    def _forget(self) -> None:
        super()._forget()
        self._fallback = None
        self._changes.clear()
        self._is_paused = False
        self._steps_requested = 0

    def _drop(self) -> None:
        """Do nothing: a stop would hand the training over as ended, and a closed lab keeps none."""

    # -- the worker's side -------------------------------------------------------------------

    def _asks_for_tensorflow(self) -> bool:
        return super()._asks_for_tensorflow() or self._fallback is not None

    def _serve_request(self) -> bool:
        """Do what the mailbox asks for, and one chunk of steps."""
        with self._lock:
            request, self._request = self._request, None
            fallback, self._fallback = self._fallback, None
            changes, self._changes = self._changes, {}
            # Something newer supersedes what is under way; else it is stopped.
            is_stopped = self._stop.is_set() and request is None
            self._stop.clear()
            on_reset, self._on_reset = self._on_reset, None
        if self._session is not None and (is_stopped or on_reset is not None):
            self._session.stop()
            self._end(self._session)
        if on_reset is not None:
            on_reset()
            self._set_state("ready")
        if request is None and self._session is None and fallback is not None:
            request, changes = fallback, {}
        if request is not None:
            self._begin(request)
        if self._session is not None and changes:
            self._session.change(**changes)
            self._listener.on_change(self._session.changes)
        has_advanced = self._advance()
        return self._finish_superseded() or has_advanced

    def _begin(self, request: TrainingRequest) -> None:
        before, superseded = self._session, self.active
        self._session = self.active = None
        if before is not None and superseded is not None:
            before.suspend()
            if any(not math.isnan(point.validation_accuracy) for point in before.points):
                self._superseded.append((before, superseded))
        self._session = self._new_session(request)
        self.active = request
        self._begun_at = time.monotonic()
        self._is_unseen = True
        self._listener.on_begin(request)

    def _new_session(self, request: TrainingRequest) -> TrainingSession:
        return self._trainer(request.n_train).session(request.hyperparameters)

    def _trainer(self, n_train: int) -> Trainer:
        """Return the trainer for a subset; only the whole data and one subset are kept."""
        if n_train not in self._trainers:
            whole = len(self.data.y_train)
            self._trainers = {
                whole: self._trainers[whole],
                n_train: Trainer(self.data.take(n_train, seed=SUBSET_SEED)),
            }
        return self._trainers[n_train]

    def _advance(self) -> bool:
        """Train one chunk; return False if there is nothing to train, or it is paused."""
        session = self._session
        if session is None:
            self._forget_pause()
            return False
        with self._lock:
            is_held = self._is_paused and self._steps_requested == 0
            is_single = self._is_paused and not is_held
            if is_single:
                self._steps_requested -= 1
        if is_held:
            session.suspend()
            if self.state != "paused":
                self._set_state("paused")
            return False
        self.state = "training"
        progress = session.advance(max_steps=1 if is_single else None)
        if session.ended is None and self._is_superseded():
            # Its curve is drawn once more when it is handed over; the new one's is waited for.
            return True
        self._listener.on_progress(session.points, progress)
        if self._is_unseen and session.ended is None:
            self._worker.rest(FRAME_SECONDS)
        self._is_unseen = False
        if self._said != "training":
            # Only now that the first point is drawn: a slider's answer comes first.
            self._set_state("training")
        if session.ended is not None:
            self._end(session)
        return True

    def _forget_pause(self) -> None:
        """Forget a pause and steps that no training is left for."""
        with self._lock:
            if self._request is None and self._fallback is None:
                self._is_paused = False
                self._steps_requested = 0

    def _end(self, session: TrainingSession) -> None:
        run = session.result()
        session.suspend()
        request, self.active = self.active, None
        self._session = None
        if request is not None:
            self._listener.on_end(run, request, superseded=False)
            self._jobs.put("prepare", lambda: self._new_session(request).prepare())
        self._set_state("ended")

    def _finish_superseded(self) -> bool:
        """Hand over what a newer request cut short, when the new training has settled or ended.

        A training without any validation can't be compared with others and was dropped, so
        that a slider that is dragged doesn't leave a trail of runs.
        """
        settling = time.monotonic() - self._begun_at < SETTLING_SECONDS
        is_running = self._session is not None and self.state == "training"
        if not self._superseded or (is_running and settling):
            return False
        session, request = self._superseded.pop(0)
        session.stop()
        self._listener.on_end(session.result(validate=False), request, superseded=True)
        return True

    def _prepare(self) -> None:
        """Trace the loop for the training that will probably be requested."""
        with self._lock:
            request, self._expected = self._expected, None
        if request is not None:
            session = self._new_session(request)
            session.advance(max_steps=1)
            session.suspend()
            self._new_session(request).prepare()
            if not self._is_superseded():
                # The note of the runs names their data. A run that waits comes first.
                data_fingerprint(self.data)

    def _set_state(self, state: State) -> None:
        self._said = state
        super()._set_state(state)

    def _drop_session(self) -> None:
        session, self._session = self._session, None
        self.active = None
        if session is not None:
            session.suspend()

    def _fail(self, error: BaseException) -> None:
        with contextlib.suppress(Exception):  # what failed first is what is reported
            self._drop_session()
        super()._fail(error)
        if self._superseded:
            self._worker.wake()
