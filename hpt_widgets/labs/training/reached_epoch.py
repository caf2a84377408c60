"""How far the training under way has come, for those who wait for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

from hpt_widgets.language import translate

# So often it is looked whether anything is still trained.
LOOK_SECONDS: Final = 0.1


class ReachedEpoch:
    """Lets threads wait until the training under way has come to an epoch."""

    def __init__(self) -> None:
        self._epoch = math.inf  # where nothing is trained
        self._went_on = threading.Condition()

    def reach(self, epoch: float) -> None:
        """Tell those who wait how far the training has come; 0 where one begins."""
        with self._went_on:
            self._epoch = epoch
            self._went_on.notify_all()

    def end(self) -> None:
        """Let nobody wait any longer."""
        self.reach(math.inf)

    def wait_for(self, epoch: float, timeout: float, is_at_rest: Callable[[], bool]) -> None:
        """Wait until an epoch is reached, or nothing is trained any more.

        Parameters
        ----------
        epoch : float
            Which one.
        timeout : float
            The longest time to wait, in seconds.
        is_at_rest : callable
            Returns whether nothing is trained: of a training that was dropped before it began
            nobody hears.

        Raises
        ------
        TimeoutError
            If it takes longer.
        """
        deadline = time.monotonic() + timeout
        with self._went_on:
            while self._epoch < epoch and not is_at_rest():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(translate("lab.timed_out", timeout=timeout))
                self._went_on.wait(min(left, LOOK_SECONDS))
