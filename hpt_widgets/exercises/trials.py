"""Judging what a reader has trained: the trials of a lab, a search or a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hpt_widgets.exercises.answers import as_list, show
from hpt_widgets.exercises.exercise import NotAnswered, Wrong
from hpt_widgets.language import Text
from hpt_widgets.language.exercises import TEXTS
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import COUNTS_WHERE, completed

LATER_DEFAULTS: dict[str, Any] = completed({})
"""The hyperparameters that version 0.1 did not have, at their defaults."""
HARD_SETTINGS: dict[str, Any] = {
    "training_size": 5_000, "epochs": 1, "hidden_units": (128, 64),
    "activation": "sigmoid", "optimizer": "sgd", **LATER_DEFAULTS,
}  # fmt: skip
"""The network of 3.1-d and 3.4-g, which the defaults leave guessing."""
NETWORK = ("activation", "optimizer")
"""What tells it from that of the defaults."""


def trials_of(answer: Any) -> list[Trial]:
    """Return the trials of a record, of a lab that has one, or of a list.

    Raises
    ------
    NotAnswered
        If there is none yet.
    Wrong
        If it is something else.
    """
    for name in ("runs", "record"):
        inner = getattr(answer, name, None)
        if isinstance(inner, SearchRecord):
            answer = inner
    trials = list(answer) if isinstance(answer, SearchRecord) else _listed(answer)
    if not trials:
        raise NotAnswered
    return trials


def _listed(answer: Any) -> list[Trial]:
    """Return the trials of a list, or raise `Wrong`: an empty one is no record."""
    try:
        trials = as_list(answer)
    except Wrong:
        trials = []
    if not trials or not all(isinstance(trial, Trial) for trial in trials):
        raise Wrong(TEXTS["not_trials"], found=show(answer))
    # Outside a record they have no numbers yet.
    return [replace(trial, number=trial.number or n) for n, trial in enumerate(trials, start=1)]


def setting_of(trial: Trial, name: str) -> Any:
    """Return a hyperparameter of a trial; None where it does not say.

    On how many samples it was trained, the samples that it has seen tell too.
    """
    value = trial.hyperparameters.get(name)
    if value is not None or name != "training_size" or trial.ended != "finished":
        return value
    if not (trial.history and trial.epochs_trained):
        return None
    return round(trial.history[-1][0] / trial.epochs_trained)


def other_settings(trial: Trial, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a trial that are not as wanted, by name."""
    return {
        name: setting_of(trial, name)
        for name, value in wanted.items()
        if setting_of(trial, name) not in (value, None) and _counts(trial, name)
    }


def _counts(trial: Trial, name: str) -> bool:
    """Whether a hyperparameter does anything: `momentum` does nothing with `sgd`."""
    other, values = COUNTS_WHERE.get(name, ("", ()))
    found = setting_of(trial, other)
    if found is None:
        found = LATER_DEFAULTS.get(other)
    return not values or found in (*values, None)


def check_settings(trials: list[Trial], wanted: Mapping[str, Any]) -> list[Trial]:
    """Return the trials with the settings that a task holds fixed, or raise `Wrong`."""
    kept = [trial for trial in trials if not other_settings(trial, wanted)]
    if not kept:
        name, value = next(iter(other_settings(trials[-1], wanted).items()))
        raise Wrong(TEXTS["other_setting"], name=name, found=show(value), wanted=show(wanted[name]))
    return kept


def check_named(trials: list[Trial], names: Sequence[str], otherwise: Text) -> list[Trial]:
    """Return the trials that say what these hyperparameters were, or raise `Wrong`.

    What has diverged or failed need not say it. The text may name the ``{number}`` of a trial.
    """
    wanted = set(names)
    kept = [trial for trial in trials if not trial.usable or wanted <= set(trial.hyperparameters)]
    if len(kept) < len(trials) and not any(trial.usable for trial in kept):
        silent = next(trial for trial in reversed(trials) if trial not in kept)
        raise Wrong(otherwise, number=silent.number)
    return kept


def best_of(trials: list[Trial]) -> Trial:
    """Return the trial with the highest accuracy, or raise `Wrong` if none has one."""
    usable = [trial for trial in trials if trial.usable]
    if not usable:
        raise Wrong(TEXTS["none_usable"])
    return max(usable, key=lambda trial: trial.validation_accuracy or 0.0)


def spend(
    trials: list[Trial], most: int, enough: Callable[[Trial], bool] | None = None
) -> list[Trial]:
    """Return the trials that count, or raise `Wrong` if they are more than the task allows.

    What was broken off does not count: a slider that is dragged begins many trainings. Where
    the goal has been reached in time (`enough` is true of a trial), what came later does not
    count either.
    """
    counted = [trial for trial in trials if trial.ended != "stopped"]
    if not counted:
        raise Wrong(TEXTS["all_stopped"])
    if enough is not None and any(map(enough, counted[:most])):
        return counted[:most]
    if len(counted) > most:
        raise Wrong(TEXTS["over_budget"], found=len(counted), most=most)
    return counted
