"""The notebooks' second edition is run where it says something else, and only there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.notebook_checks import cells_to_run, needed_cells
from tools.run_checks import PROJECT

IGNORED = ["nbval-ignore-output"]
LANGUAGE = "language = {!r}"
CELLS = [
    "values = []",
    "values.append(6 * 7)",
    "other = 84.0",
    "other",
    "{'en': 'forty-two', 'zh': '四十二'}[language] + f' = {values[0]}'",
]


def code_cell(source, text=None, tags=()):
    outputs = [] if text is None else [new_output("execute_result", {"text/plain": text})]
    metadata = {"tags": list(tags)}
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata=metadata)


@pytest.mark.parametrize(
    ("sources", "wanted", "needed"),
    [
        (["a = 1", "b = 2", "a"], {2}, {0, 2}),
        # What a cell in between may have done to it.
        (["a = []", "b = 2", "a.append(b)", "a"], {3}, {0, 1, 2, 3}),
        (["a = [1]", "for x in a:\n    x()", "a"], {2}, {0, 1, 2}),
        # What was set anew since does not count, unless it may not have been.
        (["a = slow()", "show(a)", "a = ...", "check(a)"], {3}, {2, 3}),
        (["a = slow()", "if c:\n    a = 1", "a"], {2}, {0, 1, 2}),
        (["a = 1", "a = a + 1", "a"], {2}, {0, 1, 2}),
        (["a = 1", "a += 1", "a"], {2}, {0, 1, 2}),
        (["a = 1", "b = a; a = 2", "a"], {2}, {0, 1, 2}),
        (["a = 1", "a = 2; b = a", "a"], {2}, {1, 2}),
        # A module is imported, and not changed by those that use it.
        (["import m as n", "n.slow()", "b = n.quick()", "b"], {3}, {0, 2, 3}),
        (["from m import f", "f()", "f(1)"], {2}, {0, 2}),
        (["import m.n", "m.n.f()"], {1}, {0, 1}),
        # Functions need what they use when they are called.
        (["k = 2", "def f(x):\n    return k * x", "f(1)"], {2}, {0, 1, 2}),
        (["%matplotlib inline\na, (b, c) = 1, (2, 3)", "c"], {1}, {0, 1}),
        (["class A:\n    pass", "A()"], {1}, {0, 1}),
        (["a = 1", "b = 2"], set(), set()),
    ],
)
def test_a_cell_is_run_with_those_that_it_needs(sources, wanted, needed):
    assert needed_cells(sources, wanted) == needed


@pytest.mark.parametrize(
    ("whole", "partly", "run"),
    [
        (code_cell("1", "1"), code_cell("1", "1"), False),
        (code_cell("1", "eins"), code_cell("1", "one"), True),
        (code_cell("1", "1"), code_cell("1"), True),
        (code_cell("1"), code_cell("2"), True),
        # Checked in one edition alone.
        (code_cell("1", "1", IGNORED), code_cell("1", "1"), True),
        (code_cell("1", "1", IGNORED), code_cell("1", "2", IGNORED), False),
    ],
)
def test_what_both_editions_store_alike_is_run_in_one_of_them(whole, partly, run):
    assert cells_to_run([whole], [partly]) == ({0} if run else set())


def test_a_text_on_another_stream_is_another_output():
    printed, complained = (
        new_code_cell("f()", execution_count=1, outputs=[new_output("stream", name=n, text="a")])
        for n in ("stdout", "stderr")
    )
    assert cells_to_run([printed], [complained]) == {0}


@pytest.fixture
def editions(tmp_path):
    """Write a chapter in both editions, and return a function that checks their outputs."""

    def check(**changed):
        for language, feedback in (("en", "forty-two"), ("zh", "四十二")):
            stored = {3: "84.0", 4: f"'{feedback} = 42'", **changed.get(language, {})}
            sources = [LANGUAGE.format(language), *CELLS]
            cells = [code_cell(one, stored.get(place - 1)) for place, one in enumerate(sources)]
            path = tmp_path / language / "chapter.ipynb"
            path.parent.mkdir(exist_ok=True)
            nbformat.write(new_notebook(cells=cells), path)
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tools.notebook_checks"),
            *("-p", "no:cacheprovider", "--nbval", "--nbval-current-env"),
            *("--rootdir", str(PROJECT), "-c", str(PROJECT / "pyproject.toml"), str(tmp_path)),
        ]
        answer = subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
        )
        return re.findall(r"(\d+) (passed|failed|deselected)", answer.stdout.splitlines()[-1])

    return check


@pytest.mark.slow
def test_both_editions_are_checked_and_little_is_run_twice(editions):
    assert editions() == [("10", "passed"), ("2", "deselected")]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("place", [3, 4])
def test_a_wrong_output_is_found_in_either_edition(language, place, editions):
    found = editions(**{language: {place: "'wrong'"}})
    assert ("1", "failed") in found


@pytest.mark.slow
def test_a_wrong_output_that_both_editions_store_is_found(editions):
    assert ("1", "failed") in editions(en={3: "85.0"}, zh={3: "85.0"})


@pytest.mark.slow
def test_no_kernel_leaves_its_files_behind(editions, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    editions()
    assert list(Path(tmp_path).glob("kernels-*")) == []
