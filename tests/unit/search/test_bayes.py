"""Bayesian optimisation in one dimension: objectives, both models, and the duel."""

import numpy as np
import pytest
from hyperopt import JOB_STATE_DONE, STATUS_OK, Trials, hp, rand, tpe
from hyperopt.base import Domain
from scipy import integrate, stats
from sklearn.gaussian_process.kernels import Matern

import hpt_widgets as hpt
from hpt_widgets.search.bayes import acquisition as acquisitions
from hpt_widgets.search.bayes.duel import (
    METHODS,
    N_FIRST,
    N_ROUNDS,
    PLACES,
    DuelSettings,
    first_samples,
    proposal,
    run_many,
    run_method,
)
from hpt_widgets.search.bayes.gaussian_process import LENGTH_SCALES, NOISE, posterior
from hpt_widgets.search.bayes.objectives import OBJECTIVES, measured_table, objective_of
from hpt_widgets.search.bayes.parzen_step import parzen_proposal, parzen_view
from hpt_widgets.search.parzen import parzen_densities
from hpt_widgets.search.space import Uniform
from tools.measure_learning_rates import RATES, SEEDS, measured

ASKED = np.array([0.12, 0.55, 0.81, 0.3])
VALUES = np.array([0.2, 0.9, 0.4, 0.7])


# Objectives ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OBJECTIVES)
def test_an_objective_has_values_like_an_accuracy_at_each_place(name):
    objective = objective_of(name)
    values = objective.values(PLACES)
    assert values.shape == PLACES.shape
    assert (values >= 0).all()
    assert (values <= 1).all()
    for place in (0.0, 0.3, 1.0):
        assert objective.place_of(objective.x_at(place)) == pytest.approx(place)


def test_the_measured_objective_is_the_mean_over_seeds_and_makes_no_hills_between():
    table, objective = measured_table(), objective_of("mnist")
    assert tuple(table) == RATES
    means = [np.mean(scores) for scores in table.values()]
    places = [objective.place_of(rate) for rate in table]
    np.testing.assert_allclose(objective.values(places), means)
    for left, right, low, high in zip(places, places[1:], means, means[1:], strict=False):
        between = objective.values(np.linspace(left, right, 20))
        assert (np.diff(between) * np.sign(high - low) >= -1e-12).all()
    assert {len(scores) for scores in table.values()} == {len(SEEDS)}


@pytest.mark.slow
def test_what_was_measured_is_what_a_training_gives():
    table = measured_table()
    for rate, seed, score in measured((RATES[10], RATES[18]), (0, 3)):
        # Another processor rounds differently.
        assert score == pytest.approx(table[rate][SEEDS.index(seed)], abs=0.02)


def test_an_unknown_objective_is_refused():
    with pytest.raises(ValueError, match="objective='cube'"):
        objective_of("cube")


# The Gaussian process -----------------------------------------------------------------------


def test_the_process_is_the_textbooks_with_the_likeliest_length_scale():
    found = posterior(ASKED, VALUES, PLACES)
    scaled = (VALUES - VALUES.mean()) / VALUES.std()

    def covariance(length_scale, *places):
        return Matern(length_scale, nu=2.5)(*(place[:, None] for place in places))

    def likelihood(length_scale):
        inner = covariance(length_scale, ASKED) + NOISE * np.eye(len(ASKED))
        return stats.multivariate_normal.logpdf(scaled, np.zeros(len(ASKED)), inner)

    assert found.length_scale == pytest.approx(max(LENGTH_SCALES, key=likelihood))
    inner = covariance(found.length_scale, ASKED) + NOISE * np.eye(len(ASKED))
    outer = covariance(found.length_scale, PLACES, ASKED)
    mean = VALUES.mean() + VALUES.std() * outer @ np.linalg.solve(inner, scaled)
    variance = 1 - np.einsum("ij,ji->i", outer, np.linalg.solve(inner, outer.T))
    np.testing.assert_allclose(found.mean, mean, atol=1e-6)
    np.testing.assert_allclose(found.std, VALUES.std() * np.sqrt(variance), atol=1e-4)


def test_the_process_is_sure_at_its_trials_alone():
    found = posterior(ASKED, VALUES, [*ASKED, 0.0, 1.0])
    np.testing.assert_allclose(found.mean[:4], VALUES, atol=1e-3)
    assert (found.std[:4] < 1e-3).all()
    assert (found.std[4:] > 0.01).all()


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.5, 0.5]])
def test_the_process_takes_one_trial_and_equal_ones(values):
    found = posterior(ASKED[: len(values)], values, PLACES)
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.std).all()


