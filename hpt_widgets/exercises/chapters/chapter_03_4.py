"""Chapter 3.4: what hyperopt hands over, what it wants back, and when it begins to think."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.exercises.answers import (
    FloatArray,
    as_function,
    as_mapping,
    as_number,
    as_pair,
    as_text,
    close,
    near,
    plain,
    show,
    show_number,
    show_short_of,
)
from hpt_widgets.exercises.calls import Allowance, TookTooLong, call
from hpt_widgets.exercises.cases import SEED, Case, cases
from hpt_widgets.exercises.diagnosis import SECONDS_FOR_ALL, Judgement, Mistake, show_rounded
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.readings import Reading, named_number
from hpt_widgets.exercises.trials import (
    HARD_SETTINGS,
    NETWORK,
    best_of,
    check_named,
    check_settings,
    spend,
    trials_of,
)
from hpt_widgets.language import Text
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.argument_checks import whole_number

# ---------------------------------------------------------------- 3.4-a: natural logarithms

LOW, HIGH = 0.001, 0.1

_OTHER_ENDS = (
    (
        (math.log10(LOW), math.log10(HIGH)),
        Text(
            en="These are powers of ten. `hp.loguniform` takes powers of e: yours draws from "
            "{first:.3g} to {last:.3g}.",
            zh="这是 10 的指数。`hp.loguniform` 要的是 e 的指数：你的范围是 {first:.3g} 到 "
            "{last:.3g}。",
        ),
    ),
    (
        (math.log2(LOW), math.log2(HIGH)),
        Text(
            en="These are powers of two. `hp.loguniform` takes powers of e: yours draws from "
            "{first:.3g} to {last:.3g}.",
            zh="这是 2 的指数。`hp.loguniform` 要的是 e 的指数：你的范围是 {first:.3g} 到 "
            "{last:.3g}。",
        ),
    ),
    (
        (LOW, HIGH),
        Text(
            en="These are the ends themselves, as SciPy's `loguniform` wants them. hyperopt's "
            "wants their logarithms: yours draws from {first:.3g} to {last:.3g}.",
            zh="这是两端本身，SciPy 的 `loguniform` 才这样写。hyperopt 要的是对数：你的范围是 "
            "{first:.3g} 到 {last:.3g}。",
        ),
    ),
    (
        (-6.0, -1.0),
        Text(
            en="These are the article's: they draw from {first:.3g} to {last:.3g}.",
            zh="这是文章的写法：范围是 {first:.3g} 到 {last:.3g}。",
        ),
    ),
    (
        (math.log(HIGH), math.log(LOW)),
        Text(
            en="The right numbers in the wrong order: yours begins at {first:.3g} and ends at "
            "{last:.3g}.",
            zh="数是对的，顺序反了：你的范围从 {first:.3g} 开始，到 {last:.3g} 结束。",
        ),
    ),
    (
        (-math.log(LOW), -math.log(HIGH)),
        Text(
            en="The sign is missing: yours begins at {first:.3g} and ends at {last:.3g}. The "
            "logarithm of a number below 1 is negative.",
            zh="少了负号：你的范围从 {first:.3g} 开始，到 {last:.3g} 结束。"
            "小于 1 的数，对数是负的。",
        ),
    ),
    (
        (math.exp(LOW), math.exp(HIGH)),
        Text(
            en="These are e to the powers of 0.001 and 0.1. Turn it round: which powers of e are "
            "0.001 and 0.1?",
            zh="这是 e 的 0.001 次方和 0.1 次方。请反过来：e 的几次方是 0.001 和 0.1？",
        ),
    ),
)


def judge_log_ends(answer: Any) -> Text:
    """Judge exercise 3.4-a: the arguments of ``hp.loguniform``."""
    pair = as_pair(
        answer,
        Text(
            en="Expected a pair of numbers, got `{found}`.",
            zh="这里应是两个数，得到的却是 `{found}`。",
        ),
    )
    low, high = (as_number(end) for end in pair)
    # Two decimal places are enough: a hundredth moves an end by one per cent.
    if all(abs(end - math.log(right)) < 0.01 for end, right in ((low, LOW), (high, HIGH))):
        return Text(
            en="e to the −6.91 is 0.001, e to the −2.30 is 0.1.",
            zh="e 的 −6.91 次方是 0.001，e 的 −2.30 次方是 0.1。",
        )
    otherwise = Text(
        en="Yours draws from {first:.3g} to {last:.3g}; it should be from 0.001 to 0.1.",
        zh="你的范围是 {first:.3g} 到 {last:.3g}；应当是 0.001 到 0.1。",
    )
    known = (
        text for ends, text in _OTHER_ENDS if near(low, ends[0], 1e-3) and near(high, ends[1], 1e-3)
    )
    raise Wrong(next(known, otherwise), first=_exponential(low), last=_exponential(high))


def _exponential(power: float) -> float:
    return math.exp(power) if power < 700 else math.inf


# ---------------------------------------------------------------- 3.4-b: floats for integers


def as_settings(params: dict[str, float]) -> dict[str, Any]:
    """Return what hyperopt draws, as the estimator wants it."""
    return {**params, "batch_size": int(params["batch_size"])}


def _draw_params(rng: np.random.Generator) -> Case:
    kind = float if rng.random() < 0.5 else np.float64
    params = {
        "learning_rate": round(float(rng.uniform(0.001, 0.1)), 4),
        "batch_size": kind(rng.integers(32, 129)),
        "dropout_rate": round(float(rng.uniform(0.2, 0.8)), 2),
    }
    return (params,)


def _read_settings(value: Any) -> dict[Any, Any]:
    """Read a dict; a batch size that the estimator would take becomes an int."""
    settings = as_mapping(value)
    size = settings.get("batch_size")
    whole = whole_number(size)
    return {**settings, "batch_size": plain(size) if whole is None else whole}


def _same_settings(found: dict[Any, Any], expected: dict[Any, Any]) -> bool:
    if set(found) != set(expected) or type(found["batch_size"]) is not type(expected["batch_size"]):
        return False
    try:
        return all(near(float(plain(found[name])), float(expected[name])) for name in expected)
    except (TypeError, ValueError):
        return bool(found == expected)


_STILL_NO_INT = Text(
    en="For `{call}` you return {found}: batch_size is still no int. `round(93.0, 0)` and NumPy's "
    "rounding give floats again; `int(…)` gives a whole number.",
    zh="参数为 `{call}` 时，你返回 {found}：batch_size 还不是整数类型。`round(93.0, 0)` 和 NumPy "
    "的取整得到的仍是浮点数；`int(…)` 才得到整数。",
)

SETTINGS = Judgement(
    as_settings,
    cases(
        ({"learning_rate": 0.0104, "batch_size": 93.0, "dropout_rate": 0.34},),
        ({"learning_rate": 0.0104, "batch_size": np.float64(32.0), "dropout_rate": 0.34},),
        draw=_draw_params,
    ),
    mistakes=(
        Mistake(lambda params: params, _STILL_NO_INT),
        Mistake(
            lambda params: {**params, "batch_size": str(int(params["batch_size"]))},
            Text(
                en="For `{call}` you return {found}: batch_size is a text now. It should be a "
                "whole number.",
                zh="参数为 `{call}` 时，你返回 {found}：batch_size 成了文本。它应当是整数。",
            ),
        ),
        Mistake(
            lambda params: {"batch_size": int(params["batch_size"])},
            Text(
                en="For `{call}` you return {found}: the others are lost. Copy them too: "
                "`dict(params, batch_size=…)`.",
                zh="参数为 `{call}` 时，你返回 {found}：其他的丢失了。请一起带上："
                "`dict(params, batch_size=…)`。",
            ),
        ),
        Mistake(
            lambda params: {name: int(value) for name, value in params.items()},
            Text(
                en="For `{call}` you return {found}. The learning rate and the dropout rate are "
                "no whole numbers: leave them alone.",
                zh="参数为 `{call}` 时，你返回 {found}。学习率和 dropout 率不是整数："
                "不要改动它们。",
            ),
        ),
        Mistake(
            lambda params: {**params, "batch_size": 93},
            Text(
                en="For `{call}` you return {found}: the batch size is always 93. Take the one in "
                "`params`.",
                zh="参数为 `{call}` 时，你返回 {found}：批大小总是 93。请用 `params` 里的值。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you return {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}。",
    ),
    read=_read_settings,
    same=_same_settings,
)


def judge_settings(answer: Any) -> Text:
    """Judge exercise 3.4-b: what hyperopt draws, as the estimator wants it."""
    SETTINGS.check(answer)
    return Text(
        en="Every `quniform` needs this. It rounds its draws but leaves them floats.",
        zh="凡是 `quniform` 都要这样处理：它把抽到的值取整，类型却仍是浮点数。",
    )


# ---------------------------------------------------------------- 3.4-c: the objective's answer

N_MODELS = 8
SIDE = 28


class FittedModel:
    """A trained model with the estimator's methods, whose every prediction is known.

    Parameters
    ----------
    predictions : array of int, shape (n_samples,)
        What it says to each sample; a sample's number stands in its first pixel.
    """

    def __init__(self, predictions: ArrayLike) -> None:
        self._predictions = np.asarray(predictions)
        self.classes_ = np.arange(10)

    def predict(self, x: ArrayLike) -> Any:
        """Return the class that it says to each sample."""
        samples = np.asarray(x)
        return self._predictions[samples.reshape(len(samples), -1)[:, 0].astype(int)]

    def predict_proba(self, x: ArrayLike) -> FloatArray:
        """Return 0.91 for the class that it says, 0.01 for the others."""
        return np.asarray(0.01 + 0.9 * np.eye(10)[self.predict(x)])

    def score(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the accuracy."""
        found, labels = self.predict(x), np.asarray(y)
        if found.shape != labels.shape:
            raise ValueError(f"x has {len(found)} samples and y {len(labels)}")
        return float((found == labels).mean())


