"""Runs every check, one after the other, and says at the end which of them failed.

All of them run, whatever the earlier ones found; with ``--cluster``, the searches on a
cluster alone, which need an optional part (`make test-cluster`). What a reader has of their own
(records, progress, language) is neither seen nor touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "zh")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chromium here (Debian: apt install chromium; elsewhere: HPT_CHROMIUM=/path/to/it)"
CELL_TIMEOUT = 300
# import-linter cannot be run with ``python -m``.
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


@dataclass(frozen=True)
class Check:
    """A check: what it is called, and the arguments of Python that run it."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """How a check ended."""

    name: str
    passed: bool
    seconds: float
    note: str = ""

    def __str__(self) -> str:
        if self.note:
            return f"{self.name}: {self.note}"
        return f"{self.name}: {'passed' if self.passed else 'FAILED'} ({self.seconds:.0f} s)"


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine, None where there is none."""
    chosen = os.environ.get("HPT_CHROMIUM")
    candidates = (shutil.which(name) for name in ((chosen,) if chosen else BROWSERS))
    return next((path for path in candidates if path), None)


def plan_checks() -> Iterator[Check]:
    """Yield all checks but those that need a browser."""
    yield Check("ruff check", ("-m", "ruff", "check", "."))
    yield Check("ruff format", ("-m", "ruff", "format", "--check", "."))
    yield Check("mypy --strict", ("-m", "mypy"))
    yield Check("import-linter", ("-c", LINT_IMPORTS))
    yield Check("unit tests", pytest("tests/unit"))
    if has_tests("tests/notebooks"):
        yield Check("rules of the notebooks", pytest("tests/notebooks"))
    nbval = ("--nbval", "--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}")
    editions = [PROJECT / "notebooks" / language for language in LANGUAGES]
    found = [str(path) for path in editions if any(path.glob("*.ipynb"))]
    if found:
        # Not side by side: kernels that start at the same moment may choose the same port.
        yield Check("notebooks give their stored outputs", pytest(*found, *nbval))


def pytest(*arguments: str) -> tuple[str, ...]:
    """Return a command of pytest; it leaves no cache behind."""
    return ("-m", "pytest", "--quiet", "-p", "no:cacheprovider", *arguments)


def has_tests(folder: str) -> bool:
    """Return whether a folder of the project holds tests."""
    return any((PROJECT / folder).rglob("test_*.py"))


def check_in_browser() -> Result | Check:
    """Return the browser tests, or why they are not run."""
    name = "browser tests"
    if find_browser():
        return Check(name, pytest("tests/browser"))
    if os.environ.get("CI"):
        return Result(name, passed=False, seconds=0, note=f"FAILED, {NO_BROWSER}")
    return Result(name, passed=True, seconds=0, note=f"skipped, {NO_BROWSER}")


def run(check: Check, environment: dict[str, str]) -> Result:
    """Run a check; what it says is shown as it comes."""
    print(f"\n== {check.name}", flush=True)
    started = time.monotonic()
    process = subprocess.run(
        [sys.executable, *check.command],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Result(check.name, process.returncode == 0, time.monotonic() - started)


def clean_environment(home: str) -> dict[str, str]:
    """Return the environment of the checks: without the reader's language, data and records."""
    unwanted = {"HPT_LANGUAGE", "HPT_DATA", "LANGUAGE", "MAKEFLAGS", "MAKELEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    browser = {"HPT_CHROMIUM": path} if (path := find_browser()) else {}
    return {**kept, **browser, "HPT_HOME": home}


def plan_cluster_checks() -> Iterator[Check]:
    """Yield the checks that need Dask."""
    yield Check("searches on a cluster", pytest("tests/cluster"))


def run_cluster_checks() -> int:
    """Run the checks that need Dask; return the exit status."""
    with tempfile.TemporaryDirectory() as home:
        environment = clean_environment(home)
        return report([run(check, environment) for check in plan_cluster_checks()])


def main() -> int:
    """Run all checks and return the exit status."""
    with tempfile.TemporaryDirectory() as home:
        environment = clean_environment(home)
        results = [run(check, environment) for check in plan_checks()]
        if has_tests("tests/browser"):
            browser = check_in_browser()
            results.append(run(browser, environment) if isinstance(browser, Check) else browser)
    return report(results)


def report(results: list[Result]) -> int:
    """Print how each check ended, and return the exit status."""
    print()
    for result in results:
        print(result)
    failed = [result.name for result in results if not result.passed]
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run_cluster_checks() if sys.argv[1:] == ["--cluster"] else main())
