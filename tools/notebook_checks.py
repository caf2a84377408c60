"""A plugin of pytest for the notebooks: nothing is run twice to say the same.

Both editions have the same code cells (a test says so), and most of their outputs are equal.
Where both are checked at once, one kernel serves both: the Chinese edition is run from top to
bottom, and where the English one stores another output, its cell is run right after the Chinese
one, in English. Such a cell says something (a question, an outcome, a verdict) and has to bear
being run twice. The rest of the English outputs are equal to Chinese ones, which a fresh run has
to give.

Cells that train much, and whose trained numbers nothing compares, train on fewer samples: those of
`FEWER_SAMPLES`. Before such a cell the kernel runs `tools.fewer_samples`, and behind it undoes
that; the cell itself is run as it stands. What depends on the trained numbers has the tag that
leaves its output uncompared (they differ from one computer to the next). The rest is compared as
ever, and would say so if it depended on them: shapes, counts, which values a search tries, judges'
answers, a network that is the same after saving. That trainings reach what the texts say is for
``make notebooks``, which runs every cell in full, for `tests/notebooks/test_explained_numbers.py`
and for the tests of the trainer. With the environment variable ``HPT_FULL_SIZE=1`` the checks
train in full too.

The kernels listen on socket files instead of ports, so that two that start at the same moment
cannot choose the same one. With ``--fork-kernels`` they share one import of TensorFlow.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Generator
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
FULL_SIZE: Final = "HPT_FULL_SIZE"
FEW: Final = 500
# For many epochs, and for batches of one.
FEWEST: Final = 100
# Two of the largest batches in their cells.
FEW_IN_LARGE_BATCHES: Final = 4_096
# So that the run is still under way when its cell changes it.
FEW_IN_A_CHANGED_RUN: Final = 10_000
FEWER_SAMPLES: Final[dict[str, dict[str, int]]] = {
    "00-start-here": {"lab": FEW},
    "01-background": {
        **dict.fromkeys(("train", "three-trainings", "ways"), FEW),
        "fit-lab": FEWEST,
    },
    "02-hyperparameters": {
        **dict.fromkeys(("learning-rate-lab", "chance-run", "overfitting-lab"), FEW),
        **dict.fromkeys(("regularised-runs", "dropout-full", "optimiser-lab"), FEW),
        "structure-lab": FEW,
        **dict.fromkeys(("batch-size-lab", "batch-size-rate"), FEW_IN_LARGE_BATCHES),
        "midway-run": FEW_IN_A_CHANGED_RUN,
    },
    "03-1-manual-search": {
        **dict.fromkeys(("coarse", "fine", "pair", "single", "seeds", "curse"), FEW),
        **dict.fromkeys(("sixteen", "contest"), FEW),
    },
    "03-2-grid-search": dict.fromkeys(("run", "between", "edge", "noise"), FEW),
    "03-3-random-search": {"run": FEW, "pool": FEWEST, "fresh": FEWEST},
    "03-4-bayesian-optimization": {
        **dict.fromkeys(("lab-random", "train-score", "lab", "duel"), FEW),
        **dict.fromkeys(("hundred", "hundred-seeds"), FEWEST),
    },
    "04-1-gradient-descent": {"path-lab": FEW},
    "05-mnist-project": {
        **dict.fromkeys(("fit", "trainer", "curves", "search", "finals-train", "retrain"), FEW),
        "exercise-5-e": FEW,
    },
    "06-going-further": {
        **dict.fromkeys(("scale-small", "dropout-epochs", "dropout-size"), FEWEST),
        **dict.fromkeys(("range-check", "scale-sgd", "warm-up-table", "scale-adam"), FEW),
        **dict.fromkeys(("early-run", "halving-run", "full-run", "noise-size"), FEW),
        "noise-pair": FEW,
    },
    "07-2-batch-size-and-chance": {"updates": FEW, "live": FEW},
    "07-3-optimizers": {"kingma-live": FEW},
    "07-4-schedules-and-width": {"smith-live": FEW},
}
"""On how many samples cells train here, by chapter and id."""


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


class CellInOtherLanguage(IPyNbCell):  # type: ignore[misc]  # nbval has no types
    """A cell of the one edition that is run in a kernel of the other."""

    def runtest(self) -> None:
        """Run it in its own language, and go back to the other."""
        self._use_language(PARTLY)
        try:
            super().runtest()
        finally:
            self._use_language(WHOLE)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where it comes from."""
        return self.path, 0, f"{self.path.name}::{self.name}"

    def _use_language(self, language: str) -> None:
        run_hidden(self, f"__import__('hpt_widgets').use_language({language!r})")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Have the trainings of a cell take fewer samples, where it is one of `FEWER_SAMPLES`."""
    if not isinstance(item, IPyNbCell) or (n_samples := fewer_samples(item)) is None:
        return (yield)
    module = "__import__('tools.fewer_samples', fromlist=['*'])"
    run_hidden(item, f"{module}.train_on_fewer({n_samples})")
    try:
        return (yield)
    finally:
        if item.parent.kernel.is_alive():
            run_hidden(item, f"{module}.train_on_all()")


def fewer_samples(cell: IPyNbCell) -> int | None:
    """Return on how many samples a cell is to train, None for all that it asks for."""
    if os.environ.get(FULL_SIZE):
        return None
    return FEWER_SAMPLES.get(cell.path.stem, {}).get(cell.cell.get("id"))


def run_hidden(cell: IPyNbCell, code: str) -> None:
    """Run code in a cell's kernel that is no cell of the notebook.

    Raises
    ------
    RuntimeError
        If it fails there.
    """
    kernel = cell.parent.kernel
    message = kernel.execute_cell_input(code)
    kernel.await_reply(message, timeout=cell.config.option.nbval_cell_timeout)
    state = None
    while state != "idle":
        said = kernel.get_message("iopub", timeout=cell.output_timeout)
        if said["parent_header"].get("msg_id") == message:
            if said["msg_type"] == "error":
                raise RuntimeError("\n".join(said["content"]["traceback"]))
            state = said["content"].get("execution_state")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let one kernel check both editions of a notebook, where both are asked for."""
    cells: dict[Path, list[IPyNbCell]] = defaultdict(list)
    for item in items:
        if isinstance(item, IPyNbCell):
            cells[item.path].append(item)
    run_after, left_out = _join_editions(cells)
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    kept = (item for item in items if item not in left_out)
    items[:] = [one for item in kept for one in (item, run_after.get(item)) if one is not None]


