"""What a kernel imports while its notebook is looked at, and what it leaves alone."""

from __future__ import annotations

import _thread
import asyncio
import json
import os
import sys
import threading
import types

import nbformat
import psutil
import pytest

from hpt_widgets.app import early_imports
from hpt_widgets.app.early_imports import (
    code_of,
    load_ipython_extension,
    names_used,
    needs_tensorflow,
)
from hpt_widgets.app.kernel_manager import EXTENSION, EarlyKernelManager
from hpt_widgets.app.launcher import jupyter_arguments
from hpt_widgets.support.notebook_cells import NOTEBOOK
from tools.run_checks import PROJECT

SECONDS = 300  # for an import of TensorFlow on a busy machine
STATE = """__import__('json').dumps([
    'hpt_widgets.labs.training.lab' in __import__('sys').modules,
    'hpt_widgets.labs.descent.lab' in __import__('sys').modules,
    getattr(__import__('sys').modules.get('hpt_widgets.support.tensorflow_loader'),
            'is_loaded', bool)(),
    'tensorflow' in __import__('sys').modules,
])"""


def write_notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    text = nbformat.v4.new_markdown_cell("`hpt.DescentLab` is for another chapter.")
    nbformat.write(nbformat.v4.new_notebook(cells=[text, *cells]), path)
    return path


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Return the notebook of this process's session: it will train."""
    monkeypatch.setenv(NOTEBOOK, str(tmp_path / "chapter.ipynb"))
    return write_notebook(
        tmp_path / "chapter.ipynb",
        "import hpt_widgets as hpt\ndata = hpt.load_mnist()",
        "lab = hpt.TrainingLab(data)  # and hpt.load_mnist again",
    )


@pytest.fixture
def order(monkeypatch):
    """Return what is imported, in its order: nothing really is."""
    happened = []
    module = types.ModuleType("package")
    module.__getattr__ = happened.append
    monkeypatch.setattr(early_imports, "hpt", module)
    monkeypatch.setattr(
        early_imports, "load_before_first_cell", lambda: happened.append("tensorflow")
    )
    monkeypatch.setattr(early_imports, "LOOKING_SECONDS", 0)
    plenty = types.SimpleNamespace(available=8 * 2**30)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: plenty)
    return happened


def finish():
    """Wait for the imports."""
    for thread in threading.enumerate():
        if thread.name == "hpt-early-imports":
            thread.join(SECONDS)
            assert not thread.is_alive()


def test_names_are_those_of_code_cells_once_and_in_their_order(notebook):
    assert names_used(code_of(notebook)) == ["load_mnist", "TrainingLab"]


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "not JSON", "[" * 100_000, None),
        b'{"cells": [{"cell_type": "code", "source": "\xff hpt.a"}]}'.decode("latin-1"),
    ],
    ids=lambda content: str(content)[:20],
)
def test_a_file_that_is_no_notebook_has_no_code(tmp_path, content):
    path = tmp_path / "chapter.ipynb"
    if content is not None:
        path.write_text(content, encoding="latin-1")
    assert code_of(path) == ""


def test_a_huge_notebook_is_not_read(notebook, monkeypatch):
    assert code_of(notebook)
    monkeypatch.setattr(early_imports, "LARGEST_NOTEBOOK", notebook.stat().st_size - 1)
    assert code_of(notebook) == ""


def test_every_chapter_is_small_enough_to_be_read():
    for path in (PROJECT / "notebooks").glob("*/*.ipynb"):
        assert code_of(path), path


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("data = hpt.load_mnist()", True),
        ("data = hpt.load_mnist_like()", False),
        ("hpt.load_mnist()\ntf.config.threading.set_intra_op_parallelism_threads(2)", False),
        ("import os; os.environ['CUDA_VISIBLE_DEVICES'] = ''\nhpt.load_mnist()", False),
        ("%env KERAS_BACKEND=jax\nhpt.load_mnist()", False),
    ],
)
def test_what_sets_tensorflow_up_comes_before_it(code, expected):
    assert needs_tensorflow(code) == expected


def test_a_source_may_be_one_text_or_lines(tmp_path):
    path = tmp_path / "chapter.ipynb"
    for source in ("hpt.a\nhpt.b", ["hpt.a\n", "hpt.b"]):
        path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": source}]}))
        assert names_used(code_of(path)) == ["a", "b"]


def test_a_kernel_that_is_looked_at_imports_what_its_notebook_will_use(notebook, shell, order):
    load_ipython_extension(shell)
    finish()
    assert order == ["load_mnist", "TrainingLab", "tensorflow"]


def test_for_a_notebook_that_trains_nothing_nothing_is_imported(notebook, shell, order):
    write_notebook(notebook, "import hpt_widgets as hpt", "hpt.DescentLab()")
    load_ipython_extension(shell)
    finish()
    assert order == []


