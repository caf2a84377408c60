"""What a training begins with: its seeds, the order of its samples, and its initial weights."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.network import initial_weights

# Initial weights of larger networks are drawn anew for each run.
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
    """Return the order in which an epoch takes the samples, on the device."""
    order = np.random.default_rng((seed, epoch)).permutation(n_train).astype(np.int32)
    return load_tensorflow().constant(order)


def _drawn_tensors(
    sizes: tuple[int, ...], seed: int, factors: tuple[float, ...]
) -> tuple[Any, ...]:
    """Return the initial weights, on the device."""
    tf = load_tensorflow()
    with tf.device("CPU:0"):
        return tuple(tf.constant(weight) for weight in initial_weights(sizes, seed, factors))


# A slider's moves begin run after run in the same order and from the same weights. To draw them
# and put them on the device takes longer than the first steps.
first_order = functools.lru_cache(maxsize=2)(epoch_order)
_kept_tensors = functools.lru_cache(maxsize=2)(_drawn_tensors)


def initial_tensors(
    sizes: tuple[int, ...], seed: int, factors: tuple[float, ...]
) -> tuple[Any, ...]:
    """Return the initial weights, on the device; those of a small network are kept there."""
    tensors = _kept_tensors if initial_tensors_are_kept(sizes) else _drawn_tensors
    return tensors(sizes, seed, factors)


def initial_tensors_are_kept(sizes: tuple[int, ...]) -> bool:
    """Return whether the initial weights of a network stay on the device."""
    return sum(inputs * units for inputs, units in itertools.pairwise(sizes)) <= MOST_KEPT
