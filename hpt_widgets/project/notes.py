"""What is worth knowing of a project beyond its points, and is no fault: a sentence for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hpt_widgets.language import counted, listed, translate
from hpt_widgets.project.comparison import last_comparison
from hpt_widgets.project.confidence import agrees, agrees_when_rounded
from hpt_widgets.project.history import (
    REPEATED,
    REPORT_PARTS,
    History,
    accuracies,
    setting_key,
    settings_of,
)
from hpt_widgets.project.log_file import Entry
from hpt_widgets.project.tries import fresh_fits, seen_before_choice

# Whoever rounded the ends to two digits had worked them out.
_TWO_DIGITS: Final = 0.006


def notes_of(history: History) -> tuple[str, ...]:
    """Return what is to be noted: a tested winner, a corrected interval, what a report lacks."""
    return (*_notes_of_test(history), *_notes_of_claims(history), *_notes_of_report(history))


def _notes_of_test(history: History) -> tuple[str, ...]:
    """Return what is to be said where the tested training had been seen before the choice.

    Its accuracy is right for this network; what the setting reaches, fresh seeds tell. One that
    was no better than they are was no luck.
    """
    openings = history.entries("opening")
    earlier = seen_before_choice(history, openings[0]) if openings else []
    if not earlier:
        return ()
    picked = accuracies(earlier)[0]
    fresh = _fresh_accuracies(history, openings[0])
    mean = sum(fresh) / len(fresh) if fresh else 0.0
    if picked <= mean:
        return ()
    seed = settings_of(openings[0])[REPEATED]
    told = counted("project_check.note_fresh", len(fresh), mean=100 * mean) if fresh else ""
    return (translate("project_check.note_seed", seed=seed, picked=100 * picked, fresh=told),)


def _fresh_accuracies(history: History, opening: Entry) -> list[float]:
    """Return what the tested setting reached with fresh seeds on the validation data."""
    found = last_comparison(history)
    setting = setting_key(settings_of(opening))
    sides = [side for side in found.sides if side.setting == setting] if found else []
    return accuracies(fresh_fits(history, sides[0])) if sides else []


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
