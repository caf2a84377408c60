"""Chapter 3.1: steps by factors, a log that is read, and differences that are real."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from hpt_widgets.exercises.answers import FloatArray, as_array, as_bool, close, show, show_short_of
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, show_rounded
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.trials import (
    HARD_SETTINGS,
    NETWORK,
    best_of,
    check_named,
    check_settings,
    other_settings,
    spend,
    trials_of,
)
from hpt_widgets.language import Text
from hpt_widgets.search.trial import Trial

# ---------------------------------------------------------------- 3.1-a: five learning rates

LOW, HIGH, N_RATES = 0.0001, 1.0, 5

_OTHER_RATES: tuple[tuple[FloatArray, Text], ...] = (
    (
        np.linspace(LOW, HIGH, N_RATES),
        Text(
            en="These are evenly spaced by differences: four of the five are above 0.2, where "
            "this network learns nothing. Make the *ratio* of neighbours equal.",
            zh="这样是等差取值：五个中有四个大于 0.2，在那里这个网络什么也学不到。"
            "应当让相邻两个值的比相等。",
        ),
    ),
    (
        np.linspace(math.log10(LOW), math.log10(HIGH), N_RATES),
        Text(
            en="These are the exponents. The learning rates are 10 to these powers.",
            zh="这些是指数。学习率是 10 的这些次方。",
        ),
    ),
    (
        np.logspace(LOW, HIGH, N_RATES),
        Text(
            en="Yours go from {first:g} to {last:g}: `np.logspace` takes exponents. "
            "`np.geomspace` takes the ends themselves.",
            zh="你的值从 {first:g} 到 {last:g}：`np.logspace` 的参数是指数。"
            "`np.geomspace` 的参数才是两端本身。",
        ),
    ),
)


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
    for others, text in _OTHER_RATES:
        if close(rates, others):
            return text
    if not (math.isclose(rates[0], LOW) and math.isclose(rates[-1], HIGH)):
        return Text(
            en="Yours go from {first:g} to {last:g}; they should go from 0.0001 to 1.",
            zh="你的值从 {first:g} 到 {last:g}；应当从 0.0001 到 1。",
        )
    return Text(
        en="The ratios of neighbours differ in {found}. From 0.0001 to 1 is a factor of 10,000 in "
        "four equal steps.",
        zh="{found} 中，相邻两个值的比不相等。从 0.0001 到 1 是 10,000 倍，分成相等的四步。",
    )


# ---------------------------------------------------------------- 3.1-b: the best so far


def incumbent(scores: list[float]) -> FloatArray:
    """Return the best score after each run; runs that diverged (nan) leave it as it was."""
    return np.fmax.accumulate(np.array(scores, dtype=np.float64))


def _draw_scores(rng: np.random.Generator) -> Case:
    scores = np.round(rng.integers(60, 98, rng.integers(2, 9)) / 100, 2)
    scores[1:][rng.random(scores.size - 1) < 0.25] = np.nan
    return (scores.tolist(),)


def _compared_the_wrong_way(scores: list[float]) -> list[float]:
    """``max(score, best)`` returns nan where the score is nan, and forgets the best."""
    best, found = scores[0], []
    for score in scores:
        best = max(score, best)
        found.append(best)
    return found


INCUMBENT = Judgement(
    incumbent,
    cases(
        ([0.9],),
        ([0.9, 0.7],),
        ([0.8, 0.8, 0.9],),
        ([0.85, math.nan, 0.91, 0.80],),
        ([0.85, math.nan, 0.80],),
        # A network of ten classes that guesses.
        ([0.11, 0.098, 0.3],),
        ([0.85, 0.91, 0.88, 0.93, 0.92],),
        # Better by very little is better.
        ([0.912, 0.9125, 0.9126],),
        draw=_draw_scores,
    ),
    mistakes=(
        Mistake(
            lambda scores: np.fmin.accumulate(scores),
            Text(
                en="For `{call}` you return {found}: that is the worst so far.",
                zh="参数为 `{call}` 时，你返回 {found}：这是到目前为止最差的。",
            ),
        ),
        Mistake(
            lambda scores: scores,
            Text(
                en="For `{call}` you return the list as it is. The best never goes down.",
                zh="参数为 `{call}` 时，你原样返回。最好成绩是不会下降的。",
            ),
        ),
        Mistake(
            lambda scores: np.full(len(scores), np.nanmax(scores)),
            Text(
                en="For `{call}` you return {found}. After the first run nobody knew the later "
                "ones.",
                zh="参数为 `{call}` 时，你返回 {found}。第一次训练之后，还不知道后面的成绩。",
            ),
        ),
        Mistake(
            np.nanmax,
            Text(
                en="For `{call}` you return the single number {found}. Return a list: the best "
                "after each run.",
                zh="参数为 `{call}` 时，你只返回一个数 {found}。请返回列表："
                "每次训练之后的最好成绩。",
            ),
        ),
        Mistake(
            lambda scores: np.maximum.accumulate(scores),
            Text(
                en="For `{call}` you return {found}: once a run has diverged (nan), everything is "
                "nan. It leaves the best as it was.",
                zh="参数为 `{call}` 时，你返回 {found}：有一次训练发散（nan）之后，全都成了 nan。"
                "发散的训练不改变最好成绩。",
            ),
        ),
        Mistake(
            _compared_the_wrong_way,
            Text(
                en="For `{call}` you return {found}, it should be {expected}: a run that diverged "
                "(nan) makes you forget the best. `max(score, best)` returns nan, "
                "`max(best, score)` the best; or ask `score > best`.",
                zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}：遇到发散的训练（nan），"
                "就忘了最好成绩。`max(score, best)` 返回 nan，`max(best, score)` 返回最好成绩；"
                "也可以用 `score > best` 判断。",
            ),
        ),
        Mistake(
            lambda scores: incumbent(scores)[~np.isnan(scores)],
            Text(
                en="For `{call}` you return {found}: the runs that diverged are missing. There "
                "should be one value for each run.",
                zh="参数为 `{call}` 时，你返回 {found}：漏掉了发散的训练。应当每次训练对应一个值。",
            ),
        ),
        Mistake(
            lambda scores: np.unique(incumbent(scores)),
            Text(
                en="For `{call}` you return {found}: only where the best changes. There should be "
                "one value for each run.",
                zh="参数为 `{call}` 时，你返回 {found}：只有最好成绩变化的地方。"
                "应当每次训练对应一个值。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you return {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}。",
    ),
    read=as_array,
)


def judge_incumbent(answer: Any) -> Text:
    """Judge exercise 3.1-b: the best accuracy after each run, diverged ones left out."""
    INCUMBENT.check(answer)
    return Text(
        en="This staircase is how searches are compared: by what they had after the same price.",
        zh="比较搜索方法，看的就是这条阶梯：花了同样的代价之后，各自的最好成绩。",
    )


# ---------------------------------------------------------------- 3.1-c: real or chance


def gap(first: list[float], second: list[float]) -> float:
    """Return how far the means of two settings are apart."""
    return abs(float(np.mean(second) - np.mean(first)))


def standard_error(first: list[float], second: list[float], *, ddof: int = 1) -> float:
    """Return the standard error of the difference of two means."""
    return math.sqrt(sum(np.var(runs, ddof=ddof) / len(runs) for runs in (first, second)))


def is_real(first: list[float], second: list[float]) -> bool:
    """Return whether two settings differ by more than twice the standard error."""
    return gap(first, second) > 2 * standard_error(first, second)


# How many standard errors apart the drawn pairs are: many close to the limit of two.
_RATIOS = (0.5, 0.9, 1.2, 1.5, 1.7, 1.9, 1.94, 1.98, 2.02, 2.06, 2.1, 2.3, 2.5, 2.8, 3.2, 4.0, 6.0)


def _draw_pair(rng: np.random.Generator) -> Case:
    """Accuracies of two settings, unequal in number and in spread."""
    sizes, spreads = rng.integers(2, 9, 2), rng.uniform(0.005, 0.03, 2)
    first, second = (
        0.9 + spread * rng.standard_normal(n) for spread, n in zip(spreads, sizes, strict=True)
    )
    aim = rng.choice([-1, 1]) * rng.choice(_RATIOS) * standard_error(list(first), list(second))
    second += aim - (second.mean() - first.mean())
    return np.round(first, 4).tolist(), np.round(second, 4).tolist()


def _clear(pair: Case) -> bool:
    """Whether no rounding error can turn the verdict round."""
    return abs(gap(*pair) / standard_error(*pair) - 2) > 1e-3


def _is_beyond(distance: float, error: float, degrees: float) -> bool:
    """Whether a t-test at 5 % finds a distance; `ttest_ind` takes fifty times as long."""
    return distance > float(special.stdtrit(degrees, 0.975)) * error


def _welch(first: list[float], second: list[float]) -> bool:
    squares = [float(np.var(runs, ddof=1)) / len(runs) for runs in (first, second)]
    parts = sum(
        square**2 / (len(runs) - 1) for square, runs in zip(squares, (first, second), strict=True)
    )
    degrees = sum(squares) ** 2 / parts
    return _is_beyond(gap(first, second), math.sqrt(sum(squares)), degrees)


def _student(first: list[float], second: list[float]) -> bool:
    degrees = len(first) + len(second) - 2
    return _is_beyond(gap(first, second), _pooled(first, second), degrees)


def _pooled(first: list[float], second: list[float]) -> float:
    squares = sum(np.var(runs, ddof=1) * (len(runs) - 1) for runs in (first, second))
    variance = squares / (len(first) + len(second) - 2)
    return math.sqrt(variance * (1 / len(first) + 1 / len(second)))


def _crossed(first: list[float], second: list[float]) -> float:
    variances = [np.var(runs, ddof=1) for runs in (first, second)]
    return math.sqrt(variances[0] / len(second) + variances[1] / len(first))


def _as_many_as(which: int) -> Any:
    def mistaken(*pair: list[float]) -> bool:
        error = math.sqrt(sum(np.var(runs, ddof=1) / len(pair[which]) for runs in pair))
        return gap(*pair) > 2 * error

    return mistaken


def _one_spread(which: int) -> Any:
    def mistaken(*pair: list[float]) -> bool:
        return gap(*pair) > 2 * math.sqrt(2 * np.var(pair[which], ddof=1) / len(pair[which]))

    return mistaken


def _under_the_root(ddof: int) -> Any:
    """Take standard deviations that were not squared."""

    def mistaken(*pair: list[float]) -> bool:
        return gap(*pair) > 2 * math.sqrt(sum(np.std(runs, ddof=ddof) / len(runs) for runs in pair))

    return mistaken


def _times(factor: float) -> Any:
    return lambda *pair: gap(*pair) > factor * standard_error(*pair)


_T_TEST = Text(
    en="Your function decides as a t-test at 5 % does. A good test, but its limit depends on the "
    "number of runs; the task asks for twice the standard error.",
    zh="你的函数与 5% 水平的 t 检验判断一致。这是好的检验，但它的界限随训练次数而变；"
    "题目要求的是标准误的两倍。",
)
_ONE_LENGTH = Text(
    en="Your function divides both variances by the same number of runs. Each is divided by its "
    "own: `len(first)` and `len(second)`.",
    zh="你的函数用同一个训练次数去除两个方差。应当各除以自己的次数：`len(first)` 和 "
    "`len(second)`。",
)
_ONE_SAMPLE = Text(
    en="Your function takes the spread of one of the two settings for both. Each has its own.",
    zh="你的函数用其中一种设置的方差代替了两者。两种设置各有自己的方差。",
)

_NOT_SQUARED = Text(
    en="Your function has the standard deviations themselves under the root. Their squares belong "
    "there, s²: the variance, `np.var(…, ddof=1)`. For `{call}` the means differ by {gap}, and "
    "twice the standard error is {limit}.",
    zh="你的函数在根号里用了标准差本身。根号里应当是它的平方 s²，也就是方差 "
    "`np.var(…, ddof=1)`。参数为 `{call}` 时，平均值相差 {gap}，而标准误的两倍是 {limit}。",
)

# The means differ by twice the standard error, no more: in 128ths, errors of 3 and 4 make one of
# 5. All numbers on the way are exact in binary, so that no formula errs to either side.
EXACTLY_TWICE = (
    [0.8203125, 0.7265625, 0.7265625, 0.7265625],
    [0.921875, 0.796875, 0.796875, 0.796875],
)

IS_REAL = Judgement(
    is_real,
    (
        *filter(
            _clear,
            cases(
                # Far apart and steady, and the other way round.
                ([0.930, 0.932, 0.931, 0.929], [0.950, 0.951, 0.949, 0.952]),
                ([0.950, 0.951, 0.949, 0.952], [0.930, 0.932, 0.931, 0.929]),
                # So far apart that it shows in spite of a root taken twice.
                ([0.098, 0.101, 0.100, 0.102], [0.949, 0.951, 0.950, 0.952]),
                # A lead of half a standard deviation in four runs, and of one in sixteen.
                ([0.930, 0.920, 0.940, 0.925], [0.935, 0.945, 0.925, 0.930]),
                ([0.926, 0.934] * 8, [0.930, 0.938] * 8),
                # Chance with n - 1 in the variance, real with n.
                ([0.930, 0.932, 0.934], [0.933, 0.935, 0.937]),
                # Real where each variance has a number of its own, chance where they are pooled.
                ([0.893, 0.899, 0.892], [0.908, 0.892, 0.902, 0.910, 0.915]),
                ([0.906, 0.905], [0.946, 0.919, 0.917, 0.937, 0.912]),
                draw=_draw_pair,
                n=90,
            ),
        ),
        EXACTLY_TWICE,
    ),
    mistakes=(
        Mistake(
            lambda *pair: True,
            Text(
                en="Your function says `True` for every pair that was tried. For `{call}` the "
                "means differ by {gap}, and twice the standard error is {limit}. (Is the root "
                "taken, or is a variance compared with a difference?)",
                zh="试过的每一对，你的函数都说 `True`。参数为 `{call}` 时，平均值相差 {gap}，"
                "而标准误的两倍是 {limit}。（开方了吗？会不会是拿差与方差在比较？）",
            ),
        ),
        Mistake(
            lambda *pair: False,
            Text(
                en="Your function says `False` for every pair that was tried. For `{call}` the "
                "means differ by {gap}, and twice the standard error is {limit}.",
                zh="试过的每一对，你的函数都说 `False`。参数为 `{call}` 时，平均值相差 {gap}，"
                "而标准误的两倍是 {limit}。",
            ),
        ),
        *(Mistake(mistaken, _NOT_SQUARED) for mistaken in (_under_the_root(1), _under_the_root(0))),
        Mistake(
            lambda *pair: np.mean(pair[1]) - np.mean(pair[0]) > 2 * standard_error(*pair),
            Text(
                en="For `{call}` the means differ by {gap} with an error of {error}: a real "
                "difference, whichever of the two is the better one. Take the absolute value.",
                zh="参数为 `{call}` 时，平均值相差 {gap}，标准误 {error}：无论哪一种设置更好，"
                "都是真实差别。请取绝对值。",
            ),
        ),
        Mistake(
            lambda *pair: np.mean(pair[0]) - np.mean(pair[1]) > 2 * standard_error(*pair),
            Text(
                en="For `{call}` the means differ by {gap} with an error of {error}: a real "
                "difference, whichever of the two is the better one. Take the absolute value.",
                zh="参数为 `{call}` 时，平均值相差 {gap}，标准误 {error}：无论哪一种设置更好，"
                "都是真实差别。请取绝对值。",
            ),
        ),
        Mistake(
            lambda first, second: gap(first, second) > 2 * standard_error(first, second, ddof=0),
            Text(
                en="Your function uses the variance with n: say `ddof=1`. Without it the spread of "
                "a few runs comes out too small.",
                zh="你的函数算方差时除以了 n：请写 `ddof=1`。不然，次数少时算出的标准差会偏小。",
            ),
        ),
        Mistake(_as_many_as(0), _ONE_LENGTH),
        Mistake(_as_many_as(1), _ONE_LENGTH),
        Mistake(_one_spread(0), _ONE_SAMPLE),
        Mistake(_one_spread(1), _ONE_SAMPLE),
        *(
            Mistake(
                _times(factor),
                Text(
                    en=f"Your function decides as if the limit were about {factor:g} standard "
                    "errors; the task asks for two.",
                    zh=f"从判断结果看，你的函数的界限约为标准误的 {factor:g} 倍；题目要求两倍。",
                ),
            )
            for factor in (1, 1.5, 1.645, 1.96, 2.5, 3, 4)
        ),
        Mistake(_welch, _T_TEST),
        Mistake(_student, _T_TEST),
        Mistake(
            lambda *pair: gap(*pair) > 2 * _crossed(*pair),
            Text(
                en="Your function divides the variance of each setting by the number of runs of "
                "the other one: for `{call}` it says {found}, and it should be {expected}.",
                zh="你的函数用另一种设置的训练次数去除每种设置的方差：参数为 `{call}` 时，"
                "它给出 {found}，应为 {expected}。",
            ),
        ),
        Mistake(
            lambda *pair: gap(*pair) > 2 * _pooled(*pair),
            Text(
                en="Your function pools the two variances into one. Here each setting keeps its "
                "own: s₁²/n₁ + s₂²/n₂.",
                zh="你的函数把两个方差合并成了一个。这里每种设置用自己的方差：s₁²/n₁ + s₂²/n₂。",
            ),
        ),
        Mistake(
            lambda *pair: gap(*pair) > 2 * math.sqrt(sum(np.var(runs, ddof=1) for runs in pair)),
            Text(
                en="Your function does not divide the variances by the numbers of runs: a mean of "
                "many is steadier than one run.",
                zh="你的函数没有用训练次数去除方差：多次的平均值比一次稳定。",
            ),
        ),
        Mistake(
            lambda *pair: (
                gap(*pair) > 2 * sum(np.std(runs, ddof=1) / math.sqrt(len(runs)) for runs in pair)
            ),
            Text(
                en="Your function adds the two standard errors. Add their squares, and take the "
                "root of the sum: the two seldom err in opposite directions at once.",
                zh="你的函数把两个标准误直接相加。应当先平方，相加之后再开方："
                "两者很少同时朝相反方向偏到最远。",
            ),
        ),
        Mistake(
            lambda *pair: (
                abs(float(np.median(pair[1]) - np.median(pair[0]))) > 2 * standard_error(*pair)
            ),
            Text(
                en="Your function compares medians; the task asks for means.",
                zh="你的函数比较的是中位数；题目要求比较平均值。",
            ),
        ),
        Mistake(
            lambda *pair: gap(*pair) >= 2 * standard_error(*pair),
            Text(
                en="For `{call}` the means differ by {gap}, exactly twice the standard error. The "
                "task wants more than that: `>`, not `>=`.",
                zh="参数为 `{call}` 时，平均值相差 {gap}，恰好是标准误的两倍。题目要求的是超过："
                "用 `>`，不用 `>=`。",
            ),
        ),
        Mistake(
            lambda *pair: not is_real(*pair),
            Text(
                en="Your function says the opposite: `True` means that the difference is real.",
                zh="你的函数正好说反了：`True` 表示差别是真实的。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` your function says {found}. The means differ by {gap}, and twice the "
        "standard error of the difference is {limit}: it should be {expected}.",
        zh="参数为 `{call}` 时，你的函数给出 {found}。平均值相差 {gap}，差的标准误的两倍是 "
        "{limit}：应为 {expected}。",
    ),
    read=as_bool,
    same=bool.__eq__,
    details=lambda *pair: {
        "gap": show_rounded(gap(*pair)),
        "error": show_rounded(standard_error(*pair)),
        "limit": show_rounded(2 * standard_error(*pair)),
    },
)


def judge_is_real(answer: Any) -> Text:
    """Judge exercise 3.1-c: whether two settings differ by more than chance."""
    IS_REAL.check(answer)
    return Text(
        en="Twice the standard error is a rule of thumb. It wants several runs of each: with one "
        "run there is no standard deviation.",
        zh="两倍标准误只是经验法则。它要求每种设置都训练几次：只训练一次，就没有标准差可言。",
    )


# ---------------------------------------------------------------- 3.1-d: twelve runs

BUDGET = 12
# Measured with three seeds by the series' tool: the defaults stay at 10 to 12 %.
HARD_WANTED = 0.80


def _is_tuned(trial: Trial) -> bool:
    return (
        trial.usable
        and (trial.validation_accuracy or 0.0) >= HARD_WANTED
        and not other_settings(trial, HARD_SETTINGS)
        and set(NETWORK) <= set(trial.hyperparameters)
    )


_WHICH_NETWORK = Text(
    en="Run {number} does not say which network was trained. The lab's own runs do: "
    "`runs = hard_lab.runs`.",
    zh="第 {number} 次训练没有写明训练的是哪个网络。实验台自己的记录会写明："
    "`runs = hard_lab.runs`。",
)
_RUNS_LEFT = Text(
    en="The best so far has {accuracy} (learning rate {rate}, batch size {batch}); {wanted:.0%} is "
    "wanted. Runs left: {left}. Which of your runs learned at all, and in which direction does it "
    "get better?",
    zh="到目前为止最好的一次是 {accuracy}（学习率 {rate}，批大小 {batch}）；要求 {wanted:.0%}，"
    "还剩 {left} 次。哪几次学到了东西？往哪个方向改会更好？",
)
_NO_RUNS_LEFT = Text(
    en="The {n} runs are used up, and the best has {accuracy} (learning rate {rate}, batch size "
    "{batch}); {wanted:.0%} is wanted. Which of your runs learned at all, and in which direction "
    "does it get better? Then run the lab's cell again: the record begins anew.",
    zh="{n} 次训练已经用完，最好的一次是 {accuracy}（学习率 {rate}，批大小 {batch}）；"
    "要求 {wanted:.0%}。哪几次学到了东西？往哪个方向改会更好？想好之后，"
    "把实验台的单元格再运行一遍：记录会重新开始。",
)


def judge_twelve_runs(answer: Any) -> Text:
    """Judge exercise 3.1-d: a network that the defaults leave guessing, tuned in twelve runs."""
    trials = spend(trials_of(answer), BUDGET, _is_tuned)
    best = best_of(check_named(check_settings(trials, HARD_SETTINGS), NETWORK, _WHICH_NETWORK))
    accuracy = best.validation_accuracy or 0.0
    rate, batch = (_value(best, name) for name in ("learning_rate", "batch_size"))
    if accuracy < HARD_WANTED:
        check_named(check_settings(trials[-1:], HARD_SETTINGS), NETWORK, _WHICH_NETWORK)
        left = BUDGET - len(trials)
        raise Wrong(
            _RUNS_LEFT if left else _NO_RUNS_LEFT,
            n=len(trials),
            accuracy=show_short_of(accuracy, HARD_WANTED),
            rate=rate,
            batch=batch,
            wanted=HARD_WANTED,
            left=left,
        )
    return Text(
        en=f"{accuracy:.1%} within {len(trials)} of {BUDGET} runs (learning rate {rate}, batch "
        f"size {batch}). The defaults only guess here: on this network tuning is worth seventy "
        "points; in 3.1 it was one and a half.",
        zh=f"{len(trials)} 次训练，达到 {accuracy:.1%}（学习率 {rate}，批大小 {batch}）。"
        "默认设置在这里只是瞎猜：对这个网络，调参的价值是七十个百分点；正文里只有一个半。",
    )


def _value(trial: Trial, name: str) -> str:
    """Return a number that a trial has under a name; it may lack it."""
    value = trial.hyperparameters.get(name)
    return f"{value:g}" if isinstance(value, int | float) else "?"


JUDGES: dict[str, Judge] = {
    "3.1-a": judge_rates,
    "3.1-b": judge_incumbent,
    "3.1-c": judge_is_real,
    "3.1-d": judge_twelve_runs,
}
