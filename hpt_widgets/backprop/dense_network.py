"""A network of dense layers, as many and as wide as wanted: both passes for many examples at once.

The network of three hidden units that `hpt_widgets.BackpropNetwork` explains signal by signal
computes with it, and so does the network that is drawn and trained in chapter 1.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from hpt_widgets.backprop.activations import ACTIVATIONS
from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.support.argument_checks import (
    finite_array,
    not_allowed,
    require_array,
    require_choice,
    require_items,
    require_number,
    require_whole_number,
)

DenseActivation = Literal["identity", "relu", "sigmoid", "tanh"]
DENSE_ACTIVATIONS: tuple[DenseActivation, ...] = get_args(DenseActivation)
LossName = Literal["squared_error", "cross_entropy"]
LOSSES: tuple[LossName, ...] = get_args(LossName)

# From inputs and parameters up to this size nothing overflows in the passes of two layers.
LARGEST = 1e50


@dataclass(frozen=True)
class LayerValues:
    """What each unit computed for each example.

    Attributes
    ----------
    inputs : ndarray of shape (n_examples, n_inputs)
    sums : tuple of ndarray, each of shape (n_examples, n_units)
        Before the activation, layer by layer; the last are the outputs'.
    values : tuple of ndarray, each of shape (n_examples, n_units)
        After it.
    """

    inputs: FloatArray
    sums: tuple[FloatArray, ...]
    values: tuple[FloatArray, ...]

    @property
    def outputs(self) -> FloatArray:
        """The network's answers, of shape (n_examples, n_outputs)."""
        return self.values[-1]


