"""Chapter 3.2: what a grid costs, what it says of each hyperparameter, and its edges."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import (
    as_list,
    as_mapping,
    as_number,
    as_text,
    close,
    shorten,
    show,
)
from hpt_widgets.exercises.calls import LONGEST_ARGUMENT, Allowance, call
from hpt_widgets.exercises.cases import Case, cases
from hpt_widgets.exercises.diagnosis import Judgement, Mistake, show_rounded
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text, listed

ARTICLE_GRID: dict[str, list[float]] = {
    "learning_rate": [0.001, 0.01, 0.1],
    "batch_size": [32, 64, 128],
    "dropout_rate": [0.2, 0.5, 0.8],
}
_VALUES: dict[str, list[float]] = {
    "learning_rate": [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
    "batch_size": [16, 32, 64, 128, 256],
    "dropout_rate": [0.0, 0.2, 0.4, 0.5, 0.8],
    "epochs": [1, 2, 5, 10],
    "shift": [-2, -1, 0, 1],
}


def _draw_grid(
    rng: np.random.Generator, fewest_values: int = 1, fewest_names: int = 1, most_names: int = 4
) -> dict[str, list[float]]:
    """Return hyperparameters with some of their values, in any order."""
    names = rng.choice(list(_VALUES), rng.integers(fewest_names, most_names + 1), replace=False)
    return {
        str(name): rng.choice(
            _VALUES[name], rng.integers(fewest_values, len(_VALUES[name]) + 1), replace=False
        ).tolist()
        for name in names
    }


# ---------------------------------------------------------------- 3.2-a: the price of a grid


def n_combinations(grid: Mapping[str, list[Any]]) -> int:
    """Return how many combinations a grid has."""
    return math.prod(len(values) for values in grid.values())


def n_values(grid: Mapping[str, list[Any]]) -> int:
    """Return how many values a grid has, all hyperparameters together."""
    return sum(len(values) for values in grid.values())


_ADDED = Text(
    en="For `{call}` you get {found}: you added the numbers of values. Every value meets every "
    "value of the others, so multiply; it should be {expected}.",
    zh="参数为 `{call}` 时，你得到 {found}：你把个数相加了。每个值都要与其他超参数的每个值搭配，"
    "应当相乘：应为 {expected}。",
)

N_FITS = Judgement(
    lambda grid, cv: n_combinations(grid) * cv + 1,
    cases(
        (ARTICLE_GRID, 5),
        ({"learning_rate": [0.1]}, 2),
        ({"learning_rate": [0.1, 0.01]}, 3),
        ({**ARTICLE_GRID, "optimizer": ["sgd", "momentum", "rmsprop", "adam"]}, 3),
        draw=lambda rng: (_draw_grid(rng), int(rng.integers(2, 11))),
    ),
    mistakes=(
        Mistake(
            lambda grid, cv: n_combinations(grid) * cv,
            Text(
                en="For `{call}` you get {found}. One is missing: at the end, `GridSearchCV` "
                "trains the winner once more on all samples (`refit=True`).",
                zh="参数为 `{call}` 时，你得到 {found}。少了一次：最后，`GridSearchCV` 还会用"
                "全部样本把最优组合再训练一遍（`refit=True`）。",
            ),
        ),
        Mistake(
            lambda grid, cv: n_combinations(grid),
            Text(
                en="For `{call}` you get {found}: these are the combinations. Each is trained "
                "once for every fold, and the winner once more.",
                zh="参数为 `{call}` 时，你得到 {found}：这是组合数。每个组合在每一折上都要训练"
                "一次，最优的还要再训练一次。",
            ),
        ),
        Mistake(
            lambda grid, cv: n_combinations(grid) + 1,
            Text(
                en="For `{call}` you get {found}: the combinations and the last training. Each "
                "combination is trained once for every fold.",
                zh="参数为 `{call}` 时，你得到 {found}：这是组合数加最后一次训练。"
                "每个组合在每一折上都要训练一次。",
            ),
        ),
        Mistake(
            lambda grid, cv: (n_combinations(grid) + 1) * cv,
            Text(
                en="For `{call}` you get {found}: you multiplied the last training too. It happens "
                "once, on all samples, not once in each fold.",
                zh="参数为 `{call}` 时，你得到 {found}：最后那次训练也被乘了。它用全部样本，"
                "只做一次，而不是每折各做一次。",
            ),
        ),
        Mistake(
            lambda grid, cv: n_combinations(grid) * (cv + 1),
            Text(
                en="For `{call}` you get {found}: one more training for every combination. Only "
                "the winner is trained once more.",
                zh="参数为 `{call}` 时，你得到 {found}：给每个组合都多算了一次。"
                "只有最优的组合才再训练一次。",
            ),
        ),
        Mistake(lambda grid, cv: n_values(grid), _ADDED),
        Mistake(lambda grid, cv: n_values(grid) * cv, _ADDED),
        Mistake(lambda grid, cv: n_values(grid) * cv + 1, _ADDED),
        Mistake(
            lambda grid, cv: len(grid) * cv + 1,
            Text(
                en="For `{call}` you get {found}: `len(param_grid)` is the number of "
                "hyperparameters. What counts are the combinations of their values.",
                zh="参数为 `{call}` 时，你得到 {found}：`len(param_grid)` 是超参数的个数。"
                "要数的是它们的值的组合。",
            ),
        ),
        Mistake(
            lambda grid, cv: 3 ** len(grid) * cv + 1,
            Text(
                en="For `{call}` you get {found}: as if each hyperparameter had three values. "
                "Take the length of each list.",
                zh="参数为 `{call}` 时，你得到 {found}：好像每个超参数都有三个值。"
                "请取各个列表的长度。",
            ),
        ),
        Mistake(
            lambda grid, cv: n_combinations(grid) * 5 + 1,
            Text(
                en="For `{call}` you get {found}: as if there were always five folds. Use `cv`.",
                zh="参数为 `{call}` 时，你得到 {found}：好像总是五折。请用 `cv`。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}: multiply the numbers of values, "
        "multiply by the folds, and add the last training.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}：先把各个值的个数相乘，"
        "再乘以折数，最后加上末尾的那次训练。",
    ),
)


def judge_fits(answer: Any) -> Text:
    """Judge exercise 3.2-a: how many trainings a grid search makes."""
    N_FITS.check(answer)
    return Text(
        en="The sizes multiply. A fourth hyperparameter with four values makes 136 trainings 541.",
        zh="个数是相乘的。再加一个取四个值的超参数，136 次训练就变成 541 次。",
    )


# ---------------------------------------------------------------- 3.2-b: one hyperparameter

N_FOLDS = 3
LARGEST_GRID = 24


class Results(dict[str, Any]):
    """A search's table, of which messages show the columns that the exercises ask for."""

    def __repr__(self) -> str:
        columns = {name: self.get(name) for name in ("params", "mean_test_score")}
        return repr({k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in columns.items()})


