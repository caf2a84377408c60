"""The gradient noise scale, against gradients of single samples by Keras."""

import dataclasses

import numpy as np
import pytest
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.studies.noise_scale import (
    SAMPLES_AT_A_TIME,
    NoiseMeasurement,
    NoiseScale,
    gradient_noise_scale,
)
from hpt_widgets.support.tensorflow_loader import load_tensorflow

DATA = tabular_data()


def gradients_by_keras(run, x, y):
    """Return the gradient of each sample as a row."""
    tf = load_tensorflow()
    rows = []
    for sample, label in zip(x, y, strict=True):
        with tf.GradientTape() as tape:
            predicted = run.model(sample[np.newaxis])
            loss = tf.keras.losses.sparse_categorical_crossentropy(np.array([label]), predicted)
        parts = tape.gradient(loss, run.model.trainable_variables)
        rows.append(np.concatenate([np.ravel(part) for part in parts]))
    return np.array(rows, np.float64)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_it_is_the_variance_of_single_gradients_over_their_squared_mean(activation):
    run = hpt.train(hyperparameters(activation=activation, dropout_rate=0.4), DATA)
    measured = gradient_noise_scale(run, DATA)
    each = gradients_by_keras(run, DATA.x_train, DATA.y_train)
    variance = each.var(axis=0, ddof=1).sum()
    squared = (each.mean(axis=0) ** 2).sum() - variance / 78
    assert measured.n_samples == 78
    assert measured.variance == pytest.approx(variance, rel=1e-4)
    assert measured.squared_gradient == pytest.approx(squared, rel=1e-3)
    assert measured.batch_size == pytest.approx(variance / squared, rel=1e-3)


def test_a_mean_of_samples_scatters_as_it_says():
    """The variance of a batch's gradient is that of a sample over the batch size."""
    run = hpt.train(hyperparameters(), DATA)
    each = gradients_by_keras(run, DATA.x_train, DATA.y_train)
    random = np.random.default_rng(0)
    means = [each[random.integers(78, size=16)].mean(axis=0) for _ in range(4_000)]
    scatter = np.var(means, axis=0).sum()
    assert gradient_noise_scale(run, DATA).variance / 16 == pytest.approx(scatter, rel=0.06)


def test_many_samples_are_measured_slice_by_slice_as_if_at_once():
    data = tabular_data(n_train=2 * SAMPLES_AT_A_TIME + 7)
    run = hpt.train(hyperparameters(), data)
    measurement = NoiseMeasurement(run, data)
    assert [measurement.advance() for _ in range(2)] == [None, None]
    measured = measurement.advance()
    each = gradients_by_keras(run, data.x_train, data.y_train)
    assert measured.n_samples == len(each) == 407
    assert measured.variance == pytest.approx(each.var(axis=0, ddof=1).sum(), rel=1e-4)
    assert measured == gradient_noise_scale(run, data)


def test_weights_that_are_no_numbers_have_no_noise_scale():
    run = hpt.train(hyperparameters(), DATA)
    for value in (np.nan, np.inf, 3e38):
        broken = [np.full_like(weight, value) for weight in run.weights]
        measured = gradient_noise_scale(dataclasses.replace(run, weights=broken), DATA)
        assert np.isnan(measured.batch_size)


def test_the_samples_are_drawn_by_the_seed():
    run = hpt.train(hyperparameters(), DATA)
    one, again, other = (gradient_noise_scale(run, DATA, 20, seed) for seed in (1, 1, 2))
    assert one == again != other
    assert one.n_samples == 20


def test_where_noise_drowns_the_gradient_no_batch_is_large_enough():
    assert NoiseScale(2.0, -0.1, 50).batch_size == np.inf
    assert NoiseScale(2.0, 0.1, 50).batch_size == pytest.approx(20)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"run": 1}, TypeError, "run="),
        ({"data": [1]}, TypeError, "data="),
        ({"data": tabular_data(n_train=1)}, ValueError, "data .* two training samples"),
        ({"n_samples": 1}, ValueError, "n_samples=1"),
        ({"n_samples": 2.5}, ValueError, "n_samples=2.5"),
        ({"seed": -1}, ValueError, "seed=-1"),
        ({"data": hpt.Dataset.from_arrays(np.eye(4), [0, 1, 0, 1])}, ValueError, "data .*12 .*4"),
    ],
)
def test_what_is_not_allowed_is_named(changes, error, words):
    run = hpt.train(hyperparameters(epochs=1), DATA)
    with pytest.raises(error, match=words):
        gradient_noise_scale(**{"run": run, "data": DATA, **changes})
