"""Trials that were trained for different numbers of epochs: what makes them comparable."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hpt_widgets.search.halving import RESOURCE, epochs_of
from hpt_widgets.search.space import LogUniform
from hpt_widgets.search.trial import Trial


def epochs_dimension(names: Collection[str], trials: Iterable[Trial]) -> LogUniform | None:
    """Return the epochs as one more hyperparameter, where they tell trials apart.

    An accuracy after one epoch is no rival to one after nine. Whoever draws or weighs the trials
    of successive halving or Hyperband together has to take their epochs into account.

    Parameters
    ----------
    names : collection of str
        The hyperparameters that are looked at anyway.
    trials : iterable of Trial
        What is looked at.

    Returns
    -------
    LogUniform or None
        From the fewest epochs to the most; None where all trials have equally many, or do not
        say, or `names` has the epochs already.
    """
    if RESOURCE in names:
        return None
    known = {epochs for trial in trials if trial.usable and (epochs := epochs_of(trial))}
    return LogUniform(RESOURCE, min(known), max(known)) if len(known) > 1 else None
