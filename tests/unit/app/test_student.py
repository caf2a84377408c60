"""Students who use one account have answers and copies of their own."""

import os

import pytest

import hpt_widgets as hpt
from hpt_widgets.__main__ import main
from hpt_widgets.app import launcher, student, workbook


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project of one chapter; what the command puts into the environment goes again."""
    folder = tmp_path / "project"
    for language in ("en", "zh"):
        edition = folder / "notebooks" / language
        edition.mkdir(parents=True)
        (edition / "02-x.ipynb").write_text(language)
    monkeypatch.setattr(workbook, "PROJECT", folder)
    monkeypatch.setattr(launcher, "open_lab", lambda language, _: workbook.refresh(language))
    monkeypatch.setenv("HPT_WORKBOOK", "")
    monkeypatch.delenv("HPT_WORKBOOK")
    monkeypatch.setenv("HPT_STUDENT", "")
    monkeypatch.delenv("HPT_STUDENT")
    return folder


def test_each_student_has_a_home_and_copies(project, readers_folder, monkeypatch):
    for name in ("Li Hua", "王小明"):
        monkeypatch.setenv("HPT_HOME", str(readers_folder))
        monkeypatch.delenv("HPT_WORKBOOK", raising=False)
        assert main(["lab", "--language", "zh", "--student", name]) == 0
        hpt.check("0-a", 784)
        folder = name.lower()
        assert os.environ["HPT_HOME"] == str(readers_folder / "students" / folder)
        assert (readers_folder / "students" / folder / "progress.jsonl").is_file()
        assert (project / "my-workbook" / "students" / folder / "zh" / "02-x.ipynb").is_file()
    assert not (readers_folder / "progress.jsonl").exists()


def test_in_a_terminal_of_a_students_lab_the_students_lie_beside_each_other(
    project, readers_folder, monkeypatch
):
    for name in ("Li Hua", "li hua", "Ana"):
        student.use_student(name)
        folder = name.lower()
        assert os.environ["HPT_HOME"] == str(readers_folder / "students" / folder)
        copies = project / "my-workbook" / "students" / folder
        assert os.environ["HPT_WORKBOOK"] == str(copies)
    # A home that somebody else has given such a name is a home like any other.
    home = readers_folder.parent / "students" / "ben"
    monkeypatch.setenv("HPT_HOME", str(home))
    student.use_student("Cai")
    assert os.environ["HPT_HOME"] == str(home / "students" / "cai")


def test_a_chapter_of_the_student_is_brought_back(project, readers_folder, monkeypatch):
    copies = project / "folder of the room"
    monkeypatch.setenv("HPT_WORKBOOK", str(copies))
    assert main(["reset", "02", "--language", "en", "--student", "Li"]) == 0
    assert [path.name for path in (copies / "students" / "li" / "en").glob("*.ipynb")]
    assert not list((copies / "en").glob("*.ipynb"))


@pytest.mark.parametrize("name", ["", "your name", "x" * 61])
def test_a_name_that_is_none_is_said(project, name, capsys):
    assert main(["lab", "--student", name, "--language", "en"]) == 1
    assert "--student=" in capsys.readouterr().err


def test_a_home_that_cannot_be_made_is_said(project, readers_folder, capsys):
    readers_folder.write_text("in the way")
    with pytest.raises(workbook.WorkbookError, match="HPT_HOME"):
        student.use_student("Li")
