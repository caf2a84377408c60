"""Successive halving and Hyperband in the search lab, without a screen."""

import html
import math
import threading

import pytest
from patience import SECONDS
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.search.groups import settings_of_record
from hpt_widgets.labs.search.rung_chart import RungChart
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import METHODS, run_search
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.search.trial import Trial

IN_RUNGS = ("halving", "hyperband")


def accuracy(values):
    """Best at a learning rate of 0.01; grows with the epochs."""
    distance = (math.log10(values["learning_rate"]) + 2) ** 2
    return 0.8 - 0.1 * distance + 0.01 * values.get("epochs", 1)


def fits_of(record):
    names = (*ARTICLE_SPACE.names, "epochs")
    return [[trial.hyperparameters[name] for name in names] for trial in record]


@pytest.fixture
def lab():
    made = hpt.SearchLab(objective=accuracy)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_lab():
    """Return a lab for tests that change nothing of it."""
    made = hpt.SearchLab(objective=accuracy)
    yield made
    made.close()


def is_hidden(lab, name):
    return lab.view.controls.fields[name].widget.layout.display == "none"


@pytest.mark.parametrize("method", IN_RUNGS)
def test_the_lab_searches_as_the_runner_does(lab, method):
    trials = 12 if method == "halving" else None
    record = lab.run(method, trials=trials, seed=3)
    reference = run_search(method, ARTICLE_SPACE, accuracy, trials=trials, seed=3)
    assert fits_of(record) == fits_of(reference)
    assert lab.state == "ended"
    assert lab.view.bar.value == 1
    # The best is one of the last rung, and its epochs stand beside it.
    assert record.best.hyperparameters["epochs"] == 9
    assert "epochs 9" in lab.status


@pytest.mark.parametrize("method", IN_RUNGS)
def test_a_search_of_whose_settings_most_failed_is_done_at_its_end(method):
    rates = []

    def objective(values):
        rates.append(values["learning_rate"])
        return accuracy(values) if rates[-1] == rates[0] else math.nan

    lab = hpt.SearchLab(objective=objective)
    lab.run(method, trials=9 if method == "halving" else None)
    assert {trial.usable for trial in lab.record} == {True, False}
    assert lab.view.bar.value == 1
    with pytest.raises(ValueError, match="used up"):
        lab.resume()
    lab.close()


def test_the_lab_says_beforehand_what_the_rungs_come_to(lab):
    lab.set(method="halving", trials=27)
    words = lab.view.meaning.value
    assert "27×1 → 9×3 → 3×9 (settings × epochs): 39 trainings, 81 epochs" in words
    lab.set(method="hyperband")
    words = lab.view.meaning.value
    assert "9×1 → 3×3 → 1×9; 5×3 → 1×9; 3×9 (settings × epochs): 22 trainings, 78" in words
    lab.set(max_epochs=4, factor=2)
    assert "4×1 → 2×2 → 1×4; 3×2 → 1×4; 3×4" in lab.view.meaning.value
    assert len(lab.run()) == 14


def test_the_fields_are_those_that_play_a_part(lab):
    assert dict(lab.view.controls.fields["method"].dropdown.options) == {
        "grid search": "grid",
        "random search": "random",
        "TPE": "tpe",
        "successive halving": "halving",
        "Hyperband": "hyperband",
    }
    assert is_hidden(lab, "max_epochs")
    assert is_hidden(lab, "factor")
    lab.set(method="halving")
    assert not any(is_hidden(lab, name) for name in ("trials", "max_epochs", "factor"))
    assert is_hidden(lab, "budget")
    lab.set(method="hyperband")
    assert is_hidden(lab, "trials")
    lab.set(method="tpe")
    assert not any(is_hidden(lab, name) for name in ("trials", "budget", "n_startup_jobs"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "halving", "factor": 1}, "factor=1 is not allowed: a whole number from 2"),
        ({"method": "halving", "trials": 2}, "trials=2 must be a whole number, factor=3 or larger"),
        ({"method": "halving", "max_epochs": 2}, "max_epochs=2 must be a whole number, factor=3"),
        ({"method": "halving", "seconds": 5}, r"seconds=5 is not allowed with method='halving'"),
        ({"method": "hyperband", "trials": 9}, "trials=9 is not allowed with method='hyperband'"),
    ],
)
def test_bad_settings_are_refused_and_nothing_changes(shared_lab, settings, message):
    before = shared_lab.settings
    with pytest.raises(ValueError, match=message):
        shared_lab.set(**settings)
    assert shared_lab.settings == before


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("factor", "1", "factor per rung: '1' is not allowed; it should be a whole number from 2"),
        ("factor", "10", "most epochs: 9 must be a whole number, factor per rung: 10 or larger"),
        ("trials", "2", "trials: 2 must be a whole number, factor per rung: 3 or larger"),
    ],
)
def test_what_is_typed_wrong_is_answered_beside_the_field(lab, name, typed, message):
    lab.set(method="halving")
    before = lab.settings
    control = lab.view.controls.fields[name]
    control.field.value = typed
    assert message in html.unescape(control.message.value)
    assert control.field.value == str(getattr(before, name))
    assert lab.settings == before
    assert len(lab.run(trials=3)) == 4


