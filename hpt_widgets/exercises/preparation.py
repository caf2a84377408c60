"""What pictures a training program was given, and how it has prepared them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

TOLERANCE = 1e-3
"""How far a pixel may be from the line, relative to the largest one: float32 and rounding."""
SAME_PICTURE = 0.999
"""Correlation of two pictures that are one: different digits of MNIST have at most 0.992."""


def prepared_alike(
    pictures: NDArray[np.float32], given: ArrayLike, raw: NDArray[np.float32]
) -> NDArray[np.float32] | None:
    """Prepare pictures as a program has prepared those of its training.

    Parameters
    ----------
    pictures : ndarray of shape (n, rows, columns)
        What is to be prepared.
    given : array_like
        What the training was given, in any shape.
    raw : ndarray of shape (m, rows, columns)
        The same pictures as ``given``, as they were before.

    Returns
    -------
    ndarray or None
        Each pixel times a factor plus a constant, both found from ``given`` and ``raw``: so
        pictures are scaled, centred, standardised (as a whole or pixel by pixel) or inverted.
        None where that is not how ``given`` comes from ``raw``.
    """
    after = np.asarray(given, dtype=np.float64)
    if after.size != raw.size:
        return None
    if np.array_equal(after.reshape(raw.shape), raw):
        return pictures  # as most do it: nothing is to be found out
    before = raw.reshape(len(raw), -1).astype(np.float64)
    after = after.reshape(before.shape)
    mean_before, mean_after = before.mean(axis=0), after.mean(axis=0)
    variances = before.var(axis=0)
    varies = variances > 0
    factors = np.zeros_like(variances)
    covariances = ((before - mean_before) * (after - mean_after)).mean(axis=0)
    factors[varies] = covariances[varies] / variances[varies]
    # A pixel that is dark in all of them shows no factor of its own.
    factors[~varies] = np.median(factors[varies])
    constants = mean_after - factors * mean_before
    largest = float(np.abs(after).max())
    if not np.allclose(factors * before + constants, after, rtol=0, atol=TOLERANCE * largest):
        return None
    found = pictures.reshape(len(pictures), -1) * factors + constants
    return np.asarray(found.reshape(pictures.shape), dtype=np.float32)


def n_contained(pictures: NDArray[np.float32], given: ArrayLike) -> int:
    """Return how many pictures are among those that a training was given.

    Parameters
    ----------
    pictures : ndarray of shape (n, rows, columns)
        What is looked for.
    given : array_like of finite numbers
        What the training was given, in any order and shape; each picture may be scaled, shifted
        or inverted.

    Returns
    -------
    int
        0 where ``given`` holds pictures of another size.
    """
    wanted = pictures.reshape(len(pictures), -1)
    numbers = np.asarray(given, dtype=np.float32)
    if numbers.size % wanted.shape[1]:
        return 0
    correlations = _standardized(wanted) @ _standardized(numbers.reshape(-1, wanted.shape[1])).T
    # Of a picture that was inverted it is negative.
    return int((np.abs(correlations).max(axis=1, initial=0.0) > SAME_PICTURE).sum())


def _standardized(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of mean 0 and length 1; of a row of equal numbers only zeros are left."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
