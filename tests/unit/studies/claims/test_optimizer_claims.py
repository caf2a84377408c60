"""Chapter 7.3: the judges on made-up evidence, the numerics, and a stored training done anew."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from math import comb

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.studies.claims import choi, kingma, optimizer_trials, tuning_budgets
from hpt_widgets.studies.claims.optimizer_trials import (
    DEFAULT_RATES,
    NARROW,
    OPTIMIZERS,
    WIDE,
    OptimizerTrials,
    bands_of,
    default_score,
    resampled,
    tuned_score,
)

N_SETTINGS = optimizer_trials.N_SETTINGS


@pytest.fixture(scope="module", autouse=True)
def few_resamplings():
    """A made-up case is clear with few of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimizer_trials, "N_RESAMPLINGS", 200)
        yield


def made_up(*, narrow=None, wide=None, default=None, spread=0.3, bad=0.3, seed=0):
    """Return trials whose good settings lie about the given accuracies."""
    rng = np.random.default_rng(seed)

    def scores(middle):
        found = (
            middle + rng.normal(0, spread, (N_SETTINGS, 1)) + rng.normal(0, 0.2, (N_SETTINGS, 2))
        )
        found[rng.random(N_SETTINGS) < bad] = 10.0
        return found

    tuned = {}
    for space, middles in ((NARROW, narrow or {}), (WIDE, wide or {})):
        for name in OPTIMIZERS:
            tuned[space, name] = scores(middles.get(name, 90.0))
    tuned[WIDE, "sgd"] = tuned[NARROW, "sgd"]
    middles = dict.fromkeys(DEFAULT_RATES, 85.0) | (default or {})
    defaults = {name: middle + rng.normal(0, 0.2, 8) for name, middle in middles.items()}
    return OptimizerTrials(tuned, defaults)


# -- judges --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wide", "spread", "outcome"),
    [
        ({"adam": 91.0, "rmsprop": 91.0}, 0.1, "reproduced"),
        ({}, 0.1, "reproduced"),
        ({"adam": 88.0}, 0.1, "refuted"),
        ({"rmsprop": 88.0}, 0.1, "refuted"),
        ({"adam": 89.5}, 1.5, "undecided"),
    ],
)
def test_an_adaptive_method_is_held_against_what_it_contains(wide, spread, outcome):
    verdict = choi.judge_inclusion(made_up(wide=wide, spread=spread))
    assert verdict.outcome == outcome
    assert verdict.unit == "points"


@pytest.mark.parametrize(
    ("narrow", "wide", "spread", "outcome"),
    [
        ({"adam": 92.0}, {"adam": 88.0}, 0.1, "reproduced"),
        ({"momentum": 88.0}, {"momentum": 92.0}, 0.1, "reproduced"),
        ({"adam": 92.0, "momentum": 91.0}, {"adam": 92.0, "momentum": 91.0}, 0.05, "refuted"),
        ({"adam": 90.5}, {"adam": 89.5}, 1.5, "undecided"),
    ],
)
def test_a_ranking_is_decided_by_the_space_if_a_pair_turns_round(narrow, wide, spread, outcome):
    assert choi.judge_ranking(made_up(narrow=narrow, wide=wide, spread=spread)).outcome == outcome


@pytest.mark.parametrize(
    ("narrow", "bad", "outcome"),
    [
        ({"adam": 93.0}, 0.0, "reproduced"),
        ({"adam": 87.0}, 0.0, "refuted"),
        ({"adam": 90.2}, 0.5, "undecided"),
    ],
)
def test_adam_is_held_against_the_best_of_the_others(narrow, bad, outcome):
    assert tuning_budgets.judge_low_budget(made_up(narrow=narrow, bad=bad)).outcome == outcome


@pytest.mark.parametrize(
    ("default", "spread", "outcome"),
    [
        ({"adam": 91.0}, 0.1, "reproduced"),
        ({"adam": 88.0}, 0.1, "refuted"),
        ({"adam": 91.2}, 1.0, "undecided"),
    ],
)
def test_defaults_are_held_against_each_tuned_optimiser(default, spread, outcome):
    trials = made_up(default=default, spread=spread)
    assert tuning_budgets.judge_defaults(trials).outcome == outcome


def made_up_losses(adam, others=0.4, noise=0.02, n_seeds=4):
    """Return losses whose second of three rates is best, at the given last loss."""
    rng = np.random.default_rng(1)

    def losses(last):
        by_rate = last * np.array([2.0, 1.0, 3.0])[:, None, None]
        falling = np.array([4.0, 2.0, 1.5, 1.0])
        return by_rate * falling * np.exp(rng.normal(0, noise, (3, n_seeds, 4)))

    return {name: losses(adam if name == "adam" else others) for name in kingma.OPTIMIZERS}


@pytest.mark.parametrize(
    ("adam", "noise", "outcome"),
    [(0.2, 0.02, "reproduced"), (0.8, 0.02, "refuted"), (0.4, 0.2, "undecided")],
)
def test_adams_loss_is_held_against_the_best_of_the_others(adam, noise, outcome):
    verdict = kingma.judge_speed(made_up_losses(adam, noise=noise))
    assert verdict.outcome == outcome
    assert verdict.unit == "times"


def test_a_rate_is_not_chosen_by_the_seed_that_it_is_scored_on():
    losses = made_up_losses(0.4, noise=0.0)
    losses["adam"][0, 0, -1] = 0.001  # a lucky run at a bad rate
    assert kingma.ratios(losses)[0] == pytest.approx(1.0)


def test_a_training_that_diverged_is_never_chosen():
    losses = made_up_losses(0.2)
    losses["adam"][1] = np.inf
    assert kingma.best_rate(losses["adam"], range(4)) == 0
    assert np.isfinite(kingma.ratios(losses)).all()


