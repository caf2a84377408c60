"""The sweep lab without a screen."""

import contextlib
import html
import itertools
import math
import re
import threading
from unittest import mock

import bqplot
import pytest
from lab_tools import SECONDS, bundle_of, held_training, open_widgets
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.kit.hyperparameter_sliders import ranges_for
from hpt_widgets.labs.sweep.chart import SweepChart, draw_sweep, score_limits
from hpt_widgets.labs.sweep.controls import parse_values, write_values
from hpt_widgets.labs.sweep.live import SweepRun
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.sweep import Summary, Sweep, check_data, run_sweep, summarize
from hpt_widgets.training.session import TrainingSession

DATA = tabular_data(n_train=120)


@pytest.fixture
def lab():
    made = hpt.SweepLab(DATA, hyperparameters(epochs=1))
    yield made
    made.close()


def test_run_trains_what_the_sweep_trains_and_draws_it(lab):
    record = lab.run(learning_rate=[0.1, 0.001, 0.01], seeds=2)
    assert record is lab.record
    assert (lab.state, lab.measure) == ("ended", "validation_accuracy")
    made = Sweep(
        "learning_rate",
        (0.001, 0.01, 0.1),
        seeds=(0, 1),
        training_size=120,
        hyperparameters=hyperparameters(epochs=1),
    )
    reference = run_sweep(made, DATA)

    def scores(record):
        return {
            (t.hyperparameters["learning_rate"], t.hyperparameters["seed"]): t.validation_accuracy
            for t in record
        }

    assert scores(record) == scores(reference)
    table = lab.table()
    assert lab.view.chart.drawn_means() == pytest.approx(
        dict(zip(table["learning_rate"], table["mean"], strict=True))
    )
    assert len(lab.view.chart.drawn_dots()) == 6
    best = table.loc[table["mean"].idxmax()]
    assert f"{best['mean']:.1%} at learning rate {best['learning_rate']:g}" in lab.status
    assert f"{best['mean']:.1%} ± {100 * best['standard_deviation']:.1f}" in lab.view.table.value
    assert lab.view.bar.value == 1


def test_two_lists_give_curves_and_a_tuple_of_units_is_one_value(lab):
    lab.run(learning_rate=[0.01, 0.1], hidden_units=[(4,), (6, 4)], seeds=1, batch_size=16)
    assert lab.sweep.series == ((4,), (6, 4))
    assert {t.hyperparameters["batch_size"] for t in lab.record} == {16}
    assert all(len(lab.view.chart.drawn_means(place)) == 2 for place in (0, 1))
    assert "hidden units 6-4" in lab.view.chart.legend.value
    lab.set(hidden_units=(5,), epochs=[1, 2])
    assert lab.sweep.hyperparameters.hidden_units == (5,)
    assert (lab.sweep.name, lab.sweep.series_name) == ("epochs", None)
    # The chart still shows what was trained.
    assert list(lab.table()["learning_rate"]) == [0.01, 0.1] * 2


def test_a_single_value_takes_what_was_varied_off_the_chart(lab):
    lab.set(learning_rate=[0.01, 0.1], batch_size=[16, 32])
    lab.set(batch_size=64, dropout_rate=0.1)
    assert (lab.sweep.name, lab.sweep.series_name) == ("learning_rate", None)
    assert lab.sweep.hyperparameters.batch_size == 64
    with pytest.raises(ValueError, match="one or two hyperparameters with a list"):
        lab.run(learning_rate=0.01)
    assert (lab.sweep.values, len(lab.records)) == ((0.01, 0.1), 0)
    lab.set(learning_rate=0.01, epochs=[1, 2])
    assert (lab.sweep.name, lab.sweep.hyperparameters.learning_rate) == ("epochs", 0.01)


def test_the_loss_can_be_drawn_instead(lab):
    lab.run(dropout_rate=[0, 0.5], seeds=1)
    lab.set(measure="validation_loss")
    losses = {t.hyperparameters["dropout_rate"]: t.validation_loss for t in lab.record}
    assert lab.view.chart.drawn_means() == pytest.approx(losses)
    assert lab.view.measure.value == "validation_loss"
    lab.view.measure.value = "validation_accuracy"
    assert lab.measure == "validation_accuracy"
    assert list(lab.table("validation_loss")["mean"]) == pytest.approx([losses[0], losses[0.5]])


