"""A training that has ended: its history, its weights, its picture and its code."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.array_checks import checked_array
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.network import Weights, build_model
from hpt_widgets.training.program import DIVERGENCE_BOUND
from hpt_widgets.training.program_pool import predict_proba

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture

Ending = Literal["finished", "stopped", "diverged"]


@dataclass(frozen=True)
class HistoryPoint:
    """One row of a run's history.

    Attributes
    ----------
    samples : int
        Samples trained on since the start, all epochs together.
    epoch : float
        The same in passes over the training data.
    seconds : float
        Time spent in training and validation, without pauses.
    training_loss : float
        Mean cross-entropy (in nats) since the row before, measured while training: with
        dropout, and with weights that change from step to step.
    validation_loss, validation_accuracy : float
        Measured on the whole validation split without dropout; nan where not measured.
    """

    samples: int
    epoch: float
    seconds: float
    training_loss: float
    validation_loss: float = math.nan
    validation_accuracy: float = math.nan


@dataclass(frozen=True, eq=False)
class Run:
    """What one training came to.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        What it started with.
    points : tuple of HistoryPoint
        Where it stood on its way.
    history : DataFrame
        The same as a table, one row each.
    weights : list of ndarray of float32
        Kernel and bias of each layer, in Keras's order, as they were at the end.
    ended : {"finished", "stopped", "diverged"}
        How it ended; `reason` says it in words.
    seconds : float
        Time spent in training and validation, without pauses.
    n_features, n_classes : int
        Size of the input and of the output.
    notes : tuple of str
        What the reader should know, such as a batch size that was clipped.
    changes : tuple of (int, dict)
        Changes in mid-run: after how many samples, and the new values.
    data : str
        The Python expression of the data set that it was trained on; see `Dataset.as_code`.
    """

    hyperparameters: Hyperparameters
    points: tuple[HistoryPoint, ...] = field(repr=False)
    weights: Weights = field(repr=False)
    ended: Ending
    seconds: float
    n_features: int
    n_classes: int
    notes: tuple[str, ...] = ()
    changes: tuple[tuple[int, dict[str, object]], ...] = ()
    data: str = "data"

    @cached_property
    def history(self) -> pd.DataFrame:
        """The points as a DataFrame, one row each."""
        columns = [column.name for column in dataclasses.fields(HistoryPoint)]
        return pd.DataFrame([dataclasses.asdict(point) for point in self.points], columns=columns)

    @property
    def samples_seen(self) -> int:
        """Samples trained on, all epochs together."""
        return self.points[-1].samples if self.points else 0

    @property
    def training_loss(self) -> float:
        """The last training loss; nan if there is none."""
        return self.points[-1].training_loss if self.points else math.nan

    @property
    def validation_loss(self) -> float:
        """The last validation loss; nan without validation data."""
        return self._last_measured("validation_loss")

    @property
    def validation_accuracy(self) -> float:
        """The last validation accuracy, from 0 to 1; nan without validation data."""
        return self._last_measured("validation_accuracy")

    def _last_measured(self, column: str) -> float:
        measured = [p for p in self.points if not math.isnan(p.validation_accuracy)]
        return float(getattr(measured[-1], column)) if measured else math.nan

    @property
    def best_validation_accuracy(self) -> float:
        """The highest validation accuracy on the way; nan without validation data."""
        measured = [point.validation_accuracy for point in self.points]
        return max((value for value in measured if not math.isnan(value)), default=math.nan)

    @property
    def reason(self) -> str:
        """How the run ended, in words and in the current language."""
        return describe_ending(self.ended, self.training_loss, self.n_classes)

    @cached_property
    def model(self) -> Any:
        """The trained network as a plain, compiled Keras model; save it as ``.keras``."""
        model = build_model(self.hyperparameters, self.n_features, self.n_classes)
        model.set_weights(self.weights)
        return model

    def predict_proba(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the trained network's class probabilities, much sooner than `model` can.

        Parameters
        ----------
        x : ndarray of float, shape (n_samples, ...)
            Samples with `n_features` values each; they are flattened.

        Returns
        -------
        ndarray of float32, shape (n_samples, n_classes)

        Raises
        ------
        TypeError, ValueError
            If `x` holds no numbers, or samples of another size.
        """
        return predict_proba(self.hyperparameters, self.weights, self._checked_samples(x))

    def _checked_samples(self, x: object) -> NDArray[np.float32]:
        samples = checked_array("x", x)
        if samples.dtype.kind not in "fiub":
            raise TypeError(translate("training.samples", n=self.n_features, found=samples.dtype))
        if samples.ndim < 2 or math.prod(samples.shape[1:]) != self.n_features:
            raise ValueError(translate("training.samples", n=self.n_features, found=samples.shape))
        return samples.astype(np.float32, copy=False).reshape(len(samples), -1)

    def plot(self) -> StillPicture:
        """Draw the losses and the validation accuracy over the samples seen.

        The scale of the losses is logarithmic where they lie far apart.
        """
        from hpt_widgets.training.run_plot import plot_history

        return plot_history(self.history)

    def as_code(self) -> str:
        """Return the short Keras program that trains the same network on the same data.

        Where the data are not MNIST, it expects them as ``data``.
        """
        return keras_program(
            self.hyperparameters,
            self.n_features,
            self.n_classes,
            self.data,
            validates=not math.isnan(self.validation_accuracy),
        )


def describe_ending(ended: Ending, training_loss: float, n_classes: int) -> str:
    """Say in the current language how a training ended.

    Parameters
    ----------
    ended : {"finished", "stopped", "diverged"}
        How it ended.
    training_loss : float
        The last one.
    n_classes : int
        What a loss that diverged is compared with: that of guessing among them.

    Returns
    -------
    str
    """
    if ended != "diverged":
        return translate(f"training.{ended}")
    if not math.isfinite(training_loss):
        return translate("training.diverged_not_finite")
    guess = math.log(n_classes)
    return translate("training.diverged_too_large", bound=DIVERGENCE_BOUND, guess=guess)
