"""The import, in processes of its own where it has to be the first one."""

import gc
import os
import subprocess
import sys
import textwrap

import pytest
from small_data import assert_same_run, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.support import tensorflow_loader
from hpt_widgets.support.tensorflow_loader import (
    is_loaded,
    load_tensorflow,
    single_threaded_executor,
    threads_are_limited,
    without_collection_of_garbage,
)

TRAIN = """
import numpy as np
import hpt_widgets as hpt
data = hpt.Dataset.from_arrays(np.eye(4), [0, 1, 0, 1])
run = hpt.train(hpt.Hyperparameters(hidden_units=(3,), batch_size=3), data)
print(run.ended)
"""
# Behind it, where the threads are the package's own: it would say so if it had others.
TRAIN_ON_OWN_THREADS = f"{TRAIN}assert run.notes == (), run.notes\n"

IN_THE_BACKGROUND = """
import sys, threading, time
from hpt_widgets.support.tensorflow_loader import is_loaded, load_tensorflow, threads_are_limited
assert "tensorflow" not in sys.modules and not is_loaded()
loading = threading.Thread(target=load_tensorflow)
loading.start()
# Else the reader's import may be the first one, and is heard, as it should be.
while "tensorflow" not in sys.modules:
    time.sleep(0)
time.sleep({delay})
print("reader, meanwhile", file=sys.stderr)
import tensorflow as tf
assert tf.keras.layers.Dense
loading.join()
assert is_loaded() and load_tensorflow() is tf and threads_are_limited()
{train}
print("reader, afterwards", file=sys.stderr)
"""

AFTER_THE_READER = """
import tensorflow as tf
tf.ones(3) + 1
from hpt_widgets.support.tensorflow_loader import load_tensorflow, threads_are_limited
assert load_tensorflow() is tf and not threads_are_limited()
{train}
note, = run.notes
assert "Restart the kernel" in note, note
"""

BEHIND_THE_CELLS = """
import sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.kernel = "as in a notebook"
def run(source):
    return shell.run_cell(source).raise_error()
def has_begun():
    return "tensorflow" in sys.modules
run("import sys, hpt_widgets as hpt")
run("from hpt_widgets.support.tensorflow_loader import is_loaded")
run("hpt.load_mnist(); hpt.load_mnist(); assert not is_loaded()")
while not has_begun():
    time.sleep(0.01)
assert not shell.user_ns["is_loaded"]()
run("print('reader, meanwhile', file=sys.stderr)")
assert not shell.user_ns["is_loaded"]()
run("from tensorflow.keras import layers; assert layers.Dense(2).units == 2")
assert shell.user_ns["is_loaded"]()
{train}
print("reader, afterwards", file=sys.stderr)
"""

BEFORE_A_PROCESS = """
import os, sys, time
from IPython.core.interactiveshell import InteractiveShell
from hpt_widgets.support.tensorflow_loader import is_loaded
shell = InteractiveShell.instance()
shell.kernel = "as in a notebook"
shell.run_cell("import hpt_widgets as hpt, subprocess").raise_error()
shell.run_cell("data = hpt.load_mnist()").raise_error()
while "h5py" not in sys.modules:
    time.sleep(0.001)
assert not is_loaded()
shell.run_cell({cell!r}).raise_error()
assert is_loaded()
"""
BY_IPYTHON = "!echo reader, meanwhile"
OTHERS_THAT_START_A_PROCESS = (
    "said = !echo reader, meanwhile\nprint(*said)",
    "done = subprocess.run(['sh', '-c', 'echo reader, meanwhile >&2'])",
)
# Whether a cell is held is the same where the import takes its time and does nothing.
BESIDE_A_STAND_IN = """
import threading, time
from types import SimpleNamespace
from IPython.core.interactiveshell import InteractiveShell
from hpt_widgets.support import tensorflow_loader
def ignore(*_):
    pass
threads = SimpleNamespace(
    set_intra_op_parallelism_threads=ignore, set_inter_op_parallelism_threads=ignore
)
has_begun = threading.Event()
def import_tensorflow():
    has_begun.set()
    time.sleep(1)
    return SimpleNamespace(config=SimpleNamespace(threading=threads), zeros=ignore)
tensorflow_loader._import_tensorflow = import_tensorflow
shell = InteractiveShell.instance()
shell.kernel = "as in a notebook"
shell.run_cell("import subprocess").raise_error()
for cell in {cells!r}:
    tensorflow_loader._tensorflow = None
    has_begun.clear()
    loading = threading.Thread(target=tensorflow_loader.load_tensorflow)
    loading.start()
    has_begun.wait()
    assert not tensorflow_loader.is_loaded()
    shell.run_cell(cell).raise_error()
    assert tensorflow_loader.is_loaded(), cell
    loading.join()
"""

AMONG_THE_CELLS = """
import pathlib, sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.kernel = "as in a notebook"
shell.run_cell("import sys, hpt_widgets as hpt; data = hpt.load_mnist()").raise_error()
shell.run_cell("print('reader, meanwhile', file=sys.stderr)").raise_error()
# The import begins behind no cell that runs, but its libraries are opened (of Linux: `maps`).
shell.user_ns["maps"] = maps = pathlib.Path("/proc/self/maps")
shell.user_ns["rest"] = lambda: time.sleep(0.01)
opened = "while maps.exists() and 'libtensorflow_cc' not in maps.read_text(): rest()"
shell.run_cell(opened).raise_error()
shell.run_cell("import tensorflow as tf; ones = tf.ones(3) + 1").raise_error()
from hpt_widgets.support.tensorflow_loader import threads_are_limited
assert threads_are_limited()
print("reader, afterwards", file=sys.stderr)
"""
# Six processes import it at once, which takes minutes on a busy machine.
SECONDS = 600


