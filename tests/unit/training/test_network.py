import math

import numpy as np
import pytest
from small_data import hyperparameters

import hpt_widgets as hpt
from hpt_widgets.training.hyperparameters import OPTIMIZERS
from hpt_widgets.training.network import (
    build_model,
    count_parameters,
    initial_weights,
    keras_optimizer,
    layer_sizes,
)

ARTICLE = hpt.Hyperparameters()


def test_layer_sizes_go_from_input_to_output():
    assert layer_sizes(ARTICLE, 784, 10) == (784, 128, 64, 10)


def test_parameter_count_is_that_of_keras():
    model = build_model(ARTICLE)
    assert count_parameters((784, 128, 64, 10)) == model.count_params() == 109_386


def test_initial_weights_follow_glorot():
    weights = initial_weights((400, 300, 10), seed=3)
    assert [w.shape for w in weights] == [(400, 300), (300,), (300, 10), (10,)]
    assert all(w.dtype == np.float32 for w in weights)
    assert not weights[1].any()
    assert not weights[3].any()
    limit = math.sqrt(6 / 700)
    kernel = weights[0]
    assert np.abs(kernel).max() <= np.float32(limit)
    # 120,000 uniform draws: the spread of the sample deviation is 0.15 %, of the mean limit/600.
    assert kernel.std() == pytest.approx(limit / math.sqrt(3), rel=0.01)
    assert abs(kernel.mean()) < limit / 100


def test_initial_weights_depend_on_the_seed_alone():
    one, again, other = (initial_weights((20, 10, 3), seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(one[0], other[0])
    assert not np.array_equal(one[0][:3, :3], one[2][:3, :3])


def test_model_has_plain_layers_and_the_initial_weights():
    hp = hyperparameters(dropout_rate=0.25, activation="tanh", seed=5)
    model = build_model(hp, n_features=12, n_classes=3)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Dense", "Dropout", "Dense", "Dropout", "Dense"]
    assert [layer.units for layer in model.layers[::2]] == [8, 6, 3]
    assert [layer.activation.__name__ for layer in model.layers[::2]] == ["tanh", "tanh", "softmax"]
    assert [layer.rate for layer in model.layers[1::2]] == [0.25, 0.25]
    assert model.input_shape == (None, 12)
    assert model.loss == "sparse_categorical_crossentropy"
    for ours, theirs in zip(initial_weights((12, 8, 6, 3), 5), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_no_dropout_layer_without_dropout():
    model = build_model(hyperparameters(dropout_rate=0.0), 12, 3)
    assert [type(layer).__name__ for layer in model.layers] == ["Dense"] * 3


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("weight_decay", [0.0, 0.02])
def test_optimizer_is_the_one_that_the_documentation_names(optimizer, weight_decay):
    hp = hyperparameters(optimizer=optimizer, weight_decay=weight_decay, learning_rate=0.03)
    made = keras_optimizer(hp)
    assert (
        type(made).__name__
        == {
            "sgd": "SGD",
            "momentum": "SGD",
            "nesterov": "SGD",
            "adagrad": "Adagrad",
            "rmsprop": "RMSprop",
            "adam": "Adam",
        }[optimizer]
    )
    settings = made.get_config()
    assert settings["learning_rate"] == pytest.approx(0.03)
    assert settings["weight_decay"] == (weight_decay or None)
    if type(made).__name__ == "SGD":
        assert settings["momentum"] == (0.0 if optimizer == "sgd" else 0.9)
        assert settings["nesterov"] == (optimizer == "nesterov")


def test_the_models_layers_would_draw_initial_weights_of_the_same_size():
    """For who builds the model anew from its configuration."""
    hp = hyperparameters(initial_scale=3.0, hidden_units=(400,))
    model = build_model(hp, 300, 200)
    made = model.layers[0].kernel_initializer((300, 400))
    assert np.abs(made).max() == pytest.approx(3 * math.sqrt(6 / 700), rel=1e-3)
    plain = build_model(hp.replace(initial_scale=1.0), 300, 200)
    assert type(plain.layers[0].kernel_initializer).__name__ == "GlorotUniform"


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (({"learning_rate": 0.1},), TypeError, "hp="),
        ((ARTICLE, 784.0), TypeError, "n_features=784.0"),
        ((ARTICLE, True), TypeError, "n_features=True"),
        ((ARTICLE, 0), ValueError, "n_features=0"),
        ((ARTICLE, 784, "10"), TypeError, "n_classes='10'"),
        ((ARTICLE, 784, -1), ValueError, "n_classes=-1"),
    ],
)
def test_wrong_arguments_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        build_model(*arguments)
    hpt.use_language("zh")
    with pytest.raises(error, match=words + ".*须为"):
        build_model(*arguments)
