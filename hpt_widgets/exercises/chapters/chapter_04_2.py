"""Chapter 4.2: backpropagation, and how to check it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, as_array, as_pair, close
from hpt_widgets.exercises.calls import Allowance, call
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, show_rounded
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.readings import Reading
from hpt_widgets.language import Text


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- 4.2-a: hidden error signals


def _draw_signals(rng: np.random.Generator) -> Case:
    n = rng.integers(2, 6)
    return (
        round(float(rng.uniform(-1, 1)), 2),
        np.round(rng.uniform(-2, 2, n), 1),
        np.round(rng.uniform(0.05, 0.95, n), 2),
    )


HIDDEN_DELTAS = Judgement(
    lambda delta, v, h: delta * v * h * (1 - h),
    cases(
        (-0.35, np.array([0.8, -1.2, 0.5]), np.array([0.6, 0.3, 0.9])),
        (0.5, np.array([2.0]), np.array([0.2])),
        (0.0, np.array([1.0, -1.0]), np.array([0.4, 0.7])),
        draw=_draw_signals,
    ),
    mistakes=(
        Mistake(
            lambda delta, v, h: delta * v,
            Text(
                en="The slope of the hidden unit's activation is missing: multiply by h(1 − h).",
                zh="漏了隐藏神经元激活函数的斜率：还要乘以 h(1 − h)。",
            ),
        ),
        Mistake(
            lambda delta, v, h: delta * h * (1 - h),
            Text(
                en="The weights are missing: a unit bears blame in proportion to the weight that "
                "leads from it to the output.",
                zh="漏了权重：一个神经元承担多少责任，与它通往输出的权重成正比。",
            ),
        ),
        Mistake(
            lambda delta, v, h: v * h * (1 - h),
            Text(
                en="The output's error signal is missing: multiply by `output_delta`.",
                zh="漏了输出的误差信号：还要乘以 `output_delta`。",
            ),
        ),
        Mistake(
            lambda delta, v, h: delta * v * _sigmoid(h) * (1 - _sigmoid(h)),
            Text(
                en="You applied the sigmoid again: `hidden` already holds the activations h, and "
                "the slope is h(1 − h).",
                zh="你又算了一次 sigmoid：`hidden` 里已经是激活值 h，斜率就是 h(1 − h)。",
            ),
        ),
        Mistake(
            lambda delta, v, h: delta * v * (1 - h**2),
            Text(
                en="1 − h² is the slope of tanh; the hidden units here are sigmoids, with slope "
                "h(1 − h).",
                zh="1 − h² 是 tanh 的斜率；这里的隐藏神经元是 sigmoid，斜率是 h(1 − h)。",
            ),
        ),
        Mistake(
            lambda delta, v, h: delta * v * h,
            Text(
                en="The slope of the sigmoid is h(1 − h); the factor (1 − h) is missing.",
                zh="sigmoid 的斜率是 h(1 − h)；漏了因子 (1 − h)。",
            ),
        ),
        Mistake(
            lambda delta, v, h: delta * v * (1 - h),
            Text(
                en="The slope of the sigmoid is h(1 − h); the factor h is missing.",
                zh="sigmoid 的斜率是 h(1 − h)；漏了因子 h。",
            ),
        ),
        Mistake(
            lambda delta, v, h: -delta * v * h * (1 - h),
            Text(
                en="The size is right, the sign is not: nothing is turned round on the way back.",
                zh="大小对了，符号反了：往回传的路上不改变符号。",
            ),
        ),
        Mistake(
            lambda delta, v, h: (delta * v * h * (1 - h)).sum(),
            Text(
                en="You added them up. Each hidden unit has an error signal of its own: return "
                "an array.",
                zh="你把它们加在一起了。每个隐藏神经元都有自己的误差信号：请返回数组。",
            ),
        ),
        Mistake(
            lambda delta, v, h: delta * (v * h * (1 - h)).sum() * np.ones_like(h),
            Text(
                en="All units get the same signal: you added them up. Each goes back through its "
                "own weight alone.",
                zh="所有神经元得到了同一个信号：你把它们加在一起了。每个信号只沿自己的权重传回去。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` the signals should be {expected}, not {found}. The first is "
        "{delta} · {weight} · {value} · (1 − {value}).",
        zh="参数为 `{call}` 时，误差信号应为 {expected}，而不是 {found}。第一个是 "
        "{delta} · {weight} · {value} · (1 − {value})。",
    ),
    read=as_array,
    digits=(1, 2, 3),
    details=lambda delta, v, h: {
        "delta": delta,
        "weight": show_rounded(v[0]),
        "value": show_rounded(h[0]),
    },
)


def judge_hidden_deltas(answer: Any) -> Text:
    """Judge exercise 4.2-a: the error signals of the hidden units."""
    HIDDEN_DELTAS.check(answer)
    return Text(
        en="The output's signal, sent back through the weight, times the slope of the sigmoid, "
        "h(1 − h), which is never more than 1/4.",
        zh="输出的误差信号沿权重传回来，再乘以 sigmoid 的斜率 h(1 − h)；这个斜率最大只有 1/4。",
    )


# ---------------------------------------------------------------- 4.2-b: the wrong backward pass

Weights = tuple[FloatArray, FloatArray]


def train_step(
    x: FloatArray,
    target: float,
    hidden_weights: FloatArray,
    output_weights: FloatArray,
    rate: float,
    *,
    early: bool = False,
    hidden_slope: bool = True,
    output_slope: bool = True,
    factor: float = 1.0,
) -> Weights:
    """Take one descent step on ½(y - t)²; the switches give the typical errors.

    `early` sends the error back through the output weights that were changed already.
    """
    hidden = _sigmoid(x @ hidden_weights)
    output = _sigmoid(hidden @ output_weights)
    delta = factor * (output - target) * (output * (1 - output) if output_slope else 1)
    new_output = output_weights - rate * delta * hidden
    deltas = delta * (new_output if early else output_weights)
    deltas = deltas * (hidden * (1 - hidden) if hidden_slope else 1)
    return hidden_weights - rate * np.outer(x, deltas), new_output


def _draw_network(rng: np.random.Generator) -> Case:
    n_inputs, n_hidden = rng.integers(1, 4), rng.integers(2, 5)
    return (
        np.round(rng.uniform(-1, 1, n_inputs), 1),
        float(rng.integers(0, 2)),
        np.round(rng.uniform(-1, 1, (n_inputs, n_hidden)), 1),
        np.round(rng.uniform(-1.5, 1.5, n_hidden), 1),
        round(float(rng.uniform(0.5, 5)), 1),
    )


def _early(*case: Any) -> Weights:
    return train_step(*case, early=True)


def _with_arguments(**changed: Any) -> Callable[..., Weights]:
    """Return a step that has numbers instead of some arguments."""
    names = ("x", "target", "hidden_weights", "output_weights", "rate")
    return lambda *case: train_step(**{**dict(zip(names, case, strict=True)), **changed})


def _as_weights(value: Any) -> Weights:
    first, second = as_pair(
        value,
        Text(
            en="Your function must return two things, `hidden_weights, output_weights`; it "
            "returned `{found}`.",
            zh="你的函数应当返回两样东西 `hidden_weights, output_weights`；它返回的是 `{found}`。",
        ),
    )
    return as_array(first), as_array(second)


def _same_weights(found: Weights, expected: Weights) -> bool:
    return all(close(one, other, 1e-6) for one, other in zip(found, expected, strict=True))


TRAIN_STEP = Judgement(
    train_step,
    cases(
        (np.array([1.0]), 1.0, np.array([[0.5]]), np.array([0.8]), 1.0),
        (
            np.array([0.5, -1.0]),
            1.0,
            np.array([[0.4, -0.6, 0.9], [0.3, 0.8, -0.5]]),
            np.array([0.8, -1.2, 0.5]),
            0.5,
        ),
        draw=_draw_network,
        n=20,
    ),
    mistakes=(
        Mistake(
            lambda *case: train_step(*case, hidden_slope=False),
            Text(
                en="The slope of the hidden units, `hidden * (1 - hidden)`, has got lost. It was "
                "right.",
                zh="隐藏神经元的斜率 `hidden * (1 - hidden)` 不见了；那一处原本是对的。",
            ),
        ),
        Mistake(
            lambda *case: train_step(*case, output_slope=False),
            Text(
                en="The slope of the output unit, `output * (1 - output)`, has got lost. It was "
                "right.",
                zh="输出神经元的斜率 `output * (1 - output)` 不见了；那一处原本是对的。",
            ),
        ),
        Mistake(
            lambda *case: (train_step(*case)[0], case[3]),
            Text(
                en="The hidden weights are right now, but the output weights do not change any "
                "more.",
                zh="隐藏层的权重对了，但输出层的权重不再改变了。",
            ),
        ),
        Mistake(
            lambda *case: (case[2], train_step(*case)[1]),
            Text(
                en="The output weights are right, but the hidden weights do not change any more.",
                zh="输出层的权重是对的，但隐藏层的权重不再改变了。",
            ),
        ),
        Mistake(
            lambda *case: (case[2], case[3]),
            Text(
                en="Neither the hidden nor the output weights change any more.",
                zh="两层的权重都不再改变了。",
            ),
        ),
        Mistake(
            lambda *case: train_step(*case, factor=-1),
            Text(
                en="This climbs: the error grows. The signs were right before.",
                zh="这是在上坡：误差变大了。原来的符号是对的。",
            ),
        ),
        Mistake(
            lambda *case: train_step(*case, factor=2),
            Text(
                en="Each weight moves twice as far as it should: the error is ½(y − t)², whose "
                "derivative is y − t.",
                zh="每个权重都移动了两倍：误差是 ½(y − t)²，它的导数是 y − t。",
            ),
        ),
        Mistake(
            lambda *case: (train_step(*case)[0], _early(*case)[1])[::-1],
            Text(
                en="The two results are in the wrong order: return `hidden_weights, "
                "output_weights`.",
                zh="两个返回值的顺序反了：应当是 `hidden_weights, output_weights`。",
            ),
        ),
        Mistake(
            _with_arguments(rate=0.5),
            Text(
                en="Your function does not use its argument `learning_rate`.",
                zh="你的函数没有用到参数 `learning_rate`。",
            ),
        ),
        Mistake(
            _with_arguments(target=1.0),
            Text(
                en="Your function does not use its argument `target`.",
                zh="你的函数没有用到参数 `target`。",
            ),
        ),
    ),
    otherwise=Text(
        en="For x = {x}, target {target}, the hidden weights {hidden}, the output weights {output} "
        "and the rate {rate}, the new weights should be {expected}; yours are {found}.",
        zh="x = {x}，目标 {target}，隐藏层权重 {hidden}，输出层权重 {output}，学习率 {rate} 时，"
        "新的权重应为 {expected}；你的却是 {found}。",
    ),
    read=_as_weights,
    same=_same_weights,
    untouched=_early,
    details=lambda x, target, hidden_weights, output_weights, rate: {
        "x": show_rounded(x),
        "target": f"{target:g}",
        "hidden": show_rounded(hidden_weights),
        "output": show_rounded(output_weights),
        "rate": rate,
    },
)


def judge_train_step(answer: Any) -> Text:
    """Judge exercise 4.2-b: the repaired descent step."""
    TRAIN_STEP.check(answer)
    return Text(
        en="All signals go back through the weights that made the prediction; only then are the "
        "weights changed.",
        zh="误差信号要沿着作出预测时的权重传回去；全部算完之后，才改变权重。",
    )


# ---------------------------------------------------------------- 4.2-c: a numerical gradient


def cubic(x: FloatArray) -> float:
    """Return Σ (i + 1) xᵢ³ + x₀ · x_last.

    Its central difference is larger than its derivative by (i + 1) · step², so that the step
    shows in it, and its one-sided difference is another one again.
    """
    flat = np.asarray(x, dtype=np.float64).ravel()
    return float((np.arange(1, flat.size + 1) * flat**3).sum() + flat[0] * flat[-1])


Function = Callable[[FloatArray], float]


def difference(
    function: Function, x: FloatArray, step: float, ahead: float = 1, behind: float = 1
) -> FloatArray:
    """Return f(x + ahead·step·eᵢ) - f(x - behind·step·eᵢ) for each variable."""
    shifts = step * np.eye(x.size).reshape(x.size, *x.shape)
    values = [function(x + ahead * shift) - function(x - behind * shift) for shift in shifts]
    return np.array(values).reshape(x.shape)


def central(function: Function, x: FloatArray, step: float) -> FloatArray:
    """Return the central differences of a function, in the shape of x."""
    return difference(function, x, step) / (2 * step)


def _never_put_back(function: Function, x: FloatArray, step: float) -> FloatArray:
    shifted, gradient = x.copy(), np.zeros_like(x)
    for i in np.ndindex(x.shape):
        shifted[i] += step
        ahead = function(shifted)
        shifted[i] -= 2 * step
        gradient[i] = (ahead - function(shifted)) / (2 * step)
    return gradient


def _draw_point(rng: np.random.Generator) -> Case:
    shape = [(2,), (3,), (4,), (2, 2), (2, 3), (3, 1)][rng.integers(6)]
    return cubic, np.round(rng.uniform(-2, 2, shape), 1), float(rng.choice([0.1, 0.2, 0.5]))


_ONE_SIDED = Text(
    en="This is a one-sided difference, and its error is much larger. Shift both ways: "
    "`(f(x + step) - f(x - step)) / (2 * step)`.",
    zh="这是单侧差分，误差要大得多。请向两边移动：`(f(x + step) - f(x - step)) / (2 * step)`。",
)


def _call_on_a_copy(function: Callable[..., Any], case: Case, allowance: Allowance) -> Any:
    function_of_x, x, step = case
    given = x.copy()
    found = call(function, function_of_x, given, step, copies=False, allowance=allowance)
    # To shift forth and back may leave the last digit different.
    if given.shape != x.shape or not np.allclose(given, x, rtol=0, atol=1e-9):
        raise Wrong(
            Text(
                en="Your function leaves `x` changed: {before} has become {after}. Shift a copy, "
                "or put the value back before the next one is shifted.",
                zh="你的函数改动了 `x`：{before} 变成了 {after}。请在副本上移动，"
                "或者移动下一个之前先把值放回去。",
            ),
            before=show_rounded(x),
            after=show_rounded(given),
        )
    return found


NUMERICAL_GRADIENT = Judgement(
    central,
    cases(
        (cubic, np.array([1.0]), 0.5),
        (cubic, np.array([1.0, 2.0, -1.5]), 0.1),
        (cubic, np.array([[0.5, -1.0], [2.0, 1.5]]), 0.1),
        draw=_draw_point,
    ),
    mistakes=(
        Mistake(lambda f, x, step: difference(f, x, step, 1, 0) / step, _ONE_SIDED),
        Mistake(lambda f, x, step: difference(f, x, step, 0, 1) / step, _ONE_SIDED),
        Mistake(
            lambda f, x, step: central(f, x, 1e-5),
            Text(
                en="For f = Σ (i + 1)·xᵢ³ + x₀·x_last at {x} with step = {step} the central "
                "difference is {expected}; yours, {found}, is the derivative itself. Either `step` "
                "is not used, or the formula is a finer one than the task's.",
                zh="对 f = Σ (i + 1)·xᵢ³ + x₀·x_last，在 {x} 处，step = {step} 时，"
                "中心差分是 {expected}；你得到的 {found} 却是导数本身。要么没有用到 `step`，"
                "要么用的公式比题目要求的更精细。",
            ),
        ),
        Mistake(
            lambda f, x, step: difference(f, x, step) / step,
            Text(
                en="Twice too large: the two points lie 2 · step apart, so divide by that.",
                zh="大了一倍：两个点相距 2 · step，应当除以它。",
            ),
        ),
        Mistake(
            lambda f, x, step: difference(f, x, step),
            Text(
                en="This is the difference of the values; divide it by the distance, 2 · step.",
                zh="这只是函数值之差；还要除以距离 2 · step。",
            ),
        ),
        Mistake(
            lambda f, x, step: difference(f, x, step) / 2,
            Text(
                en="You divided by 2, but not by `step`.",
                zh="你除以了 2，却没有除以 `step`。",
            ),
        ),
        Mistake(
            lambda f, x, step: difference(f, x, step) / 2 * step,
            Text(
                en="`/ 2 * step` multiplies by step in the end: write `/ (2 * step)`.",
                zh="`/ 2 * step` 最后是乘以 step：应当写成 `/ (2 * step)`。",
            ),
        ),
        Mistake(
            lambda f, x, step: -central(f, x, step),
            Text(
                en="The sign is turned round: it is `f(x + step)` minus `f(x - step)`.",
                zh="符号反了：应当是 `f(x + step)` 减 `f(x - step)`。",
            ),
        ),
        Mistake(
            lambda f, x, step: (f(x + step) - f(x - step)) / (2 * step),
            Text(
                en="You shifted all variables at once and got one number. Shift one at a time: one "
                "partial derivative for each.",
                zh="你一次移动了所有变量，只得到一个数。请一次只移动一个：每个变量一个偏导数。",
            ),
        ),
        Mistake(
            _never_put_back,
            Text(
                en="At {x} your function gives {found} instead of {expected}: the variables that "
                "were shifted before stay shifted. Put each back before the next one.",
                zh="在 {x} 处，你的函数给出 {found}，而不是 {expected}：先前移动过的变量"
                "没有放回去。移动下一个之前，请先把它放回。",
            ),
        ),
        Mistake(
            lambda f, x, step: central(f, x, step).ravel(),
            Text(
                en="Your function gives {found} at {x}: the values are right, but the gradient "
                "should have the shape of x.",
                zh="在 {x} 处，你的函数给出 {found}：数值对了，但梯度的形状应与 x 相同。",
            ),
        ),
    ),
    otherwise=Text(
        en="For f = Σ (i + 1)·xᵢ³ + x₀·x_last at {x} with step = {step} your function gives "
        "{found}; it should be {expected}.",
        zh="对 f = Σ (i + 1)·xᵢ³ + x₀·x_last，在 {x} 处，step = {step} 时，你的函数给出 {found}，"
        "应为 {expected}。",
    ),
    read=as_array,
    details=lambda f, x, step: {"x": show_rounded(x), "step": step},
    run=_call_on_a_copy,
)


def judge_numerical_gradient(answer: Any) -> Text:
    """Judge exercise 4.2-c: central differences."""
    NUMERICAL_GRADIENT.check(answer)
    return Text(
        en="Central differences: the error shrinks with the square of the step. With them any "
        "backward pass can be checked.",
        zh="中心差分：误差随步长的平方减小。用它可以检查任何反向传播的代码。",
    )


# ---------------------------------------------------------------- 4.2-e: how it bends


def quartic(x: FloatArray) -> float:
    """Return Σ (i + 1) (xᵢ⁴ + xᵢ³) + x₀ · x_last, whose second difference shows the step."""
    flat = np.asarray(x, dtype=np.float64).ravel()
    powers = flat**4 + flat**3
    return float((np.arange(1, flat.size + 1) * powers).sum() + flat[0] * flat[-1])


def second_difference(function: Function, x: FloatArray, step: float) -> FloatArray:
    """Return f(x + step·eᵢ) - 2 f(x) + f(x - step·eᵢ) for each variable, in the shape of x."""
    return difference(function, x, step, 1, 0) - difference(function, x, step, 0, 1)


def curvatures(function: Function, x: FloatArray, step: float) -> FloatArray:
    """Return the second derivative by each variable, from the values a step to either side."""
    return second_difference(function, x, step) / step**2


def _draw_bent_point(rng: np.random.Generator) -> Case:
    _, x, step = _draw_point(rng)
    return quartic, x, step


CURVATURES = Judgement(
    curvatures,
    cases(
        (quartic, np.array([1.0]), 0.5),
        (quartic, np.array([1.0, 2.0, -1.5]), 0.1),
        (quartic, np.array([[0.5, -1.0], [2.0, 1.5]]), 0.1),
        draw=_draw_bent_point,
    ),
    mistakes=(
        Mistake(
            central,
            Text(
                en="At {x} your function gives {found}: that is the slope, the central difference "
                "of 4.2.8. Asked is how fast the slope itself changes, {expected}.",
                zh="在 {x} 处，你的函数给出 {found}：这是斜率，即 4.2.8 的中心差分。"
                "题目问的是斜率本身变化得多快，应为 {expected}。",
            ),
        ),
        Mistake(
            lambda f, x, step: curvatures(f, x, 2 * step),
            Text(
                en="At {x} with step = {step} your function gives {found} instead of {expected}: "
                "it looks two steps to either side. One step each is asked for.",
                zh="在 {x} 处，step = {step} 时，你的函数给出 {found}，而不是 {expected}："
                "它向两边各走了两步。题目要求各走一步。",
            ),
        ),
        Mistake(
            lambda f, x, step: curvatures(f, x, 1e-3),
            Text(
                en="At {x} with step = {step} the answer is {expected}; yours, {found}, is the "
                "second derivative itself. Either `step` is not used, or the formula is a finer "
                "one than the task's.",
                zh="在 {x} 处，step = {step} 时，应为 {expected}；你得到的 {found} 却是二阶导数"
                "本身。要么没有用到 `step`，要么用的公式比题目要求的更精细。",
            ),
        ),
        Mistake(
            lambda f, x, step: (second_difference(f, x, step) + f(x)) / step**2,
            Text(
                en="f(x) counts twice: it is the end of the left half and the beginning of the "
                "right one. At {x} it should be {expected}, not {found}.",
                zh="f(x) 要算两次：它既是左半段的终点，又是右半段的起点。在 {x} 处应为 {expected}，"
                "而不是 {found}。",
            ),
        ),
        Mistake(
            lambda f, x, step: second_difference(f, x, step) / step,
            Text(
                en="You divided by `step` once. A slope is divided by it, and so is a change of "
                "slopes: by its square.",
                zh="你只除了一次 `step`。求斜率要除一次，求斜率的变化率又要除一次："
                "共除以它的平方。",
            ),
        ),
        Mistake(
            second_difference,
            Text(
                en="In the end nothing is divided by `step`: divide by its square, `/ step**2`. "
                "(`/ step * step` divides, and multiplies again.)",
                zh="结果里没有除以 `step`：应当除以它的平方，即 `/ step**2`。"
                "（`/ step * step` 是除了又乘回来。）",
            ),
        ),
        Mistake(
            lambda f, x, step: curvatures(f, x, step) / 2,
            Text(
                en="At {x} your function gives {found} instead of {expected}: "
                "divide by `step**2`, without a 2 in front of it.",
                zh="在 {x} 处，你的函数给出 {found}，而不是 {expected}："
                "应当除以 `step**2`，前面没有 2。",
            ),
        ),
        Mistake(
            lambda f, x, step: curvatures(f, x, step) / 4,
            Text(
                en="At {x} your function gives {found} instead of {expected}, a quarter: "
                "you divided by (2·step)². The slopes to the left and to the right are one step "
                "apart, not two.",
                zh="在 {x} 处，你的函数给出 {found}，而不是 {expected}，只有四分之一："
                "你除以了 (2·step)²。两侧的斜率相距一个 step，不是两个。",
            ),
        ),
        Mistake(
            lambda f, x, step: -curvatures(f, x, step),
            Text(
                en="The sign is turned round: where a curve bends upwards, like θ², it is "
                "positive.",
                zh="符号反了：像 θ² 那样向上弯的，二阶导数为正。",
            ),
        ),
        Mistake(
            lambda f, x, step: (f(x + step) - 2 * f(x) + f(x - step)) / step**2,
            Text(
                en="You shifted all variables at once and got one number. Shift one at a time: one "
                "second derivative for each.",
                zh="你一次移动了所有变量，只得到一个数。请一次只移动一个：每个变量一个二阶导数。",
            ),
        ),
        Mistake(
            lambda f, x, step: curvatures(f, x, step).ravel(),
            Text(
                en="Your function gives {found} at {x}: the values are right, but they should have "
                "the shape of x.",
                zh="在 {x} 处，你的函数给出 {found}：数值对了，但形状应与 x 相同。",
            ),
        ),
    ),
    otherwise=Text(
        en="For f = Σ (i + 1)·(xᵢ⁴ + xᵢ³) + x₀·x_last at {x} with step = {step} your function "
        "gives {found}; it should be {expected}.",
        zh="对 f = Σ (i + 1)·(xᵢ⁴ + xᵢ³) + x₀·x_last，在 {x} 处，step = {step} 时，"
        "你的函数给出 {found}，应为 {expected}。",
    ),
    read=as_array,
    details=lambda f, x, step: {"x": show_rounded(x), "step": step},
    run=_call_on_a_copy,
)


def judge_curvatures(answer: Any) -> Text:
    """Judge exercise 4.2-e: second derivatives from values alone."""
    CURVATURES.check(answer)
    return Text(
        en="Slope of the right half minus slope of the left half, over the step. The largest of "
        "these numbers is what bounds the learning rate in 4.1, 2/λ, as far as the curvatures "
        "along the axes tell.",
        zh="右半段的斜率减左半段的斜率，再除以步长。4.1 里限制学习率的 2/λ，"
        "λ 就是这些数中最大的（只看坐标轴方向的话）。",
    )


# ---------------------------------------------------------------- 4.2-d: read gradient checks

FORGOTTEN = Reading(
    right={"A": "hidden slope", "B": "output slope", "C": "weight", "D": "input"},
    choices=("input", "weight", "hidden slope", "output slope"),
    meanings={
        "input": Text(en="input", zh="输入"),
        "weight": Text(en="weight", zh="权重"),
        "hidden slope": Text(en="hidden slope", zh="隐藏层斜率"),
        "output slope": Text(en="output slope", zh="输出层斜率"),
    },
    also={
        "权重 $v_j$": "weight",
        "weight $v_j$": "weight",
        "隐藏斜率": "hidden slope",
        "输出斜率": "output slope",
    },
    wrong={
        ("A", "output slope"): Text(
            en="A: whatever is forgotten at the output is missing from all six in the same way. "
            "Here the three numbers at each place differ.",
            zh="A：如果是输出处漏了什么，六个数会以同样的方式偏离。而这里每格的三个数各不相同。",
        ),
        ("B", "hidden slope"): Text(
            en="B: each hidden unit has a slope of its own. Here all six quotients are equal.",
            zh="B：每个隐藏神经元的斜率各不相同。而这里六个商全都相等。",
        ),
        ("C", "hidden slope"): Text(
            en="C: a sigmoid's slope is never negative, and never above 1/4. Here one quotient is "
            "negative.",
            zh="C：sigmoid 的斜率不会是负数，也不会超过 1/4。而这里有一个商是负的。",
        ),
        ("D", "weight"): Text(
            en="D: each hidden unit has its own weight to the output. Here the two rows differ, "
            "not the three numbers at one place: what belongs to a row?",
            zh="D：每个隐藏神经元通往输出的权重各不相同。而这里不同的是两行，"
            "不是每格的三个数：每一行各有什么？",
        ),
    },
    otherwise=Text(
        en="{name}: {meant} is not it. A forgotten factor f makes the quotient 1/f. Which factor "
        "is the same for an input, for a hidden unit, for all six?",
        zh="{name}：漏掉的不是{meant}。漏掉因子 f，商就是 1/f。哪个因子对同一个输入都相同，"
        "哪个对同一个隐藏神经元都相同，哪个处处相同？",
    ),
)


def judge_forgotten(answer: Any) -> Text:
    """Judge exercise 4.2-d: which factor of the chain rule each backward pass has forgotten."""
    FORGOTTEN.check(answer)
    return Text(
        en="Besides the difference, the gradient of a weight has four factors, and each leaves "
        "its own pattern when it is missing: by input, by hidden unit, or everywhere.",
        zh="除了差值，一个权重的梯度还有四个因子，漏掉哪一个，都会留下自己的痕迹："
        "随输入而变，随隐藏神经元而变，或者处处相同。",
    )


JUDGES: dict[str, Judge] = {
    "4.2-a": judge_hidden_deltas,
    "4.2-b": judge_train_step,
    "4.2-c": judge_numerical_gradient,
    "4.2-d": judge_forgotten,
    "4.2-e": judge_curvatures,
}
