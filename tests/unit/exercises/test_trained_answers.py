"""Mystery runs, and searches within a budget: judged by trials, whoever made them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.exercises import find
from hpt_widgets.exercises.chapters import chapter_01, chapter_02, chapter_03_1, chapter_03_4
from hpt_widgets.exercises.chart import curve_of
from hpt_widgets.exercises.trials import LATER_DEFAULTS
from hpt_widgets.search import LogUniform, SearchSpace, run_search
from hpt_widgets.search.trial import Trial
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from tools.make_exercise_series import (
    FILE,
    MYSTERY_OPTIMIZER,
    MYSTERY_RATE,
    claims,
)

# ---------------------------------------------------------------- quizzes of chapter 7


def test_the_quizzes_of_chapter_7_show_the_stored_results_of_its_claims() -> None:
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    made = claims()
    assert {name for name in stored if name.startswith("quiz-7.")} == set(made)
    assert {name: stored[name] for name in made} == made


# ---------------------------------------------------------------- mystery runs

FIXED = {"1-e": chapter_01.MYSTERY_SETTINGS, "2-e": chapter_02.MYSTERY_SETTINGS}
SERIES = {"1-e": chapter_01.MYSTERY, "2-e": chapter_02.MYSTERY}
FREE = {
    "1-e": {"learning_rate": 0.0003},
    "2-e": {"learning_rate": 0.03, "optimizer": "sgd"},
}
every_mystery = pytest.mark.parametrize("id_", FIXED)


def trial(id_: str, shift: float = 0.0, length: float = 1.0, **changes: Any) -> Trial:
    """Return a run whose curve is the mystery's, moved."""
    x, y = curve_of(SERIES[id_])
    keep = x <= length * x[-1]
    history = tuple(zip(x[keep].tolist(), (y[keep] + shift).tolist(), strict=True))
    settings = {**FIXED[id_], **FREE[id_], **changes.pop("settings", {})}
    accuracy = history[-1][1]
    return Trial(settings, validation_accuracy=accuracy, history=history, number=1, **changes)


def record(*trials: Trial) -> hpt.SearchRecord:
    found = hpt.SearchRecord("manual")
    for one in trials:
        found.append(one)
    return found


class Lab:
    def __init__(self, runs: hpt.SearchRecord) -> None:
        self.runs = runs


@every_mystery
def test_a_run_that_draws_the_curve_is_right_in_any_form(id_: str) -> None:
    good, bad = trial(id_), trial(id_, -0.2)
    many = trial(id_, settings={"seed": 7})
    for answer in (
        record(good),
        record(bad, good, bad),
        Lab(record(bad, good)),
        [bad, good],
        (good,),
        record(trial(id_, 0.01)),
        record(trial(id_, -0.01)),
        record(many),
        record(trial(id_, ended="diverged"), good),
    ):
        assert hpt.check(id_, answer), answer


@every_mystery
def test_a_run_that_draws_another_curve_is_told_where(id_: str) -> None:
    for answer, words in (
        (record(trial(id_, -0.2)), "Your nearest run is number 1"),
        (record(trial(id_, 0.1)), "Your nearest run"),
        (record(trial(id_, 0.3), trial(id_, 0.1)), "nearest run is number 2"),
        (record(trial(id_, length=0.5)), "leave the number of epochs"),
        (record(trial(id_, settings={"hidden_units": (32,)})), "hidden_units=(32,)"),
        (record(trial(id_, settings={"batch_size": 64})), "batch_size=64; the task holds"),
        (record(trial(id_, settings={"training_size": 50_000})), "training_size=50000"),
        (record(trial(id_, length=0.5, ended="stopped")), "Run 1 was broken off after"),
        (record(trial(id_, length=0.1, ended="diverged")), "Run 1 diverged after"),
        (
            record(trial(id_, length=0.1, ended="failed", message="OSError: full")),
            "Run 1 failed and has drawn no curve (OSError: full)",
        ),
        (
            record(trial(id_, -0.2), trial(id_, settings={"batch_size": 64})),
            "The newest trial has batch_size=64; the task holds batch_size=32",
        ),
        (record(trial(id_, settings={"schedule": "cosine"})), "has schedule='cosine'; the task"),
        (hpt.Hyperparameters(learning_rate=0.0003), "Expected the runs of a lab"),
        (0.0003, "Expected the runs of a lab"),
    ):
        verdict = hpt.check(id_, answer)
        assert verdict.state == "wrong", answer
        assert words in verdict.message


@every_mystery
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_verdict_is_said_once(id_: str, language: str) -> None:
    """The heading has said that the answer is not right yet."""
    hpt.use_language(language)
    verdict = hpt.check(id_, record(trial(id_, -0.2)))
    begins = {"en": "Your nearest run is number 1", "zh": "最接近的是第 1 次训练"}
    assert verdict.message.startswith(begins[language])


