"""Which outputs the checks of the notebooks leave uncompared, and which cells train less there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import editions
import pytest
from editions import codes, label, names, read

from tools.notebook_checks import FEWER_SAMPLES, UNCHECKED

UNCOMPARED = tomllib.loads(
    Path(__file__).with_name("uncompared_cells.toml").read_text(encoding="utf-8")
)
CHAPTERS = {Path(name).stem for name in names()}
every_notebook = pytest.mark.parametrize("path", editions.files(), ids=label)


@every_notebook
def test_no_other_cell_than_those_of_the_list_is_left_uncompared(path):
    tagged = [cell.id for cell in codes(read(path)) if UNCHECKED in cell.metadata.get("tags", [])]
    assert tagged == UNCOMPARED.get(path.stem, [])


@every_notebook
def test_no_cell_is_skipped_or_checked_in_another_way(path):
    """nbval knows more such tags; comments, with which it can be told the same, no cell has."""
    assert {tag for cell in read(path).cells for tag in cell.metadata.get("tags", [])} <= {
        UNCHECKED
    }


def test_each_chapter_of_the_lists_is_there():
    assert set(UNCOMPARED) <= CHAPTERS
    assert set(FEWER_SAMPLES) <= CHAPTERS


@every_notebook
def test_what_a_cell_says_that_trains_on_fewer_samples_is_not_compared(path):
    """It has the tag, or says nothing, or shows a lab, of which its name alone is compared."""
    cells = {cell.id: cell for cell in codes(read(path))}
    listed = FEWER_SAMPLES.get(path.stem, {})
    assert set(listed) <= set(cells)
    compared = [cells[name] for name in listed if name not in UNCOMPARED[path.stem]]
    for cell in compared:
        for output in cell.outputs:
            assert re.fullmatch(r"<\w+Lab>", output.data["text/plain"]), cell.id