@dataclass(frozen=True)
class LayerGradients:
    """The derivatives of the loss, layer by layer.

    Attributes
    ----------
    weights : tuple of ndarray, each of shape (n_before, n_units)
    biases : tuple of ndarray, each of shape (n_units,)
    deltas : tuple of ndarray, each of shape (n_examples, n_units)
        By the sums: what backpropagation sends from layer to layer.
    """

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    deltas: tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class DenseNetwork:
    """Dense layers one after the other.

    Parameters
    ----------
    weights : sequence of array_like, each of shape (n_before, n_units)
        As in Keras' kernels, the outputs' last.
    biases : sequence of array_like, each of shape (n_units,)
    activation : {"identity", "relu", "sigmoid", "tanh"}, optional
        Of all hidden units. Default ``"tanh"``.
    output_activation : {"identity", "relu", "sigmoid", "tanh"}, optional
        Default ``"identity"``, for regression.

    Raises
    ------
    ValueError, TypeError
        If layers do not fit each other, a number is not finite or beyond 1e50, or an
        activation is not known.

    Examples
    --------
    >>> from hpt_widgets.backprop.dense_network import DenseNetwork
    >>> line = DenseNetwork([[[2.0]], [[0.5]]], [[1.0], [0.0]], activation="identity")
    >>> line.forward([[0.0], [1.0]]).outputs.ravel().tolist()
    [0.5, 1.5]
    """

    weights: Sequence[FloatArray]
    biases: Sequence[FloatArray]
    activation: DenseActivation = "tanh"
    output_activation: DenseActivation = "identity"

    def __post_init__(self) -> None:
        weights, biases = _checked_layers(self.weights, self.biases)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)
        require_choice("activation", self.activation, DENSE_ACTIVATIONS)
        require_choice("output_activation", self.output_activation, DENSE_ACTIVATIONS)

    @classmethod
    def random(
        cls,
        layer_sizes: Sequence[int],
        seed: int = 0,
        *,
        activation: DenseActivation = "tanh",
        output_activation: DenseActivation = "identity",
    ) -> DenseNetwork:
        """Return a network that begins as Keras' do: Glorot's uniform weights, biases of 0.

        Weights lie within ±√(6 / (n_before + n_units)) (Glorot and Bengio, 2010).

        Parameters
        ----------
        layer_sizes : sequence of int
            How many inputs, units in each hidden layer, and outputs, such as ``(2, 8, 1)``.
        seed : int, optional
            The same seed gives the same network. Default 0.
        activation, output_activation : str, optional
            As for the class.

        Raises
        ------
        ValueError, TypeError
            If an argument is not allowed.
        """
        sizes = [
            require_whole_number("layer_sizes", size, 1)
            for size in require_items("layer_sizes", layer_sizes)
        ]
        if len(sizes) < 2:
            raise ValueError(not_allowed("layer_sizes", layer_sizes, "backprop.layer_sizes"))
        generator = np.random.default_rng(require_whole_number("seed", seed, 0))
        shapes = list(itertools.pairwise(sizes))
        limits = [np.sqrt(6 / (before + units)) for before, units in shapes]
        return cls(
            [
                generator.uniform(-limit, limit, shape)
                for limit, shape in zip(limits, shapes, strict=True)
            ],
            [np.zeros(units) for units in sizes[1:]],
            activation,
            output_activation,
        )

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Numbers of inputs, of units in each hidden layer, and of outputs."""
        return (len(self.weights[0]), *(len(bias) for bias in self.biases))

    def forward(self, inputs: npt.ArrayLike) -> LayerValues:
        """Compute the answers to many examples, and all that is computed on the way.

        Parameters
        ----------
        inputs : array_like of shape (n_examples, n_inputs)

        Returns
        -------
        LayerValues

        Raises
        ------
        ValueError
            If these are no finite numbers of that shape.
        """
        x = _checked_rows("inputs", inputs, self.layer_sizes[0])
        before, sums, values = x, [], []
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            sums.append(before @ weights + biases)
            before = ACTIVATIONS[self._activation_of(layer)].function(sums[-1])
            values.append(before)
        return LayerValues(x, tuple(sums), tuple(values))

    def loss(
        self, inputs: npt.ArrayLike, targets: npt.ArrayLike, loss: LossName = "squared_error"
    ) -> float:
        """Return the mean loss over the examples.

        Parameters
        ----------
        inputs : array_like of shape (n_examples, n_inputs)
        targets : array_like of shape (n_examples, n_outputs)
        loss : {"squared_error", "cross_entropy"}, optional
            ½ (y - t)², summed over the outputs; or, with sigmoid outputs and targets from 0
            to 1, -t log y - (1 - t) log(1 - y). Default ``"squared_error"``.

        Raises
        ------
        ValueError
            If an argument is not allowed.
        """
        passed = self.forward(inputs)
        wanted = self._checked_targets(passed, targets, loss)
        if loss == "squared_error":
            return float((0.5 * (passed.outputs - wanted) ** 2).sum(axis=1).mean())
        # Written with the sums, no logarithm of 0 can come up.
        sums = passed.sums[-1]
        losses = np.maximum(sums, 0) - sums * wanted + np.log1p(np.exp(-np.abs(sums)))
        return float(losses.sum(axis=1).mean())

    def gradients(
        self, inputs: npt.ArrayLike, targets: npt.ArrayLike, loss: LossName = "squared_error"
    ) -> LayerGradients:
        """Compute the derivatives of the mean loss by backpropagation.

        Parameters
        ----------
        inputs, targets, loss
            As for `loss`.

        Returns
        -------
        LayerGradients

        Raises
        ------
        ValueError
            If an argument is not allowed.
        """
        return self.backward(self.forward(inputs), targets, loss)

    def backward(
        self, passed: LayerValues, targets: npt.ArrayLike, loss: LossName = "squared_error"
    ) -> LayerGradients:
        """Do the same, from a forward pass of this network.

        Parameters
        ----------
        passed : LayerValues
            What `forward` returned.
        targets, loss
            As for `loss`.

        Returns
        -------
        LayerGradients

        Raises
        ------
        ValueError
            If an argument is not allowed.
        """
        wanted = self._checked_targets(passed, targets, loss)
        delta = (passed.outputs - wanted) / len(wanted)
        # With cross-entropy the slope of the sigmoid cancels.
        if loss == "squared_error":
            delta = delta * self._slopes(passed, len(self.weights) - 1)
        weights: list[FloatArray] = []
        deltas = [delta]
        for layer in reversed(range(len(self.weights))):
            before = passed.values[layer - 1] if layer else passed.inputs
            weights.insert(0, before.T @ deltas[0])
            if layer:
                sent_back = deltas[0] @ self.weights[layer].T
                deltas.insert(0, sent_back * self._slopes(passed, layer - 1))
        biases = tuple(delta.sum(axis=0) for delta in deltas)
        return LayerGradients(tuple(weights), biases, tuple(deltas))

    def descent_step(
        self,
        learning_rate: float,
        inputs: npt.ArrayLike,
        targets: npt.ArrayLike,
        loss: LossName = "squared_error",
    ) -> DenseNetwork:
        """Return the network after one step of gradient descent on all examples.

        Parameters
        ----------
        learning_rate : float
            η, greater than 0.
        inputs, targets, loss
            As for `loss`.

        Raises
        ------
        ValueError
            If an argument is not allowed, or a parameter would grow beyond 1e50.
        """
        rate = require_number("learning_rate", learning_rate, above=0, most=LARGEST)
        slopes = self.gradients(inputs, targets, loss)
        pairs = [(self.weights, slopes.weights), (self.biases, slopes.biases)]
        weights, biases = (
            [value - rate * slope for value, slope in zip(values, by, strict=True)]
            for values, by in pairs
        )
        return replace(self, weights=weights, biases=biases)

    def _activation_of(self, layer: int) -> DenseActivation:
        return self.output_activation if layer == len(self.weights) - 1 else self.activation

    def _slopes(self, passed: LayerValues, layer: int) -> FloatArray:
        activation = ACTIVATIONS[self._activation_of(layer)]
        return activation.slope(passed.sums[layer], passed.values[layer])

    def _checked_targets(
        self, passed: LayerValues, targets: npt.ArrayLike, loss: LossName
    ) -> FloatArray:
        require_choice("loss", loss, LOSSES)
        wanted = require_array("targets", targets, passed.outputs.shape, LARGEST)
        if loss == "cross_entropy":
            if self.output_activation != "sigmoid":
                allowed = not_allowed("loss", loss, "backprop.cross_entropy_output")
                raise ValueError(allowed)
            if not ((wanted >= 0) & (wanted <= 1)).all():
                raise ValueError(not_allowed("targets", targets, "backprop.cross_entropy_targets"))
        return wanted


def _checked_layers(
    weights: object, biases: object
) -> tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]:
    kernels, offsets = require_items("weights", weights), require_items("biases", biases)
    first = finite_array(kernels[0]) if kernels else None
    if first is None or first.ndim != 2 or len(offsets) != len(kernels):
        raise ValueError(not_allowed("weights", weights, "backprop.weights"))
    n_before, found = len(first), []
    for layer, (kernel, offset) in enumerate(zip(kernels, offsets, strict=True)):
        bias = finite_array(offset)
        n_units = 0 if bias is None or bias.ndim != 1 else len(bias)
        if n_units == 0:
            raise ValueError(not_allowed("biases", biases, "backprop.biases"))
        found.append(
            (
                require_array(f"weights[{layer}]", kernel, (n_before, n_units), LARGEST),
                require_array(f"biases[{layer}]", offset, (n_units,), LARGEST),
            )
        )
        n_before = n_units
    return tuple(kernel for kernel, _ in found), tuple(bias for _, bias in found)


def _checked_rows(name: str, rows: npt.ArrayLike, width: int) -> FloatArray:
    found = finite_array(rows)
    if found is None or found.ndim != 2 or found.shape[1] != width or not len(found):
        raise ValueError(not_allowed(name, rows, "backprop.rows", width=width))
    return require_array(name, found, found.shape, LARGEST)
