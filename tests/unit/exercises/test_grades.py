"""What students hand in becomes a table, and what can be checked of it is."""

from __future__ import annotations

import csv
import inspect
import json
import os
import re
import tokenize
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.__main__ import main
from hpt_widgets.exercises import doubts as doubts_module
from hpt_widgets.exercises import grades as grades_module
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.answer_record import LONGEST, MOST_LEVELS, recorded
from hpt_widgets.exercises.catalog import all_exercises, all_quizzes
from hpt_widgets.exercises.grades import Grade, columns, end_of, grade_folder, write_grades
from hpt_widgets.exercises.hand_in import export_progress, read_progress
from hpt_widgets.exercises.predictions.catalog import all_predictions
from hpt_widgets.exercises.predictions.kept import compared


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
    answer_quiz("1", 1, right=True)


def answer_quiz(chapter: str, question: int, *, right: bool) -> None:
    quiz = hpt.quiz(chapter)
    rights = [choice.right for choice in quiz.questions[question - 1].choices]
    quiz.answer(question, 1 + rights.index(right))
    quiz.close()


def graded(folder: Path, **options: Any) -> Grade:
    (grade,), problems = grade_folder(folder, **options)
    assert problems == []
    return grade


# -- what is kept ---------------------------------------------------------------------------------


class Broken(list[int]):
    """A list that cannot be read."""

    def __len__(self) -> int:
        raise KeyError("len")


class Unknown:
    """Something that does not say what it is."""

    @property
    def __class__(self) -> Any:
        raise KeyError("class")


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
        (Broken([1]), None),
        (Unknown(), None),
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


def test_a_function_whose_file_has_changed_since_is_judged_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(answer: object) -> str:
        raise tokenize.TokenError(repr(answer))

    monkeypatch.setattr(inspect, "getsource", fails)
    assert hpt.check("2-b", lambda n_samples, batch_size: -(-n_samples // batch_size))
    assert progress.entries()[0].value == {"type": "function"}


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def test_an_answer_of_lists_within_lists_without_end_is_neither_kept_nor_read(
    folder: Path,
) -> None:
    assert recorded(nested(3)) == {"value": nested(3)}
    assert recorded(nested(MOST_LEVELS + 1)) is None
    hpt.check("0-a", 784)
    path = hand_in(folder, "ana")
    deep = "[" * 1_500 + "]" * 1_500
    path.write_text(path.read_text(encoding="utf-8").replace("784", deep), encoding="utf-8")
    assert "no answer in the file" in graded(folder).doubts[0]


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
    assert hpt.check("0-a", entry.value["value"])


def test_of_an_answer_that_json_cannot_say_the_type_is_kept() -> None:
    hpt.check("0-a", hpt.SearchRecord())
    (entry,) = progress.entries()
    assert entry.value == {"type": "SearchRecord"}


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
    # Windows would write to a device.
    assert export_progress("Con").name == "student-Con.progress.json"


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


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 61, "a\x00b", 3, None, "your name", "Their  Name", "姓名"]
)
def test_a_name_that_is_none_is_said(name: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="name="):
        export_progress(name)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": "hpt-progress-1"}',
     b'{"format": "hpt-progress-1", "name": "x", "exported": "", "entries": 1}'],
)  # fmt: skip
def test_a_file_that_is_none_is_named_and_the_others_count(folder: Path, content: bytes) -> None:
    hpt.check("0-a", 784)
    hand_in(folder, "good")
    (folder / "bad.progress.json").write_bytes(content)
    grades, problems = grade_folder(folder)
    assert [grade.handed_in.name for grade in grades] == ["good"]
    assert len(problems) == 1
    words = "is no file" if content else "is empty: ask for it again"
    assert f"bad.progress.json {words}" in problems[0]


def test_a_file_that_is_cut_short_is_to_be_asked_for_again(folder: Path) -> None:
    answer_some()
    path = hand_in(folder, "王")
    content = path.read_bytes()
    # One cut goes through a letter, and those of UTF-16 between letters and through one.
    wide = content.decode().encode("utf-16")
    cuts = (content[:-20], content[: content.index("王".encode()) + 1], wide[:-20], wide[:-21])
    for cut in cuts:
        path.write_bytes(cut)
        grades, [problem] = grade_folder(folder)
        assert grades == []
        assert "ask for it again" in problem


