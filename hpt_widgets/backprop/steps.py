"""The two passes of the 2-3-1 network explained step by step: in symbols, numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from hpt_widgets.backprop.passes import Backpropagation, BackpropStep
from hpt_widgets.descent.surfaces import FloatArray

_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# The activations and their slopes in LaTeX, with Z for the weighted sum and A for the value there.
_FORMULAS: Final = {
    "sigmoid": r"\sigma(Z)",
    "tanh": r"\tanh(Z)",
    "relu": r"\max(0, Z)",
    "identity": "Z",
}
_SLOPE_FORMULAS: Final = {
    "sigmoid": r"A\,(1 - A)",
    "tanh": "(1 - A^2)",
    "relu": "[Z > 0]",
    "identity": "1",
}


class _Network(Protocol):
    """The parameters and activations of a network, whatever else it can do."""

    @property
    def hidden_weights(self) -> FloatArray: ...
    @property
    def hidden_biases(self) -> FloatArray: ...
    @property
    def output_weights(self) -> FloatArray: ...
    @property
    def output_bias(self) -> float: ...
    @property
    def hidden_activation(self) -> str: ...
    @property
    def output_activation(self) -> str: ...


def explain_steps(network: _Network, passes: Backpropagation) -> tuple[BackpropStep, ...]:
    """Explain both passes as named steps, in the order of calculation.

    Parameters
    ----------
    network : BackpropNetwork
        Whose passes they are.
    passes : Backpropagation
        The results, without steps yet.

    Returns
    -------
    tuple of BackpropStep
    """
    inputs = range(1, len(passes.forward.inputs) + 1)
    units = range(1, len(passes.hidden_deltas) + 1)
    steps = []
    for unit in units:
        steps += [_hidden_sum(network, passes, unit), _hidden_value(network, passes, unit)]
    steps += [_output_sum(network, passes), _output(network, passes), _error(passes)]
    steps += [_output_delta(network, passes)]
    steps += [_hidden_delta(network, passes, unit) for unit in units]
    steps += [_output_weight_gradient(passes, unit) for unit in units]
    steps += [_output_bias_gradient(passes)]
    for unit in units:
        steps += [_hidden_weight_gradient(passes, i, unit) for i in inputs]
        steps += [_hidden_bias_gradient(passes, unit)]
    return tuple(steps)


def _format(number: float) -> str:
    """Write a number in LaTeX with four significant digits, never as an endless row of zeros."""
    if abs(number) < 1e-15:  # what rounding leaves of 0.5 + 0.2 - 0.7
        return "0"
    if 1e-3 <= abs(number) < 1e5:
        return f"{float(f'{number:.4g}'):.10g}"
    mantissa, exponent = f"{number:.2e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _in_brackets(number: float) -> str:
    """Write a factor or a later term: a negative number goes into brackets."""
    return f"({_format(number)})" if number < 0 else _format(number)


def _product(*factors: float) -> str:
    first, *others = factors
    return r" \cdot ".join([_format(first), *map(_in_brackets, others)])


def _sum_of_products(pairs: Sequence[tuple[float, float]], last: float) -> str:
    terms = [_product(*pairs[0])]
    terms += [r" \cdot ".join(map(_in_brackets, pair)) for pair in pairs[1:]]
    return " + ".join([*terms, _in_brackets(last)])


def symbol(name: str) -> str:
    """Return a name with its numbers as subscripts: w₁₂ for w12."""
    return name.translate(_SUBSCRIPTS)


def _substitute(template: str, weighted_sum: str, value: str) -> str:
    """Put symbols or numbers into an activation's LaTeX."""
    return template.replace("Z", weighted_sum).replace("A", value)


def _equation(left: str, calculation: str, result: float) -> str:
    """Join the parts, and leave out a calculation that is the result already."""
    shown = _format(result)
    middle = "" if calculation == shown else f"{calculation} = "
    return f"{left} = {middle}{shown}"