# -- numerics ------------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", [1, 2, 3, 6])
def test_the_tuned_score_is_the_mean_over_all_draws(budget):
    scores = np.random.default_rng(5).normal(90, 2, (6, 2))
    found = [
        (scores[max(draw, key=lambda row: scores[row, a]), b])
        for draw in combinations(range(6), budget)
        for a, b in ((0, 1), (1, 0))
    ]
    assert len(found) == 2 * comb(6, budget)
    assert tuned_score(scores, budget) == pytest.approx(np.mean(found))


@pytest.mark.parametrize("budget", [0, 7])
def test_no_more_settings_can_be_drawn_than_there_are(budget):
    with pytest.raises(ValueError, match="from 1 to 6"):
        tuned_score(np.zeros((6, 2)), budget)


def test_the_default_score_leaves_out_the_seed_that_chose():
    default = {"a": np.array([90.0, 80.0, 85.0]), "b": np.array([70.0, 95.0, 60.0])}
    # Seeds 0 and 2 choose a, seed 1 chooses b.
    assert default_score(default) == pytest.approx(
        np.mean([np.mean([80, 85]), np.mean([70, 60]), np.mean([90, 80])])
    )


def test_halves_have_half_of_everything_and_differ():
    trials = made_up()
    halves = list(resampled(trials))
    assert len(halves) == 200
    for half in halves[:5]:
        assert all(len(scores) == N_SETTINGS // 2 for scores in half.tuned.values())
        assert all(len(scores) == 4 for scores in half.default.values())
        assert half.tuned[WIDE, "sgd"] is half.tuned[NARROW, "sgd"]
        rows = {tuple(row) for row in trials.tuned[NARROW, "adam"]}
        assert {tuple(row) for row in half.tuned[NARROW, "adam"]} <= rows
    assert not np.array_equal(halves[0].tuned[WIDE, "adam"], halves[1].tuned[WIDE, "adam"])


def test_the_band_of_a_mean_is_that_of_the_normal_distribution():
    """Half of a sample varies about the whole as the whole does about the truth."""
    trials = made_up(spread=1.0, bad=0.0)
    scores = trials.tuned[NARROW, "adam"][:, 0]
    optimizer_trials.N_RESAMPLINGS = 2000
    bands = bands_of(
        lambda some: {"mean": some.tuned[NARROW, "adam"][..., 0].mean(axis=-1)}, trials
    )
    optimizer_trials.N_RESAMPLINGS = 200
    _, low, high = bands["mean"]
    half = 1.96 * scores.std(ddof=1) / np.sqrt(len(scores))
    assert (high - low) / 2 == pytest.approx(half, rel=0.1)


# -- what is stored ------------------------------------------------------------------------------


def test_random_settings_lie_in_their_spaces():
    settings = list(optimizer_trials.EXPERIMENT.settings())
    rates = [one["learning_rate"] for one in settings]
    assert 1e-4 <= min(rates) < 2e-4
    assert 0.5 < max(rates) <= 1
    shares = [1 - one["momentum"] for one in settings if "momentum" in one]
    assert 0.99e-3 <= min(shares) < 1e-2
    assert max(shares) <= 1
    assert {one["optimizer"] for one in settings if "momentum" in one} == {"momentum", "adam"}
    assert {one["optimizer"] for one in settings if "epsilon" in one} == {"rmsprop", "adam"}
    defaults = len(DEFAULT_RATES) * len(optimizer_trials.DEFAULT_SEEDS)
    assert len(settings) == 7 * N_SETTINGS * 2 + defaults


def test_each_stored_trial_finds_its_place():
    record = optimizer_trials.EXPERIMENT.load()
    trials = optimizer_trials.from_record(record)
    for trial in list(record)[::97]:
        settings = trial.hyperparameters
        space = WIDE if {"momentum", "epsilon"} & set(settings) else NARROW
        score = 100 * (trial.validation_accuracy if trial.usable else 0.1)
        default = settings["seed"] in optimizer_trials.DEFAULT_SEEDS
        optimizer = settings["optimizer"]
        place = trials.default[optimizer] if default else trials.tuned[space, optimizer]
        assert np.isclose(place, score).any()


def test_a_stored_trial_comes_out_again():
    """Within what another processor's rounding may do to a short training."""
    stored = next(t for t in optimizer_trials.EXPERIMENT.load() if t.validation_accuracy > 0.9)
    again = optimizer_trials.train_shortly_written(hpt.load_mnist(), stored.hyperparameters)
    assert again.validation_accuracy == pytest.approx(stored.validation_accuracy, abs=0.02)


def test_a_stored_training_loss_comes_out_again():
    stored = next(t for t in kingma.EXPERIMENT.load() if t.hyperparameters["optimizer"] == "adam")
    again = kingma.train_with_training_loss(hpt.load_mnist(), stored.hyperparameters)
    assert len(again.history) == kingma.EPOCHS
    np.testing.assert_allclose(again.history, stored.history, rtol=0.1)


def test_the_training_loss_is_that_of_the_training_digits_without_dropout():
    data = hpt.load_mnist()
    settings = {**next(kingma.EXPERIMENT.settings()), "training_size": 300, "epochs": 1}
    trial = kingma.train_with_training_loss(data, settings)
    small = data.take(300, seed=settings["subset_seed"])
    names = ("training_size", "subset_seed")
    run = hpt.train(
        hpt.Hyperparameters(**{k: v for k, v in settings.items() if k not in names}), small
    )
    chances = run.predict_proba(small.x_train)[np.arange(300), small.y_train]
    assert trial.history[-1][1] == pytest.approx(float(-np.log(chances).mean()), rel=1e-3)
    assert dataclasses.replace(trial, history=()).validation_accuracy == run.validation_accuracy
