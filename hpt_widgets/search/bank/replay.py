"""Searches replayed on the trial bank: what they would have found, thousands of times over.

A random search, successive halving and Hyperband draw settings from the bank without replacement,
and for each of them one of its trainings. Their rungs need nothing new: each training was measured
after every epoch. A replay is only as good as its bank is large: where a search draws most of the
settings that there are, all its replays see nearly the same ones, and their spread is too small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.search.bank.plan import EPOCHS, LONG_EPOCHS
from hpt_widgets.search.bank.table import FloatArray, TrialBank
from hpt_widgets.search.halving import DEFAULT_FACTOR, Bracket, brackets_of

Strategy = Literal["random", "random_twice", "halving", "hyperband", "grid", "tpe"]
STRATEGIES: Final[tuple[Strategy, ...]] = get_args(Strategy)
Measure = Literal["seen", "retrained"]
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
MAX_EPOCHS: Final = (EPOCHS, LONG_EPOCHS)
N_RESAMPLINGS: Final = 2_000
STEPS_A_TRIAL: Final = 3
"""Budgets at which a replay is looked at, within that of one full training."""
MUCH: Final = 0.5
"""Beyond this share of the bank's settings, replays are too much alike."""
# A score is at most 1, so that one after more epochs always counts for more.
_EPOCH_WEIGHT: Final = 2.0

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Replay:
    """What the replays of one strategy came to.

    Attributes
    ----------
    budgets : ndarray of float, shape (n_budgets,)
        In epochs.
    values : ndarray of float, shape (n_replays, n_budgets)
        The accuracy of the best setting so far; nan before there is one, and from where the bank
        has no more settings.
    n_drawn, n_settings : int
        Settings that a replay draws, and among how many; of TPE its sequences, twice.
    draws : bool
        Whether it draws settings from the bank: a grid and TPE's sequences are replayed whole.
    """

    budgets: FloatArray
    values: FloatArray
    n_drawn: int
    n_settings: int
    draws: bool = True

    @property
    def is_used_up(self) -> bool:
        """Whether it had to end before its budget did."""
        return bool(np.isnan(self.values[:, -1]).any())

    @property
    def is_nearly_used_up(self) -> bool:
        """Whether it draws so many of the settings that its replays are too much alike."""
        return self.draws and (self.is_used_up or self.n_drawn > MUCH * self.n_settings)

    @property
    def finals(self) -> FloatArray:
        """What each replay has found at the end of the budget."""
        return self.values[:, -1]


@dataclass(frozen=True)
class _Trainings:
    """Trainings in their order, the same for all replays but for what is trained.

    Attributes
    ----------
    ends : ndarray of float, shape (n_trainings,)
        How many epochs were trained altogether when it ended.
    epochs : ndarray of int, shape (n_trainings,)
        How long it was trained.
    settings, repeats : ndarray of int, shape (n_replays, n_trainings)
        Which setting of the bank, and which of its trainings.
    """

    ends: FloatArray
    epochs: IntArray
    settings: IntArray
    repeats: IntArray