def _hidden_sum(network: _Network, passes: Backpropagation, unit: int) -> BackpropStep:
    j = unit - 1
    weights, bias = network.hidden_weights[:, j], float(network.hidden_biases[j])
    pairs = list(zip(weights.tolist(), passes.forward.inputs.tolist(), strict=True))
    value = float(passes.forward.hidden_sums[j])
    return BackpropStep(
        name=f"z{unit}",
        phase="forward",
        value=value,
        formula=f"z_{unit} = w_{{1{unit}}}\\,x_1 + w_{{2{unit}}}\\,x_2 + b_{unit}",
        numbers=_equation(f"z_{unit}", _sum_of_products(pairs, bias), value),
        highlights=("x1", "x2", f"w1{unit}", f"w2{unit}", f"b{unit}", f"h{unit}"),
        text_key="hidden_sum",
        text_values={"unit": symbol(f"{unit}")},
    )


def _hidden_value(network: _Network, passes: Backpropagation, unit: int) -> BackpropStep:
    j = unit - 1
    weighted_sum = float(passes.forward.hidden_sums[j])
    value = float(passes.forward.hidden_values[j])
    template = _FORMULAS[network.hidden_activation]
    return BackpropStep(
        name=f"h{unit}",
        phase="forward",
        value=value,
        formula=f"h_{unit} = {_substitute(template, f'z_{unit}', f'h_{unit}')}",
        numbers=_equation(f"h_{unit}", _substitute(template, _format(weighted_sum), ""), value),
        highlights=(f"h{unit}",),
        text_key="hidden_activation",
        text_values={"unit": symbol(f"{unit}"), "activation": network.hidden_activation},
    )


def _output_sum(network: _Network, passes: Backpropagation) -> BackpropStep:
    hidden = passes.forward.hidden_values.tolist()
    pairs = list(zip(network.output_weights.tolist(), hidden, strict=True))
    value = passes.forward.output_sum
    return BackpropStep(
        name="s",
        phase="forward",
        value=value,
        formula="s = v_1 h_1 + v_2 h_2 + v_3 h_3 + c",
        numbers=_equation("s", _sum_of_products(pairs, network.output_bias), value),
        highlights=("h1", "h2", "h3", "v1", "v2", "v3", "c", "y"),
        text_key="output_sum",
    )


def _output(network: _Network, passes: Backpropagation) -> BackpropStep:
    template = _FORMULAS[network.output_activation]
    value = passes.forward.output
    calculation = _substitute(template, _format(passes.forward.output_sum), "")
    return BackpropStep(
        name="y",
        phase="forward",
        value=value,
        formula=f"y = {_substitute(template, 's', 'y')}",
        numbers=_equation("y", calculation, value),
        highlights=("y",),
        text_key="output",
        text_values={"activation": network.output_activation},
    )


def _difference(passes: Backpropagation) -> str:
    return f"({_format(passes.forward.output)} - {_in_brackets(passes.target)})"


def _error(passes: Backpropagation) -> BackpropStep:
    calculation = rf"\tfrac{{1}}{{2}}\,{_difference(passes)}^2"
    return BackpropStep(
        name="J",
        phase="error",
        value=passes.error,
        formula=r"J = \tfrac{1}{2}\,(y - t)^2",
        numbers=_equation("J", calculation, passes.error),
        highlights=("y", "t"),
        text_key="error",
    )


def _output_delta(network: _Network, passes: Backpropagation) -> BackpropStep:
    template = _SLOPE_FORMULAS[network.output_activation]
    weighted_sum, value = passes.forward.output_sum, passes.forward.output
    slope = _substitute(template, _format(weighted_sum), _in_brackets(value))
    return BackpropStep(
        name="delta_y",
        phase="backward",
        value=passes.output_delta,
        formula=rf"\delta_y = (y - t) \cdot {_substitute(template, 's', 'y')}",
        numbers=_equation(
            r"\delta_y", rf"{_difference(passes)} \cdot {slope}", passes.output_delta
        ),
        highlights=("y", "t"),
        text_key="output_delta",
        text_values={"activation": network.output_activation},
    )


