"""The export: one row a run, and nothing that a spreadsheet would compute."""

import csv
import dataclasses

import pytest
from board_tools import DATA, SECONDS, TASK, class_run, trial

from hpt_widgets.board.class_run import ClassRun
from hpt_widgets.board.csv_export import export_runs, run_of_row
from hpt_widgets.board.store import BoardStore
from hpt_widgets.support.csv_table import unguarded


@pytest.fixture
def store(tmp_path):
    opened = BoardStore(tmp_path / "board.sqlite")
    opened.open_task(TASK).result(SECONDS)
    yield opened
    opened.close()


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_run_is_a_row_with_its_student_and_task(store, tmp_path):
    for name, runs in {"cedar-17": 2, "小明": 1}.items():
        who = store.add_student(f"00000000-0000-0000-0000-{len(name):012}", name).result(SECONDS)
        store.add_runs(who, [class_run(0.5) for _ in range(runs)]).result(SECONDS)
    store.add_runs(who, [class_run(optimizer="sgd")]).result(SECONDS)
    assert export_runs(store, tmp_path / "deep" / "runs.csv") == 4
    rows = rows_of(tmp_path / "deep" / "runs.csv")
    assert [row["student"] for row in rows] == ["cedar-17", "cedar-17", "小明", "小明"]
    assert [row["task"] for row in rows] == ["A task"] * 3 + [""]
    assert [row["run_id"] for row in rows] == [kept.run.id for kept in store.kept_runs()]
    assert {row["learning_rate"] for row in rows} == {"0.001"}
    assert {row["validation_accuracy"] for row in rows[:3]} == {"0.5"}


def test_the_file_begins_with_the_mark_that_spreadsheets_look_for(store, tmp_path):
    export_runs(store, tmp_path / "runs.csv")
    assert (tmp_path / "runs.csv").read_bytes().startswith(b"\xef\xbb\xbfnumber,student,")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "'=1", "=cmd|'/C x'!A0"]


def test_whatever_a_student_sends_no_cell_of_the_file_is_a_formula(store, tmp_path):
    who = store.add_student("00000000-0000-0000-0000-000000000001", "cedar").result(SECONDS)
    for text in FORMULAS:
        wild = dataclasses.replace(trial(), message=text, method=text[:24])
        store.add_runs(who, [ClassRun(wild, DATA)]).result(SECONDS)
    export_runs(store, tmp_path / "runs.csv")
    rows = rows_of(tmp_path / "runs.csv")
    assert len(rows) == len(FORMULAS)
    for row in rows:
        assert not any(cell[:1] in set("=+-@\t\r") for cell in row.values() if cell)
    assert [unguarded(row["message"]) for row in rows] == FORMULAS
    assert [run_of_row(row) for row in rows] == [kept.run for kept in store.kept_runs()]
