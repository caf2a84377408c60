"""Chapter 5: the project's network, which setting to take, and what a test result is worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import as_array, as_function, as_number, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

N_PIXELS = 784
N_DIGITS = 10

# ---------------------------------------------------------------- 5-a: a wider network

HIDDEN_UNITS = [256, 128]


def judge_model(answer: Any) -> Text:
    """Judge exercise 5-a: a Keras model with the hidden layers asked for."""
    _check_is_built(answer)
    dense = [layer for layer in answer.layers if type(layer).__name__ == "Dense"]
    _check_ends(answer)
    _check_units([int(layer.units) for layer in dense])
    _check_activations([str(layer.get_config()["activation"]) for layer in dense])
    return Text(
        en="784 → 256 → 128 → 10: that is 235,146 weights and biases.",
        zh="784 → 256 → 128 → 10：共 235,146 个权重和偏置。",
    )


def _check_is_built(model: Any) -> None:
    if isinstance(model, type) or not all(
        hasattr(model, name) for name in ("layers", "count_params", "built")
    ):
        raise Wrong(
            Text(
                en="Expected a Keras model, such as `tf.keras.Sequential([...])`, got `{found}`.",
                zh="这里应是 Keras 模型，例如 `tf.keras.Sequential([...])`；得到的却是 `{found}`。",
            ),
            found=show(model),
        )
    if not model.built:
        raise Wrong(
            Text(
                en="Keras does not know yet how large the input is, so the model has no weights. "
                "Begin the list with `tf.keras.Input((28, 28))`.",
                zh="Keras 还不知道输入有多大，所以模型还没有权重。列表的第一项应是 "
                "`tf.keras.Input((28, 28))`。",
            )
        )


def _check_ends(model: Any) -> None:
    n_inputs = math.prod(model.input_shape[1:])
    if n_inputs != N_PIXELS:
        raise Wrong(
            Text(
                en="The input has {n} values; a picture has 28 × 28 = 784.",
                zh="输入有 {n} 个值；一张图有 28 × 28 = 784 个。",
            ),
            n=n_inputs,
        )
    if len(model.output_shape) != 2:
        raise Wrong(
            Text(
                en="The output has the shape {found}: every row of the picture went through the "
                "layers by itself. Make one row of 784 numbers of it first: "
                "`tf.keras.layers.Flatten()`.",
                zh="输出的形状是 {found}：图的每一行都各自通过了各层。请先用 "
                "`tf.keras.layers.Flatten()` 把图展平成一行 784 个数。",
            ),
            found=model.output_shape,
        )
    if model.output_shape[1] != N_DIGITS:
        raise Wrong(
            Text(
                en="The output has {n} values, but there are ten digits: end with a `Dense(10)`.",
                zh="输出有 {n} 个值，而数字有十个：最后一层应是 `Dense(10, ...)`。",
            ),
            n=model.output_shape[1],
        )


def _check_units(units: list[int]) -> None:
    hidden = units[:-1]
    if hidden == HIDDEN_UNITS:
        return
    values = {"found": ", ".join(map(str, hidden)) or "–"}
    if hidden == HIDDEN_UNITS[::-1]:
        raise Wrong(
            Text(
                en="The hidden layers are in the wrong order: {found}. First 256, then 128.",
                zh="隐藏层的顺序反了：{found}。应当先 256，后 128。",
            ),
            **values,
        )
    raise Wrong(
        Text(
            en="The hidden layers have these units: {found}. Wanted are two layers, 256 and 128; "
            "the output layer is a third one.",
            zh="隐藏层的神经元数是：{found}。题目要求两个隐藏层，256 和 128；"
            "输出层是另外的第三层。",
        ),
        **values,
    )


def _check_activations(names: list[str]) -> None:
    *hidden, output = names
    if "linear" in hidden:
        raise Wrong(
            Text(
                en="A hidden layer has no activation. Then two layers together are only one "
                'weighted sum again: give both `activation="relu"`.',
                zh="有一个隐藏层没有激活函数。这样，两层合起来仍然只是一次加权求和："
                '请给两层都加上 `activation="relu"`。',
            )
        )
    if any(name != "relu" for name in hidden):
        raise Wrong(
            Text(
                en="The hidden layers have the activations {found}; wanted is relu.",
                zh="隐藏层的激活函数是 {found}；题目要求 relu。",
            ),
            found=", ".join(hidden),
        )
    if output != "softmax":
        raise Wrong(
            Text(
                en="The output layer has the activation {found}. Ten probabilities that add up to "
                "1 come from `softmax`.",
                zh="输出层的激活函数是 {found}。要得到总和为 1 的十个概率，请用 `softmax`。",
            ),
            found=output,
        )


# ---------------------------------------------------------------- 5-b: count the parameters


def _n_parameters(hidden_units: tuple[int, ...], *, weights: bool = True, biases: int = 1) -> int:
    pairs = pairwise((N_PIXELS, *hidden_units, N_DIGITS))
    return sum(inputs * units * weights + biases * units for inputs, units in pairs)


def judge_parameters(answer: Any) -> Text:
    """Judge exercise 5-b: how many weights and biases a network has."""
    function = as_function(answer)
    for hidden_units in ((128, 64), (256, 128), (16,), (512, 256, 64), ()):
        found = as_number(call(function, hidden_units))
        expected = _n_parameters(hidden_units)
        if found != expected:
            raise _wrong_parameters(found, hidden_units, expected)
    return Text(
        en="784·256 + 256 + 256·128 + 128 + 128·10 + 10 = 235,146 for two layers of 256 and 128. "
        "Most of them lie between the pixels and the first hidden layer.",
        zh="两个隐藏层为 256 和 128 时：784·256 + 256 + 256·128 + 128 + 128·10 + 10 = 235,146。"
        "其中大多数在像素与第一个隐藏层之间。",
    )


def _wrong_parameters(found: float, hidden_units: tuple[int, ...], expected: int) -> Wrong:
    sizes = (N_PIXELS, *hidden_units, N_DIGITS)
    values = {"hidden": hidden_units, "found": f"{found:g}"}
    texts = {
        _n_parameters(hidden_units, biases=0): Text(
            en="For {hidden} you get {found}: the weights alone. Each unit also has a bias.",
            zh="{hidden} 时你得到 {found}：只有权重。每个神经元还有一个偏置。",
        ),
        expected + N_PIXELS: Text(
            en="For {hidden} you get {found}: 784 too many. The inputs are given numbers; they "
            "have no biases.",
            zh="{hidden} 时你得到 {found}：多了 784 个。输入是给定的数，没有偏置。",
        ),
        expected - sizes[-2] * N_DIGITS - N_DIGITS: Text(
            en="For {hidden} you get {found}: the output layer is missing. It has ten units, each "
            "with a weight for every unit of the last hidden layer.",
            zh="{hidden} 时你得到 {found}：漏了输出层。它有十个神经元，"
            "每个与最后一个隐藏层的所有神经元相连。",
        ),
        sum(sizes[1:]): Text(
            en="For {hidden} you get {found}: that is the number of units. Each unit has one "
            "weight for every unit before it: multiply.",
            zh="{hidden} 时你得到 {found}：这是神经元的个数。每个神经元对前一层的每个神经元"
            "都有一个权重：应当相乘。",
        ),
    }
    if not hidden_units:
        text = Text(
            en="Without a hidden layer, `hidden_units=()`, the ten outputs are joined to the 784 "
            "pixels directly; you get {found}. Let a loop go over the pairs of neighbours in "
            "`(784, *hidden_units, 10)`.",
            zh="没有隐藏层时（`hidden_units=()`），十个输出与 784 个像素直接相连；你得到 {found}。"
            "请对 `(784, *hidden_units, 10)` 中相邻的两个数逐对循环。",
        )
        return Wrong(text, **values)
    otherwise = Text(
        en="For {hidden} you get {found}. Go from layer to layer: inputs · units weights, and one "
        "bias a unit.",
        zh="{hidden} 时你得到 {found}。逐层来算：权重是“输入数 · 神经元数”个，"
        "每个神经元再加一个偏置。",
    )
    return Wrong(texts.get(int(found), otherwise), **values)


# ---------------------------------------------------------------- 5-c: which one to take

_Results = dict[str, dict[str, list[float]]]

# In each, other ways to choose lead to another candidate than the mean of the validation does.
_FIELDS: tuple[_Results, ...] = (
    {
        "grid": {"validation": [0.970, 0.972, 0.971], "test": [0.973, 0.974, 0.975]},
        "random": {"validation": [0.978, 0.962, 0.967], "test": [0.968, 0.969, 0.970]},
        "tpe": {"validation": [0.969, 0.970, 0.968], "test": [0.979, 0.980, 0.981]},
    },
    {
        "a": {"validation": [0.960, 0.982, 0.977], "test": [0.971, 0.972, 0.973]},
        "b": {"validation": [0.970, 0.971, 0.969], "test": [0.970, 0.970, 0.970]},
    },
    {
        "five seeds": {"validation": [0.95] * 5, "test": [0.94] * 5},
        "three seeds": {"validation": [0.97, 0.96, 0.98], "test": [0.95] * 3},
    },
)


def _by(split: str, measure: Callable[[Sequence[float]], float]) -> Callable[[_Results], str]:
    return lambda results: max(results, key=lambda name: measure(results[name][split]))


def judge_choice(answer: Any) -> Text:
    """Judge exercise 5-c: the candidate to take, by several seeds."""
    function = as_function(answer)
    for results in _FIELDS:
        copy = {name: {k: list(v) for k, v in splits.items()} for name, splits in results.items()}
        found = call(function, copy)
        if not isinstance(found, str) or found not in results:
            raise Wrong(
                Text(
                    en="Return the name of one candidate ({names}); your function gives `{found}`.",
                    zh="应返回一个候选的名称（{names}）；你的函数返回的是 `{found}`。",
                ),
                names=", ".join(results),
                found=show(found),
            )
        if found != _by("validation", np.mean)(results):
            raise _wrong_choice(found, results)
    return Text(
        en="By the mean over the seeds, on validation data. The test set has no say in the choice, "
        "so it can still judge the winner.",
        zh="按验证集上各种子的平均值来选。测试集不参与选择，所以之后仍可以用它来评判优胜者。",
    )


def _wrong_choice(found: str, results: _Results) -> Wrong:
    ways: tuple[tuple[Callable[[_Results], str], Text], ...] = (
        (
            _by("test", np.mean),
            Text(
                en="You took {found}, which is the best on the test set. Who chooses by it has "
                'nothing left to judge the choice with: choose by `"validation"`.',
                zh="你选了 {found}，它在测试集上最好。用测试集来选，就再没有数据能评判"
                '这个选择了：请按 `"validation"` 来选。',
            ),
        ),
        (
            _by("validation", np.max),
            Text(
                en="You took {found}, which has the best single run. One lucky seed is no better "
                "setting: compare the means.",
                zh="你选了 {found}，它有单次最好的成绩。碰上一个好种子并不说明设置更好："
                "请比较平均值。",
            ),
        ),
        (
            _by("validation", np.min),
            Text(
                en="You took {found}, whose worst run is the best. That is cautious, but it looks "
                "at one seed only: compare the means.",
                zh="你选了 {found}，它最差的一次比别人最差的好。这样谨慎，但只看了一个种子："
                "请比较平均值。",
            ),
        ),
        (
            _by("validation", np.sum),
            Text(
                en="You took {found}, which has the largest sum: it has more seeds than the "
                "other. Divide by their number.",
                zh="你选了 {found}，它的总和最大：只因为它的种子更多。请除以种子的个数。",
            ),
        ),
    )
    otherwise = Text(
        en='You took {found}, but another one has the higher mean of `"validation"`.',
        zh='你选了 {found}，但另一个候选的 `"validation"` 平均值更高。',
    )
    texts = (text for way, text in ways if way(results) == found)
    return Wrong(next(texts, otherwise), found=found)


# ---------------------------------------------------------------- 5-d: an interval


def judge_interval(answer: Any) -> Text:
    """Judge exercise 5-d: Wilson's 95 % interval of an accuracy."""
    function = as_function(answer)
    for n_right, n in ((9_780, 10_000), (47, 50), (50, 50), (3, 20)):
        found = _ends(call(function, n_right, n))
        if not np.allclose(found, _wilson(n_right, n), rtol=0, atol=1e-4):
            raise _wrong_interval(found, n_right, n)
    return Text(
        en="9,780 of 10,000: from 97.5 % to 98.1 %. With 50 digits and no error at all: from "
        "92.9 % to 100 %.",
        zh="10,000 个中对了 9,780 个：从 97.5% 到 98.1%。50 个全对：从 92.9% 到 100%。",
    )