def test_stop_keeps_what_has_landed_and_continue_adds_the_rest(lab, monkeypatch):
    lab.set(learning_rate=[0.01, 0.1], seeds=20)
    with held_training(monkeypatch, after_chunks=6) as gate:
        lab.start()
        gate.wait_until_reached()
        lab.stop()
        gate.let_through.set()
        lab.wait(SECONDS)
    kept = len(lab.record)
    assert 0 < kept < 40
    assert lab.state == "stopped"
    assert f"{kept} of 40 trainings kept" in lab.status
    assert all(t.ended == "finished" for t in lab.record)
    lab.set(seeds=3)
    lab.resume()
    lab.wait(SECONDS)
    assert lab.state == "ended"
    assert list(lab.table()["runs"]) == [3, 3]
    assert len(lab.records) == 1


def test_while_a_sweep_is_continued_there_is_one_at_every_moment(lab, monkeypatch):
    record = lab.run(learning_rate=[0.01], seeds=1)
    seen = []

    def look(sweep, record):
        seen.append(lab.records)
        return SweepRun(sweep, record)

    monkeypatch.setattr("hpt_widgets.labs.sweep.lab.SweepRun", look)
    lab.resume()
    lab.wait(SECONDS)
    assert seen[0] == lab.records == [record]


def test_settings_that_two_threads_fill_in_at_once_are_both_there(lab, monkeypatch):
    both = threading.Barrier(2)

    def meet(*arguments):
        # One of them is kept out for as long as the other one is at it.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return check_data(*arguments)

    monkeypatch.setattr("hpt_widgets.labs.sweep.lab.check_data", meet)
    settings = ({"dropout_rate": 0.25}, {"batch_size": 16})
    threads = [threading.Thread(target=lab.set, kwargs=one) for one in settings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hp = lab.sweep.hyperparameters
    assert (hp.dropout_rate, hp.batch_size) == (0.25, 16)


def test_a_new_sweep_takes_the_place_of_the_one_under_way(lab, monkeypatch):
    with held_training(monkeypatch) as gate:
        lab.set(learning_rate=[0.01, 0.1], seeds=10)
        lab.start()
        gate.wait_until_reached()
        lab.set(dropout_rate=[0.0], seeds=1)
        lab.start()
        gate.let_through.set()
        lab.wait(SECONDS)
    assert len(lab.records[0]) < 20
    assert (lab.state, len(lab.record)) == ("ended", 1)
    assert lab.view.chart.sweep.name == "dropout_rate"


def test_a_failure_is_told_and_the_lab_goes_on(lab, monkeypatch):
    def broken(_session, **_arguments):
        raise MemoryError("no <b>room</b>")

    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", broken)
        with pytest.raises(MemoryError):
            lab.run(learning_rate=[0.01], seeds=1)
    assert lab.state == "failed"
    assert "no &lt;b&gt;room" in lab.view.status.value
    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", mock.Mock(side_effect=MemoryError))
        with pytest.raises(MemoryError):
            lab.run(learning_rate=[0.01], seeds=1)
    assert "MemoryError" in lab.status
    lab.resume()
    lab.wait(SECONDS)
    assert (lab.state, len(lab.record)) == ("ended", 1)


def test_trials_reach_the_readers_folder(lab, readers_folder):
    lab.run(learning_rate=[0.01, 0.1], seeds=1)
    [path] = (readers_folder / "sweeps").glob("*.csv")
    assert len(SearchRecord.load(path)) == 2


def test_what_diverged_is_marked_and_has_no_mean():
    lab = hpt.SweepLab(DATA, hyperparameters(epochs=5, optimizer="sgd", dropout_rate=0.0))
    lab.run(learning_rate=[0.1, 1e6], seeds=2)
    assert list(lab.view.chart.drawn_means()) == [0.1]
    assert lab.view.chart.drawn_at_the_edge()[1] == 2
    assert "2 diverged" in lab.view.table.value
    lab.close()


def test_what_lies_far_below_the_best_is_drawn_at_the_edge():
    scores = [Summary(1, None, (0.95, 0.94), 0), Summary(2, None, (0.1, 0.9), 0)]
    low, high = score_limits(scores, "validation_accuracy")
    assert 0.7 < low < 0.75
    assert 0.95 < high <= 1
    assert score_limits([], "validation_accuracy") == (0, 1)
    low, high = score_limits([Summary(1, None, (0.15, 80.0), 0)], "validation_loss")
    assert low <= 0.15
    assert 10 < high <= 20


@pytest.mark.parametrize(
    ("measure", "sign", "end"), [("validation_accuracy", "v", 0), ("validation_loss", "^", 1)]
)
def test_a_picture_marks_what_lies_beyond_its_edge_as_the_chart_does(measure, sign, end):
    sweep, record = Sweep("epochs", (1, 2), seeds=(0,)), SearchRecord("sweep")
    for settings, accuracy, loss in zip(sweep.settings(), (0.1, 0.95), (80.0, 0.2), strict=True):
        scores = {"validation_accuracy": accuracy, "validation_loss": loss}
        record.append(Trial(settings, "sweep", **scores))
    [axes] = draw_sweep(sweep, record, measure).axes
    [outside] = [line for line in axes.lines if line.get_marker() == sign]
    assert list(outside.get_xdata()) == [1]
    assert list(outside.get_ydata()) == [axes.get_ylim()[end]]
    [dots] = [line for line in axes.lines if line.get_alpha()]
    assert list(dots.get_xdata()) == [2]
    chart = SweepChart(sweep, measure)
    chart.draw(summarize(sweep, record, measure))
    assert chart.drawn_at_the_edge() == (1, 0)


def test_signs_at_the_edge_lie_side_by_side_and_the_means_beyond_it_are_counted():
    sweep, record = Sweep("batch_size", (16, 64, 256), "epochs", (1, 2, 3)), SearchRecord("sweep")
    for settings in sweep.settings():
        is_best = (settings["batch_size"], settings["epochs"]) == (16, 1)
        record.append(Trial(settings, "sweep", validation_accuracy=0.9 if is_best else 0.2))
    chart = SweepChart(sweep, "validation_accuracy")
    assert "beyond the edge;" in chart.legend.value
    chart.draw(summarize(sweep, record, "validation_accuracy"))
    assert "either, beyond the edge (8 of 9 means);" in chart.legend.value
    there = [sorted(set(marks.outside.x)) for marks in chart.series]
    width = chart.scales.x.max / chart.scales.x.min
    # At 16 the first curve is in the chart: the other two lie around the value.
    assert [len(each) for each in there] == [2, 3, 3]
    for value, places in ((16, (None, 0, 0)), (64, (0, 1, 1)), (256, (1, 2, 2))):
        xs = [x[place] for x, place in zip(there, places, strict=True) if place is not None]
        assert math.prod(xs) ** (1 / len(xs)) == pytest.approx(value)
        assert all(b / a > width**0.015 for a, b in itertools.pairwise(xs))
        assert chart.scales.x.min < xs[0]
        assert xs[-1] < chart.scales.x.max
    [axes] = draw_sweep(sweep, record, "validation_accuracy").axes
    drawn = [sorted(set(line.get_xdata())) for line in axes.lines if line.get_marker() == "v"]
    assert drawn == there


# ---------------------------------------------------------------- fields


def test_choosing_from_the_list_fills_in_values(lab):
    controls = lab.view.controls
    controls.fields["axis"].dropdown.value = "dropout_rate"
    assert (lab.sweep.name, lab.sweep.values) == ("dropout_rate", (0.0, 0.1, 0.2, 0.4, 0.6))
    assert controls.fields["axis_values"].field.value == "0, 0.1, 0.2, 0.4, 0.6"
    assert controls.fields["dropout_rate"].widget.layout.display == "none"
    assert controls.fields["learning_rate"].widget.layout.display == "flex"
    controls.fields["series"].dropdown.value = "training_size"
    # There are only 120 samples.
    assert (lab.sweep.series_name, lab.sweep.series) == ("training_size", (120,))
    controls.fields["series_values"].field.value = "40， 120"
    assert lab.sweep.series == (40, 120)
    controls.fields["axis_values"].field.value = "0.3 0.1"
    assert lab.sweep.values == (0.1, 0.3)
    assert lab.sweep.series == (40, 120)
    controls.fields["series"].dropdown.value = ""
    assert lab.sweep.series_name is None
    controls.fields["seeds"].field.value = "5"
    assert len(lab.sweep.seeds) == 5
    assert "10 trainings" in lab.view.meaning.value


def test_what_is_typed_wrong_is_answered_beside_the_field(lab):
    control = lab.view.controls.fields["axis_values"]
    before = lab.sweep
    for text, words in (("many", "'many'"), ("0.1, -1", "-1"), ("", "different values")):
        control.field.value = text
        assert words in html.unescape(control.message.value)
        assert control.field.value == "0.0003, 0.001, 0.003, 0.01, 0.03"
    assert lab.sweep == before
    lab.view.controls.fields["series"].dropdown.value = "learning_rate"
    assert "along the axis already" in lab.view.controls.fields["series"].message.value
    assert lab.view.controls.fields["series"].dropdown.value == ""


def test_a_wide_range_lies_on_a_logarithmic_axis(lab):
    lab.run(learning_rate=[0.01, 0.1], seeds=1)
    assert isinstance(lab.view.chart.scales.x, bqplot.LogScale)
    assert list(lab.view.chart.figure.axes[0].tick_values) == [0.01, 0.1]
    lab.run(dropout_rate=[0, 0.5], seeds=1)
    assert isinstance(lab.view.chart.scales.x, bqplot.LinearScale)
    assert lab.view.chart.scales.x.min < 0 < 0.5 < lab.view.chart.scales.x.max


def test_a_list_of_values_has_more_room_than_a_number(lab):
    widths = [
        float(control.field.style.description_width.rstrip("%"))
        for control in (lab.view.controls.fields["axis_values"], lab.view.controls.fields["seeds"])
    ]
    assert widths[0] < widths[1] / 2


def test_values_are_read_as_they_are_written():
    for name, values in (
        ("learning_rate", (1e-05, 0.3)),
        ("hidden_units", ((32,), (128, 64))),
        ("optimizer", ("sgd", "adam")),
        ("batch_size", (1, 4096)),
    ):
        assert parse_values(name, write_values(values)) == values


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weight_decay", "0,05"),
        ("weight_decay", "0，05"),
        ("dropout_rate", "0,1 0,2"),
        ("learning_rate", "0,001;0,01"),
        ("learning_rate", "1,5"),
    ],
)
def test_a_comma_that_may_be_a_decimal_point_is_asked_about(name, text):
    """As two numbers, 0 and 5, it would be silently wrong."""
    label = name.replace("_", " ")
    with pytest.raises(ValueError, match=f"{label}: '{text}' could be one number or several"):
        parse_values(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("batch_size", "16, 64, 1,000"),
        ("batch_size", "1，200"),
        ("epochs", "1,200 2"),
        ("training_size", "5,000"),
    ],
)
def test_a_comma_that_may_stand_between_thousands_is_asked_about(name, text):
    """As two numbers, 1 and 200, it would be silently wrong."""
    with pytest.raises(ValueError, match=f"'{text}' could be one number or several"):
        parse_values(name, text, ranges_for(DATA))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "batch_size",
            "16, many",
            "batch size: 'many' is not a number; it should be a whole number from 1 to 4,096",
        ),
        (
            "batch_size",
            "16, 0.5",
            "batch size: '0.5' is not allowed; it should be a whole number from 1 to 4,096",
        ),
        (
            "batch_size",
            "1e308",
            "batch size: '1e308' is not allowed; it should be a whole number from 1",
        ),
        (
            "learning_rate",
            "0.1, 1e-308",
            "learning rate: '1e-308' is not allowed; it should be a number from 0.00001",
        ),
        ("hidden_units", "32, many", "hidden units: 'many' is not a value; write layers like"),
    ],
)
def test_what_is_no_value_is_quoted_as_it_was_typed(name, text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_values(name, text)


def test_full_width_numbers_are_read():
    assert parse_values("learning_rate", "０．０１，　０．１") == (0.01, 0.1)
    assert parse_values("batch_size", "１６、６４") == (16, 64)
    assert parse_values("hidden_units", "１２８－６４，３２") == ((128, 64), (32,))
    assert parse_values("optimizer", "ｓｇｄ；adam") == ("sgd", "adam")


def test_a_refusal_calls_hyperparameters_as_the_screen_does(lab):
    control = lab.view.controls.fields["axis_values"]
    control.field.value = "0.1, 0.1"
    assert "learning rate: [0.1, 0.1] is not allowed" in control.message.value


def test_before_the_first_sweep_the_chart_is_that_of_the_fields(lab):
    lab.set(batch_size=[8, 16], seeds=2)
    assert lab.view.chart.figure.axes[0].label == "batch size"
    assert "0 of 4" in lab.view.progress_text.value


@pytest.mark.parametrize(
    ("seeds", "words"),
    [(1, "3 trainings: the whole curve with one seed.<"), (2, "then the next of 2 seeds.<")],
)
def test_the_fields_come_to_so_many_trainings(lab, seeds, words):
    lab.set(batch_size=[8, 16, 32], seeds=seeds)
    assert words in lab.view.meaning.value


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("weight_decay", "0, 5", (0, 5)),
        ("learning_rate", "0.001,0.01", (0.001, 0.01)),
        ("learning_rate", "1e-3,1e-2", (0.001, 0.01)),
        ("batch_size", "32,64", (32, 64)),
        ("hidden_units", "128-64,32", ((128, 64), (32,))),
    ],
)
def test_a_comma_in_what_can_only_be_a_list_separates(name, text, values):
    assert parse_values(name, text) == values


