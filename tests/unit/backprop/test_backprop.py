"""The 2-3-1 network against tf.GradientTape and central differences."""

import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import hpt_widgets as hpt
from hpt_widgets.backprop.network import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, BackpropNetwork
from hpt_widgets.backprop.passes import PARAMETER_NAMES
from hpt_widgets.backprop.steps import _format

X, T = (0.5, 1.0), 0.2
ALL_ACTIVATIONS = list(itertools.product(HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS))

small = st.floats(-2, 2)
networks = st.builds(
    BackpropNetwork,
    hidden_weights=arrays(np.float64, (2, 3), elements=small),
    hidden_biases=arrays(np.float64, (3,), elements=small),
    output_weights=arrays(np.float64, (3,), elements=small),
    output_bias=small,
    hidden_activation=st.sampled_from(HIDDEN_ACTIVATIONS),
    output_activation=st.sampled_from(OUTPUT_ACTIVATIONS),
)


@pytest.fixture(scope="module")
def tf():
    from hpt_widgets.support.tensorflow_loader import load_tensorflow

    return load_tensorflow()


def tape(tf, network, inputs, target):
    """Return TensorFlow's error, output and gradients for the same network."""
    functions = {
        "sigmoid": tf.sigmoid,
        "tanh": tf.tanh,
        "relu": tf.nn.relu,
        "identity": tf.identity,
    }
    variables = [
        tf.Variable(value, dtype=tf.float64)
        for value in (
            network.hidden_weights,
            network.hidden_biases,
            network.output_weights[:, None],
            [network.output_bias],
        )
    ]
    w, b, v, c = variables
    with tf.GradientTape() as recorded:
        x = tf.constant([inputs], dtype=tf.float64)
        hidden = functions[network.hidden_activation](x @ w + b)
        output = functions[network.output_activation](hidden @ v + c)
        error = 0.5 * tf.reduce_sum((output - target) ** 2)
    gradients = recorded.gradient(error, variables)
    return float(error), float(output[0, 0]), [gradient.numpy() for gradient in gradients]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(network=networks, inputs=st.tuples(small, small), target=small)
def test_agrees_with_the_gradient_tape(tf, network, inputs, target):
    passes = network.backward(inputs, target)
    error, output, (w, b, v, c) = tape(tf, network, inputs, target)
    assert passes.error == pytest.approx(error, abs=1e-12)
    assert passes.forward.output == pytest.approx(output, abs=1e-12)
    np.testing.assert_allclose(passes.gradients.hidden_weights, w, atol=1e-9)
    np.testing.assert_allclose(passes.gradients.hidden_biases, b, atol=1e-9)
    np.testing.assert_allclose(passes.gradients.output_weights, v[:, 0], atol=1e-9)
    np.testing.assert_allclose(passes.gradients.output_bias, c[0], atol=1e-9)


@settings(deadline=None)
@given(network=networks, inputs=st.tuples(small, small), target=small)
def test_agrees_with_central_differences(network, inputs, target):
    near_a_kink = np.abs(network.forward(inputs).hidden_sums).min() < 1e-3
    if network.hidden_activation == "relu" and near_a_kink:
        return  # a difference across the kink is no derivative
    for check in network.gradient_check(inputs, target):
        assert check.difference < 1e-6


def test_the_check_finds_a_wrong_gradient(monkeypatch):
    """The numerical side must not lean on the backward pass that it checks."""
    network = BackpropNetwork()
    right = {check.parameter: check.numerical for check in network.gradient_check(X, T)}
    from hpt_widgets.backprop import activations

    sigmoid = activations.ACTIVATIONS["sigmoid"]
    broken = activations.Activation(sigmoid.function, lambda _, a: a)
    monkeypatch.setitem(activations.ACTIVATIONS, "sigmoid", broken)
    checks = network.gradient_check(X, T)
    assert {check.parameter: check.numerical for check in checks} == right
    assert min(check.difference for check in checks if check.parameter != "c") > 1e-3


def test_by_hand():
    """The numbers of a calculation on paper."""
    network = BackpropNetwork()
    passes = network.backward(X, T)
    sigmoid = [1 / (1 + math.exp(-z)) for z in (1.0, 0.0, 0.15)]
    s = 0.9 * sigmoid[0] - 0.7 * sigmoid[1] + 0.5 * sigmoid[2] + 0.1
    y = 1 / (1 + math.exp(-s))
    delta = (y - 0.2) * y * (1 - y)
    assert passes.forward.hidden_values == pytest.approx(sigmoid)
    assert passes.forward.output == pytest.approx(y)
    assert passes.error == pytest.approx(0.5 * (y - 0.2) ** 2)
    assert passes.output_delta == pytest.approx(delta)
    assert passes.hidden_deltas[0] == pytest.approx(delta * 0.9 * sigmoid[0] * (1 - sigmoid[0]))


