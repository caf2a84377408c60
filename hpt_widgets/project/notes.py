"""What is worth knowing of a project beyond its points, and is no fault: a sentence for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hpt_widgets.language import listed, translate
from hpt_widgets.project.confidence import agrees, agrees_when_rounded
from hpt_widgets.project.history import REPORT_PARTS, History

# Whoever rounded the ends to two digits had worked them out.
_TWO_DIGITS: Final = 0.006


def notes_of(history: History) -> tuple[str, ...]:
    """Return what is to be noted of a log: a corrected interval, and what its report lacks."""
    return (*_notes_of_claims(history), *_notes_of_report(history))


def _notes_of_claims(history: History) -> tuple[str, ...]:
    """Return what is to be said of an interval that became right once it could be read.

    The check and the report show the right one to everybody whose own is wrong: a correction may
    be a reader's own or read off there, and the log does not tell which.
    """
    openings = history.entries("opening")
    if not openings:
        return ()
    opening = openings[0]
    claims = [claim for claim in history.entries("claim") if claim.number > opening.number]
    if not claims or not (agrees(claims[-1], opening) or agrees_when_rounded(claims[-1], opening)):
        return ()
    far = (claim for claim in claims if not agrees(claim, opening, _TWO_DIGITS))
    ends = [{name: claim.content[name] for name in ("low", "high")} for claim in far]
    return tuple(translate("project_check.note_claim", **found) for found in ends[:1])


def _notes_of_report(history: History) -> tuple[str, ...]:
    """Return what the last report that was made still lacks."""
    reports = history.entries("report")
    missing = lacking_parts(reports[-1].content) if reports else ""
    return (translate("project_check.note_report", missing=missing),) if missing else ()


def lacking_parts(given: Mapping[str, Any]) -> str:
    """Return which of `REPORT_PARTS` a report has not, in words; empty where it has all.

    Parameters
    ----------
    given : mapping of str to bool
        Whether each of them is there.
    """
    lacking = (part for part in REPORT_PARTS if not given.get(part))
    return listed(translate(f"project_report.part_{part}") for part in lacking)
