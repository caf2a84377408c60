"""Tune a neural network by hand and by search, and watch it learn.

Importing this package is cheap: each public name is loaded on first use, and
TensorFlow only when something is really trained.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from hpt_widgets.language import current_language, use_language

if TYPE_CHECKING:
    from hpt_widgets import surfaces
    from hpt_widgets.backprop import BackpropNetwork
    from hpt_widgets.cluster import Cluster
    from hpt_widgets.dataset import Dataset
    from hpt_widgets.descent import descend
    from hpt_widgets.estimator import KerasMLPClassifier
    from hpt_widgets.exercises import check, hint, my_progress, solution
    from hpt_widgets.hyperparameters import Hyperparameters
    from hpt_widgets.labs.backprop_lab import BackpropLab
    from hpt_widgets.labs.descent_lab import DescentLab
    from hpt_widgets.labs.digit_canvas import DigitCanvas
    from hpt_widgets.labs.quiz import quiz
    from hpt_widgets.labs.range_test_lab import RangeTestLab
    from hpt_widgets.labs.search_lab import SearchLab
    from hpt_widgets.labs.sweep_lab import SweepLab
    from hpt_widgets.labs.training_lab import TrainingLab
    from hpt_widgets.mnist import load_mnist
    from hpt_widgets.network import build_model
    from hpt_widgets.records import SearchRecord, Trial
    from hpt_widgets.run import Run
    from hpt_widgets.search import SearchSpace
    from hpt_widgets.training import Progress, Trainer, train

__version__ = "0.1.0"

_HOME_OF = {
    "BackpropLab": "labs.backprop_lab",
    "BackpropNetwork": "backprop",
    "Cluster": "cluster",
    "Dataset": "dataset",
    "DescentLab": "labs.descent_lab",
    "DigitCanvas": "labs.digit_canvas",
    "Hyperparameters": "hyperparameters",
    "KerasMLPClassifier": "estimator",
    "Progress": "training",
    "RangeTestLab": "labs.range_test_lab",
    "Run": "run",
    "SearchLab": "labs.search_lab",
    "SearchRecord": "records",
    "SearchSpace": "search",
    "SweepLab": "labs.sweep_lab",
    "Trainer": "training",
    "TrainingLab": "labs.training_lab",
    "Trial": "records",
    "build_model": "network",
    "check": "exercises",
    "descend": "descent",
    "hint": "exercises",
    "load_mnist": "mnist",
    "my_progress": "exercises",
    "quiz": "labs.quiz",
    "solution": "exercises",
    "train": "training",
}
_MODULES = ("surfaces",)

__all__ = [
    "BackpropLab",
    "BackpropNetwork",
    "Cluster",
    "Dataset",
    "DescentLab",
    "DigitCanvas",
    "Hyperparameters",
    "KerasMLPClassifier",
    "Progress",
    "RangeTestLab",
    "Run",
    "SearchLab",
    "SearchRecord",
    "SearchSpace",
    "SweepLab",
    "Trainer",
    "TrainingLab",
    "Trial",
    "build_model",
    "check",
    "current_language",
    "descend",
    "hint",
    "load_mnist",
    "my_progress",
    "quiz",
    "solution",
    "surfaces",
    "train",
    "use_language",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _HOME_OF:
        value: object = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
