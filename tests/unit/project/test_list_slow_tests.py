"""The list of what `make quick` leaves out."""

from __future__ import annotations

import ast

from tools.list_slow_tests import PROJECT, SECONDS, listed_tests, slow_tests


def test_all_cases_and_phases_of_a_test_count_together():
    lines = [
        "=== slowest durations ===",
        f"{SECONDS / 2:.2f}s call     tests/unit/test_b.py::test_of_two_cases[one-1.5]",
        f"{SECONDS / 2:.2f}s setup    tests/unit/test_b.py::test_of_two_cases[two]",
        f"{SECONDS / 2:.2f}s call     tests/unit/test_b.py::test_of_one_case",
        f"{SECONDS:.2f}s call     tests/unit/test_a.py::test_long",
        "[gw0] [  1%] PASSED tests/unit/test_b.py::test_of_one_case",
    ]
    expected = ["tests/unit/test_a.py::test_long", "tests/unit/test_b.py::test_of_two_cases"]
    assert slow_tests(lines) == expected


def test_what_is_listed_is_there():
    names = listed_tests()
    assert names == sorted(set(names))
    found = {}
    for path, _, test in (name.partition("::") for name in names):
        if path not in found:
            tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
            found[path] = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
        assert test in found[path], f"{path}::{test}"


def test_what_is_listed_is_marked(request):
    marked = {
        item.nodeid.partition("[")[0]
        for item in request.session.items
        if item.get_closest_marker("slow")
    }
    here = {item.nodeid.partition("[")[0] for item in request.session.items}
    assert set(listed_tests()) & here <= marked
    assert request.node.nodeid not in marked
