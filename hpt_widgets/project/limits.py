"""What a project refuses unless its reader insists: a slip that could not be made good later."""

from __future__ import annotations

import difflib
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hpt_widgets.language import translate
from hpt_widgets.project.baseline import is_begun_in_time
from hpt_widgets.project.history import (
    BASELINE,
    BUDGET_DIGITS,
    History,
    setting_key,
    settings_of,
    written_epochs,
    written_spending,
)
from hpt_widgets.search.comparison import LEAST_REPEATS
from hpt_widgets.search.space import Choice, Dimension, SearchSpace, Uniform
from hpt_widgets.search.trial import value_key
from hpt_widgets.support.argument_checks import did_you_mean, finite_number
from hpt_widgets.training.hyperparameters import Hyperparameters

_EPOCHS: Final = "epochs"
# A baseline under a Chinese name is none to the check either.
_CHINESE_BASELINES: Final = ("基线", "基准")
# "baselin" and "base lines" are like it, "longer baseline" is a name of its own.
_LIKE_A_BASELINE: Final = 0.85


# The budget ---------------------------------------------------------------------------------------


def require_budget_to_train(history: History, samples: int) -> None:
    """Raise an error if a training on so many samples would cost more than is left.

    Raises
    ------
    ValueError
        If it would. What costs nothing is never refused, here and in a search or comparison.
    """
    if not _has_room(history, samples):
        raise _refusal(history, "train", samples)


def require_budget_to_search(history: History, each: int, trials: int, *, done: int) -> None:
    """Raise an error if a search would surely cost more than is left.

    Parameters
    ----------
    history : History
        What the log tells.
    each : int
        What a trial costs at least, in samples.
    trials : int
        How many the search has in the end.
    done : int
        How many of them the log has.

    Raises
    ------
    ValueError
        If it would.
    """
    cost = max(trials - done, 0) * each
    if not _has_room(history, cost):
        left = float(history.plan["budget"]) * history.n_train - history.spent_samples
        more = max(math.floor(left / each), 0)
        raise _refusal(history, "search", cost, done + more if more else 0)


def require_budget_to_compare(history: History, epochs: Sequence[int]) -> None:
    """Raise an error if a comparison would cost more than is left.

    Parameters
    ----------
    history : History
        What the log tells.
    epochs : sequence of int
        How many each seed costs, all sides together: what the log has costs nothing.

    Raises
    ------
    ValueError
        If it would.
    """
    costs = [total * history.n_train for total in itertools.accumulate(epochs)]
    if not _has_room(history, costs[-1]):
        most = sum(_has_room(history, cost) for cost in costs)
        raise _refusal(history, "compare", costs[-1], most if most >= LEAST_REPEATS else 0)


def _has_room(history: History, samples: int) -> bool:
    # As the check works it out.
    spent = (history.spent_samples + samples) / history.n_train
    return not samples or spent <= float(history.plan["budget"])


def _refusal(history: History, kind: str, samples: int, most: int = 0) -> ValueError:
    """Say what would cost too much, and how much less of it there is room for."""
    budget = float(history.plan["budget"])
    left = max(budget - history.spent, 0.0)
    written = written_spending(samples / history.n_train, left)
    words = {"cost": written["spent"], "left": written["budget"]}
    smaller = translate(f"project.{kind}_{'fewer' if most else 'smaller'}", most=most)
    words["budget"] = written_epochs(budget, BUDGET_DIGITS)
    return ValueError(translate("project.beyond_budget", smaller=smaller, **words))


def least_epochs(space: SearchSpace, fixed: Hyperparameters, method: str) -> int:
    """Return how many epochs each trial of a search is trained for at least."""
    dimension = next((each for each in space if each.name == _EPOCHS), None)
    if dimension is None:
        return fixed.epochs
    numbers = map(finite_number, _least_values(dimension, method == "grid"))
    return math.floor(max(min((n for n in numbers if n is not None), default=0), 0))


def _least_values(dimension: Dimension, is_grid: bool) -> tuple[Any, ...]:
    if isinstance(dimension, Uniform) and not is_grid:
        return (dimension.low,)
    return dimension.options if isinstance(dimension, Choice) else dimension.grid_values


def most_trials(space: SearchSpace, method: str, trials: int) -> int:
    """Return how many trials a search has at most: a grid ends where its values do."""
    if method != "grid":
        return trials
    return min(trials, math.prod(len(set(map(value_key, each.grid_values))) for each in space))


# The test set -------------------------------------------------------------------------------------


def require_chosen(history: History, setting: Mapping[str, Any]) -> None:
    """Raise an error if the test set is to be opened with a setting that was not chosen."""
    choices = history.entries("choice")
    if not choices:
        raise ValueError(translate("project.none_chosen"))
    if setting_key(settings_of(choices[-1])) != setting_key(setting):
        raise ValueError(translate("project.other_chosen"))


def require_opened(history: History) -> None:
    """Raise an error if an interval is to be claimed of a test set that is still closed."""
    if not history.entries("opening"):
        raise ValueError(translate("project.not_opened"))


# The baseline -------------------------------------------------------------------------------------


def require_baseline(history: History) -> None:
    """Raise an error before a project's first search if no baseline was begun."""
    if not history.entries("search") and not is_begun_in_time(history):
        raise ValueError(translate("project.no_baseline"))


def require_known_strategy(strategy: str) -> None:
    """Raise an error if a training is called nearly, but not quite, baseline."""
    if strategy != BASELINE and is_like_baseline(strategy):
        question = did_you_mean(BASELINE, [BASELINE])
        raise ValueError(translate("project.like_baseline", value=strategy, question=question))


def is_like_baseline(strategy: str) -> bool:
    """Return whether a name may be a slip for ``"baseline"``; one with a number in it is none."""
    letters = "".join(sign for sign in strategy.lower() if sign.isalnum())
    if letters in _CHINESE_BASELINES:
        return True
    near = difflib.get_close_matches(letters[:40], [BASELINE], cutoff=_LIKE_A_BASELINE)
    return bool(near) and letters.isalpha()
