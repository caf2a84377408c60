"""The weights of the runs that are watched, recorded while they train: it knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.training.loss_plane import (
    FloatArray,
    Shapes,
    Weights,
    flatten_weights,
    unflatten_weights,
)

MOST_POINTS: Final = 60
FEWEST_MOST_POINTS: Final = 8
# A run's points take no more memory than this, unless the network is so large that the
# fewest points do. The article's network has 109,386 weights: 60 points take 26 MB.
BYTES_PER_RUN: Final = 32e6
# Six runs of such a network take 400 MB.
MOST_WEIGHTS: Final = 2_000_000


@dataclass(frozen=True)
class Network:
    """What two runs must share for their weights to lie on one loss surface.

    Attributes
    ----------
    shapes : tuple of tuple of int
        Shapes of the kernels and biases, in Keras's order.
    activation : str
        Of the hidden layers.
    """

    shapes: Shapes
    activation: str


@dataclass(eq=False)
class RecordedPath:
    """The weights along one run.

    Attributes
    ----------
    request : TrainingRequest
        What was trained.
    network : Network
        Shapes of its weights, and its activation.
    samples : list of int
        After how many samples each point was recorded.
    vectors : list of ndarray of float32
        The flattened weights there.
    """

    request: TrainingRequest
    network: Network
    samples: list[int] = field(default_factory=list)
    vectors: list[FloatArray] = field(default_factory=list)
    _offered: int = 0
    _every: int = 1

    def offer(self, samples: int, weights: Callable[[], Weights]) -> bool:
        """Record a point, unless the path has so many that one in a few is enough."""
        self._offered += 1
        if self._offered % self._every:
            return False
        self.append(samples, weights())
        return True

    def append(self, samples: int, weights: Weights) -> None:
        """Record a point; where there are too many, every second one is dropped."""
        self.samples.append(samples)
        self.vectors.append(flatten_weights(weights))
        if len(self.vectors) > most_points(self.vectors[0].size):
            del self.samples[1:-1:2], self.vectors[1:-1:2]
            self._every *= 2

    def weights(self, vectors: FloatArray) -> list[Weights]:
        """Return the kernels and biases that flattened weights of this network stand for."""
        return [unflatten_weights(vector, self.network.shapes) for vector in vectors]

    def matrix(self) -> FloatArray:
        """Return the points, shape (n_points, n_weights)."""
        return np.stack(self.vectors)


def most_points(n_weights: int) -> int:
    """Return how many points of a run are kept."""
    affordable = int(BYTES_PER_RUN / (4 * n_weights))
    return min(MOST_POINTS, max(FEWEST_MOST_POINTS, affordable))


class PathRecorder:
    """Records runs from their first weights on, all of one network."""

    def __init__(self) -> None:
        self.paths: list[RecordedPath] = []  # the newest last
        self.present: RecordedPath | None = None

    @property
    def network(self) -> Network | None:
        """The network whose runs are recorded."""
        return self.paths[-1].network if self.paths else None

    def begin(self, request: TrainingRequest, weights: Weights) -> bool:
        """Record a new run from its first weights on.

        Returns whether it is another network than before: the earlier paths are dropped then.
        """
        shapes = tuple(weight.shape for weight in weights)
        network = Network(shapes, request.hyperparameters.activation)
        is_other = self.network not in (None, network)
        if is_other:
            self.paths.clear()
        self.present = RecordedPath(request, network)
        self.present.append(0, weights)
        self.paths.append(self.present)
        return is_other

    def finish(self, request: TrainingRequest, samples: int, weights: Weights) -> bool:
        """Record where a run ended; return whether it is one that is recorded."""
        path = next((path for path in self.paths if path.request is request), None)
        if path is None:
            return False
        if path is self.present:
            self.present = None
        if path.samples[-1] != samples:
            path.append(samples, weights)
        return True

    def keep(self, requests: Iterable[TrainingRequest]) -> None:
        """Drop the runs that were not requested by one of these."""
        kept = {id(request) for request in requests}
        self.paths = [path for path in self.paths if id(path.request) in kept]
        if self.present not in self.paths:
            self.present = None
