"""Chapter 5: the project's network, which setting to take, and what a test result is worth."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.exercises.answers import (
    FloatArray,
    as_array,
    as_pair,
    as_text,
    check_answered,
    show,
    show_short_of,
)
from hpt_widgets.exercises.cases import SEED, Case, cases
from hpt_widgets.exercises.chart import all_series
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge, NotAnswered, Wrong
from hpt_widgets.exercises.preparation import n_contained, prepared_alike
from hpt_widgets.exercises.readings import choice, named, named_number
from hpt_widgets.exercises.training_faults import (
    BRIGHTEST,
    Digits,
    Program,
    faults_of,
    has_cross_entropy,
    loss_of,
    losses_of,
    rate_of,
    still_falls,
    was_trained,
)
from hpt_widgets.language import Text

SIDE = 28
N_PIXELS = SIDE * SIDE
N_DIGITS = 10

# ---------------------------------------------------------------- 5-a: a wider network

HIDDEN_UNITS = [256, 128]
SIZES = (N_PIXELS, *HIDDEN_UNITS, N_DIGITS)
KERNELS = list(pairwise(SIZES))
N_PARAMETERS = sum(m * n + n for m, n in KERNELS)
LARGEST_DROPOUT = 0.5


def _softmax(z: FloatArray) -> FloatArray:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


ACTIVATIONS: dict[str, Callable[[FloatArray], Any]] = {
    "relu": lambda z: np.maximum(z, 0),
    "linear": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": _softmax,
    "softplus": lambda z: np.log1p(np.exp(z)),
}


def judge_model(answer: Any) -> Text:
    """Judge exercise 5-a: a Keras model with the hidden layers asked for.

    The model is judged by its weights and by what it computes with them, not by the kinds of
    its layers.
    """
    x, output = _first_output(answer)
    _check_output(output)
    _check_weights([tuple(weight.shape) for weight in answer.weights])
    with _random_weights(answer) as weights:
        pixels = x.reshape(len(x), -1)
        _check_activations(_output(answer, x), pixels, weights)
        _check_dropout(answer, x)
    return Text(
        en="784 → 256 → 128 → 10: that is 235,146 weights and biases.",
        zh="784 → 256 → 128 → 10：共 235,146 个权重和偏置。",
    )


def _first_output(model: Any) -> tuple[Any, FloatArray]:
    """Return pictures in a shape that the model takes, and what it makes of them."""
    if isinstance(model, type) or not callable(model) or not hasattr(model, "weights"):
        raise Wrong(
            Text(
                en="Expected a Keras model, such as `tf.keras.Sequential([...])`, got `{found}`.",
                zh="这里应是 Keras 模型，例如 `tf.keras.Sequential([...])`；得到的却是 `{found}`。",
            ),
            found=show(model),
        )
    pictures = np.random.default_rng(SEED).random((4, N_PIXELS), dtype=np.float32)
    shapes = [(SIDE, SIDE), (N_PIXELS,), (SIDE, SIDE, 1)]
    shape = getattr(model, "input_shape", None)
    if isinstance(shape, tuple) and all(isinstance(n, int) for n in shape[1:]):
        _check_inputs(math.prod(shape[1:]))
        shapes = [shape[1:]]
    problem = ""
    for tried in shapes:
        x = pictures.reshape(-1, *tried)
        try:
            return x, _output(model, x)
        except Exception as error:
            problem = problem or f"{type(error).__name__}: {error}"
    raise Wrong(
        Text(
            en="The model does not take pictures of 28 × 28 pixels: {problem}",
            zh="模型不能接收 28 × 28 像素的图：{problem}",
        ),
        problem=problem[:300],
    )


def _check_inputs(n_inputs: int) -> None:
    if n_inputs != N_PIXELS:
        raise Wrong(
            Text(
                en="The input has {n} values; a picture has 28 × 28 = 784.",
                zh="输入有 {n} 个值；一张图有 28 × 28 = 784 个。",
            ),
            n=n_inputs,
        )


def _output(model: Any, x: Any, *, training: bool = False) -> FloatArray:
    return np.asarray(model(x, training=training), dtype=np.float64)


def _check_output(output: FloatArray) -> None:
    if output.ndim != 2:
        raise Wrong(
            Text(
                en="The output has the shape {found}: every row of the picture went through the "
                "layers by itself. Make one row of 784 numbers of it first: "
                "`tf.keras.layers.Flatten()`.",
                zh="输出的形状是 {found}：图的每一行都各自通过了各层。请先用 "
                "`tf.keras.layers.Flatten()` 把图展平成一行 784 个数。",
            ),
            found=(None, *output.shape[1:]),
        )
    if output.shape[1] != N_DIGITS:
        raise Wrong(
            Text(
                en="The output has {n} values, but there are ten digits: end with a `Dense(10)`.",
                zh="输出有 {n} 个值，而数字有十个：最后一层应是 `Dense(10, ...)`。",
            ),
            n=output.shape[1],
        )


def _check_weights(shapes: list[tuple[int, ...]]) -> None:
    kernels = [shape for shape in shapes if len(shape) == 2]
    hidden = [n for _, n in kernels if n != N_DIGITS]
    values = {
        "found": ", ".join(map(str, hidden)) or "–",
        "n": f"{sum(map(math.prod, shapes)):,}",
        "wanted": f"{N_PARAMETERS:,}",
        "shapes": ", ".join(map(str, kernels)),
    }
    expected = sorted([*KERNELS, *((n,) for _, n in KERNELS)])
    if sorted(shapes) == expected:
        return
    if sorted(kernels) == sorted(KERNELS):
        text = Text(
            en="The model has {n} parameters instead of {wanted}. Two hidden layers and the output "
            "layer, each with its biases, and nothing else that learns.",
            zh="模型有 {n} 个参数，应为 {wanted}。两个隐藏层加输出层，各带偏置，"
            "此外没有别的要学习的东西。",
        )
    elif hidden == HIDDEN_UNITS:
        text = Text(
            en="The weights have the shapes {shapes}, {n} parameters in all instead of {wanted}: "
            "`Flatten` belongs before the first `Dense`, so that it sees all 784 pixels.",
            zh="权重的形状是 {shapes}，共 {n} 个参数，应为 {wanted}：`Flatten` 应当放在第一个 "
            "`Dense` 之前，让它看到全部 784 个像素。",
        )
    elif hidden == HIDDEN_UNITS[::-1]:
        text = Text(
            en="The hidden layers are in the wrong order: {found}. First 256, then 128.",
            zh="隐藏层的顺序反了：{found}。应当先 256，后 128。",
        )
    else:
        text = Text(
            en="The hidden layers have these units: {found}. Wanted are two layers, 256 and 128; "
            "the output layer is a third one.",
            zh="隐藏层的神经元数是：{found}。题目要求两个隐藏层，256 和 128；"
            "输出层是另外的第三层。",
        )
    raise Wrong(text, **values)


@contextmanager
def _random_weights(model: Any) -> Iterator[dict[tuple[int, ...], FloatArray]]:
    """Give the model weights by which activations can be told apart, and take them back."""
    before = model.get_weights()
    rng = np.random.default_rng(SEED)
    drawn = [rng.standard_normal(w.shape) / math.sqrt(w.shape[0]) for w in before]
    model.set_weights(drawn)
    try:
        yield {weight.shape: weight for weight in drawn}
    finally:
        model.set_weights(before)


def _forward(
    pixels: FloatArray, weights: Mapping[tuple[int, ...], FloatArray], names: Sequence[str]
) -> FloatArray:
    values = pixels.astype(np.float64)
    for (m, n), name in zip(KERNELS, names, strict=True):
        values = ACTIVATIONS[name](values @ weights[m, n] + weights[n,])
    return values


def _check_activations(
    output: FloatArray, pixels: FloatArray, weights: Mapping[tuple[int, ...], FloatArray]
) -> None:
    names = next(
        (
            names
            for names in itertools.product(ACTIVATIONS, repeat=3)
            if np.allclose(output, _forward(pixels, weights, names), rtol=1e-3, atol=1e-4)
        ),
        None,
    )
    if names == ("relu", "relu", "softmax"):
        return
    if names is None:
        raise Wrong(
            Text(
                en="The layers have the right sizes, but the model computes something else than "
                "relu, relu and softmax do.",
                zh="各层的大小是对的，但模型算出的与 relu、relu、softmax 不同。",
            )
        )
    *hidden, last = names
    if "linear" in hidden:
        raise Wrong(
            Text(
                en="A hidden layer has no activation. Then two layers together are only one "
                'weighted sum again: give both `activation="relu"`.',
                zh="有一个隐藏层没有激活函数。这样，两层合起来仍然只是一次加权求和："
                '请给两层都加上 `activation="relu"`。',
            )
        )
    if hidden != ["relu", "relu"]:
        raise Wrong(
            Text(
                en="The hidden layers have the activations {found}; wanted is relu.",
                zh="隐藏层的激活函数是 {found}；题目要求 relu。",
            ),
            found=", ".join(hidden),
        )
    raise Wrong(
        Text(
            en="The output layer has the activation {found}. Ten probabilities that add up to "
            "1 come from `softmax`.",
            zh="输出层的激活函数是 {found}。要得到总和为 1 的十个概率，请用 `softmax`。",
        ),
        found=last,
    )


def _layers_within(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from _layers_within(layer)


def _check_dropout(model: Any, x: Any) -> None:
    """Allow dropout that leaves at least half of the units, and nothing else that is random."""
    rates = [
        float(layer.rate)
        for layer in getattr(model, "_flatten_layers", list)()
        if isinstance(getattr(layer, "rate", None), float | int)
    ]
    if any(rate > LARGEST_DROPOUT for rate in rates):
        raise Wrong(
            Text(
                en="A dropout of {rate:g} drops nearly all units while the model is trained. "
                "The model of 5.2 has none.",
                zh="{rate:g} 的 dropout 在训练时会停用几乎所有神经元。5.2 的模型没有 dropout。",
            ),
            rate=max(rates),
        )
    if not rates and not np.allclose(_output(model, x), _output(model, x, training=True)):
        raise Wrong(
            Text(
                en="While it is trained the model computes something else than afterwards. That of "
                "5.2 does not.",
                zh="模型在训练时与训练后算出的结果不同。5.2 的模型不是这样。",
            )
        )


# ---------------------------------------------------------------- 5-b: count the parameters


def n_parameters(hidden_units: Sequence[int], *, biases: int = 1) -> int:
    """Return how many weights and biases a network has."""
    pairs = pairwise((N_PIXELS, *hidden_units, N_DIGITS))
    return sum(inputs * units + biases * units for inputs, units in pairs)


def _without_output_layer(hidden_units: Sequence[int]) -> int:
    return n_parameters(hidden_units) - (N_PIXELS, *hidden_units)[-1] * N_DIGITS - N_DIGITS


def _without_first_layer(hidden_units: Sequence[int]) -> int:
    return sum(m * n + n for m, n in pairwise((*hidden_units, N_DIGITS)))


def _fails_without_hidden_layers(hidden_units: Sequence[int]) -> int:
    return n_parameters(hidden_units) if hidden_units[0] else 0


_NO_HIDDEN_LAYER = Text(
    en="Right with hidden layers. Without one, `hidden_units=()`, the ten outputs are joined to "
    "the 784 pixels directly: 7,850. Let a loop go over the pairs of neighbours in "
    "`(784, *hidden_units, 10)`.",
    zh="有隐藏层时是对的。没有隐藏层时（`hidden_units=()`），十个输出与 784 个像素直接相连："
    "7,850 个。请对 `(784, *hidden_units, 10)` 中相邻的两个数逐对循环。",
)

PARAMETERS = Judgement(
    n_parameters,
    cases(
        ((),),
        ((1,),),
        ((16,),),
        ((128, 64),),
        ((256, 128),),
        ((512, 256, 64),),
        draw=lambda rng: (tuple(rng.integers(2, 600, rng.integers(1, 5)).tolist()),),
        n=20,
    ),
    mistakes=(
        Mistake(
            lambda hidden: n_parameters(hidden, biases=0),
            Text(
                en="For `{call}` you get {found}: the weights alone. Each unit also has a bias.",
                zh="参数为 `{call}` 时，你得到 {found}：只有权重。每个神经元还有一个偏置。",
            ),
        ),
        Mistake(
            lambda hidden: n_parameters(hidden) + N_PIXELS,
            Text(
                en="For `{call}` you get {found}: 784 too many. The inputs are given numbers; they "
                "have no biases.",
                zh="参数为 `{call}` 时，你得到 {found}：多了 784 个。输入是给定的数，没有偏置。",
            ),
        ),
        Mistake(
            _without_output_layer,
            Text(
                en="For `{call}` you get {found}: the output layer is missing. It has ten units, "
                "each with a weight for every unit of the last hidden layer.",
                zh="参数为 `{call}` 时，你得到 {found}：漏了输出层。它有十个神经元，"
                "每个与最后一个隐藏层的所有神经元相连。",
            ),
        ),
        Mistake(
            _without_first_layer,
            Text(
                en="For `{call}` you get {found}: the weights between the 784 pixels and the first "
                "hidden layer are missing, with its biases.",
                zh="参数为 `{call}` 时，你得到 {found}：漏了 784 个像素与第一个隐藏层之间的权重"
                "和偏置。",
            ),
        ),
        Mistake(
            lambda hidden: sum(hidden) + N_DIGITS,
            Text(
                en="For `{call}` you get {found}: that is the number of units. Each unit has one "
                "weight for every unit before it: multiply.",
                zh="参数为 `{call}` 时，你得到 {found}：这是神经元的个数。每个神经元对前一层的"
                "每个神经元都有一个权重：应当相乘。",
            ),
        ),
        Mistake(
            lambda hidden: n_parameters(hidden, biases=0) + len(hidden) + 1,
            Text(
                en="For `{call}` you get {found}: one bias for each layer. Each *unit* has one.",
                zh="参数为 `{call}` 时，你得到 {found}：每层只算了一个偏置。"
                "应当每个神经元各有一个。",
            ),
        ),
        Mistake(lambda hidden: n_parameters(hidden) if hidden else 0, _NO_HIDDEN_LAYER),
        Mistake(_fails_without_hidden_layers, _NO_HIDDEN_LAYER),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}. Go from layer to layer: "
        "inputs · units weights, and one bias a unit.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}。逐层来算：权重是"
        "“输入数 · 神经元数”个，每个神经元再加一个偏置。",
    ),
    same=lambda found, expected: abs(found - expected) < 0.01,
)


def judge_parameters(answer: Any) -> Text:
    """Judge exercise 5-b: how many weights and biases a network has."""
    PARAMETERS.check(answer)
    return Text(
        en="784·256 + 256 + 256·128 + 128 + 128·10 + 10 = 235,146 for two layers of 256 and 128. "
        "Most of them lie between the pixels and the first hidden layer.",
        zh="两个隐藏层为 256 和 128 时：784·256 + 256 + 256·128 + 128 + 128·10 + 10 = 235,146。"
        "其中大多数在像素与第一个隐藏层之间。",
    )


# ---------------------------------------------------------------- 5-c: which one to take

Results = Mapping[str, Mapping[str, Sequence[float]]]
Measure = Callable[[Sequence[float]], Any]


def _by(split: str, measure: Measure) -> Callable[[Results], str]:
    return lambda results: max(results, key=lambda name: float(measure(results[name][split])))


choose = _by("validation", np.mean)


def _spread(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1))


def _draw_candidates(rng: np.random.Generator) -> Case:
    """Return candidates with unequal numbers of seeds, and one of them clearly the best."""
    names = rng.choice(["grid", "random", "tpe", "manual", "default"], rng.integers(2, 5), False)
    while True:
        results = {}
        for name in names:
            n, middle = rng.integers(2, 6), rng.uniform(0.94, 0.97)
            spread = rng.uniform(0.001, 0.02)
            results[str(name)] = {
                "validation": np.round(rng.normal(middle, spread, n), 3).tolist(),
                "test": np.round(rng.normal(0.955, 0.01, n), 3).tolist(),
            }
        means = sorted(np.mean(splits["validation"]) for splits in results.values())
        if means[-1] - means[-2] > 0.0005:
            return (results,)


def _as_name(value: Any) -> str:
    name = as_text(value)
    if name is None:
        raise Wrong(
            Text(
                en="Return the name of one candidate; your function gives `{found}`.",
                zh="应返回一个候选的名称；你的函数返回的是 `{found}`。",
            ),
            found=show(value),
        )
    return name


_BY_TEST = Text(
    en="You took {found}, which is the best on the test set. Who chooses by it has "
    'nothing left to judge the choice with: choose by `"validation"`.',
    zh="你选了 {found}，它在测试集上最好。用测试集来选，就再没有数据能评判"
    '这个选择了：请按 `"validation"` 来选。',
)
_CAUTIOUS = Text(
    en="You took {found}: you subtract a measure of the spread from the mean. That is cautious, "
    "but the spread of so few seeds is itself uncertain: compare the means ({means}).",
    zh="你选了 {found}：你从平均值里减去了离散程度。这样谨慎，但种子这么少，离散程度本身就算不准："
    "请比较平均值（{means}）。",
)
_STEADIEST = Text(
    en="You took {found}, whose seeds differ least. A steady candidate may be steadily worse: "
    "compare the means ({means}).",
    zh="你选了 {found}，它的各个种子相差最小。稳定也可能是稳定地差：请比较平均值（{means}）。",
)
_ONE_SEED = Text(
    en="You took {found}, by one seed alone. Compare the means over all seeds ({means}).",
    zh="你选了 {found}，只看了一个种子。请比较所有种子的平均值（{means}）。",
)

CHOICE = Judgement(
    choose,
    cases(
        (
            {
                "grid": {"validation": [0.970, 0.972, 0.971], "test": [0.973, 0.974, 0.975]},
                "random": {"validation": [0.978, 0.962, 0.967], "test": [0.968, 0.969, 0.970]},
                "tpe": {"validation": [0.969, 0.970, 0.968], "test": [0.979, 0.980, 0.981]},
            },
        ),
        (
            {
                "five seeds": {"validation": [0.95] * 5, "test": [0.94] * 5},
                "three seeds": {"validation": [0.97, 0.96, 0.98], "test": [0.95] * 3},
            },
        ),
        draw=_draw_candidates,
        n=40,
    ),
    mistakes=(
        Mistake(_by("test", np.mean), _BY_TEST),
        Mistake(_by("test", max), _BY_TEST),
        Mistake(_by("test", min), _BY_TEST),
        Mistake(
            lambda results: max(
                results,
                key=lambda name: (
                    np.mean(results[name]["validation"]) + np.mean(results[name]["test"])
                ),
            ),
            Text(
                en="You took {found}: the test set has a say in the choice. It would have nothing "
                'left to judge it with: choose by `"validation"` alone ({means}).',
                zh="你选了 {found}：测试集参与了选择，之后就没有数据能评判它了。"
                '请只按 `"validation"` 来选（{means}）。',
            ),
        ),
        Mistake(
            _by("validation", max),
            Text(
                en="You took {found}, which has the best single run. One lucky seed is no better "
                "setting: compare the means ({means}).",
                zh="你选了 {found}，它有单次最好的成绩。碰上一个好种子并不说明设置更好："
                "请比较平均值（{means}）。",
            ),
        ),
        Mistake(
            _by("validation", min),
            Text(
                en="You took {found}, whose worst run is the best. That is cautious, but it looks "
                "at one seed only: compare the means ({means}).",
                zh="你选了 {found}，它最差的一次比别人最差的好。这样谨慎，但只看了一个种子："
                "请比较平均值（{means}）。",
            ),
        ),
        Mistake(
            _by("validation", sum),
            Text(
                en="You took {found}, which has the largest sum: that grows with the number of "
                "seeds. Divide by it ({means}).",
                zh="你选了 {found}，它的总和最大：种子越多，总和越大。"
                "请除以种子的个数（{means}）。",
            ),
        ),
        Mistake(
            _by("validation", len),
            Text(
                en="You took {found}, which has the most seeds. Compare the means ({means}).",
                zh="你选了 {found}，它的种子最多。请比较平均值（{means}）。",
            ),
        ),
        Mistake(_by("validation", lambda values: -_spread(values)), _STEADIEST),
        Mistake(_by("validation", lambda values: -np.std(values)), _STEADIEST),
        Mistake(_by("validation", lambda values: -np.ptp(values)), _STEADIEST),
        Mistake(
            _by(
                "validation", lambda values: np.mean(values) - _spread(values) / len(values) ** 0.5
            ),
            _CAUTIOUS,
        ),
        Mistake(_by("validation", lambda values: np.mean(values) - _spread(values)), _CAUTIOUS),
        Mistake(_by("validation", lambda values: np.mean(values) - np.std(values)), _CAUTIOUS),
        Mistake(_by("validation", lambda values: values[0]), _ONE_SEED),
        Mistake(_by("validation", lambda values: values[-1]), _ONE_SEED),
        Mistake(
            _by("validation", np.median),
            Text(
                en="You took {found}, which has the best median. With a few seeds the mean uses "
                "more of what is known ({means}).",
                zh="你选了 {found}，它的中位数最好。种子不多时，平均值用到的信息更多（{means}）。",
            ),
        ),
        Mistake(
            _by("validation", lambda values: -np.mean(values)),
            Text(
                en="You took {found}, which has the *lowest* mean ({means}). These are accuracies: "
                "more is better.",
                zh="你选了 {found}，它的平均值最低（{means}）。这些是准确率：越高越好。",
            ),
        ),
    ),
    otherwise=Text(
        en='You took {found}, but {expected} has the highest mean of `"validation"` ({means}).',
        zh='你选了 {found}，但 `"validation"` 平均值最高的是 {expected}（{means}）。',
    ),
    read=_as_name,
    same=str.__eq__,
    details=lambda results: {
        "means": ", ".join(
            f"{name} {np.mean(splits['validation']):.4f}" for name, splits in results.items()
        )
    },
)


def judge_choice(answer: Any) -> Text:
    """Judge exercise 5-c: the candidate to take, by several seeds."""
    CHOICE.check(answer)
    return Text(
        en="By the mean over the seeds, on validation data. The test set has no say in the choice, "
        "so it can still judge the winner.",
        zh="按验证集上各种子的平均值来选。测试集不参与选择，所以之后仍可以用它来评判优胜者。",
    )


# ---------------------------------------------------------------- 5-d: an interval

Ends = tuple[float, float]
Z = 1.959964


def wilson(n_right: int, n: int, z: float = Z) -> Ends:
    """Return Wilson's score interval (E. B. Wilson 1927)."""
    share = n_right / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


