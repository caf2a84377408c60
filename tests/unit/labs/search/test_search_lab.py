"""The search lab without a screen."""

import contextlib
import gc
import html
import math
import sys
import threading
import time
import weakref
from unittest import mock

import pytest
from patience import SECONDS
from small_data import tabular_data
from widget_tools import bundle_of, open_widgets

import hpt_widgets as hpt
from hpt_widgets.labs.kit import live_work
from hpt_widgets.labs.search.importance_view import ImportanceView
from hpt_widgets.labs.search.live import LiveSearch, SearchRun, SearchSettings, seconds_left
from hpt_widgets.search.importance import Importance, Importances
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import Search, run_search
from hpt_widgets.search.space import ARTICLE_SPACE, Choice, LogUniform, SearchSpace, Uniform
from hpt_widgets.search.trial import Trial

OPTIONS = ("elu", "tanh", "sigmoid")


def accuracy(values):
    """Best at a learning rate of 0.01 and a dropout rate of 0.3."""
    distance = (math.log10(values["learning_rate"]) + 2) ** 2
    return 0.9 - 0.1 * distance - 0.2 * (values["dropout_rate"] - 0.3) ** 2


def with_history(values):
    score = accuracy(values)
    return Trial(dict(values), validation_accuracy=score, history=((10, 0.2), (20, score)))


@pytest.fixture
def lab():
    made = hpt.SearchLab(objective=with_history)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_lab():
    """Return a lab for tests that change nothing of it."""
    made = hpt.SearchLab(objective=with_history)
    yield made
    made.close()


def values_of(record):
    return [[trial.hyperparameters[name] for name in ARTICLE_SPACE.names] for trial in record]


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_run_searches_as_the_runner_does(lab, method):
    record = lab.run(method, trials=8, seed=3, n_startup_jobs=5)
    reference = run_search(method, ARTICLE_SPACE, accuracy, trials=8, seed=3, n_startup_jobs=5)
    assert record is lab.record
    assert values_of(record) == values_of(reference)
    assert lab.state == "ended"
    assert f"{record.best.validation_accuracy:.2%}" in lab.status
    # What is drawn is what was recorded.
    drawn = sorted(score for *_, score in lab.view.map.drawn())
    assert drawn == pytest.approx(sorted(trial.validation_accuracy for trial in record))
    assert lab.view.charts.drawn_best(0) == pytest.approx(list(record.incumbent))


def test_the_grid_is_searched_whole_by_default_and_shows_how_few_values_it_tries(lab):
    lab.run("grid")
    assert len(lab.record) == 27
    assert "3 distinct learning rates" in lab.view.map.words.value
    names = ("learning_rate", "batch_size", "dropout_rate")
    assert lab.view.map.drawn_counts() == {name: [9, 9, 9] for name in names}
    lab.run("random", trials=27)
    assert "27 distinct learning rates" in lab.view.map.words.value
    drawn = lab.view.map.drawn_counts()
    assert drawn["learning_rate"] == drawn["dropout_rate"] == [1] * 27
    sizes = [trial.hyperparameters["batch_size"] for trial in lab.record]
    assert drawn["batch_size"] == [sizes.count(size) for size in sorted(set(sizes))]
    assert f", {len(set(sizes))} batch sizes" in lab.view.map.words.value
    # The grid stands beside it.
    assert "3 distinct learning rates" in lab.view.other_map.words.value


def test_trials_reach_the_readers_folder_as_they_land(readers_folder):
    found = []

    def objective(values):
        [path] = (readers_folder / "searches").glob("*.csv") if found else [None]
        found.append(0 if path is None else len(SearchRecord.load(path)))
        return accuracy(values)

    lab = hpt.SearchLab(objective=objective)
    lab.run("random", trials=4)
    lab.close()
    assert found == [0, 1, 2, 3]
    [path] = (readers_folder / "searches").glob("*.csv")
    assert values_of(SearchRecord.load(path)) == values_of(lab.record)


def test_stop_keeps_the_trials_and_continue_proposes_what_an_unbroken_search_would():
    landed, go_on = threading.Event(), threading.Event()

    def objective(values):
        if len(calls) == 6:
            landed.set()
            go_on.wait(SECONDS)
        calls.append(values)
        return accuracy(values)

    calls = []
    lab = hpt.SearchLab(objective=objective)
    lab.set(method="tpe", trials=12, n_startup_jobs=4, seed=1)
    lab.start()
    assert landed.wait(SECONDS)
    assert lab.state == "searching"
    lab.stop()
    go_on.set()
    lab.wait(SECONDS)
    assert lab.state == "stopped"
    assert len(lab.record) == 7
    assert "Stopped" in lab.status
    lab.resume()
    lab.wait(SECONDS)
    unbroken = run_search("tpe", ARTICLE_SPACE, accuracy, trials=12, seed=1, n_startup_jobs=4)
    assert values_of(lab.record) == values_of(unbroken)
    assert len(lab.searches) == 1
    with pytest.raises(ValueError, match="used up"):
        lab.resume()
    lab.set(trials=14)
    lab.resume()
    lab.wait(SECONDS)
    assert len(lab.record) == 14
    lab.close()


