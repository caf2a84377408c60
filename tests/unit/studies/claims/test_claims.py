"""What all claims of chapter 7 have, and how their trainings are run and their verdicts reached."""

from __future__ import annotations

import json
from html import escape

import numpy as np
import pytest
from scipy import stats
from widget_tools import page_of

import hpt_widgets as hpt
from hpt_widgets.language import LANGUAGES, use_language
from hpt_widgets.studies.claims.catalog import all_claims, all_experiments
from hpt_widgets.studies.claims.experiment import (
    FACTS,
    FOLDER,
    Experiment,
    hyperparameters_of,
    subset,
    train_once,
)
from hpt_widgets.studies.claims.verdict import Verdict, judge, mean_band, resampled_band

SMALL = {"training_size": 200, "subset_seed": 3, "epochs": 1, "hidden_units": (8,)}

every_claim = pytest.mark.parametrize("name", all_claims())
every_experiment = pytest.mark.parametrize("name", [one.name for one in all_experiments()])


@pytest.fixture(scope="module")
def mnist():
    return hpt.load_mnist()


@pytest.fixture
def both_languages():
    yield LANGUAGES
    use_language("en")


@every_claim
def test_a_claim_is_shown_in_both_languages(name, both_languages):
    claim = hpt.load_claim(name)
    for language in both_languages:
        use_language(language)
        page = page_of(claim)
        assert escape(claim.criterion) in page
        assert escape(claim.differs) in page
        brackets = "（）" if language == "zh" else "()"
        assert repr(claim).startswith(f"{claim.says}{' ' * (language == 'en')}{brackets[0]}")
        assert repr(claim).endswith(brackets[1])
        assert len(claim.table()) > 0
        verdict = claim.verdict()
        assert repr(verdict).startswith(verdict.word)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("srivastava-2014-error", {"en": "it was not run.", "zh": "没有运行。"}),
        (
            "sixty-draws",
            {
                "en": "no trainings of its own; the trial bank, or arithmetic, answers.",
                "zh": "不必另外训练，用试验库或直接计算即可回答。",
            },
        ),
        ("yang-2022", {"en": "1,215 trainings, ", "zh": "1,215 次训练，"}),
    ],
)
def test_a_card_says_whether_it_was_run_and_with_how_many_trainings(name, words, both_languages):
    for language in both_languages:
        use_language(language)
        label = {"en": "Run:", "zh": "运行："}[language]
        assert f"<b>{label}</b> {words[language]}" in page_of(hpt.load_claim(name))


@pytest.mark.parametrize("name", ["sixty-draws", "bergstra-2012", "recht-2016"])
def test_a_card_says_once_that_a_sentence_is_quoted_from_elsewhere(name):
    use_language("zh")
    card = page_of(hpt.load_claim(name))
    assert card.count("转引自") == 1
    assert "。未核对原文。" in card
    use_language("en")
    card = page_of(hpt.load_claim(name))
    assert ". The paper itself was not read." in card
    assert "As another text quotes it" not in card


def test_a_card_without_the_quoting_text_says_that_there_is_one():
    use_language("zh")
    assert "。转引自别处，未核对原文。" in page_of(hpt.load_claim("srivastava-2014-size"))


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("bouthillier-2021", "about half a minute on two cores", "用两个核心约需半分钟；"),
        ("srivastava-2014-rate", "about 1 min on two cores", "用两个核心约需 1 分钟；"),
    ],
)
def test_a_card_says_how_long_the_trainings_take_as_one_speaks(name, en, zh):
    assert en in page_of(hpt.load_claim(name))
    use_language("zh")
    assert zh in page_of(hpt.load_claim(name))


def test_a_card_says_what_machine_its_results_come_from(monkeypatch):
    claim = hpt.load_claim("goyal-2017")
    assert "Linux x86_64, 2 cores." in page_of(claim)
    facts = {**claim.experiment.facts(), "machine": "a laptop"}
    use_language("zh")
    assert "（Linux x86_64，2 核）。" in page_of(claim)
    monkeypatch.setattr(type(claim.experiment), "facts", lambda _: facts)
    assert "（a laptop）。" in page_of(claim)


@every_claim
def test_a_picture_has_words_in_the_readers_language(name, both_languages):
    claim = hpt.load_claim(name)
    if claim.draw is None:
        pytest.skip("no picture")
    found = []
    for language in both_languages:
        use_language(language)
        axes = claim.plot().axes[0]
        found.append((axes.get_xlabel(), axes.get_ylabel()))
        assert axes.has_data()
    assert found[0] != found[1]