def by(optimizer: str, rate: float, **changes: Any) -> Trial:
    return trial("2-e", settings={"optimizer": optimizer, "learning_rate": rate}, **changes)


def test_the_newest_run_is_the_one_that_is_spoken_of() -> None:
    """Who follows the praise's advice hears what came of it."""
    first = by("rmsprop", 0.0003)
    assert "`rmsprop` with 0.0003 draws it too" in hpt.check("2-e", record(first)).message
    # It draws the curve less closely than the first one, but within what is allowed.
    followed = hpt.check("2-e", record(first, by("momentum", 0.003, shift=0.01)))
    assert followed
    assert followed.message.startswith("`momentum` with 0.003 draws it.")
    assert "That was run" not in followed.message


@every_mystery
@pytest.mark.parametrize(
    ("newest", "words"),
    [
        ({"shift": -0.2}, "The newest, run 2, does not draw it: after"),
        ({"length": 0.5, "ended": "stopped"}, "Run 2 was broken off after"),
        ({"settings": {"batch_size": 64}}, "The newest trial has batch_size=64; the task holds"),
    ],
)
def test_a_newest_run_that_misses_is_told_where_an_earlier_one_hits(
    id_: str, newest: dict[str, Any], words: str
) -> None:
    verdict = hpt.check(id_, record(trial(id_), trial(id_, **newest)))
    assert verdict
    assert f"(That was run 1. {words}" in verdict.message