def test_the_process_takes_the_same_place_many_times():
    found = posterior([0.4] * 9 + [0.6], [0.8] * 9 + [0.1], PLACES)
    assert found.mean[80] == pytest.approx(0.8, abs=1e-3)


# Acquisition functions ------------------------------------------------------------------------

CASES = [(0.5, 0.2, 0.6), (0.7, 0.05, 0.6), (0.6, 0.3, 0.6), (0.2, 0.1, 0.6)]


@pytest.mark.parametrize(("mean", "std", "best"), CASES)
def test_expected_improvement_is_the_integral(mean, std, best):
    def weighed(f):
        return (f - best) * stats.norm.pdf(f, mean, std)

    expected, _ = integrate.quad(weighed, best, best + 12 * std)
    found = acquisitions.expected_improvement(np.array([mean]), np.array([std]), best)
    assert found == pytest.approx([expected], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("mean", "std", "best"), CASES)
def test_probability_of_improvement_is_the_share_of_draws_above(mean, std, best):
    draws = np.random.default_rng(0).normal(mean, std, 400_000)
    found = acquisitions.probability_of_improvement(np.array([mean]), np.array([std]), best)
    assert found == pytest.approx([(draws > best).mean()], abs=0.003)


def test_where_nothing_is_uncertain_an_improvement_is_certain_or_none():
    mean, std = np.array([0.5, 0.7]), np.zeros(2)
    np.testing.assert_allclose(acquisitions.expected_improvement(mean, std, 0.6), [0, 0.1])
    np.testing.assert_allclose(acquisitions.probability_of_improvement(mean, std, 0.6), [0, 1])


def test_the_bound_lies_kappa_standard_deviations_above():
    expected = posterior(ASKED, VALUES, PLACES)
    for kappa in (0.0, 3.0):
        found = acquisitions.acquisition("upper_bound", expected, 0.9, kappa)
        np.testing.assert_allclose(found, expected.mean + kappa * expected.std)


def test_an_unknown_acquisition_is_refused():
    with pytest.raises(ValueError, match="acquisition='luck'"):
        acquisitions.acquisition("luck", posterior(ASKED, VALUES, PLACES), 0.9, 2.0)


# TPE ----------------------------------------------------------------------------------------


def hyperopts(suggest, asked, values, seed, **options):
    """Return where hyperopt itself would ask next."""
    domain, trials = Domain(float, {"x": hp.uniform("x", 0, 1)}), Trials()
    for place, value in zip(asked, values, strict=True):
        (tid,) = trials.new_trial_ids(1)
        misc = {"tid": tid, "cmd": None, "idxs": {"x": [tid]}, "vals": {"x": [place]}}
        result = {"loss": -value, "status": STATUS_OK}
        (document,) = trials.new_trial_docs([tid], [None], [result], [misc])
        trials.insert_trial_doc({**document, "state": JOB_STATE_DONE})
    trials.refresh()
    (document,) = suggest(trials.new_trial_ids(1), domain, trials, seed, **options)
    return float(document["misc"]["vals"]["x"][0])


@pytest.mark.parametrize("n_trials", [3, 4, 9, 30])
def test_a_proposal_is_hyperopts_own(n_trials):
    rng = np.random.default_rng(n_trials)
    asked, values = rng.uniform(size=(2, n_trials))
    for seed in (0, 1, 77):
        wanted = hyperopts(tpe.suggest, asked, values, seed, n_startup_jobs=3, verbose=False)
        assert parzen_proposal(asked, values, seed, 3) == pytest.approx(wanted)


def test_a_proposal_before_the_start_is_over_is_hyperopts_random_one():
    for seed in (0, 5):
        wanted = hyperopts(rand.suggest, ASKED, VALUES, seed)
        assert parzen_proposal(ASKED, VALUES, seed, 20) == pytest.approx(wanted)


def test_the_densities_are_those_of_the_search_lab():
    rng = np.random.default_rng(3)
    asked, values = rng.uniform(size=(2, 20))
    space = hpt.SearchSpace((Uniform("x", 0.0, 1.0),))
    trials = [
        hpt.Trial({"x": float(x)}, validation_accuracy=float(y))
        for x, y in zip(asked, values, strict=True)
    ]
    wanted = parzen_densities(space, trials)["x"]
    found = parzen_view(asked, values, wanted.values)
    np.testing.assert_allclose(found.good, wanted.good)
    np.testing.assert_allclose(found.rest, wanted.rest)
    np.testing.assert_allclose(found.ratio, wanted.ratio)
    assert sorted(values[found.is_good]) == sorted(values)[-2:]


