"""Stands for a kernel of `tools.kernel_server`: what Jupyter starts, signals and waits for.

It asks the server for a forked kernel, hands on the signals that it gets, and ends when the
kernel has ended. Run as a script, with nothing imported that takes time: ``kernel_client.py
SOCKET connection_file FILE`` for a kernel, ``kernel_client.py SOCKET program TEXT`` for a process
that runs a program.
"""

import array
import contextlib
import json
import os
import select
import signal
import socket
import sys
import time


def main(address: str, kind: str, what: str) -> int:
    """Start a kernel, or a program, and stay for as long as it lives."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        asked = {
            "kind": kind,
            "what": what,
            "environment": dict(os.environ),
            "folder": os.getcwd(),  # noqa: PTH109 – pathlib takes longer to import
            "client": os.getpid(),
        }
        message = json.dumps(asked).encode() + b"\n"
        streams = array.array("i", (1, 2))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)]
        sent = server.sendmsg([message], rights)
        server.sendall(message[sent:])
        kernel = int(server.makefile("rb").readline())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _frame: os.kill(kernel, number))
        # A signal that comes just before the wait does not end it, and Python would hand it on
        # with the next one. What is written here does.
        woken, waking = socket.socketpair()
        waking.setblocking(False)
        signal.set_wakeup_fd(waking.fileno())
        wait_for_the_end(kernel, woken)
    return 1


def wait_for_the_end(process: int, *interruptions: socket.socket) -> None:
    """Return when a process has ended and its number is free.

    Its file descriptor can be read a moment before that, when it has ended and nobody has waited
    for it; the connection ends earlier still. Whatever comes of the interruptions is read
    meanwhile.
    """
    with contextlib.suppress(ProcessLookupError):
        watched = os.pidfd_open(process)
        awaited: list[int | socket.socket] = [watched, *interruptions]
        while True:
            ready, _, _ = select.select(awaited, [], [])
            if watched in ready:
                break
            for interruption in interruptions:
                if interruption in ready:
                    interruption.recv(1000)
        for _ in range(10_000):  # where nobody waits for it, it keeps its number for ever
            signal.pidfd_send_signal(watched, 0)
            time.sleep(0.001)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
