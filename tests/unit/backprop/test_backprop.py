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


def calculated(latex, **values):
    """Evaluate the right-hand side of a step's numbers, or of symbols with these values."""
    code = latex.replace(r"\tfrac{1}{2}\,", "0.5*").replace(r" \cdot 10^{", "e").replace("}", "")
    code = code.replace(r"\cdot", "*").replace(r"\,(", "*(").replace("^2", "**2")
    code = code.replace(r"\sigma", "sigma").replace(r"\tanh", "tanh").replace(r"\max", "max")
    code = re.sub(r"\[(.*?)\]", r"float(\1)", code)
    known = {"sigma": lambda z: 1 / (1 + math.exp(-z)), "tanh": math.tanh, "max": max}
    return eval(code, {"float": float, **known, **values})


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


def of_symbols(formula, values):
    """Evaluate the right-hand side of a step's formula with the values of its symbols."""
    code = formula.split(" = ", 1)[1]
    code = re.sub(r"\\delta_\{?(h_)?(\w)\}?", lambda m: f"delta_{'h' if m[1] else ''}{m[2]}", code)
    code = re.sub(r"([a-z])_\{?(\d+)\}?", r"\1\2", code)
    code = re.sub(r"\\,(?=[a-z])|(?<=\d) (?=h\d)", "*", code)
    return float(calculated(code, **values))


def left_side(name):
    """Return what a step of this name computes, in LaTeX."""
    if name.startswith("grad_"):
        letter, index = name[5], name[6:]
        subscript = f"_{{{index}}}" if index else ""
        return rf"\frac{{\partial J}}{{\partial {letter}{subscript}}}"
    if name.startswith("delta_h"):
        return rf"\delta_{{h_{name[-1]}}}"
    if name == "delta_y":
        return r"\delta_y"
    return "_".join(name)


@pytest.mark.parametrize(("hidden", "output"), ALL_ACTIVATIONS)
def test_the_symbols_shown_give_the_value(hidden, output):
    network = BackpropNetwork.random(3, hidden_activation=hidden, output_activation=output)
    passes = network.backward((-0.5, 1.5), 0.3)
    values = {step.name: step.value for step in passes}
    values |= {**network.parameters(), "x1": -0.5, "x2": 1.5, "t": 0.3}
    for step in passes:
        assert of_symbols(step.formula, values) == pytest.approx(step.value, rel=1e-12, abs=1e-15)
        for equation in (step.formula, step.numbers):
            assert equation.split(" = ")[0] == left_side(step.name)


