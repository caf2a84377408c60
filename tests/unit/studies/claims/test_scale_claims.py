"""The claims of chapter 7.4: their judges on evidence that is made up, and one stored training."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import pytest
from scipy import optimize
from widget_tools import page_of

import hpt_widgets as hpt
from hpt_widgets.studies.claims import glorot, smith, yang
from hpt_widgets.studies.claims.experiment import train_once
from hpt_widgets.studies.claims.scale_evidence import (
    arranged,
    joint,
    loss_of,
)
from hpt_widgets.studies.claims.scores import GUESSING, percent
from hpt_widgets.studies.claims.verdict import Verdict


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# ---------------------------------------------------------------- what they share


def test_trials_are_arranged_by_what_was_set():
    trials = [
        hpt.Trial({"learning_rate": rate, "seed": seed}, validation_accuracy=rate + seed / 100)
        for rate in (0.1, 0.2)
        for seed in (0, 1, 2)
    ]
    axes = {"seed": (2, 0), "learning_rate": (0.2, 0.1, 0.4)}
    found = arranged(trials, axes, percent)
    np.testing.assert_allclose(found, [[22, 12, np.nan], [20, 10, np.nan]])


def test_a_training_that_diverged_guesses():
    diverged = hpt.Trial({}, ended="diverged", validation_loss=float("nan"))
    assert percent(diverged) == GUESSING
    assert loss_of(diverged) == np.inf
    assert loss_of(hpt.Trial({}, validation_accuracy=0.9, validation_loss=0.3)) == 0.3


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("reproduced", "reproduced"), "reproduced"),
        (("reproduced", "refuted"), "refuted"),
        (("undecided", "refuted"), "refuted"),
        (("reproduced", "undecided"), "undecided"),
    ],
)
def test_a_joint_verdict_has_the_first_figures(outcomes, expected):
    first, second = outcomes
    found = joint(Verdict(first, 2, 1, 3, "points"), Verdict(second, 8, 7, 9))
    assert found == Verdict(expected, 2, 1, 3, "points")


# ---------------------------------------------------------------- Smith


def schedules(rng, *, ahead, spread=0.1):
    """Return accuracies of three ways, best at the third rate; 1cycle is ahead by so much."""
    hill = -np.abs(np.arange(len(smith.RATES)) - 2.0)[:, None]
    noise = {way: rng.normal(0, spread, (len(smith.RATES), smith.N_SEEDS)) for way in smith.WAYS}
    lead = {smith.ONE_CYCLE: ahead, smith.AS_SHORT: -1.0, smith.LONG: 0.0}
    return {way: 97 + lead[way] + hill + noise[way] for way in smith.WAYS}


@pytest.mark.parametrize(
    ("ahead", "outcome"), [(0.5, "reproduced"), (-0.5, "refuted"), (0.0, "undecided")]
)
def test_1cycle_is_judged_by_its_lead(rng, ahead, outcome):
    evidence = schedules(rng, ahead=ahead)
    # The band of no difference holds 0 for sure where the noise has no mean.
    if outcome == "undecided":
        evidence[smith.ONE_CYCLE] = evidence[smith.LONG] + np.tile([1, -1], smith.N_SEEDS // 2)
    verdict = smith.judge_smith(evidence)
    assert verdict.outcome == outcome
    assert verdict.low <= ahead <= verdict.high or outcome == "undecided"
    assert verdict.unit == "points"


def test_the_seeds_that_choose_the_rate_are_not_compared():
    accuracies = np.full((6, smith.N_SEEDS), 95.0)
    accuracies[4, :2] = 99
    accuracies[1, 2:] = 98
    assert smith.chosen(accuracies) == 4
    assert smith.compared(accuracies).tolist() == [95.0] * (smith.N_SEEDS - smith.N_TUNING)


# ---------------------------------------------------------------- Yang


def valleys(rng, *, standard, mup, spread=0.02):
    """Return losses with one valley for each width, which moves by so many factors of 2."""
    powers = np.log2(yang.RATES)[None, :, None]
    done = np.linspace(0, 1, len(yang.WIDTHS))[:, None, None]
    found = {}
    for name, move in (("standard", standard), ("mup", mup)):
        bottom = np.log2(0.008) + done * move + rng.normal(0, spread, (1, 1, yang.N_SEEDS))
        found[name] = np.exp(0.1 * (powers - bottom) ** 2 - 1)
    return found


@pytest.mark.parametrize("move", [-3.0, -0.4, 0.0, 2.5])
def test_a_move_of_the_valley_is_measured(rng, move):
    evidence = valleys(rng, standard=move, mup=0)
    np.testing.assert_allclose(yang.moves(evidence["standard"]), move, atol=1e-9)


def test_the_lowest_place_is_that_of_the_parabola(rng):
    powers = np.log2(yang.RATES)
    for middle in rng.uniform(powers[1], powers[-2], 20):
        losses = np.exp(0.3 * (powers - middle) ** 2)[None, :, None]
        found = float(yang.best_rates(losses)[0, 0])
        curve = np.polynomial.Polynomial.fit(powers, np.log(losses[0, :, 0]), 2)
        expected = optimize.minimize_scalar(curve, bounds=(powers[0], powers[-1]), method="bounded")
        assert found == pytest.approx(expected.x, abs=1e-4)


@pytest.mark.parametrize("place", [0, 8])
def test_a_valley_at_the_edge_is_the_edge(place):
    losses = np.abs(np.arange(9.0) - place)[None, :, None] + 1
    assert yang.best_rates(losses)[0, 0] == pytest.approx(np.log2(yang.RATES[place]))


def test_a_rate_beside_one_that_diverged_is_taken_as_it_is():
    losses = np.array([3.0, 2, 1, np.inf, np.inf, np.inf, np.inf, np.inf, np.inf])[None, :, None]
    assert yang.best_rates(losses)[0, 0] == pytest.approx(np.log2(yang.RATES[2]))


@pytest.mark.parametrize(
    ("standard", "mup", "outcome"),
    [
        (-3.0, 0.1, "reproduced"),
        (-3.0, -2.0, "refuted"),
        (-0.2, 0.6, "refuted"),
        (2.0, 0.3, "reproduced"),
    ],
)
def test_mup_is_judged_by_how_far_the_best_rate_moves(rng, standard, mup, outcome):
    verdict = yang.judge_yang(valleys(rng, standard=standard, mup=mup))
    assert verdict.outcome == outcome
    assert verdict.low - 0.1 <= abs(standard) - abs(mup) <= verdict.high + 0.1


def test_mup_is_undecided_where_the_seeds_disagree(rng):
    evidence = valleys(rng, standard=-1.0, mup=0.0)
    done = np.linspace(0, 1, len(yang.WIDTHS))[:, None, None]
    each = np.resize([-2.0, 2.0, -2.0, 0.1, 0.2], yang.N_SEEDS)
    powers = np.log2(yang.RATES)[None, :, None]
    evidence["mup"] = np.exp(0.1 * (powers - np.log2(0.008) - done * each) ** 2)
    assert yang.judge_yang(evidence).outcome == "undecided"


# ---------------------------------------------------------------- Glorot


def learned(rng, *, deep, shallow, spread=0.1):
    """Return accuracies with tanh in which Glorot's scale is ahead by so much at either end."""
    shape = (len(glorot.DEPTHS), len(glorot.SCALES), len(glorot.RATES), glorot.SEEDS["tanh"])
    found = rng.normal(80, spread, shape)
    found[:, :, 1] += 5
    own = glorot.SCALES.index(1.0)
    found[:, own] += np.array([shallow, 0.5 * (deep + shallow), deep])[:, None, None]
    return {"tanh": found}


