"""The one place that imports TensorFlow: late, quietly, and only once.

The import takes several seconds and writes log lines of its own. In a notebook it begins
behind the reader, between the cells that follow the one that loads the data
(`load_after_this_cell`); else a lab appears first and starts it behind itself. Whoever needs
TensorFlow calls `load_tensorflow`, which waits for that import instead of starting a second one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from hpt_widgets.language import translate
from hpt_widgets.support.deferred_imports import deferred
from hpt_widgets.support.notebook_cells import before_each_cell, notebook_shell, when_idle
from hpt_widgets.support.process_memory import (
    limit_heaps,
    release_free_memory,
    take_from_heaps,
)
from hpt_widgets.support.shared_libraries import open_libraries

_STANDARD_ERROR = 2
# Cells that are run one after the other leave less time between them.
IDLE_SECONDS: Final = 0.3
LIBRARIES: Final = "libtensorflow_*.so.*"
# scikit-learn imports the first, and Keras both; neither uses them before it is asked to count or
# to draw. They are a quarter of TensorFlow's import, and 50 MB.
HARDLY_USED: Final = ("scipy.stats", "matplotlib.pyplot")
# Seconds, on an overloaded machine: of an import, and of one in which no further module comes.
LONGEST_IMPORT: Final = 180.0
LONGEST_STANDSTILL: Final = 20.0

# Under the single-threaded executor a call keeps one thread of TensorFlow's pool and waits for
# another. Two trainings on a pool of two wait for each other for ever (seen within a second,
# TensorFlow 2.21), so the pool has two threads for each call that is let in.
_POOL_THREADS = 8
_calls_at_a_time = threading.Semaphore(_POOL_THREADS // 2)
# Two threads that trace at once must not take each other's gradients for their own.
_registering = threading.Lock()

# A cell with such a word may import a part of TensorFlow, and would find half-made modules.
_MAY_IMPORT_IT: Final = re.compile("tensorflow|keras")
# A process that a cell starts would inherit a standard error that is silenced; and IPython's ``!``
# forks, for which modules that are half made want to do something before and after.
_MAY_START_A_PROCESS: Final = re.compile(
    r"^\s*(?:[\w, ]+=\s*)?!|^\s*%%?(?:!|sx|system|bash|sh|script|cmd|pip|conda|uv|run)\b"
    r"|subprocess|multiprocessing|joblib|n_jobs|Executor"
    r"|\bos\.(?:fork|popen|posix_spawn|spawn|system)|\bpty\.|\.(?:system|getoutput)\(",
    re.MULTILINE,
)

_lock = threading.RLock()
_tensorflow: Any = None
_threads_limited = False
_asked_for = False
_import_has_begun = False

# A forked child has none of the threads that TensorFlow's calls wait for.
_forked_after_its_start = False
_forked_after_its_import = False
_fork_has_waited = False


def _wait_before_fork() -> None:
    """Fork in no import: a child would wait for ever for the modules that are half made in it."""
    global _fork_has_waited
    _fork_has_waited = _wait_for_import()


def _wait_for_import() -> bool:
    """Take the lock that an import holds, and return True; False where it does not go on.

    It may be waiting for a lock that was taken for the fork: h5py's, which it is about to import.
    """
    deadline = time.monotonic() + LONGEST_IMPORT
    n_modules = -1
    while len(sys.modules) != n_modules and time.monotonic() < deadline:
        n_modules = len(sys.modules)
        if _lock.acquire(timeout=LONGEST_STANDSTILL):
            return True
    return False


def _go_on_after_fork() -> None:
    if _fork_has_waited:
        _lock.release()


def _note_fork() -> None:
    global _lock, _forked_after_its_start, _forked_after_its_import
    _lock = threading.RLock()  # the parent's is held
    _forked_after_its_start = _import_has_begun
    _forked_after_its_import = "tensorflow" in sys.modules


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_wait_before_fork, after_in_parent=_go_on_after_fork, after_in_child=_note_fork
    )


def is_forked() -> bool:
    """Return whether this process was forked after TensorFlow had started."""
    return _forked_after_its_start


def refuse_after_fork() -> None:
    """Raise a RuntimeError in a process that was forked after TensorFlow had started.

    Every call into TensorFlow would wait there for ever. It takes no lock, which a thread that
    the child does not have may have held.

    Raises
    ------
    RuntimeError
        In such a process; the message names spawn, loky and threads.
    """
    if _forked_after_its_start:
        raise RuntimeError(translate("training.forked"))


def load_tensorflow() -> Any:
    """Return the module ``tensorflow``, importing it the first time.

    TensorFlow is told to use one core for each operation, so that a run, whose operations
    follow one another, keeps to one core and the other draws. Where TensorFlow has already
    run that can't be changed any more: it then works as it is, more slowly
    (`threads_are_limited` tells).

    Raises
    ------
    ImportError
        If TensorFlow is not installed or does not load on this machine.
    RuntimeError
        If this process was forked after TensorFlow had started.
    """
    global _tensorflow, _threads_limited, _import_has_begun, _forked_after_its_start
    refuse_after_fork()
    with _lock:
        if _tensorflow is None:
            _import_has_begun = True
            _prepare_process()
            with _silenced_standard_error(), before_each_cell(_wait_if_disturbed):
                with without_collection_of_garbage():
                    tf = _import_tensorflow()
                _threads_limited = _limit_threads(tf)
                if _forked_after_its_import and not _threads_limited:
                    _forked_after_its_start = True  # by the reader's own code
                    refuse_after_fork()
                # The first operation starts the runtime, which has log lines of its own.
                tf.zeros(())
            release_free_memory()  # the import leaves much behind that is free
            _tensorflow = tf
        return _tensorflow


def load_after_this_cell() -> None:
    """In a notebook, have TensorFlow imported in the background once no cell runs any more.

    A reader who reads on, or types, does not wait for it then. Where all cells are run at once,
    a lab among them is on the screen first: beside the import it would take twice as long. A cell
    that may import parts of TensorFlow itself, or start a process, is held until the import is
    done. Its libraries are opened at once: that holds up no other cell.
    """
    global _asked_for
    if not _asked_for and not is_loaded():
        _asked_for = True
        if notebook_shell() is not None:
            _prepare_process()
            threading.Thread(target=_open_libraries, name="hpt-libraries", daemon=True).start()
        when_idle(_load_and_be_silent, IDLE_SECONDS, _wait_if_disturbed)


def load_before_first_cell() -> None:
    """Import TensorFlow in a kernel that waits for its first cell, and leave errors for later.

    Its libraries are opened before, which holds up no other thread.
    """
    _prepare_process()
    _open_libraries()
    _load_and_be_silent()


def is_loaded() -> bool:
    """Return whether TensorFlow is there already, so that `load_tensorflow` won't wait."""
    return _tensorflow is not None


