"""CSV files in which a spreadsheet computes nothing."""

import csv

import pytest

from hpt_widgets.support.csv_table import guarded, unguarded, write_table

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "'=1", "=cmd|'/C x'!A0"]


@pytest.mark.parametrize("text", [*FORMULAS, "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A1"])
def test_no_cell_begins_as_a_formula(text):
    assert guarded(text)[0] == "'"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "cedar", "0.5", "1e-3", "[[1, 2]]", "说明"])
def test_other_cells_are_left_as_they_are(text):
    assert guarded(text) == text
    assert unguarded(text) == text


def test_a_table_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "table.csv"
    rows = [{"name": "=1+1", "n": -1}, {"name": "李 \ud800"}]
    write_table(path, ("name", "n"), rows)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfname,n\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert read == [{"name": "'=1+1", "n": "'-1"}, {"name": "李 ?", "n": ""}]
