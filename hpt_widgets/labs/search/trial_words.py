"""Trials in words: what a hyperparameter is called, and what was set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hpt_widgets.labs.kit.settings_text import describe_settings
from hpt_widgets.language import current_language, translate
from hpt_widgets.search.comparison import distinct_values
from hpt_widgets.search.space import Dimension, SearchSpace
from hpt_widgets.search.trial import Trial

OF_THE_ARTICLE: Final = ("learning_rate", "dropout_rate", "batch_size")


def parameter_name(name: str) -> str:
    """Return what a hyperparameter is called on the screen."""
    try:
        return translate(f"training_lab.{name}")
    except KeyError:
        return name


def short(value: Any) -> str:
    """Write a value with the digits that a reader needs."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def settings_of(trial: Trial, space: SearchSpace) -> str:
    """Write what was varied in a trial, in a row: "learning rate 0.0123, batch size 64"."""
    known = trial.hyperparameters
    return describe_values({name: known[name] for name in space.names if name in known})


def describe_values(values: Mapping[str, Any]) -> str:
    """Write hyperparameters in a row, with the digits that a reader needs."""
    if any(parameter_name(name) == name for name in values):
        joint = ", " if current_language() == "en" else "，"
        return joint.join(f"{parameter_name(n)} {short(v)}" for n, v in values.items())
    return describe_settings({name: _rounded(value) for name, value in values.items()})


def distinct_words(trials: Sequence[Trial], dimensions: Sequence[Dimension]) -> str:
    """Say how many distinct values of each hyperparameter were tried."""
    if not trials:
        return translate("search_lab.no_trials")
    counts = " · ".join(
        translate(
            f"search_lab.distinct_{name if name in OF_THE_ARTICLE else 'values'}",
            count=len(distinct_values(trials, name)),
            name=parameter_name(name),
        )
        for name in (dimension.name for dimension in dimensions)
    )
    return translate("search_lab.distinct_in", count=len(trials), distinct=counts)


def _rounded(value: Any) -> Any:
    return float(f"{value:.3g}") if isinstance(value, float) else value
