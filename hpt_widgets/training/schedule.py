"""Learning rate schedules: which share of the learning rate each step of a training takes.

They are computed before the steps and handed to the traced loop as numbers, so that no schedule
and no change of one traces it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.training.hyperparameters import Hyperparameters

FloatArray = NDArray[np.float64]

# He et al. (2016), section 4.2: a tenth of the rate from 32,000 of 64,000 steps on, and a tenth
# of that from 48,000 on.
STEP_PLACES: Final = (0.5, 0.75)
STEP_FACTOR: Final = 0.1

# Smith (2018), arXiv 1803.09820, section 4: one cycle, a little shorter than the training, whose
# two halves are lines between a tenth of the rate and the rate; in what is left the rate falls to
# a hundredth of where the cycle began. (Of the paper's policy this is the learning rate alone:
# the momentum stays as it is.)
ONE_CYCLE_PLACES: Final = (0.0, 0.45, 0.9, 1.0)
ONE_CYCLE_FACTORS: Final = (0.1, 1.0, 0.1, 0.001)


def rate_factors(hp: Hyperparameters, first: int, n_steps: int, total: int) -> FloatArray:
    """Return what the learning rate is multiplied by in some steps of a training.

    Parameters
    ----------
    hp : Hyperparameters
        Of which ``schedule`` and ``warm_up`` count.
    first : int
        How many steps of the training come before them.
    n_steps : int
        How many there are.
    total : int
        Steps of the whole training.

    Returns
    -------
    ndarray of float, shape (n_steps,)
        From 0 to 1. The warm-up takes the first ``round(warm_up * total)`` steps, and its first
        step has rate 0, as with Keras's ``CosineDecay``.
    """
    warm_up = round(hp.warm_up * total)
    steps = np.arange(first, first + n_steps)
    done = np.clip((steps - warm_up) / max(total - warm_up, 1), 0.0, 1.0)
    ramp = np.minimum(steps / warm_up, 1.0) if warm_up else 1.0
    return ramp * _SHAPES[hp.schedule](done)


def is_constant(hp: Hyperparameters) -> bool:
    """Return whether every step takes the whole learning rate."""
    return hp.schedule == "constant" and hp.warm_up == 0


def _constant(done: FloatArray) -> FloatArray:
    return np.ones_like(done)


def _step(done: FloatArray) -> FloatArray:
    powers: Any = np.digitize(done, STEP_PLACES)
    factors: FloatArray = STEP_FACTOR**powers
    return factors


def _cosine(done: FloatArray) -> FloatArray:
    """Fall along half a wave (Loshchilov & Hutter 2017, without restarts)."""
    factors: FloatArray = (1 + np.cos(np.pi * done)) / 2
    return factors


def _one_cycle(done: FloatArray) -> FloatArray:
    return np.interp(done, ONE_CYCLE_PLACES, ONE_CYCLE_FACTORS)


_SHAPES: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "constant": _constant,
    "step": _step,
    "cosine": _cosine,
    "1cycle": _one_cycle,
}
