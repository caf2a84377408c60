"""Curves of the present run, and earlier ones as ghosts."""

import math
import re
from dataclasses import replace

import pytest
from lab_tools import small

import hpt_widgets as hpt
from hpt_widgets.labs.kit.charts import MOST_MARKERS
from hpt_widgets.labs.training.chart_scene import Spot, loss_scene
from hpt_widgets.labs.training.charts import TrainingCharts
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.run_chart import BEYOND
from hpt_widgets.labs.training.run_slot import GHOST_OPACITY
from hpt_widgets.support.colors import PALETTE
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.run import HistoryPoint


@pytest.fixture
def charts():
    def next_number():
        return 1 + max((slot.number or 0 for charts in made for slot in charts.slots), default=0)

    made = []
    made.append(TrainingCharts(request(), next_number))
    return made[0]


def request(**changes):
    return TrainingRequest(small(**changes), 100)


def point(samples, loss, accuracy=math.nan):
    return HistoryPoint(samples, samples / 100, samples / 50, loss, loss * 2, accuracy)


MEASURED = (point(50, 2.0), point(100, 1.0, 0.5))
LONGER = (*MEASURED, point(125, 0.9, 0.6), point(150, 0.8, 0.7))
UNMEASURED = (point(50, 2.0),)


def progress(samples=120, loss=0.5, recorded=False):
    return Progress(samples, 200, samples / 100, loss, None, None, 2.4, 50.0, 1.0, recorded, None)


def draw_run(charts, made, points=MEASURED, number=None):
    charts.begin(made)
    charts.draw(points, progress(points[-1].samples, recorded=True))
    charts.settle()
    if number is not None:
        charts.finish(made, points, number)
    return made


def slot_of(charts, made):
    return next((slot for slot in charts.slots if slot.request is made), None)


def words_at_ends(chart):
    """Return the labels at the ends of a chart's curves, the oldest run first."""
    return re.findall(r"</span><span>(.*?)</span>", chart.labels.text.value)


def test_the_present_run_is_drawn_up_to_where_it_stands(charts):
    charts.begin(request())
    charts.draw(MEASURED, progress(120, 0.5))
    assert charts.drawn_loss() == [2.0, 1.0, 0.5]
    slot = charts.slots[0]
    assert list(slot.training_loss.line.x) == [50, 100, 120]
    assert list(slot.training_loss.points.x) == []
    charts.settle()
    assert list(slot.training_loss.points.x) == [50, 100, 120]
    assert list(slot.accuracy.line.x) == [100]
    charts.draw(MEASURED, progress(100, 1.0, recorded=True))
    assert charts.drawn_loss() == [2.0, 1.0]
    # The row comes later where its validation was interrupted.
    charts.draw(MEASURED, progress(150, 0.8, recorded=True))
    assert charts.drawn_loss() == [2.0, 1.0, 0.8]


def test_a_new_runs_first_point_comes_alone_and_all_else_with_the_second(charts):
    first = draw_run(charts, request(learning_rate=0.5), number=1)
    before = words_at_ends(charts.loss)
    charts.begin(request())
    charts.draw(UNMEASURED, progress(50, 2.0, recorded=True))
    slot, ghost = charts.slots[0], slot_of(charts, first)
    assert list(slot.training_loss.line.x) == [50]
    assert words_at_ends(charts.loss) == before
    assert ghost.training_loss.line.opacities == [1.0]
    charts.draw(UNMEASURED, progress(60, 1.5))
    assert words_at_ends(charts.loss) == ["rate 0.5", "rate 0.01"]
    assert ghost.training_loss.line.opacities == [GHOST_OPACITY]
    assert list(slot.training_loss.points.x) == [50, 60]


def test_losses_that_are_no_numbers_leave_the_chart_as_it_is(charts):
    charts.begin(request())
    charts.draw((point(50, 2.0), point(60, math.inf), point(70, math.nan)), progress(80, math.nan))
    assert charts.drawn_loss() == [2.0]


