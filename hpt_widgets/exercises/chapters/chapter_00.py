"""Chapter 0: three exercises to get used to being checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from hpt_widgets.data.mnist import load_mnist
from hpt_widgets.exercises.answers import as_number
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, judge_value
from hpt_widgets.exercises.exercise import Judge
from hpt_widgets.exercises.readings import Reading
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 0-a: the size of a picture

N_PIXELS = 28 * 28

_COUNTS_PICTURES = Text(
    en="This counts pictures; count the pixels of one picture.",
    zh="这是图片的张数；请数一张图里的像素。",
)
OTHER_SIZES = (
    (
        28,
        Text(
            en="28 is one row. The picture has 28 of them.",
            zh="28 只是一行的像素数，而整张图有 28 行。",
        ),
    ),
    (
        28 + 28,
        Text(
            en="Rows and columns are multiplied, not added.",
            zh="行数和列数应当相乘，而不是相加。",
        ),
    ),
    (
        50_000 * N_PIXELS,
        Text(
            en="These are the numbers in all 50,000 training pictures; only one is asked for.",
            zh="这是全部 50,000 张训练图的像素总数；题目只问一张。",
        ),
    ),
    (50_000, _COUNTS_PICTURES),
    (60_000, _COUNTS_PICTURES),
    (70_000, _COUNTS_PICTURES),
)


def judge_pixels(answer: Any) -> Text:
    """Judge exercise 0-a: how many numbers one picture is made of."""
    judge_value(
        as_number(answer),
        N_PIXELS,
        OTHER_SIZES,
        Text(
            en="{found} is not it: multiply the two sides of `data.x_train[0].shape`.",
            zh="{found} 不对：把 `data.x_train[0].shape` 的两个边长相乘。",
        ),
    )
    return Text(
        en="28 rows of 28 pixels: the network's input is a list of 784 numbers.",
        zh="28 行，每行 28 个像素：网络的输入就是 784 个数。",
    )


# ---------------------------------------------------------------- 0-b: accuracy


def accuracy(predictions: Any, labels: Any) -> float:
    """Return the share of predictions that agree with their labels."""
    return float(np.mean(predictions == labels))


def draw_predictions(rng: np.random.Generator) -> Case:
    """Return what was predicted, and the labels."""
    labels = rng.integers(0, 10, rng.integers(2, 14))
    predictions = np.where(
        rng.random(labels.size) < rng.random(), labels, rng.integers(0, 10, labels.size)
    )
    return predictions, labels


def _first_agreement(predictions: Any, labels: Any) -> float:
    if not (predictions == labels).any():
        raise ValueError
    return 1 / len(labels)


ACCURACY = Judgement(
    accuracy,
    cases(
        (np.array([7]), np.array([7])),
        (np.array([7]), np.array([2])),
        (np.array([3, 1, 2, 0]), np.array([3, 3, 3, 3])),
        (np.array([1, 2, 3]), np.array([2, 3, 1])),
        draw=draw_predictions,
    ),
    mistakes=(
        Mistake(
            lambda p, y: (p != y).mean(),
            Text(
                en="This is the share of errors; accuracy is the share that is right.",
                zh="这是错误的比例；准确率是正确的比例。",
            ),
        ),
        Mistake(
            lambda p, y: (p == y).sum(),
            Text(
                en="This counts the right ones. Divide by how many there are.",
                zh="这是预测正确的个数，还要除以总数。",
            ),
        ),
        Mistake(
            lambda p, y: 100 * (p == y).mean(),
            Text(
                en="This is a percentage. Keras and scikit-learn give a share from 0 to 1: "
                "leave out the 100.",
                zh="这是百分数。Keras 和 scikit-learn 给出的是 0 到 1 之间的比例：不要乘 100。",
            ),
        ),
        Mistake(
            lambda p, y: (p == y).sum() / 10,
            Text(
                en="For `{call}` your function gives {found}: it always divides by 10. Divide by "
                "the number of labels, `len(labels)`.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：它总是除以 10。"
                "请除以标签的个数 `len(labels)`。",
            ),
        ),
        Mistake(
            lambda p, y: (p[0] == y[0]) / len(y),
            Text(
                en="For `{call}` your function gives {found}: only the first pair is compared. "
                "A `return` inside the loop ends it in its first round: move it below the loop.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：只比较了第一对。"
                "写在循环里的 `return` 在第一次循环时就结束了函数：请移到循环之后。",
            ),
        ),
        Mistake(
            _first_agreement,
            Text(
                en="For `{call}` your function stops at the first pair that agrees: its `return` "
                "stands inside the loop. Move it below the loop.",
                zh="参数为 `{call}` 时，你的函数一遇到相同的一对就结束了：`return` 写在循环里。"
                "请移到循环之后。",
            ),
        ),
        Mistake(
            lambda p, y: (p == y).sum() / (len(y) - 1),
            Text(
                en="For `{call}` your function gives {found}: it divides by one less than there "
                "are labels.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：除数比标签的个数少了 1。",
            ),
        ),
    ),
    digits=(0, 1, 2, 3),
)


def judge_accuracy(answer: Any) -> Text:
    """Judge exercise 0-b: the share of right predictions."""
    ACCURACY.check(answer)
    return Text(
        en="Accuracy is the share of labels that were predicted: 8 right out of 10 is 0.8.",
        zh="准确率就是预测正确的比例：10 个中对了 8 个，就是 0.8。",
    )


# ---------------------------------------------------------------- 0-c: count the sevens

SEVEN = 7


def judge_sevens(answer: Any) -> Text:
    """Judge exercise 0-c: how many training pictures show a seven."""
    data = load_mnist()
    counts = {name: int((split.y == SEVEN).sum()) for name, split in data.splits.items()}
    known = (
        (
            counts["validation"],
            Text(
                en="These are the sevens among the validation pictures; count those to train on.",
                zh="这是验证集里 7 的张数；请数训练集里的。",
            ),
        ),
        (
            counts["test"],
            Text(
                en="These are the sevens among the test pictures. That set stays shut until the "
                "end: use `data.y_train`.",
                zh="这是测试集里 7 的张数。测试集要到最后才打开：请用 `data.y_train`。",
            ),
        ),
        (
            counts["train"] + counts["validation"],
            Text(
                en="This counts the validation pictures as well; use `data.y_train` alone.",
                zh="这里把验证集也数了进去；请只用 `data.y_train`。",
            ),
        ),
        (
            SEVEN * counts["train"],
            Text(
                en="You added the sevens up. Each picture counts once: compare first, then sum.",
                zh="你把这些 7 的值加起来了。每张图只算一次：先比较，再求和。",
            ),
        ),
        (
            counts["train"] / len(data.y_train),
            Text(
                en="This is their share; the task is to count them.",
                zh="这是它们所占的比例；题目要的是张数。",
            ),
        ),
        (
            int((data.y_train == data.y_train[SEVEN]).sum()),
            Text(
                en="You counted the digit that picture number 7 shows. Compare the labels with 7.",
                zh="你数的是第 7 张图上的那个数字。请把标签与 7 比较。",
            ),
        ),
    )
    judge_value(
        as_number(answer),
        counts["train"],
        known,
        Text(
            en="{found} is not it. `data.y_train == 7` is True where a picture shows a seven.",
            zh="{found} 不对。图上是 7 的地方，`data.y_train == 7` 为 True。",
        ),
    )
    return Text(
        en="About a tenth, as for the other digits: no class is rare, so accuracy is a fair "
        "measure.",
        zh="约占十分之一，其他数字也差不多：没有哪一类特别少，所以用准确率来衡量是公平的。",
    )


# ---------------------------------------------------------------- 0-d: four curves

# One epoch each with the rates A 0.01, B 0.0001, C 0.1 and D 0.001, as the series' tool has them.
CURVES = Reading(
    right={"best": "D", "guesses": "C", "too slow": "B"},
    choices=("A", "B", "C", "D"),
    wrong={
        ("best", "A"): Text(
            en='"best": A is ahead at first. Look at the right end, when all have seen the same '
            "number of pictures.",
            zh='"best"：A 只在开头领先。请看最右端，那时大家看过的图一样多。',
        ),
        ("best", "C"): Text(
            en='"best": C is the highest curve, but this is the loss: it measures how wrong the '
            "answers are.",
            zh='"best"：C 最高，可这里画的是损失：它衡量的是错得有多厉害。',
        ),
        ("guesses", "B"): Text(
            en='"guesses": B begins at 2.3 and leaves it behind: it learns. Which one does not?',
            zh='"guesses"：B 从 2.3 出发，但离开了那里：它在学。哪一个没有学？',
        ),
        ("too slow", "C"): Text(
            en='"too slow": C does not fall at all any more; more time would not help it.',
            zh='"too slow"：C 根本不再下降，再多的时间也没用。',
        ),
        ("too slow", "A"): Text(
            en='"too slow": A is the first to arrive, and then only goes up and down.',
            zh='"too slow"：A 最先到达，之后只是上下波动。',
        ),
    },
    otherwise=Text(
        en='"{name}": {found} is not it. A curve that stays at 2.3 guesses; one that lies above '
        "the others and still falls at its right end would gain by more time.",
        zh='"{name}"：不是 {found}。停在 2.3 的曲线是在猜；一直在别的曲线上方、到右端仍在下降的，'
        "再给时间还能提高。",
    ),
)


def judge_curves(answer: Any) -> Text:
    """Judge exercise 0-d: what four loss curves say."""
    CURVES.check(answer)
    return Text(
        en="The four differ in one setting only, the learning rate: A has 0.01, B 0.0001, C 0.1 "
        "and D 0.001.",
        zh="这四次只有一个设置不同，就是学习率：A 是 0.01，B 是 0.0001，C 是 0.1，D 是 0.001。",
    )


JUDGES: dict[str, Judge] = {
    "0-a": judge_pixels,
    "0-b": judge_accuracy,
    "0-c": judge_sevens,
    "0-d": judge_curves,
}
