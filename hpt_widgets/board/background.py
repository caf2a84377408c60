"""What a board does again and again while it is open, whatever happens to one of the times."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


async def repeat(look: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Do something for ever; a time that fails is logged, and the next one comes all the same.

    An error that stays is logged once.

    Parameters
    ----------
    look : callable
        What is to be done; it is awaited.
    seconds : float
        The pause after each time.
    """
    known = ""
    while True:
        try:
            await look()
            known = ""
        except Exception as error:  # nobody awaits this task, who could be told
            if known != repr(error):
                _log.exception("The board goes on after an error.")
            known = repr(error)
        await asyncio.sleep(seconds)