@pytest.mark.parametrize("text", ["many", "0.1"])
def test_what_is_sent_to_a_field_that_is_not_shown_changes_nothing(lab, text):
    control = lab.view.controls.fields["series_values"]
    before = lab.sweep
    control.field.value = text
    assert lab.sweep == before
    assert "is not a value" in control.message.value


def test_the_buttons_do_what_the_methods_do(lab):
    lab.view.controls.buttons["resume"].click()
    assert "no sweep to continue" in lab.status
    with pytest.raises(ValueError, match="no sweep to continue"):
        lab.resume()
    lab.set(learning_rate=[0.01], seeds=1)
    lab.view.controls.buttons["start"].click()
    lab.wait(SECONDS)
    assert len(lab.record) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": [0.1, -1]}, "-1"),
        ({"learning_rate": -1}, "-1"),
        ({"speed": [1, 2]}, "speed"),
        ({"seed": 3}, "seed=3"),
        ({"seeds": 0}, "seeds=0"),
        ({"seeds": [1, 1]}, "seeds="),
        ({"measure": "accuracy"}, "measure='accuracy'"),
        ({"training_size": 121}, "training_size=121"),
        ({"training_size": [50, 121]}, "training_size=121"),
        ({"epochs": [1], "batch_size": [8], "dropout_rate": [0]}, "one or two"),
        ({"optimizer": ["sgd", "adam"]}, "optimizer can only tell curves apart"),
    ],
)
def test_what_is_not_allowed_is_named_and_changes_nothing(lab, settings, message):
    before = lab.sweep
    with pytest.raises((TypeError, ValueError), match=message):
        lab.set(**{"epochs": 3, **settings})
    assert lab.sweep == before
    lab.set(seeds=1)
    assert lab.sweep.hyperparameters.epochs == 1


