"""The claims of chapter 7.1: their arithmetic, and their judges on evidence that is made up."""

from __future__ import annotations

import re
from itertools import combinations
from math import comb

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.search.bank.plan import grid_settings, random_settings
from hpt_widgets.search.bank.replay import replay
from hpt_widgets.search.bank.table import shipped_bank
from hpt_widgets.studies.claims import bergstra_2012, li_2018, recht_2016, sixty_draws
from hpt_widgets.studies.claims.best_of_draws import (
    chances_to_win,
    mean_worth,
    mean_worth_of,
    seen_and_worth,
)

CLAIMS = ("sixty-draws", "bergstra-2012", "li-2018", "recht-2016")


@pytest.fixture
def rng():
    return np.random.default_rng(5)


# -- the best of several draws


@pytest.mark.parametrize(("n_settings", "n_draws"), [(1, 1), (7, 3), (27, 8), (27, 27), (384, 80)])
def test_a_rank_wins_if_all_others_come_from_below(n_settings, n_draws):
    exact = [
        comb(n_settings - rank - 1, n_draws - 1) / comb(n_settings, n_draws)
        for rank in range(n_settings)
    ]
    np.testing.assert_allclose(chances_to_win(n_settings, n_draws), exact, atol=1e-12)


def test_the_mean_worth_is_that_over_all_draws(rng):
    seen, worth = rng.random(7), rng.random(7)
    for n_draws in (1, 3, 7):
        winners = [max(drawn, key=seen.__getitem__) for drawn in combinations(range(7), n_draws)]
        assert mean_worth(seen, worth, n_draws)[0] == pytest.approx(worth[winners].mean())


def test_a_setting_is_worth_what_its_other_trainings_come_to(rng):
    scores = rng.random((5, 3))
    seen, worth = seen_and_worth(scores, rng, 50)
    assert np.isin(seen, scores).all()
    np.testing.assert_allclose(seen + 2 * worth, np.tile(scores.sum(axis=1), (50, 1)))


def test_the_formula_agrees_with_replays_of_the_bank():
    bank = shipped_bank()
    found = replay(bank, "random", n_trials=20, measure="retrained", n_resamplings=20_000)
    assert found is not None
    each = found.values[:, 2::3].mean(axis=0)
    expected = mean_worth_of(bank.scores("random", 9)[:, :, -1], np.arange(1, 21))
    error = found.values[:, 2::3].std(axis=0) / np.sqrt(20_000)
    assert (np.abs(each - expected) < 5 * error).all()


# -- sixty draws


def test_sixty_draws_are_enough_and_fifty_eight_are_not():
    missed = np.random.default_rng(0).random((40_000, 60)).min(axis=1) > 0.05
    assert sixty_draws.chance_to_hit(60) == pytest.approx(1 - missed.mean(), abs=0.005)
    assert sixty_draws.chance_to_hit(58) < 0.95 <= sixty_draws.chance_to_hit(59)
    assert hpt.load_claim("sixty-draws").verdict().low is None


def test_the_best_five_percent_of_the_bank():
    accuracies = hpt.load_claim("sixty-draws").evidence()
    assert len(accuracies) == 384
    assert (np.diff(accuracies) <= 0).all()
    assert sixty_draws.n_top(384) == 19


# -- eight draws against a grid


def grounds(losses, rng, noise=0.0005):
    """Return a grid whose points lie so many points below the best, trained three times each."""
    grid = 0.93 - np.asarray(losses)[:, None] / 100 + noise * rng.normal(size=(len(losses), 3))
    return bergstra_2012.Grounds(grid, grid, grid)


@pytest.mark.parametrize(
    ("losses", "outcome"),
    [
        # Nine points are as good as the best: eight draws nearly always meet one.
        ([0.0] * 9 + [5.0] * 18, "reproduced"),
        # One is good: eight draws of 27 miss it most of the time.
        ([0.0] + [5.0] * 26, "refuted"),
    ],
)
def test_eight_draws_match_a_grid_with_many_good_points(losses, outcome, rng):
    claim = bergstra_2012.BERGSTRA_2012
    assert claim.judge(grounds(losses, rng)).outcome == outcome


def test_a_grid_of_chance_alone_is_undecided(rng):
    # Nine good points of 27 lose 0.5 points in the mean over all draws, give or take the noise.
    missed = comb(18, 8) / comb(27, 8)
    evidence = grounds([0.0] * 9 + [0.5 / missed] * 18, rng, noise=0.004)
    verdict = bergstra_2012.BERGSTRA_2012.judge(evidence)
    assert verdict.outcome == "undecided"
    assert verdict.low < -0.5 < verdict.high


def test_the_loss_is_what_all_draws_of_eight_lose_on_average(rng):
    evidence = grounds(rng.uniform(0, 5, 10), rng, noise=0.0)
    worth = 100 * evidence.grid[:, 0]
    best = [worth[list(drawn)].max() for drawn in combinations(range(10), 8)]
    verdict = bergstra_2012.BERGSTRA_2012.judge(evidence)
    assert verdict.estimate == pytest.approx(np.mean(best) - worth.max())
    assert verdict.high - verdict.low < 1e-9


def test_settings_in_the_grids_ranges_are_those():
    found = hpt.load_claim("bergstra-2012").evidence()
    names = ("learning_rate", "batch_size", "dropout_rate")
    ends = {
        name: (min(p[name] for p in grid_settings()), max(p[name] for p in grid_settings()))
        for name in names
    }
    near = [
        place
        for place, values in enumerate(random_settings())
        if all(low <= values[name] <= high for name, (low, high) in ends.items())
    ]
    assert 100 < len(near) < 130
    np.testing.assert_array_equal(found.near, found.whole[near])


# -- Hyperband


