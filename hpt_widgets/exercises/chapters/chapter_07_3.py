"""Chapter 7.3: reading a comparison of optimisers, and what makes one fair."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from hpt_widgets.exercises.answers import as_text, show
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.outcomes import IN_CHINESE, OUTCOMES, read_outcome
from hpt_widgets.exercises.paired_verdicts import (
    BETWEEN,
    BY_THE_BAND,
    Band,
    Scores,
    is_clear,
    known_mistakes,
    of_cases,
)
from hpt_widgets.exercises.readings import (
    Reading,
    flaw_words,
    named,
    named_number,
    quoted,
)
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 7.3-a: where the bands lie

BANDS = Reading(
    right={
        "A": "reproduced",
        "B": "undecided",
        "C": "reproduced",
        "D": "refuted",
        "E": "undecided",
        "F": "refuted",
    },
    choices=OUTCOMES,
    also=IN_CHINESE,
    wrong={
        ("B", "reproduced"): Text(
            en="B: the estimate is as high as in A, but the band reaches below 0: a difference of "
            "none is not excluded.",
            zh="B：估计值与 A 一样高，但区间伸到了 0 以下，不能排除没有差别。",
        ),
        ("C", "refuted"): Text(
            en="C: the estimate is negative, but the claim is about −0.5: no worse than by half a "
            "point. The whole band lies above that.",
            zh="C：估计值是负的，但论断说的是 −0.5，即最多差半个百分点。整个区间都在它上面。",
        ),
        ("C", "undecided"): Text(
            en="C: the band holds 0, but 0 is not the threshold here: it is −0.5.",
            zh="C：区间里有 0，但这里的界限不是 0，而是 −0.5。",
        ),
        ("E", "refuted"): Text(
            en="E: a band that holds the threshold does not refute. It cannot tell.",
            zh="E：区间包含界限，并不说明论断不成立，只说明分不出来。",
        ),
        ("E", "reproduced"): Text(
            en="E: the estimate is below 1, but the band reaches to 1.04.",
            zh="E：估计值小于 1，但区间一直伸到 1.04。",
        ),
        ("F", "reproduced"): Text(
            en="F: the claim is that the ratio lies *below* 1.",
            zh="F：论断说的是比值*小于* 1。",
        ),
    },
    otherwise=Text(
        en='{name}: "{found}" is not it. Look where the whole band lies: '
        "on the claim's side of the threshold, on the other, or on both.",
        zh='{name}："{found}" 不对。看整个区间在哪里：在界限的论断一侧，在另一侧，还是横跨界限。',
    ),
)


def judge_bands(answer: Any) -> Text:
    """Judge exercise 7.3-a: six verdicts from their bands."""
    BANDS.check(answer)
    return Text(
        en="A and B have the same estimate, and C is a negative one that still supports its claim: "
        "the band and the threshold decide, not the sign.",
        zh="A 和 B 的估计值相同；C 的估计值是负的，却支持论断。起决定作用的是区间和界限，"
        "而不是正负号。",
    )


# ---------------------------------------------------------------- 7.3-b: what is unfair

FLAW_CHOICES: Final = ("budget", "space", "epochs", "seeds", "selection", "none")

FLAWS = Reading(
    right={
        "A": "budget",
        "B": "space",
        "C": "epochs",
        "D": "seeds",
        "E": "selection",
        "F": "none",
    },
    choices=FLAW_CHOICES,
    meanings={"none": Text(en="none", zh="没有毛病")},
    also=flaw_words(FLAW_CHOICES),
    wrong={
        ("B", "budget"): Text(
            en="B: both have 20 trials. Look at where the best rate of plain SGD lies.",
            zh="B：两者都是 20 次试验。看看普通 SGD 最好的学习率在哪里。",
        ),
        ("C", "budget"): Text(
            en="C: the trials are as many; what differs is how long each of them trains.",
            zh="C：试验次数相同，不同的是每次训练多久。",
        ),
        ("D", "none"): Text(
            en="D: nothing favours either, but a lead of 0.1 points in a single search may be "
            "chance.",
            zh="D：对谁都没有偏袒，但只搜索一次，领先 0.1 个百分点可能只是运气。",
        ),
        ("E", "none"): Text(
            en="E: one of them was chosen by the digits on which it is then reported.",
            zh="E：其中一个正是用后来报告成绩的那批样本挑出来的。",
        ),
        ("F", "space"): Text(
            en="F: the ranges differ, but each has its best rate inside. Equal numbers do not make "
            "equal ranges: the rates of SGD and Adam mean different things.",
            zh="F：范围不同，但各自最好的学习率都在里面。范围的数字相等不等于公平，SGD 和 Adam 的"
            "学习率含义本来就不同。",
        ),
    },
    otherwise=Text(
        en='{name}: "{found}" is not it. Ask of each: as many trials, each as long? The best rate '
        "inside its range? More than one search? Chosen by other digits than it is reported on?",
        zh='{name}："{found}" 不对。逐项问：试验次数一样多吗，每次训练一样久吗？最好的学习率在范围'
        "之内吗？不止搜索一次吗？挑选和报告用的是不同的样本吗？",
    ),
)


def judge_flaws(answer: Any) -> Text:
    """Judge exercise 7.3-b: what is unfair in six comparisons."""
    FLAWS.check(answer)
    return Text(
        en="Each of the five can turn a ranking round, and a table of results shows none of them: "
        "they stand in the description of the experiment, or nowhere.",
        zh="这五种毛病每一种都能把名次颠倒过来，而成绩表上一种也看不出来：它们要么写在实验说明里，"
        "要么根本没写。",
    )


# ---------------------------------------------------------------- 7.3-c: the verdict in code

BY_STUDENT: Final = Text(
    en="Your band is by Student's t, which is the better one for few seeds; two standard errors to "
    "either side would have done here.",
    zh="你用的是 t 分布，种子少时它更好；这里两侧各取两个标准误也行。",
)


def _arguments(first: Scores, second: Scores, margin: float) -> tuple[Scores, Scores, float]:
    return first, second, -margin


def verdict(first: Scores, second: Scores, margin: float) -> str:
    """Return the verdict on the claim that the first is worse by no more than the margin."""
    return Band(2.0).verdict(*_arguments(first, second, margin))


SHARED_SPREAD: Final = 1.0


def _draw_scores(rng: np.random.Generator) -> Case:
    """Draw paired scores: a seed that is good for one is good for the other."""
    n_seeds = int(rng.integers(3, 9))
    luck = rng.normal(0, SHARED_SPREAD, n_seeds)
    lead, spread = rng.uniform(-1.5, 1.0), rng.uniform(0.1, 0.8)
    second = 90 + luck
    first = second + lead + rng.normal(0, spread, n_seeds)
    margin = round(float(rng.uniform(0, 1)), 1)
    return first.round(2).tolist(), second.round(2).tolist(), margin


def read_verdict(value: Any) -> str:
    """Return which of the three verdicts a value is, or raise `Wrong`."""
    if as_text(value) is None:
        raise Wrong(
            Text(
                en="it should be one of {allowed}, not `{found}`",
                zh="应是 {allowed} 之一，而不是 `{found}`",
            ),
            allowed=quoted(OUTCOMES),
            found=show(value),
        )
    return read_outcome(value)


VERDICT = Judgement(
    verdict,
    cases(
        # Not without any spread, of which SciPy's intervals are nan.
        ([90.0, 91.0, 92.0], [90.1, 90.9, 92.0], 0.5),
        ([90.0, 91.0, 92.0], [91.1, 91.9, 93.0], 0.5),
        ([91.0, 92.0, 93.0], [90.1, 90.9, 92.0], 0.0),
        ([92.0, 90.0], [91.0, 91.5], 0.5),
        # Student's quantile 0.95, and n degrees of freedom, judge the first as Student's band does
        # and the second as two errors do.
        ([94.75, 94.97, 94.94], [95.19, 94.48, 94.59], 0.5),
        ([95.19, 95.41, 95.37], [95.19, 94.48, 94.59], 0.5),
        # Here two errors hold the threshold, and 1.645 do not.
        (
            [96.54, 93.44, 95.31, 94.12, 94.26, 94.35, 92.42, 94.44],
            [97.04, 92.44, 95.42, 94.43, 94.55, 94.78, 92.98, 94.77],
            0.5,
        ),
        # Here the deviation over n decides, and one standard error does not.
        (
            [90.45, 90.65, 92.85, 90.35, 92.05, 89.65, 89.35, 91.35],
            [90.0, 91.0, 92.0, 90.5, 91.5, 89.5, 90.0, 91.0],
            0.0,
        ),
        # What tells 0.95 from `std(ddof=0)` and from n degrees of freedom; and low scores, whose
        # differences in per cent decide otherwise.
        ([94.8, 95.9, 94.0], [95.0, 96.0, 94.0], 0.285),
        ([94.5, 95.9, 93.7, 95.0], [95.0, 96.0, 94.0, 95.5], 0.6),
        ([94.8, 96.22, 95.53], [95.35, 95.82, 95.33], 0.5),
        ([49.6, 51.7, 47.5], [50.0, 52.0, 48.0], 0.75),
        # Here 1.96 errors with the root of n − 1 decide, and bands that are too narrow do not.
        ([94.8, 95.9, 94.0], [95.0, 96.0, 94.0], 0.25),
        # 1.15 standard errors above the threshold: one error decides, and 1.3 do not.
        ([94.8, 96.0, 94.2], [95.0, 96.0, 94.0], 0.133),
        # 1.92 standard errors above it: a band is too narrow whose factor is less than 1.96.
        (
            [94.48, 93.33, 92.18, 95.47, 92.97, 95.78, 94.13, 96.21],
            [95.22, 93.88, 92.86, 95.55, 92.8, 95.59, 94.47, 95.95],
            0.5,
        ),
        *(case for case in cases(draw=_draw_scores, n=60) if is_clear(*_arguments(*case))),
    ),
    accepted=(Mistake(of_cases(Band().verdict, _arguments), BY_STUDENT),),
    mixed=BETWEEN,
    mistakes=known_mistakes(_arguments),
    details=lambda *_: {"threshold": "`-margin`", "difference": "`first - second`"},
    otherwise=BY_THE_BAND,
    read=read_verdict,
    same=lambda found, expected: found == expected,
)


def judge_verdict(answer: Any) -> Text:
    """Judge exercise 7.3-c: a verdict from paired scores."""
    return VERDICT.check(answer) or Text(
        en="That is how this chapter judges, up to the factor: it takes Student's t instead of 2, "
        "or resamples.",
        zh="本节就是这样判断的，只是系数不同：它用 t 分布的系数代替 2，或者用重抽样。",
    )


# ---------------------------------------------------------------- 7.3-d: Adam as momentum

LARGEST_GRADIENT: Final = 0.01
MOMENTUM_RATE: Final = 0.1
SHARE_KEPT: Final = 0.9
TOLERANCE: Final = 0.02
ROUNDING: Final = 1e-9


def judge_adam_as_momentum(answer: Any) -> Text:
    """Judge exercise 7.3-d: a rate and an ε with which Adam's steps are those of momentum."""
    setting = named(answer, ("learning_rate", "epsilon"))
    rate, epsilon = (named_number(name, setting[name]) for name in ("learning_rate", "epsilon"))
    if not (0 < rate < math.inf and 0 < epsilon < math.inf):
        raise Wrong(
            Text(
                en="Both are to be positive; found {rate:g} and {epsilon:g}.",
                zh="两个数都应为正；得到的是 {rate:g} 和 {epsilon:g}。",
            ),
            rate=rate,
            epsilon=epsilon,
        )
    # The moving average takes a share of 0.1 of each gradient, the velocity all of it.
    scale = rate * (1 - SHARE_KEPT) / MOMENTUM_RATE
    largest, smallest = scale / epsilon, scale / (LARGEST_GRADIENT + epsilon)
    values = {"largest": largest, "smallest": smallest, "epsilon": epsilon}
    # Exactly 2 % is right: no rounding error may turn it.
    if smallest >= 1 - TOLERANCE - ROUNDING and largest <= 1 + TOLERANCE + ROUNDING:
        return Text(
            en="So Adam contains momentum, but only where the space lets ε be large and the rate "
            "along with it. A search over the usual rates at ε = 10⁻⁷ never comes near.",
            zh="可见 Adam 包含动量法，但前提是搜索空间允许 ε 取大值，学习率也跟着变大。如果 ε 固定"
            "为 10⁻⁷，只在通常的学习率里搜索，就永远碰不到。",
        )
    if smallest < (1 - TOLERANCE) / (1 + TOLERANCE) * largest - ROUNDING:
        raise Wrong(
            Text(
                en="Where √v is 0.01, Adam's steps are {smallest:.3g} times those of momentum, "
                "where it is nearly 0, {largest:.3g} times: with ε = {epsilon:g} the root still "
                "counts. Make ε much larger than 0.01.",
                zh="√v 为 0.01 时，Adam 的步长是动量法的 {smallest:.3g} 倍；√v 接近 0 时是 "
                "{largest:.3g} 倍。ε = {epsilon:g} 时，根号那一项仍起作用。请让 ε 远大于 0.01。",
            ),
            **values,
        )
    if math.isclose(largest, 1 - SHARE_KEPT, rel_tol=0.05):
        raise Wrong(
            Text(
                en="ε is large enough, but Adam's steps are a tenth of those of momentum: its m "
                "takes only 0.1 of each gradient.",
                zh="ε 够大了，但 Adam 的步长只有动量法的十分之一：它的 m 对每个梯度只取 0.1。",
            )
        )
    raise Wrong(
        Text(
            en="With another rate this ε will do, or take a larger one: Adam's steps are now from "
            "{smallest:.6g} to {largest:.6g} times those of momentum.",
            zh="这个 ε 配上别的学习率就可以，也可以把 ε 取得更大：现在 Adam 的步长是动量法的 "
            "{smallest:.6g} 到 {largest:.6g} 倍。",
        ),
        **values,
    )


JUDGES: dict[str, Judge] = {
    "7.3-a": judge_bands,
    "7.3-b": judge_flaws,
    "7.3-c": judge_verdict,
    "7.3-d": judge_adam_as_momentum,
}
