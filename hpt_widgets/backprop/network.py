"""A 2-3-1 network with its forward pass, its backward pass, and steps of gradient descent.

Two inputs, three hidden units, one output, and the squared error J = ½ (y - t)². The names
of its thirteen parameters, used everywhere, are

- ``w11 … w23``: the weight from input i to hidden unit j is ``wij``;
- ``b1, b2, b3``: the biases of the hidden units;
- ``v1, v2, v3``: the weights from the hidden units to the output;
- ``c``: the bias of the output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from hpt_widgets.backprop.dense_network import (
    LARGEST,
    DenseNetwork,
    LayerGradients,
    LayerValues,
)
from hpt_widgets.backprop.passes import (
    N_HIDDEN,
    N_INPUTS,
    PARAMETER_NAMES,
    Backpropagation,
    ForwardPass,
    Gradients,
    parameters_by_name,
)
from hpt_widgets.backprop.steps import explain_steps
from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.support.argument_checks import (
    require,
    require_array,
    require_choice,
    require_number,
    require_whole_number,
)

HiddenActivation = Literal["sigmoid", "tanh", "relu"]
OutputActivation = Literal["sigmoid", "identity", "tanh"]
HIDDEN_ACTIVATIONS: tuple[HiddenActivation, ...] = get_args(HiddenActivation)
OUTPUT_ACTIVATIONS: tuple[OutputActivation, ...] = get_args(OutputActivation)

LARGEST_SCALE = 1e40

_EPSILON = float(np.finfo(np.float64).eps)
# By how many roundings each of the two errors of a difference may be off.
_ROUNDINGS = 4


@dataclass(frozen=True)
class GradientCheck:
    """One gradient, computed in two ways that share nothing.

    Attributes
    ----------
    parameter : str
        One of `PARAMETER_NAMES`.
    backpropagation : float
        From the backward pass.
    numerical : float
        From the error at two nearby values of the parameter.
    rounding : float
        How far `numerical` may be off because numbers are rounded: the larger the error and the
        parameter, the further.
    crosses_kink : bool
        Whether the two nearby values lie on both sides of ReLU's kink, so that `numerical` is no
        slope.
    """

    parameter: str
    backpropagation: float
    numerical: float
    rounding: float = 0.0
    crosses_kink: bool = False

    @property
    def difference(self) -> float:
        """Absolute difference of the two."""
        return abs(self.backpropagation - self.numerical)


# A start with both signs, no two alike, and sums on which no unit is saturated.
_HIDDEN_WEIGHTS = ((0.4, -0.6, 0.8), (0.7, 0.5, -0.3))
_HIDDEN_BIASES = (0.1, -0.2, 0.05)
_OUTPUT_WEIGHTS = (0.9, -0.7, 0.5)
_OUTPUT_BIAS = 0.1


@dataclass(frozen=True, eq=False)
class BackpropNetwork:
    """Two inputs, three hidden units, one output.

    Parameters
    ----------
    hidden_weights : array_like of shape (2, 3), optional
        ``hidden_weights[i, j]`` leads from input i to hidden unit j, as in Keras' kernels.
    hidden_biases : array_like of shape (3,), optional
    output_weights : array_like of shape (3,), optional
    output_bias : float, optional
    hidden_activation : {"sigmoid", "tanh", "relu"}, optional
        Default ``"sigmoid"``.
    output_activation : {"sigmoid", "identity", "tanh"}, optional
        Default ``"sigmoid"``.

    Raises
    ------
    ValueError
        If a shape is wrong, a number not finite or beyond 1e50, or an activation not known.

    Examples
    --------
    >>> from hpt_widgets import BackpropNetwork
    >>> network = BackpropNetwork()
    >>> both_passes = network.backward((0.5, 1.0), target=0.2)
    >>> network.descent_step(0.5, (0.5, 1.0), 0.2).error((0.5, 1.0), 0.2) < both_passes.error
    True
    """

    hidden_weights: FloatArray = _HIDDEN_WEIGHTS  # type: ignore[assignment]
    hidden_biases: FloatArray = _HIDDEN_BIASES  # type: ignore[assignment]
    output_weights: FloatArray = _OUTPUT_WEIGHTS  # type: ignore[assignment]
    output_bias: float = _OUTPUT_BIAS
    hidden_activation: HiddenActivation = "sigmoid"
    output_activation: OutputActivation = "sigmoid"

    def __post_init__(self) -> None:
        shapes = {
            "hidden_weights": (N_INPUTS, N_HIDDEN),
            "hidden_biases": (N_HIDDEN,),
            "output_weights": (N_HIDDEN,),
        }
        for name, shape in shapes.items():
            object.__setattr__(self, name, require_array(name, getattr(self, name), shape, LARGEST))
        object.__setattr__(self, "output_bias", _number("output_bias", self.output_bias))
        require_choice("hidden_activation", self.hidden_activation, HIDDEN_ACTIVATIONS)
        require_choice("output_activation", self.output_activation, OUTPUT_ACTIVATIONS)

    @classmethod
    def random(
        cls,
        seed: int = 0,
        *,
        scale: float = 1.0,
        hidden_activation: HiddenActivation = "sigmoid",
        output_activation: OutputActivation = "sigmoid",
    ) -> BackpropNetwork:
        """Return a network with normally distributed parameters.

        Parameters
        ----------
        seed : int, optional
            The same seed gives the same network. Default 0.
        scale : float, optional
            Standard deviation of every parameter. Default 1.
        hidden_activation, output_activation : str, optional
            As for the class.

        Raises
        ------
        ValueError
            If an argument is not allowed.
        """
        size = require_number("scale", scale, above=0, most=LARGEST_SCALE)
        number = require_whole_number("seed", seed, 0)
        values = size * np.random.default_rng(number).standard_normal(len(PARAMETER_NAMES))
        plain = cls(hidden_activation=hidden_activation, output_activation=output_activation)
        return plain.with_parameters(dict(zip(PARAMETER_NAMES, values.tolist(), strict=True)))

    @cached_property
    def dense(self) -> DenseNetwork:
        """The same network as layers, which compute its passes."""
        return DenseNetwork(
            (self.hidden_weights, self.output_weights[:, None]),
            (self.hidden_biases, np.array([self.output_bias])),
            self.hidden_activation,
            self.output_activation,
        )

    def parameters(self) -> dict[str, float]:
        """Return the thirteen parameters by name, in the order of `PARAMETER_NAMES`."""
        return parameters_by_name(
            self.hidden_weights, self.hidden_biases, self.output_weights, self.output_bias
        )

    def with_parameters(self, values: dict[str, float]) -> BackpropNetwork:
        """Return a network in which some parameters have other values.

        Parameters
        ----------
        values : dict of str to float
            New values by name, such as ``{"w11": 0.3}``.

        Raises
        ------
        ValueError
            If there is no such parameter, or a value is no finite number.
        TypeError
            If `values` is no dictionary.
        """
        require("values", values, Mapping)
        named = self.parameters()
        for name, value in values.items():
            require_choice("parameter", name, PARAMETER_NAMES)
            named[name] = _number(name, value)
        flat = np.array([named[name] for name in PARAMETER_NAMES])
        return replace(
            self,
            hidden_weights=flat[:6].reshape(N_INPUTS, N_HIDDEN),
            hidden_biases=flat[6:9],
            output_weights=flat[9:12],
            output_bias=float(flat[12]),
        )

    def forward(self, inputs: npt.ArrayLike) -> ForwardPass:
        """Compute the network's answer, unit by unit.

        Parameters
        ----------
        inputs : array_like of shape (2,)
            x₁ and x₂.

        Returns
        -------
        ForwardPass

        Raises
        ------
        ValueError
            If these are not two finite numbers.
        """
        x = require_array("inputs", inputs, (N_INPUTS,), LARGEST)
        return _of_one(self.dense.forward(x[None]))

    def error(self, inputs: npt.ArrayLike, target: float) -> float:
        """Return the squared error J = ½ (y - t)² for one example.

        Parameters
        ----------
        inputs : array_like of shape (2,)
            x₁ and x₂.
        target : float
            t, what the output should be.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If inputs or target are not finite numbers of the right count.
        """
        return 0.5 * (self.forward(inputs).output - _number("target", target)) ** 2

    def backward(self, inputs: npt.ArrayLike, target: float) -> Backpropagation:
        """Run both passes, and explain each calculation as a named step.

        Parameters
        ----------
        inputs : array_like of shape (2,)
            x₁ and x₂.
        target : float
            t, what the output should be.

        Returns
        -------
        Backpropagation
            A sequence of the steps, with ``.gradients``, ``.error`` and the signals.

        Raises
        ------
        ValueError
            If inputs or target are not finite numbers of the right count.
        """
        passed, wanted, slopes = self._run_passes(inputs, target)
        forward = _of_one(passed)
        passes = Backpropagation(
            steps=(),
            forward=forward,
            target=wanted,
            error=0.5 * (forward.output - wanted) ** 2,
            output_delta=float(slopes.deltas[1][0, 0]),
            hidden_deltas=slopes.deltas[0][0],
            gradients=_gradients_of(slopes),
        )
        return replace(passes, steps=explain_steps(self, passes))

    def descent_step(
        self, learning_rate: float, inputs: npt.ArrayLike, target: float
    ) -> BackpropNetwork:
        """Return the network after one step of gradient descent on one example.

        Parameters
        ----------
        learning_rate : float
            η, greater than 0.
        inputs : array_like of shape (2,)
        target : float

        Raises
        ------
        ValueError
            If an argument is not allowed.
        """
        rate = require_number("learning_rate", learning_rate, above=0, most=LARGEST)
        gradients = self._gradients(inputs, target)
        moved = {name: value - rate * gradients[name] for name, value in self.parameters().items()}
        return self.with_parameters(moved)

    def gradient_check(
        self, inputs: npt.ArrayLike, target: float, *, width: float = 1e-5
    ) -> tuple[GradientCheck, ...]:
        """Compare each gradient with a central difference of the error.

        Parameters
        ----------
        inputs : array_like of shape (2,)
        target : float
        width : float, optional
            How far each parameter is moved, up and down. Default 1e-5.

        Returns
        -------
        tuple of GradientCheck
            One for each of the thirteen parameters.

        Raises
        ------
        ValueError
            If an argument is not allowed.
        """
        reach = require_number("width", width, above=0, most=LARGEST_SCALE)
        gradients = self._gradients(inputs, target)
        rounding = _EPSILON / reach
        error = self.error(inputs, target)
        checks = []
        for name, value in self.parameters().items():
            ends = [self.with_parameters({name: value + move}) for move in (reach, -reach)]
            above, below = (end.error(inputs, target) for end in ends)
            check = GradientCheck(
                name,
                gradients[name],
                (above - below) / (2 * reach),
                rounding * (_ROUNDINGS * error + abs(value * gradients[name])),
                self.hidden_activation == "relu" and _lie_across_0(ends, inputs),
            )
            checks.append(check)
        return tuple(checks)

    def _run_passes(
        self, inputs: npt.ArrayLike, target: float
    ) -> tuple[LayerValues, float, LayerGradients]:
        """Return what the passes of one example come to, and its target, all checked."""
        x = require_array("inputs", inputs, (N_INPUTS,), LARGEST)
        wanted = _number("target", target)
        passed = self.dense.forward(x[None])
        return passed, wanted, self.dense.backward(passed, [[wanted]])

    def _gradients(self, inputs: npt.ArrayLike, target: float) -> dict[str, float]:
        """Return the gradients by name, without the words that `backward` explains them in."""
        *_, slopes = self._run_passes(inputs, target)
        return _gradients_of(slopes).by_name()


def _gradients_of(slopes: LayerGradients) -> Gradients:
    hidden, output = slopes.weights
    return Gradients(
        hidden_weights=hidden,
        hidden_biases=slopes.biases[0],
        output_weights=output[:, 0],
        output_bias=float(slopes.biases[1][0]),
    )


def _lie_across_0(networks: Iterable[BackpropNetwork], inputs: npt.ArrayLike) -> bool:
    """Return whether a hidden unit's sum is above 0 in one of two networks alone."""
    first, second = (network.forward(inputs).hidden_sums > 0 for network in networks)
    return bool((first != second).any())


def _of_one(passed: LayerValues) -> ForwardPass:
    """Return what a pass of one example came to."""
    (hidden_sums,), (output_sums,) = passed.sums
    (hidden_values,), (outputs,) = passed.values
    return ForwardPass(
        passed.inputs[0], hidden_sums, hidden_values, float(output_sums[0]), float(outputs[0])
    )


def _number(name: str, value: object) -> float:
    return require_number(name, value, least=-LARGEST, most=LARGEST)
