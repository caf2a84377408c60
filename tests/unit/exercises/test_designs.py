"""Plans of comparisons and of experiments: any that would tell is right."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.catalog import all_chapters
from hpt_widgets.exercises.chapters import chapter_06
from hpt_widgets.exercises.exercise import BUILDING

# ---------------------------------------------------------------- 2-f: which would refute it?


def experiment(batch: Any = 2048, epochs: Any = 64, size: Any = 50_000) -> dict[str, Any]:
    return {"batch_size": batch, "epochs": epochs, "training_size": size}


@pytest.mark.parametrize(
    "answer",
    [
        experiment(),
        experiment(2048, 63),
        experiment(2048, 40),
        experiment(1024, 32),
        experiment(2048.0, 64.0, 5e4),
        experiment(np.int64(4096), np.array(125)),
        experiment(32, 1, 800),
        experiment(32, 1, 1_600),
        experiment(16, 1, 400),
        experiment(1, 1, 13),
        experiment(2048, 160),
        experiment(2048, 200),
        experiment(2048, 400),
        experiment(64, 1, 640),
        experiment(64, 1, 1_600),
        pd.Series(experiment()),
        experiment(50_000, 1_500),
    ],
)
def test_experiments_that_refute(answer: Any) -> None:
    assert hpt.check("2-f", answer)


@pytest.mark.parametrize(
    ("answer", "is_told"), [(experiment(32, 1, 800), True), (experiment(2048, 64), False)]
)
def test_a_third_explanation_is_named_where_it_remains(answer: Any, is_told: bool) -> None:
    verdict = hpt.check("2-f", answer)
    assert verdict
    assert ("only 800 different digits" in verdict.message) == is_told


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (experiment(2048, 1), "that has been seen already"),
        (experiment(32, 1), "that has been seen already"),
        (experiment(32, 64), "both explanations predict nearly the same"),
        (experiment(2048, 2), "Hold one cause fixed"),
        (experiment(2048, 1, 2_048), "what so few updates (1) do has not been seen"),
        (experiment(1024, 1, 5_000), "or large batches with about 1,563"),
        (experiment(2048, 30), "something between 86 and 96 %"),
        (experiment(32, 1, 10_000), "something between 86 and 96 %"),
        (experiment(2048, 63.9999999), '"epochs" has 63.9999999'),
        (experiment(512, 16), "neither large nor small, the first explanation does not say"),
        (experiment(256, 1, 5_000), "neither large nor small"),
        (experiment(2048, 1_000, 2_048), "With 2,048 digits, 1,000 epochs show the same ones"),
        (experiment(256, 1), "Hold one cause fixed"),
        (experiment(32, 25, 32), "show the same digits again and again (32 in all)"),
        (experiment(32, 2, 400), "within one epoch"),
        (experiment(2048, 1_563), "One epoch makes 25 updates, so 1,563 epochs make 39,075"),
        (experiment(2048, 1_000_000), "what so many do has not been seen"),
        (experiment(100_000, 1_563), "Batches of 100,000 cannot be filled from 50,000 digits"),
        (experiment(32, 1, 20), "Batches of 32 cannot be filled from 20 digits"),
        (experiment(1, 1, 1), "what so few updates (1) do has not been seen"),
        (experiment(32, 1, 224), "what so few updates (7) do has not been seen"),
        (experiment(2048, 1, 3_200_000), "there are 50,000 training digits"),
        (experiment(0, 1), "a whole number from 1 on"),
        (experiment(2048, 63.5), '"epochs" has 63.5'),
        (experiment("2048"), "\"batch_size\": `'2048'` is text: write 2048"),
        (experiment(2048, math.nan), '"epochs": The answer is nan'),
        (experiment(2048, 64, None), '"training_size" is `None`; a number is wanted there'),
        ({"batch_size": 2048, "epochs": 64}, '"training_size" is missing'),
        ({"batch size": 2048, "epoch": 64}, "Yours has 'batch size', 'epoch': \"epochs\", \"tr"),
        ({**experiment(), "learning_rate": 0.01}, "Yours has 'learning_rate' besides"),
        (hpt.Hyperparameters(batch_size=2048, epochs=64), "Expected a dict with the keys"),
    ],
)
def test_experiments_that_refute_nothing(answer: Any, words: str) -> None:
    verdict = hpt.check("2-f", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 3.3-f: a fair comparison


def plan(n_iter: Any = 12, cv: Any = 3, states: Any = (0, 1, 2, 3)) -> dict[str, Any]:
    return {"n_iter": n_iter, "cv": cv, "random_states": states}


@pytest.mark.parametrize(
    "answer",
    [
        plan(),
        plan(states=range(5)),
        plan(states=[7, 11, 13, 17, 19, 23]),
        plan(states=np.arange(4)),
        plan(12.0, np.int64(3), [0.0, 1.0, 2.0, 3.0]),
        plan(states={1, 2, 3, 4}),
        plan(states=pd.Series([3, 1, 4, 5])),
        plan(states=map(int, "1234")),
    ],
)
def test_fair_plans(answer: Any) -> None:
    assert hpt.check("3.3-f", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (plan(cv=5), "means of 3 folds, yours of 5"),
        (plan(36, 1), "means of 3 folds, yours of 1"),
        (plan(36), "makes 108 trainings, the grid 36: your search has the advantage"),
        (plan(10), "makes 30 trainings, the grid 36: the grid has the advantage"),
        (plan(6), "the grid has the advantage"),
        (plan(states=[0]), "known to 1.00 points"),
        (plan(states=[0, 1, 2]), "known to 0.58 points"),
        (plan(states=[0, 0, 0, 0]), "Some of the `random_states` are equal"),
        (plan(states=[0, 1, 2, 2]), "Some of the `random_states` are equal"),
        (plan(states=range(10)), "360 trainings in all"),
        (plan(states=4), "a list of whole numbers"),
        (plan(states=[0.5, 1, 2, 3]), "a list of whole numbers"),
        (plan(states=[-1, -2, -3, -4]), "a list of whole numbers from 0 on"),
        (plan(states=[0, 1, 2, 2**32]), "a list of whole numbers"),
        (plan(states=[None] * 4), "a list of whole numbers"),
        (plan(states=[]), "a list of whole numbers"),
        (plan(n_iter="12"), "without quotation marks"),
        (plan(n_iter=-12), "a whole number from 1 on"),
        ([12, 3, [0, 1, 2, 3]], "Expected a dict with the keys"),
    ],
)
def test_unfair_plans(answer: Any, words: str) -> None:
    verdict = hpt.check("3.3-f", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_a_plan_with_a_gap_among_its_seeds_is_not_answered() -> None:
    assert hpt.check("3.3-f", plan(states=[0, 1, 2, ...])).state == "not answered"


# ---------------------------------------------------------------- 6-f: a comparison that can tell


def seeds(n: Any, size: Any = 4_000) -> dict[str, Any]:
    return {"training_size": size, "seeds": n}


@pytest.mark.parametrize(
    "answer",
    [seeds(14), seeds(15), seeds(25), seeds(20.0), pd.Series(seeds(16)), seeds(np.array(18), 4e3)],
)
def test_plans_that_can_tell(answer: Any) -> None:
    assert hpt.check("6-f", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (seeds(3), "is found"),
        (seeds(12), "is found 76.5% of the time; 80 % is wanted"),
        (seeds(432, 1_000), "is found 79.6% of the time"),
        (seeds(433, 1_000), "a cheaper plan"),
        (seeds(26), "take 5.2 seconds, and there are 5"),
        (seeds(8, 16_000), "is found"),
        (seeds(9, 16_000), "take 5.4 seconds"),
        (seeds(50, 1_000), "a spread of 2.6 points"),
        (seeds(440, 1_000), "a cheaper plan"),
        (seeds(20, 50_000), "it was measured for 1,000, 4,000, 16,000"),
        (seeds(0), "a whole number from 1 on"),
        (seeds(14.5), '"seeds" has 14.5'),
        (seeds("15"), "without quotation marks"),
        (seeds(None), '"seeds" is `None`'),
        ((4_000, 15), "Expected a dict with the keys"),
    ],
)
def test_plans_that_cannot(answer: Any, words: str) -> None:
    verdict = hpt.check("6-f", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_lehrs_rule_gives_is_taken_with_a_remark(language: str) -> None:
    """The rule is the chapter's own: 16 · (0.45 / 0.5)² = 12.96."""
    hpt.use_language(language)
    by_the_rule, exact = hpt.check("6-f", seeds(13)), hpt.check("6-f", seeds(14))
    assert by_the_rule
    assert "79.8%" in by_the_rule.message
    remark = {"en": "one more makes sure", "zh": "再多取一个就稳妥了"}[language]
    assert remark in by_the_rule.message
    assert remark not in exact.message


