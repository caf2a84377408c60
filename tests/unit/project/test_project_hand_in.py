"""A project as one file to hand in, and a class's files: what is fair, and what is noticed."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_data import N_CLASSES, hyperparameters, tabular_data
from widget_tools import page_of

import hpt_widgets as hpt
from hpt_widgets.language import LANGUAGES
from hpt_widgets.project import log_file
from hpt_widgets.project.class_check import ClassCheck
from hpt_widgets.project.log_file import LogFile
from hpt_widgets.project.project import Project
from hpt_widgets.project.verdict import ProjectCheck

HP = hyperparameters(epochs=2, batch_size=16)
QUESTION = "Does a larger learning rate help?"
SPLITS = tabular_data().splits
DATA = hpt.Dataset({**SPLITS, "test": SPLITS["validation"]}, n_classes=N_CLASSES)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the notebook, which is the present one."""
    made = tmp_path / "notebooks"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


def begun(name: str = "my-project") -> Project:
    mine = hpt.Project(DATA, QUESTION, 100, name=name)
    mine.choose(HP)
    mine.train(HP)
    return mine


def judged(path: str | Path) -> ProjectCheck:
    check = hpt.check_project(path)
    assert isinstance(check, ProjectCheck)
    return check


def class_of(path: str | Path) -> ClassCheck:
    check = hpt.check_project(path)
    assert isinstance(check, ClassCheck)
    return check


def test_a_project_is_handed_in_as_one_file(folder: Path, tmp_path: Path) -> None:
    mine = begun()
    log = mine.log.path.read_bytes()
    path = mine.hand_in(" 李 伟 ")
    assert path == Path("李-伟.project.jsonl")
    assert mine.log.path.read_bytes() == log
    label = json.loads(path.read_bytes().split(b"\n")[0])
    assert (label["name"], label["question"]) == ("李 伟", QUESTION)
    check = judged(path)
    assert (check.name, check.lines) == ("李 伟", hpt.check_project(mine).lines)
    # Whatever a download or an editor makes of it.
    other = tmp_path / "李-伟.project (1).jsonl.txt"
    other.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert judged(other).lines == check.lines


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\x00b", 3, None, "your name", "姓名"])
def test_a_name_that_is_none_is_refused(name: Any, folder: Path) -> None:
    with pytest.raises((TypeError, ValueError), match="name="):
        begun().hand_in(name)
    assert list(folder.iterdir()) == []


def test_a_file_is_replaced_by_the_same_student_with_the_same_project_alone() -> None:
    names = [
        begun(log).hand_in(name).name
        for name, log in (("?", "a"), ("!", "a"), ("?", "b"), ("?", "a"))
    ]
    first, *numbered = (f"student{number}.project.jsonl" for number in ("", "-2", "-3"))
    assert names == [first, *numbered, first]
    assert begun().hand_in("?", "mine.jsonl") == Path("mine.jsonl")
    assert judged("mine.jsonl").name == "?"


def test_a_path_that_is_no_file_or_another_file_is_refused(folder: Path, tmp_path: Path) -> None:
    mine = begun()
    for path in ("", str(tmp_path), "there/"):
        with pytest.raises(ValueError, match=re.escape(f"path={path!r} names no file")):
            mine.hand_in("Li", path)
    log = mine.log.path.read_bytes()
    notebook = Path("notes.ipynb")
    notebook.write_text('{"cells": []}', encoding="utf-8")
    for other in (notebook, mine.log.path, mine.log.seal_path):
        with pytest.raises(ValueError, match=r"path=.* is another file, which would be lost"):
            mine.hand_in("Li", other)
    assert notebook.read_text(encoding="utf-8") == '{"cells": []}'
    assert mine.log.path.read_bytes() == log
    with pytest.raises(TypeError, match="path=3"):
        mine.hand_in("Li", 3)  # type: ignore[arg-type]
    # An empty file, one in a new folder, and one that was handed in before, an editor's mark and
    # all, may be written.
    Path("empty.jsonl").touch()
    for name in ("empty.jsonl", "new/mine.jsonl", "new/mine.jsonl"):
        assert judged(mine.hand_in("Li", name)).name == "Li"
        Path(name).write_bytes(b"\xef\xbb\xbf" + Path(name).read_bytes())
    assert sorted(path.name for path in folder.iterdir()) == ["empty.jsonl", "new", "notes.ipynb"]


def test_a_seal_that_was_left_behind_raises_a_doubt() -> None:
    mine = begun()
    seal = mine.log.seal_path.read_bytes()
    for epochs in (3, 4, 5):
        mine.choose(HP.replace(epochs=epochs))
    mine.log.seal_path.write_bytes(seal)
    check = judged(mine.hand_in("Li"))
    assert check["log"].state == "right"
    (doubt,) = check.doubts
    assert "of the last 3 entries" in doubt
    mine.choose(HP)
    assert judged(mine.hand_in("Li")).doubts == ()


