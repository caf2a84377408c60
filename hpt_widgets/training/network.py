"""The article's network as a plain Keras model, and its initial weights.

Section 5.2 of the article: an input layer, two hidden layers and an output layer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import whole_number
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training.hyperparameters import COUNTS_WHERE, Hyperparameters
from hpt_widgets.training.parametrization import initial_factors

Weights = list[NDArray[np.float32]]

# Keeps a slip of the finger ("12800") from filling the machine's memory: with its gradients and
# its optimiser, a network of this size takes some 400 MB.
MOST_WEIGHTS: Final = 20_000_000

_OPTIMIZER_CLASS: Final = {
    "sgd": "SGD",
    "momentum": "SGD",
    "nesterov": "SGD",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}


def layer_sizes(hp: Hyperparameters, n_features: int, n_classes: int) -> tuple[int, ...]:
    """Return the number of units of every layer, from the input to the output.

    Parameters
    ----------
    hp : Hyperparameters
        Of which ``hidden_units`` counts.
    n_features, n_classes : int
        Size of the input and of the output.

    Returns
    -------
    tuple of int
    """
    return (n_features, *hp.hidden_units, n_classes)


def count_parameters(sizes: Sequence[int]) -> int:
    """Return how many weights and biases a network with these layer sizes has.

    Parameters
    ----------
    sizes : sequence of int
        Units of every layer, input and output included.

    Returns
    -------
    int
    """
    return sum(inputs * units + units for inputs, units in pairwise(sizes))


def check_memory(hp: Hyperparameters, n_features: int, n_classes: int) -> None:
    """Raise a ValueError if a network has more weights than the workbook trains.

    Parameters
    ----------
    hp : Hyperparameters
        Of which ``hidden_units`` counts.
    n_features, n_classes : int
        Size of the input and of the output.

    Raises
    ------
    ValueError
        If there are more than 20 million; the message says how many.
    """
    weights = count_parameters(layer_sizes(hp, n_features, n_classes))
    if weights > MOST_WEIGHTS:
        units = hp.hidden_units
        raise ValueError(
            translate("training.too_many_weights", value=units, weights=weights, most=MOST_WEIGHTS)
        )


def initial_weights(
    sizes: Sequence[int], seed: int, factors: Sequence[float] | None = None
) -> Weights:
    """Draw the weights that a training starts from.

    Kernels are uniform within ``±sqrt(6 / (inputs + units))`` (Glorot & Bengio 2010, the
    default of Keras's ``Dense``), biases are 0.

    Parameters
    ----------
    sizes : sequence of int
        Units of every layer, input and output included.
    seed : int
        The same seed gives the same weights.
    factors : sequence of float, optional
        What the kernel of each layer is larger by; see `parametrization.initial_factors`.

    Returns
    -------
    list of ndarray of float32
        Kernel (inputs, units) and bias (units,) of each layer in turn, as Keras orders them.
    """
    random = np.random.default_rng(seed)
    weights: Weights = []
    shapes = list(pairwise(sizes))
    for (inputs, units), factor in zip(shapes, factors or [1.0] * len(shapes), strict=True):
        limit = math.sqrt(6 / (inputs + units)) * factor
        weights.append(random.uniform(-limit, limit, (inputs, units)).astype(np.float32))
        weights.append(np.zeros(units, np.float32))
    return weights


def build_model(hp: Hyperparameters, n_features: int = 784, n_classes: int = 10) -> Any:
    """Build and compile the network that `hp` describes, with plain Keras layers.

    Parameters
    ----------
    hp : Hyperparameters
        All but ``batch_size`` and ``epochs``, which belong to ``model.fit``.
    n_features : int, default 784
        Numbers that one sample consists of. Images are flattened beforehand.
    n_classes : int, default 10
        Units of the softmax output.

    Returns
    -------
    keras.Sequential
        Compiled with the sparse categorical cross-entropy: with integer labels and more than
        two classes there is one sensible loss. Its initial weights are those that `train`
        starts from. Its optimiser has one rate, for all steps and layers: a schedule needs the
        number of steps, so schedule, warm-up and the rates of "mup" are in `Run.as_code` alone.

    Raises
    ------
    TypeError
        If `hp` is not Hyperparameters, or a number is no whole number.
    ValueError
        If a number is less than 1, or the network has more than 20 million weights.
    """
    check_hyperparameters(hp)
    n_features = _at_least_one("n_features", n_features)
    n_classes = _at_least_one("n_classes", n_classes)
    check_memory(hp, n_features, n_classes)
    tf = load_tensorflow()
    sizes = layer_sizes(hp, n_features, n_classes)
    factors = initial_factors(hp, sizes)
    layers = [tf.keras.Input((n_features,))]
    for units, factor in zip(hp.hidden_units, factors[:-1], strict=True):
        start = _initializer(factor)
        layers.append(tf.keras.layers.Dense(units, hp.activation, kernel_initializer=start))
        if hp.dropout_rate > 0:
            layers.append(tf.keras.layers.Dropout(hp.dropout_rate))
    start = _initializer(factors[-1])
    layers.append(tf.keras.layers.Dense(n_classes, "softmax", kernel_initializer=start))
    model = tf.keras.Sequential(layers)
    model.set_weights(initial_weights(sizes, hp.seed, factors))
    model.compile(
        optimizer=keras_optimizer(hp),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    # Else a saved model that Keras has not trained is loaded with a warning about its optimiser.
    model.optimizer.build(model.trainable_variables)
    return model


def _initializer(factor: float) -> Any:
    """Return Keras's initialiser of kernels that are so many times as large as Glorot's."""
    if factor == 1:
        return "glorot_uniform"
    initializers = load_tensorflow().keras.initializers
    return initializers.VarianceScaling(factor**2, mode="fan_avg", distribution="uniform")


def check_hyperparameters(hp: object, name: str = "hp") -> None:
    """Raise a TypeError, with the parameter's name, if `hp` is not Hyperparameters.

    Parameters
    ----------
    hp : object
        What a caller handed over.
    name : str, default "hp"
        What the parameter is called there.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(hp, Hyperparameters):
        raise TypeError(translate("training.not_hyperparameters", name=name, value=hp))


def _at_least_one(name: str, value: object) -> int:
    number = whole_number(value)
    if number is None:
        raise TypeError(translate("training.not_a_count", field=name, value=value))
    if number < 1:
        raise ValueError(translate("training.not_a_count", field=name, value=value))
    return number


def keras_optimizer(hp: Hyperparameters) -> Any:
    """Return the Keras optimiser that ``hp.optimizer`` stands for.

    Parameters
    ----------
    hp : Hyperparameters
        Of which ``optimizer``, ``learning_rate``, ``momentum``, ``epsilon`` and
        ``weight_decay`` count.

    Returns
    -------
    keras.optimizers.Optimizer
    """
    name, settings = optimizer_settings(hp)
    its_class = getattr(load_tensorflow().keras.optimizers, name)
    return its_class(learning_rate=hp.learning_rate, **settings)


def optimizer_settings(hp: Hyperparameters) -> tuple[str, dict[str, Any]]:
    """Return which of Keras's optimisers ``hp.optimizer`` is, and what it is made with.

    Parameters
    ----------
    hp : Hyperparameters
        Of which ``optimizer``, ``momentum``, ``epsilon`` and ``weight_decay`` count.

    Returns
    -------
    name : str
        Of the class in ``keras.optimizers``.
    settings : dict of str to value
        Its arguments but for the learning rate, which may be a schedule. A value that is Keras's
        default as well as ours is left out.
    """
    settings: dict[str, Any] = {}
    if hp.optimizer in ("momentum", "nesterov"):
        settings["momentum"] = hp.momentum
    if hp.optimizer == "nesterov":
        settings["nesterov"] = True
    if hp.optimizer == "adam" and hp.momentum != Hyperparameters.momentum:
        settings["beta_1"] = hp.momentum
    if hp.optimizer in COUNTS_WHERE["epsilon"][1] and hp.epsilon != Hyperparameters.epsilon:
        settings["epsilon"] = hp.epsilon
    if hp.weight_decay > 0:
        settings["weight_decay"] = hp.weight_decay
    return _OPTIMIZER_CLASS[hp.optimizer], settings