def test_the_praise_says_what_a_cheap_training_would_take() -> None:
    """The numbers of seeds in its words are those from which on 80 % are reached."""
    few = next(
        n
        for n in range(1, 1_000)
        if chapter_06.power_of(n, chapter_06.COSTS[1_000][0]) >= chapter_06.POWER
    )
    assert round(few, -1) == 440
    assert "some 440 seeds" in hpt.check("6-f", seeds(15)).message


def test_the_power_is_that_of_drawn_comparisons() -> None:
    rng = np.random.default_rng(0)
    for n, spread in ((14, 0.45), (8, 0.36), (50, 2.6)):
        means = rng.normal([[0.0], [0.5]], spread / np.sqrt(n), size=(20_000, 2, 1))[..., 0]
        found = np.abs(np.diff(means)) > 2 * spread * np.sqrt(2 / n)
        assert chapter_06.power_of(n, spread) == pytest.approx(found.mean(), abs=0.015)


# ---------------------------------------------------------------- what the exercises ask for


def test_half_of_the_exercises_build_and_each_chapter_has_three() -> None:
    asked = [
        [exercise for exercise in chapter.exercises if not exercise.retired]
        for chapter in all_chapters()
    ]
    assert all(len(exercises) >= 3 for exercises in asked)
    assert all(any(e.kind in BUILDING for e in exercises) for exercises in asked)
    kinds = [exercise.kind for exercises in asked for exercise in exercises]
    assert set(BUILDING) <= set(kinds)
    assert 2 * sum(kind in BUILDING for kind in kinds) >= len(kinds)


def test_a_retired_exercise_is_judged_and_shown_to_those_who_did_it() -> None:
    retired = [e for chapter in all_chapters() for e in chapter.exercises if e.retired]
    assert retired
    assert "0-a" not in {row[1].split()[0] for row in hpt.my_progress().rows}
    assert hpt.check("0-a", 784)
    assert "0-a" in {row[1].split()[0] for row in hpt.my_progress().rows}
