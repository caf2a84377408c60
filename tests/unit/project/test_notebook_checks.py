"""One kernel checks both editions; of the second, cells are run where it says something else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.notebook_checks import FEW, FULL_SIZE, differ, fewer_samples
from tools.run_checks import PROJECT

IGNORED = ["nbval-ignore-output"]
LANGUAGE = "from hpt_widgets.language import current_language, use_language\nuse_language({!r})"
VALUES, WORDS = range(3, 7), range(7, 10)
CELLS = [
    "values = []",
    "values.append(6 * 7)",
    "other = 84.0",
    *("other" for _ in VALUES),
    *("{'en': 'forty-two', 'zh': '四十二'}[current_language()] + f' = {values[0]}'" for _ in WORDS),
]


# Of the first chapter, whose cell with this id trains on fewer samples.
FEWER_CHAPTER, FEWER_CELL = "00-start-here", "lab"
HOW_IT_TRAINS = (
    "from hpt_widgets.training.session import TrainingSession\nTrainingSession.__init__.__name__"
)


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


@pytest.mark.parametrize("full_size", [None, "1"])
@pytest.mark.parametrize(
    ("chapter", "cell", "expected"),
    [
        (FEWER_CHAPTER, FEWER_CELL, FEW),
        (FEWER_CHAPTER, "data", None),
        ("04-2-backpropagation", FEWER_CELL, None),
    ],
)
def test_the_cells_of_the_list_train_on_fewer_samples_unless_all_are_asked_for(
    monkeypatch, full_size, chapter, cell, expected
):
    if full_size:
        monkeypatch.setenv(FULL_SIZE, full_size)
    else:
        monkeypatch.delenv(FULL_SIZE, raising=False)
    item = SimpleNamespace(path=Path("zh", f"{chapter}.ipynb"), cell={"id": cell})
    assert fewer_samples(item) == (None if full_size else expected)


WRONG = {
    "en": {4: "'wrong'", 6: "85.0", 8: "'wrong'"},
    "zh": {5: "'wrong'", 6: "85.0", 9: "'wrong'"},
}


@dataclass(frozen=True)
class Answer:
    """What a check of the outputs said, and the folder for what it has to put somewhere."""

    lines: list[str]
    place: Path

    def cells(self, outcome, chapter):
        """Return the names of a chapter's cells that failed, or passed."""
        lines = (line.partition(" - ")[0] for line in self.lines if line.startswith(f"{outcome} "))
        return {line.rpartition("::")[2].strip() for line in lines if f"{chapter}.ipynb" in line}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """Check a chapter in both editions that has some wrong outputs: a kernel takes seconds."""
    folder, place = tmp_path_factory.mktemp("editions"), tmp_path_factory.mktemp("place")
    for language, feedback in (("en", "forty-two"), ("zh", "四十二")):
        stored = dict.fromkeys(VALUES, "84.0") | dict.fromkeys(WORDS, f"'{feedback} = 42'")
        stored |= WRONG[language]
        sources = [LANGUAGE.format(language), *CELLS]
        cells = [code_cell(one, stored.get(place - 1)) for place, one in enumerate(sources)]
        path = folder / language / "chapter.ipynb"
        path.parent.mkdir()
        nbformat.write(new_notebook(cells=cells), path)
        nbformat.write(chapter_that_trains(), path.with_name(f"{FEWER_CHAPTER}.ipynb"))
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-rfp", "-p", "tools.notebook_checks"),
        *("-p", "no:cacheprovider", "--nbval", "--nbval-current-env"),
        *("--rootdir", str(PROJECT), "-c", str(PROJECT / "pyproject.toml"), str(folder)),
    ]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(place), FULL_SIZE: ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return Answer(done.stdout.splitlines(), place)


def chapter_that_trains():
    """Return one whose cells say how they would train: the listed one, and those around it."""
    ways = ["__init__", "begin_on_fewer", "__init__"]
    cells = [code_cell(HOW_IT_TRAINS, repr(way)) for way in ways]
    cells[1]["id"] = FEWER_CELL
    return new_notebook(cells=cells)


@pytest.mark.slow
def test_both_editions_are_checked_and_little_is_run_twice(answer):
    """Of the English one the first cell is run, and five that store another output."""
    counts = re.findall(r"(\d+) (passed|failed|deselected)", answer.lines[-1])
    n_cells, n_others = 1 + len(CELLS), 3
    assert sorted(counts) == sorted(
        [
            ("5", "failed"),
            (str(n_cells + 6 - 5 + n_others), "passed"),
            (str(n_cells + n_others), "deselected"),
        ]
    )


@pytest.mark.slow
def test_a_wrong_output_is_found_in_either_edition_and_in_both(answer):
    """The cell that sets the language is the first one, so that all numbers are one more."""
    expected = {"Cell 5 in en", "Cell 6", "Cell 7", "Cell 9 in en", "Cell 10"}
    assert answer.cells("FAILED", "chapter") == expected


@pytest.mark.slow
def test_what_makes_trainings_shorter_is_put_around_the_listed_cell_alone(answer):
    assert answer.cells("PASSED", FEWER_CHAPTER) == {"Cell 0", "Cell 1", "Cell 2"}


@pytest.mark.slow
def test_no_kernel_leaves_its_files_behind(answer):
    assert list(answer.place.glob("kernels-*")) == []
