"""The update rules of the optimisers, by TensorFlow's own operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from hpt_widgets.training.hyperparameters import Hyperparameters

# The defaults of Keras's optimisers.
MOMENTUM: Final = Hyperparameters.momentum  # Adam's β₁ too
RMSPROP_RHO: Final = 0.9
ADAM_BETA_2: Final = 0.999
ADAGRAD_START: Final = 0.1
EPSILON: Final = Hyperparameters.epsilon

# Slots: the running averages that an optimiser keeps for each weight.
SLOTS_PER_WEIGHT: Final = {
    "sgd": 0,
    "momentum": 1,
    "nesterov": 1,
    "adagrad": 1,
    "rmsprop": 2,
    "adam": 2,
}


class StepNumbers(NamedTuple):
    """What the optimisers need beside a weight, its gradient and its rate; all of them tensors.

    Attributes
    ----------
    momentum, epsilon : Tensor of float32
        As in `Hyperparameters`, where the optimiser has them.
    update : Tensor of float32
        The number of the update, from 1.
    """

    momentum: Any
    epsilon: Any
    update: Any


def _update_sgd(
    ops: Any, weight: Any, _slots: list[Any], gradient: Any, rate: Any, _own: StepNumbers
) -> None:
    ops.ResourceApplyGradientDescent(var=weight, alpha=rate, delta=gradient)


def _update_momentum(
    ops: Any, weight: Any, slots: list[Any], gradient: Any, rate: Any, own: StepNumbers
) -> None:
    ops.ResourceApplyKerasMomentum(
        var=weight, accum=slots[0].handle, lr=rate, grad=gradient, momentum=own.momentum
    )


def _update_nesterov(
    ops: Any, weight: Any, slots: list[Any], gradient: Any, rate: Any, own: StepNumbers
) -> None:
    ops.ResourceApplyKerasMomentum(
        var=weight,
        accum=slots[0].handle,
        lr=rate,
        grad=gradient,
        momentum=own.momentum,
        use_nesterov=True,
    )


def _update_adagrad(
    ops: Any, weight: Any, slots: list[Any], gradient: Any, rate: Any, _own: StepNumbers
) -> None:
    # The sum of squares began with epsilon: see `TrainingProgram.start_from`.
    ops.ResourceApplyAdagrad(var=weight, accum=slots[0].handle, lr=rate, grad=gradient)


def _update_rmsprop(
    ops: Any, weight: Any, slots: list[Any], gradient: Any, rate: Any, own: StepNumbers
) -> None:
    ops.ResourceApplyRMSProp(
        var=weight,
        ms=slots[0].handle,
        mom=slots[1].handle,
        lr=rate,
        rho=RMSPROP_RHO,
        momentum=0.0,
        epsilon=own.epsilon,
        grad=gradient,
    )


def _update_adam(
    ops: Any, weight: Any, slots: list[Any], gradient: Any, rate: Any, own: StepNumbers
) -> None:
    ops.ResourceApplyAdam(
        var=weight,
        m=slots[0].handle,
        v=slots[1].handle,
        beta1_power=own.momentum**own.update,
        beta2_power=ADAM_BETA_2**own.update,
        lr=rate,
        beta1=own.momentum,
        beta2=ADAM_BETA_2,
        epsilon=own.epsilon,
        grad=gradient,
    )


# Each is given TensorFlow's raw_ops, a weight's handle, its slots, gradient and rate, and the
# step's `StepNumbers`.
UPDATES: Final[dict[str, Callable[..., None]]] = {
    "sgd": _update_sgd,
    "momentum": _update_momentum,
    "nesterov": _update_nesterov,
    "adagrad": _update_adagrad,
    "rmsprop": _update_rmsprop,
    "adam": _update_adam,
}
