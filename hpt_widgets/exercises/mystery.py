"""Judging a mystery run: whether a reader's runs draw the curve that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.exercises.chart import curve_of
from hpt_widgets.exercises.exercise import Wrong
from hpt_widgets.exercises.trials import check_settings
from hpt_widgets.language import Text, joined
from hpt_widgets.search.trial import Trial

OTHER_LENGTH = Text(
    en="Run {number} saw {found:,.0f} samples, the mystery {wanted:,.0f}: leave the number of "
    "epochs and the training size as they are.",
    zh="第 {number} 次训练看了 {found:,.0f} 个样本，谜题是 {wanted:,.0f} 个："
    "轮数和训练样本数请不要改。",
)
BROKEN_OFF = Text(
    en="Run {number} was broken off after {found:,.0f} of {wanted:,.0f} samples: let it train to "
    "its end.",
    zh="第 {number} 次训练看了 {found:,.0f} 个样本就中途停止了（谜题是 {wanted:,.0f} 个）："
    "请让它训练到底。",
)
DIVERGED = Text(
    en="Run {number} diverged after {found:,.0f} of {wanted:,.0f} samples: take a smaller "
    "learning rate.",
    zh="第 {number} 次训练看了 {found:,.0f} 个样本就发散了（谜题是 {wanted:,.0f} 个）："
    "请用小一些的学习率。",
)
FAILED = Text(
    en="Run {number} failed and has drawn no curve ({message}): train once more.",
    zh="第 {number} 次训练出错，没有画出曲线（{message}）：请重新训练一次。",
)
NOT_THE_CURVE = Text(
    en="Your nearest run is number {number}: after {samples:,.0f} samples it stands at "
    "{found:.1%}, the mystery at {wanted:.1%}.",
    zh="最接近的是第 {number} 次训练：看过 {samples:,.0f} 个样本之后，它是 {found:.1%}，"
    "谜题是 {wanted:.1%}。",
)
NEWEST_IS_OFF = Text(
    en="(That was run {before}. The newest, run {number}, does not draw it: after {samples:,.0f} "
    "samples it stands at {found:.1%}, the mystery at {wanted:.1%}.)",
    zh="（这是第 {before} 次训练。最近的第 {number} 次没有画出来：看过 {samples:,.0f} 个样本之后，"
    "它是 {found:.1%}，谜题是 {wanted:.1%}。）",
)
NEWEST_IS_NONE = Text(
    en="(That was run {before}. {why})",
    zh="（这是第 {before} 次训练。{why}）",
)


@dataclass(frozen=True)
class Match:
    """How a run compares with a stored curve.

    Attributes
    ----------
    trial : Trial
    distance : float
        The mean difference of the accuracies; single points are a chance of the seed.
    samples, found, wanted : float
        Where the largest difference is, and both accuracies there.
    """

    trial: Trial
    distance: float
    samples: float
    found: float
    wanted: float


@dataclass(frozen=True)
class Drawn:
    """A run that draws a stored curve: the newest if it does, else the nearest.

    Attributes
    ----------
    match : Match
    newest : str
        What is to be said of the newest run where it is another one; empty where it is this.
    """

    match: Match
    newest: str = ""

    def praised(self, praise: Text) -> Text:
        """Return the praise, with what is to be said of the newest run behind it."""
        return Text(en=joined([praise.en, self.newest]), zh=joined([praise.zh, self.newest]))


def run_that_draws(
    trials: list[Trial], settings: Mapping[str, Any], series: str, tolerance: float
) -> Drawn:
    """Return a run that draws a stored curve, with the settings that the task holds fixed.

    It is the newest one if that draws it: the reader asks about it.

    Parameters
    ----------
    trials : list of Trial
        All that were made.
    settings : mapping of str to value
        What the task holds fixed.
    series, tolerance
        As for `nearest_run`.

    Raises
    ------
    Wrong
        If there is none. Where the newest trial has another setting, the message says that: it
        is the one the reader asks about.
    """
    kept, newest = check_settings(trials, settings), trials[-1:]
    try:
        match = nearest_run(kept, series, tolerance)
    except Wrong:
        check_settings(newest, settings)
        raise
    before = match.trial.number
    try:
        latest = _nearest(check_settings(newest, settings), series)
    except Wrong as wrong:
        return Drawn(match, NEWEST_IS_NONE.format(before=before, why=wrong))
    if latest.distance <= tolerance:
        return Drawn(latest)
    return Drawn(match, NEWEST_IS_OFF.format(before=before, **_where(latest)))


def nearest_run(trials: list[Trial], series: str, tolerance: float) -> Match:
    """Return the run whose accuracies are nearest to a stored curve's.

    Parameters
    ----------
    trials : list of Trial
        With learning curves.
    series : str
        The stored curve: validation accuracy over samples.
    tolerance : float
        How large the mean difference may be.

    Raises
    ------
    Wrong
        If none comes that near; the message says where the nearest one differs.
    """
    best = _nearest(trials, series)
    if best.distance > tolerance:
        raise Wrong(NOT_THE_CURVE, **_where(best))
    return best


def _nearest(trials: list[Trial], series: str) -> Match:
    """Return how the nearest run compares with a stored curve, however far off it is."""
    x, y = curve_of(series)
    drawn = [trial for trial in trials if trial.history and trial.ended == "finished"]
    whole = [trial for trial in drawn if abs(trial.history[-1][0] - x[-1]) <= 0.02 * x[-1]]
    if not whole:
        raise _wrong_length(trials[-1], x[-1])
    return min((_compared(trial, x, y) for trial in whole), key=lambda match: match.distance)


def _where(match: Match) -> dict[str, float]:
    """Return what the texts say of a run: which it is, and where it is farthest off."""
    return {
        "number": match.trial.number,
        "samples": match.samples,
        "found": match.found,
        "wanted": match.wanted,
    }


def _wrong_length(trial: Trial, wanted: float) -> Wrong:
    """Return why a run's curve does not reach as far as the mystery's."""
    texts = {"stopped": BROKEN_OFF, "diverged": DIVERGED, "failed": FAILED}
    return Wrong(
        texts.get(trial.ended, OTHER_LENGTH),
        number=trial.number,
        found=trial.history[-1][0] if trial.history else 0.0,
        wanted=wanted,
        message=trial.message or trial.ended,
    )


def _compared(trial: Trial, x: NDArray[np.float64], y: NDArray[np.float64]) -> Match:
    seen, accuracy = np.array([point[:2] for point in trial.history]).T
    found = np.interp(x, seen, accuracy)
    # Within the first steps the curve is steep, and a chance of the seed.
    late = x >= 0.1 * x[-1]
    gaps = np.where(late, np.abs(found - y), 0.0)
    place = int(gaps.argmax())
    mean = float(gaps[late].mean())
    return Match(trial, mean, float(x[place]), float(found[place]), float(y[place]))
