"""Chapter 2: the kinds of hyperparameters, and what they do to a training."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from hpt_widgets.exercises.answers import as_mapping, as_number, as_text, show, show_short_of
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, judge_value
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.exercises.mystery import run_that_draws
from hpt_widgets.exercises.readings import named, named_whole_number, quoted
from hpt_widgets.exercises.trials import LATER_DEFAULTS, check_named, trials_of
from hpt_widgets.language import Text, listed
from hpt_widgets.training.hyperparameters import KINDS, Hyperparameters

if TYPE_CHECKING:
    from hpt_widgets.training.run import Run

# ---------------------------------------------------------------- 2-a: the three kinds

SORTED_NAMES = (
    "hidden_units",
    "activation",
    "learning_rate",
    "batch_size",
    "optimizer",
    "weight_decay",
    "dropout_rate",
)
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names if name in SORTED_NAMES}

# Spellings that mean the same.
_KIND_WORDS = {
    **{kind: kind for kind in KINDS},
    "regularisation": "regularization",
    "结构": "structure",
    "训练": "training",
    "正则化": "regularization",
}

_MISPLACED = {
    ("dropout_rate", "structure"): Text(
        en="In Keras, dropout is a layer, so it looks like structure. But it adds no weights and "
        "is switched off after training: it is there against memorising, which is regularisation.",
        zh="在 Keras 里 dropout 写成一层，看上去像结构。但它不增加权重，训练结束后也不起作用；"
        "它的用途是防止死记硬背，属于正则化。",
    ),
    ("weight_decay", "training"): Text(
        en="In Keras, `weight_decay` is an argument of the optimizer, so it looks like training. "
        "But its purpose is to keep the weights small: regularisation.",
        zh="在 Keras 里 `weight_decay` 是优化器的参数，看上去属于训练。"
        "但它的目的是让权重保持较小，属于正则化。",
    ),
    ("batch_size", "regularization"): Text(
        en="Small batches do add noise, which regularises a little. Still, `batch_size` says how "
        "the training proceeds: the article counts it as training.",
        zh="批大小较小时确实有噪声，带一点正则化的效果。但 `batch_size` 决定的是训练如何进行："
        "文章把它归入训练。",
    ),
    ("activation", "training"): Text(
        en="`activation` is part of the function that the network computes, after training too: "
        "structure.",
        zh="`activation` 是网络所计算的函数的一部分，训练之后仍然在用：属于结构。",
    ),
}
_MISPLACED_OTHERWISE = Text(
    en="`{name}` is not of the kind {found}. Ask: does it describe the network itself, how it is "
    "trained, or what keeps it from memorising?",
    zh="`{name}` 不属于 {found}。想一想：它描述的是网络本身、训练的方式，还是防止死记硬背的手段？",
)


def judge_kinds(answer: Any) -> Text:
    """Judge exercise 2-a: hyperparameters sorted by kind."""
    try:
        kinds = as_mapping(answer)
    except Wrong:
        raise Wrong(
            Text(
                en="Expected a dict from each hyperparameter's name to its kind, got `{found}`.",
                zh="这里应是字典，从每个超参数的名称到它的类别；得到的却是 `{found}`。",
            ),
            found=show(answer),
        ) from None
    _check_names(kinds)
    for name in SORTED_NAMES:
        kind = _kind(name, kinds[name])
        if kind != KIND_OF[name]:
            text = _MISPLACED.get((name, kind), _MISPLACED_OTHERWISE)
            raise Wrong(text, name=name, found=show(kinds[name]))
    return Text(
        en="Structure says what the network is, training how its weights are found, "
        "regularisation what keeps it from memorising.",
        zh="超参数分三类：网络结构决定网络是什么样，训练决定权重怎样求得，正则化防止网络死记硬背。",
    )


def _check_names(answer: dict[Any, Any]) -> None:
    if answer and all(isinstance(key, str) and key in _KIND_WORDS for key in answer):
        raise Wrong(
            Text(
                en="Your dict leads from kinds to names; turn it round: each name is a key.",
                zh="你的字典是从类别到名称；请反过来，让每个名称作键。",
            )
        )
    missing = [name for name in SORTED_NAMES if name not in answer]
    if missing:
        raise Wrong(
            Text(en="These are missing: {names}.", zh="还缺少：{names}。"), names=listed(missing)
        )
    unknown = [show(name) for name in answer if name not in SORTED_NAMES]
    if unknown:
        raise Wrong(
            Text(
                en="These were not asked for: {names}.",
                zh="题目没有要求：{names}。",
            ),
            names=listed(unknown),
        )


def _kind(name: str, value: Any) -> str:
    word = (as_text(value) or "").strip().lower()
    if word not in _KIND_WORDS:
        raise Wrong(
            Text(
                en="`{name}` has the kind `{found}`; the kinds are {allowed}.",
                zh="`{name}` 的类别写成了 `{found}`；可用的类别是 {allowed}。",
            ),
            name=name,
            found=show(value),
            allowed=quoted(KINDS),
        )
    return _KIND_WORDS[word]


# ---------------------------------------------------------------- 2-b: updates per epoch


def _draw_sizes(rng: np.random.Generator) -> Case:
    return int(rng.integers(1, 400)), int(rng.integers(1, 70))


UPDATES = Judgement(
    lambda n, b: -(-n // b),
    cases(
        (1, 1),
        (10, 4),
        (12, 4),
        (100, 512),
        (1000, 100),
        (50_000, 32),
        (50_000, 2048),
        # However little is left over.
        (2049, 2048),
        (20_001, 20_000),
        draw=_draw_sizes,
    ),
    mistakes=(
        Mistake(
            lambda n, b: n / b,
            Text(
                en="For `{call}` your function gives {found}, but there is no fraction of an "
                "update: the samples left over make one more, short batch. Round up.",
                zh="参数为 `{call}` 时，你的函数给出 {found}，但更新次数没有小数："
                "剩下的样本组成不满的一批。请向上取整。",
            ),
        ),
        Mistake(
            lambda n, b: n // b,
            Text(
                en="For `{call}` your function gives {found}. Rounding down forgets the last "
                "batch: it is short, but it is trained on. Round up.",
                zh="参数为 `{call}` 时，你的函数给出 {found}。向下取整会漏掉最后一批："
                "它虽然不满，也要用来训练。请向上取整。",
            ),
        ),
        Mistake(
            lambda n, b: round(n / b),
            Text(
                en="For `{call}` your function gives {found}: it rounds to the nearest whole "
                "number. A short batch counts, however short: round up.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：它四舍五入了。"
                "不满的一批再小也算一次：请向上取整。",
            ),
        ),
        Mistake(
            lambda n, b: max(1, n // b),
            Text(
                en="For `{call}` your function gives {found}: where there are more samples than "
                "one batch, it still rounds down. Round up.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：样本多于一批时，它仍是向下取整。"
                "请向上取整。",
            ),
        ),
        Mistake(
            lambda n, b: n // b + 1,
            Text(
                en="For `{call}` nothing is left over, yet your function adds a batch and gives "
                "{found}. Round up instead of adding 1.",
                zh="参数为 `{call}` 时正好除尽，你的函数却多算了一批，给出 {found}。"
                "应当向上取整，而不是加 1。",
            ),
        ),
        Mistake(
            lambda n, b: 0 if b > n else math.ceil(n / b),
            Text(
                en="For `{call}` your function gives {found}. All samples then make one short "
                "batch: one update.",
                zh="参数为 `{call}` 时，你的函数给出 {found}。这时全部样本组成不满的一批："
                "更新一次。",
            ),
        ),
        Mistake(
            lambda n, b: n * b,
            Text(
                en="You multiplied. A batch takes several samples at once, so there are fewer "
                "updates than samples: divide.",
                zh="你用了乘法。每更新一次就用去一批样本，所以更新次数比样本数少：应当用除法。",
            ),
        ),
        Mistake(
            lambda n, b: math.ceil(b / n),
            Text(
                en="For `{call}` your function gives {found}: it divides the batch size by the "
                "number of samples. Turn it round.",
                zh="参数为 `{call}` 时，你的函数给出 {found}：它用批大小除以了样本数。请反过来。",
            ),
        ),
    ),
)


def judge_updates(answer: Any) -> Text:
    """Judge exercise 2-b: how many updates an epoch has."""
    UPDATES.check(answer)
    return Text(
        en="With 50,000 digits, batch size 32 makes 1,563 updates an epoch and batch size 2,048 "
        "only 25.",
        zh="有 50,000 个样本时，批大小为 32，每轮更新 1,563 次；为 2,048，只更新 25 次。",
    )


# ------------------------------------------------------- 2-c, 2-g: a large batch

N_TRAIN = 50_000


@dataclass(frozen=True)
class LargeBatch:
    """A batch size that is to reach an accuracy within one epoch, by another learning rate.

    Attributes
    ----------
    batch_size : int
    wanted : float
        The accuracy.
    too_small, too_large : float
        Learning rates from which on, with all else as it was, the rate alone is to blame.
    optimizer : str or None
        The one that the task holds fixed, None where it is free.
    """

    batch_size: int
    wanted: float
    too_small: float
    too_large: float
    optimizer: str | None = None

    @property
    def updates(self) -> int:
        """How many updates the epoch makes."""
        return math.ceil(N_TRAIN / self.batch_size)


LARGE_BATCH = 2048
# Measured with plain Keras, Adam and three seeds: a rate of 0.001 reaches 85-87 %, 0.01 reaches
# 93-94 %, 0.03 89-92 %, 0.1 37-75 %.
ADAM_TASK = LargeBatch(LARGE_BATCH, wanted=0.92, too_small=0.003, too_large=0.03)
# Measured with two or three seeds: a rate of 0.1 reaches 88-89 %, 0.3 92 %, 0.7 93 %, 1 91-92 %,
# 1.6 only 27-31 %.
SGD_TASK = LargeBatch(512, wanted=0.91, too_small=0.15, too_large=1.2, optimizer="sgd")


def judge_large_batch(answer: Any) -> Text:
    """Judge exercise 2-c: a run with a large batch whose learning rate grew with it."""
    run = _run_for(answer, ADAM_TASK)
    if run.hyperparameters.learning_rate > Hyperparameters().learning_rate:
        return Text(
            en="25 updates instead of 1,563: each must do more, so the learning rate grows with "
            "the batch.",
            zh="只更新 25 次，而不是 1,563 次：每一次要多走一些，所以学习率要随批大小一起增大。",
        )
    return Text(
        en="25 updates instead of 1,563, and each does more, though not by a larger learning rate. "
        "That would be the usual way: the rate grows with the batch.",
        zh="只更新 25 次，而不是 1,563 次，每一次多走了一些，却不是靠增大学习率。"
        "通常的做法是让学习率随批大小一起增大。",
    )


def judge_large_sgd_batch(answer: Any) -> Text:
    """Judge exercise 2-g: plain gradient descent with a large batch and a rate that fits it."""
    run = _run_for(answer, SGD_TASK)
    rate, accuracy = run.hyperparameters.learning_rate, run.validation_accuracy
    return Text(
        en=f"{accuracy:.1%} with a rate of {rate:g}: 98 updates instead of 1,563, and each goes "
        "further. In step with the batch, sixteen times 0.1 would be 1.6, and that is too far: the "
        "rate grows with the batch, but not without end.",
        zh=f"学习率 {rate:g}，达到 {accuracy:.1%}：更新 98 次，而不是 1,563 次，每次走得更远。"
        "若与批大小同步，0.1 的十六倍是 1.6，那就太远了：学习率随批大小增大，但不能一直大下去。",
    )


def _run_for(answer: Any, task: LargeBatch) -> Run:
    """Return the run of an answer that does what the task asks, or raise `Wrong`."""
    from hpt_widgets.training.run import Run

    if isinstance(answer, Hyperparameters):
        raise Wrong(
            Text(
                en="These are hyperparameters. Train with them, `run = hpt.train(hp, data)`, and "
                "hand over the run.",
                zh="这只是超参数。请用它们训练：`run = hpt.train(hp, data)`，再把 run 交上来。",
            )
        )
    if not isinstance(answer, Run):
        raise Wrong(
            Text(
                en="Expected the run that `hpt.train` returns, got `{found}`.",
                zh="这里应是 `hpt.train` 返回的 run，得到的却是 `{found}`。",
            ),
            found=show(answer),
        )
    _check_conditions(answer, task)
    _check_accuracy(answer, task)
    return answer


def _check_conditions(run: Run, task: LargeBatch) -> None:
    hp = run.hyperparameters
    if hp.batch_size != task.batch_size:
        raise Wrong(
            Text(
                en="This run has batch_size={found}; the task is for {wanted}.",
                zh="这次训练的 batch_size={found}；题目要求 {wanted}。",
            ),
            found=hp.batch_size,
            wanted=task.batch_size,
        )
    if task.optimizer not in (None, hp.optimizer):
        raise Wrong(
            Text(
                en='This run has optimizer="{found}"; the task is for "{wanted}".',
                zh='这次训练的 optimizer="{found}"；题目要求 "{wanted}"。',
            ),
            found=hp.optimizer,
            wanted=task.optimizer,
        )
    if hp.hidden_units != Hyperparameters().hidden_units:
        raise Wrong(
            Text(
                en="This run has hidden_units={found}, which is another network. Bring the same "
                "one, {wanted}, to the accuracy.",
                zh="这次训练的 hidden_units={found}，换了一个网络。请让原来的网络 {wanted} "
                "达到这个准确率。",
            ),
            found=hp.hidden_units,
            wanted=Hyperparameters().hidden_units,
        )
    if hp.epochs != 1 or run.changes:
        raise Wrong(
            Text(
                en="More epochs make more updates, and so does a change of the batch size in "
                "mid-run. The task is one epoch, with nothing changed on the way.",
                zh="多训练几轮，或中途改变批大小，都会增加更新次数。题目要求只训练一轮，"
                "中途不作改动。",
            )
        )
    if run.ended == "finished" and run.samples_seen != N_TRAIN:
        raise Wrong(
            Text(
                en="This run saw {found:,} samples: train on all {wanted:,} of `data`.",
                zh="这次训练只用了 {found:,} 个样本：请用 `data` 的全部 {wanted:,} 个。",
            ),
            found=run.samples_seen,
            wanted=N_TRAIN,
        )


def _check_accuracy(run: Run, task: LargeBatch) -> None:
    rate, accuracy = run.hyperparameters.learning_rate, run.validation_accuracy
    if run.ended == "diverged":
        text = Text(
            en="The loss ran away: a learning rate of {rate:g} is too large. Go back by a factor "
            "of 10.",
            zh="损失发散了：学习率 {rate:g} 太大。请缩小到十分之一再试。",
        )
    elif run.ended != "finished":
        text = Text(
            en="This run was stopped before its end: let it finish.",
            zh="这次训练中途停止了：请让它运行完。",
        )
    elif math.isnan(accuracy):
        text = Text(
            en="This run has no validation accuracy: train on `data`, which has validation digits.",
            zh="这次训练没有验证准确率：请用 `data` 训练，它带有验证集。",
        )
    elif accuracy >= task.wanted:
        return
    elif _only_the_rate_is_changed(run.hyperparameters, task) and rate <= task.too_small:
        text = Text(
            en="{accuracy}, and {wanted:.0%} is wanted. With {rate:g}, {updates} updates do "
            "not get far: the learning rate is still too small for this batch.",
            zh="准确率 {accuracy}，要求 {wanted:.0%}。学习率为 {rate:g} 时，{updates} 次更新"
            "走不远：对这么大的批大小来说，它还太小。",
        )
    elif _only_the_rate_is_changed(run.hyperparameters, task) and rate >= task.too_large:
        text = Text(
            en="{accuracy}, and {wanted:.0%} is wanted. {rate:g} is too much of a good thing: "
            "the steps jump over the valley. Try something smaller.",
            zh="准确率 {accuracy}，要求 {wanted:.0%}。{rate:g} 又太大了：每一步都跨过了谷底。"
            "请试小一些的值。",
        )
    else:
        text = Text(
            en="{accuracy}, and {wanted:.0%} is wanted. Move the learning rate ({rate:g}) in "
            "steps of a factor of 2 or 3, and keep the other settings near the defaults.",
            zh="准确率 {accuracy}，要求 {wanted:.0%}。请把学习率（现在是 {rate:g}）按 2 到 3 倍"
            "的幅度调整，其余设置保持在默认值附近。",
        )
    shown = show_short_of(accuracy, task.wanted)
    values = {"rate": rate, "accuracy": shown, "updates": task.updates}
    raise Wrong(text, wanted=task.wanted, **values)


def _only_the_rate_is_changed(hp: Hyperparameters, task: LargeBatch) -> bool:
    """Whether all but the rate and what the task itself sets is as by default."""
    set_by_task = {"batch_size", "epochs", *(["optimizer"] if task.optimizer else [])}
    free = {"learning_rate", "seed", *set_by_task}
    names = [field.name for field in fields(hp) if field.name not in free]
    return all(asdict(hp)[name] == asdict(Hyperparameters())[name] for name in names)


# ---------------------------------------------------------------- 2-d: counting parameters

LAYER_SIZES = (784, 128, 64, 10)
N_WEIGHTS = sum(a * b for a, b in pairwise(LAYER_SIZES))
N_BIASES = sum(LAYER_SIZES[1:])


OTHER_COUNTS = (
    (
        N_WEIGHTS,
        Text(
            en="These are the weights. Each unit of a layer has a bias as well.",
            zh="这只是权重的个数。每一层的每个神经元还有一个偏置。",
        ),
    ),
    (
        N_WEIGHTS + N_BIASES + LAYER_SIZES[0],
        Text(
            en="You gave the inputs a bias too; they are data, not units that learn.",
            zh="你给输入也加了偏置；输入是数据，不是需要学习的神经元。",
        ),
    ),
    (
        784 * 128 + 128 + 128 * 64 + 64,
        Text(
            en="The output layer is missing: 10 units, each connected to all 64.",
            zh="漏了输出层：10 个神经元，每个都与 64 个神经元相连。",
        ),
    ),
    (
        784 * 128 + 128,
        Text(
            en="This is the first layer alone; two more follow.",
            zh="这只是第一层；后面还有两层。",
        ),
    ),
    (
        sum(LAYER_SIZES),
        Text(
            en="This counts units. Count the connections between them, and the biases.",
            zh="这是神经元的个数。要数的是神经元之间的连接，再加上偏置。",
        ),
    ),
    (
        N_BIASES,
        Text(
            en="These are the biases alone; each connection has a weight too.",
            zh="这只是偏置的个数；每条连接还有一个权重。",
        ),
    ),
    (
        math.prod(LAYER_SIZES),
        Text(
            en="You multiplied all four sizes. Only neighbouring layers are connected: multiply "
            "two at a time, and add.",
            zh="你把四个数全部相乘了。只有相邻的层才相连：两两相乘，再相加。",
        ),
    ),
)


def judge_parameters(answer: Any) -> Text:
    """Judge exercise 2-d: how many numbers the network learns."""
    judge_value(
        as_number(answer),
        N_WEIGHTS + N_BIASES,
        OTHER_COUNTS,
        Text(
            en="{found} is not it. A layer with n inputs and m units has n·m weights and m biases.",
            zh="{found} 不对。有 n 个输入、m 个神经元的一层，有 n·m 个权重和 m 个偏置。",
        ),
    )
    return Text(
        en="100,480 + 8,256 + 650: most of them sit in the first layer. Dropout adds none.",
        zh="100,480 + 8,256 + 650：大部分都在第一层。dropout 不增加参数。",
    )


# ---------------------------------------------------------------- 2-e: two settings are hidden

MYSTERY_SETTINGS = {
    "training_size": 5_000, "epochs": 3, "batch_size": 32, "dropout_rate": 0.2,
    "hidden_units": (128, 64), "activation": "relu", "weight_decay": 0.0, **LATER_DEFAULTS,
}  # fmt: skip
MYSTERY = "2-e mystery"
# Measured: the same settings with other seeds 0.009 and 0.016, two thirds of the rate 0.025 to
# 0.05, `momentum` with a tenth of it 0.008 to 0.027, `adam` with 0.0002 0.013 to 0.04.
MYSTERY_TOLERANCE = 0.025
FOUND_NAMES = ("optimizer", "learning_rate")

_WHICH_OPTIMIZER = Text(
    en="Run {number} does not say with which optimiser and learning rate it was trained. The "
    "lab's own runs do.",
    zh="第 {number} 次训练没有写明优化器和学习率。实验台自己的记录会写明。",
)


def judge_mystery_optimizer(answer: Any) -> Text:
    """Judge exercise 2-e: a run that draws the curve shown, by optimiser and learning rate."""
    trials = check_named(trials_of(answer), FOUND_NAMES, _WHICH_OPTIMIZER)
    found = run_that_draws(trials, MYSTERY_SETTINGS, MYSTERY, MYSTERY_TOLERANCE)
    name, rate = (found.match.trial.hyperparameters[wanted] for wanted in FOUND_NAMES)
    return found.praised(_praise_of(name, rate))


def _praise_of(name: str, rate: float) -> Text:
    if name in ("sgd", "momentum", "nesterov"):
        return Text(
            en=f"`{name}` with {rate:g} draws it. Did you see that another optimiser walks the "
            "same way? With momentum 0.9 the steps add up to ten times their length, so "
            "`momentum` with a tenth of the rate of `sgd` draws it too.",
            zh=f"`{name}` 配 {rate:g}，画出了这条曲线。你注意到另一个优化器也走同样的路吗？"
            "动量为 0.9 时，步子会累加到十倍长，所以 `momentum` 用 `sgd` 十分之一的学习率，"
            "画出的也是这条曲线。",
        )
    return Text(
        en=f"`{name}` with {rate:g} draws it too. The curve was made without a step size for each "
        "weight: try `sgd`, or `momentum` with a tenth of its rate.",
        zh=f"`{name}` 配 {rate:g}，也画出了这条曲线。原来的那次并没有给每个权重单独的步长："
        "试试 `sgd`，或者用它十分之一学习率的 `momentum`。",
    )


# ---------------------------------------------------------------- 2-f: refute an explanation

# The observation: batches of 2,048 reach 86 %, batches of 32 reach 96 %, one epoch each.
SMALL_BATCH = 32
# About as few updates as the large batches made (25), and about as many as the small ones (1,563).
FEWEST, FEW = 8, 50
MANY, MOST = 1_000, 10_000
EXPERIMENT_NAMES = ("batch_size", "epochs", "training_size")

_IDLE = Text(
    en="Batches of {batch:,} and {updates:,} updates: that has been seen already. Both "
    "explanations say the same of it, so nothing can be refuted.",
    zh="批大小 {batch:,}，更新 {updates:,} 次：这已经看到过了。两种解释对它的说法相同，"
    "什么也推翻不了。",
)
_BOTH_DIFFER = Text(
    en="Batches of {batch:,} and {updates:,} updates. Here both explanations predict nearly the "
    "same. Hold one cause fixed: a large batch (1,024 or more) with about as many updates as the "
    "small one made (1,563), or a small batch (64 or less) with about as few as the large one "
    "(25).",
    zh="批大小 {batch:,}，更新 {updates:,} 次。在这里，两种解释的预测几乎一样。请固定其中一个原因："
    "大批量（1,024 以上）而更新次数与小批量时相近（1,563 次），或者小批量（64 以下）"
    "而更新次数像大批量时那样少（25 次）。",
)
_IN_BETWEEN = Text(
    en="Batches of {batch:,} and {updates:,} updates. The two do predict different results here, "
    "but the one about updates something between 86 and 96 %, nobody knows what. Take a number of "
    "updates that has been seen: about 1,563 with large batches, about 25 with small ones.",
    zh="批大小 {batch:,}，更新 {updates:,} 次。两种解释的预测确实不同，但按更新次数的解释，"
    "结果只是在 86% 与 96% 之间，谁也不知道是多少。请取已经看到过结果的更新次数："
    "大批量约 1,563 次，小批量约 25 次。",
)
_NEITHER_LARGE_NOR_SMALL = Text(
    en="Batches of {batch:,} and {updates:,} updates. How well batches of this size should do, "
    "neither large nor small, the first explanation does not say. Hold one cause fixed: a large "
    "batch (1,024 or more) with about 1,563 updates, or a small batch (64 or less) with about 25.",
    zh="批大小 {batch:,}，更新 {updates:,} 次。这样的批不大也不小，结果该是多少，第一种解释没有说。"
    "请固定其中一个原因：大批量（1,024 以上）而更新约 1,563 次，"
    "或者小批量（64 以下）而更新约 25 次。",
)
_DATA_TOO = Text(
    en="With {size:,} digits, {epochs:,} epochs show the same ones again and again: a third "
    "explanation, overfitting, comes in. Keep all 50,000 for a large batch.",
    zh="只用 {size:,} 个样本，训练 {epochs:,} 轮就会把它们看上许多遍：这就引入了第三种解释，"
    "过拟合。批大时请用全部 50,000 个。",
)
_FEW_DIGITS_AGAIN = Text(
    en="{updates:,} updates, but {epochs:,} epochs show the same digits again and again "
    "({size:,} in all): a third explanation comes in, too few different digits. Make the few "
    "updates within one epoch.",
    zh="更新 {updates:,} 次，但训练 {epochs:,} 轮，看的总是同样的 {size:,} 个样本："
    "这就引入了第三种解释，不同的样本太少。请在一轮之内完成这几次更新。",
)

_TOO_MANY = Text(
    en="One epoch makes {per_epoch:,} updates, so {epochs:,} epochs make {updates:,}, and what so "
    "many do has not been seen. About 1,563 are wanted.",
    zh="一轮更新 {per_epoch:,} 次，{epochs:,} 轮就是 {updates:,} 次：更新这么多次会怎样，"
    "还没有看到过。应当在 1,563 次左右。",
)
_TOO_FEW = Text(
    en="Batches of {batch:,} from {size:,} digits: what so few updates ({updates}) do has not been "
    "seen. Take small batches with about 25, as many as the large ones made, or large batches "
    "with about 1,563.",
    zh="批大小 {batch:,}，样本 {size:,} 个：只更新 {updates} 次会怎样，还没有看到过。"
    "小批量请取 25 次左右（与大批量时相近），大批量请取 1,563 次左右。",
)
_NOT_FILLED = Text(
    en="Batches of {batch:,} cannot be filled from {size:,} digits.",
    zh="训练样本只有 {size:,} 个，凑不满 {batch:,} 个一批。",
)


def judge_experiment(answer: Any) -> Text:
    """Judge exercise 2-f: settings for which two explanations predict different results."""
    settings = named(answer, EXPERIMENT_NAMES)
    batch, epochs, size = (named_whole_number(name, settings[name]) for name in EXPERIMENT_NAMES)
    if size > N_TRAIN:
        raise Wrong(
            Text(
                en='"training_size" has {size:,}; there are {most:,} training digits.',
                zh='"training_size" 填的是 {size:,}；训练集只有 {most:,} 个样本。',
            ),
            size=size,
            most=N_TRAIN,
        )
    updates = math.ceil(size / batch) * epochs
    values = {"batch": batch, "updates": updates, "size": size, "epochs": epochs}
    if fault := _unfit(**values):
        raise Wrong(fault, per_epoch=updates // epochs, **values)
    if batch >= LARGE_BATCH // 2 and updates >= MANY:
        return Text(
            en=f"Large batches, and {updates:,} updates: if the batch size itself were to blame, "
            "this would end near 86 % again; if the updates are, near 96 %. (It reaches 97 to "
            "98 %: try it.)",
            zh=f"批仍然很大，却更新 {updates:,} 次：如果问题在批大小本身，结果仍会在 86% 左右；"
            "如果问题在更新次数，就会到 96% 左右。（试一试：它能达到 97% 到 98%。）",
        )
    if batch <= 2 * SMALL_BATCH and updates <= FEW:
        return Text(
            en=f"Small batches, and only {updates:,} updates: if the batch size were to blame, "
            "this would end near 96 %; if the updates are, it ends low. (It does: try it.) A third "
            f"explanation remains, though: only {size:,} different digits. With large batches, all "
            "digits and many epochs it does not arise.",
            zh=f"批很小，却只更新 {updates:,} 次：如果问题在批大小，结果会在 96% 左右；"
            "如果问题在更新次数，结果就会很低。（试一试：确实很低。）不过还剩第三种解释："
            f"不同的样本只有 {size:,} 个。换成大批量、全部样本、训练许多轮，就没有这个疑问。",
        )
    if (batch, updates) in ((LARGE_BATCH, 25), (SMALL_BATCH, 1563)):
        raise Wrong(_IDLE, **values)
    size_known = batch >= LARGE_BATCH // 2 or batch <= 2 * SMALL_BATCH
    updates_known = updates <= FEW or updates >= MANY
    if size_known and not updates_known:
        raise Wrong(_IN_BETWEEN, **values)
    if updates_known and not size_known:
        raise Wrong(_NEITHER_LARGE_NOR_SMALL, **values)
    raise Wrong(_BOTH_DIFFER, **values)


def _unfit(batch: int, updates: int, size: int, epochs: int) -> Text | None:
    """Return what spoils an experiment in which one of the two causes is held fixed."""
    if batch > size:
        return _NOT_FILLED
    if batch >= LARGE_BATCH // 2 and updates >= MANY:
        if size < N_TRAIN // 2:
            return _DATA_TOO
        return _TOO_MANY if updates > MOST else None
    if batch >= LARGE_BATCH // 2 and updates < FEWEST:
        return _TOO_FEW
    if batch <= 2 * SMALL_BATCH and updates <= FEW:
        if epochs > 1:
            return _FEW_DIGITS_AGAIN
        return _TOO_FEW if updates < FEWEST else None
    return None


JUDGES: dict[str, Judge] = {
    "2-a": judge_kinds,
    "2-b": judge_updates,
    "2-c": judge_large_batch,
    "2-d": judge_parameters,
    "2-e": judge_mystery_optimizer,
    "2-f": judge_experiment,
    "2-g": judge_large_sgd_batch,
}