def _wald(n_right: int, n: int) -> Ends:
    share = n_right / n
    half = Z * math.sqrt(share * (1 - share) / n)
    return share - half, share + half


def _agresti_coull(n_right: int, n: int) -> Ends:
    return _wald(n_right + Z**2 / 2, n + Z**2)  # type: ignore[arg-type]


def _by_scipy(method: str) -> Callable[[int, int], Ends]:
    def interval(n_right: int, n: int) -> Ends:
        from scipy.stats import binomtest

        found = binomtest(n_right, n).proportion_ci(method=method)
        return found.low, found.high

    return interval


def _clipped(interval: Callable[[int, int], Ends]) -> Callable[[int, int], Ends]:
    def within(n_right: int, n: int) -> Ends:
        low, high = interval(n_right, n)
        return max(0.0, low), min(1.0, high)

    return within


def _draw_counts(rng: np.random.Generator) -> Case:
    n = int(rng.choice([12, 35, 80, 250, 1000, 5000]))
    return int(rng.binomial(n, rng.uniform(0.1, 0.99))), n


def _as_ends(value: Any) -> FloatArray:
    if hasattr(value, "low") and hasattr(value, "high"):
        value = (value.low, value.high)
    return as_array(value, (2,))


_NORMAL = Text(
    en="That is the normal interval p ± 1.96 √(p(1 − p)/n): for `{call}` you give {found}, and "
    "Wilson's is {expected}. With few errors it is too narrow, or goes beyond 1. "
    'Ask SciPy for `method="wilson"`.',
    zh="这是正态近似区间 p ± 1.96 √(p(1 − p)/n)：参数为 `{call}` 时，你给出 {found}，"
    "而 Wilson 区间是 {expected}。错误很少时它太窄，或者超过 1。请在 SciPy 里用 "
    '`method="wilson"`。',
)


