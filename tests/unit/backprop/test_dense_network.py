"""Networks of any layers against tf.GradientTape and Keras."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpt_widgets.backprop.dense_network import DENSE_ACTIVATIONS, LOSSES, DenseNetwork
from hpt_widgets.backprop.network import BackpropNetwork

KERAS_NAMES = {"identity": "linear", "relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh"}
X = [[0.5, -1.0], [0.25, 0.75], [-2.0, 0.1]]
T = [[0.2], [0.9], [0.4]]


@pytest.fixture(scope="module")
def tf():
    from hpt_widgets.support.tensorflow_loader import load_tensorflow

    return load_tensorflow()


def tape(tf, network, inputs, targets, loss):
    """Return TensorFlow's outputs, loss and gradients for the same network."""
    weights = [tf.Variable(kernel, dtype=tf.float64) for kernel in network.weights]
    biases = [tf.Variable(bias, dtype=tf.float64) for bias in network.biases]
    functions = {name: tf.keras.activations.get(found) for name, found in KERAS_NAMES.items()}
    wanted = tf.constant(targets, dtype=tf.float64)
    with tf.GradientTape() as recorded:
        outputs = tf.constant(inputs, dtype=tf.float64)
        for kernel, bias in zip(weights[:-1], biases[:-1], strict=True):
            outputs = functions[network.activation](outputs @ kernel + bias)
        sums = outputs @ weights[-1] + biases[-1]
        outputs = functions[network.output_activation](sums)
        if loss == "squared_error":
            losses = 0.5 * (outputs - wanted) ** 2
        else:
            losses = tf.nn.sigmoid_cross_entropy_with_logits(wanted, sums)
        mean = tf.reduce_mean(tf.reduce_sum(losses, axis=1))
    slopes = recorded.gradient(mean, [*weights, *biases])
    return outputs.numpy(), float(mean), [slope.numpy() for slope in slopes]


def random_network(sizes, seed, activation="tanh", output_activation="identity"):
    """Return a network whose biases are not 0 either."""
    made = DenseNetwork.random(
        sizes, seed, activation=activation, output_activation=output_activation
    )
    random = np.random.default_rng(seed)
    biases = [random.normal(size=len(bias)) for bias in made.biases]
    return DenseNetwork(made.weights, biases, activation, output_activation)


CASES = [
    (sizes, activation, output, "squared_error")
    for sizes in ((2, 1), (1, 3, 1), (2, 4, 3, 2), (3, 5, 4, 3, 1))
    for activation in DENSE_ACTIVATIONS
    for output in ("identity", "sigmoid")
] + [((2, 6, 4, 1), activation, "sigmoid", "cross_entropy") for activation in DENSE_ACTIVATIONS]


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), CASES)
def test_both_passes_are_tensorflows(tf, sizes, activation, output, loss):
    network = random_network(sizes, 7, activation, output)
    random = np.random.default_rng(3)
    inputs = random.normal(size=(9, sizes[0]))
    targets = random.uniform(size=(9, sizes[-1]))
    outputs, mean, slopes = tape(tf, network, inputs, targets, loss)
    np.testing.assert_allclose(network.forward(inputs).outputs, outputs, rtol=1e-12)
    assert network.loss(inputs, targets, loss) == pytest.approx(mean, rel=1e-12)
    found = network.gradients(inputs, targets, loss)
    assert len(found.weights) == len(found.biases) == len(sizes) - 1
    for one, other in zip([*found.weights, *found.biases], slopes, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)


def test_a_step_goes_down_by_the_rate_times_the_gradient():
    network = random_network((2, 4, 1), 1)
    slopes = network.gradients(X, T)
    after = network.descent_step(0.25, X, T)
    for one, other, slope in zip(after.weights, network.weights, slopes.weights, strict=True):
        np.testing.assert_allclose(one, other - 0.25 * slope)
    for one, other, slope in zip(after.biases, network.biases, slopes.biases, strict=True):
        np.testing.assert_allclose(one, other - 0.25 * slope)
    assert after.loss(X, T) < network.loss(X, T)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_without_an_activation_it_stays_a_plane(seed, hidden):
    """However deep: the output is what one matrix and one offset make of the input."""
    network = random_network((2, *hidden, 1), seed, activation="identity")
    matrix = np.linalg.multi_dot([np.eye(2), *network.weights])
    offset = network.forward(np.zeros((1, 2))).outputs
    inputs = np.random.default_rng(seed).normal(size=(6, 2))
    expected = inputs @ matrix + offset
    np.testing.assert_allclose(network.forward(inputs).outputs, expected, atol=1e-10)


