"""Successive halving and Hyperband: the schedule, the promotions, and the best of the last rung."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import HalvingRandomSearchCV
from small_data import tabular_data

from hpt_widgets.search.comparison import band_by_epochs
from hpt_widgets.search.halving import Bracket, candidate_paths, hyperband, successive_halving
from hpt_widgets.search.objective import SearchStopped
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import Search, run_search
from hpt_widgets.search.space import ARTICLE_SPACE, Choice, LogUniform, SearchSpace, Uniform
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import Hyperparameters

SPACE = SearchSpace((Uniform("x", 0.0, 1.0),))
METHODS = ("halving", "hyperband")


def rises(values: dict[str, Any]) -> float:
    """Return an accuracy that is best for a large x, and grows with the epochs."""
    return float(0.5 * values["x"] + 0.02 * values["epochs"])


def rungs(bracket: Bracket) -> list[tuple[int, int]]:
    return [(rung.n_candidates, rung.epochs) for rung in bracket.rungs]


def fits(record: SearchRecord) -> list[tuple[float, int]]:
    return [(trial.hyperparameters["x"], trial.hyperparameters["epochs"]) for trial in record]


def search_of(method: str, record: SearchRecord | None = None, objective: Any = rises) -> Any:
    trials = 10 if method == "halving" else None
    return run_search(method, SPACE, objective, trials=trials, seed=4, record=record)


# The schedule


def test_hyperbands_brackets_are_those_of_algorithm_1() -> None:
    """Li et al. (2018) with R = 81 and η = 3: n_i settings and r_i epochs."""
    assert [rungs(bracket) for bracket in hyperband(81, 3)] == [
        [(81, 1), (27, 3), (9, 9), (3, 27), (1, 81)],
        [(34, 3), (11, 9), (3, 27), (1, 81)],
        [(15, 9), (5, 27), (1, 81)],
        [(8, 27), (2, 81)],
        [(5, 81)],
    ]


@pytest.mark.parametrize(("most", "factor"), [(9, 3), (16, 2), (100, 3), (243, 3), (1000, 10)])
def test_hyperbands_brackets_follow_the_papers_formulas(most: int, factor: int) -> None:
    brackets = hyperband(most, factor)
    s_max = len(brackets) - 1
    assert factor**s_max <= most < factor ** (s_max + 1)
    for s, bracket in zip(range(s_max, -1, -1), brackets, strict=True):
        assert bracket.n_candidates == math.ceil((s_max + 1) * factor**s / (s + 1))
        for i, rung in enumerate(bracket.rungs):
            assert rung.n_candidates == bracket.n_candidates // factor**i
            assert rung.epochs == math.floor(most * factor**i / factor**s)


@pytest.mark.parametrize(
    ("candidates", "most", "factor"), [(27, 9, 3), (9, 9, 3), (8, 8, 2), (16, 4, 2), (3, 81, 3)]
)
def test_the_rungs_are_scikit_learns_where_the_numbers_divide(
    candidates: int, most: int, factor: int
) -> None:
    """Elsewhere scikit-learn rounds the settings that are kept up, and Li et al. down."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), np.arange(40) % 2
    search = HalvingRandomSearchCV(
        LogisticRegression(),
        {"C": list(np.logspace(-2, 2, 100))},
        n_candidates=candidates,
        factor=factor,
        resource="max_iter",
        max_resources=most,
        min_resources="exhaust" if candidates <= most else 1,
        cv=2,
        random_state=0,
    )
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a solver that is stopped early says so
        search.fit(x, y)
    reference = list(zip(search.n_candidates_, search.n_resources_, strict=True))
    assert rungs(successive_halving(candidates, most, factor)) == reference


def test_uneven_numbers_are_rounded_down_and_the_last_rung_has_all_epochs() -> None:
    assert rungs(successive_halving(10, 10, 3)) == [(10, 1), (3, 3), (1, 10)]
    assert rungs(successive_halving(4, 100, 3)) == [(4, 33), (1, 100)]


