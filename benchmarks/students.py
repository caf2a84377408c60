"""How much memory and processor time a student needs: each chapter's kernel, and the server.

Each English notebook is run from top to bottom in a kernel of its own, as it stands: a
student's own trainings come on top. Three figures of memory:

- *memory*: the most that the kernel's process held at once. It counts what several kernels on
  one machine share (TensorFlow's code, the digits) each time, as a container's limit does.
- *unique*: the most that nobody else had, seen several times a second, while a second student's
  kernel was in chapter 2: what one student more costs a machine that has some already.
- *proportional*: what kernels hold together, each shared page counted once.

The processor time is that of all cores together.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
CHAPTER_OF_A_CLASS = "02-hyperparameters"
CLASS_SIZE = 10
AT_A_TIME = 2
CELL_TIMEOUT = 300  # seconds
SETTLE_SECONDS = 5
SAMPLE_SECONDS = 0.2
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
    unique_megabytes : float
        The most of it that no other process had.
    processor_seconds : float
        Time on all cores together.
    seconds : float
        Time by the clock, its start included.
    """

    megabytes: float
    unique_megabytes: float
    processor_seconds: float
    seconds: float


def measure() -> list[Row]:
    """Run every chapter, and measure an empty kernel and the server beside it."""
    empty = need_of(nbformat.v4.new_notebook())
    rows = [
        Row("the Jupyter server", server_megabytes(), "MB", "JupyterLab open, no notebook"),
        Row("an empty kernel: memory", empty.megabytes, "MB"),
    ]
    with _reader_folder() as folder, open_kernel(_chapter(CHAPTER_OF_A_CLASS), folder):
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            need = need_of(_chapter(path.stem))
            in_class = path.stem == CHAPTER_OF_A_CLASS
            rows += [
                Row(f"{path.stem}: memory", need.megabytes, "MB", "the most at once"),
                Row(f"{path.stem}: unique", need.unique_megabytes, "MB",
                    "the most at once that nobody shares, beside a kernel in chapter 2",
                    "≤ 420" if in_class else "≤ 800"),
                Row(f"{path.stem}: processor", need.processor_seconds, "s",
                    f"all cells one after the other, in {need.seconds:.0f} s"),
            ]  # fmt: skip
    together = class_gigabytes()
    if together is not None:
        what = f"{CLASS_SIZE} kernels in chapter 2: proportional"
        rows.append(Row(what, together, "GB", "together, all cells run", "≤ 4.5"))
    return rows


def need_of(notebook: Any) -> Need:
    """Run a notebook in a new kernel, and ask the kernel at the end what it needed."""
    notebook.cells.append(nbformat.v4.new_code_cell(ASK_KERNEL))
    started = time.perf_counter()
    with _reader_folder() as folder, open_kernel(notebook, folder) as kernel:
        unique = kernel.peak_unique
    seconds = time.perf_counter() - started
    printed = notebook.cells[-1].outputs[-1].text
    peak, processor_seconds = json.loads(printed.splitlines()[-1])
    return Need(peak / MEGABYTE, unique / MEGABYTE, processor_seconds, seconds)


def class_gigabytes() -> float | None:
    """Return what a class's kernels hold together after chapter 2; None where none can tell."""
    if not hasattr(psutil.Process().memory_full_info(), "pss"):  # it is Linux's alone
        return None
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(_reader_folder())

        def open_one(_number: int) -> RunningKernel:
            return stack.enter_context(open_kernel(_chapter(CHAPTER_OF_A_CLASS), folder))

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            kernels = list(pool.map(open_one, range(CLASS_SIZE)))
        shares = [float(kernel.process.memory_full_info().pss) for kernel in kernels]
        return sum(shares) / 1e9


class RunningKernel:
    """A kernel's process, watched several times a second."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.peak_unique = 0
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop_watching(self) -> None:
        """Look a last time."""
        self._ended.set()
        self._watcher.join()

    def _watch(self) -> None:
        while True:
            last = self._ended.wait(SAMPLE_SECONDS)
            with contextlib.suppress(psutil.Error):
                self.peak_unique = max(self.peak_unique, self.process.memory_full_info().uss)
            if last:
                return


@contextlib.contextmanager
def open_kernel(notebook: Any, folder: Path) -> Iterator[RunningKernel]:
    """Run a notebook in a new kernel, and keep the kernel until the block ends."""
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    with client.setup_kernel():
        kernel = RunningKernel(_process_of(client))
        try:
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
        finally:
            kernel.stop_watching()
        yield kernel


def _process_of(client: Any) -> int:
    pid: int = client.km.provisioner.pid
    return pid


def _chapter(stem: str) -> Any:
    text = (NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8")
    return nbformat.v4.reads_json(text)


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
    made = jupyter_environment("en", os.environ)
    changed = {name: made[name] for name in ("JUPYTER_PATH", "MALLOC_ARENA_MAX")}
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
    with _reader_folder() as own_folder, open_kernel(_chapter(CHAPTER_OF_A_CLASS), own_folder):
        for name in sys.argv[1:]:
            print(name, need_of(_chapter(name)), flush=True)
