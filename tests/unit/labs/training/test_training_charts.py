"""Curves of the present run, and earlier ones as ghosts."""

import math

import pytest
from lab_tools import small

import hpt_widgets as hpt
from hpt_widgets.labs.training.charts import GHOST_OPACITY, TrainingCharts
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.support.colors import PALETTE
from hpt_widgets.training.run import HistoryPoint
from hpt_widgets.training.session import Progress


@pytest.fixture
def charts():
    return TrainingCharts(request())


def request(**changes):
    return TrainingRequest(small(**changes), 100)


def point(samples, loss, accuracy=math.nan):
    return HistoryPoint(samples, samples / 100, samples / 50, loss, loss * 2, accuracy)


MEASURED = (point(50, 2.0), point(100, 1.0, 0.5))
UNMEASURED = (point(50, 2.0),)


def progress(samples=120, loss=0.5, recorded=False):
    return Progress(samples, 200, samples / 100, loss, None, None, 2.4, 50.0, 1.0, recorded, None)


def draw_run(charts, made, points=MEASURED, number=None):
    charts.begin(made)
    charts.draw(points, progress(recorded=True))
    charts.settle()
    if number is not None:
        charts.finish(made, points, number)
    return made


def slot_of(charts, made):
    return next((slot for slot in charts.slots if slot.request is made), None)


def legend(charts):
    return charts.legend.value


def test_the_present_run_is_drawn_up_to_where_it_stands(charts):
    charts.begin(request())
    charts.draw(MEASURED, progress(120, 0.5))
    assert charts.drawn_loss() == [2.0, 1.0, 0.5]
    slot = charts.slots[0]
    assert list(slot.training_loss.line.x) == list(slot.training_loss.points.x) == [50, 100, 120]
    charts.settle()
    assert list(slot.accuracy.line.x) == [100]
    charts.draw(MEASURED, progress(100, 1.0, recorded=True))
    assert charts.drawn_loss() == [2.0, 1.0]


def test_a_new_runs_first_point_comes_alone_and_all_else_with_the_second(charts):
    first = draw_run(charts, request(learning_rate=0.5), number=1)
    before = legend(charts)
    charts.begin(request())
    charts.draw(UNMEASURED, progress(50, 2.0, recorded=True))
    slot, ghost = charts.slots[0], slot_of(charts, first)
    assert list(slot.training_loss.line.x) == [50]
    assert legend(charts) == before
    assert ghost.training_loss.line.opacities == [1.0]
    charts.draw(UNMEASURED, progress(60, 1.5))
    assert legend(charts) != before
    assert ghost.training_loss.line.opacities == [GHOST_OPACITY]
    assert list(slot.training_loss.points.x) == [50, 60]


def test_losses_that_are_no_numbers_leave_the_chart_as_it_is(charts):
    charts.begin(request())
    charts.draw((point(50, 2.0), point(60, math.inf), point(70, math.nan)), progress(80, math.nan))
    assert charts.drawn_loss() == [2.0]


def test_a_measured_run_becomes_a_ghost_that_says_what_differed(charts):
    first = draw_run(charts, request(learning_rate=0.5), number=1)
    draw_run(charts, request())
    ghost = slot_of(charts, first)
    assert ghost.training_loss.line.opacities == [GHOST_OPACITY]
    assert charts.slots[0].training_loss.line.opacities == [1.0]
    assert ghost.color != charts.slots[0].color
    assert "learning rate 0.5" in legend(charts)
    assert "seed" not in legend(charts)


def test_a_run_without_a_measure_leaves_no_ghost(charts):
    first = draw_run(charts, request(learning_rate=0.5), UNMEASURED)
    draw_run(charts, request())
    assert slot_of(charts, first) is None
    assert "0.5" not in legend(charts)


def test_a_run_with_the_same_settings_is_called_so_in_both_languages(charts):
    for language in ("en", "zh"):
        hpt.use_language(language)
        draw_run(charts, request())
        draw_run(charts, request())
        words = {"en": "the same settings", "zh": "设置相同"}[language]
        assert words in legend(charts)


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
    assert "random seed" not in legend(charts)
    charts.forget(77)


