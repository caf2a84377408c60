"""How often a student may send runs, and how often anybody may guess the class code."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

RUNS_A_MINUTE: Final = 60
WRONG_CODES_A_MINUTE: Final = 10
WRONG_CODES_OF_ALL: Final = 100
_MINUTE: Final = 60.0
# More are kept only until those that have filled up again are let go.
_MOST_BUCKETS: Final = 5_000


@dataclass
class _Bucket:
    level: float
    at: float


class RateLimit:
    """A token bucket for each name: so many a minute, all of them at once if one likes.

    Parameters
    ----------
    per_minute : int
        How many each name has, and gets anew each minute.
    clock : callable, default time.monotonic
        Tells the seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = per_minute
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str, count: int = 1) -> int:
        """Take so many, or none; return after how many seconds there are enough, 0 if taken.

        Parameters
        ----------
        name : str
            Whose bucket.
        count : int, default 1
            How many; more than the bucket holds wait until it is full.
        """
        bucket = self._bucket(name)
        wanted = min(count, self._capacity)
        if bucket.level >= wanted:
            bucket.level -= wanted
            return 0
        return max(1, math.ceil((wanted - bucket.level) * _MINUTE / self._capacity))

    def wait(self, name: str) -> int:
        """Return the seconds until there is one, without taking it; 0 where there is one."""
        bucket = self._bucket(name)
        if bucket.level >= 1:
            return 0
        return max(1, math.ceil((1 - bucket.level) * _MINUTE / self._capacity))

    def __len__(self) -> int:
        return len(self._buckets)

    def _bucket(self, name: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(name)
        if bucket is None:
            if len(self._buckets) >= _MOST_BUCKETS:
                self._let_go(now)
            bucket = self._buckets[name] = _Bucket(self._capacity, now)
        bucket.level = self._level(bucket, now)
        bucket.at = now
        return bucket

    def _level(self, bucket: _Bucket, now: float) -> float:
        return min(self._capacity, bucket.level + (now - bucket.at) * self._capacity / _MINUTE)

    def _let_go(self, now: float) -> None:
        """Forget the buckets that are full; if none is, the oldest."""
        full = [n for n, b in self._buckets.items() if self._level(b, now) >= self._capacity]
        for name in full or list(self._buckets)[: _MOST_BUCKETS // 2]:
            del self._buckets[name]


class CodeTries:
    """Counts wrong class codes: ten a minute from one place, a hundred from all together.

    Parameters
    ----------
    clock : callable, default time.monotonic
        Tells the seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._of_one = RateLimit(WRONG_CODES_A_MINUTE, clock)
        self._of_all = RateLimit(WRONG_CODES_OF_ALL, clock)

    def wait(self, place: str) -> int:
        """Return the seconds for which a place may not try a code; 0 where it may."""
        return max(self._of_one.wait(place), self._of_all.wait(""))

    def note_wrong(self, place: str) -> None:
        """Count a wrong code. The place is kept in memory alone, for some minutes."""
        self._of_one.take(place)
        self._of_all.take("")