def test_what_each_unit_adds_makes_up_the_output():
    network = random_network((1, 3, 1), 5)
    passed = network.forward([[-1.0], [0.5]])
    added = passed.values[0] * network.weights[1][:, 0]
    np.testing.assert_allclose(added.sum(axis=1) + network.biases[1], passed.outputs[:, 0])


def test_it_begins_as_keras_networks_do(tf):
    """Glorot's limits: all weights within them, and about as far out as Keras' own."""
    sizes = (64, 96, 32)
    network = DenseNetwork.random(sizes, 0)
    for before, units, kernel in zip(sizes, sizes[1:], network.weights, strict=False):
        drawn = tf.keras.initializers.GlorotUniform(seed=1)((before, units)).numpy()
        assert abs(kernel).max() <= np.sqrt(6 / (before + units))
        assert kernel.std() == pytest.approx(drawn.std(), rel=0.05)
    assert not any(bias.any() for bias in network.biases)
    assert network.layer_sizes == sizes


def test_the_same_seed_gives_the_same_network():
    one, other = DenseNetwork.random((2, 3, 1), 4), DenseNetwork.random((2, 3, 1), 4)
    np.testing.assert_array_equal(one.weights[0], other.weights[0])
    assert not np.array_equal(one.weights[0], DenseNetwork.random((2, 3, 1), 5).weights[0])


def test_the_network_of_three_units_is_the_same_piece():
    small = BackpropNetwork(hidden_activation="tanh", output_activation="identity")
    assert small.dense.layer_sizes == (2, 3, 1)
    passed = small.dense.forward([[0.5, 1.0]])
    assert passed.outputs[0, 0] == small.forward((0.5, 1.0)).output
    slopes = small.dense.gradients([[0.5, 1.0]], [[0.2]])
    np.testing.assert_array_equal(
        slopes.deltas[0][0], small.backward((0.5, 1.0), 0.2).hidden_deltas
    )


def test_confident_answers_do_not_overflow():
    sure = DenseNetwork([np.array([[1000.0]])], [np.zeros(1)], output_activation="sigmoid")
    assert sure.loss([[1.0]], [[0.0]], "cross_entropy") == pytest.approx(1000)
    assert sure.loss([[1.0]], [[1.0]], "cross_entropy") == 0.0
    assert sure.gradients([[1.0]], [[0.0]], "cross_entropy").weights[0][0, 0] == 1.0


GOOD = {"weights": [[[1.0, 2.0]], [[1.0], [0.5]]], "biases": [[0.0, 0.0], [0.1]]}


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"weights": 3}, TypeError, "weights=3"),
        ({"weights": []}, ValueError, "weights="),
        ({"weights": [[1.0], [2.0]]}, ValueError, "weights="),
        ({"weights": [[[1.0, 2.0]], [[1.0]]]}, ValueError, r"weights\[1\]="),
        ({"weights": [[[1.0, float("nan")]], [[1.0], [0.5]]]}, ValueError, "weights="),
        ({"biases": [[0.0, 0.0]]}, ValueError, "weights="),
        ({"biases": [[0.0, 0.0], []]}, ValueError, "biases="),
        ({"biases": [[0.0, 1e60], [0.1]]}, ValueError, r"biases\[0\]="),
        ({"activation": "swish"}, ValueError, "activation='swish'"),
        ({"output_activation": None}, ValueError, "output_activation=None"),
    ],
)
def test_layers_that_are_none(changes, error, message):
    with pytest.raises(error, match=message):
        DenseNetwork(**{**GOOD, **changes})


@pytest.mark.parametrize("sizes", [(2,), (), (2, 0), (2, 1.5), ("2", 3), (True, 1)])
def test_sizes_that_are_none(sizes):
    with pytest.raises(ValueError, match="layer_sizes="):
        DenseNetwork.random(sizes)


def test_examples_that_do_not_fit():
    network = DenseNetwork.random((2, 3, 1), output_activation="sigmoid")
    for inputs in ([], [1.0, 2.0], [[1.0]], [["a", 2]], [[float("inf"), 0.0]]):
        with pytest.raises(ValueError, match="inputs="):
            network.forward(inputs)
    for targets in (T[:2], [0.2, 0.9, 0.4], None):
        with pytest.raises(ValueError, match="targets="):
            network.loss(X, targets)
    with pytest.raises(ValueError, match="loss='hinge'"):
        network.loss(X, T, "hinge")
    with pytest.raises(ValueError, match="targets="):
        network.gradients(X, [[0.2], [1.5], [0.0]], "cross_entropy")
    with pytest.raises(ValueError, match="loss='cross_entropy'"):
        DenseNetwork.random((2, 1)).loss(X, T, "cross_entropy")
    with pytest.raises(ValueError, match="learning_rate=0"):
        network.descent_step(0, X, T)


def test_all_losses_are_held_to_tensorflow():
    assert {loss for *_, loss in CASES} == set(LOSSES)


