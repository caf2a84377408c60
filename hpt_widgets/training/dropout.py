"""Dropout, drawn for all hidden layers of a step at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hpt_widgets.support.tensorflow_loader import forgotten_gradients, load_tensorflow


def dropout_masks(n_rows: Any, units: Any, rate: Any, seed: tuple[Any, Any]) -> list[Any]:
    """Draw, from the seed and the step alone, which units stay, scaled to keep the mean.

    Parameters
    ----------
    n_rows : Tensor of int
        Samples of the step; each has draws of its own.
    units : Tensor of int, shape (n_hidden_layers,)
        Units of every hidden layer.
    rate : Tensor of float32
        The share of the units that is dropped, from 0 to 1.
    seed : (Tensor, Tensor) of int
        The training's seed, and the number of the step.

    Returns
    -------
    list of Tensor of float32, shape (n_rows, units of the layer)
        For each hidden layer 0 where a unit is dropped, else 1 / (1 - rate).
    """
    tf = load_tensorflow()
    shape = tf.stack([n_rows, tf.reduce_sum(units)])
    noise = tf.random.stateless_uniform(shape, seed=tf.stack(seed))
    # A rate just below 1 may round to 1: then all units are dropped, and none scaled.
    mask = tf.cast(noise >= rate, tf.float32) * tf.math.divide_no_nan(1.0, 1.0 - rate)
    return list(tf.split(mask, units, axis=1))


def masked(signal: Any, mask: Any) -> Any:
    """Multiply, with a gradient that needn't find out about broadcasting in every step.

    Parameters
    ----------
    signal, mask : Tensor of float32, shape (n_rows, n_units)
        What hidden units give, and one of `dropout_masks`.

    Returns
    -------
    Tensor of float32, shape (n_rows, n_units)
    """
    tf = load_tensorflow()

    def multiply(signal: Any, mask: Any) -> tuple[Any, Callable[[Any], tuple[Any, None]]]:
        return signal * mask, lambda upstream: (upstream * mask, None)

    with forgotten_gradients():
        return tf.custom_gradient(multiply)(signal, mask)
