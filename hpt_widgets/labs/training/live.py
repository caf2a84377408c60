"""Training that follows the newest wish: the part of the training lab that knows no screen."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.labs.kit.live_work import LiveWork
from hpt_widgets.labs.kit.worker import Jobs
from hpt_widgets.language import translate
from hpt_widgets.support.tensorflow_loader import is_loaded, load_tensorflow
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import Weights
from hpt_widgets.training.run import HistoryPoint, Run
from hpt_widgets.training.session import Progress, Trainer, TrainingSession

# What a newer training cut short is handed over when that one has run for so long: the screen
# is busy enough with its first points.
SETTLING_SECONDS: Final = 0.2

State = Literal["ready", "warming_up", "training", "paused", "ended", "failed"]

# Which subset of the training samples is used where not all are.
SUBSET_SEED: Final = 0


@dataclass(frozen=True, eq=False)
class TrainingWish:
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
        """Return all that was wished for, by name."""
        return {**self.hyperparameters.to_dict(), "training_size": self.n_train}

    def differences(self, other: TrainingWish) -> dict[str, object]:
        """Return the settings, by name, in which this wish differs from another."""
        theirs = other.settings()
        return {name: value for name, value in self.settings().items() if value != theirs[name]}


class TrainingListener(Protocol):
    """What a `LiveTraining` tells while it works, always on its worker's thread."""

    def on_state(self, state: State) -> None:
        """Take note of a new state."""

    def on_begin(self, wish: TrainingWish) -> None:
        """Take note that a new training begins."""

    def on_progress(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """Take note of a chunk of steps that is done."""

    def on_end(self, run: Run, wish: TrainingWish, superseded: bool) -> None:
        """Take note of a training that ended, superseded if a newer one took its place."""

    def on_error(self, error: BaseException) -> None:
        """Take note of a failure; the next wish is served all the same."""


class LiveTraining(LiveWork):
    """Trains what was wished for last, and can be paused, stepped, changed and stopped.

    Every method returns at once: it leaves a wish, and the worker's thread takes the newest.

    Parameters
    ----------
    data : Dataset
        What to train on.
    listener : TrainingListener
        Who is told.
    """

    def __init__(self, data: Dataset, listener: TrainingListener) -> None:
        super().__init__("hpt-training")
        whole = Trainer(data)
        self.data = data
        self.state: State = "ready"
        self._listener = listener
        self._trainers = {len(data.y_train): whole}
        # The mailbox: what was wished for and has not been taken up yet.
        self._wish: TrainingWish | None = None
        self._fallback: TrainingWish | None = None  # trained only if nothing is under way
        self._warm_up: TrainingWish | None = None
        self._changes: dict[str, object] = {}
        self._jobs = Jobs()
        self._paused = False
        self._steps_wanted = 0
        self._stop_wanted = False
        self._on_reset: Callable[[], None] | None = None
        # What is under way; only the worker's thread touches it.
        self._session: TrainingSession | None = None
        self._session_wish: TrainingWish | None = None
        self._begun_at = 0.0
        self._superseded: list[tuple[TrainingSession, TrainingWish]] = []

    # -- wishes ------------------------------------------------------------------------------

    def train(self, wish: TrainingWish) -> None:
        """Train this instead of whatever is under way."""
        with self._lock:
            self._forget_wishes()
            self._wish = wish
            self._stop_wanted = False
        self._answer_soon()

    def change(self, wish: TrainingWish, changes: dict[str, object]) -> None:
        """Change hyperparameters of the training under way, from the next chunk on.

        If nothing is under way when the worker comes to it, `wish` is trained instead.
        """
        with self._lock:
            self._changes.update(changes)
            self._fallback = wish
        self._answer_soon()

    def pause(self) -> None:
        """Hold the training under way; `resume` continues it to the bit."""
        with self._lock:
            self._paused = True
            self._steps_wanted = 0
        self._answer_soon()

    def resume(self) -> None:
        """Go on with a paused training."""
        with self._lock:
            self._paused = False
            self._steps_wanted = 0
        self._answer_soon()

    def step(self, wish: TrainingWish) -> None:
        """Take a single update, of a new training of `wish` if none is under way."""
        with self._lock:
            self._fallback = wish
            self._paused = True
            self._steps_wanted += 1
        self._answer_soon()

    def stop(self) -> None:
        """End the training under way within one chunk, and keep what it came to.

        A training that was wished for and has not begun is dropped.
        """
        with self._lock:
            self._forget_wishes()
            self._stop_wanted = True
        self._answer_soon()

    def reset(self, then: Callable[[], None]) -> None:
        """Stop, call `then` on the worker's thread, and be ready as at the beginning."""
        with self._lock:
            self._forget_wishes()
            self._on_reset = then
        self._answer_soon()

    def warm_up(self, wish: TrainingWish) -> None:
        """Load TensorFlow, the data and the traced loop before the first training needs them."""
        with self._lock:
            self._warm_up = wish
        self._worker.wake()

    def do(self, name: str, job: Callable[[], None]) -> None:
        """Have a job done when no training waits; a newer one of the same name replaces it."""
        self._jobs.put(name, job)
        self._worker.wake()

    def weights(self) -> Weights:
        """Return a copy of the present training's weights; only for the listener."""
        if self._session is None:
            raise RuntimeError(translate("training.nothing_under_way"))
        return self._session.weights()

    def is_wanted(self) -> bool:
        """Whether a job that takes long should make room for something newer."""
        return self._worker.is_wanted

    def close(self) -> bool:
        """Drop everything and end the thread; return whether it has ended already."""
        has_ended = super().close()
        if has_ended:
            self._drop_session()
            self._superseded.clear()
        return has_ended

    def _drop(self) -> None:
        with self._lock:
            self._forget_wishes()
            self._warm_up = None
        self._jobs.clear()

    def _answer_soon(self) -> None:
        """Wake the worker, and let it not finish the chunk of steps that it is at."""
        session = self._session
        if session is not None:
            session.interrupt()
        self._worker.wake()

    def _forget_wishes(self) -> None:
        """Empty the mailbox of all that concerns a training; the lock is held."""
        self._wish = self._fallback = None
        self._changes.clear()
        self._paused = False
        self._steps_wanted = 0

    # -- the worker's side -------------------------------------------------------------------

    def _serve(self) -> bool:
        """Do one short piece of work; return whether there is more."""
        self._load_if_needed()
        with self._lock:
            wish, self._wish = self._wish, None
            fallback, self._fallback = self._fallback, None
            changes, self._changes = self._changes, {}
            stop, self._stop_wanted = self._stop_wanted, False
            on_reset, self._on_reset = self._on_reset, None
        if self._session is not None and (stop or on_reset is not None):
            self._session.stop()
            self._end(self._session)
        if on_reset is not None:
            on_reset()
            self._set_state("ready")
        if wish is None and self._session is None and fallback is not None:
            wish, changes = fallback, {}
        if wish is not None:
            self._begin(wish)
        if self._session is not None and changes:
            self._session.change(**changes)
        worked = self._advance()
        worked = self._finish_superseded() or worked or self._prepare() or self._jobs.do_one()
        if not worked and self._session is None and self.state == "warming_up":
            self._set_state("ready")
        return worked

    def _load_if_needed(self) -> None:
        with self._lock:
            wishes = (self._wish, self._fallback, self._warm_up)
        if is_loaded() or all(wish is None for wish in wishes):
            return
        self._set_state("warming_up")
        try:
            load_tensorflow()
        except Exception:
            with self._lock:
                self._forget_wishes()
                self._warm_up = None
            raise

    def _begin(self, wish: TrainingWish) -> None:
        before, before_wish = self._session, self._session_wish
        self._session = self._session_wish = None
        if before is not None and before_wish is not None:
            before.suspend()
            if any(not math.isnan(point.validation_accuracy) for point in before.points):
                self._superseded.append((before, before_wish))
        self._session = self._trainer(wish.n_train).session(wish.hyperparameters)
        self._session_wish = wish
        self._begun_at = time.monotonic()
        self._listener.on_begin(wish)

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
        session = self._session
        if session is None:
            self._let_go()
            return False
        with self._lock:
            held = self._paused and self._steps_wanted == 0
            single = self._paused and not held
            if single:
                self._steps_wanted -= 1
        if held:
            session.suspend()
            self._set_state("paused")
            return False
        was, self.state = self.state, "training"
        progress = session.advance(max_steps=1 if single else None)
        self._listener.on_progress(session.points, progress)
        if was != "training":
            # Said after the first point is drawn: a slider's answer comes first.
            self._listener.on_state("training")
        if session.ended is not None:
            self._end(session)
        return True

    def _let_go(self) -> None:
        """Forget a pause and steps that no training is left for."""
        with self._lock:
            if self._wish is None and self._fallback is None:
                self._paused = False
                self._steps_wanted = 0

    def _end(self, session: TrainingSession) -> None:
        run = session.result()
        session.suspend()
        wish = self._session_wish
        self._session = self._session_wish = None
        if wish is not None:
            self._listener.on_end(run, wish, superseded=False)
        self._set_state("ended")

    def _finish_superseded(self) -> bool:
        """Hand over what a newer wish cut short, when the new training has settled or ended.

        A training without any validation can't be compared with others and was dropped, so
        that a slider that is dragged doesn't leave a trail of runs.
        """
        settling = time.monotonic() - self._begun_at < SETTLING_SECONDS
        is_running = self._session is not None and self.state == "training"
        if not self._superseded or (is_running and settling):
            return False
        session, wish = self._superseded.pop(0)
        session.stop()
        self._listener.on_end(session.result(validate=False), wish, superseded=True)
        return True

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._listener.on_state(state)

    def _prepare(self) -> bool:
        """Trace the loop for the training that will probably be wished for."""
        with self._lock:
            wish, self._warm_up = self._warm_up, None
        if wish is None:
            return False
        session = self._trainer(wish.n_train).session(wish.hyperparameters)
        session.advance(max_steps=1)
        session.suspend()
        return True

    def _drop_session(self) -> None:
        session, self._session = self._session, None
        self._session_wish = None
        if session is not None:
            session.suspend()

    def _fail(self, error: BaseException) -> None:
        with contextlib.suppress(Exception):  # what failed first is what is told
            self._drop_session()
        self._listener.on_error(error)
        self.state = "failed"
        self._listener.on_state("failed")
        if self._superseded or self._jobs:
            self._worker.wake()
