"""What is odd about a project's log and may have a good reason: a sentence for each."""

from __future__ import annotations

from hpt_widgets.language import translate
from hpt_widgets.project.history import History
from hpt_widgets.support.moments import odd_moments


def doubts_of_file(history: History, exported: str) -> tuple[str, ...]:
    """Return what is to be said of the moments and the seal of a log, whatever it tells."""
    texts = [entry.when for entry in history.reading.entries] + ([exported] if exported else [])
    odd = odd_moments(texts)
    doubts = [translate("project_check.doubt_moment")] if odd.cannot_be else []
    if odd.back:
        earlier, later = odd.back
        doubts.append(translate("project_check.doubt_order", earlier=earlier, later=later))
    sealed = history.reading.sealed_until
    if sealed is not None:
        n = history.reading.entries[-1].number - sealed
        doubts.append(translate("project_check.doubt_seal", n=n))
    return tuple(doubts)
