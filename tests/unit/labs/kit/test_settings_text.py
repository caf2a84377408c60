"""Settings in words, and the words behind them in brackets."""

import pytest

import hpt_widgets as hpt
from hpt_widgets.labs.kit.settings_text import with_remark
from hpt_widgets.labs.search.groups import groups_of
from hpt_widgets.labs.search.live import SearchRun, SearchSettings
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial


@pytest.mark.parametrize(
    ("language", "words"), [("en", "trial 3 (diverged)"), ("zh", "trial 3（diverged）")]
)
def test_a_remark_stands_in_the_brackets_of_the_readers_language(language, words):
    hpt.use_language(language)
    assert with_remark("trial 3", "diverged") == words
    assert with_remark("trial 3", "") == "trial 3"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            [
                "TPE (random start-up 20, epochs a trial 1)",
                "TPE (random start-up 5, epochs a trial –)",
            ],
        ),
        (
            "zh",
            ["TPE（随机起步次数 20，每次试验的轮数 1）", "TPE（随机起步次数 5，每次试验的轮数 –）"],
        ),
    ],
)
def test_searches_of_one_method_are_told_apart_in_the_readers_language(language, names):
    hpt.use_language(language)
    record = SearchRecord("tpe")
    record.append(Trial({"learning_rate": 0.1}, validation_accuracy=0.9))
    kinds = [
        SearchSettings("tpe", epochs=1),
        SearchSettings("tpe", n_startup_jobs=5, epochs=None),
    ]
    runs = [SearchRun(number, kind, record) for number, kind in enumerate(kinds, 1)]
    assert [group.name for group in groups_of(runs)] == names