def test_a_log_without_its_seal_is_not_whole_and_not_altered(tmp_path: Path) -> None:
    mine = begun()
    copy = tmp_path / "LiWei.jsonl"
    shutil.copy(mine.log.path, copy)
    line = judged(copy)["log"]
    assert line.state == "not yet"
    assert "the .seal file is missing" in line.message
    assert "project.hand_in" in line.message
    # A file to hand in that was made without the seal says so too.
    mine.log.seal_path.unlink()
    assert judged(mine.hand_in("Li Wei"))["log"] == line
    # Without the seal too, a chain that is broken is.
    lines = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert judged(copy)["log"].state == "wrong"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b'"name": "Ana"', b'"name": "Ben"', "name, time or seal"),
        (b'"exported": "2', b'"exported": "1', "name, time or seal"),
        (b'"ended": "finished"', b'"ended": "stopped"', "entry 3 was edited"),
        (b'"kind": "choice"', b'"kind": "choise"', "entry 2 was edited"),
    ],
)
def test_a_file_that_was_edited_is_noticed(old: bytes, new: bytes, words: str) -> None:
    path = begun().hand_in("Ana")
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    line = judged(path)["log"]
    assert line.state == "wrong"
    assert words in line.message


def test_lines_that_were_taken_out_of_a_file_are_noticed() -> None:
    mine = begun()
    mine.open_test(mine.train(HP))
    path = mine.hand_in("Ana")
    lines = path.read_bytes().splitlines(keepends=True)
    for kept, words in ((lines[:-1], "after number 3"), (lines[:1] + lines[2:], "before number 2")):
        path.write_bytes(b"".join(kept))
        assert f"entries {words} are missing" in judged(path)["log"].message


def test_a_clock_that_was_set_back_raises_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = timedelta(0)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + ahead

    monkeypatch.setattr(log_file, "datetime", Clock)
    mine = begun()
    # A clock that is put right by some minutes, or that goes on after a night, is none.
    for hours in (-1.0, 10.0):
        ahead = timedelta(hours=hours)
        mine.choose(HP.replace(epochs=int(20 + hours)))
    assert hpt.check_project(mine).doubts == ()
    ahead = timedelta(hours=4)
    mine.choose(HP)
    check = hpt.check_project(mine)
    (doubt,) = check.doubts
    assert "the clock was set back" in doubt
    assert doubt in repr(check)
    for page in (page_of(check), mine.report(author="Ana", conclusion="No.").html):
        assert doubt in html.unescape(page)
    ahead = timedelta(days=3)
    mine.choose(HP.replace(epochs=9))
    assert any("lie in the future" in doubt for doubt in hpt.check_project(mine).doubts)


def class_folder(folder: Path) -> Path:
    """Return what a class has handed in: Ana's work, Ben's copy of it that he went on with."""
    ana = begun("ana")
    made = folder / "class"
    for sub, name in (("a", "Ana"), ("a2", "Ana"), ("=c", "=Cem")):
        (made / sub).mkdir(parents=True)
        begun("cem" if name == "=Cem" else "ana").hand_in(name, made / sub / "mine.project.jsonl")
    ana.train(HP.replace(seed=1))
    ana.hand_in(" BEN", made / "ben.project (1).jsonl")
    # A bare log with its seal, and what is to be left alone.
    bare = begun("bare").log
    shutil.copy(bare.path, made)
    shutil.copy(bare.seal_path, made)
    (made / "report.html").write_text("<p>", encoding="utf-8")
    (made / ".hidden").mkdir()
    shutil.copy(bare.path, made / ".hidden")
    return made


def test_a_folder_is_a_row_for_each_student(folder: Path) -> None:
    made = class_folder(folder)
    LogFile(made / "made-up.jsonl").append("begin", {"question": QUESTION})
    check = class_of(made)
    (problem,) = check.problems
    assert "made-up" in problem
    table = check.table.set_index("file")
    assert list(table["name"]) == ["=Cem", "Ana", "Ana", "BEN", "bare"]
    assert set(table["right"] + table["wrong"] + table["not_yet"]) == {10}
    assert set(table["log"]) == {"right"}
    assert table.loc["a/mine.project.jsonl", "question"] == QUESTION
    # Only Ben's log is someone else's, and Ana's two files are her own.
    doubts = table["doubts"]
    assert doubts["ben.project (1).jsonl"] == "; ".join(
        f"3 of its 4 entries are those of Ana ({sub}/mine.project.jsonl)" for sub in ("a", "a2")
    )
    for sub in ("a", "a2"):
        assert doubts[f"{sub}/mine.project.jsonl"].startswith("3 of its 3 entries are those of BEN")
    assert list(doubts[["=c/mine.project.jsonl", "bare.jsonl"]]) == ["", ""]


