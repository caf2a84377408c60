"""The examples in the docstrings say what happens."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Nothing is imported to find them, since every process that collects tests does so.
WITH_EXAMPLES = [
    path
    for path in sorted((PROJECT / "hpt_widgets").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


def module_of(path):
    return path.relative_to(PROJECT).with_suffix("").as_posix().replace("/", ".")


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=module_of)
def test_the_examples_of_a_module_are_right(path):
    assert "doctest: +SKIP" not in path.read_text(encoding="utf-8")
    results = doctest.testmod(importlib.import_module(module_of(path)))
    assert results.attempted > 0
    assert results.failed == 0


def test_there_are_examples():
    assert len(WITH_EXAMPLES) > 10
