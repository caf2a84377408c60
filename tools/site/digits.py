"""The digits that the page trains on: MNIST's training and validation parts, not the test part."""

from __future__ import annotations

import base64
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

import hpt_widgets as hpt


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
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, pack in enumerate(PACKS):
        packed = gzip.compress(content(data, pack), LEVEL, mtime=0)
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


def content(data: hpt.Dataset, pack: Pack) -> bytes:
    """Return a pack's bytes: the pictures of both splits, then their labels."""
    splits = [("train", pack.train), ("validation", pack.validation)]
    parts = [data.splits[name] for name, _ in splits]
    ranges = [slice(*ends) for _, ends in splits]
    pictures = [as_bytes(part.x[chosen]) for part, chosen in zip(parts, ranges, strict=True)]
    labels = [
        part.y[chosen].astype(np.uint8).tobytes()
        for part, chosen in zip(parts, ranges, strict=True)
    ]
    return b"".join([*pictures, *labels])


def as_bytes(pictures: Any) -> bytes:
    """Return pictures with brightnesses from 0 to 1 as one byte a pixel."""
    content: bytes = np.rint(pictures * np.float32(255)).astype(np.uint8).tobytes()
    return content
