"""Count where tests reach into what is private: `name._private` on anything but self or cls.

    python -m tools.count_private_access [path …]     by default tests

Prints a line for each file with such places, and the total. A name with two underscores in front
is Python's own protocol and no private one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

OWN_NAMES = ("self", "cls")


def count_private_access(source: str) -> int:
    """Return how many private attributes of other objects a program reads or sets.

    Parameters
    ----------
    source : str
        A Python program.

    Raises
    ------
    SyntaxError
        If it is none.
    """
    return sum(map(_is_private_access, ast.walk(ast.parse(source))))


def count_in_files(paths: Iterable[Path]) -> dict[Path, int]:
    """Return the count of each Python file with private access, also of those within folders.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders.
    """
    files = [
        file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
    ]
    counts = {file: count_private_access(file.read_text(encoding="utf-8")) for file in files}
    return {file: count for file, count in counts.items() if count}


def _is_private_access(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    is_private = node.attr.startswith("_") and not node.attr.startswith("__")
    is_own = isinstance(node.value, ast.Name) and node.value.id in OWN_NAMES
    return is_private and not is_own


def main(arguments: list[str]) -> int:
    """Print the counts."""
    counts = count_in_files(map(Path, arguments or ["tests"]))
    for file, count in counts.items():
        print(f"{count:5} {file}")
    print(f"{sum(counts.values()):5} in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
