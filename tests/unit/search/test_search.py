"""The search space for three libraries, the runner, and the readers' own searches followed."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import hyperopt
import joblib
import numpy as np
import pandas as pd
import pytest
from hyperopt import hp
from hyperopt.pyll.stochastic import sample
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_iris
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import GridSearchCV, KFold, ParameterGrid, RandomizedSearchCV
from sklearn.neighbors import KNeighborsClassifier
from warnings_in_threads import warnings_are_no_errors

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.search.objective import SearchStopped, TrainingObjective
from hpt_widgets.search.own_trials import OwnTrials
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import Search, proposal_seed, run_search
from hpt_widgets.search.space import (
    ARTICLE_SPACE,
    Choice,
    LogUniform,
    SearchSpace,
    Uniform,
    UniformInteger,
)
from hpt_widgets.search.trial import Trial
from hpt_widgets.training.hyperparameters import Hyperparameters

MIXED_SPACE = SearchSpace(
    (
        *ARTICLE_SPACE.dimensions,
        Choice("optimizer", ("sgd", "adam")),
        Choice("hidden_units", ((64,), (128, 64))),
    )
)


def bowl(values: dict[str, Any]) -> float:
    """An accuracy with its top at learning rate 0.01, batch size 64, dropout 0.3."""
    distance = (
        (math.log10(values["learning_rate"]) + 2) ** 2
        + ((values["batch_size"] - 64) / 96) ** 2
        + (values["dropout_rate"] - 0.3) ** 2
    )
    return 1 / (1 + distance)


def settings_of(record: SearchRecord) -> list[dict[str, Any]]:
    return [trial.hyperparameters for trial in record]


# -- the space, by sampling -------------------------------------------------------------------


def scipy_draws(space: SearchSpace, n: int) -> pd.DataFrame:
    random = np.random.RandomState(0)
    columns = {
        name: random.choice(values, n)
        if isinstance(values, list)
        else values.rvs(n, random_state=random)
        for name, values in space.distributions().items()
    }
    return pd.DataFrame(columns)


def hyperopt_draws(space: SearchSpace, n: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    expression = space.hyperopt()
    return pd.DataFrame([sample(expression, rng=random) for _ in range(n)])


@pytest.mark.parametrize("draw", [scipy_draws, hyperopt_draws])
def test_both_libraries_draw_from_the_same_ranges(draw: Any) -> None:
    space = SearchSpace((*ARTICLE_SPACE.dimensions, Choice("optimizer", ("sgd", "adam"))))
    draws = draw(space, 4000)

    rates = draws["learning_rate"]
    assert 0.001 <= rates.min() < 0.00102
    assert 0.098 < rates.max() <= 0.1
    log_uniform = stats.uniform(loc=-3, scale=2).cdf
    assert stats.kstest(np.log10(rates), log_uniform).pvalue > 0.01

    dropout = draws["dropout_rate"]
    assert 0.2 <= dropout.min() < 0.203
    assert 0.797 < dropout.max() <= 0.8
    assert stats.kstest(dropout, stats.uniform(loc=0.2, scale=0.6).cdf).pvalue > 0.01

    sizes = draws["batch_size"]
    assert all(isinstance(size, int | np.integer) for size in sizes)
    assert set(sizes) == set(range(32, 129))
    # Both ends come as often as the others: 4000 / 97 = 41 times each.
    assert stats.chisquare(np.bincount(sizes)[32:]).pvalue > 0.01

    assert abs((draws["optimizer"] == "adam").mean() - 0.5) < 0.03


def test_the_article_space_gives_the_articles_grid() -> None:
    assert SearchSpace.article().grid() == {
        "learning_rate": [0.001, 0.01, 0.1],
        "batch_size": [32, 64, 128],
        "dropout_rate": [0.2, 0.5, 0.8],
    }


def test_the_articles_own_expressions_are_other_spaces() -> None:
    """The traps of sections 3.3 and 3.4, so that the lessons tell the truth."""
    assert stats.uniform(0.2, 0.8).support() == (0.2, 1.0)
    assert stats.randint(32, 128).support() == (32, 127)
    random = np.random.default_rng(0)
    article = {"rate": hp.loguniform("rate", -6, -1), "size": hp.quniform("size", 32, 128, 1)}
    draws = pd.DataFrame([sample(article, rng=random) for _ in range(4000)])
    assert draws["rate"].min() > math.exp(-6) > 0.001
    assert all(isinstance(size, float) for size in draws["size"])
    counts = Counter(draws["size"])
    # 41 of each, but about 20 of the two ends.
    assert max(counts[32.0], counts[128.0]) < 31 < np.median(list(counts.values()))


def test_the_grid_without_values_takes_ends_and_middle() -> None:
    space = SearchSpace(
        (Uniform("a", 0.0, 1.0), LogUniform("b", 0.01, 1.0), UniformInteger("c", 1, 9))
    )
    grid = space.grid()
    assert grid["a"] == [0.0, 0.5, 1.0]
    assert grid["b"] == pytest.approx([0.01, 0.1, 1.0])
    assert grid["c"] == [1, 5, 9]


@pytest.mark.parametrize(
    ("dimension", "middle"),
    [
        (LogUniform("a", 1e-200, 1e-170), 1e-185),
        (LogUniform("a", 1e150, 1e200), 1e175),
        (LogUniform("a", 10**200, 10**300), 1e250),
        (LogUniform("a", np.float64(1e150), np.float64(1e200)), 1e175),
        (Uniform("a", 1e308, 1.5e308), 1.25e308),
        (Uniform("a", -1.5e308, 1.5e308), 0.0),
        # As ever: a search that goes on knows its grid again.
        (LogUniform("a", 0.001, 0.3), math.sqrt(0.001 * 0.3)),
        (LogUniform("a", 1e-4, 0.7), math.sqrt(1e-4 * 0.7)),
        (Uniform("a", 0.1, 0.7), (0.1 + 0.7) / 2),
        (Uniform("a", 1, 4), 2.5),
    ],
)
def test_the_middle_lies_between_the_ends_however_large_or_small_they_are(
    dimension: Uniform, middle: float
) -> None:
    low, found, high = dimension.grid_values
    assert low < found < high
    assert found == pytest.approx(middle, rel=0 if 1e-100 < abs(middle) < 1e100 else 1e-12, abs=0)


@settings(deadline=None, max_examples=30)
@given(st.integers(-1000, 1000), st.integers(1, 500), st.integers(0, 2**31 - 1))
def test_integers_stay_inside_any_range(low: int, width: int, seed: int) -> None:
    dimension = UniformInteger("n", low, low + width)
    random = np.random.default_rng(seed)
    raw = [sample(dimension.hyperopt(), rng=random) for _ in range(20)]
    values = [dimension.from_hyperopt(value) for value in raw]
    assert all(isinstance(value, int) and low <= value <= low + width for value in values)
    drawn = dimension.distribution().rvs(20, random_state=seed % 2**31)
    assert low <= drawn.min() <= drawn.max() <= low + width


@settings(deadline=None, max_examples=30)
@given(st.floats(1e-8, 1e4), st.floats(1.001, 1e6), st.integers(0, 2**31 - 1))
def test_log_uniform_values_stay_inside_any_range(low: float, factor: float, seed: int) -> None:
    dimension = LogUniform("rate", low, low * factor)
    random = np.random.default_rng(seed)
    values = [dimension.from_hyperopt(sample(dimension.hyperopt(), rng=random)) for _ in range(20)]
    assert all(low <= value <= low * factor for value in values)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform("a", 1, 1), "a: low=1 and high=1 must be finite numbers with low < high"),
        (lambda: Uniform("a", 0, math.nan), "a: low=0 and high=nan"),
        (lambda: Uniform("a", 0, math.inf), "high=inf"),
        (lambda: Uniform("a", "0", 1), "low='0'"),
        (lambda: LogUniform("a", 0.0, 1.0), r"low=0\.0 must be larger than 0"),
        (lambda: UniformInteger("a", 1, 2.5), "must be whole numbers"),
        (lambda: Uniform("a", 0, 1, grid=(0.5, 2)), r"value 2 in grid= is no number in \[0, 1\]"),
        (lambda: Choice("a", ()), "must be a list of one or more different values"),
        (lambda: Choice("a", (1, 2, 1)), "must be a list of one or more different values"),
        (lambda: Choice("", (1,)), "name='' must be the name"),
        (lambda: SearchSpace(()), "one or more of Uniform"),
        (lambda: SearchSpace((Choice("a", (1,)), Uniform("a", 0, 1))), "different names"),
    ],
)  # fmt: skip
def test_impossible_spaces_are_refused(make: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        make()


# -- the runner -------------------------------------------------------------------------------


def test_the_grid_goes_in_scikit_learns_order_and_ends_by_itself() -> None:
    record = run_search("grid", ARTICLE_SPACE, bowl)
    assert settings_of(record) == list(ParameterGrid(ARTICLE_SPACE.grid()))
    assert [trial.number for trial in record] == list(range(1, 28))
    assert record.best is not None
    assert record.best.hyperparameters == {
        "learning_rate": 0.01, "batch_size": 64, "dropout_rate": 0.2,
    }  # fmt: skip
    assert all(trial.method == "grid" and trial.seconds is not None for trial in record)


class GivenSeeds:
    """Stands for the random state of `fmin`, and hands out the seeds of the runner."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.given = 0

    def integers(self, _: int) -> int:
        self.given += 1
        return proposal_seed(self.seed, self.given - 1)


