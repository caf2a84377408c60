"""Chapter 4.2: backpropagation, and how to check it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, as_array, as_function, close, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, NotAnswered, Wrong
from hpt_widgets.language import Text


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- 4.2-a: hidden error signals

OUTPUT_DELTA = -0.35
OUTPUT_WEIGHTS = np.array([0.8, -1.2, 0.5])
HIDDEN = np.array([0.6, 0.3, 0.9])


def judge_hidden_deltas(answer: Any) -> Text:
    """Judge exercise 4.2-a: the error signals of the hidden units."""
    function = as_function(answer)
    result = call(function, OUTPUT_DELTA, OUTPUT_WEIGHTS, HIDDEN)
    found = as_array(result)
    right = OUTPUT_DELTA * OUTPUT_WEIGHTS * HIDDEN * (1 - HIDDEN)
    if close(found, right):
        return Text(
            en="The output's signal, sent back through the weight, times the slope of the sigmoid, "
            "h(1 - h), which is never more than 1/4.",
            zh="输出的误差信号沿权重传回来，再乘以 sigmoid 的斜率 h(1 - h)；这个斜率最大只有 1/4。",
        )
    for values, text in _wrong_deltas(right):
        if close(found, values):
            raise Wrong(text)
    if found.shape != right.shape:
        raise Wrong(
            Text(
                en="There are 3 hidden units, so 3 error signals; your result has the shape "
                "{found}.",
                zh="有 3 个隐藏单元，就有 3 个误差信号；你的结果形状是 {found}。",
            ),
            found=found.shape,
        )
    raise Wrong(
        Text(
            en="For δ = -0.35, v = [0.8, -1.2, 0.5] and h = [0.6, 0.3, 0.9] the first signal is "
            "-0.35 · 0.8 · 0.6 · 0.4 = -0.0672, not {found:.4g}.",
            zh="当 δ = -0.35，v = [0.8, -1.2, 0.5]，h = [0.6, 0.3, 0.9] 时，第一个信号是 "
            "-0.35 · 0.8 · 0.6 · 0.4 = -0.0672，而不是 {found:.4g}。",
        ),
        found=found[0] if not close(found[0], right[0]) else found[1],
    )


def _wrong_deltas(right: FloatArray) -> tuple[tuple[Any, Text], ...]:
    slope = HIDDEN * (1 - HIDDEN)
    nested = _sigmoid(HIDDEN) * (1 - _sigmoid(HIDDEN))
    sent_back = OUTPUT_DELTA * OUTPUT_WEIGHTS
    return (
        (
            sent_back,
            Text(
                en="The slope of the hidden unit's activation is missing: multiply by h(1 - h).",
                zh="漏了隐藏单元激活函数的斜率：还要乘以 h(1 - h)。",
            ),
        ),
        (
            OUTPUT_DELTA * slope,
            Text(
                en="The weights are missing: a unit bears blame in proportion to the weight that "
                "leads from it to the output.",
                zh="漏了权重：一个单元承担多少责任，与它通往输出的权重成正比。",
            ),
        ),
        (
            sent_back * nested,
            Text(
                en="You applied the sigmoid again: `hidden` already holds the activations h, and "
                "the slope is h(1 - h).",
                zh="你又算了一次 sigmoid：`hidden` 里已经是激活值 h，斜率就是 h(1 - h)。",
            ),
        ),
        (
            sent_back * (1 - HIDDEN**2),
            Text(
                en="1 - h² is the slope of tanh; the hidden units here are sigmoids, with slope "
                "h(1 - h).",
                zh="1 - h² 是 tanh 的斜率；这里的隐藏单元是 sigmoid，斜率是 h(1 - h)。",
            ),
        ),
        (
            sent_back * HIDDEN,
            Text(
                en="The slope of the sigmoid is h(1 - h); the factor (1 - h) is missing.",
                zh="sigmoid 的斜率是 h(1 - h)；漏了因子 (1 - h)。",
            ),
        ),
        (
            -right,
            Text(
                en="The size is right, the sign is not: nothing is turned round on the way back.",
                zh="大小对了，符号反了：往回传的路上不改变符号。",
            ),
        ),
        (
            right.sum(),
            Text(
                en="You added them up. Each hidden unit has an error signal of its own: return "
                "an array.",
                zh="你把它们加在一起了。每个隐藏单元都有自己的误差信号：请返回数组。",
            ),
        ),
    )


# ---------------------------------------------------------------- 4.2-b: the wrong backward pass

X = np.array([0.5, -1.0])
TARGET = 1.0
HIDDEN_WEIGHTS = np.array([[0.4, -0.6, 0.9], [0.3, 0.8, -0.5]])
RATE = 0.5

Weights = tuple[FloatArray, FloatArray]


def _forward(x: FloatArray, hidden_weights: FloatArray, output_weights: FloatArray) -> Any:
    hidden = _sigmoid(x @ hidden_weights)
    return hidden, _sigmoid(hidden @ output_weights)


def _train_step(
    x: FloatArray,
    target: float,
    hidden_weights: FloatArray,
    output_weights: FloatArray,
    rate: float,
    *,
    early: bool = False,
    hidden_slope: bool = True,
    output_slope: bool = True,
) -> Weights:
    """Take one descent step on ½(y - t)²; the switches give the typical errors.

    `early` sends the error back through the output weights that were changed already.
    """
    hidden, output = _forward(x, hidden_weights, output_weights)
    delta = (output - target) * (output * (1 - output) if output_slope else 1)
    new_output = output_weights - rate * delta * hidden
    deltas = delta * (new_output if early else output_weights)
    deltas = deltas * (hidden * (1 - hidden) if hidden_slope else 1)
    return hidden_weights - rate * np.outer(x, deltas), new_output


def judge_train_step(answer: Any) -> Text:
    """Judge exercise 4.2-b: the repaired descent step."""
    arguments = (X, TARGET, HIDDEN_WEIGHTS, OUTPUT_WEIGHTS, RATE)
    found = _readers_step(as_function(answer), arguments)
    if _same(found, _train_step(*arguments, early=True)):
        raise NotAnswered
    if not _same(found, _train_step(*arguments)):
        raise _wrong_step(found, arguments)
    others = (np.array([-0.2, 0.7]), 0.0, HIDDEN_WEIGHTS, OUTPUT_WEIGHTS, 2.0)
    if not _same(_readers_step(as_function(answer), others), _train_step(*others)):
        raise Wrong(
            Text(
                en="Right for one sample, but not for another with the rate 2.0: does your "
                "function use all of its arguments?",
                zh="对一个样本正确，换一个样本并把学习率改为 2.0 就不对了："
                "你的函数用到了全部参数吗？",
            )
        )
    return Text(
        en="All signals go back through the weights that made the prediction; only then are the "
        "weights changed.",
        zh="误差信号要沿着作出预测时的权重传回去；全部算完之后，才改变权重。",
    )


def _readers_step(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Weights:
    result = call(function, *arguments)
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong(
            Text(
                en="Your function must return two things, `hidden_weights, output_weights`; it "
                "returned `{found}`.",
                zh="你的函数应当返回两样东西 `hidden_weights, output_weights`；"
                "它返回的是 `{found}`。",
            ),
            found=show(result),
        )
    return (
        as_array(result[0], HIDDEN_WEIGHTS.shape),
        as_array(result[1], OUTPUT_WEIGHTS.shape),
    )


def _same(found: Weights, expected: Weights) -> bool:
    return close(found[0], expected[0], 1e-9) and close(found[1], expected[1], 1e-9)


def _wrong_step(found: Weights, arguments: tuple[Any, ...]) -> Wrong:
    right = _train_step(*arguments)
    before = (HIDDEN_WEIGHTS, OUTPUT_WEIGHTS)
    candidates = (
        (
            _train_step(*arguments, hidden_slope=False),
            Text(
                en="The slope of the hidden units, `hidden * (1 - hidden)`, has got lost. It was "
                "right.",
                zh="隐藏单元的斜率 `hidden * (1 - hidden)` 不见了；那一处原本是对的。",
            ),
        ),
        (
            _train_step(*arguments, output_slope=False),
            Text(
                en="The slope of the output unit, `output * (1 - output)`, has got lost. It was "
                "right.",
                zh="输出单元的斜率 `output * (1 - output)` 不见了；那一处原本是对的。",
            ),
        ),
        (
            (right[0], before[1]),
            Text(
                en="The hidden weights are right now, but the output weights do not change any "
                "more.",
                zh="隐藏层的权重对了，但输出层的权重不再改变了。",
            ),
        ),
        (
            (before[0], right[1]),
            Text(
                en="The output weights are right, but the hidden weights do not change any more.",
                zh="输出层的权重是对的，但隐藏层的权重不再改变了。",
            ),
        ),
        (
            (2 * before[0] - right[0], 2 * before[1] - right[1]),
            Text(
                en="This climbs: the error grows. The signs were right before.",
                zh="这是在上坡：误差变大了。原来的符号是对的。",
            ),
        ),
    )
    for weights, text in candidates:
        if _same(found, weights):
            return Wrong(text)
    if close(found[1], right[1], 1e-9):
        return Wrong(
            Text(
                en="The output weights are right, the hidden weights are not. Which output weights "
                "made the prediction: those before or after the change?",
                zh="输出层的权重是对的，隐藏层的不对。作出预测的是改变前还是改变后的输出权重？",
            )
        )
    return Wrong(
        Text(
            en="The output weights should become {right}, not {found}. That part was right before.",
            zh="输出层的权重应变为 {right}，而不是 {found}。这一部分原来是对的。",
        ),
        right=np.round(right[1], 4).tolist(),
        found=show(np.round(found[1], 4).tolist()),
    )


# ---------------------------------------------------------------- 4.2-c: a numerical gradient

STEP = 1e-3
POINT = np.array([1.0, 2.0, -1.5])
MATRIX = np.array([[0.5, -1.0], [2.0, 1.5]])


def cubic(x: FloatArray) -> float:
    """Return a function with a third derivative and a mixed term, to differentiate."""
    flat = np.asarray(x, dtype=np.float64).ravel()
    return float((flat**3).sum() + flat[0] * flat[1])


def _cubic_gradient(x: FloatArray) -> FloatArray:
    flat = x.ravel()
    gradient = 3 * flat**2
    gradient[:2] += flat[1::-1]
    return gradient.reshape(x.shape)


def _difference(x: FloatArray, ahead: float, behind: float) -> FloatArray:
    """Return cubic(x + ahead·eᵢ) - cubic(x - behind·eᵢ) for each variable."""
    shifts = np.eye(x.size)
    return np.array([cubic(x + ahead * e) - cubic(x - behind * e) for e in shifts])


def judge_numerical_gradient(answer: Any) -> Text:
    """Judge exercise 4.2-c: central differences."""
    function = as_function(answer)
    point = POINT.copy()
    found = as_array(call(function, cubic, point, STEP, copies=False))
    if not np.array_equal(point, POINT):
        raise Wrong(
            Text(
                en="Your function leaves `x` changed. Shift a copy, or put the value back before "
                "the next one is shifted.",
                zh="你的函数改动了 `x`。请在副本上移动，或者移动下一个之前先把值放回去。",
            )
        )
    if not close(found, _cubic_gradient(POINT), 1e-5):
        raise _wrong_gradient(found)
    matrix = as_array(call(function, cubic, MATRIX, STEP))
    if not close(matrix, _cubic_gradient(MATRIX), 1e-5):
        raise Wrong(
            Text(
                en="Right for a vector, but for a 2 x 2 array of weights your function gives "
                "`{found}`. Go through all positions (`np.ndindex(x.shape)`).",
                zh="对向量正确，但对 2 × 2 的权重数组，你的函数给出 `{found}`。"
                "请遍历所有位置（`np.ndindex(x.shape)`）。",
            ),
            found=show(matrix.tolist()),
        )
    return Text(
        en="Central differences: the error shrinks with the square of the step. With them any "
        "backward pass can be checked.",
        zh="中心差分：误差随步长的平方减小。用它可以检查任何反向传播的代码。",
    )


def _wrong_gradient(found: FloatArray) -> Wrong:
    central = _difference(POINT, STEP, STEP)
    one_sided = Text(
        en="This is a one-sided difference, and its error is a thousand times larger here. Shift "
        "both ways: (f(x + step) - f(x - step)) / (2 step).",
        zh="这是单侧差分，在这里误差要大上千倍。请向两边移动："
        "(f(x + step) - f(x - step)) / (2 step)。",
    )
    candidates = (
        (_difference(POINT, STEP, 0) / STEP, one_sided),
        (_difference(POINT, 0, STEP) / STEP, one_sided),
        (
            central / STEP,
            Text(
                en="Twice too large: the two points lie 2 · step apart, so divide by that.",
                zh="大了一倍：两个点相距 2 · step，应当除以它。",
            ),
        ),
        (
            central,
            Text(
                en="This is the difference of the values; divide it by the distance, 2 · step.",
                zh="这只是函数值之差；还要除以距离 2 · step。",
            ),
        ),
        (
            central / 2,
            Text(
                en="You divided by 2, but not by `step`.",
                zh="你除以了 2，却没有除以 `step`。",
            ),
        ),
        (
            central / 2 * STEP,
            Text(
                en="`/ 2 * step` multiplies by step in the end: write `/ (2 * step)`.",
                zh="`/ 2 * step` 最后是乘以 step：应当写成 `/ (2 * step)`。",
            ),
        ),
        (
            -central / (2 * STEP),
            Text(
                en="The sign is turned round: it is f(x + step) minus f(x - step).",
                zh="符号反了：应当是 f(x + step) 减 f(x - step)。",
            ),
        ),
        (
            np.array((cubic(POINT + STEP) - cubic(POINT - STEP)) / (2 * STEP)),
            Text(
                en="You shifted all variables at once and got one number. Shift one at a time: one "
                "partial derivative for each.",
                zh="你一次移动了所有变量，只得到一个数。请一次只移动一个：每个变量一个偏导数。",
            ),
        ),
    )
    for values, text in candidates:
        # Closer than the error of a one-sided difference, so that the two are told apart.
        if close(found, values, 1e-9):
            return Wrong(text)
    return _other_gradient(found)


def _other_gradient(found: FloatArray) -> Wrong:
    right = _cubic_gradient(POINT)
    if found.shape != right.shape:
        return Wrong(
            Text(
                en="The gradient has the shape of x, {expected}; yours has the shape {found}.",
                zh="梯度的形状与 x 相同，是 {expected}；你的结果形状是 {found}。",
            ),
            expected=right.shape,
            found=found.shape,
        )
    k = int(np.argmin(np.isclose(found, right, rtol=1e-5, atol=1e-5)))
    return Wrong(
        Text(
            en="For f = Σ xᵢ³ + x₀x₁ at {point}, partial derivative number {k} is {right:.5g}, not "
            "{found:.5g}.",
            zh="对 f = Σ xᵢ³ + x₀x₁，在 {point} 处，第 {k} 个偏导数是 {right:.5g}，"
            "而不是 {found:.5g}。",
        ),
        point=POINT.tolist(),
        k=k,
        right=right[k],
        found=found[k],
    )


JUDGES: dict[str, Judge] = {
    "4.2-a": judge_hidden_deltas,
    "4.2-b": judge_train_step,
    "4.2-c": judge_numerical_gradient,
}
