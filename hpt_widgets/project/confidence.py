"""The confidence interval of a test accuracy, and whether a reader's agrees with it."""

from __future__ import annotations

from typing import Final

from hpt_widgets.project.log_file import Entry

# What a reader may lose by rounding the ends of an interval to three digits.
ROUNDING: Final = 0.001
# What rounding to two digits changes; the rest is what a float adds.
_HALF_A_HUNDREDTH: Final = 0.005 + 1e-9


def interval_of(n_correct: int, n_samples: int, method: str = "wilson") -> tuple[float, float]:
    """Return the 95 % confidence interval of an accuracy.

    Parameters
    ----------
    n_correct, n_samples : int
        How many samples are classified correctly, of how many.
    method : {"wilson", "exact"}, default "wilson"
        Wilson (1927), or Clopper & Pearson (1934).

    Returns
    -------
    low, high : float
        From 0 to 1.
    """
    from scipy.stats import binomtest

    found = binomtest(n_correct, n_samples).proportion_ci(0.95, method)
    return float(found.low), float(found.high)


def agrees(claim: Entry, opening: Entry, tolerance: float = ROUNDING) -> bool:
    """Return whether a claimed interval is that of an opening, by either method.

    Parameters
    ----------
    claim, opening : Entry
        Of the log.
    tolerance : float, default ROUNDING
        By how much each end may differ, as a share from 0 to 1.
    """
    n_correct, n = opening.content["n_correct"], opening.content["n_samples"]
    ends = claim.content["low"], claim.content["high"]
    return any(
        all(
            abs(a - b) <= tolerance
            for a, b in zip(ends, interval_of(n_correct, n, method), strict=True)
        )
        for method in ("wilson", "exact")
    )


def agrees_when_rounded(claim: Entry, opening: Entry) -> bool:
    """Return whether a claimed interval is that of an opening, each end rounded to two digits."""
    ends = claim.content["low"], claim.content["high"]
    are_rounded = all(abs(end - round(end, 2)) < 1e-9 for end in ends)
    return are_rounded and agrees(claim, opening, _HALF_A_HUNDREDTH)
