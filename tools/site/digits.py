"""The digits that the page trains on: MNIST's training and validation parts, not the test part."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import hpt_widgets as hpt

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Pack:
    """A file of digits, by their first and last number in each split.

    Attributes
    ----------
    train, validation : (int, int)
        The first digit, and the one behind the last.
    """

    train: tuple[int, int]
    validation: tuple[int, int]


# The highest level takes nine times as long, for files that are one half of a per cent smaller.
LEVEL: Final = 7

# The first one is small, so that a training can begin at once.
PACKS: Final = (
    Pack((0, 5_000), (0, 1_500)),
    Pack((5_000, 12_000), (1_500, 4_000)),
    Pack((12_000, 24_000), (4_000, 7_000)),
    Pack((24_000, 37_000), (7_000, 10_000)),
    Pack((37_000, 50_000), (10_000, 10_000)),
)


def write_packs(folder: Path) -> list[dict[str, Any]]:
    """Write all packs into a folder, and return what the page has to know of them."""
    data = hpt.load_mnist()
    # Once for all packs: a split works its pictures out whenever it is asked for them.
    splits = {name: as_bytes(data.splits[name]) for name in ("train", "validation")}
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, pack in enumerate(PACKS):
        packed = gzip.compress(content(splits, pack), LEVEL, mtime=0)
        name = f"digits-{number}.bin"
        (folder / name).write_bytes(packed)
        digest = base64.b64encode(hashlib.sha256(packed).digest()).decode()
        found.append(
            {
                "file": name,
                "bytes": len(packed),
                "integrity": f"sha256-{digest}",
                "train": pack.train,
                "validation": pack.validation,
            }
        )
    return found


def content(splits: dict[str, tuple[Bytes, Bytes]], pack: Pack) -> bytes:
    """Return a pack's bytes: the pictures of both splits, then their labels."""
    ends = {"train": pack.train, "validation": pack.validation}
    parts = [(splits[name], slice(*of)) for name, of in ends.items()]
    pictures = [pictures[chosen].tobytes() for (pictures, _), chosen in parts]
    labels = [labels[chosen].tobytes() for (_, labels), chosen in parts]
    return b"".join([*pictures, *labels])


def as_bytes(split: Any) -> tuple[Bytes, Bytes]:
    """Return a split's pictures with one byte a pixel, and its labels."""
    pictures: Bytes = np.rint(split.x * np.float32(255)).astype(np.uint8)
    return pictures, split.y.astype(np.uint8)