def test_a_measured_run_becomes_a_ghost_and_both_say_what_differs(charts):
    first = draw_run(charts, request(learning_rate=0.5), number=1)
    draw_run(charts, request())
    ghost = slot_of(charts, first)
    assert ghost.training_loss.line.opacities == [GHOST_OPACITY]
    assert charts.slots[0].training_loss.line.opacities == [1.0]
    assert ghost.color != charts.slots[0].color
    for chart in (charts.loss, charts.accuracy):
        assert words_at_ends(chart) == ["rate 0.5", "rate 0.01"]
        assert ghost.color in chart.labels.text.value
    # All that a label leaves out is said when the mouse is over it.
    assert "learning rate 0.5, batch size 32, dropout rate 0.2" in charts.loss.labels.text.value


def test_evenly_spaced_accuracies_are_not_rounded_along_the_axis(charts):
    accuracies = (0.902, 0.909)
    points = [point(100 * (1 + k), 1.0, value) for k, value in enumerate(accuracies)]
    draw_run(charts, request(), tuple(points), number=1)
    upright = charts.accuracy.figure.axes[1]
    assert any(round(tick, 3) != tick for tick in upright.tick_values)
    assert upright.tick_format == ".2~%"


def test_a_run_without_a_measure_leaves_no_ghost(charts):
    first = draw_run(charts, request(learning_rate=0.5), UNMEASURED)
    draw_run(charts, request())
    assert slot_of(charts, first) is None
    assert words_at_ends(charts.loss) == ["training", "validation"]


def test_runs_with_the_same_settings_are_numbered_in_both_languages(charts):
    for language, words in (("en", ["run 1", "run 2"]), ("zh", ["第 1 次", "第 2 次"])):
        hpt.use_language(language)
        charts.clear()
        draw_run(charts, request())
        draw_run(charts, request())
        assert words_at_ends(charts.accuracy) == words


def test_runs_are_called_by_the_numbers_of_the_table_and_one_under_way_by_the_next(charts):
    draw_run(charts, request(), number=14)
    draw_run(charts, request(), number=15)
    draw_run(charts, request())
    assert words_at_ends(charts.loss) == ["run 14", "run 15", "run 16"]
    charts.finish(charts.slots[0].request, MEASURED, 17)
    assert words_at_ends(charts.loss) == ["run 14", "run 15", "run 17"]
    charts.pin(14, True)
    assert "pinned: run 14<" in charts.legend.value


def test_the_words_at_the_ends_follow_the_language_and_a_change_in_mid_run(charts):
    draw_run(charts, request(learning_rate=0.5), number=1)
    draw_run(charts, request())
    assert words_at_ends(charts.loss) == ["rate 0.5", "rate 0.01"]
    hpt.use_language("zh")
    charts.draw(MEASURED, progress(130, 0.4))
    assert words_at_ends(charts.loss) == ["学习率 0.5", "学习率 0.01"]
    assert "学习率 0.5，批大小 32" in charts.loss.labels.text.value
    charts.change([(110, {"learning_rate": 0.2})])
    charts.draw(MEASURED, progress(140, 0.3))
    assert words_at_ends(charts.loss) == ["学习率 0.5", "学习率 0.01 → 0.2"]


def test_more_runs_than_places_push_the_oldest_out(charts):
    made = [draw_run(charts, request(seed=seed), number=seed + 1) for seed in range(10)]
    kept = [w for w in made if slot_of(charts, w)]
    assert kept == made[-len(PALETTE) :]
    assert {slot.color for slot in charts.slots} == set(PALETTE)


def test_a_pinned_run_stays_and_one_place_is_always_left(charts):
    pinned = draw_run(charts, request(seed=99), number=1)
    assert charts.pin(1, True)
    for seed in range(10):
        draw_run(charts, request(seed=seed), number=seed + 2)
    assert slot_of(charts, pinned) is not None
    assert charts.is_pinned(1)
    assert not charts.is_pinned(11)
    assert not charts.pin(2, True)
    numbers = [slot.number for slot in charts.slots if not slot.pinned]
    assert [charts.pin(number, True) for number in numbers].count(False) == 1
    newest = draw_run(charts, request(), number=50)
    assert charts.slots[0].request is newest
    charts.clear()
    assert slot_of(charts, pinned) is not None
    assert slot_of(charts, newest) is None
    assert charts.pin(1, False)
    charts.clear()
    assert slot_of(charts, pinned) is None


