"""Chapter 7.4: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_07_4
from hpt_widgets.support.tensorflow_loader import load_tensorflow

# ---------------------------------------------------------------- 7.4-a

SUPPORT = {"A": "supported", "B": "open", "C": "contradicted", "D": "open"}


@pytest.mark.parametrize(
    "answer",
    [
        SUPPORT,
        pd.Series(SUPPORT),
        {name.lower(): word.upper() for name, word in SUPPORT.items()},
        dict(reversed(list(SUPPORT.items()))),
        {"A": "支持", "B": "未定", "C": "反驳", "D": "定不下来"},
        {name: np.str_(word) for name, word in SUPPORT.items()},
    ],
)
def test_right_readings_of_the_table(answer: Any) -> None:
    assert hpt.check("7.4-a", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": "open"}, "Which sign do all its values have"),
        ({"A": "contradicted"}, '"A": "contradicted" is not it'),
        ({"B": "supported"}, "best rates, no accuracies"),
        ({"B": "contradicted"}, "does not speak against it either"),
        ({"C": "supported"}, "μP moved by about +0.1"),
        ({"C": "open"}, "Is that within the band"),
        ({"D": "supported"}, "+0.3 lies in it too"),
        ({"D": "contradicted"}, "nothing speaks against it"),
        ({"D": "true"}, '"supported", "contradicted", "open"'),
        ({"E": "open"}, '"A", "B", "C", "D"'),
        (dict.fromkeys("ABCD", "supported"), "best rates, no accuracies"),
    ],
)
def test_wrong_readings_of_the_table(change: dict[str, str], words: str) -> None:
    verdict = hpt.check("7.4-a", {**SUPPORT, **change})
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 7.4-b


def by_loops(scores: Any, n_tuning: int) -> float:
    def mean(values: Any) -> float:
        return sum(values) / len(values)

    rows = sorted(scores.tolist(), key=lambda row: mean(row[:n_tuning]))
    return mean(rows[-1][n_tuning:])


def by_pandas(scores: Any, n_tuning: int) -> Any:
    table = pd.DataFrame(scores)
    best = table.iloc[:, :n_tuning].mean(axis="columns").idxmax()
    return table.loc[best].iloc[n_tuning:].mean()


def by_tensorflow(scores: Any, n_tuning: int) -> Any:
    tf = load_tensorflow()
    best = tf.argmax(tf.reduce_mean(scores[:, :n_tuning], axis=1))
    return tf.reduce_mean(tf.constant(scores)[best, n_tuning:])


@pytest.mark.parametrize(
    "answer",
    [
        by_loops,
        by_pandas,
        by_tensorflow,
        # The sum chooses as the mean does.
        lambda scores, n_tuning: scores[scores[:, :n_tuning].sum(1).argmax()][n_tuning:].mean(),
        lambda scores, n_tuning: np.average(
            scores[np.argsort(np.average(scores[:, :n_tuning], axis=1))[-1], n_tuning:]
        ),
        lambda scores, n: max((row[:n].mean(), row[n:].mean()) for row in scores)[1],
        lambda scores, n: np.array([scores[scores[:, :n].mean(axis=1).argmax(), n:].mean()]),
    ],
)
def test_right_scores(answer: Any) -> None:
    assert hpt.check("7.4-b", answer)


def chosen(scores: Any, n: int) -> Any:
    return scores[scores[:, :n].mean(axis=1).argmax()]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda scores, n: scores.mean(axis=1).max(), "report the same seeds"),
        (
            lambda scores, n: scores[scores.mean(axis=1).argmax(), n:].mean(),
            "may not have a say",
        ),
        (lambda scores, n: chosen(scores, n)[:n].mean(), "report the seeds that chose"),
        (lambda scores, n: chosen(scores, n).mean(), "holds the seeds that chose it too"),
        (lambda scores, n: scores[:, n:].mean(axis=1).max(), "chosen for themselves"),
        (lambda scores, n: chosen(scores, n)[n:].max(), "report their mean"),
        (
            lambda scores, n: scores[scores[:, :n].max(axis=1).argmax(), n:].mean(),
            "luckiest single seed",
        ),
        (lambda scores, n: scores[:, :n].mean(axis=1).argmax(), "is the place of the chosen rate"),
        (lambda scores, n: np.median(chosen(scores, n)[n:]), "choose a row by the mean"),
        (lambda scores, n: chosen(scores, n)[n + 1 :].mean(), "choose a row by the mean"),
        (lambda scores, n: chosen(scores, 2)[2:].mean(), "choose a row by the mean"),
        (lambda scores, n: scores[:, n:].mean(), "choose a row by the mean"),
        (lambda scores, n: round(chosen(scores, n)[n:].mean(), 1), "round"),
        (lambda scores, n: chosen(scores, n)[n:], "number"),
        (96.25, "Expected a function"),
    ],
)
def test_wrong_scores(answer: Any, words: str) -> None:
    verdict = hpt.check("7.4-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_replies_show_the_whole_case_where_it_is_small() -> None:
    message = hpt.check("7.4-b", lambda scores, n: chosen(scores, n)[:n].mean()).message
    assert message.startswith("For `([[90.0, 91.5, 92.0, 93.0]], 2)` you get 90.75")
    for scores, _ in chapter_07_4.FAIR.cases:
        np.testing.assert_array_equal(scores, scores.round(2))


def test_what_the_exercise_says_of_luck_is_so() -> None:
    """Of rates that are equally good, the chosen one flatters itself where it was chosen."""
    rng = np.random.default_rng(0)
    flattered, fair = [], []
    for _ in range(2_000):
        scores = rng.normal(95, 1, (6, 10))
        flattered.append(scores[:, :2].mean(axis=1).max())
        fair.append(chosen(scores, 2)[2:].mean())
    assert np.mean(flattered) > 95.7
    assert np.mean(fair) == pytest.approx(95, abs=0.05)


# ---------------------------------------------------------------- 7.4-c


def by_arrays(conditions: Any) -> str:
    low, high, threshold = np.array(conditions).T
    if (low > threshold).all():
        return "reproduced"
    return "refuted" if (high < threshold).any() else "undecided"


def by_counting(conditions: Any) -> str:
    fails = holds = 0
    for low, high, threshold in conditions:
        if low > threshold:
            holds += 1
        elif high < threshold:
            fails += 1
    if fails:
        return "refuted"
    return "reproduced" if holds == len(conditions) else "undecided"


def refuted_first(conditions: Any) -> str:
    if any(high < threshold for _, high, threshold in conditions):
        return "refuted"
    sure = min(low - threshold for low, _, threshold in conditions) > 0
    return "Reproduced " if sure else "undecided"


def by_pandas_table(conditions: Any) -> str:
    table = pd.DataFrame(conditions, columns=["low", "high", "threshold"])
    if table.eval("low > threshold").all():
        return "reproduced"
    return "refuted" if table.eval("high < threshold").any() else "undecided"


@pytest.mark.parametrize(
    "answer",
    [
        by_arrays,
        by_counting,
        refuted_first,
        by_pandas_table,
        lambda conditions: np.str_(by_arrays(conditions)),
        lambda conditions: {"reproduced": "复现", "refuted": "不成立", "undecided": "分不出来"}[
            by_arrays(conditions)
        ],
    ],
)
def test_right_verdicts(answer: Any) -> None:
    assert hpt.check("7.4-c", answer)


def any_holds(conditions: Any) -> str:
    if any(low > limit for low, _, limit in conditions):
        return "reproduced"
    return "refuted" if any(high < limit for _, high, limit in conditions) else "undecided"


def last_alone(conditions: Any) -> str:
    return by_arrays(conditions[-1:])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (any_holds, "*every* condition has to hold"),
        (
            lambda conditions: (
                "reproduced"
                if all(low > limit for low, _, limit in conditions)
                else "refuted"
                if all(high < limit for _, high, limit in conditions)
                else "undecided"
            ),
            "you wait for all to fail",
        ),
        (
            lambda conditions: (
                "reproduced" if all(low > limit for low, _, limit in conditions) else "refuted"
            ),
            "is not yet",
        ),
        (
            lambda conditions: (
                "reproduced"
                if all((low + high) / 2 > limit for low, high, limit in conditions)
                else "refuted"
            ),
            "the middles of the bands",
        ),
        (lambda conditions: by_arrays(conditions[:1]), "the first condition alone"),
        (last_alone, "all bands above their thresholds"),
        (
            lambda conditions: by_arrays([(low, high, 0) for low, high, _ in conditions]),
            "a threshold of its own",
        ),
        (lambda conditions: "undecided", "all bands above their thresholds"),
        (lambda conditions: by_arrays(conditions) == "reproduced", "Return one of"),
        (lambda conditions: "wrong", "Return one of"),
        ("reproduced", "function"),
    ],
)
def test_wrong_verdicts(answer: Any, words: str) -> None:
    verdict = hpt.check("7.4-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 7.4-d

UNFAIR = {"A": "rate", "B": "tries", "C": "length", "D": "fair"}


@pytest.mark.parametrize(
    "answer",
    [
        UNFAIR,
        pd.Series(UNFAIR),
        {name.lower(): word.title() for name, word in UNFAIR.items()},
        {"A": "学习率", "B": "次数", "C": "长度", "D": "公平"},
        {**UNFAIR, "D": " fair "},
        {"A": "tuning", "B": "trials", "C": "epochs", "D": "none"},
    ],
)
def test_right_complaints(answer: Any) -> None:
    assert hpt.check("7.4-d", answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"A": "fair"}, "was the rate of 0.02 chosen"),
        ({"A": "length"}, "both train for ten epochs"),
        ({"A": "tries"}, "it is not the number of tries"),
        ({"B": "fair"}, "by luck alone"),
        ({"B": "rate"}, "how many?"),
        ({"C": "fair"}, "how many epochs"),
        ({"C": "rate"}, '"C": "rate" is not it'),
        ({"D": "tries"}, "both try eight rates"),
        ({"D": "length"}, "both train for three epochs"),
        ({"D": "rate"}, "chosen in the same way"),
        ({"D": "unfair"}, '"rate", "tries", "length", "fair"'),
    ],
)
def test_wrong_complaints(change: dict[str, str], words: str) -> None:
    verdict = hpt.check("7.4-d", {**UNFAIR, **change})
    assert verdict.state == "wrong"
    assert words in verdict.message
