"""Chapter 6: reading a range test, scaling a learning rate, stopping early, counting seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, as_number, as_pair, near, show_short_of
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.readings import Reading, named, named_whole_number
from hpt_widgets.language import Text, listed

# ---------------------------------------------------------------- 6-a: the steepest descent

# All range tests have this many rates a decade, so that a place is the same distance in each, and
# differences of losses will do for slopes, as in every range test of the workbook.
PER_DECADE = 10


def range_test(
    n_rates: int = 51, middle: float = 0.001, steepness: float = 1.5, rise: float = 8.0
) -> Case:
    """Return rates from 0.00001 on, and a loss that falls, steepest near `middle`, and rises."""
    rates = 1e-5 * 10 ** (np.arange(n_rates) / PER_DECADE)
    fall = 2.0 / (1 + (middle / rates) ** steepness)
    return rates, 2.3 - fall + rise * (rates / rates[-1]) ** 2


def two_falls() -> Case:
    """Return a range test that falls steeply, and then farther but less steeply."""
    places = np.arange(-50, -4) / PER_DECADE
    first, second = (
        depth / (1 + np.exp((middle - places) / width))
        for depth, middle, width in ((0.8, -4.0, 0.1), (1.2, -2.0, 0.35))
    )
    return 10.0**places, 2.3 - first - second


def steepest(rates: FloatArray, losses: FloatArray) -> float:
    """Return the rate of the steepest descent over the logarithm."""
    return float(rates[np.gradient(losses, np.log(rates)).argmin()])


def _draw_range_test(rng: np.random.Generator) -> Case:
    n_rates = int(rng.integers(30, 56))
    middle = 10 ** rng.uniform(-4.3, -5 + n_rates / PER_DECADE - 1.2)
    return range_test(n_rates, middle, rng.uniform(1.2, 3), 10 ** rng.uniform(-1, 1))


def _within_one_place(found: float, expected: float) -> bool:
    """Whether two rates are at most one place apart: slopes can be taken in many ways."""
    if found <= 0 or expected <= 0:
        return found == expected
    return abs(math.log10(found / expected)) < 1.01 / PER_DECADE


STEEPEST = Judgement(
    steepest,
    cases(
        range_test(),
        range_test(middle=0.0001),
        range_test(middle=0.01, rise=0.2),
        # Half of the way down is no longer where it is steepest.
        two_falls(),
        draw=_draw_range_test,
    ),
    mistakes=(
        Mistake(
            lambda rates, losses: rates[losses.argmin()],
            Text(
                en="{found} is where the loss is lowest: there it has stopped falling, and the "
                "next step may lead up. Take the place where it falls most steeply, here "
                "{expected}.",
                zh="{found} 是损失最低处：那里已经不再下降，再大一点就可能上升。"
                "要取下降最快处，这里是 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: rates[losses.argmin()] / 10,
            Text(
                en="{found} is a tenth of the rate with the lowest loss: a rule of thumb too, but "
                "the task asks where the loss falls most steeply, here {expected}.",
                zh="{found} 是损失最低处的学习率的十分之一：这也是一条经验法则，"
                "但题目要的是损失下降最快处，这里是 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: rates[np.gradient(losses, np.log(rates)).argmax()],
            Text(
                en="{found} is where the loss rises fastest: a descent has a negative slope, so "
                "look for the smallest one (`argmin`).",
                zh="{found} 是损失上升最快处：下降的斜率是负的，应当找最小的斜率（`argmin`）。",
            ),
        ),
        Mistake(
            lambda rates, losses: rates[np.abs(np.gradient(losses, np.log(rates))).argmax()],
            Text(
                en="{found} is where the loss changes fastest, up or down. Look for the smallest "
                "slope (`argmin`); here it is at {expected}.",
                zh="{found} 是损失变化最快处，不分升降。应当找最小的斜率（`argmin`），"
                "这里在 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: rates[np.gradient(np.log(losses), np.log(rates)).argmin()],
            Text(
                en="{found} is where the logarithm of the loss falls fastest. The slope of the "
                "loss itself is asked for, over `np.log(rates)`; it is steepest at {expected}.",
                zh="{found} 是损失的对数下降最快处。题目要的是损失本身对 `np.log(rates)` 的斜率，"
                "最陡处是 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: rates[np.gradient(losses, rates).argmin()],
            Text(
                en="{found} is steepest over the rate itself. The axis is logarithmic: take the "
                "slope over `np.log(rates)`; it is steepest at {expected}.",
                zh="{found} 是对学习率本身求斜率的结果。横轴是对数刻度：应当对 `np.log(rates)` "
                "求斜率，最陡处是 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: float(np.gradient(losses, np.log(rates)).argmin()),
            Text(
                en="{found} is a place in the array; return the rate at this place, {expected}.",
                zh="{found} 是数组中的位置；应当返回这个位置上的学习率 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: np.log(steepest(rates, losses)),
            Text(
                en="{found} is the logarithm of the rate; return the rate itself, {expected}.",
                zh="{found} 是学习率的对数；请返回学习率本身 {expected}。",
            ),
        ),
        Mistake(
            lambda rates, losses: losses[np.gradient(losses, np.log(rates)).argmin()],
            Text(
                en="{found} is the loss at the right place; return the rate there, {expected}.",
                zh="{found} 是正确位置上的损失；请返回那里的学习率 {expected}。",
            ),
        ),
    ),
    otherwise=Text(
        en="Your function gives {found}; this loss falls most steeply at {expected}.",
        zh="你的函数给出 {found}；这条损失曲线下降最快处是 {expected}。",
    ),
    same=_within_one_place,
)


def judge_steepest(answer: Any) -> Text:
    """Judge exercise 6-a: a function that reads a range test."""
    STEEPEST.check(answer)
    return Text(
        en="Steepest on the logarithmic axis, before the lowest loss: where a step of this size "
        "helps most.",
        zh="在对数横轴上下降最快的地方，还没到损失最低处：这么大的步子，此时收效最大。",
    )


# ---------------------------------------------------------------- 6-b: another batch size

ADAPTIVE = ("adam", "rmsprop")


def scaled_rate(rate: float, old: int, new: int, optimizer: str) -> float:
    """Return the learning rate to try with another batch size (Goyal 2017, Malladi 2022)."""
    ratio = new / old
    return rate * (math.sqrt(ratio) if optimizer in ADAPTIVE else ratio)


def _draw_batches(rng: np.random.Generator) -> Case:
    old, new = (2 ** rng.integers(3, 12, 2)).tolist()
    optimizer = str(rng.choice(["sgd", "momentum", "adam", "rmsprop"]))
    return round(float(10 ** rng.uniform(-3, 0)), 3), old, new, optimizer


_WRONG_WAY = Text(
    en="For `{call}` you get {found}: the wrong way round. A larger batch allows a larger rate; "
    "here it should be {expected}.",
    zh="参数为 `{call}` 时，你得到 {found}：方向反了。批越大，学习率可以越大；"
    "这里应为 {expected}。",
)

SCALED = Judgement(
    scaled_rate,
    cases(
        (0.1, 32, 128, "sgd"),
        (0.002, 16, 64, "adam"),
        (0.04, 16, 256, "momentum"),
        (0.008, 1024, 64, "rmsprop"),
        (0.3, 256, 32, "sgd"),
        (0.01, 48, 100, "adam"),
        (0.01, 64, 64, "momentum"),
        draw=_draw_batches,
    ),
    mistakes=(
        Mistake(lambda rate, old, new, name: scaled_rate(rate, new, old, name), _WRONG_WAY),
        Mistake(
            lambda rate, old, new, name: rate * new / old,
            Text(
                en="For `{call}` you get {found}, by the linear rule. Adam and RMSProp divide by "
                "the size of the gradients already: for them it is the square root, {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，用的是线性规则。Adam 和 RMSProp 已经除以"
                "梯度的大小：对它们应当用平方根，即 {expected}。",
            ),
        ),
        Mistake(
            lambda rate, old, new, name: rate * math.sqrt(new / old),
            Text(
                en="For `{call}` you get {found}, by the square-root rule of Adam and RMSProp. "
                "Plain gradient descent, with or without momentum, scales linearly: {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，用的是 Adam 和 RMSProp 的平方根规则。"
                "普通的梯度下降，不论有没有动量，都是线性的：{expected}。",
            ),
        ),
        Mistake(
            lambda rate, old, new, name: (
                rate * (new / old if name in ADAPTIVE else math.sqrt(new / old))
            ),
            Text(
                en="For `{call}` you get {found}: the two rules have changed places. It should be "
                "{expected}.",
                zh="参数为 `{call}` 时，你得到 {found}：两条规则用反了。应为 {expected}。",
            ),
        ),
        *(
            Mistake(
                lambda rate, old, new, name, only=only: (
                    rate * (math.sqrt(new / old) if name == only else new / old)
                ),
                Text(
                    en="For `{call}` you get {found}, by the linear rule. The square-root rule "
                    "holds for Adam and for RMSProp: {expected}.",
                    zh="参数为 `{call}` 时，你得到 {found}，用的是线性规则。Adam 和 RMSProp "
                    "都用平方根规则：{expected}。",
                ),
            )
            for only in ADAPTIVE
        ),
        Mistake(
            lambda rate, old, new, name: (
                rate * (new / old if name == "sgd" else math.sqrt(new / old))
            ),
            Text(
                en="For `{call}` you get {found}, by the square-root rule. With momentum the rule "
                "is linear, as without: {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，用的是平方根规则。有动量与没有动量一样，"
                "都是线性的：{expected}。",
            ),
        ),
        Mistake(
            lambda rate, old, new, name: rate,
            Text(
                en="For `{call}` you get {found}, the old rate. It should be {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，还是原来的学习率。应为 {expected}。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}: the rate times the ratio of the "
        "batch sizes, or times its square root.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：学习率乘以批大小之比，"
        "或乘以它的平方根。",
    ),
    same=near,
    digits=(1, 2, 3, 4),
)


def judge_scaled(answer: Any) -> Text:
    """Judge exercise 6-b: the learning rate for another batch size."""
    SCALED.check(answer)
    return Text(
        en="A start for the search, not its end: above some batch size both rules break.",
        zh="这只是搜索的起点，不是终点：批大到一定程度，两条规则都会失效。",
    )


# ---------------------------------------------------------------- 6-c: early stopping

Epochs = tuple[float | None, float | None]


def stopping(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Return after which epoch a training is stopped, and the best epoch so far, from 1."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def _by_rises(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Compare each loss with the one before."""
    rises = 0
    for epoch in range(1, len(losses)):
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if rises == patience:
            return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1
    return len(losses), int(np.argmin(losses)) + 1


