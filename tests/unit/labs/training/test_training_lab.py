"""The training lab, by its methods and by its widgets."""

import dataclasses
import re
import subprocess
import sys
import threading
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_tools import SECONDS, bundle_of, digits, held_training, open_widgets, small
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.kit import live_work
from hpt_widgets.labs.kit.controls import show_message
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.training.lab import TrainingLab
from hpt_widgets.labs.training.runs_table import ROWS_SHOWN
from hpt_widgets.labs.training.view import TABS
from hpt_widgets.labs.training.words import describe_mistakes, describe_progress, describe_run
from hpt_widgets.language import translate
from hpt_widgets.search.record_format import HYPERPARAMETER_COLUMNS
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.training.hyperparameters import (
    ACTIVATIONS,
    OPTIMIZERS,
    PARAMETRIZATIONS,
    SCHEDULES,
)
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.progress import Progress
from hpt_widgets.training.session import TrainingSession

DATA = digits()
BAD_VALUES = [float("nan"), float("inf"), -1, -0.5, "x", "", None, True, 10**400, [], {}, object()]
FIELDS = [
    "learning_rate",
    "batch_size",
    "dropout_rate",
    "hidden_units",
    "activation",
    "optimizer",
    "weight_decay",
    "epochs",
    "seed",
    "momentum",
    "epsilon",
    "schedule",
    "warm_up",
    "initial_scale",
    "parametrization",
    "base_width",
    "training_size",
    "x_axis",
    "loss_axis",
    "apply_to_running",
]


@pytest.fixture
def lab(make_lab):
    return make_lab()


def control(lab, name):
    return lab.view.controls.fields[name]


def press(lab, name):
    lab.view.controls.buttons[name].click()


def as_it_stands(lab):
    charts = lab.view.charts
    return (
        lab.settings, lab.training_size, lab.apply_to_running, charts.x_axis, charts.loss_axis,
    )  # fmt: skip


# -- settings ------------------------------------------------------------------------------------


def test_set_trains_at_once_with_what_was_set(lab):
    lab.set(learning_rate=0.02, batch_size=20, dropout_rate=0.1, seed=4)
    lab.wait()
    run = lab.last_run
    assert run.hyperparameters == small(learning_rate=0.02, batch_size=20, dropout_rate=0.1, seed=4)
    assert lab.settings == run.hyperparameters
    same = hpt.train(run.hyperparameters, DATA)
    assert all(np.array_equal(a, b) for a, b in zip(run.weights, same.weights, strict=True))
    assert control(lab, "learning_rate").field.value == "0.02"
    assert control(lab, "batch_size").field.value == "20"


def test_every_kind_of_setting(lab):
    lab.set(
        hidden_units=(12, 6), optimizer="sgd", activation="tanh", weight_decay=1e-3,
        epochs=1, training_size=500,
    )  # fmt: skip
    lab.wait()
    run = lab.last_run
    assert [weight.shape for weight in run.weights[::2]] == [(64, 12), (12, 6), (6, 10)]
    assert run.samples_seen == 500
    assert (run.hyperparameters.optimizer, run.hyperparameters.activation) == ("sgd", "tanh")
    (trial,) = lab.runs
    assert trial.hyperparameters["training_size"] == 500
    assert trial.hyperparameters["hidden_units"] == (12, 6)
    assert set(trial.hyperparameters) == {*HYPERPARAMETER_COLUMNS, "training_size"}


def test_what_0_1_did_not_have_is_set_recorded_and_read_again(lab, tmp_path):
    lab.set(optimizer="nesterov", momentum=0.8, schedule="1cycle", warm_up=0.1, epochs=1,
            initial_scale=2.0, parametrization="mup", base_width=4)  # fmt: skip
    lab.wait()
    assert lab.last_run.hyperparameters == lab.settings
    assert control(lab, "schedule").dropdown.value == "1cycle"
    (trial,) = lab.runs
    added = {"momentum": 0.8, "schedule": "1cycle", "warm_up": 0.1, "initial_scale": 2.0,
             "parametrization": "mup", "base_width": 4}  # fmt: skip
    assert added.items() <= trial.hyperparameters.items()
    assert "epsilon" not in trial.hyperparameters
    lab.runs.save(tmp_path / "runs.csv")
    (again,) = SearchRecord.load(tmp_path / "runs.csv")
    assert again.hyperparameters == trial.hyperparameters
    text = " ".join(cell.value for cell in lab.view.table.cells)
    assert "warm-up share 0.1" in text
    assert "class LayerRates" in lab.as_code()


