"""Where in a training the rows of its history are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

POINTS_PER_EPOCH: Final = 20
POINTS_PER_RUN: Final = 400
EARLY_POINTS: Final = (1 / 160, 1 / 80, 1 / 40)
VALIDATIONS_PER_EPOCH: Final = 5
VALIDATIONS_PER_RUN: Final = 50


@dataclass(frozen=True)
class RecordPlan:
    """After how many samples of an epoch a row is recorded, and where validation is measured.

    The plan depends on the data and the number of epochs alone, so that two runs can be
    compared row by row.

    Attributes
    ----------
    points : tuple of int
        Samples of the epoch after which a row is recorded, ascending; the last is the whole epoch.
    validated : frozenset of int
        Those of `points` at which the validation data are measured.
    """

    points: tuple[int, ...]
    validated: frozenset[int]

    @classmethod
    def for_epoch(cls, n_samples: int, epochs: int, first: bool) -> RecordPlan:
        """Spread the points evenly; the first epoch also has a few early ones.

        Parameters
        ----------
        n_samples : int
            Training samples.
        epochs : int
            Epochs of the whole run: the more, the fewer points each has.
        first : bool
            Whether it is the first epoch.

        Returns
        -------
        RecordPlan
        """
        n_points = max(1, min(POINTS_PER_EPOCH, POINTS_PER_RUN // epochs))
        n_validations = max(1, min(VALIDATIONS_PER_EPOCH, VALIDATIONS_PER_RUN // epochs, n_points))
        points = {_share(n_samples, k / n_points) for k in range(1, n_points + 1)}
        # Validation is measured at some of the points, the last one always among them.
        measured = [round(k * n_points / n_validations) for k in range(1, n_validations + 1)]
        validated = {_share(n_samples, k / n_points) for k in measured}
        if first:
            points |= {_share(n_samples, share) for share in EARLY_POINTS}
        return cls(tuple(sorted(points)), frozenset(validated))


def _share(n_samples: int, share: float) -> int:
    return max(1, round(n_samples * share))
