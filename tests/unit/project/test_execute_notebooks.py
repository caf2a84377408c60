"""Executed notebooks are stored tidy, and what readers should not find is refused."""

from __future__ import annotations

import base64
import io
import subprocess

import nbformat
import numpy as np
import pytest
from made_chapter import encoded_png
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from tools import execute_notebooks
from tools.execute_notebooks import NotebookError, execute, keep_outputs, smaller_picture, tidy
from tools.notebook_checks import UNCHECKED


@pytest.fixture
def write(tmp_path):
    def write_notebook(*sources, tags=()):
        cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
        path = tmp_path / "notebook.ipynb"
        nbformat.write(new_notebook(cells=[new_markdown_cell("# Title"), *cells]), path)
        return path

    return write_notebook


def test_outputs_are_stored_in_order_and_nothing_else_changes(write):
    path = write("print(6 * 7)", "1 / 4")
    before = nbformat.read(path, as_version=4)
    execute(path)
    after = nbformat.read(path, as_version=4)
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert [cell.get("execution_count") for cell in after.cells] == [None, 1, 2]
    assert after.cells[1].outputs[0].text == "42\n"
    assert after.cells[2].outputs[0].data["text/plain"] == "0.25"
    assert set(after.metadata) == {"kernelspec", "language_info"}
    assert set(after.metadata.language_info) == {"name"}
    assert all(set(cell.metadata) <= {"tags"} for cell in after.cells)
    content = path.read_bytes()
    execute(path)
    assert path.read_bytes() == content


def test_a_widget_leaves_its_picture_but_no_state(write):
    path = write(
        "import ipywidgets\n"
        "class Lab(ipywidgets.VBox):\n"
        "    def _repr_mimebundle_(self, **options):\n"
        "        bundle = super()._repr_mimebundle_(**options)\n"
        "        return {**bundle, 'image/png': 'aGVsbG8='}\n"
        "Lab()"
    )
    execute(path)
    notebook = nbformat.read(path, as_version=4)
    assert "widgets" not in notebook.metadata
    data = notebook.cells[1].outputs[0].data
    assert data["image/png"].strip() == "aGVsbG8="
    assert not any("widget" in mimetype for mimetype in data)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; print('noise', file=sys.stderr)", "stderr"),
        ("print('x' * 1_100_000)", "bytes"),
        (f"print({str(execute_notebooks.PROJECT)!r})", "a path of this machine"),
    ],
)
def test_what_readers_should_not_find_is_refused_and_the_file_left_alone(source, reason, write):
    path = write(source)
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=reason):
        execute(path)
    assert path.read_bytes() == before


def test_an_error_that_a_lesson_wants_is_stored(write):
    path = write("raise ValueError('too large') from None", tags=["raises-exception"])
    execute(path)
    assert nbformat.read(path, as_version=4).cells[1].outputs[0].evalue == "too large"


CHANGING = "import uuid; print(uuid.uuid4())"


def told(path):
    """Return what each code cell of a notebook has printed."""
    cells = nbformat.read(path, as_version=4).cells
    return ["".join(out.text for out in cell.outputs) for cell in cells if cell.get("outputs")]


def test_what_the_checks_do_not_compare_stays_where_nothing_before_it_was_changed(write, tmp_path):
    """A new cell is stored, and nothing else: the author of an exercise sees this in the diff."""
    path = write(CHANGING, tags=[UNCHECKED])
    execute(path)
    before = told(path)
    execute(path, keep_uncompared=True)
    assert told(path) != before, "there was no commit"
    for command in (
        ("init", "-q"),
        ("add", path.name),
        ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "first"),
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    before = told(path)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_code_cell("print('new')"))
    nbformat.write(notebook, path)
    execute(path, keep_uncompared=True)
    assert told(path) == [*before, "new\n"]
    execute(path)
    assert told(path) != [*before, "new\n"]


