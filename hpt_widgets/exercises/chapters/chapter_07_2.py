"""Chapter 7.2: verdicts from paired scores, seeds enough, and what makes a comparison unfair."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge
from hpt_widgets.exercises.outcomes import IN_CHINESE, OUTCOMES, read_outcome
from hpt_widgets.exercises.paired_verdicts import (
    BETWEEN,
    BY_THE_BAND,
    IN_ERRORS,
    UPPER,
    Band,
    Scores,
    is_clear,
    known_mistakes,
    of_cases,
    student,
)
from hpt_widgets.exercises.readings import Reading, flaw_words
from hpt_widgets.language import Text

BY_TWO_ERRORS: Final = Text(
    en="Two standard errors to each side will do. For few seeds Student's t is the better one: "
    "`scipy.stats.t.ppf(0.975, n - 1)` is 4.3 for three seeds and 2.4 for eight.",
    zh="两边各取两个标准误也可以。种子少时，t 分布更好：`scipy.stats.t.ppf(0.975, n - 1)` "
    "在三个种子时是 4.3，八个种子时是 2.4。",
)


# ---------------------------------------------------------------- 7.2-a: a verdict


def _arguments(small: Scores, large: Scores, margin: float) -> tuple[Scores, Scores, float]:
    return large, small, -margin


def verdict(small: Scores, large: Scores, margin: float) -> str:
    """Return the verdict on the claim that the large batch loses less than the margin."""
    return Band().verdict(*_arguments(small, large, margin))


def _draw_scores(rng: np.random.Generator) -> Case:
    """Draw scores in which a seed moves both batches together, as seeds do."""
    n = int(rng.integers(3, 9))
    margin = float(rng.choice([0.2, 0.3, 0.5, 1.0]))
    small = 95 + rng.normal(0, 1.0, n)
    noise = rng.choice([0.05, 0.15, 0.3, 0.6])
    large = small + rng.uniform(-1.6, 1.0) + rng.normal(0, noise, n)
    return [round(float(x), 2) for x in small], [round(float(x), 2) for x in large], margin


VERDICT = Judgement(
    verdict,
    tuple(
        case
        for case in cases(
            ([95.0, 96.0, 94.0], [94.9, 95.8, 93.9], 0.5),
            ([95.0, 96.0, 94.0], [93.9, 95.1, 92.8], 0.5),
            ([95.0, 96.0, 94.0], [94.4, 95.6, 93.1], 0.5),
            ([95.0, 96.0, 94.0], [95.4, 96.6, 94.8], 0.5),
            # Here the quantile 0.95 decides and `std(ddof=0)` does not.
            ([95.0, 96.0, 94.0], [94.8, 95.9, 94.0], 0.285),
            # Here n degrees of freedom decide, and the quantile 0.95 with n - 1 does not.
            ([95.0, 96.0, 94.0, 95.5], [94.5, 95.9, 93.7, 95.0], 0.6),
            # Here `std(ddof=0)` decides: with two errors to each side, and with the quantile 0.95.
            ([95.35, 95.82, 95.33], [94.8, 96.22, 95.53], 0.5),
            ([95.19, 94.48, 94.59], [94.75, 94.97, 94.94], 0.5),
            # So low that the differences in per cent decide otherwise.
            ([50.0, 52.0, 48.0], [49.6, 51.7, 47.5], 0.75),
            # Here the median, or most of the seeds, decides otherwise than the mean.
            ([95.0, 96.0, 94.0], [95.0, 96.0, 92.8], 0.3),
            # Here `std(ddof=2)` decides, and bands that are too narrow do not.
            ([95.0, 96.0, 94.0, 95.5], [94.5, 95.9, 93.7, 95.0], 0.58),
            # Here both lists sorted give another verdict, with two errors too.
            ([95.0, 96.0, 94.0], [94.9, 93.8, 95.8], 0.5),
            # Here the root of n − 1, beside `std(ddof=1)`, decides otherwise.
            ([95.0, 96.0, 94.0], [94.6, 95.7, 93.5], 0.695),
            # 1.15 standard errors above the threshold: one error decides, and 1.3 do not.
            ([95.0, 96.0, 94.0], [94.8, 96.0, 94.2], 0.133),
            # 1.92 standard errors above it: a band is too narrow whose factor is less than 1.96.
            (
                [95.22, 93.88, 92.86, 95.55, 92.8, 95.59, 94.47, 95.95],
                [94.48, 93.33, 92.18, 95.47, 92.97, 95.78, 94.13, 96.21],
                0.5,
            ),
            draw=_draw_scores,
            n=80,
        )
        if is_clear(*_arguments(*case))
    ),
    accepted=tuple(
        Mistake(of_cases(Band(width).verdict, _arguments), BY_TWO_ERRORS) for width in IN_ERRORS
    ),
    mixed=BETWEEN,
    mistakes=known_mistakes(_arguments),
    details=lambda *_: {"threshold": "`-margin`", "difference": "`large - small`"},
    otherwise=BY_THE_BAND,
    read=read_outcome,
    same=lambda found, expected: found == expected,
)


def judge_verdict(answer: Any) -> Text:
    """Judge exercise 7.2-a: the verdict that paired scores give."""
    return VERDICT.check(answer) or Text(
        en="Three outcomes, not two: a band that reaches across the margin decides nothing. All "
        "verdicts of this chapter on losses are made like this.",
        zh="结果有三种，不是两种：区间跨过界限，就什么也判定不了。本节关于准确率降低多少的结论都是这样得出的。",
    )


# ---------------------------------------------------------------- 7.2-b: how many seeds

MOST_SEEDS = 100_000


def _first(is_enough: Any) -> int:
    return next(n for n in range(2, MOST_SEEDS) if is_enough(n))


def n_seeds(deviation: float, difference: float) -> int:
    """Return how many paired seeds make the half-width of the band smaller than a difference."""
    return _first(lambda n: student(UPPER, n - 1) * deviation / math.sqrt(n) < difference)


def _counted_with(quantile: float) -> Any:
    return lambda deviation, difference: _first(
        lambda n: quantile * deviation / math.sqrt(n) < difference
    )


def _solved_with(quantile: float, whole: Callable[[float], int], least: int) -> Any:
    return lambda deviation, difference: max(least, whole((quantile * deviation / difference) ** 2))


def _one_more(number: float) -> int:
    return int(number) + 1


FIXED: Final[tuple[Callable[[float], Any], ...]] = (
    _counted_with,
    *(
        partial(_solved_with, whole=whole, least=least)
        for least in (2, 1)
        for whole in (math.ceil, _one_more)
    ),
)
"""Ways to count with a fixed quantile; they differ where one seed, or a tie, would do."""


def _whole_width(deviation: float, difference: float) -> int:
    return n_seeds(2 * deviation, difference)


def _one_too_many_degrees(deviation: float, difference: float) -> int:
    return _first(lambda n: student(UPPER, n) * deviation / math.sqrt(n) < difference)


def _one_side(deviation: float, difference: float) -> int:
    return _first(lambda n: student(0.95, n - 1) * deviation / math.sqrt(n) < difference)


def _without_quantile(deviation: float, difference: float) -> int:
    return _first(lambda n: deviation / math.sqrt(n) < difference)


def _without_root(deviation: float, difference: float) -> int:
    return _first(lambda n: student(UPPER, n - 1) * deviation / n < difference)


def _draw_scatter(rng: np.random.Generator) -> Case:
    difference = round(float(rng.uniform(0.1, 1.0)), 2)
    return round(difference * float(rng.uniform(0.2, 3.0)), 2), difference


def _no_tie(case: Case) -> bool:
    """Whether the half-width differs clearly from the difference at the number and before it."""
    deviation, difference = case
    n = n_seeds(deviation, difference)
    halves = [student(UPPER, m - 1) * deviation / math.sqrt(m) for m in (n - 1, n) if m > 1]
    return all(abs(half / difference - 1) > 1e-4 for half in halves)


N_SEEDS = Judgement(
    n_seeds,
    tuple(
        case
        for case in cases(
            (0.3, 0.3),
            (0.3, 0.1),
            (0.5, 0.2),
            (1.0, 0.25),
            (0.02, 0.5),
            # Many seeds; the drawn cases need few, because most functions try all numbers up to it.
            (2.5, 0.45),
            draw=_draw_scatter,
        )
        if _no_tie(case)
    ),
    mistakes=(
        *(
            Mistake(
                with_fixed(quantile),
                Text(
                    en="For `{call}` you get {found}; it is {expected}. A fixed quantile (1.96, 2) "
                    "is too small for few seeds: the quantile `scipy.stats.t.ppf(0.975, n - 1)` "
                    "depends on n itself, so try n = 2, 3, 4, …",
                    zh="参数为 `{call}` 时，你得到 {found}，应是 {expected}。"
                    "种子少时，固定的分位数（1.96、2）太小："
                    "分位数 `scipy.stats.t.ppf(0.975, n - 1)` 本身与 n 有关，"
                    "所以要从 n = 2、3、4……逐个试。",
                ),
            )
            for with_fixed in FIXED
            for quantile in IN_ERRORS
        ),
        Mistake(
            _whole_width,
            Text(
                en="For `{call}` you get {found}; {expected} are enough. Half of the band must be "
                "smaller than the difference, not the whole of it.",
                zh="参数为 `{call}` 时，你得到 {found}，其实 {expected} 个就够。"
                "要小于这个差的是区间的半宽，不是整个宽度。",
            ),
        ),
        Mistake(
            _one_side,
            Text(
                en="For `{call}` you get {found}; it is {expected}. A band of 95 % leaves 2.5 % "
                "on each side: the quantile is 0.975.",
                zh="参数为 `{call}` 时，你得到 {found}，应是 {expected}。"
                "95% 的区间两边各留 2.5%：分位数是 0.975。",
            ),
        ),
        Mistake(
            _one_too_many_degrees,
            Text(
                en="For `{call}` you get {found}; it is {expected}. n differences leave n − 1 "
                "degrees of freedom.",
                zh="参数为 `{call}` 时，你得到 {found}，应是 {expected}。n 个差的自由度是 n − 1。",
            ),
        ),
        Mistake(
            _without_quantile,
            Text(
                en="For `{call}` you get {found}; it is {expected}. One standard error on either "
                "side holds the true value only two times out of three: multiply it by Student's "
                "quantile.",
                zh="参数为 `{call}` 时，你得到 {found}，应是 {expected}。"
                "左右各一个标准误，三次里只有两次包含真值：还要乘以 t 分布的分位数。",
            ),
        ),
        Mistake(
            _without_root,
            Text(
                en="For `{call}` you get {found}; it is {expected}. The standard error falls with "
                "√n, not with n.",
                zh="参数为 `{call}` 时，你得到 {found}，应是 {expected}。"
                "标准误随 √n 减小，不是随 n。",
            ),
        ),
    ),
)


def judge_n_seeds(answer: Any) -> Text:
    """Judge exercise 7.2-b: seeds until a difference can be told from none."""
    N_SEEDS.check(answer)
    return Text(
        en="With 38 seeds half of the band is a third of the standard deviation s of the "
        "differences; half that width takes about four times as many seeds. To find a difference d "
        "of that size four times out of five takes more, 8 · s²/d²: about 72. With three seeds "
        "half of the band is two and a half times s.",
        zh="设各个差的标准差为 s。用 38 个种子，区间的半宽是 s 的三分之一；"
        "要把这个宽度再减半，种子约要四倍。要发现的差 d 若也是 s 的三分之一，"
        "想在五次中有四次发现它，还要更多种子：8 · s²/d²，约 72 个。"
        "只有三个种子时，区间的半宽是 s 的两倍半。",
    )


# ---------------------------------------------------------------- 7.2-c: what is unfair

REASONS = ("tuning", "budget", "seeds", "selection", "fair")

UNFAIR = Reading(
    right={"A": "tuning", "B": "fair", "C": "seeds", "D": "selection", "E": "budget"},
    choices=REASONS,
    meanings={
        "tuning": Text(en="tuning", zh="调参"),
        "budget": Text(en="budget", zh="预算"),
        "seeds": Text(en="too few", zh="种子太少"),
        "selection": Text(en="selection", zh="挑选"),
        "fair": Text(en="fair", zh="公平"),
    },
    also={
        **flaw_words(REASONS),
        "too few seeds": "seeds",
        "the same seeds chose and are reported": "selection",
        "挑选和报告用了同样的种子": "selection",
    },
    wrong={
        ("A", "budget"): Text(
            en="A: both train as many epochs. But whose learning rate is it?",
            zh="A：两者的轮数相同。但学习率是为谁调的？",
        ),
        ("A", "fair"): Text(
            en="A: the rate was found for the small batch alone. That is Keskar against Shallue.",
            zh="A：学习率只为小批量调过。Keskar 与 Shallue 之争正在这里。",
        ),
        ("B", "seeds"): Text(
            en="B: five seeds may be too few to decide. But then the band says so, for both alike.",
            zh="B：五个种子也许不够判定。不过那样区间会说明，而且对两者一视同仁。",
        ),
        ("B", "tuning"): Text(
            en="B: each dropout rate has the best of five learning rates; both were tuned alike.",
            zh="B：两个 dropout 率各用五个学习率中最好的，调得一样。",
        ),
        ("C", "fair"): Text(
            en="C: two trainings of the same setting differ by 0.2 points as well.",
            zh="C：同一设置训练两次，也会相差 0.2 个百分点。",
        ),
        ("D", "budget"): Text(
            en="D: 30 rates were tried for one side and only the usual one for the other, true, "
            "but even against itself the figure is too high: the same seeds chose the rate and "
            "were reported.",
            zh="D：一方试了 30 个学习率，另一方只用常用的那个，确实不等。但单看它自己，成绩也偏高："
            "挑学习率和报告成绩用的是同样的种子。",
        ),
        ("D", "seeds"): Text(
            en="D: there are five seeds. But what did they serve for before they were reported?",
            zh="D：种子有五个。但在报告之前，这些种子被用来做过什么？",
        ),
        ("D", "tuning"): Text(
            en="D: one side was tuned more than the other, true, but even against itself the "
            "figure is too high: the same seeds chose the rate and were reported.",
            zh="D：一方确实调得更多。但单看它自己，成绩也偏高："
            "挑学习率和报告成绩用的是同样的种子。",
        ),
        ("D", "fair"): Text(
            en="D: the best of 30 means is lucky as well as good, and its own seeds cannot tell.",
            zh="D：30 个平均值中最好的，既好又走运，用它自己的种子看不出来。",
        ),
        ("E", "tuning"): Text(
            en="E: both have their own rate. Count the epochs.",
            zh="E：两者各有自己的学习率。数一数轮数。",
        ),
        ("E", "fair"): Text(
            en="E: one of them sees the digits three times as often.",
            zh="E：一方看样本的次数是另一方的三倍。",
        ),
    },
    otherwise=Text(
        en="{name}: {meant} is not it. Ask in turn: are both tuned alike, have they the same "
        "budget, are there enough seeds, and have the seeds chosen nothing yet?",
        zh="{name}：毛病不是{meant}。逐项问：调参一样吗？预算一样吗？种子够吗？"
        "用的是没有参与过挑选的种子吗？",
    ),
)


def judge_unfair(answer: Any) -> Text:
    """Judge exercise 7.2-c: what is unfair in each comparison."""
    UNFAIR.check(answer)
    return Text(
        en="Four questions for every table in a paper: tuned alike? as much budget? seeds enough? "
        "and were they fresh?",
        zh="看论文的每张表，都可以问四个问题：调得一样吗？预算一样吗？种子够吗？种子是新的吗？",
    )


# ---------------------------------------------------------------- 7.2-d: what a table supports

SUPPORTED = Reading(
    right={
        "A": "reproduced",
        "B": "undecided",
        "C": "refuted",
        "D": "undecided",
        "E": "refuted",
    },
    choices=OUTCOMES,
    also=IN_CHINESE,
    wrong={
        ("A", "undecided"): Text(
            en="A: the band holds 0, but the claim is about −0.3, and all of it lies above.",
            zh="A：区间含 0，但论断说的是 −0.3，整个区间都在它上面。",
        ),
        ("A", "refuted"): Text(
            en="A: a small loss is likely, but the claim allows up to 0.3 points.",
            zh="A：准确率很可能低一点，但论断允许最多低 0.3 个百分点。",
        ),
        ("B", "refuted"): Text(
            en="B: 0.4 is below 1, but the band reaches above it: a gain of 1.2 is possible too.",
            zh="B：0.4 小于 1，但区间伸到了 1 以上：提高 1.2 也是可能的。",
        ),
        **dict.fromkeys(
            (("C", "reproduced"), ("C", "undecided")),
            Text(
                en="C: the claim's threshold is 0, and the whole band, −1.3 to −0.3, lies below "
                "it.",
                zh="C：论断的界限就是 0，整个区间 −1.3 到 −0.3 都在它下面。",
            ),
        ),
        ("D", "reproduced"): Text(
            en="D: 2.1 looks like a lot, but the band begins below 1.",
            zh="D：2.1 看起来很大，但区间的下端小于 1。",
        ),
        ("E", "undecided"): Text(
            en="E: all of the band lies above 0.5. That decides it, against the claim.",
            zh="E：整个区间都在 0.5 以上。这就判定了：论断不成立。",
        ),
    },
    otherwise=Text(
        en='{name}: "{found}" is not it. Compare both ends of the band with what the claim says, '
        "not with 0, and not the estimate alone.",
        zh='{name}："{found}" 不对。拿区间的两端与论断的界限比，不是与 0 比，也不能只看估计值。',
    ),
)


def judge_supported(answer: Any) -> Text:
    """Judge exercise 7.2-d: which verdict each row of a table supports."""
    SUPPORTED.check(answer)
    return Text(
        en="The estimate alone decides none of the five.",
        zh="五条里没有一条只凭估计值就能判定。",
    )


JUDGES: dict[str, Judge] = {
    "7.2-a": judge_verdict,
    "7.2-b": judge_n_seeds,
    "7.2-c": judge_unfair,
    "7.2-d": judge_supported,
}
