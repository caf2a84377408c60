import ast

import numpy as np
import pytest
from small_data import hyperparameters, tabular_data

import hpt_widgets as hpt
from hpt_widgets.training.hyperparameters import ACTIVATIONS, OPTIMIZERS
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.network import build_model


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_program_runs_and_builds_the_same_model(optimizer, monkeypatch, capsys):
    data = tabular_data()
    monkeypatch.setattr(hpt, "load_mnist", lambda: data)
    decay = 0.01 if optimizer in ("momentum", "adam") else 0.0
    dropout = 0.0 if optimizer == "sgd" else 0.25
    hp = hyperparameters(
        optimizer=optimizer,
        weight_decay=decay,
        dropout_rate=dropout,
        epochs=1,
        activation="elu",
        learning_rate=1e-5,
    )
    namespace = {}
    exec(keras_program(hp, data.n_features, data.n_classes), namespace)
    made, ours = namespace["model"], build_model(hp, data.n_features, data.n_classes)
    assert _without_names(made) == _without_names(ours)
    assert type(made.optimizer) is type(ours.optimizer)
    settings, expected = made.optimizer.get_config(), ours.optimizer.get_config()
    assert {**settings, "name": ""} == {**expected, "name": ""}
    assert made.loss == ours.loss
    assert made.optimizer.iterations == 3  # 78 samples in batches of 32
    assert "val_accuracy" in capsys.readouterr().out


def _without_names(model):
    configs = [layer.get_config() for layer in model.layers]
    shapes = [tuple(weight.shape) for weight in model.weights]
    return [{k: v for k, v in config.items() if k != "name"} for config in configs], shapes


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_program_says_what_the_hyperparameters_say(activation):
    hp = hpt.Hyperparameters(
        learning_rate=1e-5, batch_size=17, epochs=3, seed=9, activation=activation
    )
    program = keras_program(hp)
    ast.parse(program)
    for part in (
        "learning_rate=1e-05",
        "batch_size=17, epochs=3",
        "set_random_seed(9)",
        f'Dense(128, activation="{activation}")',
        "Dropout(0.2)",
        "Input((784,))",
        'Dense(10, activation="softmax")',
    ):
        assert part in program, part
    assert "weight_decay" not in program
    assert "import keras" not in program
    assert len(program.splitlines()) < 30


def test_what_numpy_hands_in_is_written_as_plain_numbers():
    hp = hpt.Hyperparameters(learning_rate=np.float32(0.25), weight_decay=np.float64(0.5))
    program = keras_program(hp)
    assert "Adam(learning_rate=0.25, weight_decay=0.5)" in program


def test_run_gives_the_program_of_its_hyperparameters():
    data = tabular_data()
    hp = hyperparameters(epochs=1)
    expected = keras_program(hp, data.n_features, data.n_classes, "data")
    assert hpt.train(hp, data).as_code() == expected


@pytest.mark.parametrize("n_validation", [40, 0])
def test_the_program_of_a_run_trains_on_the_same_data(n_validation, capsys):
    data = tabular_data(n_validation=n_validation)
    run = hpt.train(hyperparameters(epochs=1), data.take(50, seed=2))
    assert "data = data.take(50, seed=2)" in run.as_code()
    namespace = {"data": data}
    exec(run.as_code(), namespace)
    assert namespace["model"].optimizer.iterations == 2  # 50 samples in batches of 32
    assert ("val_accuracy" in capsys.readouterr().out) == (n_validation > 0)


def test_the_program_of_a_run_on_a_part_of_mnist_names_it():
    run = hpt.train(hyperparameters(epochs=1), hpt.load_mnist().take(100))
    assert "data = hpt.load_mnist().take(100, seed=0)" in run.as_code()