def test_a_run_that_has_gone_from_the_charts_may_still_end(charts):
    gone = request(seed=1)
    draw_run(charts, request())
    charts.finish(gone, MEASURED, 8)
    assert not charts.is_pinned(8)
    assert not charts.pin(8, True)


def test_all_curves_follow_the_x_axis(charts):
    draw_run(charts, request(seed=1), number=1)
    draw_run(charts, request())
    charts.use_x_axis("seconds")
    for slot in charts.slots[:2]:
        assert list(slot.training_loss.line.x)[:2] == [1.0, 2.0]
        assert list(slot.accuracy.line.x) == [2.0]
    assert charts.loss_figure.axes[0].label == "seconds"
    charts.use_x_axis("samples")
    assert list(charts.slots[1].accuracy.line.x) == [100]


def test_the_picture_shows_the_same_curves(charts):
    assert all(not axes.lines for axes in charts.picture().axes)
    draw_run(charts, request(seed=1), number=1)
    draw_run(charts, request())
    loss, accuracy = charts.picture().axes
    assert len(loss.lines) == 4
    assert len(accuracy.lines) == 2
    assert list(loss.lines[-2].get_ydata()) == [2.0, 1.0]
    assert loss.get_yscale() == "log"
    assert [label.get_text() for label in loss.get_yticklabels()] == ["1", "2", "5"]


def test_the_picture_names_runs_by_what_differs(charts):
    for number, rate in enumerate((0.0, 0.3, 0.6), start=1):
        draw_run(charts, request(dropout_rate=rate), number=number)
    legend = charts.picture().axes[1].get_legend()
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["dropout rate = 0", "dropout rate = 0.3", "dropout rate = 0.6"]
    colors = [line.get_color() for line in legend.get_lines()]
    assert colors == [slot.color for slot in reversed(charts.slots[:3])]


def test_the_picture_does_not_show_what_a_ghost_that_blew_up_reached(charts):
    draw_run(charts, request(), (point(50, 2.0), point(100, 9e4, 0.1)), 1)
    assert charts.picture().axes[0].get_ylim()[1] > 9e4
    draw_run(charts, request(learning_rate=0.5), number=2)
    assert charts.picture().axes[0].get_ylim()[1] < 20


def test_the_loss_axis_writes_all_its_numbers_alike(charts):
    axis = charts.loss_figure.axes[1]
    draw_run(charts, request(), number=1)
    assert axis.tick_format == "~g"
    draw_run(charts, request(), (point(50, 2.0), point(100, 3e6, 0.1)))
    assert axis.tick_format == ".0e"
    assert max(axis.tick_values) >= 1e6
    draw_run(charts, request(learning_rate=0.5), number=2)
    assert axis.tick_format == "~g"


def test_the_accuracy_axis_has_few_round_ticks_and_holds_all_that_was_measured(charts):
    axis = charts.accuracy_figure.axes[1]
    assert list(axis.tick_values) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    draw_run(charts, request(), (point(50, 2.0, 0.913), point(100, 1.0, 0.95)), 1)
    assert axis.scale.min == 0.913
    assert list(axis.tick_values) == [0.92, 0.94, 0.96, 0.98, 1]
    draw_run(charts, request(), (point(50, 2.0, 0.6), point(100, 1.0, 0.7)), 2)
    assert axis.scale.min == 0.6
    charts.forget(2)
    assert axis.scale.min == 0.913
    charts.clear()
    assert axis.scale.min == 0
    assert axis.scale.max == 1


def test_a_perfect_accuracy_leaves_the_axis_some_length(charts):
    draw_run(charts, request(), (point(50, 2.0, 1.0),), 1)
    scale = charts.accuracy_figure.axes[1].scale
    assert scale.min < scale.max == 1


def test_a_ghost_that_blew_up_does_not_press_the_present_curve_flat(charts):
    charts.begin(request())
    charts.finish(charts.slots[0].request, (point(50, 2.0), point(100, 9e4, 0.1)), 1)
    assert charts.loss_figure.axes[1].scale.max > 9e4
    charts.begin(request(learning_rate=0.5))
    charts.finish(charts.slots[0].request, MEASURED, 2)
    assert charts.loss_figure.axes[1].scale.max < 20


def test_the_legend_names_what_differs_from_the_beginning(charts):
    draw_run(charts, request(epochs=7))
    assert "epochs 7" in charts.legend.value