def test_a_method_that_the_fields_do_not_allow_is_answered_beside_the_list(lab):
    lab.set(trials=2)
    control = lab.view.controls.fields["method"]
    control.dropdown.value = "halving"
    assert "trials: 2 must be a whole number" in html.unescape(control.message.value)
    assert control.dropdown.value == lab.settings.method == "random"
    assert len(lab.run(trials=2)) == 2


def test_each_line_of_the_chart_is_a_setting_that_ends_where_it_was_dropped(lab):
    record = lab.run("halving", trials=27)
    chart = lab.view.rungs
    lines = chart.drawn()
    epochs = [[x for x, _ in line] for line in lines]
    # Those that were dropped at once are dots.
    assert epochs == [[1, 3, 9]] * 3 + [[1, 3]] * 6
    assert len(chart.marks[0].points.x) == 39
    assert chart.marks[0].survivors.stroke_width > 2 * chart.marks[0].dropped.stroke_width
    drawn = {point for line in lines for point in line}
    recorded = {(t.hyperparameters["epochs"], t.validation_accuracy) for t in record}
    assert drawn <= recorded
    assert list(chart.figure.axes[0].tick_values) == [1, 3, 9]


def test_each_bracket_has_a_colour_of_its_own(lab):
    lab.run("hyperband")
    marks = lab.view.rungs.marks
    # No two settings of one rung are joined to a line.
    assert [[x for x, _ in line] for line in lab.view.rungs.drawn()] == [
        [1, 3, 9], [1, 3], [1, 3], [3, 9]
    ]  # fmt: skip
    assert [len(mark.points.x) for mark in marks] == [13, 6, 3, 0, 0]
    assert len({mark.points.colors[0] for mark in marks}) == len(marks)
    lab.run("random", trials=3)
    assert lab.view.rungs.drawn() == []
    assert "Show a successive halving" in lab.view.rungs.words.value


def test_failed_trials_leave_the_chart_legible():
    chart = RungChart(ARTICLE_SPACE)
    values = {"learning_rate": 0.1, "dropout_rate": 0.2, "batch_size": 32}
    chart.draw(
        [
            Trial({**values, "epochs": 1}, "halving", validation_accuracy=0.8),
            Trial({**values, "epochs": 3}, "halving", ended="failed", message="too large"),
            Trial({**values, "batch_size": 64}, "halving", ended="diverged"),
        ]
    )
    assert list(chart.marks[0].points.y) == [0.8]
    assert chart.drawn() == []


def test_the_table_says_the_epochs_of_each_trial(lab):
    lab.run("halving", trials=3)
    assert [row[4] for row in lab.view.table.rows()] == ["9", "3", "3", "3"]
    assert "epochs" in lab.view.table.table.value


def test_the_best_so_far_is_drawn_along_epochs_where_all_searches_have_them():
    def with_epochs(values):
        epochs = float(values.get("epochs", 2))
        return Trial(dict(values), validation_accuracy=accuracy(values), epochs_trained=epochs)

    lab = hpt.SearchLab(objective=with_epochs)
    lab.run("random", trials=5)
    axis = lab.view.charts.by_trials.axes[0]
    assert axis.label == "trials"
    record = lab.run("halving", trials=9)
    assert axis.label == "epochs of all trials"
    points = [mark.mean.points for mark in lab.view.charts.trial_marks]
    assert list(points[0].x) == [2, 4, 6, 8, 10]
    assert list(points[1].x) == [*range(1, 10), 12, 15, 18, 27]
    assert list(points[1].y) == pytest.approx(list(record.incumbent))
    lab.close()
    # An objective of the reader's own may say none.
    lab = hpt.SearchLab(objective=accuracy)
    lab.run("random", trials=5)
    lab.run("halving", trials=9)
    assert lab.view.charts.by_trials.axes[0].label == "trials"
    assert len(lab.view.charts.drawn_best(0)) == 5
    lab.close()


