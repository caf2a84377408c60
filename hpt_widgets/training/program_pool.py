"""Traced programs that wait for their next training."""

from __future__ import annotations

import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.support.tensorflow_loader import refuse_after_fork
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import Weights
from hpt_widgets.training.program import Architecture, TrainingProgram

PROGRAMS_KEPT: Final = 6
# Those that wait hold no more than this together: six of the largest networks would hold 1.4 GB.
# One with 512 and 512 units, which Adam trains, just fits; it is filled anew in 4 ms.
BYTES_KEPT: Final = 2**23


class ProgramPool:
    """Traced programs that wait for their next training.

    Tracing takes a third of a second, so a returned program is kept, and the one that has
    waited longest makes room when there are more than `kept`. Where their networks are too large
    together, the largest are cleared.

    Parameters
    ----------
    kept : int, optional
        How many programs wait at the most.
    bytes_kept : int, optional
        How large their networks may be together, in bytes.

    Attributes
    ----------
    kept : int
        As given; it may be set.
    """

    def __init__(self, kept: int = PROGRAMS_KEPT, bytes_kept: int = BYTES_KEPT) -> None:
        self.kept = kept
        self._bytes_kept = bytes_kept
        self._idle: list[TrainingProgram] = []
        self._lock = threading.Lock()

    def lease(self, architecture: Architecture) -> TrainingProgram:
        """Return a program of this architecture that nobody else uses until `give_back`.

        Raises
        ------
        RuntimeError
            If this process was forked after TensorFlow had started.
        """
        return self.lease_idle(architecture) or TrainingProgram(architecture)

    def lease_idle(self, architecture: Architecture) -> TrainingProgram | None:
        """Do the same as `lease`, but return None where no such program waits."""
        refuse_after_fork()  # before the lock, which another thread may have held then
        with self._lock:
            for program in reversed(self._idle):
                if program.architecture == architecture:
                    self._idle.remove(program)
                    return program
        return None

    def give_back(self, program: TrainingProgram) -> None:
        """Let another training use the program, unless a call of it has failed."""
        if program.has_failed:
            return
        with self._lock:
            self._idle.append(program)
            del self._idle[: -self.kept]
            for waiting in sorted(self._idle, key=lambda program: program.n_bytes, reverse=True):
                if self._n_bytes() > self._bytes_kept:
                    waiting.clear()

    def _n_bytes(self) -> int:
        return sum(program.n_bytes for program in self._idle)


PROGRAMS: Final = ProgramPool()


def predict_proba(
    hp: Hyperparameters, weights: Weights, features: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the class probabilities that a network of these weights gives.

    Parameters
    ----------
    hp : Hyperparameters
        Of the network.
    weights : list of ndarray of float32
        Kernel and bias of each layer, in Keras's order.
    features : ndarray of float32, shape (n_samples, n_features)
        The samples, flattened.

    Returns
    -------
    ndarray of float32, shape (n_samples, n_classes)
    """
    program = PROGRAMS.lease(Architecture(len(weights) // 2, hp.activation, hp.optimizer))
    try:
        program.start_from(weights)
        return program.predict_proba(features)
    finally:
        PROGRAMS.give_back(program)