def test_a_student_shares_nothing_with_themselves_however_a_name_is_typed(folder: Path) -> None:
    mine = begun()
    made = folder / "class"
    made.mkdir()
    # As bare logs: a Mac writes the accent as a character of its own.
    for name in ("Jos\u00e9", "jose\u0301", "Ana"):
        shutil.copy(mine.log.path, made / f"{name}.jsonl")
    doubts = class_of(made).table.set_index("file")["doubts"]
    assert doubts["Jos\u00e9.jsonl"].count("entries are those of") == 1
    assert doubts["Ana.jsonl"].count("entries are those of") == 2


def test_a_file_is_found_whatever_a_system_made_of_its_name(folder: Path) -> None:
    made = folder / "class"
    names = ("a.project.JSONL", "b.project.txt", "c.project", "d.project (1).txt", "e.seal.jsonl")
    for name in names:
        begun(name[0]).hand_in(name[0], made / name)
    log = begun("f").log
    shutil.copy(log.path, made / "f.jsonl")
    for name in ("f.jsonl.seal", "f.jsonl (1).SEAL", "f.jsonl.seal.txt"):
        shutil.copy(log.seal_path, made / name)
    for name in ("projects.csv", "a.project.html"):
        (made / name).write_text("<p>", encoding="utf-8")
    check = class_of(made)
    assert [row.file for row in check.rows] == [*names, "f.jsonl"]
    assert check.problems == ()
    (made / "g.zip").touch()
    (said,) = class_of(made).problems
    assert "not looked into" in said
    assert said.endswith(": g.zip")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_a_class_reads_well_and_is_saved(language: str, folder: Path) -> None:
    hpt.use_language(language)
    made = class_folder(folder)
    early = begun("early")
    early.open_test(early.train(HP.replace(batch_size=8)), unchosen=True)
    with pytest.warns(UserWarning, match="conclusion" if language == "en" else "结论"):
        early.report(author="Dan")
    early.hand_in("<Dan>", made / "dan.project.jsonl")
    check = class_of(made)
    text, page = repr(check), page_of(check)
    (dan,) = (row for row in check.rows if row.check.name == "<Dan>")
    for shown in (text, page):
        assert dan.check["test"].message in shown
        assert dan.check.notes[0] in html.unescape(shown)
    assert "&lt;Dan&gt;" in page
    assert ("doubts" in page.casefold()) == (language == "en")
    with check.save("projects.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert rows["=c/mine.project.jsonl".replace("=", "'=", 1)]["name"] == "'=Cem"
    assert rows["dan.project.jsonl"]["test"] == "wrong"
    assert rows["dan.project.jsonl"]["notes"] == dan.check.notes[0]


def test_a_file_or_folder_without_projects_is_refused(tmp_path: Path) -> None:
    for name in ("report.html", "my-project.jsonl.seal", "notes.jsonl"):
        (tmp_path / name).write_text("{}\n<p>", encoding="utf-8")
        with pytest.raises(ValueError, match="none of its lines is an entry"):
            hpt.check_project(tmp_path / name)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ValueError, match="is a folder without projects") as caught:
        hpt.check_project(empty)
    assert "\n" not in str(caught.value)
    (empty / "Li.zip").touch()
    with pytest.raises(ValueError, match=r"is a folder without projects[^\n]*\n.*: Li\.zip$"):
        hpt.check_project(empty)


def test_a_link_to_nowhere_costs_the_class_no_row(folder: Path) -> None:
    begun("ana").hand_in("Ana", folder / "class" / "ana.project.jsonl")
    for name in ("Li.project.jsonl.seal", "Bo.project.jsonl"):
        (folder / "class" / name).symlink_to(folder / "nowhere")
    check = class_of(folder / "class")
    assert [row.check.name for row in check.rows] == ["Ana"]
    assert "Bo.project.jsonl" in check.problems[0]
    assert "Li.project.jsonl.seal" in check.problems[1]


def test_a_file_without_a_path_is_refused() -> None:
    with pytest.raises(ValueError, match="no such file"):
        hpt.check_project("")


@pytest.mark.parametrize("value", ["Infinity", "NaN", '"many"', "-1", "[]", "null"])
def test_a_file_of_nonsense_does_not_stop_a_class(value: str, tmp_path: Path) -> None:
    log = LogFile(tmp_path / "class" / "nonsense.jsonl")
    begun("good").hand_in("Ana", log.path.parent / "good.jsonl")
    for entry in begun().history.reading.entries:
        content = json.dumps(entry.content)
        for name in ('"epochs": 2', '"samples": 156', '"train": 78', '"budget": 100.0'):
            content = content.replace(name, f"{name.split(':')[0]}: {value}")
        log.append(entry.kind, json.loads(content))
    check = class_of(log.path.parent)
    assert len(check.rows) + len(check.problems) == 2
    assert check.rows[0].check.name == "Ana"
    assert repr(check)
    assert page_of(check)
