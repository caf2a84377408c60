"""Where a training stands."""

from __future__ import annotations

from dataclasses import dataclass

from hpt_widgets.training.run import Ending


@dataclass(frozen=True)
class Progress:
    """Where a training stands after a chunk of steps.

    Attributes
    ----------
    samples_seen, total_samples : int
        Samples trained on so far, and in the whole run.
    epoch : float
        Passes over the training data so far.
    training_loss : float
        Mean cross-entropy since the last row of the history.
    validation_loss, validation_accuracy : float or None
        Fresh values where this chunk ended with a validation, else None.
    seconds : float
        Time spent so far, without pauses.
    samples_per_second : float
        Mean speed so far, validation included.
    seconds_left : float
        Estimated from that speed.
    recorded : bool
        Whether this is a row of the history; its rows don't depend on how a run was chunked. Where
        its validation was interrupted, the row is appended at the beginning of the next chunk.
    ended : {"finished", "diverged", "stopped"} or None
        None while there is more to do.
    """

    samples_seen: int
    total_samples: int
    epoch: float
    training_loss: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    samples_per_second: float
    seconds_left: float
    recorded: bool
    ended: Ending | None
