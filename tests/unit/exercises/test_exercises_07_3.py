"""Chapter 7.3: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_07_3

VERDICTS = dict(
    zip(
        "ABCDEF",
        ["reproduced", "undecided", "reproduced", "refuted", "undecided", "refuted"],
        strict=True,
    )
)
FLAWS = dict(
    zip("ABCDEF", ["budget", "space", "epochs", "seeds", "selection", "none"], strict=True)
)


def said(name: str, answer: Any) -> str:
    verdict = hpt.check(name, answer)
    assert verdict.state == "wrong"
    return verdict.message


# ---------------------------------------------------------------- 7.3-a


@pytest.mark.parametrize(
    "answer",
    [
        VERDICTS,
        {name.lower(): word.upper() for name, word in VERDICTS.items()},
        pd.Series(VERDICTS),
        dict(reversed(VERDICTS.items())),
        {**VERDICTS, "A": " Reproduced "},
        {**VERDICTS, "B": "分不出来"},
        {**VERDICTS, "D": "不成立", "A": "复现"},
        {**VERDICTS, "A": "重现"},  # as earlier versions had it
        {f"{chr(ord(name) + 0xFEE0)}": word for name, word in VERDICTS.items()},
    ],
)
def test_right_verdicts(answer: Any) -> None:
    assert hpt.check("7.3-a", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"B": "reproduced"}, "reaches below 0"),
        ({"C": "refuted"}, "no worse than by half a point"),
        ({"C": "undecided"}, "0 is not the threshold here"),
        ({"E": "refuted"}, "does not refute"),
        ({"E": "reproduced"}, "reaches to 1.04"),
        ({"F": "reproduced"}, "*below* 1"),
        ({"A": "undecided"}, 'A: "undecided" is not it'),
        ({"D": "reproduced"}, 'D: "reproduced" is not it'),
        ({"D": "out of reach"}, "D"),
        ({"A": 1}, "A"),
    ],
)
def test_wrong_verdicts(change: dict[str, Any], words: str) -> None:
    assert words in said("7.3-a", {**VERDICTS, **change})


def test_verdicts_are_those_of_the_engine() -> None:
    from hpt_widgets.studies.claims.verdict import judge

    found = {
        name: judge(estimate, low, high, **side).outcome
        for name, (estimate, low, high, side) in {
            "A": (0.8, 0.2, 1.4, {"above": 0.0}),
            "B": (0.8, -0.3, 1.9, {"above": 0.0}),
            "C": (-0.1, -0.3, 0.1, {"above": -0.5}),
            "D": (-0.9, -1.2, -0.6, {"above": -0.5}),
            "E": (0.97, 0.91, 1.04, {"below": 1.0}),
            "F": (1.12, 1.05, 1.2, {"below": 1.0}),
        }.items()
    }
    assert found == VERDICTS


# ---------------------------------------------------------------- 7.3-b


@pytest.mark.parametrize(
    "answer",
    [
        FLAWS,
        pd.Series(FLAWS),
        {name.lower(): word for name, word in FLAWS.items()},
        {name: word.upper() for name, word in FLAWS.items()},
        dict(sorted(FLAWS.items(), key=lambda item: item[1])),
        {**FLAWS, "A": "预算", "D": "种子"},
        {**FLAWS, "F": "fair"},
        {**FLAWS, "F": "没有"},
        {**FLAWS, "A": "tries", "C": "length", "D": "runs", "E": "luck"},
    ],
)
def test_right_flaws(answer: Any) -> None:
    assert hpt.check("7.3-b", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"B": "budget"}, "both have 20 trials"),
        ({"C": "budget"}, "how long each of them trains"),
        ({"D": "none"}, "may be chance"),
        ({"E": "none"}, "on which it is then reported"),
        ({"F": "space"}, "each has its best rate inside"),
        ({"A": "none"}, 'A: "none" is not it'),
        ({"E": "seeds"}, 'E: "seeds" is not it'),
        ({"C": "unfair"}, "C"),
        ({"B": None}, "B"),
    ],
)
def test_wrong_flaws(change: dict[str, Any], words: str) -> None:
    assert words in said("7.3-b", {**FLAWS, **change})


# ---------------------------------------------------------------- 7.3-c


def by_statistics(first: list[float], second: list[float], margin: float) -> str:
    differences = [a - b for a, b in zip(first, second, strict=True)]
    mean = statistics.mean(differences)
    half = 2 * statistics.stdev(differences) / len(differences) ** 0.5
    if mean + half < -margin:
        return "refuted"
    return "undecided" if mean - half <= -margin else "reproduced"


def by_scipy(first: list[float], second: list[float], margin: float) -> str:
    differences = np.array(first) - np.array(second) + margin
    ratio = differences.mean() / stats.sem(differences) if stats.sem(differences) else np.nan
    if math.isnan(ratio):
        ratio = math.copysign(math.inf, differences.mean())
    return "undecided" if abs(ratio) <= 2 else ("reproduced" if ratio > 0 else "refuted")


def by_pandas(first: list[float], second: list[float], margin: float) -> str:
    differences = pd.Series(first) - pd.Series(second)
    low, high = (differences.mean() + sign * 2 * differences.sem() for sign in (-1, 1))
    return ["refuted", "undecided", "reproduced"][int(high >= -margin) + int(low > -margin)]


def by_loop(first: list[float], second: list[float], margin: float) -> str:
    n, total, squares = len(first), 0.0, 0.0
    for a, b in zip(first, second, strict=True):
        total += a - b
    for a, b in zip(first, second, strict=True):
        squares += (a - b - total / n) ** 2
    half = 2 * math.sqrt(squares / (n - 1) / n)
    outcome = "undecided"
    if total / n - half > -margin:
        outcome = "reproduced"
    elif total / n + half < -margin:
        outcome = "refuted"
    return outcome


def in_chinese(first: list[float], second: list[float], margin: float) -> str:
    return {"reproduced": "复现", "refuted": "不成立", "undecided": "分不出来"}[
        by_statistics(first, second, margin)
    ]


@pytest.mark.parametrize(
    "answer",
    [
        by_statistics,
        by_scipy,
        by_pandas,
        by_loop,
        in_chinese,
        lambda a, b, m: by_loop(a, b, m).upper(),
        lambda a, b, m: np.str_(by_loop(a, b, m)),
        lambda first, second, margin=0.0: by_pandas(first, second, margin),
    ],
)
def test_right_functions(answer: Any) -> None:
    assert hpt.check("7.3-c", answer)


def with_factor(factor: Any) -> Any:
    """Return a verdict by so many standard errors for a number of seeds."""
    return lambda a, b, m: mistaken(factor=factor(len(a)))(a, b, m)


@pytest.mark.parametrize(
    "factor",
    [
        lambda n: float(stats.t.ppf(0.975, n - 1)) if n < 5 else 2,
        lambda n: {3: 4.3, 8: 2.4}.get(n, 2.0),
        lambda n: 2.3,
    ],
)
def test_a_band_between_both_right_ones_is_right(factor: Any) -> None:
    verdict = hpt.check("7.3-c", with_factor(factor))
    assert verdict
    assert "lies between two standard errors to either side and Student's t" in verdict.message


def mistaken(**change: Any) -> Any:
    """Return a verdict with one thing changed."""

    def verdict(first: list[float], second: list[float], margin: float) -> str:
        differences = np.subtract(first, second)
        spread = change.get("spread", lambda d, a, b: d.std(ddof=1) / np.sqrt(len(d)))
        half = change.get("factor", 2) * spread(differences, np.array(first), np.array(second))
        threshold = change.get("threshold", lambda m: -m)(margin)
        if differences.mean() - half > threshold:
            return "reproduced"
        return "refuted" if differences.mean() + half < threshold else "undecided"

    return verdict


def by_student(quantile: float, *, lost: int = 1, ddof: int = 1) -> Any:
    """Return a verdict by a quantile of Student's t with n less `lost` degrees of freedom."""

    def verdict(first: list[float], second: list[float], margin: float) -> str:
        n = len(first)
        factor = float(stats.t.ppf(quantile, n - lost))
        by_factor = mistaken(factor=factor, spread=lambda d, a, b: d.std(ddof=ddof) / np.sqrt(n))
        outcome: str = by_factor(first, second, margin)
        return outcome

    return verdict


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (mistaken(factor=0), "where the mean lies"),
        (
            mistaken(spread=lambda d, a, b: np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))),
            "seed by seed",
        ),
        (mistaken(spread=lambda d, a, b: d.std(ddof=1)), "divide by √n"),
        (mistaken(spread=lambda d, a, b: d.std() / np.sqrt(len(d))), "`std(ddof=1)`"),
        (mistaken(factor=1), "One standard error to each side"),
        (mistaken(spread=lambda d, a, b: d.std(ddof=1) / len(d)), "not by n"),
        (by_student(0.975, ddof=0), "the seeds are a sample"),
        (by_student(0.975, lost=0), "n − 1 degrees of freedom"),
        (by_student(0.95), "The quantile 0.95, or 1.645"),
        (by_student(0.95, ddof=0), ""),
        (with_factor(lambda n: 1.9), "Differences by seed"),
        (mistaken(factor=2.576), "wider than one of 95 %"),
        (by_student(0.995), "wider than one of 95 %"),
        (mistaken(factor=1.645), "narrower than one of 95 %"),
        (lambda a, b, m: by_loop(b, a, m), "The difference is `first - second`"),
        (
            lambda a, b, m: "reproduced" if by_loop(a, b, m) == "reproduced" else "refuted",
            "What is not reproduced is not yet refuted",
        ),
        (
            lambda a, b, m: "refuted" if by_loop(a, b, m) == "refuted" else "reproduced",
            "What is not refuted is not yet reproduced",
        ),
        (mistaken(threshold=lambda m: m), "its sign has been turned"),
        (mistaken(threshold=lambda m: 0), "not with 0"),
        (lambda a, b, m: "undecided", "undecided"),
        (lambda a, b, m: "reproduced" if np.mean(a) > np.mean(b) else "refuted", ""),
        (lambda a, b, m: np.mean(a) - np.mean(b), "should be one of"),
        (lambda a, b, m: True, "should be one of"),
        (lambda a, b, m: "yes", "reproduced"),
        (mistaken(factor=4), ""),
        (lambda a, b: "undecided", ""),
    ],
)
def test_wrong_functions(answer: Any, words: str) -> None:
    assert words in said("7.3-c", answer)