def test_the_table_tells_what_a_record_left_out(make_lab):
    lab = make_lab(hp=small(schedule="cosine"))
    lab.set(schedule="constant", epochs=1)
    lab.wait()
    (trial,) = lab.runs
    assert "schedule" not in trial.hyperparameters
    assert "rate schedule constant" in lab.view.table.cells[0].value


@pytest.mark.parametrize("name", FIELDS)
def test_one_bad_value_changes_nothing_at_all(shared_lab, name):
    before = as_it_stands(shared_lab)
    others = {"seed": 5, "x_axis": "seconds", "loss_axis": "linear", "apply_to_running": True}
    for bad in BAD_VALUES:
        if name == "apply_to_running" and bad is True:
            continue  # it is allowed here
        told = ""
        try:
            shared_lab.set(**{**others, name: bad})
        except (ValueError, TypeError) as error:
            told = str(error)
        assert name in told, f"{name}={bad!r}: {told or 'it was taken'}"
        assert as_it_stands(shared_lab) == before, f"{name}={bad!r}"
        assert len(shared_lab.runs) == 0, f"{name}={bad!r}"
        assert shared_lab.state == "ready", f"{name}={bad!r}"


@pytest.fixture(scope="module")
def shared_lab():
    """Serve the tests that must leave a lab as it is."""
    lab = TrainingLab(DATA, small())
    yield lab
    lab.close()


anything = st.one_of(
    st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=5),
    st.lists(st.integers(-2, 20000), max_size=4), st.just(10**400),
    st.sampled_from([*OPTIMIZERS, "relu", "samples", "epochs", "log"]),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from([*FIELDS, "learning-rate", "x"]), anything, max_size=3))
def test_set_changes_all_or_nothing_whatever_it_is_given(idle_lab, requests):
    before, requested = as_it_stands(idle_lab), idle_lab.requested
    try:
        idle_lab.set(**requests)
    except (ValueError, TypeError) as error:
        told = str(error)
    else:
        trains = bool(set(requests) - {"x_axis", "loss_axis", "apply_to_running"})
        assert idle_lab.requested == requested + trains
        return
    assert any(name in told for name in requests), told
    assert (as_it_stands(idle_lab), idle_lab.requested) == (before, requested)


@pytest.fixture(scope="module")
def idle_lab():
    lab = IdleLab()
    yield lab
    lab.close()


class IdleLab(TrainingLab):
    """Counts the trainings that it is asked for, and does none."""

    def __init__(self):
        super().__init__(DATA, small())
        self.requested = 0
        self.live.submit = self._count
        self.live.change = self._count

    def _count(self, *_wish):
        self.requested += 1


def test_an_unknown_setting_is_answered_with_all_that_there_are(shared_lab):
    with pytest.raises(TypeError, match="learning_rat'") as error:
        shared_lab.set(learning_rat=1)
    assert "training_size" in str(error.value)
    assert "learning_rate" in str(error.value)


@pytest.mark.parametrize(("language", "question"), [("en", "did you mean"), ("zh", "是不是想写")])
def test_a_misspelt_setting_is_answered_with_the_nearest(shared_lab, language, question):
    hpt.use_language(language)
    for wrong, right in (("learing_rate", "learning_rate"), ("trainingsize", "training_size")):
        with pytest.raises(TypeError, match=f"{question} '{right}'"):
            shared_lab.set(**{wrong: 1})
    with pytest.raises(TypeError) as error:
        shared_lab.set(zzz=1)
    assert question not in str(error.value)


def test_a_point_of_the_training_can_be_waited_for(make_lab):
    lab = make_lab(hp=small(epochs=100, learning_rate=1e-4))
    lab.start()
    lab.wait_for(epoch=3)
    with pytest.raises(TimeoutError):
        lab.wait_for(epoch=1_000, timeout=0.01)
    lab.stop()
    lab.wait()
    assert lab.last_run.points[-1].epoch >= 3
    lab.wait_for(epoch=1_000)


@pytest.mark.parametrize("drop", ["stop", "reset", "close"])
def test_nobody_waits_for_a_training_that_was_dropped(make_lab, drop):
    lab, is_busy, let_through = make_lab(), threading.Event(), threading.Event()

    def hold():
        is_busy.set()
        let_through.wait(SECONDS)

    lab.live.do("hold", hold)
    assert is_busy.wait(SECONDS)
    lab.start()  # it waits in the mailbox
    threading.Timer(0.1, let_through.set).start()
    getattr(lab, drop)()
    lab.wait_for(epoch=1_000, timeout=SECONDS)