def results_of(points: list[dict[str, float]], folds: Any) -> dict[str, Any]:
    """Return what scikit-learn leaves in ``cv_results_`` for these points.

    Parameters
    ----------
    points : list of dict
        The combinations, in the order in which they were tried.
    folds : array of shape (n_points, n_folds)
        The score of each point on each fold.

    Returns
    -------
    dict of str to array or list
        With all of scikit-learn's columns.
    """
    means = folds.mean(axis=1)
    n_points = len(points)
    columns = {
        "mean_fit_time": np.full(n_points, 0.1),
        "std_fit_time": np.zeros(n_points),
        "mean_score_time": np.full(n_points, 0.01),
        "std_score_time": np.zeros(n_points),
        **{f"param_{k}": np.ma.MaskedArray([p[k] for p in points], False) for k in points[0]},
        "params": points,
        **{f"split{k}_test_score": folds[:, k] for k in range(folds.shape[1])},
        "mean_test_score": means,
        "std_test_score": folds.std(axis=1),
        "rank_test_score": (1 + (means > means[:, np.newaxis]).sum(axis=1)).astype(np.int32),
    }
    return Results(columns)


def _draw_results(rng: np.random.Generator, fewest_names: int = 1) -> Case:
    grid = _draw_grid(rng, fewest_names=fewest_names, most_names=3)
    names = list(grid)
    combinations = np.array(np.meshgrid(*grid.values())).reshape(len(names), -1).T
    points = [dict(zip(names, row.tolist(), strict=True)) for row in combinations[:LARGEST_GRID]]
    order = rng.permutation(len(points))
    folds = rng.integers(10, 99, (len(points), N_FOLDS)) / 100
    return results_of([points[k] for k in order], folds), str(rng.choice(names))


def _scores_by_value(results: Any, name: str) -> dict[float, list[float]]:
    groups: dict[float, list[float]] = {}
    for params, score in zip(results["params"], results["mean_test_score"], strict=True):
        groups.setdefault(params[name], []).append(float(score))
    return groups


def _each(summary: Callable[[list[float]], float]) -> Callable[..., dict[float, float]]:
    """Return the function that takes this summary of the scores of each value."""
    return lambda results, name: {
        value: float(summary(scores)) for value, scores in _scores_by_value(results, name).items()
    }


