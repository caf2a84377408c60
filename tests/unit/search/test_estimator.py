"""The classifier under scikit-learn's own checks, and in the article's three calls."""

from __future__ import annotations

import pickle
import pickletools
from typing import Any

import hyperopt
import joblib
import numpy as np
import pandas as pd
import pytest
from hyperopt import hp
from scipy import stats
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from warnings_in_threads import warnings_are_no_errors

from hpt_widgets.data.dataset import Dataset
from hpt_widgets.search.estimator import KerasMLPClassifier
from hpt_widgets.search.records import SearchRecord
from hpt_widgets.search.space import ARTICLE_SPACE
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.program import TrainingProgram
from hpt_widgets.training.trainer import train

DIGITS = load_digits()
X = (DIGITS.data / 16).astype(np.float32)
Y = DIGITS.target
SMALL = {"hidden_units": (32,), "epochs": 10, "learning_rate": 0.01}


@parametrize_with_checks([KerasMLPClassifier(), KerasMLPClassifier(**SMALL)])
def test_scikit_learns_own_checks(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.fixture(scope="module")
def fitted() -> KerasMLPClassifier:
    return KerasMLPClassifier(**SMALL).fit(X[:1200], Y[:1200])


def test_it_learns_digits(fitted: KerasMLPClassifier) -> None:
    assert fitted.score(X[1200:], Y[1200:]) > 0.85
    assert fitted.n_features_in_ == 64
    assert fitted.classes_.tolist() == list(range(10))
    assert fitted.ended_ == "finished"
    assert fitted.n_iter_ == 10
    assert fitted.fit_seconds_ > 0
    assert fitted.history_["training_loss"].iloc[-1] < fitted.history_["training_loss"].iloc[0] / 3


def test_it_trains_the_network_that_train_trains(fitted: KerasMLPClassifier) -> None:
    data = Dataset.from_arrays(X[:1200], Y[:1200])
    run = train(Hyperparameters(**SMALL), data)
    for ours, theirs in zip(fitted.weights_, run.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_probabilities_are_those_of_the_keras_model(fitted: KerasMLPClassifier) -> None:
    probabilities = fitted.predict_proba(X[1200:])
    np.testing.assert_allclose(
        probabilities, fitted.model_.predict(X[1200:], verbose=0), rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(fitted.predict(X[1200:]), probabilities.argmax(axis=1))


@pytest.mark.parametrize(
    ("activation", "optimizer"),
    [("relu", "sgd"), ("tanh", "adam"), ("sigmoid", "sgd"), ("elu", "adam"), ("gelu", "adam")],
)
def test_every_architecture_predicts_as_its_keras_model(activation: str, optimizer: str) -> None:
    model = KerasMLPClassifier(hidden_units=(9, 7), activation=activation, optimizer=optimizer)
    model.fit(X[:200], Y[:200])
    np.testing.assert_allclose(
        model.predict_proba(X), model.model_.predict(X, verbose=0), rtol=1e-4, atol=1e-6
    )


def test_parameters_set_after_fit_do_not_touch_the_fitted_network() -> None:
    model = KerasMLPClassifier(**SMALL).fit(X[:300], Y[:300])
    before = model.predict_proba(X)
    model.set_params(hidden_units=(5, 5), activation="tanh", optimizer="sgd")
    np.testing.assert_array_equal(model.predict_proba(X), before)
    np.testing.assert_allclose(model.model_.predict(X, verbose=0), before, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "labels",
    [np.array(["zero", "one", "two"]), np.array([-5, 3, 70]), np.array([0.5, 1.5, 2.5]) * 2,
     np.array(["零", "一", "二"], dtype=object)],
)  # fmt: skip
def test_labels_of_any_type_come_back(labels: Any) -> None:
    rows = Y < 3
    model = KerasMLPClassifier(**SMALL).fit(X[rows], labels[Y[rows]])
    assert set(model.classes_) == set(labels)
    assert model.predict(X[rows]).dtype == labels.dtype
    assert model.score(X[rows], labels[Y[rows]]) > 0.95


def test_pandas_columns_are_remembered() -> None:
    frame = pd.DataFrame(X, columns=[f"pixel{i}" for i in range(64)])
    model = KerasMLPClassifier(**SMALL).fit(frame, pd.Series(Y, name="digit"))
    assert model.feature_names_in_[0] == "pixel0"
    np.testing.assert_array_equal(
        model.predict(frame), KerasMLPClassifier(**SMALL).fit(X, Y).predict(X)
    )
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame.rename(columns={"pixel0": "other"}))


def test_images_are_flattened() -> None:
    images = X.reshape(-1, 8, 8)
    model = KerasMLPClassifier(**SMALL).fit(images, Y)
    assert model.n_features_in_ == 64
    flat = KerasMLPClassifier(**SMALL).fit(X, Y)
    np.testing.assert_array_equal(model.predict_proba(images), flat.predict_proba(X))
    np.testing.assert_array_equal(model.predict(images.tolist()), flat.predict(X))


def test_it_pickles_after_fit_without_tensorflow(fitted: KerasMLPClassifier) -> None:
    before = fitted.predict_proba(X)
    assert fitted.model_ is fitted.model_  # a Keras model exists now
    data = pickle.dumps(fitted)
    modules = {
        str(argument) for _, argument, _ in pickletools.genops(data) if isinstance(argument, str)
    }
    assert not any("tensorflow" in name or "keras" in name.split(".") for name in modules)
    copy = pickle.loads(data)
    np.testing.assert_array_equal(copy.predict_proba(X), before)
    np.testing.assert_allclose(copy.model_.predict(X, verbose=0), before, rtol=1e-4, atol=1e-6)
    assert copy.history_.equals(fitted.history_)


def test_clone_keeps_every_parameter() -> None:
    given = {
        "learning_rate": 0.5, "batch_size": 7, "dropout_rate": 0.1, "hidden_units": (3, 4),
        "activation": "elu", "optimizer": "sgd", "weight_decay": 0.01, "epochs": 2, "seed": 9,
        "momentum": 0.5, "epsilon": 1e-5, "schedule": "1cycle", "warm_up": 0.1,
        "initial_scale": 2.0, "parametrization": "mup", "base_width": 2,
    }  # fmt: skip
    assert clone(KerasMLPClassifier(**given)).get_params() == given
    fields = Hyperparameters.__dataclass_fields__
    assert KerasMLPClassifier().get_params() == {n: f.default for n, f in fields.items()}


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("batch_size", 93.0, TypeError),
        ("learning_rate", 0.0, ValueError),
        ("dropout_rate", 1.0, ValueError),
        ("optimizer", "lion", ValueError),
        ("hidden_units", (), ValueError),
        ("epochs", 0, ValueError),
        ("seed", None, TypeError),
    ],
)
def test_wrong_hyperparameters_are_named_by_fit_not_before(
    name: str, value: object, error: type[Exception]
) -> None:
    model = KerasMLPClassifier(**{name: value})
    with pytest.raises(error, match=name):
        model.fit(X[:50], Y[:50])


