"""One kernel checks both editions; of the second, cells are run where it says something else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.notebook_checks import differ
from tools.run_checks import PROJECT

IGNORED = ["nbval-ignore-output"]
LANGUAGE = "from hpt_widgets.language import current_language, use_language\nuse_language({!r})"
CELLS = [
    "values = []",
    "values.append(6 * 7)",
    "other = 84.0",
    "other",
    "{'en': 'forty-two', 'zh': '四十二'}[current_language()] + f' = {values[0]}'",
]


def code_cell(source, text=None, tags=()):
    outputs = [] if text is None else [new_output("execute_result", {"text/plain": text})]
    metadata = {"tags": list(tags)}
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata=metadata)


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
    assert differ(whole, partly) is run


def test_a_text_on_another_stream_is_another_output():
    printed, complained = (
        new_code_cell("f()", execution_count=1, outputs=[new_output("stream", name=n, text="a")])
        for n in ("stdout", "stderr")
    )
    assert differ(printed, complained)


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
    assert editions() == [("8", "passed"), ("6", "deselected")]


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
