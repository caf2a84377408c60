"""Sixty random draws hit the best 5 %: arithmetic, and how far these 5 % lie below the best."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text, translate
from hpt_widgets.search.bank.plan import EPOCHS
from hpt_widgets.search.bank.table import FloatArray, shipped_bank
from hpt_widgets.studies.claims.best_of_draws import mean_worth
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.verdict import Verdict
from hpt_widgets.support.colors import BLUE, NEUTRAL, VERMILION

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TOP_SHARE: Final = 0.05
N_DRAWS: Final = 60
PROMISED: Final = 0.95
SHOWN: Final = (10, 20, 40, 59, 60, 100)
# The chart leaves out what has learned next to nothing.
LOWEST_SHOWN: Final = 80.0


def chance_to_hit(n_draws: Any) -> Any:
    """Return the probability that one of `n_draws` independent draws is among the best 5 %."""
    return 1 - (1 - TOP_SHARE) ** np.asarray(n_draws, float)


@lru_cache(maxsize=1)
def _accuracies() -> FloatArray:
    """Return the mean accuracy of each random setting of the bank, in percent, best first."""
    means = 100 * shipped_bank().scores("random", EPOCHS)[:, :, -1].mean(axis=1)
    found: FloatArray = np.sort(means)[::-1]
    return found


def n_top(n_settings: int) -> int:
    """Return how many settings the best 5 % are."""
    return int(TOP_SHARE * n_settings)


def _table(accuracies: FloatArray) -> pd.DataFrame:
    import pandas as pd

    best = mean_worth(accuracies, accuracies, SHOWN)
    columns = {
        translate("claims_search.draws"): SHOWN,
        translate("claims_search.chance"): chance_to_hit(SHOWN).round(3),
        translate("claims_search.best_percent"): best.round(2),
        translate("claims_search.below_best"): (accuracies[0] - best).round(2),
    }
    return pd.DataFrame(columns).set_index(translate("claims_search.draws"))


def _judge(_accuracies: FloatArray) -> Verdict:
    chance = float(chance_to_hit(N_DRAWS))
    # No band: nothing is measured.
    return Verdict("reproduced" if chance >= PROMISED else "refuted", 100 * chance, unit="percent")


def _draw(accuracies: FloatArray, axes: Axes) -> None:
    shares = 100 * (np.arange(len(accuracies)) + 1) / len(accuracies)
    last = n_top(len(accuracies)) - 1
    axes.plot(shares, accuracies, color=NEUTRAL, lw=2)
    axes.plot(shares[: last + 1], accuracies[: last + 1], color=VERMILION, lw=5)
    for place, words in ((0, "best_setting"), (last, "worst_of_top")):
        said = translate(f"claims_search.{words}", accuracy=f"{accuracies[place]:.1f}")
        axes.annotate(
            said,
            (shares[place], accuracies[place]),
            xytext=(14, 6),
            textcoords="offset points",
            color=BLUE,
        )
    axes.set(
        xlabel=translate("claims_search.share_of_settings"),
        ylabel=translate("claims_search.accuracy_percent"),
        xlim=(0, 100),
        ylim=(LOWEST_SHOWN, accuracies[0] + 2),
    )
    axes.grid(alpha=0.3)


SIXTY_DRAWS: Final = Claim(
    name="sixty-draws",
    words="claims_search",
    sources=(
        Source(
            paper="Zheng 2015, Evaluating Machine Learning Models (O'Reilly)",
            place=Text(
                en="chapter 4",
                zh="第 4 章",
            ),
            sentence="for any distribution over a sample space with a finite maximum, the maximum "
            "of 60 random observations lies within the top 5% of the true maximum, with 95% "
            "probability.",
            read="second hand",
            quoted=Text(
                en="quoted at stats.stackexchange.com/questions/160479",
                zh="转引自 stats.stackexchange.com/questions/160479",
            ),
        ),
    ),
    evidence=_accuracies,
    summarize=_table,
    judge=_judge,
    draw=_draw,
)
