"""Runs the notebooks from top to bottom and stores their outputs.

What is stored is what a reader should find: outputs in order, without widget
state (it breaks a notebook's display on GitHub), without the times of the run
and without anything of this machine. A notebook that fails, writes to stderr
or grows over the limit is left as it was.

What was trained, timed or drawn differs a little from run to run. With ``--keep-uncompared`` the
cells before the first that was changed since the last commit keep their stored outputs, unless the
checks would find others; so a new exercise at the end of a chapter changes nothing else.
"""

from __future__ import annotations

import argparse
import base64
import io
import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from PIL import Image, UnidentifiedImageError

from hpt_widgets.app.launcher import jupyter_environment
from hpt_widgets.labs.kit.lab import STORING
from hpt_widgets.language import LANGUAGES

PROJECT = Path(__file__).resolve().parent.parent
LIMIT = 1_000_000  # bytes: larger ones load slowly, and GitHub does not show them
CELL_TIMEOUT = 300  # seconds
EXPECTED_ERROR = "raises-exception"
PICTURE = "image/png"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_OF_CELL = ("tags", "jupyter", "editable", "deletable")


class NotebookError(Exception):
    """A notebook cannot be stored as it is."""


def execute(path: Path, *, keep_uncompared: bool = False) -> int:
    """Run one notebook and store it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook.
    keep_uncompared : bool, default False
        Whether cells keep what the last commit has of them; see `keep_outputs`.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    NotebookError
        If a cell fails or writes to stderr, or the notebook is too large or holds
        a path of this machine.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise NotebookError(str(error)) from None
    check(notebook)
    tidy(notebook)
    if keep_uncompared:
        keep_outputs(notebook, committed(path))
    text = nbformat.writes(notebook, version=4) + "\n"
    for place in (PROJECT, Path.home()):
        if place.name and str(place) in text:
            raise NotebookError(f"a path of this machine is in it: {place}")
    size = len(text.encode())
    if size > LIMIT:
        raise NotebookError(f"{size:,} bytes with its outputs; {LIMIT:,} are allowed")
    path.write_text(text, encoding="utf-8")
    return size


def check(notebook: NotebookNode) -> None:
    """Refuse outputs on stderr and unexpected errors."""
    for number, cell in enumerate(notebook.cells):
        expected = EXPECTED_ERROR in cell.metadata.get("tags", [])
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise NotebookError(f"cell {number} writes to stderr:\n{output.text}")
            if output.output_type == "error" and not expected:
                raise NotebookError(f"cell {number} fails: {output.ename}: {output.evalue}")


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Leave only what is the same on every machine; the cells' ids stay."""
    notebook.metadata = NotebookNode(METADATA)
    for cell in notebook.cells:
        cell.metadata = NotebookNode(
            {key: cell.metadata[key] for key in KEPT_OF_CELL if key in cell.metadata}
        )
        for output in cell.get("outputs", []):
            # The view points at state that is not stored; the picture beside it stays.
            data = output.get("data", {})
            data.pop(WIDGET_VIEW, None)
            if PICTURE in data:
                data[PICTURE] = smaller_picture(data[PICTURE])
    return notebook


def committed(path: Path) -> NotebookNode:
    """Return a notebook as the last commit has it; one without cells where it has none."""
    shown = subprocess.run(
        ["git", "show", f"HEAD:./{path.name}"], cwd=path.parent, capture_output=True, check=False
    )
    if shown.returncode:
        return NotebookNode(cells=[])
    stored: NotebookNode = nbformat.reads(shown.stdout.decode("utf-8"), as_version=4)
    return stored


def keep_outputs(notebook: NotebookNode, stored: NotebookNode) -> None:
    """Put stored outputs back where the checks would find them equal to the new ones.

    This is for the cells before the first one that is new or was changed: what stands behind it may
    have come out otherwise. If one of those behind it shows what the checks do not compare, nothing
    is put back: a chapter's numbers are to come from one run.

    Parameters
    ----------
    notebook : NotebookNode
        As it was run just now.
    stored : NotebookNode
        As it was stored before.
    """
    # nbval takes a second to import.
    from tools.notebook_checks import UNCHECKED, differ

    cells, before = (
        [cell for cell in one.cells if cell.cell_type == "code"] for one in (notebook, stored)
    )
    same = list(
        itertools.takewhile(lambda pair: _asks_the_same(*pair), zip(cells, before, strict=False))
    )
    if any(UNCHECKED in cell.metadata.get("tags", []) for cell in cells[len(same) :]):
        return
    for cell, old in same:
        if old.execution_count == cell.execution_count and not differ(cell, old):
            cell.outputs = old.outputs


def _asks_the_same(cell: NotebookNode, other: NotebookNode) -> bool:
    one, old = ((each.id, each.source, each.metadata.get("tags")) for each in (cell, other))
    return one == old


def smaller_picture(encoded: str) -> str:
    """Return a picture with at most 256 colours, where that takes fewer bytes.

    A map of a loss surface has thousands of shades, and takes three times the bytes.

    Parameters
    ----------
    encoded : str
        A PNG file in base64.
    """
    content = base64.b64decode(encoded)
    try:
        picture = Image.open(io.BytesIO(content)).convert("RGBA")
    except UnidentifiedImageError:
        return encoded
    if np.asarray(picture)[..., 3].min() < 255:
        return encoded  # a palette would lose what shines through
    made = io.BytesIO()
    colors = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    colors.save(made, "PNG", optimize=True)
    shorter = made.getvalue()
    return base64.b64encode(shorter).decode() if len(shorter) < len(content) else encoded


def notebooks_to_run(names: list[str]) -> list[Path]:
    """Return the notebooks that are named, or all of them."""
    if names:
        return [Path(name).resolve() for name in names]
    editions = [PROJECT / "notebooks" / language for language in LANGUAGES]
    return [path for edition in editions for path in sorted(edition.glob("*.ipynb"))]


def main() -> int:
    """Run the notebooks and return the exit status: 1 where one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="all of them by default")
    parser.add_argument(
        "--keep-uncompared",
        action="store_true",
        help="leave stored outputs of unchanged cells, where the checks find them equal",
    )
    given = parser.parse_args()
    failed = []
    os.environ[STORING] = "1"
    os.environ["JUPYTER_PATH"] = jupyter_environment("en", os.environ)["JUPYTER_PATH"]
    for path in notebooks_to_run(given.notebooks):
        name = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as home:
            os.environ["HPT_HOME"] = home
            os.environ.pop("HPT_LANGUAGE", None)
            try:
                size = execute(path, keep_uncompared=given.keep_uncompared)
            except Exception as error:  # the others are still to run
                failed.append(str(name))
                print(f"{name}: FAILED\n{error}", flush=True)
                continue
        print(f"{name}: {time.monotonic() - started:.0f} s, {size / 1000:.0f} kB", flush=True)
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
