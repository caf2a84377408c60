"""Small data sets and the comparisons that the training tests share."""

import numpy as np

import hpt_widgets as hpt

N_FEATURES = 12
N_CLASSES = 3
# Two whole batches of 32 and a short one of 14.
N_TRAIN = 78
N_VALIDATION = 40


def tabular_data(n_train=N_TRAIN, n_validation=N_VALIDATION, seed=0):
    """Three classes of twelve features, of which two tell the class apart, with some noise."""
    random = np.random.default_rng(seed)
    n_samples = n_train + n_validation
    x = random.normal(size=(n_samples, N_FEATURES)).astype(np.float32)
    score = x[:, 0] + x[:, 1] + 0.3 * random.normal(size=n_samples)
    y = np.digitize(score, [-0.6, 0.6])
    held_out = (x[n_train:], y[n_train:]) if n_validation else None
    return hpt.Dataset.from_arrays(x[:n_train], y[:n_train], validation=held_out, n_classes=3)


def hyperparameters(**changes):
    """A network of a few units: small enough for many runs in one test."""
    settings = {"hidden_units": (8, 6), "learning_rate": 0.01, "epochs": 2, **changes}
    return hpt.Hyperparameters(**settings)


def untraced(model):
    """Let Keras do its own step without a trace, which costs more than some fifty steps."""
    model.run_eagerly = True
    return model


def assert_same_run(one, other):
    """Compare two runs to the bit, all but the seconds."""
    assert one.ended == other.ended
    for left, right in zip(one.weights, other.weights, strict=True):
        assert left.dtype == right.dtype == np.float32
        assert left.tobytes() == right.tobytes()
    left, right = one.history.drop(columns="seconds"), other.history.drop(columns="seconds")
    assert left.shape == right.shape
    assert left.to_numpy().tobytes() == right.to_numpy().tobytes()