def _level(z: str, level: float) -> Text:
    return Text(
        en=f"With z = {z} this is an interval of {level} %. For 95 % it is z = 1.96.",
        zh=f"取 z = {z} 得到的是 {level}% 的区间。要 95%，应取 z = 1.96。",
    )


INTERVAL = Judgement(
    wilson,
    cases(
        (9_780, 10_000),
        (47, 50),
        (50, 50),
        (0, 10),
        (1, 1),
        (3, 20),
        draw=_draw_counts,
    ),
    mistakes=(
        Mistake(
            lambda n_right, n: wilson(n_right, n)[::-1],
            Text(
                en="The two ends are in the wrong order: first the lower one.",
                zh="两端的顺序反了：先写下端。",
            ),
        ),
        Mistake(
            lambda n_right, n: tuple(100 * end for end in wilson(n_right, n)),
            Text(
                en="You give percent; give shares from 0 to 1, such as 0.978.",
                zh="你给的是百分数；请给 0 到 1 之间的比例，例如 0.978。",
            ),
        ),
        Mistake(lambda n_right, n: wilson(n_right, n, 1), _level("1", 68)),
        Mistake(lambda n_right, n: wilson(n_right, n, 1.644854), _level("1.645", 90)),
        Mistake(lambda n_right, n: wilson(n_right, n, 2), _level("2", 95.4)),
        Mistake(lambda n_right, n: wilson(n_right, n, 2.575829), _level("2.576", 99)),
        Mistake(_wald, _NORMAL),
        Mistake(_clipped(_wald), _NORMAL),
        Mistake(
            _by_scipy("exact"),
            Text(
                en="That is SciPy's default, the exact (Clopper–Pearson) interval. It is a good "
                'one too, a little wider; here `method="wilson"` is asked for.',
                zh="这是 SciPy 的默认方法，即精确（Clopper–Pearson）区间。它也很好，只是略宽；"
                '这里要求用 `method="wilson"`。',
            ),
        ),
        Mistake(
            _by_scipy("wilsoncc"),
            Text(
                en='This is Wilson\'s interval with the continuity correction (`"wilsoncc"`), a '
                'little wider; here `method="wilson"` is asked for.',
                zh='这是带连续性校正的 Wilson 区间（`"wilsoncc"`），略宽；这里要求用 '
                '`method="wilson"`。',
            ),
        ),
        *(
            Mistake(
                mistaken,
                Text(
                    en="This is the interval of Agresti and Coull, which has Wilson's middle but "
                    "is wider. Here Wilson's own is asked for.",
                    zh="这是 Agresti–Coull 区间，中点与 Wilson 区间相同，但更宽。"
                    "这里要的是 Wilson 区间。",
                ),
            )
            for mistaken in (_agresti_coull, _clipped(_agresti_coull))
        ),
        Mistake(
            lambda n_right, n: (sum(wilson(n_right, n)) / 2, np.ptp(wilson(n_right, n)) / 2),
            Text(
                en="For `{call}` you give {found}: the middle and the half width. Give both ends, "
                "{expected}.",
                zh="参数为 `{call}` 时，你给出 {found}：这是中点和半宽。请给出两端 {expected}。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you give {found}; it should be {expected}. Let SciPy compute it: "
        '`binomtest(n_right, n).proportion_ci(method="wilson")`.',
        zh="参数为 `{call}` 时，你给出 {found}，应为 {expected}。请让 SciPy 来算："
        '`binomtest(n_right, n).proportion_ci(method="wilson")`。',
    ),
    read=_as_ends,
    same=lambda found, expected: bool(np.allclose(found, expected, rtol=0, atol=1e-4)),
    digits=(1, 2, 3),
)


def judge_interval(answer: Any) -> Text:
    """Judge exercise 5-d: Wilson's 95 % interval of an accuracy."""
    INTERVAL.check(answer)
    return Text(
        en="9,780 of 10,000: from 97.5 % to 98.1 %. With 50 digits and no error at all: from "
        "92.9 % to 100 %.",
        zh="10,000 个中对了 9,780 个：从 97.5% 到 98.1%。50 个全对：从 92.9% 到 100%。",
    )


# ---------------------------------------------------------------- 5-e: a program that trains badly

N_TRIED = 2_000
N_TRAINED = 5_000
REPAIRED_WANTED = 0.9
GUESSING = 0.15
# The loss is 2.303 where all ten digits are as likely; what is below this has learned something.
GUESSING_LOSS = 2.2
GIVEN_RATE = 1.0
GIVEN_LOSS = ("sparse_categorical_crossentropy", True)
REPAIRED_SIZES = [(784, 128), (128, 64), (64, 10)]
PROGRAM_PARTS = ("pictures", "labels", "network")


def judge_repaired_program(answer: Any) -> Text:
    """Judge exercise 5-e: a Keras model that was trained well, by how it reads unseen digits.

    What its training was given comes with it, so that a fault that is left can be named. Copies
    of an earlier version of the chapter hand over the model alone.
    """
    program = _program(answer)
    predict = program.network.predict
    _check_sizes(program.network)
    _check_number_of_digits(program.pictures)
    pictures, labels = unseen_digits()
    prepared = _as_the_program_does(program, pictures)
    if prepared is None:
        _check_unseen(pictures, program.pictures)
    # Who has repaired the preparation may have changed either end of it, or made another one.
    forms = [pictures, 255.0 * pictures]
    forms += [] if prepared is None or prepared is pictures else [prepared]
    accuracy = max(_share_read(predict, form, labels) for form in forms)
    if accuracy >= REPAIRED_WANTED:
        return Text(
            en=f"{accuracy:.1%} of {N_TRIED:,} digits that it never saw. Each fault by itself let "
            "the program run without a word: only the losses tell.",
            zh=f"从未见过的 {N_TRIED:,} 张图，认对 {accuracy:.1%}。"
            "不管有哪一处毛病，程序运行时都不报错：要看损失才能发现。",
        )
    if accuracy <= GUESSING and _is_as_given(program):
        raise NotAnswered
    raise _still_bad(program, accuracy)


def _program(answer: Any) -> Program:
    """Return the network with what its training was given, or raise `Wrong`."""
    parts = {"network": answer}
    if isinstance(answer, Mapping):
        parts = named(answer, PROGRAM_PARTS)
    network = parts["network"]
    if network is Ellipsis:
        raise NotAnswered
    if not callable(getattr(network, "predict", None)) or isinstance(network, type):
        raise Wrong(
            Text(
                en="Expected the trained Keras model, got `{found}`.",
                zh="这里应是训练好的 Keras 模型，得到的却是 `{found}`。",
            ),
            found=show(network),
        )
    return Program(**parts)


def _as_the_program_does(
    program: Program, pictures: NDArray[np.float32]
) -> NDArray[np.float32] | None:
    """Return the pictures as the program has prepared the task's; None where it shows no such."""
    try:
        return prepared_alike(pictures, program.pictures, digits_of_the_task().pictures)
    except Exception:
        # What is no array of numbers shows no preparation.
        return None


def _still_bad(program: Program, accuracy: float) -> Wrong:
    """Return what a network that reads badly shows of its faults."""
    faults = faults_of(program, digits_of_the_task())
    losses = losses_of(program.network)
    if faults:
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. One thing "
            "that is still wrong: {fault}",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。还有一处不对：{fault}",
        )
    elif accuracy <= GUESSING and not losses and not was_trained(program.network):
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Its optimizer "
            "has made no step yet: a network that is built anew has to be trained anew, with "
            "`network.fit`.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。它的优化器还没有走过"
            "一步：重新搭建的网络，要用 `network.fit` 重新训练。",
        )
    elif program.pictures is None or not losses or not has_cross_entropy(program.network):
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Go through "
            "the program line by line: the scale of the inputs, the activations of the hidden "
            "layers and of the output, the loss, the learning rate.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。"
            "请逐行检查程序："
            "输入的尺度，隐藏层和输出层的激活函数，损失，学习率。",
        )
    elif rate_of(program.network) == GIVEN_RATE:
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together. The learning rate is still {rate:g}, as it was given: "
            "compare the training loss of its epochs, {losses}, with that of a smaller rate.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了。学习率还是原来的 {rate:g}：每轮的训练损失是 {losses}，"
            "请与小一些的学习率比一比。",
        )
    elif not math.isfinite(losses[-1]):
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together, but the training loss of its epochs, {losses}, ends "
            "as no number: its steps were too long. Try a smaller learning rate.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了，可是每轮的训练损失 {losses} 最后不成其为数：步子太大了。"
            "请换一个小一些的学习率。",
        )
    elif len(losses) == 1 and losses[0] < GUESSING_LOSS:
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together, and it learns: its training loss is {losses}, and 2.3 "
            "is guessing. One epoch is too few to tell more: train for more epochs.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了，它也在学：训练损失是 {losses}，而瞎猜是 2.3。只训练一轮，"
            "还看不出别的：请多训练几轮。",
        )
    elif len(losses) == 1:
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together. Its training loss is {losses} (2.3 is guessing), but "
            "one epoch is too few to tell whether it falls: train for some more, and if it does "
            "not fall then, try another learning rate.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了。训练损失是 {losses}（2.3 就是瞎猜），但只训练一轮，还看不出它降不降："
            "请多训练几轮；如果还是降不下来，再换一个学习率。",
        )
    elif still_falls(losses):
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together, and the training loss of its epochs, {losses}, still "
            "falls: more epochs, or another learning rate?",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了，每轮的训练损失是 {losses}，还在下降：多训练几轮，或者换一个学习率？",
        )
    elif losses[-1] < GUESSING_LOSS:
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together. The training loss of its epochs, {losses}, is below "
            "that of guessing (2.3), but does not fall any more: another learning rate, or more "
            "epochs?",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了。每轮的训练损失 {losses} 比瞎猜（2.3）低，但已经降不下去：换一个学习率，"
            "或者多训练几轮？",
        )
    else:
        text = Text(
            en="It reads {accuracy} of {n:,} unseen digits; {wanted:.0%} is wanted. Pixels, "
            "layers and loss fit together, but the training loss of its epochs, {losses}, does "
            "not fall (2.3 is guessing): try another learning rate.",
            zh="从未见过的 {n:,} 张图，它认对 {accuracy}；要求 {wanted:.0%}。像素、各层和损失"
            "都没有问题了，可是每轮的训练损失 {losses} 降不下来（2.3 就是瞎猜）：请换一个学习率。",
        )
    return Wrong(
        text,
        accuracy=show_short_of(accuracy, REPAIRED_WANTED),
        n=N_TRIED,
        wanted=REPAIRED_WANTED,
        fault=str(faults[0]) if faults else "",
        losses=", ".join(f"{loss:.3g}" for loss in losses[-5:]),
        rate=GIVEN_RATE,
    )