@pytest.mark.parametrize(("method", "algo"), [("random", hyperopt.rand), ("tpe", hyperopt.tpe)])
def test_the_runner_proposes_what_fmin_proposes(method: str, algo: Any) -> None:
    ours = run_search(method, MIXED_SPACE, bowl, trials=35, seed=3)

    space, trials, seen = MIXED_SPACE.hyperopt(), hyperopt.Trials(), []

    def objective(values: dict[str, Any]) -> float:
        seen.append(values)
        return -bowl(values)

    hyperopt.fmin(
        objective, space, algo=algo.suggest, max_evals=35, trials=trials,
        rstate=GivenSeeds(3), show_progressbar=False, verbose=False,
    )  # fmt: skip
    assert settings_of(ours) == seen


def test_the_first_start_up_trials_of_tpe_are_the_random_searchs_own() -> None:
    random = settings_of(run_search("random", ARTICLE_SPACE, bowl, trials=30, seed=1))
    tpe = settings_of(run_search("tpe", ARTICLE_SPACE, bowl, trials=30, seed=1))
    assert tpe[:20] == random[:20]
    assert all(a != b for a, b in zip(tpe[20:], random[20:], strict=True))

    early = run_search("tpe", ARTICLE_SPACE, bowl, trials=30, seed=1, n_startup_jobs=5)
    assert settings_of(early)[:5] == random[:5]
    assert settings_of(early)[5] != random[5]


