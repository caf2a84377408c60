"""Choi et al. 2019: tuned adaptive methods, and what the search space decides."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.optimizer_trials import (
    EXPERIMENT,
    HALF,
    NARROW,
    OPTIMIZERS,
    WIDE,
    Band,
    OptimizerTrials,
    bands_of,
    load_trials,
    reaching_lowest,
    tuned_score,
)
from hpt_widgets.studies.claims.optimizer_words import (
    COLORS,
    MARKERS,
    band_columns,
    draw_bands,
    error_bars,
    name_of,
    word,
)
from hpt_widgets.studies.claims.verdict import Verdict, judge

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PAPER: Final = "Choi et al. 2019, On Empirical Comparisons of Optimizers for Deep Learning"
PLACE: Final = Text(en="abstract, arXiv:1910.05446", zh="摘要，arXiv:1910.05446")

INCLUSIONS: Final = (("adam", "momentum"), ("adam", "sgd"), ("rmsprop", "sgd"))
"""Each adaptive method with one that it contains: a large ε leaves nothing but the other's step."""
LOSS_ALLOWED: Final = 0.5
REVERSAL_NEEDED: Final = 0.25

Pair = tuple[str, str]


# -- never worse than what it contains --------------------------------------------------------


def _inclusion_bands(trials: OptimizerTrials) -> dict[Pair, Band]:
    def differences(some: OptimizerTrials) -> dict[Pair, Any]:
        wide = _scores(some, WIDE)
        return {(one, other): wide[one] - wide[other] for one, other in INCLUSIONS}

    return bands_of(differences, trials)


def _scores(trials: OptimizerTrials, space: str) -> dict[str, Any]:
    """Return what each optimiser comes to in a space with half of its settings."""
    return {name: tuned_score(trials.tuned[space, name], HALF) for name in OPTIMIZERS}


def judge_inclusion(trials: OptimizerTrials) -> Verdict:
    """Judge by the pair whose band reaches lowest."""
    worst = reaching_lowest(_inclusion_bands(trials).values())
    return judge(*worst, above=-LOSS_ALLOWED, unit="points")


def table_of_inclusions(trials: OptimizerTrials) -> pd.DataFrame:
    """Return a row for each pair."""
    import pandas as pd

    wide = _scores(trials, WIDE)
    rows = [
        {
            word("pair"): _pair_name(pair),
            word("general"): round(wide[pair[0]], 2),
            word("special"): round(wide[pair[1]], 2),
            **band_columns(*band),
        }
        for pair, band in _inclusion_bands(trials).items()
    ]
    return pd.DataFrame(rows).set_index(word("pair"))


def _pair_name(pair: Pair) -> str:
    return word("minus", one=name_of(pair[0]), other=name_of(pair[1]))


def _draw_inclusions(trials: OptimizerTrials, axes: Axes) -> None:
    bands = _inclusion_bands(trials)
    labels = [_pair_name(pair) for pair in bands]
    draw_bands(axes, labels, list(bands.values()), -LOSS_ALLOWED, word("difference_points"))


# -- the space decides the ranking ---------------------------------------------------------------


def reversals(trials: OptimizerTrials) -> dict[Pair, Any]:
    """Return how far each pair is reversed between the spaces, in points.

    Parameters
    ----------
    trials : OptimizerTrials
        All of them, or a half.

    Returns
    -------
    dict of (str, str) to float, or to ndarray of float
        Of the first one's lead in the narrow space and its lag in the wide one the smaller;
        positive only where the order is another.
    """
    narrow, wide = _scores(trials, NARROW), _scores(trials, WIDE)
    return {
        (one, other): np.minimum(narrow[one] - narrow[other], wide[other] - wide[one])
        for one, other in permutations(OPTIMIZERS, 2)
    }


def judge_ranking(trials: OptimizerTrials) -> Verdict:
    """Judge by the pair whose band has the highest lower end; refuted only if all lie below."""
    bands = list(bands_of(reversals, trials).values())
    verdict = judge(*max(bands, key=lambda band: band[1]), above=REVERSAL_NEEDED, unit="points")
    if verdict.outcome == "refuted" and any(high >= REVERSAL_NEEDED for _, _, high in bands):
        return Verdict("undecided", verdict.estimate, verdict.low, verdict.high, verdict.unit)
    return verdict


def _score_bands(trials: OptimizerTrials) -> dict[Pair, Band]:
    def scores(some: OptimizerTrials) -> dict[Pair, Any]:
        return {
            (space, name): score
            for space in (NARROW, WIDE)
            for name, score in _scores(some, space).items()
        }

    return bands_of(scores, trials)


def table_of_ranking(trials: OptimizerTrials) -> pd.DataFrame:
    """Return a row for each optimiser, with its score and place in both spaces."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for space in (NARROW, WIDE):
        scores = pd.Series(_scores(trials, space))
        columns[word(f"score_{space}")] = scores.round(2)
        columns[word(f"place_{space}")] = scores.rank(ascending=False, method="min").astype(int)
    table = pd.DataFrame(columns)
    table.index = pd.Index([name_of(name) for name in table.index], name=word("optimizer"))
    return table


def _draw_ranking(trials: OptimizerTrials, axes: Axes) -> None:
    bands = _score_bands(trials)
    for place, name in enumerate(OPTIMIZERS):
        middles, reach = error_bars([bands[NARROW, name], bands[WIDE, name]])
        at = [step + 0.03 * (place - 1.5) for step in (0, 1)]
        axes.errorbar(
            at,
            middles,
            yerr=reach,
            color=COLORS[name],
            marker=MARKERS[name],
            capsize=4,
            label=name_of(name),
        )
    axes.set_xticks([0, 1], [word("space_narrow"), word("space_wide")])
    axes.set(xlim=(-0.3, 1.3), xlabel=word("space"), ylabel=word("accuracy"))
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))


CHOI: Final = Claim(
    name="choi-2019",
    words="claims_optimizer",
    sources=(
        Source(
            paper=PAPER,
            place=PLACE,
            sentence="the popular adaptive gradient methods never underperform momentum or "
            "gradient descent.",
            read="source",
        ),
    ),
    evidence=load_trials,
    summarize=table_of_inclusions,
    judge=judge_inclusion,
    draw=_draw_inclusions,
    experiment=EXPERIMENT,
)

CHOI_SPACE: Final = Claim(
    name="choi-2019-space",
    words="claims_optimizer",
    sources=(
        Source(
            paper=PAPER,
            place=PLACE,
            sentence="the hyperparameter search space may be the single most important factor "
            "explaining the rankings",
            read="source",
        ),
    ),
    evidence=load_trials,
    summarize=table_of_ranking,
    judge=judge_ranking,
    draw=_draw_ranking,
    experiment=EXPERIMENT,
)
