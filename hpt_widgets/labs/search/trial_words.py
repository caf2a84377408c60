"""Trials in words: what a hyperparameter is called, and what was set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hpt_widgets.labs.kit.settings_text import describe_value, in_a_row
from hpt_widgets.language import translate
from hpt_widgets.search.comparison import distinct_values
from hpt_widgets.search.halving import RESOURCE, is_in_rungs
from hpt_widgets.search.space import Dimension, SearchSpace
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import Hyperparameters

OF_THE_ARTICLE: Final = ("learning_rate", "dropout_rate", "batch_size")
# Only these are translated: a reader's own "start" is not the button's.
TRANSLATED: Final = (*Hyperparameters.__dataclass_fields__, "training_size")
LONGEST_WORD: Final = 40
"""Most characters of a reader's name or option on the screen: an axis has room for no more."""


def parameter_name(name: str) -> str:
    """Return what a hyperparameter is called on the screen, as plain text."""
    return translate(f"training_lab.{name}") if name in TRANSLATED else shortened(name)


def shortened(text: str, longest: int = LONGEST_WORD) -> str:
    """Return a reader's own text as one line that a chart can show: long ones lose their middle."""
    line = " ".join(text.split()) or repr(text)
    # A browser can't be sent half a surrogate pair, and shows no control character.
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    if len(line) <= longest:
        return line
    head = 2 * longest // 3
    return f"{line[:head]}…{line[head + 1 - longest :]}"


def format_value(value: Any) -> str:
    """Write a value with the digits that a reader needs."""
    return f"{value:.3g}" if isinstance(value, float) else shortened(str(value))


def settings_of(trial: Trial, space: SearchSpace) -> str:
    """Write what was varied in a trial, in a row: "learning rate 0.0123, batch size 64"."""
    known = trial.hyperparameters
    names = [*space.names, *([RESOURCE] if is_in_rungs(trial) else [])]
    return describe_values({name: known[name] for name in names if name in known})


def describe_values(values: Mapping[str, Any]) -> str:
    """Write hyperparameters in a row, with the digits that a reader needs."""
    # Both write choices as the table and the axes do: a reader's own schedules are in no menu.
    are_known = all(name in TRANSLATED for name in values)
    write = _describe_rounded if are_known else format_value
    return in_a_row(f"{parameter_name(name)} {write(value)}" for name, value in values.items())


def distinct_words(trials: Sequence[Trial], dimensions: Sequence[Dimension]) -> str:
    """Say how many distinct values of each hyperparameter were tried."""
    if not trials:
        return translate("search_lab.no_trials")
    counts = in_a_row(
        translate(
            f"search_lab.{'count' if place else 'distinct'}"
            f"_{name if name in OF_THE_ARTICLE else 'values'}",
            count=len(distinct_values(trials, name)),
            name=parameter_name(name),
        )
        for place, name in enumerate(dimension.name for dimension in dimensions)
    )
    return translate("search_lab.distinct_in", trials=count_trials(len(trials)), distinct=counts)


def count_trials(count: int) -> str:
    """Write how many trials: "1 trial", "22 trials"."""
    return translate(f"search_lab.{'one_trial' if count == 1 else 'n_trials'}", count=count)


def _describe_rounded(value: Any) -> str:
    return describe_value(float(f"{value:.3g}") if isinstance(value, float) else value)