@pytest.mark.parametrize("begin", ["change", "step"])
def test_what_a_change_or_a_step_begins_is_waited_for(make_lab, begin):
    lab = make_lab(hp=small(epochs=100, learning_rate=1e-4))
    lab.set(apply_to_running=True)
    if begin == "step":
        lab.step()
        lab.resume()
    else:
        lab.set(learning_rate=2e-4)
    lab.wait_for(epoch=3)
    lab.stop()
    lab.wait()
    assert lab.last_run.points[-1].epoch >= 3


@pytest.mark.parametrize("epoch", ["1", None, -1, float("nan"), True])
def test_a_point_that_is_none_is_named(shared_lab, epoch):
    with pytest.raises(ValueError, match="epoch="):
        shared_lab.wait_for(epoch)


def test_a_network_that_would_fill_the_memory_is_refused(shared_lab):
    with pytest.raises(ValueError, match="hidden_units"):
        shared_lab.set(hidden_units=(10_000, 10_000))


def test_numbers_of_numpy_are_taken(lab):
    lab.set(learning_rate=np.float32(0.5), batch_size=np.int64(50), epochs=1)
    lab.wait()
    assert type(lab.settings.batch_size) is int


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"data": "mnist"}, TypeError, "data='mnist'"),
        ({"hyperparameters": {"seed": 1}}, TypeError, "hyperparameters="),
        ({"hyperparameters": hpt.Hyperparameters(learning_rate=100)}, ValueError, "learning_rate"),
        ({"training_size": 10**6}, ValueError, "training_size"),
        ({"data": tabular_data(n_validation=0)}, ValueError, "validation"),
    ],
)
def test_what_a_lab_cannot_begin_with(arguments, error, words):
    with pytest.raises(error, match=words):
        TrainingLab(**{"data": DATA, **arguments})


# -- widgets -------------------------------------------------------------------------------------


def test_a_dragged_slider_lets_only_the_last_value_run(lab, monkeypatch):
    slider = control(lab, "learning_rate").slider
    with held_training(monkeypatch) as gate:
        slider.value = 1e-5
        gate.wait_until_reached()
        for exponent in np.arange(-4.8, -1.0, 0.1):
            slider.value = 10**exponent
        last = lab.settings.learning_rate
    lab.wait()
    assert last == pytest.approx(10**-1.1, rel=1e-2)
    assert lab.last_run.hyperparameters.learning_rate == last
    assert len(lab.runs) == 1


