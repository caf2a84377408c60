"""The lines of a file that grows are parsed once, whatever else becomes of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpt_widgets.support.home import keep_line
from hpt_widgets.support.parsed_lines import ParsedLines

NAME = "runs.jsonl"


@pytest.fixture
def file(readers_folder: Path) -> Path:
    readers_folder.mkdir()
    return readers_folder / NAME


@pytest.fixture
def parsed() -> list[str]:
    """Return the lines that were parsed so far."""
    return []


@pytest.fixture
def lines(parsed: list[str]) -> ParsedLines[str]:
    def upper(line: str) -> str:
        parsed.append(line)
        return line.upper()

    return ParsedLines(NAME, upper)


def test_a_file_that_is_not_there_says_nothing(lines: ParsedLines[str], tmp_path: Path) -> None:
    assert lines.read() == []
    assert not list(tmp_path.iterdir())


def test_each_line_is_parsed_once(file: Path, lines: ParsedLines[str], parsed: list[str]) -> None:
    for number in range(20):
        keep_line(NAME, f"line {number}")
        assert lines.read() == [f"LINE {n}" for n in range(number + 1)]
    assert parsed == [f"line {n}" for n in range(20)]


def test_a_line_that_is_still_written_is_parsed_again(file: Path, lines: ParsedLines[str]) -> None:
    file.write_bytes(b"one\ntw")
    assert lines.read() == ["ONE", "TW"]
    with file.open("ab") as stream:
        stream.write(b"o\nthree")
    assert lines.read() == ["ONE", "TWO", "THREE"]


@pytest.mark.parametrize(
    "content", [b"", b"one\n", b"one\nsix\n", b"two\n", b"one\ntvo\nthree\n", b"one\n\ntwo\n"]
)
def test_a_file_that_was_changed_is_parsed_anew(
    file: Path, lines: ParsedLines[str], content: bytes
) -> None:
    file.write_bytes(b"one\ntwo\n")
    lines.read()
    file.write_bytes(content)
    assert lines.read() == [line.upper() for line in content.decode().split()]


def test_another_folder_has_lines_of_its_own(
    file: Path, lines: ParsedLines[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(b"one\n")
    assert lines.read() == ["ONE"]
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "other"))
    assert lines.read() == []
    keep_line(NAME, "two")
    assert lines.read() == ["TWO"]


def test_who_changes_the_list_changes_nothing_else(file: Path, lines: ParsedLines[str]) -> None:
    file.write_bytes(b"one\ntwo")
    lines.read().clear()
    assert lines.read() == ["ONE", "TWO"]


@pytest.mark.parametrize("content", [b"one\r\n\r\n\ntwo\r\n", b"one\rtwo\r", b"one\r\r\ntwo\r\r\n"])
def test_other_line_ends_and_empty_lines_say_nothing(
    file: Path, lines: ParsedLines[str], content: bytes
) -> None:
    file.write_bytes(content)
    assert lines.read() == ["ONE", "TWO"]


def test_who_is_interrupted_reads_all_of_it_the_next_time(file: Path) -> None:
    file.write_bytes(b"one\n")
    seen = 0

    def parse(line: str) -> str:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise KeyboardInterrupt
        return line

    lines = ParsedLines(NAME, parse)
    assert lines.read() == ["one"]
    file.write_bytes(b"one\ntwo\nthree\n")
    with pytest.raises(KeyboardInterrupt):
        lines.read()
    assert lines.read() == ["one", "two", "three"]


def test_bytes_that_are_not_text_do_not_stop_reading(file: Path, lines: ParsedLines[str]) -> None:
    file.write_bytes(b"\xff\xfe\ngood\n")
    assert lines.read()[-1] == "GOOD"
