"""The reader's folder keeps lines, and never stops a lesson."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

import hpt_widgets as hpt
from hpt_widgets.app.doctor import check_reader_folder
from hpt_widgets.support.home import (
    ReaderFolderWarning,
    keep_line,
    read_content,
    reader_folder,
)
from hpt_widgets.support.parsed_lines import ParsedLines


def read_lines(name: str) -> list[str]:
    return ParsedLines(name, str).read()


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "my own 文件夹"
    monkeypatch.setenv("HPT_HOME", str(folder))
    return folder


def test_the_environment_names_the_folder_and_it_is_created_on_use(home):
    assert not home.exists()
    assert reader_folder() == home
    assert home.is_dir()


@pytest.mark.parametrize("value", [None, "", "  "])
def test_without_a_choice_it_is_the_systems_place_for_user_data(value, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if value is None:
        monkeypatch.delenv("HPT_HOME", raising=False)
    else:
        monkeypatch.setenv("HPT_HOME", value)
    assert reader_folder() == Path(platformdirs.user_data_dir("hpt_widgets", appauthor=False))
    assert tmp_path in reader_folder().parents


def test_a_tilde_is_the_users_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HPT_HOME", "~/records")
    assert reader_folder() == tmp_path / "records"


def test_lines_come_back_in_order(home):
    assert keep_line("runs.jsonl", '{"n": 1}') == ""
    assert keep_line("runs.jsonl", "学习率 0.1") == ""
    assert read_lines("runs.jsonl") == ['{"n": 1}', "学习率 0.1"]
    assert (home / "runs.jsonl").read_bytes().endswith(b"\n")


def test_a_file_that_is_not_there_has_no_lines(home):
    assert read_lines("runs.jsonl") == []
    assert not home.exists()


def test_after_a_write_that_was_cut_short_a_line_stands_alone(home):
    home.mkdir()
    (home / "runs.jsonl").write_bytes(b'whole\n{"cut sh')
    keep_line("runs.jsonl", "next")
    assert read_lines("runs.jsonl") == ["whole", '{"cut sh', "next"]


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "/etc/passwd", "..\\x"])
def test_a_name_with_a_folder_is_refused(home, name):
    with pytest.raises(ValueError, match="name="):
        keep_line(name, "x")
    with pytest.raises(ValueError, match="name="):
        read_content(name)


@pytest.mark.parametrize("line", ["a\nb", "a\r\n"])
def test_more_than_one_line_is_refused(home, line):
    with pytest.raises(ValueError, match="line="):
        keep_line("runs.jsonl", line)


def test_a_folder_that_cannot_be_made_is_named_with_what_to_set(tmp_path, monkeypatch):
    obstacle = tmp_path / "a file"
    obstacle.write_text("")
    monkeypatch.setenv("HPT_HOME", str(obstacle / "inside"))
    problem = keep_line("runs.jsonl", "x")
    assert str(obstacle / "inside") in problem
    assert "HPT_HOME" in problem
    assert read_lines("runs.jsonl") == []


def test_the_home_of_a_user_that_there_is_not_is_as_other_impossible_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPT_HOME", "~nobodyxx/x")
    with pytest.raises(OSError, match="no user with the home folder ~nobodyxx"):
        reader_folder()
    problem = keep_line("runs.jsonl", "x")
    assert "~nobodyxx/x" in problem
    assert "HPT_HOME" in problem
    assert read_lines("runs.jsonl") == []
    assert list(tmp_path.iterdir()) == []
    hpt.use_language("zh")
    assert "没有主目录为 ~nobodyxx 的用户" in keep_line("runs.jsonl", "x")

    with pytest.warns(ReaderFolderWarning, match="~nobodyxx"):
        hpt.check("0-a", 784)
    finding = check_reader_folder()
    assert not finding.good
    assert "~nobodyxx" in finding.line


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
def test_a_full_disk_is_named(home):
    home.mkdir()
    (home / "runs.jsonl").symlink_to("/dev/full")
    assert "No space left" in keep_line("runs.jsonl", "x")


def test_a_line_that_does_not_fit_is_taken_back(home, monkeypatch):
    keep_line("runs.jsonl", "whole")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        assert "No space left" in keep_line("runs.jsonl", "too long")
    assert (home / "runs.jsonl").read_bytes() == b"whole\n"
    assert keep_line("runs.jsonl", "next") == ""
    assert read_lines("runs.jsonl") == ["whole", "next"]


def test_several_processes_append_whole_lines(home):
    code = (
        "import sys; from hpt_widgets.support.home import keep_line\n"
        "for i in range(50): keep_line('runs.jsonl', sys.argv[1] * 500)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, letter]) for letter in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = read_lines("runs.jsonl")
    assert sorted(lines) == sorted(letter * 500 for letter in "abc" for _ in range(50))