def test_the_numbers_of_each_step_are_those_of_the_sums():
    """The calculation on paper, with three decimals at most, so that none is rounded."""
    network = BackpropNetwork(hidden_activation="relu", output_activation="identity")
    passes = network.backward(X, T)
    assert {step.name: step.numbers for step in passes if step.name[0] != "g"} == {
        "z1": r"z_1 = 0.4 \cdot 0.5 + 0.7 \cdot 1 + 0.1 = 1",
        "h1": r"h_1 = \max(0, 1) = 1",
        "z2": r"z_2 = -0.6 \cdot 0.5 + 0.5 \cdot 1 + (-0.2) = 0",
        "h2": r"h_2 = \max(0, 0) = 0",
        "z3": r"z_3 = 0.8 \cdot 0.5 + (-0.3) \cdot 1 + 0.05 = 0.15",
        "h3": r"h_3 = \max(0, 0.15) = 0.15",
        "s": r"s = 0.9 \cdot 1 + (-0.7) \cdot 0 + 0.5 \cdot 0.15 + 0.1 = 1.075",
        "y": "y = 1.075",
        "J": r"J = \tfrac{1}{2}\,(1.075 - 0.2)^2 = 0.3828",
        "delta_y": r"\delta_y = (1.075 - 0.2) \cdot 1 = 0.875",
        "delta_h1": r"\delta_{h_1} = 0.875 \cdot 0.9 \cdot [1 > 0] = 0.7875",
        "delta_h2": r"\delta_{h_2} = 0.875 \cdot (-0.7) \cdot [0 > 0] = 0",
        "delta_h3": r"\delta_{h_3} = 0.875 \cdot 0.5 \cdot [0.15 > 0] = 0.4375",
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_explanation_names_its_units_and_activation(language):
    hpt.use_language(language)
    network = BackpropNetwork(hidden_activation="tanh", output_activation="sigmoid")
    for step in network.backward(X, T):
        digits = {str("₀₁₂₃₄₅₆₇₈₉".index(digit)) for digit in re.findall("[₀-₉]", step.explanation)}
        assert digits == set(re.findall(r"\d", step.name))
        assert ("tanh" in step.explanation) == step.name.startswith(("h", "delta_h"))
        assert ("sigmoid" in step.explanation) == (step.name in ("y", "delta_y"))


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


def test_each_step_lights_up_what_it_is_made_of():
    expected = {
        "s": {"h1", "h2", "h3", "v1", "v2", "v3", "c", "y"},
        "y": {"y"},
        "J": {"y", "t"},
        "delta_y": {"y", "t"},
        "grad_c": {"y", "c"},
    }
    for j in "123":
        expected[f"z{j}"] = {"x1", "x2", f"w1{j}", f"w2{j}", f"b{j}", f"h{j}"}
        expected[f"h{j}"] = {f"h{j}"}
        expected[f"delta_h{j}"] = expected[f"grad_v{j}"] = {"y", f"v{j}", f"h{j}"}
        expected[f"grad_b{j}"] = {f"h{j}", f"b{j}"}
        for i in "12":
            expected[f"grad_w{i}{j}"] = {f"x{i}", f"w{i}{j}", f"h{j}"}
    steps = BackpropNetwork().backward(X, T)
    assert {step.name: set(step.highlights) for step in steps} == expected


@settings(deadline=None)
@given(network=networks, inputs=st.tuples(small, small), target=small)
def test_a_small_descent_step_lowers_the_error(network, inputs, target):
    if network.hidden_activation == "relu" and min(abs(network.forward(inputs).hidden_sums)) < 0.01:
        return
    gradients = np.array(list(network.backward(inputs, target).gradients.by_name().values()))
    moved = network.descent_step(1e-4, inputs, target)
    fall = network.error(inputs, target) - moved.error(inputs, target)
    assert fall == pytest.approx(1e-4 * (gradients**2).sum(), rel=0.05, abs=1e-12)


def test_a_descent_step_explains_nothing(monkeypatch):
    """Its words would cost more than its numbers."""
    monkeypatch.setattr("hpt_widgets.backprop.network.explain_steps", None)
    moved = BackpropNetwork().descent_step(0.7, X, T)
    assert moved.error(X, T) < BackpropNetwork().error(X, T)


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


def test_a_random_network_is_made_of_normal_numbers_in_the_order_of_the_names():
    drawn = np.random.default_rng(3).standard_normal(13)
    network = BackpropNetwork.random(3, scale=2.5)
    assert list(network.parameters().values()) == pytest.approx(list(2.5 * drawn), rel=1e-12)
    assert network.hidden_activation == network.output_activation == "sigmoid"
    assert BackpropNetwork.random().parameters() == BackpropNetwork.random(0).parameters()
    unscaled = BackpropNetwork.random(3).parameters()
    assert list(unscaled.values()) == pytest.approx(list(drawn), rel=1e-12)


def test_what_is_just_allowed_and_what_no_more():
    network = BackpropNetwork()
    assert BackpropNetwork(output_bias=1e50).output_bias == 1e50
    assert BackpropNetwork(output_bias=-1e50).output_bias == -1e50
    assert network.forward((1e50, -1e50)).inputs.tolist() == [1e50, -1e50]
    assert network.error(X, 1e50) == pytest.approx(5e99)
    assert len(network.gradient_check(X, T, width=1e40)) == 13
    assert BackpropNetwork.random(scale=1e40).parameters()["w11"] != 0
    flat = BackpropNetwork(hidden_weights=np.zeros((2, 3)), output_activation="identity")
    still = flat.descent_step(1e50, (0.0, 0.0), flat.forward((0.0, 0.0)).output)
    assert still.parameters() == flat.parameters()
    for name, call in {
        "output_bias=1e+51": lambda: BackpropNetwork(output_bias=1e51),
        "output_bias=-1e+51": lambda: BackpropNetwork(output_bias=-1e51),
        "inputs=(1e+51, 0.0)": lambda: network.forward((1e51, 0.0)),
        "inputs=(0.0, -1e+51)": lambda: network.backward((0.0, -1e51), 0.2),
        "target=1e+51": lambda: network.error(X, 1e51),
        "learning_rate=1e+51": lambda: network.descent_step(1e51, X, T),
        "width=1e+41": lambda: network.gradient_check(X, T, width=1e41),
        "scale=1e+41": lambda: BackpropNetwork.random(scale=1e41),
        "seed=-1": lambda: BackpropNetwork.random(-1),
        "seed=1.5": lambda: BackpropNetwork.random(1.5),
        "w11=1e+51": lambda: network.with_parameters({"w11": 1e51}),
    }.items():
        with pytest.raises(ValueError, match=rf"^{re.escape(name)} "):
            call()
    with pytest.raises(TypeError, match=r"^values="):
        network.with_parameters([("w11", 1.0)])


def test_the_check_moves_each_parameter_by_its_width():
    """Wide steps show in the slope of a curved error: the difference is the closed form's."""
    network = BackpropNetwork(output_activation="identity")
    v1 = network.output_weights[0]
    for width in (1e-5, 0.5):
        checks = {c.parameter: c for c in network.gradient_check(X, T, width=width)}
        errors = [network.with_parameters({"v1": v1 + w}).error(X, T) for w in (width, -width)]
        assert checks["v1"].numerical == (errors[0] - errors[1]) / (2 * width)
    default = network.gradient_check(X, T)
    assert default == network.gradient_check(X, T, width=1e-5)
    assert tuple(check.parameter for check in default) == PARAMETER_NAMES
    one = default[0]
    assert one.difference == abs(one.backpropagation - one.numerical)


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