@cache
def models_and_data() -> tuple[tuple[FittedModel, Dataset], ...]:
    """Return trained models with data, each as good as it likes on each split."""
    rng = np.random.default_rng(SEED)
    pairs = []
    for _ in range(N_MODELS):
        splits, predictions, n = {}, [], 0
        for name in ("train", "validation", "test"):
            labels = rng.integers(0, 10, rng.integers(20, 60))
            x = np.zeros((labels.size, SIDE, SIDE))
            x[:, 0, 0] = np.arange(n, n + labels.size)
            wrong = rng.random(labels.size) < rng.uniform(0.1, 0.7)
            predictions += np.where(wrong, (labels + 1) % 10, labels).tolist()
            splits[name], n = (x, labels), n + labels.size
        pairs.append((FittedModel(predictions), Dataset(splits, n_classes=10)))
    return tuple(pairs)


def _accuracies(split: str) -> FloatArray:
    return np.array([m.score(*data.splits[split]) for m, data in models_and_data()])


def judge_result(answer: Any) -> Text:
    """Judge exercise 3.4-c: what an objective returns to ``fmin``."""
    function, allowance = as_function(answer), Allowance(SECONDS_FOR_ALL)
    losses = np.array(
        [
            _loss(call(function, model, data, copies=False, allowance=allowance))
            for model, data in models_and_data()
        ]
    )
    slopes = {name: _slope(losses, _accuracies(name)) for name in ("validation", "train", "test")}
    if slopes["validation"] < 0:
        return Text(
            en="fmin makes the loss small, so it makes the accuracy on unseen digits large.",
            zh="fmin 让损失变小，也就让没见过的样本上的准确率变大。",
        )
    raise _wrong_loss(losses, slopes)