def _ends(value: Any) -> tuple[float, float]:
    if hasattr(value, "low") and hasattr(value, "high"):
        value = (value.low, value.high)
    low, high = as_array(value, (2,))
    return float(low), float(high)


def _wilson(n_right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's score interval (E. B. Wilson 1927)."""
    share = n_right / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


def _wald(n_right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    share = n_right / n
    half = z * math.sqrt(share * (1 - share) / n)
    return share - half, share + half


def _exact(n_right: int, n: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    found = binomtest(n_right, n).proportion_ci(method="exact")
    return found.low, found.high


def _wrong_interval(found: tuple[float, float], n_right: int, n: int) -> Wrong:
    right = _wilson(n_right, n)
    values = {"n_right": n_right, "n": n, "low": f"{found[0]:.4f}", "high": f"{found[1]:.4f}"}
    known: tuple[tuple[tuple[float, float], Text], ...] = (
        (
            right[::-1],
            Text(
                en="The two ends are in the wrong order: first the lower one.",
                zh="两端的顺序反了：先写下端。",
            ),
        ),
        (
            (100 * right[0], 100 * right[1]),
            Text(
                en="You give percent; give shares from 0 to 1, such as 0.978.",
                zh="你给的是百分数；请给 0 到 1 之间的比例，例如 0.978。",
            ),
        ),
        (
            _wilson(n_right, n, 1),
            Text(
                en="That is one standard error to each side, about 68 %. For 95 % it is z = 1.96.",
                zh="这是左右各一个标准误差，约为 68%。要 95%，应取 z = 1.96。",
            ),
        ),
        (
            _wilson(n_right, n, 1.644854),
            Text(
                en="z = 1.645 leaves 5 % on each side, so it is a 90 % interval. For 95 % it "
                "is z = 1.96.",
                zh="z = 1.645 在两侧各留下 5%，所以是 90% 的区间。要 95%，应取 z = 1.96。",
            ),
        ),
        (
            _wald(n_right, n),
            Text(
                en="That is the normal interval p ± 1.96 √(p(1 − p)/n). With {n_right} of {n} "
                "right it goes from {low} to {high}: for few errors it is too narrow, or goes "
                "beyond 1. "
                'Ask SciPy for `method="wilson"`.',
                zh="这是正态近似区间 p ± 1.96 √(p(1 − p)/n)。{n} 个中对 {n_right} 个时，"
                "它从 {low} 到 {high}：错误很少时它太窄，或者超过 1。请在 SciPy 里用 "
                '`method="wilson"`。',
            ),
        ),
        (
            _exact(n_right, n),
            Text(
                en="That is SciPy's default, the exact (Clopper–Pearson) interval. It is a good "
                'one too, a little wider; here `method="wilson"` is asked for.',
                zh="这是 SciPy 的默认方法，即精确（Clopper–Pearson）区间。它也很好，只是略宽；"
                '这里要求用 `method="wilson"`。',
            ),
        ),
    )
    otherwise = Text(
        en="For {n_right} of {n} right you give {low} to {high}. Let SciPy compute it: "
        '`binomtest(n_right, n).proportion_ci(method="wilson")`.',
        zh="{n} 个中对 {n_right} 个时，你给出的是 {low} 到 {high}。请让 SciPy 来算："
        '`binomtest(n_right, n).proportion_ci(method="wilson")`。',
    )
    texts = (text for ends, text in known if np.allclose(found, ends, rtol=1e-4, atol=1e-4))
    return Wrong(next(texts, otherwise), **values)


JUDGES: dict[str, Judge] = {
    "5-a": judge_model,
    "5-b": judge_parameters,
    "5-c": judge_choice,
    "5-d": judge_interval,
}
