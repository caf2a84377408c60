"""How often a run under way is drawn."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Final

from hpt_widgets.labs.training.view import TrainingView
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import HistoryPoint, Run

# Drawing more often would keep the page too busy to answer the next move of a slider.
REDRAW_SECONDS: Final = 0.08
# Markers, bar and words: drawn with each line, they took an eighth of the page's time.
DETAILS_SECONDS: Final = 0.25


class ProgressDrawing:
    """Draws where a run stands: at once as it begins, then its line often and the rest less often.

    Parameters
    ----------
    view : TrainingView
        What is drawn on.
    """

    def __init__(self, view: TrainingView) -> None:
        self._view = view
        self._line_at = self._details_at = -math.inf
        self._undrawn: tuple[tuple[HistoryPoint, ...], Progress] | None = None
        self._progress: Progress | None = None

    def begin(self) -> None:
        """Forget the run before: the first line of the next one is drawn as soon as it is there."""
        self._undrawn = self._progress = None
        self._line_at = self._details_at = -math.inf

    def advance(self, points: tuple[HistoryPoint, ...], progress: Progress) -> None:
        """Draw where the run stands, unless it was drawn only just now."""
        self._undrawn, self._progress = (points, progress), progress
        if self._line_at == -math.inf:
            # The answer to a slider's move: bar and words wait until it is on the screen.
            self._view.charts.draw(points, progress)
            self._line_at = time.monotonic()
        if progress.ended or time.monotonic() - self._line_at >= REDRAW_SECONDS:
            if progress.ended or time.monotonic() - self._details_at >= DETAILS_SECONDS:
                self.draw_the_rest()
                self._details_at = time.monotonic()
            else:
                self._view.charts.draw(points, progress, line_only=True)
            self._line_at = time.monotonic()

    def draw_the_rest(self) -> None:
        """Draw what `advance` left out, where nothing may follow it."""
        if self._undrawn is not None:
            points, progress = self._undrawn
            self._undrawn = None
            self._view.charts.draw(points, progress)
            self._view.show_progress(progress)

    def end(self, run: Run) -> None:
        """Bring bar and words to where a run has ended; the charts' `finish` draws its curves."""
        self._undrawn = None
        if self._progress is not None:
            self._view.show_progress(replace(self._progress, ended=run.ended))
