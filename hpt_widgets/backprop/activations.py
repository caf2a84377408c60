"""Activation functions with their slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hpt_widgets.descent.surfaces import FloatArray


@dataclass(frozen=True)
class Activation:
    """An activation function with its slope.

    Attributes
    ----------
    function : callable
        Of the weighted sum.
    slope : callable
        The derivative, of the weighted sum and the function's value there: for sigmoid and
        tanh it follows from the value alone.
    """

    function: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray, FloatArray], FloatArray]


def _sigmoid(z: FloatArray) -> FloatArray:
    # Written with tanh, it cannot overflow.
    return np.asarray(0.5 * (1 + np.tanh(0.5 * z)), dtype=np.float64)


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(_sigmoid, lambda _, a: a * (1 - a)),
    "tanh": Activation(lambda z: np.tanh(z), lambda _, a: 1 - a**2),
    # At 0, where ReLU has no derivative, it counts as 0: TensorFlow does the same.
    "relu": Activation(lambda z: np.maximum(z, 0.0), lambda z, _: np.where(z > 0, 1.0, 0.0)),
    "identity": Activation(lambda z: z, lambda z, _: np.ones_like(z)),
}