def test_a_forgotten_run_is_taken_out(charts):
    first = draw_run(charts, request(seed=5), number=1)
    draw_run(charts, request(), number=2)
    slot = slot_of(charts, first)
    charts.forget(1)
    assert slot_of(charts, first) is None
    assert list(slot.training_loss.line.x) == []
    assert words_at_ends(charts.accuracy) == ["50.0%"]
    charts.forget(77)


def test_a_run_that_has_gone_from_the_charts_may_still_end(charts):
    gone = request(seed=1)
    draw_run(charts, request())
    charts.finish(gone, MEASURED, 8)
    assert not charts.is_pinned(8)
    assert not charts.pin(8, True)


@pytest.mark.parametrize(
    ("x_axis", "name", "x"), [("seconds", "seconds", [1.0, 2.0]), ("epochs", "epochs", [0.5, 1.0])]
)
def test_all_curves_follow_the_x_axis(charts, x_axis, name, x):
    draw_run(charts, request(seed=1), number=1)
    draw_run(charts, request())
    charts.use_x_axis(x_axis)
    for slot in charts.slots[:2]:
        assert slot.training_loss.points.tooltip.labels == [name, "training loss"]
        assert list(slot.training_loss.line.x)[:2] == x
        assert list(slot.accuracy.line.x) == x[1:]
    for chart in (charts.loss, charts.accuracy):
        assert chart.figure.axes[0].label == name
        assert chart.figure.axes[0].scale.max == BEYOND * 2.0  # two epochs, and two seconds
        assert list(chart.figure.axes[0].tick_values) == [0, 0.5, 1, 1.5, 2]
    charts.use_x_axis("samples")
    assert list(charts.slots[1].accuracy.line.x) == [100]
    assert charts.loss.figure.axes[0].scale.max == BEYOND * 200


def is_log(chart):
    """Whether a chart of losses is logarithmic, all its parts alike."""
    kinds = {type(mark.scales["y"]).__name__ for mark in chart.figure.marks[:24]}
    kinds.add(type(chart.figure.axes[1].scale).__name__)
    kinds |= {type(mark.scales["y"]).__name__ for mark in chart.marks.spots.values()}
    [kind] = kinds
    return kind == "LogScale"


def test_the_losses_can_be_drawn_on_either_axis(charts):
    draw_run(charts, request(), (point(50, 2.0), point(100, 0.0, 0.5)), number=1)
    curve = charts.slots[0].training_loss.line
    assert is_log(charts.loss)
    assert list(curve.y) == [2.0]  # there is no 0 on a logarithmic axis
    charts.use_loss_axis("linear")
    assert not is_log(charts.loss)
    assert list(curve.y) == [2.0, 0.0]
    assert charts.loss.figure.axes[1].scale.min == 0
    assert charts.picture().axes[0].get_yscale() == "linear"
    charts.use_loss_axis("log")
    assert is_log(charts.loss)
    assert list(curve.y) == [2.0]


def test_by_itself_the_axis_is_linear_while_a_long_run_is_shown(charts):
    draw_run(charts, request(epochs=30), number=1)
    assert not is_log(charts.loss)
    draw_run(charts, request(), number=2)
    assert not is_log(charts.loss)
    charts.forget(1)
    assert is_log(charts.loss)


def test_the_best_epoch_and_the_edges_are_marked(charts):
    turning = [2.0, 0.3, 0.2, 0.4]  # the training losses; the validation losses are twice that
    points = tuple(point(25 * (k + 1), loss, 0.9) for k, loss in enumerate(turning))
    draw_run(charts, request(epochs=30), points, number=1)
    best = charts.loss.marks.spots["best"]
    assert (list(best.x), list(best.y)) == ([75], [0.4])
    assert best.colors == [charts.slots[0].color]
    assert "0.4" in best.names[0]
    assert "lowest validation loss" in charts.legend.value

    charts.begin(request(learning_rate=9.0, epochs=30))
    made = charts.slots[0].request
    charts.finish(made, (point(50, 2.0), point(100, 9e4, 0.1)), 2, has_diverged=True)
    cross = charts.loss.marks.spots["diverged"]
    assert list(cross.x) == [100]
    assert list(cross.y) == [charts.loss.figure.axes[1].scale.max]
    below = charts.accuracy.marks.spots["below"]
    assert list(below.y) == []  # the cross says it
    assert "diverged" in charts.legend.value


