"""Chapter 6: reading a range test, scaling a learning rate, stopping early, counting seeds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, as_function, as_number, close, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text
from hpt_widgets.language.exercises import TEXTS


def _number(found: Any) -> float:
    """Read what a reader's function returned."""
    if found is None:
        raise Wrong(TEXTS["returned_none"])
    return as_number(found)


# ---------------------------------------------------------------- 6-a: the steepest descent

RATES = np.geomspace(1e-5, 1.0, 51)


def logistic_loss(middle: float) -> FloatArray:
    """Return a smoothed loss that falls from 2.3, steepest at `middle`, and then rises."""
    fall: FloatArray = 2.3 - 2.0 / (1 + (middle / RATES) ** 1.5) + 8 * RATES**2
    return fall


LOSSES = (logistic_loss(0.001), logistic_loss(0.0001), logistic_loss(0.01))


def steepest(rates: FloatArray, losses: FloatArray) -> float:
    """Return the rate of the steepest descent over the logarithm."""
    return float(rates[np.gradient(losses, np.log(rates)).argmin()])


def judge_steepest(answer: Any) -> Text:
    """Judge exercise 6-a: a function that reads a range test."""
    function = as_function(answer)
    for losses in LOSSES:
        found = _number(call(function, RATES, losses))
        expected = steepest(RATES, losses)
        if not _is_near(found, expected):
            values = {"found": found, "expected": expected}
            raise Wrong(_wrong_rate(found, losses), **values)
    return Text(
        en="Steepest on the logarithmic axis, before the lowest loss: where a step of this size "
        "helps most.",
        zh="在对数横轴上下降最快的地方，还没到损失最低处：这么大的步子，此时收效最大。",
    )


def _is_near(found: float, expected: float) -> bool:
    """Whether they are at most one place of `RATES` apart: slopes can be taken in many ways."""
    return found > 0 and abs(math.log(found / expected)) < 1.01 * math.log(RATES[1] / RATES[0])


def _wrong_rate(found: float, losses: FloatArray) -> Text:
    slopes = np.gradient(losses, np.log(RATES))
    if _is_near(found, float(RATES[losses.argmin()])):
        return Text(
            en="{found:.2g} is where the loss is lowest: there it has stopped falling, and the "
            "next step may lead up. Take the place where it falls most steeply, here "
            "{expected:.2g}.",
            zh="{found:.2g} 是损失最低处：那里已经不再下降，再大一点就可能上升。"
            "要取下降最快处，这里是 {expected:.2g}。",
        )
    if _is_near(found, float(RATES[slopes.argmax()])):
        return Text(
            en="{found:.2g} is where the loss rises fastest: a descent has a negative slope, so "
            "look for the smallest one (`argmin`).",
            zh="{found:.2g} 是损失上升最快处：下降的斜率是负的，应当找最小的斜率（`argmin`）。",
        )
    if _is_near(found, float(RATES[np.gradient(losses, RATES).argmin()])):
        return Text(
            en="{found:.2g} is steepest over the rate itself. The axis is logarithmic: take the "
            "slope over `np.log(rates)`; it is steepest at {expected:.2g}.",
            zh="{found:.2g} 是对学习率本身求斜率的结果。横轴是对数刻度：应当对 `np.log(rates)` "
            "求斜率，最陡处是 {expected:.2g}。",
        )
    if float(found).is_integer() and 1 < found < len(RATES):
        return Text(
            en="{found:.0f} is a place in the array; return the rate at this place.",
            zh="{found:.0f} 是数组中的位置；应当返回这个位置上的学习率。",
        )
    return Text(
        en="Your function gives {found:.2g}; this loss falls most steeply at {expected:.2g}.",
        zh="你的函数给出 {found:.2g}；这条损失曲线下降最快处是 {expected:.2g}。",
    )


# ---------------------------------------------------------------- 6-b: another batch size

SCALED = (
    (0.1, 32, 128, "sgd", 0.4),
    (0.002, 16, 64, "adam", 0.004),
    (0.04, 16, 256, "momentum", 0.64),
    (0.008, 1024, 64, "rmsprop", 0.002),
    (0.3, 256, 32, "sgd", 0.0375),
)


def judge_scaled(answer: Any) -> Text:
    """Judge exercise 6-b: the learning rate for another batch size."""
    function = as_function(answer)
    for rate, old, new, optimizer, expected in SCALED:
        found = _number(call(function, rate, old, new, optimizer))
        if not close(found, expected):
            raise Wrong(
                _wrong_scale(found, rate, new / old, optimizer),
                found=found,
                expected=expected,
                call=f"({rate:g}, {old}, {new}, {optimizer!r})",
            )
    return Text(
        en="A start for the search, not its end: above some batch size both rules break.",
        zh="这只是搜索的起点，不是终点：批大到一定程度，两条规则都会失效。",
    )