def test_fmin_itself_starts_with_twenty_random_trials() -> None:
    """The article's fault, with hyperopt alone."""
    found = {}
    for algo in (hyperopt.rand, hyperopt.tpe):
        trials = hyperopt.Trials()
        hyperopt.fmin(
            lambda values: -bowl(values), ARTICLE_SPACE.hyperopt(), algo=algo.suggest,
            max_evals=22, trials=trials, rstate=np.random.default_rng(0),
            show_progressbar=False, verbose=False,
        )  # fmt: skip
        found[algo] = settings_of(SearchRecord.from_hyperopt(trials, ARTICLE_SPACE))
    assert found[hyperopt.rand][:20] == found[hyperopt.tpe][:20]
    assert found[hyperopt.rand][20] != found[hyperopt.tpe][20]


def test_tpe_gathers_around_the_top() -> None:
    for seed in range(4):
        accuracy = run_search("tpe", ARTICLE_SPACE, bowl, trials=60, seed=seed).to_frame()[
            "validation_accuracy"
        ]
        assert accuracy[30:].mean() > accuracy[:20].mean() + 0.05


def test_a_seed_repeats_a_search_and_another_one_does_not() -> None:
    def searched(seed: int) -> list[dict[str, Any]]:
        return settings_of(run_search("tpe", ARTICLE_SPACE, bowl, trials=23, seed=seed))

    assert searched(5) == searched(5)
    assert searched(5) != searched(6)


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
@pytest.mark.parametrize("broken_off_after", [1, 7, 22])
def test_a_search_continued_from_its_file_is_the_unbroken_one(
    tmp_path: Path, method: str, broken_off_after: int
) -> None:
    path = tmp_path / "search.csv"
    whole = run_search(method, MIXED_SPACE, bowl, trials=27, seed=2)
    run_search(
        method, MIXED_SPACE, bowl, trials=broken_off_after, seed=2,
        record=SearchRecord(method, path),
    )  # fmt: skip
    continued = run_search(
        method, MIXED_SPACE, bowl, trials=27, seed=2, record=SearchRecord(method, path)
    )
    assert settings_of(continued) == settings_of(whole)
    assert settings_of(SearchRecord.load(path)) == settings_of(whole)


