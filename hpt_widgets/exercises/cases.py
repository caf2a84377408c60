"""The cases on which an answer is tried: some written by hand, many drawn with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

Case = tuple[Any, ...]
"""The arguments of one call."""

SEED = 2026
N_DRAWN = 30


def cases(
    *by_hand: Case, draw: Callable[[np.random.Generator], Case] | None = None, n: int = N_DRAWN
) -> tuple[Case, ...]:
    """Return cases from the smallest to the largest, the same ones each time.

    Parameters
    ----------
    *by_hand : tuple
        Cases that must be among them: one element, ties, negative numbers.
    draw : callable, optional
        Takes a random generator and returns a case.
    n : int, default 30
        How many are drawn.

    Returns
    -------
    tuple of tuple
        The first one where an answer differs is the easiest to look at.
    """
    rng = np.random.default_rng(SEED)
    drawn = [draw(rng) for _ in range(n)] if draw else []
    return tuple(sorted([*by_hand, *drawn], key=_size))


def _size(case: Case) -> tuple[int, int]:
    return sum(_n_values(argument) for argument in case), len(repr(case))


def _n_values(value: Any) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(_n_values(item) for item in value.values())
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sum(_n_values(item) for item in value)
    return 1