def _best_fold(results: Any, name: str) -> dict[float, float]:
    folds = np.max([results[f"split{k}_test_score"] for k in range(N_FOLDS)], axis=0)
    return _each(max)({**results, "mean_test_score": folds}, name)


def _as_scores(value: Any) -> dict[Any, float]:
    return {key: as_number(score) for key, score in as_mapping(value).items()}


def _same_scores(found: dict[Any, float], expected: dict[Any, float]) -> bool:
    return set(found) == set(expected) and all(close(found[k], expected[k]) for k in expected)


_WHERE = Text(en=" (The scores of {name}: {scores}.)", zh="（{name} 的得分：{scores}。）")


def _with_scores(en: str, zh: str) -> Text:
    return Text(en=en + _WHERE.en, zh=zh + _WHERE.zh)


BEST_PER_VALUE = Judgement(
    _each(max),
    cases(
        (results_of([{"learning_rate": 0.1}], np.array([[0.5, 0.6, 0.7]])), "learning_rate"),
        (
            results_of(
                [{"learning_rate": r, "epochs": n} for r in (0.1, 0.01) for n in (5, 1)],
                np.array([[0.8, 0.8, 0.8], [0.8, 0.8, 0.8], [0.3, 0.4, 0.5], [0.6, 0.5, 0.4]]),
            ),
            "epochs",
        ),
        # Minus a loss is a score too.
        (
            results_of(
                [{"epochs": n, "learning_rate": r} for n in (1, 5) for r in (0.1, 0.01)],
                -np.array([[0.6, 0.5, 0.4], [0.9, 0.8, 0.7], [0.3, 0.2, 0.1], [0.6, 0.7, 0.8]]),
            ),
            "epochs",
        ),
        draw=_draw_results,
    ),
    mistakes=(
        Mistake(
            _each(lambda scores: max(0.0, *scores)),
            _with_scores(
                "You return {found}. With accuracies it works, but a score may be minus a loss: "
                "begin with the first score of a value, not with 0.",
                "你返回 {found}。得分是准确率时没有问题，但得分也可能是损失的负值："
                "应当从这个值的第一个得分开始比较，而不是从 0 开始。",
            ),
        ),
        Mistake(
            _each(np.mean),
            _with_scores(
                "You return {found}: the means over the combinations. A mean punishes a good "
                "value for the bad company it was tried in; take the best.",
                "你返回 {found}：这是各组合的平均值。好的取值会被与它搭配的坏取值拖累；"
                "请取最好的。",
            ),
        ),
        Mistake(
            _each(np.median),
            _with_scores(
                "You return {found}: the medians over the combinations. Take the best.",
                "你返回 {found}：这是各组合的中位数。请取最好的。",
            ),
        ),
        Mistake(
            _each(min),
            _with_scores(
                "You return {found}: the worst scores. Accuracies are better when they are higher.",
                "你返回 {found}：这是最差的得分。准确率越高越好。",
            ),
        ),
        Mistake(
            _each(sum),
            _with_scores(
                "You return {found}: the sums of the scores. Take the best.",
                "你返回 {found}：这是得分之和。请取最好的。",
            ),
        ),
        Mistake(
            _each(lambda scores: scores[-1]),
            _with_scores(
                "You return {found}: the score of the last combination with each value. Each one "
                "overwrites the one before; keep the larger.",
                "你返回 {found}：这是含有各个值的最后一个组合的得分。后面的把前面的覆盖了；"
                "请保留较大的。",
            ),
        ),
        Mistake(
            _each(lambda scores: scores[0]),
            _with_scores(
                "You return {found}: the score of the first combination with each value. A later "
                "one may be better; keep the larger.",
                "你返回 {found}：这是含有各个值的第一个组合的得分。后面的可能更好；请保留较大的。",
            ),
        ),
        Mistake(
            _best_fold,
            _with_scores(
                "You return {found}: the best score on a single fold. Take the means over the "
                "folds, `mean_test_score`.",
                "你返回 {found}：这是单独一折上的最好得分。请用各折的平均 `mean_test_score`。",
            ),
        ),
        Mistake(
            lambda results, name: {
                str(value): score for value, score in _each(max)(results, name).items()
            },
            _with_scores(
                "The scores are right, but the keys of {found} are texts. Leave the values as "
                "they are.",
                "得分是对的，但 {found} 的键成了文本。请保留原来的值。",
            ),
        ),
        Mistake(
            lambda results, name: {
                score: value for value, score in _each(max)(results, name).items()
            },
            _with_scores(
                "You return {found}, from scores to values: turn it round.",
                "你返回 {found}，是从得分到取值：请反过来。",
            ),
        ),
        Mistake(
            lambda results, name: dict.fromkeys(
                _scores_by_value(results, name), float(max(results["mean_test_score"]))
            ),
            _with_scores(
                "You return {found}: the best score of all, for every value. Take only the "
                "combinations with this value.",
                "你返回 {found}：给每个值的都是全体的最好得分。请只看含有这个值的组合。",
            ),
        ),
    ),
    otherwise=_with_scores(
        "You return {found}; it should be {expected}.", "你返回 {found}，应为 {expected}。"
    ),
    read=_as_scores,
    same=_same_scores,
    details=lambda results, name: {
        "name": name,
        "scores": listed(
            (
                f"{value:g}: {listed(f'{score:.4g}' for score in scores)}"
                for value, scores in _scores_by_value(results, name).items()
            ),
            ";",
        ),
    },
)


