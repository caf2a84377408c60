"""Trials in the order in which they landed, found by number and by UUID."""

from __future__ import annotations

import dataclasses
import itertools
from uuid import uuid4

from hpt_widgets.search.trial import LARGEST_NUMBER, Trial


class NumberedTrials:
    """Trials of which each has a number of its own; none is ever looked for one by one."""

    def __init__(self) -> None:
        self._trials: dict[str, Trial] = {}
        self._uuids: dict[int, str] = {}
        self._dropped: dict[str, int] = {}
        self._last_number = 0
        self._changes: list[tuple[Trial, bool]] = []
        self._in_order: tuple[Trial, ...] | None = ()

    def __len__(self) -> int:
        return len(self._trials)

    def __contains__(self, uuid: object) -> bool:
        return uuid in self._trials

    @property
    def in_order(self) -> tuple[Trial, ...]:
        """All of them, oldest first."""
        if self._in_order is None:
            self._in_order = tuple(self._trials.values())
        return self._in_order

    @property
    def dropped(self) -> dict[str, int]:
        """The numbers of those that were dropped, by their UUIDs."""
        return self._dropped

    def knows(self, uuid: str) -> bool:
        """Return whether there is, or was, a trial with this UUID."""
        return uuid in self._trials or uuid in self._dropped

    def changes_since(self, n_seen: int) -> list[tuple[Trial, bool]]:
        """Return the changes after the first `n_seen`: a trial, and whether it was added."""
        return self._changes[n_seen:]

    def add(self, trial: Trial) -> Trial:
        """Add a trial and return it as stored.

        One without a number, or with one that is taken, gets the next free one; one with a
        UUID that is known gets a new one.
        """
        changes: dict[str, object] = {}
        if trial.number == 0 or trial.number in self._uuids:
            changes["number"] = self._next_number()
        if self.knows(trial.uuid):
            changes["uuid"] = str(uuid4())
        if changes:
            trial = dataclasses.replace(trial, **changes)  # type: ignore[arg-type]
        self._last_number = max(self._last_number, trial.number)
        self._uuids[trial.number] = trial.uuid
        self._trials[trial.uuid] = trial
        self._in_order = None
        self._changes.append((trial, True))
        return trial

    def find(self, number: object) -> Trial | None:
        """Return the trial of a number, None where there is none."""
        uuid = self._uuids.get(number) if isinstance(number, int) else None
        return None if uuid is None else self._trials[uuid]

    def drop(self, uuid: str) -> Trial | None:
        """Drop a trial and return it, None where there is none.

        No other trial is given its number; one that comes with that number keeps it.
        """
        trial = self._trials.pop(uuid, None)
        if trial is not None:
            del self._uuids[trial.number]
            self._dropped[uuid] = trial.number
            self._in_order = None
            self._changes.append((trial, False))
        return trial

    def _next_number(self) -> int:
        if self._last_number < LARGEST_NUMBER:
            return self._last_number + 1
        # Only where a file was altered: the numbers below have to do.
        return next(n for n in itertools.count(1) if n not in self._uuids)
