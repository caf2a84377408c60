"""Chapter 3.2: what a grid costs, what it says of each hyperparameter, and its edges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from hpt_widgets.exercises.answers import as_function, as_number, show
from hpt_widgets.exercises.calls import call
from hpt_widgets.exercises.exercise import Judge, Wrong
from hpt_widgets.language import Text

# ---------------------------------------------------------------- 3.2-a: the price of a grid

ARTICLE_GRID: dict[str, list[float]] = {
    "learning_rate": [0.001, 0.01, 0.1],
    "batch_size": [32, 64, 128],
    "dropout_rate": [0.2, 0.5, 0.8],
}
_GRIDS: tuple[tuple[dict[str, list[Any]], int], ...] = (
    (ARTICLE_GRID, 5),
    ({**ARTICLE_GRID, "optimizer": ["sgd", "momentum", "rmsprop", "adam"]}, 3),
    ({"learning_rate": [0.001, 0.003, 0.01, 0.03, 0.1], "epochs": [1, 5]}, 10),
)


def judge_fits(answer: Any) -> Text:
    """Judge exercise 3.2-a: how many trainings a grid search makes."""
    function = as_function(answer)
    for grid, n_folds in _GRIDS:
        found = as_number(call(function, grid, n_folds))
        sizes = [len(values) for values in grid.values()]
        if found != math.prod(sizes) * n_folds + 1:
            raise _wrong_fits(found, sizes, n_folds)
    return Text(
        en="The sizes multiply. A fourth hyperparameter with four values makes 136 trainings 541.",
        zh="个数是相乘的。再加一个取四个值的超参数，136 次训练就变成 541 次。",
    )


def _wrong_fits(found: float, sizes: list[int], n_folds: int) -> Wrong:
    n_combinations = math.prod(sizes)
    values = {"found": found, "sizes": " · ".join(map(str, sizes)), "n_folds": n_folds}
    explanations = {
        n_combinations * n_folds: Text(
            en="For sizes {sizes} and {n_folds} folds you get {found:g}. One is missing: at the "
            "end, `GridSearchCV` trains the winner once more on all samples (`refit=True`).",
            zh="各取 {sizes} 个值、{n_folds} 折时，你得到 {found:g}。少了一次：最后，"
            "`GridSearchCV` 还会用全部样本把最优组合再训练一遍（`refit=True`）。",
        ),
        n_combinations: Text(
            en="{found:g} are the combinations. Each is trained once for every fold, here "
            "{n_folds} times.",
            zh="{found:g} 是组合数。每个组合在每一折上都要训练一次，这里是 {n_folds} 次。",
        ),
        n_combinations + 1: Text(
            en="{found:g} are the combinations and the last training. Each combination is trained "
            "once for every fold, here {n_folds} times.",
            zh="{found:g} 是组合数加最后一次训练。每个组合在每一折上都要训练一次，"
            "这里是 {n_folds} 次。",
        ),
        sum(sizes) * n_folds: _ADDED,
        sum(sizes) * n_folds + 1: _ADDED,
        sum(sizes): _ADDED,
        (n_combinations + 1) * n_folds: Text(
            en="{found:g}: you multiplied the last training too. It happens once, on all samples, "
            "not once in each of the {n_folds} folds.",
            zh="{found:g}：最后那次训练也被乘了。它用全部样本，只做一次，"
            "而不是在 {n_folds} 折里各做一次。",
        ),
    }
    otherwise = Text(
        en="For sizes {sizes} and {n_folds} folds you get {found:g}. Multiply the sizes, multiply "
        "by the folds, and add the last training.",
        zh="各取 {sizes} 个值、{n_folds} 折时，你得到 {found:g}。先把个数相乘，再乘以折数，"
        "最后加上末尾的那次训练。",
    )
    return Wrong(explanations.get(int(found), otherwise), **values)


_ADDED = Text(
    en="{found:g}: you added {sizes}. Every value meets every value of the others, so multiply; "
    "then come the {n_folds} folds.",
    zh="{found:g}：你把 {sizes} 相加了。每个值都要与其他超参数的每个值搭配，应当相乘；"
    "然后再算 {n_folds} 折。",
)

# ---------------------------------------------------------------- 3.2-b: one hyperparameter

_SCORES = (0.81, 0.84, 0.33, 0.32, 0.27, 0.11, 0.70, 0.79, 0.13)


def example_results() -> dict[str, Any]:
    """Return a ``cv_results_`` as scikit-learn leaves it, with two hyperparameters."""
    params = [
        {"dropout_rate": dropout, "learning_rate": rate}
        for dropout in (0.2, 0.8, 0.5)
        for rate in (0.001, 0.01, 0.1)
    ]
    names = ("dropout_rate", "learning_rate")
    columns = {f"param_{name}": np.array([point[name] for point in params]) for name in names}
    return {"params": params, "mean_test_score": np.array(_SCORES), **columns}


def judge_best_per_value(answer: Any) -> Text:
    """Judge exercise 3.2-b: the best score that each value of a hyperparameter takes part in."""
    function = as_function(answer)
    for name in ("learning_rate", "dropout_rate"):
        found = call(function, example_results(), name)
        _check_best_per_value(found, name)
    return Text(
        en="The larger the gap between a hyperparameter's best and worst value, the more it "
        "matters.",
        zh="一个超参数最好与最差的值相差越大，它就越重要。",
    )


def _check_best_per_value(found: Any, name: str) -> None:
    groups: dict[float, list[float]] = {}
    for params, score in zip(example_results()["params"], _SCORES, strict=True):
        groups.setdefault(params[name], []).append(score)
    if not isinstance(found, Mapping):
        raise Wrong(
            Text(
                en="For {name} your function returns `{found}`. Return a dict from each value to "
                "its best score.",
                zh="对 {name}，你的函数返回 `{found}`。请返回字典，从每个取值到它的最好得分。",
            ),
            name=name,
            found=show(found),
        )
    if set(found) != set(groups):
        raise Wrong(
            Text(
                en="For {name} the keys are {found}; they should be its values, {expected}.",
                zh="对 {name}，字典的键是 {found}；应当是它的各个取值：{expected}。",
            ),
            name=name,
            found=show(list(found)),
            expected=", ".join(f"{value:g}" for value in groups),
        )
    for value, scores in groups.items():
        score = as_number(found[value])
        if not math.isclose(score, max(scores), abs_tol=1e-9):
            raise _wrong_best(score, name, value, scores)


def _wrong_best(score: float, name: str, value: float, scores: list[float]) -> Wrong:
    explanations = (
        (
            float(np.mean(scores)),
            Text(
                en="{name}={value:g}: {score:.3f} is the mean over the combinations. It punishes "
                "a good value for the bad company it was tried in; take the best.",
                zh="{name}={value:g}：{score:.3f} 是各组合的平均值。好的取值会被与它搭配的"
                "坏取值拖累；请取最好的。",
            ),
        ),
        (
            min(scores),
            Text(
                en="{name}={value:g}: {score:.3f} is the worst score. Accuracies are better when "
                "they are higher.",
                zh="{name}={value:g}：{score:.3f} 是最差的得分。准确率越高越好。",
            ),
        ),
        (
            scores[-1],
            Text(
                en="{name}={value:g}: {score:.3f} is the score of the last combination with this "
                "value: each one overwrites the one before. Keep the larger.",
                zh="{name}={value:g}：{score:.3f} 是含有这个值的最后一个组合的得分：后面的把前面的"
                "覆盖了。请保留较大的。",
            ),
        ),
    )
    otherwise = Text(
        en="{name}={value:g}: expected the best of {scores}, got {score:.3f}.",
        zh="{name}={value:g}：应当是 {scores} 中最好的，得到的却是 {score:.3f}。",
    )
    text = next((text for wrong, text in explanations if math.isclose(score, wrong)), otherwise)
    shown = ", ".join(map(str, scores))
    return Wrong(text, name=name, value=value, score=score, scores=shown)


# ---------------------------------------------------------------- 3.2-c: at the edge

_UNSORTED: dict[str, list[float]] = {
    "learning_rate": [0.1, 0.001, 0.01],
    "batch_size": [64, 32, 128],
}
_EDGES: tuple[tuple[dict[str, float], dict[str, list[float]], set[str]], ...] = (
    (
        {"learning_rate": 0.01, "batch_size": 64, "dropout_rate": 0.2},
        ARTICLE_GRID,
        {"dropout_rate"},
    ),
    (
        {"learning_rate": 0.1, "batch_size": 32, "dropout_rate": 0.5},
        ARTICLE_GRID,
        {"learning_rate", "batch_size"},
    ),
    ({"learning_rate": 0.01, "batch_size": 64, "dropout_rate": 0.5}, ARTICLE_GRID, set()),
    ({"learning_rate": 0.01, "batch_size": 32}, _UNSORTED, {"batch_size"}),
)


def judge_edges(answer: Any) -> Text:
    """Judge exercise 3.2-c: which hyperparameters are best at an end of their values."""
    function = as_function(answer)
    for best, grid, expected in _EDGES:
        found = call(function, dict(best), {name: list(values) for name, values in grid.items()})
        if not isinstance(found, list | tuple | set | frozenset):
            raise Wrong(
                Text(
                    en="Your function returns `{found}`. Return a list of names, an empty one if "
                    "there is none.",
                    zh="你的函数返回 `{found}`。请返回名称的列表；一个也没有时返回空列表。",
                ),
                found=show(found),
            )
        names = list(found)
        if not all(isinstance(name, str) for name in names) or set(names) != expected:
            raise _wrong_edges(names, best, grid, expected)
    return Text(
        en="A winner at an edge says: the best may lie outside. Move the grid and search again.",
        zh="最优值落在边界上，说明更好的可能在外面：移动网格，再搜索一次。",
    )


def _wrong_edges(
    names: list[Any], best: dict[str, float], grid: dict[str, list[float]], expected: set[str]
) -> Wrong:
    found = {name for name in names if isinstance(name, str)}
    smallest = {name for name in expected if best[name] == min(grid[name])}
    first_or_last = {name for name in best if best[name] in (grid[name][0], grid[name][-1])}
    if grid is _UNSORTED and found == first_or_last:
        text = Text(
            en="For {best} in {grid} you get {found}. The first and the last of a list are its "
            "ends only if it is sorted: use `min` and `max`.",
            zh="{grid} 中的 {best}，你得到 {found}。只有排好序的列表，第一个和最后一个才是两端："
            "请用 `min` 和 `max`。",
        )
    elif found and found == smallest and found < expected:
        text = Text(
            en="For {best} in {grid} you get {found}. The largest value is an edge too.",
            zh="{grid} 中的 {best}，你得到 {found}。最大的值也是边界。",
        )
    elif found and found == expected - smallest and found < expected:
        text = Text(
            en="For {best} in {grid} you get {found}. The smallest value is an edge too.",
            zh="{grid} 中的 {best}，你得到 {found}。最小的值也是边界。",
        )
    elif found and found == set(best) - expected:
        text = Text(
            en="For {best} in {grid} you get {found}: these are the ones *not* at an edge.",
            zh="{grid} 中的 {best}，你得到 {found}：这些恰恰不在边界上。",
        )
    else:
        text = Text(
            en="For {best} in {grid} you get {found}; it should be {expected}.",
            zh="{grid} 中的 {best}，你得到 {found}；应当是 {expected}。",
        )
    return Wrong(text, best=best, grid=grid, found=show(names), expected=sorted(expected))


JUDGES: dict[str, Judge] = {
    "3.2-a": judge_fits,
    "3.2-b": judge_best_per_value,
    "3.2-c": judge_edges,
}
