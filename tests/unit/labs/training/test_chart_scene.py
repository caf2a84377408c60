"""What the charts mark: where curves leave them, the best of a run, and changes in mid-run."""

import math

import pytest

import hpt_widgets as hpt
from hpt_widgets.labs.training.chart_scene import (
    Change,
    RunCurves,
    Series,
    accuracy_scene,
    loss_scene,
    merged_changes,
)
from hpt_widgets.support.colors import PALETTE

X = [100.0, 200.0, 300.0, 400.0]


def run(label, training, validation=(), accuracy=(), **others):
    measured = X[-len(validation) :] if validation else []
    rated = X[-len(accuracy) :] if accuracy else []
    return RunCurves(
        **{
            "color": PALETTE[0],
            "label": label,
            "hint": f"all of {label}",
            "is_present": True,
            "is_long": False,
            "has_diverged": False,
            "training": Series.of(X, training),
            "validation": Series.of(measured, validation),
            "accuracy": Series.of(rated, accuracy),
            **others,
        }
    )


GOOD = run("adam", [2.3, 0.8, 0.4, 0.3], [0.5, 0.35, 0.32], [0.9, 0.94, 0.96])
WILD = run(
    "sgd",
    [2.4, 8.0, 900.0, math.nan],
    [90.0],
    [0.1],
    color=PALETTE[1],
    is_present=False,
    has_diverged=True,
)
GUESSING = run("rate 1", [3.0, 2.9, 2.8, 2.9], [2.9], [0.1], is_present=False)


def test_what_is_no_number_is_left_out():
    series = Series.of([1, 2, 3, math.inf], [math.nan, 5, math.inf, 1])
    assert (series.x, series.y) == ([2], [5])


@pytest.mark.parametrize("is_log", [True, False])
def test_a_run_that_diverged_is_cut_off_with_a_cross_at_the_edge(is_log):
    scene = loss_scene([GOOD, WILD], is_log=is_log)
    [cross] = scene.diverged
    assert (cross.x, cross.color) == (300.0, PALETTE[1])
    assert cross.y == pytest.approx(scene.axis.high)
    assert "sgd" in cross.text
    assert scene.axis.high < 10


def test_a_lone_run_that_diverged_has_its_cross_where_it_ended():
    scene = loss_scene([WILD], is_log=True)
    [cross] = scene.diverged
    assert (cross.x, cross.y) == (300.0, pytest.approx(900.0))
    assert not scene.above


def test_accuracies_below_the_chart_are_marked_at_its_edge():
    scene = accuracy_scene([GOOD, GUESSING])
    [spot] = scene.below
    assert (spot.x, spot.y) == (400.0, scene.axis.low)
    assert "10.0%" in spot.text
    assert not scene.above
    # The label of a curve that can't be seen stands at the edge too.
    assert [(end.text, end.share) for end in scene.ends][1] == ("rate 1", 0.0)


def test_a_curve_that_leaves_the_chart_is_marked_where_it_crosses_the_edge():
    falling = run("long", [2.0, 0.4, 0.1, 0.0001], [0.5, 0.3, 0.28, 0.34], [0.8, 0.9, 0.91, 0.9])
    scene = loss_scene([falling], is_log=True)
    [spot] = scene.below
    assert spot.y == scene.axis.low
    edge, before, after = (math.log(value) for value in (scene.axis.low, 0.1, 0.0001))
    assert spot.x == pytest.approx(300 + 100 * (before - edge) / (before - after))


def test_a_curve_that_comes_from_outside_is_not_marked():
    high = run("late", [40.0, 2.0, 0.5, 0.3], [0.6, 0.4, 0.3])
    scene = loss_scene([GOOD, high], is_log=False)
    assert scene.axis.high < 40
    assert not scene.above
    assert not scene.below


def test_the_lowest_validation_loss_is_marked_where_there_are_several():
    turned = run("a", [2.0, 1.0, 0.5, 0.2], [0.5, 0.3, 0.28, 0.34])
    [best] = loss_scene([turned], is_log=False).best
    assert (best.x, best.y) == (300.0, 0.28)
    assert "0.28" in best.text
    falling = {"training": [2.0, 1.0, 0.5, 0.2], "validation": [0.5, 0.3, 0.28, 0.27]}
    assert not loss_scene([run("short", **falling)], is_log=False).best
    [last] = loss_scene([run("long", **falling, is_long=True)], is_log=False).best
    assert (last.x, last.y) == (400.0, 0.27)
    assert not loss_scene([run("b", [2.0, 1.0, 0.5, 0.2], [0.5, 0.3])], is_log=False).best
    assert not accuracy_scene([turned]).best


def test_each_curve_is_labelled_at_its_end():
    slow = run("sgd", [2.3, 1.5, 1.0, 0.9], [1.2, 1.0, 0.8], [0.7, 0.8, 0.85], is_present=False)
    for scene, ends in (
        (loss_scene([slow, GOOD], is_log=True), (0.8, 0.32)),
        (accuracy_scene([slow, GOOD]), (0.85, 0.96)),
    ):
        assert [end.text for end in scene.ends] == ["sgd", "adam"]
        assert [end.share for end in scene.ends] == [scene.axis.share(end) for end in ends]
        assert [end.is_bold for end in scene.ends] == [False, True]
        assert scene.ends[0].hint == "all of sgd"


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["training", "validation"]), ("zh", ["训练", "验证"])]
)
def test_a_lone_run_has_nothing_to_be_told_from_so_its_curves_are_named(language, words):
    hpt.use_language(language)
    scene = loss_scene([GOOD], is_log=True)
    assert [end.text for end in scene.ends] == words
    assert [end.is_dashed for end in scene.ends] == [False, True]
    assert [end.text for end in accuracy_scene([GOOD]).ends] == ["96.0%"]


def test_before_any_validation_a_label_follows_the_training_loss():
    begun = run("new", [2.3, 2.0, 1.5, 1.2])
    scene = loss_scene([GOOD, begun], is_log=True)
    assert scene.ends[1].share == scene.axis.share(1.2)
    assert [end.text for end in accuracy_scene([GOOD, begun]).ends] == ["adam"]


CHANGE = Change(250.0, {"learning_rate": ("1", "2")}, "red")


def test_changes_are_marked_in_both_charts():
    changed = run("x", [2.3, 1.0, 0.5, 0.4], changes=[CHANGE])
    for scene in (loss_scene([changed], is_log=True), accuracy_scene([changed])):
        assert scene.changes == [CHANGE]
        assert scene.changes[0].text == "rate 1 → 2"


def test_what_a_dragged_slider_changes_is_one_change():
    drag = [Change(x, {"learning_rate": (f"{x}", f"{x + 1}")}, "red") for x in (10, 11, 12)]
    other = Change(60, {"dropout_rate": ("0.2", "13")}, "red")
    near = Change(60.5, {"learning_rate": ("13", "2"), "dropout_rate": ("13", "0.5")}, "red")
    merged = merged_changes([*drag, other, near], 100.0)
    assert [(change.x, change.text) for change in merged] == [
        (10, "rate 10 → 13"),
        (60, "dropout 0.2 → 0.5, rate 13 → 2"),
    ]
    assert merged_changes(drag, 1.0) == drag


def test_charts_without_runs_mark_nothing():
    for scene in (loss_scene([], is_log=True), accuracy_scene([])):
        assert not (scene.above)
        assert not (scene.below)
        assert not (scene.diverged)
        assert not (scene.best)
        assert scene.ends == scene.changes == []
