"""Writes each exercise's starter into its cell of the notebooks.

The starters stand in ``hpt_widgets/exercises/chapters/*.toml``. The cell above
``hpt.check("4.1-b", name)`` belongs to the exercise.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from hpt_widgets.exercises import find
from hpt_widgets.exercises.exercise import Exercise
from tools.execute_notebooks import notebooks_to_run

CHECK = re.compile(r'hpt\.check\("([^"]+)", (\w+)\)')


def starter_cells(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, Exercise]]:
    """Yield each exercise of a notebook with the cell that begins with its starter."""
    for place, cell in enumerate(notebook.cells):
        match = CHECK.fullmatch(cell.source) if cell.cell_type == "code" else None
        if match:
            yield notebook.cells[place - 1], find(match[1])


def write_starters(path: Path) -> list[str]:
    """Write the starters into a notebook's file, and return the ids of those that differed."""
    notebook = nbformat.read(path, as_version=4)
    changed = []
    for cell, exercise in starter_cells(notebook):
        if cell.source != exercise.starter:
            cell.source = exercise.starter
            changed.append(exercise.id)
    if changed:
        path.write_text(nbformat.writes(notebook, version=4) + "\n", encoding="utf-8")
    return changed


def main() -> int:
    """Write all notebooks' starters, or those of the notebooks that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="all of them by default")
    for path in notebooks_to_run(parser.parse_args().notebooks):
        print(f"{path.parent.name}/{path.name}: {', '.join(write_starters(path)) or '-'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