def test_a_newest_run_that_misses_is_told_in_chinese_too() -> None:
    hpt.use_language("zh")
    verdict = hpt.check("2-e", record(trial("2-e"), by("sgd", 0.01, shift=-0.2)))
    assert verdict
    assert (
        "画出的也是这条曲线。（这是第 1 次训练。最近的第 2 次没有画出来：看过 " in verdict.message
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_hint_excludes_what_the_judge_takes(language: str) -> None:
    hpt.use_language(language)
    assert hpt.check("2-e", record(by("rmsprop", 0.0003)))
    assert hpt.check("2-e", record(by("adam", 0.0003)))
    (said,) = (str(hint) for hint in find("2-e").hints if "rmsprop" in str(hint))
    assert {"en": "come near it too", "zh": "也能画得很像"}[language] in said


def test_a_setting_that_does_nothing_need_not_be_as_the_task_has_it() -> None:
    """Plain sgd has no momentum, whatever the slider of the lab says."""
    other = {"momentum": 0.5, "optimizer": "momentum", "learning_rate": 0.006}
    assert "has momentum=0.5; the" in hpt.check("2-e", record(trial("2-e", settings=other))).message
    assert hpt.check("2-e", record(trial("2-e", settings={"momentum": 0.5, "base_width": 64})))


@every_mystery
def test_runs_of_version_0_1_name_no_later_setting(id_: str) -> None:
    made = trial(id_)
    settings = {k: v for k, v in made.hyperparameters.items() if k not in LATER_DEFAULTS}
    assert hpt.check(id_, record(replace(made, hyperparameters=settings)))


@every_mystery
def test_a_record_leaves_out_the_standard_parametrization(id_: str) -> None:
    made = trial(id_, settings={"base_width": 64})
    assert hpt.check(id_, record(without(made, "parametrization")))
    others = {**made.hyperparameters, "parametrization": "mup"}
    assert hpt.check(id_, record(replace(made, hyperparameters=others))).state == "wrong"


@pytest.mark.parametrize("name", ["optimizer", "learning_rate"])
def test_a_run_that_draws_the_curve_has_to_say_by_what(name: str) -> None:
    silent = without(trial("2-e"), name)
    said = hpt.check("2-e", record(silent))
    assert said.state == "wrong"
    assert "Run 1 does not say with which optimiser and learning rate" in said.message
    assert hpt.check("2-e", record(silent, trial("2-e")))


def test_runs_of_a_list_are_numbered_by_their_places() -> None:
    """A trial that stands in no record has the number 0."""
    runs = [replace(trial("1-e", shift), number=0) for shift in (-0.2, 0.0)]
    assert hpt.check("1-e", runs).message.startswith("Run 2 draws it")


@every_mystery
def test_an_empty_record_is_not_answered(id_: str) -> None:
    verdict = hpt.check(id_, hpt.SearchRecord("manual"))
    assert verdict.state == "not answered"
    assert "There is no trial in it yet" in verdict.message


def test_the_praise_of_two_settings_fits_what_was_found() -> None:
    by_momentum = trial("2-e", settings={"optimizer": "momentum", "learning_rate": 0.003})
    assert "a tenth of the rate" in hpt.check("2-e", record(by_momentum)).message
    by_adam = trial("2-e", settings={"optimizer": "adam", "learning_rate": 0.0003})
    assert "draws it too" in hpt.check("2-e", record(by_adam)).message


@pytest.fixture(scope="module")
def data() -> hpt.Dataset:
    load_tensorflow()
    return hpt.load_mnist()


def trained(data: hpt.Dataset, hp: hpt.Hyperparameters, size: int) -> Trial:
    run = hpt.train(hp, data.take(size, seed=0))
    return Trial.from_run(run, hyperparameters={**hp.to_dict(), "training_size": size})


def test_the_settings_behind_the_mysteries_draw_them(data: hpt.Dataset) -> None:
    """On another computer and with another seed too, but not with another rate."""
    for id_, hp, size in (("1-e", MYSTERY_RATE, 2_000), ("2-e", MYSTERY_OPTIMIZER, 5_000)):
        assert hpt.check(id_, [trained(data, hp, size)]), id_
        assert hpt.check(id_, [trained(data, hp.replace(seed=1), size)]), id_
        for factor in (0.4, 2.5):
            other = hp.replace(learning_rate=factor * hp.learning_rate)
            assert hpt.check(id_, [trained(data, other, size)]).state == "wrong", (id_, factor)


# ---------------------------------------------------------------- 3.1-d and 3.4-g, a budget

BUDGETS = {"3.1-d": (chapter_03_1, 0.81), "3.4-g": (chapter_03_4, 0.83)}
every_budget = pytest.mark.parametrize("id_", BUDGETS)


@every_budget
def test_runs_on_more_digits_are_told_by_the_samples_that_they_saw(id_: str) -> None:
    """A search keeps no training size: its learning curve ends where the epoch does."""
    settings = run(id_, 0.9).hyperparameters
    settings = {name: value for name, value in settings.items() if name != "training_size"}

    def searched(size: int) -> Trial:
        history = ((size / 2, 0.5), (size, 0.9))
        return Trial(settings, validation_accuracy=0.9, history=history, epochs_trained=1.0)

    assert hpt.check(id_, record(searched(5_000)))
    assert hpt.check(id_, record(searched(50_000), searched(5_000)))
    verdict = hpt.check(id_, record(searched(50_000)))
    assert verdict.state == "wrong"
    assert "training_size=50000" in verdict.message


def run(id_: str, accuracy: float, ended: str = "finished", **changes: Any) -> Trial:
    settings = {
        **BUDGETS[id_][0].HARD_SETTINGS,
        "learning_rate": 0.5,
        "batch_size": 8,
        "dropout_rate": 0.0,
        **changes,
    }
    return Trial(settings, validation_accuracy=accuracy, ended=ended)


def without(trial: Trial, *names: str) -> Trial:
    """Return a trial that does not say what these were."""
    settings = {k: v for k, v in trial.hyperparameters.items() if k not in names}
    return replace(trial, hyperparameters=settings)


@every_budget
def test_enough_within_the_budget(id_: str) -> None:
    module, good = BUDGETS[id_]
    poor = [run(id_, 0.3, learning_rate=rate) for rate in np.geomspace(0.001, 1, 9)]
    for answer in (
        record(*poor, run(id_, good)),
        record(run(id_, good)),
        Lab(record(run(id_, good), *poor)),
        [*poor, run(id_, good)],
        record(*[run(id_, good)] * module.BUDGET),
        record(*[run(id_, 0.9, "stopped")] * 40, run(id_, good)),
        record(run(id_, 0.1, "diverged"), run(id_, good, seed=3)),
        record(run(id_, good, method="tpe")),
        record(without(run(id_, good), *LATER_DEFAULTS)),
        record(without(run(id_, 0.96), "activation"), run(id_, good)),
        record(run(id_, good, momentum=0.5)),
        # A record leaves out that the parametrization is the standard one.
        record(without(run(id_, good, base_width=64), "parametrization")),
        record(Trial({"learning_rate": 0.1}, ended="failed"), run(id_, good)),
    ):
        assert hpt.check(id_, answer), answer


@every_budget
def test_not_enough_or_too_much(id_: str) -> None:
    module, good = BUDGETS[id_]
    for answer, words in (
        (record(run(id_, 0.5)), "50.0%"),
        (record(*[run(id_, 0.3)] * module.BUDGET, run(id_, good)), "and the budget is"),
        (record(run(id_, 0.96, activation="relu")), "activation='relu'; the task holds"),
        (record(run(id_, 0.96, optimizer="adam")), "optimizer='adam'"),
        (record(run(id_, 0.96, epochs=5)), "epochs=5"),
        (record(run(id_, 0.96, initial_scale=10.0)), "initial_scale=10.0; the task holds"),
        (record(run(id_, 0.96, parametrization="mup")), "parametrization='mup'; the task holds"),
        (record(without(run(id_, 0.96), "activation")), "does not say which network was trained"),
        (record(without(run(id_, 0.96), "optimizer")), "does not say which network was trained"),
        (record(run(id_, 0.3), without(run(id_, 0.96), "optimizer")), " 2 does not say which"),
        (record(run(id_, 0.96, hidden_units=(512, 256))), "hidden_units=(512, 256)"),
        (record(run(id_, 0.1, "diverged")), "diverged or failed"),
        (record(run(id_, 0.96, "stopped")), "All of these were broken off"),
        (0.9, "Expected the runs of a lab or the record"),
        ({"learning_rate": 0.5}, "Expected the runs of a lab or the record"),
    ):
        verdict = hpt.check(id_, answer)
        assert verdict.state == "wrong", answer
        assert words in verdict.message
    assert hpt.check(id_, record()).state == "not answered"


def test_what_keeps_the_budget_from_being_won() -> None:
    short = hpt.check("3.1-d", record(run("3.1-d", 0.7999))).message
    assert "The best so far has 79.99% (" in short
    assert "80% is wanted. Runs left: 11. Which" in short
    for id_ in BUDGETS:
        other = record(run(id_, 0.1), run(id_, 0.9, optimizer="adam"))
        assert "The newest trial has optimizer='adam'" in hpt.check(id_, other).message
    used_up = hpt.check("3.1-d", record(*[run("3.1-d", 0.3)] * 12)).message
    assert "The 12 runs are used up" in used_up
    assert "run the lab's cell again" in used_up


@pytest.mark.parametrize(("accuracy", "words"), [(0.9, "batch size ?)"), (0.5, "size ?); 80% is")])
def test_a_run_that_does_not_name_all_gets_its_verdict_all_the_same(
    accuracy: float, words: str
) -> None:
    verdict = hpt.check("3.1-d", record(without(run("3.1-d", accuracy), "batch_size")))
    assert words in verdict.message


def test_a_search_whose_objective_returns_accuracies_is_told_to_return_trials() -> None:
    """It may have trained any network; a search whose objective returns trials says which."""
    space = SearchSpace((LogUniform("learning_rate", 0.1, 10),))
    hard = hpt.Hyperparameters(activation="sigmoid", optimizer="sgd")
    searched = [
        run_search("random", space, objective, trials=2, record=hpt.SearchRecord("random"))
        for objective in (
            lambda values: 0.95,
            lambda values: Trial(hard.replace(**values), validation_accuracy=0.95),
        )
    ]
    verdict = hpt.check("3.4-g", searched[0])
    assert verdict.state == "wrong"
    assert "should return the whole trial, `hpt.Trial.from_run(run)`" in verdict.message
    assert hpt.check("3.4-g", searched[1])


def test_what_was_trained_after_the_goal_takes_nothing_away() -> None:
    """Twelve runs are enough where one of them got there; a search makes 20 trials at most."""
    good, poor = run("3.1-d", 0.81), run("3.1-d", 0.3)
    other = run("3.1-d", 0.96, activation="relu")
    for trials in ([poor] * 4 + [good] + [poor] * 9, [good] * 13, [good] + [other] * 12):
        assert "of 12 runs" in hpt.check("3.1-d", record(*trials)).message
    late = hpt.check("3.1-d", record(*[other] * 12, good))
    assert late.state == "wrong"
    assert "13 trials, and the budget is 12" in late.message
    assert hpt.check("3.4-g", record(*[run("3.4-g", 0.83)] * 21)).state == "wrong"


def test_what_is_refused_names_the_range_that_was_searched() -> None:
    tried = [run("3.4-g", 0.2, learning_rate=rate) for rate in (0.001, 0.1)]
    assert "from 0.001 to 0.1" in hpt.check("3.4-g", record(*tried)).message
    other = run("3.4-g", 0.96, learning_rate=1e-5, activation="relu")
    assert "from 0.001 to 0.1" in hpt.check("3.4-g", record(other, *tried)).message


def test_an_accuracy_that_is_nearly_enough_is_not_shown_as_enough() -> None:
    said = hpt.check("3.4-g", record(run("3.4-g", 0.8199))).message
    assert "the best 81.99%; 82% is wanted" in said


@pytest.mark.parametrize("accuracy", [0.2, 0.9])
def test_a_search_with_names_of_its_own_is_told_which_to_take(accuracy: float) -> None:
    trial = Trial({"lr": 0.5, "batch_size": 8}, validation_accuracy=accuracy)
    verdict = hpt.check("3.4-g", record(run("3.4-g", 0.2), trial))
    assert verdict.state == "wrong"
    assert "Trial 2 has no number under `learning_rate`, only {'lr': 0.5" in verdict.message


def test_the_default_settings_only_guess(data: hpt.Dataset) -> None:
    hard = hpt.Hyperparameters(activation="sigmoid", optimizer="sgd")
    assert hpt.train(hard, data.take(5_000, seed=0)).validation_accuracy < 0.15
