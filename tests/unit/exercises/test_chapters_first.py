"""Tests of chapters do not begin where one of them cannot be read."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import chapters_first
import pytest

from hpt_widgets.exercises import catalog
from hpt_widgets.exercises.toml_table import ChapterFileError

PROJECT = Path(__file__).parents[3]
REASON = "chapter_03_2.toml, exercise 6 (3.2-f): hints must be two or more"


def started(*arguments: str, **worker: Any) -> Any:
    """Return what pytest knows of how it was started, in the project's folder."""
    where = SimpleNamespace(dir=PROJECT)
    return SimpleNamespace(args=arguments, invocation_params=where, **worker)


@pytest.fixture(autouse=True)
def a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ChapterFileError(REASON)

    monkeypatch.setattr(catalog, "all_chapters", fail)


@pytest.mark.parametrize(
    "argument",
    [
        "tests/unit",
        "tests/notebooks/",
        str(PROJECT),
        "tests/unit/exercises/test_exercises.py::test_there_are_hints_in_steps",
    ],
)
def test_a_fault_in_a_chapter_ends_its_tests_with_the_reason(argument: str) -> None:
    with pytest.raises(pytest.exit.Exception, match=r"\(3\.2-f\): hints must be two") as ended:
        chapters_first.read_chapters(started("tests/unit/descent", argument))
    assert ended.value.returncode == 1


def test_other_tests_are_run_all_the_same() -> None:
    chapters_first.read_chapters(started("tests/unit/descent", "tests/browser"))


def test_a_process_that_was_started_for_it_leaves_that_to_who_started_it() -> None:
    chapters_first.read_chapters(started("tests/unit", workerinput={}))
