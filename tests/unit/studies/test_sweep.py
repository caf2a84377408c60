"""Sweeps: what they train, and what they make of it."""

import math
import signal
import threading

import numpy as np
import pytest
from lab_tools import digits, small
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.sweep import Sweep, run_sweep, summarize, sweep_table

DATA = tabular_data()


def sweep(**changes):
    settings = {
        "name": "learning_rate",
        "values": (0.001, 0.1),
        "training_size": 78,
        "hyperparameters": hyperparameters(),
        **changes,
    }
    return Sweep(**settings)


def trial(settings, accuracy=0.5, **others):
    return Trial(settings, "sweep", validation_accuracy=accuracy, **others)


# ---------------------------------------------------------------- what is trained


def test_the_whole_curve_comes_first_and_then_the_next_seed():
    made = Sweep("batch_size", (64, 16), "optimizer", ("sgd", "adam"), seeds=(0, 7))
    assert made.values == (16, 64)
    listed = [(s["seed"], s["optimizer"], s["batch_size"]) for s in made.settings()]
    first = [(0, "sgd", 16), (0, "sgd", 64), (0, "adam", 16), (0, "adam", 64)]
    assert listed == first + [(7, optimizer, size) for _, optimizer, size in first]
    assert len(listed) == made.n_trials == 8


def test_a_trial_is_the_training_that_hpt_trains():
    data = digits()
    made = sweep(
        values=(0.003, 0.03), seeds=(5,), training_size=400, hyperparameters=small(epochs=1)
    )
    record = run_sweep(made, data)
    assert len(record) == 2
    for found in record:
        values = dict(found.hyperparameters)
        subset = data.take(values.pop("training_size"), seed=0)
        run = hpt.train(hpt.Hyperparameters(**values), subset)
        assert found.validation_accuracy == run.validation_accuracy
        assert found.validation_loss == run.validation_loss
        assert found.history == ()
        assert (found.method, found.ended, found.epochs_trained) == ("sweep", "finished", 1)
    assert {found.hyperparameters["learning_rate"] for found in record} == {0.003, 0.03}


def test_the_training_size_can_be_varied_and_the_whole_data_be_used():
    made = sweep(name="training_size", values=(20, 78), seeds=(0,))
    record = run_sweep(made, DATA)
    assert sorted(t.hyperparameters["training_size"] for t in record) == [20, 78]


def test_what_is_in_the_record_is_not_trained_again():
    record = run_sweep(sweep(seeds=(0,)), DATA)
    before = record.trials
    landed = []
    again = run_sweep(sweep(seeds=(0, 1)), DATA, record=record, on_trial=landed.append)
    assert again is record
    assert record.trials[:2] == before
    assert len(record) == 4
    assert [t.hyperparameters["seed"] for t in landed] == [1, 1]
    assert list(record.trials[2:]) == landed


def test_a_record_on_the_disk_is_continued(tmp_path):
    path = tmp_path / "sweep.csv"
    made = sweep(seeds=(0,), series_name="hidden_units", series=((4,), (4, 4)))
    run_sweep(made, DATA, record=SearchRecord("sweep", path))
    landed = []
    run_sweep(made, DATA, record=SearchRecord("sweep", path), on_trial=landed.append)
    assert landed == []


def test_a_stopped_sweep_keeps_what_has_landed():
    stop = threading.Event()
    made = sweep(seeds=tuple(range(50)))
    record = run_sweep(made, DATA, stop=stop, on_trial=lambda _trial: stop.set())
    assert 1 <= len(record) <= 2
    assert all(found.ended == "finished" for found in record)


def test_an_interrupted_sweep_ends_and_is_continued():
    """As Jupyter's stop button interrupts it: by a KeyboardInterrupt where it waits."""
    made = sweep(values=tuple(np.geomspace(1e-4, 1e-1, 10)), seeds=(0, 1))
    record = SearchRecord("sweep")
    arrived = threading.Event()

    def on_signal(number, frame):
        arrived.set()
        signal.default_int_handler(number, frame)

    def interrupt(trial):
        if trial.number == 1:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        assert arrived.wait(60)  # a busy machine may be slow to wake the one who waits

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_sweep(made, DATA, record=record, on_trial=interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert 1 <= len(record) < made.n_trials
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("hpt-sweep")]
    run_sweep(made, DATA, record=record)
    assert len(record) == made.n_trials


def test_a_callback_that_fails_ends_the_sweep():
    made = sweep(values=tuple(np.geomspace(1e-4, 1e-1, 10)), seeds=range(10))
    record = SearchRecord("sweep")

    def fail(trial):
        if trial.number >= 1:
            raise ZeroDivisionError("the reader's own mistake")

    with pytest.raises(ZeroDivisionError, match="own mistake"):
        run_sweep(made, DATA, record=record, on_trial=fail)
    assert len(record) < made.n_trials


def test_only_its_own_trials_of_a_record_count():
    made = sweep(values=(0.001, 0.01), seeds=(0,))
    record = SearchRecord("sweep")
    run_sweep(sweep(values=(0.01, 0.1), seeds=(0, 1)), DATA, record=record)
    assert (len(record), made.n_landed(record)) == (4, 1)
    run_sweep(made, DATA, record=record)
    assert (len(record), made.n_landed(record)) == (5, 2)


def test_it_is_refused_without_the_data_that_it_needs():
    for size in (79, 2):
        with pytest.raises(ValueError, match=f"training_size={size}"):
            run_sweep(sweep(training_size=size), DATA)
    with pytest.raises(ValueError, match="training_size=100"):
        run_sweep(sweep(series_name="training_size", series=(50, 100)), DATA)
    with pytest.raises(ValueError, match="no validation split"):
        run_sweep(sweep(), tabular_data(n_validation=0))


