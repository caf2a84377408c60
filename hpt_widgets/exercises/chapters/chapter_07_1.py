"""Chapter 7.1: whether an experiment could have shown a claim, and what it did show."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, near
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge
from hpt_widgets.exercises.outcomes import as_outcome
from hpt_widgets.exercises.paired_verdicts import Band, known_mistakes
from hpt_widgets.exercises.readings import Reading, flaw_words
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 7.1-a: could it come out?


def n_rungs(max_epochs: int, factor: int) -> int:
    """Return how many rungs lead from one epoch to the most."""
    count, epochs = 1, 1
    while epochs < max_epochs:
        epochs *= factor
        count += 1
    return count


def ceiling(max_epochs: int, factor: int) -> float:
    """Return how many settings a bracket looks at for the price of a full training."""
    return max_epochs / n_rungs(max_epochs, factor)


def _all_brackets(max_epochs: int, factor: int) -> float:
    from hpt_widgets.search.halving import hyperband

    brackets = hyperband(max_epochs, factor)
    seen = sum(bracket.n_candidates for bracket in brackets)
    return seen / (sum(bracket.n_epochs for bracket in brackets) / max_epochs)


def _draw_powers(rng: np.random.Generator) -> Case:
    factor = int(rng.integers(2, 6))
    return factor ** int(rng.integers(1, 7)), factor


CEILING = Judgement(
    ceiling,
    cases((27, 3), (9, 3), (3, 3), (81, 3), (243, 3), (64, 4), (8, 2), (125, 5), draw=_draw_powers),
    mistakes=(
        Mistake(
            lambda most, factor: most / max(n_rungs(most, factor) - 1, 1),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: one rung is "
                "missing. With 27 and 3 there are four, of 1, 3, 9 and 27 epochs.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：少了一级。"
                "27 和 3 有四级，分别是 1、3、9、27 轮。",
            ),
        ),
        Mistake(
            lambda most, factor: most,
            Text(
                en="For `{call}` you get {found}: that is the number of settings, or what the "
                "first rung alone would give. The later rungs cost as much again, each; it "
                "should be {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}：这是设置数，或者只算了第一级。"
                "后面每一级都要再花同样多；应为 {expected}。",
            ),
        ),
        Mistake(
            n_rungs,
            Text(
                en="For `{call}` you get {found}: so many full trainings the bracket costs. "
                "Divide the settings that it looks at by that; it should be {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}：这是一组的代价，即相当于几次完整训练。"
                "用看过的设置数除以它；应为 {expected}。",
            ),
        ),
        Mistake(
            lambda most, factor: 1 / ceiling(most, factor),
            Text(
                en="For `{call}` you get {found}, upside down: settings for the price of one "
                "training, not trainings for a setting. It should be {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，上下颠倒了：是一次训练的代价看几个设置，"
                "不是一个设置花几次训练。应为 {expected}。",
            ),
        ),
        Mistake(
            _all_brackets,
            Text(
                en="For `{call}` you get {found}, which holds for all of Hyperband's brackets "
                "together. The first alone is asked for: {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，那是 Hyperband 所有各组合起来的。"
                "这里只问第一组：{expected}。",
            ),
        ),
        Mistake(
            lambda most, factor: most // n_rungs(most, factor),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: `//`, `int` and "
                "`floor` cut the fraction off. Divide with `/`, and return all of it.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：`//`、`int` 和 `floor` "
                "都会把小数截掉。应当用 `/`，并返回完整的结果。",
            ),
        ),
        Mistake(
            lambda most, factor: most / (int(math.log(most, factor)) + 1),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: `math.log(243, 3)` "
                "is 4.999…, and `int` cuts off. Round it, or count in a loop.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：`math.log(243, 3)` "
                "是 4.999…，`int` 会把小数截掉。应当四舍五入，或用循环来数。",
            ),
        ),
        Mistake(
            lambda most, factor: most / (math.ceil(math.log(most, factor)) + 1),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: `math.log(125, 5)` "
                "is 3.000…4, and `ceil` rounds up. Use `round`, or count in a loop.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：`math.log(125, 5)` "
                "是 3.000…4，`ceil` 会向上取整。应当用 `round`，或用循环来数。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}, and it should be {expected}: the settings of the first "
        "rung, divided by what all rungs cost in full trainings.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：第一级的设置数，"
        "除以各级合计相当于几次完整训练。",
    ),
    same=near,
    digits=(1, 2, 3),
)


def judge_ceiling(answer: Any) -> Text:
    """Judge exercise 7.1-a: how many times as fast a bracket can be at most."""
    CEILING.check(answer)
    return Text(
        en="With 27 epochs 6.75, with 81 epochs 16.2: from there on a replay could have shown ten. "
        "Ask this before the run.",
        zh="27 轮时是 6.75，81 轮时是 16.2：从那里起，重放才有可能测出十倍。"
        "这个问题，要在运行之前问。",
    )


# ---------------------------------------------------------------- 7.1-b: the verdict

DRAWN_PAIRS: Final = (8, 10, 12)
"""How many pairs a drawn case may have."""
CLEAR: Final = 0.3
"""No case is so close that another usual band would decide otherwise."""


def verdict(first: FloatArray, second: FloatArray, above: float) -> str:
    """Return the verdict on the claim that the first leads by more than `above`, on average."""
    return Band().verdict(first, second, above)


def paired(
    mean: float,
    spread: float,
    together: float,
    above: float,
    seed: int,
    n_pairs: int | None = None,
    level: float = 90.0,
) -> Case:
    """Return two lists of scores whose differences have this mean and standard deviation."""
    rng = np.random.default_rng(seed)
    if n_pairs is None:
        n_pairs = int(rng.choice(DRAWN_PAIRS))
    noise = rng.normal(size=n_pairs)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    common = level + together * rng.normal(size=n_pairs)
    differences = mean + spread * noise
    return np.round(common + differences, 2), np.round(common, 2), above


# Twelve pairs, 1.7 standard errors above the threshold: 1.645 do not reach down to it, a band of
# 95 % does.
NEARLY_CLEAR: Final = (0.49, 1.0, 0.2, 0.0, 29)
# Twenty pairs, 1.78 standard errors above: a band of 90 % by Student's t, which reaches 1.73, is
# above it altogether too.
STILL_NEARLY_CLEAR: Final = (0.396, 1.0, 0.2, 0.0, 13, 20)
# Twenty pairs, 2.4 standard errors above: clear, unless the root is that of about ten.
MANY_PAIRS: Final = (0.537, 1.0, 0.2, 0.0, 10, 20)
# Eight pairs, 2.45 standard errors above: clear, unless the band is one of 99 %.
FEW_PAIRS: Final = (0.866, 1.0, 0.2, 0.0, 21, 8)
# 0.1 below the threshold, and in per cent of such low scores above it.
LOW_SCORES: Final = (0.4, 0.1, 2.0, 0.5, 3, 8, 50.0)
# Of two lists that hardly rise and fall together: each sorted, they would.
MIXED_PAIRS: Final = (1.1, 2.8, 2.0, 0.0, 5, 12)
# Two unlucky seeds of twelve: the mean lies 1.2 standard errors above the threshold, the median
# 2.7.
UNLUCKY_SEEDS: Final = (
    np.array([90.4, 89.9, 90.6, 90.2, 88.9, 90.3, 90.7, 90.1, 90.5, 89.3, 90.2, 90.4]),
    np.array([90.1, 89.6, 90.3, 89.9, 89.6, 90.0, 90.4, 89.8, 90.2, 90.0, 89.9, 90.1]),
    0.0,
)


def _is_clear(case: Case) -> bool:
    first, second, above = case
    n = len(first)
    widths = [Band().factor(n) * (1 + change) for change in (-CLEAR, 0.0, CLEAR)]
    return len({Band(width).verdict(first, second, above) for width in widths}) == 1


def _draw_scores(rng: np.random.Generator) -> Case:
    while True:
        case = paired(
            float(rng.uniform(-2, 2)),
            float(rng.uniform(0.2, 1.5)),
            float(rng.choice([0.2, 2.0])),
            float(rng.choice([-0.5, 0.0, 0.5])),
            int(rng.integers(10**6)),
        )
        if _is_clear(case):
            return case


def _as_outcome(value: Any) -> str:
    return as_outcome(
        value,
        Text(
            en="expected one of {allowed}, got {found}",
            zh="应当是 {allowed} 之一，得到的却是 {found}",
        ),
    )


CASES: Final = cases(
    paired(1.0, 0.4, 2.0, 0.0, 1),
    paired(-1.0, 0.4, 2.0, 0.0, 2),
    paired(0.2, 1.0, 0.2, 0.0, 3),
    paired(-0.2, 1.0, 0.2, 0.0, 4),
    paired(0.3, 0.2, 2.0, 0.0, 5),
    paired(-0.2, 0.2, 2.0, -0.5, 6),
    paired(0.9, 1.0, 0.2, 0.0, 7),
    paired(-0.6, 0.8, 0.2, -0.5, 8),
    paired(*NEARLY_CLEAR),
    paired(*STILL_NEARLY_CLEAR),
    paired(*MANY_PAIRS),
    paired(*FEW_PAIRS),
    paired(*LOW_SCORES),
    paired(*MIXED_PAIRS),
    UNLUCKY_SEEDS,
    draw=_draw_scores,
    n=40,
)
# Where none comes close to the threshold, a band that is somewhat too narrow is right too.
SHOWN: Final = tuple(
    mistake
    for mistake in known_mistakes(lambda *case: case)
    if any(mistake.function(*case) != verdict(*case) for case in CASES)
)
VERDICT = Judgement(
    verdict,
    CASES,
    mistakes=SHOWN,
    details=lambda *_: {"threshold": "`above`", "difference": "`first - second`"},
    otherwise=Text(
        en="For `{call}` you return {found}, and it should be {expected}: where does the 95 % band "
        "of the mean difference lie, seen from the threshold?",
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}：平均差值的 95% 区间"
        "在界限的哪一侧？",
    ),
    read=_as_outcome,
    same=lambda found, expected: bool(found == expected),
)


def judge_verdict(answer: Any) -> Text:
    """Judge exercise 7.1-b: a function that gives the verdict on paired scores."""
    VERDICT.check(answer)
    return Text(
        en="Three outcomes, not two: an experiment that is too small to decide says nothing "
        "against the paper.",
        zh="结果有三种，不是两种：实验太小而分不出来，并不说明论文不对。",
    )


# ---------------------------------------------------------------- 7.1-c: what is unfair?

FAULTS: Final = ("space", "budget", "luck", "runs", "fair")

UNFAIR = Reading(
    right={"A": "budget", "B": "luck", "C": "space", "D": "fair", "E": "runs"},
    choices=FAULTS,
    meanings={
        "space": Text(en="they do not search for the same", zh="要找的东西不一样"),
        "budget": Text(en="budget", zh="预算不等"),
        "luck": Text(en="luck", zh="挑选的运气"),
        "runs": Text(en="too few searches", zh="搜索次数太少"),
        "fair": Text(en="fair", zh="公平"),
    },
    also={
        **flaw_words(FAULTS),
        "one side's figure carries the luck of its choice, the other's does not": "luck",
        "一方的成绩带着挑选的运气，另一方没有": "luck",
    },
    wrong={
        ("A", "fair"): Text(
            en="A: count the trainings, folds and all. 135 against 50.",
            zh="A：把各折都算上，数一数训练次数：135 对 50。",
        ),
        ("B", "fair"): Text(
            en="B: one number is what the search saw, the other comes from new seeds. The best of "
            "40 scores is lucky.",
            zh="B：一个数是搜索时看到的，另一个来自新的种子。40 个成绩里的最高分带着运气。",
        ),
        ("C", "fair"): Text(
            en="C: what does each side have to find, and what was it given?",
            zh="C：各方要自己找到什么，又有什么是现成的？",
        ),
        ("C", "budget"): Text(
            en="C: both have 27 trainings. But do they search for the same?",
            zh="C：双方都是 27 次训练。但它们要找的东西一样吗？",
        ),
        ("D", "runs"): Text(
            en="D: twenty runs of each, and a band: that may not decide, but it is fair.",
            zh="D：各 20 次，还给出区间：也许分不出来，但是公平。",
        ),
        ("E", "fair"): Text(
            en="E: how would it look with another seed? One search of each cannot tell.",
            zh="E：换一个种子会怎样？各搜索一次，说明不了。",
        ),
        ("E", "luck"): Text(
            en="E: the winners were trained again, three times each. But each method searched "
            "only once.",
            zh="E：优胜者各重训了三次。可是每种方法只搜索了一次。",
        ),
    },
    otherwise=Text(
        en="{name}: {meant} is not it. What do both sides search, what may they spend, which "
        "number is reported, and how often did each search?",
        zh="{name}：毛病不是{meant}。双方在哪里找，能花多少，报告的是哪个数，各搜索了几次？",
    ),
)


def judge_unfair(answer: Any) -> Text:
    """Judge exercise 7.1-c: what is unfair in five comparisons."""
    UNFAIR.check(answer)
    return Text(
        en="The same space, the same budget, the winner trained again, and several searches of "
        "each: four questions for every table of a paper.",
        zh="空间相同，预算相同，优胜者重新训练，各搜索多次：读论文的每张表，都问这四个问题。",
    )


# ---------------------------------------------------------------- 7.1-d: how many searches?

SEARCHES = Reading(
    right={"winner": "hyperband"},
    choices={"winner": ("random", "hyperband")},
    # With another seed of the replays the lab may say one or a few more or less.
    counts={"after 4": (2, 5), "after 16": (7, 15)},
    wrong={
        ("winner", "random"): Text(
            en="winner: random is ahead at neither budget; read the line above the chart.",
            zh="winner：两种预算下随机搜索都不领先；请看图上方的那行字。",
        ),
        ("after 4", "high"): Text(
            en="after 4: {found} is too many. Set `n_trials=4`, 27 epochs, and read "
            "`lab.seeds_needed`.",
            zh="after 4：{found} 太多了。设 `n_trials=4`、27 轮，再读 `lab.seeds_needed`。",
        ),
        ("after 4", "low"): Text(
            en="after 4: with one search of each, Hyperband comes first some four times out of "
            "five. 95 % are asked for.",
            zh="after 4：各搜索一次，Hyperband 大约五次中有四次领先。这里要求 95%。",
        ),
        ("after 16", "low"): Text(
            en="after 16: {found} is too few. By then random search has come closer, and a "
            "smaller lead takes more searches.",
            zh="after 16：{found} 太少了。这时随机搜索已经追近，领先越少，要的次数越多。",
        ),
        ("after 16", "high"): Text(
            en="after 16: {found} is too many. Are there only the two strategies, 27 epochs, and "
            'the winner "retrained"?',
            zh='after 16：{found} 太多了。是不是只留了两种策略，27 轮，并且用 "retrained"？',
        ),
    },
    otherwise=Text(
        en="{name}: {found} is not it. Set the lab as the task says, and read "
        "`lab.winner` and `lab.seeds_needed`.",
        zh="{name}：{found} 不对。按题目设置实验台，再读 `lab.winner` 和 `lab.seeds_needed`。",
    ),
)


def judge_searches(answer: Any) -> Text:
    """Judge exercise 7.1-d: from how many searches on the winner is the winner."""
    SEARCHES.check(answer)
    return Text(
        en="The larger the budget, the smaller the lead, and the more searches it takes to see it. "
        "A paper that shows one run of each shows an anecdote.",
        zh="预算越大，领先越小，要搜索的次数就越多。各跑一次就下结论的论文，讲的只是个案。",
    )


JUDGES: dict[str, Judge] = {
    "7.1-a": judge_ceiling,
    "7.1-b": judge_verdict,
    "7.1-c": judge_unfair,
    "7.1-d": judge_searches,
}
