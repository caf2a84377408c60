"""A training that is taken a chunk at a time, and stops within a few dozen milliseconds.

``TrainingSession`` is what a lab holds: it can be paused, continued, changed in mid-run and
stopped. `hpt_widgets.training.trainer` has the one-liners.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.scaling import unscaled_note
from hpt_widgets.language import translate
from hpt_widgets.support.process_memory import release_free_memory
from hpt_widgets.support.stopwatch import Stopwatch
from hpt_widgets.support.tensorflow_loader import is_forked, refuse_after_fork, threads_are_limited
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import Weights, check_memory, initial_weights, layer_sizes
from hpt_widgets.training.parametrization import initial_factors, weight_rates
from hpt_widgets.training.program import Architecture, ProgramState, StepSettings, TrainingProgram
from hpt_widgets.training.program_pool import PROGRAMS
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.randomness import (
    Seeds,
    epoch_order,
    first_epoch_order,
    initial_tensors,
    initial_tensors_are_kept,
)
from hpt_widgets.training.record_plan import RecordPlan
from hpt_widgets.training.run import Ending, HistoryPoint, Run, describe_ending
from hpt_widgets.training.samples import TrainingSamples
from hpt_widgets.training.schedule import is_constant, rate_factors

CHUNK_SECONDS: Final = 0.04
# The first chunk is small, so that a first loss value is there within a few milliseconds.
FIRST_CHUNK_SAMPLES: Final = 64
FIRST_CHUNK_STEPS: Final = 64
# A chunk's speed is only an estimate for the next: it may grow by this factor at most.
CHUNK_GROWTH: Final = 4
CHANGEABLE: Final = ("learning_rate", "batch_size", "dropout_rate", "weight_decay")


class TrainingSession:
    """One training that can be taken a chunk at a time.

    It holds a traced program only while it runs: `suspend` gives that back and keeps the
    weights, so a session can be forgotten at any time.

    Parameters
    ----------
    samples : TrainingSamples
        What to train on.
    hp : Hyperparameters
        How to train.
    seeds : Seeds, optional
        For an experiment that tells the kinds of chance apart; all are the seed of `hp` by default.

    Raises
    ------
    ValueError
        If the network has more than 20 million weights.
    """

    def __init__(
        self, samples: TrainingSamples, hp: Hyperparameters, seeds: Seeds | None = None
    ) -> None:
        check_memory(hp, samples.n_features, samples.n_classes)
        self.hyperparameters = hp
        self.ended: Ending | None = None
        self._current = hp
        self._seeds = Seeds.all_from(hp.seed) if seeds is None else seeds
        self._samples = samples
        self._sizes = layer_sizes(hp, samples.n_features, samples.n_classes)
        self._initial_factors = initial_factors(hp, self._sizes)
        self._weight_rates = weight_rates(hp, self._sizes)
        self._architecture = Architecture(len(self._sizes) - 1, hp.activation, hp.optimizer)
        self._program: TrainingProgram | None = None
        self._state: ProgramState | None = None
        self._step = 0
        self._epoch = 0
        self._position = 0
        self._order: Any = None
        self._plan = RecordPlan.for_epoch(samples.n_train, hp.epochs, first=True)
        self._loss_sum = 0.0
        self._loss_samples = 0
        self._seconds = 0.0
        self._seconds_per_step: float | None = None
        self._chunk_steps = 0
        self._points: list[HistoryPoint] = []
        self._changes: list[tuple[int, dict[str, object]]] = []

    # -- what it is --------------------------------------------------------------------------

    @property
    def samples_seen(self) -> int:
        """Samples trained on so far, all epochs together."""
        return self._epoch * self._samples.n_train + self._position

    @property
    def total_samples(self) -> int:
        """Samples of the whole run."""
        return self.hyperparameters.epochs * self._samples.n_train

    @property
    def points(self) -> tuple[HistoryPoint, ...]:
        """The rows of the history so far."""
        return tuple(self._points)

    @property
    def changes(self) -> tuple[tuple[int, dict[str, object]], ...]:
        """What was changed in mid-run: after how many samples, and the new values."""
        return tuple(self._changes)

    @property
    def batch_size(self) -> int:
        """The batch size in use, clipped to the training data."""
        return min(self._current.batch_size, self._samples.n_train)

    # -- what it does ------------------------------------------------------------------------

    def advance(self, max_steps: int | None = None) -> Progress:
        """Take one chunk of steps, about 40 ms of work, and report.

        Parameters
        ----------
        max_steps : int, optional
            Take no more steps than this; 1 is a single update.

        Returns
        -------
        Progress
            Where the training stands.

        Raises
        ------
        RuntimeError
            If the training has ended.
        """
        if self.ended is not None:
            raise RuntimeError(translate("training.already_ended", reason=self._reason()))
        started = time.perf_counter()
        program = self._running_program()
        self._make_up_for_interruption(program, started)
        stopwatch = Stopwatch()
        steps = self._next_chunk(max_steps)
        result = program.train_chunk(
            self._samples.train,
            self._epoch_order(),
            self._position,
            steps,
            self._step,
            self._step_settings(steps),
            self._loss_sum,
        )
        # What a call of TensorFlow waits for a processor is no longer for many steps than for one:
        # counted, it would make chunks so short on a busy machine that hardly anything is trained.
        self._estimate_speed(stopwatch.seconds_at_work(), result.steps)
        self._count(result.steps, result.loss_sum)
        point = self._record(program, started, result.diverged)
        self._seconds += time.perf_counter() - started
        self._end_if_done(result.diverged)
        if self.ended is not None:
            self.suspend()
            release_free_memory()  # the gradients of a wide network are some MB
        return self._progress(point)

    def prepare(self) -> None:
        """Let the first `advance` of a training that begins like this one come sooner.

        A training that begins from the same weights, whatever its learning rate, finds them in
        place. Nothing is traced, and a session that has begun is left alone, as is a network whose
        initial weights are drawn anew for each run.
        """
        has_begun = self._program is not None or self._state is not None
        if has_begun or not initial_tensors_are_kept(self._sizes):
            return
        program = PROGRAMS.lease_idle(self._architecture)
        if program is not None:
            self._put_at_start(program)
            PROGRAMS.give_back(program)

    def interrupt(self, given_up: bool = False) -> None:
        """Let an `advance` that is under way on another thread return after its present step.

        It only cuts the chunk shorter: the training goes on with the next `advance`, and comes
        to the same result to the bit.

        Parameters
        ----------
        given_up : bool, default False
            Whether it will probably not go on: then a validation is cut short too. If it does go
            on, that is made anew before the next step.
        """
        program = self._program
        if program is not None:
            program.interrupt(given_up)

    def change(self, **changes: object) -> None:
        """Change the learning rate, batch size, dropout rate or weight decay from here on.

        Parameters
        ----------
        **changes : object
            New values by name: ``learning_rate``, ``batch_size``, ``dropout_rate``,
            ``weight_decay``.

        Raises
        ------
        ValueError
            If another hyperparameter is named, which belongs to a new training, or a value is out
            of range.
        TypeError
            If a value is of another type.
        """
        for name in changes:
            if name not in CHANGEABLE:
                allowed = ", ".join(CHANGEABLE)
                raise ValueError(
                    translate("training.fixed_while_running", field=name, allowed=allowed)
                )
        before = self._current
        self._current = before.replace(**changes)
        changed = self._current.differences(before)
        if changed:
            self._changes.append((self.samples_seen, changed))
            self._seconds_per_step = None

    def suspend(self) -> None:
        """Give the traced program back; the next `advance` continues to the bit."""
        if is_forked():
            self._program = None  # the parent's; a forked process can't even read its weights
        if self._program is not None:
            self._state = self._program.state()
            PROGRAMS.give_back(self._program)
            self._program = None

    def stop(self) -> None:
        """End the training here, if it has not ended already."""
        if self.ended is None:
            self.ended = "stopped"

    def weights(self) -> Weights:
        """Return a copy of the weights as they are now."""
        if self._program is not None:
            refuse_after_fork()
            return self._program.weights()
        if self._state is not None:
            return [weight.numpy().copy() for weight in self._state.weights]
        return initial_weights(self._sizes, self._seeds.weights, self._initial_factors)

    def predict_proba(self, features: Any) -> NDArray[np.float32]:
        """Return class probabilities of samples (n, n_features) for the weights as they are.

        Parameters
        ----------
        features : Tensor or ndarray of float32, shape (n_samples, n_features)
            The samples, flattened; `features_on_device` has those of a split.

        Returns
        -------
        ndarray of float32, shape (n_samples, n_classes)
        """
        with self._borrowed_program() as program:
            return program.predict_proba(features)

    def result(self, validate: bool = True, validation: tuple[Any, Any] | None = None) -> Run:
        """Return the run as it stands; one that still runs counts as stopped.

        The last row of its history is one of the last weights. Asking for the run leaves no
        mark on a training that goes on.

        Parameters
        ----------
        validate : bool, default True
            Let that row also hold the validation of these weights, which takes about 30 ms
            for MNIST where it has not been measured already.
        validation : (Tensor, Tensor), optional
            Features and labels to measure them on where the training was given none.
        """
        points, seconds = self._points_to_the_end(validate, validation)
        notes = []
        if self.batch_size < self._current.batch_size:
            asked = self._current.batch_size
            notes.append(translate("training.batch_clipped", asked=asked, used=self.batch_size))
        if note := unscaled_note(self._samples.typical_size):
            notes.append(note)
        if not threads_are_limited():
            notes.append(translate("training.slow_threads"))
        return Run(
            hyperparameters=self.hyperparameters,
            points=tuple(points),
            weights=self.weights(),
            ended=self.ended or "stopped",
            seconds=seconds,
            n_features=self._samples.n_features,
            n_classes=self._samples.n_classes,
            notes=tuple(notes),
            changes=self.changes,
            data=self._samples.code,
        )

    # -- parts ---------------------------------------------------------------------------------

    def _running_program(self) -> TrainingProgram:
        refuse_after_fork()
        if self._program is None:
            program = PROGRAMS.lease(self._architecture)
            if self._state is None:
                self._put_at_start(program)
            else:
                program.load(self._state)
            self._program = program
        return self._program

    def _put_at_start(self, program: TrainingProgram) -> None:
        start = initial_tensors(self._sizes, self._seeds.weights, self._initial_factors)
        program.start_from(start, self.hyperparameters.epsilon)

    @contextlib.contextmanager
    def _borrowed_program(self) -> Iterator[TrainingProgram]:
        """Use the program, and give it back unless the training was running with it."""
        running = self._program is not None
        program = self._running_program()
        try:
            yield program
        finally:
            if not running:
                self.suspend()

    def _step_settings(self, steps: int) -> StepSettings:
        hp = self._current
        return StepSettings(
            self.batch_size,
            hp.learning_rate,
            hp.dropout_rate,
            hp.weight_decay,
            self._seeds.dropout,
            hp.momentum,
            hp.epsilon,
            None if is_constant(hp) else self._rate_factors(steps),
            self._weight_rates,
        )

    def _rate_factors(self, steps: int) -> NDArray[np.float64]:
        """Return the schedule's factor on the rate in each of the next steps."""
        # By the place in the data: where the batch size was changed in mid-run, the schedule goes
        # on from the share of the training that is done.
        steps_per_epoch = math.ceil(self._samples.n_train / self.batch_size)
        done = self._epoch * steps_per_epoch + self._position // self.batch_size
        total = self.hyperparameters.epochs * steps_per_epoch
        return rate_factors(self._current, done, steps, total)

    def _epoch_order(self) -> Any:
        if self._order is None:
            order_of = epoch_order if self._epoch else first_epoch_order
            self._order = order_of(self._samples.n_train, self._seeds.order, self._epoch)
        return self._order

    def _next_point(self) -> int:
        return next(point for point in self._plan.points if point > self._position)

    def _next_chunk(self, max_steps: int | None) -> int:
        """Return the number of steps for `CHUNK_SECONDS` of work, up to the next row at most."""
        if self._seconds_per_step is None:
            steps = min(FIRST_CHUNK_STEPS, FIRST_CHUNK_SAMPLES // self.batch_size)
        else:
            wanted = int(CHUNK_SECONDS / self._seconds_per_step)
            steps = min(wanted, self._chunk_steps * CHUNK_GROWTH)
        self._chunk_steps = max(1, steps)
        until_point = math.ceil((self._next_point() - self._position) / self.batch_size)
        limits = [self._chunk_steps, until_point]
        if max_steps is not None:
            limits.append(max(1, max_steps))
        return min(limits)

    def _estimate_speed(self, seconds: float, steps: int) -> None:
        self._seconds_per_step = max(seconds / max(steps, 1), 1e-7)

    def _count(self, steps: int, loss_sum: float) -> None:
        before = self._position
        self._position = min(before + steps * self.batch_size, self._samples.n_train)
        self._step += steps
        self._loss_sum = loss_sum
        self._loss_samples += self._position - before

    def _record(
        self, program: TrainingProgram, started: float, diverged: bool
    ) -> HistoryPoint | None:
        """Append a row if the chunk reached a point of the plan, or diverged."""
        reached = self._unrecorded_points()
        if not reached and not diverged:
            return None
        measured: tuple[float, float] | None = math.nan, math.nan
        held_out = self._samples.validation
        if held_out is not None and (diverged or not self._plan.validated.isdisjoint(reached)):
            if diverged or self.samples_seen >= self.total_samples:
                measured = program.evaluate(held_out)
            else:
                measured = program.evaluate_unless_given_up(held_out)
        return None if measured is None else self._append_row(started, measured)

    def _append_row(self, started: float, measured: tuple[float, float]) -> HistoryPoint:
        seconds = self._seconds + time.perf_counter() - started
        point = HistoryPoint(*self._where(), seconds, self._mean_loss(), *measured)
        self._points.append(point)
        self._loss_sum, self._loss_samples = 0.0, 0
        return point

    def _make_up_for_interruption(self, program: TrainingProgram, started: float) -> None:
        """Append the row whose validation was interrupted, if there is one."""
        held_out = self._samples.validation
        if held_out is not None and self._unrecorded_points():
            self._append_row(started, program.evaluate(held_out))
            self._end_if_done(diverged=False)

    def _unrecorded_points(self) -> list[int]:
        """Return the points of the plan that this epoch has come to since the last row."""
        return [p for p in self._plan.points if self._recorded_position < p <= self._position]

    @property
    def _recorded_position(self) -> int:
        """The position in this epoch up to which rows have been recorded."""
        last = self._points[-1].samples if self._points else 0
        return last - self._epoch * self._samples.n_train

    def _where(self) -> tuple[int, float]:
        return self.samples_seen, self.samples_seen / self._samples.n_train

    def _mean_loss(self) -> float:
        return self._loss_sum / self._loss_samples if self._loss_samples else math.nan

    def _reason(self) -> str:
        """Say how the training ended."""
        loss = self._points[-1].training_loss if self._points else math.nan
        return describe_ending(self.ended or "stopped", loss, self._samples.n_classes)

    def _end_if_done(self, diverged: bool) -> None:
        if diverged:
            self.ended = "diverged"
        elif self.samples_seen >= self.total_samples:
            self.ended = "finished"
        elif self._position >= self._samples.n_train and not self._unrecorded_points():
            self._epoch += 1
            self._position = 0
            self._order = None
            epochs = self.hyperparameters.epochs
            self._plan = RecordPlan.for_epoch(self._samples.n_train, epochs, first=False)

    def _progress(self, point: HistoryPoint | None) -> Progress:
        samples, epoch = self._where()
        speed = samples / self._seconds if self._seconds > 0 else math.inf
        fresh = point is not None and not math.isnan(point.validation_accuracy)
        return Progress(
            samples_seen=samples,
            total_samples=self.total_samples,
            epoch=epoch,
            training_loss=self._mean_loss() if point is None else point.training_loss,
            validation_loss=point.validation_loss if point and fresh else None,
            validation_accuracy=point.validation_accuracy if point and fresh else None,
            seconds=self._seconds,
            samples_per_second=speed,
            seconds_left=0.0 if self.ended else (self.total_samples - samples) / speed,
            recorded=point is not None or bool(self._unrecorded_points()),
            ended=self.ended,
        )

    def _points_to_the_end(
        self, validate: bool, validation: tuple[Any, Any] | None
    ) -> tuple[list[HistoryPoint], float]:
        """Return the rows, with one of the last weights as the last of them, and the seconds."""
        points = list(self._points)
        if not points or points[-1].samples != self.samples_seen:
            points.append(HistoryPoint(*self._where(), self._seconds, self._mean_loss()))
        last = points[-1]
        held_out = self._samples.validation or validation
        if not validate or held_out is None or not math.isnan(last.validation_accuracy):
            return points, self._seconds
        started = time.perf_counter()
        with self._borrowed_program() as program:
            loss, accuracy = program.evaluate(held_out)
        seconds = self._seconds + time.perf_counter() - started
        points[-1] = dataclasses.replace(
            last, seconds=seconds, validation_loss=loss, validation_accuracy=accuracy
        )
        return points, seconds
