"""Chapter 3.4: what hyperopt hands over, what it wants back, and when it begins to think."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import as_function, as_number, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 3.4-a: natural logarithms

LOW, HIGH = 0.001, 0.1


def judge_log_ends(answer: Any) -> Text:
    """Judge exercise 3.4-a: the arguments of ``hp.loguniform``."""
    if not isinstance(answer, list | tuple | np.ndarray) or len(answer) != 2:
        raise Wrong(
            Text(
                en="Expected a pair of numbers, got `{found}`.",
                zh="这里应是两个数，得到的却是 `{found}`。",
            ),
            found=show(answer),
        )
    low, high = (as_number(end) for end in answer)
    # Two decimal places are enough: a hundredth moves an end by one per cent.
    if all(abs(end - math.log(right)) < 0.01 for end, right in ((low, LOW), (high, HIGH))):
        return Text(
            en="e to the −6.91 is 0.001, e to the −2.30 is 0.1.",
            zh="e 的 −6.91 次方是 0.001，e 的 −2.30 次方是 0.1。",
        )
    explanations = {
        (math.log10(LOW), math.log10(HIGH)): Text(
            en="These are powers of ten. `hp.loguniform` takes powers of e: yours draws from "
            "{first:.3g} to {last:.3g}.",
            zh="这是 10 的指数。`hp.loguniform` 要的是 e 的指数：你的范围是 {first:.3g} 到 "
            "{last:.3g}。",
        ),
        (LOW, HIGH): Text(
            en="These are the ends themselves, as SciPy's `loguniform` wants them. hyperopt's "
            "wants their logarithms: yours draws from {first:.3g} to {last:.3g}.",
            zh="这是两端本身，SciPy 的 `loguniform` 才这样写。hyperopt 要的是对数：你的范围是 "
            "{first:.3g} 到 {last:.3g}。",
        ),
        (-6.0, -1.0): Text(
            en="These are the article's: they draw from {first:.3g} to {last:.3g}.",
            zh="这是文章的写法：范围是 {first:.3g} 到 {last:.3g}。",
        ),
        (math.log(HIGH), math.log(LOW)): Text(
            en="The right numbers in the wrong order: yours begins at {first:.3g} and ends at "
            "{last:.3g}.",
            zh="数是对的，顺序反了：你的范围从 {first:.3g} 开始，到 {last:.3g} 结束。",
        ),
    }
    otherwise = Text(
        en="Yours draws from {first:.3g} to {last:.3g}; it should be from 0.001 to 0.1.",
        zh="你的范围是 {first:.3g} 到 {last:.3g}；应当是 0.001 到 0.1。",
    )
    fits = (
        text for ends, text in explanations.items() if np.allclose((low, high), ends, rtol=1e-3)
    )
    raise Wrong(next(fits, otherwise), first=_exponential(low), last=_exponential(high))


def _exponential(power: float) -> float:
    return math.exp(power) if power < 700 else math.inf


# ---------------------------------------------------------------- 3.4-b: floats for integers


def judge_settings(answer: Any) -> Text:
    """Judge exercise 3.4-b: what hyperopt draws, as the estimator wants it."""
    function = as_function(answer)
    for size in (93.0, np.float64(32.0), 127.0):
        given = {"learning_rate": 0.0104, "batch_size": size, "dropout_rate": 0.34}
        found = call(function, dict(given))
        if not isinstance(found, Mapping):
            raise Wrong(
                Text(
                    en="For {given} your function returns `{found}`. Return a dict.",
                    zh="对 {given}，你的函数返回 `{found}`。请返回字典。",
                ),
                given=given,
                found=show(found),
            )
        _check_settings(found, given)
    return Text(
        en="Every `quniform` needs this. It rounds its draws but leaves them floats.",
        zh="凡是 `quniform` 都要这样处理：它把抽到的值取整，类型却仍是浮点数。",
    )


def _check_settings(found: Mapping[Any, Any], given: dict[str, Any]) -> None:
    size, wanted = found.get("batch_size"), int(given["batch_size"])
    lost = [name for name in given if name not in found]
    values = {"size": show(size), "wanted": wanted, "names": ", ".join(lost)}
    if lost:
        text = Text(
            en="Lost on the way: {names}. Copy the others too: `dict(params, batch_size=…)`.",
            zh="丢失了：{names}。其他的也要带上：`dict(params, batch_size=…)`。",
        )
    elif isinstance(size, str):
        text = Text(
            en="batch_size is now the text {size}; it should be the whole number {wanted}.",
            zh="batch_size 成了文字 {size}；应当是整数 {wanted}。",
        )
    elif isinstance(size, bool) or not isinstance(size, int | np.integer):
        text = Text(
            en="batch_size is {size}, still no int. `round(93.0, 0)` and NumPy's rounding give "
            "floats again; `int(…)` gives {wanted}.",
            zh="batch_size 是 {size}，还不是整数类型。`round(93.0, 0)` 和 NumPy 的取整得到的仍是"
            "浮点数；`int(…)` 才得到 {wanted}。",
        )
    elif size != wanted:
        text = Text(
            en="batch_size is {size}; it should be {wanted}.",
            zh="batch_size 是 {size}；应当是 {wanted}。",
        )
    elif any(found[name] != given[name] for name in ("learning_rate", "dropout_rate")):
        text = Text(
            en="The learning rate and the dropout rate are no whole numbers: leave them alone.",
            zh="学习率和 dropout 率不是整数：不要改动它们。",
        )
    else:
        return
    raise Wrong(text, **values)


# ---------------------------------------------------------------- 3.4-c: the objective's answer

_SCORES = {"train": 1.0, "validation": 0.86, "test": 0.83}


class FittedModel:
    """A trained model, as far as the exercise needs it: it knows how well it does on each split."""

    def score(self, features: Any, labels: Any) -> float:
        """Return the accuracy on one of the example's splits."""
        for split, place in zip(_SCORES, range(len(_SCORES)), strict=True):
            if features[0] == place and labels[0] == place:
                return _SCORES[split]
        raise ValueError("x and y are of different splits")


