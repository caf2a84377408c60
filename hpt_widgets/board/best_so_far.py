"""How high the best of the first k runs would be, had the same runs come in another order.

The band follows from the runs exactly, without drawing orders: that the best of k out of n
different runs is not above the j-th lowest has the probability C(j, k) / C(n, k).

References
----------
R. Tang et al., "Showing Your Work Doesn't Always Work", ACL 2020 (the estimator without
replacement; with replacement: J. Dodge et al., "Show Your Work", EMNLP 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

# At how many numbers of runs the band is worked out, evenly on a logarithmic axis.
MOST_PLACES: Final = 80
QUANTILES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class OrderBand:
    """The best so far over all orders of the same runs.

    Attributes
    ----------
    x : ndarray of int, shape (n,)
        After how many runs.
    low, middle, high : ndarray of float, shape (n,)
        The 5 %, 50 % and 95 % quantiles; nan where no run can be compared yet.
    """

    x: NDArray[np.int64]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]


def order_band(accuracies: ArrayLike) -> OrderBand:
    """Return the band of some runs.

    Parameters
    ----------
    accuracies : array_like of float, shape (n,)
        One a run; nan for a run that counts and cannot be compared (it diverged).
    """
    values = np.asarray(accuracies, dtype=np.float64)
    n = len(values)
    if not n:
        nothing = np.empty(0)
        return OrderBand(np.empty(0, np.int64), nothing, nothing, nothing)
    ascending = np.sort(np.where(np.isnan(values), -np.inf, values))
    x = np.arange(1, n + 1)
    if n > MOST_PLACES:
        x = np.unique(np.geomspace(1, n, MOST_PLACES).round().astype(np.int64))
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    curves = []
    for quantile in QUANTILES:
        ranks = _ranks(x, n, np.log(quantile), log_factorials)
        curve = ascending[ranks - 1]
        curves.append(np.where(np.isneginf(curve), np.nan, curve))
    return OrderBand(x, *curves)


def _ranks(
    k: NDArray[np.int64], n: int, log_quantile: float, log_factorials: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return for each k the lowest rank j with C(j, k) / C(n, k) >= the quantile, by bisection."""
    low, high = k.copy(), np.full_like(k, n)
    every = log_factorials[n] - log_factorials[n - k]
    while np.any(low < high):
        middle = (low + high) // 2
        share = log_factorials[middle] - log_factorials[middle - k] - every
        # A rounding error must not shift a rank whose share is the quantile itself.
        enough = share >= log_quantile - 1e-12
        low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
    return low
