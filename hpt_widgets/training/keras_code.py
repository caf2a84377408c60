"""The short Keras program that does what a run does, for the reader to take along."""

from __future__ import annotations

from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import layer_sizes, optimizer_settings
from hpt_widgets.training.parametrization import initial_factors, weight_rates
from hpt_widgets.training.schedule import (
    ONE_CYCLE_FACTORS,
    ONE_CYCLE_PLACES,
    STEP_FACTOR,
    STEP_PLACES,
    is_constant,
)


def keras_program(
    hp: Hyperparameters,
    n_features: int = 784,
    n_classes: int = 10,
    data: str = "hpt.load_mnist()",
    *,
    validates: bool = True,
) -> str:
    """Return a complete Keras program that trains the network that `hp` describes.

    Its initial weights and the order of its samples are Keras's own, so its result agrees
    within the spread of seeds.

    Parameters
    ----------
    hp : Hyperparameters
        What to train, and how.
    n_features, n_classes : int
        Size of the input and of the output.
    data : str
        The Python expression that gives the Dataset to train on; "data" for one that is there.
    validates : bool, default True
        Whether that has a validation split, which is to be measured after each epoch.
    """
    samples = "data.x_{split}.reshape(-1, {n_features}), data.y_{split}"
    train = samples.format(split="train", n_features=n_features)
    held_out = samples.format(split="validation", n_features=n_features)
    rates = weight_rates(hp, layer_sizes(hp, n_features, n_classes))
    has_layer_rates = any(rate != 1 for rate in rates)
    return "\n".join(
        [
            *_imports(hp),
            "",
            *(_layer_rates_class(hp) if has_layer_rates else []),
            *([] if data == "data" else [f"data = {data}"]),
            *_schedule(hp),
            f"tf.keras.utils.set_random_seed({hp.seed})",
            "model = tf.keras.Sequential([",
            *(f"    {layer}," for layer in _layers(hp, n_features, n_classes)),
            "])",
            *_layer_rates(hp, rates if has_layer_rates else ()),
            "model.compile(",
            f"    optimizer={'optimizer' if has_layer_rates else _optimizer(hp)},",
            '    loss="sparse_categorical_crossentropy",',
            '    metrics=["accuracy"],',
            ")",
            "model.fit(",
            f"    {train},",
            f"    batch_size={hp.batch_size}, epochs={hp.epochs},",
            *([f"    validation_data=({held_out}),"] if validates else []),
            ")",
        ]
    )


def _imports(hp: Hyperparameters) -> list[str]:
    return [
        *([] if is_constant(hp) else ["import math", ""]),
        "import hpt_widgets as hpt",
        *(["import numpy as np"] if _needs_list_of_rates(hp) else []),
        "import tensorflow as tf",
    ]


def _layers(hp: Hyperparameters, n_features: int, n_classes: int) -> list[str]:
    factors = initial_factors(hp, layer_sizes(hp, n_features, n_classes))
    layers = [f"tf.keras.Input(({n_features},))"]
    for units, factor in zip(hp.hidden_units, factors[:-1], strict=True):
        layers.append(_dense(units, hp.activation, factor))
        if hp.dropout_rate > 0:
            layers.append(f"tf.keras.layers.Dropout({hp.dropout_rate!r})")
    return [*layers, _dense(n_classes, "softmax", factors[-1])]


def _dense(units: int, activation: str, factor: float) -> str:
    """Write a layer whose initial kernel is so many times as large as Glorot's."""
    words = f'tf.keras.layers.Dense({units}, activation="{activation}"'
    if factor == 1:
        return words + ")"
    indent = "\n        "
    scaling = f'tf.keras.initializers.VarianceScaling({factor**2!r}, "fan_avg", "uniform")'
    return f"{words},{indent}kernel_initializer={scaling})"


# -- optimiser ---------------------------------------------------------------------------------


def _optimizer(hp: Hyperparameters, its_class: str = "") -> str:
    _, settings = optimizer_settings(hp)
    rate = repr(hp.learning_rate) if is_constant(hp) else "schedule"
    written = [f"learning_rate={rate}", *(f"{name}={value!r}" for name, value in settings.items())]
    return f"{its_class or _keras_class(hp)}({', '.join(written)})"


