"""The traced training loop: many steps in one call into TensorFlow.

A program is traced once for an `Architecture`. Everything that a slider changes is an
argument of the traced function, or the shape of one, so moving a slider never traces again.
Programs are leased from a small pool (`program_pool`); while leased, a program belongs to one
training alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.data.split import BRIGHTEST_PIXEL
from hpt_widgets.support.process_memory import release_free_memory
from hpt_widgets.support.tensorflow_loader import load_tensorflow, single_threaded_executor
from hpt_widgets.support.tidying import collect_at_rest
from hpt_widgets.training.dropout import dropout_masks, masked
from hpt_widgets.training.network import Weights
from hpt_widgets.training.optimizers import (
    ADAGRAD_START,
    EPSILON,
    MOMENTUM,
    SLOTS_PER_WEIGHT,
    UPDATES,
    StepNumbers,
)

# A network that guesses has a loss of log(10) = 2.3. Of 24 MNIST runs (four optimisers, learning
# rates 0.03 to 10), those whose loss stayed below 400 sometimes recovered; none did from above
# 5,000. A step's loss above this bound ends a run.
DIVERGENCE_BOUND: Final = 1e4

# On an AMD processor the last bit of a sample's scores was seen to depend on how many rows there
# are, and that of its probabilities on whether it is among the last of them. In blocks of so many
# rows neither was seen.
ROWS_OF_A_BLOCK: Final = 192
# What a slice of 784 features takes, 1.2 MB, is soon there again for the next one; 12,000 samples
# at once would take 38 MB, and as long.
EVALUATED_AT_A_TIME: Final = 2 * ROWS_OF_A_BLOCK


@dataclass(frozen=True)
class Architecture:
    """What a traced program is made for; everything else, its width included, is an argument.

    Attributes
    ----------
    n_layers : int
        Layers with weights: the hidden ones, and the output.
    activation : str
        Of the hidden layers.
    optimizer : str
        Which one takes the steps.
    """

    n_layers: int
    activation: str
    optimizer: str


@dataclass
class ProgramState:
    """Weights and optimiser averages of a training that may be continued later.

    Attributes
    ----------
    weights : list of Tensor of float32
        Kernel and bias of each layer, in Keras's order.
    slots : list of Tensor of float32
        What the optimiser remembers for them: `SLOTS_PER_WEIGHT` tensors each, weight by weight.
    """

    weights: list[Any]
    slots: list[Any]


@dataclass(frozen=True)
class StepSettings:
    """The hyperparameters that a step needs and that may change between two chunks.

    Attributes
    ----------
    batch_size : int
        Samples of a step.
    learning_rate, dropout_rate, weight_decay : float
        As in `Hyperparameters`.
    seed : int
        What the dropout of each step is drawn from, together with the step's number.
    momentum, epsilon : float
        As in `Hyperparameters`, where the optimiser has them.
    rate_factors : ndarray of float, shape (n_steps,), optional
        Factor on the learning rate in each step of the chunk; 1 by default.
    weight_rates : sequence of float, optional
        Factor on the learning rate of each kernel and bias; 1 by default.
    """

    batch_size: int
    learning_rate: float
    dropout_rate: float
    weight_decay: float
    seed: int
    momentum: float = MOMENTUM
    epsilon: float = EPSILON
    rate_factors: NDArray[np.float64] | None = None
    weight_rates: Sequence[float] | None = None

    def numbers(self, n_weights: int) -> NDArray[np.float32]:
        """Return the fractions that the traced function takes, in one array.

        First the dropout rate, momentum and ε. Then, for each step (or once, if all are alike),
        the share of the weights that decays, and the learning rate of each of the `n_weights`.
        """
        factors = np.ones(1) if self.rate_factors is None else self.rate_factors
        weight_rates = np.ones(n_weights) if self.weight_rates is None else self.weight_rates
        rates = self.learning_rate * factors[:, np.newaxis]
        # As the loop of version 0.1 had it, to the bit: rounded before it is multiplied.
        share = rates.astype(np.float32) * np.float32(self.weight_decay)
        table = np.hstack([share, (rates * weight_rates).astype(np.float32)])
        constants = np.array([self.dropout_rate, self.momentum, self.epsilon], np.float32)
        return np.concatenate([constants, table.ravel()])


@dataclass(frozen=True)
class ChunkResult:
    """What a chunk of steps came to.

    Attributes
    ----------
    steps : int
        Steps taken; fewer than asked for if the loss diverged or it was interrupted.
    loss_sum : float
        Sum of the samples' losses so far, the one handed in included.
    diverged : bool
        Whether the last step's loss was not finite or above `DIVERGENCE_BOUND`.
    """

    steps: int
    loss_sum: float
    diverged: bool


@dataclass(frozen=True)
class _Functions:
    """The traced functions for features of one type."""

    train: Callable[..., Any]
    evaluate: Callable[..., Any]
    predict: Callable[..., Any]


class TrainingProgram:
    """A network's variables with the traced functions that train and evaluate it.

    Its layers are as wide as the weights that it was last given.

    Parameters
    ----------
    architecture : Architecture
        What it is traced for, once and for all.
    """

    traces = 0  # all programs together; the tests count it

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self._tf = tf = load_tensorflow()
        # Every tracing leaves much behind: some is free at once, the rest once it is collected.
        release_free_memory()
        collect_at_rest()
        slot_count = SLOTS_PER_WEIGHT[architecture.optimizer]
        n_axes = [2, 1] * architecture.n_layers  # of the kernel and bias of each layer
        with tf.device("CPU:0"):
            self._weights = [_variable(n) for n in n_axes]
            self._slots = [[_variable(n) for _ in range(slot_count)] for n in n_axes]
            self._brightest = tf.Variable(BRIGHTEST_PIXEL, trainable=False)
            # Read in every step, so that a chunk under way can be cut short from outside.
            self._interrupted = tf.Variable(False)
            self._given_up = tf.Variable(False)  # the same for each slice of a validation
        self._is_interrupted = False
        self._n_parameters = 0
        # The start that it stands at, while no step was taken from it.
        self._start: tuple[tuple[Any, ...], float] | None = None
        self.has_failed = False  # an exception in a traced function may leave its lock held
        self._activation = getattr(tf.nn, architecture.activation)
        self._apply = UPDATES[architecture.optimizer]
        self._floats = self._functions_for(tf.float32)
        self._pixels = self._functions_for(tf.uint8)

    # -- state -----------------------------------------------------------------------------

    @property
    def n_bytes(self) -> int:
        """What the weights take, with what the optimiser remembers for each."""
        n_numbers = self._n_parameters * (1 + SLOTS_PER_WEIGHT[self.architecture.optimizer])
        return np.dtype(np.float32).itemsize * n_numbers

    def start_from(self, weights: Sequence[Any], epsilon: float = EPSILON) -> None:
        """Load initial weights and forget what the optimiser remembered.

        Parameters
        ----------
        weights : sequence of Tensor or ndarray, of float32
            Kernel and bias of each layer, in Keras's order. Tensors are taken up much sooner, and
            the same tuple of tensors not once more where no step was taken from it.
        epsilon : float
            AdaGrad's sum of squares begins with it: Keras adds it below the root in each step.
        """
        if self._start is not None and self._start[0] is weights and self._start[1] == epsilon:
            return
        self._start = None
        start = ADAGRAD_START + epsilon if self.architecture.optimizer == "adagrad" else 0.0
        self._assign_weights(weights)
        with self._tf.device("CPU:0"):
            for weight, slots in zip(weights, self._slots, strict=True):
                memory = self._tf.fill(weight.shape, start)
                for slot in slots:
                    _assign(slot, memory)
        # Arrays and lists may have other values the next time.
        if isinstance(weights, tuple) and isinstance(weights[0], self._tf.Tensor):
            self._start = weights, epsilon

    def clear(self) -> None:
        """Let go of the weights and of what the optimiser remembered, but not of what is traced."""
        self.start_from([self._tf.zeros([0] * weight.shape.rank) for weight in self._weights])

    def load(self, state: ProgramState) -> None:
        """Take up a training where it was left.

        Parameters
        ----------
        state : ProgramState
            What `state` returned there.
        """
        self._start = None
        self._assign_weights(state.weights)
        slots = [slot for slots in self._slots for slot in slots]
        for variable, value in zip(slots, state.slots, strict=True):
            _assign(variable, value)

    def _assign_weights(self, weights: Sequence[Any]) -> None:
        for variable, value in zip(self._weights, weights, strict=True):
            _assign(variable, value)
        self._n_parameters = sum(math.prod(value.shape) for value in weights)

    def state(self) -> ProgramState:
        """Return the weights and the optimiser's averages as they are now; no step changes them."""
        # TensorFlow copies what a tensor still shares with a variable when a step changes that.
        slots = [_read(slot) for slots in self._slots for slot in slots]
        return ProgramState([_read(variable) for variable in self._weights], slots)

    def weights(self) -> Weights:
        """Return a copy of the weights, in Keras's order."""
        return [variable.numpy().copy() for variable in self._weights]

    # -- traced functions, called ------------------------------------------------------------

    def train_chunk(
        self,
        samples: tuple[Any, Any],
        order: Any,
        position: int,
        steps: int,
        first_step: int,
        settings: StepSettings,
        loss_sum: float,
    ) -> ChunkResult:
        """Take up to `steps` steps from `position` in the epoch's `order` of samples.

        `interrupt`, called meanwhile on another thread, ends it after the step under way.

        Parameters
        ----------
        samples : (Tensor, Tensor)
            Features and labels of all training samples; features of uint8 are in 255ths.
        order : Tensor of int, shape (n_samples,)
            The epoch's order of their rows.
        position : int
            How many samples of the epoch were trained on before.
        steps : int
            The most steps to take.
        first_step : int
            How many steps the whole training took before; the optimiser and the dropout count on
            from there.
        settings : StepSettings
            The hyperparameters of these steps.
        loss_sum : float
            Sum of the samples' losses so far, to be added to.

        Returns
        -------
        ChunkResult
        """
        self._start = None
        if self._is_interrupted:
            self._is_interrupted = False
            self._interrupted.assign(False)
            _assign(self._given_up, False)
        # Each argument costs a tenth of a millisecond, so they travel together.
        taken, total, diverged = self._traced_for(samples[0]).train(
            *samples,
            order,
            np.array(
                [position, steps, first_step, settings.batch_size, settings.seed], dtype=np.int32
            ),
            settings.numbers(len(self._weights)),
            # TensorFlow keeps each number of Python's for good, and `np.float64` is one.
            np.array(loss_sum, np.float64),
        )
        return ChunkResult(int(taken), float(total), bool(diverged))

    def interrupt(self, given_up: bool = False) -> None:
        """End the chunk under way, if there is one, after its present step; from any thread.

        Parameters
        ----------
        given_up : bool, default False
            Whether what the training comes to is wanted no more: a validation is cut short too.
        """
        # In this order, a chunk that begins in between is cut short, not all later ones.
        if given_up:
            _assign(self._given_up, True)
        self._interrupted.assign(True)
        self._is_interrupted = True

    def evaluate(self, samples: tuple[Any, Any]) -> tuple[float, float]:
        """Return the mean loss and the accuracy on some samples, without dropout.

        Parameters
        ----------
        samples : (Tensor, Tensor)
            Features and labels; features of uint8 are in 255ths.

        Returns
        -------
        (float, float)
            Mean cross-entropy in nats, and the share that is classified right.
        """
        loss, accuracy, _ = self._measure(samples, interruptible=False)
        return loss, accuracy

    def evaluate_unless_given_up(self, samples: tuple[Any, Any]) -> tuple[float, float] | None:
        """Do the same as `evaluate`; return None if it was given up since the last chunk began.

        Parameters
        ----------
        samples : (Tensor, Tensor)
            Features and labels; features of uint8 are in 255ths.

        Returns
        -------
        (float, float) or None
        """
        loss, accuracy, n_measured = self._measure(samples, interruptible=True)
        return (loss, accuracy) if n_measured == len(samples[1]) else None

    def _measure(
        self, samples: tuple[Any, Any], *, interruptible: bool
    ) -> tuple[float, float, int]:
        """Return the mean loss, the accuracy, and on how many samples they were measured."""
        evaluate = self._traced_for(samples[0]).evaluate
        loss, accuracy, n_measured = evaluate(*samples, np.array(interruptible))
        return float(loss), float(accuracy), int(n_measured)

    def predict_proba(self, features: Any) -> NDArray[np.float32]:
        """Return each sample's class probabilities, shape (n_samples, n_classes).

        Parameters
        ----------
        features : Tensor or ndarray, shape (n_samples, n_features)
            The samples, flattened; those of uint8 are in 255ths.

        Returns
        -------
        ndarray of float32, shape (n_samples, n_classes)
        """
        predict = self._traced_for(features).predict
        starts = range(0, max(1, len(features)), EVALUATED_AT_A_TIME)
        slices = (features[start : start + EVALUATED_AT_A_TIME] for start in starts)
        return np.concatenate([predict(each).numpy() for each in slices])

    # -- traced functions, written -----------------------------------------------------------

    def _traced(self, function: Callable[..., Any], signature: list[Any]) -> Callable[..., Any]:
        traced = self._tf.function(function, input_signature=signature, autograph=False)
        # Many architectures in a row are no mistake, and a reader should not be told of one.
        traced._omit_frequent_tracing_warning = True

        def call(*arguments: Any) -> Any:
            try:
                with self._tf.device("CPU:0"), single_threaded_executor():
                    return traced(*arguments)
            except BaseException:
                self.has_failed = True
                raise

        return call

    def _traced_for(self, features: Any) -> _Functions:
        return self._pixels if features.dtype == np.uint8 else self._floats

    def _functions_for(self, dtype: Any) -> _Functions:
        """Return the functions for features of one type; they are traced when first called."""
        tf = self._tf
        features = tf.TensorSpec((None, None), dtype)
        samples = [features, tf.TensorSpec((None,), tf.int32)]
        order = tf.TensorSpec((None,), tf.int32)
        whole_numbers = tf.TensorSpec((5,), tf.int32)
        numbers = tf.TensorSpec((None,), tf.float32)
        total = tf.TensorSpec((), tf.float64)
        return _Functions(
            self._traced(self._train_chunk, [*samples, order, whole_numbers, numbers, total]),
            self._traced(self._evaluate_samples, [*samples, tf.TensorSpec((), tf.bool)]),
            self._traced(self._predict_samples, [features]),
        )

    def _train_chunk(
        self,
        features: Any,
        labels: Any,
        order: Any,
        whole_numbers: Any,
        numbers: Any,
        loss_sum: Any,
    ) -> tuple[Any, Any, Any]:
        tf = self._tf
        TrainingProgram.traces += 1
        position, steps, first_step, batch_size, seed = tf.unstack(whole_numbers)
        dropout_rate, momentum, epsilon = tf.unstack(numbers[:3], 3)
        # A row for each step, or one for all: the share that decays, and the rate of each weight.
        rates = tf.reshape(numbers[3:], (-1, 1 + len(self._weights)))
        last_row = tf.shape(rates)[0] - 1
        n_samples = tf.size(order)
        # Asked for once: each operation costs a step a thousandth of a millisecond.
        units = self._hidden_units()

        def unfinished(step: Any, _total: Any, diverged: Any) -> Any:
            # Even an interrupted chunk takes a step: a session that is advanced moves on.
            interrupted = tf.logical_and(self._interrupted.read_value(), step > 0)
            ended = tf.logical_or(diverged, interrupted)
            return tf.logical_and(step < steps, tf.logical_not(ended))

        def one_step(step: Any, total: Any, _diverged: Any) -> tuple[Any, Any, Any]:
            begin = position + step * batch_size
            rows = order[begin : tf.minimum(begin + batch_size, n_samples)]
            batch = self._as_floats(tf.gather(features, rows)), tf.gather(labels, rows)
            step_number = first_step + step
            # For the rate 0 too: no tf.cond, see `_decay`.
            masks = dropout_masks(tf.size(rows), units, dropout_rate, (seed, step_number))
            loss, gradients = self._loss_and_gradients(batch, masks)
            decayed, *weight_rates = tf.unstack(tf.gather(rates, tf.minimum(step, last_row)))
            self._decay(decayed)
            own = StepNumbers(momentum, epsilon, tf.cast(step_number + 1, tf.float32))
            for weight, slots, gradient, rate in zip(
                self._weights, self._slots, gradients, weight_rates, strict=True
            ):
                self._apply(tf.raw_ops, weight.handle, slots, gradient, rate, own)
            total += tf.cast(loss, tf.float64) * tf.cast(tf.size(rows), tf.float64)
            # Not "not below": TensorFlow's optimiser may turn that into "above or equal", which
            # is false for a loss that is no number.
            too_large = tf.logical_or(loss >= DIVERGENCE_BOUND, tf.math.is_nan(loss))
            return step + 1, total, too_large

        start = tf.constant(0), loss_sum, tf.constant(False)
        return tuple(tf.while_loop(unfinished, one_step, start, parallel_iterations=1))

    def _hidden_units(self) -> Any:
        """Return how many units each hidden layer has, within a traced function."""
        tf = self._tf
        biases = self._weights[1:-2:2]
        return tf.concat([tf.raw_ops.VariableShape(input=each.handle) for each in biases], axis=0)

    def _loss_and_gradients(
        self, batch: tuple[Any, Any], masks: list[Any]
    ) -> tuple[Any, list[Any]]:
        tf = self._tf
        features, labels = batch
        n_rows = tf.shape(features)[0]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            weights = [variable.read_value() for variable in self._weights]
            tape.watch(weights)
            logits = self._logits(features, weights, masks)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        # The gradient of the mean, without the dozen small operations that the mean itself adds.
        share = tf.fill((n_rows,), 1.0 / tf.cast(n_rows, tf.float32))
        return tf.reduce_mean(losses), tape.gradient(losses, weights, output_gradients=share)

    def _logits(self, features: Any, weights: list[Any], masks: list[Any] | None) -> Any:
        tf = self._tf
        signal = features
        hidden = list(zip(weights[:-2:2], weights[1:-2:2], strict=True))
        for layer, (kernel, bias) in enumerate(hidden):
            signal = self._activation(tf.nn.bias_add(tf.matmul(signal, kernel), bias))
            if masks is not None:
                signal = masked(signal, masks[layer])
        return tf.nn.bias_add(tf.matmul(signal, weights[-2]), weights[-1])

    def _decay(self, share: Any) -> None:
        # Multiplying by 1 where nothing decays costs little. A tf.cond inside the loop costs more,
        # and waits for a thread of TensorFlow's pool: two trainings at once would then wait for
        # each other for ever.
        kept = 1.0 - share
        for variable in self._weights:
            variable.assign(variable * kept)

    def _evaluate_samples(self, features: Any, labels: Any, interruptible: Any) -> tuple[Any, ...]:
        """Return the mean loss, the share that is classified right, and of how many samples."""
        tf = self._tf
        n_samples = tf.shape(features)[0]
        n_slices = -(-n_samples // EVALUATED_AT_A_TIME)

        def one_slice(number: Any, losses: Any, hits: Any) -> tuple[Any, Any, Any]:
            begin = number * EVALUATED_AT_A_TIME
            end = tf.minimum(begin + EVALUATED_AT_A_TIME, n_samples)
            # Whoever gives it up leaves the rest empty, which takes no time to speak of.
            is_cut = tf.logical_and(interruptible, self._given_up.read_value())
            rows = slice(begin, tf.where(is_cut, begin, end))
            loss, hit = self._evaluate_slice(features[rows], labels[rows])
            return number + 1, losses.write(number, loss), hits.write(number, hit)

        empty = [
            tf.TensorArray(tf.float32, n_slices, infer_shape=False, element_shape=(None,))
            for _ in range(2)
        ]
        _, losses, hits = tf.while_loop(
            lambda number, *_: number < n_slices, one_slice, (0, *empty), parallel_iterations=1
        )
        measured = losses.concat()
        return tf.reduce_mean(measured), tf.reduce_mean(hits.concat()), tf.size(measured)

    def _evaluate_slice(self, features: Any, labels: Any) -> tuple[Any, Any]:
        """Return each sample's loss, and 1 where it is classified right."""
        tf = self._tf
        logits = self._logits(self._as_floats(features), self._weights, None)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        hits = tf.equal(tf.argmax(logits, axis=1, output_type=tf.int32), labels)
        return losses, tf.cast(hits, tf.float32)

    def _predict_samples(self, features: Any) -> Any:
        tf = self._tf
        n_rows = tf.shape(features)[0]
        # So that a sample's last bit does not depend on where it stands among the others.
        filled = tf.pad(features, [[0, -n_rows % ROWS_OF_A_BLOCK], [0, 0]])
        logits = self._logits(self._as_floats(filled), self._weights, None)
        return tf.nn.softmax(logits)[:n_rows]

    def _as_floats(self, features: Any) -> Any:
        tf = self._tf
        if features.dtype != tf.uint8:
            return features
        # To the bit what NumPy makes of it. TensorFlow would turn the division by a constant into a
        # multiplication by its reciprocal.
        return tf.cast(features, tf.float32) / self._brightest.read_value()


def _variable(n_axes: int) -> Any:
    """Return an empty variable, of which TensorFlow knows no more than how many axes it has."""
    tf = load_tensorflow()
    return tf.Variable(tf.zeros([0] * n_axes), shape=tf.TensorShape([None] * n_axes))


# Through the operations themselves: `tf.Variable.assign` and `read_value` take six times as long,
# and a slider's answer waits for a whole network of them.
def _assign(variable: Any, value: Any) -> None:
    load_tensorflow().raw_ops.AssignVariableOp(resource=variable.handle, value=value)


def _read(variable: Any) -> Any:
    return load_tensorflow().raw_ops.ReadVariableOp(resource=variable.handle, dtype=variable.dtype)
