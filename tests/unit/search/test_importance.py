"""The importance of hyperparameters, against what is known of made-up searches."""

import numpy as np
import pytest

from hpt_widgets.search.importance import (
    LEAST_TRIALS,
    feature_matrix,
    hyperparameter_importance,
)
from hpt_widgets.search.space import Choice, LogUniform, SearchSpace, Uniform, UniformInteger
from hpt_widgets.search.training_length import epochs_dimension
from hpt_widgets.search.trial import Trial

SPACE = SearchSpace(
    (
        UniformInteger("idle", 1, 100),
        LogUniform("rate", 1e-4, 1.0),
        Choice("kind", ("a", "b", "c")),
    )
)


def search(score, n_trials=60, seed=0):
    random = np.random.default_rng(seed)
    trials = []
    for _ in range(n_trials):
        values = {
            "idle": int(random.integers(1, 101)),
            "rate": float(10 ** random.uniform(-4, 0)),
            "kind": ("a", "b", "c")[random.integers(3)],
        }
        trials.append(Trial(values, validation_accuracy=float(score(values, random))))
    return trials


def by_rate_and_kind(values, _random):
    kind = {"a": 0.0, "b": 0.02, "c": 0.04}[values["kind"]]
    return 0.9 - 0.05 * (np.log10(values["rate"]) + 2) ** 2 + kind


def test_what_decides_comes_first_and_what_is_idle_matters_nothing():
    found = hyperparameter_importance(SPACE, search(by_rate_and_kind))
    assert [one.name for one in found.of] == ["rate", "kind", "idle"]
    rate, kind, idle = found.of
    assert rate.mean > 2 * rate.deviation
    assert rate.mean > 3 * kind.mean > 0
    assert abs(idle.mean) < 0.002
    assert found.is_meaningful
    assert found.n_trials == 60


def test_it_is_scikit_learns_permutation_importance_on_unseen_trials():
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import permutation_importance
    from sklearn.model_selection import cross_validate

    trials = search(by_rate_and_kind, n_trials=40)
    importances = hyperparameter_importance(SPACE, trials, seed=3)
    found = {one.name: one for one in importances.of}
    features = feature_matrix(SPACE, trials)
    scores = np.array([trial.validation_accuracy for trial in trials])
    from sklearn.model_selection import KFold

    folds = KFold(5, shuffle=True, random_state=3)
    fitted = cross_validate(
        RandomForestRegressor(random_state=3), features, scores, cv=folds,
        scoring="neg_root_mean_squared_error", return_estimator=True, return_indices=True,
    )  # fmt: skip
    means = []
    for forest, unseen in zip(fitted["estimator"], fitted["indices"]["test"], strict=True):
        shuffled = permutation_importance(
            forest, features[unseen], scores[unseen], n_repeats=10, random_state=3,
            scoring="neg_root_mean_squared_error",
        )  # fmt: skip
        means.append(shuffled["importances_mean"])
    for place, name in enumerate(SPACE.names):
        assert found[name].mean == pytest.approx(np.mean(means, axis=0)[place])
        assert found[name].deviation == pytest.approx(np.std(means, axis=0, ddof=1)[place])
    assert importances.error == pytest.approx(-fitted["test_score"].mean())


def test_from_noise_it_knows_that_nothing_can_be_said():
    found = hyperparameter_importance(SPACE, search(lambda _values, random: random.normal()))
    assert not found.is_meaningful


def test_too_few_trials_are_none_and_lost_ones_do_not_count():
    trials = search(by_rate_and_kind, n_trials=LEAST_TRIALS)
    assert hyperparameter_importance(SPACE, trials) is not None
    lost = Trial(trials[0].hyperparameters, ended="failed")
    elsewhere = Trial({"rate": 0.1}, validation_accuracy=0.5)
    assert hyperparameter_importance(SPACE, [*trials[1:], lost, elsewhere]) is None


def test_numbers_stand_for_what_was_drawn():
    space = SearchSpace((Uniform("x", 0, 1), LogUniform("rate", 0.01, 1), Choice("k", ("u", "v"))))
    row = feature_matrix(space, [Trial({"x": 0.5, "rate": 0.1, "k": "v"})])
    assert row.tolist() == [[0.5, pytest.approx(np.log(0.1)), 1.0]]


def test_trials_of_different_epochs_are_weighed_with_their_epochs():
    """Idle values that go with the long trainings must not get the credit for these."""
    random = np.random.default_rng(0)
    trials = []
    for trial in search(by_rate_and_kind):
        epochs = int(random.choice([1, 3, 9]))
        # The long ones have large idle values, by chance or by a search that goes on with them.
        values = {**trial.hyperparameters, "idle": 10 * epochs, "epochs": epochs}
        score = trial.validation_accuracy + 0.03 * np.log(epochs)
        trials.append(Trial(values, "halving", validation_accuracy=score))
    found = hyperparameter_importance(SPACE, trials)
    assert found.has_epochs
    assert {one.name for one in found.of} == {"rate", "kind", "idle", "epochs"}
    known = {one.name: one.mean for one in found.of}
    alone = [trial for trial in trials if trial.hyperparameters["epochs"] == 1]
    assert not hyperparameter_importance(SPACE, alone).has_epochs
    without = [
        Trial(
            {name: trial.hyperparameters[name] for name in SPACE.names},
            validation_accuracy=trial.validation_accuracy,
        )
        for trial in trials
    ]
    blamed = {one.name: one.mean for one in hyperparameter_importance(SPACE, without).of}
    assert known["idle"] < 0.75 * blamed["idle"]


@pytest.mark.parametrize(
    ("epochs", "names", "ends"),
    [
        ([1, 9, 3], ("a",), (1, 9)),
        ([3, 3, 3], ("a",), None),
        ([None, None, None], ("a",), None),
        ([1, 9, 3], ("a", "epochs"), None),
    ],
)
def test_epochs_are_a_dimension_only_where_they_tell_trials_apart(epochs, names, ends):
    trials = [
        Trial({"a": 1} if count is None else {"a": 1, "epochs": count}, validation_accuracy=0.5)
        for count in epochs
    ]
    trials.append(Trial({"a": 1, "epochs": 27}, ended="failed"))
    found = epochs_dimension(names, trials)
    assert (found and (found.low, found.high)) == ends