@pytest.fixture(scope="module")
def processes():
    """Start all of them at once: each takes several seconds."""
    scripts = {
        "at its beginning": IN_THE_BACKGROUND.format(delay=0, train=TRAIN_ON_OWN_THREADS),
        "in its midst": IN_THE_BACKGROUND.format(delay=1, train=""),
        "after the reader": AFTER_THE_READER.format(train=TRAIN),
        "behind the cells": BEHIND_THE_CELLS.format(train=TRAIN_ON_OWN_THREADS),
        "among the cells": AMONG_THE_CELLS,
        "before a process": BEFORE_A_PROCESS.format(cell=BY_IPYTHON),
        "beside a stand-in": BESIDE_A_STAND_IN.format(cells=OTHERS_THAT_START_A_PROCESS),
    }
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    started = {
        name: subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name, script in scripts.items()
    }
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("at its beginning", "finished\n"),
        ("in its midst", ""),
        ("behind the cells", "finished\n"),
        ("among the cells", ""),
    ],
)
def test_import_beside_the_background_is_safe_and_only_the_reader_is_heard(processes, name, said):
    """Two of them train behind it."""
    output, errors = processes[name].communicate(timeout=SECONDS)
    assert processes[name].returncode == 0, errors
    assert errors == "reader, meanwhile\nreader, afterwards\n"
    assert output == said


@pytest.mark.slow
@pytest.mark.parametrize(("name", "times"), [("before a process", 1), ("beside a stand-in", 2)])
def test_a_cell_that_starts_a_process_waits_for_the_import(processes, name, times):
    """Else it forks in mid-import, or its errors go where the import's go."""
    output, errors = processes[name].communicate(timeout=SECONDS)
    assert processes[name].returncode == 0, errors
    assert (output + errors).count("reader, meanwhile") == times
    assert "Exception" not in errors


def test_training_goes_on_where_the_reader_has_run_tensorflow(processes):
    output, errors = processes["after the reader"].communicate(timeout=SECONDS)
    assert processes["after the reader"].returncode == 0, errors
    assert output == "finished\n"


def test_loading_twice_gives_the_same_module():
    tf = load_tensorflow()
    assert load_tensorflow() is tf is sys.modules["tensorflow"]
    assert is_loaded()
    assert threads_are_limited()
    assert tf.config.threading.get_intra_op_parallelism_threads() == 1


def test_the_private_switch_is_there():
    """If this fails, TensorFlow has dropped it, and training takes half as long again."""
    load_tensorflow()
    from tensorflow.python.eager import context

    def executor():
        return context.context().function_call_options.executor_type

    before = executor()
    with single_threaded_executor():
        assert executor() == "SINGLE_THREADED_EXECUTOR"
    assert executor() == before != "SINGLE_THREADED_EXECUTOR"


def test_training_is_the_same_without_the_switch(monkeypatch):
    expected = hpt.train(hyperparameters(), tabular_data())
    load_tensorflow()
    from tensorflow.python.eager import context

    monkeypatch.delattr(context, "function_executor_type")
    assert_same_run(hpt.train(hyperparameters(), tabular_data()), expected)


def test_the_switch_is_left_alone_where_the_pool_is_not_ours(monkeypatch):
    """A pool of the reader's size may be too small for it."""
    load_tensorflow()
    from tensorflow.python.eager import context

    monkeypatch.setattr(tensorflow_loader, "_threads_limited", False)
    with single_threaded_executor():
        executor = context.context().function_call_options.executor_type
    assert executor != "SINGLE_THREADED_EXECUTOR"


def test_silence_covers_the_descriptor_and_ends(capfd):
    os.write(2, b"before\n")
    with tensorflow_loader._silenced_standard_error():
        os.write(2, b"TensorFlow\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "before\nafter\n"


def test_silence_ends_after_an_error_too(capfd):
    def failing_import():
        with tensorflow_loader._silenced_standard_error():
            raise ImportError

    with pytest.raises(ImportError):
        failing_import()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_no_standard_error_at_all_is_no_hindrance(monkeypatch):
    def closed(descriptor):
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with tensorflow_loader._silenced_standard_error():
        reached = True
    assert reached


def test_gradients_are_forgotten_after_an_error_too(monkeypatch):
    registry = {"CustomGradient-1": "before"}
    monkeypatch.setattr(tensorflow_loader, "_gradient_registry", lambda: registry)

    def failing_trace():
        with tensorflow_loader.forgotten_gradients():
            registry.update({"CustomGradient-2": "inside", "Square": "another kind"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing_trace()
    assert registry == {"CustomGradient-1": "before", "Square": "another kind"}


@pytest.mark.parametrize("is_enabled", [True, False])
def test_garbage_is_looked_for_again_after_an_error_too_where_it_was(is_enabled):
    before = gc.isenabled()
    try:
        (gc.enable if is_enabled else gc.disable)()
        with (
            pytest.raises(ImportError, match="garbage is looked for: False"),
            without_collection_of_garbage(),
        ):
            raise ImportError(f"garbage is looked for: {gc.isenabled()}")
        assert gc.isenabled() is is_enabled
    finally:
        (gc.enable if before else gc.disable)()