def test_a_search_that_is_continued_twice_at_once_goes_on_once(lab, monkeypatch):
    record = lab.run("random", trials=3)
    lab.set(trials=6)
    both, begun, search = threading.Barrier(2), [], lab.live.search

    def meet():
        # One of them is kept out for as long as the other one is at it.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.5)

    monkeypatch.setattr(lab, "_save_notes", meet)
    monkeypatch.setattr(lab.live, "search", lambda runs: (begun.append(runs), search(runs)))
    threads = [threading.Thread(target=lab.resume) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lab.wait(SECONDS)
    assert (len(begun), len(record)) == (1, 6)


def test_a_search_goes_on_whatever_method_was_chosen_since(lab):
    record = lab.run("random", trials=3, seed=1)
    lab.set(trials=5)
    lab.set(method="hyperband")
    lab.resume()
    lab.wait(SECONDS)
    assert lab.state == "ended"
    unbroken = run_search("random", ARTICLE_SPACE, accuracy, trials=5, seed=1)
    assert values_of(record) == values_of(unbroken)


def test_what_cannot_be_continued_keeps_its_settings(lab):
    lab.run("random", trials=5)
    [run] = lab.searches
    lab.set(trials=3)
    with pytest.raises(ValueError, match="used up"):
        lab.resume()
    assert run.settings.trials == 5
    assert lab.view.bar.value == 1


def test_a_record_from_the_disk_is_continued(tmp_path):
    path = tmp_path / "search.csv"
    run_search("random", ARTICLE_SPACE, accuracy, trials=3, record=SearchRecord("random", path))
    lab = hpt.SearchLab(objective=accuracy, records=[SearchRecord("random", path)])
    lab.set(trials=6)
    lab.resume()
    lab.wait(SECONDS)
    assert values_of(SearchRecord.load(path)) == values_of(
        run_search("random", ARTICLE_SPACE, accuracy, trials=6)
    )
    lab.close()


def test_what_a_record_does_not_tell_is_taken_from_the_fields_and_said():
    def search(trials):
        return run_search("tpe", ARTICLE_SPACE, accuracy, trials=trials, seed=7, n_startup_jobs=2)

    record = search(5)
    lab = hpt.SearchLab(objective=accuracy, records=[record])
    assert "seed" not in str(lab.view.lists.shown.options)
    lab.set(trials=8, seed=7, n_startup_jobs=2)
    lab.resume()
    lab.wait(SECONDS)
    assert values_of(record) == values_of(search(8))
    assert "Assumed, as the fields stand: random seed 7, random start-up 2." in lab.status
    # From now on it is known.
    lab.set(trials=9, seed=3)
    lab.resume()
    lab.wait(SECONDS)
    assert values_of(record) == values_of(search(9))
    lab.close()


def test_a_tpe_search_of_more_samples_than_there_are_can_be_looked_at():
    record = SearchRecord("tpe")
    for rate in (0.01, 0.02):
        values = {"learning_rate": rate, "batch_size": 32, "dropout_rate": 0.1, "seed": 0}
        values["training_size"] = 48_000
        record.append(Trial(values, "tpe", validation_accuracy=0.9))
    lab = hpt.SearchLab(tabular_data(), records=[record])
    assert len(lab.view.map.drawn()) == 2
    assert "next: " in lab.view.densities.words.value
    lab.close()


def test_a_record_whose_seed_is_not_known_is_no_search_of_the_labs(lab):
    lab.add(run_search("random", ARTICLE_SPACE, accuracy, trials=3, seed=5))
    lab.run("random", trials=4, seed=0)
    assert "2 seeds" in lab.view.charts.legend.value


def test_a_seed_that_the_trials_tell_is_not_assumed(lab):
    record = SearchRecord("random")
    for seed in (4, 4):
        record.append(Trial({"x": 0.1, "seed": seed}, "random", validation_accuracy=0.5))
    lab.add(record)
    assert "seed 4" in str(lab.view.lists.shown.options)
    lab.set(trials=3)
    lab.resume()
    lab.wait(SECONDS)
    assert "Assumed" not in lab.status


def test_without_anything_to_continue_it_says_so(lab):
    with pytest.raises(ValueError, match="no search to continue"):
        lab.resume()
    lab.view.controls.buttons["resume"].click()
    assert "no search to continue" in lab.status


def test_nobody_waits_for_the_data_of_a_search_to_be_copied(monkeypatch):
    data = tabular_data(n_train=60)
    copies, was_stopped = threading.Event(), threading.Event()
    waited = []

    def take(_, size, seed):
        copies.set()
        waited.append(was_stopped.wait(SECONDS))
        return data

    monkeypatch.setattr(type(data), "take", take)
    live = LiveSearch(ARTICLE_SPACE, data, hpt.Hyperparameters(), None, mock.Mock())
    run = SearchRun(1, SearchSettings(training_size=20), SearchRecord("random"))
    monkeypatch.setattr(live_work, "load_tensorflow", lambda: None)
    live.search([run])
    assert copies.wait(SECONDS)
    live.stop()
    was_stopped.set()
    assert live.wait(SECONDS)
    live.close()
    assert waited == [True]


def test_a_budget_in_seconds_ends_the_search():
    def objective(values):
        return Trial(dict(values), validation_accuracy=accuracy(values), seconds=2.0)

    lab = hpt.SearchLab(objective=objective)
    lab.run("random", seconds=5)
    assert len(lab.record) == 3
    assert lab.view.bar.value == 1
    lab.close()


def test_a_grid_that_ends_before_its_seconds_is_done():
    def objective(values):
        return Trial(dict(values), validation_accuracy=accuracy(values), seconds=0.5)

    lab = hpt.SearchLab(objective=objective)
    lab.set(method="grid", seconds=60, repeats=2)
    lab.start()
    lab.wait(SECONDS)
    assert [len(record) for record in lab.records] == [27, 27]
    assert lab.view.bar.value == 1
    # The map went on to the second one.
    assert lab.focus.shown is lab.searches[1]
    with pytest.raises(ValueError, match="used up"):
        lab.resume()
    lab.close()
    half = SearchRun(1, SearchSettings("grid", None, 60.0), SearchRecord("grid"))
    for _ in range(18):
        half.record.append(Trial({}, "grid", validation_accuracy=0.5, seconds=0.5))
    assert half.progress(ARTICLE_SPACE) == pytest.approx(18 / 27)
    assert half.seconds_left(ARTICLE_SPACE) == pytest.approx(4.5)


def test_the_time_left_counts_searches_that_have_not_begun():
    def run_of(trials):
        record = SearchRecord("random")
        for _ in range(trials):
            record.append(Trial({}, "random", validation_accuracy=0.5, seconds=3.0))
        return SearchRun(1, SearchSettings(trials=10), record)

    assert seconds_left([run_of(4)], ARTICLE_SPACE, 1) == pytest.approx(18)
    assert seconds_left([run_of(10), run_of(4)], ARTICLE_SPACE, 1) == pytest.approx(18)
    # The third will take as long as the two others take from begin to end: 30 s.
    assert seconds_left([run_of(10), run_of(4), run_of(0)], ARTICLE_SPACE, 2) == pytest.approx(24)
    assert math.isnan(seconds_left([run_of(0)], ARTICLE_SPACE, 1))


def test_a_failing_trial_is_recorded_and_the_search_goes_on():
    def objective(values):
        if values["dropout_rate"] > 0.7:
            raise RuntimeError("no <b>memory</b>")
        return math.nan if values["learning_rate"] > 0.05 else accuracy(values)

    lab = hpt.SearchLab(objective=objective)
    lab.run("grid")
    ended = [trial.ended for trial in lab.record]
    assert (ended.count("failed"), ended.count("diverged")) == (9, 6)
    assert "9 trials failed" in lab.status
    assert len(lab.view.map.drawn()) == 12
    assert len(lab.view.map.crosses.x) == 15
    assert "no &lt;b&gt;memory" in lab.view.table.table.value
    lab.close()


def test_repeats_give_a_band_and_words_about_the_noise(lab):
    lab.run("random", trials=10, repeats=3, seed=5)
    assert [run.settings.seed for run in lab.searches] == [5, 6, 7]
    assert len(lab.view.charts.trial_marks[0].band.x)
    assert lab.comparisons() == []
    lab.run("tpe", trials=10, repeats=2, n_startup_jobs=3)
    assert "Not enough repeats" in str(lab.comparisons()[0])
    lab.run("tpe", trials=10, repeats=4, seed=2, n_startup_jobs=3)
    [comparison] = lab.comparisons()
    assert comparison.repeats == (3, 6)
    assert comparison.trials == 10
    assert str(comparison) in lab.view.comparison.value
    # A seed that was used before adds nothing.
    lab.run("random", trials=10, repeats=3, seed=5)
    assert lab.comparisons()[0].repeats == (3, 6)


def test_tpes_densities_are_shown_with_the_startup_and_the_next_suggestion(lab):
    lab.run("tpe", trials=12, n_startup_jobs=9)
    charts = lab.view.densities.charts
    good, rest, suggestion = charts["learning_rate"].drawn()
    assert len(good) == len(rest) == 201
    drawn = charts["learning_rate"].drawn_trials()
    assert sum(drawn.values()) == 12
    assert sum(count for (_, startup), count in drawn.items() if startup) == 9
    assert "best 1 of 12 trials" in lab.view.densities.words.value
    lab.set(trials=13)
    lab.resume()
    lab.wait(SECONDS)
    assert suggestion[0] == lab.record.trials[-1].hyperparameters["learning_rate"]
    lab.run("random", trials=2)
    assert sum(charts["learning_rate"].drawn_trials().values()) == 0
    assert "Show a TPE search" in lab.view.densities.words.value


@pytest.mark.parametrize(("method", "tab"), [("tpe", "densities"), ("halving", "rungs")])
def test_a_search_on_the_map_without_a_trial_yet_is_not_asked_for(lab, method, tab):
    lab.view.open_tab(tab)
    words = getattr(lab.view, tab).words
    assert "on the map" in words.value
    lab.add(SearchRecord(method))
    assert words.value == "No trial yet."


def test_tpe_within_its_startup_is_called_random_search(lab):
    lab.set(method="tpe", trials=20)
    assert "random search under another name" in lab.view.meaning.value
    lab.set(n_startup_jobs=5)
    assert "random search under another name" not in lab.view.meaning.value


def test_a_trial_that_is_chosen_shows_its_learning_curve(lab):
    record = lab.run("random", trials=5)
    assert lab.view.curve.drawn() == [0.2, record.best.validation_accuracy]
    lab.show(trial=2)
    assert lab.view.curve.drawn() == [0.2, record.trials[1].validation_accuracy]
    lab.view.map.click(4)
    assert lab.view.curve.drawn() == [0.2, record.trials[3].validation_accuracy]
    assert "no. 4" in lab.view.curve.title.value
    for wrong in ({"trial": 6}, {"search": 2}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))}="):
            lab.show(**wrong)