def test_a_mark_that_stays_where_it_is_takes_another_label_and_colour(charts):
    scene = loss_scene([], is_log=False)
    marks = charts.loss.marks
    for text, color in (("rate 0.1", "#000000"), ("rate 0.1, dropout 0.2", "#111111")):
        marks.show(replace(scene, best=[Spot(1.0, 2.0, text, color)]), 10.0)
        assert (list(marks.spots["best"].names), marks.spots["best"].colors) == ([text], [color])


def test_a_change_in_mid_run_is_marked_while_it_runs_and_when_it_has_ended(charts):
    charts.begin(request())
    charts.draw(MEASURED, progress(100, recorded=True))
    charts.change([(50, {"learning_rate": 0.2})])
    charts.draw(MEASURED, progress(120))
    for chart in (charts.loss, charts.accuracy):
        assert list(chart.marks.lines.x) == [50, 50]
        assert list(chart.marks.texts["start"].text) == ["rate 0.01 → 0.2"]
    made, changes = (
        charts.slots[0].request,
        [(50, {"learning_rate": 0.2}), (150, {"batch_size": 8})],
    )
    charts.finish(made, LONGER, 1, changes=changes)
    assert list(charts.loss.marks.texts["end"].text) == ["batch 32 → 8"]
    assert "rate 0.01 → 0.2" in charts.legend.value
    charts.use_x_axis("seconds")
    assert charts.loss.marks.lines.x[0][0] == 1.0
    charts.forget(1)
    assert len(charts.loss.marks.lines.x) == 0
    assert list(charts.loss.marks.texts["start"].text) == []


def test_markers_do_not_hide_the_dashes_of_a_long_curve(charts):
    few = tuple(point(k, 1.0, 0.5) for k in range(1, MOST_MARKERS["dashed"] + 1))
    draw_run(charts, request(), few)
    markers = charts.slots[0].validation_loss.points
    assert markers.opacities == [1.0]
    draw_run(charts, request(), (*few, point(90, 1.0, 0.5)))
    markers = charts.slots[0].validation_loss.points
    assert markers.opacities == [0.0]
    assert len(markers.x) == MOST_MARKERS["dashed"] + 1  # the mouse still finds them


def texts_of(axes):
    return [text.get_text() for text in axes.texts]


def curves_of(axes):
    """Return the lines that are curves: not the dashes of labels, nor single marks."""
    return [
        line
        for line in axes.lines
        if line.get_transform() is not axes.transAxes and len(line.get_xdata()) > 1
    ]


def test_the_picture_shows_the_same_curves(charts):
    assert all(not axes.lines for axes in charts.picture().axes)
    draw_run(charts, request(seed=1), LONGER, number=1)
    draw_run(charts, request(), LONGER)
    loss, accuracy = charts.picture().axes
    assert len(curves_of(loss)) == 4
    assert len(curves_of(accuracy)) == 2
    assert list(curves_of(loss)[-2].get_ydata()) == [2.0, 1.0, 0.9, 0.8]
    assert loss.get_yscale() == "log"
    assert loss.get_ylim() == (
        charts.loss.figure.axes[1].scale.min,
        charts.loss.figure.axes[1].scale.max,
    )
    assert list(loss.get_yticks()) == list(charts.loss.figure.axes[1].tick_values)
    assert accuracy.get_xlim() == (0, 200)


@pytest.mark.parametrize(
    ("language", "names", "x"), [("en", "dropout", "epochs"), ("zh", "dropout", "训练轮数")]
)
def test_the_picture_names_runs_at_their_ends(charts, language, names, x):
    hpt.use_language(language)
    charts.use_x_axis("epochs")
    for number, rate in enumerate((0.0, 0.3, 0.6), start=1):
        draw_run(charts, request(dropout_rate=rate), number=number)
    for axes in charts.picture().axes:
        assert texts_of(axes) == [f"{names} 0", f"{names} 0.3", f"{names} 0.6"]
        assert axes.get_xlabel() == x
        dashes = [line for line in axes.lines if line.get_transform() is axes.transAxes]
        assert [line.get_color() for line in dashes] == [
            slot.color for slot in reversed(charts.slots[:3])
        ]


