"""Chapter 7.1: what papers say about searching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TOP_SHARE: Final = 0.05
N_DRAWS: Final = 60
PROMISED: Final = 0.95


def _chance_to_hit(n_draws: Any) -> Any:
    """Return the probability that one of `n_draws` independent draws is among the best 5 %."""
    return 1 - (1 - TOP_SHARE) ** np.asarray(n_draws, float)


def _table_of_draws(_evidence: None) -> pd.DataFrame:
    import pandas as pd

    n_draws = [10, 20, 40, 59, 60, 100]
    columns = {
        translate("claims_search.draws"): n_draws,
        translate("claims_search.chance"): _chance_to_hit(n_draws).round(3),
    }
    return pd.DataFrame(columns).set_index(translate("claims_search.draws"))


def _judge_draws(_evidence: None) -> Verdict:
    chance = float(_chance_to_hit(N_DRAWS))
    # No band: nothing is measured.
    return Verdict("reproduced" if chance >= PROMISED else "refuted", 100 * chance, unit="percent")


def _draw_chance(_evidence: None, axes: Axes) -> None:
    n_draws = np.arange(1, 101)
    axes.plot(n_draws, 100 * _chance_to_hit(n_draws), lw=2)
    axes.axhline(100 * PROMISED, color="0.6", lw=1)
    axes.set(
        xlabel=translate("claims_search.draws"), ylabel=translate("claims_search.chance_percent")
    )


SIXTY_DRAWS: Final = Claim(
    name="sixty-draws",
    words="claims_search",
    sources=(
        Source(
            paper="Zheng 2015, Evaluating Machine Learning Models",
            place="chapter 4",
            sentence="60 random draws are enough.",
            read="memory",
        ),
    ),
    evidence=lambda: None,
    summarize=_table_of_draws,
    judge=_judge_draws,
    draw=_draw_chance,
)

CLAIMS: Final[tuple[Claim[Any], ...]] = (SIXTY_DRAWS,)