@cache
def digits_of_the_task() -> Digits:
    """Return the digits that the program to repair trains on."""
    from hpt_widgets.data.mnist import load_mnist

    few = load_mnist().take(N_TRAINED, seed=0)
    return Digits(few.x_train, few.y_train.astype(np.int64))


def _check_sizes(model: Any) -> None:
    """Raise `Wrong` where the weights of a model's layers have other sizes than the starter's.

    A layer that prepares the pictures may have others, which no training changes.
    """
    try:
        sizes = [weights.shape for weights in model.get_weights() if weights.ndim == 2]
        trained = [tuple(weights.shape) for weights in getattr(model, "trainable_weights", ())]
    except Exception:
        return
    if sizes != REPAIRED_SIZES and trained:
        sizes = [shape for shape in trained if len(shape) == 2]
    n_units = [n for _, n in sizes]
    if sizes != REPAIRED_SIZES and n_units == [n for _, n in REPAIRED_SIZES]:
        raise Wrong(
            Text(
                en="The first layer of your network looks at {found:,} numbers. It is to look at "
                "all {wanted} pixels of a picture, as it did.",
                zh="你的网络，第一层看的是 {found:,} 个数。它应当和原来一样，看一张图的全部 "
                "{wanted} 个像素。",
            ),
            found=sizes[0][0],
            wanted=REPAIRED_SIZES[0][0],
        )
    if sizes != REPAIRED_SIZES:
        raise Wrong(
            Text(
                en="The layers of your network have {found} units. Their sizes are to stay as they "
                "were: 128, 64 and 10.",
                zh="你的网络，各层的神经元个数是 {found}。各层的大小应当不变：128、64 和 10。",
            ),
            found=", ".join(map(str, n_units)) or 0,
        )