def _wrong_scale(found: float, rate: float, factor: float, optimizer: str) -> Text:
    adaptive = optimizer in ("adam", "rmsprop")
    if close(found, rate / factor) or close(found, rate / math.sqrt(factor)):
        return Text(
            en="{call} gives {found:g}: the wrong way round. A larger batch bears a larger rate, "
            "here {expected:g}.",
            zh="{call} 得到 {found:g}：方向反了。批越大，学习率可以越大，这里应为 {expected:g}。",
        )
    if adaptive and close(found, rate * factor):
        return Text(
            en="{call} gives {found:g}, which is the linear rule. Adam and RMSprop divide by the "
            "size of the gradients already: for them it is the square root, {expected:g}.",
            zh="{call} 得到 {found:g}，用的是线性规则。Adam 和 RMSprop 已经除以梯度的大小："
            "对它们应当用平方根，即 {expected:g}。",
        )
    if not adaptive and close(found, rate * math.sqrt(factor)):
        return Text(
            en="{call} gives {found:g}, which is the square-root rule of Adam and RMSprop. Plain "
            "gradient descent, with or without momentum, scales linearly: {expected:g}.",
            zh="{call} 得到 {found:g}，用的是 Adam 和 RMSprop 的平方根规则。普通的梯度下降，"
            "不论有没有动量，都是线性的：{expected:g}。",
        )
    if close(found, rate):
        return Text(
            en="{call} gives {found:g}, the old rate. Expected {expected:g}.",
            zh="{call} 得到 {found:g}，还是原来的学习率。应为 {expected:g}。",
        )
    return Text(
        en="{call} gives {found:g}, expected {expected:g}: the rate times the ratio of the batch "
        "sizes, or times its square root.",
        zh="{call} 得到 {found:g}，应为 {expected:g}：学习率乘以批大小之比，或乘以它的平方根。",
    )


# ---------------------------------------------------------------- 6-c: early stopping

STOPPED = (
    ([0.50, 0.40, 0.35, 0.36, 0.34, 0.37, 0.38, 0.39, 0.41, 0.30, 0.31], 3),
    ([0.9, 0.8, 0.7, 0.6], 2),
    ([0.5, 0.6, 0.4, 0.4, 0.45, 0.47, 0.3], 2),
    ([0.5, 0.4, 0.45, 0.43, 0.44, 0.3], 3),
    ([0.3, 0.4, 0.2], 1),
)


