"""One frozen, validated record of everything that is decided before training."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final, TypeVar

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import did_you_mean, real_number, require, whole_number

Record = TypeVar("Record")

OPTIMIZERS: Final = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
SCHEDULES: Final = ("constant", "step", "cosine", "1cycle")
PARAMETRIZATIONS: Final = ("standard", "mup")
ACTIVATIONS: Final = ("relu", "tanh", "sigmoid", "elu", "gelu")
CHOICES: Final = {
    "activation": ACTIVATIONS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "parametrization": PARAMETRIZATIONS,
}
"""The hyperparameters whose values are words, and which words."""

# Section 2.1 of the article sorts hyperparameters into these three kinds.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "structure": ("hidden_units", "activation", "parametrization", "base_width"),
    "training": (
        "learning_rate",
        "batch_size",
        "optimizer",
        "momentum",
        "epsilon",
        "schedule",
        "warm_up",
        "initial_scale",
        "epochs",
        "seed",
    ),
    "regularization": ("weight_decay", "dropout_rate"),
}

COUNTS_WHERE: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "momentum": ("optimizer", ("momentum", "nesterov", "adam")),
    "epsilon": ("optimizer", ("adagrad", "rmsprop", "adam")),
    "base_width": ("parametrization", ("mup",)),
}
"""Which values of another hyperparameter let one count; the rest count always."""

# Where these are left at their defaults, records, logs and boards leave them out, so that what
# either version writes can be compared.
ADDED_SINCE_0_1: Final = (
    "schedule",
    "warm_up",
    "momentum",
    "epsilon",
    "initial_scale",
    "parametrization",
    "base_width",
)

MAXIMUM_LEARNING_RATE: Final = 1e6
MAXIMUM_WEIGHT_DECAY: Final = 1e3
MAXIMUM_BATCH_SIZE: Final = 1_000_000
MAXIMUM_EPOCHS: Final = 10_000
MAXIMUM_SEED: Final = 2**31 - 1
MAXIMUM_LAYERS: Final = 10
MAXIMUM_UNITS: Final = 10_000
# Far below, float32 has no number but 0.
MINIMUM_EPSILON: Final = 1e-30
MAXIMUM_EPSILON: Final = 1e6
MAXIMUM_INITIAL_SCALE: Final = 1e3


def _with_known_names(record: type[Record]) -> type[Record]:
    """Let a dataclass refuse a misspelt name in the reader's language."""
    init = record.__init__

    @functools.wraps(init)
    def checked_init(self: Record, *values: object, **settings: object) -> None:
        for name in settings:
            check_name(name)
        init(self, *values, **settings)

    type.__setattr__(record, "__init__", checked_init)
    return record


