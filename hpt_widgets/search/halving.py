"""Successive halving and Hyperband: which settings are trained, and for how many epochs.

Successive halving (Jamieson & Talwalkar 2016) gives many settings little training, keeps the
best part of them, gives these more, and so on: each such round is a rung. Hyperband (Li et al.
2018, algorithm 1) runs it several times, from many settings with little training each to a few
that are trained in full: each of its runs is a bracket.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hpt_widgets.language import translate
from hpt_widgets.search.trial import Trial, value_key
from hpt_widgets.support.argument_checks import real_number, whole_number

RUNG_METHODS: Final = ("halving", "hyperband")
"""The methods that train in rungs."""
RESOURCE: Final = "epochs"
"""The hyperparameter that grows from rung to rung."""
DEFAULT_MAX_EPOCHS: Final = 9
DEFAULT_FACTOR: Final = 3


@dataclass(frozen=True)
class Rung:
    """A round: so many settings, each trained from its beginning for so many epochs.

    Attributes
    ----------
    n_candidates : int
        How many settings are trained.
    epochs : int
        How long each of them is trained.
    """

    n_candidates: int
    epochs: int


@dataclass(frozen=True)
class Bracket:
    """The rungs of one run of successive halving, the shortest training first.

    Attributes
    ----------
    rungs : tuple of Rung
        Each has fewer settings and more epochs than the one before.
    """

    rungs: tuple[Rung, ...]

    @property
    def n_candidates(self) -> int:
        """How many settings are drawn."""
        return self.rungs[0].n_candidates

    @property
    def n_trials(self) -> int:
        """How many trainings that comes to."""
        return sum(rung.n_candidates for rung in self.rungs)

    @property
    def n_epochs(self) -> int:
        """How many epochs these trainings have together."""
        return sum(rung.n_candidates * rung.epochs for rung in self.rungs)


def successive_halving(
    n_candidates: int, max_epochs: int = DEFAULT_MAX_EPOCHS, factor: int = DEFAULT_FACTOR
) -> Bracket:
    """Return the rungs of successive halving.

    There are as many rungs as the settings and the epochs allow; the last one has `max_epochs`.
    A rung keeps its number of settings divided by `factor`, rounded down as in Li et al. (2018);
    scikit-learn's ``HalvingRandomSearchCV`` rounds up. Epochs are rounded down to whole ones.

    Parameters
    ----------
    n_candidates : int
        Settings of the first rung, `factor` or more.
    max_epochs : int, default 9
        Epochs of the last rung, `factor` or more.
    factor : int, default 3
        By how much the settings become fewer and the epochs more; 2 or more.

    Returns
    -------
    Bracket

    Raises
    ------
    ValueError
        If an argument is not allowed; the message names it.

    Examples
    --------
    >>> [(rung.n_candidates, rung.epochs) for rung in successive_halving(27).rungs]
    [(27, 1), (9, 3), (3, 9)]
    """
    most, divisor = check_rungs(max_epochs, factor)
    n_settings = require_candidates("n_candidates", n_candidates, divisor)
    n_steps = min(_whole_log(most, divisor), _whole_log(n_settings, divisor))
    return _bracket(n_settings, n_steps, most, divisor)


def hyperband(
    max_epochs: int = DEFAULT_MAX_EPOCHS, factor: int = DEFAULT_FACTOR
) -> tuple[Bracket, ...]:
    """Return Hyperband's brackets (Li et al. 2018, algorithm 1), that of the most settings first.

    Each bracket costs about as many epochs as the others. The last one trains all its settings
    in full: it is random search.

    Parameters
    ----------
    max_epochs : int, default 9
        The paper's R: the longest training of a setting; `factor` or more.
    factor : int, default 3
        The paper's η; 2 or more.

    Returns
    -------
    tuple of Bracket

    Raises
    ------
    ValueError
        If an argument is not allowed; the message names it.

    Examples
    --------
    >>> [bracket.n_candidates for bracket in hyperband(9, 3)]
    [9, 5, 3]
    """
    most, divisor = check_rungs(max_epochs, factor)
    most_steps = _whole_log(most, divisor)
    return tuple(
        _bracket(_n_candidates(n_steps, most_steps, divisor), n_steps, most, divisor)
        for n_steps in range(most_steps, -1, -1)
    )


def brackets_of(
    method: str, n_candidates: int | None, max_epochs: int, factor: int
) -> tuple[Bracket, ...]:
    """Return the brackets of a search.

    Parameters
    ----------
    method : {"halving", "hyperband"}
        How it searches.
    n_candidates : int or None
        Settings of successive halving; by default as many as bring one to the last rung.
        Hyperband decides it itself.
    max_epochs, factor : int
        As for `successive_halving`.
    """
    if method == "hyperband":
        return hyperband(max_epochs, factor)
    if n_candidates is None:
        most, divisor = check_rungs(max_epochs, factor)
        n_candidates = divisor ** _whole_log(most, divisor)
    return (successive_halving(n_candidates, max_epochs, factor),)


def next_fit(
    brackets: Iterable[Bracket],
    candidate: Callable[[int], dict[str, Any]],
    trials: Iterable[Trial],
    under_way: Iterable[Mapping[str, Any]],
    names: Sequence[str],
) -> dict[str, Any] | None:
    """Return what is to be trained next: the first fit that the trials lack.

    It depends on the trials, not on the order in which they landed. Settings that failed or
    diverged are not promoted; of equals, the one that was drawn first is.

    Parameters
    ----------
    brackets : iterable of Bracket
        The schedule.
    candidate : callable
        Takes a number, from 0, and returns the setting of this number.
    trials : iterable of Trial
        What has been trained.
    under_way : iterable of mappings
        What is being trained at present.
    names : sequence of str
        The hyperparameters of a setting.

    Returns
    -------
    dict of str to value, or None
        The setting, with its epochs; None at the end, and where a rung waits for `under_way`.
    """
    known = _scores_of(trials, names)
    running = Counter(_fit_key(values, names) for values in under_way)
    n_drawn = 0
    for bracket in brackets:
        racing = [candidate(n_drawn + number) for number in range(bracket.n_candidates)]
        n_drawn += bracket.n_candidates
        for rung in bracket.rungs:
            scored, is_waiting = [], False
            for values in racing[: rung.n_candidates]:
                fit = {**values, RESOURCE: rung.epochs}
                key = _fit_key(fit, names)
                if known[key]:
                    scored.append((known[key].pop(0), values))
                elif running[key]:
                    running[key] -= 1
                    is_waiting = True
                else:
                    return fit
            if is_waiting:
                return None
            racing = _ranked(scored)
    return None


def epochs_left(brackets: Iterable[Bracket], trials: Iterable[Trial]) -> int:
    """Return how many epochs a search in rungs will still train, if no further setting fails.

    Where settings failed or diverged, the next rung has fewer than planned.

    Parameters
    ----------
    brackets : iterable of Bracket
        The schedule.
    trials : iterable of Trial
        What has been trained, in the order of the schedule.

    Returns
    -------
    int
        0 at the search's end.
    """
    landed: defaultdict[float | None, list[Trial]] = defaultdict(list)
    for trial in trials:
        landed[epochs_of(trial)].append(trial)
    left = 0
    for bracket in brackets:
        n_racing = bracket.n_candidates
        for rung in bracket.rungs:
            n_fits = min(rung.n_candidates, n_racing)
            own, landed[rung.epochs] = landed[rung.epochs][:n_fits], landed[rung.epochs][n_fits:]
            left += (n_fits - len(own)) * rung.epochs
            n_racing = n_fits - sum(not trial.usable for trial in own)
    return left


def is_in_rungs(trial: Trial) -> bool:
    """Return whether a trial belongs to a rung: its result depends on how far its search was."""
    return trial.method in RUNG_METHODS and epochs_of(trial) is not None


def epochs_of(trial: Trial) -> float | None:
    """Return how many epochs a trial was meant to have, None where it does not say."""
    return real_number(trial.hyperparameters.get(RESOURCE))


def best_so_far(trials: Iterable[Trial]) -> list[Trial | None]:
    """Return the best trial after each trial, None before the first usable one.

    It is the usable trial of the highest validation accuracy, the first of equals. Of the trials
    in rungs only those of the last rung reached so far are compared: an accuracy after one epoch
    is no rival to one after nine, and may be ahead of it by noise alone.

    Parameters
    ----------
    trials : iterable of Trial
        Oldest first.
    """
    found: list[Trial | None] = []
    plain: Trial | None = None
    last: Trial | None = None
    for trial in trials:
        if trial.usable and is_in_rungs(trial):
            last = _better(last, trial, _rank_in_rungs)
        elif trial.usable:
            plain = _better(plain, trial, _accuracy)
        best = plain
        if last is not None:
            best = last if plain is None else _better(plain, last, _accuracy)
        found.append(best)
    return found


@dataclass(frozen=True)
class CandidatePath:
    """What became of one setting.

    Attributes
    ----------
    epochs : tuple of float
        Of its rungs, the shortest first.
    scores : tuple of float
        Its validation accuracy in each of them.
    numbers : tuple of int
        Its trials.
    """

    epochs: tuple[float, ...]
    scores: tuple[float, ...]
    numbers: tuple[int, ...]


def candidate_paths(trials: Iterable[Trial], names: Sequence[str]) -> list[CandidatePath]:
    """Return the paths of all settings, in the order in which these were first trained.

    A setting that was drawn twice has one path. Trials without a result are left out.

    Parameters
    ----------
    trials : iterable of Trial
        Of one search.
    names : sequence of str
        The hyperparameters that tell settings apart.
    """
    settings: dict[Hashable, dict[float, Trial]] = {}
    for trial in trials:
        epochs = epochs_of(trial)
        if trial.usable and epochs is not None:
            settings.setdefault(_key(trial.hyperparameters, names), {})[epochs] = trial
    return [_path(fits) for fits in settings.values()]


def check_rungs(max_epochs: object, factor: object) -> tuple[int, int]:
    """Return both as numbers, or raise a ValueError unless there are two rungs or more."""
    least = check_factor(factor)
    most = whole_number(max_epochs)
    if most is None or most < least:
        values = {"value": max_epochs, "factor": factor}
        raise ValueError(translate("search.max_epochs", **values))
    return most, least


def check_factor(factor: object) -> int:
    """Return a factor, or raise a ValueError."""
    number = whole_number(factor)
    if number is None or number < 2:
        raise ValueError(translate("search.whole", name="factor", value=factor, least=2))
    return number


def require_candidates(name: str, n_candidates: object, factor: int) -> int:
    """Return a number of settings; raise a ValueError if it is too small for two rungs."""
    number = whole_number(n_candidates)
    if number is None or number < factor:
        values = {"name": name, "value": n_candidates, "factor": factor}
        raise ValueError(translate("search.candidates", **values))
    return number


def _bracket(n_candidates: int, n_steps: int, max_epochs: int, factor: int) -> Bracket:
    return Bracket(
        tuple(
            Rung(n_candidates // factor**step, max_epochs // factor ** (n_steps - step))
            for step in range(n_steps + 1)
        )
    )


def _n_candidates(n_steps: int, most_steps: int, factor: int) -> int:
    """Return ⌈(B / R) ηˢ / (s + 1)⌉ with B = (s_max + 1) R, the paper's line 2."""
    quotient, rest = divmod((most_steps + 1) * factor**n_steps, n_steps + 1)
    return int(quotient) + bool(rest)