def test_a_band_by_students_t_is_right_too() -> None:
    def by_interval(first: list[float], second: list[float], margin: float) -> str:
        d = np.subtract(first, second)
        low, high = stats.t.interval(0.95, len(d) - 1, loc=d.mean(), scale=stats.sem(d))
        return "reproduced" if low > -margin else "refuted" if high < -margin else "undecided"

    for answer in (by_student(0.975), by_interval):
        verdict = hpt.check("7.3-c", answer)
        assert verdict
        assert "by Student's t" in verdict.message

    def emptying(a: list[float], b: list[float], m: float) -> str:
        outcome: str = by_student(0.975)(a, b, m)
        a.clear()
        return outcome

    assert "What it returns is right" in said("7.3-c", emptying)
    assert hpt.check("7.3-c", mistaken(factor=1.96))


def test_the_cases_have_all_three_verdicts() -> None:
    found = [chapter_07_3.verdict(*case) for case in chapter_07_3.VERDICT.cases]
    assert {found.count(one) > 5 for one in ("reproduced", "refuted", "undecided")} == {True}


# ---------------------------------------------------------------- 7.3-d


@pytest.mark.parametrize(
    ("rate", "epsilon"),
    [
        (1.0, 1.0),
        (10.0, 10.0),
        (1e3, 1e3),
        (5.05, 5.0),
        (0.505, 0.5),
        # Exactly 2 % less where √v is largest, and 2 % to both sides.
        (0.49, 0.49),
        (0.2499, 0.245),
        (np.float32(2.0), 2),
        (100, 100),
        (1e6, 1e6),
    ],
)
def test_settings_in_which_adam_is_momentum(rate: float, epsilon: float) -> None:
    assert hpt.check("7.3-d", {"learning_rate": rate, "epsilon": epsilon})
    rng = np.random.default_rng(0)
    gradients = rng.uniform(-0.01, 0.01, (300, 20))
    velocity, mean, square = (np.zeros(20) for _ in range(3))
    for gradient in gradients:
        velocity = 0.9 * velocity + gradient
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        step = rate * mean / (np.sqrt(square) + epsilon)
        np.testing.assert_allclose(step, 0.1 * velocity, rtol=0.021)


