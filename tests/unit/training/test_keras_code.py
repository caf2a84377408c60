import ast

import numpy as np
import pytest
from small_data import hyperparameters, tabular_data, untraced

import hpt_widgets as hpt
from hpt_widgets.training.hyperparameters import ACTIVATIONS, OPTIMIZERS, SCHEDULES
from hpt_widgets.training.keras_code import keras_program
from hpt_widgets.training.network import build_model
from hpt_widgets.training.schedule import rate_factors


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
    program = keras_program(hp, data.n_features, data.n_classes)
    namespace = {}
    # That Keras can trace it too is seen in one of them.
    exec(program if optimizer == "adam" else step_by_step(program), namespace)
    made, ours = namespace["model"], build_model(hp, data.n_features, data.n_classes)
    assert _without_names(made) == _without_names(ours)
    assert type(made.optimizer) is type(ours.optimizer)
    settings, expected = made.optimizer.get_config(), ours.optimizer.get_config()
    assert {**settings, "name": ""} == {**expected, "name": ""}
    assert made.loss == ours.loss
    assert made.optimizer.iterations == 3  # 78 samples in batches of 32
    assert "val_accuracy" in capsys.readouterr().out


def step_by_step(program):
    """Let a program fit without a trace, which costs more than the few steps."""
    assert program.count("model.compile(") == 1
    return program.replace("model.compile(", "model.compile(run_eagerly=True, ")


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
    exec(step_by_step(run.as_code()), namespace)
    assert namespace["model"].optimizer.iterations == 2  # 50 samples in batches of 32
    assert ("val_accuracy" in capsys.readouterr().out) == (n_validation > 0)


def test_the_program_of_a_run_on_a_part_of_mnist_names_it():
    run = hpt.train(hyperparameters(epochs=1), hpt.load_mnist().take(100))
    assert "data = hpt.load_mnist().take(100, seed=0)" in run.as_code()


SCHEDULED = [
    {"schedule": name, "warm_up": warm_up} for name in SCHEDULES for warm_up in (0.0, 0.25)
]


@pytest.mark.parametrize("settings", SCHEDULED, ids=str)
def test_the_rates_of_a_program_are_those_of_the_loop(settings, capsys):
    """78 samples in batches of 10, four epochs: 32 steps, of which 8 may be warm-up."""
    data = tabular_data(n_validation=0)
    hp = hyperparameters(batch_size=10, epochs=4, learning_rate=0.02, **settings)
    program = keras_program(hp, data.n_features, data.n_classes, "data", validates=False)
    assert ("class " in program) == (
        settings["schedule"] == "1cycle" or settings == {"schedule": "step", "warm_up": 0.25}
    )
    namespace = {"data": data}
    exec(program, namespace)
    optimizer = namespace["model"].optimizer
    assert optimizer.iterations == 32
    expected = 0.02 * rate_factors(hp, 0, 32, 32)
    np.testing.assert_allclose(rates_of(optimizer, 32), expected, rtol=1e-5, atol=1e-9)
    assert "loss" in capsys.readouterr().out


@pytest.mark.parametrize("warm_up", [0.01, 0.99])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_warm_up_that_is_rounded_to_no_step_or_to_all_has_the_rates_of_the_loop(
    schedule, warm_up
):
    data = tabular_data(n_validation=0)
    hp = hyperparameters(
        batch_size=10, epochs=4, learning_rate=0.02, schedule=schedule, warm_up=warm_up
    )
    program = keras_program(hp, data.n_features, data.n_classes, "data", validates=False)
    namespace = {"data": data}
    exec(program[: program.index("model.fit(")], namespace)
    assert namespace["n_warm_up"] in (0, 32)
    found = rates_of(namespace["model"].optimizer, 32)
    expected = 0.02 * rate_factors(hp, 0, 32, 32)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-9)


def rates_of(optimizer, n_steps):
    """Return what Keras itself takes in each step, be it of a schedule or one number."""
    rates = []
    for step in range(n_steps):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    return rates


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_program_takes_the_rates_of_the_layers(optimizer, capsys):
    """Its own optimiser, on the loop's initial weights and batches, comes to the loop's weights."""
    data = tabular_data(n_validation=0)
    hp = hyperparameters(
        optimizer=optimizer, parametrization="mup", base_width=2, initial_scale=1.5, epochs=3,
        schedule="cosine", momentum=0.8, epsilon=1e-4, weight_decay=0.05, dropout_rate=0.0,
    )  # fmt: skip
    program = keras_program(hp, 12, 3, "data", validates=False)
    namespace = {"data": data}
    # What `fit` does with such an optimiser is seen in one of them.
    is_fitted = optimizer == "adam"
    exec(program if is_fitted else program[: program.index("model.fit(")], namespace)
    assert ("loss" in capsys.readouterr().out) == is_fitted
    made = namespace["model"]
    # It is trained with what is drawn by chance as the loop draws it.
    fresh = type(made.optimizer).from_config(made.optimizer.get_config())
    model = build_model(hp, 12, 3)
    model.compile(fresh, loss=model.loss)
    untraced(model)
    for layer, own in zip(made.layers, model.layers, strict=True):
        assert layer.get_config()["kernel_initializer"] == own.get_config()["kernel_initializer"]
    for epoch in range(3):
        order = np.random.default_rng((0, epoch)).permutation(78)
        for begin in range(0, 78, 32):
            rows = order[begin : begin + 32]
            model.train_on_batch(data.x_train[rows], data.y_train[rows])
    for ours, theirs in zip(hpt.train(hp, data).weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=2e-5)


def test_what_is_left_at_its_default_is_not_in_the_program():
    program = keras_program(hpt.Hyperparameters())
    for word in ("schedule", "n_steps", "class ", "initializer", "epsilon", "beta", "numpy"):
        assert word not in program
    assert "momentum=0.9)" in keras_program(hpt.Hyperparameters(optimizer="momentum"))
    # At the base width the layers have one rate.
    assert keras_program(hpt.Hyperparameters(parametrization="mup")) == program