def test_searches_of_other_methods_in_the_record_do_not_disturb() -> None:
    record = SearchRecord("comparison")
    record.append(Trial({"learning_rate": 0.5}, validation_accuracy=0.9))
    run_search("random", ARTICLE_SPACE, bowl, trials=4, record=record)
    run_search("tpe", ARTICLE_SPACE, bowl, trials=4, record=record)
    assert [trial.method for trial in record] == ["manual", *["random"] * 4, *["tpe"] * 4]
    alone = run_search("tpe", ARTICLE_SPACE, bowl, trials=4)
    assert settings_of(record)[5:] == settings_of(alone)


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_failing_and_diverging_trials_are_recorded_and_the_search_goes_on(method: str) -> None:
    calls = []

    def fragile(values: dict[str, Any]) -> float:
        calls.append(values)
        if len(calls) == 3:
            raise ValueError("no such optimiser")
        return math.nan if len(calls) == 5 else bowl(values)

    record = run_search(method, ARTICLE_SPACE, fragile, trials=25)
    assert [trial.number for trial in record if trial.ended == "failed"] == [3]
    assert [trial.number for trial in record if trial.ended == "diverged"] == [5]
    assert record.trials[2].message == "ValueError: no such optimiser"
    assert settings_of(record)[2] == calls[2]
    assert len(record) == 25
    assert record.incumbent.notna().all()


def test_an_objective_that_leaves_python_is_a_failed_trial() -> None:
    record = run_search("random", ARTICLE_SPACE, lambda _: sys.exit("enough"), trials=2)
    assert [trial.ended for trial in record] == ["failed", "failed"]
    assert record.trials[0].message == "SystemExit: enough"


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_trials_without_a_place_in_the_space_are_not_its_own(method: str) -> None:
    """Such as those of a record from another space."""
    foreign = SearchRecord(method)
    places = [{"x": 0.1}, {**dict.fromkeys(MIXED_SPACE.names, 0.5), "optimizer": "lion"}]
    places += [{**dict.fromkeys(MIXED_SPACE.names, "two"), "optimizer": "sgd"}]
    places += [{**dict.fromkeys(MIXED_SPACE.names, -1.0), "optimizer": "sgd"}]
    for values in places:
        foreign.append(Trial(values, method, validation_accuracy=0.5))
    search = Search(method, MIXED_SPACE, lambda _: 0.5, record=foreign, n_startup_jobs=1)
    alone = Search(method, MIXED_SPACE, lambda _: 0.5, n_startup_jobs=1)
    assert search.trials == []
    assert search.run(3) is foreign
    alone.run(3)
    assert [t.hyperparameters for t in foreign.trials[4:]] == [
        t.hyperparameters for t in alone.record
    ]


def test_an_objective_that_returns_nothing_says_so() -> None:
    record = run_search("random", ARTICLE_SPACE, lambda _: None, trials=1)
    assert "the objective returned None: it must return" in record.trials[0].message


def test_a_kill_loses_no_finished_trial(tmp_path: Path) -> None:
    path = tmp_path / "search.csv"

    def killed_in_the_fourth(values: dict[str, Any]) -> float:
        if len(SearchRecord.load(path)) == 3:
            raise KeyboardInterrupt
        return bowl(values)

    path_record = SearchRecord("random", path)
    run_search("random", ARTICLE_SPACE, bowl, trials=1, record=path_record)
    with pytest.raises(KeyboardInterrupt):
        run_search("random", ARTICLE_SPACE, killed_in_the_fourth, trials=9, record=path_record)
    whole = run_search("random", ARTICLE_SPACE, bowl, trials=3)
    assert settings_of(SearchRecord.load(path)) == settings_of(whole)


SEARCH_IN_A_PROCESS = """
import sys, time
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.runner import run_search
from hpt_widgets.search.space import ARTICLE_SPACE

def slow_from_the_fifth_on(values):
    if len(record) == 4:
        print("in the fifth trial", flush=True)
        time.sleep(600)
    return 1 - values["dropout_rate"]

record = SearchRecord("tpe", sys.argv[1])
run_search("tpe", ARTICLE_SPACE, slow_from_the_fifth_on, trials=9, record=record,
           seed=4, n_startup_jobs=3)
"""