def test_steps_come_in_the_order_of_calculation():
    passes = BackpropNetwork().backward(X, T)
    assert [step.name for step in passes] == [
        "z1", "h1", "z2", "h2", "z3", "h3", "s", "y", "J",
        "delta_y", "delta_h1", "delta_h2", "delta_h3",
        "grad_v1", "grad_v2", "grad_v3", "grad_c",
        "grad_w11", "grad_w21", "grad_b1",
        "grad_w12", "grad_w22", "grad_b2",
        "grad_w13", "grad_w23", "grad_b3",
    ]  # fmt: skip
    phases = [phase for phase, _ in itertools.groupby(step.phase for step in passes)]
    assert phases == ["forward", "error", "backward", "gradient"]
    assert len(passes) == 26
    assert passes[0] is passes.step("z1")
    assert passes[-2:] == passes.steps[-2:]
    with pytest.raises(ValueError, match="name='"):
        passes.step("z4")


@pytest.mark.parametrize(("hidden", "output"), ALL_ACTIVATIONS)
def test_each_steps_value_is_that_of_its_name(hidden, output):
    network = BackpropNetwork.random(7, hidden_activation=hidden, output_activation=output)
    passes = network.backward(X, T)
    values = {step.name: step.value for step in passes}
    for unit in (1, 2, 3):
        assert values[f"z{unit}"] == passes.forward.hidden_sums[unit - 1]
        assert values[f"h{unit}"] == passes.forward.hidden_values[unit - 1]
        assert values[f"delta_h{unit}"] == passes.hidden_deltas[unit - 1]
    assert values["y"] == passes.forward.output
    assert values["J"] == passes.error == network.error(X, T)
    gradients = passes.gradients.by_name()
    assert {name: values[f"grad_{name}"] for name in PARAMETER_NAMES} == gradients


def calculated(latex):
    """Evaluate the right-hand side of a step's numbers."""
    code = latex.replace(r"\tfrac{1}{2}\,", "0.5*").replace(r" \cdot 10^{", "e").replace("}", "")
    code = code.replace(r"\cdot", "*").replace(r"\,(", "*(").replace("^2", "**2")
    code = code.replace(r"\sigma", "sigma").replace(r"\tanh", "tanh").replace(r"\max", "max")
    code = re.sub(r"\[(.*?)\]", r"float(\1)", code)
    known = {"sigma": lambda z: 1 / (1 + math.exp(-z)), "tanh": math.tanh, "max": max}
    return eval(code, {"float": float, **known})


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(("hidden", "output"), ALL_ACTIVATIONS)
def test_the_numbers_shown_give_the_result_shown(hidden, output, seed):
    network = BackpropNetwork.random(seed, hidden_activation=hidden, output_activation=output)
    for step in network.backward((-0.5, 1.5), 0.3):
        _, *sides = step.numbers.split(" = ")
        assert float(calculated(sides[-1])) == pytest.approx(step.value, rel=1e-2)
        if len(sides) == 2:
            # Four digits of each factor: differences of near numbers lose the most.
            result = calculated(sides[0])
            assert result == pytest.approx(step.value, rel=5e-2, abs=2e-3)


def test_every_step_speaks_both_languages():
    steps = list(BackpropNetwork().backward(X, T))
    english = [step.explanation for step in steps]
    hpt.use_language("zh")
    for text, step in zip(english, steps, strict=True):
        assert "{" not in text
        assert "{" not in step.explanation
        assert step.explanation != text


def test_highlights_are_units_and_parameters():
    known = {"x1", "x2", "h1", "h2", "h3", "y", "t", *PARAMETER_NAMES}
    for step in BackpropNetwork().backward(X, T):
        assert set(step.highlights) <= known
        if step.name.startswith("grad_"):
            assert step.name.removeprefix("grad_") in step.highlights