def test_a_lab_cannot_be_made_of_anything():
    with pytest.raises(TypeError, match="Dataset"):
        hpt.SweepLab([1, 2])
    with pytest.raises(TypeError, match="hyperparameters="):
        hpt.SweepLab(DATA, {"epochs": 1})
    with pytest.raises(ValueError, match="validation"):
        hpt.SweepLab(tabular_data(n_validation=0))
    with pytest.raises(ValueError, match="training_size=121"):
        hpt.SweepLab(DATA, training_size=121)


def test_closing_leaves_no_thread_and_no_widget():
    before = set(open_widgets)
    lab = hpt.SweepLab(DATA, hyperparameters())
    lab.set(learning_rate=[0.01, 0.1], seeds=100)
    lab.start()
    lab.set(measure="validation_loss")
    lab.close()
    assert set(open_widgets) - before == set()
    assert not [thread for thread in threading.enumerate() if "hpt-sweep" in thread.name]
    with pytest.raises(RuntimeError, match="closed"):
        lab.start()


def test_the_lab_is_drawn_without_a_front_end(lab):
    assert bundle_of(lab)["image/png"]
    lab.run(learning_rate=[0.01, 0.1], optimizer=["sgd", "adam"], seeds=2)
    axes = lab.figure().axes[0]
    assert axes.get_xscale() == "log"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "optimiser sgd",
        "optimiser adam",
    ]
    drawn = axes.lines[0].get_ydata()
    assert list(drawn) == pytest.approx(list(lab.view.chart.drawn_means(0).values()))


def test_it_speaks_chinese():
    hpt.use_language("zh")
    lab = hpt.SweepLab(DATA, hyperparameters(epochs=1))
    lab.run(learning_rate=[0.01], seeds=1)
    assert "。平均值最好的是" in lab.status
    axes = lab.figure().axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("学习率", "验证准确率")
    lab.close()


def test_the_progress_counts_only_what_the_sweep_asks_for(lab, monkeypatch):
    lab.run(learning_rate=[0.001, 0.01, 0.1], seeds=2)
    lab.set(learning_rate=[0.003, 0.01], seeds=2)
    with held_training(monkeypatch) as gate:
        lab.resume()
        gate.wait_until_reached()
        lab.set(measure="validation_loss")  # which draws what has landed
        assert lab.view.bar.value == 0.5
        assert "2 of 4" in lab.view.progress_text.value
        gate.let_through.set()
        lab.wait(SECONDS)
    assert lab.view.bar.value == 1
    assert "4 of 4" in lab.status
