"""How a row of the trial bank is trained."""

from __future__ import annotations

from typing import Any, Final

from hpt_widgets.data.dataset import SUBSET_SEED, Dataset
from hpt_widgets.data.mnist import load_mnist
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.trainer import Trainer

TRAINING_SIZE: Final = 5_000
# Of the loop's longest run, each epoch is one row of the history, and is measured at its end.
LOOP_EPOCHS: Final = 400


def bank_data() -> Dataset:
    """Return what is trained on: 5,000 of MNIST's digits, and all 10,000 of its validation."""
    return load_mnist().take(TRAINING_SIZE, seed=SUBSET_SEED)


class BankObjective:
    """Trains a setting, and measures it after each epoch.

    Parameters
    ----------
    data : Dataset
        As `bank_data` has them.
    """

    def __init__(self, data: Dataset) -> None:
        self.data = data

    def __call__(self, values: dict[str, Any]) -> Trial:
        """Return the trial; its history has a pair (epoch, validation accuracy) for each epoch.

        Parameters
        ----------
        values : dict of str to value
            Hyperparameters, the ``epochs`` and the ``seed`` among them.
        """
        # How long a run is to be does not change what it has learned on its way.
        hp = Hyperparameters(**values).replace(epochs=LOOP_EPOCHS)
        session = Trainer(self.data).session(hp)
        curve: list[tuple[float, float]] = []
        try:
            while session.ended is None and len(curve) < values["epochs"]:
                progress = session.advance()
                if progress.validation_accuracy is not None and progress.ended != "diverged":
                    curve.append((float(len(curve) + 1), progress.validation_accuracy))
        finally:
            session.suspend()
        return Trial(
            dict(values),
            validation_accuracy=curve[-1][1] if curve else None,
            seconds=progress.seconds,
            epochs_trained=progress.epoch,
            ended="diverged" if progress.ended == "diverged" else "finished",
            history=tuple(curve),
        )
