"""Training on a data set: to the end, or as it happens."""

from __future__ import annotations

from collections.abc import Iterator

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.language import translate
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import check_hyperparameters
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import Run
from hpt_widgets.training.samples import samples_of
from hpt_widgets.training.session import TrainingSession


class Trainer:
    """Trains networks on one data set.

    Parameters
    ----------
    data : Dataset
        Trained on its split ``train``; measured on ``validation``, if there is one.

    Raises
    ------
    TypeError
        If `data` is no Dataset.
    """

    def __init__(self, data: Dataset) -> None:
        if not isinstance(data, Dataset):
            raise TypeError(translate("training.not_a_dataset", value=data))
        self.data = data

    def session(self, hp: Hyperparameters) -> TrainingSession:
        """Return a training that has not begun.

        Parameters
        ----------
        hp : Hyperparameters
            What to train.

        Returns
        -------
        TrainingSession

        Raises
        ------
        TypeError
            If `hp` is not Hyperparameters.
        ValueError
            If the network would be larger than the workbook trains.
        """
        check_hyperparameters(hp)
        return TrainingSession(samples_of(self.data), hp)

    def steps(self, hp: Hyperparameters) -> Iterator[Progress]:
        """Train, and report after each chunk of about 40 ms.

        Leaving the loop early stops the training.

        Parameters
        ----------
        hp : Hyperparameters
            What to train.

        Returns
        -------
        iterator of Progress

        Raises
        ------
        TypeError
            If `hp` is not Hyperparameters.
        ValueError
            If the network would be larger than the workbook trains.
        """
        return _steps_of(self.session(hp))

    def train(self, hp: Hyperparameters) -> Run:
        """Train to the end.

        Parameters
        ----------
        hp : Hyperparameters
            What to train.

        Returns
        -------
        Run
            What it came to.

        Raises
        ------
        TypeError
            If `hp` is not Hyperparameters.
        ValueError
            If the network would be larger than the workbook trains.
        """
        return train_to_end(self.session(hp))


def train_to_end(session: TrainingSession) -> Run:
    """Take all chunks of a training, and return what it came to."""
    try:
        while session.ended is None:
            session.advance()
        return session.result()
    finally:
        session.suspend()


def _steps_of(session: TrainingSession) -> Iterator[Progress]:
    try:
        while session.ended is None:
            yield session.advance()
    finally:
        session.suspend()


def train(hp: Hyperparameters, data: Dataset) -> Run:
    """Train one network to the end.

    Parameters
    ----------
    hp : Hyperparameters
        How to train.
    data : Dataset
        Trained on its split ``train``; measured on ``validation``, if there is one.

    Returns
    -------
    Run
        With ``.history`` (DataFrame), ``.validation_accuracy``, ``.model`` (Keras),
        ``.plot()`` and ``.as_code()``. A training that diverges ends early: ``.ended``
        and ``.reason`` say so.

    Raises
    ------
    TypeError
        If `hp` is not Hyperparameters, or `data` no Dataset.
    ValueError
        If the network would be larger than the workbook trains.
    """
    return Trainer(data).train(hp)