def _check_number_of_digits(pictures: Any) -> None:
    """Raise `Wrong` where the training was given more digits than the starter's."""
    shape = getattr(pictures, "shape", None) or (0,)
    if shape[0] > N_TRAINED:
        raise Wrong(
            Text(
                en="`pictures` holds {found:,} digits. The {n:,} of the program are to stay as "
                "they are; it learns well enough from them.",
                zh="`pictures` 里有 {found:,} 个样本。原来的 {n:,} 个应当不变，用它们也能学好。",
            ),
            found=int(shape[0]),
            n=N_TRAINED,
        )


def _check_unseen(judged: NDArray[np.float32], pictures: Any) -> None:
    """Raise `Wrong` where the training was given digits by which the network is judged."""
    try:
        n_seen = n_contained(judged, np.nan_to_num(np.asarray(pictures, dtype=np.float32)))
    except Exception:
        return  # it is no array of numbers
    if n_seen:
        raise Wrong(
            Text(
                en="`pictures` holds {seen:,} of the {n:,} digits by which the network is judged, "
                "and what it has trained on says nothing of digits that it never saw. The "
                "{trained:,} digits of the program are to stay as they are.",
                zh="评判用的 {n:,} 张图，有 {seen:,} 张就在 `pictures` 里：训练时见过的图，"
                "说明不了它对没见过的图认得怎样。程序原来的 {trained:,} 个样本应当不变。",
            ),
            seen=n_seen,
            n=len(judged),
            trained=N_TRAINED,
        )


