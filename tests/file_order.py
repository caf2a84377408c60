"""The order in which files of tests are begun."""

from collections.abc import Sequence
from pathlib import Path

import pytest


def put_first(items: list[pytest.Item], folder: Path, names: Sequence[str]) -> None:
    """Begin with some files of a folder; the order of the others stays.

    A process takes the next file when it has ended one. Where the longest ones come last, one
    process works while the other has nothing left.
    """
    places = {folder / name: place for place, name in enumerate(names)}
    items.sort(key=lambda item: places.get(item.path, len(names)))
