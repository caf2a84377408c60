"""Li et al. 2018: Hyperband is over ten times as fast as what it was compared with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.search.bank.plan import LONG_EPOCHS, Part
from hpt_widgets.search.bank.replay import budgets_of, replay
from hpt_widgets.search.bank.table import FloatArray, TrialBank, shipped_bank
from hpt_widgets.search.halving import DEFAULT_FACTOR, hyperband
from hpt_widgets.studies.claims.best_of_draws import centred, mean_worth_of
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.verdict import Verdict, judge, resampled_band
from hpt_widgets.support.colors import BLUE, NEUTRAL, VERMILION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CLAIMED: Final = 10.0
"""Times as fast: an order of magnitude."""
N_REPLAYS: Final = 4_000
N_RESAMPLINGS: Final = 200
"""Banks that are drawn from the bank, each with `N_REPLAYS_EACH` replays."""
N_REPLAYS_EACH: Final = 300
N_ASSIGNMENTS_EACH: Final = 20
N_TRIALS: Final = 16
"""The budget of a replay, in full trainings: all brackets cost 15⅔."""


@dataclass(frozen=True)
class Race:
    """Hyperband after each of its brackets, and what random search needs for the same.

    Attributes
    ----------
    budgets : ndarray of float, shape (n_brackets,)
        What Hyperband has spent by then, in full trainings.
    n_seen : ndarray of int, shape (n_brackets,)
        How many settings it has looked at.
    reached : ndarray of float, shape (n_brackets,)
        Accuracy of its winner, trained again.
    random : ndarray of float, shape (n_settings,)
        That of random search after 1, 2, … full trainings.
    resampled : ndarray of float, shape (n_resamplings, n_brackets)
        How many times as fast Hyperband was in banks drawn from this bank.
    """

    budgets: FloatArray
    n_seen: Any
    reached: FloatArray
    random: FloatArray
    resampled: FloatArray

    @property
    def needed(self) -> FloatArray:
        """Full trainings after which random search is as good."""
        return trainings_needed(self.random, self.reached)

    @property
    def ceilings(self) -> FloatArray:
        """How many times as fast Hyperband could be at most: settings seen for the budget."""
        ceilings: FloatArray = self.n_seen / self.budgets
        return ceilings


@dataclass(frozen=True)
class _LongTrainings(TrialBank):
    """Some of the bank's settings, one of them perhaps more than once."""

    kept: FloatArray

    def scores(self, _part: Part, _epochs: int) -> FloatArray:
        return self.kept


def trainings_needed(random: FloatArray, reached: FloatArray) -> FloatArray:
    """Return after how many trainings a curve of random search reaches accuracies.

    Parameters
    ----------
    random : ndarray of float, shape (n_settings,)
        After 1, 2, … trainings.
    reached : ndarray of float, shape (n_targets,)

    Returns
    -------
    ndarray of float, shape (n_targets,)
        Between two numbers of trainings on the line between them; at most as many as there are.
    """
    rising = np.maximum.accumulate(random)
    needed: FloatArray = np.interp(reached, rising, np.arange(1, len(random) + 1, dtype=float))
    return needed


@lru_cache(maxsize=1)
def _race() -> Race:
    bank = shipped_bank()
    scores = bank.scores("random", LONG_EPOCHS)
    brackets = hyperband(LONG_EPOCHS, DEFAULT_FACTOR)
    budgets = np.cumsum([bracket.n_epochs for bracket in brackets]) / LONG_EPOCHS
    n_seen = np.cumsum([bracket.n_candidates for bracket in brackets])
    rng = np.random.default_rng(0)
    resampled = []
    for seed in range(N_RESAMPLINGS):
        kept = scores[rng.integers(len(scores), size=len(scores))]
        reached = _reached(_LongTrainings((), bank.trained_on, kept), budgets, N_REPLAYS_EACH, seed)
        curve = _random_curve(kept, N_ASSIGNMENTS_EACH, seed)
        resampled.append(trainings_needed(curve, reached) / budgets)
    return Race(
        budgets,
        n_seen,
        _reached(bank, budgets, N_REPLAYS, 0),
        _random_curve(scores),
        np.array(resampled),
    )


def _reached(bank: TrialBank, budgets: FloatArray, n_replays: int, seed: int) -> FloatArray:
    """Return what Hyperband's winner is worth on average, at budgets in full trainings."""
    found = replay(
        bank,
        "hyperband",
        max_epochs=LONG_EPOCHS,
        n_trials=N_TRIALS,
        measure="retrained",
        n_resamplings=n_replays,
        seed=seed,
    )
    if found is None:
        raise ValueError("the trial bank has not enough long trainings")
    steps = budgets_of(N_TRIALS, LONG_EPOCHS) / LONG_EPOCHS
    places = [int(np.abs(steps - budget).argmin()) for budget in budgets]
    worth: FloatArray = np.mean(found.values, axis=0)[places]
    return worth


def _random_curve(scores: FloatArray, n_assignments: int = 200, seed: int = 0) -> FloatArray:
    counts = np.arange(1, len(scores) + 1)
    return mean_worth_of(scores[:, :, -1], counts, seed, n_assignments)


def _judge(race: Race) -> Verdict:
    """Judge the first bracket, which is the fastest."""
    speedup = float(race.needed[0] / race.budgets[0])
    band = resampled_band(centred(race.resampled[:, 0], speedup), speedup)
    if race.ceilings[0] <= CLAIMED:
        return Verdict("out of reach", *band, unit="times")
    return judge(*band, above=CLAIMED, unit="times")


def _table(race: Race) -> pd.DataFrame:
    import pandas as pd

    columns = {
        translate("claims_search.bracket"): range(1, len(race.budgets) + 1),
        translate("claims_search.spent"): race.budgets.round(2),
        translate("claims_search.n_seen"): race.n_seen,
        translate("claims_search.winner_percent"): (100 * race.reached).round(2),
        translate("claims_search.random_needs"): race.needed.round(1),
        translate("claims_search.speedup"): (race.needed / race.budgets).round(2),
        translate("claims_search.ceiling"): race.ceilings.round(2),
    }
    return pd.DataFrame(columns).set_index(translate("claims_search.bracket"))


def _draw(race: Race, axes: Axes) -> None:
    counts = np.arange(1, len(race.random) // 2 + 1)
    curve = 100 * race.random[: len(counts)]
    axes.plot(counts, curve, color=BLUE, lw=2, label=translate("claims_search.random_search"))
    reached = 100 * race.reached
    for budget, needed, height in zip(race.budgets, race.needed, reached, strict=True):
        axes.plot([budget, needed], [height, height], color=NEUTRAL, lw=1, ls="--")
    label = translate("claims_search.hyperband_after")
    axes.plot(race.budgets, reached, "o-", color=VERMILION, lw=2, label=label)
    axes.set(
        xlabel=translate("claims_search.budget"),
        ylabel=translate("claims_search.winner_percent"),
        ylim=(curve[2], curve[-1] + 0.5),
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")


LI_2018: Final = Claim(
    name="li-2018",
    words="claims_search",
    sources=(
        Source(
            paper="Li et al. 2018, Hyperband: A Novel Bandit-Based Approach to Hyperparameter "
            "Optimization",
            place=Text(en="abstract, arXiv:1603.06560", zh="摘要，arXiv:1603.06560"),
            sentence="We observe that Hyperband can provide over an order-of-magnitude speedup "
            "over our competitor set on a variety of deep-learning and kernel-based learning "
            "problems.",
            read="source",
        ),
    ),
    evidence=_race,
    summarize=_table,
    judge=_judge,
    draw=_draw,
)
