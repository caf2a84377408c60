"""What the log of a project holds of its data, of searches, trials and the test set."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.project.leaks import shared_samples
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial, plain_value

SPLITS: Final = ("train", "validation", "test")
RESULTS: Final = ("validation_accuracy", "validation_loss", "seconds", "ended")
"""What of a trial the log keeps."""
_KEY_DIGITS: Final = 12


@dataclass(frozen=True)
class Opening:
    """What an opening of the test set showed.

    Attributes
    ----------
    n_correct, n_samples : int
        How many test samples were classified correctly, of how many.
    accuracy : float
        Their share, from 0 to 1.
    """

    n_correct: int
    n_samples: int

    @property
    def accuracy(self) -> float:
        """The share of the test samples that were classified correctly."""
        return self.n_correct / self.n_samples


def describe_data(data: Dataset) -> dict[str, Any]:
    """Return what the log says of a project's data."""
    return {
        "sizes": {name: len(data.splits[name].y) for name in SPLITS},
        "n_classes": data.n_classes,
        "n_features": data.n_features,
        "class_names": list(data.class_names),
        "code": data.as_code(),
        "shared": shared_samples(data),
    }


def describe_space(space: SearchSpace) -> list[dict[str, Any]]:
    """Return a search space as a log can hold it: each dimension's kind and fields."""
    dimensions = []
    for dimension in space:
        fields = {
            field.name: getattr(dimension, field.name) for field in dataclasses.fields(dimension)
        }
        dimensions.append({"kind": type(dimension).__name__, **plain_value(fields)})
    return dimensions


def describe_trial(trial: Trial, n_train: int) -> dict[str, Any]:
    """Return what the log says of a training on so many samples."""
    return {
        "hyperparameters": trial.hyperparameters,
        **{name: _finite(getattr(trial, name)) for name in RESULTS},
        "message": trial.message,
        "samples": round((trial.epochs_trained or 0.0) * n_train),
        "training_size": n_train,
    }


def trial_of(content: Mapping[str, Any], method: str) -> Trial:
    """Return the trial that a line of the log describes.

    Parameters
    ----------
    content : mapping
        Of an entry of the kind "fit".
    method : str
        Of the search that it belongs to.

    Returns
    -------
    Trial
    """
    epochs = content["samples"] / content["training_size"]
    results = {name: content[name] for name in RESULTS}
    hyperparameters = dict(content["hyperparameters"])
    return Trial(hyperparameters, method=method, epochs_trained=epochs, **results)


def key_of(described: Mapping[str, Any]) -> str:
    """Return a short text that tells what is described from anything else."""
    text = json.dumps(described, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_KEY_DIGITS]


def _finite(value: Any) -> Any:
    """Return what JSON can hold: no nan and no infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
