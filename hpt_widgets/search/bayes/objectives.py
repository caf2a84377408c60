"""Functions of one hyperparameter that hide until they are asked at a place.

A method sees an objective's axis from 0 to 1: its *places*. A reader sees the hyperparameter's
own values, which lie evenly in their logarithm for a learning rate.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpt_widgets.support.argument_checks import require_choice

MEASURED_FILE: Final = Path(__file__).with_name("mnist_learning_rate.csv")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class HiddenObjective:
    """One function to maximise.

    Attributes
    ----------
    name : str
        One of `OBJECTIVES`.
    function : callable
        From places, an array within [0, 1], to values; the larger, the better.
    low, high : float
        The hyperparameter's ends.
    is_log : bool
        Whether its values lie evenly in their logarithm.
    """

    name: str
    function: Callable[[FloatArray], FloatArray]
    low: float = 0.0
    high: float = 1.0
    is_log: bool = False

    def values(self, places: ArrayLike) -> FloatArray:
        """Ask at places within [0, 1]; of the same shape."""
        return np.asarray(self.function(np.asarray(places, np.float64)), np.float64)

    def x_at(self, place: float) -> float:
        """Return the hyperparameter's value at a place."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** place)
        return float(self.low + place * (self.high - self.low))

    def place_of(self, x: float) -> float:
        """Return the place of a value of the hyperparameter, within its ends."""
        if self.is_log:
            place = math.log(x / self.low) / math.log(self.high / self.low)
        else:
            place = (x - self.low) / (self.high - self.low)
        return min(max(place, 0.0), 1.0)


def measured_table() -> dict[float, list[float]]:
    """Return the measured validation accuracies of each learning rate, one for each seed.

    `tools.measure_learning_rates` measured them: the network of chapter 5 with Adam, one epoch on
    5,000 digits.
    """
    table: dict[float, list[float]] = {}
    with MEASURED_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rate = float(row["learning_rate"])
            table.setdefault(rate, []).append(float(row["validation_accuracy"]))
    return table


def objective_of(name: str) -> HiddenObjective:
    """Return the objective of a name, one of `OBJECTIVES`; a ValueError names them."""
    return _MAKE[require_choice("objective", name, OBJECTIVES)]()


@lru_cache(maxsize=1)
def _mnist() -> HiddenObjective:
    table = measured_table()
    rates = sorted(table)
    means = [float(np.mean(table[rate])) for rate in rates]
    return HiddenObjective("mnist", _through(rates, means), rates[0], rates[-1], is_log=True)


def _through(rates: list[float], means: list[float]) -> Any:
    """Return a curve through the means that makes no hills of its own between them."""
    from scipy.interpolate import PchipInterpolator

    logarithms = np.log(rates)
    places = (logarithms - logarithms[0]) / (logarithms[-1] - logarithms[0])
    return PchipInterpolator(places, means)


def _two_hills(x: FloatArray) -> FloatArray:
    """Return a broad hill, and a higher one that is easily missed."""
    broad = 0.85 * np.exp(-(((x - 0.3) / 0.2) ** 2))
    narrow = 0.95 * np.exp(-(((x - 0.83) / 0.04) ** 2))
    return broad + narrow


def _forrester(x: FloatArray) -> FloatArray:
    """Return Forrester, Sóbester & Keane's function (2008), turned over and brought to 0 to 1."""
    return (16.0 - (6 * x - 2) ** 2 * np.sin(12 * x - 4)) / 22.1


def _cliff(x: FloatArray) -> FloatArray:
    """Return what gets better and better until it breaks off, as trainings do that diverge."""
    height = 1 / (1 + np.exp((x - 0.72) / 0.004).clip(max=1e12))
    return np.asarray(0.1 + (0.2 + 0.8 * x) * height, float)


_MAKE: Final[dict[str, Callable[[], HiddenObjective]]] = {
    "mnist": _mnist,
    "two_hills": lambda: HiddenObjective("two_hills", _two_hills),
    "forrester": lambda: HiddenObjective("forrester", _forrester),
    "cliff": lambda: HiddenObjective("cliff", _cliff),
}
OBJECTIVES: Final = tuple(_MAKE)