def test_a_bracket_says_what_it_comes_to() -> None:
    bracket = successive_halving(27, 9, 3)
    assert (bracket.n_candidates, bracket.n_trials, bracket.n_epochs) == (27, 39, 81)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((27, 9, 1), "factor=1 must be a whole number, 2 or larger"),
        ((27, 9, 2.5), r"factor=2\.5 must be a whole number, 2 or larger"),
        ((27, 2, 3), "max_epochs=2 must be a whole number, factor=3 or larger"),
        ((2, 9, 3), "n_candidates=2 must be a whole number, factor=3 or larger"),
        ((2.5, 9, 3), r"n_candidates=2\.5 must be a whole number, factor=3 or larger"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        successive_halving(*arguments)


# The search


def test_the_best_of_each_rung_are_trained_anew_for_longer() -> None:
    record = search_of("halving")
    drawn = [x for x, _ in fits(record)[:10]]
    ranked = sorted(drawn, reverse=True)
    assert fits(record) == [
        *((x, 1) for x in drawn),
        *((x, 3) for x in ranked[:3]),
        (ranked[0], 9),
    ]
    # The settings are those of a random search with this seed.
    alone = run_search("random", SPACE, lambda _: 0.5, trials=10, seed=4)
    assert drawn == [trial.hyperparameters["x"] for trial in alone]
    assert [trial.method for trial in record] == ["halving"] * 14
    assert list(record.to_frame()["epochs"]) == [1] * 10 + [3] * 3 + [9]


def test_hyperband_runs_its_brackets_with_settings_of_their_own() -> None:
    record = search_of("hyperband")
    alone = run_search("random", SPACE, lambda _: 0.5, trials=17, seed=4)
    drawn = [trial.hyperparameters["x"] for trial in alone]
    first, second, third = drawn[:9], drawn[9:14], drawn[14:]
    ranked = sorted(first, reverse=True)
    assert fits(record) == [
        *((x, 1) for x in first), *((x, 3) for x in ranked[:3]), (ranked[0], 9),
        *((x, 3) for x in second), (max(second), 9),
        *((x, 9) for x in third),
    ]  # fmt: skip


def test_a_trial_of_one_epoch_does_not_win_over_the_last_rung() -> None:
    def noisy(values: dict[str, Any]) -> float:
        return 0.99 if values["epochs"] == 1 else 0.9 + 0.05 * values["x"]

    record = search_of("halving", objective=noisy)
    best = record.best
    assert best is not None
    assert best.hyperparameters["epochs"] == 9
    assert best.validation_accuracy == max(
        trial.validation_accuracy for trial in record if trial.hyperparameters["epochs"] == 9
    )
    # As long as the first rung is all there is, the best is one of it.
    assert record.incumbent.iloc[9] == 0.99
    assert record.incumbent.iloc[10] < 0.99
    assert record.incumbent.iloc[-1] == best.validation_accuracy


def test_trials_outside_of_rungs_compete_as_ever() -> None:
    record = SearchRecord()
    record.append(Trial({"epochs": 1}, validation_accuracy=0.95))
    record.append(Trial({"epochs": 20}, validation_accuracy=0.6))
    search_of("halving", record)
    best = record.best
    assert best is not None
    assert best.number == 1
    record.append(Trial({"x": 0.5, "epochs": 9}, "halving", validation_accuracy=0.97))
    assert record.best is record.trials[-1]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("landed", [1, 9, 12, 13])
def test_a_search_that_was_broken_off_goes_on_from_its_file(
    tmp_path: Path, method: str, landed: int
) -> None:
    whole = search_of(method)

    def killed(values: dict[str, Any]) -> float:
        if len(record) == landed:
            raise SearchStopped
        return rises(values)

    record = SearchRecord(method, tmp_path / "search.csv")
    search_of(method, record, killed)
    assert len(record) == landed
    continued = search_of(method, SearchRecord(method, tmp_path / "search.csv"))
    assert fits(continued) == fits(whole)


def test_what_failed_or_diverged_is_not_promoted_and_the_search_goes_on() -> None:
    calls = []

    def fragile(values: dict[str, Any]) -> float:
        calls.append(values)
        if values["x"] > 0.9:
            raise ValueError("too large")
        return math.nan if values["x"] > 0.8 else rises(values)

    record = run_search("halving", SPACE, fragile, trials=27, seed=4)
    first = record.trials[:27]
    assert {trial.ended for trial in first} == {"failed", "diverged", "finished"}
    assert len(record) == 39
    assert all(trial.ended == "finished" for trial in record.trials[27:])


def test_where_nothing_has_a_result_the_search_ends_with_its_first_rung() -> None:
    record = search_of("halving", objective=lambda _: math.nan)
    assert len(record) == 10
    assert record.best is None


def test_more_settings_continue_a_search_that_had_ended() -> None:
    record = run_search("halving", SPACE, rises, trials=9, seed=4)
    run_search("halving", SPACE, rises, trials=18, seed=4, record=record)
    whole = run_search("halving", SPACE, rises, trials=18, seed=4)
    assert set(fits(whole)) <= set(fits(record))
    assert len(record) <= len(whole) + 4
    best, same = record.best, whole.best
    assert best is not None
    assert same is not None
    assert best.hyperparameters == same.hyperparameters


def test_equal_settings_are_each_trained() -> None:
    """A space of few values has fewer settings than a rung."""
    space = SearchSpace((Choice("batch_size", (32, 64)),))
    record = run_search("halving", space, lambda v: v["batch_size"] / 100, trials=9)
    assert [trial.hyperparameters["epochs"] for trial in record] == [1] * 9 + [3] * 3 + [9]
    assert run_search("halving", space, lambda _: 0.5, trials=9, record=record) is record
    assert len(record) == 13


def test_a_rung_waits_for_what_is_under_way() -> None:
    search = Search("halving", SPACE, rises, seed=4)
    under_way = [search.propose()]
    while (values := search.propose(under_way)) is not None:
        under_way.append(values)
    assert len(under_way) == 9
    for values in under_way[::-1]:
        search.record.append(Trial(values, method="halving", validation_accuracy=rises(values)))
    expected = {**max(under_way, key=rises), "epochs": 3}
    assert search.propose() == expected


def test_a_budget_in_seconds_ends_it() -> None:
    objective = lambda values: Trial(values, validation_accuracy=0.5, seconds=1.0)  # noqa: E731
    assert len(run_search("hyperband", SPACE, objective, seconds=5.0)) == 5


def test_a_training_gets_the_epochs_of_its_rung_and_the_same_seed() -> None:
    space = SearchSpace((LogUniform("learning_rate", 0.01, 1.0),))
    hp = Hyperparameters(hidden_units=(4,), batch_size=16, seed=3, epochs=50)
    data = tabular_data()
    record = run_search(
        "halving", space, data, trials=4, max_epochs=4, factor=2, hyperparameters=hp
    )
    frame = record.to_frame()
    assert list(frame["epochs"]) == [1] * 4 + [2] * 2 + [4]
    assert list(frame["epochs_trained"]) == pytest.approx([1] * 4 + [2] * 2 + [4])
    assert set(frame["seed"]) == {3}
    # Promoted settings are trained from their beginning: the first epoch is the same again.
    last = record.trials[-1]
    rate = last.hyperparameters["learning_rate"]
    [first] = [
        trial for trial in record.trials[:4] if trial.hyperparameters["learning_rate"] == rate
    ]
    assert last.history[: len(first.history)] == first.history


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "halving", "trials": 2}, "trials=2 must be a whole number, factor=3 or larger"),
        ({"method": "hyperband", "trials": 9}, "trials=9 is not allowed with method='hyperband'"),
        ({"method": "halving", "factor": 1}, "factor=1 must be a whole number, 2 or larger"),
        ({"method": "halving", "max_epochs": 2}, "max_epochs=2 must be a whole number, factor=3"),
        ({"method": "hyperband", "where": "local"}, "which runs in this process only"),
    ],
)
def test_bad_input_says_what_is_allowed(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run_search(space=SPACE, objective=rises, **options)


def test_a_space_that_has_epochs_is_refused() -> None:
    space = SearchSpace((Choice("epochs", (1, 2)),))
    with pytest.raises(ValueError, match="space has 'epochs'"):
        Search("halving", space, rises)


def test_the_article_space_is_searched_in_rungs_too() -> None:
    record = run_search("hyperband", ARTICLE_SPACE, lambda v: 0.9 - v["learning_rate"])
    assert len(record) == sum(bracket.n_trials for bracket in hyperband())


# What is drawn


def test_a_path_leads_a_setting_through_its_rungs() -> None:
    record = search_of("halving")
    paths = candidate_paths(record, SPACE.names)
    assert len(paths) == 10
    assert sorted(path.epochs for path in paths) == [(1,)] * 7 + [(1, 3)] * 2 + [(1, 3, 9)]
    [longest] = [path for path in paths if len(path.epochs) == 3]
    best = record.best
    assert best is not None
    assert longest.numbers[-1] == best.number
    assert longest.scores[-1] == best.validation_accuracy


def test_the_best_so_far_is_known_epoch_by_epoch() -> None:
    record = search_of("halving")
    band = band_by_epochs([record])
    epochs = np.cumsum([trial.hyperparameters["epochs"] for trial in record])
    assert list(band.x) == list(epochs)
    assert list(band.mean) == list(record.incumbent)