def test_a_batch_larger_than_the_data_is_clipped() -> None:
    weights = [
        KerasMLPClassifier(batch_size=size, epochs=3).fit(X[:60], Y[:60]).weights_
        for size in (60, 1000)
    ]
    for clipped, whole in zip(*weights, strict=True):
        np.testing.assert_array_equal(clipped, whole)


def test_a_diverging_fit_warns_in_words_and_still_predicts() -> None:
    model = KerasMLPClassifier(learning_rate=1e6, optimizer="sgd", epochs=20)
    with pytest.warns(ConvergenceWarning, match="smaller learning rate"):
        model.fit(X, Y)
    assert model.ended_ == "diverged"
    assert model.n_iter_ <= 20
    assert set(model.predict(X)) <= set(Y)


def test_a_fit_that_is_broken_off_or_fails_leaves_the_last_one_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = pd.DataFrame(X[:60], columns=[f"pixel{i}" for i in range(64)])
    model = KerasMLPClassifier(epochs=1).fit(frame, Y[:60])
    built, before = model.model_, dict(vars(model))
    probabilities = model.predict_proba(frame)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hpt_widgets.search.estimator._train", fail)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X[:60, :10], np.where(Y[:60] > 4, "high", "low"))
    assert vars(model) == before
    assert model.model_ is built
    np.testing.assert_array_equal(model.predict_proba(frame), probabilities)
    with pytest.raises(ValueError, match=r"^X, y: "):
        model.fit(X[:60, :10], np.full(60, np.nan))
    assert vars(model) == before