def test_a_trial_without_a_learning_curve_says_so(lab):
    lab.add(run_search("random", ARTICLE_SPACE, accuracy, trials=3))
    assert lab.view.curve.drawn() == []
    assert "has no learning curve in its record" in lab.view.curve.title.value


def test_runs_by_hand_are_a_method_too(lab):
    by_hand = SearchRecord("manual")
    heard, dropped = [], []
    by_hand.on_trial, by_hand.on_forget = heard.append, dropped.append
    lab.add(by_hand)
    lab.run("random", trials=3)
    lab.show(1)
    values = {"learning_rate": 1.0, "batch_size": 32, "dropout_rate": 0.0}
    by_hand.append(Trial(values, validation_accuracy=0.5))
    assert lab.view.map.drawn() == [(1.0, 0.0, 0.5)]
    # The map reaches beyond the space.
    assert lab.view.map.x.scale.max > 1.0
    assert lab.view.map.y.scale.min < 0.0
    assert "manual search" in lab.view.charts.legend.value
    assert len(heard) == 1
    by_hand.forget(1)
    assert dropped == [1]
    assert lab.view.map.drawn() == []
    assert "manual search" not in lab.view.charts.legend.value
    lab.close()
    assert by_hand.on_trial == heard.append
    assert by_hand.on_forget == dropped.append


