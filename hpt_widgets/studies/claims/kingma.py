"""Kingma & Ba 2015: does Adam bring the training loss down fastest?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.claims.experiment import (
    Experiment,
    Settings,
    hyperparameters_of,
    subset,
)

if TYPE_CHECKING:
    from hpt_widgets.data.dataset import Dataset

OPTIMIZERS: Final = ("sgd", "nesterov", "adagrad", "rmsprop", "adam")
RATES: Final = {
    "sgd": (0.03, 0.1, 0.3, 0.6, 1.0),
    "nesterov": (0.003, 0.01, 0.03, 0.1, 0.3),
    "adagrad": (0.003, 0.01, 0.03, 0.1, 0.3),
    "rmsprop": (0.0001, 0.0003, 0.001, 0.003, 0.01),
    "adam": (0.0003, 0.001, 0.003, 0.01, 0.03),
}
"""Five for each, around the rates at which it is known to learn."""
SEEDS: Final = (0, 1, 2, 3)
EPOCHS: Final = 4
COMMON: Final = {
    "training_size": 5000,
    "hidden_units": (128, 128),
    "dropout_rate": 0.5,
    "batch_size": 128,
    "epochs": EPOCHS,
}


def _settings() -> Iterator[Settings]:
    for optimizer in OPTIMIZERS:
        for rate in RATES[optimizer]:
            for seed in SEEDS:
                yield {
                    **COMMON,
                    "subset_seed": seed,
                    "optimizer": optimizer,
                    "learning_rate": rate,
                    "seed": seed,
                }


def train_with_training_loss(data: Dataset, settings: Settings) -> Trial:
    """Train one setting, and measure it on its own training digits after each epoch.

    Parameters
    ----------
    data : Dataset
        MNIST.
    settings : dict of str to value
        As for `Experiment`.

    Returns
    -------
    Trial
        Its history has a row for each epoch: samples seen, and the mean cross-entropy, in nats,
        on all training digits without dropout. Accuracy and loss are those of the validation
        digits, as everywhere.
    """
    from hpt_widgets.training.session import TrainingSamples, TrainingSession

    chosen = subset(data, settings)
    samples = TrainingSamples.from_split(chosen.splits["train"], data.n_classes)
    held_out = TrainingSamples.from_split(data.splits["validation"], data.n_classes).train
    session = TrainingSession(samples, hyperparameters_of(settings))
    history: list[tuple[float, float]] = []
    try:
        while session.ended is None:
            session.advance()
            if session.samples_seen % samples.n_train == 0:
                loss = session.result(validation=samples.train).validation_loss
                history.append((session.samples_seen, _number(loss)))
        run = session.result(validation=held_out)
    finally:
        session.suspend()
    trial = Trial.from_run(run, method="claim", hyperparameters=settings)
    return dataclasses.replace(trial, history=tuple(history))


def _number(loss: Any) -> float:
    return float("nan") if loss is None else float(loss)


EXPERIMENT: Final = Experiment(
    "kingma-2015", _settings, minutes=2, train=train_with_training_loss
)
