"""The claims of chapter 7.2: their judges, their numbers against another way, one training anew."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hpt_widgets as hpt
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.claims import (
    bouthillier,
    goyal,
    goyal_warm_up,
    large_batches,
    srivastava,
)
from hpt_widgets.studies.claims.batch_claims import CLAIMS
from hpt_widgets.studies.claims.experiment import subset, train_once
from hpt_widgets.studies.claims.scores import GUESSING, frame_of, percent
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.trainer import Trainer

KESKAR, SHALLUE = large_batches.KESKAR, large_batches.SHALLUE
rng = np.random.default_rng


def made_up(settings, accuracy_of):
    """Return evidence: each setting of an experiment with an accuracy, in percent."""
    return pd.DataFrame([{**one, "accuracy": accuracy_of(one)} for one in settings()])


# ---------------------------------------------------------------- scores


def test_a_training_that_diverged_counts_as_guessing():
    assert percent(Trial({}, validation_accuracy=0.97)) == pytest.approx(97)
    assert percent(Trial({}, validation_accuracy=0.97, ended="diverged")) == GUESSING
    assert percent(Trial({}, validation_accuracy=None)) == GUESSING


def test_a_record_becomes_rows():
    record = SearchRecord("made up")
    record.append(Trial({"seed": 3, "batch_size": 32}, validation_accuracy=0.5))
    record.append(Trial({"seed": 4, "batch_size": 32}, ended="diverged"))
    frame = frame_of(record)
    assert frame["seed"].to_list() == [3, 4]
    assert frame["accuracy"].to_list() == [50.0, GUESSING]


# ---------------------------------------------------------------- Bouthillier 2021


def chance_of(scale, seed=0):
    """Give accuracies whose standard deviation follows from what is drawn anew."""
    random = rng(seed)

    def accuracy(one):
        source = next(
            name
            for name, drawn in bouthillier.SOURCES.items()
            if all(
                (one.get(key, 0) > 0) == (key in drawn)
                for key in (*bouthillier.DRAWN, *bouthillier.OF_SEED)
            )
        )
        return 93 + random.normal(0, scale[source])

    return accuracy


SCALE = {
    "seed": 0.3,
    "weights": 0.2,
    "order": 0.2,
    "dropout": 0.1,
    "training": 0.4,
    "validation": 0.8,
    "digits": 1.0,
    "all": 1.0,
}


@pytest.mark.parametrize(
    ("digits", "outcome"), [(1.0, "reproduced"), (0.1, "refuted"), (0.3, "undecided")]
)
def test_chance_of_digits_is_judged_against_that_of_the_seed(digits, outcome):
    evidence = made_up(bouthillier.settings, chance_of({**SCALE, "digits": digits}))
    assert bouthillier.BOUTHILLIER.judge(evidence).outcome == outcome


def test_each_source_is_told_from_the_others():
    evidence = made_up(bouthillier.settings, chance_of(SCALE))
    found = bouthillier.accuracies(evidence)
    assert {source: len(values) for source, values in found.items()} == dict.fromkeys(
        bouthillier.SOURCES, bouthillier.N_DRAWS
    )
    assert sum(map(len, found.values())) == len(evidence)


def test_the_band_of_the_ratio_is_about_that_of_fishers_f():
    """For normal scores the ratio of variances has a known distribution."""
    evidence = made_up(bouthillier.settings, chance_of(SCALE))
    verdict = bouthillier.BOUTHILLIER.judge(evidence)
    n = bouthillier.N_DRAWS
    low, high = verdict.estimate / np.sqrt(stats.f.ppf([0.975, 0.025], n - 1, n - 1))
    assert verdict.low == pytest.approx(low, rel=0.2)
    assert verdict.high == pytest.approx(high, rel=0.2)
    found = bouthillier.accuracies(evidence)
    assert verdict.estimate == pytest.approx(
        np.sqrt(np.var(found["digits"], ddof=1) / np.var(found["seed"], ddof=1))
    )


def test_the_validation_digits_are_drawn_and_the_training_is_the_same():
    data = hpt.load_mnist()
    one, same, other = (bouthillier.with_drawn_validation(data, 1_000, seed) for seed in (1, 1, 2))
    assert len(one.y_validation) == 1_000
    assert (one.y_validation == same.y_validation).all()
    assert not (one.x_validation == other.x_validation).all()
    assert one.x_train is data.x_train or (one.x_train == data.x_train).all()
    rows = {row.tobytes() for row in data.x_validation}
    assert {row.tobytes() for row in one.x_validation[:50]} <= rows


def test_what_the_seed_decides_is_drawn_apart():
    data = hpt.load_mnist()
    small = {"training_size": 200, "validation_size": 200, "epochs": 1, "hidden_units": (8,)}
    usual = {**small, "seed": 3, "subset_seed": 0, "validation_seed": 0}
    by_hand = {**usual, **dict.fromkeys(bouthillier.OF_SEED, 3), "seed": 0}
    trials = {
        name: bouthillier.train_on_drawn_digits(data, settings)
        for name, settings in (
            ("usual", usual),
            ("by hand", by_hand),
            *((name, {**usual, name: 4}) for name in bouthillier.OF_SEED),
        )
    }
    losses = {name: trial.validation_loss for name, trial in trials.items()}
    assert losses["by hand"] == losses["usual"]
    assert len({losses["usual"], *(losses[name] for name in bouthillier.OF_SEED)}) == 4


# ---------------------------------------------------------------- Goyal 2017


def batches(loss, scatter=0.05, seed=0):
    random = rng(seed)

    def accuracy(one):
        large = one["batch_size"] == goyal.LARGE and one["learning_rate"] > goyal.BASE_RATE
        warm = one["warm_up"] > 0
        return 97 + one["seed"] + random.normal(0, scatter) - (loss if large and warm else 0)

    return accuracy


@pytest.mark.parametrize(
    ("loss", "scatter", "outcome"),
    [
        (0.0, 0.02, "reproduced"),
        (-1.0, 0.05, "reproduced"),
        (5.0, 0.05, "refuted"),
        (0.3, 0.2, "undecided"),
    ],
)
def test_no_loss_is_judged_with_the_margin(loss, scatter, outcome):
    evidence = made_up(goyal.settings, batches(loss, scatter))
    assert goyal.GOYAL.judge(evidence).outcome == outcome


def test_large_batches_are_scaled_by_the_rule_of_the_paper():
    settings = pd.DataFrame(goyal.settings())
    large = settings[settings["batch_size"] == goyal.LARGE]
    assert sorted(set(large["learning_rate"])) == pytest.approx([0.1, 0.1 * 8_192 / 32])
    assert not settings.duplicated().any()
    assert (settings["epochs"] * settings["warm_up"]).unique().tolist() == [0, 1]


def test_the_table_has_the_means_of_each_way():
    evidence = made_up(goyal.settings, batches(5.0))
    table = goyal.GOYAL.summarize(evidence)
    chosen = evidence[
        (evidence["batch_size"] == 8_192)
        & (evidence["learning_rate"] > 1)
        & (evidence["warm_up"] > 0)
    ]
    assert table.iloc[-1, -1] == pytest.approx(chosen["accuracy"].mean(), abs=0.005)
    # Where the scaled rate is the base rate, these columns show the same trainings.
    assert table.iloc[0, 0] == table.iloc[0, 1] == table.iloc[0, 2]


def test_each_way_has_trainings_of_its_own():
    evidence = made_up(goyal.settings, batches(0.0))
    found = [
        goyal.scores(evidence, size, way)
        for size in goyal.BATCH_SIZES[1:]
        for way in goyal.WAYS.values()
    ]
    assert [list(one.index) for one in found] == [list(range(goyal.N_SEEDS))] * len(found)
    small = evidence[evidence["batch_size"] == goyal.SMALL]
    assert len(small) + sum(map(len, found)) == len(evidence)


SHORT = {"training_size": 1_000, "hidden_units": (8,), "epochs": 2, "constant_warm_up": 0.5}


def test_a_constant_warm_up_keeps_the_base_rate_for_its_epochs():
    data = hpt.load_mnist()
    settings = {
        **goyal.settings_of(32, 5, goyal.WAYS["scaled_constant"]),
        **SHORT,
        "learning_rate": 0.4,
    }
    trial = goyal.train_with_warm_up(data, settings)
    # The same step by step: batches of 32 do not divide the 1,000 digits.
    plain = {"optimizer": "sgd", "dropout_rate": 0.0, "batch_size": 32, "seed": 5}
    hp = Hyperparameters(hidden_units=(8,), epochs=2, learning_rate=goyal.BASE_RATE, **plain)
    session = Trainer(subset(data, settings)).session(hp)
    for step in range(2 * 32):
        if step == 32:
            session.change(learning_rate=0.4)
        session.advance(max_steps=1)
    assert session.ended == "finished"
    assert trial.validation_accuracy == session.result().validation_accuracy
    assert trial.hyperparameters == settings


def test_a_constant_warm_up_to_the_base_rate_is_none():
    data = hpt.load_mnist()
    settings = {**goyal.settings_of(32, 5, goyal.WAYS["scaled_constant"]), **SHORT}
    without = {name: value for name, value in settings.items() if name != "constant_warm_up"}
    trial, plain = (goyal.train_with_warm_up(data, one) for one in (settings, without))
    assert trial.validation_accuracy == plain.validation_accuracy


def warmed_up(gradual, constant, scatter=0.2, seed=0):
    random = rng(seed)

    def accuracy(one):
        gain = gradual if one["warm_up"] > 0 else constant if "constant_warm_up" in one else 0
        return 94 + gain + one["seed"] + random.normal(0, scatter)

    return accuracy


@pytest.mark.parametrize(
    ("gradual", "constant", "outcome"),
    [
        (0.5, -0.5, "reproduced"),
        (0.5, 0.0, "reproduced"),
        (0.0, 0.5, "refuted"),
        (0.5, 0.5, "undecided"),
    ],
)
def test_the_gradual_warm_up_is_judged_against_the_constant_one(gradual, constant, outcome):
    evidence = made_up(goyal_warm_up.settings, warmed_up(gradual, constant))
    assert goyal_warm_up.WARM_UPS.judge(evidence).outcome == outcome


def test_the_table_of_warm_ups_has_the_bands_of_a_paired_t_test():
    evidence = made_up(goyal_warm_up.settings, warmed_up(0.5, -0.5))
    found = goyal_warm_up.by_way(evidence)
    table = goyal_warm_up.WARM_UPS.summarize(evidence)
    for place, way in enumerate(("scaled", "scaled_constant")):
        band = stats.ttest_rel(found["scaled_warm"], found[way]).confidence_interval(0.95)
        np.testing.assert_allclose([float(end) for end in table.iloc[place, -2:]], band, atol=0.005)


def test_the_kinds_of_warm_up_are_compared_with_seeds_that_nobody_had_seen():
    compared = {one["seed"] for one in goyal_warm_up.settings()}
    assert not compared & {one["seed"] for one in goyal.settings()}
    assert len(compared) == 24


# ---------------------------------------------------------------- Keskar 2017, Shallue 2019


def with_rates(small, large, scatter=0.05, seed=0):
    """Give accuracies by the rate for either batch size, and seeds that move both together."""
    random = rng(seed)

    def accuracy(one):
        means = small if one["batch_size"] == large_batches.SMALL else large
        place = large_batches.RATES.index(one["learning_rate"])
        return means[place] + 0.5 * one["seed"] + random.normal(0, scatter)

    return accuracy


@pytest.mark.parametrize(
    ("large", "keskar", "shallue"),
    [
        ((90, 92, 94, 92), "reproduced", "refuted"),
        ((90, 94, 96, 92), "reproduced", "reproduced"),
        ((97, 97, 97, 97), "refuted", "reproduced"),
    ],
)
def test_one_rate_and_tuned_rates_are_judged(large, keskar, shallue):
    evidence = made_up(large_batches.settings, with_rates((96, 95, 94, 90), large))
    assert KESKAR.judge(evidence).outcome == keskar
    assert SHALLUE.judge(evidence).outcome == shallue


def test_much_scatter_decides_nothing():
    evidence = made_up(large_batches.settings, with_rates((95,) * 4, (95,) * 4, scatter=2.0))
    assert KESKAR.judge(evidence).outcome == "undecided"
    assert SHALLUE.judge(evidence).outcome == "undecided"


def test_a_rate_is_chosen_without_the_seed_that_it_is_judged_by():
    scores = pd.DataFrame({0.1: [9.0, 1.0, 1.0], 0.2: [2.0, 2.0, 2.0]}, index=[0, 1, 2])
    # Seeds 1 and 2 prefer 0.2; without seed 1 or 2, the 9 of seed 0 makes 0.1 the best.
    assert large_batches.tuned(scores).to_list() == [2.0, 1.0, 1.0]


# ---------------------------------------------------------------- Srivastava 2014


def dropout_rates(means, scatter):
    """Give accuracies by the share retained; with 0.4, every second seed is above its mean."""

    def accuracy(one):
        retained = round(1 - one["dropout_rate"], 1)
        wobble = scatter * (-1) ** one["seed"] if retained == 0.4 else 0
        return means[retained] + one["seed"] + wobble

    return accuracy


FLAT = {0.1: 60, 0.2: 80, 0.4: 92, 0.6: 92.1, 0.8: 92, 1.0: 91}


@pytest.mark.parametrize(
    ("change", "scatter", "outcome"),
    [
        ({}, 0.05, "reproduced"),
        ({0.4: 90}, 0.05, "refuted"),
        ({0.8: 94}, 0.05, "refuted"),
        ({0.4: 91.6}, 0.5, "undecided"),
        ({0.1: 10, 1.0: 99}, 0.05, "reproduced"),
    ],
)
def test_flat_is_judged_between_the_papers_rates(change, scatter, outcome):
    evidence = made_up(srivastava.settings_of_rates, dropout_rates({**FLAT, **change}, scatter))
    assert srivastava.RATE.judge(evidence).outcome == outcome


def with_gain(gain, scatter):
    """Give accuracies that dropout raises; every second seed gains more."""

    def accuracy(one):
        dropped = one["dropout_rate"] > 0
        gained = gain + scatter * (-1) ** one["seed"]
        return 70 + one["seed"] + (gained if dropped else 0)

    return accuracy


@pytest.mark.parametrize(
    ("gain", "scatter", "outcome"),
    [(0.0, 0.5, "reproduced"), (-3, 0.5, "reproduced"), (4, 0.5, "refuted"), (1, 2, "undecided")],
)
def test_the_gain_of_few_samples_is_judged(gain, scatter, outcome):
    evidence = made_up(srivastava.settings_of_sizes, with_gain(gain, scatter))
    assert srivastava.SIZE.judge(evidence).outcome == outcome


def test_the_gain_is_that_of_a_paired_t_test():
    evidence = made_up(srivastava.settings_of_sizes, with_gain(0.5, 1.0))
    smallest = evidence[evidence["training_size"] == 100]
    with_it = smallest[smallest["dropout_rate"] == 0.5]["accuracy"].to_numpy()
    without = smallest[smallest["dropout_rate"] == 0.0]["accuracy"].to_numpy()
    band = stats.ttest_rel(with_it, without).confidence_interval(0.95)
    verdict = srivastava.SIZE.judge(evidence)
    assert (verdict.low, verdict.high) == pytest.approx(tuple(band))


@pytest.mark.parametrize("units", [(128, 64), (1_024,) * 3])
def test_weights_are_counted_as_keras_does(units):
    layers = (784, *units, 10)
    model = hpt.build_model(Hyperparameters(hidden_units=units))
    assert srivastava.n_weights(layers) == model.count_params()


def test_what_was_not_run_is_out_of_reach():
    assert srivastava.ERROR.verdict().outcome == "out of reach"
    assert srivastava.ERROR.experiment is None
    # Each network is charged with its own weights, five times.
    work = 5 * 100 * 1.2 * (1_276_810 + 2_913_290) / 109_386
    assert srivastava.hours() == pytest.approx(work / 3_600)
    shown = srivastava.ERROR.table().iloc[:, 0].to_list()
    assert shown == ["109,386", "1,276,810", "2,913,290", "100", "10", "6.4"]


# ---------------------------------------------------------------- what is stored


def test_the_chapter_has_its_claims_in_their_order():
    assert [claim.name for claim in CLAIMS] == [
        "bouthillier-2021",
        "goyal-2017",
        "goyal-2017-warmup",
        "keskar-2017",
        "shallue-2019",
        "srivastava-2014-rate",
        "srivastava-2014-size",
        "srivastava-2014-error",
    ]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_hyperparameters_that_claims_name_are_valid(claim):
    if claim.experiment is None:
        pytest.skip("nothing is trained")
    others = {
        "training_size",
        "subset_seed",
        "validation_size",
        "validation_seed",
        "constant_warm_up",
        *bouthillier.OF_SEED,
    }
    for settings in claim.experiment.settings():
        Hyperparameters(**{name: v for name, v in settings.items() if name not in others})


@pytest.mark.slow
def test_a_stored_training_comes_out_again():
    (stored,) = (
        trial
        for trial in srivastava.SIZES.load()
        if trial.hyperparameters["training_size"] == 100
        and trial.hyperparameters["seed"] == 7
        and trial.hyperparameters["dropout_rate"] == 0.5
    )
    settings = json.loads(json.dumps(dict(stored.hyperparameters)))
    again = train_once(hpt.load_mnist(), settings)
    # Another processor adds up in another order.
    assert again.validation_accuracy == pytest.approx(stored.validation_accuracy, abs=0.02)