def test_what_cannot_be_drawn_is_the_labs_matter_alone(lab, monkeypatch):
    record = SearchRecord("manual")
    lab.add(record)
    trial = Trial({"learning_rate": 0.1}, validation_accuracy=0.7)

    def fail(*_arguments, **_options):
        raise ZeroDivisionError("no room.")

    with monkeypatch.context() as patch:
        patch.setattr(lab.view, "draw", fail)
        assert record.append(trial).number == 1
    assert "could not be drawn: no room. " in lab.status
    record.append(trial)
    assert len(lab.view.map.drawn_counts()) == 3


def test_a_record_is_added_once(lab):
    by_hand = SearchRecord("manual")
    lab.add(by_hand)
    lab.run("random", trials=2)
    lab.add(by_hand)
    assert lab.records == [by_hand, lab.record]
    assert lab.view.lists.shown.value == 1
    by_hand.append(Trial({"learning_rate": 0.1}, validation_accuracy=0.7))
    assert "manual search: 1 trial. Best 70.00%" in lab.status
    lab.show(2)
    assert "random search, seed 0: 2 trials" in lab.status


def test_records_of_several_people_are_repeats_of_one_method(lab):
    for score in (0.5, 0.6, 0.8):
        by_hand = SearchRecord("manual")
        by_hand.append(Trial({"learning_rate": 0.1}, validation_accuracy=score))
        lab.add(by_hand)
    assert "manual search, 3 records" in lab.view.charts.legend.value
    assert "63.33% on average" in lab.view.comparison.value