def _whole_log(number: int, base: int) -> int:
    """Return the logarithm, rounded down; with floats, that of 243 to the base 3 is 4."""
    power = 0
    while base ** (power + 1) <= number:
        power += 1
    return power


def _key(values: Mapping[str, Any], names: Sequence[str]) -> Hashable:
    return tuple(value_key(values.get(name)) for name in names)


def _fit_key(values: Mapping[str, Any], names: Sequence[str]) -> Hashable:
    return _key(values, names), real_number(values.get(RESOURCE))


def _scores_of(
    trials: Iterable[Trial], names: Sequence[str]
) -> defaultdict[Hashable, list[float | None]]:
    """Return the scores of each fit, in the order in which they landed; None for none."""
    scores: defaultdict[Hashable, list[float | None]] = defaultdict(list)
    for trial in trials:
        score = trial.validation_accuracy if trial.usable else None
        scores[_fit_key(trial.hyperparameters, names)].append(score)
    return scores


def _ranked(scored: Iterable[tuple[float | None, dict[str, Any]]]) -> list[dict[str, Any]]:
    usable = [(score, values) for score, values in scored if score is not None]
    return [values for _, values in sorted(usable, key=lambda pair: -pair[0])]


def _better(held: Trial | None, other: Trial, rank: Callable[[Trial], tuple[float, ...]]) -> Trial:
    return other if held is None or rank(other) > rank(held) else held


def _accuracy(trial: Trial) -> tuple[float, ...]:
    return (-math.inf if trial.validation_accuracy is None else trial.validation_accuracy,)


def _rank_in_rungs(trial: Trial) -> tuple[float, ...]:
    return (epochs_of(trial) or 0.0, *_accuracy(trial))


def _path(fits: Mapping[float, Trial]) -> CandidatePath:
    rungs = sorted(fits.items())
    return CandidatePath(
        tuple(epochs for epochs, _ in rungs),
        tuple(trial.validation_accuracy or 0.0 for _, trial in rungs),
        tuple(trial.number for _, trial in rungs),
    )
