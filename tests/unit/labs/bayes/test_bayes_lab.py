"""The lab of Bayesian optimisation without a screen: the game, what is drawn, what is said."""

import io
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest
from patience import SECONDS
from widget_tools import bundle_of, named, send, text_of

import hpt_widgets as hpt
from hpt_widgets.labs.bayes import words as words_module
from hpt_widgets.labs.bayes.charts import BAND, VALUES, place_ticks
from hpt_widgets.search.bayes.duel import (
    N_FIRST,
    N_ROUNDS,
    PLACES,
    DuelSettings,
    Samples,
    run_many,
    run_method,
)
from hpt_widgets.search.bayes.gaussian_process import posterior
from hpt_widgets.search.bayes.objectives import objective_of
from hpt_widgets.search.bayes.parzen_step import parzen_view


@pytest.fixture
def lab():
    made = hpt.BayesLab(n_seeds=2, objective="forrester")
    yield made
    made.close()


def play(lab, rounds):
    for x in np.linspace(0.05, 0.95, rounds):
        lab.ask(float(x))


# The game -------------------------------------------------------------------------------------


def test_all_take_turns(lab):
    lab.ask(0.75)
    lab.ask(0.5)
    assert lab.n_rounds == lab.round == 2
    yours = lab.samples("you")
    assert yours.places[N_FIRST:] == (0.75, 0.5)
    assert yours.values[N_FIRST] == pytest.approx(objective_of("forrester").values(0.75))
    for method in ("gaussian_process", "tpe"):
        assert lab.samples(method) == run_method(method, lab.settings, 2)
        assert lab.samples(method).places[:N_FIRST] == yours.places[:N_FIRST]


def test_a_learning_rate_is_asked_in_its_own_units():
    lab = hpt.BayesLab(n_seeds=2)
    lab.ask(0.001)
    assert lab.samples("you").places[-1] == pytest.approx(0.4)  # two of five powers of ten
    with pytest.raises(ValueError, match="learning_rate=2"):
        lab.ask(2)
    lab.close()


def test_nothing_is_hinted_at_before_the_first_choice(lab):
    view = lab.view
    for mark in (view.process.mean, view.densities.good, *(w.line for w in view.worths.values())):
        assert len(mark.x) == 0
    assert len(view.yours.objective.x) == 0
    assert len(view.yours.trials.x) == N_FIRST
    lab.ask(0.4)
    for mark in (view.process.mean, view.densities.good, *(w.line for w in view.worths.values())):
        assert len(mark.x) == len(PLACES)


def test_the_charts_show_what_was_known_before_the_newest_trial(lab):
    play(lab, 4)
    known = lab.samples("gaussian_process").before_round(4)
    expected = posterior(known.places, known.values, PLACES)
    view = lab.view
    np.testing.assert_allclose(view.process.mean.y, expected.mean)
    upper = np.clip(expected.mean + BAND * expected.std, *VALUES)
    np.testing.assert_allclose(view.process.band.y[1], upper)
    assert view.process.newest.x[0] == lab.samples("gaussian_process").places[-1]
    ratio = view.worths["tpe"]
    known = lab.samples("tpe").before_round(4)
    np.testing.assert_allclose(ratio.line.y, parzen_view(known.places, known.values, PLACES).ratio)
    assert ratio.chosen.x[0] == lab.samples("tpe").places[-1]
    # The process goes where its acquisition is largest.
    worth = view.worths["gaussian_process"]
    assert worth.chosen.x[0] == worth.line.x[np.argmax(worth.line.y)]


def test_one_can_look_back(lab):
    play(lab, 3)
    lab.look_at(1)
    assert lab.round == 1
    assert lab.n_rounds == 3
    np.testing.assert_array_equal(lab.view.yours.newest.x, [0.05])
    known = lab.samples("gaussian_process").before_round(1)
    assert len(lab.view.process.trials.x) == len(known.places) == N_FIRST
    named(lab, "round").value = "2"
    assert lab.round == 2
    with pytest.raises(ValueError, match="round_number=4"):
        lab.look_at(4)
    lab.look_at(0)
    assert len(lab.view.process.mean.x) == 0


def test_after_ten_it_is_over(lab):
    play(lab, N_ROUNDS)
    best = {player: lab.samples(player).best for player in ("you", "gaussian_process", "tpe")}
    assert max(best, key=best.get) == "gaussian_process"
    assert "Ahead in this run: Gaussian process" in lab.status
    assert named(lab, "Try it").disabled
    with pytest.raises(ValueError, match="All 10 trials"):
        lab.ask(0.5)
    lab.new_game()
    assert lab.n_rounds == 0
    assert lab.settings.seed == 1
    assert not named(lab, "Try it").disabled