def replay(
    bank: TrialBank,
    strategy: Strategy,
    *,
    max_epochs: int = EPOCHS,
    n_trials: int = 20,
    measure: Measure = "seen",
    n_resamplings: int = N_RESAMPLINGS,
    seed: int = 0,
) -> Replay | None:
    """Replay a strategy many times.

    Parameters
    ----------
    bank : TrialBank
        What to draw from.
    strategy : str
        ``"random"``; ``"random_twice"``, which may spend twice as much; ``"halving"`` and
        ``"hyperband"`` with a factor of 3, begun again with new settings as long as the budget
        lasts; ``"grid"``, the article's in scikit-learn's order; ``"tpe"``.
    max_epochs : {9, 27}
        The longest training. TPE's trials have 9.
    n_trials : int, default 20
        The budget: so many trainings of `max_epochs`.
    measure : {"seen", "retrained"}
        What the search itself measured of the setting that it holds for the best; or the mean of
        the setting's other trainings, to `max_epochs`: what it is really worth.
    n_resamplings : int, default 2000
        How often a strategy is replayed that draws settings, or trainings of them.
    seed : int, default 0
        Decides all draws.

    Returns
    -------
    Replay or None
        None if the bank has not enough for it: of `measure` ``"retrained"`` too, where settings
        were trained once only.
    """
    rng = np.random.default_rng((seed, STRATEGIES.index(strategy)))
    budgets = budgets_of(n_trials, max_epochs)
    if strategy == "tpe":
        return _replay_tpe(bank, budgets, measure) if max_epochs == EPOCHS else None
    scores = bank.scores("grid" if strategy == "grid" else "random", max_epochs)
    n_settings, n_repeats, _ = scores.shape
    if n_settings == 0 or (measure == "retrained" and n_repeats < 2):
        return None
    draw = Draw(n_settings, n_repeats, n_resamplings, rng)
    trainings = _TRAININGS[strategy](scores, n_trials, draw)
    if trainings is None:
        return None
    values = _values(scores, trainings, measure)
    # A grid that is through keeps what it has found; the others could go on.
    lasts = strategy == "grid" or _is_long_enough(trainings, budgets, strategy)
    found = _at_budgets(values, trainings.ends, budgets, lasts=lasts)
    n_drawn = len(np.unique(trainings.settings[0]))
    return Replay(budgets, found, n_drawn, n_settings, draws=strategy != "grid")


def budgets_of(n_trials: int, max_epochs: int) -> FloatArray:
    """Return the budgets at which replays are looked at, in epochs, the last one the whole."""
    steps: FloatArray = np.arange(1, STEPS_A_TRIAL * n_trials + 1, dtype=np.float64)
    return steps * max_epochs / STEPS_A_TRIAL


@dataclass(frozen=True)
class Draw:
    """How settings and trainings are drawn.

    Attributes
    ----------
    n_settings, n_repeats : int
        What there is to draw from.
    n_replays : int
        For how many replays.
    rng : Generator
        NumPy's.
    """

    n_settings: int
    n_repeats: int
    n_replays: int
    rng: np.random.Generator

    def settings(self, count: int) -> IntArray:
        """Return settings without replacement, (n_replays, count)."""
        keys = self.rng.random((self.n_replays, self.n_settings))
        return np.argsort(keys, axis=1)[:, :count]

    def repeats(self, count: int) -> IntArray:
        """Return a training for each of them, (n_replays, count)."""
        return self.rng.integers(self.n_repeats, size=(self.n_replays, count))