def judge_best_per_value(answer: Any) -> Text:
    """Judge exercise 3.2-b: the best score that each value of a hyperparameter takes part in."""
    BEST_PER_VALUE.check(answer)
    return Text(
        en="The larger the gap between a hyperparameter's best and worst value, the more it "
        "matters.",
        zh="一个超参数最好与最差的值相差越大，它就越重要。",
    )


# ---------------------------------------------------------------- 3.2-e: one alone is moved


def _draw_whole_results(rng: np.random.Generator) -> Case:
    """Return the results of a whole grid: each setting of the others has all values of the one.

    There are others: a grid of one hyperparameter has nothing to hold still.
    """
    while True:
        results, name = _draw_results(rng, fewest_names=2)
        grid = {key: {p[key] for p in results["params"]} for key in results["params"][0]}
        if len(results["params"]) == math.prod(map(len, grid.values())):
            return results, name


def _scores_by_others(results: Any, name: str) -> dict[tuple[float, ...], list[float]]:
    """Return the scores of each setting of the other hyperparameters."""
    groups: dict[tuple[float, ...], list[float]] = {}
    for params, score in zip(results["params"], results["mean_test_score"], strict=True):
        others = tuple(value for key, value in params.items() if key != name)
        groups.setdefault(others, []).append(float(score))
    return groups


Summary = Callable[[Sequence[float]], float]


def _spreads(spread: Summary, summary: Summary) -> Callable[..., float]:
    """Return the function that spreads the scores of each setting of the others, and sums up."""
    return lambda results, name: float(
        summary([spread(scores) for scores in _scores_by_others(results, name).values()])
    )


def _of_values(summary: Summary) -> Callable[..., float]:
    """Return how far such a summary of each value's scores moves."""
    return lambda results, name: float(
        np.ptp([summary(scores) for scores in _scores_by_value(results, name).values()])
    )


def _deviation(ddof: int) -> Summary:
    return lambda scores: float(np.std(scores, ddof=ddof)) if len(scores) > ddof else 0.0


def _ends(scores: Sequence[float]) -> float:
    return scores[-1] - scores[0]


_GROUPS = Text(
    en=" (The scores with the same others: {groups}. Their spreads: {spreads}.)",
    zh="（其他超参数相同的各组得分：{groups}。各组的差距：{spreads}。）",
)


def _with_groups(en: str, zh: str) -> Text:
    return Text(en=en + _GROUPS.en, zh=zh + _GROUPS.zh)


def _groups_shown(results: Any, name: str) -> dict[str, str]:
    """Return the scores of each setting of the others, and their spreads."""
    groups = list(_scores_by_others(results, name).values())
    return {
        "name": name,
        "groups": listed((listed(f"{score:.4g}" for score in scores) for scores in groups), ";"),
        "spreads": listed(f"{np.ptp(scores):.4g}" for scores in groups),
    }


