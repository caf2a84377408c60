"""The range-test lab without a screen."""

import html
import math
import re
import threading
from unittest import mock

import numpy as np
import pytest
from lab_tools import SECONDS, bundle_of, held_training, open_widgets
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.range_test.chart import describe_test, describe_tests
from hpt_widgets.studies.range_test import RangeTest, range_test
from hpt_widgets.training.hyperparameters import OPTIMIZERS

DATA = tabular_data()


@pytest.fixture
def lab():
    made = hpt.RangeTestLab(DATA, hyperparameters())
    yield made
    made.close()


def test_run_tests_as_the_function_does_and_draws_it(lab):
    test = lab.run(low=1e-4, high=0.5, n_updates=60)
    reference = range_test(hyperparameters(), DATA, 1e-4, 0.5, 60)
    assert test is lab.last
    assert test.losses.tobytes() == reference.losses.tobytes()
    rates, losses = lab.view.chart.drawn_curve()
    assert rates == pytest.approx(test.learning_rates)
    assert losses == pytest.approx(test.smoothed)
    assert lab.view.chart.drawn_suggestion() == [test.suggestion]
    assert len(lab.view.chart.batches.x) == 60
    assert lab.state == "ended"
    assert f"steepest at {float(f'{test.suggestion:.2g}'):g}" in lab.status
    assert lab.view.bar.value == 1


def test_a_moved_slider_starts_a_new_test_and_the_earlier_one_stays(lab):
    lab.run(n_updates=40)
    color = lab.view.chart.slots[0].color
    lab.set(optimizer="sgd")
    lab.wait(SECONDS)
    assert [test.hyperparameters.optimizer for test in lab.tests] == ["adam", "sgd"]
    assert lab.view.chart.slots[1].color == color != lab.view.chart.slots[0].color
    assert lab.view.chart.drawn_curve(1)[1] == pytest.approx(np.minimum(lab.tests[0].smoothed, 10))
    assert "optimiser adam" in lab.view.chart.table.value
    lab.view.controls.fields["batch_size"].field.value = "16"
    lab.wait(SECONDS)
    assert lab.last.hyperparameters.batch_size == 16
    assert list(lab.table()["batch_size"]) == [32, 32, 16]
    assert lab.table()["steepest"].iloc[1] == lab.tests[1].suggestion


def test_only_the_newest_wish_is_tested(lab, monkeypatch):
    with held_training(monkeypatch) as gate:
        lab.set(n_updates=5000)
        gate.wait_until_reached()
        lab.set(n_updates=30, batch_size=8)
        lab.set(batch_size=16)
        gate.let_through.set()
        lab.wait(SECONDS)
    assert [(t.n_planned, t.hyperparameters.batch_size) for t in lab.tests] == [(30, 16)]
    # What was superseded leaves no curve.
    assert lab.view.chart.drawn_curve(1) == ([], [])


def test_stop_keeps_what_was_found(lab, monkeypatch):
    with held_training(monkeypatch, after_chunks=7) as gate:
        lab.set(n_updates=5000)
        gate.wait_until_reached()
        lab.stop()
        gate.let_through.set()
        lab.wait(SECONDS)
    assert lab.state == "ended"
    assert lab.last.ended == "stopped"
    assert 7 <= len(lab.last.losses) < 5000
    assert lab.view.bar.value == pytest.approx(len(lab.last.losses) / 5000)


def test_clear_takes_the_curves_away(lab):
    lab.run(n_updates=30)
    lab.clear()
    assert lab.tests == []
    assert lab.last is None
    assert lab.view.chart.drawn_curve() == ([], [])
    assert len(lab.view.chart.batches.x) == 0


def test_cleared_in_mid_run_it_says_that_the_run_goes_on(lab, monkeypatch):
    with held_training(monkeypatch) as gate:
        lab.set(n_updates=30)
        gate.wait_until_reached()
        before = lab.status
        lab.clear()
        assert lab.state == "testing"
        assert lab.status == before != ""
        gate.let_through.set()
        lab.wait(SECONDS)
    assert len(lab.tests) == 1