# ---------------------------------------------------------------- what comes of it


def test_means_and_deviations_are_over_the_seeds():
    made = sweep(seeds=(0, 1, 2))
    record = SearchRecord("sweep")
    accuracies = [0.1, 0.8, 0.3, 0.9, 0.2, 0.7]
    for settings, accuracy in zip(made.settings(), accuracies, strict=True):
        record.append(trial(settings, accuracy))
    low, high = summarize(made, record)
    assert (low.value, low.scores) == (0.001, (0.1, 0.3, 0.2))
    assert (low.mean, low.standard_deviation) == pytest.approx((0.2, 0.1))
    assert (high.mean, high.standard_deviation) == pytest.approx((0.8, 0.1))
    frame = sweep_table(made, record)
    assert list(frame) == ["learning_rate", "runs", "lost", "mean", "standard_deviation"]
    assert frame["mean"].to_numpy() == pytest.approx([0.2, 0.8])


def test_a_value_that_lost_a_training_has_no_mean():
    """The mean of those that happened to survive would flatter it."""
    made = sweep(seeds=(0, 1))
    record = SearchRecord("sweep")
    for settings in made.settings():
        lost = settings["seed"] == 1 and settings["learning_rate"] == 0.1
        record.append(trial(settings, 0.9, ended="diverged" if lost else "finished"))
    low, high = summarize(made, record)
    assert low.mean == 0.9
    assert (high.scores, high.n_lost) == ((0.9,), 1)
    assert math.isnan(high.mean)
    assert math.isnan(high.standard_deviation)


def test_trials_of_other_settings_do_not_count():
    made = sweep(seeds=(0,))
    record = SearchRecord("sweep")
    other = next(sweep(seeds=(0,), training_size=50).settings())
    record.append(trial(other))
    record.append(trial(next(made.settings()), 0.4))
    assert [summary.scores for summary in summarize(made, record)] == [(0.4,), ()]


def test_series_are_summed_up_one_by_one():
    made = sweep(seeds=(0,), series_name="optimizer", series=("sgd", "adam"))
    record = SearchRecord("sweep")
    for number, settings in enumerate(made.settings()):
        record.append(trial(settings, number / 10, validation_loss=number))
    found = [(s.series, s.value, s.scores[0]) for s in summarize(made, record, "validation_loss")]
    assert found == [("sgd", 0.001, 0), ("sgd", 0.1, 1), ("adam", 0.001, 2), ("adam", 0.1, 3)]
    assert list(sweep_table(made, record))[:2] == ["optimizer", "learning_rate"]
    with pytest.raises(ValueError, match="measure='accuracy'"):
        summarize(made, record, "accuracy")


# ---------------------------------------------------------------- what may be asked for


def test_the_number_takes_the_axis():
    made = Sweep.of({"optimizer": ["sgd", "adam"], "learning_rate": [0.1, 0.01]}, [0])
    assert (made.name, made.values) == ("learning_rate", (0.01, 0.1))
    assert (made.series_name, made.series) == ("optimizer", ("sgd", "adam"))
    made = Sweep.of({"dropout_rate": [0.0], "training_size": [500, 1000]}, [0])
    assert (made.name, made.series_name) == ("dropout_rate", "training_size")


@pytest.mark.parametrize(
    ("values", "expected"), [((0.001, 0.1), True), ((0.1, 0.4), False), ((0.0, 0.9), False)]
)
def test_a_wide_range_of_positive_values_is_read_on_a_log_scale(values, expected):
    assert Sweep("dropout_rate", values).log_scale is expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "optimizer", "values": ("sgd",)}, "name='optimizer'"),
        ({"name": "seed", "values": (1,)}, "name='seed'"),
        ({"values": ()}, "learning_rate="),
        ({"values": (0.1, 0.1)}, "different values"),
        ({"values": (0.1, -1.0)}, "-1.0"),
        ({"values": 0.1}, "learning_rate=0.1"),
        ({"values": "0.1"}, "learning_rate='0.1'"),
        ({"series_name": "learning_rate", "series": (0.1,)}, "series_name='learning_rate'"),
        ({"series_name": "optimizer", "series": ("sgd", "magic")}, "magic"),
        ({"series_name": "batch_size", "series": tuple(range(1, 8))}, "1 to 6"),
        ({"seeds": (0, 0)}, "seeds="),
        ({"seeds": (-1,)}, "-1"),
        ({"training_size": 0}, "training_size=0"),
        ({"training_size": 10.5}, "training_size=10.5"),
        ({"hyperparameters": {"epochs": 1}}, "hyperparameters="),
    ],
)
def test_what_is_not_allowed_is_named(changes, message):
    with pytest.raises((TypeError, ValueError), match=message):
        sweep(**changes)


@pytest.mark.parametrize("varied", [{}, dict.fromkeys(("epochs", "batch_size", "optimizer"), (1,))])
def test_one_or_two_are_varied(varied):
    with pytest.raises(ValueError, match="one or two"):
        Sweep.of(varied, [0])


@pytest.mark.parametrize(
    ("varied", "named"),
    [
        ({"optimizer": ["sgd", "adam"]}, "optimizer"),
        ({"optimizer": ["sgd", "adam"], "hidden_units": [(4,), (8,)]}, "optimizer, hidden_units"),
    ],
)
def test_without_a_number_for_the_axis_one_is_asked_for(varied, named):
    with pytest.raises(ValueError, match=f"^{named} can only tell curves apart; .*batch_size"):
        Sweep.of(varied, [0])
