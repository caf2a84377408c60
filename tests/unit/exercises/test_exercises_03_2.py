"""Chapter 3.2: right answers in many forms, and wrong ones, each with its own explanation."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, ParameterGrid
from sklearn.tree import DecisionTreeClassifier

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters.chapter_03_2 import ALONE, BEST_PER_VALUE, results_of
from hpt_widgets.support.tensorflow_loader import load_tensorflow

# ---------------------------------------------------------------- 3.2-a


def sizes(grid: dict[str, list[Any]]) -> list[int]:
    return [len(values) for values in grid.values()]


def test_scikit_learn_makes_as_many_trainings() -> None:
    """The number that the exercise calls right is the one that scikit-learn fits."""
    fitted = []

    class Counting(DecisionTreeClassifier):  # type: ignore[misc]
        def fit(self, x: Any, y: Any) -> Any:
            fitted.append(1)
            return super().fit(x, y)

    grid = {"max_depth": [1, 2, 3], "min_samples_leaf": [1, 2]}
    GridSearchCV(Counting(), grid, cv=4).fit(*load_iris(return_X_y=True))
    assert len(fitted) == math.prod(sizes(grid)) * 4 + 1


def test_right_fits() -> None:
    tf = load_tensorflow()

    def loop(grid: Any, cv: Any) -> Any:
        n = 1
        for name in grid:
            n *= len(grid[name])
        return n * cv + 1

    def recursive(grid: Any, cv: Any) -> Any:
        if not grid:
            return cv + 1
        name, *others = grid
        rest = recursive({other: grid[other] for other in others}, cv)
        return len(grid[name]) * (rest - 1) + 1

    for answer in (
        loop,
        recursive,
        lambda grid, cv: math.prod(sizes(grid)) * cv + 1,
        lambda grid, cv: len(ParameterGrid(grid)) * cv + 1,
        lambda grid, cv: len(list(itertools.product(*grid.values()))) * cv + 1,
        lambda grid, cv: np.prod(sizes(grid)) * cv + 1,
        lambda grid, cv: tf.reduce_prod(sizes(grid)) * cv + 1,
        lambda grid, cv: functools.reduce(operator.mul, sizes(grid), cv) + 1.0,
    ):
        assert hpt.check("3.2-a", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda grid, cv: math.prod(sizes(grid)) * cv, "One is missing"),
        (lambda grid, cv: math.prod(sizes(grid)), "these are the combinations"),
        (lambda grid, cv: math.prod(sizes(grid)) + 1, "and the last training"),
        (lambda grid, cv: (math.prod(sizes(grid)) + 1) * cv, "multiplied the last training too"),
        (lambda grid, cv: math.prod(sizes(grid)) * (cv + 1), "for every combination"),
        (lambda grid, cv: sum(sizes(grid)), "you added the numbers of values"),
        (lambda grid, cv: sum(sizes(grid)) * cv, "you added the numbers of values"),
        (lambda grid, cv: sum(sizes(grid)) * cv + 1, "you added the numbers of values"),
        (lambda grid, cv: len(grid) * cv + 1, "is the number of hyperparameters"),
        (lambda grid, cv: 27 * cv + 1, "it should be"),
        (lambda grid, cv: math.prod(sizes(grid)) * 5 + 1, "always five folds"),
        (lambda grid, cv: 3 ** len(grid) * cv + 1, "as if each hyperparameter had three values"),
        (lambda grid, cv: 136, "`({'learning_rate': [0.1]}, 2)` you get 136; it should be 3"),
        (lambda grid, cv: math.prod(sizes(grid)) * cv + 2, "it should be"),
        (lambda grid, cv: math.prod(sizes(grid)) ** cv + 1, "it should be"),
        (lambda grid, cv: list(grid.values()), "Expected one number"),
        (136, "Expected a function"),
    ],
)
def test_wrong_fits(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 3.2-b


def collected(results: dict[str, Any], name: str) -> dict[float, list[float]]:
    groups: dict[float, list[float]] = {}
    for params, score in zip(results["params"], results["mean_test_score"], strict=True):
        groups.setdefault(params[name], []).append(score)
    return groups


def per_value(function: Any) -> Any:
    return lambda results, name: {
        value: function(scores) for value, scores in collected(results, name).items()
    }


def test_the_results_have_the_columns_of_scikit_learns() -> None:
    grid = {"max_depth": [1, 2], "min_samples_leaf": [1, 2]}
    search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, cv=3)
    theirs = search.fit(*load_iris(return_X_y=True)).cv_results_
    folds = np.column_stack([theirs[f"split{k}_test_score"] for k in range(3)])
    ours = results_of(theirs["params"], folds)
    assert list(ours) == list(theirs)
    for column in theirs:
        if "time" not in column and column != "params":
            assert ours[column].tolist() == pytest.approx(theirs[column].tolist()), column
            assert type(ours[column]) is type(theirs[column])
    assert all(results["params"] for results, _ in BEST_PER_VALUE.cases)


def test_right_best_per_value() -> None:
    def by_rank(results: Any, name: str) -> Any:
        best: dict[float, float] = {}
        for place in np.argsort(results["rank_test_score"], kind="stable"):
            value = results["params"][place][name]
            best.setdefault(value, results["mean_test_score"][place])
        return best

    def by_splits(results: Any, name: str) -> Any:
        best: dict[float, float] = defaultdict(lambda: -np.inf)
        names = sorted(key for key in results if key.startswith("split"))
        scores = np.mean([results[key] for key in names], axis=0)
        for value, score in zip(results[f"param_{name}"], scores, strict=True):
            best[value] = max(best[value], score)
        return best

    def by_mask(results: Any, name: str) -> Any:
        column = np.asarray(results[f"param_{name}"], dtype=float)
        return {v: results["mean_test_score"][column == v].max() for v in np.unique(column)}

    def by_frame(results: Any, name: str) -> Any:
        return pd.DataFrame(results).groupby(f"param_{name}")["mean_test_score"].max()

    def by_pivot(results: Any, name: str) -> Any:
        frame = pd.DataFrame(results["params"]).assign(score=results["mean_test_score"])
        return frame.groupby(name).score.max().to_dict()

    for answer in (by_rank, by_splits, by_mask, by_frame, by_pivot, per_value(max)):
        assert hpt.check("3.2-b", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (per_value(lambda scores: sum(scores) / len(scores)), "the means over the combinations"),
        (per_value(np.median), "the medians"),
        (per_value(min), "the worst scores"),
        (per_value(sum), "the sums"),
        (per_value(lambda scores: scores[-1]), "overwrites the one before"),
        (per_value(lambda scores: scores[0]), "A later one may be better"),
        (
            lambda r, name: {str(v): max(s) for v, s in collected(r, name).items()},
            "are texts",
        ),
        (
            lambda r, name: {max(s): v for v, s in collected(r, name).items()},
            "turn it round",
        ),
        (
            lambda r, name: (
                pd.DataFrame(
                    {
                        "value": r[f"param_{name}"],
                        "score": np.max([r[f"split{k}_test_score"] for k in range(3)], axis=0),
                    }
                )
                .groupby("value")
                .score.max()
            ),
            "the best score on a single fold",
        ),
        (
            lambda r, name: dict.fromkeys(collected(r, name), max(r["mean_test_score"])),
            "the best score of all",
        ),
        (per_value(lambda scores: max([0.0, *scores])), "begin with the first score of a value"),
        (per_value(lambda scores: 0.5), "you return {0.1: 0.5}; it should be {0.1: 0.6}"),
        (per_value(lambda scores: round(max(scores), 1)), "it should be"),
        (lambda r, name: per_value(max)(r, next(iter(r["params"][0]))), "it should be"),
        (per_value(len), "it should be"),
        (lambda results, name: {"learning_rate": 0.84}, "it should be {0.1: 0.6}"),
        (lambda results, name: 0.84, "Expected a dict"),
        (per_value(lambda scores: scores), "Expected one number"),
        (lambda results, name: results["best"], "KeyError"),
    ],
)
def test_wrong_best_per_value(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-b", answer)
    assert verdict.state == "wrong"
    assert words.lower() in verdict.message.lower()


# ---------------------------------------------------------------- 3.2-c


def test_right_edges() -> None:
    def loop(best: Any, grid: Any) -> Any:
        names = []
        for name, values in grid.items():
            ordered = sorted(values)
            if best[name] == ordered[0] or best[name] == ordered[-1]:
                names.append(name)
        return names

    def inside(best: Any, grid: Any) -> Any:
        for name, value in best.items():
            if not min(grid[name]) < value < max(grid[name]):
                yield name

    for answer in (
        loop,
        inside,
        lambda best, grid: {n for n in best if best[n] in (min(grid[n]), max(grid[n]))},
        lambda best, grid: [
            n for n in grid if sorted(grid[n]).index(best[n]) in (0, len(grid[n]) - 1)
        ],
        lambda best, grid: list(
            filter(lambda n: best[n] in {np.min(grid[n]), np.max(grid[n])}, reversed(list(best)))
        ),
        lambda best, grid: np.array(
            [n for n in best if best[n] in (min(grid[n]), max(grid[n]))], dtype=str
        ),
        lambda best, grid: pd.Index(loop(best, grid)),
        lambda best, grid: dict.fromkeys(loop(best, grid)).keys(),
    ):
        assert hpt.check("3.2-c", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda best, grid: [n for n in best if best[n] == min(grid[n])], "largest value is"),
        (lambda best, grid: [n for n in best if best[n] == max(grid[n])], "smallest value is"),
        (
            lambda best, grid: [n for n in best if best[n] in (grid[n][0], grid[n][-1])],
            "only if it is sorted",
        ),
        (
            lambda best, grid: [n for n in best if best[n] not in (min(grid[n]), max(grid[n]))],
            "*not* at an edge",
        ),
        (lambda best, grid: list(best), "all of them"),
        (lambda best, grid: [], "an empty list, as for all"),
        (
            lambda best, grid: [n for n in best if best[n] in (0.001, 0.1, 32, 128, 0.2, 0.8)],
            "you get",
        ),
        (lambda best, grid: ["dropout_rate"], "you get ['dropout_rate']; it should be"),
        (
            lambda best, grid: [best[n] for n in best if best[n] in (min(grid[n]), max(grid[n]))],
            "Expected a list of names",
        ),
        (lambda best, grid: [n for n in best if best[n] == grid[n][0]], "you get"),
        (lambda best, grid: [n for n in best if best[n] != np.median(grid[n])], "you get"),
        (
            lambda best, grid: [n for n in best if best[n] in (min(grid[n]), max(grid[n]))] * 2,
            "`shift` stands in your list 2 times",
        ),
        (lambda best, grid: "dropout_rate", "Expected a list"),
        (lambda best, grid: dict.fromkeys(best, True), "Expected a list"),
        (lambda best, grid: True, "Expected a list"),
    ],
)
def test_wrong_edges(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 3.2-e


def by_others(results: Any, name: str) -> list[list[float]]:
    groups: dict[tuple[float, ...], list[float]] = {}
    for params, score in zip(results["params"], results["mean_test_score"], strict=True):
        others = tuple(value for key, value in params.items() if key != name)
        groups.setdefault(others, []).append(score)
    return list(groups.values())


def by_key(function: Any) -> Any:
    """Return the wrong answer that groups by this of the others' values."""

    def moved(results: Any, name: str) -> Any:
        groups: dict[Any, list[float]] = {}
        for params, score in zip(results["params"], results["mean_test_score"], strict=True):
            others = function(value for key, value in params.items() if key != name)
            groups.setdefault(others, []).append(score)
        return np.mean([np.ptp(scores) for scores in groups.values()])

    return moved


