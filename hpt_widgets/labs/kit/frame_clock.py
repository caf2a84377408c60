"""The clock of an animation: frames from a background thread, no faster than they are drawn.

A kernel that sends frames blindly fills a queue in a slow browser, and a pause is then felt
only when the queue has run empty. One that waits for each frame to be drawn is as slow as a
message there and back. So a few frames may be under way: with every frame a hidden number
goes out, and the browser, which links it to a second one, sends it back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.worker import Worker

FRAMES_PER_SECOND: Final = 45
MOST_FRAMES_IN_FLIGHT: Final = 3
# Where no browser answers (the lab is not on a screen), time goes on all the same.
ANSWER_TIMEOUT_SECONDS: Final = 0.25


class FrameClock:
    """Calls `on_frame` again and again while it runs.

    Parameters
    ----------
    on_frame : callable
        Gets the seconds since the frame before; called on a thread of the clock's own.
    on_error : callable
        Gets what `on_frame` raised; the clock has stopped then.
    """

    def __init__(
        self, on_frame: Callable[[float], None], on_error: Callable[[BaseException], None]
    ) -> None:
        self._on_frame = on_frame
        self._on_error = on_error
        self.sent = widgets.IntText(value=0)
        self.drawn = widgets.IntText(value=0)
        link = widgets.jsdlink((self.sent, "value"), (self.drawn, "value"))
        self._link = link
        self.drawn.observe(self._acknowledged, "value")
        # Links live in the browser only while something is displayed.
        self.widget = widgets.Box([self.sent, self.drawn], layout={"display": "none"})
        self._answered = threading.Event()
        self.worker = Worker(self._next_frame, self._failed, "hpt-animation")
        self._last = 0.0
        self.is_running = False

    def start(self) -> None:
        """Begin to call `on_frame`."""
        self._last = time.monotonic()
        self.is_running = True
        self.worker.wake()

    def stop(self) -> None:
        """Call `on_frame` no more after the frame that it is at."""
        self.is_running = False
        self._answered.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has stopped; return False if that took too long."""
        return self.worker.wait(timeout)

    def close(self) -> None:
        """Stop, and give back thread and link."""
        self.stop()
        self.worker.close()
        self._link.close()

    def _next_frame(self) -> bool:
        if not self.is_running:
            return False
        self._wait_for_the_browser()
        time.sleep(max(0.0, self._last + 1 / FRAMES_PER_SECOND - time.monotonic()))
        now = time.monotonic()
        elapsed, self._last = now - self._last, now
        if self.is_running:
            self._on_frame(elapsed)
            self.sent.value += 1
        return self.is_running

    def _wait_for_the_browser(self) -> None:
        if self.sent.value - self.drawn.value < MOST_FRAMES_IN_FLIGHT:
            return
        self._answered.clear()
        if self.sent.value - self.drawn.value >= MOST_FRAMES_IN_FLIGHT:
            self._answered.wait(ANSWER_TIMEOUT_SECONDS)

    def _acknowledged(self, _change: Any) -> None:
        self._answered.set()

    def _failed(self, error: BaseException) -> None:
        self.is_running = False
        self._on_error(error)
