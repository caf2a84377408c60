"""Kernels that are forked from a process which has imported the libraries."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from patience import SECONDS

import hpt_widgets as hpt
from tools import kernel_server
from tools.kernel_client import wait_for_the_end

pytestmark = [
    pytest.mark.skipif(
        not kernel_server.CAN_FORK, reason="no process can be forked and watched here"
    ),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def address():
    """Run one server for kernels and for programs: each would import TensorFlow."""
    with kernel_server.running_server({}) as address:
        yield address


@pytest.fixture(scope="module")
def specifications(address, tmp_path_factory):
    """Return where Jupyter finds such kernels."""
    folder = tmp_path_factory.mktemp("kernels") / "server"
    kernel_server.write_specification(folder, address)
    return KernelSpecManager(kernel_dirs=[str(folder / "kernels")])


@pytest.fixture(scope="module")
def python(address):
    """Return a command that runs a program in such a process."""
    return kernel_server.program_command(address)


@pytest.fixture
def start(specifications, tmp_path):
    """Return a function that starts a kernel, and end them all."""
    started = []

    def start_one(**options):
        manager = KernelManager(
            kernel_name="python3",
            kernel_spec_manager=specifications,
            transport="ipc",
            ip=str(tmp_path / f"kernel{len(started)}"),
        )
        manager.start_kernel(**options)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=600)
        started.append((manager, client))
        return manager, client

    yield start_one
    for manager, client in started:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def ask(client, expression):
    """Return what a kernel makes of an expression, as text."""
    reply = client.execute_interactive(
        "", user_expressions={"it": expression}, silent=True, timeout=600
    )
    answer = reply["content"]["user_expressions"]["it"]
    return answer["data"]["text/plain"] if answer["status"] == "ok" else answer["ename"]


def test_it_trains_and_shows_as_any_other(start, tmp_path):
    environment = {**os.environ, "HPT_LANGUAGE": "zh"}
    _, client = start(env=environment, cwd=str(tmp_path))
    # It has TensorFlow, and nothing of ours.
    loaded = "[name in __import__('sys').modules for name in ('tensorflow', 'hpt_widgets')]"
    assert ask(client, loaded) == "[True, False]"
    # A page that is loaded again can ask for all widgets at once: ipywidgets registers this
    # where it is imported in a kernel, and here it was not.
    targets = "sorted(__import__('comm').get_comm_manager().targets)"
    assert "'jupyter.widget.control'" in ask(client, targets)
    # The environment and the folder are those that it was started with.
    assert ask(client, "__import__('os').environ['HPT_LANGUAGE']") == "'zh'"
    assert ask(client, "__import__('os').getcwd()") == repr(str(tmp_path))
    # A wide table is shown whole, in several blocks of columns, and not as a terminal shows it.
    table = "__import__('pandas').DataFrame({f'column {n:050d}': [n] for n in range(4)})"
    shown = ask(client, f"repr({table})")
    assert ("..." in shown, shown.count("column")) == (False, 4)
    client.execute_interactive(
        "import hpt_widgets as hpt\n"
        "data = hpt.load_mnist().take(200)\n"
        "here = hpt.train(hpt.Hyperparameters(), data).validation_accuracy",
        timeout=600,
    )
    here = hpt.train(hpt.Hyperparameters(), hpt.load_mnist().take(200)).validation_accuracy
    assert float(ask(client, "here")) == here


def test_two_draw_different_numbers(start):
    drawn = "__import__('numpy').random.rand(), __import__('random').random()"
    (_, one), (_, other) = start(), start()
    assert ask(one, drawn) != ask(other, drawn)


def test_it_can_be_interrupted(start):
    manager, client = start()
    # One long sleep would not end by an interrupt that comes just before it.
    client.execute("print('begun', flush=True)\nwhile True: __import__('time').sleep(0.01)")
    while client.get_iopub_msg(timeout=SECONDS)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(timeout=SECONDS))["msg_type"] != "execute_reply":
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"


def test_jupyter_sees_that_it_was_killed(start):
    manager, client = start()
    os.kill(int(ask(client, "__import__('os').getpid()")), signal.SIGKILL)
    assert manager.provisioner.process.wait(timeout=SECONDS) != 0
    assert not manager.is_alive()


def test_it_dies_when_jupyter_kills_what_stands_for_it(start):
    manager, client = start()
    kernel = int(ask(client, "__import__('os').getpid()"))
    watched = os.pidfd_open(kernel)
    manager.provisioner.process.kill()
    assert select.select([watched], [], [], 60)[0]
    os.close(watched)


def test_a_program_is_run_to_its_end_as_by_python(python, tmp_path):
    program = """
import atexit, os, sys, threading, time
atexit.register(print, "at exit")
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
print("tensorflow" in sys.modules, __name__, sys.argv, os.environ["ASKED"], os.getcwd())
1 / 0
"""
    done = subprocess.run(
        [*python, program],
        env={**os.environ, "ASKED": "yes"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout == f"True __main__ ['-c'] yes {tmp_path}\nat exit\n"
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_a_programs_number_is_free_when_it_has_ended(python):
    for _ in range(20):
        command = [*python, "import os; print(os.getpid(), flush=True); os._exit(3)"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        assert not psutil.pid_exists(int(done.stdout))


def test_a_process_that_has_ended_has_a_number_until_it_is_waited_for():
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    waiting = threading.Thread(target=wait_for_the_end, args=[process.pid])
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    process.wait()
    waiting.join(SECONDS)
    assert not waiting.is_alive()


def test_a_wait_reads_its_interruptions_and_goes_on():
    """By them a signal that comes just before the wait is handed on at once."""
    woken, waking = socket.socketpair()
    with woken, waking, subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        waiting = threading.Thread(target=wait_for_the_end, args=[process.pid, woken])
        waking.sendall(b"\2")
        waiting.start()
        until = time.monotonic() + SECONDS
        while select.select([woken], [], [], 0)[0]:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert waiting.is_alive()
        process.kill()
        process.wait()
        waiting.join(SECONDS)
        assert not waiting.is_alive()
