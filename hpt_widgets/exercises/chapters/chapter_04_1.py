"""Chapter 4.1: gradient descent, its limit, and momentum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hpt_widgets.descent.walk import DescentPath, descend
from hpt_widgets.exercises.answers import FloatArray, as_array, as_number, as_pair, near, show
from hpt_widgets.exercises.calls import Allowance, call
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.chart import curve_of
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 4.1-a: descend


def path(start: float, learning_rate: float, steps: int) -> FloatArray:
    """Return the closed form of gradient descent on θ²: θₖ = θ₀ (1 - 2η)ᵏ."""
    return np.asarray(start * (1 - 2 * learning_rate) ** np.arange(steps + 1.0))


def draw_walk(rng: np.random.Generator) -> Case:
    """Return a start, a learning rate and a number of steps of 4.1-a."""
    start = round(float(rng.uniform(-5, 5)), 1)
    return start, round(float(rng.uniform(0.01, 1.1)), 2), int(rng.integers(2, 9))


DESCEND = Judgement(
    path,
    cases((2.0, 0.1, 5), (-3.0, 0.25, 4), (1.0, 0.5, 1), (0.0, 0.3, 2), draw=draw_walk),
    mistakes=(
        Mistake(
            lambda start, rate, steps: start * (1 + 2 * rate) ** np.arange(steps + 1.0),
            Text(
                en="For `{call}` you return {found}: you add the gradient. Descent subtracts it.",
                zh="参数为 `{call}` 时，你返回 {found}：你加上了梯度。下降应当减去梯度。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: start * (1 - rate) ** np.arange(steps + 1.0),
            Text(
                en="For `{call}` you return {found} instead of {expected}: the derivative of θ² "
                "is 2θ, not θ.",
                zh="参数为 `{call}` 时，你返回 {found}，而不是 {expected}："
                "θ² 的导数是 2θ，不是 θ。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: start * (1 - 2 * rate * np.arange(steps + 1.0)),
            Text(
                en="For `{call}` you return {found}: all your steps are equally long. Compute the "
                "gradient anew at each θ.",
                zh="参数为 `{call}` 时，你返回 {found}：你的每一步都一样长。"
                "每到一个新的 θ，都要重新计算梯度。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: start - rate * np.arange(steps + 1.0),
            Text(
                en="For `{call}` you return {found}: each step is the learning rate itself. "
                "Multiply it by the gradient, 2θ.",
                zh="参数为 `{call}` 时，你返回 {found}：每一步都等于学习率本身。还要乘以梯度 2θ。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: path(start, rate, steps) ** 2,
            Text(
                en="For `{call}` you return {found}: these are the losses θ². Return the values "
                "of θ themselves.",
                zh="参数为 `{call}` 时，你返回 {found}：这些是损失 θ²。请返回 θ 本身的值。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: path(start, rate, steps)[-1],
            Text(
                en="For `{call}` you return {found}: the last θ alone. Return all of them, from "
                "the start on.",
                zh="参数为 `{call}` 时，你返回 {found}：这只是最后一个 θ。"
                "请从起点开始，返回全部的值。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: path(start, rate, steps)[1:],
            Text(
                en="For `{call}` you return {found}: the steps are right, but the start is missing "
                "from the list.",
                zh="参数为 `{call}` 时，你返回 {found}：每一步都对，但列表里少了起点。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: path(start, rate, steps)[:-1],
            Text(
                en="For `{call}` you return {found}: the last step is missing. With the start "
                "there is one value more than there are steps.",
                zh="参数为 `{call}` 时，你返回 {found}：少了最后一步。连起点在内，"
                "值的个数比步数多 1。",
            ),
        ),
        Mistake(
            lambda start, rate, steps: path(start, rate, steps + 1),
            Text(
                en="For `{call}` you return {found}: one step too many.",
                zh="参数为 `{call}` 时，你返回 {found}：多走了一步。",
            ),
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="Your function does not use its argument `" + name + "`: for `{call}` you "
                    "return {found} instead of {expected}.",
                    zh="你的函数没有用到参数 `" + name + "`：参数为 `{call}` 时，你返回 {found}，"
                    "而不是 {expected}。",
                ),
            )
            for name, mistaken in (
                ("learning_rate", lambda start, rate, steps: path(start, 0.1, steps)),
                ("start", lambda start, rate, steps: path(2.0, rate, steps)),
                ("steps", lambda start, rate, steps: path(start, rate, 5)),
                ("steps", lambda start, rate, steps: path(start, rate, 3)),
            )
        ),
    ),
    otherwise=Text(
        en="For `{call}` you return {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}。",
    ),
    read=as_array,
)


def judge_descend(answer: Any) -> Text:
    """Judge exercise 4.1-a: gradient descent on θ²."""
    DESCEND.check(answer)
    return Text(
        en="2, 1.6, 1.28, …: with η = 0.1 each step keeps 1 − 2η = 0.8 of θ.",
        zh="2，1.6，1.28，……：η = 0.1 时，每一步都使 θ 变为原来的 1 − 2η = 0.8。",
    )


# ---------------------------------------------------------------- 4.1-b: the limit

# J(x, y) = x² + 10 y²: the second derivatives.
CURVATURES = (2.0, 20.0)
LIMIT = 2 / max(CURVATURES)

_OTHER_LIMITS = (
    (
        2 / 10,
        Text(
            en="At 0.2 each step multiplies y by 3 in size. 0.2 is 2/10, but 10 is not the "
            "curvature: that is the second derivative, and of 10y² it is 20.",
            zh="取 0.2 时，每一步使 |y| 变为原来的 3 倍。0.2 = 2/10，但 10 不是曲率："
            "曲率是二阶导数，10y² 的二阶导数是 20。",
        ),
    ),
    (
        2 / min(CURVATURES),
        Text(
            en="1.0 is the limit along x, the flat direction. The steep one, y, diverges first.",
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


def judge_largest_rate(answer: Any) -> Text:
    """Judge exercise 4.1-b: the largest stable learning rate of x² + 10 y².

    Right is what is stable, and would not be with one per cent more.
    """
    rate = as_number(answer)
    if 0.99 * LIMIT - 1e-9 <= rate <= LIMIT + 1e-6:
        return Text(
            en="The limit is 2/λmax = 2/20 = 0.1: at it, y jumps from side to side for ever; "
            "below it, y shrinks.",
            zh="稳定界限是 2/λmax = 2/20 = 0.1：恰好取它时，y 永远左右来回跳；比它小，y 才会缩小。",
        )
    raise Wrong(_explain_rate(rate), rate=rate, factor=abs(1 - rate * max(CURVATURES)))


def _explain_rate(rate: float) -> Text:
    for value, text in _OTHER_LIMITS:
        if near(rate, value, 1e-3):
            return text
    if rate <= 0:
        return Text(
            en="A learning rate is greater than 0; {rate:g} stands still or climbs.",
            zh="学习率必须大于 0；{rate:g} 会原地不动或向上爬。",
        )
    if rate > LIMIT:
        return Text(
            en="At {rate:g} each step multiplies y by {factor:.7g} in size, more than 1: it "
            "diverges.",
            zh="学习率为 {rate:g} 时，每一步使 |y| 变为原来的 {factor:.7g} 倍，大于 1：会发散。",
        )
    return Text(
        en="{rate:g} is stable (each step leaves {factor:.3g} of |y|), but it is not the largest "
        "that is.",
        zh="{rate:g} 是稳定的（每一步使 |y| 变为原来的 {factor:.3g} 倍），但还不是最大的。",
    )


# ---------------------------------------------------------------- 4.1-c: momentum

Update = Callable[[Any, Any, Any, float, float], tuple[Any, Any]]


def walk(
    update: Update, start: FloatArray, curvature: float, rate: float, momentum: float, steps: int
) -> FloatArray:
    """Return the points to which an update leads on ½ · curvature · |θ|²."""
    theta, velocity = start, np.zeros_like(start)
    points = []
    for _ in range(steps):
        theta, velocity = update(theta, velocity, curvature * theta, rate, momentum)
        points.append(theta)
    return np.array(points)


def momentum_step(
    theta: Any, velocity: Any, gradient: Any, rate: float, momentum: float
) -> tuple[Any, Any]:
    """Take one step of momentum (Polyak 1964)."""
    velocity = momentum * velocity - rate * gradient
    return theta + velocity, velocity


def _as_given(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    velocity = -rate * gradient
    return theta + m * velocity, velocity


def _plain(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    return theta - rate * gradient, -rate * gradient


def _twice(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    velocity = m * velocity - rate * gradient
    return theta + m * velocity, velocity


def _no_friction(
    theta: Any, velocity: Any, gradient: Any, rate: float, m: float
) -> tuple[Any, Any]:
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


def _swapped(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
    return momentum_step(theta, velocity, gradient, rate, m)[::-1]


def _walking(update: Update) -> Callable[..., FloatArray]:
    return lambda *case: walk(update, *case)


_NUMBERS = Text(
    en="Right for a rate of 0.1 or a momentum of 0.9, but not for others: numbers are written "
    "where `learning_rate` or `momentum` should stand.",
    zh="学习率 0.1 或动量 0.9 时正确，换成别的就不对了：该用 `learning_rate` 或 `momentum` 的地方，"
    "直接写了数字。",
)


def draw_ravine(rng: np.random.Generator) -> Case:
    """Return a start, a curvature, a learning rate, a momentum and a number of steps."""
    return (
        np.round(rng.uniform(-3, 3, 2), 1),
        float(rng.integers(1, 5)),
        round(float(rng.uniform(0.02, 0.3)), 2),
        round(float(rng.uniform(0.1, 0.95)), 2),
        int(rng.integers(2, 6)),
    )


MOMENTUM = Judgement(
    _walking(momentum_step),
    cases(
        (np.array([2.0, -1.0]), 2.0, 0.1, 0.9, 1),
        (np.array([2.0, -1.0]), 2.0, 0.1, 0.9, 2),
        (np.array([2.0, -1.0]), 1.0, 0.1, 0.5, 3),
        (np.array([2.0, -1.0]), 1.0, 0.2, 0.9, 3),
        draw=draw_ravine,
    ),
    mistakes=(
        Mistake(
            _walking(_plain),
            Text(
                en="This walks exactly as plain gradient descent does: the velocity that you "
                "return does not hold both the old one and this step.",
                zh="它走得和普通梯度下降一模一样：你返回的速度，没有把旧的速度和这一步都算进去。",
            ),
        ),
        Mistake(
            _walking(_twice),
            Text(
                en="The velocity now remembers, but `momentum` shortens the new step too. It "
                "multiplies the old velocity alone, and θ moves by the whole new one.",
                zh="速度现在有了记忆，但 `momentum` 把新的一步也缩短了。它只用来乘旧的速度，"
                "而 θ 移动整个新的速度。",
            ),
        ),
        Mistake(
            _walking(_no_friction),
            Text(
                en="The old velocity is kept whole. Only the share `momentum` of it may stay, or "
                "the ball never comes to rest.",
                zh="旧的速度全部保留了。只能保留其中的 `momentum` 倍，否则小球永远停不下来。",
            ),
        ),
        Mistake(
            _walking(_average),
            Text(
                en="This averages the gradients, as Adam does, which makes the steps "
                "`(1 - momentum)` times as long. In momentum they add up: leave out the factor "
                "`(1 - momentum)`.",
                zh="这是对梯度求滑动平均（Adam 的做法），步子缩短为 `(1 - momentum)` 倍。"
                "动量法是把它们累加：去掉因子 `(1 - momentum)`。",
            ),
        ),
        Mistake(
            _walking(_nesterov),
            Text(
                en="This is Nesterov's variant. A fine method, but the task is plain momentum: θ "
                "moves by the velocity.",
                zh="这是 Nesterov 的变体。方法很好，但题目要的是普通动量：θ 移动的就是速度。",
            ),
        ),
        Mistake(
            _walking(_old_velocity),
            Text(
                en="θ moves by the velocity of the step before. Compute the new velocity first.",
                zh="θ 用的是上一步的速度。请先算出新的速度，再移动 θ。",
            ),
        ),
        Mistake(
            _walking(_climbing),
            Text(
                en="θ moves away from the minimum: a sign is wrong. The step must lead against "
                "the gradient.",
                zh="θ 离极小值越来越远：有一个符号错了。应当朝梯度的反方向走。",
            ),
        ),
        Mistake(
            _walking(_swapped),
            Text(
                en="The two results are in the wrong order: return `theta, velocity`.",
                zh="两个返回值的顺序反了：应当是 `theta, velocity`。",
            ),
        ),
        Mistake(
            _walking(lambda theta, v, g, rate, m: momentum_step(theta, v, g, 0.1, m)), _NUMBERS
        ),
        Mistake(
            _walking(lambda theta, v, g, rate, m: momentum_step(theta, v, g, rate, 0.9)), _NUMBERS
        ),
        Mistake(
            _walking(lambda theta, v, g, rate, m: momentum_step(theta, v, g, 0.1, 0.9)), _NUMBERS
        ),
        Mistake(
            _walking(lambda theta, v, g, rate, m: momentum_step(theta, v, 2 * theta, rate, m)),
            Text(
                en="Your function takes 2θ for the gradient. Use its argument `gradient`.",
                zh="你的函数把 2θ 当作了梯度。请用参数 `gradient`。",
            ),
        ),
    ),
    otherwise=Text(
        en="From θ = {start} with η = {rate}, momentum = {momentum} and the gradient "
        "{curvature} · θ, the way should lead to {expected}; yours leads to {found}.",
        zh="从 θ = {start} 出发，η = {rate}，动量 = {momentum}，梯度为 {curvature} · θ，"
        "应当依次到达 {expected}；你的却是 {found}。",
    ),
    read=lambda points: points,
    untouched=_walking(_as_given),
    details=lambda start, curvature, rate, momentum, steps: {
        "start": start.tolist(),
        "curvature": f"{curvature:g}",
        "rate": rate,
        "momentum": momentum,
    },
    run=lambda function, case, allowance: walk(_readers_update(function, allowance), *case),
)


def judge_momentum(answer: Any) -> Text:
    """Judge exercise 4.1-c: the repaired momentum update.

    Only θ is compared, step by step, because there are two customs about the
    velocity (with its sign, and with or without the learning rate in it).
    """
    MOMENTUM.check(answer)
    return Text(
        en="The velocity keeps 0.9 of itself: along a ravine the steps add up to ten times "
        "their length, across it they cancel.",
        zh="速度每步保留 0.9 倍：沿着峡谷，步子累加到十倍长；跨峡谷方向的一来一回，互相抵消。",
    )


_TWO_THINGS = Text(
    en="Your function must return two things, `theta, velocity`; it returned `{found}`.",
    zh="你的函数应当返回两样东西 `theta, velocity`；它返回的是 `{found}`。",
)


def _readers_update(function: Callable[..., Any], allowance: Allowance) -> Update:
    def update(theta: Any, velocity: Any, gradient: Any, rate: float, m: float) -> tuple[Any, Any]:
        returned = call(function, theta, velocity, gradient, rate, m, allowance=allowance)
        new_theta, new_velocity = as_pair(returned, _TWO_THINGS, arrays=True)
        return as_array(new_theta, theta.shape), as_array(new_velocity, theta.shape)

    return update


# ---------------------------------------------------------------- 4.1-d: a mystery walk

# What made it stands with the series' tool.
MYSTERY_SURFACE = "quadratic_bowl"
MYSTERY_MAKER = "momentum"
MYSTERY_STEPS = 60
MYSTERY_TOLERANCE = 0.09


def judge_mystery_walk(answer: Any) -> Text:
    """Judge exercise 4.1-d: a walk that goes where the one shown goes."""
    points = _points_of(answer)
    x, y = (curve_of(f"4.1-d {name}")[1] for name in ("x", "y"))
    wanted = np.column_stack([x, y])
    if points.shape[0] == 2 and points.shape[1] != 2:
        raise Wrong(
            Text(
                en="All x stand in one row of yours, and all y in another. Give a row for each "
                "point, as `walk.points` has them.",
                zh="你把所有的 x 放在一行，所有的 y 放在另一行。应当每个点一行，"
                "像 `walk.points` 那样。",
            )
        )
    if points.shape[1] != 2:
        raise Wrong(
            Text(
                en="This walk is on another surface than `{surface}`. A point there has two "
                "coordinates, x and y.",
                zh="这条路径不在 `{surface}` 上：那里的点有 x 和 y 两个坐标。",
            ),
            surface=MYSTERY_SURFACE,
        )
    if points.shape != wanted.shape:
        raise Wrong(
            Text(
                en="Your walk has {found} points, the mystery {wanted}: it took {steps} steps.",
                zh="你的路径有 {found} 个点，谜题有 {wanted} 个：它走了 {steps} 步。",
            ),
            found=len(points),
            wanted=len(wanted),
            steps=MYSTERY_STEPS,
        )
    distances = np.linalg.norm(points - wanted, axis=1)
    if not distances[0] <= MYSTERY_TOLERANCE:
        raise Wrong(
            Text(
                en="Your walk starts at {found}, the mystery at {wanted}.",
                zh="你的路径从 {found} 出发，谜题从 {wanted} 出发。",
            ),
            found=points[0].round(2).tolist(),
            wanted=wanted[0].round(2).tolist(),
        )
    if not distances.max() <= MYSTERY_TOLERANCE:
        step = int(np.argmax(~(distances <= MYSTERY_TOLERANCE)))
        raise Wrong(
            Text(
                en="The two walks go together up to step {before}. After step {step} yours is at "
                "{found}, the mystery at {wanted}.",
                zh="前 {before} 步，两条路径走在一起。第 {step} 步之后，你在 {found}，谜题在 "
                "{wanted}。",
            ),
            before=step - 1,
            step=step,
            found=points[step].round(2).tolist(),
            wanted=wanted[step].round(2).tolist(),
        )
    apart = f"{distances.max():.2g}"
    if isinstance(answer, DescentPath) and answer.optimizer != MYSTERY_MAKER:
        return Text(
            en=f"Nowhere more than {apart} apart, as near as the chart can be read. The walk shown "
            f"was made with `{MYSTERY_MAKER}`: `{answer.optimizer}` can go nearly the same way.",
            zh=f"处处相差不超过 {apart}，图上已分不出来。原来的路径是用 `{MYSTERY_MAKER}` 走的："
            f"`{answer.optimizer}` 也能走出几乎相同的路。",
        )
    return Text(
        en=f"Nowhere more than {apart} apart. The swing across the ravine tells the momentum, and "
        "its period the learning rate.",
        zh=f"处处相差不超过 {apart}。横穿峡谷的摆动说明用了动量，摆动的周期则说明学习率。",
    )


def _points_of(answer: Any) -> FloatArray:
    given = answer.points if isinstance(answer, DescentPath) else answer
    if callable(getattr(answer, "path", None)):
        raise Wrong(
            Text(
                en="This is the lab. Hand over the walk: `hpt.descend(…)`, or "
                '`lab.path("momentum")`.',
                zh='这是实验台。请交上路径：`hpt.descend(…)`，或 `lab.path("momentum")`。',
            )
        )
    try:
        points = as_array(given)
    except Wrong:
        points = np.empty(0)
    if points.ndim != 2:
        raise Wrong(
            Text(
                en="Expected the walk that `hpt.descend` returns, got `{found}`.",
                zh="这里应是 `hpt.descend` 返回的路径，得到的却是 `{found}`。",
            ),
            found=show(answer),
        )
    return points


# ---------------------------------------------------------------- 4.1-e: a race against steps

RACE_SURFACE = "rosenbrock"
RACE_STEPS = 150
RACE_LOSS = 0.01


def _wrong_end(walk: DescentPath) -> Wrong:
    """Return why a walk does not end low enough: it never was, or it climbed again."""
    lowest = float(np.nanmin(walk.losses))
    climbed = Text(
        en="`{optimizer}` with {rate:g} came down to {lowest:.3g} after {step} steps, but it did "
        "not stay there: after the last of its {steps} steps the loss is {loss:.3g}, and "
        "{wanted:g} at most is wanted at the end.",
        zh="`{optimizer}` 配 {rate:g}，第 {step} 步之后降到过 {lowest:.3g}，却没有停在那里："
        "走完 {steps} 步时损失为 {loss:.3g}，而要求走完时不超过 {wanted:g}。",
    )
    never_low = Text(
        en="`{optimizer}` with {rate:g} ends at a loss of {loss:.3g}; {wanted:g} is wanted. "
        "Its lowest loss on the way was {lowest:.3g}.",
        zh="`{optimizer}` 配 {rate:g}，结束时损失为 {loss:.3g}；要求 {wanted:g}。"
        "途中最低到过 {lowest:.3g}。",
    )
    return Wrong(
        climbed if lowest <= RACE_LOSS else never_low,
        optimizer=walk.optimizer,
        rate=walk.learning_rate,
        lowest=lowest,
        step=int(np.nanargmin(walk.losses)),
        steps=walk.steps,
        loss=float(walk.losses[-1]),
        wanted=RACE_LOSS,
    )


def judge_race(answer: Any) -> Text:
    """Judge exercise 4.1-e: a walk on Rosenbrock's valley that arrives within so many steps."""
    if not isinstance(answer, DescentPath):
        raise Wrong(
            Text(
                en="Expected the walk that `hpt.descend` returns, got `{found}`.",
                zh="这里应是 `hpt.descend` 返回的路径，得到的却是 `{found}`。",
            ),
            found=show(answer),
        )
    if not _is_walk_on(RACE_SURFACE, answer):
        raise Wrong(
            Text(
                en="This is a walk on another surface. The race is on `{surface}`.",
                zh="这是另一个曲面上的路径。比赛在 `{surface}` 上进行。",
            ),
            surface=RACE_SURFACE,
        )
    wanted = descend(RACE_SURFACE, steps=1).points[0]
    if not np.allclose(answer.points[0], wanted, atol=1e-9):
        raise Wrong(
            Text(
                en="Your walk starts at {found}. Take the surface's own start, {wanted}: leave "
                "`start` out.",
                zh="你的路径从 {found} 出发。请用曲面自带的起点 {wanted}：不要写 `start`。",
            ),
            found=answer.points[0].round(3).tolist(),
            wanted=wanted.tolist(),
        )
    if answer.steps > RACE_STEPS:
        raise Wrong(
            Text(
                en="Your walk has {found:,} steps, and {most} are allowed.",
                zh="你的路径有 {found:,} 步，而最多允许 {most} 步。",
            ),
            found=answer.steps,
            most=RACE_STEPS,
        )
    loss = float(answer.losses[-1])
    if not loss <= RACE_LOSS:
        raise _wrong_end(answer)
    return Text(
        en=f"`{answer.optimizer}` with {answer.learning_rate:g} arrives at {loss:.2g} within "
        f"{answer.steps} steps. The table of 4.1.10 has no such walk: its seven rates stand too "
        "far apart, its momentum is fixed, and Nesterov is not in it.",
        zh=f"`{answer.optimizer}` 配 {answer.learning_rate:g}，{answer.steps} 步之内降到 "
        f"{loss:.2g}。"
        "4.1.10 的表里没有这样的路径：那七个学习率间隔太大，动量固定不变，也没有 Nesterov 动量。",
    )


def _is_walk_on(surface: str, walk: DescentPath) -> bool:
    from hpt_widgets.descent import surfaces

    ground = getattr(surfaces, surface)
    if walk.points.shape[1] != 2:
        return False
    with np.errstate(all="ignore"):
        losses = [float(ground.function(point)) for point in walk.points[:3]]
    return bool(np.allclose(walk.losses[:3], losses, equal_nan=True))


JUDGES: dict[str, Judge] = {
    "4.1-a": judge_descend,
    "4.1-b": judge_largest_rate,
    "4.1-c": judge_momentum,
    "4.1-d": judge_mystery_walk,
    "4.1-e": judge_race,
}
