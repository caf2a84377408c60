"""How much one may ask of the board: runs, new students, and guesses at the class code."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hpt_widgets.board.words import may_be_code

RUNS_A_MINUTE: Final = 60
STUDENTS_OF_A_PLACE: Final = 60
"""New students a minute from one address; a whole class may share one, and joins at once."""
RUNS_OF_A_PLACE: Final = 100 * RUNS_A_MINUTE
"""Runs a minute from one address: those of a hundred students. Forged ones add no more to it."""
# There are 301 x 300 = 90,300 codes. In a lesson of 45 minutes one place gets 60 + 6 x 45 = 330
# guesses and finds the code with a chance of 0.4 %; all places together get 200 + 20 x 45 = 1,100,
# and 1.2 %. Only what may be a code and was not tried yet is a guess: all else tells nothing, and
# mistyped words are let pass. A right code that were always let in could be found within minutes,
# at a thousand tries a second.
GUESSES_OF_A_PLACE: Final = (60, 6)
"""Wrong class codes from one address: so many at once, and so many a minute."""
GUESSES_OF_ALL: Final = (200, 20)
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
        How many each name gets each minute.
    clock : callable, default time.monotonic
        Tells the seconds.
    at_once : int, optional
        How many each name begins with, and has at most; by default those of a minute.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        at_once: int | None = None,
    ) -> None:
        self._per_minute = per_minute
        self._capacity = per_minute if at_once is None else at_once
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
        return max(1, math.ceil((wanted - bucket.level) * _MINUTE / self._per_minute))

    def wait(self, name: str) -> int:
        """Return the seconds until there is one, without taking it; 0 where there is one."""
        bucket = self._bucket(name)
        if bucket.level >= 1:
            return 0
        return max(1, math.ceil((1 - bucket.level) * _MINUTE / self._per_minute))

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
        return min(self._capacity, bucket.level + (now - bucket.at) * self._per_minute / _MINUTE)

    def _let_go(self, now: float) -> None:
        """Forget the buckets that are full; if none is, the oldest."""
        full = [n for n, b in self._buckets.items() if self._level(b, now) >= self._capacity]
        for name in full or list(self._buckets)[: _MOST_BUCKETS // 2]:
            del self._buckets[name]


class CodeTries:
    """Counts guesses at the class code, from one place and from all together.

    Parameters
    ----------
    clock : callable, default time.monotonic
        Tells the seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        at_once, per_minute = GUESSES_OF_A_PLACE
        self._of_one = RateLimit(per_minute, clock, at_once)
        at_once, per_minute = GUESSES_OF_ALL
        self._of_all = RateLimit(per_minute, clock, at_once)
        self._wanted = ""
        self._tried: set[str] = set()

    def wait(self, place: str) -> int:
        """Return the seconds for which no code of a place is looked at; 0 where it is."""
        return max(self._of_one.wait(place), self._of_all.wait(""))

    def note_wrong(self, place: str, code: str, wanted: str) -> None:
        """Count a wrong code where it is a guess. All is kept in memory alone.

        Parameters
        ----------
        place : str
            Where it comes from.
        code : str
            What was tried, as `words.checked_code` gives it; empty where it is no code.
        wanted : str
            The right one: with another all guesses begin anew.
        """
        if wanted != self._wanted:
            self._wanted = wanted
            self._tried.clear()
        if not may_be_code(code) or code in self._tried:
            return
        self._tried.add(code)
        self._of_one.take(place)
        self._of_all.take("")