def run_cells(*cells):
    """Return a notebook as it is after a run: each cell with what it printed and its tags."""
    made = [
        new_code_cell(
            source,
            id=f"cell-{place}",
            execution_count=place,
            metadata={"tags": tags},
            outputs=[nbformat.v4.new_output("stream", text=text)],
        )
        for place, (source, text, tags) in enumerate(cells, start=1)
    ]
    return new_notebook(cells=[new_markdown_cell("# Title"), *made])


STORED = [("load", "loaded", []), ("train", "old", [UNCHECKED]), ("count", "1", [])]


@pytest.mark.parametrize(
    ("fresh", "expected"),
    [
        # The same, but for what is trained.
        ([STORED[0], ("train", "new", [UNCHECKED]), STORED[2]], ["loaded", "old", "1"]),
        # What is compared comes out otherwise.
        ([STORED[0], ("train", "new", [UNCHECKED]), ("count", "2", [])], ["loaded", "old", "2"]),
        # A cell before it is another one.
        ([("load more", "loaded", []), ("train", "new", [UNCHECKED])], ["loaded", "new"]),
        # It is another one itself, or has got the tag.
        ([STORED[0], ("train on", "new", [UNCHECKED])], ["loaded", "new"]),
        ([STORED[0], STORED[1], ("count", "2", [UNCHECKED])], ["loaded", "old", "2"]),
        # Behind it stands a new one that is not compared either: both are of one run.
        (
            [STORED[0], ("train", "new", [UNCHECKED]), ("show", "new", [UNCHECKED])],
            ["loaded", "new", "new"],
        ),
    ],
)
def test_what_is_put_back_is_of_the_same_cells_and_of_one_run(fresh, expected):
    notebook = run_cells(*fresh)
    keep_outputs(notebook, run_cells(*STORED))
    assert [cell.outputs[0].text for cell in notebook.cells[1:]] == expected


def test_what_was_never_run_is_not_put_back():
    stored = run_cells(*STORED)
    stored.cells[2].update(execution_count=None, outputs=[])
    notebook = run_cells(STORED[0], ("train", "new", [UNCHECKED]), STORED[2])
    keep_outputs(notebook, stored)
    assert notebook.cells[2].outputs[0].text == "new"


def test_the_notebooks_of_both_editions_are_run_unless_some_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(execute_notebooks, "PROJECT", tmp_path)
    for name in ("en/02.ipynb", "en/00.ipynb", "zh/00.ipynb"):
        (tmp_path / "notebooks" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notebooks" / name).touch()
    found = [
        path.relative_to(tmp_path).as_posix() for path in execute_notebooks.notebooks_to_run([])
    ]
    assert found == ["notebooks/en/00.ipynb", "notebooks/en/02.ipynb", "notebooks/zh/00.ipynb"]
    assert execute_notebooks.notebooks_to_run([str(tmp_path / "a.ipynb")]) == [tmp_path / "a.ipynb"]


def pixels_of(encoded, mode="RGB"):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert(mode)).astype(int)


def test_a_picture_with_many_shades_is_stored_with_few():
    x, y = np.meshgrid(np.linspace(0, 255, 200), np.linspace(0, 255, 200))
    hills = 255 * np.sin(x * y / 3000) ** 2
    shades = np.stack([hills, (hills + x) / 2, (hills + y) / 2], axis=-1).astype(np.uint8)
    encoded = encoded_png(shades)
    stored = smaller_picture(encoded)
    assert len(stored) < len(encoded)
    assert np.abs(pixels_of(stored) - shades.astype(int)).mean() < 8
    output = nbformat.v4.new_output("display_data", {"image/png": encoded})
    cell = nbformat.v4.new_code_cell("x", outputs=[output])
    tidied = tidy(nbformat.v4.new_notebook(cells=[cell]))
    assert tidied.cells[0].outputs[0].data["image/png"] == stored


def test_a_picture_that_would_lose_by_it_is_left_as_it_is():
    see_through = encoded_png(np.full((20, 20, 4), (200, 30, 30, 100), np.uint8))
    assert smaller_picture(see_through) == see_through
    drawing = np.full((300, 300, 3), 255, np.uint8)
    drawing[100:120] = (0, 114, 178)
    assert (pixels_of(smaller_picture(encoded_png(drawing))) == drawing).all()
