"""Each number of an explanation stands in an output before it, or its source is named.

The Chinese edition has the same numbers, says `test_two_editions.py`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import editions
import pytest
from explained_numbers import explained, is_supported, numbers_of

import hpt_widgets as hpt

SOURCES = tomllib.loads(
    Path(__file__).with_name("explained_numbers.toml").read_text(encoding="utf-8")
)
FILES = [path for path in editions.files() if path.parent.name == "en"]


@pytest.mark.parametrize("path", FILES, ids=editions.label)
def test_an_explanation_says_what_was_shown(path):
    sources = SOURCES.get(path.stem, {})
    unfounded, used, complete = {}, set(), True
    for cell, text, known, ran in explained(editions.read(path)):
        named = sources.get(cell, {})
        open_ = [n.text.rstrip(",") for n in numbers_of(text) if not is_supported(n, known, text)]
        used |= {(cell, number) for number in open_ if number in named}
        # A cell that was never run is another test's complaint.
        complete &= ran
        if ran and (missing := [number for number in open_ if number not in named]):
            unfounded[cell] = missing
    assert unfounded == {}
    stale = {(cell, number) for cell, named in sources.items() for number in named} - used
    assert not complete or stale == set()


def test_each_chapter_of_the_sources_is_there():
    assert set(SOURCES) <= {path.stem for path in FILES}


def test_the_rules_find_what_they_look_for():
    def unfounded(text, known):
        return [n.text for n in numbers_of(text) if not is_supported(n, known, text)]

    assert unfounded("It reaches 93.4 %.", [0.9337]) == []
    assert unfounded("It reaches 93.4 %.", [0.9352]) == ["93.4 %"]
    assert unfounded("It reaches about 94 %.", [0.932]) == []
    assert unfounded("It reaches about 96 %.", [0.932]) == ["96 %"]
    assert unfounded("A loss of 0.13 in chapter 3.4, seen in 2.2 (1992).", [0.128]) == []
    assert unfounded("A loss of 0.13.", [0.14]) == ["0.13"]
    assert unfounded("All 25,450 numbers.", [25450.0]) == []
    assert unfounded("All 25,451 numbers.", [25450.0]) == ["25,451"]
    assert unfounded("Three of ten, and 12 runs.", []) == []


# ---------------------------------------------------------------- what was read off a picture


@pytest.mark.slow
def test_what_the_pictures_of_chapters_1_and_2_show():
    data = hpt.load_mnist()

    def train(size=None, **settings):
        samples = data if size is None else data.take(size, seed=0)
        return hpt.train(hpt.Hyperparameters(**settings), samples)

    two = train(500, epochs=60, dropout_rate=0, hidden_units=(2,))
    assert two.training_loss == pytest.approx(1.4, abs=0.1)
    usual = train(500, epochs=60, dropout_rate=0).history["validation_loss"].dropna()
    assert usual.min() == pytest.approx(0.40, abs=0.03)
    assert usual.iloc[-1] == pytest.approx(0.53, abs=0.05)
    for size, accuracy in ((512, 0.93), (2048, 0.86)):
        assert train(batch_size=size).validation_accuracy == pytest.approx(accuracy, abs=0.015)
    small = train(2_000, epochs=30, dropout_rate=0).history["validation_loss"].dropna()
    assert small.min() == pytest.approx(0.28, abs=0.02)
    assert small.iloc[-1] == pytest.approx(0.34, abs=0.03)
    assert train(learning_rate=0.04).validation_accuracy > 0.5
    assert train(learning_rate=0.1).validation_accuracy < 0.2


@pytest.mark.slow
def test_what_the_range_test_of_chapter_6_shows():
    from hpt_widgets.studies.range_test import range_test

    test = range_test(hpt.Hyperparameters(), hpt.load_mnist())
    assert test.smoothed[0] == pytest.approx(2.3, abs=0.1)
    begins = test.learning_rates[(test.smoothed < 2.1).argmax()]
    assert 0.0002 < begins < 0.0006
    assert test.lowest_at == pytest.approx(0.008, rel=0.3)
    assert test.diverged_at == pytest.approx(0.09, rel=0.3)
