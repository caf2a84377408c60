"""TPE's two densities, held against what hyperopt really proposes."""

from __future__ import annotations

import math
from typing import Any

import hyperopt
import numpy as np
import pytest

from hpt_widgets.search.library_results import hyperopt_trials
from hpt_widgets.search.parzen import parzen_densities, split_trials
from hpt_widgets.search.runner import run_search
from hpt_widgets.search.space import ARTICLE_SPACE, Choice, SearchSpace
from hpt_widgets.search.trial import Trial

SPACE = SearchSpace((*ARTICLE_SPACE.dimensions, Choice("optimizer", ("sgd", "momentum", "adam"))))


def accuracy(values: dict[str, Any]) -> float:
    better = 0.2 if values["optimizer"] == "adam" else 0.0
    distance = (math.log10(values["learning_rate"]) + 2) ** 2 + values["dropout_rate"] ** 2
    return better + 1 / (1 + distance + abs(values["batch_size"] - 50) / 100)


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return list(run_search("random", SPACE, accuracy, trials=60, seed=1))


def test_densities_and_probabilities_sum_to_one(trials: list[Trial]) -> None:
    found = parzen_densities(SPACE, trials, n_points=2001)
    assert list(found) == list(SPACE.names)
    for densities in (found["learning_rate"], found["dropout_rate"]):
        x = np.asarray(densities.values)
        x = np.log(x) if densities.name == "learning_rate" else x
        assert np.trapezoid(densities.good, x) == pytest.approx(1, abs=1e-3)
        assert np.trapezoid(densities.rest, x) == pytest.approx(1, abs=1e-3)
    for name in ("batch_size", "optimizer"):
        assert found[name].good.sum() == pytest.approx(1)
        assert found[name].rest.sum() == pytest.approx(1)
    assert found["batch_size"].values == tuple(range(32, 129))
    assert found["optimizer"].values == ("sgd", "momentum", "adam")


def test_with_many_candidates_hyperopt_proposes_the_top_of_the_ratio(trials: list[Trial]) -> None:
    """An independent witness: its own sampler, its own choice among many candidates."""
    documents = hyperopt.tpe.suggest(
        [len(trials)], hyperopt.Domain(lambda _: 0.0, SPACE.hyperopt()),
        hyperopt_trials(SPACE, trials), seed=0, n_EI_candidates=20_000, verbose=False,
    )  # fmt: skip
    proposed = documents[0]["misc"]["vals"]
    found = parzen_densities(SPACE, trials, n_points=2001)
    for dim in SPACE:
        densities = found[dim.name]
        value = dim.from_hyperopt(proposed[dim.name][0])
        if isinstance(value, float):
            place = int(np.argmin(np.abs(np.log(densities.values) - math.log(value))))
        else:
            place = densities.values.index(value)
        assert densities.ratio[place] >= 0.99 * densities.ratio.max(), dim.name


def test_the_good_ones_are_few(trials: list[Trial]) -> None:
    for n, n_good in ((1, 1), (16, 1), (25, 2), (60, 2)):
        good, rest = split_trials(trials[:n])
        assert (len(good), len(rest)) == (n_good, n - n_good)
        assert min(t.validation_accuracy for t in good) >= max(
            (t.validation_accuracy for t in rest), default=0
        )
    assert split_trials([]) == ([], [])


def test_failed_trials_count_as_bad(trials: list[Trial]) -> None:
    failed = Trial(trials[0].hyperparameters, validation_accuracy=0.999, ended="diverged")
    good, rest = split_trials([failed, *trials])
    assert failed in rest
    assert failed not in good


def test_without_trials_both_densities_are_the_same() -> None:
    for densities in parzen_densities(SPACE, []).values():
        np.testing.assert_allclose(densities.ratio, 1)
    options = parzen_densities(SPACE, [])["optimizer"]
    np.testing.assert_allclose(options.good, 1 / 3)