ALONE = Judgement(
    _spreads(np.ptp, np.mean),
    cases(
        # Where the others decide which value is good, the best of each value tells nothing.
        (
            results_of(
                [{"learning_rate": r, "batch_size": b} for r in (0.1, 0.01) for b in (32, 256)],
                np.array([[0.5, 0.4, 0.6], [0.9, 0.9, 0.9], [0.9, 0.9, 0.9], [0.6, 0.7, 0.8]]),
            ),
            "learning_rate",
        ),
        # Minus a loss is a score too.
        (
            results_of(
                [{"epochs": n, "learning_rate": r} for n in (1, 5) for r in (0.1, 0.01, 1.0)],
                -np.array([[0.6, 0.5, 0.4], [0.9, 0.8, 0.7], [0.3, 0.2, 0.1]] * 2)
                * np.array([[1], [1], [1], [2], [1], [3]]),
            ),
            "epochs",
        ),
        # So is a larger loss, and an accuracy in per cent.
        *(
            (
                results_of(
                    [{"epochs": n, "batch_size": b} for n in (1, 5) for b in (32, 64)],
                    np.repeat(np.array([scores]).T, N_FOLDS, axis=1),
                ),
                "epochs",
            )
            for scores in ([-2.3, -1.9, -1.4, -1.7], [71, 64, 83, 78])
        ),
        # The others may have the same values, each for itself.
        (
            results_of(
                [
                    {"epochs": n, "layers": k, "learning_rate": r}
                    for n in (1, 2)
                    for k in (1, 2)
                    for r in (0.1, 0.01)
                ],
                np.repeat(np.array([[0.1, 0.2, 0.9, 0.5, 0.3, 0.3, 0.7, 0.1]]).T, N_FOLDS, axis=1),
            ),
            "learning_rate",
        ),
        draw=_draw_whole_results,
    ),
    mistakes=(
        Mistake(
            _of_values(max),
            _with_groups(
                "You return {found}: how far the *best* score of each {name} moves, as the "
                "chapter's table has it. There the others change along. Compare within the same "
                "others; it should be {expected}.",
                "你返回 {found}：这是 {name} 的各个值的最好得分相差多少，和本节的表一样，"
                "可是其他的也跟着变了。应当只在其他超参数相同的组合之间比较；应为 {expected}。",
            ),
        ),
        Mistake(
            _of_values(np.mean),
            _with_groups(
                "You return {found}: how far the *mean* score of each {name} moves. Means hide "
                "where it goes up with some of the others and down with the rest; it should be "
                "{expected}.",
                "你返回 {found}：这是 {name} 的各个值的平均得分相差多少。与某些组合搭配时上升、"
                "与另一些搭配时下降，平均就抵消了；应为 {expected}。",
            ),
        ),
        Mistake(
            lambda results, name: np.mean(
                [np.ptp(scores) for scores in _scores_by_value(results, name).values()]
            ),
            _with_groups(
                "You return {found}: the spreads among the combinations with the same {name}. "
                "Turn it round: the others stay the same, and {name} changes.",
                "你返回 {found}：这是 {name} 相同的组合之间的差距。请反过来：其他的不变，"
                "只变 {name}。",
            ),
        ),
        Mistake(
            lambda results, name: np.ptp(results["mean_test_score"]),
            _with_groups(
                "You return {found}: the spread among all combinations. Compare only those that "
                "differ in {name} alone.",
                "你返回 {found}：这是全部组合之间的差距。请只比较仅有 {name} 不同的。",
            ),
        ),
        Mistake(
            _spreads(np.ptp, max),
            _with_groups(
                "You return {found}: the largest of the spreads. Return their mean.",
                "你返回 {found}：这是最大的差距。请返回各个差距的平均值。",
            ),
        ),
        Mistake(
            _spreads(np.ptp, sum),
            _with_groups(
                "You return {found}: the sum of the spreads, which grows with the grid. Return "
                "their mean.",
                "你返回 {found}：这是各个差距之和，网格越大它就越大。请返回平均值。",
            ),
        ),
        Mistake(
            lambda results, name: (
                sum(np.ptp(scores) for scores in _scores_by_others(results, name).values())
                / len(results["params"])
            ),
            _with_groups(
                "You return {found}: divided by the number of all combinations. There are fewer "
                "settings of the others.",
                "你返回 {found}：除以了全部组合的个数。其他超参数的搭配没有那么多。",
            ),
        ),
        *(
            Mistake(
                _spreads(spread, np.mean),
                _with_groups(
                    "You return {found}: the mean of standard deviations. The spread here is the "
                    "highest minus the lowest.",
                    "你返回 {found}：这是标准差的平均值。这里的差距是最高减最低。",
                ),
            )
            for spread in (_deviation(0), _deviation(1))
        ),
        *(
            Mistake(
                _spreads(spread, np.mean),
                _with_groups(
                    "You return {found}: the last score of each group against the first. Which is "
                    "the highest, which the lowest?",
                    "你返回 {found}：这是每组最后一个与第一个得分之差。最高的是哪个，"
                    "最低的是哪个？",
                ),
            )
            for spread in (_ends, lambda scores: abs(_ends(scores)))
        ),
    ),
    otherwise=_with_groups(
        "For {name} you return {found}; it should be {expected}.",
        "对 {name}，你返回 {found}，应为 {expected}。",
    ),
    digits=(1, 2, 3, 4),
    details=_groups_shown,
    changed=Text(
        en="The number is right, but your function changes `results`, the search's own table: "
        "{before} has become {after}. Asked for the next hyperparameter, it is given the changed "
        "table. Change a copy (`dict(params)`, `dict(results)`), or build what you need anew.",
        zh="数值是对的，但你的函数改动了 `results`，也就是搜索自己的结果表："
        "{before} 变成了 {after}。再问下一个超参数时，拿到的就是改动过的表。"
        "请改动副本（`dict(params)`、`dict(results)`），或者另建所需的对象。",
    ),
)