def test_those_who_are_equal_are_all_ahead(lab):
    best = run_method("gaussian_process", lab.settings).places
    for place in best[N_FIRST:]:
        lab.ask(place)
    assert "you and Gaussian process" in lab.status


def test_other_settings_keep_the_readers_trials_and_replay_the_methods(lab):
    play(lab, 3)
    yours = lab.samples("you")
    lab.set(acquisition="upper_bound", kappa=0.5, n_startup_jobs=20)
    assert lab.samples("you") == yours
    settings = DuelSettings("forrester", "upper_bound", 0.5, 20)
    for method in ("gaussian_process", "tpe"):
        assert lab.samples(method) == run_method(method, settings, 3)
    assert lab.samples("tpe") == run_method("random", settings, 3)


def test_another_objective_begins_a_new_game(lab):
    play(lab, 2)
    lab.reveal()
    lab.set(objective="cliff")
    assert (lab.n_rounds, lab.is_revealed) == (0, False)


def test_the_objective_is_revealed_and_hidden(lab):
    named(lab, "Show objective").click()
    np.testing.assert_allclose(lab.view.yours.objective.y, objective_of("forrester").values(PLACES))
    named(lab, "Hide objective").click()
    assert len(lab.view.process.objective.x) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"epochs": 3}, "epochs=3: this lab has no such setting"), ({"kappa": 11}, "kappa=11")],
)
def test_a_bad_setting_is_refused_and_changes_nothing(lab, changes, message):
    before = lab.settings
    with pytest.raises(ValueError, match=message):
        lab.set(seed=3, **changes)
    assert lab.settings == before


def test_a_closed_lab_says_so(lab):
    lab.close()
    with pytest.raises(RuntimeError):
        lab.ask(0.5)


# Controls ---------------------------------------------------------------------------------------


def test_a_click_asks_there(lab):
    content = {"event": "element_click", "data": {"click_x": 0.25, "click_y": 0.1}}
    send(lab.view.yours.paper, content)
    assert lab.samples("you").places[-1] == pytest.approx(0.25)
    play(lab, N_ROUNDS - 1)
    send(lab.view.yours.paper, content)
    assert lab.n_rounds == N_ROUNDS
    assert "Ahead in this run: Gaussian process. No trial is left." in lab.status


def test_a_click_on_a_logarithmic_axis_asks_at_its_rate():
    lab = hpt.BayesLab(n_seeds=2)
    send(lab.view.yours.paper, {"event": "element_click", "data": {"click_x": 0.6, "click_y": 0}})
    assert lab.aimed_at == pytest.approx(0.01)
    assert lab.samples("you").places[-1] == pytest.approx(0.6, abs=1e-3)
    lab.close()


def test_one_aims_by_the_field_and_asks_by_the_button(lab):
    named(lab, "x to try").value = "0.31"
    np.testing.assert_allclose(lab.view.yours.aim.x, 0.31)
    assert lab.n_rounds == 0
    named(lab, "Try it").click()
    assert lab.samples("you").places[-1] == 0.31


def test_a_bad_value_is_told_beside_its_field(lab):
    named(lab, "x to try").value = "7"
    assert 'role="alert"' in text_of(lab)
    assert lab.aimed_at == 0.5


def test_one_bad_value_is_told_at_a_time(lab):
    named(lab, "round").value = "the last"
    named(lab, "x to try").value = "7"
    controls = lab.view.controls
    assert controls.fields["x"].message.layout.display == "block"
    assert controls.round.message.layout.display == "none"


def test_only_what_matters_is_shown(lab):
    fields = lab.view.controls.fields
    assert fields["kappa"].widget.layout.display == "none"
    assert fields["learning_rate"].widget.layout.display == "none"
    lab.set(objective="mnist", acquisition="upper_bound")
    assert fields["kappa"].widget.layout.display == ""
    assert fields["x"].widget.layout.display == "none"


def test_a_start_that_the_list_does_not_have_is_added(lab):
    lab.set(n_startup_jobs=7)
    assert named(lab, "TPE start").value == 7
    assert lab.settings.n_startup_jobs == 7


# Words ------------------------------------------------------------------------------------------


def test_the_same_start_is_said(lab):
    assert "n_startup_jobs=3" in lab.status
    assert "same 3 random trials" in lab.status


