"""Which samples go where: subsets and splits in which each class has its share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_number


@dataclass(frozen=True)
class Shares:
    """How much of the samples is held out.

    Attributes
    ----------
    validation, test : float
        Each from 0 up to 1, together less than 1; 0 for no such split.
    """

    validation: float
    test: float

    def __post_init__(self) -> None:
        for name, share in self.named().items():
            require_number(f"{name}_share", share, least=0, below=1)
        if self.validation + self.test >= 1:
            words = {"validation": self.validation, "test": self.test}
            raise ValueError(translate("tables.shares", **words))

    def named(self) -> dict[str, float]:
        """Return the shares by the names of their splits."""
        return {"validation": self.validation, "test": self.test}


def split_rows(
    labels: NDArray[np.int64], shares: Shares, seed: int, class_names: tuple[str, ...] = ()
) -> dict[str, NDArray[np.int64]]:
    """Divide samples at random among the splits, each class by itself.

    Parameters
    ----------
    labels : ndarray of int, shape (n_samples,)
        The classes, from 0.
    shares : Shares
        What is held out; a split with a share of 0 is left out.
    seed : int
        The same seed gives the same rows.
    class_names : tuple of str
        For the message; the labels themselves where it is empty.

    Returns
    -------
    dict of str to ndarray of int
        The rows of ``"train"``, ``"validation"``, ``"test"``, in ascending order: each class has
        its share to the nearest sample, and at least one sample everywhere.

    Raises
    ------
    ValueError
        If a class has fewer samples than there are splits; the message names it.
    """
    held_out = {name: share for name, share in shares.named().items() if share > 0}
    generator = np.random.default_rng(seed)
    rows: dict[str, list[NDArray[np.int64]]] = {name: [] for name in ("train", *held_out)}
    for label, size in zip(*np.unique(labels, return_counts=True), strict=True):
        if size < len(rows):
            name = class_names[label] if class_names else label
            words = {"name": name, "size": size, "least": len(rows)}
            raise ValueError(translate("tables.small_class", **words))
        order = generator.permutation(np.flatnonzero(labels == label))
        for name, count in _counts(int(size), held_out).items():
            rows[name].append(order[:count])
            order = order[count:]
        rows["train"].append(order)
    return {name: np.sort(np.concatenate(parts)) for name, parts in rows.items()}


def _counts(size: int, shares: dict[str, float]) -> dict[str, int]:
    """Return how many of a class are held out in each split; at least one is left."""
    counts = {name: max(1, round(size * share)) for name, share in shares.items()}
    while sum(counts.values()) >= size:
        largest = max(counts, key=lambda name: counts[name])
        counts[largest] -= 1
    return counts


def stratified_rows(labels: NDArray[np.int64], n: int, seed: int) -> NDArray[np.int64]:
    """Return `n` different rows, each class with its share, in ascending order."""
    generator = np.random.default_rng(seed)
    classes, sizes = np.unique(labels, return_counts=True)
    chosen = [
        generator.permutation(np.flatnonzero(labels == label))[:count]
        for label, count in zip(classes, _apportion(sizes, n), strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def _apportion(sizes: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Divide `n` places among the classes by the largest remainders (Hamilton's method)."""
    shares = sizes * n
    places: NDArray[np.int64] = shares // sizes.sum()
    remainders = shares % sizes.sum()
    first = np.argsort(-remainders, kind="stable")[: n - places.sum()]
    places[first] += 1
    return places