def _keras_class(hp: Hyperparameters) -> str:
    name, _ = optimizer_settings(hp)
    return f"tf.keras.optimizers.{name}"


def _layer_rates_class(hp: Hyperparameters) -> list[str]:
    """Write the optimiser whose rate differs from layer to layer, which Keras has none of."""
    return [
        "",
        f"class LayerRates({_keras_class(hp)}):",
        "    def update_step(self, gradient, variable, learning_rate):",
        "        factor = rate_factors[self._get_variable_index(variable)]",
        "        super().update_step(gradient, variable, learning_rate * factor)",
        "",
        "",
    ]


def _layer_rates(hp: Hyperparameters, rates: tuple[float, ...]) -> list[str]:
    if not rates:
        return []
    listed = ", ".join(map(repr, rates))
    return [f"rate_factors = [{listed}]", f"optimizer = {_optimizer(hp, 'LayerRates')}"]


# -- schedule ----------------------------------------------------------------------------------


def _needs_list_of_rates(hp: Hyperparameters) -> bool:
    """Return whether Keras has no schedule of this kind: it then gets the rate of each step."""
    return hp.schedule == "1cycle" or (hp.schedule == "step" and hp.warm_up > 0)


def _schedule(hp: Hyperparameters) -> list[str]:
    """Write the schedule as Keras has it; a warm-up takes the first steps."""
    if is_constant(hp):
        return []
    counts = [f"n_steps = {hp.epochs} * math.ceil(len(data.x_train) / {hp.batch_size})"]
    if hp.warm_up > 0:
        counts.append(f"n_warm_up = round({hp.warm_up!r} * n_steps)")
    if _needs_list_of_rates(hp):
        return [*counts, *_list_of_rates(hp)]
    if hp.schedule == "constant":
        # Few steps may have no warm-up, of which Keras's schedule would make 0 / 0.
        words = (
            f"PolynomialDecay(\n    0.0, n_warm_up, {hp.learning_rate!r}\n"
            f") if n_warm_up else {hp.learning_rate!r}"
        )
    elif hp.schedule == "step":
        places = ", ".join(f"math.ceil({place!r} * n_steps) - 1" for place in STEP_PLACES)
        rates = [hp.learning_rate * STEP_FACTOR**power for power in range(len(STEP_PLACES) + 1)]
        words = f"PiecewiseConstantDecay(\n    [{places}], {rates!r}\n)"
    elif hp.warm_up > 0:
        words = (
            "CosineDecay(\n    0.0, max(n_steps - n_warm_up, 1), "
            f"warmup_target={hp.learning_rate!r}, warmup_steps=n_warm_up\n)"
        )
    else:
        words = f"CosineDecay({hp.learning_rate!r}, n_steps)"
    return [*counts, f"schedule = tf.keras.optimizers.schedules.{words}"]


def _list_of_rates(hp: Hyperparameters) -> list[str]:
    if hp.schedule == "1cycle":
        places, factors = map(list, (ONE_CYCLE_PLACES, ONE_CYCLE_FACTORS))
        shape = f"np.interp(done, {places}, {factors})"
    else:
        shape = f"{STEP_FACTOR} ** np.digitize(done, {list(STEP_PLACES)})"
    done, ramp = "np.arange(n_steps) / n_steps", []
    if hp.warm_up > 0:
        done = "(np.arange(n_steps) - n_warm_up) / max(n_steps - n_warm_up, 1)"
        ramp = ["rates[:n_warm_up] *= np.arange(n_warm_up) / n_warm_up"]
    return [
        f"done = {done}",
        f"rates = {hp.learning_rate!r} * {shape}",
        *ramp,
        "",
        "",
        "class RateOfEachStep(tf.keras.optimizers.schedules.LearningRateSchedule):",
        "    def __call__(self, step):",
        "        return tf.gather(tf.constant(rates, tf.float32), step)",
        "",
        "",
        "schedule = RateOfEachStep()",
    ]