def test_a_file_that_an_editor_saved_in_another_encoding_counts(folder: Path) -> None:
    hpt.check("0-a", 784)
    path = hand_in(folder, "王小明")
    text = path.read_text(encoding="utf-8")
    for encoding, n_doubts in {"gb18030": 1, "utf-8-sig": 0, "utf-16": 0}.items():
        path.write_text(text, encoding=encoding)
        grade = graded(folder)
        assert (grade.handed_in.name, grade.judged_anew) == ("王小明", 1)
        assert len(grade.doubts) == n_doubts


def test_a_name_that_may_be_garbled_is_to_be_checked(folder: Path) -> None:
    hpt.check("0-a", 784)
    path = hand_in(folder, "王小明")
    content = path.read_bytes()
    # A letter that was lost in part, and a name as an editor in Europe saves it.
    spoiled = content.replace("王小明".encode(), "王小明".encode()[:-1] + b" ")
    for written in (spoiled, content.decode().replace("王小明", "Müller").encode("cp1252")):
        path.write_bytes(written)
        assert "check the name" in "".join(graded(folder).doubts)


def test_an_entry_that_is_unknown_costs_the_others_nothing(folder: Path) -> None:
    hpt.check("0-a", 784)
    path = hand_in(folder, "ana")
    entries = forge(path)["entries"]
    forge(path, entries=[{**entries[0], "state": "praised"}, *entries, 1])
    grade = graded(folder)
    assert grade.row()["solved_retired"] == 1
    (doubt,) = grade.doubts
    assert doubt == "entries that this version does not know were left out: 2"


def test_what_goes_wrong_with_one_file_is_named_and_the_others_have_their_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hpt.check("0-a", 784)
    for name in ("ana", "ben", "cai"):
        hand_in(folder, name)
    forge(folder / "ben.progress.json", version="bad")
    judge = grades_module.judge_anew

    def fails(entries: Any, version: str) -> Any:
        if version == "bad":
            raise KeyError(version)
        return judge(entries, version)

    monkeypatch.setattr(grades_module, "judge_anew", fails)
    grades, [problem] = grade_folder(folder)
    assert [grade.handed_in.name for grade in grades] == ["ana", "cai"]
    assert "ben.progress.json has no row" in problem


def test_half_a_character_in_an_answer_keeps_nobody_from_handing_in(folder: Path) -> None:
    hpt.check("4.1-b", "\ud83d\\ 王")
    path = hand_in(folder, "王")
    assert "王" in path.read_text(encoding="utf-8")
    assert read_progress(path).entries == tuple(progress.entries())
    write_grades(grade_folder(folder)[0], folder / "grades.csv")


@pytest.mark.parametrize("place", ["", ".", "notes.ipynb"])
def test_a_file_that_is_no_export_is_not_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(folder)
    (folder / "notes.ipynb").write_text("my work", encoding="utf-8")
    with pytest.raises(ValueError, match="path="):
        export_progress("Li", place)
    assert [path.read_text(encoding="utf-8") for path in folder.iterdir()] == ["my work"]
    for name in ("Li", "Ana"):
        assert read_progress(export_progress(name, "out.json")).name == name


