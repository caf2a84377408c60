"""Kernels that need not import TensorFlow: forked from a process that has imported it.

The import takes some four seconds of a core, and the browser tests start a kernel for most
tests. Where a process can be forked, they share one import: a server imports the libraries and
forks a kernel for each client (`tools.kernel_client`) that Jupyter starts in its place. It has
none of hpt_widgets, which each kernel imports itself, in its own language and with its own
environment. Some tests ask for kernels of the usual kind. Programs of tests, too, can be run by
such processes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parent.parent
CAN_FORK: Final = hasattr(os, "pidfd_open")
"""Whether such kernels can be had here (Linux)."""
# Isolated and without site-packages: it starts at once.
_CLIENT: Final = (sys.executable, "-I", "-S", str(Path(__file__).with_name("kernel_client.py")))
LIBRARIES: Final = (
    *("tensorflow", "keras", "pandas", "scipy.stats", "sklearn.model_selection", "hyperopt"),
    *("matplotlib.figure", "ipywidgets", "bqplot", "anywidget", "ipykernel.kernelapp"),
)
"""What most kernels import."""


@contextlib.contextmanager
def kernel_server(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Run a server of kernels.

    Parameters
    ----------
    folder : Path
        An empty folder for the kernel's specification.
    environment : mapping of str to str
        What kernels are started with and what counts before the first import.

    Yields
    ------
    Path
        The folder. First in ``JUPYTER_PATH``, it makes Jupyter start these kernels.
    """
    with running_server(environment) as address:
        write_specification(folder, address)
        yield folder


@contextlib.contextmanager
def program_server() -> Iterator[list[str]]:
    """Run a server of processes for programs.

    Yields
    ------
    list of str
        A command. With the text of a program as one argument more, it does what ``python -c`` does,
        save that its exit status means nothing.
    """
    with running_server({}) as address:
        yield program_command(address)


@contextlib.contextmanager
def running_server(environment: Mapping[str, str]) -> Iterator[str]:
    """Run a server for kernels and programs.

    Parameters
    ----------
    environment : mapping of str to str
        What it is started with.

    Yields
    ------
    str
        The name of the socket at which it answers.
    """
    # The name of a socket may have some hundred characters, so no folder of a test's.
    with tempfile.TemporaryDirectory(prefix="kernels-") as place:
        address = str(Path(place) / "server")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen()
            server = subprocess.Popen(
                [sys.executable, "-m", "tools.kernel_server", str(listener.fileno())],
                cwd=PROJECT,
                env={**os.environ, **environment},
                pass_fds=[listener.fileno()],
            )
        try:
            yield address
        finally:
            server.terminate()
            server.wait()


def program_command(address: str) -> list[str]:
    """Return the command by which a server runs a program: see `program_server`."""
    return [*_CLIENT, address, "program"]


def write_specification(folder: Path, address: str) -> None:
    """Write what makes Jupyter start a server's kernels into a folder: see `kernel_server`."""
    path = folder / "kernels" / "python3" / "kernel.json"
    path.parent.mkdir(parents=True)
    specification = {
        "argv": [*_CLIENT, address, "connection_file", "{connection_file}"],
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "metadata": {"debugger": True},
    }
    path.write_text(json.dumps(specification), encoding="utf-8")


def serve(listening: int) -> None:
    """Import what kernels need, and fork one for each that is asked for, until it is ended."""
    with socket.socket(fileno=listening) as listener:
        for name in LIBRARIES:
            __import__(name)
        gc.freeze()  # else each kernel's collector would go through all of it, and copy it so
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the kernels
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _serve_client(connection)
                return
            connection.close()


def _serve_client(connection: socket.socket) -> None:
    """Be the kernel, or run the program, that a client stands for."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, streams, _, _ = socket.recv_fds(connection, 1 << 20, 2)
    while not message.endswith(b"\n"):
        message += connection.recv(1 << 20)
    asked: dict[str, Any] = json.loads(message)
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    _end_with(asked["client"])
    connection.sendall(f"{os.getpid()}\n".encode())
    if asked["kind"] == "program":
        _run_program(asked["what"])
    else:
        _run_kernel(asked["what"])


def _run_program(program: str) -> None:
    """Run it as the main module; the process ends behind it, or with its exception, as any does."""
    sys.argv = ["-c"]
    sys.path[0] = ""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    exec(compile(program, "<string>", "exec"), main.__dict__)


def _end_with(client: int) -> None:
    """Be killed when Jupyter kills the client."""

    def wait() -> None:
        select.select([os.pidfd_open(client)], [], [])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def _run_kernel(connection_file: str) -> None:
    import ipywidgets
    import matplotlib as mpl
    import numpy as np
    import pandas as pd
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()  # noqa: NPY002 – else all kernels would draw the same
    # pandas was imported where no kernel ran, and would shorten wide tables as in a terminal.
    pd.set_option("display.max_columns", 20)
    # So was matplotlib, which would show figures nowhere.
    mpl.rcParams["backend"] = "module://matplotlib_inline.backend_inline"
    sys.path[0] = ""
    app = IPKernelApp.instance()
    app.initialize(["-f", connection_file])
    # And ipywidgets: without its targets a page that is loaded again asks for widget after widget.
    ipywidgets.register_comm_target()
    app.start()
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
