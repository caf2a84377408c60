"""Lets the trainings of a process see only the first of their samples.

The checks of the notebooks (`tools.notebook_checks`) have a kernel do so while cells are run whose
trained numbers they do not compare. Readers never meet it: nothing in hpt_widgets knows of it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from typing import Any
from unittest.mock import patch

from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.randomness import Seeds
from hpt_widgets.training.run import Run
from hpt_widgets.training.samples import TrainingSamples
from hpt_widgets.training.session import TrainingSession

_changes = contextlib.ExitStack()


def train_on_fewer(n_samples: int) -> None:
    """Train and validate on no more samples than this, until `train_on_all` is called.

    Parameters
    ----------
    n_samples : int
        The first so many of the training samples, and of the validation samples, count.
    """
    train_on_all()
    _shorten_sessions(n_samples)
    # Where it is still being imported, no cell can have made a model of it.
    model = getattr(sys.modules.get("keras"), "Model", None)
    if model is not None:
        _shorten_fit(model, n_samples)


def train_on_all() -> None:
    """Train and validate on all samples again."""
    _changes.close()


def _shorten_sessions(n_samples: int) -> None:
    begin, result = TrainingSession.__init__, TrainingSession.result

    def begin_on_fewer(
        session: TrainingSession,
        samples: TrainingSamples,
        hp: Hyperparameters,
        seeds: Seeds | None = None,
    ) -> None:
        begin(session, _first_samples(samples, n_samples), hp, seeds)

    def result_on_fewer(
        session: TrainingSession,
        validate: bool = True,
        validation: tuple[Any, Any] | None = None,
    ) -> Run:
        return result(session, validate, validation and _first(validation, n_samples))

    _changes.enter_context(patch.object(TrainingSession, "__init__", begin_on_fewer))
    _changes.enter_context(patch.object(TrainingSession, "result", result_on_fewer))


def _shorten_fit(model: Any, n_samples: int) -> None:
    fit = model.fit

    def fit_on_fewer(self: Any, x: Any, y: Any, **options: Any) -> Any:
        return fit(self, x[:n_samples], y[:n_samples], **options)

    _changes.enter_context(patch.object(model, "fit", fit_on_fewer))


def _first_samples(samples: TrainingSamples, n_samples: int) -> TrainingSamples:
    return dataclasses.replace(
        samples,
        train=_first(samples.train, n_samples),
        validation=samples.validation and _first(samples.validation, n_samples),
        n_train=min(n_samples, samples.n_train),
    )


def _first(tensors: tuple[Any, Any], n_samples: int) -> tuple[Any, Any]:
    features, labels = tensors
    return features[:n_samples], labels[:n_samples]
