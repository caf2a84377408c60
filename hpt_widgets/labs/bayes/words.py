"""What is said of a round, of the whole game, and of many."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hpt_widgets.labs.bayes.charts import BAND, value_text
from hpt_widgets.labs.bayes.state import PLAYERS, DuelState
from hpt_widgets.language import translate
from hpt_widgets.search.bayes.duel import METHODS, N_FIRST, N_ROUNDS, ManyDuels, Samples
from hpt_widgets.search.bayes.gaussian_process import posterior
from hpt_widgets.search.bayes.parzen_step import N_CANDIDATES

FIELD: Final = {True: "learning_rate", False: "x"}
"""The name of what is tried, on a logarithmic axis and on a plain one."""


def status_text(state: DuelState) -> str:
    """Return how the game stands."""
    if not state.n_rounds:
        return translate("bayes_lab.begin", n=N_FIRST)
    best: dict[str, Any] = {player: value_text(state.samples(player).best) for player in PLAYERS}
    if not state.is_over:
        return translate("bayes_lab.playing", round=state.n_rounds, most=N_ROUNDS, **best)
    names = [translate(f"bayes_lab.{player}") for player in state.ahead()]
    ahead = translate("bayes_lab.and").join(names)
    return translate("bayes_lab.over", most=N_ROUNDS, ahead=ahead, **best)


def round_texts(state: DuelState) -> list[str]:
    """Return what each player did in the round that is looked at; nothing before the first."""
    if not state.round:
        return []
    return [_said_you(state), _said_process(state), _said_tpe(state)]


def many_text(many: ManyDuels) -> str:
    """Return how the methods do over many seeds."""
    medians: dict[str, Any] = {m: value_text(float(many.median(m)[-1])) for m in METHODS}
    ahead, behind = ("gaussian_process", "tpe"), ("tpe", "gaussian_process")
    return translate(
        "bayes_lab.said_many",
        n=len(many.best["tpe"]),
        ahead=many.times_ahead(*ahead),
        behind=many.times_ahead(*behind),
        **medians,
    )


def _said_you(state: DuelState) -> str:
    return translate("bayes_lab.said_you", **_trial(state, state.yours))


def _said_process(state: DuelState) -> str:
    samples = state.samples("gaussian_process")
    known = samples.before_round(state.round)
    place = samples.places[N_FIRST + state.round - 1]
    expected = posterior(known.places, known.values, np.array([place]))
    mean, std = float(expected.mean[0]), float(expected.std[0])
    return translate(
        f"bayes_lab.said_{_choice_of(mean, std, known.best)}",
        mean=value_text(mean),
        std=value_text(std),
        best=value_text(known.best),
        **_trial(state, samples),
    )


def _choice_of(mean: float, std: float, best: float) -> str:
    """Return what to call a trial of which a Gaussian process expected so much.

    It explores where its band reaches above the best. Two numbers that are written alike are not
    called more or less.
    """
    if value_text(mean) == value_text(best):
        return "as_good"
    if mean > best:
        return "exploits"
    return "explores" if mean + BAND * std > best else "worse"


def _said_tpe(state: DuelState) -> str:
    samples, jobs = state.samples("tpe"), state.settings.n_startup_jobs
    is_random = N_FIRST + state.round - 1 < jobs
    key, count = ("said_tpe_random", jobs) if is_random else ("said_tpe", N_CANDIDATES)
    return translate(f"bayes_lab.{key}", n=count, **_trial(state, samples))


def _trial(state: DuelState, samples: Samples) -> dict[str, Any]:
    """Return where a player tried in the round that is looked at, and what it got, in words."""
    trial = N_FIRST + state.round - 1
    return {
        "x": f"{state.objective.x_at(samples.places[trial]):.2g}",
        "value": value_text(samples.values[trial]),
    }
