"""The reader's copies follow the originals, and a reader's work is never overwritten."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat

import pytest

import hpt_widgets as hpt
from hpt_widgets.app import workbook
from hpt_widgets.app.workbook import Refreshed, WorkbookError, refresh, reset, workbook_folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "the project 项目"
    for language in ("en", "zh"):
        edition = folder / "notebooks" / language
        edition.mkdir(parents=True)
        for name in ("00-start-here", "04-1-slopes", "04-10-more"):
            (edition / f"{name}.ipynb").write_text(f"{name} {language}")
    monkeypatch.setattr(workbook, "PROJECT", folder)
    return folder


@pytest.fixture
def original(project):
    return project / "notebooks" / "en" / "04-1-slopes.ipynb"


@pytest.fixture
def copy(project):
    return project / "my-workbook" / "en" / "04-1-slopes.ipynb"


def test_the_first_time_everything_is_copied(project, copy):
    refreshed = refresh("en")
    assert refreshed.created == ["00-start-here.ipynb", "04-1-slopes.ipynb", "04-10-more.ipynb"]
    assert copy.read_text() == "04-1-slopes en"
    assert not (project / "my-workbook" / "zh").exists()
    assert refresh("en") == Refreshed()


def test_each_edition_has_copies_of_its_own(project):
    refresh("en")
    refresh("zh")
    copy = project / "my-workbook" / "zh" / "00-start-here.ipynb"
    assert copy.read_text() == "00-start-here zh"


def test_a_copy_that_the_reader_left_alone_follows_its_original(original, copy):
    refresh("en")
    original.write_text("better")
    assert refresh("en") == Refreshed(updated=["04-1-slopes.ipynb"])
    assert copy.read_text() == "better"


def test_a_copy_that_the_reader_changed_is_kept_without_a_word(copy, project):
    refresh("en")
    copy.write_text("mine")
    assert refresh("en") == Refreshed()
    assert copy.read_text() == "mine"


def test_where_both_changed_the_readers_is_kept_and_named(original, copy):
    refresh("en")
    copy.write_text("mine")
    original.write_text("better")
    for _ in range(2):
        assert refresh("en") == Refreshed(kept=["04-1-slopes.ipynb"])
        assert copy.read_text() == "mine"


def test_a_reader_who_arrived_at_the_original_follows_it_again(original, copy):
    refresh("en")
    copy.write_text("mine")
    original.write_text("better")
    refresh("en")
    copy.write_text("better")
    refresh("en")
    original.write_text("best")
    assert refresh("en") == Refreshed(updated=["04-1-slopes.ipynb"])


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"'])
def test_without_its_record_nothing_is_overwritten(content, original, copy):
    refresh("en")
    copy.write_text("mine")
    original.write_text("better")
    (copy.parent / workbook.RECORD_NAME).write_text(content)
    assert refresh("en").kept == ["04-1-slopes.ipynb"]
    assert copy.read_text() == "mine"


def test_a_copy_that_was_deleted_comes_back(copy, project):
    refresh("en")
    copy.unlink()
    assert refresh("en").created == ["04-1-slopes.ipynb"]


def test_what_belongs_to_a_notebook_is_copied_and_hidden_files_are_not(project):
    edition = project / "notebooks" / "en"
    for name in ("pictures/a.png", ".ipynb_checkpoints/x.ipynb", "__pycache__/y.pyc"):
        (edition / name).parent.mkdir()
        (edition / name).write_text("content")
    refresh("en")
    copies = project / "my-workbook" / "en"
    assert (copies / "pictures" / "a.png").read_text() == "content"
    assert sorted(path.name for path in copies.iterdir() if path.is_dir()) == ["pictures"]


def test_a_copy_can_be_written_although_its_original_cannot(original, copy):
    original.chmod(0o444)
    refresh("en")
    assert copy.stat().st_mode & stat.S_IWUSR


def test_a_project_that_cannot_be_written_in_has_its_copies_in_the_readers_folder(
    project, readers_folder
):
    # A file in the way stops root too, which a read-only folder does not.
    (project / "my-workbook").write_text("in the way")
    assert workbook_folder("en") == readers_folder / "my-workbook" / "en"
    refresh("en")
    assert (readers_folder / "my-workbook" / "en" / "00-start-here.ipynb").exists()


def test_no_place_at_all_is_an_error_that_says_what_to_set(project, readers_folder):
    (project / "my-workbook").write_text("in the way")
    readers_folder.write_text("in the way")
    with pytest.raises(WorkbookError, match="HPT_HOME"):
        refresh("en")


def test_without_the_projects_folder_the_error_says_so(project):
    (project / "notebooks").rename(project / "elsewhere")
    with pytest.raises(WorkbookError, match="make lab"):
        refresh("en")


@pytest.mark.parametrize("chapter", ["04-1", "04-1-slopes", "04-1-slopes.ipynb", " 04-1 "])
def test_reset_brings_the_original_back_and_keeps_the_readers_version(chapter, copy, project):
    refresh("en")
    copy.write_text("mine")
    assert reset(chapter, "en") == (copy, copy.with_name("04-1-slopes.mine-1.ipynb"))
    assert copy.read_text() == "04-1-slopes en"
    assert copy.with_name("04-1-slopes.mine-1.ipynb").read_text() == "mine"


def test_reset_again_and_again_loses_no_version(copy, project):
    refresh("en")
    for number in (1, 2, 3):
        copy.write_text(f"version {number}")
        assert reset("04-1", "en")[1] == copy.with_name(f"04-1-slopes.mine-{number}.ipynb")
    kept = [copy.with_name(f"04-1-slopes.mine-{number}.ipynb") for number in (1, 2, 3)]
    assert [path.read_text() for path in kept] == ["version 1", "version 2", "version 3"]


def test_reset_of_an_unchanged_or_missing_copy_keeps_nothing(copy, project):
    assert reset("04-1", "en") == (copy, None)
    assert reset("04-1", "en") == (copy, None)
    assert sorted(path.name for path in copy.parent.glob("*.ipynb")) == ["04-1-slopes.ipynb"]


def test_after_a_reset_the_copy_follows_its_original_again(original, copy):
    refresh("en")
    copy.write_text("mine")
    original.write_text("better")
    reset("04-1", "en")
    original.write_text("best")
    assert refresh("en").updated == ["04-1-slopes.ipynb"]
    assert copy.with_name("04-1-slopes.mine-1.ipynb").read_text() == "mine"


@pytest.mark.parametrize("chapter", ["99", "04", "", "-", "../en/04-1", "slopes"])
def test_a_chapter_that_is_not_one_notebook_is_refused_with_a_choice(chapter, project):
    with pytest.raises(WorkbookError, match="04-1-slopes"):
        reset(chapter, "en")


def test_an_interrupted_copy_leaves_no_half_notebook(original, copy, monkeypatch):
    refresh("en")
    original.write_text("better")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(WorkbookError, match="disk full"):
        refresh("en")
    assert copy.read_text() == "04-1-slopes en"
    assert not list(copy.parent.glob(".*.new"))


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everybody make links")
def test_a_copy_that_is_a_link_stays_one(original, copy, tmp_path):
    refresh("en")
    elsewhere = tmp_path / "synchronised.ipynb"
    copy.rename(elsewhere)
    copy.symlink_to(elsewhere)
    original.write_text("better")
    assert refresh("en").updated == [copy.name]
    assert copy.is_symlink()
    assert elsewhere.read_text() == "better"


def test_a_full_disk_stops_nobody_whose_copies_are_there_already(copy, project, monkeypatch):
    refresh("en")
    copy.write_text("mine")

    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    assert refresh("en") == Refreshed()
    (project / "notebooks" / "en" / "05-new.ipynb").write_bytes(b"{}")
    with pytest.raises(WorkbookError, match=r"my-workbook/en cannot be written \(No space left"):
        refresh("en")
    assert not list(copy.parent.glob(".*.new"))


def test_the_record_is_plain_json(copy, project):
    refresh("en")
    record = json.loads((copy.parent / workbook.RECORD_NAME).read_text())
    assert set(record) == {"00-start-here.ipynb", "04-1-slopes.ipynb", "04-10-more.ipynb"}


def test_the_command_resets_in_the_chosen_language(copy, project, capsys):
    from hpt_widgets.__main__ import main

    assert main(["reset", "00", "--language", "zh"]) == 0
    assert "已恢复为原样" in capsys.readouterr().out
    assert (project / "my-workbook" / "zh" / "00-start-here.ipynb").exists()
    assert main(["reset", "99", "--language", "en"]) == 1
    assert "04-1-slopes" in capsys.readouterr().err


def notebook(*outputs, source="1 + 1"):
    """Return the text of a notebook whose code cell has these outputs."""
    cell = {
        "cell_type": "code",
        "execution_count": 3 if outputs else None,
        "id": "one",
        "metadata": {},
        "outputs": list(outputs),
        "source": [source],
    }
    text = {"cell_type": "markdown", "id": "two", "metadata": {}, "source": ["预测"]}
    book = {"cells": [cell, text], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


RESULT = {"output_type": "execute_result", "data": {"text/plain": ["2"]}, "metadata": {}}


def test_a_copy_opens_without_the_outputs_of_its_original(original, copy):
    original.write_text(notebook(RESULT), encoding="utf-8")
    refresh("en")
    assert copy.read_text(encoding="utf-8") == notebook()
    assert original.read_text(encoding="utf-8") == notebook(RESULT)
    assert refresh("en") == Refreshed()
    copy.write_text("mine", encoding="utf-8")
    reset("04-1", "en")
    assert copy.read_text(encoding="utf-8") == notebook()
    assert reset("04-1", "en") == (copy, None)


@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_copy_with_its_originals_outputs_was_not_changed_by_the_reader(
    is_recorded, original, copy
):
    """As version 0.1 made its copies."""
    original.write_text(notebook(RESULT), encoding="utf-8")
    refresh("en")
    copy.write_bytes(original.read_bytes())
    if is_recorded:
        record = copy.parent / workbook.RECORD_NAME
        digest = hashlib.sha256(copy.read_bytes()).hexdigest()
        record.write_text(json.dumps({copy.name: digest}), encoding="utf-8")
        original.write_text(notebook(RESULT, source="1 + 2"), encoding="utf-8")
    assert refresh("en").updated == [copy.name]
    assert copy.read_text(encoding="utf-8") == notebook(source="1 + 2" if is_recorded else "1 + 1")
    copy.write_bytes(original.read_bytes())
    assert reset("04-1", "en") == (copy, None)


def test_an_output_that_changes_alone_is_no_new_original(original, copy):
    original.write_text(notebook(RESULT), encoding="utf-8")
    refresh("en")
    original.write_text(notebook(RESULT, RESULT), encoding="utf-8")
    assert refresh("en") == Refreshed()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": [3]}', '{"cells": {"a": 1}}'])
def test_what_is_no_notebook_is_copied_as_it_is(content, original, copy):
    original.write_text(content, encoding="utf-8")
    refresh("en")
    assert copy.read_text(encoding="utf-8") == content


def test_a_readers_outputs_are_kept(original, copy):
    original.write_text(notebook(), encoding="utf-8")
    refresh("en")
    copy.write_text(notebook(RESULT), encoding="utf-8")
    original.write_text(notebook(source="1 + 2"), encoding="utf-8")
    assert refresh("en") == Refreshed(kept=[copy.name])
    assert copy.read_text(encoding="utf-8") == notebook(RESULT)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_the_copies_cannot_be_written_the_variable_that_says_where_is_named(
    project, monkeypatch, tmp_path, language
):
    hpt.use_language(language)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setenv("HPT_WORKBOOK", str(in_the_way))
    with pytest.raises(WorkbookError, match="HPT_WORKBOOK") as caught:
        workbook_folder("en")
    assert "HPT_HOME" not in str(caught.value)


def test_a_chapter_is_found_by_its_number_as_it_is_said(project, copy):
    (project / "notebooks" / "en" / "02-settings.ipynb").write_text("two")
    refresh("en")
    assert reset("2", "en")[0] == copy.with_name("02-settings.ipynb")
    assert reset("4.1", "en")[0] == copy
    assert reset("4-1", "en")[0] == copy
    for several, names in (("4", ["04-1-slopes", "04-10-more"]), ("9", ["02-settings"])):
        with pytest.raises(WorkbookError, match=f"chapter='{several}'") as caught:
            reset(several, "en")
        assert all(name in str(caught.value) for name in names)