@pytest.mark.parametrize(
    "name",
    [
        *("Ana.progress (1).json", "ana.json", "ANA.PROGRESS.JSON", "Ana.progress.json.txt"),
        *("Ana.progress.txt", "Ana.progress", "Ana.progress (2)"),
    ],
)
def test_a_file_that_was_renamed_on_its_way_counts(folder: Path, name: str) -> None:
    hpt.check("0-a", 784)
    hand_in(folder, "Ana").rename(folder / name)
    # What a Mac puts beside each file of an archive, and a folder of such a name.
    (folder / "._Ana.progress.json").write_bytes(b"\x00\x05\x16\x07")
    (folder / "week.json").mkdir()
    (folder / "Ana.project.jsonl").write_text("{}", encoding="utf-8")
    grades, problems = grade_folder(folder)
    assert problems == []
    assert [(grade.file, grade.handed_in.name) for grade in grades] == [(name, "Ana")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_what_would_never_end_is_not_read_and_a_link_to_nowhere_is_named(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    (folder / "endless.json").symlink_to("/dev/zero")
    (folder / "nowhere.json").symlink_to("gone")
    grades, [problem] = grade_folder(folder)
    assert grades == []
    assert "nowhere.json" in problem


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
    assert reader.fieldnames == columns(grade.row() for grade in grades)
    # 0-a was replaced, and came last; of those that were and that nobody has, there is none.
    assert reader.fieldnames[-4:] == ["0-a", "0-a tries", "0-a solution first", "late"]
    retired = {name for name, found in all_exercises().items() if found.retired}
    assert retired & set(reader.fieldnames) == {"0-a"}
    assert len(retired) > 1
    assert row["name"] == "'=cmd()"
    assert (row["0-a"], row["0-a tries"]) == ("1", "3")
    assert (row["4.1-b"], row["4.1-b tries"]) == ("0", "1")
    assert (row["0-b"], row["quiz 1"], row["quiz 2"]) == ("", "1", "")
    found = [row[name] for name in ("solved", "solved_retired", "quiz", "hints", "solutions")]
    # 0-a stands in no chapter any more.
    assert found == ["0", "1", "1", "1", "1"]
    assert (row["judged_anew"], row["not_judged_anew"], row["doubts"]) == ("2", "0", "")


def test_whoever_clicks_every_choice_is_told_from_whoever_knows(folder: Path) -> None:
    answer_quiz("1", 1, right=True)
    for right in (False, True, False):
        answer_quiz("1", 2, right=right)
    hand_in(folder, "ana")
    row = graded(folder).row()
    assert (row["quiz"], row["quiz_first"]) == (2, 1)
    assert (row["quiz 1"], row["quiz 1 first"], row["quiz 1 tries"]) == (2, 1, 3)


def test_a_solution_that_was_seen_first_is_told_from_one_seen_afterwards(folder: Path) -> None:
    hpt.check("0-a", 784)
    hpt.solution("0-a")
    hpt.solution("4.1-b")
    hpt.check("4.1-b", 0.1)
    hpt.solution("0-b")
    hand_in(folder, "ana")
    row = graded(folder).row()
    assert (row["solutions"], row["solutions_first"]) == (3, 2)
    found = [row[f"{name} solution first"] for name in ("0-a", "4.1-b", "0-b")]
    assert found == [0, 1, 1]
    assert "0-c solution first" not in row


def test_what_was_done_after_a_date_does_not_count_and_is_late(folder: Path) -> None:
    for answer in (1, 784):
        hpt.check("0-a", answer)
    answer_quiz("1", 1, right=True)
    path = hand_in(folder, "ana")
    entries = forge(path)["entries"]
    for entry, when in zip(entries, ("15T23:59:00", "16T00:01:00", ""), strict=True):
        entry["when"] = when and f"2026-01-{when}+00:00"
    forge(path, entries=entries)
    end = datetime.fromisoformat("2026-01-16T00:00:00+00:00")
    row = graded(folder, until=end).row()
    assert (row["0-a"], row["0-a tries"], row["quiz"], row["late"]) == (0, 1, 0, 2)
    row = graded(folder, until=end + timedelta(days=1)).row()
    assert (row["0-a"], row["late"]) == (1, 1)
    row = graded(folder).row()
    assert row["0-a"] == 1
    assert "late" not in row
    assert columns()[-1] == "late"


def test_a_date_is_the_end_of_its_day() -> None:
    assert end_of("2026-01-15") == datetime(2026, 1, 15, 23, 59, 59, 999_999).astimezone()
    assert end_of("20260115") == end_of("2026-01-15")
    for midnight in ("2026-01-15T00:00", "2026-01-15T00"):
        assert end_of(midnight) == datetime(2026, 1, 15).astimezone()
    for bad in ("soon", "2026-02-30", ""):
        with pytest.raises(ValueError, match="until="):
            end_of(bad)


def test_an_answer_that_is_not_right_counts_as_wrong(folder: Path) -> None:
    hpt.check("4.1-b", 0.1)
    hpt.solution("4.1-b")
    hpt.check("4.1-b", 0.2)
    hpt.check("4.1-b", 0.1)
    path = hand_in(folder, "forger")
    entries = forge(path)["entries"]
    entries[0]["value"] = {"value": 0.3}
    forge(path, entries=entries)
    grade = graded(folder)
    row = grade.row()
    assert (grade.first["4.1-b"], row["4.1-b"], row["4.1-b tries"]) == ("wrong", 1, 3)
    assert row["4.1-b solution first"] == 1
    words = "said to be right, but the answer in the file is not, so that it counts as wrong: "
    assert grade.doubts == (f"{words}4.1-b",)
    entries[3]["value"] = {"value": 0.3}
    forge(path, entries=entries)
    grade = graded(folder)
    assert (grade.row()["4.1-b"], grade.row()["solved"]) == (0, 0)
    assert (grade.judged_anew, grade.not_judged_anew, len(grade.doubts)) == (0, 0, 1)


def test_what_an_earlier_release_took_for_right_stays_right_and_other_versions_save_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hpt.check("4.1-b", 0.1)
    answer_quiz("1", 1, right=True)
    path = hand_in(folder, "ana")
    entries = forge(path)["entries"]
    entries[0]["value"] = {"value": 0.3}
    entries[1]["value"]["text"] = next(
        c for c in all_quizzes()["1"][0].choices if not c.right
    ).text.en
    # Nobody kept an answer in 0.1, and anybody can write that a later version took it for right.
    for version in ("0.1.0", "9.9", ""):
        forge(path, entries=[{**entry, "version": version} for entry in entries], version=version)
        grade = graded(folder)
        assert [grade.row()[name] for name in ("solved", "quiz", "quiz_first")] == [0, 0, 0]
        assert grade.not_judged_anew == 0
        (doubt,) = grade.doubts
        assert f"right by version {version or '?'}, which is none" in doubt
        assert doubt.endswith(": 4.1-b, quiz-1-1")
    monkeypatch.setattr(doubts_module, "EARLIER_VERSIONS", frozenset({"0.2.9"}))
    # A reader may have answered with one version, and handed in with the next.
    for changed, of_file in (({"version": "0.2.9"}, hpt.__version__), ({"version": 7}, "0.2.9")):
        forge(path, entries=[{**entry, **changed} for entry in entries], version=of_file)
        grade = graded(folder)
        assert (grade.row()["solved"], grade.row()["quiz_first"]) == (1, 1)
        assert (grade.judged_anew, grade.not_judged_anew) == (0, 2)
        (doubt,) = grade.doubts
        assert doubt.startswith("right to version 0.2.9 and not to this one")
        assert doubt.endswith("counts as right: 4.1-b, quiz-1-1")


def test_what_this_computer_lacks_makes_no_answer_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.remember("0-c", progress.RIGHT, {"value": 5_175})
    hand_in(folder, "ana")
    assert graded(folder).judged_anew == 1

    def fails() -> None:
        raise FileNotFoundError("train-images is missing")

    monkeypatch.setattr("hpt_widgets.exercises.chapters.chapter_00.load_mnist", fails)
    grade = graded(folder)
    assert (grade.states["0-c"], grade.not_judged_anew, grade.doubts) == ("right", 1, ())


def test_a_choice_that_is_not_right_is_found_and_one_that_is_none_is_named_and_not_judged(
    folder: Path,
) -> None:
    for question in (1, 2):
        answer_quiz("1", question, right=True)
    path = hand_in(folder, "forger")
    entries = forge(path)["entries"]
    wrong = next(c for c in all_quizzes()["1"][0].choices if not c.right)
    entries[0]["value"]["text"] = wrong.text.en
    right = next(c for c in all_quizzes()["1"][1].choices if c.right)
    entries[1]["value"]["text"] = f"once {right.text.en.split()[-1]}"
    forge(path, entries=entries)
    grade = graded(folder)
    assert (grade.judged_anew, grade.not_judged_anew) == (0, 1)
    row = grade.row()
    assert [row[name] for name in ("quiz", "quiz_first", "quiz 1 first", "quiz 1 tries")] == [
        *(1, 1, 1, 2)
    ]
    refuted, unfit = grade.doubts
    assert refuted.endswith("counts as wrong: quiz-1-1")
    assert "(quiz-1-2)" in unfit


def test_right_answers_without_the_answer_are_named(folder: Path) -> None:
    items = ["0-a", "4.1-b", "quiz-1-1", "quiz-1-2", "quiz-1-3", "quiz-2-1", "quiz-2-2"]
    for item in items:
        progress.remember(item, progress.RIGHT)
    hpt.check("0-a", 784)
    hand_in(folder, "ana")
    grade = graded(folder)
    assert (grade.row()["solved"], grade.row()["solved_retired"], grade.row()["quiz"]) == (1, 1, 5)
    assert (grade.judged_anew, grade.not_judged_anew) == (1, 6)
    (doubt,) = grade.doubts
    assert (
        "6 that count as right (4.1-b, quiz-1-1, quiz-1-2, quiz-1-3, quiz-2-1, quiz-2-2)" in doubt
    )
    assert "versions before 0.2 kept none" in doubt


@pytest.mark.parametrize(
    ("item", "value", "fits"),
    [
        ("quiz-1-1", {"choice": 1, "text": "?"}, False),
        ("quiz-1-1", {"type": "int"}, False),
        ("4.1-b", {"type": "int"}, False),
        ("1-f", {"type": []}, False),
        ("4.1-b", {"text": "0.1"}, False),
        ("4.1-b", {"code": "def f(): ..."}, False),
        ("0-d", {"type": "dict"}, True),
        ("2-b", {"type": "list"}, False),
        ("2-b", {"type": "function"}, True),
        ("2-b", {"code": "def updates_per_epoch(n_samples, batch_size): ..."}, True),
        ("3.4-g", {"type": "SearchRecord"}, True),
    ],
)
def test_a_right_answer_that_none_can_be_is_named(
    folder: Path, item: str, value: dict[str, Any], fits: bool
) -> None:
    progress.remember(item, progress.RIGHT, value)
    hand_in(folder, "ana")
    doubts = graded(folder).doubts
    assert len(doubts) == (0 if fits else 1)
    assert fits or f"({item})" in doubts[0]


def test_a_second_download_and_an_earlier_export_are_no_rows_of_their_own(folder: Path) -> None:
    hpt.check("0-a", 784)
    earlier = hand_in(folder, "Li")
    forge(earlier, exported="2026-01-01T00:00:00+00:00")
    earlier = earlier.rename(folder / "Li.progress (1).json")
    hpt.check("4.1-b", 0.1)
    newest = hand_in(folder, "Li")
    grade = graded(folder)
    assert (grade.file, grade.row()["solved"]) == (newest.name, 1)
    assert len(grade.doubts) == 1
    assert grade.doubts == (
        f"also handed in under this name, older and not counted: {earlier.name}",
    )


def test_of_one_file_that_was_downloaded_twice_the_first_counts(folder: Path) -> None:
    hpt.check("0-a", 784)
    path = hand_in(folder, "Li")
    for name in ("Li.progress (1).json", "Li.progress (10).json"):
        (folder / name).write_bytes(path.read_bytes())
    grade = graded(folder)
    assert grade.file == path.name
    assert grade.doubts == ("the same file twice: Li.progress (1).json, Li.progress (10).json",)


def test_two_students_of_one_name_have_a_row_each(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        monkeypatch.setenv("HPT_HOME", str(folder.parent / str(number)))
        hpt.check("0-a", number)
        hand_in(folder, "Li").rename(folder / f"{number}.json")
    first, second = grade_folder(folder)[0]
    assert "2.json" in "".join(first.doubts)
    assert "1.json" in "".join(second.doubts)


def test_one_name_typed_in_two_ways_is_one_and_two_that_look_alike_are_two(folder: Path) -> None:
    hpt.check("0-a", 784)
    hand_in(folder, "José")
    forge(hand_in(folder, "Weiß"), name="Jose\u0301", exported="2026-01-01T00:00:00+00:00")
    assert len(graded(folder).doubts) == 1
    forge(folder / "Weiß.progress.json", name="Weiß", entries=[])
    forge(hand_in(folder, "Weiss"), entries=[])
    assert not any(grade.doubts for grade in grade_folder(folder)[0])


def test_one_origin_is_found_in_folders_of_one_name_too(folder: Path) -> None:
    answer_some()
    for part, name in {"week 1": "Li", "week 2": "LI"}.items():
        hand_in(folder / part, name)
    doubts = {grade.file: grade.doubts for grade in grade_folder(folder)[0]}
    words = "the same entries were also handed in under this name: "
    assert doubts == {
        "week 1/Li.progress.json": (f"{words}week 2/LI.progress.json",),
        "week 2/LI.progress.json": (f"{words}week 1/Li.progress.json",),
    }


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
    entries[1]["when"] = (now - timedelta(hours=3)).isoformat()
    forge(path, entries=entries)
    (grade,), _ = grade_folder(folder)
    assert "backwards" in "".join(grade.doubts)
    (grade,), _ = grade_folder(folder, now - timedelta(days=3))
    assert "future" in "".join(grade.doubts)
    # A clock of the last century, and an export before what it holds.
    for moments in (("1999-11-26T10:00:00+00:00",) * 2, (now, now - timedelta(hours=12))):
        when, exported = map(str, moments)
        forge(path, exported=exported, entries=[{**entry, "when": when} for entry in entries])
        (doubt,) = graded(folder).doubts
        assert ("before the first version" if when.startswith("1999") else "backwards") in doubt


def test_the_moments_of_a_doubt_are_in_one_time_zone(folder: Path) -> None:
    hpt.check("0-a", 784)
    path = hand_in(folder, "ana")
    (entry,) = forge(path)["entries"]
    # By the letters of the two, the later one would be the export.
    entry["when"], exported = "2026-01-15T10:00:00+00:00", "2026-01-15T12:00:00+08:00"
    forge(path, exported=exported, entries=[entry])
    (doubt,) = graded(folder).doubts
    later, earlier = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", doubt)
    assert later > earlier


def test_two_computers_whose_clocks_differ_and_a_journey_raise_no_doubt(folder: Path) -> None:
    answer_some()
    path = hand_in(folder, "ana")
    entries = forge(path)["entries"]
    for entry, when in zip(
        entries,
        ("10:00:00+08:00", "10:20:00+08:00", "09:10:00+08:00", "03:00:00+01:00") * 2,
        strict=False,
    ):
        entry["when"] = f"2026-01-15T{when}"
    forge(path, entries=entries)
    assert graded(folder).doubts == ()


def test_an_honest_class_raises_no_doubt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i, name in enumerate(("ana", "ben", "cai")):
        monkeypatch.setenv("HPT_HOME", str(folder.parent / name))
        hpt.check("0-a", i)
        hpt.check("0-a", 784)
        # All run the cells of outcomes at the teacher's word.
        for question in list(all_predictions().values())[:4]:
            compared(question)
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
    assert f"{to} has one row; rows with doubts: 0." in said
    assert "can be forged" in said
    n_exercises = sum(not exercise.retired for exercise in all_exercises().values())
    n_questions = sum(len(questions) for questions in all_quizzes().values())
    assert f"{n_exercises} exercises (solved) and {n_questions} questions" in said
    assert to.exists()
    assert main(["grades", str(folder), "--to", str(to), "--until", "2026-01-15"]) == 0
    assert ",0,0,0," in to.read_text(encoding="utf-8-sig").splitlines()[1]
    said = capsys.readouterr().out
    assert "came after 2026-01-15 23:59 and do not count (late): 2." in said
    assert main(["grades", str(folder), "--to", str(to), "--until", "soon"]) == 1
    assert "until='soon'" in capsys.readouterr().err


def test_the_command_names_what_it_has_not_looked_into(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hpt.check("0-a", 784)
    hand_in(folder, "ana")
    hand_in(folder, "ben")
    (folder / "zipped.zip").write_bytes(b"PK")
    command = ["grades", str(folder), "--to", str(tmp_path / "g.csv"), "--language", "en"]
    assert main(command) == 0
    shown = capsys.readouterr()
    assert "g.csv has 2 rows; 0 of them with doubts." in shown.out
    assert "not looked into" in shown.err
    assert shown.err.strip().endswith("(1): zipped.zip")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_folder_without_files_is_said(
    folder: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grades", str(folder), "--language", language]) == 1
    assert ".progress.json" in capsys.readouterr().err
    assert main(["grades", str(folder / "nowhere"), "--language", language]) == 1
    assert "nowhere" in capsys.readouterr().err
