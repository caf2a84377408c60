"""What students hand in becomes a table, and what can be checked of it is."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.__main__ import main
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.answer_record import LONGEST, recorded
from hpt_widgets.exercises.grades import columns, grade_folder, write_grades
from hpt_widgets.exercises.hand_in import export_progress, read_progress


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "handed in"
    made.mkdir()
    return made


def hand_in(folder: Path, name: str) -> Path:
    return hpt.my_progress().export(name, folder / f"{name}.progress.json")


def forge(path: Path, **changes: Any) -> dict[str, Any]:
    values = json.loads(path.read_text(encoding="utf-8"))
    values.update(changes)
    path.write_text(json.dumps(values), encoding="utf-8")
    return values


def answer_some() -> None:
    hpt.check("0-a", 28)
    hpt.check("0-a", 29)
    hpt.check("0-a", 784)
    hpt.check("4.1-b", 0.2)
    hpt.hint("4.1-b")
    hpt.hint("4.1-b")
    hpt.solution("0-b")
    progress.remember("quiz-1-1", progress.RIGHT)


# -- what is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (784, {"value": 784}),
        (np.float64(0.5), {"value": 0.5}),
        (np.array([[1, 2]]), {"value": [[1, 2]]}),
        ((1, "b", None), {"value": [1, "b", None]}),
        ({"A": [True]}, {"value": {"A": [True]}}),
        ({1: 2}, None),
        (float("nan"), None),
        (object(), None),
        ("x" * LONGEST, None),
        (len, None),
        (lambda a: a, "code"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_is_kept_as_json_can_say_it(answer: object, kept: object) -> None:
    found = recorded(answer)
    if kept == "code":
        assert found is not None
        assert "lambda a: a" in found["code"]
    else:
        assert found == kept


class WrittenOut(np.ndarray):
    """Numbers that are not to be written out."""

    def tolist(self) -> Any:
        raise AssertionError(self.shape)


@pytest.mark.parametrize("shape", [(LONGEST + 1,), (5_000, 28, 28)])
def test_what_is_too_much_to_keep_is_not_written_out_first(shape: tuple[int, ...]) -> None:
    pictures = np.zeros(shape).view(WrittenOut)
    assert recorded({"pictures": pictures}) is None


def test_each_other_answer_is_a_try_and_the_same_one_is_not() -> None:
    for answer in (1, 1, 2, 784, 784):
        hpt.check("0-a", answer)
    entries = progress.entries()
    assert [(e.state, e.value) for e in entries] == [
        ("wrong", {"value": 1}),
        ("wrong", {"value": 2}),
        ("right", {"value": 784}),
    ]


def test_an_answer_that_json_would_change_into_another_is_not_kept() -> None:
    hpt.check("0-a", np.float32(784.0))
    (entry,) = progress.entries()
    assert entry.value is None or hpt.check("0-a", entry.value["value"])


# -- handing in -----------------------------------------------------------------------------------


def test_the_file_holds_what_was_done(folder: Path) -> None:
    answer_some()
    found = read_progress(hand_in(folder, "王小明"))
    assert found.name == "王小明"
    assert [e.item for e in found.entries] == [
        *("0-a", "0-a", "0-a", "4.1-b", "4.1-b", "0-b", "quiz-1-1"),
    ]


def test_the_files_name_is_the_students(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert export_progress("王 小明/../x").name == "王-小明-..-x.progress.json"
    assert [path.parent for path in folder.iterdir()] == [folder]


def test_a_name_of_signs_alone_is_in_the_table(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert export_progress("!!!") == Path("student.progress.json")
    [grade], problems = grade_folder(folder)
    assert grade.handed_in.name == "!!!"
    assert problems == []


def test_a_student_replaces_their_own_file_and_nobody_elses(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "note.progress.json").write_text("to myself", encoding="utf-8")
    names = ("!!!", "???", "!!!", "???", "a b", "a/b", "a b", "note")
    written = [export_progress(name).name.removesuffix(".progress.json") for name in names]
    assert written == [
        *("student", "student-2", "student", "student-2"),
        *("a-b", "a-b-2", "a-b", "note-2"),
    ]
    assert {grade.handed_in.name for grade in grade_folder(folder)[0]} == set(names)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b", 3, None])
def test_a_name_that_is_none_is_said(name: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="name="):
        export_progress(name)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": "hpt-progress-1"}',
     b'{"format": "hpt-progress-1", "name": "x", "exported": "", "entries": [1]}'],
)  # fmt: skip
def test_a_file_that_is_none_is_named_and_the_others_count(folder: Path, content: bytes) -> None:
    hpt.check("0-a", 784)
    hand_in(folder, "good")
    (folder / "bad.progress.json").write_bytes(content)
    grades, problems = grade_folder(folder)
    assert [grade.handed_in.name for grade in grades] == ["good"]
    assert len(problems) == 1
    assert "bad.progress.json" in problems[0]


@pytest.mark.parametrize("name", ["Ana.progress (1).json", "ana.json", "ANA.PROGRESS.JSON"])
def test_a_file_that_was_renamed_on_its_way_counts(folder: Path, name: str) -> None:
    hpt.check("0-a", 784)
    hand_in(folder, "Ana").rename(folder / name)
    # What a Mac puts beside each file of an archive, and a folder of such a name.
    (folder / "._Ana.progress.json").write_bytes(b"\x00\x05\x16\x07")
    (folder / "week.json").mkdir()
    grades, problems = grade_folder(folder)
    assert problems == []
    assert [(grade.file, grade.handed_in.name) for grade in grades] == [(name, "Ana")]


# -- the table ------------------------------------------------------------------------------------


def test_the_table_says_who_solved_what_in_how_many_tries(folder: Path, tmp_path: Path) -> None:
    answer_some()
    hand_in(folder, "=cmd()")
    grades, problems = grade_folder(folder)
    assert problems == []
    write_grades(grades, tmp_path / "grades.csv")
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        (row,) = list(reader)
    assert reader.fieldnames == columns()
    assert row["name"] == "'=cmd()"
    assert (row["0-a"], row["0-a tries"]) == ("1", "3")
    assert (row["4.1-b"], row["4.1-b tries"]) == ("0", "1")
    assert (row["0-b"], row["quiz 1"], row["quiz 2"]) == ("", "1", "0")
    assert (row["solved"], row["quiz"], row["hints"], row["solutions"]) == ("1", "1", "1", "1")
    assert (row["judged_anew"], row["doubts"]) == ("1", "")


def test_an_answer_that_is_not_right_is_found(folder: Path) -> None:
    hpt.check("0-a", 784)
    path = hand_in(folder, "forger")
    entries = forge(path)["entries"]
    entries[0]["value"] = {"value": 785}
    forge(path, entries=entries)
    (grade,), _ = grade_folder(folder)
    assert grade.judged_anew == 0
    assert any("0-a" in doubt for doubt in grade.doubts)


def test_two_files_of_one_origin_are_found(folder: Path) -> None:
    answer_some()
    hand_in(folder, "ana")
    hand_in(folder, "ben")
    hand_in(folder, "ana again")
    grades, _ = grade_folder(folder)
    assert "ben" in "".join(grades[0].doubts)
    assert "ana" in "".join(grades[2].doubts)


def test_moments_that_cannot_be_are_found(folder: Path) -> None:
    answer_some()
    path = hand_in(folder, "forger")
    now = datetime.now().astimezone()
    entries = forge(path)["entries"]
    entries[1]["when"] = (now - timedelta(days=30)).isoformat()
    forge(path, entries=entries)
    (grade,), _ = grade_folder(folder)
    assert "backwards" in "".join(grade.doubts)
    (grade,), _ = grade_folder(folder, now - timedelta(days=3))
    assert "future" in "".join(grade.doubts)


def test_an_honest_class_raises_no_doubt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i, name in enumerate(("ana", "ben", "cai")):
        monkeypatch.setenv("HPT_HOME", str(folder.parent / name))
        hpt.check("0-a", i)
        hpt.check("0-a", 784)
        hand_in(folder, name)
    grades, _ = grade_folder(folder)
    assert [grade.doubts for grade in grades] == [(), (), ()]


# -- the command ----------------------------------------------------------------------------------


def test_the_command_writes_the_table_and_says_what_it_proves(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_some()
    hand_in(folder, "ana")
    to = tmp_path / "g.csv"
    assert main(["grades", str(folder), "--to", str(to), "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert str(to) in said
    assert "can be forged" in said
    assert to.exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_folder_without_files_is_said(
    folder: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grades", str(folder), "--language", language]) == 1
    assert ".progress.json" in capsys.readouterr().err
    assert main(["grades", str(folder / "nowhere"), "--language", language]) == 1
    assert "nowhere" in capsys.readouterr().err