@cache
def unseen_digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the pictures and labels on which a repaired network is judged."""
    from hpt_widgets.data.mnist import load_mnist

    data = load_mnist()
    return data.x_validation[:N_TRIED], data.y_validation[:N_TRIED].astype(np.int64)


def _share_read(predict: Any, pictures: Any, labels: Any) -> float:
    """Return the share of digits that are read right; 0 where nothing can be read from it."""
    for shape in (pictures.shape, (len(pictures), -1), (*pictures.shape, 1)):
        try:
            answer = np.asarray(_predicted(predict, pictures.reshape(shape)), float)
        except Exception:  # noqa: S112 - another shape may suit it
            continue
        if answer.shape == (len(labels), 10):
            return float((answer.argmax(axis=1) == labels).mean())
    return 0.0


def _predicted(predict: Any, pictures: Any) -> Any:
    try:
        return predict(pictures, verbose=0)
    except TypeError:
        return predict(pictures)


def _is_as_given(program: Program) -> bool:
    """Whether pixels, layers, loss and learning rate are still those of the starter."""
    model = program.network
    try:
        if program.pictures is not None and float(np.max(program.pictures)) <= BRIGHTEST:
            return False
        activations = [layer.activation.__name__ for layer in model.layers if layer.weights]
        is_loss = loss_of(model) == GIVEN_LOSS
    except Exception:
        return False
    is_network = activations == ["linear", "linear", "relu"] and rate_of(model) == GIVEN_RATE
    return is_network and is_loss


# ---------------------------------------------------------------- 5-f: read a confusion matrix

MATRIX = "5-f matrix"
CONFUSION_NAMES = ("most confused", "worst read", "least sure")


def judge_confusion(answer: Any) -> Text:
    """Judge exercise 5-f: what a confusion matrix says of a network."""
    found = named(answer, CONFUSION_NAMES)
    counts = np.array(all_series()[MATRIX])
    pair = _pair(found["most confused"])
    wanted = _most_confused(counts)
    if pair != wanted:
        raise Wrong(
            _NO_MISTAKE if pair[0] == pair[1] else _TURNED if pair == wanted[::-1] else _OTHER_PAIR,
            true=pair[0],
            read=pair[1],
            count=int(counts[pair]),
            other=int(counts[wanted]),
        )
    digits = [str(digit) for digit in range(10)]
    recall = counts.diagonal() / counts.sum(axis=1)
    worst = int(choice("worst read", found["worst read"], digits))
    if worst != int(recall.argmin()):
        raise Wrong(
            Text(
                en='"worst read": of the {digit}s, {share:.0%} are read right, and there is a '
                "digit "
                "that is read worse. Count within a row: right ones over all of the row.",
                zh='"worst read"：数字 {digit} 有 {share:.0%} 认对了，还有认得更差的。请按行来数：'
                "认对的除以这一行的总数。",
            ),
            digit=worst,
            share=recall[worst],
        )
    precision = counts.diagonal() / counts.sum(axis=0)
    unsure = int(choice("least sure", found["least sure"], digits))
    if unsure != int(precision.argmin()):
        raise Wrong(
            Text(
                en='"least sure": of what is read as {digit}, {share:.0%} are {digit}s, and '
                "there is an answer that is right less often. Count within a column: right ones "
                "over all of the column.",
                zh='"least sure"：认成 {digit} 的图，有 {share:.0%} 确实是 {digit}，'
                "还有更靠不住的答案。"
                "请按列来数：认对的除以这一列的总数。",
            ),
            digit=unsure,
            share=precision[unsure],
        )
    return Text(
        en="Rows tell what becomes of a digit, columns what an answer is worth. One accuracy tells "
        "neither.",
        zh="行说明一个数字会被认成什么，列说明一个答案有多可信。单看一个准确率，两样都看不出来。",
    )


_TURNED = Text(
    en='"most confused": you have ({true}, {read}), which happened {count} times. The pair is '
    "right, its order is not: first what it is (the row), then what it is read as (the column).",
    zh='"most confused"：你写的是 ({true}, {read})，发生了 {count} 次。两个数字没错，次序反了：'
    "先写真实类别（行），再写预测类别（列）。",
)
_NO_MISTAKE = Text(
    en='"most confused": a digit {true} that is read as {read} is no mistake. The right answers '
    "stand on the diagonal; look beside it.",
    zh='"most confused"：{true} 认成 {read} 并没有错。对角线上的都是认对的；请看对角线以外。',
)
_OTHER_PAIR = Text(
    en='"most confused": the digit {true} was read as {read} {count} times; another pair has '
    "{other}.",
    zh='"most confused"：{true} 被认成 {read} 有 {count} 次；另有一对达到 {other} 次。',
)


def _most_confused(counts: NDArray[np.int64]) -> tuple[int, int]:
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(true), int(read)


def _pair(value: Any) -> tuple[int, int]:
    text = Text(
        en='"most confused" is to be a pair of digits, (what it is, what it is read as); it is '
        "`{found}`.",
        zh='"most confused" 应是一对数字（真实类别，预测类别）；得到的却是 `{found}`。',
    )
    check_answered(value)
    first, second = (named_number("most confused", item) for item in as_pair(value, text))
    if not {first, second} <= set(range(10)):
        raise Wrong(text, found=show(value))
    return int(first), int(second)


JUDGES: dict[str, Judge] = {
    "5-a": judge_model,
    "5-b": judge_parameters,
    "5-c": judge_choice,
    "5-d": judge_interval,
    "5-e": judge_repaired_program,
    "5-f": judge_confusion,
}
