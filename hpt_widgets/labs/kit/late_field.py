"""A field that follows a slider a moment later, so that what the slider is for comes first.

The words in a field and the curve that a slider begins are messages of their own. Where the words
come first, the page paints a frame for them, and the curve waits until that is done.
"""

from __future__ import annotations

import threading
from typing import Any, Final

import ipywidgets as widgets

from hpt_widgets.labs.kit.own_changes import OwnChanges

# By then the first point of a curve is on the screen as a rule; to the eye it is at once.
LATER_SECONDS: Final = 0.045


class LateField(widgets.Text):  # type: ignore[misc]  # ipywidgets has no types
    """A text field that may tell the page of its text a moment later.

    Parameters
    ----------
    **settings : object
        As for ``ipywidgets.Text``.

    Attributes
    ----------
    later : context manager
        The page is told of a text that is set ``with`` it, on the same thread, after
        `LATER_SECONDS`; of those that follow one another within them, of the last.
    """

    def __init__(self, **settings: Any) -> None:
        self.later = OwnChanges()
        self._waiting = threading.Lock()
        super().__init__(**settings)

    def send_state(self, key: Any = None) -> None:
        """Tell the page of the field, or of the traits of these names."""
        if not self.later.are_under_way or key not in ("value", {"value"}):
            super().send_state(key)
        elif self._waiting.acquire(blocking=False):
            timer = threading.Timer(LATER_SECONDS, self._send_text)
            timer.daemon = True
            try:
                timer.start()
            except RuntimeError:  # the process may start no more threads
                self._send_text()

    def _send_text(self) -> None:
        # Whoever changes the text from now on has it told anew.
        self._waiting.release()
        told = None
        # Another thread may have told a newer text between the reading and the sending of this one.
        while told != self.value:
            told = self.value
            super().send_state("value")