BAD_TYPING = [
    ("learning_rate", "fast"), ("batch_size", "0"), ("hidden_units", "many"), ("seed", "-1"),
    ("training_size", "1"), ("hidden_units", ""), ("hidden_units", "0"), ("epochs", "nan"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_typing_is_answered_beside_the_field_and_the_lab_goes_on(make_lab, language):
    hpt.use_language(language)
    lab = make_lab(hp=small(epochs=1))
    before = lab.settings
    for name, typed in BAD_TYPING:
        field = control(lab, name).field
        if control(lab, name).message is not None:  # it says something of an earlier text
            show_message(control(lab, name).message, "", "")
        old = field.value
        field.value = typed
        message = control(lab, name).message
        assert field.value == old, (name, typed)
        assert message.layout.display == "block", (name, typed)
        assert translate(f"training_lab.{name}") in message.value, (name, typed)
        assert (lab.settings, lab.state, len(lab.runs)) == (before, "ready", 0), (name, typed)


def test_a_typed_field_trains(lab):
    control(lab, "learning_rate").field.value = "5e-3"
    lab.wait()
    control(lab, "hidden_units").field.value = "10-5"
    lab.wait()
    assert lab.last_run.hyperparameters == small(learning_rate=5e-3, hidden_units=(10, 5))


def test_the_buttons_do_what_they_say(lab):
    press(lab, "step")
    lab.wait()
    assert lab.state == "paused"
    assert lab.view.controls.buttons["pause"].description == "resume"
    press(lab, "pause")
    lab.wait()
    assert lab.last_run.ended == "finished"
    assert lab.view.controls.buttons["pause"].description == "pause"
    press(lab, "start")
    lab.wait()
    assert len(lab.runs) == 2
    press(lab, "step")
    lab.wait()
    press(lab, "stop")
    lab.wait()
    assert lab.last_run.ended == "stopped"
    control(lab, "seed").field.value = "7"
    lab.wait()
    press(lab, "reset")
    lab.wait()
    assert lab.settings == small()
    assert control(lab, "seed").field.value == "0"


def test_reset_brings_settings_curves_and_words_back_and_keeps_the_runs(lab):
    lab.set(seed=3, training_size=300)
    lab.wait()
    assert lab.view.charts.drawn_loss()
    lab.reset()
    lab.wait()
    assert (lab.settings, lab.training_size, lab.state) == (small(), 1300, "ready")
    assert lab.view.charts.drawn_loss() == []
    assert lab.view.bar.value == 0
    assert len(lab.runs) == 1
    assert lab.status == translate("training_lab.ready")


def test_start_right_after_reset_leaves_the_new_curve(lab):
    lab.start()
    lab.wait()
    lab.reset()
    lab.start()
    lab.wait()
    assert lab.view.charts.drawn_loss()


def test_apply_to_running_changes_the_run_under_way_and_notes_it(lab, monkeypatch):
    lab.view.controls.apply.value = True
    with held_training(monkeypatch, after_chunks=1) as gate:
        lab.start()
        gate.wait_until_reached()
        control(lab, "learning_rate").slider.value = 0.1
        lab.set(dropout_rate=0.5)
    lab.wait()
    (trial,) = lab.runs
    assert trial.hyperparameters["learning_rate"] == 0.01
    assert "0.1" in trial.message
    assert "dropout rate 0.5" in trial.message
    assert lab.settings.dropout_rate == 0.5


def test_apply_to_running_begins_a_new_run_for_what_cannot_change_midway(lab, monkeypatch):
    lab.set(apply_to_running=True)
    with held_training(monkeypatch) as gate:
        lab.start()
        gate.wait_until_reached()
        lab.set(learning_rate=0.02)
        assert "within a run" not in lab.status
        lab.set(seed=2)
        assert "Random seed can't change within a run: a new one has begun." in lab.status
        lab.pause()
        gate.let_through.set()
        lab.wait()
        lab.resume()
    lab.wait()
    assert lab.last_run.hyperparameters.seed == 2
    assert lab.last_run.changes == ()
    lab.set(learning_rate=0.03)
    lab.set(seed=3)
    lab.wait()
    assert "within a run" not in lab.status


def test_the_x_axis_in_seconds(lab):
    lab.set(x_axis="seconds")
    assert lab.view.x_axis.value == "seconds"
    lab.start()
    lab.wait()
    x = lab.view.charts.slots[0].training_loss.line.x
    assert x[-1] == pytest.approx(lab.last_run.points[-1].seconds)
    lab.view.x_axis.value = "samples"
    assert lab.view.charts.slots[0].training_loss.line.x[-1] == 2600
    lab.use_x_axis("epochs")
    assert lab.view.x_axis.value == "epochs"
    assert lab.view.charts.slots[0].training_loss.line.x[-1] == 2


def test_the_axis_of_the_losses_is_chosen_by_a_method_and_by_a_list(lab):
    lab.set(seed=1)
    lab.wait()
    scales = {"log": "LogScale", "linear": "LinearScale", "auto": "LogScale"}
    for chosen, scale in scales.items():
        lab.use_loss_axis(chosen)
        assert lab.view.loss_axis.value == lab.view.charts.loss_axis == chosen
        assert type(lab.view.charts.loss.figure.axes[1].scale).__name__ == scale
    lab.view.loss_axis.value = "linear"
    assert lab.view.charts.loss_axis == "linear"


def change_the_rate_in_mid_run(lab, monkeypatch):
    lab.set(apply_to_running=True)
    with held_training(monkeypatch, after_chunks=2) as gate:
        lab.set(learning_rate=0.02, epochs=30)
        gate.wait_until_reached()
        lab.set(learning_rate=0.0005)
    lab.wait()


def test_a_change_in_mid_run_is_marked_in_the_charts(lab, monkeypatch):
    change_the_rate_in_mid_run(lab, monkeypatch)
    [[samples, _]] = lab.last_run.changes
    lab.use_x_axis("epochs")
    marks = lab.view.charts.loss.marks
    assert list(marks.lines.x) == pytest.approx([samples / 1300] * 2, rel=0.05)
    words = "rate 0.02 → 0.0005"
    assert [*marks.texts["start"].text, *marks.texts["end"].text] == [words]
    assert words in lab.view.charts.legend.value
    assert any(text.get_text() == words for text in lab.figure().axes[0].texts)


def test_a_pictures_heading_has_what_all_its_runs_have_alike(lab, monkeypatch):
    def heading():
        return lab.figure().get_suptitle()

    assert heading().startswith("learning rate 0.01, batch size 32, dropout rate 0.2, optimiser")
    lab.set(dropout_rate=0.0)
    lab.wait()
    lab.set(dropout_rate=0.2)
    lab.wait()
    lab.set(optimizer="sgd")
    lab.wait()
    assert heading() == "learning rate 0.01, batch size 32, hidden units 16"
    # What is on the screen was trained before.
    for number in (1, 2):
        lab.forget(number)
    with held_training(monkeypatch):
        lab.set(learning_rate=0.5)
        assert heading().startswith("learning rate 0.01, batch size 32, dropout rate 0.2")
        lab.stop()


def test_a_pictures_heading_leaves_out_what_was_changed_in_mid_run(lab, monkeypatch):
    change_the_rate_in_mid_run(lab, monkeypatch)
    assert lab.figure().get_suptitle().startswith("batch size 32, dropout rate 0.2")


def test_progress_is_shown(lab):
    lab.start()
    lab.wait()
    assert lab.view.bar.value == 1
    assert "2,600 of 2,600" in lab.view.progress_text.value


def test_markers_bar_and_words_come_less_often_than_the_line(lab, monkeypatch):
    monkeypatch.setattr("hpt_widgets.labs.training.progress_drawing.REDRAW_SECONDS", 0.0)
    monkeypatch.setattr("hpt_widgets.labs.training.progress_drawing.DETAILS_SECONDS", 1e9)
    lengths, marked, told = [], [], []
    curve = lab.view.charts.slots[0].training_loss
    curve.line.observe(lambda change: lengths.append(len(change.new)), "y")
    curve.points.observe(lambda change: marked.append(len(change.new)), "y")
    lab.view.bar.observe(lambda change: told.append(change.new), "value")
    lab.set(epochs=6)
    lab.wait()
    assert len(set(lengths)) > 4
    # The first drawing, and the end.
    assert marked == [1, len(lab.last_run.points)] == [1, lengths[-1]]
    assert len(told) == 2
    assert told[-1] == 1


def test_where_a_stopped_run_has_come_is_told_without_a_time_left(lab, monkeypatch):
    monkeypatch.setattr("hpt_widgets.labs.training.progress_drawing.DETAILS_SECONDS", 1e9)
    with held_training(monkeypatch, after_chunks=6) as gate:
        lab.set(epochs=30)
        gate.wait_until_reached()
        press(lab, "stop")
    lab.wait()
    seen = lab.last_run.points[-1].samples
    assert 0 < lab.view.bar.value == pytest.approx(seen / 39_000)
    assert f"{seen:,} of 39,000" in lab.view.progress_text.value
    assert "left" not in lab.view.progress_text.value


# -- runs ----------------------------------------------------------------------------------------


def test_the_runs_are_a_record_on_the_readers_disk(make_lab, readers_folder):
    lab, other = make_lab(), make_lab()
    for seed in range(2):
        lab.set(seed=seed)
        lab.wait()
        (path,) = (readers_folder / "runs").glob("*.csv")
        assert len(SearchRecord.load(path)) == seed + 1
    assert isinstance(lab.runs, SearchRecord)
    assert {trial.method for trial in lab.runs} == {"manual"}
    frame = SearchRecord.load(path).to_frame()
    assert frame["seed"].tolist() == [0, 1]
    assert frame["validation_accuracy"].tolist() == [t.validation_accuracy for t in lab.runs]
    assert len(other.runs) == 0
    other.start()
    other.wait()
    assert (len(lab.runs), len(other.runs)) == (2, 1)
    assert len(list((readers_folder / "runs").glob("*.csv"))) == 2


def test_a_readers_folder_that_cannot_be_made_is_said_once_in_the_lab(
    make_lab, tmp_path, monkeypatch, capfd
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HPT_HOME", str(tmp_path / "file" / "home"))
    lab = make_lab()
    lab.start()
    lab.wait()
    assert (len(lab.runs), lab.state) == (1, "ended")
    assert "not kept" in lab.view.table.message.value
    assert capfd.readouterr().err == ""


def test_a_folder_that_goes_away_is_said_beside_the_runs(make_lab, readers_folder, capfd):
    lab = make_lab()
    runs = readers_folder / "runs"
    runs.rmdir()
    runs.write_text("in the way")
    lab.start()
    lab.wait()
    assert (len(lab.runs), lab.state) == (1, "ended")
    assert "cannot be written" in lab.view.table.message.value
    lab.forget(1)
    assert len(lab.runs) == 0
    assert capfd.readouterr().err == ""


def test_a_superseded_run_is_kept_and_marked_if_it_was_measured(lab):
    reached = threading.Event()
    draw = lab.view.charts.draw

    def watched(points, progress, **how):
        draw(points, progress, **how)
        if progress.samples_seen > 1300:
            reached.set()

    lab.view.charts.draw = watched
    lab.set(epochs=100)
    assert reached.wait(SECONDS)
    lab.view.charts.draw = draw
    lab.set(epochs=1)
    lab.wait()
    marked = [trial.message for trial in lab.runs]
    assert sorted(marked) == ["", translate("training_lab.ended_superseded")]
    assert lab.last_run.hyperparameters.epochs == 1
    assert "100 epochs" in lab.view.charts.loss.labels.text.value


def test_pins_survive_and_forgotten_runs_go(lab):
    lab.set(seed=1, epochs=1)
    lab.wait()
    lab.pin(1)
    for seed in range(2, 12):
        lab.set(seed=seed)
        lab.wait()
    assert lab.view.charts.is_pinned(1)
    assert "pinned" in lab.view.charts.legend.value
    with pytest.raises(ValueError, match="run 2"):
        lab.pin(2)
    lab.view.table.pins[9].click()
    assert "run 2" in lab.view.table.message.value
    # The curves are called by the numbers of the table, also where others are pinned.
    lab.set(hidden_units=(7, 6, 5, 4, 3), activation="tanh", optimizer="rmsprop")
    lab.wait()
    ends = re.findall(r"</span><span>(.*?)</span>", lab.view.charts.loss.labels.text.value)
    assert ends == ["run 1", "run 8", "run 9", "run 10", "run 11", "run 12"]
    assert "pinned: run 1<" in lab.view.charts.legend.value
    lab.forget(12)
    lab.pin(1)
    assert not lab.view.charts.is_pinned(1)
    lab.forget(11)
    assert [trial.number for trial in lab.runs] == list(range(1, 11))
    assert lab.view.charts.drawn_loss() == []
    with pytest.raises(ValueError, match="number=99"):
        lab.forget(99)
    with pytest.raises(ValueError, match="number='x'"):
        lab.pin("x")


def test_many_runs_make_no_new_widgets(lab):
    lab.set(epochs=1, training_size=50)
    lab.wait()
    for seed in range(100, 100 + ROWS_SHOWN):  # each with a row of the table
        lab.set(seed=seed)
        lab.wait()
    before = len(open_widgets)
    marks = len(lab.view.charts.loss.figure.marks)
    for seed in range(20):
        lab.set(seed=seed)
        lab.wait()
    assert len(lab.runs) == 1 + ROWS_SHOWN + 20
    assert len(open_widgets) == before
    assert len(lab.view.charts.loss.figure.marks) == marks


# -- how it ends ---------------------------------------------------------------------------------


def test_a_failure_is_said_in_words_and_the_next_setting_trains(lab, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(TrainingSession, "advance", lambda *_, **__: 1 / 0)
        lab.start()
        lab.wait()
        assert lab.state == "failed"
        assert "division by zero" in lab.status
        patch.setattr(TrainingSession, "advance", lambda *_, **__: [][0])
        lab.start()
        lab.wait()
        assert "index out of range" in lab.status
        patch.setattr(TrainingSession, "advance", mock.Mock(side_effect=MemoryError))
        lab.start()
        lab.wait()
        assert "MemoryError" in lab.status
    lab.set(seed=1)
    lab.wait()
    assert lab.state == "ended"


def test_without_tensorflow_the_lab_says_so(lab, monkeypatch):
    def missing():
        raise ImportError("TensorFlow is not installed")

    monkeypatch.setattr(live_work, "is_loaded", lambda: False)
    monkeypatch.setattr(live_work, "load_tensorflow", missing)
    bundle_of(lab)
    lab.wait()
    assert "TensorFlow is not installed" in lab.status
    monkeypatch.undo()
    lab.start()
    lab.wait()
    assert lab.state == "ended"


def test_wait_raises_when_it_takes_longer(lab, monkeypatch):
    with held_training(monkeypatch) as gate:
        lab.start()
        gate.wait_until_reached()
        with pytest.raises(TimeoutError, match=r"timeout=0\.0"):
            lab.wait(timeout=0.0)
    lab.wait()


@pytest.mark.parametrize(
    ("language", "finished", "stopped", "guess"),
    [
        ("en", "Finished. Validation accuracy 8", "Stopped. Validation", "only guesses"),
        ("zh", "训练完成。验证准确率 8", "已停止。验证准确率", "只是在猜"),
    ],
)
def test_an_end_is_told_in_both_languages(language, finished, stopped, guess):
    hpt.use_language(language)
    run = hpt.train(small(epochs=5), DATA)
    assert describe_run(run).startswith(finished)
    assert guess not in describe_run(run)
    session = hpt.Trainer(DATA).session(small())
    session.advance()
    assert describe_run(session.result()).startswith(stopped)
    for accuracy, guesses in ((0.1, True), (0.14, True), (0.15, False)):
        last = dataclasses.replace(run.points[-1], validation_accuracy=accuracy)
        assert (guess in describe_run(dataclasses.replace(run, points=(last,)))) == guesses
    diverged = hpt.train(small(optimizer="sgd", activation="relu", learning_rate=1e6), DATA)
    assert diverged.ended == "diverged"
    assert diverged.reason[1:] in describe_run(diverged)
    clipped = describe_run(hpt.train(small(batch_size=2000, epochs=60), DATA))
    assert "batch_size=2,000" in clipped
    if language == "zh":
        assert " batch_size" not in clipped
    # Two lines are to be seen, and what is the matter comes before what may be.
    few = hpt.train(small(epochs=1), DATA.take(10, seed=0))
    last = dataclasses.replace(few.points[-1], validation_accuracy=0.1)
    words = describe_run(dataclasses.replace(few, points=(last,)))
    assert words.index("batch_size=32") < words.index(guess)


def test_a_diverged_run_is_in_the_table_and_the_lab_goes_on(lab):
    lab.set(learning_rate=10, optimizer="sgd", hidden_units=(64, 64, 64), weight_decay=10)
    lab.wait()
    assert lab.last_run.ended == "diverged"
    assert "smaller learning rate" in lab.status
    assert "diverged" in lab.view.table.cells[0].value
    lab.view.tabs.selected_index = 1
    lab.wait()
    assert lab.state == "ended"
    lab.reset()
    lab.start()
    lab.wait()
    assert lab.last_run.ended == "finished"


# -- mistakes and code ---------------------------------------------------------------------------


def test_the_mistakes_are_those_of_the_latest_run(lab):
    lab.view.tabs.selected_index = 1
    lab.wait()
    assert "When a run ends" in lab.view.mistakes.words.value
    lab.start()
    lab.wait()
    split = DATA.splits["validation"]
    wrong = (lab.last_run.predict_proba(split.x).argmax(axis=1) != split.y).sum()
    assert f"{wrong:,} of 497" in lab.view.mistakes.words.value
    first = lab.view.mistakes.pictures.value
    assert first.count("<img ") == 2
    lab.view.tabs.selected_index = 0
    lab.set(epochs=1)
    lab.wait()
    assert lab.view.mistakes.pictures.value == first
    lab.view.tabs.selected_index = 1
    lab.wait()
    assert lab.view.mistakes.pictures.value != first


def test_mistakes_in_words():
    words = describe_mistakes(3, 50, [("4", "9", 2), ("1", "7", 0)], has_pictures=True)
    assert "3 of 50" in words
    assert "1 read as 7" not in words
    assert "correctly" in describe_mistakes(0, 50, [("0", "0", 0)], has_pictures=True)
    hpt.use_language("zh")
    assert "把 4 认成 9（2 次），把 1 认成 7（1 次）。" in describe_mistakes(
        3, 50, [("4", "9", 2), ("1", "7", 1)], has_pictures=True
    )


def test_data_that_are_no_pictures(make_lab):
    lab = make_lab(tabular_data())
    lab.view.tabs.selected_index = 1
    lab.start()
    lab.wait()
    assert lab.view.mistakes.pictures.value.count("<img ") == 1
    assert lab.last_run.n_classes == 3


def test_the_code_is_the_keras_program_for_the_settings_as_they_stand(lab):
    lab.view.tabs.selected_index = TABS.index("code")
    lab.set(optimizer="momentum", hidden_units=(20,), epochs=1)
    lab.wait()
    expected = keras_program(lab.settings, 64, 10, data="data")
    assert lab.as_code() == expected
    assert "SGD" in expected
    assert "SGD" in lab.view.code.value
    lab.reset()
    assert "SGD" not in lab.view.code.value


def test_the_code_trains_on_the_subset_that_was_set(lab):
    assert "take" not in lab.as_code()
    lab.set(training_size=100)
    lab.wait()
    assert "data = data.take(100, seed=0)" in lab.as_code()


def test_time_left_is_told_in_seconds_then_in_minutes_and_not_at_the_end():
    progress = Progress(
        samples_seen=500,
        total_samples=1000,
        epoch=0.5,
        training_loss=1.0,
        validation_loss=None,
        validation_accuracy=None,
        seconds=1.0,
        samples_per_second=500.0,
        seconds_left=12.3,
        recorded=True,
        ended=None,
    )
    assert "12.3 s left" in describe_progress(progress)
    assert "21 min left" in describe_progress(dataclasses.replace(progress, seconds_left=1257.9))
    assert "left" not in describe_progress(dataclasses.replace(progress, ended="finished"))


# -- the view ------------------------------------------------------------------------------------


def words_on(lab):
    found = set()
    for widget in widgets_within(lab.view):
        for name in ("description", "tooltip", "label", "value"):
            text = getattr(widget, name, None)
            if isinstance(text, str):
                found.add(text)
        for name in ("titles", "tooltips", "labels"):
            found.update(t for t in getattr(widget, name, ()) or () if isinstance(t, str))
    return found


def test_no_english_word_is_left_on_a_chinese_lab(make_lab):
    english = words_on(make_lab())
    hpt.use_language("zh")
    chinese = words_on(make_lab())
    same_in_both = {*OPTIMIZERS, *ACTIVATIONS, "samples", "auto"}
    same_in_both |= {*SCHEDULES, *PARAMETRIZATIONS}  # what is chosen; its label is translated
    shared = {
        word
        for word in (english & chinese) - same_in_both - {"seconds"}
        if sum(letter.isalpha() for letter in word) > 3 and not word.startswith(("<style>", "<pre"))
    }
    assert shared == set()
    assert any("学习率" in word for word in chinese)


def test_it_is_a_picture_where_there_is_no_kernel(lab):
    bundle = bundle_of(lab)
    assert bundle["image/png"].startswith("iVBOR")
    assert (
        bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == lab.view.widget.model_id
    )
    lab.wait()
    lab.start()
    lab.wait()
    drawn = bundle_of(lab)["image/png"]
    assert drawn != bundle["image/png"]
    lab.wait()
    lab.close()
    closed = bundle_of(lab)
    assert closed["image/png"] == drawn
    assert "application/vnd.jupyter.widget-view+json" not in closed


def test_a_closed_lab_says_so_and_changes_nothing(lab):
    lab.close()
    lab.close()
    before = as_it_stands(lab)
    for call in (lab.start, lab.stop, lab.step, lab.pause, lab.resume, lab.reset):
        with pytest.raises(RuntimeError, match="closed"):
            call()
    for requests in ({"seed": 1}, {"x_axis": "seconds"}, {"apply_to_running": True}):
        with pytest.raises(RuntimeError, match="closed"):
            lab.set(**requests)
    assert as_it_stands(lab) == before


def test_two_labs_at_once_do_not_mix(make_lab):
    one, other = make_lab(hp=small(seed=1)), make_lab(hp=small(seed=2))
    for lab in (one, other):
        lab.start()
    for lab in (one, other):
        lab.wait()
    for lab, seed in ((one, 1), (other, 2)):
        assert [trial.hyperparameters["seed"] for trial in lab.runs] == [seed]
        same = hpt.train(small(seed=seed), DATA)
        pairs = zip(lab.last_run.weights, same.weights, strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)


KILLED_IN_MID_TRAINING = """
import sys
import threading
import numpy as np
import hpt_widgets as hpt
x, y = np.random.default_rng(0).random((5000, 40)), np.arange(5000) % 2
lab = hpt.TrainingLab(hpt.Dataset.from_arrays(x, y, validation=(x, y)))
begun = threading.Event()
draw = lab.view.charts.draw
lab.view.charts.draw = lambda *given, **how: (draw(*given, **how), begun.set())
lab.set(epochs=100, batch_size=1)
assert begun.wait(60)
"""


@pytest.mark.slow
def test_a_process_may_end_in_mid_training():
    done = subprocess.run(
        [sys.executable, "-c", KILLED_IN_MID_TRAINING], capture_output=True, text=True, timeout=600
    )
    assert (done.returncode, done.stderr) == (0, "")
