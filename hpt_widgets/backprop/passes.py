"""What the two passes of the 2-3-1 network come to: values, deltas, gradients, steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require_choice

N_INPUTS = 2
N_HIDDEN = 3
PARAMETER_NAMES = (
    "w11", "w12", "w13", "w21", "w22", "w23", "b1", "b2", "b3", "v1", "v2", "v3", "c",
)  # fmt: skip


Phase = Literal["forward", "error", "backward", "gradient"]


@dataclass(frozen=True)
class BackpropStep:
    """One calculation of the two passes, ready to be shown.

    Attributes
    ----------
    name : str
        What it computes: ``"z1"``, ``"h1"``, ``"s"``, ``"y"``, ``"J"``, ``"delta_y"``,
        ``"delta_h1"``, or ``"grad_"`` and the name of a parameter.
    phase : {"forward", "error", "backward", "gradient"}
        The part of the calculation that it belongs to.
    value : float
        The result.
    formula : str
        LaTeX with symbols, without dollar signs.
    numbers : str
        The same in LaTeX with the numbers of this very step, and the result.
    highlights : tuple of str
        The units (``"x1"``, ``"h1"``, ``"y"``) and parameters that take part.
    text_key, text_values
        How `explanation` finds its words.
    """

    name: str
    phase: Phase
    value: float
    formula: str
    numbers: str
    highlights: tuple[str, ...]
    text_key: str
    text_values: dict[str, object] = field(default_factory=dict)

    @property
    def explanation(self) -> str:
        """One or two sentences in the current language."""
        return translate(f"backprop.{self.text_key}", **self.text_values)


@dataclass(frozen=True)
class Gradients:
    """The derivative of the error by each parameter, in the shapes of the network's own.

    Attributes
    ----------
    hidden_weights : ndarray of shape (2, 3)
    hidden_biases : ndarray of shape (3,)
    output_weights : ndarray of shape (3,)
    output_bias : float
    """

    hidden_weights: FloatArray
    hidden_biases: FloatArray
    output_weights: FloatArray
    output_bias: float

    def by_name(self) -> dict[str, float]:
        """Return the thirteen gradients by the names of their parameters."""
        return parameters_by_name(
            self.hidden_weights, self.hidden_biases, self.output_weights, self.output_bias
        )


@dataclass(frozen=True)
class ForwardPass:
    """What each unit computed.

    Attributes
    ----------
    inputs : ndarray of shape (2,)
    hidden_sums : ndarray of shape (3,)
        z₁ … z₃, before the activation.
    hidden_values : ndarray of shape (3,)
        h₁ … h₃, after it.
    output_sum : float
        s, before the output's activation.
    output : float
        y, the network's answer.
    """

    inputs: FloatArray
    hidden_sums: FloatArray
    hidden_values: FloatArray
    output_sum: float
    output: float


@dataclass(frozen=True)
class Backpropagation(Sequence[BackpropStep]):
    """Both passes for one example: a sequence of named steps, with the results.

    Attributes
    ----------
    steps : tuple of BackpropStep
        In the order of calculation.
    forward : ForwardPass
        What each unit computed.
    target : float
        t, what the output should have been.
    error : float
        J = ½ (y - t)².
    output_delta : float
        δ of the output: the derivative of J by its sum.
    hidden_deltas : ndarray of shape (3,)
        δ of the hidden units.
    gradients : Gradients
        The derivative of J by each parameter.
    """

    steps: tuple[BackpropStep, ...]
    forward: ForwardPass
    target: float
    error: float
    output_delta: float
    hidden_deltas: FloatArray
    gradients: Gradients

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> BackpropStep: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[BackpropStep, ...]: ...
    def __getitem__(self, index: int | slice) -> BackpropStep | tuple[BackpropStep, ...]:
        return self.steps[index]

    def __iter__(self) -> Iterator[BackpropStep]:
        return iter(self.steps)

    def step(self, name: str) -> BackpropStep:
        """Return the step of this name.

        Parameters
        ----------
        name : str
            Such as ``"z1"`` or ``"grad_w11"``; see `BackpropStep`.

        Returns
        -------
        BackpropStep

        Raises
        ------
        ValueError
            If there is none.
        """
        names = [step.name for step in self.steps]
        return self.steps[names.index(require_choice("name", name, names))]


def parameters_by_name(
    hidden_weights: FloatArray,
    hidden_biases: FloatArray,
    output_weights: FloatArray,
    output_bias: float,
) -> dict[str, float]:
    """Return the thirteen parameters, or their gradients, by name."""
    flat = [*hidden_weights.ravel(), *hidden_biases, *output_weights, output_bias]
    return {name: float(value) for name, value in zip(PARAMETER_NAMES, flat, strict=True)}