def test_the_loss_of_several_outputs_is_their_sum():
    """By the definitions, with logarithms; TensorFlow's come in the test of both passes."""
    targets = np.array([[0.2, 1.0], [0.9, 0.0], [0.4, 0.5]])
    network = random_network((2, 3, 2), 2, output_activation="sigmoid")
    answers = network.forward(X).outputs
    squared = [0.5 * ((y - t) @ (y - t)) for y, t in zip(answers, targets, strict=True)]
    assert network.loss(X, targets) == pytest.approx(sum(squared) / 3)
    entropies = -targets * np.log(answers) - (1 - targets) * np.log(1 - answers)
    assert network.loss(X, targets, "cross_entropy") == pytest.approx(entropies.sum() / 3)
    for loss in LOSSES:
        slopes = network.gradients(X, targets, loss)
        for place in np.ndindex(3, 2):
            moved = [w.copy() for w in network.weights]
            losses = []
            for shift in (1e-6, -1e-6):
                moved[1][place] = network.weights[1][place] + shift
                losses.append(replace(network, weights=moved).loss(X, targets, loss))
            numerical = (losses[0] - losses[1]) / 2e-6
            assert slopes.weights[1][place] == pytest.approx(numerical, rel=1e-6, abs=1e-9)


def test_what_is_left_out_has_its_default():
    network = DenseNetwork.random((2, 3, 1))
    assert (network.activation, network.output_activation) == ("tanh", "identity")
    np.testing.assert_array_equal(network.weights[0], DenseNetwork.random((2, 3, 1), 0).weights[0])
    assert network.gradients(X, T).weights[0] == pytest.approx(
        network.gradients(X, T, "squared_error").weights[0]
    )
    assert network.loss(X, T) == network.loss(X, T, "squared_error")


def network_of(weights, biases):
    """Make a network of nested lists."""
    return DenseNetwork(weights, biases)


def test_layers_are_kept_as_arrays():
    network = network_of([[[1, 2]], [[1], [3]]], [[0, 0], [1]])
    assert isinstance(network.weights, tuple)
    assert isinstance(network.biases, tuple)
    assert [kernel.shape for kernel in network.weights] == [(1, 2), (2, 1)]
    assert [bias.tolist() for bias in network.biases] == [[0.0, 0.0], [1.0]]


def test_what_is_too_large_is_named():
    network = DenseNetwork.random((2, 3, 1), output_activation="sigmoid")
    assert network.forward([[1e50, -1e50]]).inputs.tolist() == [[1e50, -1e50]]
    for name, call in {
        "inputs": lambda: network.forward([[1e51, 0.0]]),
        "targets": lambda: network.loss([[0.0, 0.0]], [[-1e51]]),
        "learning_rate": lambda: network.descent_step(1e51, X, T),
        "seed": lambda: DenseNetwork.random((2, 1), -1),
        "layer_sizes": lambda: DenseNetwork.random((2, 3.5)),
        "weights[0]": lambda: network_of([[[1e51]]], [[0.0]]),
        "weights[1]": lambda: network_of([[[1.0]], [[1.0, 2.0]]], [[0.0], [0.0]]),
        "biases[0]": lambda: network_of([[[1.0]]], [[1e51]]),
        "biases": lambda: network_of([[[1.0]]], [[[1.0]]]),
    }.items():
        with pytest.raises(ValueError, match=rf"^{re.escape(name)}=.* is not allowed"):
            call()
    for name, call in {
        "weights": lambda: network_of(1.0, [[0.0]]),
        "biases": lambda: network_of([[[1.0]]], 1.0),
        "layer_sizes": lambda: DenseNetwork.random(3),
    }.items():
        with pytest.raises(TypeError, match=rf"^{name}="):
            call()


def test_targets_of_cross_entropy_may_be_0_and_1():
    network = DenseNetwork.random((2, 3, 1), output_activation="sigmoid")
    assert network.loss(X, [[0.0], [1.0], [0.5]], "cross_entropy") > 0
    for targets in ([[0.0], [1.0], [-0.001]], [[0.0], [1.001], [1.0]]):
        with pytest.raises(ValueError, match=r"^targets=.*0 to 1"):
            network.loss(X, targets, "cross_entropy")
    with pytest.raises(ValueError, match=r"^loss='cross_entropy' is not allowed"):
        DenseNetwork.random((2, 1), output_activation="tanh").loss(X, T, "cross_entropy")
    with pytest.raises(ValueError, match=r"^loss='hinge'.*squared_error, cross_entropy"):
        network.loss(X, T, "hinge")
    with pytest.raises(ValueError, match=r"^inputs=.*2"):
        network.forward([[1.0, 2.0, 3.0]])