@pytest.mark.parametrize("path", ["", "elsewhere.ipynb"])
def test_a_kernel_without_a_notebook_imports_nothing(monkeypatch, shell, order, path):
    monkeypatch.setenv(NOTEBOOK, path)
    load_ipython_extension(shell)
    finish()
    assert order == []


def test_where_memory_is_short_tensorflow_waits_until_it_is_needed(
    notebook, shell, order, monkeypatch
):
    scarce = types.SimpleNamespace(available=early_imports.BYTES_TO_SPARE - 1)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: scarce)
    load_ipython_extension(shell)
    finish()
    assert order == ["load_mnist", "TrainingLab"]


def test_a_name_that_does_not_exist_is_left_to_the_cell_that_has_it(notebook, shell, order):
    def fail(name):
        order.append(name)
        raise AttributeError(name)

    early_imports.hpt.__getattr__ = fail
    load_ipython_extension(shell)
    finish()
    assert order == ["load_mnist", "TrainingLab", "tensorflow"]


def test_a_cell_waits_for_the_import_under_way_and_ends_the_rest(notebook, shell, order):
    is_importing, may_go_on = threading.Event(), threading.Event()

    def import_slowly(name):
        is_importing.set()
        assert may_go_on.wait(SECONDS)
        order.append(name)

    early_imports.hpt.__getattr__ = import_slowly
    load_ipython_extension(shell)
    assert is_importing.wait(SECONDS)
    shell.push({"order": order})
    cell = threading.Thread(target=shell.run_cell, args=("order.append('cell')",))
    cell.start()
    cell.join(0.2)
    assert order == []
    may_go_on.set()
    cell.join(SECONDS)
    finish()
    assert order == ["load_mnist", "cell"]


def test_a_cell_waits_for_tensorflow_even_if_it_is_interrupted(notebook, shell, order, monkeypatch):
    is_importing, may_go_on = threading.Event(), threading.Event()

    def import_slowly():
        is_importing.set()
        assert may_go_on.wait(SECONDS)
        order.append("tensorflow")

    monkeypatch.setattr(early_imports, "load_before_first_cell", import_slowly)
    load_ipython_extension(shell)
    assert is_importing.wait(SECONDS)
    shell.push({"order": order})
    threading.Timer(0.3, _thread.interrupt_main).start()
    threading.Timer(0.6, may_go_on.set).start()
    shell.run_cell("order.append('cell')").raise_error()
    finish()
    assert order == ["load_mnist", "TrainingLab", "tensorflow", "cell"]


def test_a_cell_within_a_second_keeps_tensorflow_away(notebook, shell, order, monkeypatch):
    monkeypatch.setattr(early_imports, "LOOKING_SECONDS", SECONDS)
    load_ipython_extension(shell)
    shell.run_cell("a = 1").raise_error()
    finish()
    assert "tensorflow" not in order


# -- a real kernel -----------------------------------------------------------------------------


def test_make_lab_starts_its_kernels_so(tmp_path):
    from jupyterlab.labapp import LabApp

    app = LabApp()
    app.parse_command_line(jupyter_arguments(tmp_path))
    name = f"{EarlyKernelManager.__module__}.{EarlyKernelManager.__name__}"
    assert app.config.MultiKernelManager.kernel_manager_class == name


@pytest.mark.parametrize("program", ["another python", sys.executable])
def test_a_kernel_of_another_python_or_kind_starts_as_ever(program):
    manager = EarlyKernelManager()
    manager.kernel_spec.argv = [program, "-m", "another_kernel", "-f", "{connection_file}"]
    assert not any(EXTENSION in word for word in manager.format_kernel_cmd())


async def in_a_kernel(do):
    """Start a kernel, do something with its manager and client, and end it."""
    manager = EarlyKernelManager()
    # What a kernel does with its standard error it does not do within pytest.
    await manager.start_kernel(
        env={name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    )
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=SECONDS)
        async with asyncio.timeout(SECONDS):
            return await do(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def state_of(client):
    # Silent: no cell begins.
    reply = await client.execute("", silent=True, user_expressions={"state": STATE}, reply=True)
    text = reply["content"]["user_expressions"]["state"]["data"]["text/plain"]
    return json.loads(text.strip("'"))


@pytest.mark.slow
def test_a_real_kernel_has_all_that_before_its_first_cell(notebook):
    async def look(_manager, client):
        while not (state := await state_of(client))[2]:
            await asyncio.sleep(0.1)
        return state

    has_training_lab, has_descent_lab, has_tensorflow, _ = asyncio.run(in_a_kernel(look))
    assert has_training_lab
    assert has_tensorflow
    assert not has_descent_lab


@pytest.mark.slow
def test_a_kernel_that_is_closed_in_the_import_ends(notebook):
    """It waited for the end of its own output, which went nowhere meanwhile."""

    async def close(manager, client):
        while not (await state_of(client))[3]:
            await asyncio.sleep(0.02)
        await manager.request_shutdown()
        while (status := await manager.provisioner.poll()) is None:
            await asyncio.sleep(0.02)
        return status

    assert asyncio.run(in_a_kernel(close)) == 0
