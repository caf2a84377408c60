"""What is odd about a project's log and may have a good reason: a sentence for each."""

from __future__ import annotations

from typing import Final

from hpt_widgets.language import translate
from hpt_widgets.project.confidence import agrees
from hpt_widgets.project.history import History
from hpt_widgets.support.moments import odd_moments

# Whoever rounded the ends to two digits had worked them out.
_TWO_DIGITS: Final = 0.006


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


def doubts_of_claims(history: History) -> tuple[str, ...]:
    """Return what is to be said of an interval that became right once it could be read.

    The check and the report show the right one to everybody whose own is wrong.
    """
    openings = history.entries("opening")
    if not openings:
        return ()
    opening = openings[0]
    claims = [claim for claim in history.entries("claim") if claim.number > opening.number]
    if not claims or not agrees(claims[-1], opening):
        return ()
    far = (claim for claim in claims if not agrees(claim, opening, _TWO_DIGITS))
    ends = [{name: claim.content[name] for name in ("low", "high")} for claim in far]
    return tuple(translate("project_check.doubt_claim", **found) for found in ends[:1])
