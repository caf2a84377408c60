"""A training becomes a trial: one way for searches, sweeps and the training lab."""

import math

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.metrics import accuracy_score
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.search.objective import TrainingObjective
from hpt_widgets.search.trial import Trial
from hpt_widgets.studies.sweep import Sweep, run_sweep

DATA = tabular_data()
HP = hyperparameters(epochs=2)


def far_off(data, factor=3_000):
    """Return the data with a validation split so far away that a network is certain there."""
    split = data.splits["validation"]
    train = data.splits["train"]
    return hpt.Dataset.from_arrays(
        train.x, train.y, validation=(split.x * factor, split.y), n_classes=data.n_classes
    )


def exact_scores(run, data):
    """Return accuracy and mean cross-entropy, worked out in float64 from the weights alone."""
    split = data.splits["validation"]
    signal = np.asarray(split.x, np.float64)
    *hidden, (kernel, bias) = zip(run.weights[::2], run.weights[1::2], strict=True)
    for weights, shift in hidden:
        signal = np.maximum(signal @ weights + shift, 0)
    logs = log_softmax(signal @ kernel + bias, axis=1)
    losses = -logs[np.arange(len(split.y)), split.y]
    return accuracy_score(split.y, logs.argmax(axis=1)), losses.mean()


@pytest.fixture(scope="module")
def run():
    return hpt.train(HP, DATA)


def test_it_says_what_the_run_came_to(run):
    trial = Trial.from_run(run, method="grid")
    assert trial.hyperparameters == run.hyperparameters.to_record()
    assert (trial.method, trial.ended, trial.message) == ("grid", "finished", "")
    assert (trial.seconds, trial.epochs_trained) == (run.seconds, 2)
    validated = [p for p in run.points if not math.isnan(p.validation_accuracy)]
    assert trial.history == tuple((p.samples, p.validation_accuracy) for p in validated)
    assert trial.history[-1] == (156, trial.validation_accuracy)


def test_what_the_caller_knows_better_is_taken(run):
    settings = {"learning_rate": 1, "training_size": 78}
    trial = Trial.from_run(run, hyperparameters=settings, message="changed")
    assert (trial.hyperparameters, trial.message) == (settings, "changed")


def test_a_run_that_was_stopped_half_way_is_counted_in_parts_of_an_epoch():
    session = hpt.Trainer(DATA).session(HP)
    session.advance(max_steps=1)
    trial = Trial.from_run(session.result())
    assert trial.ended == "stopped"
    assert trial.epochs_trained == pytest.approx(32 / 78)
    session.suspend()


def test_why_a_run_diverged_is_said():
    run = hpt.train(HP.replace(optimizer="sgd", learning_rate=1e6, epochs=5), DATA)
    assert (run.ended, Trial.from_run(run).message) == ("diverged", run.reason)


@pytest.mark.parametrize("data", [DATA, far_off(DATA)], ids=["near", "far off"])
def test_a_search_a_sweep_and_a_training_measure_alike(data):
    """A probability that rounds to 0 has a loss of more than 87 nats, and all of it counts."""
    run = hpt.train(HP, data)
    accuracy, loss = exact_scores(run, data)
    searched = TrainingObjective(data, HP)({})
    (swept,) = run_sweep(
        Sweep("learning_rate", (HP.learning_rate,), seeds=(HP.seed,), training_size=78,
              hyperparameters=HP), data)  # fmt: skip
    for trial in (Trial.from_run(run), searched, swept):
        assert trial.validation_accuracy == pytest.approx(accuracy)
        assert trial.validation_loss == pytest.approx(loss, rel=1e-5)
        assert trial.validation_loss == run.validation_loss
    if data is not DATA:
        assert loss > 100