def by_itself(results: Any, name: str) -> list[list[float]]:
    return list(collected(results, name).values())


def test_right_moves_alone() -> None:
    tf = load_tensorflow()

    def by_pivot(results: Any, name: str) -> Any:
        frame = pd.DataFrame(results["params"]).assign(score=results["mean_test_score"])
        others = [key for key in results["params"][0] if key != name]
        grouped = frame.groupby(others).score
        return (grouped.max() - grouped.min()).mean()

    def by_array(results: Any, name: str) -> Any:
        names = [key for key in results["params"][0] if key != name]
        values = {key: sorted({p[key] for p in results["params"]}) for key in (name, *names)}
        scores = np.empty([len(found) for found in values.values()])
        for params, score in zip(results["params"], results["mean_test_score"], strict=True):
            scores[tuple(values[key].index(params[key]) for key in values)] = score
        return np.ptp(scores, axis=0).mean()

    def by_pairs(results: Any, name: str) -> Any:
        pairs = list(zip(results["params"], results["mean_test_score"], strict=True))
        spreads = []
        for params, _ in pairs:
            alike = [s for p, s in pairs if {**p, name: 0} == {**params, name: 0}]
            spreads.append(max(alike) - min(alike))
        return sum(spreads) / len(spreads)

    for answer in (
        by_pivot,
        by_array,
        by_pairs,
        lambda r, name: np.mean([np.ptp(scores) for scores in by_others(r, name)]),
        lambda r, name: tf.reduce_mean([max(s) - min(s) for s in by_others(r, name)]),
        lambda r, name: -float(np.mean([min(s) - max(s) for s in by_others(r, name)])),
    ):
        assert hpt.check("3.2-e", answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda r, n: np.ptp([max(s) for s in by_itself(r, n)]), "how far the *best* score"),
        (lambda r, n: np.ptp([np.mean(s) for s in by_itself(r, n)]), "how far the *mean* score"),
        (lambda r, n: np.mean([np.ptp(s) for s in by_itself(r, n)]), "Turn it round"),
        (lambda r, n: np.ptp(r["mean_test_score"]), "among all combinations"),
        (lambda r, n: max(np.ptp(s) for s in by_others(r, n)), "the largest of the spreads"),
        (lambda r, n: sum(np.ptp(s) for s in by_others(r, n)), "which grows with the grid"),
        (
            lambda r, n: sum(np.ptp(s) for s in by_others(r, n)) / len(r["params"]),
            "the number of all combinations",
        ),
        (lambda r, n: np.mean([np.std(s) for s in by_others(r, n)]), "standard deviations"),
        (lambda r, n: np.mean([s[-1] - s[0] for s in by_others(r, n)]), "against the first"),
        (lambda r, n: np.median([np.ptp(s) for s in by_others(r, n)]), "it should be"),
        (lambda r, n: 100 * np.mean([np.ptp(s) for s in by_others(r, n)]), "it should be"),
        (lambda r, n: np.mean([max(s) for s in by_others(r, n)]), "it should be"),
        (lambda r, n: by_others(r, n), "Expected one number"),
        (lambda r, n: round(np.mean([np.ptp(s) for s in by_others(r, n)]), 2), "rounded"),
        (lambda r, n: round(np.mean([np.ptp(s) for s in by_others(r, n)]), 4), "rounded"),
        (by_key(frozenset), "you return 0.4333; it should be 0.275"),
        (by_key(sum), "you return 0.4333; it should be 0.275"),
        (lambda r, n: np.mean([max(s) - min([1, *s]) for s in by_others(r, n)]), "71, 83; 64, 78"),
        (
            lambda r, n: np.mean([max([-1, *s]) - min(s) for s in by_others(r, n)]),
            "-2.3, -1.4; -1.9, -1.7",
        ),
        (lambda r, n: 1 / 0, "Called with `({'params': [{"),
        (lambda r: 0.1, "TypeError"),
    ],
)
def test_wrong_moves_alone(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-e", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_the_groups_are_named_apart_from_what_is_asked_for() -> None:
    def largest(results: Any, name: str) -> Any:
        return max(np.ptp(scores) for scores in by_others(results, name))

    shown = " (The scores with the same others: 71, 83; 64, 78. Their spreads: 12, 14.)"
    assert hpt.check("3.2-e", largest).message.endswith("Return their mean." + shown)
    hpt.use_language("zh")
    shown = "（其他超参数相同的各组得分：71、83；64、78。各组的差距：12、14。）"
    assert hpt.check("3.2-e", largest).message.endswith("请返回各个差距的平均值。" + shown)


def test_a_table_that_is_changed_is_spoiled_for_the_next_name() -> None:
    def popped(results: Any, name: str) -> Any:
        groups: dict[str, list[float]] = {}
        for params, score in zip(results["params"], results["mean_test_score"], strict=True):
            params.pop(name)
            groups.setdefault(str(params), []).append(score)
        return np.mean([np.ptp(scores) for scores in groups.values()])

    def popped_from_copies(results: Any, name: str) -> Any:
        return popped({**results, "params": [dict(params) for params in results["params"]]}, name)

    verdict = hpt.check("3.2-e", popped)
    assert verdict.state == "wrong"
    assert "changes `results`, the search's own table: {…, '" in verdict.message
    assert hpt.check("3.2-e", popped_from_copies)


def test_what_is_added_to_the_table_or_taken_from_it_is_named() -> None:
    def changed(change: Any) -> str:
        def moved(results: Any, name: str) -> Any:
            mean = np.mean([np.ptp(scores) for scores in by_others(results, name)])
            change(results)
            return mean

        return hpt.check("3.2-e", moved).message

    assert "{…} has become {…, 'best': 3}" in changed(lambda results: results.update(best=3))
    taken = changed(lambda results: results.pop("rank_test_score"))
    assert "{…, 'rank_test_score': array([" in taken
    assert "has become {…}" in taken
    # A list of the same scores is none.
    scores = "mean_test_score"
    same = changed(lambda results: results.update({scores: results[scores].tolist()}))
    assert same.startswith("Within the same others")


def test_what_differs_is_told_with_the_name_that_was_asked_for() -> None:
    def always_the_first(results: Any, name: str) -> Any:
        return np.mean([np.ptp(s) for s in by_others(results, next(iter(results["params"][0])))])

    message = hpt.check("3.2-e", always_the_first).message
    assert message.startswith("For learning_rate you return")


def test_each_setting_of_the_others_has_all_values() -> None:
    """And there are others: `groupby` takes no empty list of columns."""
    for results, name in ALONE.cases:
        assert len(results["params"][0]) > 1
        n_values = {len(scores) for scores in by_others(results, name)}
        assert len(n_values) == 1
