"""The ``with cluster.parallel():`` block that is open in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any


class ParallelBlock:
    """A block in which scikit-learn's searches run on a cluster.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self._stack = contextlib.ExitStack()

    def on_exit(self, function: Callable[[], object]) -> None:
        """Have this called when the block ends."""
        self._stack.callback(function)

    def close(self) -> None:
        """Call all that waited for the end."""
        self._stack.close()


_open: list[ParallelBlock] = []


def parallel_block() -> ParallelBlock | None:
    """Return the innermost open block, None where there is none."""
    return _open[-1] if _open else None


@contextlib.contextmanager
def opened_block(client: Any) -> Iterator[ParallelBlock]:
    """Open a block for as long as the context lasts."""
    block = ParallelBlock(client)
    _open.append(block)
    try:
        yield block
    finally:
        _open.remove(block)
        block.close()