def test_predicting_before_fitting_is_refused() -> None:
    for ask in (lambda m: m.predict(X), lambda m: m.predict_proba(X), lambda m: m.model_):
        with pytest.raises(NotFittedError):
            ask(KerasMLPClassifier())


def test_it_works_in_a_pipeline() -> None:
    pipeline = make_pipeline(MinMaxScaler(), KerasMLPClassifier(**SMALL))
    assert cross_val_score(pipeline, DIGITS.data, Y, cv=3).mean() > 0.85


# -- the article's three calls -----------------------------------------------------------------


def test_the_articles_grid_search() -> None:
    model = KerasMLPClassifier(hidden_units=(16,))
    param_grid = {
        "learning_rate": [0.001, 0.01, 0.1],
        "batch_size": [32, 64, 128],
        "dropout_rate": [0.2, 0.5, 0.8],
    }
    record = SearchRecord("grid")
    search = GridSearchCV(estimator=model, param_grid=param_grid, cv=5, scoring=record.scorer)
    search.fit(X[:500], Y[:500])
    assert len(search.cv_results_["params"]) == len(record) == 27
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_score_ > 0.3
    assert record.best is not None
    assert record.best.validation_accuracy == pytest.approx(search.best_score_)
    assert record.best.epochs_trained == 1
    assert all(trial.seconds for trial in record)
    # The folds are stratified because it is a classifier.
    assert search.estimator.__sklearn_tags__().estimator_type == "classifier"
    by_hand = cross_val_score(
        clone(model).set_params(**search.best_params_), X[:500], Y[:500], cv=StratifiedKFold(5)
    )
    assert by_hand.mean() == pytest.approx(search.best_score_)


def test_the_articles_random_search() -> None:
    distributions = {
        "learning_rate": stats.uniform(0.001, 0.1),
        "batch_size": stats.randint(32, 128),
        "dropout_rate": stats.uniform(0.2, 0.6),
    }
    search = RandomizedSearchCV(
        estimator=KerasMLPClassifier(hidden_units=(16,)), param_distributions=distributions,
        n_iter=10, cv=5, random_state=0,
    ).fit(X[:500], Y[:500])  # fmt: skip
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_the_articles_fmin() -> None:
    def objective(params: dict[str, Any]) -> dict[str, Any]:
        model = KerasMLPClassifier(**{**params, "batch_size": int(params["batch_size"])})
        accuracy = model.fit(X[:800], Y[:800]).score(X[800:1200], Y[800:1200])
        return {"loss": -accuracy, "status": hyperopt.STATUS_OK}

    space = {
        "learning_rate": hp.loguniform("learning_rate", -6, -1),
        "batch_size": hp.quniform("batch_size", 32, 128, 1),
        "dropout_rate": hp.uniform("dropout_rate", 0.2, 0.8),
    }
    trials = hyperopt.Trials()
    best = hyperopt.fmin(
        objective, space, algo=hyperopt.tpe.suggest, max_evals=25, trials=trials,
        rstate=np.random.default_rng(0), show_progressbar=False, verbose=False,
    )  # fmt: skip
    record = SearchRecord.from_hyperopt(trials, space)
    assert record.best is not None
    assert record.best.hyperparameters == best
    assert record.best.validation_accuracy > 0.5


@warnings_are_no_errors
def test_two_threads_trace_nothing_again_for_values_seen() -> None:
    model = KerasMLPClassifier(hidden_units=(23, 3, 3, 3))

    def search(values: dict[str, list[Any]]) -> Any:
        with joblib.parallel_config(backend="threading"):
            return GridSearchCV(model, values, cv=3, n_jobs=2).fit(X[:400], Y[:400])

    before = TrainingProgram.traces
    threaded = search(ARTICLE_SPACE.grid())
    first = TrainingProgram.traces - before
    assert 1 <= first <= 2  # one for each thread
    search({"learning_rate": [0.02, 0.03], "batch_size": [10, 5000], "weight_decay": [0.0, 0.1],
            "dropout_rate": [0.0, 0.4]})  # fmt: skip
    assert TrainingProgram.traces - before == first

    alone = GridSearchCV(model, ARTICLE_SPACE.grid(), cv=3).fit(X[:400], Y[:400])
    np.testing.assert_array_equal(
        alone.cv_results_["mean_test_score"], threaded.cv_results_["mean_test_score"]
    )