@pytest.mark.parametrize("method", IN_RUNGS)
def test_a_search_that_was_stopped_in_a_later_rung_goes_on_as_an_unbroken_one(method):
    landed, go_on = threading.Event(), threading.Event()

    def objective(values):
        if len(calls) == 10:
            landed.set()
            go_on.wait(SECONDS)
        calls.append(values)
        return accuracy(values)

    calls = []
    lab = hpt.SearchLab(objective=objective)
    trials = {"trials": 9} if method == "halving" else {}
    lab.set(method=method, seed=1, **trials)
    lab.start()
    assert landed.wait(SECONDS)
    lab.stop()
    go_on.set()
    lab.wait(SECONDS)
    assert lab.state == "stopped"
    assert len(lab.record) == 11
    assert 0 < lab.view.bar.value < 1
    lab.resume()
    lab.wait(SECONDS)
    unbroken = run_search(method, ARTICLE_SPACE, accuracy, seed=1, **trials)
    assert fits_of(lab.record) == fits_of(unbroken)
    with pytest.raises(ValueError, match="The budget is used up"):
        lab.resume()
    lab.close()


def test_a_record_from_the_disk_is_continued_with_the_rungs_of_the_fields(tmp_path):
    path = tmp_path / "search.csv"
    whole = run_search("halving", ARTICLE_SPACE, accuracy, trials=9)
    broken = SearchRecord("halving", path)
    for trial in whole.trials[:11]:
        broken.append(trial)
    found = settings_of_record(broken)
    assert (found.method, found.trials, found.max_epochs, found.factor) == (
        "halving", 9, None, None
    )  # fmt: skip
    lab = hpt.SearchLab(objective=accuracy, records=[SearchRecord("halving", path)])
    lab.set(trials=9)
    lab.resume()
    lab.wait(SECONDS)
    assert fits_of(SearchRecord.load(path)) == fits_of(whole)
    lab.close()


def test_rungs_go_on_when_a_budget_in_seconds_was_chosen_since(lab):
    lab.run("halving", trials=3)
    lab.set(method="random", seconds=5)
    lab.set(trials=9)
    lab.set(seconds=5)
    lab.resume()
    lab.wait(SECONDS)
    assert lab.state == "ended"
    [run] = lab.searches
    assert (run.settings.trials, run.settings.seconds) == (9, None)


def test_too_few_trials_for_two_rungs_are_refused_before_the_search_goes_on(lab):
    lab.run("halving", trials=9)
    lab.set(method="random", trials=2)
    with pytest.raises(ValueError, match="trials=2"):
        lab.resume()
    assert lab.state == "ended"
    [run] = lab.searches
    assert run.settings.trials == 9


def test_a_training_in_rungs_has_their_epochs_and_one_seed():
    hp = hpt.Hyperparameters(hidden_units=(4,), epochs=7)
    lab = hpt.SearchLab(tabular_data(), hyperparameters=hp)
    frame = lab.run("halving", trials=4, max_epochs=4, factor=2, seed=5).to_frame()
    assert list(frame["epochs"]) == [1] * 4 + [2] * 2 + [4]
    assert list(frame["epochs_trained"]) == pytest.approx(list(frame["epochs"]))
    assert set(frame["seed"]) == {5}
    lab.run("random", trials=3, epochs=2)
    assert list(lab.record.to_frame()["epochs"]) == [2] * 3
    assert "did not all train" in lab.view.comparison.value
    lab.close()


def test_every_method_has_its_name_and_its_sentence_in_the_lab(lab):
    sentences = set()
    for method in METHODS:
        lab.set(method=method)
        sentences.add(lab.view.meaning.value)
    assert len(sentences) == len(METHODS)
    assert not any("search_lab." in sentence for sentence in sentences)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_trials_of_all_rungs_are_compared_with_their_epochs(lab, language):
    hpt.use_language(language)
    lab.run("halving", trials=27)
    lab.view.open_tab("importance")
    lab.wait()
    assert {"en": "knows these", "zh": "也用到了轮数"}[language] in lab.view.importance.words.value
    assert {"en": "epochs", "zh": "训练轮数"}[language] in lab.view.importance.bars.value
    assert len(lab.view.parallel.drawn()[0]) == len(ARTICLE_SPACE.names) + 2
    lab.run("random", trials=15)
    lab.wait()
    assert {"en": "knows these", "zh": "也用到了轮数"}[language] not in (
        lab.view.importance.words.value
    )
    assert len(lab.view.parallel.drawn()[0]) == len(ARTICLE_SPACE.names) + 1