def test_a_click_beside_brings_that_search_onto_the_map(lab):
    lab.run("grid", trials=4)
    lab.run("random", trials=5)
    lab.view.other_map.click(3)
    assert lab.view.lists.shown.value == 1
    assert lab.view.lists.beside.value == 2
    assert "no. 3" in lab.view.curve.title.value


def test_the_lists_choose_what_is_on_the_maps(lab):
    lab.run("grid", trials=4)
    lab.run("random", trials=5)
    lab.view.lists.shown.value = 1
    assert len(lab.view.map.drawn()) == 4
    assert "grid search" in lab.status
    lab.view.lists.beside.value = 0
    assert lab.view.other_half.layout.display == "none"
    lab.view.lists.beside.value = 2
    assert len(lab.view.other_map.drawn()) == 5


def test_the_map_follows_the_repeats_until_a_reader_chooses_one():
    reached = {10: threading.Event(), 18: threading.Event()}
    go_on = {place: threading.Event() for place in reached}
    calls = []

    def objective(values):
        if len(calls) in reached:
            reached[len(calls)].set()
            go_on[len(calls)].wait(SECONDS)
        calls.append(values)
        return accuracy(values)

    lab = hpt.SearchLab(objective=objective)
    lab.set(method="random", trials=8, repeats=3)
    lab.start()
    assert reached[10].wait(SECONDS)
    assert lab.focus.shown is lab.searches[1]
    lab.show(1)
    go_on[10].set()
    assert reached[18].wait(SECONDS)
    assert lab.focus.shown is lab.searches[0]
    go_on[18].set()
    lab.wait(SECONDS)
    assert lab.focus.shown is lab.searches[0]
    lab.close()


def test_the_table_is_capped_and_can_show_the_best_first(lab):
    lab.run("random", trials=20)
    assert [row[0] for row in lab.view.table.rows()] == [str(n) for n in range(20, 5, -1)]
    lab.view.table.order.value = "best"
    assert lab.view.table.rows()[0][0] == str(lab.record.best.number)
    assert "5 more" in lab.view.table.table.value


def test_failures_are_worse_than_the_worst_score(lab):
    record = SearchRecord("random")
    for score, ended in (
        (-3.0, "finished"),
        (None, "failed"),
        (0.0, "finished"),
        (-1.5, "stopped"),
    ):
        record.append(Trial({}, "random", validation_accuracy=score, ended=ended))
    lab.add(record)
    lab.view.table.order.value = "best"
    assert [row[0] for row in lab.view.table.rows()] == ["3", "4", "1", "2"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "manual"}, "method='manual'"),
        ({"trials": 0}, "trials=0"),
        ({"trials": 2.5}, "trials=2.5"),
        ({"seconds": math.nan}, "seconds=nan"),
        ({"seed": -1}, "seed=-1"),
        ({"repeats": 21}, "repeats=21"),
        ({"n_startup_jobs": "many"}, "n_startup_jobs='many'"),
        ({"trials": 5, "seconds": 5}, "trials=5 and seconds=5"),
        ({"seed": 2**31 - 1, "repeats": 2}, "seed=2147483647 with repeats=2"),
        ({"folds": 5}, "'folds'"),
        ({"training_size": 100}, "'training_size'"),
    ],
)
def test_what_is_not_allowed_is_named_and_changes_nothing(shared_lab, settings, message):
    before = shared_lab.settings
    with pytest.raises((ValueError, TypeError), match=message):
        shared_lab.set(**{"seed": 9, **settings})
    assert shared_lab.settings == before


