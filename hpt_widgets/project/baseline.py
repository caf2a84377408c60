"""The baseline of a project: the first setting that was trained to its end under that name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hpt_widgets.project.history import BASELINE, History, is_whole, setting_key, settings_of
from hpt_widgets.project.log_file import Entry


def first_baseline(history: History) -> Entry | None:
    """Return the fit that all else is held against; None where there is none.

    One that the reader broke off is none, but its setting stands from then on: whoever finishes
    it after the search has not chosen it by what the search found.
    """
    named = _named(history)
    whole = [fit for fit in named if is_whole(fit)]
    in_time = [fit for fit in whole if is_in_time(history, fit)]
    return next(iter([*in_time, *(named if history.has_early_rules else whole)]), None)


def is_in_time(history: History, baseline: Entry) -> bool:
    """Return whether a baseline's setting was begun before the first search."""
    search = next(iter(history.entries("search")), None)
    key = _key(settings_of(baseline))
    return search is None or any(
        fit.number < search.number and _key(settings_of(fit)) == key for fit in _named(history)
    )


def is_begun_in_time(history: History) -> bool:
    """Return whether some baseline was begun before the first search, if not trained to its end."""
    return any(is_in_time(history, fit) for fit in _named(history))


def is_baseline(history: History, setting: Mapping[str, Any]) -> bool:
    """Return whether a setting is that of the baseline.

    The baseline may be trained for longer or shorter: what is compared must be of equal lengths.
    """
    if history.has_early_rules:
        return is_called_baseline(history, setting)
    first = first_baseline(history)
    return first is not None and _key(settings_of(first)) == _key(setting)


def is_called_baseline(history: History, setting: Mapping[str, Any]) -> bool:
    """Return whether a setting was ever trained under the name of a baseline."""
    fits = history.fits_of(strategy=BASELINE)
    return setting_key(setting) in {setting_key(settings_of(fit)) for fit in fits}


def _named(history: History) -> list[Entry]:
    """Return the fits that are called baseline, without the trials of searches."""
    return [
        fit
        for fit in history.fits_of(strategy=BASELINE)
        if history.has_early_rules
        or not (fit.content.get("search") or fit.content.get("broken_off_search"))
    ]


def _key(setting: Mapping[str, Any]) -> str:
    return setting_key({**setting, "epochs": 0})
