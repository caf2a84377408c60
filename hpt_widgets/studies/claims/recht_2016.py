"""Recht & Jamieson 2016, after Li et al. 2018: random search at twice the speed beats TPE."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.search.bank.plan import EPOCHS
from hpt_widgets.search.bank.replay import incumbents
from hpt_widgets.search.bank.table import FloatArray, shipped_bank
from hpt_widgets.studies.claims.best_of_draws import (
    centred,
    mean_worth,
    mean_worth_of,
    seen_and_worth,
)
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.verdict import Verdict, judge, resampled_band
from hpt_widgets.support.colors import BLUE, PURPLE, SKY_BLUE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BUDGETS: Final = (10, 20, 30, 40)
JUDGED: Final = 40
"""The budget of the verdict: as far as the runs of TPE go."""
TIMES: Final = 2
N_RESAMPLINGS: Final = 2_000


@dataclass(frozen=True)
class Duel:
    """What both methods have to show.

    Attributes
    ----------
    tpe : ndarray of float, shape (n_sequences, 40)
        Accuracy of the best so far, trained again, after each trial of each run of TPE.
    random : ndarray of float, shape (n_settings, n_repeats)
        Accuracies of the random settings.
    """

    tpe: FloatArray
    random: FloatArray


@lru_cache(maxsize=1)
def _duel() -> Duel:
    bank = shipped_bank()
    return Duel(incumbents(bank.sequences), bank.scores("random", EPOCHS)[:, :, -1])


def _leads(duel: Duel, budget: int) -> tuple[float, FloatArray]:
    """Return by how many points random search leads, and that in resampled banks."""
    rng = np.random.default_rng(budget)
    tpe = duel.tpe[:, budget - 1]
    n_draws = TIMES * budget
    lead = 100 * float(mean_worth_of(duel.random, n_draws)[0] - tpe.mean())
    chosen = rng.integers(len(duel.random), size=(N_RESAMPLINGS, len(duel.random)))
    seen, worth = seen_and_worth(duel.random, rng, N_RESAMPLINGS)
    random = mean_worth(
        np.take_along_axis(seen, chosen, axis=1), np.take_along_axis(worth, chosen, axis=1), n_draws
    )[:, 0]
    runs = rng.integers(len(tpe), size=(N_RESAMPLINGS, len(tpe)))
    return lead, centred(100 * (random - tpe[runs].mean(axis=1)), lead)


def _judge(duel: Duel) -> Verdict:
    lead, resampled = _leads(duel, JUDGED)
    return judge(*resampled_band(resampled, lead), above=0.0, unit="points")


def _table(duel: Duel) -> pd.DataFrame:
    import pandas as pd

    bands = [resampled_band(leads, lead) for lead, leads in (_leads(duel, b) for b in BUDGETS)]
    columns = {
        translate("claims_search.budget"): BUDGETS,
        translate("claims_search.tpe_percent"): [
            round(100 * float(duel.tpe[:, budget - 1].mean()), 2) for budget in BUDGETS
        ],
        translate("claims_search.random_percent"): _random_percent(duel, 1),
        translate("claims_search.twice_percent"): _random_percent(duel, TIMES),
        translate("claims_search.twice_minus_tpe"): [
            translate("claims_search.lead_and_band", lead=lead, low=low, high=high).replace(
                "-", "−"
            )
            for lead, low, high in bands
        ],
    }
    return pd.DataFrame(columns).set_index(translate("claims_search.budget"))


def _random_percent(duel: Duel, times: int) -> FloatArray:
    found: FloatArray = (100 * mean_worth_of(duel.random, [times * b for b in BUDGETS])).round(2)
    return found


def _draw(duel: Duel, axes: Axes) -> None:
    counts = np.arange(1, duel.tpe.shape[1] + 1)
    for words, times, color in (("random_search", 1, BLUE), ("random_twice", TIMES, SKY_BLUE)):
        curve = 100 * mean_worth_of(duel.random, times * counts)
        axes.plot(counts, curve, color=color, lw=2, label=translate(f"claims_search.{words}"))
    tpe = 100 * duel.tpe
    half = 1.96 * tpe.std(axis=0, ddof=1) / np.sqrt(len(tpe))
    label = translate("claims_search.runs_of_tpe", n=len(tpe))
    axes.plot(counts, tpe.mean(axis=0), color=PURPLE, lw=2, label=label)
    axes.fill_between(
        counts, tpe.mean(axis=0) - half, tpe.mean(axis=0) + half, color=PURPLE, alpha=0.2, lw=0
    )
    top = float(tpe.mean(axis=0)[-1])
    axes.set(
        xlabel=translate("claims_search.budget"),
        ylabel=translate("claims_search.winner_percent"),
        ylim=(top - 6, top + 1),
        xlim=(1, len(counts)),
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")


RECHT_2016: Final = Claim(
    name="recht-2016",
    words="claims_search",
    sources=(
        Source(
            paper="Recht & Jamieson 2016, Bayesian Optimization and other bad ideas for "
            "hyperparameter optimization",
            place=Text(
                en="argmin.net/2016/06/20/hypertuning, on Li et al. 2018",
                zh="argmin.net/2016/06/20/hypertuning，谈 Li 等（2018）",
            ),
            sentence="Bayesian optimization is completely outperformed by random search run at "
            "twice the speed.",
            read="source",
        ),
        Source(
            paper="Li et al. 2018, Hyperband",
            place=Text(
                en="section 4",
                zh="第 4 节",
            ),
            sentence="‘2X random search’, i.e., random search at twice the speed, is competitive "
            "with several state-of-the-art black-box optimization methods on a broad range of "
            "benchmarks.",
            read="second hand",
            quoted=Text(
                en="as Golovin et al. 2017, Google Vizier, section 4.4.2, report it",
                zh="转引自 Golovin 等（2017，Google Vizier）4.4.2 节",
            ),
        ),
    ),
    evidence=_duel,
    summarize=_table,
    judge=_judge,
    draw=_draw,
)
