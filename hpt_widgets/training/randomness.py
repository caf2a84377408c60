"""What a training draws from its seeds: each epoch's order of the samples, the initial weights."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.network import initial_weights

# Networks of more weights than this have them drawn anew for each run.
MOST_KEPT: Final = 1_000_000


@dataclass(frozen=True)
class Seeds:
    """What each kind of chance in a training is drawn from.

    Attributes
    ----------
    weights : int
        For the initial weights.
    order : int
        For the order of the samples.
    dropout : int
        For the units that are dropped.
    """

    weights: int
    order: int
    dropout: int

    @classmethod
    def all_from(cls, seed: int) -> Seeds:
        """Return those of a training whose chance is all drawn from one seed.

        Parameters
        ----------
        seed : int
            The hyperparameter.

        Returns
        -------
        Seeds
        """
        return cls(seed, seed, seed)


def epoch_order(n_train: int, seed: int, epoch: int) -> Any:
    """Return the order in which an epoch takes the samples.

    Parameters
    ----------
    n_train : int
        How many samples there are.
    seed, epoch : int
        What it is drawn from; epochs count from 0.

    Returns
    -------
    Tensor of int32, shape (n_train,)
        On the device.
    """
    order = np.random.default_rng((seed, epoch)).permutation(n_train).astype(np.int32)
    return load_tensorflow().constant(order)


def _drawn_tensors(
    sizes: tuple[int, ...], seed: int, factors: tuple[float, ...]
) -> tuple[Any, ...]:
    """Return the initial weights, on the device."""
    tf = load_tensorflow()
    with tf.device("CPU:0"):
        return tuple(tf.constant(weight) for weight in initial_weights(sizes, seed, factors))


# A slider's moves begin run after run in the same order and from the same weights: the last two
# are kept. To draw them and put them on the device takes longer than the first steps.
first_epoch_order = functools.lru_cache(maxsize=2)(epoch_order)
_kept_tensors = functools.lru_cache(maxsize=2)(_drawn_tensors)


def initial_tensors(
    sizes: tuple[int, ...], seed: int, factors: tuple[float, ...]
) -> tuple[Any, ...]:
    """Return the initial weights, on the device; those of a small network are kept there.

    Parameters
    ----------
    sizes : tuple of int
        Units of each layer, from the input to the output: see `layer_sizes`.
    seed : int
        What they are drawn from.
    factors : tuple of float
        Factor on the usual scale of each layer's kernel: see `initial_factors`.

    Returns
    -------
    tuple of Tensor of float32
        Kernel and bias of each layer, in Keras's order; the same tuple where they were kept.
    """
    tensors = _kept_tensors if initial_tensors_are_kept(sizes) else _drawn_tensors
    return tensors(sizes, seed, factors)


def initial_tensors_are_kept(sizes: tuple[int, ...]) -> bool:
    """Return whether the initial weights of a network stay on the device."""
    return sum(inputs * units for inputs, units in itertools.pairwise(sizes)) <= MOST_KEPT
