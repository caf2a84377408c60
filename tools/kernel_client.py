"""Stands for a kernel of `tools.kernel_server`: what Jupyter starts, signals and waits for.

It asks the server for a forked kernel, hands on the signals that it gets, and ends when the
kernel has ended. Run as a script, with nothing imported that takes time: ``kernel_client.py
SOCKET CONNECTION_FILE``.
"""

import array
import json
import os
import signal
import socket
import sys


def main(address: str, connection_file: str) -> int:
    """Start a kernel and stay for as long as it lives."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        asked = {
            "connection_file": connection_file,
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
        # The other end is the kernel's now: it is closed when the kernel has ended.
        server.recv(1)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
