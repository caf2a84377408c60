"""Moments that students' files name: which of them cannot be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

# Before the day of the first version (25 November 2026), wherever on Earth, nothing was done.
EARLIEST: Final = datetime(2026, 11, 24, tzinfo=UTC)
# Whoever looks may have another date, with a clock that is in the wrong time zone.
_MOST_AHEAD: Final = timedelta(hours=26)
# By how much a clock may go back that is merely put right, or that of a second computer be behind.
# Moments name their time zones: neither a journey nor summer time sets a clock back.
_MOST_BACK: Final = timedelta(hours=2)


@dataclass(frozen=True)
class OddMoments:
    """What is odd about the moments of a file.

    Attributes
    ----------
    cannot_be : bool
        Whether one of them is none, lies in the future, or before the first version.
    back : tuple of str, optional
        The first two of which the later one in the file was the earlier one by the clock, as
        `shown_moment` writes them.
    """

    cannot_be: bool
    back: tuple[str, str] | None


def moment_of(text: str) -> datetime | None:
    """Return a moment with its time zone, None where the text is none.

    Examples
    --------
    >>> moment_of("2027-01-15T18:00:00+01:00").hour
    18
    >>> moment_of("2027-01-15T18:00:00") is None
    True
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def shown_moment(moment: datetime) -> str:
    """Return a moment to the minute, in this computer's time zone.

    Of two moments that were written in two time zones the later one is later in words too.

    Parameters
    ----------
    moment : datetime
        With its time zone. What lies so near the ends of the calendar that it is no date here
        keeps its own zone.
    """
    with contextlib.suppress(OverflowError, OSError, ValueError):
        moment = moment.astimezone()
    # Not strftime, which writes the year 1 in one way on one system and in another on the next.
    return moment.replace(tzinfo=None).isoformat(" ", "minutes")


def odd_moments(texts: Iterable[str], *, now: datetime | None = None) -> OddMoments:
    """Look for moments that cannot be, or only with a clock that was set.

    Parameters
    ----------
    texts : iterable of str
        The moments in ISO 8601, in the order of the file; at the end that of its export.
    now : datetime, optional
        The moment of looking; the present one by default.

    Returns
    -------
    OddMoments
    """
    moments = [moment_of(text) for text in texts]
    known = [moment for moment in moments if moment is not None]
    latest = (now or datetime.now().astimezone()) + _MOST_AHEAD
    is_outside = any(not EARLIEST <= moment <= latest for moment in known)
    back = (
        (shown_moment(earlier), shown_moment(later))
        for earlier, later in pairwise(known)
        if earlier - later > _MOST_BACK
    )
    return OddMoments(is_outside or len(known) < len(moments), next(back, None))
