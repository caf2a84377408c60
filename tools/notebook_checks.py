"""A plugin of pytest for the notebooks: nothing is run twice to say the same.

Both editions have the same code cells (a test says so), and most of their outputs are equal.
Where both are checked at once, the Chinese edition is run from top to bottom. Of the English
one those cells are run whose output is another one, with the cells that they need; the rest of
its stored outputs are equal to Chinese ones, which a fresh run has to give.

The kernels listen on socket files instead of ports, so that two that start at the same moment
cannot choose the same one. With ``--fork-kernels`` they share one import of TensorFlow.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import itertools
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nbval.kernel
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, coalesce_streams

from tools.kernel_server import CAN_FORK, kernel_server

WHOLE: Final = "zh"
PARTLY: Final = "en"
UNCHECKED: Final = "nbval-ignore-output"
# What nbval does not compare of an output, and of its data.
NOT_COMPARED: Final = {"metadata", "execution_count", "traceback", "output_type", "name"}
DATA_NOT_COMPARED: Final = {
    "application/vnd.jupyter.widget-view+json",
    "image/jpeg",
    "image/png",
}


# -- kernels on socket files -------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the checks of all notebooks fork their kernels."""
    text = "fork kernels from a process that has imported TensorFlow, where that can be done"
    parser.addoption("--fork-kernels", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Have nbval start each kernel on socket files of its own, where there are any."""
    if sys.platform == "win32":
        return
    # The name of a socket may have some hundred characters, so no folder of a test's.
    folder = Path(tempfile.mkdtemp(prefix="kernels-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    numbers = itertools.count()
    # Started with the first kernel: one process of pytest-xdist's starts none.
    server = contextlib.ExitStack()
    config.add_cleanup(server.close)
    forked: list[KernelSpecManager] = []

    def on_socket_files(**options: Any) -> KernelManager:
        if config.getoption("--fork-kernels") and CAN_FORK:
            if not forked:
                place = server.enter_context(kernel_server(folder / "specification", {}))
                forked.append(KernelSpecManager(kernel_dirs=[str(place / "kernels")]))
            options |= {"kernel_name": "python3", "kernel_spec_manager": forked[0]}
        return KernelManager(transport="ipc", ip=str(folder / str(next(numbers))), **options)

    nbval.kernel.KernelManager = on_socket_files


# -- which cells are run -----------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of one edition what the other one settles."""
    cells: dict[Path, list[IPyNbCell]] = defaultdict(list)
    for item in items:
        if isinstance(item, IPyNbCell):
            cells[item.path].append(item)
    left_out = set(_settled_elsewhere(cells))
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _settled_elsewhere(cells: dict[Path, list[IPyNbCell]]) -> Iterator[IPyNbCell]:
    for path, partly in cells.items():
        whole = cells.get(path.parents[1] / WHOLE / path.name, [])
        if path.parent.name == PARTLY and len(whole) == len(partly):
            chosen = cells_to_run([one.cell for one in whole], [one.cell for one in partly])
            yield from (one for place, one in enumerate(partly) if place not in chosen)


def cells_to_run(whole: Sequence[NotebookNode], partly: Sequence[NotebookNode]) -> set[int]:
    """Return which code cells of one edition are still to be run where all of the other are.

    Parameters
    ----------
    whole, partly : sequence of NotebookNode
        As many code cells of both editions.

    Returns
    -------
    set of int
        The places of the cells whose code or checked output is another one, and of those
        that they need.
    """
    wanted = {
        place
        for place, (one, other) in enumerate(zip(whole, partly, strict=True))
        if one.source != other.source or _checked_outputs(one) != _checked_outputs(other)
    }
    return needed_cells([cell.source for cell in partly], wanted)


def _checked_outputs(cell: NotebookNode) -> list[dict[str, Any]] | None:
    """Return what nbval compares of a cell's stored outputs, None where it compares none."""
    if UNCHECKED in cell.metadata.get("tags", []) or cell.execution_count is None:
        return None
    return [_compared(output) for output in coalesce_streams(cell.outputs)]


def _compared(output: NotebookNode) -> dict[str, Any]:
    kept = {key: value for key, value in output.items() if key not in NOT_COMPARED}
    if "data" in kept:
        kept["data"] = {k: v for k, v in output.data.items() if k not in DATA_NOT_COMPARED}
    # Of a stream, nbval's comparison has the name as the key.
    return {**kept, "stream": output.get("name")}


@dataclass
class CellNames:
    """What a cell does to the names of a notebook.

    Attributes
    ----------
    bound : set of str
        Names that it sets in any case, before it reads them.
    imported : set of str
        Names of what it imports.
    used : set of str
        Names that it reads, and so may change the contents of, or sets in some cases only.
    """

    bound: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, source: str) -> CellNames:
        """Read the code of a cell; lines for IPython or the shell name nothing."""
        lines = (line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
        names = cls()
        for statement in ast.parse("\n".join(lines)).body:
            names._add(statement)
        names.used -= set(vars(builtins))
        return names

    def _add(self, statement: ast.stmt) -> None:
        bound = set(_bound_by(statement))
        nodes = list(ast.walk(statement))
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imported |= set(_bound_by(node))
        used = {node.id for node in nodes if isinstance(node, ast.Name)}
        if isinstance(statement, ast.Assign):
            # What stands on its left alone is not read.
            read = (n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
            used = {node.id for node in read}
        self.used |= used - self.bound
        self.bound |= bound - self.used


def _bound_by(statement: ast.stmt) -> Iterable[str]:
    """Return the names that a statement of a cell sets in any case."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        within = [node for target in statement.targets for node in ast.walk(target)]
        return [n.id for n in within if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return []


def needed_cells(sources: Sequence[str], wanted: Iterable[int]) -> set[int]:
    """Return the cells that have to be run so that some of them give their outputs.

    A cell that reads a name may change what it stands for, so all that read a needed name are
    needed; of a module that was imported, which all read, the imports alone.

    Parameters
    ----------
    sources : sequence of str
        The code of all cells, in order.
    wanted : iterable of int
        The places of those whose outputs are wanted.
    """
    cells = [CellNames.of(source) for source in sources]
    modules = set[str]().union(*(cell.imported for cell in cells))
    chosen = set(wanted)
    names: set[str] = set()
    for place in reversed(range(len(cells))):
        cell = cells[place]
        if place in chosen or names & (cell.bound | cell.imported | (cell.used - modules)):
            chosen.add(place)
            names = (names - cell.bound) | cell.used
    return chosen
