"""Room for all of a lab's messages on their way from the kernel to the server.

ZeroMQ drops what is published while 1,000 messages wait already (its "high-water mark"). A
training lab is 463 widgets, and running its cell again is 1,079 messages in a fraction of a
second: on a slow machine some were lost, and the page said `model not found`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from hpt_widgets.support.notebook_cells import notebook_shell

# Those of some ninety training labs at once.
MOST_WAITING: Final = 100_000


@cache
def raise_message_limit() -> None:
    """Let that many messages of this kernel wait; without a kernel there is nothing to do."""
    kernel = getattr(notebook_shell(), "kernel", None)
    publisher = getattr(getattr(kernel, "iopub_socket", None), "io_thread", None)
    if publisher is not None:
        # A socket belongs to its thread.
        publisher.schedule(lambda: _raise_limit(publisher.socket))


def _raise_limit(socket: Any) -> None:
    import zmq

    socket.setsockopt(zmq.SNDHWM, MOST_WAITING)
