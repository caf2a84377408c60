"""What the labs share whose work goes on behind them, on a thread of its own."""

from __future__ import annotations

import html
from typing import Any, Final, Generic, TypeVar

import ipywidgets as widgets

from hpt_widgets.labs.kit.lab import Lab
from hpt_widgets.labs.kit.live_work import LiveWork, State
from hpt_widgets.labs.kit.settings_text import words_of_error
from hpt_widgets.labs.kit.unfinished_work import UnfinishedWork
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_seconds

WAIT_SECONDS: Final = 600.0

Work = TypeVar("Work", bound=LiveWork[Any, Any])


class WorkingLab(Lab, Generic[Work]):
    """A lab that says in words what it is doing, and can be waited for.

    A subclass sets `_live`, and `_unfinished` if it keeps records, before it calls this class's
    ``__init__``, and puts `_status_line` where the words belong. It is its work's listener.
    """

    _live: Work
    _unfinished: UnfinishedWork | None = None

    def __init__(self) -> None:
        self._error: BaseException | None = None
        self._status_text = ""
        self._status_line = widgets.HTML()
        super().__init__()
        if self._unfinished is not None:
            # Behind the close of the cell's earlier lab, which takes its own note away.
            self._unfinished.take_over()

    @property
    def live(self) -> Work:
        """The work behind the lab, which knows no screen."""
        return self._live

    @property
    def is_busy(self) -> bool:
        """Whether anything that was asked for is under way or waiting."""
        return self._live.is_busy

    @property
    def state(self) -> State:
        """What the lab is doing, such as ready, warming_up, ended or failed."""
        return self._live.state

    @property
    def status(self) -> str:
        """The state in words, as it stands on the screen."""
        return self._status_text

    def wait(self, timeout: float = WAIT_SECONDS) -> None:
        """Wait until nothing is under way; what is paused counts as nothing.

        Parameters
        ----------
        timeout : float, default 600
            The longest time to wait, in seconds.

        Raises
        ------
        TypeError, ValueError
            If `timeout` is no number of seconds.
        TimeoutError
            If it takes longer.
        """
        require_seconds("timeout", timeout)
        if not self._live.wait(timeout):
            raise TimeoutError(translate("lab.timed_out", timeout=timeout))

    def stop(self) -> None:
        """End what is under way; what it came to is kept."""
        self._require_open()
        self._live.stop()

    def on_error(self, error: BaseException) -> None:
        """Keep what failed, for the words of the state "failed"."""
        self._error = error

    def close(self) -> None:
        """End the lab's work and its thread, and take it off the screen."""
        if not self.is_closed:
            self._live.close()
            if self._unfinished is not None:
                self._unfinished.settle()
        super().close()

    def _on_new_page(self) -> None:
        # On its own thread, which draws all that changes by itself.
        self._live.do("send again", self._send_again)

    def _on_button(self, name: str) -> None:
        """Do what a button does, which is called as a method is; say why where it can't be."""
        try:
            getattr(self, name)()
        except ValueError as error:
            self._say(str(error))

    def _failure_text(self) -> str:
        """Say what the work failed with, without the full stop that follows it."""
        return words_of_error(self._error) if self._error is not None else ""

    def _raise_failure(self) -> None:
        """Raise what the work failed with, if it did."""
        if self.state == "failed" and self._error is not None:
            raise self._error

    def _say(self, text: str) -> None:
        """Show the state in words."""
        self._status_text = text
        written = html.escape(text)
        self._status_line.value = (
            f'<span role="status" class="hpt-status" title="{written}"><b>{written}</b></span>'
        )
