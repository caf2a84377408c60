"""The accuracies of stored trainings, as the judges of claims take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hpt_widgets.search.bank import table

if TYPE_CHECKING:
    import pandas as pd

    from hpt_widgets.search.records import SearchRecord
    from hpt_widgets.search.trial import Trial

GUESSING: Final = 100 * table.GUESSING
"""What a network that diverged counts as, in percent: it guesses one digit in ten."""


def percent(trial: Trial) -> float:
    """Return a training's validation accuracy in percent; that of guessing if it diverged."""
    accuracy = trial.validation_accuracy
    return 100 * accuracy if trial.usable and accuracy is not None else GUESSING


def frame_of(record: SearchRecord) -> pd.DataFrame:
    """Return a row for each training: what was set, and ``accuracy`` in percent."""
    import pandas as pd

    return pd.DataFrame([{**trial.hyperparameters, "accuracy": percent(trial)} for trial in record])