def _join_editions(
    cells: dict[Path, list[IPyNbCell]],
) -> tuple[dict[pytest.Item, pytest.Item], set[pytest.Item]]:
    """Return what is to be run after which cell, and what not in a kernel of its own."""
    run_after: dict[pytest.Item, pytest.Item] = {}
    left_out: set[pytest.Item] = set()
    for path, partly in cells.items():
        whole = cells.get(path.parents[1] / WHOLE / path.name, [])
        if path.parent.name == PARTLY and len(whole) == len(partly):
            left_out.update(partly)
            for one, other in zip(whole, partly, strict=True):
                if differ(one.cell, other.cell):
                    run_after[one] = _in_the_kernel_of(one, other)
    return run_after, left_out


def _in_the_kernel_of(whole: IPyNbCell, partly: IPyNbCell) -> pytest.Item:
    item: pytest.Item = CellInOtherLanguage.from_parent(
        whole.parent,
        name=f"{partly.name} in {PARTLY}",
        cell_num=partly.cell_num,
        cell=partly.cell,
        options=partly.options,
    )
    return item


def differ(one: NotebookNode, other: NotebookNode) -> bool:
    """Return whether the code or the checked output of two cells is another one."""
    return one.source != other.source or _checked_outputs(one) != _checked_outputs(other)


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
