"""Processes that were forked after a training, and after TensorFlow's start by the reader."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="fork is Linux's default"),
    # Python 3.12 and later warn of every fork beside threads, which is what is tried here.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
# A hang is told from a busy machine.
SECONDS = 400
PREAMBLE = """
    import multiprocessing, os, warnings
    warnings.simplefilter("ignore", DeprecationWarning)
    import numpy as np
    import hpt_widgets as hpt
    from hpt_widgets.data.dataset import Dataset

    x = np.random.default_rng(0).normal(size=(80, 4)).astype("float32")
    y = (x[:, 0] > 0).astype(int)
    data = Dataset.from_arrays(x, y, validation=(x, y))
    hp = hpt.Hyperparameters(hidden_units=(4,), epochs=1)

    def report(job):
        try:
            return job()
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def in_a_fork(job, n_forks=1):
        with multiprocessing.get_context("fork").Pool(n_forks) as pool:
            return pool.map_async(do_job, [job] * n_forks).get(120)

    def do_job(name):
        return report(globals()[name])
"""


def output_of(code: str) -> str:
    """Run code in a process of its own; a fork that hangs ends it with a TimeoutExpired."""
    whole = textwrap.dedent(PREAMBLE) + textwrap.dedent(code)
    with subprocess.Popen(
        [sys.executable, "-c", whole],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # what it has forked, too
            raise
    assert process.returncode == 0, errors
    return output


def assert_names_what_to_do(output: str, times: int) -> None:
    assert output.count("RuntimeError: ") == times
    for word in ("spawn", "loky", "threads"):
        assert output.count(word) >= times


JOBS = {
    "train": "return hpt.train(hp, data).ended",
    "steps": "return [p.samples_seen for p in hpt.Trainer(data).steps(hp)]",
    "continued": "return session.advance()",
    "model": "return hpt.build_model(hp, 4, 2)",
    "run_model": "return run.model",
    "predict": "return run.predict_proba(x)",
    "estimator": "return hpt.KerasMLPClassifier(hidden_units=(4,)).fit(x, y)",
    "classify": "return fitted.predict(x)",
    "range_test": "from hpt_widgets.studies.range_test import range_test\n"
    "    return range_test(hp, data)",
    "sweep": "from hpt_widgets.studies.sweep import Sweep, run_sweep\n"
    "    return run_sweep(Sweep('epochs', (1,), training_size=80), data)",
}


@pytest.fixture(scope="module")
def said():
    """Return what one process says, line by line, of its forks before and after a training."""
    jobs = "".join(f"\ndef {name}():\n    {body}\n" for name, body in JOBS.items())
    output = output_of(
        jobs
        + textwrap.dedent(f"""
        import joblib
        from sklearn.model_selection import cross_val_score

        def count():
            shape = hpt.load_mnist().x_test.shape
            return len(data.take(40).y_train), shape, run.validation_accuracy

        def scores():
            with joblib.parallel_config("multiprocessing"):
                return cross_val_score(hpt.KerasMLPClassifier(hidden_units=(4,)), x, y, n_jobs=2)

        def say(name, words):
            print(name, " ".join(str(words).split()), flush=True)

        say("before", in_a_fork("train"))
        run = hpt.train(hp, data)
        fitted = hpt.KerasMLPClassifier(hidden_units=(4,), epochs=1).fit(x, y)
        session = hpt.Trainer(data).session(hp)
        session.advance(1)
        for name in {list(JOBS)!r}:
            say(name, in_a_fork(name, 2 if name == "train" else 1))
        session.suspend()
        session.advance()  # the parent goes on
        say("count", in_a_fork("count", 2))
        child = os.fork()
        if child == 0:
            raise SystemExit(7)  # an ordinary end, with all that Python does then
        say("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        say("joblib", report(scores))
        hpt.use_language("zh")
        say("Chinese", in_a_fork("train"))
        """)
    )
    return dict(line.split(maxsplit=1) for line in output.splitlines())


def test_a_fork_before_the_first_training_trains(said):
    assert said["before"] == str(["finished"])


@pytest.mark.parametrize("name", JOBS)
def test_whatever_runs_tensorflow_in_a_fork_after_a_training_raises_at_once(said, name):
    assert_names_what_to_do(said[name], times=2 if name == "train" else 1)


def test_the_error_is_said_in_chinese_too(said):
    assert said["Chinese"].count("永远等待") == 1
    assert_names_what_to_do(said["Chinese"], times=1)


def test_a_fork_that_does_not_train_goes_on(said):
    assert said["count"].count("(40, (10000, 28, 28), ") == 2
    assert said["ended"] == "7"


def test_joblibs_multiprocessing_backend_brings_the_error(said):
    # With ``error_score="raise"`` scikit-learn ends the pool while a worker may be writing, and
    # `multiprocessing.pool.Pool.terminate` can then wait for ever, whatever the job was.
    assert "All the 5 fits failed" in said["joblib"]
    assert_names_what_to_do(said["joblib"], times=1)


def test_a_fork_while_the_import_is_under_way_raises(tmp_path):
    # A child that wants what is half made would wait for it for ever.
    (tmp_path / "takes_long.py").write_text("import time; time.sleep(2)")
    output = output_of(f"""
    import sys, threading, time
    from hpt_widgets.support import tensorflow_loader

    sys.path.insert(0, {str(tmp_path)!r})

    def train():
        import takes_long
        return hpt.train(hp, data).ended

    def import_tensorflow():
        import takes_long
        raise ImportError  # what comes of it is not asked

    tensorflow_loader._import_tensorflow = import_tensorflow
    thread = threading.Thread(target=tensorflow_loader._load_and_be_silent)
    thread.start()
    while "takes_long" not in sys.modules:
        time.sleep(0.01)
    print(in_a_fork("train", 2))
    thread.join()
    """)
    assert_names_what_to_do(output, times=2)


def test_a_fork_waits_for_no_import_that_stands_still():
    """It may wait for the fork: h5py takes a lock before one, and its own import wants it."""
    output = output_of("""
    import threading
    from hpt_widgets.support import tensorflow_loader

    has_begun, has_forked = threading.Event(), threading.Event()

    def import_tensorflow():
        has_begun.set()
        has_forked.wait()
        raise ImportError

    tensorflow_loader._import_tensorflow = import_tensorflow
    tensorflow_loader.LONGEST_STANDSTILL = 0.1
    tensorflow_loader.LONGEST_IMPORT = 1e6
    threading.Thread(target=tensorflow_loader._load_and_be_silent).start()
    has_begun.wait()
    child = os.fork()
    if child == 0:
        os._exit(7)
    has_forked.set()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """)
    assert output.split() == ["7"]


def test_tensorflow_that_the_reader_had_run_before_the_fork_counts_too():
    output = output_of("""
    import tensorflow as tf
    hpt.load_mnist  # from here on forks are noticed

    def train():
        return hpt.train(hp, data).ended

    print(in_a_fork("train"))  # imported, not run
    tf.zeros(3) + 1
    print(in_a_fork("train", 2))
    """)
    fine, refused = output.splitlines()
    assert fine == str(["finished"])
    assert_names_what_to_do(refused, times=2)