def race(needed, ceiling, scatter, rng):
    """Return a race in which random search needs so many times what Hyperband does."""
    random = np.linspace(0.5, 0.95, 400)
    reached = np.interp(needed, np.arange(1, 401), random)
    budgets = np.array([1.0])
    resampled = needed + scatter * rng.normal(size=(500, 1))
    return li_2018.Race(budgets, np.array([ceiling]), np.array([reached]), random, resampled)


@pytest.mark.parametrize(
    ("needed", "ceiling", "scatter", "outcome"),
    [
        (20.0, 60.0, 1.0, "reproduced"),
        (5.0, 60.0, 1.0, "refuted"),
        (9.0, 60.0, 3.0, "undecided"),
        (5.0, 6.75, 0.5, "out of reach"),
    ],
)
def test_a_speed_up_is_judged_where_it_could_have_come_out(needed, ceiling, scatter, outcome, rng):
    verdict = li_2018.LI_2018.judge(race(needed, ceiling, scatter, rng))
    assert verdict.outcome == outcome
    assert verdict.estimate == pytest.approx(needed)


def test_trainings_needed_are_read_off_the_curve():
    curve = np.array([0.5, 0.7, 0.69, 0.9])
    needed = li_2018.trainings_needed(curve, np.array([0.5, 0.6, 0.7, 0.8, 0.9, 0.99]))
    np.testing.assert_allclose(needed, [1, 1.5, 3, 3.5, 4, 4])


def test_the_brackets_are_those_of_algorithm_1():
    found = hpt.load_claim("li-2018").evidence()
    np.testing.assert_allclose(27 * found.budgets, [108, 207, 315, 423])
    np.testing.assert_array_equal(found.n_seen, [27, 39, 45, 49])
    assert found.ceilings[0] == 6.75
    assert (found.needed / found.budgets < found.ceilings).all()


def test_random_search_needs_what_a_slow_count_of_draws_says():
    """Draw from the bank one by one until the winner is worth what Hyperband's is."""
    found = hpt.load_claim("li-2018").evidence()
    scores = shipped_bank().scores("random", 27)[:, :, -1]
    rng = np.random.default_rng(1)
    n_draws = round(found.needed[0])
    worth = []
    for _ in range(20_000):
        drawn, which = rng.permutation(128)[:n_draws], rng.integers(3, size=n_draws)
        winner = scores[drawn, which].argmax()
        worth.append(np.delete(scores[drawn[winner]], which[winner]).mean())
    error = np.std(worth) / np.sqrt(len(worth))
    assert np.mean(worth) == pytest.approx(found.random[n_draws - 1], abs=5 * error)
    assert np.mean(worth) == pytest.approx(found.reached[0], abs=5 * error + 0.0005)


# -- twice the budget against TPE


def duel(lead, rng, scatter=0.002):
    """Return runs of TPE that end so many points below the best of 80 random settings."""
    random = 0.9 + 0.02 * rng.normal(size=(384, 1)) + 0.0005 * rng.normal(size=(384, 3))
    reached = mean_worth_of(random, 80)[0] - lead / 100
    tpe = np.tile(reached + scatter * rng.normal(size=(20, 1)), 40)
    return recht_2016.Duel(tpe, random)


@pytest.mark.parametrize(
    ("lead", "outcome"), [(2.0, "reproduced"), (-2.0, "refuted"), (0.0, "undecided")]
)
def test_the_lead_of_random_search_decides(lead, outcome, rng):
    verdict = recht_2016.RECHT_2016.judge(duel(lead, rng))
    assert verdict.outcome == outcome
    assert verdict.estimate == pytest.approx(lead, abs=0.3)


def test_more_runs_make_the_band_narrower(rng):
    evidence = duel(0.0, rng, scatter=0.02)
    more = recht_2016.Duel(np.tile(evidence.tpe, (16, 1)), evidence.random)
    bands = [recht_2016.RECHT_2016.judge(one) for one in (evidence, more)]
    widths = [band.high - band.low for band in bands]
    assert widths[1] < 0.75 * widths[0]


def test_the_best_so_far_is_what_was_trained_again():
    bank = shipped_bank()
    found = hpt.load_claim("recht-2016").evidence().tpe
    assert np.isfinite(found).all()
    for run, best in zip(bank.sequences, found, strict=True):
        for n_trials in (1, 20, 40):
            winner = int(run[:n_trials, 0].argmax())
            assert best[n_trials - 1] == pytest.approx(run[winner, 1:].mean())


# -- all four


@pytest.mark.parametrize("name", CLAIMS)
def test_a_verdict_is_the_same_each_time(name):
    claim = hpt.load_claim(name)
    assert repr(claim.judge(claim.evidence())) == repr(claim.verdict())
    assert claim.experiment is None


def test_eight_of_the_grid_are_neither_matched_nor_beaten():
    verdict = hpt.load_claim("bergstra-2012").verdict()
    assert verdict.outcome == "undecided"
    assert verdict.low < -0.5 < verdict.high


def test_ten_times_is_out_of_reach_and_the_speed_up_is_said():
    verdict = hpt.load_claim("li-2018").verdict()
    assert verdict.outcome == "out of reach"
    assert 3 < verdict.estimate < 6.75


def test_the_lead_is_written_with_the_readers_own_marks():
    name = "recht-2016"
    assert re.fullmatch(r"[+−][\d.]+ \([+−][\d.]+ … [+−][\d.]+\)", lead_of(name))
    hpt.use_language("zh")
    assert re.fullmatch(r"[+−][\d.]+（[+−][\d.]+ 到 [+−][\d.]+）", lead_of(name))
    assert "TPE（%）" in hpt.load_claim(name).table()


def lead_of(name):
    return hpt.load_claim(name).table().iloc[0, -1]
