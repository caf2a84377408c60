"""Chapter 7.4: what a table supports, a score without flattery, a verdict, a fair comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from hpt_widgets.exercises.answers import FloatArray, near
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake
from hpt_widgets.exercises.exercise import Judge
from hpt_widgets.exercises.outcomes import as_outcome
from hpt_widgets.exercises.readings import Reading, flaw_words
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 7.4-a: what a table supports

SUPPORT = Reading(
    right={"A": "supported", "B": "open", "C": "contradicted", "D": "open"},
    choices=("supported", "contradicted", "open"),
    meanings={
        "supported": Text(en="supported", zh="得到表格支持"),
        "contradicted": Text(en="speak against", zh="被它反驳"),
        "open": Text(en="leave open", zh="凭它定不下来"),
    },
    also={
        "支持": "supported",
        "得到支持": "supported",
        "反驳": "contradicted",
        "被反驳": "contradicted",
        "未定": "open",
        "没有说": "open",
        "定不下来": "open",
    },
    wrong={
        ("A", "open"): Text(
            en='"A": look at the band of the standard parametrization. Which sign do all its '
            "values have?",
            zh='"A"：看标准参数化的区间。其中的值都是什么符号？',
        ),
        ("B", "supported"): Text(
            en='"B": the table has best rates, no accuracies. A rate that stays is comfortable, '
            "which does not make the network better.",
            zh='"B"：表里只有最好的学习率，没有准确率。学习率不变用起来方便，但并不等于网络更好。',
        ),
        ("B", "contradicted"): Text(
            en='"B": the table has best rates, no accuracies: it does not speak against it either.',
            zh='"B"：表里只有最好的学习率，没有准确率：也没有反驳它。',
        ),
        ("C", "open"): Text(
            en='"C": a fall by a factor of 2 is a move of −1. Is that within the band of μP?',
            zh='"C"：降到一半，就是移动 −1。它在 μP 的区间之内吗？',
        ),
        ("C", "supported"): Text(
            en='"C": a fall by a factor of 2 is a move of −1. μP moved by about +0.1.',
            zh='"C"：降到一半，就是移动 −1。而 μP 移动了约 +0.1。',
        ),
        ("D", "supported"): Text(
            en='"D": a band that holds 0 does not show that the move is 0: +0.3 lies in it too.',
            zh='"D"：区间含有 0，并不说明移动就是 0：+0.3 也在区间里。',
        ),
        ("D", "contradicted"): Text(
            en='"D": 0 lies within the band of μP, so nothing speaks against it.',
            zh='"D"：0 在 μP 的区间之内，所以并没有反驳它。',
        ),
    },
    otherwise=Text(
        en='"{name}": "{found}" is not it. What does the statement say of the move, and where does '
        "the band lie?",
        zh='"{name}"：不是 "{found}"。这句话说移动了多少？区间又在哪里？',
    ),
)


def judge_support(answer: Any) -> Text:
    """Judge exercise 7.4-a: which statements a table supports."""
    SUPPORT.check(answer)
    return Text(
        en="A table supports what its bands leave no room against, and nothing that it did not "
        "measure.",
        zh="整个区间都落在一句话那一侧，表格才支持它；没有测量的，什么也不能说。",
    )


# ---------------------------------------------------------------- 7.4-b: a score without flattery


def fair_score(scores: FloatArray, n_tuning: int) -> float:
    """Return the mean of the chosen row over the columns that did not choose it."""
    best = scores[:, :n_tuning].mean(axis=1).argmax()
    return float(scores[best, n_tuning:].mean())


def _draw_scores(rng: np.random.Generator) -> Case:
    """Return scores whose luck is larger than what the rates differ by."""
    n_rates, n_seeds = int(rng.integers(2, 7)), int(rng.integers(4, 11))
    scores = rng.normal(95, 0.5, (n_rates, 1)) + rng.normal(0, 1, (n_rates, n_seeds))
    return scores.round(2), int(rng.integers(2, n_seeds - 1))


FAIR = Judgement(
    fair_score,
    cases(
        (np.array([[96.0, 94.0, 95.0], [95.5, 97.0, 96.5]]), 1),
        (np.array([[90.0, 91.5, 92.0, 93.0]]), 2),
        (np.array([[10.0, 97.0, 97.2, 97.4], [95.0, 95.5, 95.8, 96.1]]), 2),
        draw=_draw_scores,
    ),
    mistakes=(
        Mistake(
            lambda scores, n_tuning: scores.mean(axis=1).max(),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: you "
                "choose the rate with all seeds, and report the same seeds. Their luck is in the "
                "choice already.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：你用全部种子选学习率，"
                "报告的又是同样的种子。选的时候，它们的运气已经算进去了。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[scores.mean(axis=1).argmax(), n_tuning:].mean(),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: "
                "choose with the first "
                "`n_tuning` seeds alone. The others may not have a say.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}："
                "只能用前 `n_tuning` 个种子来选，"
                "其余的不能参与。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[:, :n_tuning].mean(axis=1).max(),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: "
                "you report the seeds that chose "
                "the rate. Report the others.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}："
                "你报告的是用来选学习率的种子。"
                "应当报告其余的。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[scores[:, :n_tuning].mean(axis=1).argmax()].mean(),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: "
                "the rate is chosen well, but the "
                "mean holds the seeds that chose it too.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}："
                "学习率选对了，但求平均时把用来选的种子"
                "也算进去了。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[:, n_tuning:].mean(axis=1).max(),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: "
                "that is the best mean of the "
                "other seeds, so they have chosen for themselves.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：这是其余种子的最高平均值，"
                "等于让它们自己选了自己。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[
                scores[:, :n_tuning].max(axis=1).argmax(), n_tuning:
            ].mean(),
            Text(
                en="For `{call}` you get {found}, and it should be {expected}: "
                "you choose the rate with the "
                "luckiest single seed. Choose by the mean.",
                zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}："
                "你按最走运的单个种子选学习率。"
                "应当按平均值选。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[
                scores[:, :n_tuning].mean(axis=1).argmax(), n_tuning:
            ].max(),
            Text(
                en="For `{call}` you get {found}, "
                "the best of the other seeds; report their mean, {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，"
                "这是其余种子中最高的；应当报告它们的平均值 {expected}。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: scores[
                scores[:, :n_tuning].mean(axis=1).argmin(), n_tuning:
            ].mean(),
            Text(
                en="For `{call}` you get {found}, "
                "of the worst rate; accuracies are to be high: {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}，"
                "取的是最差的学习率；准确率越高越好：{expected}。",
            ),
        ),
        Mistake(
            lambda scores, n_tuning: float(scores[:, :n_tuning].mean(axis=1).argmax()),
            Text(
                en="{found} is the place of the chosen rate; return its mean over the other seeds, "
                "{expected}.",
                zh="{found} 是选中的学习率的位置；请返回它在其余种子上的平均值 {expected}。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}: choose a row by the mean of its "
        "first columns, and return the mean of its other columns.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：按前几列的平均值选一行，"
        "返回这一行其余各列的平均值。",
    ),
    same=near,
    digits=(1, 2, 3, 4),
)


def judge_fair_score(answer: Any) -> Text:
    """Judge exercise 7.4-b: a score whose seeds did not choose."""
    FAIR.check(answer)
    return Text(
        en="Seeds that chose are lucky by construction. The others are not.",
        zh="参与挑选的种子必然偏走运，其余的则不会。",
    )


# ---------------------------------------------------------------- 7.4-c: several conditions

Condition = tuple[float, float, float]


def verdict(conditions: Sequence[Condition]) -> str:
    """Return what becomes of a claim: each condition is a band and a threshold to lie above."""
    if all(low > threshold for low, _, threshold in conditions):
        return "reproduced"
    if any(high < threshold for _, high, threshold in conditions):
        return "refuted"
    return "undecided"


def _if_any_holds(conditions: Sequence[Condition]) -> str:
    if any(low > threshold for low, _, threshold in conditions):
        return "reproduced"
    return "refuted" if any(high < limit for _, high, limit in conditions) else "undecided"


def _refuted_by_all(conditions: Sequence[Condition]) -> str:
    if all(low > threshold for low, _, threshold in conditions):
        return "reproduced"
    return "refuted" if all(high < limit for _, high, limit in conditions) else "undecided"


def _by_middle(conditions: Sequence[Condition]) -> str:
    middles = [(low + high) / 2 > threshold for low, high, threshold in conditions]
    return "reproduced" if all(middles) else "refuted"


def _undecided_first(conditions: Sequence[Condition]) -> str:
    if any(low <= threshold <= high for low, high, threshold in conditions):
        return "undecided"
    return "reproduced" if all(low > limit for low, _, limit in conditions) else "refuted"


def _never_undecided(conditions: Sequence[Condition]) -> str:
    return "reproduced" if all(low > limit for low, _, limit in conditions) else "refuted"


def _above_zero(conditions: Sequence[Condition]) -> str:
    return verdict([(low, high, 0.0) for low, high, _ in conditions])


def _first_alone(conditions: Sequence[Condition]) -> str:
    return verdict(conditions[:1])


def _draw_conditions(rng: np.random.Generator) -> Case:
    """Return one to four bands with thresholds that none of them ends at."""
    found = []
    for _ in range(rng.integers(1, 5)):
        low = float(np.round(rng.uniform(-2, 2), 2))
        high = float(np.round(low + rng.uniform(0.2, 1.5), 2))
        threshold = low - 0.35 if rng.random() < 0.5 else low + rng.uniform(0.05, 2)
        found.append((low, high, round(float(np.round(threshold, 2)) + 0.005, 3)))
    return (found,)


def _as_outcome(value: Any) -> str:
    return as_outcome(
        value,
        Text(
            en='Return one of "reproduced", "refuted" and "undecided"; it was `{found}`.',
            zh='请返回 "reproduced"、"refuted" 或 "undecided"；得到的却是 `{found}`。',
        ),
    )


def _told(en: str, zh: str) -> Text:
    return Text(
        en="For `{call}` you say {found}, and it should be {expected}: " + en,
        zh="参数为 `{call}` 时，你返回 {found}，应为 {expected}：" + zh,
    )


SEVERAL = Judgement(
    verdict,
    cases(
        ([(0.5, 1.5, 0.0)],),
        ([(-0.5, 0.5, 0.0)],),
        ([(-1.5, -0.5, 0.0)],),
        ([(0.5, 1.5, 1.0)],),
        ([(0.5, 1.5, 0.0), (-0.2, 0.4, 0.0)],),
        ([(0.5, 1.5, 0.0), (-0.9, -0.4, 0.0)],),
        ([(-0.2, 0.4, 0.0), (-0.9, -0.4, 0.0)],),
        ([(2.0, 3.0, 1.0), (0.4, 0.6, 0.0)],),
        ([(-3.0, -1.0, -4.0)],),
        draw=_draw_conditions,
        n=40,
    ),
    mistakes=(
        Mistake(
            _if_any_holds,
            _told(
                "*every* condition has to hold; you are content with one.",
                "*每个*条件都要成立；你只要有一个成立就算数了。",
            ),
        ),
        Mistake(
            _refuted_by_all,
            _told(
                "one condition that fails is enough to refute the claim; you wait for all to fail.",
                "只要有一个条件不成立，论断就不成立；你却要等全部都不成立。",
            ),
        ),
        Mistake(
            _by_middle,
            _told(
                "you look at the middles of the bands. A band that holds the threshold decides "
                "nothing.",
                "你看的是区间的中点。区间含有界限，就什么也定不下来。",
            ),
        ),
        Mistake(
            _undecided_first,
            _told(
                "a condition that fails refutes the claim, even where another one is undecided.",
                "有一个条件不成立，论断就不成立，哪怕另一个条件还分不出来。",
            ),
        ),
        Mistake(
            _never_undecided,
            _told(
                "“not reproduced” is not yet “refuted”: the band may hold the threshold.",
                "“没有复现”还不等于“不成立”：界限可能就在区间里。",
            ),
        ),
        Mistake(
            _above_zero,
            _told(
                "each condition has a threshold of its own, the third number; it need not be 0.",
                "每个条件有自己的界限，也就是第三个数，不一定是 0。",
            ),
        ),
        Mistake(
            _first_alone,
            _told("you look at the first condition alone.", "你只看了第一个条件。"),
        ),
        Mistake(
            lambda conditions: {"reproduced": "refuted", "refuted": "reproduced"}.get(
                verdict(conditions), "undecided"
            ),
            _told(
                "the claim says that each quantity lies *above* its threshold.",
                "论断说的是每个量都在界限*以上*。",
            ),
        ),
    ),
    otherwise=_told(
        "all bands above their thresholds: reproduced; one of them below: refuted; else undecided.",
        "区间全在界限以上：reproduced；有一个在以下：refuted；其余：undecided。",
    ),
    read=_as_outcome,
    same=lambda found, expected: found == expected,
)


def judge_several(answer: Any) -> Text:
    """Judge exercise 7.4-c: a claim with several conditions."""
    SEVERAL.check(answer)
    return Text(
        en="A claim with several conditions is easier to refute than to reproduce. That is as it "
        "should be: it says more.",
        zh="条件越多，论断越容易被否定，越难复现。这是应该的：它说得更多。",
    )


# ---------------------------------------------------------------- 7.4-d: what is unfair

CAUSES: Final = ("rate", "tries", "length", "fair")

UNFAIR = Reading(
    right={"A": "rate", "B": "tries", "C": "length", "D": "fair"},
    choices=CAUSES,
    meanings={
        "rate": Text(en="only one side's learning rate chosen", zh="只为其中一方选了学习率"),
        "tries": Text(en="more tries", zh="让一方多试了几次"),
        "length": Text(en="trained for longer", zh="让一方训练得更久"),
        "fair": Text(en="fair", zh="公平的"),
    },
    also={**flaw_words(CAUSES), "多试了几次": "tries", "训练得更久": "length"},
    wrong={
        ("A", "fair"): Text(
            en='"A": for which of the two schedules was the rate of 0.02 chosen?',
            zh='"A"：0.02 这个学习率，是为哪一种调度选的？',
        ),
        ("A", "length"): Text(
            en='"A": both train for ten epochs. But for which of the two was the rate chosen?',
            zh='"A"：两者都训练十轮。可是学习率是为谁选的？',
        ),
        ("A", "tries"): Text(
            en='"A": six rates were tried for one side and none for the other, true; but it is '
            "not the number of tries. For which of the two was the rate chosen?",
            zh='"A"：一方试了六个，另一方一个也没试，这没错；但问题不在次数。学习率是为谁选的？',
        ),
        ("B", "fair"): Text(
            en='"B": the best of thirty is better than the best of three by luck alone.',
            zh='"B"：三十个里最好的，光凭运气就比三个里最好的好。',
        ),
        ("B", "rate"): Text(
            en='"B": each had its rates tried; how many?',
            zh='"B"：两者都试了学习率；各试了几个？',
        ),
        ("C", "fair"): Text(
            en='"C": how many epochs does each of the two get?',
            zh='"C"：两者各训练了几轮？',
        ),
        ("D", "tries"): Text(en='"D": both try eight rates.', zh='"D"：两者都试八个学习率。'),
        ("D", "length"): Text(en='"D": both train for three epochs.', zh='"D"：两者都训练三轮。'),
        ("D", "rate"): Text(
            en='"D": each has its own rate, chosen in the same way, with other seeds.',
            zh='"D"：两者各用自己的学习率，选法相同，用的是另外的种子。',
        ),
    },
    otherwise=Text(
        en='"{name}": "{found}" is not it. Go through what both sides got: rates, number of tries, '
        "length of the training.",
        zh='"{name}"：不是 "{found}"。逐项比一比双方得到了什么：学习率、尝试次数、训练长度。',
    ),
)


def judge_unfair(answer: Any) -> Text:
    """Judge exercise 7.4-d: what is unfair in a comparison."""
    UNFAIR.check(answer)
    return Text(
        en="Whoever proposes a method tunes it well, and the other one less. Look there first.",
        zh="提出一种方法的人，总会把它调得很好，对手就差一些。先从这里看起。",
    )


JUDGES: dict[str, Judge] = {
    "7.4-a": judge_support,
    "7.4-b": judge_fair_score,
    "7.4-c": judge_several,
    "7.4-d": judge_unfair,
}