def example_data() -> Any:
    """Return an object with ``x_train``, ``y_train``, ``x_validation``, ... ."""
    arrays = {
        f"{kind}_{split}": np.full(2, place) for place, split in enumerate(_SCORES) for kind in "xy"
    }
    return SimpleNamespace(**arrays)


def judge_result(answer: Any) -> Text:
    """Judge exercise 3.4-c: what an objective returns to ``fmin``."""
    found = call(as_function(answer), FittedModel(), example_data())
    if isinstance(found, Mapping) and "loss" in found and found.get("status") == "ok":
        _check_loss(as_number(found["loss"]))
        return Text(
            en="fmin makes the loss small, so it makes the accuracy on unseen digits large.",
            zh="fmin 让损失变小，也就让没见过的数字上的准确率变大。",
        )
    if not isinstance(found, Mapping) or "loss" not in found:
        raise Wrong(
            Text(
                en='Your function returns `{found}`. Return a dict with "loss" and "status", like '
                "the chapter's `objective`.",
                zh='你的函数返回 `{found}`。请像本章的 `objective` 那样，返回含有 "loss" 和 '
                '"status" 的字典。',
            ),
            found=show(found),
        )
    raise Wrong(
        Text(
            en='"status" is `{found}`; for a trial that went well it is `STATUS_OK`, which is '
            'just the text "ok".',
            zh='"status" 是 `{found}`；试验顺利时应当是 `STATUS_OK`，其实就是文字 "ok"。',
        ),
        found=show(found.get("status")),
    )


