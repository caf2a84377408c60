"""One frozen, validated record of everything that is decided before training."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import real_number, require, whole_number

OPTIMIZERS: Final = ("sgd", "momentum", "rmsprop", "adam")
ACTIVATIONS: Final = ("relu", "tanh", "sigmoid", "elu", "gelu")

# Section 2.1 of the article sorts hyperparameters into these three kinds.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "structure": ("hidden_units", "activation"),
    "training": ("learning_rate", "batch_size", "optimizer", "epochs", "seed"),
    "regularization": ("weight_decay", "dropout_rate"),
}

MAXIMUM_LEARNING_RATE: Final = 1e6
MAXIMUM_WEIGHT_DECAY: Final = 1e3
MAXIMUM_BATCH_SIZE: Final = 1_000_000
MAXIMUM_EPOCHS: Final = 10_000
MAXIMUM_SEED: Final = 2**31 - 1
MAXIMUM_LAYERS: Final = 10
MAXIMUM_UNITS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """Everything that is decided before the training starts.

    Instances are validated, frozen and hashable. Numbers of other libraries
    (NumPy's, say) are stored as Python's own.

    Parameters
    ----------
    learning_rate : float, default 1e-3
        Step size of the optimiser, greater than 0.
    batch_size : int, default 32
        Samples for each update, at least 1. A batch larger than the data is clipped to it.
    dropout_rate : float, default 0.2
        Share of the units dropped behind each hidden layer while training, in [0, 1).
    hidden_units : tuple of int, default (128, 64)
        Units of each hidden layer, from the input towards the output.
    activation : {"relu", "tanh", "sigmoid", "elu", "gelu"}, default "relu"
        Activation of the hidden layers. The output layer is a softmax.
    optimizer : {"sgd", "momentum", "rmsprop", "adam"}, default "adam"
        As Keras's ``SGD()``, ``SGD(momentum=0.9)``, ``RMSprop()`` and ``Adam()``.
    weight_decay : float, default 0.0
        Decoupled weight decay: each update also takes away ``learning_rate * weight_decay``
        of every kernel and bias, as Keras's optimisers do (Loshchilov & Hutter 2019).
    epochs : int, default 1
        Passes over the training data.
    seed : int, default 0
        Decides the initial weights, the order of the samples and the dropped units.

    Raises
    ------
    TypeError
        If a value is of the wrong type; strings and bools are no numbers here.
    ValueError
        If a value is out of range. The message names the field, the value and what is allowed.
    """

    learning_rate: float = 1e-3
    batch_size: int = 32
    dropout_rate: float = 0.2
    hidden_units: tuple[int, ...] = (128, 64)
    activation: str = "relu"
    optimizer: str = "adam"
    weight_decay: float = 0.0
    epochs: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = validated(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def replace(self, **changes: object) -> Hyperparameters:
        """Return a copy with some values changed.

        Parameters
        ----------
        **changes : object
            New values by name.

        Returns
        -------
        Hyperparameters

        Raises
        ------
        TypeError
            If a name is no hyperparameter, or a value of another type.
        ValueError
            If a value is out of range.
        """
        for name in changes:
            check_name(name)
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, object]:
        """Return the values by name, in the order of the fields."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def differences(self, other: Hyperparameters) -> dict[str, object]:
        """Return the values, by name, in which this record differs from another one.

        Parameters
        ----------
        other : Hyperparameters
            What to compare with.

        Returns
        -------
        dict of str to object
            This record's own values.
        """
        require("other", other, Hyperparameters)
        theirs = other.to_dict()
        return {name: value for name, value in self.to_dict().items() if value != theirs[name]}


def check_name(name: str) -> None:
    """Raise a TypeError that lists the hyperparameters if `name` is none of them.

    Parameters
    ----------
    name : str
        What a caller named.

    Raises
    ------
    TypeError
        If it is no hyperparameter.
    """
    names = Hyperparameters.__dataclass_fields__
    if name not in names:
        raise TypeError(
            translate("hyperparameters.unknown_field", field=name, allowed=", ".join(names))
        )


def validated(name: str, value: object) -> object:
    """Return one hyperparameter's value in its stored form, or raise.

    Parameters
    ----------
    name : str
        The hyperparameter.
    value : object
        What a caller handed over.

    Returns
    -------
    object
        Python's own number, string or tuple.

    Raises
    ------
    TypeError, ValueError
        As for `Hyperparameters`.
    """
    check_name(name)
    if name == "hidden_units":
        return _hidden_units(value)
    if name in _CHOICES:
        return _choice(name, value)
    if name in _WHOLE_NUMBERS:
        return _whole_number(name, value, *_WHOLE_NUMBERS[name])
    return _number(name, value)


_CHOICES: Final = {"activation": ACTIVATIONS, "optimizer": OPTIMIZERS}
_WHOLE_NUMBERS: Final = {
    "batch_size": (1, MAXIMUM_BATCH_SIZE),
    "epochs": (1, MAXIMUM_EPOCHS),
    "seed": (0, MAXIMUM_SEED),
}
_MAXIMUM_OF_NUMBER: Final = {
    "learning_rate": MAXIMUM_LEARNING_RATE,
    "weight_decay": MAXIMUM_WEIGHT_DECAY,
    "dropout_rate": 1.0,
}


def _type_error(field: str, value: object, allowed: str) -> TypeError:
    kind = type(value).__name__
    return TypeError(
        translate(
            "hyperparameters.wrong_type", field=field, value=value, type=kind, allowed=allowed
        )
    )


def _value_error(field: str, value: object, allowed: str) -> ValueError:
    return ValueError(
        translate("hyperparameters.wrong_value", field=field, value=value, allowed=allowed)
    )


def _number(field: str, value: object) -> float:
    maximum = _MAXIMUM_OF_NUMBER[field]
    allowed = translate(f"hyperparameters.{field}", maximum=maximum)
    number = real_number(value)
    if number is None:
        raise _type_error(field, value, allowed)
    # nan fails every comparison, so it never counts as inside.
    inside = {
        "learning_rate": 0.0 < number <= maximum,
        "weight_decay": 0.0 <= number <= maximum,
        "dropout_rate": 0.0 <= number < maximum,
    }[field]
    if not inside or math.isnan(number):
        raise _value_error(field, value, allowed)
    return number


def _whole_number(field: str, value: object, minimum: int, maximum: int) -> int:
    allowed = translate("hyperparameters.whole_number", minimum=minimum, maximum=maximum)
    number = whole_number(value)
    if number is None:
        raise _type_error(field, value, allowed)
    if not minimum <= number <= maximum:
        raise _value_error(field, value, allowed)
    return number


def _choice(field: str, value: object) -> str:
    choices = _CHOICES[field]
    allowed = translate("hyperparameters.choice", choices=", ".join(map(repr, choices)))
    if not isinstance(value, str):
        raise _type_error(field, value, allowed)
    if value not in choices:
        raise _value_error(field, value, allowed)
    return str(value)


def _hidden_units(value: object) -> tuple[int, ...]:
    allowed = translate("hyperparameters.hidden_units", layers=MAXIMUM_LAYERS, units=MAXIMUM_UNITS)
    single = whole_number(value)
    if single is not None:
        value = (single,)
    # A set has no order, and the order of the layers matters.
    if isinstance(value, str | bytes | dict | set) or not isinstance(value, Iterable):
        raise _type_error("hidden_units", value, allowed)
    given = list(itertools.islice(value, MAXIMUM_LAYERS + 1))
    units = [whole_number(item) for item in given]
    if any(unit is None for unit in units):
        raise _type_error("hidden_units", value, allowed)
    counts = tuple(unit for unit in units if unit is not None)
    if not 1 <= len(counts) <= MAXIMUM_LAYERS or not all(1 <= n <= MAXIMUM_UNITS for n in counts):
        raise _value_error("hidden_units", value, allowed)
    return counts
