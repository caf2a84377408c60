"""Chapter 1: what a unit computes, what the loss says, and how to read a training."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from typing import Any

import numpy as np

from hpt_widgets.backprop.dense_network import DenseNetwork
from hpt_widgets.backprop.toy_points import ToyPoints, plane_points
from hpt_widgets.exercises.answers import (
    FloatArray,
    as_array,
    as_number,
    as_text,
    check_answered,
    show,
    show_short_of,
)
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge, NotAnswered, Wrong
from hpt_widgets.exercises.mystery import run_that_draws
from hpt_widgets.exercises.readings import named, named_number, quoted
from hpt_widgets.exercises.trials import LATER_DEFAULTS, trials_of
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 1-a: a unit that votes

N_INPUTS = 3
VOTES_NEEDED = 2
UNIT_PARTS = ("weights", "bias")
PICTURES = sorted(itertools.product((0, 1), repeat=N_INPUTS), key=sum)


def judge_unit(answer: Any) -> Text:
    """Judge exercise 1-a: weights and bias of a unit that fires for two bright pixels of three."""
    weights, bias = _parts_of_unit(answer)
    size = max(float(np.abs(weights).max()), abs(bias))
    for inputs in PICTURES:
        fires = sum(inputs) >= VOTES_NEEDED
        z = float(np.dot(inputs, weights) + bias)
        # 0.1 + 0.2 - 0.3 is a little above 0 for a computer, and 0 for the reader; with numbers of
        # 32 bits it is further above. Where the unit is to fire, so little is enough.
        z = 0.0 if abs(z) <= (1e-9 if fires else 1e-6) * size else z
        if (z > 0) != fires:
            raise _wrong_unit(weights, bias, inputs, z)
    if len(set(weights.tolist())) == 1:
        return Text(
            en="With equal weights the unit counts the bright pixels, and the bias says how many "
            "it needs. A training finds such numbers by itself.",
            zh="权重相等，神经元就是在数亮的像素；偏置决定要数到几个才够。训练会自己找到这样的数。",
        )
    return Text(
        en="The weights differ, and still any two of them outweigh the bias and none does alone: "
        "many units decide alike. A training finds one of them by itself.",
        zh="各个权重并不相等，但任意两个之和都胜过偏置，单独一个都不够：作出同样判断的神经元有许多。"
        "训练会自己找到其中一个。",
    )


def _parts_of_unit(answer: Any) -> tuple[FloatArray, float]:
    parts = named(answer, UNIT_PARTS)
    check_answered(parts["weights"])
    weights = as_array(parts["weights"]).ravel()
    if weights.size != N_INPUTS:
        raise Wrong(
            Text(
                en="The unit looks at three pixels: give it three weights, one for each, and not "
                "{found}.",
                zh="神经元看三个像素，应当有三个权重，每个像素一个；你给了 {found} 个。",
            ),
            found=weights.size,
        )
    if not np.isfinite(weights).all():
        raise Wrong(
            Text(
                en="Use finite weights, not `{found}`.", zh="权重应当是有限的数，而不是 `{found}`。"
            ),
            found=show(weights.tolist()),
        )
    return weights, named_number("bias", parts["bias"])


def _wrong_unit(weights: Any, bias: float, inputs: tuple[int, ...], z: float) -> Wrong:
    values: dict[str, Any] = {"inputs": inputs, "z": z, "bias": bias}
    n_bright = sum(inputs)
    if n_bright == 0:
        text = Text(
            en="With all three pixels dark the weights have no say: z is the bias, {bias:g}, and "
            "the unit fires. The bias has to be negative.",
            zh="三个像素全暗时，权重不起作用：z 就是偏置 {bias:g}，神经元仍然激活。"
            "偏置必须是负数。",
        )
    elif _no_bias_will_do(weights) and (z > 0 or min(weights) > 0):
        text = Text(
            en="No bias makes these weights do: the weight {largest:g} alone is at least as "
            "much as {small:g} and {middle:g} together, so where those two pixels make the unit "
            "fire, this one alone does too. Make the three weights alike.",
            zh="这组权重配什么偏置都不行：单独一个 {largest:g} 就不小于 {small:g} 与 {middle:g} "
            "之和，那两个像素能让神经元激活，它一个也就能。请让三个权重相近。",
        )
        small, middle, largest = sorted(weights)
        values |= {"small": small, "middle": middle, "largest": largest}
    elif z > 0:
        text = Text(
            en="One bright pixel is enough for your unit: {inputs} gives z = {z:g}. Lower the bias "
            "(now {bias:g}), so that one weight alone does not outweigh it.",
            zh="你的神经元只要一个亮像素就激活了：{inputs} 得到 z = {z:g}。"
            "请降低偏置（现在是 {bias:g}），让单独一个权重抵不过它。",
        )
    elif len(set(weights)) == 1 and weights[0] > 0:
        text = Text(
            en="Two bright pixels, {inputs}, give z = {z:g}, and ReLU returns 0: your bias of "
            "{bias:g} asks for more. Raise it until the weights of two pixels outweigh it.",
            zh="两个亮像素 {inputs} 得到 z = {z:g}，ReLU 输出 0：偏置 {bias:g} 的要求太高。"
            "请提高偏置，让两个像素的权重之和能胜过它。",
        )
    else:
        text = Text(
            en="The pixels {inputs} give z = {z:g}, so the unit stays at 0, though {n} of them are "
            "bright. All three pixels count alike: give them equal, positive weights.",
            zh="像素 {inputs} 里有 {n} 个亮，却得到 z = {z:g}，神经元输出 0。三个像素的地位相同："
            "请给它们相等的正权重。",
        )
        values["n"] = n_bright
    return Wrong(text, **values)


def _no_bias_will_do(weights: Any) -> bool:
    """Whether one pixel alone always outweighs some two."""
    small, middle, largest = sorted(weights)
    return bool(largest >= small + middle)


# ---------------------------------------------------------------- 1-b: the loss


def given(probabilities: Any, labels: Any) -> Any:
    """Return the probability given to the right class of each picture."""
    return probabilities[np.arange(len(labels)), labels]


def cross_entropy(probabilities: Any, labels: Any) -> float:
    """Return the mean of ``-ln p``, p being the probability given to each right class."""
    return float(-np.log(given(probabilities, labels)).mean())


def _softmax(rows: Any) -> Any:
    powers = np.exp(rows)
    return powers / powers.sum(axis=1, keepdims=True)


def _draw_probabilities(rng: np.random.Generator) -> Case:
    n_pictures, n_classes = rng.integers(2, 6), rng.integers(2, 6)
    hundredths = rng.multinomial(100 - n_classes, rng.dirichlet(np.ones(n_classes)), n_pictures)
    return (1 + hundredths) / 100, rng.integers(0, n_classes, n_pictures)


def _as_losses(value: Any) -> Any:
    """Read one number, or the losses of the pictures."""
    array = as_array(value) if np.ndim(value) else np.array(as_number(value))
    return float(array.item()) if array.size == 1 else array


LOSS = Judgement(
    cross_entropy,
    cases(
        (np.array([[0.2, 0.8]]), np.array([1])),
        # A confident mistake is not spared.
        (np.array([[0.999, 0.001]]), np.array([1])),
        (np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1], [0.2, 0.8]]), np.array([1, 0, 1, 0])),
        (np.array([[0.3, 0.3, 0.2, 0.2], [0.05, 0.8, 0.05, 0.1]]), np.array([3, 1])),
        draw=_draw_probabilities,
    ),
    mistakes=(
        Mistake(
            lambda p, y: np.log(given(p, y)).mean(),
            Text(
                en="The logarithm of a probability is negative: put a minus in front.",
                zh="概率的对数是负数：前面要加负号。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(given(p, y)),
            Text(
                en="Your function returns one number for each picture. The loss is their mean.",
                zh="你的函数给每张图返回一个数。损失是它们的平均值。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(given(p, y)).sum(),
            Text(
                en="This is the sum. Divide by the number of pictures, so that a large set does "
                "not look worse than a small one.",
                zh="这是总和。请除以图片数，否则图片越多，损失看上去就越大。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log10(given(p, y)).mean(),
            Text(
                en="This is the logarithm to base 10. The loss uses the natural one, `np.log`.",
                zh="这是以 10 为底的对数。损失用自然对数，即 `np.log`。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log2(given(p, y)).mean(),
            Text(
                en="This is the logarithm to base 2. The loss uses the natural one, `np.log`.",
                zh="这是以 2 为底的对数。损失用自然对数，即 `np.log`。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(given(p, y).mean()),
            Text(
                en="First the logarithm, then the mean: the mean of the logarithms is not the "
                "logarithm of the mean.",
                zh="先取对数，再求平均：对数的平均不等于平均的对数。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(p.max(axis=1)).mean(),
            Text(
                en="You took the largest probability of each picture. Take the one of the right "
                "class, `labels`: the network may be confident and wrong.",
                zh="你取的是每张图里最大的概率。应当取正确类别（`labels`）的概率："
                "网络可能很自信，却是错的。",
            ),
        ),
        Mistake(
            lambda p, y: cross_entropy(_softmax(p), y),
            Text(
                en="For `{call}` your function gives {found}: a softmax is applied once more. The "
                "rows are probabilities already.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：又做了一次 softmax。"
                "每一行本来就是概率。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(p).mean(),
            Text(
                en="You averaged over all classes. Only the probability of the right class counts.",
                zh="你对所有类别求了平均。只有正确类别的概率才算数。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(given(p, y)).sum() / p.size,
            Text(
                en="You divided by the number of all probabilities. Divide by the number of "
                "pictures.",
                zh="你除以了全部概率的个数。应当除以图片数。",
            ),
        ),
        Mistake(
            lambda p, y: (1 - given(p, y)).mean(),
            Text(
                en="This is the mean of 1 − p. The loss is −ln p: it hardly minds small doubts, "
                "and punishes confident mistakes without limit.",
                zh="这是 1 − p 的平均。损失是 −ln p：小小的犹豫几乎不计较，"
                "自信的错误则罚得没有上限。",
            ),
        ),
        Mistake(
            lambda p, y: given(p, y).mean(),
            Text(
                en="This is the mean probability of the right classes; the logarithm is missing.",
                zh="这是正确类别的平均概率，还缺对数。",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(given(p, y))[0],
            Text(
                en="For `{call}` your function gives {found}: only the first picture counts. Does "
                "a `return` stand inside the loop?",
                zh="参数为 `{call}` 时，你的函数给出 {found}：只算了第一张图。"
                "是不是把 `return` 写在循环里了？",
            ),
        ),
        Mistake(
            lambda p, y: -np.log(given(p, y))[-1],
            Text(
                en="For `{call}` your function gives {found}: only the last picture counts. "
                "Collect the losses of all, and take their mean.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：只算了最后一张图。"
                "请收集每张图的损失，再取平均。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` your function gives {found}; the mean of −ln p over the right classes is "
        "{expected}.",
        zh="参数为 `{call}` 时，你的函数给出 {found}；正确类别的 −ln p 的平均值是 {expected}。",
    ),
    read=_as_losses,
    digits=(0, 1, 2, 3, 4),
)


def judge_loss(answer: Any) -> Text:
    """Judge exercise 1-b: the cross-entropy of several pictures."""
    LOSS.check(answer)
    return Text(
        en="This is the cross-entropy, the number that the training makes small. One confident "
        "mistake costs more than many small doubts.",
        zh="这就是交叉熵，训练要减小的正是它。一次自信的错误，代价高过许多次小小的犹豫。",
    )


# ---------------------------------------------------------------- 1-c: five trainings

# Training and validation loss at a quarter, half, three quarters and the end of real trainings on
# MNIST, without dropout: A `sgd` with a rate of 0.001, one epoch; B 500 digits, 0.003, 40 epochs;
# C `sgd` with 3, which diverges; D the defaults, two epochs; E two hidden units, 8 epochs.
CURVES = {
    "A": (("2.15", "1.94", "1.72", "1.49"), ("2.16", "1.99", "1.62", "1.43")),
    "B": (("0.009", "0.002", "0.001", "0.000"), ("0.46", "0.50", "0.53", "0.55")),
    "C": (("2.33", "2.33", "2.33", "1,809"), ("2.31", "2.32", "2.32", "248,432")),
    "D": (("0.24", "0.15", "0.10", "0.09"), ("0.19", "0.14", "0.12", "0.10")),
    "E": (("1.28", "1.07", "1.03", "1.02"), ("1.24", "1.05", "0.99", "0.98")),
}
REMEDY_OF = {
    "A": "raise rate",
    "B": "stop earlier",
    "C": "lower rate",
    "D": "keep",
    "E": "more units",
}
REMEDIES = ("raise rate", "lower rate", "more units", "stop earlier", "keep")

_WRONG_REMEDY = {
    ("A", "more units"): Text(
        en="A: both losses are high, and that alone could mean too few units. But they are still "
        "falling when the time is up: the network is not at its limit, it is on its way. Larger "
        "steps get it there.",
        zh="A：两种损失都高，单看这一点也可能是神经元太少。但时间到了，它们还在下降："
        "网络不是到了极限，而是还在路上。步子大一些，就能走到。",
    ),
    ("A", "lower rate"): Text(
        en="A: the loss falls steadily and slowly. Smaller steps would make it slower still.",
        zh="A：损失下降得平稳而缓慢。步子再小，只会更慢。",
    ),
    ("A", "keep"): Text(
        en="A: a loss of 2.3 is guessing, and this run ends at {end}, still falling: it has "
        "hardly begun.",
        zh="A：损失 2.3 就是瞎猜，这次训练结束时是 {end}，而且还在下降：才刚刚起步。",
    ),
    ("B", "lower rate"): Text(
        en="B: the training itself goes well, its loss falls to almost 0. A smaller learning rate "
        "would take longer to arrive at the same place.",
        zh="B：训练本身很顺利，训练损失几乎降到 0。减小学习率，只是更晚走到同一个地方。",
    ),
    ("B", "more units"): Text(
        en="B: the network knows its training pictures by heart. More units would help it to do "
        "that, not against it.",
        zh="B：网络已经把训练图背了下来。增加神经元只会让它背得更容易。",
    ),
    ("B", "keep"): Text(
        en="B: the training loss looks splendid, but the validation loss is what counts, and it "
        "has been rising since the first quarter.",
        zh="B：训练损失很漂亮，但要看的是验证损失，而它从前四分之一之后就一直在上升。",
    ),
    ("C", "raise rate"): Text(
        en="C: a loss above 2.3 is worse than guessing. The steps are too large already.",
        zh="C：损失高于 2.3，比瞎猜还差。步子已经太大了。",
    ),
    ("C", "stop earlier"): Text(
        en="C: this run was never better than guessing (2.3), so there is nothing to stop at.",
        zh="C：这次训练从来没有好过瞎猜（2.3），提前停下也得不到什么。",
    ),
    ("C", "more units"): Text(
        en="C: too few units give a loss that stays high, not one that grows without end.",
        zh="C：神经元太少时，损失是居高不下，而不是无休止地增大。",
    ),
    ("C", "keep"): Text(
        en="C: first no better than guessing (2.3), then {end}: this is divergence.",
        zh="C：先是不比瞎猜（2.3）好，后来到了 {end}：这是发散。",
    ),
    ("D", "raise rate"): Text(
        en="D: both losses are low and close together. A larger learning rate has more to lose "
        "here than to win.",
        zh="D：两种损失都低，而且很接近。这时再提高学习率，得不偿失。",
    ),
    ("D", "stop earlier"): Text(
        en="D: the validation loss is at its lowest at the end. Stop when it turns round, not "
        "before.",
        zh="D：验证损失在结束时最低。应当等它掉头时再停，而不是提前。",
    ),
    ("E", "raise rate"): Text(
        en="E: in its last half the training loss hardly moves any more. A larger step helps a "
        "loss that is on its way; this one has come to rest, and what is missing is room.",
        zh="E：后一半时间里，训练损失几乎不动了。步子大，只对还在路上的损失有用；"
        "这里已经停住，缺的是容量。",
    ),
    ("E", "stop earlier"): Text(
        en="E: the validation loss does not rise, so nothing is learned by heart. Both losses are "
        "high: this is underfitting.",
        zh="E：验证损失没有上升，所以并没有死记硬背。两种损失都高：这是欠拟合。",
    ),
    ("E", "keep"): Text(
        en="E: {end} is a high loss. In this chapter the network with 128 and 64 units came "
        "below 0.2.",
        zh="E：{end} 是很高的损失。本章里 128 和 64 个神经元的网络降到了 0.2 以下。",
    ),
}
_WRONG_REMEDY_OTHERWISE = Text(
    en='{name}: "{found}" does not fit. Ask: does the training loss fall, stay or grow? And does '
    "the validation loss go along with it?",
    zh='{name}："{found}" 不合适。想一想：训练损失是下降、停住还是增大？验证损失跟它走向一致吗？',
)


def judge_remedies(answer: Any) -> Text:
    """Judge exercise 1-c: what to change in each of five trainings."""
    remedies = named(answer, tuple(REMEDY_OF))
    for name, right in REMEDY_OF.items():
        remedy = _remedy(name, remedies[name])
        if remedy != right:
            text = _WRONG_REMEDY.get((name, remedy), _WRONG_REMEDY_OTHERWISE)
            raise Wrong(text, name=name, found=remedy, end=CURVES[name][0][-1])
    return Text(
        en="Two curves tell all this: how far the training loss comes, and whether the validation "
        "loss comes along.",
        zh="这些都能从两条曲线看出来：训练损失降到多低，验证损失有没有跟上。",
    )


_REMEDIES_IN_CHINESE = {
    "提高学习率": "raise rate",
    "降低学习率": "lower rate",
    "增加神经元": "more units",
    "提前停止": "stop earlier",
    "保持不变": "keep",
}


def _remedy(name: str, value: Any) -> str:
    # A Chinese keyboard may write ｋｅｅｐ for keep.
    text = unicodedata.normalize("NFKC", as_text(value) or "")
    words = re.findall(r"[a-z]+", text.lower())
    remedy = " ".join(word for word in words if word not in ("the", "learning"))
    remedy = _REMEDIES_IN_CHINESE.get(text.strip(), remedy)
    if remedy not in REMEDIES:
        raise Wrong(
            Text(
                en="{name} has the remedy `{found}`; choose from {allowed}.",
                zh="{name} 填的是 `{found}`；请从 {allowed} 中选择。",
            ),
            name=name,
            found=show(value),
            allowed=quoted(REMEDIES),
        )
    return remedy


# ---------------------------------------------------------------- 1-d: when to stop


def best_epoch(losses: list[float]) -> int:
    """Return the first epoch, from 1, after which the loss was lowest."""
    return losses.index(min(losses)) + 1


def _draw_losses(rng: np.random.Generator) -> Case:
    """Losses that fall and rise by tenths, so that there are ties."""
    steps = rng.integers(-2, 3, rng.integers(2, 12))
    return (np.round(np.cumsum(steps) / 10 + rng.integers(0, 12) / 10, 1).tolist(),)


def _before_the_first_rise(losses: list[float]) -> int:
    rises = (i for i in range(1, len(losses)) if losses[i] > losses[i - 1])
    return next(rises, len(losses))


def _by_patience(losses: list[float], patience: int) -> int:
    """Return the best epoch of a training that is stopped after so many epochs without gain."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best + 1


