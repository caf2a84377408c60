"""Sivaprasad et al. 2020 and Schmidt et al. 2021: optimisers with few trials, and with none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import Text
from hpt_widgets.studies.claims.claim import Claim, Source
from hpt_widgets.studies.claims.optimizer_trials import (
    EXPERIMENT,
    HALF,
    N_SETTINGS,
    NARROW,
    OPTIMIZERS,
    WIDE,
    Band,
    OptimizerTrials,
    bands_of,
    default_score,
    load_trials,
    reaching_lowest,
    tuned_score,
)
from hpt_widgets.studies.claims.optimizer_words import (
    COLORS,
    MARKERS,
    band_columns,
    draw_bands,
    name_of,
    word,
)
from hpt_widgets.studies.claims.verdict import Verdict, judge

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LOW_BUDGET: Final = 4
BUDGETS: Final = (1, 2, 4, 8, 16, 32, 64)
LOSS_ALLOWED: Final = 0.5


# -- few trials ------------------------------------------------------------------------------------


def _by_budget(trials: OptimizerTrials, budget: int) -> dict[str, Any]:
    return {name: tuned_score(trials.tuned[NARROW, name], budget) for name in OPTIMIZERS}


def judge_low_budget(trials: OptimizerTrials) -> Verdict:
    """Judge Adam against the best of the others, both with four trials."""

    def lead(some: OptimizerTrials) -> dict[str, Any]:
        scores = _by_budget(some, LOW_BUDGET)
        adam = scores.pop("adam")
        return {"adam": adam - np.max(list(scores.values()), axis=0)}

    return judge(*bands_of(lead, trials)["adam"], above=0.0, unit="points")


def table_of_budgets(trials: OptimizerTrials) -> pd.DataFrame:
    """Return a row for each budget, and a column for each optimiser."""
    import pandas as pd

    rows = {budget: _by_budget(trials, budget) for budget in BUDGETS}
    table = pd.DataFrame.from_dict(rows, orient="index").round(2)
    table.columns = pd.Index([name_of(name) for name in table.columns])
    table.index.name = word("trials")
    return table


def _draw_budgets(trials: OptimizerTrials, axes: Axes) -> None:
    budgets = range(1, N_SETTINGS + 1)
    for name in OPTIMIZERS:
        scores = [tuned_score(trials.tuned[NARROW, name], budget) for budget in budgets]
        axes.plot(
            budgets,
            scores,
            color=COLORS[name],
            marker=MARKERS[name],
            markevery=[budget - 1 for budget in BUDGETS],
            label=name_of(name),
        )
    axes.axvline(LOW_BUDGET, color="0.6", lw=1, ls="--")
    axes.set_xscale("log", base=2)
    axes.set_xticks(BUDGETS, [str(budget) for budget in BUDGETS])
    axes.set(xlabel=word("trials"), ylabel=word("accuracy"))
    axes.legend(loc="lower right")


# -- none ------------------------------------------------------------------------------------------


def _default_bands(trials: OptimizerTrials) -> dict[str, Band]:
    def differences(some: OptimizerTrials) -> dict[str, Any]:
        default = default_score(some.default)
        return {name: default - tuned_score(some.tuned[WIDE, name], HALF) for name in OPTIMIZERS}

    return bands_of(differences, trials)


def judge_defaults(trials: OptimizerTrials) -> Verdict:
    """Judge by the tuned optimiser against which the defaults' band reaches lowest."""
    worst = reaching_lowest(_default_bands(trials).values())
    return judge(*worst, above=-LOSS_ALLOWED, unit="points")


def table_of_defaults(trials: OptimizerTrials) -> pd.DataFrame:
    """Return a row for each tuned optimiser, held against the best of the defaults."""
    import pandas as pd

    default = default_score(trials.default)
    rows = [
        {
            word("tuned"): name_of(name),
            word("best_default"): round(default, 2),
            word("score_tuned"): round(tuned_score(trials.tuned[WIDE, name], HALF), 2),
            **band_columns(*band),
        }
        for name, band in _default_bands(trials).items()
    ]
    return pd.DataFrame(rows).set_index(word("tuned"))


def _draw_defaults(trials: OptimizerTrials, axes: Axes) -> None:
    bands = _default_bands(trials)
    labels = [name_of(name) for name in bands]
    draw_bands(axes, labels, list(bands.values()), -LOSS_ALLOWED, word("default_points"))
    axes.set_ylabel(word("tuned"))


SIVAPRASAD: Final = Claim(
    name="sivaprasad-2020",
    words="claims_optimizer",
    sources=(
        Source(
            paper="Sivaprasad et al. 2020, Optimizer Benchmarking Needs to Account for "
            "Hyperparameter Tuning",
            place=Text(en="abstract, arXiv:1910.11758", zh="摘要，arXiv:1910.11758"),
            sentence="our results indicate that Adam is the most practical solution, "
            "particularly in low-budget scenarios.",
            read="source",
        ),
    ),
    evidence=load_trials,
    summarize=table_of_budgets,
    judge=judge_low_budget,
    draw=_draw_budgets,
    experiment=EXPERIMENT,
)

SCHMIDT: Final = Claim(
    name="schmidt-2021",
    words="claims_optimizer",
    sources=(
        Source(
            paper="Schmidt et al. 2021, Descending through a Crowded Valley",
            place=Text(en="abstract, arXiv:2007.01547", zh="摘要，arXiv:2007.01547"),
            sentence="evaluating multiple optimizers with default parameters works approximately "
            "as well as tuning the hyperparameters of a single, fixed optimizer.",
            read="source",
        ),
    ),
    evidence=load_trials,
    summarize=table_of_defaults,
    judge=judge_defaults,
    draw=_draw_defaults,
    experiment=EXPERIMENT,
)