def _hidden_delta(network: _Network, passes: Backpropagation, unit: int) -> BackpropStep:
    j = unit - 1
    template = _SLOPE_FORMULAS[network.hidden_activation]
    weighted_sum = float(passes.forward.hidden_sums[j])
    hidden = float(passes.forward.hidden_values[j])
    value = float(passes.hidden_deltas[j])
    slope = _substitute(template, _format(weighted_sum), _in_brackets(hidden))
    product = _product(passes.output_delta, float(network.output_weights[j]))
    symbols = _substitute(template, f"z_{unit}", f"h_{unit}")
    left = rf"\delta_{{h_{unit}}}"
    return BackpropStep(
        name=f"delta_h{unit}",
        phase="backward",
        value=value,
        formula=rf"{left} = \delta_y \cdot v_{unit} \cdot {symbols}",
        numbers=_equation(left, rf"{product} \cdot {slope}", value),
        highlights=("y", f"v{unit}", f"h{unit}"),
        text_key="hidden_delta",
        text_values={"unit": symbol(f"{unit}"), "activation": network.hidden_activation},
    )


def _derivative(parameter: str) -> str:
    name, index = parameter[0], parameter[1:]
    subscript = f"_{{{index}}}" if index else ""
    return rf"\frac{{\partial J}}{{\partial {name}{subscript}}}"


def _output_weight_gradient(passes: Backpropagation, unit: int) -> BackpropStep:
    left = _derivative(f"v{unit}")
    hidden = float(passes.forward.hidden_values[unit - 1])
    value = float(passes.gradients.output_weights[unit - 1])
    return BackpropStep(
        name=f"grad_v{unit}",
        phase="gradient",
        value=value,
        formula=rf"{left} = \delta_y \cdot h_{unit}",
        numbers=_equation(left, _product(passes.output_delta, hidden), value),
        highlights=("y", f"v{unit}", f"h{unit}"),
        text_key="output_weight_gradient",
        text_values={"unit": symbol(f"{unit}")},
    )


def _output_bias_gradient(passes: Backpropagation) -> BackpropStep:
    left = _derivative("c")
    value = passes.gradients.output_bias
    return BackpropStep(
        name="grad_c",
        phase="gradient",
        value=value,
        formula=rf"{left} = \delta_y",
        numbers=f"{left} = {_format(value)}",
        highlights=("y", "c"),
        text_key="output_bias_gradient",
    )


def _hidden_weight_gradient(passes: Backpropagation, source: int, unit: int) -> BackpropStep:
    left = _derivative(f"w{source}{unit}")
    delta = float(passes.hidden_deltas[unit - 1])
    given = float(passes.forward.inputs[source - 1])
    value = float(passes.gradients.hidden_weights[source - 1, unit - 1])
    return BackpropStep(
        name=f"grad_w{source}{unit}",
        phase="gradient",
        value=value,
        formula=rf"{left} = \delta_{{h_{unit}}} \cdot x_{source}",
        numbers=_equation(left, _product(delta, given), value),
        highlights=(f"x{source}", f"w{source}{unit}", f"h{unit}"),
        text_key="hidden_weight_gradient",
        text_values={"input": symbol(f"{source}"), "unit": symbol(f"{unit}")},
    )


def _hidden_bias_gradient(passes: Backpropagation, unit: int) -> BackpropStep:
    left = _derivative(f"b{unit}")
    value = float(passes.gradients.hidden_biases[unit - 1])
    return BackpropStep(
        name=f"grad_b{unit}",
        phase="gradient",
        value=value,
        formula=rf"{left} = \delta_{{h_{unit}}}",
        numbers=f"{left} = {_format(value)}",
        highlights=(f"h{unit}", f"b{unit}"),
        text_key="hidden_bias_gradient",
        text_values={"unit": symbol(f"{unit}")},
    )