def judge_alone(answer: Any) -> Text:
    """Judge exercise 3.2-e: how far a hyperparameter moves the score while the others stay."""
    ALONE.check(answer)
    return Text(
        en="Within the same others nothing else can have moved the score. Where this number is "
        "small, the hyperparameter may be left out of the next grid.",
        zh="其他的都不变，得分的变化就只能来自它。这个数小的超参数，下一个网格里可以不要。",
    )


# ---------------------------------------------------------------- 3.2-c: at the edge

Best = Mapping[str, float]
Grid = Mapping[str, list[float]]


def at_the_edge(best: Best, grid: Grid) -> set[str]:
    """Return the hyperparameters whose best value is the smallest or the largest."""
    return {name for name in best if best[name] in (min(grid[name]), max(grid[name]))}


def _draw_best(rng: np.random.Generator) -> Case:
    # A list of one value has no inside, and whether that is an edge is a matter of taste.
    grid = _draw_grid(rng, fewest_values=2)
    return {name: values[rng.integers(len(values))] for name, values in grid.items()}, grid


def _as_names(value: Any) -> set[str]:
    names = [as_text(name) for name in as_list(value)]
    if None in names:
        raise Wrong(
            Text(
                en="Expected a list of names, got `{found}`.",
                zh="这里应是名称的列表，得到的却是 `{found}`。",
            ),
            found=show(value),
        )
    name, n = Counter(names).most_common(1)[0] if names else (None, 0)
    if n > 1:
        raise Wrong(
            Text(
                en="`{name}` stands in your list {n} times: name each hyperparameter once.",
                zh="`{name}` 在你的列表里出现了 {n} 次：每个超参数只列一次。",
            ),
            name=name,
            n=n,
        )
    return {name for name in names if name is not None}


EDGES = Judgement(
    at_the_edge,
    cases(
        ({"learning_rate": 0.01, "batch_size": 64, "dropout_rate": 0.2}, ARTICLE_GRID),
        ({"learning_rate": 0.1, "batch_size": 32, "dropout_rate": 0.5}, ARTICLE_GRID),
        ({"learning_rate": 0.01, "batch_size": 64, "dropout_rate": 0.5}, ARTICLE_GRID),
        ({"learning_rate": 0.01}, {"learning_rate": [0.1, 0.001, 0.01]}),
        ({"shift": -2}, {"shift": [-2, -1, 0]}),
        draw=_draw_best,
    ),
    mistakes=(
        Mistake(
            lambda best, grid: {n for n in best if best[n] in (grid[n][0], grid[n][-1])},
            Text(
                en="For `{call}` you get {found}. The first and the last of a list are its "
                "ends only if it is sorted: use `min` and `max`.",
                zh="参数为 `{call}` 时，你得到 {found}。只有排好序的列表，第一个和最后一个才是"
                "两端：请用 `min` 和 `max`。",
            ),
        ),
        Mistake(
            lambda best, grid: {n for n in best if best[n] == min(grid[n])},
            Text(
                en="For `{call}` you get {found}. The largest value is an edge too.",
                zh="参数为 `{call}` 时，你得到 {found}。最大的值也是边界。",
            ),
        ),
        Mistake(
            lambda best, grid: {n for n in best if best[n] == max(grid[n])},
            Text(
                en="For `{call}` you get {found}. The smallest value is an edge too.",
                zh="参数为 `{call}` 时，你得到 {found}。最小的值也是边界。",
            ),
        ),
        Mistake(
            lambda best, grid: set(best) - at_the_edge(best, grid),
            Text(
                en="For `{call}` you get {found}: these are the ones *not* at an edge.",
                zh="参数为 `{call}` 时，你得到 {found}：这些恰恰不在边界上。",
            ),
        ),
        Mistake(
            lambda best, grid: set(best),
            Text(
                en="For `{call}` you get {found}: all of them. It should be {expected}.",
                zh="参数为 `{call}` 时，你得到 {found}：这是全部。应为 {expected}。",
            ),
        ),
        Mistake(
            lambda best, grid: set(),
            Text(
                en="For `{call}` you get an empty list, as for all that was tried; it should be "
                "{expected}.",
                zh="参数为 `{call}` 时，你得到空列表，试过的情形都是如此；应为 {expected}。",
            ),
        ),
    ),
    otherwise=Text(
        en="For `{call}` you get {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你得到 {found}，应为 {expected}。",
    ),
    read=_as_names,
    same=set.__eq__,
)