@pytest.mark.parametrize(
    ("deep", "shallow", "outcome"),
    [
        (20, 0.5, "reproduced"),
        (0.3, 0.2, "refuted"),
        (5, 8, "refuted"),
        (-10, 0, "refuted"),
    ],
)
def test_the_initial_scale_is_judged_by_its_lead(rng, deep, shallow, outcome):
    verdict = glorot.judge_glorot(learned(rng, deep=deep, shallow=shallow))
    assert verdict.outcome == outcome
    # The better of two equal scales is a little better than either.
    assert verdict.estimate == pytest.approx(deep, abs=0.3)


def test_the_initial_scale_is_undecided_where_the_seeds_disagree(rng):
    evidence = learned(rng, deep=2, shallow=0)
    evidence["tanh"][-1, glorot.SCALES.index(1.0)] += np.array([-6, 6, -5, 5, 0])
    assert glorot.judge_glorot(evidence).outcome == "undecided"


def test_the_better_of_the_two_other_scales_counts():
    accuracies = np.full((3, 5, 3, 5), 50.0)
    accuracies[:, glorot.SCALES.index(1.0)] = 90
    accuracies[:, glorot.SCALES.index(4.0)] = 70
    assert (glorot.leads(accuracies) == 20).all()


def test_a_seed_does_not_choose_its_own_rate():
    accuracies = np.full((1, 1, 2, 3), 80.0)
    accuracies[0, 0, 0] = [90, 70, 70]
    expected = [
        accuracies[0, 0, np.delete(accuracies[0, 0], seed, axis=1).mean(axis=1).argmax(), seed]
        for seed in range(3)
    ]
    assert glorot.at_best_rate(accuracies)[0, 0].tolist() == expected


