"""A grid search of scikit-learn's own, seen cell by cell and fold by fold."""

import re
from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier

import hpt_widgets as hpt
from hpt_widgets.labs.search.grid_lab import space_of_grid
from hpt_widgets.search.space import Choice, Uniform, UniformInteger

GRID: dict[str, list[Any]] = {"n_neighbors": [1, 3, 5], "weights": ["uniform", "distance"]}
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(60, 2)), RANDOM.integers(0, 2, 60)


@pytest.fixture
def lab(monkeypatch):
    """Return a lab that draws each fold, however fast they are."""
    monkeypatch.setattr("hpt_widgets.labs.search.grid_lab.REDRAW_SECONDS", 0.0)
    made = hpt.GridLab(GRID, hpt.SearchRecord("grid"))
    yield made
    made.close()


def cells_of(lab):
    return re.findall("<td.*?</td>", lab.view.table.tables.value)


def filled(cell):
    return cell.count("<i ") - cell.count("transparent")


def test_the_empty_grid_is_there_before_the_search(lab):
    assert [("hpt-empty" in cell, filled(cell)) for cell in cells_of(lab)] == [(True, 0)] * 6
    assert lab.status == "6 combinations, and no result yet."


def test_each_fold_fills_a_square_and_each_combination_a_cell(lab):
    seen = []
    before = lab.view.table.tables

    def look(_change):
        seen.append([filled(cell) for cell in cells_of(lab)])

    before.observe(look, "value")
    search = GridSearchCV(KNeighborsClassifier(), GRID, cv=4, scoring=lab.record.scorer)
    search.fit(X, Y)
    # One square more each time, four to a cell.
    assert [sum(counts) for counts in seen if sum(counts)] == sorted({sum(c) for c in seen} - {0})
    assert {sum(counts) for counts in seen} >= set(range(1, 25))
    assert seen[-1] == [4] * 6
    assert not any("hpt-empty" in cell for cell in cells_of(lab))
    best = max(lab.record, key=lambda trial: trial.validation_accuracy)
    assert f"{best.validation_accuracy:.1%}" in lab.status
    [framed] = [cell for cell in cells_of(lab) if "outline" in cell]
    for score in best.fold_scores:
        assert f"{score:.1%}" in framed


def test_a_begun_combination_says_how_many_folds_it_has(lab):
    class Broken(KNeighborsClassifier):
        def score(self, x, y):
            if lab.record.unfinished and len(lab.record.unfinished[0].fold_scores) == 2:
                raise KeyboardInterrupt
            return super().score(x, y)

    search = GridSearchCV(Broken(), GRID, cv=4, scoring=lab.record.scorer)
    with pytest.raises(KeyboardInterrupt):
        search.fit(X, Y)
    begun = [cell for cell in cells_of(lab) if "2/4" in cell]
    assert [filled(cell) for cell in begun] == [2]
    assert begun[0].count("transparent") == 2


def test_a_best_at_the_edge_is_told_at_the_end(lab):
    for neighbours in GRID["n_neighbors"]:
        for weights in GRID["weights"]:
            assert "⚠" not in lab.view.table.words.value
            values = {"n_neighbors": neighbours, "weights": weights}
            lab.record.append(hpt.Trial(values, "grid", validation_accuracy=neighbours / 10))
    assert "⚠ The best lies at the edge of the grid (largest n_neighbors 5)" in (
        lab.view.table.words.value
    )


def test_a_closed_lab_follows_no_more_and_leaves_other_listeners(lab):
    heard = []
    record = hpt.SearchRecord("grid", on_trial=heard.append)
    other = hpt.GridLab(GRID, record)
    other.close()
    record.append(hpt.Trial({"n_neighbors": 1, "weights": "uniform"}, validation_accuracy=0.5))
    assert len(heard) == 1
    assert record.on_fold is None


def test_a_search_of_something_else_leaves_the_grid_empty(lab):
    search = GridSearchCV(
        DummyClassifier(), {"strategy": ["prior"]}, cv=3, scoring=lab.record.scorer
    )
    search.fit(X, Y)
    assert all("hpt-empty" in cell for cell in cells_of(lab))


def test_what_cannot_be_drawn_stops_no_search_and_is_said(lab, monkeypatch):
    def fail(*_arguments):
        raise ZeroDivisionError("no <room>.")

    with monkeypatch.context() as patch:
        patch.setattr(lab.view.table, "draw", fail)
        lab.record.append(
            hpt.Trial({"n_neighbors": 3, "weights": "uniform"}, validation_accuracy=0.5)
        )
    assert len(lab.record) == 1
    assert "could not be drawn: no &lt;room&gt;. " in lab.view.status.value
    lab.record.append(hpt.Trial({"n_neighbors": 5, "weights": "uniform"}, validation_accuracy=0.6))
    assert "Best so far: 60.0%" in lab.view.status.value


def test_numbers_have_an_order_and_all_else_is_a_choice():
    space = space_of_grid(
        {
            "size": np.array([64, 32]),
            "rate": (0.1, 0.01, 1),
            "zero": [0, 1],
            "kind": ["a", "b"],
            "one": [5],
            "flag": [True, False],
            # scikit-learn takes an infinite C.
            "C": [1.0, 10.0, np.inf],
            "alpha": [0.1, 0.2, np.nan],
        }
    )
    kinds = [type(dimension) for dimension in space]
    assert kinds == [UniformInteger, Uniform, Uniform, *[Choice] * 5]
    assert space.grid()["rate"] == [0.1, 0.01, 1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_draws_itself(lab, language):
    hpt.use_language(language)
    lab.record.append(
        hpt.Trial({"n_neighbors": 3, "weights": "uniform"}, validation_accuracy=0.625)
    )
    assert "62.5%" in lab.status
    picture = lab.figure()
    assert picture.png().startswith(b"\x89PNG")
    words = [text.get_text() for axes in picture.axes for text in axes.texts]
    assert words == ["62.5%"]