def judge_edges(answer: Any) -> Text:
    """Judge exercise 3.2-c: which hyperparameters are best at an end of their values."""
    EDGES.check(answer)
    return Text(
        en="A winner at an edge says: the best may lie outside. Move the grid and search again.",
        zh="最优值落在边界上，说明更好的可能在外面：移动网格，再搜索一次。",
    )


# ---------------------------------------------------------------- 3.2-d: repair a grid search

NumberGrid = dict[str, list[float]]


_NOT_OF_THE_GRID = Text(
    en="{settings} is no setting of this grid",
    zh="{settings} 不是这个网格里的设置",
)


class _Scores:
    """A score of every setting, the same each time.

    They spread over 1, or over a tenth of a larger shift, so that 32 bits tell them apart.
    """

    __name__ = "score"  # as messages call it

    def __init__(self, grid: NumberGrid, seed: int, shift: float) -> None:
        self.names = list(grid)
        self.settings = [
            dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())
        ]
        drawn = np.random.default_rng(seed).permutation(len(self.settings)) / len(self.settings)
        spread = max(1.0, abs(shift) / 10)
        self.scores = {
            self._key(s): float(spread * v + shift)
            for s, v in zip(self.settings, drawn, strict=True)
        }

    def _key(self, settings: dict[str, float]) -> tuple[float, ...]:
        return tuple(float(settings[name]) for name in self.names)

    def __call__(self, **settings: float) -> float:
        """Return the score; what is no setting of the grid has none, and the error says so."""
        try:
            return self.scores[self._key(settings)]
        except (KeyError, TypeError, ValueError):
            raise ValueError(_NOT_OF_THE_GRID.format(settings=show(settings))) from None

    def __str__(self) -> str:
        return shorten(listed(map(show_rounded, self.scores.values())), LONGEST_ARGUMENT)

    @property
    def best(self) -> dict[str, float]:
        """The setting with the highest score."""
        return max(self.settings, key=lambda settings: self.scores[self._key(settings)])


def _draw_search(rng: np.random.Generator) -> Case:
    sizes = rng.integers(1, 4, size=int(rng.integers(1, 4)))
    names = ("learning_rate", "batch_size", "dropout_rate")
    grid = {
        name: sorted(float(v) for v in rng.choice(99, int(n), replace=False) + 1)
        for name, n in zip(names, sizes, strict=False)
    }
    return grid, int(rng.integers(1_000)), float(rng.choice([0.0, -5.0, 2.0]))


def _searched(function: Callable[..., Any], case: Case, allowance: Allowance) -> Any:
    grid, seed, shift = case
    scores = _Scores(grid, seed, shift)
    found = call(lambda *given: _Found(function(*given)), grid, scores, allowance=allowance)
    if found.best is None:
        raise Wrong(
            Text(
                en="With `{grid}` you return None: perhaps no `return` is reached, or what it "
                "returns was never set, or no score was higher than the one that `best_score` "
                "starts with. (The scores here: {scores}.)",
                zh="对 `{grid}` 你返回 None：可能没有执行到 `return`，可能返回的变量从未赋值，"
                "也可能没有一个分数高于 `best_score` 的起点。（这里的分数：{scores}。）",
            ),
            grid=show(grid),
            scores=scores,
        )
    return as_mapping(found.best)


@dataclass(frozen=True)
class _Found:
    """What a reader's search returned; None too is an answer here."""

    best: Any


def _search_by(combine: Callable[..., Any], start: float | None, keeps_score: bool) -> Any:
    """Return what a search finds that combines, begins and compares in this way."""

    def search(grid: NumberGrid, seed: int, shift: float) -> Any:
        scores = _Scores(grid, seed, shift)
        best: dict[str, float] | None = None
        best_score = start
        for values in combine(*grid.values()):
            settings = dict(zip(grid, values, strict=True))
            score = scores(**settings)
            if best_score is None or score > best_score:
                best = settings
                if keeps_score:
                    best_score = score
                elif best_score is None:
                    best_score = 0.0
        return best

    return search


def _as_settings(returned: Any) -> Any:
    """Read what a search returned: a dict of numbers."""
    found = as_mapping(returned)
    return {str(key): as_number(value) for key, value in sorted(found.items())}