# The duel -----------------------------------------------------------------------------------


def test_all_begin_with_the_same_random_trials():
    settings = DuelSettings("forrester", seed=4)
    runs = {method: run_method(method, settings) for method in METHODS}
    for run in runs.values():
        assert run.n_rounds == N_ROUNDS
        assert run.places[:N_FIRST] == first_samples(settings).places
        np.testing.assert_allclose(run.values, objective_of("forrester").values(run.places))
        np.testing.assert_allclose(run.best_by_round[-1], max(run.values))
        assert len(run.best_by_round) == N_ROUNDS + 1
    assert runs["tpe"].places != runs["random"].places
    assert (
        runs["gaussian_process"].places
        != run_method("gaussian_process", DuelSettings("forrester", seed=5)).places
    )


def test_each_trial_is_the_proposal_from_those_before_it():
    for method in METHODS:
        run = run_method(method, DuelSettings("two_hills"), 4)
        known = run.before_round(4)
        assert len(known.places) == N_FIRST + 3
        assert proposal(method, DuelSettings("two_hills"), known) == run.places[-1]


def test_however_long_a_run_was_before_a_shorter_one_is_its_beginning():
    settings = DuelSettings("two_hills", seed=11)
    for method in METHODS:
        short = run_method(method, settings, 2)
        long = run_method(method, settings, 6)
        assert run_method(method, settings, 2) == short == long.before_round(3)
        assert run_method(method, settings, 0) == first_samples(settings)


def test_the_process_asks_where_the_acquisition_is_largest():
    settings = DuelSettings("forrester", acquisition="upper_bound", kappa=1.5)
    known = run_method("gaussian_process", settings, 3)
    expected = posterior(known.places, known.values, PLACES)
    wanted = PLACES[np.argmax(expected.mean + 1.5 * expected.std)]
    assert run_method("gaussian_process", settings, 4).places[-1] == wanted


def test_without_exploration_the_process_gets_stuck():
    stuck = DuelSettings("two_hills", acquisition="upper_bound", kappa=0.0, seed=2)
    places = run_method("gaussian_process", stuck).places[-5:]
    assert np.ptp(places) < 0.05


def test_with_hyperopts_own_start_tpe_is_random_search():
    settings = DuelSettings("forrester", n_startup_jobs=20)
    assert run_method("tpe", settings) == run_method("random", settings)


def test_what_a_method_does_not_look_at_changes_nothing():
    plain = DuelSettings("forrester")
    other = DuelSettings("forrester", acquisition="upper_bound", kappa=5.0)
    assert run_method("tpe", plain) == run_method("tpe", other)
    jobs = DuelSettings("forrester", n_startup_jobs=20)
    assert run_method("gaussian_process", plain) == run_method("gaussian_process", jobs)


def test_many_duels_are_each_of_their_seeds():
    settings = DuelSettings("forrester", seed=9)
    many = run_many(settings, 3)
    assert many is not None
    for method in METHODS:
        runs = [run_method(method, DuelSettings("forrester", seed=seed)) for seed in range(3)]
        ends = [run.best for run in runs]
        assert many.median(method)[-1] == pytest.approx(np.median(ends))
    finals = many.best["gaussian_process"][:, -1], many.best["random"][:, -1]
    assert many.times_ahead("gaussian_process", "random") == (finals[0] > finals[1]).sum()


def test_many_duels_can_be_stopped():
    assert run_many(DuelSettings("forrester"), 3, lambda: True) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"objective": "hill"}, "objective='hill'"),
        ({"acquisition": "none"}, "acquisition='none'"),
        ({"kappa": -1}, "kappa=-1"),
        ({"n_startup_jobs": 0}, "n_startup_jobs=0"),
        ({"seed": 1.5}, "seed=1.5"),
    ],
)
def test_settings_are_checked(changes, message):
    with pytest.raises(ValueError, match=message):
        DuelSettings(**changes)


def test_an_unknown_method_is_refused():
    settings = DuelSettings()
    with pytest.raises(ValueError, match="method='luck'"):
        run_method("luck", settings)
    with pytest.raises(ValueError, match="method='luck'"):
        proposal("luck", settings, first_samples(settings))


@pytest.mark.parametrize("n_rounds", [-1, 2.5, 101, "3", None])
def test_a_number_of_rounds_that_is_none_is_refused(n_rounds):
    with pytest.raises(ValueError, match=f"n_rounds={n_rounds!r}"):
        run_method("random", DuelSettings(), n_rounds)
