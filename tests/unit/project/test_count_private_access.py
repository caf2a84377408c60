"""Tests use what is public: the count of private attributes that they reach may only fall."""

from pathlib import Path

import pytest

from tools.count_private_access import count_in_files, count_private_access, main

TESTS = Path(__file__).parents[2]
# What was reached; a test that needs a new one first looks for a public way.
LIMIT = 45


def test_the_tests_reach_no_more_private_attributes_than_before():
    counts = count_in_files([TESTS])
    assert sum(counts.values()) <= LIMIT, counts


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("lab._chart", 1),
        ("lab._chart._slots[0]._x = lab._y", 4),
        ("make()._worker", 1),
        ("del module._cache", 1),
        ("lab.chart.slots", 0),
        ("self._lab + cls._made", 0),
        ("self._lab._chart", 1),
        ("thing.__dict__", 0),
        ("'lab._chart'  # lab._chart", 0),
    ],
)
def test_what_counts(source, count):
    assert count_private_access(source) == count


def test_files_are_counted_one_by_one_and_in_all(tmp_path, capsys):
    (tmp_path / "inner").mkdir()
    (tmp_path / "none.py").write_text("lab.chart", encoding="utf-8")
    (tmp_path / "one.py").write_text("lab._chart  # 曲线", encoding="utf-8")
    (tmp_path / "inner" / "two.py").write_text("lab._a, lab._b", encoding="utf-8")
    (tmp_path / "words.txt").write_text("lab._chart", encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["2", str(tmp_path / "inner" / "two.py")],
        ["1", str(tmp_path / "one.py")],
        ["3", "in all"],
    ]
