"""What was tried before a comparison, one training at a time or in a search."""

from __future__ import annotations

import math
from typing import Any

from hpt_widgets.project.baseline import is_baseline
from hpt_widgets.project.comparison import LoggedComparison, Side
from hpt_widgets.project.history import (
    BASELINE,
    History,
    is_whole,
    planned_samples,
    setting_key,
    settings_of,
)
from hpt_widgets.project.log_file import Entry


def search_costs(history: History, comparison: LoggedComparison) -> dict[str, float]:
    """Return what the searches have cost from which the sides come, in epochs, where they do."""
    costs = {}
    for side in comparison.sides:
        keys = history.searches_of(side.setting)
        searched = [fit for key in keys for fit in history.fits_of(search=key)]
        samples = [planned_samples(fit) for fit in searched] or [
            _spent_samples(history, fit) for fit in _tries_by_hand(history, side, comparison.number)
        ]
        if samples:
            costs[side.name] = sum(samples) / history.n_train
    return costs


def fresh_fits(history: History, side: Side) -> list[Entry]:
    """Return the fits of a side whose seeds nobody had seen with its setting before."""
    seen = _seen_seeds(history)
    return [fit for fit in side.fits if seen.get(_what(fit), fit.number) >= fit.number]


def seen_before_choice(history: History, opening: Entry) -> list[Entry]:
    """Return the fits before the choice that were what was tested already, seed included.

    A baseline was picked neither by its first training nor by a search.
    """
    choices = [choice for choice in history.entries("choice") if choice.number < opening.number]
    if not choices or _setting(choices[-1]) != _setting(opening):
        return []
    fits = history.entries("fit")
    size = next(
        (fit.content["training_size"] for fit in fits if fit.number == opening.content.get("fit")),
        None,
    )
    seen = [
        fit
        for fit in fits
        if fit.number < choices[-1].number
        and fit.content["training_size"] == size
        and _what(fit) == _what(opening)
        and _tells(fit)
    ]
    if not is_baseline(history, settings_of(opening)):
        return seen
    return [
        fit for fit in seen if fit.content["strategy"] != BASELINE and not fit.content.get("search")
    ]


def _tries_by_hand(history: History, side: Side, before: int) -> list[Entry]:
    """Return the fits among which a reader has found a setting without a search."""
    if history.has_early_rules:
        tries = [fit for fit in singles(history, before) if fit.content["strategy"] != BASELINE]
        strategies = {fit.content["strategy"] for fit in tries if _setting(fit) == side.setting}
        tries = [fit for fit in tries if fit.content["strategy"] in strategies]
    else:
        tries = _new_settings(history, side, before)
    # Among one setting there is nothing to choose.
    return tries if len({_setting(fit) for fit in tries}) > 1 else []


def _new_settings(history: History, side: Side, before: int) -> list[Entry]:
    """Return all tries, whatever they are called, if the side is one of them."""
    named = history.fits_of(strategy=BASELINE)
    own = [fit for fit in named if is_baseline(history, settings_of(fit))]
    # A baseline can have been picked only among what was tried before it.
    if side.setting in map(_setting, own):
        before = min(before, own[0].number)
    # What a search has found is paid for there: it may be trained once more at any time.
    searched = {_setting(fit) for fit in history.entries("fit") if fit.content.get("search")}
    left_out = {fit.number for fit in own}
    tries = [
        fit
        for fit in singles(history, before)
        if fit.number not in left_out and _setting(fit) not in searched and _tells(fit)
    ]
    return tries if side.setting in map(_setting, tries) else []


def singles(history: History, before: float = math.inf) -> list[Entry]:
    """Return the fits before an entry that belong neither to a search nor to a comparison."""
    others = ("search", "broken_off_search", "comparison")
    return [
        fit
        for fit in history.entries("fit")
        if fit.number < before and not any(fit.content.get(name) for name in others)
    ]


def _seen_seeds(history: History) -> dict[tuple[str, Any], int]:
    """Return settings with their seeds, and from which entry on each pair had been seen.

    That of a search is never fresh: the search may have picked the setting because of it.
    """
    seen: dict[tuple[str, Any], int] = {}
    for fit in history.entries("fit"):
        if fit.content.get("search"):
            seen[_what(fit)] = 0
        elif not (fit.content.get("comparison") or history.has_early_rules) and _tells(fit):
            seen.setdefault(_what(fit), fit.number)
    return seen


def _tells(fit: Entry) -> bool:
    """Return whether a fit shows how its setting does: not if it was broken off at once."""
    return is_whole(fit) or bool(fit.content["samples"] >= fit.content["training_size"])


def _spent_samples(history: History, fit: Entry) -> int:
    """Return what a try has cost, in samples: no more than it got where it was broken off."""
    is_planned = is_whole(fit) or history.has_early_rules
    return planned_samples(fit) if is_planned else int(fit.content["samples"])


def _what(fit: Entry) -> tuple[str, Any]:
    return _setting(fit), settings_of(fit).get("seed")


def _setting(fit: Entry) -> str:
    return setting_key(settings_of(fit))
