"""The lab of Bayesian optimisation as a page without a kernel shows it, drawn in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.labs.bayes.charts import (
    BAND,
    COLORS,
    REST,
    VALUES,
    drawn_curve,
    place_ticks,
    race_limits,
    value_label,
    worth_label,
    worth_limits,
    worth_to,
)
from hpt_widgets.labs.bayes.state import PLAYERS, DuelState
from hpt_widgets.labs.bayes.words import status_text
from hpt_widgets.language import translate
from hpt_widgets.search.bayes.duel import METHODS, N_FIRST, PLACES, ManyDuels, Samples, expectation
from hpt_widgets.search.bayes.parzen_step import parzen_view
from hpt_widgets.support.colors import NEUTRAL

if TYPE_CHECKING:
    from hpt_widgets.support.still_picture import StillPicture


def draw_duel(state: DuelState, many: ManyDuels | None) -> StillPicture:
    """Draw the six charts of the lab."""
    from hpt_widgets.support.still_picture import StillPicture

    made = StillPicture(figsize=(9.6, 7.4), layout="constrained")
    axes = made.subplots(3, 2, gridspec_kw={"height_ratios": (1.2, 1, 0.8)})
    made.suptitle(status_text(state), fontsize=11)
    _draw_trials(axes[0, 0], state, "you")
    axes[0, 0].set_title(translate("bayes_lab.you"), fontsize=10)
    _draw_race(axes[0, 1], state, many)
    _draw_process(axes[1, 0], state)
    _draw_densities(axes[1, 1], state)
    for column, player in enumerate(("gaussian_process", "tpe")):
        _draw_worth(axes[2, column], state, player)
    for chart in (axes[0, 0], *axes[1:].flat):
        _use_ticks(chart, state)
    for chart in axes.flat:
        chart.grid(alpha=0.3)
    return made


def _draw_trials(chart: Any, state: DuelState, player: str) -> None:
    samples, end = state.samples(player), N_FIRST + max(state.round - 1, 0)
    color = COLORS[player]
    chart.plot(samples.places[:end], samples.values[:end], "o", color=color, markersize=5)
    if state.round:
        newest = [samples.places[end]], [samples.values[end]]
        chart.plot(*newest, "^", color=color, markeredgecolor="black", markersize=9)
    if state.is_revealed:
        chart.plot(PLACES, state.objective.values(PLACES), "--", color=NEUTRAL)
    chart.set_ylim(*VALUES)
    chart.set_ylabel(value_label(state))


def _draw_race(chart: Any, state: DuelState, many: ManyDuels | None) -> None:
    curves = {player: state.samples(player).best_by_round for player in PLAYERS}
    for player, curve in curves.items():
        name = translate(f"bayes_lab.{player}")
        chart.plot(*drawn_curve(curve), color=COLORS[player], linewidth=2.5, label=name)
    medians = {} if many is None else {method: many.median(method) for method in METHODS}
    for method, median in medians.items():
        # The others are in the legend already.
        label = translate("bayes_lab.random") if method == "random" else None
        chart.plot(median, "--", color=COLORS[method], linewidth=1.5, label=label)
    chart.set_ylim(*race_limits([*curves.values(), *medians.values()]))
    n_seeds = 0 if many is None else len(many.best["tpe"])
    key = "heading_race" if many else "heading_race_none"
    chart.set_title(translate(f"bayes_lab.{key}", n=n_seeds), fontsize=10)
    chart.set_xlabel(translate("bayes_lab.round"))
    chart.set_ylabel(translate("bayes_lab.race_axis"))
    chart.legend(fontsize=8)


def _draw_process(chart: Any, state: DuelState) -> None:
    known = state.before("gaussian_process")
    color = COLORS["gaussian_process"]
    if known is not None:
        expected = expectation(known)
        reach = BAND * expected.std
        chart.fill_between(
            PLACES, expected.mean - reach, expected.mean + reach, color=color, alpha=0.2
        )
        chart.plot(PLACES, expected.mean, color=color)
    _draw_trials(chart, state, "gaussian_process")
    chart.set_title(translate("bayes_lab.heading_gaussian_process"), fontsize=10)


def _draw_densities(chart: Any, state: DuelState) -> None:
    known: Samples | None = state.before("tpe")
    if known is not None:
        view = parzen_view(known.places, known.values, PLACES)
        good, rest = translate("bayes_lab.heading_good"), translate("bayes_lab.heading_rest")
        chart.plot(PLACES, view.good, color=COLORS["tpe"], label=good)
        chart.plot(PLACES, view.rest, color=REST, label=rest)
        places = np.array(known.places)
        for group, color in ((view.is_good, COLORS["tpe"]), (~view.is_good, REST)):
            chart.plot(places[group], np.zeros(int(group.sum())), "o", color=color, clip_on=False)
        chart.legend(fontsize=8)
    chart.set_ylim(bottom=0)
    chart.set_ylabel(translate("bayes_lab.density_axis"))


def _draw_worth(chart: Any, state: DuelState, player: str) -> None:
    known = state.before(player)
    key = f"heading_{state.settings.acquisition}"
    chart.set_title(
        translate(f"bayes_lab.{'heading_ratio' if player == 'tpe' else key}"), fontsize=10
    )
    chart.set_ylabel(worth_label(state, player))
    if known is not None:
        values = worth_to(player, state, known)
        chart.plot(PLACES, values, color=COLORS[player])
        place = state.samples(player).places[N_FIRST + state.round - 1]
        chart.axvline(place, color=COLORS[player], linestyle=":")
        chart.set_ylim(*worth_limits(values))


def _use_ticks(chart: Any, state: DuelState) -> None:
    ticks = place_ticks(state.objective)
    chart.set_xticks(list(ticks), list(ticks.values()))
    chart.set_xlim(0.0, 1.0)