def threads_are_limited() -> bool:
    """Return whether the thread settings of `load_tensorflow` could be applied."""
    return _threads_limited


@contextlib.contextmanager
def single_threaded_executor() -> Iterator[None]:
    """Run the traced functions called inside on a single thread.

    For the small operations of the training loop this saves a third of the time. The
    switch is not part of TensorFlow's public interface; where it is missing, or where the
    size of TensorFlow's pool is not ours, nothing changes but the speed.

    Raises
    ------
    RuntimeError
        If this process was forked after TensorFlow had started.
    """
    load_tensorflow()
    switch = _executor_switch()
    if switch is None or not _threads_limited:
        yield
        return
    with _calls_at_a_time, switch("SINGLE_THREADED_EXECUTOR"):
        yield


@contextlib.contextmanager
def forgotten_gradients() -> Iterator[None]:
    """Let TensorFlow forget the gradients that ``tf.custom_gradient`` registers inside.

    It registers one each time that such a function is traced, and keeps it until the process
    ends, with the whole graph that it belongs to: some 3 MB for each architecture that is
    trained. A gradient that is taken while tracing needs none of it afterwards. The registry is
    not part of TensorFlow's public interface; where it is missing, the memory is not given back.
    """
    registry = _gradient_registry()
    with _registering:
        before = set(registry)
        try:
            yield
        finally:
            for name in set(registry) - before:
                if name.startswith("CustomGradient-"):
                    del registry[name]


