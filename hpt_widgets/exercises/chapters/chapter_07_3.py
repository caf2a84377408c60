"""Chapter 7.3: reading a comparison of optimisers, and what makes one fair."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from scipy import special

from hpt_widgets.exercises.answers import as_text, show
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.outcomes import IN_CHINESE, OUTCOMES, decide, read_outcome
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

Scores = Sequence[float]
WIDTH: Final = 2.0
"""Standard errors on either side of the mean."""
BY_STUDENT: Final = Text(
    en="Your band is by Student's t, which is the better one for few seeds; two standard errors to "
    "either side would have done here.",
    zh="你用的是 t 分布，种子少时它更好；这里两侧各取两个标准误也行。",
)

# It shows no case: there the mended band may give another verdict than the one of two errors.
NOT_OF_95: Final = Text(
    en="Your band is by Student's t, but not that of 95 %: it takes the quantile 0.975, n − 1 "
    "degrees of freedom and `ddof=1`.",
    zh="你用了 t 分布，但得到的不是 95% 的区间：应当用 0.975 分位数、自由度 n − 1、`ddof=1`。",
)


def _with_error(
    error: Callable[[Scores, Scores], float], sign: int = -1
) -> Callable[[Scores, Scores, float], str]:
    """Return a verdict by some standard error, against `sign` times the margin."""

    def verdict(first: Scores, second: Scores, margin: float) -> str:
        mean = float(np.mean(first) - np.mean(second))
        half = WIDTH * error(first, second)
        return decide(mean - half, mean + half, sign * margin)

    return verdict


def _paired(first: Scores, second: Scores) -> float:
    differences = np.subtract(first, second)
    return float(differences.std(ddof=1) / math.sqrt(len(differences)))


def _unpaired(first: Scores, second: Scores) -> float:
    return math.sqrt((np.var(first, ddof=1) + np.var(second, ddof=1)) / len(first))


def _spread(first: Scores, second: Scores) -> float:
    return float(np.subtract(first, second).std(ddof=1))


def _population(first: Scores, second: Scores) -> float:
    return float(np.subtract(first, second).std() / math.sqrt(len(first)))


def _half_as_wide(first: Scores, second: Scores) -> float:
    return _paired(first, second) / WIDTH


def _divided_by_n(first: Scores, second: Scores) -> float:
    return float(np.subtract(first, second).std(ddof=1) / len(first))


def _of_90_percent(first: Scores, second: Scores) -> float:
    return 1.645 / WIDTH * _paired(first, second)


def _by_student(
    quantile: float = 0.975, *, lost: int = 1, error: Callable[[Scores, Scores], float] = _paired
) -> Callable[[Scores, Scores, float], str]:
    """Return a verdict by a quantile of Student's t with n less `lost` degrees of freedom."""
    return _with_error(
        lambda first, second: (
            float(special.stdtrit(len(first) - lost, quantile)) / WIDTH * error(first, second)
        )
    )


def _none(_first: Scores, _second: Scores) -> float:
    return 0.0


verdict = _with_error(_paired)


def _backwards(first: Scores, second: Scores, margin: float) -> str:
    return verdict(second, first, margin)


def _never_undecided(first: Scores, second: Scores, margin: float) -> str:
    return "reproduced" if verdict(first, second, margin) == "reproduced" else "refuted"


def _unless_refuted(first: Scores, second: Scores, margin: float) -> str:
    return "refuted" if verdict(first, second, margin) == "refuted" else "reproduced"


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


def _clear(case: Case) -> bool:
    """Whether no rounding error can turn the verdict."""
    first, second, margin = case
    mean, half = np.mean(first) - np.mean(second), WIDTH * _paired(first, second)
    return bool(min(abs(mean - half + margin), abs(mean + half + margin)) > 1e-6)


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
        *(case for case in cases(draw=_draw_scores, n=60) if _clear(case)),
    ),
    accepted=(Mistake(_by_student(), BY_STUDENT),),
    mistakes=(
        Mistake(
            _with_error(_none),
            Text(
                en="For `{call}` you say {found}: that is where the mean lies. It is the whole "
                "band that has to lie on one side.",
                zh="参数为 `{call}` 时，你判为 {found}：这只看了平均值。应当看整个区间是不是都在"
                "同一侧。",
            ),
        ),
        Mistake(
            _with_error(_unpaired),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. The two lists share "
                "their seeds: take the differences seed by seed, and the spread of those.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。两列成绩用的是同样的种子："
                "先逐个种子求差，再看这些差的离散程度。",
            ),
        ),
        Mistake(
            _with_error(_spread),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. That is the spread of "
                "single differences; the standard error of their mean is smaller by √n.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。你用的是单个差的标准差；"
                "平均值的标准误要再除以 √n。",
            ),
        ),
        Mistake(
            _with_error(_population),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. NumPy's `std` divides "
                "by n; of a sample take `ddof=1`.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。NumPy 的 `std` "
                "除的是 n；对样本应取 `ddof=1`。",
            ),
        ),
        Mistake(
            _with_error(_of_90_percent),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. Your band is narrower "
                "than one of 95 %, which takes two standard errors to either side, or Student's "
                "quantile 0.975: 1.645 make a band of 90 %.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。你的区间比 95% 的窄："
                "两侧应各取两个标准误，或者用 t 分布的 0.975 分位数；各取 1.645 个，"
                "得到的只是 90% 的区间。",
            ),
        ),
        *(
            Mistake(other, NOT_OF_95)
            for other in (
                _by_student(0.95),
                _by_student(lost=0),
                _by_student(error=_population),
            )
        ),
        Mistake(
            _with_error(_half_as_wide),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. The band reaches two "
                "standard errors to either side, not one.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。区间向两侧各伸两个标准误，"
                "而不是一个。",
            ),
        ),
        Mistake(
            _with_error(_divided_by_n),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. The standard error is "
                "the standard deviation divided by √n, not by n.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。标准误是标准差除以 √n，"
                "而不是除以 n。",
            ),
        ),
        Mistake(
            _backwards,
            Text(
                en="For `{call}` you say {found}; it should be {expected}. The claim is about the "
                "first: the difference is `first` minus `second`.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。论断说的是第一种："
                "差是 `first` 减 `second`。",
            ),
        ),
        Mistake(
            _never_undecided,
            Text(
                en="For `{call}` you say {found}; it should be {expected}. What is not reproduced "
                "is not yet refuted: for that, the whole band must lie below `-margin`.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。没有复现，还不等于不成立："
                "整个区间都低于 `-margin`，才算不成立。",
            ),
        ),
        Mistake(
            _unless_refuted,
            Text(
                en="For `{call}` you say {found}; it should be {expected}. What is not refuted is "
                "not yet reproduced: for that, the whole band must lie above `-margin`.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。没有被否定，还不等于复现："
                "整个区间都高于 `-margin`，才算复现。",
            ),
        ),
        Mistake(
            _with_error(_paired, sign=1),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. “No worse than by the "
                "margin” means above *minus* the margin.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。“最多差 margin”的意思是"
                "高于*负的* margin。",
            ),
        ),
        Mistake(
            _with_error(_paired, sign=0),
            Text(
                en="For `{call}` you say {found}; it should be {expected}. The threshold is "
                "−margin, not 0.",
                zh="参数为 `{call}` 时，你判为 {found}，应为 {expected}。界限是 −margin，"
                "而不是 0。",
            ),
        ),
    ),
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