@pytest.mark.parametrize(
    ("rate", "epsilon", "words"),
    [
        (0.1, 1e-7, "the root still counts"),
        (0.01, 0.01, "the root still counts"),
        (0.1, 0.1, "the root still counts"),
        (1.0, 10.0, "a tenth of those of momentum"),
        (0.1, 1.0, "a tenth of those of momentum"),
        (2.0, 1.0, "from 1.9802 to 2 times those"),
        (100.0, 1.0, "from 99.0099 to 100 times those"),
        # Its largest step is right, its smallest is not.
        (0.3, 0.3, "from 0.967742 to 1 times those"),
        # 1.02 would be right.
        (1.0201, 1.0, "to 1.0201 times those"),
        (0.0, 1.0, "positive"),
        (-1.0, -1.0, "positive"),
        (math.inf, math.inf, ""),
        ("one", 1.0, ""),
    ],
)
def test_settings_in_which_it_is_not(rate: Any, epsilon: float, words: str) -> None:
    assert words in said("7.3-d", {"learning_rate": rate, "epsilon": epsilon})


def test_half_a_setting_is_no_answer() -> None:
    assert hpt.check("7.3-d", {"learning_rate": 1.0, "epsilon": ...}).state == "not answered"
    assert "learning_rate" in said("7.3-d", {"rate": 1.0, "epsilon": 1.0})