def test_the_picture_has_the_marks_too(charts):
    charts.begin(request(epochs=5))
    made = charts.slots[0].request
    charts.finish(made, LONGER, 1, changes=[(50, {"learning_rate": 0.2})])
    loss, accuracy = charts.picture().axes
    assert "rate 0.01 → 0.2" in texts_of(loss)
    assert "rate 0.01 → 0.2" in texts_of(accuracy)
    # A light edge keeps what was changed apart from the curves below it.
    assert all(text.get_path_effects() for text in loss.texts if "→" in text.get_text())
    marks = [line for line in loss.lines if len(line.get_xdata()) == 1]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks] == [(150, 1.6)]


def test_the_picture_does_not_show_what_a_ghost_that_blew_up_reached(charts):
    draw_run(charts, request(), (point(50, 2.0), point(100, 9e4, 0.1)), 1)
    assert charts.picture().axes[0].get_ylim()[1] > 9e4
    draw_run(charts, request(learning_rate=0.5), number=2)
    assert charts.picture().axes[0].get_ylim()[1] < 20


def test_the_loss_axis_writes_all_its_numbers_alike(charts):
    axis = charts.loss.figure.axes[1]
    draw_run(charts, request(), (point(50, 2.0), point(100, 3e6, 0.1)), number=1)
    assert axis.tick_format == ".0e"
    assert max(axis.tick_values) >= 1e6
    draw_run(charts, request(learning_rate=0.5), number=2)
    assert axis.tick_format == "~g"


def test_the_accuracy_axis_has_few_round_ticks_and_follows_the_runs(charts):
    axis = charts.accuracy.figure.axes[1]
    assert list(axis.tick_values) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    draw_run(charts, request(), (point(50, 2.0, 0.913), point(100, 1.0, 0.95)), 1)
    ticks = [0.91, 0.92, 0.93, 0.94, 0.95]
    assert list(axis.tick_values) == ticks
    assert (axis.scale.min, axis.scale.max) == (0.91, 0.95)
    draw_run(charts, request(), (point(50, 2.0, 0.7), point(100, 1.0, 0.8)), 2)
    assert axis.scale.min < 0.8
    charts.forget(2)
    assert list(axis.tick_values) == ticks
    charts.clear()
    assert (axis.scale.min, axis.scale.max) == (0, 1)


def test_a_ghost_that_blew_up_does_not_press_the_present_curve_flat(charts):
    charts.begin(request())
    charts.finish(charts.slots[0].request, (point(50, 2.0), point(100, 9e4, 0.1)), 1)
    assert charts.loss.figure.axes[1].scale.max > 9e4
    charts.begin(request(learning_rate=0.5))
    charts.finish(charts.slots[0].request, MEASURED, 2)
    assert charts.loss.figure.axes[1].scale.max < 20


def test_the_legend_says_what_lines_mean_and_what_is_pinned(charts):
    assert "training loss" in charts.legend.value
    assert "validation loss" in charts.legend.value
    assert "lowest" not in charts.legend.value
    draw_run(charts, request(learning_rate=0.5), number=1)
    draw_run(charts, request(), number=2)
    assert "pinned" not in charts.legend.value
    charts.pin(1, True)
    assert "pinned: rate 0.5<" in charts.legend.value
    charts.pin(1, False)
    assert "pinned" not in charts.legend.value


def test_the_legend_spells_out_what_is_too_long_for_the_charts(charts):
    draw_run(charts, request(optimizer="momentum", hidden_units=(128, 64)), number=1)
    draw_run(charts, request(optimizer="rmsprop", learning_rate=0.0123), number=2)
    assert words_at_ends(charts.loss) == ["run 1", "run 2"]
    assert "run 1: rate 0.01, 128-64 units, momentum" in charts.legend.value