def _loss(returned: Any) -> float:
    try:
        result = as_mapping(returned)
    except Wrong:
        result = {}
    if "loss" not in result:
        raise Wrong(
            Text(
                en='Your function returns `{found}`. Return a dict with "loss" and "status", like '
                "the chapter's `objective`.",
                zh='你的函数返回 `{found}`。请像本节的 `objective` 那样，返回含有 "loss" 和 '
                '"status" 的字典。',
            ),
            found=show(returned),
        )
    if as_text(result.get("status")) != "ok":
        raise Wrong(
            Text(
                en='"status" is `{found}`; for a trial that went well it is `STATUS_OK`, which is '
                'just the text "ok".',
                zh='"status" 是 `{found}`；试验顺利时应当是 `STATUS_OK`，其实就是文字 "ok"。',
            ),
            found=show(result.get("status")),
        )
    return as_number(result["loss"])


def _slope(losses: FloatArray, accuracies: FloatArray) -> float:
    """Return by how much the loss changes with an accuracy, 0 where it does not follow from it."""
    slope, start = np.polyfit(accuracies, losses, 1)
    return float(slope) if close(slope * accuracies + start, losses) and abs(slope) > 1e-6 else 0.0


def _wrong_loss(losses: FloatArray, slopes: dict[str, float]) -> Wrong:
    values = {
        "loss": show_rounded(float(losses[0])),
        **{split: f"{_accuracies(split)[0]:.4g}" for split in slopes},
    }
    if slopes["validation"] > 0:
        text = Text(
            en="The loss grows with the accuracy. fmin *minimises*: it would look for the "
            "worst network. Put a minus before the accuracy.",
            zh="准确率越高，你的损失越大。而 fmin 求的是最小值：这样它会去找最差的网络。"
            "请给准确率加上负号。",
        )
    elif slopes["train"]:
        text = Text(
            en="The loss {loss} comes from the score on the training digits, {train}, which "
            "rewards memorising. Take `data.x_validation`.",
            zh="损失 {loss} 来自训练样本上的得分 {train}，奖励的是死记硬背。"
            "请用 `data.x_validation`。",
        )
    elif slopes["test"]:
        text = Text(
            en="The loss {loss} comes from the score on the test set, {test}. Whoever chooses by "
            "it has no untouched data left for the final verdict. Take the validation set.",
            zh="损失 {loss} 来自测试集上的得分 {test}。用它来挑选，最后就没有没碰过的数据"
            "可供评判了。请用验证集。",
        )
    elif np.ptp(losses) == 0:
        text = Text(
            en="The loss is {loss} for every model. It should say how good the model is: minus "
            "`model.score(…)` on the validation digits.",
            zh="不论什么模型，损失都是 {loss}。它应当说明模型有多好："
            "验证样本上的 `model.score(…)` 加负号。",
        )
    else:
        text = Text(
            en="For a model with an accuracy of {validation} on the validation digits ({train} on "
            "the training digits, {test} on the test set) the loss is {loss}. It should be minus "
            "`model.score(…)` on the validation digits.",
            zh="一个模型在验证样本上的准确率是 {validation}（训练样本上 {train}，"
            "测试集上 {test}），你的损失是 {loss}。应当是验证样本上的 `model.score(…)` 加负号。",
        )
    return Wrong(text, **values)


