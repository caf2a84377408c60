"""What a log has already: a cell that is run again, on the next day too, adds no line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hpt_widgets.project.history import (
    REPEATED,
    History,
    is_whole,
    setting_key,
    settings_of,
)
from hpt_widgets.project.log_file import Entry


def known_fit(
    history: History, setting: Mapping[str, Any], strategy: str, training_size: int
) -> Entry | None:
    """Return the fit that another training would only repeat; None where there is none.

    Parameters
    ----------
    history : History
        What the log tells.
    setting : mapping of str to value
        The hyperparameters, the seed among them.
    strategy : str
        What the fit is for.
    training_size : int
        On how many samples it is trained.

    Returns
    -------
    Entry or None
        A fit that went to its end: the one that the test set was opened with, where it was.
    """
    found = [
        fit
        for fit in history.fits_of(
            strategy=strategy, training_size=training_size, search=None, comparison=None
        )
        if is_whole(fit)
        and setting_key(settings_of(fit)) == setting_key(setting)
        and settings_of(fit).get(REPEATED) == setting.get(REPEATED)
    ]
    opened = [fit for fit in found if known_opening(history, fit.number)]
    return next(iter([*opened, *found]), None)


def known_opening(history: History, fit: int) -> Entry | None:
    """Return how the test set was opened with a fit, by its number; None where it was not."""
    openings = history.entries("opening")
    return next((entry for entry in openings if entry.content.get("fit") == fit), None)


def is_known_search(history: History, key: str, trials: int) -> bool:
    """Return whether a search was begun before, for as many trials."""
    searches = (entry.content for entry in history.entries("search"))
    return any((found["key"], found["trials"]) == (key, trials) for found in searches)


def is_known_comparison(history: History, key: str, seeds: list[int]) -> bool:
    """Return whether a comparison is the one that counts now, with the same seeds.

    Once the test set is open, an earlier one is known too: it can count no more.
    """
    comparisons = history.entries("comparison")
    counting = comparisons if history.entries("opening") else comparisons[-1:]
    known = [(entry.content["key"], entry.content["seeds"]) for entry in counting]
    return (key, seeds) in known


def is_known_choice(history: History, setting: Mapping[str, Any]) -> bool:
    """Return whether a setting is the one that is chosen now.

    Once the test set is open, an earlier choice is one too: it can have no more effect.
    """
    key = setting_key(setting)
    choices = history.entries("choice")
    counting = choices if history.entries("opening") else choices[-1:]
    return any(setting_key(settings_of(entry)) == key for entry in counting)


def is_known_claim(history: History, interval: Mapping[str, float]) -> bool:
    """Return whether an interval is the one that is claimed now, after the test."""
    claims = history.entries("claim")
    return bool(claims) and claims[-1].content == interval and not _opened_after(history, claims)


def is_known_report(history: History, parts: Mapping[str, bool]) -> bool:
    """Return whether the last report that was made had the same parts of the reader's own."""
    reports = history.entries("report")
    return bool(reports) and reports[-1].content == parts


def is_same_plan(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two plans have the same budget, and questions that read the same."""
    return bool(one["budget"] == other["budget"]) and _bare(one) == _bare(other)


def _bare(plan: Mapping[str, Any]) -> str:
    """Return a question without its spaces and line ends."""
    return "".join(str(plan["question"]).split())


def _opened_after(history: History, claims: list[Entry]) -> bool:
    openings = history.entries("opening")
    return bool(openings) and openings[0].number > claims[-1].number
