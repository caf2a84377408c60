"""One lab of each kind, on data that are as small as can be."""

from typing import Any

import numpy as np
from small_bank import small_bank
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt

DATA = tabular_data()
BANK = small_bank()
HP = hyperparameters(epochs=1)
GRID = {"learning_rate": [0.01, 0.1], "batch_size": [16, 32]}


class Guesser:
    """A classifier that finds every digit equally likely, but for the ink in its first column."""

    def predict_proba(self, pictures):
        share = np.full((len(pictures), 10), 0.1)
        share[:, 0] += 0.01
        share[:, 1] -= 0.01
        return share


MAKE: dict[str, Any] = {
    "TrainingLab": lambda **c: hpt.TrainingLab(**{"data": DATA, "hyperparameters": HP, **c}),
    "SearchLab": lambda **c: hpt.SearchLab(**{"data": DATA, "hyperparameters": HP, **c}),
    "GridLab": lambda **c: hpt.GridLab(
        **{"param_grid": GRID, "record": hpt.SearchRecord("grid"), **c}
    ),
    "SweepLab": lambda **c: hpt.SweepLab(**{"data": DATA, "hyperparameters": HP, **c}),
    "RangeTestLab": lambda **c: hpt.RangeTestLab(**{"data": DATA, "hyperparameters": HP, **c}),
    "BayesLab": lambda **c: hpt.BayesLab(**{"n_seeds": 2, **c}),
    "BankLab": lambda **c: hpt.BankLab(**{"bank": BANK, "n_resamplings": 50, **c}),
    "DescentLab": hpt.DescentLab,
    "BackpropLab": hpt.BackpropLab,
    "NetworkLab": hpt.NetworkLab,
    "DigitCanvas": lambda **c: hpt.DigitCanvas(**{"model": Guesser(), **c}),
    "quiz": lambda **c: hpt.quiz(**{"chapter": "4.1", **c}),
    "prediction": lambda **c: hpt.prediction(**{"name": "2-learning-rate", **c}),
    "outcome": lambda **c: hpt.outcome(**{"name": "0-accuracy", "result": 95.9, **c}),
}
