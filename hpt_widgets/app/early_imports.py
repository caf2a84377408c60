"""Imports what a notebook needs while its reader still looks at its first lines.

JupyterLab starts a kernel when a notebook is opened, and the kernel waits for the first cell.
`hpt_widgets.app.kernel_manager` has it load this extension of IPython's, which uses that time where
the notebook will train: the public names are loaded that its cells use, and TensorFlow. Whoever
runs a cell at once waits for the name that is being loaded; nothing more is imported then. Where
nothing is trained the page is what one waits for, and nothing is done.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

import hpt_widgets as hpt
from hpt_widgets.support.notebook_cells import before_each_cell, notebook_file
from hpt_widgets.support.tensorflow_loader import load_before_first_cell

# A chapter has 1 MB at the most. Reading a huge notebook would hold up its first cell.
LARGEST_NOTEBOOK: Final = 5_000_000  # bytes
_PUBLIC_NAME: Final = re.compile(r"\bhpt\.([A-Za-z]\w*)")
_WILL_TRAIN: Final = "load_mnist"
# What is set before TensorFlow is imported would come too late.
_SETS_TENSORFLOW_UP: Final = re.compile(r"environ|putenv|%env|\.config\.")
# Who runs all cells as soon as they are there is not held up by the longest of the imports.
LOOKING_SECONDS: Final = 1.0
# Somebody may open all chapters and run none. With TensorFlow a kernel takes some 400 MB.
BYTES_TO_SPARE: Final = 4 * 2**30


def load_ipython_extension(_shell: object) -> None:
    """Begin with the imports on a thread of their own, and let the kernel start."""
    _EarlyImports(Path(notebook_file())).begin()


def code_of(notebook: Path) -> str:
    """Return the code of a notebook, "" where there is none to be read.

    Parameters
    ----------
    notebook : Path
        A file of Jupyter's format 4.
    """
    try:
        if notebook.stat().st_size > LARGEST_NOTEBOOK:
            return ""
        cells = json.loads(notebook.read_bytes())["cells"]
        return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return ""


def names_used(code: str) -> list[str]:
    """Return the public names in a notebook's code, each once, in their order."""
    return [*dict.fromkeys(_PUBLIC_NAME.findall(code))]


def needs_tensorflow(code: str) -> bool:
    """Return whether a notebook will train, and sets nothing up that TensorFlow reads before."""
    return _WILL_TRAIN in names_used(code) and not _SETS_TENSORFLOW_UP.search(code)


class _EarlyImports:
    """The imports of one kernel, which the first cell waits for or ends."""

    def __init__(self, notebook: Path) -> None:
        self._notebook = notebook
        # Held by the import under way: no cell runs beside one, or finds a module half made.
        self._importing = threading.Lock()
        self._has_cell_begun = threading.Event()

    def begin(self) -> None:
        # Before the kernel takes its first cell.
        cells = contextlib.ExitStack()
        cells.enter_context(before_each_cell(self._on_cell))
        thread = threading.Thread(target=self._run, args=(cells,), name="hpt-early-imports")
        thread.daemon = True
        thread.start()

    def _run(self, cells: contextlib.ExitStack) -> None:
        with cells:
            code = code_of(self._notebook)
            if needs_tensorflow(code):
                self._load(names_used(code))
                if not self._has_cell_begun.wait(LOOKING_SECONDS):
                    self._load_tensorflow()

    def _load(self, names: Sequence[str]) -> None:
        for name in names:
            # What is wrong with one is told to the reader's cell.
            with self._importing, contextlib.suppress(Exception):
                if self._has_cell_begun.is_set():
                    return
                getattr(hpt, name)

    def _load_tensorflow(self) -> None:
        with self._importing:
            has_memory = psutil.virtual_memory().available >= BYTES_TO_SPARE
            if has_memory and not self._has_cell_begun.is_set():
                load_before_first_cell()

    def _on_cell(self, _source: str) -> None:
        self._has_cell_begun.set()
        is_waiting = True
        while is_waiting:
            # IPython would answer an interrupt by running the cell, beside the import.
            with contextlib.suppress(KeyboardInterrupt), self._importing:
                is_waiting = False
