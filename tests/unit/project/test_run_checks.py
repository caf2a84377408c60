"""Every check is run, and none fails without being named."""

from __future__ import annotations

import os
import sys

import pytest

from tools import run_checks
from tools.run_checks import Check, Result


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(run_checks, "find_browser", lambda: None)


def python(code):
    return ("-c", code)


def test_all_checks_run_and_the_failed_ones_are_named(monkeypatch, tmp_path, capfd):
    checks = [
        Check("first", python("raise SystemExit(1)")),
        Check("second", python(f"open({str(tmp_path / 'ran')!r}, 'w')")),
        Check("third", python("print('from three', flush=True); 1 / 0")),
    ]
    monkeypatch.setattr(run_checks, "plan_checks", lambda: iter(checks))
    monkeypatch.setattr(run_checks, "has_tests", lambda _: False)
    assert run_checks.main() == 1
    assert (tmp_path / "ran").exists()
    output, errors = capfd.readouterr()
    assert output.rstrip().endswith("FAILED: first, third")
    assert "from three" in output
    assert "ZeroDivisionError" in errors


def test_nothing_failed_is_success(monkeypatch, capfd):
    monkeypatch.setattr(run_checks, "plan_checks", lambda: iter([Check("one", python(""))]))
    monkeypatch.setattr(run_checks, "has_tests", lambda _: False)
    assert run_checks.main() == 0
    assert "All checks passed." in capfd.readouterr().out


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


def test_what_the_reader_has_set_does_not_reach_the_checks(monkeypatch):
    for name in ("HPT_LANGUAGE", "HPT_DATA", "LANGUAGE"):
        monkeypatch.setenv(name, "zh")
    environment = run_checks.clean_environment("/fresh")
    assert not {"HPT_LANGUAGE", "HPT_DATA", "LANGUAGE"} & set(environment)
    assert environment["HPT_HOME"] == "/fresh"
    assert environment["PATH"] == os.environ["PATH"]


def test_the_plan_covers_style_types_and_every_kind_of_test(monkeypatch):
    commands = [" ".join(check.command) for check in run_checks.plan_checks()]
    expected = ("ruff check", "ruff format --check", "mypy", "pytest --quiet")
    for part in expected:
        assert any(f"-m {part}" in command for command in commands), part
    assert any("tests/unit" in command for command in commands)


def test_the_searches_on_a_cluster_are_left_to_their_own_command(monkeypatch, capfd):
    commands = [" ".join(check.command) for check in run_checks.plan_checks()]
    assert not any("tests/cluster" in command for command in commands)
    (check,) = run_checks.plan_cluster_checks()
    assert "tests/cluster" in check.command
    failing = Check("on a cluster", python("raise SystemExit(1)"))
    monkeypatch.setattr(run_checks, "plan_cluster_checks", lambda: iter([failing]))
    assert run_checks.run_cluster_checks() == 1
    assert "FAILED: on a cluster" in capfd.readouterr().out
