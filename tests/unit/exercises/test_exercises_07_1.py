"""Chapter 7.1: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_07_1
from hpt_widgets.exercises.outcomes import OUTCOMES
from hpt_widgets.search.halving import hyperband


def wrong(exercise: str, answer: Any) -> str:
    verdict = hpt.check(exercise, answer)
    assert verdict.state == "wrong"
    return verdict.message


# ---------------------------------------------------------------- 7.1-a


def by_library(most: int, factor: int) -> float:
    bracket = hyperband(most, factor)[0]
    return bracket.n_candidates * most / bracket.n_epochs


def by_recursion(most: int, factor: int) -> float:
    def rungs(epochs: int) -> int:
        return 1 if epochs == most else 1 + rungs(epochs * factor)

    return most / rungs(1)


def by_rungs(most: int, factor: int) -> float:
    settings, epochs, spent = most, 1, 0
    while settings >= 1:
        spent += settings * epochs
        settings, epochs = settings // factor, epochs * factor
    return most / (spent / most)


@pytest.mark.parametrize(
    "answer",
    [
        by_library,
        by_recursion,
        by_rungs,
        lambda most, factor: most / (round(math.log(most, factor)) + 1),
        lambda most, factor: most / (1 + np.log(most) / np.log(factor)),
        lambda most, factor: np.float32(most / (1 + math.log(most) / math.log(factor))),
        lambda most, factor: most / len([k for k in range(20) if factor**k <= most]),
    ],
)
def test_right_ceilings(answer: Any) -> None:
    assert hpt.check("7.1-a", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda m, f: m / round(math.log(m, f)), "one rung is missing"),
        (lambda m, f: m, "the first rung alone"),
        (lambda m, f: round(math.log(m, f)) + 1, "so many full trainings the bracket costs"),
        (lambda m, f: (round(math.log(m, f)) + 1) / m, "upside down"),
        (lambda m, f: m / (int(math.log(m, f)) + 1), "math.log(243, 3)"),
        (lambda m, f: m / (math.ceil(math.log(m, f)) + 1), "math.log(125, 5)"),
        (lambda m, f: m // (round(math.log(m, f)) + 1), "`//`, `int` and `floor` cut the fraction"),
        (lambda m, f: int(m / (round(math.log(m, f)) + 1)), "`int` and `floor` cut the fraction"),
        (lambda m, f: round(by_rungs(m, f), 2), "right, but rounded"),
        (lambda m, f: m / f, "divided by what all rungs cost"),
        (lambda m, f: 6.75, "divided by what all rungs cost"),
        (lambda m, f: m / 4, "divided by what all rungs cost"),
        (lambda m, f: by_rungs(m, 3), "divided by what all rungs cost"),
        (lambda m, f: m / (math.log2(m) + 1), "divided by what all rungs cost"),
        (lambda m, f: 2 * by_rungs(m, f), "divided by what all rungs cost"),
        (lambda m, f: [].append(m), "is a `return` missing?"),
        (6.75, "Expected a function"),
    ],
)
def test_wrong_ceilings(answer: Any, words: str) -> None:
    assert words in wrong("7.1-a", answer)


def test_all_brackets_together_are_told() -> None:
    def of_all(most: int, factor: int) -> float:
        brackets = hyperband(most, factor)
        spent = sum(bracket.n_epochs for bracket in brackets)
        return sum(bracket.n_candidates for bracket in brackets) * most / spent

    assert "all of Hyperband's brackets" in wrong("7.1-a", of_all)


def test_the_claim_has_the_same_ceiling() -> None:
    assert chapter_07_1.ceiling(27, 3) == hpt.load_claim("li-2018").evidence().ceilings[0]
    assert chapter_07_1.ceiling(27, 3) < 10 < chapter_07_1.ceiling(81, 3)


# ---------------------------------------------------------------- 7.1-b


def decide(low: float, high: float, above: float) -> str:
    return "reproduced" if low > above else "refuted" if high < above else "undecided"


def by_t(first: Any, second: Any, above: float) -> str:
    found = stats.ttest_rel(first, second).confidence_interval(0.95)
    return decide(found.low, found.high, above)


def by_two_errors(first: Any, second: Any, above: float) -> str:
    d = first - second
    half = 2 * d.std(ddof=1) / len(d) ** 0.5
    return decide(d.mean() - half, d.mean() + half, above)


def by_bootstrap(first: Any, second: Any, above: float) -> str:
    d = np.asarray(first) - np.asarray(second)
    rng = np.random.default_rng(0)
    means = d[rng.integers(len(d), size=(4_000, len(d)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return decide(float(low), float(high), above)


def by_loop(first: Any, second: Any, above: float) -> str:
    d = [a - b for a, b in zip(first, second, strict=True)]
    mean = sum(d) / len(d)
    error = math.sqrt(sum((x - mean) ** 2 for x in d) / (len(d) - 1) / len(d))
    return decide(mean - 1.96 * error, mean + 1.96 * error, above).upper()


def by_p_values(first: Any, second: Any, above: float) -> str:
    d = pd.Series(first) - pd.Series(second)
    if stats.ttest_1samp(d, above).pvalue > 0.05:
        return " undecided "
    return "reproduced" if d.mean() > above else "refuted"


def by_90_percent(first: Any, second: Any, above: float) -> str:
    found = stats.ttest_rel(first, second).confidence_interval(0.90)
    return decide(found.low, found.high, above)


def in_chinese(first: Any, second: Any, above: float) -> str:
    return {"reproduced": "得到复现", "refuted": "不成立", "undecided": "分不出来"}[
        by_t(first, second, above)
    ]


@pytest.mark.parametrize(
    "answer", [by_t, by_two_errors, by_bootstrap, by_loop, by_p_values, in_chinese]
)
def test_right_verdicts(answer: Any) -> None:
    assert hpt.check("7.1-b", answer)


def by_errors_of_each(first: Any, second: Any, above: float) -> str:
    mean = float(np.mean(first) - np.mean(second))
    half = 2 * math.hypot(stats.sem(first), stats.sem(second))
    return decide(mean - half, mean + half, above)


def unpaired(first: Any, second: Any, above: float) -> str:
    error = math.hypot(stats.sem(first), stats.sem(second))
    mean = float(np.mean(first) - np.mean(second))
    half = float(stats.t.ppf(0.975, len(first) - 1)) * error
    return decide(mean - half, mean + half, above)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            lambda a, b, above: "reproduced" if np.mean(a) - np.mean(b) > above else "refuted",
            "the mean alone does not tell",
        ),
        (
            lambda a, b, above: "reproduced" if by_t(a, b, above) == "reproduced" else "refuted",
            "not yet refuted",
        ),
        (lambda a, b, above: by_t(b, a, above), "The difference is `first - second`"),
        (
            lambda a, b, above: {"reproduced": "refuted", "refuted": "reproduced"}.get(
                by_t(a, b, above), "undecided"
            ),
            "changed places",
        ),
        (lambda a, b, above: by_t(a, b, 0), "not with 0"),
        (
            lambda a, b, above: decide(
                (a - b).mean() - 2 * (a - b).std(ddof=1),
                (a - b).mean() + 2 * (a - b).std(ddof=1),
                above,
            ),
            "the standard error",
        ),
        (
            lambda a, b, above: decide(
                (a - b).mean() - 2 * (a - b).std(), (a - b).mean() + 2 * (a - b).std(), above
            ),
            "the standard error",
        ),
        (unpaired, "take their difference first"),
        (by_errors_of_each, "take their difference first"),
        (lambda a, b, above: by_two_errors(a, b, 0), "not with 0"),
        (lambda a, b, above: by_t(a, b, above / 100), "not with a hundredth of it"),
        (lambda a, b, above: by_two_errors(np.sort(a), np.sort(b), above), "belong together"),
        (lambda a, b, above: by_two_errors(100 * a / b, 100, above), "not in per cent"),
        (lambda a, b, above: by_two_errors(b, a, above), "The difference is `first - second`"),
        (
            lambda a, b, above: decide(
                (a - b).mean() - stats.sem(a - b), (a - b).mean() + stats.sem(a - b), above
            ),
            "The band reaches two",
        ),
        (
            lambda a, b, above: decide(
                (a - b).mean() - 1.645 * stats.sem(a - b),
                (a - b).mean() + 1.645 * stats.sem(a - b),
                above,
            ),
            "make a band of 90 %",
        ),
        (by_90_percent, "narrower than one of 95 %"),
        (
            lambda a, b, above: decide(
                (a - b).mean() - 1.5 * stats.sem(a - b),
                (a - b).mean() + 1.5 * stats.sem(a - b),
                above,
            ),
            "narrower than one of 95 %",
        ),
        (lambda a, b, above: by_t(a, b, -above), "its sign has been turned"),
        (lambda a, b, above: "undecided", "seen from the threshold"),
        (lambda a, b, above: "reproduced", "seen from the threshold"),
        (lambda a, b, above: by_t(a[:4], b[:4], above), "seen from the threshold"),
        (lambda a, b, above: "unclear", "got 'unclear'"),
        (lambda a, b, above: 1.0, "expected one of"),
        (lambda a, b, above: [].append(a), "is a `return` missing?"),
        ("reproduced", "Expected a function"),
    ],
)
def test_wrong_verdicts(answer: Any, words: str) -> None:
    assert words in wrong("7.1-b", answer)


def test_a_narrow_band_is_told_in_chinese_without_two_colons_in_a_row() -> None:
    hpt.use_language("zh")
    assert "你的区间比 95% 的窄。95% 的区间" in wrong("7.1-b", by_90_percent)


def by_median(first: Any, second: Any, above: float) -> str:
    half, median = 2 * stats.sem(first - second), float(np.median(first - second))
    return decide(median - half, median + half, above)


@pytest.mark.parametrize("n_seeds", [8, 10, 12])
def test_the_number_of_seeds_is_not_always_the_same(n_seeds: int) -> None:
    def as_if_there_were_n(first: Any, second: Any, above: float) -> str:
        d = first - second
        half = 2 * d.std(ddof=1) / math.sqrt(n_seeds)
        return decide(d.mean() - half, d.mean() + half, above)

    assert "seen from the threshold" in wrong("7.1-b", as_if_there_were_n)


def test_a_median_is_not_told_of_a_band_of_90_percent() -> None:
    said = wrong("7.1-b", by_median)
    assert "seen from the threshold" in said
    assert "1.645" not in said


def test_no_case_is_a_matter_of_taste() -> None:
    found = [chapter_07_1.verdict(*case) for case in chapter_07_1.VERDICT.cases]
    assert min(found.count(outcome) for outcome in OUTCOMES) >= 8
    for case in chapter_07_1.VERDICT.cases:
        for other in (by_t, by_two_errors, by_bootstrap):
            assert other(*case) == chapter_07_1.verdict(*case)


# ---------------------------------------------------------------- 7.1-c

FAULTS = {"A": "budget", "B": "luck", "C": "space", "D": "fair", "E": "runs"}


@pytest.mark.parametrize(
    "answer",
    [
        FAULTS,
        {name.lower(): fault.upper() for name, fault in FAULTS.items()},
        {"A": "预算", "B": "运气", "C": "空间", "D": "公平", "E": "次数"},
        pd.Series(FAULTS),
        {**FAULTS, "D": "none"},
        {**FAULTS, "A": "trials", "B": "selection", "E": "seeds"},
    ],
)
def test_right_faults(answer: Any) -> None:
    assert hpt.check("7.1-c", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": "fair"}, "135 against 50"),
        ({"A": "space"}, 'A: "space" is not it'),
        ({"B": "fair"}, "The best of 40 scores is lucky"),
        ({"B": "runs"}, 'B: "runs" is not it'),
        ({"C": "fair"}, "what was it given"),
        ({"C": "budget"}, "both have 27 trainings"),
        ({"D": "runs"}, "but it is fair"),
        ({"D": "luck"}, 'D: "luck" is not it'),
        ({"E": "fair"}, "with another seed"),
        ({"E": "luck"}, "searched only once"),
        ({"E": "unlucky"}, "choose from"),
    ],
)
def test_wrong_faults(change: dict[str, str], words: str) -> None:
    assert words in wrong("7.1-c", {**FAULTS, **change})


# ---------------------------------------------------------------- 7.1-d

SEARCHES = {"winner": "hyperband", "after 4": 3, "after 16": 10}


@pytest.mark.parametrize("seed", range(3))
def test_what_the_lab_shows_is_right_whatever_is_drawn(seed: int) -> None:
    rivals = ("random", "hyperband")
    lab = hpt.BankLab(strategies=rivals, max_epochs=27, n_trials=4, measure="retrained", seed=seed)
    after_4, winner = lab.seeds_needed, lab.winner
    lab.set(n_trials=16)
    answer = {"winner": winner, "after 4": after_4, "after 16": lab.seeds_needed}
    assert hpt.check("7.1-d", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"winner": "random"}, "ahead at neither budget"),
        ({"winner": "TPE"}, "choose from"),
        ({"after 4": 1}, "four times out of five"),
        ({"after 4": 0}, "a whole number from 1 on"),
        ({"after 4": 3.4}, '"after 4" has 3.4; a whole number from 1 on'),
        ({"after 4": 10}, "is too many"),
        ({"after 4": None}, '"after 4" is `None`'),
        ({"after 16": 3}, "is too few"),
        ({"after 16": 5}, "a smaller lead takes more searches"),
        ({"after 16": 30}, "27 epochs"),
        ({"after 16": 100}, "is too many"),
    ],
)
def test_wrong_numbers_of_searches(change: dict[str, Any], words: str) -> None:
    assert words in wrong("7.1-d", {**SEARCHES, **change})
