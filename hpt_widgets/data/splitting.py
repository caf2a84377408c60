"""Which samples go where: subsets and splits in which each class has its share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

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
    labels: NDArray[np.int64],
    shares: Shares,
    seed: int,
    class_names: tuple[str, ...] = (),
    samples: NDArray[np.int64] | None = None,
) -> dict[str, NDArray[np.int64]]:
    """Divide samples at random among the splits, each class by itself.

    Samples of a class that are equal stay together: in two splits they would let a network be
    tested on what it was trained on.

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
    samples : ndarray of int, shape (n_samples,), optional
        The same number for equal samples, as `equal_samples` gives. By default no two are equal.

    Returns
    -------
    dict of str to ndarray of int
        The rows of ``"train"``, ``"validation"``, ``"test"``, in ascending order: each class has
        its share to the nearest sample where its samples differ, and at least one everywhere.

    Raises
    ------
    ValueError
        If a class has fewer different samples than there are splits; the message names it.
    """
    held_out = {name: share for name, share in shares.named().items() if share > 0}
    generator = np.random.default_rng(seed)
    samples = np.arange(len(labels)) if samples is None else samples
    rows: dict[str, list[NDArray[np.int64]]] = {name: [] for name in ("train", *held_out)}
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        groups = _shuffled_groups(own, samples[own], generator)
        if len(groups) < len(rows):
            name = class_names[label] if class_names else label
            words = {"name": name, "size": len(groups), "least": len(rows)}
            raise ValueError(translate("tables.small_class", **words))
        wanted = _counts(len(own), held_out)
        for group, split in zip(groups, _places(map(len, groups), wanted), strict=True):
            rows[split].append(group)
    return {name: np.sort(np.concatenate(parts)) for name, parts in rows.items()}


def equal_samples(values: NDArray[Any]) -> NDArray[np.int64]:
    """Give samples numbers so that equal ones have the same number.

    Parameters
    ----------
    values : ndarray, shape (n_samples, ...)
        Their features.

    Returns
    -------
    ndarray of int64, shape (n_samples,)
    """
    flat = np.ascontiguousarray(values).reshape(len(values), -1)
    known: dict[bytes, int] = {}
    numbers = [known.setdefault(row.tobytes(), len(known)) for row in flat]
    return np.array(numbers, np.int64)


def _shuffled_groups(
    rows: NDArray[np.int64], samples: NDArray[np.int64], generator: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return rows in groups of equal samples, the groups in random order."""
    _, group, sizes = np.unique(samples, return_inverse=True, return_counts=True)
    in_groups = np.split(rows[np.argsort(group, kind="stable")], np.cumsum(sizes)[:-1])
    return [in_groups[place] for place in generator.permutation(len(in_groups))]


def _counts(size: int, shares: dict[str, float]) -> dict[str, int]:
    """Return how many of a class each split is to have, at least one; the rest is trained on."""
    counts = {name: max(1, round(size * share)) for name, share in shares.items()}
    while sum(counts.values()) >= size:
        largest = max(counts, key=lambda name: counts[name])
        counts[largest] -= 1
    return {**counts, "train": size - sum(counts.values())}


def _places(sizes: Iterable[int], wanted: dict[str, int]) -> Iterator[str]:
    """Say for each group where it goes: into the split that lacks most, and none stays empty."""
    sizes = list(sizes)
    lacks, empty = dict(wanted), set(wanted)
    for n_left, size in zip(range(len(sizes), 0, -1), sizes, strict=True):
        open_splits = empty if n_left <= len(empty) else lacks
        split = max(sorted(open_splits), key=lambda name: lacks[name])
        lacks[split] -= size
        empty.discard(split)
        yield split


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
