"""What the claims of chapter 7.4 share: scores by what was set, joint verdicts, and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.claims.verdict import Outcome, Verdict

FloatArray = NDArray[np.float64]


def word(name: str, **values: object) -> str:
    """Return a text of this chapter's claims in the reader's language."""
    return translate(f"claims_scale.{name}", **values)


def ends_of(low: float, high: float) -> str:
    """Return a band's ends as a table has them, with a true minus."""
    return word("from_to", low=f"{low:.2f}", high=f"{high:.2f}").replace("-", "−")


def loss_of(trial: Trial) -> float:
    """Return a trial's validation loss, infinite where it diverged."""
    if not trial.usable or trial.validation_loss is None or np.isnan(trial.validation_loss):
        return np.inf
    return trial.validation_loss


def arranged(
    trials: Iterable[Trial], axes: dict[str, tuple[Any, ...]], score: Callable[[Trial], float]
) -> FloatArray:
    """Arrange trials in an array by what was set in them.

    Parameters
    ----------
    trials : iterable of Trial
        Those whose values stand on no axis are left out.
    axes : dict of str to tuple
        The hyperparameters along the axes, and their values.
    score : callable
        Takes a trial and returns a number.

    Returns
    -------
    ndarray of float
        One axis for each hyperparameter; NaN where there is no trial.
    """
    found = np.full([len(values) for values in axes.values()], np.nan)
    places = [{value: place for place, value in enumerate(values)} for values in axes.values()]
    for trial in trials:
        values = [trial.hyperparameters.get(name) for name in axes]
        where = tuple(place.get(value) for place, value in zip(places, values, strict=True))
        if None not in where:
            found[where] = score(trial)
    return found


def joint(shown: Verdict, *others: Verdict) -> Verdict:
    """Return the verdict on a claim with several conditions, with the figures of the first.

    "reproduced" if all are, "refuted" if one is, else "undecided".
    """
    outcomes = {verdict.outcome for verdict in (shown, *others)}
    if outcomes == {"reproduced"}:
        return shown
    outcome: Outcome = "refuted" if "refuted" in outcomes else "undecided"
    return Verdict(outcome, shown.estimate, shown.low, shown.high, shown.unit)
