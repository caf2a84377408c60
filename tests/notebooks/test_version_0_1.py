"""What a reader has from version 0.1 goes on working.

The files in ``tests/data/version_0_1`` are as that version wrote them: the imports of its
chapters, a chapter as a reader may have changed it, the record of a reader's copies, progress.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from executed import execute

import hpt_widgets as hpt
from hpt_widgets.app import workbook
from tools.execute_notebooks import CELL_TIMEOUT, check

DATA = Path(__file__).parents[1] / "data" / "version_0_1"
IMPORTS = (DATA / "imports.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", IMPORTS)
def test_each_import_of_its_chapters_works(line):
    names = {}
    exec(line, names)
    assert len(names) > 1


def test_a_changed_chapter_runs_on(readers_folder):
    """The copy has the old names' imports, and uses them."""
    readers_folder.mkdir()
    shutil.copy(DATA / "progress.jsonl", readers_folder)
    notebook = nbformat.read(DATA / "04-2-backpropagation.ipynb", as_version=4)
    execute(notebook, timeout=CELL_TIMEOUT)
    check(notebook)
    (printed, table) = next(c.outputs for c in notebook.cells if c.id == "mine-progress")
    assert printed.text.startswith("✓ 4.2-a: right.")
    rows = table.data["text/plain"].splitlines()
    shown = [row.split()[-1] for row in rows if " 4.2-a " in row or " 4.1-b " in row]
    assert shown == ["right"] * 2


def test_progress_is_read(readers_folder):
    readers_folder.mkdir()
    shutil.copy(DATA / "progress.jsonl", readers_folder)
    rows = hpt.my_progress().rows
    states = {name.split()[0]: state for _, name, state in rows if name != "quiz"}
    assert [states[name] for name in ("4.1-b", "0-a", "2-d", "1-a")] == [
        "right",
        "tried",
        "right",
        "not answered",
    ]
    assert ("4.1", "quiz", "2 of 6 right") in rows


def test_the_record_of_the_copies_is_read(tmp_path, monkeypatch):
    """What the reader left alone follows the new edition, what they changed stays."""
    monkeypatch.setattr(workbook, "PROJECT", tmp_path)
    copies = tmp_path / workbook.FOLDER_NAME / "en"
    shutil.copytree(DATA / "my-workbook", copies)
    (copies / "02-hyperparameters.ipynb").write_text("mine", encoding="utf-8")
    originals = tmp_path / "notebooks" / "en"
    originals.mkdir(parents=True)
    for name in ("00-start-here", "01-background", "02-hyperparameters", "07-new"):
        (originals / f"{name}.ipynb").write_text("of the new version", encoding="utf-8")
    assert workbook.refresh("en") == workbook.Refreshed(
        created=["07-new.ipynb"],
        updated=["00-start-here.ipynb", "01-background.ipynb"],
        kept=["02-hyperparameters.ipynb"],
    )
    assert (copies / "02-hyperparameters.ipynb").read_text(encoding="utf-8") == "mine"
