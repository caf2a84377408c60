"""The accuracies of stored trainings, as the judges and the charts of claims take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from hpt_widgets.language import translate
from hpt_widgets.search.bank import table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

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


def draw_rows(
    scores: Mapping[str, pd.Series], axes: Axes, colors: Iterable[str], *, alpha: float
) -> None:
    """Draw a row of dots for each label, the first at the top, with a bar at its mean."""
    for place, (found, color) in enumerate(zip(scores.values(), colors, strict=False)):
        axes.plot(found, [place] * len(found), "o", alpha=alpha, color=color)
        axes.plot(found.mean(), place, "|", ms=24, mew=3, color=color)
    axes.set_yticks(range(len(scores)), [*scores])
    axes.set(
        ylim=(len(scores) - 0.4, -0.6),
        xlabel=translate("claims_batch.validation_accuracy"),
    )
