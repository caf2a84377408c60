"""The short Keras program that does what a run does, for the reader to take along."""

from __future__ import annotations

from typing import Final

from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.network import MOMENTUM

_OPTIMIZER_CLASS: Final = {
    "sgd": "SGD",
    "momentum": "SGD",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}


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
    return "\n".join(
        [
            "import hpt_widgets as hpt",
            "import tensorflow as tf",
            "",
            *([] if data == "data" else [f"data = {data}"]),
            f"tf.keras.utils.set_random_seed({hp.seed})",
            "model = tf.keras.Sequential([",
            *(f"    {layer}," for layer in _layers(hp, n_features, n_classes)),
            "])",
            "model.compile(",
            f"    optimizer={_optimizer(hp)},",
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


def _layers(hp: Hyperparameters, n_features: int, n_classes: int) -> list[str]:
    layers = [f"tf.keras.Input(({n_features},))"]
    for units in hp.hidden_units:
        layers.append(f'tf.keras.layers.Dense({units}, activation="{hp.activation}")')
        if hp.dropout_rate > 0:
            layers.append(f"tf.keras.layers.Dropout({hp.dropout_rate!r})")
    return [*layers, f'tf.keras.layers.Dense({n_classes}, activation="softmax")']


def _optimizer(hp: Hyperparameters) -> str:
    settings = [f"learning_rate={hp.learning_rate!r}"]
    if hp.optimizer == "momentum":
        settings.append(f"momentum={MOMENTUM}")
    if hp.weight_decay > 0:
        settings.append(f"weight_decay={hp.weight_decay!r}")
    return f"tf.keras.optimizers.{_OPTIMIZER_CLASS[hp.optimizer]}({', '.join(settings)})"
