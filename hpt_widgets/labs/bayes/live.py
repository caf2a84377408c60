"""The comparison over many seeds, computed behind the lab."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Protocol

from hpt_widgets.labs.kit.live_work import LiveListener, LiveWork, State
from hpt_widgets.search.bayes.duel import DuelSettings, ManyDuels, run_many
from hpt_widgets.support.blas_threads import one_blas_thread


class ManyDuelsListener(LiveListener, Protocol):
    """What `LiveManyDuels` calls, on its own thread."""

    def on_many(self, settings: DuelSettings, many: ManyDuels) -> None:
        """React to a comparison that is complete."""


class LiveManyDuels(LiveWork[DuelSettings, ManyDuelsListener]):
    """Compares the methods over many seeds, for the settings that were requested last.

    Parameters
    ----------
    n_seeds : int
        How many.
    listener : ManyDuelsListener
        Whose methods are called.
    """

    def __init__(self, n_seeds: int, listener: ManyDuelsListener) -> None:
        super().__init__("hpt-bayes", listener, needs_tensorflow=False)
        self.n_seeds = n_seeds

    def _run(self, request: DuelSettings, stop: threading.Event) -> State | None:
        self._set_state("searching")
        with one_blas_thread():
            many = run_many(request, self.n_seeds, stop.is_set)
        if many is None:
            return None if self._is_superseded() else "stopped"
        self._listener.on_many(compared(request), many)
        return "ended"


def compared(settings: DuelSettings) -> DuelSettings:
    """Return settings without their own seed, which the comparison does not depend on."""
    return replace(settings, seed=0)
