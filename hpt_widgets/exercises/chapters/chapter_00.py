"""Chapter 0: three exercises to get used to being checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from hpt_widgets.data.mnist import load_mnist
from hpt_widgets.exercises.answers import as_function, as_number, call, close
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

N_PIXELS = 28 * 28
SEVEN = 7

PREDICTIONS = np.array([7, 2, 1, 0, 4, 1, 4, 9, 6, 9])
LABELS = np.array([7, 2, 1, 0, 4, 1, 4, 9, 5, 4])


def judge_pixels(answer: Any) -> Text:
    """Judge exercise 0-a: how many numbers one picture is made of."""
    number = as_number(answer)
    if number == N_PIXELS:
        return Text(
            en="28 rows of 28 pixels: the network's input is a list of 784 numbers.",
            zh="28 行，每行 28 个像素：网络的输入就是 784 个数。",
        )
    if number == 28:
        raise Wrong(
            Text(
                en="28 is one row. The picture has 28 of them.",
                zh="28 只是一行的像素数，而整张图有 28 行。",
            )
        )
    if number == 28 + 28:
        raise Wrong(
            Text(
                en="Rows and columns are multiplied, not added.",
                zh="行数和列数应当相乘，而不是相加。",
            )
        )
    if number == 50_000 * N_PIXELS:
        raise Wrong(
            Text(
                en="These are the numbers in all 50,000 training pictures; only one is asked for.",
                zh="这是全部 50,000 张训练图的数字个数；题目只问一张。",
            )
        )
    if number in (50_000, 60_000, 70_000):
        raise Wrong(
            Text(
                en="This counts pictures; count the pixels of one picture.",
                zh="这是图片的张数；请数一张图里的像素。",
            )
        )
    raise Wrong(
        Text(
            en="{found:g} is not it: multiply the two sides of `data.x_train[0].shape`.",
            zh="{found:g} 不对：把 `data.x_train[0].shape` 的两个边长相乘。",
        ),
        found=number,
    )


def judge_accuracy(answer: Any) -> Text:
    """Judge exercise 0-b: the share of right predictions."""
    function = as_function(answer)
    found = as_number(call(function, PREDICTIONS, LABELS))
    share = float(np.mean(PREDICTIONS == LABELS))
    if not close(found, share):
        raise _wrong_accuracy(found, share)
    reverse = as_number(call(function, np.array([3, 1, 2, 0]), np.array([3, 3, 3, 3])))
    if not close(reverse, 0.25):
        raise Wrong(
            Text(
                en="Right for ten digits, but for four digits, one of them right, your function "
                "gives {found:g}. Divide by the number of labels, `len(labels)`.",
                zh="十个数字时正确；但四个数字里对了一个时，你的函数给出 {found:g}。"
                "请除以标签的个数 `len(labels)`。",
            ),
            found=reverse,
        )
    return Text(
        en="Accuracy is the share of labels that were predicted; here 8 of 10.",
        zh="准确率就是预测正确的比例；这里是 10 个中的 8 个。",
    )


def _wrong_accuracy(found: float, share: float) -> Wrong:
    if close(found, 1 - share):
        return Wrong(
            Text(
                en="This is the share of errors; accuracy is the share that is right.",
                zh="这是错误的比例；准确率是正确的比例。",
            )
        )
    if close(found, share * len(LABELS)):
        return Wrong(
            Text(
                en="This counts the right ones. Divide by how many there are.",
                zh="这是预测正确的个数，还要除以总数。",
            )
        )
    if close(found, 100 * share):
        return Wrong(
            Text(
                en="This is a percentage. Keras and scikit-learn give a share from 0 to 1: "
                "leave out the 100.",
                zh="这是百分数。Keras 和 scikit-learn 给出的是 0 到 1 之间的比例：不要乘 100。",
            )
        )
    return Wrong(
        Text(
            en="For ten digits, eight of them right, your function gives {found:g} instead of 0.8.",
            zh="十个数字里对了八个时，你的函数给出 {found:g}，而不是 0.8。",
        ),
        found=found,
    )


def judge_sevens(answer: Any) -> Text:
    """Judge exercise 0-c: how many training pictures show a seven."""
    number = as_number(answer)
    data = load_mnist()
    counts = {name: int((split.y == SEVEN).sum()) for name, split in data.splits.items()}
    if number == counts["train"]:
        return Text(
            en="About a tenth, as for the other digits: no class is rare, so accuracy is a fair "
            "measure.",
            zh="约占十分之一，其他数字也差不多：没有哪一类特别少，所以用准确率来衡量是公平的。",
        )
    explanations = (
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
    for value, text in explanations:
        if number == value:
            raise Wrong(text)
    raise Wrong(
        Text(
            en="{found:,g} is not it. `data.y_train == 7` is True where a picture shows a seven.",
            zh="{found:,g} 不对。图上是 7 的地方，`data.y_train == 7` 为 True。",
        ),
        found=number,
    )


JUDGES: dict[str, Judge] = {
    "0-a": judge_pixels,
    "0-b": judge_accuracy,
    "0-c": judge_sevens,
}