_STOPPED_TOO_EARLY = Text(
    en="For `{call}` your function says {found}; the lowest loss stands after epoch {expected}. It "
    "gives up after some epochs in a row without a new lowest loss. Here the whole list is known: "
    "look at all of it.",
    zh="参数为 `{call}` 时，你的函数给出 {found}；最低的损失出现在第 {expected} 轮之后。"
    "它在连续若干轮没有创新低之后就放弃了。这里整个列表都是已知的：请看到底。",
)

BEST_EPOCH = Judgement(
    best_epoch,
    cases(
        ([0.4],),
        ([0.9, 0.7, 0.6, 0.55],),
        ([0.6, 0.8],),
        ([0.8, 0.5, 0.6, 0.5, 0.7],),
        ([0.9, 0.5, 0.6, 0.3],),
        ([0.9, 0.5, 0.6, 0.7, 0.3],),
        ([0.9, 0.5, 0.6, 0.7, 0.8, 0.3],),
        ([0.9, 0.5, 0.6, 0.7, 0.8, 0.6, 0.7, 0.3],),
        # Whoever waits for twelve epochs, or for thirty, has not seen the end yet.
        ([0.9, 0.5, *[0.6] * 12, 0.3],),
        ([0.9, 0.5, *[0.6] * 30, 0.3],),
        ([-0.2, -0.5, -0.1],),
        # Lower by very little, and lower than a hundred.
        ([0.5, 0.501, 0.499, 0.502],),
        ([0.3001, 0.30002, 0.30001],),
        ([2000.0, 180.5, 180.4, 300.0],),
        ([0.98, 0.61, 0.52, 0.46, 0.47, 0.43, 0.42, 0.44, 0.45, 0.48, 0.50, 0.53],),
        draw=_draw_losses,
    ),
    mistakes=(
        Mistake(
            lambda losses: best_epoch(losses) - 1,
            Text(
                en="Python counts places from 0, epochs are counted from 1: for `{call}` the "
                "loss at place {found} was measured after epoch {expected}.",
                zh="列表的位置从 0 数起，轮次从 1 数起：参数为 `{call}` 时，位置 {found} 的损失是"
                "第 {expected} 轮之后测得的。",
            ),
        ),
        Mistake(
            min,
            Text(
                en="For `{call}` your function returns the lowest loss itself, {found}. The task "
                "asks after which epoch it was measured.",
                zh="参数为 `{call}` 时，你的函数返回的是最低的损失 {found}。"
                "题目问的是它出现在第几轮之后。",
            ),
        ),
        Mistake(
            lambda losses: len(losses) - losses[::-1].index(min(losses)),
            Text(
                en="For `{call}` your function says {found}. The loss is lowest twice; the "
                "earlier epoch is the cheaper one.",
                zh="参数为 `{call}` 时，你的函数给出 {found}。最低值出现了两次；"
                "早的那一轮更省时间。",
            ),
        ),
        Mistake(
            _before_the_first_rise,
            Text(
                en="For `{call}` your function says {found}: after that epoch the loss rises for "
                "the first time. It falls again later: a curve is never quite smooth. Find the "
                "lowest point of all.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：那一轮之后损失第一次回升。"
                "之后它又降了下去：曲线不会完全光滑。请找全程的最低点。",
            ),
        ),
        *(
            Mistake(
                lambda losses, patience=patience: _by_patience(losses, patience), _STOPPED_TOO_EARLY
            )
            for patience in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30)
        ),
        Mistake(
            lambda losses: losses.index(max(losses)) + 1,
            Text(
                en="For `{call}` your function says {found}: that epoch has the highest loss; you "
                "want the lowest.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：那一轮的损失最高；要找的是最低的。",
            ),
        ),
        Mistake(
            len,
            Text(
                en="For `{call}` your function says {found}: that is always the last epoch. Find "
                "the one with the lowest loss.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：这总是最后一轮。"
                "请找损失最低的那一轮。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` your function says {found}; the lowest loss stands after epoch "
        "{expected}.",
        zh="参数为 `{call}` 时，你的函数给出 {found}；最低的损失出现在第 {expected} 轮之后。",
    ),
)


def judge_best_epoch(answer: Any) -> Text:
    """Judge exercise 1-d: the epoch after which the validation loss was lowest."""
    BEST_EPOCH.check(answer)
    return Text(
        en="Stopping there costs nothing and saves the rest of the time. Chapter 6 makes a rule of "
        "it that does not need to know the future.",
        zh="停在那里没有任何坏处，还省下了后面的时间。第 6 章会把它变成一条不必预知未来的规则。",
    )


# ---------------------------------------------------------------- 1-e: a mystery run

# All settings but the learning rate; the mystery's own stands with the series' tool.
MYSTERY_SETTINGS = {
    "training_size": 2_000, "epochs": 5, "batch_size": 32, "dropout_rate": 0.2,
    "hidden_units": (128, 64), "activation": "relu", "optimizer": "adam", "weight_decay": 0.0,
    **LATER_DEFAULTS,
}  # fmt: skip
MYSTERY = "1-e mystery"
# Measured: the same rate with other seeds 0.016 and 0.025, half of it 0.06, twice 0.03 to 0.04.
MYSTERY_TOLERANCE = 0.027


def judge_mystery_rate(answer: Any) -> Text:
    """Judge exercise 1-e: a run that draws the curve shown, by its learning rate alone."""
    found = run_that_draws(trials_of(answer), MYSTERY_SETTINGS, MYSTERY, MYSTERY_TOLERANCE)
    match = found.match
    praise = Text(
        en=f"Run {match.trial.number} draws it, on average within {match.distance:.1%}. A curve "
        "betrays its learning rate: how steeply it leaves 10 %, and whether it is still climbing.",
        zh=f"第 {match.trial.number} 次训练画出了它，平均只差 {match.distance:.1%}。"
        "曲线会泄露学习率：离开 10% 时有多陡，最后是否还在上升。",
    )
    return found.praised(praise)


# ---------------------------------------------------------------- 1-f: two spirals

SPIRALS_NOISE = 0.05
N_FRESH = 1_000
# No lab draws its points with this seed unless it is told to.
FRESH_SEED = 1_000_003
ENOUGH = 0.9
# It takes a right answer away; at 0.06 nothing is to be seen of it.
BLURRING_NOISE = 0.1
# Twice the cross-entropy of a network whose output is always one half.
MUCH_WORSE_THAN_GUESSING = 2 * math.log(2)


def judge_spirals(answer: Any) -> Text:
    """Judge exercise 1-f: a lab's network that parts points of the spirals that it never saw."""
    network, settings = _network_of(answer)
    if settings.task != "plane" or settings.data != "spirals":
        raise Wrong(
            Text(
                en='This lab shows `{found}`; the task is about the spirals: `data="spirals"`.',
                zh='这个实验台里是 `{found}`；题目要的是双螺旋：`data="spirals"`。',
            ),
            found=settings.data,
        )
    fresh = plane_points("spirals", N_FRESH, noise=SPIRALS_NOISE, seed=FRESH_SEED)
    found = _share_right(network, fresh)
    if found < ENOUGH:
        # The losses begin anew where a weight is set by hand: those of a network that knows the
        # spirals say nothing.
        if len(answer.losses) < 2:
            raise NotAnswered
        raise _wrong_spirals(answer, _share_right(network, answer.points), found)
    sizes = "–".join(map(str, network.layer_sizes))
    return Text(
        en=f"{found:.0%} of the new points lie on the right side. The network of {sizes} units "
        "has found the spirals, not only its points.",
        zh=f"新的点里有 {found:.0%} 分对了。这个 {sizes} 的网络学会的是双螺旋，而不只是那些点。",
    )


def _network_of(answer: Any) -> tuple[DenseNetwork, Any]:
    """Return a network lab's network and its settings; labs stand above the exercises."""
    network, settings = getattr(answer, "network", None), getattr(answer, "settings", None)
    if not isinstance(network, DenseNetwork) or not hasattr(settings, "task"):
        raise Wrong(
            Text(
                en="Expected the network lab itself, `spirals`, got `{found}`.",
                zh="这里应是网络实验台本身，即 `spirals`；得到的却是 `{found}`。",
            ),
            found=show(answer),
        )
    return network, settings


def _share_right(network: DenseNetwork, points: ToyPoints) -> float:
    right = (network.forward(points.inputs).outputs > 0.5) == (points.targets > 0.5)
    return float(right.mean())


def _wrong_spirals(lab: Any, learned: float, found: float) -> Wrong:
    """Return what the network lacks, as its parts, its loss and its own points tell."""
    network, noise, losses = lab.network, lab.settings.noise, lab.losses[-2:]
    if len(network.layer_sizes) == 2 or network.activation == "identity":
        text = Text(
            en="{found} of the new points lie on the right side. Nothing bends the boundary: "
            "it takes a hidden layer and an activation.",
            zh="新的点里有 {found} 分对。边界弯不起来：要有隐藏层和激活函数。",
        )
    elif min(losses) > MUCH_WORSE_THAN_GUESSING:  # one alone: the points may be others
        text = Text(
            en="{found} of the new points lie on the right side, and the loss is {loss:.3g}: more "
            "than that of a network that calls everything undecided, 0.69. Its steps are too "
            "large: lower the learning rate, and begin anew.",
            zh="新的点里有 {found} 分对，损失却是 {loss:.3g}：一个全都拿不准的网络也只有 0.69。"
            "步子太大了：请降低学习率，从头训练。",
        )
    elif noise >= BLURRING_NOISE:
        text = Text(
            en="{found} of the new points lie on the right side. Those in the lab have a noise of "
            "{noise:g}, which blurs the spirals; take 0.05 again.",
            zh="新的点里有 {found} 分对。实验台里的点噪声为 {noise:g}，双螺旋被它弄模糊了："
            "请改回 0.05。",
        )
    elif learned >= ENOUGH:
        text = Text(
            en="{learned:.0%} of the points in the lab lie on the right side, and only "
            "{found} of new ones: the network knows its points, not the spirals. Do they have "
            "their own noise of 0.05, and no points added by you? Else train on, or try another "
            "network.",
            zh="实验台里的点分对了 {learned:.0%}，新的点却只有 {found}：网络记住的是那些点，"
            "而不是双螺旋。噪声还是 0.05 吗？有没有自己加的点？如果都没问题，就继续训练，"
            "或换一个网络。",
        )
    else:
        text = Text(
            en="{found} of the new points lie on the right side, and {learned:.0%} of those in "
            "the lab. Is the loss still falling? Then train on, or raise the learning rate. Does "
            "it jump, or stay above 0.69? Then lower the rate. Has it come to rest? Then the "
            "spirals need more bends: more units, or one layer more.",
            zh="新的点里有 {found} 分对，实验台里的点分对 {learned:.0%}。损失还在下降吗？"
            "那就继续训练，或提高学习率。忽上忽下，或一直高于 0.69？那就降低学习率。已经停住了？"
            "那说明还不够弯：增加神经元，或增加一层。",
        )
    shown = show_short_of(found, ENOUGH, digits=0)
    return Wrong(text, found=shown, learned=learned, noise=noise, loss=losses[-1])


JUDGES: dict[str, Judge] = {
    "1-a": judge_unit,
    "1-b": judge_loss,
    "1-c": judge_remedies,
    "1-d": judge_best_epoch,
    "1-e": judge_mystery_rate,
    "1-f": judge_spirals,
}