# ---------------------------------------------------------------- what is stored


def test_at_the_base_width_both_parametrizations_are_one():
    evidence = hpt.load_claim("yang-2022").evidence()
    np.testing.assert_array_equal(evidence["mup"][0], evidence["standard"][0])


@pytest.mark.parametrize("name", ["smith-2018", "yang-2022", "glorot-2010"])
def test_nothing_is_missing_from_the_evidence(name):
    for scores in hpt.load_claim(name).evidence().values():
        assert not np.isnan(scores).any()


def test_the_tables_and_legends_are_in_the_readers_language():
    hpt.use_language("zh")
    claims = {name: hpt.load_claim(name) for name in ("smith-2018", "yang-2022", "glorot-2010")}
    schedules, parametrizations, _ = (claim.table() for claim in claims.values())
    assert list(schedules.index) == ["1cycle", "恒定", "恒定"]
    assert schedules.columns[0] == "轮数"
    assert list(parametrizations.index) == ["标准", "μP"]
    legends = [claim.plot().axes[0].get_legend() for claim in claims.values()]
    first = [legend.get_texts()[1].get_text() for legend in legends]
    assert first == ["恒定，3 轮", "μP", "tanh，5"]


def test_a_stored_training_can_be_repeated():
    stored = next(
        trial
        for trial in glorot.GLOROT.load()
        if trial.hyperparameters["activation"] == "tanh"
        and trial.hyperparameters["initial_scale"] == 1.0
        and trial.hyperparameters["learning_rate"] == 0.1
        and len(trial.hyperparameters["hidden_units"]) == 2
    )
    anew = train_once(hpt.load_mnist(), dict(stored.hyperparameters))
    # Another processor rounds otherwise.
    assert anew.validation_accuracy == pytest.approx(stored.validation_accuracy, abs=0.02)
    assert anew.validation_loss == pytest.approx(stored.validation_loss, abs=0.05)


# ---------------------------------------------------------------- the table of all claims


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_shows_each_claim_whole(language):
    hpt.use_language(language)
    table = hpt.claim_table()
    page = page_of(table)
    for name in table.index:
        claim = hpt.load_claim(name)
        verdict = claim.verdict()
        for words in (name, claim.says, verdict.word, verdict.figures):
            assert f">{escape(words)}</t" in page
    hpt.use_language("en")


def test_what_is_chosen_from_the_table_is_a_plain_one():
    table = hpt.claim_table()
    assert type(table[["verdict"]]) is pd.DataFrame
    assert table.loc["glorot-2010", "chapter"] == "7.4"