@every_claim
def test_each_source_has_its_sentence_or_says_that_it_was_not_read(name):
    for source in hpt.load_claim(name).sources:
        assert source.read in ("source", "second hand", "memory")
        assert source.sentence
        assert source.place


@every_experiment
def test_the_stored_results_are_those_of_the_experiment(name):
    experiment = {one.name: one for one in all_experiments()}[name]
    stored = [
        json.dumps(dict(trial.hyperparameters), sort_keys=True) for trial in experiment.load()
    ]
    planned = [json.dumps(settings, sort_keys=True) for settings in experiment.settings()]
    assert sorted(stored) == sorted(planned)
    assert experiment.facts()["trainings"] == len(planned)
    assert experiment.facts()["run_on"]
    assert experiment.facts()["machine"]


def test_no_results_are_stored_that_no_claim_uses():
    names = {one.name for one in all_experiments()}
    assert {path.stem for path in FOLDER.glob("*.csv")} == names
    assert set(json.loads(FACTS.read_text(encoding="utf-8"))) == names


def test_the_table_has_a_row_for_each_claim():
    table = hpt.claim_table()
    assert list(table.index) == list(all_claims())
    assert table.loc["sixty-draws", "verdict"] == "reproduced here"


def test_an_unknown_claim_is_named_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"sixty-drawz.*sixty-draws"):
        hpt.load_claim("sixty-drawz")


@pytest.mark.parametrize(
    ("band", "side", "outcome"),
    [
        ((2.0, 1.0, 3.0), {"above": 0.5}, "reproduced"),
        ((2.0, 1.0, 3.0), {"above": 3.5}, "refuted"),
        ((2.0, 1.0, 3.0), {"above": 2.5}, "undecided"),
        ((2.0, 1.0, 3.0), {"below": 3.5}, "reproduced"),
        ((2.0, 1.0, 3.0), {"below": 0.5}, "refuted"),
        ((2.0, 1.0, 3.0), {"below": 1.5}, "undecided"),
    ],
)
def test_a_verdict_is_where_the_band_lies(band, side, outcome):
    assert judge(*band, **side).outcome == outcome


@pytest.mark.parametrize("sides", [{}, {"above": 1.0, "below": 2.0}])
def test_a_claim_has_one_side(sides):
    with pytest.raises(ValueError, match="exactly one"):
        judge(1.0, 0.0, 2.0, **sides)


def test_a_band_is_in_order():
    with pytest.raises(ValueError, match="order"):
        judge(3.0, 0.0, 2.0, above=0.0)


def test_a_mean_has_students_band():
    sample = np.random.default_rng(0).normal(3, 2, 12)
    estimate, low, high = mean_band(sample)
    expected = stats.ttest_1samp(sample, 0).confidence_interval(0.95)
    np.testing.assert_allclose((low, high), expected)
    assert estimate == pytest.approx(sample.mean())


@pytest.mark.parametrize("values", [[1.0], [1.0, np.nan], [[1.0, 2.0]]])
def test_a_mean_of_one_value_has_no_band(values):
    with pytest.raises(ValueError, match="two numbers"):
        mean_band(values)


def test_resamplings_give_the_middle_95_percent():
    estimate, low, high = resampled_band(np.arange(1001))
    assert (estimate, low, high) == pytest.approx((500, 25, 975))


def test_a_verdict_says_its_figures():
    assert repr(Verdict("refuted", -0.1234, -0.2, -0.05, "points")) == (
        "refuted here: −0.123 points (95 % band −0.2 to −0.05)"
    )
    assert repr(Verdict("out of reach")) == "out of reach"


def test_an_experiment_trains_what_is_missing_and_no_more():
    settings = [{**SMALL, "seed": seed} for seed in (0, 1)]
    experiment = Experiment("small", lambda: iter(settings), minutes=0.01)
    record = experiment.run()
    assert sorted(trial.hyperparameters["seed"] for trial in record) == [0, 1]
    again = experiment.run(record)
    assert again is record
    assert len(again) == 2


def test_a_training_is_that_of_the_workbooks_loop(mnist):
    settings = {**SMALL, "seed": 4}
    trial = train_once(mnist, settings)
    run = hpt.train(hyperparameters_of(settings), subset(mnist, settings))
    assert trial.validation_accuracy == run.validation_accuracy
