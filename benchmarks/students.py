"""How much memory and processor time a student needs: each chapter's kernel, and the server.

Each English notebook is run from top to bottom in a kernel of its own, as it stands: a
student's own trainings come on top. Memory is the most that the kernel's process held at
once. It counts what several kernels on one machine share (TensorFlow's code) each time, as
a container's limit does. The processor time is that of all cores together.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks.rows import Row
from hpt_widgets.app.launcher import jupyter_environment
from tools.browser import jupyter_server

TITLE = "A student"
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks" / "en"
CELL_TIMEOUT = 300  # seconds
SETTLE_SECONDS = 5
MEGABYTE = 1e6
# Runs as the notebook's last cell, in the kernel itself. (Linux starts a process's `ru_maxrss` at
# what its parent held, so there the kernel's own high-water mark is read.)
ASK_KERNEL = """
import json as _json, pathlib as _pathlib, psutil as _psutil
_status = _pathlib.Path("/proc/self/status")
if _status.exists():
    _lines = _status.read_text().splitlines()
    _peak = 1024 * next(int(line.split()[1]) for line in _lines if line.startswith("VmHWM"))
elif hasattr(_psutil.Process().memory_info(), "peak_wset"):
    _peak = _psutil.Process().memory_info().peak_wset
else:
    import resource as _resource
    _peak = _resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss
_times = _psutil.Process().cpu_times()
print(_json.dumps([_peak, _times.user + _times.system]))
"""


@dataclass(frozen=True)
class Need:
    """What one kernel needed.

    Attributes
    ----------
    megabytes : float
        The most memory that it held at once.
    processor_seconds : float
        Time on all cores together.
    seconds : float
        Time by the clock, its start included.
    """

    megabytes: float
    processor_seconds: float
    seconds: float


def measure() -> list[Row]:
    """Run every chapter, and measure an empty kernel and the server beside it."""
    empty = need_of(nbformat.v4.new_notebook())
    rows = [
        Row("the Jupyter server", server_megabytes(), "MB", "JupyterLab open, no notebook"),
        Row("an empty kernel: memory", empty.megabytes, "MB"),
    ]
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        need = need_of(nbformat.read(path, as_version=4))
        rows += [
            Row(f"{path.stem}: memory", need.megabytes, "MB", "the most at once"),
            Row(
                f"{path.stem}: processor",
                need.processor_seconds,
                "s",
                f"all cells one after the other, in {need.seconds:.0f} s",
            ),
        ]
    return rows


def need_of(notebook: Any) -> Need:
    """Run a notebook in a new kernel, and ask the kernel at the end what it needed."""
    asking = nbformat.v4.new_code_cell(ASK_KERNEL)
    notebook.cells.append(asking)
    started = time.perf_counter()
    with _reader_folder() as folder:
        NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            store_widget_state=False,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        ).execute()
    seconds = time.perf_counter() - started
    printed = next(cell for cell in notebook.cells if cell.id == asking.id).outputs[-1].text
    peak, processor_seconds = json.loads(printed.splitlines()[-1])
    return Need(peak / MEGABYTE, processor_seconds, seconds)


def server_megabytes() -> float:
    """Return what JupyterLab's own process holds once it has started and come to rest."""
    before = set(psutil.Process().children())
    with tempfile.TemporaryDirectory() as folder, jupyter_server(Path(folder)):
        time.sleep(SETTLE_SECONDS)
        (server,) = set(psutil.Process().children()) - before
        return float(server.memory_info().rss) / MEGABYTE


@contextlib.contextmanager
def _reader_folder() -> Iterator[Path]:
    """Keep what a reader has of their own out of it, and let this Python's kernel be found."""
    changed = {"JUPYTER_PATH": jupyter_environment("en", os.environ)["JUPYTER_PATH"]}
    before = {name: os.environ.get(name) for name in ("HPT_HOME", "HPT_LANGUAGE", *changed)}
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(changed, HPT_HOME=folder)
        os.environ.pop("HPT_LANGUAGE", None)
        try:
            yield Path(folder)
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        print(path.stem, need_of(nbformat.read(path, as_version=4)), flush=True)
