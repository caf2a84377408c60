"""Parallel coordinates: each trial a line across all hyperparameters."""

import math

import pytest

from hpt_widgets.labs.search.mark_encoding import MapAxes
from hpt_widgets.labs.search.parallel_coordinates import ParallelCoordinates
from hpt_widgets.search.space import ARTICLE_SPACE, Choice, LogUniform, SearchSpace
from hpt_widgets.search.trial import Trial

AXES = MapAxes.of(ARTICLE_SPACE)


def trial(rate, dropout, size, score, number=0, **more):
    values = {"learning_rate": rate, "dropout_rate": dropout, "batch_size": size}
    return Trial(values, validation_accuracy=score, number=number, **more)


def test_each_line_goes_through_its_trials_values_and_its_accuracy():
    chart = ParallelCoordinates(AXES)
    chart.draw([trial(0.1, 0.2, 128, 0.9), trial(0.01, 0.5, 32, 0.7), trial(0.001, 0.8, 80, 0.8)])
    # Good ones are drawn last, so that they lie on top.
    assert chart.drawn() == [
        pytest.approx([0.5, 0.5, 0.0, 0.0]),
        pytest.approx([0.0, 1.0, 0.5, 0.5]),
        pytest.approx([1.0, 0.0, 1.0, 1.0]),
    ]
    assert list(chart.lines.color) == [0.7, 0.8, 0.9]
    assert list(chart.ends.text) == [
        "0.001", "0.1", "0.2", "0.8", "32", "128", "70.0%", "90.0%"
    ]  # fmt: skip


def test_an_axis_reaches_what_lies_outside_of_the_space():
    chart = ParallelCoordinates(AXES)
    chart.draw([trial(1.0, 0.2, 4096, 0.9), trial(0.001, 0.2, 32, 0.8)])
    assert chart.drawn()[1][0] == 1.0
    assert "4096" in chart.ends.text


def test_lost_and_foreign_trials_have_no_line_and_the_chosen_one_a_second():
    chart = ParallelCoordinates(AXES)
    trials = [
        trial(0.1, 0.2, 64, 0.9, number=1),
        trial(0.1, 0.3, 64, None, number=2, ended="failed"),
        Trial({"learning_rate": 0.1}, validation_accuracy=0.5, number=3),
        trial(0.01, 0.4, 64, 0.6, number=4),
    ]
    chart.draw(trials)
    assert len(chart.drawn()) == 2
    chart.choose(1)
    assert list(chart.chosen.y) == chart.drawn()[1]
    for number in (2, None):
        chart.choose(number)
        assert len(chart.chosen.y) == 0
    chart.draw([])
    assert chart.drawn() == []


def test_options_have_their_names_along_the_axis():
    space = SearchSpace((LogUniform("a", 0.01, 1.0), Choice("kind", ("x", "y", "z"))))
    chart = ParallelCoordinates(MapAxes.of(space))
    chart.draw([Trial({"a": 0.1, "kind": "z"}, validation_accuracy=0.5)])
    assert chart.drawn() == [pytest.approx([0.5, 1.0, 0.5])]
    shown = dict(zip(chart.ends.text, chart.ends.y, strict=True))
    assert (shown["x"], shown["y"], shown["z"]) == (0.0, 0.5, 1.0)
    assert math.isclose(chart.color_scale.min, 0.5)


def test_trials_of_different_epochs_have_an_axis_for_them():
    chart = ParallelCoordinates(AXES)
    plain = trial(0.1, 0.2, 128, 0.9)
    rungs = [
        Trial({**plain.hyperparameters, "epochs": epochs}, validation_accuracy=score)
        for epochs, score in ((1, 0.5), (3, 0.7), (9, 0.9))
    ]
    chart.draw(rungs)
    # The epochs lie on a logarithmic axis between the hyperparameters and the accuracy.
    assert [row[-2:] for row in chart.drawn()] == [
        pytest.approx([0.0, 0.0]), pytest.approx([0.5, 0.5]), pytest.approx([1.0, 1.0])
    ]  # fmt: skip
    assert list(chart.figure.axes[0].tick_labels.values())[-2:] == [
        "epochs",
        "validation accuracy",
    ]
    assert "cross it at the same height" in chart.words.value
    chart.draw([plain])
    assert len(chart.drawn()[0]) == 4
    assert len(chart.rails.x) == 4
    assert "same height" not in chart.words.value
