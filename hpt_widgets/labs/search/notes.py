"""The searches of a lab, saved for the case that its kernel dies, and restored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.kit.unfinished_work import RecordNote
from hpt_widgets.labs.search.live import SearchRun, SearchSettings
from hpt_widgets.search.objective import Objective
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import ALL_METHODS
from hpt_widgets.search.space import SearchSpace
from hpt_widgets.training.hyperparameters import Hyperparameters


def subject_of(space: SearchSpace, objective: Objective | None) -> str:
    """Identify what a lab searches: only searches of the same are restored into it."""
    return f"search {space!r} {'training' if objective is None else 'objective'}"


def details_of(
    data: Dataset | None, hyperparameters: Hyperparameters, objective: Objective | None
) -> dict[str, Any]:
    """Return what else must be the same, since no search varies it: see `UnfinishedWork`."""
    if objective is not None:
        named = objective if hasattr(objective, "__qualname__") else type(objective)
        return {"objective": named.__qualname__}
    return {
        "data": None if data is None else data_fingerprint(data),
        "hyperparameters": hyperparameters.to_record(),
    }


def notes_of(searches: Iterable[SearchRun], batch: Sequence[SearchRun]) -> list[RecordNote]:
    """Return the notes of the searches that are the lab's own and kept in a file.

    Parameters
    ----------
    searches : iterable of SearchRun
        All searches and records of the lab.
    batch : sequence of SearchRun
        Those of them that were started last, together.
    """
    return [
        RecordNote(
            str(run.record.path),
            run.record.method,
            {"settings": dataclasses.asdict(run.settings), "is_in_batch": run in batch},
        )
        for run in searches
        if run.settings.method in ALL_METHODS and run.record.path is not None
    ]


def restore_searches(
    notes: Iterable[RecordNote],
    is_allowed: Callable[[SearchSettings], bool],
    on_warning: Callable[[str], object],
) -> tuple[list[SearchRun], list[SearchRun]]:
    """Return the searches that were noted, and those of them that had been started last.

    Parameters
    ----------
    notes : iterable of RecordNote
        What a lab left.
    is_allowed : callable
        Tells whether the lab can go on with such a search; others are left out.
    on_warning : callable
        Gets a message when a record can't be kept any more.
    """
    searches: list[SearchRun] = []
    batch: list[SearchRun] = []
    for note in notes:
        try:
            settings = SearchSettings(**note.facts["settings"])
        except (KeyError, TypeError):
            continue
        if not is_allowed(settings):
            continue
        record, is_in_batch = note.open(), bool(note.facts.get("is_in_batch"))
        if record is None and is_in_batch:  # it had waited for its turn
            record = SearchRecord(note.method, path=note.path)
        if record is not None:
            record.on_warning = on_warning
            searches.append(SearchRun(len(searches) + 1, settings, record))
            batch += searches[-1:] if is_in_batch else []
    return (searches, batch) if any(len(run.record) for run in searches) else ([], [])