@settings(deadline=None)
@given(network=networks, inputs=st.tuples(small, small), target=small)
def test_a_small_descent_step_lowers_the_error(network, inputs, target):
    if network.hidden_activation == "relu" and min(abs(network.forward(inputs).hidden_sums)) < 0.01:
        return
    gradients = np.array(list(network.backward(inputs, target).gradients.by_name().values()))
    moved = network.descent_step(1e-4, inputs, target)
    fall = network.error(inputs, target) - moved.error(inputs, target)
    assert fall == pytest.approx(1e-4 * (gradients**2).sum(), rel=0.05, abs=1e-12)


def test_descent_moves_each_parameter_by_rate_times_gradient():
    network = BackpropNetwork()
    gradients = network.backward(X, T).gradients.by_name()
    moved = network.descent_step(0.7, X, T).parameters()
    for name, value in network.parameters().items():
        assert moved[name] == pytest.approx(value - 0.7 * gradients[name])


def test_a_saturated_sigmoid_stops_the_gradient_where_relu_does_not():
    loud = {"b1": 12.0, "b2": 12.0, "b3": 12.0}
    sigmoid = BackpropNetwork(output_activation="identity").with_parameters(loud)
    relu = BackpropNetwork(hidden_activation="relu", output_activation="identity").with_parameters(
        loud
    )
    assert abs(sigmoid.backward(X, T).hidden_deltas).max() < 1e-4
    assert abs(relu.backward(X, T).hidden_deltas).min() > 0.1


def test_huge_sums_do_not_overflow():
    passes = BackpropNetwork().with_parameters({"b1": -1e4, "b2": 1e4}).backward(X, T)
    assert passes.forward.hidden_values[:2].tolist() == [0.0, 1.0]
    assert all(math.isfinite(step.value) for step in passes)


def test_parameters_by_name():
    network = BackpropNetwork()
    assert tuple(network.parameters()) == PARAMETER_NAMES
    assert network.parameters()["w21"] == network.hidden_weights[1, 0]
    changed = network.with_parameters({"w21": 9.0, "c": -1.0})
    assert changed.hidden_weights[1, 0] == 9.0
    assert changed.output_bias == -1.0
    assert network.hidden_weights[1, 0] != 9.0


def test_a_network_cannot_be_changed_in_place():
    network = BackpropNetwork()
    with pytest.raises(ValueError, match="read-only"):
        network.hidden_weights[0, 0] = 1.0


def test_random_networks_are_those_of_their_seed():
    first, again, other = (BackpropNetwork.random(seed).parameters() for seed in (4, 4, 5))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hidden_weights": np.zeros((3, 2))}, r"hidden_weights=.*\(2, 3\)"),
        ({"hidden_biases": (1, 2)}, r"hidden_biases=.*\(3,\)"),
        ({"output_weights": "abc"}, r"output_weights='abc'"),
        ({"output_weights": (1, 2, math.nan)}, "output_weights="),
        ({"output_bias": math.inf}, "output_bias=inf"),
        ({"output_bias": "0"}, "output_bias='0'"),
        ({"hidden_activation": "swish"}, "hidden_activation='swish'.*sigmoid, tanh, relu"),
        ({"output_activation": None}, "output_activation=None"),
        ({"output_activation": "relu"}, "output_activation='relu'"),
    ],
)
def test_bad_networks(settings, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        BackpropNetwork(**settings)


def test_bad_arguments():
    network = BackpropNetwork()
    for inputs in [(1,), (1, 2, 3), None, "ab", (math.nan, 1)]:
        with pytest.raises(ValueError, match="inputs="):
            network.forward(inputs)
    for target in (None, math.inf, "0", True):
        with pytest.raises(ValueError, match="target="):
            network.backward(X, target)
    for rate in (0, -1, math.nan, "1"):
        with pytest.raises(ValueError, match="learning_rate="):
            network.descent_step(rate, X, T)
    with pytest.raises(ValueError, match="width="):
        network.gradient_check(X, T, width=0)
    with pytest.raises(ValueError, match="scale="):
        BackpropNetwork.random(scale=0)
    with pytest.raises(ValueError, match=r"parameter='w31'.*w11"):
        network.with_parameters({"w31": 1})
    with pytest.raises(ValueError, match="w11="):
        network.with_parameters({"w11": None})


def test_chinese_errors():
    hpt.use_language("zh")
    with pytest.raises(ValueError, match=r"target=None 不可用"):
        BackpropNetwork().error(X, None)


def test_numbers_are_written_as_people_write_them():
    assert [_format(value) for value in (0.0, 5.5e-17, 0.1034375, -12.5, 1e-5)] == [
        "0", "0", "0.1034", "-12.5", r"1.00 \cdot 10^{-5}",
    ]  # fmt: skip
