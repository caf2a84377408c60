"""What falls out of a folder that a class has filled is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpt_widgets.support.hand_in_folder import handed_in_files, not_looked_into


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def test_files_are_found_by_kind_and_the_others_are_named(tmp_path: Path) -> None:
    projects = ("a/Li.jsonl", "a/Li.project.txt")
    progress = ("b/Li.json", "b/Li.progress")
    others = ("b/Li.txt", "b/Li.zip", "runs.csv")
    fill(tmp_path, *projects, *progress, *others)
    for kind, names in (("project", projects), ("progress", progress)):
        assert handed_in_files(tmp_path, kind) == [tmp_path / name for name in names]
    assert not_looked_into(tmp_path).endswith("(3): b/Li.txt, b/Li.zip, runs.csv")


def test_of_very_many_files_the_first_are_named(tmp_path: Path) -> None:
    said = not_looked_into(fill(tmp_path, *(f"{n:03}.png" for n in range(200))))
    assert "(200): 000.png, " in said
    assert said.endswith("029.png, …")


@pytest.mark.parametrize(
    "name",
    [
        *("page.html", "Grades.csv", "projects.csv", "Thumbs.db", ".DS_Store", "__MACOSX/._x.txt"),
        "a/~$notes.docx",
    ],
)
def test_what_is_nobodys_work_is_passed_over(tmp_path: Path, name: str) -> None:
    assert not_looked_into(fill(tmp_path, name)) == ""
