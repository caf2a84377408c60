"""The maximal update parametrization: the paper's table, its meaning, and where it is standard."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_data import assert_same_run, hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.hyperparameters import OPTIMIZERS, Hyperparameters
from hpt_widgets.training.network import initial_weights
from hpt_widgets.training.parametrization import initial_factors, layer_factors, weight_rates
from hpt_widgets.training.trainer import Trainer

DATA = tabular_data()
LIKE_SGD = ("sgd", "momentum", "nesterov")


def mup(**settings):
    return hyperparameters(parametrization="mup", **settings)


@given(
    st.integers(1, 50), st.sampled_from(OPTIMIZERS), st.floats(0.01, 100),
    st.lists(st.integers(1, 9), max_size=3),
)  # fmt: skip
def test_at_the_base_width_it_is_standard_to_the_bit(width, optimizer, scale, others):
    hp = Hyperparameters(
        hidden_units=(width, *others), optimizer=optimizer, initial_scale=scale,
        parametrization="mup", base_width=width,
    )  # fmt: skip
    sizes = (7, *hp.hidden_units, 3)
    assert layer_factors(hp, sizes) == layer_factors(hp.replace(parametrization="standard"), sizes)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_at_the_base_width_is_the_standard_run(optimizer):
    standard = hpt.train(hyperparameters(optimizer=optimizer), DATA)
    assert_same_run(standard, hpt.train(mup(optimizer=optimizer, base_width=8), DATA))
    other = hpt.train(mup(optimizer=optimizer, base_width=4), DATA)
    assert other.weights[0].tobytes() != standard.weights[0].tobytes()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_factors_are_those_of_the_papers_table(optimizer):
    """Four times as wide as the base: fan-in and fan-out of hidden layers are fourfold."""
    hp = mup(optimizer=optimizer, hidden_units=(40, 20), base_width=10)
    first, hidden, output = layer_factors(hp, (12, 40, 20, 3))
    rates = [(layer.kernel_rate, layer.bias_rate) for layer in (first, hidden, output)]
    if optimizer in LIKE_SGD:
        assert rates == [(4, 4), (1, 4), (1 / 4, 1)]
    else:
        assert rates == [(1, 1), (1 / 4, 1), (1 / 4, 1)]
    # Deviations: as in the base network, over the root of the fan-in, over the fan-in.
    base = [np.sqrt(2 / (12 + 10)), np.sqrt(2 / (10 + 5)), np.sqrt(2 / (5 + 3))]
    glorot = [np.sqrt(2 / (12 + 40)), np.sqrt(2 / (40 + 20)), np.sqrt(2 / (20 + 3))]
    expected = [base[0], base[1] / 2, base[2] / 4]
    deviations = [
        layer.initial * width for layer, width in zip((first, hidden, output), glorot, strict=True)
    ]
    np.testing.assert_allclose(deviations, expected, rtol=1e-12)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
def test_it_is_the_training_of_the_form_with_a_multiplier(optimizer):
    """The authors' own program divides the output by the width instead (the paper's table 8).

    There the output's weights are `width` times as large as here, and have rates of their own.
    Both are the same training where the optimiser's epsilon is nothing.
    """
    tf = load_tensorflow()
    width, rate = 4.0, 0.02
    hp = mup(
        optimizer=optimizer, hidden_units=(16, 8), base_width=4, dropout_rate=0.0, epochs=2,
        learning_rate=rate, epsilon=1e-30, activation="tanh",
    )  # fmt: skip
    sizes = (12, 16, 8, 3)
    start = initial_weights(sizes, 0, initial_factors(hp, sizes))
    start[4] = start[4] * width
    weights = [tf.Variable(weight) for weight in start]
    # Rates of input, hidden layer and output, kernel and bias.
    if optimizer in LIKE_SGD:
        rates = [width, width, 1.0, width, width, 1.0]
    else:
        rates = [1.0, 1.0, 1 / width, 1.0, 1.0, 1.0]
    keras = tf.keras.optimizers
    kinds = {
        "sgd": keras.SGD,
        "momentum": lambda r: keras.SGD(r, momentum=0.9),
        "rmsprop": lambda r: keras.RMSprop(r, epsilon=1e-30),
        "adam": lambda r: keras.Adam(r, epsilon=1e-30),
    }
    optimizers = [kinds[optimizer](rate * factor) for factor in rates]
    for epoch in range(2):
        order = np.random.default_rng((0, epoch)).permutation(78)
        for begin in range(0, 78, 32):
            rows = order[begin : begin + 32]
            with tf.GradientTape() as tape:
                signal = tf.tanh(DATA.x_train[rows] @ weights[0] + weights[1])
                signal = tf.tanh(signal @ weights[2] + weights[3])
                logits = signal @ weights[4] / width + weights[5]
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(DATA.y_train[rows], logits)
                loss = tf.reduce_mean(losses)
            for one, weight, gradient in zip(
                optimizers, weights, tape.gradient(loss, weights), strict=True
            ):
                one.apply_gradients([(gradient, weight)])
    expected = [weight.numpy() for weight in weights]
    expected[4] = expected[4] / width
    for ours, theirs, before in zip(hpt.train(hp, DATA).weights, expected, start, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-5)
        assert np.abs(theirs - before).max() > 1e-3


def moved(parametrization, optimizer, rate, width):
    """Return how far eight steps move the last hidden layer's activations, and the logits."""
    hp = hyperparameters(
        parametrization=parametrization, base_width=32, optimizer=optimizer, learning_rate=rate,
        hidden_units=(width, width), batch_size=78, dropout_rate=0.0, epochs=10, activation="relu",
    )  # fmt: skip
    session = Trainer(DATA).session(hp)

    def activations():
        first, first_bias, second, second_bias, kernel, bias = session.weights()
        signal = np.maximum(DATA.x_train @ first + first_bias, 0)
        signal = np.maximum(signal @ second + second_bias, 0)
        return signal, signal @ kernel + bias

    before = activations()
    for _ in range(8):
        session.advance(max_steps=1)
    return [np.abs(now - then).mean() for now, then in zip(activations(), before, strict=True)]


