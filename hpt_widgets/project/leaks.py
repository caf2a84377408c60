"""Leaks: samples that stand in more than one split."""

from __future__ import annotations

import itertools

import numpy as np

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.split import Split


def shared_samples(data: Dataset) -> dict[str, int]:
    """Count the samples of a split that stand in another one too, with the same label.

    Parameters
    ----------
    data : Dataset
        Any splits.

    Returns
    -------
    dict of str to int
        For each two splits that share samples, as ``"train, test"``: how many of the second are
        in the first.
    """
    samples = {name: _samples(split) for name, split in data.splits.items()}
    found = {}
    for first, second in itertools.combinations(samples, 2):
        known = set(samples[first])
        count = sum(sample in known for sample in samples[second])
        if count:
            found[f"{first}, {second}"] = count
    return found


def _samples(split: Split) -> list[tuple[bytes, int]]:
    flat = np.ascontiguousarray(split.stored).reshape(len(split.y), -1)
    return [(row.tobytes(), int(label)) for row, label in zip(flat, split.y, strict=True)]
