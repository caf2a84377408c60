"""Chapter 3.3: what a distribution really draws, and how many draws are enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import as_function, as_number, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 3.3-a: the article's ranges

RANGES: dict[str, tuple[float, float]] = {
    "learning_rate": (0.001, 0.1),
    "batch_size": (32, 128),
    "dropout_rate": (0.2, 0.8),
}


def judge_ranges(answer: Any) -> Text:
    """Judge exercise 3.3-a: SciPy distributions with the ends that the article means."""
    if not isinstance(answer, Mapping) or set(answer) != set(RANGES):
        raise Wrong(
            Text(
                en="Expected a dict with the keys {names}, got `{found}`.",
                zh="这里应是字典，键为 {names}；得到的却是 `{found}`。",
            ),
            names=", ".join(RANGES),
            found=show(answer),
        )
    for name, (low, high) in RANGES.items():
        _check_range(name, answer[name], low, high)
    return Text(
        en="Now the draws stay inside, and 128 can be drawn too.",
        zh="现在抽到的值都在范围之内，128 也能抽到了。",
    )


def _check_range(name: str, distribution: Any, low: float, high: float) -> None:
    first, last = _ends(name, distribution)
    whole = hasattr(distribution.dist, "pmf")
    if name == "batch_size" and not whole:
        raise Wrong(
            Text(
                en="batch_size: this distribution draws numbers like 93.4. A batch has a whole "
                "number of samples: use `randint`.",
                zh="batch_size：这个分布会抽到 93.4 这样的数。一批的样本数是整数：请用 `randint`。",
            )
        )
    if name != "batch_size" and whole:
        raise Wrong(
            Text(
                en="{name}: `randint` draws whole numbers only; here use `uniform`.",
                zh="{name}：`randint` 只抽整数；这里请用 `uniform`。",
            ),
            name=name,
        )
    if not (math.isclose(first, low) and math.isclose(last, high)):
        raise _wrong_ends(name, (first, last), (low, high))


def _ends(name: str, distribution: Any) -> tuple[float, float]:
    """Return the smallest and the largest value that a frozen SciPy distribution draws."""
    support = getattr(distribution, "support", None)
    if not callable(support) or not hasattr(distribution, "dist"):
        raise Wrong(
            Text(
                en="{name}: expected a SciPy distribution with its numbers, such as "
                "`uniform(loc, scale)`, got `{found}`.",
                zh="{name}：这里应是带参数的 SciPy 分布，例如 `uniform(loc, scale)`；"
                "得到的却是 `{found}`。",
            ),
            name=name,
            found=show(distribution),
        )
    first, last = (float(end) for end in call(support))
    if math.isnan(first) or math.isnan(last):
        raise Wrong(
            Text(
                en="{name}: with these numbers the distribution draws nothing at all. Is the "
                "second one positive, or larger than the first?",
                zh="{name}：参数这样取，分布什么也抽不出来。"
                "`uniform` 的第二个数是宽度，应为正数；`randint` 的第二个数应比第一个大。",
            ),
            name=name,
        )
    return first, last


def _wrong_ends(name: str, found: tuple[float, float], wanted: tuple[float, float]) -> Wrong:
    low, high = wanted
    if name == "batch_size" and found == (low, high - 1):
        text = Text(
            en="batch_size goes from {first:g} to {last:g}: like Python's `range`, `randint` "
            "leaves its second number out.",
            zh="batch_size 的范围是 {first:g} 到 {last:g}：`randint` 与 Python 的 `range` 一样，"
            "不包括第二个数。",
        )
    elif (
        name != "batch_size" and math.isclose(found[0], low) and math.isclose(found[1], low + high)
    ):
        text = Text(
            en="{name} goes from {first:g} to {last:g}: the second number of `uniform(loc, "
            "scale)` is not the end but the width. Which width leads from {low:g} to {high:g}?",
            zh="{name} 的范围是 {first:g} 到 {last:g}：`uniform(loc, scale)` 的第二个数不是终点，"
            "而是宽度。从 {low:g} 到 {high:g} 的宽度是多少？",
        )
    else:
        text = Text(
            en="{name} goes from {first:g} to {last:g}; it should go from {low:g} to {high:g}.",
            zh="{name} 的范围是 {first:g} 到 {last:g}；应当是 {low:g} 到 {high:g}。",
        )
    return Wrong(text, name=name, first=found[0], last=found[1], low=low, high=high)


# ---------------------------------------------------------------- 3.3-b: by factors

MIDDLE = 0.01


def judge_log_rates(answer: Any) -> Text:
    """Judge exercise 3.3-b: a distribution that gives each factor of ten its share."""
    first, last = _ends("learning_rate", answer)
    low, high = RANGES["learning_rate"]
    below = float(answer.cdf(MIDDLE))
    values = {"first": first, "last": last, "low": low, "high": high, "below": below}
    if not (math.isclose(first, low) and math.isclose(last, high)):
        raise Wrong(
            Text(
                en="It draws from {first:g} to {last:g}; it should go from {low:g} to {high:g}. "
                "(`loguniform` takes the two ends themselves, not their logarithms, and no "
                "width.)",
                zh="它从 {first:g} 到 {last:g} 抽取；应当是 {low:g} 到 {high:g}。"
                "（`loguniform` 的参数就是两端本身，不是对数，也不是宽度。）",
            ),
            **values,
        )
    points = np.geomspace(low, high, 9)
    if not np.allclose(answer.cdf(points), np.linspace(0, 1, 9), atol=1e-6):
        raise Wrong(
            Text(
                en="The ends are right, but {below:.0%} of the draws lie below 0.01, and it should "
                "be half of them: as many between 0.001 and 0.01 as between 0.01 and 0.1.",
                zh="两端是对的，但抽到的值有 {below:.0%} 小于 0.01，而应当是一半："
                "0.001 到 0.01 之间与 0.01 到 0.1 之间一样多。",
            ),
            **values,
        )
    return Text(
        en="Half of the draws lie below 0.01; with `uniform` it would be 9 %.",
        zh="一半的抽样小于 0.01；若用 `uniform`，只有 9%。",
    )


# ---------------------------------------------------------------- 3.3-c: how many draws


def judge_n_trials(answer: Any) -> Text:
    """Judge exercise 3.3-c: draws until the best share is probably met."""
    function = as_function(answer)
    for share, confidence in ((0.05, 0.95), (0.1, 0.9), (0.01, 0.99), (0.5, 0.75)):
        found = as_number(call(function, share, confidence))
        exact = math.log(1 - confidence) / math.log(1 - share)
        # 0.5 and 0.75 need exactly 2, which the logarithms may miss by a rounding error.
        if found != math.ceil(exact - 1e-9):
            raise _wrong_n_trials(found, share, confidence, exact)
    return Text(
        en="59 trials for the best 5 %, however many hyperparameters there are. (What it does "
        "not say: how good the best 5 % are.)",
        zh="要碰到最好的 5%，59 次试验就够，与超参数有几个无关。（但它没有说：最好的 5% 有多好。）",
    )


def _wrong_n_trials(found: float, share: float, confidence: float, exact: float) -> Wrong:
    explanations = (
        (
            math.isclose(found, exact),
            Text(
                en="For {share:g} and {confidence:g} you get {found:g}, but trials come whole: "
                "round up.",
                zh="对 {share:g} 和 {confidence:g}，你得到 {found:g}；试验次数是整数：请向上取整。",
            ),
        ),
        (
            found == math.floor(exact),
            Text(
                en="For {share:g} and {confidence:g} you get {found:g}: with that many the chance "
                "is still a little below {confidence:g}. Round up.",
                zh="对 {share:g} 和 {confidence:g}，你得到 {found:g}：这么多次，概率还略低于 "
                "{confidence:g}。请向上取整。",
            ),
        ),
        (
            math.isclose(found, 1 / share) or math.isclose(found, math.ceil(confidence / share)),
            Text(
                en="For {share:g} and {confidence:g} you get {found:g}. Chances do not add up: "
                "two trials may both miss. Multiply the chances of missing, 1 − {share:g} each.",
                zh="对 {share:g} 和 {confidence:g}，你得到 {found:g}。概率不能直接相加："
                "两次可能都碰不到。应当把碰不到的概率（每次为 1 − {share:g}）连乘。",
            ),
        ),
    )
    otherwise = Text(
        en="For {share:g} and {confidence:g} you get {found:g}. All n trials miss with "
        "probability (1 − {share:g})ⁿ; this should be at most 1 − {confidence:g}.",
        zh="对 {share:g} 和 {confidence:g}，你得到 {found:g}。n 次都碰不到的概率是 "
        "(1 − {share:g})ⁿ；它应当不超过 1 − {confidence:g}。",
    )
    text = next((text for fits, text in explanations if fits), otherwise)
    return Wrong(text, found=found, share=share, confidence=confidence)


# ---------------------------------------------------------------- 3.3-d: equal budgets


def judge_equal_budget(answer: Any) -> Text:
    """Judge exercise 3.3-d: the number of draws that costs what the grid costs."""
    number = as_number(answer)
    if number == 27:
        return Text(
            en="27 × 5 fits each, and one refit each. Now the two winners may be compared.",
            zh="两边都是 27 × 5 次训练，再各加一次。现在才可以比较两个最优结果。",
        )
    explanations = {
        10: Text(
            en="10 is the article's: 50 trainings against the grid's 135.",
            zh="10 是文章的取值：50 次训练，而网格是 135 次。",
        ),
        135: Text(
            en="135 are the trainings of the grid. One draw costs five of them (`cv=5`).",
            zh="135 是网格训练的次数。抽一次要训练五次（`cv=5`）。",
        ),
        136: Text(
            en="136 are all trainings of the grid. One draw costs five of them (`cv=5`), and the "
            "last training is made by both searches.",
            zh="136 是网格训练的总次数。抽一次要训练五次（`cv=5`），而最后一次训练两种搜索都有。",
        ),
        9: Text(
            en="9 would be a grid of two hyperparameters with three values; the article's has "
            "three.",
            zh="9 对应两个超参数各取三个值的网格；文章的网格有三个超参数。",
        ),
    }
    otherwise = Text(
        en="{found:g} is not it. How many combinations has the grid, and how often is each draw "
        "of a random search trained?",
        zh="{found:g} 不对。网格有多少个组合？随机搜索每抽一次要训练几次？",
    )
    raise Wrong(explanations.get(int(number), otherwise), found=number)


JUDGES: dict[str, Judge] = {
    "3.3-a": judge_ranges,
    "3.3-b": judge_log_rates,
    "3.3-c": judge_n_trials,
    "3.3-d": judge_equal_budget,
}