def test_a_killed_process_leaves_every_finished_trial(tmp_path: Path) -> None:
    path = tmp_path / "search.csv"
    command = [sys.executable, "-c", SEARCH_IN_A_PROCESS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the fifth trial\n"
        process.kill()

    def objective(values: dict[str, Any]) -> float:
        return 1 - values["dropout_rate"]

    record = SearchRecord("tpe", path)
    assert len(record) == 4
    options = {"trials": 9, "seed": 4, "n_startup_jobs": 3}
    run_search("tpe", ARTICLE_SPACE, objective, record=record, **options)
    assert settings_of(record) == settings_of(
        run_search("tpe", ARTICLE_SPACE, objective, **options)
    )


def test_stop_ends_the_search_and_leaves_the_unfinished_trial_out() -> None:
    stop, heard = threading.Event(), []

    def after_each(trial: Trial) -> None:
        heard.append(trial.number)
        if trial.number == 3:
            stop.set()

    record = run_search("random", ARTICLE_SPACE, bowl, trials=9, stop=stop, on_trial=after_each)
    assert len(record) == 3
    assert heard == [1, 2, 3]

    def stopped_in_mid_trial(values: dict[str, Any]) -> float:
        raise SearchStopped

    run_search("random", ARTICLE_SPACE, stopped_in_mid_trial, trials=9, record=record)
    assert len(record) == 3


def test_a_budget_of_seconds_counts_what_the_trials_cost() -> None:
    def costs_two(values: dict[str, Any]) -> Trial:
        return Trial(validation_accuracy=bowl(values), seconds=2.0)

    record = run_search("random", ARTICLE_SPACE, costs_two, seconds=9)
    assert [trial.seconds for trial in record] == [2.0] * 5
    run_search("random", ARTICLE_SPACE, costs_two, seconds=13, record=record)
    assert len(record) == 7


def test_no_trial_begins_when_the_seconds_are_just_used_up() -> None:
    def costs_two(values: dict[str, Any]) -> Trial:
        return Trial(validation_accuracy=bowl(values), seconds=2.0)

    record = run_search("random", ARTICLE_SPACE, costs_two, seconds=8)
    assert [trial.seconds for trial in record] == [2.0] * 4
    run_search("random", ARTICLE_SPACE, costs_two, seconds=8, record=record)
    assert len(record) == 4


class CountingSpace(SearchSpace):
    """Counts how many trials it is asked about."""

    asked = 0

    def can_place(self, values: Any) -> bool:
        CountingSpace.asked += 1
        return super().can_place(values)


@pytest.mark.parametrize("method", ["grid", "random"])
def test_a_search_looks_at_each_trial_once(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    space = CountingSpace((Choice("batch_size", tuple(range(400))),))
    record = SearchRecord(method)
    for size in range(200):
        record.append(Trial({"batch_size": size}, method=method, seconds=1.0))
    asked = CountingSpace.asked
    keys: list[object] = []
    make_key = OwnTrials.key

    def counted_key(own: OwnTrials, values: Any) -> Any:
        keys.append(values)
        return make_key(own, values)

    monkeypatch.setattr(OwnTrials, "key", counted_key)
    search = Search(method, space, lambda _: Trial(seconds=1.0), record=record)
    for _ in range(100):
        search.step()
        assert search.seconds == len(search.trials) == len(record)
    assert CountingSpace.asked - asked == 300
    # Each trial once, and each point of the grid or draw that was looked at.
    assert len(keys) <= 300 + 301 + 300


@pytest.mark.parametrize("method", ["grid", "random", "tpe"])
def test_a_trial_that_is_forgotten_is_tried_again(method: str) -> None:
    search = Search(method, ARTICLE_SPACE, bowl, n_startup_jobs=20)
    search.run(trials=12)
    before = settings_of(search.record)
    for number in (3, 8):
        search.record.forget(number)
    search.run(trials=12)
    assert settings_of(search.record)[-2:] == [before[2], before[7]]
    assert search.n_trials == 12
    assert search.seconds == pytest.approx(sum(t.seconds for t in search.record))


def test_an_option_is_found_by_its_value_nan_among_them() -> None:
    dimension = Choice("missing", (math.nan, 0.0, (64, math.nan), None))
    for index, option in enumerate((float("nan"), 0, [64, float("nan")], None)):
        assert dimension.index_of(option) == dimension.to_hyperopt(option) == index
        assert dimension.can_place(option)
    for other in (1.0, "nan", (64, 0.0), ()):
        assert dimension.index_of(other) is None
        assert not dimension.can_place(other)
        with pytest.raises(ValueError, match="missing"):
            dimension.to_hyperopt(other)


def test_an_option_that_is_no_number_is_tried_once_on_a_grid(tmp_path: Path) -> None:
    space = SearchSpace((Choice("activation", (math.nan, ("a", {"b": 1}), "c")),))
    path = tmp_path / "record.csv"
    for _ in range(2):
        record = SearchRecord("grid", path)
        run_search("grid", space, lambda _: 0.5, record=record)
        assert len(record) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "bayes", "trials": 1}, "method='bayes' is not known: use one of 'grid'"),
        ({"method": "tpe"}, "never ends by itself"),
        ({"method": "tpe", "trials": 0}, "trials=0 must be a whole number"),
        ({"method": "tpe", "trials": 2.5}, r"trials=2\.5 must be a whole number"),
        ({"method": "tpe", "seconds": -1}, "seconds=-1 must be a number larger than 0"),
        ({"method": "tpe", "trials": 1, "seed": -1}, "seed=-1 must be a whole number"),
        ({"method": "tpe", "trials": 1, "n_startup_jobs": 0.5}, r"n_startup_jobs=0\.5"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run_search(space=ARTICLE_SPACE, objective=bowl, **arguments)


def test_propose_shows_what_the_next_step_tries() -> None:
    search = Search("tpe", ARTICLE_SPACE, bowl, n_startup_jobs=3)
    search.run(trials=6)
    proposed = search.propose()
    trial = search.step()
    assert trial is not None
    assert trial.hyperparameters == proposed


# -- with the real trainer ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def blobs() -> Dataset:
    random = np.random.default_rng(0)
    centres = random.normal(size=(3, 8)) * 3
    labels = np.arange(600) % 3
    features = centres[labels] + random.normal(size=(600, 8))
    return Dataset.from_arrays(
        features[:450], labels[:450], validation=(features[450:], labels[450:])
    )


def test_a_search_trains_the_network(blobs: Dataset) -> None:
    fixed = Hyperparameters(hidden_units=(8,), epochs=3, seed=7)
    record = run_search("tpe", ARTICLE_SPACE, blobs, trials=3, hyperparameters=fixed)
    assert len(record) == 3
    for trial in record:
        assert trial.ended == "finished"
        assert trial.hyperparameters["seed"] == 7
        assert trial.epochs_trained == 3
        assert trial.history[-1] == (3 * 450, trial.validation_accuracy)
    assert record.best is not None
    assert record.best.validation_accuracy is not None
    assert record.best.validation_accuracy > 0.9


def test_a_diverging_training_is_recorded_as_diverged(blobs: Dataset) -> None:
    space = SearchSpace((Choice("learning_rate", (1e6, 0.01)),))
    fixed = Hyperparameters(hidden_units=(8,), optimizer="sgd", epochs=3)
    record = run_search("grid", space, blobs, hyperparameters=fixed)
    assert [trial.ended for trial in record] == ["diverged", "finished"]
    assert "smaller learning rate" in record.trials[0].message
    assert record.best is record.trials[1]


def test_a_stopped_training_is_not_recorded(blobs: Dataset) -> None:
    stop = threading.Event()
    fixed = Hyperparameters(hidden_units=(8,), epochs=1000)
    objective = TrainingObjective(blobs, fixed, stop=stop, on_progress=lambda _: stop.set())
    assert len(run_search("random", ARTICLE_SPACE, objective, trials=5, stop=stop)) == 0


def test_selecting_on_training_data_is_refused() -> None:
    data = Dataset.from_arrays(np.eye(4), [0, 1, 0, 1])
    with pytest.raises(ValueError, match="no validation split"):
        run_search("random", ARTICLE_SPACE, data, trials=1)


# -- readers' own searches ---------------------------------------------------------------------


class Fussy(ClassifierMixin, BaseEstimator):
    """Remembers the most frequent class, and refuses one value."""

    def __init__(self, quality: float = 0.5) -> None:
        self.quality = quality

    def fit(self, x: Any, y: Any) -> Fussy:  # noqa: ARG002
        if self.quality == 13:
            raise ValueError("thirteen")
        self.classes_ = np.unique(y)
        self.fit_seconds_, self.n_iter_ = 0.25, 2
        self.ended_ = "diverged" if self.quality == 99 else "finished"
        return self

    def predict(self, x: Any) -> Any:
        return np.full(len(x), self.classes_[0])


IRIS = load_iris(return_X_y=True)
NEIGHBOURS = {"n_neighbors": [1, 5, 15], "weights": ["uniform", "distance"]}


def key(trial: Trial) -> str:
    return repr({name: trial.hyperparameters[name] for name in sorted(NEIGHBOURS)})


@pytest.mark.parametrize("train_scores", [False, True])
def test_the_scorer_follows_grid_search_and_agrees_with_cv_results(train_scores: bool) -> None:
    record = SearchRecord("grid")
    search = GridSearchCV(
        KNeighborsClassifier(), NEIGHBOURS, cv=5, scoring=record.scorer,
        return_train_score=train_scores,
    ).fit(*IRIS)  # fmt: skip
    read = SearchRecord.from_cv_results(search.cv_results_, "grid")
    assert [key(trial) for trial in record] == [key(trial) for trial in read]
    for live, afterwards in zip(record, read, strict=True):
        assert live.fold_scores == afterwards.fold_scores
        assert live.validation_accuracy == pytest.approx(afterwards.validation_accuracy)
        assert live.method == "grid"
    assert record.best is not None
    assert record.best.validation_accuracy == pytest.approx(search.best_score_)
    plain = GridSearchCV(KNeighborsClassifier(), NEIGHBOURS, cv=5).fit(*IRIS)
    assert plain.best_params_ == search.best_params_


@warnings_are_no_errors
def test_the_scorer_follows_two_threads_and_says_when_folds_land() -> None:
    record = SearchRecord("random")
    folds: list[int] = []
    scorer = record.follow(cv=KFold(4), on_fold=lambda _, scores: folds.append(len(scores)))
    with joblib.parallel_config(backend="threading"):
        search = RandomizedSearchCV(
            KNeighborsClassifier(), {"n_neighbors": stats.randint(1, 60)}, n_iter=12, cv=KFold(4),
            scoring=scorer, random_state=0, n_jobs=2,
        ).fit(*IRIS)  # fmt: skip
    assert len(record) == 12
    assert len(folds) == 48
    expected = dict(zip((p["n_neighbors"] for p in search.cv_results_["params"]),
                        search.cv_results_["mean_test_score"], strict=True))  # fmt: skip
    for trial in record:
        assert trial.validation_accuracy == pytest.approx(
            expected[trial.hyperparameters["n_neighbors"]]
        )


def test_a_combination_lands_as_soon_as_its_folds_are_scored() -> None:
    landed: list[int] = []
    record = SearchRecord("grid")

    def counting(estimator: Any, x: Any, y: Any) -> float:
        landed.append(len(record))
        return estimator.score(x, y)

    scorer = record.follow(cv=3, scoring=counting)
    GridSearchCV(Fussy(), {"quality": [1, 2]}, cv=3, scoring=scorer).fit(*IRIS)
    assert landed == [0, 0, 0, 1, 1, 1]


def test_the_scorer_keeps_what_the_estimator_tells() -> None:
    record = SearchRecord("grid")
    GridSearchCV(Fussy(), {"quality": [1, 99]}, cv=3, scoring=record.follow(cv=3)).fit(*IRIS)
    assert [trial.seconds for trial in record] == [0.75, 0.75]
    assert [trial.epochs_trained for trial in record] == [2, 2]
    assert [trial.ended for trial in record] == ["finished", "diverged"]


def test_values_that_come_twice_are_two_trials() -> None:
    record = SearchRecord("random")
    scorer = record.follow(cv=2)
    x, y = IRIS
    halves = [(x[::2], y[::2]), (x[1::2], y[1::2])]
    for half in (halves[0], halves[0], halves[1], halves[1]):
        scorer(KNeighborsClassifier(n_neighbors=9).fit(*halves[0]), *half)
    once = KNeighborsClassifier(n_neighbors=9).fit(*halves[0])
    expected = tuple(once.score(*half) for half in halves)
    assert [trial.fold_scores for trial in record] == [expected, expected]


def test_folds_that_never_come_are_appended_as_failed_on_flush() -> None:
    record = SearchRecord("grid")
    scorer = record.follow(cv=3)
    x, y = IRIS
    for half in range(2):
        scorer(Fussy().fit(x, y), x[half::2], y[half::2])
    assert len(record) == 0
    scorer.flush()
    assert [trial.ended for trial in record] == ["failed"]
    assert record.trials[0].message == "2 of 3 folds were scored"
    assert len(record.trials[0].fold_scores) == 2


def test_the_scorer_survives_clone_but_not_another_process() -> None:
    record = SearchRecord("grid")
    search = GridSearchCV(Fussy(), {"quality": [1]}, scoring=record.scorer)
    assert clone(search).scoring is record.scorer
    with pytest.raises(TypeError, match="n_jobs=1, or use threads"):
        pickle.dumps(record.scorer)


@pytest.mark.parametrize("cv", [0, 1, True, "5", 2.5])
def test_a_wrong_number_of_folds_is_refused(cv: object) -> None:
    with pytest.raises(ValueError, match=r"cv=.* must be the number of folds"):
        SearchRecord().follow(cv=cv)


def test_failed_fits_in_cv_results_are_failed_trials() -> None:
    with pytest.warns(FitFailedWarning), pytest.warns(UserWarning, match="non-finite"):
        search = GridSearchCV(Fussy(), {"quality": [1, 13]}, cv=3).fit(*IRIS)
    record = SearchRecord.from_cv_results(search.cv_results_)
    assert [trial.ended for trial in record] == ["finished", "failed"]
    times = search.cv_results_["mean_fit_time"] + search.cv_results_["mean_score_time"]
    assert record.trials[0].seconds == pytest.approx(3 * times[0])


def test_cv_results_of_several_metrics_are_read_by_name() -> None:
    search = GridSearchCV(
        KNeighborsClassifier(), NEIGHBOURS, cv=3, refit=False,
        scoring=["accuracy", "balanced_accuracy"],
    ).fit(*IRIS)  # fmt: skip
    record = SearchRecord.from_cv_results(search.cv_results_, metric="balanced_accuracy")
    expected = search.cv_results_["mean_test_balanced_accuracy"]
    assert [trial.validation_accuracy for trial in record] == list(expected)
    with pytest.raises(ValueError, match="has no 'mean_test_score'"):
        SearchRecord.from_cv_results(search.cv_results_)


def fmin_trials(objective: Any, space: Any, **options: Any) -> Any:
    trials = hyperopt.Trials()
    hyperopt.fmin(
        objective, space, algo=hyperopt.rand.suggest, max_evals=6, trials=trials,
        rstate=np.random.default_rng(0), show_progressbar=False, verbose=False, **options,
    )  # fmt: skip
    return trials


def test_hyperopt_trials_are_read_as_the_objective_saw_them() -> None:
    seen: list[dict[str, Any]] = []

    def objective(values: dict[str, Any]) -> float:
        seen.append(values)
        return -bowl(values)

    trials = fmin_trials(objective, MIXED_SPACE.hyperopt())
    for space in (MIXED_SPACE, MIXED_SPACE.hyperopt()):
        record = SearchRecord.from_hyperopt(trials, space)
        assert settings_of(record) == seen
        assert [trial.validation_accuracy for trial in record] == [bowl(values) for values in seen]
        assert all(trial.method == "tpe" and trial.ended == "finished" for trial in record)
    raw = SearchRecord.from_hyperopt(trials).trials[0].hyperparameters
    assert isinstance(raw["batch_size"], float)
    assert raw["optimizer"] in (0, 1)


def test_hyperopt_losses_of_another_kind_are_translated() -> None:
    space = {"x": hp.uniform("x", 0, 1)}
    trials = fmin_trials(lambda values: values["x"], space)
    record = SearchRecord.from_hyperopt(trials, accuracy=lambda result: 1 - result["loss"])
    assert [t.validation_accuracy for t in record] == [1 - t.hyperparameters["x"] for t in record]
    named = fmin_trials(lambda v: {"status": "ok", "loss": 0.3, "accuracy": v["x"]}, space)
    record = SearchRecord.from_hyperopt(named)
    assert [t.validation_accuracy for t in record] == [t.hyperparameters["x"] for t in record]


def test_failed_hyperopt_trials_are_failed_trials() -> None:
    def fragile(values: dict[str, Any]) -> Any:
        if values["x"] < 0.5:
            raise ValueError("too small")
        return {"status": "fail"} if values["x"] < 0.7 else -values["x"]

    trials = fmin_trials(
        fragile, {"x": hp.uniform("x", 0, 1)}, catch_eval_exceptions=True, return_argmin=False
    )
    record = SearchRecord.from_hyperopt(trials)
    for trial in record:
        good = trial.hyperparameters["x"] >= 0.7
        assert trial.ended == ("finished" if good else "failed")
    assert {trial.ended for trial in record} == {"finished", "failed"}
    assert any("too small" in trial.message for trial in record)


@pytest.mark.parametrize("method", ["random", "tpe"])
def test_a_search_tries_what_0_1_did_not_have(blobs: Dataset, method: str, tmp_path: Path) -> None:
    space = SearchSpace(
        (
            LogUniform("learning_rate", 1e-3, 1e-1),
            Uniform("momentum", 0.0, 0.99),
            LogUniform("epsilon", 1e-8, 1.0),
            Choice("schedule", ("constant", "step", "cosine", "1cycle")),
            Uniform("warm_up", 0.0, 0.5),
            LogUniform("initial_scale", 0.1, 2.0),
            Choice("parametrization", ("standard", "mup")),
            UniformInteger("base_width", 4, 16),
        )
    )
    fixed = Hyperparameters(hidden_units=(8,))
    record = SearchRecord(method, path=tmp_path / "record.csv")
    run_search(method, space, blobs, trials=6, seed=1, record=record, hyperparameters=fixed)
    assert [trial.ended for trial in record] == ["finished"] * 6
    # A value that was searched is in the record though it be the default.
    assert all(set(space.names) <= set(trial.hyperparameters) for trial in record)
    assert {"constant", "standard"} & {
        value for trial in record for value in trial.hyperparameters.values()
    }
    again = SearchRecord.load(tmp_path / "record.csv")
    assert [trial.hyperparameters for trial in again] == [t.hyperparameters for t in record]
    assert set(space.names) <= set(again.to_frame().columns)