@_with_known_names
@dataclass(frozen=True, kw_only=True, repr=False)
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
    optimizer : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}, default "adam"
        As Keras's ``SGD()``, ``SGD(momentum=0.9)``, ``SGD(momentum=0.9, nesterov=True)``,
        ``Adagrad()``, ``RMSprop()`` and ``Adam()``.
    weight_decay : float, default 0.0
        Decoupled weight decay: each update also takes away ``learning_rate * weight_decay``
        of every kernel and bias, as Keras's optimisers do (Loshchilov & Hutter 2019).
    epochs : int, default 1
        Passes over the training data.
    seed : int, default 0
        Decides the initial weights, the order of the samples and the dropped units.
    momentum : float, default 0.9
        Share of the running average of gradients that a step keeps, in [0, 1): the β of
        "momentum" and "nesterov", and Adam's β₁. The other optimisers have none.
    epsilon : float, default 1e-7
        What "adagrad", "rmsprop" and "adam" add to the denominator, as Keras does: RMSProp and
        AdaGrad below the root, Adam behind it. From 1e-30 to 1e6.
    schedule : {"constant", "step", "cosine", "1cycle"}, default "constant"
        How the learning rate goes on through the training; `learning_rate` is the largest. See
        `hpt_widgets.training.schedule`.
    warm_up : float, default 0.0
        Share of the steps, in [0, 1), in which the rate first rises in a line from 0. The schedule
        takes the rest (Goyal et al. 2017, section 2.2).
    initial_scale : float, default 1.0
        Factor on the standard deviation of the initial weights, which is Glorot's. Above 0, at
        most 1000.
    parametrization : {"standard", "mup"}, default "standard"
        Whether the rates and the initial weights of the layers follow the width of the network:
        "mup" is the maximal update parametrization. See `hpt_widgets.training.parametrization`.
    base_width : int, default 128
        Units of the first hidden layer with which "mup" is the same as "standard".

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
    momentum: float = 0.9
    epsilon: float = 1e-7
    schedule: str = "constant"
    warm_up: float = 0.0
    initial_scale: float = 1.0
    parametrization: str = "standard"
    base_width: int = 128

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.to_record().items())
        return f"{type(self).__name__}({values})"

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
        changed = object.__new__(Hyperparameters)
        # What is not changed has been checked already.
        for name, value in self.to_dict().items():
            object.__setattr__(changed, name, value)
        for name, value in changes.items():
            object.__setattr__(changed, name, validated(name, value))
        return changed

    def to_dict(self) -> dict[str, object]:
        """Return the values by name, in the order of the fields."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def to_record(self) -> dict[str, object]:
        """Return the values that a record of runs keeps, by name.

        Those of `ADDED_SINCE_0_1` are left out where they have their default: version 0.1 did not
        have them.
        """
        defaults = type(self).__dataclass_fields__
        return {
            name: value
            for name, value in self.to_dict().items()
            if name not in ADDED_SINCE_0_1 or value != defaults[name].default
        }

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


def completed(values: Mapping[str, object]) -> dict[str, object]:
    """Return what a record kept of a run, with the defaults that it left out.

    Parameters
    ----------
    values : mapping of str to object
        What `Hyperparameters.to_record` gave, perhaps with other settings, or version 0.1 wrote.

    Returns
    -------
    dict of str to object
    """
    fields = Hyperparameters.__dataclass_fields__
    return {**{name: fields[name].default for name in ADDED_SINCE_0_1}, **values}


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
        message = translate("hyperparameters.unknown_field", field=name, allowed=", ".join(names))
        raise TypeError(message + did_you_mean(name, names))


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
    if name in CHOICES:
        return _choice(name, value)
    if name in _WHOLE_NUMBERS:
        return _whole_number(name, value)
    return _number(name, value)


@dataclass(frozen=True)
class _Range:
    """The numbers that a field takes."""

    low: float
    high: float
    contains_low: bool = True
    contains_high: bool = True

    def contains(self, number: float) -> bool:
        # nan fails every comparison, so it never counts as inside.
        above = number >= self.low if self.contains_low else number > self.low
        below = number <= self.high if self.contains_high else number < self.high
        return above and below


_WHOLE_NUMBERS: Final = {
    "batch_size": _Range(1, MAXIMUM_BATCH_SIZE),
    "epochs": _Range(1, MAXIMUM_EPOCHS),
    "seed": _Range(0, MAXIMUM_SEED),
    "base_width": _Range(1, MAXIMUM_UNITS),
}
_NUMBERS: Final = {
    "learning_rate": _Range(0.0, MAXIMUM_LEARNING_RATE, contains_low=False),
    "weight_decay": _Range(0.0, MAXIMUM_WEIGHT_DECAY),
    "dropout_rate": _Range(0.0, 1.0, contains_high=False),
    "momentum": _Range(0.0, 1.0, contains_high=False),
    "epsilon": _Range(MINIMUM_EPSILON, MAXIMUM_EPSILON),
    "warm_up": _Range(0.0, 1.0, contains_high=False),
    "initial_scale": _Range(0.0, MAXIMUM_INITIAL_SCALE, contains_low=False),
}


def _number(name: str, value: object) -> float:
    number = real_number(value)
    if number is None:
        raise _wrong_type(name, value)
    if not _NUMBERS[name].contains(number):
        raise _wrong_value(name, value)
    return number


def _whole_number(name: str, value: object) -> int:
    number = whole_number(value)
    if number is None:
        raise _wrong_type(name, value)
    if not _WHOLE_NUMBERS[name].contains(number):
        raise _wrong_value(name, value)
    return number


def _choice(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong_type(name, value)
    if value not in CHOICES[name]:
        raise _wrong_value(name, value)
    return str(value)


def _hidden_units(value: object) -> tuple[int, ...]:
    single = whole_number(value)
    layers = (single,) if single is not None else value
    # A set has no order, and the order of the layers matters.
    if isinstance(layers, str | bytes | Mapping | Set) or not isinstance(layers, Iterable):
        raise _wrong_type("hidden_units", value)
    given = list(itertools.islice(layers, MAXIMUM_LAYERS + 1))
    units = [number for number in map(whole_number, given) if number is not None]
    if len(units) < len(given):
        raise _wrong_type("hidden_units", value)
    if not 1 <= len(units) <= MAXIMUM_LAYERS or not all(1 <= n <= MAXIMUM_UNITS for n in units):
        raise _wrong_value("hidden_units", value)
    return tuple(units)


def _allowed(name: str) -> str:
    """Say what a field may be."""
    if name in CHOICES:
        choices = ", ".join(map(repr, CHOICES[name]))
        return translate("hyperparameters.choice", choices=choices)
    if name in _WHOLE_NUMBERS:
        limits = _WHOLE_NUMBERS[name]
        return translate("hyperparameters.whole_number", minimum=limits.low, maximum=limits.high)
    if name in _NUMBERS:
        limits = _NUMBERS[name]
        return translate(f"hyperparameters.{name}", minimum=limits.low, maximum=limits.high)
    layers, units = MAXIMUM_LAYERS, MAXIMUM_UNITS
    return translate("hyperparameters.hidden_units", layers=layers, units=units)


def _wrong_type(name: str, value: object) -> TypeError:
    kind, allowed = type(value).__name__, _allowed(name)
    return TypeError(
        translate("hyperparameters.wrong_type", field=name, value=value, type=kind, allowed=allowed)
    )


def _wrong_value(name: str, value: object) -> ValueError:
    allowed = _allowed(name)
    return ValueError(
        translate("hyperparameters.wrong_value", field=name, value=value, allowed=allowed)
    )