def _never_reset(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Count all epochs without a new lowest loss, not only those in a row."""
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            waited += 1
            if waited == patience:
                return epoch + 1, best + 1
    return len(losses), best + 1


def _equal_is_new(losses: Sequence[float], patience: int) -> tuple[int, int]:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def _wants_more(losses: Sequence[float], patience: int, least: float) -> tuple[int, int]:
    """Take a loss for a new lowest one only where it is lower by so much."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] - least:
            best = epoch
        elif epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def _from_best(losses: Sequence[float], patience: int, best_loss: float) -> tuple[int, int]:
    """Begin with a lowest loss and count from the first epoch on whether one is lower."""
    best, waited = 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        else:
            waited += 1
            if waited == patience:
                return epoch, best
    return len(losses), best


def _first_is_not_new(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Begin with the first loss as the lowest, and count the first epoch as one without a fall."""
    stopped, best = _from_best(losses, patience, losses[0])
    return stopped, max(best, 1)


def _none_at_the_end(losses: Sequence[float], patience: int) -> tuple[int | None, int]:
    """Give no first number where the losses end before it stops."""
    stopped, best = stopping(losses, patience)
    # With one more epoch it would train that one too, unless it has stopped.
    goes_on = stopping([*losses, math.inf], patience)[0] > len(losses)
    return (None if goes_on else stopped), best


def _best_of_all(losses: Sequence[float], patience: int) -> tuple[int, int]:
    return stopping(losses, patience)[0], int(np.argmin(losses)) + 1


def _draw_training(rng: np.random.Generator) -> Case:
    """Return losses in steps of a hundredth, so that there are ties."""
    steps = rng.integers(-2, 3, rng.integers(2, 12))
    losses = np.round(np.maximum(0.5 + np.cumsum(steps) / 100, 0.01), 2)
    return losses.tolist(), int(rng.integers(1, 5))


_READ_PAIR = Text(
    en="Expected two epochs, `(stopped, best)`, got `{found}`.",
    zh="这里应返回两个轮次 `(stopped, best)`，得到的却是 `{found}`。",
)


def _as_epochs(value: Any) -> Epochs:
    """Read a pair of epochs; None stays, since it has an explanation of its own."""
    stopped, best = (_as_epoch(epoch) for epoch in as_pair(value, _READ_PAIR))
    return stopped, best


def _as_epoch(value: Any) -> float | None:
    return None if value is None else as_number(value)


def _told(en: str, zh: str) -> Text:
    return Text(
        en="For `{call}` you return {found}, and it should be {expected}: " + en,
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}：" + zh,
    )


STOPPING = Judgement(
    stopping,
    cases(
        ([0.50, 0.40, 0.35, 0.36, 0.34, 0.37, 0.38, 0.39, 0.41, 0.30, 0.31], 3),
        ([0.9, 0.8, 0.7, 0.6], 2),
        ([0.5, 0.6, 0.4, 0.4, 0.45, 0.47, 0.3], 2),
        ([0.5, 0.4, 0.45, 0.43, 0.44, 0.3], 3),
        ([0.3, 0.4, 0.2], 1),
        # A new lowest loss may be lower by very little.
        ([0.5, 0.498, 0.496, 0.494, 0.492], 2),
        ([0.3002, 0.3001, 0.3, 0.2999], 1),
        ([0.40002, 0.40001, 0.4, 0.41], 2),
        ([0.400001, 0.4000005, 0.4, 0.41], 1),
        ([0.7], 1),
        ([0.5, 0.6, 0.7], 5),
        # Losses begin above 1, and one that almost diverged far above.
        ([1_809.0, 2.3, 1.9, 1.7], 2),
        ([1_809.0, 412.0, 2.3], 1),
        draw=_draw_training,
        n=40,
    ),
    mistakes=(
        Mistake(
            lambda losses, patience: stopping(losses, patience)[::-1],
            Text(
                en="You swapped the two: first the epoch after which it stops, then the best one.",
                zh="两个数的次序反了：先是停止的轮次，再是最好的轮次。",
            ),
        ),
        Mistake(
            _none_at_the_end,
            _told(
                "where it never stops, the first number is the last epoch.",
                "一直不停时，第一个数应是最后一轮。",
            ),
        ),
        Mistake(
            lambda losses, patience: tuple(epoch - 1 for epoch in stopping(losses, patience)),
            _told(
                "you count epochs from 0, the task counts from 1.", "你从 0 数起，题目从 1 数起。"
            ),
        ),
        Mistake(
            lambda losses, patience: (
                stopping(losses, patience)[0],
                stopping(losses, patience)[1] - 1,
            ),
            _told(
                "the second number is a place, counted from 0. Epochs are counted from 1.",
                "第二个数是从 0 数起的位置，而轮次从 1 数起。",
            ),
        ),
        Mistake(
            _first_is_not_new,
            _told(
                "the first epoch has the lowest loss so far, and does not count as one without.",
                "第 1 轮就是到目前为止的最低值，不能算作“没有创新低”的一轮。",
            ),
        ),
        Mistake(
            lambda losses, patience: _from_best(losses, patience, 1.0),
            _told(
                "losses begin above 1, so 1.0 is no start for the lowest one. Begin with "
                "`float('inf')`, or with the first loss.",
                "损失一开始常大于 1，所以最低值不能从 1.0 起步。请用 `float('inf')`，"
                "或者从第一个损失开始。",
            ),
        ),
        Mistake(
            _by_rises,
            _told(
                "you compare each loss with the one before. Compare it with the lowest so far: a "
                "small fall is no new lowest.",
                "你拿每个损失与前一轮比较。应当与到目前为止的最低值比较：略有下降，不等于创了新低。",
            ),
        ),
        Mistake(
            _never_reset,
            _told(
                "you add up all epochs without a new lowest loss. Only those *in a row* count: "
                "begin again at 0 after each new lowest.",
                "你把所有没有创新低的轮次加在了一起。只算连续的：每次创新低之后，都要从 0 重新数。",
            ),
        ),
        Mistake(
            _equal_is_new,
            _told(
                "you take an equal loss for a new lowest one. Compare with `<`.",
                "你把相等的损失当作了新的最低值。请用 `<` 比较。",
            ),
        ),
        *(
            Mistake(
                lambda losses, patience, least=least: _wants_more(losses, patience, least),
                _told(
                    "here each new lowest loss is only a little lower, and you do not count it. "
                    "Any is new that is lower at all.",
                    "这里每次新低都只低一点点，你没有算它。只要更低，就是新低。",
                ),
            )
            for least in (0.01, 0.005, 0.001, 0.0001, 1e-5, 1e-6)
        ),
        Mistake(
            lambda losses, patience: (len(losses), int(np.argmin(losses)) + 1),
            _told(
                "you looked at all losses. When it stops, the later ones do not exist yet.",
                "你看了全部损失。停下的时候，后面的损失还不存在。",
            ),
        ),
        Mistake(
            _best_of_all,
            _told(
                "it stops at the right epoch, but the best one is looked for among all losses. "
                "When it stops, the later ones do not exist yet.",
                "停止的轮次对了，但最好的一轮是在全部损失里找的。停下的时候，后面的损失还不存在。",
            ),
        ),
        Mistake(
            lambda losses, patience: stopping(losses, patience + 1),
            _told(
                "it stops one epoch late. It stops as soon as so many epochs in a row as "
                "`patience` says are without a new lowest loss.",
                "晚停了一轮。连续没有新低的轮数一达到 `patience`，就要停下。",
            ),
        ),
        Mistake(
            lambda losses, patience: stopping(losses, max(patience - 1, 1)),
            _told(
                "it stops one epoch early. Wait until so many epochs in a row as `patience` says "
                "are without a new lowest loss.",
                "早停了一轮。要等到连续没有新低的轮数达到 `patience`。",
            ),
        ),
        Mistake(
            lambda losses, patience: stopping(losses, 1),
            _told(
                "it stops at the first epoch without a new lowest loss. A single rise is noise: "
                "wait for `patience` epochs in a row.",
                "第一次没有创新低就停了。升高一次只是噪声：要连续等 `patience` 轮。",
            ),
        ),
        Mistake(
            lambda losses, patience: (
                stopping(losses, patience)[0],
                losses[stopping(losses, patience)[1] - 1],
            ),
            _told(
                "the second number is the lowest loss. Return the epoch after which it was "
                "measured.",
                "第二个数是最低的损失。请返回测得它的那一轮。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you return {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}。",
    ),
    read=_as_epochs,
)


def judge_stopping(answer: Any) -> Text:
    """Judge exercise 6-c: after which epoch a training is stopped, and which one is kept."""
    STOPPING.check(answer)
    return Text(
        en="Trained up to the first, and back to the weights of the second.",
        zh="训练到第一个数那一轮为止，再取回第二个数那一轮的权重。",
    )


# ---------------------------------------------------------------- 6-d: how many seeds


def _exact(spread: float, difference: float) -> float:
    return 16 * (spread / difference) ** 2


def seeds_needed(spread: float, difference: float) -> int:
    """Return how many seeds each of two settings needs (Lehr 1992)."""
    return math.ceil(_exact(spread, difference) - 1e-9)


def _draw_spread(rng: np.random.Generator) -> Case:
    return round(float(rng.uniform(0.1, 2)), 2), round(float(rng.uniform(0.1, 2)), 2)


def _clear(case: Case) -> bool:
    """Whether no rounding error can turn a whole number into the next."""
    exact = _exact(*case)
    return abs(exact - round(exact)) > 1e-6


_ROUND_UP = Text(
    en="For `{call}` you get {found}: there is no fraction of a seed, and fewer would not do. "
    "Round up: {expected}.",
    zh="参数为 `{call}` 时，你得到 {found}：种子没有几分之几个，少了又不够。向上取整：{expected}。",
)


def _factor(factor: float) -> Mistake:
    return Mistake(
        lambda spread, difference: math.ceil(factor * (spread / difference) ** 2),
        Text(
            en="For `{call}` you get {found}; it should be {expected}: the factor of Lehr's rule "
            f"is 16, not {factor:g}.",
            zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：Lehr 规则的系数是 16，"
            f"不是 {factor:g}。",
        ),
    )


SEEDS = Judgement(
    seeds_needed,
    cases(
        (0.5, 1.0),
        (0.5, 0.5),
        (1.5, 0.5),
        (0.25, 0.3),
        (0.1, 1.0),
        *(case for case in cases(draw=_draw_spread) if _clear(case)),
    ),
    mistakes=(
        Mistake(_exact, _ROUND_UP),
        Mistake(lambda spread, difference: math.floor(_exact(spread, difference)), _ROUND_UP),
        Mistake(lambda spread, difference: round(_exact(spread, difference)), _ROUND_UP),
        Mistake(
            lambda spread, difference: math.floor(_exact(spread, difference)) + 1,
            Text(
                en="For `{call}` you get {found}; exactly {expected} are enough. Round up instead "
                "of adding 1.",
                zh="参数为 `{call}` 时，你得到 {found}；其实正好 {expected} 个就够。"
                "请向上取整，而不是加 1。",
            ),
        ),
        Mistake(
            lambda spread, difference: 16 * math.ceil((spread / difference) ** 2),
            Text(
                en="For `{call}` you get {found}: round up after multiplying by 16, not before: "
                "{expected}.",
                zh="参数为 `{call}` 时，你得到 {found}：应当先乘以 16，再向上取整：{expected}。",
            ),
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="For `{call}` you get {found}; it should be {expected}: the ratio is "
                    "squared.",
                    zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：比值要平方。",
                ),
            )
            for mistaken in (
                lambda spread, difference: 16 * spread / difference,
                lambda spread, difference: math.ceil(16 * spread / difference),
            )
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="For `{call}` you get {found}; it should be {expected}: upside down. More "
                    "noise needs more seeds, a larger difference fewer.",
                    zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：分子分母颠倒了。"
                    "噪声越大，种子要越多；差别越大，种子可以越少。",
                ),
            )
            for mistaken in (
                lambda spread, difference: 16 * (difference / spread) ** 2,
                lambda spread, difference: math.ceil(16 * (difference / spread) ** 2),
            )
        ),
        Mistake(
            lambda spread, difference: math.ceil((16 * spread / difference) ** 2),
            Text(
                en="For `{call}` you get {found}; it should be {expected}: only the ratio is "
                "squared, not the 16.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：只有比值要平方，16 不用。",
            ),
        ),
        _factor(1),
        _factor(4),
        _factor(8),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}: 16 times the square of spread "
        "over difference, rounded up.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：16 乘以（标准差 / 差别）的平方，"
        "向上取整。",
    ),
)


def judge_seeds(answer: Any) -> Text:
    """Judge exercise 6-d: how many seeds each of two settings needs."""
    SEEDS.check(answer)
    return Text(
        en="Half the difference, four times the seeds. Small gains are expensive to prove.",
        zh="要分辨的差别减半，种子就要增加到四倍。要证明一点点改进，代价很高。",
    )


# ---------------------------------------------------------------- 6-e: read a sweep

_AN_ACCURACY = Text(
    en='"{name}": {found} is the accuracy of a highest point (the vertical axis); asked for is '
    "the learning rate below it (the horizontal axis).",
    zh='"{name}"：{found} 是最高点的准确率（纵轴）；要填的是它下方的学习率（横轴）。',
)

SWEEP = Reading(
    right={"edge": "256", "rule": "linear"},
    choices={"edge": ("16", "64", "256"), "rule": ("linear", "square root", "none")},
    meanings={
        "linear": Text(en="linear", zh="线性"),
        "square root": Text(en="square root", zh="平方根"),
        "none": Text(en="none", zh="都不是"),
    },
    also={"sqrt": "square root"},
    numbers={"best 16": (0.012, 0.022), "best 64": (0.045, 0.09)},
    # The tops are 0.915 high, the curve of 256 ends at 0.878.
    regions={"accuracy": (0.85, 0.95), "accuracy in per cent": (85, 95)},
    wrong={
        ("edge", "16"): Text(
            en='"edge": the curve of 16 has its top well inside, with lower values on both sides.',
            zh='"edge"：16 的曲线，最高点在中间，两边都更低。',
        ),
        ("edge", "64"): Text(
            en='"edge": the curve of 64 turns down before its last rate.',
            zh='"edge"：64 的曲线，在最后一个学习率之前就掉头向下了。',
        ),
        ("rule", "square root"): Text(
            en='"rule": from batches of 16 to batches of 64 is a factor of 4. By which factor does '
            "the best rate grow?",
            zh='"rule"：批大小从 16 到 64 是 4 倍。最好的学习率变为几倍？',
        ),
        ("rule", "none"): Text(
            en='"rule": from batches of 16 to batches of 64 the top moves to the right. By which '
            "factor?",
            zh='"rule"：批大小从 16 到 64，最高点向右移了。最好的学习率变为几倍？',
        ),
        **{
            (name, region): _AN_ACCURACY
            for name in ("best 16", "best 64")
            for region in ("accuracy", "accuracy in per cent")
        },
        ("best 64", "high"): Text(
            en='"best 64": {found} is beyond the top of its curve.',
            zh='"best 64"：{found} 已经过了曲线的最高点。',
        ),
        ("best 16", "high"): Text(
            en='"best 16": {found} is beyond the top of its curve.',
            zh='"best 16"：{found} 已经过了曲线的最高点。',
        ),
    },
    otherwise=Text(
        en='"{name}": {found} is not it. Follow one curve at a time to its highest point, and read '
        "the learning rate below it; the axis is logarithmic.",
        zh='"{name}"：{found} 不对。一次只看一条曲线，找到最高点，再读出它下方的学习率；'
        "横轴是对数刻度。",
    ),
)


def judge_sweep(answer: Any) -> Text:
    """Judge exercise 6-e: where the best rates lie, and whether they scale with the batch."""
    SWEEP.check(answer)
    return Text(
        en="Four times the batch, four times the rate: the tops follow the linear rule. (They are "
        "flat: for batches of 64 the square-root rule's 0.032 is only 0.3 points lower, and three "
        "seeds cannot tell that from chance.) For batches of 256 the linear rule predicts 0.26, "
        "and that lies outside the sweep: go on there.",
        zh="批大小变为 4 倍，学习率也是 4 倍：最高点符合线性规则。（不过顶部很平："
        "批大小 64 时，平方根规则给出的 0.032 只低 0.3 个百分点，三个种子还分不出来。）"
        "对批大小 256，线性规则预言 0.26，而那在扫描范围之外：接着往那里试。",
    )


# ---------------------------------------------------------------- 6-f: design a comparison

# Measured with 16 seeds each: training digits, standard deviation in points, seconds a run.
COSTS = {1_000: (2.6, 0.05), 4_000: (0.45, 0.1), 16_000: (0.36, 0.3)}
DIFFERENCE = 0.5
SECONDS = 5.0
POWER = 0.8


_BY_THE_RULE = Text(
    en=" That is as many seeds as Lehr's rule says; it is approximate, and one more makes sure.",
    zh="按 Lehr 的规则正好这么多个种子；规则是近似的，再多取一个就稳妥了。",
)


def judge_plan(answer: Any) -> Text:
    """Judge exercise 6-f: digits and seeds that find a difference four times out of five."""
    plan = named(answer, ("training_size", "seeds"))
    size, seeds = (named_whole_number(name, plan[name]) for name in ("training_size", "seeds"))
    if size not in COSTS:
        raise Wrong(
            Text(
                en='"training_size" has {found:,}; it was measured for {allowed}.',
                zh='"training_size" 填的是 {found:,}；测量过的有 {allowed}。',
            ),
            found=size,
            allowed=listed(f"{size:,}" for size in COSTS),
        )
    spread, seconds = COSTS[size]
    cost, power = 2 * seeds * seconds, power_of(seeds, spread)
    values = {"size": size, "seeds": seeds, "cost": cost, "power": power, "spread": spread}
    if power < POWER and seeds < seeds_needed(spread, DIFFERENCE):
        raise Wrong(
            Text(
                en="With {seeds} seeds each and a spread of {spread:g} points, a difference of "
                "half "
                "a point is found {power:.1%} of the time; 80 % is wanted.",
                zh="各用 {seeds} 个种子，标准差 {spread:g} 个百分点：半个百分点的差别，"
                "有 {power:.1%} 的机会发现；要求 80%。",
            ),
            **values,
        )
    if cost > SECONDS:
        raise Wrong(
            Text(
                en="Two settings with {seeds} seeds each take {cost:.1f} seconds, and there are "
                "5. "
                "Is there a cheaper plan that still tells?",
                zh="两种设置各用 {seeds} 个种子，要 {cost:.1f} 秒，而只有 5 秒。"
                "有没有更省、又分得出来的办法？",
            ),
            **values,
        )
    short = show_short_of(power, POWER) if power < POWER else f"{power:.0%}"
    rule = _BY_THE_RULE if power < POWER else Text(en="", zh="")
    return Text(
        en=f"Found {short} of the time, in {cost:.1f} seconds.{rule.en} With 1,000 digits it "
        "would take some 440 seeds each: a cheap training that scatters much is not cheap.",
        zh=f"有 {short} 的机会发现，用 {cost:.1f} 秒。{rule.zh}若用 1,000 个样本，"
        "各要约 440 个种子：便宜但波动大的训练，其实并不便宜。",
    )


def power_of(seeds: int, spread: float, difference: float = DIFFERENCE) -> float:
    """Return how often two means of so many seeds differ by two standard errors or more."""
    from scipy.stats import norm

    error = spread * math.sqrt(2 / seeds)
    return float(norm.sf(2 - difference / error) + norm.cdf(-2 - difference / error))


JUDGES: dict[str, Judge] = {
    "6-a": judge_steepest,
    "6-b": judge_scaled,
    "6-c": judge_stopping,
    "6-d": judge_seeds,
    "6-e": judge_sweep,
    "6-f": judge_plan,
}
