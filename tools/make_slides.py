"""Makes slides of stored notebooks: ``python -m tools.make_slides notebooks/en/02-….ipynb``.

What is stored is what is shown: outputs and the labs' pictures, nothing is run. Sections
stand side by side, their steps below one another: the question, then the code with its
output, then the explanation, so that a class can predict before it sees. Exercises have
their tasks, without their checks.

Slides load reveal.js from the network, unless ``--offline`` names a ``node_modules``
folder that holds the packages of `PACKAGES`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode
from traitlets.config import Config

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "my-workbook" / "slides"
SLIDE, SUBSLIDE, CONTINUED, SKIPPED = "slide", "subslide", "-", "skip"
SECTION = re.compile(r"^##? ", re.MULTILINE)
# A cell that only judges, asks or counts has nothing to show to a class.
UNSHOWN = re.compile(r"hpt\.(check|quiz|my_progress)\(")
ASKS = re.compile(r"hpt\.prediction\(")
PACKAGES = {
    "reveal.js": "dist/reveal.js",
    "requirejs": "require.js",
    "jquery": "dist/jquery.min.js",
    "mathjax": "MathJax.js",
}


def slide_types(notebook: NotebookNode) -> Iterator[str]:
    """Yield each cell's place: a slide of its own, one below it, the same one, or none."""
    previous = ""
    for cell in notebook.cells:
        if cell.cell_type == "code" and UNSHOWN.match(cell.source):
            yield SKIPPED
            continue
        if cell.cell_type == "markdown":
            yield SLIDE if SECTION.search(cell.source) else SUBSLIDE
        else:
            yield CONTINUED if previous == "code" else SUBSLIDE
        # What comes out stands on another slide than the question.
        previous = "question" if ASKS.match(cell.source) else cell.cell_type


def make_slides(path: Path, folder: Path, offline: Path | None = None) -> Path:
    """Write the slides of one notebook.

    Parameters
    ----------
    path : Path
        The notebook.
    folder : Path
        Where the slides go, made if need be.
    offline : Path, optional
        A ``node_modules`` folder to load scripts from, instead of the network.

    Returns
    -------
    Path
        The page, to be opened in a browser.

    Raises
    ------
    FileNotFoundError
        If a package is missing in `offline`.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell, kind in zip(notebook.cells, slide_types(notebook), strict=True):
        cell.metadata["slideshow"] = {"slide_type": kind}
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{path.stem}.slides.html"
    exporter = SlidesExporter(config=_settings(folder, offline))
    text, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    page.write_text(text, encoding="utf-8")
    return page


def _settings(folder: Path, offline: Path | None) -> Config:
    # A step may be longer than the screen.
    settings = {"reveal_scroll": True, "reveal_number": "c/t", "reveal_theme": "white"}
    if offline is not None:
        found = {name: offline / name / script for name, script in PACKAGES.items()}
        if missing := sorted(name for name, script in found.items() if not script.is_file()):
            raise FileNotFoundError(f"not in {offline}: {', '.join(missing)}")
        url = {name: _relative(script, folder) for name, script in found.items()}
        settings |= {
            "reveal_url_prefix": _relative(offline / "reveal.js", folder),
            "require_js_url": url["requirejs"],
            "jquery_url": url["jquery"],
            "mathjax_url": f"{url['mathjax']}?config=TeX-AMS_CHTML-full,Safe",
        }
    return Config({"SlidesExporter": settings})


def _relative(path: Path, folder: Path) -> str:
    """Return the path from the slides to a file, so that both can be moved together."""
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def main() -> int:
    """Make the slides and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_slides", description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument("--offline", type=Path, metavar="NODE_MODULES")
    arguments = parser.parse_args()
    for path in arguments.notebooks:
        print(make_slides(path, arguments.to, arguments.offline))
    return 0


if __name__ == "__main__":
    sys.exit(main())