def _random_trainings(
    scores: FloatArray, n_trials: int, draw: Draw, at_once: int = 1
) -> _Trainings:
    count = min(at_once * n_trials, draw.n_settings)
    max_epochs = scores.shape[2]
    ends = (np.arange(count) // at_once + 1.0) * max_epochs
    epochs = np.full(count, max_epochs)
    return _Trainings(ends, epochs, draw.settings(count), draw.repeats(count))


def _twice_trainings(scores: FloatArray, n_trials: int, draw: Draw) -> _Trainings:
    return _random_trainings(scores, n_trials, draw, at_once=2)


def _grid_trainings(scores: FloatArray, n_trials: int, draw: Draw) -> _Trainings:
    count = min(n_trials, draw.n_settings)
    max_epochs = scores.shape[2]
    order = np.tile(np.arange(count), (draw.n_replays, 1))
    ends = (np.arange(count) + 1.0) * max_epochs
    return _Trainings(ends, np.full(count, max_epochs), order, draw.repeats(count))


def _rung_trainings(
    method: str,
) -> Callable[[FloatArray, int, Draw], _Trainings | None]:
    def trainings(scores: FloatArray, n_trials: int, draw: Draw) -> _Trainings | None:
        max_epochs = scores.shape[2]
        planned = _brackets(method, max_epochs, n_trials * max_epochs, draw.n_settings)
        if not planned:
            return None
        n_drawn = sum(bracket.n_candidates for bracket in planned)
        settings, repeats = draw.settings(n_drawn), draw.repeats(n_drawn)
        fits: list[tuple[int, IntArray]] = []
        first = 0
        for bracket in planned:
            racing = np.arange(first, first + bracket.n_candidates)
            first += bracket.n_candidates
            fits += _race(bracket, np.tile(racing, (draw.n_replays, 1)), settings, repeats, scores)
        epochs = np.concatenate([np.full(places.shape[1], length) for length, places in fits])
        places = np.concatenate([places for _, places in fits], axis=1)
        return _Trainings(
            np.cumsum(epochs, dtype=float),
            epochs,
            np.take_along_axis(settings, places, axis=1),
            np.take_along_axis(repeats, places, axis=1),
        )

    return trainings


def _brackets(method: str, max_epochs: int, budget: int, n_settings: int) -> list[Bracket]:
    """Return the brackets that are begun within a budget, as far as there are settings."""
    found: list[Bracket] = []
    begun = drawn = 0
    while True:
        for bracket in brackets_of(method, None, max_epochs, DEFAULT_FACTOR):
            drawn += bracket.n_candidates
            if begun >= budget or drawn > n_settings:
                return found
            found.append(bracket)
            begun += bracket.n_epochs


def _race(
    bracket: Bracket,
    racing: IntArray,
    settings: IntArray,
    repeats: IntArray,
    scores: FloatArray,
) -> Iterator[tuple[int, IntArray]]:
    """Yield for each rung its epochs, and which of the drawn settings are trained in it.

    Those that race stand from the best to the worst of the rung before; of equals, the one that
    was drawn first comes first.
    """
    for rung in bracket.rungs:
        racing = racing[:, : rung.n_candidates]
        yield rung.epochs, racing
        who = np.take_along_axis(settings, racing, axis=1)
        which = np.take_along_axis(repeats, racing, axis=1)
        order = np.argsort(-scores[who, which, rung.epochs - 1], axis=1, kind="stable")
        racing = np.take_along_axis(racing, order, axis=1)


_TRAININGS: Final[dict[str, Callable[[FloatArray, int, Draw], _Trainings | None]]] = {
    "random": _random_trainings,
    "random_twice": _twice_trainings,
    "halving": _rung_trainings("halving"),
    "hyperband": _rung_trainings("hyperband"),
    "grid": _grid_trainings,
}


def _values(scores: FloatArray, trainings: _Trainings, measure: Measure) -> FloatArray:
    """Return the worth of the best so far after each training, (n_replays, n_trainings)."""
    who, which = trainings.settings, trainings.repeats
    seen = scores[who, which, trainings.epochs - 1]
    # As `halving.best_so_far` has it: what was trained for longer is not compared with the rest.
    best = _best_so_far(trainings.epochs * _EPOCH_WEIGHT + seen)
    if measure == "seen":
        return np.take_along_axis(seen, best, axis=1)
    return np.take_along_axis(_retrained(scores)[who, which], best, axis=1)


def _retrained(scores: FloatArray) -> FloatArray:
    """Return, for each training in full, the mean of the other ones of its setting."""
    finals = scores[:, :, -1]
    mean: FloatArray = (finals.sum(axis=1, keepdims=True) - finals) / (finals.shape[1] - 1)
    return mean


def _best_so_far(scores: FloatArray) -> IntArray:
    """Return the place of the first highest score up to each place of a row."""
    highest = np.maximum.accumulate(scores, axis=1)
    is_new = np.ones(scores.shape, bool)
    is_new[:, 1:] = scores[:, 1:] > highest[:, :-1]
    return np.maximum.accumulate(np.where(is_new, np.arange(scores.shape[1]), 0), axis=1)


def _at_budgets(
    values: FloatArray, ends: FloatArray, budgets: FloatArray, *, lasts: bool
) -> FloatArray:
    """Return the values at the budgets; nan where there is none yet, and none any more."""
    places = np.searchsorted(ends, budgets, side="right") - 1
    found: FloatArray = values[:, np.maximum(places, 0)]
    found[:, places < 0] = np.nan
    if not lasts:
        found[:, budgets > ends[-1]] = np.nan
    return found


def _is_long_enough(trainings: _Trainings, budgets: FloatArray, strategy: str) -> bool:
    if strategy in ("halving", "hyperband"):
        return bool(trainings.ends[-1] >= budgets[-1])
    n_due = len(trainings.epochs) * trainings.epochs[0]
    share = 2 if strategy == "random_twice" else 1
    return bool(n_due >= share * budgets[-1])


def incumbents(sequences: FloatArray, measure: Measure = "retrained") -> FloatArray:
    """Return what the best so far of some searches is worth.

    Parameters
    ----------
    sequences : ndarray of float, shape (n_sequences, n_trials, n_repeats)
        Accuracies of their trials, oldest first; the search has seen the first repeat.
    measure : {"seen", "retrained"}
        That repeat, or the mean of the others.

    Returns
    -------
    ndarray of float, shape (n_sequences, n_trials)
        After each trial; nan where it was not trained again.
    """
    seen = sequences[:, :, 0]
    worth = seen if measure == "seen" else sequences[:, :, 1:].mean(axis=2)
    found: FloatArray = np.take_along_axis(worth, _best_so_far(seen), axis=1)
    return found


def _replay_tpe(bank: TrialBank, budgets: FloatArray, measure: Measure) -> Replay | None:
    sequences = bank.sequences
    count = len(sequences)
    if count == 0:
        return None
    values = incumbents(sequences, measure)
    if np.isnan(values).any():  # not all of the best have been trained again
        return None
    ends: FloatArray = np.arange(1, values.shape[1] + 1, dtype=np.float64) * EPOCHS
    found = _at_budgets(values, ends, budgets, lasts=False)
    return Replay(budgets, found, count, count, draws=False)


# -- what many replays say ---------------------------------------------------------------------

SEED_COUNTS: Final = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
"""How many searches of each strategy are compared, in `first_shares`."""
SURE: Final = 0.95
BAND: Final = (0.05, 0.95)
"""Which quantiles a band lies between."""
N_GROUPS: Final = 400
N_COMPARISONS: Final = 2_000


def mean_band(
    values: FloatArray, n_seeds: int, seed: int = 0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the mean over all replays, and the band within which nine in ten means of a few lie.

    Parameters
    ----------
    values : ndarray of float, shape (n_replays, n_budgets)
        nan counts for the whole column.
    n_seeds : int
        Searches of which a mean is taken; of 1, the band is that of single searches.
    seed : int, default 0
        Decides which searches come together.

    Returns
    -------
    mean, low, high : ndarray of float, shape (n_budgets,)
    """
    mean = values.mean(axis=0)
    known = np.isfinite(mean)
    grouped = values[:, known]
    if n_seeds > 1:
        rng = np.random.default_rng(seed)
        members = rng.integers(len(values), size=(N_GROUPS, n_seeds))
        weights = np.zeros((N_GROUPS, len(values)))
        np.add.at(weights, (np.arange(N_GROUPS)[:, None], members), 1.0 / n_seeds)
        grouped = weights @ grouped
    low, high = np.full(mean.shape, np.nan), np.full(mean.shape, np.nan)
    if known.any():
        low[known], high[known] = np.quantile(grouped, BAND, axis=0)
    return mean, low, high


def first_shares(
    finals: Sequence[FloatArray], n_seeds: int, seed: int = 0, n_comparisons: int = N_COMPARISONS
) -> FloatArray:
    """Return in which share of comparisons each strategy has the highest mean.

    Parameters
    ----------
    finals : sequence of ndarray of float, shape (n_replays,)
        What the replays of each strategy have found.
    n_seeds : int
        Searches of each strategy in one comparison, drawn from its replays.
    seed : int, default 0
        Decides the draws.
    n_comparisons : int, default 2000

    Returns
    -------
    ndarray of float, shape (n_strategies,)
        Equal ones share a comparison.
    """
    rng = np.random.default_rng((seed, n_seeds))
    means = np.array(
        [
            found[rng.integers(len(found), size=(n_comparisons, n_seeds))].mean(axis=1)
            for found in finals
        ]
    )
    is_first = means >= means.max(axis=0) - 1e-12
    shares: FloatArray = (is_first / is_first.sum(axis=0)).mean(axis=1)
    return shares


def seeds_needed(shares: Sequence[float]) -> int | None:
    """Return from which of `SEED_COUNTS` on a share stays at `SURE` or above, None if never."""
    enough = [share >= SURE for share in shares]
    if not enough or not enough[-1]:
        return None
    last_below = max((place for place, is_sure in enumerate(enough) if not is_sure), default=-1)
    return SEED_COUNTS[last_below + 1]