def test_the_axis_reaches_over_the_range(lab):
    lab.set(low=1e-7, high=0.01, n_updates=20)
    lab.wait(SECONDS)
    assert lab.view.chart.scales.x.min == 1e-7
    assert lab.view.chart.scales.x.max == pytest.approx(0.01)
    assert lab.settings["low"] == 1e-7


def test_a_failure_is_told_and_the_lab_goes_on(lab, monkeypatch):
    from hpt_widgets.training.session import TrainingSession

    def broken(_session, **_arguments):
        raise MemoryError("no <b>room</b>")

    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", broken)
        with pytest.raises(MemoryError):
            lab.run(n_updates=30)
    assert lab.state == "failed"
    assert "no &lt;b&gt;room" in lab.view.status.value
    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", mock.Mock(side_effect=MemoryError))
        with pytest.raises(MemoryError):
            lab.run(n_updates=30)
    assert "MemoryError" in lab.status
    assert len(lab.run(n_updates=30).losses) == 30


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"low": 0}, "0"),
        ({"low": 20.0}, "low=20.0 must be less than high=10.0"),
        ({"n_updates": 5}, "n_updates=5"),
        ({"batch_size": 0}, "batch_size"),
        ({"optimizer": "magic"}, "magic"),
        ({"learning_rate": 0.1}, "learning_rate cannot be set here"),
        ({"epochs": 2}, "epochs cannot be set here"),
        ({"speed": 2}, "speed"),
    ],
)
def test_what_is_not_allowed_is_named_and_changes_nothing(lab, settings, message):
    before = lab.settings
    with pytest.raises((TypeError, ValueError), match=message):
        lab.set(**{"dropout_rate": 0.5, **settings})
    assert lab.settings == before
    assert lab.state == "ready"


def test_what_is_typed_wrong_is_answered_beside_the_field(lab):
    control = lab.view.controls.fields["low"]
    control.field.value = "100"
    words = "lowest rate: 100.0 must be less than highest rate: 10.0"
    assert words in html.unescape(control.message.value)
    assert control.field.value == "1e-05"


def test_a_lab_cannot_be_made_of_anything():
    with pytest.raises(TypeError, match="Dataset"):
        hpt.RangeTestLab([1, 2])
    with pytest.raises(TypeError, match="hyperparameters="):
        hpt.RangeTestLab(DATA, {"epochs": 1})


def test_closing_leaves_no_thread_and_no_widget():
    before = set(open_widgets)
    lab = hpt.RangeTestLab(DATA, hyperparameters())
    lab.set(n_updates=5000)
    lab.close()
    assert set(open_widgets) - before == set()
    assert not [thread for thread in threading.enumerate() if "hpt-range" in thread.name]
    with pytest.raises(RuntimeError, match="closed"):
        lab.start()


def made_test(smoothed, ended, n_planned=100, low=1e-5, high=10.0, **changes):
    """Return a test whose losses have no noise, at the first of its planned rates."""
    rates = np.geomspace(low, high, n_planned)[: len(smoothed)]
    return RangeTest(hyperparameters(**changes), rates, np.array(smoothed), ended, n_planned)


FALLING = [2.3] * 30 + list(np.linspace(2.0, 1.0, 30))
FLAT = [2.3] * 60
NOISY = list(2.3 + np.random.default_rng(2).normal(0, 0.7, 60))


