"""The comparison that counts: the last one of a project, and the fits of each of its sides."""

from __future__ import annotations

from dataclasses import dataclass

from hpt_widgets.project.history import History, is_whole, setting_key, settings_of
from hpt_widgets.project.log_file import Entry


@dataclass(frozen=True)
class Side:
    """One setting of a comparison, and its fits.

    Attributes
    ----------
    name : str
        What it is called.
    setting : str
        Its `setting_key`.
    fits : tuple of Entry
        One for each seed that has been trained to the end.
    """

    name: str
    setting: str
    fits: tuple[Entry, ...]


@dataclass(frozen=True)
class LoggedComparison:
    """A comparison as the log has it.

    Attributes
    ----------
    number : int
        That of the entry with which its settings were first compared.
    seeds : tuple of int
        With which each side is to be trained.
    sides : tuple of Side
        What is compared.
    """

    number: int
    seeds: tuple[int, ...]
    sides: tuple[Side, ...]


def last_comparison(history: History) -> LoggedComparison | None:
    """Return the last comparison of a project; None where there is none, or of fewer than two."""
    entries = history.entries("comparison")
    if not entries or len(entries[-1].content["settings"]) < 2:
        return None
    content = entries[-1].content
    # It may have been taken up again, or with more seeds.
    first = next(entry for entry in entries if entry.content.get("key") == content["key"])
    seeds = tuple(content["seeds"])
    sides = []
    for name, setting in content["settings"].items():
        fits = history.fits_of(comparison=content["key"], strategy=name)
        # Two kernels may have trained the same.
        own = {settings_of(fit)["seed"]: fit for fit in fits if is_whole(fit)}
        trained = tuple(own[seed] for seed in seeds if seed in own)
        sides.append(Side(name, setting_key(setting), trained))
    return LoggedComparison(first.number, seeds, tuple(sides))
