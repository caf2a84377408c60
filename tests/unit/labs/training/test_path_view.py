"""The view of the weights' path: what is recorded, what is drawn, and what it costs."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from patience import SECONDS
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.path_map import LossMap
from hpt_widgets.labs.training.path_recorder import (
    MOST_WEIGHTS,
    PathRecorder,
    RecordedPath,
    most_points,
)
from hpt_widgets.labs.training.view import TABS
from hpt_widgets.training.loss_plane import Window, network_loss
from hpt_widgets.training.session import TrainingSession


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setenv("HPT_HOME", str(tmp_path))
    hp = hpt.Hyperparameters(hidden_units=(8, 6), batch_size=4, epochs=2)
    made = hpt.TrainingLab(tabular_data(), hp)
    yield made
    made.close()


@pytest.fixture
def copies(monkeypatch):
    """Count how often weights are copied out of a training that runs."""
    counted = []
    weights = TrainingSession.weights

    def counting(self):
        if self.ended is None:
            counted.append(self)
        return weights(self)

    monkeypatch.setattr(TrainingSession, "weights", counting)
    return counted


def view_of(lab):
    return lab.view.path


def drawn_points(lab, color):
    line = view_of(lab).chart.lines[color]
    return np.stack([line.x, line.y], axis=1)


def curve_color(lab, number):
    return lab.view.charts.color_of(lab.view.charts.request_of(number))


# Recording


def test_hidden_it_copies_no_weights(lab, copies):
    lab.start()
    lab.wait()
    assert copies == []
    with pytest.raises(ValueError, match=r"show_path"):
        lab.path()
    lab.show_path()
    lab.start()
    lab.wait()
    n_copies = len(copies)
    assert n_copies > 10
    assert len(lab.path().points) == n_copies + 1  # the last ones belong to the run
    lab.show_path(False)
    lab.start()
    lab.wait()
    assert len(copies) == n_copies


def test_a_path_holds_the_rows_of_the_history_from_the_start_to_the_end(lab):
    lab.show_path()
    lab.set(learning_rate=0.02)
    lab.wait()
    path = lab.path()
    rows = [point.samples for point in lab.last_run.points]
    assert path.samples.tolist() == [0, *rows]
    assert path.points.shape == (len(rows) + 1, 2)
    assert path.points[0].tolist() == [0, 0]
    sample = lab.data.take(len(lab.data.y_train), seed=0)
    at_end = network_loss(lab.last_run.weights, "relu", sample.x_train, sample.y_train)
    assert path.losses[-1] == pytest.approx(at_end, rel=1e-6)
    assert path.losses[0] == pytest.approx(path.plane_losses[0], rel=1e-5)
    assert 0.5 < sum(path.explained) <= 1 + 1e-6


def test_a_large_learning_rate_jumps_and_a_small_one_creeps(lab):
    lab.show_path()
    for learning_rate in (1e-4, 0.1):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    lengths = [
        np.linalg.norm(np.diff(lab.path(number).points, axis=0), axis=1).max()
        for number in (trial.number for trial in lab.runs)
    ]
    assert lengths[1] > 20 * lengths[0] > 0


def test_a_path_has_a_bounded_number_of_points_spread_over_the_run():
    path = RecordedPath(None, None)
    asked = []

    def weights():
        asked.append(True)
        return [np.array([[float(len(asked))]], np.float32)]

    path.append(0, weights())
    for row in range(1, 1001):
        path.offer(row, weights)
    assert 0.4 * most_points(1) <= len(path.vectors) <= most_points(1)
    assert path.samples[0] == 0
    assert path.samples[-1] > 900
    assert max(np.diff(path.samples)) < 100
    assert len(asked) < 400  # once thinned, points that are not kept are not copied either


def test_a_large_network_gets_fewer_points():
    assert most_points(109_386) == 60
    assert 8 <= most_points(MOST_WEIGHTS) < 20


def test_a_network_that_is_too_large_is_not_recorded_and_the_view_says_so(lab, copies, monkeypatch):
    monkeypatch.setattr("hpt_widgets.labs.training.path_view.MOST_WEIGHTS", 100)
    lab.show_path()
    lab.start()
    lab.wait()
    assert copies == []
    assert "up to 100" in view_of(lab).text.value


# Drawing


def test_paths_have_the_colours_of_their_curves(lab):
    lab.show_path()
    for learning_rate in (0.001, 0.01, 0.1):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    colors = set()
    for trial in lab.runs:
        color = curve_color(lab, trial.number)
        colors.add(color)
        np.testing.assert_allclose(drawn_points(lab, color), lab.path(trial.number).points)
    assert len(colors) == 3
    chart = view_of(lab).chart
    assert chart.head.colors == [curve_color(lab, list(lab.runs)[-1].number)]
    np.testing.assert_allclose([chart.head.x[0], chart.head.y[0]], lab.path().points[-1])
    empty = [color for color, line in chart.lines.items() if not len(line.x)]
    assert set(empty) == set(chart.lines) - colors


def test_earlier_runs_have_a_mark_where_they_ended(lab):
    lab.show_path()
    for learning_rate in (0.001, 0.01, 0.1):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    ends = view_of(lab).chart.ends
    first, second, newest = (trial.number for trial in lab.runs)
    earlier = (first, second)
    assert set(ends.colors) == {curve_color(lab, number) for number in earlier}
    marked = dict(zip(ends.colors, zip(ends.x, ends.y, strict=True), strict=True))
    for number in earlier:
        end = lab.path(number).points[-1]
        np.testing.assert_allclose(marked[curve_color(lab, number)], end)
    lab.forget(first)
    assert list(ends.colors) == [curve_color(lab, second)]
    assert len(ends.x) == 1
    assert curve_color(lab, newest) not in ends.colors


def test_a_path_too_short_for_the_scale_is_spoken_of(lab):
    lab.show_path()
    lab.set(learning_rate=0.0001)
    lab.wait()
    assert "hardly leaves the ring" not in view_of(lab).text.value
    lab.set(learning_rate=0.1)
    lab.wait()
    assert "hardly leaves the ring" in view_of(lab).text.value


def test_a_path_goes_when_its_curves_go(lab):
    lab.show_path()
    for learning_rate in (0.001, 0.01):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    first = next(iter(lab.runs)).number
    color = curve_color(lab, first)
    lab.forget(first)
    assert not len(drawn_points(lab, color))
    lab.reset()
    lab.wait()
    with pytest.raises(ValueError, match="show_path"):
        lab.path()
    assert "Move a slider" in view_of(lab).text.value


def test_a_run_that_grows_is_drawn_before_its_plane_is_known(lab):
    lab.show_path()
    lab.pause()
    lab.step()
    lab.wait()
    lab.resume()
    seen = []
    chart = view_of(lab).chart
    chart.head.observe(lambda change: seen.append(len(change["new"])), "x")
    lab.wait()
    assert len(seen) > 10


def test_the_axes_say_what_they_keep_and_the_map_lies_under_all_paths(lab):
    lab.show_path()
    lab.start()
    lab.wait()
    view = view_of(lab)
    first, second = lab.path().explained
    labels = [axis.label for axis in view.chart.figure.axes]
    assert f"{first:.0%}" in labels[0]
    assert f"{second:.0%}" in labels[1]
    assert all(axis.tick_style == {"display": "inline"} for axis in view.chart.figure.axes)
    assert view.chart.ground.visible
    assert bytes(view.chart.ground.image.value).startswith(b"\x89PNG")
    assert view.map.window.contains(lab.path().points)
    assert list(view.chart.ground.x) == list(view.map.window.x)


def test_the_plane_can_be_laid_through_this_run_alone(lab):
    lab.show_path()
    for learning_rate in (0.1, 0.001):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    together = lab.path().explained
    view = view_of(lab)
    wide = view.map.window
    view.use_scope("this")
    lab.wait()
    assert lab.path().explained != together
    assert view.map.window.x[1] - view.map.window.x[0] < wide.x[1] - wide.x[0]
    # The long path of the earlier run leads out of the picture and does not make it wide again.
    earlier = drawn_points(lab, curve_color(lab, next(iter(lab.runs)).number))
    assert not view.map.window.contains(earlier)
    scales = [axis.scale for axis in view.chart.figure.axes]
    assert [(scale.min, scale.max) for scale in scales] == [view.map.window.x, view.map.window.y]
    with pytest.raises(ValueError, match="scope='both'"):
        view.use_scope("both")


def test_another_network_begins_a_fresh_plane_and_says_so(lab):
    lab.show_path()
    lab.start()
    lab.wait()
    for change in ({"hidden_units": (5,)}, {"activation": "tanh"}):
        lab.set(**change)
        lab.wait()
        view = view_of(lab)
        assert "Another network" in view.text.value
        assert sum(len(line.x) > 0 for line in view.chart.lines.values()) == 1
        assert len(lab.path().points) > 10
    lab.start()
    lab.wait()
    assert "Another network" not in view_of(lab).text.value


def test_a_change_in_mid_run_and_another_optimiser_stay_on_the_map(lab):
    lab.show_path()
    lab.set(apply_to_running=True)
    lab.step()
    lab.wait()
    lab.set(learning_rate=0.05)
    lab.resume()
    lab.wait()
    assert lab.last_run.changes
    lab.set(optimizer="sgd")
    lab.wait()
    assert len(view_of(lab).recorder.paths) == 2


def test_a_diverged_run_is_clipped_and_the_view_says_so(lab):
    lab.show_path()
    lab.set(learning_rate=0.01)
    lab.wait()
    lab.set(optimizer="sgd", learning_rate=10.0, activation="relu", epochs=20)
    lab.wait()
    if lab.last_run.ended != "diverged":
        pytest.fail("the settings of this test were to diverge")
    view = view_of(lab)
    assert "thrown off the map" in view.text.value
    window = view.map.window
    assert window.x[1] - window.x[0] < 1e4
    path = lab.path()
    assert len(path.points) == len(path.losses)
    assert len(drawn_points(lab, curve_color(lab, list(lab.runs)[-1].number))) < len(path.points)


def test_a_run_that_left_the_map_at_once_has_no_plane_and_the_view_says_so(lab):
    view = view_of(lab)
    lab.show_path()
    lab.set(learning_rate=0.01, path_scope="this")
    lab.wait()
    assert "% of the variation" in view.chart.figure.axes[0].label
    # Of the first and the last weights alone the last are far away.
    lab.set(optimizer="sgd", learning_rate=10.0, initial_scale=10.0, epochs=1, batch_size=500)
    lab.wait()
    assert lab.path().explained == (0, 0)
    assert [each.label for each in view.chart.figure.axes] == ["no direction"] * 2
    for words in ("No plane can be drawn", "“all runs” shows the others"):
        assert words in view.text.value
    for words in ("100%", "“this run” shows", "principal component"):
        assert words not in view.text.value
    assert not view.chart.ground.visible
    assert all(len(line.x) == 0 for line in view.chart.lines.values())
    [axes] = lab.path_figure().axes
    assert axes.get_xlabel() == "no direction"
    lab.set(path_scope="all")
    lab.wait()
    assert view.chart.ground.visible
    lab.set(learning_rate=0.01, path_scope="this")
    lab.wait()
    assert "% of the variation" in view.chart.figure.axes[0].label


def test_the_advice_to_look_at_this_run_is_only_given_where_it_is_not_chosen(lab):
    lab.show_path()
    for learning_rate in (0.1, 1e-5):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    assert "“this run” shows" in view_of(lab).text.value
    lab.set(path_scope="this")
    lab.wait()
    assert "“this run” shows" not in view_of(lab).text.value


def test_several_paths_are_named_beside_the_map_as_in_the_charts(lab):
    lab.show_path()
    for count, rates in ((0, (0.01,)), (1, (0.01, 0.1))):
        lab.set(learning_rate=rates[-1])
        lab.wait()
        assert view_of(lab).text.value.count("rate 0.01</span>") == count
    assert "rate 0.1</span>" in view_of(lab).text.value
    for each in lab.runs:
        assert curve_color(lab, each.number) in view_of(lab).text.value


# The map gives way


def test_the_map_gives_way_to_a_newer_run_and_is_drawn_after_it(lab, monkeypatch):
    lab.show_path()
    working, answers = threading.Event(), []
    view = view_of(lab)
    evaluate = view.compute_map

    def slow():
        if not answers:
            working.set()
            while not lab.live.should_yield():
                pass
        answers.append(evaluate())
        return answers[-1]

    monkeypatch.setattr(view, "compute_map", slow)
    lab.set(learning_rate=0.01)
    assert working.wait(SECONDS)
    lab.set(learning_rate=0.1)
    lab.wait()
    assert answers[0] is False
    assert answers[-1] is True
    assert len(lab.runs) == 2
    assert view.map.window.contains(lab.path(next(iter(lab.runs)).number).points)
    assert view.map.window.contains(lab.path().points)


def test_closing_the_lab_ends_a_map_that_is_worked_out(lab, monkeypatch):
    lab.show_path()
    working = threading.Event()

    def endless(*_arguments, **_options):
        working.set()
        while not lab.live.should_yield():
            pass

    monkeypatch.setattr("hpt_widgets.labs.training.path_view.fit_plane", endless)
    monkeypatch.setattr("hpt_widgets.labs.training.path_view.PROVISIONAL", ())
    lab.start()
    assert working.wait(SECONDS)
    lab.close()
    assert lab.is_closed
    with pytest.raises(RuntimeError):
        lab.show_path()


# Parts


def test_the_tab_opens_and_closes_the_view(lab):
    assert not view_of(lab).is_open
    lab.view.tabs.selected_index = TABS.index("path")
    assert view_of(lab).is_open
    lab.view.tabs.selected_index = TABS.index("code")
    assert not view_of(lab).is_open


def test_the_picture_in_matplotlib_has_the_same_paths(lab):
    lab.show_path()
    for learning_rate in (0.001, 0.01):
        lab.set(learning_rate=learning_rate)
        lab.wait()
    axes, bar = lab.path_figure().axes
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_allclose(lines["rate 0.01"].get_xydata(), lab.path().points)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "rate 0.001",
        "rate 0.01",
    ]
    assert "% of the variation" in axes.get_xlabel()
    # The shades are named by the losses that they stand for, on a logarithmic scale.
    low, high = view_of(lab).map.limits
    for place, label in zip(bar.get_yticks(), bar.get_yticklabels(), strict=True):
        assert math.exp(place) == pytest.approx(float(label.get_text()))
        assert 0.99 * low <= math.exp(place) <= 1.01 * high


def test_the_picture_is_in_the_readers_language(lab):
    hpt.use_language("zh")
    [axes] = lab.path_figure().axes
    assert "训练开始后才能确定" in axes.get_xlabel()
    lab.show_path()
    lab.start()
    lab.wait()
    axes = lab.path_figure().axes[0]
    assert "第一主成分" in axes.get_xlabel()
    assert "第二主成分" in axes.get_ylabel()


def test_a_map_with_values_beyond_all_numbers_can_be_drawn():
    window = Window((0.0, 1.0), (0.0, 1.0))
    losses = np.array([[0.0, 0.5, np.inf], [1.0, 2.0, np.inf], [1.0, 3.0, np.inf]])
    drawn = LossMap(window, losses)
    assert drawn.limits == (1e-3, 3.0)
    assert drawn.png().startswith(b"\x89PNG")
    assert LossMap(window, np.full((3, 3), np.inf)).png().startswith(b"\x89PNG")
    assert LossMap(window, np.full((3, 3), 0.7)).png().startswith(b"\x89PNG")


def test_a_recorder_forgets_the_runs_that_are_no_longer_shown():
    recorder = PathRecorder()
    weights = [np.ones((2, 3), np.float32), np.zeros(3, np.float32)]
    first, second = (TrainingRequest(hpt.Hyperparameters(), 78) for _ in range(2))
    assert recorder.begin(first, weights) is False
    assert recorder.begin(second, weights) is False
    recorder.keep([second])
    assert [path.request for path in recorder.paths] == [second]
    assert recorder.finish(first, 10, weights) is False
    assert recorder.finish(second, 10, weights) is True
    assert recorder.paths[0].samples == [0, 10]
    recorder.keep([])
    assert recorder.network is None