GRID_REPAIR = Judgement(
    lambda grid, seed, shift: dict(sorted(_Scores(grid, seed, shift).best.items())),
    cases(
        ({"learning_rate": [0.1, 0.2]}, 1, 0.0),
        ({"learning_rate": [0.1, 0.2]}, 2, 0.0),
        ({"learning_rate": [0.1, 0.2], "batch_size": [8.0, 16.0, 32.0]}, 3, -5.0),
        # The best score is 0, which counts as False; and no number is low enough to begin with.
        ({"learning_rate": [0.1, 0.2]}, 3, -0.5),
        ({"learning_rate": [0.2, 0.1], "batch_size": [8.0, 16.0]}, 3, -1e12),
        draw=_draw_search,
    ),
    mistakes=(
        Mistake(
            _search_by(itertools.product, 0.0, keeps_score=False),
            Text(
                en="All combinations are tried now. But with `{grid}` you return {found}, and "
                "{expected} scores higher: what is `best_score` compared with, all the time?",
                zh="现在每种组合都试到了。可是对 `{grid}` 你返回 {found}，而 {expected} "
                "的分数更高："
                "从头到尾，`best_score` 一直是多少？",
            ),
        ),
        Mistake(
            _search_by(itertools.product, -math.inf, keeps_score=False),
            Text(
                en="With `{grid}` you return {found}, the last combination of all, though "
                "{expected} scores higher: does `best_score` ever change? If so, is `best` the "
                "very dict that you go on filling, or do you return another name?",
                zh="对 `{grid}` 你返回 {found}，也就是最后一种组合，而 {expected} 的分数更高："
                "`best_score` 变过吗？如果变过：`best` 是不是后来还在改写的那个字典？"
                "返回的又是不是 `best`？",
            ),
        ),
        Mistake(
            _search_by(zip, 0.0, keeps_score=True),
            Text(
                en="The best score is kept now. But with `{grid}` the setting {expected} is never "
                "tried: which combinations does `zip` make?",
                zh="现在会记住最好的分数了。可是对 `{grid}`，{expected} 从来没有试过："
                "`zip` 配出的是哪些组合？",
            ),
        ),
        Mistake(
            _search_by(zip, None, keeps_score=True),
            Text(
                en="With `{grid}` the setting {expected} is never tried: which combinations does "
                "`zip` make?",
                zh="对 `{grid}`，{expected} 从来没有试过：`zip` 配出的是哪些组合？",
            ),
        ),
        Mistake(
            _search_by(itertools.product, 0.0, keeps_score=True),
            Text(
                en="With positive scores it works. But a score may be minus a loss: with scores "
                "below 0 you return {found} instead of {expected}. Where should `best_score` "
                "start?",
                zh="分数为正时没有问题。但分数也可能是损失的负值：分数都小于 0 时，你返回 {found}，"
                "而不是 {expected}。`best_score` 应当从多少开始？",
            ),
        ),
        Mistake(
            _search_by(itertools.product, -1.0, keeps_score=True),
            Text(
                en="With scores above −1 it works. But a score may be minus a loss, and a loss "
                "any number: below that you return {found} instead of {expected}. Is there a "
                "start that every score beats?",
                zh="分数大于 −1 时没有问题。但分数可能是损失的负值，而损失可以是任何数："
                "低于 −1 时，你返回 {found}，而不是 {expected}。有没有一个任何分数都能超过的起点？",
            ),
        ),
    ),
    otherwise=Text(
        en="With `{grid}` you return {found}; the highest score has {expected}. (The scores here: "
        "{scores}.)",
        zh="对 `{grid}` 你返回 {found}；分数最高的是 {expected}。（这里的分数：{scores}。）",
    ),
    read=_as_settings,
    same=lambda found, expected: found == expected,
    untouched=_search_by(zip, 0.0, keeps_score=False),
    details=lambda grid, seed, shift: {"grid": show(grid), "scores": _Scores(grid, seed, shift)},
    run=_searched,
    arguments=lambda grid, seed, shift: (grid, _Scores(grid, seed, shift)),
)


def judge_grid_repair(answer: Any) -> Text:
    """Judge exercise 3.2-d: a grid search that tries all combinations and keeps the best."""
    GRID_REPAIR.check(answer)
    return Text(
        en="Three faults, and none of them an error message: `zip` instead of a product, a best "
        "score that was never updated, and a start at 0 that no negative score can beat.",
        zh="三处毛病，一处都不会报错：该用笛卡儿积却用了 `zip`，最好的分数从不更新，"
        "还有从 0 起步，负的分数永远超不过。",
    )


JUDGES: dict[str, Judge] = {
    "3.2-a": judge_fits,
    "3.2-b": judge_best_per_value,
    "3.2-c": judge_edges,
    "3.2-d": judge_grid_repair,
    "3.2-e": judge_alone,
}
