"""A training of the checks takes the first samples only, and otherwise is what it always is."""

import pytest
from small_data import N_TRAIN, assert_same_run, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.samples import TrainingSamples
from hpt_widgets.training.session import TrainingSession
from hpt_widgets.training.trainer import train_to_end
from tools.fewer_samples import train_on_all, train_on_fewer

FEW = 20


@pytest.fixture
def data():
    """Return data as they are, and train on all of them again behind the test."""
    yield tabular_data()
    train_on_all()


def first_of(data, n_samples):
    validation = data.x_validation[:n_samples], data.y_validation[:n_samples]
    train = data.x_train[:n_samples], data.y_train[:n_samples]
    return hpt.Dataset.from_arrays(*train, validation=validation, n_classes=3)


def test_a_training_is_one_on_the_first_samples_of_both_splits(data):
    train_on_fewer(FEW)
    found = hpt.train(hyperparameters(), data)
    train_on_all()
    assert_same_run(found, hpt.train(hyperparameters(), first_of(data, FEW)))


def test_what_is_validated_at_the_end_alone_is_so_too(data):
    held_out = TrainingSamples.from_split(data.splits["validation"], 3).train
    samples = TrainingSamples.from_split(data.splits["train"], 3)
    train_on_fewer(FEW)
    session = TrainingSession(samples, hyperparameters())
    train_to_end(session)
    found = session.result(validation=held_out)
    train_on_all()
    expected = hpt.train(hyperparameters(), first_of(data, FEW))
    assert found.validation_loss == expected.validation_loss


def test_all_samples_count_again_whatever_was_said_before(data):
    for n_samples, expected in ((FEW, FEW), (FEW + 5, FEW + 5), (10 * N_TRAIN, N_TRAIN)):
        train_on_fewer(n_samples)
        session = hpt.Trainer(data).session(hyperparameters(epochs=1))
        assert session.total_samples == expected
    train_on_all()
    assert hpt.Trainer(data).session(hyperparameters(epochs=1)).total_samples == N_TRAIN


def test_so_does_the_fit_of_a_keras_model(data):
    tf = load_tensorflow()
    model = tf.keras.Sequential([tf.keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    train_on_fewer(FEW)
    model.fit(data.x_train, data.y_train, batch_size=1, verbose=0)
    assert model.optimizer.iterations == FEW
    train_on_all()
    model.fit(data.x_train, data.y_train, batch_size=1, verbose=0)
    assert model.optimizer.iterations == FEW + N_TRAIN