def _gradient_registry() -> dict[str, Any]:
    try:
        from tensorflow.python.framework.ops import gradient_registry
    except ImportError:
        return {}
    found = getattr(gradient_registry, "_registry", None)
    return found if isinstance(found, dict) else {}


def _executor_switch() -> Any:
    try:
        from tensorflow.python.eager import context
    except ImportError:
        return None
    return getattr(context, "function_executor_type", None)


def _load_and_be_silent() -> None:
    # Whoever needs TensorFlow tries again, and is told what is wrong.
    with contextlib.suppress(Exception):
        load_tensorflow()


def _open_libraries() -> None:
    # Under the lock: two threads that silence the standard error would leave it silent.
    with _lock, contextlib.suppress(Exception), _silenced_standard_error():
        open_libraries("tensorflow", LIBRARIES)


def _wait_if_disturbed(source: str) -> None:
    """Hold a cell until the import is done that it would disturb."""
    if _MAY_IMPORT_IT.search(source):
        _load_and_be_silent()
    elif _MAY_START_A_PROCESS.search(source):
        with _lock:
            pass


def _prepare_process() -> None:
    """Set what TensorFlow's libraries read when they are opened, and what counts from then on."""
    # First: a reader's own import may open the libraries at the same moment.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    limit_heaps()
    take_from_heaps()


def _import_tensorflow() -> Any:
    with deferred(HARDLY_USED):
        # Not "import keras", nor "from tensorflow.keras import": a second thread that imports
        # while this one is under way would find half-made modules.
        import tensorflow as tf

    return tf


def _limit_threads(tf: Any) -> bool:
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(_POOL_THREADS)
    except RuntimeError:  # the reader's own code has run TensorFlow already
        return False
    return True


@contextlib.contextmanager
def without_collection_of_garbage() -> Iterator[None]:
    """Look for no garbage inside.

    Nearly all that an import makes stays. Python would look through it again and again, which is a
    tenth of the time that TensorFlow's takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def _silenced_standard_error() -> Iterator[None]:
    """Discard what C++ code writes to file descriptor 2; Python's ``sys.stderr`` still arrives."""
    try:
        saved = os.dup(_STANDARD_ERROR)
    except OSError:  # no standard error at all, as under pythonw
        yield
        return
    python_stream = sys.stderr
    replacement = _stream_to(saved) if _writes_to_standard_error(python_stream) else None
    if replacement is not None:
        sys.stderr = replacement
    null = os.open(os.devnull, os.O_WRONLY)
    # A kernel that ends meanwhile sends itself the end of its output there, and waits for it.
    restore = partial(os.dup2, saved, _STANDARD_ERROR)
    atexit.register(restore)
    try:
        os.dup2(null, _STANDARD_ERROR)
        yield
    finally:
        atexit.unregister(restore)
        if replacement is not None:
            replacement.flush()
            if sys.stderr is replacement:
                sys.stderr = python_stream
            # Handlers made in the meantime may hold the replacement: it stays open.
        os.dup2(saved, _STANDARD_ERROR)
        os.close(null)
        if replacement is None:
            os.close(saved)


def _writes_to_standard_error(stream: Any) -> bool:
    """Tell a terminal's stream from a notebook's, which doesn't pass through the descriptor."""
    try:
        stream.flush()
        return isinstance(stream, io.TextIOWrapper) and stream.fileno() == _STANDARD_ERROR
    except (AttributeError, OSError, ValueError):
        return False


def _stream_to(descriptor: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        os.fdopen(descriptor, "wb", closefd=False),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
