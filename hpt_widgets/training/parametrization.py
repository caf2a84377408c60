"""How a layer's initial weights and learning rates follow the width of the network.

In the standard parametrization they don't: all layers learn at one rate, and Glorot's initial
weights know their own layer alone. The best learning rate then depends on the width. In the maximal
update parametrization (μP) it stays where it is: Yang et al. (2022), "Tensor Programs V",
arXiv 2203.03466. Their table 3 says how the initial variance and the rates scale with a layer's
inputs (fan-in) and outputs (fan-out); of these only hidden layers grow with the width. The
optimisers' ε follows no width, here as in the authors' package mup.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from hpt_widgets.training.hyperparameters import Hyperparameters

# Those that divide the gradient by its size scale as Adam does, the others as SGD.
LIKE_SGD: Final = ("sgd", "momentum", "nesterov")


@dataclass(frozen=True)
class LayerFactors:
    """What sets a layer apart from a standard one.

    Attributes
    ----------
    initial : float
        Factor on the standard deviation of its initial kernel, which is Glorot's.
    kernel_rate, bias_rate : float
        Factors on the learning rate of its kernel and of its bias. Weight decay takes none: it
        goes with the network's own rate, so that the share taken away does not follow the width.
    """

    initial: float = 1.0
    kernel_rate: float = 1.0
    bias_rate: float = 1.0


def layer_factors(hp: Hyperparameters, sizes: Sequence[int]) -> tuple[LayerFactors, ...]:
    """Return the factors of every layer, from the first hidden one to the output.

    Parameters
    ----------
    hp : Hyperparameters
        Of which ``initial_scale``, ``parametrization``, ``base_width`` and ``optimizer`` count.
    sizes : sequence of int
        Units of every layer, input and output included; see `network.layer_sizes`.

    Returns
    -------
    tuple of LayerFactors
        With "mup" relative to a network whose first hidden layer has ``base_width`` units, and
        whose others are narrower or wider in the same proportion; for that one itself exactly
        those of "standard".
    """
    last = len(sizes) - 2
    if hp.parametrization == "standard":
        return (LayerFactors(hp.initial_scale),) * (last + 1)
    width = sizes[1] / hp.base_width
    layers = []
    for place, (inputs, units) in enumerate(pairwise(sizes)):
        fan_in = 1.0 if place == 0 else width
        fan_out = 1.0 if place == last else width
        base = math.sqrt((inputs + units) / (inputs / fan_in + units / fan_out))
        layers.append(_mup(hp, base, fan_in, fan_out, is_output=place == last))
    return tuple(layers)


def _mup(
    hp: Hyperparameters, base: float, fan_in: float, fan_out: float, *, is_output: bool
) -> LayerFactors:
    """Return one layer's factors by table 3.

    `fan_in` and `fan_out` are how many times as many inputs and outputs the layer has as in the
    network of the base width; `base` is Glorot's deviation there over Glorot's here.
    """
    # The variance falls with 1 / fan-in, at the output with 1 / fan-in².
    initial = hp.initial_scale * base / (fan_in if is_output else math.sqrt(fan_in))
    if hp.optimizer in LIKE_SGD:
        # The input's weights and all biases: fan-out. Output: 1 / fan-in. Hidden layers: 1.
        return LayerFactors(initial, fan_out / fan_in, fan_out)
    # The input's weights and all biases: 1. Output and hidden layers: 1 / fan-in.
    return LayerFactors(initial, 1 / fan_in, 1.0)


def initial_factors(hp: Hyperparameters, sizes: Sequence[int]) -> tuple[float, ...]:
    """Return each layer's factor on Glorot's standard deviation; see `layer_factors`."""
    return tuple(layer.initial for layer in layer_factors(hp, sizes))


def weight_rates(hp: Hyperparameters, sizes: Sequence[int]) -> tuple[float, ...]:
    """Return the factor on the learning rate of each kernel and bias, in Keras's order."""
    layers = layer_factors(hp, sizes)
    return tuple(rate for layer in layers for rate in (layer.kernel_rate, layer.bias_rate))