def stopping(losses: list[float], patience: int) -> tuple[int, int]:
    """Return after which epoch a training is stopped, and the best epoch so far, from 1."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def _by_rises(losses: list[float], patience: int) -> tuple[int, int]:
    """Return what comes out where each loss is compared with the one before."""
    rises = 0
    for epoch in range(1, len(losses)):
        rises = rises + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if rises == patience:
            return epoch + 1, int(np.argmin(losses[: epoch + 1])) + 1
    return len(losses), int(np.argmin(losses)) + 1


def judge_stopping(answer: Any) -> Text:
    """Judge exercise 6-c: after which epoch a training is stopped, and which one is kept."""
    function = as_function(answer)
    for losses, patience in STOPPED:
        expected = stopping(losses, patience)
        found = call(function, list(losses), patience)
        pair = _as_pair(found)
        if pair != expected:
            raise Wrong(
                _wrong_stop(pair, losses, patience, expected),
                found=show(found),
                expected=expected,
                losses=losses,
                patience=patience,
            )
    return Text(
        en="Trained up to the first, and back to the weights of the second.",
        zh="训练到第一个数那一轮为止，再取回第二个数那一轮的权重。",
    )


def _as_pair(found: Any) -> tuple[float, float]:
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if found is None:
        raise Wrong(TEXTS["returned_none"])
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong(
            Text(
                en="Expected two epochs, `(stopped, best)`, got `{found}`.",
                zh="这里应返回两个轮次 `(stopped, best)`，得到的却是 `{found}`。",
            ),
            found=show(found),
        )
    return as_number(found[0]), as_number(found[1])


def _wrong_stop(
    pair: tuple[float, float], losses: list[float], patience: int, expected: tuple[int, int]
) -> Text:
    stopped, best = expected
    rise = next((i + 1 for i in range(1, len(losses)) if losses[i] >= losses[i - 1]), len(losses))
    if pair == (best, stopped):
        return Text(
            en="You swapped the two: first the epoch after which it stops, then the best one.",
            zh="两个数的次序反了：先是停止的轮次，再是最好的轮次。",
        )
    if pair == (stopped - 1, best - 1):
        return Text(
            en="{losses} with patience={patience} gives {found}, expected {expected}: you count "
            "epochs from 0, the task counts from 1.",
            zh="{losses}、patience={patience} 得到 {found}，应为 {expected}："
            "你从 0 数起，题目从 1 数起。",
        )
    if pair == _by_rises(losses, patience):
        return Text(
            en="{losses} with patience={patience} gives {found}, expected {expected}: you compare "
            "each loss with the one before. Compare it with the lowest so far: a small fall is "
            "no new lowest.",
            zh="{losses}、patience={patience} 得到 {found}，应为 {expected}：你拿每个损失与"
            "前一轮比较。应当与到目前为止的最低值比较：略有下降，不等于创了新低。",
        )
    if pair[0] == len(losses) and stopped < len(losses):
        return Text(
            en="{losses} with patience={patience} gives {found}, expected {expected}: you looked "
            "at all losses. When it stops, the later ones do not exist yet.",
            zh="{losses}、patience={patience} 得到 {found}，应为 {expected}：你看了全部损失。"
            "停下的时候，后面的损失还不存在。",
        )
    if pair[0] == rise and patience > 1:
        return Text(
            en="{losses} with patience={patience} gives {found}, expected {expected}: a single "
            "rise is noise. Wait until {patience} epochs in a row brought nothing better than "
            "the best.",
            zh="{losses}、patience={patience} 得到 {found}，应为 {expected}：升高一次只是噪声。"
            "要等到连续 {patience} 轮都没有比最好的更好。",
        )
    if pair[0] == stopped + 1 or pair[0] == stopped - 1:
        return Text(
            en="{losses} with patience={patience} gives {found}, expected {expected}: one epoch "
            "off. It stops once {patience} epochs in a row are without a new lowest loss; an equal "
            "loss is none.",
            zh="{losses}、patience={patience} 得到 {found}，应为 {expected}：差了一轮。"
            "连续第 {patience} 轮没有新的最低损失时停下；相等不算新的最低。",
        )
    return Text(
        en="{losses} with patience={patience} gives {found}, expected {expected}.",
        zh="{losses}、patience={patience} 得到 {found}，应为 {expected}。",
    )


# ---------------------------------------------------------------- 6-d: how many seeds

SEEDS = ((0.5, 1.0, 4), (0.5, 0.5, 16), (1.5, 0.5, 144), (0.25, 0.3, 12), (0.1, 1.0, 1))


def judge_seeds(answer: Any) -> Text:
    """Judge exercise 6-d: how many seeds each of two settings needs."""
    function = as_function(answer)
    for spread, difference, expected in SEEDS:
        found = _number(call(function, spread, difference))
        if found != expected:
            raise Wrong(
                _wrong_seeds(found, spread, difference),
                found=found,
                expected=expected,
                call=f"({spread:g}, {difference:g})",
            )
    return Text(
        en="Half the difference, four times the seeds. Small gains are dear to prove.",
        zh="要分辨的差别减半，种子就要增加到四倍。要证明一点点改进，代价很高。",
    )


def _wrong_seeds(found: float, spread: float, difference: float) -> Text:
    exact = 16 * (spread / difference) ** 2
    if close(found, exact) or found == math.floor(exact):
        return Text(
            en="{call} gives {found:g}: there is no fraction of a seed, and fewer would not do. "
            "Round up: {expected}.",
            zh="{call} 得到 {found:g}：种子没有几分之几个，少了又不够。向上取整：{expected}。",
        )
    if found in (16 * spread / difference, math.ceil(16 * spread / difference)):
        return Text(
            en="{call} gives {found:g}, expected {expected}: the ratio is squared.",
            zh="{call} 得到 {found:g}，应为 {expected}：比值要平方。",
        )
    inverse = 16 * (difference / spread) ** 2
    if found in (inverse, math.ceil(inverse)):
        return Text(
            en="{call} gives {found:g}, expected {expected}: upside down. More noise needs more "
            "seeds, a larger difference fewer.",
            zh="{call} 得到 {found:g}，应为 {expected}：分子分母颠倒了。噪声越大，种子要越多；"
            "差别越大，种子可以越少。",
        )
    return Text(
        en="{call} gives {found:g}, expected {expected}: 16 times the square of spread over "
        "difference, rounded up.",
        zh="{call} 得到 {found:g}，应为 {expected}：16 乘以（标准差 / 差别）的平方，向上取整。",
    )


JUDGES: dict[str, Judge] = {
    "6-a": judge_steepest,
    "6-b": judge_scaled,
    "6-c": judge_stopping,
    "6-d": judge_seeds,
}