# ---------------------------------------------------------------- 3.4-d: the random start


def n_guided(max_evals: int, n_startup: int) -> int:
    """Return how many proposals TPE's model makes."""
    return max(0, max_evals - n_startup)


_OFF_BY_ONE = Text(
    en="For `{call}` you get {found}; it should be {expected}: off by one. Of 100 evaluations "
    "whose first 20 are random, say, numbers 21 to 100 are the model's, 80 in all.",
    zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：差了一次。例如一共 100 次，"
    "前 20 次随机，第 21 到第 100 次就由模型提出，共 80 次。",
)
_NEVER_NEGATIVE = Text(
    en="For `{call}` you get {found}. A number of proposals is never negative.",
    zh="参数为 `{call}` 时，你得到 {found}。次数不会是负的。",
)

GUIDED = Judgement(
    n_guided,
    cases(
        (100, 20),
        (21, 20),
        (20, 20),
        (10, 20),
        (30, 5),
        (0, 20),
        (7, 0),
        draw=lambda rng: (int(rng.integers(1, 120)), int(rng.integers(1, 40))),
    ),
    mistakes=(
        Mistake(lambda n, start: n - start, _NEVER_NEGATIVE),
        Mistake(
            lambda n, start: abs(n - start),
            Text(
                en="For `{call}` you get {found}. Where all evaluations are random ones, none is "
                "the model's.",
                zh="参数为 `{call}` 时，你得到 {found}。如果全部评估都是随机的，"
                "模型就一次也没有提出。",
            ),
        ),
        Mistake(lambda n, start: n - start + 1, _OFF_BY_ONE),
        Mistake(lambda n, start: n - start - 1, _OFF_BY_ONE),
        Mistake(lambda n, start: max(0, n - start + 1), _OFF_BY_ONE),
        Mistake(lambda n, start: max(0, n - start - 1), _OFF_BY_ONE),
        Mistake(
            lambda n, start: n,
            Text(
                en="For `{call}` you get {found}, all of them. The first ones are drawn at random.",
                zh="参数为 `{call}` 时，你得到 {found}，也就是全部。但开头的那些是随机抽的。",
            ),
        ),
        Mistake(
            lambda n, start: min(n, start),
            Text(
                en="For `{call}` you get {found}: these are the random ones. Count the others.",
                zh="参数为 `{call}` 时，你得到 {found}：这是随机的那些。要数的是其余的。",
            ),
        ),
        Mistake(
            lambda n, start: start,
            Text(
                en="For `{call}` you get {found}: the random start. Count what comes after it.",
                zh="参数为 `{call}` 时，你得到 {found}：这是随机起步的次数。要数的是之后的。",
            ),
        ),
        Mistake(
            lambda n, start: max(0, n - 20),
            Text(
                en="For `{call}` you get {found}: as if the random start were always 20. Use "
                "`n_startup_jobs`.",
                zh="参数为 `{call}` 时，你得到 {found}：好像随机起步总是 20 次。"
                "请用 `n_startup_jobs`。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}。",
    ),
)


def judge_guided(answer: Any) -> Text:
    """Judge exercise 3.4-d: how many proposals TPE's model makes."""
    GUIDED.check(answer)
    return Text(
        en="80 of the article's 100. With `max_evals=20` it would be none.",
        zh="文章的 100 次中有 80 次。若 `max_evals=20`，一次也没有。",
    )


# ---------------------------------------------------------------- 3.4-e: a search that survives

# What an objective may do: return a loss, return nan or an infinite one, raise.
Outcome = float | str


class DivergedError(Exception):
    """An error of the training's own kind, which no list of Python's errors holds."""


ERRORS: dict[str, type[Exception]] = {
    "ValueError": ValueError,
    "ZeroDivisionError": ZeroDivisionError,
    "RuntimeError": RuntimeError,
    "DivergedError": DivergedError,
}


def _objective(outcome: Outcome) -> Callable[[dict[str, Any]], float]:
    def objective(params: dict[str, Any]) -> float:
        if isinstance(outcome, str):
            raise ERRORS[outcome]("raised by the objective")
        loss: float = outcome + params["x"]
        return loss

    return objective


def _guarded(function: Callable[..., Any], case: Case, allowance: Allowance) -> Any:
    outcome, x = case
    losses: list[float] = []

    def objective(params: dict[str, Any]) -> float:
        losses.append(_objective(outcome)(params))
        return losses[-1]

    returned = call(function, objective, {"x": x}, allowance=allowance)
    # Read here, since a reader who is told of "(nan, 0.0)" knows no such call.
    found, expected = _read_result(returned), _result(outcome, x)
    if found["status"] not in ("ok", "fail"):
        comes_to = _comes_to(outcome, x)
        raise Wrong(_WITHOUT_STATUS, x=x, outcome=comes_to, returned=show_rounded(returned))
    is_another = "loss" in found and "loss" in expected and not _same_result(found, expected)
    if is_another and any(close(loss, found["loss"]) for loss in losses):
        shown = show_rounded(found)
        raise Wrong(_OTHER_PARAMS, x=x, outcome=_comes_to(outcome, x), found=shown)
    return found


_WITHOUT_STATUS = Text(
    en="Where the objective comes to {outcome} (with x = {x:g}), you return {returned}. Say to "
    'hyperopt how it went: `"status": "ok"` beside the loss, or `"status": "fail"`.',
    zh="目标函数得到 {outcome} 时（x = {x:g}），你返回 {returned}。请告诉 hyperopt 结果如何："
    '有损失时写 `"status": "ok"`，失败时写 `"status": "fail"`。',
)

_OTHER_PARAMS = Text(
    en="With x = {x:g} the objective comes to {outcome}, and you return {found}: you call it with "
    "numbers of your own. Call it with the `params` that you were given.",
    zh="x = {x:g} 时，目标函数得到 {outcome}，你却返回 {found}：你调用它时，用的是自己写的数。"
    "请用传入的 `params` 调用它。",
)


def _n_calls(function: Callable[..., Any]) -> int:
    """Return how often a function calls the objective for one trial."""
    seen: list[dict[str, Any]] = []

    def objective(params: dict[str, Any]) -> float:
        seen.append(params)
        return 0.5

    call(function, objective, {"x": 0.0}, allowance=Allowance(SECONDS_FOR_ALL))
    return len(seen)


def _result(outcome: Outcome, x: float) -> dict[str, Any]:
    if isinstance(outcome, str) or not math.isfinite(outcome + x):
        return {"status": "fail"}
    return {"status": "ok", "loss": outcome + x}


def _comes_to(outcome: Outcome, x: float) -> str:
    """Return what the objective raises or returns, without the digits that adding may leave."""
    return outcome if isinstance(outcome, str) else show_number(round(outcome + x, 9))


def _read_result(returned: Any) -> dict[str, Any]:
    """Read a result as hyperopt does: a number is a loss, and of a failed one the status counts."""
    number = plain(returned)
    if isinstance(number, int | float) and not isinstance(number, bool):
        return {"status": "ok", "loss": float(number)}
    result = as_mapping(returned)
    # What has no status that is a text is told so, see `_guarded`.
    status = result.get("status") if isinstance(result.get("status"), str) else None
    if status == "fail":
        return {"status": status}
    loss = result.get("loss")
    return {"status": status} if loss is None else {"status": status, "loss": _as_loss(loss)}


def _as_loss(value: Any) -> float:
    """Read a loss as hyperopt does, which takes whatever `float` makes a number of."""
    try:
        return float(plain(value))
    except (TypeError, ValueError, OverflowError):
        return named_number("loss", value)


def _same_result(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    if found["status"] != expected["status"]:
        return False
    return close(found.get("loss", math.nan), expected.get("loss", math.nan))


def _always_ok(outcome: Outcome, x: float) -> Any:
    return {"status": "ok", "loss": _objective(outcome)({"x": x})}


def _only_raised(outcome: Outcome, x: float) -> Any:
    return {"status": "fail"} if isinstance(outcome, str) else _always_ok(outcome, x)


def _only_nan(outcome: Outcome, x: float) -> Any:
    if isinstance(outcome, float) and math.isnan(outcome):
        return {"status": "fail"}
    return _always_ok(outcome, x)


def _catching(kinds: tuple[str, ...]) -> Callable[[Outcome, float], Any]:
    """Return what catches these errors alone."""

    def guarded(outcome: Outcome, x: float) -> Any:
        raised = isinstance(outcome, str) and outcome not in kinds
        return _always_ok(outcome, x) if raised else _result(outcome, x)

    return guarded


def _large_number(outcome: Outcome, x: float) -> Any:
    result = _result(outcome, x)
    return result if result["status"] == "ok" else {"status": "ok", "loss": 1e9}


def _draw_outcome(rng: np.random.Generator) -> Case:
    outcomes: list[Outcome] = [*ERRORS, math.nan, math.inf, -math.inf]
    x = round(float(rng.uniform(-2, 2)), 2)
    if rng.random() < 0.6:
        return round(float(rng.uniform(-3, 3)), 2), x
    return outcomes[int(rng.integers(len(outcomes)))], x


SAFE = Judgement(
    _result,
    cases((0.5, 0.0), (-0.5, 0.0), (0.0, 0.0), ("ValueError", 0.0), ("RuntimeError", 1.0),
          ("DivergedError", 0.0), (248_432.0, 0.0),  # a large loss is a number still
          (1e12, 0.0), (-1e12, 0.0),
          (100_000, 0), (0.693147, 0.0),  # and so are a whole one and one of many digits
          (math.nan, 0.0), (math.inf, 0.0), (-math.inf, 0.0), draw=_draw_outcome),
    mistakes=(
        Mistake(
            _only_raised,
            Text(
                en="An objective that raises is caught now. But where the loss is {outcome} you "
                "return {found}: such a number is no result either.",
                zh="目标函数抛出的异常已经捕获了。可是损失为 {outcome} 时，你返回 {found}："
                "这样的数也不是结果。",
            ),
        ),
        Mistake(
            _only_nan,
            Text(
                en="A loss of nan is caught now, but not all that can go wrong: look at {outcome}.",
                zh="nan 已经处理了，但会出的问题不止这一种：看看 {outcome}。",
            ),
        ),
        Mistake(
            _catching(()),
            Text(
                en="Losses that are not finite numbers are recognised now. But an error of the "
                "objective still ends the search: here it raised {outcome}, and your function "
                "lets it pass.",
                zh="不是有限数的损失已经处理了。可是目标函数一报错，搜索还是会中断："
                "这里它抛出了 {outcome}，你的函数没有捕获。",
            ),
        ),
        *(
            Mistake(
                _catching(kinds),
                Text(
                    en="You catch some kinds of error. A training can raise others too: here it "
                    "raised {outcome}.",
                    zh="你只捕获了某几种异常。训练还会抛出别的：这里是 {outcome}。",
                ),
            )
            for n_kinds in range(1, len(ERRORS))
            for kinds in combinations(ERRORS, n_kinds)
        ),
        Mistake(
            _large_number,
            Text(
                en="With {outcome} you return {found}. A made-up loss is a result for TPE: it will "
                "take part in its model. hyperopt has a status for a trial that failed.",
                zh="遇到 {outcome} 时，你返回 {found}。编造的损失在 TPE 看来也是结果，"
                "会进入它的模型。"
                "hyperopt 为失败的试验准备了专门的状态。",
            ),
        ),
        Mistake(
            lambda outcome, x: {"status": "fail"},
            Text(
                en="Every trial fails, good ones too. Does your `except` catch an error of your "
                "own, such as a missing `import math`? Print the exception.",
                zh="每次试验都成了失败，好的也不例外。你的 `except` 是不是连自己程序的错误也捕获了"
                "（例如漏写了 `import math`）？请把异常打印出来看一看。",
            ),
        ),
    ),
    otherwise=Text(
        en="Where the objective comes to {outcome} (with x = {x:g}), you return {found} instead of "
        "{expected}.",
        zh="目标函数得到 {outcome} 时（x = {x:g}），你返回 {found}，而不是 {expected}。",
    ),
    read=_read_result,
    same=_same_result,
    untouched=_always_ok,
    details=lambda outcome, x: {"outcome": _comes_to(outcome, x), "x": x},
    run=_guarded,
    arguments=lambda outcome, x: (_objective(outcome), {"x": x}),
)  # fmt: skip


def _check_without_a_loss(function: Callable[..., Any]) -> None:
    """Raise `Wrong` where an objective that returns None ends the search, or counts as trained."""

    def objective(params: dict[str, Any]) -> None:
        del params

    try:
        returned = call(function, objective, {"x": 0.0})
        status = _read_result(returned)["status"]
    except TookTooLong:
        raise
    except Wrong as wrong:
        raise Wrong(_RAISES_AT_NONE, problem=str(wrong)) from None
    if status != "fail":
        raise Wrong(_NONE_IS_OK, found=show(returned))


_RAISES_AT_NONE = Text(
    en="Errors, nan and infinities are caught now. But an objective that forgets its `return` "
    "gives None, and None is no number: then your function itself goes wrong. {problem} Let the "
    "test of the loss stand inside the `try` too.",
    zh="报错、nan 和无穷都处理了。可是目标函数漏写 `return` 时得到的是 None，它也不是数："
    "这时出问题的是你的函数。{problem} 请把对损失的检查也放进 `try` 里。",
)
_NONE_IS_OK = Text(
    en="Errors, nan and infinities are caught now. But where the objective forgets its `return`, "
    "its loss is None, and you return `{found}`. None is no finite number either.",
    zh="报错、nan 和无穷都处理了。可是目标函数漏写 `return` 时，损失是 None，你返回 `{found}`。"
    "None 也不是有限的数。",
)


def judge_safe(answer: Any) -> Text:
    """Judge exercise 3.4-e: a failed trial is reported as one, and ends no search."""
    SAFE.check(answer)
    n_calls = _n_calls(as_function(answer))
    if n_calls > 1:
        raise Wrong(
            Text(
                en="You call the objective {n_calls} times for one trial. Each call is a training "
                "of its own, with a loss of its own: call it once, and keep what it returns.",
                zh="一次试验里，你调用了 {n_calls} 次目标函数。每调用一次就重新训练一次，"
                "损失也不一样：只调用一次，把返回值存下来。",
            ),
            n_calls=n_calls,
        )
    _check_without_a_loss(as_function(answer))
    return Text(
        en="One bad setting no longer ends an overnight search. And a failed trial is reported "
        "as failed: neither lost nor dressed up as a number.",
        zh="一个坏设置再也不会让通宵的搜索半途而废。失败的试验也如实报告：既不丢掉，也不冒充成数字。",
    )


# ---------------------------------------------------------------- 3.4-f: which of them thinks?

# Made with n_startup_jobs=12: A random search, B TPE, C another seed's random search.
FIRST_GUIDED = 13
THINKERS = Reading(
    right={"tpe": "B", "random": "A", "other seed": "C"},
    choices=("A", "B", "C"),
    wrong={
        ("tpe", "A"): Text(
            en='"tpe": in A the last points scatter as much as the first. Whoever has learned '
            "something seldom tries what fails.",
            zh='"tpe"：A 里最后的点和最初的一样分散。学到了东西，就很少再去试会失败的设置。',
        ),
        ("other seed", "A"): Text(
            en='"other seed": compare the first dozen points of A and B, one by one.',
            zh='"other seed"：把 A 和 B 最初的十来个点逐个比较。',
        ),
    },
    numbers={"first guided": (FIRST_GUIDED, FIRST_GUIDED)},
    otherwise=Text(
        en='"{name}": {found} is not it. Two of the three begin with the same points, because they '
        "have the same seed. They part where one of them begins to think.",
        zh='"{name}"：{found} 不对。三者之中有两个开头的点完全相同，因为种子相同；'
        "从其中一个开始“思考”的那次试验起，它们才分开。",
    ),
)


def judge_thinkers(answer: Any) -> Text:
    """Judge exercise 3.4-f: which search is TPE's, and from which trial on."""
    THINKERS.check(answer)
    return Text(
        en="Twelve common trials, so `n_startup_jobs` was 12 here, not hyperopt's 20. What cannot "
        "be seen is who is better: for that, repeat.",
        zh="前十二次相同，可见这里的 `n_startup_jobs` 是 12，而不是 hyperopt 默认的 20。"
        "看不出来的是谁更好：那要多重复几次。",
    )


# ---------------------------------------------------------------- 3.4-g: a search of your own

BUDGET = 20
HARD_WANTED = 0.82


def _learning_rate(trial: Trial) -> float:
    """Return a trial's learning rate, or raise `Wrong`: a space of one's own may call it lr."""
    rate = trial.hyperparameters.get("learning_rate")
    if not isinstance(rate, int | float):
        raise Wrong(
            Text(
                en="Trial {number} has no number under `learning_rate`, only {found}. Call the "
                "variables of your space `learning_rate`, `batch_size` and `dropout_rate`.",
                zh="第 {number} 次试验没有填 `learning_rate` 的数值，只有 {found}。"
                "请把搜索空间的变量叫作 `learning_rate`、`batch_size` 和 `dropout_rate`。",
            ),
            number=trial.number,
            found=show(trial.hyperparameters),
        )
    return float(rate)


_WHICH_NETWORK = Text(
    en="Trial {number} does not say which network was trained. Give `run_search` the digits `few` "
    "and `hyperparameters=hard`; an objective of your own should return the whole trial, "
    "`hpt.Trial.from_run(run)`, not its accuracy alone.",
    zh="第 {number} 次试验没有写明训练的是哪个网络。请把样本 `few` 和 `hyperparameters=hard` 交给 "
    "`run_search`；如果用自己的目标函数，请返回整个试验 `hpt.Trial.from_run(run)`，"
    "而不只是准确率。",
)


def _of_the_network(trials: list[Trial]) -> list[Trial]:
    """Return the trials of the task's network, or raise `Wrong`."""
    kept = check_settings(trials, HARD_SETTINGS)
    for trial in kept:
        _learning_rate(trial)
    return check_named(kept, NETWORK, _WHICH_NETWORK)


def judge_own_search(answer: Any) -> Text:
    """Judge exercise 3.4-g: a space of one's own, searched within a budget."""
    trials = spend(trials_of(answer), BUDGET)
    kept = _of_the_network(trials)
    best = best_of(kept)
    accuracy = best.validation_accuracy or 0.0
    rates = sorted(map(_learning_rate, kept))
    if accuracy < HARD_WANTED:
        _of_the_network(trials[-1:])
        raise Wrong(
            Text(
                en="{n} trials, the best {accuracy}; {wanted:.0%} is wanted. Your space drew "
                "learning rates from {low:.3g} to {high:.3g}, and the best has {rate:.3g}: is it "
                "at an edge?",
                zh="{n} 次试验，最好的是 {accuracy}；要求 {wanted:.0%}。"
                "你的搜索空间抽到的学习率"
                "从 {low:.3g} 到 {high:.3g}，最好的是 {rate:.3g}：它在边界上吗？",
            ),
            n=len(trials),
            accuracy=show_short_of(accuracy, HARD_WANTED),
            wanted=HARD_WANTED,
            low=rates[0],
            high=rates[-1],
            rate=_learning_rate(best),
        )
    return Text(
        en=f"{accuracy:.1%} with {len(trials)} trials. What made the difference is the space: in "
        "the article's range of learning rates this network learns next to nothing, by any method.",
        zh=f"{len(trials)} 次试验，达到 {accuracy:.1%}。起作用的是搜索空间："
        "在文章给的学习率范围里，不管用哪种方法，这个网络几乎什么也学不到。",
    )


JUDGES: dict[str, Judge] = {
    "3.4-a": judge_log_ends,
    "3.4-b": judge_settings,
    "3.4-c": judge_result,
    "3.4-d": judge_guided,
    "3.4-e": judge_safe,
    "3.4-f": judge_thinkers,
    "3.4-g": judge_own_search,
}
