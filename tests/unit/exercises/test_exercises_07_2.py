"""Chapter 7.2: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import ast
import math
import re
import statistics
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_07_2
from hpt_widgets.studies.claims.verdict import judge, mean_band

T = stats.t.ppf
Z = stats.norm.ppf(0.975)

# ---------------------------------------------------------------- 7.2-a


def three_ways(band: Any, margin: float) -> str:
    low, high = band
    return "reproduced" if low > -margin else "refuted" if high < -margin else "undecided"


def band_of(
    small: Any, large: Any, quantile: float | None = None, ddof: int = 1, root: bool = True
) -> tuple[float, float]:
    differences = np.asarray(large) - np.asarray(small)
    n = len(differences)
    quantile = T(0.975, n - 1) if quantile is None else quantile
    half = quantile * differences.std(ddof=ddof) / (math.sqrt(n) if root else 1)
    return differences.mean() - half, differences.mean() + half


def with_loops(small: list[float], large: list[float], margin: float) -> str:
    differences = []
    for one, other in zip(small, large, strict=True):
        differences.append(other - one)
    mean = sum(differences) / len(differences)
    half = T(0.975, len(small) - 1) * statistics.stdev(differences) / len(small) ** 0.5
    if mean - half > -margin:
        return "reproduced"
    if mean + half < -margin:
        return "refuted"
    return "undecided"


def with_t_test(small: list[float], large: list[float], margin: float) -> str:
    band = stats.ttest_rel(large, small).confidence_interval(0.95)
    return three_ways(band, margin)


def with_interval(small: list[float], large: list[float], margin: float) -> str:
    d = np.subtract(large, small)
    return three_ways(stats.t.interval(0.95, len(d) - 1, d.mean(), stats.sem(d)), margin)


def with_the_workbook(small: list[float], large: list[float], margin: float) -> str:
    return judge(*mean_band(np.subtract(large, small)), above=-margin).outcome


def with_p_values(small: list[float], large: list[float], margin: float) -> str:
    shifted = np.subtract(large, small) + margin
    test = stats.ttest_1samp(shifted, 0)
    if test.pvalue >= 0.05:
        return "undecided"
    return "reproduced" if test.statistic > 0 else "refuted"


def with_pandas(small: list[float], large: list[float], margin: float) -> str:
    d = pd.Series(large) - pd.Series(small)
    half = d.sem() * T(0.975, len(d) - 1)
    return three_ways((d.mean() - half, d.mean() + half), margin)


@pytest.mark.parametrize(
    "answer",
    [
        with_loops,
        with_t_test,
        with_interval,
        with_the_workbook,
        with_p_values,
        with_pandas,
        lambda small, large, margin: three_ways(band_of(small, large), margin),
        lambda small, large, margin: np.str_(with_loops(small, large, margin)),
        lambda small, large, margin: with_loops(small, large, margin).upper(),
        lambda small, large, margin: {
            "reproduced": "复现",
            "refuted": "不成立",
            "undecided": "分不出来",
        }[with_loops(small, large, margin)],
    ],
)
def test_right_verdicts(answer: Any) -> None:
    verdict = hpt.check("7.2-a", answer)
    assert verdict
    assert "Three outcomes" in verdict.message


def by_resampling(small: list[float], large: list[float], margin: float) -> str:
    """Return the verdict by a band of 90 %."""
    differences = np.subtract(large, small)
    means = np.random.default_rng(0).choice(differences, (4_000, len(small))).mean(axis=1)
    return three_ways(np.quantile(means, [0.05, 0.95]), margin)


@pytest.mark.parametrize("width", [2, 1.96, Z])
def test_two_errors_to_each_side_are_right_too(width: float) -> None:
    verdict = hpt.check("7.2-a", lambda s, la, m: three_ways(band_of(s, la, width), m))
    assert verdict
    assert "Student's t is the better one" in verdict.message


def test_two_errors_are_wrong_where_they_change_the_scores() -> None:
    def emptying(small: list[float], large: list[float], margin: float) -> str:
        outcome = three_ways(band_of(small, large, 2), margin)
        small.clear()
        return outcome

    verdict = hpt.check("7.2-a", emptying)
    assert verdict.state == "wrong"
    assert "What it returns is right" in verdict.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            lambda s, la, m: "reproduced" if np.subtract(la, s).mean() > -m else "refuted",
            "That is where the mean lies",
        ),
        (
            lambda s, la, m: three_ways(
                (
                    np.mean(la)
                    - np.mean(s)
                    + np.array([-1, 1])
                    * T(0.975, 2 * len(s) - 2)
                    * math.sqrt((np.var(s, ddof=1) + np.var(la, ddof=1)) / len(s))
                ),
                m,
            ),
            "Both scores of a seed belong together",
        ),
        (
            lambda s, la, m: three_ways(stats.ttest_ind(la, s).confidence_interval(), m),
            "Both scores of a seed belong together",
        ),
        (lambda s, la, m: three_ways(band_of(s, la, root=False), m), "divide by √n"),
        (lambda s, la, m: three_ways(band_of(s, la, ddof=0), m), "the seeds are a sample"),
        (lambda s, la, m: three_ways(band_of(s, la, 2, ddof=0), m), "the seeds are a sample"),
        (
            lambda s, la, m: three_ways(band_of(s, la, T(0.95, len(s) - 1), ddof=0), m),
            "Differences by seed",
        ),
        (
            lambda s, la, m: three_ways(band_of(s, la, T(0.95, len(s) - 1)), m),
            "leaves 2.5 % on each",
        ),
        (lambda s, la, m: three_ways(band_of(s, la, T(0.975, len(s))), m), "n − 1 degrees"),
        (
            lambda s, la, m: "reproduced" if band_of(s, la)[0] > -m else "refuted",
            "What is not reproduced is not yet refuted",
        ),
        (
            lambda s, la, m: "refuted" if band_of(s, la)[1] < -m else "reproduced",
            "What is not refuted is not yet reproduced",
        ),
        (lambda s, la, m: three_ways(band_of(s, la), 0), "not with 0"),
        (lambda s, la, m: three_ways(band_of(s, la), m / 100), "not with a hundredth of it"),
        (lambda s, la, m: three_ways(band_of(s, la), -m), "its sign has been turned"),
        (lambda s, la, m: three_ways(band_of(la, s), m), "The difference is `large - small`"),
        (lambda s, la, m: "undecided", "Differences by seed, their mean"),
        (lambda s, la, m: three_ways(band_of(s, la, 3.0), m), "wider than one of 95 %"),
        (lambda s, la, m: three_ways(band_of(s, la, 2.576), m), "wider than one of 95 %"),
        (
            lambda s, la, m: three_ways(band_of(s, la, T(0.995, len(s) - 1)), m),
            "wider than one of 95 %",
        ),
        (lambda s, la, m: three_ways(band_of(s, la, 1.88), m), "Differences by seed"),
        (
            lambda s, la, m: three_ways(
                band_of(s, la, T(0.975, len(s) - 1) * (len(s) / (len(s) - 1)) ** 0.5), m
            ),
            "Differences by seed",
        ),
        (by_resampling, "Differences by seed"),
        (
            lambda s, la, m: three_ways((min(np.subtract(la, s)), max(np.subtract(la, s))), m),
            "by seed",
        ),
        (lambda s, la, m: band_of(s, la)[0] > -m, "verdict"),
        (lambda s, la, m: "maybe", "verdict"),
        ("reproduced", "Expected a function"),
    ],
)
def test_wrong_verdicts(answer: Any, words: str) -> None:
    verdict = hpt.check("7.2-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize("width", [None, 2, 1.96, Z])
@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"root": False}, "divide by √n"),
        ({"ddof": 0}, "the seeds are a sample"),
        ({"share": -1}, "its sign has been turned"),
        ({"share": 0}, "not with 0"),
        ({"share": 0.01}, "not with a hundredth of it"),
        ({"never": "undecided"}, "not yet refuted"),
        ({"is_backwards": True}, "The difference is `large - small`"),
        ({"is_sorted": True}, "belong together"),
        ({"is_relative": True}, "not in per cent"),
    ],
    ids=str,
)
def test_a_mistake_is_told_whichever_band_it_is_made_with(
    width: float | None, mistake: dict[str, Any], words: str
) -> None:
    def answer(small: list[float], large: list[float], margin: float) -> str:
        if mistake.get("is_sorted"):
            small, large = sorted(small), sorted(large)
        if mistake.get("is_backwards"):
            small, large = large, small
        if mistake.get("is_relative"):
            large = [100 * one / other for one, other in zip(large, small, strict=True)]
            small = [100.0] * len(small)
        band = band_of(small, large, width, mistake.get("ddof", 1), mistake.get("root", True))
        found = three_ways(band, mistake.get("share", 1) * margin)
        return "refuted" if found == mistake.get("never") else found

    assert words in hpt.check("7.2-a", answer).message


@pytest.mark.parametrize("width", [None, 2])
def test_the_case_that_is_shown_is_none_where_student_and_two_errors_part(
    width: float | None,
) -> None:
    """Else who takes the other one would be told of a value that is right."""
    told = hpt.check("7.2-a", lambda s, la, m: three_ways(band_of(s, la, width, root=False), m))
    shown = re.search(r"`\((.*)\)` should give '(.*)'; you get", told.message)
    assert shown is not None
    small, large, margin = ast.literal_eval(f"({shown.group(1)})")
    for other in (None, 2):
        assert three_ways(band_of(small, large, other), margin) == shown.group(2)


def test_all_three_outcomes_are_asked_for_often() -> None:
    found = [chapter_07_2.verdict(*case) for case in chapter_07_2.VERDICT.cases]
    assert min(found.count(outcome) for outcome in chapter_07_2.OUTCOMES) >= 10


# ---------------------------------------------------------------- 7.2-b


def needed(is_enough: Any) -> int:
    n = 2
    while not is_enough(n):
        n += 1
    return n


def in_a_table(deviation: float, difference: float) -> int:
    n = np.arange(2, 5_000)
    return int(n[T(0.975, n - 1) * deviation / np.sqrt(n) < difference][0])


def by_bisection(deviation: float, difference: float) -> int:
    low, high = 1, 100_000
    while high - low > 1:
        middle = (low + high) // 2
        enough = T(0.975, middle - 1) * deviation / middle**0.5 < difference
        low, high = (low, middle) if enough else (middle, high)
    return high


@pytest.mark.parametrize(
    "answer",
    [
        lambda s, d: needed(lambda n: T(0.975, n - 1) * s / n**0.5 < d),
        lambda s, d: needed(lambda n: stats.t.interval(0.95, n - 1, scale=s / n**0.5)[1] <= d),
        lambda s, d: needed(lambda n: stats.t.isf(0.025, n - 1) < d * n**0.5 / s),
        lambda s, d: np.int64(in_a_table(s, d)),
        lambda s, d: float(in_a_table(s, d)),
        in_a_table,
        by_bisection,
        chapter_07_2.n_seeds,
    ],
)
def test_right_numbers_of_seeds(answer: Any) -> None:
    assert hpt.check("7.2-b", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s, d: max(2, math.ceil((1.96 * s / d) ** 2)), "(1.96, 2) is too small for few"),
        (lambda s, d: max(2, math.ceil((Z * s / d) ** 2)), "(1.96, 2) is too small for few"),
        (lambda s, d: max(2, math.ceil((2 * s / d) ** 2)), "(1.96, 2) is too small for few"),
        (lambda s, d: math.ceil((1.96 * s / d) ** 2), "(1.96, 2) is too small for few"),
        (lambda s, d: math.ceil((Z * s / d) ** 2), "(1.96, 2) is too small for few"),
        (lambda s, d: int((2 * s / d) ** 2) + 1, "(1.96, 2) is too small for few"),
        (lambda s, d: max(2, int((1.96 * s / d) ** 2) + 1), "(1.96, 2) is too small for few"),
        (lambda s, d: needed(lambda n: 2 * s / n**0.5 < d), "(1.96, 2) is too small for few"),
        (lambda s, d: in_a_table(2 * s, d), "Half of the band must be smaller"),
        (lambda s, d: needed(lambda n: T(0.95, n - 1) * s / n**0.5 < d), "the quantile is 0.975"),
        (lambda s, d: needed(lambda n: T(0.975, n) * s / n**0.5 < d), "degrees of freedom"),
        (lambda s, d: needed(lambda n: s / n**0.5 < d), "two times out of three"),
        (lambda s, d: needed(lambda n: T(0.975, n - 1) * s / n < d), "falls with √n"),
        (lambda s, d: in_a_table(s, d) - 1, "it should be"),
        (lambda s, d: in_a_table(s, d) + 1, "it should be"),
        (lambda s, d: (T(0.975, 9) * s / d) ** 2, "it should be"),
        (lambda s, d: 38, "it should be"),
        (38, "Expected a function"),
    ],
)
def test_wrong_numbers_of_seeds(answer: Any, words: str) -> None:
    verdict = hpt.check("7.2-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_what_the_praise_says() -> None:
    assert chapter_07_2.n_seeds(3, 1) == 38
    assert chapter_07_2.n_seeds(6, 1) / 38 == pytest.approx(4, abs=0.4)
    assert T(0.975, 2) / 3**0.5 == pytest.approx(2.5, abs=0.05)


# ---------------------------------------------------------------- 7.2-c and 7.2-d

UNFAIR = {"A": "tuning", "B": "fair", "C": "seeds", "D": "selection", "E": "budget"}
VERDICTS = {
    "A": "reproduced",
    "B": "undecided",
    "C": "refuted",
    "D": "undecided",
    "E": "refuted",
}


@pytest.mark.parametrize(("exercise", "right"), [("7.2-c", UNFAIR), ("7.2-d", VERDICTS)])
def test_right_readings(exercise: str, right: dict[str, str]) -> None:
    chinese = {
        "tuning": "调参",
        "budget": "预算",
        "seeds": "种子",
        "selection": "挑选",
        "fair": "公平",
        "reproduced": "复现",
        "refuted": "不成立",
        "undecided": "分不出来",
    }
    of_before = {**chinese, "reproduced": "重现"}
    for answer in (
        right,
        pd.Series(right),
        {name.lower(): word.upper() for name, word in right.items()},
        dict(reversed(right.items())),
        {name: f" {word} " for name, word in right.items()},
        {name: np.str_(word) for name, word in right.items()},
        {name: chinese[word] for name, word in right.items()},
        {name: of_before[word] for name, word in right.items()},
    ):
        assert hpt.check(exercise, answer)


def test_the_words_of_the_other_sections_are_understood() -> None:
    answer = {"A": "rate", "B": "none", "C": "runs", "D": "luck", "E": "epochs"}
    assert hpt.check("7.2-c", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": "budget"}, "whose learning rate is it"),
        ({"A": "fair"}, "for the small batch alone"),
        ({"B": "seeds"}, "the band says so"),
        ({"B": "tuning"}, "both were tuned alike"),
        ({"C": "fair"}, "differ by 0.2 points as well"),
        ({"C": "selection"}, 'C: "selection" is not it'),
        ({"D": "seeds"}, "before they were reported"),
        ({"D": "tuning"}, "even against itself"),
        ({"D": "fair"}, "lucky as well as good"),
        ({"E": "fair"}, "three times as often"),
        ({"E": "tuning"}, "Count the epochs"),
        ({"E": "luck"}, 'E: "selection" is not it'),
        ({"E": "unlucky"}, "unlucky"),
        ({"F": "fair"}, '"A"'),
    ],
)
def test_wrong_reasons(change: dict[str, str], words: str) -> None:
    verdict = hpt.check("7.2-c", {**UNFAIR, **change})
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": "undecided"}, "the claim is about −0.3"),
        ({"A": "refuted"}, "allows up to 0.3"),
        ({"B": "refuted"}, "reaches above it"),
        ({"B": "reproduced"}, 'B: "reproduced" is not it'),
        ({"C": "reproduced"}, "C: the claim's threshold is 0, and the whole band, −1.3 to −0.3"),
        ({"C": "undecided"}, "C: the claim's threshold is 0, and the whole band, −1.3 to −0.3"),
        ({"D": "reproduced"}, "begins below 1"),
        ({"E": "undecided"}, "against the claim"),
        ({"E": "true"}, "true"),
    ],
)
def test_wrong_readings_of_the_table(change: dict[str, str], words: str) -> None:
    verdict = hpt.check("7.2-d", {**VERDICTS, **change})
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize(("exercise", "right"), [("7.2-c", UNFAIR), ("7.2-d", VERDICTS)])
def test_half_filled_readings_are_not_answered(exercise: str, right: dict[str, str]) -> None:
    assert hpt.check(exercise, {**right, "C": ...}).state == "not answered"
