"""Lists the unit tests that `make quick` leaves out: ``python -m tools.list_slow_tests``.

Runs all unit tests, and writes those that took long to ``tests/unit/slow_tests.txt``, all cases of
a test together. What passes in no time, however much of it there is, stays in the quick checks.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from tools.run_checks import PROJECT, Check, clean_environment, run, unit_tests

FILE: Final = PROJECT / "tests" / "unit" / "slow_tests.txt"
# With three processes on two cores. What is left is 60 s for one of them.
SECONDS: Final = 0.2
# As pytest's ``--durations`` says it: "0.52s call  tests/unit/test_x.py::test_y[case]".
DURATION: Final = re.compile(r"\s*([\d.]+)s (?:setup|call|teardown)\s+(\S+?::\w+)")


def main() -> None:
    """Run the tests and write the list."""
    check = Check("unit tests", unit_tests("--durations=0", "--durations-min=0.01", "-vv"))
    said = io.BytesIO()
    with clean_environment() as environment:
        result = run(check, environment, said)
    if not result.passed:
        raise SystemExit(result.end)
    slow = slow_tests(said.getvalue().decode(errors="replace").splitlines())
    FILE.write_text("".join(f"{name}\n" for name in slow), encoding="utf-8")


def listed_tests() -> list[str]:
    """Return the tests of the list."""
    return FILE.read_text(encoding="utf-8").split()


def slow_tests(lines: Iterable[str]) -> list[str]:
    """Return the tests that took `SECONDS` or more, all their cases together, in order."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for line in lines:
        if found := DURATION.match(line):
            seconds[found[2]] += float(found[1])
    return sorted(name for name, taken in seconds.items() if taken >= SECONDS)


if __name__ == "__main__":
    main()
