"""Chapter 4.1: gradient descent, its limit, and momentum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, as_array, as_function, as_number, close, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, NotAnswered, Wrong
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 4.1-a: descend


def _path(start: float, learning_rate: float, steps: int) -> FloatArray:
    """Return the closed form of gradient descent on θ²: θₖ = θ₀ (1 - 2η)ᵏ."""
    return np.asarray(start * (1 - 2 * learning_rate) ** np.arange(steps + 1.0))


def judge_descend(answer: Any) -> Text:
    """Judge exercise 4.1-a: gradient descent on θ²."""
    function = as_function(answer)
    start, learning_rate, steps = 2.0, 0.1, 5
    found = as_array(call(function, start, learning_rate, steps))
    if not close(found, _path(start, learning_rate, steps)):
        raise _wrong_path(found, start, learning_rate, steps)
    _check_arguments(function)
    return Text(
        en="2, 1.6, 1.28, …: each step keeps 1 - 2η = 0.8 of θ.",
        zh="2，1.6，1.28，……：每一步都使 θ 变为原来的 1 - 2η = 0.8。",
    )


def _wrong_path(found: FloatArray, start: float, learning_rate: float, steps: int) -> Wrong:
    right = _path(start, learning_rate, steps)
    counts = np.arange(steps + 1.0)
    candidates = (
        (
            start * (1 + 2 * learning_rate) ** counts,
            Text(
                en="θ grows: you add the gradient. Descent subtracts it.",
                zh="θ 在变大：你加上了梯度。下降应当减去梯度。",
            ),
        ),
        (
            start * (1 - learning_rate) ** counts,
            Text(
                en="Each step keeps 0.9 of θ instead of 0.8: the derivative of θ² is 2θ, not θ.",
                zh="每一步使 θ 变为原来的 0.9，而不是 0.8：θ² 的导数是 2θ，不是 θ。",
            ),
        ),
        (
            start * (1 - learning_rate * 2 * counts),
            Text(
                en="All your steps are equally long: compute the gradient anew at each θ.",
                zh="你的每一步都一样长：每到一个新的 θ，都要重新计算梯度。",
            ),
        ),
        (
            right**2,
            Text(
                en="These are the losses θ². Return the values of θ themselves.",
                zh="这些是损失 θ²。请返回 θ 本身的值。",
            ),
        ),
        (
            right[-1],
            Text(
                en="This is the last θ alone. Return all of them, from the start on.",
                zh="这只是最后一个 θ。请从起点开始，返回全部的值。",
            ),
        ),
        (
            right[1:],
            Text(
                en="The steps are right, but the start is missing from the list.",
                zh="每一步都对，但列表里少了起点。",
            ),
        ),
        (
            right[:-1],
            Text(
                en="The last step is missing: after {steps} steps there are {n} values.",
                zh="少了最后一步：走 {steps} 步应有 {n} 个值。",
            ),
        ),
        (
            _path(start, learning_rate, steps + 1),
            Text(
                en="One step too many: after {steps} steps there are {n} values.",
                zh="多走了一步：走 {steps} 步应有 {n} 个值。",
            ),
        ),
    )
    for values, text in candidates:
        if close(found, values):
            return Wrong(text, steps=steps, n=steps + 1)
    return _first_difference(found, right)


def _first_difference(found: FloatArray, right: FloatArray) -> Wrong:
    if found.shape != right.shape:
        return Wrong(
            Text(
                en="From θ = 2, five steps give 6 values, the start among them; yours has the "
                "shape {found}.",
                zh="从 θ = 2 出发走五步，连起点共有 6 个值；你的结果形状是 {found}。",
            ),
            found=found.shape,
        )
    k = int(np.argmin(np.isclose(found, right)))
    return Wrong(
        Text(
            en="From θ = 2 with η = 0.1, value number {k} should be {right:g}, not {found:g} "
            "(the start is number 0).",
            zh="从 θ = 2、η = 0.1 出发，第 {k} 个值应为 {right:g}，"
            "而不是 {found:g}（起点是第 0 个）。",
        ),
        k=k,
        right=right[k],
        found=found[k],
    )


def _check_arguments(function: Callable[..., Any]) -> None:
    found = as_array(call(function, -3.0, 0.25, 4))
    if close(found, _path(-3.0, 0.25, 4)):
        return
    if found.shape != (5,):
        ignored = "steps"
    elif close(found, _path(-3.0, 0.1, 4)):
        ignored = "learning_rate"
    elif close(found, _path(2.0, 0.25, 4)):
        ignored = "start"
    else:
        raise Wrong(
            Text(
                en="Right from θ = 2 with η = 0.1, but from θ = -3 with η = 0.25 your function "
                "gives {found}.",
                zh="从 θ = 2、η = 0.1 出发是对的；但从 θ = -3、η = 0.25 出发，"
                "你的函数给出 {found}。",
            ),
            found=show(found.tolist()),
        )
    raise Wrong(
        Text(
            en="Right for the example, but your function does not use its argument `{name}`.",
            zh="例子算对了，但你的函数没有用到参数 `{name}`。",
        ),
        name=ignored,
    )


# ---------------------------------------------------------------- 4.1-b: the limit

# J(x, y) = x² + 10 y²: the second derivatives.
CURVATURES = (2.0, 20.0)
LIMIT = 2 / max(CURVATURES)


def judge_largest_rate(answer: Any) -> Text:
    """Judge exercise 4.1-b: the largest stable learning rate of x² + 10 y²."""
    rate = as_number(answer)
    if abs(rate - LIMIT) <= 0.01 * LIMIT:
        return Text(
            en="The limit is 2/λmax = 2/20 = 0.1: at it, y jumps from side to side for ever; "
            "below it, y shrinks.",
            zh="稳定界限是 2/λmax = 2/20 = 0.1：恰好取它时，y 永远左右来回跳；比它小，y 才会缩小。",
        )
    raise Wrong(_explain_rate(rate), rate=rate, factor=abs(1 - rate * max(CURVATURES)))


def _explain_rate(rate: float) -> Text:
    candidates = (
        (
            2 / 10,
            Text(
                en="0.2 takes 10 for the curvature. The curvature is the second derivative: that "
                "of 10y² is 20.",
                zh="0.2 是把 10 当作了曲率。曲率是二阶导数：10y² 的二阶导数是 20。",
            ),
        ),
        (
            2 / min(CURVATURES),
            Text(
                en="1.0 is the limit along x, the flat direction. The steep one, y, diverges "
                "first.",
                zh="1.0 是平缓方向 x 上的界限。陡的方向 y 会先发散。",
            ),
        ),
        (
            1 / max(CURVATURES),
            Text(
                en="0.05 = 1/λmax brings y to 0 in one step, and is stable. But rates up to twice "
                "that still are.",
                zh="0.05 = 1/λmax 能让 y 一步到 0，是稳定的；但直到它的两倍都还稳定。",
            ),
        ),
        (
            2 / sum(CURVATURES),
            Text(
                en="2/(λmin + λmax) is the rate that converges fastest; the largest stable one is "
                "greater.",
                zh="2/(λmin + λmax) 是收敛最快的学习率；稳定的最大值比它大。",
            ),
        ),
    )
    for value, text in candidates:
        if close(rate, value, 0.005):
            return text
    if rate <= 0:
        return Text(
            en="A learning rate is greater than 0; {rate:g} stands still or climbs.",
            zh="学习率必须大于 0；{rate:g} 会原地不动或向上爬。",
        )
    if rate > LIMIT:
        return Text(
            en="At {rate:g} each step multiplies y by {factor:.3g} in size, more than 1: it "
            "diverges.",
            zh="学习率为 {rate:g} 时，每一步使 |y| 变为原来的 {factor:.3g} 倍，大于 1：会发散。",
        )
    return Text(
        en="{rate:g} is stable (each step leaves {factor:.3g} of |y|), but it is not the largest "
        "that is.",
        zh="{rate:g} 是稳定的（每一步使 |y| 变为原来的 {factor:.3g} 倍），但还不是最大的。",
    )


# ---------------------------------------------------------------- 4.1-c: momentum

Update = Callable[[Any, Any, Any, float, float], tuple[Any, Any]]
START = np.array([2.0, -1.0])


def _momentum(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    velocity = m * velocity - rate * gradient
    return theta + velocity, velocity


def _as_given(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    del velocity
    velocity = -rate * gradient
    return theta + m * velocity, velocity


def _plain(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    del velocity, m
    return theta - rate * gradient, -rate * gradient


def _momentum_twice(
    theta: Any, velocity: Any, gradient: Any, rate: float, m: float
) -> tuple[Any, Any]:
    velocity = m * velocity - rate * gradient
    return theta + m * velocity, velocity


def _no_friction(
    theta: Any, velocity: Any, gradient: Any, rate: float, m: float
) -> tuple[Any, Any]:
    del m
    velocity = velocity - rate * gradient
    return theta + velocity, velocity


def _average(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    velocity = m * velocity + (1 - m) * gradient
    return theta - rate * velocity, velocity


def _nesterov(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    velocity = m * velocity - rate * gradient
    return theta + m * velocity - rate * gradient, velocity


def _old_velocity(
    theta: Any, velocity: Any, gradient: Any, rate: float, m: float
) -> tuple[Any, Any]:
    return theta + velocity, m * velocity - rate * gradient


def _climbing(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    velocity = m * velocity + rate * gradient
    return theta + velocity, velocity


_WRONG_UPDATES: tuple[tuple[Update, Text], ...] = (
    (
        _plain,
        Text(
            en="This walks exactly as plain gradient descent does: the new velocity still forgets "
            "the old one.",
            zh="它走得和普通梯度下降一模一样：新的速度仍然忘掉了旧的速度。",
        ),
    ),
    (
        _momentum_twice,
        Text(
            en="The velocity now remembers, but `momentum` is applied twice: θ moves by the whole "
            "velocity.",
            zh="速度现在有了记忆，但 `momentum` 乘了两次：θ 应当移动整个速度。",
        ),
    ),
    (
        _no_friction,
        Text(
            en="The old velocity is kept whole. Only the share `momentum` of it may stay, or the "
            "ball never comes to rest.",
            zh="旧的速度全部保留了。只能保留其中的 `momentum` 倍，否则小球永远停不下来。",
        ),
    ),
    (
        _average,
        Text(
            en="This averages the gradients, as Adam does, which makes the steps (1 - momentum) "
            "times shorter. In momentum they add up: leave out the factor (1 - momentum).",
            zh="这是对梯度求滑动平均（Adam 的做法），步子缩短为 (1 - momentum) 倍。"
            "动量法是把它们累加：去掉因子 (1 - momentum)。",
        ),
    ),
    (
        _nesterov,
        Text(
            en="This is Nesterov's variant. A fine method, but the task is plain momentum: θ moves "
            "by the velocity.",
            zh="这是 Nesterov 的变体。方法很好，但题目要的是普通动量：θ 移动的就是速度。",
        ),
    ),
    (
        _old_velocity,
        Text(
            en="θ moves by the velocity of the step before. Compute the new velocity first.",
            zh="θ 用的是上一步的速度。请先算出新的速度，再移动 θ。",
        ),
    ),
    (
        _climbing,
        Text(
            en="θ moves away from the minimum: the gradient must be subtracted from the velocity.",
            zh="θ 离最小值越来越远：速度里应当减去梯度。",
        ),
    ),
)


def _walk(update: Update, rate: float, momentum: float, steps: int = 4) -> FloatArray:
    theta, velocity = START, np.zeros_like(START)
    path = []
    for _ in range(steps):
        theta, velocity = update(theta, velocity, 2 * theta, rate, momentum)
        path.append(theta)
    return np.array(path)


def judge_momentum(answer: Any) -> Text:
    """Judge exercise 4.1-c: the repaired momentum update.

    Only θ is compared, step by step, because there are two customs about the
    velocity (with its sign, and with or without the learning rate in it).
    """
    update = _readers_update(as_function(answer))
    found = _walk(update, 0.1, 0.9)
    if close(found, _walk(_as_given, 0.1, 0.9)):
        raise NotAnswered
    right = _walk(_momentum, 0.1, 0.9)
    if not close(found, right):
        raise _wrong_update(found, right)
    if not close(_walk(update, 0.05, 0.5), _walk(_momentum, 0.05, 0.5)):
        raise Wrong(
            Text(
                en="Right for a rate of 0.1 and a momentum of 0.9, but not for 0.05 and 0.5: are "
                "numbers written where `learning_rate` or `momentum` should stand?",
                zh="学习率 0.1、动量 0.9 时正确，换成 0.05 和 0.5 就不对了："
                "该用 `learning_rate` 或 `momentum` 的地方，是不是直接写了数字？",
            )
        )
    return Text(
        en="The velocity keeps 0.9 of itself: along a ravine the steps add up to ten times "
        "their length, across it they cancel.",
        zh="速度每步保留 0.9 倍：沿着峡谷，步子累加到十倍长；横向的一来一回，互相抵消。",
    )


def _readers_update(function: Callable[..., Any]) -> Update:
    def update(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
        result = call(function, theta, velocity, gradient, rate, m)
        if result is None:
            raise Wrong(
                Text(
                    en="Your function returns `None`: it must return `theta, velocity`.",
                    zh="你的函数返回了 `None`：它应当返回 `theta, velocity`。",
                )
            )
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Wrong(
                Text(
                    en="Your function must return two things, `theta, velocity`; it returned "
                    "`{found}`.",
                    zh="你的函数应当返回两样东西 `theta, velocity`；它返回的是 `{found}`。",
                ),
                found=show(result),
            )
        return as_array(result[0], START.shape), as_array(result[1], START.shape)

    return update


def _wrong_update(found: FloatArray, right: FloatArray) -> Wrong:
    for update, text in _WRONG_UPDATES:
        if close(found, _walk(update, 0.1, 0.9)):
            return Wrong(text)
    first_velocity = right[0] - START
    if close(found[0], first_velocity) or close(found[0], -first_velocity):
        return Wrong(
            Text(
                en="The two results are in the wrong order: return `theta, velocity`.",
                zh="两个返回值的顺序反了：应当是 `theta, velocity`。",
            )
        )
    k = int(np.argmin(np.isclose(found, right).all(axis=1)))
    return Wrong(
        Text(
            en="On J = θ² from θ = {start}, step {k} should lead to {right}, not {found}.",
            zh="在 J = θ² 上从 θ = {start} 出发，第 {k} 步应到 {right}，而不是 {found}。",
        ),
        start=START.tolist(),
        k=k + 1,
        right=np.round(right[k], 4).tolist(),
        found=show(np.round(found[k], 4).tolist()),
    )


JUDGES: dict[str, Judge] = {
    "4.1-a": judge_descend,
    "4.1-b": judge_largest_rate,
    "4.1-c": judge_momentum,
}