def test_what_is_typed_wrong_is_answered_beside_the_field(lab):
    control = lab.view.controls.fields["trials"]
    control.field.value = "many"
    said = html.unescape(control.message.value)
    assert "trials: 'many' is not a number; it should be a whole number from 1 to 1,000" in said
    assert control.field.value == "27"
    control.field.value = "12"
    assert lab.settings.trials == 12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"objective": 3}, "objective=3"),
        ({"data": [1, 2]}, "Dataset"),
        ({"objective": accuracy, "space": "article"}, "SearchSpace"),
        ({"objective": accuracy, "space": SearchSpace((Uniform("x", 0.0, 1.0),))}, "space="),
        ({"objective": accuracy, "records": [[1]]}, "records="),
    ],
)
def test_a_lab_cannot_be_made_of_anything(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        hpt.SearchLab(**arguments)


def test_categories_lie_on_the_map():
    space = SearchSpace((LogUniform("learning_rate", 0.001, 0.1), Choice("activation", OPTIONS)))
    lab = hpt.SearchLab(objective=lambda values: len(values["activation"]) / 10, space=space)
    lab.run("random", trials=12)
    drawn = lab.view.map.drawn()
    assert len(drawn) == 12
    for _, place, score in drawn:
        assert score == len(OPTIONS[round(place)]) / 10
    assert lab.figure().axes[0].get_yticklabels()[1].get_text() == "tanh"
    lab.close()


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_options_may_be_dictionaries(method):
    options = ({"a": 1}, {"a": 2})
    space = SearchSpace((Uniform("x", 0.0, 1.0, grid=(0.0, 1.0)), Choice("y", options)))
    lab = hpt.SearchLab(objective=lambda values: values["x"] / values["y"]["a"], space=space)
    record = lab.run(method, trials=4, n_startup_jobs=2)
    assert lab.state == "ended"
    tried = [trial.hyperparameters["y"] for trial in record]
    counts = [tried.count(option) for option in options if option in tried]
    assert lab.view.map.drawn_counts()["y"] == counts
    assert f"{len(counts)} of y" in lab.view.map.words.value
    assert bundle_of(lab)["image/png"]
    lab.close()


def test_there_is_no_minus_zero_among_the_importances():
    view = ImportanceView()
    view.draw(Importances((Importance("dropout_rate", -1e-6, 2e-4),), 0.001, 0.01, 20))
    assert ">0.00 ± 0.02<" in view.bars.value


def test_the_importance_is_worked_out_when_its_tab_is_opened(lab):
    lab.run("random", trials=40)
    assert "40 trials" not in lab.view.importance.words.value
    lab.view.open_tab("importance")
    lab.wait(SECONDS)
    assert "from 40 trials" in lab.view.importance.words.value
    # The learning rate decides most, and the batch size nothing.
    bars = lab.view.importance.bars.value
    assert bars.index("learning rate") < bars.index("dropout rate") < bars.index("batch size")
    lab.run("random", trials=5)
    lab.wait(SECONDS)
    assert "15 trials" in lab.view.importance.words.value
    assert lab.view.importance.bars.value == ""


def test_a_grid_fills_cell_by_cell_and_warns_of_its_edge(lab):
    lab.view.open_tab("heat_map")
    lab.run("grid", trials=26)
    assert "26 of 27 combinations" in lab.view.heat_map.words.value
    assert lab.view.edges.value == ""
    lab.run("grid")
    assert "27 of 27 combinations" in lab.view.heat_map.words.value
    # The best learning rate, 0.01, lies inside.
    edges = "(smallest dropout rate 0.2, smallest batch size 32)"
    assert f"at the edge of the grid {edges}:" in lab.view.edges.value
    lab.run("random", trials=3)
    assert "Show a grid search" in lab.view.heat_map.words.value
    assert lab.view.edges.value == ""


def test_what_a_button_could_not_do_is_forgotten_when_a_field_changes(lab):
    lab.view.controls.buttons["resume"].click()
    assert "no search to continue" in lab.status
    lab.view.controls.fields["trials"].field.value = "5"
    assert "Ready" in lab.status


def test_a_space_needs_no_article():
    space = SearchSpace(
        (Uniform("a", 0.0, 1.0), Choice("kind", ("x", "y")), Uniform("b", 0.0, 1.0))
    )
    lab = hpt.SearchLab(objective=lambda values: values["a"] * values["b"], space=space)
    lab.run("tpe", trials=6, n_startup_jobs=3)
    assert len(lab.view.map.drawn()) == 6
    assert "6 distinct values of a" in lab.view.map.words.value
    lab.close()


def test_closing_leaves_no_thread_and_no_widget():
    before = set(open_widgets)
    lab = hpt.SearchLab(objective=lambda values: time.sleep(0.01) or accuracy(values))
    lab.set(method="random", trials=1000)
    lab.start()
    assert set(open_widgets) - before
    lab.close()
    assert set(open_widgets) - before == set()
    assert not [thread for thread in threading.enumerate() if "hpt-search" in thread.name]
    with pytest.raises(RuntimeError, match="closed"):
        lab.start()


def test_the_lab_is_drawn_without_a_front_end(lab):
    assert bundle_of(lab)["image/png"]
    lab.run("grid", trials=5)
    lab.run("random", trials=5, repeats=2)
    assert len(lab.figure().axes) >= 4


def test_it_speaks_chinese():
    hpt.use_language("zh")
    lab = hpt.SearchLab(objective=accuracy)
    lab.run("grid")
    assert "3 个不同的学习率" in lab.view.map.words.value
    assert "搜索完成" in lab.status
    lab.close()


def test_trials_really_train_the_network(readers_folder):
    data = tabular_data(n_train=600, n_validation=200)
    hp = hpt.Hyperparameters(hidden_units=(8,))
    lab = hpt.SearchLab(data, hyperparameters=hp, training_size=300)
    lab.run("random", trials=3, repeats=2, seed=4, epochs=2, timeout=SECONDS)
    subset = data.take(300, seed=0)
    for record, seed in zip(lab.records, (4, 5), strict=True):
        for trial in record:
            values = {name: trial.hyperparameters[name] for name in ARTICLE_SPACE.names}
            run = hpt.train(hp.replace(**values, seed=seed, epochs=2), subset)
            assert trial.validation_accuracy == run.validation_accuracy
            assert trial.hyperparameters["training_size"] == 300
            assert trial.epochs_trained == 2
    assert not lab.view.comparison.value.count("⚠")
    by_hand = SearchRecord("manual")
    by_hand.append(Trial({"training_size": 600, "epochs": 1}, validation_accuracy=0.9))
    lab.add(by_hand)
    assert "same number of samples" in lab.view.comparison.value
    lab.close()


def test_the_runs_of_a_training_lab_are_compared_with_the_machines(readers_folder):
    data = tabular_data(n_train=600, n_validation=200)
    hp = hpt.Hyperparameters(hidden_units=(8,))
    by_hand = hpt.TrainingLab(data, hp, training_size=300)
    lab = hpt.SearchLab(data, hyperparameters=hp, training_size=300, records=[by_hand.runs])
    assert lab.record is by_hand.runs
    assert lab.view.map.drawn() == []
    for rate, size in ((0.001, 32), (0.05, 64)):
        by_hand.set(learning_rate=rate, batch_size=size)
        by_hand.wait()
    # They were drawn as they landed, while the training lab went on.
    runs = by_hand.runs.trials
    assert [trial.method for trial in runs] == ["manual", "manual"]
    expected = [
        (
            trial.hyperparameters["learning_rate"],
            trial.hyperparameters["dropout_rate"],
            trial.validation_accuracy,
        )
        for trial in runs
    ]
    assert sorted(lab.view.map.drawn()) == sorted(expected)
    assert "2 distinct learning rates" in lab.view.map.words.value
    assert lab.view.charts.drawn_best(0) == list(by_hand.runs.incumbent)
    lab.show(trial=2)
    assert lab.view.curve.drawn() == [score for _, score in runs[1].history]
    lab.run("random", trials=3, timeout=SECONDS)
    by_hand.set(learning_rate=0.01)
    by_hand.wait()
    assert [record.method for record in lab.records] == ["manual", "random"]
    assert len(lab.view.other_map.drawn()) == 3
    assert lab.view.charts.drawn_best(0) == list(by_hand.runs.incumbent)
    [comparison] = lab.comparisons()
    assert comparison.names == ("manual search", "random search")
    assert comparison.trials == 3
    assert comparison.means == (by_hand.runs.best.validation_accuracy, *comparison.means[1:])
    # They trained on the same samples, so nothing speaks against comparing them.
    assert "⚠" not in lab.view.comparison.value
    assert by_hand.state == "ended"
    by_hand.forget(1)
    assert lab.view.charts.drawn_best(0) == list(by_hand.runs.incumbent)
    assert len(by_hand.runs) == 2
    lab.close()
    by_hand.set(learning_rate=0.02)
    by_hand.wait()
    assert len(by_hand.runs) == 3
    by_hand.close()


def test_runs_that_land_during_a_search_are_drawn_with_it():
    reached, go_on = threading.Event(), threading.Event()

    def objective(values):
        reached.set()
        go_on.wait(SECONDS)
        return accuracy(values)

    by_hand = SearchRecord("manual")
    lab = hpt.SearchLab(objective=objective, records=[by_hand])
    lab.set(method="random", trials=1)
    lab.start()
    assert reached.wait(SECONDS)
    by_hand.append(Trial({"learning_rate": 0.01, "dropout_rate": 0.3}, validation_accuracy=0.7))
    go_on.set()
    lab.wait(SECONDS)
    assert lab.view.charts.drawn_best(0) == [0.7]
    lab.close()


def test_stop_breaks_a_training_off():
    lab = hpt.SearchLab(tabular_data(n_train=600), space=ARTICLE_SPACE)
    lab.set(epochs=100, trials=1000)
    lab.start()
    deadline = time.monotonic() + SECONDS
    while lab.state != "searching" and time.monotonic() < deadline:
        time.sleep(0.01)
    lab.stop()
    lab.wait(SECONDS)
    assert lab.state == "stopped"
    assert all(trial.ended == "finished" for trial in lab.record)
    lab.close()


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_a_record_from_another_space_is_shown_and_continued(lab, method):
    record = SearchRecord(method)
    for x in (0.1, 0.2):
        record.append(Trial({"x": x}, method, validation_accuracy=0.5))
    lab.add(record)
    assert lab.record is record
    lab.set(trials=3)
    lab.resume()
    lab.wait()
    assert lab.state == "ended"
    assert len(record) == 5


def test_a_record_that_was_added_shows_its_progress_when_it_is_continued(lab):
    record = run_search("random", ARTICLE_SPACE, accuracy, trials=3)
    lab.add(record)
    lab.set(trials=5)
    lab.resume()
    lab.wait()
    assert len(record) == 5
    assert lab.view.bar.value == 1
    assert "5 trials" in lab.view.progress_text.value


def test_an_objective_that_leaves_python_leaves_the_lab_alive(readers_folder):
    lab = hpt.SearchLab(objective=lambda _: sys.exit("enough"))
    lab.run("random", trials=2)
    assert lab.state == "ended"
    assert [trial.ended for trial in lab.record] == ["failed", "failed"]
    lab.close()


def test_a_search_that_fails_ends_those_beside_it_and_the_lab_goes_on(lab, monkeypatch):
    monkeypatch.setattr(LiveSearch, "n_workers", lambda _search, n_searches: n_searches)
    run = Search.run
    begun = threading.Event()

    def fail_the_first(search, *arguments, stop, **others):
        if search.seed == 0:
            assert begun.wait(SECONDS)
            raise ZeroDivisionError("a mistake of the search's own")
        begun.set()
        assert stop.wait(SECONDS)
        return run(search, *arguments, stop=stop, **others)

    with monkeypatch.context() as patch:
        patch.setattr(Search, "run", fail_the_first)
        with pytest.raises(ZeroDivisionError):
            lab.run("random", trials=3, repeats=2)
    assert lab.state == "failed"
    assert "a mistake of the search's own" in lab.status
    with monkeypatch.context() as patch:
        patch.setattr(Search, "run", mock.Mock(side_effect=MemoryError))
        with pytest.raises(MemoryError):
            lab.run("random", trials=3)
    assert "MemoryError" in lab.status
    assert len(lab.run("random", trials=3)) == 3


def test_a_closed_lab_is_not_kept_alive_by_who_listens_after_it():
    record = SearchRecord("random")
    lab = hpt.SearchLab(objective=accuracy, records=[record])
    ours = record.on_trial
    heard = []

    def listen(trial):
        ours(trial)
        heard.append(trial.number)

    record.on_trial = listen
    lab.close()
    gone = weakref.ref(lab)
    del lab
    gc.collect()
    assert gone() is None
    record.append(Trial({"x": 1.0}))
    assert heard == [1]


def test_of_the_records_that_it_is_given_the_one_that_begins_is_shown():
    halving, full = SearchRecord("halving"), SearchRecord("random")
    lab = hpt.SearchLab(objective=accuracy, records=[halving, full])
    trial = Trial({"learning_rate": 0.1, "dropout_rate": 0.0}, validation_accuracy=0.7)
    assert lab.view.lists.shown.value == 1
    halving.append(trial)
    halving.append(trial)
    assert (lab.view.lists.shown.value, len(lab.view.map.drawn())) == (1, 2)
    full.append(trial)
    assert (lab.view.lists.shown.value, lab.view.lists.beside.value) == (2, 1)
    halving.append(trial)
    assert lab.view.lists.shown.value == 2
    lab.close()
    lab = hpt.SearchLab(objective=accuracy, records=[halving, full, SearchRecord("tpe")])
    assert lab.view.lists.shown.value == 2
    lab.close()


def test_a_record_that_begins_is_not_shown_when_a_reader_has_chosen_another():
    first, second = SearchRecord("halving"), SearchRecord("random")
    lab = hpt.SearchLab(objective=accuracy, records=[first, second])
    lab.view.lists.shown.value = 2
    lab.view.lists.shown.value = 1
    second.append(Trial({"learning_rate": 0.1}, validation_accuracy=0.7))
    assert lab.view.lists.shown.value == 1
    lab.close()


@pytest.mark.parametrize("begin", [lambda lab: lab.run(trials=2), lambda lab: lab.set(trials=2)])
def test_it_explains_no_search_of_its_own_where_it_shows_others(begin):
    lab = hpt.SearchLab(objective=accuracy)
    explained = lab.view.meaning.value
    lab.close()
    assert "Draws every hyperparameter anew" in explained
    lab = hpt.SearchLab(objective=accuracy, records=[SearchRecord("halving")])
    assert lab.view.meaning.value == ""
    begin(lab)
    assert lab.view.meaning.value == explained
    lab.close()