def test_it_says_whether_the_process_explores(lab):
    seen = set()
    for _ in range(N_ROUNDS):
        lab.ask(0.5)
        known = lab.samples("gaussian_process").before_round(lab.round)
        place = lab.samples("gaussian_process").places[-1]
        mean = posterior(known.places, known.values, [place]).mean[0]
        word = "exploration" if mean < known.best else "exploitation"
        is_alike = f"{mean:.3f}" == f"{known.best:.3f}"
        assert ("about as good as its best" if is_alike else word) in lab.view.words.value
        seen.add(word)
    assert seen == {"exploration", "exploitation"}


@pytest.mark.parametrize(
    ("mean", "std", "said"),
    [
        (0.8396, 0.002, "about as good as its best, 0.840"),
        (0.8404, 0.05, "about as good as its best, 0.840"),
        (0.82, 0.05, "less than its best, 0.840: little was known there (exploration)"),
        (0.82, 0.001, "less than its best, 0.840. It got"),
        (0.86, 0.001, "more than its best, 0.840 (exploitation)"),
    ],
)
def test_what_it_says_of_the_process_agrees_with_its_numbers(lab, monkeypatch, mean, std, said):
    """0.840 ± 0.002 was "less than its best, 0.840: little was known there"."""
    lab.ask(0.5)
    monkeypatch.setattr(Samples, "best", 0.84)
    expected = SimpleNamespace(mean=np.array([mean]), std=np.array([std]))
    monkeypatch.setattr(words_module, "posterior", lambda *_: expected)
    lab.look_at(1)
    assert said in lab.view.words.value


def test_each_axis_says_what_it_is(lab):
    lab.set(objective="mnist", acquisition="upper_bound")
    lab.ask(0.01)
    screen = [chart.figure.axes[1].label for chart in (*lab.view.charts, lab.view.race)]
    assert screen == ["accuracy", "accuracy", "density", "UCB", "l / g", "best so far"]
    assert lab.view.race.figure.axes[0].label == "round"
    assert sorted(axes.get_ylabel() for axes in lab.figure().axes) == sorted(screen)


def test_it_says_when_tpe_only_draws(lab):
    lab.ask(0.5)
    assert "TPE drew 24 places" in lab.view.words.value
    lab.set(n_startup_jobs=20)
    assert "fewer than 20 trials" in lab.view.words.value


def test_ticks_are_in_the_hyperparameters_units():
    assert place_ticks(objective_of("mnist"))[0.4] == "0.001"
    assert place_ticks(objective_of("cliff"))[1.0] == "1"


# Many seeds -------------------------------------------------------------------------------------


def test_the_medians_stand_beside_the_run(lab):
    assert lab.many is None
    lab.compare()
    lab.wait(SECONDS)
    many = run_many(lab.settings, 2)
    assert many is not None
    for method in ("gaussian_process", "tpe", "random"):
        np.testing.assert_allclose(lab.view.race.medians[method].y, many.median(method))
    assert "median, 2 seeds" in lab.view.race.figure.axes[0].label
    play(lab, N_ROUNDS)
    assert "Over 2 seeds" in lab.view.words.value
    lab.set(objective="two_hills")
    lab.wait(SECONDS)
    found, hills = lab.many, run_many(DuelSettings("two_hills"), 2)
    assert found is not None
    assert hills is not None
    np.testing.assert_allclose(found.median("tpe"), hills.median("tpe"))


def test_a_lab_that_is_shown_compares_by_itself(lab):
    bundle_of(lab)
    lab.wait(SECONDS)
    assert lab.state == "ended"
    assert lab.many is not None


def test_a_comparison_that_fails_is_told(lab, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("no memory left")

    monkeypatch.setattr("hpt_widgets.labs.bayes.live.run_many", fail)
    lab.compare()
    lab.wait(SECONDS)
    assert lab.state == "failed"
    assert "no memory left" in lab.status
    monkeypatch.setattr("hpt_widgets.labs.bayes.live.run_many", mock.Mock(side_effect=MemoryError))
    lab.compare()
    lab.wait(SECONDS)
    assert "MemoryError" in lab.status
    lab.ask(0.5)
    assert lab.n_rounds == 1


# The still picture --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_draws_itself(lab, language):
    hpt.use_language(language)
    assert lab.figure().png().startswith(b"\x89PNG")
    play(lab, 2)
    lab.reveal()
    lab.compare()
    lab.wait(SECONDS)
    picture = lab.figure()
    axes = picture.axes
    assert len(axes) == 6
    known = lab.samples("gaussian_process").before_round(2)
    mean = posterior(known.places, known.values, PLACES).mean
    assert any(np.array_equal(line.get_ydata(), mean) for line in axes[2].lines)
    buffer = io.BytesIO()
    picture.savefig(buffer)
    hpt.use_language("en")
