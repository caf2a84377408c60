"""What becomes of a claim: an estimate, its band, and on which side of a threshold they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from hpt_widgets.language import translate

Outcome = Literal["reproduced", "refuted", "undecided", "out of reach"]
LEVEL: Final = 0.95
"""Of every band: the share of experiments like this one whose band holds the true value."""


@dataclass(frozen=True)
class Verdict:
    """A claim's verdict.

    Attributes
    ----------
    outcome : {"reproduced", "refuted", "undecided", "out of reach"}
        Of this workbook's network and data alone: "refuted" is short for "refuted here".
    estimate, low, high : float or None
        The quantity that the criterion names, and the 95 % band about it; None if it was not
        measured.
    unit : str, default ""
        Its unit, a key of the words in ``language/claims.py``: ``"points"``, ``"times"``,
        ``"percent"``, ``"doublings"`` or none.
    """

    outcome: Outcome
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        for name in ("estimate", "low", "high"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else float(value))

    @property
    def word(self) -> str:
        """The outcome in the reader's language."""
        return translate(f"claims.outcome_{self.outcome.replace(' ', '_')}")

    @property
    def figures(self) -> str:
        """The estimate with its band and unit; empty where nothing was measured."""
        if self.estimate is None:
            return ""
        unit = translate(f"claims.unit_{self.unit}") if self.unit else ""
        if self.low is None or self.high is None:
            return f"{_short(self.estimate)}{unit}"
        return translate(
            "claims.figures",
            estimate=f"{_short(self.estimate)}{unit}",
            low=_short(self.low),
            high=_short(self.high),
        )

    def __repr__(self) -> str:
        if not self.figures:
            return self.word
        return translate("claims.verdict", outcome=self.word, figures=self.figures)


def judge(
    estimate: float,
    low: float,
    high: float,
    *,
    above: float | None = None,
    below: float | None = None,
    unit: str = "",
) -> Verdict:
    """Return the verdict on a claim that a quantity lies above, or below, a threshold.

    Parameters
    ----------
    estimate, low, high : float
        The quantity and its band.
    above, below : float, optional
        What the claim says: that the quantity is larger, or smaller. Exactly one of them.
    unit : str, default ""
        As for `Verdict`.

    Returns
    -------
    Verdict
        "reproduced" if the whole band lies on the claim's side, "refuted" if it lies on the
        other, else "undecided".

    Raises
    ------
    ValueError
        If both or neither of `above` and `below` are given, or the band is none.
    """
    if (above is None) == (below is None):
        raise ValueError(f"above={above!r} and below={below!r}: give exactly one of them")
    if not low <= estimate <= high:
        raise ValueError(f"low={low!r}, estimate={estimate!r}, high={high!r}: not in this order")
    if above is not None:
        holds, fails = low > above, high < above
    else:
        assert below is not None
        holds, fails = high < below, low > below
    outcome: Outcome = "reproduced" if holds else "refuted" if fails else "undecided"
    return Verdict(outcome, estimate, low, high, unit)


def mean_band(values: Any) -> tuple[float, float, float]:
    """Return the mean of a sample and its 95 % interval by Student's t.

    Parameters
    ----------
    values : array-like of float
        Independent measurements, such as differences between two settings with the same seed;
        at least two.

    Returns
    -------
    estimate, low, high : float

    Raises
    ------
    ValueError
        If there are fewer than two, or one of them is no number.
    """
    from scipy import stats

    sample = np.asarray(values, float)
    if sample.ndim != 1 or len(sample) < 2 or not np.isfinite(sample).all():
        raise ValueError(f"values={values!r}: give two numbers or more")
    mean = float(sample.mean())
    half = float(stats.t.ppf((1 + LEVEL) / 2, len(sample) - 1) * stats.sem(sample))
    return mean, mean - half, mean + half


def resampled_band(statistics: Any, estimate: float | None = None) -> tuple[float, float, float]:
    """Return the middle of resampled statistics and the band that holds 95 % of them.

    Parameters
    ----------
    statistics : array-like of float
        The quantity in each resampling.
    estimate : float, optional
        The quantity in the whole sample; the median of the statistics by default.

    Returns
    -------
    estimate, low, high : float
    """
    found = np.asarray(statistics, float)
    low, middle, high = np.quantile(found, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    middle = middle if estimate is None else estimate
    return float(middle), float(min(low, middle)), float(max(high, middle))


def _short(value: float) -> str:
    """Write a number with three significant digits, and a true minus."""
    return f"{value:.3g}".replace("-", "−")
