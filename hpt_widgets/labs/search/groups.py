"""The searches of a lab, grouped by what they have in common, and named."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from hpt_widgets.labs.kit.settings_text import in_a_row, with_remark
from hpt_widgets.labs.search.live import SearchRun, SearchSettings
from hpt_widgets.labs.search.trial_words import shortened
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import Comparison, Repeats, compare
from hpt_widgets.search.halving import RUNG_METHODS, epochs_of
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import ALL_METHODS
from hpt_widgets.support.colors import ORANGE, PALETTE

NAMED_METHODS = ("manual", *ALL_METHODS)
CHOSEN_COLOR: Final = ORANGE
"""That of the chosen trial, on the map and in its learning curve."""
GROUP_COLORS: Final = tuple(color for color in PALETTE if color != CHOSEN_COLOR)
"""Those of the groups of searches."""


def method_name(method: str) -> str:
    """Return what a method is called on the screen."""
    return (
        translate(f"search_lab.method_{method}") if method in NAMED_METHODS else shortened(method)
    )


def run_name(run: SearchRun) -> str:
    """Return what a search is called in lists: "2: random search, seed 0"."""
    key = "run_name" if _is_seed_known(run) else "record_name"
    name = method_name(run.settings.method)
    return translate(f"search_lab.{key}", number=run.number, name=name, seed=run.settings.seed)


def groups_of(runs: Sequence[SearchRun]) -> list[Repeats]:
    """Group searches that differ in nothing but their seed, in the order of their first one.

    Of several searches with the same seed, which are one and the same, the longest counts.
    """
    kinds: dict[tuple[object, ...], dict[object, SearchRun]] = {}
    for run in runs:
        if not len(run.record):
            continue
        members = kinds.setdefault(run.settings.kind, {})
        seed = run.settings.seed if _is_seed_known(run) else ("record", run.number)
        if seed not in members or len(run.record) >= len(members[seed].record):
            members[seed] = run
    settings = {kind: next(iter(members.values())).settings for kind, members in kinds.items()}
    return [
        Repeats(
            _kind_name(settings[kind], list(settings.values())),
            tuple(run.record for run in members.values()),
        )
        for kind, members in kinds.items()
    ]


def group_label(group: Repeats) -> str:
    """Return what a group is called in legends, with how many searches it has."""
    count = len(group.records)
    if count == 1:
        return group.name
    searched = all(record.method in ALL_METHODS for record in group.records)
    key = "group" if searched else "group_of_records"
    return translate(f"search_lab.{key}", name=group.name, count=count)


def newest_with_colors(groups: Sequence[Repeats]) -> list[tuple[int, Repeats]]:
    """Return the newest groups, as many as there are colours, each with its place in them.

    A group keeps its colour when others come.
    """
    places = [(place % len(GROUP_COLORS), group) for place, group in enumerate(groups)]
    return places[-len(GROUP_COLORS) :]


def comparisons_of(groups: Sequence[Repeats]) -> list[Comparison]:
    """Compare every two groups."""
    found = [
        compare(first, second)
        for place, first in enumerate(groups)
        for second in groups[place + 1 :]
    ]
    return [comparison for comparison in found if comparison is not None]


def conditions_differ(groups: Sequence[Repeats]) -> bool:
    """Whether trials were trained on different numbers of samples, or for different epochs.

    Then an accuracy says nothing about the method that proposed the hyperparameters.
    """
    names = ("training_size", "epochs")
    found = {
        tuple(trial.hyperparameters.get(name) for name in names)
        for group in groups
        for record in group.records
        for trial in record
    }
    return len(found) > 1


def settings_of_record(record: SearchRecord) -> SearchSettings:
    """Infer from its trials how a record was searched."""
    trials = record.trials
    if record.method not in ALL_METHODS or not trials:
        return SearchSettings(method=record.method)
    known = trials[0].hyperparameters

    def whole(name: str) -> int | None:
        value = known.get(name)
        return value if isinstance(value, int) else None

    found = SearchSettings(
        method=record.method,
        trials=len(trials),
        seed=whole("seed") or 0,
        training_size=whole("training_size"),
        epochs=whole("epochs"),
    )
    if record.method not in RUNG_METHODS:
        return found
    first_rung = [trial for trial in trials if epochs_of(trial) == epochs_of(trials[0])]
    candidates = len(first_rung) if record.method == "halving" else None
    return dataclasses.replace(found, trials=candidates, epochs=None, max_epochs=None, factor=None)


def assumed_settings(record: SearchRecord) -> tuple[str, ...]:
    """Name the settings that decide what a search proposes next, and that no trial of it tells."""
    if record.method not in ALL_METHODS or record.method == "grid":
        return ()
    seeds = [trial.hyperparameters.get("seed") for trial in record.trials[:1]]
    names = () if seeds and isinstance(seeds[0], int) else ("seed",)
    return (*names, "n_startup_jobs") if record.method == "tpe" else names


def _is_seed_known(run: SearchRun) -> bool:
    return run.settings.method in ALL_METHODS and "seed" not in run.assumed


def _kind_name(settings: SearchSettings, others: Sequence[SearchSettings]) -> str:
    """Name a kind of search, with whatever differs from others of the same method."""
    name = method_name(settings.method)
    same = [other for other in others if other.method == settings.method]
    details = [
        f"{translate(f'search_lab.{field}')} {_shown(getattr(settings, field))}"
        for field in ("n_startup_jobs", "training_size", "epochs", "max_epochs", "factor")
        if len({getattr(other, field) for other in same}) > 1
    ]
    return with_remark(name, in_a_row(details))


def _shown(count: int | None) -> str:
    return "–" if count is None else str(count)