@pytest.mark.parametrize(
    ("losses", "ended", "n_planned", "words", "chinese"),
    [
        ([*FALLING, *[9.0] * 20], "diverged", 100, "diverges at", "发散处"),
        (FALLING, "finished", 60, "still fell at 10: raise the highest", "请提高最高学习率"),
        (NOISY, "finished", 60, "hardly fell from 1e-05 to 10", "请扩大学习率的范围"),
        (FLAT, "finished", 60, "hardly fell from 1e-05 to 10", "请扩大学习率的范围"),
        ([*FALLING[:-9], *[1.5] * 9], "finished", 60, "not diverge up to 10: raise", "还没有发散"),
        ([2.3, *[90.0] * 9, *FLAT], "finished", 70, "lower the lowest rate", "请降低最低学习率"),
        ([2.3, 50.0], "diverged", 100, "lower the lowest rate", "请降低最低学习率"),
        ([*FLAT, 50.0], "diverged", 100, "hardly fell before it diverged", "请增加更新次数"),
        (FALLING, "stopped", 100, "Stopped at 0.038: up to there steepest", "在 0.038 处停止"),
        (FLAT, "stopped", 100, "before the loss fell by more than chance", "还没有超出偶然波动"),
    ],
)
def test_what_a_test_found_is_said_or_what_to_set_where_it_found_nothing(
    losses, ended, n_planned, words, chinese
):
    test = made_test(losses, ended, n_planned)
    said = describe_test(test)
    assert words in said
    assert "–" not in said
    assert ("steepest at" in said) == (losses[:50] == FALLING[:50])
    hpt.use_language("zh")
    assert chinese in describe_test(test)


def test_tests_are_told_apart_by_all_that_they_differ_in():
    first, wide = made_test(FLAT, "stopped"), made_test(FLAT, "finished", 60)
    assert describe_tests([first, first]) == ["optimiser adam, batch size 32, 100 updates"] * 2
    other = made_test(FLAT, "stopped", high=0.001, dropout_rate=0.5)
    assert describe_tests([first, wide, other]) == [
        "adam, batch size 32, dropout rate 0.2, 100 updates, 1e-05 to 10",
        "adam, batch size 32, dropout rate 0.2, 60 updates, 1e-05 to 10",
        "adam, batch size 32, dropout rate 0.5, 100 updates, 1e-05 to 0.001",
    ]


def test_the_lab_is_drawn_without_a_front_end(lab):
    assert bundle_of(lab)["image/png"]
    test = lab.run(n_updates=40)
    axes = lab.figure().axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert any(np.allclose(line.get_xdata(), test.suggestion) for line in axes.lines)
    assert "adam, batch size 32, 40 updates" in axes.get_legend().get_texts()[0].get_text()
    assert not math.isnan(test.suggestion)


def test_it_speaks_chinese():
    hpt.use_language("zh")
    lab = hpt.RangeTestLab(DATA, hyperparameters())
    lab.run(n_updates=30)
    assert "下降最快处" in lab.status
    [legend] = lab.figure().axes[0].get_legend().get_texts()
    assert legend.get_text() == "优化器 adam，批大小 32，30 次更新"
    lab.close()


def test_a_run_that_was_stopped_before_its_first_update_found_nothing(lab, monkeypatch):
    lab.run(n_updates=30)

    def stop_at_once(request):
        lab.stop()

    monkeypatch.setattr(lab.live, "submit", stop_at_once)
    for language, words in (("en", "before its first update"), ("zh", "第一次更新之前")):
        hpt.use_language(language)
        with pytest.raises(RuntimeError, match=words):
            lab.run(n_updates=40)
    assert len(lab.tests) == 1


def test_the_legend_of_the_still_picture_lies_on_no_curve(lab):
    for optimizer in OPTIMIZERS:
        lab.run(n_updates=30, optimizer=optimizer)
    figure = lab.figure()
    figure.png()
    (axes,) = figure.axes
    legend = axes.get_legend().get_window_extent()
    assert not legend.overlaps(axes.get_window_extent())
    assert figure.bbox.contains(legend.x0, legend.y0)
    assert figure.bbox.contains(legend.x1, legend.y1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_legend_on_the_screen_is_a_table_with_a_row_for_each_test(lab, language):
    hpt.use_language(language)
    lab.clear()
    lab.run(n_updates=30)
    lab.run(n_updates=30, optimizer="sgd")
    rows = re.findall("<tr>(.*?)</tr>", lab.view.chart.table.value)
    head, newest, _ = [re.findall("<t[hd]>(.*?)</t[hd]>", row) for row in rows]
    words = {"en": ["steepest", "lowest", "diverging"], "zh": ["下降最快处", "最低处", "发散处"]}
    assert head[1:] == words[language]
    assert "sgd" in newest[0]
    assert newest[1] == f"{float(f'{lab.last.suggestion:.2g}'):g}"
