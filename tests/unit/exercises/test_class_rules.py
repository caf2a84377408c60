"""A teacher closes solutions and hints until a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises import progress
from hpt_widgets.exercises.class_rules import (
    FILE_NAME,
    VARIABLES,
    class_rules,
    rules_in_force,
)

NOW = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)


def rules(folder: Path, text: str = "", **environment: str):
    if text:
        (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return class_rules(folder, environment)


def test_without_rules_all_is_open(tmp_path: Path) -> None:
    found = rules(tmp_path)
    assert found.closed("solutions") == found.closed("hints") == ""


@pytest.mark.parametrize(
    "written",
    ["2027-01-15T18:00:00Z", "2027-01-15T18:00:00", '"2027-01-15 18:00"', "2027-01-15"],
)
def test_a_date_closes_until_it_comes(tmp_path: Path, written: str) -> None:
    found = rules(tmp_path, f"solutions_from = {written}\n")
    assert "2027-01-1" in found.closed("solutions", NOW)
    assert found.closed("solutions", NOW + timedelta(days=7)) == ""
    assert found.closed("hints", NOW) == ""


def test_a_hub_says_it_by_its_variables_and_the_later_date_counts(tmp_path: Path) -> None:
    text = "solutions_from = 2027-01-11T00:00:00Z\nhints_from = 2027-01-11T00:00:00Z\n"
    found = rules(tmp_path, text, HPT_SOLUTIONS_FROM="2027-01-20T00:00:00Z")
    moment = NOW + timedelta(days=3)
    assert found.closed("solutions", moment)
    assert not found.closed("hints", moment)


@pytest.mark.parametrize(
    "text",
    [
        'solutions_from = "next Friday"',
        "solutions_from = 15",
        "solutions = 2027-01-15",
        "solutions_from = ",
        "\x00",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_rule_is_said_and_stays_closed(tmp_path: Path, text: str, language: str) -> None:
    hpt.use_language(language)
    said = rules(tmp_path, text).closed("solutions", NOW)
    assert FILE_NAME in said
    assert "solutions_from" in said


@pytest.mark.parametrize(("language", "words"), [("en", "cannot be read"), ("zh", "无法读取")])
def test_toml_that_cannot_be_read_is_not_told_as_a_value(
    tmp_path: Path, language: str, words: str
) -> None:
    hpt.use_language(language)
    said = rules(tmp_path, "solutions_from = tomorrow").closed("solutions", NOW)
    assert words in said
    # What TOML itself says is a reason, without quotes around it.
    assert "line 1" in said
    assert "'Invalid" not in said
    assert "solutions_from = 2027-01-15 18:00" in said


def test_a_file_with_the_ending_that_windows_hides_closes_too(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.txt").write_text("solutions_from = 2027-01-20", encoding="utf-8")
    moment = NOW + timedelta(days=3)
    assert rules(tmp_path).closed("solutions", moment)
    # Where both files are there, the later date counts.
    assert rules(tmp_path, "solutions_from = 2027-01-11").closed("solutions", moment)


def test_the_rules_in_force_are_said(tmp_path: Path) -> None:
    opened = (True, "hpt.solution is open to all"), (True, "hpt.hint is open to all")
    assert tuple(rules_in_force(tmp_path, {}, NOW)) == opened
    for name in ("class-rules.txt", "Class_Rules.toml.bak"):
        (tmp_path / name).write_text("solutions_from = 2027-01-20", encoding="utf-8")
    *found, one, other = rules_in_force(tmp_path, {}, NOW)
    assert tuple(found) == opened
    assert [one[0], other[0]] == [False, False]
    for name in ("class-rules.txt", "Class_Rules.toml.bak"):
        assert f"{name} in {tmp_path} is not read" in one[1] + other[1]
    rules(tmp_path, "solutions_from = 2027-01-20 18:00:00\nhints_from = 2020-01-01")
    *found, one, other = rules_in_force(tmp_path, {}, NOW)
    assert found == [(True, "hpt.solution is closed until 2027-01-20 18:00"), opened[1]]
    assert one[0]
    rules(tmp_path, 'hints_from = "soon"')
    (is_well, said) = list(rules_in_force(tmp_path, {}, NOW))[1]
    assert not is_well
    assert "'soon'" in said


def test_a_variable_that_is_no_date_is_named(tmp_path: Path) -> None:
    found = rules(tmp_path, HPT_HINTS_FROM="soon")
    assert "HPT_HINTS_FROM" in found.closed("hints")
    assert found.closed("solutions") == ""


def test_a_closed_solution_is_a_sentence_and_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLES["solutions"], "2199-01-01")
    said = hpt.solution("0-a")
    assert "2199-01-01" in repr(said)
    assert "28" not in repr(said)
    assert progress.entries() == []
    assert "hint 1" in repr(hpt.hint("0-a", 1))
    monkeypatch.setenv(VARIABLES["hints"], "2199-01-01")
    assert "2199-01-01" in repr(hpt.hint("0-a", 1))
    monkeypatch.setenv(VARIABLES["solutions"], "2020-01-01")
    assert "28" in repr(hpt.solution("0-a"))
