"""Chapter 3.3: what a distribution really draws, and how many draws are enough."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import (
    FloatArray,
    as_array,
    as_list,
    as_mapping,
    as_number,
    check_answered,
    show,
)
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, judge_value
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.readings import Reading, named, named_whole_number
from hpt_widgets.language import Text

RANGES: dict[str, tuple[float, float]] = {
    "learning_rate": (0.001, 0.1),
    "batch_size": (32, 128),
    "dropout_rate": (0.2, 0.8),
}


@dataclass(frozen=True)
class Draws:
    """What `RandomizedSearchCV` draws from something: a distribution, or a list of values.

    Attributes
    ----------
    first, last : float
        The smallest and the largest value.
    whole : bool
        Whether only whole numbers are drawn.
    share_below : callable
        The share of draws that are at most a number.
    """

    first: float
    last: float
    whole: bool
    share_below: Callable[[float], float]


def read_draws(name: str, answer: Any) -> Draws:
    """Return what is drawn from an answer, or raise `Wrong`."""
    if hasattr(answer, "rvs"):
        if callable(getattr(answer, "support", None)) and not _lacks_its_numbers(answer):
            return _of_distribution(name, answer)
        raise Wrong(
            Text(
                en="{name}: expected a SciPy distribution with its numbers, such as "
                "`uniform(loc, scale)`, got `{found}`.",
                zh="{name}：这里应是带参数的 SciPy 分布，例如 `uniform(loc, scale)`；"
                "得到的却是 `{found}`。",
            ),
            name=name,
            found=show(answer),
        )
    try:
        values = as_array(as_list(answer))
    except Wrong:
        values = np.array([])
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise Wrong(
            Text(
                en="{name}: expected a SciPy distribution such as `uniform(loc, scale)`, or a "
                "list of values to draw from, got `{found}`.",
                zh="{name}：这里应是 SciPy 分布，例如 `uniform(loc, scale)`，或供抽取的值的列表；"
                "得到的却是 `{found}`。",
            ),
            name=name,
            found=show(answer),
        )
    return _of_values(values)


def _lacks_its_numbers(distribution: Any) -> bool:
    """Whether this is ``uniform`` itself instead of ``uniform(loc, scale)``."""
    import scipy.stats

    return getattr(scipy.stats, str(getattr(distribution, "name", "")), None) is distribution


def _of_values(values: FloatArray) -> Draws:
    return Draws(
        float(values.min()),
        float(values.max()),
        whole=bool((values == np.round(values)).all()),
        share_below=lambda limit: float((values <= limit).mean()),
    )


def _of_distribution(name: str, distribution: Any) -> Draws:
    first, last = (float(end) for end in call(distribution.support, copies=False))
    if math.isnan(first) or math.isnan(last):
        raise _draws_nothing(name, distribution)
    return Draws(
        first,
        last,
        whole=hasattr(getattr(distribution, "dist", distribution), "pmf"),
        share_below=lambda limit: float(distribution.cdf(limit)),
    )


def _draws_nothing(name: str, distribution: Any) -> Wrong:
    kind = getattr(getattr(distribution, "dist", distribution), "name", "")
    given = [*getattr(distribution, "args", ()), *getattr(distribution, "kwds", {}).values()]
    values = {"name": name, "kind": kind, "given": ", ".join(map(str, given))}
    if kind in ("loguniform", "reciprocal") and any(value <= 0 for value in given[:2]):
        text = Text(
            en="{name}: `{kind}({given})` draws nothing. It takes the smallest and the largest "
            "value themselves, not their logarithms, so both are positive.",
            zh="{name}：`{kind}({given})` 什么也抽不出来。它的参数就是最小值和最大值本身，"
            "不是它们的对数，所以两个都应为正数。",
        )
    elif kind == "uniform":
        text = Text(
            en="{name}: `{kind}({given})` draws nothing: its second number is the width, which "
            "must be positive.",
            zh="{name}：`{kind}({given})` 什么也抽不出来：第二个数是宽度，应为正数。",
        )
    elif kind in ("randint", "loguniform", "reciprocal"):
        text = Text(
            en="{name}: `{kind}({given})` draws nothing: the second number must be larger than "
            "the first.",
            zh="{name}：`{kind}({given})` 什么也抽不出来：第二个数应比第一个大。",
        )
    else:
        text = Text(
            en="{name}: with the numbers {given} this distribution draws nothing at all.",
            zh="{name}：参数取 {given} 时，这个分布什么也抽不出来。",
        )
    return Wrong(text, **values)


# ---------------------------------------------------------------- 3.3-a: the article's ranges

N_PARTS = 10
SMALLEST_SHARE = 0.01


def judge_ranges(answer: Any) -> Text:
    """Judge exercise 3.3-a: distributions with the ends that the article means."""
    try:
        ranges = as_mapping(answer)
    except Wrong:
        ranges = {}
    if set(ranges) != set(RANGES):
        raise Wrong(
            Text(
                en="Expected a dict with the keys {names}, got `{found}`.",
                zh="这里应是字典，键为 {names}；得到的却是 `{found}`。",
            ),
            names=", ".join(RANGES),
            found=show(answer),
        )
    for name, (low, high) in RANGES.items():
        draws = read_draws(name, ranges[name])
        _check_kind(name, draws)
        _check_ends(name, draws, low, high)
        _check_every_part(name, draws, low, high)
    return Text(
        en="Now the draws stay inside, and 128 can be drawn too.",
        zh="现在抽到的值都在范围之内，128 也能抽到了。",
    )


def _check_kind(name: str, draws: Draws) -> None:
    if name == "batch_size" and not draws.whole:
        raise Wrong(
            Text(
                en="batch_size: this distribution draws numbers like 93.4. A batch has a whole "
                "number of samples: use `randint`.",
                zh="batch_size：这个分布会抽到 93.4 这样的数。一批的样本数是整数：请用 `randint`。",
            )
        )
    if name != "batch_size" and draws.whole:
        raise Wrong(
            Text(
                en="{name}: whole numbers only are drawn here; use `uniform`.",
                zh="{name}：这里只会抽到整数；请用 `uniform`。",
            ),
            name=name,
        )


def _check_ends(name: str, draws: Draws, low: float, high: float) -> None:
    first, last = draws.first, draws.last
    if math.isclose(first, low) and math.isclose(last, high):
        return
    if name == "batch_size" and (first, last) == (low, high - 1):
        text = Text(
            en="batch_size goes from {first:g} to {last:g}: `range` and `randint` leave their "
            "second number out.",
            zh="batch_size 的范围是 {first:g} 到 {last:g}：`range` 和 `randint` 都不包括第二个数。",
        )
    elif name != "batch_size" and math.isclose(first, low) and math.isclose(last, low + high):
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
    raise Wrong(text, name=name, first=first, last=last, low=low, high=high)


def _check_every_part(name: str, draws: Draws, low: float, high: float) -> None:
    """Refuse what hardly ever draws from a tenth of the range."""
    limits = np.linspace(low, high, N_PARTS + 1)
    below = np.array([0.0, *(draws.share_below(limit) for limit in limits[1:])])
    shares = np.diff(below)
    rarest = int(shares.argmin())
    if shares[rarest] < SMALLEST_SHARE:
        raise Wrong(
            Text(
                en="{name}: the ends are right, but only {share:.1%} of the draws lie between "
                "{low:g} and {high:g}. A range is to be drawn from everywhere.",
                zh="{name}：两端是对的，但抽到的值只有 {share:.1%} 在 {low:g} 与 {high:g} 之间。"
                "应当能从范围内各处抽取。",
            ),
            name=name,
            share=abs(shares[rarest]),
            low=limits[rarest],
            high=limits[rarest + 1],
        )


# ---------------------------------------------------------------- 3.3-b: by factors

MIDDLE = 0.01


def judge_log_rates(answer: Any) -> Text:
    """Judge exercise 3.3-b: a distribution that draws as often below 0.01 as above."""
    draws = read_draws("learning_rate", answer)
    low, high = RANGES["learning_rate"]
    below = draws.share_below(MIDDLE)
    values = {"first": draws.first, "last": draws.last, "low": low, "high": high, "below": below}
    if not (math.isclose(draws.first, low) and math.isclose(draws.last, high)):
        raise Wrong(_wrong_log_ends(draws, low, high), **values)
    if abs(below - 0.5) > 0.02:
        raise Wrong(
            Text(
                en="The ends are right, but {below:.0%} of the draws lie below 0.01, and it should "
                "be half of them: as many between 0.001 and 0.01 as between 0.01 and 0.1.",
                zh="两端是对的，但抽到的值有 {below:.0%} 小于 0.01，而应当是一半："
                "0.001 到 0.01 之间与 0.01 到 0.1 之间一样多。",
            ),
            **values,
        )
    points = np.geomspace(low, high, 9)
    if np.allclose([draws.share_below(p) for p in points], np.linspace(0, 1, 9), atol=0.03):
        return Text(
            en="Half of the draws lie below 0.01; with `uniform` it would be 9 %.",
            zh="一半的抽样小于 0.01；若用 `uniform`，只有 9%。",
        )
    return Text(
        en="Half of the draws lie below 0.01. `loguniform` would do the same within every other "
        "factor too: as many from 0.001 to 0.002 as from 0.05 to 0.1.",
        zh="一半的抽样小于 0.01。`loguniform` 对其他倍数也一样："
        "从 0.001 到 0.002 与从 0.05 到 0.1 抽到的一样多。",
    )


def _wrong_log_ends(draws: Draws, low: float, high: float) -> Text:
    if math.isclose(draws.first, low) and math.isclose(draws.last, low + high):
        return Text(
            en="It draws from {first:g} to {last:g}: the second number of `uniform` is a width. "
            "And `uniform` draws nine in ten above 0.01; look for a distribution that is uniform "
            "in the logarithm.",
            zh="它从 {first:g} 到 {last:g} 抽取：`uniform` 的第二个数是宽度。而且 `uniform` "
            "抽到的值十个有九个大于 0.01；请找一个在对数刻度上均匀的分布。",
        )
    return Text(
        en="It draws from {first:g} to {last:g}; it should go from {low:g} to {high:g}.",
        zh="它从 {first:g} 到 {last:g} 抽取；应当是 {low:g} 到 {high:g}。",
    )


# ---------------------------------------------------------------- 3.3-c: how many draws


def _exact(share: float, confidence: float) -> float:
    return math.log(1 - confidence) / math.log(1 - share)


def n_trials(share: float, confidence: float) -> int:
    """Return the smallest number of draws that meets the best share with this probability."""
    # 0.5 and 0.75 need exactly 2, which the logarithms may miss by a rounding error.
    return math.ceil(_exact(share, confidence) - 1e-9)


def _draw_chances(rng: np.random.Generator) -> Case:
    return round(float(rng.uniform(0.02, 0.6)), 2), round(float(rng.uniform(0.3, 0.99)), 2)


def _clear(chances: Sequence[float]) -> bool:
    """Whether no rounding error can turn a whole number into the next."""
    exact = _exact(*chances)
    return abs(exact - round(exact)) > 1e-6


def _adding_up(is_below: Callable[[float, float], bool]) -> Callable[[float, float], int]:
    def mistaken(share: float, confidence: float) -> int:
        chance, n = 0.0, 0
        while is_below(chance, confidence):
            chance, n = chance + share, n + 1
        return n

    return mistaken


def _counting_down(is_below: Callable[[float, float], bool]) -> Callable[[float, float], int]:
    def mistaken(share: float, confidence: float) -> int:
        left, n = 1.0, 0
        while is_below(1 - confidence, left):
            left, n = left - share, n + 1
        return n

    return mistaken


def _multiplying(is_below: Callable[[float, float], bool]) -> Callable[[float, float], int]:
    def mistaken(share: float, confidence: float) -> int:
        return next(n for n in count(1) if not is_below(n * share, confidence))

    return mistaken


def _multiplying_down(is_below: Callable[[float, float], bool]) -> Callable[[float, float], int]:
    def mistaken(share: float, confidence: float) -> int:
        return next(n for n in count(1) if not is_below(1 - confidence, 1 - n * share))

    return mistaken


# Nine tenths added up are 0.8999999999999999: each loop has rounding errors of its own.
_LOOPS_THAT_ADD_UP = tuple(
    loop(is_below)
    for loop in (_adding_up, _counting_down, _multiplying, _multiplying_down)
    for is_below in (operator.lt, operator.le)
)

N_TRIALS = Judgement(
    n_trials,
    cases(
        (0.05, 0.95),
        (0.1, 0.9),
        (0.01, 0.99),
        # A loop that gives up at a thousand is too short.
        (0.001, 0.99),
        (0.5, 0.75),
        (0.5, 0.4),
        *(case for case in cases(draw=_draw_chances) if _clear(case)),
    ),
    mistakes=(
        Mistake(
            _exact,
            Text(
                en="For `{call}` you get {found}, but trials come whole: round up.",
                zh="参数为 `{call}` 时，你得到 {found}；试验次数是整数：请向上取整。",
            ),
        ),
        Mistake(
            lambda share, confidence: math.floor(_exact(share, confidence) + 1e-9),
            Text(
                en="For `{call}` you get {found}: with that many the chance is still below what "
                "is wanted. Round up.",
                zh="参数为 `{call}` 时，你得到 {found}：这么多次，概率还没有达到要求。请向上取整。",
            ),
        ),
        Mistake(
            lambda share, confidence: round(_exact(share, confidence)),
            Text(
                en="For `{call}` you get {found}: rounded to the nearest whole number. Round up, "
                "or the chance may be too small.",
                zh="参数为 `{call}` 时，你得到 {found}：这是四舍五入的结果。请向上取整，"
                "否则概率可能不够。",
            ),
        ),
        Mistake(
            lambda share, confidence: math.floor(_exact(share, confidence) + 1e-9) + 1,
            Text(
                en="For `{call}` you get {found}, but {expected} are enough: the chance may be "
                "exactly what is wanted. Round up instead of adding 1; in a loop compare with "
                "`<`.",
                zh="参数为 `{call}` 时，你得到 {found}，其实 {expected} 次就够：概率恰好等于要求"
                "也可以。请向上取整，而不是加 1；用循环时，请用 `<` 比较。",
            ),
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="For `{call}` you get {found}. Chances do not add up: two trials may both "
                    "miss. Multiply the chances of missing, one minus the share each.",
                    zh="参数为 `{call}` 时，你得到 {found}。概率不能直接相加：两次可能都碰不到。"
                    "应当把每次碰不到的概率（1 减去该比例）连乘。",
                ),
            )
            for mistaken in (
                lambda share, confidence: 1 / share,
                lambda share, confidence: math.ceil(1 / share),
                lambda share, confidence: confidence / share,
                lambda share, confidence: math.ceil(confidence / share),
                lambda share, confidence: math.ceil(confidence / share - 1e-9),
                *_LOOPS_THAT_ADD_UP,
            )
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="For `{call}` you get {found}; it should be {expected}. It is the chance "
                    "that *all* trials miss that shrinks, (1 − share)ⁿ, and it should be at most "
                    "1 − confidence.",
                    zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}。随次数减小的是全部"
                    "碰不到的概率 (1 − share)ⁿ，它应当不超过 1 − confidence。",
                ),
            )
            for mistaken in (
                lambda share, confidence: math.ceil(math.log(confidence) / math.log(1 - share)),
                lambda share, confidence: math.ceil(math.log(1 - confidence) / math.log(share)),
                lambda share, confidence: math.ceil(math.log(confidence) / math.log(share)),
            )
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="For `{call}` you get {found}: both logarithms are negative; divide one by "
                    "the other without a minus.",
                    zh="参数为 `{call}` 时，你得到 {found}：两个对数都是负的；相除时不要再加负号。",
                ),
            )
            for mistaken in (
                lambda share, confidence: -n_trials(share, confidence),
                lambda share, confidence: math.ceil(-_exact(share, confidence)),
            )
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}. All n trials miss with "
        "probability (1 − share)ⁿ, which should be at most 1 − confidence.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}。n 次都碰不到的概率是 "
        "(1 − share)ⁿ，它应当不超过 1 − confidence。",
    ),
)


def judge_n_trials(answer: Any) -> Text:
    """Judge exercise 3.3-c: draws until the best share is probably met."""
    N_TRIALS.check(answer)
    return Text(
        en="59 trials for the best 5 %, however many hyperparameters there are. (What it does "
        "not say: how good the best 5 % are.)",
        zh="要碰到最好的 5%，59 次试验就够，与超参数有几个无关。（但它没有说：最好的 5% 有多好。）",
    )


# ---------------------------------------------------------------- 3.3-d: equal budgets

_OTHER_BUDGETS = (
    (
        10,
        Text(
            en="10 is the article's: 50 trainings against the grid's 135.",
            zh="10 是文章的取值：50 次训练，而网格是 135 次。",
        ),
    ),
    (
        135,
        Text(
            en="135 are the trainings of the grid. One draw costs five of them (`cv=5`).",
            zh="135 是网格训练的次数。抽一次要训练五次（`cv=5`）。",
        ),
    ),
    (
        136,
        Text(
            en="136 are all trainings of the grid. One draw costs five of them (`cv=5`), and the "
            "last training is made by both searches.",
            zh="136 是网格训练的总次数。抽一次要训练五次（`cv=5`），而最后一次训练两种搜索都有。",
        ),
    ),
    (
        9,
        Text(
            en="9 would be a grid of two hyperparameters with three values; the article's has "
            "three.",
            zh="9 对应两个超参数各取三个值的网格；文章的网格有三个超参数。",
        ),
    ),
)


def judge_equal_budget(answer: Any) -> Text:
    """Judge exercise 3.3-d: the number of draws that costs what the grid costs."""
    judge_value(
        as_number(answer),
        27,
        _OTHER_BUDGETS,
        Text(
            en="{found} is not it. How many combinations has the grid, and how often is each draw "
            "of a random search trained?",
            zh="{found} 不对。网格有多少种组合？随机搜索每抽一次要训练几次？",
        ),
    )
    return Text(
        en="27 × 5 fits each, and one refit each. Now the two winners may be compared.",
        zh="两边都是 27 × 5 次训练，再各加一次。现在才可以比较两个优胜者。",
    )


# ---------------------------------------------------------------- 3.3-e: whose draws are these?

SEARCHES = Reading(
    right={"A": "uniform", "B": "grid", "C": "tpe", "D": "loguniform"},
    choices=("grid", "uniform", "loguniform", "tpe"),
    meanings={"grid": Text(en="grid", zh="网格")},
    also={"log-uniform": "loguniform"},
    wrong={
        ("A", "loguniform"): Text(
            en="A: the axis is logarithmic, so `loguniform` would fill it evenly. Here four in "
            "five lie in the right half.",
            zh="A：横轴是对数刻度，`loguniform` 会均匀地铺满。而这里五个有四个挤在右半边。",
        ),
        ("D", "uniform"): Text(
            en="D: on this logarithmic axis the draws lie evenly. `uniform` would push nine in ten "
            "of them to the right.",
            zh="D：在这个对数刻度上，点铺得很均匀。换成 `uniform`，十个有九个会挤到右边。",
        ),
        ("D", "tpe"): Text(
            en="D: these draws are spread everywhere to the end. TPE comes back to where it went "
            "well.",
            zh="D：这些点始终散布在各处。TPE 会回到效果好的地方去。",
        ),
        ("C", "loguniform"): Text(
            en="C: more than half of the points gather at low dropout rates and middle learning "
            "rates. Independent draws do not crowd.",
            zh="C：一半以上的点聚在 dropout 率低、学习率居中的地方。各自独立的抽样不会这样扎堆。",
        ),
    },
    otherwise=Text(
        en="{name}: {found} is not it. A grid stands in lines; `uniform` and `loguniform` "
        "differ in "
        "how they fill a logarithmic axis; TPE gathers.",
        zh="{name}：不是 {found}。网格排成直线；`uniform` 和 `loguniform` 铺满对数轴的方式不同；"
        "TPE 会聚拢。",
    ),
)


def judge_searches(answer: Any) -> Text:
    """Judge exercise 3.3-e: which panel shows which way of drawing."""
    SEARCHES.check(answer)
    return Text(
        en="A glance at the draws tells what no program will: look at them before you search.",
        zh="看一眼抽到的点，就能发现程序不会告诉你的事：搜索之前先看一看。",
    )


# ---------------------------------------------------------------- 3.3-f: a fair comparison

# The grid of the task: 3 × 4 values in three folds. Its best scatters by one point, as does the
# best of as many draws; the mean of the repeats is to be known to half a point.
GRID_COMBINATIONS, GRID_FOLDS = 12, 3
BEST_SCATTERS, KNOWN_TO = 1.0, 0.5
MOST_FITS = 250
# NumPy takes no larger seeds.
LARGEST_SEED = 2**32 - 1
PLAN_NAMES = ("n_iter", "cv", "random_states")


def judge_fair_plan(answer: Any) -> Text:
    """Judge exercise 3.3-f: as many fits as the grid, in as many folds, with seeds enough."""
    plan = named(answer, PLAN_NAMES)
    check_answered(plan["random_states"])
    n_iter, cv = (named_whole_number(name, plan[name]) for name in ("n_iter", "cv"))
    states = _states(plan["random_states"])
    values = {"n_iter": n_iter, "cv": cv, "n": len(states), "fits": n_iter * cv}
    if cv != GRID_FOLDS:
        raise Wrong(
            Text(
                en="The grid's scores are means of 3 folds, yours of {cv}. A mean of another "
                "number of folds has another noise, and other training sets.",
                zh="网格的分数是 3 折的平均，你的是 {cv} 折。折数不同，噪声就不同，训练集也不同。",
            ),
            **values,
        )
    if n_iter * cv != GRID_COMBINATIONS * GRID_FOLDS:
        few = n_iter * cv < GRID_COMBINATIONS * GRID_FOLDS
        raise Wrong(_FEWER_TRAININGS if few else _MORE_TRAININGS, **values)
    if len(set(states)) < len(states):
        raise Wrong(
            Text(
                en="Some of the `random_states` are equal: that is the same search once more, and "
                "tells nothing new.",
                zh="`random_states` 里有相同的：那是把同一次搜索又做了一遍，得不到新的信息。",
            )
        )
    error = BEST_SCATTERS / math.sqrt(len(states))
    if error > KNOWN_TO:
        raise Wrong(
            Text(
                en="With {n} repeats the mean is known to {error:.2f} points (1 / √n), and half a "
                "point is wanted.",
                zh="重复 {n} 次，平均值的标准误是 {error:.2f} 个百分点（1 / √n），而要求是半个。",
            ),
            error=error,
            **values,
        )
    total = len(states) * n_iter * cv
    if total > MOST_FITS:
        raise Wrong(
            Text(
                en="{total} trainings in all, and {most} are allowed. Half a point needs fewer "
                "repeats.",
                zh="一共 {total} 次训练，而最多允许 {most} 次。要做到半个百分点，"
                "用不着这么多次重复。",
            ),
            total=total,
            most=MOST_FITS,
        )
    return Text(
        en="Equal in the number of trainings and of folds, different in nothing but the seeds, and "
        "repeated until the mean is known well enough. That is a comparison.",
        zh="训练次数相等，折数相等，除种子外别无不同，并且重复到平均值足够准：这才叫比较。",
    )


_FEWER_TRAININGS = Text(
    en="One of your searches makes {fits} trainings, the grid 36: the grid has the advantage, "
    "since the best of more trials is higher.",
    zh="你的一次搜索只训练 {fits} 次，网格是 36 次：占便宜的是网格，因为试得越多，最好成绩就越高。",
)
_MORE_TRAININGS = Text(
    en="One of your searches makes {fits} trainings, the grid 36: your search has the advantage, "
    "since the best of more trials is higher.",
    zh="你的一次搜索要训练 {fits} 次，网格是 36 次：占便宜的是你的搜索，因为试得越多，"
    "最好成绩就越高。",
)


def _states(value: Any) -> list[int]:
    try:
        states = [as_number(state) for state in as_list(value)]
    except Wrong:
        states = []
    if not all(state == round(state) and 0 <= state <= LARGEST_SEED for state in states):
        states = []
    if not states:
        raise Wrong(
            Text(
                en='"random_states" is to be a list of whole numbers from 0 on, one for each '
                "repeat; it is `{found}`.",
                zh='"random_states" 应是列表，由不小于 0 的整数组成，每次重复一个；'
                "得到的却是 `{found}`。",
            ),
            found=show(value),
        )
    return [int(state) for state in states]


JUDGES: dict[str, Judge] = {
    "3.3-a": judge_ranges,
    "3.3-b": judge_log_rates,
    "3.3-c": judge_n_trials,
    "3.3-d": judge_equal_budget,
    "3.3-e": judge_searches,
    "3.3-f": judge_fair_plan,
}
