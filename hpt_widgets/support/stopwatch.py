"""How long this process works at something, which is less than it takes on a busy machine."""

from __future__ import annotations

import os
import time
from typing import Final

# On Windows it stands still for 16 ms at a time, longer than what is measured here.
PROCESSOR_TIME_IS_FINE: Final = os.name != "nt"


class Stopwatch:
    """Measures from when it is made on."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._worked_before = time.process_time()

    def seconds_at_work(self) -> float:
        """Return the seconds until now, without those in which it waited for a processor.

        On Windows these are not told apart.
        """
        passed = time.perf_counter() - self._began
        if not PROCESSOR_TIME_IS_FINE:
            return passed
        # Threads side by side work for more seconds than pass.
        return min(passed, time.process_time() - self._worked_before)
