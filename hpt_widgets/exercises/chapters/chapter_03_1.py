"""Chapter 3.1: steps by factors, a log that is read, and differences that are real."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, as_array, as_function, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 3.1-a: five learning rates

LOW, HIGH, N_RATES = 0.0001, 1.0, 5


def judge_rates(answer: Any) -> Text:
    """Judge exercise 3.1-a: five learning rates, evenly spaced by factors."""
    rates = np.sort(as_array(answer).ravel())
    if len(rates) != N_RATES:
        raise Wrong(
            Text(
                en="Expected {wanted} learning rates, got {found}.",
                zh="这里应是 {wanted} 个学习率，得到 {found} 个。",
            ),
            wanted=N_RATES,
            found=len(rates),
        )
    if np.allclose(rates, np.geomspace(LOW, HIGH, N_RATES), rtol=0.01, atol=0):
        return Text(
            en="Each is ten times the one before, so no region is left out.",
            zh="每个都是前一个的十倍，没有漏掉哪个区域。",
        )
    raise Wrong(_wrong_rates(rates), first=rates[0], last=rates[-1], found=show(rates.tolist()))


def _wrong_rates(rates: FloatArray) -> Text:
    if not (math.isclose(rates[0], LOW) and math.isclose(rates[-1], HIGH)):
        return Text(
            en="Yours go from {first:g} to {last:g}; they should go from 0.0001 to 1.",
            zh="你的值从 {first:g} 到 {last:g}；应当从 0.0001 到 1。",
        )
    if np.allclose(np.diff(rates), np.diff(rates)[0], rtol=0.01):
        return Text(
            en="These are evenly spaced by differences: four of the five are above 0.2, where "
            "this network learns nothing. Make the *ratio* of neighbours equal.",
            zh="这样是按差值均匀取的：五个中有四个大于 0.2，在那里这个网络什么也学不到。"
            "应当让相邻两个值的比相等。",
        )
    return Text(
        en="The ratios of neighbours differ in {found}. From 0.0001 to 1 is a factor of 10,000 in "
        "four equal steps.",
        zh="{found} 中，相邻两个值的比不相等。从 0.0001 到 1 是 10,000 倍，分成相等的四步。",
    )


# ---------------------------------------------------------------- 3.1-b: the best so far

_LOGS: tuple[tuple[float, ...], ...] = (
    (0.85, 0.91, 0.88, 0.93, 0.92),
    (0.85, math.nan, 0.91, 0.80),
    (0.90, 0.70, 0.60),
)


def judge_incumbent(answer: Any) -> Text:
    """Judge exercise 3.1-b: the best accuracy after each run, diverged ones left out."""
    function = as_function(answer)
    for scores in _LOGS:
        found = as_array(call(function, list(scores)))
        expected = np.fmax.accumulate(scores)
        if found.shape != expected.shape or not np.allclose(found, expected):
            raise _wrong_incumbent(found, scores)
    return Text(
        en="This staircase is how searches are compared: by what they had after the same price.",
        zh="比较搜索方法，看的就是这条阶梯：花了同样的代价之后，各自的最好成绩。",
    )


def _wrong_incumbent(found: FloatArray, scores: tuple[float, ...]) -> Wrong:
    if found.shape == ():
        text = Text(
            en="For {scores} you return the single number {found}. Return a list: the best after "
            "each run.",
            zh="对 {scores}，你只返回一个数 {found}。请返回列表：每次训练之后的最好成绩。",
        )
    elif found.shape != (len(scores),):
        text = Text(
            en="For {scores} you return {found}: there should be one value for each run.",
            zh="对 {scores}，你返回 {found}：应当每次训练对应一个值。",
        )
    elif np.isnan(found).any():
        text = Text(
            en="For {scores} you return {found}. A run that diverged (nan) leaves the best as it "
            "was; `max` cannot compare with nan.",
            zh="对 {scores}，你返回 {found}。发散的训练（nan）不改变最好成绩；"
            "`max` 不能与 nan 比较大小。",
        )
    elif np.allclose(found, np.fmin.accumulate(scores)):
        text = Text(
            en="For {scores} you return {found}: that is the worst so far.",
            zh="对 {scores}，你返回 {found}：这是到目前为止最差的。",
        )
    elif np.allclose(found, scores):
        text = Text(
            en="For {scores} you return the list as it is. The best never goes down.",
            zh="对 {scores}，你原样返回。最好成绩是不会下降的。",
        )
    elif np.allclose(found, np.nanmax(scores)):
        text = Text(
            en="For {scores} you return {found}. After the first run nobody knew the later ones.",
            zh="对 {scores}，你返回 {found}。第一次训练之后，还不知道后面的成绩。",
        )
    else:
        text = Text(
            en="For {scores} you return {found}.",
            zh="对 {scores}，你返回 {found}，不对。",
        )
    return Wrong(text, scores=list(scores), found=show(found.tolist()))


# ---------------------------------------------------------------- 3.1-c: real or chance

_PAIRS: tuple[tuple[list[float], list[float]], ...] = (
    # Far apart and steady.
    ([0.930, 0.932, 0.931, 0.929], [0.950, 0.951, 0.949, 0.952]),
    # A lead of half a standard deviation in four runs.
    ([0.930, 0.920, 0.940, 0.925], [0.935, 0.945, 0.925, 0.930]),
    # Chance with n - 1 in the variance, real with n.
    ([0.930, 0.932, 0.934], [0.933, 0.935, 0.937]),
    # The first is the better one.
    ([0.950, 0.951, 0.949, 0.952], [0.930, 0.932, 0.931, 0.929]),
    # A lead of about one standard deviation, but in sixteen runs.
    (
        [0.93 + 0.004 * (i % 2 * 2 - 1) for i in range(16)],
        [0.934 + 0.004 * (i % 2 * 2 - 1) for i in range(16)],
    ),
)


def standard_error(first: list[float], second: list[float]) -> float:
    """Return the standard error of the difference of two means."""
    parts = (np.var(runs, ddof=1) / len(runs) for runs in (first, second))
    return float(np.sqrt(sum(parts)))


def judge_is_real(answer: Any) -> Text:
    """Judge exercise 3.1-c: whether two settings differ by more than chance."""
    function = as_function(answer)
    for first, second in _PAIRS:
        found = call(function, list(first), list(second))
        if not isinstance(found, bool | np.bool_):
            raise Wrong(
                Text(
                    en="Your function returns `{found}`; return True or False.",
                    zh="你的函数返回 `{found}`；请返回 True 或 False。",
                ),
                found=show(found),
            )
        gap, error = abs(float(np.mean(second) - np.mean(first))), standard_error(first, second)
        if bool(found) != (gap > 2 * error):
            # A difference with the wrong sign shows when the two change places.
            swapped = call(function, list(second), list(first))
            raise _wrong_is_real(len(first), gap, error, signed=bool(swapped) != bool(found))
    return Text(
        en="Twice the standard error is a rule of thumb. It wants several runs of each: with one "
        "run there is no standard deviation.",
        zh="两倍标准误只是经验法则。它要求每种设置都训练几次：只训练一次，就没有标准差可言。",
    )


def _wrong_is_real(n: int, gap: float, error: float, *, signed: bool) -> Wrong:
    if 2 * error * np.sqrt((n - 1) / n) < gap <= 2 * error:
        text = Text(
            en="With {n} runs each, the means differ by {gap:.4f} and twice the standard error is "
            "a little more ({error:.4f} · 2). Is it `ddof=1`? Without it the spread of a few runs "
            "comes out too small.",
            zh="各训练 {n} 次，平均值相差 {gap:.4f}，标准误的两倍还略大一些（{error:.4f} · 2）。"
            "用的是 `ddof=1` 吗？不然，次数少时算出的标准差会偏小。",
        )
    elif gap <= 2 * error:
        text = Text(
            en="With {n} runs each, the means differ by {gap:.4f} and the standard error of the "
            "difference is {error:.4f}. You call that real; it is less than twice the error.",
            zh="各训练 {n} 次，平均值相差 {gap:.4f}，差的标准误是 {error:.4f}。"
            "你判为真实差别，但它不到标准误的两倍。",
        )
    elif signed:
        text = Text(
            en="The means differ by {gap:.4f} with an error of {error:.4f}: a real difference, "
            "whichever of the two is the better one. Take the absolute value.",
            zh="平均值相差 {gap:.4f}，标准误 {error:.4f}：无论哪一种设置更好，都是真实差别。"
            "请取绝对值。",
        )
    else:
        text = Text(
            en="With {n} runs each, the means differ by {gap:.4f}, more than twice the standard "
            "error of {error:.4f}. You call that chance. (Divide the variances by the number of "
            "runs: a mean of many is steadier than one run.)",
            zh="各训练 {n} 次，平均值相差 {gap:.4f}，超过标准误 {error:.4f} 的两倍，你却判为偶然。"
            "（方差要除以训练次数：多次的平均值比一次稳定。）",
        )
    return Wrong(text, n=n, gap=gap, error=error)


JUDGES: dict[str, Judge] = {
    "3.1-a": judge_rates,
    "3.1-b": judge_incumbent,
    "3.1-c": judge_is_real,
}
