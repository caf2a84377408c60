"""The trials of one search among those of a record, kept up to date change by change."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Protocol

from hpt_widgets.search.space import SearchSpace
from hpt_widgets.search.trial import Trial, value_key


class TrialLog(Protocol):
    """What tells of trials that come and go: a `SearchRecord`."""

    def changes_since(self, n_seen: int) -> list[tuple[Trial, bool]]:
        """Return the changes after the first `n_seen`."""


class OwnTrials:
    """The trials of one method that have a place in a space.

    Each trial of the record is looked at once, however often a search asks.

    Parameters
    ----------
    record : SearchRecord
        Where the trials are.
    method : str
        Whose trials they are.
    space : SearchSpace
        Where they must have a place.
    """

    def __init__(self, record: TrialLog, method: str, space: SearchSpace) -> None:
        self._record = record
        self._method = method
        self._space = space
        self._n_seen = 0
        self._trials: dict[str, Trial] = {}
        self._counts: Counter[Hashable] = Counter()
        self._seconds = 0.0
        self.n_dropped = 0

    def update(self) -> None:
        """Take in what the record has got or dropped since."""
        changes = self._record.changes_since(self._n_seen)
        self._n_seen += len(changes)
        for trial, is_added in changes:
            if is_added and trial.method == self._method:
                if self._space.can_place(trial.hyperparameters):
                    self._trials[trial.uuid] = trial
                    self._counts[self.key(trial.hyperparameters)] += 1
                    self._seconds += trial.seconds or 0.0
            elif trial.uuid in self._trials:
                del self._trials[trial.uuid]
                self._counts[self.key(trial.hyperparameters)] -= 1
                self._seconds = sum(other.seconds or 0.0 for other in self._trials.values())
                self.n_dropped += 1

    def __len__(self) -> int:
        return len(self._trials)

    @property
    def seconds(self) -> float:
        """What these trials have cost together."""
        return self._seconds

    @property
    def counts(self) -> Counter[Hashable]:
        """How often each point was tried, by its `key`."""
        return self._counts

    def in_order(self) -> list[Trial]:
        """Return the trials, oldest first."""
        return list(self._trials.values())

    def key(self, values: Mapping[str, Any]) -> Hashable:
        """Return what all trials of this point have in common."""
        return tuple(value_key(values[name]) for name in self._space.names)


class UntriedPoints:
    """The first point of a fixed sequence that has not been tried yet.

    Several at once don't land in the order of the sequence, and a search that was broken off
    lacks some in its midst: counting the trials would try others twice. What comes first in the
    sequence and has been tried is not looked at again.

    Parameters
    ----------
    own : OwnTrials
        What has been tried.
    repeats : bool
        Whether a point that comes twice is to be tried twice.
    """

    def __init__(self, own: OwnTrials, *, repeats: bool) -> None:
        self._own = own
        self._repeats = repeats
        self._points: list[tuple[Hashable, int]] = []
        self._n_before: Counter[Hashable] = Counter()
        self._first = 0
        self._n_dropped = 0

    def first_untried(self, point: Any, under_way: Iterable[Mapping[str, Any]]) -> Any:
        """Return the first untried point, None where there is none.

        Parameters
        ----------
        point : callable
            Takes a place in the sequence, from 0, and returns the point, or None behind the end.
        under_way : iterable of mappings
            What is being tried at present.
        """
        if self._n_dropped != self._own.n_dropped:
            self._first, self._n_dropped = 0, self._own.n_dropped
        counts = self._own.counts
        running = Counter(map(self._own.key, under_way))
        for place in itertools.count(self._first):
            values = point(place)
            if values is None:
                return None
            key, n_before = self._place_of(place, values)
            if counts[key] + running[key] <= n_before:
                return values
            if place == self._first and counts[key] > n_before:
                self._first += 1
        return None

    def _place_of(self, place: int, values: Mapping[str, Any]) -> tuple[Hashable, int]:
        """Return a point's key, and how many trials of it belong to earlier places."""
        while len(self._points) <= place:
            key = self._own.key(values)
            self._points.append((key, self._n_before[key]))
            self._n_before[key] += self._repeats
        return self._points[place]