def _check_loss(loss: float) -> None:
    right = _SCORES["validation"]
    if math.isclose(loss, -right) or math.isclose(loss, 1 - right):
        return
    explanations = (
        (
            right,
            Text(
                en="The loss is the accuracy, {loss:g}. fmin *minimises*: it would look for the "
                "worst network. Put a minus before it.",
                zh="你的损失就是准确率 {loss:g}。而 fmin 求的是最小值：这样它会去找最差的网络。"
                "请加上负号。",
            ),
        ),
        (
            -_SCORES["train"],
            Text(
                en="{loss:g}: this is the score on the training digits, which rewards memorising. "
                "Take `data.x_validation`.",
                zh="{loss:g}：这是训练数字上的得分，奖励的是死记硬背。请用 `data.x_validation`。",
            ),
        ),
        (
            -_SCORES["test"],
            Text(
                en="{loss:g}: this is the score on the test set. Who chooses by it has no "
                "untouched data left for the final verdict. Take the validation set.",
                zh="{loss:g}：这是测试集上的得分。用它来挑选，最后就没有没碰过的数据可供评判了。"
                "请用验证集。",
            ),
        ),
    )
    otherwise = Text(
        en="The loss is {loss:g}. It should be minus `model.score(…)` on the validation digits.",
        zh="损失是 {loss:g}。应当是验证数字上的 `model.score(…)` 加负号。",
    )
    fits = (text for wrong, text in explanations if math.isclose(loss, wrong))
    raise Wrong(next(fits, otherwise), loss=loss)


# ---------------------------------------------------------------- 3.4-d: the random start


def judge_guided(answer: Any) -> Text:
    """Judge exercise 3.4-d: how many proposals TPE's model makes."""
    function = as_function(answer)
    for max_evals, n_startup in ((100, 20), (21, 20), (20, 20), (10, 20), (30, 5)):
        found = as_number(call(function, max_evals, n_startup))
        if found != max(0, max_evals - n_startup):
            raise _wrong_guided(found, max_evals, n_startup)
    return Text(
        en="80 of the article's 100. With `max_evals=20` it would be none.",
        zh="文章的 100 次中有 80 次。若 `max_evals=20`，一次也没有。",
    )


def _wrong_guided(found: float, max_evals: int, n_startup: int) -> Wrong:
    right = max_evals - n_startup
    if found == right:
        text = Text(
            en="For {max_evals} evaluations and a random start of {n_startup} you get {found:g}. "
            "A number of proposals is never negative.",
            zh="评估 {max_evals} 次、随机起步 {n_startup} 次时，你得到 {found:g}。次数不会是负的。",
        )
    elif found in (right + 1, right - 1):
        text = Text(
            en="For {max_evals} evaluations and a random start of {n_startup} you get {found:g}: "
            "off by one. The first {n_startup} are random, the next one is the model's first.",
            zh="评估 {max_evals} 次、随机起步 {n_startup} 次时，你得到 {found:g}：差了一次。"
            "前 {n_startup} 次是随机的，再下一次才是模型的第一次。",
        )
    elif found == max_evals:
        text = Text(
            en="For {max_evals} evaluations you get {found:g}, all of them. The first {n_startup} "
            "are drawn at random.",
            zh="评估 {max_evals} 次，你得到 {found:g}，也就是全部。但前 {n_startup} 次是随机抽的。",
        )
    elif found == min(n_startup, max_evals):
        text = Text(
            en="For {max_evals} evaluations you get {found:g}: these are the random ones of "
            "{n_startup} at most. Count the others.",
            zh="评估 {max_evals} 次，你得到 {found:g}：这是随机的那些（最多 {n_startup} 次）。"
            "要数的是其余的。",
        )
    else:
        text = Text(
            en="For {max_evals} evaluations and a random start of {n_startup} you get {found:g}.",
            zh="评估 {max_evals} 次、随机起步 {n_startup} 次时，你得到 {found:g}，不对。",
        )
    return Wrong(text, found=found, max_evals=max_evals, n_startup=n_startup)


JUDGES: dict[str, Judge] = {
    "3.4-a": judge_log_ends,
    "3.4-b": judge_settings,
    "3.4-c": judge_result,
    "3.4-d": judge_guided,
}
