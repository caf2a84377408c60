"""Replays on the bank, held to closed forms and to searches that are run one by one."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from small_bank import bank_of, small_bank

from hpt_widgets.search.bank.replay import (
    N_RESAMPLINGS,
    SEED_COUNTS,
    STRATEGIES,
    budgets_of,
    first_shares,
    mean_band,
    replay,
    seeds_needed,
)
from hpt_widgets.search.halving import brackets_of, next_fit
from hpt_widgets.search.runner import Search
from hpt_widgets.search.space import SearchSpace, Uniform
from hpt_widgets.search.trial import Trial

BANK = small_bank()


def curves(n_settings, n_repeats=1, seed=0):
    """Return curves that rise at different speeds, so that rankings change on the way."""
    rng = np.random.default_rng(seed)
    return np.round(np.sort(rng.uniform(0.2, 0.9, (n_settings, n_repeats, 9)), axis=2), 4)


def expected_best(scores, n_draws):
    """Return the mean best of draws without replacement, by the hypergeometric formula."""
    cases = math.comb(len(scores), n_draws)
    ways = [math.comb(place, n_draws - 1) / cases for place in range(len(scores))]
    return float(np.sort(scores) @ np.array(ways))


def at_trial(found, trial):
    """Return what replays hold at a budget of whole trials."""
    return found.values[:, 3 * trial - 1]


def assert_mean(values, expected):
    """Hold a mean of many replays to what it is expected to be."""
    error = values.std() / math.sqrt(len(values))
    assert values.mean() == pytest.approx(expected, abs=4 * error + 1e-9)


@pytest.mark.parametrize(("strategy", "draws_a_trial"), [("random", 1), ("random_twice", 2)])
def test_random_search_finds_what_the_hypergeometric_formula_says(strategy, draws_a_trial):
    finals = BANK.scores("random", 9)[:, 0, -1]
    bank = bank_of(BANK.scores("random", 9)[:48, :1])
    kept = finals[:48]
    found = replay(bank, strategy, n_trials=20)
    for trial in (1, 2, 5, 20):
        assert_mean(at_trial(found, trial), expected_best(kept, draws_a_trial * trial))


def test_nothing_is_known_before_the_first_training_has_ended():
    found = replay(BANK, "random", n_trials=4)
    assert np.isnan(found.values[:, :2]).all()
    assert np.isfinite(found.values[:, 2:]).all()
    # Halving has trainings of one epoch, and looks first after three.
    assert np.isfinite(replay(BANK, "halving", n_trials=4).values).all()


def test_halving_of_the_whole_bank_is_the_search_of_the_workbook():
    space = SearchSpace((Uniform("x", 0.0, 1.0),))
    search = Search("halving", space, lambda values: curve_of(values["x"])[values["epochs"] - 1])
    record = search.run()
    drawn = [[curve_of(trial.hyperparameters["x"])] for trial in record.trials[:9]]
    found = replay(bank_of(drawn), "halving", n_trials=3, n_resamplings=50)
    # Which setting is drawn first makes no difference: all nine race.
    assert set(found.finals) == {record.best.validation_accuracy}
    assert found.n_drawn == 9


def curve_of(x):
    """Return a curve that crosses those of others on its way."""
    return [round(0.9 - abs(x - 0.1 * epoch), 4) for epoch in range(1, 10)]


@pytest.mark.parametrize("method", ["halving", "hyperband"])
def test_rungs_find_what_searches_find_that_are_run_one_by_one(method):
    scores = curves(48, seed=3)
    budget = 15
    found = replay(bank_of(scores), method, n_trials=budget)
    rng = np.random.default_rng(5)
    slow = np.array([run_slowly(method, scores, rng.permutation(48), budget) for _ in range(300)]).T
    for trial, one_by_one in zip((3, 6, 9, 15), slow, strict=True):
        fast = at_trial(found, trial)
        spread = math.hypot(fast.std() / math.sqrt(len(fast)), one_by_one.std() / math.sqrt(300))
        assert fast.mean() == pytest.approx(one_by_one.mean(), abs=4 * spread + 1e-9)


def run_slowly(method, scores, order, budget):
    """Run one search trial by trial, and return what it holds at four budgets."""
    held, spent, first, best = [], 0, 0, (0, 0.0)
    while spent < 9 * budget:
        n_drawn = 0
        for values, score in one_round(method, scores, order[first:]):
            n_drawn = max(n_drawn, values["n"] + 1)
            spent += values["epochs"]
            best = max(best, (values["epochs"], score))
            held.append((spent, best[1]))
        first += n_drawn
    return [[score for end, score in held if end <= 9 * trial][-1] for trial in (3, 6, 9, 15)]


def one_round(method, scores, order):
    """Yield what is trained in all brackets, and its score, in the order of the workbook."""
    trials = []
    brackets = brackets_of(method, None, 9, 3)
    while values := next_fit(brackets, lambda number: {"n": number}, trials, (), ["n"]):
        score = float(scores[order[values["n"]], 0, values["epochs"] - 1])
        trials.append(Trial(values, method=method, validation_accuracy=score))
        yield values, score


def test_retraining_takes_the_luck_out_of_the_winner():
    """All settings are alike: what a search finds among them is luck alone."""
    rng = np.random.default_rng(1)
    bank = bank_of(np.clip(rng.normal(0.9, 0.01, (200, 3, 9)), 0, 1))
    seen = replay(bank, "random", n_trials=20).finals
    again = replay(bank, "random", n_trials=20, measure="retrained").finals
    # The mean best of 20 normal draws lies 1.867 standard deviations above the mean.
    assert seen.mean() == pytest.approx(0.9 + 1.867 * 0.01, abs=0.002)
    assert again.mean() == pytest.approx(0.9, abs=0.002)


def test_a_winner_is_retrained_in_full_however_short_it_was_trained():
    scores = np.zeros((9, 2, 9))
    scores[:, :, :] = np.linspace(0.1, 0.9, 9)
    scores[4, :, 0], scores[4, 0, 8], scores[4, 1, 8] = 0.8, 0.6, 0.7
    found = replay(bank_of(scores), "halving", n_trials=3, measure="retrained")
    # After nine trainings of one epoch, setting 4 leads.
    assert set(np.round(found.values[:, 2], 12)) <= {0.6, 0.7}


def test_the_grid_is_replayed_in_its_order_and_keeps_what_it_has_found():
    bank = small_bank(n_repeats=1)
    found = replay(bank, "grid", n_trials=40, n_resamplings=3)
    best = np.maximum.accumulate(bank.scores("grid", 9)[:, 0, -1])
    for replayed in found.values:
        assert replayed[2:81:3] == pytest.approx(best)
        assert replayed[81:] == pytest.approx(best[-1])
    assert not found.is_nearly_used_up


def test_tpe_is_replayed_as_it_was_trained():
    found = replay(BANK, "tpe", n_trials=40)
    best = np.maximum.accumulate(BANK.sequences[:, :, 0], axis=1)
    assert found.values[:, 2::3] == pytest.approx(best)
    assert found.n_settings == 3
    assert replay(BANK, "tpe", max_epochs=27) is None


def test_it_says_where_the_bank_is_nearly_used_up_and_ends_where_it_is():
    few = bank_of(curves(20))
    assert not replay(few, "random", n_trials=10).is_nearly_used_up
    assert replay(few, "random", n_trials=11).is_nearly_used_up
    twice = replay(few, "random_twice", n_trials=12)
    assert twice.is_used_up
    assert np.isfinite(twice.values[:, 2 : 3 * 10]).all()
    assert np.isnan(twice.values[:, 3 * 10 :]).all()
    band = replay(few, "hyperband", n_trials=20)
    assert band.is_used_up
    assert band.n_drawn == 17  # a second round would need as many again


def test_without_enough_settings_there_is_nothing_to_replay():
    assert replay(bank_of(curves(8)), "halving") is None
    assert replay(bank_of(curves(8)), "grid") is None
    assert replay(bank_of(curves(8)), "random", measure="retrained") is None
    assert replay(bank_of(curves(8)), "random", max_epochs=27) is None


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "tpe"])
def test_a_seed_decides_all_draws(strategy):
    one, same, other = (
        replay(BANK, strategy, seed=seed, n_resamplings=20, n_trials=5).finals for seed in (4, 4, 5)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_budgets_end_with_the_whole():
    assert budgets_of(2, 9).tolist() == [3, 6, 9, 12, 15, 18]
    assert len(replay(BANK, "random", n_trials=2).values) == N_RESAMPLINGS


@pytest.mark.parametrize("n_seeds", [1, 4, 25])
def test_a_strategy_comes_first_as_often_as_the_normal_law_says(n_seeds):
    rng = np.random.default_rng(0)
    one, other = rng.normal(0.5, 1, 20_000), rng.normal(0, 1, 20_000)
    better, worse = first_shares([one, other], n_seeds, n_comparisons=20_000)
    gap = (one.mean() - other.mean()) * math.sqrt(n_seeds / 2)
    assert better == pytest.approx(NormalDist().cdf(gap), abs=0.015)
    assert better + worse == pytest.approx(1)


def test_equal_ones_share_a_comparison():
    assert first_shares([np.ones(5), np.ones(7), np.zeros(3)], 3).tolist() == [0.5, 0.5, 0]


def test_a_band_of_means_is_narrower_by_the_root_of_their_number():
    values = np.random.default_rng(0).normal(0, 1, (4_000, 2))
    mean, low, high = mean_band(values, 1)
    assert high - low == pytest.approx([2 * 1.645] * 2, rel=0.05)
    assert mean == pytest.approx(values.mean(axis=0))
    _, low_of_means, high_of_means = mean_band(values, 16)
    assert (high - low) / (high_of_means - low_of_means) == pytest.approx([4, 4], rel=0.15)


def test_a_band_is_not_known_where_a_value_is_not():
    values = np.array([[np.nan, 1.0], [2.0, 3.0]])
    for n_seeds in (1, 5):
        mean, low, high = mean_band(values, n_seeds)
        assert np.isnan([mean[0], low[0], high[0]]).all()
        assert mean[1] == 2
        assert low[1] <= mean[1] <= high[1]


def test_seeds_are_enough_where_no_larger_number_is_too_few():
    low, high = [0.5] * len(SEED_COUNTS), [0.99] * len(SEED_COUNTS)
    assert seeds_needed(high) == 1
    assert seeds_needed(low) is None
    assert seeds_needed([*high[:2], 0.9, *high[3:]]) == SEED_COUNTS[3]
    assert seeds_needed([*high[:-1], 0.9]) is None
