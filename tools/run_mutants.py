"""Puts faults into a copy of the package, one at a time, and says which the tests miss.

mutmut makes the faults (`tool.mutmut` in ``pyproject.toml`` says where) and runs the tests that
come by each. What it has found is kept in the folder ``mutants``, so a second run tries only what
changed since; names such as ``hpt_widgets.descent.walk*`` choose some.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable

from tools.run_checks import PROJECT, clean_environment

LEAST_SHARE = 0.9
RESULT = re.compile(r"^\s*(\S+): (.+)$", re.MULTILINE)
FOUND = ("killed", "timeout", "segfault", "caught by type check")
# Run while the package is imported, which is before mutmut puts a fault in: it proves nothing.
AT_IMPORT = re.compile(r"hpt_widgets\.descent\.surfaces\.x__(parabola|ravine)__")


def read_results(listing: str) -> dict[str, str]:
    """Return what became of each mutant that was tried, from mutmut's listing."""
    return {
        name: status
        for name, status in RESULT.findall(listing)
        if status != "not checked" and not AT_IMPORT.match(name)
    }


def module_of(mutant: str) -> str:
    """Return the module that a mutant is in."""
    return mutant.rpartition(".")[0]


def summary(results: dict[str, str]) -> Iterable[str]:
    """Yield the mutants that were missed, and a line for each module and for all."""
    yield from sorted(
        f"{name}: {status}" for name, status in results.items() if status not in FOUND
    )
    tried = Counter(module_of(name) for name in results)
    found = Counter(module_of(name) for name, status in results.items() if status in FOUND)
    for module, count in sorted(tried.items()):
        yield f"{module}: {found[module]} of {count} found ({found[module] / count:.0%})"
    yield f"all: {found.total()} of {tried.total()} found ({share_found(results):.1%})"


def share_found(results: dict[str, str]) -> float:
    """Return the share of the mutants that a test noticed."""
    return sum(status in FOUND for status in results.values()) / max(len(results), 1)


def main(arguments: list[str] | None = None) -> int:
    """Try the mutants; return the exit status, 1 where the tests miss more than a tenth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="all mutants by default")
    parser.add_argument("--processes", default="1", help="how many are tried side by side")
    options = parser.parse_args(arguments)
    mutmut = [sys.executable, "-m", "mutmut"]
    with clean_environment() as environment:
        run = [*mutmut, "run", "--max-children", options.processes, *options.names]
        status = subprocess.run(run, cwd=PROJECT, env=environment, check=False).returncode
        listing = subprocess.run(
            [*mutmut, "results", "--all", "true"],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    results = read_results(listing)
    print("\n".join(summary(results)))
    return 1 if status or share_found(results) < LEAST_SHARE else 0


if __name__ == "__main__":
    sys.exit(main())
