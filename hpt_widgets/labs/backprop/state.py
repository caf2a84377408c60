"""The state of the backpropagation lab, without a screen: network, example, errors, progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from hpt_widgets.backprop.network import HIDDEN_ACTIVATIONS, OUTPUT_ACTIVATIONS, BackpropNetwork
from hpt_widgets.backprop.passes import PARAMETER_NAMES, Backpropagation, BackpropStep
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require

# An error beyond this is a divergence: what follows it are only overflows.
LARGEST_ERROR: Final = 1e12
VALUES: Final = NumberRange(-1e6, 1e6)
"""What the example and the parameters may be."""
RATES: Final = NumberRange(1e-6, 1e4)
ACTIVATIONS: Final = {
    "hidden_activation": HIDDEN_ACTIVATIONS,
    "output_activation": OUTPUT_ACTIVATIONS,
}
EXAMPLE: Final = ("x1", "x2", "target")
SETTINGS: Final = (*EXAMPLE, "learning_rate", "network", *ACTIVATIONS, *PARAMETER_NAMES)


@dataclass
class BackpropState:
    """A network and its example, and how far its calculation and its descent have come.

    Attributes
    ----------
    network : BackpropNetwork
        As it is now.
    x1, x2, target : float
        The example.
    learning_rate : float
        η of the descent steps.
    n_done : int
        How many calculations are shown.
    passes : Backpropagation
        All calculations for the present network and example.
    errors : list of float
        J before the first descent step and after each one, since the last change by hand.
    """

    network: BackpropNetwork = field(default_factory=BackpropNetwork)
    x1: float = 0.5
    x2: float = 1.0
    target: float = 0.2
    learning_rate: float = 0.5
    n_done: int = 0
    passes: Backpropagation = field(init=False)
    errors: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._start_with(self.network)

    @property
    def inputs(self) -> tuple[float, float]:
        """The example's x₁ and x₂."""
        return self.x1, self.x2

    @property
    def numbers(self) -> dict[str, float]:
        """The example and the learning rate, by the names of their settings."""
        return {name: getattr(self, name) for name in (*EXAMPLE, "learning_rate")}

    @property
    def step(self) -> BackpropStep | None:
        """The last calculation shown, None before the first."""
        return self.passes[self.n_done - 1] if self.n_done else None

    def change(self, changes: Mapping[str, Any]) -> None:
        """Check all changes, then make them."""
        for name, value in changes.items():
            if name not in SETTINGS:
                allowed = ", ".join(SETTINGS)
                message = "backprop_lab.unknown_setting"
                raise ValueError(translate(message, name=name, value=value, allowed=allowed))
        network = _changed_network(changes.get("network", self.network), changes)
        numbers = self.numbers
        for name in numbers:
            allowed_range = RATES if name == "learning_rate" else VALUES
            numbers[name] = float(allowed_range.check(name, changes.get(name, numbers[name])))
        for name, number in numbers.items():
            setattr(self, name, number)
        if changes.keys() != {"learning_rate"}:
            self._start_with(network)

    def descend(self, steps: int) -> None:
        """Take steps of gradient descent; where the error grows beyond all bounds, take none."""
        network, errors = self.network, []
        for taken in range(1, steps + 1):
            with np.errstate(all="ignore"):
                network = self._stepped(network, taken)
                errors.append(network.error(self.inputs, self.target))
            if not errors[-1] < LARGEST_ERROR:
                raise ValueError(self._divergence(taken))
        self.network = network
        self.errors += errors
        self.passes = network.backward(self.inputs, self.target)

    def reset(self) -> None:
        """Bring back the network as it was before the first descent step."""
        self._start_with(self._first_network)

    def _start_with(self, network: BackpropNetwork) -> None:
        self.network = self._first_network = network
        self.passes = network.backward(self.inputs, self.target)
        self.errors = [self.passes.error]

    def _stepped(self, network: BackpropNetwork, taken: int) -> BackpropNetwork:
        try:
            return network.descent_step(self.learning_rate, self.inputs, self.target)
        except ValueError as error:  # a parameter has become infinite
            raise ValueError(self._divergence(taken)) from error

    def _divergence(self, taken: int) -> str:
        rate = f"{self.learning_rate:g}"
        return translate("backprop_lab.diverges", rate=rate, steps=taken)


def _changed_network(network: BackpropNetwork, changes: Mapping[str, Any]) -> BackpropNetwork:
    require("network", network, BackpropNetwork)
    if "network" in changes:
        for name, value in network.parameters().items():
            VALUES.check(name, value)
    activations = {name: changes[name] for name in ACTIVATIONS if name in changes}
    network = replace(network, **activations) if activations else network
    values = {name: changes[name] for name in PARAMETER_NAMES if name in changes}
    for name, value in values.items():
        VALUES.check(name, value)
    return network.with_parameters(values) if values else network
