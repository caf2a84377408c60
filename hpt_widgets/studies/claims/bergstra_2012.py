"""Bergstra & Bengio 2012: eight random trials match a grid of a hundred."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.search.bank.plan import EPOCHS, random_settings
from hpt_widgets.search.bank.table import FloatArray, shipped_bank
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.studies.claims.best_of_draws import mean_worth, mean_worth_of
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.verdict import Verdict, judge, resampled_band
from hpt_widgets.support.colors import BLUE, GREEN, NEUTRAL, ORANGE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

N_DRAWS: Final = 8
MATCHED: Final = -0.5
"""Points: whoever loses less than that to the grid matches it."""
N_RESAMPLINGS: Final = 4_000
# No curve goes on where a search would draw more than half of what there is to draw from.
SHOWN_SHARE: Final = 0.5


@dataclass(frozen=True)
class Grounds:
    """What is drawn from, and the grid that is to be matched.

    Attributes
    ----------
    grid : ndarray of float, shape (27, n_repeats)
        Accuracies of the article's grid after nine epochs.
    near : ndarray of float, shape (n_near, n_repeats)
        Those of random settings whose three hyperparameters lie in the grid's ranges.
    whole : ndarray of float, shape (n_random, n_repeats)
        Those of all random settings.
    """

    grid: FloatArray
    near: FloatArray
    whole: FloatArray


@lru_cache(maxsize=1)
def _grounds() -> Grounds:
    bank = shipped_bank()
    grid, whole = (bank.scores(part, EPOCHS)[:, :, -1] for part in ("grid", "random"))
    lies_near = [_is_in_ranges(values) for values in random_settings()[: len(whole)]]
    return Grounds(grid, whole[lies_near], whole)


def _is_in_ranges(values: dict[str, Any]) -> bool:
    """Whether a setting lies between the ends of the article's grid in all that this varies."""
    ranges = ARTICLE_SPACE.grid()
    return all(min(allowed) <= values[name] <= max(allowed) for name, allowed in ranges.items())


def _losses(grid: FloatArray) -> FloatArray:
    """Return how many points eight of the grid's points reach more than all, per resampling.

    Resampled is which training of a point the search sees, and which ones tell its worth.
    """
    rng = np.random.default_rng(0)
    n_points, n_repeats = grid.shape
    order = rng.permuted(np.tile(np.arange(n_repeats), (N_RESAMPLINGS, n_points, 1)), axis=2)
    which = rng.integers(1, n_repeats, size=(N_RESAMPLINGS, n_points, n_repeats - 1))
    others = np.take_along_axis(order, which, axis=2)
    points = np.arange(n_points)
    seen = grid[points, order[:, :, 0]]
    worth = grid[points[:, None], others].mean(axis=2)
    few, all_of_them = mean_worth(seen, worth, [N_DRAWS, n_points]).T
    lost: FloatArray = 100 * (few - all_of_them)
    return lost


def _judge(grounds: Grounds) -> Verdict:
    lost = _losses(grounds.grid)
    estimate, low, high = resampled_band(lost, float(lost.mean()))
    return judge(estimate, low, high, above=MATCHED, unit="points")


def _table(grounds: Grounds) -> pd.DataFrame:
    import pandas as pd

    n_points = len(grounds.grid)
    rows = [
        ("whole_grid", grounds.grid, n_points),
        ("of_grid", grounds.grid, N_DRAWS),
        ("in_ranges", grounds.near, N_DRAWS),
        ("in_space", grounds.whole, N_DRAWS),
        ("in_ranges", grounds.near, n_points),
        ("in_space", grounds.whole, n_points),
    ]
    found = 100 * np.array([mean_worth_of(scores, count)[0] for _, scores, count in rows])
    columns = {
        translate("claims_search.drawn_from"): [
            translate(f"claims_search.{words}") for words, _, _ in rows
        ],
        translate("claims_search.trainings"): [count for _, _, count in rows],
        translate("claims_search.winner_percent"): found.round(2),
        translate("claims_search.minus_grid"): (found - found[0]).round(2),
    }
    return pd.DataFrame(columns).set_index(translate("claims_search.drawn_from"))


def _draw(grounds: Grounds, axes: Axes) -> None:
    reached = 100 * float(mean_worth_of(grounds.grid, len(grounds.grid))[0])
    label = translate("claims_search.whole_grid")
    axes.axhline(reached, color=NEUTRAL, lw=2, ls="--", label=label)
    axes.axhspan(reached + MATCHED, reached, color=NEUTRAL, alpha=0.15, lw=0)
    axes.axvline(N_DRAWS, color=NEUTRAL, lw=1, ls=":")
    for words, scores, color in (
        ("of_grid", grounds.grid, BLUE),
        ("in_ranges", grounds.near, GREEN),
        ("in_space", grounds.whole, ORANGE),
    ):
        most = len(scores) if scores is grounds.grid else int(SHOWN_SHARE * len(scores))
        counts = np.arange(1, most + 1)
        label = translate(f"claims_search.{words}")
        axes.plot(counts, 100 * mean_worth_of(scores, counts), color=color, lw=2, label=label)
    axes.set(
        xscale="log",
        xlabel=translate("claims_search.draws"),
        ylabel=translate("claims_search.winner_percent"),
        ylim=(reached - 6, reached + 1),
    )
    ticks = (1, 2, 4, 8, 16, 27, 60, 120)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")


BERGSTRA_2012: Final = Claim(
    name="bergstra-2012",
    words="claims_search",
    sources=(
        Source(
            paper="Bergstra & Bengio 2012, Random Search for Hyper-Parameter Optimization",
            place=Text(
                en="caption of figure 5, JMLR 13",
                zh="JMLR 13，图 5 的图注",
            ),
            sentence="Random searches of 8 trials match or outperform grid searches of (on "
            "average) 100 trials.",
            read="second hand",
            quoted=Text(
                en="as H2O's manual of hyperparameter search quotes it",
                zh="转引自 H2O 的超参数搜索手册",
            ),
        ),
    ),
    evidence=_grounds,
    summarize=_table,
    judge=_judge,
    draw=_draw,
)
