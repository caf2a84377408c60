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


def _size(case: Case) -> tuple[int, int, int]:
    values = [value for argument in case for value in _values(argument)]
    whole = sum(abs(value) for value in values if type(value) is int)
    return len(values), whole, len(repr(case))


def _values(argument: Any) -> list[Any]:
    """Return the single values within an argument."""
    if isinstance(argument, Mapping):
        return [len(argument), *_values(list(argument.values()))]
    if isinstance(argument, np.ndarray):
        return list(argument.ravel())
    if isinstance(argument, Iterable) and not isinstance(argument, str):
        return [value for item in argument for value in _values(item)]
    return [argument]
