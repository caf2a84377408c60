"""The typical wrong answers of chapter 3.2, each with its own explanation."""

from __future__ import annotations

import math
from typing import Any

import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters.chapter_03_2 import example_results


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
    assert hpt.check("3.2-a", lambda grid, cv: math.prod(sizes(grid)) * cv + 1)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda grid, cv: math.prod(sizes(grid)) * cv, "One is missing"),
        (lambda grid, cv: math.prod(sizes(grid)), "Each is trained once for every fold"),
        (lambda grid, cv: math.prod(sizes(grid)) + 1, "and the last training"),
        (lambda grid, cv: (math.prod(sizes(grid)) + 1) * cv, "multiplied the last training too"),
        (lambda grid, cv: sum(sizes(grid)) * cv, "you added 3 · 3 · 3"),
        (lambda grid, cv: sum(sizes(grid)) * cv + 1, "you added 3 · 3 · 3"),
        (lambda grid, cv: 136, "For sizes 3 · 3 · 3 · 4 and 3 folds you get 136"),
        (136, "Expected a function"),
    ],
)
def test_wrong_fits(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-a", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def collected(results: dict[str, Any], name: str) -> dict[float, list[float]]:
    groups: dict[float, list[float]] = {}
    for params, score in zip(results["params"], results["mean_test_score"], strict=True):
        groups.setdefault(params[name], []).append(score)
    return groups


def per_value(function: Any) -> Any:
    return lambda results, name: {
        value: function(scores) for value, scores in collected(results, name).items()
    }


def test_the_example_looks_like_scikit_learns() -> None:
    grid = {"max_depth": [1, 2], "min_samples_leaf": [1, 2]}
    search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, cv=2)
    results = search.fit(*load_iris(return_X_y=True)).cv_results_
    assert {"params", "mean_test_score", "param_max_depth"} <= set(results)
    example = example_results()
    assert len(example["params"]) == len(example["mean_test_score"])
    assert all(
        params["learning_rate"] == value
        for params, value in zip(example["params"], example["param_learning_rate"], strict=True)
    )


def test_the_best_per_value_may_be_found_with_pandas() -> None:
    import pandas as pd

    def with_pandas(results: dict[str, Any], name: str) -> Any:
        scores = pd.Series(results["mean_test_score"])
        return scores.groupby(results[f"param_{name}"]).max().to_dict()

    assert hpt.check("3.2-b", with_pandas)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (per_value(lambda scores: sum(scores) / len(scores)), "is the mean over"),
        (per_value(min), "is the worst score"),
        (per_value(lambda scores: scores[-1]), "overwrites the one before"),
        (per_value(lambda scores: 0.5), "expected the best of 0.81, 0.32, 0.7"),
        (lambda results, name: {"learning_rate": 0.84}, "the keys are ['learning_rate']"),
        (lambda results, name: 0.84, "Return a dict"),
        (lambda results, name: results["best"], "KeyError"),
    ],
)
def test_wrong_best_per_value(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-b", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda best, grid: [n for n in best if best[n] == min(grid[n])], "largest value is"),
        (lambda best, grid: [n for n in best if best[n] == max(grid[n])], "it should be"),
        (
            lambda best, grid: [n for n in best if best[n] in (grid[n][0], grid[n][-1])],
            "only if it is sorted",
        ),
        (
            lambda best, grid: [n for n in best if best[n] not in (min(grid[n]), max(grid[n]))],
            "*not* at an edge",
        ),
        (lambda best, grid: [], "it should be ['dropout_rate']"),
        (lambda best, grid: "dropout_rate", "Return a list of names"),
        (lambda best, grid: True, "Return a list of names"),
    ],
)
def test_wrong_edges(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-c", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_edges_may_be_a_set() -> None:
    assert hpt.check(
        "3.2-c", lambda best, grid: {n for n in best if best[n] in (min(grid[n]), max(grid[n]))}
    )