@pytest.mark.parametrize(("optimizer", "rate"), [("adam", 0.003), ("sgd", 0.1)])
def test_a_coordinate_check(optimizer, rate):
    """Some steps move activations and logits about as far at any width (README of package mup).

    Measured in NumPy: what moves least and most with μP differs by 1.2 (adam) and 1.35 (sgd) in the
    hidden layer, by 1.5 and 1.9 at the logits, which settle; in the standard parametrization Adam's
    logits by 5.8, and SGD's hidden layer by 4.6.
    """
    widths = (32, 128, 512)

    def spreads(parametrization):
        found = np.array([moved(parametrization, optimizer, rate, width) for width in widths])
        return found.max(axis=0) / found.min(axis=0)

    hidden, logits = spreads("mup")
    assert hidden < 1.5
    assert logits < 2.2
    assert spreads("standard").max() > 4


def test_the_factors_come_in_the_order_of_keras():
    hp = mup(hidden_units=(32, 16), base_width=8)
    sizes = (12, 32, 16, 3)
    assert weight_rates(hp, sizes) == (1, 1, 1 / 4, 1, 1 / 4, 1)
    assert initial_factors(hp.replace(parametrization="standard"), sizes) == (1, 1, 1)


@pytest.mark.parametrize("scale", [0.1, 2.5])
def test_the_initial_scale_is_a_factor_on_the_kernels(scale):
    hp = hyperparameters(initial_scale=scale)
    sizes = (12, 8, 6, 3)
    scaled = initial_weights(sizes, 5, initial_factors(hp, sizes))
    for plain, other in zip(initial_weights(sizes, 5), scaled, strict=True):
        np.testing.assert_allclose(other, scale * plain, rtol=1e-6)
    # What a training starts from, and what its model does.
    for weights in (
        Trainer(DATA).session(hp.replace(seed=5)).weights(),
        hpt.build_model(hp.replace(seed=5), 12, 3).get_weights(),
    ):
        assert all(np.array_equal(one, two) for one, two in zip(weights, scaled, strict=True))
