"""The grid as a heat map, cell by cell, and the warning at its edge."""

import itertools
import math
import re

import pytest

import hpt_widgets as hpt
from hpt_widgets.labs.search.grid_table import GridTable, describe_edges, grid_of
from hpt_widgets.labs.search.mark_encoding import MapAxes
from hpt_widgets.search.scored_fold import UnfinishedTrial
from hpt_widgets.search.space import ARTICLE_SPACE, Choice, LogUniform, SearchSpace, Uniform
from hpt_widgets.search.trial import Trial

AXES = MapAxes.of(ARTICLE_SPACE)
NAMES = ARTICLE_SPACE.names


def even(_values):
    return 0.9


def grid_trials(score=even, **values):
    grid = {**ARTICLE_SPACE.grid(), **values}
    return [
        Trial(dict(zip(NAMES, point, strict=True)), "grid", number,
              validation_accuracy=score(dict(zip(NAMES, point, strict=True))))
        for number, point in enumerate(itertools.product(*(grid[n] for n in NAMES)), start=1)
    ]  # fmt: skip


def cells_of(table):
    return re.findall("<td.*?</td>", table.tables.value)


def test_there_is_a_cell_for_each_combination_and_it_fills_as_trials_land():
    table = GridTable(AXES)
    trials = grid_trials()
    table.draw(trials[:4])
    cells = cells_of(table)
    assert len(cells) == 27
    assert sum("hpt-empty" in cell for cell in cells) == 23
    assert "4 of 27 combinations tried" in table.words.value
    table.draw(trials)
    assert not any("hpt-empty" in cell for cell in cells_of(table))
    captions = re.findall("<caption>(.*?)</caption>", table.tables.value)
    assert captions == [f"batch size {size}" for size in (32, 64, 128)]


def test_a_cell_stands_where_its_values_are():
    table = GridTable(AXES)
    values = {"learning_rate": 0.1, "batch_size": 64, "dropout_rate": 0.8}
    table.draw([Trial(values, validation_accuracy=0.875)])
    tables = re.findall("<table.*?</table>", table.tables.value)
    rows = re.findall("<tr>.*?</tr>", tables[1])
    # The largest dropout rate on top, the largest learning rate on the right.
    assert rows[0].startswith('<tr><th scope="row">0.8</th>')
    assert "87.5%" in re.findall("<td.*?</td>", rows[0])[2]
    assert "87.5%" not in tables[0] + tables[2]


def test_a_fold_without_a_score_is_hollow_in_its_own_place():
    table = GridTable(AXES)
    values = {"learning_rate": 0.1, "batch_size": 64, "dropout_rate": 0.8}
    table.draw([], [UnfinishedTrial(values, (0.9, math.nan, 0.8), 4)])
    [cell] = [cell for cell in cells_of(table) if "3/4" in cell]
    colors = re.findall('<i style="background:(.*?)">', cell)
    assert [color == "transparent" for color in colors] == [False, True, False, True]


def test_the_best_has_the_frame_and_folds_have_their_spread():
    trials = grid_trials(lambda values: 0.9 - values["dropout_rate"] / 10)
    best = Trial(trials[5].hyperparameters, "grid", validation_accuracy=0.95,
                 fold_scores=(0.94, 0.96))  # fmt: skip
    table = GridTable(AXES)
    table.draw([*trials[:5], best, *trials[6:]])
    [framed] = [cell for cell in cells_of(table) if "outline" in cell]
    assert "95.0%" in framed
    assert "± 1.0" in framed


def test_a_lost_trial_is_a_cross():
    table = GridTable(AXES)
    values = {"learning_rate": 0.1, "batch_size": 64, "dropout_rate": 0.8}
    table.draw([Trial(values, ended="failed", message="<b>out</b>")])
    [cell] = [cell for cell in cells_of(table) if "✚" in cell]
    assert "&lt;b&gt;out" in cell


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("learning_rate", 0.1, "(largest learning rate 0.1)"),
        ("learning_rate", 0.001, "(smallest learning rate 0.001)"),
        ("dropout_rate", 0.8, "(largest dropout rate 0.8)"),
    ],
)
def test_a_best_at_the_edge_of_a_whole_grid_gets_a_sentence(name, value, words):
    best = {"learning_rate": 0.01, "batch_size": 64, "dropout_rate": 0.5} | {name: value}
    trials = grid_trials(lambda values: 0.9 if values == best else 0.5)
    assert f"at the edge of the grid {words}: better" in describe_edges(AXES.all, trials)
    assert describe_edges(AXES.all, trials[:-1]) == ""


def test_where_nothing_lies_beyond_nothing_is_said():
    space = SearchSpace(
        (Uniform("dropout_rate", 0.0, 0.8), Choice("kind", ("x", "y")), LogUniform("a", 1, 100))
    )
    trials = [
        Trial({"dropout_rate": d, "kind": k, "a": a}, validation_accuracy=0.9 - d + (a == 10) / 10)
        for d, k, a in itertools.product((0.0, 0.4, 0.8), ("x", "y"), (1, 10, 100))
    ]
    assert describe_edges(space.dimensions, trials) == ""


def test_a_grid_of_other_values_is_drawn_as_it_is():
    trials = grid_trials(learning_rate=[0.03, 0.003, 0.3])
    assert grid_of(AXES.all, trials)["learning_rate"] == (0.003, 0.03, 0.3)
    table = GridTable(AXES)
    table.draw(trials)
    assert len(cells_of(table)) == 27


def test_it_speaks_chinese():
    hpt.use_language("zh")
    table = GridTable(AXES)
    table.draw(grid_trials())
    assert "27 种组合中已试 27 种" in table.words.value
    assert "批大小 64" in table.tables.value
