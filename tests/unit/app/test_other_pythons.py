"""A Python that is too old or too new is refused in one line, by a command and by an import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

PROJECT = Path(__file__).resolve().parents[3]
WORDS = ("needs Python 3.11, 3.12 or 3.13", "需要 Python 3.11、3.12 或 3.13")


def ended(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def as_version(version: tuple[int, int], code: str) -> subprocess.CompletedProcess[str]:
    """Run code in this Python, which says that it is another one."""
    return ended([sys.executable, "-c", f"import sys; sys.version_info = {(*version, 0)}; {code}"])


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (4, 0)])
def test_an_import_says_which_python_is_needed(version: tuple[int, int]) -> None:
    done = as_version(version, "import hpt_widgets")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    for words in (*WORDS, f"this is {version[0]}.{version[1]}"):
        assert words in last


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_a_command_says_it_in_one_line(version: tuple[int, int]) -> None:
    # As `python -m` has it while it looks for the module.
    done = as_version(version, "sys.argv[0] = '-m'; import hpt_widgets")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert WORDS[0] in line


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_the_others_are_let_in(version: tuple[int, int]) -> None:
    assert as_version(version, "import hpt_widgets").returncode == 0


def older_pythons() -> list[str]:
    """Return the Pythons of this machine that are too old or too new, if it has any."""
    names = [f"python3.{minor}" for minor in (8, 9, 10, 14, 15)]
    found = [path for name in names if (path := shutil.which(name))]
    home = Path.home() / ".pyenv" / "versions"
    found += [str(path) for path in sorted(home.glob("3.*/bin/python"))]
    return [path for path in found if not runs_the_workbook(path)]


def runs_the_workbook(python: str) -> bool:
    """Return whether a Python is supported, or does not run at all."""
    code = "import sys; sys.exit((3, 6) <= sys.version_info[:2] < (3, 11))"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode != 1


@pytest.mark.parametrize("python", older_pythons())
def test_a_real_python_of_another_version_is_refused_in_one_line(python: str) -> None:
    done = ended([python, "-m", "hpt_widgets", "doctor"])
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    for words in WORDS:
        assert words in line


def test_it_is_the_range_of_the_package() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        allowed = SpecifierSet(tomllib.load(file)["project"]["requires-python"])
    for minor in range(8, 18):
        let_in = as_version((3, minor), "import hpt_widgets").returncode == 0
        assert let_in == allowed.contains(f"3.{minor}.1")
