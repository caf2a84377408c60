"""What a reader has done is kept, and a broken file costs a line, never a lesson."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises import progress
from hpt_widgets.support.home import ReaderFolderWarning


@pytest.fixture
def file(readers_folder: Path) -> Path:
    readers_folder.mkdir(parents=True, exist_ok=True)
    return readers_folder / progress.FILE_NAME


def state_of(exercise: str) -> str:
    rows = {name.split()[0]: state for _, name, state in hpt.my_progress().rows}
    return rows[exercise]


def test_a_new_reader_has_done_nothing() -> None:
    table = hpt.my_progress()
    assert {state for _, _, state in table.rows} == {"not answered"}
    assert [row[0] for row in table.rows] == sorted(row[0] for row in table.rows)


def test_checks_are_kept(file: Path) -> None:
    hpt.check("4.1-b", 0.2)
    assert state_of("4.1-b") == "tried"
    hpt.check("4.1-b", 0.1)
    assert state_of("4.1-b") == "right"
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(entry["item"], entry["state"]) for entry in entries] == [
        ("4.1-b", "wrong"),
        ("4.1-b", "right"),
    ]


def test_each_line_names_the_version_that_judged_it_and_early_ones_are_read(file: Path) -> None:
    early = {"item": "4.1-b", "state": "wrong", "value": {"value": 0.2}, "when": ""}
    file.write_text(f"{json.dumps(early)}\n", encoding="utf-8")
    hpt.check("4.1-b", 0.2)
    hpt.check("4.1-b", 0.1)
    assert [entry.version for entry in progress.entries()] == ["", hpt.__version__]
    assert progress.entries()[0].to_dict() == early


def test_what_was_right_once_stays_right() -> None:
    hpt.check("4.1-b", 0.1)
    hpt.check("4.1-b", 0.2)
    assert state_of("4.1-b") == "right"


def test_an_untouched_cell_leaves_no_trace(file: Path) -> None:
    hpt.check("4.1-b", ...)
    assert not file.exists()


def test_running_a_notebook_twice_writes_its_lines_once(file: Path) -> None:
    for _ in range(3):
        hpt.check("4.1-b", 0.1)
        hpt.check("0-a", 28)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_what_was_read_before_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    parse = json.loads
    monkeypatch.setattr(json, "loads", lambda line: parsed.append(line) or parse(line))
    for number in range(30):
        progress.remember("0-a", "wrong", number)
    assert [parse(line)["value"] for line in parsed] == [*range(29)]


@pytest.mark.parametrize(
    "broken",
    [
        b"\xff\xfe\x00garbage",
        b'{"item": "4.1-b"',
        b"[1, 2]",
        b'"text"',
        b"null",
        b'{"item": 3, "state": "right"}',
        b'{"item": "4.1-b", "state": ["right"]}',
        b'{"item": "4.1-b", "state": "perfect"}',
        b"[" * 100_000,
    ],
)
def test_a_broken_line_costs_a_warning_and_nothing_else(file: Path, broken: bytes) -> None:
    hpt.check("4.1-b", 0.1)
    with file.open("ab") as stream:
        stream.write(broken + b"\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert hpt.check("0-a", 784)
    with pytest.warns(ReaderFolderWarning, match=r"1 line\(s\) of progress.jsonl"):
        table = hpt.my_progress()
    assert {row[1].split()[0] for row in table.rows if row[2] == "right"} == {"4.1-b", "0-a"}


def test_a_folder_that_cannot_be_written_costs_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    obstacle = tmp_path / "a file"
    obstacle.write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("HPT_HOME", str(obstacle / "folder"))
    with pytest.warns(ReaderFolderWarning):
        assert hpt.check("4.1-b", 0.1)
    assert state_of("4.1-b") == "not answered"


def test_items_of_another_version_are_left_alone(file: Path) -> None:
    file.write_text('{"item": "9.9-z", "state": "right"}\n', encoding="utf-8")
    assert all("9.9" not in " ".join(row) for row in hpt.my_progress().rows)


def test_the_table_as_text_and_html() -> None:
    hpt.check("4.1-b", 0.1)
    lines = repr(hpt.my_progress()).splitlines()
    assert lines[0].split() == ["chapter", "exercise", "state"]
    assert any(
        line.startswith("4.1 ") and "4.1-b The largest" in line and line.endswith("right")
        for line in lines
    )
    markup = hpt.my_progress()._repr_html_()
    assert markup.count("<tr>") == len(lines)
    cells = re.findall(r"<td [^>]*>([^<]*)</td>", markup)
    place = cells.index("4.1-b The largest stable learning rate")
    assert cells[place - 1 : place + 2 : 2] == ["4.1", "right"]


def test_the_table_in_chinese_is_aligned() -> None:
    hpt.use_language("zh")
    lines = repr(hpt.my_progress()).splitlines()
    assert lines[0].split() == ["章节", "练习", "进度"]
    columns = {
        len(line[: line.rindex("未作答")].encode("gb18030")) for line in lines if "未作答" in line
    }
    # GB 18030 takes two bytes for a Chinese character, as it takes two columns; θ too, so
    # titles with Greek letters could differ.
    assert len(columns) == 1
